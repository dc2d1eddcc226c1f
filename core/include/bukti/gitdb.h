/*
 * Floor 2: git objects, one compare-and-swap ref, strict commit parsing.
 * The only user of libgit2 (and zlib, for packs). Reading never looks at
 * replace refs, grafts, shallow files, commit-graph, alternates outside,
 * or the repository's or user's configuration.
 */
#ifndef BUKTI_GITDB_H
#define BUKTI_GITDB_H

#include "bukti/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_OID_LEN 20
struct bkt_oid {
	uint8_t b[BKT_OID_LEN];
};
bool bkt_oid_eq(const struct bkt_oid *a, const struct bkt_oid *b);
bool bkt_oid_is_zero(const struct bkt_oid *a);
void bkt_oid_hex(const struct bkt_oid *o, char out[41]);

#define BKT_GITDB_BLOB_MAX (4 * 1024 * 1024)

/** How much of the packs a process keeps mapped; so much of its resident
 * memory may be theirs. Who reads a whole log goes through them in another
 * order than they were written: with the few a process starts with (8 MB), it
 * spends a third of its time on mapping. Process-wide, at any time. */
#define BKT_GITDB_MAPPED ((size_t)8 * 1024 * 1024) /* at the start */
void bkt_gitdb_map_at_most(size_t n_bytes);

typedef struct bkt_gitdb bkt_gitdb;
/** Once per process: allocator seam, no system/global config, caches bounded
 * (a few MB), strict hash verification on, fsync on. */
BKT_NODISCARD enum bkt_status bkt_gitdb_init(struct bkt_err *err);
/**
 * Open a bare repository for reading objects. Thread-safe for concurrent
 * reads. @p quarantine: also see GIT_QUARANTINE_PATH/GIT_OBJECT_DIRECTORY
 * (hooks). @retval BKT_E_NOT_STORE
 */
BKT_NODISCARD enum bkt_status bkt_gitdb_open(
    const char *dir, bool quarantine, bkt_gitdb **out, struct bkt_err *err);
/** Another handle on the same repository: what one has read lately, or written
 * as a tree, the other need not read again. For one writing, one reading. */
BKT_NODISCARD enum bkt_status bkt_gitdb_beside(
    const bkt_gitdb *g, bkt_gitdb **out, struct bkt_err *err);
void bkt_gitdb_free(bkt_gitdb *g);
BKT_AUTO_DEFINE(bkt_gitdb *, bkt_gitdb_free);

/**
 * Where a ref points; only plain refs to commits: no symbolic refs, no links,
 * no tag objects. @p name begins with "refs/" (BKT_E_USAGE otherwise).
 * @retval BKT_E_NOTFOUND; BKT_E_FORMAT it is no plain ref; BKT_E_MISSING the
 * commit is not there; BKT_E_TAMPERED it is not a commit
 */
BKT_NODISCARD enum bkt_status bkt_gitdb_ref(const bkt_gitdb *g,
    const char *name, struct bkt_oid *out, struct bkt_err *err);
/** Does stock git, asked for nothing else, show the ref @p name (DESIGN 4.1).
 * @retval BKT_E_TAMPERED HEAD is at another ref or at a commit; BKT_E_FORMAT
 * it is no HEAD at all; faults */
BKT_NODISCARD enum bkt_status bkt_gitdb_head_check(
    const bkt_gitdb *g, const char *name, struct bkt_err *err);
/** Names of all refs, sorted, from the arena; names are unverified text.
 * @retval BKT_E_FORMAT packed-refs is none, or is larger than any of a store;
 * BKT_E_LIMIT refs lie deeper than any of a store; faults */
BKT_NODISCARD enum bkt_status bkt_gitdb_refs(const bkt_gitdb *g,
    bkt_arena *arena, struct bkt_strs *out, struct bkt_err *err);

enum bkt_git_type { BKT_GIT_COMMIT = 1, BKT_GIT_TREE = 2, BKT_GIT_BLOB = 3 };
/** Object of that type into @p out (cleared first). Its SHA-1 is checked with
 * collision detection. @retval BKT_E_MISSING, BKT_E_TAMPERED (hash or type),
 * BKT_E_LIMIT (beyond out's ceiling; BKT_E_FORMAT where it is no blob),
 * BKT_E_IO (a pack cannot be opened) */
BKT_NODISCARD enum bkt_status bkt_gitdb_read(const bkt_gitdb *g,
    const struct bkt_oid *oid, enum bkt_git_type type, struct bkt_buf *out,
    struct bkt_err *err);
