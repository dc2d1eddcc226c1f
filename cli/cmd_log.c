/* bukti log [WHAT]: what was accepted, newest first */
#include "cli.h"
#include "show.h"

#include <string.h>

struct listing {
	struct cli *c;
	struct cli_table_rows *table;
	struct cli_json json;
	size_t n;
};

static enum bkt_status one(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct listing *l = ctx;
	char accepted[BKT_TIME_LEN + 1];
	const char *cells[4] = { NULL };

	(void)err;
	bkt_time_format(e->accepted_utc_s, accepted);
	cells[0] = cli_printf(l->c, "%llu", (unsigned long long)e->index);
	cells[1] = accepted;
	cells[2] = e->by;
	cells[3] = e->summary;
	cli_table_row(l->table, CLI_PLAIN, cells);
	cli_json_object(&l->json, NULL);
	cli_json_u64(&l->json, "index", e->index);
	cli_json_str(&l->json, "accepted", accepted);
	cli_json_time(&l->json, "at", e->at_utc_s);
	cli_json_str(&l->json, "by", e->by);
	cli_json_str(&l->json, "kind", e->kind);
	cli_json_str(&l->json, "path", e->path);
	cli_json_hash(&l->json, "record", &e->record);
	cli_json_str(&l->json, "summary", e->summary);
	cli_json_end(&l->json, '}');
	l->n++;
	return BKT_OK;
}

static enum bkt_status print(struct listing *l, struct bkt_err *err)
{
	cli_json_end(&l->json, ']');
	cli_json_end(&l->json, '}');
	if (cli_flag(l->c, "json"))
		return cli_json_print(&l->json, err);
	if (l->n > 0)
		cli_table_print(l->table);
	return BKT_OK;
}

/* is there anything at this path, or below this folder */
static enum bkt_status is_there(
    struct cli *c, const char *path, bool *out, struct bkt_err *err)
{
	*out = false;
	return bkt_index_history(bkt_store_index(c->store), path, UINT64_MAX, 1,
	    cli_entry_seen, out, err);
}

/* a path, a folder with or without its slash, or what `show` takes */
static enum bkt_status path_of(
    struct cli *c, const char *word, const char **out, struct bkt_err *err)
{
	const char *folder = cli_printf(c, "%s/", word);
	struct bkt_index_entry e = { 0 };
	size_t n = strlen(word);
	bool there = false;

	if (n == 0)
		return bkt_fail(
		    err, BKT_E_USAGE, "an empty word names nothing");
	*out = word;
	BKT_TRY(is_there(c, word, &there, err));
	if (there)
		return BKT_OK;
	if (word[n - 1] == '/') {
		(void)bkt_fail(
		    err, BKT_E_USAGE, "nothing was ever said below '%s'", word);
		bkt_err_hint(err, "bukti log without a path lists everything");
		return BKT_E_USAGE;
	}
	*out = folder;
	BKT_TRY(is_there(c, folder, &there, err));
	if (there)
		return BKT_OK;
	BKT_TRY(cli_resolve(c, word, &e, err));
	*out = e.path;
	return BKT_OK;
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	static const struct cli_column columns[] = {
		{ "ENTRY", true, false },
		{ "ACCEPTED", false, false },
		{ "BY", false, false },
		{ "WHAT", false, true },
	};
	const char *text = cli_opt(c, "number");
	const char *path = NULL;
	struct listing l = { .c = c };
	uint64_t n = 20;
	enum bkt_status st;

	if (text && !bkt_parse_u64(text, INT64_MAX, &n))
		return bkt_fail(
		    err, BKT_E_USAGE, "'%s' is no number of entries", text);
	if (c->argc > 0)
		BKT_TRY(path_of(c, c->argv[0], &path, err));
	l.table = cli_table_new(c, columns, 4);
	cli_json_init(&l.json);
	cli_json_object(&l.json, NULL);
	cli_json_array(&l.json, "entries");
	st = bkt_index_history(
	    bkt_store_index(c->store), path, UINT64_MAX, n, one, &l, err);
	if (st == BKT_OK)
		st = print(&l, err);
	if (st == BKT_OK && !path && l.n == n &&
	    n < bkt_store_head(c->store)->checkpoint.size)
		cli_note(c, "the newest %llu of %llu; -n N shows more",
		    (unsigned long long)n,
		    (unsigned long long)bkt_store_head(c->store)
			->checkpoint.size);
	cli_json_release(&l.json);
	return st;
}

static const struct cli_opt options[] = {
	{ "number", "N", "at most N entries (20)", 'n', false },
	{ 0 },
};

const struct cli_cmd cli_log = {
	.name = "log",
	.summary = "what was accepted, newest first",
	.usage = "[-n N] [WHAT] [--json]",
	.details = "WHAT is a record, named as for bukti show, or a folder of "
		   "the store, of which\nall is listed: cycles/2026-2/I01/.",
	.options = options,
	.flags = CLI_READS | CLI_JSON,
	.max_args = 1,
	.run = run,
};
