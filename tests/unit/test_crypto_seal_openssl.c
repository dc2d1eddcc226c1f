/* Seals by us and by OpenSSL, each checked by the other. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/cms.h>
#include <openssl/pem.h>

#include "bukti/crypto.h"
#include "support/der_edit.h"
#include "support/pki.h"

#define AT 1767323045 /* 2026-01-02T03:04:05Z */
#define BUF_MAX (64 * 1024)

static struct pki pki;
static struct pki_member member, other;
static struct bkt_buf good;
static struct bkt_sha256 content_sha;
static const char content[] = "{\n  \"v\": 1\n}\n";

static struct bkt_span content_span(void)
{
	return bkt_span_str(content);
}

static int setup(void **state)
{
	struct bkt_err err;

	(void)state;
	pki_init(&pki, "spbe.kota-contoh.go.id");
	pki_member_init(&member, &pki, "budi");
	pki_member_init(&other, &pki, "sari");
	bkt_buf_init(&good, BUF_MAX);
	pki_seal(&member, content_span(), AT, &good);
	return bkt_sha256_of(content_span(), &content_sha, &err) == BKT_OK ? 0
									   : -1;
}

static int teardown(void **state)
{
	(void)state;
	bkt_buf_release(&good);
	pki_member_release(&member);
	pki_member_release(&other);
	pki_release(&pki);
	return 0;
}

#define SI "1.0.4.0" /* SignerInfo */

static enum bkt_status full_check(struct bkt_span seal)
{
	struct bkt_err err;
	struct bkt_seal s;
	enum bkt_status st = bkt_seal_parse(seal, &s, &err);

	if (st == BKT_OK)
		st = bkt_seal_verify(
		    &s, &content_sha, bkt_signer_cert(member.signer), &err);
	return st;
}

static EVP_PKEY *key_of(const struct pki_member *m)
{
	BIO *bio = BIO_new_mem_buf(m->key_pem.ptr, (int)m->key_pem.len);
	EVP_PKEY *k = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);

	BIO_free(bio);
	assert_non_null(k);
	return k;
}

/* ---- made by OpenSSL, checked by OpenSSL -------------------------------- */

static X509 *x509_of(const bkt_cert *c)
{
	const unsigned char *p = bkt_cert_info(c)->der.ptr;
	X509 *x = d2i_X509(NULL, &p, (long)bkt_cert_info(c)->der.len);

	assert_non_null(x);
	return x;
}

/* 1: CMS_verify says yes; the profile is not its business */
static int openssl_verifies(struct bkt_span seal, struct bkt_span text)
{
	const unsigned char *p = seal.ptr;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)seal.len);
	BIO *in = BIO_new_mem_buf(text.ptr, (int)text.len);
	X509_STORE *store = X509_STORE_new();
	X509 *ca = x509_of(bkt_signer_cert(pki.ca));
	X509_VERIFY_PARAM *param = X509_STORE_get0_param(store);
	int rc;

	assert_non_null(cms);
	X509_STORE_add_cert(store, ca);
	X509_VERIFY_PARAM_set_time(param, AT);
	rc = CMS_verify(cms, NULL, store, in, NULL, CMS_BINARY | CMS_CADES);
	X509_free(ca);
	X509_STORE_free(store);
	BIO_free(in);
	CMS_ContentInfo_free(cms);
	return rc;
}

struct variant {
	const char *why;
	unsigned int flags;
	const char *digest;
	enum bkt_status want;
	bool unsigned_attr, second_signer;
};

#define CMS_GOOD (CMS_CADES | CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP)

