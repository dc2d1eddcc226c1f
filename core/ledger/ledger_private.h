/* Shared inside the ledger module only. */
#ifndef BUKTI_LEDGER_PRIVATE_H
#define BUKTI_LEDGER_PRIVATE_H

#include "bukti/ledger.h"

enum bkt_status ledger_cert(bkt_certs *c, struct bkt_span der,
    const bkt_cert **out, struct bkt_err *err);

struct bkt_state {
	bkt_arena *arena; /* strings, current records */
	bkt_map *paths;   /* path -> struct bkt_current * or &state_absent */
	bkt_map *words;   /* interned ids */
	bkt_map *certs;   /* member -> bkt_cert *, owned */
	/* whose a public key is: hex -> member, "" nobody; and member -> hex of
	 * the registered one. Of a tree: read when first asked for */
	bkt_map *holders, *keys;
	bool has_keys;
	/* who decided about evidence: "cycle/indicator/member"; and of a tree
	 * "cycle/indicator" when those were read */
	bkt_map *decided;
	bkt_map *rulebooks;   /* stem -> struct bkt_strs * of indicators */
	const bkt_gitdb *git; /* NULL: everything is in paths */
	struct bkt_oid tree;
	struct bkt_frontier frontier;
	bkt_trust *trust; /* of the institution that is current */
	struct bkt_note_key note_key;
	bool has_note_key;
	/* who signs the first three entries, until that member is known */
	const char *founder;
	struct bkt_sha256 founder_cert;
	struct bkt_err damage; /* of the tree, as first met */
};
extern struct bkt_current state_absent;

/* id -> the one copy that the state keeps; NULL without memory */
const char *state_word(bkt_state *s, const char *w);

/* what was read from the tree is not as it was written: kept, and passed on */
enum bkt_status state_met(
    bkt_state *s, const char *path, enum bkt_status st, struct bkt_err *err);
/* the registered certificate of an active member */
enum bkt_status state_cert(bkt_state *s, const char *member,
    const bkt_cert **out, struct bkt_err *err);
/* active member; BKT_E_NOTFOUND none, anything else could not tell */
enum bkt_status state_member(bkt_state *s, const char *member,
    const struct bkt_member **out, struct bkt_err *err);
enum bkt_status state_trust(
    bkt_state *s, const bkt_trust **out, struct bkt_err *err);
/* print a path of the tree into out */
BKT_PRINTF(3, 4)
enum bkt_status state_path(
    char out[BKT_PATH_MAX + 1], struct bkt_err *err, const char *fmt, ...);
/* keys.c: who registered this public key, or had it revoked; NULL nobody */
enum bkt_status state_key_holder(bkt_state *s, const struct bkt_sha256 *key,
    const char **out, struct bkt_err *err);
enum bkt_status state_key_revoked(bkt_state *s, const char *member,
    const struct bkt_sha256 *key, const struct bkt_record **out,
    struct bkt_err *err);
/* follow an accepted member or revocation record */
enum bkt_status state_key_registered(bkt_state *s, const char *member,
    const struct bkt_sha256 *key, struct bkt_err *err);
enum bkt_status state_key_lost(
    bkt_state *s, const char *member, const char *key_hex, struct bkt_err *err);
/* every member that was ever registered, in no order */
enum bkt_status state_members(bkt_state *s,
    enum bkt_status (*fn)(void *ctx, const char *member, struct bkt_err *err),
    void *ctx, struct bkt_err *err);

/* a file that a registry record owns, from the tree under the state */
enum bkt_status state_owned(
    bkt_state *s, const char *path, struct bkt_buf *out, struct bkt_err *err);
/* rulebooks.c: it can be read */
enum bkt_status judge_rulebook_text(const struct bkt_rulebook_rec *r,
    struct bkt_span yaml, struct bkt_err *err);
/* the indicators of one that was published */
enum bkt_status state_indicators(bkt_state *s, const char *stem,
    const struct bkt_strs **out, struct bkt_err *err);
/* follow an accepted rulebook record */
enum bkt_status state_rulebook_published(
    bkt_state *s, const struct bkt_opened *o, struct bkt_err *err);

/* decided.c: did this member ever decide about evidence of the indicator */
enum bkt_status state_decided(bkt_state *s, const char *cycle,
    const char *indicator, const char *member, bool *yes, struct bkt_err *err);
/* follow an accepted review record */
enum bkt_status state_decides(
    bkt_state *s, const char *review_path, struct bkt_err *err);

/* record whole, of a kind that the state keeps whole */
enum bkt_status state_record(bkt_state *s, const char *path,
    const struct bkt_record **out, struct bkt_err *err);

/* where a record belongs, as far as access and references ask */
struct judge_context {
	bkt_state *s;
	const struct bkt_opened *o;
	const struct bkt_record *rec;
	struct bkt_path_info where;
	const struct bkt_current *before; /* NULL: first at its path */
	uint64_t index;
	int64_t accepted_utc_s;
	/* genesis: the member record that is judged with its own roles */
	const struct bkt_member *founder;
};
enum bkt_status judge_access(
    const struct judge_context *c, struct bkt_err *err);
enum bkt_status judge_kind(const struct judge_context *c, struct bkt_err *err);
/* a key that signs now is not one that was revoked */
enum bkt_status judge_revoked(const struct judge_context *c, const char *member,
    const struct bkt_cert_info *cert, struct bkt_err *err);
/* registry.c */
enum bkt_status judge_institution(
    const struct judge_context *c, struct bkt_err *err);
enum bkt_status judge_access_record(
    const struct judge_context *c, struct bkt_err *err);
enum bkt_status judge_member(
    const struct judge_context *c, struct bkt_err *err);
enum bkt_status judge_revocation(
    const struct judge_context *c, struct bkt_err *err);
/* locked.c: somebody can still register members, by these rules and with this
 * record in place */
enum bkt_status judge_not_locked(const struct judge_context *c,
    const struct bkt_access *access, struct bkt_err *err);
/* the unit is registered and not withdrawn */
enum bkt_status judge_unit(
    const struct judge_context *c, const char *unit, struct bkt_err *err);
/* an owned file is the one whose digest the record names */
enum bkt_status judge_digest(struct bkt_span bytes, const char *hex,
    const char *what, struct bkt_err *err);
/* the cycle record of the context's path */
enum bkt_status judge_cycle(const struct judge_context *c,
    const struct bkt_cycle **out, struct bkt_err *err);

/* fills title, entries' index/path/record, log_size, log_root */
enum bkt_status message_parse(struct bkt_span text, bkt_arena *arena,
    struct bkt_batch *b, struct bkt_err *err);

#endif
