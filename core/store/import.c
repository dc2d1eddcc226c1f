/* One round of an import: files in, duplicates recognised, records made,
 * sealed on all cores and submitted as one durable batch. */
#include "import.h"

#include <string.h>

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

/* ---- reading --------------------------------------------------------------
 */

static enum bkt_status stage_file(struct import *m, struct slot *slot)
{
	const struct import_file *f = slot->f;
	struct bkt_err *why = &slot->why;
	enum bkt_status st;
	BKT_AUTO_FD fd = -1;

	/* the table is another's word: nothing outside the folder enters */
	st = bkt_file_open_beneath(m->o->dir, f->file, &fd, NULL, why);
	slot->missing = st == BKT_E_NOTFOUND;
	if (slot->missing)
		return BKT_E_USAGE; /* told by import_make */
	if (st != BKT_OK) {
		bkt_err_hint(why, "check that it is a file you may read, and "
				  "lies in the folder itself");
		return BKT_E_USAGE;
	}
	st = bkt_objects_stage(
	    m->s->objects, fd, m->o->policy->max_bytes, &slot->staged, why);
	if (st == BKT_E_POLICY)
		bkt_err_hint(why, "get the file again from who made it");
	if (st == BKT_E_POLICY || st == BKT_E_LIMIT || st == BKT_E_CONFLICT)
		return bkt_fail_context(why, BKT_E_USAGE, "'%s'", f->file);
	return st;
}

enum bkt_status import_stage(
    void *ctx, size_t item, unsigned worker, struct bkt_err *err)
{
	struct round *r = ctx;
	struct slot *slot = &r->slots[item];

	(void)worker;
	slot->status = stage_file(r->m, slot);
	if (slot->status == BKT_OK || slot->status == BKT_E_USAGE)
		return BKT_OK;
	if (err)
		*err = slot->why;
	return slot->status;
}

/* ---- making records ---------------------------------------------------------
 */

static enum bkt_status add(struct round *r, struct bkt_record *rec,
    struct import_file *f, struct import_link *l, struct bkt_file *owned,
    struct bkt_staged *staged, struct bkt_err *err)
{
	BKT_ASSERT(r->n < r->max);
	(void)err;
	r->made[r->n] = (struct made){ rec, f, l, false };
	r->items[r->n] = (struct bkt_item){ .staged = staged };
	if (owned) {
		r->items[r->n].sub.owned = owned;
		r->items[r->n].sub.n_owned = 1;
	}
	r->n++;
	return BKT_OK;
}

enum bkt_status import_common(
    struct round *r, struct bkt_record *rec, struct bkt_err *err)
{
	const char **by = bkt_arena_alloc(r->arena, sizeof(*by));

	if (!by)
		return nomem(err);
	by[0] = r->m->o->hand.member;
	rec->by = (struct bkt_strs){ by, 1 };
	rec->store = r->m->s->origin;
	rec->prev = "";
	rec->at_utc_s = r->at_utc_s;
	return store_hands(rec, NULL, r->arena, err);
}

struct current_link {
	struct round *r;
	struct bkt_record *rec;
};

static enum bkt_status keep_link(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct current_link *c = ctx;

	return bkt_record_parse(e->bytes, c->r->arena, &c->rec, err);
}

enum bkt_status import_linked_before(struct round *r, const char *path,
    struct import_link *l, bool *before, struct bkt_err *err)
{
	const struct import_link *first = bkt_map_get(r->m->linked, path);
	struct bkt_err why;

	*before = first != NULL;
	if (!first)
		return bkt_map_set(r->m->linked, path, l, err);
	(void)bkt_fail(&why, BKT_E_USAGE,
	    "the same content is linked to %s in line %llu already, under "
	    "another name",
	    l->indicator, (unsigned long long)first->line);
	bkt_err_hint(&why, "take one of the two rows out");
	return import_bad(r->m, l->line, &why, err);
}

enum bkt_status import_link_known(struct round *r, const struct import_file *f,
    const struct import_link *l, struct bkt_record *rec, bool *done,
    struct bkt_err *err)
{
	const char *by = r->m->o->hand.member;
	struct current_link now = { r, NULL };
	enum bkt_status st;