static const struct variant variants[] = {
	{ .why = "CMS_sign with the right flags makes the profile",
	    .flags = CMS_GOOD,
	    .digest = "SHA256",
	    .want = BKT_OK },
	{ .why = "with S/MIME capabilities",
	    .flags = CMS_GOOD & ~(unsigned)CMS_NOSMIMECAP,
	    .digest = "SHA256",
	    .want = BKT_E_FORMAT },
	{ .why = "without signing-certificate attribute (not CAdES)",
	    .flags = CMS_GOOD & ~(unsigned)CMS_CADES,
	    .digest = "SHA256",
	    .want = BKT_E_FORMAT },
	{ .why = "without signed attributes",
	    .flags = (CMS_GOOD & ~(unsigned)CMS_CADES) | CMS_NOATTR,
	    .digest = "SHA256",
	    .want = BKT_E_FORMAT },
	{ .why = "attached",
	    .flags = CMS_GOOD & ~(unsigned)CMS_DETACHED,
	    .digest = "SHA256",
	    .want = BKT_E_FORMAT },
	{ .why = "signer by key identifier",
	    .flags = CMS_GOOD | CMS_USE_KEYID,
	    .digest = "SHA256",
	    .want = BKT_E_FORMAT },
	{ .why = "without certificate",
	    .flags = CMS_GOOD | CMS_NOCERTS,
	    .digest = "SHA256",
	    .want = BKT_E_FORMAT },
	{ .why = "SHA-1",
	    .flags = CMS_GOOD,
	    .digest = "SHA1",
	    .want = BKT_E_FORMAT },
	{ .why = "SHA-512",
	    .flags = CMS_GOOD,
	    .digest = "SHA512",
	    .want = BKT_E_FORMAT },
	{ .why = "with an unsigned attribute",
	    .flags = CMS_GOOD,
	    .digest = "SHA256",
	    .want = BKT_E_FORMAT,
	    .unsigned_attr = true },
	{ .why = "with two signers",
	    .flags = CMS_GOOD,
	    .digest = "SHA256",
	    .want = BKT_E_FORMAT,
	    .second_signer = true },
};

static CMS_ContentInfo *cms_make(
    const struct variant *v, const struct pki_member *m, struct bkt_span text)
{
	EVP_PKEY *key = key_of(m);
	X509 *x = x509_of(bkt_signer_cert(m->signer));
	BIO *in = BIO_new_mem_buf(text.ptr, (int)text.len);
	CMS_ContentInfo *cms =
	    CMS_sign(NULL, NULL, NULL, NULL, v->flags | CMS_PARTIAL);
	const EVP_MD *md = EVP_get_digestbyname(v->digest);
	CMS_SignerInfo *si;

	assert_non_null(cms);
	si = CMS_add1_signer(cms, x, key, md, v->flags);
	assert_non_null(si);
	if (v->unsigned_attr)
		assert_int_equal(
		    CMS_unsigned_add1_attr_by_NID(si,
			NID_pkcs9_unstructuredName, V_ASN1_UTF8STRING, "x", 1),
		    1);
	if (v->second_signer)
		assert_non_null(CMS_add1_signer(
		    cms, x, key, EVP_sha512(), v->flags | CMS_NOCERTS));
	if (v->flags & CMS_NOCERTS)
		assert_true(CMS_get1_certs(cms) == NULL);
	assert_int_equal(CMS_final(cms, in, NULL, v->flags), 1);
	BIO_free(in);
	X509_free(x);
	EVP_PKEY_free(key);
	return cms;
}

static void test_by_openssl(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(variants) / sizeof(*variants); i++) {
		const struct variant *v = &variants[i];
		CMS_ContentInfo *cms = cms_make(v, &member, content_span());
		unsigned char *der = NULL;
		int n = i2d_CMS_ContentInfo(cms, &der);
		enum bkt_status st;

		assert_true(n > 0);
		st = full_check(BKT_SPAN(der, (size_t)n));
		if (st != v->want) {
			print_error("%s: %s\n", v->why, bkt_status_name(st));
			wrong++;
		}
		OPENSSL_free(der);
		CMS_ContentInfo_free(cms);
	}
	assert_int_equal(wrong, 0);
}

/* the hole in the stock check that makes the container ours to judge */
static void test_stock_accepts_more(void **state)
{
	struct bkt_buf b;
	struct bkt_err err;
	struct bkt_seal s;
	static const char extra[] = "hidden";

	(void)state;
	bkt_buf_init(&b, BUF_MAX);
	bkt_buf_add(&b, good.ptr, good.len);
	bkt_buf_add(&b, extra, sizeof(extra));
	assert_int_equal(openssl_verifies(bkt_buf_span(&b), content_span()), 1);
	assert_int_equal(
	    bkt_seal_parse(bkt_buf_span(&b), &s, &err), BKT_E_FORMAT);
	bkt_buf_release(&b);
}

