#include <stdlib.h>
#include <string.h>

#include "private.h"

#define LAYOUT_MAX ((size_t)1 << 30)

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

void pk_layout_free(struct pk_layout *l)
{
	if (!l)
		return;
	bkt_assess_free(l->assess);
	bkt_map_free(l->current);
	bkt_map_free(l->documents);
	bkt_arena_free(l->arena);
	bkt_free(l);
}

bool pk_belongs(const char *path, const char *cycle)
{
	struct bkt_path_info w;

	bkt_path_classify(path, &w);
	switch (w.kind) {
	case BKT_KIND_INSTITUTION:
	case BKT_KIND_ACCESS:
	case BKT_KIND_UNIT:
	case BKT_KIND_MEMBER:
	case BKT_KIND_REVOCATION:
		return true;
	case BKT_KIND_CYCLE:
	case BKT_KIND_LINK:
	case BKT_KIND_CLAIM:
	case BKT_KIND_REVIEW:
	case BKT_KIND_RELEASE:
		return strcmp(w.cycle, cycle) == 0;
	case BKT_KIND_RULEBOOK: /* those that the cycle names, see the caller */
	case BKT_KIND_DOCUMENT:
	case BKT_KIND_HOLD:
	case BKT_KIND_ERASURE:
	case BKT_KIND_PACKAGE: /* after the release */
	case BKT_KIND_RESULT:
	case BKT_N_KINDS:
		break;
	}
	return false;
}

/* ---- files ----------------------------------------------------------------
 */

static enum bkt_status add_file(
    struct pk_layout *l, const struct pk_file *f, struct bkt_err *err)
{
	if (l->n == l->max) {
		size_t max = l->max * 2 + 256;
		struct pk_file *more =
		    bkt_arena_alloc(l->arena, max * sizeof(*more));

		if (!more)
			return nomem(err);
		if (l->n > 0)
			memcpy(more, l->files, l->n * sizeof(*more));
		l->files = more;
		l->max = max;
	}
	if (strlen(l->base) + 1 + strlen(f->path) > BKT_ZIP_PATH_MAX)
		return bkt_fail(err, BKT_E_LIMIT,
		    "the name '%s' is too long for a package", f->path);
	l->files[l->n++] = *f;
	if (strncmp(f->path, "data/", 5) == 0) {
		l->payload_bytes += f->size_bytes;
		l->payload_files++;
	}
	return BKT_OK;
}

enum bkt_status pk_add(struct pk_layout *l, const char *path,
    struct bkt_span bytes, struct bkt_err *err)
{
	struct pk_file f = { .bytes = bytes, .size_bytes = bytes.len };

	f.path = bkt_arena_strdup(l->arena, path);
	if (!f.path)
		return nomem(err);
	if (!f.bytes.ptr)
		f.bytes = bkt_span_str("");
	BKT_TRY(bkt_sha256_of(f.bytes, &f.sha256, err));
	return add_file(l, &f, err);
}

enum bkt_status pk_add_buf(struct pk_layout *l, const char *path,
    const struct bkt_buf *b, struct bkt_err *err)
{
	uint8_t *copy;

	BKT_TRY(bkt_buf_check(b, err));
	copy = bkt_arena_alloc(l->arena, b->len + 1);
	if (!copy)
		return nomem(err);
	if (b->len > 0)
		memcpy(copy, b->ptr, b->len);
	return pk_add(l, path, BKT_SPAN(copy, b->len), err);
}

const char *const pk_pages[PK_PAGES] = { "BUKA-DULU.html", "VERIFIKASI.txt",
	"verify.sh" };

enum bkt_status pk_add_page(struct pk_layout *l, const struct pk_input *in,
    const char *path, struct bkt_err *err)
{
	for (size_t i = 0; i < PK_PAGES; i++) {
		if (strcmp(pk_pages[i], path) == 0 && in->pages[i].ptr)
			return pk_add(l, path, in->pages[i], err);
	}
	return BKT_OK;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct pk_file *)a)->path,
	    ((const struct pk_file *)b)->path);
}

const struct pk_file *pk_layout_find(
    const struct pk_layout *l, const char *path)
{
	const struct pk_file key = { .path = path };

	return bsearch(&key, l->files, l->n, sizeof(*l->files), by_path);
}

/* ---- records as a source ----------------------------------------------------
 */

