/* bukti key new|csr|show: people's own key files; no store is touched */
#include "cli.h"

#include <string.h>

/* --origin, else that of the store */
static enum bkt_status find_origin(struct cli *c, struct bkt_err *err)
{
	c->origin = cli_opt(c, "origin");
	if (!c->origin) {
		if (cli_store_open(c, err) == BKT_OK)
			return BKT_OK;
		if (err->status != BKT_E_NOT_STORE)
			return err->status;
		bkt_err_hint(err, "name the store's origin, --origin "
				  "spbe.kota.go.id, or the store, --store DIR");
		return err->status;
	}
	if (!bkt_origin_valid(c->origin))
		return bkt_fail(
		    err, BKT_E_USAGE, "'%s' is no origin", c->origin);
	return BKT_OK;
}

/* PEM, as it goes by mail */
static enum bkt_status request_pem(const bkt_signer *s, const char *member,
    const char *origin, struct bkt_buf *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf der = { .ptr = NULL };
	BKT_AUTO(bkt_buf_release) struct bkt_buf text = { .ptr = NULL };

	bkt_buf_init(&der, 64 * 1024);
	bkt_buf_init(&text, 128 * 1024);
	BKT_TRY(bkt_csr_make(s, member, origin, &der, err));
	bkt_base64(&text, bkt_buf_span(&der));
	BKT_TRY(bkt_buf_check(&text, err));
	bkt_buf_str(out, "-----BEGIN CERTIFICATE REQUEST-----\n");
	for (size_t i = 0; i < text.len; i += 64) {
		bkt_buf_add(
		    out, text.ptr + i, text.len - i < 64 ? text.len - i : 64);
		bkt_buf_chr(out, '\n');
	}
	bkt_buf_str(out, "-----END CERTIFICATE REQUEST-----\n");
	return bkt_buf_check(out, err);
}

static enum bkt_status check_member(const char *member, struct bkt_err *err)
{
	if (bkt_id_valid(member))
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_USAGE, "'%s' is not a member id", member);
	bkt_err_hint(
	    err, "use small letters, digits and '-', at most %d", BKT_ID_MAX);
	return BKT_E_USAGE;
}

/* whoever makes a key on a machine is the one who signs there */
static enum bkt_status keep_identity(
    struct cli *c, const char *dir, const char *member, struct bkt_err *err)
{
	const char *path = cli_printf(c, "%s/identity", dir);

	if (bkt_path_exists(path))
		return BKT_OK;
	return cli_write_new(
	    path, bkt_span_str(cli_printf(c, "%s\n", member)), 0600, err);
}

static enum bkt_status run_new(struct cli *c, struct bkt_err *err)
{
	const char *member = c->argv[0];
	const char *dir = NULL, *made = NULL, *key = NULL, *csr = NULL;
	BKT_AUTO(cli_secret_wipe) struct cli_secret secret = { .none = false };
	BKT_AUTO(bkt_buf_release) struct bkt_buf pem = { .ptr = NULL };
	BKT_AUTO(bkt_buf_release) struct bkt_buf request = { .ptr = NULL };
	BKT_AUTO(bkt_signer_free) bkt_signer *s = NULL;
	struct cli_ask ask = { .c = c, .known = &secret };
	enum bkt_status st;

	bkt_buf_init(&pem, 64 * 1024);
	bkt_buf_init(&request, 64 * 1024);
	BKT_TRY(check_member(member, err));
	BKT_TRY(find_origin(c, err));
	BKT_TRY(cli_keys_dir(c, &dir, err));
	key = cli_printf(c, "%s/%s.key", dir, member);
	csr = cli_printf(c, "%s/%s.csr", dir, member);
	if (bkt_path_exists(key)) {
		(void)bkt_fail(err, BKT_E_EXISTS, "'%s' is there already", key);
		bkt_err_hint(
		    err, "a new request for it: bukti key csr %s", member);
		return BKT_E_EXISTS;
	}
	BKT_TRY(
	    cli_passphrase_new(c, cli_printf(c, "'%s'", member), &secret, err));
	BKT_TRY(bkt_key_new(secret.none ? NULL : secret.text, &pem, err));
	BKT_TRY(bkt_signer_load(bkt_buf_span(&pem), BKT_SPAN(NULL, 0),
	    cli_passphrase_ask, &ask, &s, err));
	BKT_TRY(request_pem(s, member, c->origin, &request, err));
	BKT_TRY(cli_keys_make(c, dir, &made, err));
	st = cli_write_new(key, bkt_buf_span(&pem), 0600, err);
	bkt_wipe(pem.ptr, pem.len);
	BKT_TRY(st);
	BKT_TRY(bkt_file_replace(csr, bkt_buf_span(&request), 0644, err));
	BKT_TRY(keep_identity(c, dir, member, err));
	cli_field(c, "key", key);
	cli_field(c, "request", csr);
	cli_note(c, "the key stays with its owner; the request goes to the "
		    "administrator, who runs:");
	cli_note(c, "  bukti member add %s --roles ROLES --request %s", member,
	    cli_quoted(c, csr));
	cli_note(c, "an uploader has --units UNITS too; bukti help member add "
		    "lists the roles");
	return BKT_OK;
}

