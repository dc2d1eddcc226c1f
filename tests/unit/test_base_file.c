#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "bukti/base.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* each test has its own folder and stands in it */
static char folder[64];

static int enter_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/bukti-test-base-XXXXXX");
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
	struct bkt_err err;

	(void)state;
	bkt_fs_fault = NULL;
	if (chdir("/") != 0)
		return -1;
	return bkt_dir_remove(folder, &err) == BKT_OK ? 0 : -1;
}

static void put(const char *path, const char *text)
{
	struct bkt_err err;

	assert_int_equal(
	    bkt_file_replace(path, bkt_span_str(text), 0644, &err), BKT_OK);
}

static void holds(const char *path, const char *text)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;
	struct bkt_err err;

	bkt_buf_init(&b, 1 << 20);
	assert_int_equal(bkt_file_slurp(path, &b, &err), BKT_OK);
	assert_string_equal((char *)b.ptr, text);
}

/* ---- the fault seam ---------------------------------------------------- */

static const char *faulty_op;
static int fault_answer, faults_left, ops_seen;

static int answer_fault(const char *op, const char *path)
{
	assert_non_null(path);
	if (strcmp(op, faulty_op) != 0)
		return 0;
	ops_seen++;
	return faults_left-- > 0 ? fault_answer : 0;
}

static void arm(const char *op, int answer, int times)
{
	faulty_op = op;
	fault_answer = answer;
	faults_left = times;
	ops_seen = 0;
	bkt_fs_fault = answer_fault;
}

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
	put("file", "12345");
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

static void reading_stops_only_at_the_end(void **state)
{
	BKT_AUTO_FD fd = -1;
	struct bkt_err err;
	char p[16] = "";
	size_t n;

	(void)state;
	put("f", "0123456789");
	assert_int_equal(bkt_file_open("f", &fd, NULL, &err), BKT_OK);
	assert_int_equal(bkt_file_read(fd, p, 4, &n, &err), BKT_OK);
	assert_int_equal(n, 4);
	assert_int_equal(bkt_file_pread(fd, 8, p, 4, &n, &err), BKT_OK);
	assert_int_equal(n, 2);
	assert_memory_equal(p, "89", 2);
	arm("read", -1, 100);
	assert_int_equal(bkt_file_read(fd, p, 16, &n, &err), BKT_OK);
	assert_int_equal(n, 6);
	assert_int_equal(ops_seen, 7);
	assert_memory_equal(p, "456789", 6);
	assert_int_equal(bkt_file_pread(fd, 99, p, 4, &n, &err), BKT_OK);
	assert_int_equal(n, 0);
	arm("read", EINTR, 3);
	assert_int_equal(bkt_file_pread(fd, 0, p, 4, &n, &err), BKT_OK);
	assert_int_equal(n, 4);
	arm("read", EIO, 1);
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
		put("f", (char *)in.ptr);
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
	put("f", "0123456789");
	bkt_buf_init(&out, 100);
	arm("read", EIO, 1);
	assert_int_equal(bkt_file_slurp("f", &out, &err), BKT_E_IO);
	assert_int_equal(out.len, 0);
	arm("open", EMFILE, 1);
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
		put(name, "");
	}
	put(".hidden", "");
	put("\xff", "");
	assert_int_equal(bkt_dir_list(".", a, &l, &err), BKT_OK);
	assert_int_equal(l.n, 102);
	assert_string_equal(l.v[0], ".hidden");
	assert_string_equal(l.v[1], "n00");
	assert_string_equal(l.v[100], "n99");
	assert_string_equal(l.v[101], "\xff");
	assert_int_equal(bkt_dir_list("none", a, &l, &err), BKT_E_NOTFOUND);
	assert_int_equal(bkt_dir_list("n00", a, &l, &err), BKT_E_NOTFOUND);
	arm("read", EIO, 1);
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
	put("f", "");
	assert_int_equal(bkt_dir_make("f", 0755, false, &err), BKT_E_IO);
	assert_int_equal(bkt_dir_make("f/g", 0755, true, &err), BKT_E_IO);
	assert_int_equal(bkt_dir_make("", 0755, true, &err), BKT_E_IO);
	arm("mkdir", ENOSPC, 1);
	assert_int_equal(bkt_dir_make("b", 0755, false, &err), BKT_E_IO);
	assert_int_equal(err.sys_errno, ENOSPC);
}

