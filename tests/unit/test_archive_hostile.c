/* Zip files that deceive, each refused. */
#include "test_archive.h"

#define LONG120                                                        \
	"a23456789012345678901234567890123456789012345678901234567890" \
	"a23456789012345678901234567890123456789012345678901234567890"

/* ---- names
 * ----------------------------------------------------------------------- */

static const struct {
	const char *why;
	const char *name[3]; /* in the order given */
	enum bkt_status want;
} names[] = {
	{ "plain", { "a", "b" }, BKT_OK },
	{ "the longest name", { "A", LONG120 }, BKT_OK },
	{ "one byte more", { "A", LONG120 "x" }, BKT_E_FORMAT },
	{ "zip slip", { "../a" }, BKT_E_FORMAT },
	{ "zip slip in the middle", { "a/../../b" }, BKT_E_FORMAT },
	{ "dot", { "a/./b" }, BKT_E_FORMAT },
	{ "absolute", { "/etc/passwd" }, BKT_E_FORMAT },
	{ "drive letter", { "C:a" }, BKT_E_FORMAT },
	{ "backslash", { "a\\b" }, BKT_E_FORMAT },
	{ "UNC", { "\\\\host\\share" }, BKT_E_FORMAT },
	{ "device", { "a/NUL" }, BKT_E_FORMAT },
	{ "device with an ending", { "a/lpt1.pdf" }, BKT_E_FORMAT },
	{ "no device", { "a/console.txt" }, BKT_OK },
	{ "no device either", { "a/com1x" }, BKT_OK },
	{ "a folder", { "a/" }, BKT_E_FORMAT },
	{ "double slash", { "a//b" }, BKT_E_FORMAT },
	{ "empty name", { "" }, BKT_E_FORMAT },
	{ "space", { "a b" }, BKT_E_FORMAT },
	{ "percent", { "%2e%2e" }, BKT_E_FORMAT },
	{ "UTF-8", { "\xc3\xa9" }, BKT_E_FORMAT },
	{ "newline", { "a\nb" }, BKT_E_FORMAT },
	{ "home", { "~a" }, BKT_E_FORMAT },
	{ "hidden", { ".bashrc" }, BKT_E_FORMAT },
	{ "like an option", { "-rf" }, BKT_E_FORMAT },
	{ "dot at the end", { "a." }, BKT_E_FORMAT },
	{ "stream of a file", { "a:b" }, BKT_E_FORMAT },
	{ "twice", { "a", "a" }, BKT_E_FORMAT },
	{ "not in order", { "b", "a" }, BKT_E_FORMAT },
	{ "only the case differs", { "A", "B", "a" }, BKT_E_FORMAT },
	{ "a file that holds files", { "a", "a/b" }, BKT_E_FORMAT },
	{ "the same, not side by side", { "a", "a-b", "a/b" }, BKT_E_FORMAT },
	{ "the same, deeper", { "a/b", "a/b-c", "a/b/c" }, BKT_E_FORMAT },
};

static void test_names(void **state)
{
	struct place *p = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct member m[3] = { { .name = NULL } };
		struct bkt_err err;
		struct bytes b;
		unsigned n = 0;

		for (; n < 3 && names[i].name[n]; n++) {
			m[n].name = names[i].name[n];
			m[n].data = "isi";
		}
		b = build(m, n, NULL);
		if (judge_bytes(p, b.p, b.n, &err) != names[i].want)
			fail_msg("%s: %s", names[i].why, err.msg);
	}
}

/* ---- one field wrong
 * ---------------------------------------------------------------- */

static const struct member three[] = {
	{ .name = "a.txt", .data = "pertama" },
	{ .name = "b/c.txt", .data = "kedua yang lebih panjang" },
	{ .name = "d.txt", .data = "ketiga" },
};

