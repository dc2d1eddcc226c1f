/* What is parsed as a commit of the profile prints as the same bytes. */
#include <string.h>

#include "bukti/gitdb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(32 << 20);
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;
	struct bkt_commit c;

	bkt_buf_init(&b, 32 << 20);
	if (!arena)
		return 0;
	if (bkt_commit_parse(BKT_SPAN(data, size), arena, &c, NULL) != BKT_OK)
		return 0;
	BKT_ASSERT(bkt_commit_print(&c, &b, NULL) == BKT_OK);
	BKT_ASSERT(bkt_span_eq(bkt_buf_span(&b), BKT_SPAN(data, size)));
	bkt_buf_clear(&b);
	c.signature = BKT_SPAN(NULL, 0);
	BKT_ASSERT(bkt_commit_print(&c, &b, NULL) == BKT_OK);
	BKT_ASSERT(bkt_span_eq(bkt_buf_span(&b), c.payload));
	return 0;
}
