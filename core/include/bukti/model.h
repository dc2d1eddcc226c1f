/*
 * Floor 1: records, plain structs to and from canonical bytes; paths, ids,
 * entry bytes. Pure: no file, clock or git. The only user of jansson and
 * utf8proc.
 *
 * Canonical form (DESIGN 4.2): exactly what `jq -S .` prints. Strings and
 * whole numbers 0..2^53-1 only. Optional keys are left out when empty (an
 * empty optional value is MALFORMED), so every value has one spelling; read
 * back, an absent string is NULL and an absent list has n = 0. Lists
 * that are sets (by, units, roles, levels, years, covers values) are sorted
 * bytewise (numbers ascending) without repeats.
 */
#ifndef BUKTI_MODEL_H
#define BUKTI_MODEL_H

#include "bukti/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_RECORD_MAX (64 * 1024)
#define BKT_PATH_MAX 240   /* bytes of a path in the tree */
#define BKT_ID_MAX 40      /* member, unit, cycle ids */
#define BKT_NAME_MAX 180   /* original file name, bytes */
#define BKT_DOC_ID_LEN 12  /* [a-z2-7] */
#define BKT_SIGNERS_MAX 16 /* members in `by` */

enum bkt_kind {
	BKT_KIND_INSTITUTION,
	BKT_KIND_ACCESS,
	BKT_KIND_UNIT,
	BKT_KIND_MEMBER,
	BKT_KIND_RULEBOOK,
	BKT_KIND_CYCLE,
	BKT_KIND_DOCUMENT,
	BKT_KIND_LINK,
	BKT_KIND_CLAIM,
	BKT_KIND_REVIEW,
	BKT_KIND_RELEASE,
	BKT_KIND_PACKAGE,
	BKT_KIND_RESULT,
	BKT_KIND_REVOCATION,
	BKT_KIND_HOLD,
	BKT_KIND_ERASURE,
	BKT_N_KINDS
};
const char *bkt_kind_name(enum bkt_kind k); /* "institution" ... */
bool bkt_kind_parse(const char *s, enum bkt_kind *out);

struct bkt_u64s {
	uint64_t *v;
	size_t n;
};

/* institution.json; owns ca.pem (trust anchors, one or more certificates) */
struct bkt_institution {
	const char *name;     /* "Kota Contoh" */
	const char *type;     /* "pusat" | "pemda" */
	const char *note_key; /* store's note verifier key, C2SP vkey */
	const char *ca;       /* hex SHA-256 of ca.pem */
};

/* access.json: who may say what. Compiled from policies/access.yaml */
struct bkt_access_need {
	const char *role;
	uint64_t count; /* >= 1 */
	/* "any": wherever; "unit": one of the member's units is the record's
	 * unit; "assigned": one of the member's units is assigned to the
	 * indicator in the cycle */
	const char *scope;
};
struct bkt_access_rule {
	const char *kind;              /* record kind */
	struct bkt_access_need *needs; /* all must be met */
	size_t n_needs;
	/* signers must not be among: "uploader" (in handed_in_by of the
	 * document or the link), "claimant" (in claimed_by of the claim),
	 * "reviewer" (decided about evidence of the indicator in the cycle).
	 * optional */
	struct bkt_strs distinct_from;
};
struct bkt_access {
	struct bkt_strs roles;         /* all role names, sorted */
	struct bkt_access_rule *rules; /* several for one kind: any may do */
	size_t n_rules;
};

struct bkt_unit {
	const char *unit; /* id */
	const char *name;
	const char *state; /* "active" | "withdrawn" */
};

/* members/M.json; owns members/M.pem (the certificate) */
struct bkt_member {
	const char *member;
	const char *title;     /* office held, no personal name; optional */
	const char *state;     /* "active" | "withdrawn" */
	struct bkt_strs roles; /* may be empty list [] */
	struct bkt_strs units; /* may be empty list [] */
	const char *cert;      /* hex SHA-256 of the certificate's DER */
	const char *request;   /* base64 DER of the PKCS#10: possession */
};

/* rulebooks/ID-EDITION-rN.json; owns the .yaml beside it */
struct bkt_rulebook_rec {
	const char *rulebook; /* stem: "spbe-2020-r1" */
	const char *sha256;   /* of the YAML */
	uint64_t size;
};

