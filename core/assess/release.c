/* What a release says of a cycle, and whether it says the truth. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

static const char *exact(struct bkt_rat r, bkt_arena *arena)
{
	char text[48];

	bkt_rat_exact(r, text);
	return bkt_arena_strdup(arena, text);
}

/* must the release say in words why this indicator is not whole */
static bool needs_reason(
    const struct bkt_assessment *x, const struct bkt_indicator_result *r)
{
	if (!r->has_claim ||
	    bkt_rat_cmp(r->claimed.value, r->verified.value) > 0)
		return true;
	for (size_t i = 0; i < x->n_findings; i++) {
		if (x->findings[i].severity == BKT_ERROR &&
		    strcmp(x->findings[i].indicator, r->indicator->id) == 0)
			return true;
	}
	return false;
}

bool bkt_assess_needs_reason(const bkt_assess *a, const char *indicator)
{
	for (size_t i = 0; i < a->result->n_indicators; i++) {
		const struct bkt_indicator_result *r =
		    &a->result->indicators[i];

		if (strcmp(r->indicator->id, indicator) == 0)
			return needs_reason(a->result, r);
	}
	return false;
}

static const char *stated(
    const struct bkt_stated *list, size_t n, const char *what)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(list[i].what, what) == 0)
			return list[i].reason;
	}
	return NULL;
}

/* what stands in the way first, of the level and in words */
static void first_lack(const struct bkt_assessment *x,
    const struct bkt_indicator_result *r, char *out, size_t size_bytes)
{
	const struct bkt_unmet *u = NULL;

	/* only of the levels that are claimed */
	if (r->n_unmet > 0 &&
	    bkt_rat_cmp(r->supported.value, r->claimed.value) < 0)
		u = &r->unmet[0];
	else if (r->n_unverified > 0 &&
		 bkt_rat_cmp(r->verified.value, r->claimed.value) < 0)
		u = &r->unverified[0];

	out[0] = '\0';
	if (r->has_claim && u) {
		(void)snprintf(out, size_bytes, "; level %u lacks %s: %s",
		    u->level, u->id,
		    u->say.en && u->say.en[0] ? u->say.en : u->say.id);
		return;
	}
	for (size_t i = 0; i < x->n_findings; i++) {
		const struct bkt_finding *f = &x->findings[i];

		if (f->severity != BKT_ERROR ||
		    strcmp(f->indicator, r->indicator->id) != 0)
			continue;
		(void)snprintf(out, size_bytes, "; %s: %s", f->id, f->say.id);
		return;
	}
}

static enum bkt_status fill_level(const struct bkt_assessment *x, size_t i,
    const struct bkt_stated *gaps, size_t n_gaps, bkt_arena *arena,
    struct bkt_release_level *out, struct bkt_err *err)
{
	const struct bkt_indicator_result *r = &x->indicators[i];
	char lack[240];

	out->indicator = r->indicator->id;
	out->claimed = exact(r->claimed.value, arena);
	out->supported = exact(r->supported.value, arena);
	out->verified = exact(r->verified.value, arena);
	out->gap = stated(gaps, n_gaps, r->indicator->id);
	if (!out->claimed || !out->supported || !out->verified)
		return nomem(err);
	if (!needs_reason(x, r) || (out->gap && out->gap[0]))
		return BKT_OK;
	first_lack(x, r, lack, sizeof(lack));
	(void)bkt_fail(err, BKT_E_FINDINGS,
	    "%s is incomplete (claimed %s, verified %s%s) and no reason is "
	    "stated",
	    out->indicator, r->has_claim ? out->claimed : "nothing",
	    out->verified, lack);
	bkt_err_hint(
	    err, "complete it, or state it: --gap '%s=REASON'", out->indicator);
	return BKT_E_FINDINGS;
}

static bool is_evidence(const bkt_assess *a, const char *path)
{
	for (size_t i = 0; i < a->facts.n_evidence; i++) {
		if (strcmp(a->facts.evidence[i].link_path, path) == 0)
			return true;
	}
	return false;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct bkt_exclusion *)a)->path,
	    ((const struct bkt_exclusion *)b)->path);
}

static enum bkt_status fill_exclusions(const bkt_assess *a,
    const struct bkt_stated *list, size_t n, bkt_arena *arena,
    struct bkt_release *out, struct bkt_err *err)
{
	out->exclusions =
	    bkt_arena_alloc(arena, (n + 1) * sizeof(*out->exclusions));
	if (!out->exclusions)
		return nomem(err);
	for (size_t i = 0; i < n; i++) {
		if (!is_evidence(a, list[i].what))
			return bkt_fail(err, BKT_E_USAGE,
			    "'%s' is no evidence of this cycle", list[i].what);
		out->exclusions[i] =
		    (struct bkt_exclusion){ list[i].what, list[i].reason };
	}
	qsort(out->exclusions, n, sizeof(*out->exclusions), by_path);
	out->n_exclusions = n;
	return BKT_OK;
}

static enum bkt_status fill_index(const bkt_assess *a,
    const struct bkt_checkpoint *log, bkt_arena *arena, struct bkt_release *out,
    struct bkt_err *err)
{
	const struct bkt_assessment *x = a->result;
	BKT_AUTO(bkt_buf_release) struct bkt_buf root = { 0 };

