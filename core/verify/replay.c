/*
 * The chain in windows: commits are read in parallel, then their entries'
 * signatures are checked in parallel, then all is judged in log order.
 */
#include <string.h>

#include "private.h"

#define WINDOW_MAX 256
#define WINDOW_FIRST 8
#define WINDOW_ENTRIES 2048 /* aimed at: bounds memory */
#define WORK_ARENA_MAX ((size_t)1 << 30)

struct flat { /* entries of the window, one after the other */
	struct work *work;
	size_t entry;
};
struct window {
	struct run *r;
	struct work *works;
	size_t n;
	struct flat *flat;
	size_t n_flat;
	bkt_arena *arenas[64]; /* one a worker */
};

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

enum bkt_status work_signatures(
    struct work *w, const struct bkt_note_key *key, struct bkt_err *err)
{
	const struct bkt_commit *c = &w->batch.commit;
	struct bkt_span text;
	enum bkt_status st;

	st = bkt_sshsig_verify(c->signature, c->payload, key->pub, err);
	if (st != BKT_OK)
		return bkt_fail_context(err, st, "the commit's signature");
	st = bkt_note_verify(w->batch.checkpoint, key, &text, err);
	if (st == BKT_OK)
		st = bkt_checkpoint_parse(text, &w->checkpoint, err);
	if (st != BKT_OK)
		return bkt_fail_context(err, st, "log/checkpoint");
	return BKT_OK;
}

static enum bkt_status read_one(
    void *ctx, size_t item, unsigned worker, struct bkt_err *err)
{
	struct window *win = ctx;
	struct work *w = &win->works[item];
	const bkt_gitdb *git = bkt_ledger_git(win->r->ledger);

	(void)worker;
	(void)err;
	w->status = run_finding(bkt_batch_read_told(
	    git, w->oid, w->arena, &w->batch, &w->bad, &w->err));
	if (w->status != BKT_OK)
		w->batch.n_entries = 0;
	else if (win->r->has_key)
		w->status = work_signatures(w, &win->r->key, &w->err);
	return BKT_OK;
}

static enum bkt_status open_one(
    void *ctx, size_t item, unsigned worker, struct bkt_err *err)
{
	struct window *win = ctx;
	struct work *w = win->flat[item].work;
	size_t i = win->flat[item].entry;
	enum bkt_status st;

	st = run_finding(
	    bkt_open_submission(&w->batch.entries[i].sub, win->r->certs,
		win->arenas[worker], &w->opened[i], &w->entry_err[i]));
	w->entry_status[i] = st;
	if (bkt_verdict_of(st) != BKT_UNDETERMINED)
		return BKT_OK;
	if (err)
		*err = w->entry_err[i];
	return st;
}

static enum bkt_status make_flat(struct window *win, struct bkt_err *err)
{
	size_t n = 0;

	for (size_t k = 0; k < win->n; k++)
		n += win->works[k].batch.n_entries;
	win->flat = bkt_malloc((n + 1) * sizeof(*win->flat));
	if (!win->flat)
		return nomem(err);
	for (size_t k = 0; k < win->n; k++) {
		struct work *w = &win->works[k];
		size_t entries = w->batch.n_entries;

		w->opened =
		    bkt_arena_alloc(w->arena, entries * sizeof(*w->opened));
		w->entry_status = bkt_arena_alloc(
		    w->arena, entries * sizeof(*w->entry_status));
		w->entry_err =
		    bkt_arena_alloc(w->arena, entries * sizeof(*w->entry_err));
		if (!w->opened || !w->entry_status || !w->entry_err)
			return nomem(err);
		for (size_t i = 0; i < entries; i++)
			win->flat[win->n_flat++] = (struct flat){ w, i };
	}
	return BKT_OK;
}

static void stopped_at(struct run *r, const struct bkt_oid *commit, size_t left)
{
	char hex[41];

	bkt_oid_hex(commit, hex);
	report_note(r,
	    "the rest of commit %.12s and the %zu commits after it were not "
	    "looked at, nor the contents that they name",
	    hex, left);
	r->stopped = true;
}

