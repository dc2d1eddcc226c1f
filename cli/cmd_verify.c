/* bukti verify [STORE]: is everything there, and as it was signed */
#include <string.h>

#include "verdict.h"

enum pin_use { PIN_NONE, PIN_NEW, PIN_KEPT };

struct verifying {
	struct cli *c;
	const char *dir;
	const char *pin_file;
	struct bkt_pin pin;
	enum pin_use pin_use;
	bool pin_saved;
	struct bkt_verify_options options;
	struct bkt_verify_report *r;
};

static enum bkt_status which_store(struct verifying *v, struct bkt_err *err)
{
	struct cli *c = v->c;

	if (c->argc == 0)
		return cli_store_dir(c, &v->dir, err);
	if (cli_opt(c, "store") && strcmp(cli_opt(c, "store"), c->argv[0]) != 0)
		return bkt_fail(err, BKT_E_USAGE,
		    "two stores are named, '%s' and '%s'", cli_opt(c, "store"),
		    c->argv[0]);
	v->dir = c->argv[0];
	return BKT_OK;
}

static enum bkt_status prepare(struct verifying *v, struct bkt_err *err)
{
	struct cli *c = v->c;
	bool found = false;

	BKT_TRY(which_store(v, err));
	BKT_TRY(cli_store_there(
	    v->dir, "name its folder: bukti verify STORE", err));
	v->options.cold = cli_flag(c, "cold");
	v->options.no_content = cli_flag(c, "no-content");
	BKT_TRY(cli_threads(c, &v->options.n_threads, err));
	v->pin_file = cli_opt(c, "pin");
	if (!v->pin_file)
		return BKT_OK;
	BKT_TRY(cli_output_name(c, v->pin_file, err));
	BKT_TRY(cli_pin_read(v->pin_file, &v->pin, &found, err));
	v->pin_use = found ? PIN_KEPT : PIN_NEW;
	if (found)
		v->options.pin = &v->pin;
	else
		v->options.cold = true; /* what is trusted now is seen now */
	return BKT_OK;
}

static enum bkt_status save_pin(struct verifying *v, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf text = { .ptr = NULL };
	enum bkt_status st;

	if (v->pin_use == PIN_NONE ||
	    bkt_verdict_status(v->r->verdict, v->r->complete) != BKT_OK)
		return BKT_OK;
	bkt_buf_init(&text, (size_t)16 * 1024);
	bkt_pin_print(&v->r->next, &text);
	BKT_TRY(bkt_buf_check(&text, err));
	st = bkt_file_replace(v->pin_file, bkt_buf_span(&text), 0644, err);
	if (st != BKT_OK)
		return bkt_fail_context(err, st, "the pin is not kept");
	v->pin_saved = true;
	return BKT_OK;
}

static bool good(const struct verifying *v)
{
	return v->r->verdict <= BKT_ERASED;
}

static const char *root_text(struct cli *c, const struct bkt_sha256 *root)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b = { .ptr = NULL };

	bkt_buf_init(&b, 64);
	bkt_base64(&b, BKT_SPAN(root->b, BKT_SHA256_LEN));
	return b.failed ? "" : cli_printf(c, "%s", (const char *)b.ptr);
}

static void print_checked(const struct verifying *v)
{
	const struct bkt_verify_report *r = v->r;
	struct cli *c = v->c;

	cli_field(c, "checked",
	    cli_printf(c, "%s, %s, %s, %s, %s%s%s",
		cli_count(c, r->n_commits, "commit", NULL),
		cli_count(c, r->n_entries, "entry", "entries"),
		cli_count(c, r->n_seals, "signature", NULL),
		cli_count(c, r->n_objects, "object", NULL),
		cli_bytes_text(c, r->n_object_bytes),
		r->n_erased > 0 ? "; " : "",
		r->n_erased > 0
		    ? cli_count(c, r->n_erased, "content lawfully erased",
			  "contents lawfully erased")
		    : ""));
}

/* contents that this run takes on the word of an earlier one */
static bool some_unread(const struct verifying *v)
{
	return v->options.no_content || v->r->meta_from > 0;
}

static const char *began_at(const struct verifying *v)
{
	const char *by = v->options.pin
			     ? "the pin"
			     : "the store's cache (--cold trusts none)";

	if (v->r->meta_from == 0)
		return "replayed from the first entry";
	if (v->r->meta_from == v->r->meta_size)
		return cli_printf(v->c, "nothing new since %s", by);
	return cli_printf(v->c, "entries from %llu on; before that by %s",
	    (unsigned long long)v->r->meta_from, by);
}