struct bkt_assignment {
	const char *indicator;
	const char *due; /* date, optional */
	struct bkt_strs units;
};
/* cycles/C/cycle.json */
struct bkt_cycle {
	const char *cycle;
	const char *rulebook; /* stem of the rulebook record */
	const char *rulebook_sha256;
	const char *cutoff; /* date */
	const char *state;  /* "open" | "closed" */
	const char *target; /* wanted index, decimal; optional */
	struct bkt_assignment *assignments; /* sorted by indicator */
	size_t n_assignments;
};

/** Who is to hand in for an indicator; NULL: it is not in the cycle's list. */
const struct bkt_assignment *bkt_cycle_assignment(
    const struct bkt_cycle *cycle, const char *indicator);

struct bkt_cover {
	const char *tag;
	struct bkt_strs values;
};
/* documents/DD/D/document.json; owns documents/DD/D/content/<name> (pointer) */
struct bkt_document {
	const char *document; /* id */
	const char *unit;
	const char *state; /* "active" | "withdrawn" */
	const char *title;
	const char *type;   /* vocabulary of the rulebook, e.g. "peraturan" */
	const char *number; /* optional */
	const char *date;   /* enacted, signed or held; optional */
	const char *signer; /* office, e.g. "Wali Kota"; optional */
	const char *valid_from, *valid_until, *revoked; /* dates, optional */
	struct bkt_cover *covers; /* sorted by tag; optional */
	size_t n_covers;
	struct bkt_u64s years; /* budget years; optional */
	const char *class_;   /* key "class": "umum" | "terbatas" | "rahasia" */
	const char *personal; /* personal data inside: "yes" | "no" */
	const char *replaces; /* document id it succeeds in law; optional */
	const char *note;     /* optional */
	const char *file;     /* original name */
	const char *media;    /* "application/pdf" */
	const char *sha256;   /* content */
	uint64_t size;        /* content bytes, >= 1 */
	/* everybody who signed a version of it: see bkt_record_hands */
	struct bkt_strs handed_in_by;
};

/* cycles/C/I/evidence/D.json */
struct bkt_link {
	const char *document;
	const char *state;      /* "active" | "withdrawn" */
	struct bkt_u64s levels; /* optional: any level */
	const char *locator;    /* pasal, halaman; optional */
	const char *note;       /* optional */
	/* everybody who signed a version of it: see bkt_record_hands */
	struct bkt_strs handed_in_by;
};

/* cycles/C/I/claim.json */
struct bkt_claim {
	const char *state; /* "active" | "withdrawn" */
	const char *level; /* decimal: "3" or "3.25" */
	const char *fact, *analysis;
	/* everybody who signed a version of it: see bkt_record_hands */
	struct bkt_strs claimed_by;
};

/* cycles/C/I/reviews/D/M.json; by is exactly [M] */
struct bkt_review {
	const char *document;
	const char *decision; /* "accept" | "return" | "reject" */
	const char *cause;    /* code; optional, required unless accept */
	const char *reason;   /* text; optional, required unless accept */
	/* hex SHA-256 of what was looked at; the rulebook judges the document's
	 * metadata, so a decision is about its record too */
	const char *link;            /* the link record */
	const char *document_record; /* the document record */
	const char *content;         /* the content */
};

struct bkt_release_level {
	const char *indicator;
	const char *claimed, *supported, *verified; /* decimals; "" never:
						       "unknown" if not known */
	const char *gap; /* stated reason when below the claim; optional */
};
struct bkt_exclusion {
	const char *path; /* link left out of the package */
	const char *reason;
};
/* cycles/C/release.json */
struct bkt_release {
	const char *cycle;
	uint64_t log_size;    /* the log it speaks about: = its own index */
	const char *log_root; /* base64 */
	const char *rulebook_sha256;
	const char *claimed, *supported, *verified; /* index, exact */
	const char *band;                           /* of the verified index */
	struct bkt_release_level *levels; /* all indicators, rulebook order */
	size_t n_levels;
	struct bkt_exclusion *exclusions; /* sorted by path; may be [] */
	size_t n_exclusions;
};

