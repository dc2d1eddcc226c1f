/*
 * The program: what its verbs share.
 *
 * A verb is one file cmd_<verb>.c that exports one `const struct cli_cmd`,
 * named in table.c. From the table come dispatch, --help, `bukti help`,
 * suggestions for misspelt words and the check of the man pages. To add one:
 *
 *   1. cmd_<verb>.c: an option table ended by { 0 }, run(), and the struct;
 *   2. its name in table.c (two lines);
 *   3. man/bukti-<verb>.1 naming every option (tests/lint/man.t looks).
 *
 * run() gets options already parsed (cli_opt, cli_flag, cli_opt_nth),
 * arguments in c->argv, and, unless CLI_NO_STORE, an open store. It prints its
 * result to stdout, everything else to stderr (cli_note), and returns a status
 * with the reason in *err; main() prints the reason and turns the status into
 * the exit code (cli_exit_code). A status with an empty message means that
 * run() has said all there is to say: so a check that found something returns
 * BKT_E_FINDINGS with no message after its table.
 *
 * What a record says goes through cli_text before it is printed. Nothing here
 * decides about evidence: what another front end would want lives in core/.
 */
#ifndef BUKTI_CLI_H
#define BUKTI_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "bukti/base.h"
#include "bukti/model.h"
#include "bukti/rulebook.h"
#include "bukti/store.h"

/* ---- verbs -------------------------------------------------------------- */

struct cli;

struct cli_opt {
	const char *name;  /* long name without dashes */
	const char *value; /* what its value is called; NULL: a flag */
	const char *help;
	char letter; /* one-letter form, or 0 */
	bool many;   /* may be repeated */
};

#define CLI_READS 1u    /* opens the store */
#define CLI_WRITES 2u   /* opens the store and signs: signing options */
#define CLI_NO_STORE 4u /* run() finds the store itself, if it needs one */
#define CLI_SIGNS 8u    /* signing options without the promise of a store */
#define CLI_JSON 16u    /* has --json */
#define CLI_ANY_ARGS 1000u

struct cli_cmd {
	const char *name;
	const char *summary;           /* one line, no full stop */
	const char *usage;             /* after the name; "" none */
	const char *details;           /* for --help; may be NULL */
	const struct cli_opt *options; /* ended by a NULL name; may be NULL */
	const struct cli_cmd *const *subs; /* verbs below it, NULL at the end */
	unsigned flags;
	unsigned min_args, max_args;
	enum bkt_status (*run)(struct cli *c, struct bkt_err *err);
};

/** All verbs in the order of the help, NULL at the end. */
extern const struct cli_cmd *const cli_table[];

struct cli_value {
	const struct cli_opt *opt;
	const char *value; /* "" for flags */
};

/** One run of the program. */
struct cli {
	const struct cli_cmd *cmd;
	const char *verb; /* "unit add" */
	char **argv;      /* arguments without the options */
	unsigned argc;
	struct cli_value *values;
	size_t n_values;
	bkt_arena *arena;   /* lives as long as the run */
	bkt_store *store;   /* NULL with CLI_NO_STORE until cli_store_open */
	const char *origin; /* for the keys folder before there is a store */
	bool out_tty, err_tty, out_colour, err_colour;
	unsigned width; /* columns of stdout; 0: not a terminal */
};

/** Ceiling of the run's arena and of any text made in memory. */
#define CLI_TEXT_MAX ((size_t)256 * 1024 * 1024)

/* ---- options.c: what was typed ------------------------------------------ */

extern const struct cli_opt cli_store_options[];
extern const struct cli_opt cli_sign_options[];
extern const struct cli_opt cli_json_options[];
extern const struct cli_opt cli_help_options[];
#define CLI_N_GROUPS 5
/** The option tables that hold for a verb; NULL where none does. */
void cli_option_groups(
    const struct cli_cmd *cmd, const struct cli_opt *out[CLI_N_GROUPS]);
/** Find verb and sub-verb, parse the rest.
 * @retval BKT_E_USAGE with a suggestion in the hint */
BKT_NODISCARD enum bkt_status cli_parse(
    struct cli *c, int argc, char **argv, struct bkt_err *err);
