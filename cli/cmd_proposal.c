/* bukti proposal list|show|drop: records that wait for more signatures */
#include "release.h"

#include <string.h>

static enum bkt_status unknown(struct cli *c, struct bkt_err *err)
{
	(void)bkt_fail(
	    err, BKT_E_USAGE, "there is no proposal '%s'", c->argv[0]);
	bkt_err_hint(err, "bukti proposal list");
	return BKT_E_USAGE;
}

static enum bkt_status get(
    struct cli *c, struct bkt_proposal *out, struct bkt_err *err)
{
	enum bkt_status st =
	    bkt_proposal_get(c->store, c->argv[0], c->arena, out, err);

	if (st != BKT_E_NOTFOUND)
		return st;
	return unknown(c, err);
}

static void signed_by(
    const struct bkt_proposal *p, const char **names, struct bkt_strs *out)
{
	out->v = names;
	out->n = 0;
	for (size_t i = 0; i < p->sub.n_seals; i++)
		names[out->n++] = p->sub.seals[i].member;
}

static void proposal_json(struct cli_json *j, const struct bkt_proposal *p)
{
	const char *names[BKT_SIGNERS_MAX];
	struct bkt_strs have;

	signed_by(p, names, &have);
	cli_json_object(j, NULL);
	cli_json_str(j, "id", p->id);
	cli_json_str(j, "path", p->rec->path);
	cli_json_strs(j, "signed", &have);
	cli_json_strs(j, "missing", &p->missing);
	cli_json_raw(j, "record", p->sub.record);
	cli_json_end(j, '}');
}

static void broken_json(struct cli_json *j, const struct bkt_proposal *p)
{
	cli_json_object(j, NULL);
	cli_json_str(j, "id", p->id);
	cli_json_str(j, "why", p->broken.msg);
	cli_json_end(j, '}');
}

/* exit 1, unless one could not even be looked at */
static enum bkt_status tell_broken(struct cli *c,
    const struct bkt_proposal *all, size_t n, struct bkt_err *err)
{
	enum bkt_status st = BKT_E_FINDINGS;

	for (size_t i = 0; i < n; i++) {
		struct bkt_err why = all[i].broken;

		if (all[i].rec)
			continue;
		if (bkt_is_fault(why.status) && why.status != BKT_E_LIMIT)
			st = why.status;
		(void)bkt_fail_context(
		    &why, why.status, "proposal '%s' is broken", all[i].id);
		cli_complain(c, &why);
	}
	*err = (struct bkt_err){ .status = st };
	return st;
}

static enum bkt_status run_list(struct cli *c, struct bkt_err *err)
{
	static const struct cli_column columns[] = {
		{ "PROPOSAL", false, false },
		{ "PATH", false, true },
		{ "SIGNED", false, true },
		{ "MISSING", false, true },
	};
	struct bkt_proposal *all = NULL;
	size_t n = 0, n_broken = 0;
	struct cli_table_rows *t = cli_table_new(c, columns, 4);
	BKT_AUTO(cli_json_release) struct cli_json j = { .depth = 0 };

	cli_json_init(&j);
	BKT_TRY(bkt_proposal_list(c->store, c->arena, &all, &n, err));
	cli_json_object(&j, NULL);
	cli_json_array(&j, "proposals");
	for (size_t i = 0; i < n; i++) {
		const char *names[BKT_SIGNERS_MAX];
		struct bkt_strs have;
		const char *cells[4] = { all[i].id };

		if (!all[i].rec) {
			n_broken++;
			continue;
		}
		cells[1] = all[i].rec->path;
		signed_by(&all[i], names, &have);
		cells[2] = cli_join(c, &have, ",", "-");
		cells[3] = cli_join(c, &all[i].missing, ",", "-");
		cli_table_row(t, CLI_PLAIN, cells);
		proposal_json(&j, &all[i]);
	}
	cli_json_end(&j, ']');
	cli_json_array(&j, "broken");
	for (size_t i = 0; i < n; i++)
		if (!all[i].rec)
			broken_json(&j, &all[i]);
	cli_json_end(&j, ']');
	cli_json_end(&j, '}');
	if (cli_flag(c, "json"))
		BKT_TRY(cli_json_print(&j, err));
	else if (n == 0)
		cli_note(c, "nothing waits for signatures");
	else if (n > n_broken)
		cli_table_print(t);
	if (n_broken == 0)
		return BKT_OK;
	return tell_broken(c, all, n, err);
}

static enum bkt_status run_show(struct cli *c, struct bkt_err *err)
{
	struct bkt_proposal p = { .rec = NULL };
	const char *names[BKT_SIGNERS_MAX];
	struct bkt_strs have;
	BKT_AUTO(cli_json_release) struct cli_json j = { .depth = 0 };

	cli_json_init(&j);
	BKT_TRY(get(c, &p, err));
	if (cli_flag(c, "json")) {
		proposal_json(&j, &p);
		return cli_json_print(&j, err);
	}
	signed_by(&p, names, &have);
	cli_field(c, "proposal", p.id);
	cli_describe_waiting(c, p.rec, &p.missing);
	BKT_TRY(release_waiting(c, p.rec, err));
	cli_field(c, "signed", cli_join(c, &have, ", ", "nobody yet"));
	cli_field(c, "missing", cli_join(c, &p.missing, ", ", "nobody"));
	return BKT_OK;
}

static enum bkt_status run_drop(struct cli *c, struct bkt_err *err)
{
	enum bkt_status st = bkt_proposal_drop(c->store, c->argv[0], err);

	/* not read first: also one that is broken can be dropped */
	if (st == BKT_E_NOTFOUND)
		return unknown(c, err);
	if (st != BKT_OK)
		return st;
	(void)printf("proposal %s dropped\n", c->argv[0]);
	return BKT_OK;
}

static const struct cli_cmd proposal_list = {
	.name = "list",
	.summary = "list what waits for signatures",
	.usage = "[--json]",
	.flags = CLI_READS | CLI_JSON,
	.run = run_list,
};
static const struct cli_cmd proposal_show = {
	.name = "show",
	.summary = "read a proposal before signing it",
	.usage = "ID [--json]",
	.flags = CLI_READS | CLI_JSON,
	.min_args = 1,
	.max_args = 1,
	.run = run_show,
};
static const struct cli_cmd proposal_drop = {
	.name = "drop",
	.summary = "forget a proposal; nothing in the log changes",
	.usage = "ID",
	.flags = CLI_READS,
	.min_args = 1,
	.max_args = 1,
	.run = run_drop,
};
static const struct cli_cmd *const subs[] = { &proposal_list, &proposal_show,
	&proposal_drop, NULL };

const struct cli_cmd cli_proposal = {
	.name = "proposal",
	.summary = "records that wait for more signatures",
	.usage = "list|show|drop ...",
	.subs = subs,
};
