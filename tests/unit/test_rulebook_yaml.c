/* Reading policy files: what is refused, and what a refusal says. */
#include "bukti/rulebook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define POLICIES BUKTI_SOURCE_DIR "/policies/"
#define CORPUS BUKTI_SOURCE_DIR "/tests/fuzz/corpus/rulebook/"

static struct bkt_buf load(const char *path)
{
	struct bkt_buf b;
	struct bkt_err err;

	bkt_buf_init(&b, 4 * BKT_YAML_MAX);
	if (bkt_file_slurp(path, &b, &err) != BKT_OK)
		fail_msg("%s", err.msg);
	return b;
}

static enum bkt_status parse(
    const struct bkt_buf *text, struct bkt_buf *report, struct bkt_err *err)
{
	bkt_rulebook_set *set = NULL;
	enum bkt_status st = bkt_rulebook_parse(
	    bkt_buf_span(text), "buku.yaml", &set, report, err);

	bkt_rulebook_free(set);
	return st;
}

/* the mini rulebook with one piece of text replaced */
static enum bkt_status parse_edited(const char *file, const char *find,
    const char *put, struct bkt_buf *report, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf text = load(file);
	BKT_AUTO(bkt_buf_release) struct bkt_buf edited;
	const char *s = (const char *)text.ptr, *at = strstr(s, find);

	if (!at)
		fail_msg("\"%s\" is not in %s", find, file);
	bkt_buf_init(&edited, 4 * BKT_YAML_MAX);
	bkt_buf_add(&edited, s, (size_t)(at - s));
	bkt_buf_str(&edited, put);
	bkt_buf_str(&edited, at + strlen(find));
	return parse(&edited, report, err);
}

static const struct {
	const char *why, *find, *put;
	const char *place; /* line:column of the first problem; NULL: any */
} edits[] = {
	{ "a weight with a letter is not a number", "weight: \"3\"",
	    "weight: \"3x\"", "50:13" },
	{ "a weight without quotes is a binary fraction elsewhere",
	    "weight: \"2.5\"", "weight: 2.5", NULL },
	{ "an edition without quotes loses its zero elsewhere",
	    "edition: \"1\"", "edition: 2020.10", "3:10" },
	{ "NO is a boolean elsewhere", "issuer: bssn", "issuer: NO", NULL },
	{ "a yes is a boolean elsewhere", "language: id", "language: yes",
	    "6:11" },
	{ "a bare number is no text", "number: \"1\"", "number: 1", NULL },
	{ "a quoted number is no whole number", "revision: 7",
	    "revision: \"7\"", "4:11" },
	{ "octal is no whole number", "revision: 7", "revision: 07", "4:11" },
	{ "a date without quotes is a timestamp elsewhere",
	    "at: \"2026-12-31\"", "at: 2026-12-31", NULL },
	{ "the thirtieth of February is no date", "at: \"2026-12-31\"",
	    "at: \"2026-02-30\"", NULL },
	{ "an unknown key is told", "rulebook: 1", "rulebok: 1", NULL },
	{ "another version of the format is not understood", "rulebook: 1",
	    "rulebook: 2", "1:11" },
	{ "an empty value is no value", "status: draft", "status:", NULL },
	{ "the name of the file comes from plain words", "org.example.mini",
	    "org.example.Mini", NULL },
	{ "weights must add up to the total", "weight_total: \"10\"",
	    "weight_total: \"10.1\"", NULL },
	{ "an aspect's weight must be that of its indicators", "weight: \"5\"",
	    "weight: \"6\"", NULL },
	{ "an indicator has one aspect", "[X01, X02]", "[X01, X02, X03]",
	    NULL },
	{ "every indicator has an aspect", "[X01, X02]", "[X01]", NULL },
	{ "an aspect names known indicators", "[X01, X02]", "[X01, X02, X09]",
	    NULL },
	{ "an indicator comes once", "id: X02", "id: X01", NULL },
	{ "a weight is above zero", "weight: \"2\"", "weight: \"0\"", NULL },
	{ "bands follow each other", "from: \"2.5\"", "from: \"2.6\"", NULL },
	{ "the last band is open", "below: null", "below: \"9\"", NULL },
	{ "only the last band is open", "below: \"2.5\"", "below: null", NULL },
	{ "a scale is known", "scale: nilai", "scale: nila", NULL },
	{ "a type is known", "type: [perjanjian]", "type: [perjanjan]", NULL },
	{ "a type comes once", "id: hasil", "id: surat", NULL },
	{ "a tag is known", "covers: {bidang: all}", "covers: {bidan: all}",
	    NULL },
	{ "more values than a tag has cannot be asked for", "at_least: 2",
	    "at_least: 4", NULL },
	{ "a free tag serves all_units only", "covers: {unit: all_units}",
	    "covers: {unit: all}", NULL },
	{ "a field is known", "distinct: date", "distinct: dat", NULL },
	{ "a level asks for something", "require: {doc: {type: [surat]}}}",
	    "require: none}", NULL },
	{ "the floor asks for nothing", "{level: 1, statement: \"satu\"}",
	    "{level: 1, statement: \"satu\", require: {doc: "
	    "{type: [surat]}}}",
	    NULL },
	{ "a level comes once", "level: 2\n", "level: 3\n", NULL },
	{ "a level lies on the scale", "level: 2\n", "level: 9\n", NULL },
	{ "a requirement comes once", "{id: c,", "{id: b,", NULL },
	{ "all and any stand alone", "require:\n          any:",
	    "require:\n          id: z\n          any:", NULL },
	{ "a check is known",
	    "claim-above-supported:", "claim-above-suported:", NULL },
	{ "a check takes its own limits only", "severity: error,",
	    "severity: error, max_age: P2Y,", NULL },
	{ "a check has a source", ", source: \"uji\"", "", NULL },
	{ "a test speaks of known indicators", "expect: {X01", "expect: {X09",
	    NULL },
	{ "a score has no names", "max: \"5.00\"}", "max: \"5.00\", floor: 1}",
	    NULL },
	{ "a span has a unit", "age: P1Y", "age: P1", NULL },
	{ "somebody is meant", "applies_to: [pusat]", "applies_to: []", NULL },
	{ "a block of text is not in the subset", "title: \"Buku aturan mini\"",
	    "title: |\n  Buku", NULL },
};

