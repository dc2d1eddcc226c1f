/* bkt_seal_parse and bkt_seal_verify: one shape is good, its look-alikes are
 * not.  */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
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

/* ---- the table of look-alikes ------------------------------------------ */

#define SD "1.0" /* SignedData */
#define SI SD ".4.0"
#define AT_ATTR(n) SI ".3." #n

static const struct der_edit edits[] = {
	/* lengths */
	{ "the outermost length is indefinite (BER)", DER_INDEFINITE, "", "" },
	{ "SignedData has an indefinite length", DER_INDEFINITE, SD, "" },
	{ "signed attributes have an indefinite length", DER_INDEFINITE,
	    SI ".3", "" },
	{ "the certificate has an indefinite length", DER_INDEFINITE, SD ".3.0",
	    "" },
	{ "the outermost length has a leading zero octet", DER_LONG, "", "" },
	{ "a short length is written long", DER_LONG, SI ".0", "" },
	{ "an attribute's length is not minimal", DER_LONG, AT_ATTR(2), "" },
	{ "a length inside the certificate is not minimal", DER_LONG,
	    SD ".3.0.0.1", "" },
	/* ContentInfo */
	{ "content type is id-data", DER_REPLACE, "0",
	    "06092a864886f70d010701" },
	{ "content type is envelopedData", DER_REPLACE, "0",
	    "06092a864886f70d010703" },
	{ "ContentInfo has a third element", DER_INSERT, "2", "0500" },
	{ "the [0] holds a second element", DER_INSERT, "1.1", "0500" },
	{ "the [0] is a [1]", DER_TAG, "1", "a1" },
	/* SignedData */
	{ "SignedData is version 3", DER_REPLACE, SD ".0", "020103" },
	{ "SignedData is version 1 in two octets", DER_REPLACE, SD ".0",
	    "02020001" },
	{ "no digest algorithm is listed", DER_DELETE, SD ".1.0", "" },
	{ "the digest algorithm is listed twice", DER_TWICE, SD ".1.0", "" },
	{ "SHA-1 is listed", DER_REPLACE, SD ".1.0", "300906052b0e03021a0500" },
	{ "SHA-256 is listed with NULL parameters", DER_REPLACE, SD ".1.0",
	    "300d06096086480165030402010500" },
	{ "SHA-1 is listed beside SHA-256", DER_INSERT, SD ".1.0",
	    "300906052b0e03021a0500" },
	{ "the content is inside", DER_INSERT, SD ".2.1",
	    "a00f040d7b0a20202276223a20310a7d0a" },
	{ "the content is inside and empty", DER_INSERT, SD ".2.1",
	    "a0020400" },
	{ "the content type is TSTInfo", DER_REPLACE, SD ".2.0",
	    "060b2a864886f70d0109100104" },
	{ "no certificates field", DER_DELETE, SD ".3", "" },
	{ "certificates field is empty", DER_DELETE, SD ".3.0", "" },
	{ "the certificate is there twice", DER_TWICE, SD ".3.0", "" },
	{ "an attribute certificate is beside it", DER_INSERT, SD ".3.1",
	    "a1020500" },
	{ "the certificate is not one", DER_REPLACE, SD ".3.0", "3003020101" },
	{ "an empty list of CRLs is there", DER_INSERT, SD ".4", "a100" },
	{ "a CRL is stuffed in", DER_INSERT, SD ".4", "a105300330010100" },
	{ "no signer", DER_DELETE, SD ".4.0", "" },
	{ "no signerInfos", DER_DELETE, SD ".4", "" },
	{ "the signer is there twice", DER_TWICE, SD ".4.0", "" },
	{ "an element follows signerInfos", DER_INSERT, SD ".5", "0500" },
	{ "certificates and CRLs change place with the signers", DER_SWAP,
	    SD ".3", "" },
	/* SignerInfo */
	{ "SignerInfo is version 3", DER_REPLACE, SI ".0", "020103" },
	{ "the signer is named by key identifier", DER_REPLACE, SI ".1",
	    "80140000000000000000000000000000000000000000" },
	{ "the signer's serial number is another", DER_REPLACE, SI ".1.1",
	    "020107" },
	{ "the signer's issuer is another", DER_REPLACE, SI ".1.0",
	    "300c310a300806035504030c0141" },
	{ "the signer's identifier goes on after the serial number", DER_INSERT,
	    SI ".1.2", "0500" },
	{ "the signer's digest is SHA-1", DER_REPLACE, SI ".2",
	    "300906052b0e03021a0500" },
	{ "the signer's digest is SHA-512", DER_REPLACE, SI ".2",
	    "300b0609608648016503040203" },
	{ "the signer's digest has NULL parameters", DER_REPLACE, SI ".2",
	    "300d06096086480165030402010500" },
	{ "no signed attributes", DER_DELETE, SI ".3", "" },
	{ "the signature algorithm is ecdsa-with-SHA1", DER_REPLACE, SI ".4",
	    "300906072a8648ce3d0401" },
	{ "the signature algorithm is ecdsa-with-SHA512", DER_REPLACE, SI ".4",
	    "300a06082a8648ce3d040304" },
	{ "the signature algorithm is ecdsa-with-SHA256 with NULL", DER_REPLACE,
	    SI ".4", "300c06082a8648ce3d0403020500" },
	{ "the signature algorithm is plain EC public key", DER_REPLACE,
	    SI ".4", "300906072a8648ce3d0201" },
	{ "the signature algorithm is RSA for an EC key", DER_REPLACE, SI ".4",
	    "300d06092a864886f70d0101010500" },
	{ "no signature value", DER_DELETE, SI ".5", "" },
	{ "the signature value is empty", DER_REPLACE, SI ".5", "0400" },
	{ "the signature value is a BIT STRING", DER_TAG, SI ".5", "03" },
	{ "an empty set of unsigned attributes", DER_INSERT, SI ".6", "a100" },
	{ "an unsigned attribute", DER_INSERT, SI ".6",
	    "a110300e06092a864886f70d010906310102" },
	{ "an element follows the signature", DER_INSERT, SI ".6", "0500" },
	/* signed attributes */
	{ "signed attributes are empty", DER_REPLACE, SI ".3", "a000" },
	{ "contentType is missing", DER_DELETE, AT_ATTR(0), "" },
	{ "signingTime is missing", DER_DELETE, AT_ATTR(1), "" },
	{ "messageDigest is missing", DER_DELETE, AT_ATTR(2), "" },
	{ "signingCertificateV2 is missing", DER_DELETE, AT_ATTR(3), "" },
	{ "contentType is there twice", DER_TWICE, AT_ATTR(0), "" },
	{ "signingTime is there twice", DER_TWICE, AT_ATTR(1), "" },
	{ "messageDigest is there twice", DER_TWICE, AT_ATTR(2), "" },
	{ "signingCertificateV2 is there twice", DER_TWICE, AT_ATTR(3), "" },
	{ "contentType has two values", DER_TWICE, AT_ATTR(0) ".1.0", "" },
	{ "signingTime has two values", DER_TWICE, AT_ATTR(1) ".1.0", "" },
	{ "messageDigest has two values", DER_TWICE, AT_ATTR(2) ".1.0", "" },
	{ "signingCertificateV2 has two values", DER_TWICE, AT_ATTR(3) ".1.0",
	    "" },
	{ "messageDigest has no value", DER_DELETE, AT_ATTR(2) ".1.0", "" },
	{ "messageDigest has a second set", DER_TWICE, AT_ATTR(2) ".1", "" },
	{ "attributes are not in DER order", DER_SWAP, AT_ATTR(0), "" },
	{ "the last two attributes change place", DER_SWAP, AT_ATTR(2), "" },
	{ "a fifth attribute, smimeCapabilities", DER_INSERT, AT_ATTR(4),
	    "300f06092a864886f70d01090f31023000" },
	{ "a fifth attribute in front", DER_INSERT, AT_ATTR(0),
	    "300d06092a864886f70d0109063100" },
	{ "contentType is TSTInfo", DER_REPLACE, AT_ATTR(0) ".1.0",
	    "060b2a864886f70d0109100104" },
	{ "messageDigest is 20 octets", DER_REPLACE, AT_ATTR(2) ".1.0",
	    "04140000000000000000000000000000000000000000" },
	{ "messageDigest is 31 octets", DER_REPLACE, AT_ATTR(2) ".1.0",
	    "041f000000000000000000000000000000000000000000000000000000000000"
	    "00" },
	{ "signingTime has no seconds", DER_REPLACE, AT_ATTR(1) ".1.0",
	    "170b323630313032303330345a" },
	{ "signingTime is not in UTC", DER_REPLACE, AT_ATTR(1) ".1.0",
	    "17113236303130323033303430352b30373030" },
	{ "signingTime is the 30th of February", DER_REPLACE, AT_ATTR(1) ".1.0",
	    "170d3236303233303033303430355a" },
	{ "signingTime is 2026 as GeneralizedTime", DER_REPLACE,
	    AT_ATTR(1) ".1.0", "180f32303236303130323033303430355a" },
	{ "signingTime has a fraction", DER_REPLACE, AT_ATTR(1) ".1.0",
	    "181132303530303130323033303430352e355a" },
	{ "signingTime has a letter among its digits", DER_REPLACE,
	    AT_ATTR(1) ".1.0", "170d3236303130323033303430415a" },
	{ "signingTime is before 1970", DER_REPLACE, AT_ATTR(1) ".1.0",
	    "170d3530303130323033303430355a" },
	/* signingCertificateV2: v2, certs, id = {hash, issuerSerial} */
	{ "signingCertificateV2 names SHA-256, its default", DER_INSERT,
	    AT_ATTR(3) ".1.0.0.0.0", "300b0609608648016503040201" },
	{ "signingCertificateV2 names SHA-1", DER_INSERT,
	    AT_ATTR(3) ".1.0.0.0.0", "300906052b0e03021a0500" },
	{ "signingCertificateV2 has no issuerSerial", DER_DELETE,
	    AT_ATTR(3) ".1.0.0.0.1", "" },
	{ "issuerSerial has another serial number", DER_REPLACE,
	    AT_ATTR(3) ".1.0.0.0.1.1", "020107" },
	{ "issuerSerial has another issuer", DER_REPLACE,
	    AT_ATTR(3) ".1.0.0.0.1.0.0.0", "300c310a300806035504030c0141" },
	{ "issuerSerial has two general names", DER_TWICE,
	    AT_ATTR(3) ".1.0.0.0.1.0.0", "" },
	{ "a second ESSCertIDv2", DER_TWICE, AT_ATTR(3) ".1.0.0.0", "" },
	{ "signingCertificateV2 with policies", DER_INSERT, AT_ATTR(3) ".1.0.1",
	    "3000" },
	{ "the certificate hash is 20 octets", DER_REPLACE,
	    AT_ATTR(3) ".1.0.0.0.0",
	    "04140000000000000000000000000000000000000000" },
	{ "it is the old signingCertificate", DER_REPLACE, AT_ATTR(3) ".0",
	    "060b2a864886f70d010910020c" },
	/* ECDSA-Sig-Value */
	{ "r is zero", DER_REPLACE, SI ".5", "04083006020100020101" },
	{ "s is zero", DER_REPLACE, SI ".5", "04083006020101020100" },
	{ "r is negative", DER_REPLACE, SI ".5", "040830060201ff020101" },
	{ "r has a needless zero octet", DER_REPLACE, SI ".5",
	    "0409300702020001020101" },
	{ "r is the order of the curve", DER_REPLACE, SI ".5",
	    "04283026022100ffffffff00000000ffffffffffffffffbce6faada7179e84f3"
	    "b9cac2fc632551020101" },
	{ "s is above the order", DER_REPLACE, SI ".5",
	    "04283026020101022100ffffffffffffffffffffffffffffffffffffffffffff"
	    "ffffffffffffffffffff" },
	{ "r is 33 octets", DER_REPLACE, SI ".5",
	    "0428302602210100000000000000000000000000000000000000000000000000"
	    "00000000000000020101" },
	{ "a third number in the signature", DER_REPLACE, SI ".5",
	    "040b3009020101020101020101" },
	{ "a byte after the numbers", DER_REPLACE, SI ".5",
	    "0409300602010102010100" },
	/* the certificate's key and number */
	{ "the certificate's curve is P-384", DER_REPLACE, SD ".3.0.0.6.0.1",
	    "06052b81040022" },
	{ "the certificate's point is compressed", DER_REPLACE, SD ".3.0.0.6.1",
	    "0322000200000000000000000000000000000000000000000000000000000000"
	    "00000001" },
	{ "the certificate's serial number is negative", DER_REPLACE,
	    SD ".3.0.0.1", "0201ff" },
	{ "the certificate's serial number is zero", DER_REPLACE, SD ".3.0.0.1",
	    "020100" },
	{ "the certificate is two elements deep wrong", DER_TAG, SD ".3.0.0",
	    "31" },
};

