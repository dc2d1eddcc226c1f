#include "der.h"

#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 16
/* nothing this module reads is longer; three length octets hold it */
#define LENGTH_MAX ((size_t)1 << 20)

/* header of the next element: how long it is and how long its body is */
static bool header(struct bkt_span in, size_t *n_header, size_t *n_body)
{
	size_t n_octets, n = 0;

	if (in.len < 2 || (in.ptr[0] & 0x1f) == 0x1f)
		return false;
	if (in.ptr[1] < 0x80) {
		*n_header = 2;
		*n_body = in.ptr[1];
		return *n_body <= in.len - 2;
	}
	n_octets = in.ptr[1] & 0x7fu;
	if (n_octets < 1 || n_octets > 3 || in.len < 2 + n_octets)
		return false;
	for (size_t i = 0; i < n_octets; i++)
		n = n << 8 | in.ptr[2 + i];
	if (n < 0x80 || n < (size_t)1 << (8 * (n_octets - 1)) || n > LENGTH_MAX)
		return false;
	*n_header = 2 + n_octets;
	*n_body = n;
	return n <= in.len - *n_header;
}

int bkt_der_peek(struct bkt_span in)
{
	return in.len == 0 ? -1 : in.ptr[0];
}

static bool take(struct bkt_span *in, uint8_t tag, struct bkt_span *body,
    struct bkt_span *whole)
{
	size_t n_header, n_body;

	if (bkt_der_peek(*in) != tag || !header(*in, &n_header, &n_body))
		return false;
	*body = BKT_SPAN(in->ptr + n_header, n_body);
	*whole = BKT_SPAN(in->ptr, n_header + n_body);
	*in = BKT_SPAN(in->ptr + whole->len, in->len - whole->len);
	return true;
}

bool bkt_der_take(struct bkt_span *in, uint8_t tag, struct bkt_span *body)
{
	struct bkt_span whole;

	return take(in, tag, body, &whole);
}

bool bkt_der_take_whole(
    struct bkt_span *in, uint8_t tag, struct bkt_span *whole)
{
	struct bkt_span body;

	return take(in, tag, &body, whole);
}

bool bkt_der_literal(struct bkt_span *in, const void *bytes, size_t n)
{
	if (in->len < n || memcmp(in->ptr, bytes, n) != 0)
		return false;
	*in = BKT_SPAN(in->ptr + n, in->len - n);
	return true;
}

static bool minimal(struct bkt_span body)
{
	if (body.len == 0)
		return false;
	if (body.len == 1)
		return true;
	if (body.ptr[0] == 0x00)
		return body.ptr[1] >= 0x80;
	return body.ptr[0] != 0xff || body.ptr[1] < 0x80;
}

bool bkt_der_positive(struct bkt_span body)
{
	return minimal(body) && body.ptr[0] < 0x80 &&
	       (body.len > 1 || body.ptr[0] != 0);
}

struct bkt_span bkt_der_magnitude(struct bkt_span body)
{
	if (body.len > 1 && body.ptr[0] == 0)
		return BKT_SPAN(body.ptr + 1, body.len - 1);
	return body;
}

/* one element's own rules; its children are looked at by the caller */
static bool element_valid(uint8_t tag, struct bkt_span body)
{
	bool constructed = (tag & 0x20) != 0;
	uint8_t number = tag & 0x1f;

	if ((tag & 0xc0) != 0)
		return true;
	if (constructed != (number == 0x10 || number == 0x11))
		return false;
	if (tag == 0x00)
		return false;
	if (tag == 0x01)
		return body.len == 1 &&
		       (body.ptr[0] == 0x00 || body.ptr[0] == 0xff);
	if (tag == BKT_DER_INTEGER)
		return minimal(body);
	if (tag == 0x05)
		return body.len == 0;
	return true;
}

bool bkt_der_valid(struct bkt_span in)
{
	struct bkt_span rest[DEPTH_MAX];
	size_t depth = 1;
	size_t n_header, n_body;

	if (!header(in, &n_header, &n_body) || n_header + n_body != in.len)
		return false;
	rest[0] = in;
	while (depth > 0) {
		struct bkt_span *r = &rest[depth - 1];
		struct bkt_span body;
		uint8_t tag;

		if (r->len == 0) {
			depth--;
			continue;
		}
		tag = r->ptr[0];
		if (!bkt_der_take(r, tag, &body) || !element_valid(tag, body))
			return false;
		if ((tag & 0x20) == 0)
			continue;
		if (depth == DEPTH_MAX)
			return false;
		rest[depth++] = body;
	}
	return true;
}

bool bkt_der_time(struct bkt_span *in, int64_t *out)
{
	struct bkt_span t;
	char text[32];
	const char *century;
	bool general = bkt_der_peek(*in) == BKT_DER_GENERALIZED_TIME;
	const char *d;

	if (!bkt_der_take(in,
		general ? BKT_DER_GENERALIZED_TIME : BKT_DER_UTC_TIME, &t) ||
	    t.len != (general ? 15u : 13u))
		return false;
	for (size_t i = 0; i + 1 < t.len; i++)
		if (t.ptr[i] < '0' || t.ptr[i] > '9')
			return false;
	if (t.ptr[t.len - 1] != 'Z')
		return false;
	d = (const char *)t.ptr;
	century = d[0] < '5' ? "20" : "19";
	if (general) {
		if (memcmp(d, "2050", 4) < 0)
			return false;
		century = "";
	}
	snprintf(text, sizeof(text), "%s%.*s-%.2s-%.2sT%.2s:%.2s:%.2sZ",
	    century, general ? 4 : 2, d, d + t.len - 11, d + t.len - 9,
	    d + t.len - 7, d + t.len - 5, d + t.len - 3);
	return bkt_time_parse(text, out);
}

