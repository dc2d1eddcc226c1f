#include "bukti/base.h"

#include <string.h>

void bkt_hex(const uint8_t *p, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[p[i] >> 4];
		out[2 * i + 1] = digits[p[i] & 15];
	}
	out[2 * n] = '\0';
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool bkt_unhex_n(const char *s, uint8_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int hi = hex_digit(s[2 * i]);
		int lo = hi < 0 ? -1 : hex_digit(s[2 * i + 1]);

		if (lo < 0)
			return false;
		out[i] = (uint8_t)(hi << 4 | lo);
	}
	return true;
}

bool bkt_unhex(const char *s, uint8_t *out, size_t n)
{
	/* the first read past a short string stops at its NUL */
	return bkt_unhex_n(s, out, n) && s[2 * n] == '\0';
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void bkt_base64(struct bkt_buf *out, struct bkt_span in)
{
	for (size_t i = 0; i < in.len; i += 3) {
		size_t left = in.len - i;
		uint32_t w = (uint32_t)in.ptr[i] << 16;
		char q[4];

		if (left > 1)
			w |= (uint32_t)in.ptr[i + 1] << 8;
		if (left > 2)
			w |= in.ptr[i + 2];
		q[0] = base64_digits[w >> 18];
		q[1] = base64_digits[w >> 12 & 63];
		q[2] = left > 1 ? base64_digits[w >> 6 & 63] : '=';
		q[3] = left > 2 ? base64_digits[w & 63] : '=';
		bkt_buf_add(out, q, sizeof(q));
	}
}

static int base64_digit(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

/* one group of four; 0 when it is not well-formed, else the bytes it holds */
static size_t base64_group(const uint8_t *p, bool last, uint8_t out[3])
{
	size_t n = 3;
	uint32_t w = 0;

	if (last && p[3] == '=')
		n = p[2] == '=' ? 1 : 2;
	for (size_t i = 0; i < 4; i++) {
		int d = i <= n ? base64_digit(p[i]) : 0;

		if (d < 0)
			return 0;
		w = w << 6 | (uint32_t)d;
	}
	if ((n == 1 && (w & 0xffff)) || (n == 2 && (w & 0xff)))
		return 0;
	out[0] = (uint8_t)(w >> 16);
	out[1] = (uint8_t)(w >> 8);
	out[2] = (uint8_t)w;
	return n;
}

enum bkt_status bkt_unbase64(
    struct bkt_span in, struct bkt_buf *out, struct bkt_err *err)
{
	uint8_t bytes[3];

	if (in.len % 4 != 0)
		return bkt_fail(err, BKT_E_FORMAT,
		    "base64 of %zu characters, want a multiple of 4", in.len);
	for (size_t i = 0; i < in.len; i += 4) {
		size_t n = base64_group(in.ptr + i, i + 4 == in.len, bytes);

		if (n == 0)
			return bkt_fail(err, BKT_E_FORMAT,
			    "bad base64 at character %zu", i + 1);
		bkt_buf_add(out, bytes, n);
	}
	return bkt_buf_check(out, err);
}

bool bkt_parse_u64(const char *s, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;

	if (*s == '\0' || (s[0] == '0' && s[1] != '\0'))
		return false;
	for (; *s; s++) {
		if (*s < '0' || *s > '9' || __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(*s - '0'), &v))
			return false;
	}
	if (v > max)
		return false;
	*out = v;
	return true;
}
