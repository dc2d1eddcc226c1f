/* Floor 0: status, bytes, clock, random, filesystem. Only libc below. */
#ifndef BUKTI_BASE_H
#define BUKTI_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BKT_NODISCARD __attribute__((warn_unused_result))
#define BKT_PRINTF(f, a) __attribute__((format(__printf__, f, a)))
#define BKT_NORETURN __attribute__((noreturn))

/* ---- status ------------------------------------------------------------ */

/**
 * What a call came to. Ranges: 0 good; 100 the evidence is not good (a
 * verdict); 200 could not tell (a fault); 300 the caller asked wrongly. A fault
 * is never turned into a verdict nor the reverse (DESIGN 5).
 */
enum bkt_status {
	BKT_OK = 0,

	BKT_E_FORMAT = 100, /* MALFORMED: not the profile */
	BKT_E_SEAL,         /* TAMPERED: a signature does not match */
	BKT_E_TAMPERED,     /* TAMPERED: bytes differ from what was recorded */
	BKT_E_TRUST,        /* UNTRUSTED: signer or authority not accepted */
	BKT_E_POLICY,       /* refused by access, file or cycle policy */
	BKT_E_MISSING,      /* INCOMPLETE: named, but not there */
	BKT_E_ERASED,       /* content lawfully erased */
	BKT_E_FINDINGS,     /* the check found something */

	BKT_E_NOMEM = 200,
	BKT_E_IO,          /* sys_errno tells */
	BKT_E_CRYPTO,      /* the crypto library failed, no verdict */
	BKT_E_DB,          /* libgit2 or SQLite failed, no verdict */
	BKT_E_LIMIT,       /* a resource ceiling was met */
	BKT_E_BUSY,        /* another writer holds the lock */
	BKT_E_CONFLICT,    /* someone replaced this meanwhile */
	BKT_E_NOTFOUND,    /* no such thing; callers turn it into a meaning */
	BKT_E_INTERRUPTED, /* progress callback asked to stop */
	BKT_E_INTERNAL,

	BKT_E_USAGE = 300,
	BKT_E_NOT_STORE,  /* not a bukti store */
	BKT_E_CONFIG,     /* configuration, policy file or rulebook is bad */
	BKT_E_EXISTS,     /* already there; nothing was changed */
	BKT_E_PASSPHRASE, /* wrong or missing passphrase */
};

struct bkt_err {
	enum bkt_status status;
	int sys_errno;
	char msg[480];
	char hint[240]; /* exact next command or step, may be empty */
};

/** Static lower-case name of a status, e.g. "malformed". Never NULL. */
const char *bkt_status_name(enum bkt_status st);
static inline bool bkt_is_verdict(enum bkt_status st)
{
	return st >= 100 && st < 200;
}
static inline bool bkt_is_fault(enum bkt_status st)
{
	return st >= 200 && st < 300;
}

/** Fill @p err (may be NULL) and return @p st. Clears the hint. */
BKT_PRINTF(3, 4)
enum bkt_status bkt_fail(
    struct bkt_err *err, enum bkt_status st, const char *fmt, ...);
/** As bkt_fail with the current errno kept and ": strerror" appended. */
BKT_PRINTF(3, 4)
enum bkt_status bkt_fail_errno(
    struct bkt_err *err, enum bkt_status st, const char *fmt, ...);
/** Put "context: " before the message, set the status to @p st, return it. */
BKT_PRINTF(3, 4)
enum bkt_status bkt_fail_context(
    struct bkt_err *err, enum bkt_status st, const char *fmt, ...);
/** Set the hint: the exact next step for the person. */
BKT_PRINTF(2, 3)
void bkt_err_hint(struct bkt_err *err, const char *fmt, ...);
/** Set the hint where a word is none of a few: the nearest, and all. */
void bkt_err_hint_words(
    struct bkt_err *err, const char *word, const char *const *words, size_t n);

BKT_NORETURN void bkt_assert_failed(
    const char *expr, const char *file, int line);
