/*
 * Floor 2: deterministic zip writing, strict zip reading. The only user of
 * libarchive. Writing is in libbukti only.
 */
#ifndef BUKTI_ARCHIVE_H
#define BUKTI_ARCHIVE_H

#include "bukti/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_ZIP_PATH_MAX 120
struct bkt_zip_limits {
	uint64_t max_entries;     /* e.g. 100,000 */
	uint64_t max_entry_bytes; /* e.g. 64 GiB */
	uint64_t max_total_bytes;
};
/** 100,000 entries, 64 GiB each, 1 TiB together. */
extern const struct bkt_zip_limits bkt_zip_limits_default;

struct bkt_zip_entry {
	const char *path;
	uint64_t size_bytes;  /* uncompressed = compressed: stored only */
	uint64_t data_offset; /* in the file */
	uint32_t crc32;
};
/**
 * Strict index of an untrusted zip file: method "stored" only, regular files
 * only, sorted unique paths of [A-Za-z0-9._-] components, at most
 * BKT_ZIP_PATH_MAX bytes, central and local headers agree field by field, no
 * data descriptors, encryption, comments or extra fields other than zip64,
 * fixed time stamp as written by bkt_zip, entries lie back to back from
 * offset 0, nothing between, before or after; no component that begins with
 * '.' or '-', ends with '.' or names a device; no two paths that differ only in
 * case, no file that is also a folder (bukti-zip(5)). A second reader must see
 * the same. Symbolic links to the file are followed. Contents are not read.
 * @param limits NULL: the default
 * @retval BKT_E_FORMAT says which rule and which entry
 * @retval BKT_E_LIMIT  larger than @p limits, no verdict
 * @retval BKT_E_NOTFOUND, BKT_E_IO, BKT_E_NOMEM
 */
typedef struct bkt_zip bkt_zip;
BKT_NODISCARD enum bkt_status bkt_zip_open(const char *file,
    const struct bkt_zip_limits *limits, bkt_zip **out, struct bkt_err *err);
void bkt_zip_close(bkt_zip *z);
BKT_AUTO_DEFINE(bkt_zip *, bkt_zip_close);
size_t bkt_zip_count(const bkt_zip *z);
const struct bkt_zip_entry *bkt_zip_entry_at(const bkt_zip *z, size_t i);
/** Binary search; NULL: absent. */
const struct bkt_zip_entry *bkt_zip_find(const bkt_zip *z, const char *path);
/** Entry whole into @p out (cleared first; ceiling holds: BKT_E_LIMIT), CRC
 * checked: BKT_E_TAMPERED. BKT_E_IO: also when the file was cut meanwhile. */
BKT_NODISCARD enum bkt_status bkt_zip_read(const bkt_zip *z,
    const struct bkt_zip_entry *e, struct bkt_buf *out, struct bkt_err *err);
/** SHA-256 of an entry; CRC checked as well (BKT_E_TAMPERED). Thread-safe. */
BKT_NODISCARD enum bkt_status bkt_zip_digest(const bkt_zip *z,
    const struct bkt_zip_entry *e, struct bkt_sha256 *out, struct bkt_err *err);
uint64_t bkt_zip_file_bytes(const bkt_zip *z);
/** SHA-256 of the file itself, as sha256sum prints it. Thread-safe.
 * BKT_E_IO: also when the file was cut meanwhile. */
BKT_NODISCARD enum bkt_status bkt_zip_file_digest(
    const bkt_zip *z, struct bkt_sha256 *out, struct bkt_err *err);

/* ---- writing (libbukti only) ------------------------------------------- */

typedef struct bkt_zip_writer bkt_zip_writer;
/**
 * Deterministic: stored, fixed time stamp, mode 0644, no extra fields but
 * zip64 where needed. Members must come sorted by strcmp. The bytes depend only
 * on paths and contents, and are what bkt_zip_open accepts. Nothing is synced.
 * A path that bkt_zip_open would refuse is BKT_E_USAGE, at once or, where two
 * paths do not go together, in bkt_zip_writer_finish. After any failure but
 * that of a single path the file is junk.
 */
BKT_NODISCARD enum bkt_status bkt_zip_writer_new(
    int fd /* borrowed, at offset 0 */, bkt_zip_writer **out,
    struct bkt_err *err);
void bkt_zip_writer_free(bkt_zip_writer *w); /* unfinished: file is junk */
BKT_AUTO_DEFINE(bkt_zip_writer *, bkt_zip_writer_free);
BKT_NODISCARD enum bkt_status bkt_zip_add_bytes(bkt_zip_writer *w,
    const char *path, struct bkt_span bytes, struct bkt_err *err);
/** Stream @p size_bytes from fd; the bytes written are hashed and must be
 * @p want (BKT_E_TAMPERED otherwise: the archive is junk). Hashing goes on
 * beside the writing, on a thread of the writer's own. */
BKT_NODISCARD enum bkt_status bkt_zip_add_fd(bkt_zip_writer *w,
    const char *path, int fd, uint64_t size_bytes,
    const struct bkt_sha256 *want, struct bkt_err *err);
BKT_NODISCARD enum bkt_status bkt_zip_writer_finish(
    bkt_zip_writer *w, struct bkt_err *err);

#ifdef __cplusplus
}
#endif
#endif
