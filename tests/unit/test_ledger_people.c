/*
 * Two people are two people: nobody decides about what they handed in, whoever
 * touched it last; no two members share a key; a revoked key does not come
 * back, nor does content that was erased. Told of the tree (a store at work)
 * and of the replay (a verifier from the beginning) alike.
 */
#include "bukti/ledger.h"

#include "bukti/verify.h"
#include "support/forge.h"
#include "support/one_city.h"
#include "support/rows.h"

static struct bkt_submission say(struct bkt_record *r, int who)
{
	return city_say(&city, r, who);
}

static void expect(
    const char *why, struct bkt_submission sub, enum bkt_status want)
{
	struct bkt_err err = { .msg = "" };
	enum bkt_status st = rows_judge(&city, sub, 0, &err);

	if (st != want)
		fail_msg("%s: want %s, got %s: %s", why, bkt_status_name(want),
		    bkt_status_name(st), err.msg);
}

/* the verifier, from the genesis entry, without contents */
static void replay_says(enum bkt_verdict want)
{
	const struct bkt_verify_options o = { .cold = true,
		.no_content = true };
	BKT_AUTO(bkt_verify_report_release)
	struct bkt_verify_report r = { .verdict = BKT_INTACT };
	struct bkt_err err;

	assert_int_equal(bkt_verify_store(city.dir, &o, &r, &err), BKT_OK);
	if (r.verdict != want)
		fail_msg("replay says %s: %s", bkt_verdict_name(r.verdict),
		    r.n_items > 0 ? r.items[0].reason : "");
}

/* the same lie in the log, past the gate */
static void replay_refuses(struct bkt_submission sub)
{
	BKT_AUTO(forge_release) struct forge f;

	forge_begin(&f, &city);
	forge_commit(&f, &sub, 1, &(const struct lie){ .not_signed = false });
	forge_publish(&f);
	replay_says(BKT_UNTRUSTED);
	forge_undo(&f);
	replay_says(BKT_INTACT);
}

/* ---- four eyes ------------------------------------------------------------
 */

static struct bkt_record *document_b(const char *title, const char *words)
{
	struct bkt_record *r =
	    city_document(&city, CITY_DOC_B, "dinas-b", "active", words);

	r->u.document.title = title;
	return r;
}

static struct bkt_submission up_b_decides(const char *ind, const char *doc)
{
	return say(city_review(&city, ind, doc, CITY_UPLOADER_TOO, "accept"),
	    CITY_UPLOADER_TOO);
}

/* up-b handed in document B; the operator linked it to X3 */
static void a_correction_launders_nobody(void **state)
{
	(void)state;
	city_do(
	    &city, say(document_b("Judul", "surat b"), CITY_OPERATOR), NULL);
	expect("the title was corrected by a colleague",
	    up_b_decides("X3", CITY_DOC_B), BKT_E_TRUST);
	replay_refuses(up_b_decides("X3", CITY_DOC_B));
	city_do(&city, say(document_b("Judul lagi", "surat b"), CITY_OPERATOR),
	    NULL);
	expect("and once more", up_b_decides("X3", CITY_DOC_B), BKT_E_TRUST);
	city_do(&city, say(document_b("Judul", "surat b baru"), CITY_OPERATOR),
	    "surat b baru");
	expect("other content, but the same document",
	    up_b_decides("X3", CITY_DOC_B), BKT_E_TRUST);
	city_do(&city, say(document_b("Judul", "surat b"), CITY_OPERATOR),
	    "surat b");
	expect("their own content again", up_b_decides("X3", CITY_DOC_B),
	    BKT_E_TRUST);
	replay_refuses(up_b_decides("X3", CITY_DOC_B));
	replay_says(BKT_INTACT);
}

