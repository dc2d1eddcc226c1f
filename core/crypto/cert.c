#include "cert.h"

#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/objects.h>

static enum bkt_status take_text(
    struct bkt_span utf8, char **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf text = { 0 };

	bkt_buf_init(&text, 4 * BKT_CERT_MAX);
	bkt_text_escape(&text, utf8);
	BKT_TRY(bkt_buf_check(&text, err));
	*out = bkt_strdup(text.ptr ? (const char *)text.ptr : "");
	if (!*out)
		return bkt_fail(err, BKT_E_NOMEM, "out of memory");
	return BKT_OK;
}

enum bkt_status bkt_name_text(
    const X509_NAME *name, int nid, char **out, struct bkt_err *err)
{
	int i = X509_NAME_get_index_by_NID(name, nid, -1);
	const ASN1_STRING *s;
	unsigned char *utf8 = NULL;
	enum bkt_status st;
	int n;

	if (i < 0)
		return take_text(BKT_SPAN("", 0), out, err);
	s = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i));
	n = ASN1_STRING_to_UTF8(&utf8, s);
	if (n < 0)
		return bkt_fail_ossl(err, BKT_E_FORMAT, "name is not text");
	st = take_text(BKT_SPAN(utf8, (size_t)n), out, err);
	OPENSSL_free(utf8);
	return st;
}

static enum bkt_status name_line(
    const X509_NAME *name, char **out, struct bkt_err *err)
{
	BKT_AUTO(BIO_free_all) BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long n;

	if (!bio ||
	    X509_NAME_print_ex(bio, name, 0,
		XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) < 0)
		return bkt_fail_ossl(err, BKT_E_FORMAT, "name is not text");
	n = BIO_get_mem_data(bio, &text);
	if (n < 0 || bkt_ossl_out_of_memory())
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot print a name");
	return take_text(BKT_SPAN(text, (size_t)n), out, err);
}

static enum bkt_status read_validity(bkt_cert *c, struct bkt_err *err)
{
	struct bkt_span in = c->pieces.validity;

	if (!bkt_der_time(&in, &c->info.not_before_utc_s) ||
	    !bkt_der_time(&in, &c->info.not_after_utc_s) || in.len != 0)
		return bkt_fail(
		    err, BKT_E_FORMAT, "certificate has a bad validity date");
	return BKT_OK;
}

static void name_key(bkt_cert *c)
{
	EVP_PKEY *k = c->key.pkey;
	char group[32];

	if (!k)
		snprintf(c->key_name, sizeof(c->key_name), "unknown");
	else if (EVP_PKEY_is_a(k, "RSA"))
		snprintf(c->key_name, sizeof(c->key_name), "RSA %d",
		    EVP_PKEY_get_bits(k));
	else if (c->key.allowed)
		snprintf(c->key_name, sizeof(c->key_name), "EC P-256");
	else if (EVP_PKEY_get_group_name(k, group, sizeof(group), NULL) == 1)
		snprintf(c->key_name, sizeof(c->key_name), "EC %s", group);
	else
		snprintf(c->key_name, sizeof(c->key_name), "%s",
		    EVP_PKEY_get0_type_name(k) ? EVP_PKEY_get0_type_name(k)
					       : "unknown");
	c->info.key = c->key_name;
}

static enum bkt_status read_names(bkt_cert *c, struct bkt_err *err)
{
	const X509_NAME *subject = X509_get_subject_name(c->x509);

	BKT_TRY(bkt_name_text(subject, NID_commonName, &c->subject_cn, err));
	BKT_TRY(
	    bkt_name_text(subject, NID_organizationName, &c->subject_org, err));
	BKT_TRY(bkt_name_text(
	    X509_get_issuer_name(c->x509), NID_commonName, &c->issuer_cn, err));
	BKT_TRY(name_line(subject, &c->subject, err));
	c->info.subject_cn = c->subject_cn;
	c->info.subject_org = c->subject_org;
	c->info.issuer_cn = c->issuer_cn;
	c->info.subject = c->subject;
	return BKT_OK;
}

/* X509_check_ca makes OpenSSL fill its cache, so that later use only reads */
static enum bkt_status read_extensions(bkt_cert *c, struct bkt_err *err)
{
	uint32_t usage;

	c->info.is_ca = X509_check_ca(c->x509) != 0;
	usage = X509_get_key_usage(c->x509);
	if (bkt_ossl_out_of_memory())
		return bkt_fail_ossl(err, BKT_E_NOMEM, "out of memory");
	if ((X509_get_extension_flags(c->x509) & EXFLAG_INVALID) != 0)
		return bkt_fail_ossl(
		    err, BKT_E_FORMAT, "certificate has bad extensions");
	c->info.may_sign =
	    usage == UINT32_MAX ||
	    (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
	return BKT_OK;
}

static enum bkt_status read_key(bkt_cert *c, struct bkt_err *err)
{
	EVP_PKEY *k = X509_get0_pubkey(c->x509);

