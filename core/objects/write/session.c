#include "write.h"

#include <string.h>

#include "bukti/base.h"

#define SESSION_ID_LEN 16
#define SESSION_TRIES 8

static void session_end(bkt_objects *o)
{
	if (!o->session)
		return;
	/* removed while the lock is still held: nobody else may judge it */
	objects_ignore(bkt_dir_remove(o->session, NULL));
	bkt_fd_close(o->session_lock);
	o->session_lock = -1;
	bkt_free(o->session);
	o->session = NULL;
}

/*
 * A cleaner may see the directory before we hold its lock, take it for dead
 * and remove it; then the name of the lock is gone and we try another.
 */
static enum bkt_status session_try(bkt_objects *o, struct bkt_err *err)
{
	char name[sizeof(OBJECTS_SESSION_PREFIX) + SESSION_ID_LEN] =
	    OBJECTS_SESSION_PREFIX;
	int fd = -1;
	enum bkt_status st;
	BKT_AUTO(bkt_free) char *dir = NULL;
	BKT_AUTO(bkt_free) char *lock = NULL;

	BKT_TRY(bkt_random_id(name + strlen(name), SESSION_ID_LEN, err));
	dir = bkt_path_join(o->tmp, name);
	if (!dir)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	lock = bkt_path_join(dir, OBJECTS_SESSION_LOCK);
	if (!lock)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	if (bkt_path_is_link(o->tmp))
		return bkt_fail(err, BKT_E_TAMPERED,
		    "'%s' is a symbolic link: nothing is written through it",
		    o->tmp);
	BKT_TRY(bkt_dir_make(dir, 0700, true, err));
	st = bkt_file_lock(lock, 0, &fd, err);
	if (st != BKT_OK) {
		objects_ignore(bkt_dir_remove(dir, NULL));
		return st;
	}
	if (!bkt_path_exists(lock)) {
		bkt_fd_close(fd);
		return bkt_fail(err, BKT_E_BUSY,
		    "staging directory '%s' was removed by another process",
		    dir);
	}
	o->session = BKT_STEAL(dir);
	o->session_lock = fd;
	o->session_end = session_end;
	return BKT_OK;
}

enum bkt_status objects_session(bkt_objects *o, struct bkt_err *err)
{
	enum bkt_status st = BKT_OK;

	pthread_mutex_lock(&o->mutex);
	for (int i = 0; !o->session && i < SESSION_TRIES; i++) {
		st = session_try(o, err);
		if (st == BKT_OK)
			break;
	}
	pthread_mutex_unlock(&o->mutex);
	return st;
}

/* files in a dead session, counted and removed with it */
static enum bkt_status session_sweep(
    const char *dir, uint64_t *n_removed, struct bkt_err *err)
{
	struct bkt_strs names;
	enum bkt_status st;
	BKT_AUTO_FD fd = -1;
	BKT_AUTO(bkt_free)
	char *lock = bkt_path_join(dir, OBJECTS_SESSION_LOCK);
	BKT_AUTO(bkt_arena_free)
	bkt_arena *arena = bkt_arena_new((size_t)64 << 20);

	if (!lock || !arena)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	st = bkt_file_lock(lock, 0, &fd, err);
	if (st == BKT_E_BUSY)
		return BKT_OK;
	/* gone meanwhile: its process ended in good order */
	if (st != BKT_OK)
		return bkt_path_is_dir(dir) ? st : BKT_OK;
	BKT_TRY(bkt_dir_list(dir, arena, &names, err));
	for (size_t i = 0; i < names.n; i++)
		if (strcmp(names.v[i], OBJECTS_SESSION_LOCK) != 0)
			++*n_removed;
	return bkt_dir_remove(dir, err);
}

enum bkt_status bkt_objects_clean(
    bkt_objects *o, uint64_t *n_removed, struct bkt_err *err)
{
	struct bkt_strs names;
	uint64_t n = 0;
	BKT_AUTO(bkt_arena_free)
	bkt_arena *arena = bkt_arena_new((size_t)16 << 20);

	if (!arena)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a list");
	if (bkt_path_is_dir(o->tmp)) {
		BKT_TRY(bkt_dir_list(o->tmp, arena, &names, err));
		for (size_t i = 0; i < names.n; i++) {
			BKT_AUTO(bkt_free) char *dir = NULL;

			if (strncmp(names.v[i], OBJECTS_SESSION_PREFIX,
				strlen(OBJECTS_SESSION_PREFIX)) != 0)
				continue;
			dir = bkt_path_join(o->tmp, names.v[i]);
			if (!dir)
				return bkt_fail(
				    err, BKT_E_NOMEM, "no memory for a path");
			BKT_TRY(session_sweep(dir, &n, err));
		}
	}
	if (n_removed)
		*n_removed = n;
	return BKT_OK;
}
