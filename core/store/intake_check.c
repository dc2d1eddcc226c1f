/* What people say about a document, against the words that are known. */
#include <stdio.h>
#include <string.h>

#include "private.h"

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

static enum bkt_status unknown(const char *what, const char *word,
    const char *const *known, size_t n, struct bkt_err *err)
{
	const char *near = bkt_suggest(word, known, n);

	(void)bkt_fail(err, BKT_E_USAGE, "%s '%s' is not known", what, word);
	if (near)
		bkt_err_hint(err, "did you mean '%s'?", near);
	return BKT_E_USAGE;
}

/* a word of the rulebook: what is not nearly one can be looked up */
static enum bkt_status not_in_rulebook(const struct bkt_rulebook *rb,
    const char *what, const char *word, const char *const *known, size_t n,
    struct bkt_err *err)
{
	(void)unknown(what, word, known, n, err);
	if (err && err->hint[0] == '\0')
		bkt_err_hint(
		    err, "bukti show %s lists what there is", rb->stem);
	return BKT_E_USAGE;
}

static enum bkt_status check_type(
    const struct bkt_rulebook *rb, const char *type, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) const char **ids = NULL;

	if (bkt_rulebook_doc_type(rb, type))
		return BKT_OK;
	ids = bkt_calloc(rb->n_doc_types + 1, sizeof(*ids));
	if (!ids)
		return nomem(err);
	for (size_t i = 0; i < rb->n_doc_types; i++)
		ids[i] = rb->doc_types[i].id;
	return not_in_rulebook(rb, "type", type, ids, rb->n_doc_types, err);
}

static enum bkt_status check_tag(const struct bkt_rulebook *rb, const char *tag,
    const struct bkt_rb_tag **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) const char **ids = NULL;

	ids = bkt_calloc(rb->n_tags + 1, sizeof(*ids));
	if (!ids)
		return nomem(err);
	for (size_t i = 0; i < rb->n_tags; i++) {
		ids[i] = rb->tags[i].id;
		if (strcmp(ids[i], tag) != 0)
			continue;
		*out = &rb->tags[i];
		return BKT_OK;
	}
	return not_in_rulebook(rb, "covers: tag", tag, ids, rb->n_tags, err);
}

/* a tag or value that no rule looks at would serve no level, in silence */
static enum bkt_status check_covers(const struct bkt_rulebook *rb,
    const struct bkt_strs *units, const struct bkt_cover *c,
    struct bkt_err *err)
{
	const struct bkt_rb_tag *tag = NULL;
	const struct bkt_strs *known;

	BKT_TRY(check_tag(rb, c->tag, &tag, err));
	if (tag->open && !tag->units)
		return BKT_OK;
	known = tag->units ? units : &tag->values;
	for (size_t i = 0; i < c->values.n; i++) {
		char what[128];

		if (bkt_strs_has(known, c->values.v[i]) ||
		    bkt_strs_has(&tag->values, c->values.v[i]))
			continue;
		(void)snprintf(what, sizeof(what), "covers: %s", c->tag);
		if (tag->units)
			return unknown(
			    what, c->values.v[i], units->v, units->n, err);
		return not_in_rulebook(
		    rb, what, c->values.v[i], known->v, known->n, err);
	}
	return BKT_OK;
}

static enum bkt_status check_date(
    const char *what, const char *date, struct bkt_err *err)
{
	int32_t days;

	if (!date || !date[0] || bkt_date_parse(date, &days))
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_USAGE, "%s '%s' is not a date", what, date);
	bkt_err_hint(err, "write it as YYYY-MM-DD, e.g. 2021-06-01");
	return BKT_E_USAGE;
}

static enum bkt_status check_word(const char *what, const char *word,
    const char *const *allowed, size_t n, struct bkt_err *err)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(allowed[i], word) == 0)
			return BKT_OK;
	}
	(void)unknown(what, word, allowed, n, err);
	bkt_err_hint_words(err, word, allowed, n);
	return BKT_E_USAGE;
}

