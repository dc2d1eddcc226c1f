/* The strict index of an untrusted zip file. */
#include "zip.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define WINDOW_BYTES ((size_t)(64 * 1024))
#define GIB (UINT64_C(1) << 30)

const struct bkt_zip_limits bkt_zip_limits_default = {
	.max_entries = 100000,
	.max_entry_bytes = 64 * GIB,
	.max_total_bytes = 1024 * GIB,
};

struct opening {
	bkt_zip *z;
	const struct bkt_zip_limits *limits;
	struct zip_tail tail;
	/* central directory, through a window */
	uint8_t *window;
	size_t window_len, window_at;
	uint64_t next_offset; /* of what is not in the window yet */
	uint64_t expect;      /* where the next local header must lie */
	uint64_t total;
};

/* ---- bytes --------------------------------------------------------------- */

static enum bkt_status read_exactly(const bkt_zip *z, uint64_t offset,
    uint8_t *to, size_t n, struct bkt_err *err)
{
	size_t got;

	BKT_TRY(bkt_file_pread(z->fd, offset, to, n, &got, err));
	if (got != n)
		return bkt_fail(
		    err, BKT_E_IO, "zip file became shorter while it was read");
	return BKT_OK;
}

/* n bytes of the directory at *out, or FORMAT when there are fewer */
static enum bkt_status directory_take(
    struct opening *o, size_t n, const uint8_t **out, struct bkt_err *err)
{
	size_t have = o->window_len - o->window_at;

	if (have < n) {
		uint64_t end =
		    o->tail.directory_offset + o->tail.directory_bytes;
		size_t room = WINDOW_BYTES - have;
		uint64_t left = end - o->next_offset;
		size_t more = left < room ? (size_t)left : room;

		memmove(o->window, o->window + o->window_at, have);
		BKT_TRY(read_exactly(
		    o->z, o->next_offset, o->window + have, more, err));
		o->next_offset += more;
		o->window_len = have + more;
		o->window_at = 0;
		if (o->window_len < n)
			return bkt_fail(err, BKT_E_FORMAT,
			    "zip central directory is cut short");
	}
	*out = o->window + o->window_at;
	o->window_at += n;
	return BKT_OK;
}

/* ---- the end ------------------------------------------------------------- */

/* numbers as the end records give them; whether those are right is seen by
 * printing them again */
static void tail_parse(struct zip_tail *t, const uint8_t *bytes, size_t n)
{
	const uint8_t *end = bytes + n - ZIP_END_BYTES;
	const uint8_t *end64 = bytes;

	t->count = zip_le16(end + 10);
	t->directory_bytes = zip_le32(end + 12);
	t->directory_offset = zip_le32(end + 16);
	if (n < ZIP_TAIL_MAX ||
	    (t->count != 0xffff && t->directory_bytes != 0xffffffff &&
		t->directory_offset != 0xffffffff))
		return;
	t->count = zip_le64(end64 + 32);
	t->directory_bytes = zip_le64(end64 + 40);
	t->directory_offset = zip_le64(end64 + 48);
}

static enum bkt_status tail_read(struct opening *o, struct bkt_err *err)
{
	uint8_t bytes[ZIP_TAIL_MAX], again[ZIP_TAIL_MAX];
	struct zip_tail *t = &o->tail;
	uint64_t size = o->z->file_bytes;
	size_t n = size < sizeof(bytes) ? (size_t)size : sizeof(bytes);
	size_t n_again;

	if (n < ZIP_END_BYTES)
		return bkt_fail(err, BKT_E_FORMAT, "file is too small for zip");
	BKT_TRY(read_exactly(o->z, size - n, bytes, n, err));
	tail_parse(t, bytes, n);
	n_again = zip_tail(t, again);
	if (n_again > n || memcmp(bytes + n - n_again, again, n_again) != 0)
		return bkt_fail(err, BKT_E_FORMAT,
		    "file does not end with the plain end record of a zip: "
		    "cut off, commented, split, or something follows it");
	size -= n_again;
	if (t->directory_offset > size ||
	    t->directory_bytes != size - t->directory_offset)
		return bkt_fail(err, BKT_E_FORMAT,
		    "zip central directory does not lie right before the "
		    "end record");
	/* every entry has a header at least: no memory is asked for lies */
	if (t->count > t->directory_bytes / ZIP_CENTRAL_BYTES ||
	    (t->count == 0 && t->directory_bytes > 0))
		return bkt_fail(err, BKT_E_FORMAT,
		    "zip says it has %" PRIu64 " entries in a directory of "
		    "%" PRIu64 " bytes",
		    t->count, t->directory_bytes);
	if (t->count > o->limits->max_entries)
		return bkt_fail(err, BKT_E_LIMIT,
		    "zip has %" PRIu64 " entries, at most %" PRIu64 " are read",
		    t->count, o->limits->max_entries);
	return BKT_OK;
}

/* ---- entries ------------------------------------------------------------- */

struct field {
	size_t at;
	const char *name;
};

