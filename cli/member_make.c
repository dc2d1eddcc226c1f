/* A member record from what people bring: request, certificate or PKCS#12. */
#include "cli.h"
#include "member.h"

#include <stdlib.h>
#include <string.h>

#define MEMBER_MONTHS_DEFAULT 36

void cli_ca_release(struct cli_ca *ca)
{
	bkt_signer_free(ca->signer);
	bkt_signer_free(ca->p12);
	*ca = (struct cli_ca){ .signer = NULL };
}

/* which passphrase file is not a signer's */
static size_t after_signers(const struct cli *c)
{
	size_t n = cli_opt_count(c, "as");

	return n > 0 ? n : 1;
}

/* loaded once, and only when a certificate is to be issued */
static enum bkt_status ca_load(
    struct cli *c, struct cli_ca *ca, struct bkt_err *err)
{
	const char *dir = NULL;
	const char *key = cli_opt(c, "ca-key");
	const char *pem = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { .ptr = NULL };

	if (ca->signer)
		return BKT_OK;
	bkt_buf_init(&bytes, 64 * 1024);
	if (key) {
		size_t n = strlen(key);

		n = n > 4 && strcmp(key + n - 4, ".key") == 0 ? n - 4 : n;
		pem = cli_printf(c, "%.*s.pem", (int)n, key);
	} else {
		BKT_TRY(cli_keys_dir(c, &dir, err));
		key = cli_printf(c, "%s/ca.key", dir);
		pem = cli_printf(c, "%s/ca.pem", dir);
	}
	if (!bkt_path_exists(key) || !bkt_path_exists(pem)) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "the CA's key and certificate are not at '%s'", key);
		bkt_err_hint(err, "name the key with --ca-key FILE; the "
				  "certificate lies beside it as .pem");
		return BKT_E_USAGE;
	}
	BKT_TRY(cli_slurp(pem, &bytes, err));
	BKT_TRY(cli_signer_load(
	    c, key, bkt_buf_span(&bytes), after_signers(c), &ca->signer, err));
	if (!bkt_signer_cert(ca->signer))
		return bkt_fail(
		    err, BKT_E_USAGE, "'%s' holds no certificate", pem);
	return BKT_OK;
}

static enum bkt_status issue(struct cli *c, struct cli_ca *ca,
    const char *member, const struct bkt_buf *csr, bkt_cert **out,
    struct bkt_err *err)
{
	const char *years = cli_opt(c, "years");
	uint64_t n = MEMBER_MONTHS_DEFAULT / 12;
	int64_t now = ca->at_utc_s, until = 0, last = 0;

	if (years && (!bkt_parse_u64(years, 30, &n) || n == 0))
		return bkt_fail(err, BKT_E_USAGE,
		    "'%s' is not a number of years from 1 to 30", years);
	BKT_TRY(ca_load(c, ca, err));
	until = (int64_t)bkt_date_add_months(
		    (int32_t)(now / 86400), (int32_t)n * 12) *
		    86400 +
		now % 86400;
	last = bkt_cert_info(bkt_signer_cert(ca->signer))->not_after_utc_s;
	return bkt_ca_issue(ca->signer, bkt_buf_span(csr), member, c->origin,
	    now, until < last ? until : last, out, err);
}

static enum bkt_status read_csr(const char *file, struct bkt_buf *out,
    struct bkt_csr_info *info, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { .ptr = NULL };
	enum bkt_status st;

	bkt_buf_init(&bytes, 64 * 1024);
	BKT_TRY(cli_slurp(file, &bytes, err));
	st = bkt_csr_from_any(bkt_buf_span(&bytes), out, err);
	if (st == BKT_OK)
		st = bkt_csr_check(bkt_buf_span(out), NULL, info, err);
	if (st != BKT_OK)
		return cli_input_failed(err, st, "request '%s'", file);
	return BKT_OK;
}

enum bkt_status cli_member_request_same(
    const struct cli_member_ask *m, bool *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf csr = { .ptr = NULL };
	BKT_AUTO(bkt_buf_release) struct bkt_buf text = { .ptr = NULL };
	struct bkt_csr_info info;

	bkt_buf_init(&csr, 64 * 1024);
	bkt_buf_init(&text, 128 * 1024);
	BKT_TRY(read_csr(m->request, &csr, &info, err));
	bkt_base64(&text, bkt_buf_span(&csr));
	BKT_TRY(bkt_buf_check(&text, err));
	*out = bkt_same_text((const char *)text.ptr, m->now->request);
	return BKT_OK;
}

static enum bkt_status read_cert(
    const char *file, bkt_cert **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { .ptr = NULL };
	enum bkt_status st;

	bkt_buf_init(&bytes, 64 * 1024);
	BKT_TRY(cli_slurp(file, &bytes, err));
	st = bkt_cert_from_any(bkt_buf_span(&bytes), out, err);
	if (st != BKT_OK)
		return cli_input_failed(err, st, "certificate '%s'", file);
	return BKT_OK;
}

/* its passphrase is asked for once */
static enum bkt_status open_p12(struct cli *c, struct cli_ca *ca,
    const struct cli_member_ask *m, struct bkt_err *err)
{
	if (!ca->p12)
		BKT_TRY(cli_signer_load(c, m->p12, BKT_SPAN(NULL, 0),
		    after_signers(c), &ca->p12, err));
	if (!bkt_signer_cert(ca->p12))
		return bkt_fail(
		    err, BKT_E_USAGE, "'%s' holds no certificate", m->p12);
	return BKT_OK;
}

