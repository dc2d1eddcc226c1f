/* What a word on the command line stands for. */
#include "evidence.h"
#include "show.h"

#include <string.h>

#define HEX_LEAST 6

static enum bkt_status keep_one(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	return cli_entries_add(ctx, e, err);
}

enum bkt_status cli_entry_seen(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	(void)e;
	(void)err;
	*(bool *)ctx = true;
	return BKT_OK;
}

/* the newest entry at a path; *found tells */
static enum bkt_status newest(struct cli *c, const char *path,
    struct bkt_index_entry *out, bool *found, struct bkt_err *err)
{
	struct cli_entries l = { .c = c };
	enum bkt_status st = bkt_index_history(
	    bkt_store_index(c->store), path, UINT64_MAX, 1, keep_one, &l, err);

	*found = st == BKT_OK && l.n > 0;
	if (*found)
		*out = l.v[0];
	return st;
}

/* every path that a short name could stand for */
static size_t candidates(struct cli *c, const char *what, const char **out)
{
	size_t n = 0;

	if (strchr(what, '/')) {
		out[n++] = what;
		out[n++] = cli_printf(c, "%s.json", what);
		return n;
	}
	if (bkt_document_id_valid(what))
		out[n++] = cli_printf(
		    c, "documents/%.2s/%s/document.json", what, what);
	if (bkt_id_valid(what)) {
		out[n++] = cli_printf(c, "members/%s.json", what);
		out[n++] = cli_printf(c, "units/%s.json", what);
		out[n++] = cli_printf(c, "cycles/%s/cycle.json", what);
		out[n++] = cli_printf(c, "rulebooks/%s.json", what);
		out[n++] = cli_printf(c, "%s.json", what);
	}
	if (n == 0)
		out[n++] = what;
	return n;
}

struct hex_search {
	struct cli_entries found;
	const char *prefix;
};

static enum bkt_status match_hex(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct hex_search *s = ctx;
	char hex[BKT_SHA256_HEX + 1];

	bkt_hex(e->record.b, BKT_SHA256_LEN, hex);
	if (strncmp(hex, s->prefix, strlen(s->prefix)) != 0)
		return BKT_OK;
	return cli_entries_add(&s->found, e, err);
}

static enum bkt_status by_digest(struct cli *c, const char *what,
    struct bkt_index_entry *out, bool *found, struct bkt_err *err)
{
	struct hex_search s = { .found = { .c = c }, .prefix = what };
	size_t n = strlen(what);

	*found = false;
	if (n < HEX_LEAST || n > BKT_SHA256_HEX ||
	    strspn(what, "0123456789abcdef") != n)
		return BKT_OK;
	BKT_TRY(bkt_index_history(bkt_store_index(c->store), NULL, UINT64_MAX,
	    INT64_MAX, match_hex, &s, err));
	if (s.found.n > 1)
		return bkt_fail(err, BKT_E_USAGE,
		    "%zu records begin with '%s'; write more of it", s.found.n,
		    what);
	*found = s.found.n == 1;
	if (*found)
		*out = s.found.v[0];
	return BKT_OK;
}

/* a document may be called by its file */
static enum bkt_status by_file_name(struct cli *c, const char *what,
    struct bkt_index_entry *out, bool *found, struct bkt_err *err)
{
	struct bkt_record *r = NULL;
	enum bkt_status st = cli_document_named(c, what, &r, err);

	*found = false;
	if (st == BKT_E_NOTFOUND)
		return BKT_OK;
	return st == BKT_OK ? newest(c, r->path, out, found, err) : st;
}

/* "spbe-2020" is its newest revision */
static enum bkt_status by_rulebook(struct cli *c, const char *what,
    struct bkt_index_entry *out, bool *found, struct bkt_err *err)
{
	const struct bkt_rulebook_rec *r = NULL;
	enum bkt_status st = cli_rulebook_find(c, what, &r, err);

	*found = false;
	if (st == BKT_E_USAGE)
		return BKT_OK;
	if (st != BKT_OK)
		return st;
	return newest(c, cli_printf(c, "rulebooks/%s.json", r->rulebook), out,
	    found, err);
}

static enum bkt_status by_index(struct cli *c, const char *what,
    struct bkt_index_entry *out, bool *found, struct bkt_err *err)
{
	struct cli_entries l = { .c = c };
	uint64_t index;
	enum bkt_status st;

	*found = false;
	if (!bkt_parse_u64(what, INT64_MAX, &index))
		return BKT_OK;
	st = bkt_index_entry_at(
	    bkt_store_index(c->store), index, keep_one, &l, err);
	if (st == BKT_E_NOTFOUND)
		return BKT_OK;
	*found = st == BKT_OK && l.n == 1;
	if (*found)
		*out = l.v[0];
	return st;
}