	st = bkt_index_at(r->m->s->index, rec->path, keep_link, &now, err);
	if (st != BKT_OK && st != BKT_E_NOTFOUND)
		return st;
	*done = st == BKT_OK && strcmp(now.rec->u.link.state, "active") != 0;
	if (*done)
		return import_link_gone(r, now.rec, f, l, err);
	/* a table has no word for the remark about a link: it stays */
	if (st == BKT_OK)
		rec->u.link.note = now.rec->u.link.note;
	*done = st == BKT_OK && bkt_same_link(&now.rec->u.link, &rec->u.link);
	if (*done) {
		r->m->result->n_same++;
		return BKT_OK;
	}
	return bkt_store_prepare(
	    r->m->s, rec, &by, 1, r->at_utc_s, r->arena, err);
}

static enum bkt_status make_link(struct round *r, struct import_file *f,
    struct import_link *l, const char *document, bool known,
    struct bkt_err *err)
{
	const struct bkt_link said = { .document = document,
		.state = "active",
		.levels = l->levels,
		.locator = l->locator };
	struct bkt_record *rec;
	bool done = false;

	BKT_TRY(bkt_intake_link(
	    r->m->o->cycle, l->indicator, &said, r->arena, &rec, err));
	BKT_TRY(import_linked_before(r, rec->path, l, &done, err));
	if (done)
		return BKT_OK;
	if (known)
		BKT_TRY(import_link_known(r, f, l, rec, &done, err));
	else
		BKT_TRY(import_common(r, rec, err));
	if (done)
		return BKT_OK;
	return add(r, rec, f, l, NULL, NULL, err);
}

static enum bkt_status new_document(
    struct round *r, struct slot *slot, const char **id, struct bkt_err *err)
{
	struct import_file *f = slot->f;
	char hex[BKT_SHA256_HEX + 1];
	struct bkt_record *rec;
	struct bkt_file *owned;
	enum bkt_status st;

	st = bkt_intake_document(r->m->o->policy, &slot->staged,
	    bkt_path_base(f->file), &f->said, r->arena, &rec, &owned,
	    &slot->why);
	if (st == BKT_E_POLICY) {
		slot->status = BKT_E_USAGE;
		return BKT_OK;
	}
	if (st != BKT_OK) {
		if (err)
			*err = slot->why;
		return st;
	}
	BKT_TRY(import_common(r, rec, err));
	bkt_hex(slot->staged.id.b, sizeof(slot->staged.id.b), hex);
	*id = rec->u.document.document;
	BKT_TRY(import_keep_known(r->m, hex, *id, &f->said, f, err));
	return add(r, rec, f, NULL, owned, &slot->staged, err);
}

/* content that is a document already: only to be linked, if the row agrees */
static enum bkt_status known_file(struct round *r, struct slot *slot,
    const struct known *known, struct bkt_err *err)
{
	struct import_file *f = slot->f;

	slot->status = import_agrees(f, known, r->arena, &slot->why);
	if (bkt_is_fault(slot->status)) {
		if (err)
			*err = slot->why;
		return slot->status;
	}
	if (slot->status != BKT_OK)
		return BKT_OK;
	slot->leans = known->of != NULL;
	if (slot->leans)
		r->m->result->n_twins++;
	else
		r->m->result->n_reused++;
	if (!r->m->o->dry_run)
		return BKT_OK;
	if (slot->leans)
		import_note(r->m, f->line,
		    "'%s' has the same content as '%s' (line %llu): only its "
		    "links are looked at",
		    f->file, known->of->file,
		    (unsigned long long)known->of->line);
	else
		import_note(r->m, f->line,
		    "'%s' is document %s already: only its links are looked at",
		    f->file, known->id);
	return BKT_OK;
}

static enum bkt_status make_file(
    struct round *r, struct slot *slot, struct bkt_err *err)
{
	struct import_file *f = slot->f;
	const struct known *known = NULL;
	const char *id;
	bool gone = false;

