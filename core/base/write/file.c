#include "bukti/base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../fault.h"

enum bkt_status bkt_file_write(
    int fd, const void *p, size_t n, struct bkt_err *err)
{
	const uint8_t *from = p;

	while (n > 0) {
		ssize_t put = -1;
		bool shortened;

		if (!base_fault("write", "", &shortened))
			put = write(fd, from, shortened ? 1 : n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return bkt_fail_errno(err, BKT_E_IO, "cannot write");
		from += put;
		n -= (size_t)put;
	}
	return BKT_OK;
}

enum bkt_status bkt_file_create(
    const char *path, uint32_t mode, int *out_fd, struct bkt_err *err)
{
	int fd = -1;

	if (!base_fault("open", path, NULL))
		do
			fd = open(path,
			    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
			    (mode_t)mode);
		while (fd < 0 && errno == EINTR);
	if (fd < 0)
		return bkt_fail_errno(err,
		    errno == EEXIST ? BKT_E_EXISTS : BKT_E_IO,
		    "cannot create '%s'", path);
	*out_fd = fd;
	return BKT_OK;
}

enum bkt_status bkt_file_fsync(int fd, struct bkt_err *err)
{
	int r = -1;

	/* no retry after a failure: the kernel may have dropped the pages */
	if (!base_fault("fsync", "", NULL))
		do
			r = fsync(fd);
		while (r != 0 && errno == EINTR);
	if (r != 0)
		return bkt_fail_errno(
		    err, BKT_E_IO, "cannot make the file durable");
	return BKT_OK;
}

void bkt_file_write_out(int fd, uint64_t from_bytes)
{
	if (!base_fault("write-out", "", NULL))
		(void)sync_file_range(
		    fd, (off_t)from_bytes, 0, SYNC_FILE_RANGE_WRITE);
}

enum bkt_status bkt_file_written_out(int fd, struct bkt_err *err)
{
	if (base_fault("write-out", "", NULL) ||
	    sync_file_range(fd, 0, 0,
		SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
		    SYNC_FILE_RANGE_WAIT_AFTER) != 0)
		return bkt_fail_errno(
		    err, BKT_E_IO, "cannot write the file out");
	return BKT_OK;
}

enum bkt_status bkt_file_rename(
    const char *from, const char *to, struct bkt_err *err)
{
	if (base_fault("rename", to, NULL) || rename(from, to) != 0)
		return bkt_fail_errno(
		    err, BKT_E_IO, "cannot rename '%s' to '%s'", from, to);
	return BKT_OK;
}

static enum bkt_status rename_failed(
    const char *from, const char *to, struct bkt_err *err)
{
	return bkt_fail_errno(err, errno == EEXIST ? BKT_E_EXISTS : BKT_E_IO,
	    "cannot rename '%s' to '%s'", from, to);
}

enum bkt_status bkt_file_rename_new(
    const char *from, const char *to, struct bkt_err *err)
{
	BKT_AUTO_FD fd = -1;
	enum bkt_status st;

	if (!base_fault("rename", to, NULL) &&
	    renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return BKT_OK;
	if (errno != EINVAL && errno != ENOSYS)
		return rename_failed(from, to, err);
	/* a filesystem that does not know it: the name is taken, then filled */
	BKT_TRY(bkt_file_create(to, 0600, &fd, err));
	st = bkt_file_rename(from, to, err);
	if (st != BKT_OK && unlink(to) != 0)
		bkt_err_hint(err, "remove '%s', which is empty", to);
	return st;
}

enum bkt_status bkt_file_link(
    const char *from, const char *to, struct bkt_err *err)
{
	if (base_fault("link", to, NULL) || link(from, to) != 0)
		return bkt_fail_errno(err,
		    errno == EEXIST ? BKT_E_EXISTS : BKT_E_IO,
		    "cannot link '%s' to '%s'", from, to);
	return BKT_OK;
}

enum bkt_status bkt_file_unlink(const char *path, struct bkt_err *err)
{
	if (base_fault("unlink", path, NULL) ||
	    (unlink(path) != 0 && errno != ENOENT))
		return bkt_fail_errno(
		    err, BKT_E_IO, "cannot remove '%s'", path);
	return BKT_OK;
}

enum bkt_status bkt_file_chmod(
    const char *path, uint32_t mode, struct bkt_err *err)
{
	if (base_fault("chmod", path, NULL) ||
	    fchmodat(AT_FDCWD, path, (mode_t)mode, 0) != 0)
		return bkt_fail_errno(
		    err, BKT_E_IO, "cannot set the mode of '%s'", path);
	return BKT_OK;
}

/* "dir/" for a file in a folder, "." for a bare name; NULL without memory */
static char *folder_of(const char *path)
{
	size_t n = (size_t)(bkt_path_base(path) - path);
	char *p = n ? bkt_malloc(n + 1) : bkt_strdup(".");

	if (p && n) {
		memcpy(p, path, n);
		p[n] = '\0';
	}
	return p;
}

static enum bkt_status write_durably(
    const char *path, struct bkt_span bytes, uint32_t mode, struct bkt_err *err)
{
	BKT_AUTO_FD fd = -1;

	BKT_TRY(bkt_file_create(path, mode, &fd, err));
	BKT_TRY(bkt_file_write(fd, bytes.ptr, bytes.len, err));
	return bkt_file_fsync(fd, err);
}

#define SUFFIX ".new-"
#define ID_CHARS 12

enum bkt_status bkt_file_replace(
    const char *path, struct bkt_span bytes, uint32_t mode, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *folder = folder_of(path);
	BKT_AUTO(bkt_free) char *fresh = NULL;
	char id[ID_CHARS + 1];
	size_t size = strlen(path) + sizeof(SUFFIX) + sizeof(id);
	enum bkt_status st;

	fresh = bkt_malloc(size);
	if (!folder || !fresh)
		return bkt_fail(
		    err, BKT_E_NOMEM, "no memory to replace '%s'", path);
	BKT_TRY(bkt_random_id(id, ID_CHARS, err));
	snprintf(fresh, size, "%s" SUFFIX "%s", path, id);
	st = write_durably(fresh, bytes, mode, err);
	if (st == BKT_OK)
		st = bkt_file_rename(fresh, path, err);
	if (st != BKT_OK && st != BKT_E_EXISTS)
		(void)unlink(fresh);
	if (st != BKT_OK)
		return bkt_fail_context(err, st, "cannot replace '%s'", path);
	return bkt_dir_fsync(folder, err);
}
