/* Are the packs themselves sound? Asked before an object is called missing. */
#ifndef BUKTI_GITDB_PROBE_H
#define BUKTI_GITDB_PROBE_H

#include "db.h"

BKT_NODISCARD enum bkt_status gitdb_packs_probe(
    const bkt_gitdb *g, struct bkt_err *err);

#endif
