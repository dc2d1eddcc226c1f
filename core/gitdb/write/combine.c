#include "tidy.h"

#include <string.h>

#include <git2/sys/repository.h>

#include "pack.h"

BKT_AUTO_DEFINE(git_repository *, git_repository_free);
BKT_AUTO_DEFINE(git_packbuilder *, git_packbuilder_free);
BKT_AUTO_DEFINE(git_config *, git_config_free);

enum bkt_status tidy_pread(
    int fd, uint64_t at, void *p, size_t n, struct bkt_err *err)
{
	size_t got;

	BKT_TRY(bkt_file_pread(fd, at, p, n, &got, err));
	if (got != n)
		return bkt_fail(
		    err, BKT_E_TAMPERED, "index of a pack is too short");
	return BKT_OK;
}

static enum bkt_status insert(
    git_packbuilder *pb, const struct bkt_oid *oid, struct bkt_err *err)
{
	char hex[41];
	git_oid id;

	gitdb_oid_in(oid, &id);
	if (git_packbuilder_insert(pb, &id, NULL) == 0)
		return BKT_OK;
	bkt_oid_hex(oid, hex);
	return gitdb_fail(err, BKT_E_DB, "object %s", hex);
}

static enum bkt_status insert_pack(git_packbuilder *pb, const bkt_gitdb *g,
    const struct tidy_pack *pack, struct bkt_err *err)
{
	BKT_AUTO(bkt_free)
	char *path = pack_path(g->pack_dir, pack->stem, "", ".idx");
	BKT_AUTO_FD fd = -1;
	struct bkt_oid oids[512];

	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	BKT_TRY(bkt_file_open(path, &fd, NULL, err));
	for (uint64_t i = 0, n; i < pack->n_objects; i += n) {
		n = pack->n_objects - i;
		if (n > sizeof(oids) / sizeof(oids[0]))
			n = sizeof(oids) / sizeof(oids[0]);
		BKT_TRY(tidy_pread(fd, TIDY_IDX_HEADER + i * BKT_OID_LEN, oids,
		    (size_t)n * BKT_OID_LEN, err));
		for (size_t k = 0; k < n; k++)
			BKT_TRY(insert(pb, &oids[k], err));
	}
	return BKT_OK;
}

static enum bkt_status build(git_odb *odb, const bkt_gitdb *g,
    const struct tidy_job *job, const char *dir, struct bkt_err *err)
{
	BKT_AUTO(git_config_free) git_config *config = NULL;
	BKT_AUTO(git_repository_free) git_repository *repo = NULL;
	BKT_AUTO(git_packbuilder_free) git_packbuilder *pb = NULL;

	gitdb_alloc_clear();
	/* a repository of objects alone: no refs, no configuration */
	if (git_config_new(&config) != 0 ||
	    git_repository_wrap_odb(&repo, odb) != 0 ||
	    git_repository_set_config(repo, config) != 0 ||
	    git_packbuilder_new(&pb, repo) != 0)
		return gitdb_fail(err, BKT_E_DB, "new pack");
	(void)git_packbuilder_set_threads(pb, 1);
	for (size_t i = 0; i < job->n_packs; i++)
		BKT_TRY(insert_pack(pb, g, &job->packs[i], err));
	for (size_t i = 0; i < job->n_loose; i++)
		BKT_TRY(insert(pb, &job->loose[i], err));
	if (git_packbuilder_write(pb, dir, 0444, NULL, NULL) != 0)
		return gitdb_fail(err, BKT_E_DB, "new pack");
	return BKT_OK;
}

static enum bkt_status make_durable(
    const char *dir, const char *name, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *path = bkt_path_join(dir, name);
	BKT_AUTO_FD fd = -1;

	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	BKT_TRY(bkt_file_open(path, &fd, NULL, err));
	return bkt_file_fsync(fd, err);
}

static enum bkt_status move_one(const char *from_dir, const char *to_dir,
    const char *stem, const char *suffix, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *from = pack_path(from_dir, stem, "", suffix);
	BKT_AUTO(bkt_free) char *to = pack_path(to_dir, stem, "", suffix);

	if (!from || !to)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	return bkt_file_rename(from, to, err);
}

static enum bkt_status settle(const bkt_gitdb *g, const char *dir,
    bkt_arena *arena, const char **out, struct bkt_err *err)
{
	struct bkt_strs names = { 0 };
	const char *stem = NULL;

	BKT_TRY(bkt_dir_list(dir, arena, &names, err));
	for (size_t i = 0; i < names.n; i++) {
		size_t n = strlen(names.v[i]);

		BKT_TRY(make_durable(dir, names.v[i], err));
		if (n > 5 && strcmp(names.v[i] + n - 5, ".pack") == 0)
			stem = bkt_arena_strndup(arena, names.v[i], n - 5);
	}
	if (!stem)
		return bkt_fail(err, BKT_E_DB, "libgit2 wrote no pack");
	BKT_TRY(move_one(dir, g->pack_dir, stem, ".pack", err));
	BKT_TRY(move_one(dir, g->pack_dir, stem, ".idx", err));
	*out = stem;
	return bkt_dir_fsync(g->pack_dir, err);
}

enum bkt_status tidy_combine(const bkt_gitdb *g, const struct tidy_job *job,
    bkt_arena *arena, const char **stem, struct bkt_err *err)
{
	BKT_AUTO(git_odb_free) git_odb *odb = NULL;
	BKT_AUTO(bkt_free) char *dir = NULL;
	enum bkt_status st;

	/* git knows the beginning of the name and drops leftovers too */
	dir = pack_path(g->objects, "tmp_objdir-bukti-", NULL, "");
	if (!dir)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	BKT_TRY(gitdb_odb_open(g, &odb, err));
	BKT_TRY(bkt_dir_make(dir, 0700, false, err));
	st = build(odb, g, job, dir, err);
	if (st == BKT_OK)
		st = settle(g, dir, arena, stem, err);
	(void)!bkt_dir_remove(dir, NULL);
	return st;
}
