/* The terminal: colours, width, and text that cannot harm it. */
#include "cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

void cli_term_setup(struct cli *c)
{
	const char *no_colour = getenv("NO_COLOR");
	const char *term = getenv("TERM");
	bool colour = !(no_colour && no_colour[0] != '\0') && term &&
		      strcmp(term, "dumb") != 0;
	struct winsize w = { 0 };

	c->out_tty = isatty(STDOUT_FILENO) == 1;
	c->err_tty = isatty(STDERR_FILENO) == 1;
	c->out_colour = c->out_tty && colour;
	c->err_colour = c->err_tty && colour;
	if (!c->out_tty)
		return;
	c->width = 80;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col >= 40)
		c->width = w.ws_col;
}

const char *cli_colour(const struct cli *c, enum cli_colour colour)
{
	static const char *const codes[] = {
		[CLI_PLAIN] = "\033[0m",
		[CLI_BOLD] = "\033[1m",
		[CLI_DIM] = "\033[2m",
		[CLI_RED] = "\033[31m",
		[CLI_GREEN] = "\033[32m",
		[CLI_YELLOW] = "\033[33m",
	};

	return c->out_colour ? codes[colour] : "";
}

const char *cli_text(struct cli *c, const char *s)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf safe = { .ptr = NULL };
	const char *kept;

	bkt_buf_init(&safe, CLI_TEXT_MAX);
	bkt_text_escape(&safe, bkt_span_str(s ? s : ""));
	if (safe.failed || safe.len == 0)
		return "";
	kept = bkt_arena_strdup(c->arena, (const char *)safe.ptr);
	return kept ? kept : "";
}

const char *cli_language(const struct bkt_text *t)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	bool indonesian = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *lang = getenv(names[i]);

		if (!lang || lang[0] == '\0')
			continue;
		indonesian = strncmp(lang, "id", 2) == 0;
		break;
	}
	if (!indonesian && t->en && t->en[0] != '\0')
		return t->en;
	return t->id && t->id[0] != '\0' ? t->id : t->en;
}

size_t cli_columns(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

const char *cli_printf(struct cli *c, const char *fmt, ...)
{
	BKT_AUTO(bkt_free) char *text = bkt_malloc(4096);
	const char *kept;
	va_list ap;

	if (!text)
		return "";
	va_start(ap, fmt);
	(void)vsnprintf(text, 4096, fmt, ap);
	va_end(ap);
	kept = bkt_arena_strdup(c->arena, text);
	return kept ? kept : "";
}

const char *cli_join(
    struct cli *c, const struct bkt_strs *l, const char *sep, const char *empty)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf text = { .ptr = NULL };
	const char *kept;

	if (l->n == 0)
		return empty;
	bkt_buf_init(&text, CLI_TEXT_MAX);
	for (size_t i = 0; i < l->n; i++) {
		if (i > 0)
			bkt_buf_str(&text, sep);
		bkt_buf_str(&text, l->v[i]);
	}
	if (text.failed || text.len == 0)
		return empty;
	kept = bkt_arena_strdup(c->arena, (const char *)text.ptr);
	return kept ? kept : "";
}

/* what a shell takes as it is */
#define PLAIN                        \
	"abcdefghijklmnopqrstuvwxyz" \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-"

const char *cli_quoted(struct cli *c, const char *s)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b = { .ptr = NULL };
	const char *kept;

	if (s[0] != '\0' && strspn(s, PLAIN) == strlen(s))
		return s;
	bkt_buf_init(&b, CLI_TEXT_MAX);
	bkt_buf_chr(&b, '\'');
	for (; *s != '\0'; s++) {
		if (*s == '\'')
			bkt_buf_str(&b, "'\\''");
		else
			bkt_buf_chr(&b, *s);
	}
	bkt_buf_chr(&b, '\'');
	if (b.failed)
		return "";
	kept = bkt_arena_strdup(c->arena, (const char *)b.ptr);
	return kept ? kept : "";
}

const char *cli_change(struct cli *c, const char *so_far, const char *what,
    const char *was, const char *becomes)
{
	if (bkt_same_text(was, becomes))
		return so_far;
	return cli_printf(c, "%s%s%s '%s' becomes '%s'", so_far,
	    so_far[0] != '\0' ? "; " : "", what, was ? was : "",
	    becomes ? becomes : "");
}

enum bkt_status cli_confirm(const struct cli *c, const char *question,
    const char *otherwise, struct bkt_err *err)
{
	char line[16];

	if (cli_flag(c, "yes"))
		return BKT_OK;
	if (isatty(STDIN_FILENO) != 1) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "nobody is here to confirm; %s", otherwise);
		bkt_err_hint(err, "say --yes when all of it is right");
		return BKT_E_USAGE;
	}
	(void)fflush(stdout);
	(void)fprintf(stderr, "%s [y/N] ", question);
	(void)fflush(stderr);
	if (!fgets(line, sizeof(line), stdin) || cli_interrupted())
		return bkt_fail(err, BKT_E_INTERRUPTED, "%s", otherwise);
	/* y(es), or ya */
	if (line[0] == 'y' || line[0] == 'Y')
		return BKT_OK;
	return bkt_fail(err, BKT_E_USAGE, "%s", otherwise);
}
