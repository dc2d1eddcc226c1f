/* Which hook this is, by the name that git runs it under. */
#include "hook.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_MAX ((size_t)512 * 1024 * 1024)

static const struct {
	const char *name;
	enum hook_answer (*run)(struct hook *h);
} hooks[] = {
	{ "pre-receive", hook_pre_receive },
	{ "reference-transaction", hook_reference_transaction },
};

int main(int argc, char **argv)
{
	const char *name = argc > 0 ? bkt_path_base(argv[0]) : "";
	const char *dir = getenv("GIT_DIR");
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(ARENA_MAX);
	struct hook h = { .dir = dir && dir[0] ? dir : ".",
		.argc = argc,
		.argv = argv,
		.arena = arena };
	struct bkt_err err = { 0 };

	/* a file larger than is allowed is an error like a full disk */
	(void)signal(SIGXFSZ, SIG_IGN);
	if (!arena) {
		(void)bkt_fail(&err, BKT_E_NOMEM, "no memory");
		return (int)hook_untold(&err);
	}
	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
		if (strcmp(hooks[i].name, name) == 0)
			return (int)hooks[i].run(&h);
	}
	hook_say(
	    "bukti: '%s' is not the name of a hook that this program is", name);
	hook_say("hint: git runs it as hooks/pre-receive and "
		 "hooks/reference-transaction of a store");
	return HOOK_USAGE;
}