static const struct {
	const char *why;
	struct twist t[3];
} twists[] = {
	{ "deflated", { { 'b', 1, 8, 2, 8 } } },
	{ "unknown method", { { 'b', 1, 8, 2, 99 } } },
	{ "method differs between the headers", { { 'l', 1, 8, 2, 8 } } },
	{ "encrypted", { { 'b', 1, 6, 2, 1 } } },
	{ "strong encryption", { { 'b', 1, 6, 2, 0x41 } } },
	{ "data descriptor", { { 'b', 1, 6, 2, 8 } } },
	{ "data descriptor, local only", { { 'l', 1, 6, 2, 8 } } },
	{ "UTF-8 flag", { { 'b', 1, 6, 2, 0x800 } } },
	{ "masked header", { { 'b', 1, 6, 2, 0x2000 } } },
	{ "version", { { 'b', 1, 4, 2, 20 } } },
	{ "time", { { 'b', 1, 10, 2, 1 } } },
	{ "date", { { 'b', 1, 12, 2, 0x5555 } } },
	{ "checksum, local only", { { 'l', 1, 14, 4, 1 } } },
	{ "checksum, central only", { { 'c', 1, 16, 4, 1 } } },
	{ "compressed size smaller, both", { { 'b', 1, 18, 4, 1 } } },
	{ "size larger, both", { { 'b', 1, 22, 4, 1000 } } },
	{ "both sizes smaller, local only",
	    { { 'l', 1, 18, 4, 1 }, { 'l', 1, 22, 4, 1 } } },
	{ "both sizes smaller, everywhere",
	    { { 'b', 1, 18, 4, 1 }, { 'b', 1, 22, 4, 1 } } },
	{ "both sizes larger, everywhere",
	    { { 'b', 1, 18, 4, 5000 }, { 'b', 1, 22, 4, 5000 } } },
	{ "both sizes 4 GiB - 2, everywhere",
	    { { 'b', 1, 18, 4, 0xfffffffe }, { 'b', 1, 22, 4, 0xfffffffe } } },
	{ "sizes say zip64, no such field",
	    { { 'b', 1, 18, 4, 0xffffffff }, { 'b', 1, 22, 4, 0xffffffff } } },
	{ "name, local only", { { 'l', 1, 30, 1, 'x' } } },
	{ "name, central only", { { 'c', 1, 46, 1, 'x' } } },
	{ "length of the name, both", { { 'b', 1, 26, 2, 6 } } },
	{ "length of the name, huge", { { 'c', 1, 28, 2, 0xffff } } },
	{ "extra field that is not there", { { 'c', 1, 30, 2, 4 } } },
	{ "local signature", { { 'l', 1, 0, 4, 0x08074b50 } } },
	{ "central signature", { { 'c', 1, 0, 4, 0x04034b50 } } },
	{ "made on DOS", { { 'c', 1, 4, 2, 0x0014 } } },
	{ "comment of an entry", { { 'c', 1, 32, 2, 1 } } },
	{ "on another disk", { { 'c', 1, 34, 2, 1 } } },
	{ "text flag", { { 'c', 1, 36, 2, 1 } } },
	{ "symbolic link", { { 'c', 1, 38, 4, 0xa1ff0000 } } },
	{ "folder", { { 'c', 1, 38, 4, 0x41ed0010 } } },
	{ "pipe", { { 'c', 1, 38, 4, 0x11a40000 } } },
	{ "set-user-id", { { 'c', 1, 38, 4, 0x89a40000 } } },
	{ "executable", { { 'c', 1, 38, 4, 0x81ed0000 } } },
	{ "DOS hidden", { { 'c', 1, 38, 4, 0x81a40002 } } },
	{ "two entries share one content", { { 'c', 1, 42, 4, 0 } } },
	{ "offset one too far", { { 'c', 1, 42, 4, 43 } } },
	{ "offset beyond the file", { { 'c', 1, 42, 4, 0x7fffffff } } },
	{ "offset says zip64", { { 'c', 1, 42, 4, 0xffffffff } } },
	{ "one entry fewer is counted",
	    { { 'e', 0, 8, 2, 2 }, { 'e', 0, 10, 2, 2 } } },
	{ "one entry more is counted",
	    { { 'e', 0, 8, 2, 4 }, { 'e', 0, 10, 2, 4 } } },
	{ "the two counts differ", { { 'e', 0, 8, 2, 2 } } },
	{ "65,535 entries, no zip64 end",
	    { { 'e', 0, 8, 2, 0xffff }, { 'e', 0, 10, 2, 0xffff } } },
	{ "no entries counted", { { 'e', 0, 8, 2, 0 }, { 'e', 0, 10, 2, 0 } } },
	{ "on disk 1", { { 'e', 0, 4, 2, 1 } } },
	{ "directory on disk 1", { { 'e', 0, 6, 2, 1 } } },
	{ "directory size", { { 'e', 0, 12, 4, 100 } } },
	{ "directory size 0xffffffff", { { 'e', 0, 12, 4, 0xffffffff } } },
	{ "directory offset", { { 'e', 0, 16, 4, 0 } } },
	{ "directory offset 0xffffffff", { { 'e', 0, 16, 4, 0xffffffff } } },
	{ "comment length without comment", { { 'e', 0, 20, 2, 5 } } },
};

