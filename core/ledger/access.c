/* The access rules of the day applied to one record (DESIGN 3, 4.2). */
#include "ledger_private.h"

#include <string.h>

static bool shares_unit(
    const struct bkt_member *m, const struct bkt_strs *units)
{
	for (size_t i = 0; i < units->n; i++) {
		if (bkt_strs_has(&m->units, units->v[i]))
			return true;
	}
	return false;
}

static enum bkt_status in_scope(const struct judge_context *c,
    const struct bkt_member *m, const char *scope, bool *yes,
    struct bkt_err *err)
{
	*yes = false;
	if (strcmp(scope, "any") == 0) {
		*yes = true;
	} else if (strcmp(scope, "unit") == 0) {
		if (c->rec->kind != BKT_KIND_DOCUMENT)
			return BKT_OK;
		*yes = bkt_strs_has(&m->units, c->rec->u.document.unit) &&
		       (!c->before || bkt_strs_has(&m->units, c->before->unit));
	} else if (strcmp(scope, "assigned") == 0) {
		const struct bkt_cycle *cycle;
		const struct bkt_assignment *a;

		BKT_TRY(judge_cycle(c, &cycle, err));
		a = bkt_cycle_assignment(cycle, c->where.indicator);
		*yes = a && shares_unit(m, &a->units);
	}
	return BKT_OK;
}

/* who may fill which place, and who does so far */
struct grid {
	bool may[8][BKT_SIGNERS_MAX]; /* [need][signer] */
	size_t n_signers;
	size_t need_of[BKT_SIGNERS_MAX]; /* place -> need */
	size_t n_places;
	size_t held[BKT_SIGNERS_MAX]; /* signer -> place + 1; 0: none */
	bool asked[BKT_SIGNERS_MAX];  /* in this round */
};

/* a signer for this place: a free one, or one whose place another can take */
static bool seat(struct grid *g, size_t place)
{
	for (size_t i = 0; i < g->n_signers; i++) {
		if (g->asked[i] || !g->may[g->need_of[place]][i])
			continue;
		g->asked[i] = true;
		if (g->held[i] > 0 && !seat(g, g->held[i] - 1))
			continue;
		g->held[i] = place + 1;
		return true;
	}
	return false;
}

/* each person fills one place only: four eyes are four eyes */
static bool all_seated(struct grid *g)
{
	for (size_t p = 0; p < g->n_places; p++) {
		memset(g->asked, 0, sizeof(g->asked));
		if (!seat(g, p))
			return false;
	}
	return true;
}

static enum bkt_status member_of(const struct judge_context *c, const char *id,
    const struct bkt_member **out, struct bkt_err *err)
{
	if (c->founder && strcmp(c->founder->member, id) == 0) {
		*out = c->founder;
		return BKT_OK;
	}
	return state_member(c->s, id, out, err);
}

static enum bkt_status rule_met(const struct judge_context *c,
    const struct bkt_access_rule *rule, bool *yes, struct bkt_err *err)
{
	struct grid g = { .n_signers = c->rec->by.n };
	bool fits = true;

	*yes = false;
	if (rule->n_needs == 0 || rule->n_needs > 8)
		return BKT_OK;
	for (size_t n = 0; n < rule->n_needs; n++) {
		uint64_t count = rule->needs[n].count;

		fits = fits && count <= g.n_signers - g.n_places;
		for (uint64_t k = 0; fits && k < count; k++)
			g.need_of[g.n_places++] = n;
		for (size_t i = 0; i < g.n_signers; i++) {
			const struct bkt_member *m;

			BKT_TRY(member_of(c, c->rec->by.v[i], &m, err));
			if (!bkt_strs_has(&m->roles, rule->needs[n].role))
				continue;
			BKT_TRY(in_scope(
			    c, m, rule->needs[n].scope, &g.may[n][i], err));
		}
	}
	*yes = fits && all_seated(&g);
	return BKT_OK;
}

/*
 * Did this member make what is at the path. Not only who signed last: otherwise
 * a colleague's small correction would let the first one decide about what they
 * handed in or claimed themselves.
 */
static enum bkt_status made_by(const struct judge_context *c, const char *path,
    const char *member, bool *yes, struct bkt_err *err)
{
	const struct bkt_current *made;
	enum bkt_status st = bkt_state_get(c->s, path, &made, err);

	if (st == BKT_E_NOTFOUND)
		return BKT_OK;
	if (st != BKT_OK)
		return st;
	if (bkt_strs_has(&made->hands, member))
		*yes = true;
	for (size_t i = 0; i < made->n_by; i++) {
		if (strcmp(made->by[i], member) == 0)
			*yes = true;
	}
	return BKT_OK;
}

static enum bkt_status is_uploader(const struct judge_context *c,
    const char *member, bool *yes, struct bkt_err *err)
{
	const char *d = c->rec->kind == BKT_KIND_ERASURE
			    ? c->rec->u.erasure.document
			    : c->where.document;
	char path[BKT_PATH_MAX + 1];

	if (!d[0])
		return BKT_OK;
	BKT_TRY(state_path(path, err, "documents/%.2s/%s/document.json", d, d));
	BKT_TRY(made_by(c, path, member, yes, err));
	if (!c->where.cycle[0])
		return BKT_OK;
	BKT_TRY(state_path(path, err, "cycles/%s/%s/evidence/%s.json",
	    c->where.cycle, c->where.indicator, d));
	return made_by(c, path, member, yes, err);
}

