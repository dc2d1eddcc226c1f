#include "gitdb_write_support.h"

/* ---- keeping packed
 * ----------------------------------------------------------- */

/* batches of one document each; the tree of 300 others is touched by all */
static struct bkt_oid many_batches(size_t n)
{
	struct bkt_oid tip = zero_oid, tree = zero_oid;
	static char paths[300][32];
	static struct file files[300];

	for (size_t i = 0; i < COUNT(files); i++) {
		(void)snprintf(paths[i], sizeof(paths[i]), "d/%03zu/x", i);
		files[i].path = paths[i];
		files[i].content = "same";
	}
	tree = tree_with(&tree, files, COUNT(files));
	for (size_t i = 0; i < n; i++) {
		struct file f = { paths[i * 7 % 300], "" };
		struct bkt_oid next;
		char content[32];

		(void)snprintf(content, sizeof(content), "content %zu", i);
		f.content = content;
		tree = tree_with(&tree, &f, 1);
		next = commit_of(&tree, &tip, content);
		OK(bkt_gitdb_ref_move(db, MAIN, &tip, &next, &err));
		tip = next;
	}
	return tip;
}

static uint64_t pack_bytes(void)
{
	struct bkt_strs names;
	uint64_t sum = 0;

	OK(bkt_dir_list("r.git/objects/pack", arena, &names, &err));
	for (size_t i = 0; i < names.n; i++) {
		char path[256];
		struct stat st;

		(void)snprintf(
		    path, sizeof(path), "r.git/objects/pack/%s", names.v[i]);
		assert_int_equal(stat(path, &st), 0);
		sum += (uint64_t)st.st_size;
	}
	return sum;
}

/* the whole history through a handle */
static size_t read_all(bkt_gitdb *g, const struct bkt_oid *tip)
{
	BKT_AUTO(bkt_free) struct bkt_oid *list = NULL;
	struct bkt_oid prev = zero_oid;
	size_t n, total = 0;

	OK(bkt_gitdb_chain(g, tip, &zero_oid, 1000, &list, &n, &err));
	for (size_t i = 0; i < n; i++) {
		BKT_AUTO(bkt_arena_free)
		bkt_arena *a = bkt_arena_new(1 << 20);
		BKT_AUTO(bkt_buf_release) struct bkt_buf b;
		struct bkt_commit c;
		struct bkt_change *v;
		size_t m;

		bkt_buf_init(&b, 1 << 20);
		OK(bkt_gitdb_read(g, &list[i], BKT_GIT_COMMIT, &b, &err));
		OK(bkt_commit_parse(bkt_buf_span(&b), a, &c, &err));
		OK(bkt_gitdb_diff(g, &prev, &c.tree, 1000, a, &v, &m, &err));
		for (size_t k = 0; k < m; k++)
			OK(bkt_gitdb_read(
			    g, &v[k].new_oid, BKT_GIT_BLOB, &b, &err));
		prev = c.tree;
		total += m;
	}
	return total;
}

static void many_packs_become_few(void **state)
{
	BKT_AUTO(bkt_gitdb_free) bkt_gitdb *other = NULL;
	struct bkt_oid tip;
	size_t before, n;
	uint64_t bytes;

	(void)state;
	tip = many_batches(40);
	OK(bkt_gitdb_open("r.git", false, &other, &err));
	n = read_all(other, &tip);
	assert_int_equal(n, 339);
	before = count_files("r.git/objects/pack", "pack-");
	assert_true(before > 100);
	bytes = pack_bytes();
	OK(bkt_gitdb_tidy(db, &err));
	assert_true(count_files("r.git/objects/pack", "pack-") <= 6);
	assert_int_equal(count_files("r.git/objects/pack", "tmp_"), 0);
	/* the wide tree became a chain of differences */
	assert_true(pack_bytes() < bytes / 3);
	assert_sound();
	assert_int_equal(read_all(db, &tip), n);
	/* one that had the old packs open goes on reading */
	assert_int_equal(read_all(other, &tip), n);
	/* nothing to do: nothing is done */
	bytes = pack_bytes();
	OK(bkt_gitdb_tidy(db, &err));
	assert_int_equal(pack_bytes(), bytes);
}

static void combined_packs_combine_again(void **state)
{
	struct bkt_oid tip = many_batches(20);

	(void)state;
	OK(bkt_gitdb_tidy(db, &err));
	for (size_t i = 0; i < 60; i++) {
		struct bkt_oid t, next;
		struct file f = { "d/007/x", "" };
		char content[32];
		BKT_AUTO(bkt_arena_free)
		bkt_arena *a = bkt_arena_new(1 << 20);
		BKT_AUTO(bkt_buf_release) struct bkt_buf b;
		struct bkt_commit c;

		bkt_buf_init(&b, 1 << 20);
		OK(bkt_gitdb_read(db, &tip, BKT_GIT_COMMIT, &b, &err));
		OK(bkt_commit_parse(bkt_buf_span(&b), a, &c, &err));
		(void)snprintf(content, sizeof(content), "later %zu", i);
		f.content = content;
		t = tree_with(&c.tree, &f, 1);
		next = commit_of(&t, &tip, content);
		OK(bkt_gitdb_ref_move(db, MAIN, &tip, &next, &err));
		tip = next;
		OK(bkt_gitdb_tidy(db, &err));
		assert_true(
		    count_files("r.git/objects/pack", "pack-") <= 2 * 25);
	}
	assert_sound();
	assert_int_equal(read_all(db, &tip), 300 + 19 + 60);
}

