/* The rulebooks of 2018 and 2026: other levels, scores, weights and bands. */
#include "bukti/rulebook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define POLICIES BUKTI_SOURCE_DIR "/policies/"

enum { OLD, NEW, N_SHAPES };
static const char *const files[N_SHAPES] = { POLICIES "spbe-2018.yaml",
	POLICIES "pemdi-2026.yaml" };
static struct bkt_buf text[N_SHAPES];
static bkt_rulebook_set *sets[N_SHAPES];
static bkt_arena *arena;

static int set_up(void **state)
{
	struct bkt_err err;

	(void)state;
	arena = bkt_arena_new(1 << 26);
	for (size_t i = 0; i < N_SHAPES; i++) {
		bkt_buf_init(&text[i], BKT_YAML_MAX);
		if (!arena ||
		    bkt_file_slurp(files[i], &text[i], &err) != BKT_OK ||
		    bkt_rulebook_parse(bkt_buf_span(&text[i]), files[i],
			&sets[i], NULL, &err) != BKT_OK)
			return -1;
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_SHAPES; i++) {
		bkt_rulebook_free(sets[i]);
		bkt_buf_release(&text[i]);
	}
	bkt_arena_free(arena);
	return 0;
}

static void assert_rat(
    const char *what, struct bkt_rat is, int64_t num, int64_t den)
{
	if (is.num != num || is.den != den)
		fail_msg("%s: %lld/%lld", what, (long long)is.num,
		    (long long)is.den);
}

static void their_own_tests_hold(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_SHAPES; i++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf report;
		struct bkt_err err;
		unsigned n = 0, failed = 0;

		bkt_buf_init(&report, 1 << 20);
		assert_int_equal(
		    bkt_rulebook_test(sets[i], &n, &failed, &report, &err),
		    BKT_OK);
		if (failed != 0)
			fail_msg("%s", (const char *)report.ptr);
		assert_true(n >= 30);
	}
}

static const struct {
	size_t shape;
	const char *stem, *status;
	size_t n_domains, n_indicators;
	int64_t domains[4], aspects[8];
	const char *bands[5]; /* lower edges */
} shapes[] = {
	{ OLD, "spbe-2018-r1", "retired", 3, 37, { 17, 28, 55 },
	    { 7, 10, 8, 8, 12, 35, 20 }, { "0", "1.8", "2.6", "3.5", "4.2" } },
	{ NEW, "pemdi-2026-r1", "active", 1, 20, { 100 },
	    { 10, 10, 15, 15, 10, 15, 25 }, { "1", "1.5", "2.5", "3.5", "4" } },
};

static void weights_and_bands_are_exact(void **state)
{
	(void)state;
	for (size_t k = 0; k < N_SHAPES; k++) {
		const struct bkt_rulebook *rb =
		    bkt_rulebook_get(sets[shapes[k].shape]);
		char edge[48];

		assert_string_equal(rb->stem, shapes[k].stem);
		assert_string_equal(rb->status, shapes[k].status);
		assert_int_equal(rb->n_domains, shapes[k].n_domains);
		assert_int_equal(rb->n_aspects, 7);
		assert_int_equal(rb->n_indicators, shapes[k].n_indicators);
		for (size_t i = 0; i < rb->n_domains; i++)
			assert_rat(rb->domains[i].id, rb->domains[i].weight,
			    shapes[k].domains[i], 1);
		for (size_t i = 0; i < rb->n_aspects; i++)
			assert_rat(rb->aspects[i].id, rb->aspects[i].weight,
			    shapes[k].aspects[i], 1);
		assert_int_equal(rb->n_bands, 5);
		for (size_t i = 0; i < 5; i++) {
			bkt_rat_exact(rb->bands[i].from, edge);
			assert_string_equal(edge, shapes[k].bands[i]);
		}
	}
}

static const int64_t pemdi_weights[20] = { 5, 5, 5, 5, 5, 3, 3, 4, 4, 4, 3, 4,
	5, 5, 4, 4, 4, 3, 10, 15 };

