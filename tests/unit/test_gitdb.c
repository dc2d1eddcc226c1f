#include "gitdb_support.h"

/* ---- trees, as the comparison reads them -------------------------------- */

#define OID "12345678901234567890"
#define OID2 "abcdefghijabcdefghij"
#define FILE_E(name) "100644 " name "\0" OID
#define DIR_E(name) "40000 " name "\0" OID

struct tree_row {
	const char *sentence;
	const char *raw;
	size_t n;
	enum bkt_status want;
};
#define T(sentence, raw, want)                       \
	{                                            \
		sentence, raw, sizeof(raw) - 1, want \
	}

static const struct tree_row tree_rows[] = {
	T("files in order are read", FILE_E("a") FILE_E("b"), BKT_OK),
	T("a name may hold spaces", FILE_E("Surat Keputusan.pdf"), BKT_OK),
	T("a name may hold other letters", FILE_E("caf\xc3\xa9"), BKT_OK),
	T("an executable file is refused", "100755 a\0" OID, BKT_E_FORMAT),
	T("a symbolic link is refused", "120000 a\0" OID, BKT_E_FORMAT),
	T("a submodule is refused", "160000 a\0" OID, BKT_E_FORMAT),
	T("a group-writable file is refused", "100664 a\0" OID, BKT_E_FORMAT),
	T("a padded directory mode is refused", "040000 a\0" OID, BKT_E_FORMAT),
	T("a padded file mode is refused", "0100644 a\0" OID, BKT_E_FORMAT),
	T("a mode of zero is refused", "0 a\0" OID, BKT_E_FORMAT),
	T("unsorted names are refused", FILE_E("b") FILE_E("a"), BKT_E_FORMAT),
	T("a name that comes twice is refused", FILE_E("a") FILE_E("a"),
	    BKT_E_FORMAT),
	T("a file and a directory of one name are refused",
	    FILE_E("a") DIR_E("a"), BKT_E_FORMAT),
	T("also when others stand between them",
	    FILE_E("a") FILE_E("a.b") DIR_E("a"), BKT_E_FORMAT),
	T("also when many stand between them",
	    FILE_E("a") FILE_E("a-") FILE_E("a--") FILE_E("a.b") DIR_E("a"),
	    BKT_E_FORMAT),
	T("a directory sorts as if it ended in a slash",
	    DIR_E("a") FILE_E("a.b"), BKT_E_FORMAT),
	T("an empty name is refused", FILE_E(""), BKT_E_FORMAT),
	T("a slash is refused", FILE_E("a/b"), BKT_E_FORMAT),
	T("'.' is refused", FILE_E("."), BKT_E_FORMAT),
	T("'..' is refused", FILE_E(".."), BKT_E_FORMAT),
	T("'.git' is refused", FILE_E(".git"), BKT_E_FORMAT),
	T("'.GIT' is refused", FILE_E(".GIT"), BKT_E_FORMAT),
	T("'git~1' is refused", FILE_E("GIT~1"), BKT_E_FORMAT),
	T("'.gitattributes' is a name like others", FILE_E(".gitattributes"),
	    BKT_OK),
	T("a newline is refused", FILE_E("a\nb"), BKT_E_FORMAT),
	T("invalid UTF-8 is refused", FILE_E("a\xff"), BKT_E_FORMAT),
	T("text that runs backwards is refused", FILE_E("a\xe2\x80\xae"),
	    BKT_E_FORMAT),
	T("a cut id is refused", "100644 a\0abc", BKT_E_FORMAT),
	T("a missing id is refused", "100644 a\0", BKT_E_FORMAT),
	T("a missing end of name is refused", "100644 abc", BKT_E_FORMAT),
	T("bytes after the last entry are refused", FILE_E("a") "x",
	    BKT_E_FORMAT),
};

static struct bkt_change *changes;
static size_t n_changes;
static bkt_arena *arena;

static enum bkt_status diff(
    const struct bkt_oid *a, const struct bkt_oid *b, size_t max)
{
	bkt_arena_clear(arena);
	return bkt_gitdb_diff(db, a, b, max, arena, &changes, &n_changes, NULL);
}

