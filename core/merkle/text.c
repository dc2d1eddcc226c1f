/* Checkpoint bodies (C2SP tlog-checkpoint) and C2SP tlog-proof files. */
#include "lines.h"
#include "node.h"

#define PROOF_HEADER "c2sp.org/tlog-proof@v1"
#define PROOF_INDEX "index "

bool line_number(struct bkt_span line, uint64_t *out)
{
	char digits[24];

	if (line.len == 0 || line.len >= sizeof(digits) ||
	    memchr(line.ptr, '\0', line.len))
		return false;
	memcpy(digits, line.ptr, line.len);
	digits[line.len] = '\0';
	return bkt_parse_u64(digits, TREE_SIZE_MAX, out);
}

enum bkt_status line_hash(
    struct bkt_span line, struct bkt_sha256 *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf raw = { 0 };

	bkt_buf_init(&raw, HASH_BASE64_LEN);
	if (line.len != HASH_BASE64_LEN)
		return bkt_fail(err, BKT_E_FORMAT,
		    "hash has %zu characters, want %d", line.len,
		    HASH_BASE64_LEN);
	BKT_TRY(bkt_unbase64(line, &raw, err));
	if (raw.len != BKT_SHA256_LEN)
		return bkt_fail(err, BKT_E_FORMAT,
		    "hash has %zu bytes, want %d", raw.len, BKT_SHA256_LEN);
	memcpy(out->b, raw.ptr, BKT_SHA256_LEN);
	return BKT_OK;
}

void hash_line(struct bkt_buf *out, const struct bkt_sha256 *h)
{
	bkt_base64(out, BKT_SPAN(h->b, sizeof(h->b)));
	bkt_buf_chr(out, '\n');
}

void bkt_checkpoint_print(const struct bkt_checkpoint *c, struct bkt_buf *out)
{
	bkt_buf_printf(
	    out, "%s\n%llu\n", c->origin, (unsigned long long)c->size);
	hash_line(out, &c->root);
}

/* an origin is a note key's name too: no space, no plus */
static bool read_origin(struct bkt_span line, char *out, size_t room)
{
	if (line.len == 0 || line.len >= room || !bkt_text_clean(line) ||
	    memchr(line.ptr, ' ', line.len) || memchr(line.ptr, '+', line.len))
		return false;
	memcpy(out, line.ptr, line.len);
	out[line.len] = '\0';
	return true;
}

enum bkt_status bkt_checkpoint_parse(
    struct bkt_span text, struct bkt_checkpoint *out, struct bkt_err *err)
{
	struct bkt_checkpoint c = { 0 };
	struct bkt_span rest = text, line;

	if (!lines_next(&rest, &line) ||
	    !read_origin(line, c.origin, sizeof(c.origin)))
		return bkt_fail(
		    err, BKT_E_FORMAT, "checkpoint has no origin line");
	if (!lines_next(&rest, &line) || !line_number(line, &c.size))
		return bkt_fail(
		    err, BKT_E_FORMAT, "checkpoint has no size line");
	if (!lines_next(&rest, &line))
		return bkt_fail(
		    err, BKT_E_FORMAT, "checkpoint has no root line");
	BKT_TRY(line_hash(line, &c.root, err));
	if (rest.len > 0)
		return bkt_fail(err, BKT_E_FORMAT,
		    "checkpoint has %zu bytes after its root", rest.len);
	*out = c;
	return BKT_OK;
}

void bkt_tlog_proof_print(uint64_t index, const struct bkt_proof *proof,
    struct bkt_span checkpoint_note, struct bkt_buf *out)
{
	bkt_buf_printf(out, PROOF_HEADER "\n" PROOF_INDEX "%llu\n",
	    (unsigned long long)index);
	for (unsigned i = 0; i < proof->n; i++)
		hash_line(out, &proof->node[i]);
	bkt_buf_chr(out, '\n');
	bkt_buf_add(out, checkpoint_note.ptr, checkpoint_note.len);
}

static bool read_index(struct bkt_span line, uint64_t *out)
{
	const size_t n = strlen(PROOF_INDEX);

	return line.len > n && memcmp(line.ptr, PROOF_INDEX, n) == 0 &&
	       line_number(BKT_SPAN(line.ptr + n, line.len - n), out);
}

/* hashes up to the empty line */
static enum bkt_status read_hashes(
    struct bkt_span *rest, struct bkt_proof *out, struct bkt_err *err)
{
	struct bkt_span line;

	for (;;) {
		if (!lines_next(rest, &line))
			return bkt_fail(err, BKT_E_FORMAT,
			    "proof has no empty line after its hashes");
		if (line.len == 0)
			return BKT_OK;
		if (out->n == BKT_PROOF_MAX)
			return bkt_fail(err, BKT_E_FORMAT,
			    "proof has more than %d hashes", BKT_PROOF_MAX);
		BKT_TRY(line_hash(line, &out->node[out->n], err));
		out->n++;
	}
}

enum bkt_status bkt_tlog_proof_parse(struct bkt_span text, uint64_t *index,
    struct bkt_proof *proof, struct bkt_span *note, struct bkt_err *err)
{
	uint64_t i = 0;
	struct bkt_proof p = { .n = 0 };
	struct bkt_span rest = text, line;

	if (!lines_next(&rest, &line) ||
	    !bkt_span_eq(line, bkt_span_str(PROOF_HEADER)))
		return bkt_fail(
		    err, BKT_E_FORMAT, "proof does not begin " PROOF_HEADER);
	if (!lines_next(&rest, &line) || !read_index(line, &i))
		return bkt_fail(err, BKT_E_FORMAT, "proof has no index line");
	BKT_TRY(read_hashes(&rest, &p, err));
	if (rest.len == 0)
		return bkt_fail(err, BKT_E_FORMAT, "proof has no checkpoint");
	*index = i;
	*proof = p;
	*note = rest;
	return BKT_OK;
}