/** Is it there at all (no hash check). */
bool bkt_gitdb_has(const bkt_gitdb *g, const struct bkt_oid *oid);
/** Blob id of content, computed only. */
BKT_NODISCARD enum bkt_status bkt_gitdb_blob_oid(
    struct bkt_span content, struct bkt_oid *out, struct bkt_err *err);

/** Blob oid at a path below a tree; plain files 100644 only.
 * @retval BKT_E_NOTFOUND; BKT_E_TAMPERED on odd modes */
BKT_NODISCARD enum bkt_status bkt_gitdb_lookup(const bkt_gitdb *g,
    const struct bkt_oid *tree, const char *path, struct bkt_oid *out,
    struct bkt_err *err);
/** lookup + read. */
BKT_NODISCARD enum bkt_status bkt_gitdb_read_path(const bkt_gitdb *g,
    const struct bkt_oid *tree, const char *path, struct bkt_buf *out,
    struct bkt_err *err);
/** All files below @p prefix ("" or "dir/"; one that is not there has none),
 * in tree order, read strictly as in bkt_gitdb_diff; the callback's status
 * other than OK stops. */
typedef enum bkt_status (*bkt_tree_fn)(void *ctx, const char *path,
    const struct bkt_oid *blob, struct bkt_err *err);
BKT_NODISCARD enum bkt_status bkt_gitdb_walk(const bkt_gitdb *g,
    const struct bkt_oid *tree, const char *prefix, bkt_tree_fn fn, void *ctx,
    struct bkt_err *err);

struct bkt_change {
	const char *path;
	struct bkt_oid old_oid, new_oid; /* zero: absent */
};
/**
 * Files that differ between two trees (zero oid: the empty tree), sorted by
 * path, strings in the arena. Equal subtrees are not entered. Tree objects
 * are parsed strictly: sorted, unique, names safe, modes 40000 and 100644 only
 * and no empty directories, at most 8 components and 255 bytes a name
 * and 16 MB a tree (BKT_E_FORMAT). At most @p max changes (BKT_E_LIMIT).
 */
BKT_NODISCARD enum bkt_status bkt_gitdb_diff(const bkt_gitdb *g,
    const struct bkt_oid *old_tree, const struct bkt_oid *new_tree, size_t max,
    bkt_arena *arena, struct bkt_change **out, size_t *out_n,
    struct bkt_err *err);

/** A commit of our profile (DESIGN 4.5), taken apart. */
struct bkt_commit {
	struct bkt_oid tree;
	struct bkt_oid parent;        /* zero: root commit */
	struct bkt_span author_id;    /* name and e-mail are this same id */
	struct bkt_span committer_id; /* the origin */
	int64_t time_utc_s;           /* author and committer agree, +0000 */
	struct bkt_span signature;    /* armoured, unfolded, in the arena */
	struct bkt_span payload;      /* commit without gpgsig, in the arena */
	struct bkt_span message;      /* into raw */
};
/**
 * Strict: headers tree, [parent], author, committer, gpgsig in this order,
 * once each, nothing else, UTF-8 message ending in one LF.
 * @retval BKT_E_FORMAT says which rule
 */
BKT_NODISCARD enum bkt_status bkt_commit_parse(struct bkt_span raw,
    bkt_arena *arena, struct bkt_commit *out, struct bkt_err *err);
/** Commit bytes without (signature empty) or with gpgsig, appended to @p out;
 * its fields must be what bkt_commit_parse accepts (BKT_E_FORMAT). */
BKT_NODISCARD enum bkt_status bkt_commit_print(
    const struct bkt_commit *c, struct bkt_buf *out, struct bkt_err *err);
/**
 * First-parent chain from @p tip (included) back to @p stop (excluded; zero:
 * to the root), oldest first, read with light parsing of tree/parent lines.
 * The array is the caller's (bkt_free).
 * @retval BKT_E_NOTFOUND stop is not an ancestor; BKT_E_FORMAT a commit with
 * several parents; BKT_E_LIMIT more than max
 */
BKT_NODISCARD enum bkt_status bkt_gitdb_chain(const bkt_gitdb *g,
    const struct bkt_oid *tip, const struct bkt_oid *stop, size_t max,
    struct bkt_oid **out, size_t *out_n, struct bkt_err *err);

/** Surroundings that stock git would honour and we ignore, as findings: one
 * text line each in the arena (replace refs, grafts, shallow, alternates,
 * config that runs programs, hooks not ours is the caller's). */
BKT_NODISCARD enum bkt_status bkt_gitdb_oddities(const bkt_gitdb *g,
    bkt_arena *arena, struct bkt_strs *out, struct bkt_err *err);

