/* `check` for people, in their language. */
#include <string.h>

#include "check.h"

/* every word that is not the rulebook's own */
enum word {
	W_INDEX,
	W_COMPLETE,
	W_INCOMPLETE,
	W_NEXT,
	W_TOP,
	W_NEAR,
	W_CLAIMED,
	W_SUPPORTED,
	W_VERIFIED,
	W_NO_CLAIM,
	W_WHOLE,
	W_NOT_APPLIED,
	W_UNITS,
	W_DUE,
	W_MISSING,
	W_UNKNOWN,
	W_UNVERIFIED,
	W_WAITING,
	W_SECOND,
	W_LAPSED_LINK,
	W_LAPSED_CONTENT,
	W_LAPSED_DOCUMENT,
	W_RETURNED,
	W_REJECTED,
	W_FINDINGS,
	W_ERROR,
	W_WARNING,
	W_DOCUMENT,
	W_NOTHING,
	W_NOBODY,
	W_LISTED,
	W_EACH,
};

static const char *const words[][2] = {
	[W_INDEX] = { "index", "indeks" },
	[W_COMPLETE] = { "complete", "lengkap" },
	[W_INCOMPLETE] = { "INCOMPLETE", "BELUM LENGKAP" },
	[W_NEXT] = { "to", "menuju" },
	[W_TOP] = { "highest band", "predikat tertinggi" },
	[W_NEAR] = { "close to a bound, exactly", "dekat batas, tepatnya" },
	[W_CLAIMED] = { "claimed", "diajukan" },
	[W_SUPPORTED] = { "supported", "didukung bukti" },
	[W_VERIFIED] = { "verified", "terverifikasi" },
	[W_NO_CLAIM] = { "no level is claimed", "belum ada tingkat diajukan" },
	[W_WHOLE] = { "whole", "lengkap" },
	[W_NOT_APPLIED] = { "does not apply here", "tidak berlaku di sini" },
	[W_UNITS] = { "units", "perangkat daerah" },
	[W_DUE] = { "due", "tenggat" },
	[W_MISSING] = { "missing for level", "kurang untuk tingkat" },
	[W_UNKNOWN] = { "not known", "belum diketahui" },
	[W_UNVERIFIED] = { "needs an accept", "perlu diterima pemeriksa" },
	[W_WAITING] = { "waits for review", "menunggu pemeriksaan" },
	[W_SECOND] = { "needs a second accept, by another verifier",
	    "perlu diterima pemeriksa kedua" },
	[W_LAPSED_LINK] = { "accepted before its link changed",
	    "diterima sebelum tautannya berubah" },
	[W_LAPSED_CONTENT] = { "accepted before its content changed",
	    "diterima sebelum isinya berubah" },
	[W_LAPSED_DOCUMENT] = { "accepted before its record changed",
	    "diterima sebelum catatannya berubah" },
	[W_RETURNED] = { "returned", "dikembalikan" },
	[W_REJECTED] = { "rejected", "ditolak" },
	[W_FINDINGS] = { "findings", "temuan" },
	[W_ERROR] = { "error", "kesalahan" },
	[W_WARNING] = { "warning", "peringatan" },
	[W_DOCUMENT] = { "document", "dokumen" },
	[W_NOTHING] = { "nothing is assigned to that unit",
	    "tidak ada yang ditugaskan kepada unit itu" },
	[W_NOBODY] = { "nobody", "belum ada" },
	[W_LISTED] = { "what waits", "yang menunggu" },
	[W_EACH] = { "each in full", "satu per satu" },
};

static const char *w(const struct check_view *v, enum word word)
{
	return words[word][v->lang == CHECK_INDONESIAN];
}

/* a distance that rounding would hide is told exactly */
static const char *distance(const struct check_view *v)
{
	const char *text = cli_rounded(v->c, v->result->rulebook, v->distance);

	return strspn(text, "0.") == strlen(text) ? cli_exact(v->c, v->distance)
						  : text;
}

