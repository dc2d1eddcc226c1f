#include <inttypes.h>
#include <string.h>

#include "db.h"

/*
 * The commit profile of DESIGN 4.5, both ways. What the parser accepts the
 * printer prints again byte for byte, so there is one spelling of a commit.
 */

#define ID_MAX 40
#define ORIGIN_MAX 100
#define TIME_MAX INT64_C(253402300799) /* 9999-12-31T23:59:59Z */
#define ARMOUR_MAX 4096
#define ARMOUR_WIDTH 70

static const char armour_begin[] = "-----BEGIN SSH SIGNATURE-----";
static const char armour_end[] = "-----END SSH SIGNATURE-----";

/* ---- parts, the same for reading and printing --------------------------- */

static bool id_valid(struct bkt_span s)
{
	if (s.len == 0 || s.len > ID_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = s.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '-')
			return false;
	}
	return true;
}

/* letters for a header; what an origin is, the model module knows */
static bool origin_valid(struct bkt_span s)
{
	if (s.len == 0 || s.len > ORIGIN_MAX || s.ptr[0] == '.')
		return false;
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = s.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '-' && c != '.')
			return false;
	}
	return true;
}

static bool message_valid(struct bkt_span s)
{
	return s.len >= 2 && s.ptr[0] != '\n' && s.ptr[s.len - 1] == '\n' &&
	       s.ptr[s.len - 2] != '\n' && !memchr(s.ptr, 0, s.len) &&
	       bkt_utf8_valid(s);
}

static bool is_base64(struct bkt_span s)
{
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = s.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && c != '+' && c != '/' && c != '=')
			return false;
	}
	return s.len > 0 && s.len <= ARMOUR_WIDTH;
}

/* up to the next LF, which must be there */
static bool take_line(struct bkt_span *in, struct bkt_span *line)
{
	const uint8_t *lf = in->len ? memchr(in->ptr, '\n', in->len) : NULL;
	size_t n;

	if (!lf)
		return false;
	n = (size_t)(lf - in->ptr);
	*line = BKT_SPAN(in->ptr, n);
	*in = BKT_SPAN(lf + 1, in->len - n - 1);
	return true;
}

static bool skip_text(struct bkt_span *in, const char *text)
{
	size_t n = strlen(text);

	if (in->len < n || memcmp(in->ptr, text, n) != 0)
		return false;
	*in = BKT_SPAN(in->ptr + n, in->len - n);
	return true;
}

/* one armour: BEGIN, lines of base64, END, each ended by LF, nothing after */
static bool armour_valid(struct bkt_span s)
{
	struct bkt_span line;
	size_t n_lines = 0;

	if (s.len > ARMOUR_MAX || !take_line(&s, &line) ||
	    !bkt_span_eq(line, bkt_span_str(armour_begin)))
		return false;
	while (take_line(&s, &line)) {
		if (bkt_span_eq(line, bkt_span_str(armour_end)))
			return n_lines > 0 && s.len == 0;
		if (!is_base64(line))
			return false;
		n_lines++;
	}
	return false;
}

/* ---- reading ----------------------------------------------------------- */

static enum bkt_status broken(struct bkt_err *err, const char *rule)
{
	return bkt_fail(err, BKT_E_FORMAT, "commit: %s", rule);
}

static bool take_oid(struct bkt_span *in, struct bkt_oid *out)
{
	struct bkt_span line;

	return take_line(in, &line) && line.len == 2 * BKT_OID_LEN &&
	       bkt_unhex_n((const char *)line.ptr, out->b, BKT_OID_LEN) &&
	       !bkt_oid_is_zero(out);
}

static bool take_seconds(struct bkt_span s, int64_t *out)
{
	char text[24];
	uint64_t v;

	if (s.len == 0 || s.len >= sizeof(text) || memchr(s.ptr, 0, s.len))
		return false;
	memcpy(text, s.ptr, s.len);
	text[s.len] = '\0';
	if (!bkt_parse_u64(text, (uint64_t)TIME_MAX, &v))
		return false;
	*out = (int64_t)v;
	return true;
}

/* "ID <ID> SECONDS +0000" */
static bool take_person(
    struct bkt_span *in, struct bkt_span *id, int64_t *time_utc_s)
{
	static const char zone[] = " +0000";
	size_t z = sizeof(zone) - 1;
	struct bkt_span line, who, mail;
	const uint8_t *lt;

	if (!take_line(in, &line) || line.len < z ||
	    memcmp(line.ptr + line.len - z, zone, z) != 0)
		return false;
	line.len -= z;
	lt = line.len ? memchr(line.ptr, ' ', line.len) : NULL;
	if (!lt)
		return false;
	who = BKT_SPAN(line.ptr, (size_t)(lt - line.ptr));
	line = BKT_SPAN(lt, line.len - who.len);
	if (!skip_text(&line, " <") || line.len < who.len)
		return false;
	mail = BKT_SPAN(line.ptr, who.len);
	line = BKT_SPAN(line.ptr + who.len, line.len - who.len);
	if (!bkt_span_eq(who, mail) || !skip_text(&line, "> ") ||
	    !take_seconds(line, time_utc_s))
		return false;
	*id = who;
	return true;
}

/*
 * The folded signature, unfolded into @p to, which has room for it. Every
 * header from gpgsig on to the blank line is taken as fold; armour_valid then
 * finds whatever does not belong.
 */
