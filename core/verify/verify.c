/* The whole run: where to begin, the log, the content, what to remember. */
#include <string.h>

#include "private.h"

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

static enum bkt_status chain(
    struct run *r, const struct bkt_oid *from, struct bkt_err *err)
{
	bkt_free(r->chain);
	r->chain = NULL;
	r->n_chain = 0;
	return bkt_gitdb_chain(bkt_ledger_git(r->ledger), &r->report->commit,
	    from, SIZE_MAX, &r->chain, &r->n_chain, err);
}

/* the state of a trusted start: its tree, its frontier, its key */
static enum bkt_status begin_at(
    struct run *r, const struct bkt_pin *pin, struct bkt_err *err)
{
	struct bkt_head at;
	const struct bkt_note_key *key;

	BKT_TRY(bkt_ledger_at_unverified(r->ledger, &pin->commit, &at, err));
	if (at.note_len != pin->note_len ||
	    memcmp(at.note, pin->note, at.note_len) != 0)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "the commit of the pinned state has another checkpoint");
	bkt_state_free(r->state);
	r->state = NULL;
	BKT_TRY(bkt_state_at(bkt_ledger_git(r->ledger), &at.tree,
	    &pin->frontier, &r->state, err));
	key = bkt_state_note_key(r->state);
	if (!key)
		return bkt_fail(err, BKT_E_FORMAT,
		    "the pinned state has no readable institution");
	r->key = *key;
	r->has_key = true;
	r->last_time_utc_s = at.time_utc_s;
	r->last_tree = at.tree;
	r->start = pin;
	r->pin_met = true;
	return BKT_OK;
}

/* a history that cannot be walked is a finding, not a failure of the run */
static enum bkt_status unwalkable(struct run *r, enum bkt_status st,
    const struct bkt_err *why, struct bkt_err *err)
{
	if (st == BKT_OK)
		return BKT_OK;
	if (bkt_verdict_of(st) == BKT_UNDETERMINED) {
		if (err)
			*err = *why;
		return st;
	}
	report_add(r, st, "", -1, &r->report->commit, why->msg);
	r->stopped = true;
	return BKT_OK;
}

static enum bkt_status begin_cold(struct run *r, struct bkt_err *err)
{
	const struct bkt_oid none = { { 0 } };
	struct bkt_err why;

	r->start = NULL;
	r->has_key = r->pin_met = false;
	r->last_time_utc_s = INT64_MIN;
	memset(&r->last_tree, 0, sizeof(r->last_tree));
	bkt_state_free(r->state);
	r->state = NULL;
	BKT_TRY(bkt_state_new(&r->state, err));
	return unwalkable(r, chain(r, &none, &why), &why, err);
}

static bool usable(const struct run *r, const struct bkt_pin *pin)
{
	if (!pin || r->o->cold)
		return false;
	/* content that was never read can only be listed by replaying */
	return r->o->no_content || pin->content_size == pin->checkpoint.size;
}

static enum bkt_status begin(struct run *r, struct bkt_err *err)
{
	const struct bkt_pin *pin = r->o->pin ? r->o->pin : r->o->cache;
	enum bkt_status st;

	if (!usable(r, pin))
		return begin_cold(r, err);
	st = chain(r, &pin->commit, err);
	if (st == BKT_OK)
		st = begin_at(r, pin, err);
	if (bkt_verdict_of(st) == BKT_UNDETERMINED && st != BKT_E_NOTFOUND)
		return st;
	if (st == BKT_OK)
		return BKT_OK;
	if (pin != r->o->pin)
		r->lost = pin;
	else
		report_add(r, BKT_E_TAMPERED, "log/checkpoint", -1, NULL,
		    "the log does not contain the pinned state: it was rolled "
		    "back, forked or rewritten");
	return begin_cold(r, err);
}

/* the store's own key signed a state that the log does not have any more */
static void check_lost(struct run *r)
{
	struct bkt_note_key key;

	if (!r->lost || !r->has_key ||
	    bkt_note_key_parse(r->lost->vkey, &key, NULL) != BKT_OK ||
	    memcmp(key.pub, r->key.pub, sizeof(key.pub)) != 0)
		return;
	report_add(r, BKT_E_TAMPERED, "log/checkpoint", -1, NULL,
	    "the log does not contain the state that was verified here before "
	    "(bukti/verified): it was rolled back, forked or rewritten");
}

