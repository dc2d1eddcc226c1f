/* bukti import TABLE --dir FOLDER: a whole folder in one go */
#include "evidence.h"

#include <string.h>

struct telling {
	struct cli *c;
	const char *name;
};

static void tell(void *ctx, uint64_t line, const struct bkt_err *why)
{
	const struct telling *t = ctx;

	cli_progress_clear();
	if (line == 0) {
		cli_note(t->c, "%s: %s", t->name, why->msg);
		cli_note(t->c, "hint: %s", why->hint);
		return;
	}
	cli_note(t->c, "%s:%llu: %s%s%s%s", t->name, (unsigned long long)line,
	    why->msg, why->hint[0] ? " (" : "", why->hint,
	    why->hint[0] ? ")" : "");
}

/* what was there before, or came twice */
static void print_there(
    struct cli *c, const struct bkt_import_result *r, bool dry)
{
	if (r->n_twins > 0)
		(void)printf("%s the same content as another of the table\n",
		    cli_count(c, r->n_twins, "file has", "files have"));
	if (r->n_reused > 0 || r->n_same > 0)
		(void)printf("%s there already, %s %sunchanged\n",
		    cli_count(c, r->n_reused, "file was", "files were"),
		    cli_count(c, r->n_same, "link", NULL),
		    dry ? "would be " : "");
	if (r->n_gone > 0)
		(void)printf("%s left alone: taken back before\n",
		    cli_count(c, r->n_gone, "link", NULL));
}

static void print_unnamed(struct cli *c, const struct bkt_import_result *r)
{
	bool many = r->n_unnamed > 5;

	if (r->n_unnamed == 0)
		return;
	(void)printf("%s%s in no row:%s", r->unnamed_partly ? "at least " : "",
	    cli_count(c, r->n_unnamed, "file in the folder is",
		"files in the folder are"),
	    many ? "\n" : " ");
	for (size_t i = 0; i < r->unnamed.n; i++)
		(void)printf("%s'%s'%s",
		    many    ? "  "
		    : i > 0 ? ", "
			    : "",
		    cli_text(c, r->unnamed.v[i]), many ? "\n" : "");
	if (r->n_unnamed > r->unnamed.n)
		(void)printf("  and %llu more",
		    (unsigned long long)(r->n_unnamed - r->unnamed.n));
	if (!many || r->n_unnamed > r->unnamed.n)
		(void)printf("\n");
}

static void print_result(struct cli *c, const struct bkt_import_result *r,
    bool dry, const char *cycle)
{
	const char *would = dry ? "would be " : "";

	(void)printf("%s, %s read (%s)\n", cli_count(c, r->n_rows, "row", NULL),
	    cli_count(c, r->n_files, "file", NULL),
	    cli_count(c, r->n_bytes, "byte", NULL));
	(void)printf("%s %sadded, %s %smade in %s\n",
	    cli_count(c, r->n_documents, "document", NULL), would,
	    cli_count(c, r->n_links, "link", NULL), would, cycle);
	print_there(c, r, dry);
	if (r->n_bad > 0)
		(void)printf("%s %s: mend %s and run the import again, what is "
			     "in is recognised\n",
		    cli_count(c, r->n_bad, "row", NULL),
		    dry ? "would not be taken" : "not taken",
		    r->n_bad == 1 ? "it" : "them");
	print_unnamed(c, r);
	if (dry)
		(void)printf("nothing was written\n");
}

/* files lie beside the table unless --dir says otherwise */
static const char *folder_of(struct cli *c, const char *file)
{
	const char *slash = strrchr(file, '/');

	if (!slash)
		return ".";
	return bkt_arena_strndup(
	    c->arena, file, slash == file ? 1 : (size_t)(slash - file));
}

/* found out before anybody is asked for a passphrase */
static enum bkt_status check_folder(
    struct cli *c, const char **dir, struct bkt_err *err)
{
	*dir = cli_opt(c, "dir") ? cli_opt(c, "dir") : folder_of(c, c->argv[0]);
	if (!*dir)
		return cli_no_memory(err);
	if (bkt_path_is_dir(*dir))
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_USAGE, "there is no folder '%s'", *dir);
	bkt_err_hint(err, "name the folder of the files with --dir");
	return BKT_E_USAGE;
}

static enum bkt_status import(struct cli *c, struct cli_round *round,
    const char *dir, const struct cli_hands *hands, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf csv = { 0 };
	struct bkt_file_policy policy = { .types = NULL };
	struct telling t = { c, c->argv[0] };
	struct bkt_import_result result = { .n_rows = 0 };
	struct bkt_import_options o = { .cycle = round->cycle,
		.csv_name = c->argv[0],
		.rulebook = round->rulebook,
		.policy = &policy,
		.arena = c->arena,
		.dry_run = cli_flag(c, "dry-run"),
		.progress = &cli_progress,
		.tell = tell,
		.ctx = &t };
	enum bkt_status st;

	bkt_buf_init(&csv, CLI_TEXT_MAX);
	o.dir = dir;
	BKT_TRY(cli_slurp(c->argv[0], &csv, err));
	BKT_TRY(cli_file_policy(c, &policy, err));
	o.csv = bkt_buf_span(&csv);
	o.hand = hands->v[0];
	st = bkt_import(c->store, &o, &result, err);
	cli_progress_clear();
	if (st == BKT_E_FORMAT)
		return cli_input_failed(err, st, "'%s'", c->argv[0]);
	if (st == BKT_E_USAGE || st == BKT_E_POLICY)
		return st;
	print_result(c, &result, o.dry_run, round->cycle);
	if (st == BKT_E_INTERRUPTED)
		bkt_err_hint(err, "run it again: what is in is recognised");
	if (st != BKT_OK)
		return st;
	if (result.n_bad == 0)
		return BKT_OK;
	err->msg[0] = err->hint[0] = '\0';
	return BKT_E_FINDINGS;
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	BKT_AUTO(cli_round_release) struct cli_round round = { .cycle = NULL };
	BKT_AUTO(cli_hands_release) struct cli_hands hands = { NULL, 0 };
	struct bkt_strs who = { NULL, 0 };
	const char *dir = NULL;

	BKT_TRY(cli_round_open(c, &round, err));
	BKT_TRY(cli_members(c, &who, err));
	if (who.n != 1)
		return bkt_fail(
		    err, BKT_E_USAGE, "an import is signed by one person");
	BKT_TRY(check_folder(c, &dir, err));
	BKT_TRY(bkt_store_may(c->store, who.v[0], BKT_KIND_LINK, err));
	BKT_TRY(cli_hands_load(c, &who, &hands, err));
	return import(c, &round, dir, &hands, err);
}

static const struct cli_opt options[] = {
	{ "dir", "DIR", "folder of the files (else the table's own)", 'd',
	    false },
	{ "cycle", "CYCLE", "round (else the only open one)", 0, false },
	{ "dry-run", NULL, "check every row, file and right, write nothing",
	    'n', false },
	{ 0 },
};
const struct cli_cmd cli_import = {
	.name = "import",
	.summary = "add and link a whole folder by a table (CSV)",
	.usage = "TABLE.csv --dir FOLDER",
	.details =
	    "Columns: file, indicator, unit, type, title (needed); levels, "
	    "number, date,\nsigner, locator, valid_from, valid_until, covers, "
	    "years, class, personal,\nnote. Several rows may name one file. "
	    "Run it again after mending bad rows:\nwhat is in already is "
	    "recognised by its content.\n",
	.options = options,
	.flags = CLI_WRITES,
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