/* a commit that cannot be read ends what can be told of the log */
static enum bkt_status unreadable(
    struct run *r, struct work *w, size_t left, struct bkt_err *err)
{
	if (bkt_verdict_of(w->status) == BKT_UNDETERMINED) {
		if (err)
			*err = w->err;
		return w->status;
	}
	report_add(r, w->status, w->bad.path ? w->bad.path : "",
	    w->bad.path ? (int64_t)w->bad.index : -1, w->oid, w->err.msg);
	stopped_at(r, w->oid, left);
	return BKT_OK;
}

static enum bkt_status judge_window(
    struct window *win, size_t done, struct bkt_err *err)
{
	struct run *r = win->r;

	for (size_t k = 0; k < win->n && !r->stopped; k++) {
		struct work *w = &win->works[k];

		if (w->batch.n_entries == 0)
			BKT_TRY(
			    unreadable(r, w, r->n_chain - done - k - 1, err));
		else
			BKT_TRY(work_judge(r, w, err));
	}
	if (!bkt_progress_tell(r->o->progress, "log",
		bkt_state_frontier(r->state)->size, r->n_total))
		return bkt_fail(err, BKT_E_INTERRUPTED, "interrupted");
	return BKT_OK;
}

static enum bkt_status run_stages(
    struct window *win, size_t done, struct bkt_err *err)
{
	unsigned threads = win->r->o->n_threads;

	BKT_TRY(bkt_parallel(threads, win->n, read_one, win, err));
	BKT_TRY(make_flat(win, err));
	BKT_TRY(bkt_parallel(threads, win->n_flat, open_one, win, err));
	return judge_window(win, done, err);
}

static enum bkt_status one_window(
    struct window *win, size_t done, size_t size, struct bkt_err *err)
{
	enum bkt_status st;

	win->n = size;
	win->n_flat = 0;
	for (size_t k = 0; k < size; k++) {
		bkt_arena *arena = win->works[k].arena;

		memset(&win->works[k], 0, sizeof(win->works[k]));
		win->works[k].arena = arena;
		win->works[k].oid = &win->r->chain[done + k];
	}
	st = run_stages(win, done, err);
	bkt_free(win->flat);
	win->flat = NULL;
	for (size_t k = 0; k < size; k++)
		bkt_arena_clear(win->works[k].arena);
	for (size_t i = 0; i < 64; i++)
		bkt_arena_clear(win->arenas[i]);
	return st;
}

/* as many commits as keep the window near its aim in entries */
static size_t next_size(const struct window *win, size_t left)
{
	size_t size = WINDOW_FIRST;

	if (win->n > 0 && win->n_flat > 0)
		size = win->n * WINDOW_ENTRIES / win->n_flat;
	else if (win->n == 0 && !win->r->has_key)
		size = 1; /* the genesis commit brings the key */
	if (size > win->n * 4 && win->n > 0)
		size = win->n * 4;
	if (size > WINDOW_MAX)
		size = WINDOW_MAX;
	if (size < 2 && win->r->has_key)
		size = 2;
	return size < left ? size : left;
}

static enum bkt_status windows(struct window *win, struct bkt_err *err)
{
	struct run *r = win->r;
	size_t done = 0;

	while (done < r->n_chain && !r->stopped) {
		size_t size = next_size(win, r->n_chain - done);

		BKT_TRY(one_window(win, done, size, err));
		done += size;
	}
	return BKT_OK;
}

static enum bkt_status make_arenas(struct window *win, struct bkt_err *err)
{
	win->works = bkt_calloc(WINDOW_MAX, sizeof(*win->works));
	if (!win->works)
		return nomem(err);
	for (size_t k = 0; k < WINDOW_MAX; k++) {
		win->works[k].arena = bkt_arena_new(WORK_ARENA_MAX);
		if (!win->works[k].arena)
			return nomem(err);
	}
	for (size_t i = 0; i < 64; i++) {
		win->arenas[i] = bkt_arena_new(WORK_ARENA_MAX);
		if (!win->arenas[i])
			return nomem(err);
	}
	return BKT_OK;
}

enum bkt_status replay(struct run *r, struct bkt_err *err)
{
	struct window win = { .r = r };
	enum bkt_status st = make_arenas(&win, err);

	if (st == BKT_OK)
		st = windows(&win, err);
	for (size_t k = 0; win.works && k < WINDOW_MAX; k++)
		bkt_arena_free(win.works[k].arena);
	for (size_t i = 0; i < 64; i++)
		bkt_arena_free(win.arenas[i]);
	bkt_free(win.works);
	return st;
}
