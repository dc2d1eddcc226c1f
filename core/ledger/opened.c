#include "ledger_private.h"

#include <string.h>

/* the seals present are those of `by`, no more and no fewer */
static enum bkt_status check_signers(const struct bkt_record *rec,
    const struct bkt_submission *sub, struct bkt_err *err)
{
	if (sub->n_seals < rec->by.n)
		return bkt_fail(err, BKT_E_SEAL,
		    "%zu signatures for %zu signers named in by", sub->n_seals,
		    rec->by.n);
	if (sub->n_seals > rec->by.n)
		return bkt_fail(err, BKT_E_TRUST,
		    "%zu signatures, but by names %zu signers", sub->n_seals,
		    rec->by.n);
	for (size_t i = 0; i < sub->n_seals; i++) {
		if (strcmp(sub->seals[i].member, rec->by.v[i]) != 0)
			return bkt_fail(err, BKT_E_TRUST,
			    "signature by '%s' where by names '%s'",
			    sub->seals[i].member, rec->by.v[i]);
	}
	return BKT_OK;
}

static enum bkt_status check_owned(const struct bkt_record *rec,
    const struct bkt_submission *sub, bkt_arena *arena, struct bkt_err *err)
{
	struct bkt_strs want;

	BKT_TRY(bkt_record_owned(rec, arena, &want, err));
	if (want.n != sub->n_owned)
		return bkt_fail(err, BKT_E_FORMAT,
		    "%zu files beside the record, want %zu", sub->n_owned,
		    want.n);
	for (size_t i = 0; i < want.n; i++) {
		if (strcmp(want.v[i], sub->owned[i].path) != 0)
			return bkt_fail(err, BKT_E_FORMAT,
			    "file '%s' where the record owns '%s'",
			    sub->owned[i].path, want.v[i]);
	}
	return BKT_OK;
}

static enum bkt_status open_seals(const struct bkt_submission *sub,
    bkt_certs *certs, bkt_arena *arena, struct bkt_opened *o,
    struct bkt_err *err)
{
	size_t n = sub->n_seals;

	o->seals = bkt_arena_alloc(arena, n * sizeof(*o->seals));
	if (!o->seals)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	for (size_t i = 0; i < n; i++) {
		const bkt_cert *cert;
		enum bkt_status st;

		st = bkt_seal_parse(sub->seals[i].p7s, &o->seals[i], err);
		if (st == BKT_OK)
			st = ledger_cert(certs, o->seals[i].cert, &cert, err);
		if (st == BKT_OK)
			st = bkt_seal_verify(
			    &o->seals[i], &o->sha256, cert, err);
		if (st != BKT_OK)
			return bkt_fail_context(
			    err, st, "signature of '%s'", sub->seals[i].member);
	}
	return BKT_OK;
}

enum bkt_status bkt_submission_leaf(const struct bkt_submission *sub,
    const char *path, const struct bkt_sha256 *sha256, struct bkt_sha256 *leaf,
    struct bkt_err *err)
{
	struct bkt_entry_seal seals[BKT_SIGNERS_MAX];
	struct bkt_entry entry = {
		.path = path, .record = *sha256, .n_seals = sub->n_seals
	};
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { 0 };

	BKT_ASSERT(sub->n_seals <= BKT_SIGNERS_MAX);
	entry.seals = seals;
	for (size_t i = 0; i < sub->n_seals; i++) {
		seals[i].member = sub->seals[i].member;
		BKT_TRY(bkt_sha256_of(sub->seals[i].p7s, &seals[i].p7s, err));
	}
	bkt_buf_init(&bytes, BKT_RECORD_MAX);
	BKT_TRY(bkt_entry_print(&entry, &bytes, err));
	return bkt_merkle_leaf(bkt_buf_span(&bytes), leaf, err);
}

enum bkt_status bkt_open_submission(const struct bkt_submission *sub,
    bkt_certs *certs, bkt_arena *arena, struct bkt_opened *out,
    struct bkt_err *err)
{
	struct bkt_opened o = { .sub = sub, .rec = sub->parsed };

	if (!o.rec)
		BKT_TRY(bkt_record_parse(sub->record, arena, &o.rec, err));
	BKT_TRY(bkt_sha256_of(sub->record, &o.sha256, err));
	BKT_TRY(check_signers(o.rec, sub, err));
	BKT_TRY(check_owned(o.rec, sub, arena, err));
	BKT_TRY(open_seals(sub, certs, arena, &o, err));
	BKT_TRY(bkt_submission_leaf(sub, o.rec->path, &o.sha256, &o.leaf, err));
	*out = o;
	return BKT_OK;
}
