/* bukti show WHAT: a record, who signed it, its history and what refers to it
 */
#include "show.h"

#include <string.h>

struct view {
	struct cli *c;
	struct bkt_index_entry e;
	struct bkt_record *r;
	struct bkt_span bytes;
	struct cli_seal *seals;
	struct cli_entries versions;       /* newest first */
	struct cli_entries links, reviews; /* with bytes */
	enum bkt_review_lapse *lapses;     /* of the reviews */
	enum bkt_review_lapse lapse;       /* of a review itself */
};

static enum bkt_status keep(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	return cli_entries_add(ctx, e, err);
}

struct related {
	struct view *v;
	const char *document, *cycle, *indicator; /* NULL: any */
};

static enum bkt_status keep_related(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct related *l = ctx;
	struct bkt_path_info at;

	bkt_path_classify(e->path, &at);
	if ((l->cycle && strcmp(at.cycle, l->cycle) != 0) ||
	    (l->indicator && strcmp(at.indicator, l->indicator) != 0))
		return BKT_OK;
	if (at.kind == BKT_KIND_LINK && !l->indicator)
		return cli_entries_add(&l->v->links, e, err);
	if (at.kind == BKT_KIND_REVIEW)
		return cli_entries_add(&l->v->reviews, e, err);
	return BKT_OK;
}

static enum bkt_status load_related(struct view *v, struct bkt_err *err)
{
	struct related l = { .v = v };
	struct bkt_path_info at;

	bkt_path_classify(v->r->path, &at);
	if (v->r->kind == BKT_KIND_LINK) {
		l.cycle = at.cycle;
		l.indicator = at.indicator;
		l.document = v->r->u.link.document;
	} else if (v->r->kind == BKT_KIND_DOCUMENT) {
		l.document = v->r->u.document.document;
	} else {
		return BKT_OK;
	}
	BKT_TRY(bkt_index_find(bkt_store_index(v->c->store), "linked",
	    l.document, keep_related, &l, err));
	return bkt_index_find(bkt_store_index(v->c->store), "reviewed",
	    l.document, keep_related, &l, err);
}

static enum bkt_status load_lapses(struct view *v, struct bkt_err *err)
{
	struct cli *c = v->c;

	if (v->r->kind == BKT_KIND_REVIEW)
		return show_lapse(c, v->r, &v->lapse, err);
	v->lapses =
	    bkt_arena_alloc(c->arena, (v->reviews.n + 1) * sizeof(*v->lapses));
	if (!v->lapses)
		return cli_no_memory(err);
	for (size_t i = 0; i < v->reviews.n; i++) {
		struct bkt_record *r;

		BKT_TRY(
		    bkt_record_parse(v->reviews.v[i].bytes, c->arena, &r, err));
		BKT_TRY(show_lapse(c, r, &v->lapses[i], err));
	}
	return BKT_OK;
}

static enum bkt_status load(struct view *v, struct bkt_err *err)
{
	struct cli *c = v->c;

	BKT_TRY(cli_resolve(c, c->argv[0], &v->e, err));
	BKT_TRY(cli_entry_record(c, &v->e, &v->bytes, &v->r, err));
	BKT_TRY(cli_seals(c, &v->e, v->r, &v->seals, err));
	BKT_TRY(bkt_index_history(bkt_store_index(c->store), v->e.path,
	    UINT64_MAX, UINT32_MAX, keep, &v->versions, err));
	BKT_TRY(load_related(v, err));
	return load_lapses(v, err);
}

static void print_signatures(const struct view *v)
{
	struct cli *c = v->c;

	for (size_t i = 0; i < v->r->by.n; i++) {
		const struct cli_seal *s = &v->seals[i];

		cli_field(c, "signature",
		    cli_printf(c, "%s at %s by %s: %s%s", s->member, s->time,
			s->subject, s->good ? "matches" : "DOES NOT MATCH",
			!s->good        ? ""
			: s->registered ? ", registered certificate"
					: ", not the registered certificate"));
	}
}

