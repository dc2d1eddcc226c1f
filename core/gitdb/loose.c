#include <stdio.h>
#include <string.h>

#define ZLIB_CONST
#include <zlib.h>

#include "db.h"

/*
 * Loose objects are read here: libgit2 1.5 copies what it inflated first into
 * room for the size that the header claims, which may be less.
 */

#define HEADER_MAX 32
#define IN_BYTES ((size_t)16 * 1024)

struct inflating {
	int fd;
	z_stream z;
	bool ready, eof;
	uint8_t in[IN_BYTES];
};

static void inflating_free(struct inflating *f)
{
	if (f->ready)
		(void)inflateEnd(&f->z);
	if (f->fd >= 0)
		bkt_fd_close(f->fd);
	bkt_free(f);
}
BKT_AUTO_DEFINE(struct inflating *, inflating_free);

static voidpf z_alloc(voidpf ctx, uInt n, uInt size_bytes)
{
	(void)ctx;
	return bkt_calloc(n, size_bytes);
}

static void z_free(voidpf ctx, voidpf p)
{
	(void)ctx;
	bkt_free(p);
}

static char *loose_path(const char *objects, const struct bkt_oid *oid)
{
	char hex[41], name[43];

	bkt_oid_hex(oid, hex);
	(void)snprintf(name, sizeof(name), "%.2s/%s", hex, hex + 2);
	return bkt_path_join(objects, name);
}

bool gitdb_loose_has(const char *objects, const struct bkt_oid *oid)
{
	BKT_AUTO(bkt_free) char *path = loose_path(objects, oid);

	return path && bkt_path_exists(path);
}

static enum bkt_status damaged(struct bkt_err *err, const char *why)
{
	return bkt_fail(err, BKT_E_TAMPERED, "loose object: %s", why);
}

/* up to n bytes; fewer only at the end of the stream, which sets eof */
static enum bkt_status inflate_some(struct inflating *f, uint8_t *out, size_t n,
    size_t *out_n, struct bkt_err *err)
{
	f->z.next_out = out;
	f->z.avail_out = (uInt)n;
	while (f->z.avail_out > 0 && !f->eof) {
		int rc;

		if (f->z.avail_in == 0) {
			size_t got;

			BKT_TRY(bkt_file_read(
			    f->fd, f->in, sizeof(f->in), &got, err));
			if (got == 0)
				return damaged(err, "it was cut");
			f->z.next_in = f->in;
			f->z.avail_in = (uInt)got;
		}
		rc = inflate(&f->z, Z_NO_FLUSH);
		if (rc == Z_MEM_ERROR)
			return bkt_fail(
			    err, BKT_E_NOMEM, "no memory to inflate");
		if (rc != Z_OK && rc != Z_STREAM_END)
			return damaged(err, "it is not a zlib stream");
		f->eof = rc == Z_STREAM_END;
	}
	*out_n = n - f->z.avail_out;
	return BKT_OK;
}

/* "<type> <size>NUL"; how many bytes it takes is @p header_len */
static enum bkt_status take_header(const uint8_t *p, size_t n,
    enum bkt_git_type *type, uint64_t *size, size_t *header_len,
    struct bkt_err *err)
{
	static const char *const names[] = { "commit ", "tree ", "blob ",
		"tag " };
	const uint8_t *nul = memchr(p, 0, n);

	if (!nul)
		return damaged(err, "it has no header");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t k = strlen(names[i]);

		if ((size_t)(nul - p) <= k || memcmp(p, names[i], k) != 0)
			continue;
		if (!bkt_parse_u64(
			(const char *)p + k, (uint64_t)INT64_MAX, size))
			break;
		*type = (enum bkt_git_type)(i + 1);
		*header_len = (size_t)(nul - p) + 1;
		return BKT_OK;
	}
	return damaged(err, "its header is not a type and a size");
}

static enum bkt_status inflate_all(struct inflating *f, size_t max_bytes,
    struct bkt_buf *out, enum bkt_git_type *type, struct bkt_err *err)
{
	uint8_t head[HEADER_MAX], more;
	size_t n, header_len = 0, got;
	uint64_t size = 0;
	uint8_t *room;

	BKT_TRY(inflate_some(f, head, sizeof(head), &n, err));
	BKT_TRY(take_header(head, n, type, &size, &header_len, err));
	if (size > max_bytes)
		return bkt_fail(err, BKT_E_LIMIT,
		    "loose object claims more than %zu bytes", max_bytes);
	n -= header_len;
	if (n > size)
		return damaged(err, "it is longer than it says");
	bkt_buf_clear(out);
	bkt_buf_add(out, head + header_len, n);
	room = bkt_buf_room(out, (size_t)size - n);
	if (!room)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for an object");
	BKT_TRY(inflate_some(f, room, (size_t)size - n, &got, err));
	if (got != size - n)
		return damaged(err, "it is shorter than it says");
	out->len += got;
	BKT_TRY(inflate_some(f, &more, 1, &got, err));
	if (got != 0)
		return damaged(err, "it is longer than it says");
	return BKT_OK;
}

static enum bkt_status nothing_after(struct inflating *f, struct bkt_err *err)
{
	size_t got = f->z.avail_in;

	if (got == 0)
		BKT_TRY(bkt_file_read(f->fd, f->in, 1, &got, err));
	return got == 0 ? BKT_OK : damaged(err, "bytes follow its end");
}

enum bkt_status gitdb_loose_read(const char *objects, const struct bkt_oid *oid,
    size_t max_bytes, struct bkt_buf *out, enum bkt_git_type *type,
    struct bkt_err *err)
{
	BKT_AUTO(inflating_free) struct inflating *f = NULL;
	BKT_AUTO(bkt_free) char *path = loose_path(objects, oid);
	struct bkt_oid is;
	enum bkt_status st;

	f = bkt_calloc(1, sizeof(*f));
	if (!f || !path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for an object");
	f->fd = -1;
	st = bkt_file_open(path, &f->fd, NULL, err);
	if (st == BKT_E_FORMAT)
		return damaged(err, "it is not a file");
	if (st != BKT_OK)
		return st;
	f->z.zalloc = z_alloc;
	f->z.zfree = z_free;
	if (inflateInit(&f->z) != Z_OK)
		return bkt_fail(err, BKT_E_NOMEM, "no memory to inflate");
	f->ready = true;
	BKT_TRY(inflate_all(f, max_bytes, out, type, err));
	BKT_TRY(nothing_after(f, err));
	st = gitdb_hash(bkt_buf_span(out), *type, &is, err);
	if (st == BKT_E_POLICY)
		return damaged(err, "a SHA-1 collision attack");
	if (st != BKT_OK)
		return st;
	if (!bkt_oid_eq(&is, oid))
		return damaged(err, "its bytes do not have that hash");
	return BKT_OK;
}
