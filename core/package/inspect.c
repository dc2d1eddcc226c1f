/* A package without its store: hostile input until the last check. */
#include "inspect.h"

#include <stdio.h>
#include <string.h>

#define REPORT_MAX ((size_t)1 << 30)
#define WORDS_MAX 16

void bkt_inspect_report_release(struct bkt_inspect_report *r)
{
	bkt_arena_free(r->arena);
	memset(r, 0, sizeof(*r));
}

/* a document that is not there says nothing about those that are */
static bool is_absent_document(enum bkt_status st, const char *path)
{
	return st == BKT_E_MISSING && strncmp(path, "data/", 5) == 0 &&
	       strncmp(path, "data/meta", 9) != 0;
}

/* without memory a path is told twice, which is no worse than once */
static void remember(struct inspection *x, const char *path)
{
	static char present;

	if (bkt_map_set(x->told, path, &present, NULL) != BKT_OK)
		return;
}

bool inspect_told(const struct inspection *x, const char *path)
{
	return bkt_map_get(x->told, path) != NULL;
}

void inspect_add(struct inspection *x, enum bkt_status st, const char *path,
    int64_t index, const char *reason)
{
	struct bkt_inspect_report *r = x->report;
	struct bkt_verify_item *item;
	enum bkt_verdict v =
	    is_absent_document(st, path) ? BKT_INTACT : bkt_verdict_of(st);

	remember(x, path);
	if (st == BKT_E_MISSING) {
		r->complete = false;
		r->lacks = true;
	}
	if (v > r->verdict)
		r->verdict = v;
	if (!r->items)
		r->items = bkt_arena_alloc(
		    r->arena, BKT_VERIFY_ITEMS_MAX * sizeof(*r->items));
	if (!r->items || r->n_items == BKT_VERIFY_ITEMS_MAX) {
		r->n_items_dropped++;
		return;
	}
	item = &r->items[r->n_items++];
	item->verdict = v;
	item->missing = st == BKT_E_MISSING;
	item->index = index;
	item->path = bkt_arena_strdup(r->arena, path);
	item->reason = bkt_arena_strdup(r->arena, reason);
	if (!item->path)
		item->path = "";
	if (!item->reason)
		item->reason = "";
}

static void add_word(
    struct inspection *x, struct bkt_strs *list, size_t max, const char *word)
{
	bkt_arena *arena = x->report->arena;
	const char *copy = bkt_arena_strdup(arena, word);

	if (!list->v)
		list->v = bkt_arena_alloc(arena, max * sizeof(*list->v));
	/* said once: a line for each earlier release would leave out others */
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->v[i], word) == 0)
			return;
	if (list->v && copy && list->n < max)
		list->v[list->n++] = copy;
}

void inspect_unchecked(struct inspection *x, const char *what)
{
	add_word(x, &x->report->unchecked, WORDS_MAX, what);
}

const char *inspect_name(const struct inspection *x, size_t i)
{
	return bkt_zip_entry_at(x->zip, i)->path + x->base_len;
}

const struct bkt_zip_entry *inspect_find(
    const struct inspection *x, const char *path)
{
	char full[BKT_ZIP_PATH_MAX + 1];
	int n = snprintf(full, sizeof(full), "%s%s", x->base, path);

	if (n < 0 || (size_t)n >= sizeof(full))
		return NULL;
	return bkt_zip_find(x->zip, full);
}

enum bkt_status inspect_read(struct inspection *x, const char *path,
    size_t max_bytes, struct bkt_span *out, struct bkt_err *err)
{
	const struct bkt_zip_entry *e = inspect_find(x, path);
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { 0 };
	uint8_t *copy;

	bkt_buf_init(&bytes, max_bytes);
	if (!e)
		return bkt_fail(err, BKT_E_MISSING, "'%s' is missing", path);
	if (e->size_bytes > max_bytes)
		return bkt_fail(err, BKT_E_FORMAT,
		    "'%s' is larger than such a file may be", path);
	BKT_TRY(bkt_zip_read(x->zip, e, &bytes, err));
	copy = bkt_arena_alloc(x->arena, bytes.len + 1);
	if (!copy)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	if (bytes.len > 0)
		memcpy(copy, bytes.ptr, bytes.len);
	*out = BKT_SPAN(copy, bytes.len);
	return BKT_OK;
}

/* a verdict goes into the report, a fault ends the run */
static enum bkt_status settle(struct inspection *x, enum bkt_status st,
    const char *path, const struct bkt_err *why, struct bkt_err *err)
{
	if (st == BKT_OK)
		return BKT_OK;
	if (bkt_verdict_of(st) == BKT_UNDETERMINED) {
		if (err && why != err)
			*err = *why;
		return st;
	}
	inspect_add(x, st, path, -1, why->msg);
	return BKT_OK;
}

/* all entries lie in one folder; its name is the bag's */
static enum bkt_status find_base(struct inspection *x, struct bkt_err *err)
{
	const char *first, *slash;
	size_t len;

	if (bkt_zip_count(x->zip) == 0)
		return bkt_fail(err, BKT_E_FORMAT, "the package is empty");
	first = bkt_zip_entry_at(x->zip, 0)->path;
	slash = strchr(first, '/');
	if (!slash)
		return bkt_fail(
		    err, BKT_E_FORMAT, "'%s' lies outside the bag", first);
	len = (size_t)(slash - first) + 1;
	x->base = bkt_arena_strndup(x->arena, first, len);
	if (!x->base)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	x->base_len = len;
	for (size_t i = 0; i < bkt_zip_count(x->zip); i++) {
		const char *path = bkt_zip_entry_at(x->zip, i)->path;

		if (strncmp(path, x->base, len) != 0)
			return bkt_fail(err, BKT_E_FORMAT,
			    "'%s' lies outside the bag", path);
	}
	return BKT_OK;
}

