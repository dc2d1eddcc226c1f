#include <string.h>

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include "signer.h"

BKT_AUTO_DEFINE(BIGNUM *, BN_free);
BKT_AUTO_DEFINE(X509_EXTENSION *, X509_EXTENSION_free);

#define TEXT_MAX 64 /* RFC 5280 A.1: ub-common-name, ub-organization-name */

struct extension {
	int nid;
	const char *value;
};

static enum bkt_status set_name(
    X509_NAME *name, const char *cn, const char *org, struct bkt_err *err)
{
	const struct {
		const char *key, *text;
	} part[] = { { "O", org }, { "CN", cn } };

	for (size_t i = 0; i < 2; i++) {
		size_t n = part[i].text ? strlen(part[i].text) : 0;

		if (n == 0 && i == 0)
			continue;
		if (n == 0 || !bkt_text_clean(BKT_SPAN(part[i].text, n)))
			return bkt_fail(err, BKT_E_USAGE,
			    "name for a certificate is empty or not text");
		if (X509_NAME_add_entry_by_txt(name, part[i].key, MBSTRING_UTF8,
			(const unsigned char *)part[i].text, (int)n, -1,
			0) == 1)
			continue;
		if (bkt_ossl_raised(ERR_LIB_ASN1, ASN1_R_STRING_TOO_LONG))
			return bkt_fail(err, BKT_E_USAGE,
			    "name for a certificate is above %d characters",
			    TEXT_MAX);
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot set a name");
	}
	return BKT_OK;
}

enum bkt_status bkt_csr_make(const bkt_signer *s, const char *cn,
    const char *org, struct bkt_buf *out_der, struct bkt_err *err)
{
	BKT_AUTO(X509_REQ_free) X509_REQ *req = NULL;
	unsigned char *der = NULL;
	int n;

	BKT_TRY(bkt_ossl_begin(err));
	req = X509_REQ_new();
	if (!req || X509_REQ_set_version(req, X509_REQ_VERSION_1) != 1 ||
	    X509_REQ_set_pubkey(req, s->key) != 1)
		return bkt_fail_ossl(
		    err, BKT_E_CRYPTO, "cannot make a request");
	BKT_TRY(set_name(X509_REQ_get_subject_name(req), cn, org, err));
	if (X509_REQ_sign(req, s->key, bkt_ossl_algs()->sha256) <= 0)
		return bkt_fail_ossl(
		    err, BKT_E_CRYPTO, "cannot sign a request");
	n = i2d_X509_REQ(req, &der);
	if (n <= 0)
		return bkt_fail_ossl(
		    err, BKT_E_CRYPTO, "cannot make a request");
	bkt_buf_add(out_der, der, (size_t)n);
	OPENSSL_free(der);
	return bkt_buf_check(out_der, err);
}

enum bkt_status bkt_csr_from_any(
    struct bkt_span bytes, struct bkt_buf *out_der, struct bkt_err *err)
{
	static const char *const labels[] = { "CERTIFICATE REQUEST",
		"NEW CERTIFICATE REQUEST" };
	BKT_AUTO(bkt_buf_release) struct bkt_buf der = { 0 };
	struct bkt_csr_info unused;
	enum bkt_status st;
	size_t at = 0;

	bkt_buf_init(&der, 64 * 1024);
	if (bkt_looks_like_der(bytes)) {
		bkt_buf_add(&der, bytes.ptr, bytes.len);
		st = bkt_buf_check(&der, err);
	} else {
		st = bkt_pem_next(bytes, &at, labels, 2, &der, err);
	}
	if (st == BKT_E_NOTFOUND || st == BKT_E_LIMIT)
		return bkt_fail(
		    err, BKT_E_FORMAT, "no certificate request in it");
	BKT_TRY(st);
	BKT_TRY(bkt_csr_check(bkt_buf_span(&der), NULL, &unused, err));
	bkt_buf_add(out_der, der.ptr, der.len);
	return bkt_buf_check(out_der, err);
}

/* RFC 5280 4.1.2.2: positive; the highest bit set so that it is never short */
static enum bkt_status set_serial(X509 *x, struct bkt_err *err)
{
	uint8_t raw[16];
	BKT_AUTO(BN_free) BIGNUM *bn = NULL;

	BKT_TRY(bkt_random(raw, sizeof(raw), err));
	bn = BN_bin2bn(raw, sizeof(raw), NULL);
	if (!bn || BN_set_bit(bn, 127) != 1 ||
	    !BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(x)))
		return bkt_fail_ossl(
		    err, BKT_E_CRYPTO, "cannot set a serial number");
	return BKT_OK;
}

static enum bkt_status set_validity(
    X509 *x, int64_t from_utc_s, int64_t until_utc_s, struct bkt_err *err)
{
	if (from_utc_s < 0 || until_utc_s <= from_utc_s ||
	    until_utc_s >= 253402300800)
		return bkt_fail(err, BKT_E_USAGE,
		    "validity of a certificate ends before it begins");
	if (!ASN1_TIME_set(X509_getm_notBefore(x), (time_t)from_utc_s) ||
	    !ASN1_TIME_set(X509_getm_notAfter(x), (time_t)until_utc_s))
		return bkt_fail_ossl(
		    err, BKT_E_CRYPTO, "cannot set a validity");
	return BKT_OK;
}

