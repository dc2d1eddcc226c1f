/* The vectors of tests/golden/zip, read and written. */
#include <sys/mman.h>

#include "support/golden.h"
#include "test_archive.h"

static void vector(const char *folder, const char *name, char out[512])
{
	snprintf(out, 512, BUKTI_SOURCE_DIR "/tests/golden/zip/%s/%s.zip",
	    folder, name);
}

static int memory_file(char path[40])
{
	int fd = memfd_create("zip", MFD_CLOEXEC);

	assert_true(fd >= 0);
	snprintf(path, 40, "/proc/self/fd/%d", fd);
	return fd;
}

static void read_back(int fd, struct bkt_buf *out)
{
	off_t n = lseek(fd, 0, SEEK_END);
	struct bkt_err err;
	size_t got;

	assert_true(n >= 0);
	bkt_buf_init(out, (size_t)n + 1);
	assert_non_null(bkt_buf_room(out, (size_t)n + 1));
	assert_int_equal(
	    bkt_file_pread(fd, 0, out->ptr, (size_t)n, &got, &err), BKT_OK);
	assert_int_equal(got, n);
	out->len = got;
}

static void unhex(const char *hex, struct bkt_buf *out)
{
	uint8_t b;

	bkt_buf_init(out, 4096);
	for (; *hex; hex += 2) {
		assert_true(bkt_unhex_n(hex, &b, 1));
		bkt_buf_add(out, &b, 1);
	}
	assert_false(out->failed);
}

/* ---- good -----------------------------------------------------------------
 */

struct one { /* file on its way: read here, written there */
	char name[64];
	bkt_zip *z;
	bkt_zip_writer *w;
	int fd;
	size_t n;
};

static void begin(struct one *o, const char *name)
{
	char path[512];
	struct bkt_err err;

	*o = (struct one){ .n = 0 };
	o->fd = memory_file(path);
	snprintf(o->name, sizeof(o->name), "%s", name);
	vector("good", name, path);
	if (bkt_zip_open(path, NULL, &o->z, &err) != BKT_OK)
		fail_msg("%s: %s", name, err.msg);
	assert_int_equal(bkt_zip_writer_new(o->fd, &o->w, &err), BKT_OK);
}

static void member(struct one *o, const char *path, const char *hex)
{
	const struct bkt_zip_entry *e;
	BKT_AUTO(bkt_buf_release) struct bkt_buf want, is;
	struct bkt_err err;

	unhex(hex, &want);
	assert_true(o->n < bkt_zip_count(o->z));
	e = bkt_zip_entry_at(o->z, o->n++);
	assert_string_equal(e->path, path);
	bkt_buf_init(&is, 4096);
	assert_int_equal(bkt_zip_read(o->z, e, &is, &err), BKT_OK);
	assert_true(bkt_span_eq(bkt_buf_span(&is), bkt_buf_span(&want)));
	assert_int_equal(
	    bkt_zip_add_bytes(o->w, path, bkt_buf_span(&want), &err), BKT_OK);
}

static void end(struct one *o)
{
	char path[512];
	BKT_AUTO(bkt_buf_release) struct bkt_buf want, is;
	struct bkt_err err;

	assert_int_equal(o->n, bkt_zip_count(o->z));
	assert_int_equal(bkt_zip_writer_finish(o->w, &err), BKT_OK);
	snprintf(path, sizeof(path), "good/%s.zip", o->name);
	golden_slurp("zip", path, &want);
	read_back(o->fd, &is);
	if (!bkt_span_eq(bkt_buf_span(&is), bkt_buf_span(&want)))
		fail_msg("%s is written in other bytes", o->name);
	bkt_zip_close(o->z);
	bkt_zip_writer_free(o->w);
	close(o->fd);
}

