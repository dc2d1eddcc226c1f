/*
 * One submission of one document while memory, disk or system calls fail at
 * every point in turn. Afterwards the store is as before or as after, verifies,
 * takes the same submission (or says that it is there), and what was reported
 * was never a verdict.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/city.h"

static struct city city;
static unsigned long calls, fail_at;
static int answer;
static bool armed;
static unsigned failures;

/* calls of other threads count too: where they fail differs from run to run,
 * what must hold does not */
static bool count(void)
{
	unsigned long n = __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);

	return armed && n == fail_at;
}

static bool alloc_fault(size_t n_bytes)
{
	(void)n_bytes;
	return count();
}

static int fs_fault(const char *op, const char *path)
{
	(void)op;
	(void)path;
	return count() ? answer : 0;
}

static void say_bad(const char *what, const char *why)
{
	printf(
	    "# %s: %s at call %lu (answer %d)\n", what, why, fail_at, answer);
	failures++;
}

static void arm(bool memory, int how, unsigned long at)
{
	calls = 0;
	fail_at = at;
	answer = how;
	armed = true;
	if (memory)
		bkt_alloc_fault = alloc_fault;
	else
		bkt_fs_fault = fs_fault;
}

static void disarm(void)
{
	armed = false;
	bkt_alloc_fault = NULL;
	bkt_fs_fault = NULL;
}

static bool intact(uint64_t *size)
{
	const struct bkt_verify_options cold = { .cold = true };
	BKT_AUTO(bkt_verify_report_release) struct bkt_verify_report r;
	struct bkt_err err;

	if (bkt_verify_store(city.dir, &cold, &r, &err) != BKT_OK)
		return false;
	*size = r.meta_size;
	return r.verdict == BKT_INTACT && r.complete;
}

/* open, stage, submit: as one run of the program does */
static enum bkt_status attempt(const struct bkt_submission *sub,
    struct bkt_item *item, struct bkt_err *err)
{
	BKT_AUTO(bkt_store_free) bkt_store *s = NULL;
	BKT_AUTO(bkt_free) char *path = NULL;
	struct bkt_staged staged = { .tmp_path = NULL };
	enum bkt_status st;
	BKT_AUTO_FD fd = -1;

	path = bkt_path_join(city.folder, "content");
	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	BKT_TRY(bkt_store_open(city.dir, &s, err));
	BKT_TRY(bkt_file_open(path, &fd, NULL, err));
	BKT_TRY(
	    bkt_objects_stage(bkt_store_objects(s), fd, 1 << 20, &staged, err));
	*item = (struct bkt_item){ .sub = *sub, .staged = &staged };
	st = bkt_store_submit(s, item, 1, BKT_ALL_OR_NOTHING, "uji", err);
	bkt_staged_release(bkt_store_objects(s), &staged);
	item->staged = NULL;
	return st;
}

static struct bkt_submission next_document(unsigned n, char words[32])
{
	struct bkt_submission sub;
	struct bkt_staged staged;
	char *id = bkt_arena_printf(city.arena, "eeeeeee%c%c%c%c%c",
	    'a' + n / 26 / 26 / 26 % 26, 'a' + n / 26 / 26 % 26,
	    'a' + n / 26 % 26, 'a' + n % 26, 'a');

	snprintf(words, 32, "uji %u", n);
	city_now_utc_s += 10;
	sub = city_say(&city,
	    city_document(&city, id, "dinas-a", "active", words),
	    CITY_UPLOADER);
	/* leaves the file `content` for the attempt, drops the staged copy */
	city_stage(&city, words, &staged);
	bkt_staged_release(bkt_store_objects(city.s), &staged);
	return sub;
}

/* the city's own handle sees what the attempts did */
static void reopen(void)
{
	struct bkt_err err;

	bkt_store_free(city.s);
	city.s = NULL;
	if (bkt_store_open(city.dir, &city.s, &err) != BKT_OK) {
		say_bad("open", err.msg);
		exit(1);
	}
}

static void once(bool memory, int how, unsigned long at, unsigned n)
{
	struct bkt_item item = { .status = BKT_OK };
	struct bkt_err err = { .msg = "" };
	uint64_t before, after;
	char words[32];
	struct bkt_submission sub = next_document(n, words);
	enum bkt_status st;

	before = bkt_store_head(city.s)->checkpoint.size;
	arm(memory, how, at);
	st = attempt(&sub, &item, &err);
	disarm();
	if (!intact(&after)) {
		say_bad("store", "not intact afterwards");
		return;
	}
	if (st != BKT_OK && !bkt_is_fault(st))
		say_bad(bkt_status_name(st), err.msg);
	if (st == BKT_OK && after != before + 1)
		say_bad("said ok", "but nothing is there");
	if (after != before && after != before + 1)
		say_bad("store", "neither old nor new");
	if (after == before) {
		st = attempt(&sub, &item, &err);
		if (st != BKT_OK)
			say_bad("tried again", err.msg);
	}
	reopen();
}

static unsigned long reach(bool memory)
{
	struct bkt_item item;
	struct bkt_err err;
	char words[32];
	struct bkt_submission sub = next_document(0, words);
	unsigned long at_once;
	enum bkt_status st;

	arm(memory, 0, 0);
	st = attempt(&sub, &item, &err);
	disarm();
	if (st != BKT_OK) {
		say_bad("without a fault", err.msg);
		exit(1);
	}
	at_once = calls;
	reopen();
	return at_once;
}

/* sampled so that the whole stays within a minute */
static unsigned run(bool memory, int how, unsigned samples, unsigned n)
{
	unsigned long total, step;

	city_init(&city);
	total = reach(memory);
	step = total / samples + 1;
	for (unsigned long at = 1; at <= total; at += step)
		once(memory, how, at, ++n);
	printf("# %s %d: %lu calls, every %lu\n", memory ? "memory" : "disk",
	    how, total, step);
	city_release(&city);
	return n;
}

int main(void)
{
	unsigned n = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	n = run(false, EIO, 40, n);
	n = run(false, ENOSPC, 15, n);
	n = run(false, -1, 15, n);
	n = run(true, 0, 50, n);
	printf("%s %u faults\n", failures ? "not ok" : "ok", n);
	return failures ? 1 : 0;
}
