/* The table of evidence, row by row, into files and the links they get. */
#include <stdio.h>
#include <string.h>

#include "import.h"

enum column {
	C_FILE,
	C_INDICATOR,
	C_LEVELS,
	C_UNIT,
	C_TYPE,
	C_NUMBER,
	C_DATE,
	C_SIGNER,
	C_TITLE,
	C_LOCATOR,
	C_VALID_FROM,
	C_VALID_UNTIL,
	C_COVERS,
	C_YEARS,
	C_CLASS,
	C_PERSONAL,
	C_NOTE,
	N_COLUMNS
};
static const char *const names[N_COLUMNS] = { "file", "indicator", "levels",
	"unit", "type", "number", "date", "signer", "title", "locator",
	"valid_from", "valid_until", "covers", "years", "class", "personal",
	"note" };
/* the same in Indonesian: a table is made where that is spoken */
static const char *const aliases[N_COLUMNS] = { "berkas", "indikator",
	"tingkat", "perangkat_daerah", "jenis", "nomor", "tanggal",
	"penandatangan", "judul", "lokasi", "berlaku_dari", "berlaku_sampai",
	"mencakup", "tahun", "klasifikasi", "data_pribadi", "catatan" };
static const bool needed[N_COLUMNS] = { [C_FILE] = true,
	[C_INDICATOR] = true,
	[C_UNIT] = true,
	[C_TYPE] = true,
	[C_TITLE] = true };

struct row {
	struct import *m;
	uint64_t line;
	const char *v[N_COLUMNS]; /* trimmed, in the arena; "" when absent */
	bool bad;
	struct bkt_err why; /* the fault that is being told */
};

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

static const char *trim(const char *s, bkt_arena *arena)
{
	size_t n;

	while (*s == ' ' || *s == '\t')
		s++;
	n = strlen(s);
	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	return bkt_arena_strndup(arena, s, n);
}

static const char *optional(const char *s)
{
	return s[0] ? s : NULL;
}

/* a fault of the row, told; the others are looked for as well */
static enum bkt_status fault(
    struct row *r, enum bkt_status st, struct bkt_err *err)
{
	if (st == BKT_OK)
		return BKT_OK;
	if (st == BKT_E_USAGE || st == BKT_E_FORMAT) {
		r->bad = true;
		return import_bad(r->m, r->line, &r->why, err);
	}
	if (err)
		*err = r->why;
	return st;
}

static enum bkt_status word_fault(void *ctx, const char *field,
    const struct bkt_err *why, struct bkt_err *err)
{
	struct row *r = ctx;

	r->why = *why;
	if (strcmp(field, "title") == 0)
		bkt_err_hint(&r->why,
		    "write into the column title (judul) what the document is "
		    "called, e.g. '" BKT_TITLE_EXAMPLE "'");
	return fault(r, why->status, err);
}

/* what the row says of the document, whatever it links to */
static enum bkt_status document_of(
    struct row *r, struct bkt_document *d, struct bkt_err *err)
{
	struct import *m = r->m;

	memset(d, 0, sizeof(*d));
	d->unit = r->v[C_UNIT];
	d->state = "active";
	d->title = r->v[C_TITLE];
	d->type = r->v[C_TYPE];
	d->number = optional(r->v[C_NUMBER]);
	d->date = optional(r->v[C_DATE]);
	d->signer = optional(r->v[C_SIGNER]);
	d->valid_from = optional(r->v[C_VALID_FROM]);
	d->valid_until = optional(r->v[C_VALID_UNTIL]);
	d->class_ = r->v[C_CLASS][0] ? r->v[C_CLASS] : "umum";
	d->personal = r->v[C_PERSONAL][0] ? r->v[C_PERSONAL] : "no";
	d->note = optional(r->v[C_NOTE]);
	BKT_TRY(fault(r,
	    bkt_intake_covers(
		r->v[C_COVERS], m->arena, &d->covers, &d->n_covers, &r->why),
	    err));
	BKT_TRY(fault(r,
	    bkt_intake_numbers("years", r->v[C_YEARS], 1990, 2200, m->arena,
		&d->years, &r->why),
	    err));
	return bkt_intake_check(
	    m->o->rulebook, &m->units, d, word_fault, r, err);
}

