#include "bukti/base.h"

#include <stdio.h>
#include <string.h>

#define FIRST_BYTES 4096
#define LARGEST_BYTES (1024 * 1024)
#define KEPT_BYTES (128 * 1024)
#define ALIGN 16

struct block {
	struct block *next;
	size_t cap, used;
	_Alignas(ALIGN) uint8_t bytes[];
};

struct bkt_arena {
	struct block *first, *last;
	size_t max_bytes, used_bytes;
};

static struct block *block_new(size_t cap)
{
	struct block *b;

	if (cap > SIZE_MAX - sizeof(*b))
		return NULL;
	b = bkt_calloc(1, sizeof(*b) + cap);
	if (b)
		b->cap = cap;
	return b;
}

bkt_arena *bkt_arena_new(size_t max_bytes)
{
	bkt_arena *a = bkt_calloc(1, sizeof(*a));

	if (a)
		a->max_bytes = max_bytes;
	return a;
}

static void blocks_free(struct block *b)
{
	while (b) {
		struct block *next = b->next;

		bkt_free(b);
		b = next;
	}
}

void bkt_arena_free(bkt_arena *a)
{
	if (!a)
		return;
	blocks_free(a->first);
	bkt_free(a);
}

/* the largest block that is not too large to keep: what was needed once is
 * likely to be needed again */
static struct block *keeper(bkt_arena *a)
{
	struct block *best = NULL;

	for (struct block *b = a->first; b; b = b->next) {
		if (b->cap <= KEPT_BYTES && (!best || b->cap > best->cap))
			best = b;
	}
	return best;
}

void bkt_arena_clear(bkt_arena *a)
{
	struct block *kept = keeper(a);
	struct block *b = a->first;

	a->used_bytes = 0;
	while (b) {
		struct block *next = b->next;

		if (b != kept)
			bkt_free(b);
		b = next;
	}
	a->first = a->last = kept;
	if (!kept)
		return;
	kept->next = NULL;
	memset(kept->bytes, 0, kept->used);
	kept->used = 0;
}

static struct block *block_for(bkt_arena *a, size_t n)
{
	size_t cap = FIRST_BYTES;
	struct block *b;

	if (a->last && a->last->cap - a->last->used >= n)
		return a->last;
	if (a->last)
		cap = a->last->cap * 2;
	if (cap > LARGEST_BYTES)
		cap = LARGEST_BYTES;
	b = block_new(n > cap ? n : cap);
	if (!b)
		return NULL;
	if (a->last)
		a->last->next = b;
	else
		a->first = b;
	a->last = b;
	return b;
}

void *bkt_arena_alloc(bkt_arena *a, size_t n_bytes)
{
	struct block *b;
	void *p;

	if (n_bytes > SIZE_MAX - ALIGN)
		return NULL;
	n_bytes = n_bytes ? (n_bytes + ALIGN - 1) / ALIGN * ALIGN : ALIGN;
	if (n_bytes > a->max_bytes || a->used_bytes > a->max_bytes - n_bytes)
		return NULL;
	b = block_for(a, n_bytes);
	if (!b)
		return NULL;
	p = b->bytes + b->used;
	b->used += n_bytes;
	a->used_bytes += n_bytes;
	return p;
}

char *bkt_arena_strndup(bkt_arena *a, const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *p = bkt_arena_alloc(a, len + 1);

	if (p)
		memcpy(p, s, len);
	return p;
}

char *bkt_arena_strdup(bkt_arena *a, const char *s)
{
	return bkt_arena_strndup(a, s, strlen(s));
}

char *bkt_arena_printf(bkt_arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	BKT_ASSERT(n >= 0);
	p = bkt_arena_alloc(a, (size_t)n + 1);
	if (!p)
		return NULL;
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return p;
}

size_t bkt_arena_bytes(const bkt_arena *a)
{
	return a->used_bytes;
}

void bkt_arena_adopt(bkt_arena *a, bkt_arena *child)
{
	if (child->first) {
		if (a->last)
			a->last->next = child->first;
		else
			a->first = child->first;
		a->last = child->last;
		a->used_bytes += child->used_bytes;
		child->first = NULL;
	}
	bkt_arena_free(child);
}
