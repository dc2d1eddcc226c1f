/* What a person states with a release: gaps, exclusions, classes. */
#include <string.h>

#include "release.h"

#define BLANK "REASON" /* to be filled in by a person */

static enum bkt_status add(struct releasing *r, struct release_list *l,
    const char *what, const char *reason, struct bkt_err *err)
{
	if (l->n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 64;
		struct bkt_stated *v =
		    bkt_arena_alloc(r->c->arena, cap * sizeof(*v));

		if (!v)
			return cli_no_memory(err);
		if (l->n > 0)
			memcpy(v, l->v, l->n * sizeof(*v));
		l->v = v;
		l->cap = cap;
	}
	l->v[l->n++] = (struct bkt_stated){ what, reason };
	return BKT_OK;
}

static const char *find(const struct release_list *l, const char *what)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i].what, what) == 0)
			return l->v[i].reason;
	return NULL;
}

/* "what=reason", both there */
static enum bkt_status split(struct cli *c, const char *option,
    const char *text, const char **what, const char **reason,
    struct bkt_err *err)
{
	const char *eq = strchr(text, '=');

	if (!eq || eq == text || eq[1] == '\0')
		return bkt_fail(err, BKT_E_USAGE,
		    "--%s '%s' is not of the form WHAT=REASON", option, text);
	*what = bkt_arena_strndup(c->arena, text, (size_t)(eq - text));
	*reason = eq + 1;
	return *what ? BKT_OK : cli_no_memory(err);
}

/* it is sealed and read by evaluators: no dots, no word of a hint */
static enum bkt_status check_reason(
    const char *what, const char *reason, struct bkt_err *err)
{
	if (bkt_reason_speaks(reason))
		return BKT_OK;
	(void)bkt_fail(
	    err, BKT_E_USAGE, "'%s' is no reason for %s", reason, what);
	bkt_err_hint(err,
	    "write what evaluators should know, in two words and eight letters "
	    "at least, e.g. '%s=reviu 2026 baru dijadwalkan'",
	    what);
	return BKT_E_USAGE;
}

static enum bkt_status add_gap(struct releasing *r, const char *word,
    const char *reason, struct bkt_err *err)
{
	const struct bkt_rb_indicator *i =
	    bkt_rulebook_indicator_find(r->result->rulebook, word);

	if (!i)
		return cli_unknown_indicator(
		    r->c, r->result->rulebook, word, err);
	BKT_TRY(check_reason(i->id, reason, err));
	if (find(&r->gaps, i->id))
		return bkt_fail(
		    err, BKT_E_USAGE, "the gap of %s is stated twice", i->id);
	return add(r, &r->gaps, i->id, reason, err);
}

static enum bkt_status read_gap_rows(
    struct releasing *r, const char *file, struct bkt_err *err)
{
	static const char *const needed[] = { "indicator", "reason", NULL };
	BKT_AUTO(cli_csv_release) struct cli_csv t = { .name = NULL };
	struct bkt_err why = { 0 };
	enum bkt_status st = BKT_OK;

	BKT_TRY(cli_csv_open(&t, file, needed, err));
	while (cli_csv_next(&t, r->c, &st, err)) {
		const char *reason = cli_csv_get(&t, r->c, "reason");

		/* a template of which not every row is wanted */
		if (reason[0] == '\0')
			continue;
		st = add_gap(
		    r, cli_csv_get(&t, r->c, "indicator"), reason, &why);
		if (st == BKT_E_USAGE) {
			cli_csv_bad(&t, r->c, "%s", why.msg);
		} else if (st != BKT_OK) {
			*err = why;
			return st;
		}
	}
	BKT_TRY(st);
	return cli_csv_done(&t, err);
}

/* ---- a gap where there is none: evaluators would read a lack that is not --
 */

