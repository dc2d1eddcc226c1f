/*
 * All levels of the tree in one block. A node without a right neighbour moves
 * up unchanged, so level l has ceil(n / 2^l) nodes, and node i of it is the
 * RFC 6962 hash of leaves [i * 2^l, min((i + 1) * 2^l, n)): every hash that a
 * proof can need is there.
 */
#include "node.h"

#include <string.h>

#define LEVELS_MAX 64
/* below this the block's size cannot overflow */
#define PROVER_SIZE_MAX (UINT64_C(1) << 40)

struct bkt_prover {
	uint64_t size;
	unsigned n_levels;
	uint64_t level_n[LEVELS_MAX];
	struct bkt_sha256 *level[LEVELS_MAX]; /* into nodes */
	struct bkt_sha256 *nodes;
};

void bkt_prover_free(bkt_prover *p)
{
	if (!p)
		return;
	bkt_free(p->nodes);
	bkt_free(p);
}

static enum bkt_status level_up(
    struct bkt_prover *p, unsigned l, struct bkt_err *err)
{
	const struct bkt_sha256 *below = p->level[l - 1];
	uint64_t n = p->level_n[l - 1];

	for (uint64_t i = 0; i + 1 < n; i += 2)
		BKT_TRY(merkle_node(
		    &below[i], &below[i + 1], &p->level[l][i / 2], err));
	if (n & 1)
		p->level[l][n / 2] = below[n - 1];
	return BKT_OK;
}

/* where each level lies; returns how many nodes there are in all */
static uint64_t lay_out(struct bkt_prover *p)
{
	uint64_t total = p->size, n = p->size;

	p->level_n[0] = n;
	p->n_levels = 1;
	for (; n > 1; p->n_levels++) {
		n = n / 2 + (n & 1);
		p->level_n[p->n_levels] = n;
		total += n;
	}
	return total;
}

enum bkt_status bkt_prover_new(const struct bkt_sha256 *leaves, uint64_t n,
    bkt_prover **out, struct bkt_err *err)
{
	uint64_t total;
	BKT_AUTO(bkt_prover_free) bkt_prover *p = NULL;

	if (n > PROVER_SIZE_MAX)
		return bkt_fail(err, BKT_E_LIMIT, "the log is too large");
	p = bkt_calloc(1, sizeof(*p));
	if (!p)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for proofs");
	p->size = n;
	total = lay_out(p);
	p->nodes = bkt_malloc((size_t)(total + 1) * sizeof(*p->nodes));
	if (!p->nodes)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for proofs");
	p->level[0] = p->nodes;
	for (unsigned l = 1; l < p->n_levels; l++)
		p->level[l] = p->level[l - 1] + p->level_n[l - 1];
	if (n > 0)
		memcpy(p->nodes, leaves, (size_t)n * sizeof(*leaves));
	for (unsigned l = 1; l < p->n_levels; l++)
		BKT_TRY(level_up(p, l, err));
	*out = BKT_STEAL(p);
	return BKT_OK;
}

enum bkt_status bkt_prover_root(
    const bkt_prover *p, struct bkt_sha256 *out, struct bkt_err *err)
{
	if (p->size == 0)
		return merkle_empty(out, err);
	*out = p->level[p->n_levels - 1][0];
	return BKT_OK;
}

static void proof_add(struct bkt_proof *proof, const struct bkt_sha256 *h)
{
	BKT_ASSERT(proof->n < BKT_PROOF_MAX);
	proof->node[proof->n++] = *h;
}

/* the neighbours on the way from node i of level l to the root */
static void climb(
    const bkt_prover *p, unsigned l, uint64_t i, struct bkt_proof *proof)
{
	for (; l + 1 < p->n_levels; l++, i >>= 1)
		if ((i ^ 1) < p->level_n[l])
			proof_add(proof, &p->level[l][i ^ 1]);
}

enum bkt_status bkt_prover_inclusion(const bkt_prover *p, uint64_t index,
    struct bkt_proof *out, struct bkt_err *err)
{
	if (index >= p->size)
		return bkt_fail(err, BKT_E_USAGE,
		    "entry %llu is not in a log of %llu",
		    (unsigned long long)index, (unsigned long long)p->size);
	out->n = 0;
	climb(p, 0, index, out);
	return BKT_OK;
}

/*
 * RFC 6962 2.1.2: start from the largest complete subtree that ends where the
 * old tree ended; that subtree itself is left out when it was the whole tree.
 */
enum bkt_status bkt_prover_consistency(const bkt_prover *p, uint64_t old_size,
    struct bkt_proof *out, struct bkt_err *err)
{
	unsigned l = 0;
	uint64_t i = old_size - 1;

	if (old_size == 0 || old_size > p->size)
		return bkt_fail(err, BKT_E_USAGE,
		    "no proof from size %llu to %llu",
		    (unsigned long long)old_size, (unsigned long long)p->size);
	out->n = 0;
	if (old_size == p->size)
		return BKT_OK;
	for (; i & 1; i >>= 1)
		l++;
	if (i > 0)
		proof_add(out, &p->level[l][i]);
	climb(p, l, i, out);
	return BKT_OK;
}
