/* bukti claim: the level an institution claims, with fact and analysis */
#include "evidence.h"

#include <string.h>

/* told when it has happened: a refusal is no replacing */
struct note {
	struct note *next;
	const char *text;
};
struct told {
	size_t n_same;
	struct note *notes, **last;
};

static enum bkt_status keep_note(
    struct cli *c, struct told *t, const char *text, struct bkt_err *err)
{
	struct note *n = bkt_arena_alloc(c->arena, sizeof(*n));

	if (!n)
		return cli_no_memory(err);
	*n = (struct note){ NULL, text };
	*t->last = n;
	t->last = &n->next;
	return BKT_OK;
}

static enum bkt_status check_level(
    const struct bkt_rb_indicator *ind, const char *level, struct bkt_err *err)
{
	char low[48], high[48];

	bkt_rat_exact(ind->scale->min, low);
	bkt_rat_exact(ind->scale->max, high);
	if (!bkt_scale_has(ind->scale, level))
		return bkt_fail(err, BKT_E_USAGE,
		    "'%s' is not a level from %s to %s for %s", level, low,
		    high, ind->id);
	return BKT_OK;
}

static enum bkt_status put_claim(struct cli_batch *b,
    const struct cli_round *round, const char *indicator,
    const struct bkt_claim *said, struct told *told, struct bkt_err *err)
{
	struct cli *c = b->c;
	struct bkt_record *now = NULL;
	struct bkt_record *r = bkt_arena_alloc(c->arena, sizeof(*r));
	enum bkt_status st;

	if (!r)
		return cli_no_memory(err);
	r->kind = BKT_KIND_CLAIM;
	r->path =
	    cli_printf(c, "cycles/%s/%s/claim.json", round->cycle, indicator);
	r->u.claim = *said;
	st = cli_record_at(c, r->path, &now, err);
	if (st != BKT_OK && st != BKT_E_NOTFOUND)
		return st;
	if (st == BKT_OK && bkt_same_text(now->u.claim.level, said->level) &&
	    bkt_same_text(now->u.claim.state, said->state) &&
	    bkt_same_text(now->u.claim.fact, said->fact) &&
	    bkt_same_text(now->u.claim.analysis, said->analysis)) {
		told->n_same++;
		return BKT_OK;
	}
	if (st == BKT_OK && strcmp(now->u.claim.state, "active") == 0)
		BKT_TRY(keep_note(c, told,
		    cli_printf(c, "%s: %s the claim of level %s by %s",
			indicator,
			strcmp(said->state, "active") == 0 ? "replaces"
							   : "withdraws",
			now->u.claim.level, cli_join(c, &now->by, ", ", "")),
		    err));
	return cli_batch_add(
	    b, r, NULL, 0, cli_printf(c, "claim for %s", indicator), err);
}

static enum bkt_status read_csv(struct cli_csv *t, struct cli_batch *b,
    const struct cli_round *round, struct told *told, struct bkt_err *err)
{
	struct cli *c = b->c;
	enum bkt_status st = BKT_OK;

	while (cli_csv_next(t, c, &st, err)) {
		const char *word = cli_csv_get(t, c, "indicator");
		const struct bkt_rb_indicator *ind =
		    bkt_rulebook_indicator_find(round->rulebook, word);
		const struct bkt_claim said = { .state = "active",
			.level = cli_csv_get(t, c, "level"),
			.fact = cli_csv_get(t, c, "fact"),
			.analysis = cli_csv_get(t, c, "analysis") };
		struct bkt_err why = { 0 };

		if (!ind) {
			cli_csv_bad(t, c, "unknown indicator '%s'", word);
			continue;
		}
		if (check_level(ind, said.level, &why) != BKT_OK) {
			cli_csv_bad(t, c, "%s", why.msg);
			continue;
		}
		BKT_TRY(put_claim(b, round, ind->id, &said, told, err));
	}
	BKT_TRY(st);
	return cli_csv_done(t, err);
}

