/* Evaluation: each predicate at its edges, on a small made-up rulebook. */
#define ONE_RULEBOOK BUKTI_SOURCE_DIR "/tests/fuzz/corpus/rulebook/mini.yaml"
#include "support/one_rulebook.h"

static int32_t day(const char *s)
{
	int32_t d = BKT_NO_DATE;

	if (*s && !bkt_date_parse(s, &d))
		fail_msg("%s is no date", s);
	return d;
}

/* "tag value value" */
static void add_cover(struct bkt_evidence *e, const char *words)
{
	char *rest = bkt_arena_strdup(arena, words);
	struct bkt_cover *c = bkt_arena_alloc(arena, sizeof(*c));
	const char *w;

	c->tag = strsep(&rest, " ");
	c->values.v = bkt_arena_alloc(arena, 16 * sizeof(*c->values.v));
	while ((w = strsep(&rest, " ")))
		c->values.v[c->values.n++] = w;
	e->covers = c;
	e->n_covers = 1;
}

struct row { /* one piece of evidence, short */
	const char *indicator, *type, *date, *cover;
	const char *until, *locator;
	unsigned accepts;
	const char *content;
};
#define E4(i, t, d, c)                                           \
	{                                                        \
		.indicator = i, .type = t, .date = d, .cover = c \
	}
#define E3(i, t, d) E4(i, t, d, NULL)
#define E5(i, t, d, u)                                           \
	{                                                        \
		.indicator = i, .type = t, .date = d, .until = u \
	}
#define E7(i, t, d, c, n)                                                      \
	{                                                                      \
		.indicator = i, .type = t, .date = d, .cover = c, .accepts = n \
	}
#define E8(i, t, d, c, s)                                                      \
	{                                                                      \
		.indicator = i, .type = t, .date = d, .cover = c, .content = s \
	}

static struct bkt_evidence evidence(const struct row *r, size_t i)
{
	struct bkt_evidence e = {
		.indicator = r->indicator,
		.document = bkt_arena_printf(arena, "d%zu", i + 1),
		.title = "",
		.file = "",
		.type = r->type,
		.number = "",
		.signer = "",
		.unit = "",
		.date = day(r->date),
		.valid_from = BKT_NO_DATE,
		.valid_until = day(r->until ? r->until : ""),
		.revoked = BKT_NO_DATE,
		.locator = r->locator ? r->locator : "",
		.media = "",
		.class_ = "umum",
		.cause = "",
		.reason = "",
		.link_path = "",
		.n_accepts = r->accepts,
	};

	e.sha256 = r->content ? r->content : e.document;
	if (r->accepts > 0)
		e.review = BKT_REVIEW_ACCEPTED;
	if (r->cover)
		add_cover(&e, r->cover);
	return e;
}

static const struct bkt_strs two_units = { (const char *[]){ "a", "b" }, 2 };

static struct bkt_assessment *assess(const struct row *rows, size_t n,
    struct bkt_claim_fact *claims, size_t n_claims, const char *institution)
{
	struct bkt_evidence *e = bkt_arena_alloc(arena, (n + 1) * sizeof(*e));
	struct bkt_facts facts = { .institution_type = institution,
		.cutoff = day("2026-12-31"),
		.evidence = e,
		.n_evidence = n,
		.claims = claims,
		.n_claims = n_claims,
		.units = two_units };
	struct bkt_assessment *a;
	struct bkt_err err;

	for (size_t i = 0; i < n; i++)
		e[i] = evidence(&rows[i], i);
	if (bkt_evaluate(rb, &facts, arena, &a, &err) != BKT_OK)
		fail_msg("%s", err.msg);
	return a;
}

