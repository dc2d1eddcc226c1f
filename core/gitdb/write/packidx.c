#include "pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bukti/crypto.h"

/* gitformat-pack(5), "Version 2 pack-*.idx files" */

#define CHUNK ((size_t)64 * 1024)
#define LARGE_OFFSET UINT64_C(0x80000000)

/* bytes on their way into the file and into its checksum */
struct sink {
	int fd;
	bkt_hash *sha1;
	struct bkt_buf buf;
};

static enum bkt_status sink_flush(struct sink *k, struct bkt_err *err)
{
	BKT_TRY(bkt_buf_check(&k->buf, err));
	BKT_TRY(bkt_hash_update(k->sha1, k->buf.ptr, k->buf.len, err));
	BKT_TRY(bkt_file_write(k->fd, k->buf.ptr, k->buf.len, err));
	bkt_buf_clear(&k->buf);
	return BKT_OK;
}

static enum bkt_status sink_put(
    struct sink *k, const void *p, size_t n, struct bkt_err *err)
{
	bkt_buf_add(&k->buf, p, n);
	return k->buf.len < CHUNK ? BKT_OK : sink_flush(k, err);
}

static enum bkt_status sink_u32(struct sink *k, uint64_t v, struct bkt_err *err)
{
	uint8_t b[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16),
		(uint8_t)(v >> 8), (uint8_t)v };

	return sink_put(k, b, sizeof(b), err);
}

static int by_oid(const void *a, const void *b)
{
	const struct pack_entry *x = a, *y = b;

	return memcmp(x->oid.b, y->oid.b, BKT_OID_LEN);
}

static enum bkt_status put_fanout(
    struct sink *k, const struct pack_set *s, struct bkt_err *err)
{
	size_t n = 0;

	for (unsigned first = 0; first < 256; first++) {
		while (n < s->n && s->v[n].oid.b[0] == first)
			n++;
		BKT_TRY(sink_u32(k, n, err));
	}
	return BKT_OK;
}

static enum bkt_status put_offsets(
    struct sink *k, const struct pack_set *s, struct bkt_err *err)
{
	uint64_t n_large = 0;

	for (size_t i = 0; i < s->n; i++) {
		uint64_t at = s->v[i].offset;

		if (at >= LARGE_OFFSET)
			at = LARGE_OFFSET | n_large++;
		BKT_TRY(sink_u32(k, at, err));
	}
	for (size_t i = 0; n_large > 0 && i < s->n; i++) {
		if (s->v[i].offset < LARGE_OFFSET)
			continue;
		BKT_TRY(sink_u32(k, s->v[i].offset >> 32, err));
		BKT_TRY(sink_u32(k, s->v[i].offset, err));
	}
	return BKT_OK;
}

static enum bkt_status put_all(struct sink *k, const struct pack_set *s,
    const uint8_t pack_sha1[BKT_OID_LEN], struct bkt_err *err)
{
	static const uint8_t magic[8] = { 0xff, 't', 'O', 'c', 0, 0, 0, 2 };
	uint8_t sum[BKT_OID_LEN];

	BKT_TRY(sink_put(k, magic, sizeof(magic), err));
	BKT_TRY(put_fanout(k, s, err));
	for (size_t i = 0; i < s->n; i++)
		BKT_TRY(sink_put(k, s->v[i].oid.b, BKT_OID_LEN, err));
	for (size_t i = 0; i < s->n; i++)
		BKT_TRY(sink_u32(k, s->v[i].crc, err));
	BKT_TRY(put_offsets(k, s, err));
	BKT_TRY(sink_put(k, pack_sha1, BKT_OID_LEN, err));
	BKT_TRY(sink_flush(k, err));
	BKT_TRY(bkt_hash_final(k->sha1, sum, err));
	return bkt_file_write(k->fd, sum, sizeof(sum), err);
}

enum bkt_status pack_index_write(struct pack_set *s,
    const uint8_t pack_sha1[BKT_OID_LEN], const char *path, struct bkt_err *err)
{
	BKT_AUTO(bkt_hash_free) bkt_hash *sha1 = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf buf = { 0 };
	BKT_AUTO_FD fd = -1;
	struct sink k;
	enum bkt_status st;

	bkt_buf_init(&buf, 2 * CHUNK);
	qsort(s->v, s->n, sizeof(*s->v), by_oid);
	BKT_TRY(bkt_hash_new(BKT_HASH_SHA1, &sha1, err));
	BKT_TRY(bkt_file_create(path, 0444, &fd, err));
	k.fd = fd;
	k.sha1 = sha1;
	k.buf = buf;
	st = put_all(&k, s, pack_sha1, err);
	buf = k.buf;
	if (st != BKT_OK)
		return st;
	return bkt_file_fsync(fd, err);
}

char *pack_path(
    const char *dir, const char *stem, const char *digits, const char *suffix)
{
	char name[128], random[17];

	if (!digits) {
		if (bkt_random_id(random, 16, NULL) != BKT_OK)
			return NULL;
		digits = random;
	}
	(void)snprintf(name, sizeof(name), "%s%s%s", stem, digits, suffix);
	return bkt_path_join(dir, name);
}
