#include <string.h>

#include "ed25519.h"

#define LINES_MAX 100
#define ALG_ED25519 0x01

/* what Unicode calls white space, beyond ASCII */
static bool is_space(const uint8_t *p, size_t n)
{
	static const char *const wide[] = { "\xe1\x9a\x80", "\xe2\x80\xa8",
		"\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f",
		"\xe3\x80\x80" };

	if (p[0] <= 0x20 || p[0] == 0x7f)
		return true;
	if (n >= 2 && p[0] == 0xc2 && (p[1] == 0x85 || p[1] == 0xa0))
		return true;
	if (n < 3)
		return false;
	if (p[0] == 0xe2 && p[1] == 0x80 && p[2] >= 0x80 && p[2] <= 0x8a)
		return true;
	for (size_t i = 0; i < sizeof(wide) / sizeof(*wide); i++)
		if (memcmp(p, wide[i], 3) == 0)
			return true;
	return false;
}

bool bkt_note_name_ok(struct bkt_span name)
{
	if (name.len == 0 || name.len > 127 || !bkt_utf8_valid(name))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] == '+' || is_space(name.ptr + i, name.len - i))
			return false;
	return true;
}

bool bkt_note_text_ok(struct bkt_span text)
{
	if (text.len == 0 || text.ptr[text.len - 1] != '\n' ||
	    !bkt_utf8_valid(text))
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < 0x20 && text.ptr[i] != '\n')
			return false;
	return true;
}

enum bkt_status bkt_note_key_id(
    const char *name, const uint8_t pub[32], uint32_t *out, struct bkt_err *err)
{
	static const uint8_t alg[] = { '\n', ALG_ED25519 };
	uint8_t md[BKT_SHA256_LEN];

	BKT_TRY(bkt_ossl_begin(err));
	BKT_TRY(bkt_ossl_digest(bkt_ossl_algs()->sha256,
	    (const struct bkt_span[]){ bkt_span_str(name),
		BKT_SPAN(alg, sizeof(alg)), BKT_SPAN(pub, 32) },
	    3, md, err));
	*out = (uint32_t)md[0] << 24 | (uint32_t)md[1] << 16 |
	       (uint32_t)md[2] << 8 | md[3];
	return BKT_OK;
}

