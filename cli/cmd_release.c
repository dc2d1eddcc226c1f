/* bukti release CYCLE: seal the state of a round, by two signatures */
#include <stdlib.h>
#include <string.h>

#include "release.h"
#include "verdict.h"

/* only what was verified may be sealed, and no cache vouches for it: the log
 * from its first entry; the contents that go out are read again further on */
static enum bkt_status verify_first(struct releasing *r, struct bkt_err *err)
{
	struct cli *c = r->c;
	struct bkt_verify_options options = { .cold = true };
	BKT_AUTO(bkt_verify_report_release)
	struct bkt_verify_report report = { .verdict = BKT_INTACT };
	enum bkt_status st;

	BKT_TRY(cli_verify_cached(
	    c, bkt_store_dir(c->store), &options, &report, err));
	st = bkt_verdict_status(report.verdict, report.complete);
	if (st == BKT_OK && !bkt_oid_eq(&report.commit, &r->head.commit)) {
		(void)bkt_fail(
		    err, BKT_E_CONFLICT, "the store was written to meanwhile");
		bkt_err_hint(err, "run the same command again");
		return BKT_E_CONFLICT;
	}
	if (st == BKT_OK)
		return BKT_OK;
	(void)printf(
	    "%s\n", cli_verdict_text(c, report.verdict, report.complete));
	cli_verdict_items(
	    c, report.items, report.n_items, report.n_items_dropped);
	(void)bkt_fail(err, st, "the store is %s: nothing was released",
	    st == BKT_E_MISSING ? "incomplete"
				: bkt_verdict_name(report.verdict));
	bkt_err_hint(err, "bukti verify %s --cold", bkt_store_dir(c->store));
	return st;
}

static int by_id(const void *a, const void *b)
{
	return memcmp(((const struct bkt_scrub_item *)a)->id.b,
	    ((const struct bkt_scrub_item *)b)->id.b, BKT_SHA256_LEN);
}

/* contents of the links that go out, each once */
static enum bkt_status contents(const struct releasing *r,
    struct bkt_scrub_item **out, size_t *n, struct bkt_err *err)
{
	struct bkt_scrub_item *v = bkt_arena_alloc(
	    r->c->arena, (r->facts->n_evidence + 1) * sizeof(*v));
	size_t all = 0, kept = 0;

	if (!v)
		return cli_no_memory(err);
	for (size_t i = 0; i < r->facts->n_evidence; i++) {
		const struct bkt_evidence *e = &r->facts->evidence[i];

		if (release_excluded(r, e))
			continue;
		if (!bkt_unhex(e->sha256, v[all].id.b, BKT_SHA256_LEN))
			return bkt_fail(err, BKT_E_FORMAT,
			    "document '%s' has no digest", e->document);
		v[all++].size_bytes = e->size;
	}
	qsort(v, all, sizeof(*v), by_id);
	for (size_t i = 0; i < all; i++)
		if (kept == 0 || by_id(&v[kept - 1], &v[i]) != 0)
			v[kept++] = v[i];
	*out = v;
	*n = kept;
	return BKT_OK;
}

/* a cache may have vouched for documents that were not read today */
static enum bkt_status reread(struct releasing *r, struct bkt_err *err)
{
	struct bkt_scrub_item *items = NULL;
	enum bkt_status worst = BKT_OK;
	size_t n = 0, n_bad = 0;

	BKT_TRY(contents(r, &items, &n, err));
	BKT_TRY(bkt_objects_scrub(
	    bkt_store_objects(r->c->store), items, n, 0, &cli_progress, err));
	cli_progress_clear();
	for (size_t i = 0; i < n; i++) {
		enum bkt_status st = items[i].status;
		char hex[BKT_SHA256_HEX + 1];

		if (st == BKT_OK)
			continue;
		if (!bkt_is_verdict(st)) {
			*err = items[i].err;
			return st;
		}
		n_bad++;
		bkt_hex(items[i].id.b, BKT_SHA256_LEN, hex);
		cli_note(r->c, "content %s: %s", hex, items[i].err.msg);
		if (worst != BKT_E_TAMPERED)
			worst = st == BKT_E_MISSING ? st : BKT_E_TAMPERED;
	}
	if (worst == BKT_OK)
		return BKT_OK;
	return bkt_fail(err, worst,
	    "%zu document%s of this round %s not as recorded: nothing was "
	    "released",
	    n_bad, n_bad == 1 ? "" : "s", n_bad == 1 ? "is" : "are");
}

