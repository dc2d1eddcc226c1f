#include "support/der_edit.h"

#include <stdlib.h>
#include <string.h>

#define BUF_MAX (64 * 1024)
#define KIDS_MAX 16

struct node {
	uint8_t tag;
	bool raw;         /* bytes are printed as they are */
	bool indefinite;  /* printed in BER's other form of length */
	bool long_length; /* printed with one length octet too many */
	size_t n_kids;
	struct node *kid[KIDS_MAX];
	struct bkt_span bytes;
};

static struct node *node_read(struct bkt_span *in)
{
	struct node *n = calloc(1, sizeof(*n));
	size_t head = 2, len = in->ptr[1];

	BKT_ASSERT(n);
	if (len >= 0x80) {
		size_t octets = len & 0x7f;

		len = 0;
		for (size_t i = 0; i < octets; i++)
			len = len << 8 | in->ptr[2 + i];
		head += octets;
	}
	n->tag = in->ptr[0];
	n->bytes = BKT_SPAN(in->ptr + head, len);
	*in = BKT_SPAN(in->ptr + head + len, in->len - head - len);
	if ((n->tag & 0x20) != 0) {
		struct bkt_span body = n->bytes;

		while (body.len > 0) {
			BKT_ASSERT(n->n_kids < KIDS_MAX);
			n->kid[n->n_kids++] = node_read(&body);
		}
	}
	return n;
}

static void node_free(struct node *n)
{
	for (size_t i = 0; i < n->n_kids; i++)
		node_free(n->kid[i]);
	free(n);
}

static void node_print(const struct node *n, struct bkt_buf *out)
{
	struct bkt_buf body;
	uint8_t head[5];
	size_t n_head = 0;

	if (n->raw) {
		bkt_buf_add(out, n->bytes.ptr, n->bytes.len);
		return;
	}
	bkt_buf_init(&body, BUF_MAX);
	for (size_t i = 0; i < n->n_kids; i++)
		node_print(n->kid[i], &body);
	if ((n->tag & 0x20) == 0)
		bkt_buf_add(&body, n->bytes.ptr, n->bytes.len);
	head[n_head++] = n->tag;
	if (n->indefinite) {
		head[n_head++] = 0x80;
	} else if (body.len < 0x80 && !n->long_length) {
		head[n_head++] = (uint8_t)body.len;
	} else {
		size_t octets = body.len < 0x80 ? 0 : body.len < 0x100 ? 1 : 2;

		octets += n->long_length;
		head[n_head++] = (uint8_t)(0x80 | octets);
		for (size_t i = octets; i-- > 0;)
			head[n_head++] = (uint8_t)(body.len >> (8 * i));
	}
	bkt_buf_add(out, head, n_head);
	bkt_buf_add(out, body.ptr, body.len);
	if (n->indefinite)
		bkt_buf_add(out, "\0\0", 2);
	bkt_buf_release(&body);
}

/* "1.0.4" : child 4 of child 0 of child 1; the last step goes to @p at */
static struct node *node_parent(struct node *n, const char *path, size_t *at)
{
	for (;;) {
		char *end;
		size_t i = strtoul(path, &end, 10);

		if (*end == '\0') {
			*at = i;
			return n;
		}
		BKT_ASSERT(i < n->n_kids);
		n = n->kid[i];
		path = end + 1;
	}
}

static struct node *node_raw(const char *hex, uint8_t store[512])
{
	struct node *n = calloc(1, sizeof(*n));
	size_t len = strlen(hex) / 2;

	BKT_ASSERT(n);
	BKT_ASSERT(len <= 512 && bkt_unhex(hex, store, len));
	n->raw = true;
	n->bytes = BKT_SPAN(store, len);
	return n;
}

static struct node *node_copy(const struct node *n)
{
	struct node *c = calloc(1, sizeof(*c));

	BKT_ASSERT(c);
	*c = *n;
	for (size_t i = 0; i < n->n_kids; i++)
		c->kid[i] = node_copy(n->kid[i]);
	return c;
}

static void node_insert(struct node *parent, size_t at, struct node *n)
{
	BKT_ASSERT(parent->n_kids < KIDS_MAX && at <= parent->n_kids);
	memmove(&parent->kid[at + 1], &parent->kid[at],
	    (parent->n_kids - at) * sizeof(n));
	parent->kid[at] = n;
	parent->n_kids++;
}

static void node_remove(struct node *parent, size_t at)
{
	node_free(parent->kid[at]);
	parent->n_kids--;
	memmove(&parent->kid[at], &parent->kid[at + 1],
	    (parent->n_kids - at) * sizeof(parent->kid[0]));
}

static void apply(
    struct node *root, const struct der_edit *e, uint8_t store[512])
{
	struct node *parent = NULL, *n = root;
	size_t at = 0;

	if (*e->path) {
		parent = node_parent(root, e->path, &at);
		n = at < parent->n_kids ? parent->kid[at] : NULL;
		BKT_ASSERT(n || e->op == DER_INSERT);
	}
	switch (e->op) {
	case DER_INSERT:
		node_insert(parent, at, node_raw(e->hex, store));
		break;
	case DER_REPLACE:
		node_remove(parent, at);
		node_insert(parent, at, node_raw(e->hex, store));
		break;
	case DER_DELETE:
		node_remove(parent, at);
		break;
	case DER_TWICE:
		node_insert(parent, at + 1, node_copy(n));
		break;
	case DER_SWAP:
		parent->kid[at] = parent->kid[at + 1];
		parent->kid[at + 1] = n;
		break;
	case DER_TAG:
		BKT_ASSERT(bkt_unhex(e->hex, &n->tag, 1));
		break;
	case DER_INDEFINITE:
		n->indefinite = true;
		break;
	case DER_LONG:
		n->long_length = true;
		break;
	case DER_NOTHING:
		break;
	}
}

void der_edit(
    struct bkt_span seal, const struct der_edit *e, struct bkt_buf *out)
{
	uint8_t store[512];
	struct node *root = node_read(&seal);

	bkt_buf_clear(out);
	apply(root, e, store);
	node_print(root, out);
	node_free(root);
	BKT_ASSERT(!out->failed);
}
