/* The parts of the pack writer; only for this folder. */
#ifndef BUKTI_GITDB_PACK_H
#define BUKTI_GITDB_PACK_H

#define ZLIB_CONST
#include <zlib.h>

#include "../db.h"

#define PACK_OFS_DELTA 6
#define PACK_REF_DELTA 7

/* ---- set.c ------------------------------------------------------------- */

/* 32 bytes an object here, 5 to 11 in the table beside it */
struct pack_entry {
	struct bkt_oid oid;
	uint32_t crc;
	uint64_t offset;
};

/* the objects of one pack, by id */
struct pack_set {
	struct pack_entry *v;
	size_t n, cap;
	uint32_t *slot; /* index + 1 into v; 0: free */
	size_t n_slots;
};

void pack_set_release(struct pack_set *s);
/* index + 1 into v; 0: not there */
uint32_t pack_set_find(const struct pack_set *s, const struct bkt_oid *oid);
BKT_NODISCARD enum bkt_status pack_set_add(
    struct pack_set *s, const struct pack_entry *e, struct bkt_err *err);

/* ---- packidx.c --------------------------------------------------------- */

/*
 * Version 2 index of a pack into a new file at @p path, durable. Sorts the
 * entries, which ends the use of the set as a table.
 */
BKT_NODISCARD enum bkt_status pack_index_write(struct pack_set *s,
    const uint8_t pack_sha1[BKT_OID_LEN], const char *path,
    struct bkt_err *err);

/* dir/<stem><digits><suffix>, digits NULL: random; NULL without memory */
char *pack_path(
    const char *dir, const char *stem, const char *digits, const char *suffix);

/* ---- press.c ----------------------------------------------------------- */

/* with our allocator and level; ended by deflateEnd */
bool press_init(z_stream *z);
/* hashes and names, nearly: deflate would not make them smaller */
#define PRESS_SMALL 192
#define PRESS_STORE_MAX 1024
#define PRESS_STORE_EXTRA 11
/* not compressed; @p out has room for PRESS_STORE_EXTRA more. @return bytes */
size_t press_store(struct bkt_span content, uint8_t *out);

/* ---- delta.c ----------------------------------------------------------- */

/* the parts of a delta: size of base, size of target, then what to do */
void pack_delta_size(struct bkt_buf *out, size_t n);
/* @p len at most 65535 */
void pack_delta_copy(struct bkt_buf *out, size_t at, size_t len);

/* ---- like.c ------------------------------------------------------------ */

/* the first blob of each kind that a pack was given */
struct pack_like;
BKT_NODISCARD enum bkt_status pack_like_new(
    struct pack_like **out, struct bkt_err *err);
void pack_like_free(struct pack_like *l);
/*
 * What @p content differs by from the first blob with that word, as a delta
 * in memory of @p l; @p base_at where in the pack that one is. Empty: it is
 * the first, or no small difference.
 */
struct bkt_span pack_like_delta(struct pack_like *l, const char *like,
    struct bkt_span content, uint64_t *base_at);
/* the blob is whole in the pack at @p at: the base of those to come, unless
 * there is one */
BKT_NODISCARD enum bkt_status pack_like_note(struct pack_like *l,
    const char *like, struct bkt_span content, uint64_t at,
    struct bkt_err *err);

/* ---- packout.c --------------------------------------------------------- */

/* a pack on its way: one temporary file, one buffer, one compressor */
struct pack_out {
	const char *dir; /* borrowed */
	char *tmp_path;
	int fd;
	uint64_t written_bytes;
	uint8_t *buf;
	size_t buf_len;
	uLong crc; /* of the object being put */
	z_stream z;
	bool z_ready;
};

BKT_NODISCARD enum bkt_status pack_out_open(
    struct pack_out *o, const char *dir, struct bkt_err *err);
/* an unfinished file is dropped */
void pack_out_release(struct pack_out *o);
/* offset of the next object */
uint64_t pack_out_at(const struct pack_out *o);
/* begin an object; @p back: bytes back to the base of a PACK_OFS_DELTA */
BKT_NODISCARD enum bkt_status pack_out_begin(struct pack_out *o, unsigned type,
    uint64_t size_bytes, uint64_t back, struct bkt_err *err);
/* bytes as they are: compressed already */
BKT_NODISCARD enum bkt_status pack_out_raw(
    struct pack_out *o, const uint8_t *p, size_t n, struct bkt_err *err);
/* not compressed, when it is short; no end of the object needs to be said */
BKT_NODISCARD enum bkt_status pack_out_store(
    struct pack_out *o, struct bkt_span content, struct bkt_err *err);
BKT_NODISCARD enum bkt_status pack_out_deflate(
    struct pack_out *o, struct bkt_span content, struct bkt_err *err);
/* complete, durable and in place with its index; @p stem "pack-<hex>" */
BKT_NODISCARD enum bkt_status pack_out_finish(struct pack_out *o,
    struct pack_set *set, char stem[48], struct bkt_err *err);

/* ---- gitpack.c --------------------------------------------------------- */

/* the repository that a pack is for */
const bkt_gitdb *gitpack_db(const bkt_gitpack *p);

#endif