static void a_link_withdrawn_and_made_again(void **state)
{
	struct bkt_record *r;

	(void)state;
	city_do(&city,
	    say(city_link(&city, "X3", CITY_DOC_A), CITY_UPLOADER_TOO), NULL);
	r = city_link(&city, "X3", CITY_DOC_A);
	r->u.link.state = "withdrawn";
	city_do(&city, say(r, CITY_OPERATOR), NULL);
	city_do(&city, say(city_link(&city, "X3", CITY_DOC_A), CITY_OPERATOR),
	    NULL);
	expect("the first linker", up_b_decides("X3", CITY_DOC_A), BKT_E_TRUST);
	r = city_link(&city, "X3", CITY_DOC_A);
	r->u.link.locator = "halaman 2";
	city_do(&city, say(r, CITY_OPERATOR), NULL);
	expect("also when it says something else",
	    up_b_decides("X3", CITY_DOC_A), BKT_E_TRUST);
	replay_refuses(up_b_decides("X3", CITY_DOC_A));
}

static struct bkt_submission signed_as(
    struct bkt_record *r, int who, const char *a, const char *b)
{
	const char **names = bkt_arena_alloc(city.arena, 2 * sizeof(*names));
	const struct bkt_strs l = { names, b ? 2 : 1 };

	assert_non_null(names);
	names[0] = a;
	names[1] = b;
	(void)say(r, who);
	*bkt_record_hands(r) = l;
	return city_seal(&city, r, who);
}

static struct bkt_submission claims(
    struct bkt_record *r, const char *a, const char *b)
{
	return signed_as(r, CITY_OPERATOR, a, b);
}

static struct bkt_record *new_document(void)
{
	return city_document(
	    &city, "dddddddddddd", "dinas-a", "active", "surat d");
}

static void handed_in_by_is_not_a_matter_of_taste(void **state)
{
	(void)state;
	expect("as it is", claims(new_document(), "op", NULL), BKT_OK);
	expect("a first version in another's name",
	    claims(new_document(), "up-a", NULL), BKT_E_TRUST);
	expect("a first version of two", claims(new_document(), "op", "up-a"),
	    BKT_E_TRUST);
	expect("a correction that forgets the first",
	    claims(document_b("Judul", "surat b"), "op", NULL), BKT_E_TRUST);
	expect("a correction that names both",
	    claims(document_b("Judul", "surat b"), "op", "up-b"), BKT_OK);
	expect("new content that forgets the first",
	    claims(document_b("Judul", "lain"), "op", NULL), BKT_E_TRUST);
	expect("new content that names both",
	    claims(document_b("Judul", "lain"), "op", "up-b"), BKT_OK);
	expect("a link that forgets the first",
	    claims(city_link(&city, "X2", CITY_DOC_B), "op", NULL),
	    BKT_E_TRUST);
	expect("a link that names both",
	    claims(city_link(&city, "X2", CITY_DOC_B), "op", "up-b"), BKT_OK);
}

static struct bkt_submission many_hats_claim(const char *ind)
{
	return say(city_claim(&city, ind, "2"), CITY_MANY_HATS);
}

/* ver-a accepted at X1; ver-b, who is a coordinator too, returns at X2 */
static void who_decided_does_not_claim(void **state)
{
	(void)state;
	expect("the verifier who accepted there",
	    say(city_claim(&city, "X1", "3"), CITY_VERIFIER), BKT_E_TRUST);
	expect("elsewhere", say(city_claim(&city, "X3", "3"), CITY_VERIFIER),
	    BKT_OK);
	expect("nothing decided yet", many_hats_claim("X2"), BKT_OK);
	city_do(&city,
	    say(city_review(&city, "X2", CITY_DOC_B, CITY_MANY_HATS, "return"),
		CITY_MANY_HATS),
	    NULL);
	expect("a coordinator who returned something", many_hats_claim("X2"),
	    BKT_E_TRUST);
	/* the decision no longer counts, but it was made */
	city_do(
	    &city, say(document_b("Judul", "surat b"), CITY_OPERATOR), NULL);
	expect("of another version", many_hats_claim("X2"), BKT_E_TRUST);
	replay_refuses(many_hats_claim("X2"));
	expect("with somebody else",
	    say(city_claim(&city, "X2", "3"),
		CITY_MANY_HATS | CITY_COORDINATOR),
	    BKT_E_TRUST);
	expect("somebody else alone",
	    say(city_claim(&city, "X2", "3"), CITY_COORDINATOR), BKT_OK);
}

