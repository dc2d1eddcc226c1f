/* What happened to a round after it was released. */
#include "private.h"

#include <string.h>

struct looking {
	const bkt_assess *assess;
	const char *cycle;
	uint64_t released; /* index of the release's entry */
	bool found;
	struct bkt_changed *out;
	bkt_map *seen;
	bkt_arena *arena;
	size_t room;
};

static enum bkt_status keep_first(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct looking *l = ctx;

	(void)err;
	l->released = e->index;
	l->found = true;
	return BKT_OK;
}

static enum bkt_status add(
    struct looking *l, const char *indicator, struct bkt_err *err)
{
	if (bkt_map_get(l->seen, indicator) || l->out->indicators.n == l->room)
		return BKT_OK;
	BKT_TRY(bkt_map_set(l->seen, indicator, l, err));
	l->out->indicators.v[l->out->indicators.n] =
	    bkt_arena_strdup(l->arena, indicator);
	if (!l->out->indicators.v[l->out->indicators.n])
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	l->out->indicators.n++;
	return BKT_OK;
}

/* a document counts for every indicator that it supports */
static enum bkt_status add_document(
    struct looking *l, const char *document, struct bkt_err *err)
{
	const struct bkt_facts *f = bkt_assess_facts(l->assess);

	for (size_t i = 0; i < f->n_evidence; i++)
		if (strcmp(f->evidence[i].document, document) == 0)
			BKT_TRY(add(l, f->evidence[i].indicator, err));
	return BKT_OK;
}

static enum bkt_status look(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct looking *l = ctx;
	struct bkt_path_info at;

	if (e->index <= l->released)
		return BKT_OK;
	bkt_path_classify(e->path, &at);
	if (at.cycle[0] && strcmp(at.cycle, l->cycle) != 0)
		return BKT_OK;
	if (at.kind == BKT_KIND_CYCLE)
		l->out->round = true;
	else if (at.cycle[0] && at.indicator[0])
		return add(l, at.indicator, err);
	else if (at.document[0])
		return add_document(l, at.document, err);
	return BKT_OK;
}

static bool is_level(const char *sealed, struct bkt_rat now)
{
	char text[48];

	bkt_rat_exact(now, text);
	return strcmp(sealed, text) == 0;
}

/* what was sealed of it, and whether it had to be explained, no longer hold */
static bool is_other(const bkt_assess *a, const struct bkt_indicator_result *r,
    const struct bkt_release *sealed)
{
	const struct bkt_release_level *l = NULL;
	bool explained;

	for (size_t i = 0; i < sealed->n_levels && !l; i++)
		if (strcmp(sealed->levels[i].indicator, r->indicator->id) == 0)
			l = &sealed->levels[i];
	if (!l)
		return true;
	explained = l->gap && l->gap[0] != '\0';
	return explained != bkt_assess_needs_reason(a, r->indicator->id) ||
	       !is_level(l->claimed, r->claimed.value) ||
	       !is_level(l->supported, r->supported.value) ||
	       !is_level(l->verified, r->verified.value);
}

/* by what no path tells: a unit, a member, a content that is gone */
static enum bkt_status compare(struct looking *l, struct bkt_err *err)
{
	const struct bkt_assessment *now = bkt_assess_result(l->assess);
	struct bkt_sha256 sha256;
	const struct bkt_record *r = bkt_assess_released(l->assess, &sha256);

	for (size_t i = 0; r && i < now->n_indicators; i++)
		if (is_other(l->assess, &now->indicators[i], &r->u.release))
			BKT_TRY(add(l, now->indicators[i].indicator->id, err));
	return BKT_OK;
}

enum bkt_status bkt_store_changed(bkt_store *s, const bkt_assess *a,
    bkt_arena *arena, struct bkt_changed *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_map_free) bkt_map *seen = bkt_map_new();
	struct looking l = { .assess = a,
		.cycle = bkt_assess_record(a)->cycle,
		.out = out,
		.seen = seen,
		.arena = arena,
		.room = bkt_assess_rulebook(a)->n_indicators };
	const char *path =
	    bkt_arena_printf(arena, "cycles/%s/release.json", l.cycle);
	uint64_t size = s->head.checkpoint.size;

	memset(out, 0, sizeof(*out));
	out->indicators.v =
	    bkt_arena_alloc(arena, (l.room + 1) * sizeof(*out->indicators.v));
	if (!seen || !path || !out->indicators.v)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	BKT_TRY(bkt_index_history(
	    s->index, path, UINT64_MAX, 1, keep_first, &l, err));
	if (!l.found)
		return bkt_fail(
		    err, BKT_E_NOTFOUND, "the round was never released");
	out->released = l.released;
	if (size > l.released + 1)
		BKT_TRY(bkt_index_history(s->index, NULL, UINT64_MAX,
		    size - l.released - 1, look, &l, err));
	return compare(&l, err);
}
