/* The same facts wherever they lie, and releases that do not say the truth. */
#include "bukti/assess.h"

#include "support/one_city.h"

static const struct bkt_indicator_result *at(const bkt_assess *a, size_t i)
{
	return &bkt_assess_result(a)->indicators[i];
}

static void level_is(const struct bkt_level_result *r, int64_t want)
{
	assert_int_equal(r->value.num, want);
	assert_int_equal(r->value.den, 1);
}

/* X1: claimed, linked, accepted; X2: claimed, linked; X3: linked */
static void check_city(const bkt_assess *a)
{
	const struct bkt_facts *f = bkt_assess_facts(a);

	assert_int_equal(bkt_assess_result(a)->n_indicators, 3);
	level_is(&at(a, 0)->claimed, 2);
	level_is(&at(a, 0)->supported, 2);
	level_is(&at(a, 0)->verified, 2);
	level_is(&at(a, 1)->claimed, 2);
	level_is(&at(a, 1)->supported, 2);
	level_is(&at(a, 1)->verified, 1);
	assert_false(at(a, 2)->has_claim);
	level_is(&at(a, 2)->supported, 2);
	level_is(&at(a, 2)->verified, 1);
	assert_int_equal(f->n_evidence, 3);
	assert_int_equal(f->n_claims, 2);
	assert_int_equal(f->units.n, 2);
	assert_string_equal(f->institution_type, "pemda");
	/* (2*5 + 1*3 + 1*2) / 10 */
	assert_int_equal(bkt_assess_result(a)->index.verified.num, 3);
	assert_int_equal(bkt_assess_result(a)->index.verified.den, 2);
	assert_string_equal(
	    bkt_assess_result(a)->band_verified->name, "Tinggi");
}

static void index_and_tree_agree(void **state)
{
	struct bkt_tree_source tree = { bkt_ledger_git(
					    bkt_store_ledger(city.s)),
		bkt_store_head(city.s)->tree };
	const struct bkt_source source = bkt_source_of_tree(&tree);
	BKT_AUTO(bkt_assess_free) bkt_assess *a = city_assess(&city);
	BKT_AUTO(bkt_assess_free) bkt_assess *b = NULL;
	struct bkt_err err;

	(void)state;
	check_city(a);
	must(bkt_assess_cycle(&source, CITY_CYCLE, NULL, &b, &err), &err);
	check_city(b);
	assert_null(bkt_assess_released(b, NULL));
}

static void no_such_cycle(void **state)
{
	bkt_assess *a = NULL;
	struct bkt_err err;

	(void)state;
	assert_int_equal(bkt_assess_cycle(bkt_store_source(city.s), "2031-1",
			     NULL, &a, &err),
	    BKT_E_NOTFOUND);
	assert_null(a);
}

/* ---- releases -------------------------------------------------------------
 */

static const struct bkt_stated gaps[] = { { "X2", "belum diperiksa" },
	{ "X3", "belum dinyatakan" } };

static void every_gap_is_stated(void **state)
{
	BKT_AUTO(bkt_assess_free) bkt_assess *a = city_assess(&city);
	const struct bkt_checkpoint *log = &bkt_store_head(city.s)->checkpoint;
	const struct bkt_stated strange[] = { gaps[0], gaps[1],
		{ "X9", "tidak ada" } };
	const struct bkt_stated not_evidence = {
		"cycles/" CITY_CYCLE "/X1/evidence/" CITY_DOC_B ".json", "x"
	};
	const struct bkt_stated excluded = { "cycles/" CITY_CYCLE
					     "/X1/evidence/" CITY_DOC_A ".json",
		"rahasia" };
	struct bkt_release r;
	struct bkt_err err;

	(void)state;
	assert_int_equal(
	    bkt_assess_release(a, log, NULL, 0, NULL, 0, city.arena, &r, &err),
	    BKT_E_FINDINGS);
	assert_int_equal(
	    bkt_assess_release(a, log, gaps, 1, NULL, 0, city.arena, &r, &err),
	    BKT_E_FINDINGS);
	assert_int_equal(bkt_assess_release(
			     a, log, strange, 3, NULL, 0, city.arena, &r, &err),
	    BKT_E_USAGE);
	assert_int_equal(bkt_assess_release(a, log, gaps, 2, &not_evidence, 1,
			     city.arena, &r, &err),
	    BKT_E_USAGE);
	must(bkt_assess_release(
		 a, log, gaps, 2, &excluded, 1, city.arena, &r, &err),
	    &err);
	assert_int_equal(r.n_levels, 3);
	assert_null(r.levels[0].gap);
	assert_int_equal(r.n_exclusions, 1);
	assert_string_equal(r.verified, "1.5");
	must(bkt_assess_release_check(a, &r, &err), &err);
}

