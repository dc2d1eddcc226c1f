/* The 2020 rulebook: what it says, and that its own tests bite. */
#include "bukti/rulebook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define SPBE BUKTI_SOURCE_DIR "/policies/spbe-2020.yaml"

static struct bkt_buf spbe;
static bkt_rulebook_set *set;
static const struct bkt_rulebook *rb;

static int set_up(void **state)
{
	struct bkt_err err;

	(void)state;
	bkt_buf_init(&spbe, BKT_YAML_MAX);
	if (bkt_file_slurp(SPBE, &spbe, &err) != BKT_OK ||
	    bkt_rulebook_parse(bkt_buf_span(&spbe), "spbe", &set, NULL, &err) !=
		BKT_OK) {
		print_error("%s\n", err.msg);
		return -1;
	}
	rb = bkt_rulebook_get(set);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	bkt_rulebook_free(set);
	bkt_buf_release(&spbe);
	return 0;
}

static void is_what_it_says(void **state)
{
	(void)state;
	assert_string_equal(rb->id, "id.go.menpan.spbe");
	assert_string_equal(rb->edition, "2020");
	assert_string_equal(rb->stem, "spbe-2020-r1");
	assert_int_equal(rb->revision, 1);
	assert_int_equal(rb->n_indicators, 47);
	assert_int_equal(rb->n_domains, 4);
	assert_int_equal(rb->n_aspects, 8);
	assert_int_equal(rb->n_doc_types, 25);
	assert_int_equal(rb->approvals, 1);
	assert_int_equal(rb->second_approval_level, 4);
	assert_int_equal(rb->draft_types.n, 1);
	assert_string_equal(rb->draft_types.v[0], "draf");
	assert_int_equal(rb->display_decimals, 2);
}

static void knows_its_words(void **state)
{
	static const char *const tags[] = { "cakupan", "fungsi", "unit" };

	(void)state;
	assert_int_equal(rb->n_tags >= 3, 1);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(rb->tags[i].id, tags[i]);
	assert_true(bkt_strs_has(&rb->tags[0].values, "seluruh_pd"));
	assert_true(bkt_strs_has(&rb->tags[1].values, "kolaborasi"));
	assert_false(rb->tags[0].open || rb->tags[0].units);
	assert_true(rb->tags[2].open && rb->tags[2].units);
}

static const struct {
	const char *name;
	int64_t hundredths;
} domain_weights[] = { { "D1", 1300 }, { "D2", 2500 }, { "D3", 1650 },
	{ "D4", 4550 } },
  aspect_weights[] = { { "A1", 1300 }, { "A2", 1000 }, { "A3", 1000 },
	  { "A4", 500 }, { "A5", 1200 }, { "A6", 450 }, { "A7", 2750 },
	  { "A8", 1800 } };

static int64_t hundredths(struct bkt_rat r)
{
	assert_int_equal(r.num * 100 % r.den, 0);
	return r.num * 100 / r.den;
}

static void weights_are_exact(void **state)
{
	int64_t sum = 0;

	(void)state;
	for (size_t i = 0; i < rb->n_indicators; i++) {
		int64_t want = i < 10   ? 130
			       : i < 20 ? 250
			       : i < 31 ? 150
			       : i < 41 ? 275
					: 300;

		assert_int_equal(hundredths(rb->indicators[i].weight), want);
		sum += want;
	}
	assert_int_equal(sum, 10000);
	for (size_t i = 0; i < 4; i++) {
		assert_string_equal(rb->domains[i].id, domain_weights[i].name);
		assert_int_equal(hundredths(rb->domains[i].weight),
		    domain_weights[i].hundredths);
	}
	for (size_t i = 0; i < 8; i++) {
		assert_string_equal(rb->aspects[i].id, aspect_weights[i].name);
		assert_int_equal(hundredths(rb->aspects[i].weight),
		    aspect_weights[i].hundredths);
	}
}

