/* Secrets: from the terminal without echo or from a file, never an argument. */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

void cli_secret_wipe(struct cli_secret *s)
{
	bkt_wipe(s->text, sizeof(s->text));
}

/* one line from the terminal; false at its end or on an interrupt */
static bool tty_line(int fd, char *buf, size_t size_bytes)
{
	size_t n = 0;

	for (;;) {
		char ch = '\0';
		ssize_t got = read(fd, &ch, 1);

		if (got < 0 && errno == EINTR && !cli_interrupted())
			continue;
		if (got <= 0 || cli_interrupted())
			return false;
		if (ch == '\n')
			break;
		if (n + 1 < size_bytes)
			buf[n++] = ch;
	}
	buf[n] = '\0';
	return true;
}

/* a terminal that shows nothing of what is typed, from begin to end: between
 * two prompts as well, when somebody types ahead */
struct tty {
	int fd;
	struct termios old;
};

static void tty_end(struct tty *t)
{
	if (t->fd < 0)
		return;
	(void)tcsetattr(t->fd, TCSAFLUSH, &t->old);
	(void)close(t->fd);
	t->fd = -1;
}
BKT_AUTO_RELEASE(struct tty, tty_end);

/* false: there is no terminal */
static bool tty_begin(struct tty *t)
{
	struct termios quiet;

	t->fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (t->fd < 0)
		return false;
	if (tcgetattr(t->fd, &t->old) != 0) {
		(void)close(t->fd);
		t->fd = -1;
		return false;
	}
	cli_progress_clear();
	quiet = t->old;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	quiet.c_lflag |= ECHONL;
	(void)tcsetattr(t->fd, TCSAFLUSH, &quiet);
	return true;
}

/* false: nothing was typed */
static bool tty_ask(const struct tty *t, const char *prompt, const char *what,
    char *buf, size_t size_bytes)
{
	(void)dprintf(t->fd, "%s%s: ", prompt, what);
	return tty_line(t->fd, buf, size_bytes);
}

/* --passphrase-file (the nth, or the only one), else the environment's */
static const char *secret_file(const struct cli *c, size_t nth)
{
	size_t n = 0;
	const char *env = getenv("BUKTI_PASSPHRASE_FILE");

	if (cli_knows(c, "passphrase-file"))
		n = cli_opt_count(c, "passphrase-file");
	if (n > 0)
		return cli_opt_nth(c, "passphrase-file", nth < n ? nth : n - 1);
	return env && env[0] != '\0' ? env : NULL;
}

static enum bkt_status secret_from_file(
    const char *path, char *out, size_t size_bytes, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { .ptr = NULL };
	enum bkt_status st = BKT_OK;
	size_t n = 0;

	bkt_buf_init(&bytes, 64 * 1024);
	BKT_TRY(cli_slurp(path, &bytes, err));
	n = bytes.len > 0 ? strcspn((const char *)bytes.ptr, "\r\n") : 0;
	if (n == 0 || n >= size_bytes)
		st = bkt_fail(err, BKT_E_PASSPHRASE,
		    "the first line of '%s' is no passphrase", path);
	else
		(void)snprintf(
		    out, size_bytes, "%.*s", (int)n, (const char *)bytes.ptr);
	bkt_wipe(bytes.ptr, bytes.len);
	return st;
}

bool cli_passphrase_ask(
    void *ctx, const char *what, char *buf, size_t size_bytes)
{
	struct cli_ask *ask = ctx;
	BKT_AUTO(tty_end) struct tty t = { .fd = -1 };

	if (ask->known) {
		int n = snprintf(buf, size_bytes, "%s", ask->known->text);

		return !ask->known->none && n > 0 && (size_t)n < size_bytes;
	}
	ask->file = secret_file(ask->c, ask->nth);
	if (ask->file)
		cli_warn_secret(ask->c, "passphrase in", ask->file);
	if (ask->file)
		return secret_from_file(
			   ask->file, buf, size_bytes, &ask->why) == BKT_OK;
	ask->terminal = tty_begin(&t);
	return ask->terminal &&
	       tty_ask(&t, "passphrase of ", ask->what ? ask->what : what, buf,
		   size_bytes);
}

