/* Entry bytes: the leaf data of the log (DESIGN 4.4). */
#include "bukti/model.h"

#include <string.h>

#define HEADER "bukti-entry/1\n"
#define DIGEST "sha256:"

static void digest_add(struct bkt_buf *out, const struct bkt_sha256 *d)
{
	char hex[BKT_SHA256_HEX + 1];

	bkt_hex(d->b, sizeof(d->b), hex);
	bkt_buf_str(out, DIGEST);
	bkt_buf_add(out, hex, BKT_SHA256_HEX);
	bkt_buf_chr(out, '\n');
}

static enum bkt_status entry_check(
    const struct bkt_entry *e, struct bkt_err *err)
{
	struct bkt_path_info info;

	bkt_path_classify(e->path, &info);
	if (info.class_ != BKT_PATH_RECORD)
		return bkt_fail(err, BKT_E_FORMAT,
		    "entry's path is not the path of a record");
	if (e->n_seals == 0 || e->n_seals > BKT_SIGNERS_MAX)
		return bkt_fail(err, BKT_E_FORMAT,
		    "entry has %zu signatures, want 1 to %d", e->n_seals,
		    BKT_SIGNERS_MAX);
	for (size_t i = 0; i < e->n_seals; i++) {
		if (!bkt_id_valid(e->seals[i].member))
			return bkt_fail(err, BKT_E_FORMAT,
			    "entry's signature %zu has no member id", i);
		if (i > 0 &&
		    strcmp(e->seals[i - 1].member, e->seals[i].member) >= 0)
			return bkt_fail(err, BKT_E_FORMAT,
			    "entry's signatures are not sorted by member");
	}
	return BKT_OK;
}

enum bkt_status bkt_entry_print(
    const struct bkt_entry *e, struct bkt_buf *out, struct bkt_err *err)
{
	BKT_TRY(entry_check(e, err));
	bkt_buf_str(out, HEADER);
	bkt_buf_str(out, e->path);
	bkt_buf_chr(out, '\n');
	digest_add(out, &e->record);
	for (size_t i = 0; i < e->n_seals; i++) {
		bkt_buf_str(out, e->seals[i].member);
		bkt_buf_chr(out, ' ');
		digest_add(out, &e->seals[i].p7s);
	}
	return bkt_buf_check(out, err);
}

/* the next line without its LF; false at the end or without an LF */
static bool next_line(struct bkt_span *rest, struct bkt_span *line)
{
	const uint8_t *lf =
	    rest->len > 0 ? memchr(rest->ptr, '\n', rest->len) : NULL;

	if (!lf)
		return false;
	*line = BKT_SPAN(rest->ptr, (size_t)(lf - rest->ptr));
	rest->ptr = lf + 1;
	rest->len -= line->len + 1;
	return true;
}

static bool read_digest(struct bkt_span s, struct bkt_sha256 *out)
{
	const size_t n = strlen(DIGEST);

	return s.len == n + BKT_SHA256_HEX && memcmp(s.ptr, DIGEST, n) == 0 &&
	       bkt_unhex_n((const char *)s.ptr + n, out->b, sizeof(out->b));
}

/* "<member> sha256:<hex>" */
static enum bkt_status read_seal(struct bkt_span line, bkt_arena *arena,
    struct bkt_entry_seal *out, struct bkt_err *err)
{
	const uint8_t *space =
	    line.len > 0 ? memchr(line.ptr, ' ', line.len) : NULL;
	size_t n;

	if (!space)
		return bkt_fail(
		    err, BKT_E_FORMAT, "entry has a line without a member");
	n = (size_t)(space - line.ptr);
	if (n > BKT_ID_MAX || memchr(line.ptr, '\0', n) ||
	    !read_digest(BKT_SPAN(space + 1, line.len - n - 1), &out->p7s))
		return bkt_fail(err, BKT_E_FORMAT,
		    "entry has a line that is not \"member sha256:hex\"");
	out->member = bkt_arena_strndup(arena, (const char *)line.ptr, n);
	if (!out->member)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for an entry");
	return BKT_OK;
}

enum bkt_status bkt_entry_parse(struct bkt_span bytes, bkt_arena *arena,
    struct bkt_entry *out, struct bkt_err *err)
{
	struct bkt_entry e = { 0 };
	struct bkt_span rest = bytes, line;

	if (!next_line(&rest, &line) || line.len + 1 != strlen(HEADER) ||
	    memcmp(line.ptr, HEADER, line.len) != 0)
		return bkt_fail(
		    err, BKT_E_FORMAT, "entry does not begin bukti-entry/1");
	if (!next_line(&rest, &line) || line.len > BKT_PATH_MAX ||
	    memchr(line.ptr, '\0', line.len))
		return bkt_fail(err, BKT_E_FORMAT, "entry has no path");
	e.path = bkt_arena_strndup(arena, (const char *)line.ptr, line.len);
	e.seals = bkt_arena_alloc(arena, BKT_SIGNERS_MAX * sizeof(*e.seals));
	if (!e.path || !e.seals)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for an entry");
	if (!next_line(&rest, &line) || !read_digest(line, &e.record))
		return bkt_fail(
		    err, BKT_E_FORMAT, "entry has no digest of its record");
	while (rest.len > 0) {
		if (e.n_seals == BKT_SIGNERS_MAX)
			return bkt_fail(err, BKT_E_FORMAT,
			    "entry has more than %d signatures",
			    BKT_SIGNERS_MAX);
		if (!next_line(&rest, &line))
			return bkt_fail(err, BKT_E_FORMAT,
			    "entry does not end with a line feed");
		BKT_TRY(read_seal(line, arena, &e.seals[e.n_seals], err));
		e.n_seals++;
	}
	BKT_TRY(entry_check(&e, err));
	*out = e;
	return BKT_OK;
}
