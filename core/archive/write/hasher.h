/*
 * SHA-256 beside the writing of the same buffers. On one core hashing and
 * copying would add up; here the one goes on while the other does.
 */
#ifndef ARCHIVE_HASHER_H
#define ARCHIVE_HASHER_H

#include <pthread.h>

#include "../zip.h"
#include "bukti/crypto.h"

struct zip_hasher {
	bkt_hash *hash;
	pthread_t thread;
	bool threaded;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	const uint8_t *p; /* being hashed; NULL: idle */
	size_t n;
	bool quit;
	enum bkt_status status; /* first failure; until the next final */
	struct bkt_err err;
};

enum bkt_status zip_hasher_init(struct zip_hasher *h, struct bkt_err *err);
void zip_hasher_release(struct zip_hasher *h);
/* takes the bytes when those before are done; they must stay until the next
 * call returns */
void zip_hasher_give(struct zip_hasher *h, const uint8_t *p, size_t n);
/* waits; ready for the next content, also after a failure */
enum bkt_status zip_hasher_final(
    struct zip_hasher *h, struct bkt_sha256 *out, struct bkt_err *err);

#endif
