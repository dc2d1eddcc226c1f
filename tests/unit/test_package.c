/* Packages made twice, and packages that somebody changed on the way. */
#include "bukti/package.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "support/box.h"
#include "support/forge.h"

static struct city city;
static char package[96];

static void must(enum bkt_status st, const struct bkt_err *err)
{
	if (st != BKT_OK)
		fail_msg("%s: %s", bkt_status_name(st), err->msg);
}

static void pack(const char *file, const struct bkt_hand *hands, size_t n)
{
	const struct bkt_packing how = {
		.cycle = CITY_CYCLE, .file = file, .hands = hands, .n_hands = n
	};
	BKT_AUTO(bkt_packed_release) struct bkt_packed out = { .path = NULL };
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { 0 };
	struct bkt_sha256 sum;
	struct bkt_err err;

	must(bkt_store_pack(city.s, &how, &out, &err), &err);
	assert_string_equal(out.path, file);
	assert_int_equal(out.report.verdict, BKT_INTACT);
	assert_true(out.report.complete);
	/* the digest is the file's */
	bkt_buf_init(&bytes, 1 << 24);
	must(bkt_file_slurp(file, &bytes, &err), &err);
	must(bkt_sha256_of(bkt_buf_span(&bytes), &sum, &err), &err);
	assert_true(bkt_sha256_eq(&sum, &out.report.sha256));
	assert_int_equal(out.report.file_bytes, bytes.len);
}

static int set_up(void **state)
{
	struct bkt_hand hands[2];

	(void)state;
	city_init(&city);
	city_do(&city,
	    city_say(&city, city_said_release(&city),
		CITY_COORDINATOR | CITY_RESPONSIBLE),
	    NULL);
	hands[0] = city_hand(&city, CITY_COORDINATOR);
	hands[1] = city_hand(&city, CITY_RESPONSIBLE);
	snprintf(package, sizeof(package), "%s/paket.zip", city.folder);
	pack(package, hands, 2);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	city_release(&city);
	return 0;
}

static void inspect(const char *file, const struct bkt_inspect_options *o,
    struct bkt_inspect_report *out)
{
	static const struct bkt_inspect_options none;
	struct bkt_err err;

	must(bkt_package_inspect(file, o ? o : &none, out, &err), &err);
}

/* ---- tests ----------------------------------------------------------------
 */

static void whole(void **state)
{
	BKT_AUTO(bkt_inspect_report_release) struct bkt_inspect_report r;

	(void)state;
	inspect(package, NULL, &r);
	if (r.verdict != BKT_INTACT)
		fail_msg("%s: %s", r.items[0].path, r.items[0].reason);
	assert_true(r.complete);
	assert_int_equal(r.n_items, 0);
	assert_int_equal(r.n_documents, 2);
	assert_string_equal(r.origin, CITY_ORIGIN);
	assert_string_equal(r.cycle, CITY_CYCLE);
	/* the same levels as from the store, by the package alone */
	assert_string_equal(r.verified, "1.5");
	assert_string_equal(r.supported, "2");
	assert_string_equal(r.band, "Tinggi");
	assert_int_equal(r.signers.n, 2);
	assert_int_equal(r.omissions.n, 0);
	assert_int_equal(r.gaps.n, 3);
	assert_true(r.unchecked.n > 0);
}

static void leaves_of(struct bkt_sha256 *leaves, uint64_t n)
{
	BKT_AUTO(forge_release) struct forge f;
	struct forge_history h;
	struct bkt_err err;
	uint64_t k = 0;

	forge_begin(&f, &city);
	forge_history(&f, &h);
	for (size_t i = 0; i < h.n; i++) {
		for (size_t j = 0; j < h.batches[i].n_entries && k < n; j++) {
			const struct bkt_batch_entry *e =
			    &h.batches[i].entries[j];

			must(bkt_submission_leaf(&e->sub, e->path, &e->record,
				 &leaves[k++], &err),
			    &err);
		}
	}
	assert_int_equal(k, n);
}

/* the commit whose log has that size */
static struct bkt_oid commit_at(uint64_t size)
{
	BKT_AUTO(forge_release) struct forge f;
	struct bkt_oid at = { { 0 } };
	struct forge_history h;

