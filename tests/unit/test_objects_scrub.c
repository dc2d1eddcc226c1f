/* Finding what is wrong with stored objects. */
#include "test_objects.h"

/* ---- scrub ------------------------------------------------------------------
 */

enum harm {
	NONE,
	GONE,
	FLIP_FIRST,
	FLIP_MIDDLE,
	FLIP_LAST,
	TRUNCATED,
	EXTENDED,
	HOLE,
	SWAPPED,
	SYMLINK,
	FOLDER,
	OTHER_SIZE,
	TOUCHED,
};

static const struct {
	const char *why;
	enum harm harm;
	enum bkt_status want;
} harms[] = {
	{ "as written", NONE, BKT_OK },
	{ "object gone", GONE, BKT_E_MISSING },
	{ "one bit flipped at the start", FLIP_FIRST, BKT_E_TAMPERED },
	{ "one bit flipped in the middle", FLIP_MIDDLE, BKT_E_TAMPERED },
	{ "one bit flipped at the end", FLIP_LAST, BKT_E_TAMPERED },
	{ "cut by one byte", TRUNCATED, BKT_E_TAMPERED },
	{ "one byte longer", EXTENDED, BKT_E_TAMPERED },
	{ "a hole punched", HOLE, BKT_E_TAMPERED },
	{ "another good object under this name", SWAPPED, BKT_E_TAMPERED },
	{ "symbolic link to the right bytes", SYMLINK, BKT_E_TAMPERED },
	{ "a directory", FOLDER, BKT_E_TAMPERED },
	{ "right bytes, other size recorded", OTHER_SIZE, BKT_E_TAMPERED },
	{ "only the time and mode changed", TOUCHED, BKT_OK },
};
#define N_HARMS (sizeof(harms) / sizeof(*harms))
#define HARM_BYTES 200000

static void flip(const char *path, off_t at)
{
	uint8_t b;
	int fd;

	assert_int_equal(chmod(path, 0644), 0);
	fd = open(path, O_RDWR);
	assert_int_equal(pread(fd, &b, 1, at), 1);
	b ^= 0x10;
	assert_int_equal(pwrite(fd, &b, 1, at), 1);
	close(fd);
}

static void do_harm(struct place *p, enum harm harm, const char *path,
    const char *next, struct bkt_scrub_item *item)
{
	struct timespec old[2] = { { 5, 0 }, { 5, 0 } };
	char aside[200];
	int fd;

	snprintf(aside, sizeof(aside), "%s/aside", p->dir);
	switch (harm) {
	case NONE:
		break;
	case GONE:
		assert_int_equal(unlink(path), 0);
		break;
	case FLIP_FIRST:
		flip(path, 0);
		break;
	case FLIP_MIDDLE:
		flip(path, HARM_BYTES / 2);
		break;
	case FLIP_LAST:
		flip(path, HARM_BYTES - 1);
		break;
	case TRUNCATED:
		assert_int_equal(chmod(path, 0644), 0);
		assert_int_equal(truncate(path, HARM_BYTES - 1), 0);
		break;
	case EXTENDED:
		assert_int_equal(chmod(path, 0644), 0);
		assert_int_equal(truncate(path, HARM_BYTES + 1), 0);
		break;
	case HOLE:
		assert_int_equal(chmod(path, 0644), 0);
		fd = open(path, O_RDWR);
		if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			8192, 4096) != 0) {
			static const uint8_t zero[4096];

			assert_int_equal(pwrite(fd, zero, 4096, 8192), 4096);
		}
		close(fd);
		break;
	case SWAPPED:
		assert_int_equal(unlink(path), 0);
		assert_int_equal(link(next, path), 0);
		break;
	case SYMLINK:
		assert_int_equal(rename(path, aside), 0);
		assert_int_equal(symlink(aside, path), 0);
		break;
	case FOLDER:
		assert_int_equal(unlink(path), 0);
		assert_int_equal(mkdir(path, 0755), 0);
		break;
	case OTHER_SIZE:
		item->size_bytes--;
		break;
	case TOUCHED:
		assert_int_equal(chmod(path, 0600), 0);
		assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
		break;
	}
}

