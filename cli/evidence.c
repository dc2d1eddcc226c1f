/* Shared by the verbs that put evidence in and decide about it. */
#include "evidence.h"

#include <stdlib.h>
#include <string.h>

void cli_round_release(struct cli_round *r)
{
	bkt_rulebook_free(r->set);
	*r = (struct cli_round){ .cycle = NULL };
}

enum bkt_status cli_round_open(
    struct cli *c, struct cli_round *out, struct bkt_err *err)
{
	const struct bkt_rulebook_rec *rec = NULL;
	struct bkt_record *r = NULL;

	BKT_TRY(cli_cycle_pick(c, cli_opt(c, "cycle"), &out->cycle, err));
	BKT_TRY(cli_record_at(
	    c, cli_printf(c, "cycles/%s/cycle.json", out->cycle), &r, err));
	BKT_TRY(
	    cli_rulebook_pick(c, r->u.cycle.rulebook, &rec, &out->set, err));
	out->rulebook = bkt_rulebook_get(out->set);
	return BKT_OK;
}

enum bkt_status cli_unknown_indicator(struct cli *c,
    const struct bkt_rulebook *rb, const char *word, struct bkt_err *err)
{
	struct bkt_strs ids = { NULL, 0 };

	ids.v =
	    bkt_arena_alloc(c->arena, (rb->n_indicators + 1) * sizeof(*ids.v));
	if (!ids.v)
		return cli_no_memory(err);
	for (; ids.n < rb->n_indicators; ids.n++)
		ids.v[ids.n] = rb->indicators[ids.n].id;
	(void)cli_unknown(err, BKT_E_USAGE, "indicator", word, &ids);
	if (strchr(word, '-') || strstr(word, ".."))
		bkt_err_hint(
		    err, "a range is not read: name each, as in 1,2,3");
	else if (err->hint[0] == '\0')
		bkt_err_hint(err, "the rulebook has %s to %s", ids.v[0],
		    ids.v[ids.n - 1]);
	return BKT_E_USAGE;
}

enum bkt_status cli_indicator_list(struct cli *c, const struct bkt_rulebook *rb,
    struct bkt_strs *out, struct bkt_err *err)
{
	size_t n = cli_opt_count(c, "indicator");
	struct bkt_strs l = { NULL, 0 };

	l.v = bkt_arena_alloc(c->arena, (rb->n_indicators + 1) * sizeof(*l.v));
	if (!l.v)
		return cli_no_memory(err);
	for (size_t i = 0; i < n; i++) {
		struct bkt_strs words = { NULL, 0 };

		BKT_TRY(
		    cli_words(c, cli_opt_nth(c, "indicator", i), &words, err));
		for (size_t k = 0; k < words.n; k++) {
			const struct bkt_rb_indicator *ind =
			    bkt_rulebook_indicator_find(rb, words.v[k]);

			if (!ind)
				return cli_unknown_indicator(
				    c, rb, words.v[k], err);
			if (!bkt_strs_has(&l, ind->id))
				l.v[l.n++] = ind->id;
		}
	}
	*out = l;
	return BKT_OK;
}

enum bkt_status cli_indicators(struct cli *c, const struct cli_round *round,
    struct bkt_strs *out, struct bkt_err *err)
{
	struct bkt_strs l = { NULL, 0 };

	BKT_TRY(cli_indicator_list(c, round->rulebook, &l, err));
	if (l.n == 0) {
		(void)bkt_fail(
		    err, BKT_E_USAGE, "it is not said for which indicator");
		bkt_err_hint(err, "add --indicator, e.g. --indicator 1,2,5");
		return BKT_E_USAGE;
	}
	*out = l;
	return BKT_OK;
}

/* an active one comes before those that were withdrawn */
struct named {
	struct cli *c;
	struct bkt_record *found;
	size_t n;
	bool active;
	bool list; /* tell each */
};

