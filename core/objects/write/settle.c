/*
 * Putting staged objects under their names.
 *
 * What a reference names must be on disk, whole, before the reference is. What
 * no reference names is garbage whatever state it is in. So for a batch the
 * cheapest order is also a safe one: every staging file gets its final name
 * at once, then one sync of the filesystem makes contents and names durable
 * together, all is read back by name, and only after that does the caller move
 * its ref. A power cut before the sync may leave a name with torn content.
 * Nothing refers to it, and staging never takes a name for proof: it re-hashes
 * what it finds and replaces what is wrong (see stage.c).
 *
 * Large contents need not wait for the sync to be read back: each is waited for
 * until the disk has taken it, and hashed while the disk takes the next. The
 * wait also reports a write error of this very file, which a sync of the whole
 * filesystem may have told to someone else already.
 *
 * A few objects are synced one by one instead, contents before names, then
 * the directories: a whole-filesystem sync would wait for everybody else's
 * unwritten data.
 *
 * The staging name stays until all is well. After a failure the new names are
 * taken away again and the staging files are still there: a failed sync may
 * have dropped the pages, and a name that looks good in memory only must not
 * be found by the next ingest.
 */
#include "write.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "bukti/base.h"

#define SETTLE_FEW 8
#define SETTLE_THREADS_MAX 64
/* smaller ones are written out sooner together than one after the other */
#define SETTLE_LARGE_BYTES (UINT64_C(64) * 1024)

struct settle {
	bkt_objects *o;
	struct bkt_staged *const *staged;
	size_t n;
	bool *placed;           /* [i]: this call made the name */
	size_t *order;          /* largest first */
	const size_t *checking; /* part of it, while threads are at it */
	bool wait;              /* for the disk to have taken each */
	struct objects_hasher hashers[SETTLE_THREADS_MAX];
	bool done;
};

static enum bkt_status make_parent(const char *path, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *dir = bkt_strdup(path);

	if (!dir)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	*strrchr(dir, '/') = '\0';
	/* most often only the innermost is new: asking about every parent costs
	 * more than making it */
	if (bkt_dir_make(dir, 0755, false, NULL) == BKT_OK)
		return BKT_OK;
	return bkt_dir_make(dir, 0755, true, err);
}

/* link refuses to replace, so a good object never gives way to another */
static enum bkt_status link_new(
    const char *from, const char *to, struct bkt_err *err)
{
	enum bkt_status st = bkt_file_link(from, to, err);

	if (st == BKT_OK || st == BKT_E_EXISTS)
		return st;
	/* most often the directory is not there yet; if it is something else
	 * the second try says so */
	BKT_TRY(make_parent(to, err));
	return bkt_file_link(from, to, err);
}

/* lfs, lfs/objects and the two folders below: what is written through a link
 * lies outside of the store */
static enum bkt_status no_links(
    const bkt_objects *o, const char *to, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *dir = bkt_strdup(to);
	size_t store = strlen(o->store);

	if (!dir)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	for (;;) {
		*strrchr(dir, '/') = '\0';
		if (strlen(dir) <= store)
			return BKT_OK;
		if (!bkt_path_is_link(dir))
			continue;
		(void)bkt_fail(err, BKT_E_TAMPERED,
		    "'%s' is a symbolic link: nothing is written through it",
		    dir);
		bkt_err_hint(err, "put a folder in its place, with what is "
				  "behind it; then bukti verify --cold");
		return BKT_E_TAMPERED;
	}
}

static enum bkt_status place(
    struct settle *t, size_t i, const char *to, struct bkt_err *err)
{
	struct bkt_staged *s = t->staged[i];
	enum bkt_status st;

	BKT_TRY(no_links(t->o, to, err));
	st = link_new(s->tmp_path, to, err);
	if (st == BKT_E_EXISTS) {
		BKT_AUTO(objects_hasher_release)
		struct objects_hasher h = { 0 };

		BKT_TRY(objects_hasher_init(&h, OBJECTS_BUF_BYTES, err));
		st = objects_check(
		    t->o, &h, &s->id, s->size_bytes, NULL, NULL, err);
		if (st == BKT_OK) {
			s->was_present = true;
			return BKT_OK;
		}
		if (bkt_is_fault(st))
			return st;
		BKT_TRY(bkt_file_unlink(to, err));
		st = link_new(s->tmp_path, to, err);
	}
	if (st == BKT_OK)
		t->placed[i] = true;
	return st;
}

static enum bkt_status fsync_file(const char *path, struct bkt_err *err)
{
	BKT_AUTO_FD fd = -1;

	BKT_TRY(bkt_file_open(path, &fd, NULL, err));
	return bkt_file_fsync(fd, err);
}

/* the directories of one object, from the inside out */
static enum bkt_status fsync_dirs(
    const bkt_objects *o, const char *path, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *dir = bkt_strdup(path);

	if (!dir)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	do {
		*strrchr(dir, '/') = '\0';
		BKT_TRY(bkt_dir_fsync(dir, err));
	} while (strcmp(dir, o->root) != 0);
	return BKT_OK;
}

static enum bkt_status went_away(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_CONFLICT,
	    "stored content went away meanwhile: add the file again");
}