static void refuses_edits(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(edits) / sizeof(*edits); i++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf report;
		char place[40];
		struct bkt_err err = { .status = BKT_OK };
		enum bkt_status st;

		bkt_buf_init(&report, 1 << 20);
		st = parse_edited(CORPUS "mini.yaml", edits[i].find,
		    edits[i].put, &report, &err);
		if (st != BKT_E_CONFIG)
			fail_msg("%s: status %d", edits[i].why, st);
		(void)snprintf(place, sizeof(place),
		    "buku.yaml:%s:", edits[i].place ? edits[i].place : "");
		if (!edits[i].place)
			place[strlen("buku.yaml:")] = '\0';
		if (strncmp(err.msg, place, strlen(place)) != 0)
			fail_msg("%s: %s", edits[i].why, err.msg);
		/* every report shows a caret under a line of the source */
		assert_non_null(strstr((const char *)report.ptr, "^\n"));
	}
}

static void accepts_the_unedited(void **state)
{
	static const char *const good[] = { CORPUS "mini.yaml",
		CORPUS "template.yaml", CORPUS "share.yaml",
		CORPUS "score.yaml", POLICIES "spbe-2020.yaml",
		POLICIES "spbe-2018.yaml", POLICIES "pemdi-2026.yaml" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf text = load(good[i]);
		struct bkt_err err;

		if (parse(&text, NULL, &err) != BKT_OK)
			fail_msg("%s", err.msg);
	}
}

/* refused whole, before anybody reads a word of it */
static void refuses_other_yaml(void **state)
{
	static const char *const files[] = { "alias", "binary", "block", "bomb",
		"control", "cut", "deep", "duplicate", "empty", "key", "open",
		"plain", "tab", "tag", "two" };

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf text;
		char path[512];
		struct bkt_err err;

		(void)snprintf(path, sizeof(path), CORPUS "%s.yaml", files[i]);
		text = load(path);
		if (parse(&text, NULL, &err) != BKT_E_CONFIG)
			fail_msg("%s was not refused", files[i]);
	}
}

