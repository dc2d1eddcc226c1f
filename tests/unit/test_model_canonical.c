/*
 * Two readers, one meaning: whatever the quick canonical reader takes and
 * printing confirms, the JSON parser reads as the very same record; and what
 * is canonical is never left to the slow way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../core/model/schema.h"

#define GOLDEN BUKTI_SOURCE_DIR "/tests/golden/record"
#define ARENA_MAX ((size_t)8 << 20)

static void slurp(const char *path, struct bkt_buf *out)
{
	struct bkt_err err;

	bkt_buf_init(out, (size_t)1 << 20);
	if (bkt_file_slurp(path, out, &err) != BKT_OK)
		fail_msg("%s: %s", path, err.msg);
}

static bool prints_as(const struct bkt_record *r, struct bkt_span want)
{
	struct bkt_err err;
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;

	bkt_buf_init(&out, (size_t)1 << 20);
	record_emit(r, &out);
	assert_int_equal(bkt_buf_check(&out, &err), BKT_OK);
	return bkt_span_eq(bkt_buf_span(&out), want);
}

/* true: canonical by the quick reader */
static bool compare(struct bkt_span in, bkt_arena *arena)
{
	struct bkt_record *quick = NULL, *slow = NULL;
	struct bkt_err err;
	bool taken, json;

	bkt_arena_clear(arena);
	taken = record_read_canonical(in, arena, &quick) &&
		record_check(quick, &err) == BKT_OK && prints_as(quick, in);
	json = record_read_json(in, arena, &slow, &err) == BKT_OK &&
	       record_check(slow, &err) == BKT_OK && prints_as(slow, in);
	assert_int_equal(taken, json);
	if (taken) {
		assert_int_equal(quick->kind, slow->kind);
		assert_int_equal(quick->at_utc_s, slow->at_utc_s);
		assert_string_equal(quick->path, slow->path);
	}
	return taken;
}

static void each_file(const char *dir, const char *suffix,
    void (*fn)(struct bkt_buf *in, bkt_arena *arena))
{
	struct bkt_strs names;
	struct bkt_err err;
	BKT_AUTO(bkt_arena_free) bkt_arena *list = bkt_arena_new(ARENA_MAX);
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(ARENA_MAX);

	assert_int_equal(bkt_dir_list(dir, list, &names, &err), BKT_OK);
	for (size_t i = 0; i < names.n; i++) {
		char path[512];
		BKT_AUTO(bkt_buf_release) struct bkt_buf in;

		bkt_buf_init(&in, 0);
		if (!strstr(names.v[i], suffix))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, names.v[i]);
		slurp(path, &in);
		fn(&in, arena);
	}
}

static void is_taken(struct bkt_buf *in, bkt_arena *arena)
{
	assert_true(compare(bkt_buf_span(in), arena));
}

static void is_not_taken(struct bkt_buf *in, bkt_arena *arena)
{
	assert_false(compare(bkt_buf_span(in), arena));
}

/* every byte replaced by each of these, dropped, and doubled */
static void mutate(struct bkt_buf *in, bkt_arena *arena)
{
	static const uint8_t with[] = "\"\\, \n]9\xC3";
	uint8_t other[16384];

	assert_true(in->len < sizeof(other));
	for (size_t i = 0; i < in->len; i++) {
		uint8_t was = in->ptr[i];

		for (size_t k = 0; k < sizeof(with); k++) {
			in->ptr[i] = with[k];
			(void)compare(bkt_buf_span(in), arena);
		}
		in->ptr[i] = was;
		memcpy(other, in->ptr, i);
		memcpy(other + i, in->ptr + i + 1, in->len - i - 1);
		(void)compare(BKT_SPAN(other, in->len - 1), arena);
		memcpy(other, in->ptr, i + 1);
		memcpy(other + i + 1, in->ptr + i, in->len - i);
		(void)compare(BKT_SPAN(other, in->len + 1), arena);
	}
	for (size_t n = 0; n < in->len; n++)
		(void)compare(BKT_SPAN(in->ptr, n), arena);
}

static void canonical_records_take_the_quick_way(void **state)
{
	(void)state;
	each_file(GOLDEN, ".json", is_taken);
}

static void bad_records_are_bad_either_way(void **state)
{
	(void)state;
	each_file(GOLDEN "/bad", ".json", is_not_taken);
}