static void good_files_are_read_and_written(void **state)
{
	BKT_AUTO(golden_release) struct golden_table t;
	struct one o = { .fd = -1 };
	size_t n = 0;

	(void)state;
	golden_open("zip", "MEMBERS", 3, &t);
	while (golden_next(&t)) {
		if (n == 0 || strcmp(t.column[0], o.name) != 0) {
			if (n++ > 0)
				end(&o);
			begin(&o, t.column[0]);
		}
		if (*t.column[1])
			member(&o, t.column[1], t.column[2]);
	}
	end(&o);
	assert_int_equal(n, 10);
}

/* ---- bad ------------------------------------------------------------------
 */

/* what opening and then reading everything says */
static enum bkt_status read_all(const char *path, struct bkt_err *err)
{
	BKT_AUTO(bkt_zip_close) bkt_zip *z = NULL;

	BKT_TRY(bkt_zip_open(path, NULL, &z, err));
	for (size_t i = 0; i < bkt_zip_count(z); i++) {
		struct bkt_sha256 digest;

		BKT_TRY(
		    bkt_zip_digest(z, bkt_zip_entry_at(z, i), &digest, err));
	}
	return BKT_OK;
}

static void bad_files_are_refused(void **state)
{
	BKT_AUTO(golden_release) struct golden_table t;

	(void)state;
	golden_open("zip", "RULES", 3, &t);
	while (golden_next(&t)) {
		char path[512];
		struct bkt_err err = { .status = BKT_OK };

		vector("bad", t.column[0], path);
		if (!golden_verdict_is(t.column[1], read_all(path, &err)))
			fail_msg("%s: %s, but: %s", t.column[0],
			    bkt_status_name(err.status), t.column[2]);
	}
	assert_int_equal(t.n_rows, 69);
}

/* ---- where zip64 begins ---------------------------------------------------
 */

static void many(uint64_t count, uint64_t size_bytes, const char *hex)
{
	char path[40], name[32], is[BKT_SHA256_HEX + 1];
	struct bkt_err err;
	struct bkt_sha256 digest;
	BKT_AUTO_FD fd = memory_file(path);
	BKT_AUTO(bkt_zip_writer_free) bkt_zip_writer *w = NULL;
	BKT_AUTO(bkt_zip_close) bkt_zip *z = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes;

	assert_int_equal(bkt_zip_writer_new(fd, &w, &err), BKT_OK);
	for (uint64_t i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "m/%05u", (unsigned)i);
		assert_int_equal(
		    bkt_zip_add_bytes(w, name, BKT_SPAN("", 0), &err), BKT_OK);
	}
	assert_int_equal(bkt_zip_writer_finish(w, &err), BKT_OK);
	read_back(fd, &bytes);
	assert_int_equal(bytes.len, size_bytes);
	assert_int_equal(
	    bkt_sha256_of(bkt_buf_span(&bytes), &digest, &err), BKT_OK);
	bkt_hex(digest.b, sizeof(digest.b), is);
	assert_string_equal(is, hex);
	assert_int_equal(bkt_zip_open(path, NULL, &z, &err), BKT_OK);
	assert_int_equal(bkt_zip_count(z), count);
}

static void many_members_need_zip64(void **state)
{
	BKT_AUTO(golden_release) struct golden_table t;

	(void)state;
	golden_open("zip", "MANY", 3, &t);
	while (golden_next(&t)) {
		uint64_t count, size_bytes;

		assert_true(bkt_parse_u64(t.column[0], 100000, &count));
		assert_true(
		    bkt_parse_u64(t.column[1], UINT32_MAX, &size_bytes));
		many(count, size_bytes, t.column[2]);
	}
	assert_int_equal(t.n_rows, 3);
}

static void vectors_are_the_ones_that_were_made(void **state)
{
	(void)state;
	golden_unchanged("zip", 82);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_are_the_ones_that_were_made),
		cmocka_unit_test(good_files_are_read_and_written),
		cmocka_unit_test(bad_files_are_refused),
		cmocka_unit_test(many_members_need_zip64),
	};
	struct bkt_err err;

	if (bkt_crypto_init(&err) != BKT_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
