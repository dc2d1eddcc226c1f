#include "bukti/base.h"

#include <stdio.h>
#include <string.h>

#include "mem.h"

void bkt_buf_init(struct bkt_buf *b, size_t max_bytes)
{
	*b = (struct bkt_buf){ .ptr = bkt_buf_empty_, .max_bytes = max_bytes };
}

void bkt_buf_release(struct bkt_buf *b)
{
	bkt_free(b->ptr);
	*b = (struct bkt_buf){ .ptr = bkt_buf_empty_,
		.max_bytes = b->max_bytes };
}

void bkt_buf_clear(struct bkt_buf *b)
{
	b->len = 0;
	b->failed = b->no_memory = false;
	if (b->cap > 0)
		b->ptr[0] = '\0';
}

/* doubling keeps appends amortised; the ceiling is never overshot */
static bool grow(struct bkt_buf *b, size_t n)
{
	size_t want, cap = b->cap ? b->cap : 64;
	uint8_t *p;

	if (n > b->max_bytes || b->len > b->max_bytes - n ||
	    b->len + n == SIZE_MAX) {
		b->failed = true;
		return false;
	}
	want = b->len + n + 1;
	while (cap < want)
		cap = cap > SIZE_MAX / 2 ? want : cap * 2;
	if (b->max_bytes < SIZE_MAX && cap > b->max_bytes + 1)
		cap = b->max_bytes + 1;
	p = bkt_realloc(b->cap ? b->ptr : NULL, cap);
	if (!p) {
		b->failed = b->no_memory = true;
		return false;
	}
	b->ptr = p;
	b->cap = cap;
	return true;
}

static bool reserve(struct bkt_buf *b, size_t n)
{
	if (b->failed)
		return false;
	if (n < b->cap && b->len < b->cap - n)
		return true;
	return grow(b, n);
}

uint8_t *bkt_buf_room(struct bkt_buf *b, size_t n)
{
	if (!reserve(b, n))
		return NULL;
	memset(b->ptr + b->len, 0, n + 1);
	return b->ptr + b->len;
}

void bkt_buf_add(struct bkt_buf *b, const void *p, size_t n)
{
	if (n == 0 || !reserve(b, n))
		return;
	memcpy(b->ptr + b->len, p, n);
	b->len += n;
	b->ptr[b->len] = '\0';
}

void bkt_buf_str(struct bkt_buf *b, const char *s)
{
	bkt_buf_add(b, s, strlen(s));
}

void bkt_buf_chr(struct bkt_buf *b, char c)
{
	bkt_buf_add(b, &c, 1);
}

void bkt_buf_printf(struct bkt_buf *b, const char *fmt, ...)
{
	va_list ap;
	char small[256];
	int n;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	BKT_ASSERT(n >= 0);
	if ((size_t)n < sizeof(small)) {
		bkt_buf_add(b, small, (size_t)n);
		return;
	}
	if (!reserve(b, (size_t)n))
		return;
	va_start(ap, fmt);
	vsnprintf((char *)b->ptr + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

enum bkt_status bkt_buf_check(const struct bkt_buf *b, struct bkt_err *err)
{
	if (!b->failed)
		return BKT_OK;
	if (b->no_memory)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a buffer");
	return bkt_fail(
	    err, BKT_E_LIMIT, "more than the %zu bytes allowed", b->max_bytes);
}

struct bkt_span bkt_buf_span(const struct bkt_buf *b)
{
	return BKT_SPAN(b->ptr, b->len);
}
