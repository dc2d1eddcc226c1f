#include "gitdb_write_support.h"

/* ---- packs ----------------------------------------------------------------
 */

static void stock_git_reads_what_is_written(void **state)
{
	static const struct file files[] = { { "a", "1" }, { "d/b", "2" } };
	struct bkt_oid t = tree_with(&zero_oid, files, 2);
	struct bkt_oid c = commit_of(&t, &zero_oid, "first");
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;

	(void)state;
	OK(bkt_gitdb_ref_move(db, MAIN, &zero_oid, &c, &err));
	assert_sound();
	assert_int_equal(GIT("cat-file", "blob", "main:d/b"), 0);
	slurp("out", &out);
	assert_string_equal((char *)out.ptr, "2");
	bkt_buf_release(&out);
	assert_int_equal(GIT("log", "--format=%an|%cn|%s"), 0);
	slurp("out", &out);
	assert_string_equal((char *)out.ptr, "budi|spbe.kota.go.id|first\n");
}

static void an_object_is_written_once(void **state)
{
	struct bkt_oid old = blob("old"), a, b;
	BKT_AUTO(bkt_gitpack_free) bkt_gitpack *p = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;

	(void)state;
	OK(bkt_gitpack_new(db, &p, &err));
	OK(bkt_gitpack_add(p, BKT_GIT_BLOB, bkt_span_str("old"), &a, &err));
	assert_true(bkt_oid_eq(&a, &old));
	OK(bkt_gitpack_add(p, BKT_GIT_BLOB, bkt_span_str("new"), &a, &err));
	OK(bkt_gitpack_add(p, BKT_GIT_BLOB, bkt_span_str("new"), &b, &err));
	assert_true(bkt_oid_eq(&a, &b));
	OK(bkt_gitpack_finish(p, &err));
	assert_int_equal(GIT("count-objects", "-v"), 0);
	slurp("out", &out);
	assert_non_null(strstr((char *)out.ptr, "in-pack: 2\n"));
	assert_sound();
}

static void loose_objects_count_as_there(void **state)
{
	struct bkt_oid hello = oid_of("hello"), a;
	BKT_AUTO(bkt_gitpack_free) bkt_gitpack *p = NULL;

	(void)state;
	loose(&hello, "blob 5\0hello", 12, "");
	OK(bkt_gitpack_new(db, &p, &err));
	OK(bkt_gitpack_add(p, BKT_GIT_BLOB, bkt_span_str("hello"), &a, &err));
	OK(bkt_gitpack_finish(p, &err));
	assert_int_equal(count_files("r.git/objects/pack", "pack-"), 0);
}

static void nothing_shows_before_the_finish(void **state)
{
	BKT_AUTO(bkt_gitpack_free) bkt_gitpack *p = NULL;
	struct bkt_oid a;

	(void)state;
	OK(bkt_gitpack_new(db, &p, &err));
	OK(bkt_gitpack_add(p, BKT_GIT_BLOB, bkt_span_str("x"), &a, &err));
	assert_false(bkt_gitdb_has(db, &a));
	bkt_gitpack_free(BKT_STEAL(p));
	assert_int_equal(count_files("r.git/objects/pack", ""), 0);
	/* a pack of nothing leaves nothing */
	OK(bkt_gitpack_new(db, &p, &err));
	OK(bkt_gitpack_finish(p, &err));
	bkt_gitpack_free(BKT_STEAL(p));
	assert_int_equal(count_files("r.git/objects/pack", ""), 0);
}

static void large_objects_pass_in_pieces(void **state)
{
	size_t n = 3 * 1024 * 1024;
	uint8_t *p = malloc(n);
	uint32_t x = 1;
	struct bkt_oid oid;
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;

	(void)state;
	assert_non_null(p);
	for (size_t i = 0; i < n; i++) {
		x = x * 1103515245 + 12345;
		p[i] = (uint8_t)(x >> 24);
	}
	oid = object(BKT_GIT_BLOB, p, n);
	bkt_buf_init(&out, BKT_GITDB_BLOB_MAX);
	OK(bkt_gitdb_read(db, &oid, BKT_GIT_BLOB, &out, &err));
	assert_true(bkt_span_eq(bkt_buf_span(&out), BKT_SPAN(p, n)));
	assert_sound();
	free(p);
}

/* ---- trees ----------------------------------------------------------------
 */

