#include "seal.h"

#include "cert.h"

enum bkt_status bkt_seal_digest(struct bkt_span signed_attrs,
    uint8_t out[BKT_SHA256_LEN], struct bkt_err *err)
{
	size_t n = signed_attrs.len;
	uint8_t header[4] = { BKT_DER_SET };
	size_t n_header;

	BKT_ASSERT(n <= 0xffff);
	if (n < 0x80) {
		header[1] = (uint8_t)n;
		n_header = 2;
	} else if (n < 0x100) {
		header[1] = 0x81;
		header[2] = (uint8_t)n;
		n_header = 3;
	} else {
		header[1] = 0x82;
		header[2] = (uint8_t)(n >> 8);
		header[3] = (uint8_t)n;
		n_header = 4;
	}
	return bkt_ossl_digest(bkt_ossl_algs()->sha256,
	    (const struct bkt_span[]){
		BKT_SPAN(header, n_header), signed_attrs },
	    2, out, err);
}

enum bkt_status bkt_seal_verify(const struct bkt_seal *seal,
    const struct bkt_sha256 *content, const bkt_cert *registered,
    struct bkt_err *err)
{
	uint8_t digest[BKT_SHA256_LEN];

	if (!bkt_span_eq(seal->cert, registered->info.der))
		return bkt_fail(err, BKT_E_TRUST,
		    "seal is by another certificate than the registered one");
	if (!registered->info.may_sign)
		return bkt_fail(err, BKT_E_TRUST,
		    "certificate's key usage does not allow signing");
	if (!bkt_sha256_eq(&seal->cert_sha256, &registered->info.sha256))
		return bkt_fail(err, BKT_E_SEAL,
		    "signingCertificateV2 names another certificate");
	if (!bkt_sha256_eq(&seal->content_sha256, content))
		return bkt_fail(err, BKT_E_SEAL, "seal is over other content");
	BKT_TRY(bkt_ossl_begin(err));
	BKT_TRY(bkt_seal_digest(seal->signed_attrs, digest, err));
	return bkt_key_verify(
	    &registered->key, BKT_KEY_SHA256, digest, seal->signature, err);
}
