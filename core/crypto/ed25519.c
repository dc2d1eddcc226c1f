#include "ed25519.h"

enum bkt_status bkt_ed25519_verify(const uint8_t pub[32],
    struct bkt_span message, const uint8_t sig[BKT_ED25519_SIG],
    struct bkt_err *err)
{
	BKT_AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	BKT_AUTO(EVP_MD_CTX_free) EVP_MD_CTX *ctx = NULL;
	int rc;

	BKT_TRY(bkt_ossl_begin(err));
	key = EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, pub, 32);
	ctx = EVP_MD_CTX_new();
	if (!key || !ctx ||
	    EVP_DigestVerifyInit_ex(ctx, NULL, NULL, NULL, NULL, key, NULL) !=
		1)
		return bkt_fail_ossl(
		    err, BKT_E_CRYPTO, "cannot use an Ed25519 key");
	rc = EVP_DigestVerify(
	    ctx, sig, BKT_ED25519_SIG, message.ptr, message.len);
	if (rc == 1)
		return BKT_OK;
	if (rc == 0 && !bkt_ossl_out_of_memory())
		return bkt_fail(err, BKT_E_SEAL, "signature does not match");
	return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot verify a signature");
}
