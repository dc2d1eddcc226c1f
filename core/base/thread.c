#include "bukti/base.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>

#define THREADS_MAX 64
#define STACK_BYTES (1024 * 1024)

bool bkt_progress_tell(const struct bkt_progress *p, const char *phase,
    uint64_t done, uint64_t total)
{
	static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
	bool go_on;

	if (!p || !p->fn)
		return true;
	pthread_mutex_lock(&one_at_a_time);
	go_on = p->fn(p->ctx, phase, done, total);
	pthread_mutex_unlock(&one_at_a_time);
	return go_on;
}

unsigned bkt_cpu_count(void)
{
	cpu_set_t set;
	int n;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 1;
	n = CPU_COUNT(&set);
	if (n < 1)
		return 1;
	return n > THREADS_MAX ? THREADS_MAX : (unsigned)n;
}

struct crew {
	pthread_mutex_t lock;
	bkt_work_fn fn;
	void *ctx;
	size_t n, next;
	bool failed;
	size_t failed_item;
	enum bkt_status status;
	struct bkt_err err;
};

struct worker {
	struct crew *crew;
	unsigned number;
	pthread_t thread;
};

static bool take(struct crew *c, size_t *item)
{
	bool got;

	pthread_mutex_lock(&c->lock);
	got = !c->failed && c->next < c->n;
	if (got)
		*item = c->next++;
	pthread_mutex_unlock(&c->lock);
	return got;
}

static void report(
    struct crew *c, size_t item, enum bkt_status st, const struct bkt_err *err)
{
	pthread_mutex_lock(&c->lock);
	if (!c->failed || item < c->failed_item) {
		c->failed = true;
		c->failed_item = item;
		c->status = st;
		c->err = *err;
		if (err->status == BKT_OK) /* it failed without a word */
			(void)bkt_fail(&c->err, st, "%s", bkt_status_name(st));
	}
	pthread_mutex_unlock(&c->lock);
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct bkt_err err;
	size_t item;

	while (take(w->crew, &item)) {
		enum bkt_status st;

		err.status = BKT_OK;
		err.sys_errno = 0;
		err.msg[0] = err.hint[0] = '\0';
		st = w->crew->fn(w->crew->ctx, item, w->number, &err);
		if (st != BKT_OK)
			report(w->crew, item, st, &err);
	}
	return NULL;
}

/* the calling thread is worker 0; fewer threads than asked is no failure */
static void run(struct crew *c, unsigned n_threads)
{
	struct worker w[THREADS_MAX] = { { .crew = c } };
	pthread_attr_t attr;
	unsigned n = 1;
	bool small = pthread_attr_init(&attr) == 0 &&
		     pthread_attr_setstacksize(&attr, STACK_BYTES) == 0;

	for (; n < n_threads; n++) {
		w[n] = (struct worker){ .crew = c, .number = n };
		if (pthread_create(
			&w[n].thread, small ? &attr : NULL, work, &w[n]) != 0)
			break;
	}
	work(&w[0]);
	while (--n > 0)
		pthread_join(w[n].thread, NULL);
	pthread_attr_destroy(&attr);
}

enum bkt_status bkt_parallel(unsigned n_threads, size_t n, bkt_work_fn fn,
    void *ctx, struct bkt_err *err)
{
	struct crew c = {
		.lock = PTHREAD_MUTEX_INITIALIZER, .fn = fn, .ctx = ctx, .n = n
	};

	if (n_threads == 0)
		n_threads = bkt_cpu_count();
	if (n_threads > THREADS_MAX)
		n_threads = THREADS_MAX;
	if (n_threads > n)
		n_threads = n ? (unsigned)n : 1;
	run(&c, n_threads);
	pthread_mutex_destroy(&c.lock);
	if (!c.failed)
		return BKT_OK;
	if (err)
		*err = c.err;
	return c.status;
}
