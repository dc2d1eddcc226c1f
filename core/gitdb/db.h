/* What the files of this module share; never included from outside. */
#ifndef BUKTI_GITDB_DB_H
#define BUKTI_GITDB_DB_H

#include <git2.h>

#include "bukti/gitdb.h"

/* no tree of a store comes near; a reader must not be made to hold more */
#define GITDB_TREE_MAX ((size_t)16 * 1024 * 1024)
/* path components: cycles/C/I/reviews/D/M.json has six */
#define GITDB_DEPTH_MAX 8
#define GITDB_NAME_MAX 255
#define GITDB_PATH_MAX (GITDB_DEPTH_MAX * (GITDB_NAME_MAX + 1))

struct gitdb_pool;
struct gitdb_trees;

struct bkt_gitdb {
	char *dir;
	char *objects;
	char *pack_dir;
	char *quarantine; /* objects directory of a push, or NULL */
	struct gitdb_pool *pool;
	struct gitdb_trees *trees;
};

BKT_AUTO_DEFINE(git_odb *, git_odb_free);

/* ---- alloc.c ----------------------------------------------------------- */

/* what the allocator refused since the last clear, on this thread */
enum gitdb_refusal { GITDB_REFUSED_NONE, GITDB_NO_MEMORY, GITDB_OVER_CAP };

int gitdb_alloc_install(void);
void gitdb_alloc_clear(void);
enum gitdb_refusal gitdb_alloc_refusal(void);
/* bytes that libgit2 holds now, all threads */
int64_t gitdb_alloc_bytes(void);
/* largest single allocation this thread lets libgit2 have; 0: the default */
void gitdb_alloc_cap(size_t n_bytes);

/* ---- init.c ------------------------------------------------------------ */

/* drains libgit2's error; @p st is what an error without better class means */
BKT_PRINTF(3, 4)
enum bkt_status gitdb_fail(
    struct bkt_err *err, enum bkt_status st, const char *fmt, ...);
void gitdb_oid_out(const git_oid *in, struct bkt_oid *out);
void gitdb_oid_in(const struct bkt_oid *in, git_oid *out);
/* id of an object by libgit2's collision-detecting SHA-1 */
BKT_NODISCARD enum bkt_status gitdb_hash(struct bkt_span content,
    enum bkt_git_type type, struct bkt_oid *out, struct bkt_err *err);

/* ---- pool.c ------------------------------------------------------------ */

BKT_NODISCARD enum bkt_status gitdb_odb_open(
    const bkt_gitdb *g, git_odb **out, struct bkt_err *err);
BKT_NODISCARD enum bkt_status gitdb_pool_new(
    struct gitdb_pool **out, struct bkt_err *err);
void gitdb_pool_free(struct gitdb_pool *p);
BKT_NODISCARD enum bkt_status gitdb_pool_take(
    const bkt_gitdb *g, git_odb **out, uint64_t *gen, struct bkt_err *err);
void gitdb_pool_give(const bkt_gitdb *g, git_odb *odb, uint64_t gen);
/* close what is open; packs made or removed since are seen from now on */
void gitdb_pool_renew(const bkt_gitdb *g);
/* renew now and then, when the pack directory changes: libgit2 finds new packs
 * of its own accord, but holds on to those that were removed */
void gitdb_pool_notice(const bkt_gitdb *g);

/* ---- read.c ------------------------------------------------------------ */

/* for gitdb_object, when it is to be stored again and not to be understood */
#define GITDB_ANY_TYPE ((enum bkt_git_type)0)

/* one object whose hash was checked */
typedef struct gitdb_obj gitdb_obj;
void gitdb_obj_free(gitdb_obj *o);
BKT_AUTO_DEFINE(gitdb_obj *, gitdb_obj_free);
/* the same object once more; each share is freed. Thread-safe */
gitdb_obj *gitdb_obj_share(gitdb_obj *o);
/* a tree whose bytes were hashed to be an id; they are copied */
BKT_NODISCARD enum bkt_status gitdb_obj_tree(
    struct bkt_span raw, gitdb_obj **out, struct bkt_err *err);
/* a tree that tree_next went through to its end */
bool gitdb_obj_strict(const gitdb_obj *o);
void gitdb_obj_set_strict(gitdb_obj *o);
struct bkt_span gitdb_obj_span(const gitdb_obj *o);
enum bkt_git_type gitdb_obj_type(const gitdb_obj *o);
BKT_NODISCARD enum bkt_status gitdb_object(const bkt_gitdb *g,
    const struct bkt_oid *oid, enum bkt_git_type type, size_t max_bytes,
    gitdb_obj **out, struct bkt_err *err);

/* ---- loose.c ----------------------------------------------------------- */

/* below an objects directory. @retval BKT_E_NOTFOUND */
BKT_NODISCARD enum bkt_status gitdb_loose_read(const char *objects,
    const struct bkt_oid *oid, size_t max_bytes, struct bkt_buf *out,
    enum bkt_git_type *type, struct bkt_err *err);
bool gitdb_loose_has(const char *objects, const struct bkt_oid *oid);

/* ---- chain.c ----------------------------------------------------------- */

/* "<key> <40 hex>LF" at the beginning of @p in */
bool gitdb_take_oid_line(
    struct bkt_span *in, const char *key, struct bkt_oid *out);

/* ---- refs.c ------------------------------------------------------------ */

bool gitdb_ref_name_valid(const char *name);
/* in a file of its own; BKT_E_NOTFOUND says nothing of packed-refs */
BKT_NODISCARD enum bkt_status gitdb_ref_loose(const bkt_gitdb *g,
    const char *name, struct bkt_oid *out, struct bkt_err *err);
/* the value as stored, without asking what it names */
BKT_NODISCARD enum bkt_status gitdb_ref_raw(const bkt_gitdb *g,
    const char *name, struct bkt_oid *out, struct bkt_err *err);

#endif
