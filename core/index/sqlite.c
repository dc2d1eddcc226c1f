/* The library: memory, errors, statements. */
#include "index.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* ---- allocator seam ------------------------------------------------------ */

/* SQLite asks for the size of a block, our allocator does not keep it. The
 * head is as wide as the strictest alignment. */
#define HEAD_BYTES 16

static void *mem_malloc(int n)
{
	uint8_t *p = bkt_malloc((size_t)n + HEAD_BYTES);

	if (!p)
		return NULL;
	memcpy(p, &n, sizeof(n));
	return p + HEAD_BYTES;
}

static void mem_free(void *p)
{
	if (p)
		bkt_free((uint8_t *)p - HEAD_BYTES);
}

static int mem_size(void *p)
{
	int n = 0;

	if (p)
		memcpy(&n, (uint8_t *)p - HEAD_BYTES, sizeof(n));
	return n;
}

static void *mem_realloc(void *p, int n)
{
	uint8_t *q;

	if (!p)
		return mem_malloc(n);
	q = bkt_realloc((uint8_t *)p - HEAD_BYTES, (size_t)n + HEAD_BYTES);
	if (!q)
		return NULL;
	memcpy(q, &n, sizeof(n));
	return q + HEAD_BYTES;
}

static int mem_roundup(int n)
{
	return (n + 7) & ~7;
}

static int mem_init(void *ctx)
{
	(void)ctx;
	return SQLITE_OK;
}

static void mem_shutdown(void *ctx)
{
	(void)ctx;
}

static int init_result = SQLITE_ERROR;

static void init_once(void)
{
	static const sqlite3_mem_methods methods = { mem_malloc, mem_free,
		mem_realloc, mem_size, mem_roundup, mem_init, mem_shutdown,
		NULL };

	init_result = sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
	if (init_result == SQLITE_OK)
		init_result = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (init_result == SQLITE_OK)
		init_result = sqlite3_initialize();
}

enum bkt_status index_sqlite_init(struct bkt_err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, init_once);
	if (init_result != SQLITE_OK)
		return bkt_fail(err, BKT_E_DB, "cannot start SQLite: %s",
		    sqlite3_errstr(init_result));
	return BKT_OK;
}

/* ---- errors -------------------------------------------------------------- */

static enum bkt_status status_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_NOMEM:
		return BKT_E_NOMEM;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return BKT_E_BUSY;
	case SQLITE_IOERR:
	case SQLITE_FULL:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return BKT_E_IO;
	case SQLITE_INTERRUPT:
		return BKT_E_INTERRUPTED;
	default:
		return BKT_E_DB;
	}
}

