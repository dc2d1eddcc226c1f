#include "gitdb_support.h"

static bkt_arena *arena;

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

/* ---- refs and surroundings ---------------------------------------------- */

static void refs_are_plain(void **state)
{
	struct bkt_oid t = object(BKT_GIT_TREE, "", 0);
	struct bkt_oid c = commit_of(&t, &zero_oid, "one"), at;
	struct bkt_oid gone = oid_of("gone");
	char hex[41], line[200];
	static const char *const unusable[] = { "ref: refs/heads/main\n",
		"ref: ../../../etc/passwd\n", "", "\n", "123\n" };
	static const char *const names[] = { "HEAD", "refs/../config",
		"refs/heads/a..b", "refs/heads/.x", "refs/heads/x.lock",
		"refs/heads/", "refs//heads", "refs/heads/a b", "/refs/x",
		"refs/heads/a\nb", "refs/heads/@{u}" };

	(void)state;
	assert_int_equal(
	    bkt_gitdb_ref(db, "refs/heads/main", &at, NULL), BKT_E_NOTFOUND);
	OK(bkt_gitdb_ref_move(db, "refs/heads/main", &zero_oid, &c, &err));
	OK(bkt_gitdb_ref(db, "refs/heads/main", &at, &err));
	assert_true(bkt_oid_eq(&at, &c));
	for (size_t i = 0; i < COUNT(unusable); i++) {
		put("r.git/refs/heads/odd", unusable[i]);
		assert_int_equal(bkt_gitdb_ref(db, "refs/heads/odd", &at, NULL),
		    BKT_E_FORMAT);
	}
	for (size_t i = 0; i < COUNT(names); i++)
		assert_int_equal(
		    bkt_gitdb_ref(db, names[i], &at, NULL), BKT_E_USAGE);
	bkt_oid_hex(&t, hex);
	(void)snprintf(line, sizeof(line), "%s\n", hex);
	put("r.git/refs/heads/odd", line);
	assert_int_equal(
	    bkt_gitdb_ref(db, "refs/heads/odd", &at, NULL), BKT_E_TAMPERED);
	bkt_oid_hex(&gone, hex);
	(void)snprintf(line, sizeof(line), "%s\n", hex);
	put("r.git/refs/heads/odd", line);
	assert_int_equal(
	    bkt_gitdb_ref(db, "refs/heads/odd", &at, NULL), BKT_E_MISSING);
}

static void head_is_where_stock_git_begins(void **state)
{
	static const struct {
		const char *text;
		enum bkt_status want;
	} rows[] = {
		{ "ref: refs/heads/main\n", BKT_OK },
		{ "ref:refs/heads/main", BKT_OK },
		{ "ref: refs/heads/evil\n", BKT_E_TAMPERED },
		{ "ref: refs/heads/main2\n", BKT_E_TAMPERED },
		{ "ref: refs/heads/main\nx\n", BKT_E_TAMPERED },
		{ "0123456789012345678901234567890123456789\n",
		    BKT_E_TAMPERED },
		{ "", BKT_E_FORMAT },
		{ "\n", BKT_E_FORMAT },
		{ "ref:\n", BKT_E_FORMAT },
		{ "refs/heads/main\n", BKT_E_FORMAT },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		put("r.git/HEAD", rows[i].text);
		assert_int_equal(
		    bkt_gitdb_head_check(db, "refs/heads/main", NULL),
		    rows[i].want);
	}
	assert_int_equal(unlink("r.git/HEAD"), 0);
	assert_int_equal(
	    bkt_gitdb_head_check(db, "refs/heads/main", NULL), BKT_E_FORMAT);
	assert_int_equal(mkdir("r.git/HEAD", 0755), 0);
	assert_int_equal(
	    bkt_gitdb_head_check(db, "refs/heads/main", NULL), BKT_E_FORMAT);
}

