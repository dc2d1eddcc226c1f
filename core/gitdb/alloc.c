#include "db.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <string.h>

#include <git2/sys/alloc.h>

/*
 * libgit2 keeps up to 16 MB of delta bases for every pack, and allocates what
 * a header claims before it looks at the data. So its allocations are counted
 * (pool.c drops the caches) and no single one may exceed a cap.
 */

#define CAP_DEFAULT ((size_t)64 * 1024 * 1024)

struct block {
	alignas(16) size_t n_bytes;
};

static atomic_int_fast64_t held_bytes;
static _Thread_local size_t cap_bytes;
static _Thread_local enum gitdb_refusal refusal;

void gitdb_alloc_clear(void)
{
	refusal = GITDB_REFUSED_NONE;
}

enum gitdb_refusal gitdb_alloc_refusal(void)
{
	return refusal;
}

int64_t gitdb_alloc_bytes(void)
{
	return atomic_load_explicit(&held_bytes, memory_order_relaxed);
}

void gitdb_alloc_cap(size_t n_bytes)
{
	cap_bytes = n_bytes;
}

static void count(int64_t by)
{
	atomic_fetch_add_explicit(&held_bytes, by, memory_order_relaxed);
}

static bool allowed(size_t n)
{
	if (n <= (cap_bytes ? cap_bytes : CAP_DEFAULT))
		return true;
	refusal = GITDB_OVER_CAP;
	return false;
}

static void *settle(struct block *b, size_t n)
{
	if (!b) {
		refusal = GITDB_NO_MEMORY;
		return NULL;
	}
	b->n_bytes = n;
	count((int64_t)n);
	return b + 1;
}

static void *seam_malloc(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	if (!allowed(n))
		return NULL;
	return settle(bkt_malloc(n + sizeof(struct block)), n);
}

static void seam_free(void *p)
{
	struct block *b = p;

	if (!b)
		return;
	b--;
	count(-(int64_t)b->n_bytes);
	bkt_free(b);
}

static void *seam_realloc(void *p, size_t n, const char *file, int line)
{
	struct block *old = p, *b;
	size_t was;

	if (!old)
		return seam_malloc(n, file, line);
	if (!allowed(n))
		return NULL;
	old--;
	was = old->n_bytes;
	b = bkt_realloc(old, n + sizeof(*b));
	if (b)
		count(-(int64_t)was);
	return settle(b, n);
}

/* 1.7 asks for three functions instead of nine */
#if defined(LIBGIT2_VER_MAJOR) && LIBGIT2_VER_MAJOR == 1 && \
    LIBGIT2_VER_MINOR < 7

static void *seam_mallocarray(
    size_t n, size_t size_bytes, const char *file, int line)
{
	size_t total;

	if (__builtin_mul_overflow(n, size_bytes, &total))
		return NULL;
	return seam_malloc(total, file, line);
}

static void *seam_reallocarray(
    void *p, size_t n, size_t size_bytes, const char *file, int line)
{
	size_t total;

	if (__builtin_mul_overflow(n, size_bytes, &total))
		return NULL;
	return seam_realloc(p, total, file, line);
}

static void *seam_calloc(
    size_t n, size_t size_bytes, const char *file, int line)
{
	size_t total;

	(void)file;
	(void)line;
	if (__builtin_mul_overflow(n, size_bytes, &total) || !allowed(total))
		return NULL;
	return settle(bkt_calloc(1, total + sizeof(struct block)), total);
}

static char *seam_substrdup(const char *s, size_t n, const char *file, int line)
{
	char *copy = seam_malloc(n + 1, file, line);

	if (copy) {
		memcpy(copy, s, n);
		copy[n] = '\0';
	}
	return copy;
}

static char *seam_strndup(const char *s, size_t n, const char *file, int line)
{
	return seam_substrdup(s, strnlen(s, n), file, line);
}

static char *seam_strdup(const char *s, const char *file, int line)
{
	return seam_substrdup(s, strlen(s), file, line);
}

int gitdb_alloc_install(void)
{
	static git_allocator seam = {
		.gmalloc = seam_malloc,
		.gcalloc = seam_calloc,
		.gstrdup = seam_strdup,
		.gstrndup = seam_strndup,
		.gsubstrdup = seam_substrdup,
		.grealloc = seam_realloc,
		.greallocarray = seam_reallocarray,
		.gmallocarray = seam_mallocarray,
		.gfree = seam_free,
	};

	return git_libgit2_opts(GIT_OPT_SET_ALLOCATOR, &seam);
}

#else

int gitdb_alloc_install(void)
{
	static git_allocator seam = {
		.gmalloc = seam_malloc,
		.grealloc = seam_realloc,
		.gfree = seam_free,
	};

	return git_libgit2_opts(GIT_OPT_SET_ALLOCATOR, &seam);
}

#endif