/* ---- writing (libbukti only) ------------------------------------------- */

/** New bare repository with the receive, fsck, lfs and gc settings of
 * DESIGN 4.1 and HEAD -> refs/heads/main. @retval BKT_E_EXISTS */
BKT_NODISCARD enum bkt_status bkt_gitdb_create(
    const char *dir, struct bkt_err *err);

/**
 * One batch of new objects, streamed into one pack (memory does not grow with
 * the batch beyond 64 bytes an object). Nothing is visible before finish.
 */
typedef struct bkt_gitpack bkt_gitpack;
BKT_NODISCARD enum bkt_status bkt_gitpack_new(
    bkt_gitdb *g, bkt_gitpack **out, struct bkt_err *err);
void bkt_gitpack_free(bkt_gitpack *p); /* unfinished: dropped */
BKT_AUTO_DEFINE(bkt_gitpack *, bkt_gitpack_free);
/** Adding an object that the repository or this pack has already is fine and
 * writes nothing. @retval BKT_E_POLICY the bytes are a SHA-1 collision attack
 * (they could never be read again) */
BKT_NODISCARD enum bkt_status bkt_gitpack_add(bkt_gitpack *p,
    enum bkt_git_type type, struct bkt_span content, struct bkt_oid *out,
    struct bkt_err *err);
/** A blob made ready ahead of its pack. */
struct bkt_gitblob {
	struct bkt_oid oid;
	struct bkt_span content;  /* borrowed from who gave it */
	struct bkt_span deflated; /* in the arena; empty when `like` is set */
	/* NULL, or a word that blobs of nearly the same bytes have in common:
	 * they go into a pack as differences from the first of them */
	const char *like;
};
/** Makes blobs ready: pure CPU, one for each thread. */
typedef struct bkt_gitpress bkt_gitpress;
BKT_NODISCARD enum bkt_status bkt_gitpress_new(
    bkt_gitpress **out, struct bkt_err *err);
void bkt_gitpress_free(bkt_gitpress *p);
/** @param like borrowed, may be NULL: see struct bkt_gitblob
 * @retval BKT_E_POLICY as for bkt_gitpack_add */
BKT_NODISCARD enum bkt_status bkt_gitpress_blob(bkt_gitpress *p,
    struct bkt_span content, const char *like, bkt_arena *arena,
    struct bkt_gitblob *out, struct bkt_err *err);
/** bkt_gitpack_add for what was made ready. */
BKT_NODISCARD enum bkt_status bkt_gitpack_put(
    bkt_gitpack *p, const struct bkt_gitblob *blob, struct bkt_err *err);
/** Edit a tree: changes sorted by path, new_oid zero deletes; writes the new
 * trees into the pack. Empty directories vanish; deleting what is not there
 * is fine; old_oid is not looked at. The base must be in the repository, not
 * in this pack. @retval BKT_E_USAGE not sorted; BKT_E_FORMAT a path that no
 * tree may have, or a file where a directory is */
BKT_NODISCARD enum bkt_status bkt_gitpack_tree(bkt_gitpack *p,
    const struct bkt_oid *base_tree, const struct bkt_change *changes, size_t n,
    struct bkt_oid *out, struct bkt_err *err);
/** Pack and index are complete, durable and visible on return. */
BKT_NODISCARD enum bkt_status bkt_gitpack_finish(
    bkt_gitpack *p, struct bkt_err *err);
/**
 * Move a ref by compare-and-swap (zero @p from: must not exist). Durable.
 * Refused while GIT_QUARANTINE_PATH is set (BKT_E_POLICY). Takes git's own
 * lock file; keeps bukti/ref.lock and bukti/ref.tmp below the repository.
 * @retval BKT_E_CONFLICT it points elsewhere now; BKT_E_BUSY a git holds it;
 * BKT_E_MISSING, BKT_E_TAMPERED @p to is not a commit that is there
 */
BKT_NODISCARD enum bkt_status bkt_gitdb_ref_move(bkt_gitdb *g, const char *name,
    const struct bkt_oid *from, const struct bkt_oid *to, struct bkt_err *err);
/** Keep packed: combine small packs when there are more than 24 (geometric,
 * bytes copied, trees as deltas of their earlier state), drop leftovers of
 * crashes (tmp packs older than a day). Cheap when there is nothing to do.
 * The caller holds the writer lock; readers, also other processes, go on.
 * @retval BKT_E_TAMPERED a pack is damaged; nothing was changed */
BKT_NODISCARD enum bkt_status bkt_gitdb_tidy(bkt_gitdb *g, struct bkt_err *err);

#ifdef __cplusplus
}
#endif
#endif
