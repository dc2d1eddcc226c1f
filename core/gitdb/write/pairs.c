#include "combine.h"

#include <string.h>

#include "../tree.h"

/*
 * Each commit changes a few trees, all large ones among them, by a few
 * entries. Walking what a commit changed gives each tree its earlier state,
 * and the difference is made while both are at hand.
 */

struct duo {
	gitdb_obj *old, *new;
};

static void duo_release(struct duo *d)
{
	if (d->old)
		gitdb_obj_free(d->old);
	if (d->new)
		gitdb_obj_free(d->new);
}
BKT_AUTO_RELEASE(struct duo, duo_release);

/* what is odd in a tree or missing is not for the packing to judge */
static bool is_verdict(enum bkt_status st)
{
	return bkt_is_verdict(st) || st == BKT_E_LIMIT;
}

/* the new one becomes a delta of the old one, unless it is one already */
static void note(struct combine *c, const struct bkt_oid *old_tree,
    const struct bkt_oid *new_tree, const struct duo *d)
{
	uint32_t o = pack_set_find(&c->set, old_tree);
	uint32_t n = pack_set_find(&c->set, new_tree);
	struct combine_item *item = n ? &c->item[n - 1] : NULL;

	if (!o || !item || item->type != BKT_GIT_TREE || item->base != 0)
		return;
	item->base = o;
	if (c->deltas.failed || !combine_tree_delta(gitdb_obj_span(d->old),
				    gitdb_obj_span(d->new), &c->delta))
		return;
	item->delta_at = (uint32_t)c->deltas.len;
	/* when it is full the rest is made later, from trees read again */
	bkt_buf_add(&c->deltas, c->delta.ptr, c->delta.len);
	if (!c->deltas.failed)
		item->delta_len = (uint32_t)c->delta.len;
}

static enum bkt_status walk(struct combine *c, const struct bkt_oid *old_tree,
    const struct bkt_oid *new_tree, unsigned depth, struct bkt_err *err);

/* directories of one name in both */
static enum bkt_status walk_below(
    struct combine *c, struct duo *d, unsigned depth, struct bkt_err *err)
{
	struct tree_entry o, n;
	struct tree_iter a, b;
	bool more_o, more_n;

	tree_iter_init(&a, gitdb_obj_span(d->old));
	tree_iter_init(&b, gitdb_obj_span(d->new));
	BKT_TRY(tree_next(&a, &o, &more_o, err));
	BKT_TRY(tree_next(&b, &n, &more_n, err));
	while (more_o && more_n) {
		int k = tree_name_cmp(o.name, o.dir, n.name, n.dir);

		if (k == 0 && o.dir && !bkt_oid_eq(&o.oid, &n.oid))
			BKT_TRY(walk(c, &o.oid, &n.oid, depth + 1, err));
		if (k <= 0)
			BKT_TRY(tree_next(&a, &o, &more_o, err));
		if (k >= 0)
			BKT_TRY(tree_next(&b, &n, &more_n, err));
	}
	return BKT_OK;
}

static enum bkt_status walk(struct combine *c, const struct bkt_oid *old_tree,
    const struct bkt_oid *new_tree, unsigned depth, struct bkt_err *err)
{
	BKT_AUTO(duo_release) struct duo d = { 0 };

	BKT_TRY(gitdb_object(
	    c->g, old_tree, BKT_GIT_TREE, GITDB_TREE_MAX, &d.old, err));
	BKT_TRY(gitdb_object(
	    c->g, new_tree, BKT_GIT_TREE, GITDB_TREE_MAX, &d.new, err));
	note(c, old_tree, new_tree, &d);
	if (depth + 1 >= GITDB_DEPTH_MAX)
		return BKT_OK;
	return walk_below(c, &d, depth, err);
}

/* tree and first parent of a commit; zero: has none */
static enum bkt_status commit_links(const bkt_gitdb *g,
    const struct bkt_oid *commit, struct bkt_oid *tree, struct bkt_oid *parent,
    struct bkt_err *err)
{
	BKT_AUTO(gitdb_obj_free) gitdb_obj *obj = NULL;
	struct bkt_span in;

	BKT_TRY(gitdb_object(
	    g, commit, BKT_GIT_COMMIT, BKT_GITDB_BLOB_MAX, &obj, err));
	in = gitdb_obj_span(obj);
	memset(parent, 0, sizeof(*parent));
	if (!gitdb_take_oid_line(&in, "tree", tree))
		return bkt_fail(err, BKT_E_FORMAT, "not a commit");
	if (!gitdb_take_oid_line(&in, "parent", parent))
		memset(parent, 0, sizeof(*parent));
	return BKT_OK;
}

static enum bkt_status pair_commit(
    struct combine *c, const struct bkt_oid *commit, struct bkt_err *err)
{
	struct bkt_oid tree, parent, old_tree, grand;
	uint32_t at;

	BKT_TRY(commit_links(c->g, commit, &tree, &parent, err));
	at = pack_set_find(&c->set, &tree);
	/* a root that is a delta already was dealt with when it became one */
	if (bkt_oid_is_zero(&parent) || !at ||
	    c->item[at - 1].type != BKT_GIT_TREE)
		return BKT_OK;
	BKT_TRY(commit_links(c->g, &parent, &old_tree, &grand, err));
	if (bkt_oid_eq(&tree, &old_tree))
		return BKT_OK;
	return walk(c, &old_tree, &tree, 0, err);
}

enum bkt_status combine_pairs(struct combine *c, struct bkt_err *err)
{
	for (size_t i = 0; i < c->set.n; i++) {
		enum bkt_status st;

		if (c->item[i].type != BKT_GIT_COMMIT)
			continue;
		st = pair_commit(c, &c->set.v[i].oid, err);
		if (st != BKT_OK && !is_verdict(st))
			return st;
	}
	return BKT_OK;
}
