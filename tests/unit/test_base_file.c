#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "bukti/base.h"
#include "support/folder.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* ---- opening and reading ----------------------------------------------- */

static void only_regular_files_are_opened(void **state)
{
	static const struct {
		const char *says, *path;
		enum bkt_status strict, follow;
	} rows[] = {
		{ "a file", "file", BKT_OK, BKT_OK },
		{ "a link to a file", "link", BKT_E_FORMAT, BKT_OK },
		{ "a link to nothing", "dangling", BKT_E_FORMAT,
		    BKT_E_NOTFOUND },
		{ "links in a circle", "circle", BKT_E_FORMAT, BKT_E_IO },
		{ "a folder", "dir", BKT_E_FORMAT, BKT_E_FORMAT },
		{ "a pipe nobody writes to", "pipe", BKT_E_FORMAT,
		    BKT_E_FORMAT },
		{ "a socket", "socket", BKT_E_FORMAT, BKT_E_FORMAT },
		{ "a device", "/dev/zero", BKT_E_FORMAT, BKT_E_FORMAT },
		{ "nothing", "absent", BKT_E_NOTFOUND, BKT_E_NOTFOUND },
		{ "below a file", "file/x", BKT_E_NOTFOUND, BKT_E_NOTFOUND },
	};
	struct sockaddr_un at = { .sun_family = AF_UNIX, .sun_path = "socket" };
	int s = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	assert_true(folder_put("file", "12345"));
	assert_int_equal(symlink("file", "link"), 0);
	assert_int_equal(symlink("absent", "dangling"), 0);
	assert_int_equal(symlink("circle", "circle"), 0);
	assert_int_equal(mkdir("dir", 0755), 0);
	assert_int_equal(mkfifo("pipe", 0644), 0);
	assert_int_equal(bind(s, (struct sockaddr *)&at, sizeof(at)), 0);
	close(s);
	for (size_t i = 0; i < COUNT(rows); i++) {
		BKT_AUTO_FD a = -1;
		BKT_AUTO_FD b = -1;
		struct bkt_file_info info;
		struct bkt_err err;

		print_message("  %s\n", rows[i].says);
		assert_int_equal(bkt_file_open(rows[i].path, &a, &info, &err),
		    rows[i].strict);
		assert_int_equal(
		    bkt_file_open_follow(rows[i].path, &b, &info, &err),
		    rows[i].follow);
		assert_int_equal(a >= 0, rows[i].strict == BKT_OK);
		assert_int_equal(b >= 0, rows[i].follow == BKT_OK);
		if (a < 0)
			continue;
		assert_int_equal(info.size_bytes, 5);
		assert_int_equal(info.n_links, 1);
		assert_int_equal(info.mode, 0644);
		assert_true(info.mtime_utc_s > 1700000000);
		assert_true(fcntl(a, F_GETFD) & FD_CLOEXEC);
	}
}

static int old_kernel(const char *op, const char *path)
{
	(void)path;
	return strcmp(op, "openat2") == 0 ? ENOSYS : 0;
}

static int broken_disk(const char *op, const char *path)
{
	(void)path;
	return strcmp(op, "openat2") == 0 ? EIO : 0;
}

