/* What each kind of record may refer to, and the files that come with it. */
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

/* ---- the registry ---------------------------------------------------------
 */

static struct bkt_record *institution(void)
{
	struct bkt_record *r = city_fresh(&city, BKT_KIND_INSTITUTION);
	BKT_AUTO(bkt_state_free) bkt_state *state = NULL;
	struct bkt_err err;
	BKT_AUTO(bkt_buf_release) struct bkt_buf key;

	bkt_buf_init(&key, 256);
	assert_int_equal(bkt_store_state(city.s, &state, &err), BKT_OK);
	bkt_note_key_print(bkt_state_note_key(state), &key);
	r->u.institution = (struct bkt_institution){ .name = "Kota Uji Baru",
		.type = "pemda",
		.note_key = bkt_arena_strdup(city.arena, (char *)key.ptr),
		.ca = bkt_arena_strdup(
		    city.arena, bkt_state_institution(state)->ca) };
	return r;
}

static struct bkt_submission renamed(void)
{
	return say(institution(), CITY_ADMIN);
}

static struct bkt_submission other_key(void)
{
	struct bkt_record *r = institution();
	BKT_AUTO(bkt_store_key_free)
	bkt_store_key *k = pki_store_key(CITY_ORIGIN);
	BKT_AUTO(bkt_buf_release) struct bkt_buf text;

	bkt_buf_init(&text, 256);
	bkt_note_key_print(bkt_store_key_public(k), &text);
	r->u.institution.note_key =
	    bkt_arena_strdup(city.arena, (char *)text.ptr);
	return say(r, CITY_ADMIN);
}

static struct bkt_submission other_ca_file(void)
{
	return spoil_owned(renamed());
}

/* a CA of the admin's own, as the record names it */
static struct bkt_submission another_ca(void)
{
	struct bkt_record *r = institution();
	BKT_AUTO(pki_release) struct pki other;
	char hex[BKT_SHA256_HEX + 1];
	struct bkt_submission sub;
	struct bkt_sha256 sum;
	struct bkt_err err;

	pki_init(&other, CITY_ORIGIN);
	assert_int_equal(
	    bkt_sha256_of(bkt_buf_span(&other.ca_pem), &sum, &err), BKT_OK);
	bkt_hex(sum.b, BKT_SHA256_LEN, hex);
	r->u.institution.ca = bkt_arena_strdup(city.arena, hex);
	sub = say(r, CITY_ADMIN);
	sub.owned[0].bytes = bkt_span_str(bkt_arena_strndup(
	    city.arena, (char *)other.ca_pem.ptr, other.ca_pem.len));
	return sub;
}

static struct bkt_submission nobody_may_register(void)
{
	static struct bkt_access_need needs[] = {
		{ .role = "uploader", .count = 9, .scope = "any" }
	};
	struct bkt_record *r = city_fresh(&city, BKT_KIND_ACCESS);
	struct bkt_access *a = &r->u.access;

	*a = city.access;
	a->rules = bkt_arena_alloc(city.arena, a->n_rules * sizeof(*a->rules));
	assert_non_null(a->rules);
	for (size_t i = 0; i < city.access.n_rules; i++) {
		a->rules[i] = city.access.rules[i];
		if (strcmp(a->rules[i].kind, "member") == 0) {
			a->rules[i].needs = needs;
			a->rules[i].n_needs = 1;
		}
	}
	return say(r, CITY_ADMIN);
}

static struct bkt_submission nobody_may_change_the_policy(void)
{
	struct bkt_record *r = city_fresh(&city, BKT_KIND_ACCESS);
	struct bkt_access *a = &r->u.access;
	size_t n = 0;

	*a = city.access;
	a->rules = bkt_arena_alloc(city.arena, a->n_rules * sizeof(*a->rules));
	assert_non_null(a->rules);
	for (size_t i = 0; i < city.access.n_rules; i++) {
		if (strcmp(city.access.rules[i].kind, "access") != 0)
			a->rules[n++] = city.access.rules[i];
	}
	a->n_rules = n;
	return say(r, CITY_ADMIN);
}

