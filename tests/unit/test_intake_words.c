/* What a person said, weighed before anything is signed. */
#include "bukti/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void reasons(void **state)
{
	static const char *const good[] = { "Belum ada risalah rapat",
		"minutes missing", "risalah hilang 2026",
		"\xc3\xa9tat inconnu" };
	static const char *const bad[] = { "", "x", "...", "REASON",
		"a b c d e f g h", "123 456 789", "ok ok", "segeraaaaa" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		if (!bkt_reason_speaks(good[i]))
			fail_msg("'%s' is no reason", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (bkt_reason_speaks(bad[i]))
			fail_msg("'%s' is a reason", bad[i]);
}

static const struct bkt_document base = { .document = "abcdefgh2345",
	.unit = "dinas-uji",
	.state = "active",
	.title = "Peraturan",
	.type = "peraturan",
	.class_ = "umum",
	.personal = "no",
	.file = "a.pdf",
	.media = "application/pdf",
	.sha256 = "00",
	.size = 1 };

static void expect(const struct bkt_document *other, const char *part)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 16);
	struct bkt_strs out;
	struct bkt_err err;

	assert_non_null(arena);
	assert_int_equal(
	    bkt_document_changes(&base, other, arena, &out, &err), BKT_OK);
	if (!part) {
		assert_int_equal(out.n, 0);
		return;
	}
	assert_int_equal(out.n, 1);
	assert_string_equal(out.v[0], part);
}

/* every part that a person may say is one that a change is seen in */
static void changes(void **state)
{
	static const char *const value = "v";
	static const char *const values[] = { "v" };
	static const struct bkt_cover cover = { "t",
		{ (const char **)(uintptr_t)values, 1 } };
	static const uint64_t year = 2026;
	static const struct {
		size_t at;
		const char *part;
	} words[] = {
		{ offsetof(struct bkt_document, sha256), "content" },
		{ offsetof(struct bkt_document, file), "file name" },
		{ offsetof(struct bkt_document, media), "media type" },
		{ offsetof(struct bkt_document, state), "state" },
		{ offsetof(struct bkt_document, unit), "unit" },
		{ offsetof(struct bkt_document, title), "title" },
		{ offsetof(struct bkt_document, type), "type" },
		{ offsetof(struct bkt_document, number), "number" },
		{ offsetof(struct bkt_document, date), "date" },
		{ offsetof(struct bkt_document, signer), "signer" },
		{ offsetof(struct bkt_document, valid_from),
		    "start of validity" },
		{ offsetof(struct bkt_document, valid_until),
		    "end of validity" },
		{ offsetof(struct bkt_document, revoked), "revocation" },
		{ offsetof(struct bkt_document, class_), "class" },
		{ offsetof(struct bkt_document, personal), "personal data" },
		{ offsetof(struct bkt_document, replaces), "what it succeeds" },
		{ offsetof(struct bkt_document, note), "note" },
	};
	struct bkt_document other = base;

	(void)state;
	expect(&other, NULL);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		other = base;
		memcpy((char *)&other + words[i].at, &value, sizeof(value));
		expect(&other, words[i].part);
	}
	other = base;
	other.covers = (struct bkt_cover *)(uintptr_t)&cover;
	other.n_covers = 1;
	expect(&other, "covers");
	other = base;
	other.years = (struct bkt_u64s){ (uint64_t *)(uintptr_t)&year, 1 };
	expect(&other, "budget years");
	/* absent and empty say the same; who handed it in is no part of it */
	other = base;
	other.note = other.number = "";
	other.handed_in_by =
	    (struct bkt_strs){ (const char **)(uintptr_t)values, 1 };
	expect(&other, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reasons),
		cmocka_unit_test(changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
