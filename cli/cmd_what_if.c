/* bukti what-if: which steps raise the index most, and whose they are */
#include <string.h>

#include "bukti/assess.h"
#include "cli.h"

#define STEPS_USUAL 3
#define SINGLES 10 /* single steps told, unless all are asked for */

struct view {
	struct cli *c;
	const struct bkt_assessment *a;
	const struct bkt_cycle *cycle;
	const char *unit;
	const struct bkt_band *next; /* above the verified index; NULL: none */
	struct bkt_rat distance;
	struct bkt_step *single, *set, *to_band;
	size_t n_single, n_set, n_to_band;
	struct bkt_rat gain; /* of the set */
	bool reached;        /* the next band, by the steps to it */
};

static const struct bkt_strs *units_of(
    const struct view *v, const struct bkt_indicator_result *r)
{
	static const struct bkt_strs none = { NULL, 0 };
	const struct bkt_assignment *as =
	    bkt_cycle_assignment(v->cycle, r->indicator->id);

	return as ? &as->units : &none;
}

static bool is_of_unit(void *ctx, const struct bkt_indicator_result *r)
{
	const struct view *v = ctx;

	return !v->unit || bkt_strs_has(units_of(v, r), v->unit);
}

static enum bkt_status look(struct view *v, unsigned k, struct bkt_err *err)
{
	bkt_arena *arena = v->c->arena;
	struct bkt_rat gain;

	v->next = bkt_rulebook_next_band(
	    v->a->rulebook, v->a->index.verified, &v->distance);
	BKT_TRY(bkt_assess_steps(
	    v->a, is_of_unit, v, arena, &v->single, &v->n_single, err));
	BKT_TRY(bkt_assess_best_steps(v->a, k, NULL, is_of_unit, v, arena,
	    &v->set, &v->n_set, &v->gain, err));
	if (!v->next)
		return BKT_OK;
	BKT_TRY(bkt_assess_best_steps(v->a, BKT_STEPS_MAX, &v->distance,
	    is_of_unit, v, arena, &v->to_band, &v->n_to_band, &gain, err));
	v->reached = bkt_rat_cmp(gain, v->distance) >= 0;
	return BKT_OK;
}

static struct bkt_rat with(const struct view *v, struct bkt_rat gain)
{
	struct bkt_rat sum = v->a->index.verified;

	(void)bkt_rat_add(sum, gain, &sum);
	return sum;
}

static const char *rounded(const struct view *v, struct bkt_rat r)
{
	return cli_rounded(v->c, v->a->rulebook, r);
}

static const char *band(const struct view *v, struct bkt_rat index)
{
	const struct bkt_band *b = bkt_rulebook_band(v->a->rulebook, index);

	return b ? cli_text(v->c, b->name) : "-";
}

/* what is to be done: decide, or the first thing to bring */
static const char *what(const struct view *v, const struct bkt_step *s)
{
	const struct bkt_indicator_result *r = s->of;

	if (s->decide)
		return cli_printf(v->c, "verifiers decide: %s",
		    cli_count(v->c, r->n_waiting, "link waits", "links wait"));
	if (s->nth > 1 && bkt_rat_cmp(s->from, r->supported.value) != 0)
		return "what the next level asks";
	if (r->n_unmet == 0)
		return "have it accepted";
	return cli_printf(v->c, "%s%s", cli_language(&r->unmet[0].say),
	    r->n_unmet > 1 ? cli_printf(v->c, " (and %zu more)", r->n_unmet - 1)
			   : "");
}

static void print_singles(const struct view *v)
{
	static const struct cli_column columns[] = {
		{ "IND", false, false },
		{ "FROM", true, false },
		{ "TO", true, false },
		{ "INDEX", true, false },
		{ "UNITS", false, false },
		{ "WHAT", false, true },
	};
	struct cli *c = v->c;
	struct cli_table_rows *t = cli_table_new(c, columns, 6);
	size_t n =
	    cli_flag(c, "all") || v->n_single < SINGLES ? v->n_single : SINGLES;

	for (size_t i = 0; i < n; i++) {
		const struct bkt_step *s = &v->single[i];
		const char *cells[] = { s->of->indicator->id,
			cli_exact(c, s->from), cli_exact(c, s->to),
			cli_printf(c, "+%s", cli_exact(c, s->gain)),
			cli_join(c, units_of(v, s->of), " ", "-"), what(v, s) };

		cli_table_row(t, s->decide ? CLI_YELLOW : CLI_PLAIN, cells);
	}
	(void)printf("\nsingle steps, the most effective first\n");
	cli_table_print(t);
	if (n < v->n_single)
		cli_note(c, "%zu more: --all", v->n_single - n);
}

static void print_steps(
    const struct view *v, const struct bkt_step *set, size_t n)
{
	struct cli *c = v->c;

	for (size_t i = 0; i < n; i++) {
		const struct bkt_step *s = &set[i];

		(void)printf("  %s %s to %s, +%s, %s: %s\n",
		    cli_text(c, s->of->indicator->id), cli_exact(c, s->from),
		    cli_exact(c, s->to), cli_exact(c, s->gain),
		    cli_text(c, cli_join(c, units_of(v, s->of), " ", "nobody")),
		    cli_text(c, what(v, s)));
	}
}

