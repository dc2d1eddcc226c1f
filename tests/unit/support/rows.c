#include "support/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

enum bkt_status rows_judge_on(struct city *c, const struct bkt_submission *sub,
    bkt_state *state, int64_t later_s, struct bkt_err *err)
{
	BKT_AUTO(bkt_certs_free) bkt_certs *certs = NULL;
	struct bkt_opened o;

	BKT_TRY(bkt_certs_new(&certs, err));
	BKT_TRY(bkt_open_submission(sub, certs, c->arena, &o, err));
	BKT_TRY(bkt_judge(state, &o, bkt_state_frontier(state)->size,
	    city_now_utc_s + later_s, err));
	return bkt_state_apply(state, &o, err);
}

enum bkt_status rows_judge(struct city *c, struct bkt_submission sub,
    int64_t later_s, struct bkt_err *err)
{
	BKT_AUTO(bkt_state_free) bkt_state *state = NULL;

	assert_int_equal(bkt_store_state(c->s, &state, err), BKT_OK);
	return rows_judge_on(c, &sub, state, later_s, err);
}

void rows_run(struct city *c, const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct bkt_err err = { .msg = "" };
		enum bkt_status st =
		    rows_judge(c, rows[i].make(), rows[i].later_s, &err);

		if (st != rows[i].want)
			fail_msg("%s: want %s, got %s: %s", rows[i].why,
			    bkt_status_name(rows[i].want), bkt_status_name(st),
			    err.msg);
	}
}
