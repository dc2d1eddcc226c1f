/* bukti add FILE: one document with its links */
#include "evidence.h"

#include <string.h>

struct adding {
	struct cli *c;
	struct cli_round round;
	struct bkt_file_policy policy;
	struct bkt_strs indicators;
	struct bkt_staged staged;
};

/* the same content is a document already: link that one, where it is not */
static enum bkt_status offer_link(
    struct adding *a, const struct bkt_record *found, struct bkt_err *err)
{
	struct cli *c = a->c;
	const char *id = found->u.document.document;
	struct bkt_strs open = { NULL, 0 };

	open.v =
	    bkt_arena_alloc(c->arena, (a->indicators.n + 1) * sizeof(*open.v));
	if (!open.v)
		return cli_no_memory(err);
	for (size_t i = 0; i < a->indicators.n; i++) {
		bool there = false;

		BKT_TRY(cli_link_there(
		    c, &a->round, a->indicators.v[i], id, &there, err));
		if (!there)
			open.v[open.n++] = a->indicators.v[i];
	}
	(void)bkt_fail(err, BKT_E_EXISTS,
	    "this content is document %s already: %s", id,
	    cli_text(c, found->u.document.title));
	if (open.n == 0)
		bkt_err_hint(err,
		    "nothing is to be done: it is linked to %s in %s already",
		    cli_join(c, &a->indicators, ", ", ""), a->round.cycle);
	else
		bkt_err_hint(err,
		    "link it instead of adding it again: bukti link %s "
		    "--indicator %s",
		    id, cli_join(c, &open, ",", ""));
	return BKT_E_EXISTS;
}

static const char *title_of(struct cli *c, const char *file)
{
	const char *base = bkt_path_base(file);
	const char *dot = strrchr(base, '.');

	return bkt_arena_strndup(
	    c->arena, base, dot ? (size_t)(dot - base) : strlen(base));
}

static enum bkt_status add_document(struct adding *a, struct cli_batch *b,
    struct bkt_record **out, struct bkt_err *err)
{
	struct cli *c = a->c;
	const char *file = c->argv[0];
	struct bkt_document said = { .title = title_of(c, file) };
	struct bkt_record *found = NULL;
	struct bkt_file *owned = NULL;
	enum bkt_status st;

	if (!said.title)
		return cli_no_memory(err);
	BKT_TRY(cli_document_options(c, &a->round, &said, err));
	BKT_TRY(cli_stage(c, file, &a->policy, &a->staged, err));
	st = bkt_intake_find(c->store, &a->staged.id, c->arena, &found, err);
	if (st == BKT_OK)
		return offer_link(a, found, err);
	if (st != BKT_E_NOTFOUND)
		return st;
	BKT_TRY(bkt_intake_document(&a->policy, &a->staged, bkt_path_base(file),
	    &said, c->arena, out, &owned, err));
	BKT_TRY(cli_batch_add(
	    b, *out, owned, 1, cli_printf(c, "document '%s'", file), err));
	b->items[b->n - 1].staged = &a->staged;
	return BKT_OK;
}

/* told by its own name, before anything about a title is */
static enum bkt_status check_file(const char *file, struct bkt_err *err)
{
	if (!bkt_path_is_dir(file))
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_USAGE, "'%s' is a folder", file);
	bkt_err_hint(err,
	    "name one file; many at once: bukti import TABLE.csv --dir '%s'",
	    file);
	return BKT_E_USAGE;
}

/* it may be a draft: so it enters, and it is said what a check will miss */
static enum bkt_status warn_needs(
    struct adding *a, const struct bkt_document *d, struct bkt_err *err)
{
	struct bkt_strs missing = { NULL, 0 };

	BKT_TRY(bkt_intake_missing(
	    a->round.rulebook, d, a->c->arena, &missing, err));
	if (missing.n == 0)
		return BKT_OK;
	cli_note(a->c, "warning: a document of type %s needs: %s", d->type,
	    cli_join(a->c, &missing, ", ", ""));
	cli_note(a->c, "hint: bukti help replace tells how to add it");
	return BKT_OK;
}

static enum bkt_status add_all(struct adding *a, struct bkt_err *err)
{
	BKT_AUTO(cli_batch_release) struct cli_batch b = { .c = NULL };
	struct cli *c = a->c;
	struct bkt_record *doc = NULL;

	BKT_TRY(check_file(c->argv[0], err));
	BKT_TRY(cli_round_open(c, &a->round, err));
	BKT_TRY(cli_indicators(c, &a->round, &a->indicators, err));
	BKT_TRY(cli_file_policy(c, &a->policy, err));
	BKT_TRY(cli_batch_init(&b, c, err));
	BKT_TRY(add_document(a, &b, &doc, err));
	for (size_t i = 0; i < a->indicators.n; i++) {
		bool same = false;

		BKT_TRY(cli_link_add(&b, &a->round, a->indicators.v[i],
		    doc->u.document.document, &same, err));
	}
	BKT_TRY(cli_batch_submit(&b, "add a document", err));
	if (b.waits)
		return BKT_OK;
	(void)printf("document %s  %s\n", doc->u.document.document,
	    cli_text(c, doc->u.document.file));
	(void)printf("linked to %s in %s; entries %llu to %llu\n",
	    cli_join(c, &a->indicators, ", ", ""), a->round.cycle,
	    (unsigned long long)b.items[0].index,
	    (unsigned long long)b.items[b.n - 1].index);
	return warn_needs(a, &doc->u.document, err);
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	struct adding a = { .c = c };
	enum bkt_status st = add_all(&a, err);

	bkt_staged_release(bkt_store_objects(c->store), &a.staged);
	cli_round_release(&a.round);
	return st;
}

static const struct cli_opt options[] = {
	CLI_DOCUMENT_OPTIONS,
	CLI_LINK_OPTIONS,
	{ 0 },
};
const struct cli_cmd cli_add = {
	.name = "add",
	.summary = "add one document and link it to indicators",
	.usage = "FILE --indicator N,N --type TYPE [...]",
	.options = options,
	.flags = CLI_WRITES,
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
