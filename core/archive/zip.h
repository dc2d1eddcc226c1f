/* Private to core/archive: the one spelling of a zip file that we accept. */
#ifndef ARCHIVE_ZIP_H
#define ARCHIVE_ZIP_H

#include "bukti/archive.h"
#include "bukti/base.h"

/* ---- format (APPNOTE 6.3, 4.3; the profile is in bukti-zip(5)) ----------- */

#define ZIP_LOCAL_BYTES 30
#define ZIP_CENTRAL_BYTES 46
#define ZIP_END_BYTES 22
#define ZIP64_END_BYTES 56
#define ZIP64_LOCATOR_BYTES 20
#define ZIP_TAIL_MAX (ZIP64_END_BYTES + ZIP64_LOCATOR_BYTES + ZIP_END_BYTES)
/* a header with the longest name and every zip64 field */
#define ZIP_HEADER_MAX (ZIP_CENTRAL_BYTES + BKT_ZIP_PATH_MAX + 28)

static inline unsigned zip_le16(const uint8_t *p)
{
	return (unsigned)p[0] | (unsigned)p[1] << 8;
}

static inline uint32_t zip_le32(const uint8_t *p)
{
	return (uint32_t)zip_le16(p) | (uint32_t)zip_le16(p + 2) << 16;
}

static inline uint64_t zip_le64(const uint8_t *p)
{
	return (uint64_t)zip_le32(p) | (uint64_t)zip_le32(p + 4) << 32;
}

/*
 * Written by one function for writer and reader: the reader parses as little
 * as it must, prints again and compares bytes, as records are read.
 */

size_t zip_local(const struct bkt_zip_entry *e, uint64_t header_offset,
    uint8_t out[ZIP_HEADER_MAX]);
size_t zip_central(const struct bkt_zip_entry *e, uint64_t header_offset,
    uint8_t out[ZIP_HEADER_MAX]);
struct zip_tail {
	uint64_t count, directory_bytes, directory_offset;
};
size_t zip_tail(const struct zip_tail *t, uint8_t out[ZIP_TAIL_MAX]);

/* ---- names --------------------------------------------------------------- */

/* which rule a path breaks, or NULL */
const char *zip_path_fault(const char *path, size_t len);
/*
 * Sorted and plain each by each already; together: no file that is also a
 * folder, no two that are one where case does not count.
 * @param[out] which index of the offending entry
 */
enum bkt_status zip_names_check(const struct bkt_zip_entry *v, size_t n,
    const char **fault, size_t *which, struct bkt_err *err);

/* ---- checksum ------------------------------------------------------------ */

/* CRC-32 of ISO 3309 as zip has it; crc 0 to begin with */
uint32_t zip_crc32(uint32_t crc, const uint8_t *p, size_t n);

/* ---- reading ------------------------------------------------------------- */

struct bkt_zip {
	int fd;
	uint64_t file_bytes;
	struct bkt_zip_entry *v;
	size_t n;
	bkt_arena *names;
};

/* what libarchive makes of the same file must be the same */
enum bkt_status zip_second_opinion(const bkt_zip *z, struct bkt_err *err);

#endif
