#include <string.h>

#include "bukti/crypto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* the key of RFC 8032 7.1 TEST 1 under the name "contoh" */
#define VKEY "contoh+6645170c+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"

static void check_vkey(const uint8_t *data, size_t size)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf again;
	struct bkt_note_key k;
	struct bkt_err err;
	char text[256];
	enum bkt_status st;

	bkt_buf_init(&again, 1024);
	if (size >= sizeof(text))
		return;
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	st = bkt_note_key_parse(text, &k, &err);
	BKT_ASSERT(st == BKT_OK || st == BKT_E_FORMAT);
	if (st != BKT_OK)
		return;
	bkt_note_key_print(&k, &again);
	BKT_ASSERT(strcmp((const char *)again.ptr, text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bkt_note_key key;
	struct bkt_span text;
	struct bkt_err err;
	enum bkt_status st;

	BKT_ASSERT(bkt_note_key_parse(VKEY, &key, &err) == BKT_OK);
	st = bkt_note_verify(BKT_SPAN(data, size), &key, &text, &err);
	BKT_ASSERT(st == BKT_OK || bkt_is_verdict(st));
	if (st == BKT_OK)
		BKT_ASSERT(text.ptr == data && text.len < size);
	check_vkey(data, size);
	return 0;
}
