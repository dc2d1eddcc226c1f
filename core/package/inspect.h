/* Shared by the inspecting half of the package module. */
#ifndef BUKTI_PACKAGE_INSPECT_H
#define BUKTI_PACKAGE_INSPECT_H

#include "private.h"

struct inspection {
	const struct bkt_inspect_options *o;
	struct bkt_inspect_report *report;
	bkt_zip *zip;
	const char *base; /* the one folder, with its '/' */
	size_t base_len;
	struct bkt_sha256 *digests; /* one a zip entry */
	bool *read_ok;
	bkt_map *told; /* paths that the report is about, told or dropped */
	struct pk_input in;
	struct bkt_span pages[PK_PAGES]; /* when made by another layout */
	bkt_arena *arena;                /* the report's */
};

void inspect_add(struct inspection *x, enum bkt_status st, const char *path,
    int64_t index, const char *reason);
/* is the report about that path already */
bool inspect_told(const struct inspection *x, const char *path);
void inspect_unchecked(struct inspection *x, const char *what);

/* entry below the base folder; NULL: absent */
const struct bkt_zip_entry *inspect_find(
    const struct inspection *x, const char *path);
const char *inspect_name(const struct inspection *x, size_t i);
/* whole small file into the arena; BKT_E_MISSING */
enum bkt_status inspect_read(struct inspection *x, const char *path,
    size_t max_bytes, struct bkt_span *out, struct bkt_err *err);

/* digests of everything, manifests both ways */
enum bkt_status inspect_bag(struct inspection *x, struct bkt_err *err);
/* fills in->records, checkpoint; structure only */
enum bkt_status inspect_load(struct inspection *x, struct bkt_err *err);
/* signatures, proofs, authority, in log order */
enum bkt_status inspect_records(
    struct inspection *x, bkt_state *state, struct bkt_err *err);
/* which layout made the pages, and them as they are when it is another one */
enum bkt_status inspect_pages(struct inspection *x, struct bkt_err *err);
/* the layout the records give against the files that are there */
enum bkt_status inspect_layout(
    struct inspection *x, bkt_state *state, struct bkt_err *err);

#endif