static void test_good(void **state)
{
	struct bkt_err err;
	struct bkt_seal s;
	struct bkt_buf again;
	const struct der_edit none = { "", DER_NOTHING, "", "" };

	(void)state;
	assert_int_equal(bkt_seal_parse(bkt_buf_span(&good), &s, &err), BKT_OK);
	assert_int_equal(s.signing_time_utc_s, AT);
	assert_true(bkt_sha256_eq(&s.content_sha256, &content_sha));
	assert_true(bkt_span_eq(
	    s.cert, bkt_cert_info(bkt_signer_cert(member.signer))->der));
	assert_false(s.rsa);
	assert_int_equal(bkt_seal_verify(&s, &content_sha,
			     bkt_signer_cert(member.signer), &err),
	    BKT_OK);
	/* the editor prints what it read */
	bkt_buf_init(&again, BUF_MAX);
	der_edit(bkt_buf_span(&good), &none, &again);
	assert_true(bkt_span_eq(bkt_buf_span(&again), bkt_buf_span(&good)));
	bkt_buf_release(&again);
}

static void test_look_alikes(void **state)
{
	struct bkt_buf bad;
	struct bkt_err err;
	struct bkt_seal s;
	int wrong = 0;

	(void)state;
	bkt_buf_init(&bad, BUF_MAX);
	for (size_t i = 0; i < sizeof(edits) / sizeof(*edits); i++) {
		enum bkt_status st;

		der_edit(bkt_buf_span(&good), &edits[i], &bad);
		st = bkt_seal_parse(bkt_buf_span(&bad), &s, &err);
		if (st != BKT_E_FORMAT) {
			print_error(
			    "%s: %s\n", edits[i].why, bkt_status_name(st));
			wrong++;
		}
	}
	bkt_buf_release(&bad);
	assert_int_equal(wrong, 0);
}

