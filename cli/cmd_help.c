/* bukti help [VERB [VERB]] */
#include "cli.h"

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	const struct cli_cmd *cmd = NULL;
	struct cli ask = *c;
	/* the parser finds verbs and makes the suggestions */
	char name[] = "bukti", flag[] = "--help";
	char *argv[4] = { name, NULL, NULL, NULL };
	int argc = 1;

	if (c->argc == 0) {
		cli_help_list(stdout);
		return BKT_OK;
	}
	for (unsigned i = 0; i < c->argc; i++)
		argv[argc++] = c->argv[i];
	argv[argc++] = flag;
	ask.verb = NULL;
	ask.cmd = NULL;
	ask.argc = 0;
	ask.n_values = 0;
	BKT_TRY(cli_parse(&ask, argc, argv, err));
	cmd = ask.cmd;
	BKT_ASSERT(cmd);
	cli_help_verb(stdout, cmd, ask.verb);
	return BKT_OK;
}

const struct cli_cmd cli_help = {
	.name = "help",
	.summary = "list the verbs, or explain one",
	.usage = "[VERB [VERB]]",
	.flags = CLI_NO_STORE,
	.max_args = 2,
	.run = run,
};
