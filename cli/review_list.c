/* bukti review list: what waits for a decision, and what was sent back */
#include "evidence.h"

#include <stdlib.h>
#include <string.h>

#include "bukti/assess.h"
#include "review.h"
#include "show.h"

static const char *const states[] = {
	[BKT_REVIEW_NONE] = "waiting",
	[BKT_REVIEW_PARTIAL] = "second",
	[BKT_REVIEW_RETURNED] = "returned",
	[BKT_REVIEW_REJECTED] = "rejected",
	[BKT_REVIEW_ACCEPTED] = "accepted",
};

static bool declined(const struct bkt_evidence *e)
{
	return e->review == BKT_REVIEW_RETURNED ||
	       e->review == BKT_REVIEW_REJECTED;
}

static bool asked_for(
    struct cli *c, const struct bkt_strs *some, const struct bkt_evidence *e)
{
	const char *unit = cli_opt(c, "unit");

	return e->review != BKT_REVIEW_ACCEPTED &&
	       (some->n == 0 || bkt_strs_has(some, e->indicator)) &&
	       (!unit || strcmp(unit, e->unit) == 0);
}

static const char *when(struct cli *c, const struct bkt_evidence *e)
{
	char at[BKT_TIME_LEN + 1];

	bkt_time_format(e->declined_utc_s, at);
	return cli_printf(c, "%s", at);
}

/* one that is the file's name is not said twice */
static const char *title_beside(const struct bkt_evidence *e)
{
	size_t n = strlen(e->title);

	return strncmp(e->file, e->title, n) == 0 && e->file[n] == '.'
		   ? ""
		   : e->title;
}

static int by_title(const void *a, const void *b)
{
	const struct bkt_evidence *x = a, *y = b;
	int d = strcmp(x->indicator, y->indicator);

	if (d == 0)
		d = strcmp(x->title, y->title);
	return d != 0 ? d : strcmp(x->document, y->document);
}

/* as a person looks for them: by indicator, then title */
static enum bkt_status sorted(struct cli *c, const struct bkt_facts *f,
    struct bkt_facts *out, struct bkt_err *err)
{
	struct bkt_evidence *v =
	    bkt_arena_alloc(c->arena, (f->n_evidence + 1) * sizeof(*v));

	if (!v)
		return cli_no_memory(err);
	*out = *f;
	if (f->n_evidence > 0)
		memcpy(v, f->evidence, f->n_evidence * sizeof(*v));
	qsort(v, f->n_evidence, sizeof(*v), by_title);
	out->evidence = v;
	return BKT_OK;
}

static void print_text(
    struct cli *c, const struct bkt_facts *f, const struct bkt_strs *some)
{
	static const struct cli_column columns[] = {
		{ "IND", false, false },
		{ "DOCUMENT", false, false },
		{ "STATE", false, false },
		{ "UNIT", false, false },
		{ "FILE", false, true },
		{ "TITLE", false, true },
	};
	struct cli_table_rows *t = cli_table_new(c, columns, 6);
	bool any_lapsed = false, any_second = false;
	size_t n = 0;

	for (size_t i = 0; i < f->n_evidence; i++) {
		const struct bkt_evidence *e = &f->evidence[i];
		const char *cells[] = { e->indicator, e->document,
			cli_printf(c, "%s%s", states[e->review],
			    e->lapsed == BKT_LAPSE_NONE ? "" : "*"),
			e->unit, e->file, title_beside(e) };

		if (!asked_for(c, some, e))
			continue;
		n++;
		any_second |= e->review == BKT_REVIEW_PARTIAL;
		any_lapsed |= e->lapsed != BKT_LAPSE_NONE;
		cli_table_row(t, declined(e) ? CLI_RED : CLI_PLAIN, cells);
	}
	if (n == 0) {
		cli_note(c, "nothing waits for a decision");
		return;
	}
	cli_table_print(t);
	if (any_lapsed)
		(void)printf("* accepted before it changed; that no longer "
			     "counts\n");
	if (any_second)
		(void)printf("second: needs a second accept, by another "
			     "verifier\n");
	for (size_t i = 0; i < f->n_evidence; i++) {
		const struct bkt_evidence *e = &f->evidence[i];

		if (asked_for(c, some, e) && declined(e))
			(void)printf("\n%s %s was %s by %s, %s\n  %s: %s\n",
			    cli_text(c, e->indicator), cli_text(c, e->document),
			    states[e->review], cli_text(c, e->declined_by),
			    when(c, e), cli_text(c, e->cause),
			    cli_text(c, e->reason));
	}
}

static enum bkt_status print_json(struct cli *c, const char *cycle,
    const struct bkt_facts *f, const struct bkt_strs *some, struct bkt_err *err)
{
	BKT_AUTO(cli_json_release) struct cli_json j = { .depth = 0 };

	cli_json_init(&j);
	cli_json_object(&j, NULL);
	cli_json_str(&j, "cycle", cycle);
	cli_json_array(&j, "links");
	for (size_t i = 0; i < f->n_evidence; i++) {
		const struct bkt_evidence *e = &f->evidence[i];

		if (!asked_for(c, some, e))
			continue;
		cli_json_object(&j, NULL);
		cli_json_str(&j, "indicator", e->indicator);
		cli_json_str(&j, "document", e->document);
		cli_json_str(&j, "state", states[e->review]);
		cli_json_str(&j, "unit", e->unit);
		cli_json_str(&j, "title", e->title);
		cli_json_str(&j, "file", e->file);
		cli_json_u64(&j, "accepts", e->n_accepts);
		cli_json_str(&j, "accepted_by", e->accepted_by);
		cli_json_str(&j, "lapsed", show_lapse_word(e->lapsed));
		if (declined(e)) {
			cli_json_str(&j, "cause", e->cause);
			cli_json_str(&j, "reason", e->reason);
			cli_json_str(&j, "by", e->declined_by);
			cli_json_time(&j, "at", e->declined_utc_s);
		}
		cli_json_end(&j, '}');
	}
	cli_json_end(&j, ']');
	cli_json_end(&j, '}');
	return cli_json_print(&j, err);
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	BKT_AUTO(bkt_assess_free) bkt_assess *a = NULL;
	struct bkt_strs some = { NULL, 0 };
	struct bkt_facts facts = { .n_evidence = 0 };
	const char *cycle = NULL;

	BKT_TRY(
	    cli_cycle_pick(c, c->argc > 0 ? c->argv[0] : NULL, &cycle, err));
	BKT_TRY(cli_unit_check(c, err));
	BKT_TRY(
	    bkt_assess_cycle(bkt_store_source(c->store), cycle, NULL, &a, err));
	BKT_TRY(
	    cli_indicator_list(c, bkt_assess_result(a)->rulebook, &some, err));
	BKT_TRY(sorted(c, bkt_assess_facts(a), &facts, err));
	if (cli_flag(c, "json"))
		return print_json(c, cycle, &facts, &some, err);
	print_text(c, &facts, &some);
	return BKT_OK;
}

static const struct cli_opt options[] = {
	{ "indicator", "N,N", "only of these indicators", 'i', true },
	{ "unit", "UNIT", "only documents of this unit", 'u', false },
	{ 0 },
};

const struct cli_cmd cli_review_list = {
	.name = "list",
	.summary = "what waits for a decision, and what was sent back",
	.usage = "[CYCLE] [--indicator N,N] [--unit UNIT] [--json]",
	.details = "States: waiting; second (one accept is there, another is "
		   "needed); returned; rejected.",
	.options = options,
	.flags = CLI_READS | CLI_JSON,
	.max_args = 1,
	.run = run,
};
