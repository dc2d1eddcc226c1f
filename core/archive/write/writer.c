/* The deterministic writer. */
#include "hasher.h"

#include <string.h>
#include <unistd.h>

/* two of them: while one is hashed the other is filled */
#define BUF_BYTES ((size_t)(512 * 1024))
/* the disk gets its share while we go on; so little is left for the end */
#define OUT_BYTES (UINT64_C(8) << 20)
#define NAMES_BYTES ((size_t)256 << 20)

struct bkt_zip_writer {
	int fd;       /* borrowed */
	uint64_t at;  /* bytes written, all from offset 0 on */
	uint64_t out; /* of them on their way to the disk */
	bool broken;  /* something failed: the file is junk */
	bool finished;
	struct bkt_zip_entry *v;
	size_t n, cap;
	bkt_arena *names;
	struct zip_hasher hasher;
	/* each with room for a header before it: a small file goes out whole
	 * in one write */
	uint8_t *buf[2];
};

enum bkt_status bkt_zip_writer_new(
    int fd, bkt_zip_writer **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_zip_writer_free)
	bkt_zip_writer *w = bkt_calloc(1, sizeof(*w));
	off_t at = lseek(fd, 0, SEEK_CUR);

	if (!w)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a zip");
	/* release must find it whole whatever comes next */
	BKT_TRY(zip_hasher_init(&w->hasher, err));
	if (at < 0)
		return bkt_fail_errno(
		    err, BKT_E_IO, "cannot go back and forth in the zip file");
	if (at != 0)
		return bkt_fail(
		    err, BKT_E_USAGE, "zip must begin at the file's start");
	w->fd = fd;
	w->names = bkt_arena_new(NAMES_BYTES);
	w->buf[0] = bkt_malloc(ZIP_HEADER_MAX + BUF_BYTES);
	w->buf[1] = bkt_malloc(ZIP_HEADER_MAX + BUF_BYTES);
	if (!w->names || !w->buf[0] || !w->buf[1])
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a zip");
	*out = BKT_STEAL(w);
	return BKT_OK;
}

void bkt_zip_writer_free(bkt_zip_writer *w)
{
	if (!w)
		return;
	zip_hasher_release(&w->hasher);
	bkt_arena_free(w->names);
	bkt_free(w->buf[0]);
	bkt_free(w->buf[1]);
	bkt_free(w->v);
	bkt_free(w);
}

static enum bkt_status put(
    bkt_zip_writer *w, const uint8_t *p, size_t n, struct bkt_err *err)
{
	BKT_TRY(bkt_file_write(w->fd, p, n, err));
	w->at += n;
	if (w->at - w->out >= OUT_BYTES) {
		bkt_file_write_out(w->fd, w->out);
		w->out = w->at;
	}
	return BKT_OK;
}

/* ---- entries ------------------------------------------------------------- */

static enum bkt_status entry_new(bkt_zip_writer *w, const char *path,
    struct bkt_zip_entry **out, struct bkt_err *err)
{
	const char *fault = zip_path_fault(path, strlen(path));

	if (w->broken || w->finished)
		return bkt_fail(err, BKT_E_USAGE, "zip is closed already");
	if (fault)
		return bkt_fail(
		    err, BKT_E_USAGE, "zip path '%s' %s", path, fault);
	if (w->n > 0 && strcmp(w->v[w->n - 1].path, path) >= 0)
		return bkt_fail(err, BKT_E_USAGE,
		    "zip path '%s' does not come after '%s'", path,
		    w->v[w->n - 1].path);
	if (w->n == w->cap) {
		size_t cap = w->cap ? w->cap * 2 : 256;
		struct bkt_zip_entry *v = bkt_realloc(w->v, cap * sizeof(*v));

		if (!v)
			return bkt_fail(
			    err, BKT_E_NOMEM, "no memory for a zip");
		w->v = v;
		w->cap = cap;
	}
	w->v[w->n] =
	    (struct bkt_zip_entry){ .path = bkt_arena_strdup(w->names, path) };
	if (!w->v[w->n].path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a zip");
	*out = &w->v[w->n];
	return BKT_OK;
}

static enum bkt_status add_bytes(bkt_zip_writer *w, struct bkt_zip_entry *e,
    struct bkt_span bytes, struct bkt_err *err)
{
	uint8_t header[ZIP_HEADER_MAX];
	size_t n;

	e->size_bytes = bytes.len;
	e->crc32 = zip_crc32(0, bytes.ptr, bytes.len);
	n = zip_local(e, w->at, header);
	BKT_TRY(put(w, header, n, err));
	e->data_offset = w->at;
	return put(w, bytes.ptr, bytes.len, err);
}

enum bkt_status bkt_zip_add_bytes(bkt_zip_writer *w, const char *path,
    struct bkt_span bytes, struct bkt_err *err)
{
	struct bkt_zip_entry *e;
	enum bkt_status st;

