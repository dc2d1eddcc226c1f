/* The vocabulary: document types, their fields and validity, tags. */
#include "read.h"

#include <string.h>

const char *const rb_field_names[RB_N_FIELDS] = {
	[RB_NUMBER] = "number",
	[RB_DATE] = "date",
	[RB_SIGNER] = "signer",
	[RB_VALID_FROM] = "valid_from",
	[RB_VALID_UNTIL] = "valid_until",
	[RB_YEARS] = "years",
};
const struct bkt_text rb_field_texts[RB_N_FIELDS] = {
	[RB_NUMBER] = { "nomor", "number" },
	[RB_DATE] = { "tanggal", "date" },
	[RB_SIGNER] = { "penanda tangan", "signer" },
	[RB_VALID_FROM] = { "mulai berlaku", "start of validity" },
	[RB_VALID_UNTIL] = { "akhir berlaku", "end of validity" },
	[RB_YEARS] = { "tahun anggaran", "budget years" },
};

bool rb_has_field(const struct bkt_evidence *e, enum rb_field f)
{
	switch (f) {
	case RB_NUMBER:
		return e->number && *e->number;
	case RB_DATE:
		return e->date != BKT_NO_DATE;
	case RB_SIGNER:
		return e->signer && *e->signer;
	case RB_VALID_FROM:
		return e->valid_from != BKT_NO_DATE;
	case RB_VALID_UNTIL:
		return e->valid_until != BKT_NO_DATE;
	case RB_YEARS:
		return e->years.n > 0;
	case RB_N_FIELDS:
		break;
	}
	return false;
}

size_t rb_type_index(const struct rb_reader *r, const char *id)
{
	size_t i = 0;

	while (
	    i < r->rb->n_doc_types && strcmp(r->rb->doc_types[i].id, id) != 0)
		i++;
	return i;
}

/* nearest known type for a misspelt one */
static void unknown_type(
    struct rb_reader *r, struct yml_mark at, const char *id)
{
	const char *known[RB_TYPES_MAX];

	for (size_t i = 0; i < r->rb->n_doc_types; i++)
		known[i] = r->rb->doc_types[i].id;
	yml_problem_word(
	    r->y, at, "document type", id, known, r->rb->n_doc_types);
}

struct rb_types rb_types_of(struct rb_reader *r, const struct yml_node *list)
{
	struct rb_types t = { { 0 } };
	struct bkt_strs words = yml_words(r->y, list, "document type");

	if (list && list->kind == YML_LIST && list->n == 0)
		yml_problem(r->y, list->at, NULL, "no document type is named");
	for (size_t i = 0; i < words.n; i++) {
		size_t k;

		if (*words.v[i] == '\0')
			continue;
		k = rb_type_index(r, words.v[i]);
		if (k == r->rb->n_doc_types)
			unknown_type(r, list->at, words.v[i]);
		else
			t.w[k / 64] |= (uint64_t)1 << (k % 64);
	}
	return t;
}

static size_t field_index(
    struct rb_reader *r, struct yml_mark at, const char *word)
{
	for (size_t i = 0; i < RB_N_FIELDS; i++)
		if (strcmp(rb_field_names[i], word) == 0)
			return i;
	yml_problem_word(r->y, at, "field", word, rb_field_names, RB_N_FIELDS);
	return RB_N_FIELDS;
}

unsigned rb_fields_of(struct rb_reader *r, const struct yml_node *list)
{
	struct bkt_strs words = yml_words(r->y, list, "field");
	unsigned fields = 0;

	for (size_t i = 0; i < words.n; i++) {
		size_t k;

		if (*words.v[i] == '\0')
			continue;
		k = field_index(r, list->at, words.v[i]);
		if (k < RB_N_FIELDS)
			fields |= 1u << k;
	}
	return fields;
}

/* {number: required, date: optional} */
static void read_fields(struct rb_reader *r, const struct yml_node *map,
    struct bkt_doc_type *t, struct rb_type_rule *rule)
{
	static const char *const needs[] = { "required", "optional" };
	struct yml *y = r->y;

	if (!map || !yml_is_map(y, map, "fields"))
		return;
	t->required.v = yml_alloc(y, map->n + 1, sizeof(*t->required.v));
	for (const struct yml_node *n = map->first; n && t->required.v;
	     n = n->next) {
		size_t f = field_index(r, n->key_at, n->key);

		if (yml_choice(y, n, "need", needs, YML_N(needs)) != 0 ||
		    f == RB_N_FIELDS)
			continue;
		t->required.v[t->required.n++] = rb_field_names[f];
		rule->required |= 1u << f;
	}
}

