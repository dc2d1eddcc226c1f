/* Any bytes as a rulebook, an access policy and a file policy. */
#include "bukti/rulebook.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* what was accepted must hold: evaluates, names its parts, finds itself */
static void use(const bkt_rulebook_set *set)
{
	const struct bkt_rulebook *rb = bkt_rulebook_get(set);
	unsigned n_run, n_failed;
	struct bkt_err err;

	if (bkt_rulebook_test(set, &n_run, &n_failed, NULL, &err) != BKT_OK &&
	    err.status != BKT_E_LIMIT)
		abort();
	for (size_t i = 0; i < rb->n_indicators; i++)
		if (bkt_rulebook_indicator(rb, rb->indicators[i].id) !=
		    &rb->indicators[i])
			abort();
	if (rb->n_bands == 0 || !rb->stem)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	BKT_AUTO(bkt_rulebook_free) bkt_rulebook_set *set = NULL;
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 24);
	BKT_AUTO(bkt_buf_release) struct bkt_buf report;
	struct bkt_file_policy files;
	struct bkt_access access;
	struct bkt_err err;
	enum bkt_status st;

	bkt_buf_init(&report, 1 << 20);
	if (!arena)
		return 0;
	st = bkt_rulebook_parse(
	    BKT_SPAN(data, size), "fuzz", &set, &report, &err);
	if (st == BKT_OK)
		use(set);
	else if (st != BKT_E_CONFIG && st != BKT_E_NOMEM)
		abort();
	st = bkt_access_from_yaml(
	    BKT_SPAN(data, size), "fuzz", arena, &access, &err);
	if (st != BKT_OK && st != BKT_E_CONFIG && st != BKT_E_NOMEM)
		abort();
	st = bkt_file_policy_from_yaml(
	    BKT_SPAN(data, size), "fuzz", arena, &files, &err);
	if (st != BKT_OK && st != BKT_E_CONFIG && st != BKT_E_NOMEM)
		abort();
	return 0;
}
