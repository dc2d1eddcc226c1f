/* A record in plain words. */
#include "cli.h"

#include <string.h>

static const char *numbers(struct cli *c, const struct bkt_u64s *l)
{
	const char *text = "";

	for (size_t i = 0; i < l->n; i++)
		text = cli_printf(c, "%s%s%llu", text, i > 0 ? ", " : "",
		    (unsigned long long)l->v[i]);
	return text;
}

static void list_field(
    struct cli *c, const char *label, const struct bkt_strs *l)
{
	cli_field(c, label, cli_join(c, l, ", ", "-"));
}

static void number_field(struct cli *c, const char *label, uint64_t n)
{
	cli_field(c, label, cli_printf(c, "%llu", (unsigned long long)n));
}

static void describe_access(struct cli *c, const struct bkt_access *a)
{
	list_field(c, "roles", &a->roles);
	for (size_t i = 0; i < a->n_rules; i++) {
		const struct bkt_access_rule *r = &a->rules[i];
		const char *text = "";

		for (size_t k = 0; k < r->n_needs; k++)
			text = cli_printf(c, "%s%s%llu %s (%s)", text,
			    k > 0 ? " and " : "",
			    (unsigned long long)r->needs[k].count,
			    r->needs[k].role, r->needs[k].scope);
		if (r->distinct_from.n > 0)
			text = cli_printf(c, "%s, not the %s", text,
			    cli_join(c, &r->distinct_from, " or ", ""));
		cli_field(c, r->kind, text);
	}
}

static void describe_member(struct cli *c, const struct bkt_member *m)
{
	cli_field(c, "member", m->member);
	cli_field(c, "title", m->title);
	cli_field(c, "state", m->state);
	list_field(c, "roles", &m->roles);
	list_field(c, "units", &m->units);
	cli_field(c, "certificate", m->cert);
}

static void describe_cycle(struct cli *c, const struct bkt_cycle *cy)
{
	size_t n_assigned = 0;

	cli_field(c, "cycle", cy->cycle);
	cli_field(c, "state", cy->state);
	cli_field(c, "rulebook", cy->rulebook);
	cli_field(c, "cut-off", cy->cutoff);
	cli_field(c, "target", cy->target);
	for (size_t i = 0; i < cy->n_assignments; i++)
		n_assigned += cy->assignments[i].units.n > 0;
	cli_field(c, "assigned",
	    cli_printf(c, "%zu of %s", n_assigned,
		cli_count(c, cy->n_assignments, "indicator", NULL)));
	for (size_t i = 0; i < cy->n_assignments; i++) {
		const struct bkt_assignment *a = &cy->assignments[i];

		if (a->units.n == 0 && !a->due)
			continue;
		cli_field(c, cli_printf(c, "  %s", a->indicator),
		    cli_printf(c, "%s%s%s", cli_join(c, &a->units, ", ", "-"),
			a->due ? ", due " : "", a->due ? a->due : ""));
	}
}

static void describe_document(struct cli *c, const struct bkt_document *d)
{
	cli_field(c, "document", d->document);
	cli_field(c, "title", d->title);
	cli_field(c, "state", d->state);
	cli_field(c, "unit", d->unit);
	cli_field(c, "type", d->type);
	cli_field(c, "number", d->number);
	cli_field(c, "date", d->date);
	cli_field(c, "signed by", d->signer);
	cli_field(c, "valid from", d->valid_from);
	cli_field(c, "valid until", d->valid_until);
	cli_field(c, "revoked", d->revoked);
	for (size_t i = 0; i < d->n_covers; i++)
		cli_field(c, "covers",
		    cli_printf(c, "%s: %s", d->covers[i].tag,
			cli_join(c, &d->covers[i].values, ", ", "")));
	cli_field(c, "budget years", numbers(c, &d->years));
	cli_field(c, "class", d->class_);
	cli_field(c, "personal data", d->personal);
	cli_field(c, "replaces", d->replaces);
	cli_field(c, "note", d->note);
	cli_field(c, "file", d->file);
	cli_field(c, "media type", d->media);
	cli_field(c, "size", cli_count(c, d->size, "byte", NULL));
	cli_field(c, "sha256", d->sha256);
	list_field(c, "handed in by", &d->handed_in_by);
}

