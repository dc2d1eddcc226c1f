/* The index follows the log; it is derived and never believed. */
#include "private.h"

#include <string.h>

#define FEED_ROUND 2000 /* entries in one index transaction */
#define FRONTIER_TRIES 20

static const char *join_by(const struct bkt_strs *by, bkt_arena *arena)
{
	const char *all = by->n ? by->v[0] : "";

	for (size_t i = 1; all && i < by->n; i++)
		all = bkt_arena_printf(arena, "%s,%s", all, by->v[i]);
	return all;
}

static const char *of_path(const struct bkt_record *r, bkt_arena *arena)
{
	struct bkt_path_info w;

	bkt_path_classify(r->path, &w);
	return bkt_arena_printf(
	    arena, "%s%s%s", w.cycle, w.indicator[0] ? " " : "", w.indicator);
}

/* one line a person understands in a log */
static const char *summarize(const struct bkt_record *r, bkt_arena *arena)
{
	const char *where = of_path(r, arena);

	if (!where)
		return NULL;
	switch (r->kind) {
	case BKT_KIND_INSTITUTION:
		return bkt_arena_printf(
		    arena, "institution %s", r->u.institution.name);
	case BKT_KIND_ACCESS:
		return "access policy";
	case BKT_KIND_UNIT:
		return bkt_arena_printf(
		    arena, "unit %s (%s)", r->u.unit.unit, r->u.unit.state);
	case BKT_KIND_MEMBER:
		return bkt_arena_printf(arena, "member %s (%s)",
		    r->u.member.member, r->u.member.state);
	case BKT_KIND_RULEBOOK:
		return bkt_arena_printf(
		    arena, "rulebook %s", r->u.rulebook.rulebook);
	case BKT_KIND_CYCLE:
		return bkt_arena_printf(
		    arena, "cycle %s %s", r->u.cycle.cycle, r->u.cycle.state);
	case BKT_KIND_DOCUMENT:
		return bkt_arena_printf(arena, "document %s %s%s: %s (%s)",
		    r->u.document.document, r->u.document.type,
		    strcmp(r->u.document.state, "active") ? " withdrawn" : "",
		    r->u.document.title, r->u.document.file);
	case BKT_KIND_LINK:
		return bkt_arena_printf(arena, "%s %s %s",
		    strcmp(r->u.link.state, "active") ? "unlink" : "link",
		    where, r->u.link.document);
	case BKT_KIND_CLAIM:
		return bkt_arena_printf(
		    arena, "claim %s level %s", where, r->u.claim.level);
	case BKT_KIND_REVIEW:
		return bkt_arena_printf(arena, "%s %s %s%s%s",
		    r->u.review.decision, where, r->u.review.document,
		    r->u.review.cause ? " " : "",
		    r->u.review.cause ? r->u.review.cause : "");
	case BKT_KIND_RELEASE:
		return bkt_arena_printf(
		    arena, "release %s index %s", where, r->u.release.verified);
	case BKT_KIND_PACKAGE:
		return bkt_arena_printf(arena, "package %s number %llu", where,
		    (unsigned long long)r->u.package.number);
	case BKT_KIND_RESULT:
		return bkt_arena_printf(
		    arena, "result %s index %s", where, r->u.result.index);
	case BKT_KIND_REVOCATION:
		return bkt_arena_printf(arena, "revocation of %s (%s)",
		    r->u.revocation.member, r->u.revocation.reason);
	case BKT_KIND_HOLD:
		return bkt_arena_printf(
		    arena, "hold %s (%s)", r->u.hold.document, r->u.hold.state);
	case BKT_KIND_ERASURE:
		return bkt_arena_printf(
		    arena, "erasure %s", r->u.erasure.document);
	case BKT_N_KINDS:
		break;
	}
	return "";
}

