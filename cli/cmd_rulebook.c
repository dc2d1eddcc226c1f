/* bukti rulebook lint|test|show: rules that people read and change */
#include "rulebook.h"

#include <string.h>

#define REPORT_MAX ((size_t)4 * 1024 * 1024)

static const char *counted(struct cli *c, const struct bkt_rulebook *rb)
{
	return cli_printf(c, "%s: %s, %s, %s, %s", rb->stem,
	    cli_count(c, rb->n_domains, "domain", NULL),
	    cli_count(c, rb->n_aspects, "aspect", NULL),
	    cli_count(c, rb->n_indicators, "indicator", NULL),
	    cli_count(c, rb->n_bands, "band", NULL));
}

/* every problem with its line and a caret, on stdout: it was asked for */
static enum bkt_status open_told(struct cli *c, const char *word,
    bkt_rulebook_set **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf report = { .ptr = NULL };
	enum bkt_status st;

	bkt_buf_init(&report, REPORT_MAX);
	st = rulebook_open(c, word, out, &report, err);
	if (st != BKT_E_CONFIG || report.len == 0)
		return st;
	(void)fwrite(report.ptr, 1, report.len, stdout);
	err->msg[0] = '\0';
	err->hint[0] = '\0';
	return st;
}

static enum bkt_status run_lint(struct cli *c, struct bkt_err *err)
{
	enum bkt_status worst = BKT_OK;

	for (unsigned i = 0; i < c->argc; i++) {
		BKT_AUTO(bkt_rulebook_free) bkt_rulebook_set *set = NULL;
		enum bkt_status st = open_told(c, c->argv[i], &set, err);

		if (st == BKT_OK)
			(void)printf("%s: good; %s\n", cli_text(c, c->argv[i]),
			    cli_text(c, counted(c, bkt_rulebook_get(set))));
		else if (st == BKT_E_CONFIG && err->msg[0] == '\0')
			worst = st;
		else
			return st;
	}
	return worst;
}

static enum bkt_status run_test(struct cli *c, struct bkt_err *err)
{
	BKT_AUTO(bkt_rulebook_free) bkt_rulebook_set *set = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf report = { .ptr = NULL };
	unsigned n = 0, failed = 0;

	bkt_buf_init(&report, REPORT_MAX);
	BKT_TRY(open_told(c, c->argv[0], &set, err));
	BKT_TRY(bkt_rulebook_test(set, &n, &failed, &report, err));
	BKT_TRY(bkt_buf_check(&report, err));
	(void)fwrite(report.ptr, 1, report.len, stdout);
	if (n == 0) {
		cli_note(c, "'%s' has no tests", c->argv[0]);
		cli_note(c, "hint: the section 'tests' of bukti-rulebook(5)");
		return BKT_E_FINDINGS;
	}
	cli_note(c, "%s, %u failed", cli_count(c, n, "test", NULL), failed);
	return failed == 0 ? BKT_OK : BKT_E_FINDINGS;
}

/* ---- show ---------------------------------------------------------------- */

static void print_bands(struct cli *c, const struct bkt_rulebook *rb)
{
	const char *text = "";

	for (size_t i = 0; i < rb->n_bands; i++)
		text = cli_printf(c, "%s%s%s from %s", text, i > 0 ? ", " : "",
		    rb->bands[i].name, cli_exact(c, rb->bands[i].from));
	cli_field(c, "bands", cli_text(c, text));
}

/* what an equal part is depends on who is assessed */
static const char *weight_of(struct cli *c, const struct bkt_rulebook *rb,
    const struct bkt_rb_indicator *ind)
{
	if (!rb->aspects[ind->aspect].shares)
		return cli_exact(c, ind->weight);
	return ind->optional ? "optional" : "shared";
}

