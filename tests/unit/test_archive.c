/* Writing zip files, and reading back what was written. */
#include "test_archive.h"

#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

/* ---- helpers
 * ----------------------------------------------------------------- */

static void fill(uint8_t *to, size_t n, unsigned k)
{
	uint32_t x = 88172645u + k * 104729u;

	for (size_t i = 0; i < n; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		to[i] = (uint8_t)x;
	}
}

static int open_new(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	return fd;
}

/* a file of n bytes to add, and its digest */
static int source(
    const struct place *p, size_t n, unsigned k, struct bkt_sha256 *id)
{
	uint8_t *bytes = malloc(n + 1);
	struct bkt_err err;
	char from[96];
	int fd;

	assert_non_null(bytes);
	fill(bytes, n, k);
	snprintf(from, sizeof(from), "%s/from", p->dir);
	put_file(from, bytes, n);
	assert_int_equal(bkt_sha256_of(BKT_SPAN(bytes, n), id, &err), BKT_OK);
	free(bytes);
	fd = open(from, O_RDONLY);
	assert_true(fd >= 0);
	return fd;
}

static const struct {
	const char *path;
	size_t n;
} members[] = {
	{ "BUKA-DULU.html", 0 },
	{ "bagit.txt", 55 },
	{ "data/I01/I01-a1-peraturan.pdf", 1000000 },
	{ "data/I01/I01-a2-laporan.pdf", 524287 },
	{ "data/I01/I01-a3-laporan.pdf", 524288 },
	{ "data/I02/I02-a1-foto.jpg", 524289 },
	{ "data/I02/I02-b1-foto.jpg", 65535 },
	{ "data/I03/I03-a1-foto.jpg", 1 },
	{ "data/meta/checkpoint", 1572864 },
};
#define N_MEMBERS (sizeof(members) / sizeof(*members))

static void write_members(const struct place *p, const char *to)
{
	struct bkt_err err;
	int fd = open_new(to);
	BKT_AUTO(bkt_zip_writer_free) bkt_zip_writer *w = NULL;

	assert_int_equal(bkt_zip_writer_new(fd, &w, &err), BKT_OK);
	for (unsigned i = 0; i < N_MEMBERS; i++) {
		struct bkt_sha256 id;
		int from = source(p, members[i].n, i, &id);

		assert_int_equal(bkt_zip_add_fd(w, members[i].path, from,
				     members[i].n, &id, &err),
		    BKT_OK);
		close(from);
	}
	assert_int_equal(bkt_zip_writer_finish(w, &err), BKT_OK);
	close(fd);
}

/* -1: no such program here */
static int run(const char *a, const char *b, const char *c, const char *d)
{
	char *argv[] = { strdup(a), strdup(b), strdup(c), d ? strdup(d) : NULL,
		NULL };
	posix_spawn_file_actions_t quiet;
	int status = -1, r;
	pid_t pid;

	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
	r = posix_spawnp(&pid, a, &quiet, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&quiet);
	for (int i = 0; i < 4; i++)
		free(argv[i]);
	if (r != 0)
		return -1;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status) == 127 ? -1 : WEXITSTATUS(status);
}

static void stock_tools_accept(const char *zip)
{
	static const char *const tools[][4] = {
		{ "unzip", "-tqq", NULL, NULL },
		{ "7z", "t", "-y", NULL },
		{ "bsdtar", "-tf", NULL, NULL },
	};

	for (size_t i = 0; i < sizeof(tools) / sizeof(*tools); i++) {
		int r = tools[i][2]
			    ? run(tools[i][0], tools[i][1], tools[i][2], zip)
			    : run(tools[i][0], tools[i][1], zip, NULL);

		if (r > 0)
			fail_msg("%s refuses '%s': %d", tools[i][0], zip, r);
	}
}

/* the program text is an argument, so it is run apart */
static void python_accepts(const char *zip)
{
	char text[400];

	snprintf(text, sizeof(text),
	    "import zipfile\n"
	    "z = zipfile.ZipFile('%s')\n"
	    "assert z.testzip() is None\n"
	    "for i in z.infolist():\n"
	    "    assert i.compress_type == 0 and not i.flag_bits\n"
	    "    assert i.date_time == (1980, 1, 1, 0, 0, 0)\n"
	    "    assert i.external_attr == 0o100644 << 16\n",
	    zip);
	if (run("python3", "-c", "pass", NULL) == 0)
		assert_int_equal(run("python3", "-c", text, NULL), 0);
}

/* ---- writing and reading
 * -------------------------------------------------------- */

