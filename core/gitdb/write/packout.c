#include "pack.h"

#include <string.h>
#include <unistd.h>

#include "bukti/crypto.h"

/* gitformat-pack(5): objects one after the other, then a SHA-1 of it all */

#define BUF_BYTES ((size_t)256 * 1024)
#define HEADER_BYTES 12
#define COUNT_AT 8

void pack_out_release(struct pack_out *o)
{
	if (o->z_ready)
		(void)deflateEnd(&o->z);
	if (o->fd >= 0) {
		bkt_fd_close(o->fd);
		/* should it stay, tidy drops it later */
		(void)!bkt_file_unlink(o->tmp_path, NULL);
	}
	bkt_free(o->buf);
	bkt_free(o->tmp_path);
	memset(o, 0, sizeof(*o));
	o->fd = -1;
}

enum bkt_status pack_out_open(
    struct pack_out *o, const char *dir, struct bkt_err *err)
{
	/* the count is put in at the end */
	static const uint8_t header[HEADER_BYTES] = { 'P', 'A', 'C', 'K', 0, 0,
		0, 2 };

	memset(o, 0, sizeof(*o));
	o->fd = -1;
	o->dir = dir;
	o->buf = bkt_malloc(BUF_BYTES);
	o->tmp_path = pack_path(dir, "tmp_pack_", NULL, "");
	o->z_ready = press_init(&o->z);
	if (!o->buf || !o->tmp_path || !o->z_ready)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a pack");
	BKT_TRY(bkt_dir_make(dir, 0755, true, err));
	BKT_TRY(bkt_file_create(o->tmp_path, 0600, &o->fd, err));
	memcpy(o->buf, header, sizeof(header));
	o->buf_len = sizeof(header);
	return BKT_OK;
}

uint64_t pack_out_at(const struct pack_out *o)
{
	return o->written_bytes + o->buf_len;
}

static enum bkt_status flush(struct pack_out *o, struct bkt_err *err)
{
	BKT_TRY(bkt_file_write(o->fd, o->buf, o->buf_len, err));
	o->written_bytes += o->buf_len;
	o->buf_len = 0;
	return BKT_OK;
}

enum bkt_status pack_out_raw(
    struct pack_out *o, const uint8_t *p, size_t n, struct bkt_err *err)
{
	while (n > 0) {
		size_t room = BUF_BYTES - o->buf_len;
		size_t take = n < room ? n : room;

		memcpy(o->buf + o->buf_len, p, take);
		o->crc = crc32(o->crc, p, (uInt)take);
		o->buf_len += take;
		p += take;
		n -= take;
		if (o->buf_len == BUF_BYTES)
			BKT_TRY(flush(o, err));
	}
	return BKT_OK;
}

/* type and size, seven bits a byte after the first four */
static size_t put_type_size(uint8_t *out, unsigned type, uint64_t size)
{
	size_t n = 0;
	uint8_t c = (uint8_t)((type << 4) | (size & 15));

	for (size >>= 4; size; size >>= 7) {
		out[n++] = c | 0x80;
		c = (uint8_t)(size & 0x7f);
	}
	out[n++] = c;
	return n;
}

/* big-endian base 128, each continuation counting from one */
static size_t put_back(uint8_t *out, uint64_t back)
{
	uint8_t rev[10];
	size_t n = 0;

	rev[n++] = back & 0x7f;
	while (back >>= 7)
		rev[n++] = (uint8_t)(--back & 0x7f) | 0x80;
	for (size_t i = 0; i < n; i++)
		out[i] = rev[n - 1 - i];
	return n;
}

enum bkt_status pack_out_begin(struct pack_out *o, unsigned type,
    uint64_t size_bytes, uint64_t back, struct bkt_err *err)
{
	uint8_t header[24];
	size_t n = put_type_size(header, type, size_bytes);

	if (type == PACK_OFS_DELTA)
		n += put_back(header + n, back);
	o->crc = crc32(0, NULL, 0);
	return pack_out_raw(o, header, n, err);
}

enum bkt_status pack_out_store(
    struct pack_out *o, struct bkt_span content, struct bkt_err *err)
{
	uint8_t stored[PRESS_STORE_MAX + PRESS_STORE_EXTRA];

	if (content.len > PRESS_STORE_MAX)
		return pack_out_deflate(o, content, err);
	return pack_out_raw(o, stored, press_store(content, stored), err);
}

enum bkt_status pack_out_deflate(
    struct pack_out *o, struct bkt_span content, struct bkt_err *err)
{
	int rc = Z_OK;

