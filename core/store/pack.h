/* Between what a package says and the file that it becomes. */
#ifndef BUKTI_STORE_PACK_H
#define BUKTI_STORE_PACK_H

#include "private.h"

struct packing {
	bkt_store *s;
	const struct bkt_packing *how;
	struct bkt_packed *out;
	bkt_arena *arena;
	bkt_package_plan *plan;
	/* the release that is current, and the commit that holds it */
	struct bkt_record *release;
	struct bkt_sha256 release_sha256;
	struct bkt_oid commit;
	/* seals over the tagmanifest; fresh: the log does not know them yet */
	struct bkt_sealed *seals;
	size_t n_seals;
	bool fresh;
	uint64_t number;
	const char *tagmanifest; /* its digest in hex */
	const char *name;        /* its own, of the file */
	int64_t at_utc_s;
	struct bkt_record *institution;
	char *path; /* of the file; owned */
};

enum bkt_status pack_nomem(struct bkt_err *err);
/* the record of a fresh package into the log.
 * BKT_E_CONFLICT: somebody else's came first */
enum bkt_status pack_submit(struct packing *p, struct bkt_err *err);

/* pack_file.c */
/* into a folder under the package's own name, or to a file; it may be there
 * only as this very package */
enum bkt_status pack_place(struct packing *p, struct bkt_err *err);
enum bkt_status pack_write(struct packing *p, struct bkt_err *err);

#endif
