/* Which documents keep a leaf unknown or unverified, by name. */
#include "eval.h"

#include <string.h>

enum lang { INDONESIAN, ENGLISH };
enum word { DOCUMENT, COVERS, DATE_OF, REVIEW, SECOND, AND, MORE };

static const char *const words[][2] = {
	[DOCUMENT] = { "dokumen", "document" },
	[COVERS] = { "cakupan", "covers" },
	[DATE_OF] = { "tanggal bukti", "date of the evidence of" },
	[REVIEW] = { "pemeriksaan", "review" },
	[SECOND] = { "persetujuan kedua", "second approval" },
	[AND] = { "dan", "and" },
	[MORE] = { "lagi", "more" },
};

static const struct {
	unsigned bit;
	const char *word[2];
} misses_words[] = {
	{ 1u << RB_NUMBER, { "nomor", "number" } },
	{ 1u << RB_DATE, { "tanggal", "date" } },
	{ 1u << RB_SIGNER, { "penanda tangan", "signer" } },
	{ 1u << RB_VALID_FROM, { "berlaku sejak", "valid_from" } },
	{ 1u << RB_VALID_UNTIL, { "berlaku sampai", "valid_until" } },
	{ 1u << RB_YEARS, { "tahun", "years" } },
	{ MISSES_LOCATOR, { "letak", "locator" } },
};

#define LISTED_MAX 5 /* documents named in one line */

/* a line in the making */
struct line {
	enum lang lang;
	struct bkt_buf text;
	size_t n; /* documents, named or not */
};

static void line_release(struct line *l)
{
	bkt_buf_release(&l->text);
}
BKT_AUTO_RELEASE(struct line, line_release);

static struct line line_begin(enum lang lang)
{
	struct line l = { .lang = lang };

	bkt_buf_init(&l.text, 64 * 1024);
	return l;
}

static const char *word(const struct line *l, enum word w)
{
	return words[w][l->lang];
}

/* is one more to be named */
static bool line_document(struct line *l, const struct bkt_evidence *x)
{
	if (++l->n > LISTED_MAX)
		return false;
	bkt_buf_printf(&l->text, "%s%s %s:", l->text.len > 0 ? "; " : "",
	    word(l, DOCUMENT), x->document);
	return true;
}

static const char *line_end(struct eval *ev, struct line *l)
{
	const char *s = NULL;

	if (l->n > LISTED_MAX)
		bkt_buf_printf(&l->text, "; %s %zu %s", word(l, AND),
		    l->n - LISTED_MAX, word(l, MORE));
	if (!l->text.failed)
		s = bkt_arena_strndup(ev->arena,
		    l->text.len ? (const char *)l->text.ptr : "", l->text.len);
	if (!s)
		ev->nomem = true;
	return s ? s : "";
}

/* tags that this document should say something about */
static void list_covers(const struct rb_leaf *leaf,
    const struct bkt_evidence *x, struct line *l, const char **comma)
{
	for (size_t i = 0; i < leaf->n_covers; i++) {
		const struct bkt_strs *has =
		    eval_covered(x, leaf->covers[i].tag->id);

		if (has && has->n > 0)
			continue;
		bkt_buf_printf(&l->text, "%s%s %s", *comma, word(l, COVERS),
		    leaf->covers[i].tag->id);
		*comma = ", ";
	}
}

static void list_misses(const struct eval *ev, size_t indicator,
    const struct rb_leaf *leaf, const struct bkt_evidence *x, unsigned misses,
    struct line *l)
{
	const char *comma = " ";

	for (size_t i = 0; i < sizeof(misses_words) / sizeof(*misses_words);
	     i++) {
		if (!(misses & misses_words[i].bit))
			continue;
		bkt_buf_printf(
		    &l->text, "%s%s", comma, misses_words[i].word[l->lang]);
		comma = ", ";
	}
	if (misses & MISSES_COVERS)
		list_covers(leaf, x, l, &comma);
	for (size_t i = 0; (misses & MISSES_EARLIER) && i < leaf->n_after;
	     i++) {
		bkt_buf_printf(&l->text, "%s%s %s", comma, word(l, DATE_OF),
		    ev->rules->plans[indicator].leaves[leaf->after[i]].id);
		comma = ", ";
	}
}

static const char *missing_in(struct eval *ev, enum lang lang, size_t indicator,
    const struct rb_leaf *leaf, enum eval_mode mode)
{
	BKT_AUTO(line_release) struct line l = line_begin(lang);

	for (size_t i = ev->first[indicator]; i < ev->first[indicator + 1];
	     i++) {
		const struct eval_ev *e = &ev->ev[i];
		struct eval_doc d;

		if (!eval_takes(ev, leaf, e, mode))
			continue;
		d = eval_doc(ev, leaf, e, mode);
		if (d.state == TRI_UNKNOWN && line_document(&l, e->e))
			list_misses(ev, indicator, leaf, e->e, d.misses, &l);
	}
	return line_end(ev, &l);
}

struct bkt_text eval_missing(
    struct eval *ev, size_t indicator, size_t leaf_at, enum eval_mode mode)
{
	const struct rb_leaf *leaf =
	    &ev->rules->plans[indicator].leaves[leaf_at];

	return (struct bkt_text){
		.id = missing_in(ev, INDONESIAN, indicator, leaf, mode),
		.en = missing_in(ev, ENGLISH, indicator, leaf, mode),
	};
}

static const char *waiting_in(struct eval *ev, enum lang lang, size_t indicator,
    const struct rb_leaf *leaf)
{
	BKT_AUTO(line_release) struct line l = line_begin(lang);

	for (size_t i = ev->first[indicator]; i < ev->first[indicator + 1];
	     i++) {
		const struct eval_ev *e = &ev->ev[i];

		if (!eval_takes(ev, leaf, e, EVAL_SUPPORTED) ||
		    eval_counts(ev, e, eval_level(ev, leaf), EVAL_VERIFIED) ||
		    eval_doc(ev, leaf, e, EVAL_SUPPORTED).state == TRI_FALSE ||
		    !line_document(&l, e->e))
			continue;
		bkt_buf_printf(&l.text, " %s",
		    word(&l, e->e->n_accepts == 0 ? REVIEW : SECOND));
	}
	return line_end(ev, &l);
}

struct bkt_text eval_waiting(struct eval *ev, size_t indicator, size_t leaf_at)
{
	const struct rb_leaf *leaf =
	    &ev->rules->plans[indicator].leaves[leaf_at];

	return (struct bkt_text){
		.id = waiting_in(ev, INDONESIAN, indicator, leaf),
		.en = waiting_in(ev, ENGLISH, indicator, leaf),
	};
}
