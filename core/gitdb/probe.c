#include "probe.h"

#include <string.h>

#include "bukti/crypto.h"

/*
 * libgit2 passes over a pack that it cannot open, whatever the cause, and then
 * says that the object is not there. A fault must not become a verdict, nor
 * damage an omission: so look at what it passed over.
 */

#define CHUNK ((size_t)64 * 1024)
#define IDX_COUNT_AT 1028 /* last of the fan-out table */

struct probe {
	bkt_hash *sha1;
	uint8_t *chunk;
};

static enum bkt_status digest_of(struct probe *p, int fd, uint64_t n_bytes,
    uint8_t out[BKT_OID_LEN], struct bkt_err *err)
{
	for (uint64_t at = 0; at < n_bytes;) {
		size_t want =
		    n_bytes - at < CHUNK ? (size_t)(n_bytes - at) : CHUNK;
		size_t got;

		BKT_TRY(bkt_file_pread(fd, at, p->chunk, want, &got, err));
		if (got == 0)
			return bkt_fail(err, BKT_E_TAMPERED, "it was cut");
		BKT_TRY(bkt_hash_update(p->sha1, p->chunk, got, err));
		at += got;
	}
	return bkt_hash_final(p->sha1, out, err);
}

static enum bkt_status tail_of(int fd, uint64_t size, uint64_t back,
    uint8_t out[BKT_OID_LEN], struct bkt_err *err)
{
	size_t got;

	if (size < back)
		return bkt_fail(err, BKT_E_TAMPERED, "it is too short");
	BKT_TRY(bkt_file_pread(fd, size - back, out, BKT_OID_LEN, &got, err));
	if (got != BKT_OID_LEN)
		return bkt_fail(err, BKT_E_TAMPERED, "it is too short");
	return BKT_OK;
}

/* libgit2 opens a pack only if its head agrees with the index */
static enum bkt_status check_head(int pack_fd, int idx_fd, struct bkt_err *err)
{
	static const uint8_t pack_magic[] = { 'P', 'A', 'C', 'K', 0, 0, 0, 2 };
	static const uint8_t idx_magic[] = { 0xff, 't', 'O', 'c', 0, 0, 0, 2 };
	uint8_t pack[12], idx[8], last[4];
	size_t n, m, k;

	BKT_TRY(bkt_file_pread(pack_fd, 0, pack, sizeof(pack), &n, err));
	BKT_TRY(bkt_file_pread(idx_fd, 0, idx, sizeof(idx), &m, err));
	BKT_TRY(
	    bkt_file_pread(idx_fd, IDX_COUNT_AT, last, sizeof(last), &k, err));
	if (n != sizeof(pack) || m != sizeof(idx) || k != sizeof(last) ||
	    memcmp(pack, pack_magic, sizeof(pack_magic)) != 0)
		return bkt_fail(err, BKT_E_TAMPERED, "it is not a pack");
	/* an index of version 1 keeps its count elsewhere */
	if (memcmp(idx, idx_magic, sizeof(idx)) == 0 &&
	    memcmp(pack + sizeof(pack_magic), last, sizeof(last)) != 0)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "it does not hold what its index says");
	return BKT_OK;
}

/* the index is whole and belongs to the pack beside it */
static enum bkt_status probe_one(struct probe *p, const char *idx_path,
    const char *pack_path, struct bkt_err *err)
{
	uint8_t sum[BKT_OID_LEN], said[BKT_OID_LEN], pack[BKT_OID_LEN];
	uint8_t of_pack[BKT_OID_LEN];
	BKT_AUTO_FD idx_fd = -1;
	BKT_AUTO_FD pack_fd = -1;
	struct bkt_file_info idx, pk;

	BKT_TRY(bkt_file_open(pack_path, &pack_fd, &pk, err));
	BKT_TRY(bkt_file_open(idx_path, &idx_fd, &idx, err));
	BKT_TRY(tail_of(pack_fd, pk.size_bytes, BKT_OID_LEN, pack, err));
	BKT_TRY(tail_of(idx_fd, idx.size_bytes, BKT_OID_LEN, said, err));
	BKT_TRY(tail_of(idx_fd, idx.size_bytes, 2 * BKT_OID_LEN, of_pack, err));
	BKT_TRY(digest_of(p, idx_fd, idx.size_bytes - BKT_OID_LEN, sum, err));
	if (memcmp(sum, said, sizeof(sum)) != 0)
		return bkt_fail(err, BKT_E_TAMPERED, "its index is damaged");
	if (memcmp(pack, of_pack, sizeof(pack)) != 0)
		return bkt_fail(
		    err, BKT_E_TAMPERED, "its index is that of another pack");
	return check_head(pack_fd, idx_fd, err);
}

static enum bkt_status probe_name(
    struct probe *p, const bkt_gitdb *g, const char *name, struct bkt_err *err)
{
	size_t n = strlen(name);
	BKT_AUTO(bkt_free) char *idx = NULL;
	BKT_AUTO(bkt_free) char *pack = NULL;
	enum bkt_status st;

	if (n < 4 || strcmp(name + n - 4, ".idx") != 0)
		return BKT_OK;
	idx = bkt_path_join(g->pack_dir, name);
	pack = idx ? bkt_malloc(strlen(idx) + 2) : NULL;
	if (!pack)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	n = strlen(idx) - 4;
	memcpy(pack, idx, n);
	memcpy(pack + n, ".pack", sizeof(".pack"));
	st = probe_one(p, idx, pack, err);
	/* removed meanwhile, or left alone by a crash: nobody reads it */
	if (st == BKT_E_NOTFOUND)
		return BKT_OK;
	if (st != BKT_OK)
		return bkt_fail_context(err, st, "pack '%s'", pack);
	return BKT_OK;
}

enum bkt_status gitdb_packs_probe(const bkt_gitdb *g, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = NULL;
	BKT_AUTO(bkt_hash_free) bkt_hash *sha1 = NULL;
	BKT_AUTO(bkt_free) uint8_t *chunk = NULL;
	struct bkt_strs names;
	struct probe p;
	enum bkt_status st;

	arena = bkt_arena_new((size_t)4 * 1024 * 1024);
	chunk = bkt_malloc(CHUNK);
	if (!arena || !chunk)
		return bkt_fail(err, BKT_E_NOMEM, "no memory to look at packs");
	st = bkt_dir_list(g->pack_dir, arena, &names, err);
	if (st == BKT_E_NOTFOUND)
		return BKT_OK;
	if (st != BKT_OK)
		return st;
	BKT_TRY(bkt_hash_new(BKT_HASH_SHA1, &sha1, err));
	p.sha1 = sha1;
	p.chunk = chunk;
	for (size_t i = 0; i < names.n; i++)
		BKT_TRY(probe_name(&p, g, names.v[i], err));
	return BKT_OK;
}
