#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include <cmocka.h>

#include "bukti/base.h"

#define ITEMS 1000
#define WORKERS_MAX 64

struct tally {
	atomic_int seen[ITEMS];
	atomic_int in_worker[WORKERS_MAX];
	atomic_bool overlapped;
	atomic_int started;
	size_t fail_from;
};

static enum bkt_status count_item(
    void *ctx, size_t item, unsigned worker, struct bkt_err *err)
{
	struct tally *t = ctx;

	if (atomic_fetch_add(&t->in_worker[worker], 1) != 0)
		atomic_store(&t->overlapped, true);
	atomic_fetch_add(&t->seen[item], 1);
	atomic_fetch_add(&t->started, 1);
	atomic_fetch_sub(&t->in_worker[worker], 1);
	if (item >= t->fail_from)
		return bkt_fail(err, BKT_E_TAMPERED, "item %zu", item);
	return BKT_OK;
}

static void every_item_is_done_once(void **state)
{
	static const unsigned threads[] = { 0, 1, 2, 7, 64, 1000 };

	(void)state;
	for (size_t i = 0; i < sizeof(threads) / sizeof(*threads); i++) {
		struct tally t = { .fail_from = SIZE_MAX };
		struct bkt_err err;

		assert_int_equal(
		    bkt_parallel(threads[i], ITEMS, count_item, &t, &err),
		    BKT_OK);
		for (size_t j = 0; j < ITEMS; j++)
			assert_int_equal(t.seen[j], 1);
		assert_false(t.overlapped);
	}
}

static void nothing_to_do_is_good(void **state)
{
	struct bkt_err err;

	(void)state;
	assert_int_equal(bkt_parallel(4, 0, count_item, NULL, &err), BKT_OK);
}

static void the_lowest_failure_wins_and_stops_the_rest(void **state)
{
	(void)state;
	for (unsigned threads = 1; threads < 9; threads++) {
		struct tally t = { .fail_from = 100 };
		struct bkt_err err;

		assert_int_equal(
		    bkt_parallel(threads, ITEMS, count_item, &t, &err),
		    BKT_E_TAMPERED);
		assert_int_equal(err.status, BKT_E_TAMPERED);
		/* items are taken in order, so item 100 was always seen */
		assert_string_equal(err.msg, "item 100");
		assert_true(t.started >= 101);
		assert_true(t.started <= ITEMS);
	}
	{
		struct tally t = { .fail_from = 5 };

		assert_int_equal(bkt_parallel(1, ITEMS, count_item, &t, NULL),
		    BKT_E_TAMPERED);
		assert_int_equal(t.started, 6);
	}
}

static enum bkt_status is_caller(
    void *ctx, size_t item, unsigned worker, struct bkt_err *err)
{
	pthread_t *self = ctx;

	(void)item;
	if (worker != 0 || !pthread_equal(*self, pthread_self()))
		return bkt_fail(err, BKT_E_INTERNAL, "another thread");
	return BKT_OK;
}

static void one_thread_is_the_caller(void **state)
{
	pthread_t self = pthread_self();
	struct bkt_err err;

	(void)state;
	assert_int_equal(bkt_parallel(1, 10, is_caller, &self, &err), BKT_OK);
	assert_int_equal(bkt_parallel(8, 1, is_caller, &self, &err), BKT_OK);
}

static enum bkt_status silent_failure(
    void *ctx, size_t item, unsigned worker, struct bkt_err *err)
{
	(void)ctx;
	(void)item;
	(void)worker;
	(void)err;
	return BKT_E_NOMEM;
}

static void a_failure_without_words_still_has_its_status(void **state)
{
	struct bkt_err err;

	(void)state;
	assert_int_equal(
	    bkt_parallel(2, 3, silent_failure, NULL, &err), BKT_E_NOMEM);
	assert_int_equal(err.status, BKT_E_NOMEM);
}

struct watch {
	int inside; /* not atomic: the call itself must keep threads apart */
	bool overlapped;
	uint64_t calls;
};

static bool watch_progress(
    void *ctx, const char *phase, uint64_t done, uint64_t total)
{
	struct watch *w = ctx;

	(void)phase;
	(void)total;
	if (w->inside++ != 0)
		w->overlapped = true;
	w->calls++;
	w->inside--;
	return done != 999999;
}

static enum bkt_status tell(
    void *ctx, size_t item, unsigned worker, struct bkt_err *err)
{
	(void)worker;
	(void)err;
	return bkt_progress_tell(ctx, "phase", item, ITEMS) ? BKT_OK
							    : BKT_E_INTERRUPTED;
}

static void progress_is_told_from_one_thread_at_a_time(void **state)
{
	struct watch w = { 0 };
	struct bkt_progress p = { watch_progress, &w };
	struct bkt_err err;

	(void)state;
	assert_int_equal(bkt_parallel(8, ITEMS, tell, &p, &err), BKT_OK);
	assert_int_equal(w.calls, ITEMS);
	assert_false(w.overlapped);
	assert_false(bkt_progress_tell(&p, "x", 999999, 0));
	assert_true(bkt_progress_tell(NULL, "x", 0, 0));
}

static void there_is_a_core(void **state)
{
	(void)state;
	assert_in_range(bkt_cpu_count(), 1, 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_item_is_done_once),
		cmocka_unit_test(nothing_to_do_is_good),
		cmocka_unit_test(the_lowest_failure_wins_and_stops_the_rest),
		cmocka_unit_test(one_thread_is_the_caller),
		cmocka_unit_test(a_failure_without_words_still_has_its_status),
		cmocka_unit_test(progress_is_told_from_one_thread_at_a_time),
		cmocka_unit_test(there_is_a_core),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
