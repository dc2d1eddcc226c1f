/* Verdicts to people and to the exit code. */
#include "verdict.h"

#include <errno.h>
#include <string.h>

#define PIN_MAX ((size_t)16 * 1024)

/* what the core tried on its way is no message of ours */
enum bkt_status cli_verdict_end(
    enum bkt_verdict v, bool complete, struct bkt_err *err)
{
	*err = (struct bkt_err){ .status = bkt_verdict_status(v, complete) };
	return err->status;
}

/* what cannot be told, or is not as it was signed, does not say either what
 * would belong to it */
static const char *completeness(enum bkt_verdict v, bool complete)
{
	if (!complete)
		return "INCOMPLETE";
	return v > BKT_ERASED ? "completeness not known" : "COMPLETE";
}

const char *cli_verdict_text(struct cli *c, enum bkt_verdict v, bool complete)
{
	enum bkt_status st = bkt_verdict_status(v, complete);
	enum cli_colour colour = st == BKT_OK          ? CLI_GREEN
				 : st == BKT_E_MISSING ? CLI_YELLOW
						       : CLI_RED;

	return cli_printf(c, "%s%s, %s%s", cli_colour(c, colour),
	    bkt_verdict_name(v), completeness(v, complete),
	    cli_colour(c, CLI_PLAIN));
}

static const char *item_word(const struct bkt_verify_item *i)
{
	return i->missing ? "MISSING" : bkt_verdict_name(i->verdict);
}

static void print_item(struct cli *c, const struct bkt_verify_item *i)
{
	(void)printf("%s%-12s%s %s", cli_colour(c, CLI_RED), item_word(i),
	    cli_colour(c, CLI_PLAIN),
	    i->path[0] != '\0' ? cli_text(c, i->path) : "the log");
	if (i->index >= 0)
		(void)printf(", entry %lld", (long long)i->index);
	if (i->commit[0] != '\0')
		(void)printf(", commit %.12s", i->commit);
	(void)printf("\n             %s\n", cli_text(c, i->reason));
}

void cli_verdict_items(struct cli *c, const struct bkt_verify_item *items,
    size_t n, size_t n_dropped)
{
	if (n > 0)
		(void)printf("\n");
	for (size_t i = 0; i < n; i++)
		print_item(c, &items[i]);
	if (n_dropped > 0)
		(void)printf("and %zu more\n", n_dropped);
}

void cli_verdict_json(struct cli_json *j, const struct bkt_verify_item *items,
    size_t n, size_t n_dropped)
{
	cli_json_array(j, "items");
	for (size_t i = 0; i < n; i++) {
		cli_json_object(j, NULL);
		cli_json_str(j, "verdict", item_word(&items[i]));
		cli_json_str(j, "path", items[i].path);
		if (items[i].index >= 0)
			cli_json_u64(j, "entry", (uint64_t)items[i].index);
		if (items[i].commit[0] != '\0')
			cli_json_str(j, "commit", items[i].commit);
		cli_json_str(j, "reason", items[i].reason);
		cli_json_end(j, '}');
	}
	cli_json_end(j, ']');
	cli_json_u64(j, "items_dropped", n_dropped);
}

const char *cli_bytes_text(struct cli *c, uint64_t n_bytes)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB",
		"TiB" };
	uint64_t whole = n_bytes, rest = 0;
	size_t u = 0;

	while (whole >= 1024 && u < 4) {
		rest = whole % 1024;
		whole /= 1024;
		u++;
	}
	if (u == 0)
		return cli_count(c, n_bytes, "byte", NULL);
	return cli_printf(c, "%llu.%llu %s", (unsigned long long)whole,
	    (unsigned long long)(rest * 10 / 1024), units[u]);
}

enum bkt_status cli_pin_read(
    const char *file, struct bkt_pin *out, bool *found, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf text = { .ptr = NULL };
	BKT_AUTO_FD fd = -1;
	enum bkt_status st = bkt_file_open_follow(file, &fd, NULL, err);

	*found = false;
	/* only what is surely absent may become a first use */
	if (st == BKT_E_NOTFOUND)
		return BKT_OK;
	if (st != BKT_OK)
		return cli_input_failed(err, st, "pin");
	bkt_buf_init(&text, PIN_MAX);
	BKT_TRY(cli_slurp(file, &text, err));
	st = bkt_pin_parse(bkt_buf_span(&text), out, err);
	/* the person's own file: nothing is said about the store */
	if (bkt_is_verdict(st))
		return cli_input_failed(err, BKT_E_USAGE, "pin '%s'", file);
	if (st != BKT_OK)
		return st;
	*found = true;
	return BKT_OK;
}

enum bkt_status cli_threads(struct cli *c, unsigned *out, struct bkt_err *err)
{
	const char *text = cli_opt(c, "threads");
	uint64_t n = 0;

	if (text && (!bkt_parse_u64(text, 64, &n) || n == 0))
		return bkt_fail(err, BKT_E_USAGE,
		    "'%s' is no number of threads, 1 to 64", text);
	*out = (unsigned)n;
	return BKT_OK;
}

/* a cache that knows less than the old one is not an improvement */
static bool worth_keeping(
    const struct bkt_pin *old, const struct bkt_verify_report *r)
{
	const struct bkt_pin *next = &r->next;

	if (bkt_verdict_status(r->verdict, r->complete) != BKT_OK)
		return false;
	return next->content_size == next->checkpoint.size || !old ||
	       old->content_size != old->checkpoint.size;
}

/* what was seen to be bad is looked at again until it is good: the next run may
 * not rest on a reading before it. The log that was seen stays remembered */
static bool found_bad(
    const struct bkt_pin *old, const struct bkt_verify_report *r)
{
	return old && old->content_size > 0 &&
	       bkt_verdict_status(r->verdict, r->complete) != BKT_OK;
}

/* a store on a read-only medium is verified just as well */
static void keep(struct cli *c, const char *dir, const struct bkt_pin *pin)
{
	struct bkt_err err = { 0 };

	if (bkt_store_pin_save(dir, pin, &err) == BKT_OK ||
	    err.sys_errno == EROFS || err.sys_errno == EACCES ||
	    err.sys_errno == EPERM)
		return;
	cli_note(c, "the result is not kept for the next run: %s", err.msg);
}

enum bkt_status cli_verify_cached(struct cli *c, const char *dir,
    struct bkt_verify_options *options, struct bkt_verify_report *out,
    struct bkt_err *err)
{
	struct bkt_err ignored = { 0 };
	struct bkt_pin cache;
	const struct bkt_pin *old = NULL;
	enum bkt_status st;

	if (bkt_store_pin_load(dir, &cache, &ignored) == BKT_OK)
		old = &cache;
	options->cache = old;
	options->progress = &cli_progress;
	st = bkt_verify_store(dir, options, out, err);
	cli_progress_clear();
	options->cache = NULL;
	if (st != BKT_OK)
		return st;
	if (worth_keeping(old, out)) {
		keep(c, dir, &out->next);
	} else if (found_bad(old, out)) {
		cache.content_size = 0;
		cache.content_utc_s = 0;
		keep(c, dir, &cache);
	}
	return BKT_OK;
}
