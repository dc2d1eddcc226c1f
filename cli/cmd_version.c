/* bukti version */
#include "cli.h"

#ifndef BUKTI_VERSION
#define BUKTI_VERSION "0"
#endif

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	BKT_AUTO(cli_json_release) struct cli_json j = { .depth = 0 };

	if (!cli_flag(c, "json")) {
		(void)printf("bukti %s\n", BUKTI_VERSION);
		return BKT_OK;
	}
	cli_json_init(&j);
	cli_json_object(&j, NULL);
	cli_json_str(&j, "program", "bukti");
	cli_json_str(&j, "version", BUKTI_VERSION);
	cli_json_end(&j, '}');
	return cli_json_print(&j, err);
}

const struct cli_cmd cli_version = {
	.name = "version",
	.summary = "print the version",
	.usage = "[--json]",
	.flags = CLI_NO_STORE | CLI_JSON,
	.run = run,
};
