#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../db.h"

/*
 * The lock file is git's own, <ref>.lock, so stock git and we exclude each
 * other. Unlike git's it is made by linking a finished, durable file: a crash
 * of ours is told from a git at work by the second name of that file, and a
 * kernel lock tells a crash from another of us at work.
 */

#define WAIT_MS 5000

struct move {
	const bkt_gitdb *g;
	const char *name;
	char *ref, *lock, *dir; /* <ref>, <ref>.lock, directory of both */
	char *own_lock, *tmp;   /* below bukti/ */
	int own_fd;
	bool holds_tmp, holds_lock;
};

static void move_release(struct move *m)
{
	if (m->holds_lock)
		(void)!bkt_file_unlink(m->lock, NULL);
	if (m->holds_tmp)
		(void)!bkt_file_unlink(m->tmp, NULL);
	if (m->own_fd >= 0)
		bkt_fd_close(m->own_fd);
	bkt_free(m->ref);
	bkt_free(m->lock);
	bkt_free(m->dir);
	bkt_free(m->own_lock);
	bkt_free(m->tmp);
}
BKT_AUTO_RELEASE(struct move, move_release);

static enum bkt_status move_paths(struct move *m, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *own = bkt_path_join(m->g->dir, "bukti");
	size_t n;

	m->ref = bkt_path_join(m->g->dir, m->name);
	if (!own || !m->ref)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	m->own_lock = bkt_path_join(own, "ref.lock");
	m->tmp = bkt_path_join(own, "ref.tmp");
	m->dir = bkt_strdup(m->ref);
	n = strlen(m->ref);
	m->lock = bkt_malloc(n + sizeof(".lock"));
	if (!m->own_lock || !m->tmp || !m->dir || !m->lock)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	memcpy(m->lock, m->ref, n);
	memcpy(m->lock + n, ".lock", sizeof(".lock"));
	*strrchr(m->dir, '/') = '\0';
	BKT_TRY(bkt_dir_make(own, 0700, false, err));
	return bkt_dir_make(m->dir, 0755, true, err);
}

/* what a crash of ours left behind; we hold the kernel lock */
static enum bkt_status clear_leftovers(struct move *m, struct bkt_err *err)
{
	struct stat lock, tmp;

	if (lstat(m->tmp, &tmp) == 0 && lstat(m->lock, &lock) == 0 &&
	    tmp.st_ino == lock.st_ino && tmp.st_dev == lock.st_dev)
		BKT_TRY(bkt_file_unlink(m->lock, err));
	return bkt_file_unlink(m->tmp, err);
}

static enum bkt_status make_lock(
    struct move *m, const struct bkt_oid *to, struct bkt_err *err)
{
	BKT_AUTO_FD fd = -1;
	enum bkt_status st;
	char line[42];

	bkt_oid_hex(to, line);
	line[40] = '\n';
	BKT_TRY(bkt_file_create(m->tmp, 0644, &fd, err));
	m->holds_tmp = true;
	BKT_TRY(bkt_file_write(fd, line, 41, err));
	BKT_TRY(bkt_file_fsync(fd, err));
	st = bkt_file_link(m->tmp, m->lock, err);
	if (st == BKT_E_EXISTS) {
		st =
		    bkt_fail(err, BKT_E_BUSY, "'%s' is being changed", m->name);
		bkt_err_hint(
		    err, "try again; if no git is running: rm '%s'", m->lock);
		return st;
	}
	if (st != BKT_OK)
		return st;
	m->holds_lock = true;
	return BKT_OK;
}

static enum bkt_status compare(
    const struct move *m, const struct bkt_oid *from, struct bkt_err *err)
{
	struct bkt_oid now = { { 0 } };
	char hex[41];
	enum bkt_status st = gitdb_ref_raw(m->g, m->name, &now, err);

	if (st != BKT_OK && st != BKT_E_NOTFOUND)
		return st;
	if (st == BKT_E_NOTFOUND)
		memset(&now, 0, sizeof(now));
	if (bkt_oid_eq(&now, from))
		return BKT_OK;
	bkt_oid_hex(&now, hex);
	return bkt_fail(err, BKT_E_CONFLICT, "'%s' %s%s meanwhile", m->name,
	    st == BKT_OK ? "became " : "went away", st == BKT_OK ? hex : "");
}

static enum bkt_status check_target(
    const bkt_gitdb *g, const struct bkt_oid *to, struct bkt_err *err)
{
	BKT_AUTO(gitdb_obj_free) gitdb_obj *obj = NULL;

	return gitdb_object(
	    g, to, BKT_GIT_COMMIT, BKT_GITDB_BLOB_MAX, &obj, err);
}

enum bkt_status bkt_gitdb_ref_move(bkt_gitdb *g, const char *name,
    const struct bkt_oid *from, const struct bkt_oid *to, struct bkt_err *err)
{
	BKT_AUTO(move_release)
	struct move m = { .g = g, .name = name, .own_fd = -1 };

	if (getenv("GIT_QUARANTINE_PATH"))
		return bkt_fail(err, BKT_E_POLICY,
		    "refs do not move while a push is being looked at");
	if (!gitdb_ref_name_valid(name))
		return bkt_fail(
		    err, BKT_E_USAGE, "'%s' is not the name of a ref", name);
	BKT_TRY(check_target(g, to, err));
	BKT_TRY(move_paths(&m, err));
	BKT_TRY(bkt_file_lock(m.own_lock, WAIT_MS, &m.own_fd, err));
	BKT_TRY(clear_leftovers(&m, err));
	BKT_TRY(make_lock(&m, to, err));
	BKT_TRY(compare(&m, from, err));
	BKT_TRY(bkt_file_rename(m.lock, m.ref, err));
	m.holds_lock = false;
	return bkt_dir_fsync(m.dir, err);
}
