#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bukti/base.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static struct bkt_span span(const char *s)
{
	return bkt_span_str(s);
}

static void hex_is_strict(void **state)
{
	static const struct {
		const char *says, *text;
		bool whole, first;
	} rows[] = {
		{ "three bytes in lower case", "00ff1a", true, true },
		{ "upper case is another spelling", "00FF1A", false, false },
		{ "a digit too few", "00ff1", false, false },
		{ "a byte too few", "00ff", false, false },
		{ "a byte too many", "00ff1a2b", false, true },
		{ "text behind the digits", "00ff1a.p7s", false, true },
		{ "nothing", "", false, false },
		{ "a space inside", "00 ff1", false, false },
	};
	static const uint8_t want[3] = { 0, 0xff, 0x1a };
	char text[7];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t out[3] = { 0 };

		print_message("  %s\n", rows[i].says);
		assert_int_equal(
		    bkt_unhex(rows[i].text, out, 3), rows[i].whole);
		assert_int_equal(
		    bkt_unhex_n(rows[i].text, out, 3), rows[i].first);
		if (rows[i].first)
			assert_memory_equal(out, want, 3);
	}
	bkt_hex(want, 3, text);
	assert_string_equal(text, "00ff1a");
}

static void base64_is_strict(void **state)
{
	static const struct {
		const char *says, *text, *bytes; /* NULL: refused */
	} rows[] = {
		{ "nothing", "", "" },
		{ "one byte", "Zg==", "f" },
		{ "two bytes", "Zm8=", "fo" },
		{ "three bytes", "Zm9v", "foo" },
		{ "seven bytes", "Zm9vYmFyIQ==", "foobar!" },
		{ "padding left out", "Zg", NULL },
		{ "padding half left out", "Zg=", NULL },
		{ "one digit only", "Z===", NULL },
		{ "only padding", "====", NULL },
		{ "pad bits set, two pads", "Zh==", NULL },
		{ "pad bits set, one pad", "Zm9=", NULL },
		{ "padding in the middle", "Zg==Zg==", NULL },
		{ "pad before a digit", "Zg=v", NULL },
		{ "line end at the end", "Zg==\n", NULL },
		{ "line end inside", "Zm9\nZm9v", NULL },
		{ "url alphabet", "Zm9-", NULL },
		{ "space", "Zm 9", NULL },
	};
	struct bkt_err err;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf b, back;
		enum bkt_status st;

		print_message("  %s\n", rows[i].says);
		bkt_buf_init(&b, 100);
		bkt_buf_init(&back, 100);
		st = bkt_unbase64(span(rows[i].text), &b, &err);
		assert_int_equal(st, rows[i].bytes ? BKT_OK : BKT_E_FORMAT);
		if (!rows[i].bytes)
			continue;
		assert_string_equal((char *)b.ptr, rows[i].bytes);
		bkt_base64(&back, bkt_buf_span(&b));
		assert_string_equal((char *)back.ptr, rows[i].text);
	}
}

static void base64_holds_the_ceiling(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;
	struct bkt_err err;

	(void)state;
	bkt_buf_init(&b, 2);
	assert_int_equal(bkt_unbase64(span("Zm9v"), &b, &err), BKT_E_LIMIT);
}

