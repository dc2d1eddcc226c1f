/* Tree objects, read strictly and compared; only for this module. */
#ifndef BUKTI_GITDB_TREE_H
#define BUKTI_GITDB_TREE_H

#include "bukti/gitdb.h"

struct tree_entry {
	struct bkt_span name; /* into the raw tree */
	bool dir;
	struct bkt_oid oid;
};

/* what must hold between neighbours; the same for reading and for writing */
struct tree_order {
	struct bkt_span last;
	bool last_dir;
	uint64_t
	    file_len[4]; /* bit n: a file is named as last's first n bytes */
};

struct tree_iter {
	struct bkt_span rest;
	struct tree_order order;
};

/* git's order: a directory sorts as if its name ended in '/' */
int tree_name_cmp(struct bkt_span a, bool a_dir, struct bkt_span b, bool b_dir);
/* 1..255 bytes, clean text, no '/', not what git treats specially */
bool tree_name_safe(struct bkt_span name);
/* false: not after its predecessor, or a file and a directory of one name */
bool tree_order_next(struct tree_order *o, struct bkt_span name, bool dir);

void tree_iter_init(struct tree_iter *it, struct bkt_span raw);
/* @p got false at the end. @retval BKT_E_FORMAT */
BKT_NODISCARD enum bkt_status tree_next(struct tree_iter *it,
    struct tree_entry *out, bool *got, struct bkt_err *err);

/* what @p raw, which tree_next went through to its end, has under a name */
bool tree_find(struct bkt_span raw, struct bkt_span name, bool want_dir,
    struct bkt_oid *out);

/* next component of a path; false at the end or when it is not plain */
bool tree_path_next(const char **path, struct bkt_span *name, bool *last);

/* one differing file; a status other than OK stops */
typedef enum bkt_status (*tree_diff_fn)(void *ctx, const char *path,
    const struct bkt_oid *old_oid, const struct bkt_oid *new_oid,
    struct bkt_err *err);
/* zero oid: nothing there. @p prefix "" or "dir/": where the trees hang */
BKT_NODISCARD enum bkt_status tree_diff(const bkt_gitdb *g,
    const struct bkt_oid *old_tree, const struct bkt_oid *new_tree,
    const char *prefix, tree_diff_fn fn, void *ctx, struct bkt_err *err);

#endif