static enum bkt_status check_validity(
    const struct bkt_document *said, struct bkt_err *err)
{
	int32_t from, until;

	if (!bkt_date_parse(said->valid_from ? said->valid_from : "", &from) ||
	    !bkt_date_parse(
		said->valid_until ? said->valid_until : "", &until) ||
	    until >= from)
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_USAGE,
	    "valid_until %s is before valid_from %s", said->valid_until,
	    said->valid_from);
	bkt_err_hint(
	    err, "are they exchanged? write each as the document says");
	return BKT_E_USAGE;
}

/* an option or a cell that is empty says that there is none */
static enum bkt_status check_title(
    const struct bkt_document *said, struct bkt_err *err)
{
	if (said->title && !bkt_text_blank(bkt_span_str(said->title)))
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_USAGE, "the title is empty");
	bkt_err_hint(err,
	    "write what the document is called, e.g. '" BKT_TITLE_EXAMPLE "'");
	return BKT_E_USAGE;
}

static enum bkt_status check_unit(
    const struct bkt_strs *units, const char *unit, struct bkt_err *err)
{
	if (bkt_strs_has(units, unit))
		return BKT_OK;
	(void)unknown("unit", unit, units->v, units->n, err);
	if (err->hint[0] == '\0')
		bkt_err_hint(err, "bukti unit list shows those there are");
	return BKT_E_USAGE;
}

struct asked {
	bkt_fault_fn fn;
	void *ctx;
};

/* one fault more, or a failure of the looking */
static enum bkt_status tell(const struct asked *a, const char *field,
    enum bkt_status st, const struct bkt_err *why, struct bkt_err *err)
{
	if (st == BKT_OK)
		return BKT_OK;
	if (st == BKT_E_USAGE)
		return a->fn(a->ctx, field, why, err);
	if (err)
		*err = *why;
	return st;
}

static enum bkt_status dates(
    const struct asked *a, const struct bkt_document *said, struct bkt_err *err)
{
	const struct {
		const char *name, *value;
	} all[] = { { "date", said->date }, { "valid_from", said->valid_from },
		{ "valid_until", said->valid_until },
		{ "revoked", said->revoked } };
	struct bkt_err why = { .status = BKT_OK };
	enum bkt_status st;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		st = check_date(all[i].name, all[i].value, &why);
		BKT_TRY(tell(a, all[i].name, st, &why, err));
	}
	st = check_validity(said, &why);
	return tell(a, "valid_until", st, &why, err);
}

enum bkt_status bkt_intake_check(const struct bkt_rulebook *rb,
    const struct bkt_strs *units, const struct bkt_document *said,
    bkt_fault_fn fn, void *ctx, struct bkt_err *err)
{
	static const char *const classes[] = { "umum", "terbatas", "rahasia" };
	static const char *const yes_no[] = { "yes", "no" };
	const struct asked a = { fn, ctx };
	struct bkt_err why = { .status = BKT_OK };
	enum bkt_status st;

	st = check_unit(units, said->unit, &why);
	BKT_TRY(tell(&a, "unit", st, &why, err));
	st = check_type(rb, said->type, &why);
	BKT_TRY(tell(&a, "type", st, &why, err));
	for (size_t i = 0; i < said->n_covers; i++) {
		st = check_covers(rb, units, &said->covers[i], &why);
		BKT_TRY(tell(&a, "covers", st, &why, err));
	}
	BKT_TRY(dates(&a, said, err));
	st = check_word("class", said->class_, classes, 3, &why);
	BKT_TRY(tell(&a, "class", st, &why, err));
	st = check_word("personal", said->personal, yes_no, 2, &why);
	BKT_TRY(tell(&a, "personal", st, &why, err));
	st = check_title(said, &why);
	return tell(&a, "title", st, &why, err);
}
