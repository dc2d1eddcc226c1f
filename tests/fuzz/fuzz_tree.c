/*
 * Two tree objects, the length of the first in front. What is read strictly
 * is sorted, safe and made of its entries and nothing else; the comparison of
 * names is an order.
 */
#include <string.h>

#include "../../core/gitdb/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* names of a tree that was read to its end; -1: it is malformed */
static int read_tree(struct bkt_span raw, struct tree_entry *last)
{
	struct tree_entry e, before = { 0 };
	struct tree_iter it;
	size_t n_bytes = 0;
	bool got = true;
	int n = 0;

	tree_iter_init(&it, raw);
	for (;;) {
		if (tree_next(&it, &e, &got, NULL) != BKT_OK)
			return -1;
		if (!got)
			break;
		BKT_ASSERT(tree_name_safe(e.name));
		BKT_ASSERT(!memchr(e.name.ptr, '/', e.name.len));
		if (n++ > 0) {
			BKT_ASSERT(tree_name_cmp(before.name, before.dir,
				       e.name, e.dir) < 0);
			BKT_ASSERT(tree_name_cmp(e.name, e.dir, before.name,
				       before.dir) > 0);
		}
		n_bytes += (e.dir ? 6 : 7) + e.name.len + 1 + BKT_OID_LEN;
		before = e;
	}
	BKT_ASSERT(n_bytes == raw.len);
	if (n > 0)
		*last = before;
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tree_entry a, b;
	size_t first;

	if (size < 2)
		return 0;
	first = (size_t)data[0] << 8 | data[1];
	data += 2;
	size -= 2;
	if (first > size)
		first = size;
	if (read_tree(BKT_SPAN(data, first), &a) > 0 &&
	    read_tree(BKT_SPAN(data + first, size - first), &b) > 0) {
		int c = tree_name_cmp(a.name, a.dir, b.name, b.dir);
		int d = tree_name_cmp(b.name, b.dir, a.name, a.dir);

		BKT_ASSERT((c < 0) == (d > 0) && (c == 0) == (d == 0));
		BKT_ASSERT((c == 0) ==
			   (a.dir == b.dir && bkt_span_eq(a.name, b.name)));
	}
	return 0;
}
