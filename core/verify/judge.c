/* One commit against the state before it, in log order. */
#include <string.h>

#include "bukti/assess.h"
#include "private.h"

/* who signs as author, which store commits, time that does not run back */
static enum bkt_status check_commit(
    struct run *r, const struct work *w, struct bkt_err *err)
{
	const struct bkt_commit *c = &w->batch.commit;
	const struct bkt_record *first = w->batch.entries[0].sub.parsed;

	if (!bkt_span_eq(c->committer_id, bkt_span_str(r->key.name)))
		return bkt_fail(err, BKT_E_TAMPERED,
		    "the committer is not the store '%s'", r->key.name);
	if (!bkt_span_eq(c->author_id, bkt_span_str(first->by.v[0])))
		return bkt_fail(err, BKT_E_TAMPERED,
		    "the author is not the first signer '%s'", first->by.v[0]);
	if (c->time_utc_s < r->last_time_utc_s)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "the commit is dated before its parent");
	return BKT_OK;
}

static enum bkt_status check_checkpoint(
    struct run *r, const struct work *w, struct bkt_err *err)
{
	const struct bkt_frontier *f = bkt_state_frontier(r->state);
	struct bkt_sha256 root;

	BKT_TRY(bkt_frontier_root(f, &root, err));
	if (w->batch.log_size != f->size ||
	    !bkt_sha256_eq(&w->batch.log_root, &root))
		return bkt_fail(err, BKT_E_TAMPERED,
		    "the commit names another size or root of the log than "
		    "its entries give");
	if (w->status != BKT_OK)
		return BKT_OK; /* told already, and never parsed */
	if (strcmp(w->checkpoint.origin, r->key.name) != 0 ||
	    w->checkpoint.size != f->size ||
	    !bkt_sha256_eq(&w->checkpoint.root, &root))
		return bkt_fail(err, BKT_E_TAMPERED,
		    "the checkpoint is not that of the entries so far");
	return BKT_OK;
}

/* what the release says is recomputed from the records before it */
static enum bkt_status check_release(
    struct run *r, const struct work *w, size_t i, struct bkt_err *err)
{
	struct bkt_tree_source tree = { bkt_ledger_git(r->ledger),
		r->last_tree };
	const struct bkt_source source = bkt_source_of_tree(&tree);
	const struct bkt_record *rec = w->opened[i].rec;
	BKT_AUTO(bkt_assess_free) bkt_assess *a = NULL;

	if (w->batch.n_entries != 1)
		return bkt_fail(
		    err, BKT_E_POLICY, "a release must be alone in its commit");
	BKT_TRY(bkt_assess_cycle(&source, rec->u.release.cycle, NULL, &a, err));
	return bkt_assess_release_check(a, &rec->u.release, err);
}

