#include "signer.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#define KEY_FILE_MAX (64 * 1024)
#define PASSPHRASE_MAX 1024

struct ask {
	bkt_passphrase_fn fn;
	void *ctx;
	bool asked, given;
	char text[PASSPHRASE_MAX];
};

void bkt_wipe(void *p, size_t n)
{
	OPENSSL_cleanse(p, n);
}

/* at most one question per load, however often OpenSSL wants the answer */
static bool ask_once(struct ask *a)
{
	if (!a->asked) {
		a->asked = true;
		a->given = a->fn && a->fn(a->ctx, "private key", a->text,
					sizeof(a->text));
		a->text[sizeof(a->text) - 1] = '\0';
	}
	return a->given;
}

static void ask_wipe(struct ask *a)
{
	bkt_wipe(a->text, sizeof(a->text));
}
BKT_AUTO_RELEASE(struct ask, ask_wipe);

static int pem_passphrase(char *buf, int size, int rwflag, void *ctx)
{
	struct ask *a = ctx;
	size_t n;

	(void)rwflag;
	if (!ask_once(a))
		return -1;
	n = strlen(a->text);
	if (size < 0 || n > (size_t)size)
		return -1;
	memcpy(buf, a->text, n);
	return (int)n;
}

/* every signature starts from a copy of this */
static enum bkt_status make_signing(bkt_signer *s, struct bkt_err *err)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, s->key, NULL);

	s->signing = ctx;
	if (!ctx || EVP_PKEY_sign_init(ctx) != 1)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot use the key");
	if (s->rsa &&
	    (EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) != 1 ||
		EVP_PKEY_CTX_set_signature_md(ctx, bkt_ossl_algs()->sha256) !=
		    1))
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot use the key");
	return BKT_OK;
}

enum bkt_status bkt_signer_from_key(
    EVP_PKEY *key, bkt_signer **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_signer_free) bkt_signer *s = bkt_calloc(1, sizeof(*s));
	struct bkt_der_key kind;
	int n;

	if (!s)
		return bkt_fail(err, BKT_E_NOMEM, "out of memory");
	bkt_buf_init(&s->before_signer, BKT_SEAL_MAX);
	bkt_buf_init(&s->signer_head, BKT_SEAL_MAX);
	bkt_buf_init(&s->ess, BKT_SEAL_MAX);
	if (EVP_PKEY_up_ref(key) != 1)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot hold the key");
	s->key = key;
	n = i2d_PUBKEY(key, &s->spki);
	if (n <= 0)
		return bkt_fail_ossl(
		    err, BKT_E_FORMAT, "key has no public half");
	s->n_spki = (size_t)n;
	if (!bkt_der_key_allowed(BKT_SPAN(s->spki, s->n_spki), &kind))
		return bkt_fail(err, BKT_E_FORMAT,
		    "key is neither EC P-256 nor RSA of 2048 to 8192 bits");
	s->rsa = kind.rsa;
	BKT_TRY(make_signing(s, err));
	*out = BKT_STEAL(s);
	return BKT_OK;
}

void bkt_signer_free(bkt_signer *s)
{
	if (!s)
		return;
	EVP_PKEY_CTX_free(s->signing);
	EVP_PKEY_free(s->key); /* wipes */
	OPENSSL_free(s->spki);
	bkt_cert_free(s->cert);
	bkt_buf_release(&s->before_signer);
	bkt_buf_release(&s->signer_head);
	bkt_buf_release(&s->ess);
	bkt_free(s);
}

const bkt_cert *bkt_signer_cert(const bkt_signer *s)
{
	return s->cert;
}

static bool is_ours(const bkt_signer *s, const bkt_cert *c)
{
	return bkt_span_eq(c->pieces.spki, BKT_SPAN(s->spki, s->n_spki));
}

enum bkt_status bkt_signer_set_cert(
    bkt_signer *s, const bkt_cert *c, struct bkt_err *err)
{
	BKT_AUTO(bkt_cert_free) bkt_cert *copy = NULL;

	if (!is_ours(s, c))
		return bkt_fail(
		    err, BKT_E_TRUST, "certificate is for another key");
	BKT_TRY(bkt_cert_from_der(c->info.der, &copy, err));
	bkt_cert_free(s->cert);
	s->cert = BKT_STEAL(copy);
	return bkt_signer_template(s, err);
}

/* of the certificates in a PEM file the one that is the key's */
static enum bkt_status adopt_from_pem(
    bkt_signer *s, struct bkt_span pem, struct bkt_err *err)
{
	static const char *const labels[] = { "CERTIFICATE" };
	BKT_AUTO(bkt_buf_release) struct bkt_buf der = { 0 };
	size_t at = 0, n = 0;

	bkt_buf_init(&der, BKT_CERT_MAX);
	for (;; n++) {
		BKT_AUTO(bkt_cert_free) bkt_cert *c = NULL;
		enum bkt_status st;

		bkt_buf_clear(&der);
		st = bkt_pem_next(pem, &at, labels, 1, &der, err);
		if (st == BKT_E_NOTFOUND)
			break;
		BKT_TRY(st);
		BKT_TRY(bkt_cert_from_der(bkt_buf_span(&der), &c, err));
		if (is_ours(s, c))
			return bkt_signer_set_cert(s, c, err);
	}
	if (n > 0)
		return bkt_fail(
		    err, BKT_E_TRUST, "certificate is for another key");
	return BKT_OK;
}

