/* Each record: signatures, place in the log, and the right to say it. */
#include <string.h>

#include "inspect.h"

struct opening {
	struct inspection *x;
	bkt_certs *certs;
	struct bkt_opened *opened;
	enum bkt_status *status;
	struct bkt_err *why;
	bkt_arena *arenas[64];
};

static enum bkt_status prove(struct inspection *x, const struct pk_record *r,
    const struct bkt_opened *o, struct bkt_err *err)
{
	const struct bkt_checkpoint *cp = &x->report->checkpoint;
	enum bkt_status st = bkt_inclusion_verify(
	    &o->leaf, r->index, cp->size, &r->proof, &cp->root, err);

	if (st != BKT_OK)
		return bkt_fail_context(err, st, "proof of inclusion");
	return BKT_OK;
}

static enum bkt_status open_one(
    void *ctx, size_t item, unsigned worker, struct bkt_err *err)
{
	struct opening *o = ctx;
	const struct pk_record *r = &o->x->in.records[item];
	enum bkt_status st;

	if (!o->arenas[worker])
		o->arenas[worker] = bkt_arena_new((size_t)1 << 30);
	if (!o->arenas[worker])
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	st = bkt_open_submission(&r->sub, o->certs, o->arenas[worker],
	    &o->opened[item], &o->why[item]);
	if (st == BKT_OK)
		st = prove(o->x, r, &o->opened[item], &o->why[item]);
	o->status[item] = st;
	if (bkt_verdict_of(st) != BKT_UNDETERMINED)
		return BKT_OK;
	if (err)
		*err = o->why[item];
	return st;
}

/*
 * The path of the last leaf of a tree is the right edge of the tree before
 * it: with the release's own proof its log_root can be checked.
 */
static void edge_before(const struct pk_record *r, struct bkt_frontier *out)
{
	bkt_frontier_init(out);
	if (r->proof.n > 63)
		return;
	out->size = r->index;
	for (unsigned i = 0; i < r->proof.n; i++)
		out->node[i] = r->proof.node[r->proof.n - 1 - i];
}

static int64_t signed_last(const struct bkt_opened *o)
{
	int64_t last = o->rec->at_utc_s;

	for (size_t i = 0; i < o->sub->n_seals; i++) {
		if (o->seals[i].signing_time_utc_s > last)
			last = o->seals[i].signing_time_utc_s;
	}
	return last;
}

static enum bkt_status judge_one(struct inspection *x, bkt_state *state,
    const struct pk_record *r, const struct bkt_opened *o, struct bkt_err *why,
    struct bkt_err *err)
{
	struct bkt_frontier edge;
	enum bkt_status st;

	if (r->sub.parsed->kind == BKT_KIND_RELEASE &&
	    r->index + 1 == x->report->checkpoint.size) {
		edge_before(r, &edge);
		bkt_state_set_frontier(state, &edge);
	}
	if (!pk_belongs(o->rec->path, x->in.cycle) &&
	    o->rec->kind != BKT_KIND_RULEBOOK &&
	    o->rec->kind != BKT_KIND_DOCUMENT &&
	    o->rec->kind != BKT_KIND_HOLD && o->rec->kind != BKT_KIND_ERASURE)
		return bkt_fail(why, BKT_E_FORMAT,
		    "'%s' does not belong in this package", o->rec->path);
	st = bkt_judge(state, o, r->index, signed_last(o), why);
	if (st == BKT_OK)
		BKT_TRY(bkt_state_apply(state, o, err));
	return st;
}

/* spoke of a log that is not here; the release that counts is the last one,
 * and that one is always judged */
static bool earlier_release(
    const struct inspection *x, const struct pk_record *r)
{
	const struct bkt_record *rec = r->sub.parsed;

	if (rec->kind != BKT_KIND_RELEASE ||
	    strcmp(rec->u.release.cycle, x->in.cycle) != 0)
		return false;
	while (++r < x->in.records + x->in.n) {
		if (strcmp(r->sub.parsed->path, rec->path) == 0)
			return true;
	}
	return false;
}

static enum bkt_status judge_all(struct inspection *x, bkt_state *state,
    const struct opening *o, struct bkt_err *err)
{
	for (size_t i = 0; i < x->in.n; i++) {
		const struct pk_record *r = &x->in.records[i];
		struct bkt_err why = o->why[i];
		enum bkt_status st = o->status[i];

		x->report->n_seals += r->sub.n_seals;
		if (st == BKT_OK && earlier_release(x, r)) {
			inspect_unchecked(x,
			    "an earlier release of the cycle, which a later "
			    "one replaced");
			BKT_TRY(bkt_state_apply(state, &o->opened[i], err));
			continue;
		}
		if (st == BKT_OK)
			st = judge_one(x, state, r, &o->opened[i], &why, err);
		if (st == BKT_OK)
			continue;
		if (bkt_verdict_of(st) == BKT_UNDETERMINED) {
			if (err)
				*err = why;
			return st;
		}
		inspect_add(
		    x, st, r->sub.parsed->path, (int64_t)r->index, why.msg);
	}
	return BKT_OK;
}

static enum bkt_status open_and_judge(struct inspection *x, struct opening *o,
    bkt_state *state, struct bkt_err *err)
{
	size_t n = x->in.n;

	o->opened = bkt_arena_alloc(x->arena, n * sizeof(*o->opened));
	o->status = bkt_arena_alloc(x->arena, n * sizeof(*o->status));
	o->why = bkt_arena_alloc(x->arena, n * sizeof(*o->why));
	if (!o->opened || !o->status || !o->why)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	BKT_TRY(bkt_parallel(x->o->n_threads, n, open_one, o, err));
	return judge_all(x, state, o, err);
}

enum bkt_status inspect_records(
    struct inspection *x, bkt_state *state, struct bkt_err *err)
{
	struct opening o = { .x = x };
	enum bkt_status st = bkt_certs_new(&o.certs, err);

	if (st == BKT_OK)
		st = open_and_judge(x, &o, state, err);
	for (size_t i = 0; i < 64; i++)
		bkt_arena_free(o.arenas[i]);
	bkt_certs_free(o.certs);
	return st;
}
