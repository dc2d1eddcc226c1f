/* Does a decision still count for what is there now, and if not, why. */
#include "show.h"

#include <string.h>

#include "bukti/assess.h"

/* what there never was, or is no more, is another thing than was decided on */
static enum bkt_status digest_or_none(
    struct cli *c, const char *path, const char **hex, struct bkt_err *err)
{
	enum bkt_status st = cli_digest_at(c, path, hex, err);

	if (st != BKT_E_NOTFOUND)
		return st;
	*hex = "";
	return BKT_OK;
}

enum bkt_status show_lapse(struct cli *c, const struct bkt_record *review,
    enum bkt_review_lapse *out, struct bkt_err *err)
{
	const struct bkt_review *v = &review->u.review;
	const char *path = cli_printf(
	    c, "documents/%.2s/%s/document.json", v->document, v->document);
	const char *link = NULL, *record = NULL;
	struct bkt_record *doc = NULL;
	struct bkt_path_info at;

	bkt_path_classify(review->path, &at);
	BKT_TRY(digest_or_none(c,
	    cli_printf(c, "cycles/%s/%s/evidence/%s.json", at.cycle,
		at.indicator, v->document),
	    &link, err));
	BKT_TRY(digest_or_none(c, path, &record, err));
	if (record[0])
		BKT_TRY(cli_record_at(c, path, &doc, err));
	*out = bkt_assess_lapse(
	    v, link, record, doc ? doc->u.document.sha256 : "");
	return BKT_OK;
}

const char *show_lapse_text(enum bkt_review_lapse l)
{
	static const char *const words[] = {
		[BKT_LAPSE_NONE] = "",
		[BKT_LAPSE_LINK] = "the link changed since",
		[BKT_LAPSE_CONTENT] = "the content changed since",
		[BKT_LAPSE_DOCUMENT] = "the document's record changed since",
	};

	return words[l];
}

const char *show_lapse_word(enum bkt_review_lapse l)
{
	static const char *const words[] = {
		[BKT_LAPSE_NONE] = "",
		[BKT_LAPSE_LINK] = "link",
		[BKT_LAPSE_CONTENT] = "content",
		[BKT_LAPSE_DOCUMENT] = "document",
	};

	return words[l];
}
