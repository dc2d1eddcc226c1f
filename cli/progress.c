/* A progress bar on stderr, and the interrupt that stops the work. */
#include "cli.h"

#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define LEFT_BYTES 64

static volatile sig_atomic_t interrupts;
static bool bar_shown;
static int64_t bar_at_ms, phase_at_ms;
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

/* what is left at the pace of this phase, once that says something */
static const char *time_left(
    uint64_t done, uint64_t total, int64_t ran_ms, char out[LEFT_BYTES])
{
	uint64_t left_s;

	out[0] = '\0';
	if (ran_ms < 2000 || done == 0 || done >= total)
		return out;
	/* bytes of many terabytes, so that no product overflows */
	for (; total > UINT32_MAX; total >>= 1)
		done >>= 1;
	if (done == 0)
		return out;
	left_s = (uint64_t)ran_ms * (total - done) / done / 1000;
	if (left_s >= 3600)
		(void)snprintf(out, LEFT_BYTES, "  %llu h %02llu min left",
		    (unsigned long long)(left_s / 3600 % 1000),
		    (unsigned long long)(left_s / 60 % 60));
	else
		(void)snprintf(out, LEFT_BYTES, "  %llu:%02llu left",
		    (unsigned long long)(left_s / 60),
		    (unsigned long long)(left_s % 60));
	return out;
}

static size_t terminal_columns(void)
{
	struct winsize w;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_col == 0)
		return 80;
	return w.ws_col;
}

static void draw(
    const char *phase, uint64_t done, uint64_t total, int64_t ran_ms)
{
	enum { WIDE = 30, BESIDE = 9, NAME = 24 };
	char bar[WIDE + 1], left[LEFT_BYTES];
	size_t columns = terminal_columns(), wide = WIDE, filled = 0;
	uint64_t percent = 0;

	if (done > total)
		done = total;
	if (total > 0) {
		percent = total > UINT64_MAX / 100 ? done / (total / 100)
						   : done * 100 / total;
		if (percent > 100)
			percent = 100;
	}
	(void)time_left(done, total, ran_ms, left);
	if (columns < NAME + BESIDE + WIDE + strlen(left))
		left[0] = '\0';
	if (columns < NAME + BESIDE + WIDE)
		wide = columns > NAME + BESIDE ? columns - NAME - BESIDE : 0;
	filled = (size_t)percent * wide / 100;
	memset(bar, '#', filled);
	memset(bar + filled, '.', wide - filled);
	bar[wide] = '\0';
	(void)fprintf(stderr, "\r\033[K%-*.*s [%s] %3u%%%s", NAME, NAME, phase,
	    bar, (unsigned)percent, left);
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
	if (strncmp(phase, bar_phase, sizeof(bar_phase) - 1) != 0)
		phase_at_ms = now_ms;
	/* ten pictures a second; a new phase and the end show at once */
	if (bar_shown && now_ms - bar_at_ms < 100 && done < total &&
	    strncmp(phase, bar_phase, sizeof(bar_phase) - 1) == 0)
		return true;
	bar_at_ms = now_ms;
	(void)snprintf(bar_phase, sizeof(bar_phase), "%s", phase);
	draw(phase, done, total, now_ms - phase_at_ms);
	return true;
}

const struct bkt_progress cli_progress = { tell, NULL };
