#include "schema.h"

#include <stdio.h>
#include <string.h>

#include "names.h"
#include "text.h"

#define MEDIA_PART_MAX 64

/* the shape of every check that is only a question */
#define VALUE_CHECK(name, good, words_)                                   \
	enum bkt_status name(                                             \
	    const struct field *f, const char *s, struct bkt_err *err)    \
	{                                                                 \
		(void)f;                                                  \
		if (!(good))                                              \
			return bkt_fail(err, BKT_E_FORMAT, "%s", words_); \
		return BKT_OK;                                            \
	}

static bool is_hex(const char *s)
{
	uint8_t b[BKT_SHA256_LEN];

	return bkt_unhex(s, b, sizeof(b));
}

static bool is_date(const char *s)
{
	int32_t days;

	return bkt_date_parse(s, &days);
}

static bool is_time(const char *s)
{
	int64_t t;

	return bkt_time_parse(s, &t);
}

/* no sign, and a leading zero only before the point: one spelling fewer */
static bool is_decimal(const char *s)
{
	struct bkt_rat r;

	if (s[0] < '0' || s[0] > '9')
		return false;
	if (s[0] == '0' && s[1] != '\0' && s[1] != '.')
		return false;
	return bkt_rat_parse(s, &r);
}

/* n/d, both whole */
static bool fraction_parse(const char *s, size_t slash, struct bkt_rat *out)
{
	uint64_t num, den;
	char part[24];

	if (slash == 0 || slash >= sizeof(part))
		return false;
	memcpy(part, s, slash);
	part[slash] = '\0';
	if (!bkt_parse_u64(part, INT64_MAX, &num) ||
	    !bkt_parse_u64(s + slash + 1, INT64_MAX, &den) || den == 0)
		return false;
	return bkt_rat_div((struct bkt_rat){ (int64_t)num, 1 },
	    (struct bkt_rat){ (int64_t)den, 1 }, out);
}

/* exactly what bkt_rat_exact prints: a decimal, or n/d when that never ends */
static bool is_exact(const char *s)
{
	struct bkt_rat r;
	char again[48];
	size_t slash = strcspn(s, "/");

	if (s[slash] == '\0' ? !is_decimal(s) || !bkt_rat_parse(s, &r)
			     : !fraction_parse(s, slash, &r))
		return false;
	bkt_rat_exact(r, again);
	return strcmp(s, again) == 0;
}

static bool is_kind_name(const char *s)
{
	enum bkt_kind k;

	return bkt_kind_parse(s, &k);
}

static bool is_media_char(char c, bool first)
{
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		return true;
	return !first && c != '\0' && strchr("!#$&^_.+-", c);
}