static enum bkt_status keep_named(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct named *l = ctx;
	struct bkt_record *r = NULL;
	bool active;

	BKT_TRY(bkt_record_parse(e->bytes, l->c->arena, &r, err));
	if (r->kind != BKT_KIND_DOCUMENT)
		return BKT_OK;
	active = strcmp(r->u.document.state, "active") == 0;
	if (l->active && !active)
		return BKT_OK;
	if (active && !l->active)
		l->n = 0;
	l->active = active;
	l->found = r;
	l->n++;
	if (l->list)
		cli_note(l->c, "document %s: %s (%s)%s", r->u.document.document,
		    r->u.document.title, r->u.document.unit,
		    active ? "" : ", withdrawn");
	return BKT_OK;
}

/* the one document of this name, or all of them told */
static enum bkt_status pick_named(struct cli *c, const char *word, bool ever,
    struct bkt_record **out, struct bkt_err *err)
{
	enum bkt_status (*find)(bkt_index *, const char *, const char *,
	    bkt_index_fn, void *, struct bkt_err *) =
	    ever ? bkt_index_find_ever : bkt_index_find;
	struct named l = { .c = c };

	BKT_TRY(
	    find(bkt_store_index(c->store), "name", word, keep_named, &l, err));
	if (l.n == 0)
		return BKT_E_NOTFOUND;
	*out = l.found;
	if (l.n == 1)
		return BKT_OK;
	l = (struct named){ .c = c, .active = l.active, .list = true };
	BKT_TRY(
	    find(bkt_store_index(c->store), "name", word, keep_named, &l, err));
	(void)bkt_fail(err, BKT_E_USAGE, "%zu documents %s called '%s'", l.n,
	    ever ? "were once" : "are", word);
	bkt_err_hint(err, "name the id of the one that is meant");
	return BKT_E_USAGE;
}

enum bkt_status cli_document_named(struct cli *c, const char *word,
    struct bkt_record **out, struct bkt_err *err)
{
	enum bkt_status st = pick_named(c, word, false, out, err);

	if (st != BKT_E_NOTFOUND)
		return st;
	st = pick_named(c, word, true, out, err);
	if (st == BKT_OK)
		cli_note(c, "'%s' is called '%s' since it was replaced", word,
		    (*out)->u.document.file);
	return st;
}

enum bkt_status cli_document_pick(struct cli *c, const char *word,
    struct bkt_record **out, struct bkt_err *err)
{
	enum bkt_status st = BKT_E_NOTFOUND;

	if (bkt_document_id_valid(word))
		st = cli_record_at(c,
		    cli_printf(
			c, "documents/%.2s/%s/document.json", word, word),
		    out, err);
	if (st == BKT_E_NOTFOUND)
		st = cli_document_named(c, word, out, err);
	if (st != BKT_E_NOTFOUND)
		return st;
	(void)bkt_fail(err, BKT_E_USAGE, "there is no document '%s'", word);
	bkt_err_hint(err, "name its id or its file; bukti show documents/ "
			  "lists them");
	return cli_document_near(c, word, err);
}

enum bkt_status cli_document_active(
    const struct bkt_document *d, struct bkt_err *err)
{
	if (strcmp(d->state, "active") == 0)
		return BKT_OK;
	(void)bkt_fail(
	    err, BKT_E_USAGE, "document %s was withdrawn", d->document);
	bkt_err_hint(
	    err, "a new version brings it back: bukti replace %s", d->document);
	return BKT_E_USAGE;
}

enum bkt_status cli_file_policy(
    struct cli *c, struct bkt_file_policy *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf yaml = { 0 };
	const char *dir = NULL;

	bkt_buf_init(&yaml, BKT_YAML_MAX);
	BKT_TRY(cli_policies_dir(c, &dir, err));
	BKT_TRY(cli_slurp(cli_printf(c, "%s/files.yaml", dir), &yaml, err));
	return bkt_intake_policy(
	    c->store, bkt_buf_span(&yaml), c->arena, out, err);
}

static void take(struct cli *c, const char *name, const char **field)
{
	const char *given = cli_opt(c, name);

	if (given)
		*field = given[0] ? given : NULL;
}

static enum bkt_status take_covers(
    struct cli *c, struct bkt_document *d, struct bkt_err *err)
{
	size_t n = cli_opt_count(c, "covers");
	const char *all = "";

	if (n == 0)
		return BKT_OK;
	for (size_t i = 0; i < n; i++)
		all = cli_printf(c, "%s%s%s", all, i ? ";" : "",
		    cli_opt_nth(c, "covers", i));
	return bkt_intake_covers(all, c->arena, &d->covers, &d->n_covers, err);
}