static void print_structure(struct cli *c, const struct bkt_rulebook *rb)
{
	static const struct cli_column columns[] = {
		{ "PART", false, false },
		{ "WEIGHT", true, false },
		{ "TITLE", false, true },
	};
	struct cli_table_rows *t = cli_table_new(c, columns, 3);

	for (size_t d = 0; d < rb->n_domains; d++) {
		const struct bkt_rb_domain *dom = &rb->domains[d];
		const char *head[] = { dom->id, cli_exact(c, dom->weight),
			cli_language(&dom->title) };

		cli_table_row(t, CLI_BOLD, head);
		for (size_t a = 0; a < rb->n_aspects; a++) {
			const struct bkt_rb_aspect *asp = &rb->aspects[a];
			const char *cells[] = { cli_printf(c, " %s", asp->id),
				cli_exact(c, asp->weight),
				cli_language(&asp->title) };

			if (asp->domain != d)
				continue;
			cli_table_row(t, CLI_PLAIN, cells);
			for (size_t i = 0; i < rb->n_indicators; i++) {
				const struct bkt_rb_indicator *ind =
				    &rb->indicators[i];
				const char *row[] = { cli_printf(
							  c, "  %s", ind->id),
					weight_of(c, rb, ind),
					cli_language(&ind->title) };

				if (ind->aspect == a)
					cli_table_row(t, CLI_DIM, row);
			}
		}
	}
	cli_table_print(t);
}

struct level_words {
	const struct bkt_rb_indicator *ind;
	struct bkt_requirement *v;
	size_t n;
};

static void print_level(
    struct cli *c, const struct level_words *w, const struct bkt_rb_level *l)
{
	const char *name = "";
	struct bkt_rat at = { (int64_t)l->level, 1 }, above;

	if (w->ind->scale->names && bkt_rat_sub(at, w->ind->scale->min, &above))
		name = w->ind->scale->names[above.num];
	(void)printf("\n%slevel %u%s%s%s (%s)\n", cli_colour(c, CLI_BOLD),
	    l->level, name[0] != '\0' ? ", " : "", cli_text(c, name),
	    cli_colour(c, CLI_PLAIN), cli_text(c, l->basis));
	cli_field(c, "says", cli_text(c, cli_language(&l->statement)));
	for (size_t i = 0; i < w->n; i++)
		if (w->v[i].level == l->level)
			cli_field(c, cli_text(c, w->v[i].id),
			    cli_text(c, cli_language(&w->v[i].say)));
}

/* of a score: no levels, but what is scored and what shows it */
static void print_score(struct cli *c, const struct level_words *w)
{
	const struct bkt_rb_indicator *ind = w->ind;

	cli_field(c, "score",
	    cli_printf(c, "%s to %s (%s)", cli_exact(c, ind->scale->min),
		cli_exact(c, ind->scale->max), cli_text(c, ind->basis)));
	if (*ind->statement.id != '\0')
		cli_field(
		    c, "says", cli_text(c, cli_language(&ind->statement)));
	for (size_t i = 0; i < w->n; i++)
		cli_field(c, cli_text(c, w->v[i].id),
		    cli_text(c, cli_language(&w->v[i].say)));
}

static void print_indicator(
    struct cli *c, const struct bkt_rulebook *rb, const struct level_words *w)
{
	const struct bkt_rb_indicator *ind = w->ind;
	const struct bkt_rb_aspect *asp = &rb->aspects[ind->aspect];

	cli_field(c, "indicator", cli_text(c, ind->id));
	cli_field(c, "title", cli_text(c, cli_language(&ind->title)));
	cli_field(c, "weight",
	    asp->shares ? cli_printf(c, "an equal part of %s%s",
			      cli_exact(c, asp->weight),
			      ind->optional ? ", where it is assessed" : "")
			: cli_printf(c, "%s of %s", cli_exact(c, ind->weight),
			      cli_exact(c, rb->weight_total)));
	cli_field(c, "aspect",
	    cli_printf(c, "%s, %s", cli_text(c, asp->id),
		cli_text(c, cli_language(&asp->title))));
	cli_field(
	    c, "owners", cli_text(c, cli_join(c, &ind->owners, ", ", "")));
	if (ind->n_levels == 0)
		print_score(c, w);
	for (size_t i = 0; i < ind->n_levels; i++)
		print_level(c, w, &ind->levels[i]);
}

