/* Transactions, state, and adding entries. */
#include "index.h"

#include <string.h>

/* ---- transactions -------------------------------------------------------- */

enum bkt_status index_count(bkt_index *x, uint64_t *out, struct bkt_err *err)
{
	bool row;
	BKT_AUTO(index_run_end) struct index_run r = { 0 };

	BKT_TRY(index_run_begin(x, SQL_COUNT, &r, err));
	BKT_TRY(index_step(&r, &row, err));
	*out = 0;
	if (row && sqlite3_column_type(r.stmt, 0) != SQLITE_NULL)
		*out = (uint64_t)sqlite3_column_int64(r.stmt, 0) + 1;
	return BKT_OK;
}

enum bkt_status bkt_index_snapshot(bkt_index *x, struct bkt_err *err)
{
	uint64_t n;
	enum bkt_status st;

	if (x->in_tx)
		return bkt_fail(
		    err, BKT_E_USAGE, "index: a transaction is open already");
	bkt_index_live(x);
	BKT_TRY(index_exec(x, "BEGIN", err));
	x->in_snapshot = true;
	/* what the first reading sees is what all later ones see */
	st = index_count(x, &n, err);
	if (st != BKT_OK)
		bkt_index_live(x);
	return st;
}

void bkt_index_live(bkt_index *x)
{
	/* an error may have ended it already: nothing to say */
	if (x->in_snapshot)
		(void)sqlite3_exec(x->db, "COMMIT", NULL, NULL, NULL);
	x->in_snapshot = false;
}

enum bkt_status bkt_index_begin(bkt_index *x, struct bkt_err *err)
{
	enum bkt_status st;

	if (x->in_tx)
		return bkt_fail(
		    err, BKT_E_USAGE, "index: a transaction is open already");
	bkt_index_live(x);
	if (x->readonly)
		BKT_TRY(index_make_private(x, err));
	BKT_TRY(index_exec(x, "BEGIN IMMEDIATE", err));
	x->in_tx = true;
	x->tx_failed = false;
	x->chunk_loaded = x->chunk_dirty = false;
	st = index_count(x, &x->count, err);
	if (st != BKT_OK)
		bkt_index_rollback(x);
	return st;
}

enum bkt_status bkt_index_commit(bkt_index *x, struct bkt_err *err)
{
	if (!x->in_tx)
		return bkt_fail(
		    err, BKT_E_USAGE, "index: no transaction is open");
	if (x->tx_failed)
		return bkt_fail(err, BKT_E_USAGE,
		    "index: a part failed, the whole must be rolled back");
	BKT_TRY(index_flush_leaves(x, err));
	BKT_TRY(index_exec(x, "COMMIT", err));
	x->in_tx = false;
	return BKT_OK;
}

void bkt_index_rollback(bkt_index *x)
{
	if (!x->in_tx)
		return;
	/* a disk error may have rolled it back already: nothing to say */
	(void)sqlite3_exec(x->db, "ROLLBACK", NULL, NULL, NULL);
	x->in_tx = false;
	x->chunk_loaded = x->chunk_dirty = false;
}

enum bkt_status bkt_index_reset(bkt_index *x, struct bkt_err *err)
{
	bool own = !x->in_tx;
	enum bkt_status st;

	if (own)
		BKT_TRY(bkt_index_begin(x, err));
	/* without a condition SQLite drops whole trees, not rows */
	st = index_exec(x,
	    "DELETE FROM meta; DELETE FROM path; DELETE FROM entry; "
	    "DELETE FROM attr; DELETE FROM leaf",
	    err);
	x->count = 0;
	x->chunk_loaded = x->chunk_dirty = false;
	if (st != BKT_OK)
		x->tx_failed = true;
	if (own && st == BKT_OK)
		st = bkt_index_commit(x, err);
	if (own && st != BKT_OK)
		bkt_index_rollback(x);
	return st;
}

/* ---- binding ------------------------------------------------------------- */

static int bind_text(struct index_run *r, int at, const char *s)
{
	return sqlite3_bind_text(r->stmt, at, s ? s : "", -1, SQLITE_STATIC);
}

