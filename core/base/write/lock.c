#include "bukti/base.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../fault.h"

static bool try_lock(int fd, const char *path)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return !base_fault("lock", path, NULL) &&
	       fcntl(fd, F_OFD_SETLK, &l) == 0;
}

static enum bkt_status fail_busy(int fd, const char *path, struct bkt_err *err)
{
	char text[24] = "";
	uint64_t pid = 0;
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	/* what the file says is a help for the reader of the message only */
	if (n > 0 && text[n - 1] == '\n')
		text[n - 1] = '\0';
	if (!bkt_parse_u64(text, INT32_MAX, &pid) || pid == 0)
		return bkt_fail(
		    err, BKT_E_BUSY, "another process holds '%s'", path);
	return bkt_fail(
	    err, BKT_E_BUSY, "process %" PRIu64 " holds '%s'", pid, path);
}

static enum bkt_status wait_lock(
    int fd, const char *path, uint32_t wait_ms, struct bkt_err *err)
{
	int64_t until_ms = bkt_mono_ms() + wait_ms;
	long pause_ms = 1;

	while (!try_lock(fd, path)) {
		struct timespec pause;

		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EACCES)
			return bkt_fail_errno(
			    err, BKT_E_IO, "cannot lock '%s'", path);
		if (bkt_mono_ms() >= until_ms)
			return fail_busy(fd, path, err);
		pause = (struct timespec){ 0, pause_ms * 1000000 };
		(void)nanosleep(&pause, NULL);
		if (pause_ms < 16)
			pause_ms *= 2;
	}
	return BKT_OK;
}

static enum bkt_status open_lock(
    const char *path, int *out_fd, struct bkt_err *err)
{
	BKT_AUTO_FD fd = -1;
	struct stat st;

	if (!base_fault("open", path, NULL))
		do
			fd = open(path,
			    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
				O_NONBLOCK | O_NOCTTY,
			    0600);
		while (fd < 0 && errno == EINTR);
	if (fd < 0 || fstat(fd, &st) != 0)
		return bkt_fail_errno(
		    err, BKT_E_IO, "cannot open lock file '%s'", path);
	if (!S_ISREG(st.st_mode))
		return bkt_fail(err, BKT_E_IO,
		    "lock file '%s' is not a regular file", path);
	*out_fd = fd;
	fd = -1;
	return BKT_OK;
}

enum bkt_status bkt_file_lock(
    const char *path, uint32_t wait_ms, int *out_fd, struct bkt_err *err)
{
	BKT_AUTO_FD fd = -1;
	char text[24];
	int n;

	BKT_TRY(open_lock(path, &fd, err));
	BKT_TRY(wait_lock(fd, path, wait_ms, err));
	n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());
	if (base_fault("truncate", path, NULL) || ftruncate(fd, 0) != 0 ||
	    base_fault("write", path, NULL) ||
	    pwrite(fd, text, (size_t)n, 0) != n)
		return bkt_fail_errno(
		    err, BKT_E_IO, "cannot write lock file '%s'", path);
	*out_fd = fd;
	fd = -1;
	return BKT_OK;
}
