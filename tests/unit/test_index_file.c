/* The index file: damage, other versions, media that cannot be written, and
 * memory that runs out. Losing it must never lose anything. */
#include "test_index.h"

static void put_some(bkt_index *x, uint64_t n)
{
	struct bkt_err err;
	char path[64];

	assert_int_equal(bkt_index_begin(x, &err), BKT_OK);
	for (uint64_t i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "units/u%05u.json", (unsigned)i);
		assert_int_equal(
		    put_at(x, i, path, "isi rekaman", "unit", "dinas"), BKT_OK);
	}
	assert_int_equal(
	    bkt_index_meta_set(x, "head", bkt_span_str("abc"), &err), BKT_OK);
	assert_int_equal(bkt_index_commit(x, &err), BKT_OK);
}

static bool is_empty(bkt_index *x)
{
	struct bkt_err err;
	struct seen s = { .n = 0 };
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;

	bkt_buf_init(&b, 64);
	assert_int_equal(bkt_index_current(x, "", see, &s, &err), BKT_OK);
	return s.n == 0 &&
	       bkt_index_meta_get(x, "head", &b, &err) == BKT_E_NOTFOUND;
}

static void write_file(const char *path, const char *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* ---- set aside --------------------------------------------------------------
 */

enum state {
	GARBAGE,
	OTHER_VERSION,
	OTHER_PROGRAM,
	CUT,
	FOLDER,
	SYMLINK,
	HEAD_SPOILT,
};

static const struct {
	const char *why;
	enum state state;
} bad_files[] = {
	{ "not a database", GARBAGE },
	{ "a later version's index", OTHER_VERSION },
	{ "another program's database", OTHER_PROGRAM },
	{ "cut in the middle of its first page", CUT },
	{ "a directory in its place", FOLDER },
	{ "a symbolic link to another file", SYMLINK },
	{ "page size overwritten", HEAD_SPOILT },
};

static void patch(const char *path, off_t at, const char *bytes, size_t n)
{
	int fd = open(path, O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, n, at), n);
	close(fd);
}

static void make_bad(const struct place *p, enum state state)
{
	char aside[96];

	snprintf(aside, sizeof(aside), "%s/elsewhere", p->dir);
	switch (state) {
	case GARBAGE:
		write_file(p->file, "this is not a database at all\n", 30);
		break;
	case OTHER_VERSION: /* user_version, SQLite file format 1.3.12 */
		patch(p->file, 60, "\0\0\0\x63", 4);
		break;
	case OTHER_PROGRAM:
		patch(p->file, 68, "\x12\x34\x56\x78", 4);
		break;
	case CUT:
		assert_int_equal(truncate(p->file, 1000), 0);
		break;
	case FOLDER:
		assert_int_equal(unlink(p->file), 0);
		assert_int_equal(mkdir(p->file, 0700), 0);
		break;
	case SYMLINK:
		assert_int_equal(rename(p->file, aside), 0);
		assert_int_equal(symlink(aside, p->file), 0);
		break;
	case HEAD_SPOILT:
		patch(p->file, 16, "\x11\x11", 2);
		break;
	}
}

static void test_set_aside(void **state)
{
	struct place *p = *state;

	for (unsigned i = 0; i < sizeof(bad_files) / sizeof(*bad_files); i++) {
		struct bkt_err err;
		struct stat st;
		char bad[128];

		put_some(p->x, 10);
		bkt_index_free(p->x);
		p->x = NULL;
		make_bad(p, bad_files[i].state);
		assert_int_equal(
		    bkt_index_open(p->dir, i % 2, &p->x, &err), BKT_OK);
		if (!is_empty(p->x))
			fail_msg("%s: still there", bad_files[i].why);
		snprintf(bad, sizeof(bad), "%s.bad-%u", p->file, i + 1);
		assert_true(lstat(bad, &st) == 0);
		assert_int_equal(lstat(p->file, &st), 0);
		assert_true(S_ISREG(st.st_mode));
		assert_int_equal(st.st_mode & 0777, 0600);
	}
}