/* deltas as stock git makes them, loose objects as it unpacks them */
static void packs_of_stock_git_are_combined(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf out = { 0 };
	struct bkt_oid tip = many_batches(40);

	(void)state;
	assert_int_equal(
	    GIT("repack", "-a", "-d", "-f", "--depth=50", "--window=50"), 0);
	for (size_t i = 0; i < 30; i++) {
		char text[32];

		(void)snprintf(text, sizeof(text), "more %zu", i);
		(void)blob(text);
	}
	for (size_t i = 0; i < 300; i++) {
		char raw[32];
		int n;
		struct bkt_oid oid;

		n = snprintf(raw, sizeof(raw), "blob 3%c%03zu", 0, i);
		oid = oid_of(raw + 7);
		loose(&oid, raw, (size_t)n, "");
	}
	OK(bkt_gitdb_tidy(db, &err));
	assert_int_equal(GIT("count-objects"), 0);
	slurp("out", &out);
	assert_string_equal((char *)out.ptr, "0 objects, 0 kilobytes\n");
	assert_sound();
	assert_int_equal(read_all(db, &tip), 339);
	/* now the pack with stock deltas is among the small ones too */
	for (size_t i = 0; i < 800; i++) {
		char text[32];

		if (i % 30 == 29)
			OK(bkt_gitdb_tidy(db, &err));
		(void)snprintf(text, sizeof(text), "yet more %zu", i);
		(void)blob(text);
	}
	OK(bkt_gitdb_tidy(db, &err));
	assert_sound();
	assert_int_equal(read_all(db, &tip), 339);
}

static void a_damaged_pack_is_not_combined(void **state)
{
	struct bkt_strs names;
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;
	char path[256] = "";
	size_t before;

	(void)state;
	for (size_t i = 0; i < 30; i++) {
		char text[32];

		(void)snprintf(text, sizeof(text), "number %zu", i);
		(void)blob(text);
	}
	OK(bkt_dir_list("r.git/objects/pack", arena, &names, &err));
	for (size_t i = 0; i < names.n; i++)
		if (strstr(names.v[i], ".pack"))
			(void)snprintf(path, sizeof(path),
			    "r.git/objects/pack/%s", names.v[i]);
	slurp(path, &b);
	b.ptr[15] ^= 1;
	OK(bkt_file_replace(path, bkt_buf_span(&b), 0444, &err));
	before = names.n;
	assert_int_equal(bkt_gitdb_tidy(db, NULL), BKT_E_TAMPERED);
	assert_int_equal(count_files("r.git/objects/pack", ""), before);
}

static int64_t two_days_on(void)
{
	return 48 * 60 * 60 + (int64_t)time(NULL);
}

static void leftovers_go_when_they_are_old(void **state)
{
	(void)state;
	put("r.git/objects/pack/tmp_pack_abc", "x");
	put("r.git/objects/pack/pack-1111.idx", "x");
	OK(bkt_dir_make(
	    "r.git/objects/tmp_objdir-incoming-a/pack", 0755, true, &err));
	OK(bkt_gitdb_tidy(db, &err));
	assert_int_equal(count_files("r.git/objects/pack", ""), 2);
	assert_int_equal(count_files("r.git/objects", "tmp_objdir"), 1);
	bkt_clock = two_days_on;
	OK(bkt_gitdb_tidy(db, &err));
	assert_int_equal(count_files("r.git/objects/pack", "tmp_"), 0);
	assert_int_equal(count_files("r.git/objects", "tmp_objdir"), 0);
}

static void tidying_that_fails_loses_nothing(void **state)
{
	struct bkt_oid tip = many_batches(10);
	enum bkt_status st = BKT_E_IO;

	(void)state;
	for (size_t n = 0; st != BKT_OK && n < 400; n += 3) {
		ops_left = n;
		bkt_fs_fault = fail_later;
		st = bkt_gitdb_tidy(db, NULL);
		bkt_fs_fault = NULL;
		if (st != BKT_OK && st != BKT_E_IO)
			fail_msg("step %zu: %s", n, bkt_status_name(st));
		assert_int_equal(read_all(db, &tip), 309);
	}
	assert_int_equal(st, BKT_OK);
	assert_sound();
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(many_packs_become_few),
		TEST(combined_packs_combine_again),
		TEST(packs_of_stock_git_are_combined),
		TEST(a_damaged_pack_is_not_combined),
		TEST(leftovers_go_when_they_are_old),
		TEST(tidying_that_fails_loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
