/* Without memory there is no verdict: the allocations of every call fail one
 * by one, alone and with all after it, OpenSSL's own among them. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bukti/crypto.h"
#include "support/pki.h"

#define AT 1767323045 /* 2026-01-02T03:04:05Z */
#define BUF_MAX (64 * 1024)
#define ROUNDS_MAX 20000
#define EACH_UP_TO 250
#define STRIDE 17

static struct pki pki;
static struct pki_member member;
static bkt_store_key *key;
static struct bkt_buf good, bad, note, ssh;
static struct bkt_sha256 content_sha;
static const char content[] = "isi\n";

static unsigned long countdown;
static bool sticky;

static bool fail_nth(size_t n_bytes)
{
	(void)n_bytes;
	if (countdown == 0)
		return sticky;
	return --countdown == 0;
}

static int setup(void **state)
{
	struct bkt_err err;
	struct bkt_seal s;

	(void)state;
	pki_init(&pki, "spbe.kota-contoh.go.id");
	pki_member_init(&member, &pki, "budi");
	key = pki_store_key(pki.origin);
	bkt_buf_init(&good, BUF_MAX);
	bkt_buf_init(&bad, BUF_MAX);
	bkt_buf_init(&note, BUF_MAX);
	bkt_buf_init(&ssh, BUF_MAX);
	pki_seal(&member, bkt_span_str(content), AT, &good);
	bkt_buf_add(&bad, good.ptr, good.len);
	if (bkt_seal_parse(bkt_buf_span(&bad), &s, &err) != BKT_OK)
		return -1;
	bad.ptr[s.signature.ptr - bad.ptr + 20] ^= 1;
	return bkt_sha256_of(bkt_span_str(content), &content_sha, &err) ==
			   BKT_OK &&
		       bkt_note_sign(key, bkt_span_str("a\nb\n"), &note,
			   &err) == BKT_OK &&
		       bkt_sshsig_make(
			   key, bkt_span_str(content), &ssh, &err) == BKT_OK
		   ? 0
		   : -1;
}

static int teardown(void **state)
{
	(void)state;
	bkt_buf_release(&good);
	bkt_buf_release(&bad);
	bkt_buf_release(&note);
	bkt_buf_release(&ssh);
	bkt_store_key_free(key);
	pki_member_release(&member);
	pki_release(&pki);
	return 0;
}

static enum bkt_status verify(struct bkt_span der, struct bkt_err *err)
{
	struct bkt_seal s;

	BKT_TRY(bkt_seal_parse(der, &s, err));
	return bkt_seal_verify(
	    &s, &content_sha, bkt_signer_cert(member.signer), err);
}

static enum bkt_status verify_good(struct bkt_err *err)
{
	return verify(bkt_buf_span(&good), err);
}

static enum bkt_status verify_bad(struct bkt_err *err)
{
	return verify(bkt_buf_span(&bad), err);
}

static enum bkt_status load_cert(struct bkt_err *err)
{
	BKT_AUTO(bkt_cert_free) bkt_cert *c = NULL;

	return bkt_cert_from_pem(bkt_buf_span(&member.cert_pem), &c, err);
}

static enum bkt_status load_trust(struct bkt_err *err)
{
	BKT_AUTO(bkt_trust_free) bkt_trust *t = NULL;

	return bkt_trust_from_pem(bkt_buf_span(&pki.ca_pem), &t, err);
}

static enum bkt_status check_trust(struct bkt_err *err)
{
	return bkt_trust_check(
	    pki.trust, bkt_signer_cert(member.signer), AT, err);
}

static enum bkt_status check_csr(struct bkt_err *err)
{
	struct bkt_csr_info info;

	return bkt_csr_check(bkt_buf_span(&member.csr_der),
	    bkt_signer_cert(member.signer), &info, err);
}

static enum bkt_status make_seal(struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;

	bkt_buf_init(&b, BUF_MAX);
	return bkt_seal_make(member.signer, &content_sha, AT, &b, err);
}

static enum bkt_status load_signer(struct bkt_err *err)
{
	BKT_AUTO(bkt_signer_free) bkt_signer *s = NULL;

	return bkt_signer_load(bkt_buf_span(&member.key_pem),
	    bkt_buf_span(&member.cert_pem), NULL, NULL, &s, err);
}

static enum bkt_status issue(struct bkt_err *err)
{
	BKT_AUTO(bkt_cert_free) bkt_cert *c = NULL;

	return bkt_ca_issue(pki.ca, bkt_buf_span(&member.csr_der), "budi",
	    "kota", PKI_FROM, PKI_UNTIL, &c, err);
}

static enum bkt_status check_note(struct bkt_err *err)
{
	struct bkt_span text;

	return bkt_note_verify(
	    bkt_buf_span(&note), bkt_store_key_public(key), &text, err);
}

static enum bkt_status check_ssh(struct bkt_err *err)
{
	return bkt_sshsig_verify(bkt_buf_span(&ssh), bkt_span_str(content),
	    bkt_store_key_public(key)->pub, err);
}

static enum bkt_status digest(struct bkt_err *err)
{
	struct bkt_sha256 sha;

	return bkt_sha256_of(bkt_span_str(content), &sha, err);
}

static const struct {
	const char *why;
	enum bkt_status (*fn)(struct bkt_err *err);
	enum bkt_status usual;
} calls[] = {
	{ "digest", digest, BKT_OK },
	{ "verifying a good seal", verify_good, BKT_OK },
	{ "verifying a bad seal", verify_bad, BKT_E_SEAL },
	{ "reading a certificate", load_cert, BKT_OK },
	{ "reading anchors", load_trust, BKT_OK },
	{ "checking a chain", check_trust, BKT_OK },
	{ "checking a request", check_csr, BKT_OK },
	{ "making a seal", make_seal, BKT_OK },
	{ "loading a key", load_signer, BKT_OK },
	{ "issuing a certificate", issue, BKT_OK },
	{ "verifying a note", check_note, BKT_OK },
	{ "verifying an SSH signature", check_ssh, BKT_OK },
};

static enum bkt_status with_failure(size_t i, unsigned long nth, bool all)
{
	struct bkt_err err;
	enum bkt_status st;

	countdown = nth;
	sticky = all;
	bkt_alloc_fault = fail_nth;
	st = calls[i].fn(&err);
	bkt_alloc_fault = NULL;
	return st;
}

static void fail_each(size_t i, bool all)
{
	unsigned long nth = 1;

	/* reading a key allocates thousands of times: every one, then a part */
	for (; nth < ROUNDS_MAX; nth += nth < EACH_UP_TO ? 1 : STRIDE) {
		enum bkt_status st = with_failure(i, nth, all);

		/* OpenSSL may do without; a fault is fine; a verdict is not */
		if (st != calls[i].usual && !bkt_is_fault(st))
			fail_msg("%s without allocation %lu: %s", calls[i].why,
			    nth, bkt_status_name(st));
		if (countdown > 0)
			break;
	}
	assert_true(nth > 1 && nth < ROUNDS_MAX);
	assert_int_equal(with_failure(i, 0, false), calls[i].usual);
}

static void test_no_memory(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		/* once as usual: caches are filled, and it works at all */
		assert_int_equal(with_failure(i, 0, false), calls[i].usual);
		fail_each(i, false);
		fail_each(i, true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
