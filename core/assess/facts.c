/* Records of one cycle into plain facts; the same from tree, index, package. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

/* a link on its way to becoming evidence */
struct linked {
	const char *indicator;
	struct bkt_record *rec;
	struct bkt_sha256 sha256;
	struct review *reviews;
};
struct review {
	struct review *next;
	struct bkt_record *rec;
};
struct collecting {
	bkt_assess *a;
	const struct bkt_source *source;
	const bkt_objects *objects;
	bkt_map *links; /* "I/D" -> struct linked * */
	struct bkt_record **claims;
	const char **claim_of;
	size_t n_claims, max_claims;
	const char **units;
	size_t n_units, max_units;
};

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

static const char *text(const char *s)
{
	return s ? s : "";
}

static int32_t day(const char *s)
{
	int32_t d;

	return s && s[0] && bkt_date_parse(s, &d) ? d : BKT_NO_DATE;
}

/* grow a list that lives in the arena */
static enum bkt_status room(bkt_arena *arena, void *list, size_t n, size_t *max,
    size_t size_bytes, struct bkt_err *err)
{
	void **at = list;
	void *more;

	if (n < *max)
		return BKT_OK;
	more = bkt_arena_alloc(arena, (*max * 2 + 64) * size_bytes);
	if (!more)
		return nomem(err);
	if (n > 0)
		memcpy(more, *at, n * size_bytes);
	*at = more;
	*max = *max * 2 + 64;
	return BKT_OK;
}

static enum bkt_status linked_at(struct collecting *c,
    const struct bkt_path_info *where, const char *document,
    struct linked **out, struct bkt_err *err)
{
	const char *key =
	    bkt_arena_printf(c->a->arena, "%s/%s", where->indicator, document);
	struct linked *l;

	if (!key)
		return nomem(err);
	l = bkt_map_get(c->links, key);
	if (!l) {
		l = bkt_arena_alloc(c->a->arena, sizeof(*l));
		if (!l)
			return nomem(err);
		l->indicator = bkt_arena_strdup(c->a->arena, where->indicator);
		if (!l->indicator)
			return nomem(err);
		BKT_TRY(bkt_map_set(c->links, key, l, err));
	}
	*out = l;
	return BKT_OK;
}

static enum bkt_status take_link(struct collecting *c, struct bkt_record *r,
    const struct bkt_path_info *where, struct bkt_span bytes,
    struct bkt_err *err)
{
	struct linked *l;

	BKT_TRY(linked_at(c, where, r->u.link.document, &l, err));
	l->rec = r;
	return bkt_sha256_of(bytes, &l->sha256, err);
}

static enum bkt_status take_review(struct collecting *c, struct bkt_record *r,
    const struct bkt_path_info *where, struct bkt_err *err)
{
	struct review *v = bkt_arena_alloc(c->a->arena, sizeof(*v));
	struct linked *l;

	if (!v)
		return nomem(err);
	BKT_TRY(linked_at(c, where, r->u.review.document, &l, err));
	v->rec = r;
	v->next = l->reviews;
	l->reviews = v;
	return BKT_OK;
}

static enum bkt_status take_claim(struct collecting *c, struct bkt_record *r,
    const struct bkt_path_info *where, struct bkt_err *err)
{
	size_t max = c->max_claims;

	if (strcmp(r->u.claim.state, "active") != 0)
		return BKT_OK;
	BKT_TRY(room(c->a->arena, &c->claims, c->n_claims, &max,
	    sizeof(struct bkt_record *), err));
	BKT_TRY(room(c->a->arena, &c->claim_of, c->n_claims, &c->max_claims,
	    sizeof(*c->claim_of), err));
	c->claims[c->n_claims] = r;
	c->claim_of[c->n_claims] =
	    bkt_arena_strdup(c->a->arena, where->indicator);
	if (!c->claim_of[c->n_claims])
		return nomem(err);
	c->n_claims++;
	return BKT_OK;
}

