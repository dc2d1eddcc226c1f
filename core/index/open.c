/* Opening: the file, or a private database where the file cannot be used. */
#include "index.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define INDEX_APP_ID 0x424b5449 /* "BKTI" */
#define INDEX_VERSION 2
#define INDEX_BUSY_MS 10000
#define INDEX_BAD_MAX 9

static const char schema[] =
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value BLOB NOT NULL) "
    "WITHOUT ROWID;"
    /* every path once, with its current record; appended, never moved */
    "CREATE TABLE path(id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, "
    "idx INTEGER NOT NULL, bytes BLOB NOT NULL);"
    "CREATE TABLE entry(idx INTEGER PRIMARY KEY, path_id INTEGER NOT NULL, "
    "kind TEXT NOT NULL, record BLOB NOT NULL, leaf BLOB NOT NULL, "
    "commit_id BLOB NOT NULL, at INTEGER NOT NULL, "
    "accepted INTEGER NOT NULL, members TEXT NOT NULL, "
    "summary TEXT NOT NULL);"
    "CREATE INDEX entry_path ON entry(path_id);"
    /* digests arrive in random order: eight bytes keep this index small
     * enough to stay in the cache */
    "CREATE INDEX entry_record ON entry(substr(record, 1, 8));"
    /* never deleted: an attribute names its entry, and an entry that is no
     * longer current is passed over */
    "CREATE TABLE attr(key TEXT NOT NULL, value TEXT NOT NULL, "
    "idx INTEGER NOT NULL, PRIMARY KEY(key, value, idx)) WITHOUT ROWID;"
    "CREATE TABLE leaf(chunk INTEGER PRIMARY KEY, data BLOB NOT NULL);";

/* ---- a fresh or existing database ---------------------------------------- */

