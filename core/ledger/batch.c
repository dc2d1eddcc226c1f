/* One commit taken apart into the submissions it holds. */
#include "ledger_private.h"

#include <stdlib.h>
#include <string.h>

struct reading {
	const bkt_gitdb *git;
	bkt_arena *arena;
	struct bkt_batch *batch;
};

static enum bkt_status into_arena(bkt_arena *arena, const struct bkt_buf *b,
    struct bkt_span *out, struct bkt_err *err)
{
	uint8_t *copy = bkt_arena_alloc(arena, b->len + 1);

	if (!copy)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	if (b->len > 0)
		memcpy(copy, b->ptr, b->len);
	*out = BKT_SPAN(copy, b->len);
	return BKT_OK;
}

static int by_change_path(const void *key, const void *change)
{
	return strcmp(key, ((const struct bkt_change *)change)->path);
}

/* files of the batch are nearly always among its changes: no tree walk */
static enum bkt_status read_file(const struct reading *r, const char *path,
    size_t max_bytes, struct bkt_span *out, struct bkt_err *err)
{
	const struct bkt_change *change =
	    r->batch->n_changes == 0
		? NULL
		: bsearch(path, r->batch->changes, r->batch->n_changes,
		      sizeof(*r->batch->changes), by_change_path);
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { 0 };
	struct bkt_oid oid;
	enum bkt_status st = BKT_OK;

	bkt_buf_init(&bytes, max_bytes);
	if (change)
		oid = change->new_oid;
	else
		st = bkt_gitdb_lookup(
		    r->git, &r->batch->commit.tree, path, &oid, err);
	if (st == BKT_E_NOTFOUND || (change && bkt_oid_is_zero(&oid)))
		return bkt_fail(err, BKT_E_MISSING,
		    "'%s' is not in the tree of the commit", path);
	if (st != BKT_OK)
		return st;
	st = bkt_gitdb_read(r->git, &oid, BKT_GIT_BLOB, &bytes, err);
	if (st == BKT_E_LIMIT)
		return bkt_fail(err, BKT_E_FORMAT,
		    "'%s' is larger than such a file may be", path);
	if (st != BKT_OK)
		return bkt_fail_context(err, st, "%s", path);
	return into_arena(r->arena, &bytes, out, err);
}

static enum bkt_status read_seals(
    const struct reading *r, struct bkt_batch_entry *e, struct bkt_err *err)
{
	const struct bkt_record *rec = e->sub.parsed;

	e->sub.n_seals = rec->by.n;
	e->sub.seals =
	    bkt_arena_alloc(r->arena, rec->by.n * sizeof(*e->sub.seals));
	if (!e->sub.seals)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	for (size_t i = 0; i < rec->by.n; i++) {
		const char *path =
		    bkt_seal_path(e->path, rec->by.v[i], r->arena);

		if (!path)
			return bkt_fail(err, BKT_E_NOMEM, "no memory");
		e->sub.seals[i].member = rec->by.v[i];
		BKT_TRY(read_file(
		    r, path, BKT_SEAL_MAX, &e->sub.seals[i].p7s, err));
	}
	return BKT_OK;
}

static enum bkt_status read_owned(
    const struct reading *r, struct bkt_batch_entry *e, struct bkt_err *err)
{
	struct bkt_strs paths;

	BKT_TRY(bkt_record_owned(e->sub.parsed, r->arena, &paths, err));
	e->sub.n_owned = paths.n;
	e->sub.owned =
	    bkt_arena_alloc(r->arena, (paths.n + 1) * sizeof(*e->sub.owned));
	if (!e->sub.owned)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	for (size_t i = 0; i < paths.n; i++) {
		e->sub.owned[i].path = paths.v[i];
		BKT_TRY(read_file(r, paths.v[i], BKT_GITDB_BLOB_MAX,
		    &e->sub.owned[i].bytes, err));
	}
	return BKT_OK;
}

static enum bkt_status read_entry(
    const struct reading *r, struct bkt_batch_entry *e, struct bkt_err *err)
{
	struct bkt_sha256 have;
	enum bkt_status st;

	BKT_TRY(read_file(r, e->path, BKT_RECORD_MAX, &e->sub.record, err));
	BKT_TRY(bkt_sha256_of(e->sub.record, &have, err));
	if (!bkt_sha256_eq(&have, &e->record))
		return bkt_fail(err, BKT_E_TAMPERED,
		    "'%s' is not the record that the commit names", e->path);
	st = bkt_record_parse(e->sub.record, r->arena, &e->sub.parsed, err);
	if (st != BKT_OK)
		return bkt_fail_context(err, st, "%s", e->path);
	if (strcmp(e->sub.parsed->path, e->path) != 0)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "the record at '%s' is one for '%s'", e->path,
		    e->sub.parsed->path);
	BKT_TRY(read_seals(r, e, err));
	return read_owned(r, e, err);
}

static enum bkt_status read_commit(const struct reading *r,
    const struct bkt_oid *oid, struct bkt_commit *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf raw = { 0 };
	struct bkt_span kept;

	bkt_buf_init(&raw, BKT_GITDB_BLOB_MAX);
	BKT_TRY(bkt_gitdb_read(r->git, oid, BKT_GIT_COMMIT, &raw, err));
	BKT_TRY(into_arena(r->arena, &raw, &kept, err));
	return bkt_commit_parse(kept, r->arena, out, err);
}

