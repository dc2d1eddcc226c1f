#include "pack.h"

#include <string.h>
#include <unistd.h>

#define ZLIB_CONST
#include <zlib.h>

#include "bukti/crypto.h"

/* gitformat-pack(5): undeltified objects, one after the other */

#define OUT_BYTES ((size_t)256 * 1024)
#define HEADER_BYTES 12
#define COUNT_AT 8
/* level 1 is nearly as small as 6 on records and trees and twice as fast */
#define ZLIB_LEVEL 1

struct bkt_gitpack {
	bkt_gitdb *g;
	git_odb *odb; /* our own: asked for every object, no borrowing */
	char *tmp_path;
	int fd;
	uint64_t written_bytes;
	uint8_t *out;
	size_t out_len;
	z_stream z;
	bool z_ready, failed, finished;
	struct pack_set set;
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

void bkt_gitpack_free(bkt_gitpack *p)
{
	if (!p)
		return;
	if (p->z_ready)
		(void)deflateEnd(&p->z);
	if (p->fd >= 0) {
		bkt_fd_close(p->fd);
		/* a leftover is dropped by tidy */
		(void)!bkt_file_unlink(p->tmp_path, NULL);
	}
	if (p->odb)
		git_odb_free(p->odb);
	pack_set_release(&p->set);
	bkt_free(p->out);
	bkt_free(p->tmp_path);
	bkt_free(p);
}

const bkt_gitdb *gitpack_db(const bkt_gitpack *p)
{
	return p->g;
}

static enum bkt_status flush(bkt_gitpack *p, struct bkt_err *err)
{
	BKT_TRY(bkt_file_write(p->fd, p->out, p->out_len, err));
	p->written_bytes += p->out_len;
	p->out_len = 0;
	return BKT_OK;
}

static enum bkt_status start(bkt_gitpack *p, struct bkt_err *err)
{
	/* the count is put in at the end */
	static const uint8_t header[HEADER_BYTES] = { 'P', 'A', 'C', 'K', 0, 0,
		0, 2 };

	p->z.zalloc = z_alloc;
	p->z.zfree = z_free;
	p->out = bkt_malloc(OUT_BYTES);
	p->tmp_path = pack_path(p->g->pack_dir, "tmp_pack_", NULL, "");
	if (!p->out || !p->tmp_path || deflateInit(&p->z, ZLIB_LEVEL) != Z_OK)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a pack");
	p->z_ready = true;
	BKT_TRY(gitdb_odb_open(p->g, &p->odb, err));
	BKT_TRY(bkt_dir_make(p->g->pack_dir, 0755, true, err));
	BKT_TRY(bkt_file_create(p->tmp_path, 0600, &p->fd, err));
	memcpy(p->out, header, sizeof(header));
	p->out_len = sizeof(header);
	return BKT_OK;
}

enum bkt_status bkt_gitpack_new(
    bkt_gitdb *g, bkt_gitpack **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_gitpack_free) bkt_gitpack *p = bkt_calloc(1, sizeof(*p));

	if (!p)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a pack");
	p->fd = -1;
	p->g = g;
	BKT_TRY(start(p, err));
	*out = BKT_STEAL(p);
	return BKT_OK;
}

/* type and size, seven bits a byte after the first four */
static size_t object_header(
    enum bkt_git_type type, uint64_t size, uint8_t out[10])
{
	size_t n = 0;
	uint8_t c = (uint8_t)(((unsigned)type << 4) | (size & 15));

	for (size >>= 4; size; size >>= 7) {
		out[n++] = c | 0x80;
		c = (uint8_t)(size & 0x7f);
	}
	out[n++] = c;
	return n;
}

static enum bkt_status compress_object(bkt_gitpack *p, enum bkt_git_type type,
    struct bkt_span content, uint32_t *out_crc, struct bkt_err *err)
{
	uLong crc = crc32(0, NULL, 0);
	uint8_t header[10];
	size_t n = object_header(type, content.len, header);
	int rc = Z_OK;

	if (OUT_BYTES - p->out_len < sizeof(header))
		BKT_TRY(flush(p, err));
	memcpy(p->out + p->out_len, header, n);
	p->out_len += n;
	crc = crc32(crc, header, (uInt)n);
	if (deflateReset(&p->z) != Z_OK)
		return bkt_fail(err, BKT_E_INTERNAL, "zlib does not restart");
	p->z.next_in = content.ptr;
	p->z.avail_in = (uInt)content.len;
	while (rc != Z_STREAM_END) {
		uint8_t *from = p->out + p->out_len;

		if (p->out_len == OUT_BYTES) {
			BKT_TRY(flush(p, err));
			continue;
		}
		p->z.next_out = from;
		p->z.avail_out = (uInt)(OUT_BYTES - p->out_len);
		rc = deflate(&p->z, Z_FINISH);
		if (rc != Z_OK && rc != Z_BUF_ERROR && rc != Z_STREAM_END)
			return bkt_fail(
			    err, BKT_E_INTERNAL, "zlib does not compress");
		n = (size_t)(p->z.next_out - from);
		crc = crc32(crc, from, (uInt)n);
		p->out_len += n;
	}
	*out_crc = (uint32_t)crc;
	return BKT_OK;
}

