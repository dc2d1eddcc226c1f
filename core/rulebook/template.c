/*
 * Templates: a named list of levels with parameters, so that 47 indicators
 * need not repeat their rules. `$(name)` alone stands for the whole value
 * given; inside text it stands for text, `$(name.id)` for one language of it.
 */
#include "read.h"

#include <stdio.h>
#include <string.h>

struct filling {
	struct rb_reader *r;
	const struct yml_node *defaults, *given;
	struct yml_mark use_at;
};

static const struct yml_node *param(
    const struct filling *f, const char *name, size_t len)
{
	char key[64];
	const struct yml_node *n;

	if (len >= sizeof(key))
		return NULL;
	memcpy(key, name, len);
	key[len] = '\0';
	n = yml_get(f->given, key);
	return n ? n : yml_get(f->defaults, key);
}

/* "objek" or "objek.en", at most to the closing parenthesis */
static const struct yml_node *lookup(
    const struct filling *f, const char *name, size_t len)
{
	const char *dot = memchr(name, '.', len);
	const struct yml_node *n;
	char key[16];
	size_t rest;

	n = param(f, name, dot ? (size_t)(dot - name) : len);
	if (!n || !dot)
		return n;
	rest = len - (size_t)(dot - name) - 1;
	if (rest >= sizeof(key))
		return NULL;
	memcpy(key, dot + 1, rest);
	key[rest] = '\0';
	return yml_get(n, key);
}

static struct yml_node *copy_head(struct yml *y, const struct yml_node *n)
{
	struct yml_node *c;

	if (++y->n_nodes > YML_NODES_MAX) {
		if (y->n_nodes == YML_NODES_MAX + 1)
			yml_problem(y, n->at, NULL,
			    "templates make the rulebook too large");
		return NULL;
	}
	c = yml_alloc(y, 1, sizeof(*c));
	if (c) {
		*c = *n;
		c->next = NULL;
	}
	return c;
}

static void unknown_param(
    struct filling *f, const struct yml_node *n, const char *name, size_t len)
{
	yml_problem(f->r->y, n->at, NULL, "parameter \"%.*s\" is not given",
	    (int)(len > 60 ? 60 : len), name);
}

/* text with $(name) in it */
static const char *fill_text(struct filling *f, const struct yml_node *n)
{
	struct yml *y = f->r->y;
	BKT_AUTO(bkt_buf_release) struct bkt_buf out = { 0 };
	const char *s = n->text, *at, *end, *text;

	bkt_buf_init(&out, 64 * 1024);
	while ((at = strstr(s, "$("))) {
		const struct yml_node *v;

		end = strchr(at, ')');
		if (!end)
			break;
		bkt_buf_add(&out, s, (size_t)(at - s));
		v = lookup(f, at + 2, (size_t)(end - at - 2));
		if (!v || v->kind != YML_SCALAR)
			unknown_param(f, n, at + 2, (size_t)(end - at - 2));
		else
			bkt_buf_str(&out, v->text);
		s = end + 1;
	}
	bkt_buf_str(&out, s);
	if (out.failed) {
		y->nomem = true;
		return "";
	}
	text = bkt_arena_strndup(y->arena, (const char *)out.ptr, out.len);
	if (!text)
		y->nomem = true;
	return text ? text : "";
}

static struct yml_node *fill_scalar(struct filling *f, const struct yml_node *n)
{
	size_t len = strlen(n->text);
	const struct yml_node *v = n;
	struct yml_node *c;
	bool whole;

	whole = n->text[0] == '$' && n->text[1] == '(' &&
		strchr(n->text, ')') == n->text + len - 1;
	if (whole)
		v = lookup(f, n->text + 2, len - 3);
	if (!v) {
		unknown_param(f, n, n->text + 2, len - 3);
		v = n;
	}
	c = copy_head(f->r->y, v);
	if (!c)
		return NULL;
	c->key = n->key;
	c->key_at = n->key_at;
	c->key_hash = n->key_hash;
	if (!whole) {
		c->plain = false;
		c->text = fill_text(f, n);
	}
	return c;
}

/* depth is bounded by the reader of YAML: parameters are not filled again */
static struct yml_node *fill(struct filling *f, const struct yml_node *n)
{
	struct yml_node *c;

	if (n->fills && n->kind == YML_SCALAR)
		return fill_scalar(f, n);
	c = copy_head(f->r->y, n);
	if (!c || !n->fills)
		return c; /* what is below is shared */
	c->first = c->last = NULL;
	for (const struct yml_node *k = n->first; k; k = k->next) {
		struct yml_node *v = fill(f, k);

		if (!v)
			return NULL;
		if (c->last)
			c->last->next = v;
		else
			c->first = v;
		c->last = v;
	}
	return c;
}

static bool is_null(const struct yml_node *n)
{
	return n->kind == YML_SCALAR && n->plain &&
	       strcmp(n->text, "null") == 0;
}

/* every parameter given or with a default, none unknown */
static bool check_params(struct rb_reader *r, const struct yml_node *use,
    const struct yml_node *params)
{
	const char *known[YML_KEYS_MAX + 1];
	size_t n = 0;
	bool good = true;

	known[n++] = "template";
	for (const struct yml_node *p = params ? params->first : NULL; p;
	     p = p->next) {
		if (n < YML_N(known))
			known[n++] = p->key;
		if (!is_null(p) || yml_get(use, p->key))
			continue;
		yml_problem(r->y, use->at, NULL,
		    "parameter \"%s\" is not given", p->key);
		good = false;
	}
	return yml_map_of(r->y, use, "use", known, n) && good;
}

const struct yml_node *rb_template_levels(
    struct rb_reader *r, const struct yml_node *use)
{
	const struct yml_node *name, *t, *levels;
	struct filling f = { .r = r, .given = use };
	const char *id;

	if (!yml_is_map(r->y, use, "use"))
		return NULL;
	name = yml_need(r->y, use, "template");
	id = yml_word(r->y, name, "template");
	if (*id == '\0')
		return NULL;
	t = yml_get(r->templates, id);
	if (!t) {
		const char *known[YML_KEYS_MAX];
		size_t n = 0;

		for (t = r->templates ? r->templates->first : NULL; t;
		     t = t->next)
			known[n++] = t->key;
		yml_problem_word(r->y, name->at, "template", id, known, n);
		return NULL;
	}
	f.defaults = yml_get(t, "params");
	levels = yml_get(t, "levels");
	if (!levels || !check_params(r, use, f.defaults))
		return NULL;
	return fill(&f, levels);
}

/* depth is bounded by the reader of YAML */
static bool mark_fills(struct yml_node *n)
{
	n->fills = n->kind == YML_SCALAR && strstr(n->text, "$(") != NULL;
	for (struct yml_node *k = n->first; k; k = k->next)
		n->fills |= mark_fills(k);
	return n->fills;
}

void rb_check_templates(struct rb_reader *r)
{
	static const char *const keys[] = { "params", "levels", "notes" };

	if (!r->templates || !yml_is_map(r->y, r->templates, "templates")) {
		r->templates = NULL;
		return;
	}
	for (const struct yml_node *t = r->templates->first; t; t = t->next) {
		const struct yml_node *params;
		struct yml_node *levels;

		if (!yml_map_of(r->y, t, "template", keys, YML_N(keys)))
			continue;
		params = yml_get(t, "params");
		if (params)
			(void)yml_is_map(r->y, params, "params");
		levels = yml_need(r->y, t, "levels");
		if (levels && yml_is_list(r->y, levels, "levels"))
			(void)mark_fills(levels);
		(void)yml_text2(r->y, yml_get(t, "notes"), "notes");
	}
}