static void describe_review(struct cli *c, const struct bkt_review *v)
{
	cli_field(c, "document", v->document);
	cli_field(c, "decision", v->decision);
	cli_field(c, "cause", v->cause);
	cli_field(c, "reason", v->reason);
	cli_field(c, "of link", v->link);
	cli_field(c, "of document", v->document_record);
	cli_field(c, "of content", v->content);
}

/* indicators that nobody ever claimed in the round of a release; NULL: not
 * known */
static const struct bkt_strs *unclaimed(
    struct cli *c, const struct bkt_release *r)
{
	struct bkt_strs *l = bkt_arena_alloc(c->arena, sizeof(*l));
	struct bkt_err no = { 0 };

	if (!l)
		return NULL;
	l->n = 0;
	l->v = bkt_arena_alloc(c->arena, (r->n_levels + 1) * sizeof(*l->v));
	for (size_t i = 0; l->v && i < r->n_levels; i++) {
		struct bkt_record *claim = NULL;
		enum bkt_status st = cli_record_at(c,
		    cli_printf(c, "cycles/%s/%s/claim.json", r->cycle,
			r->levels[i].indicator),
		    &claim, &no);

		if (st == BKT_E_NOTFOUND)
			l->v[l->n++] = r->levels[i].indicator;
		else if (st != BKT_OK)
			return NULL;
	}
	return l->v ? l : NULL;
}

/* the record gives the floor where nothing is claimed; the claims tell */
static void describe_release(struct cli *c, const struct bkt_release *r)
{
	const struct bkt_strs *nothing = unclaimed(c, r);

	cli_field(c, "cycle", r->cycle);
	number_field(c, "log size", r->log_size);
	cli_field(c, "log root", r->log_root);
	cli_field(c, "index",
	    cli_printf(c, "%s claimed, %s supported, %s verified", r->claimed,
		r->supported, r->verified));
	cli_field(c, "band", r->band);
	for (size_t i = 0; i < r->n_levels; i++) {
		const struct bkt_release_level *l = &r->levels[i];

		cli_field(c, cli_printf(c, "  %s", l->indicator),
		    cli_printf(c, "%s claimed, %s supported, %s verified%s%s",
			nothing && bkt_strs_has(nothing, l->indicator)
			    ? "nothing"
			    : l->claimed,
			l->supported, l->verified, l->gap ? "; gap: " : "",
			l->gap ? l->gap : ""));
	}
	for (size_t i = 0; i < r->n_exclusions; i++)
		cli_field(c, "left out",
		    cli_printf(c, "%s: %s", r->exclusions[i].path,
			r->exclusions[i].reason));
}

static void describe_package(struct cli *c, const struct bkt_package_rec *p)
{
	cli_field(c, "cycle", p->cycle);
	number_field(c, "package", p->number);
	cli_field(c, "file", p->file);
	cli_field(c, "handed to", p->recipient);
	list_field(c, "sealed by", &p->sealed_by);
	cli_field(c, "release", p->release);
	cli_field(c, "tagmanifest", p->tagmanifest);
}

static void describe_result(struct cli *c, const struct bkt_result *r)
{
	cli_field(c, "cycle", r->cycle);
	cli_field(c, "index", r->index);
	cli_field(c, "basis", r->basis);
	cli_field(c, "document", r->document);
	for (size_t i = 0; i < r->n_levels; i++)
		cli_field(c, cli_printf(c, "  %s", r->levels[i].indicator),
		    cli_printf(c, "%s%s%s", r->levels[i].level,
			r->levels[i].note ? ": " : "",
			r->levels[i].note ? r->levels[i].note : ""));
}

