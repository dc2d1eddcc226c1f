/* What each kind of record may refer to: the rules of the tree itself. */
#include "ledger_private.h"

#include <string.h>

enum bkt_status judge_cycle(const struct judge_context *c,
    const struct bkt_cycle **out, struct bkt_err *err)
{
	char path[BKT_PATH_MAX + 1];
	const struct bkt_record *r;
	enum bkt_status st;

	BKT_TRY(state_path(path, err, "cycles/%s/cycle.json", c->where.cycle));
	st = state_record(c->s, path, &r, err);
	if (st == BKT_E_NOTFOUND)
		return bkt_fail(err, BKT_E_POLICY, "there is no cycle '%s'",
		    c->where.cycle);
	if (st != BKT_OK)
		return st;
	*out = &r->u.cycle;
	return BKT_OK;
}

/* open, and the indicator is one of its rulebook's */
static enum bkt_status open_indicator(
    const struct judge_context *c, struct bkt_err *err)
{
	const struct bkt_cycle *cycle;

	BKT_TRY(judge_cycle(c, &cycle, err));
	if (strcmp(cycle->state, "open") != 0)
		return bkt_fail(err, BKT_E_POLICY, "the cycle '%s' is closed",
		    c->where.cycle);
	if (!bkt_cycle_assignment(cycle, c->where.indicator))
		return bkt_fail(err, BKT_E_POLICY,
		    "the cycle '%s' has no indicator '%s'", c->where.cycle,
		    c->where.indicator);
	return BKT_OK;
}

static enum bkt_status document_at(const struct judge_context *c,
    const char *id, const struct bkt_current **out, struct bkt_err *err)
{
	char path[BKT_PATH_MAX + 1];
	enum bkt_status st;

	BKT_TRY(
	    state_path(path, err, "documents/%.2s/%s/document.json", id, id));
	st = bkt_state_get(c->s, path, out, err);
	if (st == BKT_E_NOTFOUND)
		return bkt_fail(
		    err, BKT_E_POLICY, "there is no document '%s'", id);
	return st;
}

static enum bkt_status judge_rulebook(
    const struct judge_context *c, struct bkt_err *err)
{
	const struct bkt_rulebook_rec *r = &c->rec->u.rulebook;
	struct bkt_span yaml = c->o->sub->owned[0].bytes;

	if (c->before)
		return bkt_fail(err, BKT_E_POLICY,
		    "a rulebook is never replaced: publish a new revision");
	if (yaml.len != r->size)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "the rulebook has %zu bytes, the record says %llu",
		    yaml.len, (unsigned long long)r->size);
	BKT_TRY(judge_digest(yaml, r->sha256, "the rulebook", err));
	return judge_rulebook_text(r, yaml, err);
}

/* a round that leaves some out would have an index of its own making */
static enum bkt_status all_indicators(const struct judge_context *c,
    const struct bkt_cycle *cycle, struct bkt_err *err)
{
	const struct bkt_strs *ids;

	BKT_TRY(state_indicators(c->s, cycle->rulebook, &ids, err));
	for (size_t i = 0; i < ids->n; i++) {
		if (!bkt_cycle_assignment(cycle, ids->v[i]))
			return bkt_fail(err, BKT_E_POLICY,
			    "the cycle leaves out the indicator '%s' of its "
			    "rulebook",
			    ids->v[i]);
	}
	for (size_t i = 0; i < cycle->n_assignments; i++) {
		const char *id = cycle->assignments[i].indicator;

		if (!bkt_strs_has(ids, id))
			return bkt_fail(err, BKT_E_POLICY,
			    "the rulebook of the cycle has no indicator '%s'",
			    id);
	}
	return BKT_OK;
}

