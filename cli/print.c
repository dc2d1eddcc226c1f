/* Tables and labelled fields on stdout. */
#include "cli.h"

#include <string.h>

#define COLUMNS_MAX 12
#define GAP 2

struct table_line {
	const char *cells[COLUMNS_MAX];
	enum cli_colour colour;
};

struct cli_table_rows {
	struct cli *c;
	const struct cli_column *columns;
	size_t n_columns;
	struct table_line *lines; /* in the arena, grown by doubling */
	size_t n, cap;
};

struct cli_table_rows *cli_table_new(
    struct cli *c, const struct cli_column *columns, size_t n_columns)
{
	struct cli_table_rows *t = bkt_arena_alloc(c->arena, sizeof(*t));

	BKT_ASSERT(n_columns <= COLUMNS_MAX);
	if (!t)
		return NULL;
	*t = (struct cli_table_rows){
		.c = c, .columns = columns, .n_columns = n_columns
	};
	return t;
}

void cli_table_row(
    struct cli_table_rows *t, enum cli_colour colour, const char *const *cells)
{
	if (!t)
		return;
	if (t->n == t->cap) {
		size_t cap = t->cap ? t->cap * 2 : 64;
		struct table_line *lines =
		    bkt_arena_alloc(t->c->arena, cap * sizeof(*lines));

		if (!lines)
			return;
		if (t->n > 0)
			memcpy(lines, t->lines, t->n * sizeof(*lines));
		t->lines = lines;
		t->cap = cap;
	}
	t->lines[t->n].colour = colour;
	for (size_t i = 0; i < t->n_columns; i++)
		t->lines[t->n].cells[i] = cli_text(t->c, cells[i]);
	t->n++;
}

size_t cli_table_count(const struct cli_table_rows *t)
{
	return t ? t->n : 0;
}

static void widths_of(const struct cli_table_rows *t, size_t *widths)
{
	size_t total = 0;

	for (size_t i = 0; i < t->n_columns; i++) {
		widths[i] = cli_columns(t->columns[i].head);
		for (size_t k = 0; k < t->n; k++) {
			size_t w = cli_columns(t->lines[k].cells[i]);

			if (w > widths[i])
				widths[i] = w;
		}
		total += widths[i] + (i > 0 ? GAP : 0);
	}
	for (size_t i = 0; i < t->n_columns && t->c->width > 0; i++) {
		size_t over = total > t->c->width ? total - t->c->width : 0;
		size_t least = 12;

		if (!t->columns[i].flex || over == 0 || widths[i] <= least)
			continue;
		over = over > widths[i] - least ? widths[i] - least : over;
		widths[i] -= over;
		total -= over;
	}
}

/* at most this many columns; a cut is marked by its last column */
static void put_cell(const char *s, size_t width, bool right, bool last)
{
	size_t have = cli_columns(s);
	size_t fill = have < width ? width - have : 0;

	if (right)
		(void)printf("%*s", (int)fill, "");
	if (have <= width) {
		(void)fputs(s, stdout);
	} else {
		size_t seen = 0;
		const char *p = s;

		while (*p != '\0') {
			if (((unsigned char)*p & 0xc0) != 0x80 &&
			    ++seen == width)
				break;
			(void)fputc(*p++, stdout);
		}
		(void)fputc('~', stdout);
	}
	if (!right && !last)
		(void)printf("%*s", (int)fill, "");
	if (!last)
		(void)printf("%*s", GAP, "");
}

void cli_table_print(struct cli_table_rows *t)
{
	size_t widths[COLUMNS_MAX];

	if (!t)
		return;
	widths_of(t, widths);
	(void)fputs(cli_colour(t->c, CLI_BOLD), stdout);
	for (size_t i = 0; i < t->n_columns; i++)
		put_cell(t->columns[i].head, widths[i], t->columns[i].right,
		    i + 1 == t->n_columns);
	(void)printf("%s\n", cli_colour(t->c, CLI_PLAIN));
	for (size_t k = 0; k < t->n; k++) {
		bool coloured = t->lines[k].colour != CLI_PLAIN;

		if (coloured)
			(void)fputs(
			    cli_colour(t->c, t->lines[k].colour), stdout);
		for (size_t i = 0; i < t->n_columns; i++)
			put_cell(t->lines[k].cells[i], widths[i],
			    t->columns[i].right, i + 1 == t->n_columns);
		(void)printf(
		    "%s\n", coloured ? cli_colour(t->c, CLI_PLAIN) : "");
	}
}

#define LABEL_WIDTH 14

/* bytes of the words that fit in one line */
static size_t fit(const char *s, size_t width)
{
	size_t columns = 0, cut = 0;

	for (size_t i = 0; s[i] != '\0'; i++) {
		/* a word goes on to its end: it may be one to be copied */
		if (s[i] == ' ' && columns > width)
			return cut > 0 ? cut : i;
		if (((unsigned char)s[i] & 0xc0) != 0x80 && ++columns > width &&
		    cut > 0)
			return cut;
		if (s[i] == ' ')
			cut = i;
	}
	return strlen(s);
}

void cli_field(struct cli *c, const char *label, const char *value)
{
	const char *s = NULL;
	size_t width =
	    c->width > LABEL_WIDTH + 20 ? c->width - LABEL_WIDTH - 1 : SIZE_MAX;

	if (!value || value[0] == '\0')
		return;
	if (value[0] == '/') /* a path is one word, with its spaces */
		width = SIZE_MAX;
	s = cli_text(c, value);
	(void)printf("%s%-*s%s", cli_colour(c, CLI_DIM), LABEL_WIDTH, label,
	    cli_colour(c, CLI_PLAIN));
	for (;;) {
		size_t n = fit(s, width);

		(void)printf("%.*s\n", (int)n, s);
		s += n;
		while (*s == ' ')
			s++;
		if (*s == '\0')
			break;
		(void)printf("%*s", LABEL_WIDTH, "");
	}
}

const char *cli_count(
    struct cli *c, uint64_t n, const char *one, const char *many)
{
	if (n == 1)
		return cli_printf(c, "1 %s", one);
	return cli_printf(c, "%llu %s%s", (unsigned long long)n,
	    many ? many : one, many ? "" : "s");
}

const char *cli_exact(struct cli *c, struct bkt_rat r)
{
	char text[48];

	bkt_rat_exact(r, text);
	return cli_printf(c, "%s", text);
}

const char *cli_rounded(
    struct cli *c, const struct bkt_rulebook *rb, struct bkt_rat r)
{
	char text[48];

	bkt_rat_round(r, rb->display_decimals, text);
	return cli_printf(c, "%s", text);
}
