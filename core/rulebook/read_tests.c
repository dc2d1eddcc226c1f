/* The tests that a rulebook brings along, as facts and expected results. */
#include "read.h"

#include <string.h>

#define TESTS_MAX 1000
#define GIVEN_MAX 400 /* pieces of evidence in one test */

/* a piece of evidence: its own keys first, then those of the sample it uses */
struct source {
	const struct yml_node *own, *sample;
};

static const struct yml_node *pick(const struct source *s, const char *key)
{
	const struct yml_node *n = yml_get(s->own, key);

	return n ? n : yml_get(s->sample, key);
}

static const char *pick_text(
    struct yml *y, const struct source *s, const char *key)
{
	return yml_text(y, pick(s, key), key);
}

static int32_t pick_date(struct yml *y, const struct source *s, const char *key)
{
	const struct yml_node *n = pick(s, key);

	return n ? yml_date(y, n, key) : BKT_NO_DATE;
}

static struct bkt_u64s pick_numbers(
    struct yml *y, const struct source *s, const char *key)
{
	const struct yml_node *n = pick(s, key);
	struct bkt_u64s l = { NULL, 0 };

	if (!n || !yml_is_list(y, n, key))
		return l;
	l.v = yml_alloc(y, n->n + 1, sizeof(*l.v));
	for (n = n->first; n && l.v; n = n->next)
		l.v[l.n++] = yml_u64(y, n, key, 0, 9999);
	return l;
}

static void read_covers(
    struct yml *y, const struct source *s, struct bkt_evidence *e)
{
	const struct yml_node *n = pick(s, "covers");

	if (!n || !yml_is_map(y, n, "covers"))
		return;
	e->covers = yml_alloc(y, n->n + 1, sizeof(*e->covers));
	for (n = n->first; n && e->covers; n = n->next) {
		e->covers[e->n_covers].tag = n->key;
		e->covers[e->n_covers++].values = yml_words(y, n, "value");
	}
}

static void read_review(
    struct yml *y, const struct source *s, struct bkt_evidence *e)
{
	static const char *const states[] = { "none", "accepted", "partial",
		"returned", "rejected" };
	const struct yml_node *n = pick(s, "accepts");

	if (n)
		e->n_accepts = (unsigned)yml_u64(y, n, "accepts", 0, 16);
	e->review = e->n_accepts > 0 ? BKT_REVIEW_ACCEPTED : BKT_REVIEW_NONE;
	n = pick(s, "review");
	if (n) {
		size_t i = yml_choice(y, n, "review", states, YML_N(states));

		if (i < YML_N(states))
			e->review = (enum bkt_review_state)i;
	}
}

static void read_evidence(struct rb_reader *r, const struct source *s,
    const char *document, struct bkt_evidence *e)
{
	struct yml *y = r->y;
	const struct yml_node *n = pick(s, "type");

	e->document =
	    pick(s, "document") ? pick_text(y, s, "document") : document;
	e->title = pick(s, "title") ? pick_text(y, s, "title") : e->document;
	e->file = pick_text(y, s, "file");
	e->type = yml_word(y, n, "type");
	if (!n)
		yml_problem(y, s->own->at, NULL, "key \"type\" is missing");
	else if (*e->type && rb_type_index(r, e->type) == r->rb->n_doc_types)
		(void)rb_types_of(r, n); /* tells, with the nearest word */
	e->number = pick_text(y, s, "number");
	e->signer = pick_text(y, s, "signer");
	e->unit = pick_text(y, s, "unit");
	e->date = pick_date(y, s, "date");
	e->valid_from = pick_date(y, s, "valid_from");
	e->valid_until = pick_date(y, s, "valid_until");
	e->revoked = pick_date(y, s, "revoked");
	read_covers(y, s, e);
	e->years = pick_numbers(y, s, "years");
	e->levels = pick_numbers(y, s, "levels");
	e->locator = pick_text(y, s, "locator");
	e->media = "";
	e->sha256 =
	    pick(s, "content") ? pick_text(y, s, "content") : e->document;
	e->size = 1;
	e->class_ = pick(s, "class") ? pick_text(y, s, "class") : "terbatas";
	e->personal =
	    pick(s, "personal") && yml_bool(y, pick(s, "personal"), "personal");
	e->content_missing =
	    pick(s, "content_missing") &&
	    yml_bool(y, pick(s, "content_missing"), "content_missing");
	e->cause = e->reason = e->link_path = "";
	read_review(y, s, e);
}

