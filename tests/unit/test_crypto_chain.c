/* bkt_trust_check: which certificates may sign for this store, and when. Bad
 * certificates are made here with OpenSSL; bkt_ca_issue would not. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "bukti/crypto.h"
#include "support/pki.h"

#define AT 1767323045 /* 2026-01-02T03:04:05Z */
#define BUF_MAX (64 * 1024)
#define EXT_MAX 6

enum key_kind { P256, P384, RSA1024, RSA2048, RSA2048_E3, PSS2048, ED25519 };

/* who signs it */
enum issuer { BY_ROOT, BY_SUB, BY_FORGED_ROOT, BY_LEAF, BY_ITSELF, BY_RSA };

struct leaf {
	const char *why;
	enum bkt_status want;
	int64_t at; /* 0: AT */
	enum key_kind key;
	enum issuer by;
	const char *digest; /* NULL: SHA256 */
	const char *ext[EXT_MAX];
};

#define BC "basicConstraints=critical,CA:FALSE"
#define KU "keyUsage=critical,digitalSignature"
#define IDS "subjectKeyIdentifier=hash", "authorityKeyIdentifier=keyid"

static const struct leaf leaves[] = {
	{ .why = "an ordinary member's certificate",
	    .want = BKT_OK,
	    .ext = { BC, KU, IDS } },
	{ .why = "nonRepudiation alone",
	    .want = BKT_OK,
	    .ext = { BC, "keyUsage=critical,nonRepudiation", IDS } },
	{ .why = "no key usage at all", .want = BKT_OK, .ext = { BC, IDS } },
	{ .why = "RSA of 2048 bits",
	    .want = BKT_OK,
	    .key = RSA2048,
	    .ext = { BC, KU, IDS } },
	{ .why = "under an intermediate that is among the anchors",
	    .want = BKT_OK,
	    .by = BY_SUB,
	    .ext = { BC, KU, IDS } },
	{ .why = "for mail",
	    .want = BKT_OK,
	    .ext = { BC, KU, IDS, "extendedKeyUsage=emailProtection" } },
	{ .why = "for documents",
	    .want = BKT_OK,
	    .ext = { BC, KU, IDS, "extendedKeyUsage=1.3.6.1.5.5.7.3.36" } },
	{ .why = "for a web server and for mail",
	    .want = BKT_OK,
	    .ext = { BC, KU, IDS,
		"extendedKeyUsage=serverAuth,emailProtection" } },
	{ .why = "for a web server only",
	    .want = BKT_E_TRUST,
	    .ext = { BC, KU, IDS, "extendedKeyUsage=serverAuth" } },
	{ .why = "for time stamps only",
	    .want = BKT_E_TRUST,
	    .ext = { BC, KU, IDS, "extendedKeyUsage=critical,timeStamping" } },
	{ .why = "keyEncipherment only",
	    .want = BKT_E_TRUST,
	    .ext = { BC, "keyUsage=critical,keyEncipherment", IDS } },
	{ .why = "the leaf is a CA",
	    .want = BKT_E_TRUST,
	    .ext = { "basicConstraints=critical,CA:TRUE",
		"keyUsage=critical,digitalSignature,keyCertSign", IDS } },
	{ .why = "no basic constraints, but it may sign certificates",
	    .want = BKT_E_TRUST,
	    .ext = { "keyUsage=critical,digitalSignature,keyCertSign", IDS } },
	{ .why = "at its end, as OpenSSL counts",
	    .want = BKT_E_TRUST,
	    .at = PKI_UNTIL,
	    .ext = { BC, KU, IDS } },
	{ .why = "a second before its end",
	    .want = BKT_OK,
	    .at = PKI_UNTIL - 1,
	    .ext = { BC, KU, IDS } },
	{ .why = "not yet valid",
	    .want = BKT_E_TRUST,
	    .at = PKI_FROM - 1,
	    .ext = { BC, KU, IDS } },
	{ .why = "P-384",
	    .want = BKT_E_TRUST,
	    .key = P384,
	    .ext = { BC, KU, IDS } },
	{ .why = "RSA of 1024 bits",
	    .want = BKT_E_TRUST,
	    .key = RSA1024,
	    .ext = { BC, KU, IDS } },
	{ .why = "RSA with exponent 3",
	    .want = BKT_E_TRUST,
	    .key = RSA2048_E3,
	    .ext = { BC, KU, IDS } },
	{ .why = "RSASSA-PSS key",
	    .want = BKT_E_TRUST,
	    .key = PSS2048,
	    .ext = { BC, KU, IDS } },
	{ .why = "Ed25519",
	    .want = BKT_E_TRUST,
	    .key = ED25519,
	    .ext = { BC, KU, IDS } },
	{ .why = "signed with SHA-1",
	    .want = BKT_E_TRUST,
	    .digest = "SHA1",
	    .ext = { BC, KU, IDS } },
	{ .why = "signed with MD5",
	    .want = BKT_E_TRUST,
	    .digest = "MD5",
	    .by = BY_RSA,
	    .ext = { BC, KU, IDS } },
	{ .why = "by a root of the same name with another key",
	    .want = BKT_E_TRUST,
	    .by = BY_FORGED_ROOT,
	    .ext = { BC, KU, IDS } },
	{ .why = "by a root of the same name, naming no key",
	    .want = BKT_E_TRUST,
	    .by = BY_FORGED_ROOT,
	    .ext = { BC, KU, "subjectKeyIdentifier=hash" } },
	{ .why = "by a member",
	    .want = BKT_E_TRUST,
	    .by = BY_LEAF,
	    .ext = { BC, KU, IDS } },
	{ .why = "by itself",
	    .want = BKT_E_TRUST,
	    .by = BY_ITSELF,
	    .ext = { BC, KU, IDS } },
	{ .why = "an unknown critical extension",
	    .want = BKT_E_TRUST,
	    .ext = { BC, KU, IDS, "1.2.3.4.5=critical,DER:0500" } },
	{ .why = "an unknown extension that is not critical",
	    .want = BKT_OK,
	    .ext = { BC, KU, IDS, "1.2.3.4.5=DER:0500" } },
	{ .why = "key usage is there twice",
	    .want = BKT_E_FORMAT,
	    .ext = { BC, KU, KU, IDS } },
	{ .why = "key usage is not what it says",
	    .want = BKT_E_FORMAT,
	    .ext = { BC, "2.5.29.15=critical,DER:0500", IDS } },
};

