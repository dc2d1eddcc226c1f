/* Several handles on one store, as several processes have them. */
#include "bukti/store.h"

#include <errno.h>
#include <stdio.h>

#include "support/one_city.h"

static struct bkt_submission claim(const char *level)
{
	return city_say(&city, city_claim(&city, "X1", level), CITY_UPLOADER);
}

static enum bkt_status any_entry(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	(void)ctx;
	(void)e;
	(void)err;
	return BKT_OK;
}

/* through another handle, as another process does */
static void meanwhile_somebody_else(void **state)
{
	struct bkt_submission mine = claim("3"), theirs = claim("2");
	bkt_store *kept = city.s;
	struct bkt_item items[1];
	struct bkt_err err;

	(void)state;
	must(bkt_store_open(city.dir, &city.s, &err), &err);
	city_do(&city, theirs, NULL);
	bkt_store_free(city.s);
	city.s = kept;
	assert_int_equal(city_submit(&city, &mine, 1, NULL, 0, items), BKT_OK);
	assert_int_equal(items[0].status, BKT_E_CONFLICT);
	/* the refused one has shown this handle where the store is now */
	city_do(&city, claim("3"), NULL);
	city_is_intact();
}

/* one that looked before another wrote asks: what the other has put into the
 * index stays there */
static void older_handle(void **state)
{
	struct bkt_submission theirs = claim("2");
	BKT_AUTO(bkt_state_free) bkt_state *seen = NULL;
	bkt_store *kept = city.s;
	uint64_t newest;
	struct bkt_err err;

	(void)state;
	must(bkt_store_open(city.dir, &city.s, &err), &err);
	city_do(&city, theirs, NULL);
	newest = city_size() - 1;
	must(bkt_store_state(kept, &seen, &err), &err);
	assert_true(bkt_state_frontier(seen)->size == newest + 1);
	must(bkt_index_entry_at(
		 bkt_store_index(city.s), newest, any_entry, NULL, &err),
	    &err);
	bkt_store_free(city.s);
	city.s = kept;
	/* nor by one that makes the index anew */
	must(bkt_store_open(city.dir, &city.s, &err), &err);
	city_do(&city, claim("3"), NULL);
	must(bkt_store_reindex(kept, NULL, &err), &err);
	must(bkt_index_entry_at(
		 bkt_store_index(city.s), newest + 1, any_entry, NULL, &err),
	    &err);
	bkt_store_free(city.s);
	city.s = kept;
	city_is_intact();
}

/* who reads sees one moment, until it looks again */
static void one_moment(void **state)
{
	const struct bkt_source *source;
	BKT_AUTO(bkt_buf_release) struct bkt_buf before, now;
	bkt_store *kept = city.s;
	struct bkt_err err;

	(void)state;
	bkt_buf_init(&before, BKT_RECORD_MAX);
	bkt_buf_init(&now, BKT_RECORD_MAX);
	must(bkt_store_snapshot(kept, &err), &err);
	source = bkt_store_source(kept);
	must(source->read(source->ctx, "cycles/" CITY_CYCLE "/X1/claim.json",
		 &before, &err),
	    &err);
	must(bkt_store_open(city.dir, &city.s, &err), &err);
	city_do(&city, claim("1"), NULL);
	must(source->read(source->ctx, "cycles/" CITY_CYCLE "/X1/claim.json",
		 &now, &err),
	    &err);
	assert_true(bkt_span_eq(bkt_buf_span(&before), bkt_buf_span(&now)));
	must(bkt_store_snapshot(kept, &err), &err);
	assert_true(bkt_store_head(kept)->checkpoint.size == city_size());
	must(source->read(source->ctx, "cycles/" CITY_CYCLE "/X1/claim.json",
		 &now, &err),
	    &err);
	assert_false(bkt_span_eq(bkt_buf_span(&before), bkt_buf_span(&now)));
	/* and it writes as any other */
	bkt_store_free(city.s);
	city.s = kept;
	city_do(&city, claim("3"), NULL);
	city_is_intact();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(meanwhile_somebody_else),
		cmocka_unit_test(older_handle),
		cmocka_unit_test(one_moment),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
