/*
 * One leaf against the evidence of its indicator, in three values. A document
 * is judged first by what it is alone; then the documents together have to
 * reach the count, the coverage and the years. What would be reached only if
 * missing facts turned out well is unknown.
 */
#include "eval.h"

#include <stddef.h>
#include <string.h>

#define YEAR_MIN 1900
#define YEAR_MAX 2155

static void worsen(struct eval_doc *d, enum tri t, unsigned misses)
{
	if (t == TRI_UNKNOWN)
		d->misses |= misses;
	if (t < d->state)
		d->state = t;
}

void *eval_alloc(struct eval *ev, size_t n, size_t size_bytes)
{
	void *p = bkt_arena_alloc(ev->arena, n * size_bytes);

	if (!p)
		ev->nomem = true;
	return p;
}

static bool has_level(const struct bkt_u64s *levels, unsigned level)
{
	if (levels->n == 0)
		return true;
	for (size_t i = 0; i < levels->n; i++)
		if (levels->v[i] == level)
			return true;
	return false;
}

bool eval_counts(const struct eval *ev, const struct eval_ev *e, unsigned level,
    enum eval_mode mode)
{
	const struct bkt_evidence *x = e->e;

	if (x->content_missing || !eval_live(e) ||
	    !has_level(&x->levels, level) || (e->draft && level > 1))
		return false;
	if (mode == EVAL_SUPPORTED)
		return true;
	return x->review != BKT_REVIEW_NONE &&
	       x->n_accepts >= bkt_rulebook_approvals(ev->rb, level);
}

/* in force on the cut-off day: enacted by then, begun, not ended or revoked */
static void judge_validity(
    const struct eval *ev, const struct eval_ev *e, struct eval_doc *d)
{
	const struct rb_type_rule *rule = &ev->rules->types[e->type];
	const struct bkt_evidence *x = e->e;
	int32_t cutoff = ev->facts->cutoff;

	if (x->date == BKT_NO_DATE)
		worsen(d, TRI_UNKNOWN, 1u << RB_DATE);
	else if (x->date > cutoff)
		worsen(d, TRI_FALSE, 0);
	else if (rule->max_age_months != 0 &&
		 bkt_date_add_months(x->date, (int32_t)rule->max_age_months) <=
		     cutoff)
		worsen(d, TRI_FALSE, 0);
	if (x->valid_from != BKT_NO_DATE && x->valid_from > cutoff)
		worsen(d, TRI_FALSE, 0);
	if (x->valid_until != BKT_NO_DATE && x->valid_until < cutoff)
		worsen(d, TRI_FALSE, 0);
	if (x->valid_until == BKT_NO_DATE && rule->stated_end)
		worsen(d, TRI_UNKNOWN, 1u << RB_VALID_UNTIL);
	if (x->revoked != BKT_NO_DATE && x->revoked <= cutoff)
		worsen(d, TRI_FALSE, 0);
}

/* younger than so many months on the cut-off day, and not from after it */
static void judge_age(const struct eval *ev, const struct rb_leaf *leaf,
    const struct bkt_evidence *x, struct eval_doc *d)
{
	int32_t cutoff = ev->facts->cutoff;

	if (x->date == BKT_NO_DATE)
		worsen(d, TRI_UNKNOWN, 1u << RB_DATE);
	else if (x->date > cutoff ||
		 bkt_date_add_months(x->date, (int32_t)leaf->months) <= cutoff)
		worsen(d, TRI_FALSE, 0);
}

/* later than some match of one of the named leaves */
static void judge_after(const struct eval *ev, const struct rb_leaf *leaf,
    const struct bkt_evidence *x, enum eval_mode mode, struct eval_doc *d)
{
	bool maybe = false, matched = false;

	for (size_t i = 0; i < leaf->n_after; i++) {
		const struct eval_leaf *other = &ev->leaf[mode][leaf->after[i]];
		bool some = other->earliest != BKT_NO_DATE;
		bool perhaps = other->earliest_maybe != BKT_NO_DATE;

		if (x->date == BKT_NO_DATE) {
			matched |= some || perhaps || other->undated;
			continue;
		}
		if (some && x->date > other->earliest)
			return;
		maybe |= other->undated ||
			 (perhaps && x->date > other->earliest_maybe);
	}
	if (x->date == BKT_NO_DATE && matched)
		worsen(d, TRI_UNKNOWN, 1u << RB_DATE);
	else
		worsen(d, maybe ? TRI_UNKNOWN : TRI_FALSE, MISSES_EARLIER);
}

const struct bkt_strs *eval_covered(
    const struct bkt_evidence *x, const char *tag)
{
	for (size_t i = 0; i < x->n_covers; i++)
		if (strcmp(x->covers[i].tag, tag) == 0)
			return &x->covers[i].values;
	return NULL;
}

static const struct bkt_strs *vocabulary(
    const struct eval *ev, const struct rb_cover *c)
{
	return c->mode == RB_COVER_UNITS ? &ev->facts->units : &c->tag->values;
}

