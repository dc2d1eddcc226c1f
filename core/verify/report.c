#include <stdio.h>
#include <string.h>

#include "private.h"

#define NOTES_MAX 64

void bkt_verify_report_release(struct bkt_verify_report *r)
{
	bkt_arena_free(r->arena);
	memset(r, 0, sizeof(*r));
}

static void drop(struct bkt_verify_report *r, enum bkt_verdict v)
{
	r->n_items_dropped++;
	if (v > r->verdict)
		r->verdict = v;
}

void report_add(struct run *run, enum bkt_status st, const char *path,
    int64_t index, const struct bkt_oid *commit, const char *reason)
{
	struct bkt_verify_report *r = run->report;
	struct bkt_verify_item *item;
	bool content = st == BKT_E_MISSING && index >= 0 &&
		       strncmp(path, "documents/", 10) == 0 &&
		       strstr(path, "/content/");
	enum bkt_verdict v = content ? BKT_INTACT : bkt_verdict_of(st);

	if (content) {
		r->complete = false;
		r->n_missing++;
	}
	if (r->n_items == BKT_VERIFY_ITEMS_MAX) {
		drop(r, v);
		return;
	}
	if (!r->items)
		r->items = bkt_arena_alloc(
		    r->arena, BKT_VERIFY_ITEMS_MAX * sizeof(*r->items));
	if (!r->items) {
		drop(r, v);
		return;
	}
	item = &r->items[r->n_items++];
	item->verdict = v;
	item->missing = content;
	item->index = index;
	item->path = bkt_arena_strdup(r->arena, path);
	item->reason = bkt_arena_strdup(r->arena, reason);
	if (!item->path)
		item->path = "";
	if (!item->reason)
		item->reason = "";
	if (commit)
		bkt_oid_hex(commit, item->commit);
	if (v > r->verdict)
		r->verdict = v;
}

void report_note(struct run *run, const char *fmt, ...)
{
	struct bkt_verify_report *r = run->report;
	char text[400];
	va_list ap;
	const char *copy;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!r->notes.v)
		r->notes.v =
		    bkt_arena_alloc(r->arena, NOTES_MAX * sizeof(*r->notes.v));
	copy = bkt_arena_strdup(r->arena, text);
	if (r->notes.v && copy && r->notes.n < NOTES_MAX)
		r->notes.v[r->notes.n++] = copy;
}
