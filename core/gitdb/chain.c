#include <stdlib.h>
#include <string.h>

#include "db.h"

bool gitdb_take_oid_line(
    struct bkt_span *in, const char *key, struct bkt_oid *out)
{
	size_t k = strlen(key), n = k + 1 + 40 + 1;

	if (in->len < n || memcmp(in->ptr, key, k) != 0 || in->ptr[k] != ' ' ||
	    in->ptr[n - 1] != '\n' ||
	    !bkt_unhex_n((const char *)in->ptr + k + 1, out->b, BKT_OID_LEN))
		return false;
	*in = BKT_SPAN(in->ptr + n, in->len - n);
	return true;
}

/* zero when it is a root commit */
static enum bkt_status first_parent(const bkt_gitdb *g,
    const struct bkt_oid *commit, struct bkt_oid *out, struct bkt_err *err)
{
	BKT_AUTO(gitdb_obj_free) gitdb_obj *obj = NULL;
	struct bkt_oid tree, parent, other;
	struct bkt_span in;
	char hex[41];

	bkt_oid_hex(commit, hex);
	BKT_TRY(gitdb_object(
	    g, commit, BKT_GIT_COMMIT, BKT_GITDB_BLOB_MAX, &obj, err));
	in = gitdb_obj_span(obj);
	if (!gitdb_take_oid_line(&in, "tree", &tree))
		return bkt_fail(
		    err, BKT_E_FORMAT, "commit %s does not begin well", hex);
	if (!gitdb_take_oid_line(&in, "parent", &parent)) {
		memset(out, 0, sizeof(*out));
		return BKT_OK;
	}
	if (gitdb_take_oid_line(&in, "parent", &other))
		return bkt_fail(err, BKT_E_FORMAT, "commit %s is a merge", hex);
	if (bkt_oid_is_zero(&parent))
		return bkt_fail(
		    err, BKT_E_FORMAT, "commit %s has a parent of zeroes", hex);
	*out = parent;
	return BKT_OK;
}

struct oids {
	struct bkt_oid *v;
	size_t n, cap;
};

static void oids_release(struct oids *o)
{
	bkt_free(o->v);
}
BKT_AUTO_RELEASE(struct oids, oids_release);

static enum bkt_status oids_add(
    struct oids *o, const struct bkt_oid *oid, struct bkt_err *err)
{
	if (o->n == o->cap) {
		size_t cap = o->cap ? o->cap * 2 : 64;
		struct bkt_oid *v = bkt_realloc(o->v, cap * sizeof(*v));

		if (!v)
			return bkt_fail(
			    err, BKT_E_NOMEM, "no memory for the history");
		o->v = v;
		o->cap = cap;
	}
	o->v[o->n++] = *oid;
	return BKT_OK;
}

enum bkt_status bkt_gitdb_chain(const bkt_gitdb *g, const struct bkt_oid *tip,
    const struct bkt_oid *stop, size_t max, struct bkt_oid **out, size_t *out_n,
    struct bkt_err *err)
{
	BKT_AUTO(oids_release) struct oids list = { 0 };
	struct bkt_oid at = *tip;
	char hex[41];

	bkt_oid_hex(stop, hex);
	while (!bkt_oid_eq(&at, stop)) {
		if (bkt_oid_is_zero(&at))
			return bkt_fail(err, BKT_E_NOTFOUND,
			    "commit %s is not in this history", hex);
		if (list.n >= max)
			return bkt_fail(
			    err, BKT_E_LIMIT, "more than %zu commits", max);
		BKT_TRY(oids_add(&list, &at, err));
		BKT_TRY(first_parent(g, &at, &at, err));
	}
	for (size_t i = 0; i < list.n / 2; i++) {
		struct bkt_oid t = list.v[i];

		list.v[i] = list.v[list.n - 1 - i];
		list.v[list.n - 1 - i] = t;
	}
	*out = BKT_STEAL(list.v);
	*out_n = list.n;
	return BKT_OK;
}