static enum bkt_status judge_cycle_record(
    const struct judge_context *c, struct bkt_err *err)
{
	const struct bkt_cycle *cycle = &c->rec->u.cycle;
	const struct bkt_record *rb;
	char path[BKT_PATH_MAX + 1];
	enum bkt_status st;

	if (c->before &&
	    (strcmp(c->before->rec->u.cycle.rulebook, cycle->rulebook) != 0 ||
		strcmp(c->before->rec->u.cycle.rulebook_sha256,
		    cycle->rulebook_sha256) != 0))
		return bkt_fail(err, BKT_E_POLICY,
		    "a cycle keeps the rulebook it began with: '%s'",
		    c->before->rec->u.cycle.rulebook);
	BKT_TRY(state_path(path, err, "rulebooks/%s.json", cycle->rulebook));
	st = state_record(c->s, path, &rb, err);
	if (st == BKT_E_NOTFOUND)
		return bkt_fail(err, BKT_E_POLICY, "there is no rulebook '%s'",
		    cycle->rulebook);
	if (st != BKT_OK)
		return st;
	if (strcmp(rb->u.rulebook.sha256, cycle->rulebook_sha256) != 0)
		return bkt_fail(err, BKT_E_POLICY,
		    "the cycle names another text of rulebook '%s'",
		    cycle->rulebook);
	BKT_TRY(all_indicators(c, cycle, err));
	for (size_t i = 0; i < cycle->n_assignments; i++) {
		const struct bkt_strs *units = &cycle->assignments[i].units;

		for (size_t k = 0; k < units->n; k++)
			BKT_TRY(judge_unit(c, units->v[k], err));
	}
	return BKT_OK;
}

/* a list of them is never shortened: who was one of them stays one */
static enum bkt_status check_hands(
    const struct judge_context *c, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 20);
	const struct bkt_strs *before = c->before ? &c->before->hands : NULL;
	const struct bkt_strs *said = bkt_record_hands(c->o->rec);
	struct bkt_strs want;
	bool same;

	if (!arena)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	BKT_ASSERT(said);
	BKT_TRY(bkt_hands_wanted(c->rec, before, arena, &want, err));
	same = want.n == said->n;
	for (size_t i = 0; same && i < want.n; i++)
		same = strcmp(want.v[i], said->v[i]) == 0;
	if (!same)
		return bkt_fail(err, BKT_E_TRUST,
		    "%s does not name exactly those who signed a version of "
		    "this",
		    c->rec->kind == BKT_KIND_CLAIM ? "claimed_by"
						   : "handed_in_by");
	return BKT_OK;
}

/* the erasure lies at the path of its content: no search, whatever document
 * brings it back */
static enum bkt_status check_not_erased(const struct judge_context *c,
    const struct bkt_document *d, struct bkt_err *err)
{
	char path[BKT_PATH_MAX + 1];
	const struct bkt_current *erasure;
	enum bkt_status st;

	if (strcmp(d->state, "active") != 0)
		return BKT_OK;
	BKT_TRY(state_path(
	    path, err, "erasures/%.2s/%s.json", d->sha256, d->sha256));
	st = bkt_state_get(c->s, path, &erasure, err);
	if (st == BKT_OK)
		return bkt_fail(err, BKT_E_POLICY,
		    "this content was erased and cannot come back");
	return st == BKT_E_NOTFOUND ? BKT_OK : st;
}

static enum bkt_status judge_document(
    const struct judge_context *c, struct bkt_err *err)
{
	const struct bkt_document *d = &c->rec->u.document;
	BKT_AUTO(bkt_buf_release) struct bkt_buf pointer = { 0 };

	BKT_TRY(check_hands(c, err));
	if (strcmp(d->state, "active") == 0)
		BKT_TRY(judge_unit(c, d->unit, err));
	bkt_buf_init(&pointer, 1024);
	bkt_pointer_print(d->sha256, d->size, &pointer);
	BKT_TRY(bkt_buf_check(&pointer, err));
	if (!bkt_span_eq(bkt_buf_span(&pointer), c->o->sub->owned[0].bytes))
		return bkt_fail(err, BKT_E_TAMPERED,
		    "the pointer file is not the one of the record");
	return check_not_erased(c, d, err);
}

static enum bkt_status judge_link(
    const struct judge_context *c, struct bkt_err *err)
{
	const struct bkt_current *d;

	BKT_TRY(check_hands(c, err));
	BKT_TRY(open_indicator(c, err));
	BKT_TRY(document_at(c, c->rec->u.link.document, &d, err));
	if (!d->active && strcmp(c->rec->u.link.state, "active") == 0)
		return bkt_fail(err, BKT_E_POLICY,
		    "the document '%s' was withdrawn", c->rec->u.link.document);
	return BKT_OK;
}

