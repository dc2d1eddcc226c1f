/* What stands on the log without the store having made it is not opened. */
#include "bukti/store.h"

#include <stdio.h>

#include "support/one_city.h"
#include "support/forge.h"

static const struct bkt_file no_checkpoint[] = {
	{ "log/checkpoint", { NULL, 0 }, NULL },
	{ "", { NULL, 0 }, NULL },
};
static const struct {
	const char *why;
	struct lie lie;
} rows[] = {
	{ "the checkpoint is deleted", { .extra = no_checkpoint } },
	{ "the old checkpoint is left", { .old_checkpoint = true } },
	{ "a checkpoint of another root, well signed",
	    { .other_checkpoint = true } },
	{ "signed by another key", { .other_key = true } },
	{ "the commit alone by another key", { .other_commit_key = true } },
	{ "without a signature", { .not_signed = true } },
	{ "with two parents", { .two_parents = true } },
	{ "indices with a gap", { .index_shift = 1 } },
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static void drop_index(void)
{
	static const char *const names[] = { "bukti/index.sqlite",
		"bukti/index.sqlite-wal", "bukti/index.sqlite-shm" };

	for (size_t i = 0; i < 3; i++) {
		BKT_AUTO(bkt_free) char *p = bkt_path_join(city.dir, names[i]);

		assert_non_null(p);
		assert_int_equal(bkt_file_unlink(p, NULL), BKT_OK);
	}
}

static void reopen(const char *why)
{
	struct bkt_err err = { 0 };

	bkt_store_free(city.s);
	city.s = NULL;
	if (bkt_store_open(city.dir, &city.s, &err) != BKT_OK)
		fail_msg("%s: %s", why, err.msg);
}

static void refused(const char *why)
{
	BKT_AUTO(bkt_store_free) bkt_store *s = NULL;
	struct bkt_err err = { 0 };

	if (bkt_store_open(city.dir, &s, &err) != BKT_E_TAMPERED)
		fail_msg("%s: %s", why, err.msg);
	assert_string_not_equal(err.hint, "");
}

/* with an index of the log before, and with none */
static void not_opened(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ROWS * 2; i++) {
		const char *why = rows[i / 2].why;
		BKT_AUTO(forge_release) struct forge f;
		struct bkt_submission sub = city_say(
		    &city, city_claim(&city, "X1", "4"), CITY_UPLOADER);

		reopen(why);
		forge_begin(&f, &city);
		forge_commit(&f, &sub, 1, &rows[i / 2].lie);
		forge_publish(&f);
		if (i % 2)
			drop_index();
		refused(why);
		/* nothing of it was kept */
		forge_undo(&f);
		reopen(why);
	}
}

/* a handle that was open before does not write on it either */
static void not_written_on(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ROWS; i++) {
		BKT_AUTO(forge_release) struct forge f;
		struct bkt_submission sub = city_say(
		    &city, city_claim(&city, "X1", "4"), CITY_UPLOADER);
		struct bkt_submission next = city_say(
		    &city, city_unit(&city, "dinas-c", "active"), CITY_ADMIN);
		struct bkt_item items[1];

		reopen(rows[i].why);
		forge_begin(&f, &city);
		forge_commit(&f, &sub, 1, &rows[i].lie);
		forge_publish(&f);
		if (city_submit(&city, &next, 1, NULL, 0, items) !=
		    BKT_E_TAMPERED)
			fail_msg("%s", rows[i].why);
		forge_undo(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(not_opened),
		cmocka_unit_test(not_written_on),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
