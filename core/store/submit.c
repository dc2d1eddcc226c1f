/* The write path (DESIGN 7): one durable batch under the writer lock. */
#include "private.h"

#include <errno.h>
#include <string.h>

#define LOCK_WAIT_MS 10000
#define BATCH_ARENA_MAX ((size_t)1 << 30)

struct writing {
	bkt_store *s;
	struct bkt_item *items;
	size_t n;
	bkt_arena *arena;
	bkt_state *state;
	struct bkt_received *results;
	int64_t now_utc_s;
	/* what was let in, in order */
	struct bkt_opened *opened;
	const struct bkt_file **lists;
	size_t *counts;
	size_t n_in;
	uint64_t first_index;
};

enum bkt_status store_lock(bkt_store *s, int *fd, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *path = store_path(s->dir, "bukti/lock");
	enum bkt_status st;

	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	st = bkt_file_lock(path, LOCK_WAIT_MS, fd, err);
	if (st == BKT_E_IO &&
	    (err->sys_errno == EACCES || err->sys_errno == EPERM ||
		err->sys_errno == EROFS)) {
		int why = err->sys_errno;

		(void)bkt_fail_context(
		    err, st, "the store '%s' cannot be written", s->dir);
		bkt_err_hint(err, "%s; nothing was written",
		    why == EROFS
			? "it lies on a filesystem that only reads: use the "
			  "store itself, or a copy elsewhere"
			: "run it as the user whose store it is (ls -ld shows "
			  "who), or ask for the right to write there");
	}
	if (st == BKT_E_BUSY) {
		(void)bkt_fail(err, BKT_E_BUSY,
		    "another process is writing to this store");
		bkt_err_hint(err, "wait for it to end and try again; nothing "
				  "was written");
	}
	return st;
}

/* the head is ours: signed by the key that will sign the next one */
static enum bkt_status check_head(
    bkt_store *s, const bkt_store_key *key, struct bkt_err *err)
{
	struct bkt_span text;
	enum bkt_status st =
	    bkt_note_verify(BKT_SPAN(s->head.note, s->head.note_len),
		bkt_store_key_public(key), &text, err);

	if (st != BKT_OK)
		return bkt_fail_context(err, st, "the store's own checkpoint");
	return BKT_OK;
}

/* time never runs backwards along the log, whatever the clock does: one that
 * is set right by a little is waited for, one that is wrong is not believed */
static enum bkt_status accept_time(
    const struct bkt_head *head, int64_t *out, struct bkt_err *err)
{
	char now[BKT_TIME_LEN + 1], last[BKT_TIME_LEN + 1];
	int64_t now_utc_s = bkt_now_utc_s();

	if (now_utc_s >= head->time_utc_s - BKT_CLOCK_SKEW_S) {
		*out =
		    now_utc_s > head->time_utc_s ? now_utc_s : head->time_utc_s;
		return BKT_OK;
	}
	bkt_time_format(now_utc_s, now);
	bkt_time_format(head->time_utc_s, last);
	(void)bkt_fail(err, BKT_E_CONFIG,
	    "the clock says %s, but the last entry was accepted at %s", now,
	    last);
	bkt_err_hint(err,
	    "set the clock of this computer right and try again; if it is "
	    "right, the clock was ahead at that entry, and what is written "
	    "waits until that hour; nothing was written");
	return BKT_E_CONFIG;
}

/* who asked looked before the lock was had: another may have been faster. The
 * index is as new as the head by now */
static enum bkt_status nobody_elses(const struct writing *w,
    const struct bkt_document *said, const struct bkt_sha256 *id,
    struct bkt_err *err)
{
	struct bkt_record *found = NULL;
	enum bkt_status st;

	if (strcmp(said->state, "active") != 0)
		return BKT_OK;
	st = bkt_intake_find(w->s, id, w->arena, &found, err);
	if (st == BKT_E_NOTFOUND)
		return BKT_OK;
	if (st != BKT_OK)
		return st;
	(void)bkt_fail(err, BKT_E_EXISTS,
	    "this content is document %s already, added meanwhile",
	    found->u.document.document);
	bkt_err_hint(err, "link that one instead: bukti link %s --indicator N",
	    found->u.document.document);
	return BKT_E_EXISTS;
}

