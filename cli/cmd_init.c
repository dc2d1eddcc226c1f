/* bukti init DIR: a store, its local CA and its first administrator */
#include "cli.h"

#include <string.h>

#define CA_MONTHS 120
#define MEMBER_MONTHS 36
#define RULEBOOKS_MAX 32

struct making {
	struct cli *c;
	const char *dir, *origin, *name, *admin;
	const char *keys; /* folder */
	int64_t now_utc_s;
	struct cli_secret secret;
	bkt_signer *ca, *hand;
	struct bkt_buf ca_key, ca_pem, admin_key, request;
	struct bkt_buf trust; /* ca_pem and what --trust adds */
	struct bkt_access access;
	struct bkt_file rulebooks[RULEBOOKS_MAX];
	size_t n_rulebooks;
	const char *made[8]; /* files, to be undone */
	size_t n_made;
	const char *made_dir;
};

static void making_init(struct making *m, struct cli *c)
{
	struct bkt_buf *all[] = { &m->ca_key, &m->ca_pem, &m->admin_key,
		&m->request, &m->trust };

	*m = (struct making){ .c = c, .now_utc_s = bkt_now_utc_s() };
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		bkt_buf_init(all[i], 256 * 1024);
}

static void making_release(struct making *m)
{
	bkt_wipe(m->ca_key.ptr, m->ca_key.len);
	bkt_wipe(m->admin_key.ptr, m->admin_key.len);
	cli_secret_wipe(&m->secret);
	bkt_signer_free(m->ca);
	bkt_signer_free(m->hand);
	bkt_buf_release(&m->ca_key);
	bkt_buf_release(&m->ca_pem);
	bkt_buf_release(&m->admin_key);
	bkt_buf_release(&m->request);
	bkt_buf_release(&m->trust);
}

static enum bkt_status read_options(struct making *m, struct bkt_err *err)
{
	struct cli *c = m->c;
	const char *type = cli_opt(c, "type");

	m->dir = c->argv[0];
	m->origin = cli_opt(c, "origin");
	m->name = cli_opt(c, "name");
	m->admin = cli_opt(c, "admin") ? cli_opt(c, "admin") : "admin";
	if (m->name && bkt_text_blank(bkt_span_str(m->name)))
		m->name = NULL;
	if (!m->origin || !m->name) {
		(void)bkt_fail(err, BKT_E_USAGE, "a store needs %s",
		    m->origin ? "the institution's name" : "an origin");
		bkt_err_hint(err,
		    "bukti init %s --origin spbe.kota.go.id "
		    "--name \"Kota\"",
		    m->dir);
		return BKT_E_USAGE;
	}
	if (!bkt_origin_valid(m->origin))
		return bkt_fail(err, BKT_E_USAGE,
		    "'%s' is no origin; write it like spbe.kota.go.id",
		    m->origin);
	if (!bkt_id_valid(m->admin))
		return bkt_fail(err, BKT_E_USAGE,
		    "'%s' is not a member id; use small letters, digits and "
		    "'-'",
		    m->admin);
	if (type && strcmp(type, "pemda") != 0 && strcmp(type, "pusat") != 0)
		return bkt_fail(err, BKT_E_USAGE,
		    "type '%s' is neither pemda nor pusat", type);
	c->origin = m->origin;
	return cli_keys_dir(c, &m->keys, err);
}

/* nothing of an earlier store is ever written over */
static enum bkt_status check_places(struct making *m, struct bkt_err *err)
{
	struct cli *c = m->c;
	const char *files[] = {
		cli_printf(c, "%s/ca.key", m->keys),
		cli_printf(c, "%s/ca.pem", m->keys),
		cli_printf(c, "%s/%s.key", m->keys, m->admin),
	};
	struct bkt_strs inside = { NULL, 0 };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (!bkt_path_exists(files[i]))
			continue;
		(void)bkt_fail(
		    err, BKT_E_EXISTS, "'%s' is there already", files[i]);
		bkt_err_hint(err, "keep the keys elsewhere: --keys DIR");
		return BKT_E_EXISTS;
	}
	if (!bkt_path_exists(m->dir))
		return cli_folder_writable(c, m->dir, err);
	if (bkt_path_is_dir(m->dir))
		BKT_TRY(bkt_dir_list(m->dir, c->arena, &inside, err));
	if (!bkt_path_is_dir(m->dir) || inside.n > 0) {
		(void)bkt_fail(
		    err, BKT_E_EXISTS, "'%s' is there already", m->dir);
		bkt_err_hint(err, "name a new folder, such as kota.git");
		return BKT_E_EXISTS;
	}
	return cli_folder_writable(c, m->dir, err);
}

