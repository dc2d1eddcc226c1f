/* bukti member add|list|show|withdraw */
#include "cli.h"
#include "member.h"

#include <string.h>

struct registry { /* what roles and units may be named */
	struct bkt_strs roles, units, members;
};

static enum bkt_status load_registry(
    struct cli *c, struct registry *out, struct bkt_err *err)
{
	struct bkt_record *r = NULL;
	struct cli_records all;

	BKT_TRY(cli_record_at(c, "access.json", &r, err));
	out->roles = r->u.access.roles;
	BKT_TRY(cli_unit_ids(c, &out->units, err));
	BKT_TRY(cli_records(c, "members/", BKT_KIND_MEMBER, &all, err));
	out->members.v =
	    bkt_arena_alloc(c->arena, (all.n + 1) * sizeof(char *));
	if (!out->members.v)
		return cli_no_memory(err);
	for (out->members.n = 0; out->members.n < all.n; out->members.n++)
		out->members.v[out->members.n] =
		    all.v[out->members.n]->u.member.member;
	return BKT_OK;
}

static enum bkt_status check_words(const struct bkt_strs *words,
    const struct bkt_strs *known, const char *what, struct bkt_err *err)
{
	for (size_t i = 0; i < words->n; i++) {
		if (bkt_strs_has(known, words->v[i]))
			continue;
		(void)cli_unknown(err, BKT_E_USAGE, what, words->v[i], known);
		if (strcmp(what, "role") == 0)
			bkt_err_hint_words(
			    err, words->v[i], known->v, known->n);
		if (err->hint[0] == '\0' && strcmp(what, "unit") == 0)
			bkt_err_hint(err,
			    "add it first: bukti unit add %s "
			    "--name NAME",
			    words->v[i]);
		return BKT_E_USAGE;
	}
	return BKT_OK;
}

enum bkt_status cli_member_now(struct cli *c, const char *id,
    const struct bkt_member **out, struct bkt_err *err)
{
	struct bkt_record *r = NULL;
	enum bkt_status st;

	*out = NULL;
	if (!bkt_id_valid(id))
		return BKT_OK;
	st = cli_record_at(c, cli_printf(c, "members/%s.json", id), &r, err);
	if (st == BKT_E_NOTFOUND)
		return BKT_OK;
	if (st == BKT_OK)
		*out = &r->u.member;
	return st;
}

/* what the record does not say yet, "" nothing; a request not brought before is
 * always news, the certificate that is registered never */
static enum bkt_status changes(struct cli *c, struct cli_ca *ca,
    struct cli_member_ask *m, const char *state, const char **out,
    struct bkt_err *err)
{
	const struct bkt_member *now = m->now;
	const char *l = "";
	bool same = false;

	l = cli_change(c, l, "state", now->state, state);
	l = cli_change(c, l, "title", now->title, m->title);
	l = cli_change(c, l, "roles", cli_join(c, &now->roles, ",", ""),
	    cli_join(c, &m->roles, ",", ""));
	l = cli_change(c, l, "units", cli_join(c, &now->units, ",", ""),
	    cli_join(c, &m->units, ",", ""));
	/* a whole list is not given new certificates by bringing it again */
	if (m->request && !m->cert &&
	    !(cli_flag(c, "update") && !cli_opt(c, "from"))) {
		BKT_TRY(cli_member_request_same(m, &same, err));
		if (same)
			m->request = NULL;
	}
	if (m->cert || m->p12)
		BKT_TRY(cli_member_cert_same(c, ca, m, &same, err));
	if (same)
		m->request = m->cert = m->p12 = NULL;
	if (m->request || m->cert || m->p12)
		l = cli_printf(
		    c, "%s%sa new certificate", l, l[0] != '\0' ? "; " : "");
	*out = l;
	return BKT_OK;
}

/* a slip in the id must not change what another may do */
static enum bkt_status there_already(
    const struct cli_member_ask *m, const char *change, struct bkt_err *err)
{
	(void)bkt_fail(err, BKT_E_EXISTS,
	    "member '%s' is there already, and this would change it: %s",
	    m->member, change);
	bkt_err_hint(err,
	    "when that is meant, say --update; who it is: bukti "
	    "member show %s",
	    m->member);
	return BKT_E_EXISTS;
}

static enum bkt_status put_member(struct cli_batch *b, struct cli_ca *ca,
    struct cli_member_ask *m, const char *state, size_t *n_same,
    struct bkt_err *err)
{
	struct cli *c = b->c;
	struct cli_member_out proof;
	struct bkt_record *r = NULL;
	struct bkt_file owned;
	const char *change = "";

