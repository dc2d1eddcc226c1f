#include "support/golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bukti/crypto.h"

#define GOLDEN BUKTI_SOURCE_DIR "/tests/golden"
#define GOLDEN_MAX ((size_t)4 << 20)

static void place(const char *folder, const char *name, char out[512])
{
	int n = snprintf(out, 512, GOLDEN "/%s/%s", folder, name);

	assert_true(n > 0 && n < 512);
}

void golden_slurp(const char *folder, const char *name, struct bkt_buf *out)
{
	char path[512];
	struct bkt_err err;

	place(folder, name, path);
	bkt_buf_init(out, GOLDEN_MAX);
	if (bkt_file_slurp(path, out, &err) != BKT_OK)
		fail_msg("%s: %s", path, err.msg);
}

/* ---- unchanged ------------------------------------------------------------
 */

static size_t check_sums(const char *folder)
{
	size_t n = 0;
	char *rest, *line;
	BKT_AUTO(bkt_buf_release) struct bkt_buf sums;

	golden_slurp(folder, "SHA256SUMS", &sums);
	rest = (char *)sums.ptr;
	while ((line = strsep(&rest, "\n")) && *line) {
		struct bkt_sha256 want, is;
		struct bkt_err err;
		BKT_AUTO(bkt_buf_release) struct bkt_buf in;

		assert_true(strlen(line) > 66);
		assert_true(bkt_unhex_n(line, want.b, sizeof(want.b)));
		golden_slurp(folder, line + 66, &in);
		assert_int_equal(
		    bkt_sha256_of(bkt_buf_span(&in), &is, &err), BKT_OK);
		if (!bkt_sha256_eq(&want, &is))
			fail_msg("%s/%s has changed", folder, line + 66);
		n++;
	}
	return n;
}

static bool is_vector(const char *name)
{
	return strcmp(name, "README") != 0 && strcmp(name, "SHA256SUMS") != 0;
}

/* files of a folder and of the folders in it */
static size_t count_files(const char *folder, const char *below)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 20);
	struct bkt_strs names;
	struct bkt_err err;
	char path[512], kid[256];
	size_t n = 0;

	place(folder, below, path);
	assert_non_null(arena);
	assert_int_equal(bkt_dir_list(path, arena, &names, &err), BKT_OK);
	for (size_t i = 0; i < names.n; i++) {
		snprintf(kid, sizeof(kid), "%s%s%s", below, *below ? "/" : "",
		    names.v[i]);
		place(folder, kid, path);
		if (bkt_path_is_dir(path))
			n += count_files(folder, kid);
		else
			n += is_vector(names.v[i]) ? 1 : 0;
	}
	return n;
}

void golden_unchanged(const char *folder, size_t n)
{
	assert_int_equal(check_sums(folder), n);
	assert_int_equal(count_files(folder, ""), n);
}

/* ---- tables ---------------------------------------------------------------
 */

void golden_open(const char *folder, const char *name, size_t n_columns,
    struct golden_table *out)
{
	memset(out, 0, sizeof(*out));
	assert_true(n_columns <= GOLDEN_COLUMNS_MAX);
	golden_slurp(folder, name, &out->text);
	out->rest = (char *)out->text.ptr;
	out->n_columns = n_columns;
}

bool golden_next(struct golden_table *t)
{
	char *line = strsep(&t->rest, "\n");
	size_t n = 0;

	if (!line || !*line)
		return false;
	while (line && n < GOLDEN_COLUMNS_MAX)
		t->column[n++] = strsep(&line, "\t");
	if (line || n != t->n_columns)
		fail_msg("row %zu has %zu columns", t->n_rows + 1, n);
	t->n_rows++;
	return true;
}

void golden_release(struct golden_table *t)
{
	bkt_buf_release(&t->text);
}

bool golden_verdict_is(const char *word, enum bkt_status st)
{
	if (strcmp(word, "MALFORMED") == 0)
		return st == BKT_E_FORMAT;
	if (strcmp(word, "TAMPERED") == 0)
		return st == BKT_E_TAMPERED || st == BKT_E_SEAL;
	if (strcmp(word, "UNTRUSTED") == 0)
		return st == BKT_E_TRUST;
	fail_msg("\"%s\" is no verdict", word);
	return false;
}
