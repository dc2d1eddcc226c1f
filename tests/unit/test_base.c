#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bukti/base.h"

/* ---- errors ------------------------------------------------------------ */

static void failure_is_one_statement(void **state)
{
	struct bkt_err err;

	(void)state;
	err.hint[0] = 'x';
	assert_int_equal(
	    bkt_fail(&err, BKT_E_FORMAT, "bad %d", 7), BKT_E_FORMAT);
	assert_int_equal(err.status, BKT_E_FORMAT);
	assert_int_equal(err.sys_errno, 0);
	assert_string_equal(err.msg, "bad 7");
	assert_string_equal(err.hint, "");
	assert_int_equal(bkt_fail(NULL, BKT_E_SEAL, "x"), BKT_E_SEAL);
}

static void errno_is_kept_and_named(void **state)
{
	struct bkt_err err;

	(void)state;
	errno = ENOSPC;
	assert_int_equal(bkt_fail_errno(&err, BKT_E_IO, "write"), BKT_E_IO);
	assert_int_equal(err.sys_errno, ENOSPC);
	assert_int_equal(errno, ENOSPC);
	assert_non_null(strstr(err.msg, "write: "));
	assert_non_null(strstr(err.msg, strerror(ENOSPC)));
}

static void context_goes_in_front_and_sets_the_status(void **state)
{
	struct bkt_err err;

	(void)state;
	errno = EIO;
	(void)bkt_fail_errno(&err, BKT_E_IO, "inner");
	bkt_err_hint(&err, "try %s", "again");
	assert_int_equal(
	    bkt_fail_context(&err, BKT_E_FORMAT, "outer %d", 1), BKT_E_FORMAT);
	assert_int_equal(err.status, BKT_E_FORMAT);
	assert_int_equal(err.sys_errno, EIO);
	assert_ptr_equal(strstr(err.msg, "outer 1: inner"), err.msg);
	assert_string_equal(err.hint, "try again");
	assert_int_equal(
	    bkt_fail_context(NULL, BKT_E_FORMAT, "x"), BKT_E_FORMAT);
	memset(&err, 0, sizeof(err));
	assert_int_equal(bkt_fail_context(&err, BKT_E_BUSY, "x"), BKT_E_BUSY);
	assert_int_equal(err.status, BKT_E_BUSY);
}

static void a_message_may_quote_itself(void **state)
{
	struct bkt_err err;

	(void)state;
	(void)bkt_fail(&err, BKT_E_IO, "one");
	(void)bkt_fail(&err, BKT_E_IO, "two, %s", err.msg);
	assert_string_equal(err.msg, "two, one");
}

static void a_long_message_is_cut_between_characters(void **state)
{
	struct bkt_err err;
	char text[2000];

	(void)state;
	for (size_t shift = 0; shift < 3; shift++) {
		memset(text, 'a', sizeof(text));
		for (size_t i = shift; i + 3 < sizeof(text); i += 3)
			memcpy(text + i, "\xe2\x82\xac", 3);
		text[sizeof(text) - 1] = '\0';
		(void)bkt_fail(&err, BKT_E_IO, "%s", text);
		assert_true(strlen(err.msg) < sizeof(err.msg));
		assert_true(bkt_utf8_valid(bkt_span_str(err.msg)));
		assert_string_equal(err.msg + strlen(err.msg) - 3, "...");
		(void)bkt_fail_context(&err, BKT_E_IO, "%s", text);
		assert_true(bkt_utf8_valid(bkt_span_str(err.msg)));
		bkt_err_hint(&err, "%s", text);
		assert_true(bkt_utf8_valid(bkt_span_str(err.hint)));
	}
}

static void every_status_has_its_own_name_and_one_range(void **state)
{
	static const enum bkt_status all[] = { BKT_OK, BKT_E_FORMAT, BKT_E_SEAL,
		BKT_E_TAMPERED, BKT_E_TRUST, BKT_E_POLICY, BKT_E_MISSING,
		BKT_E_ERASED, BKT_E_FINDINGS, BKT_E_NOMEM, BKT_E_IO,
		BKT_E_CRYPTO, BKT_E_DB, BKT_E_LIMIT, BKT_E_BUSY, BKT_E_CONFLICT,
		BKT_E_NOTFOUND, BKT_E_INTERRUPTED, BKT_E_INTERNAL, BKT_E_USAGE,
		BKT_E_NOT_STORE, BKT_E_CONFIG, BKT_E_EXISTS, BKT_E_PASSPHRASE };
	const size_t n = sizeof(all) / sizeof(*all);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const char *name = bkt_status_name(all[i]);

		assert_string_not_equal(name, "unknown");
		assert_false(bkt_is_verdict(all[i]) && bkt_is_fault(all[i]));
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(name, bkt_status_name(all[j]));
	}
	assert_string_equal(bkt_status_name((enum bkt_status)999), "unknown");
}

