/*
 * A reader for DER (X.690 10.1): definite lengths in the fewest octets, tag
 * numbers below 31. It never allocates, never recurses, never looks past the
 * span it was given. What it does not accept is not DER.
 */
#ifndef BUKTI_CRYPTO_DER_H
#define BUKTI_CRYPTO_DER_H

#include "bukti/base.h"

enum {
	BKT_DER_INTEGER = 0x02,
	BKT_DER_BIT_STRING = 0x03,
	BKT_DER_OCTETS = 0x04,
	BKT_DER_OID = 0x06,
	BKT_DER_UTC_TIME = 0x17,
	BKT_DER_GENERALIZED_TIME = 0x18,
	BKT_DER_SEQUENCE = 0x30,
	BKT_DER_SET = 0x31,
	BKT_DER_CONTEXT_0 = 0xa0,
	BKT_DER_CONTEXT_1 = 0xa1,
	BKT_DER_CONTEXT_4 = 0xa4,
};

/** Next element's tag, or -1 at the end. */
int bkt_der_peek(struct bkt_span in);
/** Take the next element if it has this tag; @p in moves past it. */
bool bkt_der_take(struct bkt_span *in, uint8_t tag, struct bkt_span *body);
/** As bkt_der_take, and @p whole gets tag and length too. */
bool bkt_der_take_whole(
    struct bkt_span *in, uint8_t tag, struct bkt_span *whole);
/** Take exactly these bytes. */
bool bkt_der_literal(struct bkt_span *in, const void *bytes, size_t n);
/**
 * Take a time to the second, in UTC: UTCTime for 1970 to 2049, GeneralizedTime
 * from 2050 to 9999 (RFC 5280 4.1.2.5, RFC 5652 11.3).
 */
bool bkt_der_time(struct bkt_span *in, int64_t *out_utc_s);
/** INTEGER body: above zero, fewest octets. */
bool bkt_der_positive(struct bkt_span body);
/** INTEGER body without its sign octet. */
struct bkt_span bkt_der_magnitude(struct bkt_span body);
/** Exactly one element, and all inside it is DER down to 16 levels. */
bool bkt_der_valid(struct bkt_span in);

/** What a SubjectPublicKeyInfo holds, as far as the seal profile cares. */
struct bkt_der_key {
	bool rsa;                /* else EC P-256, uncompressed point */
	struct bkt_span modulus; /* RSA only: magnitude, big-endian */
};
/**
 * Is the key one the profile allows: named curve P-256 with an uncompressed
 * point; or RSA, 2048 to 8192 bits, exponent 65537 to 2^32?
 */
bool bkt_der_key_allowed(struct bkt_span spki, struct bkt_der_key *out);

/**
 * SEQUENCE of two INTEGERs of fewest octets, each from 1 to the order of
 * P-256 less one (RFC 3279 2.2.3, SEC 1 4.1.4 step 1)?
 */
bool bkt_der_ecdsa_shape(struct bkt_span sig);
/** As long as the modulus and below it (RFC 8017 8.2.2 step 1)? */
bool bkt_der_rsa_shape(struct bkt_span sig, const struct bkt_der_key *key);

/** Pieces of a certificate, with tag and length but for the validity. */
struct bkt_der_cert {
	struct bkt_span serial, issuer, spki, validity;
};
bool bkt_der_cert_pieces(struct bkt_span der, struct bkt_der_cert *out);

#endif
