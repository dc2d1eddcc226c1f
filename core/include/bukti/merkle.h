/* Floor 1: RFC 6962 Merkle tree, proofs, checkpoint text, C2SP tlog-proof. */
#ifndef BUKTI_MERKLE_H
#define BUKTI_MERKLE_H

#include "bukti/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** SHA-256(0x00 || bytes) */
BKT_NODISCARD enum bkt_status bkt_merkle_leaf(
    struct bkt_span bytes, struct bkt_sha256 *out, struct bkt_err *err);

/** Right edge of a growing tree: enough to append and to know the root. */
struct bkt_frontier {
	uint64_t size;
	struct bkt_sha256 node[64]; /* popcount(size) used, largest first */
};
void bkt_frontier_init(struct bkt_frontier *f); /* empty tree */
BKT_NODISCARD enum bkt_status bkt_frontier_append(
    struct bkt_frontier *f, const struct bkt_sha256 *leaf, struct bkt_err *err);
/** Empty tree: SHA-256(""). */
BKT_NODISCARD enum bkt_status bkt_frontier_root(
    const struct bkt_frontier *f, struct bkt_sha256 *out, struct bkt_err *err);
/** For keeping in a cache: 8 bytes size big-endian, then the nodes. A frontier
 * is only as good as the checkpoint its root is compared with. */
void bkt_frontier_print(const struct bkt_frontier *f, struct bkt_buf *out);
BKT_NODISCARD enum bkt_status bkt_frontier_parse(
    struct bkt_span bytes, struct bkt_frontier *out, struct bkt_err *err);

#define BKT_PROOF_MAX 63
struct bkt_proof {
	struct bkt_sha256 node[BKT_PROOF_MAX];
	unsigned n;
};
/** Root of leaves[0..n). */
BKT_NODISCARD enum bkt_status bkt_merkle_root(const struct bkt_sha256 *leaves,
    uint64_t n, struct bkt_sha256 *out, struct bkt_err *err);
/**
 * Many inclusion proofs for one tree: O(n) once, O(log n) each.
 * Leaves are copied.
 */
typedef struct bkt_prover bkt_prover;
BKT_NODISCARD enum bkt_status bkt_prover_new(const struct bkt_sha256 *leaves,
    uint64_t n, bkt_prover **out, struct bkt_err *err);
void bkt_prover_free(bkt_prover *p);
BKT_AUTO_DEFINE(bkt_prover *, bkt_prover_free);
BKT_NODISCARD enum bkt_status bkt_prover_root(
    const bkt_prover *p, struct bkt_sha256 *out, struct bkt_err *err);
BKT_NODISCARD enum bkt_status bkt_prover_inclusion(const bkt_prover *p,
    uint64_t index, struct bkt_proof *out, struct bkt_err *err);
/** From the tree's own size back to @p old_size (1..size). */
BKT_NODISCARD enum bkt_status bkt_prover_consistency(const bkt_prover *p,
    uint64_t old_size, struct bkt_proof *out, struct bkt_err *err);

/** RFC 9162 2.1.3.2. @retval BKT_E_TAMPERED does not lead to root */
BKT_NODISCARD enum bkt_status bkt_inclusion_verify(
    const struct bkt_sha256 *leaf, uint64_t index, uint64_t size,
    const struct bkt_proof *proof, const struct bkt_sha256 *root,
    struct bkt_err *err);
/** RFC 9162 2.1.4.2. old_size 0 is consistent with anything, empty proof. */
BKT_NODISCARD enum bkt_status bkt_consistency_verify(uint64_t old_size,
    const struct bkt_sha256 *old_root, uint64_t size,
    const struct bkt_sha256 *root, const struct bkt_proof *proof,
    struct bkt_err *err);

/** Checkpoint body (C2SP tlog-checkpoint): origin, size, base64 root. */
struct bkt_checkpoint {
	char origin[128];
	uint64_t size;
	struct bkt_sha256 root;
};
void bkt_checkpoint_print(const struct bkt_checkpoint *c, struct bkt_buf *out);
/** Strict; no extension lines. */
BKT_NODISCARD enum bkt_status bkt_checkpoint_parse(
    struct bkt_span text, struct bkt_checkpoint *out, struct bkt_err *err);

/** C2SP tlog-proof: index, hashes, blank line, signed checkpoint note. */
void bkt_tlog_proof_print(uint64_t index, const struct bkt_proof *proof,
    struct bkt_span checkpoint_note, struct bkt_buf *out);
/** @param[out] note inside @p text. No "extra" line is accepted. */
BKT_NODISCARD enum bkt_status bkt_tlog_proof_parse(struct bkt_span text,
    uint64_t *index, struct bkt_proof *proof, struct bkt_span *note,
    struct bkt_err *err);

#ifdef __cplusplus
}
#endif
#endif
