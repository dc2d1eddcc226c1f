/* Records against the golden files, and what parse and print promise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bukti/crypto.h"
#include "bukti/model.h"
#include "support/golden.h"

#define GOLDEN BUKTI_SOURCE_DIR "/tests/golden/record"
#define ARENA_MAX ((size_t)4 << 20)

static void slurp(const char *path, struct bkt_buf *out)
{
	struct bkt_err err;

	bkt_buf_init(out, (size_t)1 << 20);
	if (bkt_file_slurp(path, out, &err) != BKT_OK)
		fail_msg("%s: %s", path, err.msg);
}

static enum bkt_status parse(
    struct bkt_span in, bkt_arena *arena, struct bkt_record **out)
{
	struct bkt_err err;
	enum bkt_status st = bkt_record_parse(in, arena, out, &err);

	if (st != BKT_OK)
		assert_int_equal(err.status, st);
	return st;
}

/* names of the good files of the folder, from the arena */
static struct bkt_strs good_files(bkt_arena *arena)
{
	struct bkt_strs all, good = { NULL, 0 };
	struct bkt_err err;

	assert_int_equal(bkt_dir_list(GOLDEN, arena, &all, &err), BKT_OK);
	good.v = bkt_arena_alloc(arena, (all.n + 1) * sizeof(*good.v));
	assert_non_null(good.v);
	for (size_t i = 0; i < all.n; i++)
		if (strstr(all.v[i], ".json"))
			good.v[good.n++] = all.v[i];
	return good;
}

static void every_kind_is_there_and_prints_as_it_was_read(void **state)
{
	bool seen[BKT_N_KINDS] = { false };
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(ARENA_MAX);
	struct bkt_strs names = good_files(arena);

	(void)state;
	for (size_t i = 0; i < names.n; i++) {
		char path[512];
		struct bkt_record *r = NULL;
		struct bkt_err err;
		BKT_AUTO(bkt_buf_release) struct bkt_buf in, out;

		snprintf(path, sizeof(path), GOLDEN "/%s", names.v[i]);
		slurp(path, &in);
		bkt_buf_init(&out, BKT_RECORD_MAX);
		if (bkt_record_parse(bkt_buf_span(&in), arena, &r, &err) !=
		    BKT_OK)
			fail_msg("%s: %s", names.v[i], err.msg);
		seen[r->kind] = true;
		assert_int_equal(
		    bkt_record_print(r, arena, &out, &err), BKT_OK);
		assert_true(bkt_span_eq(bkt_buf_span(&in), bkt_buf_span(&out)));
	}
	for (unsigned k = 0; k < BKT_N_KINDS; k++)
		if (!seen[k])
			fail_msg("no golden record of kind %s",
			    bkt_kind_name((enum bkt_kind)k));
}

/* RULES has one line per file: name, tab, the rule it breaks */
static void every_bad_record_is_malformed(void **state)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(ARENA_MAX);
	BKT_AUTO(golden_release) struct golden_table t;

	(void)state;
	golden_open("record", "bad/RULES", 2, &t);
	while (golden_next(&t)) {
		char name[128];
		struct bkt_record *r = NULL;
		BKT_AUTO(bkt_buf_release) struct bkt_buf in;

		snprintf(name, sizeof(name), "bad/%s.json", t.column[0]);
		golden_slurp("record", name, &in);
		bkt_arena_clear(arena);
		if (parse(bkt_buf_span(&in), arena, &r) != BKT_E_FORMAT)
			fail_msg("%s passed, but: %s", name, t.column[1]);
		assert_null(r);
	}
	assert_int_equal(t.n_rows, 108);
}

/* the vectors are facts: nobody regenerates them by the way */
static void golden_files_are_the_ones_that_were_made(void **state)
{
	(void)state;
	golden_unchanged("record", 126);
}

static void stock_jq_prints_the_same(void **state)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(ARENA_MAX);
	struct bkt_strs names = good_files(arena);

	(void)state;
	if (access("/usr/bin/jq", X_OK) != 0)
		skip();
	for (size_t i = 0; i < names.n; i++) {
		int pair[2];
		pid_t child;
		char path[512];
		ssize_t got;
		BKT_AUTO(bkt_buf_release) struct bkt_buf want, out;

		snprintf(path, sizeof(path), GOLDEN "/%s", names.v[i]);
		slurp(path, &want);
		bkt_buf_init(&out, (size_t)1 << 20);
		assert_int_equal(pipe(pair), 0);
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			dup2(pair[1], STDOUT_FILENO);
			close(pair[0]);
			close(pair[1]);
			execl(
			    "/usr/bin/jq", "jq", "-S", ".", path, (char *)NULL);
			_exit(127);
		}
		close(pair[1]);
		do {
			char part[4096];

			got = read(pair[0], part, sizeof(part));
			if (got > 0)
				bkt_buf_add(&out, part, (size_t)got);
		} while (got > 0);
		close(pair[0]);
		assert_true(
		    bkt_span_eq(bkt_buf_span(&want), bkt_buf_span(&out)));
	}
}

