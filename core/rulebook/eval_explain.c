/* Which documents keep a leaf unknown or unverified, by name. */
#include "eval.h"

#include <string.h>

static const struct {
	unsigned bit;
	const char *word;
} misses_words[] = {
	{ 1u << RB_NUMBER, "number" },
	{ 1u << RB_DATE, "date" },
	{ 1u << RB_SIGNER, "signer" },
	{ 1u << RB_VALID_FROM, "valid_from" },
	{ 1u << RB_VALID_UNTIL, "valid_until" },
	{ 1u << RB_YEARS, "years" },
	{ MISSES_LOCATOR, "locator" },
};

/* tags that this document should say something about */
static void list_covers(const struct rb_leaf *leaf,
    const struct bkt_evidence *x, struct bkt_buf *out, const char **comma)
{
	for (size_t i = 0; i < leaf->n_covers; i++) {
		const struct bkt_strs *has =
		    eval_covered(x, leaf->covers[i].tag->id);

		if (has && has->n > 0)
			continue;
		bkt_buf_printf(
		    out, "%scovers %s", *comma, leaf->covers[i].tag->id);
		*comma = ", ";
	}
}

static void list_misses(const struct eval *ev, size_t indicator,
    const struct rb_leaf *leaf, const struct bkt_evidence *x, unsigned misses,
    struct bkt_buf *out)
{
	const char *comma = " ";

	bkt_buf_printf(
	    out, "%sdocument %s:", out->len > 0 ? "; " : "", x->document);
	for (size_t i = 0; i < sizeof(misses_words) / sizeof(*misses_words);
	     i++) {
		if (!(misses & misses_words[i].bit))
			continue;
		bkt_buf_printf(out, "%s%s", comma, misses_words[i].word);
		comma = ", ";
	}
	if (misses & MISSES_COVERS)
		list_covers(leaf, x, out, &comma);
	for (size_t i = 0; (misses & MISSES_EARLIER) && i < leaf->n_after;
	     i++) {
		bkt_buf_printf(out, "%sdate of the evidence of %s", comma,
		    ev->rules->plans[indicator].leaves[leaf->after[i]].id);
		comma = ", ";
	}
}

#define LISTED_MAX 5 /* documents named in one line */

static const char *finish_list(struct eval *ev, struct bkt_buf *b, size_t n)
{
	const char *s;

	if (n > LISTED_MAX)
		bkt_buf_printf(b, "; and %zu more", n - LISTED_MAX);
	if (b->failed) {
		ev->nomem = true;
		return "";
	}
	s = bkt_arena_strndup(
	    ev->arena, b->len ? (const char *)b->ptr : "", b->len);
	if (!s)
		ev->nomem = true;
	return s ? s : "";
}

const char *eval_missing(
    struct eval *ev, size_t indicator, size_t leaf_at, enum eval_mode mode)
{
	const struct rb_leaf *leaf =
	    &ev->rules->plans[indicator].leaves[leaf_at];
	BKT_AUTO(bkt_buf_release) struct bkt_buf b = { 0 };
	size_t n = 0;

	bkt_buf_init(&b, 64 * 1024);
	for (size_t i = ev->first[indicator]; i < ev->first[indicator + 1];
	     i++) {
		const struct eval_ev *e = &ev->ev[i];
		struct eval_doc d;

		if (!eval_takes(ev, leaf, e, mode))
			continue;
		d = eval_doc(ev, leaf, e, mode);
		if (d.state == TRI_UNKNOWN && ++n <= LISTED_MAX)
			list_misses(ev, indicator, leaf, e->e, d.misses, &b);
	}
	return finish_list(ev, &b, n);
}

const char *eval_waiting(struct eval *ev, size_t indicator, size_t leaf_at)
{
	const struct rb_leaf *leaf =
	    &ev->rules->plans[indicator].leaves[leaf_at];
	BKT_AUTO(bkt_buf_release) struct bkt_buf b = { 0 };
	size_t n = 0;

	bkt_buf_init(&b, 64 * 1024);
	for (size_t i = ev->first[indicator]; i < ev->first[indicator + 1];
	     i++) {
		const struct eval_ev *e = &ev->ev[i];

		if (!eval_takes(ev, leaf, e, EVAL_SUPPORTED) ||
		    eval_counts(ev, e, leaf->level, EVAL_VERIFIED) ||
		    eval_doc(ev, leaf, e, EVAL_SUPPORTED).state == TRI_FALSE ||
		    ++n > LISTED_MAX)
			continue;
		bkt_buf_printf(&b, "%sdocument %s: %s", b.len > 0 ? "; " : "",
		    e->e->document,
		    e->e->n_accepts == 0 ? "review" : "second approval");
	}
	return finish_list(ev, &b, n);
}
