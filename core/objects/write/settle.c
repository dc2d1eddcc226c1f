/*
 * Putting staged objects under their names.
 *
 * What a reference names must be on disk, whole, before the reference is. What
 * no reference names is garbage whatever state it is in. So for a batch the
 * cheapest order is also a safe one: every staging file gets its final name
 * at once, then one sync of the filesystem makes contents and names durable
 * together, then all is read back by name, and only after that does the
 * caller move its ref. A power cut before the sync may leave a name with torn
 * content. Nothing refers to it, and staging never takes a name for proof: it
 * re-hashes what it finds and replaces what is wrong (see stage.c).
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

#include <string.h>

#include "bukti/base.h"

#define SETTLE_FEW 8

struct settle {
	bkt_objects *o;
	struct bkt_staged *const *staged;
	size_t n;
	bool *placed; /* [i]: this call made the name */
	struct bkt_scrub_item *items;
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

static enum bkt_status place(
    struct settle *t, size_t i, const char *to, struct bkt_err *err)
{
	struct bkt_staged *s = t->staged[i];
	enum bkt_status st = link_new(s->tmp_path, to, err);

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
	if (few)
		return BKT_OK;
	return bkt_fs_sync(t->o->root, err);
}

static enum bkt_status settle_read_back(struct settle *t, struct bkt_err *err)
{
	for (size_t i = 0; i < t->n; i++) {
		t->items[i].id = t->staged[i]->id;
		t->items[i].size_bytes = t->staged[i]->size_bytes;
	}
	BKT_TRY(bkt_objects_scrub(t->o, t->items, t->n, 0, NULL, err));
	for (size_t i = 0; i < t->n; i++) {
		const struct bkt_scrub_item *item = &t->items[i];

		if (item->status == BKT_OK)
			continue;
		if (item->status == BKT_E_MISSING && !t->staged[i]->tmp_path)
			return went_away(err);
		if (bkt_is_verdict(item->status))
			return bkt_fail(err, BKT_E_TAMPERED,
			    "read back after writing: %s", item->err.msg);
		if (err)
			*err = item->err;
		return item->status;
	}
	return BKT_OK;
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
	bkt_free(t->items);
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
	t.items = bkt_calloc(n, sizeof(*t.items));
	if (!t.placed || !t.items)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a batch");
	BKT_TRY(settle_place(&t, err));
	BKT_TRY(settle_read_back(&t, err));
	t.done = true;
	return BKT_OK;
}
