/*
 * The import in rounds, three of them at once: one is submitted, which one
 * processor can do; the next one is signed, the one after it read and hashed
 * by the others.
 */
#include "import.h"

#include <string.h>

#define ROUND_FILES 448
#define ROUND_BYTES ((uint64_t)512 * 1024 * 1024)
#define ROUND_ENTRIES (BKT_BATCH_MAX - 64)

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

/* as many files as make a good batch */
static size_t round_size(const struct import *m, size_t from)
{
	uint64_t bytes = 0;
	size_t n = 0, entries = 0;

	for (size_t i = from; i < m->n_files && n < ROUND_FILES; i++, n++) {
		struct bkt_file_info info = { .size_bytes = 0 };
		BKT_AUTO_FD fd = -1;

		entries++;
		for (const struct import_link *l = m->files[i]->links; l;
		     l = l->next)
			entries++;
		if (bkt_file_open_beneath(m->o->dir, m->files[i]->file, &fd,
			&info, NULL) == BKT_OK)
			bytes += info.size_bytes;
		if (n > 0 && (entries > ROUND_ENTRIES || bytes > ROUND_BYTES))
			break;
	}
	return n > 0 ? n : 1;
}

static void round_free(struct import *m, struct round *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n_files; i++)
		bkt_staged_release(m->s->objects, &r->slots[i].staged);
	for (size_t i = 0; i < 64; i++)
		bkt_arena_free(r->seal_arenas[i]);
	bkt_free(r->slots);
	bkt_arena_free(r->arena);
	bkt_free(r);
}

static enum bkt_status round_new(
    struct import *m, size_t from, struct round **out, struct bkt_err *err)
{
	struct round *r = bkt_calloc(1, sizeof(*r));
	size_t n = round_size(m, from);

	if (!r)
		return nomem(err);
	r->m = m;
	r->arena = bkt_arena_new((size_t)1 << 30);
	r->slots = bkt_calloc(n, sizeof(*r->slots));
	if (!r->arena || !r->slots) {
		round_free(m, r);
		return nomem(err);
	}
	r->n_files = n < m->n_files - from ? n : m->n_files - from;
	for (size_t i = 0; i < r->n_files; i++)
		r->slots[i].f = m->files[from + i];
	*out = r;
	return BKT_OK;
}

/* in the order they move on; each may be NULL */
struct line {
	struct round *submitted, *sealed, *staged;
	size_t at, done; /* files taken up, files done with */
};

/* signing is left to those who have nothing else to do */
static unsigned helpers(void)
{
	unsigned n = bkt_cpu_count();

	return n > 1 ? n - 1 : 1;
}

static enum bkt_status half(
    void *ctx, size_t item, unsigned worker, struct bkt_err *err)
{
	const struct line *l = ctx;

	(void)worker;
	if (item == 0)
		return l->submitted ? import_submit(l->submitted, err) : BKT_OK;
	if (l->sealed)
		BKT_TRY(bkt_parallel(
		    helpers(), l->sealed->n, import_seal, l->sealed, err));
	return l->staged ? bkt_parallel(0, l->staged->n_files, import_stage,
			       l->staged, err)
			 : BKT_OK;
}

static enum bkt_status advance(
    struct import *m, struct line *l, struct bkt_err *err)
{
	if (l->at < m->n_files) {
		BKT_TRY(round_new(m, l->at, &l->staged, err));
		l->at += l->staged->n_files;
	}
	BKT_TRY(bkt_parallel(2, 2, half, l, err));
	if (l->submitted)
		l->done += l->submitted->n_files;
	round_free(m, l->submitted);
	l->submitted = l->sealed;
	l->sealed = l->staged;
	l->staged = NULL;
	/* who asks the index does so while nobody writes it */
	if (l->sealed)
		BKT_TRY(import_make(l->sealed, err));
	if (!bkt_progress_tell(m->o->progress, "import", l->done, m->n_files))
		return bkt_fail(err, BKT_E_INTERRUPTED,
		    "interrupted after %zu of %zu files", l->done, m->n_files);
	return BKT_OK;
}

