#include "node.h"

#include <string.h>

static enum bkt_status mismatch(struct bkt_err *err, const char *what)
{
	return bkt_fail(err, BKT_E_TAMPERED, "%s", what);
}

/* RFC 9162 2.1.3.2, steps 1 to 5 */
enum bkt_status bkt_inclusion_verify(const struct bkt_sha256 *leaf,
    uint64_t index, uint64_t size, const struct bkt_proof *proof,
    const struct bkt_sha256 *root, struct bkt_err *err)
{
	uint64_t fn = index, sn = size - 1;
	struct bkt_sha256 r = *leaf;

	if (index >= size || size > TREE_SIZE_MAX)
		return mismatch(err, "entry is not inside the log's size");
	if (proof->n > BKT_PROOF_MAX)
		return mismatch(err, "inclusion proof is too long");
	for (unsigned i = 0; i < proof->n; i++) {
		const struct bkt_sha256 *p = &proof->node[i];

		if (sn == 0)
			return mismatch(err, "inclusion proof is too long");
		if ((fn & 1) || fn == sn) {
			BKT_TRY(merkle_node(p, &r, &r, err));
			while (!(fn & 1) && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			BKT_TRY(merkle_node(&r, p, &r, err));
		}
		fn >>= 1;
		sn >>= 1;
	}
	if (sn != 0)
		return mismatch(err, "inclusion proof is too short");
	if (!bkt_sha256_eq(&r, root))
		return mismatch(err, "inclusion proof leads to another root");
	return BKT_OK;
}

/* RFC 9162 2.1.4.2, steps 6 and 7, from the node both trees share */
static enum bkt_status consistency_walk(uint64_t fn, uint64_t sn,
    const struct bkt_sha256 *path, unsigned n, struct bkt_sha256 *fr,
    struct bkt_sha256 *sr, struct bkt_err *err)
{
	for (unsigned i = 0; i < n; i++) {
		if (sn == 0)
			return mismatch(err, "consistency proof is too long");
		if ((fn & 1) || fn == sn) {
			BKT_TRY(merkle_node(&path[i], fr, fr, err));
			BKT_TRY(merkle_node(&path[i], sr, sr, err));
			while (!(fn & 1) && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			BKT_TRY(merkle_node(sr, &path[i], sr, err));
		}
		fn >>= 1;
		sn >>= 1;
	}
	if (sn != 0)
		return mismatch(err, "consistency proof is too short");
	return BKT_OK;
}

/* what can be said about sizes and length before any hashing */
static enum bkt_status consistency_shape(uint64_t old_size, uint64_t size,
    const struct bkt_proof *proof, struct bkt_err *err)
{
	bool trivial = old_size == 0 || old_size == size;

	if (old_size > size || size > TREE_SIZE_MAX)
		return mismatch(err, "the log is smaller than it was");
	if (proof->n > BKT_PROOF_MAX || (trivial && proof->n != 0))
		return mismatch(err, "consistency proof is too long");
	if (!trivial && proof->n == 0)
		return mismatch(err, "consistency proof is empty");
	return BKT_OK;
}

enum bkt_status bkt_consistency_verify(uint64_t old_size,
    const struct bkt_sha256 *old_root, uint64_t size,
    const struct bkt_sha256 *root, const struct bkt_proof *proof,
    struct bkt_err *err)
{
	uint64_t fn = old_size - 1, sn = size - 1;
	const struct bkt_sha256 *path = proof->node;
	unsigned n = proof->n;
	struct bkt_sha256 fr, sr;

	BKT_TRY(consistency_shape(old_size, size, proof, err));
	if (old_size == 0)
		return BKT_OK;
	if (old_size == size && !bkt_sha256_eq(old_root, root))
		return mismatch(err, "two roots for one size");
	if (old_size == size)
		return BKT_OK;
	for (; fn & 1; fn >>= 1)
		sn >>= 1;
	/* an old tree that was complete is its own first node */
	fr = *old_root;
	if ((old_size & (old_size - 1)) != 0) {
		fr = *path++;
		n--;
	}
	sr = fr;
	BKT_TRY(consistency_walk(fn, sn, path, n, &fr, &sr, err));
	if (!bkt_sha256_eq(&fr, old_root))
		return mismatch(err, "consistency proof: another old root");
	if (!bkt_sha256_eq(&sr, root))
		return mismatch(err, "consistency proof: another new root");
	return BKT_OK;
}
