/* The writer: all or nothing, conflicts, recovery, proposals, import. */
#include "bukti/store.h"

#include <errno.h>
#include <stdio.h>

#include "support/one_city.h"

static void reopen(void)
{
	struct bkt_err err;

	bkt_store_free(city.s);
	city.s = NULL;
	must(bkt_store_open(city.dir, &city.s, &err), &err);
}

static struct bkt_submission claim(const char *level)
{
	return city_say(&city, city_claim(&city, "X1", level), CITY_UPLOADER);
}

/* ---- batches --------------------------------------------------------------
 */

static void all_or_nothing(void **state)
{
	struct bkt_submission subs[2];
	struct bkt_item items[2];
	uint64_t before = city_size();

	(void)state;
	subs[0] = claim("3");
	subs[1] = city_say(
	    &city, city_unit(&city, "dinas-c", "active"), CITY_OPERATOR);
	assert_int_equal(
	    city_submit(&city, subs, 2, NULL, BKT_ALL_OR_NOTHING, items),
	    BKT_E_FINDINGS);
	assert_int_equal(items[0].status, BKT_OK);
	assert_int_equal(items[1].status, BKT_E_TRUST);
	reopen();
	assert_int_equal(city_size(), before);
	/* without the flag the good one goes in */
	assert_int_equal(city_submit(&city, subs, 2, NULL, 0, items), BKT_OK);
	assert_int_equal(items[0].index, before);
	assert_int_equal(city_size(), before + 1);
	/* and when every one is refused nothing is written */
	assert_int_equal(
	    city_submit(&city, &subs[1], 1, NULL, 0, items), BKT_OK);
	assert_int_equal(items[0].status, BKT_E_TRUST);
	assert_int_equal(city_size(), before + 1);
	city_is_intact();
}

static void two_say_the_same_thing(void **state)
{
	struct bkt_submission first = claim("2"), second = claim("1");
	struct bkt_submission both[2] = { first, second };
	struct bkt_item items[2];

	(void)state;
	/* in one batch */
	assert_int_equal(city_submit(&city, both, 2, NULL, 0, items), BKT_OK);
	assert_int_equal(items[0].status, BKT_OK);
	assert_int_equal(items[1].status, BKT_E_CONFLICT);
	/* one after the other */
	assert_int_equal(
	    city_submit(&city, &second, 1, NULL, 0, items), BKT_OK);
	assert_int_equal(items[0].status, BKT_E_CONFLICT);
	city_is_intact();
}

/* a document with its content in one batch */
static void document_with_content(void **state)
{
	struct bkt_submission sub = city_say(&city,
	    city_document(
		&city, "ffffffffffff", "dinas-a", "active", "surat f"),
	    CITY_UPLOADER);
	const char *words = "surat f";

	(void)state;
	city_do(&city, sub, words);
	city_is_intact();
}

static struct bkt_submission letter(const char *id, const char *how)
{
	return city_say(&city,
	    city_document(&city, id, "dinas-a", how, "surat g"), CITY_UPLOADER);
}

/* judged where it is written, whoever asked before */
static void content_of_one_document(void **state)
{
	struct bkt_submission back, late;
	struct bkt_item items[1];

	(void)state;
	late = letter("hhhhhhhhhhhh", "active");
	city_do(&city, letter("gggggggggggg", "active"), "surat g");
	/* without a file of its own, as a proposal is */
	assert_int_equal(city_submit(&city, &late, 1, NULL, 0, items), BKT_OK);
	assert_int_equal(items[0].status, BKT_E_EXISTS);
	city_do(&city, letter("gggggggggggg", "withdrawn"), NULL);
	back = letter("gggggggggggg", "active");
	city_do(&city, late, NULL);
	assert_int_equal(city_submit(&city, &back, 1, NULL, 0, items), BKT_OK);
	assert_int_equal(items[0].status, BKT_E_EXISTS);
	city_do(&city, letter("hhhhhhhhhhhh", "withdrawn"), NULL);
	city_do(&city, back, NULL);
	city_is_intact();
}