static const struct {
	const char *why;
	struct row rows[5];
	size_t indicator;
	const char *supported; /* with "?": an unknown fact stands in the way */
	const char *verified;
	const char *unmet; /* ids, in order; NULL: not looked at */
} cases[] = {
	{ "two dates count as two",
	    { E3("X01", "surat", "2026-01-01"),
		E3("X01", "surat", "2026-01-02") },
	    0, "2?", "1", "X01.L3.a X01.L3.b X01.L3.c" },
	{ "one date counts once",
	    { E3("X01", "surat", "2026-01-01"),
		E3("X01", "surat", "2026-01-01") },
	    0, "1", "1", "X01.L2.a" },
	{ "a date nobody recorded may be another one",
	    { E3("X01", "surat", "2026-01-01"), E3("X01", "surat", "") }, 0,
	    "1?", "1", "X01.L2.a" },
	{ "one undated letter is never two", { E3("X01", "surat", "") }, 0, "1",
	    "1", "X01.L2.a" },
	{ "units are covered by several letters together",
	    { E4("X01", "surat", "2026-01-01", "unit a"),
		E4("X01", "surat", "2026-01-02", "unit b") },
	    0, "3?", "1", "X01.L4.a" },
	{ "one unit is missing",
	    { E4("X01", "surat", "2026-01-01", "unit a"),
		E4("X01", "surat", "2026-01-02", "unit a c") },
	    0, "2", "1", "X01.L3.a X01.L3.b X01.L3.c" },
	{ "a letter that does not say may cover the unit",
	    { E4("X01", "surat", "2026-01-01", "unit a"),
		E3("X01", "surat", "2026-01-02") },
	    0, "2?", "1", "X01.L3.a X01.L3.b X01.L3.c" },
	{ "the other alternative needs both of its parts",
	    { E4("X01", "surat", "2026-01-01", "unit a"),
		E4("X01", "surat", "2026-01-02", "unit a"),
		E3("X01", "gambar", "2026-06-01") },
	    0, "2", "1", "X01.L3.a X01.L3.b" },
	{ "and is met by them",
	    { E4("X01", "surat", "2026-01-01", "unit a"),
		E4("X01", "surat", "2026-01-02", "unit a"),
		E3("X01", "gambar", "2026-06-01"),
		E5("X01", "perjanjian", "2025-01-01", "2026-12-31") },
	    0, "3?", "1", "X01.L4.a" },
	{ "an agreement without stated end is unknown",
	    { E4("X01", "surat", "2026-01-01", "unit a"),
		E4("X01", "surat", "2026-01-02", "unit a"),
		E3("X01", "gambar", "2026-06-01"),
		E3("X01", "perjanjian", "2025-01-01") },
	    0, "2?", "1", "X01.L3.a X01.L3.b" },
	{ "an agreement that ended is not in force",
	    { E4("X01", "surat", "2026-01-01", "unit a"),
		E4("X01", "surat", "2026-01-02", "unit a"),
		E3("X01", "gambar", "2026-06-01"),
		E5("X01", "perjanjian", "2025-01-01", "2026-12-30") },
	    0, "2", "1", "X01.L3.a X01.L3.b" },
	{ "a picture of a year ago is too old",
	    { E4("X01", "surat", "2026-01-01", "unit a"),
		E4("X01", "surat", "2026-01-02", "unit a"),
		E3("X01", "gambar", "2025-12-31"),
		E5("X01", "perjanjian", "2025-01-01", "2027-01-01") },
	    0, "2", "1", "X01.L3.a X01.L3.c" },
	{ "a picture one day younger is not",
	    { E4("X01", "surat", "2026-01-01", "unit a"),
		E4("X01", "surat", "2026-01-02", "unit a"),
		E3("X01", "gambar", "2026-01-01"),
		E5("X01", "perjanjian", "2025-01-01", "2027-01-01") },
	    0, "3?", "1", "X01.L4.a" },
	{ "accepted once: level 2; the third needs two",
	    { E7("X01", "surat", "2026-01-01", "unit a", 1),
		E7("X01", "surat", "2026-01-02", "unit b", 1) },
	    0, "3?", "2", NULL },
	{ "accepted twice: level 3",
	    { E7("X01", "surat", "2026-01-01", "unit a", 2),
		E7("X01", "surat", "2026-01-02", "unit b", 2) },
	    0, "3?", "3", NULL },
	{ "one half accepted twice is not enough",
	    { E7("X01", "surat", "2026-01-01", "unit a", 2),
		E7("X01", "surat", "2026-01-02", "unit b", 1) },
	    0, "3?", "2", NULL },
	{ "levels that do not build on each other",
	    { E3("X02", "gambar", "2026-06-01") }, 1, "2", "0", "X02.L3.a" },
	{ "nothing at all is the floor", { E3("X02", "hasil", "") }, 1, "0",
	    "0", "X02.L1.a" },
	{ "the same content is one document",
	    { E8("X02", "surat", "", "bidang satu", "c"),
		E8("X02", "surat", "", "bidang dua", "c") },
	    1, "1", "0", "X02.L2.a" },
	{ "two contents and two fields",
	    { E4("X02", "surat", "", "bidang satu"),
		E4("X02", "surat", "", "bidang dua") },
	    1, "3", "0", "" },
	{ "a value outside the vocabulary covers nothing",
	    { E4("X02", "surat", "", "bidang satu"),
		E4("X02", "surat", "", "bidang lain") },
	    1, "1", "0", "X02.L2.a" },
};

