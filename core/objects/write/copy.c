#include "../objects.h"

enum bkt_status bkt_objects_copy(const bkt_objects *o,
    const struct bkt_sha256 *id, int to_fd, struct bkt_err *err)
{
	struct bkt_sha256 got;
	char hex[BKT_SHA256_HEX + 1];
	size_t n;
	BKT_AUTO_FD fd = -1;
	BKT_AUTO(objects_hasher_release) struct objects_hasher h = { 0 };

	BKT_TRY(bkt_objects_open_unverified(o, id, &fd, NULL, err));
	BKT_TRY(objects_hasher_init(&h, OBJECTS_BUF_BYTES, err));
	do {
		BKT_TRY(bkt_file_read(fd, h.buf, h.buf_bytes, &n, err));
		BKT_TRY(bkt_hash_update(h.hash, h.buf, n, err));
		BKT_TRY(bkt_file_write(to_fd, h.buf, n, err));
	} while (n == h.buf_bytes);
	BKT_TRY(bkt_hash_final(h.hash, got.b, err));
	bkt_hex(id->b, sizeof(id->b), hex);
	if (!bkt_sha256_eq(&got, id))
		return bkt_fail(err, BKT_E_TAMPERED,
		    "document content %s has other bytes than its name says",
		    hex);
	return BKT_OK;
}
