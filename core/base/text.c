#include "bukti/base.h"

#include <string.h>

/* bytes of the character at p, or 0 when it is not well-formed UTF-8 */
static size_t decode(const uint8_t *p, size_t n, uint32_t *out)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len;
	uint32_t c;

	if (p[0] < 0x80) {
		*out = p[0];
		return 1;
	}
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		len = 2;
	else if ((p[0] & 0xf0) == 0xe0)
		len = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		len = 4;
	else
		return 0;
	if (len > n)
		return 0;
	c = p[0] & (0xffu >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*out = c;
	return len;
}

static bool is_clean(uint32_t c)
{
	if (c < 0x20 || (c >= 0x7f && c <= 0x9f))
		return false;
	if (c < 0x61c)
		return true;
	if (c == 0x61c || c == 0x200e || c == 0x200f || c == 0xfeff)
		return false;
	if (c >= 0x2028 && c <= 0x202e) /* separators and bidi embeddings */
		return false;
	if (c >= 0x2066 && c <= 0x2069)
		return false;
	if (c >= 0xfdd0 && c <= 0xfdef)
		return false;
	if (c >= 0xe0000 && c <= 0xe007f) /* tags: text that nobody sees */
		return false;
	return (c & 0xfffe) != 0xfffe;
}

/* White_Space and Default_Ignorable_Code_Point of Unicode, and the empty
 * Braille cell; sorted */
static const struct {
	uint32_t first, last;
} unseen[] = {
	{ 0x00, 0x20 },
	{ 0x7f, 0xa0 },
	{ 0xad, 0xad },
	{ 0x34f, 0x34f },
	{ 0x61c, 0x61c },
	{ 0x115f, 0x1160 },
	{ 0x1680, 0x1680 },
	{ 0x17b4, 0x17b5 },
	{ 0x180b, 0x180f },
	{ 0x2000, 0x200f },
	{ 0x2028, 0x202f },
	{ 0x205f, 0x206f },
	{ 0x2800, 0x2800 },
	{ 0x3000, 0x3000 },
	{ 0x3164, 0x3164 },
	{ 0xfe00, 0xfe0f },
	{ 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 },
	{ 0xfff0, 0xfff8 },
	{ 0x1bca0, 0x1bca3 },
	{ 0x1d173, 0x1d17a },
	{ 0xe0000, 0xe0fff },
};

static bool is_seen(uint32_t c)
{
	for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
		if (c <= unseen[i].last)
			return c < unseen[i].first;
	return true;
}

bool bkt_utf8_valid(struct bkt_span s)
{
	uint32_t c;
	size_t n;

	for (size_t i = 0; i < s.len; i += n) {
		n = decode(s.ptr + i, s.len - i, &c);
		if (n == 0)
			return false;
	}
	return true;
}

bool bkt_text_clean(struct bkt_span s)
{
	uint32_t c;
	size_t n;

	for (size_t i = 0; i < s.len; i += n) {
		n = decode(s.ptr + i, s.len - i, &c);
		if (n == 0 || !is_clean(c))
			return false;
	}
	return true;
}

bool bkt_text_blank(struct bkt_span s)
{
	uint32_t c;
	size_t n;

	for (size_t i = 0; i < s.len; i += n) {
		n = decode(s.ptr + i, s.len - i, &c);
		if (n == 0 || is_seen(c))
			return false;
	}
	return true;
}

static const char *entity(uint32_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static void escape(struct bkt_buf *out, struct bkt_span in, bool html)
{
	uint32_t c;
	size_t n;

	for (size_t i = 0; i < in.len; i += n) {
		n = decode(in.ptr + i, in.len - i, &c);
		if (n == 0) {
			bkt_buf_printf(out, "\\x%02x", in.ptr[i]);
			n = 1;
		} else if (html && entity(c)) {
			bkt_buf_str(out, entity(c));
		} else if (is_clean(c)) {
			bkt_buf_add(out, in.ptr + i, n);
		} else if (c < 0x80) {
			bkt_buf_printf(out, "\\x%02x", (unsigned)c);
		} else {
			bkt_buf_printf(out, "\\u{%x}", (unsigned)c);
		}
	}
}

void bkt_text_escape(struct bkt_buf *out, struct bkt_span in)
{
	escape(out, in, false);
}

void bkt_html_escape(struct bkt_buf *out, struct bkt_span in)
{
	escape(out, in, true);
}

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

bool bkt_name_plain(const char *s, size_t max)
{
	size_t n = 0;

	if (s[0] == '.' || s[0] == '-')
		return false;
	for (; s[n]; n++)
		if (n >= max || !is_plain(s[n]) ||
		    (s[n] == '.' && s[n + 1] == '.'))
			return false;
	return n > 0;
}

#define WORD_MAX 255
#define EDITS_MAX 2

static unsigned least3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

/* "Tangkapan Layar" is tangkapan_layar to whoever types it */
static char alike(char c)
{
	if (c == ' ' || c == '-')
		return '_';
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* edits between two words that are alike() in no letter more, a swap of
 * neighbours counting as one; when they are more than EDITS_MAX, any number
 * above that */
static unsigned distance(const char *a, size_t na, const char *b, size_t nb)
{
	unsigned d[3][WORD_MAX + 1];

	if (na > nb + EDITS_MAX || nb > na + EDITS_MAX)
		return EDITS_MAX + 1;
	for (size_t j = 0; j <= nb; j++)
		d[0][j] = (unsigned)j;
	for (size_t i = 1; i <= na; i++) {
		unsigned *row = d[i % 3], *up = d[(i + 2) % 3];
		const unsigned *up2 = d[(i + 1) % 3];
		unsigned least = (unsigned)i;

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= nb; j++) {
			row[j] = least3(up[j] + 1, row[j - 1] + 1,
			    up[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && up2[j - 2] + 1 < row[j])
				row[j] = up2[j - 2] + 1;
			if (row[j] < least)
				least = row[j];
		}
		/* a swap looks back two rows, for one edit */
		if (least > EDITS_MAX + 1)
			return least;
	}
	return d[na % 3][nb];
}

const char *bkt_suggest(const char *word, const char *const *words, size_t n)
{
	size_t len = strnlen(word, WORD_MAX + 1);
	char typed[WORD_MAX + 1], known[WORD_MAX + 1];
	const char *best = NULL;
	unsigned least = EDITS_MAX + 1;

	for (size_t i = 0; i < len && len <= WORD_MAX; i++)
		typed[i] = alike(word[i]);
	for (size_t i = 0; i < n && len <= WORD_MAX; i++) {
		size_t m = strnlen(words[i], WORD_MAX + 1);
		unsigned d;

		if (m > WORD_MAX)
			continue;
		for (size_t j = 0; j < m; j++)
			known[j] = alike(words[i][j]);
		d = distance(typed, len, known, m);
		/* a word that shares little is no suggestion */
		if (d < least && 2 * d <= len && 2 * d <= m) {
			least = d;
			best = words[i];
		}
	}
	return best;
}

void bkt_err_hint_words(
    struct bkt_err *err, const char *word, const char *const *words, size_t n)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf all = { 0 };
	const char *near = bkt_suggest(word, words, n);

	bkt_buf_init(&all, sizeof(err->hint));
	for (size_t i = 0; i < n; i++)
		bkt_buf_printf(&all, "%s%s", i > 0 ? ", " : "", words[i]);
	bkt_err_hint(err, "%s%s%sthere are %s", near ? "did you mean '" : "",
	    near ? near : "", near ? "'? " : "",
	    all.len > 0 && !all.failed ? (const char *)all.ptr
				       : "others, see the help");
}
