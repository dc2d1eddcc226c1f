#include "zip.h"

#include <string.h>

#define MAX16 UINT64_C(0xffff)
#define MAX32 UINT64_C(0xffffffff)
#define VERSION_STORED 10
#define VERSION_ZIP64 45
#define MADE_BY (3 << 8 | 30)        /* unix, 3.0 */
#define DATE_1980_01_01 (1 << 5 | 1) /* time 00:00:00 */
#define MODE_FILE_0644 (UINT32_C(0100644) << 16)
#define ZIP64_ID 1

struct out {
	uint8_t *p;
	size_t n;
};

static void put(struct out *o, uint64_t v, unsigned n_bytes)
{
	for (unsigned i = 0; i < n_bytes; i++)
		o->p[o->n++] = (uint8_t)(v >> 8 * i);
}

static void put_name(struct out *o, const char *name)
{
	size_t n = strlen(name);

	memcpy(o->p + o->n, name, n);
	o->n += n;
}

static uint64_t clip(uint64_t v, uint64_t max)
{
	return v < max ? v : max;
}

static bool large(uint64_t v)
{
	return v >= MAX32;
}

/* the part that both headers have: version to extra length */
static void put_common(struct out *o, const struct bkt_zip_entry *e,
    uint64_t header_offset, size_t extra_bytes)
{
	bool zip64 = large(e->size_bytes) || large(header_offset);

	put(o, zip64 ? VERSION_ZIP64 : VERSION_STORED, 2);
	put(o, 0, 2); /* flags */
	put(o, 0, 2); /* stored */
	put(o, 0, 2);
	put(o, DATE_1980_01_01, 2);
	put(o, e->crc32, 4);
	put(o, clip(e->size_bytes, MAX32), 4);
	put(o, clip(e->size_bytes, MAX32), 4);
	put(o, strlen(e->path), 2);
	put(o, extra_bytes, 2);
}

static void put_zip64(struct out *o, const uint64_t *values, size_t n)
{
	if (n == 0)
		return;
	put(o, ZIP64_ID, 2);
	put(o, n * 8, 2);
	for (size_t i = 0; i < n; i++)
		put(o, values[i], 8);
}

size_t zip_local(const struct bkt_zip_entry *e, uint64_t header_offset,
    uint8_t out[ZIP_HEADER_MAX])
{
	struct out o = { out, 0 };
	uint64_t sizes[2] = { e->size_bytes, e->size_bytes };
	size_t n = large(e->size_bytes) ? 2 : 0;

	put(&o, 0x04034b50, 4);
	put_common(&o, e, header_offset, n ? 4 + n * 8 : 0);
	put_name(&o, e->path);
	put_zip64(&o, sizes, n);
	return o.n;
}

size_t zip_central(const struct bkt_zip_entry *e, uint64_t header_offset,
    uint8_t out[ZIP_HEADER_MAX])
{
	struct out o = { out, 0 };
	uint64_t values[3];
	size_t n = 0;

	if (large(e->size_bytes)) {
		values[n++] = e->size_bytes;
		values[n++] = e->size_bytes;
	}
	if (large(header_offset))
		values[n++] = header_offset;
	put(&o, 0x02014b50, 4);
	put(&o, MADE_BY, 2);
	put_common(&o, e, header_offset, n ? 4 + n * 8 : 0);
	put(&o, 0, 2); /* comment */
	put(&o, 0, 2); /* disk */
	put(&o, 0, 2); /* internal attributes */
	put(&o, MODE_FILE_0644, 4);
	put(&o, clip(header_offset, MAX32), 4);
	put_name(&o, e->path);
	put_zip64(&o, values, n);
	return o.n;
}

size_t zip_tail(const struct zip_tail *t, uint8_t out[ZIP_TAIL_MAX])
{
	struct out o = { out, 0 };

	if (t->count >= MAX16 || large(t->directory_bytes) ||
	    large(t->directory_offset)) {
		put(&o, 0x06064b50, 4);
		put(&o, ZIP64_END_BYTES - 12, 8);
		put(&o, 3 << 8 | VERSION_ZIP64, 2);
		put(&o, VERSION_ZIP64, 2);
		put(&o, 0, 4); /* disks */
		put(&o, 0, 4);
		put(&o, t->count, 8);
		put(&o, t->count, 8);
		put(&o, t->directory_bytes, 8);
		put(&o, t->directory_offset, 8);
		put(&o, 0x07064b50, 4);
		put(&o, 0, 4);
		put(&o, t->directory_offset + t->directory_bytes, 8);
		put(&o, 1, 4);
	}
	put(&o, 0x06054b50, 4);
	put(&o, 0, 2);
	put(&o, 0, 2);
	put(&o, clip(t->count, MAX16), 2);
	put(&o, clip(t->count, MAX16), 2);
	put(&o, clip(t->directory_bytes, MAX32), 4);
	put(&o, clip(t->directory_offset, MAX32), 4);
	put(&o, 0, 2);
	return o.n;
}