/* several rows of one file must say the same of it; a remark need not be said
 * again with each */
static enum bkt_status same_words(
    struct row *r, const struct import_file *f, const struct bkt_document *d)
{
	struct bkt_document now = *d;
	struct bkt_strs other;

	if (!now.note)
		now.note = f->said.note;
	BKT_TRY(
	    bkt_document_changes(&f->said, &now, r->m->arena, &other, &r->why));
	if (other.n == 0)
		return BKT_OK;
	(void)bkt_fail(&r->why, BKT_E_USAGE,
	    "the %s of '%s' differs from line %llu", other.v[0], f->file,
	    (unsigned long long)f->line);
	bkt_err_hint(
	    &r->why, "both rows are about one document: say the same in both");
	return BKT_E_USAGE;
}

static enum bkt_status new_file(
    struct row *r, const struct bkt_document *d, struct import_file **out)
{
	struct import_file *f = bkt_arena_alloc(r->m->arena, sizeof(*f));

	if (!f)
		return nomem(&r->why);
	f->file = r->v[C_FILE];
	f->line = r->line;
	f->said = *d;
	*out = f;
	return bkt_map_set(r->m->by_file, f->file, f, &r->why);
}

/* what a row links its file to */
struct wanted {
	struct wanted *next;
	const char *indicator;
	struct bkt_u64s levels;
};

static enum bkt_status linked_already(
    struct row *r, const struct import_file *f, const char *indicator)
{
	for (const struct import_link *l = f->links; l; l = l->next) {
		if (strcmp(l->indicator, indicator) != 0)
			continue;
		(void)bkt_fail(&r->why, BKT_E_USAGE,
		    "'%s' is linked to %s in line %llu already", f->file,
		    indicator, (unsigned long long)l->line);
		bkt_err_hint(&r->why, "take one of the two out");
		return BKT_E_USAGE;
	}
	return BKT_OK;
}

static enum bkt_status add_link(
    struct row *r, struct import_file *f, const struct wanted *w)
{
	struct import_link *l = bkt_arena_alloc(r->m->arena, sizeof(*l));

	if (!l)
		return nomem(&r->why);
	l->line = r->line;
	l->indicator = w->indicator;
	l->levels = w->levels;
	l->locator = optional(r->v[C_LOCATOR]);
	if (f->last)
		f->last->next = l;
	else
		f->links = l;
	f->last = l;
	return BKT_OK;
}

static enum bkt_status unknown_indicator(struct row *r, const char *word)
{
	const struct bkt_rulebook *rb = r->m->o->rulebook;

	(void)bkt_fail(
	    &r->why, BKT_E_USAGE, "the rulebook has no indicator '%s'", word);
	bkt_err_hint(&r->why, "use %s to %s", rb->indicators[0].id,
	    rb->indicators[rb->n_indicators - 1].id);
	return BKT_E_USAGE;
}

static enum bkt_status no_indicator(struct row *r)
{
	(void)bkt_fail(&r->why, BKT_E_USAGE, "the indicator is empty");
	bkt_err_hint(&r->why,
	    "write into the column indicator (indikator) which it supports, "
	    "e.g. 1 or \"1,2,5\"");
	return BKT_E_USAGE;
}

/* one word of the column, at the end of *l */
static enum bkt_status want(struct row *r, const char *word, struct wanted **l)
{
	const struct bkt_rb_indicator *ind =
	    bkt_rulebook_indicator_find(r->m->o->rulebook, word);
	struct wanted *w;