	/* without memory an unknown kind of key and a known one look alike */
	if (!k && bkt_ossl_out_of_memory())
		return bkt_fail_ossl(err, BKT_E_NOMEM, "out of memory");
	ERR_clear_error();
	BKT_TRY(bkt_key_set(&c->key, k, c->pieces.spki, err));
	name_key(c);
	return BKT_OK;
}

static enum bkt_status read_x509(bkt_cert *c, struct bkt_err *err)
{
	const unsigned char *p = c->der;

	c->x509 = d2i_X509(NULL, &p, (long)c->info.der.len);
	if (!c->x509)
		return bkt_fail_ossl(
		    err, BKT_E_FORMAT, "not an X.509 certificate");
	if (p != c->der + c->info.der.len)
		return bkt_fail(
		    err, BKT_E_FORMAT, "certificate has bytes after its end");
	BKT_TRY(read_names(c, err));
	BKT_TRY(read_validity(c, err));
	BKT_TRY(read_extensions(c, err));
	return read_key(c, err);
}

enum bkt_status bkt_cert_from_der(
    struct bkt_span der, bkt_cert **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_cert_free) bkt_cert *c = NULL;

	if (der.len == 0 || der.len > BKT_CERT_MAX)
		return bkt_fail(err, BKT_E_FORMAT,
		    "certificate is %zu bytes, want 1 to %d", der.len,
		    BKT_CERT_MAX);
	if (!bkt_der_valid(der))
		return bkt_fail(err, BKT_E_FORMAT,
		    "certificate is not DER, or not one element");
	BKT_TRY(bkt_ossl_begin(err));
	c = bkt_calloc(1, sizeof(*c));
	if (!c)
		return bkt_fail(err, BKT_E_NOMEM, "out of memory");
	c->der = bkt_malloc(der.len);
	if (!c->der)
		return bkt_fail(err, BKT_E_NOMEM, "out of memory");
	memcpy(c->der, der.ptr, der.len);
	c->info.der = BKT_SPAN(c->der, der.len);
	if (!bkt_der_cert_pieces(c->info.der, &c->pieces))
		return bkt_fail(err, BKT_E_FORMAT,
		    "certificate has a bad serial number or structure");
	BKT_TRY(read_x509(c, err));
	BKT_TRY(bkt_ossl_digest(
	    bkt_ossl_algs()->sha256, &c->info.der, 1, c->info.sha256.b, err));
	BKT_TRY(bkt_ossl_digest(
	    bkt_ossl_algs()->sha256, &c->pieces.spki, 1, c->info.spki.b, err));
	*out = BKT_STEAL(c);
	return BKT_OK;
}

enum bkt_status bkt_cert_from_any(
    struct bkt_span bytes, bkt_cert **out, struct bkt_err *err)
{
	static const char *const labels[] = { "CERTIFICATE" };
	BKT_AUTO(bkt_buf_release) struct bkt_buf der = { 0 };
	enum bkt_status st;
	size_t at = 0;

	bkt_buf_init(&der, BKT_CERT_MAX);
	if (bkt_looks_like_der(bytes))
		return bkt_cert_from_der(bytes, out, err);
	st = bkt_pem_next(bytes, &at, labels, 1, &der, err);
	if (st == BKT_E_NOTFOUND)
		return bkt_fail(err, BKT_E_FORMAT, "no certificate in it");
	if (st == BKT_E_LIMIT)
		return bkt_fail(err, BKT_E_FORMAT, "certificate is too long");
	BKT_TRY(st);
	return bkt_cert_from_der(bkt_buf_span(&der), out, err);
}

enum bkt_status bkt_cert_from_pem(
    struct bkt_span pem, bkt_cert **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_cert_free) bkt_cert *c = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf again = { 0 };

	bkt_buf_init(&again, 2 * BKT_CERT_MAX);
	if (bkt_looks_like_der(pem))
		return bkt_fail(err, BKT_E_FORMAT, "certificate is not PEM");
	BKT_TRY(bkt_cert_from_any(pem, &c, err));
	BKT_TRY(bkt_cert_to_pem(c, &again, err));
	if (!bkt_span_eq(pem, bkt_buf_span(&again)))
		return bkt_fail(err, BKT_E_FORMAT,
		    "certificate is not one PEM block of 64 columns");
	*out = BKT_STEAL(c);
	return BKT_OK;
}

void bkt_cert_free(bkt_cert *c)
{
	if (!c)
		return;
	bkt_key_release(&c->key);
	X509_free(c->x509);
	bkt_free(c->subject_cn);
	bkt_free(c->subject_org);
	bkt_free(c->issuer_cn);
	bkt_free(c->subject);
	bkt_free(c->der);
	bkt_free(c);
}

const struct bkt_cert_info *bkt_cert_info(const bkt_cert *c)
{
	return &c->info;
}

enum bkt_status bkt_cert_to_pem(
    const bkt_cert *c, struct bkt_buf *out, struct bkt_err *err)
{
	bkt_pem_print("CERTIFICATE", c->info.der, out);
	return bkt_buf_check(out, err);
}

bool bkt_cert_key_allowed(const bkt_cert *c)
{
	return c->key.allowed;
}