static enum bkt_status one_claim(struct cli_batch *b,
    const struct cli_round *round, struct told *told, struct bkt_err *err)
{
	struct cli *c = b->c;
	const struct bkt_rb_indicator *ind =
	    bkt_rulebook_indicator_find(round->rulebook, c->argv[0]);
	struct bkt_claim said = { .state = "active",
		.level = c->argc > 1 ? c->argv[1] : cli_opt(c, "level"),
		.fact = cli_opt(c, "fact"),
		.analysis = cli_opt(c, "analysis") };
	struct bkt_record *now = NULL;
	enum bkt_status st;

	if (!ind)
		return cli_unknown_indicator(
		    c, round->rulebook, c->argv[0], err);
	st = cli_record_at(c,
	    cli_printf(c, "cycles/%s/%s/claim.json", round->cycle, ind->id),
	    &now, err);
	if (st != BKT_OK && st != BKT_E_NOTFOUND)
		return st;
	if (!now && cli_flag(c, "withdraw")) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "there is no claim for %s to withdraw", ind->id);
		bkt_err_hint(
		    err, "bukti status %s tells what is claimed", round->cycle);
		return BKT_E_USAGE;
	}
	if (now) {
		said.level = said.level ? said.level : now->u.claim.level;
		said.fact = said.fact ? said.fact : now->u.claim.fact;
		said.analysis =
		    said.analysis ? said.analysis : now->u.claim.analysis;
	}
	if (cli_flag(c, "withdraw"))
		said.state = "withdrawn";
	if (!said.level || !said.fact || !said.analysis) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "a claim needs a level, a fact and an analysis");
		bkt_err_hint(err,
		    "bukti claim %s LEVEL --fact \"document, "
		    "article, page\" --analysis \"which "
		    "criterion is met\"",
		    ind->id);
		return BKT_E_USAGE;
	}
	BKT_TRY(check_level(ind, said.level, err));
	return put_claim(b, round, ind->id, &said, told, err);
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	static const char *const needed[] = { "indicator", "level", "fact",
		"analysis", NULL };
	BKT_AUTO(cli_round_release) struct cli_round round = { .cycle = NULL };
	BKT_AUTO(cli_batch_release) struct cli_batch b = { .c = NULL };
	BKT_AUTO(cli_csv_release) struct cli_csv t = { .name = NULL };
	const char *from = cli_opt(c, "from");
	struct told told = { .n_same = 0 };

	told.last = &told.notes;
	if ((from == NULL) == (c->argc == 0)) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "either one indicator and its level, or --from FILE");
		bkt_err_hint(err, "bukti help claim");
		return BKT_E_USAGE;
	}
	if (from && cli_flag(c, "withdraw"))
		return bkt_fail(err, BKT_E_USAGE,
		    "--withdraw takes back the claim of one indicator");
	if (cli_opt(c, "level") && (from || c->argc > 1))
		return bkt_fail(err, BKT_E_USAGE, "the level is said twice");
	BKT_TRY(cli_round_open(c, &round, err));
	if (from)
		BKT_TRY(cli_csv_open(&t, from, needed, err));
	BKT_TRY(cli_batch_init(&b, c, err));
	if (from)
		BKT_TRY(read_csv(&t, &b, &round, &told, err));
	else
		BKT_TRY(one_claim(&b, &round, &told, err));
	if (b.n > 0)
		BKT_TRY(cli_batch_submit(&b, "claim levels", err));
	for (const struct note *n = told.notes; n; n = n->next)
		cli_note(c, "%s", n->text);
	if (b.n > 0 && !b.waits)
		(void)printf("%s %s in %s\n", cli_count(c, b.n, "claim", NULL),
		    cli_flag(c, "withdraw") ? "withdrawn" : "entered",
		    round.cycle);
	if (told.n_same > 0)
		cli_note(c, "%s just so already",
		    cli_count(c, told.n_same, "claim is", "claims are"));
	return BKT_OK;
}

static const struct cli_opt options[] = {
	{ "level", "LEVEL", "the level, if not said behind it", 0, false },
	{ "fact", "TEXT", "document, article, page", 0, false },
	{ "analysis", "TEXT", "which criterion of the level is met", 0, false },
	{ "from", "FILE", "CSV: indicator,level,fact,analysis", 0, false },
	{ "withdraw", NULL, "take the claim back", 0, false },
	{ "cycle", "CYCLE", "round (else the only open one)", 0, false },
	{ 0 },
};
const struct cli_cmd cli_claim = {
	.name = "claim",
	.summary = "claim a level for an indicator, with fact and analysis",
	.usage = "[INDICATOR [LEVEL]] [--fact TEXT --analysis TEXT]",
	.options = options,
	.flags = CLI_WRITES,
	.min_args = 0,
	.max_args = 2,
	.run = run,
};
