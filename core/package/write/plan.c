/* From the store: the records as of the release commit, laid out, zipped. */
#include <stdlib.h>
#include <string.h>

#include "../private.h"

#define PLAN_MAX ((size_t)1 << 30)

struct bkt_package_plan {
	bkt_arena *arena;
	struct pk_layout *layout;
	const bkt_objects *objects; /* borrowed */
};

struct gathering {
	const bkt_gitdb *git;
	bkt_arena *arena;
	const char *cycle;
	/* entries of the log that may belong, by index */
	struct bkt_scan_entry *entries;
	size_t n, max;
	bkt_map *documents, *rulebooks; /* ids and stems that the cycle uses */
	bkt_map *contents;              /* of these documents, by digest */
	struct pk_record *records;
	size_t n_records;
	const bkt_prover *prover;
};

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

/* document and rulebook records are chosen later, when the links are known */
static bool may_belong(const char *path, const char *cycle)
{
	struct bkt_path_info w;

	bkt_path_classify(path, &w);
	return pk_belongs(path, cycle) || w.kind == BKT_KIND_RULEBOOK ||
	       w.kind == BKT_KIND_DOCUMENT || w.kind == BKT_KIND_HOLD ||
	       w.kind == BKT_KIND_ERASURE;
}

static enum bkt_status keep_entry(
    void *ctx, const struct bkt_scan_entry *e, struct bkt_err *err)
{
	struct gathering *g = ctx;
	struct bkt_scan_entry *more, *kept;

	if (!may_belong(e->path, g->cycle))
		return BKT_OK;
	if (g->n == g->max) {
		size_t max = g->max * 2 + 1024;

		more = bkt_realloc(g->entries, max * sizeof(*more));
		if (!more)
			return nomem(err);
		g->entries = more;
		g->max = max;
	}
	kept = &g->entries[g->n];
	*kept = *e;
	kept->path = bkt_arena_strdup(g->arena, e->path);
	if (!kept->path)
		return nomem(err);
	g->n++;
	return BKT_OK;
}

static enum bkt_status remember_use(
    struct gathering *g, const struct bkt_record *r, struct bkt_err *err)
{
	if (r->kind == BKT_KIND_LINK)
		return bkt_map_set(g->documents, r->u.link.document, g, err);
	if (r->kind == BKT_KIND_CYCLE)
		return bkt_map_set(g->rulebooks, r->u.cycle.rulebook, g, err);
	if (r->kind == BKT_KIND_DOCUMENT)
		return bkt_map_set(g->contents, r->u.document.sha256, g, err);
	return BKT_OK;
}

static bool chosen(const struct gathering *g, const char *path, bool second)
{
	struct bkt_path_info w;

	bkt_path_classify(path, &w);
	if (w.kind == BKT_KIND_RULEBOOK)
		return second && bkt_map_get(g->rulebooks, w.rulebook);
	if (w.kind == BKT_KIND_ERASURE) /* after the document, in log order */
		return second && bkt_map_get(g->contents, w.digest);
	if (w.kind == BKT_KIND_DOCUMENT || w.kind == BKT_KIND_HOLD)
		return second && bkt_map_get(g->documents, w.document);
	return !second;
}

static enum bkt_status take(
    struct gathering *g, const struct bkt_scan_entry *e, struct bkt_err *err)
{
	struct pk_record *r = &g->records[g->n_records];
	enum bkt_status st;

	st = bkt_entry_read(g->git, e, g->arena, &r->sub, err);
	if (st != BKT_OK)
		return bkt_fail_context(err, st, "entry %llu (%s)",
		    (unsigned long long)e->index, e->path);
	/* the same content under an id that this cycle does not use */
	if (r->sub.parsed->kind == BKT_KIND_ERASURE &&
	    !bkt_map_get(g->documents, r->sub.parsed->u.erasure.document))
		return BKT_OK;
	r->index = e->index;
	r->sha256 = e->record;
	BKT_TRY(bkt_prover_inclusion(g->prover, e->index, &r->proof, err));
	g->n_records++;
	return remember_use(g, r->sub.parsed, err);
}

