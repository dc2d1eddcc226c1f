/* Answers: every call is one statement, so one consistent state. */
#include "bukti/crypto.h"
#include "index.h"

#include <string.h>

/* so many of the newest entries are looked through before the paths are */
#define RECENT 4096

static const char *text_at(sqlite3_stmt *stmt, int column)
{
	const unsigned char *s = sqlite3_column_text(stmt, column);

	return (const char *)s;
}

static bool blob_at(sqlite3_stmt *stmt, int column, uint8_t *out, size_t n)
{
	const void *p = sqlite3_column_blob(stmt, column);

	if (!p || (size_t)sqlite3_column_bytes(stmt, column) != n)
		return false;
	memcpy(out, p, n);
	return true;
}

/* bytes that are not the record's would become wrong facts */
static enum bkt_status check_bytes(
    bkt_index *x, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct bkt_sha256 have;

	if (!e->bytes.ptr)
		return index_fail(
		    x, err, SQLITE_CORRUPT, "'%s' lacks its record", e->path);
	BKT_TRY(bkt_sha256_of(e->bytes, &have, err));
	if (bkt_sha256_eq(&have, &e->record))
		return BKT_OK;
	(void)index_fail(x, err, SQLITE_CORRUPT,
	    "'%s' is not the record it stands for", e->path);
	bkt_err_hint(err, "bukti reindex makes the index anew from the log");
	return BKT_E_DB;
}

static enum bkt_status take_row(
    struct index_run *r, struct bkt_index_entry *e, struct bkt_err *err)
{
	sqlite3_stmt *s = r->stmt;

	*e = (struct bkt_index_entry){
		.index = (uint64_t)sqlite3_column_int64(s, 0),
		.path = text_at(s, 1),
		.kind = text_at(s, 2),
		.at_utc_s = sqlite3_column_int64(s, 6),
		.accepted_utc_s = sqlite3_column_int64(s, 7),
		.by = text_at(s, 8),
		.summary = text_at(s, 9),
	};
	if (sqlite3_column_count(s) > 10) {
		e->bytes.ptr = sqlite3_column_blob(s, 10);
		e->bytes.len = (size_t)sqlite3_column_bytes(s, 10);
	}
	if (!e->path || !e->kind || !e->by || !e->summary)
		return index_fail(r->x, err,
		    sqlite3_errcode(r->x->db) == SQLITE_NOMEM ? SQLITE_NOMEM
							      : SQLITE_CORRUPT,
		    "a row lacks its text");
	if (!blob_at(s, 3, e->record.b, sizeof(e->record.b)) ||
	    !blob_at(s, 4, e->leaf.b, sizeof(e->leaf.b)) ||
	    !blob_at(s, 5, e->commit, sizeof(e->commit)))
		return index_fail(
		    r->x, err, SQLITE_CORRUPT, "a row lacks its digests");
	if (sqlite3_column_count(s) > 10)
		return check_bytes(r->x, e, err);
	return BKT_OK;
}

/* bound already; calls back for every row */
static enum bkt_status each_row(struct index_run *r, int bound, bkt_index_fn fn,
    void *ctx, uint64_t *n_rows, struct bkt_err *err)
{
	bool row = false;

	*n_rows = 0;
	if (bound != SQLITE_OK)
		return index_fail_bind(r->x, err);
	for (;;) {
		struct bkt_index_entry e;

		BKT_TRY(index_step(r, &row, err));
		if (!row)
			return BKT_OK;
		BKT_TRY(take_row(r, &e, err));
		++*n_rows;
		BKT_TRY(fn(ctx, &e, err));
	}
}

static int bind_str(struct index_run *r, int at, const char *s)
{
	return sqlite3_bind_text(r->stmt, at, s, -1, SQLITE_STATIC);
}

/* numbers beyond what SQLite counts mean "no bound" */
static int bind_max(struct index_run *r, int at, uint64_t v)
{
	return sqlite3_bind_int64(
	    r->stmt, at, v > INT64_MAX ? INT64_MAX : (sqlite3_int64)v);
}

/* [prefix, prefix + 0xff): no UTF-8 text has that byte */
static int bind_range(struct index_run *r, const char *prefix)
{
	size_t n = strlen(prefix);
	char *end = sqlite3_malloc64(n + 1);

	if (!end)
		return SQLITE_NOMEM;
	memcpy(end, prefix, n);
	end[n] = (char)0xff;
	return bind_str(r, 1, prefix) | sqlite3_bind_text64(r->stmt, 2, end,
					    n + 1, sqlite3_free, SQLITE_UTF8);
}