static enum bkt_status run_rounds(struct import *m, struct bkt_err *err)
{
	struct line l = { .at = 0 };
	enum bkt_status st = BKT_OK;

	while (st == BKT_OK && l.done < m->n_files)
		st = advance(m, &l, err);
	round_free(m, l.submitted);
	round_free(m, l.sealed);
	round_free(m, l.staged);
	for (size_t i = 0; i < 64; i++)
		bkt_gitpress_free(m->press[i]);
	return st;
}

/* a wrong folder is one mistake, not one for every row */
static enum bkt_status check_folder(struct import *m, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = NULL;
	const char *near;

	for (size_t i = 0; i < m->n_files; i++) {
		BKT_AUTO_FD fd = -1;

		if (bkt_file_open_beneath(m->o->dir, m->files[i]->file, &fd,
			NULL, NULL) != BKT_E_NOTFOUND)
			return BKT_OK;
	}
	if (m->n_files < 2)
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_USAGE,
	    "none of the %zu files of '%s' is in '%s'", m->n_files,
	    m->o->csv_name, m->o->dir);
	bkt_err_hint(err,
	    "--dir names the folder that '%.100s' (line %llu) is relative to",
	    m->files[0]->file, (unsigned long long)m->files[0]->line);
	arena = bkt_arena_new(1 << 26);
	near = arena ? import_near(m, m->files[0]->file, arena) : NULL;
	if (near)
		bkt_err_hint(err,
		    "the folder has '%.100s': write that for '%.100s' (line "
		    "%llu), or name another folder with --dir",
		    near, m->files[0]->file,
		    (unsigned long long)m->files[0]->line);
	return BKT_E_USAGE;
}

static enum bkt_status run_all(struct import *m, struct bkt_err *err)
{
	BKT_TRY(bkt_store_may(m->s, m->o->hand.member, BKT_KIND_LINK, err));
	BKT_TRY(bkt_intake_units(m->s, m->arena, &m->units, err));
	BKT_TRY(import_folder_new(m, err));
	BKT_TRY(import_read(m, err));
	BKT_TRY(import_folder_read(m, err));
	BKT_TRY(check_folder(m, err));
	if (m->o->dry_run)
		BKT_TRY(bkt_store_state(m->s, &m->rehearsal, err));
	BKT_TRY(run_rounds(m, err));
	return import_unnamed(m, err);
}

enum bkt_status bkt_import(bkt_store *s,
    const struct bkt_import_options *options, struct bkt_import_result *out,
    struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free)
	bkt_arena *arena = bkt_arena_new((size_t)1 << 30);
	BKT_AUTO(bkt_map_free) bkt_map *by_file = bkt_map_new();
	BKT_AUTO(bkt_map_free) bkt_map *bad = bkt_map_new();
	BKT_AUTO(bkt_map_free) bkt_map *content = bkt_map_new();
	BKT_AUTO(bkt_map_free) bkt_map *linked = bkt_map_new();
	BKT_AUTO(bkt_map_free) bkt_map *replaced = bkt_map_new();
	BKT_AUTO(bkt_map_free) bkt_map *left_out = bkt_map_new();
	BKT_AUTO(bkt_map_free) bkt_map *instead = bkt_map_new();
	BKT_AUTO(bkt_map_free) bkt_map *adopted = bkt_map_new();
	struct import m = { .s = s,
		.o = options,
		.result = out,
		.arena = arena,
		.by_file = by_file,
		.bad_lines = bad,
		.by_content = content,
		.linked = linked,
		.replaced = replaced,
		.left_out = left_out,
		.instead = instead,
		.adopted = adopted };

	enum bkt_status st;

	memset(out, 0, sizeof(*out));
	if (!arena || !by_file || !bad || !content || !linked || !replaced ||
	    !left_out || !instead || !adopted)
		return nomem(err);
	st = run_all(&m, err);
	/* when the whole is wrong, what is wrong with a row can wait */
	if (st == BKT_OK || (bkt_is_fault(st) && st != BKT_E_NOMEM)) {
		import_tell(&m);
		import_tell_needs(&m);
	}
	bkt_state_free(m.rehearsal);
	import_folder_free(&m);
	return st;
}