static bool wanted(const struct rb_cover *c, size_t value)
{
	return !c->wanted || c->wanted[value];
}

/* does the document say anything that this predicate asks for */
static void judge_cover(const struct eval *ev, const struct rb_cover *c,
    const struct bkt_evidence *x, struct eval_doc *d)
{
	const struct bkt_strs *has = eval_covered(x, c->tag->id);
	const struct bkt_strs *known = vocabulary(ev, c);

	if (!has || has->n == 0) {
		worsen(d, TRI_UNKNOWN, MISSES_COVERS);
		return;
	}
	for (size_t i = 0; i < has->n; i++)
		for (size_t k = 0; k < known->n; k++)
			if (wanted(c, k) && strcmp(known->v[k], has->v[i]) == 0)
				return;
	worsen(d, TRI_FALSE, 0);
}

struct eval_doc eval_doc(const struct eval *ev, const struct rb_leaf *leaf,
    const struct eval_ev *e, enum eval_mode mode)
{
	const struct bkt_evidence *x = e->e;
	struct eval_doc d = { TRI_TRUE, 0 };

	for (unsigned f = 0; f < RB_N_FIELDS; f++)
		if ((leaf->fields >> f & 1) &&
		    !rb_has_field(x, (enum rb_field)f))
			worsen(&d, TRI_UNKNOWN, 1u << f);
	if (leaf->valid)
		judge_validity(ev, e, &d);
	if (leaf->months > 0)
		judge_age(ev, leaf, x, &d);
	if (leaf->locator && *x->locator == '\0')
		worsen(&d, TRI_UNKNOWN, MISSES_LOCATOR);
	for (size_t i = 0; i < leaf->n_covers; i++)
		judge_cover(ev, &leaf->covers[i], x, &d);
	if (leaf->years > 0 && x->years.n == 0)
		worsen(&d, TRI_UNKNOWN, 1u << RB_YEARS);
	if (leaf->distinct == RB_BY_DATE && x->date == BKT_NO_DATE)
		worsen(&d, TRI_UNKNOWN, 1u << RB_DATE);
	if (leaf->distinct == RB_BY_NUMBER && *x->number == '\0')
		worsen(&d, TRI_UNKNOWN, 1u << RB_NUMBER);
	if (leaf->n_after > 0)
		judge_after(ev, leaf, x, mode, &d);
	return d;
}

/* what the documents reach together; [0] for sure, [1] perhaps */
struct sum {
	const char *seen[2][RB_COUNT_MAX]; /* distinct keys */
	int32_t dates[2][RB_COUNT_MAX];
	unsigned n[2];
	bool wild_cover[RB_COVERS_MAX];
	bool wild_years;
	uint8_t years[2][YEAR_MAX - YEAR_MIN + 1];
	/* only what the leaf asks for is ever cleared */
	uint8_t covered[2][RB_COVERS_MAX][RB_VALUES_MAX];
};

static void sum_clear(
    const struct eval *ev, const struct rb_leaf *leaf, struct sum *s)
{
	memset(s, 0, offsetof(struct sum, covered));
	for (size_t i = 0; i < leaf->n_covers; i++) {
		size_t n = vocabulary(ev, &leaf->covers[i])->n;

		memset(s->covered[0][i], 0, n);
		memset(s->covered[1][i], 0, n);
	}
}

static const char *distinct_key(
    const struct rb_leaf *leaf, const struct bkt_evidence *x)
{
	switch (leaf->distinct) {
	case RB_BY_CONTENT:
		return x->sha256;
	case RB_BY_NUMBER:
		return x->number;
	case RB_BY_UNIT:
		return x->unit;
	case RB_BY_DOCUMENT:
	case RB_BY_DATE:
	case RB_N_DISTINCT:
		break;
	}
	return x->document;
}

static void count_in(struct sum *s, const struct rb_leaf *leaf,
    const struct bkt_evidence *x, int slot)
{
	const char *key = distinct_key(leaf, x);

	if (s->n[slot] >= leaf->min)
		return;
	for (unsigned i = 0; i < s->n[slot]; i++) {
		if (leaf->distinct == RB_BY_DATE) {
			if (s->dates[slot][i] == x->date)
				return;
		} else if (*key && strcmp(s->seen[slot][i], key) == 0) {
			return;
		}
	}
	s->seen[slot][s->n[slot]] = key;
	s->dates[slot][s->n[slot]++] = x->date;
}

static void cover_in(const struct eval *ev, struct sum *s,
    const struct rb_leaf *leaf, const struct bkt_evidence *x, int slot)
{
	for (size_t i = 0; i < leaf->n_covers; i++) {
		const struct rb_cover *c = &leaf->covers[i];
		const struct bkt_strs *has = eval_covered(x, c->tag->id);
		const struct bkt_strs *known = vocabulary(ev, c);

		s->wild_cover[i] |= !has || has->n == 0;
		for (size_t k = 0; has && k < known->n; k++)
			if (bkt_strs_has(has, known->v[k]))
				s->covered[slot][i][k] = 1;
	}
}