static int bind_span(struct index_run *r, int at, struct bkt_span s)
{
	/* a NULL pointer would be bound as NULL, not as nothing */
	return sqlite3_bind_blob64(r->stmt, at,
	    s.len ? (const void *)s.ptr : "", s.len, SQLITE_STATIC);
}

static int bind_u64(struct index_run *r, int at, uint64_t v)
{
	return sqlite3_bind_int64(r->stmt, at, (sqlite3_int64)v);
}

/* all results together: SQLITE_OK is 0 */
static enum bkt_status run_bound(
    struct index_run *r, int rc, struct bkt_err *err)
{
	bool row;

	if (rc != SQLITE_OK)
		return index_fail_bind(r->x, err);
	return index_step(r, &row, err);
}

/* ---- state --------------------------------------------------------------- */

enum bkt_status bkt_index_meta_get(
    bkt_index *x, const char *key, struct bkt_buf *out, struct bkt_err *err)
{
	bool row;
	BKT_AUTO(index_run_end) struct index_run r = { 0 };

	BKT_TRY(index_run_begin(x, SQL_META_GET, &r, err));
	if (bind_text(&r, 1, key) != SQLITE_OK)
		return index_fail_bind(x, err);
	BKT_TRY(index_step(&r, &row, err));
	if (!row)
		return bkt_fail(
		    err, BKT_E_NOTFOUND, "index: no '%s' is kept", key);
	bkt_buf_add(out, sqlite3_column_blob(r.stmt, 0),
	    (size_t)sqlite3_column_bytes(r.stmt, 0));
	return bkt_buf_check(out, err);
}

enum bkt_status bkt_index_meta_set(
    bkt_index *x, const char *key, struct bkt_span value, struct bkt_err *err)
{
	enum bkt_status st;
	BKT_AUTO(index_run_end) struct index_run r = { 0 };

	if (x->readonly)
		BKT_TRY(index_make_private(x, err));
	BKT_TRY(index_run_begin(x, SQL_META_SET, &r, err));
	st =
	    run_bound(&r, bind_text(&r, 1, key) | bind_span(&r, 2, value), err);
	if (st != BKT_OK)
		x->tx_failed = true;
	return st;
}

/* ---- leaves -------------------------------------------------------------- */

static enum bkt_status load_chunk(bkt_index *x, struct bkt_err *err)
{
	size_t have = (size_t)(x->count % INDEX_CHUNK) * BKT_SHA256_LEN;
	bool row;
	BKT_AUTO(index_run_end) struct index_run r = { 0 };

	BKT_TRY(index_run_begin(x, SQL_LEAF_GET, &r, err));
	if (bind_u64(&r, 1, x->count / INDEX_CHUNK) != SQLITE_OK)
		return index_fail_bind(x, err);
	BKT_TRY(index_step(&r, &row, err));
	if (!row || (size_t)sqlite3_column_bytes(r.stmt, 0) != have)
		return index_fail(x, err, SQLITE_CORRUPT,
		    "leaves do not match %llu entries",
		    (unsigned long long)x->count);
	memcpy(x->chunk, sqlite3_column_blob(r.stmt, 0), have);
	x->chunk_loaded = true;
	return BKT_OK;
}

/* x->count leaves are in, the last row of them only here */
enum bkt_status index_flush_leaves(bkt_index *x, struct bkt_err *err)
{
	uint64_t chunk;
	size_t n;
	BKT_AUTO(index_run_end) struct index_run r = { 0 };

	if (!x->chunk_dirty)
		return BKT_OK;
	chunk = (x->count - 1) / INDEX_CHUNK;
	n = (size_t)(x->count - chunk * INDEX_CHUNK) * BKT_SHA256_LEN;
	BKT_TRY(index_run_begin(x, SQL_LEAF_SET, &r, err));
	BKT_TRY(run_bound(&r,
	    bind_u64(&r, 1, chunk) | bind_span(&r, 2, BKT_SPAN(x->chunk, n)),
	    err));
	x->chunk_dirty = false;
	return BKT_OK;
}

/* after the entry itself is in */
static enum bkt_status put_leaf(
    bkt_index *x, const struct bkt_sha256 *leaf, struct bkt_err *err)
{
	size_t at = (size_t)(x->count % INDEX_CHUNK);

	if (at != 0 && !x->chunk_loaded)
		BKT_TRY(load_chunk(x, err));
	memcpy(x->chunk + at * BKT_SHA256_LEN, leaf->b, BKT_SHA256_LEN);
	x->chunk_loaded = x->chunk_dirty = true;
	x->count++;
	return at + 1 == INDEX_CHUNK ? index_flush_leaves(x, err) : BKT_OK;
}

