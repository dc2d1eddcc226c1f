#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "bukti/base.h"
#include "support/folder.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* ---- writing ----------------------------------------------------------- */

static void writing_survives_short_writes_and_interrupts(void **state)
{
	BKT_AUTO_FD fd = -1;
	struct bkt_err err;

	(void)state;
	assert_int_equal(bkt_file_create("f", 0600, &fd, &err), BKT_OK);
	fault_arm("write", -1, 3);
	assert_int_equal(bkt_file_write(fd, "abcdef", 6, &err), BKT_OK);
	assert_int_equal(fault_calls(), 4);
	fault_arm("write", EINTR, 3);
	assert_int_equal(bkt_file_write(fd, "gh", 2, &err), BKT_OK);
	fault_arm("write", ENOSPC, 1);
	assert_int_equal(bkt_file_write(fd, "no", 2, &err), BKT_E_IO);
	assert_int_equal(err.sys_errno, ENOSPC);
	assert_int_equal(bkt_file_write(fd, "", 0, &err), BKT_OK);
	assert_true(folder_holds("f", "abcdefgh"));
}

static void creating_never_opens_what_is_there(void **state)
{
	BKT_AUTO_FD fd = -1;
	struct bkt_err err;

	(void)state;
	assert_true(folder_put("f", "old"));
	assert_int_equal(symlink("new", "l"), 0);
	assert_int_equal(bkt_file_create("f", 0600, &fd, &err), BKT_E_EXISTS);
	assert_int_equal(bkt_file_create("l", 0600, &fd, &err), BKT_E_EXISTS);
	assert_int_equal(bkt_file_create("no/f", 0600, &fd, &err), BKT_E_IO);
	assert_int_equal(fd, -1);
	assert_true(folder_holds("f", "old"));
	assert_false(bkt_path_exists("new"));
}

static void a_new_name_is_never_one_that_is_taken(void **state)
{
	static const int unknown[] = { 0, EINVAL, ENOSYS };
	struct bkt_err err;

	(void)state;
	assert_int_equal(symlink("nowhere", "l"), 0);
	for (size_t i = 0; i < COUNT(unknown); i++) {
		assert_true(folder_put("f", "mine"));
		assert_true(folder_put("tmp", "new"));
		fault_arm("rename", unknown[i], 1);
		assert_int_equal(
		    bkt_file_rename_new("tmp", "f", &err), BKT_E_EXISTS);
		fault_arm("rename", unknown[i], 1);
		assert_int_equal(
		    bkt_file_rename_new("tmp", "l", &err), BKT_E_EXISTS);
		assert_true(folder_holds("f", "mine"));
		fault_arm("rename", unknown[i], 1);
		assert_int_equal(bkt_file_rename_new("tmp", "g", &err), BKT_OK);
		fault_disarm();
		assert_true(folder_holds("g", "new"));
		assert_false(bkt_path_exists("tmp"));
		assert_int_equal(bkt_file_unlink("g", &err), BKT_OK);
	}
	fault_arm("rename", EIO, 1);
	assert_int_equal(bkt_file_rename_new("f", "g", &err), BKT_E_IO);
	fault_disarm();
	assert_false(bkt_path_exists("g"));
}

static void replacing_is_all_or_nothing(void **state)
{
	static const char *const ops[] = { "open", "write", "fsync", "rename" };
	BKT_AUTO(bkt_arena_free) bkt_arena *a = bkt_arena_new(1 << 16);
	struct bkt_strs l;
	struct bkt_err err;

	(void)state;
	assert_true(folder_put("f", "old"));
	for (size_t i = 0; i < COUNT(ops); i++) {
		print_message("  %s fails\n", ops[i]);
		fault_arm(ops[i], ENOSPC, 1);
		assert_int_equal(
		    bkt_file_replace("f", bkt_span_str("new"), 0600, &err),
		    BKT_E_IO);
		assert_int_equal(err.sys_errno, ENOSPC);
		fault_disarm();
		assert_true(folder_holds("f", "old"));
		assert_int_equal(bkt_dir_list(".", a, &l, &err), BKT_OK);
		assert_int_equal(l.n, 1);
	}
	fault_arm("fsync", 0, 0);
	assert_int_equal(
	    bkt_file_replace("f", bkt_span_str("new"), 0600, &err), BKT_OK);
	assert_int_equal(fault_calls(), 2); /* the file and its folder */
	assert_true(folder_holds("f", "new"));
	assert_int_equal(symlink("f", "l"), 0);
	assert_true(folder_put("l", "own"));
	assert_true(folder_holds("l", "own"));
	assert_true(folder_holds("f", "new"));
}