/* whoever may add to a store could else make every run end without a word */
static void what_is_too_much_says_so_of_the_store(void **state)
{
	static char text[BKT_GITDB_BLOB_MAX + 2];
	struct bkt_oid t = object(BKT_GIT_TREE, "", 0);
	struct bkt_oid big, tip, at, *list = NULL;
	char path[400] = "r.git/refs/x", hex[41];
	struct bkt_strs names;
	size_t n;

	(void)state;
	bkt_oid_hex(&t, hex);
	n = (size_t)snprintf(text, sizeof(text), "tree %s\n\n", hex);
	memset(text + n, 'x', sizeof(text) - 1 - n);
	big = object(BKT_GIT_COMMIT, text, strlen(text));
	tip = commit_of(&t, &big, "tip");
	assert_int_equal(
	    bkt_gitdb_chain(db, &tip, &zero_oid, 9, &list, &n, NULL),
	    BKT_E_FORMAT);
	bkt_oid_hex(&big, text);
	strcpy(text + 40, "\n");
	put("r.git/refs/heads/big", text);
	assert_int_equal(
	    bkt_gitdb_ref(db, "refs/heads/big", &at, NULL), BKT_E_FORMAT);

	put("r.git/packed-refs", "");
	assert_int_equal(truncate("r.git/packed-refs", 64 << 20), 0);
	assert_int_equal(bkt_gitdb_refs(db, arena, &names, NULL), BKT_E_FORMAT);
	assert_int_equal(
	    bkt_gitdb_ref(db, "refs/heads/main", &at, NULL), BKT_E_FORMAT);
	assert_int_equal(unlink("r.git/packed-refs"), 0);

	for (int i = 0; i < 20; i++) {
		assert_int_equal(mkdir(path, 0755), 0);
		strcat(path, "/x");
	}
	assert_int_equal(bkt_gitdb_refs(db, arena, &names, NULL), BKT_E_LIMIT);
	OK(bkt_gitdb_oddities(db, arena, &names, &err));
	assert_true(names.n > 0);
}

static void links_are_not_followed(void **state)
{
	struct bkt_oid at;

	(void)state;
	put("outside", "1111111111111111111111111111111111111111\n");
	assert_int_equal(symlink("../../../outside", "r.git/refs/heads/l"), 0);
	assert_int_equal(
	    bkt_gitdb_ref(db, "refs/heads/l", &at, NULL), BKT_E_FORMAT);
	assert_int_equal(symlink("../..", "r.git/refs/up"), 0);
	assert_int_equal(
	    bkt_gitdb_ref(db, "refs/up/outside", &at, NULL), BKT_E_FORMAT);
}

static void packed_refs_are_read(void **state)
{
	struct bkt_oid t = object(BKT_GIT_TREE, "", 0);
	struct bkt_oid c = commit_of(&t, &zero_oid, "one");
	struct bkt_oid d = commit_of(&t, &c, "two"), at;
	struct bkt_strs names;
	char hex[41], text[400];

	(void)state;
	OK(bkt_gitdb_ref_move(db, "refs/heads/main", &zero_oid, &c, &err));
	assert_int_equal(GIT("pack-refs", "--all"), 0);
	assert_false(bkt_path_exists("r.git/refs/heads/main"));
	OK(bkt_gitdb_ref(db, "refs/heads/main", &at, &err));
	assert_true(bkt_oid_eq(&at, &c));
	OK(bkt_gitdb_ref_move(db, "refs/heads/main", &c, &d, &err));
	OK(bkt_gitdb_ref(db, "refs/heads/main", &at, &err));
	assert_true(bkt_oid_eq(&at, &d));
	/* unsorted is read, twice the same name is refused */
	bkt_oid_hex(&c, hex);
	(void)snprintf(
	    text, sizeof(text), "%s refs/heads/z\n%s refs/heads/b\n", hex, hex);
	put("r.git/packed-refs", text);
	OK(bkt_gitdb_ref(db, "refs/heads/b", &at, &err));
	bkt_arena_clear(arena);
	OK(bkt_gitdb_refs(db, arena, &names, &err));
	assert_int_equal(names.n, 3);
	assert_string_equal(names.v[0], "refs/heads/b");
	assert_string_equal(names.v[1], "refs/heads/main");
	assert_string_equal(names.v[2], "refs/heads/z");
	(void)snprintf(
	    text, sizeof(text), "%s refs/heads/z\n%s refs/heads/z\n", hex, hex);
	put("r.git/packed-refs", text);
	assert_int_equal(
	    bkt_gitdb_ref(db, "refs/heads/z", &at, NULL), BKT_E_FORMAT);
	put("r.git/packed-refs", "nonsense\n");
	assert_int_equal(
	    bkt_gitdb_ref(db, "refs/heads/z", &at, NULL), BKT_E_FORMAT);
}