static void check_levels(size_t i, const struct bkt_indicator_result *r)
{
	char supported[50], verified[48];
	char unmet[200] = "";

	bkt_rat_exact(r->supported.value, supported);
	if (!r->supported.known)
		(void)strcat(supported, "?");
	bkt_rat_exact(r->verified.value, verified);
	for (size_t k = 0; k < r->n_unmet; k++) {
		size_t n = strlen(unmet);

		(void)snprintf(unmet + n, sizeof(unmet) - n, "%s%s",
		    k > 0 ? " " : "", r->unmet[k].id);
		assert_true(*r->unmet[k].say.id != '\0');
		/* what is unknown says what is missing, and only that */
		assert_true(
		    r->unmet[k].unknown == (r->unmet[k].missing.en[0] != '\0'));
	}
	if (strcmp(supported, cases[i].supported) != 0 ||
	    strcmp(verified, cases[i].verified) != 0 ||
	    (cases[i].unmet && strcmp(unmet, cases[i].unmet) != 0))
		fail_msg("%s: supported %s, verified %s, unmet %s",
		    cases[i].why, supported, verified, unmet);
}

static void levels_follow_evidence(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t n = 0;

		while (n < 5 && cases[i].rows[n].type)
			n++;
		check_levels(i, &assess(cases[i].rows, n, NULL, 0, "pemda")
				     ->indicators[cases[i].indicator]);
	}
}

static void says_what_is_missing(void **state)
{
	static const struct row rows[] = {
		E4("X01", "surat", "2026-01-01", "unit a"),
		E3("X01", "surat", "2026-01-02"),
		E3("X01", "perjanjian", ""),
	};
	const struct bkt_indicator_result *r =
	    &assess(rows, 3, NULL, 0, "pemda")->indicators[0];

	(void)state;
	assert_int_equal(r->n_unmet, 3);
	assert_string_equal(r->unmet[0].missing.en, "document d2: covers unit");
	assert_string_equal(r->unmet[0].missing.id, "dokumen d2: cakupan unit");
	assert_string_equal(
	    r->unmet[1].missing.en, "document d3: date, valid_until");
	assert_string_equal(
	    r->unmet[1].missing.id, "dokumen d3: tanggal, berlaku sampai");
	assert_string_equal(r->unmet[2].missing.id, "");
	assert_string_equal(r->unmet[2].missing.en, "");
}

static void says_what_waits(void **state)
{
	static const struct row rows[] = {
		E7("X01", "surat", "2026-01-01", "unit a", 1),
		E7("X01", "surat", "2026-01-02", "unit b", 1),
	};
	const struct bkt_indicator_result *r =
	    &assess(rows, 2, NULL, 0, "pemda")->indicators[0];

	(void)state;
	assert_int_equal(r->n_unverified, 1);
	assert_string_equal(r->unverified[0].id, "X01.L3.a");
	assert_string_equal(r->unverified[0].missing.en,
	    "document d1: second approval; document d2: second approval");
	assert_string_equal(r->unverified[0].missing.id,
	    "dokumen d1: persetujuan kedua; dokumen d2: persetujuan kedua");
}

