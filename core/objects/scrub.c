#include "objects.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "bukti/base.h"

#define SCRUB_THREADS_MAX 64

struct scrub {
	const bkt_objects *o;
	struct bkt_scrub_item *items;
	size_t *order;
	struct objects_hasher hashers[SCRUB_THREADS_MAX];
	const struct bkt_progress *progress;
	pthread_mutex_t mutex;
	uint64_t told;
	uint64_t total;
	_Atomic uint64_t done;
	_Atomic bool stop;
};

/* tell at most this often: a callback may draw on a terminal */
#define SCRUB_TELL_BYTES (UINT64_C(8) << 20)

static bool scrub_tick(void *ctx, size_t n_bytes)
{
	struct scrub *s = ctx;
	uint64_t done = atomic_fetch_add(&s->done, n_bytes) + n_bytes;

	if (atomic_load(&s->stop))
		return false;
	/* whoever finds the callback busy has nothing to add */
	if (!s->progress || pthread_mutex_trylock(&s->mutex) != 0)
		return true;
	if (done >= s->told + SCRUB_TELL_BYTES) {
		s->told = done;
		if (!bkt_progress_tell(s->progress, "hash", done, s->total))
			atomic_store(&s->stop, true);
	}
	pthread_mutex_unlock(&s->mutex);
	return !atomic_load(&s->stop);
}

static enum bkt_status scrub_one(
    void *ctx, size_t at, unsigned worker, struct bkt_err *err)
{
	struct scrub *s = ctx;
	struct bkt_scrub_item *item = &s->items[s->order[at]];
	struct objects_hasher *h = &s->hashers[worker];

	BKT_ASSERT(worker < SCRUB_THREADS_MAX);
	if (!h->hash)
		BKT_TRY(objects_hasher_init(h, OBJECTS_BUF_BYTES, err));
	item->status = objects_check(
	    s->o, h, &item->id, item->size_bytes, scrub_tick, s, &item->err);
	/* a disk that cannot be read is a fact about this one object; no
	 * memory or a request to stop concerns the whole run */
	if (item->status == BKT_OK || bkt_is_verdict(item->status) ||
	    item->status == BKT_E_IO)
		return BKT_OK;
	if (err)
		*err = item->err;
	return item->status;
}

static int larger_first(const void *a, const void *b, void *ctx)
{
	const struct bkt_scrub_item *items = ctx;
	const struct bkt_scrub_item *x = &items[*(const size_t *)a];
	const struct bkt_scrub_item *y = &items[*(const size_t *)b];

	if (x->size_bytes != y->size_bytes)
		return x->size_bytes > y->size_bytes ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void scrub_release(struct scrub *s)
{
	for (size_t i = 0; i < SCRUB_THREADS_MAX; i++)
		objects_hasher_release(&s->hashers[i]);
	pthread_mutex_destroy(&s->mutex);
	bkt_free(s->order);
	bkt_free(s);
}
BKT_AUTO_DEFINE(struct scrub *, scrub_release);

enum bkt_status bkt_objects_scrub(const bkt_objects *o,
    struct bkt_scrub_item *items, size_t n, unsigned n_threads,
    const struct bkt_progress *progress, struct bkt_err *err)
{
	BKT_AUTO(scrub_release) struct scrub *s = bkt_calloc(1, sizeof(*s));

	if (!s)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a scrub");
	pthread_mutex_init(&s->mutex, NULL);
	s->o = o;
	s->items = items;
	s->progress = progress;
	s->order = bkt_calloc(n ? n : 1, sizeof(*s->order));
	if (!s->order)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a scrub");
	for (size_t i = 0; i < n; i++) {
		s->order[i] = i;
		s->total += items[i].size_bytes;
		/* what a stopped run did not reach must not look checked */
		items[i].status = BKT_E_INTERRUPTED;
	}
	/* the largest last would leave one core at work and the rest idle */
	qsort_r(s->order, n, sizeof(*s->order), larger_first, items);
	if (n_threads > SCRUB_THREADS_MAX)
		n_threads = SCRUB_THREADS_MAX;
	BKT_TRY(bkt_parallel(n_threads, n, scrub_one, s, err));
	if (!bkt_progress_tell(progress, "hash", s->total, s->total))
		return bkt_fail(err, BKT_E_INTERRUPTED, "stopped on request");
	return BKT_OK;
}
