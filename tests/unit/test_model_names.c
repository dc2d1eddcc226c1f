/* Ids, file names, paths, entry bytes and the small texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bukti/model.h"

#define ARENA_MAX ((size_t)1 << 20)
#define N(a) (sizeof(a) / sizeof((a)[0]))
#define HEX  \
	"ab" \
	"01234567890123456789012345678901234567890123456789012345678901"
#define FORTY "abcdefghijklmnopqrstuvwxyz0123456789-abc"

struct word {
	const char *s;
	bool good;
	const char *why;
};

static void judge(
    const struct word *rows, size_t n, bool (*valid)(const char *))
{
	for (size_t i = 0; i < n; i++)
		if (valid(rows[i].s) != rows[i].good)
			fail_msg("\"%s\": %s", rows[i].s, rows[i].why);
}

static void ids_are_short_and_lower_case(void **state)
{
	static const struct word rows[] = {
		{ "ani", true, "a name" },
		{ "2026-2", true, "may begin with a digit" },
		{ FORTY, true, "40 characters" },
		{ FORTY "x", false, "41 characters" },
		{ "", false, "empty" },
		{ "-ani", false, "begins with a hyphen" },
		{ "Ani", false, "upper case" },
		{ "ani.b", false, "a dot would end the seal's record path" },
		{ "ani/b", false, "a slash" },
		{ "ani b", false, "a space" },
		{ "con", false, "a device of Windows" },
		{ "com1", false, "a device of Windows" },
		{ "com", true, "no device" },
		{ "console", true, "no device" },
	};

	(void)state;
	judge(rows, N(rows), bkt_id_valid);
	assert_false(bkt_id_valid(NULL));
}

static void indicator_and_document_ids_have_their_grammar(void **state)
{
	static const struct word indicators[] = {
		{ "I01", true, "the usual one" },
		{ "I", true, "one letter" },
		{ "ABCdef-12345", true, "12 characters" },
		{ "ABCdef-123456", false, "13 characters" },
		{ "i01", false, "lower case would meet the folder packages" },
		{ "1A", false, "begins with a digit" },
		{ "I_1", false, "an underscore" },
		{ "COM1", false, "a device of Windows" },
		{ "", false, "empty" },
	};
	static const struct word documents[] = {
		{ "k3xq7m2aap4d", true, "12 of a-z2-7" },
		{ "k3xq7m2aap4", false, "11" },
		{ "k3xq7m2aap4dd", false, "13" },
		{ "k3xq7m2aap41", false, "1 is not in the alphabet" },
		{ "K3xq7m2aap4d", false, "upper case" },
		{ "", false, "empty" },
	};

	(void)state;
	judge(indicators, N(indicators), bkt_indicator_id_valid);
	judge(documents, N(documents), bkt_document_id_valid);
}

static void origins_look_like_host_names(void **state)
{
	static const struct word rows[] = {
		{ "spbe.kota-contoh.go.id", true, "a host name" },
		{ "contoh", true, "one label" },
		{ "a.b", true, "short" },
		{ "", false, "empty" },
		{ ".a", false, "begins with a dot" },
		{ "a.", false, "ends with a dot" },
		{ "a..b", false, "an empty label" },
		{ "-a.b", false, "a label begins with a hyphen" },
		{ "a-.b", false, "a label ends with a hyphen" },
		{ "a.b-", false, "the last label ends with a hyphen" },
		{ "A.b", false, "upper case" },
		{ "a b", false, "a space" },
		{ "a+b", false, "a plus would end a note key's name" },
		{ "a/b", false, "a slash" },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaa",
		    false, "a label of 64" },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		    false, "101 characters" },
	};

	(void)state;
	judge(rows, N(rows), bkt_origin_valid);
}

static const struct word file_names[] = {
	{ "Indikator13g Surat Konsultasi.docx.pdf", true, "a real name" },
	{ "Peraturan \xC3\xA9.pdf", true, "composed" },
	{ "Peraturan e\xCC\x81.pdf", false, "decomposed" },
	{ "a", true, "one character" },
	{ "console.pdf", true, "begins like a device" },
	{ "git.pdf", true, "begins like git" },
	{ "giat~1.pdf", false, "could be a short name of .gitattributes" },
	{ "kegiatan~1.pdf", true, "a tilde alone is harmless" },
	{ "", false, "empty" },
	{ ".", false, "this folder" },
	{ "..", false, "the folder above" },
	{ ".git", false, "git's own folder" },
	{ ".GIT", false, "git's own folder where case is folded" },
	{ "git~1", false, "git's own folder as a short name" },
	{ "GIT~2.txt", false, "a short name" },
	{ "gi7d29~1", false, "short name of .gitattributes" },
	{ ".g\xE2\x80\x8Cit", false, "HFS drops the character" },
	{ "\xE2\x80\x8D.git", false, "HFS drops the character in front" },
	{ ".gitattributes", false, "git would obey it" },
	{ ".gitmodules", false, "git would obey it" },
	{ ".hidden.pdf", false, "leading dot" },
	{ "a/b", false, "slash" },
	{ "a\\b", false, "backslash" },
	{ "a:b", false, "alternate stream" },
	{ "a*b", false, "wildcard" },
	{ "a?b", false, "wildcard" },
	{ "a\"b", false, "quote" },
	{ "a<b", false, "less" },
	{ "a>b", false, "greater" },
	{ "a|b", false, "pipe" },
	{ "a\nb", false, "line feed" },
	{ "a\x7f", false, "delete" },
	{ "a\xE2\x80\xAE"
	  "fdp.exe",
	    false, "bidi override" },
	{ "a\xFF", false, "not UTF-8" },
	{ " a", false, "leading space" },
	{ "a ", false, "trailing space" },
	{ "a.", false, "trailing dot" },
	{ "con", false, "device" },
	{ "CON.pdf", false, "device with extension" },
	{ "nul .pdf", false, "device with a space" },
	{ "lpt9.a.b", false, "device with extensions" },
	{ "com\xC2\xB9.pdf", false, "device with a superscript digit" },
	{ "com10.pdf", true, "no device" },
};

static void file_names_fit_every_system(void **state)
{
	char long_name[BKT_NAME_MAX + 2];

	(void)state;
	judge(file_names, N(file_names), bkt_file_name_valid);
	memset(long_name, 'a', sizeof(long_name));
	long_name[BKT_NAME_MAX + 1] = '\0';
	assert_false(bkt_file_name_valid(long_name));
	long_name[BKT_NAME_MAX] = '\0';
	assert_true(bkt_file_name_valid(long_name));
}

static void cleaning_makes_a_valid_name_of_anything(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "Surat Konsultasi.pdf", "Surat Konsultasi.pdf" },
		{ "e\xCC\x81.pdf", "\xC3\xA9.pdf" },
		{ "a/b:c.pdf", "a_b_c.pdf" },
		{ "\xFF\xFE.pdf", "__.pdf" },
		{ ".git", "_git" },
		{ "..", "_" },
		{ "", "_" },
		{ "   ", "_" },
		{ "\xe2\x80\x8b\xe2\x80\x8b", "_" },
		{ "\xe2\x80\x8b.pdf", "\xe2\x80\x8b.pdf" },
		{ "a\xf3\xa0\x81\x81.pdf", "a_.pdf" },
		{ " a. . ", "a" },
		{ "NUL.pdf", "_NUL.pdf" },
		{ "git~1", "_git~1" },
		{ "a\xE2\x80\xAE"
		  "b",
		    "a_b" },
	};
	uint8_t noise[64];
	uint32_t seed = 1;
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(ARENA_MAX);

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		char *s = bkt_file_name_clean(bkt_span_str(rows[i].in), arena);

		assert_non_null(s);
		assert_string_equal(s, rows[i].out);
		assert_true(bkt_file_name_valid(s));
	}
	for (size_t i = 0; i < N(file_names); i++) {
		char *s =
		    bkt_file_name_clean(bkt_span_str(file_names[i].s), arena);

		assert_non_null(s);
		assert_true(bkt_file_name_valid(s));
		if (file_names[i].good)
			assert_string_equal(s, file_names[i].s);
	}
	for (size_t round = 0; round < 3000; round++) {
		char *s;

		bkt_arena_clear(arena);
		for (size_t i = 0; i < sizeof(noise); i++) {
			seed = seed * 1103515245u + 12345u;
			noise[i] = (uint8_t)(seed >> 16);
		}
		s = bkt_file_name_clean(
		    BKT_SPAN(noise, seed % sizeof(noise)), arena);
		assert_non_null(s);
		assert_true(bkt_file_name_valid(s));
	}
}

static void cutting_keeps_the_extension_and_whole_characters(void **state)
{
	char raw[600];
	char *s;
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(ARENA_MAX);

	(void)state;
	for (size_t i = 0; i < 250; i++)
		memcpy(raw + 2 * i, "\xC3\xA9", 2);
	memcpy(raw + 500, ".pdf", 5);
	s = bkt_file_name_clean(bkt_span_str(raw), arena);
	assert_non_null(s);
	assert_int_equal(strlen(s), 180);
	assert_string_equal(s + 176, ".pdf");
	memset(raw, ' ', 500);
	raw[0] = 'x';
	s = bkt_file_name_clean(bkt_span_str(raw), arena);
	assert_non_null(s);
	assert_true(bkt_file_name_valid(s));
}

/* ---- paths ------------------------------------------------------------- */

