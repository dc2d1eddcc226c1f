#include "cert.h"

#include <openssl/objects.h>

#define ANCHORS_MAX 64
/* 112 bits: no SHA-1, no RSA below 2048 anywhere in the chain */
#define SECURITY_LEVEL 2
#define CHAIN_DEPTH_MAX 8

struct bkt_trust {
	X509_STORE *store;
};

static enum bkt_status add_anchor(
    bkt_trust *t, struct bkt_span der, struct bkt_err *err)
{
	BKT_AUTO(bkt_cert_free) bkt_cert *c = NULL;

	BKT_TRY(bkt_cert_from_der(der, &c, err));
	if (X509_STORE_add_cert(t->store, c->x509) != 1)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot add an anchor");
	return BKT_OK;
}

enum bkt_status bkt_cert_may_issue(const bkt_cert *c, struct bkt_err *err)
{
	uint32_t flags = X509_get_extension_flags(c->x509);
	uint32_t usage = X509_get_key_usage(c->x509);

	if (!(flags & EXFLAG_CA))
		return bkt_fail(err, BKT_E_TRUST,
		    "its basicConstraints do not say CA:TRUE");
	if (!(flags & EXFLAG_BCONS_CRITICAL))
		return bkt_fail(
		    err, BKT_E_TRUST, "its basicConstraints are not critical");
	if (!(flags & EXFLAG_KUSAGE) || !(usage & KU_KEY_CERT_SIGN))
		return bkt_fail(
		    err, BKT_E_TRUST, "it has no keyUsage with keyCertSign");
	if (!X509_get0_subject_key_id(c->x509))
		return bkt_fail(
		    err, BKT_E_TRUST, "it has no subjectKeyIdentifier");
	return BKT_OK;
}

enum bkt_status bkt_trust_from_pem(
    struct bkt_span pem, bkt_trust **out, struct bkt_err *err)
{
	static const char *const labels[] = { "CERTIFICATE" };
	BKT_AUTO(bkt_trust_free) bkt_trust *t = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf der = { 0 };
	size_t at = 0, n = 0;

	bkt_buf_init(&der, BKT_CERT_MAX);
	BKT_TRY(bkt_ossl_begin(err));
	t = bkt_calloc(1, sizeof(*t));
	if (!t)
		return bkt_fail(err, BKT_E_NOMEM, "out of memory");
	t->store = X509_STORE_new();
	if (!t->store)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot make a store");
	for (;;) {
		enum bkt_status st;

		bkt_buf_clear(&der);
		st = bkt_pem_next(pem, &at, labels, 1, &der, err);
		if (st == BKT_E_NOTFOUND)
			break;
		if (st == BKT_E_LIMIT || n == ANCHORS_MAX)
			return bkt_fail(err, BKT_E_FORMAT,
			    "trust anchors are too long or more than %d",
			    ANCHORS_MAX);
		BKT_TRY(st);
		BKT_TRY(add_anchor(t, bkt_buf_span(&der), err));
		n++;
	}
	if (n == 0)
		return bkt_fail(err, BKT_E_FORMAT, "no certificate in it");
	*out = BKT_STEAL(t);
	return BKT_OK;
}

void bkt_trust_free(bkt_trust *t)
{
	if (!t)
		return;
	X509_STORE_free(t->store);
	bkt_free(t);
}

/* extendedKeyUsage, where there is one, must be for signing documents or mail
 * (RFC 5280 4.2.1.12, RFC 9336); a web server's certificate is not */
static enum bkt_status check_purpose(X509 *x, struct bkt_err *err)
{
	static const char *const good[] = {
		"1.3.6.1.5.5.7.3.4",       /* emailProtection */
		"1.3.6.1.5.5.7.3.36",      /* documentSigning */
		"2.5.29.37.0",             /* anyExtendedKeyUsage */
		"1.3.6.1.4.1.311.10.3.12", /* document signing, before 9336 */
		"1.2.840.113583.1.1.5",    /* authentic documents */
	};
	int crit = -1;
	BKT_AUTO(EXTENDED_KEY_USAGE_free)
	EXTENDED_KEY_USAGE *eku =
	    X509_get_ext_d2i(x, NID_ext_key_usage, &crit, NULL);
	char oid[80];

