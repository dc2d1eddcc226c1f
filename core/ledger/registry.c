/* Who and what the institution consists of: judged like every record. */
#include "ledger_private.h"

#include <string.h>

enum bkt_status judge_digest(struct bkt_span bytes, const char *hex,
    const char *what, struct bkt_err *err)
{
	struct bkt_sha256 have;
	char text[BKT_SHA256_HEX + 1];

	BKT_TRY(bkt_sha256_of(bytes, &have, err));
	bkt_hex(have.b, sizeof(have.b), text);
	if (strcmp(text, hex) != 0)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "%s is not the one the record names", what);
	return BKT_OK;
}

/* who compares the CA once compares it for the whole log: what members signed
 * under another one would be taken for signed under this one, and the other way
 * round */
static enum bkt_status same_ca(
    const struct judge_context *c, struct bkt_err *err)
{
	if (!c->before || strcmp(c->before->rec->u.institution.ca,
			      c->rec->u.institution.ca) == 0)
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_POLICY,
	    "the certificate authority cannot be exchanged yet: ca.pem stays "
	    "the one that the log began with");
	bkt_err_hint(err, "which one that is: bukti show institution.json");
	return BKT_E_POLICY;
}

enum bkt_status judge_institution(
    const struct judge_context *c, struct bkt_err *err)
{
	const struct bkt_institution *i = &c->rec->u.institution;
	BKT_AUTO(bkt_trust_free) bkt_trust *trust = NULL;
	struct bkt_note_key key;

	BKT_TRY(judge_digest(c->o->sub->owned[0].bytes, i->ca, "ca.pem", err));
	BKT_TRY(bkt_trust_from_pem(c->o->sub->owned[0].bytes, &trust, err));
	BKT_TRY(bkt_note_key_parse(i->note_key, &key, err));
	if (strcmp(key.name, c->rec->store) != 0)
		return bkt_fail(err, BKT_E_FORMAT,
		    "the store key is named '%s', the store '%s'", key.name,
		    c->rec->store);
	if (c->before &&
	    strcmp(c->before->rec->u.institution.note_key, i->note_key) != 0)
		return bkt_fail(err, BKT_E_POLICY,
		    "the store key cannot be replaced by this record");
	return same_ca(c, err);
}

enum bkt_status judge_access_record(
    const struct judge_context *c, struct bkt_err *err)
{
	const struct bkt_access *a = &c->rec->u.access;
	bool found = false;

	for (size_t i = 0; i < a->n_rules; i++)
		found = found || strcmp(a->rules[i].kind, "access") == 0;
	if (!found)
		return bkt_fail(err, BKT_E_POLICY,
		    "the policy lets nobody change the policy: the store would "
		    "be locked for ever");
	/* the first policy comes before the first member */
	return c->before ? judge_not_locked(c, a, err) : BKT_OK;
}

static enum bkt_status check_possession(
    const struct judge_context *c, const bkt_cert *cert, struct bkt_err *err)
{
	const struct bkt_member *m = &c->rec->u.member;
	BKT_AUTO(bkt_buf_release) struct bkt_buf der = { 0 };
	struct bkt_csr_info csr;

	bkt_buf_init(&der, BKT_CERT_MAX);
	BKT_TRY(bkt_unbase64(bkt_span_str(m->request), &der, err));
	BKT_TRY(bkt_csr_check(bkt_buf_span(&der), cert, &csr, err));
	if (strcmp(csr.cn, m->member) != 0 ||
	    strcmp(csr.org, c->rec->store) != 0)
		return bkt_fail(err, BKT_E_TRUST,
		    "the key was shown for '%s' of '%s', not for '%s' of '%s'",
		    csr.cn, csr.org, m->member, c->rec->store);
	return BKT_OK;
}

enum bkt_status judge_unit(
    const struct judge_context *c, const char *unit, struct bkt_err *err)
{
	char path[BKT_PATH_MAX + 1];
	const struct bkt_current *u;
	enum bkt_status st;

	BKT_TRY(state_path(path, err, "units/%s.json", unit));
	st = bkt_state_get(c->s, path, &u, err);
	if (st == BKT_E_NOTFOUND)
		return bkt_fail(
		    err, BKT_E_POLICY, "there is no unit '%s'", unit);
	if (st == BKT_OK && !u->active)
		return bkt_fail(
		    err, BKT_E_POLICY, "the unit '%s' was withdrawn", unit);
	return st;
}

/* the store's own key is Ed25519, which no member's key can be */
static enum bkt_status check_own_key(const struct judge_context *c,
    const struct bkt_cert_info *cert, struct bkt_err *err)
{
	const char *holder;

	BKT_TRY(state_key_holder(c->s, &cert->spki, &holder, err));
	if (!holder || strcmp(holder, c->rec->u.member.member) == 0)
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_POLICY,
	    "the key is that of '%s': every member needs a key of their own",
	    holder);
	bkt_err_hint(err, "'%s' makes one by: bukti key new %s",
	    c->rec->u.member.member, c->rec->u.member.member);
	return BKT_E_POLICY;
}