static enum bkt_status want_content(struct run *r, const struct bkt_record *rec,
    int64_t index, struct bkt_err *err)
{
	const struct bkt_document *d = &rec->u.document;
	struct wanted *more;
	struct wanted *w;

	if (r->n_wanted == r->max_wanted) {
		size_t max = r->max_wanted * 2 + 256;

		more = bkt_realloc(r->wanted, max * sizeof(*more));
		if (!more)
			return bkt_fail(err, BKT_E_NOMEM, "no memory");
		r->wanted = more;
		r->max_wanted = max;
	}
	w = &r->wanted[r->n_wanted];
	memset(w, 0, sizeof(*w));
	(void)bkt_unhex(d->sha256, w->id.b, sizeof(w->id.b));
	w->size_bytes = d->size;
	w->index = index;
	w->path = bkt_arena_printf(r->report->arena,
	    "documents/%.2s/%s/content/%s", d->document, d->document, d->file);
	if (!w->path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	r->n_wanted++;
	return BKT_OK;
}

static enum bkt_status remember(struct run *r, const struct bkt_record *rec,
    int64_t index, struct bkt_err *err)
{
	char *path;

	if (rec->kind == BKT_KIND_DOCUMENT && !r->o->no_content)
		return want_content(r, rec, index, err);
	if (rec->kind != BKT_KIND_ERASURE)
		return BKT_OK;
	path = bkt_arena_strdup(r->report->arena, rec->path);
	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	return bkt_map_set(r->erased, rec->u.erasure.content, path, err);
}

/* an entry that does not hold keeps its place and changes nothing else */
static enum bkt_status pass_over(struct run *r, struct work *w, size_t i,
    enum bkt_status st, const char *reason, struct bkt_err *err)
{
	const struct bkt_batch_entry *e = &w->batch.entries[i];
	struct bkt_sha256 leaf;

	report_add(r, st, e->path, (int64_t)e->index, w->oid, reason);
	BKT_TRY(bkt_submission_leaf(&e->sub, e->path, &e->record, &leaf, err));
	return bkt_state_pass_over(r->state, &leaf, err);
}

static enum bkt_status judge_entry(
    struct run *r, struct work *w, size_t i, struct bkt_err *err)
{
	const struct bkt_batch_entry *e = &w->batch.entries[i];
	struct bkt_err why;
	enum bkt_status st = w->entry_status[i];

	r->report->n_entries++;
	r->report->n_seals += e->sub.n_seals;
	if (st != BKT_OK)
		return pass_over(r, w, i, st, w->entry_err[i].msg, err);
	st = bkt_judge(r->state, &w->opened[i], e->index,
	    w->batch.commit.time_utc_s, &why);
	if (st == BKT_OK && w->opened[i].rec->kind == BKT_KIND_RELEASE)
		st = check_release(r, w, i, &why);
	st = run_finding(st);
	if (bkt_is_fault(st) && bkt_verdict_of(st) == BKT_UNDETERMINED) {
		if (err)
			*err = why;
		return st;
	}
	if (st != BKT_OK)
		return pass_over(r, w, i, st, why.msg, err);
	BKT_TRY(bkt_state_apply(r->state, &w->opened[i], err));
	return remember(r, w->opened[i].rec, (int64_t)e->index, err);
}

/* a finding about the commit as a whole; faults end the run */
static enum bkt_status about_commit(struct run *r, const struct work *w,
    enum bkt_status st, const struct bkt_err *why, struct bkt_err *err)
{
	st = run_finding(st);
	if (st == BKT_OK)
		return BKT_OK;
	if (bkt_verdict_of(st) == BKT_UNDETERMINED) {
		if (err)
			*err = *why;
		return st;
	}
	report_add(r, st, "",
	    w->batch.n_entries ? (int64_t)w->batch.entries[0].index : -1,
	    w->oid, why->msg);
	return BKT_OK;
}

static enum bkt_status first_key(
    struct run *r, const struct work *w, struct bkt_err *err)
{
	const struct bkt_record *rec = w->batch.entries[0].sub.parsed;

	if (r->has_key)
		return BKT_OK;
	if (rec->kind != BKT_KIND_INSTITUTION)
		return bkt_fail(err, BKT_E_FORMAT,
		    "the log does not begin with the institution");
	BKT_TRY(bkt_note_key_parse(rec->u.institution.note_key, &r->key, err));
	r->has_key = true;
	return BKT_OK;
}

enum bkt_status work_judge(struct run *r, struct work *w, struct bkt_err *err)
{
	struct bkt_err why;
	bool first = !r->has_key;

	BKT_TRY(about_commit(r, w, first_key(r, w, &why), &why, err));
	if (!r->has_key) {
		r->stopped = true;
		return BKT_OK;
	}
	if (first)
		w->status = work_signatures(w, &r->key, &w->err);
	BKT_TRY(about_commit(r, w, w->status, &w->err, err));
	if (w->batch.entries[0].index != bkt_state_frontier(r->state)->size) {
		report_add(r, BKT_E_TAMPERED, "", -1, w->oid,
		    "the commit's first entry does not follow the log before "
		    "it: entries were dropped or added");
		r->stopped = true;
		return BKT_OK;
	}
	BKT_TRY(about_commit(r, w, check_commit(r, w, &why), &why, err));
	BKT_TRY(about_commit(r, w, work_changes(r, w, &why), &why, err));
	for (size_t i = 0; i < w->batch.n_entries; i++)
		BKT_TRY(judge_entry(r, w, i, err));
	BKT_TRY(about_commit(r, w, check_checkpoint(r, w, &why), &why, err));
	start_meet(r, w);
	r->last_time_utc_s = w->batch.commit.time_utc_s;
	r->last_tree = w->batch.commit.tree;
	r->report->n_commits++;
	return BKT_OK;
}