static int by_entry_path(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* two versions of one path in one commit would lose the first one's bytes */
static enum bkt_status check_distinct(
    const struct reading *r, struct bkt_err *err)
{
	size_t n = r->batch->n_entries;
	const char **paths = bkt_arena_alloc(r->arena, n * sizeof(*paths));

	if (!paths)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	for (size_t i = 0; i < n; i++)
		paths[i] = r->batch->entries[i].path;
	qsort(paths, n, sizeof(*paths), by_entry_path);
	for (size_t i = 1; i < n; i++) {
		if (strcmp(paths[i - 1], paths[i]) == 0)
			return bkt_fail(err, BKT_E_FORMAT,
			    "'%s' is twice in one commit", paths[i]);
	}
	return BKT_OK;
}

static enum bkt_status read_changes(
    const struct reading *r, struct bkt_err *err)
{
	struct bkt_batch *b = r->batch;
	struct bkt_commit parent = { 0 };
	enum bkt_status st;
	size_t max;

	if (!bkt_oid_is_zero(&b->commit.parent))
		BKT_TRY(read_commit(r, &b->commit.parent, &parent, err));
	/* record, its old and new seals, owned files; and log/ */
	max = b->n_entries * (1 + (size_t)4 * BKT_SIGNERS_MAX) + 8;
	st = bkt_gitdb_diff(r->git, &parent.tree, &b->commit.tree, max,
	    r->arena, &b->changes, &b->n_changes, err);
	if (st == BKT_E_LIMIT)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "the commit changes more files than its entries explain");
	return st;
}

static enum bkt_status read_batch(const struct reading *r,
    const struct bkt_oid *oid, struct bkt_batch_bad *bad, struct bkt_err *err)
{
	struct bkt_batch *b = r->batch;

	b->oid = *oid;
	BKT_TRY(read_commit(r, oid, &b->commit, err));
	BKT_TRY(message_parse(b->commit.message, r->arena, b, err));
	BKT_TRY(check_distinct(r, err));
	BKT_TRY(read_changes(r, err));
	for (size_t i = 0; i < b->n_entries; i++) {
		bad->path = b->entries[i].path;
		bad->index = b->entries[i].index;
		BKT_TRY(read_entry(r, &b->entries[i], err));
	}
	bad->path = NULL;
	return read_file(r, "log/checkpoint", 4096, &b->checkpoint, err);
}

enum bkt_status bkt_batch_read_told(const bkt_gitdb *g,
    const struct bkt_oid *commit, bkt_arena *arena, struct bkt_batch *out,
    struct bkt_batch_bad *bad, struct bkt_err *err)
{
	struct bkt_batch b = { 0 };
	struct reading r = { g, arena, &b };

	bad->path = NULL;
	BKT_TRY(read_batch(&r, commit, bad, err));
	*out = b;
	return BKT_OK;
}

enum bkt_status bkt_batch_read(const bkt_gitdb *g, const struct bkt_oid *commit,
    bkt_arena *arena, struct bkt_batch *out, struct bkt_err *err)
{
	struct bkt_batch_bad bad;

	return bkt_batch_read_told(g, commit, arena, out, &bad, err);
}

static enum bkt_status scan_commit(const struct reading *r,
    const struct bkt_oid *oid, bkt_scan_fn fn, void *ctx, struct bkt_err *err)
{
	struct bkt_batch *b = r->batch;

	memset(b, 0, sizeof(*b));
	BKT_TRY(read_commit(r, oid, &b->commit, err));
	BKT_TRY(message_parse(b->commit.message, r->arena, b, err));
	for (size_t i = 0; i < b->n_entries; i++) {
		const struct bkt_scan_entry e = { .index = b->entries[i].index,
			.path = b->entries[i].path,
			.record = b->entries[i].record,
			.commit = *oid,
			.tree = b->commit.tree };

		BKT_TRY(fn(ctx, &e, err));
	}
	return BKT_OK;
}

enum bkt_status bkt_ledger_scan_unverified(const bkt_gitdb *g,
    const struct bkt_oid *tip, bkt_scan_fn fn, void *ctx, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free)
	bkt_arena *arena = bkt_arena_new((size_t)1 << 28);
	BKT_AUTO(bkt_free) struct bkt_oid *chain = NULL;
	const struct bkt_oid none = { { 0 } };
	struct bkt_batch b = { 0 };
	struct reading r = { g, arena, &b };
	size_t n;

	if (!arena)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	BKT_TRY(bkt_gitdb_chain(g, tip, &none, SIZE_MAX, &chain, &n, err));
	for (size_t i = 0; i < n; i++) {
		BKT_TRY(scan_commit(&r, &chain[i], fn, ctx, err));
		bkt_arena_clear(arena);
	}
	return BKT_OK;
}

enum bkt_status bkt_entry_read(const bkt_gitdb *g,
    const struct bkt_scan_entry *e, bkt_arena *arena,
    struct bkt_submission *out, struct bkt_err *err)
{
	struct bkt_batch b = { .commit.tree = e->tree };
	struct bkt_batch_entry entry = {
		.index = e->index, .path = e->path, .record = e->record
	};
	struct reading r = { g, arena, &b };

	BKT_TRY(read_entry(&r, &entry, err));
	*out = entry.sub;
	return BKT_OK;
}
