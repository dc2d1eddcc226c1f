#include "bukti/model.h"

#include <string.h>
#include <strings.h>

#include "names.h"
#include "text.h"

#define EXTENSION_MAX 16

/* what some filesystem cannot hold, or reads as something else */
static bool is_forbidden(int32_t cp)
{
	return cp < 0x80 && (cp < 0x20 || strchr("/\\:*?\"<>|\x7f", (int)cp));
}

/* first character a folding filesystem sees */
static int32_t first_folded(struct bkt_span s, size_t *at)
{
	int32_t cp = 0;

	for (size_t i = 0, n; i < s.len; i += n) {
		n = text_next(s, i, &cp);
		if (n == 0)
			return 0;
		*at = i;
		if (!text_hfs_ignorable(cp))
			return cp;
	}
	return 0;
}

/*
 * An 8.3 short name that NTFS may have given to .git, .gitattributes or
 * .gitmodules: git~1, gitatt~1, gi7d29~1.
 */
static bool is_short_git(const char *s)
{
	size_t i = 2;

	if (strncasecmp(s, "gi", 2) != 0)
		return false;
	while (i < 7 && s[i] && s[i] != '~' && s[i] != '.')
		i++;
	return s[i] == '~' && s[i + 1] >= '0' && s[i + 1] <= '9';
}

/* device names count with any extension, and with spaces before it */
static bool is_device(const char *s)
{
	size_t n = strcspn(s, ".");

	while (n > 0 && s[n - 1] == ' ')
		n--;
	return name_is_reserved(s, n);
}

bool bkt_file_name_valid(const char *s)
{
	size_t len = s ? strlen(s) : 0, first = 0;
	struct bkt_span span = BKT_SPAN(s, len);

	if (len == 0 || len > BKT_NAME_MAX)
		return false;
	if (bkt_text_blank(span) || text_check(span, NULL) != BKT_OK)
		return false;
	for (size_t i = 0; i < len; i++)
		if (is_forbidden((uint8_t)s[i]))
			return false;
	if (s[0] == ' ' || s[len - 1] == ' ' || s[len - 1] == '.')
		return false;
	/* no leading dot: that keeps out every spelling of .git, .gitmodules
	 * and .gitattributes, and "." and ".." with them */
	if (first_folded(span, &first) == '.')
		return false;
	return !is_short_git(s) && !is_device(s);
}

/* every byte or character that may not stay becomes one '_' */
static void replace_forbidden(struct bkt_span raw, struct bkt_buf *out)
{
	int32_t cp = 0;

	for (size_t i = 0, n; i < raw.len; i += n) {
		n = text_next(raw, i, &cp);
		if (n == 0) {
			n = 1;
			bkt_buf_chr(out, '_');
			continue;
		}
		if (is_forbidden(cp) || !text_assigned(cp) ||
		    !bkt_text_clean(BKT_SPAN(raw.ptr + i, n)))
			bkt_buf_chr(out, '_');
		else
			bkt_buf_add(out, raw.ptr + i, n);
	}
}

/* largest n <= max that does not cut a character */
static size_t cut_before(const char *s, size_t max)
{
	while (max > 0 && ((uint8_t)s[max] & 0xC0) == 0x80)
		max--;
	return max;
}

static char *cut_to_fit(const char *s, bkt_arena *arena)
{
	size_t len = strlen(s), keep;
	const char *dot = strrchr(s, '.');

	if (len <= BKT_NAME_MAX)
		return bkt_arena_strndup(arena, s, len);
	if (!dot || dot == s || strlen(dot) > EXTENSION_MAX)
		dot = s + len;
	keep = cut_before(s, BKT_NAME_MAX - strlen(dot));
	return bkt_arena_printf(arena, "%.*s%s", (int)keep, s, dot);
}

/* spaces in front, dots and spaces behind: no filesystem agrees on them */
static char *trim(char *s)
{
	size_t len;

	while (*s == ' ')
		s++;
	len = strlen(s);
	while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '.'))
		len--;
	s[len] = '\0';
	return s;
}

/* what is left to repair once characters and length are right */
static char *defuse(char *s, bkt_arena *arena)
{
	size_t at = 0;

	if (bkt_text_blank(bkt_span_str(s)))
		return bkt_arena_strdup(arena, "_");
	if (is_short_git(s) || is_device(s))
		return bkt_arena_printf(arena, "_%s", s);
	if (first_folded(bkt_span_str(s), &at) == '.')
		s[at] = '_';
	return s;
}

char *bkt_file_name_clean(struct bkt_span raw, bkt_arena *arena)
{
	char *s = NULL;
	struct bkt_err err;
	BKT_AUTO(bkt_buf_release) struct bkt_buf b = { 0 };

	bkt_buf_init(&b, raw.len + 1);
	replace_forbidden(raw, &b);
	if (bkt_buf_check(&b, &err) != BKT_OK)
		return NULL;
	if (text_nfc(bkt_buf_span(&b), arena, &s, &err) != BKT_OK)
		return NULL;
	/* cutting and prefixing may each undo what the other did */
	for (unsigned round = 0; s && round < 4; round++) {
		s = defuse(trim(s), arena);
		if (!s || bkt_file_name_valid(s))
			return s;
		s = cut_to_fit(s, arena);
		if (s && bkt_file_name_valid(s))
			return s;
	}
	return s ? bkt_arena_strdup(arena, "_") : NULL;
}
