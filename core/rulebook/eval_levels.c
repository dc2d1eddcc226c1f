/* Levels of one indicator: claimed, supported, verified, and what is unmet. */
#include "eval.h"

#include <string.h>

static enum tri judge_req(
    const struct eval *ev, const struct bkt_req *req, enum eval_mode mode)
{
	enum tri t;

	if (!req)
		return TRI_TRUE;
	if (req->kind == RB_LEAF)
		return ev->leaf[mode][req->leaf].state;
	t = req->kind == RB_ALL ? TRI_TRUE : TRI_FALSE;
	for (const struct bkt_req *k = req->first; k; k = k->next) {
		enum tri kid = judge_req(ev, k, mode);

		if (req->kind == RB_ALL ? kid < t : kid > t)
			t = kid;
	}
	return t;
}

/* the level reached and the next one that is not, or NULL */
static const struct bkt_rb_level *climb(const struct eval *ev,
    const struct bkt_rb_indicator *ind, enum eval_mode mode,
    struct bkt_level_result *out)
{
	const struct bkt_rb_level *blocked = NULL;

	out->value = ind->scale->floor;
	out->known = true;
	for (size_t i = 0; i < ind->n_levels; i++) {
		const struct bkt_rb_level *l = &ind->levels[i];
		enum tri t;

		if ((int64_t)l->level <= ind->scale->floor.num)
			continue;
		t = judge_req(ev, l->require, mode);
		if (t == TRI_TRUE) {
			out->value.num = (int64_t)l->level;
			out->known = true;
			blocked = NULL;
			continue;
		}
		if (!blocked) {
			blocked = l;
			out->known = t == TRI_FALSE;
		} else if (!ind->scale->cumulative && t == TRI_UNKNOWN) {
			out->known = false;
		}
		if (ind->scale->cumulative)
			break;
	}
	return blocked;
}

struct unmet_list {
	struct bkt_unmet *v;
	size_t n;
};

static void add_unmet(
    struct eval *ev, size_t indicator, size_t leaf, struct unmet_list *out)
{
	const struct rb_leaf *l = &ev->rules->plans[indicator].leaves[leaf];
	enum tri t = ev->leaf[EVAL_SUPPORTED][leaf].state;

	if (t == TRI_TRUE)
		return;
	out->v[out->n++] = (struct bkt_unmet){
		.id = l->id,
		.level = eval_level(ev, l),
		.say = eval_say(ev, indicator, leaf),
		.unknown = t == TRI_UNKNOWN,
		.missing = { "", "" },
	};
	if (t == TRI_UNKNOWN)
		out->v[out->n - 1].missing =
		    eval_missing(ev, indicator, leaf, EVAL_SUPPORTED);
}

/* met by what is there, but not by what was accepted */
static void add_waiting(
    struct eval *ev, size_t indicator, size_t leaf, struct unmet_list *out)
{
	const struct rb_leaf *l = &ev->rules->plans[indicator].leaves[leaf];
	struct bkt_text say, leaf_say;

	if (ev->leaf[EVAL_SUPPORTED][leaf].state != TRI_TRUE ||
	    ev->leaf[EVAL_VERIFIED][leaf].state == TRI_TRUE)
		return;
	leaf_say = eval_say(ev, indicator, leaf);
	say.id = bkt_arena_printf(
	    ev->arena, "Menunggu keputusan pemeriksa. %s", leaf_say.id);
	say.en = bkt_arena_printf(ev->arena, "Waiting for a verifier. %s",
	    *leaf_say.en ? leaf_say.en : leaf_say.id);
	if (!say.id || !say.en) {
		ev->nomem = true;
		return;
	}
	out->v[out->n++] = (struct bkt_unmet){
		.id = l->id,
		.level = eval_level(ev, l),
		.say = say,
		.missing = eval_waiting(ev, indicator, leaf),
	};
}

/* leaves that keep the requirement from being met; every alternative of an
 * `any` that is not met */
static void collect(struct eval *ev, size_t indicator,
    const struct bkt_req *req, enum eval_mode mode, struct unmet_list *out)
{
	if (judge_req(ev, req, mode) == TRI_TRUE)
		return;
	if (req->kind == RB_LEAF && mode == EVAL_SUPPORTED)
		add_unmet(ev, indicator, req->leaf, out);
	else if (req->kind == RB_LEAF)
		add_waiting(ev, indicator, req->leaf, out);
	for (const struct bkt_req *k = req->first; k; k = k->next)
		collect(ev, indicator, k, mode, out);
}

static struct unmet_list list_new(struct eval *ev, size_t indicator)
{
	struct unmet_list l = { NULL, 0 };

	l.v = eval_alloc(
	    ev, ev->rules->plans[indicator].n_leaves + 1, sizeof(*l.v));
	return l;
}

static void eval_scale_of_levels(
    struct eval *ev, size_t i, struct bkt_indicator_result *r)
{
	const struct bkt_rb_level *next, *next_verified;
	struct unmet_list l;

