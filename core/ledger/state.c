#include "ledger_private.h"

#include <stdio.h>
#include <string.h>

#define STATE_MAX ((size_t)1 << 34)

struct bkt_current state_absent;

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

enum bkt_status bkt_state_new(bkt_state **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_state_free) bkt_state *s = bkt_calloc(1, sizeof(*s));

	if (!s)
		return nomem(err);
	s->arena = bkt_arena_new(STATE_MAX);
	s->paths = bkt_map_new();
	s->words = bkt_map_new();
	s->certs = bkt_map_new();
	s->holders = bkt_map_new();
	s->keys = bkt_map_new();
	s->decided = bkt_map_new();
	s->rulebooks = bkt_map_new();
	if (!s->arena || !s->paths || !s->words || !s->certs || !s->holders ||
	    !s->keys || !s->decided || !s->rulebooks)
		return nomem(err);
	bkt_frontier_init(&s->frontier);
	*out = BKT_STEAL(s);
	return BKT_OK;
}

enum bkt_status bkt_state_at(const bkt_gitdb *g, const struct bkt_oid *tree,
    const struct bkt_frontier *frontier, bkt_state **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_state_free) bkt_state *s = NULL;

	BKT_TRY(bkt_state_new(&s, err));
	s->git = g;
	s->tree = *tree;
	s->frontier = *frontier;
	*out = BKT_STEAL(s);
	return BKT_OK;
}

void bkt_state_free(bkt_state *s)
{
	size_t at = 0;
	const char *key;
	void *cert;

	if (!s)
		return;
	while (s->certs && bkt_map_next(s->certs, &at, &key, &cert))
		bkt_cert_free(cert);
	bkt_map_free(s->certs);
	bkt_map_free(s->paths);
	bkt_map_free(s->words);
	bkt_map_free(s->holders);
	bkt_map_free(s->keys);
	bkt_map_free(s->decided);
	bkt_map_free(s->rulebooks);
	bkt_trust_free(s->trust);
	bkt_arena_free(s->arena);
	bkt_free(s);
}

const char *state_word(bkt_state *s, const char *w)
{
	char *copy = bkt_map_get(s->words, w);

	if (copy)
		return copy;
	copy = bkt_arena_strdup(s->arena, w);
	if (!copy || bkt_map_set(s->words, w, copy, NULL) != BKT_OK)
		return NULL;
	return copy;
}

static bool kept_whole(enum bkt_kind k)
{
	return k != BKT_KIND_DOCUMENT && k != BKT_KIND_LINK &&
	       k != BKT_KIND_CLAIM && k != BKT_KIND_REVIEW;
}

static bool says_active(const struct bkt_record *r)
{
	const char *state = "active";

	if (r->kind == BKT_KIND_UNIT)
		state = r->u.unit.state;
	else if (r->kind == BKT_KIND_MEMBER)
		state = r->u.member.state;
	else if (r->kind == BKT_KIND_CYCLE)
		state = r->u.cycle.state;
	else if (r->kind == BKT_KIND_DOCUMENT)
		state = r->u.document.state;
	else if (r->kind == BKT_KIND_LINK)
		state = r->u.link.state;
	else if (r->kind == BKT_KIND_CLAIM)
		state = r->u.claim.state;
	else if (r->kind == BKT_KIND_HOLD)
		state = r->u.hold.state;
	return strcmp(state, "active") == 0 || strcmp(state, "open") == 0;
}

static enum bkt_status keep_words(bkt_state *s, const struct bkt_strs *in,
    struct bkt_strs *out, struct bkt_err *err)
{
	const char **v = bkt_arena_alloc(s->arena, (in->n + 1) * sizeof(*v));

	if (!v)
		return nomem(err);
	for (size_t i = 0; i < in->n; i++) {
		v[i] = state_word(s, in->v[i]);
		if (!v[i])
			return nomem(err);
	}
	*out = (struct bkt_strs){ v, in->n };
	return BKT_OK;
}

/* nearly always those who sign: kept once */
static enum bkt_status keep_hands(bkt_state *s, const struct bkt_strs *in,
    struct bkt_current *c, struct bkt_err *err)
{
	bool same = in->n == c->n_by;

