#include "hasher.h"

/* less is hashed sooner than a thread is woken */
#define ASIDE_BYTES ((size_t)(64 * 1024))

static void update(struct zip_hasher *h, const uint8_t *p, size_t n)
{
	struct bkt_err err;
	enum bkt_status st = bkt_hash_update(h->hash, p, n, &err);

	if (st == BKT_OK || h->status != BKT_OK)
		return;
	h->status = st;
	h->err = err;
}

static void *work(void *arg)
{
	struct zip_hasher *h = arg;

	pthread_mutex_lock(&h->mutex);
	for (;;) {
		while (!h->p && !h->quit)
			pthread_cond_wait(&h->changed, &h->mutex);
		if (!h->p)
			break;
		pthread_mutex_unlock(&h->mutex);
		update(h, h->p, h->n);
		pthread_mutex_lock(&h->mutex);
		h->p = NULL;
		pthread_cond_broadcast(&h->changed);
	}
	pthread_mutex_unlock(&h->mutex);
	return NULL;
}

enum bkt_status zip_hasher_init(struct zip_hasher *h, struct bkt_err *err)
{
	*h = (struct zip_hasher){ .hash = NULL };
	pthread_mutex_init(&h->mutex, NULL);
	pthread_cond_init(&h->changed, NULL);
	return bkt_hash_new(BKT_HASH_SHA256, &h->hash, err);
}

void zip_hasher_release(struct zip_hasher *h)
{
	if (h->threaded) {
		pthread_mutex_lock(&h->mutex);
		h->quit = true;
		pthread_cond_broadcast(&h->changed);
		pthread_mutex_unlock(&h->mutex);
		pthread_join(h->thread, NULL);
	}
	pthread_cond_destroy(&h->changed);
	pthread_mutex_destroy(&h->mutex);
	if (h->hash)
		bkt_hash_free(h->hash);
}

static void wait_idle(struct zip_hasher *h)
{
	if (!h->threaded)
		return;
	pthread_mutex_lock(&h->mutex);
	while (h->p)
		pthread_cond_wait(&h->changed, &h->mutex);
	pthread_mutex_unlock(&h->mutex);
}

void zip_hasher_give(struct zip_hasher *h, const uint8_t *p, size_t n)
{
	/* no second core, or no thread to be had: one after the other */
	if (!h->threaded && n >= ASIDE_BYTES && bkt_cpu_count() > 1)
		h->threaded = pthread_create(&h->thread, NULL, work, h) == 0;
	wait_idle(h);
	if (!h->threaded || n < ASIDE_BYTES) {
		update(h, p, n);
		return;
	}
	pthread_mutex_lock(&h->mutex);
	h->p = p;
	h->n = n;
	pthread_cond_broadcast(&h->changed);
	pthread_mutex_unlock(&h->mutex);
}

enum bkt_status zip_hasher_final(
    struct zip_hasher *h, struct bkt_sha256 *out, struct bkt_err *err)
{
	struct bkt_sha256 id;
	enum bkt_status st, first;

	wait_idle(h);
	first = h->status;
	h->status = BKT_OK;
	st = bkt_hash_final(h->hash, id.b, first == BKT_OK ? err : NULL);
	if (first != BKT_OK) {
		if (err)
			*err = h->err;
		return first;
	}
	if (st == BKT_OK)
		*out = id;
	return st;
}
