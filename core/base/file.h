/* Shared by the ways to open a file for reading. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "bukti/base.h"

/* without O_NONBLOCK a pipe put in a file's place would hang us */
#define BASE_OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

/* errno of an open that failed, as a status */
enum bkt_status base_fail_open(const char *path, struct bkt_err *err);
/* only regular files count as opened */
enum bkt_status base_opened(int fd, const char *path,
    struct bkt_file_info *info /* may be NULL */, struct bkt_err *err);

#endif
