#include "pack.h"

#include <string.h>

void pack_set_release(struct pack_set *s)
{
	bkt_free(s->v);
	bkt_free(s->slot);
	memset(s, 0, sizeof(*s));
}

/* an id is a hash already */
static size_t home(const struct pack_set *s, const struct bkt_oid *oid)
{
	uint64_t h;

	memcpy(&h, oid->b, sizeof(h));
	return (size_t)h & (s->n_slots - 1);
}

static size_t find(const struct pack_set *s, const struct bkt_oid *oid)
{
	size_t i = home(s, oid);

	while (s->slot[i] && !bkt_oid_eq(&s->v[s->slot[i] - 1].oid, oid))
		i = (i + 1) & (s->n_slots - 1);
	return i;
}

uint32_t pack_set_find(const struct pack_set *s, const struct bkt_oid *oid)
{
	return s->n > 0 ? s->slot[find(s, oid)] : 0;
}

static enum bkt_status no_memory(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory for the list of objects");
}

static enum bkt_status grow(struct pack_set *s, struct bkt_err *err)
{
	if (s->n == s->cap) {
		/* by a quarter: the ceiling is 64 bytes an object */
		size_t cap = s->cap < 1024 ? 1024 : s->cap + s->cap / 4;
		struct pack_entry *v = bkt_realloc(s->v, cap * sizeof(*v));

		if (!v)
			return no_memory(err);
		s->v = v;
		s->cap = cap;
	}
	if ((s->n + 1) * 4 > s->n_slots * 3) {
		size_t n_slots = s->n_slots ? s->n_slots * 2 : 2048;
		uint32_t *slot = bkt_calloc(n_slots, sizeof(*slot));

		if (!slot)
			return no_memory(err);
		bkt_free(s->slot);
		s->slot = slot;
		s->n_slots = n_slots;
		for (size_t i = 0; i < s->n; i++)
			slot[find(s, &s->v[i].oid)] = (uint32_t)i + 1;
	}
	return BKT_OK;
}

enum bkt_status pack_set_add(
    struct pack_set *s, const struct pack_entry *e, struct bkt_err *err)
{
	if (s->n >= UINT32_MAX - 1)
		return bkt_fail(
		    err, BKT_E_LIMIT, "too many objects for one pack");
	BKT_TRY(grow(s, err));
	s->slot[find(s, &e->oid)] = (uint32_t)s->n + 1;
	s->v[s->n++] = *e;
	return BKT_OK;
}
