/* What a rulebook becomes: leaves, requirement trees, checks, tests. */
#ifndef BUKTI_RULEBOOK_TREE_H
#define BUKTI_RULEBOOK_TREE_H

#include "bukti/rulebook.h"

#define RB_TYPES_MAX 256   /* document types */
#define RB_VALUES_MAX 1024 /* values of a tag, or units */
#define RB_COVERS_MAX 4    /* cover predicates of one leaf */
#define RB_COUNT_MAX 16    /* count.min */
#define RB_AFTER_MAX 8     /* requirements named by one `after` */
#define RB_LEAVES_MAX 64   /* of one indicator */
#define RB_LEVELS_MAX 20

/* facts of a document that a rule can ask for */
enum rb_field {
	RB_NUMBER,
	RB_DATE,
	RB_SIGNER,
	RB_VALID_FROM,
	RB_VALID_UNTIL,
	RB_YEARS,
	RB_N_FIELDS
};
extern const char *const rb_field_names[RB_N_FIELDS];
extern const struct bkt_text rb_field_texts[RB_N_FIELDS];
/** Is the fact recorded. */
bool rb_has_field(const struct bkt_evidence *e, enum rb_field f);

struct rb_types { /* set of document types by index */
	uint64_t w[RB_TYPES_MAX / 64];
};
static inline bool rb_types_has(const struct rb_types *t, size_t i)
{
	return (t->w[i / 64] >> (i % 64) & 1) != 0;
}

struct rb_tag {
	const char *id;
	struct bkt_strs values;
};
enum rb_cover_mode {
	RB_COVER_EACH,
	RB_COVER_ANY,
	RB_COVER_AT_LEAST,
	RB_COVER_UNITS /* every active unit */
};
struct rb_cover {
	enum rb_cover_mode mode;
	const struct rb_tag *tag;
	bool *wanted; /* by index into tag->values; EACH and ANY */
	unsigned at_least;
};
/* what makes two documents two */
enum rb_distinct {
	RB_BY_CONTENT,
	RB_BY_DOCUMENT,
	RB_BY_DATE,
	RB_BY_NUMBER,
	RB_BY_UNIT,
	RB_N_DISTINCT
};

struct rb_leaf {
	const char *id; /* "I01.L4.b" */
	unsigned level;
	struct bkt_text say; /* id NULL: made when it is needed */
	struct rb_types types;
	unsigned fields; /* bits 1 << enum rb_field */
	unsigned min;    /* documents */
	enum rb_distinct distinct;
	struct rb_cover covers[RB_COVERS_MAX];
	size_t n_covers;
	bool valid, locator;
	unsigned months;            /* younger than; 0: any age */
	size_t after[RB_AFTER_MAX]; /* earlier leaves of the indicator */
	size_t n_after;
	unsigned years; /* in a row; 0: not asked */
	bool years_recent;
	unsigned years_ending_within; /* of the cut-off's year */
};
enum rb_req_kind { RB_LEAF, RB_ALL, RB_ANY };
struct bkt_req {
	enum rb_req_kind kind;
	size_t leaf; /* of the indicator's plan */
	const struct bkt_req *first, *next;
};
struct rb_plan { /* of one indicator */
	struct rb_leaf *leaves;
	size_t n_leaves;
	const struct bkt_req *proof; /* of a score; NULL: any evidence */
	bool pusat, pemda;           /* applies to */
	const struct rb_tag *tags;   /* its own vocabulary first */
	size_t n_tags;
};
struct rb_type_rule {            /* of one document type */
	unsigned max_age_months; /* 0: none */
	bool stated_end;         /* valid_until must be known */
	unsigned required;       /* bits of enum rb_field */
	bool draft;
};

enum rb_check_id {
	RB_CHECK_CLAIM_ABOVE_SUPPORTED,
	RB_CHECK_CLAIM_ABOVE_VERIFIED,
	RB_CHECK_CLAIM_MISSING,
	RB_CHECK_CLAIM_UNEXPLAINED,
	RB_CHECK_CRITERION_UNCONFIRMED,
	RB_CHECK_DRAFT,
	RB_CHECK_POLICY_FIELDS,
	RB_CHECK_REQUIRED_FIELDS,
	RB_CHECK_NOT_VALID,
	RB_CHECK_REVIEW_TOO_OLD,
	RB_CHECK_REVIEW_AFTER_CUTOFF,
	RB_CHECK_REVIEW_BEFORE_DOCUMENT,
	RB_CHECK_FOLLOW_UP,
	RB_CHECK_AUDIT_TOO_OLD,
	RB_CHECK_BUDGET_YEARS,
	RB_CHECK_UNITS,
	RB_CHECK_LOCATOR,
	RB_CHECK_SAME_CONTENT,
	RB_CHECK_FILE_NAME,
	RB_CHECK_FORMAT,
	RB_CHECK_PERSONAL,
	RB_CHECK_SECTOR,
	RB_N_CHECKS
};
extern const char *const rb_check_names[RB_N_CHECKS];
struct rb_check {
	bool on;
	enum bkt_severity severity;
	const char *source;
	struct rb_types types, of;
	unsigned fields;
	unsigned months;
	unsigned from_level;
	unsigned years;
	const char *tag, *value, *units_tag;
	bool *indicators, *among; /* by index; NULL: not given */
};

struct rb_given { /* evidence of a test; indicator NULL: all expected */
	struct bkt_evidence e;
};
struct rb_expect {
	size_t indicator;
	struct bkt_rat claimed, supported, verified;
	bool has_claimed, has_supported, has_verified;
	bool has_missing, has_unknown;
	struct bkt_strs missing, unknown;
};
struct rb_test {
	const char *name;
	int32_t at;
	const char *institution_type;
	struct bkt_strs units;
	struct rb_given *given;
	size_t n_given;
	struct bkt_claim_fact *claims;
	size_t n_claims;
	struct rb_expect *expect;
	size_t n_expect;
	struct bkt_rat index; /* supported */
	bool has_index;
	const char *band; /* of that index; NULL: not looked at */
	bool has_findings;
	struct bkt_strs findings, no_findings;
};

struct bkt_rb_rules {
	struct rb_plan *plans;      /* by indicator */
	struct rb_type_rule *types; /* by document type */
	const struct bkt_scale *scales;
	size_t n_scales;
	struct rb_tag *tags;
	size_t n_tags;
	struct rb_check checks[RB_N_CHECKS];
	struct rb_test *tests;
	size_t n_tests;
	bkt_map *type_by_id, *indicator_by_id; /* owned by the set */
};

#endif
