#include "bukti/crypto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* over the payload "isi\n" by the key of RFC 8032 7.1 TEST 1 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char vkey[] = "contoh+6645170c+"
				   "AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3"
				   "B1Ea";
	struct bkt_note_key key;
	struct bkt_err err;
	enum bkt_status st;

	BKT_ASSERT(bkt_note_key_parse(vkey, &key, &err) == BKT_OK);
	st = bkt_sshsig_verify(
	    BKT_SPAN(data, size), bkt_span_str("isi\n"), key.pub, &err);
	BKT_ASSERT(st == BKT_OK || bkt_is_verdict(st));
	return 0;
}