/* cycles/C/packages/N.json; owns N.tagmanifest.<member>.p7s beside it: the
 * release signers' seals over the bag's tagmanifest */
struct bkt_package_rec {
	const char *cycle;
	uint64_t number;           /* N, 1.. */
	const char *release;       /* hex SHA-256 of the release record */
	const char *tagmanifest;   /* hex SHA-256 */
	struct bkt_strs sealed_by; /* members, sorted = release's by */
	const char *file;          /* name of the zip */
	const char *recipient;     /* office handed to; optional */
};

struct bkt_result_level {
	const char *indicator;
	const char *level; /* decimal */
	const char *note;  /* optional */
};
/* cycles/C/result.json */
struct bkt_result {
	const char *cycle;
	const char *index;    /* decimal as published */
	const char *basis;    /* the decision: number and date */
	const char *document; /* id of the decision in the store; optional */
	struct bkt_result_level *levels;
	size_t n_levels;
};

/* members/M.revocation-<key>.json: a key is revoked once and for ever */
struct bkt_revocation {
	const char *member;
	const char *cert;         /* hex SHA-256 */
	const char *key;          /* hex SHA-256 of SubjectPublicKeyInfo */
	const char *reason;       /* "key-compromise" | "left" | "superseded" |
				     "withdrawn" */
	const char *invalid_from; /* RFC 3339 UTC */
};
/* documents/DD/D/hold.json */
struct bkt_hold {
	const char *document, *state, *basis; /* state "active"|"withdrawn" */
};
/* erasures/CC/<content>.json: found by the content, whoever brings it back */
struct bkt_erasure {
	const char *document;
	const char *content; /* hex SHA-256 erased */
	const char *basis;   /* legal basis and order number */
	const char *reason;
};

struct bkt_record {
	/* common keys; v is always 1 */
	const char *store;
	enum bkt_kind kind;
	const char *path;
	const char *prev; /* hex, or "" */
	int64_t at_utc_s;
	struct bkt_strs by;
	union {
		struct bkt_institution institution;
		struct bkt_access access;
		struct bkt_unit unit;
		struct bkt_member member;
		struct bkt_rulebook_rec rulebook;
		struct bkt_cycle cycle;
		struct bkt_document document;
		struct bkt_link link;
		struct bkt_claim claim;
		struct bkt_review review;
		struct bkt_release release;
		struct bkt_package_rec package;
		struct bkt_result result;
		struct bkt_revocation revocation;
		struct bkt_hold hold;
		struct bkt_erasure erasure;
	} u;
};

/**
 * Parse strictly: JSON without duplicates, known keys only, every field in
 * its grammar, path equal to the one its contents imply, then printed again
 * and compared byte for byte.
 *
 * @param      bytes borrowed
 * @param      arena owns everything in *out
 * @retval BKT_E_FORMAT names key and rule; BKT_E_NOMEM
 */
BKT_NODISCARD enum bkt_status bkt_record_parse(struct bkt_span bytes,
    bkt_arena *arena, struct bkt_record **out, struct bkt_err *err);
/**
 * Print canonically. Checks the same rules as parse (so nothing is ever
 * signed that would not parse). r->path may be NULL: it is then computed into
 * the arena and set.
 */
BKT_NODISCARD enum bkt_status bkt_record_print(struct bkt_record *r,
    bkt_arena *arena, struct bkt_buf *out, struct bkt_err *err);

/** Where a path of the tree belongs. */
enum bkt_path_class {
	BKT_PATH_RECORD, /* <...>.json */
	BKT_PATH_SEAL,   /* <record>.<member>.p7s */
	BKT_PATH_OWNED,  /* ca.pem, M.pem, rulebook yaml, pointer, package seal
			  */
	BKT_PATH_LOG,    /* log/... */
	BKT_PATH_FIXED,  /* .gitattributes */
	BKT_PATH_UNKNOWN
};
struct bkt_path_info { /* spans into the path; empty when not of that kind */
	enum bkt_path_class class_;
	enum bkt_kind kind;
	char cycle[BKT_ID_MAX + 1];
	char indicator[BKT_ID_MAX + 1];
	char document[BKT_DOC_ID_LEN + 1];
	char member[BKT_ID_MAX + 1]; /* member record, reviewer or sealer */
	char unit[BKT_ID_MAX + 1];
	char rulebook[BKT_ID_MAX * 2 + 1];
	char digest[BKT_SHA256_HEX + 1]; /* key revoked, content erased */
	uint64_t number;                 /* packages */
};
/** Classify; never fails: BKT_PATH_UNKNOWN. Rejects anything not exact. */
void bkt_path_classify(const char *path, struct bkt_path_info *out);