	if (m->now) {
		BKT_TRY(changes(c, ca, m, state, &change, err));
		if (change[0] == '\0') {
			*n_same += 1;
			return BKT_OK;
		}
		if (cli_knows(c, "update") && !cli_flag(c, "update"))
			return there_already(m, change, err);
		BKT_TRY(cli_batch_note(
		    b, cli_printf(c, "member %s: %s", m->member, change), err));
	}
	ca->at_utc_s = b->at_utc_s;
	BKT_TRY(cli_member_proof(c, ca, m, &proof, err));
	r = bkt_arena_alloc(c->arena, sizeof(*r));
	if (!r)
		return cli_no_memory(err);
	r->kind = BKT_KIND_MEMBER;
	r->u.member = (struct bkt_member){ m->member,
		m->title && m->title[0] != '\0' ? m->title : NULL, state,
		m->roles, m->units, proof.cert, proof.request };
	owned = (struct bkt_file){ cli_printf(c, "members/%s.pem", m->member),
		proof.pem, NULL };
	return cli_batch_add(
	    b, r, &owned, 1, cli_printf(c, "member '%s'", m->member), err);
}

/* lists left out keep what is registered */
static enum bkt_status complete(struct cli *c, const struct registry *reg,
    struct cli_member_ask *m, const char *roles, const char *units,
    struct bkt_err *err)
{
	if (!bkt_id_valid(m->member)) {
		(void)bkt_fail(
		    err, BKT_E_USAGE, "'%s' is not a member id", m->member);
		bkt_err_hint(err, "use small letters, digits and '-'; no "
				  "names or numbers of persons");
		return BKT_E_USAGE;
	}
	BKT_TRY(cli_member_now(c, m->member, &m->now, err));
	if (roles)
		BKT_TRY(cli_words(c, roles, &m->roles, err));
	else if (m->now)
		m->roles = m->now->roles;
	else
		return bkt_fail(err, BKT_E_USAGE,
		    "new member '%s' needs --roles", m->member);
	if (units)
		BKT_TRY(cli_words(c, units, &m->units, err));
	else if (m->now)
		m->units = m->now->units;
	if (!m->title && m->now)
		m->title = m->now->title;
	if (m->title && m->title[0] != '\0' &&
	    (bkt_text_blank(bkt_span_str(m->title)) ||
		!bkt_text_clean(bkt_span_str(m->title))))
		return bkt_fail(err, BKT_E_USAGE,
		    "the title of '%s' is blank, or has characters that may "
		    "not be kept",
		    m->member);
	BKT_TRY(check_words(&m->roles, &reg->roles, "role", err));
	return check_words(&m->units, &reg->units, "unit", err);
}

/* a request named without a folder may lie beside the keys */
static enum bkt_status request_file(
    struct cli *c, const char *name, const char **out, struct bkt_err *err)
{
	const char *dir = NULL, *beside;

	*out = name;
	if (!name || strchr(name, '/') || bkt_path_exists(name))
		return BKT_OK;
	BKT_TRY(cli_keys_dir(c, &dir, err));
	beside = cli_printf(c, "%s/%s", dir, name);
	if (bkt_path_exists(beside)) {
		*out = beside;
		return BKT_OK;
	}
	(void)bkt_fail(err, BKT_E_USAGE, "there is no request '%s'", name);
	bkt_err_hint(err,
	    "bukti key new MEMBER makes one; it is neither here "
	    "nor in '%s'",
	    dir);
	return BKT_E_USAGE;
}

/* --requests DIR, else the folder of keys, holds <member>.csr; not needed
 * where nothing is new */
static enum bkt_status request_of_row(struct cli *c, const struct cli_csv *t,
    struct cli_member_ask *m, struct bkt_err *err)
{
	const char *beside = NULL;
	const char *dir = cli_opt(c, "requests");
	const char *name = cli_csv_get(t, c, "request");
	const char *path = NULL;

	if (name[0] != '\0')
		path = dir ? cli_printf(c, "%s/%s", dir, name) : name;
	else if (dir)
		path = cli_printf(c, "%s/%s.csr", dir, m->member);
	if (!dir && name[0] != '\0')
		return request_file(c, name, &m->request, err);
	if (!dir && !m->now) {
		BKT_TRY(cli_keys_dir(c, &beside, err));
		path = cli_printf(c, "%s/%s.csr", beside, m->member);
	}
	if (path && (name[0] != '\0' || bkt_path_exists(path)))
		m->request = path;
	if (m->request || m->now)
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_USAGE,
	    "'%s' is new, and there is no request '%s'", m->member, path);
	bkt_err_hint(err,
	    "they make one by: bukti key new %s; another folder: --requests "
	    "DIR",
	    m->member);
	return BKT_E_USAGE;
}

