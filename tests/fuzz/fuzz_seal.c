#include "bukti/crypto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool inside(struct bkt_span s, const uint8_t *data, size_t size)
{
	return s.ptr >= data && s.len <= size &&
	       (size_t)(s.ptr - data) <= size - s.len;
}

/* a seal that parses is judged with its own certificate: never a fault */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct bkt_sha256 zero;
	BKT_AUTO(bkt_cert_free) bkt_cert *c = NULL;
	struct bkt_seal s;
	struct bkt_err err;
	enum bkt_status st;

	st = bkt_seal_parse(BKT_SPAN(data, size), &s, &err);
	if (st != BKT_OK) {
		BKT_ASSERT(st == BKT_E_FORMAT);
		return 0;
	}
	BKT_ASSERT(inside(s.cert, data, size));
	BKT_ASSERT(inside(s.signed_attrs, data, size));
	BKT_ASSERT(inside(s.signature, data, size));
	st = bkt_cert_from_der(s.cert, &c, &err);
	if (st != BKT_OK) {
		BKT_ASSERT(st == BKT_E_FORMAT);
		return 0;
	}
	/* both ways through: with the digest it names, and with another */
	st = bkt_seal_verify(&s, &s.content_sha256, c, &err);
	BKT_ASSERT(st == BKT_OK || bkt_is_verdict(st));
	st = bkt_seal_verify(&s, &zero, c, &err);
	BKT_ASSERT(
	    bkt_is_verdict(st) || bkt_sha256_eq(&s.content_sha256, &zero));
	return 0;
}
