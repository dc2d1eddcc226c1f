/* `check` for programs. */
#include <string.h>

#include "check.h"
#include "show.h"

static void put_rat(struct cli_json *j, const char *key, struct bkt_rat r)
{
	char text[48];

	bkt_rat_exact(r, text);
	cli_json_str(j, key, text);
}

static void put_level(
    struct cli_json *j, const char *key, const struct bkt_level_result *l)
{
	cli_json_object(j, key);
	put_rat(j, "level", l->value);
	cli_json_bool(j, "known", l->known);
	cli_json_end(j, '}');
}

static void put_unmet(const struct check_view *v, struct cli_json *j,
    const char *key, const struct bkt_unmet *u, size_t n)
{
	cli_json_array(j, key);
	for (size_t i = 0; i < n; i++) {
		cli_json_object(j, NULL);
		cli_json_str(j, "id", u[i].id);
		cli_json_u64(j, "level", u[i].level);
		cli_json_str(j, "say", check_say(v, &u[i].say));
		cli_json_bool(j, "unknown", u[i].unknown);
		cli_json_str(j, "missing", check_say(v, &u[i].missing));
		cli_json_end(j, '}');
	}
	cli_json_end(j, ']');
}

static void put_documents(const struct check_view *v, struct cli_json *j,
    const char *key, const char *indicator,
    bool (*wanted)(const struct bkt_evidence *e))
{
	static const char *const states[] = {
		[BKT_REVIEW_NONE] = "none",
		[BKT_REVIEW_ACCEPTED] = "accepted",
		[BKT_REVIEW_PARTIAL] = "partial",
		[BKT_REVIEW_RETURNED] = "returned",
		[BKT_REVIEW_REJECTED] = "rejected",
	};
	const struct bkt_evidence *e;

	cli_json_array(j, key);
	for (size_t at = 0; (e = check_evidence(v, indicator, &at));) {
		if (!wanted(e))
			continue;
		cli_json_object(j, NULL);
		cli_json_str(j, "document", e->document);
		cli_json_str(j, "title", e->title);
		cli_json_str(j, "file", e->file);
		cli_json_str(j, "link", e->link_path);
		cli_json_str(j, "state", states[e->review]);
		cli_json_str(j, "lapsed", show_lapse_word(e->lapsed));
		cli_json_str(j, "cause", e->cause);
		cli_json_str(j, "reason", e->reason);
		cli_json_str(j, "by", e->declined_by);
		if (e->declined_by[0] != '\0')
			cli_json_time(j, "at", e->declined_utc_s);
		cli_json_end(j, '}');
	}
	cli_json_end(j, ']');
}

static void put_row(
    const struct check_view *v, struct cli_json *j, const struct check_row *row)
{
	static const struct bkt_strs none = { NULL, 0 };
	const struct bkt_indicator_result *r = row->r;
	const char *id = r->indicator->id;

	cli_json_object(j, NULL);
	cli_json_str(j, "indicator", id);
	cli_json_str(j, "title", check_say(v, &r->indicator->title));
	cli_json_strs(j, "units", row->a ? &row->a->units : &none);
	cli_json_str(j, "due", row->a && row->a->due ? row->a->due : "");
	cli_json_bool(j, "applies", r->applies);
	cli_json_bool(j, "short", row->is_short);
	cli_json_bool(j, "has_claim", r->has_claim);
	put_level(j, "claimed", &r->claimed);
	put_level(j, "supported", &r->supported);
	put_level(j, "verified", &r->verified);
	put_unmet(v, j, "unmet", r->unmet, r->n_unmet);
	put_unmet(v, j, "unverified", r->unverified, r->n_unverified);
	put_documents(v, j, "waiting", id, check_waits);
	put_documents(v, j, "returned", id, check_returned);
	cli_json_end(j, '}');
}

static void put_findings(const struct check_view *v, struct cli_json *j)
{
	const struct bkt_assessment *a = v->result;

	cli_json_array(j, "findings");
	for (size_t i = 0; i < a->n_findings; i++) {
		const struct bkt_finding *f = &a->findings[i];
		const struct bkt_evidence *e = NULL;

		if (!check_shows(v, f))
			continue;
		e = check_document(v, f->document);
		cli_json_object(j, NULL);
		cli_json_str(j, "id", f->id);
		cli_json_str(j, "severity",
		    f->severity == BKT_ERROR ? "error" : "warning");
		cli_json_str(j, "indicator", f->indicator);
		cli_json_str(j, "document", f->document);
		cli_json_str(j, "file", e ? e->file : "");
		cli_json_str(j, "say", check_say(v, &f->say));
		cli_json_end(j, '}');
	}
	cli_json_end(j, ']');
}

static void put_index(const struct check_view *v, struct cli_json *j)
{
	const struct bkt_assessment *a = v->result;
	char text[48];

	cli_json_object(j, "index");
	put_rat(j, "claimed", a->index.claimed);
	put_rat(j, "supported", a->index.supported);
	put_rat(j, "verified", a->index.verified);
	bkt_rat_round(a->index.verified, a->rulebook->display_decimals, text);
	cli_json_str(j, "rounded", text);
	cli_json_end(j, '}');
	cli_json_str(j, "band", a->band_verified ? a->band_verified->name : "");
	cli_json_bool(j, "near_bound", a->near_bound);
	if (!v->next)
		return;
	cli_json_object(j, "next_band");
	cli_json_str(j, "name", v->next->name);
	put_rat(j, "from", v->next->from);
	put_rat(j, "distance", v->distance);
	cli_json_end(j, '}');
}

enum bkt_status check_print_json(
    const struct check_view *v, struct bkt_err *err)
{
	BKT_AUTO(cli_json_release) struct cli_json j = { .depth = 0 };

	cli_json_init(&j);
	cli_json_object(&j, NULL);
	cli_json_str(&j, "cycle", v->cycle->cycle);
	cli_json_str(&j, "language", v->lang == CHECK_INDONESIAN ? "id" : "en");
	cli_json_bool(&j, "complete", v->complete);
	put_index(v, &j);
	cli_json_u64(&j, "shown", v->n);
	cli_json_u64(&j, "short", v->n_short);
	cli_json_array(&j, "indicators");
	for (size_t i = 0; i < v->n; i++)
		if (v->rows[i].is_short || v->all ||
		    v->rows[i].r->n_returned > 0)
			put_row(v, &j, &v->rows[i]);
	cli_json_end(&j, ']');
	put_findings(v, &j);
	cli_json_end(&j, '}');
	return cli_json_print(&j, err);
}
