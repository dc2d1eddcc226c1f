/* bukti: evidence that can be checked. Dispatch and the way out. */
#include "cli.h"

#include <string.h>

/* what status and check of a round take */
#define CLI_HEAP_BYTES ((size_t)4 << 20)

/* find the store when the verb wants one, then do it */
static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	if (!(c->cmd->flags & CLI_NO_STORE))
		BKT_TRY(cli_store_open(c, err));
	BKT_TRY(c->cmd->run(c, err));
	return BKT_OK;
}

/* what went wrong beside the verb and did not change what it did */
static void warn_trouble(const struct cli *c)
{
	const struct bkt_err *t = c->store ? bkt_store_trouble(c->store) : NULL;

	if (!t)
		return;
	cli_note(c, "warning: %s", t->msg);
	if (t->hint[0] != '\0')
		cli_note(c, "hint: %s", t->hint);
}

static enum bkt_status dispatch(
    struct cli *c, int argc, char **argv, struct bkt_err *err)
{
	enum bkt_status st = BKT_OK;
	struct bkt_err late = { 0 };

	BKT_TRY(cli_parse(c, argc, argv, err));
	if (!c->cmd) {
		cli_help_welcome(stdout);
		return cli_flush(err);
	}
	if (cli_flag(c, "help")) {
		cli_help_verb(stdout, c->cmd, c->verb);
		return cli_flush(err);
	}
	if (!c->cmd->run) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "'bukti %s' needs to be told "
		    "what to do",
		    c->verb);
		bkt_err_hint(err, "bukti help %s", c->verb);
		return BKT_E_USAGE;
	}
	BKT_TRY(bkt_init(err));
	st = run(c, err);
	cli_progress_clear();
	warn_trouble(c);
	if (cli_flush(&late) != BKT_OK && st == BKT_OK) {
		*err = late;
		st = late.status;
	}
	return st;
}

int main(int argc, char **argv)
{
	struct cli c = { .verb = NULL };
	struct bkt_err err = { 0 };
	enum bkt_status st;

	bkt_memory_warm(CLI_HEAP_BYTES);
	c.arena = bkt_arena_new(CLI_TEXT_MAX);
	if (!c.arena) {
		(void)fputs("bukti: out of memory\n", stderr);
		return cli_exit_code(BKT_E_NOMEM);
	}
	cli_term_setup(&c);
	cli_interrupts_catch();
	st = dispatch(&c, argc, argv, &err);
	if (st != BKT_OK)
		cli_complain(&c, &err);
	bkt_store_free(c.store);
	bkt_arena_free(c.arena);
	return cli_exit_code(st);
}