static struct bkt_submission role_unknown(void)
{
	static const char *roles[] = { "raja" };
	struct bkt_record *r = city_member(&city, CITY_STRANGER, "active");

	r->u.member.roles = (struct bkt_strs){ roles, 1 };
	return say(r, CITY_ADMIN);
}

static struct bkt_submission unit_unknown(void)
{
	static const char *units[] = { "dinas-z" };
	struct bkt_record *r = city_member(&city, CITY_STRANGER, "active");

	r->u.member.units = (struct bkt_strs){ units, 1 };
	return say(r, CITY_ADMIN);
}

/* the certificate of one person under the name of another */
static struct bkt_submission request_for_another(void)
{
	struct bkt_record *r = city_member(&city, CITY_STRANGER, "active");
	struct bkt_submission sub;

	r->u.member.member = "siapa";
	sub = say(r, CITY_ADMIN);
	sub.owned[0].bytes = bkt_buf_span(&city.people[11].cert_pem);
	return sub;
}

/* nobody shows that they hold the key of the certificate */
static struct bkt_submission request_of_another_key(void)
{
	struct bkt_record *r = city_member(&city, CITY_STRANGER, "active");

	r->u.member.request =
	    city_member(&city, CITY_OPERATOR, "active")->u.member.request;
	return say(r, CITY_ADMIN);
}

static struct bkt_submission other_certificate_file(void)
{
	struct bkt_submission sub =
	    say(city_member(&city, CITY_STRANGER, "active"), CITY_ADMIN);

	sub.owned[0].bytes = bkt_buf_span(&city.people[3].cert_pem);
	return sub;
}

static struct bkt_submission by_another_ca(void)
{
	BKT_AUTO(pki_release) struct pki other;
	BKT_AUTO(pki_member_release) struct pki_member m;
	struct bkt_record *r = city_fresh(&city, BKT_KIND_MEMBER);
	BKT_AUTO(bkt_buf_release) struct bkt_buf request;
	struct bkt_submission sub;
	char hex[BKT_SHA256_HEX + 1];

	pki_init(&other, CITY_ORIGIN);
	pki_member_init(&m, &other, "asing");
	bkt_buf_init(&request, 65536);
	bkt_base64(&request, bkt_buf_span(&m.csr_der));
	bkt_hex(bkt_cert_info(bkt_signer_cert(m.signer))->sha256.b, 32, hex);
	r->u.member = (struct bkt_member){ .member = "asing",
		.state = "active",
		.cert = bkt_arena_strdup(city.arena, hex),
		.request = bkt_arena_strdup(city.arena, (char *)request.ptr) };
	sub = say(r, CITY_ADMIN);
	sub.owned[0].bytes = bkt_span_str(bkt_arena_strndup(
	    city.arena, (char *)m.cert_pem.ptr, m.cert_pem.len));
	return sub;
}

static struct bkt_submission revokes_nobody(void)
{
	struct bkt_record *r = city_revocation(&city, CITY_OPERATOR);

	r->u.revocation.member = "siapa";
	return say(r, CITY_ADMIN);
}

static struct bkt_submission revokes_another_certificate(void)
{
	struct bkt_record *r = city_revocation(&city, CITY_OPERATOR);

	r->u.revocation.cert = zeros;
	return say(r, CITY_ADMIN);
}

static struct bkt_submission revokes_another_key(void)
{
	struct bkt_record *r = city_revocation(&city, CITY_OPERATOR);

	r->u.revocation.key = zeros;
	return say(r, CITY_ADMIN);
}