/* NULL: it has one; else the levels, in words */
static const char *whole(const struct releasing *r, const char *indicator)
{
	const struct bkt_assessment *a = r->result;
	char claimed[48], verified[48];

	if (bkt_assess_needs_reason(r->assess, indicator))
		return NULL;
	for (size_t i = 0; i < a->n_indicators; i++) {
		const struct bkt_indicator_result *x = &a->indicators[i];

		if (strcmp(x->indicator->id, indicator) != 0)
			continue;
		bkt_assess_level_text(x->claimed.value, claimed);
		bkt_assess_level_text(x->verified.value, verified);
		return cli_printf(r->c,
		    "%s is whole: claimed %s, verified %s; no gap is to be "
		    "stated",
		    indicator, claimed, verified);
	}
	return NULL;
}

/* said one by one: somebody is mistaken about the indicator */
static enum bkt_status refuse_whole(struct releasing *r, struct bkt_err *err)
{
	const char *only = NULL;
	size_t n = 0;

	for (size_t i = 0; i < r->gaps.n; i++) {
		const char *why = whole(r, r->gaps.v[i].what);

		if (!why)
			continue;
		n++;
		if (only)
			cli_note(r->c, "%s", only);
		only = why;
	}
	if (n == 0)
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_USAGE, "%s", only);
	bkt_err_hint(err, "leave %s out", n == 1 ? "it" : "them");
	return BKT_E_USAGE;
}

/* a list may be kept from one release to the next, and name every indicator */
static void pass_over_whole(struct releasing *r)
{
	struct bkt_strs ids = { NULL, 0 };
	size_t kept = 0;

	ids.v = bkt_arena_alloc(r->c->arena, (r->gaps.n + 1) * sizeof(*ids.v));
	for (size_t i = 0; i < r->gaps.n; i++) {
		if (!whole(r, r->gaps.v[i].what)) {
			r->gaps.v[kept++] = r->gaps.v[i];
			continue;
		}
		if (ids.v)
			ids.v[ids.n++] = r->gaps.v[i].what;
	}
	r->gaps.n = kept;
	if (ids.n > 0)
		cli_note(r->c, "no gap is stated for what is whole: %s",
		    cli_join(r->c, &ids, ", ", ""));
}

/* one link, or every link of a document in the round */
static enum bkt_status add_exclusion(struct releasing *r, const char *word,
    const char *reason, struct bkt_err *err)
{
	const char *slash = strchr(word, '/');
	const struct bkt_rb_indicator *one = NULL;
	bool path = strncmp(word, "cycles/", 7) == 0;
	size_t n = 0;

	if (!path && slash) {
		const char *id = bkt_arena_strndup(
		    r->c->arena, word, (size_t)(slash - word));

		if (!id)
			return cli_no_memory(err);
		one = bkt_rulebook_indicator_find(r->result->rulebook, id);
		if (!one)
			return bkt_fail(
			    err, BKT_E_USAGE, "unknown indicator '%s'", id);
	}
	for (size_t i = 0; i < r->facts->n_evidence; i++) {
		const struct bkt_evidence *e = &r->facts->evidence[i];
		const char *document = slash && !path ? slash + 1 : word;

		if (path ? strcmp(e->link_path, word) != 0
			 : strcmp(e->document, document) != 0)
			continue;
		if (one && strcmp(e->indicator, one->id) != 0)
			continue;
		n++;
		if (!find(&r->exclusions, e->link_path))
			BKT_TRY(
			    add(r, &r->exclusions, e->link_path, reason, err));
	}
	if (n > 0)
		return check_reason(word, reason, err);
	(void)bkt_fail(err, BKT_E_USAGE, "'%s' is no evidence of cycle '%s'",
	    word, r->cycle);
	bkt_err_hint(err, "name INDICATOR/DOCUMENT, DOCUMENT or the path of "
			  "the link");
	return BKT_E_USAGE;
}

/* what goes further includes what is less */
static const char *const classes[] = { "umum", "terbatas", "rahasia" };

static unsigned rank_of(const char *class_)
{
	for (unsigned i = 0; i < 3; i++)
		if (strcmp(classes[i], class_) == 0)
			return i;
	return 3;
}

static enum bkt_status read_classes(struct releasing *r, struct bkt_err *err)
{
	for (size_t i = 0; i < cli_opt_count(r->c, "include-class"); i++) {
		const char *word = cli_opt_nth(r->c, "include-class", i);
		unsigned rank = rank_of(word);

		if (rank == 0 || rank > 2)
			return bkt_fail(err, BKT_E_USAGE,
			    "--include-class is terbatas or rahasia, not '%s'",
			    word);
		if (rank > r->may_include)
			r->may_include = rank;
	}
	return BKT_OK;
}

