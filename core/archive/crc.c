/*
 * CRC-32. With carry-less multiplication where the processor has it: beside a
 * SHA-256 of the same bytes the checksum then costs next to nothing. Else
 * sixteen tables.
 */
#include "zip.h"

#include <pthread.h>
#include <string.h>

#define POLY UINT32_C(0xedb88320)
#define SLICES 16

static uint32_t table[SLICES][256];
static bool fast;
static uint64_t fold[4];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static uint32_t times_x(uint32_t v)
{
	return v & 1 ? v >> 1 ^ POLY : v >> 1;
}

/* x^n modulo the polynomial, reflected, with the extra zero bit that the
 * product of two reflected numbers asks for */
static uint64_t power(unsigned n)
{
	uint32_t v = UINT32_C(1) << 31;

	while (n-- > 0)
		v = times_x(v);
	return (uint64_t)v << 1;
}

static void make_tables(void)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t v = i;

		for (int bit = 0; bit < 8; bit++)
			v = times_x(v);
		table[0][i] = v;
	}
	for (int s = 1; s < SLICES; s++)
		for (int i = 0; i < 256; i++)
			table[s][i] = table[s - 1][i] >> 8 ^
				      table[0][table[s - 1][i] & 0xff];
	/* over four blocks, and over one */
	fold[0] = power(4 * 128 + 32);
	fold[1] = power(4 * 128 - 32);
	fold[2] = power(128 + 32);
	fold[3] = power(128 - 32);
#if defined(__x86_64__)
	fast = __builtin_cpu_supports("pclmul") != 0;
#endif
}

static uint32_t sliced(uint32_t crc, const uint8_t *p, size_t n)
{
	for (; n >= SLICES; n -= SLICES, p += SLICES) {
		uint32_t a = crc ^ zip_le32(p);
		uint32_t next = 0;

		for (int i = 0; i < 4; i++)
			next ^= table[15 - i][a >> 8 * i & 0xff];
		for (int i = 4; i < SLICES; i++)
			next ^= table[15 - i][p[i]];
		crc = next;
	}
	while (n-- > 0)
		crc = crc >> 8 ^ table[0][(crc ^ *p++) & 0xff];
	return crc;
}

#if defined(__x86_64__)

#define CLMUL __attribute__((target("pclmul")))
#define BLOCK 16

typedef long long block __attribute__((vector_size(BLOCK)));

static inline block load(const uint8_t *p)
{
	block v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* v moved on by what k stands for, and the next bytes added */
CLMUL static inline block fold_by(block v, block k, block next)
{
	return next ^ __builtin_ia32_pclmulqdq128(v, k, 0x00) ^
	       __builtin_ia32_pclmulqdq128(v, k, 0x11);
}

/* n is at least four blocks; *done of them are taken */
CLMUL static uint32_t folded(
    uint32_t crc, const uint8_t *p, size_t n, size_t *done)
{
	const block by4 = { (long long)fold[0], (long long)fold[1] };
	const block by1 = { (long long)fold[2], (long long)fold[3] };
	const block first = { (long long)crc, 0 };
	block v[4];
	uint8_t rest[BLOCK];
	size_t at = 4 * sizeof(block);

	for (size_t i = 0; i < 4; i++)
		v[i] = load(p + i * BLOCK);
	v[0] ^= first;
	for (; n - at >= 4 * BLOCK; at += 4 * BLOCK)
		for (size_t i = 0; i < 4; i++)
			v[i] = fold_by(v[i], by4, load(p + at + i * BLOCK));
	for (size_t i = 1; i < 4; i++)
		v[0] = fold_by(v[0], by1, v[i]);
	for (; n - at >= BLOCK; at += BLOCK)
		v[0] = fold_by(v[0], by1, load(p + at));
	*done = at;
	/* one block with the same remainder as all that was folded into it */
	memcpy(rest, &v[0], sizeof(rest));
	return sliced(0, rest, sizeof(rest));
}
#endif

uint32_t zip_crc32(uint32_t crc, const uint8_t *p, size_t n)
{
	size_t done = 0;

	if (n == 0)
		return crc;
	pthread_once(&once, make_tables);
	crc = ~crc;
#if defined(__x86_64__)
	if (fast && n >= 4 * BLOCK)
		crc = folded(crc, p, n, &done);
#endif
	return ~sliced(crc, p + done, n - done);
}
