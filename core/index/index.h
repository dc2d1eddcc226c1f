/* Private to core/index. */
#ifndef INDEX_INDEX_H
#define INDEX_INDEX_H

#include <sqlite3.h>

#include "bukti/base.h"
#include "bukti/index.h"

/* leaves in one row: 4 KiB, so that adding one entry rewrites one page */
#define INDEX_CHUNK 128
#define INDEX_CHUNK_BYTES (INDEX_CHUNK * BKT_SHA256_LEN)

enum index_sql {
	SQL_META_GET,
	SQL_META_SET,
	SQL_COUNT,
	SQL_PATH_FIND,
	SQL_PATH_NEW,
	SQL_PATH_SET,
	SQL_ENTRY_NEW,
	SQL_ATTR_NEW,
	SQL_LEAF_GET,
	SQL_LEAF_SET,
	SQL_LEAF_ALL,
	SQL_CURRENT,
	SQL_AT,
	SQL_FIND,
	SQL_FIND_EVER,
	SQL_VALUES,
	SQL_HISTORY,
	SQL_HISTORY_PATH,
	SQL_HISTORY_BELOW,
	SQL_HISTORY_RECENT,
	SQL_RECENT,
	SQL_ENTRY_AT,
	SQL_ENTRY_OF,
	SQL_N,
};

struct bkt_index {
	sqlite3 *db;
	char *path;     /* NULL: private, gone with this handle */
	uint64_t inode; /* of the file behind path */
	bool readonly;  /* the file cannot be written */
	bool corrupt;   /* SQLite met damage: set aside when we let go */
	bool in_tx, in_snapshot;
	bool tx_failed; /* part of a put is in: only rollback is right */
	uint64_t count; /* inside a transaction: entries so far */
	sqlite3_stmt *stmt[SQL_N];
	/* the last row of leaves, written when full and at commit */
	uint8_t chunk[INDEX_CHUNK_BYTES];
	bool chunk_loaded, chunk_dirty;
};

/* allocator seam and library start, once per process */
enum bkt_status index_sqlite_init(struct bkt_err *err);
/* status of an SQLite result; err may be NULL; notes damage in x */
BKT_PRINTF(4, 5)
enum bkt_status index_fail(
    bkt_index *x, struct bkt_err *err, int rc, const char *fmt, ...);
enum bkt_status index_fail_bind(bkt_index *x, struct bkt_err *err);
enum bkt_status index_exec(bkt_index *x, const char *sql, struct bkt_err *err);

/*
 * A prepared statement, kept for the life of the handle. A callback may call
 * in again while its own statement runs: then it gets one of its own.
 */
struct index_run {
	bkt_index *x;
	sqlite3_stmt *stmt;
	bool own;
};
enum bkt_status index_run_begin(bkt_index *x, enum index_sql which,
    struct index_run *out, struct bkt_err *err);
void index_run_end(struct index_run *r);
BKT_AUTO_RELEASE(struct index_run, index_run_end);
/* one step: OK with *row, or a fault */
enum bkt_status index_step(struct index_run *r, bool *row, struct bkt_err *err);

void index_drop_statements(bkt_index *x);
/* opens and checks; BKT_E_FORMAT: this file is not (any more) an index */
enum bkt_status index_open_file(bkt_index *x, struct bkt_err *err);
enum bkt_status index_open_private(bkt_index *x, struct bkt_err *err);
enum bkt_status index_set_aside(bkt_index *x, struct bkt_err *err);
/* a read-only file that must grow goes on as a private copy */
enum bkt_status index_make_private(bkt_index *x, struct bkt_err *err);
enum bkt_status index_flush_leaves(bkt_index *x, struct bkt_err *err);
/* entries so far, as of now */
enum bkt_status index_count(bkt_index *x, uint64_t *out, struct bkt_err *err);

#endif
