/* The access policy and the file policy that ship with the program. */
#include "bukti/rulebook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define POLICIES BUKTI_SOURCE_DIR "/policies/"

static struct bkt_buf load(const char *path)
{
	struct bkt_buf b;
	struct bkt_err err;

	bkt_buf_init(&b, BKT_YAML_MAX);
	if (bkt_file_slurp(path, &b, &err) != BKT_OK)
		fail_msg("%s", err.msg);
	return b;
}

static struct bkt_buf edited(
    const char *path, const char *find, const char *put)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf text = load(path);
	const char *s = (const char *)text.ptr, *at = strstr(s, find);
	struct bkt_buf out;

	if (!at)
		fail_msg("\"%s\" is not in %s", find, path);
	bkt_buf_init(&out, BKT_YAML_MAX);
	bkt_buf_add(&out, s, (size_t)(at - s));
	bkt_buf_str(&out, put);
	bkt_buf_str(&out, at + strlen(find));
	return out;
}

static const struct {
	const char *kind;
	const char *rows[4]; /* "role count scope,...[ -distinct]" */
} wanted[] = {
	{ "institution", { "admin 1 any" } },
	{ "access", { "admin 1 any" } },
	{ "unit", { "admin 1 any" } },
	{ "member", { "admin 1 any" } },
	{ "rulebook", { "admin 1 any" } },
	{ "cycle", { "coordinator 1 any", "admin 1 any" } },
	{ "document", { "uploader 1 unit", "operator 1 any" } },
	{ "link", { "uploader 1 assigned", "operator 1 any" } },
	{ "claim",
	    { "uploader 1 assigned -reviewer", "coordinator 1 any -reviewer",
		"verifier 1 any -reviewer" } },
	{ "review", { "verifier 1 any -claimant -uploader" } },
	{ "release", { "coordinator 1 any,responsible 1 any" } },
	{ "package", { "operator 1 any", "coordinator 1 any" } },
	{ "result", { "coordinator 1 any" } },
	{ "revocation", { "admin 1 any" } },
	{ "hold", { "admin 1 any", "auditor 1 any" } },
	{ "erasure", { "admin 1 any,responsible 1 any" } },
};

static void describe(const struct bkt_access_rule *r, char *out, size_t cap)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_needs; i++)
		n += (size_t)snprintf(out + n, cap - n, "%s%s %u %s",
		    i > 0 ? "," : "", r->needs[i].role,
		    (unsigned)r->needs[i].count, r->needs[i].scope);
	for (size_t i = 0; i < r->distinct_from.n; i++)
		n += (size_t)snprintf(
		    out + n, cap - n, " -%s", r->distinct_from.v[i]);
}

static void access_is_as_agreed(void **state)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 20);
	BKT_AUTO(bkt_buf_release)
	struct bkt_buf text = load(POLICIES "access.yaml");
	struct bkt_access a;
	struct bkt_err err;
	size_t n = 0;

	(void)state;
	if (bkt_access_from_yaml(
		bkt_buf_span(&text), "access.yaml", arena, &a, &err) != BKT_OK)
		fail_msg("%s", err.msg);
	assert_int_equal(a.roles.n, 7);
	for (size_t i = 1; i < a.roles.n; i++)
		assert_true(strcmp(a.roles.v[i - 1], a.roles.v[i]) < 0);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		for (size_t k = 0; k < 4 && wanted[i].rows[k]; k++, n++) {
			char is[200];

			assert_true(n < a.n_rules);
			assert_string_equal(a.rules[n].kind, wanted[i].kind);
			describe(&a.rules[n], is, sizeof(is));
			assert_string_equal(is, wanted[i].rows[k]);
		}
	}
	assert_int_equal(n, a.n_rules);
}

