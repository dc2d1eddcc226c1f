/* bukti status [CYCLE]: how far each indicator is */
#include "cli.h"

#include <string.h>

#include "bukti/assess.h"

enum due { DUE_NONE, DUE_LATER, DUE_DONE, DUE_LATE };

struct row {
	const struct bkt_indicator_result *r;
	const struct bkt_assignment *a; /* NULL: not in the cycle's list */
	enum due due;
	bool done; /* verified at what is claimed */
};

struct view {
	struct cli *c;
	const bkt_assess *assess;
	const struct bkt_assessment *result;
	const struct bkt_cycle *cycle;
	struct bkt_changed changed; /* since the release, if there is one */
	struct row *rows;
	size_t n;
	size_t n_claimed, n_done, n_late, n_waiting, n_returned, n_empty;
	size_t n_errors; /* of the rows; of all rows: of the whole too */
};

static const char *level(struct cli *c, const struct bkt_level_result *l)
{
	char text[48];

	bkt_assess_level_text(l->value, text);
	return cli_printf(c, "%s%s", text, l->known ? "" : "?");
}

static enum due due_of(const struct row *row, int32_t today)
{
	int32_t days;

	if (!row->a || !row->a->due || !bkt_date_parse(row->a->due, &days))
		return DUE_NONE;
	if (row->done)
		return DUE_DONE;
	return days < today ? DUE_LATE : DUE_LATER;
}

/* asked for by --unit and --indicator */
static bool wanted(
    const struct row *row, const char *unit, const struct bkt_strs *some)
{
	if (some->n > 0 && !bkt_strs_has(some, row->r->indicator->id))
		return false;
	return !unit || (row->a && bkt_strs_has(&row->a->units, unit));
}

static void count(struct view *v, const struct row *row)
{
	v->n_claimed += row->r->has_claim;
	v->n_done += row->done;
	v->n_late += row->due == DUE_LATE;
	v->n_waiting += row->r->n_waiting;
	v->n_returned += row->r->n_returned;
	v->n_empty += row->r->n_evidence == 0;
}

static void count_errors(struct view *v)
{
	const struct bkt_assessment *a = v->result;

	if (v->n == a->n_indicators)
		v->n_errors = a->n_errors;
	for (size_t i = 0; v->n < a->n_indicators && i < a->n_findings; i++) {
		const struct bkt_finding *f = &a->findings[i];

		for (size_t k = 0; f->severity == BKT_ERROR && k < v->n; k++)
			v->n_errors += strcmp(v->rows[k].r->indicator->id,
					   f->indicator) == 0;
	}
}

static enum bkt_status collect(struct view *v, struct bkt_err *err)
{
	struct cli *c = v->c;
	int32_t today = (int32_t)(bkt_now_utc_s() / 86400);
	const char *unit = cli_opt(c, "unit");
	struct bkt_strs some = { NULL, 0 };

	BKT_TRY(cli_indicator_list(c, v->result->rulebook, &some, err));
	v->rows = bkt_arena_alloc(
	    c->arena, (v->result->n_indicators + 1) * sizeof(*v->rows));
	if (!v->rows)
		return cli_no_memory(err);
	for (size_t i = 0; i < v->result->n_indicators; i++) {
		struct row row = { .r = &v->result->indicators[i] };

		row.a = bkt_cycle_assignment(v->cycle, row.r->indicator->id);
		row.done =
		    row.r->has_claim && bkt_rat_cmp(row.r->verified.value,
					    row.r->claimed.value) >= 0;
		row.due = due_of(&row, today);
		if (!wanted(&row, unit, &some))
			continue;
		count(v, &row);
		v->rows[v->n++] = row;
	}
	count_errors(v);
	return BKT_OK;
}