	bkt_buf_init(&root, 128);
	bkt_base64(&root, BKT_SPAN(log->root.b, BKT_SHA256_LEN));
	BKT_TRY(bkt_buf_check(&root, err));
	out->cycle = a->cycle->u.cycle.cycle;
	out->log_size = log->size;
	out->log_root =
	    bkt_arena_strndup(arena, (const char *)root.ptr, root.len);
	out->rulebook_sha256 = a->cycle->u.cycle.rulebook_sha256;
	out->claimed = exact(x->index.claimed, arena);
	out->supported = exact(x->index.supported, arena);
	out->verified = exact(x->index.verified, arena);
	out->band = x->band_verified->name;
	if (!out->log_root || !out->claimed || !out->supported ||
	    !out->verified)
		return nomem(err);
	return BKT_OK;
}

enum bkt_status bkt_assess_release(const bkt_assess *a,
    const struct bkt_checkpoint *log, const struct bkt_stated *gaps,
    size_t n_gaps, const struct bkt_stated *exclusions, size_t n_exclusions,
    bkt_arena *arena, struct bkt_release *out, struct bkt_err *err)
{
	const struct bkt_assessment *x = a->result;
	struct bkt_release r = { 0 };

	BKT_TRY(fill_index(a, log, arena, &r, err));
	r.levels =
	    bkt_arena_alloc(arena, (x->n_indicators + 1) * sizeof(*r.levels));
	if (!r.levels)
		return nomem(err);
	r.n_levels = x->n_indicators;
	for (size_t i = 0; i < x->n_indicators; i++)
		BKT_TRY(
		    fill_level(x, i, gaps, n_gaps, arena, &r.levels[i], err));
	for (size_t i = 0; i < n_gaps; i++) {
		if (!bkt_rulebook_indicator(x->rulebook, gaps[i].what))
			return bkt_fail(err, BKT_E_USAGE,
			    "a gap is stated for '%s', which the rulebook "
			    "does not know",
			    gaps[i].what);
	}
	BKT_TRY(fill_exclusions(a, exclusions, n_exclusions, arena, &r, err));
	*out = r;
	return BKT_OK;
}

static enum bkt_status differs(
    const char *what, const char *said, const char *is, struct bkt_err *err)
{
	if (strcmp(said, is) == 0)
		return BKT_OK;
	return bkt_fail(err, BKT_E_TAMPERED,
	    "the release says %s %s, the records give %s", what, said, is);
}

static enum bkt_status same_level(const struct bkt_release_level *said,
    const struct bkt_release_level *is, struct bkt_err *err)
{
	BKT_TRY(differs("indicator", said->indicator, is->indicator, err));
	BKT_TRY(differs("claimed", said->claimed, is->claimed, err));
	BKT_TRY(differs("supported", said->supported, is->supported, err));
	return differs("verified", said->verified, is->verified, err);
}

/* the words of a release, in the form the filling takes them */
static enum bkt_status words_of(const struct bkt_release *r, bkt_arena *arena,
    struct bkt_stated **gaps, size_t *n_gaps, struct bkt_stated **exclusions,
    struct bkt_err *err)
{
	*gaps = bkt_arena_alloc(arena, (r->n_levels + 1) * sizeof(**gaps));
	*exclusions = bkt_arena_alloc(
	    arena, (r->n_exclusions + 1) * sizeof(**exclusions));
	*n_gaps = 0;
	if (!*gaps || !*exclusions)
		return nomem(err);
	for (size_t i = 0; i < r->n_levels; i++) {
		if (r->levels[i].gap && r->levels[i].gap[0])
			(*gaps)[(*n_gaps)++] =
			    (struct bkt_stated){ r->levels[i].indicator,
				    r->levels[i].gap };
	}
	for (size_t i = 0; i < r->n_exclusions; i++)
		(*exclusions)[i] = (struct bkt_stated){ r->exclusions[i].path,
			r->exclusions[i].reason };
	return BKT_OK;
}

enum bkt_status bkt_assess_release_check(
    const bkt_assess *a, const struct bkt_release *r, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 24);
	const struct bkt_checkpoint log = { .size = r->log_size };
	struct bkt_stated *gaps, *exclusions;
	struct bkt_release is;
	size_t n_gaps;
	enum bkt_status st;

	if (!arena)
		return nomem(err);
	BKT_TRY(words_of(r, arena, &gaps, &n_gaps, &exclusions, err));
	st = bkt_assess_release(a, &log, gaps, n_gaps, exclusions,
	    r->n_exclusions, arena, &is, err);
	if (st == BKT_E_USAGE || st == BKT_E_FINDINGS)
		return bkt_fail_context(err, BKT_E_TAMPERED, "release");
	if (st != BKT_OK)
		return st;
	BKT_TRY(differs("cycle", r->cycle, is.cycle, err));
	BKT_TRY(
	    differs("rulebook", r->rulebook_sha256, is.rulebook_sha256, err));
	if (r->n_levels != is.n_levels)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "the release lists %zu indicators of %zu", r->n_levels,
		    is.n_levels);
	for (size_t i = 0; i < is.n_levels; i++) {
		st = same_level(&r->levels[i], &is.levels[i], err);
		if (st != BKT_OK)
			return bkt_fail_context(
			    err, st, "%s", is.levels[i].indicator);
	}
	BKT_TRY(differs("index claimed", r->claimed, is.claimed, err));
	BKT_TRY(differs("index supported", r->supported, is.supported, err));
	BKT_TRY(differs("index verified", r->verified, is.verified, err));
	return differs("band", r->band, is.band, err);
}
