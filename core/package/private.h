/*
 * Shared inside the package module only.
 *
 * A package is a pure function of the records as of the release: the layout.
 * Building lays out what the store has; inspecting lays out again what the
 * package says it has, and compares.
 */
#ifndef BUKTI_PACKAGE_PRIVATE_H
#define BUKTI_PACKAGE_PRIVATE_H

#include "bukti/archive.h"
#include "bukti/package.h"

/* one record of the package, with its place in the log */
struct pk_record {
	uint64_t index;
	struct bkt_submission sub; /* parsed is set */
	struct bkt_sha256 sha256;
	struct bkt_proof proof; /* of inclusion in the checkpoint */
};
/* what people read, in words that are not laid down */
#define PK_PAGES 3
extern const char *const pk_pages[PK_PAGES];
struct pk_input {
	uint64_t layout; /* by which the pages are made */
	/* NULL: made here; else as they are, one a pk_pages, ptr NULL: absent
	 */
	const struct bkt_span *pages;
	const char *cycle;
	struct pk_record *records; /* by index */
	size_t n;
	struct bkt_span checkpoint; /* note */
};

struct pk_file {
	const char *path;      /* in the bag, without its base folder */
	struct bkt_span bytes; /* ptr NULL: a document's content */
	struct bkt_sha256 sha256;
	uint64_t size_bytes;
};
/* a document under its name in the package */
struct pk_document {
	const char *document, *path;
	const struct bkt_evidence *evidence; /* the first that brings it */
};
struct pk_layout {
	bkt_arena *arena;
	const char *base; /* folder in the zip */
	const char *name; /* of the zip */
	const struct bkt_record *institution, *release;
	bkt_assess *assess;
	bkt_map *current;      /* path -> struct pk_record * */
	bkt_map *documents;    /* id -> struct pk_document * */
	struct pk_file *files; /* sorted; without the tagmanifest's seals */
	size_t n, max;
	struct bkt_span tagmanifest;
	uint64_t payload_bytes, payload_files;
};
enum bkt_status pk_layout_make(
    const struct pk_input *in, struct pk_layout **out, struct bkt_err *err);
void pk_layout_free(struct pk_layout *l);
BKT_AUTO_DEFINE(struct pk_layout *, pk_layout_free);
const struct pk_file *pk_layout_find(
    const struct pk_layout *l, const char *path);

/* adds a generated or copied file; bytes must live in the arena */
enum bkt_status pk_add(struct pk_layout *l, const char *path,
    struct bkt_span bytes, struct bkt_err *err);
/* the buffer's bytes into the arena, then pk_add */
enum bkt_status pk_add_buf(struct pk_layout *l, const char *path,
    const struct bkt_buf *b, struct bkt_err *err);
/* the page with that name as it is, when it is not made here */
enum bkt_status pk_add_page(struct pk_layout *l, const struct pk_input *in,
    const char *path, struct bkt_err *err);
/* as bukti-package(5) has it, on the page and in the table */
const char *pk_review_word(enum bkt_review_state s);
/* is this evidence left out by the release, and why; NULL: no */
const char *pk_excluded(
    const struct pk_layout *l, const struct bkt_evidence *e);
/* where a document's content lies in the package; NULL: left out */
const char *pk_document_path(const struct pk_layout *l, const char *document);
/* documents in the order of indicators and of the log, under short names */
enum bkt_status pk_name_documents(struct pk_layout *l, struct bkt_err *err);

/* verify.sh: its words, what it checks before the seals it is told of, and
 * after them */
extern const char pk_script[], pk_script_checks[], pk_script_rest[];
/* what people and stock tools read; each adds its files */
enum bkt_status pk_render_page(
    struct pk_layout *l, const struct pk_input *in, struct bkt_err *err);
enum bkt_status pk_render_tables(
    struct pk_layout *l, const struct pk_input *in, struct bkt_err *err);
enum bkt_status pk_render_tools(
    struct pk_layout *l, const struct pk_input *in, struct bkt_err *err);

/* names inside data/meta/records and proofs */
#define PK_INDEX_FMT "%08llu"

/* is a record of this path part of a cycle's package (documents apart) */
bool pk_belongs(const char *path, const char *cycle);

#endif
