/* Ingest and settling of document objects. */
#include "test_objects.h"

/* files left in staging, the lock not counted */
static size_t staged_files(const struct place *p)
{
	struct bkt_err err;
	struct bkt_strs names;
	char tmp[96];
	size_t n = 0;
	BKT_AUTO(bkt_arena_free) bkt_arena *a = bkt_arena_new(1 << 20);

	snprintf(tmp, sizeof(tmp), "%s/bukti/tmp", p->dir);
	assert_int_equal(bkt_dir_list(tmp, a, &names, &err), BKT_OK);
	for (size_t i = 0; i < names.n; i++) {
		BKT_AUTO(bkt_free) char *d = bkt_path_join(tmp, names.v[i]);

		n += count_below(d) - 1;
	}
	return n;
}

/* ---- the way in -----------------------------------------------------------
 */

static void test_in_and_out(void **state)
{
	static const size_t sizes[] = { 1, 4095, 4096, 4097, 131071, 131072,
		131073, 5000000 };
	struct place *p = *state;

	for (unsigned i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct bkt_err err;
		struct bkt_staged s = { 0 }, *list[] = { &s };
		struct bkt_sha256 want = digest_n(sizes[i], i);
		uint8_t head[BKT_HEAD_BYTES];
		char hex[BKT_SHA256_HEX + 1], name[256];
		struct stat st;
		BKT_AUTO(bkt_free) char *path = NULL;

		assert_int_equal(stage_n(p, sizes[i], i, &s), BKT_OK);
		assert_true(bkt_sha256_eq(&s.id, &want));
		assert_int_equal(s.size_bytes, sizes[i]);
		assert_int_equal(s.head_len,
		    sizes[i] < sizeof(head) ? sizes[i] : sizeof(head));
		fill(head, s.head_len, i);
		assert_memory_equal(s.head, head, s.head_len);
		assert_false(s.was_present);
		assert_non_null(s.tmp_path);
		assert_int_equal(
		    bkt_objects_settle(p->o, list, 1, &err), BKT_OK);
		assert_null(s.tmp_path);
		path = bkt_objects_path(p->o, &s.id);
		bkt_hex(want.b, 32, hex);
		snprintf(name, sizeof(name), "%s/lfs/objects/%.2s/%.2s/%s",
		    p->dir, hex, hex + 2, hex);
		assert_string_equal(path, name);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0444);
		assert_int_equal(st.st_nlink, 1);
		assert_true(object_good(p, sizes[i], i));
		bkt_staged_release(p->o, &s);
	}
	assert_int_equal(staged_files(p), 0);
}

static void test_copy_out(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct bkt_staged s = { 0 }, *list[] = { &s };
	struct bkt_sha256 got;
	char out[96];
	int fd;
	BKT_AUTO(bkt_free) char *path = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;

	bkt_buf_init(&b, 1 << 20);
	snprintf(out, sizeof(out), "%s/out", p->dir);
	assert_int_equal(stage_n(p, 300000, 7, &s), BKT_OK);
	assert_int_equal(bkt_objects_settle(p->o, list, 1, &err), BKT_OK);
	fd = open(out, O_RDWR | O_CREAT | O_EXCL, 0600);
	assert_int_equal(bkt_objects_copy(p->o, &s.id, fd, &err), BKT_OK);
	close(fd);
	assert_int_equal(bkt_file_slurp(out, &b, &err), BKT_OK);
	assert_int_equal(bkt_sha256_of(bkt_buf_span(&b), &got, &err), BKT_OK);
	assert_true(bkt_sha256_eq(&got, &s.id));

	path = bkt_objects_path(p->o, &s.id);
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(truncate(path, 299999), 0);
	fd = open("/dev/null", O_WRONLY);
	assert_int_equal(
	    bkt_objects_copy(p->o, &s.id, fd, &err), BKT_E_TAMPERED);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(
	    bkt_objects_copy(p->o, &s.id, fd, &err), BKT_E_MISSING);
	close(fd);
}