enum lie_at {
	L_CLAIMED,
	L_SUPPORTED,
	L_VERIFIED,
	L_INDICATOR,
	L_GAP,
	L_GAP_EMPTY,
	L_FEWER,
	L_INDEX_CLAIMED,
	L_INDEX_SUPPORTED,
	L_INDEX_VERIFIED,
	L_BAND,
	L_CYCLE,
	L_RULEBOOK,
	L_EXCLUSION
};

static void tell_lie(struct bkt_release *r, enum lie_at at_)
{
	static struct bkt_exclusion none = { "cycles/x/X1/evidence/y.json",
		"x" };

	switch (at_) {
	case L_CLAIMED:
		r->levels[1].claimed = "3";
		break;
	case L_SUPPORTED:
		r->levels[1].supported = "3";
		break;
	case L_VERIFIED:
		r->levels[1].verified = "2";
		break;
	case L_INDICATOR:
		r->levels[1].indicator = "X1";
		break;
	case L_GAP:
		r->levels[1].gap = NULL;
		break;
	case L_GAP_EMPTY:
		r->levels[1].gap = "";
		break;
	case L_FEWER:
		r->n_levels--;
		break;
	case L_INDEX_CLAIMED:
		r->claimed = "3";
		break;
	case L_INDEX_SUPPORTED:
		r->supported = "3";
		break;
	case L_INDEX_VERIFIED:
		r->verified = "1.50";
		break;
	case L_BAND:
		r->band = "Rendah";
		break;
	case L_CYCLE:
		r->cycle = "2026-2";
		break;
	case L_RULEBOOK:
		r->rulebook_sha256 = r->log_root;
		break;
	case L_EXCLUSION:
		r->exclusions = &none;
		r->n_exclusions = 1;
		break;
	}
}

static void each_lie_is_seen(void **state)
{
	static const struct {
		const char *why;
		enum lie_at at;
	} rows[] = {
		{ "a higher claim", L_CLAIMED },
		{ "a higher supported level", L_SUPPORTED },
		{ "a higher verified level", L_VERIFIED },
		{ "another indicator", L_INDICATOR },
		{ "a gap that is not stated", L_GAP },
		{ "a gap stated with nothing", L_GAP_EMPTY },
		{ "an indicator less", L_FEWER },
		{ "another claimed index", L_INDEX_CLAIMED },
		{ "another supported index", L_INDEX_SUPPORTED },
		{ "the verified index spelt otherwise", L_INDEX_VERIFIED },
		{ "another band", L_BAND },
		{ "another cycle", L_CYCLE },
		{ "another rulebook", L_RULEBOOK },
		{ "leaves out what is no evidence", L_EXCLUSION },
	};
	BKT_AUTO(bkt_assess_free) bkt_assess *a = city_assess(&city);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bkt_release r;
		struct bkt_err err;
		enum bkt_status st;

		must(bkt_assess_release(a, &bkt_store_head(city.s)->checkpoint,
			 gaps, 2, NULL, 0, city.arena, &r, &err),
		    &err);
		tell_lie(&r, rows[i].at);
		st = bkt_assess_release_check(a, &r, &err);
		if (st != BKT_E_TAMPERED)
			fail_msg("%s: %s", rows[i].why, bkt_status_name(st));
	}
}

/* ---- what changes the facts -----------------------------------------------
 */

