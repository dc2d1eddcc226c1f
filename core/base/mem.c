#include "bukti/base.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "mem.h"

bool (*bkt_alloc_fault)(size_t n_bytes);

uint8_t bkt_buf_empty_[1];

static bool refused(size_t n_bytes)
{
	return bkt_alloc_fault && bkt_alloc_fault(n_bytes);
}

void *bkt_malloc(size_t n_bytes)
{
	if (refused(n_bytes))
		return NULL;
	return malloc(n_bytes ? n_bytes : 1);
}

void *bkt_calloc(size_t n, size_t size_bytes)
{
	size_t total;

	if (__builtin_mul_overflow(n, size_bytes, &total) || refused(total))
		return NULL;
	return calloc(1, total ? total : 1);
}

void *bkt_realloc(void *p, size_t n_bytes)
{
	if (refused(n_bytes))
		return NULL;
	return realloc(p, n_bytes ? n_bytes : 1);
}

void bkt_free(void *p)
{
	/* the bytes of an empty buffer may be stolen like any other */
	if (p != bkt_buf_empty_)
		free(p);
}

void bkt_free_auto_(void *pp)
{
	void *p;

	memcpy(&p, pp, sizeof(p));
	bkt_free(p);
}

char *bkt_strdup(const char *s)
{
	size_t n = strlen(s) + 1;
	char *p = bkt_malloc(n);

	if (p)
		memcpy(p, s, n);
	return p;
}

struct bkt_span bkt_span_str(const char *s)
{
	return BKT_SPAN(s, strlen(s));
}

bool bkt_span_eq(struct bkt_span a, struct bkt_span b)
{
	return a.len == b.len &&
	       (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool bkt_strs_has(const struct bkt_strs *l, const char *s)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i], s) == 0)
			return true;
	return false;
}

bool bkt_sha256_eq(const struct bkt_sha256 *a, const struct bkt_sha256 *b)
{
	return memcmp(a->b, b->b, BKT_SHA256_LEN) == 0;
}

/* under a sanitizer malloc is another, and its memory is not to be touched */
#if defined(__GLIBC__) && defined(MADV_POPULATE_WRITE) && \
    !defined(__SANITIZE_ADDRESS__)
#define HEAP_PAGE ((uintptr_t)4096)

void bkt_memory_warm(size_t n_bytes)
{
	BKT_AUTO(bkt_free) uint8_t *p = NULL;
	uintptr_t from, to;

	/* so large a block comes from the heap, and the heap does not shrink
	 * when it is given back */
	(void)mallopt(M_MMAP_THRESHOLD, (int)n_bytes * 2);
	(void)mallopt(M_TRIM_THRESHOLD, (int)n_bytes * 2);
	p = bkt_malloc(n_bytes);
	if (!p)
		return;
	from = ((uintptr_t)p + HEAP_PAGE - 1) / HEAP_PAGE * HEAP_PAGE;
	to = ((uintptr_t)p + n_bytes) / HEAP_PAGE * HEAP_PAGE;
	if (from < to)
		(void)madvise((void *)from, to - from, MADV_POPULATE_WRITE);
}
#else
void bkt_memory_warm(size_t n_bytes)
{
	(void)n_bytes;
}
#endif
