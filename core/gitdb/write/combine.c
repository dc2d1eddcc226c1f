#include "combine.h"

#include <string.h>

#define WINDOW_BYTES ((size_t)64 * 1024)
/* bounds the work of a reader that comes to an object without its history */
#define CHAIN_MAX 32
#define DELTAS_BYTES ((size_t)8 * 1024 * 1024)

static void combine_release(struct combine *c)
{
	for (size_t i = 0; i < c->n_sources; i++)
		bkt_fd_close(c->source[i].fd);
	pack_out_release(&c->out);
	pack_set_release(&c->set);
	bkt_buf_release(&c->delta);
	bkt_buf_release(&c->deltas);
	bkt_free(c->item);
	bkt_free(c->stack);
	bkt_free(c->window);
	bkt_free(c->source);
}
BKT_AUTO_RELEASE(struct combine, combine_release);

/* the object taken apart and stored whole */
static enum bkt_status put_whole(
    struct combine *c, const struct bkt_oid *oid, struct bkt_err *err)
{
	BKT_AUTO(gitdb_obj_free) gitdb_obj *obj = NULL;
	struct bkt_span s;

	BKT_TRY(
	    gitdb_object(c->g, oid, GITDB_ANY_TYPE, GITDB_TREE_MAX, &obj, err));
	s = gitdb_obj_span(obj);
	BKT_TRY(pack_out_begin(
	    &c->out, (unsigned)gitdb_obj_type(obj), s.len, 0, err));
	return pack_out_deflate(&c->out, s, err);
}

/* the compressed bytes as they are, below a head that may be another */
static enum bkt_status put_copy(
    struct combine *c, size_t i, uint64_t back, struct bkt_err *err)
{
	const struct combine_item *item = &c->item[i];
	unsigned type = back ? PACK_OFS_DELTA : item->type;
	uLong crc = crc32(0, NULL, 0);
	struct combine_head h;
	struct bkt_span s;

	BKT_TRY(combine_head_at(c, item->source, item->at, &h, err));
	BKT_TRY(pack_out_begin(&c->out, type, h.size_bytes, back, err));
	for (size_t done = 0; done < item->len_bytes; done += s.len) {
		size_t skip = done < h.len_bytes ? h.len_bytes : 0;

		BKT_TRY(combine_peek(c, item->source, item->at + done,
		    item->len_bytes - done, &s, err));
		if (s.len == 0 || s.len < skip)
			return bkt_fail(err, BKT_E_TAMPERED, "a pack was cut");
		crc = crc32(crc, s.ptr, (uInt)s.len);
		BKT_TRY(pack_out_raw(&c->out, s.ptr + skip, s.len - skip, err));
	}
	if ((uint32_t)crc != c->set.v[i].crc)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "an object in a pack has other bytes than were written");
	return BKT_OK;
}

/* made before, or made now of both trees; @p out empty: there is none */
static enum bkt_status find_delta(struct combine *c, size_t i, size_t base,
    struct bkt_span *out, struct bkt_err *err)
{
	BKT_AUTO(gitdb_obj_free) gitdb_obj *a = NULL;
	BKT_AUTO(gitdb_obj_free) gitdb_obj *b = NULL;
	const struct combine_item *item = &c->item[i];

	*out = BKT_SPAN(NULL, 0);
	if (item->delta_len > 0) {
		*out =
		    BKT_SPAN(c->deltas.ptr + item->delta_at, item->delta_len);
		return BKT_OK;
	}
	BKT_TRY(gitdb_object(
	    c->g, &c->set.v[base].oid, BKT_GIT_TREE, GITDB_TREE_MAX, &a, err));
	BKT_TRY(gitdb_object(
	    c->g, &c->set.v[i].oid, BKT_GIT_TREE, GITDB_TREE_MAX, &b, err));
	if (combine_tree_delta(gitdb_obj_span(a), gitdb_obj_span(b), &c->delta))
		*out = bkt_buf_span(&c->delta);
	return BKT_OK;
}

/* @p done false when a delta would not be small */
static enum bkt_status put_delta(struct combine *c, size_t i, size_t base,
    uint64_t back, bool *done, struct bkt_err *err)
{
	struct combine_head h;
	struct bkt_span s;

	*done = false;
	BKT_TRY(combine_head_at(c, c->item[i].source, c->item[i].at, &h, err));
	BKT_TRY(find_delta(c, i, base, &s, err));
	if (s.len == 0 || s.len > h.size_bytes / 2)
		return BKT_OK;
	*done = true;
	BKT_TRY(pack_out_begin(&c->out, PACK_OFS_DELTA, s.len, back, err));
	return pack_out_deflate(&c->out, s, err);
}