enum bkt_status bkt_index_current(bkt_index *x, const char *prefix,
    bkt_index_fn fn, void *ctx, struct bkt_err *err)
{
	uint64_t n;
	BKT_AUTO(index_run_end) struct index_run r = { 0 };

	BKT_TRY(index_run_begin(x, SQL_CURRENT, &r, err));
	return each_row(&r, bind_range(&r, prefix), fn, ctx, &n, err);
}

enum bkt_status bkt_index_at(bkt_index *x, const char *path, bkt_index_fn fn,
    void *ctx, struct bkt_err *err)
{
	uint64_t n;
	BKT_AUTO(index_run_end) struct index_run r = { 0 };

	BKT_TRY(index_run_begin(x, SQL_AT, &r, err));
	BKT_TRY(each_row(&r, bind_str(&r, 1, path), fn, ctx, &n, err));
	if (n == 0)
		return bkt_fail(err, BKT_E_NOTFOUND, "no record at '%s'", path);
	return BKT_OK;
}

static enum bkt_status find(bkt_index *x, enum index_sql which, const char *key,
    const char *value, bkt_index_fn fn, void *ctx, struct bkt_err *err)
{
	uint64_t n;
	BKT_AUTO(index_run_end) struct index_run r = { 0 };

	BKT_TRY(index_run_begin(x, which, &r, err));
	return each_row(&r, bind_str(&r, 1, key) | bind_str(&r, 2, value), fn,
	    ctx, &n, err);
}

enum bkt_status bkt_index_find(bkt_index *x, const char *key, const char *value,
    bkt_index_fn fn, void *ctx, struct bkt_err *err)
{
	return find(x, SQL_FIND, key, value, fn, ctx, err);
}

enum bkt_status bkt_index_find_ever(bkt_index *x, const char *key,
    const char *value, bkt_index_fn fn, void *ctx, struct bkt_err *err)
{
	return find(x, SQL_FIND_EVER, key, value, fn, ctx, err);
}

enum bkt_status bkt_index_values(bkt_index *x, const char *key, uint64_t n,
    bkt_index_value_fn fn, void *ctx, struct bkt_err *err)
{
	bool row = false;
	BKT_AUTO(index_run_end) struct index_run r = { 0 };

	BKT_TRY(index_run_begin(x, SQL_VALUES, &r, err));
	if ((bind_str(&r, 1, key) | bind_max(&r, 2, n)) != SQLITE_OK)
		return index_fail_bind(x, err);
	for (;;) {
		const char *value;

		BKT_TRY(index_step(&r, &row, err));
		if (!row)
			return BKT_OK;
		value = text_at(r.stmt, 0);
		if (!value)
			return index_fail(x, err, SQLITE_NOMEM,
			    "an attribute lacks its text");
		BKT_TRY(fn(ctx, value, err));
	}
}

/* how many of the entries just before `below` have a path in the range */
static enum bkt_status count_recent(bkt_index *x, const char *prefix,
    uint64_t below, uint64_t n, uint64_t *out, struct bkt_err *err)
{
	bool row;
	BKT_AUTO(index_run_end) struct index_run r = { 0 };

	BKT_TRY(index_run_begin(x, SQL_RECENT, &r, err));
	if ((bind_range(&r, prefix) |
		bind_max(&r, 3, below > RECENT ? below - RECENT : 0) |
		bind_max(&r, 4, below) | bind_max(&r, 5, n)) != SQLITE_OK)
		return index_fail_bind(x, err);
	BKT_TRY(index_step(&r, &row, err));
	*out = row ? (uint64_t)sqlite3_column_int64(r.stmt, 0) : 0;
	return BKT_OK;
}

/*
 * Going back through the log is quick when the folder is busy, and as long as
 * the log when it is not; going through the folder's paths is as long as the
 * folder. So the newest entries are tried first.
 */