static void test_mode_of_side_files(void **state)
{
	struct place *p = *state;
	struct stat st;
	char side[128];

	put_some(p->x, 10);
	snprintf(side, sizeof(side), "%s-wal", p->file);
	assert_int_equal(stat(p->file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(side, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

/* damage that only shows while reading: the run fails as a fault, the next
 * one starts from an empty index */
static void test_damage_inside(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct seen s;
	enum bkt_status st = BKT_OK;
	struct stat info;
	static char junk[4096];
	char bad[128];

	put_some(p->x, 2000);
	bkt_index_free(p->x);
	p->x = NULL;
	memset(junk, 0x5a, sizeof(junk));
	assert_int_equal(stat(p->file, &info), 0);
	for (off_t at = 16 * 4096; at < info.st_size; at += 4096)
		patch(p->file, at, junk, sizeof(junk));
	assert_int_equal(bkt_index_open(p->dir, false, &p->x, &err), BKT_OK);
	for (uint64_t i = 0; i < 2000 && st == BKT_OK; i++) {
		s = (struct seen){ .n = 0 };
		st = bkt_index_entry_at(p->x, i, see, &s, &err);
	}
	assert_int_equal(st, BKT_E_DB);
	assert_true(err.hint[0] != '\0');
	bkt_index_free(p->x);
	p->x = NULL;
	snprintf(bad, sizeof(bad), "%s.bad-1", p->file);
	assert_true(bkt_path_exists(bad));
	assert_false(bkt_path_exists(p->file));
	assert_int_equal(bkt_index_open(p->dir, false, &p->x, &err), BKT_OK);
	assert_true(is_empty(p->x));
}

static void test_nine_kept(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	char bad[128];

	for (int i = 0; i < 12; i++) {
		bkt_index_free(p->x);
		p->x = NULL;
		make_bad(p, GARBAGE);
		assert_int_equal(
		    bkt_index_open(p->dir, false, &p->x, &err), BKT_OK);
	}
	snprintf(bad, sizeof(bad), "%s.bad-9", p->file);
	assert_true(bkt_path_exists(bad));
	snprintf(bad, sizeof(bad), "%s.bad-10", p->file);
	assert_false(bkt_path_exists(bad));
}

/* ---- where the file cannot be used
 * ------------------------------------------- */

static void test_fallback(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct seen s = { .n = 0 };
	char sub[96];

	bkt_index_free(p->x);
	p->x = NULL;
	snprintf(sub, sizeof(sub), "%s/bukti", p->dir);
	assert_int_equal(bkt_dir_remove(sub, &err), BKT_OK);
	assert_int_equal(bkt_index_open(p->dir, false, &p->x, &err), BKT_E_IO);
	assert_int_equal(bkt_index_open(p->dir, true, &p->x, &err), BKT_OK);
	assert_true(is_empty(p->x));
	put_some(p->x, 300);
	assert_int_equal(
	    bkt_index_current(p->x, "units/u0029", see, &s, &err), BKT_OK);
	assert_int_equal(s.n, 10);
	assert_false(bkt_path_exists(sub));
}

static int refuse_rename(const char *op, const char *path)
{
	(void)path;
	return strcmp(op, "rename") == 0 ? EROFS : 0;
}

static void test_fallback_when_it_cannot_be_set_aside(void **state)
{
	struct place *p = *state;
	struct bkt_err err;

	bkt_index_free(p->x);
	p->x = NULL;
	make_bad(p, GARBAGE);
	bkt_fs_fault = refuse_rename;
	assert_int_equal(bkt_index_open(p->dir, false, &p->x, &err), BKT_E_IO);
	assert_int_equal(bkt_index_open(p->dir, true, &p->x, &err), BKT_OK);
	bkt_fs_fault = NULL;
	put_some(p->x, 3);
}

/* ---- memory
 * -------------------------------------------------------------------- */

static int countdown;

static bool fail_nth(size_t n)
{
	(void)n;
	return countdown > 0 && --countdown == 0;
}

static enum bkt_status whole_way(
    struct place *p, uint64_t from, struct bkt_err *err)
{
	struct seen s = { .n = 0 };
	struct bkt_sha256 leaves[1];
	struct bkt_sha256 d = text_digest("isi");
	BKT_AUTO(bkt_index_free) bkt_index *x = NULL;
	enum bkt_status st;

	BKT_TRY(bkt_index_open(p->dir, true, &x, err));
	BKT_TRY(bkt_index_begin(x, err));
	st = put_at(x, from, "units/a.json", "isi", "unit", "dinas");
	if (st == BKT_OK)
		st = bkt_index_meta_set(x, "head", bkt_span_str("a"), err);
	if (st == BKT_OK)
		st = bkt_index_commit(x, err);
	if (st != BKT_OK) {
		bkt_index_rollback(x);
		return st;
	}
	BKT_TRY(bkt_index_current(x, "units/", see, &s, err));
	BKT_TRY(bkt_index_find(x, "unit", "dinas", see, &s, err));
	BKT_TRY(bkt_index_history(x, "units/", 9, 9, see, &s, err));
	BKT_TRY(bkt_index_entry_of(x, &d, see, &s, err));
	return bkt_index_leaves(x, 1, leaves, err);
}

static uint64_t entries_in(bkt_index *x)
{
	struct bkt_err err;
	struct seen s = { .n = 0 };

	assert_int_equal(
	    bkt_index_history(x, NULL, UINT64_MAX, 1, see, &s, &err), BKT_OK);
	return s.n ? strtoull(s.text, NULL, 10) + 1 : 0;
}

static void test_every_allocation_fails_once(void **state)
{
	struct place *p = *state;
	enum bkt_status st;
	int at = 0, left;

	do {
		struct bkt_err err = { 0 };
		uint64_t n = entries_in(p->x);

		countdown = ++at;
		bkt_alloc_fault = fail_nth;
		st = whole_way(p, n, &err);
		left = countdown;
		bkt_alloc_fault = NULL;
		countdown = 0;
		if (st != BKT_OK && st != BKT_E_NOMEM)
			fail_msg("allocation %d: %s", at, err.msg);
		assert_true(at < 20000);
	} while (left == 0);
	assert_int_equal(st, BKT_OK);
	/* SQLite itself was asked, not only our own code */
	assert_true(at > 50);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(test_set_aside),
		T(test_mode_of_side_files),
		T(test_damage_inside),
		T(test_nine_kept),
		T(test_fallback),
		T(test_fallback_when_it_cannot_be_set_aside),
		T(test_every_allocation_fails_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
