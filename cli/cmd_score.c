/* bukti score: index, domains and aspects of a plain list of levels */
#include "rulebook.h"

#include <string.h>

struct scoring {
	struct cli *c;
	const struct bkt_rulebook *rb;
	struct bkt_claim_fact *claims;
	size_t n;
};

static bool is_given(const struct scoring *s, const char *indicator)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->claims[i].indicator, indicator) == 0)
			return true;
	return false;
}

static void take_row(struct scoring *s, struct cli_csv *t)
{
	const char *word = cli_csv_get(t, s->c, "indicator");
	const char *level = cli_csv_get(t, s->c, "level");
	const struct bkt_rb_indicator *ind =
	    bkt_rulebook_indicator_find(s->rb, word);

	if (!ind) {
		cli_csv_bad(t, s->c, "there is no indicator '%s'", word);
		return;
	}
	if (is_given(s, ind->id)) {
		cli_csv_bad(t, s->c, "%s is there twice", ind->id);
		return;
	}
	if (!bkt_scale_has(ind->scale, level)) {
		cli_csv_bad(t, s->c, "'%s' is not a %s from %s to %s for %s",
		    level,
		    ind->scale->kind == BKT_SCALE_LEVELS ? "level" : "score",
		    cli_exact(s->c, ind->scale->min),
		    cli_exact(s->c, ind->scale->max), ind->id);
		return;
	}
	s->claims[s->n++] =
	    (struct bkt_claim_fact){ .indicator = ind->id, .level = level };
}

static enum bkt_status read_levels(
    struct scoring *s, const char *path, struct bkt_err *err)
{
	static const char *const needed[] = { "indicator", "level", NULL };
	BKT_AUTO(cli_csv_release) struct cli_csv t = { .name = NULL };
	enum bkt_status st = BKT_OK;

	s->claims = bkt_arena_alloc(
	    s->c->arena, (s->rb->n_indicators + 1) * sizeof(*s->claims));
	if (!s->claims)
		return cli_no_memory(err);
	BKT_TRY(cli_csv_open(&t, path, needed, err));
	while (cli_csv_next(&t, s->c, &st, err))
		take_row(s, &t);
	if (st != BKT_OK)
		return st;
	return cli_csv_done(&t, err);
}

struct answer {
	const struct bkt_assessment *a;
	struct bkt_strs left_out; /* indicators without a level */
	const struct bkt_band *next;
	struct bkt_rat distance;
};

static void print_groups(const struct scoring *s, const struct answer *r)
{
	static const struct cli_column columns[] = {
		{ "PART", false, false },
		{ "WEIGHT", true, false },
		{ "VALUE", true, false },
		{ "TITLE", false, true },
	};
	struct cli *c = s->c;
	const struct bkt_rulebook *rb = s->rb;
	struct cli_table_rows *t = cli_table_new(c, columns, 4);

	for (size_t d = 0; d < rb->n_domains; d++) {
		const char *head[] = { rb->domains[d].id,
			cli_exact(c, rb->domains[d].weight),
			cli_rounded(c, rb, r->a->domains[d].claimed),
			cli_language(&rb->domains[d].title) };

		cli_table_row(t, CLI_BOLD, head);
		for (size_t i = 0; i < rb->n_aspects; i++) {
			const char *cells[] = {
				cli_printf(c, " %s", rb->aspects[i].id),
				cli_exact(c, rb->aspects[i].weight),
				cli_rounded(c, rb, r->a->aspects[i].claimed),
				cli_language(&rb->aspects[i].title),
			};

			if (rb->aspects[i].domain == d)
				cli_table_row(t, CLI_PLAIN, cells);
		}
	}
	cli_table_print(t);
}

static void print_text(const struct scoring *s, const struct answer *r)
{
	struct cli *c = s->c;
	struct bkt_rat index = r->a->index.claimed;

	(void)printf("%sindex %s, %s%s (exactly %s)\n", cli_colour(c, CLI_BOLD),
	    cli_rounded(c, s->rb, index),
	    r->a->band_claimed ? cli_text(c, r->a->band_claimed->name) : "-",
	    cli_colour(c, CLI_PLAIN), cli_exact(c, index));
	if (r->next)
		(void)printf("%s to %s (%s)\n", cli_exact(c, r->distance),
		    cli_text(c, r->next->name), cli_exact(c, r->next->from));
	print_groups(s, r);
	if (r->left_out.n > 0)
		cli_note(c,
		    "no level is given for %s: the lowest of the scale is "
		    "taken for %s",
		    cli_text(c, cli_join(c, &r->left_out, ", ", "")),
		    r->left_out.n == 1 ? "it" : "each");
}

