#include "key.h"

#include <string.h>

#include <openssl/ecerr.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

/* RFC 8017 9.2: DigestInfo up to the digest, with the NULL it demands */
#define DIGEST_INFO_LEN 19
static const uint8_t digest_info[3][DIGEST_INFO_LEN] = {
	[BKT_KEY_SHA256] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86,
	    0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 },
	[BKT_KEY_SHA384] = { 0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86,
	    0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30 },
	[BKT_KEY_SHA512] = { 0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86,
	    0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40 },
};

const EVP_MD *bkt_key_md(enum bkt_key_hash hash)
{
	const struct bkt_ossl_algs *a = bkt_ossl_algs();

	if (hash == BKT_KEY_SHA512)
		return a->sha512;
	return hash == BKT_KEY_SHA384 ? a->sha384 : a->sha256;
}

size_t bkt_key_hash_bytes(enum bkt_key_hash hash)
{
	return digest_info[hash][DIGEST_INFO_LEN - 1];
}

/* what every verification starts from; costs more than the copy of it */
static enum bkt_status make_checker(struct bkt_key *k, struct bkt_err *err)
{
	BKT_AUTO(EVP_PKEY_CTX_free)
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, k->pkey, NULL);
	bool ok;

	if (!ctx)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot use the key");
	if (k->der.rsa)
		ok = EVP_PKEY_encrypt_init(ctx) == 1 &&
		     EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1;
	else
		ok = EVP_PKEY_verify_init(ctx) == 1;
	if (!ok)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot use the key");
	k->checker = BKT_STEAL(ctx);
	return BKT_OK;
}

enum bkt_status bkt_key_set(struct bkt_key *k, EVP_PKEY *pkey,
    struct bkt_span spki, struct bkt_err *err)
{
	memset(k, 0, sizeof(*k));
	if (!pkey)
		return BKT_OK;
	if (EVP_PKEY_up_ref(pkey) != 1)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot hold the key");
	k->pkey = pkey;
	k->allowed = bkt_der_key_allowed(spki, &k->der);
	return k->allowed ? make_checker(k, err) : BKT_OK;
}

void bkt_key_release(struct bkt_key *k)
{
	EVP_PKEY_CTX_free(k->checker);
	EVP_PKEY_free(k->pkey);
	memset(k, 0, sizeof(*k));
}

/*
 * With shape and range checked before, OpenSSL says 0 for a wrong signature.
 * Of its errors one is a verdict: a signer who knows the key can make the
 * verifier's sum the point at infinity, which SEC 1 4.1.4 calls invalid.
 */
static enum bkt_status ecdsa_verify(EVP_PKEY_CTX *ctx, const uint8_t *digest,
    size_t n_digest, struct bkt_span sig, struct bkt_err *err)
{
	int rc = EVP_PKEY_verify(ctx, sig.ptr, sig.len, digest, n_digest);

	if (rc == 1)
		return BKT_OK;
	if (bkt_ossl_out_of_memory())
		return bkt_fail_ossl(err, BKT_E_NOMEM, "out of memory");
	if (rc == 0 || bkt_ossl_raised(ERR_LIB_EC, EC_R_POINT_AT_INFINITY))
		return bkt_fail(err, BKT_E_SEAL, "signature does not match");
	return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot verify a signature");
}

/*
 * RFC 8017 8.2.2: the public operation, then the one encoding it may yield.
 * OpenSSL's own verification answers 0 for faults too, this cannot.
 */
static enum bkt_status rsa_verify(EVP_PKEY_CTX *ctx, enum bkt_key_hash hash,
    const uint8_t *digest, struct bkt_span sig, struct bkt_err *err)
{
	uint8_t want[1024], got[1024];
	size_t n = sizeof(got), n_digest = bkt_key_hash_bytes(hash);
	size_t tail = DIGEST_INFO_LEN + n_digest;

	BKT_ASSERT(sig.len <= sizeof(want) && sig.len >= tail + 11);
	if (EVP_PKEY_encrypt(ctx, got, &n, sig.ptr, sig.len) != 1 ||
	    n != sig.len)
		return bkt_fail_ossl(
		    err, BKT_E_CRYPTO, "cannot verify a signature");
	memset(want, 0xff, n);
	want[0] = 0;
	want[1] = 1;
	want[n - tail - 1] = 0;
	memcpy(want + n - tail, digest_info[hash], DIGEST_INFO_LEN);
	memcpy(want + n - n_digest, digest, n_digest);
	if (memcmp(want, got, n) != 0)
		return bkt_fail(err, BKT_E_SEAL, "signature does not match");
	return BKT_OK;
}

enum bkt_status bkt_key_verify(const struct bkt_key *k, enum bkt_key_hash hash,
    const uint8_t *digest, struct bkt_span sig, struct bkt_err *err)
{
	BKT_AUTO(EVP_PKEY_CTX_free) EVP_PKEY_CTX *ctx = NULL;

	if (!k->allowed)
		return bkt_fail(err, BKT_E_TRUST,
		    "key is neither EC P-256 nor RSA of 2048 to 8192 bits");
	if (k->der.rsa && !bkt_der_rsa_shape(sig, &k->der))
		return bkt_fail(err, BKT_E_FORMAT,
		    "RSA signature does not fit the key's modulus");
	if (!k->der.rsa && !bkt_der_ecdsa_shape(sig))
		return bkt_fail(err, BKT_E_FORMAT,
		    "ECDSA signature is not two numbers below the order");
	ctx = EVP_PKEY_CTX_dup(k->checker);
	if (!ctx)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot use the key");
	if (k->der.rsa)
		return rsa_verify(ctx, hash, digest, sig, err);
	return ecdsa_verify(ctx, digest, bkt_key_hash_bytes(hash), sig, err);
}
