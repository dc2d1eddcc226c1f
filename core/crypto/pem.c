#include "cert.h"

#include <string.h>

#include <openssl/crypto.h>

#define COLUMNS 64
#define PEM_MAX (64 * 1024)

static const uint8_t *find(struct bkt_span in, const char *what)
{
	return memmem(in.ptr, in.len, what, strlen(what));
}

/* the words between "-----BEGIN " and "-----"; empty when it has no end */
static struct bkt_span label_at(struct bkt_span in, const uint8_t *begin)
{
	static const char dashes[] = "-----";
	struct bkt_span rest;
	const uint8_t *end;

	rest.ptr = begin + strlen("-----BEGIN ");
	rest.len = (size_t)(in.ptr + in.len - rest.ptr);
	end = find(rest, dashes);
	if (!end || end - rest.ptr > 40)
		return BKT_SPAN(NULL, 0);
	return BKT_SPAN(rest.ptr, (size_t)(end - rest.ptr));
}

static bool wanted(
    struct bkt_span label, const char *const *labels, size_t n_labels)
{
	for (size_t i = 0; i < n_labels; i++)
		if (bkt_span_eq(label, bkt_span_str(labels[i])))
			return true;
	return false;
}

static enum bkt_status decode(
    struct bkt_span body, struct bkt_buf *out_der, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b64 = { 0 };

	bkt_buf_init(&b64, PEM_MAX);
	for (size_t i = 0; i < body.len; i++) {
		char c = (char)body.ptr[i];

		if (c != '\n' && c != '\r' && c != ' ' && c != '\t')
			bkt_buf_chr(&b64, c);
	}
	BKT_TRY(bkt_buf_check(&b64, err));
	return bkt_unbase64(bkt_buf_span(&b64), out_der, err);
}

enum bkt_status bkt_pem_next(struct bkt_span in, size_t *at,
    const char *const *labels, size_t n_labels, struct bkt_buf *out_der,
    struct bkt_err *err)
{
	while (*at < in.len) {
		struct bkt_span rest = BKT_SPAN(in.ptr + *at, in.len - *at);
		const uint8_t *begin = find(rest, "-----BEGIN ");
		struct bkt_span label, body;
		const uint8_t *end;

		if (!begin)
			break;
		label = label_at(rest, begin);
		*at = (size_t)(begin + 1 - in.ptr);
		if (!wanted(label, labels, n_labels))
			continue;
		body.ptr = label.ptr + label.len + 5;
		body.len = (size_t)(in.ptr + in.len - body.ptr);
		end = find(body, "-----END ");
		if (!end)
			return bkt_fail(
			    err, BKT_E_FORMAT, "PEM block has no end");
		*at = (size_t)(end - in.ptr);
		body.len = (size_t)(end - body.ptr);
		return decode(body, out_der, err);
	}
	return bkt_fail(err, BKT_E_NOTFOUND, "no such PEM block");
}

void bkt_pem_print(const char *label, struct bkt_span der, struct bkt_buf *out)
{
	struct bkt_buf b64;

	bkt_buf_init(&b64, PEM_MAX);
	bkt_base64(&b64, der);
	if (b64.failed)
		out->failed = true;
	bkt_buf_printf(out, "-----BEGIN %s-----\n", label);
	for (size_t i = 0; i < b64.len; i += COLUMNS) {
		size_t n = b64.len - i < COLUMNS ? b64.len - i : COLUMNS;

		bkt_buf_add(out, b64.ptr + i, n);
		bkt_buf_chr(out, '\n');
	}
	bkt_buf_printf(out, "-----END %s-----\n", label);
	/* it may be a private key */
	if (b64.ptr)
		OPENSSL_cleanse(b64.ptr, b64.cap);
	bkt_buf_release(&b64);
}
