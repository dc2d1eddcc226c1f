/* Where the replay begins, and what was seen of this log before. */
#include <string.h>

#include "private.h"

static enum bkt_status chain(
    struct run *r, const struct bkt_oid *from, struct bkt_err *err)
{
	bkt_free(r->chain);
	r->chain = NULL;
	r->n_chain = 0;
	return bkt_gitdb_chain(bkt_ledger_git(r->ledger), &r->report->commit,
	    from, SIZE_MAX, &r->chain, &r->n_chain, err);
}

/* the store made and signed this very commit when the log was the pinned one */
static enum bkt_status check_start(const struct run *r,
    const struct bkt_pin *pin, const struct bkt_head *at,
    const struct bkt_note_key *key, struct bkt_err *err)
{
	BKT_TRY(bkt_ledger_head_signed(r->ledger, at, key, err));
	if (!bkt_span_eq(BKT_SPAN(at->note, at->note_len),
		BKT_SPAN(pin->note, pin->note_len)) ||
	    at->checkpoint.size != pin->checkpoint.size ||
	    !bkt_sha256_eq(&at->checkpoint.root, &pin->checkpoint.root))
		return bkt_fail(err, BKT_E_TAMPERED,
		    "the commit of the pinned state is of another log");
	return BKT_OK;
}

static enum bkt_status same_key(const struct bkt_note_key *a,
    const struct bkt_note_key *b, struct bkt_err *err)
{
	if (b && memcmp(a->pub, b->pub, sizeof(a->pub)) == 0 &&
	    strcmp(a->name, b->name) == 0)
		return BKT_OK;
	return bkt_fail(err, BKT_E_TAMPERED,
	    "the institution of the pinned state has another key than the pin");
}

/* contents that were erased before the replay begins */
static enum bkt_status take_erasure(void *ctx, const char *path,
    const struct bkt_oid *blob, struct bkt_err *err)
{
	struct run *r = ctx;
	struct bkt_path_info where;
	char *copy;

	(void)blob;
	bkt_path_classify(path, &where);
	if (where.class_ != BKT_PATH_RECORD || where.kind != BKT_KIND_ERASURE)
		return BKT_OK;
	copy = bkt_arena_strdup(r->report->arena, path);
	if (!copy)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	return bkt_map_set(r->erased, where.digest, copy, err);
}

/* the state of a trusted start: its tree, its frontier, its key */
static enum bkt_status begin_at(
    struct run *r, const struct bkt_pin *pin, struct bkt_err *err)
{
	const bkt_gitdb *git = bkt_ledger_git(r->ledger);
	struct bkt_head at;
	struct bkt_note_key key;

	BKT_TRY(bkt_note_key_parse(pin->vkey, &key, err));
	BKT_TRY(bkt_ledger_at_unverified(r->ledger, &pin->commit, &at, err));
	BKT_TRY(check_start(r, pin, &at, &key, err));
	bkt_state_free(r->state);
	r->state = NULL;
	BKT_TRY(bkt_state_at(git, &at.tree, &pin->frontier, &r->state, err));
	BKT_TRY(same_key(&key, bkt_state_note_key(r->state), err));
	BKT_TRY(
	    bkt_gitdb_walk(git, &at.tree, "erasures/", take_erasure, r, err));
	r->key = key;
	r->has_key = true;
	r->last_time_utc_s = at.time_utc_s;
	r->last_tree = at.tree;
	r->start = pin;
	return BKT_OK;
}

/* a history that cannot be walked is a finding, not a failure of the run */
static enum bkt_status unwalkable(struct run *r, enum bkt_status st,
    const struct bkt_err *why, struct bkt_err *err)
{
	st = run_finding(st);
	if (st == BKT_OK)
		return BKT_OK;
	if (bkt_verdict_of(st) == BKT_UNDETERMINED) {
		if (err)
			*err = *why;
		return st;
	}
	report_add(r, st, "", -1, &r->report->commit, why->msg);
	report_note(r,
	    "the log cannot be followed from its newest commit to its first: "
	    "no entry was looked at, and no content");
	r->stopped = true;
	return BKT_OK;
}

static enum bkt_status begin_cold(struct run *r, struct bkt_err *err)
{
	const struct bkt_oid none = { { 0 } };
	struct bkt_err why;

