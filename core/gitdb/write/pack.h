/* The parts of the pack writer; only for this folder. */
#ifndef BUKTI_GITDB_PACK_H
#define BUKTI_GITDB_PACK_H

#include "../db.h"

/* 32 bytes an object here, 4 to 8 in the table beside it */
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
bool pack_set_has(const struct pack_set *s, const struct bkt_oid *oid);
BKT_NODISCARD enum bkt_status pack_set_add(
    struct pack_set *s, const struct pack_entry *e, struct bkt_err *err);

/*
 * Version 2 index of a pack into a new file at @p path, durable. Sorts the
 * entries, which ends the use of the set as a table.
 */
BKT_NODISCARD enum bkt_status pack_index_write(struct pack_set *s,
    const uint8_t pack_sha1[BKT_OID_LEN], const char *path,
    struct bkt_err *err);

/* the repository that a pack is for */
const bkt_gitdb *gitpack_db(const bkt_gitpack *p);

/* dir/<stem><digits><suffix>, digits NULL: random; NULL without memory */
char *pack_path(
    const char *dir, const char *stem, const char *digits, const char *suffix);

#endif