static enum bkt_status put_item(
    struct combine *c, size_t i, struct bkt_err *err)
{
	struct combine_item *item = &c->item[i];
	struct pack_entry *e = &c->set.v[i];
	uint64_t at = pack_out_at(&c->out), back = 0;
	bool was_delta = item->type >= PACK_OFS_DELTA, done = false;
	size_t base = item->base - (size_t)1;

	if (item->base && c->item[base].state == ITEM_DONE &&
	    c->item[base].depth < CHAIN_MAX)
		back = at - c->set.v[base].offset;
	if (was_delta && !back)
		BKT_TRY(put_whole(c, &e->oid, err));
	else if (was_delta)
		BKT_TRY(put_copy(c, i, back, err));
	else if (back)
		BKT_TRY(put_delta(c, i, base, back, &done, err));
	if (!was_delta && !done) {
		BKT_TRY(put_copy(c, i, 0, err));
		back = 0;
	}
	item->depth = back ? (uint8_t)(c->item[base].depth + 1) : 0;
	item->state = ITEM_DONE;
	e->offset = at;
	e->crc = (uint32_t)c->out.crc;
	return BKT_OK;
}

/* an object after all that it is a delta of */
static enum bkt_status put_with_bases(
    struct combine *c, size_t i, struct bkt_err *err)
{
	size_t n = 0;

	c->stack[n++] = (uint32_t)i;
	while (n > 0) {
		size_t top = c->stack[n - 1];
		struct combine_item *item = &c->item[top];
		size_t base = item->base - (size_t)1;

		if (item->state == ITEM_NEW && item->base &&
		    c->item[base].state == ITEM_NEW) {
			item->state = ITEM_BUSY;
			c->stack[n++] = (uint32_t)base;
			continue;
		}
		/* a base that is busy is its own delta: not used */
		if (item->state != ITEM_DONE)
			BKT_TRY(put_item(c, top, err));
		n--;
	}
	return BKT_OK;
}

static enum bkt_status put_loose(
    struct combine *c, const struct bkt_oid *oid, struct bkt_err *err)
{
	struct pack_entry e = { .oid = *oid, .offset = pack_out_at(&c->out) };

	if (pack_set_find(&c->set, oid))
		return BKT_OK;
	BKT_TRY(put_whole(c, oid, err));
	e.crc = (uint32_t)c->out.crc;
	return pack_set_add(&c->set, &e, err);
}

static enum bkt_status load_all(struct combine *c,
    const struct combine_pack *packs, size_t n_packs, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1024 * 1024);

	c->window = bkt_malloc(WINDOW_BYTES);
	c->source = bkt_calloc(n_packs + 1, sizeof(*c->source));
	if (!arena || !c->window || !c->source || n_packs > UINT16_MAX)
		return bkt_fail(err, BKT_E_NOMEM, "no memory to combine packs");
	for (size_t i = 0; i < n_packs; i++) {
		bkt_arena_clear(arena);
		BKT_TRY(combine_load(c, &packs[i], arena, err));
	}
	BKT_TRY(combine_resolve(c, err));
	c->stack = bkt_malloc((c->set.n + 1) * sizeof(*c->stack));
	if (!c->stack)
		return bkt_fail(err, BKT_E_NOMEM, "no memory to combine packs");
	return combine_pairs(c, err);
}

enum bkt_status combine_packs(const bkt_gitdb *g,
    const struct combine_pack *packs, size_t n_packs,
    const struct bkt_oid *loose, size_t n_loose, char stem[48],
    struct bkt_err *err)
{
	BKT_AUTO(combine_release) struct combine c = { .g = g };
	size_t n_packed;

	c.out.fd = -1;
	c.window_of = SIZE_MAX;
	bkt_buf_init(&c.delta, GITDB_TREE_MAX);
	bkt_buf_init(&c.deltas, DELTAS_BYTES);
	BKT_TRY(load_all(&c, packs, n_packs, err));
	BKT_TRY(pack_out_open(&c.out, g->pack_dir, err));
	n_packed = c.set.n;
	for (size_t i = 0; i < n_packed; i++)
		BKT_TRY(put_with_bases(&c, i, err));
	for (size_t i = 0; i < n_loose; i++)
		BKT_TRY(put_loose(&c, &loose[i], err));
	return pack_out_finish(&c.out, &c.set, stem, err);
}