/* a decision is about what the reviewer saw, and that is what there still is */
static enum bkt_status still_is(const struct bkt_sha256 *have, const char *hex,
    const char *what, const char *document, struct bkt_err *err)
{
	char text[BKT_SHA256_HEX + 1];

	bkt_hex(have->b, BKT_SHA256_LEN, text);
	if (strcmp(text, hex) == 0)
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_CONFLICT,
	    "%s changed while it was being reviewed; the decision is about "
	    "what it was before",
	    what);
	bkt_err_hint(err,
	    "look again at what it is now (bukti show %s), then decide again",
	    document);
	return BKT_E_CONFLICT;
}

static enum bkt_status judge_review(
    const struct judge_context *c, struct bkt_err *err)
{
	const struct bkt_review *v = &c->rec->u.review;
	const struct bkt_current *link, *d;
	char path[BKT_PATH_MAX + 1];
	enum bkt_status st;

	BKT_TRY(open_indicator(c, err));
	BKT_TRY(state_path(path, err, "cycles/%s/%s/evidence/%s.json",
	    c->where.cycle, c->where.indicator, v->document));
	st = bkt_state_get(c->s, path, &link, err);
	if (st == BKT_E_NOTFOUND || (st == BKT_OK && !link->active))
		return bkt_fail(err, BKT_E_POLICY,
		    "the document '%s' is not linked to %s", v->document,
		    c->where.indicator);
	if (st != BKT_OK)
		return st;
	BKT_TRY(still_is(&link->record, v->link, "the link", v->document, err));
	BKT_TRY(document_at(c, v->document, &d, err));
	BKT_TRY(still_is(&d->content, v->content, "the document's content",
	    v->document, err));
	return still_is(
	    &d->record, v->document_record, "the document", v->document, err);
}

static enum bkt_status judge_release(
    const struct judge_context *c, struct bkt_err *err)
{
	const struct bkt_release *r = &c->rec->u.release;
	BKT_AUTO(bkt_buf_release) struct bkt_buf text = { 0 };
	const struct bkt_cycle *cycle;
	struct bkt_sha256 root;

	BKT_TRY(judge_cycle(c, &cycle, err));
	if (strcmp(cycle->rulebook_sha256, r->rulebook_sha256) != 0)
		return bkt_fail(err, BKT_E_POLICY,
		    "the release names another rulebook than its cycle");
	if (r->log_size != c->index)
		return bkt_fail(err, BKT_E_CONFLICT,
		    "the release speaks of a log of %llu entries, there are "
		    "%llu now",
		    (unsigned long long)r->log_size,
		    (unsigned long long)c->index);
	BKT_TRY(bkt_frontier_root(&c->s->frontier, &root, err));
	bkt_buf_init(&text, 128);
	bkt_base64(&text, BKT_SPAN(root.b, sizeof(root.b)));
	BKT_TRY(bkt_buf_check(&text, err));
	if (!bkt_span_eq(bkt_buf_span(&text), bkt_span_str(r->log_root)))
		return bkt_fail(err, BKT_E_TAMPERED,
		    "the release names another root of the log");
	return BKT_OK;
}

static enum bkt_status check_bag_seal(const struct judge_context *c, size_t i,
    const struct bkt_sha256 *content, struct bkt_err *err)
{
	const char *member = c->rec->u.package.sealed_by.v[i];
	struct bkt_seal seal;
	const bkt_cert *cert;
	enum bkt_status st;

	BKT_TRY(state_cert(c->s, member, &cert, err));
	BKT_TRY(judge_revoked(c, member, bkt_cert_info(cert), err));
	st = bkt_seal_parse(c->o->sub->owned[i].bytes, &seal, err);
	if (st == BKT_OK)
		st = bkt_seal_verify(&seal, content, cert, err);
	if (st != BKT_OK)
		return bkt_fail_context(
		    err, st, "package seal of '%s'", member);
	return BKT_OK;
}