/* the store's key: told by the person, or else the package's own word */
static enum bkt_status choose_key(
    struct inspection *x, struct bkt_note_key *key, struct bkt_err *err)
{
	const struct bkt_record *inst = x->in.records[0].sub.parsed;
	const char *told = x->o->pin ? x->o->pin->vkey : x->o->vkey;

	if (inst->kind != BKT_KIND_INSTITUTION)
		return bkt_fail(err, BKT_E_FORMAT,
		    "the first record is not the institution");
	if (!told) {
		inspect_unchecked(x,
		    "that the store's key is the institution's: it was taken "
		    "from the package itself (compare it, or give --key)");
		told = inst->u.institution.note_key;
	}
	BKT_TRY(bkt_note_key_parse(told, key, err));
	if (strcmp(told, inst->u.institution.note_key) != 0)
		inspect_add(x, BKT_E_TRUST, "data/meta/store.vkey", 0,
		    "the package is by another store key than the one given");
	if (!x->o->ca_sha256)
		inspect_unchecked(x,
		    "that the certificate authority is the institution's: it "
		    "was taken from the package itself");
	else if (strcmp(x->o->ca_sha256, inst->u.institution.ca) != 0)
		inspect_add(x, BKT_E_TRUST, "data/meta/ca.pem", 0,
		    "the certificate authority is another than the one given");
	return BKT_OK;
}

static enum bkt_status check_checkpoint(
    struct inspection *x, const struct bkt_note_key *key, struct bkt_err *err)
{
	struct bkt_span text;

	BKT_TRY(bkt_note_verify(x->in.checkpoint, key, &text, err));
	BKT_TRY(bkt_checkpoint_parse(text, &x->report->checkpoint, err));
	if (strcmp(x->report->checkpoint.origin, key->name) != 0)
		return bkt_fail(err, BKT_E_TRUST,
		    "the checkpoint is of the log '%s'",
		    x->report->checkpoint.origin);
	memcpy(x->report->origin, x->report->checkpoint.origin,
	    sizeof(x->report->origin));
	return BKT_OK;
}

static void pin_says(struct inspection *x)
{
	const struct bkt_pin *pin = x->o->pin;
	const struct bkt_checkpoint *cp = &x->report->checkpoint;

	inspect_unchecked(x,
	    "whether newer records exist after the release, or were left out "
	    "before it and not referred to: that needs the store or a newer "
	    "checkpoint");
	if (!pin)
		return;
	if (pin->checkpoint.size == cp->size &&
	    !bkt_sha256_eq(&pin->checkpoint.root, &cp->root))
		inspect_add(x, BKT_E_TAMPERED, "data/meta/checkpoint", -1,
		    "the checkpoint differs from the pinned one of the same "
		    "size: the log was forked");
	else if (pin->checkpoint.size != cp->size)
		inspect_unchecked(x,
		    "that the package's checkpoint and the pinned one are of "
		    "one history: they differ in size, which needs the store");
}

static enum bkt_status inspect_meaning(
    struct inspection *x, struct bkt_err *err)
{
	BKT_AUTO(bkt_state_free) bkt_state *state = NULL;
	struct bkt_note_key key;
	struct bkt_err why;
	enum bkt_status st = choose_key(x, &key, &why);

	BKT_TRY(settle(x, st, "data/meta/store.vkey", &why, err));
	if (st != BKT_OK)
		return BKT_OK;
	st = check_checkpoint(x, &key, &why);
	BKT_TRY(settle(x, st, "data/meta/checkpoint", &why, err));
	if (st != BKT_OK)
		return BKT_OK;
	pin_says(x);
	BKT_TRY(bkt_state_new(&state, err));
	BKT_TRY(inspect_records(x, state, err));
	return inspect_layout(x, state, err);
}

static enum bkt_status inspect_all(
    struct inspection *x, const char *file, struct bkt_err *err)
{
	struct bkt_err why;
	enum bkt_status st;

	st = bkt_zip_open(file, &bkt_zip_limits_default, &x->zip, &why);
	if (st == BKT_OK)
		st = find_base(x, &why);
	if (st == BKT_E_NOTFOUND) {
		if (err)
			*err = why;
		return st;
	}
	BKT_TRY(settle(x, st, file, &why, err));
	if (st != BKT_OK)
		return BKT_OK;
	x->report->file_bytes = bkt_zip_file_bytes(x->zip);
	BKT_TRY(inspect_bag(x, err));
	st = inspect_load(x, &why);
	BKT_TRY(settle(x, st, "data/meta", &why, err));
	if (st != BKT_OK)
		return BKT_OK;
	return inspect_meaning(x, err);
}

enum bkt_status bkt_package_inspect(const char *file,
    const struct bkt_inspect_options *options, struct bkt_inspect_report *out,
    struct bkt_err *err)
{
	struct inspection x = { .o = options, .report = out };
	enum bkt_status st;

	memset(out, 0, sizeof(*out));
	out->complete = true;
	out->arena = x.arena = bkt_arena_new(REPORT_MAX);
	x.told = bkt_map_new();
	st = out->arena && x.told ? inspect_all(&x, file, err)
				  : bkt_fail(err, BKT_E_NOMEM, "no memory");
	bkt_zip_close(x.zip);
	bkt_free(x.digests);
	bkt_free(x.read_ok);
	bkt_map_free(x.told);
	if (out->verdict > BKT_ERASED)
		out->complete = out->complete && out->n_documents > 0;
	if (st != BKT_OK)
		bkt_inspect_report_release(out);
	return st;
}
