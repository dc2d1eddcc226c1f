#include "gitdb_support.h"

#define TREE "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"
#define PARENT "parent 1111111111111111111111111111111111111111\n"
#define AUTHOR "author budi-01 <budi-01> 1790000000 +0000\n"
#define COMMITTER \
	"committer spbe.kota.go.id <spbe.kota.go.id> 1790000000 +0000\n"
#define BEGIN "-----BEGIN SSH SIGNATURE-----\n"
#define END "-----END SSH SIGNATURE-----\n"
#define SIG "gpgsig " BEGIN " QUJD\n " END
#define HEAD TREE PARENT AUTHOR COMMITTER
#define MESSAGE "\nadd one document\n\nEntry: 0 a sha256:00\n"

struct row {
	const char *sentence;
	const char *raw;
	enum bkt_status want;
};

static const struct row rows[] = {
	{ "a commit with a parent is read", HEAD SIG MESSAGE, BKT_OK },
	{ "a first commit has no parent", TREE AUTHOR COMMITTER SIG MESSAGE,
	    BKT_OK },
	{ "the message may hold any UTF-8", HEAD SIG "\nJalan caf\xc3\xa9\n",
	    BKT_OK },
	{ "an empty file is no commit", "", BKT_E_FORMAT },
	{ "the tree comes first", PARENT TREE AUTHOR COMMITTER SIG MESSAGE,
	    BKT_E_FORMAT },
	{ "there is one tree", TREE TREE AUTHOR COMMITTER SIG MESSAGE,
	    BKT_E_FORMAT },
	{ "hexadecimal digits are small",
	    "tree 4B825DC642CB6EB9A060E54BF8D69288FBEE4904\n" AUTHOR COMMITTER
		SIG MESSAGE,
	    BKT_E_FORMAT },
	{ "a tree of zeroes is none",
	    "tree 0000000000000000000000000000000000000000\n" AUTHOR COMMITTER
		SIG MESSAGE,
	    BKT_E_FORMAT },
	{ "a short id is none", "tree 4b825dc\n" AUTHOR COMMITTER SIG MESSAGE,
	    BKT_E_FORMAT },
	{ "a merge is refused", TREE PARENT PARENT AUTHOR COMMITTER SIG MESSAGE,
	    BKT_E_FORMAT },
	{ "the author has a name that is the id",
	    TREE PARENT
	    "author Budi <budi> 1790000000 +0000\n" COMMITTER SIG MESSAGE,
	    BKT_E_FORMAT },
	{ "the author's mail is the same id",
	    TREE PARENT
	    "author budi <ani> 1790000000 +0000\n" COMMITTER SIG MESSAGE,
	    BKT_E_FORMAT },
	{ "an author of 41 letters is none",
	    TREE PARENT "author aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa "
			"<aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa> "
			"1790000000 +0000\n" COMMITTER SIG MESSAGE,
	    BKT_E_FORMAT },
	{ "the author is not empty",
	    TREE PARENT "author  <> 1790000000 +0000\n" COMMITTER SIG MESSAGE,
	    BKT_E_FORMAT },
	{ "an id has no capital",
	    TREE PARENT
	    "author Budi <Budi> 1790000000 +0000\n" COMMITTER SIG MESSAGE,
	    BKT_E_FORMAT },
	{ "times are in UTC",
	    TREE PARENT
	    "author budi <budi> 1790000000 +0700\n" COMMITTER SIG MESSAGE,
	    BKT_E_FORMAT },
	{ "minus nothing is another spelling",
	    TREE PARENT
	    "author budi <budi> 1790000000 -0000\n" COMMITTER SIG MESSAGE,
	    BKT_E_FORMAT },
	{ "seconds have no leading zero",
	    TREE PARENT
	    "author budi <budi> 01790000000 +0000\n" COMMITTER SIG MESSAGE,
	    BKT_E_FORMAT },
	{ "seconds are not negative",
	    TREE PARENT "author budi <budi> -1 +0000\n" COMMITTER SIG MESSAGE,
	    BKT_E_FORMAT },
	{ "seconds end before the year 10000",
	    TREE PARENT "author budi <budi> 253402300800 +0000\n"
			"committer a <a> 253402300800 +0000\n" SIG MESSAGE,
	    BKT_E_FORMAT },
	{ "author and committer agree in time",
	    TREE PARENT
	    "author budi <budi> 1790000001 +0000\n" COMMITTER SIG MESSAGE,
	    BKT_E_FORMAT },
	{ "the committer comes after the author",
	    TREE PARENT COMMITTER AUTHOR SIG MESSAGE, BKT_E_FORMAT },
	{ "the committer is there", TREE PARENT AUTHOR SIG MESSAGE,
	    BKT_E_FORMAT },
	{ "a signature is there", HEAD MESSAGE, BKT_E_FORMAT },
	{ "there is one signature", HEAD SIG SIG MESSAGE, BKT_E_FORMAT },
	{ "no header stands before the signature",
	    HEAD "encoding latin1\n" SIG MESSAGE, BKT_E_FORMAT },
	{ "no header stands after the signature",
	    HEAD SIG "mergetag x\n" MESSAGE, BKT_E_FORMAT },
	{ "an OpenPGP signature is refused",
	    HEAD "gpgsig -----BEGIN PGP SIGNATURE-----\n QUJD\n "
		 "-----END PGP SIGNATURE-----\n" MESSAGE,
	    BKT_E_FORMAT },
	{ "nothing stands before BEGIN",
	    HEAD "gpgsig x\n " BEGIN " QUJD\n " END MESSAGE, BKT_E_FORMAT },
	{ "nothing stands after END", HEAD SIG " QUJD\n" MESSAGE,
	    BKT_E_FORMAT },
	{ "not even an empty line stands after END", HEAD SIG " \n" MESSAGE,
	    BKT_E_FORMAT },
	{ "END is there", HEAD "gpgsig " BEGIN " QUJD\n" MESSAGE,
	    BKT_E_FORMAT },
	{ "something stands between BEGIN and END",
	    HEAD "gpgsig " BEGIN " " END MESSAGE, BKT_E_FORMAT },
	{ "no empty line stands in a signature",
	    HEAD "gpgsig " BEGIN " \n QUJD\n " END MESSAGE, BKT_E_FORMAT },
	{ "a signature is base64", HEAD "gpgsig " BEGIN " QU*D\n " END MESSAGE,
	    BKT_E_FORMAT },
	{ "a fold is one space", HEAD "gpgsig " BEGIN "  QUJD\n " END MESSAGE,
	    BKT_E_FORMAT },
	{ "lines end without CR", HEAD "gpgsig " BEGIN " QUJD\r\n " END MESSAGE,
	    BKT_E_FORMAT },
	{ "the signature's header is spelled so",
	    HEAD "gpgsig-sha256 " BEGIN " QUJD\n " END MESSAGE, BKT_E_FORMAT },
	{ "a message is there", HEAD SIG "\n", BKT_E_FORMAT },
	{ "the blank line is there", HEAD SIG, BKT_E_FORMAT },
	{ "a message does not begin with an empty line", HEAD SIG "\n\nadd\n",
	    BKT_E_FORMAT },
	{ "a message ends in a newline", HEAD SIG "\nadd", BKT_E_FORMAT },
	{ "a message ends in one newline", HEAD SIG "\nadd\n\n", BKT_E_FORMAT },
	{ "a message is UTF-8", HEAD SIG "\nadd \xff\n", BKT_E_FORMAT },
};

