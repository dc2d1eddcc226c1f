/* What is wrong with which row: kept while rounds run, told by line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "import.h"

struct told {
	struct told *next;
	uint64_t line;
	size_t order;
	enum bkt_status status;
	const char *msg, *hint;
};

static enum bkt_status keep(struct import *m, uint64_t line,
    enum bkt_status status, const char *msg, const char *hint)
{
	struct told *t = bkt_arena_alloc(m->arena, sizeof(*t));

	if (!t)
		return BKT_E_NOMEM;
	t->line = line;
	t->order = m->n_told;
	t->status = status;
	t->msg = bkt_arena_strdup(m->arena, msg);
	t->hint = bkt_arena_strdup(m->arena, hint);
	if (!t->msg || !t->hint)
		return BKT_E_NOMEM;
	t->next = m->told;
	m->told = t;
	m->n_told++;
	return BKT_OK;
}

enum bkt_status import_bad(struct import *m, uint64_t line,
    const struct bkt_err *why, struct bkt_err *err)
{
	char key[24];

	if (keep(m, line, why->status, why->msg, why->hint) != BKT_OK)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	snprintf(key, sizeof(key), "%llu", (unsigned long long)line);
	if (bkt_map_get(m->bad_lines, key))
		return BKT_OK;
	m->result->n_bad++;
	return bkt_map_set(m->bad_lines, key, m, err);
}

enum bkt_status import_remark(struct import *m, uint64_t line,
    const struct bkt_err *what, struct bkt_err *err)
{
	if (keep(m, line, BKT_OK, what->msg, what->hint) != BKT_OK)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	return BKT_OK;
}

void import_note(struct import *m, uint64_t line, const char *fmt, ...)
{
	struct bkt_err note = { .status = BKT_OK };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(note.msg, sizeof(note.msg), fmt, ap);
	va_end(ap);
	if (keep(m, line, BKT_OK, note.msg, "") != BKT_OK)
		m->o->tell(m->o->ctx, line, &note);
}

static int by_line(const void *a, const void *b)
{
	const struct told *x = *(struct told *const *)a;
	const struct told *y = *(struct told *const *)b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

void import_tell(struct import *m)
{
	struct told **all =
	    bkt_arena_alloc(m->arena, (m->n_told + 1) * sizeof(struct told *));
	size_t n = 0;

	/* without memory unsorted is better than not at all */
	for (struct told *t = m->told; t && all; t = t->next)
		all[n++] = t;
	if (all)
		qsort(all, n, sizeof(struct told *), by_line);
	for (size_t i = 0; i < m->n_told; i++) {
		const struct told *t = all ? all[i] : m->told;
		struct bkt_err why = { .status = t->status };

		snprintf(why.msg, sizeof(why.msg), "%s", t->msg);
		snprintf(why.hint, sizeof(why.hint), "%s", t->hint);
		m->o->tell(m->o->ctx, t->line, &why);
		m->told = t->next;
	}
	m->told = NULL;
	m->n_told = 0;
}