#define BKT_ASSERT(e) \
	((e) ? (void)0 : bkt_assert_failed(#e, __FILE__, __LINE__))

/** Return early with the callee's status. */
#define BKT_TRY(e)                              \
	do {                                    \
		enum bkt_status bkt_try_ = (e); \
		if (bkt_try_ != BKT_OK)         \
			return bkt_try_;        \
	} while (0)

/* ---- scoped cleanup ---------------------------------------------------- */

/** BKT_AUTO(fn) T *p = NULL; fn must be named in one BKT_AUTO_DEFINE(T *, fn).
 */
#define BKT_AUTO(fn) __attribute__((cleanup(fn##_auto_)))
#define BKT_AUTO_DEFINE(type, fn)                                       \
	static inline __attribute__((unused)) void fn##_auto_(type *p_) \
	{                                                               \
		if (*p_)                                                \
			fn(*p_);                                        \
	}                                                               \
	extern int bkt_semicolon_
/** For structs cleaned in place: fn(T *). */
#define BKT_AUTO_RELEASE(type, fn)                                      \
	static inline __attribute__((unused)) void fn##_auto_(type *p_) \
	{                                                               \
		fn(p_);                                                 \
	}                                                               \
	extern int bkt_semicolon_
#define BKT_STEAL(p)                    \
	__extension__({                 \
		__typeof__(p) s_ = (p); \
		(p) = NULL;             \
		s_;                     \
	})

/* ---- memory ------------------------------------------------------------ */

/** The one allocator seam. Installed in OpenSSL, SQLite and libgit2 too. */
void *bkt_malloc(size_t n_bytes);
void *bkt_calloc(size_t n, size_t size_bytes);
void *bkt_realloc(void *p, size_t n_bytes);
void bkt_free(void *p);
char *bkt_strdup(const char *s);
/* BKT_AUTO(bkt_free) works for a pointer of any object type */
void bkt_free_auto_(void *pp);

/**
 * For the start of a short-lived program: the first @p n_bytes of its heap are
 * given to it by the kernel in one go instead of page by page, and stay its
 * own. On a virtual machine inside another a page fault was measured at 20 us,
 * a page of many at 1 us. A hint: what cannot be done is left. Call before the
 * first thread.
 */
void bkt_memory_warm(size_t n_bytes);

/** Test seam: called before each allocation; true = this one fails. */
extern bool (*bkt_alloc_fault)(size_t n_bytes);

/** Bytes in, by value; never owns. */
struct bkt_span {
	const uint8_t *ptr;
	size_t len;
};
#define BKT_SPAN(p, n) ((struct bkt_span){ (const uint8_t *)(p), (n) })
/** Span over a NUL-terminated string, without the NUL. */
struct bkt_span bkt_span_str(const char *s);
bool bkt_span_eq(struct bkt_span a, struct bkt_span b);

/** Bytes out: grows up to max_bytes, always NUL-terminated past len. */
struct bkt_buf {
	uint8_t *ptr;
	size_t len, cap, max_bytes;
	bool failed;    /* an append did not fit or no memory; sticky */
	bool no_memory; /* why it failed */
};
void bkt_buf_init(struct bkt_buf *b, size_t max_bytes);
void bkt_buf_release(struct bkt_buf *b);
void bkt_buf_clear(struct bkt_buf *b);
BKT_AUTO_RELEASE(struct bkt_buf, bkt_buf_release);
/** Appends never fail visibly; they set failed. Ask bkt_buf_check at the end.
 */
void bkt_buf_add(struct bkt_buf *b, const void *p, size_t n);
void bkt_buf_str(struct bkt_buf *b, const char *s);
void bkt_buf_chr(struct bkt_buf *b, char c);
BKT_PRINTF(2, 3) void bkt_buf_printf(struct bkt_buf *b, const char *fmt, ...);
/** @retval BKT_E_NOMEM, BKT_E_LIMIT if any append since init/clear failed. */
BKT_NODISCARD enum bkt_status bkt_buf_check(
    const struct bkt_buf *b, struct bkt_err *err);
struct bkt_span bkt_buf_span(const struct bkt_buf *b);
/** Make room for n zeroed bytes at the end and return where to write; NULL if
 * none. len does not move: the caller adds what it wrote. */
uint8_t *bkt_buf_room(struct bkt_buf *b, size_t n);

/** Bump allocator: everything goes at once. Zeroed memory, 16-aligned. */
typedef struct bkt_arena bkt_arena;
bkt_arena *bkt_arena_new(size_t max_bytes);
void bkt_arena_free(bkt_arena *a);
void bkt_arena_clear(bkt_arena *a); /* keeps some memory for reuse */
BKT_AUTO_DEFINE(bkt_arena *, bkt_arena_free);
void *bkt_arena_alloc(bkt_arena *a, size_t n_bytes); /* NULL: no memory/limit */
char *bkt_arena_strndup(bkt_arena *a, const char *s, size_t n);
char *bkt_arena_strdup(bkt_arena *a, const char *s);
BKT_PRINTF(2, 3)
char *bkt_arena_printf(bkt_arena *a, const char *fmt, ...);
size_t bkt_arena_bytes(const bkt_arena *a);
/** All that lives in @p child now lives in @p a; the child is gone. For
 * results made by several threads, each with an arena of its own. */
void bkt_arena_adopt(bkt_arena *a, bkt_arena *child);

/** List of borrowed strings. */
struct bkt_strs {
	const char **v;
	size_t n;
};
bool bkt_strs_has(const struct bkt_strs *l, const char *s);

/**
 * String-keyed hash map; keys are copied, values are the caller's pointers.
 * Iteration order is insertion order, so results are deterministic.
 */
typedef struct bkt_map bkt_map;
bkt_map *bkt_map_new(void);
void bkt_map_free(bkt_map *m); /* frees keys, not values */
BKT_AUTO_DEFINE(bkt_map *, bkt_map_free);
void *bkt_map_get(const bkt_map *m, const char *key); /* NULL: absent */
/** Set or replace; value must not be NULL. */
BKT_NODISCARD enum bkt_status bkt_map_set(
    bkt_map *m, const char *key, void *value, struct bkt_err *err);
void *bkt_map_remove(bkt_map *m, const char *key); /* the old value or NULL */
size_t bkt_map_count(const bkt_map *m);
/** @p at starts 0; false at the end. Do not change the map meanwhile. */
bool bkt_map_next(const bkt_map *m, size_t *at, const char **key, void **value);

/* ---- encodings, text --------------------------------------------------- */

#define BKT_SHA256_LEN 32
#define BKT_SHA256_HEX 64
struct bkt_sha256 {
	uint8_t b[BKT_SHA256_LEN];
};
bool bkt_sha256_eq(const struct bkt_sha256 *a, const struct bkt_sha256 *b);

void bkt_hex(
    const uint8_t *p, size_t n, char *out); /* 2n+1 bytes, lower case */
/** Strict: exactly 2n lower-case digits, then NUL. */
bool bkt_unhex(const char *s, uint8_t *out, size_t n);
/** As bkt_unhex for the first 2n characters, what follows is not looked at. */
bool bkt_unhex_n(const char *s, uint8_t *out, size_t n);
void bkt_base64(struct bkt_buf *out, struct bkt_span in); /* padded, one line */
/** Strict RFC 4648: padding required, zero pad bits, nothing else. */
BKT_NODISCARD enum bkt_status bkt_unbase64(
    struct bkt_span in, struct bkt_buf *out, struct bkt_err *err);

/** Well-formed UTF-8 (no surrogates, no overlongs). */
bool bkt_utf8_valid(struct bkt_span s);
/**
 * Text fit for a record: valid UTF-8, no C0/C1/DEL, no bidi controls
 * (U+061C, U+200E/F, U+202A-E, U+2066-9), no U+FEFF, U+2028/9, noncharacters,
 * no tags (U+E0000 to U+E007F).
 */
bool bkt_text_clean(struct bkt_span s);
/** Nothing of it can be seen: it is empty, or white space and characters that
 * print as nothing (White_Space, Default_Ignorable_Code_Point, U+2800). */
bool bkt_text_blank(struct bkt_span s);
/** Replace what bkt_text_clean refuses by \xNN or \u{N}: safe on a terminal. */
void bkt_text_escape(struct bkt_buf *out, struct bkt_span in);
/** &<>"' as entities after bkt_text_escape: safe in HTML text and attributes.
 */
void bkt_html_escape(struct bkt_buf *out, struct bkt_span in);
/** [A-Za-z0-9._-]+, not starting with '.' or '-', no "..", length <= max. */
bool bkt_name_plain(const char *s, size_t max);
/** Closest of the words by edit distance (<= 2), or NULL: for suggestions.
 * Capital letters are as small ones, and ' ' and '-' as '_'. */
const char *bkt_suggest(const char *word, const char *const *words, size_t n);

/** Whole decimal number, no sign, no leading zero, <= max. */
bool bkt_parse_u64(const char *s, uint64_t max, uint64_t *out);

/* ---- exact decimals ---------------------------------------------------- */

/** Exact rational, den > 0, lowest terms. Values in this domain stay small. */
struct bkt_rat {
	int64_t num, den;
};
/** Decimal string "-?D+(.D+)?" of at most 9 + 9 digits. */
bool bkt_rat_parse(const char *s, struct bkt_rat *out);
/** false on overflow; out is untouched then. */
bool bkt_rat_add(struct bkt_rat a, struct bkt_rat b, struct bkt_rat *out);
bool bkt_rat_sub(struct bkt_rat a, struct bkt_rat b, struct bkt_rat *out);
bool bkt_rat_mul(struct bkt_rat a, struct bkt_rat b, struct bkt_rat *out);
bool bkt_rat_div(struct bkt_rat a, struct bkt_rat b, struct bkt_rat *out);
int bkt_rat_cmp(struct bkt_rat a, struct bkt_rat b);
/** Exact when it ends within 9 decimals ("2.594"), else "n/d". */
void bkt_rat_exact(struct bkt_rat r, char out[48]);
/** Rounded half away from zero to @p decimals (0..9): display only. */
void bkt_rat_round(struct bkt_rat r, unsigned decimals, char out[48]);

/* ---- time -------------------------------------------------------------- */

/** UTC seconds; the seam below replaces the system clock in tests. */
int64_t bkt_now_utc_s(void);
extern int64_t (*bkt_clock)(void); /* NULL: system */
int64_t bkt_mono_ms(void);
#define BKT_TIME_LEN 20 /* 2026-11-24T06:47:38Z */
void bkt_time_format(int64_t utc_s, char out[BKT_TIME_LEN + 1]);
/** Exactly YYYY-MM-DDTHH:MM:SSZ, years 1970 to 9999, real dates only. */
bool bkt_time_parse(const char *s, int64_t *out_utc_s);
/** Days since 1970-01-01; exactly YYYY-MM-DD, years 1900 to 9999. */
bool bkt_date_parse(const char *s, int32_t *out_days);
void bkt_date_format(int32_t days, char out[11]);
/** Same day of month n months later (may be negative), clipped to its end. */
int32_t bkt_date_add_months(int32_t days, int32_t months);
int32_t bkt_date_year(int32_t days);

/* ---- random ------------------------------------------------------------ */

extern void (*bkt_random_seam)(uint8_t *p, size_t n); /* NULL: getrandom */
BKT_NODISCARD enum bkt_status bkt_random(
    uint8_t *p, size_t n, struct bkt_err *err);
/** n characters of [a-z2-7]; out has n+1 bytes. */
BKT_NODISCARD enum bkt_status bkt_random_id(
    char *out, size_t n, struct bkt_err *err);

/* ---- progress, threads ------------------------------------------------- */

/** Called from one thread at a time; return false to stop (BKT_E_INTERRUPTED).
 */
struct bkt_progress {
	bool (*fn)(void *ctx, const char *phase, uint64_t done, uint64_t total);
	void *ctx;
};
bool bkt_progress_tell(const struct bkt_progress *p /* may be NULL */,
    const char *phase, uint64_t done, uint64_t total);

/** Cores this process may use, 1..64. */
unsigned bkt_cpu_count(void);
/**
 * Run fn(ctx, i, worker) for i in 0..n-1 on up to n_threads threads (0: all
 * cores), items taken in order. The first failure stops the taking of new
 * items and is returned; the lowest-numbered failing item seen wins.
 */
typedef enum bkt_status (*bkt_work_fn)(
    void *ctx, size_t item, unsigned worker, struct bkt_err *err);
BKT_NODISCARD enum bkt_status bkt_parallel(unsigned n_threads, size_t n,
    bkt_work_fn fn, void *ctx, struct bkt_err *err);

/* ---- CSV (RFC 4180, UTF-8, optional BOM; comma, semicolon or tab) ------- */

typedef struct bkt_csv bkt_csv;
/** @p text is borrowed and must outlive the reader. Delimiter is guessed from
 * the header row. Rows are limited to 64 fields and 64 KiB. */
BKT_NODISCARD enum bkt_status bkt_csv_new(
    struct bkt_span text, bkt_csv **out, struct bkt_err *err);
void bkt_csv_free(bkt_csv *c);
BKT_AUTO_DEFINE(bkt_csv *, bkt_csv_free);
/** Column of a header name (trimmed; small and capital letters, and ' ' and '_'
 * are the same), or -1. */
int bkt_csv_column(const bkt_csv *c, const char *name);
const struct bkt_strs *bkt_csv_header(const bkt_csv *c);
/**
 * Next row; fields live until the next call. It has as many as the header. Rows
 * without anything in them are passed over.
 * @retval BKT_E_NOTFOUND at the end; BKT_E_FORMAT names line and column, and
 * reading may go on with the next row.
 */
BKT_NODISCARD enum bkt_status bkt_csv_next(
    bkt_csv *c, struct bkt_strs *row, uint64_t *line, struct bkt_err *err);
/** Line of the row tried last, good or bad; 0 before the first. */
uint64_t bkt_csv_line(const bkt_csv *c);
/** Append one field, quoted when needed; a leading = + - @ gets a ' before it,
 * and one behind a semicolon or tab, which separate fields elsewhere
 * (spreadsheet formula injection). */
void bkt_csv_field(struct bkt_buf *out, const char *s, bool last);

/* ---- filesystem, reading ----------------------------------------------- */

/** Fault seam: called before each system call of this module with its name
 * ("open", "openat2", "read", "write", "fsync", "syncfs", "rename", "link",
 * "unlink", "mkdir", "chmod", "truncate", "lock", "close") and path or "".
 * Return 0 to go on, an errno to fail, -1 for a one-byte short read/write. */
extern int (*bkt_fs_fault)(const char *op, const char *path);

void bkt_fd_close(int fd);
static inline void bkt_fd_auto_(int *fd)
{
	if (*fd >= 0)
		bkt_fd_close(*fd);
}
#define BKT_AUTO_FD __attribute__((cleanup(bkt_fd_auto_))) int

/** Open for reading, O_CLOEXEC|O_NOFOLLOW|O_NONBLOCK, regular files only;
 * size and mtime reported. @retval BKT_E_NOTFOUND, BKT_E_FORMAT (not a regular
 * file), BKT_E_IO */
struct bkt_file_info {
	uint64_t size_bytes;
	int64_t mtime_utc_s;
	uint32_t mode;
	uint64_t n_links;
};
BKT_NODISCARD enum bkt_status bkt_file_open(const char *path, int *out_fd,
    struct bkt_file_info *info /* may be NULL */, struct bkt_err *err);
/** As bkt_file_open but follows symbolic links: for the person's own files. */
BKT_NODISCARD enum bkt_status bkt_file_open_follow(const char *path,
    int *out_fd, struct bkt_file_info *info, struct bkt_err *err);
/** As bkt_file_open for a file below a folder (which may be a link itself):
 * refuses whatever could lead out of it: absolute paths, "..", and symbolic
 * links anywhere on the way. @retval BKT_E_FORMAT for those too */
BKT_NODISCARD enum bkt_status bkt_file_open_beneath(const char *dir,
    const char *below, int *out_fd, struct bkt_file_info *info,
    struct bkt_err *err);
/** Up to n bytes; fewer only at the end of the file. EINTR is retried. */
BKT_NODISCARD enum bkt_status bkt_file_read(
    int fd, void *p, size_t n, size_t *out_n, struct bkt_err *err);
BKT_NODISCARD enum bkt_status bkt_file_pread(int fd, uint64_t offset, void *p,
    size_t n, size_t *out_n, struct bkt_err *err);
/** Whole file into @p out (its ceiling holds: BKT_E_LIMIT). */
BKT_NODISCARD enum bkt_status bkt_file_slurp(
    const char *path, struct bkt_buf *out, struct bkt_err *err);
bool bkt_path_exists(const char *path);
bool bkt_path_is_dir(const char *path);
/** Do both lead to one and the same file. */
bool bkt_path_same(const char *a, const char *b);
/** Where "no" and "could not look" are different answers.
 * @retval BKT_E_NOTFOUND nothing is there, or no folder; BKT_E_IO */
BKT_NODISCARD enum bkt_status bkt_dir_check(
    const char *path, struct bkt_err *err);
bool bkt_path_is_link(const char *path); /* symbolic, wherever it leads */
/** a/b into a fresh string; NULL without memory. */
char *bkt_path_join(const char *a, const char *b);
const char *bkt_path_base(const char *path); /* after the last '/' */
/** Names in a directory, sorted bytewise, without . and ..; from the arena. */
BKT_NODISCARD enum bkt_status bkt_dir_list(const char *path, bkt_arena *arena,
    struct bkt_strs *out, struct bkt_err *err);

/* ---- filesystem, writing (only in libbukti, not in libbukti-verify) ----- */

/** Write all of it, EINTR and short writes retried. Not durable. */
BKT_NODISCARD enum bkt_status bkt_file_write(
    int fd, const void *p, size_t n, struct bkt_err *err);
/** New file, O_EXCL, mode as given. @retval BKT_E_EXISTS */
BKT_NODISCARD enum bkt_status bkt_file_create(
    const char *path, uint32_t mode, int *out_fd, struct bkt_err *err);
/** Replace atomically: temporary beside it, fsync, rename, fsync of the
 * directory. On return the bytes are on disk. */
BKT_NODISCARD enum bkt_status bkt_file_replace(const char *path,
    struct bkt_span bytes, uint32_t mode, struct bkt_err *err);
BKT_NODISCARD enum bkt_status bkt_file_fsync(int fd, struct bkt_err *err);
/** Begin to write out what lies from @p from_bytes on, and go on at once: the
 * disk works while we do. Only a hint: it promises nothing and reports
 * nothing; the fsync that must follow does. */
void bkt_file_write_out(int fd, uint64_t from_bytes);
/** Wait until the file's bytes were handed to the disk. Not durable: without
 * metadata and the disk's own cache; a sync must follow. */
BKT_NODISCARD enum bkt_status bkt_file_written_out(int fd, struct bkt_err *err);
BKT_NODISCARD enum bkt_status bkt_dir_fsync(
    const char *path, struct bkt_err *err);
/** Everything on the filesystem that holds @p path is on disk on return. */
BKT_NODISCARD enum bkt_status bkt_fs_sync(
    const char *path, struct bkt_err *err);
BKT_NODISCARD enum bkt_status bkt_file_rename(
    const char *from, const char *to, struct bkt_err *err);
/** Never over something. @retval BKT_E_EXISTS when @p to is there */
BKT_NODISCARD enum bkt_status bkt_file_rename_new(
    const char *from, const char *to, struct bkt_err *err);
/** @retval BKT_E_EXISTS when @p to is there */
BKT_NODISCARD enum bkt_status bkt_file_link(
    const char *from, const char *to, struct bkt_err *err);
BKT_NODISCARD enum bkt_status bkt_file_unlink(
    const char *path, struct bkt_err *err); /* absent is OK */
BKT_NODISCARD enum bkt_status bkt_file_chmod(
    const char *path, uint32_t mode, struct bkt_err *err);
/** @retval BKT_OK also when it is there already. @p parents: mkdir -p */
BKT_NODISCARD enum bkt_status bkt_dir_make(
    const char *path, uint32_t mode, bool parents, struct bkt_err *err);
/** Delete a directory tree, never following links, never leaving it. */
BKT_NODISCARD enum bkt_status bkt_dir_remove(
    const char *path, struct bkt_err *err);
/** Advisory exclusive lock on a file made if absent (OFD lock, gone with the
 * process). @retval BKT_E_BUSY after @p wait_ms (0: at once). The lock file
 * holds the pid for messages. Closing the fd lets go. */
BKT_NODISCARD enum bkt_status bkt_file_lock(
    const char *path, uint32_t wait_ms, int *out_fd, struct bkt_err *err);

#ifdef __cplusplus
}
#endif
#endif
