#include "db.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trees.h"

void bkt_gitdb_free(bkt_gitdb *g)
{
	if (!g)
		return;
	gitdb_trees_free(g->trees);
	gitdb_pool_free(g->pool);
	bkt_free(g->quarantine);
	bkt_free(g->pack_dir);
	bkt_free(g->objects);
	bkt_free(g->dir);
	bkt_free(g);
}

static bool is_repository(const char *dir)
{
	static const char *const parts[] = { "objects", "refs" };
	BKT_AUTO(bkt_free) char *head = bkt_path_join(dir, "HEAD");

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		BKT_AUTO(bkt_free) char *p = bkt_path_join(dir, parts[i]);

		if (!p || !bkt_path_is_dir(p))
			return false;
	}
	return head && bkt_path_exists(head);
}

/* where git put the objects of a push that no ref names yet */
static enum bkt_status find_quarantine(bkt_gitdb *g, struct bkt_err *err)
{
	const char *env = getenv("GIT_QUARANTINE_PATH");
	char inside[PATH_MAX], real[PATH_MAX];
	size_t n;

	if (!env)
		env = getenv("GIT_OBJECT_DIRECTORY");
	if (!env || !*env)
		return BKT_OK;
	if (!realpath(g->objects, inside) || !realpath(env, real))
		return bkt_fail_errno(err, BKT_E_IO, "quarantine '%s'", env);
	n = strlen(inside);
	if (strcmp(inside, real) == 0)
		return BKT_OK;
	/* git makes it below objects/; objects from elsewhere are not ours */
	if (strncmp(inside, real, n) != 0 || real[n] != '/')
		return bkt_fail(err, BKT_E_POLICY,
		    "quarantine '%s' is not below '%s'", env, g->objects);
	g->quarantine = bkt_strdup(real);
	if (!g->quarantine)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	return BKT_OK;
}

/* a clone with its files beside it has the repository inside */
static enum bkt_status not_bare(const char *dir, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *inside = bkt_path_join(dir, ".git");

	(void)bkt_fail(
	    err, BKT_E_NOT_STORE, "'%s' is not a bare git repository", dir);
	if (inside && is_repository(inside))
		bkt_err_hint(err,
		    "it is a clone with its files beside it: "
		    "name '%s'",
		    inside);
	return BKT_E_NOT_STORE;
}

/* what may not be looked into is no reason to say what it is */
static enum bkt_status may_read(const char *dir, struct bkt_err *err)
{
	static const char *const parts[] = { "", "objects", "refs", "HEAD" };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		BKT_AUTO(bkt_free) char *p = bkt_path_join(dir, parts[i]);
		bool folder;

		if (!p)
			return bkt_fail(
			    err, BKT_E_NOMEM, "no memory for a path");
		folder = bkt_path_is_dir(p);
		if (access(p, folder ? R_OK | X_OK : R_OK) != 0 &&
		    errno == EACCES)
			return bkt_fail_errno(
			    err, BKT_E_IO, "cannot read the store '%s'", dir);
	}
	return BKT_OK;
}

enum bkt_status bkt_gitdb_open(
    const char *dir, bool quarantine, bkt_gitdb **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_gitdb_free) bkt_gitdb *g = NULL;

	BKT_TRY(may_read(dir, err));
	if (!is_repository(dir))
		return not_bare(dir, err);
	BKT_TRY(bkt_gitdb_init(err));
	g = bkt_calloc(1, sizeof(*g));
	if (!g)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a repository");
	g->dir = bkt_strdup(dir);
	g->objects = bkt_path_join(dir, "objects");
	if (g->objects)
		g->pack_dir = bkt_path_join(g->objects, "pack");
	if (!g->dir || !g->pack_dir)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	BKT_TRY(gitdb_pool_new(&g->pool, err));
	BKT_TRY(gitdb_trees_new(&g->trees, err));
	if (quarantine)
		BKT_TRY(find_quarantine(g, err));
	gitdb_pool_notice(g);
	*out = BKT_STEAL(g);
	return BKT_OK;
}

enum bkt_status bkt_gitdb_beside(
    const bkt_gitdb *g, bkt_gitdb **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_gitdb_free) bkt_gitdb *b = NULL;

	BKT_TRY(bkt_gitdb_open(g->dir, false, &b, err));
	gitdb_trees_free(b->trees);
	b->trees = gitdb_trees_share(g->trees);
	*out = BKT_STEAL(b);
	return BKT_OK;
}
