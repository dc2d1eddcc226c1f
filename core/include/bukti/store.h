/*
 * Floor 5: the only writer. Opens a store for people's verbs: reading through
 * the index, writing in batches (DESIGN 7).
 */
#ifndef BUKTI_STORE_H
#define BUKTI_STORE_H

#include "bukti/assess.h"
#include "bukti/base.h"
#include "bukti/crypto.h"
#include "bukti/index.h"
#include "bukti/ledger.h"
#include "bukti/objects.h"
#include "bukti/package.h"
#include "bukti/receive.h"
#include "bukti/verify.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Once per process: crypto, git, index libraries with our allocator. */
BKT_NODISCARD enum bkt_status bkt_init(struct bkt_err *err);

typedef struct bkt_store bkt_store;
/** Opens and brings the index up to the head (a derived thing: missing or
 * behind is repaired here, also for readers).
 * @retval BKT_E_TAMPERED the log does not contain what the index was made of:
 *         rolled back or replaced */
BKT_NODISCARD enum bkt_status bkt_store_open(
    const char *dir, bkt_store **out, struct bkt_err *err);
void bkt_store_free(bkt_store *s);
BKT_AUTO_DEFINE(bkt_store *, bkt_store_free);
const bkt_ledger *bkt_store_ledger(const bkt_store *s);
bkt_objects *bkt_store_objects(bkt_store *s);
bkt_index *bkt_store_index(bkt_store *s);
const struct bkt_head *bkt_store_head(const bkt_store *s);
const char *bkt_store_origin(const bkt_store *s);
const char *bkt_store_dir(const bkt_store *s);
/** What did not work on the way and changed no result (the index could not be
 * kept, the packs could not be tidied): a warning with its hint, the first one
 * met; NULL none. */
const struct bkt_err *bkt_store_trouble(const bkt_store *s);
/** Records through the index; borrowed. */
const struct bkt_source *bkt_store_source(bkt_store *s);
/** The head and what bkt_store_source and bkt_store_index show are of one
 * moment from now on, whatever others write, until this handle writes. Looks
 * at the ref again where another has written since.
 * @retval BKT_E_BUSY others write all the time */
BKT_NODISCARD enum bkt_status bkt_store_snapshot(
    bkt_store *s, struct bkt_err *err);
/** The index is a file of this store, not only for this handle. */
bool bkt_store_keeps_index(const bkt_store *s);
/** Drop the index and build it again from the log. */
BKT_NODISCARD enum bkt_status bkt_store_reindex(
    bkt_store *s, const struct bkt_progress *progress, struct bkt_err *err);
/** A store that was restored from a backup on purpose: forget which states of
 * the log were seen here (the index, bukti/verified), so that the next opening
 * goes on from the log as it is. Pins that auditors keep still disagree. */
BKT_NODISCARD enum bkt_status bkt_store_accept_restored(
    const char *dir, struct bkt_err *err);
/** State as of the head, for judging ahead (receive_file, roles). Owned by
 * the caller. */
BKT_NODISCARD enum bkt_status bkt_store_state(
    bkt_store *s, bkt_state **out, struct bkt_err *err);

/* ---- making records ----------------------------------------------------- */

struct bkt_hand { /* a person at the keyboard */
	const char *member;
	const bkt_signer *signer;
};
/** Fills store, at, by and prev (looked up at the path) of a record whose
 * kind, path and body are set. The strings go to the arena. */
BKT_NODISCARD enum bkt_status bkt_store_prepare(bkt_store *s,
    struct bkt_record *r, const char *const *by, size_t n_by, int64_t at_utc_s,
    bkt_arena *arena, struct bkt_err *err);
/** Print and seal with the hands that `by` names; when some are missing the
 * result is a beginning for bkt_proposal_put. The owned files are the caller's
 * to attach. @retval BKT_E_USAGE no hand is named */
