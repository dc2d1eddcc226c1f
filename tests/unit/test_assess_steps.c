/* Which steps raise the index most: against trying every set there is. */
#include "bukti/assess.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define N 5

/* an assessment made by hand: only what the steps look at */
struct small {
	struct bkt_scale scale;
	struct bkt_rb_indicator ind[N];
	struct bkt_indicator_result r[N];
	struct bkt_assessment a;
	bkt_arena *arena;
};

static struct bkt_rat whole(int64_t n)
{
	return (struct bkt_rat){ n, 1 };
}

static void small_init(struct small *s)
{
	*s = (struct small){ .scale = { .kind = BKT_SCALE_LEVELS } };
	s->scale.min = s->scale.floor = whole(1);
	s->scale.max = whole(5);
	for (size_t i = 0; i < N; i++) {
		s->ind[i].scale = &s->scale;
		s->r[i].weight = whole(1);
		s->r[i].indicator = &s->ind[i];
		s->r[i].applies = true;
		s->r[i].supported.value = s->r[i].verified.value = whole(5);
	}
	s->a.indicators = s->r;
	s->a.n_indicators = N;
	s->arena = bkt_arena_new(16 * 1024 * 1024);
	assert_non_null(s->arena);
}

static void set(struct small *s, size_t i, int64_t weight, int64_t verified,
    int64_t supported)
{
	s->r[i].weight = (struct bkt_rat){ weight, 100 };
	s->r[i].verified.value = whole(verified);
	s->r[i].supported.value = whole(supported);
}

static bool not_the_first(void *ctx, const struct bkt_indicator_result *r)
{
	return r != ctx;
}

static void a_decision_may_be_worth_several_levels(void **state)
{
	struct small s;
	struct bkt_step *v;
	struct bkt_rat gain;
	struct bkt_err err;
	size_t n;

	(void)state;
	small_init(&s);
	set(&s, 0, 100, 4, 4); /* 4 to 5 */
	set(&s, 1, 100, 1, 4); /* decided: 1 to 4 */
	set(&s, 2, 300, 4, 4); /* 4 to 5, three times the weight */
	s.r[2].n_unmet = 2;
	assert_int_equal(
	    bkt_assess_steps(&s.a, NULL, NULL, s.arena, &v, &n, &err), BKT_OK);
	assert_int_equal(n, 3);
	assert_ptr_equal(v[0].of, &s.r[1]); /* as much, and nothing to bring */
	assert_true(v[0].decide);
	assert_int_equal(v[0].to.num, 4);
	assert_ptr_equal(v[1].of, &s.r[2]);
	assert_false(v[1].decide);
	assert_ptr_equal(v[2].of, &s.r[0]);
	assert_int_equal(bkt_rat_cmp(v[0].gain, v[1].gain), 0);

	assert_int_equal(bkt_assess_best_steps(&s.a, 3, NULL, NULL, NULL,
			     s.arena, &v, &n, &gain, &err),
	    BKT_OK);
	assert_int_equal(n, 3);
	assert_ptr_equal(v[0].of, &s.r[0]);
	assert_ptr_equal(v[1].of, &s.r[1]);
	assert_ptr_equal(v[2].of, &s.r[2]);
	/* (1 + 3 + 3) / 7 of weight: two others of weight 1 are whole */
	assert_int_equal(gain.num, 1);
	assert_int_equal(gain.den, 1);
	bkt_arena_free(s.arena);
}

static void who_is_left_out_takes_no_step(void **state)
{
	struct small s;
	struct bkt_step *v;
	struct bkt_rat gain;
	struct bkt_err err;
	size_t n;

	(void)state;
	small_init(&s);
	set(&s, 0, 100, 1, 5);
	set(&s, 1, 100, 3, 3);
	set(&s, 2, 100, 1, 1);
	s.r[2].applies = false;
	assert_int_equal(bkt_assess_steps(&s.a, not_the_first, &s.r[0], s.arena,
			     &v, &n, &err),
	    BKT_OK);
	assert_int_equal(n, 1);
	assert_ptr_equal(v[0].of, &s.r[1]);
	assert_int_equal(bkt_assess_best_steps(&s.a, 10, NULL, not_the_first,
			     &s.r[0], s.arena, &v, &n, &gain, &err),
	    BKT_OK);
	assert_int_equal(n, 2);
	assert_int_equal(v[0].nth, 1);
	assert_int_equal(v[1].nth, 2);
	assert_int_equal(v[1].from.num, 4);
	assert_int_equal(bkt_assess_best_steps(&s.a, BKT_STEPS_MAX + 1, NULL,
			     NULL, NULL, s.arena, &v, &n, &gain, &err),
	    BKT_E_USAGE);
	bkt_arena_free(s.arena);
}

