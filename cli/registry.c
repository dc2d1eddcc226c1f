/* Records by what people call them. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

enum bkt_status cli_read(
    struct cli *c, const char *path, struct bkt_buf *out, struct bkt_err *err)
{
	const struct bkt_source *source = bkt_store_source(c->store);

	return source->read(source->ctx, path, out, err);
}

enum bkt_status cli_digest_at(
    struct cli *c, const char *path, const char **hex, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { .ptr = NULL };
	struct bkt_sha256 digest;
	char text[BKT_SHA256_HEX + 1];

	bkt_buf_init(&bytes, BKT_RECORD_MAX);
	BKT_TRY(cli_read(c, path, &bytes, err));
	BKT_TRY(bkt_sha256_of(bkt_buf_span(&bytes), &digest, err));
	bkt_hex(digest.b, sizeof(digest.b), text);
	*hex = cli_printf(c, "%s", text);
	return BKT_OK;
}

enum bkt_status cli_record_at(struct cli *c, const char *path,
    struct bkt_record **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { .ptr = NULL };

	bkt_buf_init(&bytes, BKT_RECORD_MAX);
	BKT_TRY(cli_read(c, path, &bytes, err));
	if (bkt_record_parse(bkt_buf_span(&bytes), c->arena, out, err) !=
	    BKT_OK)
		return bkt_fail_context(err, err->status, "%s", path);
	return BKT_OK;
}

struct collect {
	struct cli *c;
	enum bkt_kind kind;
	struct cli_records *out;
	size_t cap;
};

static enum bkt_status collect_one(
    void *arg, const char *path, struct bkt_span bytes, struct bkt_err *err)
{
	struct collect *l = arg;
	struct bkt_path_info where;

	bkt_path_classify(path, &where);
	if (where.class_ != BKT_PATH_RECORD || where.kind != l->kind)
		return BKT_OK;
	if (l->out->n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 32;
		struct bkt_record **v =
		    bkt_arena_alloc(l->c->arena, cap * sizeof(*v));

		if (!v)
			return cli_no_memory(err);
		if (l->out->n > 0)
			memcpy(v, l->out->v, l->out->n * sizeof(*v));
		l->out->v = v;
		l->cap = cap;
	}
	if (bkt_record_parse(bytes, l->c->arena, &l->out->v[l->out->n], err) !=
	    BKT_OK)
		return bkt_fail_context(err, err->status, "%s", path);
	l->out->n++;
	return BKT_OK;
}

enum bkt_status cli_records(struct cli *c, const char *prefix,
    enum bkt_kind kind, struct cli_records *out, struct bkt_err *err)
{
	const struct bkt_source *source = bkt_store_source(c->store);
	struct collect l = { .c = c, .kind = kind, .out = out };

	*out = (struct cli_records){ NULL, 0 };
	return source->each(source->ctx, prefix, collect_one, &l, err);
}

static enum bkt_status collect_entry(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	return collect_one(ctx, e->path, e->bytes, err);
}

/* by their attribute: below cycles/ lies nearly everything */
enum bkt_status cli_cycles(
    struct cli *c, struct cli_records *out, struct bkt_err *err)
{
	struct collect l = { .c = c, .kind = BKT_KIND_CYCLE, .out = out };

	*out = (struct cli_records){ NULL, 0 };
	return bkt_index_find(
	    bkt_store_index(c->store), "kind", "cycle", collect_entry, &l, err);
}

enum bkt_status cli_unit_ids(
    struct cli *c, struct bkt_strs *out, struct bkt_err *err)
{
	struct cli_records units;
	struct bkt_strs l = { NULL, 0 };

	BKT_TRY(cli_records(c, "units/", BKT_KIND_UNIT, &units, err));
	l.v = bkt_arena_alloc(c->arena, (units.n + 1) * sizeof(*l.v));
	if (!l.v)
		return cli_no_memory(err);
	for (size_t i = 0; i < units.n; i++)
		if (strcmp(units.v[i]->u.unit.state, "active") == 0)
			l.v[l.n++] = units.v[i]->u.unit.unit;
	*out = l;
	return BKT_OK;
}

enum bkt_status cli_unit_check(struct cli *c, struct bkt_err *err)
{
	const char *unit = cli_opt(c, "unit");
	struct bkt_strs units = { NULL, 0 };

