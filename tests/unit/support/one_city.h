/*
 * The one city that the tests of a program share: made before the first of
 * them, gone after the last.
 */
#ifndef BUKTI_TESTS_ONE_CITY_H
#define BUKTI_TESTS_ONE_CITY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "support/city.h"

static struct city city;

static inline int set_up(void **state)
{
	(void)state;
	city_init(&city);
	return 0;
}

static inline int tear_down(void **state)
{
	(void)state;
	city_release(&city);
	return 0;
}

static inline void must(enum bkt_status st, const struct bkt_err *err)
{
	if (st != BKT_OK)
		fail_msg("%s: %s", bkt_status_name(st), err->msg);
}

static inline uint64_t city_size(void)
{
	return bkt_store_head(city.s)->checkpoint.size;
}

/* as whoever distrusts the store sees it */
static inline void city_is_intact(void)
{
	const struct bkt_verify_options cold = { .cold = true };
	BKT_AUTO(bkt_verify_report_release) struct bkt_verify_report r;
	struct bkt_err err;

	must(bkt_verify_store(city.dir, &cold, &r, &err), &err);
	if (r.verdict != BKT_INTACT || !r.complete)
		fail_msg("%s: %s", r.items[0].path, r.items[0].reason);
}

#endif