static enum bkt_status run_csr(struct cli *c, struct bkt_err *err)
{
	const char *member = c->argv[0];
	const char *dir = NULL;
	const char *key = cli_opt(c, "key");
	const char *to = cli_opt(c, "output");
	BKT_AUTO(bkt_buf_release) struct bkt_buf request = { .ptr = NULL };
	BKT_AUTO(bkt_signer_free) bkt_signer *s = NULL;

	bkt_buf_init(&request, 64 * 1024);
	BKT_TRY(check_member(member, err));
	BKT_TRY(find_origin(c, err));
	if (!key || !to)
		BKT_TRY(cli_keys_dir(c, &dir, err));
	if (!key)
		key = cli_printf(c, "%s/%s.key", dir, member);
	if (!to)
		to = cli_printf(c, "%s/%s.csr", dir, member);
	if (strcmp(to, "-") != 0)
		BKT_TRY(cli_output_name(c, to, err));
	BKT_TRY(cli_signer_load(c, key, BKT_SPAN(NULL, 0), 0, &s, err));
	BKT_TRY(request_pem(s, member, c->origin, &request, err));
	if (strcmp(to, "-") == 0) {
		(void)fwrite(request.ptr, 1, request.len, stdout);
		return BKT_OK;
	}
	BKT_TRY(bkt_file_replace(to, bkt_buf_span(&request), 0644, err));
	cli_field(c, "request", to);
	return BKT_OK;
}

static bool has(const struct bkt_buf *b, const char *words)
{
	return b->len > 0 && strstr((const char *)b->ptr, words) != NULL;
}

static void show_cert(struct cli *c, const bkt_cert *cert)
{
	const struct bkt_cert_info *i = bkt_cert_info(cert);
	char from[BKT_TIME_LEN + 1], until[BKT_TIME_LEN + 1];
	char hex[BKT_SHA256_HEX + 1];
	int64_t now = bkt_now_utc_s();

	bkt_time_format(i->not_before_utc_s, from);
	bkt_time_format(i->not_after_utc_s, until);
	bkt_hex(i->sha256.b, BKT_SHA256_LEN, hex);
	cli_field(c, "is", i->is_ca ? "certificate of a CA" : "certificate");
	cli_field(c, "subject", i->subject);
	cli_field(c, "issuer", i->issuer_cn);
	cli_field(c, "key", i->key);
	cli_field(c, "valid",
	    cli_printf(c, "%s to %s%s", from, until,
		now < i->not_before_utc_s  ? " (not yet)"
		: now > i->not_after_utc_s ? " (expired)"
					   : ""));
	cli_field(c, "usable",
	    i->is_ca || (i->may_sign && bkt_cert_key_allowed(cert))
		? "yes"
		: "no: wants EC P-256 or RSA of 2048 bits and more, and the "
		  "right to sign");
	cli_field(c, "sha256", hex);
}

/* certificates, requests and verifier keys: what is no secret */
static bool show_public(
    struct cli *c, const struct bkt_buf *bytes, struct bkt_err *err)
{
	BKT_AUTO(bkt_cert_free) bkt_cert *cert = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf der = { .ptr = NULL };
	struct bkt_csr_info csr;
	struct bkt_note_key note;
	const char *line = NULL;

	bkt_buf_init(&der, 64 * 1024);
	if (!has(bytes, "PRIVATE KEY") &&
	    bkt_cert_from_any(bkt_buf_span(bytes), &cert, err) == BKT_OK) {
		show_cert(c, cert);
		return true;
	}
	if (bkt_csr_from_any(bkt_buf_span(bytes), &der, err) == BKT_OK &&
	    bkt_csr_check(bkt_buf_span(&der), NULL, &csr, err) == BKT_OK) {
		cli_field(c, "is", "certificate request, signed by its key");
		cli_field(c, "member", csr.cn);
		cli_field(c, "origin", csr.org);
		return true;
	}
	if (bytes->len == 0)
		return false;
	line = cli_printf(c, "%.*s",
	    (int)strcspn((const char *)bytes->ptr, "\r\n"),
	    (const char *)bytes->ptr);
	if (bkt_note_key_parse(line, &note, err) == BKT_OK) {
		cli_field(c, "is", "verifier key of a store");
		cli_field(c, "origin", note.name);
		return true;
	}
	return false;
}

/* here, else in the folder of keys, where a member's request is meant */
static enum bkt_status find_shown(
    struct cli *c, const char **file, struct bkt_err *err)
{
	static const char *const ends[] = { "", ".csr", ".pem", ".key",
		".p12" };
	const char *name = *file, *dir = NULL;
	bool id = bkt_id_valid(name);

