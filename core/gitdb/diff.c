#include <string.h>

#include "db.h"
#include "tree.h"

/* one tree of a pair, and where its reading stands */
struct side {
	gitdb_obj *obj; /* NULL: nothing there */
	struct tree_iter it;
	struct tree_entry e;
	bool got;
};

struct frame {
	struct side old, new;
	size_t path_len;
};

struct differ {
	const bkt_gitdb *g;
	tree_diff_fn fn;
	void *ctx;
	struct frame frame[GITDB_DEPTH_MAX];
	size_t depth, depth_max;
	char path[GITDB_PATH_MAX + 1];
};

static void side_release(struct side *s)
{
	if (s->obj)
		gitdb_obj_free(s->obj);
	memset(s, 0, sizeof(*s));
}

static void differ_free(struct differ *d)
{
	for (size_t i = 0; i < GITDB_DEPTH_MAX; i++) {
		side_release(&d->frame[i].old);
		side_release(&d->frame[i].new);
	}
	bkt_free(d);
}
BKT_AUTO_DEFINE(struct differ *, differ_free);

static enum bkt_status side_step(struct side *s, struct bkt_err *err)
{
	if (!s->obj)
		return BKT_OK;
	return tree_next(&s->it, &s->e, &s->got, err);
}

static enum bkt_status side_open(const bkt_gitdb *g, struct side *s,
    const struct bkt_oid *oid, bool root, struct bkt_err *err)
{
	if (bkt_oid_is_zero(oid))
		return BKT_OK;
	BKT_TRY(
	    gitdb_object(g, oid, BKT_GIT_TREE, GITDB_TREE_MAX, &s->obj, err));
	tree_iter_init(&s->it, gitdb_obj_span(s->obj));
	/* it would be a change of the tree that changes no file */
	if (!root && s->it.rest.len == 0)
		return bkt_fail(err, BKT_E_FORMAT, "empty directory");
	return side_step(s, err);
}

static enum bkt_status enter(struct differ *d, const struct bkt_oid *old_tree,
    const struct bkt_oid *new_tree, size_t path_len, struct bkt_err *err)
{
	bool root = path_len == 0;
	struct frame *f;

	if (d->depth >= d->depth_max)
		return bkt_fail(err, BKT_E_FORMAT,
		    "'%s' is more than %d directories deep", d->path,
		    GITDB_DEPTH_MAX);
	f = &d->frame[d->depth++];
	f->path_len = path_len;
	BKT_TRY(side_open(d->g, &f->old, old_tree, root, err));
	return side_open(d->g, &f->new, new_tree, root, err);
}

static void leave(struct differ *d)
{
	struct frame *f = &d->frame[--d->depth];

	side_release(&f->old);
	side_release(&f->new);
}

static enum bkt_status at_path(
    const struct differ *d, enum bkt_status st, struct bkt_err *err)
{
	if (st != BKT_E_FORMAT)
		return st;
	return bkt_fail_context(err, st, "tree at or below '%s'", d->path);
}

/* <0: only old has it, >0: only new has it, 0: both */
static int turn(const struct frame *f)
{
	if (!f->old.got)
		return 1;
	if (!f->new.got)
		return -1;
	return tree_name_cmp(
	    f->old.e.name, f->old.e.dir, f->new.e.name, f->new.e.dir);
}

static enum bkt_status step(struct differ *d, struct bkt_err *err)
{
	struct frame *f = &d->frame[d->depth - 1];
	struct bkt_oid a = { { 0 } }, b = { { 0 } };
	int which = turn(f);
	struct tree_entry e = which <= 0 ? f->old.e : f->new.e;
	size_t n = f->path_len;

