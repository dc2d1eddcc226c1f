/* Facts in, levels, index and findings out. Pure: no clock, file or git. */
#include "eval.h"

#include <string.h>

/* which indicator each link belongs to; links to none are told */
static bool group_evidence(struct eval *ev)
{
	const struct bkt_facts *facts = ev->facts;
	size_t n = ev->rb->n_indicators, *of, *at;

	of = eval_alloc(ev, facts->n_evidence + 1, sizeof(*of));
	at = eval_alloc(ev, n + 1, sizeof(*at));
	ev->first = eval_alloc(ev, n + 2, sizeof(*ev->first));
	ev->ev = eval_alloc(ev, facts->n_evidence + 1, sizeof(*ev->ev));
	if (!of || !at || !ev->first || !ev->ev)
		return false;
	for (size_t i = 0; i < facts->n_evidence; i++) {
		const struct bkt_rb_indicator *ind = bkt_rulebook_indicator(
		    ev->rb, facts->evidence[i].indicator);

		of[i] = ind ? (size_t)(ind - ev->rb->indicators) : n;
		if (ind)
			ev->first[of[i] + 1]++;
	}
	for (size_t i = 0; i < n; i++)
		ev->first[i + 1] += ev->first[i];
	memcpy(at, ev->first, n * sizeof(*at));
	for (size_t i = 0; i < facts->n_evidence; i++) {
		const struct bkt_evidence *e = &facts->evidence[i];
		const struct bkt_doc_type *t;
		struct eval_ev *x;

		if (of[i] == n)
			continue;
		x = &ev->ev[at[of[i]]++];
		t = bkt_rulebook_doc_type(ev->rb, e->type);
		x->e = e;
		x->type =
		    t ? (size_t)(t - ev->rb->doc_types) : ev->rb->n_doc_types;
		x->draft = t && ev->rules->types[x->type].draft;
	}
	return true;
}

static bool group_claims(struct eval *ev)
{
	size_t n = ev->rb->n_indicators;

	ev->claims = eval_alloc(ev, n + 1, sizeof(struct bkt_claim_fact *));
	if (!ev->claims)
		return false;
	for (size_t i = 0; i < ev->facts->n_claims; i++) {
		const struct bkt_claim_fact *c = &ev->facts->claims[i];
		const struct bkt_rb_indicator *ind =
		    bkt_rulebook_indicator(ev->rb, c->indicator);

		if (ind)
			ev->claims[ind - ev->rb->indicators] = c;
		else
			eval_finding(ev, "unknown-indicator", BKT_ERROR,
			    c->indicator, "",
			    "Indikator %s tidak ada dalam buku aturan.\n"
			    "Indicator %s is not in the rulebook.",
			    c->indicator, c->indicator);
	}
	return true;
}

/* running sums of weight and weight * level for one group */
struct mean {
	struct bkt_rat weight, claimed, supported, verified;
};

static bool add_product(
    struct bkt_rat *sum, struct bkt_rat weight, struct bkt_rat value)
{
	struct bkt_rat p;

	return bkt_rat_mul(weight, value, &p) && bkt_rat_add(*sum, p, sum);
}

static bool mean_add(struct mean *m, struct bkt_rat weight,
    struct bkt_rat claimed, struct bkt_rat supported, struct bkt_rat verified)
{
	return bkt_rat_add(m->weight, weight, &m->weight) &&
	       add_product(&m->claimed, weight, claimed) &&
	       add_product(&m->supported, weight, supported) &&
	       add_product(&m->verified, weight, verified);
}

/* a group in which nothing applies has the value 0 */
static bool mean_of(const struct mean *m, struct bkt_group_result *out)
{
	struct bkt_rat zero = { 0, 1 };

	*out = (struct bkt_group_result){ zero, zero, zero };
	return m->weight.num == 0 ||
	       (bkt_rat_div(m->claimed, m->weight, &out->claimed) &&
		   bkt_rat_div(m->supported, m->weight, &out->supported) &&
		   bkt_rat_div(m->verified, m->weight, &out->verified));
}

static void means_init(struct mean *m, size_t n)
{
	struct bkt_rat zero = { 0, 1 };

	for (size_t i = 0; i < n; i++)
		m[i] = (struct mean){ zero, zero, zero, zero };
}

/* what each indicator weighs; an aspect that shares divides its weight among
 * those that are assessed, n[aspect] */
static bool eval_weights(struct eval *ev, int64_t *n)
{
	const struct bkt_rulebook *rb = ev->rb;
	bool fits = true;

	for (size_t i = 0; i < rb->n_indicators; i++)
		n[rb->indicators[i].aspect] += ev->results[i].applies;
	for (size_t i = 0; i < rb->n_indicators; i++) {
		const struct bkt_rb_indicator *ind = &rb->indicators[i];
		const struct bkt_rb_aspect *a = &rb->aspects[ind->aspect];
		struct bkt_indicator_result *r = &ev->results[i];
		struct bkt_rat parts = { n[ind->aspect], 1 };

		r->weight = (struct bkt_rat){ 0, 1 };
		if (!r->applies)
			continue;
		if (!a->shares)
			r->weight = ind->weight;
		else
			fits &= bkt_rat_div(a->weight, parts, &r->weight);
	}
	return fits;
}