static bool in_repository(const bkt_gitpack *p, const struct bkt_oid *oid)
{
	git_oid id;

	gitdb_oid_in(oid, &id);
	/* without refresh: nearly every object asked for is new */
	return git_odb_exists_ext(p->odb, &id, GIT_ODB_LOOKUP_NO_REFRESH) == 1;
}

enum bkt_status bkt_gitpack_add(bkt_gitpack *p, enum bkt_git_type type,
    struct bkt_span content, struct bkt_oid *out, struct bkt_err *err)
{
	struct pack_entry e = { .offset = p->written_bytes + p->out_len };
	enum bkt_status st;

	BKT_ASSERT(!p->finished);
	if (p->failed)
		return bkt_fail(
		    err, BKT_E_IO, "an earlier write to this pack failed");
	if (content.len > (size_t)INT32_MAX)
		return bkt_fail(
		    err, BKT_E_LIMIT, "object of %zu bytes", content.len);
	BKT_TRY(gitdb_hash(content, type, &e.oid, err));
	if (pack_set_has(&p->set, &e.oid) || in_repository(p, &e.oid)) {
		*out = e.oid;
		return BKT_OK;
	}
	st = compress_object(p, type, content, &e.crc, err);
	if (st == BKT_OK)
		st = pack_set_add(&p->set, &e, err);
	/* what is in the file now is no longer what is in the table */
	p->failed = st != BKT_OK;
	if (st != BKT_OK)
		return st;
	*out = e.oid;
	return BKT_OK;
}

/* ---- finishing --------------------------------------------------------- */

static enum bkt_status put_count(bkt_gitpack *p, struct bkt_err *err)
{
	uint32_t n = (uint32_t)p->set.n;
	uint8_t b[4] = { (uint8_t)(n >> 24), (uint8_t)(n >> 16),
		(uint8_t)(n >> 8), (uint8_t)n };

	if (lseek(p->fd, COUNT_AT, SEEK_SET) != COUNT_AT)
		return bkt_fail_errno(err, BKT_E_IO, "seek in a pack");
	BKT_TRY(bkt_file_write(p->fd, b, sizeof(b), err));
	if (lseek(p->fd, 0, SEEK_END) != (off_t)p->written_bytes)
		return bkt_fail_errno(err, BKT_E_IO, "seek in a pack");
	return BKT_OK;
}

/* over what the file holds, which is what a reader will see */
static enum bkt_status trailer(
    bkt_gitpack *p, uint8_t out[BKT_OID_LEN], struct bkt_err *err)
{
	BKT_AUTO(bkt_hash_free) bkt_hash *sha1 = NULL;
	size_t n;

	BKT_TRY(bkt_hash_new(BKT_HASH_SHA1, &sha1, err));
	for (uint64_t at = 0; at < p->written_bytes; at += n) {
		BKT_TRY(bkt_file_pread(p->fd, at, p->out, OUT_BYTES, &n, err));
		if (n == 0)
			return bkt_fail(
			    err, BKT_E_IO, "a pack being written was cut");
		BKT_TRY(bkt_hash_update(sha1, p->out, n, err));
	}
	return bkt_hash_final(sha1, out, err);
}

/* the index last: a pack without index is not looked at */
static enum bkt_status publish(
    bkt_gitpack *p, const uint8_t sha1[BKT_OID_LEN], struct bkt_err *err)
{
	const char *dir = p->g->pack_dir;
	char hex[41];
	BKT_AUTO(bkt_free) char *tmp_idx = NULL;
	BKT_AUTO(bkt_free) char *pack = NULL;
	BKT_AUTO(bkt_free) char *idx = NULL;
	enum bkt_status st;

	bkt_hex(sha1, BKT_OID_LEN, hex);
	tmp_idx = pack_path(dir, "tmp_idx_", NULL, "");
	pack = pack_path(dir, "pack-", hex, ".pack");
	idx = pack_path(dir, "pack-", hex, ".idx");
	if (!tmp_idx || !pack || !idx)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	st = pack_index_write(&p->set, sha1, tmp_idx, err);
	if (st == BKT_OK)
		st = bkt_file_rename(p->tmp_path, pack, err);
	if (st == BKT_OK) {
		bkt_fd_close(p->fd);
		p->fd = -1;
		st = bkt_file_rename(tmp_idx, idx, err);
	}
	if (st != BKT_OK) {
		(void)!bkt_file_unlink(tmp_idx, NULL);
		return st;
	}
	return bkt_dir_fsync(dir, err);
}

static enum bkt_status complete(bkt_gitpack *p, struct bkt_err *err)
{
	uint8_t sha1[BKT_OID_LEN];

	BKT_TRY(flush(p, err));
	BKT_TRY(put_count(p, err));
	BKT_TRY(trailer(p, sha1, err));
	BKT_TRY(bkt_file_write(p->fd, sha1, sizeof(sha1), err));
	BKT_TRY(bkt_file_chmod(p->tmp_path, 0444, err));
	BKT_TRY(bkt_file_fsync(p->fd, err));
	return publish(p, sha1, err);
}

enum bkt_status bkt_gitpack_finish(bkt_gitpack *p, struct bkt_err *err)
{
	BKT_ASSERT(!p->finished);
	if (p->failed)
		return bkt_fail(
		    err, BKT_E_IO, "an earlier write to this pack failed");
	p->finished = true;
	if (p->set.n == 0)
		return BKT_OK;
	BKT_TRY(complete(p, err));
	gitdb_pool_renew(p->g);
	return BKT_OK;
}