/* ---- memory ------------------------------------------------------------ */

static size_t allocations_left;

static bool fail_when_used_up(size_t n)
{
	(void)n;
	if (allocations_left == 0)
		return true;
	allocations_left--;
	return false;
}

static int no_fault(void **state)
{
	(void)state;
	bkt_alloc_fault = NULL;
	return 0;
}

static void the_seam_refuses_every_kind_of_allocation(void **state)
{
	void *p = bkt_malloc(1);

	(void)state;
	assert_non_null(p);
	allocations_left = 0;
	bkt_alloc_fault = fail_when_used_up;
	assert_null(bkt_malloc(1));
	assert_null(bkt_calloc(1, 1));
	assert_null(bkt_realloc(p, 2));
	assert_null(bkt_strdup("x"));
	bkt_alloc_fault = NULL;
	bkt_free(p);
	assert_null(bkt_calloc(SIZE_MAX / 2, 3));
	p = bkt_malloc(0);
	assert_non_null(p);
	bkt_free(p);
}

static void scoped_pointers_are_freed_or_stolen(void **state)
{
	char *out;

	(void)state;
	{
		BKT_AUTO(bkt_free) char *gone = bkt_strdup("freed here");
		BKT_AUTO(bkt_free) char *kept = bkt_strdup("kept");

		assert_non_null(gone);
		out = BKT_STEAL(kept);
		assert_null(kept);
	}
	assert_string_equal(out, "kept");
	bkt_free(out);
}

/* ---- buffer ------------------------------------------------------------ */

static void a_buffer_grows_and_stays_terminated(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;
	struct bkt_err err;

	(void)state;
	bkt_buf_init(&b, 100000);
	assert_string_equal((char *)b.ptr, "");
	for (int i = 0; i < 5000; i++) {
		bkt_buf_printf(&b, "%04d", i);
		assert_int_equal(b.ptr[b.len], 0);
	}
	bkt_buf_printf(&b, "%1000d", 1);
	bkt_buf_chr(&b, 'c');
	bkt_buf_str(&b, "str");
	assert_int_equal(bkt_buf_check(&b, &err), BKT_OK);
	assert_int_equal(b.len, 21004);
	assert_int_equal(strlen((char *)b.ptr), b.len);
	assert_memory_equal(b.ptr + 4 * 4999, "4999", 4);
	bkt_buf_clear(&b);
	assert_int_equal(b.len, 0);
	assert_string_equal((char *)b.ptr, "");
}

static void the_ceiling_is_exact_and_sticky(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;
	struct bkt_err err;

	(void)state;
	bkt_buf_init(&b, 5);
	bkt_buf_str(&b, "12345");
	assert_int_equal(bkt_buf_check(&b, &err), BKT_OK);
	bkt_buf_str(&b, "6");
	assert_int_equal(bkt_buf_check(&b, &err), BKT_E_LIMIT);
	bkt_buf_str(&b, "");
	assert_int_equal(bkt_buf_check(&b, &err), BKT_E_LIMIT);
	assert_string_equal((char *)b.ptr, "12345");
	bkt_buf_clear(&b);
	bkt_buf_printf(&b, "%s", "123456");
	assert_int_equal(bkt_buf_check(&b, &err), BKT_E_LIMIT);
	assert_int_equal(b.len, 0);
	bkt_buf_clear(&b);
	assert_null(bkt_buf_room(&b, SIZE_MAX));
	assert_int_equal(bkt_buf_check(&b, &err), BKT_E_LIMIT);
}

static void a_buffer_without_memory_is_a_fault_not_a_limit(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;
	struct bkt_err err;

	(void)state;
	bkt_buf_init(&b, 1000);
	allocations_left = 0;
	bkt_alloc_fault = fail_when_used_up;
	bkt_buf_str(&b, "x");
	assert_int_equal(bkt_buf_check(&b, &err), BKT_E_NOMEM);
	bkt_alloc_fault = NULL;
	bkt_buf_str(&b, "a hole in the middle would be worse");
	assert_int_equal(b.len, 0);
	bkt_buf_clear(&b);
	bkt_buf_str(&b, "x");
	assert_int_equal(bkt_buf_check(&b, &err), BKT_OK);
}

