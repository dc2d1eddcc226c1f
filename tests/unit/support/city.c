/*
 * The city's history, one commit a line:
 *   0-3   institution, access, adm, rulebook
 *   4-5   units dinas-a, dinas-b
 *   6-15  the members
 *   16-17 pergi leaves, the key of bocor is revoked
 *   18    cycle 2026-1
 *   19-24 documents A, B and the third; links X1/A, X2/B, X3/B
 *   25    the third document is withdrawn
 *   26-27 claims X1 and X2, level 2
 *   28    ver-a accepts A for X1
 */
#include "support/city.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/city_private.h"

int64_t city_now_utc_s;

const struct city_person city_people[CITY_N] = {
	{ "adm", "admin", NULL },
	{ "koor", "coordinator", NULL },
	{ "kepala", "responsible", NULL },
	{ "op", "operator", NULL },
	{ "ver-a", "verifier", NULL },
	{ "ver-b", "coordinator responsible verifier", NULL },
	{ "up-a", "uploader", "dinas-a" },
	{ "up-b", "uploader verifier", "dinas-b" },
	{ "pergi", "operator", NULL },
	{ "bocor", "operator", NULL },
	{ "habis", "operator", NULL },
	{ "tamu", "operator", NULL },
};

void city_must(enum bkt_status st, const struct bkt_err *err)
{
	if (st == BKT_OK)
		return;
	fprintf(stderr, "test city: %s: %s\n", bkt_status_name(st), err->msg);
	abort();
}

void *city_keep(struct city *c, size_t n)
{
	void *p = bkt_arena_alloc(c->arena, n);

	BKT_ASSERT(p);
	return p;
}

static int64_t stopped_clock(void)
{
	return city_now_utc_s;
}

size_t city_nth(int who)
{
	size_t i = 0;

	while (who != 1 << i)
		i++;
	BKT_ASSERT(i < CITY_N);
	return i;
}

const char *city_id(int who)
{
	return city_people[city_nth(who)].id;
}

const bkt_signer *city_signer(const struct city *c, int who)
{
	return c->people[city_nth(who)].signer;
}

struct bkt_hand city_hand(const struct city *c, int who)
{
	return (struct bkt_hand){ city_id(who), city_signer(c, who) };
}

const char *city_hex(struct city *c, struct bkt_span bytes)
{
	char *hex = city_keep(c, BKT_SHA256_HEX + 1);
	struct bkt_sha256 digest;
	struct bkt_err err;

	city_must(bkt_sha256_of(bytes, &digest, &err), &err);
	bkt_hex(digest.b, sizeof(digest.b), hex);
	return hex;
}

/* ---- saying and submitting ------------------------------------------------
 */

static struct bkt_span owned_bytes(struct city *c, const struct bkt_record *r)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf text;
	char *copy;

	bkt_buf_init(&text, 65536);
	if (r->kind == BKT_KIND_INSTITUTION) {
		return bkt_buf_span(&c->pki.ca_pem);
	} else if (r->kind == BKT_KIND_MEMBER) {
		for (size_t i = 0; i < CITY_N; i++) {
			if (strcmp(city_people[i].id, r->u.member.member) == 0)
				return bkt_buf_span(&c->people[i].cert_pem);
		}
	} else if (r->kind == BKT_KIND_RULEBOOK) {
		return bkt_span_str(c->yaml);
	}
	if (r->kind == BKT_KIND_DOCUMENT)
		bkt_pointer_print(
		    r->u.document.sha256, r->u.document.size, &text);
	copy = bkt_arena_strndup(
	    c->arena, text.ptr ? (char *)text.ptr : "", text.len);
	BKT_ASSERT(copy);
	return bkt_span_str(copy);
}

struct bkt_submission city_seal(struct city *c, struct bkt_record *r, int who)
{
	struct bkt_hand hands[CITY_N];
	struct bkt_submission sub;
	struct bkt_strs paths;
	struct bkt_err err;
	size_t n = 0;

	for (size_t i = 0; i < CITY_N; i++) {
		if (who & 1 << i)
			hands[n++] = city_hand(c, 1 << i);
	}
	city_must(bkt_store_seal(r, hands, n, c->arena, &sub, &err), &err);
	city_must(bkt_record_owned(r, c->arena, &paths, &err), &err);
	if (paths.n > 0 && r->kind != BKT_KIND_PACKAGE) {
		sub.owned = city_keep(c, sizeof(*sub.owned));
		sub.owned[0] =
		    (struct bkt_file){ paths.v[0], owned_bytes(c, r), NULL };
		sub.n_owned = 1;
	}
	return sub;
}

