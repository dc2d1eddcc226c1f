#include "pack.h"

#include <string.h>

/* nearly as small as 6 on records and trees, and half its time on trees */
#define ZLIB_LEVEL 1

struct bkt_gitpress {
	z_stream z;
};

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

bool press_init(z_stream *z)
{
	memset(z, 0, sizeof(*z));
	z->zalloc = z_alloc;
	z->zfree = z_free;
	return deflateInit(z, ZLIB_LEVEL) == Z_OK;
}

void bkt_gitpress_free(bkt_gitpress *p)
{
	if (!p)
		return;
	(void)deflateEnd(&p->z);
	bkt_free(p);
}

enum bkt_status bkt_gitpress_new(bkt_gitpress **out, struct bkt_err *err)
{
	bkt_gitpress *p = bkt_calloc(1, sizeof(*p));

	if (!p)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a blob");
	if (!press_init(&p->z)) {
		bkt_free(p);
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a blob");
	}
	*out = p;
	return BKT_OK;
}

/* a zlib stream of one stored block (RFC 1950, RFC 1951 3.2.4) */
size_t press_store(struct bkt_span content, uint8_t *out)
{
	uint16_t n = (uint16_t)content.len;
	uLong sum = adler32(adler32(0, NULL, 0), content.ptr, n);
	uint8_t head[7] = { 0x78, 0x01, 0x01, (uint8_t)n, (uint8_t)(n >> 8),
		(uint8_t)~n, (uint8_t)(~n >> 8) };
	uint8_t tail[4] = { (uint8_t)(sum >> 24), (uint8_t)(sum >> 16),
		(uint8_t)(sum >> 8), (uint8_t)sum };

	BKT_ASSERT(content.len <= PRESS_STORE_MAX);
	memcpy(out, head, sizeof(head));
	if (n > 0)
		memcpy(out + sizeof(head), content.ptr, n);
	memcpy(out + sizeof(head) + n, tail, sizeof(tail));
	return sizeof(head) + n + sizeof(tail);
}

static enum bkt_status deflate_into(bkt_gitpress *p, struct bkt_span content,
    bkt_arena *arena, struct bkt_span *out, struct bkt_err *err)
{
	uLong bound = deflateBound(&p->z, content.len);
	uint8_t *to = bkt_arena_alloc(arena, bound);

	if (!to)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a blob");
	if (content.len <= PRESS_SMALL) {
		*out = BKT_SPAN(to, press_store(content, to));
		return BKT_OK;
	}
	if (deflateReset(&p->z) != Z_OK)
		return bkt_fail(err, BKT_E_INTERNAL, "zlib does not restart");
	p->z.next_in = content.ptr;
	p->z.avail_in = (uInt)content.len;
	p->z.next_out = to;
	p->z.avail_out = (uInt)bound;
	if (deflate(&p->z, Z_FINISH) != Z_STREAM_END)
		return bkt_fail(err, BKT_E_INTERNAL, "zlib does not compress");
	*out = BKT_SPAN(to, (size_t)(p->z.next_out - to));
	return BKT_OK;
}

enum bkt_status bkt_gitpress_blob(bkt_gitpress *p, struct bkt_span content,
    const char *like, bkt_arena *arena, struct bkt_gitblob *out,
    struct bkt_err *err)
{
	struct bkt_gitblob blob = { .content = content, .like = like };

	if (content.len > BKT_GITDB_BLOB_MAX)
		return bkt_fail(
		    err, BKT_E_LIMIT, "object of %zu bytes", content.len);
	BKT_TRY(gitdb_hash(content, BKT_GIT_BLOB, &blob.oid, err));
	if (!like)
		BKT_TRY(deflate_into(p, content, arena, &blob.deflated, err));
	*out = blob;
	return BKT_OK;
}