static enum bkt_status read_row(struct cli *c, const struct cli_csv *t,
    const struct registry *reg, struct cli_batch *b, struct cli_ca *ca,
    size_t *n_same, struct bkt_err *err)
{
	const char *title = cli_csv_get(t, c, "title");
	struct cli_member_ask m = {
		.member = cli_csv_get(t, c, "member"),
		.title = title[0] != '\0' ? title : NULL,
	};

	BKT_TRY(complete(c, reg, &m, cli_csv_get(t, c, "roles"),
	    cli_csv_get(t, c, "units"), err));
	BKT_TRY(request_of_row(c, t, &m, err));
	return put_member(b, ca, &m, "active", n_same, err);
}

static enum bkt_status read_csv(struct cli *c, struct cli_csv *t,
    const struct registry *reg, struct cli_batch *b, struct cli_ca *ca,
    size_t *n_same, struct bkt_err *err)
{
	BKT_AUTO(bkt_map_free) bkt_map *seen = bkt_map_new();
	enum bkt_status st = BKT_OK;

	if (!seen)
		return cli_no_memory(err);
	while (cli_csv_next(t, c, &st, err)) {
		const char *id = cli_csv_get(t, c, "member");
		struct bkt_err why = { 0 };
		enum bkt_status row;

		if (bkt_map_get(seen, id)) {
			cli_csv_bad(t, c, "member '%s' a second time", id);
			continue;
		}
		BKT_TRY(bkt_map_set(seen, id, t, err));
		row = read_row(c, t, reg, b, ca, n_same, &why);
		if (row == BKT_E_USAGE || row == BKT_E_EXISTS) {
			cli_csv_bad(t, c, "%s%s%s", why.msg,
			    why.hint[0] != '\0' ? "; " : "", why.hint);
		} else if (row != BKT_OK) {
			*err = why;
			return row;
		}
	}
	BKT_TRY(st);
	return cli_csv_done(t, err);
}

static void say_done(const struct cli_batch *b, size_t n_same)
{
	for (size_t i = 0; i < b->n && !b->waits; i++)
		(void)printf("member %s: entry %llu\n",
		    cli_text(b->c, b->records[i]->u.member.member),
		    (unsigned long long)b->items[i].index);
	if (n_same > 0)
		cli_note(b->c, "%zu member%s already so", n_same,
		    n_same == 1 ? " is" : "s are");
}

static enum bkt_status check_add(const struct cli *c, struct bkt_err *err)
{
	bool many = cli_opt(c, "from") != NULL;

	if (many == (c->argc == 1)) {
		(void)bkt_fail(
		    err, BKT_E_USAGE, "either one member, or --from FILE");
		bkt_err_hint(err, "bukti help member add");
		return BKT_E_USAGE;
	}
	if (many && (cli_opt(c, "request") || cli_opt(c, "p12") ||
			cli_opt(c, "cert") || cli_opt(c, "roles") ||
			cli_opt(c, "units") || cli_opt(c, "title")))
		return bkt_fail(err, BKT_E_USAGE,
		    "with --from, what is said about a member is in the CSV");
	if (cli_opt(c, "p12") && (cli_opt(c, "request") || cli_opt(c, "cert")))
		return bkt_fail(err, BKT_E_USAGE,
		    "--p12 brings its own certificate; leave out the others");
	if (cli_opt(c, "cert") && !cli_opt(c, "request")) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "--cert needs --request too: the proof that the key is "
		    "theirs");
		bkt_err_hint(err, "they make it by: bukti key csr MEMBER --key "
				  "FILE");
		return BKT_E_USAGE;
	}
	return BKT_OK;
}

static enum bkt_status run_add(struct cli *c, struct bkt_err *err)
{
	static const char *const needed[] = { "member", "roles", "units",
		NULL };
	BKT_AUTO(cli_batch_release) struct cli_batch b = { .c = NULL };
	BKT_AUTO(cli_ca_release) struct cli_ca ca = { .signer = NULL };
	BKT_AUTO(cli_csv_release) struct cli_csv t = { .name = NULL };
	const char *from = cli_opt(c, "from");
	struct registry reg;
	struct cli_member_ask m = {
		.member = c->argc == 1 ? c->argv[0] : "",
		.title = cli_opt(c, "title"),
		.request = cli_opt(c, "request"),
		.cert = cli_opt(c, "cert"),
		.p12 = cli_opt(c, "p12"),
	};
	size_t n_same = 0;