struct identity {
	EVP_PKEY *key;
	X509 *x;
};

static struct identity root, sub, forged, plain, rsa_root;
static bkt_trust *trust;

static EVP_PKEY *key_make(enum key_kind kind)
{
	EVP_PKEY_CTX *ctx;
	EVP_PKEY *k = NULL;
	BIGNUM *three = BN_new();

	switch (kind) {
	case P256:
		k = EVP_EC_gen("P-256");
		break;
	case P384:
		k = EVP_EC_gen("P-384");
		break;
	case RSA1024:
		k = EVP_RSA_gen(1024);
		break;
	case RSA2048:
		k = EVP_RSA_gen(2048);
		break;
	case ED25519:
		k = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
		break;
	case RSA2048_E3:
	case PSS2048:
		ctx = EVP_PKEY_CTX_new_from_name(
		    NULL, kind == PSS2048 ? "RSA-PSS" : "RSA", NULL);
		BN_set_word(three, kind == PSS2048 ? 65537 : 3);
		EVP_PKEY_keygen_init(ctx);
		EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, 2048);
		EVP_PKEY_CTX_set1_rsa_keygen_pubexp(ctx, three);
		EVP_PKEY_generate(ctx, &k);
		EVP_PKEY_CTX_free(ctx);
		break;
	}
	BN_free(three);
	assert_non_null(k);
	return k;
}

static void add_ext(X509 *x, X509 *issuer, const char *text)
{
	char name[64];
	const char *eq = strchr(text, '=');
	X509V3_CTX ctx;
	X509_EXTENSION *e;

	snprintf(name, sizeof(name), "%.*s", (int)(eq - text), text);
	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	e = X509V3_EXT_conf(NULL, &ctx, name, eq + 1);
	assert_non_null(e);
	assert_int_equal(X509_add_ext(x, e, -1), 1);
	X509_EXTENSION_free(e);
}

static X509 *cert_make(EVP_PKEY *key, const char *cn, const struct identity *by,
    const char *digest, const char *const *ext)
{
	static long serial = 1000;
	X509 *x = X509_new();
	X509 *issuer = by ? by->x : x;
	const EVP_MD *md = digest ? EVP_get_digestbyname(digest) : EVP_sha256();

	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
	ASN1_TIME_set(X509_getm_notBefore(x), PKI_FROM);
	ASN1_TIME_set(X509_getm_notAfter(x), PKI_UNTIL);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN",
	    MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(issuer));
	X509_set_pubkey(x, key);
	for (size_t i = 0; i < EXT_MAX && ext[i]; i++)
		add_ext(x, issuer, ext[i]);
	if (EVP_PKEY_is_a(by ? by->key : key, "ED25519"))
		md = NULL;
	assert_true(X509_sign(x, by ? by->key : key, md) > 0);
	return x;
}