static void json_weight(
    struct cli *c, struct cli_json *j, struct bkt_rat weight)
{
	cli_json_str(j, "weight", cli_exact(c, weight));
}

static void json_structure(
    struct cli *c, struct cli_json *j, const struct bkt_rulebook *rb)
{
	cli_json_array(j, "bands");
	for (size_t i = 0; i < rb->n_bands; i++) {
		cli_json_object(j, NULL);
		cli_json_str(j, "name", rb->bands[i].name);
		cli_json_str(j, "from", cli_exact(c, rb->bands[i].from));
		cli_json_end(j, '}');
	}
	cli_json_end(j, ']');
	cli_json_array(j, "domains");
	for (size_t i = 0; i < rb->n_domains; i++) {
		cli_json_object(j, NULL);
		cli_json_str(j, "domain", rb->domains[i].id);
		cli_json_text(j, "title", &rb->domains[i].title);
		json_weight(c, j, rb->domains[i].weight);
		cli_json_end(j, '}');
	}
	cli_json_end(j, ']');
	cli_json_array(j, "aspects");
	for (size_t i = 0; i < rb->n_aspects; i++) {
		const struct bkt_rb_aspect *a = &rb->aspects[i];

		cli_json_object(j, NULL);
		cli_json_str(j, "aspect", a->id);
		cli_json_str(j, "domain", rb->domains[a->domain].id);
		cli_json_text(j, "title", &a->title);
		json_weight(c, j, a->weight);
		cli_json_bool(j, "shares", a->shares);
		cli_json_end(j, '}');
	}
	cli_json_end(j, ']');
}

/* those of one level, or every one of a score */
static void json_requirements(
    struct cli_json *j, const struct level_words *w, const unsigned *level)
{
	cli_json_array(j, "requirements");
	for (size_t k = 0; k < w->n; k++) {
		if (level && w->v[k].level != *level)
			continue;
		cli_json_object(j, NULL);
		cli_json_str(j, "id", w->v[k].id);
		cli_json_text(j, "say", &w->v[k].say);
		cli_json_end(j, '}');
	}
	cli_json_end(j, ']');
}

static void json_score(
    struct cli *c, struct cli_json *j, const struct level_words *w)
{
	const struct bkt_rb_indicator *ind = w->ind;

	cli_json_object(j, "score");
	cli_json_str(j, "from", cli_exact(c, ind->scale->min));
	cli_json_str(j, "to", cli_exact(c, ind->scale->max));
	cli_json_text(j, "statement", &ind->statement);
	cli_json_str(j, "basis", ind->basis);
	json_requirements(j, w, NULL);
	cli_json_end(j, '}');
}

static void json_levels(struct cli_json *j, const struct level_words *w)
{
	cli_json_array(j, "levels");
	for (size_t i = 0; i < w->ind->n_levels; i++) {
		const struct bkt_rb_level *l = &w->ind->levels[i];

		cli_json_object(j, NULL);
		cli_json_u64(j, "level", l->level);
		cli_json_text(j, "statement", &l->statement);
		cli_json_str(j, "basis", l->basis);
		json_requirements(j, w, &l->level);
		cli_json_end(j, '}');
	}
	cli_json_end(j, ']');
}

static enum bkt_status json_indicators(struct cli *c, struct cli_json *j,
    const struct bkt_rulebook *rb, const struct bkt_rb_indicator *only,
    struct bkt_err *err)
{
	cli_json_array(j, "indicators");
	for (size_t i = 0; i < rb->n_indicators; i++) {
		struct level_words w = { .ind = &rb->indicators[i] };

		if (only && only != w.ind)
			continue;
		BKT_TRY(bkt_rulebook_requirements(
		    rb, w.ind, c->arena, &w.v, &w.n, err));
		cli_json_object(j, NULL);
		cli_json_str(j, "indicator", w.ind->id);
		cli_json_str(j, "number", w.ind->number);
		cli_json_str(j, "aspect", rb->aspects[w.ind->aspect].id);
		cli_json_text(j, "title", &w.ind->title);
		json_weight(c, j, w.ind->weight);
		cli_json_bool(j, "optional", w.ind->optional);
		json_levels(j, &w);
		if (w.ind->n_levels == 0)
			json_score(c, j, &w);
		cli_json_end(j, '}');
	}
	cli_json_end(j, ']');
	return BKT_OK;
}

