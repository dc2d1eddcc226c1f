/* Typed readers over the tree. Each tells its problem and gives a default. */
#include "yaml.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int word_cmp(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

struct yml_node *yml_get(const struct yml_node *map, const char *key)
{
	if (!map || map->kind != YML_MAP)
		return NULL;
	for (struct yml_node *n = map->first; n; n = n->next)
		if (strcmp(n->key, key) == 0)
			return n;
	return NULL;
}

struct yml_node *yml_need(
    struct yml *y, const struct yml_node *map, const char *key)
{
	struct yml_node *n = yml_get(map, key);

	if (!n && map)
		yml_problem(y, map->at, NULL, "key \"%s\" is missing", key);
	return n;
}

static const char *kind_name(enum yml_kind k)
{
	switch (k) {
	case YML_MAP:
		return "a map";
	case YML_LIST:
		return "a list";
	case YML_SCALAR:
		break;
	}
	return "text";
}

static bool is_kind(
    struct yml *y, const struct yml_node *n, enum yml_kind k, const char *what)
{
	if (!n)
		return false;
	if (n->kind == k)
		return true;
	yml_problem(y, n->at, NULL, "%s must be %s, not %s", what, kind_name(k),
	    kind_name(n->kind));
	return false;
}

bool yml_is_map(struct yml *y, const struct yml_node *node, const char *what)
{
	return is_kind(y, node, YML_MAP, what);
}

bool yml_is_list(struct yml *y, const struct yml_node *node, const char *what)
{
	return is_kind(y, node, YML_LIST, what);
}

bool yml_map_of(struct yml *y, const struct yml_node *node, const char *what,
    const char *const *keys, size_t n)
{
	if (!yml_is_map(y, node, what))
		return false;
	for (const struct yml_node *c = node->first; c; c = c->next) {
		size_t i = 0;

		while (i < n && strcmp(keys[i], c->key) != 0)
			i++;
		if (i == n)
			yml_problem_word(y, c->key_at, "key", c->key, keys, n);
	}
	return true;
}

static bool all_of(const char *s, const char *set)
{
	return s[strspn(s, set)] == '\0';
}

/* would some YAML reader take this plain scalar for something but text? */
static bool ambiguous(const char *s)
{
	static const char *const words[] = { "y", "n", "yes", "no", "on", "off",
		"true", "false", "null", "~", ".inf", "-.inf", "+.inf", ".nan",
		"<<", "=" };
	size_t first = *s == '-' || *s == '+' || *s == '.';

	for (size_t i = 0; i < YML_N(words) && strnlen(s, 6) < 6; i++)
		if (strcasecmp(s, words[i]) == 0)
			return true;
	if (s[first] < '0' || s[first] > '9')
		return false;
	if (strncmp(s + first, "0x", 2) == 0 ||
	    strncmp(s + first, "0o", 2) == 0)
		return true;
	return all_of(s, "0123456789.,_:+-eETZ ");
}

const char *yml_text(
    struct yml *y, const struct yml_node *node, const char *what)
{
	if (!is_kind(y, node, YML_SCALAR, what))
		return "";
	if (*node->text == '\0') {
		yml_problem(y, node->at, NULL, "%s is empty", what);
		return "";
	}
	if (node->plain && ambiguous(node->text)) {
		yml_problem(y, node->at, "put it in quotes",
		    "%s %.40s without quotes is read as a number, date or "
		    "boolean elsewhere",
		    what, node->text);
		return "";
	}
	return node->text;
}

const char *yml_word(
    struct yml *y, const struct yml_node *node, const char *what)
{
	const char *s = yml_text(y, node, what);

	if (*s && !bkt_name_plain(s, 60)) {
		yml_problem(y, node->at,
		    "use letters, digits, '.', '_' and '-' only, at most 60",
		    "%s \"%.60s\" is not a plain word", what, s);
		return "";
	}
	return s;
}

struct bkt_text yml_text2(
    struct yml *y, const struct yml_node *node, const char *what)
{
	static const char *const keys[] = { "id", "en" };
	struct bkt_text t = { "", "" };
	const struct yml_node *en;

	if (!node)
		return t;
	if (node->kind == YML_SCALAR) {
		t.id = yml_text(y, node, what);
		return t;
	}
	if (!yml_map_of(y, node, what, keys, YML_N(keys)))
		return t;
	t.id = yml_text(y, yml_need(y, node, "id"), what);
	en = yml_get(node, "en");
	if (en)
		t.en = yml_text(y, en, what);
	return t;
}