static enum bkt_status read_access(
    struct making *m, const char *policies, struct bkt_err *err)
{
	struct cli *c = m->c;
	const char *path = cli_opt(c, "access");
	BKT_AUTO(bkt_buf_release) struct bkt_buf yaml = { .ptr = NULL };
	char *kept = NULL;

	bkt_buf_init(&yaml, BKT_YAML_MAX);
	if (!path)
		path = cli_printf(c, "%s/access.yaml", policies);
	BKT_TRY(cli_slurp(path, &yaml, err));
	kept = bkt_arena_strndup(c->arena, (char *)yaml.ptr, yaml.len);
	if (!kept)
		return cli_no_memory(err);
	return bkt_access_from_yaml(
	    BKT_SPAN(kept, yaml.len), path, c->arena, &m->access, err);
}

/* a file whose first key says so is a rulebook, and then it must be a good
 * one; other policies lie beside it */
static bool claims_rulebook(const struct bkt_buf *yaml)
{
	const char *s = (const char *)yaml->ptr;

	return yaml->len > 0 && (strncmp(s, "rulebook:", 9) == 0 ||
				    strstr(s, "\nrulebook:") != NULL);
}

static enum bkt_status add_rulebook(
    struct making *m, const char *path, bool named, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf yaml = { .ptr = NULL };
	BKT_AUTO(bkt_rulebook_free) bkt_rulebook_set *set = NULL;
	char *kept = NULL, *stem = NULL;

	bkt_buf_init(&yaml, BKT_YAML_MAX);
	BKT_TRY(cli_slurp(path, &yaml, err));
	if (!named && !claims_rulebook(&yaml))
		return BKT_OK;
	BKT_TRY(bkt_rulebook_parse(bkt_buf_span(&yaml), path, &set, NULL, err));
	/* what is no longer or not yet in force is there for who names it */
	if (!named && strcmp(bkt_rulebook_get(set)->status, "active") != 0)
		return BKT_OK;
	if (m->n_rulebooks == RULEBOOKS_MAX)
		return bkt_fail(
		    err, BKT_E_USAGE, "more than %d rulebooks", RULEBOOKS_MAX);
	kept = bkt_arena_strndup(m->c->arena, (const char *)yaml.ptr, yaml.len);
	stem = bkt_arena_strdup(m->c->arena, bkt_rulebook_get(set)->stem);
	if (!kept || !stem)
		return cli_no_memory(err);
	m->rulebooks[m->n_rulebooks++] =
	    (struct bkt_file){ stem, BKT_SPAN(kept, yaml.len), NULL };
	return BKT_OK;
}

static enum bkt_status read_policies(struct making *m, struct bkt_err *err)
{
	struct cli *c = m->c;
	const char *dir = NULL;
	struct bkt_strs names = { NULL, 0 };
	size_t n_named = cli_opt_count(c, "rulebook");

	if (n_named == 0 || !cli_opt(c, "access"))
		BKT_TRY(cli_policies_dir(c, &dir, err));
	BKT_TRY(read_access(m, dir, err));
	for (size_t i = 0; i < n_named; i++)
		BKT_TRY(
		    add_rulebook(m, cli_opt_nth(c, "rulebook", i), true, err));
	if (n_named > 0)
		return BKT_OK;
	BKT_TRY(bkt_dir_list(dir, c->arena, &names, err));
	for (size_t i = 0; i < names.n; i++) {
		size_t n = strlen(names.v[i]);

		if (n > 5 && strcmp(names.v[i] + n - 5, ".yaml") == 0)
			BKT_TRY(add_rulebook(m,
			    cli_printf(c, "%s/%s", dir, names.v[i]), false,
			    err));
	}
	if (m->n_rulebooks > 0)
		return BKT_OK;
	(void)bkt_fail(
	    err, BKT_E_CONFIG, "there is no active rulebook in '%s'", dir);
	bkt_err_hint(err, "name one with --rulebook FILE");
	return BKT_E_CONFIG;
}

static int64_t months_after(int64_t utc_s, int32_t months)
{
	int32_t days = (int32_t)(utc_s / 86400);

	return (int64_t)bkt_date_add_months(days, months) * 86400 +
	       utc_s % 86400;
}

static enum bkt_status new_signer(struct making *m, struct bkt_buf *pem,
    bkt_signer **out, struct bkt_err *err)
{
	struct cli_ask ask = { .c = m->c, .known = &m->secret };

	BKT_TRY(bkt_key_new(m->secret.none ? NULL : m->secret.text, pem, err));
	return bkt_signer_load(bkt_buf_span(pem), BKT_SPAN(NULL, 0),
	    cli_passphrase_ask, &ask, out, err);
}