enum bkt_status bkt_note_key_parse(
    const char *vkey, struct bkt_note_key *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf raw = { 0 };
	struct bkt_note_key k = { 0 };
	const char *plus = strchr(vkey, '+');
	struct bkt_span name = bkt_span_str(vkey);
	uint8_t id[4];
	uint32_t want;
	enum bkt_status st;

	bkt_buf_init(&raw, 64);
	if (plus)
		name.len = (size_t)(plus - vkey);
	if (!plus || !bkt_note_name_ok(name))
		return bkt_fail(
		    err, BKT_E_FORMAT, "verifier key has no proper name");
	if (!bkt_unhex_n(plus + 1, id, 4) || plus[9] != '+')
		return bkt_fail(err, BKT_E_FORMAT,
		    "verifier key has no eight-digit id after its name");
	st = bkt_unbase64(bkt_span_str(plus + 10), &raw, err);
	if (st == BKT_E_NOMEM)
		return st;
	if (st != BKT_OK || raw.len != 33 || raw.ptr[0] != ALG_ED25519)
		return bkt_fail(
		    err, BKT_E_FORMAT, "verifier key is not Ed25519");
	memcpy(k.name, name.ptr, name.len);
	memcpy(k.pub, raw.ptr + 1, 32);
	BKT_TRY(bkt_note_key_id(k.name, k.pub, &want, err));
	k.id = (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 |
	       (uint32_t)id[2] << 8 | id[3];
	if (k.id != want)
		return bkt_fail(err, BKT_E_FORMAT,
		    "verifier key's id is not that of its name and key");
	*out = k;
	return BKT_OK;
}

void bkt_note_key_print(const struct bkt_note_key *k, struct bkt_buf *out)
{
	uint8_t raw[33] = { ALG_ED25519 };

	memcpy(raw + 1, k->pub, 32);
	bkt_buf_printf(out, "%s+%08x+", k->name, k->id);
	bkt_base64(out, BKT_SPAN(raw, sizeof(raw)));
}

struct line {
	struct bkt_span name;
	uint32_t id;
	struct bkt_span sig; /* in the caller's buffer */
};

/* "— name base64(id, signature)" without its LF */
static enum bkt_status read_line(struct bkt_span in, struct bkt_buf *raw,
    struct line *out, struct bkt_err *err)
{
	const size_t n_dash = sizeof(BKT_NOTE_DASH) - 1;
	const uint8_t *space;
	struct bkt_span b64;
	enum bkt_status st;

	if (in.len < n_dash || memcmp(in.ptr, BKT_NOTE_DASH, n_dash) != 0)
		return bkt_fail(err, BKT_E_FORMAT,
		    "note has a signature line without its dash");
	in = BKT_SPAN(in.ptr + n_dash, in.len - n_dash);
	space = in.len ? memchr(in.ptr, ' ', in.len) : NULL;
	if (!space)
		return bkt_fail(err, BKT_E_FORMAT,
		    "note has a signature line without signature");
	out->name = BKT_SPAN(in.ptr, (size_t)(space - in.ptr));
	b64 = BKT_SPAN(space + 1, in.len - out->name.len - 1);
	if (!bkt_note_name_ok(out->name))
		return bkt_fail(err, BKT_E_FORMAT,
		    "note has a signature line with a bad name");
	bkt_buf_clear(raw);
	st = bkt_unbase64(b64, raw, err);
	if (st == BKT_E_NOMEM)
		return st;
	if (st != BKT_OK || raw->len < 5)
		return bkt_fail(err, BKT_E_FORMAT,
		    "note has a signature line that is not base64");
	out->id = (uint32_t)raw->ptr[0] << 24 | (uint32_t)raw->ptr[1] << 16 |
		  (uint32_t)raw->ptr[2] << 8 | raw->ptr[3];
	out->sig = BKT_SPAN(raw->ptr + 4, raw->len - 4);
	return BKT_OK;
}

/* position just after the blank line that ends the text; 0: there is none */
static size_t split(struct bkt_span note)
{
	for (size_t i = note.len; i >= 2; i--)
		if (note.ptr[i - 1] == '\n' && note.ptr[i - 2] == '\n')
			return i;
	return 0;
}

static enum bkt_status check_line(const struct line *l,
    const struct bkt_note_key *key, struct bkt_span text, bool *found,
    struct bkt_err *err)
{
	if (l->id != key->id || !bkt_span_eq(l->name, bkt_span_str(key->name)))
		return BKT_OK;
	if (l->sig.len != BKT_ED25519_SIG)
		return bkt_fail(
		    err, BKT_E_FORMAT, "note's signature is not 64 bytes");
	BKT_TRY(bkt_ed25519_verify(key->pub, text, l->sig.ptr, err));
	*found = true;
	return BKT_OK;
}

enum bkt_status bkt_note_verify(struct bkt_span note,
    const struct bkt_note_key *key, struct bkt_span *text, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf raw = { 0 };
	struct bkt_span signed_text, rest;
	bool found = false;
	size_t at, n_lines = 0;

	bkt_buf_init(&raw, 16 * 1024);
	if (note.len > BKT_NOTE_MAX || !bkt_note_text_ok(note))
		return bkt_fail(err, BKT_E_FORMAT,
		    "note is not lines of UTF-8, or above 1 MiB");
	at = split(note);
	if (at < 3 || at == note.len)
		return bkt_fail(err, BKT_E_FORMAT,
		    "note has no text, blank line and signatures");
	signed_text = BKT_SPAN(note.ptr, at - 1);
	rest = BKT_SPAN(note.ptr + at, note.len - at);
	while (rest.len > 0) {
		const uint8_t *lf = memchr(rest.ptr, '\n', rest.len);
		struct line l = { 0 };
		size_t n;

		BKT_ASSERT(lf);
		n = (size_t)(lf - rest.ptr);
		if (++n_lines > LINES_MAX)
			return bkt_fail(err, BKT_E_FORMAT,
			    "note has above %d signatures", LINES_MAX);
		BKT_TRY(read_line(BKT_SPAN(rest.ptr, n), &raw, &l, err));
		BKT_TRY(check_line(&l, key, signed_text, &found, err));
		rest = BKT_SPAN(lf + 1, rest.len - n - 1);
	}
	if (!found)
		return bkt_fail(err, BKT_E_TRUST,
		    "note is not signed by \"%s\"", key->name);
	*text = signed_text;
	return BKT_OK;
}