static void registry(void **state)
{
	static const struct row rows[] = {
		{ "the institution gets another name", BKT_OK, renamed, 0 },
		{ "the store's key is exchanged", BKT_E_POLICY, other_key, 0 },
		{ "ca.pem is not the one that is signed for", BKT_E_TAMPERED,
		    other_ca_file, 0 },
		{ "the CA is exchanged", BKT_E_POLICY, another_ca, 0 },
		{ "a policy that locks everybody out", BKT_E_POLICY,
		    nobody_may_change_the_policy, 0 },
		{ "a policy by which nobody registers members", BKT_E_POLICY,
		    nobody_may_register, 0 },
		{ "a role that the policy does not know", BKT_E_POLICY,
		    role_unknown, 0 },
		{ "a unit that is not there", BKT_E_POLICY, unit_unknown, 0 },
		{ "the key was shown for another name", BKT_E_TRUST,
		    request_for_another, 0 },
		{ "the key shown is not the certificate's", BKT_E_TRUST,
		    request_of_another_key, 0 },
		{ "the certificate beside is another one", BKT_E_TAMPERED,
		    other_certificate_file, 0 },
		{ "a certificate that the CA did not issue", BKT_E_TRUST,
		    by_another_ca, 0 },
		{ "revokes who never was", BKT_E_POLICY, revokes_nobody, 0 },
		{ "revokes a certificate that is not theirs", BKT_E_POLICY,
		    revokes_another_certificate, 0 },
		{ "revokes a key that the certificate does not hold",
		    BKT_E_POLICY, revokes_another_key, 0 },
	};

	(void)state;
	RUN(rows);
}

/* ---- evidence -------------------------------------------------------------
 */

static struct bkt_record *fresh_document(const char *unit)
{
	return city_document(&city, "dddddddddddd", unit, "active", "surat d");
}

static struct bkt_submission document_of_no_unit(void)
{
	return say(fresh_document("dinas-z"), CITY_OPERATOR);
}

static struct bkt_submission pointer_differs(void)
{
	struct bkt_submission sub =
	    say(fresh_document("dinas-a"), CITY_UPLOADER);
	BKT_AUTO(bkt_buf_release) struct bkt_buf text;

	bkt_buf_init(&text, 1024);
	bkt_pointer_print(zeros, sub.record.len, &text);
	sub.owned[0].bytes =
	    bkt_span_str(bkt_arena_strdup(city.arena, (char *)text.ptr));
	return sub;
}

static struct bkt_submission pointer_missing(void)
{
	struct bkt_submission sub =
	    say(fresh_document("dinas-a"), CITY_UPLOADER);

	sub.n_owned = 0;
	return sub;
}

static struct bkt_submission at_cycle(
    struct bkt_record *r, const char *from, const char *to, int who)
{
	const char *at = strstr(r->path, from);

	assert_non_null(at);
	r->path = bkt_arena_printf(city.arena, "%.*s%s%s", (int)(at - r->path),
	    r->path, to, at + strlen(from));
	return say(r, who);
}

static struct bkt_submission link_in_no_cycle(void)
{
	return at_cycle(city_link(&city, "X1", CITY_DOC_B), CITY_CYCLE,
	    "2031-1", CITY_OPERATOR);
}

static struct bkt_submission link_at_no_indicator(void)
{
	return say(city_link(&city, "X9", CITY_DOC_B), CITY_OPERATOR);
}

static struct bkt_submission link_of_no_document(void)
{
	return say(city_link(&city, "X1", "eeeeeeeeeeee"), CITY_OPERATOR);
}

static struct bkt_submission link_of_withdrawn(void)
{
	return say(city_link(&city, "X1", CITY_DOC_GONE), CITY_OPERATOR);
}

static struct bkt_submission claim_in_no_cycle(void)
{
	return at_cycle(
	    city_claim(&city, "X1", "2"), CITY_CYCLE, "2031-1", CITY_MANY_HATS);
}

static struct bkt_submission claim_at_no_indicator(void)
{
	return say(city_claim(&city, "X9", "2"), CITY_MANY_HATS);
}

static struct bkt_record *decision(void)
{
	return city_review(&city, "X2", CITY_DOC_B, CITY_VERIFIER, "accept");
}