static void print_set(const struct view *v)
{
	struct cli *c = v->c;
	struct bkt_rat index = with(v, v->gain);

	(void)printf("\n%sbest %s together: +%s, to %s, %s%s\n",
	    cli_colour(c, CLI_BOLD), cli_count(c, v->n_set, "step", NULL),
	    cli_exact(c, v->gain), rounded(v, index), band(v, index),
	    cli_colour(c, CLI_PLAIN));
	print_steps(v, v->set, v->n_set);
}

static void print_text(const struct view *v)
{
	struct cli *c = v->c;
	struct bkt_rat index = v->a->index.verified;

	(void)printf("%s%s: index %s verified, %s%s", cli_colour(c, CLI_BOLD),
	    cli_text(c, v->cycle->cycle), rounded(v, index), band(v, index),
	    cli_colour(c, CLI_PLAIN));
	if (v->next)
		(void)printf("; %s to %s (%s)", cli_exact(c, v->distance),
		    cli_text(c, v->next->name), cli_exact(c, v->next->from));
	(void)printf("\n");
	if (v->n_single == 0) {
		(void)printf(
		    "\nno step is left%s\n", v->unit ? " to this unit" : "");
		return;
	}
	print_singles(v);
	print_set(v);
	if (!v->next)
		return;
	if (v->reached)
		(void)printf("\n%s takes %s at the least\n",
		    cli_text(c, v->next->name),
		    cli_count(c, v->n_to_band, "step", NULL));
	else
		(void)printf("\n%s is not reached by these steps, all %zu\n",
		    cli_text(c, v->next->name), v->n_to_band);
}

static void json_steps(const struct view *v, struct cli_json *j,
    const char *key, const struct bkt_step *steps, size_t n)
{
	struct cli *c = v->c;

	cli_json_array(j, key);
	for (size_t i = 0; i < n; i++) {
		const struct bkt_step *s = &steps[i];

		cli_json_object(j, NULL);
		cli_json_str(j, "indicator", s->of->indicator->id);
		cli_json_u64(j, "nth", s->nth);
		cli_json_bool(j, "decide", s->decide);
		cli_json_str(j, "from", cli_exact(c, s->from));
		cli_json_str(j, "to", cli_exact(c, s->to));
		cli_json_str(j, "gain", cli_exact(c, s->gain));
		cli_json_strs(j, "units", units_of(v, s->of));
		cli_json_str(j, "what", what(v, s));
		cli_json_end(j, '}');
	}
	cli_json_end(j, ']');
}

static enum bkt_status print_json(const struct view *v, struct bkt_err *err)
{
	BKT_AUTO(cli_json_release) struct cli_json j;
	struct cli *c = v->c;

	cli_json_init(&j);
	cli_json_object(&j, NULL);
	cli_json_str(&j, "cycle", v->cycle->cycle);
	cli_json_str(&j, "index", cli_exact(c, v->a->index.verified));
	json_steps(v, &j, "single", v->single, v->n_single);
	cli_json_object(&j, "best");
	cli_json_str(&j, "gain", cli_exact(c, v->gain));
	cli_json_str(&j, "index", cli_exact(c, with(v, v->gain)));
	json_steps(v, &j, "steps", v->set, v->n_set);
	cli_json_end(&j, '}');
	if (v->next) {
		cli_json_object(&j, "next_band");
		cli_json_str(&j, "name", v->next->name);
		cli_json_str(&j, "distance", cli_exact(c, v->distance));
		cli_json_bool(&j, "reached", v->reached);
		json_steps(v, &j, "steps", v->to_band, v->n_to_band);
		cli_json_end(&j, '}');
	}
	cli_json_end(&j, '}');
	return cli_json_print(&j, err);
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	BKT_AUTO(bkt_assess_free) bkt_assess *a = NULL;
	const char *cycle = NULL, *steps = cli_opt(c, "steps");
	struct view v = { .c = c, .unit = cli_opt(c, "unit") };
	uint64_t k = STEPS_USUAL;

	if (steps && (!bkt_parse_u64(steps, BKT_STEPS_MAX, &k) || k == 0))
		return bkt_fail(err, BKT_E_USAGE,
		    "'%s' is not a number of steps from 1 to %d", steps,
		    BKT_STEPS_MAX);
	BKT_TRY(
	    cli_cycle_pick(c, c->argc > 0 ? c->argv[0] : NULL, &cycle, err));
	BKT_TRY(cli_unit_check(c, err));
	BKT_TRY(bkt_assess_cycle(bkt_store_source(c->store), cycle,
	    bkt_store_objects(c->store), &a, err));
	v.a = bkt_assess_result(a);
	v.cycle = bkt_assess_record(a);
	BKT_TRY(look(&v, (unsigned)k, err));
	if (cli_flag(c, "json"))
		return print_json(&v, err);
	print_text(&v);
	return BKT_OK;
}

static const struct cli_opt options[] = {
	{ "steps", "K", "the best set of K steps (3)", 0, false },
	{ "unit", "UNIT", "only steps of what this unit is assigned", 'u',
	    false },
	{ "all", NULL, "every single step, not the ten best", 'a', false },
	{ 0 },
};

const struct cli_cmd cli_what_if = {
	.name = "what-if",
	.summary = "which steps raise the verified index most, and whose",
	.usage = "[CYCLE] [--steps K] [--unit UNIT] [--all] [--json]",
	.details = "A step takes one indicator up: what waits is decided, or "
		   "the next level's\nrequirements are met and accepted.",
	.options = options,
	.flags = CLI_READS | CLI_JSON,
	.max_args = 1,
	.run = run,
};
