/*
 * Floor 1: digests, certificates, CAdES seals, notes, SSH signatures.
 * The only user of OpenSSL. Everything up to "making" is in
 * libbukti-verify; the rest (signing, key files) only in libbukti.
 */
#ifndef BUKTI_CRYPTO_H
#define BUKTI_CRYPTO_H

#include "bukti/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Once per process before threads: allocator seam, algorithm prefetch. */
BKT_NODISCARD enum bkt_status bkt_crypto_init(struct bkt_err *err);

/* ---- digests ----------------------------------------------------------- */

BKT_NODISCARD enum bkt_status bkt_sha256_of(
    struct bkt_span in, struct bkt_sha256 *out, struct bkt_err *err);

typedef struct bkt_hash bkt_hash;
enum bkt_hash_kind { BKT_HASH_SHA256, BKT_HASH_SHA1 /* git's trailers only */ };
BKT_NODISCARD enum bkt_status bkt_hash_new(
    enum bkt_hash_kind kind, bkt_hash **out, struct bkt_err *err);
void bkt_hash_free(bkt_hash *h);
BKT_AUTO_DEFINE(bkt_hash *, bkt_hash_free);
BKT_NODISCARD enum bkt_status bkt_hash_update(
    bkt_hash *h, const void *p, size_t n, struct bkt_err *err);
/** @p out has 32 (SHA-256) or 20 (SHA-1) bytes; ready for reuse after. */
BKT_NODISCARD enum bkt_status bkt_hash_final(
    bkt_hash *h, uint8_t *out, struct bkt_err *err);

/* ---- certificates ------------------------------------------------------ */

/** A parsed X.509 certificate; immutable, shareable across threads. */
typedef struct bkt_cert bkt_cert;
#define BKT_CERT_MAX (16 * 1024)

/* Strings live as long as the certificate; bkt_text_escape was over them, so a
 * NUL or a bidi control in a name reaches neither comparison nor terminal. */
struct bkt_cert_info {
	const char *subject_cn; /* "" when absent */
	const char *subject_org;
	const char *issuer_cn;
	const char *subject; /* RFC 2253 one-liner */
	const char *key;     /* "EC P-256", "RSA 3072", ... */
	int64_t not_before_utc_s, not_after_utc_s;
	struct bkt_sha256 sha256; /* over the DER */
	/* over the SubjectPublicKeyInfo; a key that the seal profile allows has
	 * one spelling, so that equal keys are equal here */
	struct bkt_sha256 spki;
	struct bkt_span der;
	bool is_ca;
	bool may_sign; /* digitalSignature or nonRepudiation, or no keyUsage */
};
/** DER, exactly one certificate, nothing after it. */
BKT_NODISCARD enum bkt_status bkt_cert_from_der(
    struct bkt_span der, bkt_cert **out, struct bkt_err *err);
/** PEM with exactly one CERTIFICATE block; text around it is not allowed
 * (strict form: what bkt_cert_to_pem prints). */
BKT_NODISCARD enum bkt_status bkt_cert_from_pem(
    struct bkt_span pem, bkt_cert **out, struct bkt_err *err);
/** As people hand it in: PEM with text around, or DER; the first certificate.
 */
BKT_NODISCARD enum bkt_status bkt_cert_from_any(
    struct bkt_span bytes, bkt_cert **out, struct bkt_err *err);
void bkt_cert_free(bkt_cert *c);
BKT_AUTO_DEFINE(bkt_cert *, bkt_cert_free);
const struct bkt_cert_info *bkt_cert_info(const bkt_cert *c);
BKT_NODISCARD enum bkt_status bkt_cert_to_pem(
    const bkt_cert *c, struct bkt_buf *out, struct bkt_err *err);
/** Key allowed by the seal profile: EC P-256, or RSA of at least 2048 bits. */
bool bkt_cert_key_allowed(const bkt_cert *c);

/** May members' certificates be issued under it, as bkt_trust_check demands of
 * an anchor: CA:TRUE critical, a key usage with keyCertSign, a subject key
 * identifier. @retval BKT_E_TRUST says what it lacks */
BKT_NODISCARD enum bkt_status bkt_cert_may_issue(
    const bkt_cert *c, struct bkt_err *err);

/** Trust anchors: one or more PEM CERTIFICATE blocks. Immutable. */
typedef struct bkt_trust bkt_trust;
BKT_NODISCARD enum bkt_status bkt_trust_from_pem(
    struct bkt_span pem, bkt_trust **out, struct bkt_err *err);
