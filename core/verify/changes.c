/* A commit may change only what its entries explain (DESIGN 4.5). */
#include <stdlib.h>
#include <string.h>

#include "private.h"

struct expected {
	struct bkt_file *v;
	size_t n;
};

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct bkt_file *)a)->path,
	    ((const struct bkt_file *)b)->path);
}

static enum bkt_status expect(struct run *r, const struct work *w,
    struct expected *x, struct bkt_err *err)
{
	size_t n = w->batch.n_entries, total = 3;
	struct bkt_file **lists = bkt_arena_alloc(w->arena, n * sizeof(*lists));
	size_t *counts = bkt_arena_alloc(w->arena, n * sizeof(*counts));

	if (!lists || !counts)
		return nomem(err);
	for (size_t i = 0; i < n; i++) {
		if (w->entry_status[i] != BKT_OK)
			return bkt_fail(err, BKT_E_FORMAT,
			    "an entry of this commit is bad: its changes "
			    "cannot be told");
		BKT_TRY(bkt_state_files(r->state, &w->opened[i], w->arena,
		    &lists[i], &counts[i], err));
		total += counts[i];
	}
	x->v = bkt_arena_alloc(w->arena, total * sizeof(*x->v));
	if (!x->v)
		return nomem(err);
	for (size_t i = 0; i < n; i++) {
		memcpy(x->v + x->n, lists[i], counts[i] * sizeof(*x->v));
		x->n += counts[i];
	}
	return BKT_OK;
}

/* log/allowed_signers as a function of the store's key */
static enum bkt_status fixed_file(
    struct run *r, const char *path, struct bkt_buf *out, struct bkt_err *err)
{
	const struct bkt_note_key *key = &r->key;

	bkt_buf_clear(out);
	if (strcmp(path, ".gitattributes") == 0) {
		bkt_buf_str(out, bkt_gitattributes);
	} else {
		bkt_buf_printf(out, "%s namespaces=\"git\" ", key->name);
		bkt_ssh_pub_print(key->pub, out);
		bkt_buf_chr(out, '\n');
	}
	return bkt_buf_check(out, err);
}

static enum bkt_status check_fixed(
    struct run *r, const struct bkt_change *change, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf want = { 0 };
	struct bkt_oid oid;

	bkt_buf_init(&want, 4096);
	BKT_TRY(fixed_file(r, change->path, &want, err));
	BKT_TRY(bkt_gitdb_blob_oid(bkt_buf_span(&want), &oid, err));
	if (!bkt_oid_eq(&oid, &change->new_oid))
		return bkt_fail(err, BKT_E_TAMPERED,
		    "'%s' is not the one of this store", change->path);
	return BKT_OK;
}

static bool is_log_file(const char *path, bool genesis)
{
	return strcmp(path, "log/checkpoint") == 0 ||
	       (genesis && (strcmp(path, ".gitattributes") == 0 ||
			       strcmp(path, "log/allowed_signers") == 0));
}

static enum bkt_status check_change(struct run *r, const struct expected *x,
    const struct bkt_change *c, bool genesis, struct bkt_err *err)
{
	const struct bkt_file key = { .path = c->path };
	const struct bkt_file *want =
	    bsearch(&key, x->v, x->n, sizeof(*x->v), by_path);

	if (!want && is_log_file(c->path, genesis)) {
		if (bkt_oid_is_zero(&c->new_oid))
			return bkt_fail(err, BKT_E_TAMPERED,
			    "the commit deletes '%s'", c->path);
		return strcmp(c->path, "log/checkpoint") == 0
			   ? BKT_OK
			   : check_fixed(r, c, err);
	}
	if (!want)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "the commit changes '%s', which no entry explains",
		    c->path);
	if ((want->bytes.ptr == NULL) != bkt_oid_is_zero(&c->new_oid))
		return bkt_fail(err, BKT_E_TAMPERED,
		    want->bytes.ptr ? "the commit deletes '%s'"
				    : "the commit keeps '%s' of a version "
				      "that is replaced",
		    c->path);
	return BKT_OK;
}

static int change_by_path(const void *key, const void *change)
{
	return strcmp(key, ((const struct bkt_change *)change)->path);
}

static const struct bkt_change *changed(const struct work *w, const char *path)
{
	if (w->batch.n_changes == 0)
		return NULL;
	return bsearch(path, w->batch.changes, w->batch.n_changes,
	    sizeof(*w->batch.changes), change_by_path);
}

static enum bkt_status check_gone(
    const struct work *w, const struct expected *x, struct bkt_err *err)
{
	for (size_t i = 0; i < x->n; i++) {
		if (!x->v[i].bytes.ptr && !changed(w, x->v[i].path))
			return bkt_fail(err, BKT_E_TAMPERED,
			    "'%s' of the replaced version is still there",
			    x->v[i].path);
	}
	return BKT_OK;
}

static enum bkt_status check_log_files(
    const struct work *w, bool genesis, struct bkt_err *err)
{
	static const char *const files[] = { "log/checkpoint",
		"log/allowed_signers", ".gitattributes" };

	for (size_t i = 0; i < (genesis ? 3 : 1); i++) {
		if (!changed(w, files[i]))
			return bkt_fail(err, BKT_E_TAMPERED,
			    "the commit does not write '%s'", files[i]);
	}
	return BKT_OK;
}

enum bkt_status work_changes(
    struct run *r, const struct work *w, struct bkt_err *err)
{
	bool genesis = bkt_oid_is_zero(&w->batch.commit.parent);
	struct expected x = { 0 };

	BKT_TRY(expect(r, w, &x, err));
	qsort(x.v, x.n, sizeof(*x.v), by_path);
	for (size_t i = 0; i < w->batch.n_changes; i++)
		BKT_TRY(
		    check_change(r, &x, &w->batch.changes[i], genesis, err));
	BKT_TRY(check_gone(w, &x, err));
	return check_log_files(w, genesis, err);
}