/* what people look documents and links up by */
static size_t attributes(
    const struct bkt_record *r, struct bkt_index_attr out[6])
{
	size_t n = 0;

	if (r->kind == BKT_KIND_DOCUMENT) {
		const struct bkt_document *d = &r->u.document;

		out[n++] = (struct bkt_index_attr){ "content", d->sha256 };
		out[n++] = (struct bkt_index_attr){ "document", d->document };
		out[n++] = (struct bkt_index_attr){ "unit", d->unit };
		out[n++] = (struct bkt_index_attr){ "name", d->file };
		if (d->number && d->number[0])
			out[n++] =
			    (struct bkt_index_attr){ "number", d->number };
	} else if (r->kind == BKT_KIND_LINK) {
		out[n++] =
		    (struct bkt_index_attr){ "linked", r->u.link.document };
	} else if (r->kind == BKT_KIND_CYCLE) {
		out[n++] = (struct bkt_index_attr){ "kind", "cycle" };
	} else if (r->kind == BKT_KIND_REVIEW) {
		out[n++] =
		    (struct bkt_index_attr){ "reviewed", r->u.review.document };
	}
	return n;
}

enum bkt_status feed_put(bkt_index *x, const struct feed_entry *e,
    bkt_arena *arena, struct bkt_err *err)
{
	struct bkt_index_attr attrs[6];
	struct bkt_index_entry row = { .index = e->index,
		.path = e->rec->path,
		.kind = bkt_kind_name(e->rec->kind),
		.record = e->record,
		.leaf = e->leaf,
		.at_utc_s = e->rec->at_utc_s,
		.accepted_utc_s = e->accepted_utc_s,
		.by = join_by(&e->rec->by, arena),
		.summary = summarize(e->rec, arena),
		.bytes = e->bytes,
		.attrs = attrs,
		.n_attrs = attributes(e->rec, attrs) };

	if (!row.by || !row.summary)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	memcpy(row.commit, e->commit.b, sizeof(row.commit));
	return bkt_index_put(x, &row, err);
}

/* one value, so that nobody reads a head and the entries of another */
enum bkt_status feed_mark(bkt_index *x, const struct bkt_oid *head,
    const struct bkt_frontier *frontier, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf v = { 0 };
	char hex[41];

	bkt_oid_hex(head, hex);
	bkt_buf_init(&v, sizeof(hex) + sizeof(*frontier) + 8);
	bkt_buf_str(&v, hex);
	bkt_frontier_print(frontier, &v);
	BKT_TRY(bkt_buf_check(&v, err));
	return bkt_index_meta_set(x, "standing", bkt_buf_span(&v), err);
}

static bool parse_standing(
    struct bkt_span v, struct bkt_oid *head, struct bkt_frontier *frontier)
{
	char hex[41] = { 0 };

	if (v.len < 40)
		return false;
	memcpy(hex, v.ptr, 40);
	return bkt_unhex_n(hex, head->b, BKT_OID_LEN) &&
	       bkt_frontier_parse(
		   BKT_SPAN(v.ptr + 40, v.len - 40), frontier, NULL) == BKT_OK;
}

enum bkt_status store_standing(bkt_index *x, struct bkt_oid *head,
    struct bkt_frontier *frontier, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf v = { 0 };
	enum bkt_status st;

	bkt_buf_init(&v, 4096);
	st = bkt_index_meta_get(x, "standing", &v, err);
	if (st == BKT_OK && parse_standing(bkt_buf_span(&v), head, frontier))
		return BKT_OK;
	*head = (struct bkt_oid){ { 0 } };
	bkt_frontier_init(frontier);
	return st == BKT_E_NOTFOUND ? BKT_OK : st;
}

struct feeding {
	bkt_store *s;
	struct bkt_frontier frontier;
	bkt_arena *arena;
	uint64_t total;
	const struct bkt_progress *progress;
	/* commits after `from`, of which `at` are in the index */
	struct bkt_oid from, *chain;
	size_t n, at;
	struct bkt_oid vouched; /* the head that was looked at */
};

