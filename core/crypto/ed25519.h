/* The store key's algorithm, the verifying half. */
#ifndef BUKTI_CRYPTO_ED25519_H
#define BUKTI_CRYPTO_ED25519_H

#include "ossl.h"

#define BKT_ED25519_SIG 64

/**
 * @retval BKT_E_SEAL   the signature does not match
 * @retval BKT_E_TRUST  @p pub is no key
 */
BKT_NODISCARD enum bkt_status bkt_ed25519_verify(const uint8_t pub[32],
    struct bkt_span message, const uint8_t sig[BKT_ED25519_SIG],
    struct bkt_err *err);

/** First four octets of SHA-256(name, LF, 1, key), big-endian (C2SP). */
BKT_NODISCARD enum bkt_status bkt_note_key_id(const char *name,
    const uint8_t pub[32], uint32_t *out, struct bkt_err *err);
/** Not empty, UTF-8 without space or plus, at most 127 bytes. */
bool bkt_note_name_ok(struct bkt_span name);
/** UTF-8, no control characters but LF, LF at the end. */
bool bkt_note_text_ok(struct bkt_span text);

#define BKT_NOTE_MAX (1024 * 1024)
#define BKT_NOTE_DASH "\xe2\x80\x94 "

/** The octets before the signature of an SSHSIG blob (PROTOCOL.sshsig). */
#define BKT_SSHSIG_PREFIX 109
#define BKT_SSHSIG_BLOB (BKT_SSHSIG_PREFIX + BKT_ED25519_SIG)
void bkt_sshsig_prefix(const uint8_t pub[32], uint8_t out[BKT_SSHSIG_PREFIX]);
/** What is signed for a payload: namespace git, SHA-512. */
#define BKT_SSHSIG_SIGNED (6 + 7 + 4 + 10 + 4 + 64)
BKT_NODISCARD enum bkt_status bkt_sshsig_signed(struct bkt_span payload,
    uint8_t out[BKT_SSHSIG_SIGNED], struct bkt_err *err);

#define BKT_SSHSIG_BEGIN "-----BEGIN SSH SIGNATURE-----\n"
#define BKT_SSHSIG_END "-----END SSH SIGNATURE-----"
#define BKT_SSHSIG_COLUMNS 70

#endif