static int enter(void **state)
{
	arena = bkt_arena_new(8 << 20);
	return arena ? enter_repository(state) : -1;
}

static int leave(void **state)
{
	bkt_arena_free(arena);
	return leave_repository(state);
}

static void trees_are_read_strictly(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(tree_rows); i++) {
		struct bkt_oid t =
		    object(BKT_GIT_TREE, tree_rows[i].raw, tree_rows[i].n);
		enum bkt_status st = diff(&zero_oid, &t, 100);

		if (st != tree_rows[i].want)
			fail_msg("%s: %s", tree_rows[i].sentence,
			    bkt_status_name(st));
		/* the old side is no better than the new one */
		assert_int_equal(diff(&t, &zero_oid, 100), tree_rows[i].want);
	}
}

static void a_name_of_256_bytes_is_refused(void **state)
{
	(void)state;
	for (size_t n = 255; n <= 256; n++) {
		uint8_t raw[512];
		struct bkt_oid t;

		memcpy(raw, "100644 ", 7);
		memset(raw + 7, 'a', n);
		raw[7 + n] = 0;
		memcpy(raw + 8 + n, OID, 20);
		t = object(BKT_GIT_TREE, raw, n + 28);
		assert_int_equal(
		    diff(&zero_oid, &t, 10), n == 255 ? BKT_OK : BKT_E_FORMAT);
	}
}

static struct bkt_oid tree_of(const char *name, const struct bkt_oid *sub)
{
	uint8_t raw[64];
	size_t n = (size_t)snprintf((char *)raw, 32, "40000 %s", name) + 1;

	memcpy(raw + n, sub->b, 20);
	return object(BKT_GIT_TREE, raw, n + 20);
}

static void eight_levels_are_read_and_nine_refused(void **state)
{
	static const struct file files[] = { { "f", "x" } };
	struct bkt_oid t = tree_with(&zero_oid, files, 1);

	(void)state;
	for (int i = 1; i < 8; i++)
		t = tree_of("d", &t);
	assert_int_equal(diff(&zero_oid, &t, 10), BKT_OK);
	assert_int_equal(n_changes, 1);
	assert_string_equal(changes[0].path, "d/d/d/d/d/d/d/f");
	t = tree_of("d", &t);
	assert_int_equal(diff(&zero_oid, &t, 10), BKT_E_FORMAT);
}

static void an_empty_directory_is_refused(void **state)
{
	struct bkt_oid empty = object(BKT_GIT_TREE, "", 0);
	struct bkt_oid t = tree_of("d", &empty);

	(void)state;
	assert_int_equal(diff(&zero_oid, &t, 10), BKT_E_FORMAT);
	assert_int_equal(diff(&zero_oid, &empty, 10), BKT_OK);
	assert_int_equal(n_changes, 0);
}

static void differences_are_found_and_sorted(void **state)
{
	static const struct file first[] = { { "a", "1" }, { "a.b", "2" },
		{ "d/x", "3" }, { "d/y/z", "4" }, { "e/keep", "5" } };
	static const struct file then[] = { { "a", "" }, { "a/in", "6" },
		{ "d/x", "7" }, { "d/y/z", "" }, { "f", "8" } };
	static const struct {
		const char *path, *old, *new;
	} want[] = { { "a", "1", NULL }, { "a/in", NULL, "6" },
		{ "d/x", "3", "7" }, { "d/y/z", "4", NULL },
		{ "f", NULL, "8" } };
	struct bkt_oid a = tree_with(&zero_oid, first, COUNT(first));
	struct bkt_oid b = tree_with(&a, then, COUNT(then));

	(void)state;
	assert_int_equal(diff(&a, &b, 5), BKT_OK);
	assert_int_equal(n_changes, COUNT(want));
	for (size_t i = 0; i < COUNT(want); i++) {
		struct bkt_oid o = want[i].old ? oid_of(want[i].old) : zero_oid;
		struct bkt_oid n = want[i].new ? oid_of(want[i].new) : zero_oid;

		assert_string_equal(changes[i].path, want[i].path);
		assert_true(bkt_oid_eq(&changes[i].old_oid, &o));
		assert_true(bkt_oid_eq(&changes[i].new_oid, &n));
	}
	assert_int_equal(diff(&a, &b, 4), BKT_E_LIMIT);
	assert_int_equal(diff(&b, &b, 0), BKT_OK);
	assert_int_equal(n_changes, 0);
}

