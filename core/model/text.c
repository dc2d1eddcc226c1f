#include "text.h"

#include <string.h>

#include <utf8proc.h>

#include "bukti/model.h"

/* everything below U+0300 is assigned, a starter, and composed already */
#define FIRST_COMBINING_LEAD 0xCC

static bool is_plain(struct bkt_span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] >= FIRST_COMBINING_LEAD)
			return false;
	return true;
}

/*
 * NFC into fresh memory: utf8proc's own allocator is not our seam, so it is
 * given the room.
 */
static enum bkt_status compose(struct bkt_span s, utf8proc_option_t more,
    int32_t **out, size_t *out_len, struct bkt_err *err)
{
	const utf8proc_option_t how =
	    UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_REJECTNA | more;
	utf8proc_ssize_t n, len;
	BKT_AUTO(bkt_free) int32_t *room = NULL;

	n = utf8proc_decompose(s.ptr, (utf8proc_ssize_t)s.len, NULL, 0, how);
	if (n == UTF8PROC_ERROR_NOTASSIGNED)
		return bkt_fail(
		    err, BKT_E_FORMAT, "holds an unassigned character");
	if (n < 0)
		return bkt_fail(err, BKT_E_FORMAT, "is not UTF-8");
	room = bkt_calloc((size_t)n + 1, sizeof(*room));
	if (!room)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for text");
	if (utf8proc_decompose(s.ptr, (utf8proc_ssize_t)s.len, room, n, how) !=
	    n)
		return bkt_fail(err, BKT_E_INTERNAL, "text changed size");
	len = utf8proc_reencode(room, n, how);
	if (len < 0)
		return bkt_fail(err, BKT_E_INTERNAL, "text cannot be encoded");
	*out_len = (size_t)len;
	*out = BKT_STEAL(room);
	return BKT_OK;
}

enum bkt_status text_check(struct bkt_span s, struct bkt_err *err)
{
	size_t n;
	BKT_AUTO(bkt_free) int32_t *nfc = NULL;

	if (!bkt_text_clean(s))
		return bkt_fail(err, BKT_E_FORMAT,
		    "holds a control, bidi or non-character, or is not UTF-8");
	if (is_plain(s))
		return BKT_OK;
	BKT_TRY(compose(s, 0, &nfc, &n, err));
	if (n != s.len || memcmp(nfc, s.ptr, n) != 0)
		return bkt_fail(err, BKT_E_FORMAT, "is not in NFC");
	return BKT_OK;
}

enum bkt_status text_nfc(
    struct bkt_span s, bkt_arena *arena, char **out, struct bkt_err *err)
{
	size_t n = s.len;
	const void *from = s.ptr;
	char *copy;
	BKT_AUTO(bkt_free) int32_t *nfc = NULL;

	if (!is_plain(s)) {
		BKT_TRY(compose(s, 0, &nfc, &n, err));
		from = nfc;
	}
	copy = bkt_arena_strndup(arena, from, n);
	if (!copy)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for text");
	*out = copy;
	return BKT_OK;
}

char *bkt_name_fold(struct bkt_span raw, bkt_arena *arena)
{
	BKT_AUTO(bkt_free) int32_t *folded = NULL;
	bool ascii = true;
	char *copy;
	size_t n;

	for (size_t i = 0; i < raw.len; i++)
		ascii &= raw.ptr[i] < 0x80;
	/* what is no text may be the name of a file yet */
	if (!ascii &&
	    compose(raw, UTF8PROC_CASEFOLD, &folded, &n, NULL) == BKT_OK)
		return bkt_arena_strndup(arena, (const char *)folded, n);
	copy = bkt_arena_strndup(arena, (const char *)raw.ptr, raw.len);
	for (char *p = copy; p && *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return copy;
}

size_t text_next(struct bkt_span s, size_t at, int32_t *out)
{
	utf8proc_int32_t cp;
	utf8proc_ssize_t n =
	    utf8proc_iterate(s.ptr + at, (utf8proc_ssize_t)(s.len - at), &cp);

	if (n <= 0)
		return 0;
	*out = cp;
	return (size_t)n;
}

bool text_assigned(int32_t cp)
{
	return utf8proc_category(cp) != UTF8PROC_CATEGORY_CN;
}

bool text_hfs_ignorable(int32_t cp)
{
	return (cp >= 0x200C && cp <= 0x200F) ||
	       (cp >= 0x202A && cp <= 0x202E) ||
	       (cp >= 0x206A && cp <= 0x206F) || cp == 0xFEFF;
}
