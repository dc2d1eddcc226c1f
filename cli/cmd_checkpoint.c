/* bukti checkpoint: the signed statement of where the log stands */
#include "cli.h"

static enum bkt_status store_key(
    struct cli *c, const char **out, struct bkt_err *err)
{
	struct bkt_record *r = NULL;

	BKT_TRY(cli_record_at(c, "institution.json", &r, err));
	*out = r->u.institution.note_key;
	return BKT_OK;
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	const struct bkt_head *head = bkt_store_head(c->store);
	const char *vkey = NULL;
	char commit[41];
	BKT_AUTO(cli_json_release) struct cli_json j = { .depth = 0 };

	cli_json_init(&j);
	BKT_TRY(store_key(c, &vkey, err));
	if (cli_flag(c, "vkey")) {
		(void)printf("%s\n", vkey);
		return BKT_OK;
	}
	if (!cli_flag(c, "json")) {
		(void)fwrite(head->note, 1, head->note_len, stdout);
		return BKT_OK;
	}
	bkt_oid_hex(&head->commit, commit);
	cli_json_object(&j, NULL);
	cli_json_str(&j, "origin", head->checkpoint.origin);
	cli_json_u64(&j, "size", head->checkpoint.size);
	cli_json_hash(&j, "root", &head->checkpoint.root);
	cli_json_str(&j, "commit", commit);
	cli_json_time(&j, "time", head->time_utc_s);
	cli_json_str(&j, "vkey", vkey);
	cli_json_str(&j, "note",
	    cli_printf(
		c, "%.*s", (int)head->note_len, (const char *)head->note));
	cli_json_end(&j, '}');
	return cli_json_print(&j, err);
}

static const struct cli_opt options[] = {
	{ "vkey", NULL, "print the store's verifier key instead", 0, false },
	{ 0 },
};

const struct cli_cmd cli_checkpoint = {
	.name = "checkpoint",
	.summary = "print the signed checkpoint of the log",
	.usage = "[--vkey | --json]",
	.details = "Whoever keeps a copy elsewhere can prove later that the "
		   "log was not changed,\nshortened or reordered. It is "
		   "printed as it lies in the store: bukti verify\nchecks "
		   "its signature.",
	.options = options,
	.flags = CLI_READS | CLI_JSON,
	.run = run,
};