static void test_ends(void **state)
{
	struct bkt_buf b;
	struct bkt_err err;
	struct bkt_seal s;

	(void)state;
	bkt_buf_init(&b, BUF_MAX);
	for (size_t n = 0; n < good.len; n++) {
		/* exact allocation: a byte read too far is a fault */
		uint8_t *cut = malloc(n ? n : 1);

		memcpy(cut, good.ptr, n);
		assert_int_equal(
		    bkt_seal_parse(BKT_SPAN(cut, n), &s, &err), BKT_E_FORMAT);
		free(cut);
	}
	bkt_buf_add(&b, good.ptr, good.len);
	bkt_buf_chr(&b, '\n');
	assert_int_equal(
	    bkt_seal_parse(bkt_buf_span(&b), &s, &err), BKT_E_FORMAT);
	bkt_buf_clear(&b);
	bkt_buf_add(&b, good.ptr, good.len);
	bkt_buf_add(&b, good.ptr, good.len);
	assert_int_equal(
	    bkt_seal_parse(bkt_buf_span(&b), &s, &err), BKT_E_FORMAT);
	bkt_buf_clear(&b);
	for (size_t i = 0; i < BKT_SEAL_MAX + 1; i++)
		bkt_buf_chr(&b, '0');
	assert_int_equal(
	    bkt_seal_parse(bkt_buf_span(&b), &s, &err), BKT_E_FORMAT);
	bkt_buf_release(&b);
}

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