static enum bkt_status make_keys(struct making *m, struct bkt_err *err)
{
	BKT_AUTO(bkt_cert_free) bkt_cert *ca = NULL;
	BKT_AUTO(bkt_cert_free) bkt_cert *own = NULL;

	BKT_TRY(cli_passphrase_new(m->c,
	    cli_printf(m->c, "'%s' and the CA", m->admin), &m->secret, err));
	BKT_TRY(new_signer(m, &m->ca_key, &m->ca, err));
	BKT_TRY(
	    bkt_ca_make(m->ca, cli_printf(m->c, "CA %s", m->origin), m->origin,
		m->now_utc_s, months_after(m->now_utc_s, CA_MONTHS), &ca, err));
	BKT_TRY(bkt_signer_set_cert(m->ca, ca, err));
	BKT_TRY(bkt_cert_to_pem(ca, &m->ca_pem, err));
	BKT_TRY(new_signer(m, &m->admin_key, &m->hand, err));
	BKT_TRY(bkt_csr_make(m->hand, m->admin, m->origin, &m->request, err));
	BKT_TRY(bkt_ca_issue(m->ca, bkt_buf_span(&m->request), m->admin,
	    m->origin, m->now_utc_s, months_after(m->now_utc_s, MEMBER_MONTHS),
	    &own, err));
	return bkt_signer_set_cert(m->hand, own, err);
}

/* the local CA, then every certificate of --trust, each in the strict form */
static enum bkt_status gather_trust(struct making *m, struct bkt_err *err)
{
	size_t n = cli_opt_count(m->c, "trust");

	bkt_buf_add(&m->trust, m->ca_pem.ptr, m->ca_pem.len);
	for (size_t i = 0; i < n; i++) {
		const char *path = cli_opt_nth(m->c, "trust", i);
		BKT_AUTO(bkt_buf_release)
		struct bkt_buf bytes = { .ptr = NULL };
		BKT_AUTO(bkt_cert_free) bkt_cert *cert = NULL;
		enum bkt_status st;

		bkt_buf_init(&bytes, 64 * 1024);
		BKT_TRY(cli_slurp(path, &bytes, err));
		st = bkt_cert_from_any(bkt_buf_span(&bytes), &cert, err);
		if (st != BKT_OK)
			return cli_input_failed(err, st, "'%s'", path);
		st = bkt_cert_may_issue(cert, err);
		if (st != BKT_OK) {
			(void)cli_input_failed(err, st,
			    "no member could be registered under the CA '%s'",
			    path);
			bkt_err_hint(err,
			    "ask the CA for its certificate with CA:TRUE and "
			    "keyCertSign (RFC 5280 4.2.1)");
			return err->status;
		}
		BKT_TRY(bkt_cert_to_pem(cert, &m->trust, err));
	}
	return bkt_buf_check(&m->trust, err);
}

static enum bkt_status save(struct making *m, const char *name,
    struct bkt_span bytes, struct bkt_err *err)
{
	const char *path = cli_printf(m->c, "%s/%s", m->keys, name);

	BKT_TRY(cli_write_new(path, bytes, 0600, err));
	BKT_ASSERT(m->n_made < sizeof(m->made) / sizeof(m->made[0]));
	m->made[m->n_made++] = path;
	return BKT_OK;
}

static enum bkt_status save_keys(struct making *m, struct bkt_err *err)
{
	struct cli *c = m->c;
	const char *identity = cli_printf(c, "%s/identity", m->keys);

	BKT_TRY(cli_keys_make(c, m->keys, &m->made_dir, err));
	BKT_TRY(save(m, "ca.key", bkt_buf_span(&m->ca_key), err));
	BKT_TRY(save(m, "ca.pem", bkt_buf_span(&m->ca_pem), err));
	BKT_TRY(save(m, cli_printf(c, "%s.key", m->admin),
	    bkt_buf_span(&m->admin_key), err));
	if (bkt_path_exists(identity))
		return BKT_OK;
	return save(
	    m, "identity", bkt_span_str(cli_printf(c, "%s\n", m->admin)), err);
}

static void undo(const struct making *m)
{
	struct bkt_err ignored = { 0 };

	for (size_t i = 0; i < m->n_made; i++)
		cli_undo_file(m->made[i]);
	if (m->made_dir && bkt_dir_remove(m->made_dir, &ignored) != BKT_OK)
		cli_note(m->c, "left behind: '%s'", m->made_dir);
}

