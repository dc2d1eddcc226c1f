/* Records, and the paths and names inside them, from anybody. */
#include <string.h>

#include "bukti/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void accepted(struct bkt_record *r, struct bkt_span in, bkt_arena *arena)
{
	struct bkt_err err;
	struct bkt_strs owned;
	struct bkt_path_info info;
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;

	bkt_buf_init(&out, BKT_RECORD_MAX);
	BKT_ASSERT(bkt_record_print(r, arena, &out, &err) == BKT_OK);
	BKT_ASSERT(bkt_span_eq(bkt_buf_span(&out), in));
	BKT_ASSERT(bkt_record_owned(r, arena, &owned, &err) == BKT_OK);
	for (size_t i = 0; i < owned.n; i++) {
		bkt_path_classify(owned.v[i], &info);
		BKT_ASSERT(info.class_ == BKT_PATH_OWNED);
		BKT_ASSERT(info.kind == r->kind);
	}
}

static void names(struct bkt_span in, bkt_arena *arena)
{
	struct bkt_path_info info;
	char *text = bkt_arena_strndup(arena, (const char *)in.ptr, in.len);
	char *clean = bkt_file_name_clean(in, arena);
	BKT_AUTO(bkt_buf_release) struct bkt_buf json;

	bkt_buf_init(&json, (size_t)8 * in.len + 16);
	BKT_ASSERT(text && clean);
	BKT_ASSERT(bkt_file_name_valid(clean));
	if (bkt_file_name_valid(text) && strlen(text) == in.len)
		BKT_ASSERT(strcmp(text, clean) == 0);
	bkt_path_classify(text, &info);
	bkt_json_string(&json, text);
	BKT_ASSERT(!json.failed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bkt_span in = BKT_SPAN(data, size);
	struct bkt_record *r = NULL;
	struct bkt_err err;
	enum bkt_status st;
	BKT_AUTO(bkt_arena_free)
	bkt_arena *arena = bkt_arena_new((size_t)64 << 20);

	if (size > (size_t)1 << 20 || !arena)
		return 0;
	st = bkt_record_parse(in, arena, &r, &err);
	BKT_ASSERT(st == BKT_OK || st == BKT_E_FORMAT);
	if (st == BKT_OK)
		accepted(r, in, arena);
	if (size > 0)
		names(in, arena);
	return 0;
}