	eval_leaves(ev, i, EVAL_SUPPORTED);
	eval_leaves(ev, i, EVAL_VERIFIED);
	next = climb(ev, r->indicator, EVAL_SUPPORTED, &r->supported);
	next_verified = climb(ev, r->indicator, EVAL_VERIFIED, &r->verified);
	if (next) {
		l = list_new(ev, i);
		if (l.v)
			collect(ev, i, next->require, EVAL_SUPPORTED, &l);
		r->unmet = l.v;
		r->n_unmet = l.n;
	}
	if (!next_verified ||
	    bkt_rat_cmp(r->verified.value, r->supported.value) >= 0)
		return;
	l = list_new(ev, i);
	if (l.v)
		collect(ev, i, next_verified->require, EVAL_VERIFIED, &l);
	r->unverified = l.v;
	r->n_unverified = l.n;
}

/* without a proof that the scale asks for, anything that counts shows it */
static enum tri judge_proof(
    const struct eval *ev, size_t i, enum eval_mode mode)
{
	const struct bkt_req *proof = ev->rules->plans[i].proof;

	if (proof)
		return judge_req(ev, proof, mode);
	for (size_t k = ev->first[i]; k < ev->first[i + 1]; k++)
		if (eval_counts(ev, &ev->ev[k], ev->score, mode))
			return TRI_TRUE;
	return TRI_FALSE;
}

/* scores are not computed: they stand when something is there to show them */
static void eval_scale_of_scores(
    struct eval *ev, size_t i, struct bkt_indicator_result *r)
{
	struct bkt_rat floor = r->indicator->scale->floor;
	const struct bkt_req *proof = ev->rules->plans[i].proof;
	enum tri supported, verified;
	struct unmet_list l;

	ev->score = (unsigned)(r->claimed.value.num / r->claimed.value.den);
	if (ev->score == 0)
		ev->score = 1;
	eval_leaves(ev, i, EVAL_SUPPORTED);
	eval_leaves(ev, i, EVAL_VERIFIED);
	supported = judge_proof(ev, i, EVAL_SUPPORTED);
	verified = judge_proof(ev, i, EVAL_VERIFIED);
	r->supported.value = supported == TRI_TRUE ? r->claimed.value : floor;
	r->supported.known = supported != TRI_UNKNOWN;
	r->verified.value = verified == TRI_TRUE ? r->claimed.value : floor;
	r->verified.known = verified != TRI_UNKNOWN;
	if (proof && supported != TRI_TRUE && (l = list_new(ev, i)).v) {
		collect(ev, i, proof, EVAL_SUPPORTED, &l);
		r->unmet = l.v;
		r->n_unmet = l.n;
	}
	if (proof && supported == TRI_TRUE && verified != TRI_TRUE &&
	    (l = list_new(ev, i)).v) {
		collect(ev, i, proof, EVAL_VERIFIED, &l);
		r->unverified = l.v;
		r->n_unverified = l.n;
	}
	ev->score = 0;
}

/* the claim, or the floor; a claim off the scale is told and not used */
static void read_claim(
    struct eval *ev, size_t i, struct bkt_indicator_result *r)
{
	const struct bkt_scale *s = r->indicator->scale;
	const struct bkt_claim_fact *c = ev->claims[i];
	struct bkt_rat v;

	r->claimed = (struct bkt_level_result){ s->floor, true };
	if (!c)
		return;
	if (!bkt_rat_parse(c->level, &v) || bkt_rat_cmp(v, s->min) < 0 ||
	    bkt_rat_cmp(v, s->max) > 0 ||
	    (s->kind == BKT_SCALE_LEVELS && v.den != 1)) {
		eval_finding(ev, "claim-off-scale", BKT_ERROR, r->indicator->id,
		    "",
		    "Tingkat \"%s\" tidak ada pada skala indikator ini.\n"
		    "Level \"%s\" is not on the scale of this indicator.",
		    c->level, c->level);
		return;
	}
	r->has_claim = true;
	r->claimed.value = v;
}

static void count_reviews(
    const struct eval *ev, size_t i, struct bkt_indicator_result *r)
{
	for (size_t k = ev->first[i]; k < ev->first[i + 1]; k++) {
		r->n_evidence++;
		switch (ev->ev[k].e->review) {
		case BKT_REVIEW_ACCEPTED:
			r->n_accepted++;
			break;
		case BKT_REVIEW_RETURNED:
		case BKT_REVIEW_REJECTED:
			r->n_returned++;
			break;
		case BKT_REVIEW_NONE:
		case BKT_REVIEW_PARTIAL:
			r->n_waiting++;
			break;
		}
	}
}

/* an optional one is there when somebody claims it or links to it: the result
 * of a review is no reason to leave it out */
static bool is_assessed(const struct eval *ev, size_t i)
{
	return !ev->rb->indicators[i].optional || ev->claims[i] ||
	       ev->first[i + 1] > ev->first[i];
}

void eval_indicator(struct eval *ev, size_t i)
{
	struct bkt_indicator_result *r = &ev->results[i];
	const struct rb_plan *plan = &ev->rules->plans[i];

	r->indicator = &ev->rb->indicators[i];
	r->applies = strcmp(ev->facts->institution_type, "pusat") == 0
			 ? plan->pusat
			 : plan->pemda;
	r->applies &= is_assessed(ev, i);
	read_claim(ev, i, r);
	count_reviews(ev, i, r);
	if (r->indicator->scale->kind == BKT_SCALE_LEVELS)
		eval_scale_of_levels(ev, i, r);
	else
		eval_scale_of_scores(ev, i, r);
}