static void an_equal_subtree_is_not_entered(void **state)
{
	struct bkt_oid gone = oid_of("not a tree that is there");
	struct bkt_oid a = tree_of("d", &gone);
	struct bkt_oid b = object(BKT_GIT_TREE, FILE_E("x"), 29);
	uint8_t raw[64] = "40000 d";
	struct bkt_oid both;

	(void)state;
	memcpy(raw + 8, gone.b, 20);
	memcpy(raw + 28, FILE_E("x"), 29);
	both = object(BKT_GIT_TREE, raw, 57);
	assert_int_equal(diff(&a, &both, 10), BKT_OK);
	assert_int_equal(n_changes, 1);
	assert_int_equal(diff(&b, &both, 10), BKT_E_MISSING);
}

static void files_are_found_by_path(void **state)
{
	static const struct file files[] = { { "a", "1" }, { "d/e/f", "2" } };
	struct bkt_oid t = tree_with(&zero_oid, files, 2), found;
	struct bkt_oid odd = object(BKT_GIT_TREE, "100755 a\0" OID, 29);
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;
	static const char *const absent[] = { "", "b", "d", "d/e", "a/x", "d/",
		"/a", "d//e", "../a", "d/e/f/g", "./a" };

	(void)state;
	bkt_buf_init(&b, 100);
	OK(bkt_gitdb_read_path(db, &t, "d/e/f", &b, &err));
	assert_string_equal((char *)b.ptr, "2");
	for (size_t i = 0; i < COUNT(absent); i++)
		assert_int_equal(
		    bkt_gitdb_lookup(db, &t, absent[i], &found, NULL),
		    BKT_E_NOTFOUND);
	assert_int_equal(
	    bkt_gitdb_lookup(db, &odd, "a", &found, NULL), BKT_E_TAMPERED);
}

static enum bkt_status count_path(
    void *ctx, const char *path, const struct bkt_oid *oid, struct bkt_err *err)
{
	struct bkt_buf *b = ctx;

	(void)oid;
	bkt_buf_printf(b, "%s;", path);
	if (strcmp(path, "stop") == 0)
		return bkt_fail(err, BKT_E_INTERRUPTED, "stop");
	return BKT_OK;
}

static void walks_below_a_prefix(void **state)
{
	static const struct file files[] = { { "a", "1" }, { "d/a", "2" },
		{ "d/b/c", "3" }, { "stop", "4" }, { "z", "5" } };
	struct bkt_oid t = tree_with(&zero_oid, files, COUNT(files));
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;

	(void)state;
	bkt_buf_init(&b, 1000);
	OK(bkt_gitdb_walk(db, &t, "d/", count_path, &b, &err));
	assert_string_equal((char *)b.ptr, "d/a;d/b/c;");
	bkt_buf_clear(&b);
	OK(bkt_gitdb_walk(db, &t, "nothing/", count_path, &b, &err));
	assert_int_equal(b.len, 0);
	assert_int_equal(bkt_gitdb_walk(db, &t, "", count_path, &b, NULL),
	    BKT_E_INTERRUPTED);
	assert_string_equal((char *)b.ptr, "a;d/a;d/b/c;stop;");
	assert_int_equal(
	    bkt_gitdb_walk(db, &t, "d", count_path, &b, NULL), BKT_E_USAGE);
}

/* ---- objects ------------------------------------------------------------ */

static enum bkt_status read_blob(const struct bkt_oid *oid, size_t max)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;

	bkt_buf_init(&b, max);
	return bkt_gitdb_read(db, oid, BKT_GIT_BLOB, &b, NULL);
}

