#include "combine.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Every batch makes one pack. When there are many, the small ones become one,
 * so that each pack left has at least twice the objects of all smaller ones
 * together: an object is rewritten a logarithmic number of times.
 */

#define PACKS_MAX 24
#define LOOSE_MAX 256
#define LOOSE_CAP ((size_t)64 * LOOSE_MAX)
#define COMBINE_MAX UINT64_C(200000)
#define STALE_S (24 * 60 * 60)
#define IDX_HEADER 1032 /* magic, version, fan-out */
#define ARENA_BYTES ((size_t)16 * 1024 * 1024)

struct tidy {
	const bkt_gitdb *g;
	bkt_arena *arena;
	struct combine_pack *packs; /* the ones that may be combined */
	size_t n_packs, n_all;
	struct bkt_oid *loose;
	size_t n_loose;
};

static bool ends_with(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && strcmp(s + n - m, suffix) == 0;
}

static bool begins_with(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

static enum bkt_status no_memory(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory to keep packs few");
}

/* ---- leftovers --------------------------------------------------------- */

static enum bkt_status drop_stale(
    const char *dir, const char *name, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *path = bkt_path_join(dir, name);
	struct stat st;

	if (!path)
		return no_memory(err);
	if (lstat(path, &st) != 0 ||
	    st.st_mtim.tv_sec > bkt_now_utc_s() - STALE_S)
		return BKT_OK;
	return S_ISDIR(st.st_mode) ? bkt_dir_remove(path, err)
				   : bkt_file_unlink(path, err);
}

/* ---- looking ----------------------------------------------------------- */

static enum bkt_status look_at_pack(
    struct tidy *t, const char *idx_name, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *idx = bkt_path_join(t->g->pack_dir, idx_name);
	size_t n = strlen(idx_name) - 4;
	BKT_AUTO(bkt_free) char *pack = NULL;
	BKT_AUTO(bkt_free) char *keep = NULL;
	BKT_AUTO_FD fd = -1;
	struct combine_pack *p = &t->packs[t->n_packs];
	uint8_t head[IDX_HEADER], *last = head + IDX_HEADER - 4;
	struct stat st;
	size_t got;

	p->stem = bkt_arena_strndup(t->arena, idx_name, n);
	if (!idx || !p->stem)
		return no_memory(err);
	pack = pack_path(t->g->pack_dir, p->stem, "", ".pack");
	keep = pack_path(t->g->pack_dir, p->stem, "", ".keep");
	if (!pack || !keep)
		return no_memory(err);
	if (!bkt_path_exists(pack))
		return drop_stale(t->g->pack_dir, idx_name, err);
	t->n_all++;
	if (bkt_path_exists(keep))
		return BKT_OK;
	BKT_TRY(bkt_file_open(idx, &fd, NULL, err));
	BKT_TRY(bkt_file_pread(fd, 0, head, sizeof(head), &got, err));
	if (got != sizeof(head))
		return bkt_fail(err, BKT_E_TAMPERED, "'%s' is too short", idx);
	/* a version 1 index is older than anything that writes here */
	if (memcmp(head, "\377tOc\0\0\0\2", 8) != 0)
		return BKT_OK;
	if (fstat(fd, &st) != 0)
		return bkt_fail_errno(err, BKT_E_IO, "'%s'", idx);
	p->mtime = st.st_mtim;
	p->n_objects = (uint64_t)last[0] << 24 | (uint64_t)last[1] << 16 |
		       (uint64_t)last[2] << 8 | last[3];
	t->n_packs++;
	return BKT_OK;
}

static bool is_index(const char *name)
{
	return begins_with(name, "pack-") && ends_with(name, ".idx");
}

static enum bkt_status look_at_packs(struct tidy *t, struct bkt_err *err)
{
	struct bkt_strs names = { 0 };
	size_t n = 0;

	if (!bkt_path_is_dir(t->g->pack_dir))
		return BKT_OK;
	BKT_TRY(bkt_dir_list(t->g->pack_dir, t->arena, &names, err));
	for (size_t i = 0; i < names.n; i++) {
		n += is_index(names.v[i]);
		if (begins_with(names.v[i], "tmp_"))
			BKT_TRY(drop_stale(t->g->pack_dir, names.v[i], err));
	}
	if (n <= PACKS_MAX)
		return BKT_OK;
	t->packs = bkt_arena_alloc(t->arena, (n + 1) * sizeof(*t->packs));
	if (!t->packs)
		return no_memory(err);
	for (size_t i = 0; i < names.n; i++)
		if (is_index(names.v[i]))
			BKT_TRY(look_at_pack(t, names.v[i], err));
	return BKT_OK;
}

static enum bkt_status look_in_fan(struct tidy *t, const char *dir_name,
    bkt_arena *scratch, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *dir = bkt_path_join(t->g->objects, dir_name);
	struct bkt_strs names = { 0 };

	if (!dir)
		return no_memory(err);
	bkt_arena_clear(scratch);
	BKT_TRY(bkt_dir_list(dir, scratch, &names, err));
	for (size_t i = 0; i < names.n && t->n_loose < LOOSE_CAP; i++) {
		char hex[41];

		if (begins_with(names.v[i], "tmp_obj_")) {
			BKT_TRY(drop_stale(dir, names.v[i], err));
			continue;
		}
		if (strlen(names.v[i]) != 38)
			continue;
		memcpy(hex, dir_name, 2);
		memcpy(hex + 2, names.v[i], 39);
		if (bkt_unhex(hex, t->loose[t->n_loose].b, BKT_OID_LEN))
			t->n_loose++;
	}
	return BKT_OK;
}

/* what pushes of stock tools unpacked; as many as one run deals with */
static enum bkt_status look_at_loose(struct tidy *t, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free)
	bkt_arena *scratch = bkt_arena_new(ARENA_BYTES);
	struct bkt_strs names = { 0 };
	uint8_t first;

	if (!scratch)
		return no_memory(err);
	BKT_TRY(bkt_dir_list(t->g->objects, t->arena, &names, err));
	for (size_t i = 0; i < names.n && t->n_loose < LOOSE_CAP; i++) {
		const char *name = names.v[i];

		if (begins_with(name, "tmp_objdir-") ||
		    begins_with(name, "incoming-")) {
			BKT_TRY(drop_stale(t->g->objects, name, err));
			continue;
		}
		if (!bkt_unhex(name, &first, 1))
			continue;
		if (!t->loose)
			t->loose = bkt_arena_alloc(
			    t->arena, LOOSE_CAP * sizeof(*t->loose));
		if (!t->loose)
			return no_memory(err);
		BKT_TRY(look_in_fan(t, name, scratch, err));
	}
	return BKT_OK;
}

