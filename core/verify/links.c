/* Symbolic links in the place of what is the store's own: behind one lies what
 * nobody backs up with the store, or what somebody may exchange. */
#include <string.h>

#include "private.h"

static const char *const places[] = { "HEAD", "bukti", "config", "hooks", "lfs",
	"lfs/objects", "objects", "objects/info", "objects/pack", "packed-refs",
	"refs", "refs/heads", "refs/heads/main" };
/* and everything that lies in these */
static const char *const folders[] = { "bukti", "lfs/objects", "objects",
	"objects/pack" };

static enum bkt_status look_at(
    struct run *r, const char *dir, const char *below, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *path = bkt_path_join(dir, below);

	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	if (bkt_path_is_link(path))
		report_add(r, BKT_E_TAMPERED, below, -1, NULL,
		    "a symbolic link stands in its place: what it shows is not "
		    "in the store");
	return BKT_OK;
}

static enum bkt_status look_into(
    struct run *r, const char *dir, const char *below, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 28);
	BKT_AUTO(bkt_free) char *path = bkt_path_join(dir, below);
	struct bkt_strs names = { NULL, 0 };

	if (!arena || !path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	if (!bkt_path_is_dir(path))
		return BKT_OK;
	BKT_TRY(bkt_dir_list(path, arena, &names, err));
	for (size_t i = 0; i < names.n; i++) {
		BKT_AUTO(bkt_free)
		char *one = bkt_path_join(below, names.v[i]);

		if (!one)
			return bkt_fail(err, BKT_E_NOMEM, "no memory");
		/* those are among the places */
		if (strcmp(one, "objects/info") == 0 ||
		    strcmp(one, "objects/pack") == 0)
			continue;
		BKT_TRY(look_at(r, dir, one, err));
	}
	return BKT_OK;
}

enum bkt_status look_for_links(
    struct run *r, const char *dir, struct bkt_err *err)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		BKT_TRY(look_at(r, dir, places[i], err));
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		BKT_TRY(look_into(r, dir, folders[i], err));
	return BKT_OK;
}
