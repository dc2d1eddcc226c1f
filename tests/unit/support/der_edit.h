/*
 * Edits good DER into bad: reads it as a tree of elements, changes one, prints
 * it again with the lengths put right. Failures end the program.
 */
#ifndef BUKTI_TESTS_DER_EDIT_H
#define BUKTI_TESTS_DER_EDIT_H

#include "bukti/base.h"

enum der_op {
	DER_INSERT,  /* hex before the node at path (or at the end) */
	DER_REPLACE, /* node by hex */
	DER_DELETE,
	DER_TWICE,      /* a copy of the node after it */
	DER_SWAP,       /* with the one after it */
	DER_TAG,        /* other tag */
	DER_INDEFINITE, /* BER length */
	DER_LONG,       /* length in one octet too many */
	DER_NOTHING,
};

struct der_edit {
	const char *why; /* what is wrong with the result */
	enum der_op op;
	/* "1.0.4": child 4 of child 0 of child 1; "": the outermost */
	const char *path;
	const char *hex;
};

/** @p out is cleared first. */
void der_edit(
    struct bkt_span der, const struct der_edit *e, struct bkt_buf *out);

#endif