static enum bkt_status feed_commit(
    struct feeding *f, const struct bkt_oid *oid, struct bkt_err *err)
{
	struct bkt_batch b;

	BKT_TRY(bkt_batch_read(
	    bkt_ledger_git(f->s->ledger), oid, f->arena, &b, err));
	for (size_t i = 0; i < b.n_entries; i++) {
		const struct bkt_batch_entry *in = &b.entries[i];
		struct feed_entry e = { .index = in->index,
			.rec = in->sub.parsed,
			.bytes = in->sub.record,
			.record = in->record,
			.commit = *oid,
			.accepted_utc_s = b.commit.time_utc_s };

		if (e.index != f->frontier.size)
			return bkt_fail(err, BKT_E_TAMPERED,
			    "entry %llu follows %llu entries",
			    (unsigned long long)e.index,
			    (unsigned long long)f->frontier.size);
		BKT_TRY(bkt_submission_leaf(
		    &in->sub, in->path, &e.record, &e.leaf, err));
		BKT_TRY(feed_put(f->s->index, &e, f->arena, err));
		BKT_TRY(bkt_frontier_append(&f->frontier, &e.leaf, err));
	}
	return BKT_OK;
}

/* whole commits until the round is full */
static enum bkt_status feed_round(struct feeding *f, struct bkt_err *err)
{
	uint64_t until = f->frontier.size + FEED_ROUND;

	while (f->at < f->n && f->frontier.size < until) {
		const struct bkt_oid *oid = &f->chain[f->at];
		enum bkt_status st = feed_commit(f, oid, err);
		char hex[41];

		if (st != BKT_OK) {
			bkt_oid_hex(oid, hex);
			(void)bkt_fail_context(
			    err, st, "reading commit %.12s", hex);
			return store_refuse(err, st);
		}
		bkt_arena_clear(f->arena);
		f->at++;
	}
	if (f->at == f->n)
		BKT_TRY(store_vouch_frontier(f->s, &f->frontier, err));
	BKT_TRY(
	    feed_mark(f->s->index, &f->chain[f->at - 1], &f->frontier, err));
	if (!bkt_progress_tell(
		f->progress, "index", f->frontier.size, f->total))
		return bkt_fail(err, BKT_E_INTERRUPTED, "interrupted");
	return BKT_OK;
}

static enum bkt_status chain_after(
    struct feeding *f, const struct bkt_oid *from, struct bkt_err *err)
{
	enum bkt_status st;

	bkt_free(f->chain);
	f->chain = NULL;
	f->n = f->at = 0;
	f->from = *from;
	st = bkt_gitdb_chain(bkt_ledger_git(f->s->ledger), &f->s->head.commit,
	    from, SIZE_MAX, &f->chain, &f->n, err);
	/* a commit that is gone is no answer to what was asked */
	if (bkt_is_verdict(st))
		(void)bkt_fail_context(err, st, "following the log back");
	return store_refuse(err, st);
}

/* another process may have fed the index between two transactions */
static bool still_there(const struct feeding *f, const struct bkt_oid *at)
{
	return f->chain &&
	       bkt_oid_eq(at, f->at > 0 ? &f->chain[f->at - 1] : &f->from);
}

/* going on would bury what was dropped under new entries */
static enum bkt_status lost(struct bkt_err *err)
{
	(void)bkt_fail(err, BKT_E_TAMPERED,
	    "the log does not contain what was in it before: it was rolled "
	    "back or replaced");
	bkt_err_hint(err,
	    "bukti verify --cold tells more; if it was restored from a backup "
	    "on purpose: bukti reindex --restored");
	return BKT_E_TAMPERED;
}

