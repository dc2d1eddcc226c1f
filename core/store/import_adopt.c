/*
 * The same content under two names is one document, made for the first of
 * them. When that one stays out, the other had its links made to a document
 * that never comes: it becomes the document itself.
 */
#include "import.h"

#include <string.h>

struct adopting {
	struct round *r;
	struct made *made;
	struct bkt_item *items;
	size_t n;
};

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

enum bkt_status import_leave_out(
    struct import *m, const struct bkt_document *d, struct bkt_err *err)
{
	const struct known *k = bkt_map_get(m->by_content, d->sha256);

	/* a later round may have taken it up already */
	if (k && strcmp(k->id, d->document) == 0)
		(void)bkt_map_remove(m->by_content, d->sha256);
	(void)bkt_map_remove(m->adopted, d->sha256);
	return bkt_map_set(m->left_out, d->document, m, err);
}

static const struct known *adopted(
    const struct import *m, const struct bkt_document *d)
{
	const struct known *k = bkt_map_get(m->adopted, d->sha256);

	return k && strcmp(k->id, d->document) != 0 ? k : NULL;
}

static bool concerned(const struct import *m, const struct made *was)
{
	const char *id;

	if (!was->link)
		return adopted(m, &was->rec->u.document) != NULL;
	id = was->rec->u.link.document;
	return !was->file->refused &&
	       (bkt_map_get(m->instead, id) || bkt_map_get(m->left_out, id));
}

static struct slot *slot_of(struct round *r, const struct import_file *f)
{
	for (size_t i = 0; i < r->n_files; i++) {
		if (r->slots[i].f == f)
			return &r->slots[i];
	}
	return NULL;
}

static enum bkt_status seal_into(struct adopting *a, struct bkt_record *rec,
    const struct made *was, struct import_link *link, struct bkt_err *err)
{
	struct round *r = a->r;
	struct bkt_item *item = &a->items[a->n];

	*item = (struct bkt_item){ .status = BKT_OK };
	BKT_TRY(
	    bkt_store_seal(rec, &r->m->o->hand, 1, r->arena, &item->sub, err));
	a->made[a->n++] = (struct made){ rec, was->file, link, false };
	return BKT_OK;
}

/* as import_make would have, had the other not been there; *out stays NULL
 * when this file may not enter, which is told */
static enum bkt_status own_document(struct adopting *a, const struct made *was,
    const struct known **out, struct bkt_err *err)
{
	struct import *m = a->r->m;
	struct import_file *f = was->file;
	struct slot *slot = slot_of(a->r, f);
	struct bkt_record *rec;
	struct bkt_file *owned;
	struct bkt_err why;
	enum bkt_status st;
	const char *hex;

	BKT_ASSERT(slot);
	st = bkt_intake_document(m->o->policy, &slot->staged,
	    bkt_path_base(f->file), &f->said, a->r->arena, &rec, &owned, &why);
	if (st == BKT_E_POLICY)
		return import_bad(m, was->link->line, &why, err);
	if (st != BKT_OK) {
		if (err)
			*err = why;
		return st;
	}
	BKT_TRY(import_common(a->r, rec, err));
	BKT_TRY(seal_into(a, rec, was, NULL, err));
	a->items[a->n - 1].sub.owned = owned;
	a->items[a->n - 1].sub.n_owned = 1;
	a->items[a->n - 1].staged = &slot->staged;
	hex = rec->u.document.sha256;
	BKT_TRY(import_keep_known(
	    m, hex, rec->u.document.document, &f->said, f, err));
	*out = bkt_map_get(m->by_content, hex);
	m->result->n_twins--;
	return bkt_map_set(
	    m->adopted, hex, bkt_map_get(m->by_content, hex), err);
}

/* what stands for the document that a link was made to */
static enum bkt_status stands_for(struct adopting *a, const struct made *was,
    const struct known **out, struct bkt_err *err)
{
	struct import *m = a->r->m;
	const char *id = was->rec->u.link.document;
	struct known *k;

	*out = NULL;
	while ((k = bkt_map_get(m->instead, id)) != NULL) {
		*out = k;
		id = k->id;
	}
	if (!bkt_map_get(m->left_out, id))
		return BKT_OK;
	*out = NULL;
	BKT_TRY(own_document(a, was, out, err));
	if (!*out)
		return BKT_OK;
	return bkt_map_set(m->instead, id,
	    bkt_map_get(m->adopted, a->made[a->n - 1].rec->u.document.sha256),
	    err);
}

static enum bkt_status link_to(struct adopting *a, const struct made *was,
    const struct known *k, struct bkt_err *err)
{
	struct import *m = a->r->m;
	struct bkt_link said = was->rec->u.link;
	struct bkt_record *rec;
	struct bkt_err why;
	enum bkt_status st = BKT_OK;
	bool before;

	if (k->of != was->file)
		st = import_agrees(was->file, k, a->r->arena, &why);
	if (st == BKT_E_USAGE)
		return import_bad(m, was->link->line, &why, err);
	if (st != BKT_OK) {
		if (err)
			*err = why;
		return st;
	}
	said.document = k->id;
	BKT_TRY(bkt_intake_link(
	    m->o->cycle, was->link->indicator, &said, a->r->arena, &rec, err));
	BKT_TRY(import_linked_before(a->r, rec->path, was->link, &before, err));
	if (before)
		return BKT_OK;
	BKT_TRY(import_common(a->r, rec, err));
	return seal_into(a, rec, was, was->link, err);
}

static enum bkt_status take(struct adopting *a, size_t i, struct bkt_err *err)
{
	struct import *m = a->r->m;
	const struct made *was = &a->r->made[i];
	const struct known *k = NULL;

	if (!concerned(m, was)) {
		a->items[a->n] = a->r->items[i];
		a->made[a->n++] = *was;
		return BKT_OK;
	}
	if (!was->link) {
		m->result->n_twins++;
		return bkt_map_set(m->instead, was->rec->u.document.document,
		    bkt_map_get(m->adopted, was->rec->u.document.sha256), err);
	}
	BKT_TRY(stands_for(a, was, &k, err));
	return k ? link_to(a, was, k, err) : BKT_OK;
}

enum bkt_status import_adopt(struct round *r, struct bkt_err *err)
{
	struct adopting a = { .r = r };

	if (bkt_map_count(r->m->left_out) == 0)
		return BKT_OK;
	/* each link may bring a document */
	a.made = bkt_arena_alloc(r->arena, (2 * r->n + 1) * sizeof(*a.made));
	a.items = bkt_arena_alloc(r->arena, (2 * r->n + 1) * sizeof(*a.items));
	if (!a.made || !a.items)
		return nomem(err);
	for (size_t i = 0; i < r->n; i++)
		BKT_TRY(take(&a, i, err));
	r->made = a.made;
	r->items = a.items;
	r->n = a.n;
	return BKT_OK;
}