	BKT_TRY(check_add(c, err));
	BKT_TRY(request_file(c, m.request, &m.request, err));
	BKT_TRY(load_registry(c, &reg, err));
	if (from)
		BKT_TRY(cli_csv_open(&t, from, needed, err));
	else
		BKT_TRY(complete(c, &reg, &m, cli_opt(c, "roles"),
		    cli_opt(c, "units"), err));
	BKT_TRY(cli_batch_init(&b, c, err));
	if (from)
		BKT_TRY(read_csv(c, &t, &reg, &b, &ca, &n_same, err));
	else
		BKT_TRY(put_member(&b, &ca, &m, "active", &n_same, err));
	if (b.n > 0)
		BKT_TRY(cli_batch_submit(&b,
		    from ? "Register members"
			 : cli_printf(c, "Register member %s", m.member),
		    err));
	say_done(&b, n_same);
	return BKT_OK;
}

enum bkt_status cli_member_unknown(
    struct cli *c, const char *id, struct bkt_err *err)
{
	struct registry reg;

	BKT_TRY(load_registry(c, &reg, err));
	return cli_unknown(err, BKT_E_USAGE, "member", id, &reg.members);
}

static enum bkt_status run_withdraw(struct cli *c, struct bkt_err *err)
{
	BKT_AUTO(cli_batch_release) struct cli_batch b = { .c = NULL };
	BKT_AUTO(cli_ca_release) struct cli_ca ca = { .signer = NULL };
	struct cli_member_ask m = { .member = c->argv[0] };
	size_t n_same = 0;

	BKT_TRY(cli_member_now(c, m.member, &m.now, err));
	if (!m.now)
		return cli_member_unknown(c, m.member, err);
	m.title = m.now->title;
	m.roles = m.now->roles;
	m.units = m.now->units;
	BKT_TRY(cli_batch_init(&b, c, err));
	BKT_TRY(put_member(&b, &ca, &m, "withdrawn", &n_same, err));
	if (b.n > 0)
		BKT_TRY(cli_batch_submit(
		    &b, cli_printf(c, "Withdraw member %s", m.member), err));
	say_done(&b, n_same);
	return BKT_OK;
}

static const struct cli_opt add_options[] = {
	{ "roles", "ROLES", "what they may do: uploader,verifier,...", 0,
	    false },
	{ "units", "UNITS", "agencies they speak for: a,b", 0, false },
	{ "title", "TEXT", "office held; no personal names", 0, false },
	{ "request", "FILE", "their request; the local CA issues", 0, false },
	{ "cert", "FILE", "their own certificate, with --request", 0, false },
	{ "p12", "FILE", "their PKCS#12: registers its certificate", 0, false },
	{ "ca-key", "FILE", "key of the local CA (else ca.key of the keys)", 0,
	    false },
	{ "years", "N", "how long an issued certificate holds (3)", 0, false },
	{ "from", "FILE", "many: CSV member,roles,units,title,request", 0,
	    false },
	{ "requests", "DIR", "with --from: folder of MEMBER.csr", 0, false },
	{ "update", NULL, "change who is there already", 0, false },
	{ 0 },
};

static const struct cli_cmd member_add = {
	.name = "add",
	.summary = "register a member; --update changes one",
	.usage = "MEMBER --roles ROLES --units UNITS --request FILE\n"
		 "       bukti member add --from FILE --requests DIR",
	.details = "With --update, what is left out stays as it is registered. "
		   "With several\npassphrase files, that of the CA or PKCS#12 "
		   "comes after "
		   "those of the signers.",
	.options = add_options,
	.flags = CLI_WRITES,
	.max_args = 1,
	.run = run_add,
};
static const struct cli_cmd member_withdraw = {
	.name = "withdraw",
	.summary = "a member who left; what they signed stays valid",
	.usage = "MEMBER",
	.flags = CLI_WRITES,
	.min_args = 1,
	.max_args = 1,
	.run = run_withdraw,
};
static const struct cli_cmd *const subs[] = { &member_add, &cli_member_list,
	&cli_member_show, &member_withdraw, NULL };

const struct cli_cmd cli_member = {
	.name = "member",
	.summary = "people: add, list, show, withdraw",
	.usage = "add|list|show|withdraw ...",
	.subs = subs,
};
