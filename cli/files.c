/* The person's own files: read, made anew, and lists as CSV. */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum bkt_status cli_slurp(
    const char *path, struct bkt_buf *out, struct bkt_err *err)
{
	BKT_AUTO_FD fd = -1;
	int from = STDIN_FILENO;
	enum bkt_status st = BKT_OK;

	if (strcmp(path, "-") != 0) {
		st = bkt_file_open_follow(path, &fd, NULL, err);
		if (st != BKT_OK)
			return cli_input_failed(err, st, "cannot read");
		from = fd;
	}
	for (;;) {
		size_t n = 0;
		uint8_t part[16384];

		BKT_TRY(bkt_file_read(from, part, sizeof(part), &n, err));
		bkt_buf_add(out, part, n);
		bkt_wipe(part, n);
		if (bkt_buf_check(out, err) != BKT_OK)
			return bkt_fail_context(err, err->status, "'%s'", path);
		if (n < sizeof(part))
			return BKT_OK;
	}
}

/* where a file or folder of this name lies; NULL: no memory */
static const char *folder_of(struct cli *c, const char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	while (n > 0 && path[n - 1] != '/')
		n--;
	if (n == 0)
		return ".";
	return n == 1 ? "/" : bkt_arena_strndup(c->arena, path, n - 1);
}

enum bkt_status cli_folder_writable(
    struct cli *c, const char *path, struct bkt_err *err)
{
	const char *dir = folder_of(c, path);

	if (!dir)
		return cli_no_memory(err);
	if (faccessat(AT_FDCWD, dir, W_OK | X_OK, AT_EACCESS) == 0 ||
	    (errno != EACCES && errno != EROFS && errno != EPERM))
		return BKT_OK;
	(void)bkt_fail_errno(
	    err, BKT_E_IO, "cannot create anything in the folder '%s'", dir);
	bkt_err_hint(err, "name a place where you may write, or ask for the "
			  "right to write there");
	return BKT_E_IO;
}

enum bkt_status cli_output_name(
    struct cli *c, const char *path, struct bkt_err *err)
{
	const char *dir = folder_of(c, path);

	if (!dir)
		return cli_no_memory(err);
	if (path[0] == '\0' || bkt_path_is_dir(path))
		return bkt_fail(err, BKT_E_USAGE,
		    "'%s' is a folder, not a file to write to", path);
	if (bkt_path_is_dir(dir))
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_USAGE,
	    "'%s' cannot be written: there is no folder '%s'", path, dir);
	bkt_err_hint(err, "mkdir -p '%s'", dir);
	return BKT_E_USAGE;
}

void cli_warn_readable(const struct cli *c, const char *path)
{
	cli_warn_secret(c, "private key", path);
}

void cli_warn_secret(const struct cli *c, const char *what, const char *path)
{
	struct bkt_file_info info = { .mode = 0 };
	BKT_AUTO_FD fd = -1;

	if (bkt_file_open_follow(path, &fd, &info, NULL) != BKT_OK ||
	    (info.mode & 077) == 0)
		return;
	/* a pipe of the shell has no file to set a mode of */
	if (strncmp(path, "/dev/", 5) == 0)
		return;
	cli_note(
	    c, "warning: others than you can get at the %s '%s'", what, path);
	cli_note(c, "hint: chmod 600 '%s'", path);
}

enum bkt_status cli_write_new(
    const char *path, struct bkt_span bytes, uint32_t mode, struct bkt_err *err)
{
	BKT_AUTO_FD fd = -1;
	enum bkt_status st;

	st = bkt_file_create(path, mode, &fd, err);
	if (st != BKT_OK)
		return st;
	st = bkt_file_write(fd, bytes.ptr, bytes.len, err);
	if (st == BKT_OK)
		st = bkt_file_fsync(fd, err);
	if (st != BKT_OK)
		cli_undo_file(path);
	return st;
}

void cli_undo_file(const char *path)
{
	struct bkt_err ignored = { 0 };

	if (bkt_file_unlink(path, &ignored) != BKT_OK)
		return;
}

#ifndef BUKTI_DATADIR
#define BUKTI_DATADIR "/usr/share/bukti"
#endif
#ifndef BUKTI_POLICIES
#define BUKTI_POLICIES ""
#endif