BKT_NODISCARD enum bkt_status bkt_store_seal(struct bkt_record *r,
    const struct bkt_hand *hands, size_t n_hands, bkt_arena *arena,
    struct bkt_submission *out, struct bkt_err *err);

/* ---- the write path ------------------------------------------------------ */

struct bkt_item {
	struct bkt_submission sub;
	struct bkt_staged *staged; /* content of a document record, or NULL
				      when the object is already there */
	/* out: */
	enum bkt_status status;
	struct bkt_err err;
	uint64_t index; /* when BKT_OK */
	struct bkt_sha256 sha256;
};
enum { BKT_ALL_OR_NOTHING = 1 };
/**
 * One durable batch. Takes the writer lock (waits up to 10 s: BKT_E_BUSY),
 * clears what a crash left, receives against the head as it is now, settles
 * the objects of what was accepted, writes one pack, moves the one ref, then
 * the index. On BKT_OK the accepted items are on disk. With
 * BKT_ALL_OR_NOTHING one refusal stops the batch (BKT_E_FINDINGS, nothing
 * written). If every item is refused nothing is written.
 *
 * @param title first line of the commit message; plain text
 * @retval BKT_OK look at each item; faults: nothing was written, or (after
 *         the ref moved) everything
 */
BKT_NODISCARD enum bkt_status bkt_store_submit(bkt_store *s,
    struct bkt_item *items, size_t n, unsigned flags, const char *title,
    struct bkt_err *err);

/**
 * Would these enter, were they submitted now: the same gate as of
 * bkt_store_submit, and nothing is written. What would enter becomes part of
 * @p state (of bkt_store_state), so that the next call sees it.
 *
 * @param items status and err are set
 * @param arena lives as long as @p state
 */
BKT_NODISCARD enum bkt_status bkt_store_rehearse(bkt_store *s, bkt_state *state,
    struct bkt_item *items, size_t n, bkt_arena *arena, struct bkt_err *err);
/** Has this member a role by which it could say records of this kind at all:
 * asked before a long job is begun. @retval BKT_E_POLICY no, and who has */
BKT_NODISCARD enum bkt_status bkt_store_may(
    bkt_store *s, const char *member, enum bkt_kind kind, struct bkt_err *err);
/** Could these members together sign a record of this kind, by their roles
 * alone: asked before a long job is begun. Who is no active member has no
 * role. @retval BKT_E_POLICY no, and which roles it takes */
BKT_NODISCARD enum bkt_status bkt_store_enough(bkt_store *s,
    const struct bkt_strs *members, enum bkt_kind kind, struct bkt_err *err);

/** What happened to a round since its newest release. */
struct bkt_changed {
	uint64_t released; /* entry of the release */
	/* touched since, newest first; then those that stand otherwise than was
	 * sealed of them, by what else there is (a unit, a content) */
	struct bkt_strs indicators;
	bool round; /* the cycle's own record changed */
};
/** @retval BKT_E_NOTFOUND it was never released */
BKT_NODISCARD enum bkt_status bkt_store_changed(bkt_store *s,
    const bkt_assess *a, bkt_arena *arena, struct bkt_changed *out,
    struct bkt_err *err);

struct bkt_init_options {
	const char *origin, *name, *type; /* "pemda" | "pusat" */
	struct bkt_hand admin; /* certificate issued by the CA below */
	struct bkt_span ca_pem;
	struct bkt_span admin_request; /* DER */
	const char *admin_title;
	const struct bkt_access *access;
	const struct bkt_file *rulebooks; /* path = stem */
	size_t n_rulebooks;
	int64_t at_utc_s;
};
/** New store with its genesis batch. The directory must not exist or be empty;
 * on failure nothing is left. @retval BKT_E_EXISTS */
BKT_NODISCARD enum bkt_status bkt_store_create(const char *dir,
    const struct bkt_init_options *options, struct bkt_err *err);

/* ---- intake: a person's file on its way to a record -----------------------
 */