static enum bkt_status take_cycle_record(
    void *arg, const char *path, struct bkt_span bytes, struct bkt_err *err)
{
	struct collecting *c = arg;
	struct bkt_path_info where;
	struct bkt_record *r;
	enum bkt_status st;

	bkt_path_classify(path, &where);
	st = bkt_record_parse(bytes, c->a->arena, &r, err);
	if (st != BKT_OK)
		return bkt_fail_context(err, st, "%s", path);
	switch (r->kind) {
	case BKT_KIND_LINK:
		return take_link(c, r, &where, bytes, err);
	case BKT_KIND_REVIEW:
		return take_review(c, r, &where, err);
	case BKT_KIND_CLAIM:
		return take_claim(c, r, &where, err);
	case BKT_KIND_RELEASE:
		c->a->release = r;
		return bkt_sha256_of(bytes, &c->a->release_sha256, err);
	case BKT_KIND_INSTITUTION:
	case BKT_KIND_ACCESS:
	case BKT_KIND_UNIT:
	case BKT_KIND_MEMBER:
	case BKT_KIND_RULEBOOK:
	case BKT_KIND_CYCLE:
	case BKT_KIND_DOCUMENT:
	case BKT_KIND_PACKAGE:
	case BKT_KIND_RESULT:
	case BKT_KIND_REVOCATION:
	case BKT_KIND_HOLD:
	case BKT_KIND_ERASURE:
	case BKT_N_KINDS:
		break;
	}
	return BKT_OK;
}

static enum bkt_status take_unit(
    void *arg, const char *path, struct bkt_span bytes, struct bkt_err *err)
{
	struct collecting *c = arg;
	struct bkt_record *r;
	enum bkt_status st = bkt_record_parse(bytes, c->a->arena, &r, err);

	if (st != BKT_OK)
		return bkt_fail_context(err, st, "%s", path);
	if (r->kind != BKT_KIND_UNIT || strcmp(r->u.unit.state, "active") != 0)
		return BKT_OK;
	BKT_TRY(room(c->a->arena, &c->units, c->n_units, &c->max_units,
	    sizeof(*c->units), err));
	c->units[c->n_units++] = r->u.unit.unit;
	return BKT_OK;
}

enum bkt_review_lapse bkt_assess_lapse(const struct bkt_review *v,
    const char *link, const char *document_record, const char *content)
{
	if (strcmp(v->link, link) != 0)
		return BKT_LAPSE_LINK;
	if (strcmp(v->content, content) != 0)
		return BKT_LAPSE_CONTENT;
	if (strcmp(v->document_record, document_record) != 0)
		return BKT_LAPSE_DOCUMENT;
	return BKT_LAPSE_NONE;
}

/* only decisions about exactly these bytes count */
static enum bkt_status weigh_reviews(
    const struct linked *l, unsigned approvals, struct bkt_evidence *e)
{
	char link[BKT_SHA256_HEX + 1];
	int64_t newest = INT64_MIN, first = INT64_MAX;

	bkt_hex(l->sha256.b, BKT_SHA256_LEN, link);
	e->cause = e->reason = e->declined_by = e->accepted_by = "";
	for (const struct review *v = l->reviews; v; v = v->next) {
		const struct bkt_review *r = &v->rec->u.review;

		bool accepts = strcmp(r->decision, "accept") == 0;
		enum bkt_review_lapse lapse =
		    bkt_assess_lapse(r, link, e->record, e->sha256);

		if (lapse != BKT_LAPSE_NONE) {
			if (accepts)
				e->lapsed = lapse;
			continue;
		}
		if (accepts) {
			e->n_accepts++;
			if (v->rec->at_utc_s < first && v->rec->by.n > 0) {
				first = v->rec->at_utc_s;
				e->accepted_by = v->rec->by.v[0];
			}
			continue;
		}
		if (strcmp(r->decision, "reject") == 0)
			e->review = BKT_REVIEW_REJECTED;
		else if (e->review != BKT_REVIEW_REJECTED)
			e->review = BKT_REVIEW_RETURNED;
		if (v->rec->at_utc_s > newest) {
			newest = v->rec->at_utc_s;
			e->cause = text(r->cause);
			e->reason = text(r->reason);
			e->declined_by =
			    v->rec->by.n > 0 ? v->rec->by.v[0] : "";
			e->declined_utc_s = v->rec->at_utc_s;
		}
	}
	if (e->review == BKT_REVIEW_NONE && e->n_accepts > 0)
		e->review = e->n_accepts >= approvals ? BKT_REVIEW_ACCEPTED
						      : BKT_REVIEW_PARTIAL;
	return BKT_OK;
}

