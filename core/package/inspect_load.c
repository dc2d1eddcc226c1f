/* data/meta/records and proofs back into records with their places. */
#include <stdio.h>
#include <string.h>

#include "inspect.h"

#define RECORDS "data/meta/records/"
#define RECORDS_LEN (sizeof(RECORDS) - 1)

/* "data/meta/records/00000012.json" -> 12 */
static bool record_index(const char *name, uint64_t *out)
{
	char digits[24], again[64];
	const char *dot;
	size_t n;
	int len;

	if (strncmp(name, RECORDS, RECORDS_LEN) != 0)
		return false;
	dot = strchr(name + RECORDS_LEN, '.');
	if (!dot || strcmp(dot, ".json") != 0)
		return false;
	n = (size_t)(dot - name) - RECORDS_LEN;
	if (n < 8 || n >= sizeof(digits))
		return false;
	memcpy(digits, name + RECORDS_LEN, n);
	digits[n] = '\0';
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		if (digits[i] < '0' || digits[i] > '9' ||
		    *out > UINT64_MAX / 20)
			return false;
		*out = *out * 10 + (uint64_t)(digits[i] - '0');
	}
	len = snprintf(again, sizeof(again), RECORDS PK_INDEX_FMT ".json",
	    (unsigned long long)*out);
	return len > 0 && strcmp(again, name) == 0;
}

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

static enum bkt_status load_seals(struct inspection *x, struct pk_record *r,
    const char *stem, struct bkt_err *err)
{
	const struct bkt_strs *by = &r->sub.parsed->by;

	r->sub.seals =
	    bkt_arena_alloc(x->arena, (by->n + 1) * sizeof(*r->sub.seals));
	if (!r->sub.seals)
		return nomem(err);
	for (size_t i = 0; i < by->n; i++) {
		const char *path =
		    bkt_arena_printf(x->arena, "%s.%s.p7s", stem, by->v[i]);

		if (!path)
			return nomem(err);
		BKT_TRY(inspect_read(
		    x, path, BKT_SEAL_MAX, &r->sub.seals[i].p7s, err));
		r->sub.seals[i].member = by->v[i];
	}
	r->sub.n_seals = by->n;
	return BKT_OK;
}

/* a document's pointer is not packed: it follows from the record */
static enum bkt_status make_pointer(struct inspection *x,
    const struct bkt_document *d, struct bkt_span *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf text = { 0 };
	char *copy;

	bkt_buf_init(&text, 1024);
	bkt_pointer_print(d->sha256, d->size, &text);
	BKT_TRY(bkt_buf_check(&text, err));
	copy = bkt_arena_strndup(x->arena, (const char *)text.ptr, text.len);
	if (!copy)
		return nomem(err);
	*out = bkt_span_str(copy);
	return BKT_OK;
}

static enum bkt_status load_owned(struct inspection *x, struct pk_record *r,
    const char *stem, struct bkt_err *err)
{
	const struct bkt_record *rec = r->sub.parsed;
	struct bkt_strs paths;
	const char *dot, *path;

	BKT_TRY(bkt_record_owned(rec, x->arena, &paths, err));
	if (paths.n == 0)
		return BKT_OK;
	if (paths.n != 1)
		return bkt_fail(err, BKT_E_FORMAT,
		    "a %s record does not belong in a package",
		    bkt_kind_name(rec->kind));
	r->sub.owned = bkt_arena_alloc(x->arena, sizeof(*r->sub.owned));
	if (!r->sub.owned)
		return nomem(err);
	r->sub.n_owned = 1;
	r->sub.owned[0].path = paths.v[0];
	if (rec->kind == BKT_KIND_DOCUMENT)
		return make_pointer(
		    x, &rec->u.document, &r->sub.owned[0].bytes, err);
	dot = strrchr(paths.v[0], '.');
	path = bkt_arena_printf(x->arena, "%s%s", stem, dot ? dot : "");
	if (!path)
		return nomem(err);
	return inspect_read(
	    x, path, BKT_GITDB_BLOB_MAX, &r->sub.owned[0].bytes, err);
}

static enum bkt_status load_proof(
    struct inspection *x, struct pk_record *r, struct bkt_err *err)
{
	const char *path = bkt_arena_printf(x->arena,
	    "data/meta/proofs/" PK_INDEX_FMT ".tlog-proof",
	    (unsigned long long)r->index);
	struct bkt_span text, note;
	uint64_t index;

	if (!path)
		return nomem(err);
	BKT_TRY(inspect_read(x, path, (size_t)64 * 1024, &text, err));
	BKT_TRY(bkt_tlog_proof_parse(text, &index, &r->proof, &note, err));
	if (index != r->index)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "%s is the proof of entry %llu", path,
		    (unsigned long long)index);
	if (!bkt_span_eq(note, x->in.checkpoint))
		return bkt_fail(err, BKT_E_TAMPERED,
		    "%s is a proof against another checkpoint", path);
	return BKT_OK;
}

static enum bkt_status load_record(struct inspection *x, const char *name,
    struct pk_record *r, struct bkt_err *err)
{
	const char *stem =
	    bkt_arena_strndup(x->arena, name, strlen(name) - strlen(".json"));
	enum bkt_status st;

	if (!stem)
		return nomem(err);
	BKT_TRY(inspect_read(x, name, BKT_RECORD_MAX, &r->sub.record, err));
	st = bkt_record_parse(r->sub.record, x->arena, &r->sub.parsed, err);
	if (st != BKT_OK)
		return bkt_fail_context(err, st, "%s", name);
	BKT_TRY(bkt_sha256_of(r->sub.record, &r->sha256, err));
	BKT_TRY(load_seals(x, r, stem, err));
	BKT_TRY(load_owned(x, r, stem, err));
	return load_proof(x, r, err);
}

/* names sort as their indexes do, except past eight digits */
static enum bkt_status load_records(struct inspection *x, struct bkt_err *err)
{
	size_t n = bkt_zip_count(x->zip);

	x->in.records =
	    bkt_arena_alloc(x->arena, (n + 1) * sizeof(*x->in.records));
	if (!x->in.records)
		return nomem(err);
	for (size_t i = 0; i < n; i++) {
		struct pk_record *r = &x->in.records[x->in.n];
		const char *name = inspect_name(x, i);

		if (!record_index(name, &r->index))
			continue;
		if (x->in.n > 0 && r[-1].index >= r->index)
			return bkt_fail(err, BKT_E_FORMAT,
			    "the records are not in the order of the log");
		BKT_TRY(load_record(x, name, r, err));
		x->in.n++;
	}
	if (x->in.n == 0)
		return bkt_fail(err, BKT_E_FORMAT, "there are no records");
	return BKT_OK;
}

static enum bkt_status find_cycle(struct inspection *x, struct bkt_err *err)
{
	for (size_t i = x->in.n; i > 0; i--) {
		const struct bkt_record *r = x->in.records[i - 1].sub.parsed;
		size_t len;

		if (r->kind != BKT_KIND_RELEASE)
			continue;
		x->in.cycle = r->u.release.cycle;
		len = strlen(x->in.cycle);
		if (len < sizeof(x->report->cycle))
			memcpy(x->report->cycle, x->in.cycle, len + 1);
		return BKT_OK;
	}
	return bkt_fail(err, BKT_E_MISSING, "there is no release");
}

enum bkt_status inspect_load(struct inspection *x, struct bkt_err *err)
{
	BKT_TRY(inspect_read(
	    x, "data/meta/checkpoint", 2048, &x->in.checkpoint, err));
	BKT_TRY(load_records(x, err));
	x->report->n_records = x->in.n;
	return find_cycle(x, err);
}
