/* bukti inspect PACKAGE: a submission package without its store */
#include <string.h>

#include "bukti/package.h"
#include "verdict.h"

struct inspecting {
	struct cli *c;
	const char *file;
	struct bkt_pin pin;
	struct bkt_inspect_options options;
	struct bkt_inspect_report *r;
};

/* as bukti prints it, or with the colons and capitals of openssl */
static enum bkt_status read_digest(
    struct cli *c, const char *text, const char **out, struct bkt_err *err)
{
	char *hex = bkt_arena_alloc(c->arena, strlen(text) + 1);
	uint8_t bytes[BKT_SHA256_LEN];
	size_t n = 0;

	if (!hex)
		return cli_no_memory(err);
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == ':')
			continue;
		hex[n++] = *p >= 'A' && *p <= 'F' ? (char)(*p - 'A' + 'a') : *p;
	}
	hex[n] = '\0';
	if (!bkt_unhex(hex, bytes, sizeof(bytes)))
		return bkt_fail(err, BKT_E_USAGE,
		    "--ca '%s' is no SHA-256: 64 hexadecimal digits", text);
	*out = hex;
	return BKT_OK;
}

static enum bkt_status prepare(struct inspecting *x, struct bkt_err *err)
{
	struct cli *c = x->c;
	const char *pin = cli_opt(c, "pin");
	const char *ca = cli_opt(c, "ca");
	struct bkt_note_key key;
	bool found = false;

	x->options.progress = &cli_progress;
	x->options.vkey = cli_opt(c, "key");
	BKT_TRY(cli_threads(c, &x->options.n_threads, err));
	if (pin && x->options.vkey)
		return bkt_fail(err, BKT_E_USAGE,
		    "--pin and --key both name the store's key");
	if (x->options.vkey &&
	    bkt_note_key_parse(x->options.vkey, &key, err) != BKT_OK)
		return cli_input_failed(err, err->status, "--key");
	if (ca)
		BKT_TRY(read_digest(c, ca, &x->options.ca_sha256, err));
	if (!pin)
		return BKT_OK;
	BKT_TRY(cli_pin_read(pin, &x->pin, &found, err));
	if (!found)
		return bkt_fail(
		    err, BKT_E_USAGE, "there is no pin file '%s'", pin);
	x->options.pin = &x->pin;
	return BKT_OK;
}

static void print_list(
    struct cli *c, const char *head, const struct bkt_strs *l)
{
	if (l->n == 0)
		return;
	(void)printf("\n%s\n", head);
	for (size_t i = 0; i < l->n; i++)
		(void)printf("  - %s\n", cli_text(c, l->v[i]));
}

static void print_text(const struct inspecting *x)
{
	const struct bkt_inspect_report *r = x->r;
	struct cli *c = x->c;

	/* where nothing was looked at, nothing is known to be missing */
	(void)printf(
	    "%s\n", cli_verdict_text(c, r->verdict, r->complete || !r->lacks));
	cli_field(c, "package", x->file);
	cli_field(c, "store", r->origin);
	cli_field(c, "cycle", r->cycle);
	if (r->verified[0] != '\0')
		cli_field(c, "index",
		    cli_printf(c, "%s verified, %s; claimed %s, supported %s",
			r->verified, r->band, r->claimed, r->supported));
	cli_field(c, "signed by", cli_join(c, &r->signers, ", ", ""));
	cli_field(c, "checked",
	    cli_printf(c, "%s, %s, %s, %s, %s",
		cli_count(c, r->n_files, "file", NULL),
		cli_bytes_text(c, r->n_bytes),
		cli_count(c, r->n_records, "record", NULL),
		cli_count(c, r->n_seals, "signature", NULL),
		cli_count(c, r->n_documents, "document", NULL)));
	if (r->layout != 0 && !r->pages_compared)
		cli_field(c, "pages",
		    cli_printf(c,
			"NOT COMPARED: made by layout %llu, not by %d; trust "
			"this report and not what they say",
			(unsigned long long)r->layout, BKT_PACKAGE_LAYOUT));
	cli_verdict_items(c, r->items, r->n_items, r->n_items_dropped);
	print_list(
	    c, "left out of the package, as the release says:", &r->omissions);
	print_list(c,
	    "gaps: released incomplete, for a stated reason (nothing is left "
	    "out for it):",
	    &r->gaps);
	print_list(c, "not checked:", &r->unchecked);
}

