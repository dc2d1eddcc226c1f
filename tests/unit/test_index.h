/* A store directory for one test, and entries made from numbers. */
#ifndef TEST_INDEX_H
#define TEST_INDEX_H

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "bukti/base.h"
#include "bukti/crypto.h"
#include "bukti/index.h"

struct place {
	char dir[64];
	char file[96];
	bkt_index *x;
};

static inline struct bkt_sha256 text_digest(const char *text)
{
	bool (*fault)(size_t) = bkt_alloc_fault;
	struct bkt_sha256 d;
	struct bkt_err err;

	bkt_alloc_fault = NULL; /* it is not what is tried here */
	assert_int_equal(bkt_sha256_of(bkt_span_str(text), &d, &err), BKT_OK);
	bkt_alloc_fault = fault;
	return d;
}

static inline int set_up(void **state)
{
	struct bkt_err err;
	struct place *p = calloc(1, sizeof(*p));
	char sub[96];

	assert_non_null(p);
	assert_int_equal(bkt_crypto_init(&err), BKT_OK);
	strcpy(p->dir, access("/dev/shm", W_OK) == 0
			   ? "/dev/shm/bukti-index-XXXXXX"
			   : "/tmp/bukti-index-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	snprintf(sub, sizeof(sub), "%s/bukti", p->dir);
	assert_int_equal(bkt_dir_make(sub, 0700, true, &err), BKT_OK);
	snprintf(p->file, sizeof(p->file), "%s/bukti/index.sqlite", p->dir);
	assert_int_equal(bkt_index_open(p->dir, false, &p->x, &err), BKT_OK);
	*state = p;
	return 0;
}

static inline int tear_down(void **state)
{
	struct bkt_err err;
	struct place *p = *state;

	bkt_alloc_fault = NULL;
	bkt_fs_fault = NULL;
	bkt_index_free(p->x);
	assert_int_equal(bkt_dir_remove(p->dir, &err), BKT_OK);
	free(p);
	return 0;
}

static inline struct bkt_sha256 number_digest(uint64_t n, uint8_t kind)
{
	struct bkt_sha256 d;

	/* digests differ early, as real ones do, and now and then agree in
	 * what a short index looks at */
	memset(d.b, kind, sizeof(d.b));
	memcpy(d.b + 2, &n, sizeof(n));
	return d;
}

/* entry n at path, with text as its bytes and one attribute */
static inline enum bkt_status put_at(bkt_index *x, uint64_t n, const char *path,
    const char *text, const char *key, const char *value)
{
	struct bkt_err err;
	struct bkt_index_attr attr = { key, value };
	struct bkt_index_entry e = { .index = n,
		.path = path,
		.kind = "document",
		.record = text_digest(text),
		.leaf = number_digest(n, 2),
		.at_utc_s = 1000 + (int64_t)n,
		.accepted_utc_s = 2000 + (int64_t)n,
		.by = "ani,budi",
		.summary = "menambah dokumen",
		.bytes = bkt_span_str(text),
		.attrs = &attr,
		.n_attrs = key ? 1 : 0 };

	memset(e.commit, (int)(n & 0x7f), sizeof(e.commit));
	return bkt_index_put(x, &e, &err);
}

/* what a callback saw, as one line of text */
struct seen {
	char text[4096];
	uint64_t n;
	uint64_t stop_after; /* 0: never */
};

static inline enum bkt_status see(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct seen *s = ctx;
	struct bkt_sha256 leaf = number_digest(e->index, 2);
	size_t at = strlen(s->text);

	assert_true(bkt_sha256_eq(&e->leaf, &leaf));
	assert_int_equal(e->commit[19], e->index & 0x7f);
	assert_int_equal(e->at_utc_s, 1000 + e->index);
	assert_int_equal(e->accepted_utc_s, 2000 + e->index);
	assert_string_equal(e->kind, "document");
	assert_string_equal(e->by, "ani,budi");
	assert_string_equal(e->summary, "menambah dokumen");
	snprintf(s->text + at, sizeof(s->text) - at, "%s%llu:%s", at ? " " : "",
	    (unsigned long long)e->index, e->path);
	if (e->bytes.len) {
		at = strlen(s->text);
		snprintf(s->text + at, sizeof(s->text) - at, "=%.*s",
		    (int)e->bytes.len, (const char *)e->bytes.ptr);
	}
	if (++s->n == s->stop_after)
		return bkt_fail(err, BKT_E_INTERRUPTED, "enough");
	return BKT_OK;
}

#endif
