#include "tree.h"

#include <string.h>
#include <strings.h>

#include "db.h"

int tree_name_cmp(struct bkt_span a, bool a_dir, struct bkt_span b, bool b_dir)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n ? memcmp(a.ptr, b.ptr, n) : 0;
	int x, y;

	if (c != 0)
		return c;
	x = a.len > n ? a.ptr[n] : (a_dir ? '/' : 0);
	y = b.len > n ? b.ptr[n] : (b_dir ? '/' : 0);
	if (x != y)
		return x - y;
	/* both ended or both go on with '/', which a name never holds */
	return 0;
}

static bool is_word(struct bkt_span name, const char *word)
{
	size_t n = strlen(word);

	return name.len == n &&
	       strncasecmp((const char *)name.ptr, word, n) == 0;
}

bool tree_name_safe(struct bkt_span name)
{
	bool ascii = true;

	if (name.len == 0 || name.len > GITDB_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		uint8_t c = name.ptr[i];

		if (c < 0x20 || c == 0x7f || c == '/')
			return false;
		ascii = ascii && c < 0x80;
	}
	if (is_word(name, ".") || is_word(name, "..") ||
	    is_word(name, ".git") || is_word(name, "git~1"))
		return false;
	return ascii || bkt_text_clean(name);
}

bool tree_order_next(struct tree_order *o, struct bkt_span name, bool dir)
{
	size_t common = 0;

	BKT_ASSERT(name.len > 0 && name.len <= GITDB_NAME_MAX);
	if (o->last.ptr && tree_name_cmp(o->last, o->last_dir, name, dir) >= 0)
		return false;
	while (common < o->last.len && common < name.len &&
	       o->last.ptr[common] == name.ptr[common])
		common++;
	/* "a" and "a/" need not be neighbours ("a.b" sorts between), but all
	 * between begin with that name: remembering lengths is enough */
	for (size_t n = 0; n < 256; n += 64) {
		if (common < n)
			o->file_len[n / 64] = 0;
		else if (common - n < 63)
			o->file_len[n / 64] &=
			    (UINT64_C(1) << (common - n + 1)) - 1;
	}
	if (dir && (o->file_len[name.len / 64] >> (name.len % 64) & 1))
		return false;
	if (!dir)
		o->file_len[name.len / 64] |= UINT64_C(1) << (name.len % 64);
	o->last = name;
	o->last_dir = dir;
	return true;
}

void tree_iter_init(struct tree_iter *it, struct bkt_span raw)
{
	memset(it, 0, sizeof(*it));
	it->rest = raw;
}

static bool take_mode(struct bkt_span *in, bool *dir)
{
	static const char file_mode[] = "100644 ", dir_mode[] = "40000 ";
	size_t n = sizeof(file_mode) - 1, m = sizeof(dir_mode) - 1;

	if (in->len > n && memcmp(in->ptr, file_mode, n) == 0) {
		*dir = false;
		*in = BKT_SPAN(in->ptr + n, in->len - n);
		return true;
	}
	if (in->len > m && memcmp(in->ptr, dir_mode, m) == 0) {
		*dir = true;
		*in = BKT_SPAN(in->ptr + m, in->len - m);
		return true;
	}
	return false;
}

enum bkt_status tree_next(struct tree_iter *it, struct tree_entry *out,
    bool *got, struct bkt_err *err)
{
	struct bkt_span in = it->rest;
	struct tree_entry e;
	const uint8_t *nul;

	if (in.len == 0) {
		*got = false;
		return BKT_OK;
	}
	if (!take_mode(&in, &e.dir))
		return bkt_fail(err, BKT_E_FORMAT,
		    "tree entry with a mode other than 40000 and 100644");
	nul = memchr(in.ptr, 0, in.len);
	if (!nul)
		return bkt_fail(err, BKT_E_FORMAT, "tree entry has no end");
	e.name = BKT_SPAN(in.ptr, (size_t)(nul - in.ptr));
	in = BKT_SPAN(nul + 1, in.len - e.name.len - 1);
	if (!tree_name_safe(e.name))
		return bkt_fail(err, BKT_E_FORMAT, "tree entry has a bad name");
	if (in.len < BKT_OID_LEN)
		return bkt_fail(err, BKT_E_FORMAT, "tree entry is cut short");
	memcpy(e.oid.b, in.ptr, BKT_OID_LEN);
	if (bkt_oid_is_zero(&e.oid))
		return bkt_fail(
		    err, BKT_E_FORMAT, "tree entry names no object");
	if (!tree_order_next(&it->order, e.name, e.dir))
		return bkt_fail(err, BKT_E_FORMAT,
		    "tree entries are not sorted or not unique");
	it->rest = BKT_SPAN(in.ptr + BKT_OID_LEN, in.len - BKT_OID_LEN);
	*out = e;
	*got = true;
	return BKT_OK;
}

bool tree_find(struct bkt_span raw, struct bkt_span name, bool want_dir,
    struct bkt_oid *out)
{
	const uint8_t *p = raw.ptr, *end = raw.ptr + raw.len;

	while (p < end) {
		bool dir = *p == '4';
		const uint8_t *from = p + (dir ? 6 : 7);
		const uint8_t *nul = memchr(from, 0, (size_t)(end - from));

		BKT_ASSERT(nul && end - nul > BKT_OID_LEN);
		if (dir == want_dir && (size_t)(nul - from) == name.len &&
		    memcmp(from, name.ptr, name.len) == 0) {
			memcpy(out->b, nul + 1, BKT_OID_LEN);
			return true;
		}
		p = nul + 1 + BKT_OID_LEN;
	}
	return false;
}

bool tree_path_next(const char **path, struct bkt_span *name, bool *last)
{
	const char *p = *path, *slash = strchr(p, '/');
	struct bkt_span s =
	    slash ? BKT_SPAN(p, (size_t)(slash - p)) : bkt_span_str(p);

	if (!tree_name_safe(s))
		return false;
	*name = s;
	*last = !slash;
	*path = slash ? slash + 1 : p + s.len;
	return true;
}