static const struct {
	const char *why, *indicator, *level, *type;
	unsigned accepts;
	const char *claimed, *supported, *verified;
} scores[] = {
	{ "a score without evidence is the floor", "X03", "3.25", "", 0, "13/4",
	    "1", "1" },
	{ "a score with evidence stands", "X03", "3.25", "surat", 0, "13/4",
	    "13/4", "1" },
	{ "a score with accepted evidence is verified", "X03", "2.99", "surat",
	    1, "299/100", "299/100", "299/100" },
	{ "one from 3 on needs a second approval", "X03", "3.25", "surat", 1,
	    "13/4", "13/4", "1" },
	{ "and is verified with it", "X03", "3.25", "surat", 2, "13/4", "13/4",
	    "13/4" },
	{ "a score of others needs their result", "X04", "4", "surat", 2, "4",
	    "1", "1" },
	{ "and stands with it", "X04", "4", "hasil", 2, "4", "4", "4" },
	{ "or waits with it", "X04", "4", "hasil", 1, "4", "4", "1" },
	{ "a score above the scale is none", "X03", "5.01", "surat", 1, "1",
	    "1", "1" },
	{ "a score below the scale is none", "X03", "0.99", "surat", 1, "1",
	    "1", "1" },
	{ "words are no score", "X03", "tinggi", "surat", 1, "1", "1", "1" },
	{ "half a level is none", "X01", "1.5", "", 0, "1", "1", "1" },
};

static void assert_rat(const char *why, struct bkt_rat is, const char *want)
{
	char s[60];

	(void)snprintf(
	    s, sizeof(s), "%lld/%lld", (long long)is.num, (long long)is.den);
	if (is.den == 1)
		*strchr(s, '/') = '\0';
	if (strcmp(s, want) != 0)
		fail_msg("%s: %s, not %s", why, s, want);
}

static void scores_stand_on_proof(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(scores) / sizeof(*scores); i++) {
		struct row row = { scores[i].indicator, scores[i].type, "",
			NULL, NULL, NULL, scores[i].accepts, NULL };
		struct bkt_claim_fact claim = { scores[i].indicator,
			scores[i].level, true, true };
		struct bkt_assessment *a =
		    assess(&row, *scores[i].type != '\0', &claim, 1, "pemda");
		const struct bkt_rb_indicator *ind =
		    bkt_rulebook_indicator(rb, scores[i].indicator);
		const struct bkt_indicator_result *r =
		    &a->indicators[ind - rb->indicators];

		assert_rat(scores[i].why, r->claimed.value, scores[i].claimed);
		assert_rat(
		    scores[i].why, r->supported.value, scores[i].supported);
		assert_rat(
		    scores[i].why, r->verified.value, scores[i].verified);
	}
}

static const struct {
	const char *why, *score;
	bool near;
	const char *band;
} edges[] = {
	{ "0.0055 above the edge", "4.70", false, "Tinggi" },
	{ "0.0006 above the edge", "4.67", true, "Tinggi" },
	{ "0.0044 below the edge", "4.64", true, "Rendah" },
	{ "0.0061 below the edge", "4.63", false, "Rendah" },
};

/* (3 + 0 + 2.5 * 5 + 1.5 * score) / 9: the edge at 2.5 */
static void tells_what_is_near_an_edge(void **state)
{
	static const struct row rows[] = {
		E7("X03", "surat", "", NULL, 2),
		E7("X04", "hasil", "", NULL, 2),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(edges) / sizeof(*edges); i++) {
		struct bkt_claim_fact claims[] = {
			{ "X03", "5", true, true },
			{ "X04", edges[i].score, true, true },
		};
		const struct bkt_assessment *a =
		    assess(rows, 2, claims, 2, "pemda");

		if (a->near_bound != edges[i].near)
			fail_msg("%s", edges[i].why);
		assert_string_equal(a->band_verified->name, edges[i].band);
		assert_true(a->complete);
	}
}

static void counts_what_applies(void **state)
{
	struct bkt_claim_fact claims[] = { { "X05", "5", true, true } };
	const struct bkt_assessment *a = assess(NULL, 0, claims, 1, "pemda");

	(void)state;
	/* 3*1 + 2*0 + 2.5*1 + 1.5*1 over 9 */
	assert_false(a->indicators[4].applies);
	assert_rat("pemda", a->index.claimed, "7/9");
	a = assess(NULL, 0, claims, 1, "pusat");
	assert_true(a->indicators[4].applies);
	/* and 1*5 over 10 */
	assert_rat("pusat", a->index.claimed, "6/5");
	assert_rat("aspect", a->aspects[1].claimed, "9/5");
}

