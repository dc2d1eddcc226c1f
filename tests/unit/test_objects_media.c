/* What a file is, told from its first bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bukti/base.h"
#include "bukti/objects.h"

#define DOCX                                                              \
	"application/vnd.openxmlformats-officedocument.wordprocessingml." \
	"document"
#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define PPTX                                                            \
	"application/vnd.openxmlformats-officedocument.presentationml." \
	"presentation"
#define ODT "application/vnd.oasis.opendocument.text"

/* local header: flags, method, size, name length, extra length */
#define ZIP(flags, method, size, nlen, xlen)   \
	"PK\3\4\x14\0" flags method "\0\0\0\0" \
	"\1\2\3\4" size size nlen xlen

static const struct {
	const char *why;
	const char *bytes;
	size_t n;
	const char *want;
} rows[] = {
#define R(why, bytes, want)                         \
	{                                           \
		why, bytes, sizeof(bytes) - 1, want \
	}
	R("a PDF", "%PDF-1.7\n%\xe2\xe3", "application/pdf"),
	R("a PDF after a scanner's line break", "\r\n%PDF-1.4\n",
	    "application/pdf"),
	R("a PDF header behind other content", "<html>%PDF-1.4", NULL),
	R("a PDF header cut short", "%PDF", NULL),
	R("a JPEG", "\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
	R("a JPEG of three bytes", "\xff\xd8\xff", NULL),
	R("a PNG", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", "image/png"),
	R("a PNG damaged by a text transfer", "\x89PNG\n\x1a\n\0\0\0\rIHDR",
	    NULL),
	R("a PNG without its first chunk", "\x89PNG\r\n\x1a\n\0\0\0\rIDAT",
	    NULL),
	R("a plain zip",
	    ZIP("\0\0", "\0\0", "\2\0\0\0", "\5\0", "\0\0") "a.txthi",
	    "application/zip"),
	R("an empty zip", "PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", NULL),
	R("a zip whose first name is cut",
	    ZIP("\0\0", "\0\0", "\2\0\0\0", "\x50\0", "\0\0") "a.txt", NULL),
	R("a Word file",
	    ZIP("\0\0", "\x08\0", "\3\0\0\0", "\x13\0",
		"\0\0") "[Content_Types].xmlabc" ZIP("\0\0", "\x08\0",
		"\3\0\0\0", "\x0b\0", "\0\0") "_rels/.relsabc" ZIP("\0\0",
		"\x08\0", "\3\0\0\0", "\x11\0", "\0\0") "word/document.xmlabc",
	    DOCX),
	R("a spreadsheet by a streaming writer, sizes after the data",
	    ZIP("\x08\0", "\x08\0", "\0\0\0\0", "\x10\0",
		"\0\0") "docProps/app.xmlabcPK\7\x8"
			"012345678901" ZIP("\x08\0", "\x08\0", "\0\0\0\0",
			    "\x0f\0", "\0\0") "xl/workbook.xmlabc",
	    XLSX),
	R("slides",
	    ZIP("\0\0", "\x08\0", "\3\0\0\0", "\x14\0",
		"\0\0") "ppt/presentation.xmlabc",
	    PPTX),
	R("an office file whose parts are beyond the head",
	    ZIP("\0\0", "\x08\0", "\3\0\0\0", "\x13\0",
		"\0\0") "[Content_Types].xmlabc",
	    "application/zip"),
	R("a zip with an office name that is not first",
	    ZIP("\0\0", "\0\0", "\2\0\0\0", "\5\0", "\0\0") "a.txthi" ZIP(
		"\0\0", "\x08\0", "\3\0\0\0", "\x11\0",
		"\0\0") "word/document.xmlabc",
	    "application/zip"),
	R("an OpenDocument text",
	    ZIP("\0\0", "\0\0", "\x27\0\0\0", "\x08\0", "\0\0") "mimetype" ODT
								"PK\3\4",
	    ODT),
	R("OpenDocument with its type compressed",
	    ZIP("\0\0", "\x08\0", "\x27\0\0\0", "\x08\0",
		"\0\0") "mimetype" ODT,
	    "application/zip"),
	R("a longer type that begins like a known one",
	    ZIP("\0\0", "\0\0", "\x30\0\0\0", "\x08\0", "\0\0") "mimetype" ODT
								"-template",
	    "application/zip"),
	R("the old binary office format", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
	    NULL),
	R("text", "Nomor 28 Tahun 2021", NULL),
	R("nothing", "", NULL),
	R("a program",
	    "\x7f"
	    "ELF\2\1\1",
	    NULL),
#undef R
};

#define STR(s)                                      \
	{                                           \
		(const uint8_t *)(s), sizeof(s) - 1 \
	}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		/* exact allocation, so that a read past the end is seen */
		uint8_t *copy = malloc(rows[i].n ? rows[i].n : 1);
		const char *got;

		memcpy(copy, rows[i].bytes, rows[i].n);
		got =
		    bkt_media_from_bytes(BKT_SPAN(copy, rows[i].n), rows[i].n);
		if ((got == NULL) != (rows[i].want == NULL) ||
		    (got && strcmp(got, rows[i].want) != 0))
			fail_msg("%s: %s", rows[i].why, got ? got : "(null)");
		/* every shorter head is looked at without a fault */
		for (size_t n = 0; n < rows[i].n; n++) {
			uint8_t *part = malloc(n ? n : 1);

			memcpy(part, copy, n);
			(void)bkt_media_from_bytes(BKT_SPAN(part, n), n);
			free(part);
		}
		free(copy);
	}
}

