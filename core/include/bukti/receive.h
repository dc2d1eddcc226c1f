/* Floor 4: may this batch enter. The one gate for store, hooks and web. */
#ifndef BUKTI_RECEIVE_H
#define BUKTI_RECEIVE_H

#include "bukti/base.h"
#include "bukti/ledger.h"
#include "bukti/rulebook.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One submission's fate. */
struct bkt_received {
	struct bkt_opened opened; /* valid when status is BKT_OK */
	struct bkt_file *files;   /* then: what it changes in the tree */
	size_t n_files;
	enum bkt_status status;
	struct bkt_err err;
};
/** May this document have the content that its record names: is that where it
 * must be, ready to be made durable or so already, and no other's. @p had: the
 * document has had it, and comes back to it from having been withdrawn.
 * @retval BKT_E_POLICY no
 * @retval BKT_E_EXISTS it is another document's already; faults */
typedef enum bkt_status (*bkt_content_fn)(void *ctx, size_t item,
    const struct bkt_document *said, const struct bkt_sha256 *id, bool had,
    struct bkt_err *err);
/**
 * Open all submissions that are not (in parallel), then judge and apply them
 * one after the other to @p s. A refused one leaves no trace in @p s; those
 * that depend on it are refused in turn. A release must be alone in its batch,
 * and its numbers are recomputed from @p source (the state before).
 *
 * @param s       state to be extended; thrown away by the caller if the batch
 *                is not committed after all
 * @param source  records as of @p s, for releases; may be NULL: releases are
 *                refused
 * @param content asked for content that is new to its document, and for a
 *                document that comes back; NULL: whoever
 *                calls has no content and knows it (a push, a rehearsal)
 * @param results n elements
 * @retval BKT_OK look at each result
 * @retval BKT_E_TAMPERED the store that they are judged by does not hold
 * itself: no result counts; faults
 */
BKT_NODISCARD enum bkt_status bkt_receive(bkt_state *s,
    const struct bkt_submission *subs, size_t n,
    const struct bkt_source *source, bkt_content_fn content, void *ctx,
    int64_t now_utc_s, bkt_certs *certs, bkt_arena *arena,
    struct bkt_received *results, struct bkt_err *err);

/**
 * The file policy at the door: size, extension against content.
 * @param head first bytes of the content
 * @param[out] media the type by extension and content
 * @retval BKT_E_POLICY says what to do
 */
BKT_NODISCARD enum bkt_status bkt_receive_file(
    const struct bkt_file_policy *policy, const char *name,
    struct bkt_span head, uint64_t size_bytes, const char **media,
    struct bkt_err *err);

#ifdef __cplusplus
}
#endif
#endif