static void describe_rest(struct cli *c, const struct bkt_record *r)
{
	if (r->kind == BKT_KIND_HOLD) {
		cli_field(c, "document", r->u.hold.document);
		cli_field(c, "state", r->u.hold.state);
		cli_field(c, "basis", r->u.hold.basis);
	} else if (r->kind == BKT_KIND_ERASURE) {
		cli_field(c, "document", r->u.erasure.document);
		cli_field(c, "erased", r->u.erasure.content);
		cli_field(c, "basis", r->u.erasure.basis);
		cli_field(c, "reason", r->u.erasure.reason);
	} else if (r->kind == BKT_KIND_REVOCATION) {
		cli_field(c, "member", r->u.revocation.member);
		cli_field(c, "certificate", r->u.revocation.cert);
		cli_field(c, "key", r->u.revocation.key);
		cli_field(c, "reason", r->u.revocation.reason);
		cli_field(c, "from", r->u.revocation.invalid_from);
	} else if (r->kind == BKT_KIND_RULEBOOK) {
		cli_field(c, "rulebook", r->u.rulebook.rulebook);
		cli_field(c, "sha256", r->u.rulebook.sha256);
		number_field(c, "bytes", r->u.rulebook.size);
	} else if (r->kind == BKT_KIND_INSTITUTION) {
		cli_field(c, "name", r->u.institution.name);
		cli_field(c, "type", r->u.institution.type);
		cli_field(c, "store key", r->u.institution.note_key);
		cli_field(c, "trust", r->u.institution.ca);
	}
}

/* those who signed, of those whom it names */
static void signed_field(
    struct cli *c, const struct bkt_record *r, const struct bkt_strs *missing)
{
	struct bkt_strs l = { NULL, 0 };

	l.v = bkt_arena_alloc(c->arena, (r->by.n + 1) * sizeof(*l.v));
	for (size_t i = 0; l.v && i < r->by.n; i++)
		if (!missing || !bkt_strs_has(missing, r->by.v[i]))
			l.v[l.n++] = r->by.v[i];
	list_field(c, "said by", &l);
}

void cli_describe(struct cli *c, const struct bkt_record *r)
{
	cli_describe_waiting(c, r, NULL);
}

void cli_describe_waiting(
    struct cli *c, const struct bkt_record *r, const struct bkt_strs *missing)
{
	char at[BKT_TIME_LEN + 1];

	cli_field(c, "kind", bkt_kind_name(r->kind));
	cli_field(c, "path", r->path);
	switch (r->kind) {
	case BKT_KIND_ACCESS:
		describe_access(c, &r->u.access);
		break;
	case BKT_KIND_UNIT:
		cli_field(c, "unit", r->u.unit.unit);
		cli_field(c, "name", r->u.unit.name);
		cli_field(c, "state", r->u.unit.state);
		break;
	case BKT_KIND_MEMBER:
		describe_member(c, &r->u.member);
		break;
	case BKT_KIND_CYCLE:
		describe_cycle(c, &r->u.cycle);
		break;
	case BKT_KIND_DOCUMENT:
		describe_document(c, &r->u.document);
		break;
	case BKT_KIND_LINK:
		cli_field(c, "document", r->u.link.document);
		cli_field(c, "state", r->u.link.state);
		cli_field(c, "levels",
		    r->u.link.levels.n > 0 ? numbers(c, &r->u.link.levels)
					   : "any");
		cli_field(c, "locator", r->u.link.locator);
		cli_field(c, "note", r->u.link.note);
		list_field(c, "handed in by", &r->u.link.handed_in_by);
		break;
	case BKT_KIND_CLAIM:
		cli_field(c, "state", r->u.claim.state);
		cli_field(c, "level", r->u.claim.level);
		cli_field(c, "fact", r->u.claim.fact);
		cli_field(c, "analysis", r->u.claim.analysis);
		list_field(c, "claimed by", &r->u.claim.claimed_by);
		break;
	case BKT_KIND_REVIEW:
		describe_review(c, &r->u.review);
		break;
	case BKT_KIND_RELEASE:
		describe_release(c, &r->u.release);
		break;
	case BKT_KIND_PACKAGE:
		describe_package(c, &r->u.package);
		break;
	case BKT_KIND_RESULT:
		describe_result(c, &r->u.result);
		break;
	case BKT_KIND_INSTITUTION:
	case BKT_KIND_RULEBOOK:
	case BKT_KIND_REVOCATION:
	case BKT_KIND_HOLD:
	case BKT_KIND_ERASURE:
	case BKT_N_KINDS:
		describe_rest(c, r);
		break;
	}
	bkt_time_format(r->at_utc_s, at);
	cli_field(c, "said at", at);
	signed_field(c, r, missing);
}
