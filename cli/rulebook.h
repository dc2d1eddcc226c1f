/* A rulebook by the name of its file, or as a store or this program has it. */
#ifndef BUKTI_CLI_RULEBOOK_H
#define BUKTI_CLI_RULEBOOK_H

#include "cli.h"

/** Is that the name of a file, and not of a rulebook. */
bool rulebook_is_file(const char *word);
/**
 * A file; else from the store, if one was named or is here; else one of those
 * that come with the program.
 * @p report gets every problem of the text, or is NULL
 * @retval BKT_E_USAGE none is called so; BKT_E_CONFIG it is not sound
 */
BKT_NODISCARD enum bkt_status rulebook_open(struct cli *c, const char *word,
    bkt_rulebook_set **out, struct bkt_buf *report, struct bkt_err *err);

#endif
