/*
 * A small institution in a store of its own: registry, one cycle, evidence,
 * claims and decisions, made in process through the real write path, with a
 * clock that stands still between batches. Failures end the program.
 */
#ifndef BUKTI_TESTS_CITY_H
#define BUKTI_TESTS_CITY_H

#include "bukti/assess.h"
#include "bukti/store.h"
#include "support/pki.h"

#define CITY_ORIGIN "spbe.kota-uji.go.id"
#define CITY_FOUNDED 1780272000 /* 2026-06-01T00:00:00Z */
#define CITY_CYCLE "2026-1"
#define CITY_DOC_A "aaaaaaaaaaaa"    /* by up-a, of dinas-a */
#define CITY_DOC_B "bbbbbbbbbbbb"    /* by up-b, of dinas-b */
#define CITY_DOC_GONE "cccccccccccc" /* withdrawn */

/* people; a set of them is a mask */
enum {
	CITY_ADMIN = 1 << 0,       /* adm */
	CITY_COORDINATOR = 1 << 1, /* koor */
	CITY_RESPONSIBLE = 1 << 2, /* kepala */
	CITY_OPERATOR = 1 << 3,    /* op */
	CITY_VERIFIER = 1 << 4,    /* ver-a */
	CITY_MANY_HATS = 1 << 5, /* ver-b: verifier, coordinator, responsible */
	CITY_UPLOADER = 1 << 6,  /* up-a of dinas-a */
	CITY_UPLOADER_TOO = 1 << 7, /* up-b of dinas-b, verifier too */
	CITY_LEFT = 1 << 8,         /* pergi: operator, withdrawn */
	CITY_REVOKED = 1 << 9,      /* bocor: operator, key revoked */
	CITY_EXPIRING = 1 << 10,    /* habis: operator, until CITY_EXPIRY */
	CITY_STRANGER = 1 << 11,    /* tamu: certified, never a member */
	CITY_N = 12
};
#define CITY_EXPIRY (CITY_FOUNDED + 86400)

struct city {
	char folder[64];
	char dir[80]; /* the store */
	struct pki pki;
	struct pki_member people[CITY_N];
	bkt_arena *arena; /* everything below lives here */
	struct bkt_access access;
	const char *yaml; /* of the rulebook */
	bkt_rulebook_set *rulebook;
	bkt_store *s;
};
/* the hour, as every part of the product sees it */
extern int64_t city_now_utc_s;

/** Founded only: institution, access, admin, rulebook. Takes the clock. */
void city_found(struct city *c);
/** Founded and at work: what the header of city.c lists. */
void city_init(struct city *c);
void city_release(struct city *c);
BKT_AUTO_RELEASE(struct city, city_release);

const char *city_id(int who); /* one person */
const bkt_signer *city_signer(const struct city *c, int who);
struct bkt_hand city_hand(const struct city *c, int who);

/* records without their common keys; a path where it is not implied */
struct bkt_record *city_fresh(struct city *c, enum bkt_kind kind);
struct bkt_record *city_unit(struct city *c, const char *id, const char *state);
/** As registered: roles and units of the table, the person's certificate. */
struct bkt_record *city_member(struct city *c, int who, const char *state);
/** Of the certificate that the person holds now. */
struct bkt_record *city_revocation(struct city *c, int who);
struct bkt_record *city_cycle(
    struct city *c, const char *id, const char *state);
/** Content is a small PDF with @p words in it. */
struct bkt_record *city_document(struct city *c, const char *id,
    const char *unit, const char *state, const char *words);
struct bkt_record *city_link(
    struct city *c, const char *indicator, const char *document);
struct bkt_record *city_claim(
    struct city *c, const char *indicator, const char *level);
/** About what is current at the link and the document. */
struct bkt_record *city_review(struct city *c, const char *indicator,
    const char *document, int who, const char *decision);
/** What the records give, every gap stated. */
struct bkt_record *city_said_release(struct city *c);
/** The same as an assessment of the store. */
bkt_assess *city_assess(struct city *c);

/** Common keys, seals of the people, the files the kind owns. */
struct bkt_submission city_say(struct city *c, struct bkt_record *r, int who);
/** The same with the common keys as they are. */
struct bkt_submission city_seal(struct city *c, struct bkt_record *r, int who);

/** Stage the content of city_document(..., words). */
void city_stage(struct city *c, const char *words, struct bkt_staged *out);
/** One submission, ten seconds later; content staged where it is a document.
 */
enum bkt_status city_submit(struct city *c, const struct bkt_submission *subs,
    size_t n, const char *const *words, unsigned flags, struct bkt_item *items);
/** As city_submit; must go in. */
void city_do(struct city *c, struct bkt_submission sub, const char *words);

/** The whole store in a new place: @p name beside it. */
void city_copy(const struct city *c, const char *name, char out[80]);
/** File of the store as bytes; ends the program when absent. */
void city_slurp(const char *dir, const char *below, struct bkt_buf *out);

#endif
