/* Checkpoint bodies, proof files and kept frontiers. */
#include "bukti/merkle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT_MAX (1 << 16)

static void as_checkpoint(struct bkt_span in)
{
	struct bkt_checkpoint c;
	struct bkt_err err;
	enum bkt_status st = bkt_checkpoint_parse(in, &c, &err);
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;

	bkt_buf_init(&out, TEXT_MAX);
	BKT_ASSERT(st == BKT_OK || st == BKT_E_FORMAT);
	if (st != BKT_OK)
		return;
	bkt_checkpoint_print(&c, &out);
	BKT_ASSERT(bkt_span_eq(bkt_buf_span(&out), in));
}

/* the leaf and the root come from the input too: a verdict, never a fault */
static void as_proof(struct bkt_span in)
{
	uint64_t index;
	struct bkt_proof proof;
	struct bkt_span note;
	struct bkt_err err;
	struct bkt_sha256 h = { { 1 } };
	enum bkt_status st =
	    bkt_tlog_proof_parse(in, &index, &proof, &note, &err);
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;

	bkt_buf_init(&out, TEXT_MAX);
	BKT_ASSERT(st == BKT_OK || st == BKT_E_FORMAT);
	if (st != BKT_OK || in.len > TEXT_MAX)
		return;
	bkt_tlog_proof_print(index, &proof, note, &out);
	BKT_ASSERT(bkt_span_eq(bkt_buf_span(&out), in));
	for (uint64_t size = 0; size < 40; size++) {
		st = bkt_inclusion_verify(&h, index, size, &proof, &h, &err);
		BKT_ASSERT(st == BKT_E_TAMPERED ||
			   (st == BKT_OK && size == 1 && proof.n == 0));
		st = bkt_consistency_verify(
		    index, &h, index + size, &h, &proof, &err);
		BKT_ASSERT(
		    st == BKT_E_TAMPERED || (st == BKT_OK && proof.n == 0 &&
						(index == 0 || size == 0)));
	}
}

static void as_frontier(struct bkt_span in)
{
	struct bkt_frontier f;
	struct bkt_err err;
	struct bkt_sha256 root;
	enum bkt_status st = bkt_frontier_parse(in, &f, &err);
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;

	bkt_buf_init(&out, TEXT_MAX);
	BKT_ASSERT(st == BKT_OK || st == BKT_E_FORMAT);
	if (st != BKT_OK)
		return;
	bkt_frontier_print(&f, &out);
	BKT_ASSERT(bkt_span_eq(bkt_buf_span(&out), in));
	BKT_ASSERT(bkt_frontier_root(&f, &root, &err) == BKT_OK);
	if (f.size < (uint64_t)INT64_MAX)
		BKT_ASSERT(bkt_frontier_append(&f, &root, &err) == BKT_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bkt_span in = BKT_SPAN(data, size);

	as_checkpoint(in);
	as_proof(in);
	as_frontier(in);
	return 0;
}
