/* Private to core/objects/write. */
#ifndef OBJECTS_WRITE_H
#define OBJECTS_WRITE_H

#include "../objects.h"

/*
 * Staging files of one process live in bukti/tmp/stage-<random>/, whose file
 * "lock" is held for as long as they may be wanted. Cleaning runs under the
 * writer lock, but other processes stage without it: only a directory whose
 * lock is free was left by a crash.
 */
#define OBJECTS_SESSION_PREFIX "stage-"
#define OBJECTS_SESSION_LOCK "lock"

/* makes the session on first use; any thread */
enum bkt_status objects_session(bkt_objects *o, struct bkt_err *err);

#endif
