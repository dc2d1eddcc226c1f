/*
 * Nothing is shown of a log whose newest commit the store did not make: who can
 * push or write with plain git could otherwise put entries before people's
 * eyes that no gate let in. Looked at once for each new head; the index stands
 * only at heads that passed.
 */
#include "private.h"

#include <string.h>

/* whatever is wrong with it: the log is not what the store made */
enum bkt_status store_refuse(struct bkt_err *err, enum bkt_status st)
{
	if (!bkt_is_verdict(st))
		return st;
	if (err)
		err->status = BKT_E_TAMPERED;
	bkt_err_hint(
	    err, "nothing of it is shown; what is wrong: bukti verify --cold");
	return BKT_E_TAMPERED;
}

/* the index stands only where the head was the store's own */
static void name_last_good(const bkt_store *s, struct bkt_err *why)
{
	struct bkt_frontier f;
	struct bkt_oid at;
	char hex[41];

	if (!s->index || store_standing(s->index, &at, &f, NULL) != BKT_OK ||
	    bkt_oid_is_zero(&at))
		return;
	bkt_oid_hex(&at, hex);
	bkt_err_hint(why,
	    "nothing of it is shown; what is wrong: bukti verify --cold; the "
	    "last head that was the store's own here is commit %s",
	    hex);
}

static enum bkt_status refuse(const bkt_store *s, struct bkt_err *why,
    enum bkt_status st, struct bkt_err *err)
{
	if (bkt_is_verdict(st))
		(void)bkt_fail_context(why, st,
		    "the newest commit of the log is damaged or not the "
		    "store's own");
	st = store_refuse(why, st);
	if (st == BKT_E_TAMPERED)
		name_last_good(s, why);
	if (err)
		*err = *why;
	return st;
}

enum bkt_status store_head(bkt_store *s, struct bkt_err *err)
{
	struct bkt_err why = { 0 };
	enum bkt_status st =
	    bkt_ledger_head_unverified(s->ledger, &s->head, &why);

	if (st == BKT_OK)
		return BKT_OK;
	return refuse(s, &why, st, err);
}

static enum bkt_status take_key(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct bkt_note_key *out = ctx;
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 22);
	struct bkt_record *rec;

	if (!arena)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	BKT_TRY(bkt_record_parse(e->bytes, arena, &rec, err));
	if (rec->kind != BKT_KIND_INSTITUTION)
		return bkt_fail(
		    err, BKT_E_FORMAT, "institution.json is of another kind");
	return bkt_note_key_parse(rec->u.institution.note_key, out, err);
}

/* the log's first record names the key, and no later one may change it */
static enum bkt_status first_key(bkt_store *s, const struct bkt_oid *genesis,
    struct bkt_note_key *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free)
	bkt_arena *arena = bkt_arena_new((size_t)1 << 30);
	struct bkt_batch b;
	const struct bkt_record *rec;

	if (!arena)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	BKT_TRY(
	    bkt_batch_read(bkt_ledger_git(s->ledger), genesis, arena, &b, err));
	rec = b.entries[0].sub.parsed;
	if (rec->kind != BKT_KIND_INSTITUTION)
		return bkt_fail(err, BKT_E_FORMAT,
		    "the log does not begin with the institution");
	return bkt_note_key_parse(rec->u.institution.note_key, out, err);
}

enum bkt_status store_vouch(
    bkt_store *s, const struct bkt_oid *genesis, struct bkt_err *err)
{
	struct bkt_err why = { 0 };
	struct bkt_note_key key;
	enum bkt_status st;

	/* as of the head before, which passed */
	if (genesis)
		st = first_key(s, genesis, &key, &why);
	else
		st = bkt_index_at(
		    s->index, "institution.json", take_key, &key, &why);
	if (st == BKT_OK)
		st = bkt_ledger_head_signed(s->ledger, &s->head, &key, &why);
	if (st == BKT_OK)
		return BKT_OK;
	return refuse(s, &why, st, err);
}

enum bkt_status store_vouch_frontier(
    const bkt_store *s, const struct bkt_frontier *f, struct bkt_err *err)
{
	struct bkt_sha256 root;

	BKT_TRY(bkt_frontier_root(f, &root, err));
	if (f->size == s->head.checkpoint.size &&
	    bkt_sha256_eq(&root, &s->head.checkpoint.root))
		return BKT_OK;
	(void)bkt_fail(
	    err, BKT_E_TAMPERED, "the log does not lead to its own checkpoint");
	bkt_err_hint(err, "bukti verify --cold tells where it breaks");
	return BKT_E_TAMPERED;
}