static void a_tag_object_is_no_commit(void **state)
{
	struct bkt_oid t = object(BKT_GIT_TREE, "", 0), at;
	struct bkt_oid c = commit_of(&t, &zero_oid, "one");

	(void)state;
	OK(bkt_gitdb_ref_move(db, "refs/heads/main", &zero_oid, &c, &err));
	assert_int_equal(GIT("-c", "user.name=a", "-c", "user.email=a@b", "tag",
			     "-a", "-m", "x", "v1", "main"),
	    0);
	assert_int_equal(
	    bkt_gitdb_ref(db, "refs/tags/v1", &at, NULL), BKT_E_TAMPERED);
}

static void histories_are_one_line(void **state)
{
	struct bkt_oid t = object(BKT_GIT_TREE, "", 0);
	struct bkt_oid a = commit_of(&t, &zero_oid, "a");
	struct bkt_oid b = commit_of(&t, &a, "b");
	struct bkt_oid c = commit_of(&t, &b, "c");
	struct bkt_oid root2 = commit_of(&t, &zero_oid, "second root");
	struct bkt_oid merge, *list = NULL;
	char raw[400], h1[41], h2[41], h3[41];
	size_t n = 0;

	(void)state;
	OK(bkt_gitdb_chain(db, &c, &zero_oid, 3, &list, &n, &err));
	assert_int_equal(n, 3);
	assert_true(bkt_oid_eq(&list[0], &a));
	assert_true(bkt_oid_eq(&list[2], &c));
	bkt_free(list);
	OK(bkt_gitdb_chain(db, &c, &a, 3, &list, &n, &err));
	assert_int_equal(n, 2);
	assert_true(bkt_oid_eq(&list[0], &b));
	bkt_free(list);
	OK(bkt_gitdb_chain(db, &c, &c, 3, &list, &n, &err));
	assert_int_equal(n, 0);
	bkt_free(list);
	assert_int_equal(bkt_gitdb_chain(db, &c, &zero_oid, 2, &list, &n, NULL),
	    BKT_E_LIMIT);
	assert_int_equal(bkt_gitdb_chain(db, &c, &root2, 9, &list, &n, NULL),
	    BKT_E_NOTFOUND);
	bkt_oid_hex(&t, h1);
	bkt_oid_hex(&c, h2);
	bkt_oid_hex(&root2, h3);
	(void)snprintf(raw, sizeof(raw),
	    "tree %s\nparent %s\nparent %s\nauthor a <a> 1 +0000\n"
	    "committer a <a> 1 +0000\n\nm\n",
	    h1, h2, h3);
	merge = object(BKT_GIT_COMMIT, raw, strlen(raw));
	assert_int_equal(
	    bkt_gitdb_chain(db, &merge, &zero_oid, 9, &list, &n, NULL),
	    BKT_E_FORMAT);
}

/* grafts, shallow, replace: what stock git would see changes, we do not */
static void surroundings_are_ignored_and_reported(void **state)
{
	static const char config[] =
	    "[core]\n\tbare = true\n\tFsMonitor = /bin/false\n"
	    "[include] path = /etc/passwd\n[filter \"x]y\"]\n\tclean = rm\n"
	    "[remote \"o\"]\n\turl = x\n";
	static const char *const want[] = { "info/grafts", "shallow",
		"objects/info/alternates", "refs/replace/",
		"refs/heads/main: differs", "config core.FsMonitor",
		"config include.path", "config filter.clean",
		"refs/heads/sym" };
	struct bkt_oid t = object(BKT_GIT_TREE, "", 0), *list = NULL;
	struct bkt_oid a = commit_of(&t, &zero_oid, "a");
	struct bkt_oid b = commit_of(&t, &a, "b");
	struct bkt_oid other = commit_of(&t, &zero_oid, "other");
	char hex[41], other_hex[42], text[300];
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;
	struct bkt_strs odd;
	size_t n = 0;

	(void)state;
	OK(bkt_gitdb_ref_move(db, "refs/heads/main", &zero_oid, &b, &err));
	bkt_arena_clear(arena);
	OK(bkt_gitdb_oddities(db, arena, &odd, &err));
	assert_int_equal(odd.n, 0);
	bkt_oid_hex(&b, hex);
	bkt_oid_hex(&other, other_hex);
	(void)snprintf(text, sizeof(text), "%s\n", hex);
	put("r.git/info/grafts", text);
	put("r.git/shallow", text);
	put("r.git/refs/heads/Main", text);
	put("r.git/refs/heads/sym", "ref: refs/heads/main\n");
	put("r.git/objects/info/alternates", "/var/empty/objects\n");
	put("r.git/config", config);
	OK(bkt_dir_make("r.git/refs/replace", 0755, true, &err));
	(void)snprintf(text, sizeof(text), "r.git/refs/replace/%s", hex);
	(void)strcat(other_hex, "\n");
	put(text, other_hex);

	OK(bkt_gitdb_chain(db, &b, &zero_oid, 9, &list, &n, &err));
	assert_int_equal(n, 2);
	assert_true(bkt_oid_eq(&list[0], &a));
	bkt_free(list);
	bkt_buf_init(&out, 4096);
	OK(bkt_gitdb_read(db, &b, BKT_GIT_COMMIT, &out, &err));
	assert_non_null(strstr((char *)out.ptr, "\nb\n"));

	OK(bkt_gitdb_oddities(db, arena, &odd, &err));
	assert_int_equal(odd.n, COUNT(want));
	for (size_t i = 0; i < COUNT(want); i++) {
		bool found = false;

		for (size_t k = 0; k < odd.n; k++)
			found = found || strncmp(odd.v[k], want[i],
					     strlen(want[i])) == 0;
		if (!found)
			fail_msg("'%s' is not reported", want[i]);
	}
}

