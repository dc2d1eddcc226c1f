/* Problems in a policy file: file:line:column, the source line, a caret. */
#include "yaml.h"

#include <stdio.h>
#include <string.h>

#define SOURCE_MAX 160 /* bytes of a source line that are shown */

void *yml_alloc(struct yml *y, size_t n, size_t size_bytes)
{
	void *p;

	if (size_bytes != 0 && n > SIZE_MAX / size_bytes) {
		y->nomem = true;
		return NULL;
	}
	p = bkt_arena_alloc(y->arena, n * size_bytes);
	if (!p)
		y->nomem = true;
	return p;
}

const char *yml_strdup(struct yml *y, const char *s)
{
	const char *p = bkt_arena_strdup(y->arena, s);

	if (!p) {
		y->nomem = true;
		return "";
	}
	return p;
}

enum bkt_status yml_status(const struct yml *y)
{
	if (y->nomem)
		return bkt_fail(
		    y->err, BKT_E_NOMEM, "%s: no memory to read it", y->name);
	return y->n_problems == 0 ? BKT_OK : BKT_E_CONFIG;
}

static struct bkt_span source_line(struct bkt_span src, uint32_t line)
{
	const uint8_t *p = src.ptr, *end = src.ptr + src.len, *stop;

	for (uint32_t i = 1; i < line && p < end; i++) {
		stop = memchr(p, '\n', (size_t)(end - p));
		p = stop ? stop + 1 : end;
	}
	stop = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;
	if (!stop)
		stop = end;
	return BKT_SPAN(p, (size_t)(stop - p));
}

/* the line and a caret under the column, both cut to a sane width */
static void show_source(struct yml *y, struct yml_mark at)
{
	struct bkt_span line = source_line(y->src, at.line);
	size_t i = 0;

	if (line.len > SOURCE_MAX)
		line.len = SOURCE_MAX;
	while (line.len > 0 && (line.ptr[line.len - 1] & 0xc0) == 0x80)
		line.len--;
	bkt_buf_str(y->report, "    ");
	bkt_text_escape(y->report, line);
	bkt_buf_str(y->report, "\n    ");
	for (uint32_t col = 1; col < at.column && i < line.len; col++) {
		bkt_buf_chr(y->report, ' ');
		i++;
		while (i < line.len && (line.ptr[i] & 0xc0) == 0x80)
			i++;
	}
	bkt_buf_str(y->report, "^\n");
}

void yml_problem(
    struct yml *y, struct yml_mark at, const char *hint, const char *fmt, ...)
{
	char what[320];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (y->n_problems++ == 0) {
		(void)bkt_fail(y->err, BKT_E_CONFIG, "%s:%u:%u: %s%s%s",
		    y->name, at.line, at.column, what,
		    y->context ? ", in " : "", y->context ? y->context : "");
		if (hint)
			bkt_err_hint(y->err, "%s", hint);
	}
	if (!y->report || y->n_problems > YML_PROBLEMS_MAX)
		return;
	bkt_buf_printf(y->report, "%s:%u:%u: %s%s%s\n", y->name, at.line,
	    at.column, what, y->context ? ", in " : "",
	    y->context ? y->context : "");
	show_source(y, at);
	if (hint)
		bkt_buf_printf(y->report, "  hint: %s\n", hint);
	if (y->n_problems == YML_PROBLEMS_MAX)
		bkt_buf_str(y->report, "further problems are not shown\n");
}

void yml_problem_word(struct yml *y, struct yml_mark at, const char *what,
    const char *word, const char *const *known, size_t n)
{
	const char *near = bkt_suggest(word, known, n);
	char hint[240];
	size_t len = 0;

	if (near) {
		(void)snprintf(hint, sizeof(hint), "write \"%s\"?", near);
		yml_problem(y, at, hint, "unknown %s \"%.60s\"", what, word);
		return;
	}
	hint[0] = '\0';
	for (size_t i = 0; i < n && len < sizeof(hint) - 60; i++) {
		int k = snprintf(hint + len, sizeof(hint) - len, "%s%.50s",
		    i == 0 ? "known: " : ", ", known[i]);

		len += k > 0 ? (size_t)k : 0;
	}
	yml_problem(
	    y, at, n > 0 ? hint : NULL, "unknown %s \"%.60s\"", what, word);
}