static void links_renames_modes(void **state)
{
	struct bkt_file_info info;
	struct bkt_err err;
	BKT_AUTO_FD fd = -1;

	(void)state;
	assert_true(folder_put("a", "a"));
	assert_true(folder_put("b", "b"));
	assert_int_equal(bkt_file_link("a", "b", &err), BKT_E_EXISTS);
	assert_true(folder_holds("b", "b"));
	assert_int_equal(bkt_file_link("a", "c", &err), BKT_OK);
	assert_int_equal(bkt_file_link("none", "d", &err), BKT_E_IO);
	assert_int_equal(bkt_file_rename("c", "b", &err), BKT_OK);
	assert_true(folder_holds("b", "a"));
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
	int fd;

	(void)state;
	assert_true(folder_put("a", "a"));
	fault_arm("link", EPERM, 1);
	assert_int_equal(bkt_file_link("a", "b", &err), BKT_E_IO);
	fault_arm("rename", EPERM, 1);
	assert_int_equal(bkt_file_rename("a", "b", &err), BKT_E_IO);
	fault_arm("unlink", EPERM, 1);
	assert_int_equal(bkt_file_unlink("a", &err), BKT_E_IO);
	fault_arm("chmod", EPERM, 1);
	assert_int_equal(bkt_file_chmod("a", 0400, &err), BKT_E_IO);
	fault_arm("syncfs", EIO, 1);
	assert_int_equal(bkt_fs_sync(".", &err), BKT_E_IO);
	fault_arm("fsync", EIO, 1);
	assert_int_equal(bkt_dir_fsync(".", &err), BKT_E_IO);
	fd = open("a", O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(bkt_file_written_out(fd, &err), BKT_OK);
	fault_arm("write-out", EIO, 1);
	bkt_file_write_out(fd, 0);
	assert_int_equal(fault_calls(), 1);
	fault_arm("write-out", EIO, 1);
	assert_int_equal(bkt_file_written_out(fd, &err), BKT_E_IO);
	bkt_fd_close(fd);
	fault_arm("close", EIO, 1);
	bkt_fd_close(dup(0));
	assert_int_equal(fault_calls(), 1);
	fault_disarm();
	assert_true(folder_holds("a", "a"));
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
	assert_true(folder_holds("lock", pid));
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
	assert_true(folder_put("f", "mine"));
	assert_int_equal(symlink("f", "l"), 0);
	assert_int_equal(mkdir("d", 0755), 0);
	assert_int_equal(mkfifo("p", 0644), 0);
	assert_int_equal(bkt_file_lock("l", 0, &fd, &err), BKT_E_IO);
	assert_int_equal(bkt_file_lock("d", 0, &fd, &err), BKT_E_IO);
	assert_int_equal(bkt_file_lock("p", 0, &fd, &err), BKT_E_IO);
	assert_int_equal(bkt_file_lock("no/l", 0, &fd, &err), BKT_E_IO);
	assert_true(folder_holds("f", "mine"));
	fault_arm("lock", ENOLCK, 1);
	assert_int_equal(bkt_file_lock("x", 1000, &fd, &err), BKT_E_IO);
	fault_arm("write", ENOSPC, 1);
	assert_int_equal(bkt_file_lock("x", 0, &fd, &err), BKT_E_IO);
	assert_int_equal(fd, -1);
	/* the failed attempt must not have kept it */
	assert_int_equal(bkt_file_lock("x", 0, &fd, &err), BKT_OK);
	bkt_fd_close(fd);
}

#define IN_FOLDER(f) \
	cmocka_unit_test_setup_teardown(f, folder_enter, folder_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(writing_survives_short_writes_and_interrupts),
		IN_FOLDER(creating_never_opens_what_is_there),
		IN_FOLDER(a_new_name_is_never_one_that_is_taken),
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