static void spoiled_records_mean_the_same_either_way(void **state)
{
	(void)state;
	each_file(GOLDEN, ".json", mutate);
}

/* the section of a kind in the manual, up to the next one */
static char *manual_section(struct bkt_buf *page, const char *kind)
{
	char head[64];
	char *at, *end;

	snprintf(head, sizeof(head), "\n.Ss %s\n", kind);
	at = strstr((char *)page->ptr, head);
	if (!at)
		fail_msg("the manual has no section for %s", kind);
	end = strstr(at + strlen(head), "\n.S");
	assert_non_null(end);
	return strndup(at, (size_t)(end - at));
}

/* an ".It Cm" line names the key, alone or beside others */
static void in_manual(char *section, const char *key)
{
	size_t n = strlen(key);

	for (char *p = section; (p = strstr(p, "\n.It Cm ")) != NULL; p++) {
		char *w = p + 8, *lf = strchr(w, '\n');

		for (; w < lf; w += strcspn(w, " \n") + 1)
			if (strcspn(w, " \n") == n && memcmp(w, key, n) == 0)
				return;
	}
	fail_msg("the manual does not name %s in:%s", key, section);
}

static void the_manual_names_every_key(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf page;

	(void)state;
	slurp(BUKTI_SOURCE_DIR "/cli/man/bukti-record.5", &page);
	for (unsigned k = 0; k < BKT_N_KINDS; k++) {
		const struct schema *s = &schema_kind[k];
		char *section =
		    manual_section(&page, bkt_kind_name((enum bkt_kind)k));

		for (size_t i = 0; i < s->n; i++) {
			const struct schema *item = s->fields[i].item;

			in_manual(section, s->fields[i].key);
			for (size_t j = 0; item && j < item->n; j++)
				in_manual(section, item->fields[j].key);
		}
		free(section);
	}
}

static size_t fail_after;
static bool fail_forever;
static bool fail_one(size_t n_bytes)
{
	(void)n_bytes;
	if (fail_after > 0) {
		fail_after--;
		return false;
	}
	fail_after = fail_forever ? 0 : SIZE_MAX;
	return true;
}

/* its lexer would drop bytes and go on: bad input that was good */
static void no_memory_in_the_parser_is_never_a_verdict(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf in;

	(void)state;
	slurp(GOLDEN "/document.json", &in);
	for (unsigned mode = 0; mode < 2; mode++) {
		enum bkt_status st = BKT_E_NOMEM;
		size_t n = 0;

		fail_forever = mode == 1;
		for (; st != BKT_OK; n++) {
			struct bkt_record *r = NULL;
			struct bkt_err err;
			BKT_AUTO(bkt_arena_free)
			bkt_arena *arena = bkt_arena_new(ARENA_MAX);

			fail_after = n;
			bkt_alloc_fault = fail_one;
			st = record_read_json(
			    bkt_buf_span(&in), arena, &r, &err);
			bkt_alloc_fault = NULL;
			assert_true(st == BKT_OK || st == BKT_E_NOMEM);
		}
		assert_true(n > 50);
	}
}

/* tables are merged while they are walked, so both must be in order */
static void tables_are_sorted(void **state)
{
	(void)state;
	for (unsigned k = 0; k < BKT_N_KINDS; k++) {
		const struct schema *s = &schema_kind[k];

		for (size_t i = 1; i < s->n; i++)
			assert_true(
			    strcmp(s->fields[i - 1].key, s->fields[i].key) < 0);
		for (size_t i = 0; i < s->n; i++) {
			const struct field *f = &s->fields[i];

			for (size_t c = 0; c < schema_common.n; c++)
				assert_string_not_equal(
				    f->key, schema_common.fields[c].key);
			for (size_t j = 1; f->item && j < f->item->n; j++)
				assert_true(strcmp(f->item->fields[j - 1].key,
						f->item->fields[j].key) < 0);
		}
	}
	for (size_t i = 1; i < schema_common.n; i++)
		assert_true(strcmp(schema_common.fields[i - 1].key,
				schema_common.fields[i].key) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(canonical_records_take_the_quick_way),
		cmocka_unit_test(bad_records_are_bad_either_way),
		cmocka_unit_test(spoiled_records_mean_the_same_either_way),
		cmocka_unit_test(no_memory_in_the_parser_is_never_a_verdict),
		cmocka_unit_test(tables_are_sorted),
		cmocka_unit_test(the_manual_names_every_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
