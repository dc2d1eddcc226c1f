/* Honest stores, and every way in which whoever owns the server may cheat. */
#include "bukti/verify.h"

#include "support/forge.h"
#include "support/one_city.h"

static void verify(
    const struct bkt_verify_options *o, struct bkt_verify_report *out)
{
	static const struct bkt_verify_options cold = { .cold = true };
	struct bkt_err err;
	enum bkt_status st =
	    bkt_verify_store(city.dir, o ? o : &cold, out, &err);

	if (st != BKT_OK)
		fail_msg("no report: %s: %s", bkt_status_name(st), err.msg);
}

/* the gravest thing that was found; NULL none */
static const struct bkt_verify_item *gravest(const struct bkt_verify_report *r)
{
	const struct bkt_verify_item *worst = NULL;

	for (size_t i = 0; i < r->n_items; i++) {
		if (!worst || r->items[i].verdict > worst->verdict)
			worst = &r->items[i];
	}
	return worst;
}

/* something of that verdict was found at that path and entry */
static bool found(const struct bkt_verify_report *r, enum bkt_verdict v,
    const char *path, int64_t index)
{
	for (size_t i = 0; i < r->n_items; i++) {
		const struct bkt_verify_item *item = &r->items[i];

		if (item->verdict == v && strcmp(item->path, path) == 0 &&
		    item->index == index)
			return true;
	}
	return false;
}

static void expect(const char *why, const struct bkt_verify_report *r,
    enum bkt_verdict v, const char *path, int64_t index)
{
	const struct bkt_verify_item *worst = gravest(r);

	if (r->verdict == v && (v == BKT_INTACT || found(r, v, path, index)))
		return;
	fail_msg("%s: want %s at '%s' entry %d, got %s, '%s' entry %d: %s", why,
	    bkt_verdict_name(v), path, (int)index, bkt_verdict_name(r->verdict),
	    worst ? worst->path : "", worst ? (int)worst->index : -1,
	    worst ? worst->reason : "");
}

/* ---- honest ---------------------------------------------------------------
 */

static void honest_store(void **state)
{
	BKT_AUTO(bkt_verify_report_release) struct bkt_verify_report r;

	(void)state;
	verify(NULL, &r);
	expect("a store at work", &r, BKT_INTACT, "", -1);
	assert_true(r.complete);
	assert_int_equal(r.n_items, 0);
	assert_int_equal(r.meta_size, 29);
	assert_int_equal(r.meta_from, 0);
	assert_int_equal(r.content_size, 29);
	assert_int_equal(r.n_objects, 3);
	assert_string_equal(r.origin, CITY_ORIGIN);
}

static void young_store(void **state)
{
	BKT_AUTO(bkt_verify_report_release) struct bkt_verify_report r;
	const struct bkt_verify_options cold = { .cold = true };
	BKT_AUTO(city_release) struct city young;
	struct bkt_err err;

	(void)state;
	city_found(&young);
	assert_int_equal(bkt_verify_store(young.dir, &cold, &r, &err), BKT_OK);
	expect("a store just founded", &r, BKT_INTACT, "", -1);
	assert_int_equal(r.n_entries, 4);
}

/* ---- one forged commit on top ---------------------------------------------
 */

static struct bkt_submission honest_one(void)
{
	return city_say(&city, city_claim(&city, "X1", "3"), CITY_UPLOADER);
}

/* made by the holder of the server's key, but nobody's right */
static struct bkt_submission without_authority(void)
{
	return city_say(
	    &city, city_unit(&city, "dinas-c", "active"), CITY_OPERATOR);
}

static struct bkt_submission by_stranger(void)
{
	return city_say(&city, city_claim(&city, "X3", "3"), CITY_STRANGER);
}

/* the gate would refuse, so the numbers of a release are never taken */
static struct bkt_submission wrong_numbers(void)
{
	struct bkt_record *r = city_said_release(&city);

	r->u.release.verified = "3";
	return city_say(&city, r, CITY_COORDINATOR | CITY_RESPONSIBLE);
}

