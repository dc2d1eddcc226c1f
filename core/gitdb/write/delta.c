#include "combine.h"

#include <string.h>

#include "../tree.h"

/*
 * A tree as a difference from an earlier state of itself (gitformat-pack(5),
 * "Deltified representation"). Whole entries are copied or inserted: both
 * trees are sorted alike, so one pass over both finds all that can be copied.
 */

#define COPY_MAX ((size_t)0xffff)
#define INSERT_MAX ((size_t)127)

/* what is not yet put out: a run of base or a run of target */
struct encoder {
	const uint8_t *base, *target;
	size_t copy_at, copy_len;
	size_t insert_at, insert_len;
	struct bkt_buf *out;
};

void pack_delta_size(struct bkt_buf *out, size_t n)
{
	while (n >= 0x80) {
		bkt_buf_chr(out, (char)((n & 0x7f) | 0x80));
		n >>= 7;
	}
	bkt_buf_chr(out, (char)n);
}

void pack_delta_copy(struct bkt_buf *out, size_t at, size_t len)
{
	uint8_t op[8] = { 0x80 };
	size_t n = 1;

	for (unsigned i = 0; i < 4; i++) {
		uint8_t b = (uint8_t)(at >> (8 * i));

		if (b) {
			op[0] |= (uint8_t)(1U << i);
			op[n++] = b;
		}
	}
	for (unsigned i = 0; i < 2; i++) {
		uint8_t b = (uint8_t)(len >> (8 * i));

		if (b) {
			op[0] |= (uint8_t)(0x10U << i);
			op[n++] = b;
		}
	}
	bkt_buf_add(out, op, n);
}

static void flush(struct encoder *e)
{
	while (e->copy_len > 0) {
		size_t n = e->copy_len < COPY_MAX ? e->copy_len : COPY_MAX;

		pack_delta_copy(e->out, e->copy_at, n);
		e->copy_at += n;
		e->copy_len -= n;
	}
	while (e->insert_len > 0) {
		size_t n =
		    e->insert_len < INSERT_MAX ? e->insert_len : INSERT_MAX;

		bkt_buf_chr(e->out, (char)n);
		bkt_buf_add(e->out, e->target + e->insert_at, n);
		e->insert_at += n;
		e->insert_len -= n;
	}
}

static void copy(struct encoder *e, size_t at, size_t len)
{
	if (e->insert_len > 0 || e->copy_at + e->copy_len != at)
		flush(e);
	if (e->copy_len == 0)
		e->copy_at = at;
	e->copy_len += len;
}

static void insert(struct encoder *e, size_t at, size_t len)
{
	if (e->copy_len > 0)
		flush(e);
	if (e->insert_len == 0)
		e->insert_at = at;
	e->insert_len += len;
}

/* one side: the entry ahead and where its bytes lie */
struct ahead {
	struct tree_iter it;
	struct tree_entry e;
	size_t from, to;
	const uint8_t *start;
	bool got;
};

static bool step(struct ahead *a)
{
	a->from = a->to;
	if (tree_next(&a->it, &a->e, &a->got, NULL) != BKT_OK)
		return false;
	if (a->got)
		a->to = (size_t)(a->e.name.ptr - a->start) + a->e.name.len + 1 +
			BKT_OID_LEN;
	return true;
}

static bool open_side(struct ahead *a, struct bkt_span raw)
{
	memset(a, 0, sizeof(*a));
	a->start = raw.ptr;
	tree_iter_init(&a->it, raw);
	return step(a);
}

bool combine_tree_delta(
    struct bkt_span base, struct bkt_span target, struct bkt_buf *out)
{
	struct encoder e = { .base = base.ptr, .target = target.ptr };
	struct ahead b, t;

	bkt_buf_clear(out);
	e.out = out;
	pack_delta_size(out, base.len);
	pack_delta_size(out, target.len);
	if (!open_side(&b, base) || !open_side(&t, target))
		return false;
	while (t.got) {
		int c =
		    b.got ? tree_name_cmp(b.e.name, b.e.dir, t.e.name, t.e.dir)
			  : 1;

		if (c == 0 && bkt_oid_eq(&b.e.oid, &t.e.oid))
			copy(&e, b.from, b.to - b.from);
		else if (c >= 0)
			insert(&e, t.from, t.to - t.from);
		if (c <= 0 && !step(&b))
			return false;
		if (c >= 0 && !step(&t))
			return false;
	}
	flush(&e);
	return bkt_buf_check(out, NULL) == BKT_OK;
}
