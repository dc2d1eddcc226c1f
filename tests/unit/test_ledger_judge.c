/*
 * One record against a store at work: every reason to refuse it, and that the
 * same record is let in when the reason is not there.
 */
#include "bukti/ledger.h"

#include "support/one_city.h"
#include "support/rows.h"

#define RUN(rows) rows_run(&city, rows, sizeof(rows) / sizeof((rows)[0]))

static struct bkt_submission say(struct bkt_record *r, int who)
{
	return city_say(&city, r, who);
}

static struct bkt_record *new_document(void)
{
	return city_document(
	    &city, "dddddddddddd", "dinas-a", "active", "surat d");
}

/* ---- let in ---------------------------------------------------------------
 */

static struct bkt_submission good_document(void)
{
	return say(new_document(), CITY_UPLOADER);
}

static struct bkt_submission good_by_operator(void)
{
	return say(new_document(), CITY_OPERATOR);
}

static struct bkt_submission good_link(void)
{
	return say(city_link(&city, "X3", CITY_DOC_A), CITY_UPLOADER);
}

static struct bkt_submission good_claim(void)
{
	return say(city_claim(&city, "X3", "2"), CITY_MANY_HATS);
}

static struct bkt_submission good_review(void)
{
	return say(
	    city_review(&city, "X2", CITY_DOC_B, CITY_VERIFIER, "return"),
	    CITY_VERIFIER);
}

static struct bkt_submission good_release(void)
{
	return say(
	    city_said_release(&city), CITY_COORDINATOR | CITY_RESPONSIBLE);
}

static struct bkt_submission good_member(void)
{
	return say(city_member(&city, CITY_STRANGER, "active"), CITY_ADMIN);
}

static struct bkt_submission good_expiring(void)
{
	return say(new_document(), CITY_EXPIRING);
}

static struct bkt_submission good_withdrawn_link(void)
{
	struct bkt_record *r = city_link(&city, "X1", CITY_DOC_A);

	r->u.link.state = "withdrawn";
	return say(r, CITY_UPLOADER);
}

static struct bkt_submission good_closing(void)
{
	return say(city_cycle(&city, CITY_CYCLE, "closed"), CITY_COORDINATOR);
}

static struct bkt_submission good_access(void)
{
	struct bkt_record *r = city_fresh(&city, BKT_KIND_ACCESS);

	r->u.access = city.access;
	return say(r, CITY_ADMIN);
}

static struct bkt_record *erasure(void)
{
	struct bkt_record *r = city_fresh(&city, BKT_KIND_ERASURE);

	r->u.erasure = (struct bkt_erasure){ .document = CITY_DOC_A,
		.content = city_document(
		    &city, CITY_DOC_A, "dinas-a", "active", "surat a")
			       ->u.document.sha256,
		.basis = "UU 27/2022",
		.reason = "permintaan" };
	return r;
}

static struct bkt_submission good_erasure(void)
{
	return say(erasure(), CITY_ADMIN | CITY_RESPONSIBLE);
}

static void lets_in(void **state)
{
	static const struct row rows[] = {
		{ "an uploader's document of its own unit", BKT_OK,
		    good_document, 0 },
		{ "an operator's document of any unit", BKT_OK,
		    good_by_operator, 0 },
		{ "a second link of a document", BKT_OK, good_link, 0 },
		{ "a link withdrawn by who made it", BKT_OK,
		    good_withdrawn_link, 0 },
		{ "a claim by an internal assessor", BKT_OK, good_claim, 0 },
		{ "a decision by a person who supplied nothing", BKT_OK,
		    good_review, 0 },
		{ "a release by two people", BKT_OK, good_release, 0 },
		{ "a member with a key shown", BKT_OK, good_member, 0 },
		{ "a certificate that still holds", BKT_OK, good_expiring, 0 },
		{ "a clock that leads by what is allowed", BKT_OK,
		    good_document, -BKT_CLOCK_SKEW_S },
		{ "accepted long after it was signed", BKT_OK, good_document,
		    86400 * 30 },
		{ "a cycle that is closed", BKT_OK, good_closing, 0 },
		{ "the policy said again", BKT_OK, good_access, 0 },
		{ "an erasure by two people without a hold", BKT_OK,
		    good_erasure, 0 },
	};

	(void)state;
	RUN(rows);
}

/* ---- binding --------------------------------------------------------------
 */

static struct bkt_submission other_store(void)
{
	struct bkt_record *r = new_document();