	for (size_t i = 0; same && i < in->n; i++)
		same = strcmp(in->v[i], c->by[i]) == 0;
	if (!same)
		return keep_words(s, in, &c->hands, err);
	c->hands = (struct bkt_strs){ c->by, c->n_by };
	return BKT_OK;
}

/* the fields that later records are judged by */
static enum bkt_status keep_fields(bkt_state *s, const struct bkt_record *r,
    struct bkt_current *c, struct bkt_err *err)
{
	if (r->kind == BKT_KIND_DOCUMENT) {
		const struct bkt_document *d = &r->u.document;

		(void)bkt_unhex(d->sha256, c->content.b, BKT_SHA256_LEN);
		c->size = d->size;
		c->unit = state_word(s, d->unit);
		c->file = bkt_arena_strdup(s->arena, d->file);
		c->document = bkt_arena_strdup(s->arena, d->document);
		if (!c->unit || !c->file || !c->document)
			return nomem(err);
		BKT_TRY(keep_hands(s, &d->handed_in_by, c, err));
	} else if (r->kind == BKT_KIND_LINK) {
		c->document = bkt_arena_strdup(s->arena, r->u.link.document);
		if (!c->document)
			return nomem(err);
		BKT_TRY(keep_hands(s, &r->u.link.handed_in_by, c, err));
	} else if (r->kind == BKT_KIND_CLAIM) {
		BKT_TRY(keep_hands(s, &r->u.claim.claimed_by, c, err));
	} else if (r->kind == BKT_KIND_REVIEW) {
		const struct bkt_review *v = &r->u.review;

		(void)bkt_unhex(v->link, c->link.b, BKT_SHA256_LEN);
		(void)bkt_unhex(v->content, c->content.b, BKT_SHA256_LEN);
		c->decision = state_word(s, v->decision);
		c->document = bkt_arena_strdup(s->arena, v->document);
		if (!c->decision || !c->document)
			return nomem(err);
	}
	return BKT_OK;
}

/* a record into what the state keeps of it */
static enum bkt_status condense(bkt_state *s, const struct bkt_record *r,
    struct bkt_span bytes, const struct bkt_sha256 *sha256,
    struct bkt_current **out, struct bkt_err *err)
{
	struct bkt_current *c = bkt_arena_alloc(s->arena, sizeof(*c));
	struct bkt_strs by;

	if (!c)
		return nomem(err);
	c->record = *sha256;
	c->kind = r->kind;
	c->active = says_active(r);
	BKT_TRY(keep_words(s, &r->by, &by, err));
	c->by = by.v;
	c->n_by = by.n;
	if (kept_whole(r->kind)) {
		struct bkt_record *whole;

		BKT_TRY(bkt_record_parse(bytes, s->arena, &whole, err));
		c->rec = whole;
	}
	BKT_TRY(keep_fields(s, r, c, err));
	*out = c;
	return BKT_OK;
}

enum bkt_status state_met(
    bkt_state *s, const char *path, enum bkt_status st, struct bkt_err *err)
{
	if (!bkt_is_verdict(st) || s->damage.status != BKT_OK)
		return st;
	(void)bkt_fail(&s->damage, BKT_E_TAMPERED, "the store's own '%s': %s",
	    path, err ? err->msg : bkt_status_name(st));
	bkt_err_hint(&s->damage, "what is damaged: bukti verify --cold");
	return st;
}

enum bkt_status bkt_state_damage(const bkt_state *s, struct bkt_err *err)
{
	if (s->damage.status != BKT_OK && err)
		*err = s->damage;
	return s->damage.status;
}

static enum bkt_status load(bkt_state *s, const char *path,
    struct bkt_current **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { 0 };
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = NULL;
	struct bkt_record *rec;
	struct bkt_sha256 sha256;
	enum bkt_status st;

	bkt_buf_init(&bytes, BKT_RECORD_MAX);
	st = bkt_gitdb_read_path(s->git, &s->tree, path, &bytes, err);
	if (st != BKT_OK)
		return st;
	arena = bkt_arena_new(4 * 1024 * 1024);
	if (!arena)
		return nomem(err);
	st = bkt_record_parse(bkt_buf_span(&bytes), arena, &rec, err);
	if (st != BKT_OK)
		return bkt_fail_context(err, st, "%s", path);
	if (strcmp(rec->path, path) != 0)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "the record at '%s' is one for '%s'", path, rec->path);
	BKT_TRY(bkt_sha256_of(bkt_buf_span(&bytes), &sha256, err));
	return condense(s, rec, bkt_buf_span(&bytes), &sha256, out, err);
}