static void removing_a_tree_never_follows_links(void **state)
{
	struct bkt_err err;

	(void)state;
	assert_int_equal(bkt_dir_make("keep/in", 0755, true, &err), BKT_OK);
	put("keep/in/f", "precious");
	assert_int_equal(bkt_dir_make("t/a/b", 0755, true, &err), BKT_OK);
	put("t/a/b/f", "x");
	put("t/f", "x");
	assert_int_equal(symlink("../keep", "t/link"), 0);
	assert_int_equal(symlink("../../keep/in/f", "t/a/link"), 0);
	assert_int_equal(mkfifo("t/pipe", 0644), 0);
	assert_int_equal(bkt_dir_remove("t", &err), BKT_OK);
	assert_false(bkt_path_exists("t"));
	holds("keep/in/f", "precious");
	assert_int_equal(bkt_dir_remove("t", &err), BKT_OK);

	assert_int_equal(symlink("keep", "l"), 0);
	assert_int_equal(bkt_dir_remove("l", &err), BKT_E_IO);
	assert_int_equal(bkt_dir_remove("l/", &err), BKT_E_IO);
	assert_int_equal(bkt_dir_remove("keep/in/f", &err), BKT_E_IO);
	holds("keep/in/f", "precious");
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
	arm("unlink", EACCES, 1);
	assert_int_equal(bkt_dir_remove("rest", &err), BKT_E_IO);
	assert_int_equal(err.sys_errno, EACCES);
	assert_int_equal(bkt_dir_remove("rest", &err), BKT_OK);
}

/* ---- writing ----------------------------------------------------------- */

static void writing_survives_short_writes_and_interrupts(void **state)
{
	BKT_AUTO_FD fd = -1;
	struct bkt_err err;

	(void)state;
	assert_int_equal(bkt_file_create("f", 0600, &fd, &err), BKT_OK);
	arm("write", -1, 3);
	assert_int_equal(bkt_file_write(fd, "abcdef", 6, &err), BKT_OK);
	assert_int_equal(ops_seen, 4);
	arm("write", EINTR, 3);
	assert_int_equal(bkt_file_write(fd, "gh", 2, &err), BKT_OK);
	arm("write", ENOSPC, 1);
	assert_int_equal(bkt_file_write(fd, "no", 2, &err), BKT_E_IO);
	assert_int_equal(err.sys_errno, ENOSPC);
	assert_int_equal(bkt_file_write(fd, "", 0, &err), BKT_OK);
	holds("f", "abcdefgh");
}

static void creating_never_opens_what_is_there(void **state)
{
	BKT_AUTO_FD fd = -1;
	struct bkt_err err;

	(void)state;
	put("f", "old");
	assert_int_equal(symlink("new", "l"), 0);
	assert_int_equal(bkt_file_create("f", 0600, &fd, &err), BKT_E_EXISTS);
	assert_int_equal(bkt_file_create("l", 0600, &fd, &err), BKT_E_EXISTS);
	assert_int_equal(bkt_file_create("no/f", 0600, &fd, &err), BKT_E_IO);
	assert_int_equal(fd, -1);
	holds("f", "old");
	assert_false(bkt_path_exists("new"));
}