void bkt_trust_free(bkt_trust *t);
BKT_AUTO_DEFINE(bkt_trust *, bkt_trust_free);
/**
 * Chain to an anchor at the given time, purpose any, no partial chains,
 * leaf must not be a CA and must be allowed to sign: its key, its key usage
 * and, where there is one, its extended key usage (bukti-seal(5)).
 * @retval BKT_E_TRUST  says why; BKT_E_CRYPTO, BKT_E_NOMEM no verdict
 */
BKT_NODISCARD enum bkt_status bkt_trust_check(const bkt_trust *t,
    const bkt_cert *leaf, int64_t at_utc_s, struct bkt_err *err);

/* PKCS#10 request: proof of possession of the key in a member's certificate */
struct bkt_csr_info {
	char cn[128], org[128];
};
/**
 * @p der exactly one request, self-signature good (BKT_E_SEAL otherwise).
 * When @p cert is given its public key must be that of the request
 * (BKT_E_TRUST otherwise).
 */
BKT_NODISCARD enum bkt_status bkt_csr_check(struct bkt_span der,
    const bkt_cert *cert, struct bkt_csr_info *out, struct bkt_err *err);

/* ---- seals: detached CAdES-B-B of the profile DESIGN 4.3 --------------- */

#define BKT_SEAL_MAX (32 * 1024)

/** Parsed strictly; spans point into the input. */
struct bkt_seal {
	struct bkt_span der;              /* the whole ContentInfo */
	struct bkt_span cert;             /* embedded certificate, DER */
	struct bkt_span signed_attrs;     /* content octets of [0] IMPLICIT */
	struct bkt_sha256 content_sha256; /* messageDigest */
	struct bkt_sha256 cert_sha256;    /* signingCertificateV2 */
	int64_t signing_time_utc_s;
	struct bkt_span signature;
	bool rsa; /* else ECDSA */
};
/**
 * The container and its key only: DER, one ContentInfo and nothing after it,
 * version, one SignerInfo, digest SHA-256, exactly the four signed attributes
 * in DER order, no unsigned attributes, no CRLs, issuerAndSerialNumber matching
 * the embedded certificate, canonical (minimal) lengths. No cryptography.
 * @retval BKT_E_FORMAT says which rule
 */
BKT_NODISCARD enum bkt_status bkt_seal_parse(
    struct bkt_span der, struct bkt_seal *out, struct bkt_err *err);
/**
 * Full check of a parsed seal against content and the registered certificate
 * (the embedded bytes must equal it: BKT_E_TRUST). Time and chain are the
 * caller's business. Thread-safe.
 * @retval BKT_E_SEAL content digest or signature does not match
 */
BKT_NODISCARD enum bkt_status bkt_seal_verify(const struct bkt_seal *seal,
    const struct bkt_sha256 *content, const bkt_cert *registered,
    struct bkt_err *err);

/* ---- signed notes (C2SP) and SSH signatures by the store key ----------- */

/** Verifier key "name+hash8+base64(0x01 || key32)". */
struct bkt_note_key {
	char name[128];
	uint32_t id;
	uint8_t pub[32];
};
BKT_NODISCARD enum bkt_status bkt_note_key_parse(
    const char *vkey, struct bkt_note_key *out, struct bkt_err *err);
void bkt_note_key_print(const struct bkt_note_key *k, struct bkt_buf *out);
/**
 * A note is text, a blank line, then signature lines. At least one line by
 * @p key must be there and every line that claims its name and id must be
 * good; other keys' lines (witnesses) are passed over but must be well-formed.
 * @param[out] text the signed text with its final newline, inside @p note
 * @retval BKT_E_FORMAT, BKT_E_SEAL, BKT_E_TRUST (no line by this key)
 */
BKT_NODISCARD enum bkt_status bkt_note_verify(struct bkt_span note,
    const struct bkt_note_key *key, struct bkt_span *text, struct bkt_err *err);

/** "ssh-ed25519 AAAA..." without comment. */
void bkt_ssh_pub_print(const uint8_t pub[32], struct bkt_buf *out);
/**
 * Armoured SSHSIG (exactly one, LF, 70 columns as ssh-keygen prints, one
 * final newline optional), namespace "git", hash sha512, Ed25519.
 * @retval BKT_E_FORMAT, BKT_E_SEAL, BKT_E_TRUST (other key)
 */
BKT_NODISCARD enum bkt_status bkt_sshsig_verify(struct bkt_span armored,
    struct bkt_span payload, const uint8_t pub[32], struct bkt_err *err);

/* ---- making (libbukti only) -------------------------------------------- */

/** A person's private key with its certificate. Shareable across threads, but
 * not while its certificate is being set. */