/* ---- recovery -------------------------------------------------------------
 */

static void leftover_staging(void **state)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 20);
	BKT_AUTO(bkt_free) char *tmp = bkt_path_join(city.dir, "bukti/tmp");
	struct bkt_staged staged;
	struct bkt_strs left;
	struct bkt_err err;

	(void)state;
	/* staged by a handle that then dies: the file stays */
	city_stage(&city, "tak pernah", &staged);
	bkt_free(staged.tmp_path);
	bkt_staged_seen(&staged);
	reopen();
	city_do(&city, claim("2"), NULL);
	must(bkt_dir_list(tmp, arena, &left, &err), &err);
	assert_int_equal(left.n, 0);
	city_is_intact();
}

enum damage { DELETED, CORRUPT, OF_ANOTHER_LOG, BEHIND };

static void damage(enum damage how, struct bkt_span behind)
{
	BKT_AUTO(bkt_free)
	char *path = bkt_path_join(city.dir, "bukti/index.sqlite");
	struct city other;
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes;
	int64_t now = city_now_utc_s;
	struct bkt_err err;

	bkt_store_free(city.s);
	city.s = NULL;
	bkt_buf_init(&bytes, 1 << 26);
	switch (how) {
	case DELETED:
		assert_int_equal(unlink(path), 0);
		return;
	case CORRUPT:
		bkt_buf_str(&bytes, "SQLite format 3, or not");
		break;
	case OF_ANOTHER_LOG:
		city_init(&other);
		city_slurp(other.dir, "bukti/index.sqlite", &bytes);
		city_release(&other);
		break;
	case BEHIND:
		bkt_buf_add(&bytes, behind.ptr, behind.len);
		break;
	}
	city_now_utc_s = now;
	must(bkt_file_replace(path, bkt_buf_span(&bytes), 0644, &err), &err);
}

static void any_index(void **state)
{
	static const enum damage rows[] = { DELETED, CORRUPT, OF_ANOTHER_LOG,
		BEHIND };
	BKT_AUTO(bkt_buf_release) struct bkt_buf old;
	struct bkt_err err;

	(void)state;
	bkt_buf_init(&old, 1 << 26);
	reopen();
	city_slurp(city.dir, "bukti/index.sqlite", &old);
	city_do(&city, claim("3"), NULL);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf bytes;
		const struct bkt_source *source;

		damage(rows[i], bkt_buf_span(&old));
		/* what it was made of is not there: more than an index */
		if (rows[i] == OF_ANOTHER_LOG) {
			assert_int_equal(
			    bkt_store_open(city.dir, &city.s, &err),
			    BKT_E_TAMPERED);
			must(bkt_store_accept_restored(city.dir, &err), &err);
		}
		must(bkt_store_open(city.dir, &city.s, &err), &err);
		source = bkt_store_source(city.s);
		bkt_buf_init(&bytes, BKT_RECORD_MAX);
		must(source->read(source->ctx,
			 "cycles/" CITY_CYCLE "/X1/claim.json", &bytes, &err),
		    &err);
		assert_non_null(strstr((char *)bytes.ptr, "\"level\": \"3\""));
	}
	must(bkt_store_reindex(city.s, NULL, &err), &err);
	city_is_intact();
}

/* ---- creating -------------------------------------------------------------
 */