/* many titles begin with the same words: those say nothing in a table */
static size_t common_words(const struct bkt_rulebook *rb)
{
	const char *first =
	    rb->n_indicators > 1 ? cli_language(&rb->indicators[0].title) : "";
	size_t n = strlen(first);

	for (size_t i = 1; i < rb->n_indicators; i++) {
		const char *t = cli_language(&rb->indicators[i].title);
		size_t k = 0;

		while (k < n && t[k] == first[k])
			k++;
		n = k;
	}
	while (n > 0 && first[n - 1] != ' ')
		n--;
	return n;
}

static const char *due_text(struct cli *c, const struct row *row)
{
	if (row->due == DUE_NONE)
		return "";
	return cli_printf(
	    c, "%s%s", row->a->due, row->due == DUE_LATE ? "!" : "");
}

static void print_table(struct view *v)
{
	static const struct cli_column columns[] = {
		{ "IND", false, false },
		{ "TITLE", false, true },
		{ "CLM", true, false },
		{ "SUP", true, false },
		{ "VER", true, false },
		{ "EV", true, false },
		{ "WT", true, false },
		{ "RT", true, false },
		{ "AC", true, false },
		{ "DUE", false, false },
	};
	struct cli *c = v->c;
	struct cli_table_rows *t = cli_table_new(c, columns, 10);
	size_t skip = common_words(v->result->rulebook);

	for (size_t i = 0; i < v->n; i++) {
		const struct row *row = &v->rows[i];
		const struct bkt_indicator_result *r = row->r;
		const char *cells[] = {
			r->indicator->id,
			cli_language(&r->indicator->title) + skip,
			r->has_claim ? level(c, &r->claimed) : "-",
			level(c, &r->supported),
			level(c, &r->verified),
			cli_printf(c, "%zu", r->n_evidence),
			cli_printf(c, "%zu", r->n_waiting),
			cli_printf(c, "%zu", r->n_returned),
			cli_printf(c, "%zu", r->n_accepted),
			due_text(c, row),
		};

		cli_table_row(t,
		    row->due == DUE_LATE || r->n_returned > 0 ? CLI_RED
		    : row->done                               ? CLI_GREEN
		    : r->n_waiting > 0                        ? CLI_YELLOW
							      : CLI_PLAIN,
		    cells);
	}
	cli_table_print(t);
	(void)printf("%sCLM claimed, SUP supported, VER verified level; EV "
		     "evidence, WT waiting,\nRT returned, AC accepted; ? at "
		     "least, ! late%s\n",
	    cli_colour(c, CLI_DIM), cli_colour(c, CLI_PLAIN));
}

static void print_unmet(
    struct view *v, const char *head, const struct bkt_unmet *u, size_t n)
{
	if (n > 0)
		(void)printf("\n%s\n", head);
	for (size_t i = 0; i < n; i++) {
		(void)printf("  level %u, %s: %s\n", u[i].level,
		    cli_text(v->c, u[i].id),
		    cli_text(v->c, cli_language(&u[i].say)));
		if (u[i].unknown && u[i].missing.en[0] != '\0')
			(void)printf("      not known: %s\n",
			    cli_text(v->c, cli_language(&u[i].missing)));
	}
}

/* the answer in two lines */
static void print_head(const struct view *v)
{
	struct cli *c = v->c;
	const struct bkt_assessment *a = v->result;
	struct bkt_sha256 sha256;

	(void)printf("%s%s %s, cut-off %s: %zu of %zu verified as claimed, "
		     "%zu claimed%s%s\n",
	    cli_colour(c, CLI_BOLD), cli_text(c, v->cycle->cycle),
	    bkt_assess_released(v->assess, &sha256) ? "released"
						    : v->cycle->state,
	    v->cycle->cutoff, v->n_done, v->n, v->n_claimed,
	    v->n_late > 0 ? cli_printf(c, ", %zu late", v->n_late) : "",
	    cli_colour(c, CLI_PLAIN));
	(void)printf("index %s claimed, %s supported, %s verified: %s%s%s%s\n",
	    cli_rounded(c, a->rulebook, a->index.claimed),
	    cli_rounded(c, a->rulebook, a->index.supported),
	    cli_rounded(c, a->rulebook, a->index.verified),
	    a->band_verified ? cli_text(c, a->band_verified->name) : "-",
	    a->near_bound ? " (close to a bound)" : "",
	    v->cycle->target ? "; target " : "",
	    v->cycle->target ? v->cycle->target : "");
}

