#include "gitdb_write_support.h"

/* Blobs that were made ready ahead of their pack. */

static bkt_gitpress *press;

static int enter_press(void **state)
{
	struct bkt_err err;

	if (enter(state) != 0)
		return -1;
	return bkt_gitpress_new(&press, &err) == BKT_OK ? 0 : -1;
}

static int leave_press(void **state)
{
	bkt_gitpress_free(press);
	press = NULL;
	return leave(state);
}

/* bytes that deflate can do little with, the same for the same seed */
static struct bkt_span noise(size_t n, uint32_t seed)
{
	uint8_t *p = bkt_arena_alloc(arena, n + 1);

	assert_non_null(p);
	for (size_t i = 0; i < n; i++) {
		seed = seed * 1103515245 + 12345;
		p[i] = (uint8_t)(seed >> 24);
	}
	return BKT_SPAN(p, n);
}

static struct bkt_span changed(struct bkt_span s, size_t at, size_t n)
{
	uint8_t *p = bkt_arena_alloc(arena, s.len + 1);

	assert_non_null(p);
	memcpy(p, s.ptr, s.len);
	for (size_t i = at; i < at + n && i < s.len; i++)
		p[i] ^= 0x55;
	return BKT_SPAN(p, s.len);
}

static struct bkt_oid put_ready(
    bkt_gitpack *p, struct bkt_span content, const char *like)
{
	struct bkt_gitblob b;

	OK(bkt_gitpress_blob(press, content, like, arena, &b, &err));
	OK(bkt_gitpack_put(p, &b, &err));
	return b.oid;
}

static void assert_reads(const struct bkt_oid *oid, struct bkt_span want)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;
	struct bkt_oid id;

	OK(bkt_gitdb_blob_oid(want, &id, &err));
	assert_true(bkt_oid_eq(&id, oid));
	bkt_buf_init(&out, BKT_GITDB_BLOB_MAX);
	OK(bkt_gitdb_read(db, oid, BKT_GIT_BLOB, &out, &err));
	assert_true(bkt_span_eq(bkt_buf_span(&out), want));
}

static void blobs_of_every_size_read_back(void **state)
{
	static const size_t sizes[] = { 0, 1, 190, 191, 192, 193, 194, 1023,
		1024, 1025, 65535, 65536, 65537, 300000 };
	BKT_AUTO(bkt_gitpack_free) bkt_gitpack *p = NULL;
	struct bkt_oid oid[COUNT(sizes)];

	(void)state;
	OK(bkt_gitpack_new(db, &p, &err));
	for (size_t i = 0; i < COUNT(sizes); i++)
		oid[i] = put_ready(p, noise(sizes[i], (uint32_t)i), NULL);
	OK(bkt_gitpack_finish(p, &err));
	for (size_t i = 0; i < COUNT(sizes); i++)
		assert_reads(&oid[i], noise(sizes[i], (uint32_t)i));
	assert_sound();
}

static void blobs_like_one_another_read_back(void **state)
{
	const struct bkt_span base = noise(1000, 7);
	const struct bkt_span cases[] = {
		base, changed(base, 0, 1), changed(base, 999, 1),
		changed(base, 100, 120), changed(base, 100, 128),
		changed(changed(base, 3, 1), 12, 1),
		changed(changed(base, 3, 1), 11, 1), changed(base, 0, 499),
		changed(base, 0, 1000),                /* nothing in common */
		BKT_SPAN(base.ptr, 998),               /* shorter */
		BKT_SPAN(base.ptr, 0), noise(1003, 7), /* longer */
		noise(70000, 7), /* more than is compared */
	};
	BKT_AUTO(bkt_gitpack_free) bkt_gitpack *p = NULL;
	struct bkt_oid oid[COUNT(cases)], other;

	(void)state;
	OK(bkt_gitpack_new(db, &p, &err));
	for (size_t i = 0; i < COUNT(cases); i++)
		oid[i] = put_ready(p, cases[i], "ani");
	other = put_ready(p, noise(900, 99), "budi");
	OK(bkt_gitpack_finish(p, &err));
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_reads(&oid[i], cases[i]);
	assert_reads(&other, noise(900, 99));
	assert_sound();
}

