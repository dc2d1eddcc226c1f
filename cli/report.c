/* Statuses to people: messages and exit codes (DESIGN 5). */
#include "cli.h"

#include <stdarg.h>
#include <string.h>

int cli_exit_code(enum bkt_status st)
{
	switch (st) {
	case BKT_OK:
		return 0;
	case BKT_E_FINDINGS:
	case BKT_E_MISSING:
	case BKT_E_ERASED:
		return 1;
	case BKT_E_USAGE:
	case BKT_E_NOTFOUND:
	case BKT_E_EXISTS:
	case BKT_E_PASSPHRASE:
		return 2;
	case BKT_E_NOT_STORE:
	case BKT_E_CONFIG:
		return 3;
	case BKT_E_FORMAT:
	case BKT_E_SEAL:
	case BKT_E_TAMPERED:
	case BKT_E_TRUST:
		return 4;
	case BKT_E_POLICY:
		return 5;
	case BKT_E_NOMEM:
	case BKT_E_IO:
	case BKT_E_CRYPTO:
	case BKT_E_DB:
	case BKT_E_LIMIT:
		return 6;
	case BKT_E_BUSY:
	case BKT_E_CONFLICT:
		return 7;
	case BKT_E_INTERRUPTED:
		return 130;
	case BKT_E_INTERNAL:
		break;
	}
	return 70;
}

/* messages quote names of files and records: never raw to a terminal */
static void put_safe(const char *prefix, const char *text)
{
	struct bkt_buf safe;

	bkt_buf_init(&safe, CLI_TEXT_MAX);
	bkt_text_escape(&safe, bkt_span_str(text));
	(void)fflush(stdout);
	cli_progress_clear();
	(void)fprintf(stderr, "%s%s\n", prefix,
	    safe.failed || !safe.ptr ? "(message lost: out of memory)"
				     : (const char *)safe.ptr);
	bkt_buf_release(&safe);
}

void cli_complain(const struct cli *c, const struct bkt_err *err)
{
	(void)c;
	if (err->msg[0] != '\0')
		put_safe("bukti: ", err->msg);
	if (err->hint[0] != '\0')
		put_safe("hint: ", err->hint);
}

void cli_note(const struct cli *c, const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	(void)c;
	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	put_safe("", line);
}

enum bkt_status cli_input_failed(
    struct bkt_err *err, enum bkt_status st, const char *fmt, ...)
{
	char context[256];
	char hint[sizeof(err->hint)];
	char msg[sizeof(err->msg)];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(context, sizeof(context), fmt, ap);
	va_end(ap);
	memcpy(hint, err->hint, sizeof(hint));
	memcpy(msg, err->msg, sizeof(msg));
	if (st == BKT_E_FORMAT || st == BKT_E_SEAL || st == BKT_E_TRUST ||
	    st == BKT_E_NOTFOUND)
		st = BKT_E_USAGE;
	(void)bkt_fail(err, st, "%s: %s", context, msg);
	memcpy(err->hint, hint, sizeof(hint));
	return st;
}

enum bkt_status cli_no_memory(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "out of memory");
}
