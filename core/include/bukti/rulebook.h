/*
 * Floor 1: YAML to rulebook, lint, evaluate(rulebook, facts). Pure: knows no
 * clock, file or git. The only user of libfyaml. Also turns the access policy
 * and the file policy (policies/access.yaml, files.yaml) into plain data,
 * because YAML is read here only.
 */
#ifndef BUKTI_RULEBOOK_H
#define BUKTI_RULEBOOK_H

#include "bukti/base.h"
#include "bukti/model.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_YAML_MAX (1024 * 1024)

/** Text in Indonesian with an English translation ("" when absent). */
struct bkt_text {
	const char *id, *en;
};

/* ---- facts: what is known, plain data ---------------------------------- */

enum bkt_review_state {
	BKT_REVIEW_NONE,     /* nobody decided about these bytes yet */
	BKT_REVIEW_ACCEPTED, /* enough current accepts, no return/reject */
	BKT_REVIEW_PARTIAL,  /* accepted, but another approval is needed */
	BKT_REVIEW_RETURNED,
	BKT_REVIEW_REJECTED,
};
/** What changed since a decision, which counts for that no longer. */
enum bkt_review_lapse {
	BKT_LAPSE_NONE,
	BKT_LAPSE_LINK,
	BKT_LAPSE_CONTENT,
	BKT_LAPSE_DOCUMENT, /* its record: date, type, validity, ... */
};
/** One link with its document, as of now. Dates: days, BKT_NO_DATE unknown. */
#define BKT_NO_DATE INT32_MIN
struct bkt_evidence {
	const char *indicator;
	const char *document;
	const char *title, *file;
	const char *type, *number, *signer; /* "" unknown */
	const char *unit;
	int32_t date, valid_from, valid_until, revoked;
	struct bkt_cover *covers;
	size_t n_covers;
	struct bkt_u64s years;
	struct bkt_u64s levels; /* empty: any level */
	const char *locator;    /* "" none */
	const char *media;
	const char *sha256;
	uint64_t size;
	const char *class_;
	bool personal;
	const char *record;      /* hex SHA-256 of the document record */
	unsigned n_accepts;      /* distinct members, current bytes */
	const char *accepted_by; /* the first of them, or "" */
	enum bkt_review_state review;
	enum bkt_review_lapse lapsed; /* of an accept that was */
	const char *cause, *reason;   /* of the newest return/reject, or "" */
	bool content_missing;         /* the object is known to be absent */
	const char *link_path;
	const char *declined_by; /* who said cause and reason, or "" */
	int64_t declined_utc_s;
};
struct bkt_claim_fact {
	const char *indicator;
	const char *level; /* decimal */
	bool has_fact, has_analysis;
};
struct bkt_facts {
	const char *institution_type; /* "pusat" | "pemda" */
	int32_t cutoff;               /* days */
	struct bkt_evidence *evidence;
	size_t n_evidence;
	struct bkt_claim_fact *claims;
	size_t n_claims;
	struct bkt_strs units; /* active OPD, for "seluruh perangkat daerah" */
};

/* ---- the rulebook ------------------------------------------------------ */

