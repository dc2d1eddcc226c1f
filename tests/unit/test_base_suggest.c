/* The word that was meant, for who typed another. */
#include "bukti/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define LONG_NAME                                              \
	"Peraturan Wali Kota tentang Penyelenggaraan SPBE di " \
	"Lingkungan Pemerintah Kota.pdf"

static void suggestions(void **state)
{
	static char endless[300];
	static const char *const words[] = { "verify", "release", "review",
		"add", "log", "status", "tangkapan_layar", "surat_keputusan",
		LONG_NAME };
	static const struct {
		const char *says, *word, *want;
	} rows[] = {
		{ "two letters swapped", "verfiy", "verify" },
		{ "one letter missing", "relase", "release" },
		{ "one too many", "addd", "add" },
		{ "two wrong", "stutis", "status" },
		{ "the word itself", "review", "review" },
		{ "large letters and a space", "Tangkapan Layar",
		    "tangkapan_layar" },
		{ "hyphens, and a letter missing", "SURAT-KEPUTUSN",
		    "surat_keputusan" },
		{ "as long as names of files are",
		    "Peraturan Walikota tentang Penyelenggaraan SPBE di "
		    "Lingkungan Pemerintah Kota.PDF",
		    LONG_NAME },
		{ "swaps and one letter more are three", "tangkpaan_layarx_",
		    NULL },
		{ "nothing near", "export", NULL },
		{ "too short to share anything", "xy", NULL },
		{ "one of three letters is another", "adx", "add" },
		{ "more than half are others", "foo", NULL },
		{ "nothing at all", "", NULL },
		{ "endless", endless, NULL },
	};

	(void)state;
	memset(endless, 'a', sizeof(endless) - 1);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *got =
		    bkt_suggest(rows[i].word, words, COUNT(words));

		print_message("  %s\n", rows[i].says);
		if (!rows[i].want)
			assert_null(got);
		else
			assert_string_equal(got, rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(suggestions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