/* ---- choosing ---------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
	const struct combine_pack *x = a, *y = b;

	if (x->n_objects != y->n_objects)
		return x->n_objects < y->n_objects ? -1 : 1;
	return strcmp(x->stem, y->stem);
}

static int by_age(const void *a, const void *b)
{
	const struct combine_pack *x = a, *y = b;

	if (x->mtime.tv_sec != y->mtime.tv_sec)
		return x->mtime.tv_sec < y->mtime.tv_sec ? -1 : 1;
	if (x->mtime.tv_nsec != y->mtime.tv_nsec)
		return x->mtime.tv_nsec < y->mtime.tv_nsec ? -1 : 1;
	return strcmp(x->stem, y->stem);
}

/* how many of the packs, smallest first, become one */
static size_t choose(struct tidy *t)
{
	uint64_t sum = 0;
	size_t n = 0;

	if (t->n_packs > 0)
		qsort(t->packs, t->n_packs, sizeof(*t->packs), by_size);
	for (size_t i = 0; i < t->n_packs; i++) {
		uint64_t m = t->packs[i].n_objects;

		if (sum + m > COMBINE_MAX)
			break;
		if (m < 2 * sum)
			n = i + 1;
		sum += m;
	}
	return n;
}

/* ---- removing ---------------------------------------------------------- */

static enum bkt_status drop_file(
    const char *dir, const char *stem, const char *suffix, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *path = pack_path(dir, stem, "", suffix);

	return path ? bkt_file_unlink(path, err) : no_memory(err);
}

/* the new pack is in place: a reader that misses an old one looks again */
static enum bkt_status drop_packs(
    struct tidy *t, size_t n, const char *new_stem, struct bkt_err *err)
{
	static const char *const suffixes[] = { ".idx", ".rev", ".bitmap",
		".pack" };
	const char *dir = t->g->pack_dir;

	/* it would go on naming the packs that are gone */
	BKT_TRY(drop_file(dir, "multi-pack-index", "", err));
	for (size_t i = 0; i < n; i++) {
		if (strcmp(t->packs[i].stem, new_stem) == 0)
			continue;
		for (size_t k = 0; k < sizeof(suffixes) / sizeof(*suffixes);
		     k++)
			BKT_TRY(
			    drop_file(dir, t->packs[i].stem, suffixes[k], err));
	}
	return BKT_OK;
}

static enum bkt_status drop_loose(struct tidy *t, struct bkt_err *err)
{
	for (size_t i = 0; i < t->n_loose; i++) {
		char name[42], hex[41];
		BKT_AUTO(bkt_free) char *path = NULL;

		bkt_oid_hex(&t->loose[i], hex);
		memcpy(name, hex, 2);
		name[2] = '/';
		memcpy(name + 3, hex + 2, 39);
		path = bkt_path_join(t->g->objects, name);
		if (!path)
			return no_memory(err);
		BKT_TRY(bkt_file_unlink(path, err));
		/* succeeds for the last one; saves every later look into it */
		path[strlen(path) - 39] = '\0';
		(void)!rmdir(path);
	}
	return BKT_OK;
}

enum bkt_status bkt_gitdb_tidy(bkt_gitdb *g, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(ARENA_BYTES);
	struct tidy t = { .g = g, .arena = arena };
	size_t n_packs = 0, n_loose = 0;
	char stem[48];

	if (!arena)
		return no_memory(err);
	BKT_TRY(look_at_packs(&t, err));
	BKT_TRY(look_at_loose(&t, err));
	if (t.n_all > PACKS_MAX)
		n_packs = choose(&t);
	if (t.n_loose > LOOSE_MAX || (n_packs > 1 && t.n_loose > 0))
		n_loose = t.n_loose;
	if (n_packs < 2 && n_loose == 0)
		return BKT_OK;
	if (n_packs < 2)
		n_packs = 0;
	/* oldest first, so that new trees become deltas of old ones */
	if (n_packs > 0)
		qsort(t.packs, n_packs, sizeof(*t.packs), by_age);
	BKT_TRY(
	    combine_packs(g, t.packs, n_packs, t.loose, n_loose, stem, err));
	BKT_TRY(drop_packs(&t, n_packs, stem, err));
	if (n_loose > 0)
		BKT_TRY(drop_loose(&t, err));
	gitdb_pool_renew(g);
	return BKT_OK;
}