static int by_index(const void *a, const void *b)
{
	const struct pk_record *x = a, *y = b;

	return x->index < y->index ? -1 : x->index > y->index;
}

static enum bkt_status take_all(struct gathering *g, struct bkt_err *err)
{
	g->records =
	    bkt_arena_alloc(g->arena, (g->n + 1) * sizeof(*g->records));
	if (!g->records)
		return nomem(err);
	for (int second = 0; second < 2; second++) {
		for (size_t i = 0; i < g->n; i++) {
			if (chosen(g, g->entries[i].path, second))
				BKT_TRY(take(g, &g->entries[i], err));
		}
	}
	qsort(g->records, g->n_records, sizeof(*g->records), by_index);
	return BKT_OK;
}

static enum bkt_status check_root(
    const bkt_prover *prover, const struct bkt_head *at, struct bkt_err *err)
{
	struct bkt_sha256 root;

	BKT_TRY(bkt_prover_root(prover, &root, err));
	if (!bkt_sha256_eq(&root, &at->checkpoint.root))
		return bkt_fail(err, BKT_E_TAMPERED,
		    "the log's leaves do not lead to the checkpoint of the "
		    "release");
	return BKT_OK;
}

static enum bkt_status gather(
    struct gathering *g, const struct bkt_oid *at, struct bkt_err *err)
{
	BKT_TRY(bkt_ledger_scan_unverified(g->git, at, keep_entry, g, err));
	return take_all(g, err);
}

/* everything that the layout names can be opened and has its size */
static enum bkt_status check_objects(
    const bkt_package_plan *p, struct bkt_err *err)
{
	for (size_t i = 0; i < p->layout->n; i++) {
		const struct pk_file *f = &p->layout->files[i];
		uint64_t size;
		enum bkt_status st;
		BKT_AUTO_FD fd = -1;

		if (f->bytes.ptr)
			continue;
		st = bkt_objects_open_unverified(
		    p->objects, &f->sha256, &fd, &size, err);
		if (st != BKT_OK)
			return bkt_fail_context(err, st, "%s", f->path);
		if (size != f->size_bytes)
			return bkt_fail(err, BKT_E_TAMPERED,
			    "%s has %llu bytes, recorded are %llu", f->path,
			    (unsigned long long)size,
			    (unsigned long long)f->size_bytes);
	}
	return BKT_OK;
}

static enum bkt_status plan(bkt_package_plan *p, const bkt_ledger *l,
    const struct bkt_oid *at, const char *cycle, const bkt_prover *prover,
    struct bkt_err *err)
{
	BKT_AUTO(bkt_map_free) bkt_map *documents = bkt_map_new();
	BKT_AUTO(bkt_map_free) bkt_map *rulebooks = bkt_map_new();
	BKT_AUTO(bkt_map_free) bkt_map *contents = bkt_map_new();
	struct gathering g = { .git = bkt_ledger_git(l),
		.arena = p->arena,
		.cycle = cycle,
		.documents = documents,
		.rulebooks = rulebooks,
		.contents = contents,
		.prover = prover };
	struct pk_input in = { .cycle = cycle, .layout = BKT_PACKAGE_LAYOUT };
	struct bkt_head *head = bkt_arena_alloc(p->arena, sizeof(*head));
	enum bkt_status st;

	if (!documents || !rulebooks || !contents || !head)
		return nomem(err);
	BKT_TRY(bkt_ledger_at_unverified(l, at, head, err));
	BKT_TRY(check_root(prover, head, err));
	st = gather(&g, at, err);
	bkt_free(g.entries);
	if (st != BKT_OK)
		return st;
	in.records = g.records;
	in.n = g.n_records;
	in.checkpoint = BKT_SPAN(head->note, head->note_len);
	BKT_TRY(pk_layout_make(&in, &p->layout, err));
	return check_objects(p, err);
}

enum bkt_status bkt_package_plan_make(const bkt_ledger *l,
    const bkt_objects *objects, const struct bkt_oid *at, const char *cycle,
    const struct bkt_sha256 *leaves, uint64_t n_leaves, bkt_package_plan **out,
    struct bkt_err *err)
{
	BKT_AUTO(bkt_package_plan_free)
	bkt_package_plan *p = bkt_calloc(1, sizeof(*p));
	BKT_AUTO(bkt_prover_free) bkt_prover *prover = NULL;