	r->m->result->n_files++;
	r->m->result->n_bytes += slot->staged.size_bytes;
	BKT_TRY(import_find_known(r, &slot->staged, &known, err));
	if (!known)
		BKT_TRY(import_document_gone(r, slot, &gone, err));
	if (gone)
		return BKT_OK;
	id = known ? known->id : NULL;
	if (known)
		BKT_TRY(known_file(r, slot, known, err));
	else
		BKT_TRY(new_document(r, slot, &id, err));
	if (slot->status != BKT_OK)
		return BKT_OK;
	for (struct import_link *l = f->links; l; l = l->next)
		BKT_TRY(make_link(r, f, l, id, known != NULL, err));
	return BKT_OK;
}

static enum bkt_status tell_bad_file(
    struct round *r, const struct slot *slot, struct bkt_err *err)
{
	for (const struct import_link *l = slot->f->links; l; l = l->next)
		BKT_TRY(import_bad(r->m, l->line, &slot->why, err));
	return BKT_OK;
}

enum bkt_status import_make(struct round *r, struct bkt_err *err)
{
	size_t links = 0;

	r->at_utc_s = bkt_now_utc_s();
	for (size_t i = 0; i < r->n_files; i++) {
		for (const struct import_link *l = r->slots[i].f->links; l;
		     l = l->next)
			links++;
	}
	r->max = r->n_files + links;
	r->made = bkt_arena_alloc(r->arena, (r->max + 1) * sizeof(*r->made));
	r->items = bkt_arena_alloc(r->arena, (r->max + 1) * sizeof(*r->items));
	if (!r->made || !r->items)
		return nomem(err);
	for (size_t i = 0; i < r->n_files; i++) {
		if (r->slots[i].status == BKT_OK)
			BKT_TRY(make_file(r, &r->slots[i], err));
		/* it may have to become a document yet */
		if (!r->slots[i].leans)
			bkt_staged_seen(&r->slots[i].staged);
		if (r->slots[i].missing)
			BKT_TRY(import_missing(
			    r->m, r->slots[i].f->file, &r->slots[i].why, err));
		if (r->slots[i].status != BKT_OK)
			BKT_TRY(tell_bad_file(r, &r->slots[i], err));
	}
	return BKT_OK;
}

/* ---- sealing and submitting
 * --------------------------------------------------- */

/* the record, each seal, each owned file: compressed ahead of the commit */
static enum bkt_status press_all(struct import *m, unsigned worker,
    struct bkt_submission *sub, bkt_arena *arena, struct bkt_err *err)
{
	size_t n = 0;
	struct bkt_gitblob *b;

	b = bkt_arena_alloc(
	    arena, (1 + sub->n_seals + sub->n_owned) * sizeof(*b));
	if (!b)
		return nomem(err);
	if (!m->press[worker])
		BKT_TRY(bkt_gitpress_new(&m->press[worker], err));
	BKT_TRY(bkt_gitpress_blob(
	    m->press[worker], sub->record, NULL, arena, &b[n++], err));
	for (size_t i = 0; i < sub->n_seals; i++)
		BKT_TRY(bkt_gitpress_blob(m->press[worker], sub->seals[i].p7s,
		    sub->seals[i].member, arena, &b[n++], err));
	for (size_t i = 0; i < sub->n_owned; i++)
		BKT_TRY(bkt_gitpress_blob(m->press[worker], sub->owned[i].bytes,
		    NULL, arena, &b[n++], err));
	sub->blobs = b;
	return BKT_OK;
}

static enum bkt_status seal_into(struct round *r, size_t item, unsigned worker,
    struct bkt_submission *out, struct bkt_err *err)
{
	bkt_arena *arena = r->seal_arenas[worker];
	const struct bkt_submission *unsealed = &r->items[item].sub;
	struct bkt_opened *opened = bkt_arena_alloc(arena, sizeof(*opened));

	if (!opened)
		return nomem(err);
	BKT_TRY(bkt_store_seal(
	    r->made[item].rec, &r->m->o->hand, 1, arena, out, err));
	out->owned = unsealed->owned;
	out->n_owned = unsealed->n_owned;
	BKT_TRY(bkt_open_submission(out, r->m->s->certs, arena, opened, err));
	out->opened = opened;
	return press_all(r->m, worker, out, arena, err);
}

