#include "bukti/base.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../fault.h"

/* each level holds one descriptor */
#define DEPTH_MAX 64

static int open_to_sync(const char *path, int flags)
{
	int fd = -1;

	if (!base_fault("open", path, NULL))
		do
			fd = open(path, O_RDONLY | O_CLOEXEC | flags);
		while (fd < 0 && errno == EINTR);
	return fd;
}

enum bkt_status bkt_dir_fsync(const char *path, struct bkt_err *err)
{
	BKT_AUTO_FD fd = open_to_sync(path, O_DIRECTORY);

	if (fd < 0)
		return bkt_fail_errno(err, BKT_E_IO, "cannot open '%s'", path);
	if (bkt_file_fsync(fd, err) != BKT_OK)
		return bkt_fail_context(err, BKT_E_IO, "'%s'", path);
	return BKT_OK;
}

enum bkt_status bkt_fs_sync(const char *path, struct bkt_err *err)
{
	BKT_AUTO_FD fd = open_to_sync(path, O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return bkt_fail_errno(err, BKT_E_IO, "cannot open '%s'", path);
	if (base_fault("syncfs", path, NULL) || syncfs(fd) != 0)
		return bkt_fail_errno(err, BKT_E_IO,
		    "cannot make the filesystem of '%s' durable", path);
	return BKT_OK;
}

static enum bkt_status make_one(
    const char *path, uint32_t mode, struct bkt_err *err)
{
	if (!base_fault("mkdir", path, NULL) && mkdir(path, (mode_t)mode) == 0)
		return BKT_OK;
	if (errno == EEXIST && bkt_path_is_dir(path))
		return BKT_OK;
	return bkt_fail_errno(err, BKT_E_IO, "cannot make folder '%s'", path);
}

enum bkt_status bkt_dir_make(
    const char *path, uint32_t mode, bool parents, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *part = NULL;

	if (!parents)
		return make_one(path, mode, err);
	part = bkt_strdup(path);
	if (!part)
		return bkt_fail(
		    err, BKT_E_NOMEM, "no memory to make '%s'", path);
	for (char *p = part + 1; *part && *p; p++) {
		if (*p != '/' || p[-1] == '/')
			continue;
		*p = '\0';
		/* an existing parent may be one we cannot write in */
		if (!bkt_path_is_dir(part))
			BKT_TRY(make_one(part, mode, err));
		*p = '/';
	}
	return make_one(path, mode, err);
}

static void dir_close(DIR *d)
{
	(void)closedir(d);
}
BKT_AUTO_DEFINE(DIR *, dir_close);

/* the tree that is being removed */
struct removal {
	const char *path;
	dev_t device;
	struct bkt_err *err;
};

static enum bkt_status fail_remove(const struct removal *r, const char *name)
{
	return bkt_fail_errno(
	    r->err, BKT_E_IO, "cannot remove '%s' below '%s'", name, r->path);
}

static enum bkt_status empty(
    struct removal *r, int parent, const char *name, unsigned depth);

static enum bkt_status remove_entry(
    struct removal *r, int dir, const char *name, unsigned depth)
{
	struct stat st;
	int flags = 0;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return BKT_OK;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? BKT_OK : fail_remove(r, name);
	if (S_ISDIR(st.st_mode)) {
		BKT_TRY(empty(r, dir, name, depth + 1));
		flags = AT_REMOVEDIR;
	}
	if (base_fault("unlink", name, NULL) ||
	    (unlinkat(dir, name, flags) != 0 && errno != ENOENT))
		return fail_remove(r, name);
	return BKT_OK;
}

/* O_NOFOLLOW at every step: a folder swapped for a link is not entered */
static enum bkt_status open_level(
    struct removal *r, int parent, const char *name, bool top, DIR **out)
{
	BKT_AUTO_FD fd = -1;
	struct stat st;
	DIR *d;

	if (!base_fault("open", name, NULL))
		fd = openat(parent, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0)
		return fail_remove(r, name);
	if (top)
		r->device = st.st_dev;
	if (st.st_dev != r->device)
		return bkt_fail(r->err, BKT_E_IO,
		    "'%s' below '%s' is another filesystem", name, r->path);
	d = fdopendir(fd);
	if (!d)
		return fail_remove(r, name);
	fd = -1;
	*out = d;
	return BKT_OK;
}

static enum bkt_status empty(
    struct removal *r, int parent, const char *name, unsigned depth)
{
	BKT_AUTO(dir_close) DIR *d = NULL;

	if (depth >= DEPTH_MAX)
		return bkt_fail(r->err, BKT_E_LIMIT,
		    "'%s' is more than %d folders deep", r->path, DEPTH_MAX);
	BKT_TRY(open_level(r, parent, name, depth == 0, &d));
	for (;;) {
		const struct dirent *e;

		errno = 0;
		e = readdir(d);
		if (!e && errno != 0)
			return fail_remove(r, name);
		if (!e)
			return BKT_OK;
		BKT_TRY(remove_entry(r, dirfd(d), e->d_name, depth));
	}
}

enum bkt_status bkt_dir_remove(const char *path, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *plain = bkt_strdup(path);
	struct removal r = { .path = path, .err = err };

	if (!plain)
		return bkt_fail(
		    err, BKT_E_NOMEM, "no memory to remove '%s'", path);
	/* with a slash at the end the kernel would follow a link */
	for (size_t n = strlen(plain); n > 1 && plain[n - 1] == '/'; n--)
		plain[n - 1] = '\0';
	if (!bkt_path_exists(plain))
		return BKT_OK;
	BKT_TRY(empty(&r, AT_FDCWD, plain, 0));
	if (base_fault("unlink", plain, NULL) ||
	    (rmdir(plain) != 0 && errno != ENOENT))
		return bkt_fail_errno(
		    err, BKT_E_IO, "cannot remove '%s'", path);
	return BKT_OK;
}