static void years_in(struct sum *s, const struct bkt_evidence *x, int slot)
{
	s->wild_years |= x->years.n == 0;
	for (size_t i = 0; i < x->years.n; i++)
		if (x->years.v[i] >= YEAR_MIN && x->years.v[i] <= YEAR_MAX)
			s->years[slot][x->years.v[i] - YEAR_MIN] = 1;
}

static bool cover_reached(const struct eval *ev, const struct sum *s,
    const struct rb_cover *c, size_t i, int slot)
{
	const struct bkt_strs *known = vocabulary(ev, c);
	unsigned n = 0, n_wanted = 0;

	for (size_t k = 0; k < known->n; k++) {
		bool has =
		    s->covered[0][i][k] || (slot == 1 && s->covered[1][i][k]);

		n_wanted += wanted(c, k);
		n += wanted(c, k) && has;
	}
	switch (c->mode) {
	case RB_COVER_ANY:
		return n > 0;
	case RB_COVER_AT_LEAST:
		return n >= c->at_least;
	case RB_COVER_EACH:
	case RB_COVER_UNITS:
		break;
	}
	return n == n_wanted && n_wanted > 0;
}

static bool years_reached(const struct eval *ev, const struct rb_leaf *leaf,
    const struct sum *s, int slot)
{
	int32_t now = bkt_date_year(ev->facts->cutoff);
	unsigned run = 0;

	for (int32_t y = YEAR_MIN; y <= YEAR_MAX; y++) {
		bool has = s->years[0][y - YEAR_MIN] ||
			   (slot == 1 && s->years[1][y - YEAR_MIN]);

		run = has ? run + 1 : 0;
		if (run >= leaf->years &&
		    (!leaf->years_recent ||
			y >= now - (int32_t)leaf->years_ending_within))
			return true;
	}
	return false;
}

/* slot 0: by what is certain; slot 1: if all that is missing turns out well */
static bool reached(const struct eval *ev, const struct rb_leaf *leaf,
    const struct sum *s, int slot)
{
	if (s->n[slot] < leaf->min)
		return false;
	for (size_t i = 0; i < leaf->n_covers; i++)
		if (!(slot == 1 && s->wild_cover[i]) &&
		    !cover_reached(ev, s, &leaf->covers[i], i, slot))
			return false;
	if (leaf->years > 0 && !(slot == 1 && s->wild_years) &&
	    !years_reached(ev, leaf, s, slot))
		return false;
	return true;
}

static void earlier(int32_t *least, int32_t date)
{
	if (*least == BKT_NO_DATE || date < *least)
		*least = date;
}

bool eval_takes(const struct eval *ev, const struct rb_leaf *leaf,
    const struct eval_ev *e, enum eval_mode mode)
{
	return e->type < ev->rb->n_doc_types &&
	       rb_types_has(&leaf->types, e->type) &&
	       eval_counts(ev, e, eval_level(ev, leaf), mode);
}

static void eval_one(struct eval *ev, size_t indicator,
    const struct rb_leaf *leaf, enum eval_mode mode, struct eval_leaf *out)
{
	struct sum s;
	bool clean = false;

	*out = (struct eval_leaf){ TRI_FALSE, BKT_NO_DATE, BKT_NO_DATE, false };
	for (size_t i = ev->first[indicator]; i < ev->first[indicator + 1];
	     i++) {
		const struct eval_ev *e = &ev->ev[i];
		struct eval_doc d;

		if (!eval_takes(ev, leaf, e, mode))
			continue;
		d = eval_doc(ev, leaf, e, mode);
		if (d.state == TRI_FALSE)
			continue;
		if (!clean)
			sum_clear(ev, leaf, &s);
		clean = true;
		if (e->e->date == BKT_NO_DATE)
			out->undated = true;
		else
			earlier(d.state == TRI_TRUE ? &out->earliest
						    : &out->earliest_maybe,
			    e->e->date);
		count_in(&s, leaf, e->e, 1);
		if (d.state == TRI_TRUE)
			count_in(&s, leaf, e->e, 0);
		cover_in(ev, &s, leaf, e->e, d.state == TRI_TRUE ? 0 : 1);
		years_in(&s, e->e, d.state == TRI_TRUE ? 0 : 1);
	}
	if (!clean)
		return;
	if (reached(ev, leaf, &s, 0))
		out->state = TRI_TRUE;
	else if (reached(ev, leaf, &s, 1))
		out->state = TRI_UNKNOWN;
}

void eval_leaves(struct eval *ev, size_t indicator, enum eval_mode mode)
{
	const struct rb_plan *plan = &ev->rules->plans[indicator];

	for (size_t i = 0; i < plan->n_leaves; i++)
		eval_one(
		    ev, indicator, &plan->leaves[i], mode, &ev->leaf[mode][i]);
}