static enum bkt_status eval_groups(
    struct eval *ev, struct bkt_assessment *a, struct bkt_err *err)
{
	const struct bkt_rulebook *rb = ev->rb;
	struct mean *aspects, *domains, total;
	int64_t *n;
	bool fits;

	n = eval_alloc(ev, rb->n_aspects, sizeof(*n));
	aspects = eval_alloc(ev, rb->n_aspects, sizeof(*aspects));
	domains = eval_alloc(ev, rb->n_domains, sizeof(*domains));
	a->aspects = eval_alloc(ev, rb->n_aspects, sizeof(*a->aspects));
	a->domains = eval_alloc(ev, rb->n_domains, sizeof(*a->domains));
	if (!n || !aspects || !domains || !a->aspects || !a->domains)
		return bkt_fail(err, BKT_E_NOMEM, "no memory to evaluate");
	fits = eval_weights(ev, n);
	means_init(aspects, rb->n_aspects);
	means_init(domains, rb->n_domains);
	means_init(&total, 1);
	for (size_t i = 0; i < rb->n_indicators && fits; i++) {
		const struct bkt_indicator_result *r = &ev->results[i];
		const struct bkt_rb_indicator *ind = r->indicator;
		struct mean *to[3] = { &aspects[ind->aspect],
			&domains[rb->aspects[ind->aspect].domain], &total };

		for (size_t k = 0; k < 3 && r->applies; k++)
			fits &= mean_add(to[k], r->weight, r->claimed.value,
			    r->supported.value, r->verified.value);
	}
	for (size_t i = 0; i < rb->n_aspects; i++)
		fits &= mean_of(&aspects[i], &a->aspects[i]);
	for (size_t i = 0; i < rb->n_domains; i++)
		fits &= mean_of(&domains[i], &a->domains[i]);
	fits &= mean_of(&total, &a->index);
	if (!fits)
		return bkt_fail(err, BKT_E_LIMIT,
		    "weights and levels are too large to add up exactly");
	return BKT_OK;
}

/* the lowest edge is no edge: nothing lies below it */
static bool is_near_bound(const struct bkt_rulebook *rb, struct bkt_rat value)
{
	for (size_t i = 1; i < rb->n_bands; i++) {
		struct bkt_rat d;

		if (!bkt_rat_sub(value, rb->bands[i].from, &d))
			continue;
		if (d.num < 0)
			d.num = -d.num;
		if (bkt_rat_cmp(d, rb->near_bound) <= 0)
			return true;
	}
	return false;
}

static bool is_complete(const struct eval *ev)
{
	for (size_t i = 0; i < ev->rb->n_indicators; i++) {
		const struct bkt_indicator_result *r = &ev->results[i];

		if (r->applies &&
		    (bkt_rat_cmp(r->supported.value, r->claimed.value) < 0 ||
			bkt_rat_cmp(r->verified.value, r->claimed.value) < 0))
			return false;
	}
	return ev->n_errors == 0;
}

static void take_findings(struct eval *ev, struct bkt_assessment *a)
{
	a->findings = eval_alloc(ev, ev->n_findings + 1, sizeof(*a->findings));
	for (struct finding_link *l = ev->findings; l && a->findings;
	     l = l->next)
		a->findings[a->n_findings++] = l->f;
	a->n_errors = ev->n_errors;
}

enum bkt_status bkt_evaluate(const struct bkt_rulebook *rb,
    const struct bkt_facts *facts, bkt_arena *arena,
    struct bkt_assessment **out, struct bkt_err *err)
{
	struct eval ev = {
		.rb = rb, .rules = rb->rules, .facts = facts, .arena = arena
	};
	struct bkt_assessment *a = eval_alloc(&ev, 1, sizeof(*a));

	ev.findings_end = &ev.findings;
	ev.results = eval_alloc(&ev, rb->n_indicators, sizeof(*ev.results));
	if (facts->units.n > RB_VALUES_MAX)
		return bkt_fail(err, BKT_E_LIMIT, "more than %d active units",
		    RB_VALUES_MAX);
	if (!a || !ev.results || !group_evidence(&ev) || !group_claims(&ev))
		return bkt_fail(err, BKT_E_NOMEM, "no memory to evaluate");
	for (size_t i = 0; i < rb->n_indicators; i++)
		eval_indicator(&ev, i);
	eval_findings(&ev);
	a->rulebook = rb;
	a->indicators = ev.results;
	a->n_indicators = rb->n_indicators;
	BKT_TRY(eval_groups(&ev, a, err));
	a->band_claimed = bkt_rulebook_band(rb, a->index.claimed);
	a->band_supported = bkt_rulebook_band(rb, a->index.supported);
	a->band_verified = bkt_rulebook_band(rb, a->index.verified);
	a->near_bound = is_near_bound(rb, a->index.verified);
	a->complete = is_complete(&ev);
	take_findings(&ev, a);
	if (ev.nomem)
		return bkt_fail(err, BKT_E_NOMEM, "no memory to evaluate");
	*out = a;
	return BKT_OK;
}