static void nothing_outside_a_folder_is_opened(void **state)
{
	static const struct {
		const char *says, *below;
		enum bkt_status want;
	} rows[] = {
		{ "a file", "file", BKT_OK },
		{ "a file further down", "sub/deep/file", BKT_OK },
		{ "the same, said oddly", ".//sub/./deep//file", BKT_OK },
		{ "an absolute path", "/etc/passwd", BKT_E_FORMAT },
		{ "up and out", "../secret", BKT_E_FORMAT },
		{ "up in the middle", "sub/../../secret", BKT_E_FORMAT },
		{ "up, but not out", "sub/../file", BKT_E_FORMAT },
		{ "up at the end", "sub/..", BKT_E_FORMAT },
		{ "a name that begins with dots", "..file", BKT_OK },
		{ "a link out", "link", BKT_E_FORMAT },
		{ "a link that stays", "inner", BKT_E_FORMAT },
		{ "through a folder that is a link", "away/secret",
		    BKT_E_FORMAT },
		{ "through a link deeper", "sub/away/secret", BKT_E_FORMAT },
		{ "through a link that stays", "near/file", BKT_E_FORMAT },
		{ "links in a circle", "circle/x", BKT_E_FORMAT },
		{ "no name", "", BKT_E_FORMAT },
		{ "a folder", "sub", BKT_E_FORMAT },
		{ "a pipe", "sub/pipe", BKT_E_FORMAT },
		{ "nothing", "sub/absent", BKT_E_NOTFOUND },
		{ "below a file", "file/x", BKT_E_NOTFOUND },
	};

	(void)state;
	assert_int_equal(mkdir("top", 0755), 0);
	assert_int_equal(mkdir("top/sub", 0755), 0);
	assert_int_equal(mkdir("top/sub/deep", 0755), 0);
	assert_true(folder_put("secret", "12345"));
	assert_true(folder_put("top/file", "12345"));
	assert_true(folder_put("top/..file", "12345"));
	assert_true(folder_put("top/sub/deep/file", "12345"));
	assert_int_equal(symlink("../secret", "top/link"), 0);
	assert_int_equal(symlink("file", "top/inner"), 0);
	assert_int_equal(symlink("..", "top/away"), 0);
	assert_int_equal(symlink("../..", "top/sub/away"), 0);
	assert_int_equal(symlink("sub/deep", "top/near"), 0);
	assert_int_equal(symlink("circle", "top/circle"), 0);
	assert_int_equal(mkfifo("top/sub/pipe", 0644), 0);
	assert_int_equal(symlink("top", "named"), 0);
	for (size_t i = 0; i < 2 * COUNT(rows); i++) {
		const size_t k = i / 2;
		BKT_AUTO_FD fd = -1;
		struct bkt_file_info info;
		struct bkt_err err;

		print_message("  %s\n", rows[k].says);
		bkt_fs_fault = i % 2 ? old_kernel : NULL;
		assert_int_equal(bkt_file_open_beneath(i % 2 ? "top" : "named",
				     rows[k].below, &fd, &info, &err),
		    rows[k].want);
		bkt_fs_fault = NULL;
		assert_int_equal(fd >= 0, rows[k].want == BKT_OK);
		if (fd >= 0)
			assert_int_equal(info.size_bytes, 5);
	}
}

static void a_broken_disk_is_not_a_bad_name(void **state)
{
	struct bkt_err err;
	int fd = -1;

	(void)state;
	assert_true(folder_put("file", "12345"));
	bkt_fs_fault = broken_disk;
	assert_int_equal(
	    bkt_file_open_beneath(".", "file", &fd, NULL, &err), BKT_E_IO);
	bkt_fs_fault = NULL;
	assert_int_equal(bkt_file_open_beneath("none", "file", &fd, NULL, &err),
	    BKT_E_NOTFOUND);
	assert_int_equal(fd, -1);
}

static void reading_stops_only_at_the_end(void **state)
{
	BKT_AUTO_FD fd = -1;
	struct bkt_err err;
	char p[16] = "";
	size_t n;

	(void)state;
	assert_true(folder_put("f", "0123456789"));
	assert_int_equal(bkt_file_open("f", &fd, NULL, &err), BKT_OK);
	assert_int_equal(bkt_file_read(fd, p, 4, &n, &err), BKT_OK);
	assert_int_equal(n, 4);
	assert_int_equal(bkt_file_pread(fd, 8, p, 4, &n, &err), BKT_OK);
	assert_int_equal(n, 2);
	assert_memory_equal(p, "89", 2);
	fault_arm("read", -1, 100);
	assert_int_equal(bkt_file_read(fd, p, 16, &n, &err), BKT_OK);
	assert_int_equal(n, 6);
	assert_int_equal(fault_calls(), 7);
	assert_memory_equal(p, "456789", 6);
	assert_int_equal(bkt_file_pread(fd, 99, p, 4, &n, &err), BKT_OK);
	assert_int_equal(n, 0);
	fault_arm("read", EINTR, 3);
	assert_int_equal(bkt_file_pread(fd, 0, p, 4, &n, &err), BKT_OK);
	assert_int_equal(n, 4);
	fault_arm("read", EIO, 1);
	assert_int_equal(bkt_file_read(fd, p, 4, &n, &err), BKT_E_IO);
	assert_int_equal(err.sys_errno, EIO);
	assert_int_equal(
	    bkt_file_pread(fd, UINT64_MAX, p, 4, &n, &err), BKT_E_INTERNAL);
}