static void test_every_bit(void **state)
{
	(void)state;
	for (size_t bit = 0; bit < good.len * 8; bit++) {
		enum bkt_status st;

		good.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
		st = full_check(bkt_buf_span(&good));
		good.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (!bkt_is_verdict(st)) {
			print_error(
			    "bit %zu flipped: %s\n", bit, bkt_status_name(st));
			fail();
		}
	}
	assert_int_equal(full_check(bkt_buf_span(&good)), BKT_OK);
}

static void test_mismatch(void **state)
{
	struct bkt_err err;
	struct bkt_seal s, t;
	struct bkt_sha256 sha;
	struct bkt_buf seal;
	const bkt_cert *mine = bkt_signer_cert(member.signer);

	(void)state;
	bkt_buf_init(&seal, BUF_MAX);
	pki_seal(&other, content_span(), AT, &seal);
	assert_int_equal(bkt_seal_parse(bkt_buf_span(&good), &s, &err), BKT_OK);
	assert_int_equal(bkt_seal_parse(bkt_buf_span(&seal), &t, &err), BKT_OK);
	/* CRLF for LF is other content */
	assert_int_equal(
	    bkt_sha256_of(bkt_span_str("{\r\n  \"v\": 1\r\n}\r\n"), &sha, &err),
	    BKT_OK);
	assert_int_equal(bkt_seal_verify(&s, &sha, mine, &err), BKT_E_SEAL);
	/* another member's seal where this member's belongs */
	assert_int_equal(
	    bkt_seal_verify(&t, &content_sha, mine, &err), BKT_E_TRUST);
	/* another's signature value */
	bkt_buf_clear(&seal);
	pki_seal(&member, bkt_span_str("other"), AT, &seal);
	assert_int_equal(bkt_seal_parse(bkt_buf_span(&seal), &t, &err), BKT_OK);
	t.signed_attrs = s.signed_attrs;
	t.content_sha256 = s.content_sha256;
	assert_int_equal(
	    bkt_seal_verify(&t, &content_sha, mine, &err), BKT_E_SEAL);
	/* the attributes name another certificate by hash */
	t = s;
	t.cert_sha256.b[0] ^= 1;
	assert_int_equal(
	    bkt_seal_verify(&t, &content_sha, mine, &err), BKT_E_SEAL);
	bkt_buf_release(&seal);
}

