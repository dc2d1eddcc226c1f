/*
 * What would become of pushed commits: every record in them is opened and
 * judged as the store would. The push is refused in any case, because the
 * store alone puts records in order; but people learn what is wrong with
 * theirs, or that they only have to hand them in.
 */
#include "hook.h"

#include <string.h>

#include "bukti/crypto.h"
#include "bukti/ledger.h"
#include "bukti/receive.h"

#define COMMITS_MAX 256
#define SAID_MAX 100 /* lines about records, good or not */

struct pushed {
	struct hook *h;
	bkt_ledger *ledger;
	struct bkt_head head;
	bkt_state *state;
	bkt_certs *certs;
	int64_t now_utc_s;
	size_t n_entries, n_good, n_bad, n_said;
};

static void pushed_release(struct pushed *p)
{
	bkt_state_free(p->state);
	bkt_certs_free(p->certs);
	bkt_ledger_free(p->ledger);
}
BKT_AUTO_RELEASE(struct pushed, pushed_release);

static const char *what_to_do(enum bkt_status st)
{
	switch ((int)st) {
	case BKT_E_CONFLICT:
		return "look at it as it is now and make a new version of that";
	case BKT_E_TRUST:
		return "have it signed by a member who may say this";
	case BKT_E_EXISTS:
		return "leave it out: the store says so already";
	case BKT_E_POLICY:
		return "mend what the rule names";
	case BKT_E_MISSING:
		return "bring every file of the record";
	default:
		return "make the record with bukti, not by hand";
	}
}

/* one finding: what, which rule, what to do */
static void find(struct pushed *p, const char *what, enum bkt_status st,
    const struct bkt_err *why)
{
	p->n_bad++;
	if (p->n_said++ >= SAID_MAX)
		return;
	hook_say("%s: %s: %s (%s)", what, bkt_status_name(st), why->msg,
	    why->hint[0] ? why->hint : what_to_do(st));
}

static bool is_fault(enum bkt_status st)
{
	return st != BKT_OK && !bkt_is_verdict(st);
}

/* ---- one commit --------------------------------------------------------- */

static enum bkt_status judge(
    struct pushed *p, const struct bkt_batch *b, struct bkt_err *err)
{
	struct bkt_submission *subs =
	    bkt_arena_alloc(p->h->arena, b->n_entries * sizeof(*subs));
	struct bkt_received *results =
	    bkt_arena_alloc(p->h->arena, b->n_entries * sizeof(*results));

	if (!subs || !results)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	for (size_t i = 0; i < b->n_entries; i++) {
		subs[i] = b->entries[i].sub;
		if (subs[i].parsed->kind == BKT_KIND_RELEASE)
			return bkt_fail(err, BKT_E_USAGE,
			    "'%s' is a release, which is judged by the whole "
			    "log",
			    b->entries[i].path);
	}
	BKT_TRY(bkt_receive(p->state, subs, b->n_entries, NULL, NULL, NULL,
	    p->now_utc_s, p->certs, p->h->arena, results, err));
	for (size_t i = 0; i < b->n_entries; i++) {
		const struct bkt_received *r = &results[i];

		if (r->status != BKT_OK) {
			find(p, b->entries[i].path, r->status, &r->err);
			continue;
		}
		p->n_good++;
		if (p->n_said++ < SAID_MAX)
			hook_say("%s: good", b->entries[i].path);
	}
	return BKT_OK;
}

/* @p go_on: later commits can be judged */
static enum bkt_status take_commit(struct pushed *p, const struct bkt_oid *oid,
    bool *go_on, struct bkt_err *err)
{
	uint64_t next = bkt_state_frontier(p->state)->size;
	struct bkt_err why = { 0 };
	struct bkt_batch b;
	char what[64] = "commit ";
	enum bkt_status st;

	bkt_oid_hex(oid, what + strlen(what));
	st = bkt_batch_read(
	    bkt_ledger_git(p->ledger), oid, p->h->arena, &b, &why);
	if (is_fault(st)) {
		if (err)
			*err = why;
		return bkt_fail_context(err, st, "%s", what);
	}
	if (st == BKT_OK && b.entries[0].index != next)
		st = bkt_fail(&why, BKT_E_FORMAT,
		    "its entries begin with %llu, the log goes on with %llu",
		    (unsigned long long)b.entries[0].index,
		    (unsigned long long)next);
	if (st == BKT_OK && p->n_entries + b.n_entries > BKT_BATCH_MAX)
		st = bkt_fail(&why, BKT_E_POLICY,
		    "more than %d records in one push", BKT_BATCH_MAX);
	*go_on = st == BKT_OK;
	if (st != BKT_OK) {
		find(p, what, st, &why);
		return BKT_OK;
	}
	p->n_entries += b.n_entries;
	st = judge(p, &b, err);
	/* a refused record takes no place: later numbers cannot be right */
	*go_on = p->n_bad == 0;
	return st;
}