static void a_whole_file_within_the_ceiling(void **state)
{
	static const struct {
		const char *says;
		size_t size, max;
		enum bkt_status want;
	} rows[] = {
		{ "empty", 0, 0, BKT_OK },
		{ "empty, room enough", 0, 10, BKT_OK },
		{ "exactly full", 1000, 1000, BKT_OK },
		{ "one byte too many", 1001, 1000, BKT_E_LIMIT },
		{ "several blocks", 300000, 1 << 20, BKT_OK },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf in, out;
		struct bkt_err err;

		print_message("  %s\n", rows[i].says);
		bkt_buf_init(&in, 1 << 20);
		bkt_buf_init(&out, rows[i].max);
		for (size_t j = 0; j < rows[i].size; j++)
			bkt_buf_chr(&in, (char)('a' + j % 23));
		assert_true(folder_put("f", (char *)in.ptr));
		bkt_buf_str(&out, "");
		assert_int_equal(bkt_file_slurp("f", &out, &err), rows[i].want);
		if (rows[i].want == BKT_OK)
			assert_true(
			    bkt_span_eq(bkt_buf_span(&in), bkt_buf_span(&out)));
		else
			assert_int_equal(out.len, 0);
	}
}

static void files_that_lie_about_their_size_are_read(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;
	struct bkt_err err;

	(void)state;
	bkt_buf_init(&out, 1 << 20);
	/* size 0 says the kernel, and there is text all the same */
	assert_int_equal(
	    bkt_file_slurp("/proc/self/status", &out, &err), BKT_OK);
	assert_true(out.len > 100);
	bkt_buf_release(&out);
	bkt_buf_init(&out, 10);
	assert_int_equal(
	    bkt_file_slurp("/proc/self/status", &out, &err), BKT_E_LIMIT);
}

static void a_failed_read_leaves_no_half_file(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;
	struct bkt_err err;

	(void)state;
	assert_true(folder_put("f", "0123456789"));
	bkt_buf_init(&out, 100);
	fault_arm("read", EIO, 1);
	assert_int_equal(bkt_file_slurp("f", &out, &err), BKT_E_IO);
	assert_int_equal(out.len, 0);
	fault_arm("open", EMFILE, 1);
	assert_int_equal(bkt_file_slurp("f", &out, &err), BKT_E_IO);
	assert_int_equal(err.sys_errno, EMFILE);
}

/* ---- paths, folders ---------------------------------------------------- */

static void paths(void **state)
{
	static const struct {
		const char *a, *b, *want;
	} rows[] = {
		{ "a", "b", "a/b" },
		{ "a/", "b", "a/b" },
		{ "", "b", "b" },
		{ "/", "b", "/b" },
		{ "a", "", "a/" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BKT_AUTO(bkt_free)
		char *p = bkt_path_join(rows[i].a, rows[i].b);

		assert_string_equal(p, rows[i].want);
	}
	assert_string_equal(bkt_path_base("a/b/c"), "c");
	assert_string_equal(bkt_path_base("c"), "c");
	assert_string_equal(bkt_path_base("a/"), "");
	assert_int_equal(mkdir("d", 0755), 0);
	assert_int_equal(symlink("nowhere", "l"), 0);
	assert_true(bkt_path_exists("d"));
	assert_true(bkt_path_exists("l"));
	assert_false(bkt_path_exists("n"));
	assert_true(bkt_path_is_dir("d"));
	assert_false(bkt_path_is_dir("l"));
}

static void a_folder_is_listed_in_order(void **state)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *a = bkt_arena_new(1 << 20);
	struct bkt_strs l = { 0 };
	struct bkt_err err;
	char name[16];

	(void)state;
	assert_int_equal(bkt_dir_list(".", a, &l, &err), BKT_OK);
	assert_int_equal(l.n, 0);
	for (int i = 99; i >= 0; i--) {
		snprintf(name, sizeof(name), "n%02d", i);
		assert_true(folder_put(name, ""));
	}
	assert_true(folder_put(".hidden", ""));
	assert_true(folder_put("\xff", ""));
	assert_int_equal(bkt_dir_list(".", a, &l, &err), BKT_OK);
	assert_int_equal(l.n, 102);
	assert_string_equal(l.v[0], ".hidden");
	assert_string_equal(l.v[1], "n00");
	assert_string_equal(l.v[100], "n99");
	assert_string_equal(l.v[101], "\xff");
	assert_int_equal(bkt_dir_list("none", a, &l, &err), BKT_E_NOTFOUND);
	assert_int_equal(bkt_dir_list("n00", a, &l, &err), BKT_E_NOTFOUND);
	fault_arm("read", EIO, 1);
	assert_int_equal(bkt_dir_list(".", a, &l, &err), BKT_E_IO);
}

