#include <string.h>

#include "ed25519.h"

/* RFC 4251 5: a string is its length in four octets, then its bytes */
static uint8_t *put(uint8_t *to, const void *p, uint8_t n)
{
	memset(to, 0, 3);
	to[3] = n;
	memcpy(to + 4, p, n);
	return to + 4 + n;
}

static uint8_t *put_key(uint8_t *to, const uint8_t pub[32])
{
	return put(put(to, "ssh-ed25519", 11), pub, 32);
}

void bkt_ssh_pub_print(const uint8_t pub[32], struct bkt_buf *out)
{
	uint8_t raw[51];

	put_key(raw, pub);
	bkt_buf_str(out, "ssh-ed25519 ");
	bkt_base64(out, BKT_SPAN(raw, sizeof(raw)));
}

void bkt_sshsig_prefix(const uint8_t pub[32], uint8_t out[BKT_SSHSIG_PREFIX])
{
	uint8_t key[51];
	uint8_t *p = out;

	put_key(key, pub);
	memcpy(p, "SSHSIG\0\0\0\1", 10);
	p = put(p + 10, key, sizeof(key));
	p = put(p, "git", 3);
	p = put(p, "", 0);
	p = put(p, "sha512", 6);
	memcpy(p, "\0\0\0\123", 4); /* 83 octets follow */
	p = put(p + 4, "ssh-ed25519", 11);
	memcpy(p, "\0\0\0\100", 4); /* 64 octets follow */
	BKT_ASSERT(p + 4 == out + BKT_SSHSIG_PREFIX);
}

enum bkt_status bkt_sshsig_signed(struct bkt_span payload,
    uint8_t out[BKT_SSHSIG_SIGNED], struct bkt_err *err)
{
	uint8_t md[64];
	uint8_t *p = out;

	BKT_TRY(bkt_ossl_begin(err));
	BKT_TRY(bkt_ossl_digest(bkt_ossl_algs()->sha512, &payload, 1, md, err));
	memcpy(p, "SSHSIG", 6);
	p = put(p + 6, "git", 3);
	p = put(p, "", 0);
	p = put(p, "sha512", 6);
	p = put(p, md, sizeof(md));
	BKT_ASSERT(p == out + BKT_SSHSIG_SIGNED);
	return BKT_OK;
}

static bool take(struct bkt_span *in, const char *s)
{
	size_t n = strlen(s);

	if (in->len < n || memcmp(in->ptr, s, n) != 0)
		return false;
	*in = BKT_SPAN(in->ptr + n, in->len - n);
	return true;
}

/* the blob has one length, so the armour has one layout */
static enum bkt_status unarmor(
    struct bkt_span in, struct bkt_buf *blob, struct bkt_err *err)
{
	char b64[4 * ((BKT_SSHSIG_BLOB + 2) / 3)];
	size_t n = 0;

	if (!take(&in, BKT_SSHSIG_BEGIN))
		return bkt_fail(err, BKT_E_FORMAT, "not an SSH signature");
	while (n < sizeof(b64)) {
		size_t left = sizeof(b64) - n;
		size_t line =
		    left < BKT_SSHSIG_COLUMNS ? left : BKT_SSHSIG_COLUMNS;

		if (in.len < line + 1 || in.ptr[line] != '\n')
			return bkt_fail(err, BKT_E_FORMAT,
			    "SSH signature is not lines of 70 columns");
		memcpy(b64 + n, in.ptr, line);
		n += line;
		in = BKT_SPAN(in.ptr + line + 1, in.len - line - 1);
	}
	if (!take(&in, BKT_SSHSIG_END) || in.len > 1 ||
	    (in.len == 1 && in.ptr[0] != '\n'))
		return bkt_fail(err, BKT_E_FORMAT,
		    "SSH signature does not end where it should");
	BKT_TRY(bkt_unbase64(BKT_SPAN(b64, sizeof(b64)), blob, err));
	if (blob->len != BKT_SSHSIG_BLOB)
		return bkt_fail(
		    err, BKT_E_FORMAT, "SSH signature has a wrong length");
	return BKT_OK;
}

enum bkt_status bkt_sshsig_verify(struct bkt_span armored,
    struct bkt_span payload, const uint8_t pub[32], struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf blob = { 0 };
	uint8_t prefix[BKT_SSHSIG_PREFIX], message[BKT_SSHSIG_SIGNED];
	uint8_t theirs[32];

	bkt_buf_init(&blob, 256);
	BKT_TRY(unarmor(armored, &blob, err));
	/* magic 6, version 4, lengths 4 + 4, name 11, length 4 */
	memcpy(theirs, blob.ptr + 33, sizeof(theirs));
	bkt_sshsig_prefix(theirs, prefix);
	if (memcmp(prefix, blob.ptr, sizeof(prefix)) != 0)
		return bkt_fail(err, BKT_E_FORMAT,
		    "SSH signature is not Ed25519, namespace git, SHA-512");
	if (memcmp(theirs, pub, sizeof(theirs)) != 0)
		return bkt_fail(
		    err, BKT_E_TRUST, "SSH signature is by another key");
	BKT_TRY(bkt_sshsig_signed(payload, message, err));
	return bkt_ed25519_verify(pub, BKT_SPAN(message, sizeof(message)),
	    blob.ptr + sizeof(prefix), err);
}
