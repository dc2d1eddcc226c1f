/* What git tells a hook, and what a hook tells people. */
#include "hook.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define INPUT_MAX ((size_t)1024 * 1024)
#define UPDATES_MAX 4096
#define LINE_MAX_BYTES 1024

void hook_say(const char *fmt, ...)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf safe;
	char line[LINE_MAX_BYTES];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	bkt_buf_init(&safe, (size_t)16 * LINE_MAX_BYTES);
	bkt_text_escape(&safe, bkt_span_str(line));
	bkt_buf_chr(&safe, '\0');
	(void)fprintf(stderr, "%s\n",
	    bkt_buf_check(&safe, NULL) == BKT_OK ? (const char *)safe.ptr
						 : "bukti: message lost");
}

enum hook_answer hook_untold(const struct bkt_err *why)
{
	hook_say("bukti: could not tell: %s; nothing was changed", why->msg);
	hook_say("hint: %s",
	    why->hint[0] ? why->hint
			 : "try again; if it stays so, ask the operator of "
			   "the store");
	return HOOK_COULD_NOT_TELL;
}

static enum bkt_status read_all(struct bkt_buf *out, struct bkt_err *err)
{
	for (;;) {
		uint8_t part[16384];
		size_t n = 0;

		BKT_TRY(
		    bkt_file_read(STDIN_FILENO, part, sizeof(part), &n, err));
		bkt_buf_add(out, part, n);
		BKT_TRY(bkt_buf_check(out, err));
		if (n < sizeof(part))
			return BKT_OK;
	}
}

static bool value(const char *hex, struct bkt_oid *out)
{
	return bkt_unhex(hex, out->b, BKT_OID_LEN);
}

static bool parse_line(char *line, struct hook_update *u)
{
	char *second = strchr(line, ' ');
	char *third = second ? strchr(second + 1, ' ') : NULL;

	if (!third || third[1] == '\0')
		return false;
	*second++ = '\0';
	*third++ = '\0';
	u->ref = third;
	u->plain = value(line, &u->from) && value(second, &u->to);
	return true;
}

enum bkt_status hook_read_updates(struct hook *h, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf in;
	char *text;

	bkt_buf_init(&in, INPUT_MAX);
	BKT_TRY(read_all(&in, err));
	text = bkt_arena_strndup(
	    h->arena, in.ptr ? (const char *)in.ptr : "", in.len);
	h->updates =
	    bkt_arena_alloc(h->arena, UPDATES_MAX * sizeof(*h->updates));
	if (!text || !h->updates)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	while (*text) {
		char *lf = strchr(text, '\n');

		if (h->n_updates == UPDATES_MAX)
			return bkt_fail(err, BKT_E_LIMIT,
			    "more than %d refs at once", UPDATES_MAX);
		if (!lf)
			return bkt_fail(err, BKT_E_FORMAT,
			    "the last line from git has no end");
		*lf = '\0';
		if (!parse_line(text, &h->updates[h->n_updates++]))
			return bkt_fail(err, BKT_E_FORMAT,
			    "git gave a line that is no change of a ref");
		text = lf + 1;
	}
	return BKT_OK;
}
