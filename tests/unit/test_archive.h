/* A folder for one test, zip files made by the writer, and a builder of its
 * own that can also make them wrong. */
#ifndef TEST_ARCHIVE_H
#define TEST_ARCHIVE_H

#include <errno.h>
#include <fcntl.h>
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

#include "bukti/archive.h"
#include "bukti/base.h"
#include "bukti/crypto.h"

struct place {
	char dir[64];
	char zip[96];
};

static inline int set_up(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	strcpy(p->dir, access("/dev/shm", W_OK) == 0
			   ? "/dev/shm/bukti-archive-XXXXXX"
			   : "/tmp/bukti-archive-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	snprintf(p->zip, sizeof(p->zip), "%s/a.zip", p->dir);
	*state = p;
	return 0;
}

static inline int tear_down(void **state)
{
	struct bkt_err err;
	struct place *p = *state;

	bkt_fs_fault = NULL;
	bkt_alloc_fault = NULL;
	assert_int_equal(bkt_dir_remove(p->dir, &err), BKT_OK);
	free(p);
	return 0;
}

static inline void put_file(const char *path, const void *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* ---- a builder by the book, not by our code -------------------------------
 */

struct member {
	const char *name, *data;
	const char *local_extra, *central_extra; /* with their lengths */
	size_t n_local_extra, n_central_extra;
};

/* overwrite width bytes at an offset of one header */
struct twist {
	char where; /* 'l'ocal, 'c'entral, 'b'oth (same field), 'e'nd */
	unsigned entry, at, width;
	uint64_t value;
};

struct bytes {
	uint8_t p[8192];
	size_t n;
};

static inline void le(struct bytes *b, uint64_t v, unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		b->p[b->n++] = (uint8_t)(i < 8 ? v >> 8 * i : 0);
}

static inline void raw(struct bytes *b, const void *p, size_t n)
{
	if (n > 0)
		memcpy(b->p + b->n, p, n);
	b->n += n;
}

/* bit by bit, to be slow and right */
static inline uint32_t slow_crc(const void *p, size_t n)
{
	const uint8_t *at = p;
	uint32_t v = UINT32_MAX;

	while (n-- > 0) {
		v ^= *at++;
		for (int i = 0; i < 8; i++)
			v = v & 1 ? v >> 1 ^ UINT32_C(0xedb88320) : v >> 1;
	}
	return ~v;
}

static inline void twist_at(
    struct bytes *b, size_t header, const struct twist *t, unsigned at)
{
	for (unsigned i = 0; i < t->width; i++)
		b->p[header + at + i] = (uint8_t)(t->value >> 8 * i);
}

/* fields of version to extra length lie two bytes further in central headers */
static inline void common(struct bytes *b, const struct member *m)
{
	size_t n = strlen(m->data);

	le(b, 10, 2);
	le(b, 0, 2);
	le(b, 0, 2);
	le(b, 0, 2);
	le(b, 0x21, 2);
	le(b, slow_crc(m->data, n), 4);
	le(b, n, 4);
	le(b, n, 4);
	le(b, strlen(m->name), 2);
}

static inline struct bytes build(
    const struct member *m, unsigned n, const struct twist *t)
{
	struct bytes b = { .n = 0 };
	size_t local[8], central[8], directory, end;

	for (unsigned i = 0; i < n; i++) {
		local[i] = b.n;
		le(&b, 0x04034b50, 4);
		common(&b, &m[i]);
		le(&b, m[i].n_local_extra, 2);
		raw(&b, m[i].name, strlen(m[i].name));
		raw(&b, m[i].local_extra, m[i].n_local_extra);
		raw(&b, m[i].data, strlen(m[i].data));
	}
	directory = b.n;
	for (unsigned i = 0; i < n; i++) {
		central[i] = b.n;
		le(&b, 0x02014b50, 4);
		le(&b, 0x031e, 2);
		common(&b, &m[i]);
		le(&b, m[i].n_central_extra, 2);
		le(&b, 0, 2);
		le(&b, 0, 2);
		le(&b, 0, 2);
		le(&b, UINT64_C(0100644) << 16, 4);
		le(&b, local[i], 4);
		raw(&b, m[i].name, strlen(m[i].name));
		raw(&b, m[i].central_extra, m[i].n_central_extra);
	}
	end = b.n;
	le(&b, 0x06054b50, 4);
	le(&b, 0, 4);
	le(&b, n, 2);
	le(&b, n, 2);
	le(&b, end - directory, 4);
	le(&b, directory, 4);
	le(&b, 0, 2);
	for (; t && t->where; t++) {
		if (t->where == 'l' || t->where == 'b')
			twist_at(&b, local[t->entry], t, t->at);
		if (t->where == 'c')
			twist_at(&b, central[t->entry], t, t->at);
		if (t->where == 'b')
			twist_at(&b, central[t->entry], t, t->at + 2);
		if (t->where == 'e')
			twist_at(&b, end, t, t->at);
	}
	return b;
}

/* open it and look at everything in it */
static inline enum bkt_status judge(const char *file, struct bkt_err *err)
{
	BKT_AUTO(bkt_zip_close) bkt_zip *z = NULL;

	BKT_TRY(bkt_zip_open(file, &bkt_zip_limits_default, &z, err));
	for (size_t i = 0; i < bkt_zip_count(z); i++) {
		struct bkt_sha256 id;

		BKT_TRY(bkt_zip_digest(z, bkt_zip_entry_at(z, i), &id, err));
	}
	return BKT_OK;
}

static inline enum bkt_status judge_bytes(
    const struct place *p, const uint8_t *bytes, size_t n, struct bkt_err *err)
{
	put_file(p->zip, bytes, n);
	return judge(p->zip, err);
}

#endif