static bool is_external(size_t number)
{
	return (number >= 5 && number <= 7) || (number >= 10 && number <= 12) ||
	       number == 18;
}

static void pemdi_tells_given_scores_apart(void **state)
{
	const struct bkt_rulebook *rb = bkt_rulebook_get(sets[NEW]);

	(void)state;
	for (size_t i = 0; i < 20; i++) {
		const struct bkt_rb_indicator *ind = &rb->indicators[i];

		assert_rat(ind->id, ind->weight, pemdi_weights[i], 1);
		assert_int_equal(ind->scale->kind,
		    is_external(i + 1) ? BKT_SCALE_EXTERNAL : BKT_SCALE_SCORE);
		assert_rat(ind->id, ind->scale->min, 1, 1);
		assert_rat(ind->id, ind->scale->max, 5, 1);
		assert_true(*ind->statement.id && *ind->statement.en);
		assert_true(*ind->title.id && *ind->title.en);
		/* nothing that one source says looks certain */
		assert_string_equal(
		    ind->basis, i + 1 == 18 ? "unconfirmed" : "secondary");
	}
}

static void every_level_of_2018_is_described(void **state)
{
	const struct bkt_rulebook *rb = bkt_rulebook_get(sets[OLD]);

	(void)state;
	for (size_t i = 0; i < rb->n_indicators; i++) {
		const struct bkt_rb_indicator *ind = &rb->indicators[i];

		assert_int_equal(ind->n_levels, 6);
		assert_int_equal(ind->optional, i >= 35);
		assert_rat(ind->id, ind->weight,
		    i < 17   ? 1
		    : i < 24 ? 4
			     : 5,
		    1);
		for (unsigned l = 0; l < 6; l++) {
			const struct bkt_rb_level *x = &ind->levels[l];

			assert_int_equal(x->level, l);
			assert_true(*x->statement.id && *x->statement.en);
			assert_null(strstr(x->statement.id, "$("));
			assert_null(strstr(x->statement.en, "$("));
			assert_true((x->require == NULL) == (l == 0));
			assert_string_equal(x->basis, "secondary");
		}
	}
}

static const struct {
	const char *why;
	size_t n_claims;
	int64_t num, den;       /* index that is claimed */
	int64_t part, of_parts; /* weight of an item */
} sectors[] = {
	{ "one sector: 5 each; 5 * (2 + 1) of 100", 2, 3, 20, 5, 1 },
	{ "two: 4 each; 4 * (2 + 1 + 1)", 3, 4, 25, 4, 1 },
	{ "three: 10/3 each; 10/3 * (2 + 1 + 1 + 1)", 4, 1, 6, 10, 3 },
};

static void sectors_share_exactly(void **state)
{
	struct bkt_claim_fact claims[] = { { "I32", "2", true, true },
		{ "I35", "1", true, true }, { "I35-2", "1", true, true },
		{ "I35-3", "1", true, true } };

	(void)state;
	for (size_t i = 0; i < sizeof(sectors) / sizeof(*sectors); i++) {
		struct bkt_facts facts = { .institution_type = "pemda",
			.cutoff = 18000,
			.claims = claims,
			.n_claims = sectors[i].n_claims };
		struct bkt_assessment *a;
		struct bkt_err err;

		assert_int_equal(bkt_evaluate(bkt_rulebook_get(sets[OLD]),
				     &facts, arena, &a, &err),
		    BKT_OK);
		assert_rat(sectors[i].why, a->index.claimed, sectors[i].num,
		    sectors[i].den);
		assert_rat(sectors[i].why, a->indicators[31].weight,
		    sectors[i].part, sectors[i].of_parts);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(their_own_tests_hold),
		cmocka_unit_test(weights_and_bands_are_exact),
		cmocka_unit_test(pemdi_tells_given_scores_apart),
		cmocka_unit_test(every_level_of_2018_is_described),
		cmocka_unit_test(sectors_share_exactly),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
