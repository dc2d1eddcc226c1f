#ifndef BUKTI_CRYPTO_SEAL_H
#define BUKTI_CRYPTO_SEAL_H

#include "bukti/crypto.h"

/**
 * What the signature is over (RFC 5652 5.4): the attributes as the SET OF
 * that they are, not under the [0] that they carry in the message.
 */
BKT_NODISCARD enum bkt_status bkt_seal_digest(struct bkt_span signed_attrs,
    uint8_t out[BKT_SHA256_LEN], struct bkt_err *err);

#endif