	forge_begin(&f, &city);
	forge_history(&f, &h);
	for (size_t i = 0; i < h.n; i++) {
		if (h.batches[i].log_size == size)
			at = h.batches[i].oid;
	}
	return at;
}

static void the_same_twice(void **state)
{
	struct bkt_sha256 leaves[30];
	const struct bkt_oid at = commit_at(30);
	BKT_AUTO(bkt_package_plan_free) bkt_package_plan *a = NULL, *b = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf first;
	BKT_AUTO(bkt_buf_release) struct bkt_buf second;
	char again[96];
	struct bkt_err err;

	(void)state;
	leaves_of(leaves, 30);
	must(bkt_package_plan_make(bkt_store_ledger(city.s),
		 bkt_store_objects(city.s), &at, CITY_CYCLE, leaves, 30, &a,
		 &err),
	    &err);
	must(bkt_package_plan_make(bkt_store_ledger(city.s),
		 bkt_store_objects(city.s), &at, CITY_CYCLE, leaves, 30, &b,
		 &err),
	    &err);
	assert_true(bkt_span_eq(
	    bkt_package_tagmanifest(a), bkt_package_tagmanifest(b)));
	assert_string_equal(
	    bkt_package_name(a), "bukti-" CITY_ORIGIN "-" CITY_CYCLE ".zip");
	/* and nobody has to be there to sign again */
	snprintf(again, sizeof(again), "%s/lagi.zip", city.folder);
	pack(again, NULL, 0);
	bkt_buf_init(&first, 1 << 24);
	bkt_buf_init(&second, 1 << 24);
	must(bkt_file_slurp(package, &first, &err), &err);
	must(bkt_file_slurp(again, &second, &err), &err);
	assert_true(bkt_span_eq(bkt_buf_span(&first), bkt_buf_span(&second)));
}

/* leaves that are not the log's give no proofs */
static void wrong_leaves(void **state)
{
	struct bkt_sha256 leaves[30];
	const struct bkt_oid at = commit_at(30);
	BKT_AUTO(bkt_package_plan_free) bkt_package_plan *a = NULL;
	struct bkt_err err;

	(void)state;
	leaves_of(leaves, 30);
	leaves[7].b[0] ^= 1;
	assert_int_equal(bkt_package_plan_make(bkt_store_ledger(city.s),
			     bkt_store_objects(city.s), &at, CITY_CYCLE, leaves,
			     30, &a, &err),
	    BKT_E_TAMPERED);
}