static enum bkt_status judge_package(
    const struct judge_context *c, struct bkt_err *err)
{
	const struct bkt_package_rec *p = &c->rec->u.package;
	const struct bkt_current *rel;
	char path[BKT_PATH_MAX + 1], hex[BKT_SHA256_HEX + 1];
	struct bkt_sha256 content;
	enum bkt_status st;

	/* its bytes were handed over: others would be another package */
	if (c->before)
		return bkt_fail(err, BKT_E_CONFLICT,
		    "package %llu of '%s' is there already",
		    (unsigned long long)p->number, p->cycle);
	BKT_TRY(state_path(path, err, "cycles/%s/release.json", p->cycle));
	st = bkt_state_get(c->s, path, &rel, err);
	if (st == BKT_E_NOTFOUND)
		return bkt_fail(err, BKT_E_POLICY,
		    "the cycle '%s' has no release to pack", p->cycle);
	if (st != BKT_OK)
		return st;
	bkt_hex(rel->record.b, BKT_SHA256_LEN, hex);
	if (strcmp(hex, p->release) != 0)
		return bkt_fail(err, BKT_E_CONFLICT,
		    "the package is of another release than the current one");
	if (p->sealed_by.n != rel->n_by)
		return bkt_fail(err, BKT_E_TRUST,
		    "the package is not sealed by the release's signers");
	if (!bkt_unhex(p->tagmanifest, content.b, BKT_SHA256_LEN))
		return bkt_fail(err, BKT_E_FORMAT, "bad tagmanifest digest");
	for (size_t i = 0; i < p->sealed_by.n; i++) {
		if (strcmp(p->sealed_by.v[i], rel->by[i]) != 0)
			return bkt_fail(err, BKT_E_TRUST,
			    "the package is not sealed by '%s', who signed "
			    "the release",
			    rel->by[i]);
		BKT_TRY(check_bag_seal(c, i, &content, err));
	}
	return BKT_OK;
}

static enum bkt_status judge_erasure(
    const struct judge_context *c, struct bkt_err *err)
{
	const struct bkt_erasure *e = &c->rec->u.erasure;
	char path[BKT_PATH_MAX + 1], hex[BKT_SHA256_HEX + 1];
	const struct bkt_current *d, *hold;
	enum bkt_status st;

	if (c->before)
		return bkt_fail(
		    err, BKT_E_POLICY, "this content was erased already");
	BKT_TRY(document_at(c, e->document, &d, err));
	bkt_hex(d->content.b, BKT_SHA256_LEN, hex);
	if (strcmp(hex, e->content) != 0)
		return bkt_fail(err, BKT_E_CONFLICT,
		    "the document's content is another one now");
	BKT_TRY(state_path(path, err, "documents/%.2s/%s/hold.json",
	    e->document, e->document));
	st = bkt_state_get(c->s, path, &hold, err);
	if (st == BKT_E_NOTFOUND)
		return BKT_OK;
	if (st == BKT_OK && hold->active)
		return bkt_fail(err, BKT_E_POLICY,
		    "the document '%s' is under legal hold", e->document);
	return st;
}

enum bkt_status judge_kind(const struct judge_context *c, struct bkt_err *err)
{
	const struct bkt_cycle *cycle;
	const struct bkt_current *d;

	switch (c->rec->kind) {
	case BKT_KIND_INSTITUTION:
		return judge_institution(c, err);
	case BKT_KIND_ACCESS:
		return judge_access_record(c, err);
	case BKT_KIND_MEMBER:
		return judge_member(c, err);
	case BKT_KIND_RULEBOOK:
		return judge_rulebook(c, err);
	case BKT_KIND_CYCLE:
		return judge_cycle_record(c, err);
	case BKT_KIND_DOCUMENT:
		return judge_document(c, err);
	case BKT_KIND_LINK:
		return judge_link(c, err);
	case BKT_KIND_CLAIM:
		BKT_TRY(check_hands(c, err));
		return open_indicator(c, err);
	case BKT_KIND_REVIEW:
		return judge_review(c, err);
	case BKT_KIND_RELEASE:
		return judge_release(c, err);
	case BKT_KIND_PACKAGE:
		return judge_package(c, err);
	case BKT_KIND_RESULT:
		return judge_cycle(c, &cycle, err);
	case BKT_KIND_REVOCATION:
		return judge_revocation(c, err);
	case BKT_KIND_HOLD:
		return document_at(c, c->rec->u.hold.document, &d, err);
	case BKT_KIND_ERASURE:
		return judge_erasure(c, err);
	case BKT_KIND_UNIT:
	case BKT_N_KINDS:
		break;
	}
	return BKT_OK;
}