static void nothing_is_left(void **state)
{
	struct small s;
	struct bkt_step *v;
	struct bkt_rat gain;
	struct bkt_err err;
	size_t n;

	(void)state;
	small_init(&s);
	assert_int_equal(
	    bkt_assess_steps(&s.a, NULL, NULL, s.arena, &v, &n, &err), BKT_OK);
	assert_int_equal(n, 0);
	assert_int_equal(bkt_assess_best_steps(&s.a, 5, NULL, NULL, NULL,
			     s.arena, &v, &n, &gain, &err),
	    BKT_OK);
	assert_int_equal(n, 0);
	assert_int_equal(gain.num, 0);
	for (size_t i = 0; i < N; i++)
		s.r[i].applies = false;
	assert_int_equal(bkt_assess_best_steps(&s.a, 5, NULL, NULL, NULL,
			     s.arena, &v, &n, &gain, &err),
	    BKT_OK);
	assert_int_equal(n, 0);
	bkt_arena_free(s.arena);
}

/* ---- every set of k steps --------------------------------------------------
 */

/* weight times levels of m steps of an indicator, in hundredths */
static int64_t worth(const struct small *s, size_t i, size_t m)
{
	int64_t v = s->r[i].verified.value.num, u = s->r[i].supported.value.num,
		to = v;

	if (m > 0 && u > v) {
		to = u;
		m--;
	}
	to += (int64_t)m;
	if (to > 5)
		return -1; /* there are not so many */
	return s->r[i].weight.num * (100 / s->r[i].weight.den) * (to - v);
}

static int64_t most(const struct small *s, size_t i, size_t k)
{
	int64_t best = 0;

	if (i == N)
		return 0;
	for (size_t m = 0; m <= k; m++) {
		int64_t w = worth(s, i, m), rest;

		if (w < 0)
			break;
		rest = most(s, i + 1, k - m);
		if (w + rest > best)
			best = w + rest;
	}
	return best;
}

static void no_other_set_raises_it_more(void **state)
{
	unsigned seed = 20261125;

	(void)state;
	for (int round = 0; round < 60; round++) {
		struct small s;
		struct bkt_err err;
		int64_t total = 0;

		small_init(&s);
		for (size_t i = 0; i < N; i++) {
			int64_t v = 1 + rand_r(&seed) % 5;
			int64_t u = v + rand_r(&seed) % (6 - (int)v);
			int64_t w = 50 * (1 + rand_r(&seed) % 4);

			set(&s, i, w, v, u);
			total += w;
		}
		for (unsigned k = 0; k <= 8; k++) {
			struct bkt_step *v, *w;
			struct bkt_rat gain, as, wanted;
			int64_t want = most(&s, 0, k);
			size_t n, fewer;

			assert_int_equal(
			    bkt_assess_best_steps(&s.a, k, NULL, NULL, NULL,
				s.arena, &v, &n, &gain, &err),
			    BKT_OK);
			assert_true(n <= k);
			assert_true(
			    bkt_rat_div(whole(want), whole(total), &as));
			assert_int_equal(bkt_rat_cmp(gain, as), 0);
			wanted = gain;
			assert_int_equal(
			    bkt_assess_best_steps(&s.a, 25, &wanted, NULL, NULL,
				s.arena, &w, &fewer, &gain, &err),
			    BKT_OK);
			assert_int_equal(fewer, n);
		}
		bkt_arena_free(s.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_decision_may_be_worth_several_levels),
		cmocka_unit_test(who_is_left_out_takes_no_step),
		cmocka_unit_test(nothing_is_left),
		cmocka_unit_test(no_other_set_raises_it_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