/** Value given (the last one), or NULL. The name must be in the verb's
 * tables. */
const char *cli_opt(const struct cli *c, const char *name);
const char *cli_opt_nth(const struct cli *c, const char *name, size_t i);
size_t cli_opt_count(const struct cli *c, const char *name);
bool cli_flag(const struct cli *c, const char *name);
/** Does the verb have this option at all. */
bool cli_knows(const struct cli *c, const char *name);
const struct cli_cmd *cli_find(
    const struct cli_cmd *const *table, const char *name);
/** The same for an indicator of this rulebook. */
enum bkt_status cli_unknown_indicator(struct cli *c,
    const struct bkt_rulebook *rb, const char *word, struct bkt_err *err);
/** --indicator "1,2 5" to the rulebook's ids; none when it is not given. */
BKT_NODISCARD enum bkt_status cli_indicator_list(struct cli *c,
    const struct bkt_rulebook *rb, struct bkt_strs *out, struct bkt_err *err);
/** "unknown x 'y'" with the nearest of the words as hint. */
enum bkt_status cli_unknown(struct bkt_err *err, enum bkt_status st,
    const char *what, const char *word, const struct bkt_strs *known);

/* ---- help.c ------------------------------------------------------------- */

void cli_help_welcome(FILE *f);
void cli_help_list(FILE *f);
void cli_help_verb(FILE *f, const struct cli_cmd *cmd, const char *verb);

/* ---- report.c: statuses to people --------------------------------------- */

int cli_exit_code(enum bkt_status st);
/** "bukti: ..." and "hint: ..." to stderr; nothing for an empty message. */
void cli_complain(const struct cli *c, const struct bkt_err *err);
/** One line to stderr that is no failure; line breaks in it are escaped. */
BKT_PRINTF(2, 3) void cli_note(const struct cli *c, const char *fmt, ...);
/** A wrong file given by the person is no verdict about the store: FORMAT,
 * SEAL, TRUST and NOTFOUND become BKT_E_USAGE with the context put before. */
BKT_PRINTF(3, 4)
enum bkt_status cli_input_failed(
    struct bkt_err *err, enum bkt_status st, const char *fmt, ...);
/** No memory, as a status; for plain allocations. */
enum bkt_status cli_no_memory(struct bkt_err *err);

/* ---- term.c ------------------------------------------------------------- */

void cli_term_setup(struct cli *c);
enum cli_colour {
	CLI_PLAIN,
	CLI_BOLD,
	CLI_DIM,
	CLI_RED,
	CLI_GREEN,
	CLI_YELLOW
};
/** Escape sequence for stdout, "" when there is no colour. */
const char *cli_colour(const struct cli *c, enum cli_colour colour);
/** Text of a record made safe, in the arena; never NULL. */
const char *cli_text(struct cli *c, const char *s);
/** The language of the environment, Indonesian or English, where there is a
 * choice. Not made safe. */
const char *cli_language(const struct bkt_text *t);
/** Columns a safe text takes: code points. */
size_t cli_columns(const char *s);
BKT_PRINTF(2, 3) const char *cli_printf(struct cli *c, const char *fmt, ...);
/** "a, b, c" in the arena; @p empty when there is none. */
const char *cli_join(struct cli *c, const struct bkt_strs *l, const char *sep,
    const char *empty);
/** As a shell takes it for one word. */
const char *cli_quoted(struct cli *c, const char *s);
/** What so far was told to change ("" nothing), and this, if it does. */
const char *cli_change(struct cli *c, const char *so_far, const char *what,
    const char *was, const char *becomes);

/** Ask a yes-or-no question on the terminal; --yes answers it. No terminal to
 * ask on: BKT_E_USAGE, "nobody is here to confirm".
 * @param otherwise what became of it when the answer is no
 * @retval BKT_E_USAGE no; BKT_E_INTERRUPTED no answer */
BKT_NODISCARD enum bkt_status cli_confirm(const struct cli *c,
    const char *question, const char *otherwise, struct bkt_err *err);

/* ---- print.c: tables and fields ------------------------------------------ */

/** A table on stdout. Columns are as wide as their cells; on a terminal the
 * one marked flex gives way. */
