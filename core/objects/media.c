#include <string.h>

#include <magic.h>

#include "bukti/base.h"
#include "bukti/objects.h"

/* ---- zip families -------------------------------------------------------- */

#define ZIP_LOCAL_BYTES 30
#define MEDIA_DOCX                                                        \
	"application/vnd.openxmlformats-officedocument.wordprocessingml." \
	"document"
#define MEDIA_XLSX \
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define MEDIA_PPTX                                                      \
	"application/vnd.openxmlformats-officedocument.presentationml." \
	"presentation"

static const char *const odf_types[] = {
	"application/vnd.oasis.opendocument.text",
	"application/vnd.oasis.opendocument.spreadsheet",
	"application/vnd.oasis.opendocument.presentation",
};

static const struct {
	const char *prefix;
	const char *type; /* NULL: an office file, which one is not said yet */
} ooxml_names[] = {
	{ "[Content_Types].xml", NULL },
	{ "_rels/", NULL },
	{ "docProps/", NULL },
	{ "customXml/", NULL },
	{ "word/", MEDIA_DOCX },
	{ "xl/", MEDIA_XLSX },
	{ "ppt/", MEDIA_PPTX },
};

static unsigned le16(const uint8_t *p)
{
	return (unsigned)p[0] | (unsigned)p[1] << 8;
}

static uint32_t le32(const uint8_t *p)
{
	return (uint32_t)le16(p) | (uint32_t)le16(p + 2) << 16;
}

static bool starts(struct bkt_span s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.len >= n && memcmp(s.ptr, prefix, n) == 0;
}

/* name of the local header at p, empty when there is none */
static struct bkt_span zip_name(const uint8_t *p, size_t len)
{
	if (len < ZIP_LOCAL_BYTES || memcmp(p, "PK\3\4", 4) != 0 ||
	    le16(p + 26) > len - ZIP_LOCAL_BYTES)
		return BKT_SPAN(p, 0);
	return BKT_SPAN(p + ZIP_LOCAL_BYTES, le16(p + 26));
}

/* ODF 1.2 part 3, 3.3: first entry, stored, without extra field */
static const char *odf_type(struct bkt_span head, struct bkt_span name)
{
	const uint8_t *data = name.ptr + name.len;
	size_t left = head.len - (size_t)(data - head.ptr);

	if (!bkt_span_eq(name, bkt_span_str("mimetype")) ||
	    le16(head.ptr + 8) != 0 || le16(head.ptr + 28) != 0)
		return NULL;
	for (size_t i = 0; i < sizeof(odf_types) / sizeof(*odf_types); i++) {
		size_t n = strlen(odf_types[i]);

		if (le32(head.ptr + 22) == n && left >= n &&
		    memcmp(data, odf_types[i], n) == 0)
			return odf_types[i];
	}
	return NULL;
}

/*
 * The next header is found by its signature, not by adding sizes up: writers
 * that stream leave the sizes out of the local header.
 */
static const char *ooxml_type(struct bkt_span head)
{
	for (size_t at = 0; at + ZIP_LOCAL_BYTES < head.len; at++) {
		struct bkt_span name = zip_name(head.ptr + at, head.len - at);
		bool known = false;

		for (size_t i = 0;
		     i < sizeof(ooxml_names) / sizeof(*ooxml_names); i++) {
			if (!starts(name, ooxml_names[i].prefix))
				continue;
			if (ooxml_names[i].type)
				return ooxml_names[i].type;
			known = true;
		}
		/* an office file has nothing else before its parts */
		if (at == 0 && !known)
			return NULL;
	}
	return NULL;
}

static const char *zip_type(struct bkt_span head)
{
	struct bkt_span name = zip_name(head.ptr, head.len);
	const char *type;

	if (name.len == 0)
		return NULL;
	type = odf_type(head, name);
	if (!type)
		type = ooxml_type(head);
	return type ? type : "application/zip";
}

/* ---- the rest ------------------------------------------------------------ */

/*
 * Readers look for the header in the first 1,024 bytes and pass over what is
 * before it; scanners really do put a line break there. Anything but white
 * space before it makes the file something else as well, and is refused.
 */
static bool is_pdf(struct bkt_span head)
{
	size_t at = 0;

	while (at < head.len && at < 1024 && head.ptr[at] != '\0' &&
	       strchr(" \t\r\n\f", head.ptr[at]))
		at++;
	return starts(BKT_SPAN(head.ptr + at, head.len - at), "%PDF-");
}

static bool is_png(struct bkt_span head)
{
	static const uint8_t begin[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a,
		'\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R' };

	return head.len >= sizeof(begin) &&
	       memcmp(head.ptr, begin, sizeof(begin)) == 0;
}

const char *bkt_media_from_bytes(struct bkt_span head, uint64_t size_bytes)
{
	static const uint8_t jpeg[] = { 0xff, 0xd8, 0xff };

	if (head.len > size_bytes)
		head.len = (size_t)size_bytes;
	if (head.len == 0)
		return NULL;
	if (is_pdf(head))
		return "application/pdf";
	if (head.len > sizeof(jpeg) && memcmp(head.ptr, jpeg, 3) == 0)
		return "image/jpeg";
	if (is_png(head))
		return "image/png";
	return zip_type(head);
}

bool bkt_media_is_cut(
    struct bkt_span head, struct bkt_span tail, uint64_t size_bytes)
{
	static const struct {
		const char *begin, *end;
	} kinds[] = {
		{ "application/pdf", "%%EOF" }, /* ISO 32000-1, 7.5.5 */
		{ "image/jpeg", "\xff\xd9" },   /* ITU-T T.81, EOI */
		{ "image/png", "IEND" },
		{ "application/", "PK\5\6" }, /* all that are zip files */
	};
	const char *media = bkt_media_from_bytes(head, size_bytes);

	for (size_t i = 0; media && i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strncmp(media, kinds[i].begin, strlen(kinds[i].begin)) == 0)
			return !memmem(tail.ptr, tail.len, kinds[i].end,
			    strlen(kinds[i].end));
	}
	return false;
}

BKT_AUTO_DEFINE(magic_t, magic_close);

void bkt_media_describe(struct bkt_span head, char *buf, size_t size_bytes)
{
	const char *words = NULL;
	/* a cookie is not for two threads; this is for a message, so a fresh
	 * one each time is cheap enough */
	BKT_AUTO(magic_close)
	magic_t cookie =
	    magic_open(MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF |
		       MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_CDF);
	BKT_AUTO(bkt_buf_release) struct bkt_buf text = { 0 };

	if (size_bytes == 0)
		return;
	bkt_buf_init(&text, 4096);
	if (cookie && magic_load(cookie, NULL) == 0)
		words = magic_buffer(cookie, head.ptr, head.len);
	/* the words quote the file: they are as untrusted as it is */
	bkt_text_escape(&text, bkt_span_str(words ? words : "unknown data"));
	if (text.failed || !text.ptr)
		bkt_buf_clear(&text);
	if (text.len >= size_bytes) {
		text.len = size_bytes - 1;
		/* not in the middle of a character */
		while (text.len > 0 && (text.ptr[text.len] & 0xc0) == 0x80)
			text.len--;
	}
	if (text.len > 0)
		memcpy(buf, text.ptr, text.len);
	buf[text.len] = '\0';
}
