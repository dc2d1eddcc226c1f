/*
 * Floor 3: verdicts. Read-only; links no signing code; believes neither index
 * nor hooks nor git configuration.
 */
#ifndef BUKTI_VERIFY_H
#define BUKTI_VERIFY_H

#include "bukti/base.h"
#include "bukti/gitdb.h"
#include "bukti/ledger.h"
#include "bukti/merkle.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Ordered by gravity. */
enum bkt_verdict {
	BKT_INTACT,
	BKT_ERASED,       /* lawful erasure */
	BKT_UNDETERMINED, /* could not tell */
	BKT_UNTRUSTED,
	BKT_MALFORMED,
	BKT_TAMPERED,
};
const char *bkt_verdict_name(enum bkt_verdict v); /* "INTACT" ... */
/** MISSING counts as TAMPERED for records and as incomplete for content. */
enum bkt_verdict bkt_verdict_of(enum bkt_status st);
/** What a report as a whole comes to: BKT_OK, BKT_E_MISSING, BKT_E_TAMPERED
 * for all that is not intact, BKT_E_IO where nothing can be said. */
enum bkt_status bkt_verdict_status(enum bkt_verdict v, bool complete);

/**
 * What a verifier remembers: kept on the verifier's side (--pin) or, as a
 * mere cache, in the store. Text:
 *   bukti-pin/1
 *   key <vkey>
 *   commit <hex>
 *   frontier <base64>
 *   content <size> <RFC 3339>     every object up to this log size was read
 *   <blank>
 *   <checkpoint note>
 */
struct bkt_pin {
	char vkey[256];
	struct bkt_oid commit;
	struct bkt_frontier frontier;
	uint64_t content_size; /* 0: never */
	int64_t content_utc_s;
	struct bkt_checkpoint checkpoint;
	uint8_t note[2048];
	size_t note_len;
};
/** Parses and checks itself: note signed by key, frontier leads to root. */
BKT_NODISCARD enum bkt_status bkt_pin_parse(
    struct bkt_span text, struct bkt_pin *out, struct bkt_err *err);
void bkt_pin_print(const struct bkt_pin *p, struct bkt_buf *out);

struct bkt_verify_options {
	bool cold;                 /* trust no cache: from the genesis entry */
	bool no_content;           /* metadata only */
	const struct bkt_pin *pin; /* verifier's memory; may be NULL */
	/* the store's own; begun from unless cold or pin is given, and the log
	 * must contain it in any case; may be NULL */
	const struct bkt_pin *cache;
	unsigned n_threads; /* 0: all cores */
	const struct bkt_progress *progress;
};

struct bkt_verify_item { /* one thing that is not INTACT */
	enum bkt_verdict verdict;
	bool missing;     /* content absent: INCOMPLETE */
	const char *path; /* of the record, file or object; "" the log */
	int64_t index;    /* entry, -1 none */
	char commit[41];  /* "" none */
	const char *reason;
};
#define BKT_VERIFY_ITEMS_MAX 1000
struct bkt_verify_report {
	enum bkt_verdict verdict; /* the gravest */
	bool complete; /* no content is missing, and the log was read to its
			  end */
	uint64_t n_missing; /* contents; of those that were looked for */
	char origin[128];
	struct bkt_checkpoint checkpoint; /* of the head, signature good */
	struct bkt_oid commit;
	/* counts of this run */
	uint64_t n_commits, n_entries, n_seals, n_objects, n_object_bytes;
	uint64_t n_erased;
	/* metadata: log size up to which everything was checked, and from
	 * which trusted starting size (0: genesis) */
	uint64_t meta_size, meta_from;
	/* content: every object of entries below this size was read and is
	 * right, and when the oldest of these readings was made */
	uint64_t content_size;
	int64_t content_utc_s;
	struct bkt_verify_item *items; /* at most BKT_VERIFY_ITEMS_MAX */
	size_t n_items, n_items_dropped;
	struct bkt_strs notes; /* surroundings that were ignored, for people */
	struct bkt_pin next;   /* to be kept when the verdict is INTACT or
				  ERASED */
	bkt_arena *arena;      /* owns the strings */
};
void bkt_verify_report_release(struct bkt_verify_report *r);
BKT_AUTO_RELEASE(struct bkt_verify_report, bkt_verify_report_release);

/**
 * Verify a store. BKT_OK means that a report was made, whatever its verdict;
 * another status means that the run itself failed.
 * @param[out] out zeroed by the caller
 */
BKT_NODISCARD enum bkt_status bkt_verify_store(const char *dir,
    const struct bkt_verify_options *options, struct bkt_verify_report *out,
    struct bkt_err *err);

#ifdef __cplusplus
}
#endif
#endif
