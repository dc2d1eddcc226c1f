/* Help, all of it from the table. */
#include "cli.h"

#include <string.h>

void cli_help_welcome(FILE *f)
{
	(void)fputs(
	    "bukti keeps the evidence of an SPBE or Pemdi assessment, "
	    "checkable by all.\n\n"
	    "Begin      bukti init kota.git --origin spbe.kota.go.id --name "
	    "\"Kota\"\n"
	    "           bukti unit add diskominfo --name \"Dinas Kominfo\"\n"
	    "           bukti key new ani; bukti member add ani --request "
	    "FILE ...\n"
	    "           bukti cycle open 2026-2 --rulebook spbe-2020 --cutoff "
	    "2026-12-31\n"
	    "Collect    bukti import evidence.csv --dir FOLDER\n"
	    "See        bukti status; bukti log; bukti show DOCUMENT\n"
	    "Decide     bukti review accept DOCUMENT ...; bukti check 2026-2\n"
	    "Hand over  bukti release 2026-2; bukti pack 2026-2\n"
	    "Check      bukti verify; bukti inspect PACKAGE\n\n"
	    "All verbs: bukti help. One verb: bukti help VERB.\n",
	    f);
}

void cli_help_list(FILE *f)
{
	(void)fputs(
	    "usage: bukti [-C STORE] VERB [OPTIONS] [ARGUMENTS]\n\n", f);
	for (size_t i = 0; cli_table[i]; i++)
		(void)fprintf(f, "  %-11s %s\n", cli_table[i]->name,
		    cli_table[i]->summary);
	(void)fputs(
	    "\nbukti help VERB tells more; so does its page: man bukti-VERB "
	    "where bukti is\ninstalled, man -l cli/man/bukti-VERB.1 "
	    "in its source.\n"
	    "Exit: 0 good, 1 findings, 2 usage, 3 not a store or bad "
	    "configuration,\n4 integrity, 5 refused by policy, 6 "
	    "could not tell, 7 busy or conflict,\n70 internal, 130 "
	    "interrupted.\n",
	    f);
}

static void help_options(FILE *f, const struct cli_cmd *cmd)
{
	const struct cli_opt *groups[CLI_N_GROUPS];

	cli_option_groups(cmd, groups);
	(void)fputs("\nOptions (... may be repeated):\n", f);
	for (size_t g = 0; g < CLI_N_GROUPS; g++) {
		for (const struct cli_opt *o = groups[g]; o && o->name; o++) {
			char left[64];
			int n = 0;

			n = snprintf(left, sizeof(left), "%s%c%s--%s%s%s",
			    o->letter ? "-" : "", o->letter ? o->letter : ' ',
			    o->letter ? ", " : "   ", o->name,
			    o->value ? " " : "", o->value ? o->value : "");
			if (n > 26)
				(void)fprintf(
				    f, "  %s\n  %-26s %s", left, "", o->help);
			else
				(void)fprintf(f, "  %-26s %s", left, o->help);
			(void)fputs(o->many ? " ...\n" : "\n", f);
		}
	}
}

void cli_help_verb(FILE *f, const struct cli_cmd *cmd, const char *verb)
{
	if (cmd->subs) {
		(void)fprintf(f, "bukti %s: %s\n\n", verb, cmd->summary);
		for (size_t i = 0; cmd->subs[i]; i++)
			(void)fprintf(f, "  bukti %s %s %s\n      %s\n", verb,
			    cmd->subs[i]->name, cmd->subs[i]->usage,
			    cmd->subs[i]->summary);
		(void)fprintf(f, "\nbukti help %s VERB tells more.\n", verb);
		return;
	}
	(void)fprintf(
	    f, "usage: bukti %s %s\n\n%s\n", verb, cmd->usage, cmd->summary);
	if (cmd->details)
		(void)fprintf(f, "\n%s\n", cmd->details);
	help_options(f, cmd);
}