static enum bkt_status pragma_int(
    bkt_index *x, const char *sql, int64_t *out, struct bkt_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(x->db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		*out = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	if (rc != SQLITE_ROW)
		return index_fail(x, err, rc, "cannot read the header");
	return BKT_OK;
}

/* OK with *fresh when the file has nothing in it yet */
static enum bkt_status check_version(
    bkt_index *x, bool *fresh, struct bkt_err *err)
{
	int64_t app, version, tables;

	BKT_TRY(pragma_int(x, "PRAGMA application_id", &app, err));
	BKT_TRY(pragma_int(x, "PRAGMA user_version", &version, err));
	BKT_TRY(
	    pragma_int(x, "SELECT count(*) FROM sqlite_schema", &tables, err));
	*fresh = app == 0 && version == 0 && tables == 0;
	if (*fresh || (app == INDEX_APP_ID && version == INDEX_VERSION))
		return BKT_OK;
	return bkt_fail(err, BKT_E_FORMAT,
	    "index: schema version %lld, this program has %d",
	    (long long)version, INDEX_VERSION);
}

static enum bkt_status make_schema(bkt_index *x, struct bkt_err *err)
{
	char sql[120];

	BKT_TRY(index_exec(x, schema, err));
	snprintf(sql, sizeof(sql),
	    "PRAGMA application_id = %d; PRAGMA user_version = %d",
	    INDEX_APP_ID, INDEX_VERSION);
	return index_exec(x, sql, err);
}

/* two processes may find the same empty file */
static enum bkt_status make_if_fresh(bkt_index *x, struct bkt_err *err)
{
	bool fresh = false;
	enum bkt_status st;

	BKT_TRY(index_exec(x, "BEGIN IMMEDIATE", err));
	st = check_version(x, &fresh, err);
	if (st == BKT_OK && fresh)
		st = make_schema(x, err);
	if (st == BKT_OK)
		return index_exec(x, "COMMIT", err);
	(void)sqlite3_exec(x->db, "ROLLBACK", NULL, NULL, NULL);
	return st;
}

static enum bkt_status settings(bkt_index *x, struct bkt_err *err)
{
	sqlite3_busy_timeout(x->db, INDEX_BUSY_MS);
	sqlite3_extended_result_codes(x->db, 1);
	(void)sqlite3_db_config(x->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	return index_exec(x,
	    "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; "
	    "PRAGMA mmap_size = 0; PRAGMA cache_size = -4096; "
	    "PRAGMA synchronous = NORMAL",
	    err);
}

static enum bkt_status connect(
    bkt_index *x, const char *name, int flags, struct bkt_err *err)
{
	int rc = sqlite3_open_v2(name, &x->db,
	    flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);

	if (rc != SQLITE_OK)
		return index_fail(x, err, rc, "cannot open '%s'", name);
	return settings(x, err);
}

static void disconnect(bkt_index *x)
{
	index_drop_statements(x);
	x->in_snapshot = false;
	if (x->db)
		BKT_ASSERT(sqlite3_close(x->db) == SQLITE_OK);
	x->db = NULL;
}

/* ---- the file ------------------------------------------------------------ */

static enum bkt_status use_file(bkt_index *x, bool existed, struct bkt_err *err)
{
	struct stat st;
	bool fresh = false;

	BKT_TRY(connect(
	    x, x->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err));
	/* No descriptor of our own is ever opened on the file: closing it
	 * would drop the locks that SQLite holds in this process. The mode is
	 * set before the side files exist, they take theirs from this one. */
	if (!existed)
		BKT_TRY(bkt_file_chmod(x->path, 0600, err));
	if (stat(x->path, &st) != 0)
		return bkt_fail_errno(
		    err, BKT_E_IO, "cannot look at '%s'", x->path);
	x->inode = (uint64_t)st.st_ino;
	x->readonly = sqlite3_db_readonly(x->db, "main") == 1;
	BKT_TRY(check_version(x, &fresh, err));
	if (x->readonly)
		return fresh ? bkt_fail(err, BKT_E_IO,
				   "index '%s' is empty and cannot be written",
				   x->path)
			     : BKT_OK;
	BKT_TRY(index_exec(x, "PRAGMA journal_mode = WAL", err));
	return fresh ? make_if_fresh(x, err) : BKT_OK;
}

/* '?', '#' and '%' mean something in a file: name */
static void uri_of(struct bkt_buf *out, const char *path)
{
	bkt_buf_str(out, "file:");
	for (const char *p = path; *p; p++) {
		if (strchr("?#%", *p))
			bkt_buf_printf(out, "%%%02X", (unsigned)*p);
		else
			bkt_buf_chr(out, *p);
	}
	bkt_buf_str(out, "?immutable=1");
}

/*
 * On a medium that nobody can write, SQLite cannot make its side files. Only
 * there may the file be taken as unchanging, and only when no change waits in
 * a write-ahead log.
 */
static enum bkt_status use_read_only_medium(bkt_index *x, struct bkt_err *err)
{
	struct statvfs fs;
	struct stat st;
	bool fresh = false;
	BKT_AUTO(bkt_buf_release) struct bkt_buf name = { 0 };

	bkt_buf_init(&name, 16384);
	bkt_buf_printf(&name, "%s-wal", x->path);
	BKT_TRY(bkt_buf_check(&name, err));
	if (statvfs(x->path, &fs) != 0 || !(fs.f_flag & ST_RDONLY) ||
	    (stat((const char *)name.ptr, &st) == 0 && st.st_size > 0))
		return bkt_fail(
		    err, BKT_E_IO, "index '%s' cannot be used", x->path);
	bkt_buf_clear(&name);
	uri_of(&name, x->path);
	BKT_TRY(bkt_buf_check(&name, err));
	BKT_TRY(connect(x, (const char *)name.ptr,
	    SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err));
	x->readonly = true;
	BKT_TRY(check_version(x, &fresh, err));
	return fresh ? bkt_fail(err, BKT_E_IO, "index '%s' is empty", x->path)
		     : BKT_OK;
}

enum bkt_status index_open_file(bkt_index *x, struct bkt_err *err)
{
	struct stat st;
	bool existed = lstat(x->path, &st) == 0;
	enum bkt_status result;

	x->corrupt = false;
	x->inode = existed ? (uint64_t)st.st_ino : 0;
	if (existed && !S_ISREG(st.st_mode))
		return bkt_fail(err, BKT_E_FORMAT,
		    "index '%s' is not a regular file", x->path);
	result = use_file(x, existed, err);
	if (result == BKT_E_IO && existed) {
		disconnect(x);
		if (use_read_only_medium(x, NULL) == BKT_OK)
			return BKT_OK;
	}
	if (result == BKT_OK)
		return BKT_OK;
	disconnect(x);
	if (x->corrupt)
		return bkt_fail(
		    err, BKT_E_FORMAT, "index '%s' is damaged", x->path);
	return result;
}

/* ---- setting aside ------------------------------------------------------- */

static enum bkt_status move_side(
    const char *from, const char *to, const char *suffix, struct bkt_err *err)
{
	char a[4200], b[4200];

	if (snprintf(a, sizeof(a), "%s%s", from, suffix) >= (int)sizeof(a) ||
	    snprintf(b, sizeof(b), "%s%s", to, suffix) >= (int)sizeof(b))
		return bkt_fail(err, BKT_E_IO, "path is too long");
	if (!bkt_path_exists(a))
		return BKT_OK;
	return bkt_file_rename(a, b, err);
}

/*
 * Kept for whoever wants to know what happened, nine times at most. The
 * write-ahead log goes first: alone behind a new file it would be read into
 * it.
 */
enum bkt_status index_set_aside(bkt_index *x, struct bkt_err *err)
{
	char to[4200];
	struct stat st;

	disconnect(x);
	/* another process may have done it already, what is there is new */
	if (lstat(x->path, &st) != 0 || (uint64_t)st.st_ino != x->inode)
		return BKT_OK;
	for (int n = 1; n <= INDEX_BAD_MAX; n++) {
		if (snprintf(to, sizeof(to), "%s.bad-%d", x->path, n) >=
		    (int)sizeof(to))
			return bkt_fail(err, BKT_E_IO, "path is too long");
		if (!bkt_path_exists(to))
			break;
	}
	BKT_TRY(move_side(x->path, to, "-wal", err));
	BKT_TRY(move_side(x->path, to, "-shm", err));
	return bkt_file_rename(x->path, to, err);
}

/* ---- private ------------------------------------------------------------- */

/* an empty name: SQLite keeps it in memory up to the cache size and in an
 * unnamed temporary file beyond, so even a large store stays bounded */
enum bkt_status index_open_private(bkt_index *x, struct bkt_err *err)
{
	bkt_free(x->path);
	x->path = NULL;
	x->readonly = false;
	x->corrupt = false;
	BKT_TRY(
	    connect(x, "", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err));
	BKT_TRY(index_exec(
	    x, "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF", err));
	return make_schema(x, err);
}

enum bkt_status index_make_private(bkt_index *x, struct bkt_err *err)
{
	bkt_index fresh = { .db = NULL };
	sqlite3_backup *copy;
	enum bkt_status st;
	int rc = SQLITE_NOMEM;

	st = connect(
	    &fresh, "", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);
	if (st != BKT_OK) {
		disconnect(&fresh);
		return st;
	}
	copy = sqlite3_backup_init(fresh.db, "main", x->db, "main");
	if (copy) {
		rc = sqlite3_backup_step(copy, -1);
		(void)sqlite3_backup_finish(copy);
	}
	if (rc == SQLITE_DONE)
		st = index_exec(&fresh,
		    "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF",
		    err);
	else
		st = index_fail(&fresh, err, rc, "cannot copy '%s'", x->path);
	if (st != BKT_OK) {
		disconnect(&fresh);
		return st;
	}
	disconnect(x);
	x->db = fresh.db;
	bkt_free(x->path);
	x->path = NULL;
	x->readonly = false;
	return BKT_OK;
}

enum bkt_status bkt_index_leave_file(bkt_index *x, struct bkt_err *err)
{
	if (!x->path || x->in_tx)
		return bkt_fail(
		    err, BKT_E_USAGE, "index: there is no file to leave");
	return index_make_private(x, err);
}

/* ---- the handle ---------------------------------------------------------- */

static enum bkt_status open_or_renew(bkt_index *x, struct bkt_err *err)
{
	enum bkt_status st = index_open_file(x, err);

	if (st != BKT_E_FORMAT)
		return st;
	BKT_TRY(index_set_aside(x, err));
	st = index_open_file(x, err);
	/* bad again at once: nothing about the evidence, only no index */
	return st == BKT_E_FORMAT ? bkt_fail_context(err, BKT_E_DB, "renewed")
				  : st;
}

enum bkt_status bkt_index_open(
    const char *store_dir, bool readonly, bkt_index **out, struct bkt_err *err)
{
	enum bkt_status st;
	BKT_AUTO(bkt_index_free) bkt_index *x = NULL;

	BKT_TRY(index_sqlite_init(err));
	x = bkt_calloc(1, sizeof(*x));
	if (!x)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for an index");
	x->path = bkt_path_join(store_dir, "bukti/index.sqlite");
	if (!x->path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for an index");
	st = open_or_renew(x, err);
	if (st != BKT_OK && st != BKT_E_NOMEM && readonly) {
		disconnect(x);
		st = index_open_private(x, err);
	}
	if (st != BKT_OK)
		return st;
	*out = BKT_STEAL(x);
	return BKT_OK;
}

bool bkt_index_is_private(const bkt_index *x)
{
	return !x->path;
}

void bkt_index_free(bkt_index *x)
{
	if (!x)
		return;
	/* the next to open it finds none and makes it anew from the log */
	if (x->corrupt && x->path && x->db && !x->readonly &&
	    index_set_aside(x, NULL) != BKT_OK)
		x->corrupt = false;
	disconnect(x);
	bkt_free(x->path);
	bkt_free(x);
}
