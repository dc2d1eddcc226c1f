#include "bukti/base.h"

#include <inttypes.h>
#include <string.h>

#define FIELDS_MAX 64
#define ROW_MAX (64 * 1024)

struct bkt_csv {
	const uint8_t *p, *end; /* borrowed text */
	uint64_t line;          /* of p */
	char delimiter;
	struct bkt_strs header;
	bkt_arena *header_mem;
	struct bkt_buf row; /* fields, each with its NUL */
	size_t at[FIELDS_MAX];
	const char *fields[FIELDS_MAX];
	size_t n_fields;
	uint64_t row_line;
};

/* where the reader stands within a row, for messages and for going on */
struct cursor {
	const uint8_t *p, *end, *line_start;
	uint64_t line;
};

static bool at_newline(const struct cursor *c)
{
	return *c->p == '\n' ||
	       (*c->p == '\r' && c->p + 1 < c->end && c->p[1] == '\n');
}

static void skip_newline(struct cursor *c)
{
	c->p += *c->p == '\r' ? 2 : 1;
	c->line++;
	c->line_start = c->p;
}

/* columns count characters, as an editor shows them; the line is said where it
 * is not the one that bkt_csv_line tells */
static enum bkt_status fail_at(const struct bkt_csv *csv,
    const struct cursor *c, const char *what, const char *hint,
    struct bkt_err *err)
{
	uint64_t column = 1;

	for (const uint8_t *p = c->line_start; p < c->p; p++)
		column += (*p & 0xc0) != 0x80;
	if (c->line == csv->row_line)
		(void)bkt_fail(
		    err, BKT_E_FORMAT, "column %" PRIu64 ": %s", column, what);
	else
		(void)bkt_fail(err, BKT_E_FORMAT,
		    "line %" PRIu64 ", column %" PRIu64 ": %s", c->line, column,
		    what);
	bkt_err_hint(err, "%s", hint);
	return BKT_E_FORMAT;
}

static const char quote_it[] = "put the whole field into quotes, and write two "
			       "for each one in it";
static const char close_it[] = "is a quote never closed?";
static const char utf8_it[] = "save the table as CSV (UTF-8)";

static bool add_byte(struct bkt_csv *csv, const struct cursor *c)
{
	if (csv->row.len >= ROW_MAX)
		return false;
	bkt_buf_add(&csv->row, c->p, 1);
	return true;
}

static enum bkt_status quoted(
    struct bkt_csv *csv, struct cursor *c, struct bkt_err *err)
{
	struct cursor opened = *c;

	for (c->p++; c->p < c->end; c->p++) {
		if (*c->p == '"') {
			if (c->p + 1 == c->end || c->p[1] != '"') {
				c->p++;
				return BKT_OK;
			}
			c->p++;
		}
		if (!add_byte(csv, c))
			return fail_at(
			    csv, &opened, "row is too long", close_it, err);
		if (*c->p == '\n') {
			c->line++;
			c->line_start = c->p + 1;
		}
	}
	return fail_at(csv, &opened, "quote is never closed",
	    "close it, or take it away; a quote in a field is written twice",
	    err);
}

static enum bkt_status plain(
    struct bkt_csv *csv, struct cursor *c, struct bkt_err *err)
{
	for (; c->p < c->end; c->p++) {
		if (*c->p == (uint8_t)csv->delimiter || at_newline(c))
			return BKT_OK;
		if (*c->p == '"')
			return fail_at(csv, c,
			    "quote inside a field without quotes", quote_it,
			    err);
		if (*c->p == '\r')
			return fail_at(csv, c, "carriage return in a field",
			    quote_it, err);
		if (!add_byte(csv, c))
			return fail_at(
			    csv, c, "row is too long", close_it, err);
	}
	return BKT_OK;
}

static enum bkt_status field(
    struct bkt_csv *csv, struct cursor *c, struct bkt_err *err)
{
	struct cursor start = *c;
	struct bkt_span s;
	size_t at = csv->row.len;

