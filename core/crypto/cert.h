#ifndef BUKTI_CRYPTO_CERT_H
#define BUKTI_CRYPTO_CERT_H

#include "key.h"

struct bkt_cert {
	struct bkt_cert_info info;
	X509 *x509;
	struct bkt_key key;
	struct bkt_der_cert pieces; /* in info.der */
	uint8_t *der;
	char *subject_cn, *subject_org, *issuer_cn, *subject;
	char key_name[64];
};

/**
 * First block of one of these labels from @p at on; @p at moves past it.
 * @retval BKT_E_NOTFOUND no such block any more
 * @retval BKT_E_FORMAT   a block without end, or not base64
 */
BKT_NODISCARD enum bkt_status bkt_pem_next(struct bkt_span in, size_t *at,
    const char *const *labels, size_t n_labels, struct bkt_buf *out_der,
    struct bkt_err *err);
/** One block, 64 columns, LF. */
void bkt_pem_print(const char *label, struct bkt_span der, struct bkt_buf *out);

/** Is this DER rather than text? */
static inline bool bkt_looks_like_der(struct bkt_span in)
{
	return in.len > 0 && in.ptr[0] == BKT_DER_SEQUENCE;
}

/**
 * Text of the first attribute of this kind in a name as UTF-8, escaped as
 * bkt_text_escape does: a NUL or a bidi control inside never reaches a
 * comparison or a terminal. "" when absent.
 */
BKT_NODISCARD enum bkt_status bkt_name_text(
    const X509_NAME *name, int nid, char **out, struct bkt_err *err);

#endif