/* up-b claimed X2; the document and its link there are others' */
static void who_claimed_does_not_decide(void **state)
{
	struct bkt_record *r;

	(void)state;
	city_do(&city, say(city_link(&city, "X2", CITY_DOC_A), CITY_OPERATOR),
	    NULL);
	expect("who claims", up_b_decides("X2", CITY_DOC_A), BKT_E_TRUST);
	city_do(
	    &city, say(city_claim(&city, "X2", "3"), CITY_COORDINATOR), NULL);
	expect(
	    "another claims now", up_b_decides("X2", CITY_DOC_A), BKT_E_TRUST);
	r = city_claim(&city, "X2", "3");
	r->u.claim.state = "withdrawn";
	city_do(&city, say(r, CITY_COORDINATOR), NULL);
	expect(
	    "nobody claims now", up_b_decides("X2", CITY_DOC_A), BKT_E_TRUST);
	replay_refuses(up_b_decides("X2", CITY_DOC_A));
	expect("at another indicator",
	    say(city_review(
		    &city, "X1", CITY_DOC_A, CITY_UPLOADER_TOO, "accept"),
		CITY_UPLOADER_TOO),
	    BKT_OK);
}

static void claimed_by_is_not_a_matter_of_taste(void **state)
{
	(void)state;
	expect("a first claim in another's name",
	    signed_as(
		city_claim(&city, "X3", "2"), CITY_COORDINATOR, "up-a", NULL),
	    BKT_E_TRUST);
	expect("as it is",
	    signed_as(
		city_claim(&city, "X3", "2"), CITY_COORDINATOR, "koor", NULL),
	    BKT_OK);
	expect("one that forgets the first",
	    signed_as(
		city_claim(&city, "X2", "3"), CITY_COORDINATOR, "koor", NULL),
	    BKT_E_TRUST);
	expect("one that names both",
	    signed_as(
		city_claim(&city, "X2", "3"), CITY_COORDINATOR, "koor", "up-b"),
	    BKT_OK);
}

/* ---- keys -----------------------------------------------------------------
 */

/* registers @p id, as an operator, with this certificate */
static struct bkt_submission as_member(
    const struct pki_member *m, const char *state)
{
	struct bkt_record *r = city_member(&city, CITY_STRANGER, state);
	BKT_AUTO(bkt_buf_release) struct bkt_buf request;
	struct bkt_submission sub;
	char hex[BKT_SHA256_HEX + 1];

	bkt_buf_init(&request, 65536);
	bkt_base64(&request, bkt_buf_span(&m->csr_der));
	bkt_hex(bkt_cert_info(bkt_signer_cert(m->signer))->sha256.b, 32, hex);
	r->u.member.member = bkt_arena_strdup(city.arena, m->id);
	r->u.member.cert = bkt_arena_strdup(city.arena, hex);
	r->u.member.request = bkt_arena_strdup(city.arena, (char *)request.ptr);
	sub = say(r, CITY_ADMIN);
	sub.owned[0].bytes = bkt_span_str(bkt_arena_strndup(
	    city.arena, (char *)m->cert_pem.ptr, m->cert_pem.len));
	return sub;
}

/* the key of one person in a certificate for another name */
static struct bkt_submission under_a_name(
    const char *id, const struct pki_member *whose)
{
	BKT_AUTO(pki_member_release) struct pki_member m;

	pki_member_init_key(&m, &city.pki, id, whose);
	return as_member(&m, "active");
}

