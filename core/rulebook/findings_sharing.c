/* Findings about documents used more than once, and about file names. */
#include "eval.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define LISTED_MAX 6

/* links that share something, in the order they came */
struct group {
	const struct eval_ev *first;
	const char *last_indicator;
	const char *listed[LISTED_MAX];
	size_t n_links, n_indicators;
	bool several_levels;
	struct group *next;
};

static struct group *group_get(struct eval *ev, bkt_map *map, const char *key,
    const struct eval_ev *e, struct group ***end)
{
	struct group *g = bkt_map_get(map, key);

	if (g)
		return g;
	g = eval_alloc(ev, 1, sizeof(*g));
	if (!g || bkt_map_set(map, key, g, NULL) != BKT_OK) {
		ev->nomem = true;
		return NULL;
	}
	g->first = e;
	g->last_indicator = "";
	if (end) {
		**end = g;
		*end = &g->next;
	}
	return g;
}

/* one image has no page to point at */
static bool wants_locator(const struct bkt_evidence *x)
{
	return x->levels.n > 1 && *x->locator == '\0' &&
	       strncmp(x->media, "image/", 6) != 0;
}

static void group_add(struct group *g, const struct bkt_evidence *x)
{
	g->n_links++;
	g->several_levels |= wants_locator(x);
	if (strcmp(g->last_indicator, x->indicator) == 0)
		return;
	g->last_indicator = x->indicator;
	if (g->n_indicators < LISTED_MAX)
		g->listed[g->n_indicators] = x->indicator;
	g->n_indicators++;
}

static void tell_group(struct eval *ev, const struct group *g)
{
	const struct bkt_evidence *x = g->first->e;
	char names[LISTED_MAX * 20] = "";
	size_t len = 0;

	for (size_t i = 0; i < g->n_indicators && i < LISTED_MAX; i++)
		len += (size_t)snprintf(names + len, sizeof(names) - len,
		    "%s%.12s", len > 0 ? ", " : "", g->listed[i]);
	eval_finding(ev, rb_check_names[RB_CHECK_SAME_CONTENT],
	    ev->rules->checks[RB_CHECK_SAME_CONTENT].severity, x->indicator,
	    x->document,
	    "%s: dipakai berulang (%s%s) tanpa penunjuk pasal atau halaman "
	    "yang berbeda.\n"
	    "%s: used several times (%s%s) without different articles or "
	    "pages.",
	    x->title, names, g->n_indicators > LISTED_MAX ? ", ..." : "",
	    x->title, names, g->n_indicators > LISTED_MAX ? ", ..." : "");
}

/* by content and locator: alone in this, a link is of no interest */
static bool add_same(struct eval *ev, bkt_map *map, const struct eval_ev *e,
    struct bkt_buf *key, struct group ***end)
{
	struct group *g;

	bkt_buf_clear(key);
	bkt_buf_printf(key, "%s %s", e->e->sha256, e->e->locator);
	if (key->failed) {
		ev->nomem = true;
		return false;
	}
	g = group_get(ev, map, (const char *)key->ptr, e, end);
	if (g)
		group_add(g, e->e);
	return g != NULL;
}

/* same bytes and same locator for more than one purpose */
static void check_same(struct eval *ev, bkt_map *map)
{
	size_t n = ev->first[ev->rb->n_indicators];
	BKT_AUTO(bkt_buf_release) struct bkt_buf key = { 0 };
	struct eval_filter f = eval_filter_new(ev, n);
	struct group *groups = NULL, **end = &groups;

	bkt_buf_init(&key, 128 * 1024);
	for (size_t i = 0; i < n && f.counts; i++)
		if (eval_live(&ev->ev[i]))
			eval_filter_add(&f, ev->ev[i].e->sha256);
	for (size_t i = 0; i < n && f.counts; i++) {
		const struct eval_ev *e = &ev->ev[i];

		if (eval_live(e) &&
		    (wants_locator(e->e) ||
			eval_filter_many(&f, e->e->sha256)) &&
		    !add_same(ev, map, e, &key, &end))
			return;
	}
	for (; groups; groups = groups->next)
		if (groups->n_links > 1 || groups->several_levels)
			tell_group(ev, groups);
}

static const char *skip_separators(const char *s)
{
	while (*s == ' ' || *s == '-' || *s == '_' || *s == '.' || *s == '#')
		s++;
	return s;
}

/* "Indikator 13g", also misspelt; "IK-01"; "I8_06": where the digits begin */
static const char *number_after_word(const char *s, size_t letters)
{
	static const char *const words[] = { "indikator", "indicator" };
	char word[16];
	const char *d;

	if (letters >= sizeof(word))
		return NULL;
	for (size_t i = 0; i < letters; i++)
		word[i] = (char)tolower((unsigned char)s[i]);
	word[letters] = '\0';
	if (letters >= 7 && word[0] == 'i' && bkt_suggest(word, words, 2))
		d = skip_separators(s + letters);
	else if (strcmp(word, "ik") == 0)
		d = skip_separators(s + letters);
	else if (strcmp(word, "i") == 0)
		d = s + letters;
	else
		return NULL;
	return isdigit((unsigned char)*d) ? d : NULL;
}

