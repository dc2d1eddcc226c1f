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
/** The last look before what cannot be taken back: what of it is confidential
 * or personal, unless the release leaves it out. */
void release_goes_out(struct cli *c, const struct bkt_facts *facts,
    const struct bkt_release *release);
/** The same of a release that waits for signatures, of the round as it is now.
 * Another record has none. */
BKT_NODISCARD enum bkt_status release_waiting(
    struct cli *c, const struct bkt_record *r, struct bkt_err *err);
/**
 * Fill the body, or list all that must be said before, with the options ready.
 * @retval BKT_E_POLICY documents that may not go out unasked
 * @retval BKT_E_FINDINGS gaps without a reason
 */
BKT_NODISCARD enum bkt_status release_fill(
    struct releasing *r, struct bkt_err *err);

#endif
