/* Which store is meant. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

/* bare repository with our folder in it: enough to say "this is meant" */
static bool looks_like_store(const char *dir)
{
	static const char *const parts[] = { "bukti", "refs", "objects" };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		BKT_AUTO(bkt_free) char *p = bkt_path_join(dir, parts[i]);

		if (!p || !bkt_path_is_dir(p))
			return false;
	}
	return true;
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n > m && strcmp(s + n - m, end) == 0;
}

enum bkt_status cli_store_dir(
    struct cli *c, const char **out, struct bkt_err *err)
{
	const char *named = cli_knows(c, "store") ? cli_opt(c, "store") : NULL;
	const char *env = getenv("BUKTI_STORE");
	struct bkt_strs here = { NULL, 0 };
	size_t n = 0;

	if (!named && env && env[0] != '\0')
		named = env;
	if (named) {
		*out = named;
		return BKT_OK;
	}
	if (looks_like_store(".")) {
		*out = ".";
		return BKT_OK;
	}
	BKT_TRY(bkt_dir_list(".", c->arena, &here, err));
	for (size_t i = 0; i < here.n; i++) {
		if (!ends_with(here.v[i], ".git") ||
		    !looks_like_store(here.v[i]))
			continue;
		*out = here.v[i];
		n++;
	}
	if (n == 1)
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_NOT_STORE,
	    n == 0 ? "no store here" : "%zu stores here, which one is meant",
	    n);
	bkt_err_hint(err, n == 0 ? "name it with --store DIR or "
				   "$BUKTI_STORE, or make one: bukti help init"
				 : "name it with --store DIR or $BUKTI_STORE");
	return BKT_E_NOT_STORE;
}

enum bkt_status cli_store_there(
    const char *dir, const char *hint, struct bkt_err *err)
{
	enum bkt_status st = bkt_dir_check(dir, err);

	if (st == BKT_OK)
		return BKT_OK;
	if (st != BKT_E_NOTFOUND) {
		bkt_err_hint(err,
		    "nothing was read; may you look into each folder of that "
		    "path: namei -l tells which not");
		return st;
	}
	(void)bkt_fail(err, BKT_E_NOT_STORE, "there is no store '%s'", dir);
	bkt_err_hint(err, "%s", hint);
	return BKT_E_NOT_STORE;
}

enum bkt_status cli_store_open(struct cli *c, struct bkt_err *err)
{
	const char *dir = NULL;

	if (c->store)
		return BKT_OK;
	BKT_TRY(cli_store_dir(c, &dir, err));
	BKT_TRY(cli_store_there(dir, "make one: bukti help init", err));
	if (bkt_store_open(dir, &c->store, err) != BKT_OK) {
		if (err->status == BKT_E_NOT_STORE && err->hint[0] == '\0')
			bkt_err_hint(err, "name a store with --store DIR, or "
					  "make one: bukti help init");
		return err->status;
	}
	if (c->cmd->flags & CLI_READS)
		BKT_TRY(bkt_store_snapshot(c->store, err));
	c->origin = bkt_store_origin(c->store);
	if (c->cmd->flags & CLI_WRITES) {
		cli_warn_readable(c, cli_printf(c, "%s/bukti/key", dir));
		cli_hooks_mend(c, dir);
	}
	return BKT_OK;
}
