/* What verify, release, pack and inspect say of a verdict. */
#ifndef BUKTI_CLI_VERDICT_H
#define BUKTI_CLI_VERDICT_H

#include "bukti/verify.h"
#include "cli.h"

/** The gravest as a status: TAMPERED for what ends with exit 4, MISSING for
 * absent content, IO for what could not be told, OK. */
/** The same as the end of a verb that has said all there is to say. */
enum bkt_status cli_verdict_end(
    enum bkt_verdict v, bool complete, struct bkt_err *err);
/** "INTACT, COMPLETE", in colour. */
const char *cli_verdict_text(struct cli *c, enum bkt_verdict v, bool complete);
/** Each thing that is not well, and how many more were left out. */
void cli_verdict_items(struct cli *c, const struct bkt_verify_item *items,
    size_t n, size_t n_dropped);
void cli_verdict_json(struct cli_json *j, const struct bkt_verify_item *items,
    size_t n, size_t n_dropped);
/** "12.3 MiB" */
const char *cli_bytes_text(struct cli *c, uint64_t n_bytes);

/** The verifier's own memory. @p found false when there is no such file.
 * @retval BKT_E_USAGE it is no pin */
BKT_NODISCARD enum bkt_status cli_pin_read(
    const char *file, struct bkt_pin *out, bool *found, struct bkt_err *err);
/** --threads as a number, 0: all cores. */
BKT_NODISCARD enum bkt_status cli_threads(
    struct cli *c, unsigned *out, struct bkt_err *err);

/** Verify beginning at what the store's cache vouches for, when there is one
 * that can be read, and renew the cache. */
BKT_NODISCARD enum bkt_status cli_verify_cached(struct cli *c, const char *dir,
    struct bkt_verify_options *options, struct bkt_verify_report *out,
    struct bkt_err *err);

#endif
