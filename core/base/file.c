#include "bukti/base.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault.h"
#include "file.h"

int (*bkt_fs_fault)(const char *op, const char *path);

void bkt_fd_close(int fd)
{
	int saved = errno;

	/* nothing rests on close: what must be durable was synced before */
	(void)base_fault("close", "", NULL);
	(void)close(fd);
	errno = saved;
}

enum bkt_status base_fail_open(const char *path, struct bkt_err *err)
{
	if (errno == ENOENT || errno == ENOTDIR)
		return bkt_fail_errno(
		    err, BKT_E_NOTFOUND, "cannot open '%s'", path);
	if (errno == ENXIO) /* a socket, or a device that is not there */
		return bkt_fail(
		    err, BKT_E_FORMAT, "'%s' is not a regular file", path);
	return bkt_fail_errno(err, BKT_E_IO, "cannot open '%s'", path);
}

enum bkt_status base_opened(
    int fd, const char *path, struct bkt_file_info *info, struct bkt_err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return bkt_fail_errno(
		    err, BKT_E_IO, "cannot look at '%s'", path);
	if (!S_ISREG(st.st_mode))
		return bkt_fail(
		    err, BKT_E_FORMAT, "'%s' is not a regular file", path);
	if (info)
		*info = (struct bkt_file_info){
			.size_bytes = (uint64_t)st.st_size,
			.mtime_utc_s = st.st_mtim.tv_sec,
			.mode = st.st_mode & 07777,
			.n_links = st.st_nlink,
		};
	return BKT_OK;
}

static enum bkt_status open_with(const char *path, int flags, int *out_fd,
    struct bkt_file_info *info, struct bkt_err *err)
{
	BKT_AUTO_FD fd = -1;

	if (!base_fault("open", path, NULL))
		do
			fd = open(path, BASE_OPEN_FLAGS | flags);
		while (fd < 0 && errno == EINTR);
	if (fd < 0 && errno == ELOOP && (flags & O_NOFOLLOW))
		return bkt_fail(
		    err, BKT_E_FORMAT, "'%s' is a symbolic link", path);
	if (fd < 0)
		return base_fail_open(path, err);
	BKT_TRY(base_opened(fd, path, info, err));
	*out_fd = fd;
	fd = -1;
	return BKT_OK;
}

enum bkt_status bkt_file_open(const char *path, int *out_fd,
    struct bkt_file_info *info, struct bkt_err *err)
{
	return open_with(path, O_NOFOLLOW, out_fd, info, err);
}

enum bkt_status bkt_file_open_follow(const char *path, int *out_fd,
    struct bkt_file_info *info, struct bkt_err *err)
{
	return open_with(path, 0, out_fd, info, err);
}

/* offset -1: where the file stands */
static enum bkt_status read_at(int fd, int64_t offset, void *p, size_t n,
    size_t *out_n, struct bkt_err *err)
{
	size_t done = 0;

	while (done < n) {
		uint8_t *to = (uint8_t *)p + done;
		ssize_t got = -1;
		bool shortened;

		if (!base_fault("read", "", &shortened)) {
			size_t want = shortened ? 1 : n - done;

			got = offset < 0
				  ? read(fd, to, want)
				  : pread(fd, to, want, offset + (int64_t)done);
		}
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return bkt_fail_errno(err, BKT_E_IO, "cannot read");
		if (got == 0)
			break;
		done += (size_t)got;
	}
	*out_n = done;
	return BKT_OK;
}

enum bkt_status bkt_file_read(
    int fd, void *p, size_t n, size_t *out_n, struct bkt_err *err)
{
	return read_at(fd, -1, p, n, out_n, err);
}

enum bkt_status bkt_file_pread(int fd, uint64_t offset, void *p, size_t n,
    size_t *out_n, struct bkt_err *err)
{
	if (offset > (uint64_t)INT64_MAX - n)
		return bkt_fail(err, BKT_E_INTERNAL, "offset is too large");
	return read_at(fd, (int64_t)offset, p, n, out_n, err);
}

/* the size is a hint only: the file may change while it is read */
static enum bkt_status read_all(int fd, const char *path, size_t size_hint,
    struct bkt_buf *out, struct bkt_err *err)
{
	size_t want = size_hint < SIZE_MAX ? size_hint + 1 : size_hint;

	for (;;) {
		size_t room = out->max_bytes - out->len, got;
		size_t n = want < room ? want : room;
		uint8_t probe, *to = n ? bkt_buf_room(out, n) : &probe;

		if (!to)
			return bkt_buf_check(out, err);
		BKT_TRY(bkt_file_read(fd, to, n ? n : 1, &got, err));
		if (n == 0 && got > 0)
			return bkt_fail(err, BKT_E_LIMIT,
			    "'%s' is larger than the %zu bytes allowed", path,
			    out->max_bytes);
		out->len += got;
		if (got < n || n == 0)
			return BKT_OK;
		want = 65536;
	}
}

enum bkt_status bkt_file_slurp(
    const char *path, struct bkt_buf *out, struct bkt_err *err)
{
	BKT_AUTO_FD fd = -1;
	struct bkt_file_info info;
	enum bkt_status st;

	bkt_buf_clear(out);
	BKT_TRY(bkt_file_open(path, &fd, &info, err));
	if (info.size_bytes > out->max_bytes)
		return bkt_fail(err, BKT_E_LIMIT,
		    "'%s' is larger than the %zu bytes allowed", path,
		    out->max_bytes);
	st = read_all(fd, path, (size_t)info.size_bytes, out, err);
	if (st == BKT_OK)
		return BKT_OK;
	bkt_buf_clear(out);
	return err ? bkt_fail_context(err, st, "'%s'", path) : st;
}