static enum bkt_status print_json(struct cli *c, const struct bkt_rulebook *rb,
    const struct bkt_rb_indicator *only, struct bkt_err *err)
{
	BKT_AUTO(cli_json_release) struct cli_json j;

	cli_json_init(&j);
	cli_json_object(&j, NULL);
	cli_json_str(&j, "rulebook", rb->id);
	cli_json_str(&j, "edition", rb->edition);
	cli_json_u64(&j, "revision", rb->revision);
	cli_json_text(&j, "title", &rb->title);
	cli_json_str(&j, "weight_total", cli_exact(c, rb->weight_total));
	json_structure(c, &j, rb);
	BKT_TRY(json_indicators(c, &j, rb, only, err));
	cli_json_end(&j, '}');
	return cli_json_print(&j, err);
}

static enum bkt_status run_show(struct cli *c, struct bkt_err *err)
{
	BKT_AUTO(bkt_rulebook_free) bkt_rulebook_set *set = NULL;
	const struct bkt_rulebook *rb;
	struct level_words w = { .ind = NULL };

	BKT_TRY(open_told(c, c->argv[0], &set, err));
	rb = bkt_rulebook_get(set);
	if (c->argc > 1) {
		w.ind = bkt_rulebook_indicator_find(rb, c->argv[1]);
		if (!w.ind)
			return cli_unknown_indicator(c, rb, c->argv[1], err);
		BKT_TRY(bkt_rulebook_requirements(
		    rb, w.ind, c->arena, &w.v, &w.n, err));
	}
	if (cli_flag(c, "json"))
		return print_json(c, rb, w.ind, err);
	cli_field(c, "rulebook", cli_text(c, counted(c, rb)));
	if (w.ind) {
		print_indicator(c, rb, &w);
		return BKT_OK;
	}
	cli_field(c, "title", cli_text(c, cli_language(&rb->title)));
	print_bands(c, rb);
	print_structure(c, rb);
	return BKT_OK;
}

static const struct cli_cmd lint_cmd = {
	.name = "lint",
	.summary =
	    "is the file a sound rulebook; every problem, with its place",
	.usage = "FILE...",
	.details = "Exit status: 0 sound, 3 not.",
	.flags = CLI_NO_STORE | CLI_READS,
	.min_args = 1,
	.max_args = CLI_ANY_ARGS,
	.run = run_lint,
};
static const struct cli_cmd test_cmd = {
	.name = "test",
	.summary = "run the tests that a rulebook carries",
	.usage = "RULEBOOK",
	.details = "Exit status: 0 all passed, 1 some failed, 3 not sound.",
	.flags = CLI_NO_STORE | CLI_READS,
	.min_args = 1,
	.max_args = 1,
	.run = run_test,
};
static const struct cli_cmd show_cmd = {
	.name = "show",
	.summary = "weights and bands, or what each level of an indicator asks",
	.usage = "RULEBOOK [INDICATOR] [--json]",
	.flags = CLI_NO_STORE | CLI_READS | CLI_JSON,
	.min_args = 1,
	.max_args = 2,
	.run = run_show,
};
static const struct cli_cmd *const subs[] = { &lint_cmd, &test_cmd, &show_cmd,
	NULL };

const struct cli_cmd cli_rulebook = {
	.name = "rulebook",
	.summary = "rules: check them, run their tests, read them",
	.usage = "lint|test|show ...",
	.subs = subs,
};