static void print_head(const struct check_view *v)
{
	const struct bkt_assessment *a = v->result;
	struct cli *c = v->c;

	(void)printf("%s%s: %s %s, %s; %s%s; ", cli_colour(c, CLI_BOLD),
	    cli_text(c, v->cycle->cycle), w(v, W_INDEX),
	    cli_rounded(v->c, v->result->rulebook, a->index.verified),
	    a->band_verified ? cli_text(c, a->band_verified->name) : "-",
	    cli_colour(c, v->complete ? CLI_GREEN : CLI_RED),
	    v->complete ? w(v, W_COMPLETE) : w(v, W_INCOMPLETE));
	if (v->lang == CHECK_INDONESIAN)
		(void)printf("%zu dari %zu indikator kurang", v->n_short, v->n);
	else
		(void)printf("%zu of %s short", v->n_short,
		    cli_count(c, v->n, "indicator", NULL));
	(void)printf("%s\n", cli_colour(c, CLI_PLAIN));
	if (v->next)
		(void)printf("%s %s %s (%s)", distance(v), w(v, W_NEXT),
		    cli_text(c, v->next->name), cli_exact(v->c, v->next->from));
	else
		(void)printf("%s", w(v, W_TOP));
	(void)printf("; %s %s, %s %s", w(v, W_CLAIMED),
	    cli_rounded(v->c, v->result->rulebook, a->index.claimed),
	    w(v, W_SUPPORTED),
	    cli_rounded(v->c, v->result->rulebook, a->index.supported));
	if (a->near_bound)
		(void)printf("; %s%s %s%s", cli_colour(c, CLI_YELLOW),
		    w(v, W_NEAR), cli_exact(v->c, a->index.verified),
		    cli_colour(c, CLI_PLAIN));
	(void)printf("\n");
}

static const char *level(
    const struct check_view *v, const struct bkt_level_result *l)
{
	char text[48];

	bkt_assess_level_text(l->value, text);
	return cli_printf(v->c, "%s%s", text, l->known ? "" : "?");
}

static void print_unmet(
    const struct check_view *v, const struct bkt_unmet *u, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		(void)printf("    %s: %s\n", cli_text(v->c, u[i].id),
		    cli_text(v->c, check_say(v, &u[i].say)));
		if (u[i].unknown && u[i].missing.en[0] != '\0')
			(void)printf("      %s: %s\n", w(v, W_UNKNOWN),
			    cli_text(v->c, check_say(v, &u[i].missing)));
	}
}

void check_print_document(
    const struct check_view *v, const struct bkt_evidence *e)
{
	size_t n = strlen(e->title);

	/* a title that is the file's name is not said twice */
	if (strncmp(e->file, e->title, n) == 0 && e->file[n] == '.')
		(void)printf(
		    "    %s, %s", e->document, cli_text(v->c, e->file));
	else
		(void)printf("    %s, %s (%s)", e->document,
		    cli_text(v->c, e->title), cli_text(v->c, e->file));
}

static const enum word lapses[] = {
	[BKT_LAPSE_LINK] = W_LAPSED_LINK,
	[BKT_LAPSE_CONTENT] = W_LAPSED_CONTENT,
	[BKT_LAPSE_DOCUMENT] = W_LAPSED_DOCUMENT,
};

static void print_waiting(const struct check_view *v, const char *indicator)
{
	const struct bkt_evidence *e;
	bool first = true;

	for (size_t at = 0; (e = check_evidence(v, indicator, &at));) {
		if (!check_waits(e))
			continue;
		if (first)
			(void)printf("  %s:\n", w(v, W_WAITING));
		first = false;
		check_print_document(v, e);
		if (e->review == BKT_REVIEW_PARTIAL)
			(void)printf(": %s (%s)", w(v, W_SECOND),
			    cli_text(v->c, e->accepted_by));
		if (e->lapsed != BKT_LAPSE_NONE)
			(void)printf(": %s", w(v, lapses[e->lapsed]));
		(void)printf("\n");
	}
}

