/* The vectors of tests/golden/access and tests/golden/rulebook. */
#include "bukti/rulebook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "bukti/crypto.h"
#include "support/golden.h"

#define ARENA_MAX ((size_t)16 << 20)

/* ---- access and files -----------------------------------------------------
 */

/* a policy as the record that a store would hold */
static void compile(
    const struct bkt_access *access, bkt_arena *arena, struct bkt_buf *out)
{
	static const char *by[] = { "adm" };
	struct bkt_err err;
	struct bkt_record r = {
		.kind = BKT_KIND_ACCESS,
		.store = "spbe.kota-contoh.go.id",
		.path = "access.json",
		.prev = "",
		.by = { by, 1 },
		.u.access = *access,
	};

	assert_true(bkt_time_parse("2026-03-02T01:02:03Z", &r.at_utc_s));
	bkt_buf_init(out, BKT_RECORD_MAX);
	if (bkt_record_print(&r, arena, out, &err) != BKT_OK)
		fail_msg("%s", err.msg);
}

static void compiles_to(const char *name)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(ARENA_MAX);
	BKT_AUTO(bkt_buf_release) struct bkt_buf yaml, want, is;
	struct bkt_access access;
	struct bkt_err err;
	char path[64];

	snprintf(path, sizeof(path), "good/%s.yaml", name);
	golden_slurp("access", path, &yaml);
	snprintf(path, sizeof(path), "good/%s.json", name);
	golden_slurp("access", path, &want);
	if (bkt_access_from_yaml(
		bkt_buf_span(&yaml), name, arena, &access, &err) != BKT_OK)
		fail_msg("%s", err.msg);
	compile(&access, arena, &is);
	if (!bkt_span_eq(bkt_buf_span(&want), bkt_buf_span(&is)))
		fail_msg("%s is compiled into:\n%.*s", name, (int)is.len,
		    (const char *)is.ptr);
}

static void access_policies_compile_to_their_records(void **state)
{
	(void)state;
	compiles_to("least");
	compiles_to("block");
	compiles_to("reviewer");
}

static void aliases_are(const struct bkt_file_type *t, const char *want)
{
	char is[64] = "";
	size_t n = 0;

	for (size_t i = 0; i < t->n_aliases; i++)
		n += (size_t)snprintf(is + n, sizeof(is) - n, "%s%s",
		    i ? " " : "", t->aliases[i]);
	assert_string_equal(is, want);
}

static void the_file_policy_is_read(void **state)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(ARENA_MAX);
	BKT_AUTO(bkt_buf_release) struct bkt_buf yaml;
	BKT_AUTO(golden_release) struct golden_table t;
	struct bkt_file_policy p;
	struct bkt_err err;

	(void)state;
	golden_slurp("access", "good/files.yaml", &yaml);
	if (bkt_file_policy_from_yaml(
		bkt_buf_span(&yaml), "files", arena, &p, &err) != BKT_OK)
		fail_msg("%s", err.msg);
	assert_int_equal(p.max_bytes, 25000000);
	golden_open("access", "FILES", 3, &t);
	while (golden_next(&t)) {
		const struct bkt_file_type *type = &p.types[t.n_rows - 1];

		assert_true(t.n_rows <= p.n_types);
		assert_string_equal(type->extension, t.column[0]);
		assert_string_equal(type->media, t.column[1]);
		aliases_are(type, t.column[2]);
	}
	assert_int_equal(t.n_rows, p.n_types);
}