static enum bkt_status history_below(bkt_index *x, const char *prefix,
    uint64_t below, uint64_t n, bkt_index_fn fn, void *ctx, struct bkt_err *err)
{
	uint64_t n_entries = 0, n_recent = 0, n_rows;
	BKT_AUTO(index_run_end) struct index_run r = { 0 };

	BKT_TRY(index_count(x, &n_entries, err));
	if (below > n_entries)
		below = n_entries;
	if (n <= RECENT)
		BKT_TRY(count_recent(x, prefix, below, n, &n_recent, err));
	BKT_TRY(index_run_begin(x,
	    n <= RECENT && n_recent == n ? SQL_HISTORY_RECENT
					 : SQL_HISTORY_BELOW,
	    &r, err));
	return each_row(&r,
	    bind_range(&r, prefix) | bind_max(&r, 3, below) |
		bind_max(&r, 4, n),
	    fn, ctx, &n_rows, err);
}

enum bkt_status bkt_index_history(bkt_index *x, const char *path,
    uint64_t below, uint64_t n, bkt_index_fn fn, void *ctx, struct bkt_err *err)
{
	uint64_t n_rows;
	size_t len = path ? strlen(path) : 0;
	BKT_AUTO(index_run_end) struct index_run r = { 0 };

	if (path && (len == 0 || path[len - 1] == '/'))
		return history_below(x, path, below, n, fn, ctx, err);
	BKT_TRY(
	    index_run_begin(x, path ? SQL_HISTORY_PATH : SQL_HISTORY, &r, err));
	if (path)
		return each_row(&r,
		    bind_str(&r, 1, path) | bind_max(&r, 2, below) |
			bind_max(&r, 3, n),
		    fn, ctx, &n_rows, err);
	return each_row(&r, bind_max(&r, 1, below) | bind_max(&r, 2, n), fn,
	    ctx, &n_rows, err);
}

enum bkt_status bkt_index_entry_at(bkt_index *x, uint64_t index,
    bkt_index_fn fn, void *ctx, struct bkt_err *err)
{
	uint64_t n;
	BKT_AUTO(index_run_end) struct index_run r = { 0 };

	BKT_TRY(index_run_begin(x, SQL_ENTRY_AT, &r, err));
	BKT_TRY(each_row(&r, bind_max(&r, 1, index), fn, ctx, &n, err));
	if (n == 0)
		return bkt_fail(err, BKT_E_NOTFOUND, "no entry %llu",
		    (unsigned long long)index);
	return BKT_OK;
}

enum bkt_status bkt_index_entry_of(bkt_index *x,
    const struct bkt_sha256 *record, bkt_index_fn fn, void *ctx,
    struct bkt_err *err)
{
	uint64_t n;
	BKT_AUTO(index_run_end) struct index_run r = { 0 };

	BKT_TRY(index_run_begin(x, SQL_ENTRY_OF, &r, err));
	BKT_TRY(each_row(&r,
	    sqlite3_bind_blob(
		r.stmt, 1, record->b, BKT_SHA256_LEN, SQLITE_STATIC),
	    fn, ctx, &n, err));
	if (n == 0)
		return bkt_fail(
		    err, BKT_E_NOTFOUND, "no entry has this record");
	return BKT_OK;
}

enum bkt_status bkt_index_leaves(
    bkt_index *x, uint64_t n, struct bkt_sha256 *out, struct bkt_err *err)
{
	uint64_t done = 0;
	bool row = true;
	BKT_AUTO(index_run_end) struct index_run r = { 0 };

	BKT_TRY(index_flush_leaves(x, err));
	BKT_TRY(index_run_begin(x, SQL_LEAF_ALL, &r, err));
	if (bind_max(&r, 1, n / INDEX_CHUNK + (n % INDEX_CHUNK != 0)) !=
	    SQLITE_OK)
		return index_fail_bind(x, err);
	while (done < n) {
		uint64_t want = n - done < INDEX_CHUNK ? n - done : INDEX_CHUNK;

		BKT_TRY(index_step(&r, &row, err));
		if (!row ||
		    (uint64_t)sqlite3_column_int64(r.stmt, 0) !=
			done / INDEX_CHUNK ||
		    (uint64_t)sqlite3_column_bytes(r.stmt, 1) <
			want * BKT_SHA256_LEN)
			return bkt_fail(err, BKT_E_NOTFOUND,
			    "index: fewer than %llu leaves",
			    (unsigned long long)n);
		memcpy(out + done, sqlite3_column_blob(r.stmt, 1),
		    (size_t)want * BKT_SHA256_LEN);
		done += want;
	}
	return BKT_OK;
}
