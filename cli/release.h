/* Between `release`, what was said with it, and what must still be said. */
#ifndef BUKTI_CLI_RELEASE_H
#define BUKTI_CLI_RELEASE_H

#include "bukti/assess.h"
#include "cli.h"

struct release_list {
	struct bkt_stated *v;
	size_t n, cap;
};
struct releasing {
	struct cli *c;
	const char *cycle;
	struct bkt_head head; /* what is released, verified */
	bkt_assess *assess;   /* owned by run() */
	const struct bkt_assessment *result;
	const struct bkt_facts *facts;
	struct release_list gaps;       /* indicator, reason */
	struct release_list exclusions; /* link path, reason */
	unsigned may_include;           /* rank of the highest class allowed */
	struct bkt_release body;
};

/** --gap, --gaps, --exclude, --include-class into the lists.
 * @retval BKT_E_USAGE, BKT_E_FINDINGS (bad rows) */
BKT_NODISCARD enum bkt_status release_read(
    struct releasing *r, struct bkt_err *err);
/** NULL: the link goes into the package. */
const char *release_excluded(
    const struct releasing *r, const struct bkt_evidence *e);
/** As a shell takes it for one word. */
const char *release_quoted(struct cli *c, const char *s);
/**
 * Fill the body, or list all that must be said before, with the options ready.
 * @retval BKT_E_POLICY documents that may not go out unasked
 * @retval BKT_E_FINDINGS gaps without a reason
 */
BKT_NODISCARD enum bkt_status release_fill(
    struct releasing *r, struct bkt_err *err);

#endif
