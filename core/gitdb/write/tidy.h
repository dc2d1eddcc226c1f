/* Combining packs; only for this folder. */
#ifndef BUKTI_GITDB_TIDY_H
#define BUKTI_GITDB_TIDY_H

#include "../db.h"

#define TIDY_IDX_HEADER 1032 /* magic, version, fan-out */

struct tidy_pack {
	const char *stem; /* "pack-<hex>" */
	uint64_t n_objects;
};

/* what goes into one new pack */
struct tidy_job {
	const struct tidy_pack *packs;
	size_t n_packs;
	const struct bkt_oid *loose;
	size_t n_loose;
};

/* bytes [8, 8 + n) of an index and so on; short files are malformed */
BKT_NODISCARD enum bkt_status tidy_pread(
    int fd, uint64_t at, void *p, size_t n, struct bkt_err *err);
/* the new pack is durable and in place on return; @p stem is its name */
BKT_NODISCARD enum bkt_status tidy_combine(const bkt_gitdb *g,
    const struct tidy_job *job, bkt_arena *arena, const char **stem,
    struct bkt_err *err);

#endif
