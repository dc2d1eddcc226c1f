/* What `check` and `gap` see of a round, and in which language. */
#include <string.h>

#include "check.h"

static enum bkt_status pick_language(
    struct cli *c, enum check_lang *out, struct bkt_err *err)
{
	static const struct bkt_text names = { "id", "en" };
	const char *word = cli_opt(c, "lang");

	if (!word)
		word = cli_language(&names);
	if (strcmp(word, "id") != 0 && strcmp(word, "en") != 0)
		return bkt_fail(err, BKT_E_USAGE,
		    "language '%s' is not known; there are id and en", word);
	*out = strcmp(word, "id") == 0 ? CHECK_INDONESIAN : CHECK_ENGLISH;
	return BKT_OK;
}

const char *check_say(const struct check_view *v, const struct bkt_text *t)
{
	const char *first = v->lang == CHECK_ENGLISH ? t->en : t->id;

	if (first && first[0] != '\0')
		return first;
	return v->lang == CHECK_ENGLISH ? t->id : t->en;
}

const struct bkt_evidence *check_evidence(
    const struct check_view *v, const char *indicator, size_t *at)
{
	while (*at < v->facts->n_evidence) {
		const struct bkt_evidence *e = &v->facts->evidence[(*at)++];

		if (strcmp(e->indicator, indicator) == 0)
			return e;
	}
	return NULL;
}

bool check_waits(const struct bkt_evidence *e)
{
	return e->review == BKT_REVIEW_NONE || e->review == BKT_REVIEW_PARTIAL;
}

bool check_returned(const struct bkt_evidence *e)
{
	return e->review == BKT_REVIEW_RETURNED ||
	       e->review == BKT_REVIEW_REJECTED;
}

enum bkt_status check_open(
    struct check_view *v, bkt_assess **a, struct bkt_err *err)
{
	struct cli *c = v->c;
	const char *cycle = NULL;

	BKT_TRY(pick_language(c, &v->lang, err));
	BKT_TRY(
	    cli_cycle_pick(c, c->argc > 0 ? c->argv[0] : NULL, &cycle, err));
	BKT_TRY(cli_unit_check(c, err));
	BKT_TRY(bkt_assess_cycle(bkt_store_source(c->store), cycle,
	    bkt_store_objects(c->store), a, err));
	v->assess = *a;
	v->result = bkt_assess_result(*a);
	v->facts = bkt_assess_facts(*a);
	v->cycle = bkt_assess_record(*a);
	return BKT_OK;
}

/* and how many of them more than a verifier can mend */
static size_t errors_of(
    const struct bkt_assessment *a, const char *indicator, size_t *n_others)
{
	size_t n = 0;

	*n_others = 0;
	for (size_t i = 0; i < a->n_findings; i++) {
		const struct bkt_finding *f = &a->findings[i];

		if (f->severity != BKT_ERROR ||
		    strcmp(f->indicator, indicator) != 0)
			continue;
		n++;
		*n_others += !check_says_unverified(f);
	}
	return n;
}

bool check_says_unverified(const struct bkt_finding *f)
{
	return strcmp(f->id, "claim-above-verified") == 0;
}

static bool is_short(const struct check_row *row)
{
	const struct bkt_indicator_result *r = row->r;

	return r->applies &&
	       (!r->has_claim || row->n_errors > 0 ||
		   bkt_rat_cmp(r->supported.value, r->claimed.value) < 0 ||
		   bkt_rat_cmp(r->verified.value, r->claimed.value) < 0);
}

/* nothing for the units to do, as a return or another error would be */
static bool only_waits(const struct check_row *row, size_t n_others)
{
	const struct bkt_indicator_result *r = row->r;

	return row->is_short && r->has_claim && r->n_returned == 0 &&
	       r->n_waiting > 0 && n_others == 0 &&
	       bkt_rat_cmp(r->supported.value, r->claimed.value) >= 0;
}

enum bkt_status check_collect(struct check_view *v, struct bkt_err *err)
{
	const char *unit = cli_opt(v->c, "unit");
	struct bkt_strs some = { NULL, 0 };

	BKT_TRY(cli_indicator_list(v->c, v->result->rulebook, &some, err));
	v->rows = bkt_arena_alloc(
	    v->c->arena, (v->result->n_indicators + 1) * sizeof(*v->rows));
	if (!v->rows)
		return cli_no_memory(err);
	for (size_t i = 0; i < v->result->n_indicators; i++) {
		struct check_row row = { .r = &v->result->indicators[i] };
		size_t n_others;

		row.a = bkt_cycle_assignment(v->cycle, row.r->indicator->id);
		if (some.n > 0 && !bkt_strs_has(&some, row.r->indicator->id))
			continue;
		if (unit && (!row.a || !bkt_strs_has(&row.a->units, unit)))
			continue;
		row.n_errors =
		    errors_of(v->result, row.r->indicator->id, &n_others);
		row.is_short = is_short(&row);
		row.waits = only_waits(&row, n_others);
		v->n_short += row.is_short;
		v->n_wait += row.waits;
		v->n_wait_links += row.waits ? row.r->n_waiting : 0;
		v->rows[v->n++] = row;
	}
	v->narrowed = unit || some.n > 0;
	v->each = v->all || some.n > 0;
	v->complete = v->n_short == 0 && (v->narrowed || v->result->complete);
	return BKT_OK;
}