static void test_fields(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct bytes b = build(three, 3, NULL);

	assert_int_equal(judge_bytes(p, b.p, b.n, &err), BKT_OK);
	for (size_t i = 0; i < sizeof(twists) / sizeof(*twists); i++) {
		b = build(three, 3, twists[i].t);
		if (judge_bytes(p, b.p, b.n, &err) != BKT_E_FORMAT)
			fail_msg("accepted: %s", twists[i].why);
	}
}

/* a checksum that is the same lie in both headers is seen with the data */
static void test_checksum_of_other_bytes(void **state)
{
	static const struct twist lie[] = { { 'b', 1, 14, 4, 0x12345678 },
		{ .where = 0 } };
	struct place *p = *state;
	struct bkt_err err;
	struct bytes b = build(three, 3, lie);
	BKT_AUTO(bkt_zip_close) bkt_zip *z = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;

	bkt_buf_init(&out, 100);
	assert_int_equal(judge_bytes(p, b.p, b.n, &err), BKT_E_TAMPERED);
	assert_int_equal(bkt_zip_open(p->zip, NULL, &z, &err), BKT_OK);
	assert_int_equal(bkt_zip_read(z, bkt_zip_entry_at(z, 1), &out, &err),
	    BKT_E_TAMPERED);
	assert_int_equal(out.len, 0);
	assert_int_equal(
	    bkt_zip_read(z, bkt_zip_entry_at(z, 0), &out, &err), BKT_OK);
	bkt_buf_release(&out);
	bkt_buf_init(&out, 6);
	assert_int_equal(
	    bkt_zip_read(z, bkt_zip_entry_at(z, 0), &out, &err), BKT_E_LIMIT);
}

/* ---- structure
 * ------------------------------------------------------------------------- */

static void refused(struct place *p, const struct bytes *b, const char *why)
{
	struct bkt_err err;

	if (judge_bytes(p, b->p, b->n, &err) != BKT_E_FORMAT)
		fail_msg("accepted: %s", why);
}

/* n bytes put in at an offset */
static struct bytes with(struct bytes b, size_t at, const void *bytes, size_t n)
{
	memmove(b.p + at + n, b.p + at, b.n - at);
	memcpy(b.p + at, bytes, n);
	b.n += n;
	return b;
}

static void add_to(struct bytes *b, size_t at, unsigned n)
{
	unsigned v = (unsigned)b->p[at] + n;

	b->p[at] = (uint8_t)v;
	b->p[at + 1] = (uint8_t)(b->p[at + 1] + (v >> 8));
}

