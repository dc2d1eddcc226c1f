/* Names that mean one and the same file on every system that unpacks them. */
#include "zip.h"

#include <stdlib.h>
#include <string.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool plain_char(char c)
{
	return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
	       c == '.' || c == '_' || c == '-';
}

static bool same_lower(const char *s, size_t n, const char *word)
{
	if (strlen(word) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (lower(s[i]) != word[i])
			return false;
	return true;
}

/* names that Windows gives to devices in every folder, whatever follows the
 * first dot */
static bool is_device(const char *s, size_t n)
{
	static const char *const words[] = { "con", "prn", "aux", "nul" };
	const char *dot = memchr(s, '.', n);

	if (dot)
		n = (size_t)(dot - s);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (same_lower(s, n, words[i]))
			return true;
	return n == 4 && s[3] >= '0' && s[3] <= '9' &&
	       (same_lower(s, 3, "com") || same_lower(s, 3, "lpt"));
}

static const char *component_fault(const char *s, size_t n)
{
	if (n == 0)
		return "has an empty component";
	for (size_t i = 0; i < n; i++)
		if (!plain_char(s[i]))
			return "has a character outside A-Z a-z 0-9 . _ -";
	if (s[0] == '.' || s[0] == '-')
		return "has a component that begins with . or -";
	if (s[n - 1] == '.')
		return "has a component that ends with a dot";
	if (is_device(s, n))
		return "has a component that names a device";
	return NULL;
}

const char *zip_path_fault(const char *path, size_t len)
{
	size_t from = 0;

	if (len == 0 || len > BKT_ZIP_PATH_MAX)
		return "is empty or too long";
	for (size_t at = 0; at <= len; at++) {
		const char *fault;

		if (at < len && path[at] != '/')
			continue;
		fault = component_fault(path + from, at - from);
		if (fault)
			return fault;
		from = at + 1;
	}
	return NULL;
}

/* ---- together ------------------------------------------------------------ */

static size_t folder_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) : 0;
}

static bool is_entry(
    const struct bkt_zip_entry *v, size_t n, const char *path, size_t len)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strncmp(v[mid].path, path, len);

		if (c == 0 && v[mid].path[len] == '\0')
			return true;
		/* equal so far but longer: sorts after */
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}

/* a file cannot hold files: "a" and "a/b" */
static bool below_a_file(const struct bkt_zip_entry *v, size_t at)
{
	const char *path = v[at].path;
	size_t len = folder_len(path);

	/* neighbours share their folder: looked at with the first of them */
	if (at > 0 && folder_len(v[at - 1].path) == len &&
	    memcmp(v[at - 1].path, path, len) == 0)
		return false;
	for (size_t i = 1; i <= len; i++)
		if (path[i] == '/' && is_entry(v, at, path, i))
			return true;
	return false;
}

static int cmp_folded(const void *a, const void *b)
{
	const struct bkt_zip_entry *const *x = a, *const *y = b;
	const char *s = (*x)->path, *t = (*y)->path;

	while (*s && lower(*s) == lower(*t))
		s++, t++;
	return (unsigned char)lower(*s) - (unsigned char)lower(*t);
}

enum bkt_status zip_names_check(const struct bkt_zip_entry *v, size_t n,
    const char **fault, size_t *which, struct bkt_err *err)
{
	BKT_AUTO(bkt_free)
	const struct bkt_zip_entry **sorted =
	    bkt_calloc(n ? n : 1, sizeof(*sorted));

	if (!sorted)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for names");
	*fault = NULL;
	for (size_t i = 0; i < n; i++) {
		sorted[i] = &v[i];
		if (below_a_file(v, i)) {
			*fault = "lies below another entry";
			*which = i;
			return BKT_OK;
		}
	}
	qsort(sorted, n, sizeof(*sorted), cmp_folded);
	for (size_t i = 1; i < n; i++)
		if (cmp_folded(&sorted[i - 1], &sorted[i]) == 0) {
			*fault = "differs from another only in case";
			*which = (size_t)(sorted[i] - v);
			return BKT_OK;
		}
	return BKT_OK;
}
