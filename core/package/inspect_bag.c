/* BagIt 1.0 read strictly: both manifests both ways, every byte hashed. */
#include <string.h>

#include "inspect.h"

struct hashing {
	struct inspection *x;
	uint64_t *done; /* one a worker */
	uint64_t total;
	int teller; /* the worker that speaks: the first done with an entry */
};

static bool tell(struct hashing *h, unsigned worker)
{
	uint64_t done = 0;
	int nobody = -1;

	(void)__atomic_compare_exchange_n(&h->teller, &nobody, (int)worker,
	    false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	if (__atomic_load_n(&h->teller, __ATOMIC_RELAXED) != (int)worker)
		return true;
	for (size_t i = 0; i < 64; i++)
		done += __atomic_load_n(&h->done[i], __ATOMIC_RELAXED);
	return bkt_progress_tell(h->x->o->progress, "read", done, h->total);
}

/* first, as it takes longest: the file as such, where it is asked for */
static enum bkt_status hash_one(
    void *ctx, size_t item, unsigned worker, struct bkt_err *err)
{
	struct hashing *h = ctx;
	const struct bkt_zip_entry *e;
	struct bkt_err why;
	enum bkt_status st;

	if (h->x->o->digest_file && item-- == 0)
		return bkt_zip_file_digest(
		    h->x->zip, &h->x->report->sha256, err);
	e = bkt_zip_entry_at(h->x->zip, item);
	st = bkt_zip_digest(h->x->zip, e, &h->x->digests[item], &why);
	if (bkt_verdict_of(st) == BKT_UNDETERMINED) {
		if (err)
			*err = why;
		return st;
	}
	h->x->read_ok[item] = st == BKT_OK;
	__atomic_add_fetch(&h->done[worker], e->size_bytes, __ATOMIC_RELAXED);
	if (!tell(h, worker))
		return bkt_fail(err, BKT_E_INTERRUPTED, "interrupted");
	return BKT_OK;
}

static enum bkt_status hash_all(struct inspection *x, struct bkt_err *err)
{
	size_t n = bkt_zip_count(x->zip);
	size_t n_items = n + (x->o->digest_file ? 1 : 0);
	uint64_t done[64] = { 0 };
	struct hashing h = { .x = x, .done = done, .teller = -1 };

	x->digests = bkt_calloc(n, sizeof(*x->digests));
	x->read_ok = bkt_calloc(n, sizeof(*x->read_ok));
	if (!x->digests || !x->read_ok)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	for (size_t i = 0; i < n; i++)
		h.total += bkt_zip_entry_at(x->zip, i)->size_bytes;
	x->report->n_files = n;
	x->report->n_bytes = h.total;
	BKT_TRY(bkt_parallel(x->o->n_threads, n_items, hash_one, &h, err));
	for (size_t i = 0; i < n; i++) {
		if (!x->read_ok[i])
			inspect_add(x, BKT_E_TAMPERED, inspect_name(x, i), -1,
			    "the content does not have the checksum of the "
			    "archive");
	}
	return BKT_OK;
}

/* one line "<hex>  <path>"; advances */
static bool manifest_line(struct bkt_span *text, struct bkt_sha256 *digest,
    char path[BKT_ZIP_PATH_MAX + 1])
{
	const uint8_t *lf = memchr(text->ptr, '\n', text->len);
	size_t len = lf ? (size_t)(lf - text->ptr) : 0;
	const char *p = (const char *)text->ptr;
	size_t n;

	if (len < BKT_SHA256_HEX + 3 ||
	    !bkt_unhex_n(p, digest->b, BKT_SHA256_LEN) ||
	    memcmp(p + BKT_SHA256_HEX, "  ", 2) != 0)
		return false;
	n = len - BKT_SHA256_HEX - 2;
	if (n > BKT_ZIP_PATH_MAX || memchr(p, '\0', len))
		return false;
	memcpy(path, p + BKT_SHA256_HEX + 2, n);
	path[n] = '\0';
	text->ptr += len + 1;
	text->len -= len + 1;
	return true;
}

static enum bkt_status compare_line(struct inspection *x,
    const struct bkt_sha256 *digest, const char *path, bool *listed)
{
	const struct bkt_zip_entry *e = inspect_find(x, path);
	size_t i;

	if (!e) {
		inspect_add(x, BKT_E_MISSING, path, -1,
		    "listed in the manifest, but not in the package");
		return BKT_OK;
	}
	i = (size_t)(e - bkt_zip_entry_at(x->zip, 0));
	listed[i] = true;
	if (x->read_ok[i] && !bkt_sha256_eq(&x->digests[i], digest))
		inspect_add(x, BKT_E_TAMPERED, path, -1,
		    "the content is not the one that the manifest lists");
	return BKT_OK;
}

/* sorted, so that a path cannot come twice; payload or tag files only */
static enum bkt_status compare_manifest(struct inspection *x, const char *name,
    bool payload, bool *listed, struct bkt_err *err)
{
	char path[BKT_ZIP_PATH_MAX + 1], last[BKT_ZIP_PATH_MAX + 1] = "";
	struct bkt_sha256 digest;
	struct bkt_span text;
	uint64_t line = 0;

	BKT_TRY(inspect_read(x, name, (size_t)64 << 20, &text, err));
	while (text.len > 0) {
		line++;
		if (!manifest_line(&text, &digest, path))
			return bkt_fail(err, BKT_E_FORMAT,
			    "%s line %llu is not \"<sha256>  <path>\"", name,
			    (unsigned long long)line);
		if (strcmp(last, path) >= 0)
			return bkt_fail(err, BKT_E_FORMAT,
			    "%s line %llu is out of order or twice", name,
			    (unsigned long long)line);
		if ((strncmp(path, "data/", 5) == 0) != payload)
			return bkt_fail(err, BKT_E_FORMAT,
			    "%s line %llu does not belong there", name,
			    (unsigned long long)line);
		memcpy(last, path, strlen(path) + 1);
		BKT_TRY(compare_line(x, &digest, path, listed));
	}
	return BKT_OK;
}

static bool may_be_unlisted(const char *name)
{
	return strcmp(name, "tagmanifest-sha256.txt") == 0 ||
	       strncmp(name, "tagmanifest-sha256.txt.", 23) == 0;
}

static enum bkt_status compare_both(
    struct inspection *x, bool *listed, struct bkt_err *err)
{
	struct bkt_err why;
	static const char *const names[] = { "manifest-sha256.txt",
		"tagmanifest-sha256.txt" };

	for (int i = 0; i < 2; i++) {
		enum bkt_status st =
		    compare_manifest(x, names[i], i == 0, listed, &why);

		if (bkt_verdict_of(st) == BKT_UNDETERMINED) {
			if (err)
				*err = why;
			return st;
		}
		if (st != BKT_OK)
			inspect_add(x, st, names[i], -1, why.msg);
	}
	for (size_t i = 0; i < bkt_zip_count(x->zip); i++) {
		if (!listed[i] && !may_be_unlisted(inspect_name(x, i)))
			inspect_add(x, BKT_E_TAMPERED, inspect_name(x, i), -1,
			    "in the package, but in no manifest");
	}
	return BKT_OK;
}

enum bkt_status inspect_bag(struct inspection *x, struct bkt_err *err)
{
	BKT_AUTO(bkt_free)
	bool *listed = bkt_calloc(bkt_zip_count(x->zip), sizeof(*listed));

	if (!listed)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	BKT_TRY(hash_all(x, err));
	return compare_both(x, listed, err);
}
