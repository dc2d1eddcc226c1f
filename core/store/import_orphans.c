/*
 * A document enters for what it supports: when none of its links would be let
 * in, it stays out as well. Judged ahead, for what is in stays in.
 */
#include "import.h"

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

static const char *document_of(const struct made *m)
{
	return m->link ? m->rec->u.link.document : m->rec->u.document.document;
}

/* the documents of this round that would enter without a link */
static enum bkt_status find_orphans(
    const struct round *r, bkt_map *orphans, struct bkt_err *err)
{
	for (size_t i = 0; i < r->n; i++) {
		struct made *m = &r->made[i];

		if (!m->link && r->items[i].status == BKT_OK)
			BKT_TRY(bkt_map_set(orphans, document_of(m), m, err));
	}
	for (size_t i = 0; i < r->n; i++) {
		const struct made *m = &r->made[i];

		if (m->link && r->items[i].status == BKT_OK)
			(void)bkt_map_remove(orphans, document_of(m));
	}
	return BKT_OK;
}

static enum bkt_status leave_out(struct round *r, size_t i, struct bkt_err *err)
{
	const struct made *m = &r->made[i];

	if (m->link)
		return import_bad(r->m, m->link->line, &r->items[i].err, err);
	return import_leave_out(r->m, &m->rec->u.document, err);
}

static bool any_document(const struct round *r)
{
	for (size_t i = 0; i < r->n; i++) {
		if (!r->made[i].link)
			return true;
	}
	return false;
}

static enum bkt_status rehearse(
    struct round *r, bkt_state *state, bkt_arena *arena, struct bkt_err *err)
{
	BKT_AUTO(bkt_map_free) bkt_map *orphans = bkt_map_new();
	size_t kept = 0;

	if (!orphans)
		return nomem(err);
	BKT_TRY(bkt_store_rehearse(r->m->s, state, r->items, r->n, arena, err));
	BKT_TRY(find_orphans(r, orphans, err));
	for (size_t i = 0; i < r->n; i++) {
		if (bkt_map_get(orphans, document_of(&r->made[i]))) {
			BKT_TRY(leave_out(r, i, err));
			continue;
		}
		r->items[kept] = r->items[i];
		r->made[kept++] = r->made[i];
	}
	r->n = kept;
	return BKT_OK;
}

enum bkt_status import_rehearse(struct round *r, struct bkt_err *err)
{
	bkt_state *state = NULL;
	enum bkt_status st;

	if (r->m->o->dry_run)
		return rehearse(r, r->m->rehearsal, r->m->arena, err);
	if (!any_document(r))
		return BKT_OK;
	BKT_TRY(bkt_store_state(r->m->s, &state, err));
	st = rehearse(r, state, r->arena, err);
	bkt_state_free(state);
	return st;
}
