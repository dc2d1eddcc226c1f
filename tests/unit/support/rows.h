/* Tables of records on trial: one sentence, one status a row. */
#ifndef BUKTI_TESTS_ROWS_H
#define BUKTI_TESTS_ROWS_H

#include "support/city.h"

struct row {
	const char *why;
	enum bkt_status want;
	struct bkt_submission (*make)(void);
	int64_t later_s; /* accepted so long after it was signed */
};

/** Opened and judged against the head of the store, as gate and verifier do;
 * nothing is written. */
enum bkt_status rows_judge(struct city *c, struct bkt_submission sub,
    int64_t later_s, struct bkt_err *err);
/** The same against a state that is kept, and applied to it. */
enum bkt_status rows_judge_on(struct city *c, const struct bkt_submission *sub,
    bkt_state *state, int64_t later_s, struct bkt_err *err);
void rows_run(struct city *c, const struct row *rows, size_t n);

#endif