/* a map, or the bare name of a sample */
static bool find_source(struct rb_reader *r, const struct yml_node *samples,
    const struct yml_node *node, struct source *s)
{
	static const char *const keys[] = { "use", "indicator", "document",
		"title", "file", "type", "number", "signer", "unit", "date",
		"valid_from", "valid_until", "revoked", "covers", "years",
		"levels", "locator", "content", "class", "personal",
		"content_missing", "accepts", "review" };
	const struct yml_node *use = node;
	const char *id;

	s->own = node;
	s->sample = NULL;
	if (node->kind != YML_SCALAR) {
		if (!yml_map_of(r->y, node, "evidence", keys, YML_N(keys)))
			return false;
		use = yml_get(node, "use");
		if (!use)
			return true;
	}
	id = yml_word(r->y, use, "sample");
	s->sample = yml_get(samples, id);
	if (s->sample)
		return yml_map_of(r->y, s->sample, "sample", keys, YML_N(keys));
	if (*id)
		yml_problem(
		    r->y, use->at, NULL, "unknown sample \"%.40s\"", id);
	return false;
}

/* one fact for every indicator it is linked to */
static void add_given(struct rb_reader *r, struct rb_test *t,
    const struct source *s, const struct bkt_evidence *e)
{
	const struct yml_node *list = pick(s, "indicator");
	struct bkt_strs ids = yml_words(r->y, list, "indicator");
	size_t n = list ? ids.n : t->n_expect;

	for (size_t i = 0; i < n; i++) {
		size_t k = list ? rb_indicator_at(r, list->at, ids.v[i])
				: t->expect[i].indicator;

		if (k >= r->rb->n_indicators)
			continue;
		if (t->n_given == GIVEN_MAX) {
			yml_problem(r->y, s->own->at, NULL,
			    "a test has at most %d links", GIVEN_MAX);
			return;
		}
		t->given[t->n_given].e = *e;
		t->given[t->n_given++].e.indicator = r->rb->indicators[k].id;
	}
}

static void read_given(struct rb_reader *r, const struct yml_node *samples,
    const struct yml_node *list, struct rb_test *t)
{
	struct rb_given room[GIVEN_MAX];
	size_t n = 0;

	if (!list || !yml_is_list(r->y, list, "given"))
		return;
	t->given = room;
	for (const struct yml_node *c = list->first; c; c = c->next) {
		struct bkt_evidence e = { .date = BKT_NO_DATE };
		const char *document;
		struct source s;

		document = bkt_arena_printf(r->y->arena, "d%zu", ++n);
		if (!document) {
			r->y->nomem = true;
			break;
		}
		if (!find_source(r, samples, c, &s))
			continue;
		read_evidence(r, &s, document, &e);
		add_given(r, t, &s, &e);
	}
	t->given = yml_alloc(r->y, t->n_given + 1, sizeof(*t->given));
	if (t->given)
		memcpy(t->given, room, t->n_given * sizeof(*t->given));
}

static bool read_number(struct yml *y, const struct yml_node *map,
    const char *key, struct bkt_rat *out)
{
	const struct yml_node *n = yml_get(map, key);

	if (!n)
		return false;
	*out = yml_rat(y, n, key);
	return true;
}

static void read_expect(
    struct rb_reader *r, const struct yml_node *map, struct rb_test *t)
{
	static const char *const keys[] = { "claimed", "supported", "verified",
		"missing", "unknown" };
	struct yml *y = r->y;

