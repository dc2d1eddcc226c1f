/* bukti unit add|list|withdraw */
#include "cli.h"

#include <string.h>

static enum bkt_status unit_now(struct cli *c, const char *id,
    const struct bkt_unit **out, struct bkt_err *err)
{
	struct bkt_record *r = NULL;
	enum bkt_status st;

	*out = NULL;
	st = cli_record_at(c, cli_printf(c, "units/%s.json", id), &r, err);
	if (st == BKT_E_NOTFOUND)
		return BKT_OK;
	if (st == BKT_OK)
		*out = &r->u.unit;
	return st;
}

/* a slip in the id must not rename another agency */
static enum bkt_status there_already(
    const struct bkt_unit *now, const char *name, struct bkt_err *err)
{
	bool active = strcmp(now->state, "active") == 0;

	(void)bkt_fail(err, BKT_E_EXISTS, "unit '%s' is there already%s: '%s'",
	    now->unit, active ? "" : ", withdrawn", now->name);
	bkt_err_hint(err,
	    "to change it: bukti unit add %s --name '%s' --update", now->unit,
	    name);
	return BKT_E_EXISTS;
}

/* into the batch, unless the store says just that already */
static enum bkt_status put_unit(struct cli_batch *b, const char *id,
    const char *name, const char *state, size_t *n_same, struct bkt_err *err)
{
	struct cli *c = b->c;
	const struct bkt_unit *now = NULL;
	struct bkt_record *r = NULL;
	const char *change = "";

	BKT_TRY(unit_now(c, id, &now, err));
	if (now) {
		change = cli_change(c, change, "name", now->name, name);
		change = cli_change(c, change, "state", now->state, state);
	}
	if (now && change[0] == '\0') {
		*n_same += 1;
		return BKT_OK;
	}
	if (now && cli_knows(c, "update") && !cli_flag(c, "update"))
		return there_already(now, name, err);
	if (now)
		BKT_TRY(cli_batch_note(
		    b, cli_printf(c, "unit %s: %s", id, change), err));
	r = bkt_arena_alloc(c->arena, sizeof(*r));
	if (!r)
		return cli_no_memory(err);
	r->kind = BKT_KIND_UNIT;
	r->u.unit = (struct bkt_unit){ id, name, state };
	return cli_batch_add(
	    b, r, NULL, 0, cli_printf(c, "unit '%s'", id), err);
}

static enum bkt_status check_unit(
    const char *id, const char *name, struct bkt_err *err)
{
	if (!bkt_id_valid(id)) {
		(void)bkt_fail(err, BKT_E_USAGE, "'%s' is not a unit id", id);
		bkt_err_hint(err,
		    "use small letters, digits and '-', at most "
		    "%d",
		    BKT_ID_MAX);
		return BKT_E_USAGE;
	}
	if (bkt_text_blank(bkt_span_str(name)))
		return bkt_fail(err, BKT_E_USAGE, "unit '%s' has no name", id);
	if (!bkt_text_clean(bkt_span_str(name)))
		return bkt_fail(err, BKT_E_USAGE,
		    "the name of unit '%s' has characters that may not be "
		    "kept",
		    id);
	return BKT_OK;
}

static enum bkt_status read_csv(struct cli *c, struct cli_csv *t,
    struct cli_batch *b, size_t *n_same, struct bkt_err *err)
{
	BKT_AUTO(bkt_map_free) bkt_map *seen = bkt_map_new();
	enum bkt_status st = BKT_OK;

	if (!seen)
		return cli_no_memory(err);
	while (cli_csv_next(t, c, &st, err)) {
		const char *id = cli_csv_get(t, c, "unit");
		const char *name = cli_csv_get(t, c, "name");
		struct bkt_err why = { 0 };
		enum bkt_status row;

		if (check_unit(id, name, &why) != BKT_OK) {
			cli_csv_bad(t, c, "%s", why.msg);
			continue;
		}
		if (bkt_map_get(seen, id)) {
			cli_csv_bad(t, c, "unit '%s' a second time", id);
			continue;
		}
		BKT_TRY(bkt_map_set(seen, id, t, err));
		row = put_unit(b, id, name, "active", n_same, &why);
		if (row == BKT_E_EXISTS) {
			cli_csv_bad(t, c, "%s; --update changes it", why.msg);
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
	if (b->waits)
		return;
	for (size_t i = 0; i < b->n; i++)
		(void)printf("unit %s: entry %llu\n",
		    cli_text(b->c, b->records[i]->u.unit.unit),
		    (unsigned long long)b->items[i].index);
	if (n_same > 0)
		cli_note(b->c, "%zu unit%s already so", n_same,
		    n_same == 1 ? " is" : "s are");
}

static enum bkt_status run_add(struct cli *c, struct bkt_err *err)
{
	static const char *const needed[] = { "unit", "name", NULL };
	BKT_AUTO(cli_batch_release) struct cli_batch b = { .c = NULL };
	BKT_AUTO(cli_csv_release) struct cli_csv t = { .name = NULL };
	const char *from = cli_opt(c, "from");
	const char *name = cli_opt(c, "name");
	size_t n_same = 0;

	if ((from == NULL) == (c->argc == 0) || (from && name)) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "either one unit with --name, or --from FILE");
		bkt_err_hint(err, "bukti help unit add");
		return BKT_E_USAGE;
	}
	if (!from)
		BKT_TRY(check_unit(c->argv[0], name ? name : "", err));
	else
		BKT_TRY(cli_csv_open(&t, from, needed, err));
	BKT_TRY(cli_batch_init(&b, c, err));
	if (from)
		BKT_TRY(read_csv(c, &t, &b, &n_same, err));
	else
		BKT_TRY(put_unit(&b, c->argv[0], name, "active", &n_same, err));
	if (b.n > 0)
		BKT_TRY(cli_batch_submit(&b,
		    from ? "Add units"
			 : cli_printf(c, "Add unit %s", c->argv[0]),
		    err));
	say_done(&b, n_same);
	return BKT_OK;
}