struct cli_column {
	const char *head;
	bool right, flex;
};
struct cli_table_rows;
struct cli_table_rows *cli_table_new(
    struct cli *c, const struct cli_column *columns, size_t n_columns);
/** n_columns cells; text is copied and made safe; NULL is "". */
void cli_table_row(
    struct cli_table_rows *t, enum cli_colour colour, const char *const *cells);
void cli_table_print(struct cli_table_rows *t);
size_t cli_table_count(const struct cli_table_rows *t);

/** "label:      value", wrapped under the value; nothing for "" or NULL. */
void cli_field(struct cli *c, const char *label, const char *value);

/** "1 document", "2 documents", in the arena. @p many: the plural of a word
 * that takes more than an s, else NULL. */
const char *cli_count(
    struct cli *c, uint64_t n, const char *one, const char *many);

/** An exact number, and the same as it is displayed; in the arena. */
const char *cli_exact(struct cli *c, struct bkt_rat r);
const char *cli_rounded(
    struct cli *c, const struct bkt_rulebook *rb, struct bkt_rat r);

/* ---- json.c: stable output for programs ---------------------------------- */

struct cli_json {
	struct bkt_buf buf;
	unsigned depth;
	bool first;
};
void cli_json_init(struct cli_json *j);
void cli_json_release(struct cli_json *j);
BKT_AUTO_RELEASE(struct cli_json, cli_json_release);
/** key NULL inside arrays and at the top. */
void cli_json_object(struct cli_json *j, const char *key);
void cli_json_array(struct cli_json *j, const char *key);
void cli_json_end(struct cli_json *j, char closing);
void cli_json_str(struct cli_json *j, const char *key, const char *value);
void cli_json_u64(struct cli_json *j, const char *key, uint64_t value);
void cli_json_bool(struct cli_json *j, const char *key, bool value);
void cli_json_strs(
    struct cli_json *j, const char *key, const struct bkt_strs *l);
void cli_json_time(struct cli_json *j, const char *key, int64_t utc_s);
void cli_json_hash(
    struct cli_json *j, const char *key, const struct bkt_sha256 *h);
/** {"id": ..., "en": ...} */
void cli_json_text(
    struct cli_json *j, const char *key, const struct bkt_text *t);
/** Bytes that are JSON already. */
void cli_json_raw(struct cli_json *j, const char *key, struct bkt_span json);
/** To stdout with a newline. */
BKT_NODISCARD enum bkt_status cli_json_print(
    struct cli_json *j, struct bkt_err *err);
/** Whatever was printed to stdout has arrived. @retval BKT_E_IO */
BKT_NODISCARD enum bkt_status cli_flush(struct bkt_err *err);

/* ---- progress.c -----------------------------------------------------------
 */

/** First interrupt: cli_interrupted and the progress callback say so; a second
 * one ends the program at once (the store survives that). */
void cli_interrupts_catch(void);
bool cli_interrupted(void);
/** A bar on stderr when that is a terminal; else silent. Both stop on an
 * interrupt. */
extern const struct bkt_progress cli_progress;
/** Take the bar away before something else is printed. */
void cli_progress_clear(void);

/* ---- files.c: the person's own files ---------------------------------------
 */

/** Whole file, following links; "-" is stdin. Ceiling as of @p out. */
BKT_NODISCARD enum bkt_status cli_slurp(
    const char *path, struct bkt_buf *out, struct bkt_err *err);
/** Has a file to be written a folder to be in: asked before any work. A name
 * that cannot be is usage; what fails later at it is I/O.
 * @retval BKT_E_USAGE */
BKT_NODISCARD enum bkt_status cli_output_name(
    struct cli *c, const char *path, struct bkt_err *err);
/** May something be made beside this: in the folder of the file or folder that
 * it names. Asked before any work. @retval BKT_E_IO names that folder */
BKT_NODISCARD enum bkt_status cli_folder_writable(
    struct cli *c, const char *path, struct bkt_err *err);
/** Can others than its owner read this private key: a warning says so. */
void cli_warn_readable(const struct cli *c, const char *path);
/** The same of another secret: "passphrase in". */
void cli_warn_secret(const struct cli *c, const char *what, const char *path);
/** New private file, durable; never over an old one. */
BKT_NODISCARD enum bkt_status cli_write_new(const char *path,
    struct bkt_span bytes, uint32_t mode, struct bkt_err *err);