static void test_round_trip(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	BKT_AUTO(bkt_zip_close) bkt_zip *z = NULL;

	write_members(p, p->zip);
	assert_int_equal(bkt_zip_open(p->zip, NULL, &z, &err), BKT_OK);
	assert_int_equal(bkt_zip_count(z), N_MEMBERS);
	for (unsigned i = 0; i < N_MEMBERS; i++) {
		const struct bkt_zip_entry *e = bkt_zip_entry_at(z, i);
		uint8_t *want = malloc(members[i].n + 1);
		struct bkt_sha256 id, got;
		BKT_AUTO(bkt_buf_release) struct bkt_buf b;

		fill(want, members[i].n, i);
		bkt_buf_init(&b, 2000000);
		assert_ptr_equal(bkt_zip_find(z, members[i].path), e);
		assert_string_equal(e->path, members[i].path);
		assert_int_equal(e->size_bytes, members[i].n);
		assert_int_equal(bkt_zip_read(z, e, &b, &err), BKT_OK);
		assert_int_equal(b.len, members[i].n);
		if (b.len)
			assert_memory_equal(b.ptr, want, b.len);
		assert_int_equal(
		    bkt_sha256_of(BKT_SPAN(want, members[i].n), &id, &err),
		    BKT_OK);
		assert_int_equal(bkt_zip_digest(z, e, &got, &err), BKT_OK);
		assert_true(bkt_sha256_eq(&id, &got));
		assert_int_equal(e->crc32, slow_crc(want, members[i].n));
		free(want);
	}
	assert_null(bkt_zip_find(z, "data/I01"));
	assert_null(bkt_zip_find(z, ""));
	assert_null(bkt_zip_find(z, "zz"));
	stock_tools_accept(p->zip);
	python_accepts(p->zip);
}

static void test_same_bytes_again(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	char other[96];
	BKT_AUTO(bkt_buf_release) struct bkt_buf a;
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;

	bkt_buf_init(&a, 8000000);
	bkt_buf_init(&b, 8000000);
	snprintf(other, sizeof(other), "%s/b.zip", p->dir);
	write_members(p, p->zip);
	write_members(p, other);
	assert_int_equal(bkt_file_slurp(p->zip, &a, &err), BKT_OK);
	assert_int_equal(bkt_file_slurp(other, &b, &err), BKT_OK);
	assert_true(bkt_span_eq(bkt_buf_span(&a), bkt_buf_span(&b)));
}

/* the format never changes silently: these bytes were checked by hand and by
 * three other programs */
static void test_golden(void **state)
{
	static const char want[] =
	    "504b03040a0000000000000021006c883765040000000400000007000000"
	    "612f622e7478746973690a"
	    "504b01021e030a0000000000000021006c883765040000000400000007000000"
	    "000000000000"
	    "0000a48100000000"
	    "612f622e747874"
	    "504b0506000000000100010035000000290000000000";
	struct place *p = *state;
	struct bkt_err err;
	char got[400];
	uint32_t crc = slow_crc("isi\n", 4);
	int fd = open_new(p->zip);
	BKT_AUTO(bkt_zip_writer_free) bkt_zip_writer *w = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;

	assert_int_equal(crc, 0x6537886c);
	bkt_buf_init(&b, 190);
	assert_int_equal(bkt_zip_writer_new(fd, &w, &err), BKT_OK);
	assert_int_equal(
	    bkt_zip_add_bytes(w, "a/b.txt", bkt_span_str("isi\n"), &err),
	    BKT_OK);
	assert_int_equal(bkt_zip_writer_finish(w, &err), BKT_OK);
	close(fd);
	assert_int_equal(bkt_file_slurp(p->zip, &b, &err), BKT_OK);
	bkt_hex(b.ptr, b.len, got);
	assert_string_equal(got, want);
}

static void test_builder_agrees(void **state)
{
	static const struct member m[] = { { .name = "a", .data = "satu" },
		{ .name = "b/c", .data = "" }, { .name = "d", .data = "x" } };
	struct place *p = *state;
	struct bkt_err err;
	struct bytes built = build(m, 3, NULL);
	int fd = open_new(p->zip);
	BKT_AUTO(bkt_zip_writer_free) bkt_zip_writer *w = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;

	bkt_buf_init(&b, 8192);
	assert_int_equal(bkt_zip_writer_new(fd, &w, &err), BKT_OK);
	for (int i = 0; i < 3; i++)
		assert_int_equal(bkt_zip_add_bytes(w, m[i].name,
				     bkt_span_str(m[i].data), &err),
		    BKT_OK);
	assert_int_equal(bkt_zip_writer_finish(w, &err), BKT_OK);
	close(fd);
	assert_int_equal(bkt_file_slurp(p->zip, &b, &err), BKT_OK);
	assert_int_equal(b.len, built.n);
	assert_memory_equal(b.ptr, built.p, built.n);
}

