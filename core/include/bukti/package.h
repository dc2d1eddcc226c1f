/*
 * Floor 4: build and inspect submission packages (DESIGN 4.7). Inspecting is
 * in libbukti-verify and needs no store; building is in libbukti.
 */
#ifndef BUKTI_PACKAGE_H
#define BUKTI_PACKAGE_H

#include "bukti/base.h"
#include "bukti/assess.h"
#include "bukti/ledger.h"
#include "bukti/objects.h"
#include "bukti/verify.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The words of BUKA-DULU.html, VERIFIKASI.txt and verify.sh as this program
 * makes them. They are not laid down, so their number goes up whenever a byte
 * of them changes: a package of another number is not taken for a forgery. */
#define BKT_PACKAGE_LAYOUT 1
#define BKT_PACKAGE_LAYOUT_MAX 999999

struct bkt_inspect_options {
	const struct bkt_pin *pin; /* or: */
	const char *vkey; /* store key known by another way; NULL: taken from
			     the package itself, and said so */
	const char *ca_sha256; /* likewise the CA; may be NULL */
	bool digest_file;      /* the file's own digest too, in the same run */
	unsigned n_threads;
	const struct bkt_progress *progress;
};
struct bkt_inspect_report {
	enum bkt_verdict verdict;
	bool complete; /* also false where nothing could be looked at */
	bool lacks;    /* something is known to be missing */
	char origin[128];
	char cycle[64];
	struct bkt_checkpoint checkpoint;
	uint64_t n_files, n_bytes, n_records, n_seals, n_documents;
	uint64_t file_bytes;      /* of the package file itself */
	uint64_t layout;          /* that the package names; 0: none */
	bool pages_compared;      /* is that the one made here */
	struct bkt_sha256 sha256; /* when asked for */
	char claimed[48], supported[48], verified[48], band[64];
	struct bkt_strs signers;   /* of the tagmanifest and release */
	struct bkt_strs omissions; /* excluded by the release, and why */
	struct bkt_strs gaps;      /* indicators released incomplete, and why */
	struct bkt_verify_item *items; /* path inside the package */
	size_t n_items, n_items_dropped;
	struct bkt_strs unchecked; /* what was not checked, for people */
	bkt_arena *arena;
};
void bkt_inspect_report_release(struct bkt_inspect_report *r);
BKT_AUTO_RELEASE(struct bkt_inspect_report, bkt_inspect_report_release);
/**
 * Strict zip and bag, manifests both ways, every record's canonical form,
 * seals, registry authority of the signers as packed, inclusion proofs against
 * the checkpoint, pointers against records and content, release numbers
 * recomputed from the packed facts, completeness against the release.
 * BKT_OK: there is a report, whatever its verdict.
 */
BKT_NODISCARD enum bkt_status bkt_package_inspect(const char *file,
    const struct bkt_inspect_options *options, struct bkt_inspect_report *out,
    struct bkt_err *err);

/* ---- building (libbukti only) ------------------------------------------- */

/** A package laid out but not written: pure function of the release commit. */
typedef struct bkt_package_plan bkt_package_plan;
/**
 * @param at     the commit that holds the release; everything is read as of it
 * @param leaves all leaves of the log up to that commit's size; checked
 *               against the checkpoint
 * @retval BKT_E_MISSING, BKT_E_TAMPERED a document is not there
 */
BKT_NODISCARD enum bkt_status bkt_package_plan_make(const bkt_ledger *l,
    const bkt_objects *objects, const struct bkt_oid *at, const char *cycle,
    const struct bkt_sha256 *leaves, uint64_t n_leaves, bkt_package_plan **out,
    struct bkt_err *err);
void bkt_package_plan_free(bkt_package_plan *p);
BKT_AUTO_DEFINE(bkt_package_plan *, bkt_package_plan_free);
/** tagmanifest-sha256.txt, what the release's signers seal. Borrowed. */
struct bkt_span bkt_package_tagmanifest(const bkt_package_plan *p);
/** Name of the zip, "bukti-<origin>-<cycle>.zip". Borrowed. */
const char *bkt_package_name(const bkt_package_plan *p);
uint64_t bkt_package_bytes(const bkt_package_plan *p);
/** Write the zip to fd. Each document is hashed as it is written.
 * @param seals by the release's signers, sorted by member */
BKT_NODISCARD enum bkt_status bkt_package_write(const bkt_package_plan *p,
    const struct bkt_sealed *seals, size_t n_seals, int fd,
    const struct bkt_progress *progress, struct bkt_err *err);

#ifdef __cplusplus
}
#endif
#endif
