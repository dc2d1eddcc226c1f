/* Scores: what shows them, what is missing, and who has to agree. */
#define ONE_RULEBOOK BUKTI_SOURCE_DIR "/tests/fuzz/corpus/rulebook/score.yaml"
#include "support/one_rulebook.h"

/* met, unmet, unknown, waiting: worked out by hand in the file itself */
static void its_own_tests_hold(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf report;
	struct bkt_err err;
	unsigned n = 0, failed = 0;

	(void)state;
	bkt_buf_init(&report, 1 << 20);
	assert_int_equal(
	    bkt_rulebook_test(set, &n, &failed, &report, &err), BKT_OK);
	if (failed != 0)
		fail_msg("%s", (const char *)report.ptr);
	assert_int_equal(n, 12);
}

static const struct {
	const char *why, *date, *supported, *lacks, *waits;
	unsigned accepts;
} rows[] = {
	{ "no date", "", "1", "document d1: date", NULL, 0 },
	{ "nobody looked at it", "2026-01-01", "4.5", NULL,
	    "document d1: review", 0 },
	{ "one did", "2026-01-01", "4.5", NULL, "document d1: second approval",
	    1 },
	{ "two did", "2026-01-01", "4.5", NULL, NULL, 2 },
};

static void says_what_is_missing(void **state)
{
	const char *one[] = { "satu" };
	struct bkt_cover cover = { "bidang", { one, 1 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bkt_evidence e = { "S2", "d1", "", "", "hasil", "", "",
			"", BKT_NO_DATE, BKT_NO_DATE, BKT_NO_DATE, BKT_NO_DATE,
			&cover, 1, .locator = "", .media = "", .sha256 = "d",
			.class_ = "umum", .cause = "", .reason = "",
			.link_path = "", .n_accepts = rows[i].accepts };
		struct bkt_claim_fact claim = { "S2", "4.50", true, true };
		struct bkt_facts facts = { .institution_type = "pemda",
			.evidence = &e,
			.n_evidence = 1,
			.claims = &claim,
			.n_claims = 1 };
		const struct bkt_indicator_result *r;
		struct bkt_assessment *a;
		struct bkt_err err;
		char is[48];

		assert_true(bkt_date_parse("2026-12-31", &facts.cutoff));
		if (*rows[i].date)
			assert_true(bkt_date_parse(rows[i].date, &e.date));
		e.review =
		    e.n_accepts > 0 ? BKT_REVIEW_ACCEPTED : BKT_REVIEW_NONE;
		assert_int_equal(
		    bkt_evaluate(rb, &facts, arena, &a, &err), BKT_OK);
		r = &a->indicators[1];
		bkt_rat_exact(r->supported.value, is);
		assert_string_equal(is, rows[i].supported);
		assert_int_equal(r->supported.known, rows[i].lacks == NULL);
		assert_int_equal(r->n_unmet, rows[i].lacks ? 1 : 0);
		for (size_t k = 0; k < r->n_unmet; k++) {
			assert_string_equal(r->unmet[k].id, "S2.L1.a");
			assert_int_equal(r->unmet[k].level, 4);
			assert_string_equal(
			    r->unmet[k].missing.en, rows[i].lacks);
			assert_non_null(strstr(r->unmet[k].say.en, "Result"));
		}
		assert_int_equal(r->n_unverified, rows[i].waits ? 1 : 0);
		for (size_t k = 0; k < r->n_unverified; k++)
			assert_string_equal(
			    r->unverified[k].missing.en, rows[i].waits);
	}
}

static void knows_what_is_scored(void **state)
{
	struct bkt_requirement *v;
	struct bkt_err err;
	size_t n;

	(void)state;
	assert_string_equal(rb->indicators[0].statement.id, "");
	assert_string_equal(rb->indicators[0].basis, "confirmed");
	assert_string_equal(rb->indicators[1].statement.en, "Score");
	assert_string_equal(rb->indicators[1].basis, "unconfirmed");
	assert_int_equal(bkt_rulebook_requirements(
			     rb, &rb->indicators[1], arena, &v, &n, &err),
	    BKT_OK);
	assert_int_equal(n, 1);
	assert_string_equal(v[0].id, "S2.L1.a");
}

static const struct {
	const char *why, *find, *put;
} edits[] = {
	{ "a proof has types", "doc: {type: [hasil]}", "fields: [date]" },
	{ "that are known", "doc: {type: [hasil]}", "doc: {type: [hasl]}" },
	{ "and predicates that are known", "period: {last: P2Y}",
	    "perod: {last: P2Y}" },
	{ "a proof is looked at only where the scale is used",
	    "weight: \"3\", scale: bukti", "weight: \"3\", scale: bebas" },
	{ "levels have no proof",
	    "bebas: {kind: score, min: \"1.00\", max: \"5.00\"}",
	    "bebas: {kind: score, min: \"1.00\", max: \"5.00\"}\n"
	    "  lain: {kind: levels, min: 1, max: 2, proof: {doc: {type: "
	    "[hasil]}}}" },
	{ "a basis is one of three", "basis: unconfirmed", "basis: guessed" },
	{ "a band is one of the index", "band: \"Rendah\"", "band: \"Redah\"" },
};

static void refuses_edits(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(edits) / sizeof(*edits); i++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf edited;
		const char *s = (const char *)text.ptr;
		const char *at = strstr(s, edits[i].find);
		bkt_rulebook_set *other = NULL;
		struct bkt_err err;

		if (!at)
			fail_msg("%s is not there", edits[i].find);
		bkt_buf_init(&edited, BKT_YAML_MAX);
		bkt_buf_add(&edited, s, (size_t)(at - s));
		bkt_buf_str(&edited, edits[i].put);
		bkt_buf_str(&edited, at + strlen(edits[i].find));
		if (bkt_rulebook_parse(bkt_buf_span(&edited), "score", &other,
			NULL, &err) != BKT_E_CONFIG)
			fail_msg("%s", edits[i].why);
	}
}

/* a wrong band is a failed test, not a good one */
static void a_wrong_band_is_noticed(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf edited, report;
	BKT_AUTO(bkt_rulebook_free) bkt_rulebook_set *other = NULL;
	const char *s = (const char *)text.ptr;
	const char *at = strstr(s, "band: \"Rendah\"");
	struct bkt_err err;
	unsigned n = 0, failed = 0;

	(void)state;
	assert_non_null(at);
	bkt_buf_init(&edited, BKT_YAML_MAX);
	bkt_buf_init(&report, 1 << 20);
	bkt_buf_add(&edited, s, (size_t)(at - s));
	bkt_buf_str(&edited, "band: \"Tinggi\"");
	bkt_buf_str(&edited, at + strlen("band: \"Rendah\""));
	assert_int_equal(bkt_rulebook_parse(bkt_buf_span(&edited), "score",
			     &other, NULL, &err),
	    BKT_OK);
	assert_int_equal(
	    bkt_rulebook_test(other, &n, &failed, &report, &err), BKT_OK);
	assert_int_equal(failed, 1);
	assert_non_null(strstr((const char *)report.ptr,
	    "band: expected \"Tinggi\", got \"Rendah\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_own_tests_hold),
		cmocka_unit_test(says_what_is_missing),
		cmocka_unit_test(knows_what_is_scored),
		cmocka_unit_test(refuses_edits),
		cmocka_unit_test(a_wrong_band_is_noticed),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
