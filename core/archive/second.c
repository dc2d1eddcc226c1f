/*
 * A second reader's opinion. Two programs that see different things in one
 * file are how archives deceive, so what we saw is compared with what
 * libarchive sees: the same names, sizes and kinds, in the same order. It
 * reads the directory and the headers, no data.
 */
#include "zip.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

/* headers are read one by one, far apart: more would be thrown away */
#define BLOCK_BYTES 4096

static void archive_free_read(struct archive *a)
{
	(void)archive_read_free(a);
}
BKT_AUTO_DEFINE(struct archive *, archive_free_read);

static enum bkt_status fail_archive(
    struct archive *a, struct bkt_err *err, const char *what)
{
	const char *why = archive_error_string(a);
	enum bkt_status st = BKT_E_IO;

	if (archive_errno(a) == ENOMEM)
		st = BKT_E_NOMEM;
	else if (archive_errno(a) == EILSEQ) /* its word for a bad format */
		st = BKT_E_FORMAT;
	return bkt_fail(err, st, "second reader: %s: %s", what,
	    why ? why : "no reason given");
}

static enum bkt_status differs(
    const struct bkt_zip_entry *e, const char *what, struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_FORMAT,
	    "zip entry '%s': a second reader sees another %s", e->path, what);
}

static enum bkt_status compare(const struct bkt_zip_entry *e,
    struct archive_entry *seen, struct bkt_err *err)
{
	const char *name = archive_entry_pathname(seen);

	if (!name || strcmp(name, e->path) != 0)
		return differs(e, "name", err);
	if (archive_entry_filetype(seen) != AE_IFREG ||
	    archive_entry_hardlink(seen) || archive_entry_symlink(seen) ||
	    archive_entry_perm(seen) != 0644)
		return differs(e, "kind", err);
	if (!archive_entry_size_is_set(seen) ||
	    (uint64_t)archive_entry_size(seen) != e->size_bytes)
		return differs(e, "size", err);
	if (archive_entry_is_encrypted(seen))
		return differs(e, "encryption", err);
	return BKT_OK;
}

enum bkt_status zip_second_opinion(const bkt_zip *z, struct bkt_err *err)
{
	struct archive_entry *seen;
	int r;
	BKT_AUTO(archive_free_read) struct archive *a = archive_read_new();

	if (!a)
		return bkt_fail(
		    err, BKT_E_NOMEM, "no memory for a second reader");
	/* it makes nothing of a zip without entries */
	if (z->n == 0)
		return BKT_OK;
	if (lseek(z->fd, 0, SEEK_SET) != 0)
		return bkt_fail_errno(err, BKT_E_IO, "cannot rewind");
	if (archive_read_support_format_zip_seekable(a) != ARCHIVE_OK ||
	    archive_read_open_fd(a, z->fd, BLOCK_BYTES) != ARCHIVE_OK)
		return fail_archive(a, err, "cannot open");
	for (size_t i = 0; i < z->n; i++) {
		r = archive_read_next_header(a, &seen);
		if (r == ARCHIVE_EOF)
			return differs(&z->v[i], "end", err);
		if (r != ARCHIVE_OK)
			return fail_archive(a, err, z->v[i].path);
		BKT_TRY(compare(&z->v[i], seen, err));
	}
	r = archive_read_next_header(a, &seen);
	if (r == ARCHIVE_OK)
		return bkt_fail(err, BKT_E_FORMAT,
		    "a second reader sees more entries in the zip");
	return r == ARCHIVE_EOF ? BKT_OK : fail_archive(a, err, "at the end");
}