static void replacing_is_all_or_nothing(void **state)
{
	static const char *const ops[] = { "open", "write", "fsync", "rename" };
	BKT_AUTO(bkt_arena_free) bkt_arena *a = bkt_arena_new(1 << 16);
	struct bkt_strs l;
	struct bkt_err err;

	(void)state;
	put("f", "old");
	for (size_t i = 0; i < COUNT(ops); i++) {
		print_message("  %s fails\n", ops[i]);
		arm(ops[i], ENOSPC, 1);
		assert_int_equal(
		    bkt_file_replace("f", bkt_span_str("new"), 0600, &err),
		    BKT_E_IO);
		assert_int_equal(err.sys_errno, ENOSPC);
		bkt_fs_fault = NULL;
		holds("f", "old");
		assert_int_equal(bkt_dir_list(".", a, &l, &err), BKT_OK);
		assert_int_equal(l.n, 1);
	}
	arm("fsync", 0, 0);
	assert_int_equal(
	    bkt_file_replace("f", bkt_span_str("new"), 0600, &err), BKT_OK);
	assert_int_equal(ops_seen, 2); /* the file and its folder */
	holds("f", "new");
	assert_int_equal(symlink("f", "l"), 0);
	put("l", "own");
	holds("l", "own");
	holds("f", "new");
}

static void links_renames_modes(void **state)
{
	struct bkt_file_info info;
	struct bkt_err err;
	BKT_AUTO_FD fd = -1;

	(void)state;
	put("a", "a");
	put("b", "b");
	assert_int_equal(bkt_file_link("a", "b", &err), BKT_E_EXISTS);
	holds("b", "b");
	assert_int_equal(bkt_file_link("a", "c", &err), BKT_OK);
	assert_int_equal(bkt_file_link("none", "d", &err), BKT_E_IO);
	assert_int_equal(bkt_file_rename("c", "b", &err), BKT_OK);
	holds("b", "a");
	assert_int_equal(bkt_file_rename("none", "b", &err), BKT_E_IO);
	assert_int_equal(bkt_file_chmod("b", 0440, &err), BKT_OK);
	assert_int_equal(bkt_file_open("b", &fd, &info, &err), BKT_OK);
	assert_int_equal(info.mode, 0440);
	assert_int_equal(bkt_file_chmod("none", 0440, &err), BKT_E_IO);
	assert_int_equal(bkt_file_unlink("b", &err), BKT_OK);
	assert_int_equal(bkt_file_unlink("b", &err), BKT_OK);
	assert_false(bkt_path_exists("b"));
	assert_int_equal(bkt_dir_fsync(".", &err), BKT_OK);
	assert_int_equal(bkt_dir_fsync("a", &err), BKT_E_IO);
	assert_int_equal(bkt_fs_sync(".", &err), BKT_OK);
	assert_int_equal(bkt_fs_sync("none", &err), BKT_E_IO);
}

static void every_writing_call_asks_the_seam(void **state)
{
	struct bkt_err err;

	(void)state;
	put("a", "a");
	arm("link", EPERM, 1);
	assert_int_equal(bkt_file_link("a", "b", &err), BKT_E_IO);
	arm("rename", EPERM, 1);
	assert_int_equal(bkt_file_rename("a", "b", &err), BKT_E_IO);
	arm("unlink", EPERM, 1);
	assert_int_equal(bkt_file_unlink("a", &err), BKT_E_IO);
	arm("chmod", EPERM, 1);
	assert_int_equal(bkt_file_chmod("a", 0400, &err), BKT_E_IO);
	arm("syncfs", EIO, 1);
	assert_int_equal(bkt_fs_sync(".", &err), BKT_E_IO);
	arm("fsync", EIO, 1);
	assert_int_equal(bkt_dir_fsync(".", &err), BKT_E_IO);
	arm("close", EIO, 1);
	bkt_fd_close(dup(0));
	assert_int_equal(ops_seen, 1);
	bkt_fs_fault = NULL;
	holds("a", "a");
}

/* ---- lock -------------------------------------------------------------- */

