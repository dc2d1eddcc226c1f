/* Shared by the tests that write into a repository. */
#ifndef BUKTI_TESTS_GITDB_WRITE_SUPPORT_H
#define BUKTI_TESTS_GITDB_WRITE_SUPPORT_H

#include "gitdb_support.h"

#include <errno.h>
#include <time.h>

#define MAIN "refs/heads/main"

static bkt_arena *arena;

static inline int enter(void **state)
{
	arena = bkt_arena_new(32 << 20);
	return arena ? enter_repository(state) : -1;
}

static inline int leave(void **state)
{
	bkt_arena_free(arena);
	bkt_clock = NULL;
	return leave_repository(state);
}

static inline size_t count_files(const char *dir, const char *prefix)
{
	struct bkt_strs names;
	size_t n = 0;

	OK(bkt_dir_list(dir, arena, &names, &err));
	for (size_t i = 0; i < names.n; i++)
		n += strncmp(names.v[i], prefix, strlen(prefix)) == 0;
	return n;
}

static inline void assert_sound(void)
{
	struct bkt_strs names;

	if (GIT("fsck", "--strict", "--full") != 0) {
		struct bkt_buf out;

		slurp("out", &out);
		fail_msg("git fsck: %s", (char *)out.ptr);
	}
	OK(bkt_dir_list("r.git/objects/pack", arena, &names, &err));
	for (size_t i = 0; i < names.n; i++) {
		size_t n = strlen(names.v[i]);
		char path[200];

		if (n < 4 || strcmp(names.v[i] + n - 4, ".idx") != 0)
			continue;
		(void)snprintf(
		    path, sizeof(path), "objects/pack/%s", names.v[i]);
		assert_int_equal(GIT("verify-pack", path), 0);
	}
}
static size_t ops_left;
/* every step but reading fails once so many have been let through */
static inline int fail_later(const char *op, const char *path)
{
	(void)path;
	if (strcmp(op, "open") == 0 || strcmp(op, "read") == 0 ||
	    strcmp(op, "close") == 0)
		return 0;
	if (ops_left == 0)
		return EIO;
	ops_left--;
	return 0;
}

#endif