	if (content.len <= PRESS_SMALL)
		return pack_out_store(o, content, err);
	if (deflateReset(&o->z) != Z_OK)
		return bkt_fail(err, BKT_E_INTERNAL, "zlib does not restart");
	o->z.next_in = content.ptr;
	o->z.avail_in = (uInt)content.len;
	while (rc != Z_STREAM_END) {
		uint8_t *from;
		size_t n;

		if (o->buf_len == BUF_BYTES)
			BKT_TRY(flush(o, err));
		from = o->buf + o->buf_len;
		o->z.next_out = from;
		o->z.avail_out = (uInt)(BUF_BYTES - o->buf_len);
		rc = deflate(&o->z, Z_FINISH);
		if (rc != Z_OK && rc != Z_BUF_ERROR && rc != Z_STREAM_END)
			return bkt_fail(
			    err, BKT_E_INTERNAL, "zlib does not compress");
		n = (size_t)(o->z.next_out - from);
		o->crc = crc32(o->crc, from, (uInt)n);
		o->buf_len += n;
	}
	return BKT_OK;
}

/* ---- finishing --------------------------------------------------------- */

static enum bkt_status put_count(
    struct pack_out *o, uint32_t n, struct bkt_err *err)
{
	uint8_t b[4] = { (uint8_t)(n >> 24), (uint8_t)(n >> 16),
		(uint8_t)(n >> 8), (uint8_t)n };

	if (lseek(o->fd, COUNT_AT, SEEK_SET) != COUNT_AT)
		return bkt_fail_errno(err, BKT_E_IO, "seek in a pack");
	BKT_TRY(bkt_file_write(o->fd, b, sizeof(b), err));
	if (lseek(o->fd, 0, SEEK_END) != (off_t)o->written_bytes)
		return bkt_fail_errno(err, BKT_E_IO, "seek in a pack");
	return BKT_OK;
}

/* over what the file holds, which is what a reader will see */
static enum bkt_status trailer(
    struct pack_out *o, uint8_t out[BKT_OID_LEN], struct bkt_err *err)
{
	BKT_AUTO(bkt_hash_free) bkt_hash *sha1 = NULL;
	size_t n;

	BKT_TRY(bkt_hash_new(BKT_HASH_SHA1, &sha1, err));
	for (uint64_t at = 0; at < o->written_bytes; at += n) {
		BKT_TRY(bkt_file_pread(o->fd, at, o->buf, BUF_BYTES, &n, err));
		if (n == 0)
			return bkt_fail(
			    err, BKT_E_IO, "a pack being written was cut");
		BKT_TRY(bkt_hash_update(sha1, o->buf, n, err));
	}
	return bkt_hash_final(sha1, out, err);
}

/* the index last: a pack without index is not looked at */
static enum bkt_status publish(struct pack_out *o, struct pack_set *set,
    const uint8_t sha1[BKT_OID_LEN], const char *stem, struct bkt_err *err)
{
	BKT_AUTO(bkt_free)
	char *tmp_idx = pack_path(o->dir, "tmp_idx_", NULL, "");
	BKT_AUTO(bkt_free) char *pack = pack_path(o->dir, stem, "", ".pack");
	BKT_AUTO(bkt_free) char *idx = pack_path(o->dir, stem, "", ".idx");
	enum bkt_status st;

	if (!tmp_idx || !pack || !idx)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	st = pack_index_write(set, sha1, tmp_idx, err);
	if (st == BKT_OK)
		st = bkt_file_rename(o->tmp_path, pack, err);
	if (st == BKT_OK) {
		bkt_fd_close(o->fd);
		o->fd = -1;
		st = bkt_file_rename(tmp_idx, idx, err);
	}
	if (st != BKT_OK) {
		(void)!bkt_file_unlink(tmp_idx, NULL);
		return st;
	}
	return bkt_dir_fsync(o->dir, err);
}

enum bkt_status pack_out_finish(struct pack_out *o, struct pack_set *set,
    char stem[48], struct bkt_err *err)
{
	uint8_t sha1[BKT_OID_LEN];

	BKT_TRY(flush(o, err));
	BKT_TRY(put_count(o, (uint32_t)set->n, err));
	BKT_TRY(trailer(o, sha1, err));
	BKT_TRY(bkt_file_write(o->fd, sha1, sizeof(sha1), err));
	BKT_TRY(bkt_file_chmod(o->tmp_path, 0444, err));
	BKT_TRY(bkt_file_fsync(o->fd, err));
	memcpy(stem, "pack-", 5);
	bkt_hex(sha1, BKT_OID_LEN, stem + 5);
	return publish(o, set, sha1, stem, err);
}