enum bkt_status cli_passphrase_refused(
    const struct cli_ask *ask, struct bkt_err *err)
{
	if (cli_interrupted())
		return bkt_fail(err, BKT_E_INTERRUPTED, "interrupted");
	if (ask->why.status != BKT_OK) {
		*err = ask->why;
		return err->status;
	}
	if (ask->file) {
		(void)bkt_fail(err, BKT_E_PASSPHRASE,
		    "wrong passphrase in '%s' for key '%s'", ask->file,
		    ask->what);
		/* that of the CA or of a member's PKCS#12 */
		if (cli_knows(ask->c, "p12") &&
		    ask->nth >= (cli_opt_count(ask->c, "as") > 0
					? cli_opt_count(ask->c, "as")
					: 1))
			bkt_err_hint(err,
			    "give each its own, in this order: "
			    "--passphrase-file of every signer, then "
			    "--passphrase-file of this key");
		else if (cli_knows(ask->c, "as") &&
			 cli_opt_count(ask->c, "as") > 1)
			bkt_err_hint(err, CLI_PAIRS);
		return BKT_E_PASSPHRASE;
	}
	if (ask->terminal)
		return bkt_fail(err, BKT_E_PASSPHRASE,
		    "wrong passphrase for key '%s'", ask->what);
	(void)bkt_fail(err, BKT_E_PASSPHRASE,
	    "key '%s' has a passphrase, and there is no terminal to ask for it",
	    ask->what);
	bkt_err_hint(err, "keep it in a file: --passphrase-file FILE");
	return BKT_E_PASSPHRASE;
}

#define NEW_TRIES 3
#define LEAST 8  /* characters of a new passphrase */
#define SHORT 12 /* below it a warning */

static enum bkt_status check_length(
    const struct cli *c, const char *text, struct bkt_err *err)
{
	size_t n = cli_columns(text);

	if (n == 0) {
		(void)bkt_fail(err, BKT_E_PASSPHRASE, "empty passphrase");
		bkt_err_hint(err, "--no-passphrase makes a key without one");
		return BKT_E_PASSPHRASE;
	}
	if (n < LEAST) {
		(void)bkt_fail(err, BKT_E_PASSPHRASE,
		    "a passphrase of %zu character%s is soon guessed; at least "
		    "%d are needed, nothing was made",
		    n, n == 1 ? "" : "s", LEAST);
		bkt_err_hint(err, "four words that do not belong together are "
				  "easy to keep and hard to guess");
		return BKT_E_PASSPHRASE;
	}
	if (n < SHORT)
		cli_note(c,
		    "warning: a passphrase of %zu characters is short; %d or "
		    "more are better",
		    n, SHORT);
	return BKT_OK;
}

static enum bkt_status none_given(
    bool terminal, const char *what, struct bkt_err *err)
{
	if (cli_interrupted())
		return bkt_fail(err, BKT_E_INTERRUPTED, "interrupted");
	(void)bkt_fail(err, BKT_E_PASSPHRASE,
	    terminal ? "no passphrase was typed for the new key of %s"
		     : "the new key of %s needs a passphrase, and there is no "
		       "terminal to ask for it",
	    what);
	bkt_err_hint(err, "use --passphrase-file FILE, or --no-passphrase for "
			  "a key without one");
	return BKT_E_PASSPHRASE;
}

/* once; *again: it would be well to ask again, and why is told */
static enum bkt_status type_new(struct cli *c, const struct tty *t,
    const char *what, struct cli_secret *out, bool *again, struct bkt_err *err)
{
	BKT_AUTO(cli_secret_wipe) struct cli_secret second = { .none = false };

	*again = false;
	if (!tty_ask(
		t, "new passphrase for ", what, out->text, sizeof(out->text)))
		return none_given(true, what, err);
	*again = true;
	BKT_TRY(check_length(c, out->text, err));
	if (!tty_ask(t, "the same again for ", what, second.text,
		sizeof(second.text))) {
		*again = false;
		return none_given(true, what, err);
	}
	if (strcmp(out->text, second.text) != 0)
		return bkt_fail(err, BKT_E_PASSPHRASE,
		    "the two passphrases differ; nothing was made");
	return BKT_OK;
}

static enum bkt_status from_terminal(struct cli *c, const char *what,
    struct cli_secret *out, struct bkt_err *err)
{
	BKT_AUTO(tty_end) struct tty t = { .fd = -1 };

	if (!tty_begin(&t))
		return none_given(false, what, err);
	for (int left = NEW_TRIES - 1;; left--) {
		bool again = false;
		enum bkt_status st = type_new(c, &t, what, out, &again, err);

		if (st == BKT_OK || !again || left == 0)
			return st;
		cli_note(c, "%s; once more", err->msg);
	}
}

enum bkt_status cli_passphrase_new(struct cli *c, const char *what,
    struct cli_secret *out, struct bkt_err *err)
{
	const char *file = secret_file(c, 0);

	*out = (struct cli_secret){ .none = cli_flag(c, "no-passphrase") };
	if (out->none)
		return BKT_OK;
	if (!file)
		return from_terminal(c, what, out, err);
	cli_warn_secret(c, "passphrase in", file);
	BKT_TRY(secret_from_file(file, out->text, sizeof(out->text), err));
	return check_length(c, out->text, err);
}
