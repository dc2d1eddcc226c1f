/*
 * A zip file from outside. What is accepted has only one spelling: writing the
 * same entries again must give the same bytes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bukti/archive.h"
#include "bukti/base.h"
#include "bukti/crypto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ENTRY_MAX 65536

static const struct bkt_zip_limits limits = { 1000, ENTRY_MAX, 1 << 20 };

static int memory_file(char path[40])
{
	int fd = memfd_create("zip", MFD_CLOEXEC);

	if (fd < 0)
		abort();
	snprintf(path, 40, "/proc/self/fd/%d", fd);
	return fd;
}

/* false: some content is not what its checksum says */
static bool write_again(const bkt_zip *z, bkt_zip_writer *w)
{
	struct bkt_err err;

	for (size_t i = 0; i < bkt_zip_count(z); i++) {
		const struct bkt_zip_entry *e = bkt_zip_entry_at(z, i);
		struct bkt_sha256 a, b;
		BKT_AUTO(bkt_buf_release) struct bkt_buf bytes;
		enum bkt_status st;

		bkt_buf_init(&bytes, ENTRY_MAX);
		st = bkt_zip_read(z, e, &bytes, &err);
		if (st != bkt_zip_digest(z, e, &a, &err))
			abort();
		if (st == BKT_E_TAMPERED)
			return false;
		if (st != BKT_OK ||
		    bkt_sha256_of(bkt_buf_span(&bytes), &b, &err) != BKT_OK ||
		    !bkt_sha256_eq(&a, &b) || bkt_zip_find(z, e->path) != e)
			abort();
		if (bkt_zip_add_bytes(w, e->path, bkt_buf_span(&bytes), &err) !=
		    BKT_OK)
			abort();
	}
	if (bkt_zip_writer_finish(w, &err) != BKT_OK)
		abort();
	return true;
}

static void same_bytes(int fd, const uint8_t *data, size_t size)
{
	size_t got;
	struct bkt_err err;
	BKT_AUTO(bkt_free) uint8_t *again = bkt_malloc(size + 1);

	if (!again ||
	    bkt_file_pread(fd, 0, again, size + 1, &got, &err) != BKT_OK ||
	    got != size || memcmp(again, data, size) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bkt_err err;
	enum bkt_status st;
	char path[40], path_again[40];
	BKT_AUTO_FD fd = memory_file(path);
	BKT_AUTO_FD again = memory_file(path_again);
	BKT_AUTO(bkt_zip_close) bkt_zip *z = NULL;
	BKT_AUTO(bkt_zip_writer_free) bkt_zip_writer *w = NULL;

	if (bkt_file_write(fd, data, size, &err) != BKT_OK)
		abort();
	st = bkt_zip_open(path, &limits, &z, &err);
	if (st != BKT_OK) {
		/* bytes alone give a verdict or meet a ceiling */
		if (!bkt_is_verdict(st) && st != BKT_E_LIMIT)
			abort();
		return 0;
	}
	if (bkt_zip_writer_new(again, &w, &err) != BKT_OK)
		abort();
	if (write_again(z, w))
		same_bytes(again, data, size);
	return 0;
}
