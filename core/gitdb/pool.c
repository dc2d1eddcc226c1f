#include "db.h"

#include <dirent.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

#include <git2/odb_backend.h>
#include <git2/sys/odb_backend.h>

/*
 * libgit2 holds one lock per object database while it inflates, so each
 * reading thread borrows a database of its own. Their packs are shared inside
 * libgit2; what those cache goes away only when no database is open, hence
 * the draining.
 */

#define IDLE_MAX 16
/* a new pack is one change; packs are combined when there are 24 */
#define CHANGES_MAX 16
/* less makes long chains of deltas be walked again and again */
#define GROWTH_BYTES ((int64_t)16 * 1024 * 1024)

struct gitdb_pool {
	pthread_mutex_t lock;
	pthread_cond_t returned;
	git_odb *idle[IDLE_MAX];
	unsigned n_idle, n_out;
	bool draining;
	uint64_t gen;
	int64_t floor_bytes; /* held right after the last draining */
	struct timespec seen;
	unsigned n_changes; /* of the pack directory, since drained */
};

static bool pack_reads(const char *name)
{
	static const char *const ends[] = { ".idx", ".pack" };
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t k = strlen(ends[i]);

		if (n >= k && strcmp(name + n - k, ends[i]) == 0)
			return true;
	}
	return strcmp(name, "multi-pack-index") == 0;
}

static enum bkt_status check_kind(
    const char *dir, const struct dirent *d, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *path = NULL;
	struct stat st;

	/* the folder knows it mostly, and then nothing else is asked */
	if (d->d_type == DT_REG || !pack_reads(d->d_name))
		return BKT_OK;
	path = bkt_path_join(dir, d->d_name);
	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	if (stat(path, &st) != 0 || S_ISREG(st.st_mode))
		return BKT_OK;
	return bkt_fail(err, BKT_E_TAMPERED,
	    "'%s' is no regular file: a folder, a pipe or a device stands in "
	    "its place",
	    path);
}

/* libgit2 opens whatever has the name of a pack, and waits for ever where it
 * is a pipe that nobody writes to */
static enum bkt_status only_files(const char *objects, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *dir = bkt_path_join(objects, "pack");
	enum bkt_status st = BKT_OK;
	const struct dirent *d;
	DIR *list;

	if (!dir)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	list = opendir(dir);
	/* what cannot be listed is for whoever misses an object to tell */
	if (!list)
		return BKT_OK;
	while (st == BKT_OK && (d = readdir(list)) != NULL)
		st = check_kind(dir, d, err);
	(void)closedir(list);
	return st;
}

static int add_packs(git_odb *odb, const char *dir, int priority)
{
	git_odb_backend *b = NULL;
	int rc = git_odb_backend_pack(&b, dir);

	if (rc != 0)
		return rc;
	rc = git_odb_add_backend(odb, b, priority);
	if (rc != 0)
		b->free(b);
	return rc;
}

enum bkt_status gitdb_odb_open(
    const bkt_gitdb *g, git_odb **out, struct bkt_err *err)
{
	BKT_AUTO(git_odb_free) git_odb *odb = NULL;
	int rc;

	BKT_TRY(only_files(g->objects, err));
	if (g->quarantine)
		BKT_TRY(only_files(g->quarantine, err));
	gitdb_alloc_clear();
	/* built by hand: git_odb_open would follow objects/info/alternates, and
	 * its reader of loose objects trusts the size that they claim */
	rc = git_odb_new(&odb);
	if (rc == 0)
		rc = add_packs(odb, g->objects, 1);
	if (rc == 0 && g->quarantine)
		rc = add_packs(odb, g->quarantine, 2);
	if (rc != 0)
		return gitdb_fail(err, BKT_E_DB, "objects of '%s'", g->dir);
	*out = BKT_STEAL(odb);
	return BKT_OK;
}

enum bkt_status gitdb_pool_new(struct gitdb_pool **out, struct bkt_err *err)
{
	struct gitdb_pool *p = bkt_calloc(1, sizeof(*p));

