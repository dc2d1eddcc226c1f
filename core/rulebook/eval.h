/* Shared by the files that evaluate. */
#ifndef BUKTI_RULEBOOK_EVAL_H
#define BUKTI_RULEBOOK_EVAL_H

#include "tree.h"

enum tri { TRI_FALSE, TRI_UNKNOWN, TRI_TRUE };
enum eval_mode { EVAL_SUPPORTED, EVAL_VERIFIED };

/** One link as the evaluator sees it. */
struct eval_ev {
	const struct bkt_evidence *e;
	size_t type; /* index, or n_doc_types: unknown */
	bool draft;
};
/** What one leaf came to. */
struct eval_leaf {
	enum tri state;
	int32_t earliest;       /* date of a match; BKT_NO_DATE: none */
	int32_t earliest_maybe; /* date of a possible match */
	bool undated;           /* a (possible) match has no date */
};
struct eval {
	const struct bkt_rulebook *rb;
	const struct bkt_rb_rules *rules;
	const struct bkt_facts *facts;
	bkt_arena *arena;
	bool nomem;
	/* evidence by indicator */
	struct eval_ev *ev;      /* grouped */
	size_t *first;           /* n_indicators + 1 offsets into ev */
	const char **claim_text; /* by indicator, NULL: none */
	const struct bkt_claim_fact **claims;
	struct bkt_indicator_result *results;
	/* of the indicator at hand, per mode */
	unsigned score; /* a score: its whole part stands for the level */
	struct eval_leaf leaf[2][RB_LEAVES_MAX];
	/* findings, as a list until they are counted */
	struct finding_link {
		struct bkt_finding f;
		struct finding_link *next;
	} * findings, **findings_end;
	size_t n_findings, n_errors;
};

void *eval_alloc(struct eval *ev, size_t n, size_t size_bytes);

/* facts that a document lacks: bits after those of enum rb_field */
#define MISSES_LOCATOR (1u << RB_N_FIELDS)
#define MISSES_COVERS (1u << (RB_N_FIELDS + 1))
#define MISSES_EARLIER (1u << (RB_N_FIELDS + 2)) /* date of another's match */
struct eval_doc {
	enum tri state;
	unsigned misses;
};

/* eval_leaf.c */
/** One document against the predicates that look at it alone. */
struct eval_doc eval_doc(const struct eval *ev, const struct rb_leaf *leaf,
    const struct eval_ev *e, enum eval_mode mode);
/** Is this link of a type and for a level that the leaf asks for. */
bool eval_takes(const struct eval *ev, const struct rb_leaf *leaf,
    const struct eval_ev *e, enum eval_mode mode);
/** What the document covers of a tag; NULL when it does not say. */
const struct bkt_strs *eval_covered(
    const struct bkt_evidence *x, const char *tag);
/** The level that a leaf is asked for. */
static inline unsigned eval_level(
    const struct eval *ev, const struct rb_leaf *leaf)
{
	return ev->score > 0 ? ev->score : leaf->level;
}
/** Does this link count for this level. */
bool eval_counts(const struct eval *ev, const struct eval_ev *e, unsigned level,
    enum eval_mode mode);
/** All leaves of an indicator, in order, into ev->leaf[mode]. */
void eval_leaves(struct eval *ev, size_t indicator, enum eval_mode mode);
/* eval_explain.c */
/** "document d1: date, number; ..." for a leaf that is unknown. */
struct bkt_text eval_missing(
    struct eval *ev, size_t indicator, size_t leaf, enum eval_mode mode);
/** "document d1: review; ..." for a leaf met only by what nobody accepted. */
struct bkt_text eval_waiting(struct eval *ev, size_t indicator, size_t leaf);

/* say.c */
/** What a person can do about a leaf: its own sentence, or one made up. */
struct bkt_text eval_say(struct eval *ev, size_t indicator, size_t leaf);

/* eval_levels.c */
void eval_indicator(struct eval *ev, size_t indicator);

/* eval_filter.c */
/** Counts of strings by a hash: most are there once and need no map. */
struct eval_filter {
	uint8_t *counts;
	size_t mask;
};
/** counts is NULL without memory. */
struct eval_filter eval_filter_new(struct eval *ev, size_t n);
void eval_filter_add(struct eval_filter *f, const char *s);
/** false: @p s was added once at most; true: perhaps more often. */
bool eval_filter_many(const struct eval_filter *f, const char *s);

/* findings*.c */
BKT_PRINTF(6, 7)
void eval_finding(struct eval *ev, const char *id, enum bkt_severity severity,
    const char *indicator, const char *document, const char *fmt, ...);
void eval_findings(struct eval *ev);
void eval_findings_documents(struct eval *ev);
void eval_findings_reviews(struct eval *ev);
void eval_findings_sharing(struct eval *ev);
/** Is this link of a document that the checks look at. */
static inline bool eval_live(const struct eval_ev *e)
{
	return e->e->review != BKT_REVIEW_RETURNED &&
	       e->e->review != BKT_REVIEW_REJECTED;
}
/** May the link serve a level from this one on. */
static inline bool eval_from_level(const struct bkt_evidence *e, unsigned level)
{
	if (e->levels.n == 0)
		return true;
	for (size_t i = 0; i < e->levels.n; i++)
		if (e->levels.v[i] >= level)
			return true;
	return false;
}

#endif