static void a_lock_keeps_others_out_until_it_is_closed(void **state)
{
	struct bkt_err err;
	int64_t start_ms;
	char pid[24];
	int a = -1, b = -1;

	(void)state;
	assert_int_equal(bkt_file_lock("lock", 0, &a, &err), BKT_OK);
	snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
	holds("lock", pid);
	assert_int_equal(bkt_file_lock("lock", 0, &b, &err), BKT_E_BUSY);
	start_ms = bkt_mono_ms();
	assert_int_equal(bkt_file_lock("lock", 60, &b, &err), BKT_E_BUSY);
	assert_true(bkt_mono_ms() - start_ms >= 60);
	assert_int_equal(b, -1);
	pid[strlen(pid) - 1] = '\0';
	assert_non_null(strstr(err.msg, pid));
	bkt_fd_close(a);
	assert_int_equal(bkt_file_lock("lock", 0, &b, &err), BKT_OK);
	bkt_fd_close(b);
}

static void a_lock_goes_with_its_process(void **state)
{
	struct bkt_err err;
	int up[2], fd = -1, status;
	char c;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(up), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		bool ok = bkt_file_lock("lock", 0, &fd, &err) == BKT_OK;

		if (write(up[1], "x", 1) != 1)
			_exit(2);
		usleep(100000);
		_exit(ok ? 0 : 1); /* without letting go */
	}
	assert_int_equal(read(up[0], &c, 1), 1);
	assert_int_equal(bkt_file_lock("lock", 0, &fd, &err), BKT_E_BUSY);
	assert_int_equal(bkt_file_lock("lock", 20000, &fd, &err), BKT_OK);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	bkt_fd_close(fd);
	close(up[0]);
	close(up[1]);
}

static void a_lock_file_is_a_plain_file(void **state)
{
	struct bkt_err err;
	int fd = -1;

	(void)state;
	put("f", "mine");
	assert_int_equal(symlink("f", "l"), 0);
	assert_int_equal(mkdir("d", 0755), 0);
	assert_int_equal(mkfifo("p", 0644), 0);
	assert_int_equal(bkt_file_lock("l", 0, &fd, &err), BKT_E_IO);
	assert_int_equal(bkt_file_lock("d", 0, &fd, &err), BKT_E_IO);
	assert_int_equal(bkt_file_lock("p", 0, &fd, &err), BKT_E_IO);
	assert_int_equal(bkt_file_lock("no/l", 0, &fd, &err), BKT_E_IO);
	holds("f", "mine");
	arm("lock", ENOLCK, 1);
	assert_int_equal(bkt_file_lock("x", 1000, &fd, &err), BKT_E_IO);
	arm("write", ENOSPC, 1);
	assert_int_equal(bkt_file_lock("x", 0, &fd, &err), BKT_E_IO);
	assert_int_equal(fd, -1);
	/* the failed attempt must not have kept it */
	assert_int_equal(bkt_file_lock("x", 0, &fd, &err), BKT_OK);
	bkt_fd_close(fd);
}

#define IN_FOLDER(f) \
	cmocka_unit_test_setup_teardown(f, enter_folder, leave_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(only_regular_files_are_opened),
		IN_FOLDER(reading_stops_only_at_the_end),
		IN_FOLDER(a_whole_file_within_the_ceiling),
		IN_FOLDER(files_that_lie_about_their_size_are_read),
		IN_FOLDER(a_failed_read_leaves_no_half_file),
		IN_FOLDER(paths),
		IN_FOLDER(a_folder_is_listed_in_order),
		IN_FOLDER(folders_are_made),
		IN_FOLDER(removing_a_tree_never_follows_links),
		IN_FOLDER(removing_has_a_bottom_and_tells_faults),
		IN_FOLDER(writing_survives_short_writes_and_interrupts),
		IN_FOLDER(creating_never_opens_what_is_there),
		IN_FOLDER(replacing_is_all_or_nothing),
		IN_FOLDER(links_renames_modes),
		IN_FOLDER(every_writing_call_asks_the_seam),
		IN_FOLDER(a_lock_keeps_others_out_until_it_is_closed),
		IN_FOLDER(a_lock_goes_with_its_process),
		IN_FOLDER(a_lock_file_is_a_plain_file),
	};

	umask(022);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