	if (!unit)
		return BKT_OK;
	BKT_TRY(cli_unit_ids(c, &units, err));
	if (!bkt_strs_has(&units, unit))
		return cli_unknown(err, BKT_E_USAGE, "unit", unit, &units);
	return BKT_OK;
}

enum bkt_status cli_cycle_pick(
    struct cli *c, const char *name, const char **out, struct bkt_err *err)
{
	struct cli_records all;
	struct bkt_record *one = NULL;
	struct bkt_strs names = { NULL, 0 };
	size_t n_open = 0;
	const char *open = NULL;
	enum bkt_status st;

	if (name && bkt_id_valid(name)) {
		st = cli_record_at(
		    c, cli_printf(c, "cycles/%s/cycle.json", name), &one, err);
		if (st == BKT_OK)
			*out = one->u.cycle.cycle;
		if (st != BKT_E_NOTFOUND)
			return st;
	}
	BKT_TRY(cli_cycles(c, &all, err));
	names.v = bkt_arena_alloc(c->arena, (all.n + 1) * sizeof(*names.v));
	if (!names.v)
		return cli_no_memory(err);
	for (; names.n < all.n; names.n++) {
		const struct bkt_cycle *cy = &all.v[names.n]->u.cycle;

		names.v[names.n] = cy->cycle;
		if (strcmp(cy->state, "open") == 0) {
			open = cy->cycle;
			n_open++;
		}
	}
	if (!name && (n_open == 1 || names.n == 1)) {
		*out = n_open == 1 ? open : names.v[0];
		return BKT_OK;
	}
	if (name)
		(void)cli_unknown(err, BKT_E_USAGE, "cycle", name, &names);
	else
		(void)bkt_fail(err, BKT_E_USAGE, "%s",
		    names.n == 0 ? "there is no cycle yet"
				 : "which cycle is meant");
	if (err->hint[0] == '\0' && names.n == 0)
		bkt_err_hint(err, "bukti help cycle open");
	else if (err->hint[0] == '\0')
		bkt_err_hint(err, "there %s %s", names.n == 1 ? "is" : "are",
		    cli_join(c, &names, ", ", ""));
	return BKT_E_USAGE;
}

/* N of "<name>-rN"; 0 when the stem is another's */
static uint64_t revision_of(const char *stem, const char *name)
{
	size_t n = strlen(name);
	uint64_t r = 0;

	if (strncmp(stem, name, n) != 0 || stem[n] != '-' ||
	    stem[n + 1] != 'r' || !bkt_parse_u64(stem + n + 2, UINT32_MAX, &r))
		return 0;
	return r;
}

enum bkt_status cli_rulebook_find(struct cli *c, const char *name,
    const struct bkt_rulebook_rec **out, struct bkt_err *err)
{
	struct cli_records all;
	struct bkt_strs names = { NULL, 0 };
	uint64_t best = 0;

	*out = NULL;
	BKT_TRY(cli_records(c, "rulebooks/", BKT_KIND_RULEBOOK, &all, err));
	names.v = bkt_arena_alloc(c->arena, (all.n + 1) * sizeof(*names.v));
	if (!names.v)
		return cli_no_memory(err);
	for (size_t i = 0; i < all.n; i++) {
		const struct bkt_rulebook_rec *r = &all.v[i]->u.rulebook;
		uint64_t revision = revision_of(r->rulebook, name);

		names.v[names.n++] = r->rulebook;
		if (strcmp(r->rulebook, name) == 0) {
			*out = r;
			return BKT_OK;
		}
		if (revision > best) {
			best = revision;
			*out = r;
		}
	}
	if (*out)
		return BKT_OK;
	(void)cli_unknown(err, BKT_E_USAGE, "rulebook", name, &names);
	if (err->hint[0] == '\0')
		bkt_err_hint(
		    err, "there are: %s", cli_join(c, &names, ", ", "none"));
	return BKT_E_USAGE;
}

enum bkt_status cli_rulebook_pick(struct cli *c, const char *name,
    const struct bkt_rulebook_rec **out, bkt_rulebook_set **set,
    struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf yaml = { .ptr = NULL };
	const char *path = NULL;

	bkt_buf_init(&yaml, BKT_YAML_MAX);
	BKT_TRY(cli_rulebook_find(c, name, out, err));
	path = cli_printf(c, "rulebooks/%s.yaml", (*out)->rulebook);
	BKT_TRY(cli_read(c, path, &yaml, err));
	return bkt_rulebook_parse(bkt_buf_span(&yaml), path, set, NULL, err);
}
