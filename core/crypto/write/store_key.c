#include <stdio.h>
#include <string.h>

#include "../ed25519.h"

#define FILE_HEAD "bukti-store-key/1 "
#define SEED 32
#define FILE_LEN (sizeof(FILE_HEAD) - 1 + 44 + 1)

struct bkt_store_key {
	EVP_PKEY *key;
	struct bkt_note_key pub;
};

enum bkt_status bkt_store_key_new(struct bkt_buf *out, struct bkt_err *err)
{
	uint8_t seed[SEED];

	BKT_TRY(bkt_random(seed, sizeof(seed), err));
	bkt_buf_str(out, FILE_HEAD);
	bkt_base64(out, BKT_SPAN(seed, sizeof(seed)));
	bkt_buf_chr(out, '\n');
	bkt_wipe(seed, sizeof(seed));
	return bkt_buf_check(out, err);
}

static void wipe_buf(struct bkt_buf *b)
{
	if (b->ptr)
		bkt_wipe(b->ptr, b->cap);
	bkt_buf_release(b);
}
BKT_AUTO_RELEASE(struct bkt_buf, wipe_buf);

static enum bkt_status read_seed(
    struct bkt_span file, struct bkt_buf *seed, struct bkt_err *err)
{
	const size_t n_head = sizeof(FILE_HEAD) - 1;

	if (file.len != FILE_LEN || memcmp(file.ptr, FILE_HEAD, n_head) != 0 ||
	    file.ptr[FILE_LEN - 1] != '\n')
		return bkt_fail(err, BKT_E_FORMAT,
		    "store key is not one line \"%s<base64>\"", FILE_HEAD);
	BKT_TRY(bkt_unbase64(
	    BKT_SPAN(file.ptr + n_head, FILE_LEN - n_head - 1), seed, err));
	if (seed->len != SEED)
		return bkt_fail(err, BKT_E_FORMAT, "store key is not 32 bytes");
	return BKT_OK;
}

enum bkt_status bkt_store_key_load(struct bkt_span file, const char *origin,
    bkt_store_key **out, struct bkt_err *err)
{
	BKT_AUTO(wipe_buf) struct bkt_buf seed;
	BKT_AUTO(bkt_store_key_free) bkt_store_key *k = NULL;
	size_t n_pub = sizeof(k->pub.pub);

	bkt_buf_init(&seed, 64);
	if (!bkt_note_name_ok(bkt_span_str(origin)))
		return bkt_fail(err, BKT_E_USAGE,
		    "origin is empty, too long, or has a space or plus");
	BKT_TRY(read_seed(file, &seed, err));
	BKT_TRY(bkt_ossl_begin(err));
	k = bkt_calloc(1, sizeof(*k));
	if (!k)
		return bkt_fail(err, BKT_E_NOMEM, "out of memory");
	k->key = EVP_PKEY_new_raw_private_key_ex(
	    NULL, "ED25519", NULL, seed.ptr, seed.len);
	if (!k->key ||
	    EVP_PKEY_get_raw_public_key(k->key, k->pub.pub, &n_pub) != 1 ||
	    n_pub != sizeof(k->pub.pub))
		return bkt_fail_ossl(
		    err, BKT_E_CRYPTO, "cannot use the store key");
	memcpy(k->pub.name, origin, strlen(origin) + 1);
	BKT_TRY(bkt_note_key_id(origin, k->pub.pub, &k->pub.id, err));
	*out = BKT_STEAL(k);
	return BKT_OK;
}

void bkt_store_key_free(bkt_store_key *k)
{
	if (!k)
		return;
	EVP_PKEY_free(k->key); /* wipes */
	bkt_free(k);
}

const struct bkt_note_key *bkt_store_key_public(const bkt_store_key *k)
{
	return &k->pub;
}

static enum bkt_status sign(const bkt_store_key *k, struct bkt_span message,
    uint8_t sig[BKT_ED25519_SIG], struct bkt_err *err)
{
	BKT_AUTO(EVP_MD_CTX_free) EVP_MD_CTX *ctx = NULL;
	size_t n = BKT_ED25519_SIG;

	BKT_TRY(bkt_ossl_begin(err));
	ctx = EVP_MD_CTX_new();
	if (!ctx ||
	    EVP_DigestSignInit_ex(ctx, NULL, NULL, NULL, NULL, k->key, NULL) !=
		1 ||
	    EVP_DigestSign(ctx, sig, &n, message.ptr, message.len) != 1 ||
	    n != BKT_ED25519_SIG)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot sign");
	return BKT_OK;
}

enum bkt_status bkt_note_sign(const bkt_store_key *k, struct bkt_span text,
    struct bkt_buf *out, struct bkt_err *err)
{
	uint8_t raw[4 + BKT_ED25519_SIG];

	if (text.len > BKT_NOTE_MAX / 2 || !bkt_note_text_ok(text) ||
	    text.len < 2)
		return bkt_fail(err, BKT_E_USAGE, "note is not lines of UTF-8");
	for (size_t i = 0; i < 4; i++)
		raw[i] = (uint8_t)(k->pub.id >> (24 - 8 * i));
	BKT_TRY(sign(k, text, raw + 4, err));
	bkt_buf_add(out, text.ptr, text.len);
	bkt_buf_printf(out, "\n" BKT_NOTE_DASH "%s ", k->pub.name);
	bkt_base64(out, BKT_SPAN(raw, sizeof(raw)));
	bkt_buf_chr(out, '\n');
	return bkt_buf_check(out, err);
}

enum bkt_status bkt_sshsig_make(const bkt_store_key *k, struct bkt_span payload,
    struct bkt_buf *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b64 = { 0 };
	uint8_t blob[BKT_SSHSIG_BLOB], message[BKT_SSHSIG_SIGNED];

	bkt_buf_init(&b64, 512);
	BKT_TRY(bkt_sshsig_signed(payload, message, err));
	bkt_sshsig_prefix(k->pub.pub, blob);
	BKT_TRY(sign(k, BKT_SPAN(message, sizeof(message)),
	    blob + BKT_SSHSIG_PREFIX, err));
	bkt_base64(&b64, BKT_SPAN(blob, sizeof(blob)));
	BKT_TRY(bkt_buf_check(&b64, err));
	bkt_buf_str(out, BKT_SSHSIG_BEGIN);
	for (size_t i = 0; i < b64.len; i += BKT_SSHSIG_COLUMNS) {
		size_t left = b64.len - i;

		bkt_buf_add(out, b64.ptr + i,
		    left < BKT_SSHSIG_COLUMNS ? left : BKT_SSHSIG_COLUMNS);
		bkt_buf_chr(out, '\n');
	}
	bkt_buf_str(out, BKT_SSHSIG_END "\n");
	return bkt_buf_check(out, err);
}
