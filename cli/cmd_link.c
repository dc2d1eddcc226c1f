/* bukti link, bukti unlink: a document and the indicators it supports */
#include "evidence.h"

#include <string.h>

static enum bkt_status run_link(struct cli *c, struct bkt_err *err)
{
	BKT_AUTO(cli_round_release) struct cli_round round = { .cycle = NULL };
	BKT_AUTO(cli_batch_release) struct cli_batch b = { .c = NULL };
	struct bkt_strs indicators = { NULL, 0 };
	struct bkt_record *doc = NULL;
	size_t n_same = 0;

	BKT_TRY(cli_round_open(c, &round, err));
	BKT_TRY(cli_indicators(c, &round, &indicators, err));
	BKT_TRY(cli_document_pick(c, c->argv[0], &doc, err));
	BKT_TRY(cli_document_active(&doc->u.document, err));
	BKT_TRY(cli_batch_init(&b, c, err));
	for (size_t i = 0; i < indicators.n; i++) {
		bool same = false;

		BKT_TRY(cli_link_add(&b, &round, indicators.v[i],
		    doc->u.document.document, &same, err));
		n_same += same ? 1 : 0;
	}
	if (b.n > 0)
		BKT_TRY(cli_batch_submit(&b, "link a document", err));
	if (b.n > 0 && !b.waits)
		(void)printf("document %s linked to %s in %s\n",
		    doc->u.document.document,
		    cli_join(c, &indicators, ", ", ""), round.cycle);
	if (n_same > 0)
		cli_note(c, "%s just so already",
		    cli_count(c, n_same, "link is", "links are"));
	return BKT_OK;
}

static enum bkt_status withdraw(struct cli_batch *b,
    const struct cli_round *round, const char *indicator, const char *document,
    struct bkt_err *err)
{
	struct cli *c = b->c;
	const char *path = cli_printf(c, "cycles/%s/%s/evidence/%s.json",
	    round->cycle, indicator, document);
	struct bkt_record *now = NULL, *r = NULL;
	enum bkt_status st = cli_record_at(c, path, &now, err);

	if (st == BKT_E_NOTFOUND ||
	    (st == BKT_OK && strcmp(now->u.link.state, "active") != 0))
		return bkt_fail(err, BKT_E_USAGE,
		    "document %s is not linked to %s", document, indicator);
	if (st != BKT_OK)
		return st;
	r = bkt_arena_alloc(c->arena, sizeof(*r));
	if (!r)
		return cli_no_memory(err);
	r->kind = BKT_KIND_LINK;
	r->path = path;
	r->u.link = now->u.link;
	r->u.link.state = "withdrawn";
	if (cli_opt(c, "note"))
		r->u.link.note = cli_opt(c, "note");
	return cli_batch_add(b, r, NULL, 0,
	    cli_printf(c, "link of %s to %s", document, indicator), err);
}

static enum bkt_status run_unlink(struct cli *c, struct bkt_err *err)
{
	BKT_AUTO(cli_round_release) struct cli_round round = { .cycle = NULL };
	BKT_AUTO(cli_batch_release) struct cli_batch b = { .c = NULL };
	struct bkt_strs indicators = { NULL, 0 };
	struct bkt_record *doc = NULL;

	BKT_TRY(cli_round_open(c, &round, err));
	BKT_TRY(cli_indicators(c, &round, &indicators, err));
	BKT_TRY(cli_document_pick(c, c->argv[0], &doc, err));
	BKT_TRY(cli_batch_init(&b, c, err));
	for (size_t i = 0; i < indicators.n; i++)
		BKT_TRY(withdraw(&b, &round, indicators.v[i],
		    doc->u.document.document, err));
	BKT_TRY(cli_batch_submit(&b, "withdraw a link", err));
	if (!b.waits)
		(void)printf("document %s no longer linked to %s in %s; its "
			     "history stays\n",
		    doc->u.document.document,
		    cli_join(c, &indicators, ", ", ""), round.cycle);
	return BKT_OK;
}

static const struct cli_opt link_options[] = {
	CLI_LINK_OPTIONS,
	{ 0 },
};
const struct cli_cmd cli_link = {
	.name = "link",
	.summary = "say that a stored document supports indicators",
	.usage = "DOCUMENT --indicator N,N",
	.options = link_options,
	.flags = CLI_WRITES,
	.min_args = 1,
	.max_args = 1,
	.run = run_link,
};
static const struct cli_opt unlink_options[] = {
	{ "indicator", "N,N", "indicators it no longer supports", 'i', true },
	{ "note", "TEXT", "why", 0, false },
	{ "cycle", "CYCLE", "round (else the only open one)", 0, false },
	{ 0 },
};
const struct cli_cmd cli_unlink = {
	.name = "unlink",
	.summary = "withdraw a link; the history stays",
	.usage = "DOCUMENT --indicator N,N",
	.options = unlink_options,
	.flags = CLI_WRITES,
	.min_args = 1,
	.max_args = 1,
	.run = run_unlink,
};
