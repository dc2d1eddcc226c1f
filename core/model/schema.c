#include "schema.h"

#define HEX_LEN 64
#define TITLE_MAX 300
#define PROSE_MAX 8000
#define PERSON_FREE_NAME_MAX 200
#define LOCATOR_MAX 300
#define NUMBER_MAX 120
#define SIGNER_MAX 200
#define BASIS_MAX 1000
#define BAND_MAX 100
#define REQUEST_MAX 8192
#define PACKAGE_FILE_MAX 120
#define LEVEL_MAX 99
#define PACKAGE_NUMBER_MAX 999999

/* ---- building blocks --------------------------------------------------- */

#define REQUIRED true
#define OPTIONAL false
#define STR(s, m, k, req, chk)                                    \
	{                                                         \
		.key = (k), .type = FIELD_STR, .required = (req), \
		.offset = offsetof(struct s, m), .check = (chk)   \
	}
#define TEXT(s, m, k, req, limit)                                     \
	{                                                             \
		.key = (k), .type = FIELD_STR, .required = (req),     \
		.offset = offsetof(struct s, m), .check = check_text, \
		.max = (limit)                                        \
	}
#define WORD(s, m, k, list)                                           \
	{                                                             \
		.key = (k), .type = FIELD_STR, .required = true,      \
		.offset = offsetof(struct s, m), .check = check_word, \
		.words = (list)                                       \
	}
#define WHOLE(s, m, k, lo, hi)                                            \
	{                                                                 \
		.key = (k), .type = FIELD_U64, .required = true,          \
		.offset = offsetof(struct s, m), .min = (lo), .max = (hi) \
	}
#define WORDS_SET(s, m, k, req, chk, at_least)                     \
	{                                                          \
		.key = (k), .type = FIELD_STRS, .required = (req), \
		.offset = offsetof(struct s, m), .check = (chk),   \
		.min_items = (at_least)                            \
	}
#define WHOLE_SET(s, m, k, req, lo, hi)                                    \
	{                                                                  \
		.key = (k), .type = FIELD_U64S, .required = (req),         \
		.offset = offsetof(struct s, m), .min = (lo), .max = (hi), \
		.min_items = 1                                             \
	}
#define LIST(s, m, nm, k, req, at_least, sch, ord, keyed)                      \
	{                                                                      \
		.key = (k), .type = FIELD_LIST, .required = (req),             \
		.offset = offsetof(struct s, m),                               \
		.count_offset = offsetof(struct s, nm), .item = &(sch),        \
		.order = (ord), .key_offset = (keyed), .min_items = (at_least) \
	}
#define SCHEMA(rows, type)                                                    \
	{                                                                     \
		(rows), sizeof(rows) / sizeof((rows)[0]), sizeof(struct type) \
	}

static const char *const w_type[] = { "pemda", "pusat", NULL };
static const char *const w_state[] = { "active", "withdrawn", NULL };
static const char *const w_cycle[] = { "closed", "open", NULL };
static const char *const w_class[] = { "rahasia", "terbatas", "umum", NULL };
static const char *const w_yes_no[] = { "no", "yes", NULL };
static const char *const w_decision[] = { "accept", "reject", "return", NULL };
static const char *const w_scope[] = { "any", "assigned", "unit", NULL };
static const char *const w_distinct[] = { "claimant", "reviewer", "uploader",
	NULL };
static const char *const w_revoked[] = { "key-compromise", "left", "superseded",
	"withdrawn", NULL };

/* ---- common keys ------------------------------------------------------- */

static const struct field f_common[] = {
	{ .key = "at",
	    .type = FIELD_TIME,
	    .required = true,
	    .offset = offsetof(struct bkt_record, at_utc_s) },
	{ .key = "by",
	    .type = FIELD_STRS,
	    .required = true,
	    .offset = offsetof(struct bkt_record, by),
	    .check = check_id,
	    .min_items = 1 },
	{ .key = "kind", .type = FIELD_KIND, .required = true },
	STR(bkt_record, path, "path", REQUIRED, check_tree_path),
	STR(bkt_record, prev, "prev", REQUIRED, check_prev),
	STR(bkt_record, store, "store", REQUIRED, check_origin),
	{ .key = "v", .type = FIELD_VERSION, .required = true },
};
const struct schema schema_common = SCHEMA(f_common, bkt_record);

/* ---- items of lists ---------------------------------------------------- */

static const struct field f_need[] = {
	WHOLE(bkt_access_need, count, "count", 1, BKT_SIGNERS_MAX),
	STR(bkt_access_need, role, "role", REQUIRED, check_id),
	WORD(bkt_access_need, scope, "scope", w_scope),
};
static const struct schema s_need = SCHEMA(f_need, bkt_access_need);