static enum bkt_status is_claimant(const struct judge_context *c,
    const char *member, bool *yes, struct bkt_err *err)
{
	char path[BKT_PATH_MAX + 1];

	BKT_TRY(state_path(path, err, "cycles/%s/%s/claim.json", c->where.cycle,
	    c->where.indicator));
	return made_by(c, path, member, yes, err);
}

static enum bkt_status is_reviewer(const struct judge_context *c,
    const char *member, bool *yes, struct bkt_err *err)
{
	if (!c->where.indicator[0])
		return BKT_OK;
	return state_decided(
	    c->s, c->where.cycle, c->where.indicator, member, yes, err);
}

/* what a signer may not have been before, and how that is said */
struct relation {
	const char *word; /* as in distinct_from */
	enum bkt_status (*is)(const struct judge_context *c, const char *member,
	    bool *yes, struct bkt_err *err);
	const char *did;
};
static const struct relation relations[] = {
	{ "claimant", is_claimant, "claimed the level of the indicator" },
	{ "reviewer", is_reviewer, "decided about evidence of the indicator" },
	{ "uploader", is_uploader, "handed in the document or its link" },
};
#define N_RELATIONS (sizeof(relations) / sizeof(relations[0]))

/* a signer who is what the rule says no signer may be */
struct same {
	const char *who; /* NULL: none */
	const struct relation *what;
};

static enum bkt_status distinct(const struct judge_context *c,
    const struct bkt_access_rule *rule, struct same *out, struct bkt_err *err)
{
	out->who = NULL;
	for (size_t i = 0; i < c->rec->by.n; i++) {
		for (size_t k = 0; k < N_RELATIONS; k++) {
			const struct relation *r = &relations[k];
			bool yes = false;

			if (!bkt_strs_has(&rule->distinct_from, r->word))
				continue;
			BKT_TRY(r->is(c, c->rec->by.v[i], &yes, err));
			if (yes)
				*out = (struct same){ c->rec->by.v[i], r };
		}
	}
	return BKT_OK;
}

static enum bkt_status current_access(const struct judge_context *c,
    const struct bkt_access **out, struct bkt_err *err)
{
	const struct bkt_record *r;
	enum bkt_status st = state_record(c->s, "access.json", &r, err);

	if (st == BKT_E_NOTFOUND)
		return bkt_fail(
		    err, BKT_E_TRUST, "the log has no access policy yet");
	if (st != BKT_OK)
		return st;
	*out = &r->u.access;
	return BKT_OK;
}

/* who would have the right: a person wants to know whom to ask */
static enum bkt_status no_right(const struct judge_context *c,
    const struct bkt_access *access, const char *kind, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf who = { 0 };

	bkt_buf_init(&who, 200);
	for (size_t i = 0; i < access->n_rules; i++) {
		const struct bkt_access_rule *rule = &access->rules[i];

		if (strcmp(rule->kind, kind) != 0)
			continue;
		bkt_buf_str(&who, who.len > 0 ? " or " : "");
		for (size_t n = 0; n < rule->n_needs; n++) {
			const struct bkt_access_need *need = &rule->needs[n];
			bool any = strcmp(need->scope, "any") == 0;

			bkt_buf_printf(&who, "%s%s%s%s", n ? " with " : "",
			    need->role, any ? "" : " of ",
			    any ? ""
			    : strcmp(need->scope, "unit") == 0
				? "its unit"
				: "an assigned unit");
		}
	}
	return bkt_fail(err, BKT_E_TRUST,
	    "the access policy gives '%s'%s no right to a %s record here; "
	    "needed: %s",
	    c->rec->by.v[0], c->rec->by.n > 1 ? " and the others" : "", kind,
	    who.len > 0 && !who.failed ? (const char *)who.ptr
				       : "a rule for it");
}

enum bkt_status judge_access(const struct judge_context *c, struct bkt_err *err)
{
	const char *kind = bkt_kind_name(c->rec->kind);
	const struct bkt_access *access = NULL;
	struct same same = { NULL, NULL };

	BKT_TRY(current_access(c, &access, err));
	BKT_ASSERT(access);
	for (size_t i = 0; i < access->n_rules; i++) {
		const struct bkt_access_rule *rule = &access->rules[i];
		struct same found;
		bool yes;

		if (strcmp(rule->kind, kind) != 0)
			continue;
		BKT_TRY(rule_met(c, rule, &yes, err));
		if (!yes)
			continue;
		BKT_TRY(distinct(c, rule, &found, err));
		if (!found.who)
			return BKT_OK;
		same = found;
	}
	if (same.who)
		return bkt_fail(err, BKT_E_TRUST,
		    "'%s' %s and may not sign this %s: a second person is "
		    "needed",
		    same.who, same.what->did, kind);
	return no_right(c, access, kind, err);
}