/** The store's file policy: bukti/files.yaml when the operator has put one
 * there, else the policy given. Everything in the arena. */
BKT_NODISCARD enum bkt_status bkt_intake_policy(bkt_store *s,
    struct bkt_span default_yaml, bkt_arena *arena, struct bkt_file_policy *out,
    struct bkt_err *err);
/** Ids of the active units, in the arena. */
BKT_NODISCARD enum bkt_status bkt_intake_units(
    bkt_store *s, bkt_arena *arena, struct bkt_strs *out, struct bkt_err *err);
/** "2 3" to a sorted set. @retval BKT_E_USAGE names @p what */
BKT_NODISCARD enum bkt_status bkt_intake_numbers(const char *what,
    const char *text, uint64_t min, uint64_t max, bkt_arena *arena,
    struct bkt_u64s *out, struct bkt_err *err);
/** "2 3" to a sorted set of levels that the indicator has; none: all of them.
 * @retval BKT_E_USAGE */
BKT_NODISCARD enum bkt_status bkt_intake_levels(
    const struct bkt_rb_indicator *ind, const char *text, bkt_arena *arena,
    struct bkt_u64s *out, struct bkt_err *err);
/** "tag=a|b;tag=c" to sorted covers. @retval BKT_E_USAGE */
BKT_NODISCARD enum bkt_status bkt_intake_covers(const char *text,
    bkt_arena *arena, struct bkt_cover **out, size_t *n, struct bkt_err *err);
/** One fault of what a person says, by the field that it is in ("unit",
 * "title"), for who asked to make of it what it is there: an option, a cell.
 * @p why lives during the call. */
typedef enum bkt_status (*bkt_fault_fn)(void *ctx, const char *field,
    const struct bkt_err *why, struct bkt_err *err);
#define BKT_TITLE_EXAMPLE "Peraturan Wali Kota Nomor 28 Tahun 2021"
/** Unit, type, covers, dates, class, title of what a person says: words that
 * the rulebook and the registry know; suggestions as hints. Every fault goes to
 * @p fn; BKT_OK says that all were looked for. */
BKT_NODISCARD enum bkt_status bkt_intake_check(const struct bkt_rulebook *rb,
    const struct bkt_strs *units, const struct bkt_document *said,
    bkt_fault_fn fn, void *ctx, struct bkt_err *err);
/** Is the document dated later than any clock of the country shows: a slip of
 * the pen more often than not, but for the rulebook to judge. */
bool bkt_intake_future(const struct bkt_document *said, int64_t now_utc_s);
/** What the rulebook wants said of a document of this type and is not, by the
 * names of the fields; for a warning: it may be a draft. In the arena. */
BKT_NODISCARD enum bkt_status bkt_intake_missing(const struct bkt_rulebook *rb,
    const struct bkt_document *said, bkt_arena *arena, struct bkt_strs *out,
    struct bkt_err *err);
/** A name in the folder of a file that is not there which is nearly its own,
 * in the arena; NULL: none, or the folder cannot be read. */
const char *bkt_intake_near(const char *path, bkt_arena *arena);
/** An active document that has this content already.
 * @param[out] out its record, in the arena; @retval BKT_E_NOTFOUND */
BKT_NODISCARD enum bkt_status bkt_intake_find(bkt_store *s,
    const struct bkt_sha256 *content, bkt_arena *arena, struct bkt_record **out,
    struct bkt_err *err);
/**
 * Document record and pointer for staged content. The kept name, media type,
 * digest and size come from name and content; the rest from @p said (its id
 * is kept when set: a new version; else a new random id is drawn).
 *
 * @param[out] owned one file: the pointer
 * @retval BKT_E_POLICY the file may not enter, with what to do
 */
