/* The index: what goes in comes out, in order, and only what is current. */
#include "test_index.h"

static const struct {
	const char *path, *text, *key, *value;
} log_rows[] = {
	{ "institution.json", "i0", NULL, NULL },
	{ "documents/aa/aab/document.json", "d1", "number", "28" },
	{ "cycles/2026-2/I01/evidence/aab.json", "l2", "linked", "aab" },
	{ "documents/ab/abc/document.json", "d3", "number", "28" },
	{ "cycles/2026-2/I02/evidence/aab.json", "l4", "linked", "aab" },
	{ "cycles/2026-20/I01/evidence/aab.json", "l5", "linked", "aab" },
	/* a new version with another number */
	{ "documents/aa/aab/document.json", "d6", "number", "29" },
	/* a new version with the same one */
	{ "documents/ab/abc/document.json", "d7", "number", "28" },
	{ "cycles/2026-2/cycle.json", "c8", NULL, NULL },
};
#define N_LOG (sizeof(log_rows) / sizeof(*log_rows))

static void put_log(struct place *p)
{
	struct bkt_err err;

	assert_int_equal(bkt_index_begin(p->x, &err), BKT_OK);
	for (size_t i = 0; i < N_LOG; i++)
		assert_int_equal(
		    put_at(p->x, i, log_rows[i].path, log_rows[i].text,
			log_rows[i].key, log_rows[i].value),
		    BKT_OK);
	assert_int_equal(bkt_index_commit(p->x, &err), BKT_OK);
}

static enum bkt_status see_value(
    void *ctx, const char *value, struct bkt_err *err)
{
	char *all = ctx;
	size_t n = strlen(all);

	(void)err;
	(void)snprintf(all + n, 64 - n, "%s ", value);
	return BKT_OK;
}

static void test_values(void **state)
{
	static const struct {
		const char *why, *key;
		uint64_t n;
		const char *want;
	} rows[] = {
		{ "each once, former ones too", "number", 9, "28 29 " },
		{ "no more than asked for", "number", 1, "28 " },
		{ "of another key", "linked", 9, "aab " },
		{ "nothing has it", "name", 9, "" },
	};
	struct place *p = *state;

	put_log(p);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bkt_err err;
		char all[64] = "";

		assert_int_equal(bkt_index_values(p->x, rows[i].key, rows[i].n,
				     see_value, all, &err),
		    BKT_OK);
		if (strcmp(all, rows[i].want) != 0)
			fail_msg("%s: '%s'", rows[i].why, all);
	}
}

static void test_current(void **state)
{
	static const struct {
		const char *why, *prefix, *want;
	} rows[] = {
		{ "one cycle, not the one whose name begins alike",
		    "cycles/2026-2/",
		    "2:cycles/2026-2/I01/evidence/aab.json=l2 "
		    "4:cycles/2026-2/I02/evidence/aab.json=l4 "
		    "8:cycles/2026-2/cycle.json=c8" },
		{ "replaced records show their last version", "documents/",
		    "6:documents/aa/aab/document.json=d6 "
		    "7:documents/ab/abc/document.json=d7" },
		{ "a prefix need not end at a slash", "documents/aa",
		    "6:documents/aa/aab/document.json=d6" },
		{ "nothing there", "units/", "" },
	};
	struct place *p = *state;

	put_log(p);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bkt_err err;
		struct seen s = { .n = 0 };

		assert_int_equal(
		    bkt_index_current(p->x, rows[i].prefix, see, &s, &err),
		    BKT_OK);
		assert_string_equal(s.text, rows[i].want);
	}
}

static void test_everything_is_a_prefix_of_nothing(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct seen s = { .n = 0 };

	put_log(p);
	assert_int_equal(bkt_index_current(p->x, "", see, &s, &err), BKT_OK);
	assert_int_equal(s.n, 7);
}

static void test_at_and_find(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct seen s = { .n = 0 };

	put_log(p);
	assert_int_equal(
	    bkt_index_at(p->x, "documents/aa/aab/document.json", see, &s, &err),
	    BKT_OK);
	assert_string_equal(s.text, "6:documents/aa/aab/document.json=d6");
	assert_int_equal(bkt_index_at(p->x, "documents/aa/aab/", see, &s, &err),
	    BKT_E_NOTFOUND);

	s = (struct seen){ .n = 0 };
	assert_int_equal(
	    bkt_index_find(p->x, "number", "28", see, &s, &err), BKT_OK);
	assert_string_equal(s.text, "7:documents/ab/abc/document.json=d7");
	/* the first was so numbered once, the second twice */
	s = (struct seen){ .n = 0 };
	assert_int_equal(
	    bkt_index_find_ever(p->x, "number", "28", see, &s, &err), BKT_OK);
	assert_string_equal(s.text, "6:documents/aa/aab/document.json=d6 "
				    "7:documents/ab/abc/document.json=d7");
	s = (struct seen){ .n = 0 };
	assert_int_equal(
	    bkt_index_find(p->x, "linked", "aab", see, &s, &err), BKT_OK);
	assert_string_equal(s.text,
	    "2:cycles/2026-2/I01/evidence/aab.json=l2 "
	    "4:cycles/2026-2/I02/evidence/aab.json=l4 "
	    "5:cycles/2026-20/I01/evidence/aab.json=l5");
	s = (struct seen){ .n = 0 };
	assert_int_equal(
	    bkt_index_find(p->x, "number", "aab", see, &s, &err), BKT_OK);
	assert_int_equal(s.n, 0);
}