static bool is_media(const char *s)
{
	size_t slash = strcspn(s, "/"), n = strlen(s);

	if (slash == 0 || slash > MEDIA_PART_MAX || s[slash] == '\0')
		return false;
	if (n - slash - 1 == 0 || n - slash - 1 > MEDIA_PART_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		if (i != slash &&
		    !is_media_char(s[i], i == 0 || i == slash + 1))
			return false;
	return true;
}

VALUE_CHECK(check_origin, bkt_origin_valid(s), "is not an origin name")
VALUE_CHECK(check_id, bkt_id_valid(s), "is not an id [a-z0-9-]")
VALUE_CHECK(
    check_indicator, bkt_indicator_id_valid(s), "is not an indicator id")
VALUE_CHECK(check_document_id, bkt_document_id_valid(s),
    "is not a document id of 12 characters [a-z2-7]")
VALUE_CHECK(check_stem, rulebook_stem_valid(s), "is not ID-EDITION-rN")
VALUE_CHECK(check_code, code_valid(s), "is not a code [a-z0-9_-]")
VALUE_CHECK(check_tag_value, tag_value_valid(s),
    "has a value that is not [A-Za-z0-9._-]")
VALUE_CHECK(check_hex, is_hex(s), "is not 64 lower-case hex digits")
VALUE_CHECK(check_prev, s[0] == '\0' || is_hex(s),
    "is neither empty nor 64 lower-case hex digits")
VALUE_CHECK(check_date, is_date(s), "is not a date YYYY-MM-DD")
VALUE_CHECK(check_time, is_time(s), "is not a time YYYY-MM-DDTHH:MM:SSZ")
VALUE_CHECK(check_decimal, is_decimal(s), "is not an unsigned decimal")
VALUE_CHECK(check_decimal_or_unknown,
    is_decimal(s) || strcmp(s, "unknown") == 0,
    "is neither an unsigned decimal nor \"unknown\"")
VALUE_CHECK(check_exact, is_exact(s) || strcmp(s, "unknown") == 0,
    "is neither an exact number nor \"unknown\"")
VALUE_CHECK(check_kind_name, is_kind_name(s), "is not a record kind")
VALUE_CHECK(check_media, is_media(s), "is not a media type type/subtype")
VALUE_CHECK(check_file_name, bkt_file_name_valid(s),
    "is not a file name that every system can keep")
VALUE_CHECK(check_plain_name, bkt_name_plain(s, (size_t)f->max),
    "is not a plain file name")

enum bkt_status check_text(
    const struct field *f, const char *s, struct bkt_err *err)
{
	size_t len = strlen(s);

	if (len == 0 || len > f->max)
		return bkt_fail(err, BKT_E_FORMAT,
		    "is %zu bytes, want 1 to %llu", len,
		    (unsigned long long)f->max);
	if (bkt_text_blank(BKT_SPAN(s, len)))
		return bkt_fail(
		    err, BKT_E_FORMAT, "is blank: nothing of it can be seen");
	return text_check(BKT_SPAN(s, len), err);
}

enum bkt_status check_word(
    const struct field *f, const char *s, struct bkt_err *err)
{
	char list[120];
	size_t n = 0;

	for (size_t i = 0; f->words[i]; i++)
		if (strcmp(s, f->words[i]) == 0)
			return BKT_OK;
	for (size_t i = 0; f->words[i] && n < sizeof(list); i++)
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s",
		    i > 0 ? ", " : "", f->words[i]);
	return bkt_fail(err, BKT_E_FORMAT, "is none of: %s", list);
}

enum bkt_status check_base64(
    const struct field *f, const char *s, struct bkt_err *err)
{
	size_t len = strlen(s);
	BKT_AUTO(bkt_buf_release) struct bkt_buf raw = { 0 };

	bkt_buf_init(&raw, (size_t)f->max);
	if (len == 0 || len < f->min || len > f->max)
		return bkt_fail(
		    err, BKT_E_FORMAT, "has the wrong length for base64");
	return bkt_unbase64(BKT_SPAN(s, len), &raw, err);
}

/* C2SP vkey "name+hash8+base64(0x01 || key)"; the id is for crypto to check */
enum bkt_status check_note_key(
    const struct field *f, const char *s, struct bkt_err *err)
{
	const char *id = strchr(s, '+');
	uint8_t id_bytes[4];
	BKT_AUTO(bkt_buf_release) struct bkt_buf raw = { 0 };

	(void)f;
	bkt_buf_init(&raw, 64);
	if (!id || id == s || strlen(id) != 1 + 8 + 1 + 44 || id[9] != '+' ||
	    !bkt_unhex_n(id + 1, id_bytes, sizeof(id_bytes)))
		return bkt_fail(
		    err, BKT_E_FORMAT, "is not a verifier key name+id+key");
	BKT_TRY(bkt_unbase64(bkt_span_str(id + 10), &raw, err));
	if (raw.len != 33 || raw.ptr[0] != 0x01)
		return bkt_fail(err, BKT_E_FORMAT, "is not an Ed25519 key");
	return BKT_OK;
}

enum bkt_status check_tree_path(
    const struct field *f, const char *s, struct bkt_err *err)
{
	struct bkt_path_info info;

	(void)f;
	bkt_path_classify(s, &info);
	if (info.class_ != BKT_PATH_RECORD)
		return bkt_fail(
		    err, BKT_E_FORMAT, "is not the path of a record");
	return BKT_OK;
}
