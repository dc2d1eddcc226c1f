/* One record against the state before it: binding, signers, clock. */
#include "ledger_private.h"

#include <string.h>

static enum bkt_status check_binding(
    const struct judge_context *c, struct bkt_err *err)
{
	const char *origin = bkt_state_origin(c->s);
	char have[BKT_SHA256_HEX + 1] = "";

	if (origin[0] && strcmp(origin, c->rec->store) != 0)
		return bkt_fail(err, BKT_E_TRUST,
		    "the record is for the store '%s', this one is '%s'",
		    c->rec->store, origin);
	if (c->before)
		bkt_hex(c->before->record.b, BKT_SHA256_LEN, have);
	if (strcmp(c->rec->prev, have) == 0)
		return BKT_OK;
	if (!c->before)
		return bkt_fail(err, BKT_E_CONFLICT,
		    "it replaces %.12s, but nothing is there", c->rec->prev);
	return bkt_fail(err, BKT_E_CONFLICT,
	    "it replaces %.12s, but what is there now is %.12s by '%s'",
	    c->rec->prev[0] ? c->rec->prev : "nothing", have, c->before->by[0]);
}

enum bkt_status judge_revoked(const struct judge_context *c, const char *member,
    const struct bkt_cert_info *cert, struct bkt_err *err)
{
	const struct bkt_record *r;
	enum bkt_status st =
	    state_key_revoked(c->s, member, &cert->spki, &r, err);

	if (st == BKT_E_NOTFOUND)
		return BKT_OK;
	if (st != BKT_OK)
		return st;
	return bkt_fail(err, BKT_E_TRUST, "the key of '%s' was revoked (%s)",
	    member, r->u.revocation.reason);
}

static enum bkt_status check_times(const struct judge_context *c,
    const char *member, const struct bkt_cert_info *cert,
    const struct bkt_seal *seal, struct bkt_err *err)
{
	int64_t limit = c->accepted_utc_s + BKT_CLOCK_SKEW_S;

	if (c->rec->at_utc_s > limit || seal->signing_time_utc_s > limit)
		return bkt_fail(err, BKT_E_TRUST,
		    "'%s' signed with a clock ahead of the store's", member);
	if (seal->signing_time_utc_s < c->rec->at_utc_s)
		return bkt_fail(err, BKT_E_TRUST,
		    "the signature of '%s' is older than the record", member);
	if (cert->not_before_utc_s > seal->signing_time_utc_s ||
	    cert->not_after_utc_s < seal->signing_time_utc_s)
		return bkt_fail(err, BKT_E_TRUST,
		    "the certificate of '%s' was not valid when it signed",
		    member);
	if (cert->not_after_utc_s < c->accepted_utc_s)
		return bkt_fail(err, BKT_E_TRUST,
		    "the certificate of '%s' had expired", member);
	return BKT_OK;
}

static enum bkt_status check_signer(
    const struct judge_context *c, size_t i, struct bkt_err *err)
{
	const char *member = c->rec->by.v[i];
	const struct bkt_seal *seal = &c->o->seals[i];
	const struct bkt_member *m;
	const struct bkt_cert_info *info;
	const bkt_cert *cert;
	enum bkt_status st = state_member(c->s, member, &m, err);

	if (st == BKT_E_NOTFOUND)
		return bkt_fail(err, BKT_E_TRUST,
		    "'%s' is not an active member of this store", member);
	if (st != BKT_OK)
		return st;
	BKT_TRY(state_cert(c->s, member, &cert, err));
	info = bkt_cert_info(cert);
	if (!bkt_span_eq(info->der, seal->cert))
		return bkt_fail(err, BKT_E_TRUST,
		    "the signature is not by the certificate registered for "
		    "'%s'",
		    member);
	BKT_TRY(judge_revoked(c, member, info, err));
	return check_times(c, member, info, seal, err);
}

static enum bkt_status check_signers(
    const struct judge_context *c, struct bkt_err *err)
{
	for (size_t i = 0; i < c->rec->by.n; i++)
		BKT_TRY(check_signer(c, i, err));
	return BKT_OK;
}

/* the first three entries carry each other: trust on first use */
static enum bkt_status check_founding(
    struct judge_context *c, struct bkt_err *err)
{
	static const enum bkt_kind want[] = { BKT_KIND_INSTITUTION,
		BKT_KIND_ACCESS, BKT_KIND_MEMBER };
	struct bkt_sha256 cert;

	if (c->rec->kind != want[c->index] || c->rec->by.n != 1)
		return bkt_fail(err, BKT_E_TRUST,
		    "entry %d of a log is the %s, signed by the first admin "
		    "alone",
		    (int)c->index, bkt_kind_name(want[c->index]));
	if (c->index > 0) {
		BKT_TRY(bkt_sha256_of(c->o->seals[0].cert, &cert, err));
		if (strcmp(c->rec->by.v[0], c->s->founder) != 0 ||
		    !bkt_sha256_eq(&cert, &c->s->founder_cert))
			return bkt_fail(err, BKT_E_TRUST,
			    "the first entries are signed by different keys");
	}
	if (c->index == 2) {
		BKT_AUTO(bkt_cert_free) bkt_cert *own = NULL;

		c->founder = &c->rec->u.member;
		if (strcmp(c->founder->member, c->s->founder) != 0)
			return bkt_fail(err, BKT_E_TRUST,
			    "the first member is not who signed the founding");
		BKT_TRY(bkt_cert_from_der(c->o->seals[0].cert, &own, err));
		BKT_TRY(check_times(c, c->founder->member, bkt_cert_info(own),
		    &c->o->seals[0], err));
		return judge_access(c, err);
	}
	return BKT_OK;
}

enum bkt_status bkt_judge(bkt_state *s, const struct bkt_opened *o,
    uint64_t index, int64_t accepted_utc_s, struct bkt_err *err)
{
	struct judge_context c = { .s = s,
		.o = o,
		.rec = o->rec,
		.index = index,
		.accepted_utc_s = accepted_utc_s };
	enum bkt_status st;

	bkt_path_classify(o->rec->path, &c.where);
	if (c.where.class_ != BKT_PATH_RECORD)
		return bkt_fail(err, BKT_E_FORMAT, "not the path of a record");
	st = bkt_state_get(s, o->rec->path, &c.before, err);
	if (st != BKT_OK && st != BKT_E_NOTFOUND)
		return st;
	BKT_TRY(check_binding(&c, err));
	if (index < 3) {
		BKT_TRY(check_founding(&c, err));
	} else {
		BKT_TRY(check_signers(&c, err));
		BKT_TRY(judge_access(&c, err));
	}
	return judge_kind(&c, err);
}
