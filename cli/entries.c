/* Entries of the log with the records they accepted. */
#include "cli.h"

#include <string.h>

enum bkt_status cli_entries_add(
    struct cli_entries *l, const struct bkt_index_entry *e, struct bkt_err *err)
{
	bkt_arena *a = l->c->arena;
	struct bkt_index_entry *to = NULL;

	if (l->n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 16;
		struct bkt_index_entry *v =
		    bkt_arena_alloc(a, cap * sizeof(*v));

		if (!v)
			return cli_no_memory(err);
		if (l->n > 0)
			memcpy(v, l->v, l->n * sizeof(*v));
		l->v = v;
		l->cap = cap;
	}
	to = &l->v[l->n];
	*to = *e;
	to->path = bkt_arena_strdup(a, e->path);
	to->kind = bkt_arena_strdup(a, e->kind);
	to->by = bkt_arena_strdup(a, e->by);
	to->summary = bkt_arena_strdup(a, e->summary);
	to->bytes = BKT_SPAN(NULL, 0);
	if (e->bytes.len > 0) {
		char *kept = bkt_arena_strndup(
		    a, (const char *)e->bytes.ptr, e->bytes.len);

		if (!kept)
			return cli_no_memory(err);
		to->bytes = BKT_SPAN(kept, e->bytes.len);
	}
	to->attrs = NULL;
	to->n_attrs = 0;
	if (!to->path || !to->kind || !to->by || !to->summary)
		return cli_no_memory(err);
	l->n++;
	return BKT_OK;
}

enum bkt_status cli_entry_tree(struct cli *c, const struct bkt_index_entry *e,
    struct bkt_oid *out, struct bkt_err *err)
{
	struct bkt_oid commit;
	struct bkt_head at;

	memcpy(commit.b, e->commit, sizeof(commit.b));
	BKT_TRY(bkt_ledger_at_unverified(
	    bkt_store_ledger(c->store), &commit, &at, err));
	*out = at.tree;
	return BKT_OK;
}

enum bkt_status cli_entry_record(struct cli *c, const struct bkt_index_entry *e,
    struct bkt_span *bytes, struct bkt_record **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf buf = { .ptr = NULL };
	struct bkt_oid tree;
	struct bkt_sha256 got;
	char *kept = NULL;

	bkt_buf_init(&buf, BKT_RECORD_MAX);
	BKT_TRY(cli_entry_tree(c, e, &tree, err));
	BKT_TRY(bkt_gitdb_read_path(bkt_ledger_git(bkt_store_ledger(c->store)),
	    &tree, e->path, &buf, err));
	BKT_TRY(bkt_sha256_of(bkt_buf_span(&buf), &got, err));
	if (!bkt_sha256_eq(&got, &e->record))
		return bkt_fail(err, BKT_E_TAMPERED,
		    "entry %llu: '%s' is not the record that was accepted",
		    (unsigned long long)e->index, e->path);
	kept = bkt_arena_strndup(c->arena, (const char *)buf.ptr, buf.len);
	if (!kept)
		return cli_no_memory(err);
	if (bytes)
		*bytes = BKT_SPAN(kept, buf.len);
	return bkt_record_parse(BKT_SPAN(kept, buf.len), c->arena, out, err);
}
