/* The vectors of tests/golden/commit, read, checked and written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bukti/crypto.h"
#include "bukti/gitdb.h"
#include "support/golden.h"

#define ARENA_MAX ((size_t)4 << 20)
#define ORIGIN "spbe.kota-contoh.go.id"
/* RFC 8032, 7.1, test 1, as a store keeps its key */
#define STORE_KEY \
	"bukti-store-key/1 nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=\n"

static bkt_store_key *key;

static enum bkt_status check(
    struct bkt_span raw, bkt_arena *arena, struct bkt_commit *c)
{
	struct bkt_err err;

	BKT_TRY(bkt_commit_parse(raw, arena, c, &err));
	return bkt_sshsig_verify(
	    c->signature, c->payload, bkt_store_key_public(key)->pub, &err);
}

/* the same commit signed again: Ed25519 gives the same bytes */
static void sign_and_print(const struct bkt_commit *c, struct bkt_buf *out)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bare, sig;
	struct bkt_commit again = *c;
	struct bkt_err err;

	bkt_buf_init(&bare, 65536);
	bkt_buf_init(&sig, 4096);
	bkt_buf_init(out, 65536);
	again.signature = BKT_SPAN(NULL, 0);
	again.payload = BKT_SPAN(NULL, 0);
	assert_int_equal(bkt_commit_print(&again, &bare, &err), BKT_OK);
	assert_int_equal(
	    bkt_sshsig_make(key, bkt_buf_span(&bare), &sig, &err), BKT_OK);
	again.signature = bkt_buf_span(&sig);
	assert_int_equal(bkt_commit_print(&again, out, &err), BKT_OK);
}

static bool span_is(struct bkt_span s, const char *text)
{
	return bkt_span_eq(s, bkt_span_str(text));
}

/* what the table says of a commit */
static void matches(const struct bkt_commit *c, struct bkt_span raw,
    const struct golden_table *t)
{
	static const char none[] = "0000000000000000000000000000000000000000";
	char hex[BKT_OID_LEN * 2 + 1];
	int64_t when;

	bkt_oid_hex(&c->parent, hex);
	assert_string_equal(hex, *t->column[2] ? t->column[2] : none);
	assert_true(span_is(c->author_id, t->column[3]));
	assert_true(span_is(c->committer_id, ORIGIN));
	assert_true(bkt_time_parse(t->column[4], &when));
	assert_int_equal(c->time_utc_s, when);
	assert_true(c->message.len > strlen(t->column[5]));
	assert_memory_equal(c->message.ptr, t->column[5], strlen(t->column[5]));
	assert_true(raw.len > c->payload.len);
}

static void good_commits_are_read_and_written(void **state)
{
	BKT_AUTO(golden_release) struct golden_table t;

	(void)state;
	golden_open("commit", "FIELDS", 6, &t);
	while (golden_next(&t)) {
		BKT_AUTO(bkt_arena_free)
		bkt_arena *arena = bkt_arena_new(ARENA_MAX);
		BKT_AUTO(bkt_buf_release) struct bkt_buf in, out;
		struct bkt_commit c;
		char name[64];

		snprintf(name, sizeof(name), "good/%s", t.column[0]);
		golden_slurp("commit", name, &in);
		assert_int_equal(check(bkt_buf_span(&in), arena, &c), BKT_OK);
		matches(&c, bkt_buf_span(&in), &t);
		sign_and_print(&c, &out);
		if (!bkt_span_eq(bkt_buf_span(&in), bkt_buf_span(&out)))
			fail_msg("%s is written in other bytes", name);
	}
	assert_int_equal(t.n_rows, 3);
}

static void bad_commits_are_refused(void **state)
{
	BKT_AUTO(golden_release) struct golden_table t;

	(void)state;
	golden_open("commit", "RULES", 3, &t);
	while (golden_next(&t)) {
		BKT_AUTO(bkt_arena_free)
		bkt_arena *arena = bkt_arena_new(ARENA_MAX);
		BKT_AUTO(bkt_buf_release) struct bkt_buf in;
		struct bkt_commit c;
		char name[64];
		enum bkt_status st;

		snprintf(name, sizeof(name), "bad/%s", t.column[0]);
		golden_slurp("commit", name, &in);
		st = check(bkt_buf_span(&in), arena, &c);
		if (!golden_verdict_is(t.column[1], st))
			fail_msg("%s: %s, but: %s", name, bkt_status_name(st),
			    t.column[2]);
	}
	assert_int_equal(t.n_rows, 29);
}

static void vectors_are_the_ones_that_were_made(void **state)
{
	(void)state;
	golden_unchanged("commit", 34);
}

static int set_up(void **state)
{
	struct bkt_err err;

	(void)state;
	return bkt_store_key_load(
		   bkt_span_str(STORE_KEY), ORIGIN, &key, &err) == BKT_OK
		   ? 0
		   : -1;
}

static int tear_down(void **state)
{
	(void)state;
	bkt_store_key_free(key);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_are_the_ones_that_were_made),
		cmocka_unit_test(good_commits_are_read_and_written),
		cmocka_unit_test(bad_commits_are_refused),
	};
	struct bkt_err err;

	if (bkt_crypto_init(&err) != BKT_OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