static void edited(void **state)
{
	static const struct {
		const char *why;
		const char *begins, *ends;
		enum box_edit edit;
		enum box_care care;
		enum bkt_verdict want;
		bool incomplete;
	} rows[] = {
		{ "written again as it was", "bagit.txt", "", NOTHING, NONE,
		    BKT_INTACT, false },
		{ "a document changed", "data/X1/", ".pdf", FLIP, NONE,
		    BKT_TAMPERED, false },
		{ "a document changed, listed so", "data/X1/", ".pdf", FLIP,
		    MANIFESTS, BKT_TAMPERED, false },
		{ "a document changed, sealed by the release's signers",
		    "data/X1/", ".pdf", FLIP, RESEALED_BY_SIGNERS, BKT_TAMPERED,
		    false },
		{ "a document dropped, listed so", "data/X2/", ".pdf", DROP,
		    MANIFESTS, BKT_TAMPERED, true },
		{ "a document dropped, sealed by the release's signers",
		    "data/X2/", ".pdf", DROP, RESEALED_BY_SIGNERS, BKT_TAMPERED,
		    true },
		{ "a file added", "data/X1/", ".pdf", ADD, NONE, BKT_TAMPERED,
		    false },
		{ "a file added, sealed by the release's signers", "data/X1/",
		    ".pdf", ADD, RESEALED_BY_SIGNERS, BKT_TAMPERED, false },
		{ "nothing but the seals, by other people", "bagit.txt", "",
		    NOTHING, RESEALED_BY_OTHERS, BKT_UNTRUSTED, false },
		{ "the page changed, sealed by the release's signers",
		    "BUKA-DULU.html", "", FLIP, RESEALED_BY_SIGNERS,
		    BKT_TAMPERED, false },
		{ "the script changed, listed so", "verify.sh", "", FLIP,
		    MANIFESTS, BKT_TAMPERED, false },
		{ "the results changed, sealed by the release's signers",
		    "data/meta/results.csv", "", FLIP, RESEALED_BY_SIGNERS,
		    BKT_TAMPERED, false },
		{ "a record changed, sealed by the release's signers",
		    "data/meta/records/00000019", ".json", FLIP,
		    RESEALED_BY_SIGNERS, BKT_MALFORMED, true },
		{ "a record's signature dropped, listed so",
		    "data/meta/records/00000019", ".p7s", DROP, MANIFESTS,
		    BKT_TAMPERED, true },
		{ "a proof of another entry", "data/meta/proofs/00000019", "",
		    EXCHANGE, RESEALED_BY_SIGNERS, BKT_TAMPERED, true },
		{ "the checkpoint changed", "data/meta/checkpoint", "", FLIP,
		    RESEALED_BY_SIGNERS, BKT_TAMPERED, true },
		{ "a seal dropped", "tagmanifest-sha256.txt.koor.p7s", "", DROP,
		    NONE, BKT_TAMPERED, false },
		{ "a manifest dropped", "manifest-sha256.txt", "", DROP, NONE,
		    BKT_TAMPERED, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		BKT_AUTO(bkt_inspect_report_release)
		struct bkt_inspect_report r;
		BKT_AUTO(bkt_free) struct box *b = bkt_calloc(1, sizeof(*b));
		char file[96];

		box_load(&city, package, b);
		box_edit(b, rows[i].begins, rows[i].ends, rows[i].edit);
		box_care(b, rows[i].care);
		box_write(b, file);
		inspect(file, NULL, &r);
		if (r.verdict != rows[i].want ||
		    r.complete == rows[i].incomplete)
			fail_msg("%s: want %s, got %s, complete %d: %s: %s",
			    rows[i].why, bkt_verdict_name(rows[i].want),
			    bkt_verdict_name(r.verdict), r.complete,
			    r.n_items ? r.items[0].path : "",
			    r.n_items ? r.items[0].reason : "");
	}
}

/* another program's words cannot be compared; all else can */
static void another_layout(void **state)
{
	static const struct {
		const char *why;
		const char *layout; /* line in bag-info.txt */
		const char *begins, *ends;
		enum box_edit edit;
		enum box_care care;
		enum bkt_verdict want;
		uint64_t named;
		bool incomplete;
	} rows[] = {
		{ "the page of a newer one", "Bukti-Layout: 2\n",
		    "BUKA-DULU.html", "", FLIP, RESEALED_BY_SIGNERS, BKT_INTACT,
		    2, false },
		{ "the script of a much newer one", "Bukti-Layout: 999999\n",
		    "verify.sh", "", FLIP, RESEALED_BY_SIGNERS, BKT_INTACT,
		    999999, false },
		{ "the name alone, not sealed", "Bukti-Layout: 2\n",
		    "BUKA-DULU.html", "", FLIP, MANIFESTS, BKT_TAMPERED, 2,
		    false },
		{ "the name alone, not listed", "Bukti-Layout: 2\n",
		    "bagit.txt", "", NOTHING, NONE, BKT_TAMPERED, 2, false },
		{ "a page dropped", "Bukti-Layout: 2\n", "VERIFIKASI.txt", "",
		    DROP, RESEALED_BY_SIGNERS, BKT_TAMPERED, 2, true },
		{ "a document changed", "Bukti-Layout: 2\n", "data/X1/", ".pdf",
		    FLIP, RESEALED_BY_SIGNERS, BKT_TAMPERED, 2, false },
		{ "a table changed", "Bukti-Layout: 2\n", "DAFTAR-BUKTI.csv",
		    "", FLIP, RESEALED_BY_SIGNERS, BKT_TAMPERED, 2, false },
		{ "a file added", "Bukti-Layout: 2\n", "data/X1/", ".pdf", ADD,
		    RESEALED_BY_SIGNERS, BKT_TAMPERED, 2, false },
		{ "no name", "", "bagit.txt", "", NOTHING, RESEALED_BY_SIGNERS,
		    BKT_TAMPERED, 0, false },
		{ "a name of two", "Bukti-Layout: 2\nBukti-Layout: 2\n",
		    "bagit.txt", "", NOTHING, RESEALED_BY_SIGNERS, BKT_TAMPERED,
		    2, false },
		{ "zero", "Bukti-Layout: 0\n", "BUKA-DULU.html", "", FLIP,
		    RESEALED_BY_SIGNERS, BKT_TAMPERED, 0, false },
		{ "a leading zero", "Bukti-Layout: 02\n", "BUKA-DULU.html", "",
		    FLIP, RESEALED_BY_SIGNERS, BKT_TAMPERED, 0, false },
		{ "too large", "Bukti-Layout: 1000000\n", "BUKA-DULU.html", "",
		    FLIP, RESEALED_BY_SIGNERS, BKT_TAMPERED, 0, false },
		{ "ours", "Bukti-Layout: 1\n", "BUKA-DULU.html", "", FLIP,
		    RESEALED_BY_SIGNERS, BKT_TAMPERED, 1, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		BKT_AUTO(bkt_inspect_report_release)
		struct bkt_inspect_report r;
		BKT_AUTO(bkt_free) struct box *b = bkt_calloc(1, sizeof(*b));
		bool says = false;
		char file[96];

		box_load(&city, package, b);
		box_change(
		    b, "bag-info.txt", "Bukti-Layout: 1\n", rows[i].layout);
		box_edit(b, rows[i].begins, rows[i].ends, rows[i].edit);
		box_care(b, rows[i].care);
		box_write(b, file);
		inspect(file, NULL, &r);
		for (size_t k = 0; k < r.unchecked.n; k++)
			says |= strncmp(r.unchecked.v[k], "BUKA-DULU", 9) == 0;
		if (r.verdict != rows[i].want || r.layout != rows[i].named ||
		    r.complete == rows[i].incomplete ||
		    r.pages_compared != (rows[i].named == 1) ||
		    says != (rows[i].named > 1))
			fail_msg("%s: want %s, got %s of layout %llu, complete "
				 "%d, said %d: %s: %s",
			    rows[i].why, bkt_verdict_name(rows[i].want),
			    bkt_verdict_name(r.verdict),
			    (unsigned long long)r.layout, r.complete, says,
			    r.n_items ? r.items[0].path : "",
			    r.n_items ? r.items[0].reason : "");
	}
}

static void known_by_another_way(void **state)
{
	BKT_AUTO(bkt_inspect_report_release) struct bkt_inspect_report r;
	BKT_AUTO(bkt_store_key_free)
	bkt_store_key *other = pki_store_key(CITY_ORIGIN);
	BKT_AUTO(bkt_buf_release) struct bkt_buf vkey;
	struct bkt_inspect_options o = { .n_threads = 1 };

	(void)state;
	bkt_buf_init(&vkey, 256);
	bkt_note_key_print(bkt_store_key_public(other), &vkey);
	o.vkey = (const char *)vkey.ptr;
	inspect(package, &o, &r);
	assert_true(r.verdict >= BKT_UNTRUSTED);
	bkt_inspect_report_release(&r);
	o.vkey = NULL;
	o.ca_sha256 = "0000000000000000000000000000000000000000000000000000000"
		      "000000000";
	inspect(package, &o, &r);
	assert_int_equal(r.verdict, BKT_UNTRUSTED);
}

static void not_a_package(void **state)
{
	BKT_AUTO(bkt_inspect_report_release) struct bkt_inspect_report r;
	static const struct bkt_inspect_options none;
	char file[96];
	struct bkt_err err;

	(void)state;
	snprintf(file, sizeof(file), "%s/lain.zip", city.folder);
	must(bkt_file_replace(file, bkt_span_str("PK nothing"), 0600, &err),
	    &err);
	inspect(file, NULL, &r);
	assert_int_equal(r.verdict, BKT_MALFORMED);
	assert_false(r.complete);
	snprintf(file, sizeof(file), "%s/tidak-ada.zip", city.folder);
	bkt_inspect_report_release(&r);
	assert_true(bkt_is_fault(bkt_package_inspect(file, &none, &r, &err)));
}

/* a release nobody had the right to, hidden behind one entry more */
static void release_without_authority(void **state)
{
	BKT_AUTO(bkt_inspect_report_release) struct bkt_inspect_report r;
	BKT_AUTO(bkt_package_plan_free) bkt_package_plan *p = NULL;
	struct bkt_submission release, more;
	BKT_AUTO(bkt_ledger_free) bkt_ledger *l = NULL;
	BKT_AUTO(forge_release) struct forge f;
	struct bkt_sha256 leaves[33], digest;
	BKT_AUTO(bkt_buf_release) struct bkt_buf p7s;
	struct bkt_sealed seal = { .member = "op" };
	char file[96];
	struct bkt_err err;
	BKT_AUTO_FD fd = -1;

	(void)state;
	leaves_of(leaves, 31);
	release = city_say(&city, city_said_release(&city), CITY_OPERATOR);
	more =
	    city_say(&city, city_unit(&city, "dinas-c", "active"), CITY_ADMIN);
	forge_begin(&f, &city);
	forge_commit(&f, &release, 1, NULL);
	forge_commit(&f, &more, 1, NULL);
	for (int i = 0; i < 2; i++) {
		const struct bkt_submission *sub = i ? &more : &release;
		struct bkt_record *rec;

		must(bkt_record_parse(sub->record, city.arena, &rec, &err),
		    &err);
		must(bkt_sha256_of(sub->record, &digest, &err), &err);
		must(bkt_submission_leaf(
			 sub, rec->path, &digest, &leaves[31 + i], &err),
		    &err);
	}
	must(bkt_ledger_open(city.dir, false, &l, &err), &err);
	must(bkt_package_plan_make(l, bkt_store_objects(city.s), &f.commit,
		 CITY_CYCLE, leaves, 33, &p, &err),
	    &err);
	must(bkt_sha256_of(bkt_package_tagmanifest(p), &digest, &err), &err);
	bkt_buf_init(&p7s, BKT_SEAL_MAX);
	must(bkt_seal_make(city_signer(&city, CITY_OPERATOR), &digest,
		 city_now_utc_s, &p7s, &err),
	    &err);
	seal.p7s = bkt_buf_span(&p7s);
	snprintf(file, sizeof(file), "%s/palsu.zip", city.folder);
	fd = open(file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	must(bkt_package_write(p, &seal, 1, fd, NULL, &err), &err);
	inspect(file, NULL, &r);
	assert_true(r.verdict >= BKT_UNTRUSTED);
}

/* the earlier release spoke of another log; the later one counts */
static void released_again(void **state)
{
	BKT_AUTO(bkt_inspect_report_release) struct bkt_inspect_report r;
	struct bkt_hand hands[2] = { city_hand(&city, CITY_COORDINATOR),
		city_hand(&city, CITY_RESPONSIBLE) };
	char file[96];

	(void)state;
	city_do(&city,
	    city_say(&city,
		city_review(&city, "X2", CITY_DOC_B, CITY_VERIFIER, "accept"),
		CITY_VERIFIER),
	    NULL);
	city_do(&city,
	    city_say(&city, city_said_release(&city),
		CITY_COORDINATOR | CITY_RESPONSIBLE),
	    NULL);
	snprintf(file, sizeof(file), "%s/kedua.zip", city.folder);
	pack(file, hands, 2);
	inspect(file, NULL, &r);
	if (r.verdict != BKT_INTACT)
		fail_msg("%s: %s", r.items[0].path, r.items[0].reason);
	assert_string_equal(r.verified, "1.8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),
		cmocka_unit_test(the_same_twice),
		cmocka_unit_test(wrong_leaves),
		cmocka_unit_test(edited),
		cmocka_unit_test(another_layout),
		cmocka_unit_test(known_by_another_way),
		cmocka_unit_test(not_a_package),
		cmocka_unit_test(release_without_authority),
		cmocka_unit_test(released_again),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
