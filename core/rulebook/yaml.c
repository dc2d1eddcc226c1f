/* Events of libfyaml into a tree; refuses all that is not the subset. */
#include "yaml.h"

#include <stdio.h>
#include <string.h>

#include <libfyaml.h>

BKT_AUTO_DEFINE(struct fy_parser *, fy_parser_destroy);
BKT_AUTO_DEFINE(struct fy_diag *, fy_diag_destroy);

struct frame {
	struct yml_node *node;
	struct yml_node *key; /* read, its value has not come yet */
};
struct builder {
	struct yml *y;
	struct frame stack[YML_DEPTH_MAX];
	size_t depth;
	struct yml_node *root;
	bool done;
};

/* code points before @p stop, counted from 1 */
static uint32_t column_of(const uint8_t *line, const uint8_t *stop)
{
	uint32_t column = 1;

	for (; line < stop; line++)
		column += (*line & 0xc0) != 0x80;
	return column;
}

static bool line_clean(
    struct yml *y, const uint8_t *p, size_t len, struct yml_mark at)
{
	const uint8_t *tab = memchr(p, '\t', len);

	/* libfyaml reads a line of brackets whole: 360 MB for 1 MB */
	if (len > YML_LINE_MAX) {
		yml_problem(y, at, "break it",
		    "line of %zu bytes, at most %d are read", len,
		    YML_LINE_MAX);
		return false;
	}
	if (tab) {
		at.column = column_of(p, tab);
		yml_problem(
		    y, at, "indent with spaces", "a tab is not allowed");
		return false;
	}
	if (len > 0 && p[len - 1] == '\r') {
		yml_problem(y, at, "save with LF line ends",
		    "a carriage return is not allowed");
		return false;
	}
	if (!bkt_text_clean(BKT_SPAN(p, len))) {
		yml_problem(y, at, "save as UTF-8 text without a mark",
		    "not clean UTF-8 text");
		return false;
	}
	if (len > 0 && p[0] == '%') {
		yml_problem(y, at, NULL, "directives are not allowed");
		return false;
	}
	return true;
}

/* libfyaml reads brackets ahead of what it tells, so they are bounded first;
 * the few that stand in text do not matter here */
static long brackets(const uint8_t *p, size_t len)
{
	long open = 0;

	for (size_t i = 0; i < len; i++) {
		open += p[i] == '[' || p[i] == '{';
		open -= p[i] == ']' || p[i] == '}';
	}
	return open;
}

/* bytes that no reader should have to think about, told with their place */
static bool bytes_clean(struct yml *y)
{
	const uint8_t *p = y->src.ptr, *end = p + y->src.len;
	struct yml_mark at = { 1, 1 };
	long open = 0;

	while (p < end) {
		const uint8_t *stop = memchr(p, '\n', (size_t)(end - p));
		size_t len = (size_t)((stop ? stop : end) - p);

		if (!line_clean(y, p, len, at))
			return false;
		open += brackets(p, len);
		if (open > YML_OPEN_MAX) {
			yml_problem(y, at, NULL, "too many open brackets");
			return false;
		}
		at.line++;
		p += len + (stop ? 1 : 0);
	}
	return true;
}

static struct yml_mark mark_of(const struct fy_mark *m)
{
	struct yml_mark at = { 1, 1 };

	if (m && m->line >= 0 && m->column >= 0) {
		at.line = (uint32_t)m->line + 1;
		at.column = (uint32_t)m->column + 1;
	}
	return at;
}

static uint32_t hash_of(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s; s++)
		h = (h ^ (uint8_t)*s) * 16777619u;
	return h;
}

static struct yml_node *node_new(
    struct yml *y, enum yml_kind kind, struct yml_mark at)
{
	struct yml_node *n;

	if (++y->n_nodes > YML_NODES_MAX) {
		yml_problem(y, at, NULL, "too many values in one file");
		return NULL;
	}
	n = yml_alloc(y, 1, sizeof(*n));
	if (!n)
		return NULL;
	n->kind = kind;
	n->at = at;
	n->text = "";
	return n;
}