/* a person with one unit need not name it */
static enum bkt_status own_unit(
    struct cli *c, const char **out, struct bkt_err *err)
{
	struct bkt_strs who = { NULL, 0 };
	struct bkt_record *r = NULL;
	enum bkt_status st;

	BKT_TRY(cli_members(c, &who, err));
	st = cli_record_at(
	    c, cli_printf(c, "members/%s.json", who.v[0]), &r, err);
	if (st != BKT_OK && st != BKT_E_NOTFOUND)
		return st;
	if (st == BKT_OK && r->u.member.units.n == 1) {
		*out = r->u.member.units.v[0];
		return BKT_OK;
	}
	(void)bkt_fail(
	    err, BKT_E_USAGE, "it is not said whose document this is");
	bkt_err_hint(err, "add --unit UNIT; bukti unit list shows them");
	return BKT_E_USAGE;
}

/* the first one: the others may follow from it */
static enum bkt_status keep_fault(void *ctx, const char *field,
    const struct bkt_err *why, struct bkt_err *err)
{
	struct bkt_err *first = ctx;

	(void)err;
	if (first->status != BKT_OK)
		return BKT_OK;
	*first = *why;
	if (strcmp(field, "title") == 0)
		bkt_err_hint(first,
		    "write what the document is called, e.g. --title "
		    "'" BKT_TITLE_EXAMPLE "'");
	return BKT_OK;
}

static enum bkt_status check_said(const struct cli_round *round,
    const struct bkt_strs *units, const struct bkt_document *d,
    struct bkt_err *err)
{
	struct bkt_err first = { .status = BKT_OK };

	BKT_TRY(bkt_intake_check(
	    round->rulebook, units, d, keep_fault, &first, err));
	if (first.status != BKT_OK)
		*err = first;
	return first.status;
}

enum bkt_status cli_document_options(struct cli *c,
    const struct cli_round *round, struct bkt_document *d, struct bkt_err *err)
{
	struct bkt_strs units = { NULL, 0 };

	take(c, "type", &d->type);
	take(c, "title", &d->title);
	take(c, "number", &d->number);
	take(c, "date", &d->date);
	take(c, "signer", &d->signer);
	take(c, "unit", &d->unit);
	take(c, "valid-from", &d->valid_from);
	take(c, "valid-until", &d->valid_until);
	take(c, "revoked", &d->revoked);
	take(c, "class", &d->class_);
	take(c, "personal", &d->personal);
	take(c, "replaces", &d->replaces);
	take(c, "doc-note", &d->note);
	BKT_TRY(take_covers(c, d, err));
	if (cli_opt(c, "years"))
		BKT_TRY(bkt_intake_numbers("years", cli_opt(c, "years"), 1990,
		    2200, c->arena, &d->years, err));
	if (!d->type) {
		(void)bkt_fail(
		    err, BKT_E_USAGE, "the type of the document is missing");
		bkt_err_hint(err, "add --type, e.g. --type peraturan");
		return BKT_E_USAGE;
	}
	if (!d->unit)
		BKT_TRY(own_unit(c, &d->unit, err));
	d->state = "active";
	d->class_ = d->class_ ? d->class_ : "umum";
	d->personal = d->personal ? d->personal : "no";
	/* to take it back it need not fit today's words */
	if (cli_knows(c, "withdraw") && cli_flag(c, "withdraw"))
		return BKT_OK;
	BKT_TRY(bkt_intake_units(c->store, c->arena, &units, err));
	BKT_TRY(check_said(round, &units, d, err));
	if (bkt_intake_future(d, bkt_now_utc_s()))
		cli_note(c, "warning: date %s lies in the future: is it right?",
		    d->date);
	return BKT_OK;
}

enum bkt_status cli_stage(struct cli *c, const char *file,
    const struct bkt_file_policy *policy, struct bkt_staged *out,
    struct bkt_err *err)
{
	const char *near;
	enum bkt_status st;
	BKT_AUTO_FD fd = -1;

