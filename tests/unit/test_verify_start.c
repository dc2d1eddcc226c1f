/* Where a verification begins, and what was seen of the log before. */
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

static void expect(const char *why, const struct bkt_verify_options *o,
    enum bkt_verdict want, size_t n_notes)
{
	BKT_AUTO(bkt_verify_report_release) struct bkt_verify_report r;

	verify(o, &r);
	if (r.verdict != want || r.notes.n != n_notes)
		fail_msg("%s: want %s, got %s: %s%s", why,
		    bkt_verdict_name(want), bkt_verdict_name(r.verdict),
		    r.n_items > 0 ? r.items[0].reason : "",
		    r.notes.n > 0 ? r.notes.v[0] : "");
}

/* what somebody keeps who saw the log as it is now */
static struct bkt_pin seen_now(void)
{
	BKT_AUTO(bkt_verify_report_release) struct bkt_verify_report r;

	verify(NULL, &r);
	assert_int_equal(r.verdict, BKT_INTACT);
	return r.next;
}

static struct bkt_submission honest_one(void)
{
	return city_say(
	    &city, city_unit(&city, "dinas-c", "active"), CITY_ADMIN);
}

/* a state that says it was seen, of whatever is the head */
static void claim_head(const struct forge *f, struct bkt_pin *pin)
{
	BKT_AUTO(bkt_ledger_free) bkt_ledger *l = NULL;
	struct bkt_head head;
	struct bkt_err err;

	assert_int_equal(bkt_ledger_open(city.dir, false, &l, &err), BKT_OK);
	assert_int_equal(bkt_ledger_head_unverified(l, &head, &err), BKT_OK);
	pin->commit = f->commit;
	pin->frontier = *bkt_state_frontier(f->state);
	pin->checkpoint = head.checkpoint;
	memcpy(pin->note, head.note, head.note_len);
	pin->note_len = head.note_len;
	pin->content_size = head.checkpoint.size;
}

/* the commit that a run begins with is the store's own, or it is not used */
static void begins_at_no_foreign_commit(void **state)
{
	static const struct {
		const char *why;
		struct lie lie;
	} rows[] = {
		{ "signed by another", { .other_commit_key = true } },
		{ "names another root", { .other_root = true } },
		{ "the old checkpoint", { .old_checkpoint = true } },
	};
	struct bkt_submission sub = honest_one();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bkt_pin pin = seen_now();
		const struct bkt_verify_options o = { .cache = &pin };
		BKT_AUTO(bkt_verify_report_release) struct bkt_verify_report r;
		BKT_AUTO(forge_release) struct forge f;

		forge_begin(&f, &city);
		forge_commit(&f, &sub, 1, &rows[i].lie);
		forge_publish(&f);
		claim_head(&f, &pin);
		verify(&o, &r);
		forge_undo(&f);
		if (r.verdict <= BKT_ERASED)
			fail_msg("%s: believed", rows[i].why);
	}
}

/* a checkpoint that is good, on a commit that is not: a changed tree */
static void begins_at_no_changed_tree(void **state)
{
	static const struct bkt_file extra[] = {
		{ .path = "units/dinas-a.json",
		    .bytes = { (const uint8_t *)"{}\n", 3 } },
		{ .path = "" },
	};
	struct bkt_submission sub = honest_one();
	struct bkt_pin pin = seen_now();
	const struct bkt_verify_options o = { .cache = &pin };
	BKT_AUTO(bkt_verify_report_release) struct bkt_verify_report r;
	BKT_AUTO(forge_release) struct forge f;

	(void)state;
	forge_begin(&f, &city);
	forge_commit(&f, &sub, 1,
	    &(const struct lie){ .extra = extra, .other_commit_key = true });
	forge_publish(&f);
	claim_head(&f, &pin);
	verify(&o, &r);
	forge_undo(&f);
	assert_true(r.verdict > BKT_ERASED);
}

/* who set the log back is seen, with and without a cache to begin from */
static void set_back_after_it_was_seen(void **state)
{
	struct bkt_pin pin = seen_now();
	const struct bkt_verify_options warm = { .cache = &pin };
	const struct bkt_verify_options cold = { .cache = &pin, .cold = true };
	struct bkt_submission sub = honest_one();
	BKT_AUTO(forge_release) struct forge f;
	struct forge_history h;

	(void)state;
	forge_begin(&f, &city);
	forge_history(&f, &h);
	f.commit = h.batches[h.n - 2].oid;
	forge_publish(&f);
	expect("set back, warm", &warm, BKT_TAMPERED, 1);
	expect("set back, cold", &cold, BKT_TAMPERED, 1);
	expect("nobody remembers", NULL, BKT_INTACT, 0);
	forge_undo(&f);
	expect("as it was, cold", &cold, BKT_INTACT, 0);
	forge_release(&f);
	forge_begin(&f, &city);
	forge_commit(&f, &sub, 1, NULL);
	forge_publish(&f);
	expect("one more, cold", &cold, BKT_INTACT, 0);
	forge_undo(&f);
}

