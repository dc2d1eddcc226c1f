#include "bukti/crypto.h"

#include "ossl.h"

struct bkt_hash {
	EVP_MD_CTX *ctx;
	const EVP_MD *md; /* borrowed from bkt_ossl_algs */
};

enum bkt_status bkt_sha256_of(
    struct bkt_span in, struct bkt_sha256 *out, struct bkt_err *err)
{
	struct bkt_sha256 got;

	BKT_TRY(bkt_ossl_begin(err));
	BKT_TRY(bkt_ossl_digest(bkt_ossl_algs()->sha256, &in, 1, got.b, err));
	*out = got;
	return BKT_OK;
}

enum bkt_status bkt_hash_new(
    enum bkt_hash_kind kind, bkt_hash **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_hash_free) bkt_hash *h = NULL;

	BKT_TRY(bkt_ossl_begin(err));
	h = bkt_calloc(1, sizeof(*h));
	if (!h)
		return bkt_fail(err, BKT_E_NOMEM, "out of memory");
	h->md = kind == BKT_HASH_SHA1 ? bkt_ossl_algs()->sha1
				      : bkt_ossl_algs()->sha256;
	h->ctx = EVP_MD_CTX_new();
	if (!h->ctx || EVP_DigestInit_ex2(h->ctx, h->md, NULL) != 1)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot hash");
	*out = BKT_STEAL(h);
	return BKT_OK;
}

void bkt_hash_free(bkt_hash *h)
{
	if (!h)
		return;
	EVP_MD_CTX_free(h->ctx);
	bkt_free(h);
}

enum bkt_status bkt_hash_update(
    bkt_hash *h, const void *p, size_t n, struct bkt_err *err)
{
	if (EVP_DigestUpdate(h->ctx, p, n) != 1)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot hash");
	return BKT_OK;
}

enum bkt_status bkt_hash_final(bkt_hash *h, uint8_t *out, struct bkt_err *err)
{
	uint8_t md[EVP_MAX_MD_SIZE];
	unsigned int n = 0;

	BKT_TRY(bkt_ossl_begin(err));
	if (EVP_DigestFinal_ex(h->ctx, md, &n) != 1 || n > sizeof(md) ||
	    EVP_DigestInit_ex2(h->ctx, h->md, NULL) != 1)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot hash");
	for (unsigned int i = 0; i < n; i++)
		out[i] = md[i];
	return BKT_OK;
}
