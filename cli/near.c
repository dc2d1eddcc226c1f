/* A document of which only part of the file's name is known. */
#include "evidence.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LOOKED_AT 200000 /* names; more are not looked through */
#define SHOWN 5
#define SHOWN_BYTES 300

enum how { WHOLE, WORDS, SLIP, N_HOW }; /* the first that finds one */

struct near {
	struct cli *c;
	const char *word;
	size_t n[N_HOW];
	const char *shown[N_HOW][SHOWN];
};

/* capitals do not matter */
static bool has(const char *name, const char *part, size_t n)
{
	for (; *name != '\0'; name++)
		if (strncasecmp(name, part, n) == 0)
			return true;
	return false;
}

/* every word of it somewhere, in any order; the ending is the least of a name
 */
static bool has_words(const char *name, const char *word)
{
	static const char between[] = " ._-,()";
	const char *end = strrchr(word, '.');
	size_t left = end && end != word ? (size_t)(end - word) : strlen(word);
	size_t n_words = 0;

	while (left > 0) {
		size_t skip = strspn(word, between), n;

		if (skip >= left)
			break;
		word += skip;
		left -= skip;
		n = strcspn(word, between);
		n = n < left ? n : left;
		if (!has(name, word, n))
			return false;
		n_words++;
		word += n;
		left -= n;
	}
	return n_words > 0;
}

static enum bkt_status look(void *ctx, const char *name, struct bkt_err *err)
{
	struct near *l = ctx;
	enum how how;

	(void)err;
	if (has(name, l->word, strlen(l->word)))
		how = WHOLE;
	else if (has_words(name, l->word))
		how = WORDS;
	else if (bkt_suggest(l->word, &name, 1))
		how = SLIP;
	else
		return BKT_OK;
	if (l->n[how] < SHOWN) {
		const char *copy = bkt_arena_strdup(l->c->arena, name);

		if (!copy)
			return cli_no_memory(err);
		l->shown[how][l->n[how]] = copy;
	}
	l->n[how]++;
	return BKT_OK;
}

enum bkt_status cli_document_near(
    struct cli *c, const char *word, struct bkt_err *err)
{
	struct bkt_err why = { 0 };
	struct near l = { .c = c, .word = word };
	const char *text = "";
	size_t how = 0, k = 0;

	/* a suggestion that fails is none, and the reason stays what it was */
	if (word[0] == '\0' || bkt_index_values(bkt_store_index(c->store),
				   "name", LOOKED_AT, look, &l, &why) != BKT_OK)
		return err->status;
	while (how < N_HOW && l.n[how] == 0)
		how++;
	if (how == N_HOW)
		return err->status;
	if (l.n[how] == 1) {
		bkt_err_hint(err, "did you mean '%s'?", l.shown[how][0]);
		return err->status;
	}
	for (; k < l.n[how] && k < SHOWN && strlen(text) < SHOWN_BYTES; k++)
		text = cli_printf(
		    c, "%s%s'%s'", text, k > 0 ? ", " : "", l.shown[how][k]);
	bkt_err_hint(err, "did you mean %s%s? bukti show documents/ lists all",
	    text,
	    l.n[how] > k ? cli_printf(c, " or %zu more", l.n[how] - k) : "");
	return err->status;
}