static const struct field local_fields[] = {
	{ 0, "signature" },
	{ 4, "version" },
	{ 6, "flags (encryption, sizes after the data)" },
	{ 8, "method (only stored)" },
	{ 10, "time stamp" },
	{ 14, "checksum" },
	{ 18, "sizes" },
	{ 26, "length of the name" },
	{ 28, "extra field" },
	{ 30, "name or extra field" },
};
static const struct field central_fields[] = {
	{ 0, "signature" },
	{ 4, "maker" },
	{ 6, "version" },
	{ 8, "flags (encryption, sizes after the data)" },
	{ 10, "method (only stored)" },
	{ 12, "time stamp" },
	{ 16, "checksum" },
	{ 20, "sizes" },
	{ 28, "length of the name" },
	{ 30, "extra field" },
	{ 32, "comment" },
	{ 34, "disk" },
	{ 36, "internal attributes" },
	{ 38, "attributes (only plain files, 0644)" },
	{ 42, "offset" },
	{ 46, "name or extra field" },
};

static enum bkt_status not_the_profile(const struct bkt_zip_entry *e,
    const char *header, const struct field *fields, size_t n_fields,
    const uint8_t *got, const uint8_t *want, struct bkt_err *err)
{
	size_t at = 0, i = n_fields - 1;

	while (got[at] == want[at])
		at++;
	while (i > 0 && fields[i].at > at)
		i--;
	return bkt_fail(err, BKT_E_FORMAT,
	    "zip entry '%s': %s header: %s is not what the profile has",
	    e->path, header, fields[i].name);
}

/* sizes and offset that did not fit their fields */
static enum bkt_status take_zip64(const uint8_t *extra, size_t n,
    struct bkt_zip_entry *e, uint64_t *offset, struct bkt_err *err)
{
	size_t want = (e->size_bytes == 0xffffffff ? 16 : 0) +
		      (*offset == 0xffffffff ? 8u : 0u);
	const uint8_t *at = extra + 4;

	if (want == 0 && n == 0)
		return BKT_OK;
	if (want == 0 || n != want + 4)
		return bkt_fail(err, BKT_E_FORMAT,
		    "zip entry '%s' has extra fields other than the zip64 "
		    "sizes it needs",
		    e->path);
	if (e->size_bytes == 0xffffffff) {
		e->size_bytes = zip_le64(at);
		at += 16;
	}
	if (*offset == 0xffffffff)
		*offset = zip_le64(at);
	return BKT_OK;
}

