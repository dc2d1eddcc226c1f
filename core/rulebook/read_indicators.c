/* Indicators with their levels. */
#include "read.h"

#include <stdio.h>
#include <string.h>

struct level_source { /* one level: the indicator's words go first */
	const struct yml_node *own, *from_template;
};

static const char *const level_keys[] = { "level", "statement", "basis",
	"require" };
static const char *const bases[] = { "confirmed", "secondary", "unconfirmed" };

/* sort a list of levels into slots */
static void collect(struct rb_reader *r, const struct yml_node *list,
    uint64_t min, uint64_t max, const struct yml_node **slots)
{
	if (!list || !yml_is_list(r->y, list, "levels"))
		return;
	for (const struct yml_node *n = list->first; n; n = n->next) {
		uint64_t level;

		if (!yml_map_of(
			r->y, n, "level", level_keys, YML_N(level_keys)) ||
		    !yml_need(r->y, n, "level"))
			continue;
		level = yml_u64(r->y, yml_get(n, "level"), "level", min, max);
		if (slots[level - min])
			yml_problem(r->y, n->at, NULL,
			    "level %llu a second time",
			    (unsigned long long)level);
		slots[level - min] = n;
	}
}

static const struct yml_node *either(const struct yml_node *own,
    const struct yml_node *from_template, const char *key)
{
	const struct yml_node *n = yml_get(own, key);

	return n ? n : yml_get(from_template, key);
}

static void read_level(struct rb_reader *r, const struct yml_node *where,
    const struct yml_node *own, const struct yml_node *from_template,
    struct bkt_rb_level *out)
{
	const struct bkt_rb_indicator *ind = r->indicator;
	const struct yml_node *n = either(own, from_template, "statement");
	struct yml *y = r->y;
	size_t basis = 0;
	bool floor = (int64_t)out->level <= ind->scale->floor.num;

	if (!n)
		yml_problem(y, where->at, NULL, "level %u has no statement",
		    out->level);
	out->statement = yml_text2(y, n, "statement");
	if ((n = either(own, from_template, "basis")))
		basis = yml_choice(y, n, "basis", bases, YML_N(bases));
	out->basis = bases[basis < YML_N(bases) ? basis : 0];
	n = either(own, from_template, "require");
	if (n)
		out->require = rb_read_require(r, n, out->level);
	if (!floor && !out->require && y->n_problems == 0 && !y->nomem)
		yml_problem(y, where->at,
		    "a level that asks for nothing would be given to all",
		    "level %u has no requirement", out->level);
	if (floor && out->require)
		yml_problem(y, where->at, "write require: none",
		    "level %u is the floor and can ask for nothing",
		    out->level);
}

static void read_levels(struct rb_reader *r, const struct yml_node *node,
    struct bkt_rb_indicator *ind)
{
	const struct yml_node *own[RB_LEVELS_MAX] = { NULL };
	const struct yml_node *tpl[RB_LEVELS_MAX] = { NULL };
	const struct yml_node *use = yml_get(node, "use");
	uint64_t min = (uint64_t)ind->scale->min.num;
	uint64_t max = (uint64_t)ind->scale->max.num;
	char context[160];

	collect(r, yml_get(node, "levels"), min, max, own);
	if (use) {
		const struct yml_node *name = yml_get(use, "template");

		(void)snprintf(context, sizeof(context),
		    "template %.40s for %.40s",
		    name && name->kind == YML_SCALAR ? name->text : "?",
		    ind->id);
		r->y->context = context;
		collect(r, rb_template_levels(r, use), min, max, tpl);
	}
	ind->n_levels = (size_t)(max - min) + 1;
	ind->levels = yml_alloc(r->y, ind->n_levels, sizeof(*ind->levels));
	for (size_t i = 0; i < ind->n_levels && ind->levels; i++) {
		ind->levels[i].level = (unsigned)(min + i);
		read_level(r, node, own[i], tpl[i], &ind->levels[i]);
	}
	r->y->context = NULL;
}

/* of a score: what is asked for is the same for every indicator of the scale,
 * and is told of each by its own ids */
static void read_score(struct rb_reader *r, const struct yml_node *node,
    struct bkt_rb_indicator *ind)
{
	struct rb_proof *proof = &r->proofs[ind->scale - r->rules->scales];
	size_t n_problems, basis = 0;
	const struct yml_node *n = yml_get(node, "basis");
	char context[160];

