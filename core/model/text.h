/* Unicode rules of text in records. */
#ifndef BUKTI_MODEL_TEXT_H
#define BUKTI_MODEL_TEXT_H

#include "bukti/base.h"

/*
 * bkt_text_clean, NFC, and only code points that this Unicode version assigns:
 * normalization of those never changes again, so what is accepted once stays
 * accepted by every later version.
 */
BKT_NODISCARD enum bkt_status text_check(
    struct bkt_span s, struct bkt_err *err);
/* NFC of valid UTF-8, from the arena */
BKT_NODISCARD enum bkt_status text_nfc(
    struct bkt_span s, bkt_arena *arena, char **out, struct bkt_err *err);
/* one code point; 0: not well-formed at p */
size_t text_next(struct bkt_span s, size_t at, int32_t *out);
bool text_assigned(int32_t cp);
/* HFS+ drops these when it compares names */
bool text_hfs_ignorable(int32_t cp);

#endif
