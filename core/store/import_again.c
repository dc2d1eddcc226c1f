/*
 * What another process put into the store between the looking and the writing:
 * such rows end as they would have, had the two run one after the other.
 */
#include "import.h"

#include <string.h>

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

/* the document that was refused is the one that has its content by now */
static enum bkt_status found_meanwhile(
    struct import *m, const struct bkt_record *refused, struct bkt_err *err)
{
	const struct bkt_document *d = &refused->u.document;
	struct bkt_sha256 content;
	struct bkt_record *found;

	if (!bkt_unhex(d->sha256, content.b, sizeof(content.b)))
		return bkt_fail(err, BKT_E_FORMAT, "bad content digest");
	BKT_TRY(bkt_intake_find(m->s, &content, m->arena, &found, err));
	BKT_TRY(import_keep_known(m, d->sha256, found->u.document.document,
	    &found->u.document, NULL, err));
	return bkt_map_set(m->replaced, d->document, found, err);
}

/* for a link that was refused: of which document, NULL when it stays refused */
static const char *meant(const struct import *m, const struct bkt_record *link,
    enum bkt_status refused)
{
	const struct bkt_record *other =
	    bkt_map_get(m->replaced, link->u.link.document);

	if (other)
		return other->u.document.document;
	return refused == BKT_E_CONFLICT ? link->u.link.document : NULL;
}

/* what is there by now may be told of in other words than the row's */
static enum bkt_status agrees_now(
    struct import *m, const struct made *was, bool *agrees, struct bkt_err *err)
{
	const struct bkt_record *other =
	    bkt_map_get(m->replaced, was->rec->u.link.document);
	struct known now = { .of = NULL };
	struct bkt_err why;
	enum bkt_status st;

	*agrees = true;
	if (!other)
		return BKT_OK;
	now.id = other->u.document.document;
	now.says = &other->u.document;
	st = import_agrees(was->file, &now, m->arena, &why);
	*agrees = st == BKT_OK;
	if (st == BKT_E_USAGE)
		return import_bad(m, was->link->line, &why, err);
	if (st != BKT_OK && err)
		*err = why;
	return st;
}

static enum bkt_status link_again(struct round *again, const struct made *was,
    const char *document, bool *done, struct bkt_err *err)
{
	struct import *m = again->m;
	struct bkt_item *item = &again->items[again->n];
	struct bkt_link said = was->rec->u.link;
	struct bkt_record *rec;

	said.document = document;
	BKT_TRY(bkt_intake_link(
	    m->o->cycle, was->link->indicator, &said, again->arena, &rec, err));
	BKT_TRY(import_link_known(again, was->file, was->link, rec, done, err));
	if (*done)
		return BKT_OK;
	*item = (struct bkt_item){ .status = BKT_OK };
	BKT_TRY(
	    bkt_store_seal(rec, &m->o->hand, 1, again->arena, &item->sub, err));
	again->made[again->n++] =
	    (struct made){ rec, was->file, was->link, false };
	return BKT_OK;
}

static enum bkt_status take_again(
    struct round *r, struct round *again, bool *all_there, struct bkt_err *err)
{
	struct import *m = r->m;

	*all_there = true;
	for (size_t i = 0; i < r->n; i++) {
		struct made *was = &r->made[i];

		if (was->link || r->items[i].status != BKT_E_EXISTS)
			continue;
		BKT_TRY(found_meanwhile(m, was->rec, err));
		m->result->n_reused++;
		was->settled = true;
	}
	for (size_t i = 0; i < r->n; i++) {
		struct made *was = &r->made[i];
		const char *document;
		bool done = true, agrees;

		if (!was->link || r->items[i].status == BKT_OK)
			continue;
		document = meant(m, was->rec, r->items[i].status);
		if (!document)
			continue;
		BKT_TRY(agrees_now(m, was, &agrees, err));
		if (agrees)
			BKT_TRY(link_again(again, was, document, &done, err));
		was->settled = true;
		if (!done)
			*all_there = false;
	}
	return BKT_OK;
}

enum bkt_status import_again(
    struct round *r, struct round *again, struct bkt_err *err)
{
	bool all_there;

	*again = (struct round){
		.m = r->m, .arena = r->arena, .at_utc_s = bkt_now_utc_s()
	};
	again->made =
	    bkt_arena_alloc(r->arena, (r->n + 1) * sizeof(*again->made));
	again->items =
	    bkt_arena_alloc(r->arena, (r->n + 1) * sizeof(*again->items));
	if (!again->made || !again->items)
		return nomem(err);
	BKT_TRY(take_again(r, again, &all_there, err));
	if (all_there)
		return BKT_OK;
	return bkt_store_submit(
	    r->m->s, again->items, again->n, 0, "import evidence", err);
}