	if (!p)
		return nomem(err);
	p->objects = objects;
	p->arena = bkt_arena_new(PLAN_MAX);
	if (!p->arena)
		return nomem(err);
	BKT_TRY(bkt_prover_new(leaves, n_leaves, &prover, err));
	BKT_TRY(plan(p, l, at, cycle, prover, err));
	*out = BKT_STEAL(p);
	return BKT_OK;
}

void bkt_package_plan_free(bkt_package_plan *p)
{
	if (!p)
		return;
	pk_layout_free(p->layout);
	bkt_arena_free(p->arena);
	bkt_free(p);
}

struct bkt_span bkt_package_tagmanifest(const bkt_package_plan *p)
{
	return p->layout->tagmanifest;
}

const char *bkt_package_name(const bkt_package_plan *p)
{
	return p->layout->name;
}

uint64_t bkt_package_bytes(const bkt_package_plan *p)
{
	uint64_t n = 0;

	for (size_t i = 0; i < p->layout->n; i++)
		n += p->layout->files[i].size_bytes;
	return n;
}

/* ---- writing ---------------------------------------------------------------
 */

struct writing {
	const bkt_package_plan *p;
	bkt_arena *arena;
	bkt_zip_writer *zip;
	uint64_t done, total;
	const struct bkt_progress *progress;
};

static enum bkt_status write_one(
    struct writing *w, const struct pk_file *f, struct bkt_err *err)
{
	const char *path =
	    bkt_arena_printf(w->arena, "%s/%s", w->p->layout->base, f->path);
	uint64_t size;
	enum bkt_status st;
	BKT_AUTO_FD fd = -1;

	if (!path)
		return nomem(err);
	if (f->bytes.ptr) {
		st = bkt_zip_add_bytes(w->zip, path, f->bytes, err);
	} else {
		BKT_TRY(bkt_objects_open_unverified(
		    w->p->objects, &f->sha256, &fd, &size, err));
		st = bkt_zip_add_fd(
		    w->zip, path, fd, f->size_bytes, &f->sha256, err);
	}
	if (st != BKT_OK)
		return bkt_fail_context(err, st, "%s", f->path);
	w->done += f->size_bytes;
	if (!bkt_progress_tell(w->progress, "pack", w->done, w->total))
		return bkt_fail(err, BKT_E_INTERRUPTED, "interrupted");
	return BKT_OK;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct pk_file *)a)->path,
	    ((const struct pk_file *)b)->path);
}

enum bkt_status bkt_package_write(const bkt_package_plan *p,
    const struct bkt_sealed *seals, size_t n_seals, int fd,
    const struct bkt_progress *progress, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(PLAN_MAX);
	BKT_AUTO(bkt_zip_writer_free) bkt_zip_writer *zip = NULL;
	struct writing w = { .p = p,
		.arena = arena,
		.total = bkt_package_bytes(p),
		.progress = progress };
	size_t n = p->layout->n;
	struct pk_file *all;

	if (!arena)
		return nomem(err);
	all = bkt_arena_alloc(arena, (n + n_seals) * sizeof(*all));
	if (!all)
		return nomem(err);
	memcpy(all, p->layout->files, n * sizeof(*all));
	for (size_t i = 0; i < n_seals; i++, n++) {
		all[n] = (struct pk_file){ .bytes = seals[i].p7s,
			.size_bytes = seals[i].p7s.len };
		all[n].path = bkt_arena_printf(
		    arena, "tagmanifest-sha256.txt.%s.p7s", seals[i].member);
		if (!all[n].path)
			return nomem(err);
	}
	qsort(all, n, sizeof(*all), by_path);
	BKT_TRY(bkt_zip_writer_new(fd, &zip, err));
	w.zip = zip;
	for (size_t i = 0; i < n; i++)
		BKT_TRY(write_one(&w, &all[i], err));
	return bkt_zip_writer_finish(zip, err);
}