static void append(struct yml_node *parent, struct yml_node *child)
{
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
	parent->n++;
}

/* a key of a map: text, once, and not one that readers disagree about */
static bool take_key(struct builder *b, struct frame *f, struct yml_node *key)
{
	struct yml *y = b->y;

	if (key->kind != YML_SCALAR) {
		yml_problem(y, key->at, NULL, "a key must be plain text");
		return false;
	}
	if (f->node->n >= YML_KEYS_MAX) {
		yml_problem(y, key->at, NULL, "more than %d keys in one map",
		    YML_KEYS_MAX);
		return false;
	}
	if (*yml_text(y, key, "key") == '\0')
		return false;
	key->key_hash = hash_of(key->text);
	for (struct yml_node *k = f->node->first; k; k = k->next) {
		if (k->key_hash != key->key_hash ||
		    strcmp(k->key, key->text) != 0)
			continue;
		yml_problem(y, key->at, "keep one of the two",
		    "key \"%.60s\" a second time, first at line %u", key->text,
		    k->key_at.line);
		return false;
	}
	f->key = key;
	return true;
}

/* put a finished or opened node where it belongs */
static bool place(struct builder *b, struct yml_node *n)
{
	struct frame *f;

	if (b->depth == 0) {
		b->root = n;
		return true;
	}
	f = &b->stack[b->depth - 1];
	if (f->node->kind == YML_LIST) {
		append(f->node, n);
		return true;
	}
	if (!f->key)
		return take_key(b, f, n);
	n->key = f->key->text;
	n->key_hash = f->key->key_hash;
	n->key_at = f->key->at;
	f->key = NULL;
	append(f->node, n);
	return true;
}

static bool on_scalar(struct builder *b, struct fy_event *e, struct yml_mark at)
{
	struct fy_token *t = e->scalar.value;
	enum fy_scalar_style style = fy_token_scalar_style(t);
	struct yml_node *n = node_new(b->y, YML_SCALAR, at);
	const char *text;
	char *copy;
	size_t len = 0;

	if (!n)
		return false;
	if (style != FYSS_PLAIN && style != FYSS_SINGLE_QUOTED &&
	    style != FYSS_DOUBLE_QUOTED) {
		yml_problem(b->y, at, "write it in quotes",
		    "block text (| or >) is not allowed");
		return false;
	}
	n->plain = style == FYSS_PLAIN;
	if (!n->plain && n->at.column > 1)
		n->at.column--; /* the mark is behind the quote */
	text = t ? fy_token_get_text(t, &len) : "";
	if (!text) {
		b->y->nomem = true;
		return false;
	}
	copy = bkt_arena_strndup(b->y->arena, text, len);
	if (!copy) {
		b->y->nomem = true;
		return false;
	}
	/* the file is clean: only escapes and folding bring in what is not */
	if (style == FYSS_DOUBLE_QUOTED ? !bkt_text_clean(BKT_SPAN(text, len))
					: memchr(text, '\n', len) != NULL) {
		yml_problem(b->y, at, NULL, "text has a control character");
		return false;
	}
	n->text = copy;
	return place(b, n);
}

static bool on_open(struct builder *b, enum yml_kind kind, struct yml_mark at)
{
	struct yml_node *n = node_new(b->y, kind, at);

	if (!n || !place(b, n))
		return false;
	if (b->depth == YML_DEPTH_MAX) {
		yml_problem(
		    b->y, at, NULL, "nested deeper than %d", YML_DEPTH_MAX);
		return false;
	}
	b->stack[b->depth++] = (struct frame){ n, NULL };
	return true;
}

