/* BUKA-DULU.html: what an assessor opens first; works offline, no script. */
#include <string.h>

#include "private.h"

#define PAGE_MAX ((size_t)64 * 1024 * 1024)

static const char page_head[] =
    "<!DOCTYPE html>\n<html lang=\"id\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<style>\n"
    "body{font:15px/1.5 sans-serif;color:#1a1a1a;max-width:64em;"
    "margin:2em auto;padding:0 1em}\n"
    "h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}\n"
    "table{border-collapse:collapse;width:100%;margin:.5em 0}\n"
    "th,td{border:1px solid #bbb;padding:.3em .5em;text-align:left;"
    "vertical-align:top}\nth{background:#eef2f6}\n"
    ".n{text-align:right}.k{color:#8a3b00}\n"
    "</style>\n<title>";

static void esc(struct bkt_buf *out, const char *s)
{
	bkt_html_escape(out, bkt_span_str(s ? s : ""));
}

static void cell(struct bkt_buf *out, const char *s)
{
	bkt_buf_str(out, "<td>");
	esc(out, s);
	bkt_buf_str(out, "</td>");
}

static void summary(const struct pk_layout *l, struct bkt_buf *out)
{
	const struct bkt_release *r = &l->release->u.release;
	const struct bkt_cycle *c = bkt_assess_record(l->assess);
	char when[BKT_TIME_LEN + 1], index[48];

	bkt_time_format(l->release->at_utc_s, when);
	bkt_rat_round(bkt_assess_result(l->assess)->index.verified,
	    bkt_assess_rulebook(l->assess)->display_decimals, index);
	bkt_buf_str(out, "<h1>");
	esc(out, l->institution->u.institution.name);
	bkt_buf_str(out, ": bukti penilaian mandiri, putaran ");
	esc(out, c->cycle);
	bkt_buf_str(out, "</h1>\n<p>Indeks terverifikasi <strong>");
	esc(out, index);
	bkt_buf_str(out, "</strong> (");
	esc(out, r->band);
	bkt_buf_str(out, "); nilai persis ");
	esc(out, r->verified);
	bkt_buf_str(out, ", klaim ");
	esc(out, r->claimed);
	bkt_buf_str(out, ", didukung bukti ");
	esc(out, r->supported);
	bkt_buf_str(out, ". Batas waktu bukti ");
	esc(out, c->cutoff);
	bkt_buf_str(out, ", aturan ");
	esc(out, c->rulebook);
	bkt_buf_str(out, ", disahkan ");
	esc(out, when);
	bkt_buf_str(out, " oleh ");
	for (size_t i = 0; i < l->release->by.n; i++) {
		bkt_buf_str(out, i ? " dan " : "");
		esc(out, l->release->by.v[i]);
	}
	bkt_buf_str(out,
	    ".</p>\n<p>Cara memeriksa keutuhan paket ini tanpa program khusus "
	    "ada di <a href=\"VERIFIKASI.txt\">VERIFIKASI.txt</a>. Daftar "
	    "yang sama sebagai tabel: <a href=\"DAFTAR-BUKTI.csv\">"
	    "DAFTAR-BUKTI.csv</a>. <em lang=\"en\">How to check this package "
	    "with stock tools: see VERIFIKASI.txt.</em></p>\n");
}

