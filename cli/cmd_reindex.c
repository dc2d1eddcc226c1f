/* bukti reindex: the index again from the log */
#include "cli.h"

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	const char *dir = NULL;

	/* opening refuses a log that was rolled back: said before it */
	if (cli_flag(c, "restored")) {
		BKT_TRY(cli_store_dir(c, &dir, err));
		BKT_TRY(bkt_store_accept_restored(dir, err));
	}
	BKT_TRY(cli_store_open(c, err));
	if (!dir)
		BKT_TRY(bkt_store_reindex(c->store, &cli_progress, err));
	cli_progress_clear();
	if (!bkt_store_keeps_index(c->store)) {
		(void)bkt_fail(err, BKT_E_IO,
		    "the index of '%s' cannot be written: nothing was kept",
		    bkt_store_dir(c->store));
		bkt_err_hint(err, "run it as the user who writes to the store");
		return BKT_E_IO;
	}
	(void)printf("index rebuilt: %s\n",
	    cli_count(c, bkt_store_head(c->store)->checkpoint.size, "entry",
		"entries"));
	return BKT_OK;
}

static const struct cli_opt options[] = {
	{ "restored", NULL, "go on after a wanted restore", 0, false },
	{ 0 },
};
const struct cli_cmd cli_reindex = {
	.name = "reindex",
	.summary = "build the index again from the log",
	.usage = "[--restored]",
	.details = "The index is derived: deleting it loses nothing, and it "
		   "is brought up to date\nby itself. This is for when it is "
		   "thought to be wrong.",
	.options = options,
	.flags = CLI_NO_STORE | CLI_READS,
	.run = run,
};
