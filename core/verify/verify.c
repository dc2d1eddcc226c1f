/* The whole run: where to begin, the log, the content, what to remember. */
#include <string.h>

#include "private.h"

/* a quarter of what verifying may take in all */
#define MAPPED_BYTES ((size_t)64 * 1024 * 1024)

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

/* what is around the log says nothing about the log: the run goes on */
static enum bkt_status around(struct run *r, const char *path,
    enum bkt_status st, const struct bkt_err *why, struct bkt_err *err)
{
	if (st == BKT_OK)
		return BKT_OK;
	if (bkt_verdict_of(run_finding(st)) == BKT_UNDETERMINED) {
		if (err)
			*err = *why;
		return st;
	}
	report_add(r, run_finding(st), path, -1, NULL, why->msg);
	return BKT_OK;
}

static enum bkt_status look_around(struct run *r, struct bkt_err *err)
{
	const bkt_gitdb *git = bkt_ledger_git(r->ledger);
	struct bkt_strs list = { NULL, 0 };
	struct bkt_err why;
	enum bkt_status st = bkt_gitdb_head_check(git, BKT_MAIN_REF, &why);

	BKT_TRY(around(r, "HEAD", st, &why, err));
	if (st != BKT_OK)
		report_note(r,
		    "once it is known who did that, git symbolic-ref "
		    "HEAD " BKT_MAIN_REF " puts HEAD back");
	BKT_TRY(bkt_gitdb_oddities(git, r->report->arena, &list, err));
	for (size_t i = 0; i < list.n; i++)
		report_note(r, "ignored: %s", list.v[i]);
	list.n = 0;
	st = bkt_gitdb_refs(git, r->report->arena, &list, &why);
	BKT_TRY(around(
	    r, st == BKT_E_LIMIT ? "refs" : "packed-refs", st, &why, err));
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

/* either clock may be wrong, so this is no verdict */
static void check_clock(struct run *r)
{
	char last[BKT_TIME_LEN + 1], now[BKT_TIME_LEN + 1];
	int64_t now_utc_s = bkt_now_utc_s();

	if (r->last_time_utc_s <= now_utc_s + BKT_CLOCK_SKEW_S)
		return;
	bkt_time_format(r->last_time_utc_s, last);
	bkt_time_format(now_utc_s, now);
	report_note(r,
	    "the last commit is dated %s, ahead of the clock of this computer "
	    "(%s): one of the two is wrong",
	    last, now);
}

/* a repository without any log, while somebody knows of one */
static bool log_dropped(const struct run *r, const char *dir)
{
	BKT_AUTO(bkt_gitdb_free) bkt_gitdb *git = NULL;

	return (r->o->pin || r->o->cache) &&
	       bkt_gitdb_open(dir, false, &git, NULL) == BKT_OK;
}

/* a ref that is there and leads to no commit is a finding: somebody made it */
static enum bkt_status open_ledger(
    struct run *r, const char *dir, struct bkt_err *err)
{
	struct bkt_err why;
	enum bkt_status st = bkt_ledger_open(dir, false, &r->ledger, &why);

	if (st == BKT_OK)
		return BKT_OK;
	if (st == BKT_E_NOT_STORE && log_dropped(r, dir))
		st = bkt_fail(&why, BKT_E_TAMPERED,
		    "the log is gone: '%s' has no " BKT_MAIN_REF, dir);
	st = run_finding(st);
	if (st == BKT_E_CONFIG || bkt_verdict_of(st) <= BKT_UNDETERMINED) {
		if (err)
			*err = why;
		return st;
	}
	report_add(r, st, BKT_MAIN_REF, -1, NULL, why.msg);
	r->report->complete = false;
	r->stopped = true;
	return BKT_OK;
}

static enum bkt_status run_all(
    struct run *r, const char *dir, struct bkt_err *err)
{
	struct bkt_verify_report *out = r->report;
	struct bkt_head head;

	BKT_TRY(open_ledger(r, dir, err));
	if (r->stopped)
		return BKT_OK;
	BKT_TRY(bkt_objects_open(dir, &r->objects, err));
	BKT_TRY(bkt_certs_new(&r->certs, err));
	BKT_TRY(bkt_gitdb_ref(
	    bkt_ledger_git(r->ledger), BKT_MAIN_REF, &out->commit, err));
	/* for the bar only; the replay finds for itself what is wrong */
	if (bkt_ledger_at_unverified(r->ledger, &out->commit, &head, NULL) ==
	    BKT_OK)
		r->n_total = head.checkpoint.size;
	BKT_TRY(look_around(r, err));
	BKT_TRY(look_for_links(r, dir, err));
	BKT_TRY(start_replay(r, err));
	out->meta_from = bkt_state_frontier(r->state)->size;
	BKT_TRY(replay(r, err));
	start_check_met(r);
	check_clock(r);
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
	bkt_gitdb_map_at_most(MAPPED_BYTES);
	if (st == BKT_OK)
		st = run_all(&r, dir, err);
	bkt_gitdb_map_at_most(BKT_GITDB_MAPPED);
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