/* the same entries in new commits: size and root are what a pin rests on */
static void a_pin_rests_on_size_and_root(void **state)
{
	struct bkt_pin pin = seen_now();
	const struct bkt_verify_options warm = { .pin = &pin };
	const struct bkt_verify_options cold = { .pin = &pin, .cold = true };
	BKT_AUTO(forge_release) struct forge f;
	struct forge_history h;

	(void)state;
	forge_begin_empty(&f, &city);
	forge_history(&f, &h);
	for (size_t i = 0; i < h.n; i++) {
		const struct bkt_batch *b = &h.batches[i];
		struct bkt_submission subs[16];

		for (size_t k = 0; k < b->n_entries; k++)
			subs[k] = b->entries[k].sub;
		f.time_utc_s = b->commit.time_utc_s - 9;
		forge_commit(&f, subs, b->n_entries, NULL);
	}
	forge_publish(&f);
	expect("other commits, warm", &warm, BKT_INTACT, 1);
	expect("other commits, cold", &cold, BKT_INTACT, 0);
	/* the commit that the pin names is there, the log is not its log */
	pin.commit = f.commit;
	pin.checkpoint.root.b[0] ^= 1;
	expect("another root, warm", &warm, BKT_TAMPERED, 0);
	expect("another root, cold", &cold, BKT_TAMPERED, 0);
	forge_undo(&f);
}

/* erased before the run begins, named again after */
static void an_erasure_before_the_start(void **state)
{
	struct bkt_record *r = city_fresh(&city, BKT_KIND_ERASURE);
	BKT_AUTO(bkt_verify_report_release) struct bkt_verify_report report;
	struct bkt_pin pin;
	const struct bkt_verify_options warm = { .cache = &pin };
	struct bkt_err err;
	char *object;

	(void)state;
	r->u.erasure = (struct bkt_erasure){ .document = CITY_DOC_A,
		.content = city_document(
		    &city, CITY_DOC_A, "dinas-a", "active", "surat a")
			       ->u.document.sha256,
		.basis = "UU 27/2022",
		.reason = "permintaan" };
	object = bkt_arena_printf(city.arena, "%s/lfs/objects/%.2s/%.2s/%s",
	    city.dir, r->u.erasure.content, r->u.erasure.content + 2,
	    r->u.erasure.content);
	assert_non_null(object);
	city_do(&city, city_say(&city, r, CITY_ADMIN | CITY_RESPONSIBLE), NULL);
	assert_int_equal(bkt_file_chmod(object, 0600, &err), BKT_OK);
	assert_int_equal(bkt_file_unlink(object, &err), BKT_OK);
	verify(NULL, &report);
	assert_int_equal(report.verdict, BKT_ERASED);
	pin = report.next;
	bkt_verify_report_release(&report);
	city_do(&city,
	    city_say(&city,
		city_document(
		    &city, CITY_DOC_A, "dinas-a", "withdrawn", "surat a"),
		CITY_UPLOADER),
	    NULL);
	verify(&warm, &report);
	assert_int_equal(report.verdict, BKT_ERASED);
	assert_true(report.complete);
	assert_true(report.meta_from > 0);
}

/* the verifier's clock or the store's is wrong: said, and no verdict */
static void dated_ahead_of_the_verifier(void **state)
{
	(void)state;
	city_now_utc_s -= BKT_CLOCK_SKEW_S;
	expect("by what is allowed", NULL, BKT_ERASED, 0);
	city_now_utc_s -= 1;
	expect("by more", NULL, BKT_ERASED, 1);
	city_now_utc_s += BKT_CLOCK_SKEW_S + 1;
}

/* and a writer whose clock is behind the log does not write */
static void a_clock_that_was_set_back(void **state)
{
	const int64_t now = city_now_utc_s;
	struct bkt_submission sub = honest_one();
	struct bkt_item item;

	(void)state;
	/* the submission itself takes ten seconds */
	city_now_utc_s = now - BKT_CLOCK_SKEW_S - 11;
	assert_int_equal(
	    city_submit(&city, &sub, 1, NULL, 0, &item), BKT_E_CONFIG);
	city_now_utc_s = now;
	assert_int_equal(city_submit(&city, &sub, 1, NULL, 0, &item), BKT_OK);
	assert_int_equal(item.status, BKT_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begins_at_no_foreign_commit),
		cmocka_unit_test(begins_at_no_changed_tree),
		cmocka_unit_test(set_back_after_it_was_seen),
		cmocka_unit_test(a_pin_rests_on_size_and_root),
		cmocka_unit_test(an_erasure_before_the_start),
		cmocka_unit_test(dated_ahead_of_the_verifier),
		cmocka_unit_test(a_clock_that_was_set_back),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
