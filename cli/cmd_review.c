/* bukti review accept|return|reject: a decision about exactly these bytes */
#include "evidence.h"

#include <string.h>

#include "bukti/assess.h"
#include "review.h"

static const char *const causes[] = { "wrong-object", "draft", "expired",
	"incomplete", "unsigned", "no-number", "unreadable", "duplicate",
	"coverage", "level-too-high", "locator", "other" };
#define N_CAUSES (sizeof(causes) / sizeof(causes[0]))

struct reviewing {
	struct cli *c;
	struct cli_round round;
	struct cli_batch b;
	const char *decision; /* as a record has it */
	const char *member;
	size_t n_same;
};

/* a document as it is when it is decided about */
struct seen {
	const char *id, *content, *record;
};

static bool says_the_same(
    const struct bkt_review *a, const struct bkt_review *b)
{
	return bkt_same_text(a->decision, b->decision) &&
	       bkt_same_text(a->link, b->link) &&
	       bkt_same_text(a->document_record, b->document_record) &&
	       bkt_same_text(a->content, b->content) &&
	       bkt_same_text(a->cause, b->cause) &&
	       bkt_same_text(a->reason, b->reason);
}

/* the decision binds link, document record and content as they are */
static enum bkt_status put_review(struct reviewing *p, const char *indicator,
    const struct seen *d, struct bkt_err *err)
{
	struct cli *c = p->c;
	const char *link = cli_printf(c, "cycles/%s/%s/evidence/%s.json",
	    p->round.cycle, indicator, d->id);
	struct bkt_record *r = bkt_arena_alloc(c->arena, sizeof(*r));
	struct bkt_record *now = NULL;
	const char *hex = NULL;
	enum bkt_status st;

	if (!r)
		return cli_no_memory(err);
	st = cli_record_at(c, link, &now, err);
	if (st == BKT_OK)
		st = cli_digest_at(c, link, &hex, err);
	if (st == BKT_E_NOTFOUND ||
	    (st == BKT_OK && strcmp(now->u.link.state, "active") != 0)) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "document %s is not linked to %s in %s", d->id, indicator,
		    p->round.cycle);
		bkt_err_hint(
		    err, "bukti show %s tells where it is linked", d->id);
		return BKT_E_USAGE;
	}
	if (st != BKT_OK)
		return st;
	r->kind = BKT_KIND_REVIEW;
	r->path = cli_printf(c, "cycles/%s/%s/reviews/%s/%s.json",
	    p->round.cycle, indicator, d->id, p->member);
	r->u.review = (struct bkt_review){ .document = d->id,
		.decision = p->decision,
		.cause = cli_opt(c, "cause"),
		.reason = cli_opt(c, "reason"),
		.link = hex,
		.document_record = d->record,
		.content = d->content };
	now = NULL;
	st = cli_record_at(c, r->path, &now, err);
	if (st != BKT_OK && st != BKT_E_NOTFOUND)
		return st;
	if (st == BKT_OK && says_the_same(&now->u.review, &r->u.review)) {
		p->n_same++;
		return BKT_OK;
	}
	return cli_batch_add(&p->b, r, NULL, 0,
	    cli_printf(c, "review of %s for %s", d->id, indicator), err);
}

/* what still waits for somebody's decision */
static bool wanted(struct reviewing *p, const struct bkt_strs *indicators,
    const struct bkt_evidence *e)
{
	const char *unit = cli_opt(p->c, "unit");

	if (indicators->n > 0 && !bkt_strs_has(indicators, e->indicator))
		return false;
	if (unit && strcmp(unit, e->unit) != 0)
		return false;
	return e->review == BKT_REVIEW_NONE || e->review == BKT_REVIEW_PARTIAL;
}

/* which one, and why not this member */
static void tell_left(
    struct cli *c, const struct bkt_record *r, const struct bkt_err *why)
{
	struct bkt_path_info at;

	bkt_path_classify(r->path, &at);
	cli_note(c, "left to others: %s  %s: %s", at.indicator, at.document,
	    cli_text(c, why->msg));
}

/* what this member may not decide about (four eyes) waits for another */
static enum bkt_status leave_to_others(struct reviewing *p, struct bkt_err *err)
{
	struct cli *c = p->c;
	struct cli_batch *b = &p->b;
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(CLI_TEXT_MAX);
	BKT_AUTO(bkt_state_free) bkt_state *state = NULL;
	size_t kept = 0;