/* told before anything is read: the other one may be at another desk */
static enum bkt_status enough_signers(struct releasing *r, struct bkt_err *err)
{
	struct cli *c = r->c;
	struct bkt_strs who = { NULL, 0 };
	enum bkt_status st;

	BKT_TRY(cli_signers(c, &who, err));
	st = bkt_store_enough(c->store, &who, BKT_KIND_RELEASE, err);
	if (st != BKT_E_POLICY)
		return st;
	(void)bkt_fail_context(err, st, "nothing was released, %s not enough",
	    who.n == 1 ? cli_printf(c, "'%s' alone is", who.v[0])
		       : cli_printf(c, "%s are", cli_join(c, &who, ", ", "")));
	bkt_err_hint(err,
	    "name the other with --as MEMBER when both are here, with --with "
	    "MEMBER when they sign elsewhere (bukti sign); bukti member list "
	    "shows the roles");
	return st;
}

static void print_body(const struct releasing *r)
{
	struct cli *c = r->c;
	const struct bkt_release *b = &r->body;
	const struct bkt_group_result *x = &r->result->index;
	struct bkt_sha256 old;

	(void)printf("%sto be sealed: %s of %s, log of %llu entries%s\n",
	    cli_colour(c, CLI_BOLD), cli_text(c, r->cycle),
	    bkt_store_origin(c->store), (unsigned long long)b->log_size,
	    cli_colour(c, CLI_PLAIN));
	cli_field(c, "verified",
	    cli_printf(c, "%s (%s), %s%s", b->verified,
		cli_rounded(r->c, r->result->rulebook, x->verified), b->band,
		r->result->near_bound ? "; close to a bound" : ""));
	cli_field(c, "claimed",
	    cli_printf(c, "%s (%s)", b->claimed,
		cli_rounded(r->c, r->result->rulebook, x->claimed)));
	cli_field(c, "supported",
	    cli_printf(c, "%s (%s)", b->supported,
		cli_rounded(r->c, r->result->rulebook, x->supported)));
	for (size_t i = 0; i < b->n_levels; i++) {
		const struct bkt_release_level *l = &b->levels[i];

		if (l->gap && l->gap[0] != '\0')
			cli_field(c, "gap",
			    cli_printf(c, "%s, claimed %s, verified %s: %s",
				l->indicator,
				r->result->indicators[i].has_claim ? l->claimed
								   : "nothing",
				l->verified, l->gap));
	}
	for (size_t i = 0; i < b->n_exclusions; i++)
		cli_field(c, "left out",
		    cli_printf(c, "%s: %s", b->exclusions[i].path,
			b->exclusions[i].reason));
	if (b->n_exclusions > 0)
		cli_field(c, "note",
		    "title and digest of what is left out still stand in the "
		    "package's index page and tables");
	/* --include-class names a class, a person answers for documents */
	release_goes_out(c, r->facts, b);
	if (bkt_assess_released(r->assess, &old))
		cli_field(c, "note", "this replaces an earlier release");
}

static void json_body(struct cli_json *j, const struct releasing *r)
{
	const struct bkt_release *b = &r->body;

	cli_json_str(j, "cycle", r->cycle);
	cli_json_u64(j, "log_size", b->log_size);
	cli_json_str(j, "log_root", b->log_root);
	cli_json_object(j, "index");
	cli_json_str(j, "claimed", b->claimed);
	cli_json_str(j, "supported", b->supported);
	cli_json_str(j, "verified", b->verified);
	cli_json_end(j, '}');
	cli_json_str(j, "band", b->band);
	cli_json_array(j, "gaps");
	for (size_t i = 0; i < b->n_levels; i++) {
		if (!b->levels[i].gap || b->levels[i].gap[0] == '\0')
			continue;
		cli_json_object(j, NULL);
		cli_json_str(j, "indicator", b->levels[i].indicator);
		cli_json_str(j, "reason", b->levels[i].gap);
		cli_json_end(j, '}');
	}
	cli_json_end(j, ']');
	cli_json_array(j, "exclusions");
	for (size_t i = 0; i < b->n_exclusions; i++) {
		cli_json_object(j, NULL);
		cli_json_str(j, "path", b->exclusions[i].path);
		cli_json_str(j, "reason", b->exclusions[i].reason);
		cli_json_end(j, '}');
	}
	cli_json_end(j, ']');
}