static bool on_event(struct builder *b, struct fy_event *e)
{
	struct yml_mark at = mark_of(fy_event_start_mark(e));
	struct fy_token *anchor = fy_event_get_anchor_token(e);
	struct fy_token *tag = fy_event_get_tag_token(e);

	if (anchor || e->type == FYET_ALIAS) {
		yml_problem(b->y,
		    anchor ? mark_of(fy_token_start_mark(anchor)) : at,
		    "repeat the text, or use a template",
		    "anchors and aliases are not allowed");
		return false;
	}
	if (tag) {
		yml_problem(b->y, mark_of(fy_token_start_mark(tag)),
		    "write plain or quoted text", "tags are not allowed");
		return false;
	}
	switch (e->type) {
	case FYET_DOCUMENT_START:
		if (!b->root)
			return true;
		yml_problem(b->y, at, NULL, "more than one document in a file");
		return false;
	case FYET_SCALAR:
		return on_scalar(b, e, at);
	case FYET_MAPPING_START:
		return on_open(b, YML_MAP, at);
	case FYET_SEQUENCE_START:
		return on_open(b, YML_LIST, at);
	case FYET_MAPPING_END:
	case FYET_SEQUENCE_END:
		BKT_ASSERT(b->depth > 0);
		b->depth--;
		return true;
	case FYET_STREAM_END:
		b->done = true;
		return true;
	case FYET_NONE:
	case FYET_STREAM_START:
	case FYET_DOCUMENT_END:
	case FYET_ALIAS:
		return true;
	}
	return true;
}

/* what libfyaml itself disliked; silence means that it had no memory */
static void syntax_problem(struct yml *y, struct fy_diag *diag)
{
	void *at = NULL;
	struct fy_diag_error *e = fy_diag_errors_iterate(diag, &at);

	if (!e) {
		y->nomem = true;
	} else {
		struct yml_mark m = { e->line > 0 ? (uint32_t)e->line : 1,
			e->column > 0 ? (uint32_t)e->column : 1 };

		yml_problem(y, m, NULL, "%.200s", e->msg);
	}
}

static void read_events(
    struct builder *b, struct fy_parser *p, struct fy_diag *diag)
{
	struct fy_event *e;
	bool go_on = true;

	while (go_on && !b->done && (e = fy_parser_parse(p))) {
		go_on = on_event(b, e);
		fy_parser_event_free(p, e);
	}
	if (go_on && !b->done)
		syntax_problem(b->y, diag);
}

/* a library of ours prints nothing */
static void swallow(
    struct fy_diag *diag, void *user, const char *buf, size_t len)
{
	(void)diag;
	(void)user;
	(void)buf;
	(void)len;
}

static struct fy_diag *diag_new(void)
{
	static const struct fy_diag_cfg cfg = {
		.output_fn = swallow,
		.level = FYET_ERROR,
		.module_mask = ~0u,
	};
	struct fy_diag *diag = fy_diag_create(&cfg);

	if (diag)
		fy_diag_set_collect_errors(diag, true);
	return diag;
}

enum bkt_status yml_parse(struct yml *y, struct yml_node **root)
{
	struct fy_parse_cfg cfg = { .flags = FYPCF_DEFAULT_PARSE };
	struct builder b = { .y = y };
	BKT_AUTO(fy_diag_destroy) struct fy_diag *diag = NULL;
	BKT_AUTO(fy_parser_destroy) struct fy_parser *p = NULL;

	if (y->src.len > BKT_YAML_MAX) {
		size_t n = y->src.len;

		y->src.len = 0;
		yml_problem(y, (struct yml_mark){ 1, 1 }, NULL,
		    "file has %zu bytes, at most %d are read", n, BKT_YAML_MAX);
		return yml_status(y);
	}
	if (!bytes_clean(y))
		return yml_status(y);
	diag = cfg.diag = diag_new();
	p = diag ? fy_parser_create(&cfg) : NULL;
	if (!p ||
	    fy_parser_set_string(p, (const char *)y->src.ptr, y->src.len) != 0)
		return bkt_fail(y->err, BKT_E_NOMEM, "no memory for a parser");
	read_events(&b, p, diag);
	if (y->n_problems == 0 && !y->nomem && !b.root)
		yml_problem(
		    y, (struct yml_mark){ 1, 1 }, NULL, "the file is empty");
	BKT_TRY(yml_status(y));
	*root = b.root;
	return BKT_OK;
}
