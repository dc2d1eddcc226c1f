/* Contents of entries. Reading is by offset, so threads may share the file. */
#include "zip.h"

#include <fcntl.h>

#include "bukti/crypto.h"

/* the smallest size at which reading no longer costs beside hashing */
#define BUF_BYTES ((size_t)(128 * 1024))

static enum bkt_status became_shorter(
    const struct bkt_zip_entry *e, struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_IO,
	    "zip file became shorter while '%s' was read", e->path);
}

static enum bkt_status check_crc(
    const struct bkt_zip_entry *e, uint32_t got, struct bkt_err *err)
{
	if (got != e->crc32)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "zip entry '%s' has other bytes than its checksum says",
		    e->path);
	return BKT_OK;
}

enum bkt_status bkt_zip_read(const bkt_zip *z, const struct bkt_zip_entry *e,
    struct bkt_buf *out, struct bkt_err *err)
{
	size_t n = (size_t)e->size_bytes, got;
	uint8_t *to;

	bkt_buf_clear(out);
	if (e->size_bytes > out->max_bytes)
		return bkt_fail(err, BKT_E_LIMIT,
		    "zip entry '%s' is larger than %zu bytes", e->path,
		    out->max_bytes);
	if (n == 0)
		return check_crc(e, 0, err);
	to = bkt_buf_room(out, n);
	if (!to)
		return bkt_buf_check(out, err);
	BKT_TRY(bkt_file_pread(z->fd, e->data_offset, to, n, &got, err));
	if (got != n)
		return became_shorter(e, err);
	BKT_TRY(check_crc(e, zip_crc32(0, to, n), err));
	out->len = n;
	return BKT_OK;
}

/* bytes from an offset on, through a buffer; crc is asked for or NULL */
static enum bkt_status digest(const bkt_zip *z, uint64_t offset, uint64_t size,
    struct bkt_sha256 *out, uint32_t *crc, bool *cut, struct bkt_err *err)
{
	size_t buf_bytes = size < BUF_BYTES ? (size_t)size + 1 : BUF_BYTES;
	BKT_AUTO(bkt_hash_free) bkt_hash *hash = NULL;
	BKT_AUTO(bkt_free) uint8_t *buf = bkt_malloc(buf_bytes);

	*cut = false;
	if (!buf)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a buffer");
	BKT_TRY(bkt_hash_new(BKT_HASH_SHA256, &hash, err));
	for (uint64_t at = 0; at < size;) {
		uint64_t left = size - at;
		size_t n = left < buf_bytes ? (size_t)left : buf_bytes;
		size_t got;

		BKT_TRY(bkt_file_pread(z->fd, offset + at, buf, n, &got, err));
		*cut = got != n;
		if (*cut)
			return BKT_OK;
		if (crc)
			*crc = zip_crc32(*crc, buf, n);
		BKT_TRY(bkt_hash_update(hash, buf, n, err));
		at += n;
	}
	return bkt_hash_final(hash, out->b, err);
}

enum bkt_status bkt_zip_digest(const bkt_zip *z, const struct bkt_zip_entry *e,
    struct bkt_sha256 *out, struct bkt_err *err)
{
	struct bkt_sha256 id;
	uint32_t crc = 0;
	bool cut;

	BKT_TRY(digest(z, e->data_offset, e->size_bytes, &id, &crc, &cut, err));
	if (cut)
		return became_shorter(e, err);
	BKT_TRY(check_crc(e, crc, err));
	*out = id;
	return BKT_OK;
}

uint64_t bkt_zip_file_bytes(const bkt_zip *z)
{
	return z->file_bytes;
}

enum bkt_status bkt_zip_file_digest(
    const bkt_zip *z, struct bkt_sha256 *out, struct bkt_err *err)
{
	struct bkt_sha256 id;
	bool cut;

	BKT_TRY(digest(z, 0, z->file_bytes, &id, NULL, &cut, err));
	if (cut)
		return bkt_fail(
		    err, BKT_E_IO, "zip file became shorter while it was read");
	*out = id;
	return BKT_OK;
}
