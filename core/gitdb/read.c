#include "db.h"

#include "probe.h"

/* bases of deltas may be larger than what is asked for, but not by much */
#define READ_CAP (GITDB_TREE_MAX + (size_t)1024 * 1024)

struct bkt_span gitdb_object_span(git_odb_object *o)
{
	return BKT_SPAN(git_odb_object_data(o), git_odb_object_size(o));
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

static enum bkt_status read_failed(const bkt_gitdb *g, const char *what,
    const char *hex, int rc, struct bkt_err *err)
{
	const git_error *e = git_error_last();

	if (gitdb_alloc_refusal() != GITDB_REFUSED_NONE)
		return gitdb_fail(err, BKT_E_DB, "%s %s", what, hex);
	if (rc == GIT_ENOTFOUND) {
		BKT_TRY(gitdb_packs_probe(g, err));
		return bkt_fail(
		    err, BKT_E_MISSING, "%s %s is not there", what, hex);
	}
	if (rc == GIT_EMISMATCH)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "%s %s: its bytes do not have that hash", what, hex);
	/* SHA: collision attack; the others: not what git would have written */
	if (e &&
	    (e->klass == GIT_ERROR_SHA || e->klass == GIT_ERROR_ZLIB ||
		e->klass == GIT_ERROR_ODB || e->klass == GIT_ERROR_OBJECT ||
		e->klass == GIT_ERROR_INVALID))
		return gitdb_fail(err, BKT_E_TAMPERED, "%s %s", what, hex);
	return gitdb_fail(err, BKT_E_DB, "%s %s", what, hex);
}

enum bkt_status gitdb_object(const bkt_gitdb *g, const struct bkt_oid *oid,
    enum bkt_git_type type, size_t max_bytes, git_odb_object **out,
    struct bkt_err *err)
{
	BKT_AUTO(git_odb_object_free) git_odb_object *obj = NULL;
	const char *what = type_name(type);
	git_odb *odb = NULL;
	enum bkt_status st = BKT_OK;
	char hex[41];
	git_oid id;
	uint64_t gen;
	int rc;

	bkt_oid_hex(oid, hex);
	gitdb_oid_in(oid, &id);
	BKT_TRY(gitdb_pool_take(g, &odb, &gen, err));
	gitdb_alloc_clear();
	gitdb_alloc_cap(READ_CAP);
	rc = git_odb_read(&obj, odb, &id);
	gitdb_alloc_cap(0);
	if (rc != 0)
		st = read_failed(g, what, hex, rc, err);
	gitdb_pool_give(g, odb, gen);
	if (st != BKT_OK)
		return st;
	if (git_odb_object_type(obj) != (git_object_t)type)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "%s %s is an object of another type", what, hex);
	if (git_odb_object_size(obj) > max_bytes)
		return bkt_fail(err, BKT_E_LIMIT,
		    "%s %s is %zu bytes, at most %zu are read", what, hex,
		    git_odb_object_size(obj), max_bytes);
	*out = BKT_STEAL(obj);
	return BKT_OK;
}

enum bkt_status bkt_gitdb_read(const bkt_gitdb *g, const struct bkt_oid *oid,
    enum bkt_git_type type, struct bkt_buf *out, struct bkt_err *err)
{
	BKT_AUTO(git_odb_object_free) git_odb_object *obj = NULL;
	struct bkt_span s;

	bkt_buf_clear(out);
	BKT_TRY(gitdb_object(g, oid, type, out->max_bytes, &obj, err));
	s = gitdb_object_span(obj);
	bkt_buf_add(out, s.ptr, s.len);
	return bkt_buf_check(out, err);
}

bool bkt_gitdb_has(const bkt_gitdb *g, const struct bkt_oid *oid)
{
	git_odb *odb = NULL;
	uint64_t gen;
	git_oid id;
	bool there;

	gitdb_oid_in(oid, &id);
	if (gitdb_pool_take(g, &odb, &gen, NULL) != BKT_OK)
		return false;
	there = git_odb_exists(odb, &id) == 1;
	gitdb_pool_give(g, odb, gen);
	return there;
}