static void test_size_bounds_the_head(void **state)
{
	(void)state;
	assert_null(
	    bkt_media_from_bytes(bkt_span_str("%PDF-1.7"), UINT64_C(4)));
}

static void test_files_that_were_cut(void **state)
{
	static const uint8_t png[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a,
		'\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R' };
	static const struct {
		const char *why;
		struct bkt_span head, tail;
		bool cut;
	} files[] = {
		{ "a PDF with its end", STR("%PDF-1.7\n"),
		    STR("startxref\n9\n%%EOF\r\n"), false },
		{ "a PDF without", STR("%PDF-1.7\n"), STR("endobj\n8 0 obj <<"),
		    true },
		{ "a JPEG with bytes behind its end", STR("\xff\xd8\xff\xe0"),
		    STR("x\xff\xd9yz"), false },
		{ "a JPEG without", STR("\xff\xd8\xff\xe0"), STR("x\xff\xd8yz"),
		    true },
		{ "a PNG with its end", { png, sizeof(png) },
		    STR("IEND\xae\x42\x60\x82"), false },
		{ "a PNG without", { png, sizeof(png) }, STR("IDAT..."), true },
		{ "what has no end of its own", STR("words"), STR("words"),
		    false },
		{ "nothing", STR(""), STR(""), false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (bkt_media_is_cut(files[i].head, files[i].tail, 9999) !=
		    files[i].cut)
			fail_msg("%s", files[i].why);
}

static void test_describe(void **state)
{
	char words[200], small[8];

	(void)state;
	bkt_media_describe(bkt_span_str("%PDF-1.7\n"), words, sizeof(words));
	assert_non_null(strstr(words, "PDF"));
	bkt_media_describe(bkt_span_str("%PDF-1.7\n"), small, sizeof(small));
	assert_int_equal(strlen(small), sizeof(small) - 1);
	bkt_media_describe(BKT_SPAN("", 0), words, sizeof(words));
	assert_true(strlen(words) > 0);
	bkt_media_describe(BKT_SPAN("", 0), words, 1);
	assert_string_equal(words, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_size_bounds_the_head),
		cmocka_unit_test(test_files_that_were_cut),
		cmocka_unit_test(test_describe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
