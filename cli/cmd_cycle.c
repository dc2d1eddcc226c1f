/* bukti cycle open|close|list|show */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

/* one round being put together, by indicator of the rulebook */
struct plan {
	const struct bkt_rulebook *rb;
	struct bkt_assignment *rows; /* rulebook order while reading */
	struct bkt_strs units;       /* that may be named */
};

static enum bkt_status plan_new(struct cli *c, const struct bkt_rulebook *rb,
    const char *due, struct plan *p, struct bkt_err *err)
{
	p->rb = rb;
	p->rows = bkt_arena_alloc(
	    c->arena, (rb->n_indicators + 1) * sizeof(*p->rows));
	if (!p->rows)
		return cli_no_memory(err);
	for (size_t i = 0; i < rb->n_indicators; i++) {
		p->rows[i].indicator =
		    bkt_arena_strdup(c->arena, rb->indicators[i].id);
		p->rows[i].due = due;
		if (!p->rows[i].indicator)
			return cli_no_memory(err);
	}
	return cli_unit_ids(c, &p->units, err);
}

static int compare_words(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* several rows for one indicator add up */
static enum bkt_status merge(struct cli *c, struct bkt_strs *into,
    const struct bkt_strs *more, struct bkt_err *err)
{
	struct bkt_strs l = { NULL, 0 };

	l.v = bkt_arena_alloc(c->arena, (into->n + more->n + 1) * sizeof(*l.v));
	if (!l.v)
		return cli_no_memory(err);
	for (; l.n < into->n; l.n++)
		l.v[l.n] = into->v[l.n];
	for (size_t i = 0; i < more->n; i++)
		if (!bkt_strs_has(&l, more->v[i]))
			l.v[l.n++] = more->v[i];
	qsort(l.v, l.n, sizeof(*l.v), compare_words);
	*into = l;
	return BKT_OK;
}

static const char *maybe(struct cli *c, const char *near)
{
	return near ? cli_printf(c, "; did you mean '%s'?", near) : "";
}

static const char *near_indicator(
    struct cli *c, const struct bkt_rulebook *rb, const char *word)
{
	const char **ids =
	    bkt_arena_alloc(c->arena, (rb->n_indicators + 1) * sizeof(*ids));

	for (size_t i = 0; ids && i < rb->n_indicators; i++)
		ids[i] = rb->indicators[i].id;
	return ids ? bkt_suggest(word, ids, rb->n_indicators) : NULL;
}

static bool row_units(struct cli *c, struct cli_csv *t, const struct plan *p,
    const struct bkt_strs *units)
{
	bool good = true;

	for (size_t i = 0; i < units->n; i++) {
		const char *u = units->v[i];

		if (bkt_strs_has(&p->units, u))
			continue;
		cli_csv_bad(t, c, "unknown unit '%s'%s", u,
		    maybe(c, bkt_suggest(u, p->units.v, p->units.n)));
		good = false;
	}
	return good;
}

static bool row_due(struct cli *c, struct cli_csv *t, struct bkt_assignment *a,
    const char *due, bool seen)
{
	int32_t days;

	if (due[0] == '\0')
		return true;
	if (!bkt_date_parse(due, &days)) {
		cli_csv_bad(t, c, "'%s' is no date; write 2026-12-31", due);
		return false;
	}
	if (seen && a->due && strcmp(a->due, due) != 0) {
		cli_csv_bad(t, c, "%s has two due dates, %s and %s",
		    a->indicator, a->due, due);
		return false;
	}
	a->due = due;
	return true;
}

static enum bkt_status read_row(struct cli *c, struct cli_csv *t,
    struct plan *p, bool *seen, struct bkt_err *err)
{
	const char *word = cli_csv_get(t, c, "indicator");
	const struct bkt_rb_indicator *ind =
	    bkt_rulebook_indicator_find(p->rb, word);
	struct bkt_strs units = { NULL, 0 };
	struct bkt_assignment *a = NULL;
	size_t at;

	if (!ind) {
		cli_csv_bad(t, c, "unknown indicator '%s'%s", word,
		    maybe(c, near_indicator(c, p->rb, word)));
		return BKT_OK;
	}
	at = (size_t)(ind - p->rb->indicators);
	a = &p->rows[at];
	BKT_TRY(cli_words(c, cli_csv_get(t, c, "units"), &units, err));
	if (!row_units(c, t, p, &units) ||
	    !row_due(c, t, a, cli_csv_get(t, c, "due"), seen[at]))
		return BKT_OK;
	seen[at] = true;
	return merge(c, &a->units, &units, err);
}

static enum bkt_status read_assignments(
    struct cli *c, const char *file, struct plan *p, struct bkt_err *err)
{
	static const char *const needed[] = { "indicator", "units", NULL };
	BKT_AUTO(cli_csv_release) struct cli_csv t = { .name = NULL };
	enum bkt_status st = BKT_OK;
	bool *seen = bkt_arena_alloc(
	    c->arena, (p->rb->n_indicators + 1) * sizeof(*seen));

	if (!seen)
		return cli_no_memory(err);
	BKT_TRY(cli_csv_open(&t, file, needed, err));
	while (cli_csv_next(&t, c, &st, err))
		BKT_TRY(read_row(c, &t, p, seen, err));
	BKT_TRY(st);
	return cli_csv_done(&t, err);
}

static int compare_assignments(const void *a, const void *b)
{
	return strcmp(((const struct bkt_assignment *)a)->indicator,
	    ((const struct bkt_assignment *)b)->indicator);
}

static enum bkt_status check_date(
    const char *option, const char *text, struct bkt_err *err)
{
	int32_t days;

	if (!text || bkt_date_parse(text, &days))
		return BKT_OK;
	return bkt_fail(err, BKT_E_USAGE,
	    "--%s '%s' is no date; write 2026-12-31", option, text);
}

static enum bkt_status check_open(
    struct cli *c, const struct bkt_cycle *now, struct bkt_err *err)
{
	const char *target = cli_opt(c, "target");
	struct bkt_rat r;

	if (!bkt_id_valid(c->argv[0])) {
		(void)bkt_fail(
		    err, BKT_E_USAGE, "'%s' is not a cycle id", c->argv[0]);
		bkt_err_hint(err, "use small letters, digits and '-': 2026-2");
		return BKT_E_USAGE;
	}
	if (now && !cli_flag(c, "update")) {
		(void)bkt_fail(err, BKT_E_EXISTS,
		    "cycle '%s' is there already, %s", c->argv[0], now->state);
		bkt_err_hint(err, "--update changes it");
		return BKT_E_EXISTS;
	}
	if (!now && (!cli_opt(c, "rulebook") || !cli_opt(c, "cutoff"))) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "a new cycle needs --rulebook and --cutoff");
		bkt_err_hint(err,
		    "bukti cycle open %s --rulebook spbe-2020 "
		    "--cutoff 2026-12-31 --assign FILE",
		    c->argv[0]);
		return BKT_E_USAGE;
	}
	if (now && cli_opt(c, "rulebook"))
		return bkt_fail(err, BKT_E_USAGE,
		    "a cycle keeps the rulebook it began with");
	if (target && (!bkt_rat_parse(target, &r) || r.num <= 0))
		return bkt_fail(err, BKT_E_USAGE,
		    "target '%s' is no index; write 2.60", target);
	BKT_TRY(check_date("cutoff", cli_opt(c, "cutoff"), err));
	return check_date("due", cli_opt(c, "due"), err);
}