	if (bkt_path_exists(name) || strchr(name, '/') ||
	    strcmp(name, "-") == 0)
		return BKT_OK;
	if (find_origin(c, err) == BKT_OK)
		BKT_TRY(cli_keys_dir(c, &dir, err));
	for (size_t i = 0; dir && i < (id ? sizeof(ends) / sizeof(ends[0]) : 1);
	     i++) {
		const char *p = cli_printf(c, "%s/%s%s", dir, name, ends[i]);

		if (!bkt_path_exists(p) || bkt_path_is_dir(p))
			continue;
		cli_field(c, "file", p);
		*file = p;
		return BKT_OK;
	}
	(void)bkt_fail(err, BKT_E_USAGE, "there is no file '%s'%s", name,
	    dir ? cli_printf(c, ", neither here nor in '%s'", dir) : "");
	if (id)
		bkt_err_hint(err,
		    "name the file, such as %s.csr; what is registered of a "
		    "member: bukti member show %s",
		    name, name);
	return BKT_E_USAGE;
}

static enum bkt_status run_show(struct cli *c, struct bkt_err *err)
{
	const char *file = c->argv[0];
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { .ptr = NULL };
	BKT_AUTO(bkt_signer_free) bkt_signer *s = NULL;
	bool locked = false;

	bkt_buf_init(&bytes, 1024 * 1024);
	BKT_TRY(find_shown(c, &file, err));
	BKT_TRY(cli_slurp(file, &bytes, err));
	if (show_public(c, &bytes, err))
		return BKT_OK;
	locked = has(&bytes, "ENCRYPTED");
	if (has(&bytes, "PRIVATE KEY-----")) {
		cli_field(c, "is",
		    locked ? "private key with a passphrase"
			   : "private key without a passphrase");
		bkt_wipe(bytes.ptr, bytes.len);
		return BKT_OK;
	}
	if (bytes.len == 0 || bytes.ptr[0] != 0x30) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "'%s' is no key, certificate or request", file);
		return BKT_E_USAGE;
	}
	BKT_TRY(cli_signer_load(c, file, BKT_SPAN(NULL, 0), 0, &s, err));
	cli_field(c, "is", "private key in a PKCS#12 or DER file");
	if (bkt_signer_cert(s))
		show_cert(c, bkt_signer_cert(s));
	return BKT_OK;
}

static const struct cli_opt new_options[] = {
	{ "origin", "NAME", "origin of the store (else that of the store)", 0,
	    false },
	{ "keys", "DIR", "folder of keys (else $BUKTI_KEYS)", 0, false },
	{ "passphrase-file", "FILE", "first line is the passphrase", 0, false },
	{ "no-passphrase", NULL, "a key without a passphrase", 0, false },
	{ 0 },
};
static const struct cli_opt csr_options[] = {
	{ "origin", "NAME", "origin of the store (else that of the store)", 0,
	    false },
	{ "key", "FILE", "the key (else the one in the folder of keys)", 0,
	    false },
	{ "keys", "DIR", "folder of keys (else $BUKTI_KEYS)", 0, false },
	{ "passphrase-file", "FILE", "first line is the passphrase", 0, false },
	{ "output", "FILE", "where the request goes; - is stdout", 'o', false },
	{ 0 },
};
static const struct cli_opt show_options[] = {
	{ "origin", "NAME", "origin of the store (else that of the store)", 0,
	    false },
	{ "keys", "DIR", "folder of keys (else $BUKTI_KEYS)", 0, false },
	{ "passphrase-file", "FILE", "for a PKCS#12 file", 0, false },
	{ 0 },
};

static const struct cli_cmd key_new = {
	.name = "new",
	.summary = "make a key and a certificate request",
	.usage = "MEMBER [--origin NAME] [OPTIONS]",
	.options = new_options,
	.flags = CLI_NO_STORE | CLI_READS,
	.min_args = 1,
	.max_args = 1,
	.run = run_new,
};
static const struct cli_cmd key_csr = {
	.name = "csr",
	.summary = "make a new request for a key that is there",
	.usage = "MEMBER [-o FILE] [OPTIONS]",
	.options = csr_options,
	.flags = CLI_NO_STORE | CLI_READS,
	.min_args = 1,
	.max_args = 1,
	.run = run_csr,
};
static const struct cli_cmd key_show = {
	.name = "show",
	.summary = "tell what a key, certificate or request file is",
	.usage = "FILE | MEMBER",
	.options = show_options,
	.flags = CLI_NO_STORE | CLI_READS,
	.min_args = 1,
	.max_args = 1,
	.run = run_show,
};
static const struct cli_cmd *const subs[] = { &key_new, &key_csr, &key_show,
	NULL };

const struct cli_cmd cli_key = {
	.name = "key",
	.summary = "people's keys: new, csr, show",
	.usage = "new|csr|show ...",
	.subs = subs,
	.flags = CLI_NO_STORE,
};
