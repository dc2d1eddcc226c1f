/* CSV for people's spreadsheets and for the record. */
#include <string.h>

#include "private.h"

#define CSV_MAX ((size_t)64 * 1024 * 1024)

static const char *text(const char *s)
{
	return s ? s : "";
}

const char *pk_review_word(enum bkt_review_state s)
{
	switch (s) {
	case BKT_REVIEW_NONE:
		return "menunggu";
	case BKT_REVIEW_ACCEPTED:
		return "diterima";
	case BKT_REVIEW_PARTIAL:
		return "diterima sebagian";
	case BKT_REVIEW_RETURNED:
		return "dikembalikan";
	case BKT_REVIEW_REJECTED:
		break;
	}
	return "ditolak";
}

static void field_levels(struct bkt_buf *out, const struct bkt_u64s *levels)
{
	for (size_t i = 0; i < levels->n; i++)
		bkt_buf_printf(out, "%s%llu", i ? " " : "",
		    (unsigned long long)levels->v[i]);
	bkt_buf_chr(out, ',');
}

static void field_date(struct bkt_buf *out, int32_t days)
{
	char date[11] = "";

	if (days != BKT_NO_DATE)
		bkt_date_format(days, date);
	bkt_csv_field(out, date, false);
}

static void evidence_row(const struct pk_layout *l,
    const struct bkt_evidence *e, struct bkt_buf *out)
{
	const char *path = pk_document_path(l, e->document);
	const char *why = pk_excluded(l, e);

	bkt_csv_field(out, e->indicator, false);
	field_levels(out, &e->levels);
	bkt_csv_field(out, why ? "" : text(path), false);
	bkt_csv_field(out, e->title, false);
	bkt_csv_field(out, e->type, false);
	bkt_csv_field(out, e->number, false);
	field_date(out, e->date);
	bkt_csv_field(out, e->signer, false);
	bkt_csv_field(out, e->locator, false);
	bkt_csv_field(out, e->unit, false);
	bkt_csv_field(out, pk_review_word(e->review), false);
	bkt_csv_field(out, e->file, false);
	bkt_csv_field(out, e->document, false);
	bkt_csv_field(out, e->sha256, false);
	bkt_csv_field(out, text(why), true);
}

static enum bkt_status evidence_table(struct pk_layout *l, struct bkt_err *err)
{
	const struct bkt_facts *f = bkt_assess_facts(l->assess);
	BKT_AUTO(bkt_buf_release) struct bkt_buf out = { 0 };

	bkt_buf_init(&out, CSV_MAX);
	bkt_buf_str(&out,
	    "indikator,tingkat,berkas,judul,jenis,nomor,tanggal,"
	    "penandatangan,rujukan,unit,status,nama_asli,dokumen,sha256,"
	    "tidak_disertakan\r\n");
	for (size_t i = 0; i < f->n_evidence; i++)
		evidence_row(l, &f->evidence[i], &out);
	return pk_add_buf(l, "DAFTAR-BUKTI.csv", &out, err);
}

static enum bkt_status results_table(struct pk_layout *l, struct bkt_err *err)
{
	const struct bkt_release *r = &l->release->u.release;
	BKT_AUTO(bkt_buf_release) struct bkt_buf out = { 0 };

	bkt_buf_init(&out, CSV_MAX);
	bkt_buf_str(&out, "indicator,claimed,supported,verified,gap\r\n");
	for (size_t i = 0; i < r->n_levels; i++) {
		bkt_csv_field(&out, r->levels[i].indicator, false);
		bkt_csv_field(&out, r->levels[i].claimed, false);
		bkt_csv_field(&out, r->levels[i].supported, false);
		bkt_csv_field(&out, r->levels[i].verified, false);
		bkt_csv_field(&out, text(r->levels[i].gap), true);
	}
	bkt_csv_field(&out, "index", false);
	bkt_csv_field(&out, r->claimed, false);
	bkt_csv_field(&out, r->supported, false);
	bkt_csv_field(&out, r->verified, false);
	bkt_csv_field(&out, r->band, true);
	return pk_add_buf(l, "data/meta/results.csv", &out, err);
}

static enum bkt_status omissions_table(struct pk_layout *l, struct bkt_err *err)
{
	const struct bkt_release *r = &l->release->u.release;
	BKT_AUTO(bkt_buf_release) struct bkt_buf out = { 0 };

	bkt_buf_init(&out, CSV_MAX);
	bkt_buf_str(&out, "what,reason\r\n");
	for (size_t i = 0; i < r->n_exclusions; i++) {
		bkt_csv_field(&out, r->exclusions[i].path, false);
		bkt_csv_field(&out, r->exclusions[i].reason, true);
	}
	for (size_t i = 0; i < r->n_levels; i++) {
		if (!text(r->levels[i].gap)[0])
			continue;
		bkt_csv_field(&out, r->levels[i].indicator, false);
		bkt_csv_field(&out, r->levels[i].gap, true);
	}
	return pk_add_buf(l, "data/meta/omissions.csv", &out, err);
}

static enum bkt_status entries_table(
    struct pk_layout *l, const struct pk_input *in, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf out = { 0 };
	char hex[BKT_SHA256_HEX + 1], when[BKT_TIME_LEN + 1];

	bkt_buf_init(&out, CSV_MAX);
	bkt_buf_str(&out, "index,path,sha256,at,by\r\n");
	for (size_t i = 0; i < in->n; i++) {
		const struct bkt_record *r = in->records[i].sub.parsed;

		bkt_hex(in->records[i].sha256.b, BKT_SHA256_LEN, hex);
		bkt_time_format(r->at_utc_s, when);
		bkt_buf_printf(
		    &out, "%llu,", (unsigned long long)in->records[i].index);
		bkt_csv_field(&out, r->path, false);
		bkt_csv_field(&out, hex, false);
		bkt_csv_field(&out, when, false);
		for (size_t k = 0; k < r->by.n; k++)
			bkt_buf_printf(&out, "%s%s", k ? " " : "", r->by.v[k]);
		bkt_buf_str(&out, "\r\n");
	}
	return pk_add_buf(l, "data/meta/entries.csv", &out, err);
}

enum bkt_status pk_render_tables(
    struct pk_layout *l, const struct pk_input *in, struct bkt_err *err)
{
	BKT_TRY(evidence_table(l, err));
	BKT_TRY(results_table(l, err));
	BKT_TRY(omissions_table(l, err));
	return entries_table(l, in, err);
}