static void objects_have_their_type_and_size(void **state)
{
	struct bkt_oid there = blob("hello"), gone = oid_of("gone");
	struct bkt_oid t = object(BKT_GIT_TREE, "", 0);

	(void)state;
	assert_int_equal(read_blob(&there, 5), BKT_OK);
	assert_int_equal(read_blob(&there, 4), BKT_E_LIMIT);
	assert_int_equal(read_blob(&gone, 5), BKT_E_MISSING);
	assert_int_equal(read_blob(&zero_oid, 5), BKT_E_MISSING);
	assert_int_equal(read_blob(&t, 5), BKT_E_TAMPERED);
	assert_true(bkt_gitdb_has(db, &there));
	assert_false(bkt_gitdb_has(db, &gone));
}

static void loose_objects_are_not_believed(void **state)
{
	static const char good[] = "blob 5\0hello";
	struct bkt_oid hello = oid_of("hello"), other = oid_of("other");
	struct bkt_oid lie = oid_of("lie"), longer = oid_of("longer");
	struct bkt_oid bomb = oid_of("bomb"), junk = oid_of("junk");

	(void)state;
	loose(&hello, good, sizeof(good) - 1, "");
	assert_int_equal(read_blob(&hello, 100), BKT_OK);
	/* another object's bytes below this name */
	loose(&other, good, sizeof(good) - 1, "");
	assert_int_equal(read_blob(&other, 100), BKT_E_TAMPERED);
	/* fewer and more bytes than the header says */
	loose(&lie, "blob 9\0lie", 10, "");
	assert_int_equal(read_blob(&lie, 100), BKT_E_TAMPERED);
	loose(&longer, "blob 2\0longer", 13, "");
	assert_int_equal(read_blob(&longer, 100), BKT_E_TAMPERED);
	/* a header that claims more than anyone has */
	loose(&bomb, "blob 99999999999\0bomb", 21, "");
	assert_int_equal(read_blob(&bomb, 100), BKT_E_LIMIT);
	loose(&junk, "blub 4\0junk", 11, "");
	assert_int_equal(read_blob(&junk, 100), BKT_E_TAMPERED);
}

static void bytes_after_a_loose_object_are_refused(void **state)
{
	struct bkt_oid lazy = oid_of("lazy"), cut = oid_of("cut");

	(void)state;
	loose(&lazy, "blob 4\0lazy", 11, "and more");
	assert_int_equal(read_blob(&lazy, 100), BKT_E_TAMPERED);
	put("r.git/objects/info/x", "");
	loose(&cut, "blob 3\0cut", 10, "");
	assert_int_equal(read_blob(&cut, 100), BKT_OK);
}

/* the first file of objects/pack with that ending */
static void pack_file(const char *suffix, char path[256])
{
	struct bkt_strs names;
	size_t m = strlen(suffix);

	bkt_arena_clear(arena);
	OK(bkt_dir_list("r.git/objects/pack", arena, &names, &err));
	for (size_t i = 0; i < names.n; i++) {
		size_t n = strlen(names.v[i]);

		if (n > m && strcmp(names.v[i] + n - m, suffix) == 0) {
			(void)snprintf(
			    path, 256, "r.git/objects/pack/%s", names.v[i]);
			return;
		}
	}
	fail_msg("no %s", suffix);
}

static void every_flipped_bit_of_a_pack_is_noticed(void **state)
{
	static const char *const suffixes[] = { ".pack", ".idx" };
	struct bkt_oid oid = blob("hello, this is evidence");

	(void)state;
	for (size_t k = 0; k < COUNT(suffixes); k++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf b;
		char path[256];

		pack_file(suffixes[k], path);
		slurp(path, &b);
		for (size_t i = 0; i < b.len; i++) {
			BKT_AUTO(bkt_gitdb_free) bkt_gitdb *g = NULL;
			BKT_AUTO(bkt_buf_release) struct bkt_buf out;
			enum bkt_status st;

			b.ptr[i] ^= 0x10;
			OK(bkt_file_replace(
			    path, bkt_buf_span(&b), 0444, &err));
			b.ptr[i] ^= 0x10;
			bkt_gitdb_free(db);
			db = NULL;
			OK(bkt_gitdb_open("r.git", false, &g, &err));
			bkt_buf_init(&out, 100);
			st = bkt_gitdb_read(g, &oid, BKT_GIT_BLOB, &out, NULL);
			/* or the right bytes, or a verdict */
			if (st == BKT_OK)
				assert_string_equal(
				    (char *)out.ptr, "hello, this is evidence");
			else if (st != BKT_E_TAMPERED && st != BKT_E_LIMIT)
				fail_msg("%s byte %zu: %s", suffixes[k], i,
				    bkt_status_name(st));
		}
		OK(bkt_file_replace(path, bkt_buf_span(&b), 0444, &err));
	}
	OK(bkt_gitdb_open("r.git", false, &db, &err));
	assert_int_equal(read_blob(&oid, 100), BKT_OK);
}