	if (!map || !yml_is_map(y, map, "expect"))
		return;
	t->expect = yml_alloc(y, map->n + 1, sizeof(*t->expect));
	for (const struct yml_node *n = map->first; n && t->expect;
	     n = n->next) {
		struct rb_expect *e = &t->expect[t->n_expect];
		size_t k = rb_indicator_at(r, n->key_at, n->key);

		if (k == r->rb->n_indicators ||
		    !yml_map_of(y, n, "expectation", keys, YML_N(keys)))
			continue;
		e->indicator = k;
		e->has_claimed = read_number(y, n, "claimed", &e->claimed);
		e->has_supported =
		    read_number(y, n, "supported", &e->supported);
		e->has_verified = read_number(y, n, "verified", &e->verified);
		e->has_missing = yml_get(n, "missing") != NULL;
		e->missing = yml_words(y, yml_get(n, "missing"), "requirement");
		e->has_unknown = yml_get(n, "unknown") != NULL;
		e->unknown = yml_words(y, yml_get(n, "unknown"), "requirement");
		t->n_expect++;
	}
}

static void read_claims(
    struct rb_reader *r, const struct yml_node *map, struct rb_test *t)
{
	if (!map || !yml_is_map(r->y, map, "claims"))
		return;
	t->claims = yml_alloc(r->y, map->n + 1, sizeof(*t->claims));
	for (const struct yml_node *n = map->first; n && t->claims;
	     n = n->next) {
		if (rb_indicator_at(r, n->key_at, n->key) ==
		    r->rb->n_indicators)
			continue;
		t->claims[t->n_claims++] = (struct bkt_claim_fact){
			.indicator = n->key,
			.level = n->kind == YML_SCALAR ? n->text : "",
			.has_fact = true,
			.has_analysis = true,
		};
		(void)yml_rat(r->y, n, "level");
	}
}

static const char *read_band(struct rb_reader *r, const struct yml_node *node)
{
	const struct bkt_rulebook *rb = r->rb;
	const char *name = yml_text(r->y, node, "band");

	for (size_t i = 0; i < rb->n_bands; i++)
		if (strcmp(rb->bands[i].name, name) == 0)
			return name;
	if (*name)
		yml_problem(
		    r->y, node->at, NULL, "unknown band \"%.40s\"", name);
	return NULL;
}

static void read_test(struct rb_reader *r, const struct yml_node *samples,
    const struct yml_node *node, struct rb_test *t)
{
	static const char *const keys[] = { "name", "at", "institution",
		"units", "given", "claims", "expect", "index", "band",
		"findings", "no_findings" };
	static const char *const types[] = { "pusat", "pemda" };
	struct yml *y = r->y;
	size_t i = 1;

	t->name = "";
	if (!yml_map_of(y, node, "test", keys, YML_N(keys)))
		return;
	t->name = yml_text(y, yml_need(y, node, "name"), "name");
	t->at = yml_date(y, yml_need(y, node, "at"), "at");
	if (yml_get(node, "institution"))
		i = yml_choice(
		    y, yml_get(node, "institution"), "institution", types, 2);
	t->institution_type = types[i == 0 ? 0 : 1];
	t->units = yml_words(y, yml_get(node, "units"), "unit");
	read_expect(r, yml_need(y, node, "expect"), t);
	read_given(r, samples, yml_need(y, node, "given"), t);
	read_claims(r, yml_get(node, "claims"), t);
	t->has_index = read_number(y, node, "index", &t->index);
	if (yml_get(node, "band"))
		t->band = read_band(r, yml_get(node, "band"));
	t->has_findings = yml_get(node, "findings") != NULL;
	t->findings = yml_words(y, yml_get(node, "findings"), "finding");
	t->no_findings = yml_words(y, yml_get(node, "no_findings"), "finding");
}

void rb_read_tests(struct rb_reader *r, const struct yml_node *samples,
    const struct yml_node *list)
{
	struct bkt_rb_rules *rules = r->rules;

	if (samples)
		(void)yml_is_map(r->y, samples, "samples");
	if (!list || !yml_is_list(r->y, list, "tests"))
		return;
	if (list->n > TESTS_MAX) {
		yml_problem(r->y, list->at, NULL,
		    "a rulebook has at most %d tests", TESTS_MAX);
		return;
	}
	rules->tests = yml_alloc(r->y, list->n + 1, sizeof(*rules->tests));
	for (const struct yml_node *n = list->first; n && rules->tests;
	     n = n->next)
		read_test(r, samples, n, &rules->tests[rules->n_tests++]);
}