/** Remove what could not be finished; a failure changes nothing. */
void cli_undo_file(const char *path);
/** --policies, $BUKTI_DATADIR, the installed place, the source tree. */
BKT_NODISCARD enum bkt_status cli_policies_dir(
    struct cli *c, const char **out, struct bkt_err *err);

/** A CSV read whole, with every complaint printed as it is found. */
struct cli_csv {
	const char *name;
	struct bkt_buf text;
	bkt_csv *csv;
	struct bkt_strs row;
	uint64_t line;
	size_t n_bad;
};
void cli_csv_release(struct cli_csv *t);
BKT_AUTO_RELEASE(struct cli_csv, cli_csv_release);
/** @p needed: columns that must be there, NULL at the end. */
BKT_NODISCARD enum bkt_status cli_csv_open(struct cli_csv *t, const char *path,
    const char *const *needed, struct bkt_err *err);
/** False at the end or on a fault (*st tells). Broken rows are complained
 * about and passed over. */
bool cli_csv_next(struct cli_csv *t, const struct cli *c, enum bkt_status *st,
    struct bkt_err *err);
/** Field by column name, trimmed into the run's arena; "" when absent. */
const char *cli_csv_get(
    const struct cli_csv *t, struct cli *c, const char *column);
/** "file:line: why" to stderr; counts as a bad row. */
BKT_PRINTF(3, 4)
void cli_csv_bad(struct cli_csv *t, const struct cli *c, const char *fmt, ...);
/** BKT_E_FINDINGS when rows were bad. */
BKT_NODISCARD enum bkt_status cli_csv_done(
    const struct cli_csv *t, struct bkt_err *err);
/** Split a list "a, b;c" into sorted unique words in the arena. */
BKT_NODISCARD enum bkt_status cli_words(
    struct cli *c, const char *text, struct bkt_strs *out, struct bkt_err *err);

/* ---- hooks.c: what git runs in a store --------------------------------- */

/** For the index: *(bool *)ctx, there is one. */
enum bkt_status cli_entry_seen(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err);
/** Links of a new store's hooks to the program that they are; a note says so
 * when it is not installed or they cannot be made. */
void cli_hooks_link(struct cli *c, const char *dir);
/** Links of it that lead nowhere: the program was moved since. */
void cli_hooks_mend(struct cli *c, const char *dir);

/* ---- store_open.c -----------------------------------------------------------
 */

/** --store, $BUKTI_STORE, here, the only *.git here.
 * @retval BKT_E_NOT_STORE with what to do */
BKT_NODISCARD enum bkt_status cli_store_dir(
    struct cli *c, const char **out, struct bkt_err *err);
/** Is that a folder at all. @p hint: where there is none.
 * @retval BKT_E_NOT_STORE; BKT_E_IO it cannot be looked at */
BKT_NODISCARD enum bkt_status cli_store_there(
    const char *dir, const char *hint, struct bkt_err *err);
/** Open it into c->store; nothing to do when it is open. */
BKT_NODISCARD enum bkt_status cli_store_open(
    struct cli *c, struct bkt_err *err);

/* ---- registry.c: records by what people call them
 * ---------------------------- */

/** The current record at a path, in the arena. @retval BKT_E_NOTFOUND */
BKT_NODISCARD enum bkt_status cli_record_at(struct cli *c, const char *path,
    struct bkt_record **out, struct bkt_err *err);
/** Record or owned file as it is now. @retval BKT_E_NOTFOUND */
BKT_NODISCARD enum bkt_status cli_read(
    struct cli *c, const char *path, struct bkt_buf *out, struct bkt_err *err);
/** SHA-256 in hex of what is there now. @retval BKT_E_NOTFOUND */
BKT_NODISCARD enum bkt_status cli_digest_at(
    struct cli *c, const char *path, const char **hex, struct bkt_err *err);
/** Current records of one kind below a prefix, path order. */
struct cli_records {
	struct bkt_record **v;
	size_t n;
};
BKT_NODISCARD enum bkt_status cli_records(struct cli *c, const char *prefix,
    enum bkt_kind kind, struct cli_records *out, struct bkt_err *err);