static const struct field f_rule[] = {
	{ .key = "distinct_from",
	    .type = FIELD_STRS,
	    .offset = offsetof(struct bkt_access_rule, distinct_from),
	    .check = check_word,
	    .words = w_distinct,
	    .min_items = 1 },
	STR(bkt_access_rule, kind, "kind", REQUIRED, check_kind_name),
	LIST(bkt_access_rule, needs, n_needs, "needs", REQUIRED, 1, s_need,
	    ORDER_GIVEN, 0),
};
static const struct schema s_rule = SCHEMA(f_rule, bkt_access_rule);

static const struct field f_assignment[] = {
	STR(bkt_assignment, due, "due", OPTIONAL, check_date),
	STR(bkt_assignment, indicator, "indicator", REQUIRED, check_indicator),
	WORDS_SET(bkt_assignment, units, "units", REQUIRED, check_id, 0),
};
static const struct schema s_assignment = SCHEMA(f_assignment, bkt_assignment);

static const struct field f_cover[] = {
	STR(bkt_cover, tag, "tag", REQUIRED, check_code),
	WORDS_SET(bkt_cover, values, "values", REQUIRED, check_tag_value, 1),
};
static const struct schema s_cover = SCHEMA(f_cover, bkt_cover);

static const struct field f_release_level[] = {
	STR(bkt_release_level, claimed, "claimed", REQUIRED,
	    check_decimal_or_unknown),
	TEXT(bkt_release_level, gap, "gap", OPTIONAL, PROSE_MAX),
	STR(bkt_release_level, indicator, "indicator", REQUIRED,
	    check_indicator),
	STR(bkt_release_level, supported, "supported", REQUIRED,
	    check_decimal_or_unknown),
	STR(bkt_release_level, verified, "verified", REQUIRED,
	    check_decimal_or_unknown),
};
static const struct schema s_release_level =
    SCHEMA(f_release_level, bkt_release_level);

static const struct field f_exclusion[] = {
	STR(bkt_exclusion, path, "path", REQUIRED, check_tree_path),
	TEXT(bkt_exclusion, reason, "reason", REQUIRED, PROSE_MAX),
};
static const struct schema s_exclusion = SCHEMA(f_exclusion, bkt_exclusion);

static const struct field f_result_level[] = {
	STR(bkt_result_level, indicator, "indicator", REQUIRED,
	    check_indicator),
	STR(bkt_result_level, level, "level", REQUIRED, check_decimal),
	TEXT(bkt_result_level, note, "note", OPTIONAL, PROSE_MAX),
};
static const struct schema s_result_level =
    SCHEMA(f_result_level, bkt_result_level);

/* ---- kinds ------------------------------------------------------------- */

