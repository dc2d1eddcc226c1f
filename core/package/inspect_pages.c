/*
 * The pages for people have no words that are laid down. A package names the
 * layout that made them: that of this program is compared byte for byte, any
 * other cannot be, which is said. All else is laid out anew either way.
 */
#include <string.h>

#include "inspect.h"

#define LABEL "Bukti-Layout: "
#define INFO_MAX ((size_t)64 * 1024)
#define PAGE_MAX ((size_t)64 << 20)

/* "Bukti-Layout: N" on a line of its own; 0: none. What else stands there is
 * compared with what comes out */
static uint64_t named_layout(struct bkt_span text)
{
	const size_t len = sizeof(LABEL) - 1;
	const char *p = (const char *)text.ptr, *end = p + text.len;

	while (p < end) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		uint64_t n = 0;

		if (!lf)
			return 0;
		if ((size_t)(lf - p) <= len || memcmp(p, LABEL, len) != 0) {
			p = lf + 1;
			continue;
		}
		for (p += len; p < lf; p++) {
			if (*p < '0' || *p > '9' || (n == 0 && *p == '0'))
				return 0;
			n = n * 10 + (uint64_t)(*p - '0');
			if (n > BKT_PACKAGE_LAYOUT_MAX)
				return 0;
		}
		return n;
	}
	return 0;
}

/* an error of the package becomes a finding, unless it was told already */
static enum bkt_status read_or_tell(struct inspection *x, const char *path,
    size_t max_bytes, struct bkt_span *out, struct bkt_err *err)
{
	struct bkt_err why;
	enum bkt_status st = inspect_read(x, path, max_bytes, out, &why);

	if (st == BKT_OK)
		return BKT_OK;
	*out = BKT_SPAN(NULL, 0);
	if (bkt_verdict_of(st) != BKT_UNDETERMINED) {
		inspect_add(x, st, path, -1, why.msg);
		return BKT_OK;
	}
	if (err)
		*err = why;
	return st;
}

static enum bkt_status take_pages(struct inspection *x, struct bkt_err *err)
{
	const char *said = bkt_arena_printf(x->arena,
	    "BUKA-DULU.html, VERIFIKASI.txt and verify.sh: they were made by "
	    "layout %llu, this program makes layout %d and did not compare "
	    "them; they may say anything that the release's signers sealed: "
	    "trust this report and not their words",
	    (unsigned long long)x->report->layout, BKT_PACKAGE_LAYOUT);

	if (!said)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	for (size_t i = 0; i < PK_PAGES; i++)
		BKT_TRY(
		    read_or_tell(x, pk_pages[i], PAGE_MAX, &x->pages[i], err));
	inspect_unchecked(x, said);
	x->in.layout = x->report->layout;
	x->in.pages = x->pages;
	return BKT_OK;
}

enum bkt_status inspect_pages(struct inspection *x, struct bkt_err *err)
{
	struct bkt_span info;

	x->in.layout = BKT_PACKAGE_LAYOUT;
	BKT_TRY(read_or_tell(x, "bag-info.txt", INFO_MAX, &info, err));
	x->report->layout = info.ptr ? named_layout(info) : 0;
	x->report->pages_compared = x->report->layout == BKT_PACKAGE_LAYOUT;
	if (x->report->pages_compared)
		return BKT_OK;
	if (x->report->layout != 0)
		return take_pages(x, err);
	if (info.ptr)
		inspect_add(x, BKT_E_FORMAT, "bag-info.txt", -1,
		    "it does not name the layout of the package");
	return BKT_OK;
}
