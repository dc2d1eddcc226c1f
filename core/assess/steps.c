/*
 * Which steps raise the index most. Gains of different indicators add up, those
 * of one follow each other and may grow (a decision can be worth several
 * levels), so the best set is found by trying every number of steps of each
 * indicator after the other, exactly.
 */
#include "bukti/assess.h"

#include <stdlib.h>
#include <string.h>

struct chain { /* all steps of one indicator, in order */
	struct bkt_step *v;
	size_t n;
};
struct ladder {
	const struct bkt_assessment *a;
	bkt_step_filter *filter;
	void *ctx;
	bkt_arena *arena;
	struct bkt_rat weight; /* of all that applies */
	struct chain *chains;
	size_t n;
};

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory for the steps");
}

static enum bkt_status inexact(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_LIMIT,
	    "weights and levels are too large to compare exactly");
}

static enum bkt_status total_weight(struct ladder *l, struct bkt_err *err)
{
	l->weight = (struct bkt_rat){ 0, 1 };
	for (size_t i = 0; i < l->a->n_indicators; i++) {
		const struct bkt_indicator_result *r = &l->a->indicators[i];

		if (r->applies &&
		    !bkt_rat_add(l->weight, r->weight, &l->weight))
			return inexact(err);
	}
	return BKT_OK;
}

/* a step from where the chain ends */
static enum bkt_status add_step(struct ladder *l, struct chain *c,
    const struct bkt_indicator_result *r, bool decide, struct bkt_rat to,
    struct bkt_err *err)
{
	struct bkt_step s = {
		.of = r,
		.nth = (unsigned)c->n + 1,
		.decide = decide,
		.from = c->n > 0 ? c->v[c->n - 1].to : r->verified.value,
		.to = to,
	};
	struct bkt_rat by;

	if (!bkt_rat_sub(s.to, s.from, &by) ||
	    !bkt_rat_mul(by, r->weight, &by) ||
	    !bkt_rat_div(by, l->weight, &s.gain))
		return inexact(err);
	c->v[c->n++] = s;
	return BKT_OK;
}

static enum bkt_status make_chain(struct ladder *l, struct chain *c,
    const struct bkt_indicator_result *r, struct bkt_err *err)
{
	const struct bkt_scale *scale = r->indicator->scale;
	const struct bkt_rat one = { 1, 1 };
	struct bkt_rat at = r->supported.value, span;

	if (!r->applies || scale->kind != BKT_SCALE_LEVELS ||
	    (l->filter && !l->filter(l->ctx, r)))
		return BKT_OK;
	if (!bkt_rat_sub(scale->max, scale->min, &span))
		return inexact(err);
	c->v = bkt_arena_alloc(
	    l->arena, ((size_t)(span.num / span.den) + 2) * sizeof(*c->v));
	if (!c->v)
		return nomem(err);
	if (bkt_rat_cmp(r->verified.value, at) < 0)
		BKT_TRY(add_step(l, c, r, true, at, err));
	while (bkt_rat_cmp(at, scale->max) < 0) {
		if (!bkt_rat_add(at, one, &at))
			return inexact(err);
		BKT_TRY(add_step(l, c, r, false, at, err));
	}
	return BKT_OK;
}

static enum bkt_status make_ladder(struct ladder *l, struct bkt_err *err)
{
	l->n = l->a->n_indicators;
	l->chains = bkt_arena_alloc(l->arena, (l->n + 1) * sizeof(*l->chains));
	if (!l->chains)
		return nomem(err);
	memset(l->chains, 0, (l->n + 1) * sizeof(*l->chains));
	BKT_TRY(total_weight(l, err));
	if (l->weight.num == 0)
		return BKT_OK;
	for (size_t i = 0; i < l->n; i++)
		BKT_TRY(
		    make_chain(l, &l->chains[i], &l->a->indicators[i], err));
	return BKT_OK;
}

static size_t requirements(const struct bkt_step *s)
{
	return s->decide ? 0 : s->of->n_unmet;
}

static int by_gain(const void *pa, const void *pb)
{
	const struct bkt_step *a = pa, *b = pb;
	int order = bkt_rat_cmp(b->gain, a->gain);
	size_t na = requirements(a), nb = requirements(b);

	if (order != 0)
		return order;
	if (na != nb)
		return na < nb ? -1 : 1;
	return a->of < b->of ? -1 : a->of > b->of;
}

