#include <string.h>

#include "db.h"
#include "tree.h"

/* no tree that a store accepted looks otherwise */
static enum bkt_status check_tree(gitdb_obj *obj, struct bkt_err *err)
{
	struct bkt_err why;
	struct tree_iter it;
	struct tree_entry e;
	bool got = true;

	if (gitdb_obj_strict(obj))
		return BKT_OK;
	tree_iter_init(&it, gitdb_obj_span(obj));
	while (got) {
		if (tree_next(&it, &e, &got, &why) != BKT_OK)
			return bkt_fail(err, BKT_E_TAMPERED, "%s", why.msg);
	}
	gitdb_obj_set_strict(obj);
	return BKT_OK;
}

/* what a tree has under a name */
static enum bkt_status find_entry(const bkt_gitdb *g,
    const struct bkt_oid *tree, struct bkt_span name, bool want_dir,
    struct bkt_oid *out, bool *found, struct bkt_err *err)
{
	BKT_AUTO(gitdb_obj_free) gitdb_obj *obj = NULL;

	BKT_TRY(gitdb_object(g, tree, BKT_GIT_TREE, GITDB_TREE_MAX, &obj, err));
	BKT_TRY(check_tree(obj, err));
	*found = tree_find(gitdb_obj_span(obj), name, want_dir, out);
	return BKT_OK;
}

/* follow @p path; want_dir: it names a directory, without final '/' */
static enum bkt_status descend(const bkt_gitdb *g, const struct bkt_oid *tree,
    const char *path, bool want_dir, struct bkt_oid *out, struct bkt_err *err)
{
	struct bkt_oid at = *tree;
	const char *rest = path;
	bool last = false;

	for (size_t depth = 0; !last; depth++) {
		struct bkt_span name;
		bool found;

		if (!tree_path_next(&rest, &name, &last) ||
		    depth >= GITDB_DEPTH_MAX)
			return bkt_fail(err, BKT_E_NOTFOUND,
			    "'%s' is not a path of a tree", path);
		BKT_TRY(find_entry(
		    g, &at, name, !last || want_dir, &at, &found, err));
		if (!found)
			return bkt_fail(
			    err, BKT_E_NOTFOUND, "'%s' is not there", path);
	}
	*out = at;
	return BKT_OK;
}

enum bkt_status bkt_gitdb_lookup(const bkt_gitdb *g, const struct bkt_oid *tree,
    const char *path, struct bkt_oid *out, struct bkt_err *err)
{
	return descend(g, tree, path, false, out, err);
}

enum bkt_status bkt_gitdb_read_path(const bkt_gitdb *g,
    const struct bkt_oid *tree, const char *path, struct bkt_buf *out,
    struct bkt_err *err)
{
	struct bkt_oid blob;

	BKT_TRY(bkt_gitdb_lookup(g, tree, path, &blob, err));
	return bkt_gitdb_read(g, &blob, BKT_GIT_BLOB, out, err);
}

struct walk {
	bkt_tree_fn fn;
	void *ctx;
};

static enum bkt_status walk_one(void *ctx, const char *path,
    const struct bkt_oid *old_oid, const struct bkt_oid *new_oid,
    struct bkt_err *err)
{
	const struct walk *w = ctx;

	(void)old_oid;
	return w->fn(w->ctx, path, new_oid, err);
}

enum bkt_status bkt_gitdb_walk(const bkt_gitdb *g, const struct bkt_oid *tree,
    const char *prefix, bkt_tree_fn fn, void *ctx, struct bkt_err *err)
{
	static const struct bkt_oid nothing;
	struct walk w = { fn, ctx };
	size_t n = strlen(prefix);
	struct bkt_oid at = *tree;

	if (n > 0) {
		BKT_AUTO(bkt_free) char *dir = bkt_strdup(prefix);
		enum bkt_status st;

		if (!dir)
			return bkt_fail(
			    err, BKT_E_NOMEM, "no memory for a path");
		if (dir[n - 1] != '/')
			return bkt_fail(err, BKT_E_USAGE,
			    "'%s' does not end in '/'", prefix);
		dir[n - 1] = '\0';
		st = descend(g, tree, dir, true, &at, err);
		if (st == BKT_E_NOTFOUND)
			return BKT_OK;
		if (st != BKT_OK)
			return st;
	}
	return tree_diff(g, &nothing, &at, prefix, walk_one, &w, err);
}
