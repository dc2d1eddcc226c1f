/* A counting filter: tells cheaply which strings cannot have come twice. */
#include "eval.h"

static size_t slot(const struct eval_filter *f, const char *s)
{
	uint64_t h = 14695981039346656037u;

	/* the first characters of ids and digests tell them apart */
	for (size_t i = 0; i < 16 && s[i] != '\0'; i++)
		h = (h ^ (uint8_t)s[i]) * 1099511628211u;
	return (size_t)(h ^ h >> 32) & f->mask;
}

struct eval_filter eval_filter_new(struct eval *ev, size_t n)
{
	struct eval_filter f = { NULL, 1023 };

	while (f.mask / 4 < n && f.mask < SIZE_MAX / 4)
		f.mask = f.mask * 2 + 1;
	f.counts = eval_alloc(ev, f.mask + 1, 1);
	return f;
}

void eval_filter_add(struct eval_filter *f, const char *s)
{
	uint8_t *c = &f->counts[slot(f, s)];

	if (*c < 2)
		++*c;
}

bool eval_filter_many(const struct eval_filter *f, const char *s)
{
	return f->counts[slot(f, s)] > 1;
}