static void creates_whole_or_not_at_all(void **state)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 20);
	struct bkt_init_options o = { .origin = CITY_ORIGIN,
		.name = "Kota Uji",
		.type = "pemda",
		.at_utc_s = city_now_utc_s };
	char dir[80];
	struct bkt_strs before, after;
	struct bkt_err err;

	(void)state;
	o.admin = city_hand(&city, CITY_ADMIN);
	o.ca_pem = bkt_buf_span(&city.pki.ca_pem);
	o.access = &city.access;
	/* the request of another key: the genesis batch is refused */
	o.admin_request = bkt_buf_span(&city.people[1].csr_der);
	snprintf(dir, sizeof(dir), "%.60s/baru.git", city.folder);
	must(bkt_dir_list(city.folder, arena, &before, &err), &err);
	assert_int_equal(bkt_store_create(dir, &o, &err), BKT_E_TRUST);
	o.origin = "Bukan Nama";
	assert_int_equal(bkt_store_create(dir, &o, &err), BKT_E_USAGE);
	o.origin = CITY_ORIGIN;
	assert_int_equal(bkt_store_create(city.dir, &o, &err), BKT_E_EXISTS);
	must(bkt_dir_list(city.folder, arena, &after, &err), &err);
	assert_int_equal(before.n, after.n);
	city_is_intact();
}

/* ---- proposals ------------------------------------------------------------
 */

/* somebody changes the file between the looking and the signing: what was
 * looked at is signed, and the two do not go together */
static void another_record_lies_there(const struct bkt_proposal *seen,
    const struct bkt_hand *hand, bkt_arena *arena)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes;
	struct bkt_proposal got;
	struct bkt_sealed made;
	struct bkt_sha256 shown;
	struct bkt_seal seal;
	char path[160];
	struct bkt_err err;

	snprintf(path, sizeof(path), "%s/bukti/proposals/%s/record.json",
	    city.dir, seen->id);
	must(bkt_file_replace(path, bkt_span_str("{}\n"), 0644, &err), &err);
	must(bkt_proposal_sign(city.s, seen, hand, city_now_utc_s, &err), &err);
	assert_int_equal(bkt_proposal_get(city.s, seen->id, arena, &got, &err),
	    BKT_E_TAMPERED);
	must(bkt_file_replace(path, seen->sub.record, 0644, &err), &err);
	snprintf(path, sizeof(path), "bukti/proposals/%s/%s.p7s", seen->id,
	    hand->member);
	bkt_buf_init(&bytes, BKT_SEAL_MAX);
	city_slurp(city.dir, path, &bytes);
	made = (struct bkt_sealed){ .p7s = bkt_buf_span(&bytes) };
	must(bkt_seal_parse(made.p7s, &seal, &err), &err);
	must(bkt_sha256_of(seen->sub.record, &shown, &err), &err);
	must(
	    bkt_seal_verify(&seal, &shown, bkt_signer_cert(hand->signer), &err),
	    &err);
}

static void proposal_waits_for_all(void **state)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 22);
	static const char *const by[] = { "koor", "kepala" };
	struct bkt_hand koor = city_hand(&city, CITY_COORDINATOR);
	struct bkt_hand kepala = city_hand(&city, CITY_RESPONSIBLE);
	struct bkt_record *r = city_said_release(&city);
	struct bkt_proposal *list, got;
	struct bkt_submission sub;
	char id[17];
	struct bkt_err err;
	size_t n;

	(void)state;
	must(bkt_store_prepare(
		 city.s, r, by, 2, city_now_utc_s, city.arena, &err),
	    &err);
	must(bkt_store_seal(r, &koor, 1, city.arena, &sub, &err), &err);
	must(bkt_proposal_put(city.s, &sub, NULL, id, &err), &err);
	must(bkt_proposal_list(city.s, arena, &list, &n, &err), &err);
	assert_int_equal(n, 1);
	must(bkt_proposal_get(city.s, id, arena, &got, &err), &err);
	assert_int_equal(got.missing.n, 1);
	assert_string_equal(got.missing.v[0], "kepala");
	/* by whom it was not asked for, and by another's key */
	{
		struct bkt_hand op = city_hand(&city, CITY_OPERATOR);
		struct bkt_hand liar = { "kepala",
			city_signer(&city, CITY_OPERATOR) };

		assert_int_not_equal(
		    bkt_proposal_sign(city.s, &got, &op, city_now_utc_s, &err),
		    BKT_OK);
		assert_int_not_equal(bkt_proposal_sign(city.s, &got, &liar,
					 city_now_utc_s, &err),
		    BKT_OK);
	}
	another_record_lies_there(&got, &kepala, arena);
	must(bkt_proposal_sign(city.s, &got, &kepala, city_now_utc_s, &err),
	    &err);
	must(bkt_proposal_get(city.s, id, arena, &got, &err), &err);
	assert_int_equal(got.missing.n, 0);
	city_do(&city, got.sub, NULL);
	must(bkt_proposal_drop(city.s, id, &err), &err);
	assert_int_equal(
	    bkt_proposal_get(city.s, id, arena, &got, &err), BKT_E_NOTFOUND);
	assert_int_equal(
	    bkt_proposal_get(city.s, "../../../etc/xyz", arena, &got, &err),
	    BKT_E_NOTFOUND);
	city_is_intact();
}

