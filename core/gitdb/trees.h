/* Trees that were read a moment ago; only for this module. */
#ifndef BUKTI_GITDB_TREES_H
#define BUKTI_GITDB_TREES_H

#include "db.h"

struct gitdb_trees;
BKT_NODISCARD enum bkt_status gitdb_trees_new(
    struct gitdb_trees **out, struct bkt_err *err);
struct gitdb_trees *gitdb_trees_share(struct gitdb_trees *t);
void gitdb_trees_free(struct gitdb_trees *t); /* one share */
/* the caller's own share, or NULL. Thread-safe like the next one */
gitdb_obj *gitdb_trees_get(struct gitdb_trees *t, const struct bkt_oid *oid);
/* @p obj is a tree whose hash was checked to be @p oid */
void gitdb_trees_put(
    struct gitdb_trees *t, const struct bkt_oid *oid, gitdb_obj *obj);

#endif