/* once a head, and before anything of it is in the index */
static enum bkt_status vouch(
    struct feeding *f, const struct bkt_oid *from, struct bkt_err *err)
{
	if (bkt_oid_eq(&f->vouched, &f->s->head.commit))
		return BKT_OK;
	BKT_TRY(store_vouch(
	    f->s, bkt_oid_is_zero(from) ? &f->chain[0] : NULL, err));
	f->vouched = f->s->head.commit;
	return BKT_OK;
}

static enum bkt_status feed_from(
    struct feeding *f, const struct bkt_oid *from, struct bkt_err *err)
{
	enum bkt_status st = BKT_OK;

	if (bkt_oid_is_zero(from)) {
		BKT_TRY(bkt_index_reset(f->s->index, err));
		bkt_frontier_init(&f->frontier);
	}
	if (!still_there(f, from))
		st = chain_after(f, from, err);
	if (st == BKT_E_NOTFOUND && !bkt_oid_is_zero(from)) {
		/* another process may have written since we looked */
		BKT_TRY(store_head(f->s, err));
		f->total = f->s->head.checkpoint.size;
		st = chain_after(f, from, err);
	}
	if (st == BKT_E_NOTFOUND && !bkt_oid_is_zero(from))
		return lost(err);
	if (st != BKT_OK)
		return st;
	if (f->at == f->n)
		return BKT_OK;
	BKT_TRY(vouch(f, from, err));
	return feed_round(f, err);
}

static enum bkt_status feed_transaction(struct feeding *f, struct bkt_err *err)
{
	struct bkt_oid at;
	enum bkt_status st;

	BKT_TRY(bkt_index_begin(f->s->index, err));
	st = store_standing(f->s->index, &at, &f->frontier, err);
	if (st == BKT_OK)
		st = feed_from(f, &at, err);
	if (st == BKT_OK)
		st = bkt_index_commit(f->s->index, err);
	if (st != BKT_OK)
		bkt_index_rollback(f->s->index);
	return st;
}

/* the index is only a help: a full disk stops nobody from reading */
static bool without_file(bkt_store *s, struct bkt_err *why)
{
	if (bkt_index_leave_file(s->index, NULL) != BKT_OK)
		return false;
	bkt_err_hint(why, "free some room on the disk: df -h");
	store_trouble(
	    s, why, "the index is not kept, so this takes longer each time");
	return true;
}

enum bkt_status store_catch_up(
    bkt_store *s, const struct bkt_progress *progress, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = NULL;
	struct feeding f = { .s = s, .progress = progress };
	struct bkt_err why = { 0 };
	struct bkt_oid at;
	enum bkt_status st = BKT_OK;

	BKT_TRY(store_standing(s->index, &at, &f.frontier, err));
	if (bkt_oid_eq(&at, &s->head.commit))
		return BKT_OK;
	f.arena = arena = bkt_arena_new((size_t)1 << 30);
	if (!arena)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	f.total = s->head.checkpoint.size;
	do
		st = feed_transaction(&f, &why);
	while ((st == BKT_OK && f.at < f.n) ||
	       (st == BKT_E_IO && without_file(s, &why)));
	bkt_free(f.chain);
	if (st != BKT_OK && err)
		*err = why;
	return st;
}

/* inside its transaction: by now the head may have moved on, and what others
 * have fed is not to be taken back to what this handle saw */
static enum bkt_status rebuild(struct feeding *f, struct bkt_err *err)
{
	const struct bkt_oid none = { { 0 } };

	BKT_TRY(store_head(f->s, err));
	f->total = f->s->head.checkpoint.size;
	BKT_TRY(feed_from(f, &none, err));
	while (f->at < f->n)
		BKT_TRY(feed_round(f, err));
	return BKT_OK;
}

/* one transaction: others see the old index or the whole new one */
enum bkt_status bkt_store_reindex(
    bkt_store *s, const struct bkt_progress *progress, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = NULL;
	struct feeding f = { .s = s, .progress = progress };
	enum bkt_status st;

	f.arena = arena = bkt_arena_new((size_t)1 << 30);
	if (!arena)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	BKT_TRY(bkt_index_begin(s->index, err));
	st = rebuild(&f, err);
	if (st == BKT_OK)
		st = bkt_index_commit(s->index, err);
	if (st != BKT_OK)
		bkt_index_rollback(s->index);
	bkt_free(f.chain);
	return st;
}