static const char *const ca_ext[EXT_MAX] = {
	"basicConstraints=critical,CA:TRUE",
	"keyUsage=critical,keyCertSign,cRLSign",
	IDS,
};

static struct identity identity_make(enum key_kind kind, const char *cn,
    const struct identity *by, const char *const *ext)
{
	struct identity id = { .key = key_make(kind) };

	id.x = cert_make(id.key, cn, by, NULL, ext);
	return id;
}

static void identity_free(struct identity *id)
{
	X509_free(id->x);
	EVP_PKEY_free(id->key);
}

static bkt_trust *trust_make(X509 *const *x, size_t n)
{
	BIO *bio = BIO_new(BIO_s_mem());
	struct bkt_err err;
	bkt_trust *t = NULL;
	char *p;
	long len;

	for (size_t i = 0; i < n; i++)
		PEM_write_bio_X509(bio, x[i]);
	len = BIO_get_mem_data(bio, &p);
	assert_int_equal(
	    bkt_trust_from_pem(BKT_SPAN(p, (size_t)len), &t, &err), BKT_OK);
	BIO_free(bio);
	return t;
}

static enum bkt_status cert_of(X509 *x, bkt_cert **out)
{
	unsigned char *der = NULL;
	int n = i2d_X509(x, &der);
	struct bkt_err err;
	enum bkt_status st;

	assert_true(n > 0);
	st = bkt_cert_from_der(BKT_SPAN(der, (size_t)n), out, &err);
	OPENSSL_free(der);
	return st;
}

static int setup(void **state)
{
	static const char *const leaf_ext[EXT_MAX] = { BC, KU, IDS };
	struct bkt_err err;

	(void)state;
	if (bkt_crypto_init(&err) != BKT_OK)
		return -1;
	root = identity_make(P256, "Root", NULL, ca_ext);
	forged = identity_make(P256, "Root", NULL, ca_ext);
	sub = identity_make(P256, "Sub", &root, ca_ext);
	plain = identity_make(P256, "Member", &root, leaf_ext);
	rsa_root = identity_make(RSA2048, "RSA root", NULL, ca_ext);
	trust = trust_make((X509 *[]){ root.x, sub.x, rsa_root.x }, 3);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	identity_free(&root);
	identity_free(&forged);
	identity_free(&sub);
	identity_free(&plain);
	identity_free(&rsa_root);
	bkt_trust_free(trust);
	return 0;
}

static const struct identity *issuer_of(const struct leaf *l)
{
	switch (l->by) {
	case BY_ROOT:
		return &root;
	case BY_SUB:
		return &sub;
	case BY_FORGED_ROOT:
		return &forged;
	case BY_LEAF:
		return &plain;
	case BY_RSA:
		return &rsa_root;
	case BY_ITSELF:
		break;
	}
	return NULL;
}

static void test_leaves(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(leaves) / sizeof(*leaves); i++) {
		const struct leaf *l = &leaves[i];
		EVP_PKEY *key = key_make(l->key);
		X509 *x =
		    cert_make(key, "Budi", issuer_of(l), l->digest, l->ext);
		bkt_cert *c = NULL;
		enum bkt_status st = cert_of(x, &c);
		struct bkt_err err = { 0 };

		if (st == BKT_OK)
			st =
			    bkt_trust_check(trust, c, l->at ? l->at : AT, &err);
		if (st != l->want) {
			print_error("%s: %s (%s)\n", l->why,
			    bkt_status_name(st), err.msg);
			wrong++;
		}
		bkt_cert_free(c);
		X509_free(x);
		EVP_PKEY_free(key);
	}
	assert_int_equal(wrong, 0);
}

struct chain {
	const char *why;
	enum bkt_status want;
	const char *root_ext[EXT_MAX], *sub_ext[EXT_MAX];
	bool anchor_root, anchor_sub;
};

#define CA "basicConstraints=critical,CA:TRUE"
#define CA_KU "keyUsage=critical,keyCertSign"

