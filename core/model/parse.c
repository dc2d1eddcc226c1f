#include "schema.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "access.h"

BKT_AUTO_DEFINE(json_t *, json_decref);

/* ---- jansson on the one allocator -------------------------------------- */

/* jansson reports a failed allocation as bad input: remember which it was */
static _Thread_local bool json_out_of_memory;

static void *json_alloc(size_t n_bytes)
{
	void *p = bkt_malloc(n_bytes);

	if (!p)
		json_out_of_memory = true;
	return p;
}

static void json_install(void)
{
	json_set_alloc_funcs(json_alloc, bkt_free);
}

/* deepest nesting, counted before a recursive parser sees the bytes */
static size_t depth_of(struct bkt_span in)
{
	size_t depth = 0, deepest = 0;
	bool quoted = false;

	for (size_t i = 0; i < in.len; i++) {
		uint8_t c = in.ptr[i];

		if (quoted) {
			if (c == '\\')
				i++;
			else if (c == '"')
				quoted = false;
		} else if (c == '"') {
			quoted = true;
		} else if (c == '{' || c == '[') {
			if (++depth > deepest)
				deepest = depth;
		} else if ((c == '}' || c == ']') && depth > 0) {
			depth--;
		}
	}
	return deepest;
}

static enum bkt_status json_read(
    struct bkt_span in, json_t **out, struct bkt_err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	json_error_t why;
	BKT_AUTO(json_decref) json_t *root = NULL;

	pthread_once(&once, json_install);
	if (in.len > BKT_RECORD_MAX)
		return bkt_fail(err, BKT_E_FORMAT,
		    "record is %zu bytes, at most %d", in.len, BKT_RECORD_MAX);
	if (depth_of(in) > MODEL_DEPTH_MAX)
		return bkt_fail(err, BKT_E_FORMAT, "record is nested too deep");
	json_out_of_memory = false;
	root = json_loadb(
	    (const char *)in.ptr, in.len, JSON_REJECT_DUPLICATES, &why);
	/* even with a root: its lexer drops bytes when it cannot grow */
	if (json_out_of_memory)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a record");
	if (!root && json_error_code(&why) == json_error_duplicate_key)
		return bkt_fail(err, BKT_E_FORMAT,
		    "record has a key twice at line %d", why.line);
	if (!root)
		return bkt_fail(err, BKT_E_FORMAT,
		    "record is not JSON at line %d, column %d", why.line,
		    why.column);
	*out = BKT_STEAL(root);
	return BKT_OK;
}

/* ---- values into the struct -------------------------------------------- */

struct reader {
	bkt_arena *arena;
	struct bkt_err *err;
};

static enum bkt_status no_memory(struct reader *rd)
{
	return bkt_fail(rd->err, BKT_E_NOMEM, "no memory for a record");
}

static enum bkt_status wrong_type(struct reader *rd, const char *want)
{
	return bkt_fail(rd->err, BKT_E_FORMAT, "is not %s", want);
}

static enum bkt_status read_str(
    struct reader *rd, const json_t *v, const char **out)
{
	size_t n;
	char *s;

	if (!json_is_string(v))
		return wrong_type(rd, "a string");
	n = json_string_length(v);
	if (memchr(json_string_value(v), '\0', n))
		return wrong_type(rd, "text");
	s = bkt_arena_strndup(rd->arena, json_string_value(v), n);
	if (!s)
		return no_memory(rd);
	*out = s;
	return BKT_OK;
}

static enum bkt_status read_u64(
    struct reader *rd, const json_t *v, uint64_t *out)
{
	json_int_t n;

	if (!json_is_integer(v))
		return wrong_type(rd, "a whole number");
	n = json_integer_value(v);
	if (n < 0 || (uint64_t)n > MODEL_INT_MAX)
		return wrong_type(rd, "a whole number from 0 to 2^53-1");
	*out = (uint64_t)n;
	return BKT_OK;
}

static enum bkt_status read_strs(
    struct reader *rd, const json_t *v, struct bkt_strs *out)
{
	struct bkt_strs l = { NULL, 0 };
	size_t n = json_array_size(v);