static void room_is_zeroed_and_does_not_move_the_end(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;
	uint8_t *p;

	(void)state;
	bkt_buf_init(&b, 1000);
	bkt_buf_str(&b, "abcdefgh");
	bkt_buf_clear(&b);
	p = bkt_buf_room(&b, 6);
	assert_non_null(p);
	assert_int_equal(b.len, 0);
	memcpy(p, "xyz", 3);
	b.len += 3;
	assert_string_equal((char *)b.ptr, "xyz");
}

static void an_empty_buffer_may_be_stolen(void **state)
{
	struct bkt_buf b;
	uint8_t *p;

	(void)state;
	bkt_buf_init(&b, 10);
	p = BKT_STEAL(b.ptr);
	bkt_free(p);
	bkt_buf_release(&b);
	bkt_buf_release(&b);
}

/* ---- arena ------------------------------------------------------------- */

static void arena_memory_is_zeroed_aligned_and_counted(void **state)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *a = bkt_arena_new(1 << 20);
	size_t sum = 0;

	(void)state;
	assert_non_null(a);
	for (int round = 0; round < 2; round++) {
		for (size_t n = 0; n < 700; n++) {
			uint8_t *p = bkt_arena_alloc(a, n);

			assert_non_null(p);
			assert_int_equal((uintptr_t)p % 16, 0);
			for (size_t i = 0; i < n; i++)
				assert_int_equal(p[i], 0);
			memset(p, 0xff, n);
			sum += n;
		}
		assert_true(bkt_arena_bytes(a) >= sum);
		sum = 0;
		bkt_arena_clear(a);
		assert_int_equal(bkt_arena_bytes(a), 0);
	}
}

static void arena_has_a_ceiling(void **state)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *a = bkt_arena_new(64);

	(void)state;
	assert_non_null(a);
	assert_null(bkt_arena_alloc(a, 65));
	assert_null(bkt_arena_alloc(a, SIZE_MAX));
	assert_non_null(bkt_arena_alloc(a, 33));
	assert_null(bkt_arena_alloc(a, 17));
	assert_non_null(bkt_arena_alloc(a, 16));
	assert_null(bkt_arena_alloc(a, 1));
}

static void arena_strings(void **state)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *a = bkt_arena_new(1 << 20);
	char *s, *t, *big;

	(void)state;
	s = bkt_arena_strndup(a, "abcdef", 3);
	t = bkt_arena_printf(a, "%s-%d", s, 4);
	big = bkt_arena_printf(a, "%100000d", 1);
	assert_string_equal(s, "abc");
	assert_string_equal(t, "abc-4");
	assert_int_equal(strlen(big), 100000);
	assert_string_equal(bkt_arena_strndup(a, "ab", 100), "ab");
	assert_string_equal(bkt_arena_strdup(a, ""), "");
}

/* ---- map --------------------------------------------------------------- */

#define MANY 20000

static int numbers[MANY];

static void number_key(char key[16], int i)
{
	snprintf(key, 16, "key%d", i);
}

static void a_map_finds_what_was_set_and_keeps_the_order(void **state)
{
	BKT_AUTO(bkt_map_free) bkt_map *m = bkt_map_new();
	struct bkt_err err;
	const char *name;
	size_t at = 0;
	char key[16];
	void *value;
	int i = 0;

	(void)state;
	assert_null(bkt_map_get(m, "nothing"));
	for (i = 0; i < MANY; i++) {
		number_key(key, i);
		assert_int_equal(
		    bkt_map_set(m, key, &numbers[i], &err), BKT_OK);
	}
	assert_int_equal(bkt_map_count(m), MANY);
	assert_int_equal(bkt_map_set(m, "key7", &numbers[0], &err), BKT_OK);
	assert_int_equal(bkt_map_count(m), MANY);
	assert_ptr_equal(bkt_map_get(m, "key7"), &numbers[0]);
	for (i = 0; bkt_map_next(m, &at, &name, &value); i++) {
		number_key(key, i);
		assert_string_equal(name, key);
		assert_ptr_equal(value, &numbers[i == 7 ? 0 : i]);
	}
	assert_int_equal(i, MANY);
	assert_null(bkt_map_get(m, "key20000"));
	assert_null(bkt_map_get(m, ""));
}

