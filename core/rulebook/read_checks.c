/* Which findings are made, how grave they are, and their limits. */
#include "read.h"

#include <string.h>

const char *const rb_check_names[RB_N_CHECKS] = {
	[RB_CHECK_CLAIM_ABOVE_SUPPORTED] = "claim-above-supported",
	[RB_CHECK_CLAIM_ABOVE_VERIFIED] = "claim-above-verified",
	[RB_CHECK_CLAIM_MISSING] = "claim-missing",
	[RB_CHECK_CLAIM_UNEXPLAINED] = "claim-unexplained",
	[RB_CHECK_CRITERION_UNCONFIRMED] = "criterion-unconfirmed",
	[RB_CHECK_DRAFT] = "draft-above-level-1",
	[RB_CHECK_POLICY_FIELDS] = "policy-field-missing",
	[RB_CHECK_REQUIRED_FIELDS] = "required-field-missing",
	[RB_CHECK_NOT_VALID] = "not-valid-at-cutoff",
	[RB_CHECK_REVIEW_TOO_OLD] = "review-too-old",
	[RB_CHECK_REVIEW_AFTER_CUTOFF] = "review-after-cutoff",
	[RB_CHECK_REVIEW_BEFORE_DOCUMENT] = "review-before-document",
	[RB_CHECK_FOLLOW_UP] = "follow-up-not-after-review",
	[RB_CHECK_AUDIT_TOO_OLD] = "audit-too-old",
	[RB_CHECK_BUDGET_YEARS] = "budget-years",
	[RB_CHECK_UNITS] = "units-incomplete",
	[RB_CHECK_LOCATOR] = "locator-missing",
	[RB_CHECK_SAME_CONTENT] = "same-content",
	[RB_CHECK_FILE_NAME] = "file-name-indicator",
	[RB_CHECK_FORMAT] = "format-unfit",
	[RB_CHECK_PERSONAL] = "personal-in-public",
	[RB_CHECK_SECTOR] = "sector-not-distinct",
};

enum param {
	P_TYPES,
	P_OF,
	P_FIELDS,
	P_MAX_AGE,
	P_FROM_LEVEL,
	P_YEARS,
	P_TAG,
	P_VALUE,
	P_UNITS_TAG,
	P_INDICATORS,
	P_AMONG,
	P_N
};
static const char *const param_names[P_N] = {
	[P_TYPES] = "types",
	[P_OF] = "of",
	[P_FIELDS] = "fields",
	[P_MAX_AGE] = "max_age",
	[P_FROM_LEVEL] = "from_level",
	[P_YEARS] = "years",
	[P_TAG] = "tag",
	[P_VALUE] = "value",
	[P_UNITS_TAG] = "units_tag",
	[P_INDICATORS] = "indicators",
	[P_AMONG] = "among",
};
#define BIT(p) (1u << (p))
/* what each check cannot do without; it takes nothing else */
static const unsigned params_of[RB_N_CHECKS] = {
	[RB_CHECK_POLICY_FIELDS] = BIT(P_TYPES) | BIT(P_FIELDS),
	[RB_CHECK_NOT_VALID] = BIT(P_TYPES),
	[RB_CHECK_REVIEW_TOO_OLD] =
	    BIT(P_TYPES) | BIT(P_MAX_AGE) | BIT(P_FROM_LEVEL),
	[RB_CHECK_REVIEW_AFTER_CUTOFF] = BIT(P_TYPES) | BIT(P_FROM_LEVEL),
	[RB_CHECK_REVIEW_BEFORE_DOCUMENT] =
	    BIT(P_TYPES) | BIT(P_OF) | BIT(P_FROM_LEVEL),
	[RB_CHECK_FOLLOW_UP] = BIT(P_TYPES) | BIT(P_OF),
	[RB_CHECK_AUDIT_TOO_OLD] = BIT(P_TYPES) | BIT(P_MAX_AGE),
	[RB_CHECK_BUDGET_YEARS] =
	    BIT(P_TYPES) | BIT(P_FROM_LEVEL) | BIT(P_YEARS) | BIT(P_INDICATORS),
	[RB_CHECK_UNITS] = BIT(P_TAG) | BIT(P_VALUE) | BIT(P_UNITS_TAG),
	[RB_CHECK_LOCATOR] = BIT(P_TYPES),
	[RB_CHECK_SECTOR] = BIT(P_TYPES) | BIT(P_INDICATORS) | BIT(P_AMONG),
};