static void one_flipped_bit_is_refused_or_read_back_exactly(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf in;
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(ARENA_MAX);

	(void)state;
	slurp(GOLDEN "/document.json", &in);
	for (size_t bit = 0; bit < in.len * 8; bit++) {
		struct bkt_record *r = NULL;
		struct bkt_err err;
		BKT_AUTO(bkt_buf_release) struct bkt_buf out;

		bkt_buf_init(&out, BKT_RECORD_MAX);
		bkt_arena_clear(arena);
		in.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (parse(bkt_buf_span(&in), arena, &r) == BKT_OK) {
			assert_int_equal(
			    bkt_record_print(r, arena, &out, &err), BKT_OK);
			assert_true(
			    bkt_span_eq(bkt_buf_span(&in), bkt_buf_span(&out)));
		}
		in.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

static size_t fail_after;
static bool fail_rest(size_t n_bytes)
{
	(void)n_bytes;
	if (fail_after == 0)
		return true;
	fail_after--;
	return false;
}

static void no_memory_is_never_a_verdict(void **state)
{
	size_t n = 0;
	enum bkt_status st;
	struct bkt_err err;
	BKT_AUTO(bkt_buf_release) struct bkt_buf in;

	(void)state;
	slurp(GOLDEN "/document.json", &in);
	do {
		struct bkt_record *r = NULL;
		BKT_AUTO(bkt_arena_free)
		bkt_arena *arena = bkt_arena_new(ARENA_MAX);

		fail_after = n++;
		bkt_alloc_fault = fail_rest;
		st = bkt_record_parse(bkt_buf_span(&in), arena, &r, &err);
		bkt_alloc_fault = NULL;
		assert_true(st == BKT_OK || st == BKT_E_NOMEM);
	} while (st != BKT_OK);
	assert_true(n > 2);
}

/* ---- printing from a struct -------------------------------------------- */

static struct bkt_record a_unit(void)
{
	static const char *by[] = { "adm" };
	struct bkt_record r = { .store = "contoh.go.id",
		.kind = BKT_KIND_UNIT,
		.prev = "",
		.at_utc_s = 1767225600,
		.by = { by, 1 } };

	r.u.unit.unit = "bappeda";
	r.u.unit.name = "Badan \"Perencanaan\"";
	r.u.unit.state = "active";
	return r;
}

static void the_path_is_computed_where_contents_imply_it(void **state)
{
	struct bkt_err err;
	struct bkt_record r = a_unit();
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(ARENA_MAX);

	(void)state;
	bkt_buf_init(&out, BKT_RECORD_MAX);
	assert_int_equal(bkt_record_print(&r, arena, &out, &err), BKT_OK);
	assert_string_equal(r.path, "units/bappeda.json");
	assert_string_equal((const char *)out.ptr,
	    "{\n"
	    "  \"at\": \"2026-01-01T00:00:00Z\",\n"
	    "  \"by\": [\n"
	    "    \"adm\"\n"
	    "  ],\n"
	    "  \"kind\": \"unit\",\n"
	    "  \"name\": \"Badan \\\"Perencanaan\\\"\",\n"
	    "  \"path\": \"units/bappeda.json\",\n"
	    "  \"prev\": \"\",\n"
	    "  \"state\": \"active\",\n"
	    "  \"store\": \"contoh.go.id\",\n"
	    "  \"unit\": \"bappeda\",\n"
	    "  \"v\": 1\n"
	    "}\n");
}

static void golden_paths_are_the_ones_computed(void **state)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(ARENA_MAX);
	struct bkt_strs names = good_files(arena);

	(void)state;
	for (size_t i = 0; i < names.n; i++) {
		char file[512];
		const char *path;
		struct bkt_record *r = NULL;
		struct bkt_err err;
		bool from_caller;
		enum bkt_status st;
		BKT_AUTO(bkt_buf_release) struct bkt_buf in, out;

		snprintf(file, sizeof(file), GOLDEN "/%s", names.v[i]);
		slurp(file, &in);
		bkt_buf_init(&out, BKT_RECORD_MAX);
		assert_int_equal(parse(bkt_buf_span(&in), arena, &r), BKT_OK);
		path = r->path;
		r->path = NULL;
		st = bkt_record_print(r, arena, &out, &err);
		from_caller = r->kind == BKT_KIND_LINK ||
			      r->kind == BKT_KIND_CLAIM ||
			      r->kind == BKT_KIND_REVIEW;
		assert_int_equal(st, from_caller ? BKT_E_FORMAT : BKT_OK);
		if (!from_caller)
			assert_string_equal(r->path, path);
		else
			assert_null(r->path);
	}
}

static void what_would_not_parse_is_not_printed(void **state)
{
	static const char *two[] = { "zul", "adm" };
	struct bkt_err err;
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(ARENA_MAX);
	struct bkt_record bad[8];

	(void)state;
	for (size_t i = 0; i < 8; i++)
		bad[i] = a_unit();
	bad[0].u.unit.name = NULL;
	bad[1].u.unit.name = "tab\there";
	bad[2].u.unit.state = "aktif";
	bad[3].path = "units/lain.json";
	bad[4].by = (struct bkt_strs){ two, 2 };
	bad[5].by.n = 0;
	bad[6].at_utc_s = -1;
	bad[7].kind = BKT_N_KINDS;
	for (size_t i = 0; i < 8; i++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf out;

		bkt_buf_init(&out, BKT_RECORD_MAX);
		bkt_buf_str(&out, "before");
		assert_int_equal(
		    bkt_record_print(&bad[i], arena, &out, &err), BKT_E_FORMAT);
		assert_string_equal((const char *)out.ptr, "before");
	}
}

static void an_empty_optional_value_is_left_out(void **state)
{
	static const char *by[] = { "ani" };
	uint64_t levels[] = { 3 };
	struct bkt_err err;
	struct bkt_record r = { .store = "contoh.go.id",
		.kind = BKT_KIND_LINK,
		.path = "cycles/2026-1/I01/evidence/aaaaaaaaaaaa.json",
		.prev = "",
		.by = { by, 1 } };
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(ARENA_MAX);

	(void)state;
	bkt_buf_init(&out, BKT_RECORD_MAX);
	r.u.link = (struct bkt_link){ .document = "aaaaaaaaaaaa",
		.state = "active",
		.levels = { levels, 1 },
		.handed_in_by = { by, 1 },
		.locator = "",
		.note = NULL };
	assert_int_equal(bkt_record_print(&r, arena, &out, &err), BKT_OK);
	assert_null(strstr((const char *)out.ptr, "locator"));
	assert_null(strstr((const char *)out.ptr, "note"));
}

static void whole_numbers_print_as_jq_prints_them(void **state)
{
	static const uint64_t sizes[] = { 1, 10, 1000000,
		UINT64_C(1000000000000000), UINT64_C(9000000000000000),
		UINT64_C(9007199254740991) };
	BKT_AUTO(bkt_buf_release) struct bkt_buf in;
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(ARENA_MAX);

	(void)state;
	slurp(GOLDEN "/rulebook.json", &in);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct bkt_record *r = NULL;
		struct bkt_err err;
		char want[64];
		BKT_AUTO(bkt_buf_release) struct bkt_buf out;

		bkt_buf_init(&out, BKT_RECORD_MAX);
		assert_int_equal(parse(bkt_buf_span(&in), arena, &r), BKT_OK);
		r->u.rulebook.size = sizes[i];
		assert_int_equal(
		    bkt_record_print(r, arena, &out, &err), BKT_OK);
		snprintf(want, sizeof(want), "\"size\": %llu,\n",
		    (unsigned long long)sizes[i]);
		assert_non_null(strstr((const char *)out.ptr, want));
	}
}

