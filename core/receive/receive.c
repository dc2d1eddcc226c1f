/* The one gate: open in parallel, judge one after the other. */
#include "bukti/receive.h"

#include <string.h>

#include "bukti/assess.h"

#define WORKERS_MAX 64
#define WORKER_ARENA_MAX ((size_t)1 << 30)

struct opening {
	const struct bkt_submission *subs;
	struct bkt_received *results;
	bkt_certs *certs;
	bkt_arena *arenas[WORKERS_MAX]; /* one a worker: not shared */
};

static enum bkt_status open_one(
    void *ctx, size_t item, unsigned worker, struct bkt_err *err)
{
	struct opening *o = ctx;
	struct bkt_received *r = &o->results[item];

	if (o->subs[item].opened) {
		r->opened = *o->subs[item].opened;
		r->opened.sub = &o->subs[item];
		r->status = BKT_OK;
		return BKT_OK;
	}
	if (!o->arenas[worker])
		o->arenas[worker] = bkt_arena_new(WORKER_ARENA_MAX);
	if (!o->arenas[worker])
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	r->status = bkt_open_submission(
	    &o->subs[item], o->certs, o->arenas[worker], &r->opened, &r->err);
	if (!bkt_is_fault(r->status))
		return BKT_OK;
	if (err)
		*err = r->err;
	return r->status;
}

static enum bkt_status open_all(
    struct opening *o, size_t n, bkt_arena *arena, struct bkt_err *err)
{
	enum bkt_status st = bkt_parallel(0, n, open_one, o, err);

	for (size_t i = 0; i < WORKERS_MAX; i++) {
		if (o->arenas[i])
			bkt_arena_adopt(arena, o->arenas[i]);
	}
	return st;
}

struct gate {
	bkt_state *s;
	const struct bkt_source *source;
	int64_t now_utc_s;
	size_t n;
	bkt_content_fn content; /* may be NULL */
	void *ctx;
	bkt_arena *arena;
	bkt_map *paths;        /* of what this batch has let in */
	struct bkt_err damage; /* of the records that source has */
};

/* the records below a release do not hold: nothing about the release */
static enum bkt_status source_met(
    struct gate *g, enum bkt_status st, struct bkt_err *err)
{
	if (st != BKT_E_FORMAT && st != BKT_E_SEAL && st != BKT_E_TAMPERED &&
	    st != BKT_E_MISSING)
		return st;
	(void)bkt_fail(&g->damage, BKT_E_TAMPERED,
	    "the store's own records: %s",
	    err ? err->msg : bkt_status_name(st));
	bkt_err_hint(&g->damage, "what is damaged: bukti verify --cold");
	return st;
}

/* the numbers in a release are recomputed, never taken */
static enum bkt_status check_release(
    struct gate *g, const struct bkt_record *rec, struct bkt_err *err)
{
	BKT_AUTO(bkt_assess_free) bkt_assess *a = NULL;
	enum bkt_status st;

	if (g->n != 1)
		return bkt_fail(
		    err, BKT_E_POLICY, "a release must be alone in its batch");
	if (!g->source)
		return bkt_fail(
		    err, BKT_E_POLICY, "a release cannot be checked here");
	st = bkt_assess_cycle(g->source, rec->u.release.cycle, NULL, &a, err);
	if (st != BKT_OK)
		return source_met(g, st, err);
	return bkt_assess_release_check(a, &rec->u.release, err);
}

/* content that the document had before was asked for then, and may be erased
 * by now; but while it was withdrawn another may have taken it */
static enum bkt_status check_content(const struct gate *g, size_t item,
    const struct bkt_record *rec, struct bkt_err *err)
{
	const struct bkt_document *d = &rec->u.document;
	const struct bkt_current *before = NULL;
	struct bkt_sha256 id;
	enum bkt_status st;
	bool had;

	if (!g->content || rec->kind != BKT_KIND_DOCUMENT)
		return BKT_OK;
	if (!bkt_unhex(d->sha256, id.b, sizeof(id.b)))
		return bkt_fail(err, BKT_E_FORMAT, "bad content digest");
	st = bkt_state_get(g->s, rec->path, &before, err);
	if (st != BKT_OK && st != BKT_E_NOTFOUND)
		return st;
	had = st == BKT_OK && bkt_sha256_eq(&before->content, &id);
	if (had && (before->active || strcmp(d->state, "active") != 0))
		return BKT_OK;
	return g->content(g->ctx, item, d, &id, had, err);
}

static enum bkt_status judge_one(
    struct gate *g, struct bkt_received *r, size_t item, struct bkt_err *err)
{
	const struct bkt_record *rec = r->opened.rec;

	if (bkt_map_get(g->paths, rec->path))
		return bkt_fail(err, BKT_E_CONFLICT,
		    "'%s' is twice in one batch", rec->path);
	BKT_TRY(bkt_judge(g->s, &r->opened, bkt_state_frontier(g->s)->size,
	    g->now_utc_s, err));
	if (rec->kind == BKT_KIND_RELEASE)
		BKT_TRY(check_release(g, rec, err));
	BKT_TRY(check_content(g, item, rec, err));
	BKT_TRY(bkt_state_files(
	    g->s, &r->opened, g->arena, &r->files, &r->n_files, err));
	return bkt_map_set(g->paths, rec->path, r, err);
}

/* was it the store that did not hold, and not what was to enter */
static enum bkt_status ground_holds(const struct gate *g, struct bkt_err *err)
{
	if (g->damage.status == BKT_OK)
		return bkt_state_damage(g->s, err);
	if (err)
		*err = g->damage;
	return g->damage.status;
}

enum bkt_status bkt_receive(bkt_state *s, const struct bkt_submission *subs,
    size_t n, const struct bkt_source *source, bkt_content_fn content,
    void *ctx, int64_t now_utc_s, bkt_certs *certs, bkt_arena *arena,
    struct bkt_received *results, struct bkt_err *err)
{
	struct opening o = { .subs = subs, .results = results, .certs = certs };
	BKT_AUTO(bkt_map_free) bkt_map *paths = bkt_map_new();
	struct gate g = { .s = s,
		.source = source,
		.now_utc_s = now_utc_s,
		.n = n,
		.content = content,
		.ctx = ctx,
		.arena = arena,
		.paths = paths };

	if (!paths)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	if (n > BKT_BATCH_MAX)
		return bkt_fail(err, BKT_E_LIMIT,
		    "%zu records in one batch, at most %d", n, BKT_BATCH_MAX);
	BKT_TRY(open_all(&o, n, arena, err));
	for (size_t i = 0; i < n; i++) {
		struct bkt_received *r = &results[i];

		if (r->status != BKT_OK)
			continue;
		r->status = judge_one(&g, r, i, &r->err);
		if (r->status != BKT_OK)
			BKT_TRY(ground_holds(&g, err));
		if (r->status == BKT_OK)
			BKT_TRY(bkt_state_apply(s, &r->opened, err));
		if (bkt_is_fault(r->status) && r->status != BKT_E_CONFLICT) {
			if (err)
				*err = r->err;
			return r->status;
		}
	}
	return BKT_OK;
}
