#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bukti/base.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void blank_text(void **state)
{
	static const struct {
		const char *says, *text;
		bool blank;
	} rows[] = {
		{ "nothing", "", true },
		{ "spaces", "   ", true },
		{ "tabs and ends of lines", "\t\r\n", true },
		{ "no-break space", "\xc2\xa0", true },
		{ "soft hyphen", "\xc2\xad", true },
		{ "just below it", "\xc2\xac", false },
		{ "just above it", "\xc2\xae", false },
		{ "zero width space", "\xe2\x80\x8b", true },
		{ "zero width joiner between spaces", " \xe2\x80\x8d ", true },
		{ "word joiner", "\xe2\x81\xa0", true },
		{ "hyphen after the zero widths", "\xe2\x80\x90", false },
		{ "ideographic space", "\xe3\x80\x80", true },
		{ "comma after it", "\xe3\x80\x81", false },
		{ "Hangul filler", "\xe3\x85\xa4", true },
		{ "empty Braille cell", "\xe2\xa0\x80", true },
		{ "variation selector", "\xef\xb8\x8f", true },
		{ "tags", "\xf3\xa0\x81\x81\xf3\xa0\x81\x82", true },
		{ "variation selector 256", "\xf3\xa0\x87\xaf", true },
		{ "what comes after", "\xf3\xa1\x80\x80", false },
		{ "one letter among spaces", "  x  ", false },
		{ "an accent alone", "\xcc\x81", false },
		{ "what is no text", "\xff", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		print_message("  %s\n", rows[i].says);
		assert_int_equal(
		    bkt_text_blank(bkt_span_str(rows[i].text)), rows[i].blank);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blank_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