static const struct chain chains[] = {
	{ .why = "root, intermediate, leaf",
	    .want = BKT_OK,
	    .root_ext = { CA, CA_KU, IDS },
	    .sub_ext = { CA, CA_KU, IDS },
	    .anchor_root = true,
	    .anchor_sub = true },
	{ .why = "the intermediate is missing",
	    .want = BKT_E_TRUST,
	    .root_ext = { CA, CA_KU, IDS },
	    .sub_ext = { CA, CA_KU, IDS },
	    .anchor_root = true },
	{ .why = "the root is missing: no partial chains",
	    .want = BKT_E_TRUST,
	    .root_ext = { CA, CA_KU, IDS },
	    .sub_ext = { CA, CA_KU, IDS },
	    .anchor_sub = true },
	{ .why = "the root allows no intermediate",
	    .want = BKT_E_TRUST,
	    .root_ext = { CA ",pathlen:0", CA_KU, IDS },
	    .sub_ext = { CA, CA_KU, IDS },
	    .anchor_root = true,
	    .anchor_sub = true },
	{ .why = "the intermediate is no CA",
	    .want = BKT_E_TRUST,
	    .root_ext = { CA, CA_KU, IDS },
	    .sub_ext = { BC, KU, IDS },
	    .anchor_root = true,
	    .anchor_sub = true },
	{ .why = "the intermediate may not sign certificates",
	    .want = BKT_E_TRUST,
	    .root_ext = { CA, CA_KU, IDS },
	    .sub_ext = { CA, "keyUsage=critical,cRLSign", IDS },
	    .anchor_root = true,
	    .anchor_sub = true },
	{ .why = "the intermediate may not name this member",
	    .want = BKT_E_TRUST,
	    .root_ext = { CA, CA_KU, IDS },
	    .sub_ext = { CA, CA_KU, IDS,
		"2.5.29.30=critical,DER:"
		"3014a1123010a40e300c310a300806035504030c014c" },
	    .anchor_root = true,
	    .anchor_sub = true },
	{ .why = "an anchor has an unknown critical extension",
	    .want = BKT_E_TRUST,
	    .root_ext = { CA, CA_KU, IDS, "1.2.3.4.5=critical,DER:0500" },
	    .sub_ext = { CA, CA_KU, IDS },
	    .anchor_root = true,
	    .anchor_sub = true },
};

static void test_chains(void **state)
{
	static const char *const leaf_ext[EXT_MAX] = { BC, KU, IDS };
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(chains) / sizeof(*chains); i++) {
		const struct chain *c = &chains[i];
		struct identity r, s, l;
		X509 *anchors[2];
		size_t n = 0;
		bkt_trust *t;
		bkt_cert *leaf = NULL;
		struct bkt_err err = { 0 };
		enum bkt_status st;

		r = identity_make(P256, "R", NULL, c->root_ext);
		s = identity_make(P256, "S", &r, c->sub_ext);
		l = identity_make(P256, "L", &s, leaf_ext);
		if (c->anchor_root)
			anchors[n++] = r.x;
		if (c->anchor_sub)
			anchors[n++] = s.x;
		t = trust_make(anchors, n);
		assert_int_equal(cert_of(l.x, &leaf), BKT_OK);
		st = bkt_trust_check(t, leaf, AT, &err);
		if (st != c->want) {
			print_error("%s: %s (%s)\n", c->why,
			    bkt_status_name(st), err.msg);
			wrong++;
		}
		bkt_cert_free(leaf);
		bkt_trust_free(t);
		identity_free(&r);
		identity_free(&s);
		identity_free(&l);
	}
	assert_int_equal(wrong, 0);
}

static void test_anchors(void **state)
{
	struct bkt_err err;
	bkt_trust *t = NULL;

	(void)state;
	assert_int_equal(
	    bkt_trust_from_pem(BKT_SPAN("", 0), &t, &err), BKT_E_FORMAT);
	assert_int_equal(
	    bkt_trust_from_pem(bkt_span_str("-----BEGIN CERTIFICATE-----\n"
					    "AAAA\n"),
		&t, &err),
	    BKT_E_FORMAT);
	assert_int_equal(
	    bkt_trust_from_pem(bkt_span_str("-----BEGIN CERTIFICATE-----\n"
					    "AAAA\n"
					    "-----END CERTIFICATE-----\n"),
		&t, &err),
	    BKT_E_FORMAT);
	assert_null(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_leaves),
		cmocka_unit_test(test_chains),
		cmocka_unit_test(test_anchors),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