	ind->statement =
	    yml_text2(r->y, yml_get(node, "statement"), "statement");
	if (n)
		basis = yml_choice(r->y, n, "basis", bases, YML_N(bases));
	ind->basis = bases[basis < YML_N(bases) ? basis : 0];
	proof->used = true;
	if (!proof->node || proof->bad)
		return;
	(void)snprintf(context, sizeof(context), "scale %.40s for %.40s",
	    ind->scale->id, ind->id);
	r->y->context = context;
	n_problems = r->y->n_problems;
	r->plan->proof = rb_read_require(r, proof->node,
	    (unsigned)(ind->scale->min.num / ind->scale->min.den));
	proof->bad = r->y->n_problems > n_problems;
	r->y->context = NULL;
}

/* what nobody uses was not read, and nobody would see what is wrong in it */
static void check_proofs(struct rb_reader *r)
{
	for (size_t i = 0; i < r->rules->n_scales; i++)
		if (r->proofs[i].node && !r->proofs[i].used)
			yml_problem(r->y, r->proofs[i].node->at, NULL,
			    "no indicator has the scale \"%s\"",
			    r->rules->scales[i].id);
}

static void read_owners(struct rb_reader *r, const struct yml_node *node,
    struct bkt_rb_indicator *ind)
{
	static const char *const keys[] = { "lead", "with" };
	const struct yml_node *with;
	size_t n = 1;

	if (!node || !yml_map_of(r->y, node, "owners", keys, YML_N(keys)))
		return;
	with = yml_get(node, "with");
	if (with && yml_is_list(r->y, with, "with"))
		n += with->n;
	ind->owners.v = yml_alloc(r->y, n, sizeof(*ind->owners.v));
	if (!ind->owners.v)
		return;
	ind->owners.v[ind->owners.n++] =
	    yml_text(r->y, yml_need(r->y, node, "lead"), "lead");
	for (with = n > 1 ? with->first : NULL; with; with = with->next)
		ind->owners.v[ind->owners.n++] = yml_text(r->y, with, "owner");
}

static void read_refs(struct rb_reader *r, const struct yml_node *list)
{
	static const char *const keys[] = { "id", "locator" };
	struct yml *y = r->y;

	if (!list || !yml_is_list(y, list, "refs"))
		return;
	for (const struct yml_node *n = list->first; n; n = n->next) {
		const char *id;

		if (!yml_map_of(y, n, "ref", keys, YML_N(keys)))
			continue;
		id = yml_word(y, yml_need(y, n, "id"), "reference");
		(void)yml_text(y, yml_get(n, "locator"), "locator");
		if (*id && !bkt_strs_has(&r->references, id))
			yml_problem_word(y, n->at, "reference", id,
			    r->references.v, r->references.n);
	}
}

static void read_applies(struct rb_reader *r, const struct yml_node *list)
{
	static const char *const who[] = { "pusat", "pemda" };

	r->plan->pusat = r->plan->pemda = list == NULL;
	if (!list || !yml_is_list(r->y, list, "applies_to"))
		return;
	for (const struct yml_node *n = list->first; n; n = n->next) {
		size_t i = yml_choice(r->y, n, "applies_to", who, 2);

		r->plan->pusat |= i == 0;
		r->plan->pemda |= i == 1;
	}
	if (!r->plan->pusat && !r->plan->pemda)
		yml_problem(r->y, list->at, NULL, "applies to nobody");
}

static const struct bkt_scale *scale_of(
    struct rb_reader *r, const struct yml_node *node)
{
	const char *known[YML_KEYS_MAX];
	const char *id = yml_word(r->y, node, "scale");
	size_t i;

	for (i = 0; i < r->rules->n_scales; i++) {
		known[i] = r->rules->scales[i].id;
		if (strcmp(known[i], id) == 0)
			return &r->rules->scales[i];
	}
	if (*id)
		yml_problem_word(r->y, node->at, "scale", id, known, i);
	return NULL;
}

static void read_identity(struct rb_reader *r, const struct yml_node *node,
    struct bkt_rb_indicator *ind)
{
	struct yml *y = r->y;
	const struct yml_node *id = yml_need(y, node, "id"), *weight;

