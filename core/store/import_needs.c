/*
 * What documents that enter seem to lack: what the rulebook wants said of them
 * (it may be a draft), or the end of the file. Told once for all of a kind.
 */
#include <stdio.h>
#include <string.h>

#include "import.h"

#define LINES_SHOWN 5

struct need {
	struct need *next;
	const char *type, *fields; /* both "": the end of the file */
	uint64_t n;
	uint64_t lines[LINES_SHOWN]; /* the first ones, sorted */
};

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

/* rounds do not come in the order of the lines */
static void keep_line(struct need *n, uint64_t line)
{
	size_t at = n->n < LINES_SHOWN ? n->n : LINES_SHOWN;

	n->n++;
	for (; at > 0 && n->lines[at - 1] > line; at--) {
		if (at < LINES_SHOWN)
			n->lines[at] = n->lines[at - 1];
	}
	if (at < LINES_SHOWN)
		n->lines[at] = line;
}

static struct need *need_of(
    struct import *m, const char *type, const char *fields)
{
	struct need **at = &m->needs;

	for (; *at; at = &(*at)->next) {
		if (strcmp((*at)->type, type) == 0 &&
		    strcmp((*at)->fields, fields) == 0)
			return *at;
	}
	*at = bkt_arena_alloc(m->arena, sizeof(**at));
	if (!*at)
		return NULL;
	**at = (struct need){ .type = bkt_arena_strdup(m->arena, type),
		.fields = fields };
	return (*at)->type ? *at : NULL;
}

enum bkt_status import_cut(struct import *m, uint64_t line, struct bkt_err *err)
{
	struct need *n = need_of(m, "", "");

	if (!n)
		return nomem(err);
	keep_line(n, line);
	return BKT_OK;
}

enum bkt_status import_needs(struct import *m, uint64_t line,
    const struct bkt_document *d, struct bkt_err *err)
{
	const char *fields = "";
	struct bkt_strs missing;
	struct need *n;

	BKT_TRY(bkt_intake_missing(m->o->rulebook, d, m->arena, &missing, err));
	if (missing.n == 0)
		return BKT_OK;
	for (size_t i = 0; fields && i < missing.n; i++)
		fields = bkt_arena_printf(m->arena, "%s%s%s", fields,
		    i > 0 ? ", " : "", missing.v[i]);
	n = fields ? need_of(m, d->type, fields) : NULL;
	if (!n)
		return nomem(err);
	keep_line(n, line);
	return BKT_OK;
}

static void tell_need(const struct import *m, const struct need *n,
    const char *lines, struct bkt_err *why)
{
	bool one = n->n == 1;

	snprintf(why->msg, sizeof(why->msg),
	    "warning: %llu document%s of type %s need%s: %s (line%s %s)",
	    (unsigned long long)n->n, one ? "" : "s", n->type, one ? "s" : "",
	    n->fields, one ? "" : "s", lines);
	bkt_err_hint(why, m->o->dry_run
			      ? "write it into the table before it is imported"
			      : "bukti help replace tells how to add it");
}

static void tell_cut(
    const struct need *n, const char *lines, struct bkt_err *why)
{
	bool one = n->n == 1;

	snprintf(why->msg, sizeof(why->msg),
	    "warning: %llu file%s without %s end: cut short? (line%s %s)",
	    (unsigned long long)n->n, one ? "" : "s", one ? "its" : "their",
	    one ? "" : "s", lines);
	bkt_err_hint(why,
	    "open %s; what does not open is got again and put in "
	    "with bukti replace",
	    one ? "it" : "them");
}

void import_tell_needs(struct import *m)
{
	for (const struct need *n = m->needs; n; n = n->next) {
		struct bkt_err why = { .status = BKT_OK };
		char lines[LINES_SHOWN * 22 + 8] = "";
		size_t shown = n->n < LINES_SHOWN ? (size_t)n->n : LINES_SHOWN;
		size_t at = 0;

		for (size_t i = 0; i < shown; i++)
			at += (size_t)snprintf(lines + at, sizeof(lines) - at,
			    "%s%llu", i > 0 ? ", " : "",
			    (unsigned long long)n->lines[i]);
		if (n->n > shown)
			snprintf(lines + at, sizeof(lines) - at, " ...");
		if (n->type[0])
			tell_need(m, n, lines, &why);
		else
			tell_cut(n, lines, &why);
		m->o->tell(m->o->ctx, 0, &why);
	}
}
