#include <string.h>

#include "../db.h"

/*
 * Written by hand rather than through libgit2, whose result depends on
 * templates, on the filesystem it probes and on the umask, and is not
 * durable. fsck of stock git accepts it.
 */

static const char config_text[] =
    "[core]\n"
    "\trepositoryformatversion = 0\n"
    "\tfilemode = true\n"
    "\tbare = true\n"
    "\tlogAllRefUpdates = false\n"
    "\tfsync = all\n"
    "\tfsyncMethod = fsync\n"
    "\tuseReplaceRefs = false\n"
    "\tcommitGraph = false\n"
    "\tmultiPackIndex = false\n"
    "\tprotectHFS = true\n"
    "\tprotectNTFS = true\n"
    "[receive]\n"
    "\tfsckObjects = true\n"
    "\tdenyDeletes = true\n"
    "\tdenyNonFastForwards = true\n"
    "\tmaxInputSize = 256m\n"
    "\tunpackLimit = 1\n"
    "\tautogc = false\n"
    "\thideRefs = refs/replace\n"
    "[transfer]\n"
    "\tfsckObjects = true\n"
    "\tunpackLimit = 1\n"
    "[fetch]\n"
    "\tfsckObjects = true\n"
    /* bukti keeps the repository packed; a gc of its own accord would drop
     * objects of a batch that no ref names yet */
    "[gc]\n"
    "\tauto = 0\n"
    "\twriteCommitGraph = false\n"
    "[maintenance]\n"
    "\tauto = false\n"
    "[repack]\n"
    "\twriteBitmaps = false\n"
    "\tupdateServerInfo = false\n"
    "[gpg]\n"
    "\tformat = ssh\n";

static enum bkt_status put_file(
    const char *dir, const char *name, const char *text, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *path = bkt_path_join(dir, name);
	BKT_AUTO_FD fd = -1;

	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	BKT_TRY(bkt_file_create(path, 0644, &fd, err));
	BKT_TRY(bkt_file_write(fd, text, strlen(text), err));
	return bkt_file_fsync(fd, err);
}

static enum bkt_status fill(const char *dir, struct bkt_err *err)
{
	static const char *const dirs[] = { "objects", "objects/info",
		"objects/pack", "refs", "refs/heads", "refs/tags", "info",
		"hooks" };
	size_t n = sizeof(dirs) / sizeof(dirs[0]);

	for (size_t i = 0; i < n; i++) {
		BKT_AUTO(bkt_free) char *path = bkt_path_join(dir, dirs[i]);

		if (!path)
			return bkt_fail(
			    err, BKT_E_NOMEM, "no memory for a path");
		BKT_TRY(bkt_dir_make(path, 0755, false, err));
	}
	BKT_TRY(put_file(dir, "config", config_text, err));
	BKT_TRY(put_file(dir, "HEAD", "ref: refs/heads/main\n", err));
	for (size_t i = 0; i < n; i++) {
		BKT_AUTO(bkt_free) char *path = bkt_path_join(dir, dirs[i]);

		if (!path)
			return bkt_fail(
			    err, BKT_E_NOMEM, "no memory for a path");
		BKT_TRY(bkt_dir_fsync(path, err));
	}
	return bkt_dir_fsync(dir, err);
}

/* without the slashes that a shell completes */
static char *trimmed(const char *dir)
{
	char *s = bkt_strdup(dir);
	size_t n = s ? strlen(s) : 0;

	while (n > 1 && s[n - 1] == '/')
		s[--n] = '\0';
	return s;
}

/* the directory that holds @p path */
static char *parent_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *s;

	if (!slash)
		return bkt_strdup(".");
	s = bkt_strdup(path);
	if (s)
		s[slash == path ? 1 : slash - path] = '\0';
	return s;
}

static enum bkt_status is_free(
    const char *dir, bkt_arena *arena, struct bkt_err *err)
{
	struct bkt_strs names = { 0 };
	enum bkt_status st;

	if (!bkt_path_exists(dir))
		return BKT_OK;
	st = bkt_path_is_dir(dir) ? bkt_dir_list(dir, arena, &names, err)
				  : BKT_OK;
	if (st != BKT_OK)
		return st;
	if (bkt_path_is_dir(dir) && names.n == 0)
		return BKT_OK;
	return bkt_fail(err, BKT_E_EXISTS, "'%s' is there already", dir);
}

enum bkt_status bkt_gitdb_create(const char *given, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1024 * 1024);
	BKT_AUTO(bkt_free) char *dir = trimmed(given);
	BKT_AUTO(bkt_free) char *tmp = NULL;
	BKT_AUTO(bkt_free) char *parent = NULL;
	char suffix[] = ".new-xxxxxxxx";
	enum bkt_status st;
	size_t n;

	BKT_TRY(bkt_random_id(suffix + 5, 8, err));
	n = dir ? strlen(dir) : 0;
	tmp = dir ? bkt_malloc(n + sizeof(suffix)) : NULL;
	parent = dir ? parent_of(dir) : NULL;
	if (!arena || !tmp || !parent)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	memcpy(tmp, dir, n);
	memcpy(tmp + n, suffix, sizeof(suffix));
	BKT_TRY(is_free(dir, arena, err));
	BKT_TRY(bkt_dir_make(tmp, 0755, true, err));
	/* beside it and then renamed: there is never half a repository */
	st = fill(tmp, err);
	if (st == BKT_OK)
		st = bkt_file_rename(tmp, dir, err);
	if (st != BKT_OK) {
		(void)!bkt_dir_remove(tmp, NULL);
		return st;
	}
	return bkt_dir_fsync(parent, err);
}