	ind->id = yml_word(y, id, "id");
	if (*ind->id && !bkt_indicator_id_valid(ind->id))
		yml_problem(y, id->at, "write it like I01",
		    "indicator id \"%s\" is not valid", ind->id);
	if (*ind->id && bkt_map_get(r->rules->indicator_by_id, ind->id))
		yml_problem(
		    y, id->at, NULL, "indicator \"%s\" a second time", ind->id);
	else if (*ind->id && bkt_map_set(r->rules->indicator_by_id, ind->id,
				 ind, NULL) != BKT_OK)
		y->nomem = true;
	ind->number = yml_word(y, yml_need(y, node, "number"), "number");
	ind->title = yml_text2(y, yml_need(y, node, "title"), "title");
	ind->weight = (struct bkt_rat){ 0, 1 }; /* that of the aspect */
	weight = yml_get(node, "weight");
	if (weight)
		ind->weight = yml_rat(y, weight, "weight");
	if (weight && ind->weight.num <= 0 && y->n_problems == 0)
		yml_problem(y, node->at, NULL, "weight must be above zero");
	if (yml_get(node, "optional"))
		ind->optional =
		    yml_bool(y, yml_get(node, "optional"), "optional");
	ind->scale = scale_of(r, yml_need(y, node, "scale"));
}

static void read_indicator(struct rb_reader *r, const struct yml_node *node,
    struct bkt_rb_indicator *ind, struct rb_plan *plan)
{
	static const char *const keys[] = { "id", "number", "title", "weight",
		"optional", "scale", "statement", "basis", "applies_to",
		"owners", "refs", "covers", "use", "levels", "hints", "notes" };
	struct rb_tag *tags = NULL;
	bool levels;

	ind->id = ind->number = ind->statement.id = ind->statement.en = "";
	ind->basis = bases[0];
	if (!yml_map_of(r->y, node, "indicator", keys, YML_N(keys)))
		return;
	r->indicator = ind;
	r->plan = plan;
	read_identity(r, node, ind);
	read_owners(r, yml_get(node, "owners"), ind);
	read_refs(r, yml_get(node, "refs"));
	read_applies(r, yml_get(node, "applies_to"));
	(void)yml_text2(r->y, yml_get(node, "hints"), "hints");
	(void)yml_text2(r->y, yml_get(node, "notes"), "notes");
	rb_read_tags(r, yml_get(node, "covers"), &tags, &plan->n_tags);
	plan->tags = tags;
	if (!ind->scale || r->y->nomem)
		return;
	levels = ind->scale->kind == BKT_SCALE_LEVELS;
	if (!levels && (yml_get(node, "levels") || yml_get(node, "use")))
		yml_problem(
		    r->y, node->at, NULL, "a scale of scores has no levels");
	if (levels && (yml_get(node, "statement") || yml_get(node, "basis")))
		yml_problem(r->y, node->at, "write it at each level",
		    "statement and basis belong to a score");
	plan->leaves = r->scratch;
	if (levels)
		read_levels(r, node, ind);
	else
		read_score(r, node, ind);
	plan->leaves =
	    yml_alloc(r->y, plan->n_leaves + 1, sizeof(*plan->leaves));
	if (plan->leaves)
		memcpy(plan->leaves, r->scratch,
		    plan->n_leaves * sizeof(*plan->leaves));
}

void rb_read_indicators(struct rb_reader *r, const struct yml_node *list)
{
	struct bkt_rulebook *rb = r->rb;
	size_t n;

	if (!list || !yml_is_list(r->y, list, "indicators"))
		return;
	n = list->n;
	if (n == 0 || n > 1000) {
		yml_problem(r->y, list->at, NULL,
		    "a rulebook has 1 to 1000 indicators");
		return;
	}
	rb->indicators = yml_alloc(r->y, n, sizeof(*rb->indicators));
	r->rules->plans = yml_alloc(r->y, n, sizeof(*r->rules->plans));
	r->placed = yml_alloc(r->y, n, sizeof(*r->placed));
	r->scratch = yml_alloc(r->y, RB_LEAVES_MAX, sizeof(*r->scratch));
	if (!rb->indicators || !r->rules->plans || !r->placed || !r->scratch)
		return;
	for (const struct yml_node *c = list->first; c && !r->y->nomem;
	     c = c->next) {
		size_t i = rb->n_indicators++;

		read_indicator(r, c, &rb->indicators[i], &r->rules->plans[i]);
	}
	r->plan = NULL;
	r->indicator = NULL;
	if (!r->y->nomem)
		check_proofs(r);
}

size_t rb_indicator_at(struct rb_reader *r, struct yml_mark at, const char *id)
{
	const struct bkt_rb_indicator *ind =
	    bkt_map_get(r->rules->indicator_by_id, id);

	if (ind)
		return (size_t)(ind - r->rb->indicators);
	yml_problem(r->y, at, NULL, "unknown indicator \"%.40s\"", id);
	return r->rb->n_indicators;
}