static const uint8_t p256_alg[] = { 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
	0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03,
	0x01, 0x07, 0x03, 0x42, 0x00, 0x04 };
static const uint8_t rsa_alg[] = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48,
	0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00 };

/* RFC 3279 2.3.1; the exponent: 1 would make every signature good */
static bool rsa_allowed(struct bkt_span in, struct bkt_der_key *out)
{
	struct bkt_span bits, seq, n, e, m, x;

	if (!bkt_der_take(&in, BKT_DER_BIT_STRING, &bits) || in.len != 0 ||
	    bits.len < 1 || bits.ptr[0] != 0)
		return false;
	bits = BKT_SPAN(bits.ptr + 1, bits.len - 1);
	if (!bkt_der_take(&bits, BKT_DER_SEQUENCE, &seq) || bits.len != 0 ||
	    !bkt_der_take(&seq, BKT_DER_INTEGER, &n) ||
	    !bkt_der_take(&seq, BKT_DER_INTEGER, &e) || seq.len != 0 ||
	    !bkt_der_positive(n) || !bkt_der_positive(e))
		return false;
	m = bkt_der_magnitude(n);
	x = bkt_der_magnitude(e);
	if (m.len < 256 || m.len > 1024 || (m.len == 256 && m.ptr[0] < 0x80) ||
	    (m.ptr[m.len - 1] & 1) == 0)
		return false;
	if (x.len < 3 || x.len > 4 || (x.ptr[x.len - 1] & 1) == 0)
		return false;
	out->rsa = true;
	out->modulus = m;
	return true;
}

bool bkt_der_key_allowed(struct bkt_span spki, struct bkt_der_key *out)
{
	struct bkt_span body;

	memset(out, 0, sizeof(*out));
	if (!bkt_der_take(&spki, BKT_DER_SEQUENCE, &body) || spki.len != 0)
		return false;
	if (bkt_der_literal(&body, p256_alg, sizeof(p256_alg)))
		return body.len == 64;
	if (bkt_der_literal(&body, rsa_alg, sizeof(rsa_alg)))
		return rsa_allowed(body, out);
	return false;
}

static const uint8_t p256_order[32] = { 0xff, 0xff, 0xff, 0xff, 0x00, 0x00,
	0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6,
	0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63,
	0x25, 0x51 };

static bool below_order(struct bkt_span body)
{
	struct bkt_span m;

	if (!bkt_der_positive(body))
		return false;
	m = bkt_der_magnitude(body);
	return m.len < 32 || (m.len == 32 && memcmp(m.ptr, p256_order, 32) < 0);
}

bool bkt_der_ecdsa_shape(struct bkt_span sig)
{
	struct bkt_span seq, r, s;

	return bkt_der_take(&sig, BKT_DER_SEQUENCE, &seq) && sig.len == 0 &&
	       bkt_der_take(&seq, BKT_DER_INTEGER, &r) &&
	       bkt_der_take(&seq, BKT_DER_INTEGER, &s) && seq.len == 0 &&
	       below_order(r) && below_order(s);
}

bool bkt_der_rsa_shape(struct bkt_span sig, const struct bkt_der_key *key)
{
	return sig.len == key->modulus.len &&
	       memcmp(sig.ptr, key->modulus.ptr, sig.len) < 0;
}

bool bkt_der_cert_pieces(struct bkt_span der, struct bkt_der_cert *out)
{
	struct bkt_span cert, tbs, skipped, serial;
	struct bkt_der_cert c;

	if (!bkt_der_take(&der, BKT_DER_SEQUENCE, &cert) || der.len != 0 ||
	    !bkt_der_take(&cert, BKT_DER_SEQUENCE, &tbs))
		return false;
	if (bkt_der_peek(tbs) == BKT_DER_CONTEXT_0 &&
	    !bkt_der_take(&tbs, BKT_DER_CONTEXT_0, &skipped))
		return false;
	if (!bkt_der_take_whole(&tbs, BKT_DER_INTEGER, &c.serial) ||
	    !bkt_der_take(&tbs, BKT_DER_SEQUENCE, &skipped) ||
	    !bkt_der_take_whole(&tbs, BKT_DER_SEQUENCE, &c.issuer) ||
	    !bkt_der_take(&tbs, BKT_DER_SEQUENCE, &c.validity) ||
	    !bkt_der_take(&tbs, BKT_DER_SEQUENCE, &skipped) ||
	    !bkt_der_take_whole(&tbs, BKT_DER_SEQUENCE, &c.spki))
		return false;
	serial = c.serial;
	/* RFC 5280 4.1.2.2: positive, at most 20 octets */
	if (!bkt_der_take(&serial, BKT_DER_INTEGER, &skipped) ||
	    !bkt_der_positive(skipped) || skipped.len > 20)
		return false;
	*out = c;
	return true;
}