static void test_refused_input(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct bkt_staged s = { 0 };
	int fd, ends[2];

	assert_int_equal(stage_n(p, 0, 1, &s), BKT_E_POLICY);
	put_file(p->file, "12345", 5);
	fd = open(p->file, O_RDONLY);
	assert_int_equal(bkt_objects_stage(p->o, fd, 4, &s, &err), BKT_E_LIMIT);
	assert_int_equal(bkt_objects_stage(p->o, fd, 5, &s, &err), BKT_OK);
	bkt_staged_release(p->o, &s);
	close(fd);
	/* a pipe has no size to look at before */
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "12345", 5), 5);
	close(ends[1]);
	assert_int_equal(
	    bkt_objects_stage(p->o, ends[0], 4, &s, &err), BKT_E_LIMIT);
	close(ends[0]);
	assert_int_equal(pipe(ends), 0);
	close(ends[1]);
	assert_int_equal(
	    bkt_objects_stage(p->o, ends[0], 4, &s, &err), BKT_E_POLICY);
	close(ends[0]);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "12345", 5), 5);
	close(ends[1]);
	assert_int_equal(bkt_objects_stage(p->o, ends[0], 5, &s, &err), BKT_OK);
	assert_int_equal(s.size_bytes, 5);
	bkt_staged_release(p->o, &s);
	close(ends[0]);
	assert_int_equal(staged_files(p), 0);
}

static const char *changing;
static int changes_left;

static int change_while_read(const char *op, const char *path)
{
	(void)path;
	if (strcmp(op, "read") == 0 && changes_left > 0 &&
	    --changes_left == 0) {
		int fd = open(changing, O_WRONLY | O_APPEND);
		struct timespec both[2] = { { 1, 0 }, { 1, 0 } };

		if (write(fd, "x", 1) != 1 || futimens(fd, both) != 0)
			abort();
		close(fd);
	}
	return 0;
}

static void test_changing_file(void **state)
{
	struct place *p = *state;
	struct bkt_staged s = { 0 };

	changing = p->file;
	for (int at = 1; at <= 3; at++) {
		bkt_fs_fault = change_while_read;
		changes_left = at;
		assert_int_equal(stage_n(p, 200000, 1, &s), BKT_E_CONFLICT);
		bkt_fs_fault = NULL;
		assert_null(s.tmp_path);
	}
	assert_int_equal(staged_files(p), 0);
}

/* ---- what is there already ------------------------------------------------
 */

static void test_present(void **state)
{
	static const struct {
		const char *why;
		size_t n;
		unsigned k;
	} rows[] = {
		{ "torn by a power cut: right size, other bytes", 5000, 99 },
		{ "torn by a power cut: empty", 0, 0 },
		{ "shorter", 4999, 3 },
		{ "longer", 5001, 3 },
	};
	struct place *p = *state;
	struct bkt_sha256 id = digest_n(5000, 3);
	BKT_AUTO(bkt_free) char *path = bkt_objects_path(p->o, &id);
	struct stat before, after;

	settle_one(p, 5000, 3, false);
	assert_int_equal(stat(path, &before), 0);
	settle_one(p, 5000, 3, true);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint8_t bytes[5001];

		fill(bytes, rows[i].n, rows[i].k);
		put_file(path, bytes, rows[i].n);
		assert_false(object_good(p, 5000, 3));
		settle_one(p, 5000, 3, false);
		assert_true(object_good(p, 5000, 3));
	}
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink(p->file, path), 0);
	settle_one(p, 5000, 3, false);
	assert_true(object_good(p, 5000, 3));
	assert_int_equal(lstat(path, &after), 0);
	assert_true(S_ISREG(after.st_mode));
}

/* both staged before either is settled; few and many in one call */
static void test_same_content_in_one_batch(void **state)
{
	struct place *p = *state;

	for (size_t n = 2; n <= 40; n += 19) {
		struct bkt_err err;
		struct bkt_staged *s = calloc(n, sizeof(*s));
		struct bkt_staged *list[40];
		unsigned base = (unsigned)n * 100;

		for (size_t i = 0; i < n; i++) {
			list[i] = &s[i];
			assert_int_equal(
			    stage_n(p, 3000, base + (unsigned)i / 2, &s[i]),
			    BKT_OK);
			assert_false(s[i].was_present);
		}
		assert_int_equal(
		    bkt_objects_settle(p->o, list, n, &err), BKT_OK);
		for (size_t i = 0; i < n; i++) {
			assert_null(s[i].tmp_path);
			assert_int_equal(s[i].was_present, i % 2 == 1);
			assert_true(
			    object_good(p, 3000, base + (unsigned)i / 2));
		}
		free(s);
	}
	assert_int_equal(staged_files(p), 0);
}

struct racer {
	struct place *p;
	const char *file;
	struct bkt_staged s;
	enum bkt_status st;
};

static void *race(void *arg)
{
	struct racer *r = arg;
	struct bkt_err err;
	int fd = open(r->file, O_RDONLY);

	r->st = bkt_objects_stage(r->p->o, fd, MAX_BYTES, &r->s, &err);
	close(fd);
	return NULL;
}

