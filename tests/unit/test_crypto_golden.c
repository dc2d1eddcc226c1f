/* The vectors of tests/golden/seal, made once with keys that are gone. They
 * are never made again: what was good stays good, what was bad stays bad. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bukti/crypto.h"
#include "support/golden.h"

#define AT 1767323045 /* 2026-01-02T03:04:05Z */

static bkt_cert *get_cert(const char *name)
{
	struct bkt_buf pem;
	struct bkt_err err;
	bkt_cert *c = NULL;

	golden_slurp("seal", name, &pem);
	if (bkt_cert_from_pem(bkt_buf_span(&pem), &c, &err) != BKT_OK)
		fail_msg("%s: %s", name, err.msg);
	bkt_buf_release(&pem);
	return c;
}

struct vector {
	const char *seal, *cert;
	enum bkt_status parse, verify; /* verify only after a good parse */
	int64_t at;
};

static const struct vector vectors[] = {
	{ "ec.p7s", "ec.pem", BKT_OK, BKT_OK, AT },
	{ "ec-2050.p7s", "ec.pem", BKT_OK, BKT_OK, 2524608000 },
	{ "rsa.p7s", "rsa.pem", BKT_OK, BKT_OK, AT },
	{ "ec.p7s", "rsa.pem", BKT_OK, BKT_E_TRUST, AT },
	{ "bad-other-signer.p7s", "ec.pem", BKT_OK, BKT_E_TRUST, AT },
	{ "bad-other-content.p7s", "ec.pem", BKT_OK, BKT_E_SEAL, AT },
	{ "bad-signature-value.p7s", "ec.pem", BKT_OK, BKT_E_SEAL, AT },
	{ "bad-signing-time.p7s", "ec.pem", BKT_OK, BKT_E_SEAL, AT + 1 },
	{ "bad-attached.p7s", "ec.pem", BKT_E_FORMAT, BKT_OK, 0 },
	{ "bad-attribute-order.p7s", "ec.pem", BKT_E_FORMAT, BKT_OK, 0 },
	{ "bad-attribute-twice.p7s", "ec.pem", BKT_E_FORMAT, BKT_OK, 0 },
	{ "bad-crls.p7s", "ec.pem", BKT_E_FORMAT, BKT_OK, 0 },
	{ "bad-digest-null.p7s", "ec.pem", BKT_E_FORMAT, BKT_OK, 0 },
	{ "bad-ess-algorithm.p7s", "ec.pem", BKT_E_FORMAT, BKT_OK, 0 },
	{ "bad-ess-no-issuer.p7s", "ec.pem", BKT_E_FORMAT, BKT_OK, 0 },
	{ "bad-indefinite-length.p7s", "ec.pem", BKT_E_FORMAT, BKT_OK, 0 },
	{ "bad-long-length.p7s", "ec.pem", BKT_E_FORMAT, BKT_OK, 0 },
	{ "bad-no-signed-attributes.p7s", "ec.pem", BKT_E_FORMAT, BKT_OK, 0 },
	{ "bad-signature-range.p7s", "ec.pem", BKT_E_FORMAT, BKT_OK, 0 },
	{ "bad-trailing-byte.p7s", "ec.pem", BKT_E_FORMAT, BKT_OK, 0 },
	{ "bad-two-certificates.p7s", "ec.pem", BKT_E_FORMAT, BKT_OK, 0 },
	{ "bad-two-signers.p7s", "ec.pem", BKT_E_FORMAT, BKT_OK, 0 },
	{ "bad-two-values.p7s", "ec.pem", BKT_E_FORMAT, BKT_OK, 0 },
	{ "bad-unsigned-attributes.p7s", "ec.pem", BKT_E_FORMAT, BKT_OK, 0 },
	{ "bad-version-3.p7s", "ec.pem", BKT_E_FORMAT, BKT_OK, 0 },
};

static void check(const struct vector *v, const struct bkt_sha256 *content)
{
	struct bkt_buf der;
	struct bkt_err err = { 0 };
	struct bkt_seal s;
	enum bkt_status st;
	bkt_cert *c = get_cert(v->cert);

	golden_slurp("seal", v->seal, &der);
	st = bkt_seal_parse(bkt_buf_span(&der), &s, &err);
	if (st != v->parse)
		fail_msg("%s: %s (%s)", v->seal, bkt_status_name(st), err.msg);
	if (st == BKT_OK) {
		assert_int_equal(s.signing_time_utc_s, v->at);
		st = bkt_seal_verify(&s, content, c, &err);
		if (st != v->verify)
			fail_msg("%s: %s (%s)", v->seal, bkt_status_name(st),
			    err.msg);
	}
	bkt_cert_free(c);
	bkt_buf_release(&der);
}

static void test_vectors(void **state)
{
	struct bkt_buf record;
	struct bkt_sha256 content;
	struct bkt_err err;
	char hex[65];

	(void)state;
	golden_slurp("seal", "record.json", &record);
	assert_int_equal(
	    bkt_sha256_of(bkt_buf_span(&record), &content, &err), BKT_OK);
	bkt_hex(content.b, 32, hex);
	/* so that nobody makes the vectors anew unseen */
	assert_string_equal(hex,
	    "d1825909f69b7795be68c34d9c5244026e7c1dde63b0b773a9ee216592360b54");
	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++)
		check(&vectors[i], &content);
	bkt_buf_release(&record);
}

static void test_certificates(void **state)
{
	struct bkt_buf pem;
	struct bkt_err err;
	bkt_trust *t = NULL;
	bkt_cert *ec = get_cert("ec.pem"), *rsa = get_cert("rsa.pem");
	char hex[65];

	(void)state;
	golden_slurp("seal", "ca.pem", &pem);
	assert_int_equal(
	    bkt_trust_from_pem(bkt_buf_span(&pem), &t, &err), BKT_OK);
	bkt_hex(bkt_cert_info(ec)->sha256.b, 32, hex);
	assert_string_equal(hex,
	    "003bfd36b6c6c6838ee61c9ad54bddbe247c50faf076fa14f20ad5e35bc672aa");
	assert_string_equal(bkt_cert_info(ec)->subject_cn, "budi");
	assert_string_equal(bkt_cert_info(rsa)->subject_cn, "sari");
	assert_string_equal(bkt_cert_info(ec)->key, "EC P-256");
	assert_string_equal(bkt_cert_info(rsa)->key, "RSA 2048");
	assert_int_equal(bkt_trust_check(t, ec, AT, &err), BKT_OK);
	assert_int_equal(bkt_trust_check(t, rsa, AT, &err), BKT_OK);
	assert_int_equal(bkt_trust_check(t, ec, 2524608000, &err), BKT_E_TRUST);
	bkt_cert_free(ec);
	bkt_cert_free(rsa);
	bkt_trust_free(t);
	bkt_buf_release(&pem);
}

static void vectors_are_the_ones_that_were_made(void **state)
{
	(void)state;
	golden_unchanged("seal", 28);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_are_the_ones_that_were_made),
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_certificates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