	if (!ind)
		return unknown_indicator(r, word);
	for (; *l; l = &(*l)->next) {
		if (strcmp((*l)->indicator, ind->id) != 0)
			continue;
		(void)bkt_fail(
		    &r->why, BKT_E_USAGE, "the row names %s twice", ind->id);
		bkt_err_hint(&r->why, "name it once");
		return BKT_E_USAGE;
	}
	w = bkt_arena_alloc(r->m->arena, sizeof(*w));
	if (!w)
		return nomem(&r->why);
	w->indicator = ind->id;
	BKT_TRY(bkt_intake_levels(
	    ind, r->v[C_LEVELS], r->m->arena, &w->levels, &r->why));
	*l = w;
	return BKT_OK;
}

static enum bkt_status links_of(
    struct row *r, struct wanted **out, struct bkt_err *err)
{
	const char *at = r->v[C_INDICATOR], *word;
	struct bkt_u64s levels;
	enum bkt_status st;
	size_t n = 0;

	/* what is no number is none for each indicator, and told once */
	st = bkt_intake_numbers(
	    "levels", r->v[C_LEVELS], 1, 9, r->m->arena, &levels, &r->why);
	BKT_TRY(fault(r, st, err));
	if (st != BKT_OK)
		r->v[C_LEVELS] = "";
	*out = NULL;
	for (; (word = intake_word(&at, " ,;", r->m->arena)) != NULL; n++)
		BKT_TRY(fault(r, want(r, word, out), err));
	return n == 0 ? fault(r, no_indicator(r), err) : BKT_OK;
}

/* inside the folder, whatever the table says */
static enum bkt_status check_file_name(struct row *r)
{
	const char *file = r->v[C_FILE];
	bool up = strcmp(file, "..") == 0 || strncmp(file, "../", 3) == 0 ||
		  strstr(file, "/../");
	size_t n = strlen(file);

	if (!file[0]) {
		(void)bkt_fail(&r->why, BKT_E_USAGE, "the row names no file");
		bkt_err_hint(&r->why,
		    "write its name into the column file (berkas), or take the "
		    "row out");
		return BKT_E_USAGE;
	}
	BKT_TRY(import_named(r->m, file, &r->why));
	if (file[0] != '/' && !up && (n <= 3 || strcmp(file + n - 3, "/..")))
		return BKT_OK;
	(void)bkt_fail(
	    &r->why, BKT_E_USAGE, "'%s' leads out of the folder", file);
	bkt_err_hint(&r->why,
	    "bring the file into the folder, and write its path from there "
	    "into "
	    "the column file (berkas); or name a folder above it with --dir");
	return BKT_E_USAGE;
}

/* all that can be told of a row at once is */
static enum bkt_status take_row(struct row *r, struct bkt_err *err)
{
	struct import_file *f;
	struct bkt_document d;
	struct wanted *links;

	BKT_TRY(fault(r, check_file_name(r), err));
	f = r->bad ? NULL : bkt_map_get(r->m->by_file, r->v[C_FILE]);
	BKT_TRY(document_of(r, &d, err));
	if (f && !r->bad)
		BKT_TRY(fault(r, same_words(r, f, &d), err));
	BKT_TRY(links_of(r, &links, err));
	for (const struct wanted *w = links; f && w; w = w->next)
		BKT_TRY(fault(r, linked_already(r, f, w->indicator), err));
	if (r->bad)
		return BKT_OK;
	if (!f)
		BKT_TRY(fault(r, new_file(r, &d, &f), err));
	BKT_ASSERT(f);
	f->class_said |= r->v[C_CLASS][0] != '\0';
	f->personal_said |= r->v[C_PERSONAL][0] != '\0';
	for (const struct wanted *w = links; w; w = w->next)
		BKT_TRY(fault(r, add_link(r, f, w), err));
	return BKT_OK;
}

static enum bkt_status fields_of(
    struct row *r, const struct bkt_strs *fields, const int column[N_COLUMNS])
{
	for (int c = 0; c < N_COLUMNS; c++) {
		const char *s = column[c] >= 0 && (size_t)column[c] < fields->n
				    ? fields->v[column[c]]
				    : "";

		r->v[c] = trim(s, r->m->arena);
		if (!r->v[c])
			return nomem(&r->why);
	}
	return BKT_OK;
}