enum bkt_scale_kind { BKT_SCALE_LEVELS, BKT_SCALE_SCORE, BKT_SCALE_EXTERNAL };
struct bkt_scale {
	const char *id;
	enum bkt_scale_kind kind;
	struct bkt_rat min, max, floor;
	bool cumulative;
	const char **names; /* by level - min, NULL for score */
	size_t n_names;
};
struct bkt_req;      /* internal requirement tree */
struct bkt_rb_rules; /* internal: what the evaluator runs */
struct bkt_rb_level {
	unsigned level;
	struct bkt_text statement;
	const char *basis; /* "confirmed" | "secondary" | "unconfirmed" */
	const struct bkt_req *require; /* NULL: none (floor) */
};
struct bkt_rb_indicator {
	const char *id, *number;
	struct bkt_text title;
	/* of a sharing aspect: the part of each when no optional one is
	 * assessed; what really counts is told by the result */
	struct bkt_rat weight;
	bool optional; /* assessed where it has a claim or a link */
	const struct bkt_scale *scale;
	size_t aspect;               /* index into aspects */
	struct bkt_strs owners;      /* examples of owning offices */
	struct bkt_rb_level *levels; /* none on a scale of scores; there: */
	size_t n_levels;
	struct bkt_text statement; /* what is scored; "" not said */
	const char *basis;         /* of that, as of a level */
};
struct bkt_rb_aspect {
	const char *id;
	struct bkt_text title;
	size_t domain;
	struct bkt_rat weight; /* sum of its indicators */
	bool shares; /* divided equally among those that are assessed */
};
struct bkt_rb_domain {
	const char *id;
	struct bkt_text title;
	struct bkt_rat weight;
};
struct bkt_band {
	const char *name;
	struct bkt_rat from;
};
struct bkt_doc_type {
	const char *id;
	struct bkt_text title;
	struct bkt_strs formats; /* extensions */
	struct bkt_strs
	    required; /* fields: number date signer valid_until ... */
};
/** What a document may say that it covers, over all indicators. */
struct bkt_rb_tag {
	const char *id;
	struct bkt_strs values;
	bool open;  /* other values too */
	bool units; /* its values are ids of units */
};
struct bkt_rulebook {
	const char *id, *edition, *status;
	const char *stem; /* ID-EDITION-rN with the id's last label:
			     "spbe-2020-r1" */
	uint64_t revision;
	struct bkt_text title;
	struct bkt_rb_domain *domains;
	size_t n_domains;
	struct bkt_rb_aspect *aspects;
	size_t n_aspects;
	struct bkt_rb_indicator *indicators;
	size_t n_indicators;
	struct bkt_doc_type *doc_types;
	size_t n_doc_types;
	struct bkt_rb_tag *tags;
	size_t n_tags;
	struct bkt_band *bands; /* ascending */
	size_t n_bands;
	struct bkt_rat weight_total, near_bound;
	unsigned display_decimals;
	/* review policy */
	unsigned approvals; /* accepts needed */
	unsigned
	    second_approval_level;   /* from this level on one more; 0: never */
	struct bkt_strs draft_types; /* may only support level 1 */
	const struct bkt_rb_rules *rules; /* compiled: checks, tags, tests */
};

typedef struct bkt_rulebook_set bkt_rulebook_set; /* owner of one rulebook */
/**
 * Strict YAML subset: UTF-8, block or flow maps and lists, plain or quoted
 * scalars, no anchors, aliases, tags, multi-documents, duplicate keys; every
 * scalar is text and typed here. At most BKT_YAML_MAX bytes, depth 24.
 * @param name file name for messages
 * @retval BKT_E_CONFIG first problem as "file:line:column: what", hint set;
 *         @p report (may be NULL) gets every problem with source line and caret
 */
BKT_NODISCARD enum bkt_status bkt_rulebook_parse(struct bkt_span yaml,
    const char *name, bkt_rulebook_set **out, struct bkt_buf *report,
    struct bkt_err *err);
void bkt_rulebook_free(bkt_rulebook_set *s);
BKT_AUTO_DEFINE(bkt_rulebook_set *, bkt_rulebook_free);
const struct bkt_rulebook *bkt_rulebook_get(const bkt_rulebook_set *s);
const struct bkt_rb_indicator *bkt_rulebook_indicator(
    const struct bkt_rulebook *rb, const char *id); /* NULL: unknown */
/** Accepts after which evidence counts at a level. */
unsigned bkt_rulebook_approvals(const struct bkt_rulebook *rb, unsigned level);
/** "1", "01", "I1", "i01" or "I01" to the indicator; NULL: unknown. */
const struct bkt_rb_indicator *bkt_rulebook_indicator_find(
    const struct bkt_rulebook *rb, const char *word);
/** Is this a level of the scale, or a number between the ends of scores. */
bool bkt_scale_has(const struct bkt_scale *scale, const char *level);
/** Last day on which a document is in force: by what is said of it, and by how
 * old one of its type may be. BKT_NO_DATE: no end is known. */
int32_t bkt_rulebook_in_force_until(
    const struct bkt_rulebook *rb, const struct bkt_evidence *e);
const struct bkt_doc_type *bkt_rulebook_doc_type(
    const struct bkt_rulebook *rb, const char *id);
/** One requirement of a level: what the evaluator calls a leaf. */
struct bkt_requirement {
	const char *id; /* "I01.L4.b" */
	unsigned level;
	struct bkt_text say; /* what a person can do about it */
};
/** All of an indicator's, in the order of the rulebook; in @p arena, texts
 * borrowed from @p rb. */