static bkt_arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = bkt_arena_new(1 << 20);
	return arena ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	bkt_arena_free(arena);
	return 0;
}

static void parses_only_the_profile(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bkt_commit c;
		struct bkt_err err = { 0 };
		enum bkt_status st = bkt_commit_parse(
		    bkt_span_str(rows[i].raw), arena, &c, &err);

		if (st != rows[i].want)
			fail_msg("%s: %s %s", rows[i].sentence,
			    bkt_status_name(st), err.msg);
	}
}

static void a_zero_byte_in_the_message_is_refused(void **state)
{
	char raw[] = HEAD SIG "\nadd x\n";
	struct bkt_commit c;

	(void)state;
	raw[sizeof(raw) - 3] = '\0';
	assert_int_equal(
	    bkt_commit_parse(BKT_SPAN(raw, sizeof(raw) - 1), arena, &c, NULL),
	    BKT_E_FORMAT);
}

static void every_cut_is_refused(void **state)
{
	static const char raw[] = HEAD SIG "\nadd\n";
	struct bkt_commit c;

	(void)state;
	for (size_t n = 0; n + 1 < sizeof(raw); n++)
		assert_int_equal(
		    bkt_commit_parse(BKT_SPAN(raw, n), arena, &c, NULL),
		    BKT_E_FORMAT);
}

