/*
 * Floor 3: entries and commits, the state they build, and the judgement of one
 * record against it. Read-only. The same judgement serves the verifier (which
 * assumes that every gate was bypassed) and the gate (receive).
 */
#ifndef BUKTI_LEDGER_H
#define BUKTI_LEDGER_H

#include "bukti/base.h"
#include "bukti/crypto.h"
#include "bukti/gitdb.h"
#include "bukti/merkle.h"
#include "bukti/model.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_MAIN_REF "refs/heads/main"
#define BKT_CLOCK_SKEW_S 300 /* a record's `at` may lead the store's clock */
#define BKT_BATCH_MAX 4096   /* entries in one commit */
/* the fixed .gitattributes of every store */
extern const char bkt_gitattributes[];

/* ---- submissions: a record on its way in, or read back ------------------ */

struct bkt_file { /* a file of the tree with its bytes */
	const char *path;
	struct bkt_span bytes;
	const struct bkt_gitblob *blob; /* NULL, or the bytes made ready */
};
struct bkt_sealed {
	const char *member;
	struct bkt_span p7s;
};
struct bkt_opened;
/** One record with everything that comes with it. Borrowed, not owned. */
struct bkt_submission {
	struct bkt_span record;   /* canonical bytes */
	struct bkt_sealed *seals; /* sorted by member */
	size_t n_seals;
	struct bkt_file *owned; /* the files the record owns, sorted */
	size_t n_owned;
	/* NULL, or what bkt_record_parse made of exactly these bytes */
	struct bkt_record *parsed;
	/* NULL, or what bkt_open_submission made of exactly this */
	const struct bkt_opened *opened;
	/* NULL, or made ready: the record, each seal, each owned file */
	const struct bkt_gitblob *blobs;
};

/**
 * A submission taken apart and checked as far as it goes without knowing the
 * store: canonical record, seal containers, signatures by the embedded
 * certificates, digests. Pure CPU, thread-safe: the part that is done in
 * parallel. Everything lives in the arena given.
 */
struct bkt_opened {
	const struct bkt_submission *sub; /* borrowed */
	struct bkt_record *rec;
	struct bkt_sha256 sha256; /* of the record bytes */
	struct bkt_seal *seals;   /* n = sub->n_seals */
	struct bkt_sha256 leaf;   /* leaf hash of its entry */
};
/** Parsed certificates by their DER's digest, shared by threads; immutable
 * entries live as long as the cache. */
typedef struct bkt_certs bkt_certs;
BKT_NODISCARD enum bkt_status bkt_certs_new(
    bkt_certs **out, struct bkt_err *err);
void bkt_certs_free(bkt_certs *c);
BKT_AUTO_DEFINE(bkt_certs *, bkt_certs_free);

/** @retval BKT_E_FORMAT, BKT_E_SEAL, BKT_E_TRUST; faults */
BKT_NODISCARD enum bkt_status bkt_open_submission(
    const struct bkt_submission *sub, bkt_certs *certs, bkt_arena *arena,
    struct bkt_opened *out, struct bkt_err *err);

/** Leaf hash of the entry a submission makes; no signature is looked at.
 * @param sha256 digest of the record bytes */
BKT_NODISCARD enum bkt_status bkt_submission_leaf(
    const struct bkt_submission *sub, const char *path,
    const struct bkt_sha256 *sha256, struct bkt_sha256 *leaf,
    struct bkt_err *err);

/* ---- state -------------------------------------------------------------- */

/** What is current at one path: enough to judge what comes next. */
struct bkt_current {
	struct bkt_sha256 record;
	enum bkt_kind kind;
	const char **by; /* sorted members, interned */
	size_t n_by;
	bool active; /* state is not "withdrawn"/"closed" */
	/* document, link, claim: everybody who signed a version; interned */
	struct bkt_strs hands;
	/* document: */
	struct bkt_sha256 content;
	uint64_t size;
	const char *unit, *file; /* interned / owned */
	/* link, review: */
	const char *document;
	struct bkt_sha256 link; /* review: link decided about */
	const char *decision;
	/* registry, cycle, release, package: the whole record; else NULL */
	const struct bkt_record *rec;
};
typedef struct bkt_state bkt_state;
/** Empty, before the genesis batch. */
BKT_NODISCARD enum bkt_status bkt_state_new(
    bkt_state **out, struct bkt_err *err);
/** As of a commit's tree: read from there when asked for. The tree is taken
 * at its word: it is as good as the verification that vouches for it.
 * @p g borrowed. */
BKT_NODISCARD enum bkt_status bkt_state_at(const bkt_gitdb *g,
    const struct bkt_oid *tree, const struct bkt_frontier *frontier,
    bkt_state **out, struct bkt_err *err);