static void utf8_and_clean_text(void **state)
{
	static const struct {
		const char *says, *text;
		bool valid, clean;
	} rows[] = {
		{ "nothing", "", true, true },
		{ "plain", "Perwali 28/2021", true, true },
		{ "accents, euro, emoji",
		    "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", true, true },
		{ "tab", "a\tb", true, false },
		{ "newline", "a\n", true, false },
		{ "escape", "\x1b[31m", true, false },
		{ "DEL", "\x7f", true, false },
		{ "C1 next line", "\xc2\x85", true, false },
		{ "first after C1", "\xc2\xa0", true, true },
		{ "Arabic letter mark", "\xd8\x9c", true, false },
		{ "left-to-right mark", "\xe2\x80\x8e", true, false },
		{ "right-to-left mark", "\xe2\x80\x8f", true, false },
		{ "hyphen just after", "\xe2\x80\x90", true, true },
		{ "line separator", "\xe2\x80\xa8", true, false },
		{ "right-to-left override", "\xe2\x80\xae", true, false },
		{ "narrow space after it", "\xe2\x80\xaf", true, true },
		{ "isolate", "\xe2\x81\xa6", true, false },
		{ "pop isolate", "\xe2\x81\xa9", true, false },
		{ "byte order mark", "\xef\xbb\xbf", true, false },
		{ "noncharacter FDD0", "\xef\xb7\x90", true, false },
		{ "FFFD is a character", "\xef\xbf\xbd", true, true },
		{ "noncharacter FFFE", "\xef\xbf\xbe", true, false },
		{ "noncharacter 1FFFF", "\xf0\x9f\xbf\xbf", true, false },
		{ "noncharacter 10FFFF", "\xf4\x8f\xbf\xbf", true, false },
		{ "a tag letter", "\xf3\xa0\x81\x81", true, false },
		{ "first tag", "\xf3\xa0\x80\x80", true, false },
		{ "last tag", "\xf3\xa0\x81\xbf", true, false },
		{ "just after the tags", "\xf3\xa0\x82\x80", true, true },
		{ "above Unicode", "\xf4\x90\x80\x80", false, false },
		{ "surrogate", "\xed\xa0\x80", false, false },
		{ "last before surrogates", "\xed\x9f\xbf", true, true },
		{ "overlong slash, two", "\xc0\xaf", false, false },
		{ "overlong slash, three", "\xe0\x80\xaf", false, false },
		{ "overlong, four", "\xf0\x80\x80\xaf", false, false },
		{ "cut character", "\xe2\x82", false, false },
		{ "lone continuation", "\x80", false, false },
		{ "FE byte", "\xfe", false, false },
		{ "F5 byte", "\xf5\x80\x80\x80", false, false },
		{ "wrong continuation", "\xe2\x28\xa1", false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf b;

		print_message("  %s\n", rows[i].says);
		bkt_buf_init(&b, 1000);
		assert_int_equal(
		    bkt_utf8_valid(span(rows[i].text)), rows[i].valid);
		assert_int_equal(
		    bkt_text_clean(span(rows[i].text)), rows[i].clean);
		bkt_text_escape(&b, span(rows[i].text));
		assert_true(bkt_text_clean(bkt_buf_span(&b)));
		assert_int_equal(
		    bkt_span_eq(bkt_buf_span(&b), span(rows[i].text)),
		    rows[i].clean);
	}
	assert_false(bkt_text_clean(BKT_SPAN("a\0b", 3)));
}

static void escapes(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;

	(void)state;
	bkt_buf_init(&b, 1000);
	bkt_text_escape(&b, span("a\x1b\xff\xe2\x80\xae<'"));
	assert_string_equal((char *)b.ptr, "a\\x1b\\xff\\u{202e}<'");
	bkt_buf_clear(&b);
	bkt_html_escape(&b, span("<a href=\"x\">&'\n"));
	assert_string_equal(
	    (char *)b.ptr, "&lt;a href=&quot;x&quot;&gt;&amp;&#39;\\x0a");
}

static void plain_names(void **state)
{
	static const struct {
		const char *says, *name;
		bool ok;
	} rows[] = {
		{ "a usual name", "I01-a1_slug.pdf", true },
		{ "as long as allowed", "0123456789abcdef", true },
		{ "one longer", "0123456789abcdefg", false },
		{ "nothing", "", false },
		{ "hidden", ".git", false },
		{ "an option", "-rf", false },
		{ "a step up", "a..b", false },
		{ "the folder above", "..", false },
		{ "a slash", "a/b", false },
		{ "a space", "a b", false },
		{ "not ASCII", "\xc3\xa9", false },
		{ "a dot at the end", "a.", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		print_message("  %s\n", rows[i].says);
		assert_int_equal(bkt_name_plain(rows[i].name, 16), rows[i].ok);
	}
}

static void whole_numbers(void **state)
{
	static const struct {
		const char *says, *text;
		uint64_t max, want;
		bool ok;
	} rows[] = {
		{ "zero", "0", 9, 0, true },
		{ "the most", "18446744073709551615", UINT64_MAX, UINT64_MAX,
		    true },
		{ "one more than fits", "18446744073709551616", UINT64_MAX, 0,
		    false },
		{ "far more than fits", "99999999999999999999", UINT64_MAX, 0,
		    false },
		{ "at the bound", "47", 47, 47, true },
		{ "over the bound", "48", 47, 0, false },
		{ "leading zero", "07", 9, 0, false },
		{ "sign", "+7", 9, 0, false },
		{ "minus", "-7", 9, 0, false },
		{ "space before", " 7", 9, 0, false },
		{ "text after", "7x", 9, 0, false },
		{ "nothing", "", 9, 0, false },
		{ "hexadecimal", "0x7", 9, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t v = 12345;

		print_message("  %s\n", rows[i].says);
		assert_int_equal(
		    bkt_parse_u64(rows[i].text, rows[i].max, &v), rows[i].ok);
		assert_true(v == (rows[i].ok ? rows[i].want : 12345));
	}
}

/* ---- decimals ---------------------------------------------------------- */

static void decimals(void **state)
{
	static const struct {
		const char *says, *text, *exact, *two; /* exact NULL: refused */
	} rows[] = {
		{ "whole", "3", "3", "3.00" },
		{ "as in the rulebook", "2.594", "2.594", "2.59" },
		{ "half goes away from zero", "2.595", "2.595", "2.60" },
		{ "also below zero", "-2.595", "-2.595", "-2.60" },
		{ "no minus nought", "-0.001", "-0.001", "0.00" },
		{ "minus zero is zero", "-0", "0", "0.00" },
		{ "zeros at the end say nothing", "1.500", "1.5", "1.50" },
		{ "zeros in front", "007.5", "7.5", "7.50" },
		{ "as many digits as allowed", "999999999.999999999",
		    "999999999.999999999", "1000000000.00" },
		{ "ten digits", "1000000000", NULL, NULL },
		{ "ten decimals", "1.0000000001", NULL, NULL },
		{ "nothing", "", NULL, NULL },
		{ "only a minus", "-", NULL, NULL },
		{ "no digit before the point", ".5", NULL, NULL },
		{ "no digit after the point", "5.", NULL, NULL },
		{ "plus", "+5", NULL, NULL },
		{ "comma", "5,5", NULL, NULL },
		{ "exponent", "5e3", NULL, NULL },
		{ "two points", "1.2.3", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bkt_rat r = { 7, 1 };
		char out[48];

		print_message("  %s\n", rows[i].says);
		assert_int_equal(
		    bkt_rat_parse(rows[i].text, &r), rows[i].exact != NULL);
		if (!rows[i].exact) {
			assert_true(r.num == 7 && r.den == 1);
			continue;
		}
		bkt_rat_exact(r, out);
		assert_string_equal(out, rows[i].exact);
		bkt_rat_round(r, 2, out);
		assert_string_equal(out, rows[i].two);
	}
}

static struct bkt_rat rat(int64_t n, int64_t d)
{
	return (struct bkt_rat){ n, d };
}

static void rational_arithmetic(void **state)
{
	struct bkt_rat r, sum = { 0, 1 };
	char out[48];

	(void)state;
	for (int i = 0; i < 10; i++)
		assert_true(bkt_rat_add(sum, rat(1, 10), &sum));
	assert_true(sum.num == 1 && sum.den == 1);
	assert_true(bkt_rat_sub(rat(1, 3), rat(1, 2), &r));
	assert_true(r.num == -1 && r.den == 6);
	assert_true(bkt_rat_mul(rat(-2, 3), rat(9, 4), &r));
	assert_true(r.num == -3 && r.den == 2);
	assert_true(bkt_rat_div(rat(1, 2), rat(-3, 4), &r));
	assert_true(r.num == -2 && r.den == 3);
	bkt_rat_exact(r, out);
	assert_string_equal(out, "-2/3");
	bkt_rat_round(r, 4, out);
	assert_string_equal(out, "-0.6667");
	bkt_rat_round(rat(1, 2), 0, out);
	assert_string_equal(out, "1");
	bkt_rat_round(rat(INT64_MAX, 1), 9, out);
	assert_string_equal(out, "9223372036854775807.000000000");
	bkt_rat_exact(rat(-INT64_MAX, INT64_MAX - 1), out);
	assert_string_equal(out, "-9223372036854775807/9223372036854775806");
	assert_int_equal(bkt_rat_cmp(rat(1, 3), rat(2, 6)), 0);
	assert_int_equal(bkt_rat_cmp(rat(-1, 3), rat(1, 4)), -1);
	assert_int_equal(bkt_rat_cmp(rat(INT64_MAX, 1), rat(INT64_MAX, 2)), 1);
}

static void overflow_is_told_and_changes_nothing(void **state)
{
	struct bkt_rat r = { 5, 1 };

	(void)state;
	assert_false(bkt_rat_div(rat(1, 1), rat(0, 1), &r));
	assert_false(bkt_rat_add(rat(INT64_MAX, 1), rat(1, 1), &r));
	assert_false(bkt_rat_sub(rat(-INT64_MAX, 1), rat(1, 1), &r));
	assert_false(bkt_rat_mul(rat(INT64_MAX, 1), rat(2, 1), &r));
	assert_false(bkt_rat_add(rat(1, INT64_MAX), rat(1, INT64_MAX - 1), &r));
	assert_true(r.num == 5 && r.den == 1);
	assert_true(bkt_rat_mul(rat(INT64_MAX, 2), rat(2, INT64_MAX), &r));
	assert_true(r.num == 1 && r.den == 1);
}

/* ---- time -------------------------------------------------------------- */

static void times(void **state)
{
	static const struct {
		const char *says, *text;
		int64_t utc_s;
		bool ok;
	} rows[] = {
		{ "the epoch", "1970-01-01T00:00:00Z", 0, true },
		{ "an ordinary second", "2026-11-24T06:47:38Z", 1795502858,
		    true },
		{ "leap day", "2024-02-29T23:59:59Z", 1709251199, true },
		{ "the last second", "9999-12-31T23:59:59Z", 253402300799,
		    true },
		{ "no leap day in 2100", "2100-02-29T00:00:00Z", 0, false },
		{ "before the epoch", "1969-12-31T23:59:59Z", 0, false },
		{ "leap second", "2016-12-31T23:59:60Z", 0, false },
		{ "hour 24", "2026-01-01T24:00:00Z", 0, false },
		{ "minute 60", "2026-01-01T00:60:00Z", 0, false },
		{ "small letters", "2026-01-01t00:00:00z", 0, false },
		{ "an offset", "2026-01-01T00:00:00+07:00", 0, false },
		{ "fractions", "2026-01-01T00:00:00.5Z", 0, false },
		{ "text after", "2026-01-01T00:00:00Z ", 0, false },
		{ "a date only", "2026-01-01", 0, false },
		{ "month 13", "2026-13-01T00:00:00Z", 0, false },
		{ "day 0", "2026-01-00T00:00:00Z", 0, false },
		{ "31 April", "2026-04-31T00:00:00Z", 0, false },
		{ "nothing", "", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char out[BKT_TIME_LEN + 1];
		int64_t t = -7;

		print_message("  %s\n", rows[i].says);
		assert_int_equal(bkt_time_parse(rows[i].text, &t), rows[i].ok);
		assert_true(t == (rows[i].ok ? rows[i].utc_s : -7));
		if (!rows[i].ok)
			continue;
		bkt_time_format(t, out);
		assert_string_equal(out, rows[i].text);
	}
}

static void times_out_of_range_are_clipped(void **state)
{
	char out[BKT_TIME_LEN + 1];

	(void)state;
	bkt_time_format(-1, out);
	assert_string_equal(out, "1969-12-31T23:59:59Z");
	bkt_time_format(INT64_MAX, out);
	assert_string_equal(out, "9999-12-31T23:59:59Z");
	bkt_time_format(INT64_MIN, out);
	assert_string_equal(out, "0001-01-01T00:00:00Z");
}

/* every day from 1900 to 9999, against a calendar that only counts up */
static void all_days_follow_each_other(void **state)
{
	static const int length[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };
	int32_t days, at;

	(void)state;
	assert_true(bkt_date_parse("1900-01-01", &days));
	assert_int_equal(days, -25567);
	for (int y = 1900; y <= 9999; y++)
		for (int m = 1; m <= 12; m++) {
			bool leap = (y % 4 == 0 && y % 100) || y % 400 == 0;
			int n = length[m - 1] + (m == 2 && leap);
			char want[32], got[11];

			for (int d = 1; d <= n; d += n - 1) {
				snprintf(want, sizeof(want), "%04d-%02d-%02d",
				    y, m, d);
				bkt_date_format(days + d - 1, got);
				if (strcmp(want, got) != 0)
					fail_msg("%s is %s", want, got);
				if (!bkt_date_parse(want, &at) ||
				    at != days + d - 1)
					fail_msg("%s reads as %d", want, at);
			}
			snprintf(
			    want, sizeof(want), "%04d-%02d-%02d", y, m, n + 1);
			if (bkt_date_parse(want, &at))
				fail_msg("%s was taken", want);
			days += n;
		}
	assert_int_equal(days, 2932897);
}

static void dates(void **state)
{
	int32_t days = 3;

	(void)state;
	assert_false(bkt_date_parse("1899-12-31", &days));
	assert_false(bkt_date_parse("2026-1-01", &days));
	assert_false(bkt_date_parse("2026-01-01x", &days));
	assert_false(bkt_date_parse("01-01-2026", &days));
	assert_false(bkt_date_parse("", &days));
	assert_int_equal(days, 3);
	assert_int_equal(bkt_date_year(-1), 1969);
	assert_int_equal(bkt_date_year(0), 1970);
}

static void months_are_added_and_clipped(void **state)
{
	static const struct {
		const char *says, *from;
		int32_t months;
		const char *want;
	} rows[] = {
		{ "two years", "2024-06-01", 24, "2026-06-01" },
		{ "to a shorter month", "2026-01-31", 1, "2026-02-28" },
		{ "to a leap day", "2024-01-31", 1, "2024-02-29" },
		{ "a year from a leap day", "2024-02-29", 12, "2025-02-28" },
		{ "backwards over new year", "2026-01-15", -1, "2025-12-15" },
		{ "backwards, clipped", "2026-03-31", -1, "2026-02-28" },
		{ "nothing", "2026-03-31", 0, "2026-03-31" },
		{ "beyond the calendar", "2026-03-31", INT32_MAX,
		    "9999-12-31" },
		{ "before the calendar", "2026-03-31", INT32_MIN,
		    "0001-01-01" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char out[11];
		int32_t days;

		print_message("  %s\n", rows[i].says);
		assert_true(bkt_date_parse(rows[i].from, &days));
		bkt_date_format(bkt_date_add_months(days, rows[i].months), out);
		assert_string_equal(out, rows[i].want);
	}
}

static int64_t fixed_clock(void)
{
	return 42;
}

static void ones(uint8_t *p, size_t n)
{
	memset(p, 0xff, n);
}

static int no_seam(void **state)
{
	(void)state;
	bkt_clock = NULL;
	bkt_random_seam = NULL;
	return 0;
}

static void the_clock_has_a_seam(void **state)
{
	(void)state;
	assert_true(bkt_now_utc_s() > 1700000000);
	bkt_clock = fixed_clock;
	assert_int_equal(bkt_now_utc_s(), 42);
	assert_true(bkt_mono_ms() <= bkt_mono_ms());
}

static void random_ids(void **state)
{
	char a[101], b[101];
	uint8_t zero[32] = { 0 }, r[32] = { 0 };
	struct bkt_err err;

	(void)state;
	assert_int_equal(bkt_random(r, sizeof(r), &err), BKT_OK);
	assert_memory_not_equal(r, zero, sizeof(r));
	assert_int_equal(bkt_random_id(a, 100, &err), BKT_OK);
	assert_int_equal(bkt_random_id(b, 100, &err), BKT_OK);
	assert_int_equal(strlen(a), 100);
	assert_int_equal(strspn(a, "abcdefghijklmnopqrstuvwxyz234567"), 100);
	assert_string_not_equal(a, b);
	bkt_random_seam = ones;
	assert_int_equal(bkt_random_id(a, 5, &err), BKT_OK);
	assert_string_equal(a, "77777");
	assert_int_equal(bkt_random_id(a, 0, &err), BKT_OK);
	assert_string_equal(a, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hex_is_strict),
		cmocka_unit_test(base64_is_strict),
		cmocka_unit_test(base64_holds_the_ceiling),
		cmocka_unit_test(utf8_and_clean_text),
		cmocka_unit_test(escapes),
		cmocka_unit_test(plain_names),
		cmocka_unit_test(whole_numbers),
		cmocka_unit_test(decimals),
		cmocka_unit_test(rational_arithmetic),
		cmocka_unit_test(overflow_is_told_and_changes_nothing),
		cmocka_unit_test(times),
		cmocka_unit_test(times_out_of_range_are_clipped),
		cmocka_unit_test(all_days_follow_each_other),
		cmocka_unit_test(dates),
		cmocka_unit_test(months_are_added_and_clipped),
		cmocka_unit_test_teardown(the_clock_has_a_seam, no_seam),
		cmocka_unit_test_teardown(random_ids, no_seam),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