static struct pki_member *person(int who)
{
	size_t i = 0;

	while (who != 1 << i)
		i++;
	return &city.people[i];
}

static void one_key_one_member(void **state)
{
	struct bkt_submission sub =
	    under_a_name("kembar", person(CITY_VERIFIER));

	(void)state;
	expect("a second member with the verifier's key", sub, BKT_E_POLICY);
	replay_refuses(sub);
	expect("the key of a member who left",
	    under_a_name("kembar", person(CITY_LEFT)), BKT_E_POLICY);
	expect("a new certificate for the same key and member",
	    under_a_name("ver-a", person(CITY_VERIFIER)), BKT_OK);
	expect("a key of one's own",
	    under_a_name("tamu", person(CITY_STRANGER)), BKT_OK);
}

static void two_with_one_key_in_one_batch(void **state)
{
	struct bkt_submission subs[2];
	struct bkt_item items[2];

	(void)state;
	subs[0] = under_a_name("tamu", person(CITY_STRANGER));
	subs[1] = under_a_name("tamu-lagi", person(CITY_STRANGER));
	assert_int_equal(city_submit(&city, subs, 2, NULL, 0, items), BKT_OK);
	assert_int_equal(items[0].status, BKT_OK);
	assert_int_equal(items[1].status, BKT_E_POLICY);
	replay_says(BKT_INTACT);
}

/* revoke, exchange, revoke, and no way back */
static void a_revoked_key_stays_revoked(void **state)
{
	BKT_AUTO(pki_member_release) struct pki_member second, third;
	struct pki_member first = *person(CITY_REVOKED);

	(void)state;
	pki_member_init(&second, &city.pki, "bocor");
	pki_member_init(&third, &city.pki, "bocor");
	expect("registered again as it was", as_member(&first, "active"),
	    BKT_E_POLICY);
	expect("withdrawn with it", as_member(&first, "withdrawn"), BKT_OK);
	expect("in a new certificate", under_a_name("bocor", &first),
	    BKT_E_POLICY);
	expect("by another", under_a_name("tamu", &first), BKT_E_POLICY);
	city_do(&city, as_member(&second, "active"), NULL);
	*person(CITY_REVOKED) = second;
	city_do(
	    &city, say(city_revocation(&city, CITY_REVOKED), CITY_ADMIN), NULL);
	*person(CITY_REVOKED) = first;
	expect(
	    "the first one again", as_member(&first, "active"), BKT_E_POLICY);
	replay_refuses(as_member(&first, "active"));
	expect("the first one by another", under_a_name("tamu", &first),
	    BKT_E_POLICY);
	replay_refuses(under_a_name("tamu", &first));
	expect(
	    "the second one again", as_member(&second, "active"), BKT_E_POLICY);
	city_do(&city, as_member(&third, "active"), NULL);
	expect("the second one by another", under_a_name("tamu", &second),
	    BKT_E_POLICY);
	replay_says(BKT_INTACT);
}

/* tree and replay must agree about it */
static void a_key_exchanged_and_not_revoked_is_free(void **state)
{
	BKT_AUTO(pki_member_release) struct pki_member second;
	struct bkt_submission sub;

	(void)state;
	pki_member_init(&second, &city.pki, "op");
	city_do(&city, as_member(&second, "active"), NULL);
	sub = under_a_name("tamu", person(CITY_OPERATOR));
	expect("the former key of another", sub, BKT_OK);
	city_do(&city, sub, NULL);
	expect("which is the other's now",
	    under_a_name("op", person(CITY_OPERATOR)), BKT_E_POLICY);
	replay_says(BKT_INTACT);
}

/* ---- nobody left ----------------------------------------------------------
 */

static struct bkt_submission admin_without(const char *role)
{
	struct bkt_record *r = city_member(&city, CITY_ADMIN, "active");
	static const char *roles[1];