static void test_two_uploads_at_once(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct racer r[4] = { { 0 } };
	struct bkt_staged *list[4];
	pthread_t t[4];
	static uint8_t bytes[400000];

	fill(bytes, sizeof(bytes), 5);
	put_file(p->file, bytes, sizeof(bytes));
	for (int i = 0; i < 4; i++) {
		r[i].p = p;
		r[i].file = p->file;
		list[i] = &r[i].s;
		assert_int_equal(pthread_create(&t[i], NULL, race, &r[i]), 0);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(t[i], NULL);
		assert_int_equal(r[i].st, BKT_OK);
	}
	assert_int_equal(bkt_objects_settle(p->o, list, 4, &err), BKT_OK);
	assert_true(object_good(p, sizeof(bytes), 5));
	assert_int_equal(staged_files(p), 0);
}

/* ---- read back ------------------------------------------------------------
 */

static const char *spoil_path, *spoil_op;

static int spoil_at_sync(const char *op, const char *path)
{
	(void)path;
	if (spoil_path && strcmp(op, spoil_op) == 0 &&
	    bkt_path_exists(spoil_path)) {
		int fd;

		(void)chmod(spoil_path, 0644);
		fd = open(spoil_path, O_RDWR);
		if (pwrite(fd, "!", 1, 100) != 1)
			abort();
		close(fd);
		spoil_path = NULL;
	}
	return 0;
}

static void test_read_back(void **state)
{
	static const struct {
		const char *why, *op;
		size_t n;
	} rows[] = {
		{ "a few: spoilt while directories are synced", "fsync", 1 },
		{ "many: spoilt while the filesystem is synced", "syncfs", 12 },
	};
	struct place *p = *state;

	for (size_t r = 0; r < 2; r++) {
		struct bkt_err err;
		struct bkt_staged s[12] = { { .size_bytes = 0 } }, *list[12];
		struct bkt_sha256 id = digest_n(9000, 50 + (unsigned)r * 20);
		BKT_AUTO(bkt_free) char *path = bkt_objects_path(p->o, &id);

		for (unsigned i = 0; i < rows[r].n; i++) {
			list[i] = &s[i];
			assert_int_equal(
			    stage_n(p, 9000, 50 + (unsigned)r * 20 + i, &s[i]),
			    BKT_OK);
		}
		spoil_path = path;
		spoil_op = rows[r].op;
		bkt_fs_fault = spoil_at_sync;
		assert_int_equal(
		    bkt_objects_settle(p->o, list, rows[r].n, &err),
		    BKT_E_TAMPERED);
		bkt_fs_fault = NULL;
		assert_null(spoil_path);
		for (unsigned i = 0; i < rows[r].n; i++) {
			assert_non_null(s[i].tmp_path);
			bkt_staged_release(p->o, &s[i]);
		}
		assert_false(bkt_path_exists(path));
		assert_int_equal(staged_files(p), 0);
	}
}

/* staged as present, but gone when the batch is settled */
static void test_present_went_away(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct bkt_staged s = { 0 }, *list[12];
	struct bkt_sha256 id = digest_n(100, 1);
	BKT_AUTO(bkt_free) char *path = bkt_objects_path(p->o, &id);

	settle_one(p, 100, 1, false);
	assert_int_equal(stage_n(p, 100, 1, &s), BKT_OK);
	assert_true(s.was_present);
	assert_int_equal(unlink(path), 0);
	for (int i = 0; i < 12; i++)
		list[i] = &s;
	assert_int_equal(
	    bkt_objects_settle(p->o, list, 12, &err), BKT_E_CONFLICT);
	assert_int_equal(
	    bkt_objects_settle(p->o, list, 1, &err), BKT_E_CONFLICT);
	bkt_staged_release(p->o, &s);
}

/* ---- faults ----------------------------------------------------------------
 */

/* calls so far, from any thread; the fail_at-th fails */
static _Atomic int calls;
static int fail_at, fault_errno;

static int fail_nth(const char *op, const char *path)
{
	(void)path;
	/* a failed close is not looked at: nothing rests on it */
	if (strcmp(op, "close") == 0)
		return 0;
	return ++calls == fail_at ? fault_errno : 0;
}

static bool fail_nth_alloc(size_t n)
{
	(void)n;
	return ++calls == fail_at;
}

/* one file or twelve from start to end; how far it came */
static enum bkt_status whole_way(struct place *p, unsigned k, size_t n)
{
	struct bkt_err err;
	struct bkt_staged s[12] = { { .size_bytes = 0 } }, *list[12];
	enum bkt_status st = BKT_OK;
	static uint8_t bytes[140000];
	/* the single file needs more than one buffer */
	size_t size = n == 1 ? sizeof(bytes) : 3000;

