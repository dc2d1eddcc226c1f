#include "pack.h"

#include <string.h>

/*
 * Signatures by one person share certificate and layout: what differs stands
 * at the same places, and is an eighth of the whole. Comparing place by place
 * finds it in a microsecond, where deflate needs forty and saves a third.
 */

#define KINDS_MAX 64
#define CONTENT_MAX ((size_t)64 * 1024)
/* a shorter run costs more to copy than to say again */
#define RUN_MIN 8
#define INSERT_MAX ((size_t)127)
#define COPY_MAX ((size_t)0xffff)
#define DELTA_MAX (CONTENT_MAX / 2)

struct kind {
	char *word;
	uint8_t *content;
	size_t len;
	uint64_t at;
};

struct pack_like {
	struct kind kind[KINDS_MAX];
	size_t n;
	struct bkt_buf delta;
};

enum bkt_status pack_like_new(struct pack_like **out, struct bkt_err *err)
{
	struct pack_like *l = bkt_calloc(1, sizeof(*l));

	if (!l)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a pack");
	bkt_buf_init(&l->delta, DELTA_MAX);
	*out = l;
	return BKT_OK;
}

void pack_like_free(struct pack_like *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->n; i++) {
		bkt_free(l->kind[i].word);
		bkt_free(l->kind[i].content);
	}
	bkt_buf_release(&l->delta);
	bkt_free(l);
}

static struct kind *find(struct pack_like *l, const char *like)
{
	for (size_t i = 0; i < l->n; i++) {
		if (strcmp(l->kind[i].word, like) == 0)
			return &l->kind[i];
	}
	return NULL;
}

static size_t run_length(const struct kind *k, struct bkt_span s, size_t from)
{
	size_t n = from, end = s.len < k->len ? s.len : k->len;

	while (n < end && s.ptr[n] == k->content[n])
		n++;
	return n - from;
}

static void insert(struct bkt_buf *out, struct bkt_span s)
{
	while (s.len > 0) {
		size_t n = s.len < INSERT_MAX ? s.len : INSERT_MAX;

		bkt_buf_chr(out, (char)n);
		bkt_buf_add(out, s.ptr, n);
		s = BKT_SPAN(s.ptr + n, s.len - n);
	}
}

struct bkt_span pack_like_delta(struct pack_like *l, const char *like,
    struct bkt_span content, uint64_t *base_at)
{
	const struct kind *k = find(l, like);
	size_t at = 0, said = 0;

	bkt_buf_clear(&l->delta);
	if (!k || content.len > CONTENT_MAX)
		return BKT_SPAN(NULL, 0);
	pack_delta_size(&l->delta, k->len);
	pack_delta_size(&l->delta, content.len);
	while (at < content.len) {
		size_t n = run_length(k, content, at);

		if (n > COPY_MAX)
			n = COPY_MAX;
		if (n >= RUN_MIN) {
			insert(
			    &l->delta, BKT_SPAN(content.ptr + said, at - said));
			pack_delta_copy(&l->delta, at, n);
			said = at + n;
		}
		at += n ? n : 1;
	}
	insert(&l->delta, BKT_SPAN(content.ptr + said, at - said));
	*base_at = k->at;
	if (l->delta.failed || l->delta.len > content.len / 2)
		return BKT_SPAN(NULL, 0);
	return bkt_buf_span(&l->delta);
}

enum bkt_status pack_like_note(struct pack_like *l, const char *like,
    struct bkt_span content, uint64_t at, struct bkt_err *err)
{
	struct kind *k = &l->kind[l->n];

	if (content.len > CONTENT_MAX || l->n == KINDS_MAX || find(l, like))
		return BKT_OK;
	k->word = bkt_strdup(like);
	k->content = bkt_malloc(content.len + 1);
	if (!k->word || !k->content) {
		bkt_free(k->word);
		bkt_free(k->content);
		memset(k, 0, sizeof(*k));
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a pack");
	}
	if (content.len > 0)
		memcpy(k->content, content.ptr, content.len);
	k->len = content.len;
	k->at = at;
	l->n++;
	return BKT_OK;
}