static void every_level_is_described(void **state)
{
	(void)state;
	for (size_t i = 0; i < rb->n_indicators; i++) {
		const struct bkt_rb_indicator *ind = &rb->indicators[i];
		char number[24];

		(void)snprintf(number, sizeof(number), "%zu", i + 1);
		assert_string_equal(ind->number, number);
		assert_true(*ind->title.id && *ind->title.en);
		assert_true(ind->owners.n > 0);
		assert_string_equal(
		    ind->scale->id, i < 31 ? "proses" : "layanan");
		assert_int_equal(ind->n_levels, 5);
		for (size_t l = 0; l < 5; l++) {
			const struct bkt_rb_level *x = &ind->levels[l];
			bool unconfirmed = i == 2 && l == 3;

			assert_int_equal(x->level, l + 1);
			assert_true(*x->statement.id && *x->statement.en);
			/* no parameter of a template was left standing */
			assert_null(strstr(x->statement.id, "$("));
			assert_null(strstr(x->statement.en, "$("));
			assert_true((x->require == NULL) == (l == 0));
			assert_true((strcmp(x->basis, "unconfirmed") == 0) ==
				    unconfirmed);
		}
	}
}

static void finds_indicators(void **state)
{
	static const struct {
		const char *word, *id;
	} rows[] = { { "1", "I01" }, { "01", "I01" }, { "I1", "I01" },
		{ "i01", "I01" }, { "I01", "I01" }, { "47", "I47" },
		{ "i47", "I47" }, { "48", NULL }, { "0", NULL }, { "", NULL },
		{ "I", NULL }, { "x1", NULL }, { "1a", NULL } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct bkt_rb_indicator *ind =
		    bkt_rulebook_indicator_find(rb, rows[i].word);

		if (!rows[i].id)
			assert_null(ind);
		else
			assert_string_equal(ind->id, rows[i].id);
	}
	assert_null(bkt_rulebook_indicator(rb, "1"));
	assert_non_null(bkt_rulebook_doc_type(rb, "peraturan"));
	assert_null(bkt_rulebook_doc_type(rb, "perda"));
}

static void bands_are_half_open(void **state)
{
	static const struct {
		const char *value, *band;
	} rows[] = { { "1", "Kurang" }, { "1.799999", "Kurang" },
		{ "1.8", "Cukup" }, { "2.594", "Cukup" }, { "2.6", "Baik" },
		{ "3.499999999", "Baik" }, { "3.5", "Sangat Baik" },
		{ "4.19", "Sangat Baik" }, { "4.2", "Memuaskan" },
		{ "5", "Memuaskan" }, { "0", "Kurang" } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bkt_rat v;

		assert_true(bkt_rat_parse(rows[i].value, &v));
		assert_string_equal(
		    bkt_rulebook_band(rb, v)->name, rows[i].band);
	}
}

static void own_tests_pass(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf report;
	unsigned n_run, n_failed;
	struct bkt_err err;

	(void)state;
	bkt_buf_init(&report, 1 << 20);
	assert_int_equal(
	    bkt_rulebook_test(set, &n_run, &n_failed, &report, &err), BKT_OK);
	if (n_failed > 0)
		print_error("%s", (const char *)report.ptr);
	assert_int_equal(n_failed, 0);
	assert_true(n_run >= 25);
}

/* one rule spoiled: some test inside the rulebook must notice */
static const struct {
	const char *why, *find, *put;
} spoiled[] = {
	{ "reviews may be three years old", "period: {last: P2Y}",
	    "period: {last: P3Y}" },
	{ "reviews may be 25 months old", "period: {last: P2Y}",
	    "period: {last: P25M}" },
	{ "reviews must be younger than 23 months", "period: {last: P2Y}",
	    "period: {last: P23M}" },
	{ "policies need no signer",
	    "fields: [number, date, signer]\n"
	    "          valid: at_cycle_end",
	    "valid: at_cycle_end" },
	{ "a follow-up may come before the review", "after: [L4.b]\n", "\n" },
	{ "a review may come before the policy", "after: [L2.a, L3.a, a]\n",
	    "\n" },
	{ "level 3 asks for no coverage",
	    "covers: {cakupan: {any: $(lengkap)}}\n", "\n" },
	{ "one approval is enough", "level_at_least: 4", "level_at_least: 6" },
	{ "two approvals are always needed", "level_at_least: 4",
	    "level_at_least: 1" },
	{ "a draft is as good as any", "    draft: true\n", "\n" },
	{ "two budget years are enough", "consecutive: 3", "consecutive: 2" },
	{ "old budgets do", "years: {consecutive: 3, ending_within: 1}",
	    "years: {consecutive: 3}" },
	{ "functions are not looked at", "covers: {fungsi: [interaksi]}\n",
	    "\n" },
	{ "a certificate is not needed", "doc: {type: [sertifikat]}",
	    "doc: {type: [laporan_audit]}" },
	{ "levels do not build on each other",
	    "cumulative: true\n    floor: 1\n    names: {\"1\": \"Rintisan\"",
	    "cumulative: false\n    floor: 1\n    names: "
	    "{\"1\": \"Rintisan\"" },
};