static void refuses_too_much(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf text;
	struct bkt_err err;

	(void)state;
	bkt_buf_init(&text, 4 * BKT_YAML_MAX);
	while (text.len < 2 * BKT_YAML_MAX)
		bkt_buf_str(&text, "# two mebibytes of nothing\n");
	assert_int_equal(parse(&text, NULL, &err), BKT_E_CONFIG);
}

static void refuses_long_lines(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf text;
	struct bkt_err err;

	(void)state;
	bkt_buf_init(&text, BKT_YAML_MAX);
	bkt_buf_str(&text, "a: 1\nb: [");
	while (text.len < 4000)
		bkt_buf_chr(&text, '[');
	assert_int_equal(parse(&text, NULL, &err), BKT_E_CONFIG);
	assert_non_null(strstr(err.msg, "buku.yaml:2:1: line of"));
}

static void suggests(void **state)
{
	struct bkt_err err;

	(void)state;
	assert_int_equal(parse_edited(CORPUS "mini.yaml", "scale: nilai",
			     "scale: nila", NULL, &err),
	    BKT_E_CONFIG);
	assert_non_null(strstr(err.hint, "nilai"));
}

static void tells_every_problem(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf report;
	struct bkt_err err;
	unsigned n = 0;

	(void)state;
	bkt_buf_init(&report, 1 << 20);
	assert_int_equal(parse_edited(CORPUS "mini.yaml", "status: draft",
			     "statu: draft\nauthor: x", &report, &err),
	    BKT_E_CONFIG);
	for (const char *s = (const char *)report.ptr;
	     (s = strstr(s, "buku.yaml:")); s++)
		n++;
	/* two unknown keys, and one that is missing for it */
	assert_int_equal(n, 3);
}

static const struct {
	const char *why, *find, *put;
} template_edits[] = {
	{ "a template is known", "template: t,", "template: u," },
	{ "a parameter is known", "jumlah: 3}", "jumla: 3}" },
	{ "a parameter without default is given", "jenis: [surat, gambar], ",
	    "" },
	{ "a parameter that is used exists", "$(jenis)", "$(jeniss)" },
	{ "a language that is used exists", "$(teks.en)", "$(teks.de)" },
	{ "a parameter is of the kind its place wants", "jumlah: 3}",
	    "jumlah: [3]}" },
	{ "after names what stands before", "after: [L2.a]", "after: [L4.a]" },
};

static void refuses_templates(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(template_edits) / sizeof(*template_edits);
	     i++) {
		struct bkt_err err;

		if (parse_edited(CORPUS "template.yaml", template_edits[i].find,
			template_edits[i].put, NULL, &err) != BKT_E_CONFIG)
			fail_msg("%s", template_edits[i].why);
	}
}

static unsigned fail_at, n_allocs;
static bool fail_one(size_t n_bytes)
{
	(void)n_bytes;
	return ++n_allocs == fail_at;
}

/* lack of memory is never told as a bad rulebook */
static void survives_lack_of_memory(void **state)
{
	BKT_AUTO(bkt_buf_release)
	struct bkt_buf text = load(CORPUS "template.yaml");
	enum bkt_status st = BKT_E_NOMEM;

	(void)state;
	for (fail_at = 1; st != BKT_OK; fail_at++) {
		struct bkt_err err;

		n_allocs = 0;
		bkt_alloc_fault = fail_one;
		st = parse(&text, NULL, &err);
		bkt_alloc_fault = NULL;
		if (st != BKT_E_NOMEM && st != BKT_OK)
			fail_msg("allocation %u: %s", fail_at, err.msg);
		assert_true(fail_at < 10000);
	}
	assert_true(fail_at > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_the_unedited),
		cmocka_unit_test(refuses_edits),
		cmocka_unit_test(refuses_templates),
		cmocka_unit_test(refuses_other_yaml),
		cmocka_unit_test(refuses_too_much),
		cmocka_unit_test(refuses_long_lines),
		cmocka_unit_test(suggests),
		cmocka_unit_test(tells_every_problem),
		cmocka_unit_test(survives_lack_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
