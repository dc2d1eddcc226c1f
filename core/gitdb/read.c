#include "db.h"

#include <stdatomic.h>
#include <stdio.h>

#include "probe.h"
#include "trees.h"

/* bases of deltas may be larger than what is asked for, but not by much */
#define READ_CAP (GITDB_TREE_MAX + (size_t)1024 * 1024)

/* from a pack, or from a file of its own */
struct gitdb_obj {
	git_odb_object *packed;
	struct bkt_buf loose;
	enum bkt_git_type type;
	atomic_uint shares;
	atomic_bool strict;
};

void gitdb_obj_free(gitdb_obj *o)
{
	if (!o || atomic_fetch_sub(&o->shares, 1) != 1)
		return;
	if (o->packed)
		git_odb_object_free(o->packed);
	bkt_buf_release(&o->loose);
	bkt_free(o);
}

gitdb_obj *gitdb_obj_share(gitdb_obj *o)
{
	(void)atomic_fetch_add(&o->shares, 1);
	return o;
}

enum bkt_status gitdb_obj_tree(
    struct bkt_span raw, gitdb_obj **out, struct bkt_err *err)
{
	BKT_AUTO(gitdb_obj_free) gitdb_obj *o = bkt_calloc(1, sizeof(*o));

	if (!o)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for an object");
	atomic_init(&o->shares, 1);
	o->type = BKT_GIT_TREE;
	bkt_buf_init(&o->loose, raw.len + 1);
	bkt_buf_add(&o->loose, raw.ptr, raw.len);
	BKT_TRY(bkt_buf_check(&o->loose, err));
	*out = BKT_STEAL(o);
	return BKT_OK;
}

bool gitdb_obj_strict(const gitdb_obj *o)
{
	return atomic_load(&o->strict);
}

void gitdb_obj_set_strict(gitdb_obj *o)
{
	atomic_store(&o->strict, true);
}

struct bkt_span gitdb_obj_span(const gitdb_obj *o)
{
	if (!o->packed)
		return bkt_buf_span(&o->loose);
	return BKT_SPAN(
	    git_odb_object_data(o->packed), git_odb_object_size(o->packed));
}

enum bkt_git_type gitdb_obj_type(const gitdb_obj *o)
{
	return o->type;
}

static const char *type_name(enum bkt_git_type type)
{
	switch (type) {
	case BKT_GIT_COMMIT:
		return "commit";
	case BKT_GIT_TREE:
		return "tree";
	case BKT_GIT_BLOB:
		return "blob";
	}
	return "object";
}

static enum bkt_status read_failed(
    const char *what, int rc, struct bkt_err *err)
{
	const git_error *e = git_error_last();

	if (gitdb_alloc_refusal() != GITDB_REFUSED_NONE)
		return gitdb_fail(err, BKT_E_DB, "%s", what);
	if (rc == GIT_ENOTFOUND)
		return bkt_fail(err, BKT_E_NOTFOUND, "%s is not there", what);
	if (rc == GIT_EMISMATCH)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "%s: its bytes do not have that hash", what);
	/* SHA: collision attack; the others: not what git would have written */
	if (e &&
	    (e->klass == GIT_ERROR_SHA || e->klass == GIT_ERROR_ZLIB ||
		e->klass == GIT_ERROR_ODB || e->klass == GIT_ERROR_OBJECT ||
		e->klass == GIT_ERROR_INVALID))
		return gitdb_fail(err, BKT_E_TAMPERED, "%s", what);
	return gitdb_fail(err, BKT_E_DB, "%s", what);
}

static enum bkt_status read_packed(const bkt_gitdb *g,
    const struct bkt_oid *oid, const char *what, gitdb_obj *o,
    struct bkt_err *err)
{
	enum bkt_status st = BKT_OK;
	git_odb *odb = NULL;
	uint64_t gen;
	git_oid id;
	int rc;

	gitdb_oid_in(oid, &id);
	BKT_TRY(gitdb_pool_take(g, &odb, &gen, err));
	gitdb_alloc_clear();
	gitdb_alloc_cap(READ_CAP);
	rc = git_odb_read(&o->packed, odb, &id);
	gitdb_alloc_cap(0);
	if (rc != 0)
		st = read_failed(what, rc, err);
	else
		o->type = (enum bkt_git_type)git_odb_object_type(o->packed);
	gitdb_pool_give(g, odb, gen);
	return st;
}

static enum bkt_status read_loose(const bkt_gitdb *g, const struct bkt_oid *oid,
    const char *what, size_t max_bytes, gitdb_obj *o, struct bkt_err *err)
{
	enum bkt_status st;

	bkt_buf_init(&o->loose, max_bytes);
	st = gitdb_loose_read(
	    g->objects, oid, max_bytes, &o->loose, &o->type, err);
	if (st == BKT_E_NOTFOUND && g->quarantine)
		st = gitdb_loose_read(
		    g->quarantine, oid, max_bytes, &o->loose, &o->type, err);
	if (st != BKT_OK && st != BKT_E_NOTFOUND)
		return bkt_fail_context(err, st, "%s", what);
	return st;
}

