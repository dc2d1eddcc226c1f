#include "trees.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/*
 * The trees near the root are asked for again and again: by every look-up of
 * a path, by the comparison of each commit with the next. What is kept here
 * was read and hashed by this process; it is only not read twice.
 */

#define SLOTS 2048
#define KEPT_BYTES ((size_t)4 * 1024 * 1024)
#define ONE_BYTES ((size_t)256 * 1024)

struct slot {
	struct bkt_oid oid;
	gitdb_obj *obj; /* NULL: free */
	uint32_t used;
};

struct gitdb_trees {
	atomic_uint shares;
	pthread_mutex_t lock;
	struct slot slot[SLOTS];
	size_t bytes;
	uint32_t now;
	size_t hand; /* where the next one to go is looked for */
};

enum bkt_status gitdb_trees_new(struct gitdb_trees **out, struct bkt_err *err)
{
	struct gitdb_trees *t = bkt_calloc(1, sizeof(*t));

	if (!t)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a repository");
	if (pthread_mutex_init(&t->lock, NULL) != 0) {
		bkt_free(t);
		return bkt_fail(err, BKT_E_NOMEM, "no lock for a repository");
	}
	atomic_init(&t->shares, 1);
	*out = t;
	return BKT_OK;
}

struct gitdb_trees *gitdb_trees_share(struct gitdb_trees *t)
{
	(void)atomic_fetch_add(&t->shares, 1);
	return t;
}

void gitdb_trees_free(struct gitdb_trees *t)
{
	if (!t || atomic_fetch_sub(&t->shares, 1) != 1)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		gitdb_obj_free(t->slot[i].obj);
	(void)pthread_mutex_destroy(&t->lock);
	bkt_free(t);
}

/* two places a tree may be in */
static struct slot *place(struct gitdb_trees *t, const struct bkt_oid *o)
{
	size_t i = ((size_t)o->b[0] << 8 | o->b[1]) % (SLOTS / 2) * 2;

	return &t->slot[i];
}

static void drop(struct gitdb_trees *t, struct slot *s)
{
	if (!s->obj)
		return;
	t->bytes -= gitdb_obj_span(s->obj).len;
	gitdb_obj_free(s->obj);
	s->obj = NULL;
}

gitdb_obj *gitdb_trees_get(struct gitdb_trees *t, const struct bkt_oid *oid)
{
	gitdb_obj *found = NULL;
	struct slot *s;

	(void)pthread_mutex_lock(&t->lock);
	s = place(t, oid);
	for (size_t i = 0; i < 2 && !found; i++) {
		if (!s[i].obj || !bkt_oid_eq(&s[i].oid, oid))
			continue;
		s[i].used = ++t->now;
		found = gitdb_obj_share(s[i].obj);
	}
	(void)pthread_mutex_unlock(&t->lock);
	return found;
}

/* room for more, at the cost of what comes first: ages would have to be
 * sorted, and one that is needed is soon back */
static void make_room(struct gitdb_trees *t, size_t n)
{
	while (t->bytes + n > KEPT_BYTES) {
		drop(t, &t->slot[t->hand]);
		t->hand = (t->hand + 1) % SLOTS;
	}
}

void gitdb_trees_put(
    struct gitdb_trees *t, const struct bkt_oid *oid, gitdb_obj *obj)
{
	size_t n = gitdb_obj_span(obj).len;
	struct slot *s;

	if (n > ONE_BYTES)
		return;
	(void)pthread_mutex_lock(&t->lock);
	s = place(t, oid);
	if (s[0].obj && (!s[1].obj || s[1].used < s[0].used))
		s++;
	drop(t, s);
	make_room(t, n);
	s->oid = *oid;
	s->obj = gitdb_obj_share(obj);
	s->used = ++t->now;
	t->bytes += n;
	(void)pthread_mutex_unlock(&t->lock);
}