static struct bkt_submission review_of_no_link(void)
{
	return say(
	    city_review(&city, "X2", CITY_DOC_A, CITY_VERIFIER, "accept"),
	    CITY_VERIFIER);
}

static struct bkt_submission review_of_another_link(void)
{
	struct bkt_record *r = decision();

	r->u.review.link = zeros;
	return say(r, CITY_VERIFIER);
}

static struct bkt_submission review_of_other_content(void)
{
	struct bkt_record *r = decision();

	r->u.review.content = zeros;
	return say(r, CITY_VERIFIER);
}

static struct bkt_submission review_of_another_record(void)
{
	struct bkt_record *r = decision();

	r->u.review.document_record = zeros;
	return say(r, CITY_VERIFIER);
}

static struct bkt_submission hold_on_nothing(void)
{
	struct bkt_record *r = city_fresh(&city, BKT_KIND_HOLD);

	r->u.hold = (struct bkt_hold){ "eeeeeeeeeeee", "active", "perkara" };
	return say(r, CITY_ADMIN);
}

static void evidence(void **state)
{
	static const struct row rows[] = {
		{ "a document of no unit", BKT_E_POLICY, document_of_no_unit,
		    0 },
		{ "the pointer names other content", BKT_E_TAMPERED,
		    pointer_differs, 0 },
		{ "the pointer is not there", BKT_E_FORMAT, pointer_missing,
		    0 },
		{ "a link in no cycle", BKT_E_POLICY, link_in_no_cycle, 0 },
		{ "a link at no indicator", BKT_E_POLICY, link_at_no_indicator,
		    0 },
		{ "a link of no document", BKT_E_POLICY, link_of_no_document,
		    0 },
		{ "a link of a withdrawn document", BKT_E_POLICY,
		    link_of_withdrawn, 0 },
		{ "a claim in no cycle", BKT_E_POLICY, claim_in_no_cycle, 0 },
		{ "a claim at no indicator", BKT_E_POLICY,
		    claim_at_no_indicator, 0 },
		{ "a decision about what is not linked", BKT_E_POLICY,
		    review_of_no_link, 0 },
		{ "a decision about another version of the link",
		    BKT_E_CONFLICT, review_of_another_link, 0 },
		{ "a decision about other content", BKT_E_CONFLICT,
		    review_of_other_content, 0 },
		{ "a decision about another record of the document",
		    BKT_E_CONFLICT, review_of_another_record, 0 },
		{ "a hold on no document", BKT_E_POLICY, hold_on_nothing, 0 },
	};

	(void)state;
	RUN(rows);
}

/* a decision prepared before the document was replaced, handed in after */
static void decision_overtaken(void **state)
{
	struct bkt_submission sub = say(decision(), CITY_VERIFIER);
	struct bkt_err err;

	(void)state;
	assert_int_equal(rows_judge(&city, sub, 0, &err), BKT_OK);
	city_do(&city,
	    say(city_document(
		    &city, CITY_DOC_B, "dinas-b", "active", "surat b lagi"),
		CITY_UPLOADER_TOO),
	    "surat b lagi");
	assert_int_equal(rows_judge(&city, sub, 0, &err), BKT_E_CONFLICT);
}

/* the same content, but another date of it */
static void decision_overtaken_by_a_date(void **state)
{
	struct bkt_submission sub = say(decision(), CITY_VERIFIER);
	struct bkt_record *r = city_document(
	    &city, CITY_DOC_B, "dinas-b", "active", "surat b lagi");
	struct bkt_err err;

	(void)state;
	assert_int_equal(rows_judge(&city, sub, 0, &err), BKT_OK);
	r->u.document.date = "2026-04-01";
	city_do(&city, say(r, CITY_UPLOADER_TOO), NULL);
	assert_int_equal(rows_judge(&city, sub, 0, &err), BKT_E_CONFLICT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registry),
		cmocka_unit_test(evidence),
		cmocka_unit_test(decision_overtaken),
		cmocka_unit_test(decision_overtaken_by_a_date),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
