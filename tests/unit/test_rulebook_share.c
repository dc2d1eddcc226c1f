/* An aspect whose weight is divided among the indicators really assessed. */
#define ONE_RULEBOOK BUKTI_SOURCE_DIR "/tests/fuzz/corpus/rulebook/share.yaml"
#include "support/one_rulebook.h"

static void assert_rat(
    const char *why, struct bkt_rat is, int64_t num, int64_t den)
{
	if (is.num != num || is.den != den)
		fail_msg(
		    "%s: %lld/%lld", why, (long long)is.num, (long long)is.den);
}

static struct bkt_evidence letter(
    const char *indicator, enum bkt_review_state review)
{
	return (struct bkt_evidence){ .indicator = indicator,
		.document = "d",
		.title = "",
		.file = "",
		.type = "surat",
		.number = "",
		.signer = "",
		.unit = "",
		.date = BKT_NO_DATE,
		.valid_from = BKT_NO_DATE,
		.valid_until = BKT_NO_DATE,
		.revoked = BKT_NO_DATE,
		.locator = "",
		.media = "",
		.sha256 = "d",
		.class_ = "umum",
		.cause = "",
		.reason = "",
		.link_path = "",
		.review = review };
}

static const struct bkt_assessment *assess(const char *institution,
    const char *const *linked, enum bkt_review_state review,
    const char *const *claimed)
{
	struct bkt_evidence e[5];
	struct bkt_claim_fact c[5];
	struct bkt_facts facts = { .institution_type = institution,
		.cutoff = 20000,
		.evidence = e,
		.claims = c };
	struct bkt_assessment *a;
	struct bkt_err err;

	for (; linked && linked[facts.n_evidence]; facts.n_evidence++)
		e[facts.n_evidence] = letter(linked[facts.n_evidence], review);
	for (; claimed && claimed[facts.n_claims]; facts.n_claims++)
		c[facts.n_claims] =
		    (struct bkt_claim_fact){ claimed[facts.n_claims], "1", true,
			    true };
	if (bkt_evaluate(rb, &facts, arena, &a, &err) != BKT_OK)
		fail_msg("%s", err.msg);
	return a;
}

static void weights_before_anything_is_assessed(void **state)
{
	(void)state;
	assert_true(rb->aspects[1].shares);
	assert_false(rb->aspects[0].shares);
	assert_rat("aspect", rb->aspects[1].weight, 20, 1);
	assert_rat("one of two", rb->indicators[1].weight, 10, 1);
	assert_rat("domain", rb->domains[0].weight, 30, 1);
	assert_false(rb->indicators[2].optional);
	assert_true(rb->indicators[3].optional);
}

static const struct {
	const char *why, *institution;
	const char *linked[5], *claimed[5];
	unsigned assessed;        /* bits of X02 X03 X03-2 X03-3 */
	struct bkt_rat part, all; /* weight of each; supported index */
} cases[] = {
	{ "nothing is there", "pemda", { 0 }, { 0 }, 3, { 10, 1 }, { 0, 1 } },
	{ "one of two is supported", "pemda", { "X03" }, { 0 }, 3, { 10, 1 },
	    { 1, 3 } },
	{ "three items: a third of twenty each", "pemda", { "X02", "X03-2" },
	    { 0 }, 7, { 20, 3 }, { 4, 9 } },
	{ "a claim alone makes it assessed", "pemda", { "X02" }, { "X03-3" },
	    11, { 20, 3 }, { 2, 9 } },
	{ "four items", "pemda", { "X03-2", "X03-3" }, { "X02" }, 15, { 5, 1 },
	    { 1, 3 } },
	{ "what does not apply takes no part", "pusat", { "X03" }, { 0 }, 2,
	    { 20, 1 }, { 2, 3 } },
	{ "nor does a link to it", "pusat", { "X02", "X03-2" }, { 0 }, 6,
	    { 10, 1 }, { 1, 3 } },
};

static void weight_is_shared(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct bkt_assessment *a = assess(cases[i].institution,
		    cases[i].linked, BKT_REVIEW_NONE, cases[i].claimed);

		for (size_t k = 0; k < 4; k++) {
			const struct bkt_indicator_result *r =
			    &a->indicators[k + 1];
			bool in = (cases[i].assessed >> k & 1) != 0;

			if (r->applies != in)
				fail_msg(
				    "%s: %s", cases[i].why, r->indicator->id);
			assert_rat(cases[i].why, r->weight,
			    in ? cases[i].part.num : 0,
			    in ? cases[i].part.den : 1);
		}
		assert_rat("fixed", a->indicators[0].weight, 10, 1);
		assert_rat(cases[i].why, a->index.supported, cases[i].all.num,
		    cases[i].all.den);
	}
}

/* nobody drops a sector by sending its evidence back */
static void a_return_leaves_nothing_out(void **state)
{
	const char *const linked[] = { "X03-2", NULL };
	const struct bkt_assessment *a =
	    assess("pemda", linked, BKT_REVIEW_REJECTED, NULL);

	(void)state;
	assert_true(a->indicators[3].applies);
	assert_rat("a third", a->indicators[3].weight, 20, 3);
	assert_rat("worth nothing", a->index.supported, 0, 1);
}

static void only_the_assessed_lack_a_claim(void **state)
{
	const struct bkt_assessment *a =
	    assess("pemda", NULL, BKT_REVIEW_NONE, NULL);

	(void)state;
	assert_int_equal(a->n_findings, 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(a->findings[i].id, "claim-missing");
}

static const struct {
	const char *why, *find, *put;
} edits[] = {
	{ "what is shared has no weight of its own", "title: \"Dua\",",
	    "title: \"Dua\", weight: \"10\"," },
	{ "what is not shared has one", "weight: \"10\", scale", "scale" },
	{ "the weight that is shared is said", "weight: \"20\", ", "" },
	{ "and is above zero", "weight: \"20\", ", "weight: \"0\", " },
	{ "only equal parts are known", "share: equal", "share: half" },
	{ "an optional one shares", "weight: \"10\", scale",
	    "weight: \"10\", optional: true, scale" },
	{ "somebody always takes part",
	    "indicators: [X02, X03, X03-2, X03-3]}\n",
	    "indicators: [X02, X03]}\n      - {id: A3, title: \"x\", weight: "
	    "\"1\", share: equal, indicators: [X03-2, X03-3]}\n" },
	{ "optional or not, nothing between", "optional: true",
	    "optional: maybe" },
	{ "the total is that of the aspects", "weight_total: \"30\"",
	    "weight_total: \"29\"" },
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
		if (bkt_rulebook_parse(bkt_buf_span(&edited), "share", &other,
			NULL, &err) != BKT_E_CONFIG)
			fail_msg("%s", edits[i].why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weights_before_anything_is_assessed),
		cmocka_unit_test(weight_is_shared),
		cmocka_unit_test(a_return_leaves_nothing_out),
		cmocka_unit_test(only_the_assessed_lack_a_claim),
		cmocka_unit_test(refuses_edits),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
