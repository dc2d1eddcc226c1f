/* The fault seam as the file functions ask it. */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <errno.h>

#include "bukti/base.h"

/* true: fail as errno now says; *shortened: do one byte only */
static inline bool base_fault(const char *op, const char *path, bool *shortened)
{
	int r = bkt_fs_fault ? bkt_fs_fault(op, path) : 0;

	if (shortened)
		*shortened = r < 0;
	if (r <= 0)
		return false;
	errno = r;
	return true;
}

#endif