	if (!p)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a repository");
	if (pthread_mutex_init(&p->lock, NULL) != 0) {
		bkt_free(p);
		return bkt_fail(err, BKT_E_NOMEM, "no lock for a repository");
	}
	if (pthread_cond_init(&p->returned, NULL) != 0) {
		(void)pthread_mutex_destroy(&p->lock);
		bkt_free(p);
		return bkt_fail(err, BKT_E_NOMEM, "no lock for a repository");
	}
	p->floor_bytes = gitdb_alloc_bytes();
	*out = p;
	return BKT_OK;
}

static void close_idle(struct gitdb_pool *p)
{
	while (p->n_idle > 0)
		git_odb_free(p->idle[--p->n_idle]);
}

void gitdb_pool_free(struct gitdb_pool *p)
{
	if (!p)
		return;
	BKT_ASSERT(p->n_out == 0);
	close_idle(p);
	(void)pthread_cond_destroy(&p->returned);
	(void)pthread_mutex_destroy(&p->lock);
	bkt_free(p);
}

enum bkt_status gitdb_pool_take(
    const bkt_gitdb *g, git_odb **out, uint64_t *gen, struct bkt_err *err)
{
	struct gitdb_pool *p = g->pool;
	enum bkt_status st = BKT_OK;
	git_odb *odb = NULL;

	(void)pthread_mutex_lock(&p->lock);
	while (p->draining)
		(void)pthread_cond_wait(&p->returned, &p->lock);
	if (p->n_idle > 0)
		odb = p->idle[--p->n_idle];
	p->n_out++;
	*gen = p->gen;
	(void)pthread_mutex_unlock(&p->lock);
	if (!odb)
		st = gitdb_odb_open(g, &odb, err);
	if (st != BKT_OK) {
		gitdb_pool_give(g, NULL, *gen);
		return st;
	}
	*out = odb;
	return BKT_OK;
}

/* with the lock held and nothing out */
static void drained(struct gitdb_pool *p)
{
	close_idle(p);
	p->gen++;
	p->draining = false;
	p->n_changes = 0;
	p->floor_bytes = gitdb_alloc_bytes();
	(void)pthread_cond_broadcast(&p->returned);
}

void gitdb_pool_give(const bkt_gitdb *g, git_odb *odb, uint64_t gen)
{
	struct gitdb_pool *p = g->pool;

	(void)pthread_mutex_lock(&p->lock);
	p->n_out--;
	if (odb && gen == p->gen && p->n_idle < IDLE_MAX) {
		p->idle[p->n_idle++] = odb;
		odb = NULL;
	}
	if (gitdb_alloc_bytes() > p->floor_bytes + GROWTH_BYTES)
		p->draining = true;
	if (odb)
		git_odb_free(odb);
	if (p->draining && p->n_out == 0)
		drained(p);
	(void)pthread_mutex_unlock(&p->lock);
}

void gitdb_pool_renew(const bkt_gitdb *g)
{
	struct gitdb_pool *p = g->pool;

	(void)pthread_mutex_lock(&p->lock);
	if (p->n_out == 0)
		drained(p);
	else
		p->draining = true;
	(void)pthread_mutex_unlock(&p->lock);
}

void gitdb_pool_notice(const bkt_gitdb *g)
{
	struct gitdb_pool *p = g->pool;
	struct stat st;
	bool renew;

	if (stat(g->pack_dir, &st) != 0)
		return;
	(void)pthread_mutex_lock(&p->lock);
	if (p->seen.tv_sec != st.st_mtim.tv_sec ||
	    p->seen.tv_nsec != st.st_mtim.tv_nsec)
		p->n_changes++;
	p->seen = st.st_mtim;
	renew = p->n_changes > CHANGES_MAX;
	(void)pthread_mutex_unlock(&p->lock);
	if (renew)
		gitdb_pool_renew(g);
}