BKT_NODISCARD enum bkt_status cli_cycles(
    struct cli *c, struct cli_records *out, struct bkt_err *err);
/** Ids of the active units. */
BKT_NODISCARD enum bkt_status cli_unit_ids(
    struct cli *c, struct bkt_strs *out, struct bkt_err *err);
/** Is --unit, if given, an active unit. @retval BKT_E_USAGE */
BKT_NODISCARD enum bkt_status cli_unit_check(
    struct cli *c, struct bkt_err *err);
/** Cycle named, or the only open one. @retval BKT_E_USAGE lists them */
BKT_NODISCARD enum bkt_status cli_cycle_pick(
    struct cli *c, const char *name, const char **out, struct bkt_err *err);
/** Record of a rulebook by stem, or of the newest revision of "spbe-2020".
 * @retval BKT_E_USAGE none is called so, with a suggestion */
BKT_NODISCARD enum bkt_status cli_rulebook_find(struct cli *c, const char *name,
    const struct bkt_rulebook_rec **out, struct bkt_err *err);
/** Rulebook record by stem, or the newest revision of "spbe-2020", with its
 * parsed text. */
BKT_NODISCARD enum bkt_status cli_rulebook_pick(struct cli *c, const char *name,
    const struct bkt_rulebook_rec **out, bkt_rulebook_set **set,
    struct bkt_err *err);

/* ---- entries.c: the log
 * ------------------------------------------------------- */

/** Entries copied out of the index's callbacks, in the run's arena. */
struct cli_entries {
	struct cli *c;
	struct bkt_index_entry *v;
	size_t n, cap;
};
BKT_NODISCARD enum bkt_status cli_entries_add(struct cli_entries *l,
    const struct bkt_index_entry *e, struct bkt_err *err);
/** The tree of the commit that accepted an entry. */
BKT_NODISCARD enum bkt_status cli_entry_tree(struct cli *c,
    const struct bkt_index_entry *e, struct bkt_oid *out, struct bkt_err *err);
/** The record as accepted, read from that tree. @p bytes may be NULL.
 * @retval BKT_E_TAMPERED it is not what the entry says */
BKT_NODISCARD enum bkt_status cli_entry_record(struct cli *c,
    const struct bkt_index_entry *e, struct bkt_span *bytes,
    struct bkt_record **out, struct bkt_err *err);

/* ---- identity.c, passphrase.c: who signs
 * -------------------------------------- */

/** --keys, $BUKTI_KEYS, ${XDG_CONFIG_HOME:-~/.config}/bukti/<origin>. The
 * origin is c->origin or the open store's. In the arena. */
BKT_NODISCARD enum bkt_status cli_keys_dir(
    struct cli *c, const char **out, struct bkt_err *err);
/** Make the keys folder (0700) if need be. @p made: the topmost directory that
 * was made (arena), NULL if none; for undoing. */
BKT_NODISCARD enum bkt_status cli_keys_make(
    struct cli *c, const char *dir, const char **made, struct bkt_err *err);
/** Members of --as, else $BUKTI_AS, else the identity file; at least one. */
BKT_NODISCARD enum bkt_status cli_members(
    struct cli *c, struct bkt_strs *out, struct bkt_err *err);

/** People whose keys are loaded. */
struct cli_hands {
	struct bkt_hand *v; /* sorted by member */
	size_t n;
};
void cli_hands_release(struct cli_hands *h);
BKT_AUTO_RELEASE(struct cli_hands, cli_hands_release);
#define CLI_PAIRS                                                             \
	"--key number 1 goes with the first --as, number 2 with the second, " \
	"and so with --passphrase-file: give a key for each, or none"
/** Keys of these members with the certificates the store has for them. */
BKT_NODISCARD enum bkt_status cli_hands_load(struct cli *c,
    const struct bkt_strs *members, struct cli_hands *out, struct bkt_err *err);
/** Those of cli_members. */
BKT_NODISCARD enum bkt_status cli_hands_default(
    struct cli *c, struct cli_hands *out, struct bkt_err *err);

