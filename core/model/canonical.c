/*
 * The quick way in: bytes that are canonical already are read by walking them
 * and the tables together, without building a JSON tree. It takes nothing but
 * the exact form that print.c writes, and whoever calls it prints the record
 * again and compares; what it does not take goes to the JSON parser, which
 * decides and has the words for it.
 */
#include "access.h"

struct cursor {
	char *p; /* into the arena's copy of the record, NUL at the end */
	char *end;
	bkt_arena *arena;
};

/* take exactly these bytes */
static bool lit(struct cursor *c, const char *s, size_t n)
{
	if ((size_t)(c->end - c->p) < n || memcmp(c->p, s, n) != 0)
		return false;
	c->p += n;
	return true;
}

static bool newline(struct cursor *c, size_t depth)
{
	if (!lit(c, "\n", 1) || (size_t)(c->end - c->p) < 2 * depth)
		return false;
	for (size_t i = 0; i < 2 * depth; i++)
		if (c->p[i] != ' ')
			return false;
	c->p += 2 * depth;
	return true;
}

/* unescape in place; the closing quote becomes the string's end */
static bool string(struct cursor *c, const char **out)
{
	char *to, *start;

	if (!lit(c, "\"", 1))
		return false;
	start = to = c->p;
	for (;;) {
		size_t n = strcspn(c->p, "\"\\\n");

		if (to != c->p)
			memmove(to, c->p, n);
		to += n;
		c->p += n;
		if (*c->p == '"')
			break;
		if (*c->p != '\\' || (c->p[1] != '"' && c->p[1] != '\\'))
			return false;
		*to++ = c->p[1];
		c->p += 2;
	}
	c->p++;
	*to = '\0';
	*out = start;
	return true;
}

static bool number(struct cursor *c, uint64_t *out)
{
	uint64_t v = 0;
	char *start = c->p;

	while (*c->p >= '0' && *c->p <= '9' && v <= MODEL_INT_MAX)
		v = v * 10 + (uint64_t)(*c->p++ - '0');
	if (c->p == start || v > MODEL_INT_MAX)
		return false;
	*out = v;
	return true;
}

/*
 * Items of the list that begins here: lines indented one step deeper than the
 * list, closing braces not counted. Canonical strings hold no line feed.
 */
static size_t count_items(const struct cursor *c, size_t depth)
{
	size_t n = 0, indent = 2 * (depth + 1);

	for (const char *p = strchr(c->p, '\n'); p; p = strchr(p + 1, '\n')) {
		size_t have = strspn(p + 1, " ");

		if (have < indent)
			break;
		if (have == indent && p[1 + have] != '}')
			n++;
	}
	return n;
}

/* "[]", or "[" and the room for its items; the items follow */
static bool list_begin(
    struct cursor *c, size_t depth, size_t item_bytes, void **items, size_t *n)
{
	*n = 0;
	*items = NULL;
	if (lit(c, "[]", 2))
		return true;
	if (!lit(c, "[", 1))
		return false;
	*n = count_items(c, depth);
	*items = bkt_arena_alloc(c->arena, (*n + 1) * item_bytes);
	return *items && *n > 0;
}

static bool list_next(struct cursor *c, size_t i, size_t depth)
{
	return (i == 0 || lit(c, ",", 1)) && newline(c, depth + 1);
}

static bool list_end(struct cursor *c, size_t n, size_t depth)
{
	return n == 0 || (newline(c, depth) && lit(c, "]", 1));
}

static bool strs(struct cursor *c, size_t depth, struct bkt_strs *out)
{
	void *items;
	struct bkt_strs l;

	if (!list_begin(c, depth, sizeof(*l.v), &items, &l.n))
		return false;
	l.v = items;
	for (size_t i = 0; i < l.n; i++)
		if (!list_next(c, i, depth) || !string(c, &l.v[i]))
			return false;
	*out = l;
	return list_end(c, l.n, depth);
}

static bool u64s(struct cursor *c, size_t depth, struct bkt_u64s *out)
{
	void *items;
	struct bkt_u64s l;

	if (!list_begin(c, depth, sizeof(*l.v), &items, &l.n))
		return false;
	l.v = items;
	for (size_t i = 0; i < l.n; i++)
		if (!list_next(c, i, depth) || !number(c, &l.v[i]))
			return false;
	*out = l;
	return list_end(c, l.n, depth);
}

