/* Making one pack of several; only for this folder. */
#ifndef BUKTI_GITDB_COMBINE_H
#define BUKTI_GITDB_COMBINE_H

#include "pack.h"

struct combine_pack {
	const char *stem; /* "pack-<hex>" */
	uint64_t n_objects;
	struct timespec mtime;
};

enum combine_state { ITEM_NEW, ITEM_BUSY, ITEM_DONE };

/* beside each entry of the set: where it is now, and how it is stored */
struct combine_item {
	uint64_t at;        /* in its source */
	uint32_t len_bytes; /* header included */
	uint32_t base;      /* index + 1 of what it may be a delta of */
	uint16_t source;
	uint8_t type;  /* as in the source: 1 to 4, 6, 7 */
	uint8_t state; /* enum combine_state */
	uint8_t depth; /* of its chain of deltas, in the new pack */
	/* in combine.deltas; length 0: still to be made */
	uint32_t delta_at, delta_len;
};

/* a pack that is being read, through a window */
struct combine_source {
	int fd;
	uint64_t size_bytes;
	uint64_t window_at;
	size_t window_len;
};

struct combine {
	const bkt_gitdb *g;
	struct combine_source *source;
	size_t n_sources;
	uint8_t *window; /* one for all sources; belongs to window_of */
	size_t window_of;
	struct pack_set set;
	struct combine_item *item; /* as many as set.n */
	size_t item_cap;
	uint32_t *stack;
	struct pack_out out;
	struct bkt_buf delta;  /* the one being made */
	struct bkt_buf deltas; /* made while both trees were at hand */
};

/* the head of an object in a pack, taken apart */
struct combine_head {
	unsigned type;
	uint64_t size_bytes;
	uint64_t back;       /* PACK_OFS_DELTA: bytes back to the base */
	struct bkt_oid base; /* PACK_REF_DELTA */
	size_t len_bytes;
};

/* ---- source.c ---------------------------------------------------------- */

/* @p n bytes at @p at, or fewer at the end; into the window */
BKT_NODISCARD enum bkt_status combine_peek(struct combine *c, size_t source,
    uint64_t at, size_t n, struct bkt_span *out, struct bkt_err *err);
BKT_NODISCARD enum bkt_status combine_head_at(struct combine *c, size_t source,
    uint64_t at, struct combine_head *out, struct bkt_err *err);
/* read the index of a pack and the heads of its objects into the set */
BKT_NODISCARD enum bkt_status combine_load(struct combine *c,
    const struct combine_pack *pack, bkt_arena *arena, struct bkt_err *err);
/* bases that are named by id, once all is loaded */
BKT_NODISCARD enum bkt_status combine_resolve(
    struct combine *c, struct bkt_err *err);

/* ---- pairs.c ----------------------------------------------------------- */

/* for trees stored whole: which earlier state to be a delta of */
BKT_NODISCARD enum bkt_status combine_pairs(
    struct combine *c, struct bkt_err *err);

/* ---- delta.c ----------------------------------------------------------- */

/* false: no delta (not plain trees, or @p out too small) */
bool combine_tree_delta(
    struct bkt_span base, struct bkt_span target, struct bkt_buf *out);

/* ---- combine.c --------------------------------------------------------- */

/*
 * One new pack of everything in @p packs and the loose objects, durable and
 * in place on return. Bytes are copied as they are (their CRC is checked);
 * only trees that became deltable are taken apart.
 */
BKT_NODISCARD enum bkt_status combine_packs(const bkt_gitdb *g,
    const struct combine_pack *packs, size_t n_packs,
    const struct bkt_oid *loose, size_t n_loose, char stem[48],
    struct bkt_err *err);

#endif