static void test_history(void **state)
{
	static const struct {
		const char *why, *path;
		uint64_t below, n;
		const char *want;
	} rows[] = {
		{ "the newest two", NULL, UINT64_MAX, 2,
		    "8:cycles/2026-2/cycle.json "
		    "7:documents/ab/abc/document.json" },
		{ "the page before entry 2", NULL, 2, 20,
		    "1:documents/aa/aab/document.json 0:institution.json" },
		{ "one path", "documents/aa/aab/document.json", UINT64_MAX, 20,
		    "6:documents/aa/aab/document.json "
		    "1:documents/aa/aab/document.json" },
		{ "one path, older", "documents/aa/aab/document.json", 6, 20,
		    "1:documents/aa/aab/document.json" },
		{ "below a folder", "cycles/2026-2/", UINT64_MAX, 2,
		    "8:cycles/2026-2/cycle.json "
		    "4:cycles/2026-2/I02/evidence/aab.json" },
		{ "below a folder, older", "cycles/2026-2/", 4, UINT64_MAX,
		    "2:cycles/2026-2/I01/evidence/aab.json" },
		{ "a path is not a prefix", "documents/aa", UINT64_MAX, 20,
		    "" },
		{ "none asked for", NULL, UINT64_MAX, 0, "" },
		{ "nothing below the first", NULL, 0, 20, "" },
	};
	struct place *p = *state;

	put_log(p);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bkt_err err;
		struct seen s = { .n = 0 };

		assert_int_equal(bkt_index_history(p->x, rows[i].path,
				     rows[i].below, rows[i].n, see, &s, &err),
		    BKT_OK);
		assert_string_equal(s.text, rows[i].want);
	}
}

/* both ways of looking below a folder give the same */
static void test_history_of_many(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct seen s = { .n = 0 };
	char path[64];
	uint64_t n = 0;

	assert_int_equal(bkt_index_begin(p->x, &err), BKT_OK);
	for (; n < 9000; n++) {
		snprintf(path, sizeof(path), "%s/%04u.json",
		    n % 5 ? "many" : "few", (unsigned)n);
		assert_int_equal(
		    put_at(p->x, n, path, "x", NULL, NULL), BKT_OK);
	}
	/* a path of many with two versions */
	assert_int_equal(
	    put_at(p->x, n, "many/0001.json", "y", NULL, NULL), BKT_OK);
	assert_int_equal(bkt_index_commit(p->x, &err), BKT_OK);
	assert_int_equal(
	    bkt_index_history(p->x, "many/", UINT64_MAX, 3, see, &s, &err),
	    BKT_OK);
	assert_string_equal(s.text,
	    "9000:many/0001.json 8999:many/8999.json 8998:many/8998.json");
	s = (struct seen){ .n = 0 };
	assert_int_equal(
	    bkt_index_history(p->x, "few/", 2000, 2, see, &s, &err), BKT_OK);
	assert_string_equal(s.text, "1995:few/1995.json 1990:few/1990.json");
	s = (struct seen){ .n = 0 };
	assert_int_equal(
	    bkt_index_history(p->x, "many/", 3, 20, see, &s, &err), BKT_OK);
	assert_string_equal(s.text, "2:many/0002.json 1:many/0001.json");
}

/* a fact is never taken from bytes that are not those of the record */
static void test_bytes_of_another_record(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct seen s = { .n = 0 };
	struct bkt_index_entry e = { .path = "units/a.json",
		.kind = "document",
		.record = text_digest("isi"),
		.by = "ani",
		.summary = "x",
		.bytes = bkt_span_str("isa") };

	assert_int_equal(bkt_index_begin(p->x, &err), BKT_OK);
	assert_int_equal(bkt_index_put(p->x, &e, &err), BKT_OK);
	assert_int_equal(bkt_index_commit(p->x, &err), BKT_OK);
	assert_int_equal(
	    bkt_index_at(p->x, "units/a.json", see, &s, &err), BKT_E_DB);
	assert_non_null(strstr(err.hint, "bukti reindex"));
	assert_int_equal(
	    bkt_index_current(p->x, "units/", see, &s, &err), BKT_E_DB);
	assert_int_equal(s.n, 0);
}

