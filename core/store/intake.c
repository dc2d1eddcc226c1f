/* A person's file on its way to a record: the same for every front end. */
#include <string.h>

#include "private.h"

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

enum bkt_status bkt_intake_policy(bkt_store *s, struct bkt_span default_yaml,
    bkt_arena *arena, struct bkt_file_policy *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *path = store_path(s->dir, "bukti/files.yaml");
	BKT_AUTO(bkt_buf_release) struct bkt_buf own = { 0 };
	enum bkt_status st;

	bkt_buf_init(&own, BKT_YAML_MAX);
	if (!path)
		return nomem(err);
	st = bkt_file_slurp(path, &own, err);
	if (st == BKT_E_NOTFOUND)
		return bkt_file_policy_from_yaml(
		    default_yaml, "files.yaml", arena, out, err);
	if (st == BKT_E_FORMAT || st == BKT_E_LIMIT) {
		(void)bkt_fail_context(err, BKT_E_CONFIG, "file policy");
		bkt_err_hint(err, "mend it, or remove it: the installed policy "
				  "holds then");
		return BKT_E_CONFIG;
	}
	if (st != BKT_OK)
		return st;
	return bkt_file_policy_from_yaml(
	    bkt_buf_span(&own), "bukti/files.yaml", arena, out, err);
}

static const char *said_of(const struct bkt_document *d, const char *field)
{
	const struct {
		const char *name, *value;
	} fields[] = { { "number", d->number }, { "date", d->date },
		{ "signer", d->signer }, { "valid_from", d->valid_from },
		{ "valid_until", d->valid_until } };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strcmp(fields[i].name, field) == 0)
			return fields[i].value ? fields[i].value : "";
	return NULL;
}

enum bkt_status bkt_intake_missing(const struct bkt_rulebook *rb,
    const struct bkt_document *said, bkt_arena *arena, struct bkt_strs *out,
    struct bkt_err *err)
{
	const struct bkt_doc_type *t = bkt_rulebook_doc_type(rb, said->type);
	struct bkt_strs l = { NULL, 0 };

	l.v = bkt_arena_alloc(
	    arena, ((t ? t->required.n : 0) + 1) * sizeof(*l.v));
	if (!l.v)
		return nomem(err);
	for (size_t i = 0; t && i < t->required.n; i++) {
		const char *value = said_of(said, t->required.v[i]);

		if (value && value[0] == '\0')
			l.v[l.n++] = t->required.v[i];
	}
	*out = l;
	return BKT_OK;
}

const char *bkt_intake_near(const char *path, bkt_arena *arena)
{
	const char *base = bkt_path_base(path), *dir = ".", *folded;
	struct bkt_strs names;

	if (base != path)
		dir = bkt_arena_strndup(arena, path, (size_t)(base - path));
	if (!dir || bkt_dir_list(dir, arena, &names, NULL) != BKT_OK)
		return NULL;
	folded = bkt_name_fold(bkt_span_str(base), arena);
	for (size_t i = 0; folded && i < names.n; i++) {
		const char *s = bkt_name_fold(bkt_span_str(names.v[i]), arena);

		if (s && strcmp(s, folded) == 0)
			return names.v[i];
	}
	return bkt_suggest(base, names.v, names.n);
}

struct finding {
	bkt_arena *arena;
	struct bkt_record *found;
};

static enum bkt_status keep_active(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct finding *f = ctx;
	struct bkt_record *r;

	if (f->found)
		return BKT_OK;
	BKT_TRY(bkt_record_parse(e->bytes, f->arena, &r, err));
	if (r->kind == BKT_KIND_DOCUMENT &&
	    strcmp(r->u.document.state, "active") == 0)
		f->found = r;
	return BKT_OK;
}