	if (!arena)
		return cli_no_memory(err);
	BKT_TRY(bkt_store_state(c->store, &state, err));
	/* as they would enter: what is accepted is seen by the next call */
	for (size_t at = 0, n; at < b->n; at += n) {
		n = b->n - at < BKT_BATCH_MAX ? b->n - at : BKT_BATCH_MAX;
		BKT_TRY(bkt_store_rehearse(
		    c->store, state, b->items + at, n, arena, err));
	}
	for (size_t i = 0; i < b->n; i++) {
		if (b->items[i].status != BKT_OK) {
			tell_left(c, b->records[i], &b->items[i].err);
			continue;
		}
		b->items[kept] = b->items[i];
		b->records[kept] = b->records[i];
		b->what[kept++] = b->what[i];
	}
	if (kept < b->n)
		cli_note(c, "%zu %s left to others", b->n - kept,
		    b->n - kept == 1 ? "is" : "are");
	b->n = kept;
	return BKT_OK;
}

static void list_batch(const struct reviewing *p, const struct bkt_facts *f)
{
	struct cli *c = p->c;
	size_t k = 0;

	/* the batch was made of the evidence, in its order */
	for (size_t i = 0; i < p->b.n; i++) {
		struct bkt_path_info at;

		bkt_path_classify(p->b.records[i]->path, &at);
		for (bool found = false; !found && k < f->n_evidence; k++) {
			const struct bkt_evidence *e = &f->evidence[k];

			found = strcmp(e->indicator, at.indicator) == 0 &&
				strcmp(e->document, at.document) == 0;
			if (found)
				cli_note(c, "%s  %s  %s", e->indicator,
				    e->document, cli_text(c, e->title));
		}
	}
}

/* bulk acceptance shows what it is about to accept */
static enum bkt_status review_all(struct reviewing *p, struct bkt_err *err)
{
	struct cli *c = p->c;
	BKT_AUTO(bkt_assess_free) bkt_assess *a = NULL;
	struct bkt_strs indicators = { NULL, 0 };
	const struct bkt_facts *f;

	if (cli_opt_count(c, "indicator") > 0)
		BKT_TRY(cli_indicators(c, &p->round, &indicators, err));
	BKT_TRY(bkt_assess_cycle(
	    bkt_store_source(c->store), p->round.cycle, NULL, &a, err));
	f = bkt_assess_facts(a);
	for (size_t i = 0; i < f->n_evidence; i++) {
		const struct bkt_evidence *e = &f->evidence[i];
		const struct seen d = { cli_printf(c, "%s", e->document),
			cli_printf(c, "%s", e->sha256),
			cli_printf(c, "%s", e->record) };

		if (!wanted(p, &indicators, e))
			continue;
		if (!bkt_progress_tell(
			&cli_progress, "signing", i, f->n_evidence))
			return bkt_fail(err, BKT_E_INTERRUPTED,
			    "interrupted; nothing was changed");
		BKT_TRY(
		    put_review(p, cli_printf(c, "%s", e->indicator), &d, err));
	}
	cli_progress_clear();
	BKT_TRY(leave_to_others(p, err));
	if (p->b.n == 0) {
		cli_note(c, "nothing awaits '%s'", p->member);
		return BKT_OK;
	}
	list_batch(p, f);
	return cli_confirm(c, cli_printf(c, "accept these %zu?", p->b.n),
	    "nothing was changed", err);
}

static enum bkt_status review_one(struct reviewing *p, struct bkt_err *err)
{
	struct cli *c = p->c;
	struct bkt_strs indicators = { NULL, 0 };

	BKT_TRY(cli_indicators(c, &p->round, &indicators, err));
	for (unsigned k = 0; k < c->argc; k++) {
		struct bkt_record *doc = NULL;
		struct seen d;

		BKT_TRY(cli_document_pick(c, c->argv[k], &doc, err));
		BKT_TRY(cli_document_active(&doc->u.document, err));
		d.id = doc->u.document.document;
		d.content = doc->u.document.sha256;
		BKT_TRY(cli_digest_at(c, doc->path, &d.record, err));
		for (size_t i = 0; i < indicators.n; i++)
			BKT_TRY(put_review(p, indicators.v[i], &d, err));
	}
	return BKT_OK;
}

static enum bkt_status check_words(struct reviewing *p, struct bkt_err *err)
{
	const char *cause = cli_opt(p->c, "cause");

	if (strcmp(p->decision, "accept") == 0)
		return BKT_OK;
	if (!cause || !cli_opt(p->c, "reason")) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "to %s a document needs a cause and a reason", p->decision);
		bkt_err_hint(err,
		    "--cause expired --reason \"what to bring "
		    "instead\"; bukti help review %s lists causes",
		    p->decision);
		return BKT_E_USAGE;
	}
	if (!bkt_reason_speaks(cli_opt(p->c, "reason"))) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "'%s' tells the unit nothing to go by",
		    cli_opt(p->c, "reason"));
		bkt_err_hint(err,
		    "--reason: what is wrong and what to bring instead, in "
		    "two words and eight letters at least");
		return BKT_E_USAGE;
	}
	for (size_t i = 0; i < N_CAUSES; i++) {
		if (strcmp(causes[i], cause) == 0)
			return BKT_OK;
	}
	(void)bkt_fail(err, BKT_E_USAGE, "unknown cause '%s'", cause);
	bkt_err_hint_words(err, cause, causes, N_CAUSES);
	return BKT_E_USAGE;
}