static void removed_keys_are_gone_and_others_stay(void **state)
{
	BKT_AUTO(bkt_map_free) bkt_map *m = bkt_map_new();
	struct bkt_err err;
	char key[16];
	size_t at = 0, seen = 0;

	(void)state;
	assert_null(bkt_map_remove(m, "none"));
	for (int i = 0; i < MANY; i++) {
		number_key(key, i);
		assert_int_equal(
		    bkt_map_set(m, key, &numbers[i], &err), BKT_OK);
		if (i % 3) {
			assert_ptr_equal(bkt_map_remove(m, key), &numbers[i]);
			assert_null(bkt_map_remove(m, key));
		}
	}
	for (int i = 0; i < MANY; i++) {
		number_key(key, i);
		assert_ptr_equal(
		    bkt_map_get(m, key), i % 3 ? NULL : &numbers[i]);
	}
	while (bkt_map_next(m, &at, NULL, NULL))
		seen++;
	assert_int_equal(seen, bkt_map_count(m));
	assert_int_equal(seen, (MANY + 2) / 3);
}

static void setting_and_removing_one_key_forever_stays_small(void **state)
{
	BKT_AUTO(bkt_map_free) bkt_map *m = bkt_map_new();
	struct bkt_err err;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		assert_int_equal(
		    bkt_map_set(m, "k", &numbers[0], &err), BKT_OK);
		assert_ptr_equal(bkt_map_remove(m, "k"), &numbers[0]);
	}
	assert_int_equal(bkt_map_count(m), 0);
	assert_null(bkt_map_get(m, "k"));
}

static void a_map_without_memory_is_unchanged(void **state)
{
	BKT_AUTO(bkt_map_free) bkt_map *m = bkt_map_new();
	struct bkt_err err;
	char key[16];

	(void)state;
	for (int i = 0; i < 200; i++) {
		enum bkt_status st;

		number_key(key, i);
		for (allocations_left = 0;; allocations_left++) {
			size_t tried = allocations_left;

			bkt_alloc_fault = fail_when_used_up;
			st = bkt_map_set(m, key, &numbers[i], &err);
			bkt_alloc_fault = NULL;
			allocations_left = tried;
			if (st == BKT_OK)
				break;
			assert_int_equal(st, BKT_E_NOMEM);
			assert_int_equal(bkt_map_count(m), (size_t)i);
			assert_null(bkt_map_get(m, key));
			assert_true(tried < 4);
		}
	}
	for (int i = 0; i < 200; i++) {
		number_key(key, i);
		assert_ptr_equal(bkt_map_get(m, key), &numbers[i]);
	}
}

static void strings_and_spans(void **state)
{
	const char *v[] = { "a", "b" };
	struct bkt_strs l = { v, 2 };

	(void)state;
	assert_true(bkt_strs_has(&l, "b"));
	assert_false(bkt_strs_has(&l, "c"));
	assert_true(bkt_span_eq(bkt_span_str("ab"), BKT_SPAN("abc", 2)));
	assert_false(bkt_span_eq(bkt_span_str("ab"), bkt_span_str("abc")));
	assert_false(bkt_span_eq(bkt_span_str("ab"), bkt_span_str("ac")));
	assert_true(bkt_span_eq(BKT_SPAN(NULL, 0), bkt_span_str("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failure_is_one_statement),
		cmocka_unit_test(errno_is_kept_and_named),
		cmocka_unit_test(context_goes_in_front_and_sets_the_status),
		cmocka_unit_test(a_message_may_quote_itself),
		cmocka_unit_test(a_long_message_is_cut_between_characters),
		cmocka_unit_test(every_status_has_its_own_name_and_one_range),
		cmocka_unit_test_teardown(
		    the_seam_refuses_every_kind_of_allocation, no_fault),
		cmocka_unit_test(scoped_pointers_are_freed_or_stolen),
		cmocka_unit_test(a_buffer_grows_and_stays_terminated),
		cmocka_unit_test(the_ceiling_is_exact_and_sticky),
		cmocka_unit_test_teardown(
		    a_buffer_without_memory_is_a_fault_not_a_limit, no_fault),
		cmocka_unit_test(room_is_zeroed_and_does_not_move_the_end),
		cmocka_unit_test(an_empty_buffer_may_be_stolen),
		cmocka_unit_test(arena_memory_is_zeroed_aligned_and_counted),
		cmocka_unit_test(arena_has_a_ceiling),
		cmocka_unit_test(arena_strings),
		cmocka_unit_test(a_map_finds_what_was_set_and_keeps_the_order),
		cmocka_unit_test(removed_keys_are_gone_and_others_stay),
		cmocka_unit_test(
		    setting_and_removing_one_key_forever_stays_small),
		cmocka_unit_test_teardown(
		    a_map_without_memory_is_unchanged, no_fault),
		cmocka_unit_test(strings_and_spans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