/* around every block size of the checksum, and from odd addresses */
static void test_checksums(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	static uint8_t bytes[1200];
	int fd = open_new(p->zip);
	BKT_AUTO(bkt_zip_writer_free) bkt_zip_writer *w = NULL;
	BKT_AUTO(bkt_zip_close) bkt_zip *z = NULL;

	fill(bytes, sizeof(bytes), 3);
	assert_int_equal(bkt_zip_writer_new(fd, &w, &err), BKT_OK);
	for (unsigned n = 0; n < 400; n++) {
		char path[16];

		snprintf(path, sizeof(path), "f%03u", n);
		assert_int_equal(
		    bkt_zip_add_bytes(w, path, BKT_SPAN(bytes + n, n), &err),
		    BKT_OK);
	}
	assert_int_equal(bkt_zip_writer_finish(w, &err), BKT_OK);
	close(fd);
	assert_int_equal(bkt_zip_open(p->zip, NULL, &z, &err), BKT_OK);
	for (unsigned n = 0; n < 400; n++)
		assert_int_equal(
		    bkt_zip_entry_at(z, n)->crc32, slow_crc(bytes + n, n));
}

static void test_no_entries(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	int fd = open_new(p->zip);
	BKT_AUTO(bkt_zip_writer_free) bkt_zip_writer *w = NULL;

	assert_int_equal(bkt_zip_writer_new(fd, &w, &err), BKT_OK);
	assert_int_equal(bkt_zip_writer_finish(w, &err), BKT_OK);
	close(fd);
	assert_int_equal(judge(p->zip, &err), BKT_OK);
}

/* more entries than the plain end record can count */
static void test_many_entries(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct bkt_zip_limits few = bkt_zip_limits_default;
	BKT_AUTO(bkt_zip_close) bkt_zip *z = NULL;

	for (unsigned n = 65534; n <= 65536; n++) {
		int fd = open_new(p->zip);
		BKT_AUTO(bkt_zip_writer_free) bkt_zip_writer *w = NULL;
		char path[32];
		struct stat st;

		assert_int_equal(bkt_zip_writer_new(fd, &w, &err), BKT_OK);
		for (unsigned i = 0; i < n; i++) {
			snprintf(path, sizeof(path), "d%03u/f%05u", i / 100, i);
			assert_int_equal(
			    bkt_zip_add_bytes(w, path, BKT_SPAN(path, 1), &err),
			    BKT_OK);
		}
		assert_int_equal(bkt_zip_writer_finish(w, &err), BKT_OK);
		assert_int_equal(fstat(fd, &st), 0);
		close(fd);
		/* 30 + 11 + 1 and 46 + 11 each, the zip64 end from 65,535 on */
		assert_int_equal(st.st_size,
		    (int64_t)n * (42 + 57) + 22 + (n >= 65535 ? 76 : 0));
		bkt_zip_close(z);
		z = NULL;
		assert_int_equal(bkt_zip_open(p->zip, NULL, &z, &err), BKT_OK);
		assert_int_equal(bkt_zip_count(z), n);
		assert_non_null(bkt_zip_find(z, "d500/f50000"));
	}
	stock_tools_accept(p->zip);
	few.max_entries = 65535;
	bkt_zip_close(z);
	z = NULL;
	assert_int_equal(bkt_zip_open(p->zip, &few, &z, &err), BKT_E_LIMIT);
}

/* ---- refusals of the writer
 * ------------------------------------------------------- */

static void test_writer_refuses(void **state)
{
	static const struct {
		const char *why, *first, *second;
	} rows[] = {
		{ "twice", "a", "a" },
		{ "not in order", "b", "a" },
		{ "order is that of bytes", "a", "Z" },
		{ "up", "a", "a/../b" },
		{ "absolute", "a", "/b" },
		{ "empty", "a", "" },
		{ "a folder", "a", "b/" },
		{ "a space", "a", "b c" },
		{ "hidden", "a", "b/.c" },
		{ "like an option", "a", "b/-rf" },
		{ "a device", "a", "b/Con.txt" },
		{ "a dot at the end", "a", "b./c" },
	};
	struct place *p = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bkt_err err;
		int fd = open_new(p->zip);
		BKT_AUTO(bkt_zip_writer_free) bkt_zip_writer *w = NULL;

		assert_int_equal(bkt_zip_writer_new(fd, &w, &err), BKT_OK);
		assert_int_equal(bkt_zip_add_bytes(
				     w, rows[i].first, bkt_span_str("x"), &err),
		    BKT_OK);
		if (bkt_zip_add_bytes(w, rows[i].second, bkt_span_str("x"),
			&err) != BKT_E_USAGE)
			fail_msg("accepted: %s", rows[i].why);
		/* a refused name leaves the zip as it was */
		assert_int_equal(bkt_zip_writer_finish(w, &err), BKT_OK);
		assert_int_equal(judge(p->zip, &err), BKT_OK);
		assert_int_equal(
		    bkt_zip_add_bytes(w, "z", bkt_span_str("x"), &err),
		    BKT_E_USAGE);
		assert_int_equal(bkt_zip_writer_finish(w, &err), BKT_E_USAGE);
		close(fd);
	}
}