bool bkt_store_keeps_index(const bkt_store *s)
{
	return !bkt_index_is_private(s->index);
}

enum bkt_status bkt_store_accept_restored(const char *dir, struct bkt_err *err)
{
	BKT_AUTO(bkt_index_free) bkt_index *x = NULL;

	BKT_TRY(store_pin_forget(dir, err));
	BKT_TRY(bkt_index_open(dir, false, &x, err));
	return bkt_index_reset(x, err);
}

/* OK with *good false: the index stood elsewhere, and was brought up */
static enum bkt_status frontier_now(
    bkt_store *s, struct bkt_frontier *out, bool *good, struct bkt_err *err)
{
	struct bkt_oid at;
	enum bkt_status st;

	*good = false;
	BKT_TRY(store_standing(s->index, &at, out, err));
	/* a handle that looked earlier, or an index that others fed */
	if (!bkt_oid_eq(&at, &s->head.commit))
		return store_refresh(s, err);
	st = store_vouch_frontier(s, out, err);
	if (st == BKT_E_TAMPERED)
		return bkt_store_reindex(s, NULL, err);
	*good = st == BKT_OK;
	return st;
}

enum bkt_status store_frontier(
    bkt_store *s, struct bkt_frontier *out, struct bkt_err *err)
{
	for (int tries = 0; tries < FRONTIER_TRIES; tries++) {
		struct bkt_frontier f;
		bool good;

		BKT_TRY(frontier_now(s, &f, &good, err));
		if (good) {
			*out = f;
			return BKT_OK;
		}
	}
	return bkt_fail(
	    err, BKT_E_BUSY, "the log grows faster than it can be read");
}

/* only with OK nobody else changes the index */
static enum bkt_status begin_at_head(
    bkt_store *s, bool *there, struct bkt_err *err)
{
	struct bkt_err why = { 0 };
	struct bkt_frontier f;
	struct bkt_oid at;
	enum bkt_status st = bkt_index_begin(s->index, &why);

	*there = false;
	if (st == BKT_E_IO && without_file(s, &why))
		st = bkt_index_begin(s->index, &why);
	if (st == BKT_OK)
		st = store_standing(s->index, &at, &f, &why);
	*there = st == BKT_OK && bkt_oid_eq(&at, &s->head.commit);
	if (!*there)
		bkt_index_rollback(s->index);
	if (st != BKT_OK && err)
		*err = why;
	return st;
}

enum bkt_status store_hold_index(
    bkt_store *s, struct bkt_frontier *out, struct bkt_err *err)
{
	bool there = false;

	for (int tries = 0; !there; tries++) {
		if (tries == FRONTIER_TRIES)
			return bkt_fail(err, BKT_E_BUSY,
			    "the index is changed by others all the time");
		BKT_TRY(store_frontier(s, out, err));
		BKT_TRY(begin_at_head(s, &there, err));
	}
	return BKT_OK;
}

enum bkt_status bkt_store_snapshot(bkt_store *s, struct bkt_err *err)
{
	for (int tries = 0; tries < FRONTIER_TRIES; tries++) {
		struct bkt_frontier f;
		struct bkt_oid at;

		BKT_TRY(bkt_index_snapshot(s->index, err));
		BKT_TRY(store_standing(s->index, &at, &f, err));
		if (bkt_oid_eq(&at, &s->head.commit))
			return BKT_OK;
		bkt_index_live(s->index);
		BKT_TRY(store_refresh(s, err));
	}
	return bkt_fail(
	    err, BKT_E_BUSY, "the log grows faster than it can be read");
}
