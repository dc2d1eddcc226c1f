/* bkt_signer_load: the files people keep their keys in. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "bukti/crypto.h"
#include "support/pki.h"

#define BUF_MAX (128 * 1024)
#define SECRET "rahasia"

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

struct asked {
	const char *answer; /* NULL: none */
	int times;
};

static bool answer(void *ctx, const char *what, char *buf, size_t size_bytes)
{
	struct asked *a = ctx;

	assert_non_null(what);
	a->times++;
	if (!a->answer)
		return false;
	snprintf(buf, size_bytes, "%s", a->answer);
	return true;
}

enum file {
	PKCS8,
	PKCS8_ENCRYPTED,
	TRADITIONAL,
	TRADITIONAL_ENCRYPTED,
	RSA_TRADITIONAL,
	P12,
	P12_NO_PASSPHRASE,
	P12_NO_KEY,
	P12_TRAILING,
	P384_KEY,
	RSA_1024,
	ED_KEY,
	OURS,
	OURS_ENCRYPTED,
	PUBLIC_KEY,
	KEY_AND_CERT,
	CERTS_AND_KEY,
	KEY_AND_OTHERS_CERT,
	NO_KEY,
};

struct row {
	const char *why;
	enum file file;
	const char *answer;
	enum bkt_status want;
	int times; /* questions asked */
	bool cert; /* the signer has one in the end */
};

static const struct row rows[] = {
	{ "PKCS#8", PKCS8, NULL, BKT_OK, 0, false },
	{ "PKCS#8, encrypted", PKCS8_ENCRYPTED, SECRET, BKT_OK, 1, false },
	{ "PKCS#8, encrypted, wrong passphrase", PKCS8_ENCRYPTED, "salah",
	    BKT_E_PASSPHRASE, 1, false },
	{ "PKCS#8, encrypted, none given", PKCS8_ENCRYPTED, NULL,
	    BKT_E_PASSPHRASE, 1, false },
	{ "PKCS#8, encrypted, empty", PKCS8_ENCRYPTED, "", BKT_E_PASSPHRASE, 1,
	    false },
	{ "EC PRIVATE KEY", TRADITIONAL, NULL, BKT_OK, 0, false },
	{ "EC PRIVATE KEY, encrypted", TRADITIONAL_ENCRYPTED, SECRET, BKT_OK, 1,
	    false },
	{ "EC PRIVATE KEY, encrypted, none given", TRADITIONAL_ENCRYPTED, NULL,
	    BKT_E_PASSPHRASE, 1, false },
	{ "RSA PRIVATE KEY", RSA_TRADITIONAL, NULL, BKT_OK, 0, false },
	{ "PKCS#12", P12, SECRET, BKT_OK, 1, true },
	{ "PKCS#12, wrong passphrase", P12, "salah", BKT_E_PASSPHRASE, 1,
	    false },
	{ "PKCS#12, none given", P12, NULL, BKT_E_PASSPHRASE, 1, false },
	{ "PKCS#12 with an empty passphrase asks nobody", P12_NO_PASSPHRASE,
	    NULL, BKT_OK, 0, true },
	{ "PKCS#12 without key", P12_NO_KEY, SECRET, BKT_E_FORMAT, 1, false },
	{ "PKCS#12 with a byte behind", P12_TRAILING, SECRET, BKT_E_FORMAT, 0,
	    false },
	{ "P-384", P384_KEY, NULL, BKT_E_FORMAT, 0, false },
	{ "RSA of 1024 bits", RSA_1024, NULL, BKT_E_FORMAT, 0, false },
	{ "Ed25519", ED_KEY, NULL, BKT_E_FORMAT, 0, false },
	{ "a key of ours", OURS, NULL, BKT_OK, 0, false },
	{ "a key of ours, encrypted", OURS_ENCRYPTED, SECRET, BKT_OK, 1,
	    false },
	{ "a public key", PUBLIC_KEY, NULL, BKT_E_FORMAT, 0, false },
	{ "key and certificate", KEY_AND_CERT, NULL, BKT_OK, 0, true },
	{ "authority's, own certificate, then the key", CERTS_AND_KEY, NULL,
	    BKT_OK, 0, true },
	{ "key and another's certificate", KEY_AND_OTHERS_CERT, NULL,
	    BKT_E_TRUST, 0, false },
	{ "no key at all", NO_KEY, NULL, BKT_E_FORMAT, 0, false },
};

static EVP_PKEY *key_of(const struct pki_member *m)
{
	BIO *bio = BIO_new_mem_buf(m->key_pem.ptr, (int)m->key_pem.len);
	EVP_PKEY *k = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);

	BIO_free(bio);
	assert_non_null(k);
	return k;
}

static void put_bio(BIO *bio, struct bkt_buf *out)
{
	char *p;
	long n = BIO_get_mem_data(bio, &p);

	assert_true(n > 0);
	bkt_buf_add(out, p, (size_t)n);
}

static void put_p12(const char *pass, bool with_key, struct bkt_buf *out)
{
	const struct bkt_cert_info *info =
	    bkt_cert_info(bkt_signer_cert(member.signer));
	const unsigned char *p = info->der.ptr;
	X509 *x = d2i_X509(NULL, &p, (long)info->der.len);
	EVP_PKEY *k = key_of(&member);
	PKCS12 *p12 = PKCS12_create(
	    pass, "budi", with_key ? k : NULL, x, NULL, 0, 0, 0, 0, 0);
	BIO *bio = BIO_new(BIO_s_mem());

	assert_non_null(p12);
	i2d_PKCS12_bio(bio, p12);
	put_bio(bio, out);
	BIO_free(bio);
	PKCS12_free(p12);
	EVP_PKEY_free(k);
	X509_free(x);
}