static void print_versions(const struct view *v)
{
	struct cli *c = v->c;
	size_t n = v->versions.n;

	if (n < 2)
		return;
	(void)printf("\nversions\n");
	for (size_t i = 0; i < n; i++) {
		const struct bkt_index_entry *e = &v->versions.v[i];
		char at[BKT_TIME_LEN + 1];

		bkt_time_format(e->accepted_utc_s, at);
		(void)printf("  %zu%s  entry %llu  %s  %s\n", n - i,
		    e->index == v->e.index ? "*" : " ",
		    (unsigned long long)e->index, at, cli_text(c, e->by));
	}
}

static void print_links(struct cli *c, const struct cli_entries *l)
{
	if (l->n == 0)
		return;
	(void)printf("\nlinks\n");
	for (size_t i = 0; i < l->n; i++)
		(void)printf("  %s\n      %s\n", cli_text(c, l->v[i].path),
		    cli_text(c, l->v[i].summary));
}

/* what a unit has to mend must not be looked up elsewhere */
static enum bkt_status print_reviews(const struct view *v, struct bkt_err *err)
{
	struct cli *c = v->c;

	if (v->reviews.n > 0)
		(void)printf("\nreviews\n");
	for (size_t i = 0; i < v->reviews.n; i++) {
		const struct bkt_index_entry *e = &v->reviews.v[i];
		char at[BKT_TIME_LEN + 1];
		struct bkt_record *r = NULL;

		BKT_TRY(bkt_record_parse(e->bytes, c->arena, &r, err));
		bkt_time_format(r->at_utc_s, at);
		(void)printf("  %s\n      %s by %s, %s\n", cli_text(c, e->path),
		    cli_text(c, e->summary), cli_text(c, e->by), at);
		if (r->u.review.reason && r->u.review.reason[0] != '\0')
			(void)printf("      reason: %s\n",
			    cli_text(c, r->u.review.reason));
		if (v->lapses[i] != BKT_LAPSE_NONE)
			(void)printf("      no longer counts: %s\n",
			    show_lapse_text(v->lapses[i]));
	}
	return BKT_OK;
}

static enum bkt_status print_text(const struct view *v, struct bkt_err *err)
{
	struct cli *c = v->c;
	char accepted[BKT_TIME_LEN + 1];
	char hex[BKT_SHA256_HEX + 1];

	bkt_time_format(v->e.accepted_utc_s, accepted);
	bkt_hex(v->e.record.b, BKT_SHA256_LEN, hex);
	cli_describe(c, v->r);
	if (v->lapse != BKT_LAPSE_NONE)
		cli_field(c, "counts",
		    cli_printf(c, "no longer: %s", show_lapse_text(v->lapse)));
	cli_field(c, "entry",
	    cli_printf(c, "%llu, accepted %s%s", (unsigned long long)v->e.index,
		accepted,
		v->versions.n > 0 && v->versions.v[0].index != v->e.index
		    ? ", replaced since"
		    : ""));
	cli_field(c, "record", hex);
	print_signatures(v);
	print_versions(v);
	print_links(c, &v->links);
	BKT_TRY(print_reviews(v, err));
	if (v->r->kind == BKT_KIND_RULEBOOK)
		return show_rulebook(c, v->r->u.rulebook.rulebook, err);
	return BKT_OK;
}

static void json_entry(struct cli_json *j, const struct bkt_index_entry *e,
    bool with_record, const enum bkt_review_lapse *lapse)
{
	cli_json_object(j, NULL);
	cli_json_u64(j, "index", e->index);
	cli_json_time(j, "accepted", e->accepted_utc_s);
	cli_json_str(j, "by", e->by);
	cli_json_hash(j, "sha256", &e->record);
	if (with_record) {
		cli_json_str(j, "path", e->path);
		cli_json_raw(j, "record", e->bytes);
	}
	if (lapse)
		cli_json_str(j, "lapsed", show_lapse_word(*lapse));
	cli_json_end(j, '}');
}