static void alternates_bring_nothing(void **state)
{
	struct bkt_oid there = oid_of("elsewhere");
	BKT_AUTO(bkt_gitdb_free) bkt_gitdb *g = NULL;
	char real[300], line[320];

	(void)state;
	OK(bkt_gitdb_create("other.git", &err));
	(void)blob("elsewhere");
	assert_non_null(realpath("r.git/objects", real));
	(void)snprintf(line, sizeof(line), "%s\n", real);
	put("other.git/objects/info/alternates", line);
	OK(bkt_gitdb_open("other.git", false, &g, &err));
	assert_false(bkt_gitdb_has(g, &there));
}

static void a_quarantine_is_seen_only_when_asked_for(void **state)
{
	BKT_AUTO(bkt_gitdb_free) bkt_gitdb *with = NULL;
	struct bkt_oid pushed = blob("pushed");
	char real[300];
	bkt_gitdb *g = NULL;

	(void)state;
	/* what git has during pre-receive: a directory beside the packs */
	assert_int_equal(mkdir("r.git/objects/tmp_objdir-incoming-x", 0755), 0);
	assert_int_equal(rename("r.git/objects/pack",
			     "r.git/objects/tmp_objdir-incoming-x/pack"),
	    0);
	assert_int_equal(mkdir("r.git/objects/pack", 0755), 0);
	bkt_gitdb_free(db);
	db = NULL;
	OK(bkt_gitdb_open("r.git", false, &db, &err));
	assert_false(bkt_gitdb_has(db, &pushed));
	assert_non_null(realpath("r.git/objects/tmp_objdir-incoming-x", real));
	assert_int_equal(setenv("GIT_QUARANTINE_PATH", real, 1), 0);
	OK(bkt_gitdb_open("r.git", true, &with, &err));
	assert_true(bkt_gitdb_has(with, &pushed));
	assert_int_equal(
	    bkt_gitdb_ref_move(with, "refs/heads/x", &zero_oid, &pushed, NULL),
	    BKT_E_POLICY);
	assert_int_equal(setenv("GIT_QUARANTINE_PATH", "/tmp", 1), 0);
	assert_int_equal(bkt_gitdb_open("r.git", true, &g, NULL), BKT_E_POLICY);
	assert_int_equal(unsetenv("GIT_QUARANTINE_PATH"), 0);
}

static void only_a_repository_is_opened(void **state)
{
	bkt_gitdb *g = NULL;

	(void)state;
	assert_int_equal(mkdir("empty", 0755), 0);
	assert_int_equal(
	    bkt_gitdb_open("empty", false, &g, NULL), BKT_E_NOT_STORE);
	assert_int_equal(
	    bkt_gitdb_open("absent", false, &g, NULL), BKT_E_NOT_STORE);
	assert_null(g);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(refs_are_plain),
		TEST(head_is_where_stock_git_begins),
		TEST(what_is_too_much_says_so_of_the_store),
		TEST(links_are_not_followed),
		TEST(packed_refs_are_read),
		TEST(a_tag_object_is_no_commit),
		TEST(histories_are_one_line),
		TEST(surroundings_are_ignored_and_reported),
		TEST(alternates_bring_nothing),
		TEST(a_quarantine_is_seen_only_when_asked_for),
		TEST(only_a_repository_is_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
