/* Output for programs: keys in a fixed order, two-space indent. */
#include "cli.h"

#include <unistd.h>

void cli_json_init(struct cli_json *j)
{
	*j = (struct cli_json){ .first = true };
	bkt_buf_init(&j->buf, CLI_TEXT_MAX);
}

void cli_json_release(struct cli_json *j)
{
	bkt_buf_release(&j->buf);
}

static void indent(struct cli_json *j)
{
	bkt_buf_chr(&j->buf, '\n');
	for (unsigned i = 0; i < j->depth; i++)
		bkt_buf_str(&j->buf, "  ");
}

static void begin(struct cli_json *j, const char *key)
{
	if (!j->first)
		bkt_buf_chr(&j->buf, ',');
	if (j->depth > 0)
		indent(j);
	j->first = false;
	if (key) {
		bkt_json_string(&j->buf, key);
		bkt_buf_str(&j->buf, ": ");
	}
}

void cli_json_object(struct cli_json *j, const char *key)
{
	begin(j, key);
	bkt_buf_chr(&j->buf, '{');
	j->depth++;
	j->first = true;
}

void cli_json_array(struct cli_json *j, const char *key)
{
	begin(j, key);
	bkt_buf_chr(&j->buf, '[');
	j->depth++;
	j->first = true;
}

void cli_json_end(struct cli_json *j, char closing)
{
	BKT_ASSERT(j->depth > 0);
	j->depth--;
	if (!j->first)
		indent(j);
	j->first = false;
	bkt_buf_chr(&j->buf, closing);
}

void cli_json_str(struct cli_json *j, const char *key, const char *value)
{
	begin(j, key);
	bkt_json_string(&j->buf, value ? value : "");
}

void cli_json_u64(struct cli_json *j, const char *key, uint64_t value)
{
	begin(j, key);
	bkt_buf_printf(&j->buf, "%llu", (unsigned long long)value);
}

void cli_json_bool(struct cli_json *j, const char *key, bool value)
{
	begin(j, key);
	bkt_buf_str(&j->buf, value ? "true" : "false");
}

void cli_json_strs(
    struct cli_json *j, const char *key, const struct bkt_strs *l)
{
	cli_json_array(j, key);
	for (size_t i = 0; i < l->n; i++)
		cli_json_str(j, NULL, l->v[i]);
	cli_json_end(j, ']');
}

void cli_json_text(
    struct cli_json *j, const char *key, const struct bkt_text *t)
{
	cli_json_object(j, key);
	cli_json_str(j, "id", t->id);
	cli_json_str(j, "en", t->en);
	cli_json_end(j, '}');
}

void cli_json_time(struct cli_json *j, const char *key, int64_t utc_s)
{
	char text[BKT_TIME_LEN + 1];

	bkt_time_format(utc_s, text);
	cli_json_str(j, key, text);
}

void cli_json_hash(
    struct cli_json *j, const char *key, const struct bkt_sha256 *h)
{
	char hex[BKT_SHA256_HEX + 1];

	bkt_hex(h->b, BKT_SHA256_LEN, hex);
	cli_json_str(j, key, hex);
}

void cli_json_raw(struct cli_json *j, const char *key, struct bkt_span json)
{
	while (json.len > 0 && json.ptr[json.len - 1] == '\n')
		json.len--;
	begin(j, key);
	for (size_t i = 0; i < json.len; i++) {
		if (json.ptr[i] == '\n')
			indent(j);
		else
			bkt_buf_chr(&j->buf, (char)json.ptr[i]);
	}
}

enum bkt_status cli_json_print(struct cli_json *j, struct bkt_err *err)
{
	BKT_ASSERT(j->depth == 0);
	bkt_buf_chr(&j->buf, '\n');
	BKT_TRY(bkt_buf_check(&j->buf, err));
	(void)fwrite(j->buf.ptr, 1, j->buf.len, stdout);
	return cli_flush(err);
}

enum bkt_status cli_flush(struct bkt_err *err)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		return bkt_fail_errno(
		    err, BKT_E_IO, "cannot write to standard output");
	return BKT_OK;
}
