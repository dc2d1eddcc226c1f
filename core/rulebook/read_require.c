/* Requirements: none, all, any, or one leaf of predicates. */
#include "read.h"

#include <string.h>

/* "b" or the full "I01.L4.b": the part after the level */
static const char *leaf_suffix(struct rb_reader *r, const struct yml_node *node)
{
	const char *s, *prefix;

	if (!node) {
		char letter[2] = { (char)('a' + (int)r->n_in_level % 26),
			'\0' };

		return yml_strdup(r->y, letter);
	}
	s = yml_word(r->y, node, "requirement id");
	prefix = bkt_arena_printf(
	    r->y->arena, "%s.L%u.", r->indicator->id, r->level);
	if (!prefix) {
		r->y->nomem = true;
		return s;
	}
	if (strncmp(s, prefix, strlen(prefix)) == 0)
		s += strlen(prefix);
	if (strlen(s) > 8 ||
	    s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789")] != '\0')
		yml_problem(r->y, node->at, "write a, b, c ...",
		    "requirement id \"%.60s\" is not of this level", s);
	return s;
}

static size_t leaf_find(const struct rb_reader *r, const char *id)
{
	size_t i = 0;

	while (i < r->plan->n_leaves && strcmp(r->plan->leaves[i].id, id) != 0)
		i++;
	return i;
}

/* "b", "L4.b" or "I01.L4.b" of an earlier leaf */
static void read_after(
    struct rb_reader *r, const struct yml_node *node, struct rb_leaf *leaf)
{
	struct bkt_strs ids = yml_words(r->y, node, "requirement id");

	if (ids.n > RB_AFTER_MAX) {
		yml_problem(r->y, node->at, NULL,
		    "after names more than %d requirements", RB_AFTER_MAX);
		return;
	}
	for (size_t i = 0; i < ids.n; i++) {
		const char *id = ids.v[i], *full;
		size_t k;

		if (strncmp(id, "L", 1) == 0)
			full = bkt_arena_printf(
			    r->y->arena, "%s.%s", r->indicator->id, id);
		else if (!strchr(id, '.'))
			full = bkt_arena_printf(r->y->arena, "%s.L%u.%s",
			    r->indicator->id, r->level, id);
		else
			full = id;
		if (!full) {
			r->y->nomem = true;
			return;
		}
		k = leaf_find(r, full);
		if (k < r->plan->n_leaves)
			leaf->after[leaf->n_after++] = k;
		else
			yml_problem(r->y, node->at,
			    "name a requirement that stands before this one",
			    "requirement \"%.60s\" is not known here", full);
	}
}

static void want(
    struct rb_reader *r, const struct yml_node *list, struct rb_cover *c)
{
	struct bkt_strs words = yml_words(r->y, list, "tag value");
	const struct bkt_strs *known = &c->tag->values;

	c->wanted = yml_alloc(r->y, known->n + 1, sizeof(*c->wanted));
	if (words.n == 0)
		yml_problem(r->y, list->at, NULL, "no value is named");
	for (size_t i = 0; i < words.n && c->wanted; i++) {
		size_t k = 0;

		while (k < known->n && strcmp(known->v[k], words.v[i]) != 0)
			k++;
		if (k < known->n)
			c->wanted[k] = true;
		else if (*words.v[i])
			yml_problem_word(r->y, list->at, "tag value",
			    words.v[i], known->v, known->n);
	}
}

/* all | all_units | [values] | {any: [values]} | {at_least: n} */
static void read_cover(
    struct rb_reader *r, const struct yml_node *node, struct rb_cover *c)
{
	static const char *const keys[] = { "any", "at_least" };
	static const char *const words[] = { "all", "all_units" };
	struct yml *y = r->y;

	if (node->kind == YML_SCALAR) {
		if (yml_choice(y, node, "coverage", words, 2) == 1) {
			c->mode = RB_COVER_UNITS;
			return;
		}
		c->mode = RB_COVER_AT_LEAST;
		c->at_least = (unsigned)c->tag->values.n;
	}
	if (c->tag->values.n == 0)
		yml_problem(y, node->at, "write all_units",
		    "tag \"%s\" has no values to ask for", c->tag->id);
	if (node->kind == YML_SCALAR)
		return;
	if (node->kind == YML_LIST) {
		c->mode = RB_COVER_EACH;
		want(r, node, c);
		return;
	}
	if (!yml_map_of(y, node, "coverage", keys, YML_N(keys)))
		return;
	if (node->n != 1) {
		yml_problem(y, node->at, NULL, "write any or at_least");
		return;
	}
	if (yml_get(node, "any")) {
		c->mode = RB_COVER_ANY;
		want(r, node->first, c);
		return;
	}
	c->mode = RB_COVER_AT_LEAST;
	c->at_least = (unsigned)yml_u64(y, node->first, "at_least", 1,
	    c->tag->values.n > 0 ? c->tag->values.n : 1);
}

static void read_covers(
    struct rb_reader *r, const struct yml_node *map, struct rb_leaf *leaf)
{
	if (!yml_is_map(r->y, map, "covers"))
		return;
	for (const struct yml_node *n = map->first; n; n = n->next) {
		const struct rb_tag *tag = rb_tag_find(r, n->key);

		if (!tag) {
			const char *known[YML_KEYS_MAX];
			size_t k;

			for (k = 0; k < r->rules->n_tags; k++)
				known[k] = r->rules->tags[k].id;
			yml_problem_word(
			    r->y, n->key_at, "tag", n->key, known, k);
			continue;
		}
		if (leaf->n_covers == RB_COVERS_MAX) {
			yml_problem(r->y, n->at, NULL,
			    "covers has more than %d tags", RB_COVERS_MAX);
			return;
		}
		leaf->covers[leaf->n_covers].tag = tag;
		read_cover(r, n, &leaf->covers[leaf->n_covers++]);
	}
}

static void read_count(
    struct yml *y, const struct yml_node *node, struct rb_leaf *leaf)
{
	static const char *const keys[] = { "min", "distinct" };
	static const char *const by[RB_N_DISTINCT] = {
		[RB_BY_CONTENT] = "content",
		[RB_BY_DOCUMENT] = "document",
		[RB_BY_DATE] = "date",
		[RB_BY_NUMBER] = "number",
		[RB_BY_UNIT] = "unit",
	};
	size_t i = RB_BY_CONTENT;

	if (!yml_map_of(y, node, "count", keys, YML_N(keys)))
		return;
	leaf->min = (unsigned)yml_u64(
	    y, yml_need(y, node, "min"), "min", 1, RB_COUNT_MAX);
	if (yml_get(node, "distinct"))
		i = yml_choice(y, yml_get(node, "distinct"), "distinct", by,
		    RB_N_DISTINCT);
	leaf->distinct = i < RB_N_DISTINCT ? (enum rb_distinct)i : 0;
}

static void read_years(
    struct yml *y, const struct yml_node *node, struct rb_leaf *leaf)
{
	static const char *const keys[] = { "consecutive", "ending_within" };
	const struct yml_node *end;

	if (!yml_map_of(y, node, "years", keys, YML_N(keys)))
		return;
	leaf->years = (unsigned)yml_u64(
	    y, yml_need(y, node, "consecutive"), "consecutive", 1, 20);
	end = yml_get(node, "ending_within");
	if (end) {
		leaf->years_recent = true;
		leaf->years_ending_within =
		    (unsigned)yml_u64(y, end, "ending_within", 0, 20);
	}
}

static void read_predicates(
    struct rb_reader *r, const struct yml_node *node, struct rb_leaf *leaf)
{
	static const char *const doc_keys[] = { "type" };
	static const char *const last_keys[] = { "last" };
	static const char *const when[] = { "at_cycle_end" };
	static const char *const must[] = { "required" };
	const struct yml_node *n = yml_need(r->y, node, "doc");
	struct yml *y = r->y;

	if (n && yml_map_of(y, n, "doc", doc_keys, 1))
		leaf->types = rb_types_of(r, yml_need(y, n, "type"));
	if ((n = yml_get(node, "fields")))
		leaf->fields = rb_fields_of(r, n);
	if ((n = yml_get(node, "count")))
		read_count(y, n, leaf);
	if ((n = yml_get(node, "covers")))
		read_covers(r, n, leaf);
	if ((n = yml_get(node, "valid")))
		leaf->valid = yml_choice(y, n, "valid", when, 1) == 0;
	if ((n = yml_get(node, "period")) &&
	    yml_map_of(y, n, "period", last_keys, 1))
		leaf->months = yml_months(y, yml_need(y, n, "last"), "last");
	if ((n = yml_get(node, "after")))
		read_after(r, n, leaf);
	if ((n = yml_get(node, "years")))
		read_years(y, n, leaf);
	if ((n = yml_get(node, "locator")))
		leaf->locator = yml_choice(y, n, "locator", must, 1) == 0;
}

static void read_leaf(
    struct rb_reader *r, const struct yml_node *node, struct bkt_req *req)
{
	static const char *const keys[] = { "id", "doc", "fields", "count",
		"covers", "valid", "period", "after", "years", "locator",
		"say" };
	struct rb_leaf *leaf;
	struct yml *y = r->y;

	if (!yml_map_of(y, node, "requirement", keys, YML_N(keys)))
		return;
	if (r->plan->n_leaves == RB_LEAVES_MAX ||
	    r->n_leaves == RB_LEAVES_ALL_MAX) {
		yml_problem(y, node->at, NULL, "too many requirements");
		return;
	}
	leaf = &r->plan->leaves[r->plan->n_leaves];
	memset(leaf, 0, sizeof(*leaf));
	leaf->level = r->level;
	leaf->min = 1;
	leaf->id = bkt_arena_printf(y->arena, "%s.L%u.%s", r->indicator->id,
	    r->level, leaf_suffix(r, yml_get(node, "id")));
	if (!leaf->id) {
		y->nomem = true;
		return;
	}
	if (leaf_find(r, leaf->id) < r->plan->n_leaves)
		yml_problem(y, node->at, NULL,
		    "requirement \"%s\" a second time", leaf->id);
	read_predicates(r, node, leaf);
	if (yml_get(node, "say"))
		leaf->say = yml_text2(y, yml_get(node, "say"), "say");
	req->kind = RB_LEAF;
	req->leaf = r->plan->n_leaves++;
	r->n_in_level++;
	r->n_leaves++;
}

static struct bkt_req *read_req(
    struct rb_reader *r, const struct yml_node *node);

static void read_group(
    struct rb_reader *r, const struct yml_node *list, struct bkt_req *req)
{
	struct bkt_req *last = NULL;

	if (!yml_is_list(r->y, list, list->key))
		return;
	if (list->n == 0)
		yml_problem(r->y, list->at, NULL, "the group is empty");
	for (const struct yml_node *n = list->first; n; n = n->next) {
		struct bkt_req *kid = read_req(r, n);

		if (!kid)
			return;
		if (last)
			last->next = kid;
		else
			req->first = kid;
		last = kid;
	}
}

/* depth is bounded by the reader of YAML */
static struct bkt_req *read_req(
    struct rb_reader *r, const struct yml_node *node)
{
	const struct yml_node *all = yml_get(node, "all");
	const struct yml_node *any = yml_get(node, "any");
	struct bkt_req *req = yml_alloc(r->y, 1, sizeof(*req));

	if (!req)
		return NULL;
	if (!all && !any) {
		read_leaf(r, node, req);
		return req;
	}
	req->kind = all ? RB_ALL : RB_ANY;
	if (node->n != 1) {
		yml_problem(r->y, node->at, "nest them",
		    "all or any stands alone in its map");
		return req;
	}
	read_group(r, all ? all : any, req);
	return req;
}

const struct bkt_req *rb_read_require(
    struct rb_reader *r, const struct yml_node *node, unsigned level)
{
	if (node->kind == YML_SCALAR && strcmp(node->text, "none") == 0)
		return NULL;
	r->level = level;
	r->n_in_level = 0;
	return read_req(r, node);
}
