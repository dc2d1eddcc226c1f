/* Shared by the verbs that put evidence in and decide about it. */
#ifndef BUKTI_CLI_EVIDENCE_H
#define BUKTI_CLI_EVIDENCE_H

#include "cli.h"

/** The cycle that --cycle names (or the only open one) with its rulebook. */
struct cli_round {
	const char *cycle;
	const struct bkt_rulebook *rulebook;
	bkt_rulebook_set *set; /* owned */
};
void cli_round_release(struct cli_round *r);
BKT_AUTO_RELEASE(struct cli_round, cli_round_release);
BKT_NODISCARD enum bkt_status cli_round_open(
    struct cli *c, struct cli_round *out, struct bkt_err *err);

/** --indicator "1,2 5" to the rulebook's ids; at least one. */
BKT_NODISCARD enum bkt_status cli_indicators(struct cli *c,
    const struct cli_round *round, struct bkt_strs *out, struct bkt_err *err);
/** A document by the original name of its file, when only one has that name:
 * an active one before one that was withdrawn, a present name before one that
 * it had in an earlier version (which is said).
 * @retval BKT_E_NOTFOUND, BKT_E_USAGE several, told each */
BKT_NODISCARD enum bkt_status cli_document_named(struct cli *c,
    const char *word, struct bkt_record **out, struct bkt_err *err);
/** A document by its id, or as cli_document_named. */
BKT_NODISCARD enum bkt_status cli_document_pick(struct cli *c, const char *word,
    struct bkt_record **out, struct bkt_err *err);
/** Names of files that are like this word into the hint of a failure, where
 * there are any; returns its status. */
enum bkt_status cli_document_near(
    struct cli *c, const char *word, struct bkt_err *err);
/** What was withdrawn supports nothing, nor is it decided about.
 * @retval BKT_E_USAGE with what to do */
BKT_NODISCARD enum bkt_status cli_document_active(
    const struct bkt_document *d, struct bkt_err *err);
/** The store's file policy, else the installed one. */
BKT_NODISCARD enum bkt_status cli_file_policy(
    struct cli *c, struct bkt_file_policy *out, struct bkt_err *err);

/** Options that describe a document; for the option tables. */
#define CLI_DOCUMENT_OPTIONS                                                 \
	{ "type", "TYPE", "kind of document, of the rulebook's list", 0,     \
		false },                                                     \
	    { "title", "TEXT", "title (else the file's name)", 0, false },   \
	    { "number", "NO", "its number", 0, false },                      \
	    { "date", "DATE", "enacted, signed or held: YYYY-MM-DD", 0,      \
		    false },                                                 \
	    { "signer", "OFFICE", "office that signed it", 0, false },       \
	    { "unit", "UNIT", "whose it is (else the signer's only one)", 0, \
		    false },                                                 \
	    { "valid-from", "DATE", "start of validity", 0, false },         \
	    { "valid-until", "DATE", "end of validity", 0, false },          \
	    { "revoked", "DATE", "when it was revoked", 0, false },          \
	    { "covers", "TAG=A|B", "what it covers", 0, true },              \
	    { "years", "Y Y", "budget years", 0, false },                    \
	    { "class", "CLASS", "umum, terbatas or rahasia", 0, false },     \
	    { "personal", "YES", "yes when personal data is inside", 0,      \
		    false },                                                 \
	    { "replaces", "DOC", "document it succeeds in law", 0, false },  \
	{                                                                    \
		"doc-note", "TEXT", "remark about the document", 0, false    \
	}
/** What the options say, over what @p d says already. */
BKT_NODISCARD enum bkt_status cli_document_options(struct cli *c,
    const struct cli_round *round, struct bkt_document *d, struct bkt_err *err);
/** The file into staging. @retval BKT_E_USAGE with what to do */
BKT_NODISCARD enum bkt_status cli_stage(struct cli *c, const char *file,
    const struct bkt_file_policy *policy, struct bkt_staged *out,
    struct bkt_err *err);

#define CLI_LINK_OPTIONS                                                     \
	{ "indicator", "N,N", "indicators it supports, e.g. 1,2,5", 'i',     \
		true },                                                      \
	    { "levels", "N N", "levels it supports (else any)", 0, false },  \
	    { "locator", "TEXT", "where in it: pasal, halaman", 0, false },  \
	    { "note", "TEXT", "remark about the link", 0, false },           \
	{                                                                    \
		"cycle", "CYCLE", "round (else the only open one)", 0, false \
	}
/** Is there an active link already that says what the options say of it; what
 * they do not say may be anything. */
BKT_NODISCARD enum bkt_status cli_link_there(struct cli *c,
    const struct cli_round *round, const char *indicator, const char *document,
    bool *there, struct bkt_err *err);
/** A link record to one indicator into the batch; passed over (*same) when
 * the store says just that already. */
BKT_NODISCARD enum bkt_status cli_link_add(struct cli_batch *b,
    const struct cli_round *round, const char *indicator, const char *document,
    bool *same, struct bkt_err *err);

#endif
