/*
 * A certificate authority and members, made anew in every test run. Failures
 * end the program: a test cannot go on without them.
 */
#ifndef BUKTI_TESTS_PKI_H
#define BUKTI_TESTS_PKI_H

#include "bukti/crypto.h"

#define PKI_FROM 1704067200  /* 2024-01-01T00:00:00Z */
#define PKI_UNTIL 2019686400 /* 2034-01-01T00:00:00Z */

struct pki {
	char origin[128];
	bkt_signer *ca; /* holds its certificate */
	struct bkt_buf ca_pem;
	bkt_trust *trust; /* that one certificate */
};
void pki_init(struct pki *p, const char *origin);
void pki_release(struct pki *p);
BKT_AUTO_RELEASE(struct pki, pki_release);

struct pki_member {
	char id[128];
	bkt_signer *signer; /* holds its certificate */
	struct bkt_buf key_pem, cert_pem, csr_der;
};
/** CN = @p id, O = the origin, valid PKI_FROM to PKI_UNTIL, no passphrase. */
void pki_member_init(struct pki_member *m, const struct pki *p, const char *id);
/** As pki_member_init with another validity. */
void pki_member_init_valid(struct pki_member *m, const struct pki *p,
    const char *id, int64_t from_utc_s, int64_t until_utc_s);
/** A certificate in the name @p id over a key that is there already. */
void pki_member_init_key(struct pki_member *m, const struct pki *p,
    const char *id, const struct pki_member *whose);
void pki_member_release(struct pki_member *m);
BKT_AUTO_RELEASE(struct pki_member, pki_member_release);

/** Seal over @p content at @p at, appended to @p out. */
void pki_seal(const struct pki_member *m, struct bkt_span content, int64_t at,
    struct bkt_buf *out);

/** A store key for the origin. */
bkt_store_key *pki_store_key(const char *origin);

#endif