static enum bkt_status print_json(const struct releasing *r,
    const struct cli_batch *b, const char *proposal, struct bkt_err *err)
{
	BKT_AUTO(cli_json_release) struct cli_json j = { .depth = 0 };
	char hex[BKT_SHA256_HEX + 1];

	cli_json_init(&j);
	cli_json_object(&j, NULL);
	json_body(&j, r);
	cli_json_strs(&j, "by", &b->by);
	if (proposal) {
		cli_json_str(&j, "proposal", proposal);
	} else {
		bkt_hex(b->items[0].sha256.b, BKT_SHA256_LEN, hex);
		cli_json_u64(&j, "entry", b->items[0].index);
		cli_json_str(&j, "record", hex);
	}
	cli_json_end(&j, '}');
	return cli_json_print(&j, err);
}

static enum bkt_status propose(
    struct releasing *r, struct cli_batch *b, struct bkt_err *err)
{
	char id[17];

	if (!cli_flag(r->c, "json")) {
		BKT_TRY(cli_batch_submit(b, "", err));
	} else {
		BKT_TRY(bkt_proposal_put(
		    r->c->store, &b->items[0].sub, NULL, id, err));
		BKT_TRY(print_json(r, b, id, err));
	}
	cli_note(r->c, "it holds for the log as it is: when anything else "
		       "enters before the last signature, release again");
	return BKT_OK;
}

/* who seals it, with the keys in the order that goes with them */
static const char *signers_again(const struct releasing *r)
{
	static const char *const names[] = { "as", "key", "keys",
		"passphrase-file" };
	struct cli *c = r->c;
	const char *s = "";

	for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
		for (size_t i = 0; i < cli_opt_count(c, names[k]); i++)
			s = cli_printf(c, "%s --%s %s", s, names[k],
			    cli_quoted(c, cli_opt_nth(c, names[k], i)));
	return s;
}

static enum bkt_status submit(
    struct releasing *r, struct cli_batch *b, struct bkt_err *err)
{
	enum bkt_status st;

	if (b->waits)
		return propose(r, b, err);
	st = cli_batch_submit(
	    b, cli_printf(r->c, "Release cycle %s", r->cycle), err);
	if (st == BKT_E_CONFLICT)
		bkt_err_hint(err, "something entered meanwhile, and a release "
				  "speaks of the whole log: run the same "
				  "command again");
	if (st != BKT_OK)
		return st;
	if (cli_flag(r->c, "json"))
		return print_json(r, b, NULL, err);
	(void)printf("released %s: entry %llu\n", cli_text(r->c, r->cycle),
	    (unsigned long long)b->items[0].index);
	cli_note(r->c, "hint: bukti pack %s%s makes the package", r->cycle,
	    signers_again(r));
	return BKT_OK;
}

static enum bkt_status seal(struct releasing *r, struct bkt_err *err)
{
	BKT_AUTO(cli_batch_release) struct cli_batch b = { .c = NULL };
	struct bkt_record *rec = bkt_arena_alloc(r->c->arena, sizeof(*rec));

	if (!rec)
		return cli_no_memory(err);
	rec->kind = BKT_KIND_RELEASE;
	rec->u.release = r->body;
	BKT_TRY(cli_batch_init(&b, r->c, err));
	if (!cli_flag(r->c, "json"))
		print_body(r);
	BKT_TRY(cli_confirm(r->c, "seal it?", "nothing was released", err));
	BKT_TRY(cli_batch_add(&b, rec, NULL, 0,
	    cli_printf(r->c, "release of '%s'", r->cycle), err));
	return submit(r, &b, err);
}

static enum bkt_status unchanged_json(
    const struct releasing *r, uint64_t entry, struct bkt_err *err)
{
	BKT_AUTO(cli_json_release) struct cli_json j = { .depth = 0 };

	cli_json_init(&j);
	cli_json_object(&j, NULL);
	cli_json_str(&j, "cycle", r->cycle);
	cli_json_bool(&j, "unchanged", true);
	cli_json_u64(&j, "entry", entry);
	cli_json_end(&j, '}');
	return cli_json_print(&j, err);
}

