/* bukti member list|show */
#include "cli.h"
#include "member.h"

#include <string.h>

static void member_json(struct cli_json *j, const struct bkt_member *m)
{
	cli_json_object(j, NULL);
	cli_json_str(j, "member", m->member);
	cli_json_str(j, "title", m->title);
	cli_json_str(j, "state", m->state);
	cli_json_strs(j, "roles", &m->roles);
	cli_json_strs(j, "units", &m->units);
	cli_json_str(j, "cert", m->cert);
}

static enum bkt_status run_list(struct cli *c, struct bkt_err *err)
{
	static const struct cli_column columns[] = {
		{ "MEMBER", false, false },
		{ "STATE", false, false },
		{ "ROLES", false, true },
		{ "UNITS", false, true },
		{ "TITLE", false, true },
	};
	struct cli_records all;
	struct cli_table_rows *t = cli_table_new(c, columns, 5);
	BKT_AUTO(cli_json_release) struct cli_json j = { .depth = 0 };

	cli_json_init(&j);
	BKT_TRY(cli_records(c, "members/", BKT_KIND_MEMBER, &all, err));
	cli_json_object(&j, NULL);
	cli_json_array(&j, "members");
	for (size_t i = 0; i < all.n; i++) {
		const struct bkt_member *m = &all.v[i]->u.member;
		const char *cells[] = { m->member, m->state,
			cli_join(c, &m->roles, ",", "-"),
			cli_join(c, &m->units, ",", "-"), m->title };

		cli_table_row(t,
		    strcmp(m->state, "active") == 0 ? CLI_PLAIN : CLI_DIM,
		    cells);
		member_json(&j, m);
		cli_json_end(&j, '}');
	}
	cli_json_end(&j, ']');
	cli_json_end(&j, '}');
	if (cli_flag(c, "json"))
		return cli_json_print(&j, err);
	cli_table_print(t);
	return BKT_OK;
}

static enum bkt_status run_show(struct cli *c, struct bkt_err *err)
{
	struct bkt_record *r = NULL;
	const struct bkt_member *m = NULL;
	const struct bkt_cert_info *i = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf pem = { .ptr = NULL };
	BKT_AUTO(bkt_cert_free) bkt_cert *cert = NULL;
	BKT_AUTO(cli_json_release) struct cli_json j = { .depth = 0 };
	char from[BKT_TIME_LEN + 1], until[BKT_TIME_LEN + 1];

	cli_json_init(&j);
	bkt_buf_init(&pem, 64 * 1024);
	BKT_TRY(cli_member_now(c, c->argv[0], &m, err));
	if (!m)
		return cli_member_unknown(c, c->argv[0], err);
	BKT_TRY(cli_record_at(
	    c, cli_printf(c, "members/%s.json", m->member), &r, err));
	BKT_TRY(
	    cli_read(c, cli_printf(c, "members/%s.pem", m->member), &pem, err));
	BKT_TRY(bkt_cert_from_pem(bkt_buf_span(&pem), &cert, err));
	i = bkt_cert_info(cert);
	if (cli_flag(c, "json")) {
		member_json(&j, m);
		cli_json_str(&j, "subject", i->subject);
		cli_json_str(&j, "issuer", i->issuer_cn);
		cli_json_str(&j, "key", i->key);
		cli_json_time(&j, "not_before", i->not_before_utc_s);
		cli_json_time(&j, "not_after", i->not_after_utc_s);
		cli_json_end(&j, '}');
		return cli_json_print(&j, err);
	}
	bkt_time_format(i->not_before_utc_s, from);
	bkt_time_format(i->not_after_utc_s, until);
	cli_describe(c, r);
	cli_field(c, "subject", i->subject);
	cli_field(c, "issuer", i->issuer_cn);
	cli_field(c, "key", i->key);
	cli_field(c, "valid", cli_printf(c, "%s to %s", from, until));
	return BKT_OK;
}

const struct cli_cmd cli_member_list = {
	.name = "list",
	.summary = "list the members",
	.usage = "[--json]",
	.flags = CLI_READS | CLI_JSON,
	.run = run_list,
};
const struct cli_cmd cli_member_show = {
	.name = "show",
	.summary = "a member with the registered certificate",
	.usage = "MEMBER [--json]",
	.flags = CLI_READS | CLI_JSON,
	.min_args = 1,
	.max_args = 1,
	.run = run_show,
};