enum bkt_status cli_policies_dir(
    struct cli *c, const char **out, struct bkt_err *err)
{
	const char *from_env = getenv("BUKTI_DATADIR");
	const char *tries[] = {
		cli_knows(c, "policies") ? cli_opt(c, "policies") : NULL,
		from_env ? cli_printf(c, "%s/policies", from_env) : NULL,
		BUKTI_DATADIR "/policies",
		BUKTI_POLICIES,
	};

	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		if (!tries[i] || tries[i][0] == '\0')
			continue;
		if (bkt_path_is_dir(tries[i])) {
			*out = tries[i];
			return BKT_OK;
		}
		if (i < 2)
			return bkt_fail(err, BKT_E_CONFIG,
			    "'%s' is not a folder of policies", tries[i]);
	}
	(void)bkt_fail(err, BKT_E_CONFIG, "no folder of policies is installed");
	bkt_err_hint(err, "name it with --policies DIR or $BUKTI_DATADIR");
	return BKT_E_CONFIG;
}

void cli_csv_release(struct cli_csv *t)
{
	bkt_csv_free(t->csv);
	bkt_buf_release(&t->text);
}

enum bkt_status cli_csv_open(struct cli_csv *t, const char *path,
    const char *const *needed, struct bkt_err *err)
{
	*t = (struct cli_csv){ .name = path };
	bkt_buf_init(&t->text, CLI_TEXT_MAX);
	BKT_TRY(cli_slurp(path, &t->text, err));
	if (bkt_csv_new(bkt_buf_span(&t->text), &t->csv, err) != BKT_OK)
		return cli_input_failed(err, err->status, "'%s'", path);
	for (size_t i = 0; needed[i]; i++) {
		if (bkt_csv_column(t->csv, needed[i]) >= 0)
			continue;
		(void)bkt_fail(err, BKT_E_USAGE,
		    "'%s' has no column '%s' in its first line", path,
		    needed[i]);
		return BKT_E_USAGE;
	}
	return BKT_OK;
}

bool cli_csv_next(struct cli_csv *t, const struct cli *c, enum bkt_status *st,
    struct bkt_err *err)
{
	for (;;) {
		*st = bkt_csv_next(t->csv, &t->row, &t->line, err);
		if (*st == BKT_E_FORMAT) {
			t->n_bad++;
			cli_note(c, "%s:%llu: %s%s%s%s", t->name,
			    (unsigned long long)bkt_csv_line(t->csv), err->msg,
			    err->hint[0] ? " (" : "", err->hint,
			    err->hint[0] ? ")" : "");
			continue;
		}
		if (*st == BKT_E_NOTFOUND) {
			*st = BKT_OK;
			return false;
		}
		return *st == BKT_OK;
	}
}

const char *cli_csv_get(
    const struct cli_csv *t, struct cli *c, const char *column)
{
	int i = bkt_csv_column(t->csv, column);
	const char *s = NULL;
	const char *kept;
	size_t n;

	if (i < 0 || (size_t)i >= t->row.n)
		return "";
	s = t->row.v[i];
	while (*s == ' ' || *s == '\t')
		s++;
	n = strlen(s);
	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	kept = bkt_arena_strndup(c->arena, s, n);
	return kept ? kept : "";
}

void cli_csv_bad(struct cli_csv *t, const struct cli *c, const char *fmt, ...)
{
	char why[600];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	t->n_bad++;
	cli_note(c, "%s:%llu: %s", t->name, (unsigned long long)t->line, why);
}

enum bkt_status cli_csv_done(const struct cli_csv *t, struct bkt_err *err)
{
	if (t->n_bad == 0)
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_FINDINGS,
	    "'%s' has %zu bad row%s; nothing was written", t->name, t->n_bad,
	    t->n_bad == 1 ? "" : "s");
	bkt_err_hint(err, "mend them and run the same command again");
	return BKT_E_FINDINGS;
}

static int compare_words(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum bkt_status cli_words(
    struct cli *c, const char *text, struct bkt_strs *out, struct bkt_err *err)
{
	static const char between[] = ",;| \t";
	struct bkt_strs l = { NULL, 0 };
	size_t kept = 0;

	l.v = bkt_arena_alloc(c->arena, (strlen(text) / 2 + 1) * sizeof(*l.v));
	if (!l.v)
		return cli_no_memory(err);
	for (const char *p = text; *p != '\0';) {
		size_t n;

		p += strspn(p, between);
		n = strcspn(p, between);
		if (n == 0)
			break;
		l.v[l.n] = bkt_arena_strndup(c->arena, p, n);
		if (!l.v[l.n])
			return cli_no_memory(err);
		l.n++;
		p += n;
	}
	qsort(l.v, l.n, sizeof(*l.v), compare_words);
	for (size_t i = 0; i < l.n; i++)
		if (kept == 0 || strcmp(l.v[kept - 1], l.v[i]) != 0)
			l.v[kept++] = l.v[i];
	l.n = kept;
	*out = l;
	return BKT_OK;
}