static void json_group(struct cli *c, struct cli_json *j, const char *key,
    const char *id, struct bkt_rat value)
{
	cli_json_object(j, NULL);
	cli_json_str(j, key, id);
	cli_json_str(j, "value", cli_exact(c, value));
	cli_json_end(j, '}');
}

static enum bkt_status print_json(
    const struct scoring *s, const struct answer *r, struct bkt_err *err)
{
	BKT_AUTO(cli_json_release) struct cli_json j;
	const struct bkt_rulebook *rb = s->rb;
	struct cli *c = s->c;

	cli_json_init(&j);
	cli_json_object(&j, NULL);
	cli_json_str(&j, "rulebook", rb->stem);
	cli_json_str(&j, "index", cli_exact(c, r->a->index.claimed));
	cli_json_str(
	    &j, "band", r->a->band_claimed ? r->a->band_claimed->name : "");
	cli_json_str(&j, "next_band", r->next ? r->next->name : "");
	cli_json_str(&j, "distance", r->next ? cli_exact(c, r->distance) : "");
	cli_json_array(&j, "domains");
	for (size_t i = 0; i < rb->n_domains; i++)
		json_group(c, &j, "domain", rb->domains[i].id,
		    r->a->domains[i].claimed);
	cli_json_end(&j, ']');
	cli_json_array(&j, "aspects");
	for (size_t i = 0; i < rb->n_aspects; i++)
		json_group(c, &j, "aspect", rb->aspects[i].id,
		    r->a->aspects[i].claimed);
	cli_json_end(&j, ']');
	cli_json_strs(&j, "not_given", &r->left_out);
	cli_json_end(&j, '}');
	return cli_json_print(&j, err);
}

static enum bkt_status list_left_out(
    const struct scoring *s, struct answer *r, struct bkt_err *err)
{
	r->left_out.v = bkt_arena_alloc(
	    s->c->arena, (s->rb->n_indicators + 1) * sizeof(*r->left_out.v));
	if (!r->left_out.v)
		return cli_no_memory(err);
	for (size_t i = 0; i < s->rb->n_indicators; i++) {
		const char *id = s->rb->indicators[i].id;

		if (r->a->indicators[i].applies && !is_given(s, id))
			r->left_out.v[r->left_out.n++] = id;
	}
	return BKT_OK;
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	BKT_AUTO(bkt_rulebook_free) bkt_rulebook_set *set = NULL;
	const char *type = cli_opt(c, "institution");
	struct scoring s = { .c = c };
	struct answer r = { .a = NULL };
	struct bkt_facts facts = { .institution_type = type ? type : "pemda",
		.cutoff = BKT_NO_DATE };
	struct bkt_assessment *a = NULL;

	if (!cli_opt(c, "levels") || !cli_opt(c, "rulebook"))
		return bkt_fail(err, BKT_E_USAGE,
		    "'bukti score' lacks --levels FILE or --rulebook RULEBOOK");
	if (strcmp(facts.institution_type, "pusat") != 0 &&
	    strcmp(facts.institution_type, "pemda") != 0)
		return bkt_fail(err, BKT_E_USAGE,
		    "institution '%s' is neither pusat nor pemda", type);
	BKT_TRY(rulebook_open(c, cli_opt(c, "rulebook"), &set, NULL, err));
	s.rb = bkt_rulebook_get(set);
	BKT_TRY(read_levels(&s, cli_opt(c, "levels"), err));
	facts.claims = s.claims;
	facts.n_claims = s.n;
	BKT_TRY(bkt_evaluate(s.rb, &facts, c->arena, &a, err));
	r.a = a;
	BKT_TRY(list_left_out(&s, &r, err));
	r.next = bkt_rulebook_next_band(s.rb, a->index.claimed, &r.distance);
	if (cli_flag(c, "json"))
		return print_json(&s, &r, err);
	print_text(&s, &r);
	return BKT_OK;
}

static const struct cli_opt options[] = {
	{ "levels", "FILE", "CSV with columns indicator,level", 0, false },
	{ "rulebook", "RULEBOOK", "a file, or a name: spbe-2020", 0, false },
	{ "institution", "pusat|pemda", "which indicators apply (pemda)", 0,
	    false },
	{ 0 },
};

const struct cli_cmd cli_score = {
	.name = "score",
	.summary = "index of a plain list of levels, without evidence",
	.usage = "--levels FILE --rulebook RULEBOOK [--json]",
	.details = "Arithmetic only: nothing of it is proved. What a store's\n"
		   "evidence supports is told by `bukti check`.",
	.options = options,
	.flags = CLI_NO_STORE | CLI_READS | CLI_JSON,
	.run = run,
};