static void only_decisions_about_these_bytes_count(void **state)
{
	BKT_AUTO(bkt_assess_free) bkt_assess *a = NULL;

	(void)state;
	/* the accepted document gets new content: the acceptance is past */
	city_do(&city,
	    city_say(&city,
		city_document(
		    &city, CITY_DOC_A, "dinas-a", "active", "surat a baru"),
		CITY_UPLOADER),
	    "surat a baru");
	a = city_assess(&city);
	level_is(&at(a, 0)->supported, 2);
	level_is(&at(a, 0)->verified, 1);
	bkt_assess_free(a);
	/* one accepts, one returns: it does not count */
	city_do(&city,
	    city_say(&city,
		city_review(&city, "X1", CITY_DOC_A, CITY_VERIFIER, "accept"),
		CITY_VERIFIER),
	    NULL);
	a = city_assess(&city);
	level_is(&at(a, 0)->verified, 2);
	bkt_assess_free(a);
	city_do(&city,
	    city_say(&city,
		city_review(&city, "X1", CITY_DOC_A, CITY_MANY_HATS, "return"),
		CITY_MANY_HATS),
	    NULL);
	a = city_assess(&city);
	level_is(&at(a, 0)->supported, 1);
	level_is(&at(a, 0)->verified, 1);
	assert_int_equal(at(a, 0)->n_returned, 1);
}

static void accept_first_document(void)
{
	city_do(&city,
	    city_say(&city,
		city_review(&city, "X1", CITY_DOC_A, CITY_VERIFIER, "accept"),
		CITY_VERIFIER),
	    NULL);
}

static void first_is(unsigned verified, enum bkt_review_lapse lapsed)
{
	BKT_AUTO(bkt_assess_free) bkt_assess *a = city_assess(&city);
	const struct bkt_evidence *e = bkt_assess_facts(a)->evidence;

	level_is(&at(a, 0)->supported, 2);
	level_is(&at(a, 0)->verified, verified);
	assert_string_equal(e->document, CITY_DOC_A);
	assert_int_equal(e->lapsed, lapsed);
}

/* the rulebook judges the date: who accepted did so with another one. Changed
 * back it is still another record than the one that was looked at */
static void an_accept_is_of_one_document_record(void **state)
{
	static const char *const dates[] = { "2026-04-01", "2026-03-01" };
	struct bkt_record *r;

	(void)state;
	accept_first_document();
	first_is(2, BKT_LAPSE_NONE);
	for (size_t i = 0; i < 2; i++) {
		r = city_document(
		    &city, CITY_DOC_A, "dinas-a", "active", "surat a");
		r->u.document.date = dates[i];
		city_do(&city, city_say(&city, r, CITY_UPLOADER), NULL);
		first_is(1, BKT_LAPSE_DOCUMENT);
	}
	accept_first_document();
	first_is(2, BKT_LAPSE_NONE);
	r = city_link(&city, "X1", CITY_DOC_A);
	r->u.link.locator = "halaman 2";
	city_do(&city, city_say(&city, r, CITY_UPLOADER), NULL);
	first_is(1, BKT_LAPSE_LINK);
	accept_first_document();
	first_is(2, BKT_LAPSE_NONE);
	city_do(&city,
	    city_say(&city,
		city_document(
		    &city, CITY_DOC_A, "dinas-a", "active", "surat a baru"),
		CITY_UPLOADER),
	    "surat a baru");
	first_is(1, BKT_LAPSE_CONTENT);
	city_do(&city,
	    city_say(&city,
		city_document(
		    &city, CITY_DOC_A, "dinas-a", "active", "surat a"),
		CITY_UPLOADER),
	    "surat a");
	first_is(1, BKT_LAPSE_DOCUMENT);
}

static void absent_content_supports_nothing(void **state)
{
	BKT_AUTO(bkt_assess_free) bkt_assess *a = NULL;
	struct bkt_sha256 id;
	BKT_AUTO(bkt_free) char *path = NULL;

	(void)state;
	assert_true(bkt_unhex(
	    city_document(&city, CITY_DOC_B, "dinas-b", "active", "surat b")
		->u.document.sha256,
	    id.b, sizeof(id.b)));
	path = bkt_objects_path(bkt_store_objects(city.s), &id);
	assert_int_equal(unlink(path), 0);
	a = city_assess(&city);
	level_is(&at(a, 1)->supported, 1);
	level_is(&at(a, 2)->supported, 1);
	assert_true(bkt_assess_result(a)->n_errors > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(index_and_tree_agree),
		cmocka_unit_test(no_such_cycle),
		cmocka_unit_test(every_gap_is_stated),
		cmocka_unit_test(each_lie_is_seen),
		cmocka_unit_test(an_accept_is_of_one_document_record),
		cmocka_unit_test(only_decisions_about_these_bytes_count),
		cmocka_unit_test(absent_content_supports_nothing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