static const struct field f_institution[] = {
	STR(bkt_institution, ca, "ca", REQUIRED, check_hex),
	TEXT(bkt_institution, name, "name", REQUIRED, PERSON_FREE_NAME_MAX),
	STR(bkt_institution, note_key, "note_key", REQUIRED, check_note_key),
	WORD(bkt_institution, type, "type", w_type),
};
static const struct field f_access[] = {
	WORDS_SET(bkt_access, roles, "roles", REQUIRED, check_id, 1),
	LIST(bkt_access, rules, n_rules, "rules", REQUIRED, 1, s_rule,
	    ORDER_GIVEN, 0),
};
static const struct field f_unit[] = {
	TEXT(bkt_unit, name, "name", REQUIRED, PERSON_FREE_NAME_MAX),
	WORD(bkt_unit, state, "state", w_state),
	STR(bkt_unit, unit, "unit", REQUIRED, check_id),
};
static const struct field f_member[] = {
	STR(bkt_member, cert, "cert", REQUIRED, check_hex),
	STR(bkt_member, member, "member", REQUIRED, check_id),
	{ .key = "request",
	    .type = FIELD_STR,
	    .required = true,
	    .offset = offsetof(struct bkt_member, request),
	    .check = check_base64,
	    .max = REQUEST_MAX },
	WORDS_SET(bkt_member, roles, "roles", REQUIRED, check_id, 0),
	WORD(bkt_member, state, "state", w_state),
	TEXT(bkt_member, title, "title", OPTIONAL, TITLE_MAX),
	WORDS_SET(bkt_member, units, "units", REQUIRED, check_id, 0),
};
static const struct field f_rulebook[] = {
	STR(bkt_rulebook_rec, rulebook, "rulebook", REQUIRED, check_stem),
	STR(bkt_rulebook_rec, sha256, "sha256", REQUIRED, check_hex),
	WHOLE(bkt_rulebook_rec, size, "size", 1, MODEL_INT_MAX),
};
static const struct field f_cycle[] = {
	LIST(bkt_cycle, assignments, n_assignments, "assignments", REQUIRED, 0,
	    s_assignment, ORDER_SORTED,
	    offsetof(struct bkt_assignment, indicator)),
	STR(bkt_cycle, cutoff, "cutoff", REQUIRED, check_date),
	STR(bkt_cycle, cycle, "cycle", REQUIRED, check_id),
	STR(bkt_cycle, rulebook, "rulebook", REQUIRED, check_stem),
	STR(bkt_cycle, rulebook_sha256, "rulebook_sha256", REQUIRED, check_hex),
	WORD(bkt_cycle, state, "state", w_cycle),
	STR(bkt_cycle, target, "target", OPTIONAL, check_decimal),
};
static const struct field f_document[] = {
	WORD(bkt_document, class_, "class", w_class),
	LIST(bkt_document, covers, n_covers, "covers", OPTIONAL, 1, s_cover,
	    ORDER_SORTED, offsetof(struct bkt_cover, tag)),
	STR(bkt_document, date, "date", OPTIONAL, check_date),
	STR(bkt_document, document, "document", REQUIRED, check_document_id),
	STR(bkt_document, file, "file", REQUIRED, check_file_name),
	WORDS_SET(
	    bkt_document, handed_in_by, "handed_in_by", REQUIRED, check_id, 1),
	STR(bkt_document, media, "media", REQUIRED, check_media),
	TEXT(bkt_document, note, "note", OPTIONAL, PROSE_MAX),
	TEXT(bkt_document, number, "number", OPTIONAL, NUMBER_MAX),
	WORD(bkt_document, personal, "personal", w_yes_no),
	STR(bkt_document, replaces, "replaces", OPTIONAL, check_document_id),
	STR(bkt_document, revoked, "revoked", OPTIONAL, check_date),
	STR(bkt_document, sha256, "sha256", REQUIRED, check_hex),
	TEXT(bkt_document, signer, "signer", OPTIONAL, SIGNER_MAX),
	WHOLE(bkt_document, size, "size", 1, MODEL_INT_MAX),
	WORD(bkt_document, state, "state", w_state),
	TEXT(bkt_document, title, "title", REQUIRED, TITLE_MAX),
	STR(bkt_document, type, "type", REQUIRED, check_code),
	STR(bkt_document, unit, "unit", REQUIRED, check_id),
	STR(bkt_document, valid_from, "valid_from", OPTIONAL, check_date),
	STR(bkt_document, valid_until, "valid_until", OPTIONAL, check_date),
	WHOLE_SET(bkt_document, years, "years", OPTIONAL, 1900, 9999),
};
static const struct field f_link[] = {
	STR(bkt_link, document, "document", REQUIRED, check_document_id),
	WORDS_SET(
	    bkt_link, handed_in_by, "handed_in_by", REQUIRED, check_id, 1),
	WHOLE_SET(bkt_link, levels, "levels", OPTIONAL, 1, LEVEL_MAX),
	TEXT(bkt_link, locator, "locator", OPTIONAL, LOCATOR_MAX),
	TEXT(bkt_link, note, "note", OPTIONAL, PROSE_MAX),
	WORD(bkt_link, state, "state", w_state),
};
static const struct field f_claim[] = {
	TEXT(bkt_claim, analysis, "analysis", REQUIRED, PROSE_MAX),
	WORDS_SET(bkt_claim, claimed_by, "claimed_by", REQUIRED, check_id, 1),
	TEXT(bkt_claim, fact, "fact", REQUIRED, PROSE_MAX),
	STR(bkt_claim, level, "level", REQUIRED, check_decimal),
	WORD(bkt_claim, state, "state", w_state),
};
static const struct field f_review[] = {
	STR(bkt_review, cause, "cause", OPTIONAL, check_code),
	STR(bkt_review, content, "content", REQUIRED, check_hex),
	WORD(bkt_review, decision, "decision", w_decision),
	STR(bkt_review, document, "document", REQUIRED, check_document_id),
	STR(bkt_review, document_record, "document_record", REQUIRED,
	    check_hex),
	STR(bkt_review, link, "link", REQUIRED, check_hex),
	TEXT(bkt_review, reason, "reason", OPTIONAL, PROSE_MAX),
};
static const struct field f_release[] = {
	TEXT(bkt_release, band, "band", REQUIRED, BAND_MAX),
	STR(bkt_release, claimed, "claimed", REQUIRED, check_exact),
	STR(bkt_release, cycle, "cycle", REQUIRED, check_id),
	LIST(bkt_release, exclusions, n_exclusions, "exclusions", REQUIRED, 0,
	    s_exclusion, ORDER_SORTED, offsetof(struct bkt_exclusion, path)),
	LIST(bkt_release, levels, n_levels, "levels", REQUIRED, 1,
	    s_release_level, ORDER_UNIQUE,
	    offsetof(struct bkt_release_level, indicator)),
	{ .key = "log_root",
	    .type = FIELD_STR,
	    .required = true,
	    .offset = offsetof(struct bkt_release, log_root),
	    .check = check_base64,
	    .min = 44,
	    .max = 44 },
	WHOLE(bkt_release, log_size, "log_size", 1, MODEL_INT_MAX),
	STR(bkt_release, rulebook_sha256, "rulebook_sha256", REQUIRED,
	    check_hex),
	STR(bkt_release, supported, "supported", REQUIRED, check_exact),
	STR(bkt_release, verified, "verified", REQUIRED, check_exact),
};
static const struct field f_package[] = {
	STR(bkt_package_rec, cycle, "cycle", REQUIRED, check_id),
	{ .key = "file",
	    .type = FIELD_STR,
	    .required = true,
	    .offset = offsetof(struct bkt_package_rec, file),
	    .check = check_plain_name,
	    .max = PACKAGE_FILE_MAX },
	WHOLE(bkt_package_rec, number, "number", 1, PACKAGE_NUMBER_MAX),
	TEXT(bkt_package_rec, recipient, "recipient", OPTIONAL,
	    PERSON_FREE_NAME_MAX),
	STR(bkt_package_rec, release, "release", REQUIRED, check_hex),
	WORDS_SET(
	    bkt_package_rec, sealed_by, "sealed_by", REQUIRED, check_id, 1),
	STR(bkt_package_rec, tagmanifest, "tagmanifest", REQUIRED, check_hex),
};
static const struct field f_result[] = {
	TEXT(bkt_result, basis, "basis", REQUIRED, BASIS_MAX),
	STR(bkt_result, cycle, "cycle", REQUIRED, check_id),
	STR(bkt_result, document, "document", OPTIONAL, check_document_id),
	STR(bkt_result, index, "index", REQUIRED, check_decimal),
	LIST(bkt_result, levels, n_levels, "levels", REQUIRED, 0,
	    s_result_level, ORDER_UNIQUE,
	    offsetof(struct bkt_result_level, indicator)),
};
static const struct field f_revocation[] = {
	STR(bkt_revocation, cert, "cert", REQUIRED, check_hex),
	STR(bkt_revocation, invalid_from, "invalid_from", REQUIRED, check_time),
	STR(bkt_revocation, key, "key", REQUIRED, check_hex),
	STR(bkt_revocation, member, "member", REQUIRED, check_id),
	WORD(bkt_revocation, reason, "reason", w_revoked),
};
static const struct field f_hold[] = {
	TEXT(bkt_hold, basis, "basis", REQUIRED, BASIS_MAX),
	STR(bkt_hold, document, "document", REQUIRED, check_document_id),
	WORD(bkt_hold, state, "state", w_state),
};
static const struct field f_erasure[] = {
	TEXT(bkt_erasure, basis, "basis", REQUIRED, BASIS_MAX),
	STR(bkt_erasure, content, "content", REQUIRED, check_hex),
	STR(bkt_erasure, document, "document", REQUIRED, check_document_id),
	TEXT(bkt_erasure, reason, "reason", REQUIRED, PROSE_MAX),
};