enum bkt_status bkt_assess_steps(const struct bkt_assessment *a,
    bkt_step_filter *filter, void *ctx, bkt_arena *arena, struct bkt_step **out,
    size_t *n, struct bkt_err *err)
{
	struct ladder l = {
		.a = a, .filter = filter, .ctx = ctx, .arena = arena
	};

	*n = 0;
	BKT_TRY(make_ladder(&l, err));
	*out = bkt_arena_alloc(arena, (l.n + 1) * sizeof(**out));
	if (!*out)
		return nomem(err);
	for (size_t i = 0; i < l.n; i++)
		if (l.chains[i].n > 0)
			(*out)[(*n)++] = l.chains[i].v[0];
	qsort(*out, *n, sizeof(**out), by_gain);
	return BKT_OK;
}

/* ---- the best set ---------------------------------------------------------
 */

/* after some indicators: the most that j steps gain, and how many of the last
 * indicator's are among them */
struct cell {
	struct bkt_rat gain;
	size_t taken;
};
struct table {
	const struct ladder *l;
	size_t k;
	struct cell *cells; /* (l->n + 1) rows of k + 1 */
};

static struct cell *cell(const struct table *t, size_t row, size_t j)
{
	return &t->cells[row * (t->k + 1) + j];
}

static enum bkt_status fill_row(struct table *t, size_t i, struct bkt_err *err)
{
	const struct chain *c = &t->l->chains[i];

	for (size_t j = 0; j <= t->k; j++) {
		struct cell *best = cell(t, i + 1, j);
		struct bkt_rat sum = { 0, 1 };

		*best = (struct cell){ cell(t, i, j)->gain, 0 };
		for (size_t m = 1; m <= c->n && m <= j; m++) {
			struct bkt_rat all;

			if (!bkt_rat_add(sum, c->v[m - 1].gain, &sum) ||
			    !bkt_rat_add(sum, cell(t, i, j - m)->gain, &all))
				return inexact(err);
			if (bkt_rat_cmp(all, best->gain) > 0)
				*best = (struct cell){ all, m };
		}
	}
	return BKT_OK;
}

static enum bkt_status fill(struct table *t, struct bkt_err *err)
{
	size_t rows = t->l->n + 1;

	t->cells =
	    bkt_arena_alloc(t->l->arena, rows * (t->k + 1) * sizeof(*t->cells));
	if (!t->cells)
		return nomem(err);
	for (size_t j = 0; j <= t->k; j++)
		*cell(t, 0, j) = (struct cell){ { 0, 1 }, 0 };
	for (size_t i = 0; i < t->l->n; i++)
		BKT_TRY(fill_row(t, i, err));
	return BKT_OK;
}

/* fewest steps that gain what is wanted, or as much as all of them */
static size_t fewest(const struct table *t, const struct bkt_rat *wanted)
{
	struct bkt_rat most = cell(t, t->l->n, t->k)->gain;
	size_t j = 0;

	if (wanted && bkt_rat_cmp(*wanted, most) < 0)
		most = *wanted;
	while (j < t->k && bkt_rat_cmp(cell(t, t->l->n, j)->gain, most) < 0)
		j++;
	return j;
}

/* from the last indicator back; each indicator's steps in order */
static void collect(const struct table *t, size_t j, struct bkt_step *out)
{
	for (size_t i = t->l->n; i > 0; i--) {
		size_t m = cell(t, i, j)->taken;

		j -= m;
		for (size_t s = 0; s < m; s++)
			out[j + s] = t->l->chains[i - 1].v[s];
	}
}

enum bkt_status bkt_assess_best_steps(const struct bkt_assessment *a,
    unsigned k, const struct bkt_rat *wanted, bkt_step_filter *filter,
    void *ctx, bkt_arena *arena, struct bkt_step **out, size_t *n,
    struct bkt_rat *gain, struct bkt_err *err)
{
	struct ladder l = {
		.a = a, .filter = filter, .ctx = ctx, .arena = arena
	};
	struct table t = { .l = &l };

	if (k > BKT_STEPS_MAX)
		return bkt_fail(
		    err, BKT_E_USAGE, "more than %d steps", BKT_STEPS_MAX);
	BKT_TRY(make_ladder(&l, err));
	for (size_t i = 0; i < l.n; i++)
		t.k += l.chains[i].n;
	t.k = t.k < k ? t.k : k;
	BKT_TRY(fill(&t, err));
	*n = fewest(&t, wanted);
	*gain = cell(&t, l.n, *n)->gain;
	*out = bkt_arena_alloc(arena, (*n + 1) * sizeof(**out));
	if (!*out)
		return nomem(err);
	collect(&t, *n, *out);
	return BKT_OK;
}