	if (!json_is_array(v))
		return wrong_type(rd, "a list");
	l.v = bkt_arena_alloc(rd->arena, (n + 1) * sizeof(*l.v));
	if (!l.v)
		return no_memory(rd);
	for (; l.n < n; l.n++)
		BKT_TRY(read_str(rd, json_array_get(v, l.n), &l.v[l.n]));
	*out = l;
	return BKT_OK;
}

static enum bkt_status read_u64s(
    struct reader *rd, const json_t *v, struct bkt_u64s *out)
{
	struct bkt_u64s l = { NULL, 0 };
	size_t n = json_array_size(v);

	if (!json_is_array(v))
		return wrong_type(rd, "a list");
	l.v = bkt_arena_alloc(rd->arena, (n + 1) * sizeof(*l.v));
	if (!l.v)
		return no_memory(rd);
	for (; l.n < n; l.n++)
		BKT_TRY(read_u64(rd, json_array_get(v, l.n), &l.v[l.n]));
	*out = l;
	return BKT_OK;
}

static enum bkt_status read_fields(struct reader *rd, const struct schema *s,
    const json_t *obj, void *base, size_t *n_seen);
static enum bkt_status unknown_key(struct reader *rd, const json_t *obj,
    const struct schema *a, const struct schema *b);

static enum bkt_status read_list(
    struct reader *rd, const struct field *f, const json_t *v, void *base)
{
	size_t n = json_array_size(v), size = f->item->size_bytes;
	char *items;

	if (!json_is_array(v))
		return wrong_type(rd, "a list");
	items = bkt_arena_alloc(rd->arena, (n + 1) * size);
	if (!items)
		return no_memory(rd);
	for (size_t i = 0; i < n; i++) {
		const json_t *o = json_array_get(v, i);
		size_t seen = 0;

		if (!json_is_object(o))
			return wrong_type(rd, "a list of objects");
		BKT_TRY(read_fields(rd, f->item, o, items + i * size, &seen));
		if (seen != json_object_size(o))
			return unknown_key(rd, o, f->item, NULL);
	}
	memcpy((char *)base + f->offset, &items, sizeof(items));
	memcpy((char *)base + f->count_offset, &n, sizeof(n));
	return BKT_OK;
}

static enum bkt_status read_time(
    struct reader *rd, const json_t *v, int64_t *out)
{
	if (!json_is_string(v) || !bkt_time_parse(json_string_value(v), out))
		return wrong_type(rd, "a time YYYY-MM-DDTHH:MM:SSZ");
	return BKT_OK;
}

static enum bkt_status read_value(
    struct reader *rd, const struct field *f, const json_t *v, void *base)
{
	void *at = (char *)base + f->offset;

	switch (f->type) {
	case FIELD_VERSION:
		if (!json_is_integer(v) || json_integer_value(v) != 1)
			return wrong_type(rd, "1");
		return BKT_OK;
	case FIELD_KIND: /* read before everything else */
		return BKT_OK;
	case FIELD_TIME:
		return read_time(rd, v, at);
	case FIELD_STR:
		return read_str(rd, v, at);
	case FIELD_U64:
		return read_u64(rd, v, at);
	case FIELD_STRS:
		return read_strs(rd, v, at);
	case FIELD_U64S:
		return read_u64s(rd, v, at);
	case FIELD_LIST:
		return read_list(rd, f, v, base);
	}
	return BKT_OK;
}

/* an absent number cannot be told from 0 later, so absence is judged here */
static enum bkt_status read_fields(struct reader *rd, const struct schema *s,
    const json_t *obj, void *base, size_t *n_seen)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct field *f = &s->fields[i];
		const json_t *v = json_object_get(obj, f->key);
		enum bkt_status st;

		if (!v && f->required)
			return bkt_fail(
			    rd->err, BKT_E_FORMAT, "%s: is missing", f->key);
		if (!v)
			continue;
		st = read_value(rd, f, v, base);
		if (st != BKT_OK)
			return bkt_fail_context(rd->err, st, "%s", f->key);
		(*n_seen)++;
	}
	return BKT_OK;
}