static void test_bytes_around(void **state)
{
	struct place *p = *state;
	struct bytes good = build(three, 3, NULL), b;
	size_t end = good.n - 22, directory = end - 3 * 46 - 17;
	size_t second = 30 + 5 + 7;

	b = with(good, 0, "#!/bin/sh\n", 10);
	refused(p, &b, "a script before the zip, offsets as they were");
	add_to(&b, b.n - 22 + 16, 10);
	refused(p, &b, "the same, directory offset moved");
	for (size_t at = directory + 10, i = 0; i < 3; i++) {
		add_to(&b, at + 42, 10);
		at += 46 + strlen(three[i].name);
	}
	refused(p, &b, "the same, every offset moved");

	b = with(good, good.n, "x", 1);
	refused(p, &b, "one byte after the end");
	b = with(good, good.n, "komentar", 8);
	add_to(&b, good.n - 2, 8);
	refused(p, &b, "a comment");
	b = with(good, good.n, good.p, good.n);
	refused(p, &b, "another zip before it");

	b = with(good, second, "sela", 4);
	add_to(&b, b.n - 22 + 16, 4);
	refused(p, &b, "a gap between two entries, offsets as they were");
	add_to(&b, directory + 4 + 46 + 5 + 42, 4);
	add_to(&b, directory + 4 + 46 + 5 + 46 + 7 + 42, 4);
	refused(p, &b, "the same, offsets moved");
	b = with(good, directory, "sela", 4);
	add_to(&b, b.n - 22 + 16, 4);
	refused(p, &b, "a gap before the directory");
	b = with(good, end, "sela", 4);
	refused(p, &b, "a gap after the directory");
	add_to(&b, b.n - 22 + 12, 4);
	refused(p, &b, "the same, counted as directory");
	b = with(good, end, good.p + directory, 51);
	add_to(&b, b.n - 22 + 12, 51);
	refused(p, &b, "a fourth header that is not counted");
}

static void test_extra_fields(void **state)
{
	static const char zip64[] = "\1\0\x10\0\4\0\0\0\0\0\0\0\4\0\0\0\0\0\0";
	static const char unix_time[] = "UT\5\0\1abcd";
	struct place *p = *state;
	struct member m = { .name = "a", .data = "satu" };
	struct bytes b;

	m.local_extra = unix_time;
	m.n_local_extra = 9;
	b = build(&m, 1, NULL);
	refused(p, &b, "time stamp field, local");
	m.central_extra = unix_time;
	m.n_central_extra = 9;
	b = build(&m, 1, NULL);
	refused(p, &b, "time stamp field, both");
	m.n_local_extra = 0;
	b = build(&m, 1, NULL);
	refused(p, &b, "time stamp field, central");
	m.central_extra = m.local_extra = zip64;
	m.n_central_extra = m.n_local_extra = 20;
	b = build(&m, 1, NULL);
	refused(p, &b, "zip64 sizes that are not needed");
	{
		static const struct twist t[] = {
			{ 'b', 0, 18, 4, 0xffffffff },
			{ 'b', 0, 22, 4, 0xffffffff },
			{ 'b', 0, 4, 2, 45 },
			{ .where = 0 },
		};

		b = build(&m, 1, t);
		refused(p, &b, "zip64 sizes that would fit the plain field");
	}
}

/* a zip64 end whose numbers lie, before a plain end that asks for it */
static void test_zip64_end(void **state)
{
	static const struct {
		const char *why;
		unsigned at, width;
		uint64_t value;
	} rows[] = {
		{ "not needed", 0, 0, 0 },
		{ "a million entries", 32, 8, 1000000 },
		{ "2^64 - 1 entries", 32, 8, UINT64_MAX },
		{ "2^63 bytes of directory", 40, 8, UINT64_C(1) << 63 },
		{ "offset 2^64 - 1", 48, 8, UINT64_MAX },
		{ "longer record", 4, 8, 45 },
		{ "locator points elsewhere", 64, 8, 0 },
	};
	struct place *p = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bytes b = build(three, 3, NULL), t = { .n = 0 };
		size_t end = b.n - 22, directory = end - 3 * 46 - 17;

		le(&t, 0x06064b50, 4);
		le(&t, 44, 8);
		le(&t, 0x032d, 2);
		le(&t, 45, 2);
		le(&t, 0, 8);
		le(&t, 3, 8);
		le(&t, 3, 8);
		le(&t, end - directory, 8);
		le(&t, directory, 8);
		le(&t, 0x07064b50, 4);
		le(&t, 0, 4);
		le(&t, end, 8);
		le(&t, 1, 4);
		for (unsigned k = 0; k < rows[i].width; k++)
			t.p[rows[i].at + k] = (uint8_t)(rows[i].value >> 8 * k);
		if (rows[i].at == 32)
			memcpy(t.p + 24, t.p + 32, 8);
		b = with(b, end, t.p, t.n);
		refused(p, &b, rows[i].why);
		memset(b.p + b.n - 22 + 8, 0xff, 12);
		refused(p, &b, rows[i].why);
	}
}

