#include <string.h>

#include "../tree.h"
#include "../trees.h"
#include "pack.h"

/* a run of changes and what their paths have in common */
struct edit {
	bkt_gitpack *p;
	const bkt_gitdb *g;
	const struct bkt_change *v;
};

/* the base tree at one level, one entry ahead */
struct base {
	gitdb_obj *obj;
	struct tree_iter it;
	struct tree_entry e;
	bool got;
};

static void base_release(struct base *b)
{
	if (b->obj)
		gitdb_obj_free(b->obj);
}
BKT_AUTO_RELEASE(struct base, base_release);

static enum bkt_status base_step(struct base *b, struct bkt_err *err)
{
	return tree_next(&b->it, &b->e, &b->got, err);
}

static enum bkt_status base_open(const bkt_gitdb *g, const struct bkt_oid *tree,
    struct base *b, struct bkt_err *err)
{
	if (bkt_oid_is_zero(tree))
		return BKT_OK;
	BKT_TRY(
	    gitdb_object(g, tree, BKT_GIT_TREE, GITDB_TREE_MAX, &b->obj, err));
	tree_iter_init(&b->it, gitdb_obj_span(b->obj));
	return base_step(b, err);
}

static void put_entry(struct bkt_buf *out, struct bkt_span name, bool dir,
    const struct bkt_oid *o)
{
	bkt_buf_str(out, dir ? "40000 " : "100644 ");
	bkt_buf_add(out, name.ptr, name.len);
	bkt_buf_chr(out, '\0');
	bkt_buf_add(out, o->b, BKT_OID_LEN);
}

/* changes from i on that lie in the same directory as v[i] at this level */
static size_t group_end(
    const struct edit *e, size_t i, size_t n, size_t at, size_t name_len)
{
	const char *first = e->v[i].path + at;
	size_t j = i + 1;

	while (j < n && strncmp(e->v[j].path + at, first, name_len + 1) == 0)
		j++;
	return j;
}

static enum bkt_status edit_level(const struct edit *e,
    const struct bkt_oid *base_tree, size_t from, size_t to, size_t at,
    unsigned depth, struct bkt_oid *out, bool *empty, struct bkt_err *err);

/* one name that changes: what it becomes, zero when it goes */
static enum bkt_status become(const struct edit *e, struct base *b,
    struct bkt_span name, bool dir, size_t from, size_t to, size_t at,
    unsigned depth, struct bkt_oid *out, struct bkt_err *err)
{
	struct bkt_oid old = { { 0 } };
	bool empty;

	if (b->got && tree_name_cmp(b->e.name, b->e.dir, name, dir) == 0) {
		old = b->e.oid;
		BKT_TRY(base_step(b, err));
	}
	if (!dir) {
		*out = e->v[from].new_oid;
		return BKT_OK;
	}
	BKT_TRY(edit_level(
	    e, &old, from, to, at + name.len + 1, depth + 1, out, &empty, err));
	if (empty)
		memset(out, 0, sizeof(*out));
	return BKT_OK;
}

static enum bkt_status keep_before(struct base *b, struct bkt_span name,
    bool dir, struct bkt_buf *raw, struct bkt_err *err)
{
	while (b->got && (!name.ptr || tree_name_cmp(b->e.name, b->e.dir, name,
					   dir) < 0)) {
		put_entry(raw, b->e.name, b->e.dir, &b->e.oid);
		BKT_TRY(base_step(b, err));
	}
	return BKT_OK;
}

/* a file and a directory of one name, or base and changes out of order */
static enum bkt_status check_result(
    struct bkt_span raw, const char *path, struct bkt_err *err)
{
	struct tree_iter it;
	struct tree_entry e;
	bool got = true;

	tree_iter_init(&it, raw);
	while (got) {
		enum bkt_status st = tree_next(&it, &e, &got, err);

		if (st != BKT_OK)
			return bkt_fail_context(
			    err, st, "directory with '%s'", path);
	}
	return BKT_OK;
}

/* what changed now is what the next batch changes; should this batch come to
 * nothing, nobody will ask for it. It is only a service */
static void remember(
    const bkt_gitdb *g, const struct bkt_oid *oid, struct bkt_span raw)
{
	BKT_AUTO(gitdb_obj_free) gitdb_obj *o = NULL;

	if (gitdb_obj_tree(raw, &o, NULL) != BKT_OK)
		return;
	gitdb_obj_set_strict(o);
	gitdb_trees_put(g->trees, oid, o);
}

static enum bkt_status edit_level(const struct edit *e,
    const struct bkt_oid *base_tree, size_t from, size_t to, size_t at,
    unsigned depth, struct bkt_oid *out, bool *empty, struct bkt_err *err)
{
	BKT_AUTO(base_release) struct base b = { 0 };
	BKT_AUTO(bkt_buf_release) struct bkt_buf raw = { 0 };

	bkt_buf_init(&raw, GITDB_TREE_MAX);
	if (depth >= GITDB_DEPTH_MAX)
		return bkt_fail(err, BKT_E_FORMAT,
		    "'%s' has more than %d parts", e->v[from].path,
		    GITDB_DEPTH_MAX);
	BKT_TRY(base_open(e->g, base_tree, &b, err));
	for (size_t i = from, end; i < to; i = end) {
		const char *path = e->v[i].path + at;
		struct bkt_oid oid;
		struct bkt_span name;
		bool last;

		if (!tree_path_next(&path, &name, &last))
			return bkt_fail(err, BKT_E_FORMAT,
			    "'%s' is not a path for a tree", e->v[i].path);
		end = last ? i + 1 : group_end(e, i, to, at, name.len);
		BKT_TRY(keep_before(&b, name, !last, &raw, err));
		BKT_TRY(
		    become(e, &b, name, !last, i, end, at, depth, &oid, err));
		if (!bkt_oid_is_zero(&oid))
			put_entry(&raw, name, !last, &oid);
	}
	BKT_TRY(keep_before(&b, BKT_SPAN(NULL, 0), false, &raw, err));
	BKT_TRY(bkt_buf_check(&raw, err));
	BKT_TRY(check_result(bkt_buf_span(&raw), e->v[from].path, err));
	*empty = raw.len == 0;
	if (*empty && depth > 0)
		return BKT_OK;
	BKT_TRY(
	    bkt_gitpack_add(e->p, BKT_GIT_TREE, bkt_buf_span(&raw), out, err));
	if (!bkt_oid_is_zero(base_tree))
		remember(e->g, out, bkt_buf_span(&raw));
	return BKT_OK;
}

enum bkt_status bkt_gitpack_tree(bkt_gitpack *p,
    const struct bkt_oid *base_tree, const struct bkt_change *changes, size_t n,
    struct bkt_oid *out, struct bkt_err *err)
{
	struct edit e = { p, gitpack_db(p), changes };
	struct bkt_oid tree;
	bool empty;

	if (n == 0 && bkt_oid_is_zero(base_tree))
		return bkt_gitpack_add(
		    p, BKT_GIT_TREE, BKT_SPAN("", 0), out, err);
	if (n == 0) {
		*out = *base_tree;
		return BKT_OK;
	}
	for (size_t i = 1; i < n; i++)
		if (strcmp(changes[i - 1].path, changes[i].path) >= 0)
			return bkt_fail(err, BKT_E_USAGE,
			    "changes are not sorted at '%s'", changes[i].path);
	BKT_TRY(edit_level(&e, base_tree, 0, n, 0, 0, &tree, &empty, err));
	*out = tree;
	return BKT_OK;
}
