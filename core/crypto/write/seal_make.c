#include <stdio.h>
#include <string.h>

#include "../profile.h"
#include "../seal.h"
#include "signer.h"

#define TIME_END 253402300800 /* 10000-01-01T00:00:00Z */

static size_t header_len(size_t n_body)
{
	return n_body < 0x80 ? 2 : n_body < 0x100 ? 3 : 4;
}

static size_t whole_len(size_t n_body)
{
	return header_len(n_body) + n_body;
}

/* BKT_SEAL_MAX and BKT_CERT_MAX keep every length in two octets */
static void put_header(struct bkt_buf *b, uint8_t tag, size_t n_body)
{
	uint8_t h[4] = { tag };

	if (n_body < 0x80) {
		h[1] = (uint8_t)n_body;
	} else if (n_body < 0x100) {
		h[1] = 0x81;
		h[2] = (uint8_t)n_body;
	} else {
		h[1] = 0x82;
		h[2] = (uint8_t)(n_body >> 8);
		h[3] = (uint8_t)n_body;
	}
	bkt_buf_add(b, h, header_len(n_body));
}

static void put_span(struct bkt_buf *b, struct bkt_span s)
{
	bkt_buf_add(b, s.ptr, s.len);
}

static void put_before_signer(bkt_signer *s)
{
	struct bkt_buf *b = &s->before_signer;
	struct bkt_span der = s->cert->info.der;

	bkt_buf_add(b, BKT_OCTETS(BKT_INTEGER_1));
	put_header(b, BKT_DER_SET, sizeof(BKT_ALG_SHA256) - 1);
	bkt_buf_add(b, BKT_OCTETS(BKT_ALG_SHA256));
	put_header(b, BKT_DER_SEQUENCE, sizeof(BKT_OID_DATA) - 1);
	bkt_buf_add(b, BKT_OCTETS(BKT_OID_DATA));
	put_header(b, BKT_DER_CONTEXT_0, der.len);
	put_span(b, der);
}

static void put_signer_head(bkt_signer *s)
{
	const struct bkt_der_cert *c = &s->cert->pieces;
	struct bkt_buf *b = &s->signer_head;

	bkt_buf_add(b, BKT_OCTETS(BKT_INTEGER_1));
	put_header(b, BKT_DER_SEQUENCE, c->issuer.len + c->serial.len);
	put_span(b, c->issuer);
	put_span(b, c->serial);
	bkt_buf_add(b, BKT_OCTETS(BKT_ALG_SHA256));
}

/* RFC 5035 4, as OpenSSL makes it: with issuerSerial */
static void put_ess(bkt_signer *s)
{
	const struct bkt_der_cert *c = &s->cert->pieces;
	const struct bkt_sha256 *sha = &s->cert->info.sha256;
	struct bkt_buf *b = &s->ess;
	size_t names = whole_len(c->issuer.len);
	size_t issuer_serial = whole_len(names) + c->serial.len;
	size_t id = 2 + sizeof(sha->b) + whole_len(issuer_serial);
	size_t certs = whole_len(id);
	size_t v2 = whole_len(certs);
	size_t set = whole_len(v2);

	put_header(b, BKT_DER_SEQUENCE,
	    sizeof(BKT_OID_SIGNING_CERTIFICATE_V2) - 1 + whole_len(set));
	bkt_buf_add(b, BKT_OCTETS(BKT_OID_SIGNING_CERTIFICATE_V2));
	put_header(b, BKT_DER_SET, set);
	put_header(b, BKT_DER_SEQUENCE, v2);
	put_header(b, BKT_DER_SEQUENCE, certs);
	put_header(b, BKT_DER_SEQUENCE, id);
	put_header(b, BKT_DER_OCTETS, sizeof(sha->b));
	bkt_buf_add(b, sha->b, sizeof(sha->b));
	put_header(b, BKT_DER_SEQUENCE, issuer_serial);
	put_header(b, BKT_DER_SEQUENCE, names);
	put_header(b, BKT_DER_CONTEXT_4, c->issuer.len);
	put_span(b, c->issuer);
	put_span(b, c->serial);
}

enum bkt_status bkt_signer_template(bkt_signer *s, struct bkt_err *err)
{
	bkt_buf_clear(&s->before_signer);
	bkt_buf_clear(&s->signer_head);
	bkt_buf_clear(&s->ess);
	put_before_signer(s);
	put_signer_head(s);
	put_ess(s);
	BKT_TRY(bkt_buf_check(&s->before_signer, err));
	BKT_TRY(bkt_buf_check(&s->signer_head, err));
	return bkt_buf_check(&s->ess, err);
}

static void put_attribute_head(
    struct bkt_buf *b, const void *oid, size_t n_oid, size_t n_value)
{
	put_header(b, BKT_DER_SEQUENCE, n_oid + whole_len(n_value));
	bkt_buf_add(b, oid, n_oid);
	put_header(b, BKT_DER_SET, n_value);
}