/* ---- import ---------------------------------------------------------------
 */

struct told {
	uint64_t lines[32];
	size_t n;
};

static void tell(void *ctx, uint64_t line, const struct bkt_err *why)
{
	struct told *t = ctx;

	if (why->status != BKT_OK && t->n < 32)
		t->lines[t->n++] = line;
}

static const char table[] =
    "file,indicator,levels,unit,type,number,date,signer,title\n"
    "satu.pdf,X1,2,dinas-a,surat,1,2026-01-02,Kepala,Surat satu\n"
    "satu.pdf,X3,2,dinas-a,surat,1,2026-01-02,Kepala,Surat satu\n"
    "tidak-ada.pdf,X1,2,dinas-a,surat,1,2026-01-02,Kepala,Tidak ada\n"
    "dua.pdf,X9,2,dinas-a,surat,2,2026-01-02,Kepala,Indikator salah\n"
    "dua.pdf,X2,2,dinas-b,surat,2,2026-13-02,Kepala,Tanggal salah\n"
    "kosong.pdf,X2,2,dinas-b,surat,2,2026-01-02,Kepala,Kosong\n"
    "palsu.pdf,X2,2,dinas-b,surat,2,2026-01-02,Kepala,Bukan PDF\n"
    "../satu.pdf,X2,2,dinas-b,surat,2,2026-01-02,Kepala,Di luar\n"
    "tiga.pdf,X2,2,dinas-b,surat,3,2026-01-02,Kepala,Surat tiga\n";

static void put(const char *name, const char *text)
{
	char path[120];
	struct bkt_err err;

	snprintf(path, sizeof(path), "%.60s/map/%s", city.folder, name);
	must(bkt_file_replace(path, bkt_span_str(text), 0600, &err), &err);
}

static void import(bool dry, struct bkt_import_result *out, struct told *told)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 22);
	BKT_AUTO(bkt_buf_release) struct bkt_buf yaml;
	struct bkt_file_policy policy;
	struct bkt_import_options o = { .cycle = CITY_CYCLE,
		.csv_name = "bukti.csv",
		.csv = bkt_span_str(table),
		.rulebook = bkt_rulebook_get(city.rulebook),
		.arena = arena,
		.dry_run = dry,
		.tell = tell,
		.ctx = told };
	char dir[80];
	struct bkt_err err;

	bkt_buf_init(&yaml, BKT_YAML_MAX);
	city_slurp(BUKTI_SOURCE_DIR, "policies/files.yaml", &yaml);
	must(bkt_file_policy_from_yaml(
		 bkt_buf_span(&yaml), "files.yaml", arena, &policy, &err),
	    &err);
	snprintf(dir, sizeof(dir), "%.60s/map", city.folder);
	o.dir = dir;
	o.policy = &policy;
	o.hand = city_hand(&city, CITY_OPERATOR);
	memset(told, 0, sizeof(*told));
	city_now_utc_s += 10;
	must(bkt_import(city.s, &o, out, &err), &err);
}

