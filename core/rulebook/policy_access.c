/* policies/access.yaml into the struct of the access record. */
#include "yaml.h"

#include <stdlib.h>
#include <string.h>

#define NEEDS_MAX 8 /* rows of one rule; a record has at most 16 signers */

static const char *const scopes[] = { "any", "unit", "assigned" };
static const char *const others[] = { "claimant", "reviewer", "uploader" };

/* kinds that belong to an indicator, and are not the review itself: whoever
 * looked once could never look again */
static const char *const reviewed[] = { "claim", "link" };

static bool one_of(const char *w, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(list[i], w) == 0)
			return true;
	}
	return false;
}

static const char *role_of(
    struct yml *y, const struct bkt_strs *roles, const struct yml_node *node)
{
	const char *s = yml_word(y, node, "role");

	if (*s && !bkt_strs_has(roles, s))
		yml_problem_word(y, node->at, "role", s, roles->v, roles->n);
	return s;
}

static void read_need(struct yml *y, const struct bkt_strs *roles,
    const struct yml_node *node, struct bkt_access_need *out)
{
	static const char *const keys[] = { "role", "count", "scope" };
	const struct yml_node *count;
	size_t scope;

	if (!yml_map_of(y, node, "need", keys, YML_N(keys)))
		return;
	out->role = role_of(y, roles, yml_need(y, node, "role"));
	count = yml_get(node, "count");
	out->count = count ? yml_u64(y, count, "count", 1, BKT_SIGNERS_MAX) : 1;
	scope = yml_choice(
	    y, yml_need(y, node, "scope"), "scope", scopes, YML_N(scopes));
	out->scope = scopes[scope < YML_N(scopes) ? scope : 0];
}

static void read_needs(struct yml *y, const struct bkt_strs *roles,
    const struct yml_node *list, struct bkt_access_rule *out)
{
	uint64_t total = 0;

	if (!yml_is_list(y, list, "needs"))
		return;
	if (list->n == 0 || list->n > NEEDS_MAX) {
		yml_problem(y, list->at, NULL, "needs must have 1 to %d rows",
		    NEEDS_MAX);
		return;
	}
	out->needs = yml_alloc(y, list->n, sizeof(*out->needs));
	if (!out->needs)
		return;
	for (const struct yml_node *n = list->first; n; n = n->next) {
		read_need(y, roles, n, &out->needs[out->n_needs]);
		total += out->needs[out->n_needs++].count;
	}
	if (total > BKT_SIGNERS_MAX)
		yml_problem(y, list->at, NULL,
		    "needs %llu signatures, a record holds at most %d",
		    (unsigned long long)total, BKT_SIGNERS_MAX);
}

/* a scope that a kind of record has no meaning for could never be met */
static void check_scopes(
    struct yml *y, const struct yml_node *node, const struct bkt_access_rule *r)
{
	bool has_unit = strcmp(r->kind, "document") == 0;
	bool has_indicator = strcmp(r->kind, "link") == 0 ||
			     strcmp(r->kind, "claim") == 0 ||
			     strcmp(r->kind, "review") == 0;

	for (size_t i = 0; i < r->n_needs; i++) {
		const char *scope = r->needs[i].scope;

		if (!scope || strcmp(scope, "any") == 0 ||
		    (strcmp(scope, "unit") == 0 && has_unit) ||
		    (strcmp(scope, "assigned") == 0 && has_indicator))
			continue;
		yml_problem(y, node->at, NULL,
		    "a %s record has nothing for scope \"%s\"", r->kind, scope);
	}
}

static void read_rule(struct yml *y, const struct bkt_strs *roles,
    const struct yml_node *node, struct bkt_access_rule *out)
{
	static const char *const keys[] = { "kind", "needs", "distinct_from" };
	const struct yml_node *kind, *distinct;
	const char *kinds[BKT_N_KINDS];
	size_t i;

	for (i = 0; i < BKT_N_KINDS; i++)
		kinds[i] = bkt_kind_name((enum bkt_kind)i);
	out->kind = "";
	if (!yml_map_of(y, node, "rule", keys, YML_N(keys)))
		return;
	kind = yml_need(y, node, "kind");
	i = yml_choice(y, kind, "record kind", kinds, BKT_N_KINDS);
	if (i < BKT_N_KINDS)
		out->kind = kinds[i];
	read_needs(y, roles, yml_need(y, node, "needs"), out);
	if (*out->kind)
		check_scopes(y, node, out);
	distinct = yml_get(node, "distinct_from");
	if (!distinct)
		return;
	out->distinct_from = yml_words_sorted(y, distinct, "distinct_from");
	for (i = 0; i < out->distinct_from.n; i++) {
		const char *w = out->distinct_from.v[i];

		if (!one_of(w, others, YML_N(others)))
			yml_problem_word(y, distinct->at, "distinct_from", w,
			    others, YML_N(others));
		else if (strcmp(w, "reviewer") == 0 &&
			 !one_of(out->kind, reviewed, YML_N(reviewed)))
			yml_problem(y, distinct->at, NULL,
			    "a %s record has nothing for distinct_from "
			    "\"reviewer\"",
			    out->kind);
	}
}

/* a kind without a rule is one that nobody may ever write again */
static void check_every_kind(
    struct yml *y, const struct yml_node *rules, const struct bkt_access *a)
{
	for (size_t k = 0; k < BKT_N_KINDS; k++) {
		const char *name = bkt_kind_name((enum bkt_kind)k);
		size_t i = 0;

		while (i < a->n_rules && strcmp(a->rules[i].kind, name) != 0)
			i++;
		if (i == a->n_rules)
			yml_problem(y, rules->at, NULL,
			    "no rule for record kind \"%s\"", name);
	}
}

static void read_access(
    struct yml *y, const struct yml_node *root, struct bkt_access *out)
{
	static const char *const keys[] = { "access", "roles", "rules" };
	const struct yml_node *rules;

	if (!yml_map_of(y, root, "file", keys, YML_N(keys)))
		return;
	(void)yml_u64(y, yml_need(y, root, "access"), "access", 1, 1);
	out->roles = yml_words_sorted(y, yml_need(y, root, "roles"), "role");
	rules = yml_need(y, root, "rules");
	if (!yml_is_list(y, rules, "rules"))
		return;
	out->rules = yml_alloc(y, rules->n + 1, sizeof(*out->rules));
	if (!out->rules)
		return;
	for (const struct yml_node *n = rules->first; n; n = n->next)
		read_rule(y, &out->roles, n, &out->rules[out->n_rules++]);
	if (y->n_problems == 0)
		check_every_kind(y, rules, out);
}

enum bkt_status bkt_access_from_yaml(struct bkt_span yaml, const char *name,
    bkt_arena *arena, struct bkt_access *out, struct bkt_err *err)
{
	struct yml y = {
		.name = name, .src = yaml, .arena = arena, .err = err
	};
	struct bkt_access a = { .n_rules = 0 };
	struct yml_node *root;

	BKT_TRY(yml_parse(&y, &root));
	read_access(&y, root, &a);
	BKT_TRY(yml_status(&y));
	*out = a;
	return BKT_OK;
}