static const struct {
	const char *why, *id;
	struct row row;
	struct bkt_claim_fact claim;
} told[] = {
	{ "a link to no indicator", "unknown-indicator", E3("X09", "surat", ""),
	    { "X03", "1", true, true } },
	{ "a claim for no indicator", "unknown-indicator",
	    E3("X03", "surat", ""), { "X09", "1", true, true } },
	{ "a type nobody knows", "unknown-type", E3("X03", "srat", ""),
	    { "X03", "1", true, true } },
	{ "a claim off the scale", "claim-off-scale", E3("X03", "surat", ""),
	    { "X03", "6", true, true } },
	{ "a claim that nothing supports", "claim-above-supported",
	    E3("X03", "surat", ""), { "X01", "2", true, true } },
};

static void tells_what_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(told) / sizeof(*told); i++) {
		struct bkt_claim_fact claim = told[i].claim;
		const struct bkt_assessment *a =
		    assess(&told[i].row, 1, &claim, 1, "pemda");

		if (a->n_findings != 1 ||
		    strcmp(a->findings[0].id, told[i].id) != 0)
			fail_msg("%s", told[i].why);
		assert_int_equal(a->findings[0].severity, BKT_ERROR);
		assert_int_equal(a->n_errors, 1);
		assert_true(*a->findings[0].say.id && *a->findings[0].say.en);
		assert_false(a->complete);
	}
}

static unsigned fail_at, n_allocs;
static bool fail_one(size_t n_bytes)
{
	(void)n_bytes;
	return ++n_allocs == fail_at;
}

static void survives_lack_of_memory(void **state)
{
	static const struct row rows[] = {
		E4("X01", "surat", "2026-01-01", "unit a"),
		E3("X01", "surat", ""),
		E3("X01", "perjanjian", ""),
	};
	struct bkt_evidence e[3];
	struct bkt_claim_fact claims[] = { { "X01", "4", true, true },
		{ "X03", "9", true, true } };
	struct bkt_facts facts = { .institution_type = "pemda",
		.cutoff = day("2026-12-31"),
		.evidence = e,
		.n_evidence = 3,
		.claims = claims,
		.n_claims = 2,
		.units = two_units };
	enum bkt_status st = BKT_E_NOMEM;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		e[i] = evidence(&rows[i], i);
	for (fail_at = 1; st != BKT_OK; fail_at++) {
		BKT_AUTO(bkt_arena_free) bkt_arena *small = NULL;
		struct bkt_assessment *a;
		struct bkt_err err;

		small = bkt_arena_new(1 << 24);
		assert_non_null(small);
		n_allocs = 0;
		bkt_alloc_fault = fail_one;
		st = bkt_evaluate(rb, &facts, small, &a, &err);
		bkt_alloc_fault = NULL;
		if (st != BKT_E_NOMEM && st != BKT_OK)
			fail_msg("allocation %u: %s", fail_at, err.msg);
		assert_true(fail_at < 10000);
	}
	/* and an arena that is too small is no verdict either */
	for (size_t max = 64; max < 16384; max *= 2) {
		BKT_AUTO(bkt_arena_free)
		bkt_arena *small = bkt_arena_new(max);
		struct bkt_assessment *a;
		struct bkt_err err;

		st = bkt_evaluate(rb, &facts, small, &a, &err);
		assert_true(st == BKT_OK || st == BKT_E_NOMEM);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_follow_evidence),
		cmocka_unit_test(says_what_is_missing),
		cmocka_unit_test(says_what_waits),
		cmocka_unit_test(scores_stand_on_proof),
		cmocka_unit_test(tells_what_is_near_an_edge),
		cmocka_unit_test(counts_what_applies),
		cmocka_unit_test(tells_what_is_wrong),
		cmocka_unit_test(survives_lack_of_memory),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