enum bkt_status bkt_state_get(bkt_state *s, const char *path,
    const struct bkt_current **out, struct bkt_err *err)
{
	struct bkt_current *c = bkt_map_get(s->paths, path);

	if (!c && s->git) {
		enum bkt_status st = load(s, path, &c, err);

		if (st == BKT_E_NOTFOUND)
			c = &state_absent;
		else if (st != BKT_OK)
			return state_met(s, path, st, err);
		BKT_TRY(bkt_map_set(s->paths, path, c, err));
	}
	if (!c || c == &state_absent)
		return bkt_fail(err, BKT_E_NOTFOUND, "nothing at '%s'", path);
	*out = c;
	return BKT_OK;
}

const struct bkt_frontier *bkt_state_frontier(const bkt_state *s)
{
	return &s->frontier;
}

enum bkt_status state_record(bkt_state *s, const char *path,
    const struct bkt_record **out, struct bkt_err *err)
{
	const struct bkt_current *c;

	BKT_TRY(bkt_state_get(s, path, &c, err));
	BKT_ASSERT(c->rec);
	*out = c->rec;
	return BKT_OK;
}

const struct bkt_institution *bkt_state_institution(bkt_state *s)
{
	const struct bkt_record *r;

	if (state_record(s, "institution.json", &r, NULL) != BKT_OK)
		return NULL;
	return &r->u.institution;
}

const char *bkt_state_origin(bkt_state *s)
{
	const struct bkt_record *r;

	if (state_record(s, "institution.json", &r, NULL) != BKT_OK)
		return "";
	return r->store;
}

const struct bkt_note_key *bkt_state_note_key(bkt_state *s)
{
	const struct bkt_institution *i;

	if (s->has_note_key)
		return &s->note_key;
	i = bkt_state_institution(s);
	if (!i || bkt_note_key_parse(i->note_key, &s->note_key, NULL) != BKT_OK)
		return NULL;
	s->has_note_key = true;
	return &s->note_key;
}

enum bkt_status state_path(
    char out[BKT_PATH_MAX + 1], struct bkt_err *err, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(out, BKT_PATH_MAX + 1, fmt, ap);
	va_end(ap);
	if (n < 0 || n > BKT_PATH_MAX)
		return bkt_fail(err, BKT_E_FORMAT, "path is too long");
	return BKT_OK;
}

enum bkt_status state_member(bkt_state *s, const char *member,
    const struct bkt_member **out, struct bkt_err *err)
{
	const struct bkt_record *r;
	char path[BKT_PATH_MAX + 1];

	if (!bkt_id_valid(member))
		return bkt_fail(err, BKT_E_NOTFOUND, "no member '%s'", member);
	BKT_TRY(state_path(path, err, "members/%s.json", member));
	BKT_TRY(state_record(s, path, &r, err));
	if (!says_active(r))
		return bkt_fail(
		    err, BKT_E_NOTFOUND, "member '%s' was withdrawn", member);
	*out = &r->u.member;
	return BKT_OK;
}

const struct bkt_member *bkt_state_member(bkt_state *s, const char *member)
{
	const struct bkt_member *m = NULL;

	return state_member(s, member, &m, NULL) == BKT_OK ? m : NULL;
}

bool bkt_state_has_role(bkt_state *s, const char *member, const char *role)
{
	const struct bkt_member *m = bkt_state_member(s, member);

	return m && bkt_strs_has(&m->roles, role);
}

enum bkt_status state_owned(
    bkt_state *s, const char *path, struct bkt_buf *out, struct bkt_err *err)
{
	enum bkt_status st;

	if (!s->git)
		return bkt_fail(err, BKT_E_NOTFOUND, "no '%s'", path);
	st = bkt_gitdb_read_path(s->git, &s->tree, path, out, err);
	if (st == BKT_E_NOTFOUND)
		st = bkt_fail(err, BKT_E_MISSING, "'%s' is missing", path);
	return state_met(s, path, st, err);
}

