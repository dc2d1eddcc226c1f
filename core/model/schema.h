/*
 * One description of every record: parse, check and print all walk these
 * tables, so they cannot disagree about a key.
 */
#ifndef BUKTI_MODEL_SCHEMA_H
#define BUKTI_MODEL_SCHEMA_H

#include "bukti/model.h"

#define MODEL_INT_MAX UINT64_C(9007199254740991) /* 2^53 - 1 */
#define MODEL_DEPTH_MAX 8

enum field_type {
	FIELD_VERSION, /* the constant 1; no storage */
	FIELD_KIND,
	FIELD_TIME, /* int64_t, RFC 3339 in the file */
	FIELD_STR,
	FIELD_U64,
	FIELD_STRS, /* struct bkt_strs, sorted set */
	FIELD_U64S, /* struct bkt_u64s, ascending set */
	FIELD_LIST, /* pointer and count, objects of the item schema */
};

enum list_order {
	ORDER_GIVEN,  /* the order says something; repeats are allowed */
	ORDER_UNIQUE, /* the order says something; the key is never repeated */
	ORDER_SORTED, /* by the key, never repeated */
};

struct field;
/* @retval BKT_E_FORMAT the words continue "<key> ..." */
typedef enum bkt_status (*value_check)(
    const struct field *f, const char *s, struct bkt_err *err);

struct schema {
	const struct field *fields; /* sorted by key */
	size_t n;
	size_t size_bytes; /* of the struct; items only */
};

struct field {
	const char *key;
	enum field_type type;
	bool required;
	size_t offset;            /* of the value, or of a list's pointer */
	size_t count_offset;      /* FIELD_LIST */
	value_check check;        /* strings, and each string of a set */
	const char *const *words; /* for check_word; ends with NULL */
	uint64_t min, max;        /* bytes of a text, or value of a number */
	uint64_t min_items;
	const struct schema *item; /* FIELD_LIST */
	enum list_order order;     /* FIELD_LIST */
	size_t key_offset;         /* const char * in the item, for order */
};

extern const struct schema schema_common;
extern const struct schema schema_kind[BKT_N_KINDS];

/* where the members of this schema start inside the record */
static inline void *schema_base(struct bkt_record *r, bool common)
{
	return common ? (void *)r : (void *)&r->u;
}

/* value checks, in check_value.c */
enum bkt_status check_text(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_word(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_origin(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_id(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_indicator(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_document_id(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_stem(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_code(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_tag_value(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_hex(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_prev(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_date(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_time(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_decimal(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_decimal_or_unknown(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_exact(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_kind_name(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_base64(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_note_key(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_media(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_file_name(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_plain_name(
    const struct field *f, const char *s, struct bkt_err *err);
enum bkt_status check_tree_path(
    const struct field *f, const char *s, struct bkt_err *err);

/* every field in its grammar, and the rules between fields, in check.c */
BKT_NODISCARD enum bkt_status record_check(
    const struct bkt_record *r, struct bkt_err *err);
/* rules between fields of one record, in rules.c */
BKT_NODISCARD enum bkt_status record_rules(
    const struct bkt_record *r, struct bkt_err *err);
/*
 * Two ways in, before any check. The JSON parser is the reference: it judges.
 * The canonical reader takes only what is canonical already, and quickly.
 */
BKT_NODISCARD enum bkt_status record_read_json(struct bkt_span bytes,
    bkt_arena *arena, struct bkt_record **out, struct bkt_err *err);
BKT_NODISCARD bool record_read_canonical(
    struct bkt_span bytes, bkt_arena *arena, struct bkt_record **out);
/* append the canonical form of a record that record_check passed */
void record_emit(const struct bkt_record *r, struct bkt_buf *out);

#endif
