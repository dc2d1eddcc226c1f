/* bukti pack CYCLE: the package of a release, to be handed over */
#include <string.h>

#include "bukti/assess.h"
#include "bukti/package.h"
#include "verdict.h"

struct made {
	const struct bkt_packed *packed;
	char sha256[BKT_SHA256_HEX + 1];
	const struct bkt_institution *institution;
};

/* may a holder of one of these roles hand packages over */
static enum bkt_status may_pack(
    struct cli *c, const char *member, bool *out, struct bkt_err *err)
{
	struct bkt_record *access = NULL, *who = NULL;

	BKT_TRY(cli_record_at(c, "access.json", &access, err));
	BKT_TRY(cli_record_at(
	    c, cli_printf(c, "members/%s.json", member), &who, err));
	*out = false;
	for (size_t i = 0; i < access->u.access.n_rules; i++) {
		const struct bkt_access_rule *rule = &access->u.access.rules[i];

		if (strcmp(rule->kind, "package") == 0 && rule->n_needs == 1 &&
		    bkt_strs_has(&who->u.member.roles, rule->needs[0].role))
			*out = true;
	}
	return BKT_OK;
}

/* the first hand signs the package record: one that may */
static enum bkt_status put_packer_first(
    struct cli *c, struct cli_hands *h, struct bkt_err *err)
{
	for (size_t i = 0; i < h->n; i++) {
		struct bkt_hand first = h->v[0];
		bool may = false;

		BKT_TRY(may_pack(c, h->v[i].member, &may, err));
		if (!may)
			continue;
		h->v[0] = h->v[i];
		h->v[i] = first;
		return BKT_OK;
	}
	return BKT_OK;
}

static void print_text(struct cli *c, const struct made *m)
{
	const struct bkt_inspect_report *r = &m->packed->report;

	cli_field(c, "package", m->packed->path);
	cli_field(c, "size",
	    cli_printf(c, "%s (%s)", cli_count(c, r->file_bytes, "byte", NULL),
		cli_bytes_text(c, r->file_bytes)));
	cli_field(c, "sha256", m->sha256);
	cli_field(c, "documents",
	    cli_printf(c,
		"%llu; left out by the release: %zu; stated gaps: %zu",
		(unsigned long long)r->n_documents, r->omissions.n, r->gaps.n));
	cli_field(c, "read back",
	    cli_printf(c, "%s, COMPLETE", bkt_verdict_name(r->verdict)));
	(void)printf("\nHand over this file. Tell its receiver by another way, "
		     "such as a letter:\n");
	cli_field(c, "store key", m->institution->note_key);
	cli_field(c, "CA sha256", m->institution->ca);
	(void)printf("They check it with verify.sh inside, or with\n"
		     "  bukti inspect %s --key '%s' \\\n      --ca %s\n",
	    cli_text(c, bkt_path_base(m->packed->path)),
	    m->institution->note_key, m->institution->ca);
}

static enum bkt_status print_json(const struct made *m, struct bkt_err *err)
{
	const struct bkt_inspect_report *r = &m->packed->report;
	BKT_AUTO(cli_json_release) struct cli_json j = { .depth = 0 };

	cli_json_init(&j);
	cli_json_object(&j, NULL);
	cli_json_str(&j, "package", m->packed->path);
	cli_json_bool(&j, "written", !m->packed->same);
	cli_json_u64(&j, "bytes", r->file_bytes);
	cli_json_str(&j, "sha256", m->sha256);
	cli_json_u64(&j, "documents", r->n_documents);
	cli_json_u64(&j, "omissions", r->omissions.n);
	cli_json_u64(&j, "gaps", r->gaps.n);
	cli_json_str(&j, "vkey", m->institution->note_key);
	cli_json_str(&j, "ca_sha256", m->institution->ca);
	cli_json_end(&j, '}');
	return cli_json_print(&j, err);
}

/* what is handed over is the release: what came after it is not in there */
static enum bkt_status tell_stale(
    struct cli *c, const char *cycle, struct bkt_err *err)
{
	BKT_AUTO(bkt_assess_free) bkt_assess *a = NULL;
	struct bkt_changed since = { .released = 0 };

