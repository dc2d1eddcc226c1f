/* Which files of the tree accepting a record touches. */
#include "ledger_private.h"

#include <stdlib.h>
#include <string.h>

struct file_list {
	struct bkt_file *v;
	size_t n, max;
};

static bool listed(const struct file_list *l, const char *path)
{
	for (size_t i = 0; i < l->n; i++) {
		if (strcmp(l->v[i].path, path) == 0)
			return true;
	}
	return false;
}

static enum bkt_status add_seal(struct file_list *l, const char *record,
    const char *member, struct bkt_span bytes, const struct bkt_gitblob *blob,
    bkt_arena *arena, struct bkt_err *err)
{
	const char *path = bkt_seal_path(record, member, arena);

	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	if (bytes.ptr || !listed(l, path))
		l->v[l->n++] = (struct bkt_file){ path, bytes, blob };
	return BKT_OK;
}

/* owned files of the version that goes; only names that can change matter */
static enum bkt_status old_owned(const struct bkt_current *before,
    struct file_list *l, bkt_arena *arena, struct bkt_err *err)
{
	struct bkt_strs paths = { 0 };
	const char *one;

	if (before->kind == BKT_KIND_DOCUMENT) {
		one = bkt_arena_printf(arena, "documents/%.2s/%s/content/%s",
		    before->document, before->document, before->file);
		if (!one)
			return bkt_fail(err, BKT_E_NOMEM, "no memory");
		paths = (struct bkt_strs){ &one, 1 };
	} else if (before->rec) {
		BKT_TRY(bkt_record_owned(before->rec, arena, &paths, err));
	}
	for (size_t i = 0; i < paths.n; i++) {
		if (!listed(l, paths.v[i]))
			l->v[l->n++] =
			    (struct bkt_file){ paths.v[i], { NULL, 0 }, NULL };
	}
	return BKT_OK;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct bkt_file *)a)->path,
	    ((const struct bkt_file *)b)->path);
}

enum bkt_status bkt_state_files(bkt_state *s, const struct bkt_opened *o,
    bkt_arena *arena, struct bkt_file **out, size_t *out_n, struct bkt_err *err)
{
	const struct bkt_submission *sub = o->sub;
	const struct bkt_gitblob *blob = sub->blobs;
	const struct bkt_current *before = NULL;
	struct file_list l = { 0 };
	enum bkt_status st = bkt_state_get(s, o->rec->path, &before, err);

	if (st != BKT_OK && st != BKT_E_NOTFOUND)
		return st;
	l.max = 1 + sub->n_seals + sub->n_owned;
	if (before)
		l.max += 2 * BKT_SIGNERS_MAX + 1;
	l.v = bkt_arena_alloc(arena, l.max * sizeof(*l.v));
	if (!l.v)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	l.v[l.n++] = (struct bkt_file){ o->rec->path, sub->record, blob };
	for (size_t i = 0; i < sub->n_seals; i++)
		BKT_TRY(add_seal(&l, o->rec->path, sub->seals[i].member,
		    sub->seals[i].p7s, blob ? ++blob : NULL, arena, err));
	for (size_t i = 0; i < sub->n_owned; i++) {
		l.v[l.n] = sub->owned[i];
		l.v[l.n++].blob = blob ? ++blob : NULL;
	}
	if (before) {
		for (size_t i = 0; i < before->n_by; i++)
			BKT_TRY(add_seal(&l, o->rec->path, before->by[i],
			    (struct bkt_span){ NULL, 0 }, NULL, arena, err));
		BKT_TRY(old_owned(before, &l, arena, err));
	}
	BKT_ASSERT(l.n <= l.max);
	qsort(l.v, l.n, sizeof(*l.v), by_path);
	*out = l.v;
	*out_n = l.n;
	return BKT_OK;
}
