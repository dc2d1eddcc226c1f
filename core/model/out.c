/* Small texts: the pointer of a document, and strings for --json. */
#include "bukti/model.h"

#include <string.h>

#include "text.h"

void bkt_pointer_print(
    const char *sha256_hex, uint64_t size_bytes, struct bkt_buf *out)
{
	bkt_buf_printf(out,
	    "version https://git-lfs.github.com/spec/v1\n"
	    "oid sha256:%s\n"
	    "size %llu\n",
	    sha256_hex, (unsigned long long)size_bytes);
}

/* one ASCII character that cannot stand for itself; false: it can */
static bool escape_ascii(struct bkt_buf *out, char c)
{
	static const char letters[] = "\b\f\n\r\t\"\\";
	static const char names[] = "bfnrt\"\\";
	const char *at = c ? strchr(letters, c) : NULL;

	if (at) {
		bkt_buf_chr(out, '\\');
		bkt_buf_chr(out, names[at - letters]);
		return true;
	}
	if ((uint8_t)c >= 0x20 && c != 0x7f)
		return false;
	bkt_buf_printf(out, "\\u%04x", (unsigned)(uint8_t)c);
	return true;
}

void bkt_json_string(struct bkt_buf *out, const char *s)
{
	struct bkt_span in = bkt_span_str(s);
	int32_t cp = 0;

	bkt_buf_chr(out, '"');
	for (size_t i = 0, n; i < in.len; i += n) {
		n = text_next(in, i, &cp);
		if (n == 0) { /* as jq: the replacement character */
			n = 1;
			bkt_buf_str(out, "\xEF\xBF\xBD");
		} else if (n > 1 || !escape_ascii(out, s[i])) {
			bkt_buf_add(out, s + i, n);
		}
	}
	bkt_buf_chr(out, '"');
}