static enum bkt_status central_read(struct opening *o, struct bkt_zip_entry *e,
    uint64_t *offset, struct bkt_err *err)
{
	uint8_t want[ZIP_HEADER_MAX], fixed[ZIP_CENTRAL_BYTES];
	const uint8_t *p;
	size_t n_name, n_extra, n;
	const char *fault;

	BKT_TRY(directory_take(o, ZIP_CENTRAL_BYTES, &p, err));
	memcpy(fixed, p, sizeof(fixed));
	n_name = zip_le16(fixed + 28);
	n_extra = zip_le16(fixed + 30);
	if (n_name > BKT_ZIP_PATH_MAX || n_extra > 28)
		return bkt_fail(err, BKT_E_FORMAT,
		    "zip entry %zu has a name of %zu and extra fields of %zu "
		    "bytes",
		    o->z->n, n_name, n_extra);
	BKT_TRY(directory_take(o, n_name + n_extra, &p, err));
	fault = zip_path_fault((const char *)p, n_name);
	if (fault)
		return bkt_fail(err, BKT_E_FORMAT, "path of zip entry %zu %s",
		    o->z->n, fault);
	e->path = bkt_arena_strndup(o->z->names, (const char *)p, n_name);
	if (!e->path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for names");
	e->crc32 = zip_le32(fixed + 16);
	e->size_bytes = zip_le32(fixed + 24);
	*offset = zip_le32(fixed + 42);
	BKT_TRY(take_zip64(p + n_name, n_extra, e, offset, err));
	n = zip_central(e, *offset, want);
	if (memcmp(fixed, want, sizeof(fixed)) != 0)
		return not_the_profile(e, "central", central_fields,
		    sizeof(central_fields) / sizeof(*central_fields), fixed,
		    want, err);
	/* the lengths are in what was just compared */
	BKT_ASSERT(n == sizeof(fixed) + n_name + n_extra);
	if (memcmp(p, want + sizeof(fixed), n_name + n_extra) != 0)
		return bkt_fail(err, BKT_E_FORMAT,
		    "zip entry '%s': central header: extra field is not what "
		    "the profile has",
		    e->path);
	return BKT_OK;
}

static enum bkt_status local_read(
    struct opening *o, struct bkt_zip_entry *e, struct bkt_err *err)
{
	uint8_t got[ZIP_HEADER_MAX], want[ZIP_HEADER_MAX];
	size_t n = zip_local(e, o->expect, want);
	uint64_t left = o->tail.directory_offset - o->expect;

	if (left < n || left - n < e->size_bytes)
		return bkt_fail(err, BKT_E_FORMAT,
		    "zip entry '%s' does not fit before the central directory",
		    e->path);
	BKT_TRY(read_exactly(o->z, o->expect, got, n, err));
	if (memcmp(got, want, n) != 0)
		return not_the_profile(e, "local", local_fields,
		    sizeof(local_fields) / sizeof(*local_fields), got, want,
		    err);
	e->data_offset = o->expect + n;
	o->expect = e->data_offset + e->size_bytes;
	return BKT_OK;
}

static enum bkt_status entry_read(struct opening *o, struct bkt_err *err)
{
	bkt_zip *z = o->z;
	struct bkt_zip_entry *e = &z->v[z->n];
	uint64_t offset = 0;

	BKT_TRY(central_read(o, e, &offset, err));
	if (z->n > 0 && strcmp(z->v[z->n - 1].path, e->path) >= 0)
		return bkt_fail(err, BKT_E_FORMAT,
		    "zip entry '%s' is there twice or not in order", e->path);
	if (offset != o->expect)
		return bkt_fail(err, BKT_E_FORMAT,
		    "zip entry '%s' is at offset %" PRIu64 ", not right after "
		    "the one before (%" PRIu64 ")",
		    e->path, offset, o->expect);
	if (e->size_bytes > o->limits->max_entry_bytes ||
	    e->size_bytes > o->limits->max_total_bytes - o->total)
		return bkt_fail(err, BKT_E_LIMIT,
		    "zip entry '%s' of %" PRIu64 " bytes is more than is read",
		    e->path, e->size_bytes);
	o->total += e->size_bytes;
	BKT_TRY(local_read(o, e, err));
	z->n++;
	return BKT_OK;
}

static enum bkt_status entries_read(struct opening *o, struct bkt_err *err)
{
	bkt_zip *z = o->z;
	const char *fault;
	size_t which;

	while (z->n < o->tail.count)
		BKT_TRY(entry_read(o, err));
	if (o->window_at != o->window_len ||
	    o->next_offset !=
		o->tail.directory_offset + o->tail.directory_bytes)
		return bkt_fail(err, BKT_E_FORMAT,
		    "zip central directory has more than its %" PRIu64
		    " entries",
		    o->tail.count);
	if (o->expect != o->tail.directory_offset)
		return bkt_fail(err, BKT_E_FORMAT,
		    "zip has bytes between the last entry and the central "
		    "directory");
	BKT_TRY(zip_names_check(z->v, z->n, &fault, &which, err));
	if (fault)
		return bkt_fail(err, BKT_E_FORMAT, "zip entry '%s' %s",
		    z->v[which].path, fault);
	return BKT_OK;
}

/* ---- the handle ---------------------------------------------------------- */

static enum bkt_status open_index(
    bkt_zip *z, const struct bkt_zip_limits *limits, struct bkt_err *err)
{
	struct opening o = { .z = z, .limits = limits };
	BKT_AUTO(bkt_free) uint8_t *window = bkt_malloc(WINDOW_BYTES);

	if (!window)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a zip index");
	BKT_TRY(tail_read(&o, err));
	o.window = window;
	o.next_offset = o.tail.directory_offset;
	/* both are bounded by the size of the file, the count is checked */
	z->v =
	    bkt_calloc(o.tail.count ? (size_t)o.tail.count : 1, sizeof(*z->v));
	z->names = bkt_arena_new(
	    (size_t)o.tail.count * (BKT_ZIP_PATH_MAX + 1 + 16) + WINDOW_BYTES);
	if (!z->v || !z->names)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a zip index");
	BKT_TRY(entries_read(&o, err));
	return zip_second_opinion(z, err);
}

enum bkt_status bkt_zip_open(const char *file,
    const struct bkt_zip_limits *limits, bkt_zip **out, struct bkt_err *err)
{
	struct bkt_file_info info;
	BKT_AUTO(bkt_zip_close) bkt_zip *z = bkt_calloc(1, sizeof(*z));

	if (!z)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a zip index");
	z->fd = -1;
	BKT_TRY(bkt_file_open_follow(file, &z->fd, &info, err));
	z->file_bytes = info.size_bytes;
	BKT_TRY(open_index(z, limits ? limits : &bkt_zip_limits_default, err));
	*out = BKT_STEAL(z);
	return BKT_OK;
}

void bkt_zip_close(bkt_zip *z)
{
	if (!z)
		return;
	if (z->fd >= 0)
		bkt_fd_close(z->fd);
	bkt_arena_free(z->names);
	bkt_free(z->v);
	bkt_free(z);
}

size_t bkt_zip_count(const bkt_zip *z)
{
	return z->n;
}

const struct bkt_zip_entry *bkt_zip_entry_at(const bkt_zip *z, size_t i)
{
	BKT_ASSERT(i < z->n);
	return &z->v[i];
}

const struct bkt_zip_entry *bkt_zip_find(const bkt_zip *z, const char *path)
{
	size_t lo = 0, hi = z->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(z->v[mid].path, path);

		if (c == 0)
			return &z->v[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}
