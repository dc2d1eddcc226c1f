/* Findings about one document or one link, whoever else uses it. */
#include "eval.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NAMES_MAX 400

static void tell(struct eval *ev, enum rb_check_id id, const struct eval_ev *e,
    const char *say_id, const char *say_en)
{
	eval_finding(ev, rb_check_names[id], ev->rules->checks[id].severity,
	    e->e->indicator, e->e->document, "%s: %s\n%s: %s", e->e->title,
	    say_id, e->e->title, say_en);
}

static bool on(const struct eval *ev, enum rb_check_id id)
{
	return ev->rules->checks[id].on;
}

/* the check looks at this type of document */
static bool looks_at(
    const struct eval *ev, enum rb_check_id id, const struct eval_ev *e)
{
	return on(ev, id) && e->type < ev->rb->n_doc_types &&
	       rb_types_has(&ev->rules->checks[id].types, e->type);
}

static void tell_fields(struct eval *ev, enum rb_check_id id,
    const struct eval_ev *e, unsigned lacking)
{
	char say_id[NAMES_MAX] = "belum dicatat:";
	char say_en[NAMES_MAX] = "not recorded:";
	size_t n_id = strlen(say_id), n_en = strlen(say_en);
	const char *comma = " ";

	for (size_t f = 0; f < RB_N_FIELDS; f++) {
		if (!(lacking >> f & 1))
			continue;
		n_id += (size_t)snprintf(say_id + n_id, sizeof(say_id) - n_id,
		    "%s%s", comma, rb_field_texts[f].id);
		n_en += (size_t)snprintf(say_en + n_en, sizeof(say_en) - n_en,
		    "%s%s", comma, rb_field_texts[f].en);
		comma = ", ";
	}
	tell(ev, id, e, say_id, say_en);
}

/* what an enacted policy must have, and what its type asks for besides */
static void check_fields(struct eval *ev, const struct eval_ev *e)
{
	const struct rb_check *policy =
	    &ev->rules->checks[RB_CHECK_POLICY_FIELDS];
	unsigned lacking = 0, need_policy = 0, need_type;

	if (e->type >= ev->rb->n_doc_types)
		return;
	for (unsigned f = 0; f < RB_N_FIELDS; f++)
		if (!rb_has_field(e->e, (enum rb_field)f))
			lacking |= 1u << f;
	if (looks_at(ev, RB_CHECK_POLICY_FIELDS, e))
		need_policy = policy->fields;
	if (lacking & need_policy)
		tell_fields(
		    ev, RB_CHECK_POLICY_FIELDS, e, lacking & need_policy);
	need_type = ev->rules->types[e->type].required & ~need_policy;
	if (on(ev, RB_CHECK_REQUIRED_FIELDS) && (lacking & need_type))
		tell_fields(
		    ev, RB_CHECK_REQUIRED_FIELDS, e, lacking & need_type);
}

static void check_validity(struct eval *ev, const struct eval_ev *e)
{
	const struct bkt_evidence *x = e->e;
	int32_t cutoff = ev->facts->cutoff;
	char day[11];

	if (!looks_at(ev, RB_CHECK_NOT_VALID, e))
		return;
	bkt_date_format(cutoff, day);
	if ((x->revoked != BKT_NO_DATE && x->revoked <= cutoff) ||
	    (x->valid_until != BKT_NO_DATE && x->valid_until < cutoff) ||
	    (x->valid_from != BKT_NO_DATE && x->valid_from > cutoff) ||
	    (x->date != BKT_NO_DATE && x->date > cutoff))
		eval_finding(ev, rb_check_names[RB_CHECK_NOT_VALID],
		    ev->rules->checks[RB_CHECK_NOT_VALID].severity,
		    x->indicator, x->document,
		    "%s: tidak berlaku pada tanggal %s.\n"
		    "%s: not in force on %s.",
		    x->title, day, x->title, day);
}

static const char *extension(const char *file)
{
	const char *dot = strrchr(file, '.');

	return dot ? dot + 1 : "";
}

static void check_format(struct eval *ev, const struct eval_ev *e)
{
	const struct bkt_doc_type *t;
	const char *ext = extension(e->e->file);
	char list[NAMES_MAX] = "";
	size_t n = 0;

	if (!on(ev, RB_CHECK_FORMAT) || e->type >= ev->rb->n_doc_types ||
	    *e->e->file == '\0')
		return;
	t = &ev->rb->doc_types[e->type];
	if (strcasecmp(ext, "jpeg") == 0)
		ext = "jpg";
	for (size_t i = 0; i < t->formats.n; i++) {
		if (strcasecmp(t->formats.v[i], ext) == 0)
			return;
		if (n < sizeof(list) - 64)
			n += (size_t)snprintf(list + n, sizeof(list) - n,
			    "%s%.40s", n > 0 ? ", " : "", t->formats.v[i]);
	}
	if (t->formats.n == 0)
		return;
	eval_finding(ev, rb_check_names[RB_CHECK_FORMAT],
	    ev->rules->checks[RB_CHECK_FORMAT].severity, e->e->indicator,
	    e->e->document,
	    "%s: berkas .%s tidak lazim untuk %s (%s).\n"
	    "%s: a .%s file does not fit %s (%s).",
	    e->e->title, ext, t->title.id, list, e->e->title, ext,
	    *t->title.en ? t->title.en : t->title.id, list);
}