enum bkt_status cli_resolve(struct cli *c, const char *what,
    struct bkt_index_entry *out, struct bkt_err *err)
{
	const char *paths[8];
	size_t n = candidates(c, what, paths), n_found = 0;
	const char *found[8];
	bool is = false;

	if (what[0] == '\0')
		return bkt_fail(
		    err, BKT_E_USAGE, "an empty word names nothing");
	for (size_t i = 0; i < n; i++) {
		struct bkt_index_entry e = { 0 };

		BKT_TRY(newest(c, paths[i], &e, &is, err));
		if (!is)
			continue;
		*out = e;
		found[n_found++] = e.path;
	}
	if (n_found == 1)
		return BKT_OK;
	if (n_found > 1) {
		const struct bkt_strs l = { found, n_found };

		(void)bkt_fail(
		    err, BKT_E_USAGE, "'%s' may be more than one thing", what);
		bkt_err_hint(
		    err, "name the path: %s", cli_join(c, &l, ", ", ""));
		return BKT_E_USAGE;
	}
	BKT_TRY(by_index(c, what, out, &is, err));
	if (!is)
		BKT_TRY(by_rulebook(c, what, out, &is, err));
	if (!is)
		BKT_TRY(by_file_name(c, what, out, &is, err));
	if (!is)
		BKT_TRY(by_digest(c, what, out, &is, err));
	if (is)
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_USAGE, "nothing here is called '%s'", what);
	bkt_err_hint(err,
	    "name a path, a document, member, unit, cycle or "
	    "rulebook, an entry's number, or a record's digest; bukti log "
	    "lists them");
	return cli_document_near(c, what, err);
}

static enum bkt_status look_at_seal(struct cli *c,
    const struct bkt_index_entry *e, const struct bkt_oid *tree,
    const char *member, struct cli_seal *out, struct bkt_err *err)
{
	const bkt_gitdb *g = bkt_ledger_git(bkt_store_ledger(c->store));
	BKT_AUTO(bkt_buf_release) struct bkt_buf der = { .ptr = NULL };
	BKT_AUTO(bkt_buf_release) struct bkt_buf pem = { .ptr = NULL };
	BKT_AUTO(bkt_cert_free) bkt_cert *cert = NULL;
	BKT_AUTO(bkt_cert_free) bkt_cert *known = NULL;
	struct bkt_seal seal;
	char at[BKT_TIME_LEN + 1];
	enum bkt_status st;

	bkt_buf_init(&der, BKT_SEAL_MAX);
	bkt_buf_init(&pem, 64 * 1024);
	*out = (struct cli_seal){ .member = member, .subject = "", .time = "" };
	BKT_TRY(bkt_gitdb_read_path(
	    g, tree, bkt_seal_path(e->path, member, c->arena), &der, err));
	BKT_TRY(bkt_seal_parse(bkt_buf_span(&der), &seal, err));
	BKT_TRY(bkt_cert_from_der(seal.cert, &cert, err));
	bkt_time_format(seal.signing_time_utc_s, at);
	out->subject = cli_printf(c, "%s", bkt_cert_info(cert)->subject);
	out->time = cli_printf(c, "%s", at);
	out->cert = bkt_cert_info(cert)->sha256;
	st = bkt_seal_verify(&seal, &e->record, cert, err);
	if (st != BKT_OK && !bkt_is_verdict(st))
		return st;
	out->good = st == BKT_OK;
	st = bkt_gitdb_read_path(
	    g, tree, cli_printf(c, "members/%s.pem", member), &pem, err);
	if (st == BKT_OK)
		st = bkt_cert_from_pem(bkt_buf_span(&pem), &known, err);
	if (st == BKT_OK)
		out->registered =
		    bkt_sha256_eq(&bkt_cert_info(known)->sha256, &out->cert);
	return st == BKT_E_NOTFOUND || bkt_is_verdict(st) ? BKT_OK : st;
}

enum bkt_status cli_seals(struct cli *c, const struct bkt_index_entry *e,
    const struct bkt_record *r, struct cli_seal **out, struct bkt_err *err)
{
	struct bkt_oid tree;
	struct cli_seal *v =
	    bkt_arena_alloc(c->arena, (r->by.n + 1) * sizeof(*v));

	if (!v)
		return cli_no_memory(err);
	BKT_TRY(cli_entry_tree(c, e, &tree, err));
	for (size_t i = 0; i < r->by.n; i++) {
		enum bkt_status st =
		    look_at_seal(c, e, &tree, r->by.v[i], &v[i], err);

		if (st == BKT_E_NOTFOUND || bkt_is_verdict(st))
			v[i].good = false;
		else if (st != BKT_OK)
			return st;
	}
	*out = v;
	return BKT_OK;
}