static enum bkt_status read_any(const bkt_gitdb *g, const struct bkt_oid *oid,
    const char *what, size_t max_bytes, gitdb_obj *o, struct bkt_err *err)
{
	enum bkt_status st = read_packed(g, oid, what, o, err);
	struct bkt_err why;

	if (st == BKT_E_NOTFOUND)
		st = read_loose(g, oid, what, max_bytes, o, err);
	/* it may have been packed between the two looks */
	if (st == BKT_E_NOTFOUND)
		st = read_packed(g, oid, what, o, err);
	if (st == BKT_E_NOTFOUND) {
		BKT_TRY(gitdb_packs_probe(g, err));
		return bkt_fail(err, BKT_E_MISSING, "%s is not there", what);
	}
	/* an offset that leads nowhere fails in libgit2 as if the disk had */
	if ((st == BKT_E_IO || st == BKT_E_DB) &&
	    gitdb_packs_probe(g, &why) == BKT_E_TAMPERED)
		return bkt_fail(err, BKT_E_TAMPERED, "%s: %s", what, why.msg);
	return st;
}

/* a ceiling for contents is the caller's; commits and trees of a store never
 * come near theirs, so that one beyond it says something about the store */
static enum bkt_status too_large(
    enum bkt_git_type type, enum bkt_status st, struct bkt_err *err)
{
	if (st != BKT_E_LIMIT ||
	    (type != BKT_GIT_COMMIT && type != BKT_GIT_TREE))
		return st;
	if (err)
		err->status = BKT_E_FORMAT;
	return BKT_E_FORMAT;
}

/* read from the disk, hash and type checked */
static enum bkt_status read_object(const bkt_gitdb *g,
    const struct bkt_oid *oid, enum bkt_git_type type, size_t max_bytes,
    gitdb_obj **out, struct bkt_err *err)
{
	BKT_AUTO(gitdb_obj_free) gitdb_obj *o = bkt_calloc(1, sizeof(*o));
	char what[64], hex[41];

	if (!o)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for an object");
	atomic_init(&o->shares, 1);
	bkt_buf_init(&o->loose, 0);
	bkt_oid_hex(oid, hex);
	(void)snprintf(what, sizeof(what), "%s %s", type_name(type), hex);
	BKT_TRY(
	    too_large(type, read_any(g, oid, what, max_bytes, o, err), err));
	if (type != GITDB_ANY_TYPE && o->type != type)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "%s is an object of another type", what);
	*out = BKT_STEAL(o);
	return BKT_OK;
}

enum bkt_status gitdb_object(const bkt_gitdb *g, const struct bkt_oid *oid,
    enum bkt_git_type type, size_t max_bytes, gitdb_obj **out,
    struct bkt_err *err)
{
	BKT_AUTO(gitdb_obj_free) gitdb_obj *o = NULL;
	size_t n;

	if (type == BKT_GIT_TREE)
		o = gitdb_trees_get(g->trees, oid);
	if (!o) {
		BKT_TRY(read_object(g, oid, type, max_bytes, &o, err));
		if (type == BKT_GIT_TREE)
			gitdb_trees_put(g->trees, oid, o);
	}
	n = gitdb_obj_span(o).len;
	if (n > max_bytes) {
		char hex[41];

		bkt_oid_hex(oid, hex);
		(void)bkt_fail(err, BKT_E_LIMIT,
		    "%s %s is %zu bytes, at most %zu are read", type_name(type),
		    hex, n, max_bytes);
		return too_large(type, BKT_E_LIMIT, err);
	}
	*out = BKT_STEAL(o);
	return BKT_OK;
}

enum bkt_status bkt_gitdb_read(const bkt_gitdb *g, const struct bkt_oid *oid,
    enum bkt_git_type type, struct bkt_buf *out, struct bkt_err *err)
{
	BKT_AUTO(gitdb_obj_free) gitdb_obj *o = NULL;
	struct bkt_span s;

	bkt_buf_clear(out);
	BKT_TRY(gitdb_object(g, oid, type, out->max_bytes, &o, err));
	s = gitdb_obj_span(o);
	bkt_buf_add(out, s.ptr, s.len);
	return bkt_buf_check(out, err);
}

bool bkt_gitdb_has(const bkt_gitdb *g, const struct bkt_oid *oid)
{
	git_odb *odb = NULL;
	uint64_t gen;
	git_oid id;
	bool there;

	if (gitdb_loose_has(g->objects, oid) ||
	    (g->quarantine && gitdb_loose_has(g->quarantine, oid)))
		return true;
	gitdb_oid_in(oid, &id);
	if (gitdb_pool_take(g, &odb, &gen, NULL) != BKT_OK)
		return false;
	there = git_odb_exists(odb, &id) == 1;
	gitdb_pool_give(g, odb, gen);
	return there;
}