static enum bkt_status review(struct reviewing *p, struct bkt_err *err)
{
	struct cli *c = p->c;
	bool all = cli_knows(c, "all") && cli_flag(c, "all");
	struct bkt_strs who = { NULL, 0 };

	BKT_TRY(check_words(p, err));
	if (all == (c->argc > 0)) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    all ? "either documents or --all"
			: "it is not said which document");
		bkt_err_hint(err, "bukti help review %s", p->decision);
		return BKT_E_USAGE;
	}
	BKT_TRY(cli_round_open(c, &p->round, err));
	BKT_TRY(cli_members(c, &who, err));
	/* before a passphrase is asked for, and once */
	for (size_t i = 0; i < who.n; i++)
		BKT_TRY(
		    bkt_store_may(c->store, who.v[i], BKT_KIND_REVIEW, err));
	BKT_TRY(cli_batch_init(&p->b, c, err));
	if (p->b.by.n != 1)
		return bkt_fail(
		    err, BKT_E_USAGE, "a review is one person's decision");
	p->member = p->b.by.v[0];
	BKT_TRY(all ? review_all(p, err) : review_one(p, err));
	if (p->b.n > 0)
		BKT_TRY(cli_batch_submit(&p->b, "review evidence", err));
	(void)printf("%zu decision%s entered: %s\n", p->b.n,
	    p->b.n == 1 ? "" : "s", p->decision);
	if (p->n_same > 0)
		cli_note(c, "%zu decided just so already", p->n_same);
	return BKT_OK;
}

static enum bkt_status run_as(
    struct cli *c, const char *decision, struct bkt_err *err)
{
	struct reviewing p = { .c = c, .decision = decision };
	enum bkt_status st = review(&p, err);

	cli_batch_release(&p.b);
	cli_round_release(&p.round);
	return st;
}

static enum bkt_status run_accept(struct cli *c, struct bkt_err *err)
{
	return run_as(c, "accept", err);
}

static enum bkt_status run_return(struct cli *c, struct bkt_err *err)
{
	return run_as(c, "return", err);
}

static enum bkt_status run_reject(struct cli *c, struct bkt_err *err)
{
	return run_as(c, "reject", err);
}

#define REVIEW_OPTIONS                                                       \
	{ "indicator", "N,N", "for which indicators", 'i', true },           \
	    { "cause", "CAUSE", "why, from the list", 0, false },            \
	    { "reason", "TEXT", "what to do about it", 0, false },           \
	{                                                                    \
		"cycle", "CYCLE", "round (else the only open one)", 0, false \
	}

static const struct cli_opt accept_options[] = {
	REVIEW_OPTIONS,
	{ "all", NULL, "everything that waits (after showing it)", 0, false },
	{ "unit", "UNIT", "with --all: only that unit's documents", 0, false },
	{ "yes", NULL, "do not ask", 'y', false },
	{ 0 },
};
static const struct cli_opt decline_options[] = {
	REVIEW_OPTIONS,
	{ 0 },
};
static const char cause_list[] =
    "Causes: wrong-object, draft, expired, incomplete, unsigned, no-number,\n"
    "unreadable, duplicate, coverage, level-too-high, locator, other.\n";

static const struct cli_cmd accept_cmd = {
	.name = "accept",
	.summary = "accept documents for indicators",
	.usage = "DOCUMENT... --indicator N | --all",
	.options = accept_options,
	.flags = CLI_WRITES,
	.max_args = CLI_ANY_ARGS,
	.run = run_accept,
};
static const struct cli_cmd return_cmd = {
	.name = "return",
	.summary = "return documents to be mended",
	.usage = "DOCUMENT... --indicator N --cause C --reason TEXT",
	.details = cause_list,
	.options = decline_options,
	.flags = CLI_WRITES,
	.min_args = 1,
	.max_args = CLI_ANY_ARGS,
	.run = run_return,
};
static const struct cli_cmd reject_cmd = {
	.name = "reject",
	.summary = "reject documents",
	.usage = "DOCUMENT... --indicator N --cause C --reason TEXT",
	.details = cause_list,
	.options = decline_options,
	.flags = CLI_WRITES,
	.min_args = 1,
	.max_args = CLI_ANY_ARGS,
	.run = run_reject,
};
static const struct cli_cmd *const subs[] = { &accept_cmd, &return_cmd,
	&reject_cmd, &cli_review_list, NULL };
const struct cli_cmd cli_review = {
	.name = "review",
	.summary = "accept, return or reject evidence; list what waits",
	.usage = "accept|return|reject DOCUMENT... | list",
	.details = cause_list,
	.subs = subs,
};