/* a column that nobody reads is a column lost: say so */
static void tell_unknown(
    const bkt_csv *csv, const int column[N_COLUMNS], struct import *m)
{
	const struct bkt_strs *header = bkt_csv_header(csv);

	for (size_t i = 0; i < header->n; i++) {
		const char *near;
		bool known = false;

		for (int c = 0; c < N_COLUMNS; c++)
			known |= column[c] == (int)i;
		if (known || !header->v[i][0])
			continue;
		near = bkt_suggest(header->v[i], names, N_COLUMNS);
		if (!near)
			near = bkt_suggest(header->v[i], aliases, N_COLUMNS);
		import_note(m, bkt_csv_line(csv),
		    "column '%s' is not read%s%s%s", header->v[i],
		    near ? "; did you mean '" : "", near ? near : "",
		    near ? "'?" : "");
	}
}

static enum bkt_status find_columns(
    const bkt_csv *csv, int column[N_COLUMNS], struct bkt_err *err)
{
	for (int c = 0; c < N_COLUMNS; c++) {
		int other = bkt_csv_column(csv, aliases[c]);

		column[c] = bkt_csv_column(csv, names[c]);
		if (column[c] >= 0 && other >= 0)
			return bkt_fail(err, BKT_E_FORMAT,
			    "it has both '%s' and '%s', which are one column",
			    names[c], aliases[c]);
		if (other >= 0)
			column[c] = other;
		if (column[c] >= 0 || !needed[c])
			continue;
		(void)bkt_fail(err, BKT_E_FORMAT,
		    "it has no column '%s' (or '%s')", names[c], aliases[c]);
		bkt_err_hint(err,
		    "its first line names the columns; needed are file "
		    "(berkas), indicator (indikator), unit (perangkat_daerah), "
		    "type (jenis), title (judul)");
		return BKT_E_FORMAT;
	}
	return BKT_OK;
}

static enum bkt_status collect_files(struct import *m, struct bkt_err *err)
{
	size_t at = 0;
	const char *key;
	void *value;

	m->files = bkt_arena_alloc(m->arena,
	    (bkt_map_count(m->by_file) + 1) * sizeof(struct import_file *));
	if (!m->files)
		return nomem(err);
	while (bkt_map_next(m->by_file, &at, &key, &value)) {
		struct import_file *f = value;

		if (f->links)
			m->files[m->n_files++] = f;
	}
	return BKT_OK;
}

static enum bkt_status no_rows(struct bkt_err *err)
{
	(void)bkt_fail(
	    err, BKT_E_FORMAT, "it has no row below the names of the columns");
	bkt_err_hint(err, "write a row for each file and what it supports");
	return BKT_E_FORMAT;
}

enum bkt_status import_read(struct import *m, struct bkt_err *err)
{
	BKT_AUTO(bkt_csv_free) bkt_csv *csv = NULL;
	int column[N_COLUMNS];

	BKT_TRY(bkt_csv_new(m->o->csv, &csv, err));
	BKT_TRY(find_columns(csv, column, err));
	tell_unknown(csv, column, m);
	for (;;) {
		struct row r = { .m = m };
		struct bkt_strs fields;
		enum bkt_status st =
		    bkt_csv_next(csv, &fields, &r.line, &r.why);

		if (st == BKT_E_NOTFOUND)
			break;
		m->result->n_rows++;
		r.line = bkt_csv_line(csv);
		if (st == BKT_OK)
			st = fields_of(&r, &fields, column);
		BKT_TRY(fault(&r, st, err));
		if (!r.bad)
			BKT_TRY(take_row(&r, err));
	}
	if (m->result->n_rows == 0)
		return no_rows(err);
	return collect_files(m, err);
}