static const struct {
	const char *why, *find, *put;
} access_edits[] = {
	{ "a role is known", "role: verifier, count", "role: verifer, count" },
	{ "a kind is known", "kind: result", "kind: results" },
	{ "no kind goes without a rule", "kind: result", "kind: package" },
	{ "a scope is known", "scope: unit", "scope: units" },
	{ "a scope has a meaning for the kind",
	    "kind: result, needs: [{role: coordinator, count: 1, scope: any",
	    "kind: result, needs: [{role: coordinator, count: 1, scope: unit" },
	{ "nobody cannot sign", "count: 1", "count: 0" },
	{ "more than a record can hold is never met", "count: 1", "count: 17" },
	{ "whom to differ from is known", "[uploader,", "[uploaders," },
	{ "a role comes once", "  - admin ", "  - operator " },
	{ "a rule needs somebody",
	    "needs: [{role: admin, count: 1, "
	    "scope: any}]",
	    "needs: []" },
	{ "there are no anchors", "access: 1", "access: &a 1" },
};

static void access_refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(access_edits) / sizeof(*access_edits);
	     i++) {
		BKT_AUTO(bkt_arena_free)
		bkt_arena *arena = bkt_arena_new(1 << 20);
		BKT_AUTO(bkt_buf_release)
		struct bkt_buf text = edited(POLICIES "access.yaml",
		    access_edits[i].find, access_edits[i].put);
		struct bkt_access a;
		struct bkt_err err;

		if (bkt_access_from_yaml(bkt_buf_span(&text), "access.yaml",
			arena, &a, &err) != BKT_E_CONFIG)
			fail_msg("%s", access_edits[i].why);
	}
}

static void files_are_as_agreed(void **state)
{
	static const char *const extensions[] = { "pdf", "jpg", "png", "xlsx",
		"docx", "pptx", "ods", "odt", "odp" };
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 20);
	BKT_AUTO(bkt_buf_release)
	struct bkt_buf text = load(POLICIES "files.yaml");
	struct bkt_file_policy p;
	struct bkt_err err;

	(void)state;
	if (bkt_file_policy_from_yaml(
		bkt_buf_span(&text), "files.yaml", arena, &p, &err) != BKT_OK)
		fail_msg("%s", err.msg);
	assert_int_equal(p.max_bytes, (uint64_t)16 << 30);
	assert_int_equal(p.n_types, sizeof(extensions) / sizeof(*extensions));
	for (size_t i = 0; i < p.n_types; i++)
		assert_string_equal(p.types[i].extension, extensions[i]);
	assert_string_equal(p.types[0].media, "application/pdf");
	assert_int_equal(p.types[1].n_aliases, 1);
	assert_string_equal(p.types[1].aliases[0], "jpeg");
}

static const struct {
	const char *why, *find, *put;
} file_edits[] = {
	{ "a limit is a number", "17179869184", "16G" },
	{ "a limit is above zero", "17179869184", "0" },
	{ "an extension means one thing", "[jpeg]", "[pdf]" },
	{ "an extension is lower case", "extension: png", "extension: PNG" },
	{ "a media type has two parts", "media: image/png", "media: png" },
	{ "a key is known", "max_bytes", "maxbytes" },
};

static void files_refuse(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(file_edits) / sizeof(*file_edits); i++) {
		BKT_AUTO(bkt_arena_free)
		bkt_arena *arena = bkt_arena_new(1 << 20);
		BKT_AUTO(bkt_buf_release)
		struct bkt_buf text = edited(POLICIES "files.yaml",
		    file_edits[i].find, file_edits[i].put);
		struct bkt_file_policy p;
		struct bkt_err err;

		if (bkt_file_policy_from_yaml(bkt_buf_span(&text), "files.yaml",
			arena, &p, &err) != BKT_E_CONFIG)
			fail_msg("%s", file_edits[i].why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(access_is_as_agreed),
		cmocka_unit_test(access_refuses),
		cmocka_unit_test(files_are_as_agreed),
		cmocka_unit_test(files_refuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
