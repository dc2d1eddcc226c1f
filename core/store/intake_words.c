/* What people type about a document, brought into its form and compared. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

const char *intake_word(
    const char **at, const char *separators, bkt_arena *arena)
{
	size_t n;
	const char *word;

	*at += strspn(*at, separators);
	n = strcspn(*at, separators);
	if (n == 0)
		return NULL;
	word = bkt_arena_strndup(arena, *at, n);
	*at += n;
	return word;
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static enum bkt_status no_number(const char *what, const char *word,
    uint64_t min, uint64_t max, struct bkt_err *err)
{
	(void)bkt_fail(err, BKT_E_USAGE,
	    "%s '%s' is not a number from %llu to %llu", what, word,
	    (unsigned long long)min, (unsigned long long)max);
	bkt_err_hint(err, "write numbers with spaces between, e.g. '%llu %llu'",
	    (unsigned long long)(max > 9 ? 2025 : min + 1),
	    (unsigned long long)(max > 9 ? 2026 : min + 2));
	return BKT_E_USAGE;
}

enum bkt_status bkt_intake_numbers(const char *what, const char *text,
    uint64_t min, uint64_t max, bkt_arena *arena, struct bkt_u64s *out,
    struct bkt_err *err)
{
	const char *at = text, *word;
	size_t room = strlen(text) / 2 + 1, kept = 0;
	struct bkt_u64s l = { NULL, 0 };

	l.v = bkt_arena_alloc(arena, room * sizeof(*l.v));
	if (!l.v)
		return nomem(err);
	while ((word = intake_word(&at, " ,;", arena)) != NULL) {
		if (!bkt_parse_u64(word, max, &l.v[l.n]) || l.v[l.n] < min)
			return no_number(what, word, min, max, err);
		l.n++;
	}
	qsort(l.v, l.n, sizeof(*l.v), by_number);
	for (size_t i = 0; i < l.n; i++) {
		if (kept == 0 || l.v[kept - 1] != l.v[i])
			l.v[kept++] = l.v[i];
	}
	l.n = kept;
	*out = l;
	return BKT_OK;
}

static bool has_level(const struct bkt_rb_indicator *ind, uint64_t level)
{
	for (size_t i = 0; i < ind->n_levels; i++) {
		if (ind->levels[i].level == level)
			return true;
	}
	return ind->n_levels == 0;
}

enum bkt_status bkt_intake_levels(const struct bkt_rb_indicator *ind,
    const char *text, bkt_arena *arena, struct bkt_u64s *out,
    struct bkt_err *err)
{
	struct bkt_u64s l = { NULL, 0 };

	BKT_TRY(bkt_intake_numbers("levels", text, 1, 9, arena, &l, err));
	for (size_t i = 0; i < l.n; i++) {
		if (has_level(ind, l.v[i]))
			continue;
		(void)bkt_fail(err, BKT_E_USAGE, "%s has no level %llu",
		    ind->id, (unsigned long long)l.v[i]);
		bkt_err_hint(err, "it has levels %u to %u",
		    ind->levels[0].level, ind->levels[ind->n_levels - 1].level);
		return BKT_E_USAGE;
	}
	*out = l;
	return BKT_OK;
}

static int by_word(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "tag=a|b" into one cover */
static enum bkt_status one_cover(const char *part, bkt_arena *arena,
    struct bkt_cover *out, struct bkt_err *err)
{
	const char *at, *word;
	struct bkt_strs *l = &out->values;
	size_t n;

	part += strspn(part, " ");
	at = strchr(part, '=');
	for (n = at ? (size_t)(at - part) : 0; n > 0 && part[n - 1] == ' ';)
		n--;
	if (n == 0 || at[1] == '\0') {
		(void)bkt_fail(
		    err, BKT_E_USAGE, "covers '%s' is not tag=value", part);
		bkt_err_hint(err, "e.g. cakupan=lengkap|antarinstansi");
		return BKT_E_USAGE;
	}
	out->tag = bkt_arena_strndup(arena, part, n);
	l->v = bkt_arena_alloc(arena, strlen(at) * sizeof(*l->v));
	if (!out->tag || !l->v)
		return nomem(err);
	at++;
	while ((word = intake_word(&at, "| ", arena)) != NULL) {
		if (!bkt_strs_has(l, word))
			l->v[l->n++] = word;
	}
	qsort(l->v, l->n, sizeof(*l->v), by_word);
	return BKT_OK;
}

static int by_tag(const void *a, const void *b)
{
	return strcmp(((const struct bkt_cover *)a)->tag,
	    ((const struct bkt_cover *)b)->tag);
}

static enum bkt_status said_twice(const char *tag, struct bkt_err *err)
{
	(void)bkt_fail(err, BKT_E_USAGE, "covers says '%s' twice", tag);
	bkt_err_hint(err, "write all its values at once: %s=a|b", tag);
	return BKT_E_USAGE;
}

enum bkt_status bkt_intake_covers(const char *text, bkt_arena *arena,
    struct bkt_cover **out, size_t *n, struct bkt_err *err)
{
	const char *at = text, *part;
	size_t room = strlen(text) / 2 + 1, count = 0;
	struct bkt_cover *l = bkt_arena_alloc(arena, room * sizeof(*l));

