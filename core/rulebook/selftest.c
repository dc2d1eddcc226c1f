/* The tests inside a rulebook: evaluate their facts, compare, tell as TAP. */
#include "read.h"

#include <string.h>

#define TEST_ARENA_MAX ((size_t)16 * 1024 * 1024)

struct outcome {
	struct bkt_buf *why; /* "# ..." lines; empty: passed */
	bool failed;
};

static void compare(struct outcome *o, const char *what, const char *subject,
    struct bkt_rat want, struct bkt_rat is)
{
	char w[48], i[48];

	if (bkt_rat_cmp(want, is) == 0)
		return;
	o->failed = true;
	bkt_rat_exact(want, w);
	bkt_rat_exact(is, i);
	bkt_buf_printf(
	    o->why, "#   %s %s: expected %s, got %s\n", subject, what, w, i);
}

static bool has_unmet(
    const struct bkt_indicator_result *r, const char *id, bool unknown_only)
{
	for (size_t i = 0; i < r->n_unmet; i++)
		if (strcmp(r->unmet[i].id, id) == 0 &&
		    (!unknown_only || r->unmet[i].unknown))
			return true;
	return false;
}

/* the same set of requirements, in any order */
static void compare_unmet(struct outcome *o, const char *what,
    const struct bkt_indicator_result *r, const struct bkt_strs *want,
    bool unknown_only)
{
	for (size_t i = 0; i < want->n; i++) {
		if (has_unmet(r, want->v[i], unknown_only))
			continue;
		o->failed = true;
		bkt_buf_printf(o->why, "#   %s: %s is not %s\n",
		    r->indicator->id, want->v[i], what);
	}
	for (size_t i = 0; i < r->n_unmet; i++) {
		if ((unknown_only && !r->unmet[i].unknown) ||
		    bkt_strs_has(want, r->unmet[i].id))
			continue;
		o->failed = true;
		bkt_buf_printf(o->why, "#   %s: %s is %s, not expected\n",
		    r->indicator->id, r->unmet[i].id, what);
	}
}

static void compare_indicator(struct outcome *o, const struct rb_expect *e,
    const struct bkt_indicator_result *r)
{
	const char *id = r->indicator->id;

	if (e->has_claimed)
		compare(o, "claimed", id, e->claimed, r->claimed.value);
	if (e->has_supported)
		compare(o, "supported", id, e->supported, r->supported.value);
	if (e->has_verified)
		compare(o, "verified", id, e->verified, r->verified.value);
	if (e->has_missing)
		compare_unmet(o, "missing", r, &e->missing, false);
	if (e->has_unknown)
		compare_unmet(o, "unknown", r, &e->unknown, true);
}

static bool found(const struct bkt_assessment *a, const char *id)
{
	for (size_t i = 0; i < a->n_findings; i++)
		if (strcmp(a->findings[i].id, id) == 0)
			return true;
	return false;
}

static void compare_findings(
    struct outcome *o, const struct rb_test *t, const struct bkt_assessment *a)
{
	for (size_t i = 0; i < t->findings.n; i++) {
		if (found(a, t->findings.v[i]))
			continue;
		o->failed = true;
		bkt_buf_printf(
		    o->why, "#   finding %s is absent\n", t->findings.v[i]);
	}
	for (size_t i = 0; i < t->no_findings.n; i++) {
		if (!found(a, t->no_findings.v[i]))
			continue;
		o->failed = true;
		bkt_buf_printf(
		    o->why, "#   finding %s is there\n", t->no_findings.v[i]);
	}
}

static void compare_band(
    struct outcome *o, const char *want, const struct bkt_band *is)
{
	const char *name = is ? is->name : "none";

	if (strcmp(want, name) == 0)
		return;
	o->failed = true;
	bkt_buf_printf(
	    o->why, "#   band: expected \"%s\", got \"%s\"\n", want, name);
}

static enum bkt_status run(const struct bkt_rulebook *rb,
    const struct rb_test *t, struct outcome *o, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free)
	bkt_arena *arena = bkt_arena_new(TEST_ARENA_MAX);
	struct bkt_assessment *a;
	struct bkt_facts facts = {
		.institution_type = t->institution_type,
		.cutoff = t->at,
		.n_evidence = t->n_given,
		.claims = t->claims,
		.n_claims = t->n_claims,
		.units = t->units,
	};

	if (!arena)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a test");
	facts.evidence =
	    bkt_arena_alloc(arena, (t->n_given + 1) * sizeof(*facts.evidence));
	if (!facts.evidence)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a test");
	for (size_t i = 0; i < t->n_given; i++)
		facts.evidence[i] = t->given[i].e;
	BKT_TRY(bkt_evaluate(rb, &facts, arena, &a, err));
	for (size_t i = 0; i < t->n_expect; i++)
		compare_indicator(
		    o, &t->expect[i], &a->indicators[t->expect[i].indicator]);
	if (t->has_index)
		compare(o, "supported", "index", t->index, a->index.supported);
	if (t->band)
		compare_band(o, t->band, a->band_supported);
	compare_findings(o, t, a);
	return BKT_OK;
}

enum bkt_status bkt_rulebook_test(const bkt_rulebook_set *s, unsigned *n_run,
    unsigned *n_failed, struct bkt_buf *report, struct bkt_err *err)
{
	const struct bkt_rulebook *rb = bkt_rulebook_get(s);
	const struct bkt_rb_rules *rules = rb->rules;
	unsigned failed = 0;

	if (report)
		bkt_buf_printf(report, "1..%zu\n", rules->n_tests);
	for (size_t i = 0; i < rules->n_tests; i++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf why = { 0 };
		struct outcome o = { &why, false };

		bkt_buf_init(&why, 64 * 1024);
		BKT_TRY(run(rb, &rules->tests[i], &o, err));
		failed += o.failed;
		if (!report)
			continue;
		bkt_buf_printf(report, "%sok %zu - %s\n",
		    o.failed ? "not " : "", i + 1, rules->tests[i].name);
		bkt_buf_add(report, why.ptr, why.len);
	}
	*n_run = (unsigned)rules->n_tests;
	*n_failed = failed;
	return BKT_OK;
}