	if (bkt_ossl_out_of_memory())
		return bkt_fail_ossl(err, BKT_E_NOMEM, "out of memory");
	if (!eku && crit == -1)
		return BKT_OK;
	for (int i = 0; eku && i < sk_ASN1_OBJECT_num(eku); i++) {
		if (OBJ_obj2txt(
			oid, sizeof(oid), sk_ASN1_OBJECT_value(eku, i), 1) <= 0)
			continue;
		for (size_t j = 0; j < sizeof(good) / sizeof(*good); j++)
			if (bkt_span_eq(
				bkt_span_str(oid), bkt_span_str(good[j])))
				return BKT_OK;
	}
	return bkt_fail(err, BKT_E_TRUST,
	    "certificate's extended key usage is not for signing documents");
}

static enum bkt_status check_leaf(const bkt_cert *leaf, struct bkt_err *err)
{
	if (leaf->info.is_ca)
		return bkt_fail(err, BKT_E_TRUST,
		    "certificate of a signer is that of an authority");
	if (!leaf->key.allowed)
		return bkt_fail(err, BKT_E_TRUST,
		    "certificate's key \"%s\" is not allowed", leaf->info.key);
	if (!leaf->info.may_sign)
		return bkt_fail(err, BKT_E_TRUST,
		    "certificate's key usage does not allow signing");
	return check_purpose(leaf->x509, err);
}

static enum bkt_status chain_failed(X509_STORE_CTX *ctx, struct bkt_err *err)
{
	int why = X509_STORE_CTX_get_error(ctx);
	int depth = X509_STORE_CTX_get_error_depth(ctx);

	if (why == X509_V_ERR_OUT_OF_MEM || bkt_ossl_out_of_memory())
		return bkt_fail(err, BKT_E_NOMEM, "out of memory");
	if (why == X509_V_OK || why == X509_V_ERR_UNSPECIFIED ||
	    why == X509_V_ERR_INVALID_CALL || why == X509_V_ERR_STORE_LOOKUP)
		return bkt_fail_ossl(
		    err, BKT_E_CRYPTO, "cannot check a certificate");
	return bkt_fail(err, BKT_E_TRUST, "certificate %d of the chain: %s",
	    depth + 1, X509_verify_cert_error_string(why));
}

enum bkt_status bkt_trust_check(const bkt_trust *t, const bkt_cert *leaf,
    int64_t at_utc_s, struct bkt_err *err)
{
	BKT_AUTO(X509_STORE_CTX_free) X509_STORE_CTX *ctx = NULL;
	X509_VERIFY_PARAM *param;

	BKT_TRY(bkt_ossl_begin(err));
	BKT_TRY(check_leaf(leaf, err));
	ctx = X509_STORE_CTX_new();
	if (!ctx || X509_STORE_CTX_init(ctx, t->store, leaf->x509, NULL) != 1)
		return bkt_fail_ossl(
		    err, BKT_E_CRYPTO, "cannot check a certificate");
	param = X509_STORE_CTX_get0_param(ctx);
	X509_VERIFY_PARAM_set_time(param, (time_t)at_utc_s);
	X509_VERIFY_PARAM_set_depth(param, CHAIN_DEPTH_MAX);
	X509_VERIFY_PARAM_set_auth_level(param, SECURITY_LEVEL);
	if (X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_X509_STRICT) != 1 ||
	    X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_ANY) != 1)
		return bkt_fail_ossl(
		    err, BKT_E_CRYPTO, "cannot check a certificate");
	if (X509_verify_cert(ctx) != 1)
		return chain_failed(ctx, err);
	return BKT_OK;
}