BKT_NODISCARD enum bkt_status bkt_intake_document(
    const struct bkt_file_policy *policy, const struct bkt_staged *staged,
    const char *name, const struct bkt_document *said, bkt_arena *arena,
    struct bkt_record **out, struct bkt_file **owned, struct bkt_err *err);
/** The pointer again for a new version without new content. */
BKT_NODISCARD enum bkt_status bkt_intake_pointer(const struct bkt_record *doc,
    bkt_arena *arena, struct bkt_file **owned, struct bkt_err *err);
/** Is this a reason that tells a reader something: two words at least, eight
 * letters at least. Dots, an x or a word left over from a hint are none. */
bool bkt_reason_speaks(const char *text);
/** Do two texts of a record say the same; NULL is "". */
bool bkt_same_text(const char *a, const char *b);
/** What of a document is other in the second version: names of its parts, as
 * people call them; none when a new version would say nothing new. */
BKT_NODISCARD enum bkt_status bkt_document_changes(const struct bkt_document *a,
    const struct bkt_document *b, bkt_arena *arena, struct bkt_strs *out,
    struct bkt_err *err);
/** Would the second link say anything new. */
bool bkt_same_link(const struct bkt_link *a, const struct bkt_link *b);
/** Link record at its path; @p said is borrowed. */
BKT_NODISCARD enum bkt_status bkt_intake_link(const char *cycle,
    const char *indicator, const struct bkt_link *said, bkt_arena *arena,
    struct bkt_record **out, struct bkt_err *err);

/* a whole folder in one go */
struct bkt_import_options {
	const char *cycle;
	const char *csv_name; /* for messages */
	struct bkt_span csv;  /* evidence.csv */
	const char *dir;      /* folder that its file column is relative to */
	struct bkt_hand hand;
	const struct bkt_rulebook *rulebook; /* the cycle's */
	const struct bkt_file_policy *policy;
	bkt_arena *arena; /* for what the result lists */
	/* check every row, file and right; write nothing, and count in the
	 * result what would be written */
	bool dry_run;
	const struct bkt_progress *progress;
	/* each problem and each remark, by line, at the end; then what is
	 * said of many documents at once, with line 0 */
	void (*tell)(void *ctx, uint64_t line, const struct bkt_err *why);
	void *ctx;
};
#define BKT_IMPORT_UNNAMED_MAX 100 /* files listed */
struct bkt_import_result {
	uint64_t n_rows, n_bad;        /* of the table; bad: not (wholly) in */
	uint64_t n_files, n_bytes;     /* read */
	uint64_t n_documents, n_links; /* written, or would be */
	uint64_t n_reused; /* files whose content was there already */
	uint64_t n_twins;  /* files with the content of another of the table */
	uint64_t n_same;   /* links that were there just so */
	uint64_t n_gone;   /* links left alone: taken back, or their document */
	/* files of the folder that no row names: how many, at least when it
	 * could not be looked over wholly, and the first of them */
	uint64_t n_unnamed;
	bool unnamed_partly;
	struct bkt_strs unnamed;
};
/**
 * Import a table of evidence (columns of bukti-import(1)). Good rows enter in
 * durable batches, bad ones are told with their line and leave nothing behind;
 * run again after mending: what is in is recognised by content and skipped.
 *
 * @retval BKT_OK       also when rows were bad: look at n_bad
 * @retval BKT_E_FORMAT the table itself (a missing column, not CSV)
 * @retval BKT_E_USAGE  the folder: none of the files is there
 * @retval BKT_E_POLICY the member could not enter any row
 * @retval BKT_E_INTERRUPTED whole batches so far are in
 */
BKT_NODISCARD enum bkt_status bkt_import(bkt_store *s,
    const struct bkt_import_options *options, struct bkt_import_result *out,
    struct bkt_err *err);

/* ---- proposals: records waiting for more signatures -----------------------
 */