	if (!l)
		return nomem(err);
	while ((part = intake_word(&at, ";", arena)) != NULL) {
		BKT_TRY(one_cover(part, arena, &l[count], err));
		count++;
	}
	qsort(l, count, sizeof(*l), by_tag);
	for (size_t i = 1; i < count; i++) {
		if (strcmp(l[i - 1].tag, l[i].tag) == 0)
			return said_twice(l[i].tag, err);
	}
	*out = l;
	*n = count;
	return BKT_OK;
}

bool bkt_reason_speaks(const char *text)
{
	size_t words = 0, letters = 0, run = 0;

	for (const char *p = text;; p++) {
		unsigned char ch = (unsigned char)*p;
		bool letter = (ch >= 'a' && ch <= 'z') ||
			      (ch >= 'A' && ch <= 'Z') || ch >= 0x80;

		if (letter) {
			letters++;
			run++;
			continue;
		}
		words += run >= 2;
		run = 0;
		if (ch == '\0')
			break;
	}
	return words >= 2 && letters >= 8;
}

bool bkt_same_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_numbers(const struct bkt_u64s *a, const struct bkt_u64s *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i] != b->v[i])
			return false;
	return true;
}

static bool same_covers(
    const struct bkt_document *a, const struct bkt_document *b)
{
	if (a->n_covers != b->n_covers)
		return false;
	for (size_t i = 0; i < a->n_covers; i++) {
		const struct bkt_cover *x = &a->covers[i], *y = &b->covers[i];

		if (!bkt_same_text(x->tag, y->tag) ||
		    x->values.n != y->values.n)
			return false;
		for (size_t k = 0; k < x->values.n; k++)
			if (!bkt_same_text(x->values.v[k], y->values.v[k]))
				return false;
	}
	return true;
}

enum bkt_status bkt_document_changes(const struct bkt_document *a,
    const struct bkt_document *b, bkt_arena *arena, struct bkt_strs *out,
    struct bkt_err *err)
{
	const struct {
		const char *name;
		bool same;
	} parts[] = {
		{ "content", bkt_same_text(a->sha256, b->sha256) },
		{ "file name", bkt_same_text(a->file, b->file) },
		{ "media type", bkt_same_text(a->media, b->media) },
		{ "state", bkt_same_text(a->state, b->state) },
		{ "unit", bkt_same_text(a->unit, b->unit) },
		{ "title", bkt_same_text(a->title, b->title) },
		{ "type", bkt_same_text(a->type, b->type) },
		{ "number", bkt_same_text(a->number, b->number) },
		{ "date", bkt_same_text(a->date, b->date) },
		{ "signer", bkt_same_text(a->signer, b->signer) },
		{ "start of validity",
		    bkt_same_text(a->valid_from, b->valid_from) },
		{ "end of validity",
		    bkt_same_text(a->valid_until, b->valid_until) },
		{ "revocation", bkt_same_text(a->revoked, b->revoked) },
		{ "covers", same_covers(a, b) },
		{ "budget years", same_numbers(&a->years, &b->years) },
		{ "class", bkt_same_text(a->class_, b->class_) },
		{ "personal data", bkt_same_text(a->personal, b->personal) },
		{ "what it succeeds", bkt_same_text(a->replaces, b->replaces) },
		{ "note", bkt_same_text(a->note, b->note) },
	};
	const size_t n = sizeof(parts) / sizeof(parts[0]);
	struct bkt_strs l = { bkt_arena_alloc(arena, n * sizeof(*l.v)), 0 };

	if (!l.v)
		return nomem(err);
	for (size_t i = 0; i < n; i++)
		if (!parts[i].same)
			l.v[l.n++] = parts[i].name;
	*out = l;
	return BKT_OK;
}

bool bkt_same_link(const struct bkt_link *a, const struct bkt_link *b)
{
	return bkt_same_text(a->state, b->state) &&
	       same_numbers(&a->levels, &b->levels) &&
	       bkt_same_text(a->locator, b->locator) &&
	       bkt_same_text(a->note, b->note);
}

bool bkt_intake_future(const struct bkt_document *said, int64_t now_utc_s)
{
	int32_t days;

	/* Indonesia's easternmost clock is nine hours ahead */
	return bkt_date_parse(said->date ? said->date : "", &days) &&
	       days > (now_utc_s + 9 * 3600) / 86400;
}

struct units {
	bkt_arena *arena;
	struct bkt_strs list;
	size_t max;
};

static enum bkt_status take_unit(
    void *arg, const char *path, struct bkt_span bytes, struct bkt_err *err)
{
	struct units *u = arg;
	struct bkt_record *r;

	(void)path;
	BKT_TRY(bkt_record_parse(bytes, u->arena, &r, err));
	if (r->kind != BKT_KIND_UNIT || strcmp(r->u.unit.state, "active") != 0)
		return BKT_OK;
	if (u->list.n == u->max) {
		const char **more = bkt_arena_alloc(
		    u->arena, (u->max * 2 + 64) * sizeof(*more));

		if (!more)
			return nomem(err);
		if (u->list.n > 0)
			memcpy(more, u->list.v, u->list.n * sizeof(*more));
		u->list.v = more;
		u->max = u->max * 2 + 64;
	}
	u->list.v[u->list.n++] = r->u.unit.unit;
	return BKT_OK;
}

enum bkt_status bkt_intake_units(
    bkt_store *s, bkt_arena *arena, struct bkt_strs *out, struct bkt_err *err)
{
	struct units u = { .arena = arena };

	BKT_TRY(s->source.each(s->source.ctx, "units/", take_unit, &u, err));
	*out = u.list;
	return BKT_OK;
}