	(void)say(r, CITY_UPLOADER);
	r->store = "spbe.kota-lain.go.id";
	return city_seal(&city, r, CITY_UPLOADER);
}

static struct bkt_submission says_first_but_is_not(void)
{
	struct bkt_record *r = city_claim(&city, "X1", "3");

	(void)say(r, CITY_UPLOADER);
	r->prev = "";
	return city_seal(&city, r, CITY_UPLOADER);
}

static struct bkt_submission says_replaces_but_is_first(void)
{
	struct bkt_record *r = city_claim(&city, "X3", "3");

	(void)say(r, CITY_MANY_HATS);
	r->prev = city_document(&city, CITY_DOC_A, "dinas-a", "active", "x")
		      ->u.document.sha256;
	return city_seal(&city, r, CITY_MANY_HATS);
}

static struct bkt_submission replaces_an_older(void)
{
	struct bkt_record *r = city_claim(&city, "X1", "3");

	(void)say(r, CITY_UPLOADER);
	r->prev = city_document(&city, CITY_DOC_A, "dinas-a", "active", "x")
		      ->u.document.sha256;
	return city_seal(&city, r, CITY_UPLOADER);
}

/* bytes that were signed for one place, put at another */
static struct bkt_submission other_path(void)
{
	struct bkt_submission sub = good_document();
	const char *text = (const char *)sub.record.ptr;
	char *copy = bkt_arena_strndup(city.arena, text, sub.record.len);
	char *at;

	assert_non_null(copy);
	at = strstr(copy, "documents/dd/dddddddddddd/");
	assert_non_null(at);
	memcpy(at, "documents/ee/eeeeeeeeeeee/", 26);
	sub.record = bkt_span_str(copy);
	return sub;
}

static void holds_to_store_path_and_predecessor(void **state)
{
	static const struct row rows[] = {
		{ "signed for another store", BKT_E_TRUST, other_store, 0 },
		{ "path and contents do not agree", BKT_E_FORMAT, other_path,
		    0 },
		{ "says that nothing was there", BKT_E_CONFLICT,
		    says_first_but_is_not, 0 },
		{ "replaces what never was", BKT_E_CONFLICT,
		    says_replaces_but_is_first, 0 },
		{ "replaces what is no longer current", BKT_E_CONFLICT,
		    replaces_an_older, 0 },
	};

	(void)state;
	RUN(rows);
}

/* ---- signers --------------------------------------------------------------
 */

static struct bkt_submission stranger(void)
{
	return say(new_document(), CITY_STRANGER);
}

static struct bkt_submission left(void)
{
	return say(new_document(), CITY_LEFT);
}

static struct bkt_submission revoked(void)
{
	return say(new_document(), CITY_REVOKED);
}

static struct bkt_submission signed_by(
    struct bkt_record *r, int named, int really)
{
	const struct bkt_hand hand = { city_id(named),
		city_signer(&city, really) };
	struct bkt_submission sub = say(r, named), other;
	struct bkt_err err;

	assert_int_equal(
	    bkt_store_seal(r, &hand, 1, city.arena, &other, &err), BKT_OK);
	sub.seals = other.seals;
	return sub;
}

static struct bkt_submission in_anothers_name(void)
{
	return signed_by(new_document(), CITY_UPLOADER, CITY_OPERATOR);
}

static struct bkt_submission altered(void)
{
	struct bkt_submission sub = good_document();
	char *copy = bkt_arena_strndup(
	    city.arena, (const char *)sub.record.ptr, sub.record.len);
	char *at = copy ? strstr(copy, "Surat uji") : NULL;

	assert_non_null(at);
	memcpy(at, "Surat upi", 9);
	sub.record = bkt_span_str(copy);
	return sub;
}

static struct bkt_submission one_seal_short(void)
{
	struct bkt_submission sub = good_release();

	sub.n_seals = 1;
	return sub;
}

static struct bkt_submission one_seal_more(void)
{
	struct bkt_submission sub = good_document(), other = good_release();
	struct bkt_sealed *seals =
	    bkt_arena_alloc(city.arena, 2 * sizeof(*seals));

	assert_non_null(seals);
	seals[0] = other.seals[0];
	seals[1] = sub.seals[0];
	sub.seals = seals;
	sub.n_seals = 2;
	return sub;
}

static struct bkt_submission sealed_at(int64_t shift_s)
{
	struct bkt_record *r = new_document();
	struct bkt_submission sub = say(r, CITY_UPLOADER);
	BKT_AUTO(bkt_buf_release) struct bkt_buf p7s;
	char *copy;