	if (which <= 0)
		a = f->old.e.oid;
	if (which >= 0)
		b = f->new.e.oid;
	/* before stepping: the name lies in the tree, which may stay open */
	BKT_ASSERT(n + e.name.len + 1 <= GITDB_PATH_MAX);
	memcpy(d->path + n, e.name.ptr, e.name.len);
	n += e.name.len;
	if (e.dir)
		d->path[n++] = '/';
	d->path[n] = '\0';
	if (which <= 0)
		BKT_TRY(at_path(d, side_step(&f->old, err), err));
	if (which >= 0)
		BKT_TRY(at_path(d, side_step(&f->new, err), err));
	if (bkt_oid_eq(&a, &b))
		return BKT_OK;
	if (e.dir)
		return at_path(d, enter(d, &a, &b, n, err), err);
	return d->fn(d->ctx, d->path, &a, &b, err);
}

static size_t components(const char *path)
{
	size_t n = 0;

	for (; *path; path++)
		n += *path == '/';
	return n;
}

enum bkt_status tree_diff(const bkt_gitdb *g, const struct bkt_oid *old_tree,
    const struct bkt_oid *new_tree, const char *prefix, tree_diff_fn fn,
    void *ctx, struct bkt_err *err)
{
	BKT_AUTO(differ_free) struct differ *d = NULL;
	size_t n = strlen(prefix), above = components(prefix);

	if (bkt_oid_eq(old_tree, new_tree))
		return BKT_OK;
	BKT_ASSERT(above < GITDB_DEPTH_MAX && n < GITDB_PATH_MAX);
	d = bkt_calloc(1, sizeof(*d));
	if (!d)
		return bkt_fail(err, BKT_E_NOMEM, "no memory to compare trees");
	d->g = g;
	d->fn = fn;
	d->ctx = ctx;
	d->depth_max = GITDB_DEPTH_MAX - above;
	memcpy(d->path, prefix, n + 1);
	BKT_TRY(at_path(d, enter(d, old_tree, new_tree, n, err), err));
	while (d->depth > 0) {
		const struct frame *f = &d->frame[d->depth - 1];

		if (!f->old.got && !f->new.got) {
			leave(d);
			continue;
		}
		BKT_TRY(step(d, err));
	}
	return BKT_OK;
}

/* ---- as a list --------------------------------------------------------- */

struct collect {
	bkt_arena *arena;
	struct bkt_change *v;
	size_t n, cap, max;
};

static enum bkt_status collect_one(void *ctx, const char *path,
    const struct bkt_oid *old_oid, const struct bkt_oid *new_oid,
    struct bkt_err *err)
{
	struct collect *c = ctx;
	struct bkt_change *e;

	if (c->n >= c->max)
		return bkt_fail(
		    err, BKT_E_LIMIT, "more than %zu files differ", c->max);
	if (c->n == c->cap) {
		size_t cap = c->cap ? c->cap * 2 : 64;
		struct bkt_change *v = bkt_realloc(c->v, cap * sizeof(*v));

		if (!v)
			return bkt_fail(err, BKT_E_NOMEM,
			    "no memory for the list of changes");
		c->v = v;
		c->cap = cap;
	}
	e = &c->v[c->n];
	e->path = bkt_arena_strdup(c->arena, path);
	if (!e->path)
		return bkt_fail(
		    err, BKT_E_NOMEM, "no memory for the list of changes");
	e->old_oid = *old_oid;
	e->new_oid = *new_oid;
	c->n++;
	return BKT_OK;
}

enum bkt_status bkt_gitdb_diff(const bkt_gitdb *g,
    const struct bkt_oid *old_tree, const struct bkt_oid *new_tree, size_t max,
    bkt_arena *arena, struct bkt_change **out, size_t *out_n,
    struct bkt_err *err)
{
	struct collect c = { .arena = arena, .max = max };
	struct bkt_change *v;
	enum bkt_status st =
	    tree_diff(g, old_tree, new_tree, "", collect_one, &c, err);
	BKT_AUTO(bkt_free) struct bkt_change *list = c.v;

	if (st != BKT_OK)
		return st;
	v = bkt_arena_alloc(arena, (c.n ? c.n : 1) * sizeof(*v));
	if (!v)
		return bkt_fail(
		    err, BKT_E_NOMEM, "no memory for the list of changes");
	if (c.n > 0)
		memcpy(v, list, c.n * sizeof(*v));
	*out = v;
	*out_n = c.n;
	return BKT_OK;
}
