/* Strict reading of LF-terminated lines of short text formats. */
#ifndef BUKTI_MERKLE_LINES_H
#define BUKTI_MERKLE_LINES_H

#include <string.h>

#include "bukti/merkle.h"

#define HASH_BASE64_LEN 44

/* next line without its LF; false when there is none that ends with one */
static inline bool lines_next(struct bkt_span *rest, struct bkt_span *line)
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

/* whole decimal number below 2^63, no leading zero */
bool line_number(struct bkt_span line, uint64_t *out);
/* canonical base64 of one hash */
BKT_NODISCARD enum bkt_status line_hash(
    struct bkt_span line, struct bkt_sha256 *out, struct bkt_err *err);
void hash_line(struct bkt_buf *out, const struct bkt_sha256 *h);

#endif
