/* A proposal at the gate before the last signature is there. */
#include "private.h"

#include <string.h>

#include "bukti/assess.h"

struct judging {
	bkt_store *s;
	const struct bkt_proposal *p;
	bkt_arena *arena;
	struct bkt_opened opened;
	int64_t now_utc_s;
};

/* what the member's signature would be, were it made now */
static enum bkt_status imagine(struct judging *j, const char *member,
    struct bkt_seal *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf pem = { 0 };
	BKT_AUTO(bkt_cert_free) bkt_cert *cert = NULL;
	const char *path = bkt_arena_printf(j->arena, "members/%s.pem", member);
	const struct bkt_cert_info *info;
	uint8_t *der;
	enum bkt_status st;

	bkt_buf_init(&pem, 64 * 1024);
	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	st = j->s->source.read(j->s->source.ctx, path, &pem, err);
	if (st == BKT_E_NOTFOUND)
		return bkt_fail(err, BKT_E_TRUST,
		    "'%s' is not an active member of this store", member);
	if (st != BKT_OK)
		return st;
	BKT_TRY(bkt_cert_from_pem(bkt_buf_span(&pem), &cert, err));
	info = bkt_cert_info(cert);
	der = bkt_arena_alloc(j->arena, info->der.len + 1);
	if (!der)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	memcpy(der, info->der.ptr, info->der.len);
	out->cert = BKT_SPAN(der, info->der.len);
	out->signing_time_utc_s = j->now_utc_s > j->p->rec->at_utc_s
				      ? j->now_utc_s
				      : j->p->rec->at_utc_s;
	return BKT_OK;
}

enum bkt_status proposal_look(const struct bkt_sealed *made,
    const struct bkt_sha256 *record, struct bkt_seal *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_cert_free) bkt_cert *cert = NULL;
	enum bkt_status st = bkt_seal_parse(made->p7s, out, err);

	if (st == BKT_OK)
		st = bkt_cert_from_der(out->cert, &cert, err);
	if (st == BKT_OK)
		st = bkt_seal_verify(out, record, cert, err);
	if (st == BKT_OK)
		return BKT_OK;
	return bkt_fail_context(err, st, "signature of '%s'", made->member);
}

static enum bkt_status seals_of(struct judging *j, struct bkt_err *err)
{
	const struct bkt_strs *by = &j->p->rec->by;
	size_t k = 0;

	j->opened.seals =
	    bkt_arena_alloc(j->arena, (by->n + 1) * sizeof(*j->opened.seals));
	if (!j->opened.seals)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	for (size_t i = 0; i < by->n; i++) {
		struct bkt_seal *seal = &j->opened.seals[i];

		if (bkt_strs_has(&j->p->missing, by->v[i]))
			BKT_TRY(imagine(j, by->v[i], seal, err));
		else
			BKT_TRY(proposal_look(&j->p->sub.seals[k++],
			    &j->opened.sha256, seal, err));
	}
	return BKT_OK;
}

static enum bkt_status check_release(
    const struct judging *j, struct bkt_err *err)
{
	struct bkt_tree_source tree = { bkt_ledger_git(j->s->ledger),
		j->s->head.tree };
	const struct bkt_source source = bkt_source_of_tree(&tree);
	BKT_AUTO(bkt_assess_free) bkt_assess *a = NULL;
	const struct bkt_release *r = &j->p->rec->u.release;

	BKT_TRY(bkt_assess_cycle(&source, r->cycle, NULL, &a, err));
	return bkt_assess_release_check(a, r, err);
}

enum bkt_status bkt_proposal_judge(
    bkt_store *s, const struct bkt_proposal *p, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 26);
	BKT_AUTO(bkt_state_free) bkt_state *state = NULL;
	struct judging j = { .s = s,
		.p = p,
		.arena = arena,
		.opened = { .sub = &p->sub },
		.now_utc_s = bkt_now_utc_s() };
	enum bkt_status st;

	if (!arena)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	BKT_TRY(bkt_store_state(s, &state, err));
	BKT_TRY(bkt_record_parse(p->sub.record, arena, &j.opened.rec, err));
	BKT_TRY(bkt_sha256_of(p->sub.record, &j.opened.sha256, err));
	BKT_TRY(seals_of(&j, err));
	st = bkt_judge(state, &j.opened, bkt_state_frontier(state)->size,
	    j.now_utc_s, err);
	if (st != BKT_OK) {
		BKT_TRY(bkt_state_damage(state, err));
		return st;
	}
	return p->rec->kind == BKT_KIND_RELEASE ? check_release(&j, err)
						: BKT_OK;
}
