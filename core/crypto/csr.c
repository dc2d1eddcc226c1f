#include <stdio.h>
#include <string.h>

#include <openssl/objects.h>

#include "cert.h"

#define CSR_MAX (16 * 1024)

struct request {
	struct bkt_span info; /* CertificationRequestInfo, whole */
	struct bkt_span spki;
	struct bkt_span signature;
	enum bkt_key_hash hash;
	bool rsa;
};

static const struct {
	bool rsa;
	enum bkt_key_hash hash;
	uint8_t n;
	uint8_t der[15];
} sig_algs[] = {
	{ false, BKT_KEY_SHA256, 12,
	    { 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03,
		0x02 } },
	{ false, BKT_KEY_SHA384, 12,
	    { 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03,
		0x03 } },
	{ false, BKT_KEY_SHA512, 12,
	    { 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03,
		0x04 } },
	{ true, BKT_KEY_SHA256, 15,
	    { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,
		0x01, 0x0b, 0x05, 0x00 } },
	{ true, BKT_KEY_SHA384, 15,
	    { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,
		0x01, 0x0c, 0x05, 0x00 } },
	{ true, BKT_KEY_SHA512, 15,
	    { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,
		0x01, 0x0d, 0x05, 0x00 } },
};

static bool take_alg(struct bkt_span *in, struct request *r)
{
	for (size_t i = 0; i < sizeof(sig_algs) / sizeof(*sig_algs); i++) {
		if (!bkt_der_literal(in, sig_algs[i].der, sig_algs[i].n))
			continue;
		r->rsa = sig_algs[i].rsa;
		r->hash = sig_algs[i].hash;
		return true;
	}
	return false;
}

/* RFC 2986 4 */
static enum bkt_status decode(
    struct bkt_span der, struct request *r, struct bkt_err *err)
{
	static const uint8_t version[] = { 0x02, 0x01, 0x00 };
	struct bkt_span seq, info, skipped, bits;

	if (der.len > CSR_MAX || !bkt_der_valid(der) ||
	    !bkt_der_take(&der, BKT_DER_SEQUENCE, &seq) ||
	    !bkt_der_take_whole(&seq, BKT_DER_SEQUENCE, &r->info))
		return bkt_fail(
		    err, BKT_E_FORMAT, "certificate request is not DER");
	info = r->info;
	if (!bkt_der_take(&info, BKT_DER_SEQUENCE, &skipped))
		return bkt_fail(
		    err, BKT_E_FORMAT, "certificate request is not DER");
	info = skipped;
	if (!bkt_der_literal(&info, version, sizeof(version)) ||
	    !bkt_der_take(&info, BKT_DER_SEQUENCE, &skipped) ||
	    !bkt_der_take_whole(&info, BKT_DER_SEQUENCE, &r->spki))
		return bkt_fail(
		    err, BKT_E_FORMAT, "certificate request is not version 1");
	if (!take_alg(&seq, r))
		return bkt_fail(err, BKT_E_FORMAT,
		    "certificate request's signature algorithm is not allowed");
	if (!bkt_der_take(&seq, BKT_DER_BIT_STRING, &bits) || seq.len != 0 ||
	    bits.len < 2 || bits.ptr[0] != 0)
		return bkt_fail(err, BKT_E_FORMAT,
		    "certificate request has a bad signature field");
	r->signature = BKT_SPAN(bits.ptr + 1, bits.len - 1);
	return BKT_OK;
}

static enum bkt_status copy_name(
    const X509_NAME *name, int nid, char out[128], struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *text = NULL;

	BKT_TRY(bkt_name_text(name, nid, &text, err));
	if (strlen(text) >= 128)
		return bkt_fail(err, BKT_E_FORMAT,
		    "certificate request has a name above 127 bytes");
	memcpy(out, text, strlen(text) + 1);
	return BKT_OK;
}

static enum bkt_status check_possession(
    const struct request *r, X509_REQ *req, struct bkt_err *err)
{
	struct bkt_key key = { 0 };
	uint8_t digest[EVP_MAX_MD_SIZE];
	enum bkt_status st;

	st = bkt_key_set(&key, X509_REQ_get0_pubkey(req), r->spki, err);
	if (st == BKT_OK && !key.allowed)
		st = bkt_fail_ossl(err, BKT_E_FORMAT,
		    "certificate request's key is not allowed");
	if (st == BKT_OK && key.der.rsa != r->rsa)
		st = bkt_fail(err, BKT_E_FORMAT,
		    "certificate request's signature is not of its key");
	if (st == BKT_OK)
		st = bkt_ossl_digest(
		    bkt_key_md(r->hash), &r->info, 1, digest, err);
	if (st == BKT_OK)
		st = bkt_key_verify(&key, r->hash, digest, r->signature, err);
	bkt_key_release(&key);
	return st;
}

enum bkt_status bkt_csr_check(struct bkt_span der, const bkt_cert *cert,
    struct bkt_csr_info *out, struct bkt_err *err)
{
	BKT_AUTO(X509_REQ_free) X509_REQ *req = NULL;
	const unsigned char *p = der.ptr;
	struct bkt_csr_info info;
	struct request r;

	BKT_TRY(decode(der, &r, err));
	BKT_TRY(bkt_ossl_begin(err));
	req = d2i_X509_REQ(NULL, &p, (long)der.len);
	if (!req)
		return bkt_fail_ossl(
		    err, BKT_E_FORMAT, "not a certificate request");
	BKT_TRY(check_possession(&r, req, err));
	BKT_TRY(copy_name(
	    X509_REQ_get_subject_name(req), NID_commonName, info.cn, err));
	BKT_TRY(copy_name(X509_REQ_get_subject_name(req), NID_organizationName,
	    info.org, err));
	if (cert && !bkt_span_eq(cert->pieces.spki, r.spki))
		return bkt_fail(err, BKT_E_TRUST,
		    "certificate is for another key than the request");
	*out = info;
	return BKT_OK;
}