static enum bkt_status try_tree(
    const struct bkt_oid *base, const struct file *files, size_t n)
{
	BKT_AUTO(bkt_gitpack_free) bkt_gitpack *p = NULL;
	struct bkt_change v[8];
	struct bkt_oid out;

	OK(bkt_gitpack_new(db, &p, &err));
	memset(v, 0, sizeof(v));
	for (size_t i = 0; i < n; i++) {
		v[i].path = files[i].path;
		if (*files[i].content)
			v[i].new_oid = oid_of(files[i].content);
	}
	return bkt_gitpack_tree(p, base, v, n, &out, NULL);
}

static void edits_make_the_tree_git_would_make(void **state)
{
	static const struct file first[] = { { "a", "1" }, { "a.b", "2" },
		{ "d/x", "3" }, { "d/y/z", "4" }, { "e", "5" } };
	static const struct file then[] = { { "a", "" }, { "a/in", "6" },
		{ "d/y/z", "" }, { "d0", "7" }, { "no/such", "" } };
	static const struct file want[] = { { "a.b", "2" }, { "a/in", "6" },
		{ "d/x", "3" }, { "d0", "7" }, { "e", "5" } };
	static const struct file none[] = { { "a.b", "" }, { "a/in", "" },
		{ "d/x", "" }, { "d0", "" }, { "e", "" } };
	struct bkt_oid a = tree_with(&zero_oid, first, COUNT(first));
	struct bkt_oid b = tree_with(&a, then, COUNT(then));
	struct bkt_oid c = tree_with(&zero_oid, want, COUNT(want));
	struct bkt_oid e = tree_with(&b, none, COUNT(none));
	struct bkt_oid same = tree_with(&b, NULL, 0);
	char hex[41];

	(void)state;
	assert_true(bkt_oid_eq(&b, &c));
	assert_true(bkt_oid_eq(&b, &same));
	bkt_oid_hex(&e, hex);
	assert_string_equal(hex, "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
	c = commit_of(&b, &zero_oid, "x");
	OK(bkt_gitdb_ref_move(db, MAIN, &zero_oid, &c, &err));
	assert_sound();
}

static void edits_that_make_no_tree_are_refused(void **state)
{
	static const struct {
		const char *sentence;
		struct file files[2];
		size_t n;
		enum bkt_status want;
	} rows[] = {
		{ "unsorted", { { "b", "1" }, { "a", "1" } }, 2, BKT_E_USAGE },
		{ "twice", { { "a", "1" }, { "a", "1" } }, 2, BKT_E_USAGE },
		{ "a file where a directory is", { { "d", "1" } }, 1,
		    BKT_E_FORMAT },
		{ "a directory where a file is", { { "f/x", "1" } }, 1,
		    BKT_E_FORMAT },
		{ "both at once", { { "n", "1" }, { "n/x", "1" } }, 2,
		    BKT_E_FORMAT },
		{ "an empty part", { { "x//y", "1" } }, 1, BKT_E_FORMAT },
		{ "a part that goes up", { { "x/../y", "1" } }, 1,
		    BKT_E_FORMAT },
		{ "git's own name", { { ".git/config", "1" } }, 1,
		    BKT_E_FORMAT },
		{ "a leading slash", { { "/x", "1" } }, 1, BKT_E_FORMAT },
		{ "a trailing slash", { { "x/", "1" } }, 1, BKT_E_FORMAT },
		{ "nine parts", { { "1/2/3/4/5/6/7/8/9", "1" } }, 1,
		    BKT_E_FORMAT },
		{ "eight parts are fine", { { "1/2/3/4/5/6/7/8", "1" } }, 1,
		    BKT_OK },
	};
	static const struct file base[] = { { "d/x", "1" }, { "f", "2" } };
	struct bkt_oid t = tree_with(&zero_oid, base, 2);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum bkt_status st = try_tree(&t, rows[i].files, rows[i].n);

		if (st != rows[i].want)
			fail_msg(
			    "%s: %s", rows[i].sentence, bkt_status_name(st));
	}
}

/* ---- refs ------------------------------------------------------------------
 */

