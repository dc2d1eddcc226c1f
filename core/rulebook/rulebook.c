/* A rulebook from its YAML, and looking things up in it. */
#include "read.h"

#include <string.h>

#define RB_ARENA_MAX ((size_t)64 * 1024 * 1024)

struct bkt_rulebook_set {
	bkt_arena *arena;
	bkt_map *types, *indicators;
	struct bkt_rulebook rb;
	struct bkt_rb_rules rules;
};

static void index_types(struct rb_reader *r)
{
	for (size_t i = 0; i < r->rb->n_doc_types; i++)
		if (bkt_map_set(r->rules->type_by_id, r->rb->doc_types[i].id,
			&r->rb->doc_types[i], NULL) != BKT_OK)
			r->y->nomem = true;
}

/* vocabulary before rules, rules before what speaks of them */
static void read_rulebook(struct rb_reader *r, const struct yml_node *root)
{
	static const char *const keys[] = { "rulebook", "id", "edition",
		"revision", "status", "language", "translations", "title",
		"authority", "effective", "license", "notes", "references",
		"scales", "index", "cycle", "tags", "doc_types", "review",
		"checks", "templates", "domains", "indicators", "changes",
		"samples", "tests" };
	static const char *const cycle_keys[] = { "period", "reference_date" };
	static const char *const dates[] = { "end" };
	const struct yml_node *cycle;
	struct yml *y = r->y;

	if (!yml_map_of(y, root, "rulebook", keys, YML_N(keys)))
		return;
	rb_read_head(r, root);
	rb_read_index(r, yml_need(y, root, "index"));
	rb_read_review(r, yml_need(y, root, "review"));
	cycle = yml_get(root, "cycle");
	if (cycle && yml_map_of(y, cycle, "cycle", cycle_keys, 2)) {
		(void)yml_months(y, yml_get(cycle, "period"), "period");
		(void)yml_choice(y, yml_get(cycle, "reference_date"),
		    "reference_date", dates, 1);
	}
	rb_read_types(r, yml_need(y, root, "doc_types"));
	index_types(r);
	rb_read_scales(r, yml_need(y, root, "scales"));
	rb_read_tags(
	    r, yml_get(root, "tags"), &r->rules->tags, &r->rules->n_tags);
	r->templates = yml_get(root, "templates");
	rb_check_templates(r);
	rb_read_indicators(r, yml_need(y, root, "indicators"));
	rb_read_domains(r, yml_need(y, root, "domains"));
	rb_read_checks(r, yml_need(y, root, "checks"));
	rb_collect_tags(r);
	rb_read_tests(r, yml_get(root, "samples"), yml_need(y, root, "tests"));
}

static bkt_rulebook_set *set_new(void)
{
	BKT_AUTO(bkt_rulebook_free)
	bkt_rulebook_set *s = bkt_calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->arena = bkt_arena_new(RB_ARENA_MAX);
	s->types = bkt_map_new();
	s->indicators = bkt_map_new();
	if (!s->arena || !s->types || !s->indicators)
		return NULL;
	s->rules.type_by_id = s->types;
	s->rules.indicator_by_id = s->indicators;
	s->rb.rules = &s->rules;
	return BKT_STEAL(s);
}

enum bkt_status bkt_rulebook_parse(struct bkt_span yaml, const char *name,
    bkt_rulebook_set **out, struct bkt_buf *report, struct bkt_err *err)
{
	BKT_AUTO(bkt_rulebook_free) bkt_rulebook_set *s = set_new();
	struct yml y = {
		.name = name, .src = yaml, .report = report, .err = err
	};
	struct rb_reader r = { .y = &y };
	struct yml_node *root;

	if (!s)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a rulebook");
	y.arena = s->arena;
	r.rb = &s->rb;
	r.rules = &s->rules;
	BKT_TRY(yml_parse(&y, &root));
	read_rulebook(&r, root);
	BKT_TRY(yml_status(&y));
	*out = BKT_STEAL(s);
	return BKT_OK;
}

void bkt_rulebook_free(bkt_rulebook_set *s)
{
	if (!s)
		return;
	bkt_map_free(s->types);
	bkt_map_free(s->indicators);
	bkt_arena_free(s->arena);
	bkt_free(s);
}

const struct bkt_rulebook *bkt_rulebook_get(const bkt_rulebook_set *s)
{
	return &s->rb;
}

const struct bkt_rb_indicator *bkt_rulebook_indicator(
    const struct bkt_rulebook *rb, const char *id)
{
	return bkt_map_get(rb->rules->indicator_by_id, id);
}

unsigned bkt_rulebook_approvals(const struct bkt_rulebook *rb, unsigned level)
{
	bool second = rb->second_approval_level != 0 &&
		      level >= rb->second_approval_level;

	return rb->approvals + (second ? 1 : 0);
}

const struct bkt_rb_indicator *bkt_rulebook_indicator_find(
    const struct bkt_rulebook *rb, const char *word)
{
	const struct bkt_rb_indicator *ind = bkt_rulebook_indicator(rb, word);

	if (ind)
		return ind;
	if (*word == 'I' || *word == 'i')
		word++;
	while (word[0] == '0' && word[1] != '\0')
		word++;
	for (size_t i = 0; i < rb->n_indicators; i++)
		if (strcmp(rb->indicators[i].number, word) == 0)
			return &rb->indicators[i];
	return NULL;
}

bool bkt_scale_has(const struct bkt_scale *scale, const char *level)
{
	struct bkt_rat v;

	return bkt_rat_parse(level, &v) && bkt_rat_cmp(v, scale->min) >= 0 &&
	       bkt_rat_cmp(v, scale->max) <= 0 &&
	       (scale->kind != BKT_SCALE_LEVELS || !strchr(level, '.'));
}

const struct bkt_doc_type *bkt_rulebook_doc_type(
    const struct bkt_rulebook *rb, const char *id)
{
	return bkt_map_get(rb->rules->type_by_id, id);
}

const struct bkt_band *bkt_rulebook_band(
    const struct bkt_rulebook *rb, struct bkt_rat value)
{
	size_t i = rb->n_bands;

	while (i > 1 && bkt_rat_cmp(rb->bands[i - 1].from, value) > 0)
		i--;
	return i > 0 ? &rb->bands[i - 1] : NULL;
}

const struct bkt_band *bkt_rulebook_next_band(const struct bkt_rulebook *rb,
    struct bkt_rat value, struct bkt_rat *distance)
{
	for (size_t i = 0; i < rb->n_bands; i++)
		if (bkt_rat_cmp(rb->bands[i].from, value) > 0 &&
		    bkt_rat_sub(rb->bands[i].from, value, distance))
			return &rb->bands[i];
	return NULL;
}

int32_t bkt_rulebook_in_force_until(
    const struct bkt_rulebook *rb, const struct bkt_evidence *e)
{
	const struct bkt_doc_type *t = bkt_rulebook_doc_type(rb, e->type);
	int32_t end = e->valid_until;
	unsigned months =
	    t ? rb->rules->types[t - rb->doc_types].max_age_months : 0;

	if (e->revoked != BKT_NO_DATE &&
	    (end == BKT_NO_DATE || e->revoked - 1 < end))
		end = e->revoked - 1;
	if (months != 0 && e->date != BKT_NO_DATE) {
		int32_t aged =
		    bkt_date_add_months(e->date, (int32_t)months) - 1;

		if (end == BKT_NO_DATE || aged < end)
			end = aged;
	}
	return end;
}