/* what was there may be the unsynced work of a process that died: it is made
 * durable like our own */
static enum bkt_status fsync_present(const char *path, struct bkt_err *err)
{
	enum bkt_status st = fsync_file(path, err);

	return st == BKT_E_NOTFOUND ? went_away(err) : st;
}

static enum bkt_status settle_place(struct settle *t, struct bkt_err *err)
{
	bool few = t->n <= SETTLE_FEW;

	for (size_t i = 0; i < t->n; i++) {
		const struct bkt_staged *s = t->staged[i];
		BKT_AUTO(bkt_free) char *to = bkt_objects_path(t->o, &s->id);

		if (!to)
			return bkt_fail(
			    err, BKT_E_NOMEM, "no memory for a path");
		if (s->tmp_path) {
			if (few)
				BKT_TRY(fsync_file(s->tmp_path, err));
			BKT_TRY(place(t, i, to, err));
		}
		if (!few)
			continue;
		if (!t->placed[i])
			BKT_TRY(fsync_present(to, err));
		BKT_TRY(fsync_dirs(t->o, to, err));
	}
	return BKT_OK;
}

/* ---- read back ----------------------------------------------------------- */

static enum bkt_status wait_for_disk(
    const struct settle *t, const struct bkt_staged *s, struct bkt_err *err)
{
	BKT_AUTO_FD fd = -1;

	BKT_TRY(bkt_objects_open_unverified(t->o, &s->id, &fd, NULL, err));
	return bkt_file_written_out(fd, err);
}

static enum bkt_status read_back_one(
    void *ctx, size_t at, unsigned worker, struct bkt_err *err)
{
	struct settle *t = ctx;
	const struct bkt_staged *s = t->staged[t->checking[at]];
	struct objects_hasher *h = &t->hashers[worker];
	enum bkt_status st = BKT_OK;

	BKT_ASSERT(worker < SETTLE_THREADS_MAX);
	if (!h->hash)
		BKT_TRY(objects_hasher_init(h, OBJECTS_BUF_BYTES, err));
	if (t->wait)
		st = wait_for_disk(t, s, err);
	if (st == BKT_OK)
		st = objects_check(
		    t->o, h, &s->id, s->size_bytes, NULL, NULL, err);
	if (st == BKT_E_MISSING && !s->tmp_path)
		return went_away(err);
	if (!bkt_is_verdict(st))
		return st;
	bkt_fail_context(err, st, "read back after writing");
	err->status = BKT_E_TAMPERED;
	return BKT_E_TAMPERED;
}

static enum bkt_status read_back(struct settle *t, const size_t *which,
    size_t n, bool wait, struct bkt_err *err)
{
	t->checking = which;
	t->wait = wait;
	return bkt_parallel(0, n, read_back_one, t, err);
}

static int larger_first(const void *a, const void *b, void *ctx)
{
	const struct settle *t = ctx;
	size_t i = *(const size_t *)a, k = *(const size_t *)b;
	uint64_t x = t->staged[i]->size_bytes, y = t->staged[k]->size_bytes;

	if (x != y)
		return x > y ? -1 : 1;
	return i < k ? -1 : i > k;
}

static enum bkt_status settle_all(struct settle *t, struct bkt_err *err)
{
	size_t n_large = 0;

	for (size_t i = 0; i < t->n; i++)
		t->order[i] = i;
	qsort_r(t->order, t->n, sizeof(*t->order), larger_first, t);
	BKT_TRY(settle_place(t, err));
	if (t->n > SETTLE_FEW) {
		while (n_large < t->n &&
		       t->staged[t->order[n_large]]->size_bytes >=
			   SETTLE_LARGE_BYTES)
			n_large++;
		BKT_TRY(read_back(t, t->order, n_large, true, err));
		BKT_TRY(bkt_fs_sync(t->o->root, err));
	}
	return read_back(t, t->order + n_large, t->n - n_large, false, err);
}

static void settle_release(struct settle *t)
{
	for (size_t i = 0; t->placed && !t->done && i < t->n; i++) {
		BKT_AUTO(bkt_free) char *to = NULL;

		if (!t->placed[i])
			continue;
		to = bkt_objects_path(t->o, &t->staged[i]->id);
		if (to)
			objects_ignore(bkt_file_unlink(to, NULL));
	}
	for (size_t i = 0; t->done && i < t->n; i++)
		bkt_staged_release(t->o, t->staged[i]);
	bkt_free(t->placed);
	bkt_free(t->order);
	for (size_t i = 0; i < SETTLE_THREADS_MAX; i++)
		objects_hasher_release(&t->hashers[i]);
}
BKT_AUTO_RELEASE(struct settle, settle_release);

enum bkt_status bkt_objects_settle(bkt_objects *o,
    struct bkt_staged *const *staged, size_t n, struct bkt_err *err)
{
	BKT_AUTO(settle_release)
	struct settle t = { .o = o, .staged = staged, .n = n };

	if (n == 0)
		return BKT_OK;
	t.placed = bkt_calloc(n, sizeof(*t.placed));
	t.order = bkt_calloc(n, sizeof(*t.order));
	if (!t.placed || !t.order)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a batch");
	BKT_TRY(settle_all(&t, err));
	t.done = true;
	return BKT_OK;
}