void bkt_state_free(bkt_state *s);
BKT_AUTO_DEFINE(bkt_state *, bkt_state_free);

/** @retval BKT_E_NOTFOUND nothing was ever said at this path */
BKT_NODISCARD enum bkt_status bkt_state_get(bkt_state *s, const char *path,
    const struct bkt_current **out, struct bkt_err *err);
/** Was something under the state, in its tree, not as it was written: then a
 * refusal by bkt_judge says nothing about what was to enter.
 * @retval BKT_E_TAMPERED and what; BKT_OK */
BKT_NODISCARD enum bkt_status bkt_state_damage(
    const bkt_state *s, struct bkt_err *err);
const struct bkt_frontier *bkt_state_frontier(const bkt_state *s);
/** NULL before genesis. */
const struct bkt_institution *bkt_state_institution(bkt_state *s);
const char *bkt_state_origin(bkt_state *s); /* "" before genesis */
const struct bkt_note_key *bkt_state_note_key(bkt_state *s);
/** Active member's record; NULL none. */
const struct bkt_member *bkt_state_member(bkt_state *s, const char *member);
/** Does the member hold the role now. */
bool bkt_state_has_role(bkt_state *s, const char *member, const char *role);

/**
 * May this record enter now. Checks: store and path binding, `prev`, who
 * signed (exactly `by`, registered certificate, not revoked, valid at the
 * signing time and at @p accepted_utc_s), clock, access rule with scope, four
 * eyes and thresholds, references (cycle open, indicator known, document
 * there, review bound to the current link, document
 * record and content, ...), owned files,
 * that keys are nobody else's and not revoked, that content was not erased.
 * The first three entries of a log are institution, access and first admin,
 * judged together (trust on first use).
 *
 * @param index the entry's log index
 * @retval BKT_E_CONFLICT `prev` is not what is current (someone was faster)
 * @retval BKT_E_TRUST    signer or authority; BKT_E_POLICY a rule of the cycle
 * @retval BKT_E_FORMAT, BKT_E_TAMPERED (owned files), BKT_E_EXISTS (nothing
 *         would change); faults
 */
BKT_NODISCARD enum bkt_status bkt_judge(bkt_state *s,
    const struct bkt_opened *o, uint64_t index, int64_t accepted_utc_s,
    struct bkt_err *err);
/** Make it current; also appends its leaf to the frontier. */
BKT_NODISCARD enum bkt_status bkt_state_apply(
    bkt_state *s, const struct bkt_opened *o, struct bkt_err *err);
/** For a replay of a part of the log: what is right of it now. */
void bkt_state_set_frontier(bkt_state *s, const struct bkt_frontier *f);
/** An entry that is in the log but was found bad: it takes its place in the
 * order and changes nothing else. */
BKT_NODISCARD enum bkt_status bkt_state_pass_over(
    bkt_state *s, const struct bkt_sha256 *leaf, struct bkt_err *err);
/**
 * Files that accepting this record changes besides log/: written (record,
 * seals, owned) and removed (seals and owned files of the version it
 * replaces that the new one does not have). Sorted; NULL bytes: removed.
 * Call before bkt_state_apply.
 */
BKT_NODISCARD enum bkt_status bkt_state_files(bkt_state *s,
    const struct bkt_opened *o, bkt_arena *arena, struct bkt_file **out,
    size_t *out_n, struct bkt_err *err);

/* ---- batches: commits --------------------------------------------------- */

struct bkt_batch_entry {
	uint64_t index;
	const char *path;
	struct bkt_sha256 record;  /* as the commit message says */
	struct bkt_submission sub; /* as read from the tree */
};
struct bkt_batch {
	struct bkt_oid oid;
	struct bkt_commit commit;
	const char *title; /* first line of the message */
	struct bkt_batch_entry *entries;
	size_t n_entries;
	uint64_t log_size;
	struct bkt_sha256 log_root;
	struct bkt_span checkpoint; /* log/checkpoint as read */
	struct bkt_change *changes; /* against the parent */
	size_t n_changes;
};
/** Commit message for entries: title, blank, Entry lines, Log line. */
BKT_NODISCARD enum bkt_status bkt_batch_message(const char *title,
    uint64_t first_index, const struct bkt_opened *opened, size_t n,
    const struct bkt_checkpoint *cp, struct bkt_buf *out, struct bkt_err *err);
/**
 * Read one commit: strict commit and message, every named record, its seals
 * (for each `by`) and owned files from its tree, and the list of changes.
 * Structure only: no signatures, no judgement. Thread-safe.
 * @retval BKT_E_FORMAT, BKT_E_MISSING, BKT_E_TAMPERED; faults
 */
