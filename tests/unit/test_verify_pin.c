/* The vectors of tests/golden/pin, read and written. */
#include "bukti/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "bukti/crypto.h"
#include "support/golden.h"

#define ORIGIN "spbe.kota-contoh.go.id"
/* RFC 8032, 7.1, test 1, as a store keeps its key */
#define STORE_KEY \
	"bukti-store-key/1 nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=\n"

/* the right edge of the log of tests/golden/log at a size */
static void frontier_at(uint64_t size, struct bkt_frontier *out)
{
	bkt_frontier_init(out);
	for (unsigned i = 0; i < size; i++) {
		char name[32];
		BKT_AUTO(bkt_buf_release) struct bkt_buf entry;
		struct bkt_sha256 leaf;
		struct bkt_err err;

		snprintf(name, sizeof(name), "entries/%02u", i);
		golden_slurp("log", name, &entry);
		assert_int_equal(
		    bkt_merkle_leaf(bkt_buf_span(&entry), &leaf, &err), BKT_OK);
		assert_int_equal(bkt_frontier_append(out, &leaf, &err), BKT_OK);
	}
}

/* a pin made from nothing but the table, the log and the key */
static void make(const struct golden_table *t, struct bkt_pin *out)
{
	BKT_AUTO(bkt_store_key_free) bkt_store_key *key = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf text, note;
	struct bkt_err err;
	uint64_t size;

	memset(out, 0, sizeof(*out));
	assert_int_equal(
	    bkt_store_key_load(bkt_span_str(STORE_KEY), ORIGIN, &key, &err),
	    BKT_OK);
	bkt_buf_init(&text, sizeof(out->vkey) - 1);
	bkt_note_key_print(bkt_store_key_public(key), &text);
	memcpy(out->vkey, text.ptr, text.len + 1);
	assert_true(bkt_unhex(t->column[1], out->commit.b, BKT_OID_LEN));
	assert_true(bkt_parse_u64(t->column[2], 17, &size));
	frontier_at(size, &out->frontier);
	memcpy(out->checkpoint.origin, ORIGIN, sizeof(ORIGIN));
	out->checkpoint.size = size;
	assert_true(
	    bkt_unhex(t->column[3], out->checkpoint.root.b, BKT_SHA256_LEN));
	assert_true(bkt_parse_u64(t->column[4], 17, &out->content_size));
	assert_true(bkt_time_parse(t->column[5], &out->content_utc_s));
	bkt_buf_release(&text);
	bkt_buf_init(&text, 1024);
	bkt_buf_init(&note, sizeof(out->note));
	bkt_checkpoint_print(&out->checkpoint, &text);
	assert_int_equal(
	    bkt_note_sign(key, bkt_buf_span(&text), &note, &err), BKT_OK);
	memcpy(out->note, note.ptr, note.len);
	out->note_len = note.len;
}

static void good_pins_are_read_and_written(void **state)
{
	BKT_AUTO(golden_release) struct golden_table t;

	(void)state;
	golden_open("pin", "FIELDS", 6, &t);
	while (golden_next(&t)) {
		struct bkt_pin want, is;
		char name[64];
		struct bkt_err err;
		BKT_AUTO(bkt_buf_release) struct bkt_buf in, out;

		snprintf(name, sizeof(name), "good/%s.pin", t.column[0]);
		golden_slurp("pin", name, &in);
		make(&t, &want);
		bkt_buf_init(&out, 8192);
		bkt_pin_print(&want, &out);
		if (!bkt_span_eq(bkt_buf_span(&in), bkt_buf_span(&out)))
			fail_msg("%s is written in other bytes", name);
		if (bkt_pin_parse(bkt_buf_span(&in), &is, &err) != BKT_OK)
			fail_msg("%s: %s", name, err.msg);
		assert_string_equal(is.vkey, want.vkey);
		assert_memory_equal(is.commit.b, want.commit.b, BKT_OID_LEN);
		assert_int_equal(is.checkpoint.size, want.checkpoint.size);
		assert_true(
		    bkt_sha256_eq(&is.checkpoint.root, &want.checkpoint.root));
		assert_int_equal(is.frontier.size, want.checkpoint.size);
		assert_int_equal(is.content_size, want.content_size);
		assert_int_equal(is.content_utc_s, want.content_utc_s);
	}
	assert_int_equal(t.n_rows, 6);
}

static void bad_pins_are_refused(void **state)
{
	BKT_AUTO(golden_release) struct golden_table t;

	(void)state;
	golden_open("pin", "RULES", 3, &t);
	while (golden_next(&t)) {
		struct bkt_pin pin;
		char name[64];
		struct bkt_err err = { .status = BKT_OK };
		BKT_AUTO(bkt_buf_release) struct bkt_buf in;
		enum bkt_status st;

		snprintf(name, sizeof(name), "bad/%s.pin", t.column[0]);
		golden_slurp("pin", name, &in);
		st = bkt_pin_parse(bkt_buf_span(&in), &pin, &err);
		if (!golden_verdict_is(t.column[1], st))
			fail_msg("%s: %s, but: %s", name, bkt_status_name(st),
			    t.column[2]);
	}
	assert_int_equal(t.n_rows, 42);
}

static void vectors_are_the_ones_that_were_made(void **state)
{
	(void)state;
	golden_unchanged("pin", 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_are_the_ones_that_were_made),
		cmocka_unit_test(good_pins_are_read_and_written),
		cmocka_unit_test(bad_pins_are_refused),
	};
	struct bkt_err err;

	if (bkt_crypto_init(&err) != BKT_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
