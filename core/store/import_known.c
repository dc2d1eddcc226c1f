/*
 * Content that is a document already: of another row, or of the store. A row
 * may link it; what it says of the document must not get lost in silence.
 */
#include "import.h"

#include <string.h>

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

enum bkt_status import_keep_known(struct import *m, const char *hex,
    const char *id, const struct bkt_document *says,
    const struct import_file *of, struct bkt_err *err)
{
	struct known *k = bkt_arena_alloc(m->arena, sizeof(*k));

	if (!k)
		return nomem(err);
	k->id = bkt_arena_strdup(m->arena, id);
	k->says = says;
	k->of = of;
	if (!k->id)
		return nomem(err);
	return bkt_map_set(m->by_content, hex, k, err);
}

enum bkt_status import_find_known(struct round *r,
    const struct bkt_staged *staged, const struct known **out,
    struct bkt_err *err)
{
	char hex[BKT_SHA256_HEX + 1];
	struct bkt_record *found;
	struct known *k;
	enum bkt_status st;

	bkt_hex(staged->id.b, sizeof(staged->id.b), hex);
	*out = bkt_map_get(r->m->by_content, hex);
	/* content that was not stored before cannot be in a document */
	if (*out || !staged->was_present)
		return BKT_OK;
	st = bkt_intake_find(r->m->s, &staged->id, r->arena, &found, err);
	if (st == BKT_E_NOTFOUND)
		return BKT_OK;
	if (st != BKT_OK)
		return st;
	k = bkt_arena_alloc(r->arena, sizeof(*k));
	if (!k)
		return nomem(err);
	k->id = found->u.document.document;
	k->says = &found->u.document;
	*out = k;
	return BKT_OK;
}

static void over(const char **field, const char *said)
{
	if (said)
		*field = said;
}

/* the document as it would be, were the row believed: an empty cell says
 * nothing about it */
static struct bkt_document believed(
    const struct bkt_document *there, const struct import_file *f)
{
	const struct bkt_document *said = &f->said;
	struct bkt_document d = *there;

	d.unit = said->unit;
	d.type = said->type;
	d.title = said->title;
	over(&d.number, said->number);
	over(&d.date, said->date);
	over(&d.signer, said->signer);
	over(&d.valid_from, said->valid_from);
	over(&d.valid_until, said->valid_until);
	over(&d.note, said->note);
	if (f->class_said)
		d.class_ = said->class_;
	if (f->personal_said)
		d.personal = said->personal;
	if (said->n_covers > 0) {
		d.covers = said->covers;
		d.n_covers = said->n_covers;
	}
	if (said->years.n > 0)
		d.years = said->years;
	return d;
}

static enum bkt_status other_than(const struct import_file *f,
    const struct known *k, const char *what, struct bkt_err *why)
{
	if (k->of) {
		(void)bkt_fail(why, BKT_E_USAGE,
		    "'%s' has the same content as '%s' (line %llu), but "
		    "another %s",
		    f->file, k->of->file, (unsigned long long)k->of->line,
		    what);
		bkt_err_hint(why, "it is one document: say the same in both "
				  "rows, or leave empty what may be empty");
		return BKT_E_USAGE;
	}
	(void)bkt_fail(why, BKT_E_USAGE,
	    "'%s' has the same content as document %s, but another %s", f->file,
	    k->id, what);
	bkt_err_hint(why,
	    "make the row say what bukti show %s says, or leave empty what may "
	    "be empty; to change the document: bukti replace %s",
	    k->id, k->id);
	return BKT_E_USAGE;
}

enum bkt_status import_agrees(const struct import_file *f,
    const struct known *k, bkt_arena *arena, struct bkt_err *why)
{
	const struct bkt_document would = believed(k->says, f);
	const char *what = "";
	struct bkt_strs l;

	BKT_TRY(bkt_document_changes(k->says, &would, arena, &l, why));
	if (l.n == 0)
		return BKT_OK;
	for (size_t i = 0; i < l.n; i++) {
		what = bkt_arena_printf(
		    arena, "%s%s%s", what, i > 0 ? ", " : "", l.v[i]);
		if (!what)
			return nomem(why);
	}
	return other_than(f, k, what, why);
}