static void test_entry(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct seen s = { .n = 0 };
	struct bkt_sha256 d = text_digest(log_rows[4].text);

	put_log(p);
	assert_int_equal(bkt_index_entry_at(p->x, 1, see, &s, &err), BKT_OK);
	assert_string_equal(s.text, "1:documents/aa/aab/document.json");
	assert_int_equal(
	    bkt_index_entry_at(p->x, N_LOG, see, &s, &err), BKT_E_NOTFOUND);
	assert_int_equal(bkt_index_entry_at(p->x, UINT64_MAX, see, &s, &err),
	    BKT_E_NOTFOUND);
	s = (struct seen){ .n = 0 };
	assert_int_equal(bkt_index_entry_of(p->x, &d, see, &s, &err), BKT_OK);
	assert_string_equal(s.text, "4:cycles/2026-2/I02/evidence/aab.json");
	d.b[31] ^= 1;
	assert_int_equal(
	    bkt_index_entry_of(p->x, &d, see, &s, &err), BKT_E_NOTFOUND);
}

static void test_callback_stops(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct seen s = { .stop_after = 2 };

	put_log(p);
	assert_int_equal(
	    bkt_index_history(p->x, NULL, UINT64_MAX, 20, see, &s, &err),
	    BKT_E_INTERRUPTED);
	assert_int_equal(s.n, 2);
	s = (struct seen){ .n = 0 };
	assert_int_equal(
	    bkt_index_history(p->x, NULL, UINT64_MAX, 20, see, &s, &err),
	    BKT_OK);
	assert_int_equal(s.n, N_LOG);
}

struct nested {
	bkt_index *x;
	struct seen outer, inner;
};

static enum bkt_status see_nested(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct nested *n = ctx;

	n->inner = (struct seen){ .n = 0 };
	BKT_TRY(bkt_index_current(n->x, "documents/", see, &n->inner, err));
	assert_int_equal(n->inner.n, 2);
	/* the outer row is still there */
	return see(&n->outer, e, err);
}

static void test_calls_within_a_callback(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct nested n = { .x = p->x };

	put_log(p);
	assert_int_equal(
	    bkt_index_current(p->x, "documents/", see_nested, &n, &err),
	    BKT_OK);
	assert_string_equal(n.outer.text,
	    "6:documents/aa/aab/document.json=d6 "
	    "7:documents/ab/abc/document.json=d7");
}

/* ---- leaves ---------------------------------------------------------------
 */

static void check_leaves(struct place *p, uint64_t n)
{
	struct bkt_err err;
	struct bkt_sha256 *out = calloc(n + 1, sizeof(*out));

	assert_non_null(out);
	assert_int_equal(bkt_index_leaves(p->x, n, out, &err), BKT_OK);
	for (uint64_t i = 0; i < n; i++) {
		struct bkt_sha256 want = number_digest(i, 2);

		assert_true(bkt_sha256_eq(&out[i], &want));
	}
	assert_int_equal(
	    bkt_index_leaves(p->x, n + 1, out, &err), BKT_E_NOTFOUND);
	free(out);
}

static void test_leaves(void **state)
{
	/* commits of every size around the rows of 128 */
	static const uint64_t steps[] = { 1, 126, 1, 1, 127, 128, 129, 255, 257,
		3 };
	struct place *p = *state;
	uint64_t n = 0;
	struct bkt_err err;

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		assert_int_equal(bkt_index_begin(p->x, &err), BKT_OK);
		for (uint64_t k = 0; k < steps[i]; k++, n++) {
			char path[32];

			snprintf(
			    path, sizeof(path), "units/%u.json", (unsigned)n);
			assert_int_equal(
			    put_at(p->x, n, path, "x", NULL, NULL), BKT_OK);
			/* also in the middle of a transaction */
			if (k == steps[i] / 2)
				check_leaves(p, n + 1);
		}
		assert_int_equal(bkt_index_commit(p->x, &err), BKT_OK);
		check_leaves(p, n);
		bkt_index_free(p->x);
		assert_int_equal(
		    bkt_index_open(p->dir, false, &p->x, &err), BKT_OK);
		check_leaves(p, n);
	}
	assert_int_equal(bkt_index_begin(p->x, &err), BKT_OK);
	assert_int_equal(
	    put_at(p->x, n, "units/x.json", "x", NULL, NULL), BKT_OK);
	bkt_index_rollback(p->x);
	check_leaves(p, n);
}