enum bkt_status bkt_intake_find(bkt_store *s, const struct bkt_sha256 *content,
    bkt_arena *arena, struct bkt_record **out, struct bkt_err *err)
{
	struct finding f = { .arena = arena };
	char hex[BKT_SHA256_HEX + 1];

	bkt_hex(content->b, sizeof(content->b), hex);
	BKT_TRY(bkt_index_find(s->index, "content", hex, keep_active, &f, err));
	if (!f.found)
		return bkt_fail(
		    err, BKT_E_NOTFOUND, "no document has this content");
	*out = f.found;
	return BKT_OK;
}

enum bkt_status bkt_intake_pointer(const struct bkt_record *doc,
    bkt_arena *arena, struct bkt_file **owned, struct bkt_err *err)
{
	struct bkt_file *file = bkt_arena_alloc(arena, sizeof(*file));
	BKT_AUTO(bkt_buf_release) struct bkt_buf text = { 0 };
	struct bkt_strs paths;
	char *copy;

	bkt_buf_init(&text, 1024);
	if (!file)
		return nomem(err);
	bkt_pointer_print(doc->u.document.sha256, doc->u.document.size, &text);
	BKT_TRY(bkt_buf_check(&text, err));
	copy = bkt_arena_strndup(arena, (const char *)text.ptr, text.len);
	if (!copy)
		return nomem(err);
	BKT_TRY(bkt_record_owned(doc, arena, &paths, err));
	BKT_ASSERT(paths.n == 1);
	*file = (struct bkt_file){ paths.v[0], bkt_span_str(copy), NULL };
	*owned = file;
	return BKT_OK;
}

static enum bkt_status choose_id(
    struct bkt_document *d, bkt_arena *arena, struct bkt_err *err)
{
	char id[BKT_DOC_ID_LEN + 1];

	if (d->document)
		return BKT_OK;
	BKT_TRY(bkt_random_id(id, BKT_DOC_ID_LEN, err));
	d->document = bkt_arena_strdup(arena, id);
	return d->document ? BKT_OK : nomem(err);
}

enum bkt_status bkt_intake_document(const struct bkt_file_policy *policy,
    const struct bkt_staged *staged, const char *name,
    const struct bkt_document *said, bkt_arena *arena, struct bkt_record **out,
    struct bkt_file **owned, struct bkt_err *err)
{
	struct bkt_record *r = bkt_arena_alloc(arena, sizeof(*r));
	char hex[BKT_SHA256_HEX + 1];
	struct bkt_document *d;

	if (!r)
		return nomem(err);
	r->kind = BKT_KIND_DOCUMENT;
	r->u.document = *said;
	d = &r->u.document;
	BKT_TRY(bkt_receive_file(policy, name,
	    BKT_SPAN(staged->head, staged->head_len), staged->size_bytes,
	    &d->media, err));
	BKT_TRY(choose_id(d, arena, err));
	bkt_hex(staged->id.b, sizeof(staged->id.b), hex);
	d->sha256 = bkt_arena_strdup(arena, hex);
	d->size = staged->size_bytes;
	d->file = bkt_file_name_clean(bkt_span_str(name), arena);
	r->path = bkt_arena_printf(
	    arena, "documents/%.2s/%s/document.json", d->document, d->document);
	if (!d->sha256 || !d->file || !r->path)
		return nomem(err);
	BKT_TRY(bkt_intake_pointer(r, arena, owned, err));
	*out = r;
	return BKT_OK;
}

enum bkt_status bkt_intake_link(const char *cycle, const char *indicator,
    const struct bkt_link *said, bkt_arena *arena, struct bkt_record **out,
    struct bkt_err *err)
{
	struct bkt_record *r = bkt_arena_alloc(arena, sizeof(*r));

	if (!r)
		return nomem(err);
	r->kind = BKT_KIND_LINK;
	r->u.link = *said;
	r->path = bkt_arena_printf(arena, "cycles/%s/%s/evidence/%s.json",
	    cycle, indicator, said->document);
	if (!r->path)
		return nomem(err);
	*out = r;
	return BKT_OK;
}