/* what a pin says beyond its own commit */
static void check_pin(struct run *r)
{
	const struct bkt_pin *pin = r->o->pin;

	if (!pin)
		return;
	if (r->has_key && strcmp(pin->checkpoint.origin, r->key.name) != 0)
		report_add(r, BKT_E_TRUST, "institution.json", -1, NULL,
		    "the store is not the one that was pinned");
	if (r->has_key) {
		struct bkt_note_key key;

		if (bkt_note_key_parse(pin->vkey, &key, NULL) != BKT_OK ||
		    memcmp(key.pub, r->key.pub, sizeof(key.pub)) != 0)
			report_add(r, BKT_E_TRUST, "institution.json", -1, NULL,
			    "the store's key is not the pinned one");
	}
	if (!r->pin_met && !r->stopped)
		report_add(r, BKT_E_TAMPERED, "log/checkpoint", -1, NULL,
		    "the log is shorter than the pinned checkpoint: the newest "
		    "entries were dropped (rollback)");
}

static enum bkt_status look_around(struct run *r, struct bkt_err *err)
{
	const bkt_gitdb *git = bkt_ledger_git(r->ledger);
	struct bkt_strs list;

	BKT_TRY(bkt_gitdb_oddities(git, r->report->arena, &list, err));
	for (size_t i = 0; i < list.n; i++)
		report_note(r, "ignored: %s", list.v[i]);
	BKT_TRY(bkt_gitdb_refs(git, r->report->arena, &list, err));
	for (size_t i = 0; i < list.n; i++) {
		if (strcmp(list.v[i], BKT_MAIN_REF) != 0)
			report_note(r, "ignored: ref %s", list.v[i]);
	}
	return BKT_OK;
}

static enum bkt_status remember(
    struct run *r, const struct bkt_head *head, struct bkt_err *err)
{
	struct bkt_verify_report *out = r->report;
	struct bkt_pin *next = &out->next;
	BKT_AUTO(bkt_buf_release) struct bkt_buf vkey = { 0 };

	bkt_buf_init(&vkey, sizeof(next->vkey) - 1);
	bkt_note_key_print(&r->key, &vkey);
	BKT_TRY(bkt_buf_check(&vkey, err));
	memcpy(next->vkey, vkey.ptr, vkey.len + 1);
	next->commit = head->commit;
	next->frontier = *bkt_state_frontier(r->state);
	next->checkpoint = head->checkpoint;
	memcpy(next->note, head->note, head->note_len);
	next->note_len = head->note_len;
	next->content_size = out->content_size;
	next->content_utc_s = out->content_utc_s;
	return BKT_OK;
}

static enum bkt_status run_all(
    struct run *r, const char *dir, struct bkt_err *err)
{
	struct bkt_verify_report *out = r->report;
	struct bkt_head head;

	BKT_TRY(bkt_ledger_open(dir, false, &r->ledger, err));
	BKT_TRY(bkt_objects_open(dir, &r->objects, err));
	BKT_TRY(bkt_certs_new(&r->certs, err));
	BKT_TRY(bkt_gitdb_ref(
	    bkt_ledger_git(r->ledger), BKT_MAIN_REF, &out->commit, err));
	/* for the bar only; the replay finds for itself what is wrong */
	if (bkt_ledger_at_unverified(r->ledger, &out->commit, &head, NULL) ==
	    BKT_OK)
		r->n_total = head.checkpoint.size;
	BKT_TRY(look_around(r, err));
	BKT_TRY(begin(r, err));
	out->meta_from = bkt_state_frontier(r->state)->size;
	BKT_TRY(replay(r, err));
	check_pin(r);
	check_lost(r);
	if (r->stopped)
		out->complete = false;
	out->meta_size = bkt_state_frontier(r->state)->size;
	BKT_TRY(scrub_content(r, err));
	if (r->has_key)
		memcpy(out->origin, r->key.name, sizeof(r->key.name));
	if (r->stopped || out->verdict > BKT_ERASED)
		return BKT_OK;
	BKT_TRY(bkt_ledger_at_unverified(r->ledger, &out->commit, &head, err));
	out->checkpoint = head.checkpoint;
	return remember(r, &head, err);
}

enum bkt_status bkt_verify_store(const char *dir,
    const struct bkt_verify_options *options, struct bkt_verify_report *out,
    struct bkt_err *err)
{
	struct run r = { .o = options, .report = out };
	enum bkt_status st = BKT_OK;

	memset(out, 0, sizeof(*out));
	out->complete = true;
	out->arena = bkt_arena_new((size_t)1 << 30);
	r.erased = bkt_map_new();
	if (!out->arena || !r.erased)
		st = nomem(err);
	if (st == BKT_OK)
		st = run_all(&r, dir, err);
	bkt_state_free(r.state);
	bkt_certs_free(r.certs);
	bkt_objects_free(r.objects);
	bkt_ledger_free(r.ledger);
	bkt_map_free(r.erased);
	bkt_free(r.chain);
	bkt_free(r.wanted);
	if (st != BKT_OK)
		bkt_verify_report_release(out);
	return st;
}
