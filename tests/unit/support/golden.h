/*
 * The vectors of tests/golden: files made once, tables of columns that a tab
 * separates, and a list of digests that says that nobody made them again. What
 * cannot be read fails the running test.
 */
#ifndef BUKTI_TESTS_GOLDEN_H
#define BUKTI_TESTS_GOLDEN_H

#include "bukti/base.h"

/** tests/golden/FOLDER/NAME; @p out is initialised here. */
void golden_slurp(const char *folder, const char *name, struct bkt_buf *out);

/** Every file but README and SHA256SUMS is in SHA256SUMS with its digest, and
 * there are @p n of them. */
void golden_unchanged(const char *folder, size_t n);

/** Rows of a table, one after the other; columns point into it. */
#define GOLDEN_COLUMNS_MAX 8
struct golden_table {
	struct bkt_buf text;
	char *rest;
	size_t n_columns, n_rows;
	const char *column[GOLDEN_COLUMNS_MAX];
};
void golden_open(const char *folder, const char *name, size_t n_columns,
    struct golden_table *out);
/** false: no more. A row of other columns fails the test. */
bool golden_next(struct golden_table *t);
void golden_release(struct golden_table *t);
BKT_AUTO_RELEASE(struct golden_table, golden_release);

/** MALFORMED, TAMPERED or UNTRUSTED of a RULES table is what the status says.
 */
bool golden_verdict_is(const char *word, enum bkt_status st);

#endif
