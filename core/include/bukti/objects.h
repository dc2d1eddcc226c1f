/*
 * Floor 2: content-addressed document objects, Git LFS layout. The only user
 * of libmagic. Ingest is in libbukti only.
 */
#ifndef BUKTI_OBJECTS_H
#define BUKTI_OBJECTS_H

#include "bukti/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bkt_objects bkt_objects;
/** @p store_dir is the bare repository; objects in lfs/objects, staging in
 * bukti/tmp. Opens nothing for writing. */
BKT_NODISCARD enum bkt_status bkt_objects_open(
    const char *store_dir, bkt_objects **out, struct bkt_err *err);
void bkt_objects_free(bkt_objects *o);
BKT_AUTO_DEFINE(bkt_objects *, bkt_objects_free);

/** Open for reading. Nothing is verified. @retval BKT_E_MISSING,
 * BKT_E_TAMPERED when not a plain regular file */
BKT_NODISCARD enum bkt_status bkt_objects_open_unverified(const bkt_objects *o,
    const struct bkt_sha256 *id, int *out_fd, uint64_t *size_bytes,
    struct bkt_err *err);
/** lfs/objects/ab/cd/<hex> below the store, malloced. */
char *bkt_objects_path(const bkt_objects *o, const struct bkt_sha256 *id);
/** Copy out to fd, hashing what is written; libbukti only. @retval
 * BKT_E_TAMPERED after the fact when the bytes were not the object's; the
 * caller drops its output. */
BKT_NODISCARD enum bkt_status bkt_objects_copy(const bkt_objects *o,
    const struct bkt_sha256 *id, int to_fd, struct bkt_err *err);

struct bkt_scrub_item {
	struct bkt_sha256 id;
	uint64_t size_bytes;
	enum bkt_status status; /* out: OK, MISSING, TAMPERED, or a fault */
	struct bkt_err err;     /* out */
};
/**
 * Re-hash objects on all cores, memory bounded (128 KiB a thread), largest
 * first. Only faults of the machinery fail the call; what is wrong with an
 * object is in its item. Progress is in bytes.
 */
BKT_NODISCARD enum bkt_status bkt_objects_scrub(const bkt_objects *o,
    struct bkt_scrub_item *items, size_t n, unsigned n_threads,
    const struct bkt_progress *progress, struct bkt_err *err);

/** What the first bytes say, for the types offices use; quick, no database.
 * NULL when not one of: application/pdf image/jpeg image/png text/plain-less
 * zip families (docx xlsx pptx odt ods odp by their first entries),
 * application/zip. */
const char *bkt_media_from_bytes(struct bkt_span head, uint64_t size_bytes);
/** Of a kind whose files have an end that says so (PDF, JPEG, PNG, zip), and
 * none in its last bytes: cut short, most likely. Readers may open it still. */
bool bkt_media_is_cut(
    struct bkt_span head, struct bkt_span tail, uint64_t size_bytes);
/** Slow, descriptive: libmagic's words for a message; into buf. */
void bkt_media_describe(struct bkt_span head, char *buf, size_t size_bytes);

/* ---- ingest (libbukti only) -------------------------------------------- */

#define BKT_HEAD_BYTES 4096
struct bkt_staged { /* caller-allocated, zero it first */
	struct bkt_sha256 id;
	uint64_t size_bytes;
	uint8_t *head; /* first bytes, at most BKT_HEAD_BYTES; owned */
	size_t head_len;
	char *tmp_path;   /* owned; NULL when the object was there already */
	bool was_present; /* same content already stored */
	bool is_cut;      /* see bkt_media_is_cut */
};
void bkt_staged_release(bkt_objects *o, struct bkt_staged *s); /* drops tmp */
/** The head is no longer needed; its memory goes. */
void bkt_staged_seen(struct bkt_staged *s);
/**
 * Read the descriptor once; hash the very buffers that are written to a
 * staging file. Thread-safe. Not durable. What is under the object's name
 * already is re-hashed: only when it is right nothing is staged.
 * @param max_bytes BKT_E_LIMIT beyond
 * @retval BKT_E_POLICY   the input is empty
 * @retval BKT_E_CONFLICT the file changed (size or time) while it was read
 */
BKT_NODISCARD enum bkt_status bkt_objects_stage(bkt_objects *o, int fd,
    uint64_t max_bytes, struct bkt_staged *out, struct bkt_err *err);
/**
 * Put staged objects in place (read-only mode 0444) and make all of them
 * durable: one sync of the filesystem for many, fsync for few. Every object
 * is opened again by its name, re-read and compared with its name once the
 * disk has taken its content, large ones before the names are durable as well
 * (DESIGN 7), on all cores. On return content and directory entries are on
 * disk. Same content staged twice is fine. Under the writer lock. On any
 * failure no new name stays behind and the staging files are still there.
 * @retval BKT_E_TAMPERED what was read back is not what was written
 * @retval BKT_E_CONFLICT what was there at staging time has gone
 */
BKT_NODISCARD enum bkt_status bkt_objects_settle(bkt_objects *o,
    struct bkt_staged *const *staged, size_t n, struct bkt_err *err);
/** Remove what a crash left in staging; under the writer lock only. What a
 * living process has staged stays. @p n_removed may be NULL. */
BKT_NODISCARD enum bkt_status bkt_objects_clean(
    bkt_objects *o, uint64_t *n_removed, struct bkt_err *err);

#ifdef __cplusplus
}
#endif
#endif