static enum bkt_status print_json(
    const struct inspecting *x, struct bkt_err *err)
{
	const struct bkt_inspect_report *r = x->r;
	BKT_AUTO(cli_json_release) struct cli_json j = { .depth = 0 };

	cli_json_init(&j);
	cli_json_object(&j, NULL);
	cli_json_str(&j, "verdict", bkt_verdict_name(r->verdict));
	cli_json_bool(&j, "complete", r->complete);
	cli_json_str(&j, "package", x->file);
	cli_json_str(&j, "origin", r->origin);
	cli_json_str(&j, "cycle", r->cycle);
	cli_json_object(&j, "index");
	cli_json_str(&j, "claimed", r->claimed);
	cli_json_str(&j, "supported", r->supported);
	cli_json_str(&j, "verified", r->verified);
	cli_json_end(&j, '}');
	cli_json_str(&j, "band", r->band);
	cli_json_u64(&j, "layout", r->layout);
	cli_json_bool(&j, "pages_compared", r->pages_compared);
	cli_json_strs(&j, "signers", &r->signers);
	cli_json_object(&j, "checked");
	cli_json_u64(&j, "files", r->n_files);
	cli_json_u64(&j, "bytes", r->n_bytes);
	cli_json_u64(&j, "records", r->n_records);
	cli_json_u64(&j, "signatures", r->n_seals);
	cli_json_u64(&j, "documents", r->n_documents);
	cli_json_end(&j, '}');
	cli_verdict_json(&j, r->items, r->n_items, r->n_items_dropped);
	cli_json_strs(&j, "omissions", &r->omissions);
	cli_json_strs(&j, "gaps", &r->gaps);
	cli_json_strs(&j, "unchecked", &r->unchecked);
	cli_json_end(&j, '}');
	return cli_json_print(&j, err);
}

/* a name that is none of a file says nothing about a package */
static enum bkt_status look_at_name(const char *file, struct bkt_err *err)
{
	BKT_AUTO_FD fd = -1;
	enum bkt_status st;

	if (bkt_path_is_dir(file)) {
		(void)bkt_fail(
		    err, BKT_E_USAGE, "'%s' is a folder, not a package", file);
		bkt_err_hint(err, "name the .zip; an unpacked package is "
				  "checked by: sh verify.sh");
		return BKT_E_USAGE;
	}
	st = bkt_file_open_follow(file, &fd, NULL, err);
	if (st == BKT_OK)
		return BKT_OK;
	st = cli_input_failed(err, st, "cannot read the package");
	bkt_err_hint(err, "name the .zip that was handed over");
	return st;
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	BKT_AUTO(bkt_inspect_report_release)
	struct bkt_inspect_report r = { .verdict = BKT_INTACT };
	struct inspecting x = { .c = c, .file = c->argv[0], .r = &r };

	BKT_TRY(look_at_name(x.file, err));
	BKT_TRY(prepare(&x, err));
	BKT_TRY(bkt_package_inspect(x.file, &x.options, &r, err));
	cli_progress_clear();
	if (cli_flag(c, "json"))
		BKT_TRY(print_json(&x, err));
	else
		print_text(&x);
	/* nothing of a package was found in it */
	if (r.verdict == BKT_MALFORMED && r.n_files == 0)
		cli_note(c,
		    "hint: '%s' is no package, or not all of one: get the .zip "
		    "that bukti pack made once more, and compare its size and "
		    "sha256sum with what its sender says",
		    x.file);
	else if (r.verdict > BKT_UNDETERMINED)
		cli_note(c, "hint: do not rely on it; ask its sender for the "
			    "package once more, and tell them what is named "
			    "above");
	return cli_verdict_end(r.verdict, r.complete, err);
}

static const struct cli_opt options[] = {
	{ "key", "VKEY", "the store's key, as told by another way", 0, false },
	{ "ca", "SHA256", "digest of ca.pem, as told by another way", 0,
	    false },
	{ "pin", "FILE", "what bukti verify --pin remembers of the store", 0,
	    false },
	{ "threads", "N", "at most N threads (all cores)", 'j', false },
	{ 0 },
};

const struct cli_cmd cli_inspect = {
	.name = "inspect",
	.summary = "check a submission package, without its store",
	.usage = "PACKAGE [--key VKEY] [--ca SHA256] [--pin FILE] [--json]",
	.details = "Says too what was not checked.\nExit status: 0 good, 1 "
		   "content is missing, 4 tampered, malformed or "
		   "untrusted,\n6 could not tell.",
	.options = options,
	.flags = CLI_NO_STORE | CLI_JSON,
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