static void a_ref_moves_from_where_it_is(void **state)
{
	struct bkt_oid t = object(BKT_GIT_TREE, "", 0), at;
	struct bkt_oid a = commit_of(&t, &zero_oid, "a");
	struct bkt_oid b = commit_of(&t, &a, "b");
	struct bkt_oid gone = oid_of("gone");

	(void)state;
	assert_int_equal(
	    bkt_gitdb_ref_move(db, MAIN, &a, &b, NULL), BKT_E_CONFLICT);
	OK(bkt_gitdb_ref_move(db, MAIN, &zero_oid, &a, &err));
	assert_int_equal(
	    bkt_gitdb_ref_move(db, MAIN, &zero_oid, &b, NULL), BKT_E_CONFLICT);
	assert_int_equal(
	    bkt_gitdb_ref_move(db, MAIN, &b, &b, NULL), BKT_E_CONFLICT);
	assert_int_equal(
	    bkt_gitdb_ref_move(db, MAIN, &a, &gone, NULL), BKT_E_MISSING);
	assert_int_equal(
	    bkt_gitdb_ref_move(db, MAIN, &a, &t, NULL), BKT_E_TAMPERED);
	assert_int_equal(
	    bkt_gitdb_ref_move(db, "refs/heads/../x", &zero_oid, &a, NULL),
	    BKT_E_USAGE);
	OK(bkt_gitdb_ref_move(db, MAIN, &a, &b, &err));
	OK(bkt_gitdb_ref(db, MAIN, &at, &err));
	assert_true(bkt_oid_eq(&at, &b));
	assert_false(bkt_path_exists("r.git/refs/heads/main.lock"));
	assert_false(bkt_path_exists("r.git/bukti/ref.tmp"));
}

static void a_lock_of_stock_git_is_kept(void **state)
{
	struct bkt_oid t = object(BKT_GIT_TREE, "", 0);
	struct bkt_oid a = commit_of(&t, &zero_oid, "a");

	(void)state;
	put("r.git/refs/heads/main.lock", "");
	assert_int_equal(
	    bkt_gitdb_ref_move(db, MAIN, &zero_oid, &a, NULL), BKT_E_BUSY);
	assert_true(bkt_path_exists("r.git/refs/heads/main.lock"));
	assert_int_equal(unlink("r.git/refs/heads/main.lock"), 0);
	OK(bkt_gitdb_ref_move(db, MAIN, &zero_oid, &a, &err));
}

static void our_own_leftover_lock_is_cleared(void **state)
{
	struct bkt_oid t = object(BKT_GIT_TREE, "", 0);
	struct bkt_oid a = commit_of(&t, &zero_oid, "a");

	(void)state;
	/* as a kill between link and rename leaves it */
	OK(bkt_dir_make("r.git/bukti", 0700, false, &err));
	put("r.git/bukti/ref.tmp", "x");
	assert_int_equal(
	    link("r.git/bukti/ref.tmp", "r.git/refs/heads/main.lock"), 0);
	OK(bkt_gitdb_ref_move(db, MAIN, &zero_oid, &a, &err));
	/* as a kill between rename and unlink leaves it: the ref survives */
	assert_int_equal(
	    link("r.git/refs/heads/main", "r.git/bukti/ref.tmp"), 0);
	assert_int_equal(
	    bkt_gitdb_ref_move(db, MAIN, &zero_oid, &a, NULL), BKT_E_CONFLICT);
	OK(bkt_gitdb_ref(db, MAIN, &a, &err));
}

static enum bkt_status move_once(
    void *ctx, size_t item, unsigned worker, struct bkt_err *err)
{
	const struct bkt_oid *v = ctx;
	enum bkt_status st;

	(void)worker;
	st = bkt_gitdb_ref_move(db, MAIN, &v[0], &v[1 + item], err);
	return st == BKT_E_CONFLICT ? BKT_OK
	       : st == BKT_OK       ? BKT_E_EXISTS /* counts the winners */
				    : st;
}

static void of_two_moves_one_wins(void **state)
{
	struct bkt_oid t = object(BKT_GIT_TREE, "", 0), v[9], at;
	size_t n = 0;

	(void)state;
	v[0] = commit_of(&t, &zero_oid, "base");
	OK(bkt_gitdb_ref_move(db, MAIN, &zero_oid, &v[0], &err));
	for (size_t i = 1; i < COUNT(v); i++) {
		char subject[16];

		(void)snprintf(subject, sizeof(subject), "c%zu", i);
		v[i] = commit_of(&t, &v[0], subject);
	}
	assert_int_equal(
	    bkt_parallel(4, COUNT(v) - 1, move_once, v, NULL), BKT_E_EXISTS);
	OK(bkt_gitdb_ref(db, MAIN, &at, &err));
	for (size_t i = 1; i < COUNT(v); i++)
		n += bkt_oid_eq(&at, &v[i]);
	assert_int_equal(n, 1);
}

/* ---- a write that fails leaves the old state
 * --------------------------------- */