static void import_a_folder(void **state)
{
	static const uint64_t bad[] = { 4, 5, 6, 7, 8, 9 };
	struct bkt_import_result r;
	uint64_t before = city_size();
	struct told told;
	char dir[80];
	struct bkt_err err;

	(void)state;
	snprintf(dir, sizeof(dir), "%.60s/map", city.folder);
	must(bkt_dir_make(dir, 0700, false, &err), &err);
	put("satu.pdf", "%PDF-1.7\nsatu\n%%EOF\n");
	put("dua.pdf", "%PDF-1.7\ndua\n%%EOF\n");
	put("tiga.pdf", "%PDF-1.7\ntiga\n%%EOF\n");
	put("kosong.pdf", "");
	put("palsu.pdf", "\x89PNG\r\n\x1a\nbukan pdf");
	/* tried first: nothing is written */
	import(true, &r, &told);
	assert_int_equal(city_size(), before);
	assert_int_equal(r.n_bad, 6);
	assert_int_equal(r.n_documents, 2);
	assert_int_equal(r.n_links, 3);
	/* then for good: two documents with three links */
	import(false, &r, &told);
	assert_int_equal(r.n_rows, 9);
	assert_int_equal(r.n_bad, 6);
	assert_int_equal(r.n_documents, 2);
	assert_int_equal(r.n_links, 3);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		bool found = false;

		for (size_t k = 0; k < told.n; k++)
			found |= told.lines[k] == bad[i];
		if (!found)
			fail_msg("line %d was not told", (int)bad[i]);
	}
	for (size_t k = 1; k < told.n; k++)
		assert_true(told.lines[k - 1] <= told.lines[k]);
	assert_int_equal(city_size(), before + 5);
	/* again: everything is there */
	import(false, &r, &told);
	assert_int_equal(r.n_documents, 0);
	assert_int_equal(r.n_links, 0);
	assert_int_equal(r.n_same, 3);
	assert_int_equal(r.n_bad, 6);
	assert_int_equal(city_size(), before + 5);
	city_is_intact();
}

/* ---- what fails beside the work -------------------------------------------
 */

static int no_unlink_of_packs(const char *op, const char *path)
{
	size_t n = strlen(path);

	return strcmp(op, "unlink") == 0 && n > 5 &&
		       strcmp(path + n - 5, ".pack") == 0
		   ? EIO
		   : 0;
}

/* what was said is in; that the packs were not tidied is told, and no more */
static void untidy(void **state)
{
	(void)state;
	reopen();
	assert_null(bkt_store_trouble(city.s));
	bkt_fs_fault = no_unlink_of_packs;
	for (int i = 0; i < 60 && !bkt_store_trouble(city.s); i++) {
		struct bkt_submission sub = claim(i % 2 ? "2" : "3");
		struct bkt_item items[1];
		uint64_t before = city_size();

		assert_int_equal(
		    city_submit(&city, &sub, 1, NULL, 0, items), BKT_OK);
		assert_int_equal(items[0].status, BKT_OK);
		assert_int_equal(city_size(), before + 1);
	}
	bkt_fs_fault = NULL;
	assert_non_null(bkt_store_trouble(city.s));
	assert_string_not_equal(bkt_store_trouble(city.s)->hint, "");
	reopen();
	assert_null(bkt_store_trouble(city.s));
	city_is_intact();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_or_nothing),
		cmocka_unit_test(two_say_the_same_thing),
		cmocka_unit_test(document_with_content),
		cmocka_unit_test(content_of_one_document),
		cmocka_unit_test(leftover_staging),
		cmocka_unit_test(creates_whole_or_not_at_all),
		cmocka_unit_test(import_a_folder),
		cmocka_unit_test(proposal_waits_for_all),
		cmocka_unit_test(any_index),
		cmocka_unit_test(untidy),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
