/* Between `show` and the finding of what is meant. */
#ifndef BUKTI_CLI_SHOW_H
#define BUKTI_CLI_SHOW_H

#include "cli.h"

#include "bukti/rulebook.h"

/**
 * The entry meant by a path, document, member, unit, cycle or rulebook id,
 * entry index, or at least six digits of a record's SHA-256.
 * @retval BKT_E_USAGE nothing, or more than one thing, is called so
 */
BKT_NODISCARD enum bkt_status cli_resolve(struct cli *c, const char *what,
    struct bkt_index_entry *out, struct bkt_err *err);

/** One signature of a record, looked at. */
struct cli_seal {
	const char *member, *subject, *time;
	struct bkt_sha256 cert;
	bool good;       /* matches the record */
	bool registered; /* by the certificate the store had for the member */
};
/** One for each signer, from the tree of the accepting commit. */
BKT_NODISCARD enum bkt_status cli_seals(struct cli *c,
    const struct bkt_index_entry *e, const struct bkt_record *r,
    struct cli_seal **out, struct bkt_err *err);

/** Why a decision does not count for what is there now; NONE: it does. */
BKT_NODISCARD enum bkt_status show_lapse(struct cli *c,
    const struct bkt_record *review, enum bkt_review_lapse *out,
    struct bkt_err *err);
const char *show_lapse_text(enum bkt_review_lapse l); /* for people; or "" */
const char *show_lapse_word(enum bkt_review_lapse l); /* for --json; or "" */

/** Every document, by the name of its file. */
BKT_NODISCARD enum bkt_status show_documents(
    struct cli *c, struct bkt_err *err);

/** The words of a rulebook: document types, tags, indicators. */
BKT_NODISCARD enum bkt_status show_rulebook(
    struct cli *c, const char *stem, struct bkt_err *err);
/** The same as members of the object that is open. */
BKT_NODISCARD enum bkt_status show_rulebook_json(
    struct cli *c, const char *stem, struct cli_json *j, struct bkt_err *err);

#endif
