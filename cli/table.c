/* Every verb, in the order of the help. */
#include "cli.h"

extern const struct cli_cmd cli_init;
extern const struct cli_cmd cli_key;
extern const struct cli_cmd cli_unit;
extern const struct cli_cmd cli_member;
extern const struct cli_cmd cli_cycle;
extern const struct cli_cmd cli_add;
extern const struct cli_cmd cli_import;
extern const struct cli_cmd cli_link;
extern const struct cli_cmd cli_unlink;
extern const struct cli_cmd cli_replace;
extern const struct cli_cmd cli_claim;
extern const struct cli_cmd cli_review;
extern const struct cli_cmd cli_status;
extern const struct cli_cmd cli_pack;
extern const struct cli_cmd cli_inspect;
extern const struct cli_cmd cli_check;
extern const struct cli_cmd cli_gap;
extern const struct cli_cmd cli_what_if;
extern const struct cli_cmd cli_verify;
extern const struct cli_cmd cli_release;
extern const struct cli_cmd cli_log;
extern const struct cli_cmd cli_show;
extern const struct cli_cmd cli_cat;
extern const struct cli_cmd cli_proposal;
extern const struct cli_cmd cli_sign;
extern const struct cli_cmd cli_checkpoint;
extern const struct cli_cmd cli_rulebook;
extern const struct cli_cmd cli_score;
extern const struct cli_cmd cli_reindex;
extern const struct cli_cmd cli_help;
extern const struct cli_cmd cli_version;

const struct cli_cmd *const cli_table[] = {
	&cli_init,
	&cli_key,
	&cli_unit,
	&cli_member,
	&cli_cycle,
	&cli_add,
	&cli_import,
	&cli_link,
	&cli_unlink,
	&cli_replace,
	&cli_claim,
	&cli_review,
	&cli_status,
	&cli_check,
	&cli_gap,
	&cli_what_if,
	&cli_verify,
	&cli_release,
	&cli_pack,
	&cli_inspect,
	&cli_log,
	&cli_show,
	&cli_cat,
	&cli_proposal,
	&cli_sign,
	&cli_checkpoint,
	&cli_rulebook,
	&cli_score,
	&cli_reindex,
	&cli_help,
	&cli_version,
	NULL,
};