/* number of an indicator in a file name, without leading zeros; or false */
static bool name_number(const char *file, char out[4])
{
	bool start = true;

	while (*file) {
		size_t letters = 0, digits = 0;
		const char *d;

		while (isalpha((unsigned char)file[letters]))
			letters++;
		d = start && letters > 0 ? number_after_word(file, letters)
					 : NULL;
		while (d && *d == '0')
			d++;
		while (d && isdigit((unsigned char)d[digits]))
			digits++;
		if (digits > 0 && digits <= 3) {
			memcpy(out, d, digits);
			out[digits] = '\0';
			return true;
		}
		file += letters > 0 ? letters : 1;
		start = !isalnum((unsigned char)file[-1]);
	}
	return false;
}

static void tell_name(struct eval *ev, const struct eval_ev *e)
{
	const struct bkt_evidence *x = e->e;

	eval_finding(ev, rb_check_names[RB_CHECK_FILE_NAME],
	    ev->rules->checks[RB_CHECK_FILE_NAME].severity, x->indicator,
	    x->document,
	    "%s: nama berkas %s menyebut indikator lain.\n"
	    "%s: the file name %s names another indicator.",
	    x->title, x->file, x->title, x->file);
}

/* a document that serves several indicators may be named after any of them */
static void check_names(struct eval *ev, bkt_map *map)
{
	struct group *groups = NULL, **end = &groups;

	for (size_t i = 0; i < ev->first[ev->rb->n_indicators]; i++) {
		const struct eval_ev *e = &ev->ev[i];
		const struct bkt_rb_indicator *ind;
		char number[4];
		struct group *g;

		if (!eval_live(e) || !name_number(e->e->file, number) ||
		    !bkt_rulebook_indicator_find(ev->rb, number))
			continue;
		g = group_get(ev, map, e->e->document, e, &end);
		if (!g)
			return;
		ind = bkt_rulebook_indicator(ev->rb, e->e->indicator);
		g->n_links += strcmp(ind->number, number) == 0;
	}
	for (; groups; groups = groups->next)
		if (groups->n_links == 0)
			tell_name(ev, groups->first);
}

static void check_sector_key(struct eval *ev, bkt_map *map, const char *key,
    const struct eval_ev *e, bool sector)
{
	const struct rb_check *c = &ev->rules->checks[RB_CHECK_SECTOR];
	struct group *g = group_get(ev, map, key, e, NULL);

	if (!g)
		return;
	if (strcmp(g->first->e->indicator, e->e->indicator) == 0) {
		g->several_levels |= sector;
		return;
	}
	if (!sector && !g->several_levels)
		return;
	eval_finding(ev, rb_check_names[RB_CHECK_SECTOR], c->severity,
	    e->e->indicator, e->e->document,
	    "%s: layanan sektor harus berbeda, bukti ini juga dipakai di %s.\n"
	    "%s: the sector service must differ, this is also used at %s.",
	    e->e->title, g->first->e->indicator, e->e->title,
	    g->first->e->indicator);
}

/* "c <sha256>" NUL "t <title in lower case>": two keys in one buffer */
static bool sector_keys(struct eval *ev, const struct bkt_evidence *x,
    struct bkt_buf *keys, const char **content, const char **title)
{
	size_t at;

	bkt_buf_clear(keys);
	bkt_buf_printf(keys, "c %s", x->sha256);
	bkt_buf_chr(keys, '\0');
	at = keys->len;
	bkt_buf_str(keys, "t ");
	for (const char *s = x->title; *s; s++)
		bkt_buf_chr(keys, (char)tolower((unsigned char)*s));
	if (keys->failed) {
		ev->nomem = true;
		return false;
	}
	*content = (const char *)keys->ptr;
	*title = (const char *)keys->ptr + at;
	return true;
}

/* a chosen service must be none of the others: same bytes or same title */
static void check_sector_link(struct eval *ev, bkt_map *map,
    const struct eval_ev *e, bool sector, struct bkt_buf *keys)
{
	size_t n = ev->n_findings;
	const char *content, *title;

	if (!sector_keys(ev, e->e, keys, &content, &title))
		return;
	check_sector_key(ev, map, content, e, sector);
	if (ev->n_findings == n)
		check_sector_key(ev, map, title, e, sector);
}

static void check_sector(struct eval *ev, bkt_map *map)
{
	const struct rb_check *c = &ev->rules->checks[RB_CHECK_SECTOR];
	BKT_AUTO(bkt_buf_release) struct bkt_buf keys = { 0 };

	bkt_buf_init(&keys, 128 * 1024);
	for (size_t i = 0; i < ev->rb->n_indicators; i++) {
		if (!c->among[i] && !c->indicators[i])
			continue;
		for (size_t k = ev->first[i]; k < ev->first[i + 1]; k++) {
			const struct eval_ev *e = &ev->ev[k];

			if (eval_live(e) && e->type < ev->rb->n_doc_types &&
			    rb_types_has(&c->types, e->type))
				check_sector_link(
				    ev, map, e, c->indicators[i], &keys);
		}
	}
}

void eval_findings_sharing(struct eval *ev)
{
	static const struct {
		enum rb_check_id id;
		void (*run)(struct eval *ev, bkt_map *map);
	} checks[] = {
		{ RB_CHECK_SAME_CONTENT, check_same },
		{ RB_CHECK_FILE_NAME, check_names },
		{ RB_CHECK_SECTOR, check_sector },
	};

	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		BKT_AUTO(bkt_map_free) bkt_map *map = NULL;

		if (!ev->rules->checks[checks[i].id].on)
			continue;
		map = bkt_map_new();
		if (!map) {
			ev->nomem = true;
			return;
		}
		checks[i].run(ev, map);
	}
}