static enum bkt_status check_not_revoked(const struct judge_context *c,
    const struct bkt_cert_info *cert, struct bkt_err *err)
{
	const char *member = c->rec->u.member.member;
	const struct bkt_record *r;
	enum bkt_status st =
	    state_key_revoked(c->s, member, &cert->spki, &r, err);

	if (st == BKT_OK)
		return bkt_fail(err, BKT_E_POLICY,
		    "the key of '%s' was revoked (%s) and cannot come back",
		    member, r->u.revocation.reason);
	return st == BKT_E_NOTFOUND ? BKT_OK : st;
}

/* withdrawn, or with a role less */
static bool takes_away(const struct judge_context *c)
{
	const struct bkt_member *now = &c->rec->u.member, *old;

	if (!c->before || !c->before->active)
		return false;
	if (strcmp(now->state, "active") != 0)
		return true;
	old = &c->before->rec->u.member;
	for (size_t i = 0; i < old->roles.n; i++) {
		if (!bkt_strs_has(&now->roles, old->roles.v[i]))
			return true;
	}
	return false;
}

/* under an anchor of the store, now and, for a package that tells only when it
 * was signed, then */
static enum bkt_status check_trusted(
    const struct judge_context *c, const bkt_cert *cert, struct bkt_err *err)
{
	const bkt_trust *trust;
	enum bkt_status st;

	BKT_TRY(state_trust(c->s, &trust, err));
	st = bkt_trust_check(trust, cert, c->rec->at_utc_s, err);
	if (st == BKT_OK)
		st = bkt_trust_check(trust, cert, c->accepted_utc_s, err);
	if (st != BKT_E_TRUST)
		return st;
	if (bkt_cert_info(cert)->not_after_utc_s < c->accepted_utc_s)
		bkt_err_hint(err,
		    "a certificate that is valid today is needed, for the "
		    "same key or for another");
	else
		bkt_err_hint(err,
		    "a signer's certificate is issued by the store's own CA "
		    "(--request FILE) or by one that init --trust named; "
		    "ca.pem in the store lists them");
	return st;
}

enum bkt_status judge_member(const struct judge_context *c, struct bkt_err *err)
{
	const struct bkt_member *m = &c->rec->u.member;
	BKT_AUTO(bkt_cert_free) bkt_cert *cert = NULL;
	const struct bkt_record *access;

	BKT_TRY(state_record(c->s, "access.json", &access, err));
	for (size_t i = 0; i < m->roles.n; i++) {
		if (!bkt_strs_has(&access->u.access.roles, m->roles.v[i]))
			return bkt_fail(err, BKT_E_POLICY,
			    "the access policy knows no role '%s'",
			    m->roles.v[i]);
	}
	if (takes_away(c))
		BKT_TRY(judge_not_locked(c, &access->u.access, err));
	for (size_t i = 0; strcmp(m->state, "active") == 0 && i < m->units.n;
	     i++)
		BKT_TRY(judge_unit(c, m->units.v[i], err));
	BKT_TRY(bkt_cert_from_pem(c->o->sub->owned[0].bytes, &cert, err));
	BKT_TRY(judge_digest(
	    bkt_cert_info(cert)->der, m->cert, "the certificate", err));
	BKT_TRY(check_possession(c, cert, err));
	BKT_TRY(check_own_key(c, bkt_cert_info(cert), err));
	if (strcmp(m->state, "active") != 0)
		return BKT_OK; /* who leaves may leave with an old key */
	BKT_TRY(check_not_revoked(c, bkt_cert_info(cert), err));
	return check_trusted(c, cert, err);
}

enum bkt_status judge_revocation(
    const struct judge_context *c, struct bkt_err *err)
{
	const struct bkt_revocation *r = &c->rec->u.revocation;
	char path[BKT_PATH_MAX + 1], hex[BKT_SHA256_HEX + 1];
	const struct bkt_record *m, *access;
	const bkt_cert *cert;
	enum bkt_status st;

	BKT_TRY(state_path(path, err, "members/%s.json", r->member));
	st = state_record(c->s, path, &m, err);
	if (st == BKT_E_NOTFOUND)
		return bkt_fail(
		    err, BKT_E_POLICY, "there is no member '%s'", r->member);
	if (st != BKT_OK)
		return st;
	if (strcmp(m->u.member.cert, r->cert) != 0)
		return bkt_fail(err, BKT_E_POLICY,
		    "that certificate is not the one registered for '%s'",
		    r->member);
	BKT_TRY(state_cert(c->s, r->member, &cert, err));
	bkt_hex(bkt_cert_info(cert)->spki.b, BKT_SHA256_LEN, hex);
	if (strcmp(hex, r->key) != 0)
		return bkt_fail(err, BKT_E_POLICY,
		    "that key is not the one of the certificate");
	BKT_TRY(state_record(c->s, "access.json", &access, err));
	return judge_not_locked(c, &access->u.access, err);
}
