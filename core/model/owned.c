#include "bukti/model.h"

#include <stdlib.h>
#include <string.h>

char *bkt_seal_path(
    const char *record_path, const char *member, bkt_arena *arena)
{
	return bkt_arena_printf(arena, "%s.%s.p7s", record_path, member);
}

static int by_bytes(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* from two sorted lists one */
static size_t merge(
    const struct bkt_strs *a, const struct bkt_strs *b, const char **out)
{
	size_t i = 0, k = 0, n = 0;

	while (i < a->n || k < b->n) {
		int c = i == a->n   ? 1
			: k == b->n ? -1
				    : strcmp(a->v[i], b->v[k]);

		out[n++] = c <= 0 ? a->v[i] : b->v[k];
		i += c <= 0 ? 1 : 0;
		k += c >= 0 ? 1 : 0;
	}
	return n;
}

struct bkt_strs *bkt_record_hands(struct bkt_record *r)
{
	if (r->kind == BKT_KIND_DOCUMENT)
		return &r->u.document.handed_in_by;
	if (r->kind == BKT_KIND_LINK)
		return &r->u.link.handed_in_by;
	return r->kind == BKT_KIND_CLAIM ? &r->u.claim.claimed_by : NULL;
}

enum bkt_status bkt_hands_wanted(const struct bkt_record *r,
    const struct bkt_strs *before, bkt_arena *arena, struct bkt_strs *out,
    struct bkt_err *err)
{
	const struct bkt_strs none = { NULL, 0 };
	struct bkt_strs l = { NULL, 0 };

	if (!before)
		before = &none;
	l.v = bkt_arena_alloc(arena, (before->n + r->by.n + 1) * sizeof(*l.v));
	if (!l.v)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for names");
	l.n = merge(before, &r->by, l.v);
	*out = l;
	return BKT_OK;
}

/* one seal of the release's signers over the bag, per signer */
static enum bkt_status package_owned(const struct bkt_record *r,
    bkt_arena *arena, struct bkt_strs *out, struct bkt_err *err)
{
	const struct bkt_package_rec *p = &r->u.package;
	struct bkt_strs l = { NULL, 0 };

	l.v = bkt_arena_alloc(arena, (p->sealed_by.n + 1) * sizeof(*l.v));
	if (!l.v)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for paths");
	for (size_t i = 0; i < p->sealed_by.n; i++) {
		l.v[i] = bkt_arena_printf(arena,
		    "cycles/%s/packages/%llu.tagmanifest.%s.p7s", p->cycle,
		    (unsigned long long)p->number, p->sealed_by.v[i]);
		if (!l.v[i])
			return bkt_fail(
			    err, BKT_E_NOMEM, "no memory for paths");
		l.n++;
	}
	qsort(l.v, l.n, sizeof(*l.v), by_bytes);
	*out = l;
	return BKT_OK;
}

enum bkt_status bkt_record_owned(const struct bkt_record *r, bkt_arena *arena,
    struct bkt_strs *out, struct bkt_err *err)
{
	const char *one = NULL;
	struct bkt_strs l = { NULL, 0 };

	switch (r->kind) {
	case BKT_KIND_INSTITUTION:
		one = bkt_arena_strdup(arena, "ca.pem");
		break;
	case BKT_KIND_MEMBER:
		one = bkt_arena_printf(
		    arena, "members/%s.pem", r->u.member.member);
		break;
	case BKT_KIND_RULEBOOK:
		one = bkt_arena_printf(
		    arena, "rulebooks/%s.yaml", r->u.rulebook.rulebook);
		break;
	case BKT_KIND_DOCUMENT:
		one = bkt_arena_printf(arena, "documents/%.2s/%s/content/%s",
		    r->u.document.document, r->u.document.document,
		    r->u.document.file);
		break;
	case BKT_KIND_PACKAGE:
		return package_owned(r, arena, out, err);
	case BKT_KIND_ACCESS:
	case BKT_KIND_UNIT:
	case BKT_KIND_CYCLE:
	case BKT_KIND_LINK:
	case BKT_KIND_CLAIM:
	case BKT_KIND_REVIEW:
	case BKT_KIND_RELEASE:
	case BKT_KIND_RESULT:
	case BKT_KIND_REVOCATION:
	case BKT_KIND_HOLD:
	case BKT_KIND_ERASURE:
	case BKT_N_KINDS:
		*out = l;
		return BKT_OK;
	}
	l.v = bkt_arena_alloc(arena, sizeof(*l.v));
	if (!one || !l.v)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for paths");
	l.v[0] = one;
	l.n = 1;
	*out = l;
	return BKT_OK;
}