static enum bkt_status batch(
    const struct bkt_oid *from, const char *content, struct bkt_oid *out)
{
	BKT_AUTO(bkt_gitpack_free) bkt_gitpack *p = NULL;
	struct bkt_change change = { .path = "d/file" };
	struct bkt_commit c = { .author_id = bkt_span_str("budi"),
		.committer_id = bkt_span_str("a.go.id"),
		.message = bkt_span_str("m\n"),
		.signature = bkt_span_str(ARMOUR) };
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;

	bkt_buf_init(&b, 1 << 16);
	c.parent = *from;
	BKT_TRY(bkt_gitpack_new(db, &p, NULL));
	BKT_TRY(bkt_gitpack_add(
	    p, BKT_GIT_BLOB, bkt_span_str(content), &change.new_oid, NULL));
	BKT_TRY(bkt_gitpack_tree(p, &zero_oid, &change, 1, &c.tree, NULL));
	BKT_TRY(bkt_commit_print(&c, &b, NULL));
	BKT_TRY(
	    bkt_gitpack_add(p, BKT_GIT_COMMIT, bkt_buf_span(&b), out, NULL));
	BKT_TRY(bkt_gitpack_finish(p, NULL));
	return bkt_gitdb_ref_move(db, MAIN, from, out, NULL);
}

static void every_failing_step_leaves_the_old_state(void **state)
{
	struct bkt_oid first, next = zero_oid, at;
	enum bkt_status st = BKT_E_IO;

	(void)state;
	assert_int_equal(batch(&zero_oid, "first", &first), BKT_OK);
	for (size_t n = 0; st != BKT_OK && n < 100; n++) {
		ops_left = n;
		bkt_fs_fault = fail_later;
		st = batch(&first, "second", &next);
		bkt_fs_fault = NULL;
		if (st != BKT_OK && st != BKT_E_IO)
			fail_msg("step %zu: %s", n, bkt_status_name(st));
		OK(bkt_gitdb_ref(db, MAIN, &at, &err));
		/* the last sync may fail after the move */
		if (bkt_oid_eq(&at, &next) && st != BKT_OK)
			break;
		if (st != BKT_OK)
			assert_true(bkt_oid_eq(&at, &first));
	}
	assert_true(bkt_oid_eq(&at, &next));
	assert_sound();
}

/* ---- creating ---------------------------------------------------------------
 */

static void a_new_repository_is_stock(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;

	(void)state;
	assert_int_equal(bkt_gitdb_create("r.git", NULL), BKT_E_EXISTS);
	put("file", "x");
	assert_int_equal(bkt_gitdb_create("file", NULL), BKT_E_EXISTS);
	assert_int_equal(mkdir("bare", 0755), 0);
	OK(bkt_gitdb_create("bare/", &err));
	OK(bkt_gitdb_create("deep/er/r.git", &err));
	assert_int_equal(GIT("rev-parse", "--is-bare-repository"), 0);
	slurp("out", &out);
	assert_string_equal((char *)out.ptr, "true\n");
	bkt_buf_release(&out);
	assert_int_equal(GIT("symbolic-ref", "HEAD"), 0);
	slurp("out", &out);
	assert_string_equal((char *)out.ptr, "refs/heads/main\n");
	bkt_buf_release(&out);
	assert_int_equal(GIT("config", "receive.denyNonFastForwards"), 0);
	slurp("out", &out);
	assert_string_equal((char *)out.ptr, "true\n");
	assert_sound();
}

static void a_failed_creation_leaves_nothing(void **state)
{
	(void)state;
	for (size_t n = 0; n < 40; n++) {
		enum bkt_status st;

		ops_left = n;
		bkt_fs_fault = fail_later;
		st = bkt_gitdb_create("new.git", NULL);
		bkt_fs_fault = NULL;
		if (bkt_path_exists("new.git/HEAD"))
			return; /* in place, only the last sync failed */
		assert_int_equal(st, BKT_E_IO);
		assert_false(bkt_path_exists("new.git"));
	}
	fail_msg("never made");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(stock_git_reads_what_is_written),
		TEST(an_object_is_written_once),
		TEST(loose_objects_count_as_there),
		TEST(nothing_shows_before_the_finish),
		TEST(large_objects_pass_in_pieces),
		TEST(edits_make_the_tree_git_would_make),
		TEST(edits_that_make_no_tree_are_refused),
		TEST(a_ref_moves_from_where_it_is),
		TEST(a_lock_of_stock_git_is_kept),
		TEST(our_own_leftover_lock_is_cleared),
		TEST(of_two_moves_one_wins),
		TEST(every_failing_step_leaves_the_old_state),
		TEST(a_new_repository_is_stock),
		TEST(a_failed_creation_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