static enum bkt_status cycle_now(struct cli *c, const char *id,
    const struct bkt_cycle **out, struct bkt_err *err)
{
	struct bkt_record *r = NULL;
	enum bkt_status st;

	*out = NULL;
	if (!bkt_id_valid(id))
		return BKT_OK;
	st = cli_record_at(
	    c, cli_printf(c, "cycles/%s/cycle.json", id), &r, err);
	if (st == BKT_E_NOTFOUND)
		return BKT_OK;
	if (st == BKT_OK)
		*out = &r->u.cycle;
	return st;
}

/* the body of the record: what is given, else what is registered */
static enum bkt_status plan_cycle(struct cli *c, const struct bkt_cycle *now,
    struct bkt_cycle *out, struct bkt_err *err)
{
	const struct bkt_rulebook_rec *rec = NULL;
	BKT_AUTO(bkt_rulebook_free) bkt_rulebook_set *set = NULL;
	const char *assign = cli_opt(c, "assign");
	const char *due = cli_opt(c, "due");
	struct plan p = { .rb = NULL };

	BKT_TRY(cli_rulebook_pick(
	    c, now ? now->rulebook : cli_opt(c, "rulebook"), &rec, &set, err));
	*out = (struct bkt_cycle){
		.cycle = c->argv[0],
		.rulebook = rec->rulebook,
		.rulebook_sha256 = rec->sha256,
		.cutoff = cli_opt(c, "cutoff"),
		.state = "open",
		.target = cli_opt(c, "target"),
	};
	if (now) {
		out->rulebook_sha256 = now->rulebook_sha256;
		out->cutoff = out->cutoff ? out->cutoff : now->cutoff;
		out->target = out->target ? out->target : now->target;
	}
	if (now && !assign && !due) {
		out->assignments = now->assignments;
		out->n_assignments = now->n_assignments;
		return BKT_OK;
	}
	BKT_TRY(plan_new(c, bkt_rulebook_get(set), due, &p, err));
	if (now && !assign)
		for (size_t i = 0; i < now->n_assignments; i++)
			for (size_t k = 0; k < p.rb->n_indicators; k++)
				if (strcmp(p.rows[k].indicator,
					now->assignments[i].indicator) == 0)
					p.rows[k].units =
					    now->assignments[i].units;
	if (assign)
		BKT_TRY(read_assignments(c, assign, &p, err));
	out->assignments = p.rows;
	out->n_assignments = p.rb->n_indicators;
	qsort(out->assignments, out->n_assignments, sizeof(*out->assignments),
	    compare_assignments);
	return BKT_OK;
}

