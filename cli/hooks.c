/* The hooks of a store: links to the program that all of them are. */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef BUKTI_LIBEXECDIR
#define BUKTI_LIBEXECDIR "/usr/libexec/bukti"
#endif
#ifndef BUKTI_HOOKS
#define BUKTI_HOOKS ""
#endif

static const char *hook_program(struct cli *c)
{
	const char *from_env = getenv("BUKTI_LIBEXECDIR");
	const char *tries[] = { BUKTI_LIBEXECDIR, BUKTI_HOOKS };

	if (from_env) {
		tries[0] = from_env;
		tries[1] = "";
	}
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		const char *path = cli_printf(c, "%s/bukti-hook", tries[i]);

		/* a link in the store cannot be relative to here */
		if (path[0] == '/' && tries[i][0] != '\0' &&
		    access(path, X_OK) == 0)
			return path;
	}
	return NULL;
}

static const char *const names[] = { "pre-receive", "reference-transaction" };

/* git passes over a link to nothing without a word, and over none */
enum hook { HOOK_THERE, HOOK_NOWHERE, HOOK_NONE };

static enum hook look_at(const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return errno == ENOENT ? HOOK_NONE : HOOK_THERE;
	return S_ISLNK(st.st_mode) && access(path, F_OK) != 0 && errno == ENOENT
		   ? HOOK_NOWHERE
		   : HOOK_THERE;
}

/* in one step: two who write at once do not undo each other's */
static bool link_again(struct cli *c, const char *program, const char *path)
{
	const char *fresh = cli_printf(c, "%s.%ld", path, (long)getpid());

	if (symlink(program, fresh) != 0)
		return false;
	if (rename(fresh, path) == 0)
		return true;
	(void)unlink(fresh);
	return false;
}

void cli_hooks_mend(struct cli *c, const char *dir)
{
	const char *program = hook_program(c);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *path = cli_printf(c, "%s/hooks/%s", dir, names[i]);
		enum hook is = look_at(path);

		if (is == HOOK_THERE)
			continue;
		if (program && link_again(c, program, path))
			cli_note(c,
			    "the hook '%s' %s and is linked again to '%s'",
			    path,
			    is == HOOK_NONE ? "was not there" : "led nowhere",
			    program);
		else if (is == HOOK_NOWHERE) /* init told of none */
			cli_note(c,
			    "warning: the hook '%s' leads nowhere: "
			    "stock git can change refs of this store; "
			    "install bukti-hook, then write anything "
			    "with bukti",
			    path);
	}
}

void cli_hooks_link(struct cli *c, const char *dir)
{
	const char *program = hook_program(c);
	const char *hooks = cli_printf(c, "%s/hooks", dir);

	if (!program) {
		cli_note(c, "without hooks: bukti-hook is not installed; "
			    "stock git can change refs of this store");
		return;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *path = cli_printf(c, "%s/%s", hooks, names[i]);

		if (symlink(program, path) != 0)
			cli_note(c, "without the hook '%s': %s", path,
			    strerror(errno));
	}
	if (bkt_dir_fsync(hooks, NULL) != BKT_OK)
		cli_note(c, "the hooks may not outlive a power cut");
}
