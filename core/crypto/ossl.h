/* What the files of this module share about OpenSSL. */
#ifndef BUKTI_CRYPTO_OSSL_H
#define BUKTI_CRYPTO_OSSL_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "bukti/crypto.h"

BKT_AUTO_DEFINE(BIO *, BIO_free_all);
BKT_AUTO_DEFINE(EVP_MD_CTX *, EVP_MD_CTX_free);
BKT_AUTO_DEFINE(EVP_PKEY *, EVP_PKEY_free);
BKT_AUTO_DEFINE(EVP_PKEY_CTX *, EVP_PKEY_CTX_free);
BKT_AUTO_DEFINE(X509 *, X509_free);
BKT_AUTO_DEFINE(X509_REQ *, X509_REQ_free);
BKT_AUTO_DEFINE(X509_STORE_CTX *, X509_STORE_CTX_free);
BKT_AUTO_DEFINE(EXTENDED_KEY_USAGE *, EXTENDED_KEY_USAGE_free);

/** Fetched once: a fetch by name costs more than a small digest. */
struct bkt_ossl_algs {
	EVP_MD *sha1, *sha256, *sha384, *sha512;
};
const struct bkt_ossl_algs *bkt_ossl_algs(void);

/**
 * Start of every call into OpenSSL: library ready, error queue and the
 * thread's note of a failed allocation cleared, so that what is found there
 * afterwards belongs to this call.
 */
BKT_NODISCARD enum bkt_status bkt_ossl_begin(struct bkt_err *err);

/** Did an allocation fail in this thread since bkt_ossl_begin? */
bool bkt_ossl_out_of_memory(void);

/** Was this reason of this library raised since bkt_ossl_begin? */
bool bkt_ossl_raised(int lib, int reason);

/**
 * Fill @p err with OpenSSL's own reason appended. When an allocation failed
 * it is BKT_E_NOMEM whatever @p st says: what OpenSSL answers without memory
 * looks like a bad signature.
 */
BKT_PRINTF(3, 4)
enum bkt_status bkt_fail_ossl(
    struct bkt_err *err, enum bkt_status st, const char *fmt, ...);

/** Digest over up to three pieces. */
BKT_NODISCARD enum bkt_status bkt_ossl_digest(const EVP_MD *md,
    const struct bkt_span *piece, size_t n_pieces, uint8_t *out,
    struct bkt_err *err);

#endif
