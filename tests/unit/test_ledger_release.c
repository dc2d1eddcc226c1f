/* Releases, packages, erasure, and what a closed cycle still takes. */
#include "bukti/ledger.h"

#include "support/one_city.h"
#include "support/rows.h"

#define RUN(rows) rows_run(&city, rows, sizeof(rows) / sizeof((rows)[0]))

static struct bkt_submission say(struct bkt_record *r, int who)
{
	return city_say(&city, r, who);
}

static const char zeros[] =
    "0000000000000000000000000000000000000000000000000000000000000000";

static struct bkt_record *decision(void)
{
	return city_review(&city, "X2", CITY_DOC_B, CITY_VERIFIER, "accept");
}

/* ---- releases, packages, erasure, closed cycles ---------------------------
 */

static struct bkt_submission release_of_another_log(void)
{
	struct bkt_record *r = city_said_release(&city);

	r->u.release.log_size--;
	return say(r, CITY_COORDINATOR | CITY_RESPONSIBLE);
}

static struct bkt_submission release_of_another_root(void)
{
	struct bkt_record *r = city_said_release(&city);

	r->u.release.log_root = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
	return say(r, CITY_COORDINATOR | CITY_RESPONSIBLE);
}

static struct bkt_submission release_under_another_rulebook(void)
{
	struct bkt_record *r = city_said_release(&city);

	r->u.release.rulebook_sha256 = zeros;
	return say(r, CITY_COORDINATOR | CITY_RESPONSIBLE);
}

static struct bkt_submission release_of_no_cycle(void)
{
	struct bkt_record *r = city_said_release(&city);

	r->u.release.cycle = "2031-1";
	r->path = "cycles/2031-1/release.json";
	return say(r, CITY_COORDINATOR | CITY_RESPONSIBLE);
}

static struct bkt_submission result_of_no_cycle(void)
{
	struct bkt_record *r = city_fresh(&city, BKT_KIND_RESULT);
	static struct bkt_result_level level = { "X1", "2", NULL };

	r->u.result = (struct bkt_result){ .cycle = "2031-1",
		.index = "2.5",
		.basis = "Kepmen 1/2031",
		.levels = &level,
		.n_levels = 1 };
	return say(r, CITY_COORDINATOR);
}

/* sealed by @p by for the release whose digest is @p release */
static struct bkt_submission package_of(
    const char *release, const char *const *by, int who)
{
	static const char tag[] = "x";
	struct bkt_record *r = city_fresh(&city, BKT_KIND_PACKAGE);
	struct bkt_submission sub;
	struct bkt_strs paths;
	struct bkt_sha256 digest;
	char hex[BKT_SHA256_HEX + 1];
	struct bkt_err err;
	size_t n = 0;

	assert_int_equal(
	    bkt_sha256_of(bkt_span_str(tag), &digest, &err), BKT_OK);
	bkt_hex(digest.b, 32, hex);
	r->u.package = (struct bkt_package_rec){ .cycle = CITY_CYCLE,
		.number = 1,
		.release = release,
		.tagmanifest = bkt_arena_strdup(city.arena, hex),
		.sealed_by = { bkt_arena_alloc(city.arena, 64), 0 },
		.file = "bukti-x.zip" };
	while (by[n]) {
		r->u.package.sealed_by.v[n] = by[n];
		n++;
	}
	r->u.package.sealed_by.n = n;
	sub = say(r, CITY_OPERATOR);
	assert_int_equal(bkt_record_owned(r, city.arena, &paths, &err), BKT_OK);
	sub.owned = bkt_arena_alloc(city.arena, n * sizeof(*sub.owned));
	sub.n_owned = n;
	for (size_t i = 0, k = 0; i < CITY_N; i++) {
		struct bkt_buf p7s;
		uint8_t *copy;

		if (!(who & 1 << i))
			continue;
		bkt_buf_init(&p7s, BKT_SEAL_MAX);
		pki_seal(
		    &city.people[i], bkt_span_str(tag), city_now_utc_s, &p7s);
		copy = bkt_arena_alloc(city.arena, p7s.len);
		memcpy(copy, p7s.ptr, p7s.len);
		sub.owned[k] = (struct bkt_file){ paths.v[k],
			BKT_SPAN(copy, p7s.len), NULL };
		bkt_buf_release(&p7s);
		k++;
	}
	return sub;
}

static const char *const koor_kepala[] = { "kepala", "koor", NULL };
static const char *const only_koor[] = { "koor", NULL };
static const char *const koor_op[] = { "koor", "op", NULL };
static const char *current_release;

static struct bkt_submission package_of_none(void)
{
	return package_of(
	    zeros, koor_kepala, CITY_COORDINATOR | CITY_RESPONSIBLE);
}

static void release_records(void **state)
{
	static const struct row rows[] = {
		{ "a release of a log that has gone on", BKT_E_CONFLICT,
		    release_of_another_log, 0 },
		{ "a release of another log", BKT_E_TAMPERED,
		    release_of_another_root, 0 },
		{ "a release under another rulebook", BKT_E_POLICY,
		    release_under_another_rulebook, 0 },
		{ "a release of no cycle", BKT_E_POLICY, release_of_no_cycle,
		    0 },
		{ "a result of no cycle", BKT_E_POLICY, result_of_no_cycle, 0 },
		{ "a package without a release", BKT_E_POLICY, package_of_none,
		    0 },
	};

	(void)state;
	RUN(rows);
}