enum bkt_status state_cert(
    bkt_state *s, const char *member, const bkt_cert **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_cert_free) bkt_cert *cert = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf pem = { 0 };
	char path[BKT_PATH_MAX + 1];

	bkt_buf_init(&pem, (size_t)2 * BKT_CERT_MAX);
	*out = bkt_map_get(s->certs, member);
	if (*out)
		return BKT_OK;
	BKT_TRY(state_path(path, err, "members/%s.pem", member));
	BKT_TRY(state_owned(s, path, &pem, err));
	BKT_TRY(bkt_cert_from_pem(bkt_buf_span(&pem), &cert, err));
	BKT_TRY(bkt_map_set(s->certs, member, cert, err));
	*out = BKT_STEAL(cert);
	return BKT_OK;
}

enum bkt_status state_trust(
    bkt_state *s, const bkt_trust **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf pem = { 0 };

	bkt_buf_init(&pem, (size_t)8 * BKT_CERT_MAX);
	if (!s->trust) {
		BKT_TRY(state_owned(s, "ca.pem", &pem, err));
		BKT_TRY(bkt_trust_from_pem(bkt_buf_span(&pem), &s->trust, err));
	}
	*out = s->trust;
	return BKT_OK;
}

/* what an accepted registry record changes besides its own path */
static enum bkt_status apply_registry(
    bkt_state *s, const struct bkt_opened *o, struct bkt_err *err)
{
	if (o->rec->kind == BKT_KIND_INSTITUTION) {
		bkt_trust *trust = NULL;

		BKT_TRY(
		    bkt_trust_from_pem(o->sub->owned[0].bytes, &trust, err));
		bkt_trust_free(s->trust);
		s->trust = trust;
		s->has_note_key = false;
	} else if (o->rec->kind == BKT_KIND_MEMBER) {
		BKT_AUTO(bkt_cert_free) bkt_cert *cert = NULL;
		const char *member = o->rec->u.member.member;
		bkt_cert *old = bkt_map_get(s->certs, member);

		BKT_TRY(bkt_cert_from_pem(o->sub->owned[0].bytes, &cert, err));
		BKT_TRY(state_key_registered(
		    s, member, &bkt_cert_info(cert)->spki, err));
		BKT_TRY(bkt_map_set(s->certs, member, cert, err));
		bkt_cert_free(old);
		(void)BKT_STEAL(cert);
	} else if (o->rec->kind == BKT_KIND_RULEBOOK) {
		return state_rulebook_published(s, o, err);
	} else if (o->rec->kind == BKT_KIND_REVOCATION) {
		return state_key_lost(s, o->rec->u.revocation.member,
		    o->rec->u.revocation.key, err);
	}
	return BKT_OK;
}

enum bkt_status bkt_state_apply(
    bkt_state *s, const struct bkt_opened *o, struct bkt_err *err)
{
	struct bkt_current *c;

	if (s->frontier.size == 0 && !s->founder) {
		s->founder = state_word(s, o->rec->by.v[0]);
		if (!s->founder)
			return nomem(err);
		BKT_TRY(bkt_sha256_of(o->seals[0].cert, &s->founder_cert, err));
	}
	BKT_TRY(condense(s, o->rec, o->sub->record, &o->sha256, &c, err));
	BKT_TRY(apply_registry(s, o, err));
	if (o->rec->kind == BKT_KIND_REVIEW)
		BKT_TRY(state_decides(s, o->rec->path, err));
	BKT_TRY(bkt_frontier_append(&s->frontier, &o->leaf, err));
	return bkt_map_set(s->paths, o->rec->path, c, err);
}

enum bkt_status bkt_state_pass_over(
    bkt_state *s, const struct bkt_sha256 *leaf, struct bkt_err *err)
{
	return bkt_frontier_append(&s->frontier, leaf, err);
}

void bkt_state_set_frontier(bkt_state *s, const struct bkt_frontier *f)
{
	s->frontier = *f;
}