static bool schema_has(const struct schema *s, const char *key)
{
	for (size_t i = 0; s && i < s->n; i++)
		if (strcmp(s->fields[i].key, key) == 0)
			return true;
	return false;
}

/* name the key; it is somebody else's text, so escaped and cut */
static enum bkt_status unknown_key(struct reader *rd, const json_t *obj,
    const struct schema *a, const struct schema *b)
{
	const char *key;
	const json_t *v;
	BKT_AUTO(bkt_buf_release) struct bkt_buf shown = { 0 };

	bkt_buf_init(&shown, 1024);
	/* the macro of jansson wants a pointer it may write through */
	json_object_foreach((json_t *)(uintptr_t)obj, key, v)
	{
		if (schema_has(a, key) || schema_has(b, key))
			continue;
		bkt_text_escape(&shown, BKT_SPAN(key, strnlen(key, 40)));
		break;
	}
	return bkt_fail(rd->err, BKT_E_FORMAT, "unknown key \"%s\"",
	    shown.ptr && !shown.failed ? (const char *)shown.ptr : "?");
}

static enum bkt_status read_record(
    struct reader *rd, const json_t *root, struct bkt_record *r)
{
	const json_t *kind = json_object_get(root, "kind");
	size_t seen = 0;

	if (!json_is_object(root))
		return bkt_fail(
		    rd->err, BKT_E_FORMAT, "record is not an object");
	if (!json_is_string(kind) ||
	    !bkt_kind_parse(json_string_value(kind), &r->kind))
		return bkt_fail(
		    rd->err, BKT_E_FORMAT, "kind: is not a record kind");
	BKT_TRY(read_fields(rd, &schema_common, root, r, &seen));
	BKT_TRY(read_fields(rd, &schema_kind[r->kind], root, &r->u, &seen));
	if (seen != json_object_size(root))
		return unknown_key(
		    rd, root, &schema_common, &schema_kind[r->kind]);
	return BKT_OK;
}

enum bkt_status record_read_json(struct bkt_span bytes, bkt_arena *arena,
    struct bkt_record **out, struct bkt_err *err)
{
	struct reader rd = { arena, err };
	struct bkt_record *r;
	BKT_AUTO(json_decref) json_t *root = NULL;

	BKT_TRY(json_read(bytes, &root, err));
	r = bkt_arena_alloc(arena, sizeof(*r));
	if (!r)
		return no_memory(&rd);
	BKT_TRY(read_record(&rd, root, r));
	*out = r;
	return BKT_OK;
}

/* the whole point of a canonical form: one value, one spelling */
static enum bkt_status same_again(
    const struct bkt_record *r, struct bkt_span bytes, struct bkt_err *err)
{
	size_t at = 0;
	BKT_AUTO(bkt_buf_release) struct bkt_buf again = { 0 };

	bkt_buf_init(&again, (size_t)2 * BKT_RECORD_MAX);
	(void)bkt_buf_room(&again, bytes.len + 1);
	record_emit(r, &again);
	BKT_TRY(bkt_buf_check(&again, err));
	if (bkt_span_eq(bkt_buf_span(&again), bytes))
		return BKT_OK;
	while (
	    at < bytes.len && at < again.len && bytes.ptr[at] == again.ptr[at])
		at++;
	return bkt_fail(
	    err, BKT_E_FORMAT, "record is not canonical at byte %zu", at);
}

enum bkt_status bkt_record_parse(struct bkt_span bytes, bkt_arena *arena,
    struct bkt_record **out, struct bkt_err *err)
{
	struct bkt_record *r = NULL;

	if (!record_read_canonical(bytes, arena, &r))
		BKT_TRY(record_read_json(bytes, arena, &r, err));
	BKT_TRY(record_check(r, err));
	BKT_TRY(same_again(r, bytes, err));
	*out = r;
	return BKT_OK;
}