struct bkt_proposal {
	char id[17];               /* first 16 hex of the record's digest */
	struct bkt_submission sub; /* with the seals so far, in the arena */
	const struct bkt_record *rec;
	struct bkt_strs missing; /* members who have not signed yet */
	/* when it cannot be read: rec is NULL, and why */
	struct bkt_err broken;
};
/** Keep a record until all have signed. @p staged its content, or NULL: made
 * durable here, since nobody brings it again. */
BKT_NODISCARD enum bkt_status bkt_proposal_put(bkt_store *s,
    const struct bkt_submission *sub, struct bkt_staged *staged, char id[17],
    struct bkt_err *err);
/** All of them, those that cannot be read included. */
BKT_NODISCARD enum bkt_status bkt_proposal_list(bkt_store *s, bkt_arena *arena,
    struct bkt_proposal **out, size_t *n, struct bkt_err *err);
/** @retval BKT_E_NOTFOUND */
BKT_NODISCARD enum bkt_status bkt_proposal_get(bkt_store *s, const char *id,
    bkt_arena *arena, struct bkt_proposal *out, struct bkt_err *err);
/** Would it enter, if those who are missing signed now: the judgement of the
 * gate, so that nobody signs what cannot enter.
 * @retval BKT_E_CONFLICT, BKT_E_TRUST, BKT_E_POLICY, ... as of bkt_judge */
BKT_NODISCARD enum bkt_status bkt_proposal_judge(
    bkt_store *s, const struct bkt_proposal *p, struct bkt_err *err);
/** Sign the record in @p p, the very bytes that somebody was shown, and keep
 * the seal (checked) with the proposal of that id: when another record lies
 * there by now, the seal is not of it and both are refused from then on. */
BKT_NODISCARD enum bkt_status bkt_proposal_sign(bkt_store *s,
    const struct bkt_proposal *p, const struct bkt_hand *hand, int64_t at_utc_s,
    struct bkt_err *err);
/** Also one that cannot be read. @retval BKT_E_NOTFOUND */
BKT_NODISCARD enum bkt_status bkt_proposal_drop(
    bkt_store *s, const char *id, struct bkt_err *err);

/* ---- what a verifier remembers in the store (a cache, never believed) ------
 */

BKT_NODISCARD enum bkt_status bkt_store_pin_load(
    const char *dir, struct bkt_pin *out, struct bkt_err *err);
BKT_NODISCARD enum bkt_status bkt_store_pin_save(
    const char *dir, const struct bkt_pin *pin, struct bkt_err *err);

/* ---- packages -------------------------------------------------------------
 */

struct bkt_packing {
	const char *cycle;
	const char *file; /* or a folder; made when it ends with '/' */
	const struct bkt_hand *hands;
	size_t n_hands;
	const char *recipient; /* may be NULL */
	const struct bkt_progress *progress;
};
struct bkt_packed {
	char *path; /* of the package */
	bool same;  /* it was there already, to the last byte */
	struct bkt_inspect_report report;
};
void bkt_packed_release(struct bkt_packed *p);
BKT_AUTO_RELEASE(struct bkt_packed, bkt_packed_release);
/**
 * Build the package of a cycle's release into a file, made beside it. The
 * seals over the tagmanifest are taken from the store; when there are none
 * yet, the hands must be the release's signers and a package record with the
 * seals is submitted first, so that the same release gives the same bytes ever
 * after. What goes out of the house is first read as its receiver will read
 * it, with the store's own key and CA as those told by another way, while it
 * is made durable; only what is intact and complete gets its name. A file that
 * has that name already is left as it is: fine when it is this very package,
 * else BKT_E_EXISTS, where it can be seen before anything is sealed.
 * @param[out] out the report has the file's digest. It is there too when the
 *   package did not hold and was removed (a status that is a verdict).
 */
BKT_NODISCARD enum bkt_status bkt_store_pack(bkt_store *s,
    const struct bkt_packing *how, struct bkt_packed *out, struct bkt_err *err);

#ifdef __cplusplus
}
#endif
#endif