static bool take_signature(struct bkt_span *in, char *to, struct bkt_span *out)
{
	struct bkt_span line;
	size_t n = 0;

	if (!skip_text(in, "gpgsig "))
		return false;
	do {
		if (!take_line(in, &line))
			return false;
		memcpy(to + n, line.ptr, line.len);
		n += line.len;
		to[n++] = '\n';
	} while (skip_text(in, " "));
	*out = BKT_SPAN(to, n);
	return armour_valid(*out);
}

static enum bkt_status headers(
    struct bkt_span *in, struct bkt_commit *c, struct bkt_err *err)
{
	int64_t author_s, committer_s;

	if (!skip_text(in, "tree ") || !take_oid(in, &c->tree))
		return broken(err, "does not begin with one tree");
	if (skip_text(in, "parent ") && !take_oid(in, &c->parent))
		return broken(err, "parent is not 40 hexadecimal digits");
	if (skip_text(in, "parent "))
		return broken(err, "has more than one parent");
	if (!skip_text(in, "author ") ||
	    !take_person(in, &c->author_id, &author_s) ||
	    !id_valid(c->author_id))
		return broken(err, "author is not 'id <id> seconds +0000'");
	if (!skip_text(in, "committer ") ||
	    !take_person(in, &c->committer_id, &committer_s) ||
	    !origin_valid(c->committer_id))
		return broken(
		    err, "committer is not 'origin <origin> seconds +0000'");
	if (author_s != committer_s)
		return broken(err, "author and committer differ in time");
	c->time_utc_s = author_s;
	return BKT_OK;
}

enum bkt_status bkt_commit_parse(struct bkt_span raw, bkt_arena *arena,
    struct bkt_commit *out, struct bkt_err *err)
{
	struct bkt_span in = raw;
	struct bkt_commit c;
	char *unfolded, *payload;
	size_t head, tail;

	memset(&c, 0, sizeof(c));
	BKT_TRY(headers(&in, &c, err));
	head = raw.len - in.len;
	unfolded = bkt_arena_alloc(arena, in.len + 1);
	payload = bkt_arena_alloc(arena, raw.len + 1);
	if (!unfolded || !payload)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a commit");
	if (!take_signature(&in, unfolded, &c.signature))
		return broken(err, "has no gpgsig with one SSH signature");
	tail = in.len;
	if (!skip_text(&in, "\n"))
		return broken(err, "has a header after gpgsig");
	c.message = in;
	if (!message_valid(c.message))
		return broken(
		    err, "message is not UTF-8 text that ends in one newline");
	memcpy(payload, raw.ptr, head);
	memcpy(payload + head, raw.ptr + raw.len - tail, tail);
	c.payload = BKT_SPAN(payload, head + tail);
	*out = c;
	return BKT_OK;
}

/* ---- printing ---------------------------------------------------------- */

static void put_span(struct bkt_buf *out, struct bkt_span s)
{
	bkt_buf_add(out, s.ptr, s.len);
}

static void put_oid(
    struct bkt_buf *out, const char *key, const struct bkt_oid *oid)
{
	char hex[41];

	bkt_oid_hex(oid, hex);
	bkt_buf_printf(out, "%s %s\n", key, hex);
}

static void put_person(struct bkt_buf *out, const char *key, struct bkt_span id,
    int64_t time_utc_s)
{
	bkt_buf_printf(out, "%s ", key);
	put_span(out, id);
	bkt_buf_str(out, " <");
	put_span(out, id);
	bkt_buf_printf(out, "> %" PRId64 " +0000\n", time_utc_s);
}

static void put_signature(struct bkt_buf *out, struct bkt_span armour)
{
	struct bkt_span line;
	const char *lead = "gpgsig ";

	while (take_line(&armour, &line)) {
		bkt_buf_str(out, lead);
		put_span(out, line);
		bkt_buf_chr(out, '\n');
		lead = " ";
	}
}

/* as given or with the final newline that it may lack */
static enum bkt_status full_armour(
    struct bkt_span given, struct bkt_buf *out, struct bkt_err *err)
{
	put_span(out, given);
	if (given.len > 0 && given.ptr[given.len - 1] != '\n')
		bkt_buf_chr(out, '\n');
	BKT_TRY(bkt_buf_check(out, err));
	if (given.len > 0 && !armour_valid(bkt_buf_span(out)))
		return broken(err, "signature is not one SSH signature");
	return BKT_OK;
}

enum bkt_status bkt_commit_print(
    const struct bkt_commit *c, struct bkt_buf *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf armour = { 0 };

	bkt_buf_init(&armour, ARMOUR_MAX + 1);
	BKT_TRY(full_armour(c->signature, &armour, err));
	if (!id_valid(c->author_id) || !origin_valid(c->committer_id))
		return broken(err, "author or committer is not an id");
	if (c->time_utc_s < 0 || c->time_utc_s > TIME_MAX)
		return broken(err, "time is outside of 1970 to 9999");
	if (!message_valid(c->message))
		return broken(
		    err, "message is not UTF-8 text that ends in one newline");
	if (bkt_oid_is_zero(&c->tree))
		return broken(err, "has no tree");
	put_oid(out, "tree", &c->tree);
	if (!bkt_oid_is_zero(&c->parent))
		put_oid(out, "parent", &c->parent);
	put_person(out, "author", c->author_id, c->time_utc_s);
	put_person(out, "committer", c->committer_id, c->time_utc_s);
	put_signature(out, bkt_buf_span(&armour));
	bkt_buf_chr(out, '\n');
	put_span(out, c->message);
	return bkt_buf_check(out, err);
}
