/* Shared inside the store module only. */
#ifndef BUKTI_STORE_PRIVATE_H
#define BUKTI_STORE_PRIVATE_H

#include "bukti/store.h"

struct bkt_store {
	char *dir;
	char *origin;
	bkt_ledger *ledger;
	bkt_objects *objects;
	bkt_index *index;
	struct bkt_head head;
	struct bkt_source source; /* through the index */
	bkt_certs *certs;
	struct bkt_err trouble; /* first one that changed no result */
};

/* kept for bkt_store_trouble unless there was one before */
BKT_PRINTF(3, 4)
void store_trouble(
    bkt_store *s, const struct bkt_err *why, const char *fmt, ...);

/* the writer lock, or BKT_E_BUSY after a while; closing the file ends it */
enum bkt_status store_lock(bkt_store *s, int *fd, struct bkt_err *err);
/* look at the ref again and bring the index up to it */
enum bkt_status store_refresh(bkt_store *s, struct bkt_err *err);
/* the index as of the head, and nobody else changes it: until it is rolled
 * back. Readers bring it up to date without the writer lock. As
 * store_frontier */
enum bkt_status store_hold_index(
    bkt_store *s, struct bkt_frontier *out, struct bkt_err *err);
/* where the ref stands now, into s->head; nothing of it is verified */
enum bkt_status store_head(bkt_store *s, struct bkt_err *err);
/* one signature of a proposal, by the certificate that it brings */
enum bkt_status proposal_look(const struct bkt_sealed *made,
    const struct bkt_sha256 *record, struct bkt_seal *out, struct bkt_err *err);
/* a verdict about the log becomes BKT_E_TAMPERED and says what to do */
enum bkt_status store_refuse(struct bkt_err *err, enum bkt_status st);
/* the store's own key signed the head, or BKT_E_TAMPERED; by the key of the
 * index, or of the log's first commit when the index is empty (else NULL) */
enum bkt_status store_vouch(
    bkt_store *s, const struct bkt_oid *genesis, struct bkt_err *err);
/* the entries up to the head lead to its checkpoint */
enum bkt_status store_vouch_frontier(
    const bkt_store *s, const struct bkt_frontier *f, struct bkt_err *err);
/* where the index stands: zero and empty when it has nothing usable */
enum bkt_status store_standing(bkt_index *x, struct bkt_oid *head,
    struct bkt_frontier *frontier, struct bkt_err *err);
/* the index up to the head of s; progress may be NULL */
enum bkt_status store_catch_up(
    bkt_store *s, const struct bkt_progress *progress, struct bkt_err *err);
/* the frontier as of the head, proven against its checkpoint; a handle whose
 * head is older looks at the ref again */
enum bkt_status store_frontier(
    bkt_store *s, struct bkt_frontier *out, struct bkt_err *err);
/* one accepted record into the index */
struct feed_entry {
	uint64_t index;
	const struct bkt_record *rec;
	struct bkt_span bytes;
	struct bkt_sha256 record, leaf;
	struct bkt_oid commit;
	int64_t accepted_utc_s;
};
enum bkt_status feed_put(bkt_index *x, const struct feed_entry *e,
    bkt_arena *arena, struct bkt_err *err);
/* set the list of who ever signed a version, so that no front end has to know
 * the rule; before: what it replaces, NULL nothing */
enum bkt_status store_hands(struct bkt_record *r, struct bkt_record *before,
    bkt_arena *arena, struct bkt_err *err);
/* what the index stands at, inside its transaction */
enum bkt_status feed_mark(bkt_index *x, const struct bkt_oid *head,
    const struct bkt_frontier *frontier, struct bkt_err *err);

/* objects, pack and ref for records that were let in; cp is filled */
struct commit_plan {
	bkt_gitdb *git; /* the writer's own handle */
	const struct bkt_oid *parent, *parent_tree; /* zero at genesis */
	const bkt_store_key *key;
	const char *origin, *title;
	uint64_t first_index;
	const struct bkt_opened *opened;
	size_t n;
	struct bkt_file *files; /* what the records touch, sorted */
	size_t n_files;
	const struct bkt_frontier *frontier; /* after the batch */
	int64_t time_utc_s;
};
enum bkt_status commit_write(const struct commit_plan *p,
    struct bkt_oid *commit, struct bkt_oid *tree, struct bkt_err *err);

enum bkt_status store_key_read(const char *dir, const char *origin,
    bkt_store_key **out, struct bkt_err *err);
/* files of several records in one sorted list */
enum bkt_status files_join(const struct bkt_file *const *lists,
    const size_t *counts, size_t n, bkt_arena *arena, struct bkt_file **out,
    size_t *out_n, struct bkt_err *err);
/* the next word at *at, ended by one of the separators; NULL: no more */
const char *intake_word(
    const char **at, const char *separators, bkt_arena *arena);
/* bukti/verified is as if it had never been */
enum bkt_status store_pin_forget(const char *dir, struct bkt_err *err);
char *store_path(const char *dir, const char *below); /* malloced */

#endif