static enum bkt_status add_extensions(X509 *x, X509 *issuer,
    const struct extension *e, size_t n, struct bkt_err *err)
{
	X509V3_CTX ctx;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	for (size_t i = 0; i < n; i++) {
		BKT_AUTO(X509_EXTENSION_free)
		X509_EXTENSION *ext =
		    X509V3_EXT_conf_nid(NULL, &ctx, e[i].nid, e[i].value);

		if (!ext || X509_add_ext(x, ext, -1) != 1)
			return bkt_fail_ossl(err, BKT_E_CRYPTO,
			    "cannot add an extension to a certificate");
	}
	return BKT_OK;
}

/* all but issuer, extensions and signature */
static enum bkt_status begin_cert(X509 *x, EVP_PKEY *key, const char *cn,
    const char *org, int64_t from_utc_s, int64_t until_utc_s,
    struct bkt_err *err)
{
	if (X509_set_version(x, X509_VERSION_3) != 1 ||
	    X509_set_pubkey(x, key) != 1)
		return bkt_fail_ossl(
		    err, BKT_E_CRYPTO, "cannot make a certificate");
	BKT_TRY(set_serial(x, err));
	BKT_TRY(set_validity(x, from_utc_s, until_utc_s, err));
	return set_name(X509_get_subject_name(x), cn, org, err);
}

static enum bkt_status finish_cert(
    X509 *x, EVP_PKEY *ca_key, bkt_cert **out, struct bkt_err *err)
{
	unsigned char *der = NULL;
	enum bkt_status st;
	int n;

	if (X509_sign(x, ca_key, bkt_ossl_algs()->sha256) <= 0)
		return bkt_fail_ossl(
		    err, BKT_E_CRYPTO, "cannot sign a certificate");
	n = i2d_X509(x, &der);
	if (n <= 0)
		return bkt_fail_ossl(
		    err, BKT_E_CRYPTO, "cannot make a certificate");
	st = bkt_cert_from_der(BKT_SPAN(der, (size_t)n), out, err);
	OPENSSL_free(der);
	return st;
}

enum bkt_status bkt_ca_make(const bkt_signer *ca_key, const char *cn,
    const char *org, int64_t from_utc_s, int64_t until_utc_s, bkt_cert **out,
    struct bkt_err *err)
{
	static const struct extension ext[] = {
		{ NID_basic_constraints, "critical,CA:TRUE,pathlen:0" },
		{ NID_key_usage, "critical,keyCertSign,cRLSign" },
		{ NID_subject_key_identifier, "hash" },
		{ NID_authority_key_identifier, "keyid:always" },
	};
	BKT_AUTO(X509_free) X509 *x = NULL;

	BKT_TRY(bkt_ossl_begin(err));
	x = X509_new();
	if (!x)
		return bkt_fail_ossl(
		    err, BKT_E_CRYPTO, "cannot make a certificate");
	BKT_TRY(
	    begin_cert(x, ca_key->key, cn, org, from_utc_s, until_utc_s, err));
	if (X509_set_issuer_name(x, X509_get_subject_name(x)) != 1)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot set a name");
	BKT_TRY(add_extensions(x, x, ext, 4, err));
	return finish_cert(x, ca_key->key, out, err);
}

enum bkt_status bkt_ca_issue(const bkt_signer *ca, struct bkt_span csr_der,
    const char *cn, const char *org, int64_t from_utc_s, int64_t until_utc_s,
    bkt_cert **out, struct bkt_err *err)
{
	static const struct extension ext[] = {
		{ NID_basic_constraints, "critical,CA:FALSE" },
		{ NID_key_usage, "critical,digitalSignature,nonRepudiation" },
		{ NID_ext_key_usage, "emailProtection" },
		{ NID_subject_key_identifier, "hash" },
		{ NID_authority_key_identifier, "keyid:always" },
	};
	BKT_AUTO(X509_free) X509 *x = NULL;
	BKT_AUTO(X509_REQ_free) X509_REQ *req = NULL;
	const unsigned char *p = csr_der.ptr;
	struct bkt_csr_info unused;

	if (!ca->cert || !ca->cert->info.is_ca)
		return bkt_fail(err, BKT_E_USAGE,
		    "issuer has no certificate of an authority");
	BKT_TRY(bkt_csr_check(csr_der, NULL, &unused, err));
	BKT_TRY(bkt_ossl_begin(err));
	req = d2i_X509_REQ(NULL, &p, (long)csr_der.len);
	x = X509_new();
	if (!req || !x)
		return bkt_fail_ossl(
		    err, BKT_E_CRYPTO, "cannot make a certificate");
	BKT_TRY(begin_cert(x, X509_REQ_get0_pubkey(req), cn, org, from_utc_s,
	    until_utc_s, err));
	if (X509_set_issuer_name(x, X509_get_subject_name(ca->cert->x509)) != 1)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot set a name");
	BKT_TRY(add_extensions(x, ca->cert->x509, ext, 5, err));
	return finish_cert(x, ca->key, out, err);
}