/** Ids: member, unit, cycle "[a-z0-9][a-z0-9-]{0,39}"; indicator
 * "[A-Z][A-Za-z0-9-]{0,11}"; document 12 of [a-z2-7]. None is a device name of
 * Windows (con, nul, com1 ...), which no checkout there could hold. */
bool bkt_id_valid(const char *s);
bool bkt_indicator_id_valid(const char *s);
bool bkt_document_id_valid(const char *s);
/** File name as kept: NFC, bkt_text_clean, 1..BKT_NAME_MAX bytes, none of
 * /\:*?"<>|, no leading or trailing space, no trailing and no leading dot (so
 * no .git, .gitattributes, .gitmodules in any spelling that HFS folds to them),
 * no short name of those (git~1), no device name of Windows. */
bool bkt_file_name_valid(const char *s);
/** Make a kept name out of any name: NFC, forbidden characters become '_',
 * cut to BKT_NAME_MAX keeping the extension. NULL only without memory. */
char *bkt_file_name_clean(struct bkt_span raw, bkt_arena *arena);
/** What people take for the same name folded into one: NFC, and small letters
 * for capital ones. For comparing only. NULL only without memory. */
char *bkt_name_fold(struct bkt_span raw, bkt_arena *arena);
bool bkt_origin_valid(const char *s); /* DNS-like, lower case, <= 100 */

/** The list of everybody who ever signed a version of this document, link
 * (`handed_in_by`) or claim (`claimed_by`); NULL: the kind has none. */
struct bkt_strs *bkt_record_hands(struct bkt_record *r);
/**
 * What that list has to be (bukti-record(5)): who signs this version, and who
 * is in the list of the one it replaces.
 *
 * @param      before list of what it replaces; NULL: nothing
 * @param[out] out    in the arena; the strings are those given
 * @retval BKT_E_NOMEM
 */
BKT_NODISCARD enum bkt_status bkt_hands_wanted(const struct bkt_record *r,
    const struct bkt_strs *before, bkt_arena *arena, struct bkt_strs *out,
    struct bkt_err *err);

/** Paths of the files a record owns besides itself and its seals, sorted;
 * e.g. {"members/ani.pem"}. */
BKT_NODISCARD enum bkt_status bkt_record_owned(const struct bkt_record *r,
    bkt_arena *arena, struct bkt_strs *out, struct bkt_err *err);
/** "<path>.<member>.p7s" */
char *bkt_seal_path(
    const char *record_path, const char *member, bkt_arena *arena);

/** The canonical Git LFS pointer for a document's content. */
void bkt_pointer_print(
    const char *sha256_hex, uint64_t size_bytes, struct bkt_buf *out);

/** Records may be shown to people: a stable JSON value as jq -c would print
 * it, for --json output. Escapes a string including quotes. */
void bkt_json_string(struct bkt_buf *out, const char *s);

/* ---- entry bytes (DESIGN 4.4) ------------------------------------------ */

struct bkt_entry_seal {
	const char *member;
	struct bkt_sha256 p7s;
};
struct bkt_entry {
	const char *path;
	struct bkt_sha256 record;
	struct bkt_entry_seal *seals; /* sorted by member */
	size_t n_seals;
};
BKT_NODISCARD enum bkt_status bkt_entry_print(
    const struct bkt_entry *e, struct bkt_buf *out, struct bkt_err *err);
BKT_NODISCARD enum bkt_status bkt_entry_parse(struct bkt_span bytes,
    bkt_arena *arena, struct bkt_entry *out, struct bkt_err *err);

#ifdef __cplusplus
}
#endif
#endif
