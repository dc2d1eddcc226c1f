#include "private.h"

#include <stdio.h>
#include <string.h>

enum bkt_status bkt_init(struct bkt_err *err)
{
	BKT_TRY(bkt_crypto_init(err));
	return bkt_gitdb_init(err);
}

char *store_path(const char *dir, const char *below)
{
	return bkt_path_join(dir, below);
}

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

/* ---- records through the index ------------------------------------------ */

struct each {
	bkt_source_fn fn;
	void *arg;
};

static enum bkt_status each_current(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct each *each = ctx;

	return each->fn(each->arg, e->path, e->bytes, err);
}

static enum bkt_status index_each(void *ctx, const char *prefix,
    bkt_source_fn fn, void *arg, struct bkt_err *err)
{
	bkt_store *s = ctx;
	struct each each = { fn, arg };

	return bkt_index_current(s->index, prefix, each_current, &each, err);
}

static enum bkt_status keep_bytes(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct bkt_buf *out = ctx;

	bkt_buf_clear(out);
	bkt_buf_add(out, e->bytes.ptr, e->bytes.len);
	return bkt_buf_check(out, err);
}

/* records from the index, files beside them from the tree */
static enum bkt_status index_read(
    void *ctx, const char *path, struct bkt_buf *out, struct bkt_err *err)
{
	bkt_store *s = ctx;
	struct bkt_path_info where;
	enum bkt_status st;

	bkt_path_classify(path, &where);
	if (where.class_ == BKT_PATH_RECORD)
		return bkt_index_at(s->index, path, keep_bytes, out, err);
	st = bkt_gitdb_read_path(
	    bkt_ledger_git(s->ledger), &s->head.tree, path, out, err);
	/* named by the tree, and not there or not as it was written */
	if (bkt_is_verdict(st))
		(void)bkt_fail_context(err, st, "the store's own '%s'", path);
	return store_refuse(err, st);
}

/* ---- opening ------------------------------------------------------------- */

enum bkt_status store_refresh(bkt_store *s, struct bkt_err *err)
{
	BKT_TRY(store_head(s, err));
	return store_catch_up(s, NULL, err);
}

static enum bkt_status open_parts(bkt_store *s, struct bkt_err *err)
{
	/* a ref whose commit is gone or odd is damage, not an answer */
	BKT_TRY(
	    store_refuse(err, bkt_ledger_open(s->dir, false, &s->ledger, err)));
	BKT_TRY(bkt_objects_open(s->dir, &s->objects, err));
	BKT_TRY(bkt_certs_new(&s->certs, err));
	/* before the head: where it stood tells which one was good */
	BKT_TRY(bkt_index_open(s->dir, true, &s->index, err));
	BKT_TRY(store_head(s, err));
	s->origin = bkt_strdup(s->head.checkpoint.origin);
	if (!s->origin)
		return nomem(err);
	return store_catch_up(s, NULL, err);
}

enum bkt_status bkt_store_open(
    const char *dir, bkt_store **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_store_free) bkt_store *s = bkt_calloc(1, sizeof(*s));

	if (!s)
		return nomem(err);
	s->dir = bkt_strdup(dir);
	if (!s->dir)
		return nomem(err);
	s->source = (struct bkt_source){ index_each, index_read, s };
	BKT_TRY(open_parts(s, err));
	*out = BKT_STEAL(s);
	return BKT_OK;
}

void bkt_store_free(bkt_store *s)
{
	if (!s)
		return;
	bkt_index_free(s->index);
	bkt_objects_free(s->objects);
	bkt_ledger_free(s->ledger);
	bkt_certs_free(s->certs);
	bkt_free(s->origin);
	bkt_free(s->dir);
	bkt_free(s);
}

const bkt_ledger *bkt_store_ledger(const bkt_store *s)
{
	return s->ledger;
}

bkt_objects *bkt_store_objects(bkt_store *s)
{
	return s->objects;
}

bkt_index *bkt_store_index(bkt_store *s)
{
	return s->index;
}

const struct bkt_head *bkt_store_head(const bkt_store *s)
{
	return &s->head;
}

const char *bkt_store_origin(const bkt_store *s)
{
	return s->origin;
}

const char *bkt_store_dir(const bkt_store *s)
{
	return s->dir;
}

void store_trouble(
    bkt_store *s, const struct bkt_err *why, const char *fmt, ...)
{
	char what[200];
	va_list ap;

	if (s->trouble.status != BKT_OK)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	s->trouble = *why;
	(void)bkt_fail_context(&s->trouble, why->status, "%s", what);
}

const struct bkt_err *bkt_store_trouble(const bkt_store *s)
{
	return s->trouble.status != BKT_OK ? &s->trouble : NULL;
}

const struct bkt_source *bkt_store_source(bkt_store *s)
{
	return &s->source;
}

enum bkt_status bkt_store_state(
    bkt_store *s, bkt_state **out, struct bkt_err *err)
{
	struct bkt_frontier frontier;

	BKT_TRY(store_frontier(s, &frontier, err));
	return bkt_state_at(
	    bkt_ledger_git(s->ledger), &s->head.tree, &frontier, out, err);
}

enum bkt_status store_key_read(const char *dir, const char *origin,
    bkt_store_key **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *path = store_path(dir, "bukti/key");
	struct bkt_buf bytes;
	enum bkt_status st;

	if (!path)
		return nomem(err);
	bkt_buf_init(&bytes, 4096);
	st = bkt_file_slurp(path, &bytes, err);
	if (st == BKT_E_NOTFOUND)
		st = bkt_fail(err, BKT_E_CONFIG,
		    "this copy of the store has no key and can only be read");
	else if (st == BKT_OK)
		st = bkt_store_key_load(bkt_buf_span(&bytes), origin, out, err);
	if (bytes.ptr)
		bkt_wipe(bytes.ptr, bytes.len);
	bkt_buf_release(&bytes);
	return st;
}