	if (csv->n_fields == FIELDS_MAX)
		return fail_at(csv, c, "more than 64 fields",
		    "take out the columns that are not needed", err);
	if (c->p < c->end && *c->p == '"') {
		BKT_TRY(quoted(csv, c, err));
		if (c->p < c->end && *c->p != (uint8_t)csv->delimiter &&
		    !at_newline(c))
			return fail_at(csv, c, "text after a closing quote",
			    quote_it, err);
	} else {
		BKT_TRY(plain(csv, c, err));
	}
	s = BKT_SPAN(csv->row.ptr + at, csv->row.len - at);
	if (!bkt_utf8_valid(s))
		return fail_at(csv, &start, "field is not UTF-8", utf8_it, err);
	if (s.len > 0 && memchr(s.ptr, '\0', s.len))
		return fail_at(
		    csv, &start, "field has a NUL byte", utf8_it, err);
	bkt_buf_chr(&csv->row, '\0');
	csv->at[csv->n_fields++] = at;
	return bkt_buf_check(&csv->row, err);
}

/* one row into csv->fields; the cursor ends after its newline */
static enum bkt_status row(
    struct bkt_csv *csv, struct cursor *c, struct bkt_err *err)
{
	bkt_buf_clear(&csv->row);
	csv->n_fields = 0;
	for (;;) {
		BKT_TRY(field(csv, c, err));
		if (c->p == c->end)
			break;
		if (at_newline(c)) {
			skip_newline(c);
			break;
		}
		c->p++;
	}
	for (size_t i = 0; i < csv->n_fields; i++)
		csv->fields[i] = (const char *)csv->row.ptr + csv->at[i];
	return BKT_OK;
}

static void skip_blank_lines(struct cursor *c)
{
	while (c->p < c->end && at_newline(c))
		skip_newline(c);
}

static void skip_line(struct cursor *c)
{
	while (c->p < c->end && !at_newline(c))
		c->p++;
	if (c->p < c->end)
		skip_newline(c);
}

static struct cursor cursor_at(const struct bkt_csv *csv)
{
	return (struct cursor){ csv->p, csv->end, csv->p, csv->line };
}

static void stand_at(struct bkt_csv *csv, const struct cursor *c)
{
	csv->p = c->p;
	csv->line = c->line;
}

/* spreadsheets under an Indonesian locale write semicolons; what is copied out
 * of one has tabs */
static char guess_delimiter(const struct bkt_csv *csv)
{
	size_t commas = 0, semicolons = 0, tabs = 0;
	bool in_quotes = false;

	for (const uint8_t *p = csv->p; p < csv->end; p++) {
		if (*p == '"')
			in_quotes = !in_quotes;
		if (in_quotes)
			continue;
		if (*p == '\n')
			break;
		commas += *p == ',';
		semicolons += *p == ';';
		tabs += *p == '\t';
	}
	if (tabs > commas && tabs > semicolons)
		return '\t';
	return semicolons > commas ? ';' : ',';
}

/* "sep=;" in a line before the header tells a spreadsheet the delimiter */
static void take_separator(struct bkt_csv *csv, struct cursor *c)
{
	static const char word[] = "sep=";
	const size_t n = sizeof(word) - 1;
	struct cursor at = *c;

	if ((size_t)(at.end - at.p) < n + 2)
		return;
	for (size_t i = 0; i < n; i++)
		if ((at.p[i] | 0x20) != (word[i] | 0x20))
			return;
	at.p += n + 1;
	if (!strchr(",;\t|", at.p[-1]) || at.p[-1] == '\0' || !at_newline(&at))
		return;
	csv->delimiter = (char)at.p[-1];
	skip_newline(&at);
	skip_blank_lines(&at);
	*c = at;
}

/* what people hand over for CSV, by its first bytes */
static enum bkt_status other_format(struct bkt_span text, struct bkt_err *err)
{
	static const struct {
		const char *begin;
		size_t n;
		const char *what;
	} others[] = {
		{ "PK\3\4", 4, "a spreadsheet (xlsx, ods) or a zip archive" },
		{ "\xd0\xcf\x11\xe0", 4, "an old spreadsheet (xls)" },
		{ "\xff\xfe\0\0", 4, "text in UTF-32" },
		{ "\0\0\xfe\xff", 4, "text in UTF-32" },
		{ "\xff\xfe", 2, "text in UTF-16" },
		{ "\xfe\xff", 2, "text in UTF-16" },
	};
	const char *what = NULL;