	BKT_TRY(entry_new(w, path, &e, err));
	st = add_bytes(w, e, bytes, err);
	w->broken = st != BKT_OK;
	w->n++;
	return st;
}

/* the checksum is known only now */
static enum bkt_status patch_header(bkt_zip_writer *w,
    const struct bkt_zip_entry *e, uint64_t header_offset, struct bkt_err *err)
{
	uint8_t header[ZIP_HEADER_MAX];
	size_t n = zip_local(e, header_offset, header);

	if (lseek(w->fd, (off_t)header_offset, SEEK_SET) < 0)
		return bkt_fail_errno(err, BKT_E_IO, "cannot go back in zip");
	BKT_TRY(bkt_file_write(w->fd, header, n, err));
	if (lseek(w->fd, (off_t)w->at, SEEK_SET) < 0)
		return bkt_fail_errno(err, BKT_E_IO, "cannot go on in zip");
	return BKT_OK;
}

/* one buffer: read, checksum, hash beside, write; the header goes with the
 * first */
static enum bkt_status add_chunk(bkt_zip_writer *w, struct bkt_zip_entry *e,
    int fd, uint64_t done, uint8_t *buf, struct bkt_err *err)
{
	uint8_t *data = buf + ZIP_HEADER_MAX, header[ZIP_HEADER_MAX];
	uint64_t left = e->size_bytes - done;
	size_t n = left < BUF_BYTES ? (size_t)left : BUF_BYTES;
	size_t got, n_header = 0;

	BKT_TRY(bkt_file_read(fd, data, n, &got, err));
	if (got != n)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "content of '%s' is shorter than recorded", e->path);
	zip_hasher_give(&w->hasher, data, n);
	e->crc32 = zip_crc32(e->crc32, data, n);
	if (done == 0) {
		n_header = zip_local(e, w->at, header);
		memcpy(data - n_header, header, n_header);
		e->data_offset = w->at + n_header;
	}
	return put(w, data - n_header, n_header + n, err);
}

static enum bkt_status add_fd(bkt_zip_writer *w, struct bkt_zip_entry *e,
    int fd, const struct bkt_sha256 *want, struct bkt_err *err)
{
	uint64_t header_offset = w->at;
	struct bkt_sha256 got;
	enum bkt_status st = BKT_OK;
	uint64_t done = 0;
	unsigned which = 0;

	do {
		st = add_chunk(w, e, fd, done, w->buf[which], err);
		done += BUF_BYTES;
		which ^= 1;
	} while (st == BKT_OK && done < e->size_bytes);
	if (st != BKT_OK) {
		/* the buffers must not be in use any more */
		if (zip_hasher_final(&w->hasher, &got, NULL) != BKT_OK)
			return st;
		return st;
	}
	BKT_TRY(zip_hasher_final(&w->hasher, &got, err));
	if (!bkt_sha256_eq(&got, want))
		return bkt_fail(err, BKT_E_TAMPERED,
		    "content of '%s' is not what was recorded", e->path);
	if (e->size_bytes > BUF_BYTES)
		return patch_header(w, e, header_offset, err);
	return BKT_OK;
}

enum bkt_status bkt_zip_add_fd(bkt_zip_writer *w, const char *path, int fd,
    uint64_t size_bytes, const struct bkt_sha256 *want, struct bkt_err *err)
{
	struct bkt_zip_entry *e;
	enum bkt_status st;

	BKT_TRY(entry_new(w, path, &e, err));
	e->size_bytes = size_bytes;
	st = add_fd(w, e, fd, want, err);
	w->broken = st != BKT_OK;
	w->n++;
	return st;
}

/* ---- the end ------------------------------------------------------------- */

static enum bkt_status put_directory(bkt_zip_writer *w, struct bkt_err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++) {
		const struct bkt_zip_entry *e = &w->v[i];
		uint8_t local[ZIP_HEADER_MAX];
		uint64_t at = e->data_offset;

		/* the local header's length does not depend on where it is */
		at -= zip_local(e, 0, local);
		if (n + ZIP_HEADER_MAX > BUF_BYTES) {
			BKT_TRY(put(w, w->buf[0], n, err));
			n = 0;
		}
		n += zip_central(e, at, w->buf[0] + n);
	}
	return put(w, w->buf[0], n, err);
}

static enum bkt_status finish(bkt_zip_writer *w, struct bkt_err *err)
{
	struct zip_tail t = { .count = w->n, .directory_offset = w->at };
	uint8_t tail[ZIP_TAIL_MAX];
	const char *fault;
	size_t which;

	BKT_TRY(zip_names_check(w->v, w->n, &fault, &which, err));
	if (fault)
		return bkt_fail(err, BKT_E_USAGE, "zip path '%s' %s",
		    w->v[which].path, fault);
	BKT_TRY(put_directory(w, err));
	t.directory_bytes = w->at - t.directory_offset;
	return put(w, tail, zip_tail(&t, tail), err);
}

enum bkt_status bkt_zip_writer_finish(bkt_zip_writer *w, struct bkt_err *err)
{
	enum bkt_status st;

	if (w->broken || w->finished)
		return bkt_fail(err, BKT_E_USAGE, "zip is closed already");
	w->finished = true;
	st = finish(w, err);
	w->broken = st != BKT_OK;
	return st;
}