static void folders_are_made(void **state)
{
	struct bkt_err err;

	(void)state;
	assert_int_equal(bkt_dir_make("a", 0755, false, &err), BKT_OK);
	assert_int_equal(bkt_dir_make("a", 0755, false, &err), BKT_OK);
	assert_int_equal(bkt_dir_make("x/y", 0755, false, &err), BKT_E_IO);
	assert_int_equal(bkt_dir_make("x/y//z/", 0755, true, &err), BKT_OK);
	assert_true(bkt_path_is_dir("x/y/z"));
	assert_int_equal(bkt_dir_make("x/y/z", 0755, true, &err), BKT_OK);
	assert_int_equal(bkt_dir_make("/tmp", 0755, true, &err), BKT_OK);
	assert_true(folder_put("f", ""));
	assert_int_equal(bkt_dir_make("f", 0755, false, &err), BKT_E_IO);
	assert_int_equal(bkt_dir_make("f/g", 0755, true, &err), BKT_E_IO);
	assert_int_equal(bkt_dir_make("", 0755, true, &err), BKT_E_IO);
	fault_arm("mkdir", ENOSPC, 1);
	assert_int_equal(bkt_dir_make("b", 0755, false, &err), BKT_E_IO);
	assert_int_equal(err.sys_errno, ENOSPC);
}

static void removing_a_tree_never_follows_links(void **state)
{
	struct bkt_err err;

	(void)state;
	assert_int_equal(bkt_dir_make("keep/in", 0755, true, &err), BKT_OK);
	assert_true(folder_put("keep/in/f", "precious"));
	assert_int_equal(bkt_dir_make("t/a/b", 0755, true, &err), BKT_OK);
	assert_true(folder_put("t/a/b/f", "x"));
	assert_true(folder_put("t/f", "x"));
	assert_int_equal(symlink("../keep", "t/link"), 0);
	assert_int_equal(symlink("../../keep/in/f", "t/a/link"), 0);
	assert_int_equal(mkfifo("t/pipe", 0644), 0);
	assert_int_equal(bkt_dir_remove("t", &err), BKT_OK);
	assert_false(bkt_path_exists("t"));
	assert_true(folder_holds("keep/in/f", "precious"));
	assert_int_equal(bkt_dir_remove("t", &err), BKT_OK);

	assert_int_equal(symlink("keep", "l"), 0);
	assert_int_equal(bkt_dir_remove("l", &err), BKT_E_IO);
	assert_int_equal(bkt_dir_remove("l/", &err), BKT_E_IO);
	assert_int_equal(bkt_dir_remove("keep/in/f", &err), BKT_E_IO);
	assert_true(folder_holds("keep/in/f", "precious"));
	assert_int_equal(bkt_dir_remove("keep/", &err), BKT_OK);
	assert_false(bkt_path_exists("keep"));
}

static void removing_has_a_bottom_and_tells_faults(void **state)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf deep;
	struct bkt_err err;

	(void)state;
	bkt_buf_init(&deep, 4096);
	bkt_buf_str(&deep, "deep");
	for (int i = 0; i < 70; i++)
		bkt_buf_str(&deep, "/d");
	assert_int_equal(
	    bkt_dir_make((char *)deep.ptr, 0755, true, &err), BKT_OK);
	assert_int_equal(bkt_dir_remove("deep", &err), BKT_E_LIMIT);
	assert_int_equal(rename("deep/d/d/d/d/d/d/d/d/d/d", "rest"), 0);
	assert_int_equal(bkt_dir_remove("deep", &err), BKT_OK);
	fault_arm("unlink", EACCES, 1);
	assert_int_equal(bkt_dir_remove("rest", &err), BKT_E_IO);
	assert_int_equal(err.sys_errno, EACCES);
	assert_int_equal(bkt_dir_remove("rest", &err), BKT_OK);
}

#define IN_FOLDER(f) \
	cmocka_unit_test_setup_teardown(f, folder_enter, folder_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(only_regular_files_are_opened),
		IN_FOLDER(nothing_outside_a_folder_is_opened),
		IN_FOLDER(a_broken_disk_is_not_a_bad_name),
		IN_FOLDER(reading_stops_only_at_the_end),
		IN_FOLDER(a_whole_file_within_the_ceiling),
		IN_FOLDER(files_that_lie_about_their_size_are_read),
		IN_FOLDER(a_failed_read_leaves_no_half_file),
		IN_FOLDER(paths),
		IN_FOLDER(a_folder_is_listed_in_order),
		IN_FOLDER(folders_are_made),
		IN_FOLDER(removing_a_tree_never_follows_links),
		IN_FOLDER(removing_has_a_bottom_and_tells_faults),
	};

	umask(022);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