	bkt_buf_init(&p7s, BKT_SEAL_MAX);
	pki_seal(&city.people[6], sub.record, r->at_utc_s + shift_s, &p7s);
	copy = bkt_arena_alloc(city.arena, p7s.len);
	assert_non_null(copy);
	memcpy(copy, p7s.ptr, p7s.len);
	sub.seals[0].p7s = BKT_SPAN(copy, p7s.len);
	return sub;
}

static struct bkt_submission older_seal(void)
{
	return sealed_at(-1);
}

static struct bkt_submission seal_from_the_future(void)
{
	return sealed_at(BKT_CLOCK_SKEW_S + 1);
}

static struct bkt_submission record_from_the_future(void)
{
	struct bkt_record *r = new_document();

	(void)say(r, CITY_UPLOADER);
	r->at_utc_s = city_now_utc_s + BKT_CLOCK_SKEW_S + 1;
	return city_seal(&city, r, CITY_UPLOADER);
}

static struct bkt_submission before_its_certificate(void)
{
	struct bkt_record *r = new_document();

	(void)say(r, CITY_UPLOADER);
	r->at_utc_s = PKI_FROM - 1;
	return city_seal(&city, r, CITY_UPLOADER);
}

static void holds_to_who_signed(void **state)
{
	static const struct row rows[] = {
		{ "certified by the CA, but no member", BKT_E_TRUST, stranger,
		    0 },
		{ "a member who has left", BKT_E_TRUST, left, 0 },
		{ "a key that was revoked", BKT_E_TRUST, revoked, 0 },
		{ "another member's key in one's name", BKT_E_TRUST,
		    in_anothers_name, 0 },
		{ "one letter changed after signing", BKT_E_SEAL, altered, 0 },
		{ "one signature too few", BKT_E_SEAL, one_seal_short, 0 },
		{ "one signature too many", BKT_E_TRUST, one_seal_more, 0 },
		{ "a certificate that expired before it was accepted",
		    BKT_E_TRUST, good_expiring, 86401 },
		{ "signed before the certificate was valid", BKT_E_TRUST,
		    before_its_certificate, 0 },
		{ "a record dated ahead of the store", BKT_E_TRUST,
		    record_from_the_future, 0 },
		{ "a signature dated ahead of the store", BKT_E_TRUST,
		    seal_from_the_future, 0 },
		{ "the store's clock behind by more than is allowed",
		    BKT_E_TRUST, good_document, -BKT_CLOCK_SKEW_S - 1 },
		{ "a signature older than its record", BKT_E_TRUST, older_seal,
		    0 },
	};

	(void)state;
	RUN(rows);
}

/* ---- access ---------------------------------------------------------------
 */

static struct bkt_submission member_by_operator(void)
{
	return say(city_member(&city, CITY_STRANGER, "active"), CITY_OPERATOR);
}

static struct bkt_submission own_roles(void)
{
	static const char *roles[] = { "admin", "operator" };
	struct bkt_record *r = city_member(&city, CITY_OPERATOR, "active");

	r->u.member.roles = (struct bkt_strs){ roles, 2 };
	return say(r, CITY_OPERATOR);
}

static struct bkt_submission foreign_unit(void)
{
	return say(city_document(
		       &city, "dddddddddddd", "dinas-b", "active", "surat d"),
	    CITY_UPLOADER);
}

static struct bkt_submission takes_over(void)
{
	return say(
	    city_document(&city, CITY_DOC_B, "dinas-a", "active", "surat b"),
	    CITY_UPLOADER);
}

static struct bkt_submission not_assigned_link(void)
{
	return say(city_link(&city, "X2", CITY_DOC_A), CITY_UPLOADER);
}

static struct bkt_submission not_assigned_claim(void)
{
	return say(city_claim(&city, "X2", "3"), CITY_UPLOADER);
}

static struct bkt_submission review_by_operator(void)
{
	return say(
	    city_review(&city, "X1", CITY_DOC_A, CITY_OPERATOR, "accept"),
	    CITY_OPERATOR);
}

static struct bkt_submission own_document(void)
{
	return say(
	    city_review(&city, "X3", CITY_DOC_B, CITY_UPLOADER_TOO, "accept"),
	    CITY_UPLOADER_TOO);
}

static struct bkt_submission own_link(void)
{
	return say(
	    city_review(&city, "X2", CITY_DOC_B, CITY_UPLOADER_TOO, "accept"),
	    CITY_UPLOADER_TOO);
}

