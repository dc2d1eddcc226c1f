#ifndef BUKTI_CRYPTO_WRITE_SIGNER_H
#define BUKTI_CRYPTO_WRITE_SIGNER_H

#include <openssl/pkcs12.h>

#include "../cert.h"

BKT_AUTO_DEFINE(PKCS12 *, PKCS12_free);
BKT_AUTO_DEFINE(PKCS8_PRIV_KEY_INFO *, PKCS8_PRIV_KEY_INFO_free);
BKT_AUTO_DEFINE(X509_SIG *, X509_SIG_free);

struct bkt_signer {
	EVP_PKEY *key;
	EVP_PKEY_CTX *signing; /* set up once, copied per seal */
	bkt_cert *cert;        /* NULL: none yet */
	uint8_t *spki;
	size_t n_spki;
	bool rsa;
	/* what of a seal depends on the certificate alone */
	struct bkt_buf before_signer; /* SignedData up to signerInfos */
	struct bkt_buf signer_head;   /* SignerInfo up to signedAttrs */
	struct bkt_buf ess;           /* attribute signingCertificateV2 */
};

/** Fill the three buffers from s->cert. */
BKT_NODISCARD enum bkt_status bkt_signer_template(
    bkt_signer *s, struct bkt_err *err);
/** Takes its own reference to @p key. */
BKT_NODISCARD enum bkt_status bkt_signer_from_key(
    EVP_PKEY *key, bkt_signer **out, struct bkt_err *err);

#endif