static void replace_all(struct bkt_buf *out, const char *find, const char *put)
{
	const char *s = (const char *)spbe.ptr, *at;

	assert_non_null(strstr(s, find));
	while ((at = strstr(s, find))) {
		bkt_buf_add(out, s, (size_t)(at - s));
		bkt_buf_str(out, put);
		s = at + strlen(find);
	}
	bkt_buf_str(out, s);
}

static void own_tests_bite(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(spoiled) / sizeof(*spoiled); i++) {
		BKT_AUTO(bkt_rulebook_free) bkt_rulebook_set *bad = NULL;
		BKT_AUTO(bkt_buf_release) struct bkt_buf text;
		unsigned n_run, n_failed = 0;
		struct bkt_err err;

		bkt_buf_init(&text, BKT_YAML_MAX);
		replace_all(&text, spoiled[i].find, spoiled[i].put);
		if (bkt_rulebook_parse(bkt_buf_span(&text), "spoiled", &bad,
			NULL, &err) != BKT_OK)
			fail_msg("%s: %s", spoiled[i].why, err.msg);
		assert_int_equal(
		    bkt_rulebook_test(bad, &n_run, &n_failed, NULL, &err),
		    BKT_OK);
		if (n_failed == 0)
			fail_msg("nobody noticed: %s", spoiled[i].why);
	}
}

/* 47 claims: the index is the exact weighted mean of what is claimed */
static void index_is_exact(void **state)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 22);
	struct bkt_claim_fact claims[47];
	struct bkt_facts facts = {
		.institution_type = "pemda", .claims = claims, .n_claims = 47
	};
	struct bkt_assessment *a;
	struct bkt_err err;
	int64_t sum = 0;

	(void)state;
	assert_true(bkt_date_parse("2026-12-31", &facts.cutoff));
	for (size_t i = 0; i < 47; i++) {
		static const char *const levels[] = { "1", "2", "3", "4", "5" };

		claims[i] = (struct bkt_claim_fact){ rb->indicators[i].id,
			levels[i % 5], true, true };
		sum +=
		    hundredths(rb->indicators[i].weight) * (int64_t)(i % 5 + 1);
	}
	assert_int_equal(bkt_evaluate(rb, &facts, arena, &a, &err), BKT_OK);
	assert_int_equal(
	    a->index.claimed.num * 10000, sum * a->index.claimed.den);
	assert_int_equal(a->index.supported.num, 1);
	assert_int_equal(a->index.verified.den, 1);
	/* aspect 1: the ten policies, all of one weight */
	assert_int_equal(a->aspects[0].claimed.num, 3);
	assert_int_equal(a->aspects[0].claimed.den, 1);
	assert_string_equal(a->band_supported->name, "Kurang");
	assert_false(a->complete);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_what_it_says),
		cmocka_unit_test(knows_its_words),
		cmocka_unit_test(weights_are_exact),
		cmocka_unit_test(every_level_is_described),
		cmocka_unit_test(finds_indicators),
		cmocka_unit_test(bands_are_half_open),
		cmocka_unit_test(own_tests_pass),
		cmocka_unit_test(own_tests_bite),
		cmocka_unit_test(index_is_exact),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
