/* bukti check [CYCLE]: what is short, and what to do about it */
#include <string.h>

#include "check.h"

bool check_shows(const struct check_view *v, const struct bkt_finding *f)
{
	if (f->indicator[0] == '\0' || check_row_of(v, f->indicator))
		return true;
	return !v->narrowed; /* about an indicator nobody knows */
}

const struct check_row *check_row_of(
    const struct check_view *v, const char *indicator)
{
	for (size_t i = 0; i < v->n; i++)
		if (strcmp(v->rows[i].r->indicator->id, indicator) == 0)
			return &v->rows[i];
	return NULL;
}

const struct bkt_evidence *check_document(
    const struct check_view *v, const char *document)
{
	return bkt_map_get(v->documents, document);
}

/* the same document under several indicators is called the same */
static enum bkt_status by_document(struct check_view *v, struct bkt_err *err)
{
	for (size_t i = 0; i < v->facts->n_evidence; i++) {
		struct bkt_evidence *e = &v->facts->evidence[i];

		BKT_TRY(bkt_map_set(v->documents, e->document, e, err));
	}
	return BKT_OK;
}

static enum bkt_status run(struct cli *c, struct bkt_err *err)
{
	BKT_AUTO(bkt_assess_free) bkt_assess *a = NULL;
	BKT_AUTO(bkt_map_free) bkt_map *documents = bkt_map_new();
	struct check_view v = {
		.c = c, .all = cli_flag(c, "all"), .documents = documents
	};

	if (!documents)
		return cli_no_memory(err);

	BKT_TRY(check_open(&v, &a, err));
	BKT_TRY(by_document(&v, err));
	BKT_TRY(check_collect(&v, err));
	v.next = bkt_rulebook_next_band(
	    v.result->rulebook, v.result->index.verified, &v.distance);
	if (cli_flag(c, "json"))
		BKT_TRY(check_print_json(&v, err));
	else
		check_print(&v);
	if (v.complete)
		return BKT_OK;
	*err = (struct bkt_err){ .status = BKT_E_FINDINGS };
	return BKT_E_FINDINGS;
}

static const struct cli_opt options[] = {
	{ "unit", "UNIT", "only what this unit is assigned", 'u', false },
	{ "indicator", "N,N", "only these, e.g. 1,2,5", 'i', true },
	{ "all", NULL, "list each indicator, whole ones too", 'a', false },
	{ "lang", "id|en", "language of the sentences (else by locale)", 0,
	    false },
	{ 0 },
};

const struct cli_cmd cli_check = {
	.name = "check",
	.summary = "what is short in a round, and what to do about it",
	.usage = "[CYCLE] [--unit UNIT] [--indicator N,N] [--all] [--json]",
	.details = "Exit status: 0 all that was asked for is complete, 1 "
		   "something is short.",
	.options = options,
	.flags = CLI_READS | CLI_JSON,
	.max_args = 1,
	.run = run,
};
