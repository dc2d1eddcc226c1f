/* Shared by the two halves of the import. */
#ifndef BUKTI_STORE_IMPORT_H
#define BUKTI_STORE_IMPORT_H

#include "private.h"

/* one link that a row asks for */
struct import_link {
	struct import_link *next;
	uint64_t line;
	const char *indicator;
	struct bkt_u64s levels;
	const char *locator;
};
/* one file of the table with all that its rows say */
struct import_file {
	const char *file; /* as the table has it */
	uint64_t line;    /* first row */
	bool refused;     /* its document did not get in */
	/* in a cell, not by default */
	bool class_said, personal_said;
	struct bkt_document said;
	struct import_link *links, *last;
};
struct import {
	bkt_store *s;
	const struct bkt_import_options *o;
	struct bkt_import_result *result;
	bkt_arena *arena;      /* the table */
	bkt_map *by_file;      /* name -> struct import_file * */
	struct bkt_strs units; /* active */
	bkt_map *bad_lines;
	struct import_file **files;
	size_t n_files;
	bkt_map *by_content;     /* hex -> struct known * of this run */
	bkt_map *linked;         /* path of a link -> the one of this run */
	bkt_map *replaced;       /* id not let in -> record that was there */
	bkt_map *left_out;       /* ids that never come */
	bkt_map *instead;        /* id that never comes -> struct known * */
	bkt_map *adopted;        /* hex -> struct known *: made in its stead */
	bkt_state *rehearsal;    /* dry run: the log as it would be */
	bkt_gitpress *press[64]; /* one a worker */
	struct told *told;       /* newest first, until import_tell */
	size_t n_told;
	struct folder *folder; /* what lies there */
	struct need *needs;    /* what documents that entered lack */
};

/* a problem to be told; the line counts as bad once */
enum bkt_status import_bad(struct import *m, uint64_t line,
    const struct bkt_err *why, struct bkt_err *err);
/* a remark that makes no row bad */
void import_note(struct import *m, uint64_t line, const char *fmt, ...)
    BKT_PRINTF(3, 4);
/* the same with what to do about it */
enum bkt_status import_remark(struct import *m, uint64_t line,
    const struct bkt_err *what, struct bkt_err *err);
/* all that was kept, by line */
void import_tell(struct import *m);
/* a document that enters: what it lacks, told by import_tell_needs */
enum bkt_status import_needs(struct import *m, uint64_t line,
    const struct bkt_document *d, struct bkt_err *err);
/* its file has no end */
enum bkt_status import_cut(
    struct import *m, uint64_t line, struct bkt_err *err);
void import_tell_needs(struct import *m);
/* the table into files and links */
enum bkt_status import_read(struct import *m, struct bkt_err *err);

/* import_folder.c: what lies in the folder; first empty, then looked over */
enum bkt_status import_folder_new(struct import *m, struct bkt_err *err);
enum bkt_status import_folder_read(struct import *m, struct bkt_err *err);
void import_folder_free(struct import *m);
/* a row has this name */
enum bkt_status import_named(
    struct import *m, const char *file, struct bkt_err *err);
/* what a name that is not there may mean, in the arena or the import's; NULL:
 * nothing is near */
const char *import_near(struct import *m, const char *file, bkt_arena *arena);
/* @p why: it is not there, and what is */
enum bkt_status import_missing(struct import *m, const char *file,
    struct bkt_err *why, struct bkt_err *err);
/* into the result: what lies there and no row names */
enum bkt_status import_unnamed(struct import *m, struct bkt_err *err);

/* a file while its round lasts */
struct slot {
	struct import_file *f;
	struct bkt_staged staged;
	bool missing;
	bool leans; /* on the document of another file of this run */
	enum bkt_status status;
	struct bkt_err why;
};
struct made { /* a record of this round and where it came from */
	struct bkt_record *rec;
	struct import_file *file;
	struct import_link *link; /* NULL: the document itself */
	bool settled;             /* refused, and seen to by import_again */
};
struct round {
	struct import *m;
	struct slot *slots;
	size_t n_files;
	bkt_arena *arena;
	struct made *made;
	struct bkt_item *items;
	size_t n, max;
	bkt_arena *seal_arenas[64];
	int64_t at_utc_s;
};

/* the document that has some content */
struct known {
	const char *id;
	const struct bkt_document *says;
	const struct import_file *of; /* NULL: of the store */
};
/* @p says and @p of are borrowed, and live as long as the import */
enum bkt_status import_keep_known(struct import *m, const char *hex,
    const char *id, const struct bkt_document *says,
    const struct import_file *of, struct bkt_err *err);
/* made in this run, or in the store; NULL: neither */
enum bkt_status import_find_known(struct round *r,
    const struct bkt_staged *staged, const struct known **out,
    struct bkt_err *err);
/* what the rows of a file say, is it what the document says: cells left empty
 * say nothing. BKT_E_USAGE: no, and what is other; faults */
enum bkt_status import_agrees(const struct import_file *f,
    const struct known *k, bkt_arena *arena, struct bkt_err *why);

/* a document that stays out: no later row may lean on it */
enum bkt_status import_leave_out(
    struct import *m, const struct bkt_document *d, struct bkt_err *err);
/* links to what stayed out become those of a document of their own file */
enum bkt_status import_adopt(struct round *r, struct bkt_err *err);
/* common keys of something that is new at its path: nothing to look up */
enum bkt_status import_common(
    struct round *r, struct bkt_record *rec, struct bkt_err *err);
/* the same bytes under two names, both for one indicator: told when so */
enum bkt_status import_linked_before(struct round *r, const char *path,
    struct import_link *l, bool *before, struct bkt_err *err);

/* bkt_work_fn over the slots of a round: open, read, hash, stage */
enum bkt_status import_stage(
    void *ctx, size_t item, unsigned worker, struct bkt_err *err);
/* documents and links of what was staged */
enum bkt_status import_make(struct round *r, struct bkt_err *err);
/* bkt_work_fn over the items of a round: signed, checked, compressed */
enum bkt_status import_seal(
    void *ctx, size_t item, unsigned worker, struct bkt_err *err);
/* a link of a document that was there: new or changed, and prepared; or nothing
 * is to be done, and counted: just so already, or taken back */
enum bkt_status import_link_known(struct round *r, const struct import_file *f,
    const struct import_link *l, struct bkt_record *rec, bool *done,
    struct bkt_err *err);
/* a link that was taken back: told */
enum bkt_status import_link_gone(struct round *r, const struct bkt_record *now,
    const struct import_file *f, const struct import_link *l,
    struct bkt_err *err);
/* was this the content of a document that was withdrawn or replaced: told */
enum bkt_status import_document_gone(
    struct round *r, const struct slot *slot, bool *gone, struct bkt_err *err);
/* a second try for what another process made meanwhile */
enum bkt_status import_again(
    struct round *r, struct round *again, struct bkt_err *err);
/* would it enter: a document none of whose links would is taken out and told;
 * status and err of the others are as judged */
enum bkt_status import_rehearse(struct round *r, struct bkt_err *err);
/* what was sealed, in one batch */
enum bkt_status import_submit(struct round *r, struct bkt_err *err);

#endif