/* sizes beyond 32 bits, in a file that is nearly all hole */
static void test_large(void **state)
{
	static const uint64_t sizes[] = { 0xfffffffe, 0xffffffff, 0x100000000,
		0x140000000 };
	struct place *p = *state;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct bkt_err err;
		bool l = sizes[i] >= 0xffffffff;
		uint64_t n = sizes[i], second, directory;
		struct bytes h = { .n = 0 }, t = { .n = 0 };
		struct bkt_zip_limits small = bkt_zip_limits_default;
		BKT_AUTO(bkt_zip_close) bkt_zip *z = NULL;
		int fd = open(p->zip, O_RDWR | O_CREAT | O_TRUNC, 0600);

		le(&h, 0x04034b50, 4);
		le(&h, l ? 45 : 10, 2);
		le(&h, 0, 6);
		le(&h, 0x21, 2);
		le(&h, 7, 4);
		le(&h, l ? 0xffffffff : n, 4);
		le(&h, l ? 0xffffffff : n, 4);
		le(&h, 1, 2);
		le(&h, l ? 20 : 0, 2);
		raw(&h, "a", 1);
		if (l) {
			le(&h, 1, 2);
			le(&h, 16, 2);
			le(&h, n, 8);
			le(&h, n, 8);
		}
		assert_int_equal(pwrite(fd, h.p, h.n, 0), h.n);
		second = h.n + n;
		/* an empty entry whose offset is large */
		le(&t, 0x04034b50, 4);
		le(&t, 45, 2);
		le(&t, 0, 6);
		le(&t, 0x21, 2);
		le(&t, 0, 12);
		le(&t, 1, 2);
		le(&t, 0, 2);
		raw(&t, "b", 1);
		directory = second + t.n;
		le(&t, 0x02014b50, 4);
		le(&t, 0x031e, 2);
		le(&t, l ? 45 : 10, 2);
		le(&t, 0, 6);
		le(&t, 0x21, 2);
		le(&t, 7, 4);
		le(&t, l ? 0xffffffff : n, 4);
		le(&t, l ? 0xffffffff : n, 4);
		le(&t, 1, 2);
		le(&t, l ? 20 : 0, 2);
		le(&t, 0, 6);
		le(&t, UINT64_C(0100644) << 16, 4);
		le(&t, 0, 4);
		raw(&t, "a", 1);
		if (l) {
			le(&t, 1, 2);
			le(&t, 16, 2);
			le(&t, n, 8);
			le(&t, n, 8);
		}
		le(&t, 0x02014b50, 4);
		le(&t, 0x031e, 2);
		le(&t, 45, 2);
		le(&t, 0, 6);
		le(&t, 0x21, 2);
		le(&t, 0, 12);
		le(&t, 1, 2);
		le(&t, 12, 2);
		le(&t, 0, 6);
		le(&t, UINT64_C(0100644) << 16, 4);
		le(&t, 0xffffffff, 4);
		raw(&t, "b", 1);
		le(&t, 1, 2);
		le(&t, 8, 2);
		le(&t, second, 8);
		n = second + t.n - directory; /* directory bytes */
		le(&t, 0x06064b50, 4);
		le(&t, 44, 8);
		le(&t, 0x032d, 2);
		le(&t, 45, 2);
		le(&t, 0, 8);
		le(&t, 2, 8);
		le(&t, 2, 8);
		le(&t, n, 8);
		le(&t, directory, 8);
		le(&t, 0x07064b50, 4);
		le(&t, 0, 4);
		le(&t, directory + n, 8);
		le(&t, 1, 4);
		le(&t, 0x06054b50, 4);
		le(&t, 0, 4);
		le(&t, 2, 2);
		le(&t, 2, 2);
		le(&t, n, 4);
		le(&t, 0xffffffff, 4);
		le(&t, 0, 2);
		assert_int_equal(pwrite(fd, t.p, t.n, (off_t)second), t.n);
		close(fd);
		if (bkt_zip_open(p->zip, NULL, &z, &err) != BKT_OK)
			fail_msg("%s", err.msg);
		assert_int_equal(bkt_zip_count(z), 2);
		assert_int_equal(bkt_zip_entry_at(z, 0)->size_bytes, sizes[i]);
		assert_int_equal(
		    bkt_zip_entry_at(z, 1)->data_offset, directory);
		bkt_zip_close(z);
		z = NULL;
		small.max_entry_bytes = sizes[i] - 1;
		assert_int_equal(
		    bkt_zip_open(p->zip, &small, &z, &err), BKT_E_LIMIT);
		small = bkt_zip_limits_default;
		small.max_total_bytes = sizes[i] - 1;
		assert_int_equal(
		    bkt_zip_open(p->zip, &small, &z, &err), BKT_E_LIMIT);
	}
}

