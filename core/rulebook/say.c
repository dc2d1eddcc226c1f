/* The sentence of a requirement that has none, made from its predicates. */
#include "eval.h"

#include <string.h>

#define SAY_MAX (8 * 1024 * 1024) /* more than a rulebook can hold */

struct two { /* Indonesian and English grow side by side */
	struct bkt_buf *id, *en;
};

static void both(struct two *t, const char *id, const char *en)
{
	bkt_buf_str(t->id, id);
	bkt_buf_str(t->en, en);
}

static void say_types(
    struct two *t, const struct eval *ev, const struct rb_leaf *leaf)
{
	size_t left = 0;
	bool first = true;

	for (size_t i = 0; i < ev->rb->n_doc_types; i++)
		left += rb_types_has(&leaf->types, i);
	for (size_t i = 0; i < ev->rb->n_doc_types; i++) {
		const struct bkt_text *title = &ev->rb->doc_types[i].title;

		if (!rb_types_has(&leaf->types, i))
			continue;
		if (!first)
			both(t, left == 1 ? " atau " : ", ",
			    left == 1 ? " or " : ", ");
		both(t, title->id, *title->en ? title->en : title->id);
		first = false;
		left--;
	}
}

static void say_fields(struct two *t, unsigned fields)
{
	bool first = true;

	for (size_t i = 0; i < RB_N_FIELDS; i++) {
		if (!(fields >> i & 1))
			continue;
		both(t, first ? ", dengan " : ", ", first ? ", with " : ", ");
		both(t, rb_field_texts[i].id, rb_field_texts[i].en);
		first = false;
	}
}

static void say_cover(struct two *t, const struct rb_cover *c)
{
	const struct bkt_strs *values = &c->tag->values;
	bool first = true;

	if (c->mode == RB_COVER_UNITS) {
		both(t, ", mencakup seluruh perangkat daerah",
		    ", covering every agency");
		return;
	}
	both(t, ", mencakup ", ", covering ");
	both(t, c->tag->id, c->tag->id);
	both(t, ": ", ": ");
	if (c->mode == RB_COVER_AT_LEAST && c->at_least < values->n) {
		bkt_buf_printf(t->id, "sedikitnya %u dari ", c->at_least);
		bkt_buf_printf(t->en, "at least %u of ", c->at_least);
	}
	for (size_t i = 0; i < values->n; i++) {
		if (c->wanted && !c->wanted[i])
			continue;
		if (!first && c->mode == RB_COVER_ANY)
			both(t, " atau ", " or ");
		else if (!first)
			both(t, ", ", ", ");
		both(t, values->v[i], values->v[i]);
		first = false;
	}
}

static void say_times(
    struct two *t, const struct rb_plan *plan, const struct rb_leaf *leaf)
{
	if (leaf->valid)
		both(t, ", berlaku pada tanggal penilaian",
		    ", in force on the cut-off date");
	if (leaf->months > 0) {
		bkt_buf_printf(
		    t->id, ", berumur kurang dari %u bulan", leaf->months);
		bkt_buf_printf(
		    t->en, ", less than %u months old", leaf->months);
	}
	if (leaf->years > 0) {
		bkt_buf_printf(t->id, ", %u tahun berturut-turut", leaf->years);
		bkt_buf_printf(t->en, ", %u years in a row", leaf->years);
	}
	for (size_t i = 0; i < leaf->n_after; i++) {
		const char *id = plan->leaves[leaf->after[i]].id;

		both(t, i == 0 ? ", bertanggal sesudah bukti " : " atau ",
		    i == 0 ? ", dated after the evidence of " : " or ");
		both(t, id, id);
	}
}

static const char *keep(struct eval *ev, const struct bkt_buf *b)
{
	const char *s = NULL;

	if (!b->failed)
		s = bkt_arena_strndup(ev->arena, (const char *)b->ptr, b->len);
	if (!s)
		ev->nomem = true;
	return s ? s : "";
}

struct bkt_text eval_say(struct eval *ev, size_t indicator, size_t leaf_at)
{
	const struct rb_plan *plan = &ev->rules->plans[indicator];
	const struct rb_leaf *leaf = &plan->leaves[leaf_at];
	BKT_AUTO(bkt_buf_release) struct bkt_buf id = { 0 };
	BKT_AUTO(bkt_buf_release) struct bkt_buf en = { 0 };
	struct two t = { &id, &en };

	bkt_buf_init(&id, SAY_MAX);
	bkt_buf_init(&en, SAY_MAX);
	if (leaf->say.id)
		return leaf->say;
	both(&t, "Tautkan ", "Link ");
	if (leaf->min > 1) {
		bkt_buf_printf(t.id, "sedikitnya %u dokumen: ", leaf->min);
		bkt_buf_printf(t.en, "at least %u documents: ", leaf->min);
	}
	say_types(&t, ev, leaf);
	say_fields(&t, leaf->fields);
	for (size_t i = 0; i < leaf->n_covers; i++)
		say_cover(&t, &leaf->covers[i]);
	say_times(&t, plan, leaf);
	if (leaf->locator)
		both(&t, ", dengan pasal atau halaman",
		    ", with article or page");
	both(&t, ".", ".");
	return (struct bkt_text){ keep(ev, &id), keep(ev, &en) };
}

enum bkt_status bkt_rulebook_requirements(const struct bkt_rulebook *rb,
    const struct bkt_rb_indicator *indicator, bkt_arena *arena,
    struct bkt_requirement **out, size_t *n, struct bkt_err *err)
{
	struct eval ev = { .rb = rb, .rules = rb->rules, .arena = arena };
	size_t at = (size_t)(indicator - rb->indicators);
	const struct rb_plan *plan = &rb->rules->plans[at];
	struct bkt_requirement *v =
	    eval_alloc(&ev, plan->n_leaves + 1, sizeof(*v));

	for (size_t i = 0; v && i < plan->n_leaves; i++)
		v[i] = (struct bkt_requirement){ plan->leaves[i].id,
			plan->leaves[i].level, eval_say(&ev, at, i) };
	if (ev.nomem)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for the words");
	*out = v;
	*n = plan->n_leaves;
	return BKT_OK;
}
