/* bukti gap: the next thing to do for each indicator, in one sentence */
#include <string.h>

#include "check.h"

enum word {
	W_VERIFIED,
	W_SUPPORTED,
	W_CLAIMED,
	W_MORE,
	W_WAITS,
	W_ENDS,
	W_TOP,
	W_NONE
};

static const char *const words[][2] = {
	[W_VERIFIED] = { "verified", "terverifikasi" },
	[W_SUPPORTED] = { "supported", "didukung bukti" },
	[W_CLAIMED] = { "claimed", "diajukan" },
	[W_MORE] = { "more", "lagi" },
	[W_WAITS] = { "waiting for review", "menunggu pemeriksaan" },
	[W_ENDS] = { "not in force on the cut-off day",
	    "tidak berlaku pada tanggal penilaian" },
	[W_TOP] = { "the highest level is verified",
	    "tingkat tertinggi sudah terverifikasi" },
	[W_NONE] = { "nothing is assigned to that unit",
	    "tidak ada yang ditugaskan kepada unit itu" },
};

static const char *w(const struct check_view *v, enum word word)
{
	return words[word][v->lang == CHECK_INDONESIAN];
}

/* ends before the cut-off day, of what is not sent back */
static const struct bkt_evidence *ending(
    const struct check_view *v, const char *indicator, size_t *at, char *day)
{
	const struct bkt_evidence *e;

	while ((e = check_evidence(v, indicator, at))) {
		int32_t end =
		    bkt_rulebook_in_force_until(v->result->rulebook, e);

		if (check_returned(e) || end == BKT_NO_DATE ||
		    end >= v->facts->cutoff)
			continue;
		bkt_date_format(end, day);
		return e;
	}
	return NULL;
}

static void print_ending(const struct check_view *v, const char *indicator)
{
	char day[11];
	const struct bkt_evidence *e;
	bool first = true;

	for (size_t at = 0; (e = ending(v, indicator, &at, day));) {
		if (first)
			(void)printf("  %s%s%s:\n",
			    cli_colour(v->c, CLI_YELLOW), w(v, W_ENDS),
			    cli_colour(v->c, CLI_PLAIN));
		first = false;
		check_print_document(v, e);
		(void)printf(": %s\n", day);
	}
}

static const char *level(
    const struct check_view *v, const struct bkt_level_result *l)
{
	return cli_printf(
	    v->c, "%s%s", cli_exact(v->c, l->value), l->known ? "" : "?");
}

static void print_next(
    const struct check_view *v, const struct bkt_indicator_result *r)
{
	const struct bkt_unmet *u = r->unmet;

	if (r->n_unmet > 0) {
		(void)printf("  ");
		if (v->lang == CHECK_INDONESIAN)
			(void)printf("tingkat %u meminta", u->level);
		else
			(void)printf("level %u asks", u->level);
		(void)printf(": %s (%s", cli_text(v->c, check_say(v, &u->say)),
		    cli_text(v->c, u->id));
		if (r->n_unmet > 1)
			(void)printf("; %zu %s", r->n_unmet - 1, w(v, W_MORE));
		(void)printf(")\n");
		if (u->unknown && u->missing.en[0] != '\0')
			(void)printf("    %s\n",
			    cli_text(v->c, check_say(v, &u->missing)));
	}
	if (r->n_waiting > 0)
		(void)printf("  %s: %zu\n", w(v, W_WAITS), r->n_waiting);
	if (r->n_unmet == 0 && r->n_unverified == 0)
		(void)printf("  %s\n", w(v, W_TOP));
}

static void print_row(const struct check_view *v, const struct check_row *row)
{
	const struct bkt_indicator_result *r = row->r;
	const char *id = r->indicator->id;

	(void)printf("\n%s%s %s%s\n  %s %s, %s %s", cli_colour(v->c, CLI_BOLD),
	    cli_text(v->c, id),
	    cli_text(v->c, check_say(v, &r->indicator->title)),
	    cli_colour(v->c, CLI_PLAIN), w(v, W_VERIFIED),
	    level(v, &r->verified), w(v, W_SUPPORTED), level(v, &r->supported));
	if (r->has_claim)
		(void)printf(", %s %s", w(v, W_CLAIMED), level(v, &r->claimed));
	if (row->a && row->a->units.n > 0)
		(void)printf("; %s",
		    cli_text(v->c, cli_join(v->c, &row->a->units, ", ", "")));
	(void)printf("\n");
	print_next(v, r);
	print_ending(v, id);
	check_print_returned(v, id);
}