	st = bkt_file_open_follow(file, &fd, NULL, err);
	if (st == BKT_E_NOTFOUND) {
		(void)bkt_fail(err, BKT_E_USAGE, "there is no file '%s'", file);
		bkt_err_hint(err, "check the name; nothing was changed");
		near = bkt_intake_near(file, c->arena);
		if (near)
			bkt_err_hint(err, "did you mean '%.*s%s'?",
			    (int)(bkt_path_base(file) - file), file, near);
		return BKT_E_USAGE;
	}
	if (st != BKT_OK) {
		st = cli_input_failed(err, st, "cannot read");
		bkt_err_hint(err, "check that it is a file you may read");
		return st;
	}
	st = bkt_objects_stage(
	    bkt_store_objects(c->store), fd, policy->max_bytes, out, err);
	if (st == BKT_OK && out->is_cut) {
		cli_note(c, "warning: '%s' has no end: cut short?", file);
		cli_note(c, "hint: open it; if it does not open, get it again "
			    "and put it in with bukti replace");
	}
	if (st != BKT_E_POLICY && st != BKT_E_LIMIT)
		return st;
	(void)bkt_fail_context(err, BKT_E_POLICY, "'%s'", file);
	if (err->hint[0] == '\0')
		bkt_err_hint(err, "open the file, check that it is whole, and "
				  "get it again from who made it");
	return BKT_E_POLICY;
}

/* the link that the options ask for, and what is there by now, or NULL */
static enum bkt_status link_said(struct cli *c, const struct cli_round *round,
    const char *indicator, const char *document, struct bkt_record **out,
    struct bkt_record **now, struct bkt_err *err)
{
	const char *levels = cli_opt(c, "levels");
	struct bkt_link said = { .document = document, .state = "active" };
	enum bkt_status st;

	said.locator = cli_opt(c, "locator");
	said.note = cli_opt(c, "note");
	BKT_TRY(bkt_intake_levels(
	    bkt_rulebook_indicator_find(round->rulebook, indicator),
	    levels ? levels : "", c->arena, &said.levels, err));
	BKT_TRY(bkt_intake_link(
	    round->cycle, indicator, &said, c->arena, out, err));
	st = cli_record_at(c, (*out)->path, now, err);
	return st == BKT_E_NOTFOUND ? BKT_OK : st;
}

enum bkt_status cli_link_there(struct cli *c, const struct cli_round *round,
    const char *indicator, const char *document, bool *there,
    struct bkt_err *err)
{
	struct bkt_record *rec = NULL, *now = NULL;
	struct bkt_link *said;

	BKT_TRY(link_said(c, round, indicator, document, &rec, &now, err));
	said = &rec->u.link;
	if (now && !cli_opt(c, "levels"))
		said->levels = now->u.link.levels;
	if (now && !cli_opt(c, "locator"))
		said->locator = now->u.link.locator;
	if (now && !cli_opt(c, "note"))
		said->note = now->u.link.note;
	*there = now && bkt_same_link(&now->u.link, said);
	return BKT_OK;
}

/* a decision is about the link as it was, to the letter */
static enum bkt_status warn_lapse(struct cli_batch *b,
    const struct cli_round *round, const char *indicator, const char *document,
    struct bkt_err *err)
{
	struct cli *c = b->c;
	bool any = false;

	BKT_TRY(bkt_index_current(bkt_store_index(c->store),
	    cli_printf(c, "cycles/%s/%s/reviews/%s/", round->cycle, indicator,
		document),
	    cli_entry_seen, &any, err));
	if (!any)
		return BKT_OK;
	return cli_batch_note(b,
	    cli_printf(c,
		"decisions about the link to %s before no longer count: it "
		"has to be reviewed again",
		indicator),
	    err);
}

enum bkt_status cli_link_add(struct cli_batch *b, const struct cli_round *round,
    const char *indicator, const char *document, bool *same,
    struct bkt_err *err)
{
	struct cli *c = b->c;
	struct bkt_record *rec = NULL, *now = NULL;

	BKT_TRY(link_said(c, round, indicator, document, &rec, &now, err));
	*same = now && bkt_same_link(&now->u.link, &rec->u.link);
	if (*same)
		return BKT_OK;
	if (now)
		BKT_TRY(warn_lapse(b, round, indicator, document, err));
	return cli_batch_add(b, rec, NULL, 0,
	    cli_printf(c, "link of %s to %s", document, indicator), err);
}