/* a record without its content would be missing evidence from its first day */
static enum bkt_status content_there(void *ctx, size_t item,
    const struct bkt_document *said, const struct bkt_sha256 *id, bool had,
    struct bkt_err *err)
{
	const struct writing *w = ctx;
	const struct bkt_staged *staged = w->items[item].staged;
	enum bkt_status st;
	uint64_t n = 0;
	BKT_AUTO_FD fd = -1;

	BKT_TRY(nobody_elses(w, said, id, err));
	if (had || (staged && bkt_sha256_eq(&staged->id, id) &&
		       staged->size_bytes == said->size))
		return BKT_OK;
	st = bkt_objects_open_unverified(w->s->objects, id, &fd, &n, err);
	if (bkt_is_fault(st))
		return st;
	if (st == BKT_OK && n == said->size)
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_POLICY,
	    "the content that the record names is not in the store");
	bkt_err_hint(err, "hand in the file with it: bukti add, bukti replace");
	return BKT_E_POLICY;
}

static enum bkt_status judge(
    struct writing *w, const struct bkt_frontier *frontier, struct bkt_err *err)
{
	struct bkt_submission *subs =
	    bkt_arena_alloc(w->arena, w->n * sizeof(*subs));
	/* the index is not believed, not even about numbers */
	struct bkt_tree_source tree = { bkt_ledger_git(w->s->ledger),
		w->s->head.tree };
	const struct bkt_source source = bkt_source_of_tree(&tree);

	w->results = bkt_arena_alloc(w->arena, w->n * sizeof(*w->results));
	if (!subs || !w->results)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	for (size_t i = 0; i < w->n; i++)
		subs[i] = w->items[i].sub;
	w->first_index = frontier->size;
	BKT_TRY(bkt_state_at(bkt_ledger_git(w->s->ledger), &w->s->head.tree,
	    frontier, &w->state, err));
	return bkt_receive(w->state, subs, w->n, &source, content_there, w,
	    w->now_utc_s, w->s->certs, w->arena, w->results, err);
}

/* what is in the store already is asked of the index */
static enum bkt_status let_in(struct writing *w, struct bkt_err *err)
{
	struct bkt_frontier frontier;
	enum bkt_status st;

	BKT_TRY(store_hold_index(w->s, &frontier, err));
	st = judge(w, &frontier, err);
	bkt_index_rollback(w->s->index);
	return st;
}

static enum bkt_status collect(struct writing *w, struct bkt_err *err)
{
	w->opened = bkt_arena_alloc(w->arena, w->n * sizeof(*w->opened));
	w->lists = bkt_arena_alloc(w->arena, w->n * sizeof(*w->lists));
	w->counts = bkt_arena_alloc(w->arena, w->n * sizeof(*w->counts));
	if (!w->opened || !w->lists || !w->counts)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	for (size_t i = 0; i < w->n; i++) {
		struct bkt_received *r = &w->results[i];
		struct bkt_item *item = &w->items[i];

		item->status = r->status;
		item->err = r->err;
		if (r->status != BKT_OK)
			continue;
		w->lists[w->n_in] = r->files;
		w->counts[w->n_in] = r->n_files;
		w->opened[w->n_in] = r->opened;
		item->index = w->first_index + w->n_in;
		item->sha256 = r->opened.sha256;
		w->n_in++;
	}
	return BKT_OK;
}

static enum bkt_status settle_objects(struct writing *w, struct bkt_err *err)
{
	struct bkt_staged **staged =
	    bkt_arena_alloc(w->arena, w->n * sizeof(struct bkt_staged *));
	size_t n = 0;

	if (!staged)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	for (size_t i = 0; i < w->n; i++) {
		if (w->items[i].status == BKT_OK && w->items[i].staged)
			staged[n++] = w->items[i].staged;
	}
	if (n == 0)
		return BKT_OK;
	return bkt_objects_settle(w->s->objects, staged, n, err);
}

static enum bkt_status write_commit(struct writing *w, const bkt_store_key *key,
    const char *title, struct bkt_oid *commit, struct bkt_err *err)
{
	BKT_AUTO(bkt_gitdb_free) bkt_gitdb *git = NULL;
	struct commit_plan p = { .parent = &w->s->head.commit,
		.parent_tree = &w->s->head.tree,
		.key = key,
		.origin = w->s->origin,
		.title = title,
		.first_index = w->first_index,
		.opened = w->opened,
		.n = w->n_in,
		.frontier = bkt_state_frontier(w->state),
		.time_utc_s = w->now_utc_s };
	struct bkt_oid tree;

	BKT_TRY(files_join(
	    w->lists, w->counts, w->n_in, w->arena, &p.files, &p.n_files, err));
	BKT_TRY(bkt_gitdb_beside(bkt_ledger_git(w->s->ledger), &git, err));
	p.git = git;
	return commit_write(&p, commit, &tree, err);
}

