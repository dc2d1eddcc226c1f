/* Rules that hold between the fields of one record. */
#include "schema.h"

#include <string.h>

static bool same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* does the path say what the contents say (DESIGN 4.2: binding the path) */
static bool path_fits(const struct bkt_record *r, const struct bkt_path_info *p)
{
	switch (r->kind) {
	case BKT_KIND_INSTITUTION:
	case BKT_KIND_ACCESS:
	case BKT_KIND_CLAIM:
		return true;
	case BKT_KIND_UNIT:
		return same(p->unit, r->u.unit.unit);
	case BKT_KIND_MEMBER:
		return same(p->member, r->u.member.member);
	case BKT_KIND_RULEBOOK:
		return same(p->rulebook, r->u.rulebook.rulebook);
	case BKT_KIND_CYCLE:
		return same(p->cycle, r->u.cycle.cycle);
	case BKT_KIND_DOCUMENT:
		return same(p->document, r->u.document.document);
	case BKT_KIND_LINK:
		return same(p->document, r->u.link.document);
	case BKT_KIND_REVIEW:
		return same(p->document, r->u.review.document) &&
		       r->by.n == 1 && same(p->member, r->by.v[0]);
	case BKT_KIND_RELEASE:
		return same(p->cycle, r->u.release.cycle);
	case BKT_KIND_PACKAGE:
		return same(p->cycle, r->u.package.cycle) &&
		       p->number == r->u.package.number;
	case BKT_KIND_RESULT:
		return same(p->cycle, r->u.result.cycle);
	case BKT_KIND_REVOCATION:
		return same(p->member, r->u.revocation.member) &&
		       same(p->digest, r->u.revocation.key);
	case BKT_KIND_HOLD:
		return same(p->document, r->u.hold.document);
	case BKT_KIND_ERASURE:
		return same(p->digest, r->u.erasure.content);
	case BKT_N_KINDS:
		break;
	}
	return false;
}

static enum bkt_status access_rules(
    const struct bkt_access *a, struct bkt_err *err)
{
	for (size_t i = 0; i < a->n_rules; i++)
		for (size_t k = 0; k < a->rules[i].n_needs; k++)
			if (!bkt_strs_has(&a->roles, a->rules[i].needs[k].role))
				return bkt_fail(err, BKT_E_FORMAT,
				    "rules[%zu].needs[%zu].role is not in "
				    "roles",
				    i, k);
	return BKT_OK;
}

static enum bkt_status review_rules(
    const struct bkt_review *v, struct bkt_err *err)
{
	if (same(v->decision, "accept"))
		return BKT_OK;
	if (!v->cause || !v->cause[0] || !v->reason || !v->reason[0])
		return bkt_fail(err, BKT_E_FORMAT,
		    "cause and reason are required unless decision is accept");
	return BKT_OK;
}

/* only links of this very cycle can be left out of its package */
static enum bkt_status release_rules(
    const struct bkt_release *r, struct bkt_err *err)
{
	struct bkt_path_info p;

	for (size_t i = 0; i < r->n_exclusions; i++) {
		bkt_path_classify(r->exclusions[i].path, &p);
		if (p.kind != BKT_KIND_LINK || !same(p.cycle, r->cycle))
			return bkt_fail(err, BKT_E_FORMAT,
			    "exclusions[%zu].path is not a link of the cycle",
			    i);
	}
	return BKT_OK;
}

static enum bkt_status institution_rules(
    const struct bkt_record *r, struct bkt_err *err)
{
	const char *key = r->u.institution.note_key;
	size_t n = strlen(r->store);

	if (strncmp(key, r->store, n) != 0 || key[n] != '+')
		return bkt_fail(
		    err, BKT_E_FORMAT, "note_key is not named as the store");
	return BKT_OK;
}

enum bkt_status record_rules(const struct bkt_record *r, struct bkt_err *err)
{
	struct bkt_path_info p;

	bkt_path_classify(r->path, &p);
	if (p.class_ != BKT_PATH_RECORD || p.kind != r->kind)
		return bkt_fail(err, BKT_E_FORMAT, "path is not one of kind %s",
		    bkt_kind_name(r->kind));
	if (!path_fits(r, &p))
		return bkt_fail(
		    err, BKT_E_FORMAT, "path is not what the contents imply");
	if (r->kind == BKT_KIND_INSTITUTION)
		return institution_rules(r, err);
	if (r->kind == BKT_KIND_ACCESS)
		return access_rules(&r->u.access, err);
	if (r->kind == BKT_KIND_REVIEW)
		return review_rules(&r->u.review, err);
	if (r->kind == BKT_KIND_RELEASE)
		return release_rules(&r->u.release, err);
	if (r->kind == BKT_KIND_DOCUMENT && r->u.document.replaces &&
	    same(r->u.document.replaces, r->u.document.document))
		return bkt_fail(
		    err, BKT_E_FORMAT, "replaces names the document itself");
	return BKT_OK;
}