static void test_writer_refuses_at_the_end(void **state)
{
	static const char *const rows[][3] = {
		{ "A", "B", "a" },
		{ "a", "a-b", "a/b" },
		{ "a/b", "a/b-c/d", "a/b/c" },
	};
	struct place *p = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bkt_err err;
		int fd = open_new(p->zip);
		BKT_AUTO(bkt_zip_writer_free) bkt_zip_writer *w = NULL;

		assert_int_equal(bkt_zip_writer_new(fd, &w, &err), BKT_OK);
		for (int k = 0; k < 3; k++)
			assert_int_equal(bkt_zip_add_bytes(w, rows[i][k],
					     bkt_span_str("x"), &err),
			    BKT_OK);
		assert_int_equal(bkt_zip_writer_finish(w, &err), BKT_E_USAGE);
		close(fd);
	}
}

static void test_wrong_content(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	static uint8_t bytes[700000];
	struct bkt_sha256 id;

	fill(bytes, sizeof(bytes), 1);
	put_file(p->zip, "x", 1);
	assert_int_equal(
	    bkt_sha256_of(BKT_SPAN(bytes, sizeof(bytes)), &id, &err), BKT_OK);
	for (int shorter = 0; shorter < 2; shorter++) {
		char from[96];
		int fd = open_new(p->zip), in;
		BKT_AUTO(bkt_zip_writer_free) bkt_zip_writer *w = NULL;

		snprintf(from, sizeof(from), "%s/from", p->dir);
		bytes[699999] ^= 1;
		put_file(from, bytes, sizeof(bytes) - (size_t)shorter);
		bytes[699999] ^= 1;
		in = open(from, O_RDONLY);
		assert_int_equal(bkt_zip_writer_new(fd, &w, &err), BKT_OK);
		assert_int_equal(
		    bkt_zip_add_fd(w, "a", in, sizeof(bytes), &id, &err),
		    BKT_E_TAMPERED);
		assert_int_equal(bkt_zip_writer_finish(w, &err), BKT_E_USAGE);
		close(in);
		close(fd);
	}
}

/* ---- faults
 * ---------------------------------------------------------------------------
 */

static int countdown;

static int fail_nth(const char *op, const char *path)
{
	(void)path;
	if (strcmp(op, "close") == 0)
		return 0;
	return countdown > 0 && --countdown == 0 ? EIO : 0;
}

static bool fail_nth_alloc(size_t n)
{
	(void)n;
	return countdown > 0 && --countdown == 0;
}

static enum bkt_status whole_way(struct place *p, bool alloc)
{
	struct bkt_err err;
	enum bkt_status st;
	struct bkt_sha256 id;
	int fd = open_new(p->zip), from = source(p, 600000, 1, &id);
	BKT_AUTO(bkt_zip_writer_free) bkt_zip_writer *w = NULL;

	if (alloc)
		bkt_alloc_fault = fail_nth_alloc;
	else
		bkt_fs_fault = fail_nth;
	st = bkt_zip_writer_new(fd, &w, &err);
	if (st == BKT_OK)
		st = bkt_zip_add_bytes(w, "a", bkt_span_str("x"), &err);
	if (st == BKT_OK)
		st = bkt_zip_add_fd(w, "b", from, 600000, &id, &err);
	if (st == BKT_OK)
		st = bkt_zip_writer_finish(w, &err);
	close(fd);
	close(from);
	if (st == BKT_OK)
		st = judge(p->zip, &err);
	bkt_fs_fault = NULL;
	bkt_alloc_fault = NULL;
	return st;
}

static void test_faults(void **state)
{
	struct place *p = *state;

	for (int alloc = 0; alloc < 2; alloc++) {
		enum bkt_status st;
		int at = 0, left;

		do {
			countdown = ++at;
			st = whole_way(p, alloc);
			left = countdown;
			countdown = 0;
			if (st != BKT_OK)
				assert_true(bkt_is_fault(st));
			assert_true(at < 1000);
		} while (left == 0);
		assert_int_equal(st, BKT_OK);
		assert_true(at > 5);
	}
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(test_round_trip),
		T(test_same_bytes_again),
		T(test_golden),
		T(test_builder_agrees),
		T(test_checksums),
		T(test_no_entries),
		T(test_many_entries),
		T(test_writer_refuses),
		T(test_writer_refuses_at_the_end),
		T(test_wrong_content),
		T(test_faults),
	};
	struct bkt_err err;

	if (bkt_crypto_init(&err) != BKT_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