static void json_entries(struct cli_json *j, const char *key,
    const struct cli_entries *l, bool with_record,
    const enum bkt_review_lapse *lapses)
{
	cli_json_array(j, key);
	for (size_t i = 0; i < l->n; i++)
		json_entry(
		    j, &l->v[i], with_record, lapses ? &lapses[i] : NULL);
	cli_json_end(j, ']');
}

static enum bkt_status print_json(const struct view *v, struct bkt_err *err)
{
	BKT_AUTO(cli_json_release) struct cli_json j = { .depth = 0 };
	char commit[2 * BKT_OID_LEN + 1];

	bkt_hex(v->e.commit, BKT_OID_LEN, commit);
	cli_json_init(&j);
	cli_json_object(&j, NULL);
	cli_json_str(&j, "path", v->e.path);
	cli_json_str(&j, "kind", bkt_kind_name(v->r->kind));
	cli_json_u64(&j, "index", v->e.index);
	cli_json_time(&j, "accepted", v->e.accepted_utc_s);
	cli_json_str(&j, "commit", commit);
	cli_json_hash(&j, "sha256", &v->e.record);
	cli_json_bool(&j, "current",
	    v->versions.n == 0 || v->versions.v[0].index == v->e.index);
	cli_json_raw(&j, "record", v->bytes);
	cli_json_array(&j, "signatures");
	for (size_t i = 0; i < v->r->by.n; i++) {
		const struct cli_seal *s = &v->seals[i];

		cli_json_object(&j, NULL);
		cli_json_str(&j, "member", s->member);
		cli_json_str(&j, "subject", s->subject);
		cli_json_str(&j, "time", s->time);
		cli_json_hash(&j, "certificate", &s->cert);
		cli_json_bool(&j, "matches", s->good);
		cli_json_bool(&j, "registered", s->registered);
		cli_json_end(&j, '}');
	}
	cli_json_end(&j, ']');
	json_entries(&j, "versions", &v->versions, false, NULL);
	json_entries(&j, "links", &v->links, true, NULL);
	json_entries(&j, "reviews", &v->reviews, true, v->lapses);
	if (v->r->kind == BKT_KIND_REVIEW)
		cli_json_str(&j, "lapsed", show_lapse_word(v->lapse));
	if (v->r->kind == BKT_KIND_RULEBOOK)
		BKT_TRY(show_rulebook_json(
		    v->c, v->r->u.rulebook.rulebook, &j, err));
	cli_json_end(&j, '}');
	return cli_json_print(&j, err);
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	struct view v = { .c = c };

	if (strcmp(c->argv[0], "documents/") == 0 ||
	    strcmp(c->argv[0], "documents") == 0)
		return show_documents(c, err);
	v.versions.c = v.links.c = v.reviews.c = c;
	BKT_TRY(load(&v, err));
	if (cli_flag(c, "json"))
		BKT_TRY(print_json(&v, err));
	else
		BKT_TRY(print_text(&v, err));
	for (size_t i = 0; i < v.r->by.n; i++)
		if (!v.seals[i].good)
			return bkt_fail(err, BKT_E_SEAL,
			    "the signature of '%s' does not match '%s'",
			    v.seals[i].member, v.e.path);
	return BKT_OK;
}

const struct cli_cmd cli_show = {
	.name = "show",
	.summary = "a record in plain words: signers, versions, links, reviews",
	.usage = "WHAT [--json]",
	.details =
	    "WHAT is a path, a document (its id, or the name of its file), a "
	    "member, unit,\ncycle or rulebook, the number of an entry, or the "
	    "beginning of a record's\nSHA-256. documents/ lists every "
	    "document; of a rulebook its document types, tags\nand indicators "
	    "are listed. The signatures of this one record are looked at;\n"
	    "whether the store is whole is told by bukti verify.",
	.flags = CLI_READS | CLI_JSON,
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