static void print_changed(const struct view *v)
{
	struct cli *c = v->c;

	if (!v->changed.round && v->changed.indicators.n == 0)
		return;
	(void)printf("%schanged since its release (entry %llu): %s%s%s%s\n",
	    cli_colour(c, CLI_YELLOW), (unsigned long long)v->changed.released,
	    v->changed.round ? "the round itself" : "",
	    v->changed.round && v->changed.indicators.n > 0 ? ", " : "",
	    cli_join(c, &v->changed.indicators, ", ", ""),
	    cli_colour(c, CLI_PLAIN));
}

static void print_text(struct view *v)
{
	print_head(v);
	print_changed(v);
	if (v->n == 0) {
		(void)printf("\nno indicator is assigned to that unit\n");
		return;
	}
	(void)printf("\n");
	print_table(v);
	if (v->n == 1) {
		print_unmet(v, "missing for the next level",
		    v->rows[0].r->unmet, v->rows[0].r->n_unmet);
		print_unmet(v, "waiting for a decision",
		    v->rows[0].r->unverified, v->rows[0].r->n_unverified);
	}
	(void)printf("\n%zu without evidence, %s for a decision, %zu returned, "
		     "%s to mend\n",
	    v->n_empty,
	    cli_count(v->c, v->n_waiting, "link waits", "links wait"),
	    v->n_returned, cli_count(v->c, v->n_errors, "error", NULL));
	if (v->n_errors > 0 || v->n_returned > 0)
		cli_note(v->c, "hint: bukti check %s tells what to do",
		    v->cycle->cycle);
}

static void json_level(
    struct cli_json *j, const char *key, const struct bkt_level_result *l)
{
	char text[48];

	bkt_rat_exact(l->value, text);
	cli_json_object(j, key);
	cli_json_str(j, "level", text);
	cli_json_bool(j, "known", l->known);
	cli_json_end(j, '}');
}

static void json_group(
    struct cli_json *j, const char *key, const struct bkt_group_result *g)
{
	char text[48];

	cli_json_object(j, key);
	bkt_rat_exact(g->claimed, text);
	cli_json_str(j, "claimed", text);
	bkt_rat_exact(g->supported, text);
	cli_json_str(j, "supported", text);
	bkt_rat_exact(g->verified, text);
	cli_json_str(j, "verified", text);
	cli_json_end(j, '}');
}

static void json_unmet(
    struct cli_json *j, const char *key, const struct bkt_unmet *u, size_t n)
{
	cli_json_array(j, key);
	for (size_t i = 0; i < n; i++) {
		cli_json_object(j, NULL);
		cli_json_str(j, "id", u[i].id);
		cli_json_u64(j, "level", u[i].level);
		cli_json_text(j, "say", &u[i].say);
		cli_json_bool(j, "unknown", u[i].unknown);
		cli_json_end(j, '}');
	}
	cli_json_end(j, ']');
}

static void json_row(struct cli_json *j, const struct row *row)
{
	static const char *const due[] = { "none", "later", "done", "late" };
	static const struct bkt_strs none = { NULL, 0 };
	const struct bkt_indicator_result *r = row->r;

	cli_json_object(j, NULL);
	cli_json_str(j, "indicator", r->indicator->id);
	cli_json_str(j, "title", r->indicator->title.id);
	cli_json_strs(j, "units", row->a ? &row->a->units : &none);
	cli_json_bool(j, "has_claim", r->has_claim);
	json_level(j, "claimed", &r->claimed);
	json_level(j, "supported", &r->supported);
	json_level(j, "verified", &r->verified);
	cli_json_u64(j, "evidence", r->n_evidence);
	cli_json_u64(j, "waiting", r->n_waiting);
	cli_json_u64(j, "returned", r->n_returned);
	cli_json_u64(j, "accepted", r->n_accepted);
	cli_json_str(j, "due", row->a && row->a->due ? row->a->due : "");
	cli_json_str(j, "due_state", due[row->due]);
	json_unmet(j, "unmet", r->unmet, r->n_unmet);
	json_unmet(j, "unverified", r->unverified, r->n_unverified);
	cli_json_end(j, '}');
}

