/*
 * All tags that a rulebook knows. An indicator may give a tag a meaning of its
 * own, while a document may support several indicators: what a document can
 * say it covers is known when any of them knows it.
 */
#include "read.h"

#include <string.h>

struct vocabulary {
	struct rb_reader *r;
	bkt_map *tags;   /* id -> struct bkt_rb_tag * */
	bkt_map *values; /* "id=value" that are in */
};

static void put(struct vocabulary *v, bkt_map *m, const char *key, void *value)
{
	if (bkt_map_set(m, key, value, NULL) != BKT_OK)
		v->r->y->nomem = true;
}

/* once for every list of a tag, in the order they are written */
static void each_list(struct vocabulary *v,
    void (*fn)(struct vocabulary *v, const struct rb_tag *tag))
{
	const struct bkt_rb_rules *rules = v->r->rules;

	for (size_t i = 0; i < rules->n_tags; i++)
		fn(v, &rules->tags[i]);
	for (size_t i = 0; i < v->r->rb->n_indicators; i++)
		for (size_t k = 0; k < rules->plans[i].n_tags; k++)
			fn(v, &rules->plans[i].tags[k]);
}

/* values.n is how many there may be, until they are taken */
static void count(struct vocabulary *v, const struct rb_tag *tag)
{
	struct bkt_rulebook *rb = v->r->rb;
	struct bkt_rb_tag *t = bkt_map_get(v->tags, tag->id);

	if (!t) {
		t = &rb->tags[rb->n_tags++];
		t->id = tag->id;
		put(v, v->tags, tag->id, t);
	}
	t->open |= tag->values.n == 0;
	t->values.n += tag->values.n;
}

static void take(struct vocabulary *v, const struct rb_tag *tag)
{
	struct bkt_rb_tag *t = bkt_map_get(v->tags, tag->id);

	for (size_t i = 0; t && t->values.v && i < tag->values.n; i++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf key = { 0 };

		bkt_buf_init(&key, BKT_YAML_MAX);
		bkt_buf_printf(&key, "%s=%s", tag->id, tag->values.v[i]);
		if (bkt_buf_check(&key, NULL) != BKT_OK) {
			v->r->y->nomem = true;
			return;
		}
		if (bkt_map_get(v->values, (const char *)key.ptr))
			continue;
		put(v, v->values, (const char *)key.ptr, t);
		t->values.v[t->values.n++] = tag->values.v[i];
	}
}

static void mark(struct vocabulary *v, const char *tag)
{
	struct bkt_rb_tag *t = tag && *tag ? bkt_map_get(v->tags, tag) : NULL;

	if (t)
		t->units = true;
}

/* what a rule compares with the units can only hold units */
static void mark_units(struct vocabulary *v)
{
	const struct bkt_rb_rules *rules = v->r->rules;

	for (size_t i = 0; i < v->r->rb->n_indicators; i++) {
		const struct rb_plan *plan = &rules->plans[i];

		for (size_t k = 0; k < plan->n_leaves; k++) {
			const struct rb_leaf *leaf = &plan->leaves[k];

			for (size_t c = 0; c < leaf->n_covers; c++)
				if (leaf->covers[c].mode == RB_COVER_UNITS)
					mark(v, leaf->covers[c].tag->id);
		}
	}
	for (size_t i = 0; i < RB_N_CHECKS; i++)
		mark(v, rules->checks[i].units_tag);
}

void rb_collect_tags(struct rb_reader *r)
{
	BKT_AUTO(bkt_map_free) bkt_map *tags = bkt_map_new();
	BKT_AUTO(bkt_map_free) bkt_map *values = bkt_map_new();
	struct vocabulary v = { r, tags, values };
	struct bkt_rulebook *rb = r->rb;
	size_t room = r->rules->n_tags + 1;

	if (!tags || !values)
		r->y->nomem = true;
	if (!r->rules->plans || r->y->nomem)
		return;
	for (size_t i = 0; i < rb->n_indicators; i++)
		room += r->rules->plans[i].n_tags;
	rb->tags = yml_alloc(r->y, room, sizeof(*rb->tags));
	if (!rb->tags)
		return;
	each_list(&v, count);
	for (size_t i = 0; i < rb->n_tags; i++) {
		struct bkt_strs *l = &rb->tags[i].values;

		l->v = yml_alloc(r->y, l->n + 1, sizeof(*l->v));
		l->n = 0;
	}
	each_list(&v, take);
	mark_units(&v);
}