static const char *content_text(const struct verifying *v)
{
	const struct bkt_verify_report *r = v->r;
	char when[BKT_TIME_LEN + 1];

	if (!r->complete)
		return "not complete: see below";
	if (r->content_size == 0)
		return "not read";
	bkt_time_format(r->content_utc_s, when);
	if (v->options.no_content)
		return cli_printf(v->c,
		    "complete as of entry %llu (oldest reading %s); not read "
		    "in this run",
		    (unsigned long long)r->content_size - 1, when);
	if (!some_unread(v))
		return cli_printf(v->c,
		    "complete as of entry %llu, all read in this run (oldest "
		    "reading %s)",
		    (unsigned long long)r->content_size - 1, when);
	return cli_printf(v->c,
	    "%s of new entries read; those of the %s before were NOT read "
	    "again (oldest reading %s)",
	    cli_count(v->c, r->n_objects, "object", NULL),
	    cli_count(v->c, r->meta_from, "entry", "entries"), when);
}

/* the two are told apart: one may be newer than the other */
static void print_as_of(const struct verifying *v)
{
	const struct bkt_verify_report *r = v->r;
	struct cli *c = v->c;

	if (!good(v))
		return;
	cli_field(c, "metadata",
	    cli_printf(c,
		"complete as of entry %llu (checkpoint %s, size %llu); %s",
		(unsigned long long)(r->meta_size > 0 ? r->meta_size - 1 : 0),
		r->checkpoint.origin, (unsigned long long)r->checkpoint.size,
		began_at(v)));
	cli_field(c, "content", content_text(v));
}

static void print_pin(const struct verifying *v)
{
	struct cli *c = v->c;

	if (v->pin_use == PIN_KEPT)
		cli_field(c, "pin",
		    v->pin_saved ? "agrees, and was renewed"
				 : "left as it was");
	if (v->pin_use == PIN_NEW && !v->pin_saved)
		cli_field(c, "pin", "not made");
	if (v->pin_use != PIN_NEW || !v->pin_saved)
		return;
	cli_field(c, "pin",
	    cli_printf(c,
		"'%s' is new: this store is trusted on first use; compare its "
		"key with what the institution tells by another way",
		v->pin_file));
	(void)printf("%s\n", v->r->next.vkey);
}

/* who reads one line only must not take an old reading for a new one */
static void print_verdict(const struct verifying *v)
{
	const struct bkt_verify_report *r = v->r;
	bool well = bkt_verdict_status(r->verdict, r->complete) == BKT_OK;
	char when[BKT_TIME_LEN + 1];

	if (well && v->options.no_content) {
		(void)printf("%s; contents not read, so whether they are "
			     "complete is not known\n",
		    bkt_verdict_name(r->verdict));
		return;
	}
	/* INCOMPLETE is said of contents: a log that broke off before its end
	 * tells nothing of them */
	(void)printf("%s",
	    cli_verdict_text(v->c, r->verdict,
		r->complete || (r->verdict > BKT_ERASED && r->n_missing == 0)));
	if (well && some_unread(v)) {
		bkt_time_format(r->content_utc_s, when);
		(void)printf(" as last read, %s: contents read before were not "
			     "read again (--cold reads all)",
		    when);
	}
	(void)printf("\n");
}

static void print_text(const struct verifying *v)
{
	const struct bkt_verify_report *r = v->r;
	struct cli *c = v->c;

	print_verdict(v);
	cli_field(c, "store", r->origin[0] != '\0' ? r->origin : v->dir);
	if (good(v)) {
		cli_field(c, "log",
		    cli_printf(c, "%s, root %s",
			cli_count(c, r->checkpoint.size, "entry", "entries"),
			root_text(c, &r->checkpoint.root)));
	}
	print_checked(v);
	print_as_of(v);
	cli_field(c, "time",
	    "by the order of the log and the store's own clock; no time stamp "
	    "of a third party");
	print_pin(v);
	cli_verdict_items(c, r->items, r->n_items, r->n_items_dropped);
	for (size_t i = 0; i < r->notes.n; i++)
		(void)printf("%snote: %s\n", i == 0 ? "\n" : "",
		    cli_text(c, r->notes.v[i]));
}

static void json_log(struct cli_json *j, const struct verifying *v)
{
	const struct bkt_verify_report *r = v->r;
	char commit[41];

	bkt_oid_hex(&r->commit, commit);
	cli_json_str(j, "commit", commit);
	if (good(v)) {
		cli_json_object(j, "checkpoint");
		cli_json_u64(j, "size", r->checkpoint.size);
		cli_json_hash(j, "root", &r->checkpoint.root);
		cli_json_end(j, '}');
		cli_json_str(j, "vkey", r->next.vkey);
	}
	cli_json_object(j, "checked");
	cli_json_u64(j, "commits", r->n_commits);
	cli_json_u64(j, "entries", r->n_entries);
	cli_json_u64(j, "signatures", r->n_seals);
	cli_json_u64(j, "objects", r->n_objects);
	cli_json_u64(j, "bytes", r->n_object_bytes);
	cli_json_u64(j, "erased", r->n_erased);
	cli_json_end(j, '}');
	cli_json_object(j, "metadata");
	cli_json_u64(j, "from", r->meta_from);
	cli_json_u64(j, "size", r->meta_size);
	cli_json_end(j, '}');
	cli_json_object(j, "content");
	cli_json_bool(j, "read", !v->options.no_content);
	cli_json_bool(j, "all_read", !some_unread(v));
	if (!v->options.no_content)
		cli_json_u64(j, "read_from", r->meta_from);
	cli_json_u64(j, "size", r->complete ? r->content_size : 0);
	if (r->complete && r->content_size > 0)
		cli_json_time(j, "oldest_reading", r->content_utc_s);
	cli_json_end(j, '}');
}

