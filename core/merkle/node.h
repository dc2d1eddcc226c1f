/* The two hashes of RFC 6962 2.1, and the root of nothing. */
#ifndef BUKTI_MERKLE_NODE_H
#define BUKTI_MERKLE_NODE_H

#include "bukti/merkle.h"

/* tree sizes and indexes stay below 2^63, so no proof passes 63 hashes */
#define TREE_SIZE_MAX ((uint64_t)INT64_MAX)

/* SHA-256(0x01 || left || right); @p out may be one of them */
BKT_NODISCARD enum bkt_status merkle_node(const struct bkt_sha256 *left,
    const struct bkt_sha256 *right, struct bkt_sha256 *out,
    struct bkt_err *err);
BKT_NODISCARD enum bkt_status merkle_empty(
    struct bkt_sha256 *out, struct bkt_err *err);

#endif