static void assert_span(struct bkt_span s, const char *text)
{
	assert_true(bkt_span_eq(s, bkt_span_str(text)));
}

static void takes_the_parts(void **state)
{
	static const char raw[] = HEAD SIG MESSAGE;
	struct bkt_commit c;
	char hex[41];

	(void)state;
	OK(bkt_commit_parse(bkt_span_str(raw), arena, &c, &err));
	bkt_oid_hex(&c.tree, hex);
	assert_string_equal(hex, "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
	bkt_oid_hex(&c.parent, hex);
	assert_string_equal(hex, "1111111111111111111111111111111111111111");
	assert_span(c.author_id, "budi-01");
	assert_span(c.committer_id, "spbe.kota.go.id");
	assert_int_equal(c.time_utc_s, 1790000000);
	assert_span(c.signature, BEGIN "QUJD\n" END);
	assert_span(c.message, &MESSAGE[1]);
	/* what git verify-commit checks the signature over */
	assert_span(c.payload, HEAD MESSAGE);
}

static void prints_what_it_reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf b;
		struct bkt_commit c;

		if (rows[i].want != BKT_OK)
			continue;
		bkt_buf_init(&b, 1 << 20);
		OK(bkt_commit_parse(
		    bkt_span_str(rows[i].raw), arena, &c, &err));
		OK(bkt_commit_print(&c, &b, &err));
		assert_span(bkt_buf_span(&b), rows[i].raw);
		bkt_buf_clear(&b);
		c.signature = BKT_SPAN("", 0);
		OK(bkt_commit_print(&c, &b, &err));
		assert_true(bkt_span_eq(bkt_buf_span(&b), c.payload));
	}
}

static void prints_nothing_outside_the_profile(void **state)
{
	struct bkt_commit good = { .author_id = bkt_span_str("budi"),
		.committer_id = bkt_span_str("a.go.id"),
		.time_utc_s = 1,
		.signature = bkt_span_str(ARMOUR),
		.message = bkt_span_str("add\n") };
	struct bkt_commit bad[7];
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;

	(void)state;
	bkt_buf_init(&b, 1 << 20);
	memset(good.tree.b, 7, sizeof(good.tree.b));
	OK(bkt_commit_print(&good, &b, &err));
	for (size_t i = 0; i < COUNT(bad); i++)
		bad[i] = good;
	memset(bad[0].tree.b, 0, sizeof(bad[0].tree.b));
	bad[1].author_id = bkt_span_str("budi\nparent x");
	bad[2].committer_id = bkt_span_str("a b");
	bad[3].time_utc_s = -1;
	bad[4].signature = bkt_span_str("-----BEGIN SSH SIGNATURE-----\nx");
	bad[5].message = bkt_span_str("no newline");
	bad[6].message = bkt_span_str("two\n\n");
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(
		    bkt_commit_print(&bad[i], &b, NULL), BKT_E_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_only_the_profile),
		cmocka_unit_test(a_zero_byte_in_the_message_is_refused),
		cmocka_unit_test(every_cut_is_refused),
		cmocka_unit_test(takes_the_parts),
		cmocka_unit_test(prints_what_it_reads),
		cmocka_unit_test(prints_nothing_outside_the_profile),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
