/* bukti reindex: the index again from the log */
#include "cli.h"

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	BKT_TRY(bkt_store_reindex(c->store, &cli_progress, err));
	cli_progress_clear();
	(void)printf("index rebuilt: %llu entries\n",
	    (unsigned long long)bkt_store_head(c->store)->checkpoint.size);
	return BKT_OK;
}

const struct cli_cmd cli_reindex = {
	.name = "reindex",
	.summary = "build the index again from the log",
	.usage = "",
	.details = "The index is derived: deleting it loses nothing, and it "
		   "is brought up to date\nby itself. This is for when it is "
		   "thought to be wrong.",
	.flags = CLI_READS,
	.run = run,
};
