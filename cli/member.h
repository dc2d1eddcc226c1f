/* Between `member add` and the making of its certificate. */
#ifndef BUKTI_CLI_MEMBER_H
#define BUKTI_CLI_MEMBER_H

#include "cli.h"

/** The local CA, loaded when first needed. */
struct cli_ca {
	bkt_signer *signer;
	bkt_signer *p12;  /* what a member brought, once looked into */
	int64_t at_utc_s; /* its certificates begin when the record says so */
};
void cli_ca_release(struct cli_ca *ca);
BKT_AUTO_RELEASE(struct cli_ca, cli_ca_release);

/** One member as asked for; files may be NULL. */
struct cli_member_ask {
	const char *member, *title;
	struct bkt_strs roles, units;
	const char *request, *cert, *p12; /* files */
	const struct bkt_member *now;     /* as registered, or NULL */
};
struct cli_member_out {
	const char *cert, *request; /* as in the record */
	struct bkt_span pem;        /* the file beside it */
};
/** Is the request brought the one that is registered.
 * @retval BKT_E_USAGE it is no request */
BKT_NODISCARD enum bkt_status cli_member_request_same(
    const struct cli_member_ask *m, bool *out, struct bkt_err *err);
/** Is the certificate brought, by itself or in a PKCS#12, the one that is
 * registered.
 * @retval BKT_E_USAGE it is no certificate */
BKT_NODISCARD enum bkt_status cli_member_cert_same(struct cli *c,
    struct cli_ca *ca, const struct cli_member_ask *m, bool *out,
    struct bkt_err *err);
/** Certificate and proof of possession; everything in the run's arena. */
BKT_NODISCARD enum bkt_status cli_member_proof(struct cli *c, struct cli_ca *ca,
    const struct cli_member_ask *m, struct cli_member_out *out,
    struct bkt_err *err);

/** As registered; NULL when not. */
BKT_NODISCARD enum bkt_status cli_member_now(struct cli *c, const char *id,
    const struct bkt_member **out, struct bkt_err *err);
/** @retval BKT_E_USAGE with the nearest there is, or a fault */
BKT_NODISCARD enum bkt_status cli_member_unknown(
    struct cli *c, const char *id, struct bkt_err *err);

extern const struct cli_cmd cli_member_list, cli_member_show;

#endif