	r->start = NULL;
	r->has_key = false;
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
	if (st == BKT_OK)
		return BKT_OK;
	if (bkt_verdict_of(run_finding(st)) == BKT_UNDETERMINED &&
	    st != BKT_E_NOTFOUND)
		return st;
	/* the commit is a shortcut only; size and root decide, on the way */
	r->astray = pin;
	return begin_cold(r, err);
}

enum bkt_status start_replay(struct run *r, struct bkt_err *err)
{
	const struct bkt_pin *seen[2] = { r->o->pin, r->o->cache };

	BKT_TRY(begin(r, err));
	for (size_t i = 0; i < 2; i++) {
		r->seen[i].pin = seen[i];
		/* what is before the start is not looked at again */
		r->seen[i].met =
		    seen[i] && r->start &&
		    seen[i]->checkpoint.size <= r->start->checkpoint.size;
	}
	return BKT_OK;
}

/* ---- on the way -----------------------------------------------------------
 */

void start_meet(struct run *r, const struct work *w)
{
	const struct bkt_frontier *f = bkt_state_frontier(r->state);
	struct bkt_sha256 root;

	for (size_t i = 0; i < 2; i++) {
		struct seen *s = &r->seen[i];

		if (!s->pin || s->met || f->size < s->pin->checkpoint.size)
			continue;
		s->met = true;
		if (f->size == s->pin->checkpoint.size &&
		    bkt_frontier_root(f, &root, NULL) == BKT_OK &&
		    bkt_sha256_eq(&root, &s->pin->checkpoint.root))
			continue;
		s->differs = true;
		s->commit = *w->oid;
	}
}

/* ---- at the end -----------------------------------------------------------
 */

static bool same_store(const struct run *r, const struct bkt_pin *pin)
{
	struct bkt_note_key key;

	return bkt_note_key_parse(pin->vkey, &key, NULL) == BKT_OK &&
	       memcmp(key.pub, r->key.pub, sizeof(key.pub)) == 0;
}

/* what a pin says beyond its own commit */
static void check_pin(struct run *r)
{
	const struct seen *s = &r->seen[0];
	bool other;

	if (!s->pin)
		return;
	other = r->has_key && !same_store(r, s->pin);
	if (r->has_key && strcmp(s->pin->checkpoint.origin, r->key.name) != 0) {
		report_add(r, BKT_E_TRUST, "institution.json", -1, NULL,
		    "the store is not the one that was pinned");
		/* the two have nothing in common: that its log does not go on
		 * from there is no charge against it */
		if (other)
			return;
	}
	if (other)
		report_add(r, BKT_E_TRUST, "institution.json", -1, NULL,
		    "the store's key is not the pinned one");
	if (s->differs)
		report_add(r, BKT_E_TAMPERED, "log/checkpoint", -1, &s->commit,
		    "the log is not a continuation of the pinned checkpoint: "
		    "history was rewritten or forked");
	else if (!s->met && r->stopped)
		report_note(r,
		    "whether the log goes on from the pinned checkpoint was "
		    "not seen: what can be read of it ends before");
	else if (!s->met)
		report_add(r, BKT_E_TAMPERED, "log/checkpoint", -1, NULL,
		    "the log is shorter than the pinned checkpoint: the newest "
		    "entries were dropped (rollback)");
	else if (s->met && r->astray == s->pin)
		report_note(r,
		    "the commits up to the pinned state are others than they "
		    "were: the same entries in the same order, but when the "
		    "store accepted them may have been written anew");
}

/* the store's own key signed a state that the log does not have any more */
static void check_cache(struct run *r)
{
	const struct seen *s = &r->seen[1];

	if (!s->pin || !r->has_key || !same_store(r, s->pin))
		return;
	if (!s->differs && (s->met || r->stopped))
		return;
	report_add(r, BKT_E_TAMPERED, "log/checkpoint", -1,
	    s->differs ? &s->commit : NULL,
	    "the log does not contain the state that was verified here before "
	    "(bukti/verified): it was rolled back, forked or rewritten");
	report_note(r,
	    "if the store was restored from a backup on purpose, bukti "
	    "reindex --restored goes on from the log as it is");
}

void start_check_met(struct run *r)
{
	check_pin(r);
	check_cache(r);
}