/* ---- owned files ------------------------------------------------------- */

static void records_own_the_files_beside_them(void **state)
{
	static const struct {
		const char *file;
		const char *owned[3];
	} rows[] = {
		{ "institution", { "ca.pem" } },
		{ "member", { "members/ani.pem" } },
		{ "rulebook", { "rulebooks/spbe-2020-r1.yaml" } },
		{ "document", { "documents/k3/k3xq7m2aap4d/content/"
				"Indikator13g Surat Konsultasi.docx.pdf" } },
		{ "package",
		    { "cycles/2026-2/packages/1.tagmanifest.kadis.p7s",
			"cycles/2026-2/packages/1.tagmanifest.koord.p7s" } },
		{ "link", { NULL } },
		{ "release", { NULL } },
	};
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(ARENA_MAX);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char path[512];
		struct bkt_record *r = NULL;
		struct bkt_strs l;
		struct bkt_err err;
		struct bkt_path_info info;
		size_t n = 0;
		BKT_AUTO(bkt_buf_release) struct bkt_buf in;

		snprintf(path, sizeof(path), GOLDEN "/%s.json", rows[i].file);
		slurp(path, &in);
		assert_int_equal(parse(bkt_buf_span(&in), arena, &r), BKT_OK);
		assert_int_equal(bkt_record_owned(r, arena, &l, &err), BKT_OK);
		for (; rows[i].owned[n]; n++) {
			assert_true(n < l.n);
			assert_string_equal(l.v[n], rows[i].owned[n]);
			bkt_path_classify(l.v[n], &info);
			assert_int_equal(info.class_, BKT_PATH_OWNED);
			assert_int_equal(info.kind, r->kind);
		}
		assert_int_equal(l.n, n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_is_there_and_prints_as_it_was_read),
		cmocka_unit_test(every_bad_record_is_malformed),
		cmocka_unit_test(golden_files_are_the_ones_that_were_made),
		cmocka_unit_test(stock_jq_prints_the_same),
		cmocka_unit_test(
		    one_flipped_bit_is_refused_or_read_back_exactly),
		cmocka_unit_test(no_memory_is_never_a_verdict),
		cmocka_unit_test(the_path_is_computed_where_contents_imply_it),
		cmocka_unit_test(golden_paths_are_the_ones_computed),
		cmocka_unit_test(what_would_not_parse_is_not_printed),
		cmocka_unit_test(an_empty_optional_value_is_left_out),
		cmocka_unit_test(whole_numbers_print_as_jq_prints_them),
		cmocka_unit_test(records_own_the_files_beside_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