BKT_NODISCARD enum bkt_status bkt_rulebook_requirements(
    const struct bkt_rulebook *rb, const struct bkt_rb_indicator *indicator,
    bkt_arena *arena, struct bkt_requirement **out, size_t *n,
    struct bkt_err *err);
/** Run the tests inside the rulebook; report gets TAP-like lines. */
BKT_NODISCARD enum bkt_status bkt_rulebook_test(const bkt_rulebook_set *s,
    unsigned *n_run, unsigned *n_failed, struct bkt_buf *report,
    struct bkt_err *err);

/* ---- evaluation -------------------------------------------------------- */

struct bkt_level_result {
	struct bkt_rat value; /* at least the floor */
	bool known;           /* false: an unknown fact stands in the way of the
				 next level; value is what is certain */
};
struct bkt_unmet {      /* one leaf requirement that is not met */
	const char *id; /* "I01.L4.b" */
	unsigned level;
	struct bkt_text say;     /* a sentence a person acts on */
	bool unknown;            /* not false, but a fact is missing: */
	struct bkt_text missing; /* "document K7...: date" or "" */
};
struct bkt_indicator_result {
	const struct bkt_rb_indicator *indicator;
	bool applies; /* to this type of institution, and assessed if it is
			 optional; else left out of sums */
	struct bkt_rat weight; /* in the sums; 0 when it does not apply */
	bool has_claim;
	struct bkt_level_result claimed, supported, verified;
	/* what keeps `supported` from its next level (the first unmet level);
	 * for any-groups all alternatives are listed */
	struct bkt_unmet *unmet;
	size_t n_unmet;
	/* what keeps `verified` from reaching `supported`: waiting reviews */
	struct bkt_unmet *unverified;
	size_t n_unverified;
	size_t n_evidence, n_accepted, n_returned, n_waiting;
};
enum bkt_severity { BKT_WARNING, BKT_ERROR };
struct bkt_finding {
	const char *id; /* stable: "draft-above-level-1" ... */
	enum bkt_severity severity;
	const char *indicator; /* "" for the whole */
	const char *document;  /* "" if none */
	struct bkt_text say;
};
struct bkt_group_result {
	struct bkt_rat claimed, supported, verified;
};
struct bkt_assessment {
	const struct bkt_rulebook *rulebook;
	struct bkt_indicator_result *indicators; /* rulebook order */
	size_t n_indicators;
	struct bkt_group_result *aspects, *domains; /* rulebook order */
	struct bkt_group_result index;
	const struct bkt_band *band_claimed, *band_supported, *band_verified;
	bool near_bound; /* verified index within near_bound of a band's edge */
	struct bkt_finding *findings;
	size_t n_findings, n_errors;
	bool complete; /* every claim is supported and verified, no error */
};
/** Everything in @p arena; borrowed strings of rulebook and facts. */
BKT_NODISCARD enum bkt_status bkt_evaluate(const struct bkt_rulebook *rb,
    const struct bkt_facts *facts, bkt_arena *arena,
    struct bkt_assessment **out, struct bkt_err *err);
/** Band of a value. */
const struct bkt_band *bkt_rulebook_band(
    const struct bkt_rulebook *rb, struct bkt_rat value);
/** The first band above a value and how far it is; NULL: it is in the highest.
 */
const struct bkt_band *bkt_rulebook_next_band(const struct bkt_rulebook *rb,
    struct bkt_rat value, struct bkt_rat *distance);

/* ---- other policy files ------------------------------------------------ */

/** policies/access.yaml into the struct of the access record (arena). */
BKT_NODISCARD enum bkt_status bkt_access_from_yaml(struct bkt_span yaml,
    const char *name, bkt_arena *arena, struct bkt_access *out,
    struct bkt_err *err);
/** policies/files.yaml: which files may enter. */
struct bkt_file_type {
	const char *extension; /* "pdf" */
	const char *media;
	const char **aliases; /* other extensions: "jpeg" */
	size_t n_aliases;
};
struct bkt_file_policy {
	struct bkt_file_type *types;
	size_t n_types;
	uint64_t max_bytes;
};
BKT_NODISCARD enum bkt_status bkt_file_policy_from_yaml(struct bkt_span yaml,
    const char *name, bkt_arena *arena, struct bkt_file_policy *out,
    struct bkt_err *err);

#ifdef __cplusplus
}
#endif
#endif
