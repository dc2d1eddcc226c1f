#include "node.h"

#include <string.h>

#include "bukti/crypto.h"

#define PREFIX_LEAF 0x00
#define PREFIX_NODE 0x01
#define SMALL_LEAF 2048 /* an entry fits */

enum bkt_status bkt_merkle_leaf(
    struct bkt_span bytes, struct bkt_sha256 *out, struct bkt_err *err)
{
	uint8_t prefix = PREFIX_LEAF;
	uint8_t small[1 + SMALL_LEAF];
	struct bkt_sha256 h;
	BKT_AUTO(bkt_hash_free) bkt_hash *hash = NULL;

	if (bytes.len <= SMALL_LEAF) {
		small[0] = prefix;
		if (bytes.len > 0)
			memcpy(small + 1, bytes.ptr, bytes.len);
		return bkt_sha256_of(BKT_SPAN(small, bytes.len + 1), out, err);
	}
	BKT_TRY(bkt_hash_new(BKT_HASH_SHA256, &hash, err));
	BKT_TRY(bkt_hash_update(hash, &prefix, 1, err));
	BKT_TRY(bkt_hash_update(hash, bytes.ptr, bytes.len, err));
	BKT_TRY(bkt_hash_final(hash, h.b, err));
	*out = h;
	return BKT_OK;
}

enum bkt_status merkle_node(const struct bkt_sha256 *left,
    const struct bkt_sha256 *right, struct bkt_sha256 *out, struct bkt_err *err)
{
	uint8_t both[1 + 2 * BKT_SHA256_LEN];

	both[0] = PREFIX_NODE;
	memcpy(both + 1, left->b, BKT_SHA256_LEN);
	memcpy(both + 1 + BKT_SHA256_LEN, right->b, BKT_SHA256_LEN);
	return bkt_sha256_of(BKT_SPAN(both, sizeof(both)), out, err);
}

enum bkt_status merkle_empty(struct bkt_sha256 *out, struct bkt_err *err)
{
	return bkt_sha256_of(BKT_SPAN("", 0), out, err);
}
