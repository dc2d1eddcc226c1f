/* Findings about claims, and how a finding is told. */
#include "eval.h"

#include <stdio.h>
#include <string.h>

/* @p fmt is the Indonesian sentence, a line break, the English one */
void eval_finding(struct eval *ev, const char *id, enum bkt_severity severity,
    const char *indicator, const char *document, const char *fmt, ...)
{
	struct finding_link *l = eval_alloc(ev, 1, sizeof(*l));
	va_list ap, again;
	char *text, *en;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	text = n >= 0 ? eval_alloc(ev, (size_t)n + 1, 1) : NULL;
	if (text)
		(void)vsnprintf(text, (size_t)n + 1, fmt, again);
	va_end(again);
	if (!l || !text) {
		ev->nomem = true;
		return;
	}
	en = strchr(text, '\n');
	if (en)
		*en++ = '\0';
	l->f = (struct bkt_finding){
		.id = id,
		.severity = severity,
		.indicator = indicator,
		.document = document,
		.say = { text, en ? en : "" },
	};
	*ev->findings_end = l;
	ev->findings_end = &l->next;
	ev->n_findings++;
	ev->n_errors += severity == BKT_ERROR;
}

/* a claim is above what is supported, or only above what is verified */
static void check_claim(struct eval *ev, const struct bkt_indicator_result *r)
{
	const struct rb_check *c = ev->rules->checks;
	char claimed[48], other[48];
	enum rb_check_id id = RB_CHECK_CLAIM_ABOVE_SUPPORTED;

	bkt_rat_exact(r->claimed.value, claimed);
	if (bkt_rat_cmp(r->claimed.value, r->supported.value) > 0) {
		bkt_rat_exact(r->supported.value, other);
		if (c[id].on)
			eval_finding(ev, rb_check_names[id], c[id].severity,
			    r->indicator->id, "",
			    "Tingkat %s diajukan, bukti hanya mendukung %s.\n"
			    "Level %s is claimed, the evidence supports %s.",
			    claimed, other, claimed, other);
		return;
	}
	id = RB_CHECK_CLAIM_ABOVE_VERIFIED;
	if (!c[id].on || bkt_rat_cmp(r->claimed.value, r->verified.value) <= 0)
		return;
	bkt_rat_exact(r->verified.value, other);
	/* the lowest level is there without anybody's doing */
	if (r->n_accepted == 0)
		eval_finding(ev, rb_check_names[id], c[id].severity,
		    r->indicator->id, "",
		    "Tingkat %s diajukan, belum ada bukti yang diterima "
		    "pemeriksa.\n"
		    "Level %s is claimed, no verifier has accepted anything "
		    "for it so far.",
		    claimed, claimed);
	else
		eval_finding(ev, rb_check_names[id], c[id].severity,
		    r->indicator->id, "",
		    "Tingkat %s diajukan, yang diterima pemeriksa baru "
		    "mencapai %s.\n"
		    "Level %s is claimed, what verifiers have accepted reaches "
		    "%s so far.",
		    claimed, other, claimed, other);
}

/* a claim rests on a criterion that nobody could confirm */
static void check_basis(struct eval *ev, const struct bkt_indicator_result *r)
{
	const struct rb_check *c =
	    &ev->rules->checks[RB_CHECK_CRITERION_UNCONFIRMED];

	for (size_t i = 0; c->on && i < r->indicator->n_levels; i++) {
		const struct bkt_rb_level *l = &r->indicator->levels[i];

		if (strcmp(l->basis, "unconfirmed") != 0 ||
		    (int64_t)l->level >
			r->claimed.value.num / r->claimed.value.den)
			continue;
		eval_finding(ev, rb_check_names[RB_CHECK_CRITERION_UNCONFIRMED],
		    c->severity, r->indicator->id, "",
		    "Kriteria tingkat %u belum terkonfirmasi; cocokkan dengan "
		    "teks peraturan.\n"
		    "The criterion of level %u is not confirmed; compare it "
		    "with the regulation.",
		    l->level, l->level);
	}
	if (!c->on || strcmp(r->indicator->basis, "unconfirmed") != 0)
		return;
	eval_finding(ev, rb_check_names[RB_CHECK_CRITERION_UNCONFIRMED],
	    c->severity, r->indicator->id, "",
	    "Kriteria skor belum terkonfirmasi; cocokkan dengan teks "
	    "peraturan.\n"
	    "What is scored is not confirmed; compare it with the "
	    "regulation.");
}

static void check_claims(struct eval *ev, size_t i)
{
	const struct bkt_indicator_result *r = &ev->results[i];
	const struct rb_check *c = ev->rules->checks;
	const struct bkt_claim_fact *claim = ev->claims[i];

	if (!claim && c[RB_CHECK_CLAIM_MISSING].on)
		eval_finding(ev, rb_check_names[RB_CHECK_CLAIM_MISSING],
		    c[RB_CHECK_CLAIM_MISSING].severity, r->indicator->id, "",
		    "Belum ada tingkat yang diajukan.\n"
		    "No level is claimed yet.");
	if (!r->has_claim)
		return;
	if (c[RB_CHECK_CLAIM_UNEXPLAINED].on &&
	    (!claim->has_fact || !claim->has_analysis))
		eval_finding(ev, rb_check_names[RB_CHECK_CLAIM_UNEXPLAINED],
		    c[RB_CHECK_CLAIM_UNEXPLAINED].severity, r->indicator->id,
		    "",
		    "Penjelasan belum lengkap: tulis fakta dan analisis.\n"
		    "The explanation is not complete: write fact and "
		    "analysis.");
	check_claim(ev, r);
	check_basis(ev, r);
}

/* links that no indicator of the rulebook owns */
static void check_indicators(struct eval *ev)
{
	for (size_t i = 0; i < ev->facts->n_evidence; i++) {
		const struct bkt_evidence *e = &ev->facts->evidence[i];

		if (bkt_rulebook_indicator(ev->rb, e->indicator))
			continue;
		eval_finding(ev, "unknown-indicator", BKT_ERROR, e->indicator,
		    e->document,
		    "Indikator %s tidak ada dalam buku aturan.\n"
		    "Indicator %s is not in the rulebook.",
		    e->indicator, e->indicator);
	}
}

void eval_findings(struct eval *ev)
{
	check_indicators(ev);
	for (size_t i = 0; i < ev->rb->n_indicators; i++)
		if (ev->results[i].applies)
			check_claims(ev, i);
	eval_findings_documents(ev);
	eval_findings_reviews(ev);
	eval_findings_sharing(ev);
}
