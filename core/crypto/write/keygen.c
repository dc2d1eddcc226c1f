#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "signer.h"

/* what a stolen key file costs to guess at, per guess */
#define PBKDF2_ROUNDS 600000

static enum bkt_status plain_der(
    PKCS8_PRIV_KEY_INFO *p8, struct bkt_buf *out, struct bkt_err *err)
{
	unsigned char *der = NULL;
	int n = i2d_PKCS8_PRIV_KEY_INFO(p8, &der);

	if (n <= 0)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot write a key");
	bkt_pem_print("PRIVATE KEY", BKT_SPAN(der, (size_t)n), out);
	OPENSSL_clear_free(der, (size_t)n);
	return bkt_buf_check(out, err);
}

static enum bkt_status encrypted_der(PKCS8_PRIV_KEY_INFO *p8,
    const char *passphrase, struct bkt_buf *out, struct bkt_err *err)
{
	BKT_AUTO(X509_SIG_free) X509_SIG *enc = NULL;
	unsigned char *der = NULL;
	uint8_t salt[16];
	int n;

	BKT_TRY(bkt_random(salt, sizeof(salt), err));
	enc = PKCS8_encrypt(-1, EVP_aes_256_cbc(), passphrase,
	    (int)strlen(passphrase), salt, sizeof(salt), PBKDF2_ROUNDS, p8);
	if (!enc)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot encrypt a key");
	n = i2d_X509_SIG(enc, &der);
	if (n <= 0)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot write a key");
	bkt_pem_print("ENCRYPTED PRIVATE KEY", BKT_SPAN(der, (size_t)n), out);
	OPENSSL_free(der);
	return bkt_buf_check(out, err);
}

enum bkt_status bkt_key_new(
    const char *passphrase, struct bkt_buf *out_pem, struct bkt_err *err)
{
	BKT_AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	BKT_AUTO(PKCS8_PRIV_KEY_INFO_free) PKCS8_PRIV_KEY_INFO *p8 = NULL;

	if (passphrase && (!*passphrase || strlen(passphrase) > 1000))
		return bkt_fail(err, BKT_E_USAGE,
		    "passphrase is empty or above 1000 bytes");
	BKT_TRY(bkt_ossl_begin(err));
	key = EVP_EC_gen("P-256");
	if (!key)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot make a key");
	p8 = EVP_PKEY2PKCS8(key);
	if (!p8)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot write a key");
	if (passphrase)
		return encrypted_der(p8, passphrase, out_pem, err);
	return plain_der(p8, out_pem, err);
}