	for (unsigned i = 0; i < n && st == BKT_OK; i++) {
		int fd;

		list[i] = &s[i];
		fill(bytes, size, k + i);
		put_file(p->file, bytes, size);
		fd = open(p->file, O_RDONLY);
		st = bkt_objects_stage(p->o, fd, MAX_BYTES, &s[i], &err);
		close(fd);
	}
	if (st == BKT_OK)
		st = bkt_objects_settle(p->o, list, n, &err);
	bkt_fs_fault = NULL;
	bkt_alloc_fault = NULL;
	for (unsigned i = 0; i < n; i++)
		bkt_staged_release(p->o, &s[i]);
	return st;
}

static void each_fault(struct place *p, size_t n, int error, bool alloc)
{
	int at = 0;
	bool reached;
	enum bkt_status st;
	size_t size = n == 1 ? 140000 : 3000;

	do {
		struct bkt_err err;
		unsigned k = 1000 + (unsigned)at * 16;

		bkt_objects_free(p->o);
		assert_int_equal(bkt_objects_open(p->dir, &p->o, &err), BKT_OK);
		calls = 0;
		fail_at = ++at;
		fault_errno = error;
		if (alloc)
			bkt_alloc_fault = fail_nth_alloc;
		else
			bkt_fs_fault = fail_nth;
		st = whole_way(p, k, n);
		reached = calls >= fail_at;
		/* a fault on the way is a fault, never a verdict */
		if (st != BKT_OK)
			assert_true(bkt_is_fault(st));
		for (unsigned i = 0; i < n; i++) {
			struct bkt_sha256 id = digest_n(size, k + i);
			BKT_AUTO(bkt_free)
			char *path = bkt_objects_path(p->o, &id);

			if (bkt_path_exists(path) || st == BKT_OK)
				assert_true(object_good(p, size, k + i));
		}
		assert_true(at < 5000);
	} while (reached);
	assert_int_equal(st, BKT_OK);
	assert_true(at > 10);
}

static void test_faults(void **state)
{
	struct place *p = *state;

	each_fault(p, 1, EIO, false);
	each_fault(p, 1, ENOSPC, false);
	each_fault(p, 12, EIO, false);
	each_fault(p, 1, -1, false); /* one-byte reads and writes */
	each_fault(p, 1, 0, true);
	each_fault(p, 12, 0, true);
}

/* ---- cleaning --------------------------------------------------------------
 */

static void test_clean(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct bkt_staged s = { 0 };
	char dead[128], file[192];
	uint64_t n = 99;

	assert_int_equal(stage_n(p, 100, 1, &s), BKT_OK);
	snprintf(dead, sizeof(dead), "%s/bukti/tmp/stage-dead", p->dir);
	assert_int_equal(mkdir(dead, 0700), 0);
	snprintf(file, sizeof(file), "%s/aaaa", dead);
	put_file(file, "x", 1);
	snprintf(file, sizeof(file), "%s/bbbb", dead);
	put_file(file, "x", 1);
	snprintf(file, sizeof(file), "%s/lock", dead);
	put_file(file, "4711\n", 5);
	snprintf(file, sizeof(file), "%s/bukti/tmp/other", p->dir);
	put_file(file, "not ours", 8);

	assert_int_equal(bkt_objects_clean(p->o, &n, &err), BKT_OK);
	assert_int_equal(n, 2);
	assert_false(bkt_path_exists(dead));
	assert_true(bkt_path_exists(file));
	/* a living process's staging stays: it does not hold the writer lock */
	assert_true(bkt_path_exists(s.tmp_path));
	assert_int_equal(unlink(file), 0);
	bkt_staged_release(p->o, &s);
	assert_null(s.tmp_path);
	bkt_objects_free(p->o);
	assert_int_equal(bkt_objects_open(p->dir, &p->o, &err), BKT_OK);
	snprintf(dead, sizeof(dead), "%s/bukti/tmp", p->dir);
	assert_int_equal(count_below(dead), 0);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(test_in_and_out),
		T(test_copy_out),
		T(test_refused_input),
		T(test_changing_file),
		T(test_present),
		T(test_same_content_in_one_batch),
		T(test_two_uploads_at_once),
		T(test_read_back),
		T(test_present_went_away),
		T(test_faults),
		T(test_clean),
	};
	struct bkt_err err;

	if (bkt_crypto_init(&err) != BKT_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
