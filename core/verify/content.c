/* Every content that the log names, read and hashed, in bounded memory. */
#include <stdlib.h>
#include <string.h>

#include "private.h"

#define ROUND 1024

static int by_id(const void *a, const void *b)
{
	const struct wanted *x = a, *y = b;
	int c = memcmp(x->id.b, y->id.b, sizeof(x->id.b));

	if (c != 0)
		return c;
	/* one record may lie about the size of what another names rightly */
	if (x->size_bytes != y->size_bytes)
		return x->size_bytes < y->size_bytes ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* the same content is read once */
static void unique(struct run *r)
{
	size_t n = 0;

	if (r->n_wanted == 0)
		return;
	qsort(r->wanted, r->n_wanted, sizeof(*r->wanted), by_id);
	for (size_t i = 0; i < r->n_wanted; i++) {
		if (n > 0 &&
		    bkt_sha256_eq(&r->wanted[n - 1].id, &r->wanted[i].id) &&
		    r->wanted[n - 1].size_bytes == r->wanted[i].size_bytes)
			continue;
		r->wanted[n++] = r->wanted[i];
	}
	r->n_wanted = n;
}

struct tally { /* one bar over all rounds */
	const struct bkt_progress *outer;
	uint64_t before, total;
};

/* called by a scrub that holds the one progress lock already: go straight on */
static bool tell(void *ctx, const char *phase, uint64_t done, uint64_t total)
{
	const struct tally *t = ctx;

	(void)phase;
	(void)total;
	if (!t->outer || !t->outer->fn)
		return true;
	return t->outer->fn(
	    t->outer->ctx, "content", t->before + done, t->total);
}

static void judge_content(
    struct run *r, const struct wanted *w, const struct bkt_scrub_item *item)
{
	char hex[BKT_SHA256_HEX + 1];

	bkt_hex(w->id.b, sizeof(w->id.b), hex);
	if (item->status == BKT_OK) {
		r->report->n_objects++;
		r->report->n_object_bytes += w->size_bytes;
		if (bkt_map_get(r->erased, hex))
			report_note(r,
			    "content %.12s was erased by record but is still "
			    "in the store",
			    hex);
		return;
	}
	if (item->status == BKT_E_MISSING && bkt_map_get(r->erased, hex)) {
		r->report->n_erased++;
		if (r->report->verdict < BKT_ERASED)
			r->report->verdict = BKT_ERASED;
		return;
	}
	report_add(r, item->status, w->path, w->index, NULL, item->err.msg);
}

static enum bkt_status scrub_round(struct run *r, const struct wanted *w,
    size_t n, struct tally *t, struct bkt_err *err)
{
	const struct bkt_progress inner = { tell, t };
	BKT_AUTO(bkt_free)
	struct bkt_scrub_item *items = bkt_calloc(n, sizeof(*items));

	if (!items)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	for (size_t i = 0; i < n; i++) {
		items[i].id = w[i].id;
		items[i].size_bytes = w[i].size_bytes;
	}
	BKT_TRY(bkt_objects_scrub(
	    r->objects, items, n, r->o->n_threads, &inner, err));
	/* scrub may take them in another order, the items keep their place */
	for (size_t i = 0; i < n; i++)
		judge_content(r, &w[i], &items[i]);
	for (size_t i = 0; i < n; i++)
		t->before += w[i].size_bytes;
	return BKT_OK;
}

enum bkt_status scrub_content(struct run *r, struct bkt_err *err)
{
	struct tally t = { .outer = r->o->progress };
	int64_t begun = bkt_now_utc_s();

	if (r->o->no_content) {
		if (r->start) {
			r->report->content_size = r->start->content_size;
			r->report->content_utc_s = r->start->content_utc_s;
		}
		return BKT_OK;
	}
	unique(r);
	for (size_t i = 0; i < r->n_wanted; i++)
		t.total += r->wanted[i].size_bytes;
	for (size_t i = 0; i < r->n_wanted; i += ROUND) {
		size_t n = r->n_wanted - i;

		BKT_TRY(scrub_round(
		    r, r->wanted + i, n < ROUND ? n : ROUND, &t, err));
	}
	if (!r->report->complete || r->report->verdict > BKT_ERASED)
		return BKT_OK; /* not everything was there, or not right */
	r->report->content_size = r->report->meta_size;
	r->report->content_utc_s = begun;
	if (r->start && r->start->content_utc_s < begun &&
	    r->start->content_size > 0)
		r->report->content_utc_s = r->start->content_utc_s;
	return BKT_OK;
}