	for (size_t i = 0; !what && i < sizeof(others) / sizeof(*others); i++)
		if (text.len >= others[i].n &&
		    memcmp(text.ptr, others[i].begin, others[i].n) == 0)
			what = others[i].what;
	/* no byte order mark, but a NUL beside a letter */
	if (!what && text.len >= 2 && (!text.ptr[0] || !text.ptr[1]))
		what = "text in UTF-16 or UTF-32";
	if (!what)
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_FORMAT, "it is %s, not CSV", what);
	bkt_err_hint(err, "open it in the spreadsheet program and save it as "
			  "CSV (UTF-8)");
	return BKT_E_FORMAT;
}

/* one who types a header writes 'Valid from' for valid_from */
static char folded(char c)
{
	if (c == ' ')
		return '_';
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static struct bkt_span trimmed(const char *s)
{
	size_t n = strlen(s);

	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	while (n > 0 && (*s == ' ' || *s == '\t')) {
		s++;
		n--;
	}
	return BKT_SPAN(s, n);
}

static bool same_name(const char *a, const char *b)
{
	struct bkt_span x = trimmed(a), y = trimmed(b);

	if (x.len != y.len)
		return false;
	for (size_t i = 0; i < x.len; i++)
		if (folded((char)x.ptr[i]) != folded((char)y.ptr[i]))
			return false;
	return true;
}

int bkt_csv_column(const bkt_csv *c, const char *name)
{
	for (size_t i = 0; i < c->header.n; i++)
		if (same_name(c->header.v[i], name))
			return (int)i;
	return -1;
}

const struct bkt_strs *bkt_csv_header(const bkt_csv *c)
{
	return &c->header;
}

static enum bkt_status read_header(struct bkt_csv *csv, struct bkt_err *err)
{
	struct cursor c;
	const char **v;

	c = cursor_at(csv);
	skip_blank_lines(&c);
	take_separator(csv, &c);
	stand_at(csv, &c);
	if (c.p == c.end)
		return fail_at(csv, &c, "no header row",
		    "the first line names the columns", err);
	if (!csv->delimiter)
		csv->delimiter = guess_delimiter(csv);
	BKT_TRY(row(csv, &c, err));
	v = bkt_arena_alloc(csv->header_mem, csv->n_fields * sizeof(*v));
	for (size_t i = 0; v && i < csv->n_fields; i++) {
		struct bkt_span s = trimmed(csv->fields[i]);

		for (size_t j = 0; s.len > 0 && j < i; j++)
			if (same_name(csv->fields[j], csv->fields[i]))
				return bkt_fail(err, BKT_E_FORMAT,
				    "line %" PRIu64
				    ": column '%.80s' appears twice",
				    csv->line, csv->fields[i]);
		v[i] = bkt_arena_strndup(
		    csv->header_mem, (const char *)s.ptr, s.len);
		if (!v[i])
			v = NULL;
	}
	if (!v)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a header");
	csv->header = (struct bkt_strs){ .v = v, .n = csv->n_fields };
	csv->row_line = csv->line;
	stand_at(csv, &c);
	return BKT_OK;
}

enum bkt_status bkt_csv_new(
    struct bkt_span text, bkt_csv **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_csv_free) bkt_csv *csv = bkt_calloc(1, sizeof(*csv));

	if (!csv)
		return bkt_fail(err, BKT_E_NOMEM, "no memory to read CSV");
	BKT_TRY(other_format(text, err));
	bkt_buf_init(&csv->row, ROW_MAX + FIELDS_MAX);
	csv->header_mem = bkt_arena_new((size_t)4 * ROW_MAX);
	if (!csv->header_mem)
		return bkt_fail(err, BKT_E_NOMEM, "no memory to read CSV");
	csv->p = text.ptr;
	csv->end = text.len ? text.ptr + text.len : text.ptr;
	csv->line = 1;
	if (text.len >= 3 && memcmp(text.ptr, "\xef\xbb\xbf", 3) == 0)
		csv->p += 3;
	BKT_TRY(read_header(csv, err));
	*out = BKT_STEAL(csv);
	return BKT_OK;
}