static void bad_policies_are_refused(void **state)
{
	BKT_AUTO(golden_release) struct golden_table t;

	(void)state;
	golden_open("access", "RULES", 3, &t);
	while (golden_next(&t)) {
		BKT_AUTO(bkt_arena_free)
		bkt_arena *arena = bkt_arena_new(ARENA_MAX);
		BKT_AUTO(bkt_buf_release) struct bkt_buf yaml;
		struct bkt_file_policy files;
		struct bkt_access access;
		struct bkt_err err;
		enum bkt_status st;
		char path[64];

		snprintf(path, sizeof(path), "bad/%s.yaml", t.column[0]);
		golden_slurp("access", path, &yaml);
		st = strcmp(t.column[1], "files") == 0
			 ? bkt_file_policy_from_yaml(bkt_buf_span(&yaml),
			       t.column[0], arena, &files, &err)
			 : bkt_access_from_yaml(bkt_buf_span(&yaml),
			       t.column[0], arena, &access, &err);
		if (st != BKT_E_CONFIG)
			fail_msg("%s: %s, but: %s", t.column[0],
			    bkt_status_name(st), t.column[2]);
	}
	assert_int_equal(t.n_rows, 55);
}

/* ---- rulebooks ------------------------------------------------------------
 */

static void rulebooks_give_their_results(void **state)
{
	BKT_AUTO(golden_release) struct golden_table t;

	(void)state;
	golden_open("rulebook", "RESULTS", 4, &t);
	while (golden_next(&t)) {
		BKT_AUTO(bkt_rulebook_free) bkt_rulebook_set *set = NULL;
		BKT_AUTO(bkt_buf_release) struct bkt_buf yaml, report;
		uint64_t n_tests, n_wrong;
		unsigned n_run, n_failed;
		struct bkt_err err;
		char path[64];

		snprintf(path, sizeof(path), "good/%s.yaml", t.column[0]);
		golden_slurp("rulebook", path, &yaml);
		assert_true(bkt_parse_u64(t.column[2], 1000, &n_tests));
		assert_true(bkt_parse_u64(t.column[3], 1000, &n_wrong));
		if (bkt_rulebook_parse(
			bkt_buf_span(&yaml), path, &set, NULL, &err) != BKT_OK)
			fail_msg("%s", err.msg);
		assert_string_equal(bkt_rulebook_get(set)->stem, t.column[1]);
		bkt_buf_init(&report, (size_t)1 << 20);
		assert_int_equal(
		    bkt_rulebook_test(set, &n_run, &n_failed, &report, &err),
		    BKT_OK);
		assert_int_equal(n_run, n_tests);
		if (n_failed != n_wrong)
			fail_msg("%s: %u tests fail:\n%.*s", path, n_failed,
			    (int)report.len, (const char *)report.ptr);
	}
	assert_int_equal(t.n_rows, 3);
}

static void bad_rulebooks_are_refused(void **state)
{
	BKT_AUTO(golden_release) struct golden_table t;

	(void)state;
	golden_open("rulebook", "RULES", 2, &t);
	while (golden_next(&t)) {
		BKT_AUTO(bkt_rulebook_free) bkt_rulebook_set *set = NULL;
		BKT_AUTO(bkt_buf_release) struct bkt_buf yaml;
		struct bkt_err err;
		enum bkt_status st;
		char path[64];

		snprintf(path, sizeof(path), "bad/%s.yaml", t.column[0]);
		golden_slurp("rulebook", path, &yaml);
		st = bkt_rulebook_parse(
		    bkt_buf_span(&yaml), path, &set, NULL, &err);
		if (st != BKT_E_CONFIG)
			fail_msg("%s: %s, but: %s", path, bkt_status_name(st),
			    t.column[1]);
	}
	assert_int_equal(t.n_rows, 74);
}

static void vectors_are_the_ones_that_were_made(void **state)
{
	(void)state;
	golden_unchanged("access", 64);
	golden_unchanged("rulebook", 79);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_are_the_ones_that_were_made),
		cmocka_unit_test(access_policies_compile_to_their_records),
		cmocka_unit_test(the_file_policy_is_read),
		cmocka_unit_test(bad_policies_are_refused),
		cmocka_unit_test(rulebooks_give_their_results),
		cmocka_unit_test(bad_rulebooks_are_refused),
	};
	struct bkt_err err;

	if (bkt_crypto_init(&err) != BKT_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