#define DOC "k3xq7m2aap4d"
#define DOCS "documents/k3/" DOC "/"

static void paths_are_known_exactly(void **state)
{
	static const struct {
		const char *path;
		enum bkt_path_class class_;
		enum bkt_kind kind;
		const char *cycle, *indicator, *document, *member;
	} rows[] = {
		{ "institution.json", BKT_PATH_RECORD, BKT_KIND_INSTITUTION, "",
		    "", "", "" },
		{ "access.json", BKT_PATH_RECORD, BKT_KIND_ACCESS, "", "", "",
		    "" },
		{ "units/u.json", BKT_PATH_RECORD, BKT_KIND_UNIT, "", "", "",
		    "" },
		{ "members/ani.json", BKT_PATH_RECORD, BKT_KIND_MEMBER, "", "",
		    "", "ani" },
		{ "members/ani.revocation-" HEX ".json", BKT_PATH_RECORD,
		    BKT_KIND_REVOCATION, "", "", "", "ani" },
		{ "rulebooks/spbe-2020-r1.json", BKT_PATH_RECORD,
		    BKT_KIND_RULEBOOK, "", "", "", "" },
		{ "cycles/2026-2/cycle.json", BKT_PATH_RECORD, BKT_KIND_CYCLE,
		    "2026-2", "", "", "" },
		{ "cycles/2026-2/release.json", BKT_PATH_RECORD,
		    BKT_KIND_RELEASE, "2026-2", "", "", "" },
		{ "cycles/2026-2/result.json", BKT_PATH_RECORD, BKT_KIND_RESULT,
		    "2026-2", "", "", "" },
		{ "cycles/2026-2/packages/12.json", BKT_PATH_RECORD,
		    BKT_KIND_PACKAGE, "2026-2", "", "", "" },
		{ "cycles/2026-2/I01/claim.json", BKT_PATH_RECORD,
		    BKT_KIND_CLAIM, "2026-2", "I01", "", "" },
		{ "cycles/2026-2/I01/evidence/" DOC ".json", BKT_PATH_RECORD,
		    BKT_KIND_LINK, "2026-2", "I01", DOC, "" },
		{ "cycles/2026-2/I01/reviews/" DOC "/budi.json",
		    BKT_PATH_RECORD, BKT_KIND_REVIEW, "2026-2", "I01", DOC,
		    "budi" },
		{ DOCS "document.json", BKT_PATH_RECORD, BKT_KIND_DOCUMENT, "",
		    "", DOC, "" },
		{ DOCS "hold.json", BKT_PATH_RECORD, BKT_KIND_HOLD, "", "", DOC,
		    "" },
		{ "erasures/ab/" HEX ".json", BKT_PATH_RECORD, BKT_KIND_ERASURE,
		    "", "", "", "" },
		{ "institution.json.adm.p7s", BKT_PATH_SEAL,
		    BKT_KIND_INSTITUTION, "", "", "", "adm" },
		{ "cycles/2026-2/I01/claim.json.ani.p7s", BKT_PATH_SEAL,
		    BKT_KIND_CLAIM, "2026-2", "I01", "", "ani" },
		{ "members/ani.revocation-" HEX ".json.adm.p7s", BKT_PATH_SEAL,
		    BKT_KIND_REVOCATION, "", "", "", "adm" },
		{ "cycles/2026-2/I01/reviews/" DOC "/budi.json.budi.p7s",
		    BKT_PATH_SEAL, BKT_KIND_REVIEW, "2026-2", "I01", DOC,
		    "budi" },
		{ "ca.pem", BKT_PATH_OWNED, BKT_KIND_INSTITUTION, "", "", "",
		    "" },
		{ "members/ani.pem", BKT_PATH_OWNED, BKT_KIND_MEMBER, "", "",
		    "", "ani" },
		{ "rulebooks/spbe-2020-r1.yaml", BKT_PATH_OWNED,
		    BKT_KIND_RULEBOOK, "", "", "", "" },
		{ DOCS "content/Surat Tugas.pdf", BKT_PATH_OWNED,
		    BKT_KIND_DOCUMENT, "", "", DOC, "" },
		{ "cycles/2026-2/packages/12.tagmanifest.ani.p7s",
		    BKT_PATH_OWNED, BKT_KIND_PACKAGE, "2026-2", "", "", "ani" },
		{ "log/checkpoint", BKT_PATH_LOG, 0, "", "", "", "" },
		{ "log/allowed_signers", BKT_PATH_LOG, 0, "", "", "", "" },
		{ "log/witness/saksi.go.id", BKT_PATH_LOG, 0, "", "", "", "" },
		{ "log/time/41.tsr", BKT_PATH_LOG, 0, "", "", "", "" },
		{ ".gitattributes", BKT_PATH_FIXED, 0, "", "", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct bkt_path_info p;

		bkt_path_classify(rows[i].path, &p);
		if (p.class_ != rows[i].class_ || p.kind != rows[i].kind ||
		    strcmp(p.cycle, rows[i].cycle) != 0 ||
		    strcmp(p.indicator, rows[i].indicator) != 0 ||
		    strcmp(p.document, rows[i].document) != 0 ||
		    strcmp(p.member, rows[i].member) != 0)
			fail_msg("%s is read wrongly", rows[i].path);
	}
}

static void everything_else_is_unknown(void **state)
{
	static const char *const rows[] = { "", "/", "a", "institution.json/",
		"/institution.json", "./institution.json", "units//u.json",
		"units/.json", "units/u.json ", "units/U.json",
		"units/../units/u.json", "Units/u.json", "units/u.JSON",
		"units/u.pem", "units/a/b.json",
		"members/ani.revocation-" HEX ".pem",
		"members/ani.revocation.json", "members/ani.revocation-.json",
		"members/ani.revocation-" HEX "0.json",
		"members/ani.revocation-" HEX ".revocation-" HEX ".json",
		"members/ani-" HEX ".json", DOCS "erasure.json",
		"erasures/" HEX ".json", "erasures/ac/" HEX ".json",
		"erasures/ab/AB" HEX ".json", "erasures/ab/ab/" HEX ".json",
		"members/.revocation-" HEX ".json", "rulebooks/spbe.json",
		"rulebooks/spbe-2020-r0.json", "rulebooks/spbe-2020-r01.json",
		"rulebooks/-2020-r1.json", "rulebooks/spbe..-r1.json",
		"rulebooks/-r1.json", "cycles/c.json", "cycles/c/other.json",
		"cycles/c/packages/0.json", "cycles/c/packages/01.json",
		"cycles/c/packages/1000000.json", "cycles/c/packages/x.json",
		"cycles/c/packages/cycle.json.json",
		"cycles/c/I01/claim.json.json", "cycles/c/I01/cycle.json",
		"cycles/c/i01/claim.json", "cycles/c/I01/evidence/x.json",
		"cycles/c/I01/reviews/" DOC ".json",
		"cycles/c/I01/reviews/" DOC "/Budi.json",
		"documents/zz/" DOC "/document.json",
		"documents/k3/" DOC "/other.json", "documents/k3/" DOC,
		DOCS "content/.git", DOCS "content/a/b.pdf", DOCS "content/",
		DOCS "content/.gitattributes", "institution.json.p7s",
		"institution.json..p7s", "institution.json.Adm.p7s",
		"institution.json.adm.P7S", "institution.json.adm.p7s.adm.p7s",
		"ca.pem.adm.p7s", "other.json.adm.p7s", ".p7s", "x.p7s",
		"cycles/c/packages/1.tagmanifest.p7s",
		"cycles/c/packages/0.tagmanifest.ani.p7s",
		"cycles/c/packages/1.tagmanifest.a.b.p7s", "log", "log/other",
		"log/time", "log/time/", "log/time/.x", "log/time/a/b",
		"log/witness/a b", "log/checkpoint.adm.p7s", ".gitattributes/x",
		"documents/.gitattributes", ".gitmodules", ".lfsconfig" };
	char big[BKT_PATH_MAX + 60];

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct bkt_path_info p;

		bkt_path_classify(rows[i], &p);
		if (p.class_ != BKT_PATH_UNKNOWN)
			fail_msg("\"%s\" should be unknown", rows[i]);
		assert_string_equal(p.cycle, "");
		assert_string_equal(p.member, "");
		assert_string_equal(p.document, "");
	}
	memset(big, 'a', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	memcpy(big, "log/time/", 9);
	{
		struct bkt_path_info p;

		bkt_path_classify(big, &p);
		assert_int_equal(p.class_, BKT_PATH_UNKNOWN);
	}
}

static void seal_paths_are_taken_apart_again(void **state)
{
	struct bkt_path_info p;
	char *s;
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(ARENA_MAX);

	(void)state;
	s = bkt_seal_path("cycles/c/I01/claim.json", "ani", arena);
	assert_string_equal(s, "cycles/c/I01/claim.json.ani.p7s");
	bkt_path_classify(s, &p);
	assert_int_equal(p.class_, BKT_PATH_SEAL);
	assert_string_equal(p.member, "ani");
}

static void kinds_have_names(void **state)
{
	enum bkt_kind back;

	(void)state;
	for (unsigned k = 0; k < BKT_N_KINDS; k++) {
		assert_true(
		    bkt_kind_parse(bkt_kind_name((enum bkt_kind)k), &back));
		assert_int_equal(back, k);
	}
	assert_false(bkt_kind_parse("", &back));
	assert_false(bkt_kind_parse("Unit", &back));
}

/* ---- entries ----------------------------------------------------------- */

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define HEAD "bukti-entry/1\nunits/u.json\nsha256:" ZEROS "\n"

static void entries_print_and_parse_exactly(void **state)
{
	static const char want[] = HEAD "ani sha256:" ZEROS "\n"
					"budi sha256:" ZEROS "\n";
	struct bkt_entry_seal seals[] = { { "ani", { { 0 } } },
		{ "budi", { { 0 } } } };
	struct bkt_entry e = { "units/u.json", { { 0 } }, seals, 2 }, back;
	struct bkt_err err;
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(ARENA_MAX);

	(void)state;
	bkt_buf_init(&out, 4096);
	assert_int_equal(bkt_entry_print(&e, &out, &err), BKT_OK);
	assert_string_equal((const char *)out.ptr, want);
	assert_int_equal(
	    bkt_entry_parse(bkt_buf_span(&out), arena, &back, &err), BKT_OK);
	assert_string_equal(back.path, "units/u.json");
	assert_int_equal(back.n_seals, 2);
	assert_string_equal(back.seals[1].member, "budi");
	e.n_seals = 0;
	assert_int_equal(bkt_entry_print(&e, &out, &err), BKT_E_FORMAT);
	e.n_seals = 2;
	seals[0].member = "cici";
	assert_int_equal(bkt_entry_print(&e, &out, &err), BKT_E_FORMAT);
	seals[0].member = "ani";
	e.path = "units/u.json.ani.p7s";
	assert_int_equal(bkt_entry_print(&e, &out, &err), BKT_E_FORMAT);
}

static void bad_entries_are_refused(void **state)
{
	static const char *const rows[] = { "", "\n", "bukti-entry/1\n",
		"bukti-entry/2\nunits/u.json\nsha256:" ZEROS
		"\nani sha256:" ZEROS "\n",
		HEAD,                     /* no signature */
		HEAD "ani sha256:" ZEROS, /* no line feed at the end */
		HEAD "ani sha256:" ZEROS "\n\n",
		HEAD "ani sha256:" ZEROS "\nani sha256:" ZEROS "\n",
		HEAD "budi sha256:" ZEROS "\nani sha256:" ZEROS "\n",
		HEAD "ani  sha256:" ZEROS "\n", HEAD "Ani sha256:" ZEROS "\n",
		HEAD " sha256:" ZEROS "\n", HEAD "ani SHA256:" ZEROS "\n",
		HEAD "ani sha256:" ZEROS "0\n", HEAD "ani sha256:" ZEROS "\r\n",
		HEAD "ani sha256:F" ZEROS "\n",
		"bukti-entry/1\nunits/../u.json\nsha256:" ZEROS
		"\nani sha256:" ZEROS "\n",
		"bukti-entry/1\nunits/u.json\nsha1:" ZEROS "\nani sha256:" ZEROS
		"\n",
		"\xEF\xBB\xBF" HEAD "ani sha256:" ZEROS "\n" };
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(ARENA_MAX);

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct bkt_entry e;
		struct bkt_err err;

		if (bkt_entry_parse(bkt_span_str(rows[i]), arena, &e, &err) !=
		    BKT_E_FORMAT)
			fail_msg("row %zu passed", i);
	}
}