static enum bkt_status put_cycle(struct cli *c, const struct bkt_cycle *cy,
    const char *title, struct bkt_err *err)
{
	BKT_AUTO(cli_batch_release) struct cli_batch b = { .c = NULL };
	struct bkt_record *r = bkt_arena_alloc(c->arena, sizeof(*r));
	size_t n = 0;

	if (!r)
		return cli_no_memory(err);
	r->kind = BKT_KIND_CYCLE;
	r->u.cycle = *cy;
	BKT_TRY(cli_batch_init(&b, c, err));
	BKT_TRY(cli_batch_add(
	    &b, r, NULL, 0, cli_printf(c, "cycle '%s'", cy->cycle), err));
	BKT_TRY(cli_batch_submit(&b, title, err));
	for (size_t i = 0; i < cy->n_assignments; i++)
		n += cy->assignments[i].units.n > 0;
	if (!b.waits)
		(void)printf("cycle %s %s: %s, cut-off %s, %zu of %zu "
			     "indicators assigned, entry %llu\n",
		    cy->cycle, cy->state, cy->rulebook, cy->cutoff, n,
		    cy->n_assignments, (unsigned long long)b.items[0].index);
	return BKT_OK;
}

static enum bkt_status run_open(struct cli *c, struct bkt_err *err)
{
	const struct bkt_cycle *now = NULL;
	struct bkt_cycle cy;

	BKT_TRY(cycle_now(c, c->argv[0], &now, err));
	BKT_TRY(check_open(c, now, err));
	BKT_TRY(plan_cycle(c, now, &cy, err));
	BKT_TRY(put_cycle(c, &cy,
	    cli_printf(c, "%s cycle %s", now ? "Change" : "Open", cy.cycle),
	    err));
	if (!now && !cli_opt(c, "assign"))
		cli_note(c,
		    "hint: no unit is assigned; bukti cycle open %s "
		    "--update --assign FILE",
		    cy.cycle);
	return BKT_OK;
}

static enum bkt_status run_close(struct cli *c, struct bkt_err *err)
{
	const char *id = NULL;
	const struct bkt_cycle *now = NULL;
	struct bkt_cycle cy;

	BKT_TRY(cli_cycle_pick(c, c->argv[0], &id, err));
	BKT_TRY(cycle_now(c, id, &now, err));
	BKT_ASSERT(now);
	if (strcmp(now->state, "closed") == 0) {
		cli_note(c, "cycle '%s' is closed already", id);
		return BKT_OK;
	}
	cy = *now;
	cy.state = "closed";
	return put_cycle(c, &cy, cli_printf(c, "Close cycle %s", id), err);
}

static enum bkt_status run_list(struct cli *c, struct bkt_err *err)
{
	static const struct cli_column columns[] = {
		{ "CYCLE", false, false },
		{ "STATE", false, false },
		{ "CUT-OFF", false, false },
		{ "RULEBOOK", false, true },
		{ "TARGET", true, false },
	};
	struct cli_records all;
	struct cli_table_rows *t = cli_table_new(c, columns, 5);
	BKT_AUTO(cli_json_release) struct cli_json j = { .depth = 0 };

