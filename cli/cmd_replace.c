/* bukti replace DOCUMENT [FILE]: a new version, the old one stays readable */
#include "evidence.h"

#include <string.h>

struct replacing {
	struct cli *c;
	struct cli_round round;
	struct bkt_staged staged;
	bool has_file;
};

/* one content, one document: also when it comes back from being withdrawn */
static enum bkt_status nobody_elses(struct cli *c,
    const struct bkt_document *said, const struct bkt_sha256 *content,
    struct bkt_err *err)
{
	struct bkt_record *found = NULL;
	enum bkt_status st =
	    bkt_intake_find(c->store, content, c->arena, &found, err);

	if (st == BKT_E_NOTFOUND)
		return BKT_OK;
	if (st != BKT_OK ||
	    strcmp(found->u.document.document, said->document) == 0)
		return st;
	(void)bkt_fail(err, BKT_E_EXISTS,
	    "this content is another document already, %s",
	    found->u.document.document);
	bkt_err_hint(err, "link that one: bukti link %s --indicator N",
	    found->u.document.document);
	return BKT_E_EXISTS;
}

static enum bkt_status new_content(struct replacing *p,
    const struct bkt_document *said, struct bkt_record **out,
    struct bkt_file **owned, struct bkt_err *err)
{
	struct cli *c = p->c;
	struct bkt_file_policy policy = { .types = NULL };

	BKT_TRY(cli_file_policy(c, &policy, err));
	BKT_TRY(cli_stage(c, c->argv[1], &policy, &p->staged, err));
	p->has_file = true;
	BKT_TRY(nobody_elses(c, said, &p->staged.id, err));
	return bkt_intake_document(&policy, &p->staged,
	    bkt_path_base(c->argv[1]), said, c->arena, out, owned, err);
}

/* the record as it would be: with new content, or with new data only */
static enum bkt_status new_version(struct replacing *p,
    const struct bkt_record *now, struct bkt_record **out,
    struct bkt_file **owned, struct bkt_err *err)
{
	struct cli *c = p->c;
	struct bkt_document said = now->u.document;
	struct bkt_record *r = NULL;

	BKT_TRY(cli_document_options(c, &p->round, &said, err));
	if (cli_flag(c, "withdraw"))
		said.state = "withdrawn";
	if (c->argc > 1)
		return new_content(p, &said, out, owned, err);
	if (strcmp(now->u.document.state, said.state) != 0 &&
	    strcmp(said.state, "active") == 0) {
		struct bkt_sha256 id;

		if (!bkt_unhex(said.sha256, id.b, sizeof(id.b)))
			return bkt_fail(
			    err, BKT_E_FORMAT, "bad content digest");
		BKT_TRY(nobody_elses(c, &said, &id, err));
	}
	r = bkt_arena_alloc(c->arena, sizeof(*r));
	if (!r)
		return cli_no_memory(err);
	r->kind = BKT_KIND_DOCUMENT;
	r->path = now->path;
	r->u.document = said;
	*out = r;
	return bkt_intake_pointer(r, c->arena, owned, err);
}

static void say_done(struct cli *c, const struct bkt_document *d,
    const struct bkt_strs *changes, bool content, uint64_t entry)
{
	bool withdrawn = strcmp(d->state, "withdrawn") == 0;

	(void)printf("document %s %s, entry %llu\n", d->document,
	    withdrawn ? "is withdrawn" : "has a new version",
	    (unsigned long long)entry);
	(void)printf("changed: %s\n", cli_join(c, changes, ", ", ""));
	if (!withdrawn && content && !cli_opt(c, "title"))
		cli_note(c, "its title stays '%s'; --title TEXT says another",
		    cli_text(c, d->title));
	if (withdrawn)
		cli_note(c,
		    "its links no longer count; a new version brings "
		    "it back: bukti replace %s",
		    d->document);
	else
		cli_note(c, "decisions about the version before no longer "
			    "count: it has to be reviewed again");
}

static enum bkt_status replace(struct replacing *p, struct bkt_err *err)
{
	BKT_AUTO(cli_batch_release) struct cli_batch b = { .c = NULL };
	struct cli *c = p->c;
	struct bkt_record *now = NULL, *r = NULL;
	struct bkt_file *owned = NULL;
	struct bkt_strs changes = { NULL, 0 };
	const struct bkt_document *d;

	BKT_TRY(cli_round_open(c, &p->round, err));
	BKT_TRY(cli_document_pick(c, c->argv[0], &now, err));
	BKT_TRY(new_version(p, now, &r, &owned, err));
	d = &r->u.document;
	BKT_TRY(
	    bkt_document_changes(&now->u.document, d, c->arena, &changes, err));
	/* a version that says the same would only undo the decisions */
	if (changes.n == 0) {
		cli_note(c, "nothing changed: document %s is just so already",
		    d->document);
		return BKT_OK;
	}
	BKT_TRY(cli_batch_init(&b, c, err));
	BKT_TRY(cli_batch_add(
	    &b, r, owned, 1, cli_printf(c, "document %s", d->document), err));
	if (p->has_file)
		b.items[0].staged = &p->staged;
	BKT_TRY(cli_batch_submit(&b, "replace a document", err));
	if (!b.waits)
		say_done(c, d, &changes, p->has_file, b.items[0].index);
	return BKT_OK;
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	struct replacing p = { .c = c };
	enum bkt_status st = replace(&p, err);

	bkt_staged_release(bkt_store_objects(c->store), &p.staged);
	cli_round_release(&p.round);
	return st;
}

static const struct cli_opt options[] = {
	CLI_DOCUMENT_OPTIONS,
	{ "withdraw", NULL,
	    "take the document back; its links no longer "
	    "count",
	    0, false },
	{ "cycle", "CYCLE", "whose rulebook names the types", 0, false },
	{ 0 },
};
const struct cli_cmd cli_replace = {
	.name = "replace",
	.summary = "give a document a new version: content, data, or both",
	.usage = "DOCUMENT [FILE] [--number NO ...]",
	.options = options,
	.flags = CLI_WRITES,
	.min_args = 1,
	.max_args = 2,
	.run = run,
};
