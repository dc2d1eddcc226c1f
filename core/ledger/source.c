/* Records straight from a tree. */
#include "ledger_private.h"

struct each {
	const struct bkt_tree_source *source;
	bkt_source_fn fn;
	void *arg;
	struct bkt_buf bytes;
};

static enum bkt_status each_file(void *ctx, const char *path,
    const struct bkt_oid *blob, struct bkt_err *err)
{
	struct each *e = ctx;
	struct bkt_path_info where;

	bkt_path_classify(path, &where);
	if (where.class_ != BKT_PATH_RECORD)
		return BKT_OK;
	BKT_TRY(
	    bkt_gitdb_read(e->source->git, blob, BKT_GIT_BLOB, &e->bytes, err));
	return e->fn(e->arg, path, bkt_buf_span(&e->bytes), err);
}

static enum bkt_status tree_each(void *ctx, const char *prefix,
    bkt_source_fn fn, void *arg, struct bkt_err *err)
{
	struct each e = { .source = ctx, .fn = fn, .arg = arg };
	enum bkt_status st;

	bkt_buf_init(&e.bytes, BKT_RECORD_MAX);
	st = bkt_gitdb_walk(
	    e.source->git, &e.source->tree, prefix, each_file, &e, err);
	bkt_buf_release(&e.bytes);
	return st;
}

static enum bkt_status tree_read(
    void *ctx, const char *path, struct bkt_buf *out, struct bkt_err *err)
{
	const struct bkt_tree_source *source = ctx;

	return bkt_gitdb_read_path(source->git, &source->tree, path, out, err);
}

struct bkt_source bkt_source_of_tree(struct bkt_tree_source *ctx)
{
	return (struct bkt_source){ tree_each, tree_read, ctx };
}
