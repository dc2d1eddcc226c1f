/* Short ASCII names: data/I01/I01-a2-title.pdf is the first document of
 * indicator 1, given for level 2 (1 when no level is named). */
#include <stdlib.h>
#include <string.h>

#include "private.h"

#define SLUG_MAX 40

const char *pk_excluded(const struct pk_layout *l, const struct bkt_evidence *e)
{
	const struct bkt_release *r = &l->release->u.release;

	for (size_t i = 0; i < r->n_exclusions; i++) {
		if (strcmp(r->exclusions[i].path, e->link_path) == 0)
			return r->exclusions[i].reason;
	}
	return NULL;
}

const char *pk_document_path(const struct pk_layout *l, const char *document)
{
	const struct pk_document *d = bkt_map_get(l->documents, document);

	return d ? d->path : NULL;
}

struct placed {
	const struct bkt_evidence *e;
	size_t indicator; /* order in the rulebook */
	uint64_t index;   /* of the link in the log */
};

static int by_place(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	if (x->indicator != y->indicator)
		return x->indicator < y->indicator ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* a, b ... z, aa, ab ... */
static void letters(size_t n, char out[8])
{
	char back[8];
	size_t len = 0;

	do {
		back[len++] = (char)('a' + n % 26);
		n = n / 26;
	} while (n-- > 0 && len < sizeof(back) - 1);
	for (size_t i = 0; i < len; i++)
		out[i] = back[len - 1 - i];
	out[len] = '\0';
}

static void slug(const char *title, char out[SLUG_MAX + 1])
{
	size_t n = 0;

	for (const char *p = title; *p && n < SLUG_MAX; p++) {
		char c = *p;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			out[n++] = c;
		else if (n > 0 && out[n - 1] != '-')
			out[n++] = '-';
	}
	while (n > 0 && out[n - 1] == '-')
		n--;
	if (n == 0) {
		memcpy(out, "dokumen", 7);
		n = 7;
	}
	out[n] = '\0';
}

static void extension(const char *file, char out[8])
{
	const char *dot = strrchr(file, '.');
	size_t n = 0;

	for (const char *p = dot ? dot + 1 : ""; *p && n < 6; p++) {
		char c = *p;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			out[n++] = c;
	}
	if (n == 0) {
		memcpy(out, "bin", 3);
		n = 3;
	}
	out[n] = '\0';
}

static enum bkt_status name_one(struct pk_layout *l, const struct placed *p,
    size_t nth, struct bkt_err *err)
{
	struct pk_document *d = bkt_arena_alloc(l->arena, sizeof(*d));
	char letter[8], title[SLUG_MAX + 1], ext[8];
	unsigned long long level = p->e->levels.n > 0 ? p->e->levels.v[0] : 1;

	letters(nth, letter);
	slug(p->e->title, title);
	extension(p->e->file, ext);
	if (!d)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	d->document = p->e->document;
	d->evidence = p->e;
	d->path = bkt_arena_printf(l->arena, "data/%s/%s-%s%llu-%s.%s",
	    p->e->indicator, p->e->indicator, letter, level, title, ext);
	if (!d->path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	return bkt_map_set(l->documents, d->document, d, err);
}

static enum bkt_status place(const struct pk_layout *l,
    const struct bkt_evidence *e, struct placed *out, struct bkt_err *err)
{
	const struct bkt_rulebook *rb = bkt_assess_rulebook(l->assess);
	const struct bkt_rb_indicator *ind =
	    bkt_rulebook_indicator(rb, e->indicator);
	const struct pk_record *link = bkt_map_get(l->current, e->link_path);

	if (!ind || !link)
		return bkt_fail(err, BKT_E_FORMAT,
		    "'%s' is evidence of no indicator", e->link_path);
	*out =
	    (struct placed){ e, (size_t)(ind - rb->indicators), link->index };
	return BKT_OK;
}

enum bkt_status pk_name_documents(struct pk_layout *l, struct bkt_err *err)
{
	const struct bkt_facts *f = bkt_assess_facts(l->assess);
	struct placed *list =
	    bkt_arena_alloc(l->arena, (f->n_evidence + 1) * sizeof(*list));
	size_t n = 0, nth = 0;

	if (!list)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	for (size_t i = 0; i < f->n_evidence; i++) {
		if (!pk_excluded(l, &f->evidence[i]))
			BKT_TRY(place(l, &f->evidence[i], &list[n++], err));
	}
	qsort(list, n, sizeof(*list), by_place);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && list[i].indicator != list[i - 1].indicator)
			nth = 0;
		if (!bkt_map_get(l->documents, list[i].e->document))
			BKT_TRY(name_one(l, &list[i], nth++, err));
	}
	return BKT_OK;
}