typedef struct bkt_signer bkt_signer;
/** Asks for a passphrase into buf (NUL-terminated); false: none given. At most
 * one question per load. */
typedef bool (*bkt_passphrase_fn)(
    void *ctx, const char *what, char *buf, size_t size_bytes);
/**
 * From bytes: PKCS#12, or PEM private key (PKCS#8, encrypted or not,
 * traditional EC/RSA) with the certificate in the same bytes or in
 * @p cert_pem (may be empty when the store knows it: set later).
 * @retval BKT_E_PASSPHRASE wrong or none; BKT_E_FORMAT; BKT_E_TRUST the
 * certificate is for another key
 */
BKT_NODISCARD enum bkt_status bkt_signer_load(struct bkt_span key,
    struct bkt_span cert_pem, bkt_passphrase_fn ask, void *ctx,
    bkt_signer **out, struct bkt_err *err);
void bkt_signer_free(bkt_signer *s); /* key material is wiped */
BKT_AUTO_DEFINE(bkt_signer *, bkt_signer_free);
const bkt_cert *bkt_signer_cert(const bkt_signer *s); /* NULL: none yet */
/** @retval BKT_E_TRUST the certificate is for another key. Copies. */
BKT_NODISCARD enum bkt_status bkt_signer_set_cert(
    bkt_signer *s, const bkt_cert *c, struct bkt_err *err);
/** Append a seal over the content's digest to @p out. Thread-safe: different
 * threads may use one signer at once. */
BKT_NODISCARD enum bkt_status bkt_seal_make(const bkt_signer *s,
    const struct bkt_sha256 *content, int64_t signing_time_utc_s,
    struct bkt_buf *out, struct bkt_err *err);

/** New P-256 key as PKCS#8 PEM, encrypted (PBKDF2, AES-256) unless
 * @p passphrase is NULL. */
BKT_NODISCARD enum bkt_status bkt_key_new(
    const char *passphrase, struct bkt_buf *out_pem, struct bkt_err *err);
/** PKCS#10 in DER for the signer's key: subject CN, O. */
BKT_NODISCARD enum bkt_status bkt_csr_make(const bkt_signer *s, const char *cn,
    const char *org, struct bkt_buf *out_der, struct bkt_err *err);
/** PEM or DER request, as people hand it in, into exact DER. */
BKT_NODISCARD enum bkt_status bkt_csr_from_any(
    struct bkt_span bytes, struct bkt_buf *out_der, struct bkt_err *err);
/** Self-signed CA: basicConstraints CA pathlen 0, keyCertSign+cRLSign. */
BKT_NODISCARD enum bkt_status bkt_ca_make(const bkt_signer *ca_key,
    const char *cn, const char *org, int64_t from_utc_s, int64_t until_utc_s,
    bkt_cert **out, struct bkt_err *err);
/** Member certificate for the key of a request: CA:FALSE, digitalSignature +
 * nonRepudiation, extendedKeyUsage emailProtection, SKI/AKI, 128-bit random
 * serial. @p ca must hold the CA certificate. */
BKT_NODISCARD enum bkt_status bkt_ca_issue(const bkt_signer *ca,
    struct bkt_span csr_der, const char *cn, const char *org,
    int64_t from_utc_s, int64_t until_utc_s, bkt_cert **out,
    struct bkt_err *err);

/** The store's own Ed25519 key. */
typedef struct bkt_store_key bkt_store_key;
/** New key in the file form: one line of text that bkt_store_key_load reads. */
BKT_NODISCARD enum bkt_status bkt_store_key_new(
    struct bkt_buf *out, struct bkt_err *err);
BKT_NODISCARD enum bkt_status bkt_store_key_load(struct bkt_span file,
    const char *origin, bkt_store_key **out, struct bkt_err *err);
void bkt_store_key_free(bkt_store_key *k);
BKT_AUTO_DEFINE(bkt_store_key *, bkt_store_key_free);
const struct bkt_note_key *bkt_store_key_public(const bkt_store_key *k);
/** Text (ends with \n) to signed note: text, blank line, one line. */
BKT_NODISCARD enum bkt_status bkt_note_sign(const bkt_store_key *k,
    struct bkt_span text, struct bkt_buf *out, struct bkt_err *err);
/** Armoured SSHSIG, namespace "git", as bkt_sshsig_verify wants it. */
BKT_NODISCARD enum bkt_status bkt_sshsig_make(const bkt_store_key *k,
    struct bkt_span payload, struct bkt_buf *out, struct bkt_err *err);
/** Overwrite key material; the compiler may not drop it. */
void bkt_wipe(void *p, size_t n);

#ifdef __cplusplus
}
#endif
#endif