enum bkt_status release_read(struct releasing *r, struct bkt_err *err)
{
	struct cli *c = r->c;
	const char *file = cli_opt(c, "gaps");
	const char *what = NULL, *reason = NULL;

	BKT_TRY(read_classes(r, err));
	for (size_t i = 0; i < cli_opt_count(c, "gap"); i++) {
		BKT_TRY(split(
		    c, "gap", cli_opt_nth(c, "gap", i), &what, &reason, err));
		BKT_TRY(add_gap(r, what, reason, err));
	}
	BKT_TRY(refuse_whole(r, err));
	if (file)
		BKT_TRY(read_gap_rows(r, file, err));
	pass_over_whole(r);
	for (size_t i = 0; i < cli_opt_count(c, "exclude"); i++) {
		BKT_TRY(split(c, "exclude", cli_opt_nth(c, "exclude", i), &what,
		    &reason, err));
		BKT_TRY(add_exclusion(r, what, reason, err));
	}
	return BKT_OK;
}

const char *release_excluded(
    const struct releasing *r, const struct bkt_evidence *e)
{
	return find(&r->exclusions, e->link_path);
}

/* ---- what must still be said --------------------------------------------- */

static bool sensitive(const struct releasing *r, const struct bkt_evidence *e)
{
	unsigned rank = rank_of(e->class_);

	if (rank <= r->may_include || release_excluded(r, e))
		return false;
	return rank >= 2 || e->personal;
}

/* a command over several lines: each is held back until the next one comes */
struct command {
	struct cli *c;
	const char *held;
};

static void put_line(struct command *m, const char *line)
{
	if (m->held && line)
		cli_note(m->c, "%s \\", m->held);
	else if (m->held)
		cli_note(m->c, "%s", m->held);
	m->held = line;
}

/* the options given, to be said again */
static void repeat(const struct releasing *r, struct command *m)
{
	static const char *const names[] = { "store", "as", "with", "key",
		"keys", "passphrase-file", "include-class", "gaps", "gap",
		"exclude" };
	struct cli *c = r->c;

	put_line(m, cli_printf(c, "hint: bukti release %s", r->cycle));
	for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
		for (size_t i = 0; i < cli_opt_count(c, names[k]); i++)
			put_line(
			    m, cli_printf(c, "    --%s %s", names[k],
				   cli_quoted(c, cli_opt_nth(c, names[k], i))));
}

#define MANY_GAPS 3 /* more are easier to write into a table */

struct asked {
	bool *gaps; /* by indicator */
	size_t n_gaps, n_documents;
};

static enum bkt_status look(
    const struct releasing *r, struct asked *a, struct bkt_err *err)
{
	a->gaps = bkt_arena_alloc(
	    r->c->arena, (r->result->n_indicators + 1) * sizeof(*a->gaps));
	if (!a->gaps)
		return cli_no_memory(err);
	for (size_t i = 0; i < r->result->n_indicators; i++) {
		const char *id = r->result->indicators[i].indicator->id;

		a->gaps[i] = !find(&r->gaps, id) &&
			     bkt_assess_needs_reason(r->assess, id);
		a->n_gaps += a->gaps[i];
	}
	for (size_t i = 0; i < r->facts->n_evidence; i++)
		a->n_documents += sensitive(r, &r->facts->evidence[i]);
	return BKT_OK;
}

static void tell_unmet(
    struct cli *c, const char *head, const struct bkt_unmet *u, size_t n)
{
	for (size_t i = 0; i < n; i++)
		cli_note(c, "    %s for level %u (%s): %s", head, u[i].level,
		    u[i].id, cli_language(&u[i].say));
}