enum bkt_status import_seal(
    void *ctx, size_t item, unsigned worker, struct bkt_err *err)
{
	struct round *r = ctx;
	struct bkt_item *it = &r->items[item];
	struct bkt_submission sealed;

	if (!r->seal_arenas[worker])
		r->seal_arenas[worker] = bkt_arena_new((size_t)1 << 30);
	if (!r->seal_arenas[worker])
		return nomem(err);
	it->status = seal_into(r, item, worker, &sealed, &it->err);
	if (it->status == BKT_OK)
		it->sub = sealed;
	if (!bkt_is_fault(it->status))
		return BKT_OK; /* what the table says does not fit a record */
	if (err)
		*err = it->err;
	return it->status;
}

/* records that could not be sealed are told and leave the batch */
static enum bkt_status drop_unsealed(struct round *r, struct bkt_err *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->n; i++) {
		if (r->items[i].status == BKT_OK) {
			r->items[kept] = r->items[i];
			r->made[kept++] = r->made[i];
			continue;
		}
		if (!r->made[i].link) {
			r->made[i].file->refused = true;
			BKT_TRY(import_leave_out(
			    r->m, &r->made[i].rec->u.document, err));
		}
		BKT_TRY(import_bad(r->m,
		    r->made[i].link ? r->made[i].link->line
				    : r->made[i].file->line,
		    &r->items[i].err, err));
	}
	r->n = kept;
	return BKT_OK;
}

/* a link to a document that was refused says so, not that it is missing */
static enum bkt_status tell_refused(
    struct round *r, size_t i, uint64_t line, struct bkt_err *err)
{
	const struct made *m = &r->made[i];
	struct bkt_err why = r->items[i].err;

	if (!m->link)
		m->file->refused = true;
	else if (m->file->refused)
		(void)bkt_fail(&why, BKT_E_POLICY,
		    "not linked: its file was refused (line %llu)",
		    (unsigned long long)m->file->line);
	return import_bad(r->m, line, &why, err);
}

static enum bkt_status tell_future(struct import *m, uint64_t line,
    const char *file, const struct bkt_document *d, struct bkt_err *err)
{
	struct bkt_err what;

	(void)bkt_fail(&what, BKT_OK,
	    "date %s of '%s' lies in the future: is it right?", d->date, file);
	if (m->o->dry_run)
		bkt_err_hint(&what, "if not, correct the row before it is "
				    "imported");
	else
		bkt_err_hint(&what,
		    "if not: bukti replace %s --date YYYY-MM-DD, and correct "
		    "the row as well",
		    d->document);
	return import_remark(m, line, &what, err);
}

static enum bkt_status document_in(struct import *m, uint64_t line,
    const struct made *made, const struct bkt_staged *staged,
    struct bkt_err *err)
{
	const struct bkt_record *rec = made->rec;

	m->result->n_documents++;
	if (staged && staged->is_cut)
		BKT_TRY(import_cut(m, line, err));
	if (bkt_intake_future(&rec->u.document, bkt_now_utc_s()))
		BKT_TRY(tell_future(
		    m, line, made->file->file, &rec->u.document, err));
	return import_needs(m, line, &rec->u.document, err);
}

static enum bkt_status tell_results(struct round *r, struct bkt_err *err)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct made *m = &r->made[i];
		uint64_t line = m->link ? m->link->line : m->file->line;

		if (m->settled)
			continue;
		if (r->items[i].status != BKT_OK)
			BKT_TRY(tell_refused(r, i, line, err));
		else if (m->link)
			r->m->result->n_links++;
		else
			BKT_TRY(document_in(
			    r->m, line, m, r->items[i].staged, err));
	}
	return BKT_OK;
}

enum bkt_status import_submit(struct round *r, struct bkt_err *err)
{
	struct round again;

	BKT_TRY(drop_unsealed(r, err));
	BKT_TRY(import_adopt(r, err));
	if (r->n == 0)
		return BKT_OK;
	BKT_TRY(import_rehearse(r, err));
	if (r->m->o->dry_run)
		return tell_results(r, err);
	if (r->n == 0)
		return BKT_OK;
	BKT_TRY(bkt_store_submit(
	    r->m->s, r->items, r->n, 0, "import evidence", err));
	BKT_TRY(import_again(r, &again, err));
	BKT_TRY(tell_results(r, err));
	return tell_results(&again, err);
}
