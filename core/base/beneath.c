/* Opening what lies below a folder, and nothing that only looks so. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <linux/openat2.h>
#include <sys/syscall.h>

#include "fault.h"
#include "file.h"

static enum bkt_status leads_out(const char *below, struct bkt_err *err)
{
	return bkt_fail(
	    err, BKT_E_FORMAT, "'%s' leads out of the folder", below);
}

static enum bkt_status through_link(const char *below, struct bkt_err *err)
{
	return bkt_fail(
	    err, BKT_E_FORMAT, "'%s' goes through a symbolic link", below);
}

/* relative, and no part of it goes up */
static bool stays_below(const char *path)
{
	if (path[0] == '\0' || path[0] == '/')
		return false;
	while (*path != '\0') {
		size_t n = strcspn(path, "/");

		if (n == 2 && path[0] == '.' && path[1] == '.')
			return false;
		path += n;
		path += strspn(path, "/");
	}
	return true;
}

static int open_kernel(int dir, const char *below)
{
	struct open_how how = {
		.flags = BASE_OPEN_FLAGS,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
	};
	long fd = -1;

	if (base_fault("openat2", below, NULL))
		return -1;
	do
		fd = syscall(SYS_openat2, dir, below, &how, sizeof(how));
	while (fd < 0 && errno == EINTR);
	return (int)fd;
}

/* one part; a link in its place is not followed */
static int open_part(int dir, const char *name, int flags)
{
	int fd = -1;

	if (base_fault("open", name, NULL))
		return -1;
	do
		fd = openat(dir, name, flags | O_NOFOLLOW);
	while (fd < 0 && errno == EINTR);
	return fd;
}

/* kernels before 5.6, and sandboxes that do not know the call */
static int open_by_parts(int dir, const char *below)
{
	BKT_AUTO(bkt_free) char *path = bkt_strdup(below);
	BKT_AUTO_FD at = -1;
	char *part = path;
	int from = dir;

	if (!path) {
		errno = ENOMEM;
		return -1;
	}
	for (;;) {
		char *slash = strchr(part, '/');
		int next;

		if (!slash)
			return open_part(from, part, BASE_OPEN_FLAGS);
		*slash = '\0';
		next = open_part(
		    from, *part ? part : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (next < 0)
			return -1;
		if (at >= 0)
			bkt_fd_close(at);
		at = from = next;
		part = slash + 1;
	}
}

/* a link in the place of a folder says ENOTDIR to O_DIRECTORY */
static bool link_on_the_way(int dir, const char *below)
{
	char *path = bkt_strdup(below);
	bool found = false;
	char target[1];

	for (char *p = path; p && *p && !found;) {
		char kept;

		p += strcspn(p, "/");
		kept = *p;
		*p = '\0';
		found = readlinkat(dir, path, target, sizeof(target)) >= 0;
		*p = kept;
		p += strspn(p, "/");
	}
	bkt_free(path);
	return found;
}

enum bkt_status bkt_file_open_beneath(const char *dir, const char *below,
    int *out_fd, struct bkt_file_info *info, struct bkt_err *err)
{
	BKT_AUTO_FD from = -1;
	BKT_AUTO_FD fd = -1;

	if (!stays_below(below))
		return leads_out(below, err);
	if (!base_fault("open", dir, NULL))
		from = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (from < 0)
		return base_fail_open(dir, err);
	fd = open_kernel(from, below);
	if (fd < 0 && (errno == ENOSYS || errno == EPERM || errno == E2BIG))
		fd = open_by_parts(from, below);
	if (fd < 0 && errno == EXDEV)
		return leads_out(below, err);
	if (fd < 0 && (errno == ELOOP || errno == ENOTDIR) &&
	    link_on_the_way(from, below))
		return through_link(below, err);
	if (fd < 0)
		return base_fail_open(below, err);
	BKT_TRY(base_opened(fd, below, info, err));
	*out_fd = fd;
	fd = -1;
	return BKT_OK;
}
