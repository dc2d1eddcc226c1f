/*
 * The hooks of a store: one program, installed under the name of each hook.
 * They refuse early what the one writer did not make, and say what to do; the
 * verifier assumes that they were bypassed. bukti itself runs none of them.
 */
#ifndef BUKTI_HOOKS_HOOK_H
#define BUKTI_HOOKS_HOOK_H

#include "bukti/base.h"
#include "bukti/gitdb.h"

/* exit codes (DESIGN 5): whatever is not 0 makes git change nothing */
enum hook_answer {
	HOOK_ALLOWED = 0,
	HOOK_USAGE = 2,
	HOOK_REFUSED = 5,
	HOOK_COULD_NOT_TELL = 6,
};

/** One line that git gives: "<old> <new> <ref>". */
struct hook_update {
	const char *ref;         /* unverified text, in the arena */
	bool plain;              /* both values are object ids; else symbolic */
	struct bkt_oid from, to; /* zero: absent */
};
struct hook {
	const char *dir; /* the repository */
	int argc;
	char **argv;
	bkt_arena *arena;
	struct hook_update *updates;
	size_t n_updates;
};

/**
 * All updates from standard input; at most 1 MiB and 4,096 lines.
 * @retval BKT_E_FORMAT, BKT_E_LIMIT; faults
 */
BKT_NODISCARD enum bkt_status hook_read_updates(
    struct hook *h, struct bkt_err *err);
/** A line to standard error, made safe for a terminal. */
BKT_PRINTF(1, 2) void hook_say(const char *fmt, ...);
/** "could not tell: ..." with what to do. */
enum hook_answer hook_untold(const struct bkt_err *why);

enum hook_answer hook_reference_transaction(struct hook *h);
enum hook_answer hook_pre_receive(struct hook *h);

#endif