/** A key file (PEM or PKCS#12) that asks for its passphrase when it has one.
 * @p nth: which --passphrase-file, when several are given. */
BKT_NODISCARD enum bkt_status cli_signer_load(struct cli *c, const char *file,
    struct bkt_span cert_pem, size_t nth, bkt_signer **out,
    struct bkt_err *err);

/** A secret; wiped. */
struct cli_secret {
	char text[1024];
	bool none; /* --no-passphrase */
};
void cli_secret_wipe(struct cli_secret *s);
BKT_AUTO_RELEASE(struct cli_secret, cli_secret_wipe);
/** For a new key: --no-passphrase, file, or asked twice. */
BKT_NODISCARD enum bkt_status cli_passphrase_new(struct cli *c,
    const char *what, struct cli_secret *out, struct bkt_err *err);
/** bkt_passphrase_fn whose ctx is a struct cli_ask. */
struct cli_ask {
	struct cli *c;
	size_t nth;
	const char *what;               /* the file, for the prompt */
	const struct cli_secret *known; /* answered from here when set */
	/* out, when it was asked: */
	const char *file;   /* answered from this file */
	bool terminal;      /* else asked there; false: there is none */
	struct bkt_err why; /* the file gave nothing */
};
/** What went wrong with what was asked: one message. */
BKT_NODISCARD enum bkt_status cli_passphrase_refused(
    const struct cli_ask *ask, struct bkt_err *err);
bool cli_passphrase_ask(
    void *ctx, const char *what, char *buf, size_t size_bytes);

/* ---- submit.c: records into the store
 * ------------------------------------------ */

/**
 * Records on their way in, all or nothing up to BKT_BATCH_MAX. With --with each
 * waits as a proposal until those named have signed as well.
 */
struct cli_batch {
	struct cli *c;
	struct cli_hands hands;
	struct bkt_strs by; /* --as and --with together */
	bool waits;         /* --with was given */
	struct bkt_item *items;
	struct bkt_record **records;
	const char **what; /* how messages call each record */
	size_t n, cap;
	int64_t at_utc_s;
	char (*proposals)[17]; /* ids, when waits */
	const char **notes;    /* said when it has happened */
	size_t n_notes;
};
void cli_batch_release(struct cli_batch *b);
BKT_AUTO_RELEASE(struct cli_batch, cli_batch_release);
/** Everybody named by --as and --with, sorted; as of cli_members without. */
BKT_NODISCARD enum bkt_status cli_signers(
    struct cli *c, struct bkt_strs *out, struct bkt_err *err);
/** Loads the keys. */
BKT_NODISCARD enum bkt_status cli_batch_init(
    struct cli_batch *b, struct cli *c, struct bkt_err *err);
/** kind and body of @p r are set; path too, or it follows from the body. */
BKT_NODISCARD enum bkt_status cli_batch_add(struct cli_batch *b,
    struct bkt_record *r, const struct bkt_file *owned, size_t n_owned,
    const char *what, struct bkt_err *err);
/** A line for stderr once the batch is in; a refusal has changed nothing.
 * @p text lives as long as the run */
BKT_NODISCARD enum bkt_status cli_batch_note(
    struct cli_batch *b, const char *text, struct bkt_err *err);
/**
 * Submit (or put as proposals, and say so). Refusals are printed one by one.
 * What is more than one commit holds enters in several, each all or nothing;
 * then a failure says how many are in.
 * @retval BKT_E_POLICY refused; BKT_E_CONFLICT someone was faster
 */
BKT_NODISCARD enum bkt_status cli_batch_submit(
    struct cli_batch *b, const char *title, struct bkt_err *err);
/** Submit what is complete: for `sign`. */
BKT_NODISCARD enum bkt_status cli_submit_items(struct cli *c,
    struct bkt_item *items, const char *const *what, size_t n,
    const char *title, struct bkt_err *err);

/* ---- describe.c: a record in plain words
 * ----------------------------------------- */

void cli_describe(struct cli *c, const struct bkt_record *r);
/** One of whose signers these have not signed yet. */
void cli_describe_waiting(
    struct cli *c, const struct bkt_record *r, const struct bkt_strs *missing);

#endif
