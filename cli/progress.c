/* A progress bar on stderr, and the interrupt that stops the work. */
#include "cli.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t interrupts;
static bool bar_shown;
static int64_t bar_at_ms;
static char bar_phase[48];

/* The first asks; should something hang that is not asked, the second ends the
 * program by itself. Only what may be done in a handler. */
static void on_interrupt(int sig)
{
	(void)sig;
	interrupts = interrupts + 1;
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGTERM, SIG_DFL);
}

void cli_interrupts_catch(void)
{
	struct sigaction sa = { .sa_handler = on_interrupt };

	(void)sigemptyset(&sa.sa_mask);
	(void)sigaction(SIGINT, &sa, NULL);
	(void)sigaction(SIGTERM, &sa, NULL);
	/* a file larger than is allowed is an error like a full disk */
	sa.sa_handler = SIG_IGN;
	(void)sigaction(SIGXFSZ, &sa, NULL);
}

bool cli_interrupted(void)
{
	return interrupts > 0;
}

void cli_progress_clear(void)
{
	if (!bar_shown)
		return;
	(void)fputs("\r\033[K", stderr);
	(void)fflush(stderr);
	bar_shown = false;
}

static void draw(const char *phase, uint64_t done, uint64_t total)
{
	enum { WIDE = 30 };
	char bar[WIDE + 1];
	uint64_t percent = 0;
	size_t filled = 0;

	if (total > 0) {
		if (done > total)
			done = total;
		percent = total > UINT64_MAX / 100 ? done / (total / 100)
						   : done * 100 / total;
		filled = (size_t)(percent * WIDE / 100);
	}
	memset(bar, '#', filled);
	memset(bar + filled, '.', WIDE - filled);
	bar[WIDE] = '\0';
	(void)fprintf(stderr, "\r\033[K%-24.24s [%s] %3u%%", phase, bar,
	    (unsigned)percent);
	(void)fflush(stderr);
	bar_shown = true;
}

static bool tell(void *ctx, const char *phase, uint64_t done, uint64_t total)
{
	int64_t now_ms;

	(void)ctx;
	if (cli_interrupted())
		return false;
	if (isatty(STDERR_FILENO) != 1)
		return true;
	now_ms = bkt_mono_ms();
	/* ten pictures a second; a new phase and the end show at once */
	if (bar_shown && now_ms - bar_at_ms < 100 && done < total &&
	    strncmp(phase, bar_phase, sizeof(bar_phase) - 1) == 0)
		return true;
	bar_at_ms = now_ms;
	(void)snprintf(bar_phase, sizeof(bar_phase), "%s", phase);
	draw(phase, done, total);
	return true;
}

const struct bkt_progress cli_progress = { tell, NULL };