static struct bkt_submission wrong_pointer(void)
{
	struct bkt_submission sub = city_say(&city,
	    city_document(&city, CITY_DOC_A, "dinas-a", "active", "surat a2"),
	    CITY_UPLOADER);
	BKT_AUTO(bkt_buf_release) struct bkt_buf text;

	bkt_buf_init(&text, 1024);
	bkt_pointer_print(
	    city_document(&city, CITY_DOC_B, "dinas-b", "active", "surat b")
		->u.document.sha256,
	    41, &text);
	sub.owned[0].bytes =
	    bkt_span_str(bkt_arena_strdup(city.arena, (char *)text.ptr));
	return sub;
}

/* said twice: its predecessor is not what is current */
static struct bkt_submission replayed(void)
{
	struct bkt_record *r = city_claim(&city, "X1", "3");

	(void)city_say(&city, r, CITY_UPLOADER);
	r->prev = "";
	return city_seal(&city, r, CITY_UPLOADER);
}

static struct bkt_submission many_signers(void)
{
	return city_say(
	    &city, city_cycle(&city, CITY_CYCLE, "open"), CITY_ADMIN);
}

/* clang-format off */
#define FILE_EXTRA(p, s)                                                      \
	(const struct bkt_file[]) {                                           \
		{ .path = p,                                                  \
		    .bytes = { (const uint8_t *)(s), sizeof(s) - 1 } },       \
		{ .path = "" } }
#define FILE_GONE(p)                                                          \
	(const struct bkt_file[]) { { .path = p }, { .path = "" } }
/* clang-format on */

#define CLAIM_X1 "cycles/" CITY_CYCLE "/X1/claim.json"
#define CLAIM_X3 "cycles/" CITY_CYCLE "/X3/claim.json"

