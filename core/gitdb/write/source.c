#include "combine.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW_BYTES ((size_t)64 * 1024)
#define IDX_HEADER UINT64_C(1032) /* magic, version, fan-out */
#define HEAD_MAX 40

enum bkt_status combine_peek(struct combine *c, size_t source, uint64_t at,
    size_t n, struct bkt_span *out, struct bkt_err *err)
{
	struct combine_source *s = &c->source[source];
	size_t skip;

	if (n > WINDOW_BYTES)
		n = WINDOW_BYTES;
	if (c->window_of != source || at < s->window_at ||
	    at + n > s->window_at + s->window_len) {
		size_t got;

		c->window_of = SIZE_MAX;
		BKT_TRY(bkt_file_pread(
		    s->fd, at, c->window, WINDOW_BYTES, &got, err));
		c->window_of = source;
		s->window_at = at;
		s->window_len = got;
	}
	skip = (size_t)(at - s->window_at);
	if (n > s->window_len - skip)
		n = s->window_len - skip;
	*out = BKT_SPAN(c->window + skip, n);
	return BKT_OK;
}

static bool take_type_size(struct bkt_span *in, struct combine_head *h)
{
	unsigned shift = 4;
	uint8_t b;

	if (in->len == 0)
		return false;
	b = *in->ptr;
	h->type = (b >> 4) & 7;
	h->size_bytes = b & 15;
	*in = BKT_SPAN(in->ptr + 1, in->len - 1);
	while (b & 0x80) {
		if (in->len == 0 || shift > 53)
			return false;
		b = *in->ptr;
		h->size_bytes |= (uint64_t)(b & 0x7f) << shift;
		shift += 7;
		*in = BKT_SPAN(in->ptr + 1, in->len - 1);
	}
	return true;
}

static bool take_back(struct bkt_span *in, uint64_t *out)
{
	uint64_t v = 0;
	uint8_t b = 0x80;

	for (unsigned i = 0; b & 0x80; i++) {
		if (in->len == 0 || v >> 54)
			return false;
		b = *in->ptr;
		v = (i ? (v + 1) << 7 : 0) | (b & 0x7f);
		*in = BKT_SPAN(in->ptr + 1, in->len - 1);
	}
	*out = v;
	return true;
}

enum bkt_status combine_head_at(struct combine *c, size_t source, uint64_t at,
    struct combine_head *out, struct bkt_err *err)
{
	struct combine_head h = { 0 };
	struct bkt_span in;
	size_t given;
	bool ok;

	BKT_TRY(combine_peek(c, source, at, HEAD_MAX, &in, err));
	given = in.len;
	ok = take_type_size(&in, &h);
	if (ok && h.type == PACK_OFS_DELTA)
		ok = take_back(&in, &h.back) && h.back > 0 && h.back < at;
	if (ok && h.type == PACK_REF_DELTA) {
		ok = in.len >= BKT_OID_LEN;
		if (ok) {
			memcpy(h.base.b, in.ptr, BKT_OID_LEN);
			in.len -= BKT_OID_LEN;
		}
	}
	if (!ok || h.type == 0 || h.type == 5)
		return bkt_fail(
		    err, BKT_E_TAMPERED, "a pack has a damaged object");
	h.len_bytes = given - in.len;
	*out = h;
	return BKT_OK;
}

/* ---- loading ----------------------------------------------------------- */

/* one row of an index */
struct row {
	uint64_t at;
	struct bkt_oid oid;
	uint32_t crc;
};

struct rows {
	struct row *v;
	size_t n;
};

static void rows_release(struct rows *r)
{
	bkt_free(r->v);
}
BKT_AUTO_RELEASE(struct rows, rows_release);

static int by_offset(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

static uint32_t u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static enum bkt_status cut(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_TAMPERED, "index of a pack is damaged");
}

static enum bkt_status take_offset(const uint8_t *idx, size_t idx_len, size_t n,
    size_t i, uint64_t *out, struct bkt_err *err)
{
	size_t table = (size_t)IDX_HEADER + n * 24;
	uint32_t small = u32(idx + table + i * 4);
	size_t large;

	*out = small;
	if (!(small & 0x80000000U))
		return BKT_OK;
	large = table + n * 4 + (size_t)(small & 0x7fffffffU) * 8;
	if (large + 8 + 2 * BKT_OID_LEN > idx_len)
		return cut(err);
	*out = (uint64_t)u32(idx + large) << 32 | u32(idx + large + 4);
	return BKT_OK;
}

