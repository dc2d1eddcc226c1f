#include "node.h"

#include <string.h>

#define SIZE_BYTES 8

static unsigned popcount(uint64_t n)
{
	unsigned c = 0;

	for (; n > 0; n &= n - 1)
		c++;
	return c;
}

void bkt_frontier_init(struct bkt_frontier *f)
{
	memset(f, 0, sizeof(*f));
}

/* the two youngest trees merge while they are of one size, as a carry does */
enum bkt_status bkt_frontier_append(
    struct bkt_frontier *f, const struct bkt_sha256 *leaf, struct bkt_err *err)
{
	unsigned n = popcount(f->size);
	struct bkt_sha256 h = *leaf;

	if (f->size >= TREE_SIZE_MAX)
		return bkt_fail(err, BKT_E_LIMIT, "the log is full");
	for (uint64_t s = f->size; s & 1; s >>= 1)
		BKT_TRY(merkle_node(&f->node[--n], &h, &h, err));
	f->node[n] = h;
	f->size++;
	return BKT_OK;
}

enum bkt_status bkt_frontier_root(
    const struct bkt_frontier *f, struct bkt_sha256 *out, struct bkt_err *err)
{
	unsigned n = popcount(f->size);
	struct bkt_sha256 h;

	if (n == 0)
		return merkle_empty(out, err);
	h = f->node[--n];
	while (n > 0)
		BKT_TRY(merkle_node(&f->node[--n], &h, &h, err));
	*out = h;
	return BKT_OK;
}

void bkt_frontier_print(const struct bkt_frontier *f, struct bkt_buf *out)
{
	for (int shift = 56; shift >= 0; shift -= 8)
		bkt_buf_chr(out, (char)(uint8_t)(f->size >> shift));
	bkt_buf_add(out, f->node, popcount(f->size) * sizeof(f->node[0]));
}

enum bkt_status bkt_frontier_parse(
    struct bkt_span bytes, struct bkt_frontier *out, struct bkt_err *err)
{
	struct bkt_frontier f;

	bkt_frontier_init(&f);
	if (bytes.len < SIZE_BYTES)
		return bkt_fail(err, BKT_E_FORMAT, "frontier is too short");
	for (unsigned i = 0; i < SIZE_BYTES; i++)
		f.size = f.size << 8 | bytes.ptr[i];
	if (f.size > TREE_SIZE_MAX)
		return bkt_fail(err, BKT_E_FORMAT, "frontier is too large");
	if (bytes.len != SIZE_BYTES + popcount(f.size) * sizeof(f.node[0]))
		return bkt_fail(err, BKT_E_FORMAT,
		    "frontier has %zu bytes, which does not fit its size",
		    bytes.len);
	if (f.size > 0)
		memcpy(f.node, bytes.ptr + SIZE_BYTES, bytes.len - SIZE_BYTES);
	*out = f;
	return BKT_OK;
}

enum bkt_status bkt_merkle_root(const struct bkt_sha256 *leaves, uint64_t n,
    struct bkt_sha256 *out, struct bkt_err *err)
{
	struct bkt_frontier f;

	bkt_frontier_init(&f);
	for (uint64_t i = 0; i < n; i++)
		BKT_TRY(bkt_frontier_append(&f, &leaves[i], err));
	return bkt_frontier_root(&f, out, err);
}
