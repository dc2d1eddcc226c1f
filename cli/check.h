/* Between `check`, its text and its JSON. */
#ifndef BUKTI_CLI_CHECK_H
#define BUKTI_CLI_CHECK_H

#include "bukti/assess.h"
#include "cli.h"

enum check_lang { CHECK_ENGLISH, CHECK_INDONESIAN };

struct check_row {
	const struct bkt_indicator_result *r;
	const struct bkt_assignment *a; /* NULL: not in the cycle's list */
	size_t n_errors;                /* findings about it */
	bool is_short; /* not claimed, not supported, not verified, or wrong */
	bool waits;    /* short for want of verifiers only */
};
struct check_view {
	struct cli *c;
	enum check_lang lang;
	const bkt_assess *assess;
	const struct bkt_assessment *result;
	const struct bkt_facts *facts;
	bkt_map *documents; /* id -> evidence, one of its links; borrowed */
	const struct bkt_cycle *cycle;
	struct check_row *rows; /* those asked for, rulebook order */
	size_t n, n_short;
	bool all;                    /* whole indicators too */
	bool each;                   /* also those that only wait */
	size_t n_wait, n_wait_links; /* rows that only wait, their links */
	bool narrowed;               /* --unit or --indicator */
	bool complete;               /* all that was asked for */
	const struct bkt_band *next; /* above the verified index; NULL: none */
	struct bkt_rat distance;     /* to it */
};

/** Language, cycle and unit as asked for, and the assessment, which lives as
 * long as @p a. */
BKT_NODISCARD enum bkt_status check_open(
    struct check_view *v, bkt_assess **a, struct bkt_err *err);
/** The rows asked for by --unit and --indicator, and what they come to. */
BKT_NODISCARD enum bkt_status check_collect(
    struct check_view *v, struct bkt_err *err);
/** Id, title and file, without a line's end. */
void check_print_document(
    const struct check_view *v, const struct bkt_evidence *e);
/** What of an indicator was returned or rejected, why, by whom and when. */
void check_print_returned(const struct check_view *v, const char *indicator);
/** Findings about a shown indicator, or about the whole. */
bool check_shows(const struct check_view *v, const struct bkt_finding *f);
/** Claimed above what was accepted, and no more than that. */
bool check_says_unverified(const struct bkt_finding *f);
/** The row of an indicator, or NULL when it is not shown. */
const struct check_row *check_row_of(
    const struct check_view *v, const char *indicator);
/** Title and file of a document of the cycle, or NULL. */
const struct bkt_evidence *check_document(
    const struct check_view *v, const char *document);
/** Next link of an indicator from @p at on; NULL at the end. */
const struct bkt_evidence *check_evidence(
    const struct check_view *v, const char *indicator, size_t *at);
/** The text in the language asked for, or in the one there is. Not made safe.
 */
const char *check_say(const struct check_view *v, const struct bkt_text *t);
bool check_waits(const struct bkt_evidence *e);
bool check_returned(const struct bkt_evidence *e);

void check_print(const struct check_view *v);
BKT_NODISCARD enum bkt_status check_print_json(
    const struct check_view *v, struct bkt_err *err);

#endif