static int by_word(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum bkt_status current_each(void *ctx, const char *prefix,
    bkt_source_fn fn, void *arg, struct bkt_err *err)
{
	const struct pk_layout *l = ctx;
	size_t n = 0, at = 0, len = strlen(prefix);
	const char *key;
	void *value;
	BKT_AUTO(bkt_free)
	const char **keys =
	    bkt_calloc(bkt_map_count(l->current) + 1, sizeof(*keys));

	if (!keys)
		return nomem(err);
	while (bkt_map_next(l->current, &at, &key, &value)) {
		if (strncmp(key, prefix, len) == 0)
			keys[n++] = key;
	}
	qsort(keys, n, sizeof(*keys), by_word);
	for (size_t i = 0; i < n; i++) {
		const struct pk_record *r = bkt_map_get(l->current, keys[i]);

		BKT_TRY(fn(arg, keys[i], r->sub.record, err));
	}
	return BKT_OK;
}

static const struct bkt_span *owned_at(
    const struct pk_layout *l, const char *path)
{
	size_t at = 0;
	const char *key;
	void *value;

	while (bkt_map_next(l->current, &at, &key, &value)) {
		const struct pk_record *r = value;

		for (size_t i = 0; i < r->sub.n_owned; i++) {
			if (strcmp(r->sub.owned[i].path, path) == 0)
				return &r->sub.owned[i].bytes;
		}
	}
	return NULL;
}

static enum bkt_status current_read(
    void *ctx, const char *path, struct bkt_buf *out, struct bkt_err *err)
{
	const struct pk_layout *l = ctx;
	const struct pk_record *r = bkt_map_get(l->current, path);
	const struct bkt_span *bytes = r ? &r->sub.record : owned_at(l, path);

	if (!bytes)
		return bkt_fail(
		    err, BKT_E_NOTFOUND, "'%s' is not among the records", path);
	bkt_buf_clear(out);
	bkt_buf_add(out, bytes->ptr, bytes->len);
	return bkt_buf_check(out, err);
}

/* ---- the parts --------------------------------------------------------------
 */

static enum bkt_status take_current(
    struct pk_layout *l, const struct pk_input *in, struct bkt_err *err)
{
	for (size_t i = 0; i < in->n; i++) {
		struct pk_record *r = &in->records[i];

		BKT_TRY(bkt_map_set(l->current, r->sub.parsed->path, r, err));
	}
	return BKT_OK;
}

static enum bkt_status whole(struct pk_layout *l, const char *path,
    const struct bkt_record **out, struct bkt_err *err)
{
	const struct pk_record *r = bkt_map_get(l->current, path);

	if (!r)
		return bkt_fail(
		    err, BKT_E_MISSING, "the record '%s' is not there", path);
	*out = r->sub.parsed;
	return BKT_OK;
}

static enum bkt_status add_record(struct pk_layout *l,
    const struct pk_input *in, const struct pk_record *r, struct bkt_err *err)
{
	unsigned long long index = (unsigned long long)r->index;
	BKT_AUTO(bkt_buf_release) struct bkt_buf proof = { 0 };
	const char *stem = bkt_arena_printf(
	    l->arena, "data/meta/records/" PK_INDEX_FMT, index);
	const char *path =
	    stem ? bkt_arena_printf(l->arena, "%s.json", stem) : NULL;

	bkt_buf_init(&proof, (size_t)64 * 1024);
	if (!path)
		return nomem(err);
	BKT_TRY(pk_add(l, path, r->sub.record, err));
	for (size_t i = 0; i < r->sub.n_seals; i++) {
		path = bkt_arena_printf(
		    l->arena, "%s.%s.p7s", stem, r->sub.seals[i].member);
		if (!path)
			return nomem(err);
		BKT_TRY(pk_add(l, path, r->sub.seals[i].p7s, err));
	}
	if (r->sub.n_owned > 0 && r->sub.parsed->kind != BKT_KIND_DOCUMENT) {
		const char *dot = strrchr(r->sub.owned[0].path, '.');

		path = bkt_arena_printf(l->arena, "%s%s", stem, dot ? dot : "");
		if (!path)
			return nomem(err);
		BKT_TRY(pk_add(l, path, r->sub.owned[0].bytes, err));
	}
	bkt_tlog_proof_print(r->index, &r->proof, in->checkpoint, &proof);
	path = bkt_arena_printf(
	    l->arena, "data/meta/proofs/" PK_INDEX_FMT ".tlog-proof", index);
	if (!path)
		return nomem(err);
	return pk_add_buf(l, path, &proof, err);
}

static enum bkt_status add_documents(struct pk_layout *l, struct bkt_err *err)
{
	size_t at = 0;
	const char *key;
	void *value;

	while (bkt_map_next(l->documents, &at, &key, &value)) {
		const struct pk_document *d = value;
		struct pk_file f = { .path = d->path,
			.size_bytes = d->evidence->size };

		if (!bkt_unhex(d->evidence->sha256, f.sha256.b, BKT_SHA256_LEN))
			return bkt_fail(
			    err, BKT_E_FORMAT, "bad content digest");
		BKT_TRY(add_file(l, &f, err));
	}
	return BKT_OK;
}

/* lines "<hex>  <path>" of the files that lie (not) below data/ */
static enum bkt_status add_manifest(
    struct pk_layout *l, const char *path, bool payload, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf text = { 0 };
	char hex[BKT_SHA256_HEX + 1];

	bkt_buf_init(&text, (size_t)64 * 1024 * 1024);
	qsort(l->files, l->n, sizeof(*l->files), by_path);
	for (size_t i = 0; i < l->n; i++) {
		const struct pk_file *f = &l->files[i];

		if ((strncmp(f->path, "data/", 5) == 0) != payload)
			continue;
		bkt_hex(f->sha256.b, BKT_SHA256_LEN, hex);
		bkt_buf_printf(&text, "%s  %s\n", hex, f->path);
	}
	return pk_add_buf(l, path, &text, err);
}

static enum bkt_status name_bag(
    struct pk_layout *l, const struct pk_input *in, struct bkt_err *err)
{
	l->base = bkt_arena_printf(l->arena, "bukti-%s", in->cycle);
	l->name = bkt_arena_printf(
	    l->arena, "bukti-%s-%s.zip", l->institution->store, in->cycle);
	return l->base && l->name ? BKT_OK : nomem(err);
}

static enum bkt_status assess(
    struct pk_layout *l, const struct pk_input *in, struct bkt_err *err)
{
	const struct bkt_source source = { current_each, current_read, l };
	const char *path;

	BKT_TRY(whole(l, "institution.json", &l->institution, err));
	path = bkt_arena_printf(l->arena, "cycles/%s/release.json", in->cycle);
	if (!path)
		return nomem(err);
	BKT_TRY(whole(l, path, &l->release, err));
	return bkt_assess_cycle(&source, in->cycle, NULL, &l->assess, err);
}

static enum bkt_status lay_out(
    struct pk_layout *l, const struct pk_input *in, struct bkt_err *err)
{
	BKT_TRY(take_current(l, in, err));
	BKT_TRY(assess(l, in, err));
	BKT_TRY(name_bag(l, in, err));
	BKT_TRY(pk_name_documents(l, err));
	BKT_TRY(add_documents(l, err));
	for (size_t i = 0; i < in->n; i++)
		BKT_TRY(add_record(l, in, &in->records[i], err));
	BKT_TRY(pk_add(l, "data/meta/checkpoint", in->checkpoint, err));
	BKT_TRY(pk_render_tables(l, in, err));
	BKT_TRY(pk_render_page(l, in, err));
	BKT_TRY(pk_render_tools(l, in, err));
	BKT_TRY(add_manifest(l, "manifest-sha256.txt", true, err));
	BKT_TRY(add_manifest(l, "tagmanifest-sha256.txt", false, err));
	qsort(l->files, l->n, sizeof(*l->files), by_path);
	l->tagmanifest = pk_layout_find(l, "tagmanifest-sha256.txt")->bytes;
	return BKT_OK;
}

enum bkt_status pk_layout_make(
    const struct pk_input *in, struct pk_layout **out, struct bkt_err *err)
{
	BKT_AUTO(pk_layout_free)
	struct pk_layout *l = bkt_calloc(1, sizeof(*l));

	if (!l)
		return nomem(err);
	l->arena = bkt_arena_new(LAYOUT_MAX);
	l->current = bkt_map_new();
	l->documents = bkt_map_new();
	if (!l->arena || !l->current || !l->documents)
		return nomem(err);
	BKT_TRY(lay_out(l, in, err));
	*out = BKT_STEAL(l);
	return BKT_OK;
}