static enum bkt_status print_json(
    const struct verifying *v, struct bkt_err *err)
{
	static const char *const pins[] = { "none", "new", "kept" };
	const struct bkt_verify_report *r = v->r;
	BKT_AUTO(cli_json_release) struct cli_json j = { .depth = 0 };

	cli_json_init(&j);
	cli_json_object(&j, NULL);
	cli_json_str(&j, "verdict", bkt_verdict_name(r->verdict));
	cli_json_bool(&j, "complete", r->complete);
	cli_json_str(&j, "origin", r->origin);
	json_log(&j, v);
	cli_json_str(&j, "time", "log-order");
	cli_json_object(&j, "pin");
	cli_json_str(&j, "use", pins[v->pin_use]);
	cli_json_bool(&j, "saved", v->pin_saved);
	cli_json_end(&j, '}');
	cli_verdict_json(&j, r->items, r->n_items, r->n_items_dropped);
	cli_json_strs(&j, "notes", &r->notes);
	cli_json_end(&j, '}');
	return cli_json_print(&j, err);
}

/* two stores mixed up, or one put in another's place: the verdict is the same,
 * and a person has to be told which it may be */
static void tell_pin_origin(const struct verifying *v)
{
	if (v->pin_use != PIN_KEPT || v->r->origin[0] == '\0' ||
	    strcmp(v->pin.checkpoint.origin, v->r->origin) == 0)
		return;
	cli_note(v->c,
	    "the pin '%s' is of another store, '%s'; this one says that it is "
	    "'%s'",
	    v->pin_file, v->pin.checkpoint.origin, v->r->origin);
	cli_note(v->c, "hint: name the pin of this store, or find out who put "
		       "it in the other's place");
}

static void tell_next(const struct verifying *v)
{
	switch (v->r->verdict) {
	case BKT_TAMPERED:
	case BKT_MALFORMED:
	case BKT_UNTRUSTED:
		cli_note(v->c,
		    "hint: write nothing to this store and keep it as it is; a "
		    "copy that verifies (a backup, a clone) has what is named "
		    "here, and shows who changed it and when");
		break;
	case BKT_INTACT:
	case BKT_ERASED:
	case BKT_UNDETERMINED:
		if (!v->r->complete)
			cli_note(v->c,
			    "hint: put what is missing back from a copy, under "
			    "the same name below lfs/objects, and verify again "
			    "with --cold");
		break;
	}
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	BKT_AUTO(bkt_verify_report_release)
	struct bkt_verify_report r = { .verdict = BKT_INTACT };
	struct verifying v = { .c = c, .r = &r };
	enum bkt_status st;

	BKT_TRY(prepare(&v, err));
	st = cli_verify_cached(c, v.dir, &v.options, &r, err);
	/* no ref, no log: there is nothing a verdict could be about */
	if (st == BKT_E_NOTFOUND)
		return bkt_fail_context(
		    err, BKT_E_NOT_STORE, "'%s' has no log", v.dir);
	if (st != BKT_OK)
		return st;
	tell_pin_origin(&v);
	st = save_pin(&v, err);
	if (st == BKT_OK && cli_flag(c, "json"))
		st = print_json(&v, err);
	else if (st == BKT_OK)
		print_text(&v);
	if (st != BKT_OK)
		return st;
	if (!cli_flag(c, "json"))
		tell_next(&v);
	return cli_verdict_end(r.verdict, r.complete, err);
}

static const struct cli_opt options[] = {
	{ "cold", NULL, "trust no cache: begin at the first entry", 0, false },
	{ "no-content", NULL, "records only, no document is read", 0, false },
	{ "pin", "FILE", "remember the store on your side; see the page", 0,
	    false },
	{ "threads", "N", "at most N threads (all cores)", 'j', false },
	{ 0 },
};

const struct cli_cmd cli_verify = {
	.name = "verify",
	.summary = "is everything there, and as it was signed",
	.usage = "[STORE] [--cold] [--no-content] [--pin FILE] [--json]",
	.details = "Reads the store alone: no index, no hook and no "
		   "configuration is believed.\nWhat an earlier run found is: "
		   "a run begins where the last good one ended, by\n"
		   "bukti/verified in the store, and reads no content again. "
		   "With --cold nothing is\nbelieved and all is read; with "
		   "--pin the run begins at your own memory instead.\n"
		   "Exit status: 0 good, 1 content is missing, 4 tampered, "
		   "malformed or untrusted,\n6 could not tell.",
	.options = options,
	.flags = CLI_NO_STORE | CLI_READS | CLI_JSON,
	.max_args = 1,
	.run = run,
};
