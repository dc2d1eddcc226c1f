#include "objects.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "bukti/base.h"

enum bkt_status bkt_objects_open(
    const char *store_dir, bkt_objects **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_objects_free) bkt_objects *o = bkt_calloc(1, sizeof(*o));

	if (!o)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for objects");
	o->session_lock = -1;
	pthread_mutex_init(&o->mutex, NULL);
	o->store = bkt_strdup(store_dir);
	o->root = bkt_path_join(store_dir, OBJECTS_ROOT);
	o->tmp = bkt_path_join(store_dir, "bukti/tmp");
	if (!o->store || !o->root || !o->tmp)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for objects");
	*out = BKT_STEAL(o);
	return BKT_OK;
}

void bkt_objects_free(bkt_objects *o)
{
	if (!o)
		return;
	if (o->session_end)
		o->session_end(o);
	pthread_mutex_destroy(&o->mutex);
	bkt_free(o->store);
	bkt_free(o->root);
	bkt_free(o->tmp);
	bkt_free(o);
}

void objects_name(const struct bkt_sha256 *id, char out[OBJECTS_NAME_BYTES])
{
	char hex[BKT_SHA256_HEX + 1];

	bkt_hex(id->b, sizeof(id->b), hex);
	out[0] = '/';
	memcpy(out + 1, hex, 2);
	out[3] = '/';
	memcpy(out + 4, hex + 2, 2);
	out[6] = '/';
	memcpy(out + 7, hex, sizeof(hex));
}

char *bkt_objects_path(const bkt_objects *o, const struct bkt_sha256 *id)
{
	size_t n = strlen(o->root);
	char *path = bkt_malloc(n + OBJECTS_NAME_BYTES);

	if (!path)
		return NULL;
	memcpy(path, o->root, n);
	objects_name(id, path + n);
	return path;
}

enum bkt_status bkt_objects_open_unverified(const bkt_objects *o,
    const struct bkt_sha256 *id, int *out_fd, uint64_t *size_bytes,
    struct bkt_err *err)
{
	char below[sizeof(OBJECTS_ROOT) + OBJECTS_NAME_BYTES] = OBJECTS_ROOT;
	struct bkt_file_info info;
	struct bkt_err why = { 0 };
	enum bkt_status st;
	int fd = -1;

	objects_name(id, below + strlen(OBJECTS_ROOT));
	/* a folder that became a link would show what lies elsewhere */
	st = bkt_file_open_beneath(o->store, below, &fd, &info, &why);
	if (st == BKT_E_NOTFOUND)
		return bkt_fail(err, BKT_E_MISSING,
		    "document content %s is not in the store",
		    bkt_path_base(below));
	if (st == BKT_E_FORMAT)
		return bkt_fail(err, BKT_E_TAMPERED, "document content %s: %s",
		    bkt_path_base(below), why.msg);
	if (st != BKT_OK && err)
		*err = why;
	if (st != BKT_OK)
		return st;
	*out_fd = fd;
	if (size_bytes)
		*size_bytes = info.size_bytes;
	return BKT_OK;
}

enum bkt_status objects_hasher_init(
    struct objects_hasher *h, size_t buf_bytes, struct bkt_err *err)
{
	*h = (struct objects_hasher){ .buf_bytes = buf_bytes };
	h->buf = bkt_malloc(buf_bytes);
	if (!h->buf)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a buffer");
	return bkt_hash_new(BKT_HASH_SHA256, &h->hash, err);
}

void objects_hasher_release(struct objects_hasher *h)
{
	if (h->hash)
		bkt_hash_free(h->hash);
	bkt_free(h->buf);
	*h = (struct objects_hasher){ 0 };
}

static enum bkt_status hash_to_end(struct objects_hasher *h, int fd,
    uint64_t max_bytes, objects_tick tick, void *ctx, uint64_t *n_bytes,
    struct bkt_err *err)
{
	uint64_t total = 0;

	while (total <= max_bytes) {
		uint64_t left = max_bytes - total;
		size_t want =
		    left < h->buf_bytes ? (size_t)left + 1 : h->buf_bytes;
		size_t n;

		BKT_TRY(bkt_file_read(fd, h->buf, want, &n, err));
		BKT_TRY(bkt_hash_update(h->hash, h->buf, n, err));
		total += n;
		if (tick && !tick(ctx, n))
			return bkt_fail(
			    err, BKT_E_INTERRUPTED, "stopped on request");
		if (n < want)
			break;
	}
	*n_bytes = total;
	return BKT_OK;
}

enum bkt_status objects_hash_fd(struct objects_hasher *h, int fd,
    uint64_t max_bytes, objects_tick tick, void *ctx, struct bkt_sha256 *out,
    uint64_t *n_bytes, struct bkt_err *err)
{
	struct bkt_sha256 id;
	enum bkt_status st =
	    hash_to_end(h, fd, max_bytes, tick, ctx, n_bytes, err);

	if (st != BKT_OK) {
		/* ends the digest, so that the next file starts afresh */
		objects_ignore(bkt_hash_final(h->hash, id.b, NULL));
		return st;
	}
	BKT_TRY(bkt_hash_final(h->hash, id.b, err));
	*out = id;
	return BKT_OK;
}

enum bkt_status objects_check(const bkt_objects *o, struct objects_hasher *h,
    const struct bkt_sha256 *id, uint64_t size_bytes, objects_tick tick,
    void *ctx, struct bkt_err *err)
{
	struct bkt_sha256 got;
	char hex[BKT_SHA256_HEX + 1];
	uint64_t size, n_bytes;
	BKT_AUTO_FD fd = -1;

	bkt_hex(id->b, sizeof(id->b), hex);
	BKT_TRY(bkt_objects_open_unverified(o, id, &fd, &size, err));
	if (size != size_bytes)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "document content %s is %llu bytes, recorded %llu", hex,
		    (unsigned long long)size, (unsigned long long)size_bytes);
	if (size > OBJECTS_BUF_BYTES)
		(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	BKT_TRY(
	    objects_hash_fd(h, fd, size_bytes, tick, ctx, &got, &n_bytes, err));
	if (n_bytes != size_bytes || !bkt_sha256_eq(&got, id))
		return bkt_fail(err, BKT_E_TAMPERED,
		    "document content %s has other bytes than its name says",
		    hex);
	return BKT_OK;
}