/* who counts on it: told, since nobody else would notice */
static enum bkt_status warn_assigned(
    struct cli_batch *b, const char *id, struct bkt_err *err)
{
	struct cli *c = b->c;
	struct cli_records all;

	BKT_TRY(cli_cycles(c, &all, err));
	for (size_t i = 0; i < all.n; i++) {
		const struct bkt_cycle *cy = &all.v[i]->u.cycle;
		size_t n = 0;

		for (size_t k = 0; k < cy->n_assignments; k++)
			n += bkt_strs_has(&cy->assignments[k].units, id);
		if (n == 0 || strcmp(cy->state, "open") != 0)
			continue;
		BKT_TRY(cli_batch_note(b,
		    cli_printf(c,
			"warning: unit %s is still assigned to %zu indicator%s "
			"of %s",
			id, n, n == 1 ? "" : "s", cy->cycle),
		    err));
		BKT_TRY(cli_batch_note(b,
		    cli_printf(c,
			"hint: bukti cycle open %s --update --assign FILE "
			"gives them to another",
			cy->cycle),
		    err));
	}
	return BKT_OK;
}

static enum bkt_status run_withdraw(struct cli *c, struct bkt_err *err)
{
	BKT_AUTO(cli_batch_release) struct cli_batch b = { .c = NULL };
	const char *id = c->argv[0];
	const struct bkt_unit *now = NULL;
	struct bkt_strs known = { NULL, 0 };
	size_t n_same = 0;

	if (bkt_id_valid(id))
		BKT_TRY(unit_now(c, id, &now, err));
	if (!now) {
		BKT_TRY(cli_unit_ids(c, &known, err));
		return cli_unknown(err, BKT_E_USAGE, "unit", id, &known);
	}
	BKT_TRY(cli_batch_init(&b, c, err));
	BKT_TRY(put_unit(&b, id, now->name, "withdrawn", &n_same, err));
	if (b.n > 0)
		BKT_TRY(warn_assigned(&b, id, err));
	if (b.n > 0)
		BKT_TRY(cli_batch_submit(
		    &b, cli_printf(c, "Withdraw unit %s", id), err));
	say_done(&b, n_same);
	return BKT_OK;
}

static enum bkt_status run_list(struct cli *c, struct bkt_err *err)
{
	static const struct cli_column columns[] = {
		{ "UNIT", false, false },
		{ "STATE", false, false },
		{ "NAME", false, true },
	};
	struct cli_records units;
	struct cli_table_rows *t = cli_table_new(c, columns, 3);
	BKT_AUTO(cli_json_release) struct cli_json j = { .depth = 0 };

	cli_json_init(&j);
	BKT_TRY(cli_records(c, "units/", BKT_KIND_UNIT, &units, err));
	cli_json_object(&j, NULL);
	cli_json_array(&j, "units");
	for (size_t i = 0; i < units.n; i++) {
		const struct bkt_unit *u = &units.v[i]->u.unit;
		const char *cells[] = { u->unit, u->state, u->name };

		cli_table_row(t,
		    strcmp(u->state, "active") == 0 ? CLI_PLAIN : CLI_DIM,
		    cells);
		cli_json_object(&j, NULL);
		cli_json_str(&j, "unit", u->unit);
		cli_json_str(&j, "name", u->name);
		cli_json_str(&j, "state", u->state);
		cli_json_end(&j, '}');
	}
	cli_json_end(&j, ']');
	cli_json_end(&j, '}');
	if (cli_flag(c, "json"))
		return cli_json_print(&j, err);
	if (units.n == 0)
		cli_note(c, "no units yet; add one: bukti help unit add");
	else
		cli_table_print(t);
	return BKT_OK;
}

static const struct cli_opt add_options[] = {
	{ "name", "NAME", "full name of the agency", 0, false },
	{ "from", "FILE", "many at once: CSV with columns unit,name", 0,
	    false },
	{ "update", NULL, "change what is there already", 0, false },
	{ 0 },
};

static const struct cli_cmd unit_add = {
	.name = "add",
	.summary = "add a unit, or many from a CSV; --update renames",
	.usage = "UNIT --name NAME [--update] | --from FILE",
	.options = add_options,
	.flags = CLI_WRITES,
	.max_args = 1,
	.run = run_add,
};
static const struct cli_cmd unit_list = {
	.name = "list",
	.summary = "list the units",
	.usage = "[--json]",
	.flags = CLI_READS | CLI_JSON,
	.run = run_list,
};
static const struct cli_cmd unit_withdraw = {
	.name = "withdraw",
	.summary = "a unit that no longer exists; its records stay",
	.usage = "UNIT",
	.flags = CLI_WRITES,
	.min_args = 1,
	.max_args = 1,
	.run = run_withdraw,
};
static const struct cli_cmd *const subs[] = { &unit_add, &unit_list,
	&unit_withdraw, NULL };

const struct cli_cmd cli_unit = {
	.name = "unit",
	.summary = "agencies (OPD): add, list, withdraw",
	.usage = "add|list|withdraw ...",
	.subs = subs,
};
