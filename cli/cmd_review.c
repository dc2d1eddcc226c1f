/* bukti review accept|return|reject: a decision about exactly these bytes */
#include "evidence.h"

#include <string.h>
#include <unistd.h>

#include "bukti/assess.h"

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

static bool same_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* the decision binds the link as it is and the content as it is */
static enum bkt_status put_review(struct reviewing *p, const char *indicator,
    const struct bkt_document *d, struct bkt_err *err)
{
	struct cli *c = p->c;
	const char *link = cli_printf(c, "cycles/%s/%s/evidence/%s.json",
	    p->round.cycle, indicator, d->document);
	struct bkt_record *r = bkt_arena_alloc(c->arena, sizeof(*r));
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { 0 };
	struct bkt_record *now = NULL;
	struct bkt_sha256 digest;
	char hex[BKT_SHA256_HEX + 1];
	enum bkt_status st;

	bkt_buf_init(&bytes, BKT_RECORD_MAX);
	if (!r)
		return cli_no_memory(err);
	st = cli_read(c, link, &bytes, err);
	if (st == BKT_E_NOTFOUND) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "document %s is not linked to %s in %s", d->document,
		    indicator, p->round.cycle);
		bkt_err_hint(
		    err, "bukti show %s tells where it is linked", d->document);
		return BKT_E_USAGE;
	}
	if (st != BKT_OK)
		return st;
	BKT_TRY(bkt_sha256_of(bkt_buf_span(&bytes), &digest, err));
	bkt_hex(digest.b, sizeof(digest.b), hex);
	r->kind = BKT_KIND_REVIEW;
	r->path = cli_printf(c, "cycles/%s/%s/reviews/%s/%s.json",
	    p->round.cycle, indicator, d->document, p->member);
	r->u.review = (struct bkt_review){ .document = d->document,
		.decision = p->decision,
		.cause = cli_opt(c, "cause"),
		.reason = cli_opt(c, "reason"),
		.link = cli_printf(c, "%s", hex),
		.content = d->sha256 };
	st = cli_record_at(c, r->path, &now, err);
	if (st != BKT_OK && st != BKT_E_NOTFOUND)
		return st;
	if (st == BKT_OK &&
	    same_text(now->u.review.decision, r->u.review.decision) &&
	    same_text(now->u.review.link, r->u.review.link) &&
	    same_text(now->u.review.content, r->u.review.content) &&
	    same_text(now->u.review.cause, r->u.review.cause) &&
	    same_text(now->u.review.reason, r->u.review.reason)) {
		p->n_same++;
		return BKT_OK;
	}
	return cli_batch_add(&p->b, r, NULL, 0,
	    cli_printf(c, "review of %s for %s", d->document, indicator), err);
}

static bool wanted(struct reviewing *p, const struct bkt_strs *indicators,
    const struct bkt_evidence *e)
{
	const char *unit = cli_opt(p->c, "unit");

	if (indicators->n > 0 && !bkt_strs_has(indicators, e->indicator))
		return false;
	if (unit && strcmp(unit, e->unit) != 0)
		return false;
	return e->review != BKT_REVIEW_RETURNED &&
	       e->review != BKT_REVIEW_REJECTED;
}

static enum bkt_status confirm(struct reviewing *p, struct bkt_err *err)
{
	char answer[16];

	if (cli_flag(p->c, "yes"))
		return BKT_OK;
	if (!isatty(STDIN_FILENO)) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "%zu documents would be accepted at once", p->b.n);
		bkt_err_hint(err, "look at the list above, then add --yes");
		return BKT_E_USAGE;
	}
	(void)fprintf(stderr, "accept these %zu? [y/N] ", p->b.n);
	if (!fgets(answer, sizeof(answer), stdin) ||
	    (answer[0] != 'y' && answer[0] != 'Y'))
		return bkt_fail(err, BKT_E_INTERRUPTED, "nothing was changed");
	return BKT_OK;
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
		struct bkt_document d = { .document = cli_printf(
					      c, "%s", e->document) };

		d.sha256 = cli_printf(c, "%s", e->sha256);
		if (!wanted(p, &indicators, e))
			continue;
		BKT_TRY(
		    put_review(p, cli_printf(c, "%s", e->indicator), &d, err));
		cli_note(c, "%s  %s  %s", e->indicator, e->document,
		    cli_text(c, e->title));
	}
	return p->b.n > 0 ? confirm(p, err) : BKT_OK;
}

static enum bkt_status review_one(struct reviewing *p, struct bkt_err *err)
{
	struct cli *c = p->c;
	struct bkt_strs indicators = { NULL, 0 };

	BKT_TRY(cli_indicators(c, &p->round, &indicators, err));
	for (unsigned k = 0; k < c->argc; k++) {
		struct bkt_record *doc = NULL;

		BKT_TRY(cli_document_pick(c, c->argv[k], &doc, err));
		for (size_t i = 0; i < indicators.n; i++)
			BKT_TRY(put_review(
			    p, indicators.v[i], &doc->u.document, err));
	}
	return BKT_OK;
}

static enum bkt_status check_words(struct reviewing *p, struct bkt_err *err)
{
	const char *cause = cli_opt(p->c, "cause");
	const char *near;

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
	for (size_t i = 0; i < N_CAUSES; i++) {
		if (strcmp(causes[i], cause) == 0)
			return BKT_OK;
	}
	near = bkt_suggest(cause, causes, N_CAUSES);
	(void)bkt_fail(err, BKT_E_USAGE, "unknown cause '%s'", cause);
	bkt_err_hint(err,
	    near ? "did you mean '%s'?" : "bukti help review %s lists them",
	    near ? near : p->decision);
	return BKT_E_USAGE;
}

static enum bkt_status review(struct reviewing *p, struct bkt_err *err)
{
	struct cli *c = p->c;
	bool all = cli_knows(c, "all") && cli_flag(c, "all");

	BKT_TRY(check_words(p, err));
	if (all == (c->argc > 0)) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    all ? "either documents or --all"
			: "it is not said which document");
		bkt_err_hint(err, "bukti help review %s", p->decision);
		return BKT_E_USAGE;
	}
	BKT_TRY(cli_round_open(c, &p->round, err));
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
	&reject_cmd, NULL };
const struct cli_cmd cli_review = {
	.name = "review",
	.summary = "accept, return or reject evidence",
	.usage = "accept|return|reject DOCUMENT...",
	.details = cause_list,
	.subs = subs,
};