static enum bkt_status feed_own(
    struct writing *w, const struct bkt_oid *commit, struct bkt_err *err)
{
	for (size_t i = 0; i < w->n_in; i++) {
		const struct bkt_opened *o = &w->opened[i];
		struct feed_entry e = { .index = w->first_index + i,
			.rec = o->rec,
			.bytes = o->sub->record,
			.record = o->sha256,
			.leaf = o->leaf,
			.commit = *commit,
			.accepted_utc_s = w->now_utc_s };

		BKT_TRY(feed_put(w->s->index, &e, w->arena, err));
	}
	return feed_mark(
	    w->s->index, commit, bkt_state_frontier(w->state), err);
}

/* the batch is in whether or not the index learns of it now, or the packs are
 * tidied: what fails here is made good at the next opening or writing */
static void after_commit(struct writing *w, const struct bkt_oid *commit)
{
	BKT_AUTO(bkt_gitdb_free) bkt_gitdb *git = NULL;
	struct bkt_err why = { 0 };
	enum bkt_status st =
	    bkt_gitdb_beside(bkt_ledger_git(w->s->ledger), &git, &why);

	if (st == BKT_OK)
		st = bkt_gitdb_tidy(git, &why);
	if (st != BKT_OK) {
		bkt_err_hint(&why, "the next writing tries again; is there "
				   "room on the disk: df -h");
		store_trouble(w->s, &why,
		    "what was said is in the log, but the packs could not be "
		    "tidied");
	}
	if (bkt_index_begin(w->s->index, NULL) != BKT_OK)
		return;
	if (feed_own(w, commit, NULL) != BKT_OK ||
	    bkt_index_commit(w->s->index, NULL) != BKT_OK)
		bkt_index_rollback(w->s->index);
}

/* written, but this handle could not look at it again */
static enum bkt_status forget(bkt_store *s)
{
	s->head.checkpoint.size = 0;
	return BKT_OK;
}

static enum bkt_status write_batch(
    struct writing *w, unsigned flags, const char *title, struct bkt_err *err)
{
	BKT_AUTO(bkt_store_key_free) bkt_store_key *key = NULL;
	struct bkt_oid commit;

	BKT_TRY(bkt_objects_clean(w->s->objects, NULL, err));
	BKT_TRY(store_refresh(w->s, err));
	BKT_TRY(store_key_read(w->s->dir, w->s->origin, &key, err));
	BKT_TRY(check_head(w->s, key, err));
	BKT_TRY(accept_time(&w->s->head, &w->now_utc_s, err));
	BKT_TRY(let_in(w, err));
	BKT_TRY(collect(w, err));
	if (w->n_in == 0)
		return BKT_OK;
	if ((flags & BKT_ALL_OR_NOTHING) && w->n_in < w->n)
		return bkt_fail(err, BKT_E_FINDINGS,
		    "%zu of %zu records were refused; nothing was written",
		    w->n - w->n_in, w->n);
	BKT_TRY(settle_objects(w, err));
	BKT_TRY(write_commit(w, key, title, &commit, err));
	after_commit(w, &commit);
	return store_refresh(w->s, NULL) == BKT_OK ? BKT_OK : forget(w->s);
}

enum bkt_status bkt_store_submit(bkt_store *s, struct bkt_item *items, size_t n,
    unsigned flags, const char *title, struct bkt_err *err)
{
	struct writing w = { .s = s, .items = items, .n = n };
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = NULL;
	BKT_AUTO_FD lock = -1;
	enum bkt_status st;

	if (n == 0)
		return BKT_OK;
	if (n > BKT_BATCH_MAX)
		return bkt_fail(err, BKT_E_LIMIT,
		    "%zu records in one batch, at most %d", n, BKT_BATCH_MAX);
	w.arena = arena = bkt_arena_new(BATCH_ARENA_MAX);
	if (!arena)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	BKT_TRY(store_lock(s, &lock, err));
	st = write_batch(&w, flags, title, err);
	bkt_state_free(w.state);
	return st;
}