/* ---- entries ------------------------------------------------------------- */

static enum bkt_status put_path(bkt_index *x, const struct bkt_index_entry *e,
    sqlite3_int64 *id, struct bkt_err *err)
{
	bool row;
	BKT_AUTO(index_run_end) struct index_run find = { 0 };
	BKT_AUTO(index_run_end) struct index_run put = { 0 };

	BKT_TRY(index_run_begin(x, SQL_PATH_FIND, &find, err));
	if (bind_text(&find, 1, e->path) != SQLITE_OK)
		return index_fail_bind(x, err);
	BKT_TRY(index_step(&find, &row, err));
	if (row)
		*id = sqlite3_column_int64(find.stmt, 0);
	BKT_TRY(
	    index_run_begin(x, row ? SQL_PATH_SET : SQL_PATH_NEW, &put, err));
	BKT_TRY(run_bound(&put,
	    (row ? bind_u64(&put, 1, (uint64_t)*id)
		 : bind_text(&put, 1, e->path)) |
		bind_u64(&put, 2, e->index) | bind_span(&put, 3, e->bytes),
	    err));
	if (!row)
		*id = sqlite3_last_insert_rowid(x->db);
	return BKT_OK;
}

static enum bkt_status put_entry(bkt_index *x, const struct bkt_index_entry *e,
    sqlite3_int64 path_id, struct bkt_err *err)
{
	BKT_AUTO(index_run_end) struct index_run r = { 0 };

	BKT_TRY(index_run_begin(x, SQL_ENTRY_NEW, &r, err));
	return run_bound(&r,
	    bind_u64(&r, 1, e->index) | bind_u64(&r, 2, (uint64_t)path_id) |
		bind_text(&r, 3, e->kind) |
		bind_span(&r, 4, BKT_SPAN(e->record.b, BKT_SHA256_LEN)) |
		bind_span(&r, 5, BKT_SPAN(e->leaf.b, BKT_SHA256_LEN)) |
		bind_span(&r, 6, BKT_SPAN(e->commit, sizeof(e->commit))) |
		bind_u64(&r, 7, (uint64_t)e->at_utc_s) |
		bind_u64(&r, 8, (uint64_t)e->accepted_utc_s) |
		bind_text(&r, 9, e->by) | bind_text(&r, 10, e->summary),
	    err);
}

static enum bkt_status put_attrs(
    bkt_index *x, const struct bkt_index_entry *e, struct bkt_err *err)
{
	for (size_t i = 0; i < e->n_attrs; i++) {
		BKT_AUTO(index_run_end) struct index_run r = { 0 };

		BKT_TRY(index_run_begin(x, SQL_ATTR_NEW, &r, err));
		BKT_TRY(run_bound(&r,
		    bind_text(&r, 1, e->attrs[i].key) |
			bind_text(&r, 2, e->attrs[i].value) |
			bind_u64(&r, 3, e->index),
		    err));
	}
	return BKT_OK;
}

static enum bkt_status put_all(
    bkt_index *x, const struct bkt_index_entry *e, struct bkt_err *err)
{
	sqlite3_int64 path_id = 0;

	BKT_TRY(put_path(x, e, &path_id, err));
	BKT_TRY(put_entry(x, e, path_id, err));
	BKT_TRY(put_attrs(x, e, err));
	return put_leaf(x, &e->leaf, err);
}

enum bkt_status bkt_index_put(
    bkt_index *x, const struct bkt_index_entry *e, struct bkt_err *err)
{
	enum bkt_status st;

	if (!x->in_tx)
		return bkt_fail(
		    err, BKT_E_USAGE, "index: no transaction is open");
	if (e->index != x->count)
		return bkt_fail(err, BKT_E_CONFLICT,
		    "index: entry %llu comes after %llu entries",
		    (unsigned long long)e->index, (unsigned long long)x->count);
	st = put_all(x, e, err);
	if (st != BKT_OK)
		x->tx_failed = true;
	return st;
}
