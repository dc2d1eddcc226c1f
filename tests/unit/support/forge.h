/*
 * Whoever owns the server: commits made with the store's own key and git's own
 * writing, past every gate. Failures end the program.
 */
#ifndef BUKTI_TESTS_FORGE_H
#define BUKTI_TESTS_FORGE_H

#include "support/city.h"

struct forge {
	struct city *c;
	bkt_gitdb *git;
	bkt_store_key *key;
	bkt_certs *certs;
	bkt_state *state; /* after what was forged so far */
	struct bkt_oid commit, tree, old_head;
	int64_t time_utc_s;
};
/** On top of the head. */
void forge_begin(struct forge *f, struct city *c);
/** From nothing: a history of one's own. */
void forge_begin_empty(struct forge *f, struct city *c);
void forge_release(struct forge *f);
BKT_AUTO_RELEASE(struct forge, forge_release);

struct lie { /* what is wrong with a commit; all zero: nothing */
	int64_t index_shift; /* of its Entry lines */
	int64_t time_shift_s;
	const struct bkt_file *extra; /* NULL bytes: deleted; path "" : none */
	bool keep_old;         /* files of the version that is replaced */
	bool other_root;       /* in the Log line */
	bool old_checkpoint;   /* log/checkpoint is left as it was */
	bool other_checkpoint; /* signed, of another root */
	bool not_signed;
	bool other_key;        /* signs commit and checkpoint */
	bool other_commit_key; /* signs the commit alone */
	bool two_parents;
	const char *author; /* NULL: the first signer */
};
/** One commit more; the ref does not move yet. */
void forge_commit(struct forge *f, const struct bkt_submission *subs, size_t n,
    const struct lie *lie);
/** The ref moves to what was forged. */
void forge_publish(struct forge *f);
/** And back to what it was. */
void forge_undo(struct forge *f);

/** The submissions of every commit of the store, oldest first. */
struct forge_history {
	struct bkt_batch *batches;
	size_t n;
};
void forge_history(struct forge *f, struct forge_history *out);

#endif
