/* What the tests of one small rulebook begin and end with. Define ONE_RULEBOOK
 * as the path of its file before. */
#ifndef BUKTI_TEST_ONE_RULEBOOK_H
#define BUKTI_TEST_ONE_RULEBOOK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bukti/rulebook.h"

static struct bkt_buf text;
static bkt_rulebook_set *set;
static const struct bkt_rulebook *rb;
static bkt_arena *arena;

static inline int set_up(void **state)
{
	struct bkt_err err;

	(void)state;
	bkt_buf_init(&text, BKT_YAML_MAX);
	arena = bkt_arena_new(1 << 26);
	if (!arena || bkt_file_slurp(ONE_RULEBOOK, &text, &err) != BKT_OK ||
	    bkt_rulebook_parse(bkt_buf_span(&text), "test", &set, NULL, &err) !=
		BKT_OK) {
		print_error("%s\n", arena ? err.msg : "no memory");
		return -1;
	}
	rb = bkt_rulebook_get(set);
	return 0;
}

static inline int tear_down(void **state)
{
	(void)state;
	bkt_rulebook_free(set);
	bkt_arena_free(arena);
	bkt_buf_release(&text);
	return 0;
}

#endif
