/* bukti cat DOCUMENT: the content, hashed while it is copied */
#include "evidence.h"

#include <string.h>
#include <unistd.h>

static enum bkt_status count(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct cli_entries *l = ctx;

	return cli_entries_add(l, e, err);
}

/* the record of the version asked for: 1 is the first */
static enum bkt_status pick(struct cli *c, const char *path,
    struct bkt_record **out, struct bkt_err *err)
{
	const char *text = cli_opt(c, "version");
	struct cli_entries all = { .c = c };
	uint64_t n = 0;

	if (!text)
		return cli_record_at(c, path, out, err);
	BKT_TRY(bkt_index_history(bkt_store_index(c->store), path, UINT64_MAX,
	    UINT32_MAX, count, &all, err));
	if (all.n == 0)
		return BKT_E_NOTFOUND;
	if (!bkt_parse_u64(text, all.n, &n) || n == 0) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "there is no version '%s'; there %s 1 to %zu", text,
		    all.n == 1 ? "is" : "are", all.n);
		bkt_err_hint(err, "bukti show %s", c->argv[0]);
		return BKT_E_USAGE;
	}
	return cli_entry_record(c, &all.v[all.n - n], NULL, out, err);
}

/* what is gone by law is not missing */
static enum bkt_status check_erased(
    struct cli *c, const struct bkt_document *d, struct bkt_err *err)
{
	struct bkt_record *r = NULL;
	enum bkt_status st = cli_record_at(c,
	    cli_printf(c, "erasures/%.2s/%s.json", d->sha256, d->sha256), &r,
	    err);

	if (st == BKT_OK)
		return bkt_fail(err, BKT_E_ERASED,
		    "the content of '%s' was erased: %s", d->document,
		    r->u.erasure.basis);
	return st == BKT_E_NOTFOUND ? BKT_OK : st;
}

static enum bkt_status to_file(struct cli *c, const struct bkt_document *d,
    const struct bkt_sha256 *id, const char *to, struct bkt_err *err)
{
	BKT_AUTO_FD fd = -1;
	enum bkt_status st;

	if (bkt_path_is_dir(to))
		to = cli_printf(c, "%s/%s", to, d->file);
	BKT_TRY(cli_output_name(c, to, err));
	st = bkt_file_create(to, 0644, &fd, err);
	if (st == BKT_E_EXISTS) {
		(void)bkt_fail(err, st, "'%s' is there already", to);
		bkt_err_hint(err, "name another file with -o");
		return st;
	}
	if (st != BKT_OK)
		return st;
	st = bkt_objects_copy(bkt_store_objects(c->store), id, fd, err);
	if (st == BKT_OK && cli_interrupted())
		st = bkt_fail(err, BKT_E_INTERRUPTED, "interrupted");
	if (st != BKT_OK) {
		cli_undo_file(to);
		return st;
	}
	cli_note(c, "%s: %s, sha256 %s", to,
	    cli_count(c, d->size, "byte", NULL), d->sha256);
	return BKT_OK;
}

/* by the file's name, as for show */
static enum bkt_status by_name(
    struct cli *c, const char *what, const char **path, struct bkt_err *err)
{
	struct bkt_record *r = NULL;

	BKT_TRY(cli_document_pick(c, what, &r, err));
	*path = r->path;
	return BKT_OK;
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	const char *what = c->argv[0];
	const char *to = cli_opt(c, "output");
	const char *path = what;
	struct bkt_record *r = NULL;
	struct bkt_sha256 id;
	enum bkt_status st;

	if (bkt_document_id_valid(what))
		path = cli_printf(
		    c, "documents/%.2s/%s/document.json", what, what);
	else if (!strchr(what, '/'))
		BKT_TRY(by_name(c, what, &path, err));
	st = pick(c, path, &r, err);
	if (st == BKT_E_NOTFOUND ||
	    (st == BKT_OK && r->kind != BKT_KIND_DOCUMENT)) {
		(void)bkt_fail(
		    err, BKT_E_USAGE, "there is no document '%s'", what);
		bkt_err_hint(err, "bukti show documents/ lists them");
		return BKT_E_USAGE;
	}
	if (st != BKT_OK)
		return st;
	BKT_TRY(check_erased(c, &r->u.document, err));
	if (!bkt_unhex(r->u.document.sha256, id.b, BKT_SHA256_LEN))
		return bkt_fail(err, BKT_E_INTERNAL, "record without digest");
	if (to && strcmp(to, "-") != 0)
		return to_file(c, &r->u.document, &id, to, err);
	if (!to && c->out_tty) {
		(void)bkt_fail(
		    err, BKT_E_USAGE, "a document is not for the terminal");
		bkt_err_hint(err, "bukti cat %s -o FILE", what);
		return BKT_E_USAGE;
	}
	return bkt_objects_copy(
	    bkt_store_objects(c->store), &id, STDOUT_FILENO, err);
}

static const struct cli_opt options[] = {
	{ "version", "N", "an earlier version; 1 is the first", 0, false },
	{ "output", "FILE", "into a new file or a folder; - is stdout", 'o',
	    false },
	{ 0 },
};

const struct cli_cmd cli_cat = {
	.name = "cat",
	.summary = "get a document out, checked while it is copied",
	.usage = "DOCUMENT [--version N] [-o FILE]",
	.options = options,
	.flags = CLI_READS,
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