/* ---- transactions and state ------------------------------------------------
 */

static void test_transactions(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct seen s = { .n = 0 };

	assert_int_equal(
	    put_at(p->x, 0, "a.json", "x", NULL, NULL), BKT_E_USAGE);
	assert_int_equal(bkt_index_commit(p->x, &err), BKT_E_USAGE);
	assert_int_equal(bkt_index_begin(p->x, &err), BKT_OK);
	assert_int_equal(bkt_index_begin(p->x, &err), BKT_E_USAGE);
	assert_int_equal(
	    put_at(p->x, 1, "a.json", "x", NULL, NULL), BKT_E_CONFLICT);
	assert_int_equal(put_at(p->x, 0, "a.json", "x", NULL, NULL), BKT_OK);
	assert_int_equal(
	    put_at(p->x, 0, "a.json", "x", NULL, NULL), BKT_E_CONFLICT);
	bkt_index_rollback(p->x);
	bkt_index_rollback(p->x);
	assert_int_equal(
	    bkt_index_at(p->x, "a.json", see, &s, &err), BKT_E_NOTFOUND);
	put_log(p);
	assert_int_equal(bkt_index_reset(p->x, &err), BKT_OK);
	assert_int_equal(bkt_index_current(p->x, "", see, &s, &err), BKT_OK);
	assert_int_equal(s.n, 0);
	check_leaves(p, 0);
	put_log(p);
	/* as part of a larger change that is taken back */
	assert_int_equal(bkt_index_begin(p->x, &err), BKT_OK);
	assert_int_equal(bkt_index_reset(p->x, &err), BKT_OK);
	assert_int_equal(put_at(p->x, 0, "a.json", "x", NULL, NULL), BKT_OK);
	bkt_index_rollback(p->x);
	check_leaves(p, N_LOG);
}

static void test_meta(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;

	bkt_buf_init(&b, 4);
	assert_int_equal(
	    bkt_index_meta_get(p->x, "head", &b, &err), BKT_E_NOTFOUND);
	assert_int_equal(
	    bkt_index_meta_set(p->x, "head", BKT_SPAN("a\0b", 3), &err),
	    BKT_OK);
	assert_int_equal(
	    bkt_index_meta_set(p->x, "size", BKT_SPAN(NULL, 0), &err), BKT_OK);
	assert_int_equal(bkt_index_meta_get(p->x, "head", &b, &err), BKT_OK);
	assert_int_equal(b.len, 3);
	assert_memory_equal(b.ptr, "a\0b", 3);
	bkt_buf_clear(&b);
	assert_int_equal(bkt_index_meta_get(p->x, "size", &b, &err), BKT_OK);
	assert_int_equal(b.len, 0);
	assert_int_equal(
	    bkt_index_meta_set(p->x, "head", BKT_SPAN("12345", 5), &err),
	    BKT_OK);
	assert_int_equal(
	    bkt_index_meta_get(p->x, "head", &b, &err), BKT_E_LIMIT);
}

static void test_two_handles(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct seen s = { .n = 0 };
	BKT_AUTO(bkt_index_free) bkt_index *other = NULL;

	assert_int_equal(bkt_index_open(p->dir, true, &other, &err), BKT_OK);
	assert_int_equal(bkt_index_begin(p->x, &err), BKT_OK);
	assert_int_equal(put_at(p->x, 0, "a.json", "x", NULL, NULL), BKT_OK);
	/* a reader is neither stopped nor shown what is not committed */
	assert_int_equal(
	    bkt_index_at(other, "a.json", see, &s, &err), BKT_E_NOTFOUND);
	assert_int_equal(bkt_index_commit(p->x, &err), BKT_OK);
	assert_int_equal(bkt_index_at(other, "a.json", see, &s, &err), BKT_OK);
	/* who comes second with the same entry is told so */
	assert_int_equal(bkt_index_begin(other, &err), BKT_OK);
	assert_int_equal(
	    put_at(other, 0, "a.json", "x", NULL, NULL), BKT_E_CONFLICT);
	assert_int_equal(put_at(other, 1, "b.json", "x", NULL, NULL), BKT_OK);
	assert_int_equal(bkt_index_commit(other, &err), BKT_OK);
	check_leaves(p, 2);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(test_values),
		T(test_current),
		T(test_everything_is_a_prefix_of_nothing),
		T(test_at_and_find),
		T(test_history),
		T(test_history_of_many),
		T(test_entry),
		T(test_bytes_of_another_record),
		T(test_callback_stops),
		T(test_calls_within_a_callback),
		T(test_leaves),
		T(test_transactions),
		T(test_meta),
		T(test_two_handles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
