/* Shared inside the verify module only. */
#ifndef BUKTI_VERIFY_PRIVATE_H
#define BUKTI_VERIFY_PRIVATE_H

#include "bukti/objects.h"
#include "bukti/verify.h"

/* content that some version of a document names */
struct wanted {
	struct bkt_sha256 id;
	uint64_t size_bytes;
	int64_t index;    /* first entry that names it */
	const char *path; /* of its pointer; in the report's arena */
};

struct run {
	const struct bkt_verify_options *o;
	struct bkt_verify_report *report;
	bkt_ledger *ledger;
	bkt_objects *objects;
	bkt_certs *certs;
	bkt_state *state;
	struct bkt_note_key key; /* the store's, once known */
	bool has_key;
	const struct bkt_pin *start; /* NULL: from genesis */
	struct bkt_oid *chain;
	size_t n_chain;
	uint64_t n_total; /* entries of the head, for progress; unverified */
	int64_t last_time_utc_s;
	struct bkt_oid last_tree; /* of the commit before */
	/* states of this log that were seen before: the pin, the cache */
	struct seen {
		const struct bkt_pin *pin;
		bool met; /* the replay came to its size */
		bool differs;
		struct bkt_oid commit; /* where */
	} seen[2];
	const struct bkt_pin *astray; /* its commit is not in the history */
	bool stopped;                 /* the rest of the log cannot be told */
	struct wanted *wanted;
	size_t n_wanted, max_wanted;
	bkt_map *erased; /* content hex -> erasure path */
};

/* one thing that is not INTACT; the reason is copied */
void report_add(struct run *r, enum bkt_status st, const char *path,
    int64_t index, const struct bkt_oid *commit, const char *reason);
void report_note(struct run *r, const char *fmt, ...) BKT_PRINTF(2, 3);

/*
 * A ceiling that data met: a store that this program wrote meets none, so it is
 * said of the store, and whoever adds a little to it cannot make the rest
 * unsaid. Memory and the disk are no findings.
 */
static inline enum bkt_status run_finding(enum bkt_status st)
{
	return st == BKT_E_LIMIT ? BKT_E_FORMAT : st;
}

/* start.c: the trusted state to begin with, else the genesis entry */
enum bkt_status start_replay(struct run *r, struct bkt_err *err);
/* are the states that were seen before on this log: at the end, as a whole */
void start_check_met(struct run *r);

/* links.c: is what is the store's own in the store */
enum bkt_status look_for_links(
    struct run *r, const char *dir, struct bkt_err *err);
enum bkt_status replay(struct run *r, struct bkt_err *err);
enum bkt_status scrub_content(struct run *r, struct bkt_err *err);

/* a commit of the chain on its way through the stages */
struct work {
	const struct bkt_oid *oid;
	bkt_arena *arena;
	struct bkt_batch batch;
	struct bkt_batch_bad bad; /* the entry that made it unreadable */
	enum bkt_status status;   /* of reading and of the store's signatures */
	struct bkt_err err;
	struct bkt_checkpoint checkpoint;
	struct bkt_opened *opened;
	enum bkt_status *entry_status;
	struct bkt_err *entry_err;
};
/* structure and the store's own signatures of one commit */
enum bkt_status work_signatures(
    struct work *w, const struct bkt_note_key *key, struct bkt_err *err);
/* sequential: everything that needs the state before */
enum bkt_status work_judge(struct run *r, struct work *w, struct bkt_err *err);
/* start.c: after each commit */
void start_meet(struct run *r, const struct work *w);
/* the changes are those the entries explain, and no others */
enum bkt_status work_changes(
    struct run *r, const struct work *w, struct bkt_err *err);

#endif
