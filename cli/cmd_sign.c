/* bukti sign ID: add a signature to a proposal; the last one submits it */
#include "release.h"

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

/* whoever is named is asked, and has not signed yet; *n: of those, missing */
static enum bkt_status check_members(const struct bkt_proposal *p,
    const struct bkt_strs *members, size_t *n, struct bkt_err *err)
{
	*n = 0;
	for (size_t i = 0; i < members->n; i++) {
		if (!bkt_strs_has(&p->rec->by, members->v[i]))
			return bkt_fail(err, BKT_E_USAGE,
			    "proposal '%s' does not wait for '%s'", p->id,
			    members->v[i]);
		*n += bkt_strs_has(&p->missing, members->v[i]);
	}
	return BKT_OK;
}

/* nobody signs what they have not seen, nor what cannot enter */
static enum bkt_status show_first(struct cli *c, const struct bkt_proposal *p,
    const struct bkt_strs *members, struct bkt_err *err)
{
	enum bkt_status st;

	(void)printf("%sto be signed by %s:%s\n", cli_colour(c, CLI_BOLD),
	    cli_text(c, cli_join(c, members, ", ", "")),
	    cli_colour(c, CLI_PLAIN));
	cli_describe_waiting(c, p->rec, &p->missing);
	BKT_TRY(release_waiting(c, p->rec, err));
	cli_field(c, "missing", cli_join(c, &p->missing, ", ", "nobody"));
	(void)printf("\n");
	st = bkt_proposal_judge(c->store, p, err);
	if (st != BKT_OK && !bkt_is_fault(st)) {
		(void)cli_input_failed(err, BKT_E_POLICY,
		    "it could not enter, nothing was signed");
		if (err->hint[0] == '\0')
			bkt_err_hint(err, "bukti proposal drop %s", p->id);
		return BKT_E_POLICY;
	}
	if (st == BKT_E_CONFLICT)
		bkt_err_hint(err,
		    "nothing was signed; bukti proposal drop %s, "
		    "and propose it again",
		    p->id);
	if (st != BKT_OK)
		return st;
	return cli_confirm(c, "sign it?", "nothing was signed", err);
}

static enum bkt_status add_signatures(struct cli *c,
    const struct bkt_proposal *p, const struct bkt_strs *members,
    struct bkt_err *err)
{
	BKT_AUTO(cli_hands_release) struct cli_hands hands = { NULL, 0 };

	BKT_TRY(cli_hands_load(c, members, &hands, err));
	for (size_t i = 0; i < hands.n; i++) {
		if (!bkt_strs_has(&p->missing, hands.v[i].member))
			continue;
		BKT_TRY(bkt_proposal_sign(
		    c->store, p, &hands.v[i], bkt_now_utc_s(), err));
	}
	return BKT_OK;
}

/* cut off between the two, or another signer was the last one meanwhile */
static enum bkt_status is_in(
    struct cli *c, const struct bkt_proposal *p, bool *yes, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf now = { .ptr = NULL };
	enum bkt_status st;

	*yes = false;
	bkt_buf_init(&now, BKT_RECORD_MAX);
	st = cli_read(c, p->rec->path, &now, err);
	if (st == BKT_E_NOTFOUND)
		return BKT_OK;
	if (st != BKT_OK)
		return st;
	*yes = bkt_span_eq(bkt_buf_span(&now), p->sub.record);
	return BKT_OK;
}

static enum bkt_status drop_entered(
    struct cli *c, const struct bkt_proposal *p, struct bkt_err *err)
{
	enum bkt_status st = bkt_proposal_drop(c->store, p->id, err);

	if (st != BKT_OK && st != BKT_E_NOTFOUND)
		return st;
	cli_note(c,
	    "%s has entered already, signed by all; nothing is left "
	    "to sign",
	    p->rec->path);
	return BKT_OK;
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	const char *id = c->argv[0];
	bool in = false;
	struct bkt_strs members = { NULL, 0 };
	struct bkt_proposal p = { .rec = NULL };
	size_t n = 0;

	BKT_TRY(fetch(c, id, &p, err));
	BKT_TRY(cli_members(c, &members, err));
	BKT_TRY(check_members(&p, &members, &n, err));
	BKT_TRY(is_in(c, &p, &in, err));
	if (in)
		return drop_entered(c, &p, err);
	if (n > 0) {
		BKT_TRY(show_first(c, &p, &members, err));
		BKT_TRY(add_signatures(c, &p, &members, err));
		BKT_TRY(fetch(c, id, &p, err));
	}
	if (p.missing.n == 0)
		return submit(c, &p, err);
	(void)printf("%s; still missing: %s\n",
	    n > 0 ? "signed"
		  : cli_printf(c, "%s signed it already",
			cli_text(c, cli_join(c, &members, ", ", ""))),
	    cli_text(c, cli_join(c, &p.missing, ", ", "")));
	return BKT_OK;
}

static const struct cli_opt options[] = {
	{ "yes", NULL, "do not ask", 'y', false },
	{ 0 },
};
const struct cli_cmd cli_sign = {
	.name = "sign",
	.summary = "sign a proposal; the last signature submits it",
	.usage = "ID [--as MEMBER] [--yes]",
	.details = "Shows what is to be signed, and refuses what could not "
		   "enter.",
	.options = options,
	.flags = CLI_WRITES,
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
