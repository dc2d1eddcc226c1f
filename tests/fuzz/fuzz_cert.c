#include "bukti/crypto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_cert(const bkt_cert *c, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf pem;
	BKT_AUTO(bkt_cert_free) bkt_cert *again = NULL;
	const struct bkt_cert_info *info = bkt_cert_info(c);

	bkt_buf_init(&pem, 4 * BKT_CERT_MAX);
	BKT_ASSERT(bkt_text_clean(bkt_span_str(info->subject_cn)));
	BKT_ASSERT(bkt_text_clean(bkt_span_str(info->subject_org)));
	BKT_ASSERT(bkt_text_clean(bkt_span_str(info->issuer_cn)));
	BKT_ASSERT(bkt_text_clean(bkt_span_str(info->subject)));
	BKT_ASSERT(bkt_cert_to_pem(c, &pem, err) == BKT_OK);
	BKT_ASSERT(
	    bkt_cert_from_pem(bkt_buf_span(&pem), &again, err) == BKT_OK);
	BKT_ASSERT(bkt_sha256_eq(&info->sha256, &bkt_cert_info(again)->sha256));
}

/* certificates, requests and anchors, as people hand them in */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	BKT_AUTO(bkt_cert_free) bkt_cert *c = NULL;
	BKT_AUTO(bkt_trust_free) bkt_trust *t = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf der;
	struct bkt_span in = BKT_SPAN(data, size);
	struct bkt_csr_info info;
	struct bkt_err err;
	enum bkt_status st;

	bkt_buf_init(&der, 64 * 1024);
	st = bkt_cert_from_any(in, &c, &err);
	BKT_ASSERT(st == BKT_OK || st == BKT_E_FORMAT);
	if (st == BKT_OK)
		check_cert(c, &err);
	st = bkt_csr_from_any(in, &der, &err);
	BKT_ASSERT(st == BKT_OK || bkt_is_verdict(st));
	st = bkt_csr_check(in, c, &info, &err);
	BKT_ASSERT(st == BKT_OK || bkt_is_verdict(st));
	st = bkt_trust_from_pem(in, &t, &err);
	BKT_ASSERT(st == BKT_OK || st == BKT_E_FORMAT);
	if (t && c) {
		st = bkt_trust_check(
		    t, c, bkt_cert_info(c)->not_before_utc_s, &err);
		BKT_ASSERT(st == BKT_OK || st == BKT_E_TRUST);
	}
	return 0;
}