enum bkt_status index_fail(
    bkt_index *x, struct bkt_err *err, int rc, const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	bkt_fail(err, status_of(rc), "index: %s: %s", what,
	    x->db && sqlite3_extended_errcode(x->db) == rc
		? sqlite3_errmsg(x->db)
		: sqlite3_errstr(rc));
	if (err && x->db && status_of(rc) == BKT_E_IO)
		err->sys_errno = sqlite3_system_errno(x->db);
	if ((rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_NOTADB) {
		x->corrupt = true;
		bkt_err_hint(err,
		    "run the command again: the index is made anew from the "
		    "log");
	}
	return status_of(rc);
}

enum bkt_status index_fail_bind(bkt_index *x, struct bkt_err *err)
{
	/* several results may be joined here, and SQLite keeps only the last
	 * one's code; values are borrowed and numbered right, so that memory
	 * is all that can be missing */
	return index_fail(x, err, SQLITE_NOMEM, "cannot bind a value");
}

enum bkt_status index_exec(bkt_index *x, const char *sql, struct bkt_err *err)
{
	int rc = sqlite3_exec(x->db, sql, NULL, NULL, NULL);

	if (rc != SQLITE_OK)
		return index_fail(x, err, rc, "cannot run '%.40s'", sql);
	return BKT_OK;
}

/* ---- statements ---------------------------------------------------------- */

#define ROW                                                            \
	"e.idx, p.path, e.kind, e.record, e.leaf, e.commit_id, e.at, " \
	"e.accepted, e.members, e.summary"
/* CROSS JOIN: the order of the tables is ours, not the planner's guess */
#define FROM_ENTRY " FROM entry e CROSS JOIN path p ON p.id = e.path_id "
#define FROM_PATH " FROM path p CROSS JOIN entry e ON e.idx = p.idx "
#define IN_RANGE "p.path >= ?1 AND p.path < ?2"

static const char *const sql_text[SQL_N] = {
	[SQL_META_GET] = "SELECT value FROM meta WHERE key = ?1",
	[SQL_META_SET] =
	    "INSERT OR REPLACE INTO meta(key, value) VALUES(?1, ?2)",
	[SQL_COUNT] = "SELECT max(idx) FROM entry",
	[SQL_PATH_FIND] = "SELECT id FROM path WHERE path = ?1",
	[SQL_PATH_NEW] =
	    "INSERT INTO path(path, idx, bytes) VALUES(?1, ?2, ?3)",
	[SQL_PATH_SET] = "UPDATE path SET idx = ?2, bytes = ?3 WHERE id = ?1",
	[SQL_ENTRY_NEW] =
	    "INSERT INTO entry(idx, path_id, kind, record, leaf, commit_id, "
	    "at, accepted, members, summary) "
	    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	[SQL_ATTR_NEW] =
	    "INSERT OR IGNORE INTO attr(key, value, idx) VALUES(?1, ?2, ?3)",
	[SQL_LEAF_GET] = "SELECT data FROM leaf WHERE chunk = ?1",
	[SQL_LEAF_SET] =
	    "INSERT OR REPLACE INTO leaf(chunk, data) VALUES(?1, ?2)",
	[SQL_LEAF_ALL] =
	    "SELECT chunk, data FROM leaf WHERE chunk < ?1 ORDER BY chunk",
	[SQL_CURRENT] = "SELECT " ROW ", p.bytes" FROM_PATH "WHERE " IN_RANGE
			" ORDER BY p.path",
	[SQL_AT] = "SELECT " ROW ", p.bytes" FROM_PATH "WHERE p.path = ?1",
	/* an attribute counts while its entry is the current one */
	[SQL_FIND] = "SELECT " ROW ", p.bytes FROM attr a "
		     "CROSS JOIN entry e ON e.idx = a.idx "
		     "CROSS JOIN path p ON p.id = e.path_id AND p.idx = e.idx "
		     "WHERE a.key = ?1 AND a.value = ?2 ORDER BY p.path",
	/* whatever version had it, the current one once */
	[SQL_FIND_EVER] = "SELECT " ROW ", p.bytes FROM path p "
			  "CROSS JOIN entry e ON e.idx = p.idx WHERE p.id IN ("
			  "SELECT h.path_id FROM attr a "
			  "CROSS JOIN entry h ON h.idx = a.idx "
			  "WHERE a.key = ?1 AND a.value = ?2) ORDER BY p.path",
	[SQL_VALUES] = "SELECT DISTINCT value FROM attr WHERE key = ?1 "
		       "ORDER BY value LIMIT ?2",
	[SQL_HISTORY] = "SELECT " ROW FROM_ENTRY
			"WHERE e.idx < ?1 ORDER BY e.idx DESC LIMIT ?2",
	[SQL_HISTORY_PATH] =
	    "SELECT " ROW " FROM path p CROSS JOIN entry e "
	    "ON e.path_id = p.id WHERE p.path = ?1 AND e.idx < ?2 "
	    "ORDER BY e.idx DESC LIMIT ?3",
	[SQL_HISTORY_BELOW] =
	    "SELECT " ROW FROM_ENTRY "WHERE e.idx IN ("
	    "SELECT h.idx FROM path p CROSS JOIN entry h ON h.path_id = p.id "
	    "WHERE " IN_RANGE " AND h.idx < ?3 "
	    "ORDER BY h.idx DESC LIMIT ?4) ORDER BY e.idx DESC",
	[SQL_HISTORY_RECENT] = "SELECT " ROW FROM_ENTRY "WHERE " IN_RANGE
			       " AND e.idx < ?3 ORDER BY e.idx DESC LIMIT ?4",
	[SQL_RECENT] =
	    "SELECT count(*) FROM (SELECT 1" FROM_ENTRY "WHERE " IN_RANGE
	    " AND e.idx >= ?3 AND e.idx < ?4 LIMIT ?5)",
	[SQL_ENTRY_AT] = "SELECT " ROW FROM_ENTRY "WHERE e.idx = ?1",
	[SQL_ENTRY_OF] = "SELECT " ROW FROM_ENTRY
			 "WHERE substr(e.record, 1, 8) = substr(?1, 1, 8) "
			 "AND e.record = ?1 ORDER BY e.idx LIMIT 1",
};

enum bkt_status index_run_begin(bkt_index *x, enum index_sql which,
    struct index_run *out, struct bkt_err *err)
{
	sqlite3_stmt *stmt = x->stmt[which];
	bool own = stmt && sqlite3_stmt_busy(stmt);

	if (!stmt || own) {
		int rc = sqlite3_prepare_v3(x->db, sql_text[which], -1,
		    own ? 0 : SQLITE_PREPARE_PERSISTENT, &stmt, NULL);

		if (rc != SQLITE_OK)
			return index_fail(x, err, rc, "cannot prepare");
		if (!own)
			x->stmt[which] = stmt;
	}
	*out = (struct index_run){ x, stmt, own };
	return BKT_OK;
}

void index_run_end(struct index_run *r)
{
	if (!r->stmt)
		return;
	if (r->own) {
		sqlite3_finalize(r->stmt);
	} else {
		sqlite3_reset(r->stmt);
		/* what was bound is the caller's and may go */
		sqlite3_clear_bindings(r->stmt);
	}
	r->stmt = NULL;
}

enum bkt_status index_step(struct index_run *r, bool *row, struct bkt_err *err)
{
	int rc = sqlite3_step(r->stmt);

	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return index_fail(r->x, err, rc, "cannot read or write");
	*row = rc == SQLITE_ROW;
	return BKT_OK;
}

void index_drop_statements(bkt_index *x)
{
	for (int i = 0; i < SQL_N; i++) {
		sqlite3_finalize(x->stmt[i]);
		x->stmt[i] = NULL;
	}
}