enum bkt_status cli_member_cert_same(struct cli *c, struct cli_ca *ca,
    const struct cli_member_ask *m, bool *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_cert_free) bkt_cert *own = NULL;
	const bkt_cert *cert = NULL; /* of own, or of the PKCS#12 */
	char hex[BKT_SHA256_HEX + 1];

	if (m->p12) {
		BKT_TRY(open_p12(c, ca, m, err));
		cert = bkt_signer_cert(ca->p12);
	} else {
		BKT_AUTO(bkt_buf_release) struct bkt_buf csr = { .ptr = NULL };
		struct bkt_csr_info info;
		enum bkt_status st;

		/* a proof that is none is told, also where nothing is new */
		bkt_buf_init(&csr, 64 * 1024);
		BKT_TRY(read_csr(m->request, &csr, &info, err));
		BKT_TRY(read_cert(m->cert, &own, err));
		st = bkt_csr_check(bkt_buf_span(&csr), own, &info, err);
		if (st != BKT_OK)
			return cli_input_failed(
			    err, st, "certificate '%s'", m->cert);
		cert = own;
	}
	bkt_hex(bkt_cert_info(cert)->sha256.b, BKT_SHA256_LEN, hex);
	*out = bkt_same_text(hex, m->now->cert);
	return BKT_OK;
}

static enum bkt_status from_request(struct cli *c, struct cli_ca *ca,
    const struct cli_member_ask *m, struct bkt_buf *csr, bkt_cert **cert,
    struct bkt_err *err)
{
	struct bkt_csr_info info;
	enum bkt_status st;

	BKT_TRY(read_csr(m->request, csr, &info, err));
	/* one made for another, or for another store, proves nothing here */
	if (strcmp(info.cn, m->member) != 0 ||
	    strcmp(info.org, c->origin) != 0) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "request '%s' is for '%s' of '%s', not for '%s' of '%s'",
		    m->request, info.cn, info.org, m->member, c->origin);
		bkt_err_hint(err,
		    "they make the right one by: bukti key csr %s --key FILE "
		    "--origin %s",
		    m->member, c->origin);
		return BKT_E_USAGE;
	}
	if (!m->cert)
		return issue(c, ca, m->member, csr, cert, err);
	BKT_TRY(read_cert(m->cert, cert, err));
	st = bkt_csr_check(bkt_buf_span(csr), *cert, &info, err);
	if (st != BKT_OK)
		return cli_input_failed(err, st, "certificate '%s'", m->cert);
	return BKT_OK;
}

static enum bkt_status from_p12(struct cli *c, struct cli_ca *ca,
    const struct cli_member_ask *m, struct bkt_buf *csr, bkt_cert **cert,
    struct bkt_err *err)
{
	BKT_TRY(open_p12(c, ca, m, err));
	BKT_TRY(bkt_csr_make(ca->p12, m->member, c->origin, csr, err));
	return bkt_cert_from_der(
	    bkt_cert_info(bkt_signer_cert(ca->p12))->der, cert, err);
}

static enum bkt_status text_of(struct cli *c, const struct bkt_buf *b,
    const char **out, struct bkt_err *err)
{
	BKT_TRY(bkt_buf_check(b, err));
	*out = bkt_arena_strndup(c->arena, (const char *)b->ptr, b->len);
	return *out ? BKT_OK : cli_no_memory(err);
}

/* what a certificate puts into the record, and the file beside it */
static enum bkt_status with_cert(struct cli *c, const bkt_cert *cert,
    const struct bkt_buf *csr, struct cli_member_out *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf text = { .ptr = NULL };
	char hex[BKT_SHA256_HEX + 1];
	const char *pem = NULL;

	if (!bkt_cert_key_allowed(cert))
		return bkt_fail(err, BKT_E_USAGE,
		    "the key must be EC P-256 or RSA of at least 2048 bits");
	bkt_buf_init(&text, 128 * 1024);
	bkt_base64(&text, bkt_buf_span(csr));
	BKT_TRY(text_of(c, &text, &out->request, err));
	bkt_buf_clear(&text);
	BKT_TRY(bkt_cert_to_pem(cert, &text, err));
	BKT_TRY(text_of(c, &text, &pem, err));
	bkt_hex(bkt_cert_info(cert)->sha256.b, BKT_SHA256_LEN, hex);
	out->cert = bkt_arena_strdup(c->arena, hex);
	out->pem = bkt_span_str(pem);
	return out->cert ? BKT_OK : cli_no_memory(err);
}

/* nothing new brought: the certificate stays as it is */
static enum bkt_status with_old(struct cli *c, const struct cli_member_ask *m,
    struct cli_member_out *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf pem = { .ptr = NULL };
	const char *text = NULL;

	if (!m->now) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "'%s' is new and needs a request or a certificate",
		    m->member);
		bkt_err_hint(err,
		    "they make one by: bukti key new %s "
		    "--origin %s",
		    m->member, c->origin);
		return BKT_E_USAGE;
	}
	bkt_buf_init(&pem, 64 * 1024);
	BKT_TRY(
	    cli_read(c, cli_printf(c, "members/%s.pem", m->member), &pem, err));
	BKT_TRY(text_of(c, &pem, &text, err));
	out->cert = m->now->cert;
	out->request = m->now->request;
	out->pem = bkt_span_str(text);
	return BKT_OK;
}

enum bkt_status cli_member_proof(struct cli *c, struct cli_ca *ca,
    const struct cli_member_ask *m, struct cli_member_out *out,
    struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf csr = { .ptr = NULL };
	BKT_AUTO(bkt_cert_free) bkt_cert *cert = NULL;

	bkt_buf_init(&csr, 64 * 1024);
	if (m->p12)
		BKT_TRY(from_p12(c, ca, m, &csr, &cert, err));
	else if (m->request)
		BKT_TRY(from_request(c, ca, m, &csr, &cert, err));
	else
		return with_old(c, m, out, err);
	return with_cert(c, cert, &csr, out, err);
}