static void describe(const struct bkt_document *d, struct bkt_evidence *e)
{
	e->document = d->document;
	e->title = d->title;
	e->file = d->file;
	e->type = d->type;
	e->number = text(d->number);
	e->signer = text(d->signer);
	e->unit = d->unit;
	e->date = day(d->date);
	e->valid_from = day(d->valid_from);
	e->valid_until = day(d->valid_until);
	e->revoked = day(d->revoked);
	e->covers = d->covers;
	e->n_covers = d->n_covers;
	e->years = d->years;
	e->media = d->media;
	e->sha256 = d->sha256;
	e->size = d->size;
	e->class_ = d->class_;
	e->personal = strcmp(d->personal, "yes") == 0;
}

static enum bkt_status content_there(
    const struct collecting *c, struct bkt_evidence *e, struct bkt_err *err)
{
	struct bkt_sha256 id;
	uint64_t size;
	enum bkt_status st;
	BKT_AUTO_FD fd = -1;

	if (!c->objects)
		return BKT_OK;
	if (!bkt_unhex(e->sha256, id.b, sizeof(id.b)))
		return bkt_fail(err, BKT_E_FORMAT, "bad content digest");
	st = bkt_objects_open_unverified(c->objects, &id, &fd, &size, err);
	if (st == BKT_OK)
		e->content_missing = size != e->size;
	else if (st == BKT_E_MISSING || st == BKT_E_TAMPERED)
		e->content_missing = true;
	else
		return st;
	return BKT_OK;
}

static enum bkt_status read_document(const struct collecting *c, const char *id,
    struct bkt_record **out, const char **record, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { 0 };
	const char *path = bkt_arena_printf(
	    c->a->arena, "documents/%.2s/%s/document.json", id, id);
	char hex[BKT_SHA256_HEX + 1];
	struct bkt_sha256 digest;
	enum bkt_status st;

	bkt_buf_init(&bytes, BKT_RECORD_MAX);
	if (!path)
		return nomem(err);
	st = c->source->read(c->source->ctx, path, &bytes, err);
	if (st == BKT_E_NOTFOUND)
		return bkt_fail(err, BKT_E_MISSING,
		    "the record '%s' is linked but not there", path);
	if (st != BKT_OK)
		return st;
	st = bkt_record_parse(bkt_buf_span(&bytes), c->a->arena, out, err);
	if (st != BKT_OK)
		return bkt_fail_context(err, st, "%s", path);
	if ((*out)->kind != BKT_KIND_DOCUMENT)
		return bkt_fail(err, BKT_E_FORMAT, "%s is no document", path);
	BKT_TRY(bkt_sha256_of(bkt_buf_span(&bytes), &digest, err));
	bkt_hex(digest.b, sizeof(digest.b), hex);
	*record = bkt_arena_strdup(c->a->arena, hex);
	return *record ? BKT_OK : nomem(err);
}

/* one for any level is used up to the one that is claimed */
static unsigned level_claimed(const struct bkt_facts *f, const char *indicator)
{
	struct bkt_rat v;

	for (size_t i = 0; i < f->n_claims; i++) {
		if (strcmp(f->claims[i].indicator, indicator) != 0)
			continue;
		if (!bkt_rat_parse(f->claims[i].level, &v) || v.num < 0 ||
		    v.num / v.den >= UINT_MAX)
			return UINT_MAX;
		return (unsigned)(v.num / v.den) + (v.num % v.den != 0);
	}
	return UINT_MAX;
}

/* as many as the highest level asks for that it speaks for: with fewer it
 * still waits for somebody */
static unsigned approvals_for(
    const struct collecting *c, const struct bkt_evidence *e)
{
	unsigned level = 0;

	for (size_t i = 0; i < e->levels.n; i++) {
		if (e->levels.v[i] > level)
			level = (unsigned)e->levels.v[i];
	}
	if (e->levels.n == 0)
		level = level_claimed(&c->a->facts, e->indicator);
	return bkt_rulebook_approvals(bkt_rulebook_get(c->a->rulebook), level);
}

