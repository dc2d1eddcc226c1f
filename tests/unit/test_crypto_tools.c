/* What we make is good to the programs people have: openssl and ssh-keygen.
 * Without a program its tests are skipped. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "bukti/crypto.h"
#include "support/pki.h"

#define ORIGIN "spbe.kota-contoh.go.id"
#define AT 1767323045 /* 2026-01-02T03:04:05Z */
#define AT_TEXT "1767323045"
#define BUF_MAX (64 * 1024)

static char dir[] = "/tmp/bukti-crypto-XXXXXX";
static const char content[] = "{\n  \"v\": 1\n}\n";

static int setup(void **state)
{
	(void)state;
	return mkdtemp(dir) && chdir(dir) == 0 ? 0 : -1;
}

static int teardown(void **state)
{
	struct bkt_err err;

	(void)state;
	return chdir("/") == 0 && bkt_dir_remove(dir, &err) == BKT_OK ? 0 : -1;
}

/* exit status of a program in the sandbox; 127: it is not there */
static int run(const char *in, const char *const *argv)
{
	char *args[32] = { NULL };
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		int fd = open(in ? in : "/dev/null", O_RDONLY);
		int out = open("out", O_WRONLY | O_CREAT | O_TRUNC, 0600);

		if (fd < 0 || out < 0 || dup2(fd, 0) < 0 || dup2(out, 1) < 0 ||
		    dup2(out, 2) < 0)
			_exit(126);
		for (size_t i = 0; argv[i] && i + 1 < 32; i++)
			args[i] = strdup(argv[i]);
		execvp(args[0], args);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define RUN(in, ...) run((in), (const char *const[]){ __VA_ARGS__, NULL })

static void put(const char *name, struct bkt_span bytes)
{
	struct bkt_err err;

	assert_int_equal(bkt_file_replace(name, bytes, 0600, &err), BKT_OK);
}

static void test_openssl_cms(void **state)
{
	struct pki pki;
	struct pki_member m;
	struct bkt_buf seal;

	(void)state;
	if (RUN(NULL, "openssl", "version") != 0)
		skip();
	bkt_buf_init(&seal, BUF_MAX);
	pki_init(&pki, ORIGIN);
	pki_member_init(&m, &pki, "budi");
	pki_seal(&m, bkt_span_str(content), AT, &seal);
	put("content", bkt_span_str(content));
	put("other", bkt_span_str("{}\n"));
	put("seal.p7s", bkt_buf_span(&seal));
	put("ca.pem", bkt_buf_span(&pki.ca_pem));
	assert_int_equal(
	    RUN(NULL, "openssl", "cms", "-verify", "-cades", "-binary",
		"-inform", "DER", "-in", "seal.p7s", "-content", "content",
		"-CAfile", "ca.pem", "-attime", AT_TEXT, "-out", "got"),
	    0);
	assert_int_not_equal(
	    RUN(NULL, "openssl", "cms", "-verify", "-cades", "-binary",
		"-inform", "DER", "-in", "seal.p7s", "-content", "other",
		"-CAfile", "ca.pem", "-attime", AT_TEXT, "-out", "got"),
	    0);
	pki_member_release(&m);
	pki_release(&pki);
	bkt_buf_release(&seal);
}

static void test_openssl_certificates(void **state)
{
	struct pki pki;
	struct pki_member m;
	struct bkt_buf key;
	struct bkt_err err;

	(void)state;
	if (RUN(NULL, "openssl", "version") != 0)
		skip();
	bkt_buf_init(&key, BUF_MAX);
	pki_init(&pki, ORIGIN);
	pki_member_init(&m, &pki, "budi");
	put("ca.pem", bkt_buf_span(&pki.ca_pem));
	put("cert.pem", bkt_buf_span(&m.cert_pem));
	put("req.der", bkt_buf_span(&m.csr_der));
	assert_int_equal(RUN(NULL, "openssl", "verify", "-x509_strict",
			     "-purpose", "smimesign", "-CAfile", "ca.pem",
			     "-attime", AT_TEXT, "cert.pem"),
	    0);
	assert_int_equal(RUN(NULL, "openssl", "req", "-verify", "-inform",
			     "DER", "-in", "req.der", "-noout"),
	    0);
	assert_int_equal(bkt_key_new("rahasia", &key, &err), BKT_OK);
	put("key.pem", bkt_buf_span(&key));
	assert_int_equal(RUN(NULL, "openssl", "pkey", "-in", "key.pem",
			     "-passin", "pass:rahasia", "-noout"),
	    0);
	assert_int_not_equal(RUN(NULL, "openssl", "pkey", "-in", "key.pem",
				 "-passin", "pass:salah", "-noout"),
	    0);
	pki_member_release(&m);
	pki_release(&pki);
	bkt_buf_release(&key);
}

static void test_ssh_keygen(void **state)
{
	bkt_store_key *k = pki_store_key(ORIGIN);
	struct bkt_buf sig, signers;
	struct bkt_err err;

	(void)state;
	if (RUN(NULL, "ssh-keygen", "-?") == 127) {
		bkt_store_key_free(k);
		skip();
	}
	bkt_buf_init(&sig, BUF_MAX);
	bkt_buf_init(&signers, BUF_MAX);
	bkt_buf_str(&signers, ORIGIN " namespaces=\"git\" ");
	bkt_ssh_pub_print(bkt_store_key_public(k)->pub, &signers);
	bkt_buf_chr(&signers, '\n');
	assert_int_equal(
	    bkt_sshsig_make(k, bkt_span_str(content), &sig, &err), BKT_OK);
	put("content", bkt_span_str(content));
	put("other", bkt_span_str("{}\n"));
	put("sig", bkt_buf_span(&sig));
	put("signers", bkt_buf_span(&signers));
	assert_int_equal(RUN("content", "ssh-keygen", "-Y", "verify", "-f",
			     "signers", "-I", ORIGIN, "-n", "git", "-s", "sig"),
	    0);
	assert_int_not_equal(
	    RUN("other", "ssh-keygen", "-Y", "verify", "-f", "signers", "-I",
		ORIGIN, "-n", "git", "-s", "sig"),
	    0);
	bkt_store_key_free(k);
	bkt_buf_release(&sig);
	bkt_buf_release(&signers);
}

/* the other way round: what ssh-keygen signs is the form we accept */
static void test_by_ssh_keygen(void **state)
{
	struct bkt_buf sig, pub, raw;
	struct bkt_err err;
	const char *b64, *end;

	(void)state;
	if (RUN(NULL, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "",
		"-f", "id") != 0)
		skip();
	bkt_buf_init(&sig, BUF_MAX);
	bkt_buf_init(&pub, BUF_MAX);
	bkt_buf_init(&raw, BUF_MAX);
	put("content", bkt_span_str(content));
	assert_int_equal(RUN(NULL, "ssh-keygen", "-Y", "sign", "-f", "id", "-n",
			     "git", "content"),
	    0);
	assert_int_equal(bkt_file_slurp("content.sig", &sig, &err), BKT_OK);
	assert_int_equal(bkt_file_slurp("id.pub", &pub, &err), BKT_OK);
	b64 = strchr((const char *)pub.ptr, ' ') + 1;
	end = b64 + strcspn(b64, " \n");
	assert_int_equal(
	    bkt_unbase64(BKT_SPAN(b64, (size_t)(end - b64)), &raw, &err),
	    BKT_OK);
	assert_int_equal(raw.len, 51);
	assert_int_equal(bkt_sshsig_verify(bkt_buf_span(&sig),
			     bkt_span_str(content), raw.ptr + 19, &err),
	    BKT_OK);
	assert_int_equal(bkt_sshsig_verify(bkt_buf_span(&sig),
			     bkt_span_str("x"), raw.ptr + 19, &err),
	    BKT_E_SEAL);
	bkt_buf_release(&sig);
	bkt_buf_release(&pub);
	bkt_buf_release(&raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_openssl_cms),
		cmocka_unit_test(test_openssl_certificates),
		cmocka_unit_test(test_ssh_keygen),
		cmocka_unit_test(test_by_ssh_keygen),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