/* ---- the numbers of an ECDSA signature --------------------------------- */

static EVP_PKEY *key_of(const struct pki_member *m)
{
	BIO *bio = BIO_new_mem_buf(m->key_pem.ptr, (int)m->key_pem.len);
	EVP_PKEY *k = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);

	BIO_free(bio);
	assert_non_null(k);
	return k;
}

static struct bkt_span put_sig(
    const BIGNUM *r, const BIGNUM *s, unsigned char **der)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	int n;

	ECDSA_SIG_set0(sig, BN_dup(r), BN_dup(s));
	*der = NULL;
	n = i2d_ECDSA_SIG(sig, der);
	assert_true(n > 0);
	ECDSA_SIG_free(sig);
	return BKT_SPAN(*der, (size_t)n);
}

/*
 * r = -e/d makes e*G + r*Q the point at infinity: OpenSSL answers with an
 * error, as for a fault, but the signature is simply not good. And n - s is
 * as good as s: a seal's hash is no identity.
 */
static void test_ecdsa_numbers(void **state)
{
	EVP_PKEY *key = key_of(&member);
	BIGNUM *d = NULL, *n = BN_new(), *e, *r = BN_new(), *inv;
	BN_CTX *ctx = BN_CTX_new();
	uint8_t head[4] = { 0x31 }, md[32];
	EVP_MD_CTX *h = EVP_MD_CTX_new();
	const unsigned char *p;
	unsigned char *der;
	ECDSA_SIG *sig;
	struct bkt_seal s;
	struct bkt_err err;
	size_t n_head = 3;

	(void)state;
	assert_int_equal(bkt_seal_parse(bkt_buf_span(&good), &s, &err), BKT_OK);
	head[1] = 0x81;
	head[2] = (uint8_t)s.signed_attrs.len;
	if (s.signed_attrs.len > 0xff) {
		head[1] = 0x82;
		head[2] = (uint8_t)(s.signed_attrs.len >> 8);
		head[3] = (uint8_t)s.signed_attrs.len;
		n_head = 4;
	}
	EVP_DigestInit_ex(h, EVP_sha256(), NULL);
	EVP_DigestUpdate(h, head, n_head);
	EVP_DigestUpdate(h, s.signed_attrs.ptr, s.signed_attrs.len);
	EVP_DigestFinal_ex(h, md, NULL);
	BN_hex2bn(&n,
	    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
	assert_int_equal(EVP_PKEY_get_bn_param(key, "priv", &d), 1);
	e = BN_bin2bn(md, 32, NULL);
	inv = BN_mod_inverse(NULL, d, n, ctx);
	BN_mod_mul(r, e, inv, n, ctx);
	BN_sub(r, n, r);

	p = s.signature.ptr;
	sig = d2i_ECDSA_SIG(NULL, &p, (long)s.signature.len);
	assert_non_null(sig);
	BN_sub(e, n, ECDSA_SIG_get0_s(sig));
	s.signature = put_sig(ECDSA_SIG_get0_r(sig), e, &der);
	assert_int_equal(bkt_seal_verify(&s, &content_sha,
			     bkt_signer_cert(member.signer), &err),
	    BKT_OK);
	OPENSSL_free(der);
	s.signature = put_sig(r, BN_value_one(), &der);
	assert_int_equal(bkt_seal_verify(&s, &content_sha,
			     bkt_signer_cert(member.signer), &err),
	    BKT_E_SEAL);
	OPENSSL_free(der);
	ECDSA_SIG_free(sig);
	BN_free(d);
	BN_free(n);
	BN_free(e);
	BN_free(r);
	BN_free(inv);
	BN_CTX_free(ctx);
	EVP_MD_CTX_free(h);
	EVP_PKEY_free(key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_look_alikes),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_every_bit),
		cmocka_unit_test(test_mismatch),
		cmocka_unit_test(test_ecdsa_numbers),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