static void level_table(const struct pk_layout *l, struct bkt_buf *out)
{
	const struct bkt_release *r = &l->release->u.release;
	const struct bkt_rulebook *rb = bkt_assess_rulebook(l->assess);

	bkt_buf_str(out,
	    "<h2>Tingkat per indikator</h2>\n<table><tr><th>Indikator</th>"
	    "<th>Klaim</th><th>Didukung</th><th>Terverifikasi</th>"
	    "<th>Keterangan</th></tr>\n");
	for (size_t i = 0; i < r->n_levels; i++) {
		const struct bkt_rb_indicator *ind =
		    bkt_rulebook_indicator(rb, r->levels[i].indicator);

		bkt_buf_str(out, "<tr><td><a href=\"#");
		esc(out, r->levels[i].indicator);
		bkt_buf_str(out, "\">");
		esc(out, r->levels[i].indicator);
		bkt_buf_str(out, "</a> ");
		esc(out, ind ? ind->title.id : "");
		bkt_buf_str(out, "</td>");
		cell(out, r->levels[i].claimed);
		cell(out, r->levels[i].supported);
		cell(out, r->levels[i].verified);
		cell(out, r->levels[i].gap);
		bkt_buf_str(out, "</tr>\n");
	}
	bkt_buf_str(out, "</table>\n");
}

static void evidence_row(const struct pk_layout *l,
    const struct bkt_evidence *e, struct bkt_buf *out)
{
	const char *why = pk_excluded(l, e);
	const char *path = pk_document_path(l, e->document);
	char date[11] = "";

	if (e->date != BKT_NO_DATE)
		bkt_date_format(e->date, date);
	bkt_buf_str(out, "<tr><td>");
	if (path && !why) {
		/* made of [A-Za-z0-9._-] and '/': safe as it is */
		bkt_buf_printf(out, "<a href=\"%s\">", path);
		esc(out, e->title);
		bkt_buf_str(out, "</a>");
	} else {
		esc(out, e->title);
		bkt_buf_str(out, " <span class=\"k\">tidak disertakan: ");
		esc(out, why);
		bkt_buf_str(out, "</span>");
	}
	bkt_buf_str(out, "</td>");
	cell(out, e->type);
	cell(out, e->number);
	cell(out, date);
	cell(out, e->locator);
	cell(out, pk_review_word(e->review));
	bkt_buf_str(out, "</tr>\n");
}

static void indicator_part(const struct pk_layout *l,
    const struct bkt_rb_indicator *ind, struct bkt_buf *out)
{
	const struct bkt_facts *f = bkt_assess_facts(l->assess);
	size_t n = 0;

	bkt_buf_str(out, "<h2 id=\"");
	esc(out, ind->id);
	bkt_buf_str(out, "\">");
	esc(out, ind->id);
	bkt_buf_str(out, " ");
	esc(out, ind->title.id);
	bkt_buf_str(out, "</h2>\n");
	for (size_t i = 0; i < f->n_evidence; i++) {
		if (strcmp(f->evidence[i].indicator, ind->id) != 0)
			continue;
		if (n++ == 0)
			bkt_buf_str(out,
			    "<table><tr><th>Dokumen</th><th>Jenis</th>"
			    "<th>Nomor</th><th>Tanggal</th><th>Rujukan</th>"
			    "<th>Verifikasi</th></tr>\n");
		evidence_row(l, &f->evidence[i], out);
	}
	bkt_buf_str(out, n ? "</table>\n" : "<p>Tidak ada dokumen.</p>\n");
}

enum bkt_status pk_render_page(
    struct pk_layout *l, const struct pk_input *in, struct bkt_err *err)
{
	const struct bkt_rulebook *rb = bkt_assess_rulebook(l->assess);
	BKT_AUTO(bkt_buf_release) struct bkt_buf out = { 0 };

	if (in->pages)
		return pk_add_page(l, in, "BUKA-DULU.html", err);
	bkt_buf_init(&out, PAGE_MAX);
	bkt_buf_str(&out, page_head);
	esc(&out, l->institution->u.institution.name);
	bkt_buf_str(&out, "</title>\n</head>\n<body>\n");
	summary(l, &out);
	level_table(l, &out);
	for (size_t i = 0; i < rb->n_indicators; i++)
		indicator_part(l, &rb->indicators[i], &out);
	bkt_buf_str(&out, "</body>\n</html>\n");
	return pk_add_buf(l, "BUKA-DULU.html", &out, err);
}
