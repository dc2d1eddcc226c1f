/* Which indicators a published rulebook has: a round is about all of them. */
#include "ledger_private.h"

#include "bukti/rulebook.h"

/* of a person's file it would be a wrong setting; of the log it is a finding */
static enum bkt_status read_text(struct bkt_span yaml, const char *stem,
    bkt_rulebook_set **out, struct bkt_err *err)
{
	enum bkt_status st = bkt_rulebook_parse(yaml, stem, out, NULL, err);

	if (st == BKT_E_CONFIG)
		return bkt_fail_context(err, BKT_E_FORMAT, "the rulebook");
	return st;
}

static enum bkt_status keep(
    bkt_state *s, const char *stem, struct bkt_span yaml, struct bkt_err *err)
{
	BKT_AUTO(bkt_rulebook_free) bkt_rulebook_set *set = NULL;
	struct bkt_strs *ids = bkt_arena_alloc(s->arena, sizeof(*ids));
	const struct bkt_rulebook *rb;

	BKT_TRY(read_text(yaml, stem, &set, err));
	rb = bkt_rulebook_get(set);
	if (ids)
		ids->v = bkt_arena_alloc(
		    s->arena, (rb->n_indicators + 1) * sizeof(*ids->v));
	if (!ids || !ids->v)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	ids->n = rb->n_indicators;
	for (size_t i = 0; i < ids->n; i++) {
		ids->v[i] = state_word(s, rb->indicators[i].id);
		if (!ids->v[i])
			return bkt_fail(err, BKT_E_NOMEM, "no memory");
	}
	return bkt_map_set(s->rulebooks, stem, ids, err);
}

enum bkt_status judge_rulebook_text(
    const struct bkt_rulebook_rec *r, struct bkt_span yaml, struct bkt_err *err)
{
	BKT_AUTO(bkt_rulebook_free) bkt_rulebook_set *set = NULL;

	return read_text(yaml, r->rulebook, &set, err);
}

enum bkt_status state_rulebook_published(
    bkt_state *s, const struct bkt_opened *o, struct bkt_err *err)
{
	return keep(
	    s, o->rec->u.rulebook.rulebook, o->sub->owned[0].bytes, err);
}

enum bkt_status state_indicators(bkt_state *s, const char *stem,
    const struct bkt_strs **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf yaml = { 0 };
	char path[BKT_PATH_MAX + 1];

	bkt_buf_init(&yaml, BKT_YAML_MAX);
	*out = bkt_map_get(s->rulebooks, stem);
	if (*out)
		return BKT_OK;
	BKT_TRY(state_path(path, err, "rulebooks/%s.yaml", stem));
	BKT_TRY(state_owned(s, path, &yaml, err));
	BKT_TRY(keep(s, stem, bkt_buf_span(&yaml), err));
	*out = bkt_map_get(s->rulebooks, stem);
	return BKT_OK;
}