static enum bkt_status load_pem(
    struct bkt_span in, struct ask *a, bkt_signer **out, struct bkt_err *err)
{
	BKT_AUTO(BIO_free_all)
	BIO *bio = BIO_new_mem_buf(in.ptr, (int)in.len);
	BKT_AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	BKT_AUTO(bkt_signer_free) bkt_signer *s = NULL;

	if (!bio)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot read a key");
	key = PEM_read_bio_PrivateKey(bio, NULL, pem_passphrase, a);
	if (!key && a->asked && !a->given)
		return bkt_fail_ossl(
		    err, BKT_E_PASSPHRASE, "key needs a passphrase");
	if (!key && a->asked)
		return bkt_fail_ossl(
		    err, BKT_E_PASSPHRASE, "passphrase is wrong");
	if (!key)
		return bkt_fail_ossl(
		    err, BKT_E_FORMAT, "neither PKCS#12 nor a PEM private key");
	BKT_TRY(bkt_signer_from_key(key, &s, err));
	BKT_TRY(adopt_from_pem(s, in, err));
	*out = BKT_STEAL(s);
	return BKT_OK;
}

/* the passphrase that opens it; "" is tried first and asks nobody */
static enum bkt_status open_p12(
    PKCS12 *p12, struct ask *a, const char **pass, struct bkt_err *err)
{
	bool mac = PKCS12_mac_present(p12) == 1;

	*pass = "";
	if (mac && (PKCS12_verify_mac(p12, "", 0) == 1 ||
		       PKCS12_verify_mac(p12, NULL, 0) == 1))
		return BKT_OK;
	if (bkt_ossl_out_of_memory())
		return bkt_fail(err, BKT_E_NOMEM, "out of memory");
	if (!ask_once(a))
		return bkt_fail(
		    err, BKT_E_PASSPHRASE, "key needs a passphrase");
	*pass = a->text;
	if (mac && PKCS12_verify_mac(p12, a->text, -1) != 1)
		return bkt_fail_ossl(
		    err, BKT_E_PASSPHRASE, "passphrase is wrong");
	ERR_clear_error();
	return BKT_OK;
}

static enum bkt_status adopt_x509(bkt_signer *s, X509 *x, struct bkt_err *err)
{
	BKT_AUTO(bkt_cert_free) bkt_cert *c = NULL;
	unsigned char *der = NULL;
	int n = i2d_X509(x, &der);
	enum bkt_status st;

	if (n <= 0)
		return bkt_fail_ossl(
		    err, BKT_E_CRYPTO, "cannot read a certificate");
	st = bkt_cert_from_der(BKT_SPAN(der, (size_t)n), &c, err);
	OPENSSL_free(der);
	BKT_TRY(st);
	return bkt_signer_set_cert(s, c, err);
}

static enum bkt_status load_p12(
    struct bkt_span in, struct ask *a, bkt_signer **out, struct bkt_err *err)
{
	const unsigned char *p = in.ptr;
	BKT_AUTO(PKCS12_free)
	PKCS12 *p12 = d2i_PKCS12(NULL, &p, (long)in.len);
	BKT_AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	BKT_AUTO(X509_free) X509 *x = NULL;
	BKT_AUTO(bkt_signer_free) bkt_signer *s = NULL;
	const char *pass;

	if (!p12 || p != in.ptr + in.len)
		return bkt_fail_ossl(
		    err, BKT_E_FORMAT, "neither PKCS#12 nor a PEM private key");
	BKT_TRY(open_p12(p12, a, &pass, err));
	if (PKCS12_parse(p12, pass, &key, &x, NULL) != 1) {
		enum bkt_status st = bkt_fail_ossl(
		    err, BKT_E_FORMAT, "PKCS#12 file cannot be opened");

		if (st == BKT_E_FORMAT)
			bkt_err_hint(err,
			    "if its ciphers are old, convert it: openssl "
			    "pkcs12 -legacy -in OLD -out key.pem");
		return st;
	}
	if (!key)
		return bkt_fail(
		    err, BKT_E_FORMAT, "no private key in the PKCS#12 file");
	BKT_TRY(bkt_signer_from_key(key, &s, err));
	if (x)
		BKT_TRY(adopt_x509(s, x, err));
	*out = BKT_STEAL(s);
	return BKT_OK;
}

enum bkt_status bkt_signer_load(struct bkt_span key, struct bkt_span cert_pem,
    bkt_passphrase_fn ask, void *ctx, bkt_signer **out, struct bkt_err *err)
{
	BKT_AUTO(ask_wipe) struct ask a = { .fn = ask, .ctx = ctx };
	BKT_AUTO(bkt_signer_free) bkt_signer *s = NULL;

	if (key.len == 0 || key.len > KEY_FILE_MAX)
		return bkt_fail(err, BKT_E_FORMAT,
		    "key file is %zu bytes, want 1 to %d", key.len,
		    KEY_FILE_MAX);
	BKT_TRY(bkt_ossl_begin(err));
	BKT_TRY(bkt_looks_like_der(key) ? load_p12(key, &a, &s, err)
					: load_pem(key, &a, &s, err));
	if (cert_pem.len > 0) {
		BKT_AUTO(bkt_cert_free) bkt_cert *c = NULL;

		BKT_TRY(bkt_cert_from_any(cert_pem, &c, err));
		BKT_TRY(bkt_signer_set_cert(s, c, err));
	}
	*out = BKT_STEAL(s);
	return BKT_OK;
}