uint64_t yml_u64(struct yml *y, const struct yml_node *node, const char *what,
    uint64_t min, uint64_t max)
{
	uint64_t v;

	if (!is_kind(y, node, YML_SCALAR, what))
		return min;
	if (!node->plain || !bkt_parse_u64(node->text, max, &v) || v < min) {
		yml_problem(y, node->at, "write digits without quotes",
		    "%s \"%.40s\" is not a whole number from %llu to %llu",
		    what, node->text, (unsigned long long)min,
		    (unsigned long long)max);
		return min;
	}
	return v;
}

bool yml_bool(struct yml *y, const struct yml_node *node, const char *what)
{
	if (!is_kind(y, node, YML_SCALAR, what))
		return false;
	if (node->plain && strcmp(node->text, "true") == 0)
		return true;
	if (!node->plain || strcmp(node->text, "false") != 0)
		yml_problem(y, node->at, "write true or false without quotes",
		    "%s \"%.40s\" is not a boolean", what, node->text);
	return false;
}

struct bkt_rat yml_rat(
    struct yml *y, const struct yml_node *node, const char *what)
{
	struct bkt_rat r = { 0, 1 };

	if (!is_kind(y, node, YML_SCALAR, what))
		return r;
	if (!bkt_rat_parse(node->text, &r)) {
		yml_problem(y, node->at, "write it like \"1.3\"",
		    "%s \"%.40s\" is not a decimal", what, node->text);
		return (struct bkt_rat){ 0, 1 };
	}
	if (node->plain)
		yml_problem(y, node->at, "put it in quotes",
		    "%s %.40s without quotes is read as a binary fraction "
		    "elsewhere",
		    what, node->text);
	return r;
}

int32_t yml_date(struct yml *y, const struct yml_node *node, const char *what)
{
	int32_t days;

	if (!is_kind(y, node, YML_SCALAR, what))
		return BKT_NO_DATE;
	if (node->plain && strcmp(node->text, "null") == 0)
		return BKT_NO_DATE;
	if (node->plain || !bkt_date_parse(node->text, &days)) {
		yml_problem(y, node->at, "write it like \"2026-12-31\"",
		    "%s \"%.40s\" is not a quoted date", what, node->text);
		return BKT_NO_DATE;
	}
	return days;
}

unsigned yml_months(
    struct yml *y, const struct yml_node *node, const char *what)
{
	const char *s;
	char digits[5];
	size_t len;
	uint64_t v;

	if (!is_kind(y, node, YML_SCALAR, what))
		return 0;
	s = node->text;
	len = strlen(s);
	if (len >= 3 && len <= 6 && s[0] == 'P' &&
	    (s[len - 1] == 'Y' || s[len - 1] == 'M')) {
		memcpy(digits, s + 1, len - 2);
		digits[len - 2] = '\0';
		if (bkt_parse_u64(digits, 1200, &v) && v > 0)
			return (unsigned)v * (s[len - 1] == 'Y' ? 12 : 1);
	}
	yml_problem(y, node->at, "write it like P2Y or P24M",
	    "%s \"%.40s\" is not a span of years or months", what, s);
	return 0;
}

struct bkt_strs yml_words(
    struct yml *y, const struct yml_node *node, const char *what)
{
	struct bkt_strs l = { NULL, 0 };

	if (!node)
		return l;
	if (node->kind == YML_SCALAR) {
		l.v = yml_alloc(y, 1, sizeof(*l.v));
		if (l.v)
			l.v[l.n++] = yml_word(y, node, what);
		return l;
	}
	if (!yml_is_list(y, node, what))
		return l;
	if (node->n > YML_KEYS_MAX) {
		yml_problem(y, node->at, NULL, "%s has more than %d words",
		    what, YML_KEYS_MAX);
		return l;
	}
	l.v = yml_alloc(y, node->n + 1, sizeof(*l.v));
	for (const struct yml_node *c = node->first; c && l.v; c = c->next) {
		const char *w = yml_word(y, c, what);

		if (*w && bkt_strs_has(&l, w))
			yml_problem(
			    y, c->at, NULL, "%s \"%s\" a second time", what, w);
		else if (*w)
			l.v[l.n++] = w;
	}
	return l;
}

struct bkt_strs yml_words_sorted(
    struct yml *y, const struct yml_node *node, const char *what)
{
	struct bkt_strs l = yml_words(y, node, what);

	if (l.n > 1)
		qsort(l.v, l.n, sizeof(*l.v), word_cmp);
	return l;
}

size_t yml_choice(struct yml *y, const struct yml_node *node, const char *what,
    const char *const *words, size_t n)
{
	const char *s = yml_text(y, node, what);

	if (*s == '\0')
		return n;
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i], s) == 0)
			return i;
	yml_problem_word(y, node->at, what, s, words, n);
	return n;
}