static void read_validity(
    struct rb_reader *r, const struct yml_node *node, struct rb_type_rule *rule)
{
	static const char *const keys[] = { "mode", "age" };
	static const char *const modes[] = { "until_revoked", "point_in_time",
		"covers_period", "stated_end", "max_age" };
	const struct yml_node *age;
	size_t mode;

	if (!node || !yml_map_of(r->y, node, "validity", keys, YML_N(keys)))
		return;
	mode = yml_choice(
	    r->y, yml_need(r->y, node, "mode"), "mode", modes, YML_N(modes));
	rule->stated_end = mode == 3;
	age = yml_get(node, "age");
	if ((mode == 4) != (age != NULL))
		yml_problem(r->y, node->at, NULL,
		    "age belongs to mode max_age, and has to be there");
	else if (age)
		rule->max_age_months = yml_months(r->y, age, "age");
}

static void read_type(struct rb_reader *r, const struct yml_node *node,
    struct bkt_doc_type *t, struct rb_type_rule *rule)
{
	static const char *const keys[] = { "id", "title", "formats", "fields",
		"validity", "draft" };
	struct yml *y = r->y;

	t->id = "";
	if (!yml_map_of(y, node, "document type", keys, YML_N(keys)))
		return;
	t->id = yml_word(y, yml_need(y, node, "id"), "id");
	if (*t->id && rb_type_index(r, t->id) < r->rb->n_doc_types - 1)
		yml_problem(y, node->at, NULL,
		    "document type \"%s\" a second time", t->id);
	t->title = yml_text2(y, yml_need(y, node, "title"), "title");
	t->formats = yml_words(y, yml_need(y, node, "formats"), "format");
	read_fields(r, yml_get(node, "fields"), t, rule);
	read_validity(r, yml_get(node, "validity"), rule);
	if (yml_get(node, "draft"))
		rule->draft = yml_bool(y, yml_get(node, "draft"), "draft");
}

static void collect_drafts(struct rb_reader *r)
{
	struct bkt_rulebook *rb = r->rb;

	rb->draft_types.v =
	    yml_alloc(r->y, rb->n_doc_types + 1, sizeof(*rb->draft_types.v));
	for (size_t i = 0; i < rb->n_doc_types && rb->draft_types.v; i++)
		if (r->rules->types[i].draft)
			rb->draft_types.v[rb->draft_types.n++] =
			    rb->doc_types[i].id;
}

void rb_read_types(struct rb_reader *r, const struct yml_node *list)
{
	struct bkt_rulebook *rb = r->rb;

	if (!list || !yml_is_list(r->y, list, "doc_types"))
		return;
	if (list->n > RB_TYPES_MAX) {
		yml_problem(r->y, list->at, NULL, "more than %d document types",
		    RB_TYPES_MAX);
		return;
	}
	rb->doc_types = yml_alloc(r->y, list->n + 1, sizeof(*rb->doc_types));
	r->rules->types =
	    yml_alloc(r->y, list->n + 1, sizeof(*r->rules->types));
	if (!rb->doc_types || !r->rules->types)
		return;
	for (const struct yml_node *n = list->first; n; n = n->next) {
		size_t i = rb->n_doc_types++;

		read_type(r, n, &rb->doc_types[i], &r->rules->types[i]);
	}
	collect_drafts(r);
}

void rb_read_tags(struct rb_reader *r, const struct yml_node *node,
    struct rb_tag **out, size_t *out_n)
{
	struct rb_tag *tags;
	size_t n = 0;

	if (!node || !yml_is_map(r->y, node, "tags"))
		return;
	tags = yml_alloc(r->y, node->n + 1, sizeof(*tags));
	for (const struct yml_node *c = node->first; c && tags; c = c->next) {
		tags[n].id = c->key;
		tags[n].values = yml_words(r->y, c, "tag value");
		n++;
	}
	*out = tags;
	*out_n = n;
}

const struct rb_tag *rb_tag_find(const struct rb_reader *r, const char *id)
{
	for (size_t i = 0; r->plan && i < r->plan->n_tags; i++)
		if (strcmp(r->plan->tags[i].id, id) == 0)
			return &r->plan->tags[i];
	for (size_t i = 0; i < r->rules->n_tags; i++)
		if (strcmp(r->rules->tags[i].id, id) == 0)
			return &r->rules->tags[i];
	return NULL;
}
