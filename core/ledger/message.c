/* The commit message of a batch, printed and read strictly (DESIGN 4.5). */
#include "ledger_private.h"

#include <string.h>

enum bkt_status bkt_batch_message(const char *title, uint64_t first_index,
    const struct bkt_opened *opened, size_t n, const struct bkt_checkpoint *cp,
    struct bkt_buf *out, struct bkt_err *err)
{
	char hex[BKT_SHA256_HEX + 1];
	struct bkt_span t = bkt_span_str(title);

	if (t.len == 0 || t.len > 200 || !bkt_text_clean(t))
		return bkt_fail(err, BKT_E_USAGE,
		    "a commit title is one line of 1 to 200 bytes");
	bkt_buf_printf(out, "%s\n\n", title);
	for (size_t i = 0; i < n; i++) {
		bkt_hex(opened[i].sha256.b, BKT_SHA256_LEN, hex);
		bkt_buf_printf(out, "Entry: %llu %s sha256:%s\n",
		    (unsigned long long)(first_index + i), opened[i].rec->path,
		    hex);
	}
	bkt_buf_printf(out, "Log: %llu ", (unsigned long long)cp->size);
	bkt_base64(out, BKT_SPAN(cp->root.b, BKT_SHA256_LEN));
	bkt_buf_chr(out, '\n');
	return bkt_buf_check(out, err);
}

/* next line without its LF; false at the end */
static bool next_line(struct bkt_span *text, struct bkt_span *line)
{
	const uint8_t *lf;

	if (text->len == 0)
		return false;
	lf = memchr(text->ptr, '\n', text->len);
	if (!lf)
		return false;
	line->ptr = text->ptr;
	line->len = (size_t)(lf - text->ptr);
	text->ptr = lf + 1;
	text->len -= line->len + 1;
	return true;
}

/* the words of a line, NUL-terminated in the arena, exactly n of them */
static bool split(
    struct bkt_span line, size_t n, const char **words, bkt_arena *arena)
{
	char *copy = bkt_arena_strndup(arena, (const char *)line.ptr, line.len);

	if (!copy || strlen(copy) != line.len)
		return false;
	for (size_t i = 0; i < n; i++) {
		char *space = strchr(copy, ' ');

		words[i] = copy;
		if ((space != NULL) != (i + 1 < n))
			return false;
		if (space) {
			*space = '\0';
			copy = space + 1;
		}
	}
	return true;
}

static bool parse_entry(
    struct bkt_span line, struct bkt_batch_entry *e, bkt_arena *arena)
{
	const char *w[4];
	struct bkt_path_info where;

	if (!split(line, 4, w, arena) || strcmp(w[0], "Entry:") != 0 ||
	    !bkt_parse_u64(w[1], UINT64_MAX / 2, &e->index) ||
	    strncmp(w[3], "sha256:", 7) != 0 ||
	    !bkt_unhex(w[3] + 7, e->record.b, BKT_SHA256_LEN))
		return false;
	bkt_path_classify(w[2], &where);
	e->path = w[2];
	return where.class_ == BKT_PATH_RECORD;
}

static enum bkt_status parse_log(struct bkt_span line, struct bkt_batch *b,
    bkt_arena *arena, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf root = { 0 };
	const char *w[3];

	bkt_buf_init(&root, 64);
	if (!split(line, 3, w, arena) || strcmp(w[0], "Log:") != 0 ||
	    !bkt_parse_u64(w[1], UINT64_MAX / 2, &b->log_size) ||
	    bkt_unbase64(bkt_span_str(w[2]), &root, NULL) != BKT_OK ||
	    root.len != BKT_SHA256_LEN)
		return bkt_fail(err, BKT_E_FORMAT,
		    "the commit message has no good Log line");
	memcpy(b->log_root.b, root.ptr, BKT_SHA256_LEN);
	return BKT_OK;
}

enum bkt_status message_parse(struct bkt_span text, bkt_arena *arena,
    struct bkt_batch *b, struct bkt_err *err)
{
	struct bkt_span line, count = text;
	size_t n = 0;

	while (next_line(&count, &line))
		n++;
	if (n < 4 || n - 3 > BKT_BATCH_MAX)
		return bkt_fail(
		    err, BKT_E_FORMAT, "the commit message has %zu lines", n);
	b->n_entries = n - 3;
	b->entries = bkt_arena_alloc(arena, b->n_entries * sizeof(*b->entries));
	if (!b->entries)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	(void)next_line(&text, &line);
	b->title = bkt_arena_strndup(arena, (const char *)line.ptr, line.len);
	if (!b->title)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	if (line.len == 0 || line.len > 200 || !bkt_text_clean(line))
		return bkt_fail(
		    err, BKT_E_FORMAT, "the commit message has no title line");
	if (!next_line(&text, &line) || line.len != 0)
		return bkt_fail(err, BKT_E_FORMAT,
		    "the commit message has no blank second line");
	for (size_t i = 0; i < b->n_entries; i++) {
		(void)next_line(&text, &line);
		if (!parse_entry(line, &b->entries[i], arena))
			return bkt_fail(err, BKT_E_FORMAT,
			    "line %zu of the commit message is no good Entry "
			    "line",
			    i + 3);
		if (b->entries[i].index != b->entries[0].index + i)
			return bkt_fail(err, BKT_E_FORMAT,
			    "the entries of the commit are not consecutive");
	}
	(void)next_line(&text, &line);
	return parse_log(line, b, arena, err);
}