static struct bkt_submission package_good(void)
{
	/* `kepala` seals first by name, `koor` by the order of people */
	struct bkt_submission sub = package_of(
	    current_release, koor_kepala, CITY_COORDINATOR | CITY_RESPONSIBLE);
	struct bkt_span koor = sub.owned[0].bytes;

	sub.owned[0].bytes = sub.owned[1].bytes;
	sub.owned[1].bytes = koor;
	return sub;
}

static struct bkt_submission package_seals_exchanged(void)
{
	return package_of(
	    current_release, koor_kepala, CITY_COORDINATOR | CITY_RESPONSIBLE);
}

static struct bkt_submission package_of_another_release(void)
{
	return package_of(
	    zeros, koor_kepala, CITY_COORDINATOR | CITY_RESPONSIBLE);
}

static struct bkt_submission package_sealed_by_one(void)
{
	return package_of(current_release, only_koor, CITY_COORDINATOR);
}

static struct bkt_submission package_sealed_by_another(void)
{
	return package_of(
	    current_release, koor_op, CITY_COORDINATOR | CITY_OPERATOR);
}

/* in order: what is said in a test before stays said */
static void packages(void **state)
{
	static const struct row rows[] = {
		{ "sealed by the release's signers", BKT_OK, package_good, 0 },
		{ "one signer's seal under another's name", BKT_E_TRUST,
		    package_seals_exchanged, 0 },
		{ "of another release", BKT_E_CONFLICT,
		    package_of_another_release, 0 },
		{ "sealed by one of two", BKT_E_TRUST, package_sealed_by_one,
		    0 },
		{ "sealed by somebody else", BKT_E_TRUST,
		    package_sealed_by_another, 0 },
	};
	struct bkt_submission sub =
	    say(city_said_release(&city), CITY_COORDINATOR | CITY_RESPONSIBLE);
	struct bkt_sha256 digest;
	static char hex[BKT_SHA256_HEX + 1];
	struct bkt_err err;

	(void)state;
	assert_int_equal(bkt_sha256_of(sub.record, &digest, &err), BKT_OK);
	bkt_hex(digest.b, 32, hex);
	current_release = hex;
	city_do(&city, sub, NULL);
	RUN(rows);
}

static struct bkt_record *erasure(const char *content)
{
	struct bkt_record *r = city_fresh(&city, BKT_KIND_ERASURE);

	r->u.erasure = (struct bkt_erasure){ .document = CITY_DOC_A,
		.content = content,
		.basis = "UU 27/2022",
		.reason = "permintaan" };
	return r;
}

static void erasures(void **state)
{
	struct bkt_record *hold = city_fresh(&city, BKT_KIND_HOLD);
	const int two = CITY_ADMIN | CITY_RESPONSIBLE;
	struct bkt_record *doc =
	    city_document(&city, CITY_DOC_A, "dinas-a", "active", "surat a");
	const char *content = doc->u.document.sha256;
	struct bkt_err err;

	(void)state;
	/* of content that the document no longer has */
	assert_int_equal(rows_judge(&city, say(erasure(zeros), two), 0, &err),
	    BKT_E_CONFLICT);
	hold->u.hold = (struct bkt_hold){ CITY_DOC_A, "active", "perkara" };
	city_do(&city, say(hold, CITY_ADMIN), NULL);
	/* under hold */
	assert_int_equal(rows_judge(&city, say(erasure(content), two), 0, &err),
	    BKT_E_POLICY);
	hold->u.hold.state = "withdrawn";
	city_do(&city, say(hold, CITY_ADMIN), NULL);
	/* the hold is over */
	city_do(&city, say(erasure(content), two), NULL);
	/* what was erased does not come back */
	assert_int_equal(
	    rows_judge(&city, say(doc, CITY_UPLOADER), 0, &err), BKT_E_POLICY);
	/* other content may */
	doc = city_document(&city, CITY_DOC_A, "dinas-a", "active", "surat e");
	assert_int_equal(
	    rows_judge(&city, say(doc, CITY_UPLOADER), 0, &err), BKT_OK);
}

static struct bkt_submission link_now(void)
{
	return say(city_link(&city, "X1", CITY_DOC_B), CITY_OPERATOR);
}

static struct bkt_submission claim_now(void)
{
	return say(city_claim(&city, "X3", "2"), CITY_MANY_HATS);
}

static struct bkt_submission review_now(void)
{
	return say(decision(), CITY_VERIFIER);
}

static void closed_cycles(void **state)
{
	static const struct row rows[] = {
		{ "a link after closing", BKT_E_POLICY, link_now, 0 },
		{ "a claim after closing", BKT_E_POLICY, claim_now, 0 },
		{ "a decision after closing", BKT_E_POLICY, review_now, 0 },
	};

	(void)state;
	city_do(&city,
	    say(city_cycle(&city, CITY_CYCLE, "closed"), CITY_COORDINATOR),
	    NULL);
	RUN(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(release_records),
		cmocka_unit_test(packages),
		cmocka_unit_test(erasures),
		cmocka_unit_test(closed_cycles),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
