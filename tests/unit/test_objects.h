/* A store directory for one test, and objects of numbered content in it. */
#ifndef TEST_OBJECTS_H
#define TEST_OBJECTS_H

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "bukti/base.h"
#include "bukti/crypto.h"
#include "bukti/objects.h"

#define MAX_BYTES (UINT64_C(1) << 30)

struct place {
	char dir[64];
	char file[96];
	bkt_objects *o;
};

static inline int set_up(void **state)
{
	struct bkt_err err;
	struct place *p = calloc(1, sizeof(*p));
	char sub[96];

	assert_non_null(p);
	/* nothing here outlives a power cut: memory serves as well as disk */
	strcpy(p->dir, access("/dev/shm", W_OK) == 0
			   ? "/dev/shm/bukti-objects-XXXXXX"
			   : "/tmp/bukti-objects-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	snprintf(sub, sizeof(sub), "%s/lfs/objects", p->dir);
	assert_int_equal(bkt_dir_make(sub, 0755, true, &err), BKT_OK);
	snprintf(sub, sizeof(sub), "%s/bukti/tmp", p->dir);
	assert_int_equal(bkt_dir_make(sub, 0700, true, &err), BKT_OK);
	snprintf(p->file, sizeof(p->file), "%s/input", p->dir);
	assert_int_equal(bkt_objects_open(p->dir, &p->o, &err), BKT_OK);
	*state = p;
	return 0;
}

static inline int tear_down(void **state)
{
	struct bkt_err err;
	struct place *p = *state;

	bkt_fs_fault = NULL;
	bkt_alloc_fault = NULL;
	bkt_objects_free(p->o);
	assert_int_equal(bkt_dir_remove(p->dir, &err), BKT_OK);
	free(p);
	return 0;
}

/* content number k, n bytes */
static inline void fill(uint8_t *to, size_t n, unsigned k)
{
	uint32_t x = 2463534242u + k * 7919u;

	for (size_t i = 0; i < n; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		to[i] = (uint8_t)x;
	}
}

static inline void put_file(const char *path, const void *bytes, size_t n)
{
	FILE *f;

	(void)unlink(path);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static inline enum bkt_status stage_n(
    struct place *p, size_t n, unsigned k, struct bkt_staged *s)
{
	struct bkt_err err;
	enum bkt_status st;
	uint8_t *bytes = malloc(n + 1);
	int fd;

	assert_non_null(bytes);
	fill(bytes, n, k);
	put_file(p->file, bytes, n);
	free(bytes);
	fd = open(p->file, O_RDONLY);
	assert_true(fd >= 0);
	st = bkt_objects_stage(p->o, fd, MAX_BYTES, s, &err);
	close(fd);
	return st;
}

static inline struct bkt_sha256 digest_n(size_t n, unsigned k)
{
	struct bkt_err err;
	struct bkt_sha256 id;
	uint8_t *bytes = malloc(n + 1);

	assert_non_null(bytes);
	fill(bytes, n, k);
	assert_int_equal(bkt_sha256_of(BKT_SPAN(bytes, n), &id, &err), BKT_OK);
	free(bytes);
	return id;
}

static inline size_t count_below(const char *dir)
{
	struct bkt_err err;
	struct bkt_strs names = { NULL, 0 };
	BKT_AUTO(bkt_arena_free) bkt_arena *a = bkt_arena_new(1 << 20);

	assert_int_equal(bkt_dir_list(dir, a, &names, &err), BKT_OK);
	return names.n;
}

static inline bool object_good(struct place *p, size_t n, unsigned k)
{
	struct bkt_err err;
	struct bkt_scrub_item item = { .id = digest_n(n, k), .size_bytes = n };

	assert_int_equal(
	    bkt_objects_scrub(p->o, &item, 1, 1, NULL, &err), BKT_OK);
	return item.status == BKT_OK;
}

static inline void settle_one(
    struct place *p, size_t n, unsigned k, bool present)
{
	struct bkt_err err;
	struct bkt_staged s = { 0 }, *list[] = { &s };

	assert_int_equal(stage_n(p, n, k, &s), BKT_OK);
	assert_int_equal(s.was_present, present);
	assert_int_equal(s.tmp_path == NULL, present);
	assert_int_equal(bkt_objects_settle(p->o, list, 1, &err), BKT_OK);
	bkt_staged_release(p->o, &s);
}

#endif