static enum bkt_status read_rows(
    const char *path, size_t n, struct rows *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b = { 0 };

	bkt_buf_init(&b, (size_t)IDX_HEADER + n * 36 + 2 * BKT_OID_LEN);
	BKT_TRY(bkt_file_slurp(path, &b, err));
	if (b.len < IDX_HEADER + n * 28 + 2 * BKT_OID_LEN)
		return cut(err);
	out->v = bkt_malloc((n ? n : 1) * sizeof(*out->v));
	if (!out->v)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for an index");
	out->n = n;
	for (size_t i = 0; i < n; i++) {
		struct row *r = &out->v[i];

		memcpy(r->oid.b, b.ptr + IDX_HEADER + i * BKT_OID_LEN,
		    BKT_OID_LEN);
		r->crc = u32(b.ptr + IDX_HEADER + n * BKT_OID_LEN + i * 4);
		BKT_TRY(take_offset(b.ptr, b.len, n, i, &r->at, err));
	}
	qsort(out->v, n, sizeof(*out->v), by_offset);
	return BKT_OK;
}

static enum bkt_status item_room(struct combine *c, struct bkt_err *err)
{
	struct combine_item *v;

	if (c->set.n < c->item_cap)
		return BKT_OK;
	c->item_cap = c->item_cap ? c->item_cap + c->item_cap / 4 : 1024;
	v = bkt_realloc(c->item, c->item_cap * sizeof(*v));
	if (!v)
		return bkt_fail(
		    err, BKT_E_NOMEM, "no memory for the list of objects");
	c->item = v;
	return BKT_OK;
}

/* the base lies before it in the same pack, so it is in the set already */
static enum bkt_status base_at(const struct combine *c, const struct rows *rows,
    uint64_t at, uint32_t *out, struct bkt_err *err)
{
	struct row key = { .at = at };
	const struct row *r =
	    bsearch(&key, rows->v, rows->n, sizeof(key), by_offset);

	*out = r ? pack_set_find(&c->set, &r->oid) : 0;
	if (*out == 0)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "a pack has a delta of nothing at all");
	return BKT_OK;
}

static enum bkt_status load_row(struct combine *c, size_t source,
    const struct rows *rows, size_t i, struct bkt_err *err)
{
	const struct row *r = &rows->v[i];
	uint64_t end = i + 1 < rows->n
			   ? rows->v[i + 1].at
			   : c->source[source].size_bytes - BKT_OID_LEN;
	struct pack_entry e = { .oid = r->oid, .crc = r->crc };
	struct combine_item item = { .at = r->at, .source = (uint16_t)source };
	struct combine_head h;

	if (pack_set_find(&c->set, &r->oid))
		return BKT_OK;
	if (end <= r->at || end - r->at > UINT32_MAX ||
	    end > c->source[source].size_bytes)
		return cut(err);
	item.len_bytes = (uint32_t)(end - r->at);
	BKT_TRY(combine_head_at(c, source, r->at, &h, err));
	if (h.len_bytes > item.len_bytes)
		return cut(err);
	item.type = (uint8_t)h.type;
	if (h.type == PACK_OFS_DELTA)
		BKT_TRY(base_at(c, rows, r->at - h.back, &item.base, err));
	BKT_TRY(item_room(c, err));
	c->item[c->set.n] = item;
	return pack_set_add(&c->set, &e, err);
}

enum bkt_status combine_load(struct combine *c, const struct combine_pack *pack,
    bkt_arena *arena, struct bkt_err *err)
{
	BKT_AUTO(rows_release) struct rows rows = { 0 };
	const char *dir = c->g->pack_dir;
	struct combine_source *s = &c->source[c->n_sources];
	struct bkt_file_info info;
	char *idx, *path;

	idx = bkt_arena_printf(arena, "%s/%s.idx", dir, pack->stem);
	path = bkt_arena_printf(arena, "%s/%s.pack", dir, pack->stem);
	if (!idx || !path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	BKT_TRY(bkt_file_open(path, &s->fd, &info, err));
	s->size_bytes = info.size_bytes;
	c->n_sources++;
	if (s->size_bytes < 2 * BKT_OID_LEN)
		return cut(err);
	BKT_TRY(read_rows(idx, (size_t)pack->n_objects, &rows, err));
	for (size_t i = 0; i < rows.n; i++)
		BKT_TRY(load_row(c, c->n_sources - 1, &rows, i, err));
	return BKT_OK;
}

enum bkt_status combine_resolve(struct combine *c, struct bkt_err *err)
{
	for (size_t i = 0; i < c->set.n; i++) {
		struct combine_item *item = &c->item[i];
		struct combine_head h;

		if (item->type != PACK_REF_DELTA)
			continue;
		BKT_TRY(combine_head_at(c, item->source, item->at, &h, err));
		item->base = pack_set_find(&c->set, &h.base);
		if (item->base == 0)
			return bkt_fail(err, BKT_E_TAMPERED,
			    "a pack has a delta of nothing at all");
	}
	return BKT_OK;
}