	roles[0] = role;
	r->u.member.roles = (struct bkt_strs){ roles, role ? 1 : 0 };
	return say(r, CITY_ADMIN);
}

static struct bkt_submission admin_goes(void)
{
	return say(city_member(&city, CITY_ADMIN, "withdrawn"), CITY_ADMIN);
}

static struct bkt_submission admin_revokes_themselves(void)
{
	return say(city_revocation(&city, CITY_ADMIN), CITY_ADMIN);
}

static void the_last_admin_stays(void **state)
{
	static const char *roles[] = { "admin", "operator" };
	struct bkt_record *r;

	(void)state;
	expect("withdrawn", admin_goes(), BKT_E_POLICY);
	expect("another role", admin_without("operator"), BKT_E_POLICY);
	expect("no role at all", admin_without(NULL), BKT_E_POLICY);
	replay_refuses(admin_goes());
	expect("their key revoked", admin_revokes_themselves(), BKT_E_POLICY);
	replay_refuses(admin_revokes_themselves());
	r = city_member(&city, CITY_OPERATOR, "active");
	r->u.member.roles = (struct bkt_strs){ roles, 2 };
	city_do(&city, say(r, CITY_ADMIN), NULL);
	expect("with a second admin", admin_goes(), BKT_OK);
	expect("another role then", admin_without("operator"), BKT_OK);
	expect("their key revoked then", admin_revokes_themselves(), BKT_OK);
	city_do(&city, say(city_revocation(&city, CITY_OPERATOR), CITY_ADMIN),
	    NULL);
	expect("whose key was revoked", admin_goes(), BKT_E_POLICY);
	replay_refuses(admin_goes());
}

/* ---- erasure --------------------------------------------------------------
 */

static void erased_content_does_not_come_back(void **state)
{
	struct bkt_record *r = city_fresh(&city, BKT_KIND_ERASURE), *again;

	(void)state;
	r->u.erasure = (struct bkt_erasure){ .document = CITY_DOC_A,
		.content = city_document(
		    &city, CITY_DOC_A, "dinas-a", "active", "surat a")
			       ->u.document.sha256,
		.basis = "UU 27/2022",
		.reason = "permintaan" };
	again = city_fresh(&city, BKT_KIND_ERASURE);
	again->u.erasure = r->u.erasure;
	city_do(&city, say(r, CITY_ADMIN | CITY_RESPONSIBLE), NULL);
	expect("under its own id",
	    say(city_document(
		    &city, CITY_DOC_A, "dinas-a", "active", "surat a"),
		CITY_UPLOADER),
	    BKT_E_POLICY);
	expect("under another id",
	    say(city_document(
		    &city, "dddddddddddd", "dinas-a", "active", "surat a"),
		CITY_UPLOADER),
	    BKT_E_POLICY);
	replay_refuses(say(city_document(&city, "dddddddddddd", "dinas-a",
			       "active", "surat a"),
	    CITY_UPLOADER));
	expect("the document is withdrawn",
	    say(city_document(
		    &city, CITY_DOC_A, "dinas-a", "withdrawn", "surat a"),
		CITY_UPLOADER),
	    BKT_OK);
	expect("erased a second time",
	    say(again, CITY_ADMIN | CITY_RESPONSIBLE), BKT_E_POLICY);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_correction_launders_nobody),
		T(a_link_withdrawn_and_made_again),
		T(handed_in_by_is_not_a_matter_of_taste),
		T(who_decided_does_not_claim),
		T(who_claimed_does_not_decide),
		T(claimed_by_is_not_a_matter_of_taste),
		T(one_key_one_member),
		T(two_with_one_key_in_one_batch),
		T(a_revoked_key_stays_revoked),
		T(a_key_exchanged_and_not_revoked_is_free),
		T(the_last_admin_stays),
		T(erased_content_does_not_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