struct bkt_submission city_say(struct city *c, struct bkt_record *r, int who)
{
	const char *by[CITY_N];
	struct bkt_err err;
	size_t n = 0;

	for (size_t i = 0; i < CITY_N; i++) {
		if (who & 1 << i)
			by[n++] = city_people[i].id;
	}
	city_must(
	    bkt_store_prepare(c->s, r, by, n, city_now_utc_s, c->arena, &err),
	    &err);
	return city_seal(c, r, who);
}

void city_stage(struct city *c, const char *words, struct bkt_staged *out)
{
	BKT_AUTO(bkt_free) char *path = bkt_path_join(c->folder, "content");
	struct bkt_err err;
	BKT_AUTO_FD fd = -1;

	memset(out, 0, sizeof(*out));
	city_must(
	    bkt_file_replace(path, city_content(c, words), 0600, &err), &err);
	city_must(bkt_file_open(path, &fd, NULL, &err), &err);
	city_must(
	    bkt_objects_stage(bkt_store_objects(c->s), fd, 1 << 20, out, &err),
	    &err);
}

enum bkt_status city_submit(struct city *c, const struct bkt_submission *subs,
    size_t n, const char *const *words, unsigned flags, struct bkt_item *items)
{
	struct bkt_staged *staged = city_keep(c, n * sizeof(*staged));
	enum bkt_status st;
	struct bkt_err err;

	city_now_utc_s += 10;
	for (size_t i = 0; i < n; i++) {
		items[i] = (struct bkt_item){ .sub = subs[i] };
		if (words && words[i]) {
			city_stage(c, words[i], &staged[i]);
			items[i].staged = &staged[i];
		}
	}
	st = bkt_store_submit(c->s, items, n, flags, "uji", &err);
	for (size_t i = 0; i < n; i++) {
		if (items[i].staged)
			bkt_staged_release(
			    bkt_store_objects(c->s), items[i].staged);
		items[i].staged = NULL;
	}
	return st;
}

static void do_all(struct city *c, const struct bkt_submission *subs, size_t n,
    const char *const *words)
{
	struct bkt_item items[16];
	enum bkt_status st =
	    city_submit(c, subs, n, words, BKT_ALL_OR_NOTHING, items);

	for (size_t i = 0; i < n; i++)
		city_must(items[i].status, &items[i].err);
	BKT_ASSERT(st == BKT_OK);
}

void city_do(struct city *c, struct bkt_submission sub, const char *words)
{
	do_all(c, &sub, 1, &words);
}

/* ---- founding, history ----------------------------------------------------
 */

static void make_people(struct city *c)
{
	pki_init(&c->pki, CITY_ORIGIN);
	for (size_t i = 0; i < CITY_N; i++)
		pki_member_init_valid(&c->people[i], &c->pki, city_people[i].id,
		    PKI_FROM,
		    1 << i == CITY_EXPIRING ? CITY_EXPIRY : PKI_UNTIL);
}

static void read_policies(struct city *c)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf yaml;
	struct bkt_err err;

	bkt_buf_init(&yaml, BKT_YAML_MAX);
	city_must(bkt_file_slurp(
		      BUKTI_SOURCE_DIR "/policies/access.yaml", &yaml, &err),
	    &err);
	city_must(bkt_access_from_yaml(bkt_buf_span(&yaml), "access.yaml",
		      c->arena, &c->access, &err),
	    &err);
	bkt_buf_clear(&yaml);
	city_must(
	    bkt_file_slurp(
		BUKTI_SOURCE_DIR "/tests/unit/support/city.yaml", &yaml, &err),
	    &err);
	c->yaml = bkt_arena_strndup(c->arena, (const char *)yaml.ptr, yaml.len);
	BKT_ASSERT(c->yaml);
	city_must(bkt_rulebook_parse(
		      bkt_span_str(c->yaml), "uji", &c->rulebook, NULL, &err),
	    &err);
}