/* ---- the range ---------------------------------------------------------- */

static enum bkt_status open_store(struct pushed *p, struct bkt_err *err)
{
	struct bkt_frontier frontier;

	BKT_TRY(bkt_crypto_init(err));
	BKT_TRY(bkt_ledger_open(p->h->dir, true, &p->ledger, err));
	BKT_TRY(bkt_ledger_head_unverified(p->ledger, &p->head, err));
	/* only releases look at its root, and they are not judged here */
	bkt_frontier_init(&frontier);
	frontier.size = p->head.checkpoint.size;
	BKT_TRY(bkt_state_at(bkt_ledger_git(p->ledger), &p->head.tree,
	    &frontier, &p->state, err));
	BKT_TRY(bkt_certs_new(&p->certs, err));
	p->now_utc_s = bkt_now_utc_s();
	if (p->now_utc_s < p->head.time_utc_s)
		p->now_utc_s = p->head.time_utc_s;
	return BKT_OK;
}

/* commits above main, oldest first; none when the range itself is wrong */
static enum bkt_status list_commits(struct pushed *p,
    const struct hook_update *u, struct bkt_oid **out, size_t *n,
    struct bkt_err *err)
{
	struct bkt_err why = { 0 };
	enum bkt_status st;

	*n = 0;
	st = bkt_gitdb_chain(bkt_ledger_git(p->ledger), &u->to, &p->head.commit,
	    COMMITS_MAX, out, n, &why);
	if (st == BKT_E_NOTFOUND)
		st = bkt_fail(&why, BKT_E_POLICY,
		    "the commits do not build on what the store has");
	else if (st == BKT_E_LIMIT)
		st = bkt_fail(&why, BKT_E_POLICY,
		    "there are more than %d commits above what the store has",
		    COMMITS_MAX);
	if (is_fault(st)) {
		if (err)
			*err = why;
		return st;
	}
	if (st == BKT_OK)
		return BKT_OK;
	if (why.hint[0] == '\0')
		bkt_err_hint(&why, "fetch, and make fewer commits on top");
	find(p, u->ref, st, &why);
	return BKT_OK;
}

static enum bkt_status take_main(
    struct pushed *p, const struct hook_update *u, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) struct bkt_oid *commits = NULL;
	bool go_on = true;
	size_t n;

	BKT_TRY(open_store(p, err));
	BKT_TRY(list_commits(p, u, &commits, &n, err));
	for (size_t i = 0; i < n && go_on; i++)
		BKT_TRY(take_commit(p, &commits[i], &go_on, err));
	return BKT_OK;
}

static enum bkt_status take_update(
    struct pushed *p, const struct hook_update *u, struct bkt_err *err)
{
	struct bkt_err why = { 0 };
	enum bkt_status st = BKT_OK;

	if (strcmp(u->ref, BKT_MAIN_REF) != 0)
		st = bkt_fail(&why, BKT_E_POLICY,
		    "a store has no other ref "
		    "than " BKT_MAIN_REF);
	else if (!u->plain || bkt_oid_is_zero(&u->to))
		st = bkt_fail(&why, BKT_E_POLICY, "the log is not taken back");
	if (st == BKT_OK)
		return take_main(p, u, err);
	bkt_err_hint(&why, "do not push it");
	find(p, u->ref, st, &why);
	return BKT_OK;
}

static enum hook_answer conclude(const struct pushed *p)
{
	if (p->n_said > SAID_MAX)
		hook_say("... and %zu more", p->n_said - SAID_MAX);
	if (p->n_bad > 0) {
		hook_say("bukti: refused, nothing was changed: what is named "
			 "above is not good");
		hook_say("hint: mend it and hand it in with bukti: bukti add, "
			 "bukti import, bukti help");
		return HOOK_REFUSED;
	}
	if (p->n_good == 0)
		hook_say("bukti: refused: no record was pushed");
	else
		hook_say(
		    "bukti: refused, nothing was changed: %s %s good, but the "
		    "store alone puts records in order",
		    p->n_good == 1 ? "this record" : "these records",
		    p->n_good == 1 ? "is" : "are");
	hook_say("hint: hand them in with bukti: bukti add, bukti import, "
		 "bukti help");
	return HOOK_REFUSED;
}

enum hook_answer hook_pre_receive(struct hook *h)
{
	BKT_AUTO(pushed_release) struct pushed p = { .h = h };
	struct bkt_err err = { 0 };
	bool main_seen = false;

	if (hook_read_updates(h, &err) != BKT_OK)
		return hook_untold(&err);
	for (size_t i = 0; i < h->n_updates; i++) {
		const struct hook_update *u = &h->updates[i];
		bool is_main = strcmp(u->ref, BKT_MAIN_REF) == 0;

		if (is_main && main_seen)
			continue;
		main_seen = main_seen || is_main;
		if (take_update(&p, u, &err) != BKT_OK)
			return hook_untold(&err);
	}
	return conclude(&p);
}