struct when {
	const char *why;
	int64_t at;
	enum bkt_status want;
	bool general;
};

static const struct when whens[] = {
	{ "the first second", 0, BKT_OK, false },
	{ "a day in use", AT, BKT_OK, false },
	{ "the last second of UTCTime", 2524607999, BKT_OK, false },
	{ "the first second of GeneralizedTime", 2524608000, BKT_OK, true },
	{ "the last second of the year 9999", 253402300799, BKT_OK, true },
	{ "after the year 9999", 253402300800, BKT_E_USAGE, false },
	{ "before 1970", -1, BKT_E_USAGE, false },
};

static void test_times(void **state)
{
	struct bkt_buf b;
	struct bkt_err err;
	struct bkt_seal s;

	(void)state;
	bkt_buf_init(&b, BUF_MAX);
	for (size_t i = 0; i < sizeof(whens) / sizeof(*whens); i++) {
		const struct when *w = &whens[i];

		bkt_buf_clear(&b);
		if (bkt_seal_make(member.signer, &content_sha, w->at, &b,
			&err) != w->want)
			fail_msg("%s", w->why);
		if (w->want != BKT_OK)
			continue;
		if (bkt_seal_parse(bkt_buf_span(&b), &s, &err) != BKT_OK ||
		    s.signing_time_utc_s != w->at ||
		    openssl_verifies(bkt_buf_span(&b), content_span()) != 1)
			fail_msg("%s: %s", w->why, err.msg);
		/* contentType is 26 octets; then SEQUENCE, its length */
		assert_int_equal(
		    s.signed_attrs.ptr[27], w->general ? 0x1e : 0x1c);
	}
	bkt_buf_release(&b);
}

/* ---- RSA ---------------------------------------------------------------- */

static void rsa_member(struct pki_member *m, unsigned int bits)
{
	EVP_PKEY *k = EVP_RSA_gen(bits);
	BIO *bio = BIO_new(BIO_s_mem());
	struct bkt_err err;
	bkt_cert *c = NULL;
	char *p;
	long n;

	memset(m, 0, sizeof(*m));
	bkt_buf_init(&m->key_pem, BUF_MAX);
	bkt_buf_init(&m->csr_der, BUF_MAX);
	bkt_buf_init(&m->cert_pem, BUF_MAX);
	PEM_write_bio_PrivateKey_traditional(bio, k, NULL, NULL, 0, NULL, NULL);
	n = BIO_get_mem_data(bio, &p);
	bkt_buf_add(&m->key_pem, p, (size_t)n);
	BIO_free(bio);
	EVP_PKEY_free(k);
	assert_int_equal(bkt_signer_load(bkt_buf_span(&m->key_pem),
			     BKT_SPAN(NULL, 0), NULL, NULL, &m->signer, &err),
	    BKT_OK);
	assert_int_equal(
	    bkt_csr_make(m->signer, "rsa", "o", &m->csr_der, &err), BKT_OK);
	assert_int_equal(bkt_ca_issue(pki.ca, bkt_buf_span(&m->csr_der), "rsa",
			     "o", PKI_FROM, PKI_UNTIL, &c, &err),
	    BKT_OK);
	assert_int_equal(bkt_signer_set_cert(m->signer, c, &err), BKT_OK);
	bkt_cert_free(c);
}