void bkt_csv_free(bkt_csv *c)
{
	if (!c)
		return;
	bkt_arena_free(c->header_mem);
	bkt_buf_release(&c->row);
	bkt_free(c);
}

static enum bkt_status other_count(const struct bkt_csv *c, struct bkt_err *err)
{
	(void)bkt_fail(err, BKT_E_FORMAT,
	    "%zu field%s, but the header names %zu", c->n_fields,
	    c->n_fields == 1 ? "" : "s", c->header.n);
	bkt_err_hint(err, c->n_fields < c->header.n
			      ? "an empty field needs its delimiter too; a "
				"spreadsheet leaves out those of empty last "
				"columns: let one that is always filled, as "
				"file, be the last"
			      : "a field with a delimiter in it needs quotes");
	return BKT_E_FORMAT;
}

/* a spreadsheet leaves such rows below the last one that was filled */
static bool nothing_in_it(const struct bkt_csv *c)
{
	for (size_t i = 0; i < c->n_fields; i++)
		if (trimmed(c->fields[i]).len > 0)
			return false;
	return true;
}

enum bkt_status bkt_csv_next(
    bkt_csv *c, struct bkt_strs *out, uint64_t *line, struct bkt_err *err)
{
	struct cursor at = cursor_at(c), start;
	enum bkt_status st;

	do {
		skip_blank_lines(&at);
		stand_at(c, &at);
		if (at.p == at.end)
			return bkt_fail(err, BKT_E_NOTFOUND, "no more rows");
		start = at;
		c->row_line = start.line;
		st = row(c, &at, err);
	} while (st == BKT_OK && nothing_in_it(c));
	/* one too few is a delimiter lost: all behind it would be another */
	if (st == BKT_OK && c->n_fields != c->header.n)
		st = other_count(c, err);
	if (st != BKT_OK) {
		/* an unclosed quote must not swallow the good rows below */
		skip_line(&start);
		stand_at(c, &start);
		return st;
	}
	stand_at(c, &at);
	*out = (struct bkt_strs){ .v = c->fields, .n = c->n_fields };
	if (line)
		*line = start.line;
	return BKT_OK;
}

uint64_t bkt_csv_line(const bkt_csv *c)
{
	return c->row_line;
}

/* the four ASCII ones, and those of full width, which some programs take for
 * them */
static bool starts_formula(const char *s)
{
	static const char *const starters[] = { "=", "+", "-", "@",
		"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d",
		"\xef\xbc\xa0" };

	for (size_t i = 0; i < sizeof(starters) / sizeof(*starters); i++)
		if (strncmp(s, starters[i], strlen(starters[i])) == 0)
			return true;
	return false;
}

/* A program that separates by semicolons or tabs takes no notice of a quote in
 * the middle of its cell: each place within a field where one of its cells may
 * begin is as dangerous as the first. A quote there, doubled, is to it an empty
 * text before the rest, so it changes nothing. A comma is separated by only
 * where the quotes hold, and 'Rp5.000,-' is an amount. */
void bkt_csv_field(struct bkt_buf *out, const char *s, bool last)
{
	bool begins = true;
	bool quote = strpbrk(s, ",;\"\r\n") || *s == ' ' || *s == '\t';

	if (quote)
		bkt_buf_chr(out, '"');
	/* spreadsheets drop a leading tab or return, then see the formula */
	if (*s == '\t' || *s == '\r')
		bkt_buf_chr(out, '\'');
	for (; *s; s++) {
		if (begins && starts_formula(s))
			bkt_buf_chr(out, '\'');
		begins = strchr(";\t\r\n", *s) || (begins && *s == '"');
		if (*s == '"')
			bkt_buf_chr(out, '"');
		bkt_buf_chr(out, *s);
	}
	if (quote)
		bkt_buf_chr(out, '"');
	bkt_buf_str(out, last ? "\r\n" : ",");
}
