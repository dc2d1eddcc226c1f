#include "gitdb_support.h"

#include <errno.h>
#include <time.h>

#define MAIN "refs/heads/main"

static bkt_arena *arena;

static int enter(void **state)
{
	arena = bkt_arena_new(32 << 20);
	return arena ? enter_repository(state) : -1;
}

static int leave(void **state)
{
	bkt_arena_free(arena);
	bkt_clock = NULL;
	return leave_repository(state);
}

static size_t count_files(const char *dir, const char *prefix)
{
	struct bkt_strs names;
	size_t n = 0;

	OK(bkt_dir_list(dir, arena, &names, &err));
	for (size_t i = 0; i < names.n; i++)
		n += strncmp(names.v[i], prefix, strlen(prefix)) == 0;
	return n;
}

static void assert_sound(void)
{
	struct bkt_strs names;

	if (GIT("fsck", "--strict", "--full") != 0) {
		struct bkt_buf out;

		slurp("out", &out);
		fail_msg("git fsck: %s", (char *)out.ptr);
	}
	OK(bkt_dir_list("r.git/objects/pack", arena, &names, &err));
	for (size_t i = 0; i < names.n; i++) {
		size_t n = strlen(names.v[i]);
		char path[200];

		if (n < 4 || strcmp(names.v[i] + n - 4, ".idx") != 0)
			continue;
		(void)snprintf(
		    path, sizeof(path), "objects/pack/%s", names.v[i]);
		assert_int_equal(GIT("verify-pack", path), 0);
	}
}

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

static size_t ops_left;
static int fail_later(const char *op, const char *path)
{
	(void)path;
	if (strcmp(op, "open") == 0 || strcmp(op, "read") == 0 ||
	    strcmp(op, "close") == 0)
		return 0;
	if (ops_left == 0)
		return EIO;
	ops_left--;
	return 0;
}

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
		TEST(many_packs_become_few),
		TEST(combined_packs_combine_again),
		TEST(packs_of_stock_git_are_combined),
		TEST(a_damaged_pack_is_not_combined),
		TEST(leftovers_go_when_they_are_old),
		TEST(tidying_that_fails_loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
