/* bukti log [PATH]: what was accepted, newest first */
#include "cli.h"

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

static enum bkt_status print(
    struct listing *l, const char *path, struct bkt_err *err)
{
	cli_json_end(&l->json, ']');
	cli_json_end(&l->json, '}');
	if (cli_flag(l->c, "json"))
		return cli_json_print(&l->json, err);
	if (l->n > 0)
		cli_table_print(l->table);
	if (l->n == 0 && path)
		return bkt_fail(
		    err, BKT_E_USAGE, "nothing was ever said at '%s'", path);
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
	const char *path = c->argc > 0 ? c->argv[0] : NULL;
	struct listing l = { .c = c };
	uint64_t n = 20;
	enum bkt_status st;

	if (text && !bkt_parse_u64(text, INT64_MAX, &n))
		return bkt_fail(
		    err, BKT_E_USAGE, "'%s' is no number of entries", text);
	l.table = cli_table_new(c, columns, 4);
	cli_json_init(&l.json);
	cli_json_object(&l.json, NULL);
	cli_json_array(&l.json, "entries");
	st = bkt_index_history(
	    bkt_store_index(c->store), path, UINT64_MAX, n, one, &l, err);
	if (st == BKT_OK)
		st = print(&l, path, err);
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
	.usage = "[-n N] [PATH] [--json]",
	.details = "PATH is a record's path, or a folder ending in '/': "
		   "cycles/2026-2/I01/.",
	.options = options,
	.flags = CLI_READS | CLI_JSON,
	.max_args = 1,
	.run = run,
};