/* ---- small texts ------------------------------------------------------- */

static void pointers_are_canonical(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;

	(void)state;
	bkt_buf_init(&out, 1024);
	bkt_pointer_print(ZEROS, 9007199254740991, &out);
	assert_string_equal((const char *)out.ptr,
	    "version https://git-lfs.github.com/spec/v1\n"
	    "oid sha256:" ZEROS "\nsize 9007199254740991\n");
}

static void strings_are_escaped_for_json(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "", "\"\"" },
		{ "a/b", "\"a/b\"" },
		{ "\"\\", "\"\\\"\\\\\"" },
		{ "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"" },
		{ "\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\"" },
		{ "\xC3\xA9\xE2\x80\x93", "\"\xC3\xA9\xE2\x80\x93\"" },
		{ "a\xFF"
		  "b",
		    "\"a\xEF\xBF\xBD"
		    "b\"" },
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf out;

		bkt_buf_init(&out, 1024);
		bkt_json_string(&out, rows[i].in);
		assert_string_equal((const char *)out.ptr, rows[i].out);
	}
}

static void names_fold_to_what_people_read(void **state)
{
	static const struct {
		const char *says, *a, *b;
		bool same;
	} rows[] = {
		{ "the same", "a b.pdf", "a b.pdf", true },
		{ "capital letters", "Foto.PNG", "fOTO.png", true },
		{ "composed and not", "caf\xc3\xa9", "cafe\xcc\x81", true },
		{ "both", "CAF\xc3\x89", "cafe\xcc\x81", true },
		{ "another accent", "caf\xc3\xa9", "caf\xc3\xa8", false },
		{ "no text",
		    "a\xff"
		    "B",
		    "A\xff"
		    "b",
		    true },
		{ "other letters", "a.pdf", "b.pdf", false },
	};
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 16);

	(void)state;
	assert_non_null(arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *a = bkt_name_fold(bkt_span_str(rows[i].a), arena);
		char *b = bkt_name_fold(bkt_span_str(rows[i].b), arena);

		print_message("  %s\n", rows[i].says);
		assert_non_null(a);
		assert_non_null(b);
		assert_int_equal(strcmp(a, b) == 0, rows[i].same);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_short_and_lower_case),
		cmocka_unit_test(indicator_and_document_ids_have_their_grammar),
		cmocka_unit_test(origins_look_like_host_names),
		cmocka_unit_test(file_names_fit_every_system),
		cmocka_unit_test(cleaning_makes_a_valid_name_of_anything),
		cmocka_unit_test(names_fold_to_what_people_read),
		cmocka_unit_test(
		    cutting_keeps_the_extension_and_whole_characters),
		cmocka_unit_test(paths_are_known_exactly),
		cmocka_unit_test(everything_else_is_unknown),
		cmocka_unit_test(seal_paths_are_taken_apart_again),
		cmocka_unit_test(kinds_have_names),
		cmocka_unit_test(entries_print_and_parse_exactly),
		cmocka_unit_test(bad_entries_are_refused),
		cmocka_unit_test(pointers_are_canonical),
		cmocka_unit_test(strings_are_escaped_for_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