void city_found(struct city *c)
{
	struct bkt_init_options o = { .origin = CITY_ORIGIN,
		.name = "Kota Uji",
		.type = "pemda",
		.at_utc_s = CITY_FOUNDED };
	struct bkt_file rulebook;
	struct bkt_err err;

	memset(c, 0, sizeof(*c));
	bkt_clock = stopped_clock;
	city_now_utc_s = CITY_FOUNDED;
	city_must(bkt_init(&err), &err);
	c->arena = bkt_arena_new((size_t)1 << 28);
	BKT_ASSERT(c->arena);
	memcpy(c->folder, "/tmp/bukti-city-XXXXXX", 23);
	BKT_ASSERT(mkdtemp(c->folder));
	snprintf(c->dir, sizeof(c->dir), "%.60s/store.git", c->folder);
	make_people(c);
	read_policies(c);
	rulebook.path = bkt_rulebook_get(c->rulebook)->stem;
	rulebook.bytes = bkt_span_str(c->yaml);
	o.admin = city_hand(c, CITY_ADMIN);
	o.ca_pem = bkt_buf_span(&c->pki.ca_pem);
	o.admin_request = bkt_buf_span(&c->people[0].csr_der);
	o.access = &c->access;
	o.rulebooks = &rulebook;
	o.n_rulebooks = 1;
	city_must(bkt_store_create(c->dir, &o, &err), &err);
	city_must(bkt_store_open(c->dir, &c->s, &err), &err);
}

static void register_all(struct city *c)
{
	struct bkt_submission subs[12];
	size_t n = 0;

	subs[0] = city_say(c, city_unit(c, "dinas-a", "active"), CITY_ADMIN);
	subs[1] = city_say(c, city_unit(c, "dinas-b", "active"), CITY_ADMIN);
	do_all(c, subs, 2, NULL);
	for (int who = CITY_COORDINATOR; who < CITY_STRANGER; who <<= 1)
		subs[n++] =
		    city_say(c, city_member(c, who, "active"), CITY_ADMIN);
	do_all(c, subs, n, NULL);
	subs[0] =
	    city_say(c, city_member(c, CITY_LEFT, "withdrawn"), CITY_ADMIN);
	subs[1] = city_say(c, city_revocation(c, CITY_REVOKED), CITY_ADMIN);
	do_all(c, subs, 2, NULL);
}

static void supply(struct city *c)
{
	static const char *const words[] = { "surat a", "surat b", "surat c",
		NULL, NULL, NULL };
	struct bkt_submission subs[6];

	subs[0] = city_say(c,
	    city_document(c, CITY_DOC_A, "dinas-a", "active", words[0]),
	    CITY_UPLOADER);
	subs[1] = city_say(c,
	    city_document(c, CITY_DOC_B, "dinas-b", "active", words[1]),
	    CITY_UPLOADER_TOO);
	subs[2] = city_say(c,
	    city_document(c, CITY_DOC_GONE, "dinas-a", "active", words[2]),
	    CITY_UPLOADER);
	subs[3] = city_say(c, city_link(c, "X1", CITY_DOC_A), CITY_UPLOADER);
	subs[4] =
	    city_say(c, city_link(c, "X2", CITY_DOC_B), CITY_UPLOADER_TOO);
	subs[5] = city_say(c, city_link(c, "X3", CITY_DOC_B), CITY_OPERATOR);
	do_all(c, subs, 6, words);
	city_do(c,
	    city_say(c,
		city_document(
		    c, CITY_DOC_GONE, "dinas-a", "withdrawn", words[2]),
		CITY_UPLOADER),
	    NULL);
}

void city_init(struct city *c)
{
	struct bkt_submission subs[2];

	city_found(c);
	register_all(c);
	city_do(c,
	    city_say(c, city_cycle(c, CITY_CYCLE, "open"), CITY_COORDINATOR),
	    NULL);
	supply(c);
	subs[0] = city_say(c, city_claim(c, "X1", "2"), CITY_UPLOADER);
	subs[1] = city_say(c, city_claim(c, "X2", "2"), CITY_UPLOADER_TOO);
	do_all(c, subs, 2, NULL);
	city_do(c,
	    city_say(c,
		city_review(c, "X1", CITY_DOC_A, CITY_VERIFIER, "accept"),
		CITY_VERIFIER),
	    NULL);
}

void city_release(struct city *c)
{
	struct bkt_err err;

	bkt_store_free(c->s);
	bkt_rulebook_free(c->rulebook);
	for (size_t i = 0; i < CITY_N; i++)
		pki_member_release(&c->people[i]);
	pki_release(&c->pki);
	bkt_arena_free(c->arena);
	city_must(bkt_dir_remove(c->folder, &err), &err);
	bkt_clock = NULL;
	memset(c, 0, sizeof(*c));
}