static enum bkt_status print_json(const struct view *v, struct bkt_err *err)
{
	BKT_AUTO(cli_json_release) struct cli_json j = { .depth = 0 };
	const struct bkt_assessment *a = v->result;
	struct bkt_sha256 sha256;

	cli_json_init(&j);
	cli_json_object(&j, NULL);
	cli_json_str(&j, "cycle", v->cycle->cycle);
	cli_json_str(&j, "state", v->cycle->state);
	cli_json_bool(
	    &j, "released", bkt_assess_released(v->assess, &sha256) != NULL);
	cli_json_bool(&j, "round_changed", v->changed.round);
	cli_json_strs(&j, "changed", &v->changed.indicators);
	cli_json_str(&j, "rulebook", v->cycle->rulebook);
	cli_json_str(&j, "cutoff", v->cycle->cutoff);
	cli_json_str(&j, "target", v->cycle->target);
	json_group(&j, "index", &a->index);
	cli_json_str(
	    &j, "band", a->band_verified ? a->band_verified->name : "");
	cli_json_bool(&j, "near_bound", a->near_bound);
	cli_json_bool(&j, "complete", a->complete);
	cli_json_u64(&j, "errors", a->n_errors);
	cli_json_object(&j, "totals");
	cli_json_u64(&j, "indicators", v->n);
	cli_json_u64(&j, "claimed", v->n_claimed);
	cli_json_u64(&j, "verified_as_claimed", v->n_done);
	cli_json_u64(&j, "late", v->n_late);
	cli_json_u64(&j, "without_evidence", v->n_empty);
	cli_json_u64(&j, "waiting", v->n_waiting);
	cli_json_u64(&j, "returned", v->n_returned);
	cli_json_u64(&j, "errors", v->n_errors);
	cli_json_end(&j, '}');
	cli_json_array(&j, "indicators");
	for (size_t i = 0; i < v->n; i++)
		json_row(&j, &v->rows[i]);
	cli_json_end(&j, ']');
	cli_json_end(&j, '}');
	return cli_json_print(&j, err);
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	const char *cycle = NULL;
	BKT_AUTO(bkt_assess_free) bkt_assess *a = NULL;
	struct view v = { .c = c };
	struct bkt_sha256 sha256;

	BKT_TRY(
	    cli_cycle_pick(c, c->argc > 0 ? c->argv[0] : NULL, &cycle, err));
	BKT_TRY(cli_unit_check(c, err));
	BKT_TRY(bkt_assess_cycle(bkt_store_source(c->store), cycle,
	    bkt_store_objects(c->store), &a, err));
	v.assess = a;
	v.result = bkt_assess_result(a);
	v.cycle = bkt_assess_record(a);
	if (bkt_assess_released(a, &sha256))
		BKT_TRY(
		    bkt_store_changed(c->store, a, c->arena, &v.changed, err));
	BKT_TRY(collect(&v, err));
	if (cli_flag(c, "json"))
		return print_json(&v, err);
	print_text(&v);
	return BKT_OK;
}

static const struct cli_opt options[] = {
	{ "unit", "UNIT", "only what this unit is assigned", 'u', false },
	{ "indicator", "N,N", "only these; of one, what it lacks", 'i', true },
	{ 0 },
};

const struct cli_cmd cli_status = {
	.name = "status",
	.summary = "how far each indicator is: claimed, supported, verified",
	.usage = "[CYCLE] [--unit UNIT] [--indicator N,N] [--json]",
	.details = "A level with ? is what is certain: a fact is missing for "
		   "the next one.",
	.options = options,
	.flags = CLI_READS | CLI_JSON,
	.max_args = 1,
	.run = run,
};
