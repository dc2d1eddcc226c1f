#include "bukti/base.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	enum bkt_status st;
	const char *name;
} status_names[] = {
	{ BKT_OK, "ok" },
	{ BKT_E_FORMAT, "malformed" },
	{ BKT_E_SEAL, "bad signature" },
	{ BKT_E_TAMPERED, "tampered" },
	{ BKT_E_TRUST, "untrusted" },
	{ BKT_E_POLICY, "refused by policy" },
	{ BKT_E_MISSING, "missing" },
	{ BKT_E_ERASED, "erased" },
	{ BKT_E_FINDINGS, "findings" },
	{ BKT_E_NOMEM, "out of memory" },
	{ BKT_E_IO, "input or output error" },
	{ BKT_E_CRYPTO, "crypto library error" },
	{ BKT_E_DB, "database error" },
	{ BKT_E_LIMIT, "limit reached" },
	{ BKT_E_BUSY, "busy" },
	{ BKT_E_CONFLICT, "conflict" },
	{ BKT_E_NOTFOUND, "not found" },
	{ BKT_E_INTERRUPTED, "interrupted" },
	{ BKT_E_INTERNAL, "internal error" },
	{ BKT_E_USAGE, "usage" },
	{ BKT_E_NOT_STORE, "not a store" },
	{ BKT_E_CONFIG, "bad configuration" },
	{ BKT_E_EXISTS, "already exists" },
	{ BKT_E_PASSPHRASE, "bad passphrase" },
};

const char *bkt_status_name(enum bkt_status st)
{
	for (size_t i = 0; i < sizeof(status_names) / sizeof(*status_names);
	     i++)
		if (status_names[i].st == st)
			return status_names[i].name;
	return "unknown";
}

/* a cut inside a character would make the whole message invalid UTF-8 */
static void end_cut(char *s, size_t size)
{
	static const char dots[] = "...";
	size_t at = size - sizeof(dots);

	while (at > 0 && ((unsigned char)s[at] & 0xc0) == 0x80)
		at--;
	memcpy(s + at, dots, sizeof(dots));
}

BKT_PRINTF(3, 0)
static void format(char *out, size_t size, const char *fmt, va_list ap)
{
	int n = vsnprintf(out, size, fmt, ap);

	if (n < 0)
		out[0] = '\0';
	else if ((size_t)n >= size)
		end_cut(out, size);
}

static void join(char *out, size_t size, const char *head, const char *tail)
{
	int n = snprintf(out, size, "%s: %s", head, tail);

	if (n < 0 || (size_t)n >= size)
		end_cut(out, size);
}

enum bkt_status bkt_fail(
    struct bkt_err *err, enum bkt_status st, const char *fmt, ...)
{
	int saved = errno;
	char msg[sizeof(err->msg)]; /* an argument may be err->msg itself */
	va_list ap;

	if (!err)
		return st;
	va_start(ap, fmt);
	format(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	err->status = st;
	err->sys_errno = 0;
	err->hint[0] = '\0';
	memcpy(err->msg, msg, sizeof(msg));
	errno = saved;
	return st;
}

enum bkt_status bkt_fail_errno(
    struct bkt_err *err, enum bkt_status st, const char *fmt, ...)
{
	int saved = errno;
	char msg[sizeof(err->msg)], name[128];
	va_list ap;

	if (!err)
		return st;
	va_start(ap, fmt);
	format(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	err->status = st;
	err->sys_errno = saved;
	err->hint[0] = '\0';
	join(err->msg, sizeof(err->msg), msg,
	    strerror_r(saved, name, sizeof(name)));
	errno = saved;
	return st;
}

enum bkt_status bkt_fail_context(
    struct bkt_err *err, enum bkt_status st, const char *fmt, ...)
{
	int saved = errno;
	char head[sizeof(err->msg)], tail[sizeof(err->msg)];
	va_list ap;

	if (!err)
		return st;
	va_start(ap, fmt);
	format(head, sizeof(head), fmt, ap);
	va_end(ap);
	if (err->status == BKT_OK) {
		err->sys_errno = 0;
		err->hint[0] = '\0';
		snprintf(tail, sizeof(tail), "%s", bkt_status_name(st));
	} else {
		memcpy(tail, err->msg, sizeof(tail));
	}
	join(err->msg, sizeof(err->msg), head, tail);
	err->status = st;
	errno = saved;
	return st;
}

void bkt_err_hint(struct bkt_err *err, const char *fmt, ...)
{
	char hint[sizeof(err->hint)];
	va_list ap;

	if (!err)
		return;
	va_start(ap, fmt);
	format(hint, sizeof(hint), fmt, ap);
	va_end(ap);
	memcpy(err->hint, hint, sizeof(hint));
}

void bkt_assert_failed(const char *expr, const char *file, int line)
{
	/* where a debugger or a core file finds it: core never prints */
	static const char *volatile failed_expr, *volatile failed_file;
	static volatile int failed_line;

	failed_expr = expr;
	failed_file = file;
	failed_line = line;
	(void)failed_expr;
	(void)failed_file;
	(void)failed_line;
	abort();
}