static void forged_commits(void **state)
{
	const struct {
		const char *why;
		struct bkt_submission (*make)(void);
		struct lie lie;
		enum bkt_verdict want;
		const char *path; /* of what is found */
		int64_t index;
	} rows[] = {
		{ "the forger's own work, all right", honest_one, { 0 },
		    BKT_INTACT, "", 29 },
		{ "an entry nobody had the right to", without_authority, { 0 },
		    BKT_UNTRUSTED, "units/dinas-c.json", 29 },
		{ "an entry by somebody certified, no member", by_stranger,
		    { 0 }, BKT_UNTRUSTED, CLAIM_X3, 29 },
		{ "a record put in a second time", replayed, { 0 },
		    BKT_TAMPERED, CLAIM_X1, 29 },
		{ "a release with better numbers", wrong_numbers, { 0 },
		    BKT_TAMPERED, "cycles/" CITY_CYCLE "/release.json", 29 },
		{ "a pointer to other content", wrong_pointer, { 0 },
		    BKT_TAMPERED, "documents/aa/" CITY_DOC_A "/document.json",
		    29 },
		{ "indices with a gap", honest_one, { .index_shift = 1 },
		    BKT_TAMPERED, "", -1 },
		{ "an index used again", honest_one, { .index_shift = -1 },
		    BKT_TAMPERED, "", -1 },
		{ "dated before its parent", honest_one,
		    { .time_shift_s = -3600 }, BKT_TAMPERED, "", 29 },
		{ "a file that no entry explains", honest_one,
		    { .extra = FILE_EXTRA("units/x.txt", "x") }, BKT_TAMPERED,
		    "", 29 },
		{ "a file of another record is changed", honest_one,
		    { .extra = FILE_EXTRA("members/op.pem", "x") },
		    BKT_TAMPERED, "", 29 },
		{ "another record disappears", honest_one,
		    { .extra = FILE_GONE("units/dinas-b.json") }, BKT_TAMPERED,
		    "", 29 },
		{ "the signers file is exchanged", honest_one,
		    { .extra = FILE_EXTRA("log/allowed_signers", "x") },
		    BKT_TAMPERED, "", 29 },
		{ "git's attributes are exchanged", honest_one,
		    { .extra = FILE_EXTRA(".gitattributes", "x") },
		    BKT_TAMPERED, "", 29 },
		{ "the checkpoint is deleted", honest_one,
		    { .extra = FILE_GONE("log/checkpoint") }, BKT_TAMPERED, "",
		    -1 },
		{ "the seal of the version that is replaced stays",
		    many_signers, { .keep_old = true }, BKT_TAMPERED, "", 29 },
		{ "another root in the Log line", honest_one,
		    { .other_root = true }, BKT_TAMPERED, "", 29 },
		{ "the old checkpoint is left", honest_one,
		    { .old_checkpoint = true }, BKT_TAMPERED, "", 29 },
		{ "a checkpoint of another root, well signed", honest_one,
		    { .other_checkpoint = true }, BKT_TAMPERED, "", 29 },
		{ "signed by another key", honest_one, { .other_key = true },
		    BKT_UNTRUSTED, "", 29 },
		{ "another author", honest_one, { .author = "adm" },
		    BKT_TAMPERED, "", 29 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		BKT_AUTO(bkt_verify_report_release) struct bkt_verify_report r;
		BKT_AUTO(forge_release) struct forge f;
		struct bkt_submission sub = rows[i].make();

		forge_begin(&f, &city);
		forge_commit(&f, &sub, 1, &rows[i].lie);
		forge_publish(&f);
		verify(NULL, &r);
		forge_undo(&f);
		expect(
		    rows[i].why, &r, rows[i].want, rows[i].path, rows[i].index);
	}
}

/* what is not a commit of the profile at all */
static void broken_commits(void **state)
{
	static const struct {
		const char *why;
		struct lie lie;
	} rows[] = {
		{ "without a signature", { .not_signed = true } },
		{ "with two parents", { .two_parents = true } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		BKT_AUTO(bkt_verify_report_release) struct bkt_verify_report r;
		BKT_AUTO(forge_release) struct forge f;
		struct bkt_submission sub = honest_one();

		forge_begin(&f, &city);
		forge_commit(&f, &sub, 1, &rows[i].lie);
		forge_publish(&f);
		verify(NULL, &r);
		forge_undo(&f);
		expect(rows[i].why, &r, BKT_MALFORMED, "", -1);
	}
}

/* ---- history made again ---------------------------------------------------
 */

enum { DROP, SWAP, CUT };

/* every commit again with the store's key, the last but one changed so */
static void remake(struct forge *f, int how)
{
	struct forge_history h;

	forge_begin_empty(f, &city);
	forge_history(f, &h);
	for (size_t i = 0; i < h.n; i++) {
		const struct bkt_batch *b = &h.batches[i];
		struct bkt_submission subs[16];
		size_t n = b->n_entries;

		for (size_t k = 0; k < n; k++)
			subs[k] = b->entries[k].sub;
		if (i + 2 == h.n && how == SWAP) {
			subs[0] = b->entries[1].sub;
			subs[1] = b->entries[0].sub;
		} else if (i + 2 == h.n && how == DROP) {
			n = 1;
		} else if (i + 1 == h.n && how == CUT) {
			break;
		}
		f->time_utc_s = b->commit.time_utc_s - 10;
		forge_commit(f, subs, n, NULL);
	}
}

/* only who kept an earlier checkpoint can tell: that is what pins are for */
static void rewritten_history(void **state)
{
	static const struct {
		const char *why;
		int how;
	} rows[] = {
		{ "an entry dropped from the middle", DROP },
		{ "two entries exchanged", SWAP },
		{ "the newest entries dropped", CUT },
	};
	BKT_AUTO(bkt_verify_report_release) struct bkt_verify_report before;

	(void)state;
	verify(NULL, &before);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct bkt_verify_options pinned = { .pin =
							       &before.next };
		const struct bkt_verify_options cold = { .pin = &before.next,
			.cold = true };
		BKT_AUTO(bkt_verify_report_release) struct bkt_verify_report r;
		BKT_AUTO(forge_release) struct forge f;

		remake(&f, rows[i].how);
		forge_publish(&f);
		verify(NULL, &r);
		expect("nobody remembers", &r, BKT_INTACT, "", -1);
		bkt_verify_report_release(&r);
		verify(&pinned, &r);
		expect(rows[i].why, &r, BKT_TAMPERED, "log/checkpoint", -1);
		bkt_verify_report_release(&r);
		verify(&cold, &r);
		expect(rows[i].why, &r, BKT_TAMPERED, "log/checkpoint", -1);
		forge_undo(&f);
	}
}

/* and without the forger's skill, nobody needs to remember */
static void ref_set_back(void **state)
{
	BKT_AUTO(bkt_verify_report_release) struct bkt_verify_report before;
	BKT_AUTO(bkt_verify_report_release) struct bkt_verify_report r;
	const struct bkt_verify_options pinned = { .pin = &before.next };
	BKT_AUTO(forge_release) struct forge f;
	struct forge_history h;

	(void)state;
	verify(NULL, &before);
	forge_begin(&f, &city);
	forge_history(&f, &h);
	f.commit = h.batches[h.n - 2].oid;
	forge_publish(&f);
	verify(&pinned, &r);
	forge_undo(&f);
	expect("the ref was set back", &r, BKT_TAMPERED, "log/checkpoint", -1);
}

static void goes_on_from_a_pin(void **state)
{
	BKT_AUTO(bkt_verify_report_release) struct bkt_verify_report before;
	BKT_AUTO(bkt_verify_report_release) struct bkt_verify_report r;
	const struct bkt_verify_options pinned = { .pin = &before.next };
	BKT_AUTO(bkt_buf_release) struct bkt_buf text;
	BKT_AUTO(forge_release) struct forge f;
	struct bkt_submission sub = honest_one();
	struct bkt_pin read;
	struct bkt_err err;

	(void)state;
	verify(NULL, &before);
	/* kept as text and read again */
	bkt_buf_init(&text, 8192);
	bkt_pin_print(&before.next, &text);
	assert_int_equal(
	    bkt_pin_parse(bkt_buf_span(&text), &read, &err), BKT_OK);
	before.next = read;
	forge_begin(&f, &city);
	forge_commit(&f, &sub, 1, NULL);
	forge_publish(&f);
	verify(&pinned, &r);
	forge_undo(&f);
	expect("one entry more", &r, BKT_INTACT, "", -1);
	assert_int_equal(r.meta_from, 29);
	assert_int_equal(r.meta_size, 30);
	assert_int_equal(r.n_entries, 1);
}

/* the cache is the server's own and may say what the server likes */
static void cache_is_believed_only_warm(void **state)
{
	BKT_AUTO(bkt_verify_report_release) struct bkt_verify_report lying;
	BKT_AUTO(forge_release) struct forge f;
	struct bkt_submission sub = without_authority();
	struct bkt_pin cache;

	(void)state;
	verify(NULL, &lying);
	cache = lying.next;
	bkt_verify_report_release(&lying);
	forge_begin(&f, &city);
	forge_commit(&f, &sub, 1, NULL);
	forge_publish(&f);
	/* a cache that claims to have seen the forged head */
	cache.commit = f.commit;
	cache.frontier = *bkt_state_frontier(f.state);
	{
		struct bkt_verify_options o = { .cache = &cache };
		BKT_AUTO(bkt_ledger_free) bkt_ledger *l = NULL;
		struct bkt_head head;
		struct bkt_err err;

		assert_int_equal(
		    bkt_ledger_open(city.dir, false, &l, &err), BKT_OK);
		assert_int_equal(
		    bkt_ledger_head_unverified(l, &head, &err), BKT_OK);
		cache.checkpoint = head.checkpoint;
		memcpy(cache.note, head.note, head.note_len);
		cache.note_len = head.note_len;
		cache.content_size = head.checkpoint.size;
		verify(&o, &lying);
		expect("warm", &lying, BKT_INTACT, "", -1);
		bkt_verify_report_release(&lying);
		o.cold = true;
		verify(&o, &lying);
	}
	forge_undo(&f);
	expect("cold", &lying, BKT_UNTRUSTED, "units/dinas-c.json", 29);
}

/* ---- content --------------------------------------------------------------
 */

static char *object_path(const char *words)
{
	struct bkt_sha256 id;
	struct bkt_record *d =
	    city_document(&city, CITY_DOC_A, "dinas-a", "active", words);

	assert_true(bkt_unhex(d->u.document.sha256, id.b, 32));
	return bkt_objects_path(bkt_store_objects(city.s), &id);
}

static void spoilt_content(void **state)
{
	BKT_AUTO(bkt_verify_report_release) struct bkt_verify_report r;
	BKT_AUTO(bkt_free) char *path = object_path("surat b");
	BKT_AUTO(bkt_buf_release) struct bkt_buf kept;
	struct bkt_verify_options quick = { .cold = true, .no_content = true };
	const char *where = "documents/bb/" CITY_DOC_B "/content/surat b.pdf";
	struct bkt_err err;

	(void)state;
	bkt_buf_init(&kept, 65536);
	assert_int_equal(bkt_file_slurp(path, &kept, &err), BKT_OK);
	kept.ptr[10] ^= 1;
	assert_int_equal(
	    bkt_file_replace(path, bkt_buf_span(&kept), 0444, &err), BKT_OK);
	verify(NULL, &r);
	expect("one bit of a document", &r, BKT_TAMPERED, where, 20);
	assert_true(r.complete);
	bkt_verify_report_release(&r);
	verify(&quick, &r);
	expect("content was not looked at", &r, BKT_INTACT, "", -1);
	assert_int_equal(r.content_size, 0);
	kept.ptr[10] ^= 1;
	assert_int_equal(
	    bkt_file_replace(path, bkt_buf_span(&kept), 0444, &err), BKT_OK);
}

static void missing_and_erased_content(void **state)
{
	BKT_AUTO(bkt_verify_report_release) struct bkt_verify_report r;
	BKT_AUTO(bkt_free) char *path = object_path("surat a");
	const char *where = "documents/aa/" CITY_DOC_A "/content/surat a.pdf";
	struct bkt_record *e = city_fresh(&city, BKT_KIND_ERASURE);

	(void)state;
	assert_int_equal(unlink(path), 0);
	verify(NULL, &r);
	expect(
	    "gone without a record: the rest holds", &r, BKT_INTACT, where, 19);
	assert_false(r.complete);
	assert_int_equal(r.n_items, 1);
	assert_true(r.items[0].missing);
	assert_string_equal(r.items[0].path, where);
	assert_int_equal(r.items[0].index, 19);
	bkt_verify_report_release(&r);
	e->u.erasure = (struct bkt_erasure){ .document = CITY_DOC_A,
		.content = city_document(
		    &city, CITY_DOC_A, "dinas-a", "active", "surat a")
			       ->u.document.sha256,
		.basis = "UU 27/2022",
		.reason = "permintaan" };
	city_do(&city, city_say(&city, e, CITY_ADMIN | CITY_RESPONSIBLE), NULL);
	verify(NULL, &r);
	assert_int_equal(r.verdict, BKT_ERASED);
	assert_true(r.complete);
	assert_int_equal(r.n_erased, 1);
	assert_int_equal(r.n_items, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(honest_store),
		cmocka_unit_test(forged_commits),
		cmocka_unit_test(broken_commits),
		cmocka_unit_test(rewritten_history),
		cmocka_unit_test(ref_set_back),
		cmocka_unit_test(goes_on_from_a_pin),
		cmocka_unit_test(cache_is_believed_only_warm),
		cmocka_unit_test(spoilt_content),
		cmocka_unit_test(missing_and_erased_content),
		cmocka_unit_test(young_store),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
