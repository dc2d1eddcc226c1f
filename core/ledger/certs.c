#include "ledger_private.h"

#include <pthread.h>

struct bkt_certs {
	pthread_mutex_t lock;
	bkt_map *by_digest;
};

enum bkt_status bkt_certs_new(bkt_certs **out, struct bkt_err *err)
{
	bkt_certs *c = bkt_calloc(1, sizeof(*c));

	if (!c)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	c->by_digest = bkt_map_new();
	if (!c->by_digest || pthread_mutex_init(&c->lock, NULL) != 0) {
		bkt_map_free(c->by_digest);
		bkt_free(c);
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	}
	*out = c;
	return BKT_OK;
}

void bkt_certs_free(bkt_certs *c)
{
	size_t at = 0;
	const char *key;
	void *value;

	if (!c)
		return;
	while (bkt_map_next(c->by_digest, &at, &key, &value))
		bkt_cert_free(value);
	bkt_map_free(c->by_digest);
	(void)pthread_mutex_destroy(&c->lock);
	bkt_free(c);
}

static enum bkt_status cache_fill(bkt_certs *c, const char *key,
    struct bkt_span der, const bkt_cert **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_cert_free) bkt_cert *cert = NULL;

	BKT_TRY(bkt_cert_from_der(der, &cert, err));
	BKT_TRY(bkt_map_set(c->by_digest, key, cert, err));
	*out = BKT_STEAL(cert);
	return BKT_OK;
}

/* one parse for each distinct certificate, however many seals carry it */
enum bkt_status ledger_cert(bkt_certs *c, struct bkt_span der,
    const bkt_cert **out, struct bkt_err *err)
{
	struct bkt_sha256 digest;
	char key[BKT_SHA256_HEX + 1];
	enum bkt_status st = BKT_OK;
	const bkt_cert *found;

	BKT_TRY(bkt_sha256_of(der, &digest, err));
	bkt_hex(digest.b, sizeof(digest.b), key);
	(void)pthread_mutex_lock(&c->lock);
	found = bkt_map_get(c->by_digest, key);
	if (!found)
		st = cache_fill(c, key, der, &found, err);
	(void)pthread_mutex_unlock(&c->lock);
	if (st == BKT_OK)
		*out = found;
	return st;
}