static struct bkt_submission both_roles_in_one(void)
{
	return say(city_said_release(&city), CITY_MANY_HATS);
}

static struct bkt_submission twice_the_same_role(void)
{
	return say(city_said_release(&city), CITY_COORDINATOR | CITY_OPERATOR);
}

static struct bkt_submission erasure_alone(void)
{
	return say(erasure(), CITY_ADMIN);
}

static struct bkt_submission cycle_by_uploader(void)
{
	return say(city_cycle(&city, "2026-2", "open"), CITY_UPLOADER);
}

static void holds_to_the_access_policy(void **state)
{
	static const struct row rows[] = {
		{ "no role for this kind", BKT_E_TRUST, member_by_operator, 0 },
		{ "gives itself a role", BKT_E_TRUST, own_roles, 0 },
		{ "no role for cycles", BKT_E_TRUST, cycle_by_uploader, 0 },
		{ "a document of another unit", BKT_E_TRUST, foreign_unit, 0 },
		{ "moves another unit's document to its own", BKT_E_TRUST,
		    takes_over, 0 },
		{ "a link at an indicator of another unit", BKT_E_TRUST,
		    not_assigned_link, 0 },
		{ "a claim at an indicator of another unit", BKT_E_TRUST,
		    not_assigned_claim, 0 },
		{ "a decision by who is no verifier", BKT_E_TRUST,
		    review_by_operator, 0 },
		{ "a verifier decides about its own document", BKT_E_TRUST,
		    own_document, 0 },
		{ "a verifier decides about its own document and link",
		    BKT_E_TRUST, own_link, 0 },
		{ "one person in both roles of a release", BKT_E_TRUST,
		    both_roles_in_one, 0 },
		{ "two people, but one of the roles is missing", BKT_E_TRUST,
		    twice_the_same_role, 0 },
		{ "an erasure by one person", BKT_E_TRUST, erasure_alone, 0 },
	};

	(void)state;
	RUN(rows);
}

/* four eyes also when only the link is one's own */
static void own_link_of_anothers_document(void **state)
{
	struct bkt_submission sub;
	struct bkt_err err;

	(void)state;
	city_do(&city,
	    say(city_link(&city, "X3", CITY_DOC_A), CITY_UPLOADER_TOO), NULL);
	sub = say(
	    city_review(&city, "X3", CITY_DOC_A, CITY_UPLOADER_TOO, "accept"),
	    CITY_UPLOADER_TOO);
	assert_int_equal(rows_judge(&city, sub, 0, &err), BKT_E_TRUST);
	sub = say(city_review(&city, "X3", CITY_DOC_A, CITY_VERIFIER, "accept"),
	    CITY_VERIFIER);
	assert_int_equal(rows_judge(&city, sub, 0, &err), BKT_OK);
}

/* what is refused gives no right to what comes after it in the batch */
static void no_right_from_a_refused_grant(void **state)
{
	struct bkt_submission subs[2];
	struct bkt_item items[2];

	(void)state;
	subs[0] = own_roles();
	subs[1] = say(city_unit(&city, "dinas-c", "active"), CITY_OPERATOR);
	assert_int_equal(city_submit(&city, subs, 2, NULL, 0, items), BKT_OK);
	assert_int_equal(items[0].status, BKT_E_TRUST);
	assert_int_equal(items[1].status, BKT_E_TRUST);
}

/* a right that was given counts from the next record on, also in one batch */
static void right_from_a_grant_before_it(void **state)
{
	BKT_AUTO(bkt_state_free) bkt_state *s = NULL;
	struct bkt_submission first, second;
	struct bkt_err err;

	(void)state;
	second = say(new_document(), CITY_STRANGER);
	first = good_member();
	assert_int_equal(bkt_store_state(city.s, &s, &err), BKT_OK);
	assert_int_equal(
	    rows_judge_on(&city, &second, s, 0, &err), BKT_E_TRUST);
	assert_int_equal(rows_judge_on(&city, &first, s, 0, &err), BKT_OK);
	assert_int_equal(rows_judge_on(&city, &second, s, 0, &err), BKT_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lets_in),
		cmocka_unit_test(holds_to_store_path_and_predecessor),
		cmocka_unit_test(holds_to_who_signed),
		cmocka_unit_test(holds_to_the_access_policy),
		cmocka_unit_test(own_link_of_anothers_document),
		cmocka_unit_test(no_right_from_a_refused_grant),
		cmocka_unit_test(right_from_a_grant_before_it),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