static enum bkt_status take_evidence(struct collecting *c,
    const struct linked *l, struct bkt_evidence *list, struct bkt_err *err)
{
	struct bkt_evidence *e = &list[c->a->facts.n_evidence];
	struct bkt_record *d;
	const char *record;

	/* a decision about a link that is no more */
	if (!l->rec || strcmp(l->rec->u.link.state, "active") != 0)
		return BKT_OK;
	BKT_TRY(read_document(c, l->rec->u.link.document, &d, &record, err));
	if (strcmp(d->u.document.state, "active") != 0)
		return BKT_OK;
	describe(&d->u.document, e);
	e->record = record;
	e->indicator = l->indicator;
	e->levels = l->rec->u.link.levels;
	e->locator = text(l->rec->u.link.locator);
	e->link_path = l->rec->path;
	BKT_TRY(weigh_reviews(l, approvals_for(c, e), e));
	BKT_TRY(content_there(c, e, err));
	c->a->facts.n_evidence++;
	return BKT_OK;
}

static int by_link_path(const void *a, const void *b)
{
	return strcmp(((const struct bkt_evidence *)a)->link_path,
	    ((const struct bkt_evidence *)b)->link_path);
}

static int by_word(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum bkt_status gather_evidence(
    struct collecting *c, struct bkt_err *err)
{
	struct bkt_facts *f = &c->a->facts;
	struct bkt_evidence *list = bkt_arena_alloc(
	    c->a->arena, (bkt_map_count(c->links) + 1) * sizeof(*list));
	size_t at = 0;
	const char *key;
	void *l;

	if (!list)
		return nomem(err);
	while (bkt_map_next(c->links, &at, &key, &l))
		BKT_TRY(take_evidence(c, l, list, err));
	qsort(list, f->n_evidence, sizeof(*list), by_link_path);
	f->evidence = list;
	return BKT_OK;
}

static enum bkt_status gather_claims(struct collecting *c, struct bkt_err *err)
{
	struct bkt_facts *f = &c->a->facts;

	f->claims = bkt_arena_alloc(
	    c->a->arena, (c->n_claims + 1) * sizeof(*f->claims));
	if (!f->claims)
		return nomem(err);
	for (size_t i = 0; i < c->n_claims; i++) {
		const struct bkt_claim *claim = &c->claims[i]->u.claim;

		f->claims[i].indicator = c->claim_of[i];
		f->claims[i].level = claim->level;
		f->claims[i].has_fact = text(claim->fact)[0] != '\0';
		f->claims[i].has_analysis = text(claim->analysis)[0] != '\0';
	}
	f->n_claims = c->n_claims;
	return BKT_OK;
}

static enum bkt_status institution_type(
    struct collecting *c, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { 0 };
	struct bkt_record *r;

	bkt_buf_init(&bytes, BKT_RECORD_MAX);
	BKT_TRY(
	    c->source->read(c->source->ctx, "institution.json", &bytes, err));
	BKT_TRY(bkt_record_parse(bkt_buf_span(&bytes), c->a->arena, &r, err));
	if (r->kind != BKT_KIND_INSTITUTION)
		return bkt_fail(
		    err, BKT_E_FORMAT, "institution.json is another record");
	c->a->facts.institution_type = r->u.institution.type;
	return BKT_OK;
}

enum bkt_status assess_facts(bkt_assess *a, const struct bkt_source *source,
    const char *cycle, const bkt_objects *objects, struct bkt_err *err)
{
	BKT_AUTO(bkt_map_free) bkt_map *links = bkt_map_new();
	struct collecting c = {
		.a = a, .source = source, .objects = objects, .links = links
	};
	const char *prefix = bkt_arena_printf(a->arena, "cycles/%s/", cycle);

	if (!links || !prefix)
		return nomem(err);
	a->facts.cutoff = day(a->cycle->u.cycle.cutoff);
	BKT_TRY(institution_type(&c, err));
	BKT_TRY(source->each(source->ctx, prefix, take_cycle_record, &c, err));
	BKT_TRY(source->each(source->ctx, "units/", take_unit, &c, err));
	if (c.n_units > 0)
		qsort(c.units, c.n_units, sizeof(*c.units), by_word);
	a->facts.units = (struct bkt_strs){ c.units, c.n_units };
	BKT_TRY(gather_claims(&c, err));
	return gather_evidence(&c, err);
}
