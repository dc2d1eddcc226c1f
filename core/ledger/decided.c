/*
 * Who decided about evidence of an indicator. A review stays in the tree for
 * ever, so its path alone tells, whatever the newest version of it says.
 */
#include "ledger_private.h"

enum bkt_status state_decides(
    bkt_state *s, const char *review_path, struct bkt_err *err)
{
	char key[BKT_PATH_MAX + 1];
	struct bkt_path_info at;

	bkt_path_classify(review_path, &at);
	BKT_TRY(state_path(
	    key, err, "%s/%s/%s", at.cycle, at.indicator, at.member));
	return bkt_map_set(s->decided, key, &state_absent, err);
}

static enum bkt_status take_review(void *ctx, const char *path,
    const struct bkt_oid *blob, struct bkt_err *err)
{
	struct bkt_path_info at;

	(void)blob;
	bkt_path_classify(path, &at);
	if (at.class_ != BKT_PATH_RECORD || at.kind != BKT_KIND_REVIEW)
		return BKT_OK;
	return state_decides(ctx, path, err);
}

/* once for each indicator that is asked about */
static enum bkt_status load_decided(
    bkt_state *s, const char *cycle, const char *indicator, struct bkt_err *err)
{
	char key[BKT_PATH_MAX + 1], prefix[BKT_PATH_MAX + 1];

	if (!s->git)
		return BKT_OK;
	BKT_TRY(state_path(key, err, "%s/%s", cycle, indicator));
	if (bkt_map_get(s->decided, key))
		return BKT_OK;
	BKT_TRY(
	    state_path(prefix, err, "cycles/%s/%s/reviews/", cycle, indicator));
	BKT_TRY(bkt_gitdb_walk(s->git, &s->tree, prefix, take_review, s, err));
	return bkt_map_set(s->decided, key, &state_absent, err);
}

enum bkt_status state_decided(bkt_state *s, const char *cycle,
    const char *indicator, const char *member, bool *yes, struct bkt_err *err)
{
	char key[BKT_PATH_MAX + 1];

	BKT_TRY(load_decided(s, cycle, indicator, err));
	BKT_TRY(state_path(key, err, "%s/%s/%s", cycle, indicator, member));
	*yes = bkt_map_get(s->decided, key) != NULL;
	return BKT_OK;
}