static bool same_words(const struct release_list *said, const char *what,
    const char *sealed, size_t *n)
{
	for (size_t i = 0; i < said->n; i++)
		if (strcmp(said->v[i].what, what) == 0) {
			*n += 1;
			return strcmp(said->v[i].reason, sealed) == 0;
		}
	return false;
}

/* what is stated now against what the last release states */
static bool says_the_same(
    const struct releasing *r, const struct bkt_release *old)
{
	size_t n_gaps = 0, n_exclusions = 0;

	for (size_t i = 0; i < old->n_levels; i++) {
		const struct bkt_release_level *l = &old->levels[i];

		if (l->gap && l->gap[0] != '\0' &&
		    !same_words(&r->gaps, l->indicator, l->gap, &n_gaps))
			return false;
	}
	for (size_t i = 0; i < old->n_exclusions; i++)
		if (!same_words(&r->exclusions, old->exclusions[i].path,
			old->exclusions[i].reason, &n_exclusions))
			return false;
	return n_gaps == r->gaps.n && n_exclusions == r->exclusions.n;
}

/* one that says the same again would only make people wonder which counts;
 * other words (gaps, exclusions) are a reason of their own */
static enum bkt_status unchanged(
    struct releasing *r, bool *yes, struct bkt_err *err)
{
	struct cli *c = r->c;
	bool silent = r->gaps.n == 0 && r->exclusions.n == 0;
	const struct bkt_record *old;
	struct bkt_changed since;
	struct bkt_sha256 sha256;

	*yes = false;
	old = bkt_assess_released(r->assess, &sha256);
	if (!old || cli_flag(c, "again") ||
	    (!silent && !says_the_same(r, &old->u.release)))
		return BKT_OK;
	BKT_TRY(bkt_store_changed(c->store, r->assess, c->arena, &since, err));
	*yes = !since.round && since.indicators.n == 0;
	if (*yes && cli_flag(c, "json"))
		return unchanged_json(r, since.released, err);
	if (*yes)
		cli_note(c,
		    "nothing of %s has changed since its release (entry %llu); "
		    "nothing was sealed, --again seals it once more",
		    cli_text(c, r->cycle), (unsigned long long)since.released);
	return BKT_OK;
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	bool same = false;
	BKT_AUTO(bkt_assess_free) bkt_assess *a = NULL;
	struct releasing r = { .c = c, .head = *bkt_store_head(c->store) };
	struct bkt_tree_source tree = {
		bkt_ledger_git(bkt_store_ledger(c->store)), r.head.tree
	};
	const struct bkt_source source = bkt_source_of_tree(&tree);

	BKT_TRY(cli_cycle_pick(c, c->argv[0], &r.cycle, err));
	BKT_TRY(verify_first(&r, err));
	/* from the tree just verified, not from the index */
	BKT_TRY(bkt_assess_cycle(
	    &source, r.cycle, bkt_store_objects(c->store), &a, err));
	r.assess = a;
	r.result = bkt_assess_result(a);
	r.facts = bkt_assess_facts(a);
	BKT_TRY(release_read(&r, err));
	BKT_TRY(unchanged(&r, &same, err));
	if (same)
		return BKT_OK;
	BKT_TRY(enough_signers(&r, err));
	/* no reason helps a document that is gone: before any is asked for */
	BKT_TRY(reread(&r, err));
	BKT_TRY(release_fill(&r, err));
	return seal(&r, err);
}

static const struct cli_opt options[] = {
	{ "gap", "IND=REASON", "why this indicator is not whole", 0, true },
	{ "gaps", "FILE", "CSV with columns indicator,reason", 0, false },
	{ "exclude", "DOC=REASON", "leave IND/DOC, DOC or a link's path out", 0,
	    true },
	{ "include-class", "CLASS",
	    "terbatas: lets personal data out; rahasia: all", 0, true },
	{ "again", NULL, "seal it though nothing has changed", 0, false },
	{ "yes", NULL, "do not ask", 'y', false },
	{ 0 },
};

const struct cli_cmd cli_release = {
	.name = "release",
	.summary = "seal the state of a round, by two signatures",
	.usage = "CYCLE --as MEMBER --as MEMBER [--gap IND=REASON]...",
	.details = "Verifies first. What is not whole needs a stated reason; "
		   "confidential documents\nand personal data must be left "
		   "out or allowed.",
	.options = options,
	.flags = CLI_WRITES | CLI_JSON,
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
