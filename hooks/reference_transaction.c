/*
 * No ref of a store is changed by stock git: not by push, fetch, branch or
 * update-ref. Packing refs changes none: git asks about it nevertheless, first
 * for the value that it packs, then for the loose file that it drops.
 */
#include "hook.h"

#include <string.h>

#define PACKED_REFS_MAX ((size_t)4 * 1024 * 1024)

/*
 * Does the loose file go while packed-refs keeps the same value. When a ref is
 * really deleted, git holds the lock of packed-refs; when it only drops what
 * it has packed before, it does not.
 */
static enum bkt_status only_pruned(const struct hook *h,
    const struct hook_update *u, bool *out, struct bkt_err *err)
{
	const char *packed =
	    bkt_arena_printf(h->arena, "%s/packed-refs", h->dir);
	const char *lock =
	    bkt_arena_printf(h->arena, "%s/packed-refs.lock", h->dir);
	BKT_AUTO(bkt_buf_release) struct bkt_buf text;
	char hex[41];
	const char *line;
	enum bkt_status st;

	bkt_buf_init(&text, PACKED_REFS_MAX);
	bkt_oid_hex(&u->from, hex);
	line = bkt_arena_printf(h->arena, "\n%s %s\n", hex, u->ref);
	if (!packed || !lock || !line)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	*out = false;
	if (bkt_path_exists(lock))
		return BKT_OK;
	st = bkt_file_slurp(packed, &text, err);
	if (st == BKT_E_NOTFOUND)
		return BKT_OK;
	if (st != BKT_OK)
		return st;
	bkt_buf_chr(&text, '\0');
	BKT_TRY(bkt_buf_check(&text, err));
	/* its first line is always a comment */
	*out = strstr((const char *)text.ptr, line) != NULL;
	return BKT_OK;
}

/* a value written again is no change */
static enum bkt_status changes(struct hook *h, bkt_gitdb **git,
    const struct hook_update *u, bool *out, struct bkt_err *err)
{
	struct bkt_oid now;
	enum bkt_status st;
	bool pruned = false;

	*out = true;
	if (!u->plain || strncmp(u->ref, "refs/", 5) != 0)
		return BKT_OK;
	if (!*git)
		BKT_TRY(bkt_gitdb_open(h->dir, true, git, err));
	st = bkt_gitdb_ref(*git, u->ref, &now, err);
	if (st != BKT_OK)
		return st != BKT_E_NOTFOUND && bkt_is_fault(st) ? st : BKT_OK;
	if (!bkt_oid_is_zero(&u->to)) {
		*out = !bkt_oid_eq(&now, &u->to);
		return BKT_OK;
	}
	if (bkt_oid_eq(&now, &u->from))
		BKT_TRY(only_pruned(h, u, &pruned, err));
	*out = !pruned;
	return BKT_OK;
}

enum hook_answer hook_reference_transaction(struct hook *h)
{
	BKT_AUTO(bkt_gitdb_free) bkt_gitdb *git = NULL;
	struct bkt_err err = { 0 };

	if (h->argc != 2) {
		(void)bkt_fail(&err, BKT_E_USAGE,
		    "git did not say how far the change has come");
		return hook_untold(&err);
	}
	/* afterwards git does not ask, it only tells */
	if (strcmp(h->argv[1], "prepared") != 0)
		return HOOK_ALLOWED;
	if (hook_read_updates(h, &err) != BKT_OK)
		return hook_untold(&err);
	for (size_t i = 0; i < h->n_updates; i++) {
		const struct hook_update *u = &h->updates[i];
		bool changed;

		if (changes(h, &git, u, &changed, &err) != BKT_OK)
			return hook_untold(&err);
		if (!changed)
			continue;
		hook_say("bukti: '%s' would change by other means than bukti; "
			 "nothing was changed",
		    u->ref);
		hook_say("hint: records enter through bukti alone: bukti add, "
			 "bukti import, bukti help");
		return HOOK_REFUSED;
	}
	return HOOK_ALLOWED;
}
