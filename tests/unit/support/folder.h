/* A folder of its own for each test, and system calls that fail on demand. */
#ifndef TEST_FOLDER_H
#define TEST_FOLDER_H

#include <stdbool.h>

/* cmocka's set-up and tear-down: a new folder to stand in, and its end */
int folder_enter(void **state);
int folder_leave(void **state);

bool folder_put(const char *path, const char *text);
bool folder_holds(const char *path, const char *text);

/* the next calls of that name answer so (base.h, bkt_fs_fault) */
void fault_arm(const char *op, int answer, int times);
void fault_disarm(void);
/* calls of that name since fault_arm */
int fault_calls(void);

#endif