static void test_scrub(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct bkt_scrub_item items[N_HARMS + 1] = { { .size_bytes = 0 } };
	char *paths[N_HARMS + 1];

	for (unsigned i = 0; i <= N_HARMS; i++) {
		items[i].id = digest_n(HARM_BYTES, i);
		items[i].size_bytes = HARM_BYTES;
		settle_one(p, HARM_BYTES, i, false);
		paths[i] = bkt_objects_path(p->o, &items[i].id);
	}
	for (unsigned i = 0; i < N_HARMS; i++)
		do_harm(p, harms[i].harm, paths[i], paths[i + 1], &items[i]);
	for (unsigned threads = 0; threads <= 3; threads++) {
		for (unsigned i = 0; i < N_HARMS; i++)
			items[i].status = BKT_E_INTERNAL;
		assert_int_equal(bkt_objects_scrub(p->o, items, N_HARMS + 1,
				     threads, NULL, &err),
		    BKT_OK);
		for (unsigned i = 0; i < N_HARMS; i++) {
			if (items[i].status != harms[i].want)
				print_message("row: %s\n", harms[i].why);
			assert_int_equal(items[i].status, harms[i].want);
		}
		/* the row before may have spoilt its neighbour by a link */
		assert_int_equal(items[N_HARMS].status, BKT_OK);
	}
	for (unsigned i = 0; i <= N_HARMS; i++)
		bkt_free(paths[i]);
	assert_int_equal(
	    bkt_objects_scrub(p->o, NULL, 0, 0, NULL, &err), BKT_OK);
}

static int eio_on_read(const char *op, const char *path)
{
	(void)path;
	return strcmp(op, "read") == 0 ? EIO : 0;
}

static void test_scrub_disk_error(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct bkt_scrub_item item = { .id = digest_n(100, 1),
		.size_bytes = 100 };

	settle_one(p, 100, 1, false);
	bkt_fs_fault = eio_on_read;
	assert_int_equal(
	    bkt_objects_scrub(p->o, &item, 1, 1, NULL, &err), BKT_OK);
	bkt_fs_fault = NULL;
	/* could not tell is not the same as tampered */
	assert_int_equal(item.status, BKT_E_IO);
}

static bool stop_now(
    void *ctx, const char *phase, uint64_t done, uint64_t total)
{
	(void)phase;
	(void)done;
	(void)total;
	++*(unsigned *)ctx;
	return false;
}

static bool keep_on(void *ctx, const char *phase, uint64_t done, uint64_t total)
{
	(void)phase;
	assert_true(done <= total);
	*(uint64_t *)ctx = done;
	return true;
}

static void test_scrub_progress(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	unsigned asked = 0;
	uint64_t done = 0;
	struct bkt_progress stop = { stop_now, &asked };
	struct bkt_progress tell = { keep_on, &done };
	struct bkt_scrub_item item = { .size_bytes = 20000000 };

	item.id = digest_n(item.size_bytes, 1);
	settle_one(p, item.size_bytes, 1, false);
	assert_int_equal(
	    bkt_objects_scrub(p->o, &item, 1, 0, &tell, &err), BKT_OK);
	assert_int_equal(done, item.size_bytes);
	assert_int_equal(bkt_objects_scrub(p->o, &item, 1, 0, &stop, &err),
	    BKT_E_INTERRUPTED);
	assert_int_equal(asked, 1);
	assert_int_not_equal(item.status, BKT_OK);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(test_scrub),
		T(test_scrub_disk_error),
		T(test_scrub_progress),
	};
	struct bkt_err err;

	if (bkt_crypto_init(&err) != BKT_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
