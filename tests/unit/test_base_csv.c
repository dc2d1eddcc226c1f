#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bukti/base.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* rows as "line:field|field|...;", refused ones as "!;" */
static void read_all(struct bkt_span text, struct bkt_buf *out)
{
	BKT_AUTO(bkt_csv_free) bkt_csv *csv = NULL;
	struct bkt_strs row;
	struct bkt_err err;
	uint64_t line;
	enum bkt_status st;

	st = bkt_csv_new(text, &csv, &err);
	if (st != BKT_OK) {
		assert_int_equal(st, BKT_E_FORMAT);
		bkt_buf_str(out, "refused");
		return;
	}
	while ((st = bkt_csv_next(csv, &row, &line, &err)) != BKT_E_NOTFOUND) {
		if (st != BKT_OK) {
			assert_int_equal(st, BKT_E_FORMAT);
			bkt_buf_str(out, "!;");
			continue;
		}
		assert_int_equal(row.n, bkt_csv_header(csv)->n);
		bkt_buf_printf(out, "%d:", (int)line);
		for (size_t i = 0; i < row.n; i++)
			bkt_buf_printf(out, "%s%s", i ? "|" : "", row.v[i]);
		bkt_buf_chr(out, ';');
	}
}

static void rows_are_read(void **state)
{
	static const struct {
		const char *says, *text, *want;
	} rows[] = {
		{ "plain rows", "a,b\n1,2\n3,4\n", "2:1|2;3:3|4;" },
		{ "no line end at the end", "a,b\n1,2", "2:1|2;" },
		{ "CRLF and a byte order mark",
		    "\xef\xbb\xbf"
		    "a,b\r\n1,2\r\n",
		    "2:1|2;" },
		{ "semicolons, as spreadsheets here write", "a;b\n1,5;2\n",
		    "2:1,5|2;" },
		{ "quoted delimiter in the header decides nothing",
		    "\"x;y;z\",b\n1,2\n", "2:1|2;" },
		{ "quotes, doubled quotes, delimiter inside",
		    "a,b\n\"x \"\"y\"\"\",\"1,2\"\n", "2:x \"y\"|1,2;" },
		{ "a newline inside quotes, lines still counted",
		    "a,b\n\"x\ny\",2\n3,4\n", "2:x\ny|2;4:3|4;" },
		{ "tabs, as what is copied from a spreadsheet",
		    "a\tb\n1,5\t2\n", "2:1,5|2;" },
		{ "empty fields", "a,b,c\n,x,\n", "2:|x|;" },
		{ "rows of nothing are passed over",
		    "a,b,c\n,,\n \t, ,\n,\n1,2,3\n,,\n", "5:1|2|3;" },
		{ "an empty quoted field", "a,b\n\"\",2\n", "2:|2;" },
		{ "a row too short is refused, the next is read",
		    "a,b,c\n1\n4,5\n,6,\n", "!;!;4:|6|;" },
		{ "empty lines are passed over", "\n\na,b\n\n1,2\n\r\n\n",
		    "5:1|2;" },
		{ "only a header", "a,b\n", "" },
		{ "blanks are the person's own", "a,b\n 1 ,2\n", "2: 1 |2;" },
		{ "a row too long is refused, the next is read",
		    "a,b\n1,2,3\n4,5\n", "!;3:4|5;" },
		{ "a stray quote is refused, the next row is read",
		    "a,b\n1,2\"\n4,5\n", "!;3:4|5;" },
		{ "text behind a closing quote", "a,b\n\"1\"x,2\n4,5\n",
		    "!;3:4|5;" },
		{ "a quote never closed swallows nothing",
		    "a,b\n\"1,2\n4,5\n6,7\n", "!;3:4|5;4:6|7;" },
		{ "a quote closed by the next row's quote",
		    "a,b\n\"1,2\n4,\"5\"\n", "!;3:4|5;" },
		{ "a lone carriage return", "a,b\n1\r2,3\n4,5\n", "!;3:4|5;" },
		{ "not UTF-8", "a,b\n\xff,2\n4,5\n", "!;3:4|5;" },
		{ "nothing", "", "refused" },
		{ "only empty lines", "\n\r\n", "refused" },
		{ "only a byte order mark", "\xef\xbb\xbf", "refused" },
		{ "a header that is not CSV", "a,\"b\n", "refused" },
		{ "a column named twice", "a,b, A \n1,2,3\n", "refused" },
		{ "columns without a name", "a,,\n1,2,3\n", "2:1|2|3;" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf out;

		print_message("  %s\n", rows[i].says);
		bkt_buf_init(&out, 10000);
		read_all(bkt_span_str(rows[i].text), &out);
		assert_string_equal((char *)out.ptr, rows[i].want);
	}
}

static void a_nul_byte_is_refused(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;

	(void)state;
	bkt_buf_init(&out, 1000);
	read_all(BKT_SPAN("a,b\n1\0,2\n3,4", 12), &out);
	assert_string_equal((char *)out.ptr, "!;3:3|4;");
}

static void columns_are_found_by_name(void **state)
{
	BKT_AUTO(bkt_csv_free) bkt_csv *csv = NULL;
	struct bkt_err err;

	(void)state;
	assert_int_equal(
	    bkt_csv_new(bkt_span_str(" Indikator ,\"Berkas\",x,Data Pribadi\n"),
		&csv, &err),
	    BKT_OK);
	assert_int_equal(bkt_csv_column(csv, "indikator"), 0);
	assert_int_equal(bkt_csv_column(csv, "data_pribadi"), 3);
	assert_int_equal(bkt_csv_column(csv, "BERKAS "), 1);
	assert_int_equal(bkt_csv_column(csv, "y"), -1);
	assert_int_equal(bkt_csv_column(csv, "indik"), -1);
	assert_int_equal(bkt_csv_header(csv)->n, 4);
	assert_string_equal(bkt_csv_header(csv)->v[0], "Indikator");
}

static void the_message_names_line_and_column(void **state)
{
	BKT_AUTO(bkt_csv_free) bkt_csv *csv = NULL;
	struct bkt_strs row;
	struct bkt_err err;
	uint64_t line;

	(void)state;
	assert_int_equal(
	    bkt_csv_new(
		bkt_span_str("a,b\n1,2\n\xc3\xa9\xc3\xa9,x\"\n"), &csv, &err),
	    BKT_OK);
	assert_int_equal(bkt_csv_next(csv, &row, &line, &err), BKT_OK);
	assert_int_equal(bkt_csv_next(csv, &row, &line, &err), BKT_E_FORMAT);
	/* the line is told apart, so that nobody says it twice */
	assert_non_null(strstr(err.msg, "column 5"));
	assert_null(strstr(err.msg, "line"));
	assert_int_not_equal(err.hint[0], '\0');
	assert_int_equal(line, 2);
	assert_int_equal(bkt_csv_line(csv), 3);
}

static void another_line_than_the_rows_is_named(void **state)
{
	BKT_AUTO(bkt_csv_free) bkt_csv *csv = NULL;
	struct bkt_strs row;
	struct bkt_err err;

	(void)state;
	assert_int_equal(
	    bkt_csv_new(bkt_span_str("a,b\n\"x\ny\",z\"\n"), &csv, &err),
	    BKT_OK);
	assert_int_equal(bkt_csv_line(csv), 1);
	assert_int_equal(bkt_csv_next(csv, &row, NULL, &err), BKT_E_FORMAT);
	assert_non_null(strstr(err.msg, "line 3, column 5"));
	assert_int_equal(bkt_csv_line(csv), 2);
}

static void a_first_line_may_tell_the_delimiter(void **state)
{
	static const struct {
		const char *says, *text, *want;
	} rows[] = {
		{ "a semicolon", "sep=;\na;b\n1;2\n", "3:1|2;" },
		{ "a byte order mark, capitals, CR LF",
		    "\xef\xbb\xbfSEP=;\r\n\r\na,x,y;b\r\n1;2\r\n", "4:1|2;" },
		{ "a tab", "sep=\t\na\tb\n1\t2\n", "3:1|2;" },
		{ "a bar", "sep=|\na|b\n1|2\n", "3:1|2;" },
		{ "a comma where there are more semicolons",
		    "sep=,\na;x;y,b\n1,2\n", "3:1|2;" },
		{ "a column that is called so", "sep=;b\n1;2\n", "2:1|2;" },
		{ "a letter is no delimiter", "sep=x\n1\n", "2:1;" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf out;

		print_message("  %s\n", rows[i].says);
		bkt_buf_init(&out, 1000);
		read_all(bkt_span_str(rows[i].text), &out);
		assert_string_equal((char *)out.ptr, rows[i].want);
	}
}

static void limits_hold(void **state)
{
	static const struct {
		const char *says;
		size_t fields;
		int digits;
		bool ok;
	} rows[] = {
		{ "64 fields", 64, 2, true },
		{ "65 fields", 65, 2, false },
		{ "64 KiB in one row", 1, 65536, true },
		{ "one byte more", 1, 65537, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf text;
		BKT_AUTO(bkt_csv_free) bkt_csv *csv = NULL;
		struct bkt_err err;

		print_message("  %s\n", rows[i].says);
		bkt_buf_init(&text, 1 << 20);
		for (size_t f = 0; f < rows[i].fields; f++)
			bkt_buf_printf(
			    &text, "%s%0*zu", f ? "," : "", rows[i].digits, f);
		assert_int_equal(bkt_csv_new(bkt_buf_span(&text), &csv, &err),
		    rows[i].ok ? BKT_OK : BKT_E_FORMAT);
	}
}

/* a folder of a hundred thousand rows is read in a moment, even when each of
 * them opens a quote and none closes it */
static void hostile_quotes_stay_cheap(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf text;
	BKT_AUTO(bkt_csv_free) bkt_csv *csv = NULL;
	struct bkt_strs row;
	struct bkt_err err;
	int64_t start_ms;
	size_t n = 0;

	(void)state;
	bkt_buf_init(&text, 1 << 24);
	bkt_buf_str(&text, "a,b\n");
	for (int i = 0; i < 100000; i++)
		bkt_buf_str(&text, "1,\"\"\"\n");
	start_ms = bkt_mono_ms();
	assert_int_equal(bkt_csv_new(bkt_buf_span(&text), &csv, &err), BKT_OK);
	while (bkt_csv_next(csv, &row, NULL, &err) != BKT_E_NOTFOUND)
		n++;
	assert_true(n > 0 && n <= 100000);
	assert_true(bkt_mono_ms() - start_ms < 20000);
}

static size_t left;

static bool fault(size_t n)
{
	(void)n;
	return left == 0 || left-- == 0;
}

static void no_memory_is_told(void **state)
{
	struct bkt_err err;

	(void)state;
	for (size_t n = 0;; n++) {
		BKT_AUTO(bkt_csv_free) bkt_csv *csv = NULL;
		enum bkt_status st;

		left = n;
		bkt_alloc_fault = fault;
		st = bkt_csv_new(bkt_span_str("a,b\n1,2\n"), &csv, &err);
		bkt_alloc_fault = NULL;
		if (st == BKT_OK) {
			assert_true(n >= 3);
			return;
		}
		assert_int_equal(st, BKT_E_NOMEM);
		assert_null(csv);
		assert_true(n < 20);
	}
}

static void fields_are_written_safely(void **state)
{
	static const struct {
		const char *says, *field, *want;
	} rows[] = {
		{ "plain", "abc", "abc," },
		{ "empty", "", "," },
		{ "comma", "a,b", "\"a,b\"," },
		{ "semicolon", "a;b", "\"a;b\"," },
		{ "quote", "a\"b", "\"a\"\"b\"," },
		{ "newline", "a\nb", "\"a\nb\"," },
		{ "formula", "=1+1", "'=1+1," },
		{ "formula with a comma", "=SUM(A1,A2)", "\"'=SUM(A1,A2)\"," },
		{ "plus", "+62", "'+62," },
		{ "minus", "-1", "'-1," },
		{ "at", "@x", "'@x," },
		{ "formula behind a tab", "\t=1", "\"'\t'=1\"," },
		{ "formula behind two tabs", "\t\t=1", "\"'\t\t'=1\"," },
		{ "formula behind a semicolon",
		    "Laporan ;=HYPERLINK(\"http://x\");2025",
		    "\"Laporan ;'=HYPERLINK(\"\"http://x\"\");2025\"," },
		{ "each of them", ";=1;+1;-1;@1", "\";'=1;'+1;'-1;'@1\"," },
		{ "behind a semicolon and quotes", ";\"\"=1",
		    "\";\"\"\"\"'=1\"," },
		{ "behind a quote at the start", "\"=1", "\"\"\"'=1\"," },
		{ "behind a tab inside", "a\t=1", "a\t'=1," },
		{ "behind a line break", "a\n=1\r+1", "\"a\n'=1\r'+1\"," },
		{ "an amount", "Rp5.000,-", "\"Rp5.000,-\"," },
		{ "full width equals",
		    "\xef\xbc\x9d"
		    "1",
		    "'\xef\xbc\x9d"
		    "1," },
		{ "full width plus",
		    "\xef\xbc\x8b"
		    "1",
		    "'\xef\xbc\x8b"
		    "1," },
		{ "full width minus",
		    "\xef\xbc\x8d"
		    "1",
		    "'\xef\xbc\x8d"
		    "1," },
		{ "full width at", "\xef\xbc\xa0x", "'\xef\xbc\xa0x," },
		{ "full width behind a semicolon",
		    "a;\xef\xbc\x9d"
		    "1",
		    "\"a;'\xef\xbc\x9d"
		    "1\"," },
		{ "full width inside",
		    "a\xef\xbc\x9d"
		    "1",
		    "a\xef\xbc\x9d"
		    "1," },
		{ "sign inside", "a=b", "a=b," },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf out;

		print_message("  %s\n", rows[i].says);
		bkt_buf_init(&out, 1000);
		bkt_csv_field(&out, rows[i].field, false);
		assert_string_equal((char *)out.ptr, rows[i].want);
	}
}

static void what_is_no_csv_is_named(void **state)
{
	static const struct {
		const char *says, *text;
		size_t n;
	} rows[] = {
		{ "a spreadsheet", "PK\3\4abcd", 8 },
		{ "an old one", "\xd0\xcf\x11\xe0\xa1", 5 },
		{ "UTF-16, little end first",
		    "\xff\xfe"
		    "a\0b\0",
		    6 },
		{ "UTF-16, big end first", "\xfe\xff\0a\0b", 6 },
		{ "UTF-32", "\xff\xfe\0\0a\0\0\0", 8 },
		{ "UTF-16 without a mark", "a\0b\0", 4 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		bkt_csv *csv = NULL;
		struct bkt_err err = { 0 };

		print_message("  %s\n", rows[i].says);
		assert_int_equal(
		    bkt_csv_new(BKT_SPAN(rows[i].text, rows[i].n), &csv, &err),
		    BKT_E_FORMAT);
		assert_non_null(strstr(err.hint, "CSV (UTF-8)"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_read),
		cmocka_unit_test(a_nul_byte_is_refused),
		cmocka_unit_test(columns_are_found_by_name),
		cmocka_unit_test(the_message_names_line_and_column),
		cmocka_unit_test(another_line_than_the_rows_is_named),
		cmocka_unit_test(a_first_line_may_tell_the_delimiter),
		cmocka_unit_test(what_is_no_csv_is_named),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(hostile_quotes_stay_cheap),
		cmocka_unit_test(no_memory_is_told),
		cmocka_unit_test(fields_are_written_safely),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