const struct schema schema_kind[BKT_N_KINDS] = {
	[BKT_KIND_INSTITUTION] = SCHEMA(f_institution, bkt_institution),
	[BKT_KIND_ACCESS] = SCHEMA(f_access, bkt_access),
	[BKT_KIND_UNIT] = SCHEMA(f_unit, bkt_unit),
	[BKT_KIND_MEMBER] = SCHEMA(f_member, bkt_member),
	[BKT_KIND_RULEBOOK] = SCHEMA(f_rulebook, bkt_rulebook_rec),
	[BKT_KIND_CYCLE] = SCHEMA(f_cycle, bkt_cycle),
	[BKT_KIND_DOCUMENT] = SCHEMA(f_document, bkt_document),
	[BKT_KIND_LINK] = SCHEMA(f_link, bkt_link),
	[BKT_KIND_CLAIM] = SCHEMA(f_claim, bkt_claim),
	[BKT_KIND_REVIEW] = SCHEMA(f_review, bkt_review),
	[BKT_KIND_RELEASE] = SCHEMA(f_release, bkt_release),
	[BKT_KIND_PACKAGE] = SCHEMA(f_package, bkt_package_rec),
	[BKT_KIND_RESULT] = SCHEMA(f_result, bkt_result),
	[BKT_KIND_REVOCATION] = SCHEMA(f_revocation, bkt_revocation),
	[BKT_KIND_HOLD] = SCHEMA(f_hold, bkt_hold),
	[BKT_KIND_ERASURE] = SCHEMA(f_erasure, bkt_erasure),
};
