#include "bukti/base.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

__extension__ typedef __int128 wide;

static wide gcd(wide a, wide b)
{
	while (b) {
		wide t = a % b;

		a = b;
		b = t;
	}
	return a < 0 ? -a : a;
}

/* den is not 0; lowest terms, or false when they do not fit */
static bool make(wide num, wide den, struct bkt_rat *out)
{
	wide g = gcd(num, den);

	num /= g;
	den /= g;
	if (den < 0) {
		num = -num;
		den = -den;
	}
	if (num > INT64_MAX || num < -INT64_MAX || den > INT64_MAX)
		return false;
	*out = (struct bkt_rat){ (int64_t)num, (int64_t)den };
	return true;
}

/* 1 to 9 digits */
static const char *digits(const char *s, int64_t *v, int64_t *scale)
{
	size_t n = 0;

	for (*v = 0, *scale = 1; s[n] >= '0' && s[n] <= '9'; n++) {
		if (n == 9)
			return NULL;
		*v = *v * 10 + (s[n] - '0');
		*scale *= 10;
	}
	return n ? s + n : NULL;
}

bool bkt_rat_parse(const char *s, struct bkt_rat *out)
{
	bool negative = *s == '-';
	int64_t whole, part = 0, scale = 1, unused;
	wide num;

	s = digits(s + negative, &whole, &unused);
	if (s && *s == '.')
		s = digits(s + 1, &part, &scale);
	if (!s || *s)
		return false;
	num = (wide)whole * scale + part;
	return make(negative ? -num : num, scale, out);
}

bool bkt_rat_add(struct bkt_rat a, struct bkt_rat b, struct bkt_rat *out)
{
	return make((wide)a.num * b.den + (wide)b.num * a.den,
	    (wide)a.den * b.den, out);
}

bool bkt_rat_sub(struct bkt_rat a, struct bkt_rat b, struct bkt_rat *out)
{
	return make((wide)a.num * b.den - (wide)b.num * a.den,
	    (wide)a.den * b.den, out);
}

bool bkt_rat_mul(struct bkt_rat a, struct bkt_rat b, struct bkt_rat *out)
{
	return make((wide)a.num * b.num, (wide)a.den * b.den, out);
}

bool bkt_rat_div(struct bkt_rat a, struct bkt_rat b, struct bkt_rat *out)
{
	return b.num != 0 &&
	       make((wide)a.num * b.den, (wide)a.den * b.num, out);
}

int bkt_rat_cmp(struct bkt_rat a, struct bkt_rat b)
{
	wide l = (wide)a.num * b.den, r = (wide)b.num * a.den;

	return (l > r) - (l < r);
}

static int64_t power10(unsigned n)
{
	int64_t p = 1;

	while (n--)
		p *= 10;
	return p;
}

/* v / 10^decimals; v / 10^decimals fits an int64 */
static void print(wide v, unsigned decimals, char out[48])
{
	wide scale = power10(decimals);
	const char *sign = v < 0 ? "-" : "";
	int n;

	v = v < 0 ? -v : v;
	n = snprintf(out, 48, "%s%" PRId64, sign, (int64_t)(v / scale));
	if (decimals)
		snprintf(out + n, 48 - (size_t)n, ".%0*" PRId64, (int)decimals,
		    (int64_t)(v % scale));
}

void bkt_rat_exact(struct bkt_rat r, char out[48])
{
	for (unsigned d = 0; d <= 9; d++) {
		if (power10(d) % r.den)
			continue;
		print((wide)r.num * (power10(d) / r.den), d, out);
		return;
	}
	snprintf(out, 48, "%" PRId64 "/%" PRId64, r.num, r.den);
}

void bkt_rat_round(struct bkt_rat r, unsigned decimals, char out[48])
{
	wide num, v;

	if (decimals > 9)
		decimals = 9;
	num = (wide)r.num * power10(decimals) * 2;
	num += num < 0 ? -(wide)r.den : (wide)r.den;
	v = num / ((wide)r.den * 2);
	print(v, decimals, out);
}
