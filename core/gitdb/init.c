#include "db.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define WINDOW_BYTES ((size_t)512 * 1024)
#define CACHE_BYTES ((ssize_t)2 * 1024 * 1024)
#define CACHED_TREE_BYTES ((size_t)256 * 1024)

bool bkt_oid_eq(const struct bkt_oid *a, const struct bkt_oid *b)
{
	return memcmp(a->b, b->b, BKT_OID_LEN) == 0;
}

bool bkt_oid_is_zero(const struct bkt_oid *a)
{
	static const struct bkt_oid zero;

	return bkt_oid_eq(a, &zero);
}

void bkt_oid_hex(const struct bkt_oid *o, char out[41])
{
	bkt_hex(o->b, BKT_OID_LEN, out);
}

void gitdb_oid_out(const git_oid *in, struct bkt_oid *out)
{
	memcpy(out->b, in->id, BKT_OID_LEN);
}

void gitdb_oid_in(const struct bkt_oid *in, git_oid *out)
{
	memset(out, 0, sizeof(*out));
	memcpy(out->id, in->b, BKT_OID_LEN);
}

enum bkt_status gitdb_fail(
    struct bkt_err *err, enum bkt_status st, const char *fmt, ...)
{
	const git_error *e = git_error_last();
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	/* an allocation that failed deep inside surfaces as anything */
	if (gitdb_alloc_refusal() == GITDB_NO_MEMORY ||
	    (e && e->klass == GIT_ERROR_NOMEMORY &&
		gitdb_alloc_refusal() == GITDB_REFUSED_NONE))
		return bkt_fail(err, BKT_E_NOMEM, "%s: no memory", what);
	if (gitdb_alloc_refusal() == GITDB_OVER_CAP)
		return bkt_fail(
		    err, BKT_E_LIMIT, "%s: it claims to be too large", what);
	if (e && e->klass == GIT_ERROR_OS)
		st = BKT_E_IO;
	return bkt_fail(
	    err, st, "%s: %s", what, e && e->message ? e->message : "unknown");
}

static bool set_up(void)
{
	bool ok = gitdb_alloc_install() == 0 && git_libgit2_init() >= 0;

	for (int level = GIT_CONFIG_LEVEL_PROGRAMDATA;
	     level <= GIT_CONFIG_LEVEL_GLOBAL; level++)
		ok = ok &&
		     git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "") == 0;
	return ok && git_libgit2_opts(GIT_OPT_SET_TEMPLATE_PATH, "") == 0 &&
	       git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1) ==
		   0 &&
	       git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1) == 0 &&
	       git_libgit2_opts(GIT_OPT_DISABLE_PACK_KEEP_FILE_CHECKS, 1) ==
		   0 &&
	       git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, WINDOW_BYTES) == 0 &&
	       git_libgit2_opts(
		   GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, BKT_GITDB_MAPPED) == 0 &&
	       git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, CACHE_BYTES) == 0 &&
	       git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_BLOB,
		   (size_t)0) == 0 &&
	       git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT,
		   GIT_OBJECT_COMMIT, (size_t)0) == 0 &&
	       git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE,
		   CACHED_TREE_BYTES) == 0;
}

enum bkt_status bkt_gitdb_init(struct bkt_err *err)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static bool ready;
	bool ok;

	(void)pthread_mutex_lock(&lock);
	if (!ready)
		ready = set_up();
	ok = ready;
	(void)pthread_mutex_unlock(&lock);
	if (!ok)
		return gitdb_fail(err, BKT_E_DB, "libgit2 does not start");
	return BKT_OK;
}

void bkt_gitdb_map_at_most(size_t n_bytes)
{
	(void)git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, n_bytes);
}

enum bkt_status gitdb_hash(struct bkt_span content, enum bkt_git_type type,
    struct bkt_oid *out, struct bkt_err *err)
{
	git_oid id;

	gitdb_alloc_clear();
	if (git_odb_hash(&id, content.ptr, content.len, (git_object_t)type) !=
	    0) {
		const git_error *e = git_error_last();

		/* bytes made to collide would lock us out of our own store */
		if (e && e->klass == GIT_ERROR_SHA)
			return bkt_fail(err, BKT_E_POLICY,
			    "refused: the bytes are a SHA-1 collision attack");
		return gitdb_fail(err, BKT_E_DB, "object id");
	}
	gitdb_oid_out(&id, out);
	return BKT_OK;
}

enum bkt_status bkt_gitdb_blob_oid(
    struct bkt_span content, struct bkt_oid *out, struct bkt_err *err)
{
	return gitdb_hash(content, BKT_GIT_BLOB, out, err);
}
