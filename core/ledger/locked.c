/*
 * A store in which nobody is left who may register people cannot be repaired:
 * every other right can be given anew, this one cannot.
 */
#include "ledger_private.h"

#include <string.h>

struct counting {
	const struct judge_context *c;
	const struct bkt_access_need *need;
	size_t n;
};

/* the member as it is once this record holds */
static enum bkt_status member_then(const struct judge_context *c,
    const char *id, const struct bkt_member **out, struct bkt_err *err)
{
	const struct bkt_member *m = &c->rec->u.member;
	enum bkt_status st;

	*out = NULL;
	if (c->rec->kind == BKT_KIND_MEMBER && strcmp(m->member, id) == 0) {
		if (strcmp(m->state, "active") == 0)
			*out = m;
		return BKT_OK;
	}
	st = state_member(c->s, id, out, err);
	return st == BKT_E_NOTFOUND ? BKT_OK : st;
}

/* by the very record that is judged */
static bool taken_now(
    const struct judge_context *c, const struct bkt_cert_info *info)
{
	char hex[BKT_SHA256_HEX + 1];

	if (c->rec->kind != BKT_KIND_REVOCATION)
		return false;
	bkt_hex(info->spki.b, BKT_SHA256_LEN, hex);
	return strcmp(hex, c->rec->u.revocation.key) == 0;
}

/* a key that is lost or has run out signs nothing any more */
static enum bkt_status can_sign(const struct judge_context *c, const char *id,
    bool *yes, struct bkt_err *err)
{
	const struct bkt_cert_info *info;
	const struct bkt_record *r;
	const bkt_cert *cert;
	enum bkt_status st;

	*yes = false;
	BKT_TRY(state_cert(c->s, id, &cert, err));
	info = bkt_cert_info(cert);
	if (info->not_after_utc_s < c->accepted_utc_s || taken_now(c, info))
		return BKT_OK;
	st = state_key_revoked(c->s, id, &info->spki, &r, err);
	*yes = st == BKT_E_NOTFOUND;
	return st == BKT_E_NOTFOUND ? BKT_OK : st;
}

static enum bkt_status count_one(
    void *ctx, const char *member, struct bkt_err *err)
{
	struct counting *k = ctx;
	const struct bkt_member *m;
	bool yes;

	BKT_TRY(member_then(k->c, member, &m, err));
	if (!m || !bkt_strs_has(&m->roles, k->need->role))
		return BKT_OK;
	/* a new certificate of this very record is judged by itself */
	yes = m == &k->c->rec->u.member;
	if (!yes)
		BKT_TRY(can_sign(k->c, member, &yes, err));
	k->n += yes;
	return BKT_OK;
}

static enum bkt_status rule_can_be_met(const struct judge_context *c,
    const struct bkt_access_rule *rule, bool *yes, struct bkt_err *err)
{
	*yes = rule->n_needs > 0;
	for (size_t i = 0; *yes && i < rule->n_needs; i++) {
		struct counting k = { c, &rule->needs[i], 0 };

		BKT_TRY(state_members(c->s, count_one, &k, err));
		*yes = k.n >= k.need->count;
	}
	return BKT_OK;
}

enum bkt_status judge_not_locked(const struct judge_context *c,
    const struct bkt_access *access, struct bkt_err *err)
{
	for (size_t i = 0; i < access->n_rules; i++) {
		bool yes;

		if (strcmp(access->rules[i].kind, "member") != 0)
			continue;
		BKT_TRY(rule_can_be_met(c, &access->rules[i], &yes, err));
		if (yes)
			return BKT_OK;
	}
	(void)bkt_fail(err, BKT_E_POLICY,
	    "nobody would be left who may register members: the store would "
	    "be locked for ever");
	bkt_err_hint(err, "register another one with that role before");
	return BKT_E_POLICY;
}
