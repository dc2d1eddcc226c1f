/* Commits as batches: the grammar of the message, and which files they touch.
 */
#include "bukti/ledger.h"

#include <stdio.h>

#include "support/forge.h"
#include "support/one_city.h"

/* the head's tree under a commit with another message, read again */
static enum bkt_status read_with(const char *message, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 24);
	BKT_AUTO(bkt_gitpack_free) bkt_gitpack *pack = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf payload;
	BKT_AUTO(bkt_buf_release) struct bkt_buf sig;
	BKT_AUTO(bkt_buf_release) struct bkt_buf raw;
	BKT_AUTO(forge_release) struct forge f;
	struct forge_history h;
	struct bkt_commit c;
	struct bkt_batch b;
	struct bkt_oid oid;

	forge_begin(&f, &city);
	forge_history(&f, &h);
	c = h.batches[h.n - 1].commit;
	c.message = bkt_span_str(message);
	c.signature = (struct bkt_span){ NULL, 0 };
	bkt_buf_init(&payload, 1 << 20);
	bkt_buf_init(&sig, 4096);
	bkt_buf_init(&raw, 1 << 20);
	BKT_TRY(bkt_commit_print(&c, &payload, err));
	must(bkt_sshsig_make(f.key, bkt_buf_span(&payload), &sig, err), err);
	c.signature = bkt_buf_span(&sig);
	must(bkt_commit_print(&c, &raw, err), err);
	must(bkt_gitpack_new(f.git, &pack, err), err);
	must(bkt_gitpack_add(
		 pack, BKT_GIT_COMMIT, bkt_buf_span(&raw), &oid, err),
	    err);
	must(bkt_gitpack_finish(pack, err), err);
	return bkt_batch_read(f.git, &oid, arena, &b, err);
}

/* %E the entry line's end, %L the log line, of the honest message */
static char *message(const char *shape)
{
	BKT_AUTO(forge_release) struct forge f;
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;
	struct forge_history h;
	char *honest, *entry, *log;

	forge_begin(&f, &city);
	forge_history(&f, &h);
	honest = bkt_arena_strndup(city.arena,
	    (const char *)h.batches[h.n - 1].commit.message.ptr,
	    h.batches[h.n - 1].commit.message.len);
	entry = strstr(honest, "Entry: 28 ") + 10;
	log = strstr(honest, "Log: 29 ");
	bkt_buf_init(&out, 1 << 16);
	for (const char *p = shape; *p; p++) {
		if (p[0] == '%' && p[1] == 'E')
			bkt_buf_add(&out, entry, (size_t)(log - entry - 1));
		else if (p[0] == '%' && p[1] == 'L')
			bkt_buf_str(&out, log);
		else if (p[0] == '%' && p[1] == 'R')
			bkt_buf_str(&out, log + 8);
		else {
			bkt_buf_chr(&out, *p);
			continue;
		}
		p++;
	}
	return bkt_arena_strdup(city.arena, (char *)out.ptr);
}

static void message_grammar(void **state)
{
	static const struct {
		const char *why;
		enum bkt_status want;
		const char *shape;
	} rows[] = {
		{ "as it was", BKT_OK, "uji\n\nEntry: 28 %E\n%L" },
		{ "another title", BKT_OK, "lain\n\nEntry: 28 %E\n%L" },
		{ "no title", BKT_E_FORMAT, "\n\nEntry: 28 %E\n%L" },
		{ "no blank line", BKT_E_FORMAT, "uji\nx\nEntry: 28 %E\n%L" },
		{ "no entry", BKT_E_FORMAT, "uji\n\n%L" },
		{ "no log line", BKT_E_FORMAT, "uji\n\nEntry: 28 %E\n" },
		{ "a line more", BKT_E_FORMAT, "uji\n\nEntry: 28 %E\n%Lx\n" },
		{ "a trailer of somebody else", BKT_E_FORMAT,
		    "uji\n\nEntry: 28 %E\nSigned-off-by: x\n%L" },
		{ "the log line before the entries", BKT_E_FORMAT,
		    "uji\n\n%LEntry: 28 %E\n" },
		{ "two spaces", BKT_E_FORMAT, "uji\n\nEntry:  28 %E\n%L" },
		{ "a word more", BKT_E_FORMAT, "uji\n\nEntry: 28 %E x\n%L" },
		{ "a leading zero", BKT_E_FORMAT, "uji\n\nEntry: 028 %E\n%L" },
		{ "a sign", BKT_E_FORMAT, "uji\n\nEntry: +28 %E\n%L" },
		{ "lower case", BKT_E_FORMAT, "uji\n\nentry: 28 %E\n%L" },
		{ "CR LF", BKT_E_FORMAT, "uji\n\nEntry: 28 %E\r\n%L" },
		{ "a control character in the title", BKT_E_FORMAT,
		    "uji\a\n\nEntry: 28 %E\n%L" },
		{ "the same path twice", BKT_E_FORMAT,
		    "uji\n\nEntry: 28 %E\nEntry: 29 %E\n%L" },
		{ "indices that are not consecutive", BKT_E_FORMAT,
		    "uji\n\nEntry: 28 %E\nEntry: 30 %E\n%L" },
		{ "a size with a sign", BKT_E_FORMAT,
		    "uji\n\nEntry: 28 %E\nLog: -29 %R" },
		{ "a root that is no digest", BKT_E_FORMAT,
		    "uji\n\nEntry: 28 %E\nLog: 29 AAAA\n" },
		{ "an entry that is no record", BKT_E_FORMAT,
		    "uji\n\nEntry: 28 log/checkpoint sha256:"
		    "0000000000000000000000000000000000000000000000000000000"
		    "000000000\n%L" },
		{ "a record that is not there", BKT_E_MISSING,
		    "uji\n\nEntry: 28 units/dinas-z.json sha256:"
		    "0000000000000000000000000000000000000000000000000000000"
		    "000000000\n%L" },
		{ "another digest than the record's", BKT_E_TAMPERED,
		    "uji\n\nEntry: 28 units/dinas-a.json sha256:"
		    "0000000000000000000000000000000000000000000000000000000"
		    "000000000\n%L" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bkt_err err = { .msg = "" };
		enum bkt_status st = read_with(message(rows[i].shape), &err);

		if (st != rows[i].want)
			fail_msg("%s: want %s, got %s: %s", rows[i].why,
			    bkt_status_name(rows[i].want), bkt_status_name(st),
			    err.msg);
	}
}

static void titles(void **state)
{
	static const struct {
		const char *why, *title;
		enum bkt_status want;
	} rows[] = {
		{ "plain", "masukkan bukti", BKT_OK },
		{ "empty", "", BKT_E_USAGE },
		{ "two lines: the second could be an entry", "a\nEntry: 0 x",
		    BKT_E_USAGE },
		{ "text that runs the other way", "a\xe2\x80\xae",
		    BKT_E_USAGE },
		{ "not UTF-8", "a\xff", BKT_E_USAGE },
	};
	const struct bkt_checkpoint cp = { .size = 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf out;
		struct bkt_err err;
		enum bkt_status st;

		bkt_buf_init(&out, 4096);
		st = bkt_batch_message(
		    rows[i].title, 0, NULL, 0, &cp, &out, &err);
		if (st != rows[i].want)
			fail_msg("%s: %s", rows[i].why, bkt_status_name(st));
	}
}

/* ---- which files a record touches -----------------------------------------
 */

static const struct bkt_file *file_at(
    const struct bkt_file *files, size_t n, const char *path)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(files[i].path, path) == 0)
			return &files[i];
	}
	return NULL;
}

