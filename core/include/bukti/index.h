/*
 * Floor 2: SQLite index, derived and rebuildable; deleting it loses nothing.
 * The only user of SQLite. Not in libbukti-verify.
 */
#ifndef BUKTI_INDEX_H
#define BUKTI_INDEX_H

#include "bukti/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bkt_index bkt_index;
/** Opens or makes bukti/index.sqlite below the store, mode 0600, WAL, busy
 * timeout 10 s. A file of another schema version, or a damaged one, is set
 * aside as index.sqlite.bad-<n> and made anew. One thread at a time.
 * @param readonly the caller only reads: when the file cannot be used it gets a
 *        private, empty index that is gone with the handle; the state kept
 *        under "head" is then absent and the caller fills it. A file that can
 *        be read but not written goes on as a private copy at the first
 *        bkt_index_begin.
 * @retval BKT_E_IO, BKT_E_BUSY, BKT_E_DB, BKT_E_NOMEM */
BKT_NODISCARD enum bkt_status bkt_index_open(
    const char *store_dir, bool readonly, bkt_index **out, struct bkt_err *err);
void bkt_index_free(bkt_index *x);
BKT_AUTO_DEFINE(bkt_index *, bkt_index_free);

/** Transactions do not nest. While rebuilding, commit every few thousand
 * entries: memory and the write-ahead log stay bounded. After a failed call
 * inside one, bkt_index_commit refuses (BKT_E_USAGE): roll back.
 * @retval BKT_E_BUSY another process writes */
BKT_NODISCARD enum bkt_status bkt_index_begin(
    bkt_index *x, struct bkt_err *err);
BKT_NODISCARD enum bkt_status bkt_index_commit(
    bkt_index *x, struct bkt_err *err);
void bkt_index_rollback(bkt_index *x);

/** All readings from now on see this state, whatever others write, until
 * bkt_index_live or the next bkt_index_begin.
 * @retval BKT_E_USAGE a transaction is open */
BKT_NODISCARD enum bkt_status bkt_index_snapshot(
    bkt_index *x, struct bkt_err *err);
void bkt_index_live(bkt_index *x);

/** Leave the file, which could not be written: what is in it goes on as a
 * private copy that is gone with the handle. Outside a transaction.
 * @retval BKT_E_USAGE it is one already */
BKT_NODISCARD enum bkt_status bkt_index_leave_file(
    bkt_index *x, struct bkt_err *err);

/** There is no file: what is in it is gone with the handle. */
bool bkt_index_is_private(const bkt_index *x);

/** State this index reflects: key/value. @retval BKT_E_NOTFOUND */
BKT_NODISCARD enum bkt_status bkt_index_meta_get(
    bkt_index *x, const char *key, struct bkt_buf *out, struct bkt_err *err);
BKT_NODISCARD enum bkt_status bkt_index_meta_set(
    bkt_index *x, const char *key, struct bkt_span value, struct bkt_err *err);
/** Empty everything (before a rebuild). */
BKT_NODISCARD enum bkt_status bkt_index_reset(
    bkt_index *x, struct bkt_err *err);

/** A searchable attribute of the record that is current at a path. */
struct bkt_index_attr {
	const char *key; /* "content", "number", "unit", "document", "name" */
	const char *value;
};
struct bkt_index_entry {
	uint64_t index;
	const char *path;
	const char *kind;
	struct bkt_sha256 record, leaf;
	uint8_t commit[20];
	int64_t at_utc_s, accepted_utc_s; /* claim; commit time */
	const char *by;                   /* members, comma separated */
	const char *summary;              /* one human line */
	struct bkt_span bytes;            /* the record */
	const struct bkt_index_attr *attrs;
	size_t n_attrs;
};
/** Add the next entry: appended to the history and made current at its path,
 * with its attributes. Inside a transaction.
 * @retval BKT_E_CONFLICT index is not the count so far: another process may
 * have been here */
BKT_NODISCARD enum bkt_status bkt_index_put(
    bkt_index *x, const struct bkt_index_entry *e, struct bkt_err *err);

/** Rows: everything borrowed until the callback returns. bytes only where the
 * call says so; attributes never. The callback stops by any status other than
 * OK, and may call back into the index to read. */
typedef enum bkt_status (*bkt_index_fn)(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err);
/** Current records with path in [prefix, prefix + 0xff), path order; with
 * bytes. */
BKT_NODISCARD enum bkt_status bkt_index_current(bkt_index *x,
    const char *prefix, bkt_index_fn fn, void *ctx, struct bkt_err *err);
/** The current record at exactly this path; with bytes. BKT_E_NOTFOUND */
BKT_NODISCARD enum bkt_status bkt_index_at(bkt_index *x, const char *path,
    bkt_index_fn fn, void *ctx, struct bkt_err *err);
/** Current records with this attribute; with bytes; path order. */
BKT_NODISCARD enum bkt_status bkt_index_find(bkt_index *x, const char *key,
    const char *value, bkt_index_fn fn, void *ctx, struct bkt_err *err);
/** As bkt_index_find, and also where only an earlier version had it. */
BKT_NODISCARD enum bkt_status bkt_index_find_ever(bkt_index *x, const char *key,
    const char *value, bkt_index_fn fn, void *ctx, struct bkt_err *err);
/** What records say or said by this attribute, each value once and in order, at
 * most n; borrowed until the callback returns. */
typedef enum bkt_status (*bkt_index_value_fn)(
    void *ctx, const char *value, struct bkt_err *err);
BKT_NODISCARD enum bkt_status bkt_index_values(bkt_index *x, const char *key,
    uint64_t n, bkt_index_value_fn fn, void *ctx, struct bkt_err *err);
/** History, newest first, from @p below (exclusive; UINT64_MAX: the end), at
 * most n; @p path NULL: all, else that path or, ending in '/', below it;
 * without bytes. */
BKT_NODISCARD enum bkt_status bkt_index_history(bkt_index *x, const char *path,
    uint64_t below, uint64_t n, bkt_index_fn fn, void *ctx,
    struct bkt_err *err);
/** Entry by its log index; without bytes. BKT_E_NOTFOUND */
BKT_NODISCARD enum bkt_status bkt_index_entry_at(bkt_index *x, uint64_t index,
    bkt_index_fn fn, void *ctx, struct bkt_err *err);
/** Entry by record digest. */
BKT_NODISCARD enum bkt_status bkt_index_entry_of(bkt_index *x,
    const struct bkt_sha256 *record, bkt_index_fn fn, void *ctx,
    struct bkt_err *err);
/** Leaves 0..n-1 into out (n given by the caller). BKT_E_NOTFOUND if fewer. */
BKT_NODISCARD enum bkt_status bkt_index_leaves(
    bkt_index *x, uint64_t n, struct bkt_sha256 *out, struct bkt_err *err);

#ifdef __cplusplus
}
#endif
#endif
