/* The gate without the door: would it enter. Nothing is written. */
#include "private.h"

#include <string.h>

enum bkt_status bkt_store_rehearse(bkt_store *s, bkt_state *state,
    struct bkt_item *items, size_t n, bkt_arena *arena, struct bkt_err *err)
{
	struct bkt_submission *subs =
	    bkt_arena_alloc(arena, (n + 1) * sizeof(*subs));
	struct bkt_received *results =
	    bkt_arena_alloc(arena, (n + 1) * sizeof(*results));
	struct bkt_tree_source tree = { bkt_ledger_git(s->ledger),
		s->head.tree };
	const struct bkt_source source = bkt_source_of_tree(&tree);

	if (!subs || !results)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	for (size_t i = 0; i < n; i++)
		subs[i] = items[i].sub;
	BKT_TRY(bkt_receive(state, subs, n, &source, NULL, NULL,
	    bkt_now_utc_s(), s->certs, arena, results, err));
	for (size_t i = 0; i < n; i++) {
		items[i].status = results[i].status;
		items[i].err = results[i].err;
	}
	return BKT_OK;
}

/* the record at a path, in the arena */
static enum bkt_status current(bkt_store *s, const char *path, bkt_arena *arena,
    struct bkt_record **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { 0 };

	bkt_buf_init(&bytes, BKT_RECORD_MAX);
	BKT_TRY(s->source.read(s->source.ctx, path, &bytes, err));
	return bkt_record_parse(bkt_buf_span(&bytes), arena, out, err);
}

/* a role that some rule for this kind asks for; *who lists them */
static bool has_role(const struct bkt_access *access, const char *kind,
    const struct bkt_strs *roles, struct bkt_buf *who)
{
	bool yes = false;

	for (size_t i = 0; i < access->n_rules; i++) {
		const struct bkt_access_rule *rule = &access->rules[i];

		if (strcmp(rule->kind, kind) != 0)
			continue;
		for (size_t n = 0; n < rule->n_needs; n++) {
			yes |= bkt_strs_has(roles, rule->needs[n].role);
			bkt_buf_printf(who, "%s%s", who->len ? " or " : "",
			    rule->needs[n].role);
		}
	}
	return yes;
}

enum bkt_status bkt_store_may(
    bkt_store *s, const char *member, enum bkt_kind kind, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 22);
	BKT_AUTO(bkt_buf_release) struct bkt_buf who = { 0 };
	const char *path, *name = bkt_kind_name(kind);
	struct bkt_record *access, *r;
	enum bkt_status st;

	bkt_buf_init(&who, 200);
	path =
	    arena ? bkt_arena_printf(arena, "members/%s.json", member) : NULL;
	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	BKT_TRY(current(s, "access.json", arena, &access, err));
	st = current(s, path, arena, &r, err);
	if (st == BKT_E_NOTFOUND ||
	    (st == BKT_OK && strcmp(r->u.member.state, "active") != 0)) {
		(void)bkt_fail(err, BKT_E_POLICY,
		    "'%s' is not an active member of this store", member);
		bkt_err_hint(err, "bukti member list shows who is");
		return BKT_E_POLICY;
	}
	if (st != BKT_OK)
		return st;
	if (has_role(&access->u.access, name, &r->u.member.roles, &who))
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_POLICY,
	    "the access policy gives '%s' no right to any %s record; needed: "
	    "%s",
	    member, name,
	    who.len > 0 && !who.failed ? (const char *)who.ptr
				       : "a rule for it");
	bkt_err_hint(err, "name one who has it with --as; bukti member list "
			  "shows the roles");
	return BKT_E_POLICY;
}

/* the roles of an active member, else none */
static enum bkt_status roles_of(bkt_store *s, const char *member,
    bkt_arena *arena, struct bkt_strs *out, struct bkt_err *err)
{
	const char *path = bkt_arena_printf(arena, "members/%s.json", member);
	struct bkt_record *r = NULL;
	enum bkt_status st;

	*out = (struct bkt_strs){ NULL, 0 };
	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	st = current(s, path, arena, &r, err);
	if (st == BKT_E_NOTFOUND)
		return BKT_OK;
	if (st == BKT_OK && strcmp(r->u.member.state, "active") == 0)
		*out = r->u.member.roles;
	return st;
}

/* a place each and a holder for every place; scopes are for the gate */
static bool rule_filled(const struct bkt_access_rule *rule,
    const struct bkt_strs *roles, size_t n_members)
{
	uint64_t places = 0;

	for (size_t n = 0; n < rule->n_needs; n++) {
		uint64_t holders = 0;

		for (size_t i = 0; i < n_members; i++)
			holders += bkt_strs_has(&roles[i], rule->needs[n].role);
		if (holders < rule->needs[n].count)
			return false;
		places += rule->needs[n].count;
	}
	return places <= n_members;
}

enum bkt_status bkt_store_enough(bkt_store *s, const struct bkt_strs *members,
    enum bkt_kind kind, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 22);
	BKT_AUTO(bkt_buf_release) struct bkt_buf who = { 0 };
	struct bkt_record *access;
	struct bkt_strs *roles;

	bkt_buf_init(&who, 200);
	roles = arena
		    ? bkt_arena_alloc(arena, (members->n + 1) * sizeof(*roles))
		    : NULL;
	if (!roles)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	BKT_TRY(current(s, "access.json", arena, &access, err));
	for (size_t i = 0; i < members->n; i++)
		BKT_TRY(roles_of(s, members->v[i], arena, &roles[i], err));
	for (size_t i = 0; i < access->u.access.n_rules; i++) {
		const struct bkt_access_rule *rule = &access->u.access.rules[i];

		if (strcmp(rule->kind, bkt_kind_name(kind)) != 0)
			continue;
		if (rule_filled(rule, roles, members->n))
			return BKT_OK;
		bkt_buf_str(&who, who.len > 0 ? ", or " : "");
		for (size_t n = 0; n < rule->n_needs; n++)
			bkt_buf_printf(&who, "%s%llu %s", n ? " and " : "",
			    (unsigned long long)rule->needs[n].count,
			    rule->needs[n].role);
	}
	return bkt_fail(err, BKT_E_POLICY,
	    "a %s record takes the signatures of %s", bkt_kind_name(kind),
	    who.len > 0 && !who.failed ? (const char *)who.ptr
				       : "a rule for it");
}
