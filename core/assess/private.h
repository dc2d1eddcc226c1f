/* Shared inside the assess module only. */
#ifndef BUKTI_ASSESS_PRIVATE_H
#define BUKTI_ASSESS_PRIVATE_H

#include "bukti/assess.h"

struct bkt_assess {
	bkt_arena *arena;
	struct bkt_record *cycle;
	bkt_rulebook_set *rulebook;
	struct bkt_facts facts;
	struct bkt_assessment *result;
	struct bkt_record *release; /* NULL: none */
	struct bkt_sha256 release_sha256;
};

/* fills facts and release from the source */
enum bkt_status assess_facts(bkt_assess *a, const struct bkt_source *source,
    const char *cycle, const bkt_objects *objects, struct bkt_err *err);

#endif
