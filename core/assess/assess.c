#include <string.h>

#include "private.h"

#define ASSESS_MAX ((size_t)1 << 30)

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

struct names {
	struct bkt_buf list;
};

static enum bkt_status each_cycle(
    void *arg, const char *path, struct bkt_span bytes, struct bkt_err *err)
{
	struct names *names = arg;
	struct bkt_path_info where;

	(void)bytes;
	(void)err;
	bkt_path_classify(path, &where);
	if (where.kind == BKT_KIND_CYCLE && where.class_ == BKT_PATH_RECORD)
		bkt_buf_printf(&names->list, "%s%s",
		    names->list.len ? ", " : "", where.cycle);
	return BKT_OK;
}

static enum bkt_status no_cycle(
    const struct bkt_source *source, const char *cycle, struct bkt_err *err)
{
	struct names names;

	bkt_buf_init(&names.list, 160);
	(void)bkt_fail(err, BKT_E_NOTFOUND, "there is no cycle '%s'", cycle);
	if (source->each(source->ctx, "cycles/", each_cycle, &names, NULL) ==
		BKT_OK &&
	    names.list.len > 0)
		bkt_err_hint(err, "there are: %s", (char *)names.list.ptr);
	else
		bkt_err_hint(err, "bukti cycle open %s ... opens one", cycle);
	bkt_buf_release(&names.list);
	return BKT_E_NOTFOUND;
}

static enum bkt_status load_cycle(bkt_assess *a,
    const struct bkt_source *source, const char *cycle, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { 0 };
	const char *path;
	enum bkt_status st;

	bkt_buf_init(&bytes, BKT_RECORD_MAX);
	if (!bkt_id_valid(cycle))
		return no_cycle(source, cycle, err);
	path = bkt_arena_printf(a->arena, "cycles/%s/cycle.json", cycle);
	if (!path)
		return nomem(err);
	st = source->read(source->ctx, path, &bytes, err);
	if (st == BKT_E_NOTFOUND)
		return no_cycle(source, cycle, err);
	if (st != BKT_OK)
		return st;
	st = bkt_record_parse(bkt_buf_span(&bytes), a->arena, &a->cycle, err);
	if (st != BKT_OK)
		return bkt_fail_context(err, st, "%s", path);
	if (a->cycle->kind != BKT_KIND_CYCLE)
		return bkt_fail(err, BKT_E_FORMAT, "%s is no cycle", path);
	return BKT_OK;
}

static enum bkt_status load_rulebook(
    bkt_assess *a, const struct bkt_source *source, struct bkt_err *err)
{
	const struct bkt_cycle *cycle = &a->cycle->u.cycle;
	BKT_AUTO(bkt_buf_release) struct bkt_buf yaml = { 0 };
	char hex[BKT_SHA256_HEX + 1];
	struct bkt_sha256 digest;
	const char *path;

	bkt_buf_init(&yaml, BKT_YAML_MAX);
	path = bkt_arena_printf(a->arena, "rulebooks/%s.yaml", cycle->rulebook);
	if (!path)
		return nomem(err);
	BKT_TRY(source->read(source->ctx, path, &yaml, err));
	BKT_TRY(bkt_sha256_of(bkt_buf_span(&yaml), &digest, err));
	bkt_hex(digest.b, sizeof(digest.b), hex);
	if (strcmp(hex, cycle->rulebook_sha256) != 0)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "%s is not the rulebook that the cycle names", path);
	return bkt_rulebook_parse(
	    bkt_buf_span(&yaml), path, &a->rulebook, NULL, err);
}

enum bkt_status bkt_assess_cycle(const struct bkt_source *source,
    const char *cycle, const bkt_objects *objects, bkt_assess **out,
    struct bkt_err *err)
{
	BKT_AUTO(bkt_assess_free) bkt_assess *a = bkt_calloc(1, sizeof(*a));

	if (!a)
		return nomem(err);
	a->arena = bkt_arena_new(ASSESS_MAX);
	if (!a->arena)
		return nomem(err);
	BKT_TRY(load_cycle(a, source, cycle, err));
	BKT_TRY(load_rulebook(a, source, err));
	BKT_TRY(assess_facts(a, source, cycle, objects, err));
	BKT_TRY(bkt_evaluate(bkt_rulebook_get(a->rulebook), &a->facts, a->arena,
	    &a->result, err));
	*out = BKT_STEAL(a);
	return BKT_OK;
}

void bkt_assess_free(bkt_assess *a)
{
	if (!a)
		return;
	bkt_rulebook_free(a->rulebook);
	bkt_arena_free(a->arena);
	bkt_free(a);
}

const struct bkt_cycle *bkt_assess_record(const bkt_assess *a)
{
	return &a->cycle->u.cycle;
}

const struct bkt_rulebook *bkt_assess_rulebook(const bkt_assess *a)
{
	return bkt_rulebook_get(a->rulebook);
}

const struct bkt_facts *bkt_assess_facts(const bkt_assess *a)
{
	return &a->facts;
}

const struct bkt_assessment *bkt_assess_result(const bkt_assess *a)
{
	return a->result;
}

const struct bkt_record *bkt_assess_released(
    const bkt_assess *a, struct bkt_sha256 *sha256)
{
	if (a->release && sha256)
		*sha256 = a->release_sha256;
	return a->release;
}

void bkt_assess_level_text(struct bkt_rat r, char out[48])
{
	bkt_rat_exact(r, out);
}
