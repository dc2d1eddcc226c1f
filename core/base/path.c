#include "bukti/base.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fault.h"

bool bkt_path_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

bool bkt_path_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

enum bkt_status bkt_dir_check(const char *path, struct bkt_err *err)
{
	struct stat st;
	bool there = !base_fault("stat", path, NULL) && stat(path, &st) == 0;

	if (there && S_ISDIR(st.st_mode))
		return BKT_OK;
	if (there || errno == ENOENT || errno == ENOTDIR)
		return bkt_fail(err, BKT_E_NOTFOUND, "no folder '%s'", path);
	return bkt_fail_errno(err, BKT_E_IO, "cannot look at '%s'", path);
}

bool bkt_path_is_link(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

bool bkt_path_same(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

char *bkt_path_join(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b);
	bool slash = na > 0 && a[na - 1] != '/';
	char *p = bkt_malloc(na + slash + nb + 1);

	if (!p)
		return NULL;
	memcpy(p, a, na);
	if (slash)
		p[na] = '/';
	memcpy(p + na + slash, b, nb + 1);
	return p;
}

const char *bkt_path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void dir_close(DIR *d)
{
	(void)closedir(d);
}
BKT_AUTO_DEFINE(DIR *, dir_close);

/* names grow in one malloced list, so that the arena takes it once, exact */
struct names {
	char **v;
	size_t n, cap;
};

static void names_release(struct names *l)
{
	bkt_free(l->v);
}
BKT_AUTO_RELEASE(struct names, names_release);

static bool names_add(struct names *l, char *name)
{
	if (l->n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 32;
		char **v = bkt_realloc(l->v, cap * sizeof(*v));

		if (!v)
			return false;
		l->v = v;
		l->cap = cap;
	}
	l->v[l->n++] = name;
	return true;
}

static int by_bytes(const void *a, const void *b)
{
	char *const *x = a;
	char *const *y = b;

	return strcmp(*x, *y);
}

static enum bkt_status names_read(DIR *d, const char *path, bkt_arena *arena,
    struct names *l, struct bkt_err *err)
{
	for (;;) {
		const struct dirent *e = NULL;
		char *name;

		if (!base_fault("read", path, NULL)) {
			errno = 0;
			e = readdir(d);
		}
		if (!e && errno != 0)
			return bkt_fail_errno(
			    err, BKT_E_IO, "cannot list '%s'", path);
		if (!e)
			return BKT_OK;
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		name = bkt_arena_strdup(arena, e->d_name);
		if (!name || !names_add(l, name))
			return bkt_fail(
			    err, BKT_E_NOMEM, "no memory to list '%s'", path);
	}
}

enum bkt_status bkt_dir_list(const char *path, bkt_arena *arena,
    struct bkt_strs *out, struct bkt_err *err)
{
	BKT_AUTO(dir_close) DIR *d = NULL;
	BKT_AUTO(names_release) struct names l = { 0 };
	const char **v;

	if (!base_fault("open", path, NULL))
		d = opendir(path);
	if (!d)
		return bkt_fail_errno(err,
		    errno == ENOENT || errno == ENOTDIR ? BKT_E_NOTFOUND
							: BKT_E_IO,
		    "cannot list '%s'", path);
	BKT_TRY(names_read(d, path, arena, &l, err));
	v = bkt_arena_alloc(arena, l.n * sizeof(*v));
	if (!v)
		return bkt_fail(
		    err, BKT_E_NOMEM, "no memory to list '%s'", path);
	if (l.n > 0) {
		qsort(l.v, l.n, sizeof(*l.v), by_bytes);
		memcpy(v, l.v, l.n * sizeof(*v));
	}
	*out = (struct bkt_strs){ .v = v, .n = l.n };
	return BKT_OK;
}