static void likeness_takes_little_room(void **state)
{
	const struct bkt_span base = noise(1000, 7);
	BKT_AUTO(bkt_gitpack_free) bkt_gitpack *p = NULL;
	struct bkt_strs names;
	uint64_t sum = 0;

	(void)state;
	OK(bkt_gitpack_new(db, &p, &err));
	for (size_t i = 0; i < 100; i++)
		(void)put_ready(p, changed(base, i * 7, 32), "ani");
	OK(bkt_gitpack_finish(p, &err));
	OK(bkt_dir_list("r.git/objects/pack", arena, &names, &err));
	for (size_t i = 0; i < names.n; i++) {
		char path[256];
		struct stat st;

		(void)snprintf(
		    path, sizeof(path), "r.git/objects/pack/%s", names.v[i]);
		assert_int_equal(stat(path, &st), 0);
		if (strstr(path, ".pack"))
			sum += (uint64_t)st.st_size;
	}
	assert_in_range(sum, 1000, 15000); /* of 100,000 */
	assert_sound();
}

/* what is a difference stays one when packs are combined */
static void likeness_survives_combining(void **state)
{
	const struct bkt_span base = noise(1000, 7);
	struct bkt_oid oid[30][3];

	(void)state;
	for (size_t i = 0; i < COUNT(oid); i++) {
		BKT_AUTO(bkt_gitpack_free) bkt_gitpack *p = NULL;

		OK(bkt_gitpack_new(db, &p, &err));
		for (size_t k = 0; k < 3; k++)
			oid[i][k] =
			    put_ready(p, changed(base, i * 30 + k, 20), "ani");
		OK(bkt_gitpack_finish(p, &err));
	}
	OK(bkt_gitdb_tidy(db, &err));
	assert_in_range(count_files("r.git/objects/pack", "pack-"), 2, 20);
	for (size_t i = 0; i < COUNT(oid); i++)
		for (size_t k = 0; k < 3; k++)
			assert_reads(&oid[i][k], changed(base, i * 30 + k, 20));
	assert_sound();
}

static void a_ready_blob_is_written_once(void **state)
{
	BKT_AUTO(bkt_gitpack_free) bkt_gitpack *p = NULL;
	struct bkt_oid old = blob("old"), a;

	(void)state;
	OK(bkt_gitpack_new(db, &p, &err));
	a = put_ready(p, bkt_span_str("old"), "ani");
	assert_true(bkt_oid_eq(&a, &old));
	OK(bkt_gitpack_finish(p, &err));
	assert_int_equal(count_files("r.git/objects/pack", "pack-"), 2);
}

static void a_failed_write_spoils_the_pack(void **state)
{
	BKT_AUTO(bkt_gitpack_free) bkt_gitpack *p = NULL;
	struct bkt_gitblob b;
	struct bkt_err why;

	(void)state;
	OK(bkt_gitpack_new(db, &p, &err));
	OK(bkt_gitpress_blob(press, noise(3000000, 1), NULL, arena, &b, &err));
	ops_left = 0;
	bkt_fs_fault = fail_later;
	assert_int_equal(bkt_gitpack_put(p, &b, &why), BKT_E_IO);
	bkt_fs_fault = NULL;
	assert_int_equal(bkt_gitpack_finish(p, &why), BKT_E_IO);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, enter_press, leave_press)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(blobs_of_every_size_read_back),
		TEST(blobs_like_one_another_read_back),
		TEST(likeness_takes_little_room),
		TEST(likeness_survives_combining),
		TEST(a_ready_blob_is_written_once),
		TEST(a_failed_write_spoils_the_pack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
