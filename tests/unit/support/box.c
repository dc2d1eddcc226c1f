#include "support/box.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bukti/archive.h"
#include "support/city_private.h"

void box_load(struct city *city, const char *file, struct box *b)
{
	BKT_AUTO(bkt_zip_close) bkt_zip *z = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes;
	struct bkt_err err;

	bkt_buf_init(&bytes, 1 << 24);
	city_must(bkt_zip_open(file, NULL, &z, &err), &err);
	b->city = city;
	b->n = bkt_zip_count(z);
	assert_true(b->n < 500);
	for (size_t i = 0; i < b->n; i++) {
		const struct bkt_zip_entry *e = bkt_zip_entry_at(z, i);
		uint8_t *copy;

		city_must(bkt_zip_read(z, e, &bytes, &err), &err);
		copy = bkt_arena_alloc(b->city->arena, bytes.len + 1);
		memcpy(copy, bytes.ptr, bytes.len);
		b->v[i] = (struct box_member){ bkt_arena_strdup(
						   b->city->arena, e->path),
			BKT_SPAN(copy, bytes.len), false };
	}
}

struct box_member *box_find(struct box *b, const char *begins, const char *ends)
{
	for (size_t i = 0; i < b->n; i++) {
		const char *name = strchr(b->v[i].path, '/') + 1;
		size_t n = strlen(name), m = strlen(ends);

		if (strncmp(name, begins, strlen(begins)) == 0 && n >= m &&
		    strcmp(name + n - m, ends) == 0)
			return &b->v[i];
	}
	fail_msg("no member %s...%s", begins, ends);
	return NULL;
}

void box_set(struct box *b, struct box_member *m, const struct bkt_buf *text)
{
	uint8_t *copy = bkt_arena_alloc(b->city->arena, text->len + 1);

	assert_non_null(copy);
	memcpy(copy, text->ptr, text->len);
	m->bytes = BKT_SPAN(copy, text->len);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct box_member *)a)->path,
	    ((const struct box_member *)b)->path);
}

static void manifest(struct box *b, const char *name, bool payload)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf text;
	struct bkt_sha256 digest;
	char hex[BKT_SHA256_HEX + 1];
	struct bkt_err err;

	bkt_buf_init(&text, 1 << 20);
	for (size_t i = 0; i < b->n; i++) {
		const char *path = strchr(b->v[i].path, '/') + 1;

		if (b->v[i].gone || strncmp(path, "tagmanifest", 11) == 0 ||
		    (strncmp(path, "data/", 5) == 0) != payload)
			continue;
		city_must(bkt_sha256_of(b->v[i].bytes, &digest, &err), &err);
		bkt_hex(digest.b, 32, hex);
		bkt_buf_printf(&text, "%s  %s\n", hex, path);
	}
	box_set(b, box_find(b, name, ""), &text);
}

void box_write(struct box *b, char file[96])
{
	BKT_AUTO(bkt_zip_writer_free) bkt_zip_writer *w = NULL;
	struct bkt_err err;
	BKT_AUTO_FD fd = -1;

	snprintf(file, 96, "%s/palsu.zip", b->city->folder);
	fd = open(file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	city_must(bkt_zip_writer_new(fd, &w, &err), &err);
	for (size_t i = 0; i < b->n; i++) {
		if (!b->v[i].gone)
			city_must(bkt_zip_add_bytes(
				      w, b->v[i].path, b->v[i].bytes, &err),
			    &err);
	}
	city_must(bkt_zip_writer_finish(w, &err), &err);
}

/* both seals again, by these two keys */
static void reseal(struct box *b, int koor, int kepala)
{
	const struct {
		const char *name;
		int who;
	} seals[] = { { "tagmanifest-sha256.txt.kepala.p7s", kepala },
		{ "tagmanifest-sha256.txt.koor.p7s", koor } };
	struct bkt_span tag =
	    box_find(b, "tagmanifest-sha256.txt", ".txt")->bytes;
	struct bkt_sha256 digest;
	struct bkt_err err;

	city_must(bkt_sha256_of(tag, &digest, &err), &err);
	for (size_t i = 0; i < 2; i++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf p7s;

		bkt_buf_init(&p7s, BKT_SEAL_MAX);
		city_must(bkt_seal_make(city_signer(b->city, seals[i].who),
			      &digest, city_now_utc_s, &p7s, &err),
		    &err);
		box_set(b, box_find(b, seals[i].name, ""), &p7s);
	}
}

void box_edit(
    struct box *b, const char *begins, const char *ends, enum box_edit what)
{
	struct box_member *m = box_find(b, begins, ends);

	if (what == FLIP) {
		uint8_t *copy = bkt_arena_alloc(b->city->arena, m->bytes.len);

		memcpy(copy, m->bytes.ptr, m->bytes.len);
		copy[m->bytes.len / 2] ^= 1;
		m->bytes.ptr = copy;
	} else if (what == DROP) {
		m->gone = true;
	} else if (what == EXCHANGE) {
		m->bytes = m[1].bytes;
	} else if (what == ADD) {
		b->v[b->n] = *m;
		b->v[b->n++].path =
		    "bukti-" CITY_CYCLE "/data/X1/X1-z1-tambahan.pdf";
		qsort(b->v, b->n, sizeof(b->v[0]), by_path);
	}
}

void box_care(struct box *b, enum box_care how)
{
	if (how != NONE) {
		manifest(b, "manifest-sha256.txt", true);
		manifest(b, "tagmanifest-sha256.txt", false);
	}
	if (how == RESEALED_BY_SIGNERS)
		reseal(b, CITY_COORDINATOR, CITY_RESPONSIBLE);
	else if (how == RESEALED_BY_OTHERS)
		reseal(b, CITY_MANY_HATS, CITY_OPERATOR);
}

void box_change(
    struct box *b, const char *name, const char *from, const char *to)
{
	struct box_member *m = box_find(b, name, "");
	const char *text = bkt_arena_strndup(
	    b->city->arena, (const char *)m->bytes.ptr, m->bytes.len);
	const char *at = strstr(text, from);
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;

	if (!at)
		fail_msg("%s has no \"%s\"", name, from);
	bkt_buf_init(&out, 1 << 24);
	bkt_buf_add(&out, text, (size_t)(at - text));
	bkt_buf_str(&out, to);
	bkt_buf_str(&out, at + strlen(from));
	box_set(b, m, &out);
}