static bool says(
    const struct bkt_evidence *x, const char *tag, const char *value)
{
	const struct bkt_strs *has = eval_covered(x, tag);

	return has && bkt_strs_has(has, value);
}

/* "every agency" is said and the agencies are listed, but not all of them */
static void check_units(struct eval *ev, const struct eval_ev *e)
{
	const struct rb_check *c = &ev->rules->checks[RB_CHECK_UNITS];
	const struct bkt_strs *listed;
	char names[NAMES_MAX] = "";
	size_t n = 0, len = 0;

	if (!c->on || !says(e->e, c->tag, c->value))
		return;
	listed = eval_covered(e->e, c->units_tag);
	if (!listed)
		return;
	for (size_t i = 0; i < ev->facts->units.n; i++) {
		const char *u = ev->facts->units.v[i];

		if (bkt_strs_has(listed, u) || ++n > 5)
			continue;
		len += (size_t)snprintf(names + len, sizeof(names) - len,
		    "%s%.50s", len > 0 ? ", " : "", u);
	}
	if (n > 0)
		eval_finding(ev, rb_check_names[RB_CHECK_UNITS], c->severity,
		    e->e->indicator, e->e->document,
		    "%s: %zu perangkat daerah belum tercakup: %s%s.\n"
		    "%s: %zu %s not covered: %s%s.",
		    e->e->title, n, names, n > 5 ? ", ..." : "", e->e->title, n,
		    n == 1 ? "agency is" : "agencies are", names,
		    n > 5 ? ", ..." : "");
}

static void check_document(struct eval *ev, const struct eval_ev *e)
{
	const struct bkt_evidence *x = e->e;

	if (e->type == ev->rb->n_doc_types)
		eval_finding(ev, "unknown-type", BKT_ERROR, x->indicator,
		    x->document,
		    "%s: jenis dokumen \"%s\" tidak dikenal.\n"
		    "%s: document type \"%s\" is not known.",
		    x->title, x->type, x->title, x->type);
	if (x->content_missing)
		eval_finding(ev, "content-missing", BKT_ERROR, x->indicator,
		    x->document,
		    "%s: isi berkas tidak ada di penyimpanan.\n"
		    "%s: the content is not in the store.",
		    x->title, x->title);
	check_fields(ev, e);
	check_validity(ev, e);
	check_format(ev, e);
	check_units(ev, e);
	if (on(ev, RB_CHECK_PERSONAL) && x->personal &&
	    strcmp(x->class_, "umum") == 0)
		tell(ev, RB_CHECK_PERSONAL, e,
		    "memuat data pribadi tetapi berkelas umum.",
		    "holds personal data but is classed as public.");
}

/* levels above 1 named for a draft; a link for any level names none */
static bool draft_above(const struct bkt_evidence *x)
{
	for (size_t i = 0; i < x->levels.n; i++)
		if (x->levels.v[i] > 1)
			return true;
	return false;
}

static void check_link(struct eval *ev, const struct eval_ev *e)
{
	if (on(ev, RB_CHECK_DRAFT) && e->draft && draft_above(e->e))
		tell(ev, RB_CHECK_DRAFT, e,
		    "konsep atau draf hanya mendukung tingkat 1.",
		    "a draft supports level 1 only.");
	if (looks_at(ev, RB_CHECK_LOCATOR, e) && *e->e->locator == '\0')
		tell(ev, RB_CHECK_LOCATOR, e,
		    "pasal atau halaman belum ditunjuk.",
		    "article or page is not named.");
}

/* true the first time a document is met */
static bool first_time(struct eval *ev, const struct eval_filter *f,
    bkt_map *seen, const struct eval_ev *e)
{
	if (!eval_filter_many(f, e->e->document))
		return true;
	if (bkt_map_get(seen, e->e->document))
		return false;
	if (bkt_map_set(seen, e->e->document, ev, NULL) != BKT_OK)
		ev->nomem = true;
	return true;
}

void eval_findings_documents(struct eval *ev)
{
	size_t n = ev->first[ev->rb->n_indicators];
	BKT_AUTO(bkt_map_free) bkt_map *seen = bkt_map_new();
	struct eval_filter f = eval_filter_new(ev, n);

	if (!seen || !f.counts) {
		ev->nomem = true;
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (eval_live(&ev->ev[i]))
			eval_filter_add(&f, ev->ev[i].e->document);
	for (size_t i = 0; i < n && !ev->nomem; i++) {
		const struct eval_ev *e = &ev->ev[i];

		if (!eval_live(e))
			continue;
		check_link(ev, e);
		if (first_time(ev, &f, seen, e))
			check_document(ev, e);
	}
}