static size_t files_of(
    const struct bkt_submission *sub, struct bkt_file **files)
{
	BKT_AUTO(bkt_state_free) bkt_state *s = NULL;
	BKT_AUTO(bkt_certs_free) bkt_certs *certs = NULL;
	struct bkt_opened o;
	struct bkt_err err;
	size_t n;

	must(bkt_store_state(city.s, &s, &err), &err);
	must(bkt_certs_new(&certs, &err), &err);
	must(bkt_open_submission(sub, certs, city.arena, &o, &err), &err);
	must(bkt_state_files(s, &o, city.arena, files, &n, &err), &err);
	for (size_t i = 1; i < n; i++)
		assert_true(strcmp(files[0][i - 1].path, files[0][i].path) < 0);
	return n;
}

#define DOC_A "documents/aa/" CITY_DOC_A

/* another person, another file name: the old seal and pointer go */
static void replaced_document(void **state)
{
	struct bkt_submission sub = city_say(&city,
	    city_document(&city, CITY_DOC_A, "dinas-a", "active", "surat baru"),
	    CITY_OPERATOR);
	const struct bkt_file *f;
	struct bkt_file *files;
	size_t n = files_of(&sub, &files);

	(void)state;
	assert_int_equal(n, 5);
	f = file_at(files, n, DOC_A "/document.json");
	assert_true(f && f->bytes.ptr);
	f = file_at(files, n, DOC_A "/document.json.op.p7s");
	assert_true(f && f->bytes.ptr);
	f = file_at(files, n, DOC_A "/content/surat baru.pdf");
	assert_true(f && f->bytes.ptr);
	f = file_at(files, n, DOC_A "/document.json.up-a.p7s");
	assert_true(f && !f->bytes.ptr);
	f = file_at(files, n, DOC_A "/content/surat a.pdf");
	assert_true(f && !f->bytes.ptr);
}

/* the same person, the same name: nothing is removed */
static void same_names(void **state)
{
	struct bkt_submission sub = city_say(&city,
	    city_document(&city, CITY_DOC_A, "dinas-a", "active", "surat a"),
	    CITY_UPLOADER);
	struct bkt_file *files;
	size_t n = files_of(&sub, &files);

	(void)state;
	assert_int_equal(n, 3);
	for (size_t i = 0; i < n; i++)
		assert_non_null(files[i].bytes.ptr);
}

/* and so it is in the tree */
static void gone_from_the_tree(void **state)
{
	const bkt_gitdb *git;
	struct bkt_oid oid;
	struct bkt_err err;

	(void)state;
	city_do(&city,
	    city_say(&city,
		city_document(
		    &city, CITY_DOC_A, "dinas-a", "active", "surat baru"),
		CITY_OPERATOR),
	    "surat baru");
	git = bkt_ledger_git(bkt_store_ledger(city.s));
	assert_int_equal(bkt_gitdb_lookup(git, &bkt_store_head(city.s)->tree,
			     DOC_A "/content/surat a.pdf", &oid, &err),
	    BKT_E_NOTFOUND);
	assert_int_equal(bkt_gitdb_lookup(git, &bkt_store_head(city.s)->tree,
			     DOC_A "/document.json.up-a.p7s", &oid, &err),
	    BKT_E_NOTFOUND);
	assert_int_equal(bkt_gitdb_lookup(git, &bkt_store_head(city.s)->tree,
			     DOC_A "/content/surat baru.pdf", &oid, &err),
	    BKT_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(message_grammar),
		cmocka_unit_test(titles),
		cmocka_unit_test(replaced_document),
		cmocka_unit_test(same_names),
		cmocka_unit_test(gone_from_the_tree),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