static void json_document(struct cli_json *j, const struct bkt_evidence *e)
{
	cli_json_str(j, "document", e->document);
	cli_json_str(j, "title", e->title);
	cli_json_str(j, "file", e->file);
}

static void json_row(
    const struct check_view *v, struct cli_json *j, const struct check_row *row)
{
	static const struct bkt_strs none = { NULL, 0 };
	const struct bkt_indicator_result *r = row->r;
	const char *id = r->indicator->id;
	char day[11];
	const struct bkt_evidence *e;

	cli_json_object(j, NULL);
	cli_json_str(j, "indicator", id);
	cli_json_strs(j, "units", row->a ? &row->a->units : &none);
	cli_json_str(j, "verified", cli_exact(v->c, r->verified.value));
	cli_json_str(j, "supported", cli_exact(v->c, r->supported.value));
	cli_json_u64(j, "waiting", r->n_waiting);
	cli_json_u64(j, "unmet", r->n_unmet);
	if (r->n_unmet > 0) {
		cli_json_object(j, "next");
		cli_json_u64(j, "level", r->unmet->level);
		cli_json_str(j, "id", r->unmet->id);
		cli_json_str(j, "say", check_say(v, &r->unmet->say));
		cli_json_bool(j, "unknown", r->unmet->unknown);
		cli_json_str(j, "missing", check_say(v, &r->unmet->missing));
		cli_json_end(j, '}');
	}
	cli_json_array(j, "ending");
	for (size_t at = 0; (e = ending(v, id, &at, day));) {
		cli_json_object(j, NULL);
		json_document(j, e);
		cli_json_str(j, "until", day);
		cli_json_end(j, '}');
	}
	cli_json_end(j, ']');
	cli_json_array(j, "returned");
	for (size_t at = 0; (e = check_evidence(v, id, &at));) {
		if (!check_returned(e))
			continue;
		cli_json_object(j, NULL);
		json_document(j, e);
		cli_json_str(j, "cause", e->cause);
		cli_json_str(j, "reason", e->reason);
		cli_json_str(j, "by", e->declined_by);
		cli_json_end(j, '}');
	}
	cli_json_end(j, ']');
	cli_json_end(j, '}');
}

static enum bkt_status print_json(
    const struct check_view *v, struct bkt_err *err)
{
	BKT_AUTO(cli_json_release) struct cli_json j;

	cli_json_init(&j);
	cli_json_object(&j, NULL);
	cli_json_str(&j, "cycle", v->cycle->cycle);
	cli_json_str(&j, "cutoff", v->cycle->cutoff);
	cli_json_array(&j, "indicators");
	for (size_t i = 0; i < v->n; i++)
		json_row(v, &j, &v->rows[i]);
	cli_json_end(&j, ']');
	cli_json_end(&j, '}');
	return cli_json_print(&j, err);
}

static void print_text(const struct check_view *v)
{
	(void)printf("%s%s: %s %s; %s%s\n", cli_colour(v->c, CLI_BOLD),
	    cli_text(v->c, v->cycle->cycle),
	    v->lang == CHECK_INDONESIAN ? "indeks" : "index",
	    cli_rounded(v->c, v->result->rulebook, v->result->index.verified),
	    v->cycle->cutoff, cli_colour(v->c, CLI_PLAIN));
	if (v->n == 0)
		(void)printf("\n%s\n", w(v, W_NONE));
	for (size_t i = 0; i < v->n; i++)
		print_row(v, &v->rows[i]);
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	BKT_AUTO(bkt_assess_free) bkt_assess *a = NULL;
	struct check_view v = { .c = c };

	BKT_TRY(check_open(&v, &a, err));
	BKT_TRY(check_collect(&v, err));
	if (cli_flag(c, "json"))
		return print_json(&v, err);
	print_text(&v);
	return BKT_OK;
}

static const struct cli_opt options[] = {
	{ "unit", "UNIT", "only what this unit is assigned", 'u', false },
	{ "indicator", "N,N", "only these, e.g. 1,2,5", 'i', true },
	{ "lang", "id|en", "language of the sentences (else by locale)", 0,
	    false },
	{ 0 },
};

const struct cli_cmd cli_gap = {
	.name = "gap",
	.summary = "the next thing to do for each indicator",
	.usage = "[CYCLE] [--unit UNIT] [--indicator N,N] [--json]",
	.details = "The first requirement of the next level, what will not be "
		   "in force on the\ncut-off day, and what was returned and "
		   "why.",
	.options = options,
	.flags = CLI_READS | CLI_JSON,
	.max_args = 1,
	.run = run,
};