static void put_pem(
    EVP_PKEY *k, bool traditional, bool encrypted, struct bkt_buf *out)
{
	const EVP_CIPHER *c = encrypted ? EVP_aes_256_cbc() : NULL;
	BIO *bio = BIO_new(BIO_s_mem());
	int n = encrypted ? (int)strlen(SECRET) : 0;

	assert_non_null(k);
	if (traditional)
		PEM_write_bio_PrivateKey_traditional(bio, k, c,
		    encrypted ? (const unsigned char *)SECRET : NULL, n, NULL,
		    NULL);
	else
		PEM_write_bio_PKCS8PrivateKey(
		    bio, k, c, encrypted ? SECRET : NULL, n, NULL, NULL);
	put_bio(bio, out);
	BIO_free(bio);
	EVP_PKEY_free(k);
}

static void put_public(struct bkt_buf *out)
{
	EVP_PKEY *k = key_of(&member);
	BIO *bio = BIO_new(BIO_s_mem());

	PEM_write_bio_PUBKEY(bio, k);
	put_bio(bio, out);
	BIO_free(bio);
	EVP_PKEY_free(k);
}

static void put_buf(const struct bkt_buf *b, struct bkt_buf *out)
{
	bkt_buf_add(out, b->ptr, b->len);
}

static void put_with_certs(enum file f, struct bkt_buf *out)
{
	if (f == CERTS_AND_KEY) {
		put_buf(&pki.ca_pem, out);
		put_buf(&member.cert_pem, out);
	}
	put_buf(&member.key_pem, out);
	if (f == KEY_AND_CERT)
		put_buf(&member.cert_pem, out);
	if (f == KEY_AND_OTHERS_CERT)
		put_buf(&other.cert_pem, out);
}

static void put_file(enum file f, struct bkt_buf *out)
{
	struct bkt_err err;

	switch (f) {
	case PKCS8:
	case PKCS8_ENCRYPTED:
		put_pem(key_of(&member), false, f == PKCS8_ENCRYPTED, out);
		break;
	case TRADITIONAL:
	case TRADITIONAL_ENCRYPTED:
		put_pem(key_of(&member), true, f == TRADITIONAL_ENCRYPTED, out);
		break;
	case RSA_TRADITIONAL:
		put_pem(EVP_RSA_gen(2048), true, false, out);
		break;
	case RSA_1024:
		put_pem(EVP_RSA_gen(1024), false, false, out);
		break;
	case P384_KEY:
		put_pem(EVP_EC_gen("P-384"), false, false, out);
		break;
	case ED_KEY:
		put_pem(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), false, false,
		    out);
		break;
	case P12:
	case P12_TRAILING:
		put_p12(SECRET, true, out);
		if (f == P12_TRAILING)
			bkt_buf_chr(out, '\n');
		break;
	case P12_NO_PASSPHRASE:
		put_p12("", true, out);
		break;
	case P12_NO_KEY:
		put_p12(SECRET, false, out);
		break;
	case OURS:
	case OURS_ENCRYPTED:
		assert_int_equal(
		    bkt_key_new(f == OURS ? NULL : SECRET, out, &err), BKT_OK);
		break;
	case PUBLIC_KEY:
		put_public(out);
		break;
	case KEY_AND_CERT:
	case CERTS_AND_KEY:
	case KEY_AND_OTHERS_CERT:
		put_with_certs(f, out);
		break;
	case NO_KEY:
		bkt_buf_str(out, "bukan kunci\n");
		break;
	}
}

static void test_files(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *r = &rows[i];
		struct asked a = { .answer = r->answer };
		struct bkt_buf file;
		struct bkt_err err = { 0 };
		bkt_signer *s = NULL;
		enum bkt_status st;

		bkt_buf_init(&file, BUF_MAX);
		put_file(r->file, &file);
		st = bkt_signer_load(bkt_buf_span(&file), BKT_SPAN(NULL, 0),
		    answer, &a, &s, &err);
		if (st != r->want || a.times != r->times ||
		    (s && bkt_signer_cert(s)) != r->cert) {
			print_error("%s: %s (%s), asked %d times\n", r->why,
			    bkt_status_name(st), err.msg, a.times);
			wrong++;
		}
		bkt_signer_free(s);
		bkt_buf_release(&file);
	}
	assert_int_equal(wrong, 0);
}

static void test_certificate_apart(void **state)
{
	bkt_signer *s = NULL;
	struct bkt_sha256 sha = { { 0 } };
	struct bkt_buf b;
	struct bkt_err err;

	(void)state;
	bkt_buf_init(&b, BUF_MAX);
	assert_int_equal(
	    bkt_signer_load(bkt_buf_span(&member.key_pem),
		bkt_buf_span(&other.cert_pem), NULL, NULL, &s, &err),
	    BKT_E_TRUST);
	assert_null(s);
	assert_int_equal(
	    bkt_signer_load(bkt_buf_span(&member.key_pem),
		bkt_buf_span(&member.cert_pem), NULL, NULL, &s, &err),
	    BKT_OK);
	assert_int_equal(bkt_seal_make(s, &sha, 0, &b, &err), BKT_OK);
	assert_int_equal(
	    bkt_signer_set_cert(s, bkt_signer_cert(other.signer), &err),
	    BKT_E_TRUST);
	bkt_signer_free(s);
	assert_int_equal(bkt_signer_load(bkt_buf_span(&member.key_pem),
			     BKT_SPAN(NULL, 0), NULL, NULL, &s, &err),
	    BKT_OK);
	assert_int_equal(bkt_seal_make(s, &sha, 0, &b, &err), BKT_E_USAGE);
	bkt_signer_free(s);
	assert_int_equal(bkt_key_new("", &b, &err), BKT_E_USAGE);
	bkt_buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_certificate_apart),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