/* exactly what the reason has to speak of */
static void tell_lacks(
    const struct releasing *r, const struct bkt_indicator_result *x)
{
	const struct bkt_assessment *a = r->result;

	/* what is lacking for a level that nobody claims is no gap */
	if (bkt_rat_cmp(x->supported.value, x->claimed.value) < 0)
		tell_unmet(r->c, "lacks", x->unmet, x->n_unmet);
	if (bkt_rat_cmp(x->verified.value, x->claimed.value) < 0)
		tell_unmet(
		    r->c, "not accepted yet", x->unverified, x->n_unverified);
	for (size_t i = 0; i < a->n_findings; i++) {
		const struct bkt_finding *f = &a->findings[i];

		if (f->severity == BKT_ERROR &&
		    strcmp(f->indicator, x->indicator->id) == 0)
			cli_note(r->c, "    %s%s%s: %s", f->id,
			    f->document[0] ? ", document " : "", f->document,
			    cli_language(&f->say));
	}
}

static void tell_gaps(const struct releasing *r, const struct asked *a)
{
	for (size_t i = 0; i < r->result->n_indicators; i++) {
		const struct bkt_indicator_result *x =
		    &r->result->indicators[i];
		char claimed[48], verified[48];

		if (!a->gaps[i])
			continue;
		bkt_assess_level_text(x->claimed.value, claimed);
		bkt_assess_level_text(x->verified.value, verified);
		cli_note(r->c, "%s is incomplete: claimed %s, verified %s",
		    x->indicator->id, x->has_claim ? claimed : "nothing",
		    verified);
		if (x->has_claim)
			tell_lacks(r, x);
	}
}

static void tell_documents(const struct releasing *r)
{
	for (size_t i = 0; i < r->facts->n_evidence; i++) {
		const struct bkt_evidence *e = &r->facts->evidence[i];

		if (sensitive(r, e))
			cli_note(r->c, "%s/%s is %s%s: %s", e->indicator,
			    e->document, e->class_,
			    e->personal ? " with personal data" : "", e->title);
	}
}

/* a command to be copied, with the reasons to be filled in */
static void tell_command(const struct releasing *r, const struct asked *a)
{
	struct command m = { .c = r->c };

	repeat(r, &m);
	for (size_t i = 0; i < r->facts->n_evidence; i++) {
		const struct bkt_evidence *e = &r->facts->evidence[i];

		if (sensitive(r, e))
			put_line(&m,
			    cli_printf(r->c, "    --exclude '%s/%s=" BLANK "'",
				e->indicator, e->document));
	}
	for (size_t i = 0; i < r->result->n_indicators; i++)
		if (a->gaps[i])
			put_line(
			    &m, cli_printf(r->c, "    --gap '%s=" BLANK "'",
				    r->result->indicators[i].indicator->id));
	put_line(&m, NULL);
	if (a->n_gaps > MANY_GAPS)
		cli_note(r->c,
		    "hint: or keep the reasons in a CSV with the columns "
		    "indicator,reason: --gaps FILE");
}

enum bkt_status release_fill(struct releasing *r, struct bkt_err *err)
{
	struct asked a = { .n_gaps = 0 };
	const char *gaps = "";

	BKT_TRY(look(r, &a, err));
	if (a.n_gaps == 0 && a.n_documents == 0)
		return bkt_assess_release(r->assess, &r->head.checkpoint,
		    r->gaps.v, r->gaps.n, r->exclusions.v, r->exclusions.n,
		    r->c->arena, &r->body, err);
	tell_gaps(r, &a);
	tell_documents(r);
	tell_command(r, &a);
	if (a.n_documents == 0)
		return bkt_fail(err, BKT_E_FINDINGS,
		    "%zu indicator%s incomplete without a stated reason; "
		    "nothing was released",
		    a.n_gaps, a.n_gaps == 1 ? " is" : "s are");
	if (a.n_gaps > 0)
		gaps = cli_printf(r->c, ", and %zu gap%s a reason", a.n_gaps,
		    a.n_gaps == 1 ? " needs" : "s need");
	(void)bkt_fail(err, BKT_E_POLICY,
	    "%zu confidential or personal document%s may not go out "
	    "unasked%s; nothing was released",
	    a.n_documents, a.n_documents == 1 ? "" : "s", gaps);
	bkt_err_hint(err, "exclude them as shown, or allow them all with "
			  "--include-class rahasia");
	return BKT_E_POLICY;
}