BKT_NODISCARD enum bkt_status bkt_batch_read(const bkt_gitdb *g,
    const struct bkt_oid *commit, bkt_arena *arena, struct bkt_batch *out,
    struct bkt_err *err);

/** Which entry it was that bkt_batch_read failed for. */
struct bkt_batch_bad {
	const char *path; /* in the arena; NULL: the commit as a whole */
	uint64_t index;
};
/** bkt_batch_read, and @p bad is set whatever it returns. */
BKT_NODISCARD enum bkt_status bkt_batch_read_told(const bkt_gitdb *g,
    const struct bkt_oid *commit, bkt_arena *arena, struct bkt_batch *out,
    struct bkt_batch_bad *bad, struct bkt_err *err);

struct bkt_scan_entry {
	uint64_t index;
	const char *path; /* borrowed during the call */
	struct bkt_sha256 record;
	struct bkt_oid commit, tree;
};
typedef enum bkt_status (*bkt_scan_fn)(
    void *ctx, const struct bkt_scan_entry *e, struct bkt_err *err);
/** Every entry from genesis to a commit, in log order, by the commit messages
 * alone: cheap, and unverified. */
BKT_NODISCARD enum bkt_status bkt_ledger_scan_unverified(const bkt_gitdb *g,
    const struct bkt_oid *tip, bkt_scan_fn fn, void *ctx, struct bkt_err *err);
/** One entry's submission from the tree of its commit. */
BKT_NODISCARD enum bkt_status bkt_entry_read(const bkt_gitdb *g,
    const struct bkt_scan_entry *e, bkt_arena *arena,
    struct bkt_submission *out, struct bkt_err *err);

/* ---- the ledger of a store ---------------------------------------------- */

typedef struct bkt_ledger bkt_ledger;
/** Open for reading. @retval BKT_E_NOT_STORE with a hint */
BKT_NODISCARD enum bkt_status bkt_ledger_open(
    const char *dir, bool quarantine, bkt_ledger **out, struct bkt_err *err);
void bkt_ledger_free(bkt_ledger *l);
BKT_AUTO_DEFINE(bkt_ledger *, bkt_ledger_free);
const bkt_gitdb *bkt_ledger_git(const bkt_ledger *l);
const char *bkt_ledger_dir(const bkt_ledger *l);

/** Where the store stands; nothing of it is verified. */
struct bkt_head {
	struct bkt_oid commit, tree;
	struct bkt_checkpoint checkpoint;
	int64_t time_utc_s;
	uint8_t note[2048]; /* log/checkpoint */
	size_t note_len;
};
/** @retval BKT_E_NOT_STORE no log yet */
BKT_NODISCARD enum bkt_status bkt_ledger_head_unverified(
    const bkt_ledger *l, struct bkt_head *out, struct bkt_err *err);
/** The same for any commit of it.
 * @retval BKT_E_FORMAT, BKT_E_TAMPERED it is no commit of a log */
BKT_NODISCARD enum bkt_status bkt_ledger_at_unverified(const bkt_ledger *l,
    const struct bkt_oid *commit, struct bkt_head *out, struct bkt_err *err);
/** Did the store itself make this head: commit and checkpoint are signed by
 * its key (DESIGN 4.5), and its message names the same log. The commit's id
 * binds its tree and all before it; that the entries lead to the checkpoint is
 * for the caller to compare.
 * @retval BKT_E_FORMAT, BKT_E_SEAL, BKT_E_TRUST, BKT_E_TAMPERED; faults */
BKT_NODISCARD enum bkt_status bkt_ledger_head_signed(const bkt_ledger *l,
    const struct bkt_head *head, const struct bkt_note_key *key,
    struct bkt_err *err);

/* ---- sources: records wherever they are --------------------------------- */

/** Records by path prefix, one record, or an owned file: from a tree, the
 * index or a package, so that the same code assesses all three. */
typedef enum bkt_status (*bkt_source_fn)(
    void *arg, const char *path, struct bkt_span bytes, struct bkt_err *err);
struct bkt_source {
	/* records (not seals, not owned files) with path prefix, path order */
	enum bkt_status (*each)(void *ctx, const char *prefix, bkt_source_fn fn,
	    void *arg, struct bkt_err *err);
	/* record or owned file at a path into out; BKT_E_NOTFOUND */
	enum bkt_status (*read)(void *ctx, const char *path,
	    struct bkt_buf *out, struct bkt_err *err);
	void *ctx;
};
struct bkt_tree_source {
	const bkt_gitdb *git;
	struct bkt_oid tree;
};
/** @p ctx is borrowed for the life of the source. */
struct bkt_source bkt_source_of_tree(struct bkt_tree_source *ctx);

#ifdef __cplusplus
}
#endif
#endif
