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
/** Opens or makes bukti/index.sqlite below the store. A file of another
 * schema version, or a corrupt one, is set aside and made anew. WAL,
 * busy timeout 10 s. @p readonly falls back to an in-memory index when the
 * file cannot be used: bkt_index_head is then empty and the caller fills it. */
BKT_NODISCARD enum bkt_status bkt_index_open(const char *store_dir,
    bool readonly, bkt_index **out, struct bkt_err *err);
void bkt_index_free(bkt_index *x);
BKT_AUTO_DEFINE(bkt_index *, bkt_index_free);

BKT_NODISCARD enum bkt_status bkt_index_begin(
    bkt_index *x, struct bkt_err *err);
BKT_NODISCARD enum bkt_status bkt_index_commit(
    bkt_index *x, struct bkt_err *err);
void bkt_index_rollback(bkt_index *x);

/** State this index reflects: key/value. Keys: "head" (commit hex),
 * "frontier" (bytes), "size". @retval BKT_E_NOTFOUND */
BKT_NODISCARD enum bkt_status bkt_index_meta_get(bkt_index *x,
    const char *key, struct bkt_buf *out, struct bkt_err *err);
BKT_NODISCARD enum bkt_status bkt_index_meta_set(bkt_index *x,
    const char *key, struct bkt_span value, struct bkt_err *err);
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
	const char *by;			  /* members, comma separated */
	const char *summary;		  /* one human line */
	struct bkt_span bytes;		  /* the record */
	const struct bkt_index_attr *attrs;
	size_t n_attrs;
};
/** Add the next entry (index must be the count so far): appended to the
 * history and made current at its path, with its attributes. */
BKT_NODISCARD enum bkt_status bkt_index_put(bkt_index *x,
    const struct bkt_index_entry *e, struct bkt_err *err);

/** Rows: everything borrowed until the callback returns. bytes only where the
 * call says so. The callback stops by any status other than OK. */
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
/** History, newest first, from @p below (exclusive; UINT64_MAX: the end), at
 * most n; @p path NULL: all, else that path or, ending in '/', below it;
 * without bytes. */
BKT_NODISCARD enum bkt_status bkt_index_history(bkt_index *x,
    const char *path, uint64_t below, uint64_t n, bkt_index_fn fn, void *ctx,
    struct bkt_err *err);
/** Entry by its log index; without bytes. BKT_E_NOTFOUND */
BKT_NODISCARD enum bkt_status bkt_index_entry_at(bkt_index *x,
    uint64_t index, bkt_index_fn fn, void *ctx, struct bkt_err *err);
/** Entry by record digest. */
BKT_NODISCARD enum bkt_status bkt_index_entry_of(bkt_index *x,
    const struct bkt_sha256 *record, bkt_index_fn fn, void *ctx,
    struct bkt_err *err);
/** Leaves 0..n-1 into out (n given by the caller). BKT_E_NOTFOUND if fewer. */
BKT_NODISCARD enum bkt_status bkt_index_leaves(bkt_index *x, uint64_t n,
    struct bkt_sha256 *out, struct bkt_err *err);

#ifdef __cplusplus
}
#endif
#endif
