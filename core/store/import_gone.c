/*
 * What was taken back on purpose stays so: a table that is run again does not
 * undo it. The row is left alone, and it is said what would bring it back.
 */
#include "import.h"

#include <string.h>

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

/* " --levels 2,3", or nothing */
static const char *levels_option(const struct bkt_u64s *levels, bkt_arena *a)
{
	const char *all = "";

	for (size_t i = 0; all && i < levels->n; i++)
		all = bkt_arena_printf(a, "%s%s%llu", all,
		    i > 0 ? "," : " --levels ",
		    (unsigned long long)levels->v[i]);
	return all;
}

enum bkt_status import_link_gone(struct round *r, const struct bkt_record *now,
    const struct import_file *f, const struct import_link *l,
    struct bkt_err *err)
{
	const char *levels = levels_option(&l->levels, r->arena);
	const char *note = now->u.link.note;
	struct bkt_err what;

	if (!levels)
		return nomem(err);
	(void)bkt_fail(&what, BKT_OK,
	    "'%s' was unlinked from %s by %s%s%s%s: left so", f->file,
	    l->indicator, now->by.n > 0 ? now->by.v[0] : "somebody",
	    note ? " ('" : "", note ? note : "", note ? "')" : "");
	bkt_err_hint(&what,
	    "if it is wanted again: bukti link %s --indicator "
	    "%s%s; else take the row out",
	    now->u.link.document, l->indicator, levels);
	r->m->result->n_gone++;
	return import_remark(r->m, l->line, &what, err);
}

struct former {
	bkt_arena *arena;
	struct bkt_record *found;
};

static enum bkt_status keep_former(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct former *f = ctx;
	struct bkt_record *r;

	BKT_TRY(bkt_record_parse(e->bytes, f->arena, &r, err));
	if (r->kind == BKT_KIND_DOCUMENT)
		f->found = r;
	return BKT_OK;
}

static enum bkt_status tell_former(struct round *r, const struct import_file *f,
    const struct import_link *l, const struct bkt_document *d,
    struct bkt_err *err)
{
	struct bkt_err what;

	r->m->result->n_gone++;
	if (strcmp(d->state, "active") == 0) {
		(void)bkt_fail(&what, BKT_OK,
		    "'%s' is document %s as it was before it was replaced: "
		    "left alone",
		    f->file, d->document);
		bkt_err_hint(&what,
		    "to link what it is now: bukti link %s --indicator %s; "
		    "else take the row out",
		    d->document, l->indicator);
	} else {
		(void)bkt_fail(&what, BKT_OK,
		    "'%s' is document %s, which was withdrawn: left so",
		    f->file, d->document);
		bkt_err_hint(&what,
		    "if it is wanted again: bukti replace %s; else take the "
		    "row out",
		    d->document);
	}
	return import_remark(r->m, l->line, &what, err);
}

enum bkt_status import_document_gone(
    struct round *r, const struct slot *slot, bool *gone, struct bkt_err *err)
{
	char hex[BKT_SHA256_HEX + 1];
	struct former f = { r->arena, NULL };

	*gone = false;
	/* content that is not stored was never that of a document */
	if (!slot->staged.was_present)
		return BKT_OK;
	bkt_hex(slot->staged.id.b, sizeof(slot->staged.id.b), hex);
	BKT_TRY(bkt_index_find_ever(
	    r->m->s->index, "content", hex, keep_former, &f, err));
	*gone = f.found != NULL;
	if (!f.found)
		return BKT_OK;
	for (const struct import_link *l = slot->f->links; l; l = l->next)
		BKT_TRY(tell_former(r, slot->f, l, &f.found->u.document, err));
	return BKT_OK;
}