/* ---- every place
 * ---------------------------------------------------------------------------
 */

static void test_cut_anywhere(void **state)
{
	struct place *p = *state;
	struct bytes b = build(three, 3, NULL);

	for (size_t n = 0; n < b.n; n++) {
		struct bytes cut = b;

		cut.n = n;
		refused(p, &cut, "cut off");
	}
}

static void test_flip_anywhere(void **state)
{
	struct place *p = *state;
	struct bytes b = build(three, 3, NULL);

	for (size_t at = 0; at < b.n * 8; at++) {
		struct bkt_err err;
		enum bkt_status st;

		b.p[at / 8] ^= (uint8_t)(1u << at % 8);
		st = judge_bytes(p, b.p, b.n, &err);
		if (st != BKT_E_FORMAT && st != BKT_E_TAMPERED)
			fail_msg("bit %zu of byte %zu: status %d", at % 8,
			    at / 8, st);
		b.p[at / 8] ^= (uint8_t)(1u << at % 8);
	}
}

static void test_not_a_zip(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	BKT_AUTO(bkt_zip_close) bkt_zip *z = NULL;

	assert_int_equal(
	    bkt_zip_open("/nonexistent/a.zip", NULL, &z, &err), BKT_E_NOTFOUND);
	assert_int_equal(bkt_zip_open(p->dir, NULL, &z, &err), BKT_E_FORMAT);
	put_file(p->zip, "", 0);
	assert_int_equal(bkt_zip_open(p->zip, NULL, &z, &err), BKT_E_FORMAT);
}

/* someone cuts the file after it was opened: no verdict about the evidence */
static void test_cut_while_read(void **state)
{
	struct place *p = *state;
	struct bkt_err err;
	struct bkt_sha256 id;
	struct bytes b = build(three, 3, NULL);
	BKT_AUTO(bkt_zip_close) bkt_zip *z = NULL;

	put_file(p->zip, b.p, b.n);
	assert_int_equal(bkt_zip_open(p->zip, NULL, &z, &err), BKT_OK);
	assert_int_equal(truncate(p->zip, 50), 0);
	assert_int_equal(
	    bkt_zip_digest(z, bkt_zip_entry_at(z, 2), &id, &err), BKT_E_IO);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(test_names),
		T(test_fields),
		T(test_checksum_of_other_bytes),
		T(test_bytes_around),
		T(test_extra_fields),
		T(test_zip64_end),
		T(test_large),
		T(test_cut_anywhere),
		T(test_flip_anywhere),
		T(test_not_a_zip),
		T(test_cut_while_read),
	};
	struct bkt_err err;

	if (bkt_crypto_init(&err) != BKT_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