static void test_rsa(void **state)
{
	static const struct der_edit edit[] = {
		{ "sha256WithRSAEncryption in place of rsaEncryption",
		    DER_REPLACE, SI ".4", "300d06092a864886f70d01010b0500" },
		{ "rsaEncryption without NULL", DER_REPLACE, SI ".4",
		    "300b06092a864886f70d010101" },
		{ "RSASSA-PSS", DER_REPLACE, SI ".4",
		    "300d06092a864886f70d01010a3000" },
		{ "ECDSA for an RSA key", DER_REPLACE, SI ".4",
		    "300a06082a8648ce3d040302" },
		{ "a short signature", DER_REPLACE, SI ".5", "04020101" },
	};
	struct pki_member m;
	struct bkt_buf b, bad;
	struct bkt_err err;
	struct bkt_seal s;
	const bkt_cert *c;
	uint8_t sig[256];

	(void)state;
	bkt_buf_init(&b, BUF_MAX);
	bkt_buf_init(&bad, BUF_MAX);
	rsa_member(&m, 2048);
	c = bkt_signer_cert(m.signer);
	assert_string_equal(bkt_cert_info(c)->key, "RSA 2048");
	pki_seal(&m, content_span(), AT, &b);
	assert_int_equal(bkt_seal_parse(bkt_buf_span(&b), &s, &err), BKT_OK);
	assert_true(s.rsa);
	assert_int_equal(bkt_seal_verify(&s, &content_sha, c, &err), BKT_OK);
	assert_int_equal(openssl_verifies(bkt_buf_span(&b), content_span()), 1);
	for (size_t i = 0; i < sizeof(edit) / sizeof(*edit); i++) {
		der_edit(bkt_buf_span(&b), &edit[i], &bad);
		if (bkt_seal_parse(bkt_buf_span(&bad), &s, &err) !=
		    BKT_E_FORMAT)
			fail_msg("%s", edit[i].why);
	}
	assert_int_equal(bkt_seal_parse(bkt_buf_span(&b), &s, &err), BKT_OK);
	memcpy(sig, s.signature.ptr, sizeof(sig));
	s.signature = BKT_SPAN(sig, sizeof(sig));
	sig[255] ^= 1;
	assert_int_equal(
	    bkt_seal_verify(&s, &content_sha, c, &err), BKT_E_SEAL);
	memset(sig, 0xff, sizeof(sig));
	assert_int_equal(
	    bkt_seal_verify(&s, &content_sha, c, &err), BKT_E_FORMAT);
	memset(sig, 0, sizeof(sig));
	assert_int_equal(
	    bkt_seal_verify(&s, &content_sha, c, &err), BKT_E_SEAL);
	pki_member_release(&m);
	bkt_buf_release(&b);
	bkt_buf_release(&bad);
}

static void test_rsa_by_openssl(void **state)
{
	struct pki_member m;
	CMS_ContentInfo *cms;
	unsigned char *der = NULL;
	struct bkt_err err;
	struct bkt_seal s;
	int n;

	(void)state;
	rsa_member(&m, 3072);
	cms = cms_make(&variants[0], &m, content_span());
	n = i2d_CMS_ContentInfo(cms, &der);
	assert_true(n > 0);
	assert_int_equal(
	    bkt_seal_parse(BKT_SPAN(der, (size_t)n), &s, &err), BKT_OK);
	assert_int_equal(
	    bkt_seal_verify(&s, &content_sha, bkt_signer_cert(m.signer), &err),
	    BKT_OK);
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	pki_member_release(&m);
}

/* ---- threads ------------------------------------------------------------ */

static enum bkt_status one_of_many(
    void *ctx, size_t item, unsigned worker, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;
	struct bkt_seal s;

	(void)ctx;
	(void)worker;
	bkt_buf_init(&b, BUF_MAX);
	BKT_TRY(bkt_seal_make(
	    member.signer, &content_sha, AT + (int64_t)item, &b, err));
	BKT_TRY(bkt_seal_parse(bkt_buf_span(&b), &s, err));
	BKT_TRY(bkt_seal_verify(
	    &s, &content_sha, bkt_signer_cert(member.signer), err));
	return bkt_trust_check(
	    pki.trust, bkt_signer_cert(member.signer), AT, err);
}

static void test_threads(void **state)
{
	struct bkt_err err;

	(void)state;
	assert_int_equal(bkt_parallel(4, 200, one_of_many, NULL, &err), BKT_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_openssl),
		cmocka_unit_test(test_stock_accepts_more),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_rsa),
		cmocka_unit_test(test_rsa_by_openssl),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
