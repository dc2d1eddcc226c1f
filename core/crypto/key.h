/* Public keys of the seal profile and what verifies with them. */
#ifndef BUKTI_CRYPTO_KEY_H
#define BUKTI_CRYPTO_KEY_H

#include "der.h"
#include "ossl.h"

enum bkt_key_hash { BKT_KEY_SHA256, BKT_KEY_SHA384, BKT_KEY_SHA512 };

/** Immutable once set up; shareable across threads. */
struct bkt_key {
	EVP_PKEY *pkey;        /* NULL: a kind OpenSSL does not know */
	EVP_PKEY_CTX *checker; /* set up once, copied per call */
	bool allowed;          /* bkt_der_key_allowed */
	struct bkt_der_key der;
};
/** @p spki must outlive @p k. Takes a reference to @p pkey (may be NULL). */
BKT_NODISCARD enum bkt_status bkt_key_set(struct bkt_key *k, EVP_PKEY *pkey,
    struct bkt_span spki, struct bkt_err *err);
void bkt_key_release(struct bkt_key *k);

const EVP_MD *bkt_key_md(enum bkt_key_hash hash);
size_t bkt_key_hash_bytes(enum bkt_key_hash hash);

/**
 * Verify a signature over a digest. Thread-safe.
 *
 * @retval BKT_E_FORMAT  not an encoding that this key can have made
 * @retval BKT_E_SEAL    the signature is another's or over other bytes
 * @retval BKT_E_TRUST   the key is not allowed
 * @retval BKT_E_NOMEM, BKT_E_CRYPTO  no verdict was reached
 */
BKT_NODISCARD enum bkt_status bkt_key_verify(const struct bkt_key *k,
    enum bkt_key_hash hash, const uint8_t *digest, struct bkt_span sig,
    struct bkt_err *err);

#endif
