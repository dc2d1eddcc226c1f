/* Private to core/objects. */
#ifndef OBJECTS_OBJECTS_H
#define OBJECTS_OBJECTS_H

#include <pthread.h>

#include "bukti/base.h"
#include "bukti/crypto.h"
#include "bukti/objects.h"

/* 128 KiB to 1 MiB hash equally fast here; the smallest of them keeps the
 * buffer in the second-level cache next to the hash state */
#define OBJECTS_BUF_BYTES ((size_t)(128 * 1024))

struct bkt_objects {
	char *store; /* the store itself may be behind a link, nothing in it */
	char *root;  /* <store>/lfs/objects */
	char *tmp;   /* <store>/bukti/tmp */
	/* Staging of this process. Set and ended by write/session.c through a
	 * pointer, so that the reading library has no symbol that removes. */
	pthread_mutex_t mutex;
	char *session;
	int session_lock;
	void (*session_end)(bkt_objects *o);
};

/* for what is tried on the way out of a failure that is reported already */
static inline void objects_ignore(enum bkt_status st)
{
	(void)st;
}

/* where contents lie, below the store */
#define OBJECTS_ROOT "lfs/objects"
/* room for "<root>/ab/cd/<hex>" past the root */
#define OBJECTS_NAME_BYTES (1 + 3 + 3 + BKT_SHA256_HEX + 1)
/* "/ab/cd/<hex>" */
void objects_name(const struct bkt_sha256 *id, char out[OBJECTS_NAME_BYTES]);

/* A hash with its buffer, used again and again by one thread. */
struct objects_hasher {
	bkt_hash *hash;
	uint8_t *buf;
	size_t buf_bytes;
};
enum bkt_status objects_hasher_init(
    struct objects_hasher *h, size_t buf_bytes, struct bkt_err *err);
void objects_hasher_release(struct objects_hasher *h);
BKT_AUTO_RELEASE(struct objects_hasher, objects_hasher_release);

/* called after each buffer; false stops with BKT_E_INTERRUPTED */
typedef bool (*objects_tick)(void *ctx, size_t n_bytes);
/*
 * Hash from the descriptor's position to its end.
 * Reads at most max_bytes + 1, so a growing file cannot hold us for ever.
 */
enum bkt_status objects_hash_fd(struct objects_hasher *h, int fd,
    uint64_t max_bytes, objects_tick tick, void *ctx, struct bkt_sha256 *out,
    uint64_t *n_bytes, struct bkt_err *err);
/*
 * Open by name, hash, compare: OK, MISSING, TAMPERED or a fault.
 */
enum bkt_status objects_check(const bkt_objects *o, struct objects_hasher *h,
    const struct bkt_sha256 *id, uint64_t size_bytes, objects_tick tick,
    void *ctx, struct bkt_err *err);

#endif