/* a table being walked, with the struct it fills */
struct walk {
	const struct schema *s;
	void *base;
	size_t at;
};

static bool object(
    struct cursor *c, size_t depth, struct walk *a, struct walk *b);

static bool items(
    struct cursor *c, const struct field *f, size_t depth, void *base)
{
	void *list;
	size_t n;

	if (!list_begin(c, depth, f->item->size_bytes, &list, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct walk w = { f->item,
			(char *)list + i * f->item->size_bytes, 0 };

		if (!list_next(c, i, depth) || !object(c, depth + 1, &w, NULL))
			return false;
	}
	memcpy((char *)base + f->offset, &list, sizeof(list));
	memcpy((char *)base + f->count_offset, &n, sizeof(n));
	return list_end(c, n, depth);
}

static bool value(
    struct cursor *c, const struct field *f, size_t depth, void *base)
{
	void *at = (char *)base + f->offset;
	const char *s;

	switch (f->type) {
	case FIELD_VERSION:
		return lit(c, "1", 1);
	case FIELD_KIND:
		return string(c, &s); /* read before; printing compares it */
	case FIELD_TIME:
		return string(c, &s) && bkt_time_parse(s, at);
	case FIELD_STR:
		return string(c, at);
	case FIELD_U64:
		return number(c, at);
	case FIELD_STRS:
		return strs(c, depth, at);
	case FIELD_U64S:
		return u64s(c, depth, at);
	case FIELD_LIST:
		return items(c, f, depth, base);
	}
	return false;
}

/* the row of this key; rows before it must not be required */
static const struct field *advance(struct walk *w, const char *key)
{
	for (size_t i = w->at; i < w->s->n; i++) {
		const struct field *f = &w->s->fields[i];

		if (strcmp(f->key, key) == 0) {
			w->at = i + 1;
			return f;
		}
		if (f->required)
			return NULL;
	}
	return NULL;
}

static bool at_end(const struct walk *w)
{
	for (size_t i = w->at; i < w->s->n; i++)
		if (w->s->fields[i].required)
			return false;
	return true;
}

static bool object(
    struct cursor *c, size_t depth, struct walk *a, struct walk *b)
{
	for (bool first = true; first || *c->p == ','; first = false) {
		const struct field *f;
		const char *key;
		struct walk *w = a;

		if (!lit(c, first ? "{" : ",", 1) || !newline(c, depth + 1) ||
		    !string(c, &key) || !lit(c, ": ", 2))
			return false;
		f = advance(a, key);
		if (!f && b) {
			f = advance(b, key);
			w = b;
		}
		if (!f || !value(c, f, depth + 1, w->base))
			return false;
	}
	return newline(c, depth) && lit(c, "}", 1) && at_end(a) &&
	       (!b || at_end(b));
}

/* a line feed and two spaces: only a key of the outermost object */
static bool find_kind(struct bkt_span bytes, enum bkt_kind *out)
{
	static const char mark[] = "\n  \"kind\": \"";
	const char *p = memmem(bytes.ptr, bytes.len, mark, sizeof(mark) - 1);
	const char *end = (const char *)bytes.ptr + bytes.len;
	char name[16];
	size_t n = 0;

	if (!p)
		return false;
	p += sizeof(mark) - 1;
	while (p + n < end && p[n] != '"')
		if (n++ == sizeof(name) - 1)
			return false;
	memcpy(name, p, n);
	name[n] = '\0';
	return bkt_kind_parse(name, out);
}

bool record_read_canonical(
    struct bkt_span bytes, bkt_arena *arena, struct bkt_record **out)
{
	enum bkt_kind kind;
	struct bkt_record *r;
	struct cursor c = { .arena = arena };
	struct walk common = { &schema_common, NULL, 0 }, own;

	if (bytes.len == 0 || bytes.len > BKT_RECORD_MAX ||
	    memchr(bytes.ptr, '\0', bytes.len) || !find_kind(bytes, &kind))
		return false;
	r = bkt_arena_alloc(arena, sizeof(*r));
	c.p = bkt_arena_strndup(arena, (const char *)bytes.ptr, bytes.len);
	if (!r || !c.p)
		return false;
	c.end = c.p + bytes.len;
	r->kind = kind;
	common.base = r;
	own = (struct walk){ &schema_kind[kind], &r->u, 0 };
	if (!object(&c, 0, &common, &own) || !lit(&c, "\n", 1) || c.p != c.end)
		return false;
	*out = r;
	return true;
}