/* RFC 5652 11.3: UTCTime to 2049, GeneralizedTime from 2050 */
static void put_time(struct bkt_buf *b, int64_t utc_s)
{
	char iso[BKT_TIME_LEN + 1], digits[BKT_TIME_LEN + 1];
	size_t n = 0;
	bool general;

	bkt_time_format(utc_s, iso);
	for (const char *p = iso; *p; p++)
		if ((*p >= '0' && *p <= '9') || *p == 'Z')
			digits[n++] = *p;
	BKT_ASSERT(n == 15);
	general = memcmp(digits, "2050", 4) >= 0;
	put_attribute_head(
	    b, BKT_OCTETS(BKT_OID_SIGNING_TIME), general ? 2 + 15 : 2 + 13);
	put_header(b, general ? BKT_DER_GENERALIZED_TIME : BKT_DER_UTC_TIME,
	    general ? 15 : 13);
	bkt_buf_add(b, general ? digits : digits + 2, general ? 15 : 13);
}

static void put_attributes(struct bkt_buf *b, const bkt_signer *s,
    const struct bkt_sha256 *content, int64_t utc_s)
{
	put_attribute_head(
	    b, BKT_OCTETS(BKT_OID_CONTENT_TYPE), sizeof(BKT_OID_DATA) - 1);
	bkt_buf_add(b, BKT_OCTETS(BKT_OID_DATA));
	put_time(b, utc_s);
	put_attribute_head(
	    b, BKT_OCTETS(BKT_OID_MESSAGE_DIGEST), 2 + sizeof(content->b));
	put_header(b, BKT_DER_OCTETS, sizeof(content->b));
	bkt_buf_add(b, content->b, sizeof(content->b));
	put_span(b, bkt_buf_span(&s->ess));
}

static enum bkt_status sign(const bkt_signer *s, struct bkt_span attrs,
    uint8_t *sig, size_t *n_sig, struct bkt_err *err)
{
	BKT_AUTO(EVP_PKEY_CTX_free) EVP_PKEY_CTX *ctx = NULL;
	uint8_t digest[BKT_SHA256_LEN];

	BKT_TRY(bkt_seal_digest(attrs, digest, err));
	ctx = EVP_PKEY_CTX_dup(s->signing);
	if (!ctx || EVP_PKEY_sign(ctx, sig, n_sig, digest, sizeof(digest)) != 1)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot sign");
	return BKT_OK;
}

static void put_seal(struct bkt_buf *b, const bkt_signer *s,
    struct bkt_span attrs, struct bkt_span sig)
{
	size_t n_alg =
	    s->rsa ? sizeof(BKT_ALG_RSA) - 1 : sizeof(BKT_ALG_ECDSA_SHA256) - 1;
	size_t signer = s->signer_head.len + whole_len(attrs.len) + n_alg +
			whole_len(sig.len);
	size_t signers = whole_len(signer);
	size_t data = s->before_signer.len + whole_len(signers);
	size_t info = whole_len(data);

	put_header(b, BKT_DER_SEQUENCE,
	    sizeof(BKT_OID_SIGNED_DATA) - 1 + whole_len(info));
	bkt_buf_add(b, BKT_OCTETS(BKT_OID_SIGNED_DATA));
	put_header(b, BKT_DER_CONTEXT_0, info);
	put_header(b, BKT_DER_SEQUENCE, data);
	put_span(b, bkt_buf_span(&s->before_signer));
	put_header(b, BKT_DER_SET, signers);
	put_header(b, BKT_DER_SEQUENCE, signer);
	put_span(b, bkt_buf_span(&s->signer_head));
	put_header(b, BKT_DER_CONTEXT_0, attrs.len);
	put_span(b, attrs);
	bkt_buf_add(b, s->rsa ? BKT_ALG_RSA : BKT_ALG_ECDSA_SHA256, n_alg);
	put_header(b, BKT_DER_OCTETS, sig.len);
	put_span(b, sig);
}

enum bkt_status bkt_seal_make(const bkt_signer *s,
    const struct bkt_sha256 *content, int64_t signing_time_utc_s,
    struct bkt_buf *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf attrs = { 0 };
	uint8_t sig[1024];
	size_t n_sig = sizeof(sig);

	bkt_buf_init(&attrs, BKT_SEAL_MAX);
	if (!s->cert)
		return bkt_fail(
		    err, BKT_E_USAGE, "signer has no certificate yet");
	if (signing_time_utc_s < 0 || signing_time_utc_s >= TIME_END)
		return bkt_fail(err, BKT_E_USAGE,
		    "signing time is not in the years 1970 to 9999");
	BKT_TRY(bkt_ossl_begin(err));
	put_attributes(&attrs, s, content, signing_time_utc_s);
	BKT_TRY(bkt_buf_check(&attrs, err));
	BKT_TRY(sign(s, bkt_buf_span(&attrs), sig, &n_sig, err));
	put_seal(out, s, bkt_buf_span(&attrs), BKT_SPAN(sig, n_sig));
	return bkt_buf_check(out, err);
}
