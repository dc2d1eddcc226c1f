/* Entry bytes as a package or a commit brings them. */
#include "bukti/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bkt_entry e;
	struct bkt_err err;
	enum bkt_status st;
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 16);

	bkt_buf_init(&out, 1 << 16);
	if (!arena)
		return 0;
	st = bkt_entry_parse(BKT_SPAN(data, size), arena, &e, &err);
	BKT_ASSERT(st == BKT_OK || st == BKT_E_FORMAT);
	if (st != BKT_OK)
		return 0;
	BKT_ASSERT(bkt_entry_print(&e, &out, &err) == BKT_OK);
	BKT_ASSERT(bkt_span_eq(bkt_buf_span(&out), BKT_SPAN(data, size)));
	return 0;
}