static enum bkt_status create(struct making *m, struct bkt_err *err)
{
	struct cli *c = m->c;
	const struct bkt_init_options o = {
		.origin = m->origin,
		.name = m->name,
		.type = cli_opt(c, "type") ? cli_opt(c, "type") : "pemda",
		.admin = { m->admin, m->hand },
		.ca_pem = bkt_buf_span(&m->trust),
		.admin_request = bkt_buf_span(&m->request),
		.admin_title = cli_opt(c, "admin-title"),
		.access = &m->access,
		.rulebooks = m->rulebooks,
		.n_rulebooks = m->n_rulebooks,
		.at_utc_s = m->now_utc_s,
	};

	if (cli_interrupted())
		return bkt_fail(err, BKT_E_INTERRUPTED, "interrupted");
	return bkt_store_create(m->dir, &o, err);
}

static enum bkt_status say(struct making *m, struct bkt_err *err)
{
	struct cli *c = m->c;
	struct bkt_record *r = NULL;
	const char *dir = cli_quoted(c, m->dir), *keys = "";

	if (cli_opt(c, "keys"))
		keys = cli_printf(c, " --keys %s", cli_quoted(c, m->keys));
	cli_hooks_link(c, m->dir);
	BKT_TRY(bkt_store_open(m->dir, &c->store, err));
	BKT_TRY(cli_record_at(c, "institution.json", &r, err));
	cli_field(c, "store", m->dir);
	cli_field(c, "origin", m->origin);
	/* in one piece on any terminal: it is to be copied */
	(void)printf("%-13s %s\n", "verifier key",
	    cli_text(c, r->u.institution.note_key));
	cli_field(c, "keys", m->keys);
	cli_field(c, "admin", m->admin);
	for (size_t i = 0; i < m->n_rulebooks; i++)
		cli_field(c, "rulebook", m->rulebooks[i].path);
	cli_note(c, "Keep %s/ca.key safe: it makes members.", m->keys);
	cli_note(c, "Give the verifier key to whoever will check the store.");
	cli_note(c, "Next:");
	cli_note(c,
	    "  bukti -C %s unit add diskominfo --name \"Dinas Kominfo\"%s", dir,
	    keys);
	cli_note(c, "  bukti key new ani --origin %s%s", m->origin, keys);
	cli_note(c,
	    "  bukti -C %s member add ani --roles uploader --units "
	    "diskominfo --request %s%s",
	    dir, cli_quoted(c, cli_printf(c, "%s/ani.csr", m->keys)), keys);
	return BKT_OK;
}

static enum bkt_status make(struct making *m, struct bkt_err *err)
{
	BKT_TRY(read_options(m, err));
	BKT_TRY(check_places(m, err));
	BKT_TRY(read_policies(m, err));
	BKT_TRY(make_keys(m, err));
	BKT_TRY(gather_trust(m, err));
	BKT_TRY(save_keys(m, err));
	return create(m, err);
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	struct making m;
	enum bkt_status st;

	making_init(&m, c);
	st = make(&m, err);
	if (st == BKT_OK)
		st = say(&m, err);
	else
		undo(&m);
	making_release(&m);
	return st;
}

static const struct cli_opt options[] = {
	{ "origin", "NAME", "the store's name for ever: spbe.kota.go.id", 0,
	    false },
	{ "name", "NAME", "the institution: \"Kota Contoh\"", 0, false },
	{ "type", "TYPE", "pemda (the default) or pusat", 0, false },
	{ "admin", "MEMBER", "first administrator (admin)", 0, false },
	{ "admin-title", "TEXT", "office the administrator holds", 0, false },
	{ "keys", "DIR", "folder for the keys, outside the store", 0, false },
	{ "rulebook", "FILE", "rulebook, instead of the installed active ones",
	    0, true },
	{ "access", "FILE", "access policy, instead of the installed one", 0,
	    false },
	{ "policies", "DIR", "where rulebooks and policies lie", 0, false },
	{ "trust", "FILE", "certificate of another CA that members may have", 0,
	    true },
	{ "passphrase-file", "FILE", "first line is the keys' passphrase", 0,
	    false },
	{ "no-passphrase", NULL, "keys without a passphrase", 0, false },
	{ 0 },
};

const struct cli_cmd cli_init = {
	.name = "init",
	.summary = "make a store, its local CA and the first administrator",
	.usage = "DIR --origin NAME --name NAME [OPTIONS]",
	.options = options,
	.flags = CLI_NO_STORE,
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
