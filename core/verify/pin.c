/* The verifier's memory as text, checked against itself when read. */
#include <string.h>

#include "bukti/verify.h"

static bool take_line(
    struct bkt_span *text, const char *word, char *out, size_t size_bytes)
{
	const uint8_t *lf =
	    text->len ? memchr(text->ptr, '\n', text->len) : NULL;
	size_t n = strlen(word), len;

	if (!lf)
		return false;
	len = (size_t)(lf - text->ptr);
	if (len < n || memcmp(text->ptr, word, n) != 0 ||
	    len - n >= size_bytes || memchr(text->ptr, '\0', len))
		return false;
	memcpy(out, text->ptr + n, len - n);
	out[len - n] = '\0';
	text->ptr += len + 1;
	text->len -= len + 1;
	return true;
}

static bool parse_content(char *line, struct bkt_pin *p)
{
	char *space = strchr(line, ' ');

	if (!space)
		return false;
	*space = '\0';
	return bkt_parse_u64(line, UINT64_MAX / 2, &p->content_size) &&
	       bkt_time_parse(space + 1, &p->content_utc_s);
}

static bool parse_frontier(const char *line, struct bkt_pin *p)
{
	struct bkt_buf b;
	bool good;

	bkt_buf_init(&b, 8 + sizeof(p->frontier.node));
	good =
	    bkt_unbase64(bkt_span_str(line), &b, NULL) == BKT_OK &&
	    bkt_frontier_parse(bkt_buf_span(&b), &p->frontier, NULL) == BKT_OK;
	bkt_buf_release(&b);
	return good;
}

static enum bkt_status bad(const char *what, struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_FORMAT, "not a pin file: %s", what);
}

/* the pin is only as good as what it says of itself */
static enum bkt_status check_self(struct bkt_pin *p, struct bkt_err *err)
{
	struct bkt_note_key key;
	struct bkt_sha256 root;
	struct bkt_span text;

	BKT_TRY(bkt_note_key_parse(p->vkey, &key, err));
	BKT_TRY(
	    bkt_note_verify(BKT_SPAN(p->note, p->note_len), &key, &text, err));
	BKT_TRY(bkt_checkpoint_parse(text, &p->checkpoint, err));
	if (strcmp(p->checkpoint.origin, key.name) != 0)
		return bkt_fail(err, BKT_E_TAMPERED,
		    "the pin's checkpoint is of another log than its key");
	if (p->content_size > p->checkpoint.size)
		return bad(
		    "more contents were read than there are entries", err);
	BKT_TRY(bkt_frontier_root(&p->frontier, &root, err));
	if (p->frontier.size != p->checkpoint.size ||
	    !bkt_sha256_eq(&root, &p->checkpoint.root))
		return bkt_fail(err, BKT_E_TAMPERED,
		    "the pin's frontier does not lead to its checkpoint");
	return BKT_OK;
}

enum bkt_status bkt_pin_parse(
    struct bkt_span text, struct bkt_pin *out, struct bkt_err *err)
{
	struct bkt_pin p = { .content_size = 0 };
	char line[4096];

	if (!take_line(&text, "bukti-pin/1", line, 1))
		return bad("the first line", err);
	if (!take_line(&text, "key ", p.vkey, sizeof(p.vkey)))
		return bad("the key line", err);
	if (!take_line(&text, "commit ", line, sizeof(line)) ||
	    !bkt_unhex(line, p.commit.b, BKT_OID_LEN))
		return bad("the commit line", err);
	if (!take_line(&text, "frontier ", line, sizeof(line)) ||
	    !parse_frontier(line, &p))
		return bad("the frontier line", err);
	if (!take_line(&text, "content ", line, sizeof(line)) ||
	    !parse_content(line, &p))
		return bad("the content line", err);
	if (!take_line(&text, "", line, 1) || text.len == 0 ||
	    text.len > sizeof(p.note))
		return bad("the checkpoint", err);
	memcpy(p.note, text.ptr, text.len);
	p.note_len = text.len;
	BKT_TRY(check_self(&p, err));
	*out = p;
	return BKT_OK;
}

void bkt_pin_print(const struct bkt_pin *p, struct bkt_buf *out)
{
	char hex[41], when[BKT_TIME_LEN + 1];
	struct bkt_buf f;

	bkt_oid_hex(&p->commit, hex);
	bkt_time_format(p->content_utc_s, when);
	bkt_buf_init(&f, 8 + sizeof(p->frontier.node));
	bkt_frontier_print(&p->frontier, &f);
	bkt_buf_printf(
	    out, "bukti-pin/1\nkey %s\ncommit %s\nfrontier ", p->vkey, hex);
	bkt_base64(out, bkt_buf_span(&f));
	bkt_buf_printf(out, "\ncontent %llu %s\n\n",
	    (unsigned long long)p->content_size, when);
	bkt_buf_add(out, p->note, p->note_len);
	if (f.failed)
		out->failed = true;
	bkt_buf_release(&f);
}
