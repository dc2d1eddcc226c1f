/* Records on their way to a person's key. */
#include "private.h"

#include <string.h>

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

struct before { /* what is current at the path */
	bkt_arena *arena;
	struct bkt_sha256 sha256;
	struct bkt_record *rec;
};

static enum bkt_status keep_before(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct before *b = ctx;

	b->sha256 = e->record;
	return bkt_record_parse(e->bytes, b->arena, &b->rec, err);
}

enum bkt_status store_hands(struct bkt_record *r, struct bkt_record *before,
    bkt_arena *arena, struct bkt_err *err)
{
	struct bkt_strs *hands = bkt_record_hands(r);

	if (!hands)
		return BKT_OK;
	return bkt_hands_wanted(
	    r, before ? bkt_record_hands(before) : NULL, arena, hands, err);
}

static int by_word(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum bkt_status copy_by(struct bkt_record *r, const char *const *by,
    size_t n, bkt_arena *arena, struct bkt_err *err)
{
	const char **copy = bkt_arena_alloc(arena, (n + 1) * sizeof(*copy));

	if (!copy)
		return nomem(err);
	for (size_t i = 0; i < n; i++) {
		copy[i] = bkt_arena_strdup(arena, by[i]);
		if (!copy[i])
			return nomem(err);
	}
	for (size_t i = 1; i < n; i++) {
		for (size_t k = i; k > 0 && by_word(&copy[k - 1], &copy[k]) > 0;
		     k--) {
			const char *swap = copy[k];

			copy[k] = copy[k - 1];
			copy[k - 1] = swap;
		}
	}
	r->by = (struct bkt_strs){ copy, n };
	return BKT_OK;
}

enum bkt_status bkt_store_prepare(bkt_store *s, struct bkt_record *r,
    const char *const *by, size_t n_by, int64_t at_utc_s, bkt_arena *arena,
    struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf scratch = { 0 };
	char hex[BKT_SHA256_HEX + 1];
	struct before b = { .arena = arena };
	enum bkt_status st;

	bkt_buf_init(&scratch, BKT_RECORD_MAX);
	r->store = s->origin;
	r->at_utc_s = at_utc_s;
	BKT_TRY(copy_by(r, by, n_by, arena, err));
	if (!r->path) {
		/* printing computes it */
		r->prev = "";
		BKT_TRY(store_hands(r, NULL, arena, err));
		BKT_TRY(bkt_record_print(r, arena, &scratch, err));
	}
	st = bkt_index_at(s->index, r->path, keep_before, &b, err);
	if (st != BKT_OK && st != BKT_E_NOTFOUND)
		return st;
	BKT_TRY(store_hands(r, b.rec, arena, err));
	if (!b.rec) {
		r->prev = "";
		return BKT_OK;
	}
	bkt_hex(b.sha256.b, BKT_SHA256_LEN, hex);
	r->prev = bkt_arena_strdup(arena, hex);
	return r->prev ? BKT_OK : nomem(err);
}

static const struct bkt_hand *hand_of(
    const struct bkt_hand *hands, size_t n, const char *member)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(hands[i].member, member) == 0)
			return &hands[i];
	}
	return NULL;
}

static enum bkt_status into_arena(bkt_arena *arena, const struct bkt_buf *b,
    struct bkt_span *out, struct bkt_err *err)
{
	uint8_t *copy;

	BKT_TRY(bkt_buf_check(b, err));
	copy = bkt_arena_alloc(arena, b->len + 1);
	if (!copy)
		return nomem(err);
	memcpy(copy, b->ptr, b->len);
	*out = BKT_SPAN(copy, b->len);
	return BKT_OK;
}

static enum bkt_status seal_one(const struct bkt_hand *hand,
    const struct bkt_sha256 *content, int64_t at_utc_s, bkt_arena *arena,
    struct bkt_sealed *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf p7s = { 0 };

	bkt_buf_init(&p7s, BKT_SEAL_MAX);
	BKT_TRY(bkt_seal_make(hand->signer, content, at_utc_s, &p7s, err));
	out->member = hand->member;
	return into_arena(arena, &p7s, &out->p7s, err);
}

enum bkt_status bkt_store_seal(struct bkt_record *r,
    const struct bkt_hand *hands, size_t n_hands, bkt_arena *arena,
    struct bkt_submission *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { 0 };
	struct bkt_submission sub = { .n_seals = 0 };
	struct bkt_sha256 content;

	bkt_buf_init(&bytes, BKT_RECORD_MAX);
	BKT_TRY(bkt_record_print(r, arena, &bytes, err));
	BKT_TRY(into_arena(arena, &bytes, &sub.record, err));
	BKT_TRY(bkt_sha256_of(sub.record, &content, err));
	sub.seals = bkt_arena_alloc(arena, (r->by.n + 1) * sizeof(*sub.seals));
	if (!sub.seals)
		return nomem(err);
	for (size_t i = 0; i < r->by.n; i++) {
		const struct bkt_hand *hand =
		    hand_of(hands, n_hands, r->by.v[i]);

		/* a proposal starts with the hands that are there */
		if (!hand)
			continue;
		BKT_TRY(seal_one(hand, &content, r->at_utc_s, arena,
		    &sub.seals[sub.n_seals], err));
		sub.n_seals++;
	}
	if (sub.n_seals == 0)
		return bkt_fail(err, BKT_E_USAGE, "nobody is here to sign");
	*out = sub;
	return BKT_OK;
}
