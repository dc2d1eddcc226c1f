/* Findings about reviews, follow-ups, audits and budgets of one indicator. */
#include "eval.h"

#include <string.h>

static bool of_types(const struct eval *ev, const struct rb_types *types,
    const struct eval_ev *e)
{
	return eval_live(e) && e->type < ev->rb->n_doc_types &&
	       rb_types_has(types, e->type);
}

/* earliest known date among the indicator's documents of these types */
static int32_t earliest(
    const struct eval *ev, size_t indicator, const struct rb_types *types)
{
	int32_t least = BKT_NO_DATE;

	for (size_t i = ev->first[indicator]; i < ev->first[indicator + 1];
	     i++) {
		const struct eval_ev *e = &ev->ev[i];

		if (of_types(ev, types, e) && e->e->date != BKT_NO_DATE &&
		    (least == BKT_NO_DATE || e->e->date < least))
			least = e->e->date;
	}
	return least;
}

static void tell(struct eval *ev, enum rb_check_id id, const struct eval_ev *e,
    const char *say_id, const char *say_en)
{
	char day[11];

	bkt_date_format(e->e->date, day);
	eval_finding(ev, rb_check_names[id], ev->rules->checks[id].severity,
	    e->e->indicator, e->e->document, "%s (%s): %s\n%s (%s): %s",
	    e->e->title, day, say_id, e->e->title, day, say_en);
}

static bool too_old(
    const struct eval *ev, const struct rb_check *c, const struct eval_ev *e)
{
	return bkt_date_add_months(e->e->date, (int32_t)c->months) <=
	       ev->facts->cutoff;
}

/* is the check on, and about this dated document at such a level */
static bool applies(const struct eval *ev, enum rb_check_id id,
    const struct eval_ev *e, unsigned from_level)
{
	const struct rb_check *c = &ev->rules->checks[id];

	return c->on && of_types(ev, &c->types, e) &&
	       e->e->date != BKT_NO_DATE && eval_from_level(e->e, from_level);
}

/* dates that the reviews and follow-ups of an indicator are held against */
struct days {
	int32_t reviewed, review;
};

static void check_one(
    struct eval *ev, const struct days *days, const struct eval_ev *e)
{
	const struct rb_check *c = ev->rules->checks;

	if (applies(ev, RB_CHECK_REVIEW_TOO_OLD, e,
		c[RB_CHECK_REVIEW_TOO_OLD].from_level) &&
	    too_old(ev, &c[RB_CHECK_REVIEW_TOO_OLD], e))
		tell(ev, RB_CHECK_REVIEW_TOO_OLD, e,
		    "reviu terlalu lama; tautkan reviu yang lebih baru.",
		    "the review is too old; link a newer one.");
	if (applies(ev, RB_CHECK_REVIEW_AFTER_CUTOFF, e,
		c[RB_CHECK_REVIEW_AFTER_CUTOFF].from_level) &&
	    e->e->date > ev->facts->cutoff)
		tell(ev, RB_CHECK_REVIEW_AFTER_CUTOFF, e,
		    "reviu bertanggal sesudah batas penilaian.",
		    "the review is dated after the cut-off.");
	if (days->reviewed != BKT_NO_DATE && e->e->date < days->reviewed &&
	    applies(ev, RB_CHECK_REVIEW_BEFORE_DOCUMENT, e,
		c[RB_CHECK_REVIEW_BEFORE_DOCUMENT].from_level))
		tell(ev, RB_CHECK_REVIEW_BEFORE_DOCUMENT, e,
		    "reviu mendahului dokumen yang direviu.",
		    "the review is older than what it reviews.");
	if (days->review != BKT_NO_DATE && e->e->date <= days->review &&
	    applies(ev, RB_CHECK_FOLLOW_UP, e, 1))
		tell(ev, RB_CHECK_FOLLOW_UP, e,
		    "tindak lanjut tidak sesudah reviu.",
		    "the follow-up is not later than the review.");
	if (applies(ev, RB_CHECK_AUDIT_TOO_OLD, e, 2) &&
	    too_old(ev, &c[RB_CHECK_AUDIT_TOO_OLD], e))
		tell(ev, RB_CHECK_AUDIT_TOO_OLD, e,
		    "laporan audit terlalu lama.",
		    "the audit report is too old.");
}

/* the longest run of years among the indicator's budgets */
static unsigned longest_run(
    const struct eval *ev, size_t indicator, const struct rb_types *types)
{
	bool years[256] = { false };
	unsigned run = 0, best = 0;

	for (size_t i = ev->first[indicator]; i < ev->first[indicator + 1];
	     i++) {
		const struct bkt_u64s *l = &ev->ev[i].e->years;

		for (size_t k = 0; of_types(ev, types, &ev->ev[i]) && k < l->n;
		     k++)
			if (l->v[k] >= 1900 && l->v[k] < 1900 + 256)
				years[l->v[k] - 1900] = true;
	}
	for (size_t y = 0; y < 256; y++) {
		run = years[y] ? run + 1 : 0;
		if (run > best)
			best = run;
	}
	return best;
}

static void check_budget(struct eval *ev, size_t indicator)
{
	const struct rb_check *c = &ev->rules->checks[RB_CHECK_BUDGET_YEARS];
	const struct bkt_indicator_result *r = &ev->results[indicator];
	struct bkt_rat level = { (int64_t)c->from_level, 1 };
	unsigned run;

	if (!c->on || !c->indicators[indicator] ||
	    bkt_rat_cmp(r->claimed.value, level) < 0)
		return;
	run = longest_run(ev, indicator, &c->types);
	if (run < c->years)
		eval_finding(ev, rb_check_names[RB_CHECK_BUDGET_YEARS],
		    c->severity, r->indicator->id, "",
		    "Perlu anggaran %u tahun berturut-turut, baru ada %u.\n"
		    "Budgets of %u years in a row are needed, there are %u.",
		    c->years, run, c->years, run);
}

void eval_findings_reviews(struct eval *ev)
{
	const struct rb_check *c = ev->rules->checks;

	for (size_t i = 0; i < ev->rb->n_indicators; i++) {
		struct days days = {
			earliest(ev, i, &c[RB_CHECK_REVIEW_BEFORE_DOCUMENT].of),
			earliest(ev, i, &c[RB_CHECK_FOLLOW_UP].of),
		};

		for (size_t k = ev->first[i]; k < ev->first[i + 1]; k++)
			check_one(ev, &days, &ev->ev[k]);
		check_budget(ev, i);
	}
}
