/* Reach the members that a field describes; base is the struct's address. */
#ifndef BUKTI_MODEL_ACCESS_H
#define BUKTI_MODEL_ACCESS_H

#include <string.h>

#include "schema.h"

/* memcpy, because the tables know offsets and not types */
static inline const char *field_str(const struct field *f, const void *base)
{
	const char *s;

	memcpy(&s, (const char *)base + f->offset, sizeof(s));
	return s;
}

static inline void field_set_str(
    const struct field *f, void *base, const char *s)
{
	memcpy((char *)base + f->offset, &s, sizeof(s));
}

static inline uint64_t field_u64(const struct field *f, const void *base)
{
	uint64_t v;

	memcpy(&v, (const char *)base + f->offset, sizeof(v));
	return v;
}

static inline int64_t field_time(const struct field *f, const void *base)
{
	int64_t v;

	memcpy(&v, (const char *)base + f->offset, sizeof(v));
	return v;
}

static inline struct bkt_strs field_strs(
    const struct field *f, const void *base)
{
	struct bkt_strs v;

	memcpy(&v, (const char *)base + f->offset, sizeof(v));
	return v;
}

static inline struct bkt_u64s field_u64s(
    const struct field *f, const void *base)
{
	struct bkt_u64s v;

	memcpy(&v, (const char *)base + f->offset, sizeof(v));
	return v;
}

struct field_items {
	const char *v; /* array of item structs */
	size_t n;
};

static inline struct field_items field_list(
    const struct field *f, const void *base)
{
	struct field_items l;

	memcpy(&l.v, (const char *)base + f->offset, sizeof(l.v));
	memcpy(&l.n, (const char *)base + f->count_offset, sizeof(l.n));
	return l;
}

static inline const void *list_item(
    const struct field *f, struct field_items l, size_t i)
{
	return l.v + i * f->item->size_bytes;
}

/* an optional value that is empty is not there */
static inline bool field_present(const struct field *f, const void *base)
{
	const char *s;

	switch (f->type) {
	case FIELD_STR:
		s = field_str(f, base);
		return s && (s[0] || f->required);
	case FIELD_STRS:
		return f->required || field_strs(f, base).n > 0;
	case FIELD_U64S:
		return f->required || field_u64s(f, base).n > 0;
	case FIELD_LIST:
		return f->required || field_list(f, base).n > 0;
	case FIELD_VERSION:
	case FIELD_KIND:
	case FIELD_TIME:
	case FIELD_U64:
		return true;
	}
	return false;
}

#endif