bool *rb_indicators_of(struct rb_reader *r, const struct yml_node *list)
{
	struct bkt_strs ids = yml_words(r->y, list, "indicator");
	bool *flags = yml_alloc(r->y, r->rb->n_indicators + 1, sizeof(*flags));

	for (size_t i = 0; i < ids.n && flags; i++)
		if (*ids.v[i])
			flags[rb_indicator_at(r, list->at, ids.v[i])] = true;
	return flags;
}

static const char *known_tag(struct rb_reader *r, const struct yml_node *n)
{
	const char *id = yml_word(r->y, n, "tag");
	const struct rb_tag *tag = rb_tag_find(r, id);

	if (*id && !tag)
		yml_problem(r->y, n->at, NULL, "unknown tag \"%.40s\"", id);
	return tag ? tag->id : "";
}

static void read_param(struct rb_reader *r, const struct yml_node *n,
    enum param p, struct rb_check *c)
{
	struct yml *y = r->y;

	switch (p) {
	case P_TYPES:
		c->types = rb_types_of(r, n);
		return;
	case P_OF:
		c->of = rb_types_of(r, n);
		return;
	case P_FIELDS:
		c->fields = rb_fields_of(r, n);
		return;
	case P_MAX_AGE:
		c->months = yml_months(y, n, "max_age");
		return;
	case P_FROM_LEVEL:
		c->from_level = (unsigned)yml_u64(y, n, "from_level", 1, 100);
		return;
	case P_YEARS:
		c->years = (unsigned)yml_u64(y, n, "years", 1, 20);
		return;
	case P_TAG:
		c->tag = known_tag(r, n);
		return;
	case P_VALUE:
		c->value = yml_word(y, n, "value");
		return;
	case P_UNITS_TAG:
		c->units_tag = known_tag(r, n);
		return;
	case P_INDICATORS:
		c->indicators = rb_indicators_of(r, n);
		return;
	case P_AMONG:
		c->among = rb_indicators_of(r, n);
		return;
	case P_N:
		return;
	}
}

static void read_check(struct rb_reader *r, const struct yml_node *node,
    size_t id, struct rb_check *c)
{
	static const char *const severities[] = { "warning", "error" };
	const char *keys[P_N + 2] = { "severity", "source" };
	size_t n_keys = 2;

	for (size_t p = 0; p < P_N; p++)
		if (params_of[id] >> p & 1)
			keys[n_keys++] = param_names[p];
	if (!yml_map_of(r->y, node, "check", keys, n_keys))
		return;
	c->on = true;
	c->severity = yml_choice(r->y, yml_need(r->y, node, "severity"),
			  "severity", severities, 2) == 0
			  ? BKT_WARNING
			  : BKT_ERROR;
	c->source = yml_text(r->y, yml_need(r->y, node, "source"), "source");
	for (size_t p = 0; p < P_N; p++) {
		const struct yml_node *n;

		if (!(params_of[id] >> p & 1))
			continue;
		n = yml_need(r->y, node, param_names[p]);
		if (n)
			read_param(r, n, (enum param)p, c);
	}
}

void rb_read_checks(struct rb_reader *r, const struct yml_node *map)
{
	if (!map || !yml_is_map(r->y, map, "checks"))
		return;
	for (const struct yml_node *n = map->first; n; n = n->next) {
		size_t i = 0;

		while (
		    i < RB_N_CHECKS && strcmp(rb_check_names[i], n->key) != 0)
			i++;
		if (i == RB_N_CHECKS)
			yml_problem_word(r->y, n->key_at, "check", n->key,
			    rb_check_names, RB_N_CHECKS);
		else
			read_check(r, n, i, &r->rules->checks[i]);
	}
}
