/* A repository of its own for each test, and stock git beside it. */
#ifndef BUKTI_TESTS_GITDB_SUPPORT_H
#define BUKTI_TESTS_GITDB_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "bukti/crypto.h"
#include "bukti/gitdb.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))
#define ARMOUR                                               \
	"-----BEGIN SSH SIGNATURE-----\n"                    \
	"U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgYWJj\n" \
	"ZGVm\n"                                             \
	"-----END SSH SIGNATURE-----\n"

static char folder[64];
static bkt_gitdb *db;
static const struct bkt_oid zero_oid;

#define OK(e)                                                                \
	do {                                                                 \
		struct bkt_err err = { 0 };                                  \
		enum bkt_status ok_st = (e);                                 \
		if (ok_st != BKT_OK)                                         \
			fail_msg("%s: %s", bkt_status_name(ok_st), err.msg); \
	} while (0)

static inline int enter_repository(void **state)
{
	struct bkt_err err;

	(void)state;
	strcpy(folder, "/tmp/bukti-test-gitdb-XXXXXX");
	unsetenv("GIT_QUARANTINE_PATH");
	unsetenv("GIT_OBJECT_DIRECTORY");
	if (!mkdtemp(folder) || chdir(folder) != 0)
		return -1;
	if (bkt_crypto_init(&err) != BKT_OK || bkt_gitdb_init(&err) != BKT_OK)
		return -1;
	if (bkt_gitdb_create("r.git", &err) != BKT_OK)
		return -1;
	return bkt_gitdb_open("r.git", false, &db, &err) == BKT_OK ? 0 : -1;
}

static inline int leave_repository(void **state)
{
	struct bkt_err err;

	(void)state;
	bkt_fs_fault = NULL;
	bkt_alloc_fault = NULL;
	bkt_gitdb_free(db);
	db = NULL;
	if (chdir("/") != 0)
		return -1;
	return bkt_dir_remove(folder, &err) == BKT_OK ? 0 : -1;
}

/* stock git in the repository; its exit status, its output in "out" */
static inline int git(const char *const *args)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		const char *argv[24] = { "git", "-C", "r.git" };
		int fd = open("out", O_CREAT | O_TRUNC | O_WRONLY, 0644);
		size_t n = 3;

		for (; *args && n + 1 < COUNT(argv); args++)
			argv[n++] = *args;
		(void)dup2(fd, 1);
		(void)dup2(fd, 2);
		(void)setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
		(void)setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
		(void)setenv("HOME", folder, 1);
		(void)execvp("git", (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
#define GIT(...) git((const char *const[]){ __VA_ARGS__, NULL })

static inline void slurp(const char *path, struct bkt_buf *b)
{
	struct bkt_err err;

	bkt_buf_init(b, 16 << 20);
	assert_int_equal(bkt_file_slurp(path, b, &err), BKT_OK);
}

static inline void put(const char *path, const char *text)
{
	struct bkt_err err;

	assert_int_equal(
	    bkt_file_replace(path, bkt_span_str(text), 0644, &err), BKT_OK);
}

static inline struct bkt_oid oid_of(const char *text)
{
	struct bkt_oid oid;

	OK(bkt_gitdb_blob_oid(bkt_span_str(text), &oid, &err));
	return oid;
}

/* one object in a pack of its own; the bytes are not looked at */
static inline struct bkt_oid object(
    enum bkt_git_type type, const void *p, size_t n)
{
	BKT_AUTO(bkt_gitpack_free) bkt_gitpack *pack = NULL;
	struct bkt_oid oid;

	OK(bkt_gitpack_new(db, &pack, &err));
	OK(bkt_gitpack_add(pack, type, BKT_SPAN(p, n), &oid, &err));
	OK(bkt_gitpack_finish(pack, &err));
	return oid;
}

static inline struct bkt_oid blob(const char *text)
{
	return object(BKT_GIT_BLOB, text, strlen(text));
}

/* a tree of files; content "" deletes; sorted by path */
struct file {
	const char *path, *content;
};
static inline struct bkt_oid tree_with(
    const struct bkt_oid *base, const struct file *files, size_t n)
{
	BKT_AUTO(bkt_gitpack_free) bkt_gitpack *pack = NULL;
	struct bkt_change *v = calloc(n + 1, sizeof(*v));
	struct bkt_oid oid;

	assert_non_null(v);
	OK(bkt_gitpack_new(db, &pack, &err));
	for (size_t i = 0; i < n; i++) {
		v[i].path = files[i].path;
		if (*files[i].content)
			OK(bkt_gitpack_add(pack, BKT_GIT_BLOB,
			    bkt_span_str(files[i].content), &v[i].new_oid,
			    &err));
	}
	OK(bkt_gitpack_tree(pack, base, v, n, &oid, &err));
	OK(bkt_gitpack_finish(pack, &err));
	free(v);
	return oid;
}

static inline struct bkt_oid commit_of(const struct bkt_oid *tree,
    const struct bkt_oid *parent, const char *subject)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;
	char message[128];
	struct bkt_commit c = { .tree = *tree,
		.parent = *parent,
		.author_id = bkt_span_str("budi"),
		.committer_id = bkt_span_str("spbe.kota.go.id"),
		.time_utc_s = 1790000000,
		.signature = bkt_span_str(ARMOUR) };

	(void)snprintf(message, sizeof(message), "%s\n", subject);
	c.message = bkt_span_str(message);
	bkt_buf_init(&b, 1 << 20);
	OK(bkt_commit_print(&c, &b, &err));
	return object(BKT_GIT_COMMIT, b.ptr, b.len);
}

/* a loose object file with any bytes below any name, zlib stream as given */
static inline void loose(
    const struct bkt_oid *name, const void *raw, size_t n, const char *after)
{
	uint8_t z[8192];
	char hex[41], path[128];
	uLongf len = sizeof(z);
	FILE *f;

	bkt_oid_hex(name, hex);
	assert_int_equal(compress(z, &len, raw, n), Z_OK);
	(void)snprintf(path, sizeof(path), "r.git/objects/%.2s", hex);
	(void)mkdir(path, 0755);
	(void)snprintf(
	    path, sizeof(path), "r.git/objects/%.2s/%s", hex, hex + 2);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(z, 1, len, f), len);
	assert_int_equal(fwrite(after, 1, strlen(after), f), strlen(after));
	assert_int_equal(fclose(f), 0);
}

#endif