/* ---- memory that ends ---------------------------------------------------- */

static size_t alloc_left;
static bool no_more(size_t n)
{
	(void)n;
	if (alloc_left == 0)
		return true;
	alloc_left--;
	return false;
}

static void no_memory_is_never_a_verdict(void **state)
{
	static const struct file files[] = { { "a", "1" }, { "d/e/f", "2" } };
	struct bkt_oid t = tree_with(&zero_oid, files, 2);
	enum bkt_status st = BKT_E_NOMEM;

	(void)state;
	for (size_t n = 0; st != BKT_OK && n < 5000; n++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf b;
		BKT_AUTO(bkt_gitdb_free) bkt_gitdb *g = NULL;

		bkt_buf_init(&b, 100);
		alloc_left = n;
		bkt_alloc_fault = no_more;
		st = bkt_gitdb_open("r.git", false, &g, NULL);
		if (st == BKT_OK)
			st = bkt_gitdb_read_path(g, &t, "d/e/f", &b, NULL);
		bkt_alloc_fault = NULL;
		if (st != BKT_OK && st != BKT_E_NOMEM && st != BKT_E_NOT_STORE)
			fail_msg("allocation %zu: %s", n, bkt_status_name(st));
	}
	assert_int_equal(st, BKT_OK);
}

/* ---- threads --------------------------------------------------------------
 */

#define MANY 400

static enum bkt_status read_one(
    void *ctx, size_t item, unsigned worker, struct bkt_err *err)
{
	const struct bkt_oid *oids = ctx;
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;
	char want[32];

	(void)worker;
	bkt_buf_init(&b, 100);
	BKT_TRY(bkt_gitdb_read(db, &oids[item % MANY], BKT_GIT_BLOB, &b, err));
	(void)snprintf(want, sizeof(want), "object %zu", item % MANY);
	if (strcmp((char *)b.ptr, want) != 0)
		return bkt_fail(err, BKT_E_INTERNAL, "wrong bytes");
	return BKT_OK;
}

static void threads_read_at_once(void **state)
{
	static struct bkt_oid oids[MANY];
	BKT_AUTO(bkt_gitpack_free) bkt_gitpack *p = NULL;

	(void)state;
	OK(bkt_gitpack_new(db, &p, &err));
	for (size_t i = 0; i < MANY; i++) {
		char text[32];

		(void)snprintf(text, sizeof(text), "object %zu", i);
		OK(bkt_gitpack_add(
		    p, BKT_GIT_BLOB, bkt_span_str(text), &oids[i], &err));
	}
	OK(bkt_gitpack_finish(p, &err));
	OK(bkt_parallel(4, 20 * (size_t)MANY, read_one, oids, &err));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(trees_are_read_strictly),
		TEST(a_name_of_256_bytes_is_refused),
		TEST(eight_levels_are_read_and_nine_refused),
		TEST(an_empty_directory_is_refused),
		TEST(differences_are_found_and_sorted),
		TEST(an_equal_subtree_is_not_entered),
		TEST(files_are_found_by_path),
		TEST(walks_below_a_prefix),
		TEST(objects_have_their_type_and_size),
		TEST(loose_objects_are_not_believed),
		TEST(bytes_after_a_loose_object_are_refused),
		TEST(every_flipped_bit_of_a_pack_is_noticed),
		TEST(no_memory_is_never_a_verdict),
		TEST(threads_read_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
