/* Rulebooks are published once, and a round is about all of one. */
#include "bukti/ledger.h"

#include "support/one_city.h"
#include "support/rows.h"

#define RUN(rows) rows_run(&city, rows, sizeof(rows) / sizeof((rows)[0]))

static struct bkt_submission say(struct bkt_record *r, int who)
{
	return city_say(&city, r, who);
}

/* an owned file with its first letter changed */
static struct bkt_submission spoil_owned(struct bkt_submission sub)
{
	char *copy = bkt_arena_strndup(city.arena,
	    (const char *)sub.owned[0].bytes.ptr, sub.owned[0].bytes.len);

	assert_non_null(copy);
	copy[0] = copy[0] == 'x' ? 'y' : 'x';
	sub.owned[0].bytes = bkt_span_str(copy);
	return sub;
}

static const char zeros[] =
    "0000000000000000000000000000000000000000000000000000000000000000";

static struct bkt_submission rulebook_again(void)
{
	struct bkt_record *r = city_fresh(&city, BKT_KIND_RULEBOOK);
	const struct bkt_cycle *cycle =
	    &city_cycle(&city, "x", "open")->u.cycle;

	r->u.rulebook = (struct bkt_rulebook_rec){ cycle->rulebook,
		cycle->rulebook_sha256, strlen(city.yaml) };
	return say(r, CITY_ADMIN);
}

static struct bkt_record *second_rulebook(void)
{
	struct bkt_record *r = city_fresh(&city, BKT_KIND_RULEBOOK);

	r->u.rulebook = (struct bkt_rulebook_rec){ "uji-1-r2",
		city_cycle(&city, "x", "open")->u.cycle.rulebook_sha256,
		strlen(city.yaml) };
	return r;
}

static struct bkt_submission rulebook_more(void)
{
	return say(second_rulebook(), CITY_ADMIN);
}

static struct bkt_submission rulebook_spoilt(void)
{
	return spoil_owned(rulebook_more());
}

static struct bkt_submission rulebook_longer(void)
{
	struct bkt_record *r = second_rulebook();

	r->u.rulebook.size++;
	return say(r, CITY_ADMIN);
}

static struct bkt_submission cycle_without_rulebook(void)
{
	struct bkt_record *r = city_cycle(&city, "2026-2", "open");

	r->u.cycle.rulebook = "uji-9-r9";
	return say(r, CITY_COORDINATOR);
}

static struct bkt_submission cycle_with_another_text(void)
{
	struct bkt_record *r = city_cycle(&city, "2026-2", "open");

	r->u.cycle.rulebook_sha256 = zeros;
	return say(r, CITY_COORDINATOR);
}

static struct bkt_submission cycle_for_no_unit(void)
{
	static const char *units[] = { "dinas-z" };
	struct bkt_record *r = city_cycle(&city, "2026-2", "open");

	r->u.cycle.assignments[0].units = (struct bkt_strs){ units, 1 };
	return say(r, CITY_COORDINATOR);
}

static struct bkt_submission rulebook_unreadable(void)
{
	static const char text[] = "rulebook: [\n";
	static char hex[BKT_SHA256_HEX + 1];
	struct bkt_record *r = second_rulebook();
	struct bkt_submission sub;
	struct bkt_sha256 sha256;

	assert_int_equal(
	    bkt_sha256_of(bkt_span_str(text), &sha256, NULL), BKT_OK);
	bkt_hex(sha256.b, sizeof(sha256.b), hex);

	r->u.rulebook.size = strlen(text);
	r->u.rulebook.sha256 = hex;
	sub = say(r, CITY_ADMIN);
	sub.owned = bkt_arena_alloc(city.arena, sizeof(*sub.owned));
	*sub.owned = (struct bkt_file){ .path = "rulebooks/uji-1-r2.yaml",
		.bytes = bkt_span_str(text) };
	return sub;
}

static struct bkt_submission cycle_short(void)
{
	struct bkt_record *r = city_cycle(&city, "2026-2", "open");

	r->u.cycle.n_assignments--;
	return say(r, CITY_COORDINATOR);
}

static struct bkt_submission cycle_with_one_more(void)
{
	struct bkt_record *r = city_cycle(&city, "2026-2", "open");
	struct bkt_cycle *c = &r->u.cycle;
	struct bkt_assignment *more =
	    bkt_arena_alloc(city.arena, (c->n_assignments + 1) * sizeof(*more));

	for (size_t i = 0; i < c->n_assignments; i++)
		more[i] = c->assignments[i];
	more[c->n_assignments] = more[0];
	more[c->n_assignments].indicator = "X99";
	c->assignments = more;
	c->n_assignments++;
	return say(r, CITY_COORDINATOR);
}

static struct bkt_submission cycle_extended(void)
{
	struct bkt_record *r = city_cycle(&city, CITY_CYCLE, "open");

	r->u.cycle.cutoff = "2027-01-31";
	return say(r, CITY_COORDINATOR);
}

/* after the second revision is in the log */
static struct bkt_submission cycle_moved(void)
{
	struct bkt_record *r = city_cycle(&city, CITY_CYCLE, "open");

	r->u.cycle.rulebook = "uji-1-r2";
	return say(r, CITY_COORDINATOR);
}

static void a_cycle_keeps_its_rulebook(void **state)
{
	static const struct row before[] = { { "under one that is not there",
	    BKT_E_POLICY, cycle_moved, 0 } };
	static const struct row rows[] = {
		{ "under the second revision", BKT_E_POLICY, cycle_moved, 0 },
		{ "a later cutoff", BKT_OK, cycle_extended, 0 },
	};

	(void)state;
	RUN(before);
	city_do(&city, rulebook_more(), NULL);
	RUN(rows);
}

static void rulebooks_and_cycles(void **state)
{
	static const struct row rows[] = {
		{ "a new revision", BKT_OK, rulebook_more, 0 },
		{ "a rulebook is replaced", BKT_E_POLICY, rulebook_again, 0 },
		{ "a rulebook with one letter changed", BKT_E_TAMPERED,
		    rulebook_spoilt, 0 },
		{ "a rulebook of another size", BKT_E_TAMPERED, rulebook_longer,
		    0 },
		{ "a cycle under no rulebook", BKT_E_POLICY,
		    cycle_without_rulebook, 0 },
		{ "a cycle under another text of the rulebook", BKT_E_POLICY,
		    cycle_with_another_text, 0 },
		{ "a cycle that assigns to no unit", BKT_E_POLICY,
		    cycle_for_no_unit, 0 },
		{ "a cycle without one indicator", BKT_E_POLICY, cycle_short,
		    0 },
		{ "a cycle with one of its own", BKT_E_POLICY,
		    cycle_with_one_more, 0 },
		{ "a rulebook that nobody can read", BKT_E_FORMAT,
		    rulebook_unreadable, 0 },
	};

	(void)state;
	RUN(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rulebooks_and_cycles),
		cmocka_unit_test(a_cycle_keeps_its_rulebook),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