	cli_json_init(&j);
	BKT_TRY(cli_cycles(c, &all, err));
	cli_json_object(&j, NULL);
	cli_json_array(&j, "cycles");
	for (size_t i = 0; i < all.n; i++) {
		const struct bkt_cycle *cy = &all.v[i]->u.cycle;
		const char *cells[] = { cy->cycle, cy->state, cy->cutoff,
			cy->rulebook, cy->target };

		cli_table_row(t,
		    strcmp(cy->state, "open") == 0 ? CLI_PLAIN : CLI_DIM,
		    cells);
		cli_json_object(&j, NULL);
		cli_json_str(&j, "cycle", cy->cycle);
		cli_json_str(&j, "state", cy->state);
		cli_json_str(&j, "cutoff", cy->cutoff);
		cli_json_str(&j, "rulebook", cy->rulebook);
		cli_json_str(&j, "target", cy->target);
		cli_json_end(&j, '}');
	}
	cli_json_end(&j, ']');
	cli_json_end(&j, '}');
	if (cli_flag(c, "json"))
		return cli_json_print(&j, err);
	if (all.n == 0)
		cli_note(c, "no cycle yet; open one: bukti help cycle open");
	else
		cli_table_print(t);
	return BKT_OK;
}

static enum bkt_status run_show(struct cli *c, struct bkt_err *err)
{
	const char *id = NULL;
	struct bkt_record *r = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { .ptr = NULL };
	BKT_AUTO(cli_json_release) struct cli_json j = { .depth = 0 };
	const char *path = NULL;

	cli_json_init(&j);
	bkt_buf_init(&bytes, BKT_RECORD_MAX);
	BKT_TRY(cli_cycle_pick(c, c->argc > 0 ? c->argv[0] : NULL, &id, err));
	path = cli_printf(c, "cycles/%s/cycle.json", id);
	if (cli_flag(c, "json")) {
		BKT_TRY(cli_read(c, path, &bytes, err));
		cli_json_raw(&j, NULL, bkt_buf_span(&bytes));
		return cli_json_print(&j, err);
	}
	BKT_TRY(cli_record_at(c, path, &r, err));
	cli_describe(c, r);
	return BKT_OK;
}

static const struct cli_opt open_options[] = {
	{ "rulebook", "NAME", "spbe-2020 (its newest) or spbe-2020-r1", 0,
	    false },
	{ "cutoff", "DATE", "day at which validity is judged", 0, false },
	{ "assign", "FILE", "CSV with columns indicator,units,due", 0, false },
	{ "due", "DATE", "due date where the CSV has none", 0, false },
	{ "target", "INDEX", "wanted index, such as 4.26", 0, false },
	{ "update", NULL, "change a cycle that is there, or open it again", 0,
	    false },
	{ 0 },
};

static const struct cli_cmd cycle_open = {
	.name = "open",
	.summary = "open an assessment round under one rulebook",
	.usage = "CYCLE --rulebook NAME --cutoff DATE --assign FILE",
	.options = open_options,
	.flags = CLI_WRITES,
	.min_args = 1,
	.max_args = 1,
	.run = run_open,
};
static const struct cli_cmd cycle_close = {
	.name = "close",
	.summary = "close a round: nothing more enters it",
	.usage = "CYCLE",
	.flags = CLI_WRITES,
	.min_args = 1,
	.max_args = 1,
	.run = run_close,
};
static const struct cli_cmd cycle_list = {
	.name = "list",
	.summary = "list the rounds",
	.usage = "[--json]",
	.flags = CLI_READS | CLI_JSON,
	.run = run_list,
};
static const struct cli_cmd cycle_show = {
	.name = "show",
	.summary = "a round with its assignments",
	.usage = "[CYCLE] [--json]",
	.flags = CLI_READS | CLI_JSON,
	.max_args = 1,
	.run = run_show,
};
static const struct cli_cmd *const subs[] = { &cycle_open, &cycle_close,
	&cycle_list, &cycle_show, NULL };

const struct cli_cmd cli_cycle = {
	.name = "cycle",
	.summary = "assessment rounds: open, close, list, show",
	.usage = "open|close|list|show ...",
	.subs = subs,
};
