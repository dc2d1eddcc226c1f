/* bukti sign ID: add a signature to a proposal; the last one submits it */
#include "cli.h"

#include <string.h>

static enum bkt_status fetch(struct cli *c, const char *id,
    struct bkt_proposal *out, struct bkt_err *err)
{
	enum bkt_status st = bkt_proposal_get(c->store, id, c->arena, out, err);

	if (st != BKT_E_NOTFOUND)
		return st;
	(void)bkt_fail(err, BKT_E_USAGE, "there is no proposal '%s'", id);
	bkt_err_hint(err, "bukti proposal list");
	return BKT_E_USAGE;
}

static enum bkt_status submit(
    struct cli *c, const struct bkt_proposal *p, struct bkt_err *err)
{
	struct bkt_item item = { .sub = p->sub };
	const char *what = p->rec->path;

	BKT_TRY(cli_submit_items(c, &item, &what, 1,
	    cli_printf(c, "Accept %s signed by all", p->rec->path), err));
	(void)printf("%s: entry %llu\n", cli_text(c, p->rec->path),
	    (unsigned long long)item.index);
	return bkt_proposal_drop(c->store, p->id, err);
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	const char *id = c->argv[0];
	struct bkt_strs members = { NULL, 0 };
	struct bkt_proposal p = { .rec = NULL };
	BKT_AUTO(cli_hands_release) struct cli_hands hands = { NULL, 0 };

	BKT_TRY(fetch(c, id, &p, err));
	BKT_TRY(cli_members(c, &members, err));
	for (size_t i = 0; i < members.n; i++)
		if (!bkt_strs_has(&p.rec->by, members.v[i]))
			return bkt_fail(err, BKT_E_USAGE,
			    "proposal '%s' does not wait for '%s'", id,
			    members.v[i]);
	BKT_TRY(cli_hands_load(c, &members, &hands, err));
	for (size_t i = 0; i < hands.n; i++) {
		if (!bkt_strs_has(&p.missing, hands.v[i].member))
			continue;
		BKT_TRY(bkt_proposal_sign(
		    c->store, id, &hands.v[i], bkt_now_utc_s(), err));
	}
	BKT_TRY(fetch(c, id, &p, err));
	if (p.missing.n == 0)
		return submit(c, &p, err);
	(void)printf("signed; still missing: %s\n",
	    cli_text(c, cli_join(c, &p.missing, ", ", "")));
	return BKT_OK;
}

const struct cli_cmd cli_sign = {
	.name = "sign",
	.summary = "sign a proposal; the last signature submits it",
	.usage = "ID [--as MEMBER]",
	.details = "Read it first: bukti proposal show ID.",
	.flags = CLI_WRITES,
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
