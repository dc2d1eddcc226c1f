/*
 * A strict subset of YAML as a tree, with the place of everything, and typed
 * readers that report problems and go on, so that one run finds them all.
 * Every scalar is text here; what it means is decided by who reads it.
 */
#ifndef BUKTI_RULEBOOK_YAML_H
#define BUKTI_RULEBOOK_YAML_H

#include "bukti/base.h"
#include "bukti/rulebook.h"

#define YML_DEPTH_MAX 24
#define YML_LINE_MAX 2000    /* bytes */
#define YML_OPEN_MAX 1000    /* brackets not closed, text included */
#define YML_KEYS_MAX 256     /* keys of one map: keeps the check linear */
#define YML_NODES_MAX 200000 /* after templates are expanded */
#define YML_PROBLEMS_MAX 50

enum yml_kind { YML_SCALAR, YML_MAP, YML_LIST };
struct yml_mark {
	uint32_t line, column; /* from 1; columns are code points */
};
struct yml_node {
	enum yml_kind kind;
	bool plain;       /* scalar without quotes */
	bool fills;       /* for templates: a parameter is inside */
	const char *key;  /* when the parent is a map */
	const char *text; /* scalar; "" otherwise */
	struct yml_node *first, *last, *next;
	size_t n;
	uint32_t key_hash;
	struct yml_mark at, key_at;
};

/** What one reading knows; problems are counted, the first one kept in err. */
struct yml {
	const char *name;
	struct bkt_span src;
	bkt_arena *arena;
	struct bkt_buf *report; /* may be NULL */
	struct bkt_err *err;    /* may be NULL */
	const char *context;    /* e.g. "template kebijakan for I01", or NULL */
	unsigned n_problems;
	size_t n_nodes;
	bool nomem;
};

/**
 * Read one document.
 *
 * @retval BKT_OK       *root is set
 * @retval BKT_E_CONFIG y has the problems
 * @retval BKT_E_NOMEM  nothing is known about the text
 */
BKT_NODISCARD enum bkt_status yml_parse(struct yml *y, struct yml_node **root);

/** Memory from the arena; NULL sets y->nomem. */
void *yml_alloc(struct yml *y, size_t n, size_t size_bytes);
const char *yml_strdup(struct yml *y, const char *s);
/** BKT_OK when no problem and no lack of memory was met so far. */
BKT_NODISCARD enum bkt_status yml_status(const struct yml *y);

BKT_PRINTF(4, 5)
void yml_problem(
    struct yml *y, struct yml_mark at, const char *hint, const char *fmt, ...);
/** A word that is none of the known ones; suggests the nearest. */
void yml_problem_word(struct yml *y, struct yml_mark at, const char *what,
    const char *word, const char *const *known, size_t n);

/* ---- readers ------------------------------------------------------------ */

/** Child of a map; NULL when absent. Never a problem. */
struct yml_node *yml_get(const struct yml_node *map, const char *key);
/** Child that has to be there; a problem at the map otherwise. */
struct yml_node *yml_need(
    struct yml *y, const struct yml_node *map, const char *key);
/** @p node is a map with these keys only. */
bool yml_map_of(struct yml *y, const struct yml_node *node, const char *what,
    const char *const *keys, size_t n);
bool yml_is_map(struct yml *y, const struct yml_node *node, const char *what);
bool yml_is_list(struct yml *y, const struct yml_node *node, const char *what);

/** Text: quoted, or plain and not to be taken for a number, date or boolean by
 * another reader. "" after a problem, or when @p node is NULL. */
const char *yml_text(
    struct yml *y, const struct yml_node *node, const char *what);
/** [A-Za-z0-9][A-Za-z0-9._-]*, at most 60 bytes. */
const char *yml_word(
    struct yml *y, const struct yml_node *node, const char *what);
/** {id: ..., en: ...}, or plain text for id alone. */
struct bkt_text yml_text2(
    struct yml *y, const struct yml_node *node, const char *what);
/** Plain whole number. */
uint64_t yml_u64(struct yml *y, const struct yml_node *node, const char *what,
    uint64_t min, uint64_t max);
bool yml_bool(struct yml *y, const struct yml_node *node, const char *what);
/** Quoted decimal. */
struct bkt_rat yml_rat(
    struct yml *y, const struct yml_node *node, const char *what);
/** Quoted YYYY-MM-DD; BKT_NO_DATE after a problem or for `null`. */
int32_t yml_date(struct yml *y, const struct yml_node *node, const char *what);
/** P2Y or P24M in months. */
unsigned yml_months(
    struct yml *y, const struct yml_node *node, const char *what);
/** List of words (or one word). Repeats are a problem. */
struct bkt_strs yml_words(
    struct yml *y, const struct yml_node *node, const char *what);
/** One of the words: its index, or n after a problem. */
size_t yml_choice(struct yml *y, const struct yml_node *node, const char *what,
    const char *const *words, size_t n);
/** As yml_words, in ascending order of bytes. */
struct bkt_strs yml_words_sorted(
    struct yml *y, const struct yml_node *node, const char *what);

#define YML_N(a) (sizeof(a) / sizeof((a)[0]))

#endif