	BKT_TRY(bkt_assess_cycle(bkt_store_source(c->store), cycle,
	    bkt_store_objects(c->store), &a, err));
	BKT_TRY(bkt_store_changed(c->store, a, c->arena, &since, err));
	if (!since.round && since.indicators.n == 0)
		return BKT_OK;
	cli_note(c,
	    "changed since its release (entry %llu), and not in the package: "
	    "%s%s%s",
	    (unsigned long long)since.released,
	    since.round ? "the round itself" : "",
	    since.round && since.indicators.n > 0 ? ", " : "",
	    cli_join(c, &since.indicators, ", ", ""));
	cli_note(c, "hint: bukti release %s seals it as it is now", cycle);
	return BKT_OK;
}

static enum bkt_status report(
    struct cli *c, const struct bkt_packed *packed, struct bkt_err *err)
{
	struct bkt_record *rec = NULL;
	struct made m = { .packed = packed };

	BKT_TRY(cli_record_at(c, "institution.json", &rec, err));
	m.institution = &rec->u.institution;
	bkt_hex(packed->report.sha256.b, BKT_SHA256_LEN, m.sha256);
	if (cli_flag(c, "json"))
		return print_json(&m, err);
	print_text(c, &m);
	if (packed->same)
		cli_note(c, "'%s' is there already, with the same bytes",
		    packed->path);
	return BKT_OK;
}

/* what was wrong with the package that was not kept */
static void print_bad(struct cli *c, const struct bkt_inspect_report *r)
{
	if (!r->arena || bkt_verdict_status(r->verdict, r->complete) == BKT_OK)
		return;
	(void)printf("%s\n", cli_verdict_text(c, r->verdict, r->complete));
	cli_verdict_items(c, r->items, r->n_items, r->n_items_dropped);
}

/* a refusal at the door is policy, not a verdict about the store */
static enum bkt_status pack(struct cli *c, const struct bkt_packing *how,
    struct bkt_packed *out, struct bkt_err *err)
{
	enum bkt_status st = bkt_store_pack(c->store, how, out, err);

	cli_progress_clear();
	print_bad(c, &out->report);
	if (st == BKT_E_CONFLICT)
		bkt_err_hint(err, "run the same command again");
	if (st == BKT_E_MISSING || st == BKT_E_TAMPERED)
		bkt_err_hint(
		    err, "bukti verify %s --cold", bkt_store_dir(c->store));
	if (st == BKT_E_TRUST)
		return bkt_fail_context(err, BKT_E_POLICY, "refused");
	return st;
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	const char *cycle = NULL;
	const char *output = cli_opt(c, "output");
	BKT_AUTO(cli_hands_release) struct cli_hands h = { NULL, 0 };
	BKT_AUTO(bkt_packed_release)
	struct bkt_packed packed = { .path = NULL };
	struct bkt_packing how = { .file = output ? output : ".",
		.recipient = cli_opt(c, "recipient"),
		.progress = &cli_progress };

	BKT_TRY(cli_cycle_pick(c, c->argv[0], &cycle, err));
	if (output && !bkt_path_is_dir(output) &&
	    (output[0] == '\0' || output[strlen(output) - 1] != '/'))
		BKT_TRY(cli_output_name(c, output, err));
	/* a name in the folder: the package's own is not known yet */
	BKT_TRY(cli_folder_writable(c,
	    bkt_path_is_dir(how.file) ? cli_printf(c, "%s/x", how.file)
				      : how.file,
	    err));
	if (cli_opt_count(c, "with") > 0)
		return bkt_fail(err, BKT_E_USAGE,
		    "a package does not wait: its signers say --as together");
	/* no key is needed when it was sealed before */
	if (cli_opt_count(c, "as") > 0) {
		BKT_TRY(cli_hands_default(c, &h, err));
		BKT_TRY(put_packer_first(c, &h, err));
	}
	how.cycle = cycle;
	how.hands = h.v;
	how.n_hands = h.n;
	BKT_TRY(pack(c, &how, &packed, err));
	BKT_TRY(report(c, &packed, err));
	return tell_stale(c, cycle, err);
}

static const struct cli_opt options[] = {
	{ "output", "FILE", "file or folder to write to (.)", 'o', false },
	{ "recipient", "OFFICE", "office it is handed to", 0, false },
	{ 0 },
};

const struct cli_cmd cli_pack = {
	.name = "pack",
	.summary = "make the package of a release, to be handed over",
	.usage = "CYCLE [-o FILE] [--as MEMBER --as MEMBER] [--recipient "
		 "OFFICE]",
	.details = "The first time the release's signers seal it; afterwards "
		   "no key is needed.\nThe same release gives the same bytes.",
	.options = options,
	.flags = CLI_WRITES | CLI_JSON,
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
