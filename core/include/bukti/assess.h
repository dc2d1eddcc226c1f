/*
 * Floor 3: facts of one cycle from records, through the rulebook, to levels.
 * The same code serves check, release, the verifier and the package.
 */
#ifndef BUKTI_ASSESS_H
#define BUKTI_ASSESS_H

#include "bukti/base.h"
#include "bukti/ledger.h"
#include "bukti/model.h"
#include "bukti/objects.h"
#include "bukti/rulebook.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Everything about one cycle, in one arena. */
typedef struct bkt_assess bkt_assess;
/**
 * @param source  where the records are; used during the call only
 * @param cycle   id
 * @param objects to mark evidence whose content is absent; may be NULL
 * @retval BKT_E_NOTFOUND no such cycle (hint lists those there are)
 * @retval BKT_E_TAMPERED the rulebook's bytes are not those the cycle names
 * @retval BKT_E_CONFIG   the rulebook does not parse
 */
BKT_NODISCARD enum bkt_status bkt_assess_cycle(const struct bkt_source *source,
    const char *cycle, const bkt_objects *objects, bkt_assess **out,
    struct bkt_err *err);
void bkt_assess_free(bkt_assess *a);
BKT_AUTO_DEFINE(bkt_assess *, bkt_assess_free);

const struct bkt_cycle *bkt_assess_record(const bkt_assess *a);
const struct bkt_rulebook *bkt_assess_rulebook(const bkt_assess *a);
const struct bkt_facts *bkt_assess_facts(const bkt_assess *a);
const struct bkt_assessment *bkt_assess_result(const bkt_assess *a);
/** The cycle's release record and its digest; NULL when not released. */
const struct bkt_record *bkt_assess_released(
    const bkt_assess *a, struct bkt_sha256 *sha256);

/** Why a decision does not count for what is there now; each digest in hex. */
enum bkt_review_lapse bkt_assess_lapse(const struct bkt_review *v,
    const char *link, const char *document_record, const char *content);

/** Level or index as people read it: "3" or "3.25"; index rounded to the
 * rulebook's decimals. */
void bkt_assess_level_text(struct bkt_rat r, char out[48]);

/**
 * Fill the body of a release record from an assessment. Gaps (indicators
 * whose claim is above verified) need a stated reason each: @p gaps, pairs of
 * indicator and reason; BKT_E_FINDINGS names the first that lacks one.
 * @param exclusions link paths to leave out of the package with reasons;
 *        sorted here
 */
struct bkt_stated {
	const char *what, *reason;
};
BKT_NODISCARD enum bkt_status bkt_assess_release(const bkt_assess *a,
    const struct bkt_checkpoint *log, const struct bkt_stated *gaps,
    size_t n_gaps, const struct bkt_stated *exclusions, size_t n_exclusions,
    bkt_arena *arena, struct bkt_release *out, struct bkt_err *err);
/** Must a release say in words why this indicator is not whole: nothing or more
 * is claimed than is verified, or it has an error. */
bool bkt_assess_needs_reason(const bkt_assess *a, const char *indicator);
/* ---- steps: what would raise the index ---------------------------------- */

/**
 * One step up of an indicator on a scale of levels: verifiers decide about all
 * that supports it, or the next level's requirements are met and accepted. The
 * steps of an indicator follow each other.
 */
struct bkt_step {
	const struct bkt_indicator_result *of; /* borrowed */
	unsigned nth;            /* of this indicator's; 1 is the first */
	bool decide;             /* nothing but decisions is wanting */
	struct bkt_rat from, to; /* verified level */
	struct bkt_rat gain;     /* of the verified index */
};
/** Where an indicator may count: NULL takes all. */
typedef bool bkt_step_filter(void *ctx, const struct bkt_indicator_result *r);
/**
 * The first step of each indicator that has one: most gain first, then fewest
 * requirements, then the rulebook's order. In @p arena.
 * @retval BKT_E_LIMIT a gain is no number that can be told exactly
 */
BKT_NODISCARD enum bkt_status bkt_assess_steps(const struct bkt_assessment *a,
    bkt_step_filter *filter, void *ctx, bkt_arena *arena, struct bkt_step **out,
    size_t *n, struct bkt_err *err);
#define BKT_STEPS_MAX 1000 /* of one set */
/**
 * The set of at most @p k steps that raises the index most, in the rulebook's
 * order; no other set of as many raises it more. @p gain is the sum.
 * @p wanted  NULL, or stop at the smallest set that gains this much; a set that
 *            gains less means that @p k steps do not reach it
 */
BKT_NODISCARD enum bkt_status bkt_assess_best_steps(
    const struct bkt_assessment *a, unsigned k, const struct bkt_rat *wanted,
    bkt_step_filter *filter, void *ctx, bkt_arena *arena, struct bkt_step **out,
    size_t *n, struct bkt_rat *gain, struct bkt_err *err);

/** Does a release record say what this assessment says (levels, index, band,
 * rulebook, every gap stated)? @retval BKT_E_TAMPERED names the first
 * difference */
BKT_NODISCARD enum bkt_status bkt_assess_release_check(
    const bkt_assess *a, const struct bkt_release *r, struct bkt_err *err);

#ifdef __cplusplus
}
#endif
#endif
