/* Digests, certificates in their spellings, requests, private keys. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

#include "bukti/crypto.h"
#include "support/der_edit.h"
#include "support/pki.h"

#define AT 1767323045 /* 2026-01-02T03:04:05Z */
#define BUF_MAX (128 * 1024)

static struct pki pki;
static struct pki_member member, other;

static int setup(void **state)
{
	(void)state;
	pki_init(&pki, "spbe.kota-contoh.go.id");
	pki_member_init(&member, &pki, "budi");
	pki_member_init(&other, &pki, "sari");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pki_member_release(&member);
	pki_member_release(&other);
	pki_release(&pki);
	return 0;
}

/* FIPS 180-4 examples */
static const struct {
	const char *text, *sha256, *sha1;
} digests[] = {
	{ "",
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	    "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
	{ "abc",
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	    "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
	    "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
};

static void test_digests(void **state)
{
	bkt_hash *h256, *h1;
	struct bkt_err err;
	struct bkt_sha256 sha;
	uint8_t out[32];
	char hex[65];

	(void)state;
	assert_int_equal(bkt_hash_new(BKT_HASH_SHA256, &h256, &err), BKT_OK);
	assert_int_equal(bkt_hash_new(BKT_HASH_SHA1, &h1, &err), BKT_OK);
	for (size_t i = 0; i < sizeof(digests) / sizeof(*digests); i++) {
		struct bkt_span in = bkt_span_str(digests[i].text);
		size_t half = in.len / 2;

		assert_int_equal(bkt_sha256_of(in, &sha, &err), BKT_OK);
		bkt_hex(sha.b, 32, hex);
		assert_string_equal(hex, digests[i].sha256);
		/* in two pieces, and one handle after the other input */
		assert_int_equal(
		    bkt_hash_update(h256, in.ptr, half, &err), BKT_OK);
		assert_int_equal(
		    bkt_hash_update(h256, in.ptr + half, in.len - half, &err),
		    BKT_OK);
		assert_int_equal(bkt_hash_final(h256, out, &err), BKT_OK);
		assert_memory_equal(out, sha.b, 32);
		assert_int_equal(
		    bkt_hash_update(h1, in.ptr, in.len, &err), BKT_OK);
		assert_int_equal(bkt_hash_final(h1, out, &err), BKT_OK);
		bkt_hex(out, 20, hex);
		assert_string_equal(hex, digests[i].sha1);
	}
	bkt_hash_free(h256);
	bkt_hash_free(h1);
}

static void test_issued(void **state)
{
	const struct bkt_cert_info *ca = bkt_cert_info(bkt_signer_cert(pki.ca));
	const struct bkt_cert_info *m =
	    bkt_cert_info(bkt_signer_cert(member.signer));
	const unsigned char *p = m->der.ptr;
	X509 *x = d2i_X509(NULL, &p, (long)m->der.len);
	const ASN1_INTEGER *serial = X509_get0_serialNumber(x);
	struct bkt_err err;

	(void)state;
	assert_string_equal(m->subject_cn, "budi");
	assert_string_equal(m->subject_org, "spbe.kota-contoh.go.id");
	assert_string_equal(m->issuer_cn, "Test CA");
	assert_string_equal(m->key, "EC P-256");
	assert_int_equal(m->not_before_utc_s, PKI_FROM);
	assert_int_equal(m->not_after_utc_s, PKI_UNTIL);
	assert_false(m->is_ca);
	assert_true(m->may_sign);
	assert_true(ca->is_ca);
	assert_false(ca->may_sign);
	assert_true(bkt_cert_key_allowed(bkt_signer_cert(member.signer)));
	assert_int_equal(
	    X509_get_key_usage(x), KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION);
	assert_int_equal(X509_get_extended_key_usage(x), XKU_SMIME);
	assert_int_equal(X509_get_version(x), X509_VERSION_3);
	assert_non_null(X509_get0_subject_key_id(x));
	assert_non_null(X509_get0_authority_key_id(x));
	assert_int_equal(ASN1_STRING_length(serial), 16);
	assert_int_equal(ASN1_STRING_type(serial), V_ASN1_INTEGER);
	X509_free(x);
	/* the local authority cannot make another one */
	assert_int_equal(bkt_trust_check(pki.trust,
			     bkt_signer_cert(member.signer), AT, &err),
	    BKT_OK);
	assert_int_equal(
	    bkt_trust_check(pki.trust, bkt_signer_cert(pki.ca), AT, &err),
	    BKT_E_TRUST);
}

static void test_validity(void **state)
{
	static const struct {
		const char *why;
		int64_t from, until;
		enum bkt_status want;
	} rows[] = {
		{ "UTCTime to GeneralizedTime", PKI_FROM, 2524608000, BKT_OK },
		{ "the last year there is", PKI_FROM, 253402300799, BKT_OK },
		{ "beyond it", PKI_FROM, 253402300800, BKT_E_USAGE },
		{ "ends when it begins", PKI_FROM, PKI_FROM, BKT_E_USAGE },
		{ "before 1970", -1, PKI_FROM, BKT_E_USAGE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bkt_cert *c = NULL;
		struct bkt_err err;

		if (bkt_ca_issue(pki.ca, bkt_buf_span(&member.csr_der), "x",
			"y", rows[i].from, rows[i].until, &c,
			&err) != rows[i].want)
			fail_msg("%s: %s", rows[i].why, err.msg);
		if (c)
			assert_int_equal(
			    bkt_cert_info(c)->not_after_utc_s, rows[i].until);
		bkt_cert_free(c);
	}
}

enum form { FROM_DER, FROM_PEM, FROM_ANY };

static enum bkt_status load(enum form f, struct bkt_span in)
{
	bkt_cert *c = NULL;
	struct bkt_err err;
	enum bkt_status st;

	st = f == FROM_DER   ? bkt_cert_from_der(in, &c, &err)
	     : f == FROM_PEM ? bkt_cert_from_pem(in, &c, &err)
			     : bkt_cert_from_any(in, &c, &err);
	assert_true((st == BKT_OK) == (c != NULL));
	bkt_cert_free(c);
	return st;
}

static void test_spellings(void **state)
{
	const char *pem = (const char *)member.cert_pem.ptr;
	const char *after_begin = strchr(pem, '\n') + 1;
	struct bkt_span der =
	    bkt_cert_info(bkt_signer_cert(member.signer))->der;
	const struct {
		const char *why, *before, *body, *after;
		enum bkt_status pem, any;
	} rows[] = {
		{ "what we print", "", pem, "", BKT_OK, BKT_OK },
		{ "text in front", "subject=budi\n", pem, "", BKT_E_FORMAT,
		    BKT_OK },
		{ "text behind", "", pem, "x\n", BKT_E_FORMAT, BKT_OK },
		{ "an empty line behind", "", pem, "\n", BKT_E_FORMAT, BKT_OK },
		{ "twice", pem, pem, "", BKT_E_FORMAT, BKT_OK },
		{ "an empty line inside", "-----BEGIN CERTIFICATE-----\n\n",
		    after_begin, "", BKT_E_FORMAT, BKT_OK },
		{ "another label", "-----BEGIN X509 CERTIFICATE-----\n",
		    after_begin, "", BKT_E_FORMAT, BKT_E_FORMAT },
		{ "no end", "", "-----BEGIN CERTIFICATE-----\nAAAA\n", "",
		    BKT_E_FORMAT, BKT_E_FORMAT },
		{ "not base64", "",
		    "-----BEGIN CERTIFICATE-----\n****\n"
		    "-----END CERTIFICATE-----\n",
		    "", BKT_E_FORMAT, BKT_E_FORMAT },
		{ "nothing", "", "", "", BKT_E_FORMAT, BKT_E_FORMAT },
	};
	struct bkt_buf b;

	(void)state;
	bkt_buf_init(&b, BUF_MAX);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bkt_buf_clear(&b);
		bkt_buf_printf(
		    &b, "%s%s%s", rows[i].before, rows[i].body, rows[i].after);
		if (load(FROM_PEM, bkt_buf_span(&b)) != rows[i].pem ||
		    load(FROM_ANY, bkt_buf_span(&b)) != rows[i].any)
			fail_msg("%s", rows[i].why);
	}
	bkt_buf_clear(&b);
	for (const char *p = pem; *p; p++) {
		if (*p == '\n')
			bkt_buf_chr(&b, '\r');
		bkt_buf_chr(&b, *p);
	}
	assert_int_equal(load(FROM_ANY, bkt_buf_span(&b)), BKT_OK);
	assert_int_equal(load(FROM_PEM, bkt_buf_span(&b)), BKT_E_FORMAT);
	assert_int_equal(load(FROM_DER, der), BKT_OK);
	assert_int_equal(load(FROM_ANY, der), BKT_OK);
	assert_int_equal(load(FROM_PEM, der), BKT_E_FORMAT);
	bkt_buf_clear(&b);
	bkt_buf_add(&b, der.ptr, der.len);
	bkt_buf_chr(&b, 0);
	assert_int_equal(load(FROM_DER, bkt_buf_span(&b)), BKT_E_FORMAT);
	assert_int_equal(
	    load(FROM_DER, BKT_SPAN(der.ptr, der.len - 1)), BKT_E_FORMAT);
	bkt_buf_release(&b);
}

static void test_not_der(void **state)
{
	static const struct der_edit edits[] = {
		{ "indefinite length", DER_INDEFINITE, "", "" },
		{ "indefinite length within", DER_INDEFINITE, "0", "" },
		{ "a length not minimal", DER_LONG, "0.5", "" },
		{ "serial number zero", DER_REPLACE, "0.1", "020100" },
		{ "serial number negative", DER_REPLACE, "0.1", "0201ff" },
		{ "serial number of 21 octets", DER_REPLACE, "0.1",
		    "0215010000000000000000000000000000000000000000" },
		{ "a fourth element", DER_INSERT, "3", "0500" },
		{ "no signature", DER_DELETE, "2", "" },
		{ "validity of the 31st of June", DER_REPLACE, "0.4.0",
		    "170d3234303633313030303030305a" },
		{ "validity without seconds", DER_REPLACE, "0.4.0",
		    "170b323430313031303030305a" },
		{ "a key that is none", DER_REPLACE, "0.6", "3000" },
	};
	struct bkt_buf b;

	(void)state;
	bkt_buf_init(&b, BUF_MAX);
	for (size_t i = 0; i < sizeof(edits) / sizeof(*edits); i++) {
		der_edit(bkt_cert_info(bkt_signer_cert(member.signer))->der,
		    &edits[i], &b);
		if (load(FROM_DER, bkt_buf_span(&b)) != BKT_E_FORMAT)
			fail_msg("%s", edits[i].why);
	}
	bkt_buf_release(&b);
}

/* a NUL or a direction mark in a name must not reach a comparison */
static void test_names(void **state)
{
	static const struct {
		const char *why, *hex;
	} rows[] = {
		{ "a NUL inside", "0c056275646900" },
		{ "a bidi override", "0c0762756469e280ae" },
		{ "an escape sequence", "0c061b5b326a6161" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		/* O=..., CN=...: the second name's value */
		struct der_edit e = { rows[i].why, DER_REPLACE, "0.5.1.0.1",
			rows[i].hex };
		struct bkt_buf b;
		bkt_cert *c = NULL;
		struct bkt_err err;

		bkt_buf_init(&b, BUF_MAX);
		der_edit(
		    bkt_cert_info(bkt_signer_cert(member.signer))->der, &e, &b);
		assert_int_equal(
		    bkt_cert_from_der(bkt_buf_span(&b), &c, &err), BKT_OK);
		if (!bkt_text_clean(
			bkt_span_str(bkt_cert_info(c)->subject_cn)) ||
		    !bkt_text_clean(bkt_span_str(bkt_cert_info(c)->subject)) ||
		    strcmp(bkt_cert_info(c)->subject_cn, "budi") == 0)
			fail_msg("%s", rows[i].why);
		bkt_cert_free(c);
		bkt_buf_release(&b);
	}
}

static void test_requests(void **state)
{
	static const struct {
		struct der_edit e;
		enum bkt_status want;
	} rows[] = {
		{ { "as made", DER_NOTHING, "", "" }, BKT_OK },
		{ { "a bit of the name", DER_REPLACE, "0.1.1.0.1",
		      "0c0462756475" },
		    BKT_E_SEAL },
		{ { "version 2", DER_REPLACE, "0.0", "020101" }, BKT_E_FORMAT },
		{ { "indefinite length", DER_INDEFINITE, "", "" },
		    BKT_E_FORMAT },
		{ { "no signature", DER_DELETE, "2", "" }, BKT_E_FORMAT },
		{ { "an empty signature", DER_REPLACE, "2", "030100" },
		    BKT_E_FORMAT },
		{ { "a signature of zeros", DER_REPLACE, "2",
		      "0309003006020100020100" },
		    BKT_E_FORMAT },
		{ { "another's small numbers", DER_REPLACE, "2",
		      "0309003006020101020101" },
		    BKT_E_SEAL },
		{ { "SHA-1", DER_REPLACE, "1", "300906072a8648ce3d0401" },
		    BKT_E_FORMAT },
		{ { "P-384 by name", DER_REPLACE, "0.2.0.1", "06052b81040022" },
		    BKT_E_FORMAT },
		{ { "a byte more", DER_INSERT, "3", "0500" }, BKT_E_FORMAT },
	};
	struct bkt_csr_info info;
	struct bkt_err err;
	struct bkt_buf b;

	(void)state;
	bkt_buf_init(&b, BUF_MAX);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		enum bkt_status st;

		der_edit(bkt_buf_span(&member.csr_der), &rows[i].e, &b);
		st = bkt_csr_check(bkt_buf_span(&b), NULL, &info, &err);
		if (st != rows[i].want)
			fail_msg("%s: %s (%s)", rows[i].e.why,
			    bkt_status_name(st), err.msg);
	}
	assert_string_equal(info.cn, "budi");
	assert_string_equal(info.org, "spbe.kota-contoh.go.id");
	assert_int_equal(bkt_csr_check(bkt_buf_span(&member.csr_der),
			     bkt_signer_cert(member.signer), &info, &err),
	    BKT_OK);
	assert_int_equal(bkt_csr_check(bkt_buf_span(&member.csr_der),
			     bkt_signer_cert(other.signer), &info, &err),
	    BKT_E_TRUST);
	bkt_buf_release(&b);
}

static void test_request_forms(void **state)
{
	const unsigned char *p = member.csr_der.ptr;
	X509_REQ *req = d2i_X509_REQ(NULL, &p, (long)member.csr_der.len);
	BIO *bio = BIO_new(BIO_s_mem());
	struct bkt_buf out;
	struct bkt_err err;
	char *pem;
	long n;

	(void)state;
	bkt_buf_init(&out, BUF_MAX);
	BIO_puts(bio, "Certificate Request:\n");
	PEM_write_bio_X509_REQ_NEW(bio, req);
	n = BIO_get_mem_data(bio, &pem);
	assert_int_equal(
	    bkt_csr_from_any(BKT_SPAN(pem, (size_t)n), &out, &err), BKT_OK);
	assert_true(
	    bkt_span_eq(bkt_buf_span(&out), bkt_buf_span(&member.csr_der)));
	bkt_buf_clear(&out);
	assert_int_equal(
	    bkt_csr_from_any(bkt_buf_span(&member.csr_der), &out, &err),
	    BKT_OK);
	assert_true(
	    bkt_span_eq(bkt_buf_span(&out), bkt_buf_span(&member.csr_der)));
	bkt_buf_clear(&out);
	assert_int_equal(
	    bkt_csr_from_any(bkt_buf_span(&member.cert_pem), &out, &err),
	    BKT_E_FORMAT);
	assert_int_equal(out.len, 0);
	X509_REQ_free(req);
	BIO_free(bio);
	bkt_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_digests),
		cmocka_unit_test(test_issued),
		cmocka_unit_test(test_validity),
		cmocka_unit_test(test_spellings),
		cmocka_unit_test(test_not_der),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_request_forms),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