/* the words that `review` takes; any other is told as it is */
static const struct {
	const char *cause, *id;
} causes[] = {
	{ "wrong-object", "tentang hal lain" },
	{ "draft", "masih rancangan" },
	{ "expired", "tidak berlaku lagi" },
	{ "incomplete", "tidak lengkap" },
	{ "unsigned", "belum ditandatangani" },
	{ "no-number", "tanpa nomor" },
	{ "unreadable", "tidak terbaca" },
	{ "duplicate", "ganda" },
	{ "coverage", "cakupan kurang" },
	{ "level-too-high", "tingkat terlalu tinggi" },
	{ "locator", "letaknya tidak jelas" },
	{ "other", "lainnya" },
};

static const char *cause(const struct check_view *v, const char *word)
{
	for (size_t i = 0; i < sizeof(causes) / sizeof(*causes); i++)
		if (v->lang == CHECK_INDONESIAN &&
		    strcmp(causes[i].cause, word) == 0)
			return causes[i].id;
	return cli_text(v->c, word);
}

void check_print_returned(const struct check_view *v, const char *indicator)
{
	char when[BKT_TIME_LEN + 1];
	const struct bkt_evidence *e;

	for (size_t at = 0; (e = check_evidence(v, indicator, &at));) {
		if (!check_returned(e))
			continue;
		(void)printf("  %s%s%s:\n", cli_colour(v->c, CLI_RED),
		    w(v, e->review == BKT_REVIEW_REJECTED ? W_REJECTED
							  : W_RETURNED),
		    cli_colour(v->c, CLI_PLAIN));
		check_print_document(v, e);
		bkt_time_format(e->declined_utc_s, when);
		(void)printf("\n      %s: %s\n      %s, %s\n",
		    cause(v, e->cause), cli_text(v->c, e->reason),
		    cli_text(v->c, e->declined_by), when);
	}
}

static void print_levels(
    const struct check_view *v, const struct check_row *row)
{
	const struct bkt_indicator_result *r = row->r;
	struct cli *c = v->c;

	(void)printf("  ");
	if (!r->applies)
		(void)printf("%s; ", w(v, W_NOT_APPLIED));
	else if (!row->is_short)
		(void)printf("%s; ", w(v, W_WHOLE));
	if (r->has_claim)
		(void)printf("%s %s", w(v, W_CLAIMED), level(v, &r->claimed));
	else
		(void)printf("%s", w(v, W_NO_CLAIM));
	(void)printf(", %s %s, %s %s\n", w(v, W_SUPPORTED),
	    level(v, &r->supported), w(v, W_VERIFIED), level(v, &r->verified));
	if (row->a)
		(void)printf("  %s: %s%s%s\n", w(v, W_UNITS),
		    cli_text(
			c, cli_join(c, &row->a->units, ", ", w(v, W_NOBODY))),
		    row->a->due ? cli_printf(c, "; %s ", w(v, W_DUE)) : "",
		    row->a->due ? row->a->due : "");
}

static void print_row(const struct check_view *v, const struct check_row *row)
{
	const struct bkt_indicator_result *r = row->r;
	const char *id = r->indicator->id;
	bool unsupported =
	    bkt_rat_cmp(r->supported.value, r->claimed.value) < 0;
	bool unverified = bkt_rat_cmp(r->verified.value, r->claimed.value) < 0;

	(void)printf("\n%s%s %s%s\n", cli_colour(v->c, CLI_BOLD),
	    cli_text(v->c, id),
	    cli_text(v->c, check_say(v, &r->indicator->title)),
	    cli_colour(v->c, CLI_PLAIN));
	print_levels(v, row);
	/* what a whole indicator lacks is only of use for the next level */
	if (r->n_unmet > 0 && (unsupported || !r->has_claim || v->all)) {
		(void)printf("  %s %u:\n", w(v, W_MISSING), r->unmet[0].level);
		print_unmet(v, r->unmet, r->n_unmet);
	}
	if (r->n_unverified > 0) {
		(void)printf("  %s:\n", w(v, W_UNVERIFIED));
		print_unmet(v, r->unverified, r->n_unverified);
	}
	if (unverified || v->all)
		print_waiting(v, id);
	check_print_returned(v, id);
}

static void print_finding(
    const struct check_view *v, const struct bkt_finding *f)
{
	struct cli *c = v->c;
	bool bad = f->severity == BKT_ERROR;
	const struct bkt_evidence *e = NULL;

	(void)printf("  %s%s%s %s", cli_colour(c, bad ? CLI_RED : CLI_YELLOW),
	    w(v, bad ? W_ERROR : W_WARNING), cli_colour(c, CLI_PLAIN),
	    cli_text(c, f->id));
	if (f->indicator[0] != '\0')
		(void)printf(", %s", cli_text(c, f->indicator));
	if (f->document[0] != '\0') {
		e = check_document(v, f->document);
		(void)printf(
		    ", %s %s", w(v, W_DOCUMENT), cli_text(c, f->document));
	}
	if (e)
		(void)printf(" (%s)", cli_text(c, e->file));
	(void)printf("\n    %s\n", cli_text(c, check_say(v, &f->say)));
}

/* links among those told together that the first verifier cannot decide */
static size_t second_accepts(const struct check_view *v)
{
	const struct bkt_evidence *e;
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++) {
		if (!v->rows[i].waits)
			continue;
		for (size_t at = 0;
		     (e = check_evidence(v, v->rows[i].r->indicator->id, &at));)
			n += e->review == BKT_REVIEW_PARTIAL;
	}
	return n;
}

/* many that lack nothing but a verifier would hide the few that lack more */
static void print_waits(const struct check_view *v)
{
	struct cli *c = v->c;
	size_t column = 0, second = second_accepts(v);

	(void)printf("\n%s", cli_colour(c, CLI_BOLD));
	if (v->lang == CHECK_INDONESIAN)
		(void)printf("tinggal menunggu pemeriksaan: %zu tautan dari "
			     "%zu indikator",
		    v->n_wait_links, v->n_wait);
	else
		(void)printf("wait for review only: %s of %s",
		    cli_count(c, v->n_wait_links, "link", NULL),
		    cli_count(c, v->n_wait, "indicator", NULL));
	(void)printf("%s", cli_colour(c, CLI_PLAIN));
	for (size_t i = 0; i < v->n; i++) {
		const char *id = v->rows[i].r->indicator->id;

		if (!v->rows[i].waits)
			continue;
		if (column == 0 || column + strlen(id) + 1 > 76) {
			(void)printf("\n ");
			column = 1;
		}
		(void)printf(" %s", cli_text(c, id));
		column += strlen(id) + 1;
	}
	if (second > 0)
		(void)printf("\n  %zu: %s", second, w(v, W_SECOND));
	(void)printf("\n  %s: bukti review list %s\n  %s: bukti check %s "
		     "--all\n",
	    w(v, W_LISTED), cli_text(c, v->cycle->cycle), w(v, W_EACH),
	    cli_text(c, v->cycle->cycle));
}

/* what is told once for all that wait */
static bool is_grouped(const struct check_view *v, const struct bkt_finding *f)
{
	const struct check_row *row = check_row_of(v, f->indicator);

	return row && row->waits && !v->each && check_says_unverified(f);
}

/* errors first: they are what keeps a round from being complete */
static void print_findings(const struct check_view *v)
{
	static const enum bkt_severity order[] = { BKT_ERROR, BKT_WARNING };
	const struct bkt_assessment *a = v->result;
	bool first = true;

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < a->n_findings; i++) {
			const struct bkt_finding *f = &a->findings[i];

			if (f->severity != order[k] || !check_shows(v, f) ||
			    is_grouped(v, f))
				continue;
			if (first)
				(void)printf("\n%s:\n", w(v, W_FINDINGS));
			first = false;
			print_finding(v, f);
		}
}

void check_print(const struct check_view *v)
{
	print_head(v);
	if (v->n == 0) {
		(void)printf("\n%s\n", w(v, W_NOTHING));
		return;
	}
	for (size_t i = 0; i < v->n; i++) {
		const struct check_row *row = &v->rows[i];

		if (row->waits && !v->each)
			continue;
		if (row->is_short || v->all || row->r->n_returned > 0)
			print_row(v, row);
	}
	if (v->n_wait > 0 && !v->each)
		print_waits(v);
	print_findings(v);
}
