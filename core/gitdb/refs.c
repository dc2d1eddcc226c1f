#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "db.h"

/*
 * Refs are read here and not by libgit2, which follows symbolic refs and
 * links to anywhere and lets configuration choose where refs live.
 */

#define PACKED_MAX ((size_t)32 * 1024 * 1024)
#define REF_NAME_MAX 512
#define REF_DEPTH_MAX 16

static bool component_valid(const char *s, size_t n)
{
	static const char bad[] = " ~^:?*[\\";

	if (n == 0 || s[0] == '.' || s[n - 1] == '.')
		return false;
	if (n >= 5 && memcmp(s + n - 5, ".lock", 5) == 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c < 0x20 || c == 0x7f || strchr(bad, c))
			return false;
		if (i > 0 && ((c == '.' && s[i - 1] == '.') ||
				 (c == '{' && s[i - 1] == '@')))
			return false;
	}
	return true;
}

bool gitdb_ref_name_valid(const char *name)
{
	const char *p = name;

	if (strncmp(name, "refs/", 5) != 0 || strlen(name) > REF_NAME_MAX)
		return false;
	for (;;) {
		size_t n = strcspn(p, "/");

		if (!component_valid(p, n))
			return false;
		if (p[n] == '\0')
			return true;
		p += n + 1;
	}
}

/* a link on the way could lead out of the repository */
static enum bkt_status no_links(
    const bkt_gitdb *g, const char *name, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *path = bkt_path_join(g->dir, name);
	size_t base = strlen(g->dir) + 1;

	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	for (char *p = path + base; (p = strchr(p, '/')) != NULL; p++) {
		struct stat st;
		bool link;

		*p = '\0';
		link = lstat(path, &st) == 0 && !S_ISDIR(st.st_mode);
		*p = '/';
		if (link)
			return bkt_fail(err, BKT_E_FORMAT,
			    "ref '%s' leads through something that is not a "
			    "directory",
			    name);
	}
	return BKT_OK;
}

static enum bkt_status read_loose(const bkt_gitdb *g, const char *name,
    struct bkt_oid *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *path = bkt_path_join(g->dir, name);
	BKT_AUTO(bkt_buf_release) struct bkt_buf b = { 0 };
	enum bkt_status st;

	bkt_buf_init(&b, 4096);
	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	BKT_TRY(no_links(g, name, err));
	/* a directory left by a deleted ref hides nothing */
	if (bkt_path_is_dir(path))
		return bkt_fail(err, BKT_E_NOTFOUND, "no ref '%s'", name);
	st = bkt_file_slurp(path, &b, err);
	if (st == BKT_E_LIMIT || st == BKT_E_FORMAT)
		return bkt_fail(
		    err, BKT_E_FORMAT, "'%s' is not a plain ref", name);
	if (st != BKT_OK)
		return st;
	if (b.len != 41 || b.ptr[40] != '\n' ||
	    !bkt_unhex_n((const char *)b.ptr, out->b, BKT_OID_LEN))
		return bkt_fail(err, BKT_E_FORMAT,
		    "'%s' is not a plain ref to an object", name);
	return BKT_OK;
}

struct packed {
	struct bkt_span rest;
	struct bkt_span name; /* of the current line */
	struct bkt_oid oid;
};

/* next ref line; @p got false at the end */
static enum bkt_status packed_next(
    struct packed *p, bool *got, struct bkt_err *err)
{
	while (p->rest.len > 0) {
		const uint8_t *line = p->rest.ptr;
		const uint8_t *lf = memchr(line, '\n', p->rest.len);
		size_t n;

		if (!lf)
			return bkt_fail(
			    err, BKT_E_FORMAT, "packed-refs is cut short");
		n = (size_t)(lf - line);
		p->rest = BKT_SPAN(lf + 1, p->rest.len - n - 1);
		if (line[0] == '#' || line[0] == '^')
			continue;
		if (n < 42 || line[40] != ' ' || memchr(line, 0, n) ||
		    !bkt_unhex_n((const char *)line, p->oid.b, BKT_OID_LEN))
			return bkt_fail(err, BKT_E_FORMAT,
			    "packed-refs has a malformed line");
		p->name = BKT_SPAN(line + 41, n - 41);
		*got = true;
		return BKT_OK;
	}
	*got = false;
	return BKT_OK;
}

static enum bkt_status slurp_packed(
    const bkt_gitdb *g, struct bkt_buf *b, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *path = bkt_path_join(g->dir, "packed-refs");
	enum bkt_status st;

	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	st = bkt_file_slurp(path, b, err);
	if (st == BKT_E_LIMIT) /* a store has one ref */
		return bkt_fail(err, BKT_E_FORMAT,
		    "packed-refs is larger than the %zu bytes that are read",
		    b->max_bytes);
	return st == BKT_E_NOTFOUND ? BKT_OK : st;
}

/* the file need not be sorted, so all of it is looked at */
static enum bkt_status read_packed(const bkt_gitdb *g, const char *name,
    struct bkt_oid *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b = { 0 };
	struct packed p = { 0 };
	struct bkt_oid found;
	bool have = false, got = false;

	bkt_buf_init(&b, PACKED_MAX);
	BKT_TRY(slurp_packed(g, &b, err));
	p.rest = bkt_buf_span(&b);
	for (;;) {
		BKT_TRY(packed_next(&p, &got, err));
		if (!got)
			break;
		if (!bkt_span_eq(p.name, bkt_span_str(name)))
			continue;
		if (have)
			return bkt_fail(err, BKT_E_FORMAT,
			    "packed-refs names '%s' twice", name);
		found = p.oid;
		have = true;
	}
	if (!have)
		return bkt_fail(err, BKT_E_NOTFOUND, "no ref '%s'", name);
	*out = found;
	return BKT_OK;
}

enum bkt_status gitdb_ref_loose(const bkt_gitdb *g, const char *name,
    struct bkt_oid *out, struct bkt_err *err)
{
	if (!gitdb_ref_name_valid(name))
		return bkt_fail(
		    err, BKT_E_USAGE, "'%s' is not the name of a ref", name);
	return read_loose(g, name, out, err);
}

enum bkt_status gitdb_ref_raw(const bkt_gitdb *g, const char *name,
    struct bkt_oid *out, struct bkt_err *err)
{
	enum bkt_status st;

	st = gitdb_ref_loose(g, name, out, err);
	if (st != BKT_E_NOTFOUND)
		return st;
	st = read_packed(g, name, out, err);
	if (st != BKT_E_NOTFOUND)
		return st;
	/* it may have been made between the two looks */
	return read_loose(g, name, out, err);
}

enum bkt_status bkt_gitdb_ref(const bkt_gitdb *g, const char *name,
    struct bkt_oid *out, struct bkt_err *err)
{
	BKT_AUTO(gitdb_obj_free) gitdb_obj *obj = NULL;
	struct bkt_oid oid;
	enum bkt_status st;

	BKT_TRY(gitdb_ref_raw(g, name, &oid, err));
	gitdb_pool_notice(g);
	/* a tag object, or anything else that is not the commit itself */
	st = gitdb_object(
	    g, &oid, BKT_GIT_COMMIT, BKT_GITDB_BLOB_MAX, &obj, err);
	if (st != BKT_OK)
		return bkt_fail_context(err, st, "ref '%s'", name);
	*out = oid;
	return BKT_OK;
}

/* ---- HEAD ---------------------------------------------------------------- */

/* git, too, takes any blanks after the colon and after the name */
static struct bkt_span trim(struct bkt_span s)
{
	while (s.len > 0 && strchr(" \t\r\n", s.ptr[0]) && s.ptr[0])
		s = BKT_SPAN(s.ptr + 1, s.len - 1);
	while (s.len > 0 && strchr(" \t\r\n", s.ptr[s.len - 1]) &&
	       s.ptr[s.len - 1])
		s.len--;
	return s;
}

static enum bkt_status head_elsewhere(
    struct bkt_span at, const char *want, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b = { 0 };

	bkt_buf_init(&b, 4096);
	bkt_text_escape(&b, at);
	BKT_TRY(bkt_buf_check(&b, err));
	return bkt_fail(err, BKT_E_TAMPERED,
	    "stock git and a clone show '%.200s' and not %s",
	    (const char *)b.ptr, want);
}

enum bkt_status bkt_gitdb_head_check(
    const bkt_gitdb *g, const char *name, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *path = bkt_path_join(g->dir, "HEAD");
	BKT_AUTO(bkt_buf_release) struct bkt_buf b = { 0 };
	struct bkt_span at;
	struct bkt_oid oid;
	enum bkt_status st;

	bkt_buf_init(&b, 1024);
	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	st = bkt_file_slurp(path, &b, err);
	if (st == BKT_E_LIMIT || st == BKT_E_FORMAT || st == BKT_E_NOTFOUND)
		return bkt_fail(
		    err, BKT_E_FORMAT, "HEAD is not a file of one line");
	if (st != BKT_OK)
		return st;
	at = trim(bkt_buf_span(&b));
	if (at.len > 4 && memcmp(at.ptr, "ref:", 4) == 0) {
		at = trim(BKT_SPAN(at.ptr + 4, at.len - 4));
		return bkt_span_eq(at, bkt_span_str(name))
			   ? BKT_OK
			   : head_elsewhere(at, name, err);
	}
	if (at.len == 40 &&
	    bkt_unhex_n((const char *)at.ptr, oid.b, BKT_OID_LEN))
		return head_elsewhere(at, name, err);
	return bkt_fail(err, BKT_E_FORMAT,
	    "HEAD does not say where stock git begins: want 'ref: %s'", name);
}

/* ---- listing ----------------------------------------------------------- */

struct lister {
	const bkt_gitdb *g;
	bkt_arena *arena;
	bkt_map *names;
};

static enum bkt_status list_add(
    struct lister *l, const char *name, struct bkt_err *err)
{
	static char present;

	return bkt_map_set(l->names, name, &present, err);
}

static enum bkt_status list_dir(
    struct lister *l, const char *dir, unsigned depth, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *path = bkt_path_join(l->g->dir, dir);
	struct bkt_strs names = { 0 };

	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	if (depth > REF_DEPTH_MAX)
		return bkt_fail(
		    err, BKT_E_LIMIT, "refs below '%s' are too deep", dir);
	BKT_TRY(bkt_dir_list(path, l->arena, &names, err));
	for (size_t i = 0; i < names.n; i++) {
		BKT_AUTO(bkt_free) char *ref = bkt_path_join(dir, names.v[i]);
		BKT_AUTO(bkt_free) char *full = NULL;
		struct stat st;
		size_t n;

		full = ref ? bkt_path_join(l->g->dir, ref) : NULL;
		if (!full)
			return bkt_fail(
			    err, BKT_E_NOMEM, "no memory for a path");
		n = strlen(ref);
		if (lstat(full, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode))
			BKT_TRY(list_dir(l, ref, depth + 1, err));
		else if (n < 5 || strcmp(ref + n - 5, ".lock") != 0)
			BKT_TRY(list_add(l, ref, err));
	}
	return BKT_OK;
}

static enum bkt_status list_packed(struct lister *l, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b = { 0 };
	struct packed p = { 0 };
	bool got = false;

	bkt_buf_init(&b, PACKED_MAX);
	BKT_TRY(slurp_packed(l->g, &b, err));
	p.rest = bkt_buf_span(&b);
	for (;;) {
		const char *name;

		BKT_TRY(packed_next(&p, &got, err));
		if (!got)
			return BKT_OK;
		name = bkt_arena_strndup(
		    l->arena, (const char *)p.name.ptr, p.name.len);
		if (!name)
			return bkt_fail(
			    err, BKT_E_NOMEM, "no memory for ref names");
		BKT_TRY(list_add(l, name, err));
	}
}

static int by_name(const void *a, const void *b)
{
	const char *const *x = a;
	const char *const *y = b;

	return strcmp(*x, *y);
}

enum bkt_status bkt_gitdb_refs(const bkt_gitdb *g, bkt_arena *arena,
    struct bkt_strs *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_map_free) bkt_map *names = bkt_map_new();
	struct lister l = { g, arena, names };
	struct bkt_strs list = { 0 };
	const char *key;
	size_t at = 0;
	void *value;

	if (!names)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for ref names");
	BKT_TRY(list_dir(&l, "refs", 0, err));
	BKT_TRY(list_packed(&l, err));
	list.v = bkt_arena_alloc(
	    arena, (bkt_map_count(names) + 1) * sizeof(*list.v));
	if (!list.v)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for ref names");
	while (bkt_map_next(names, &at, &key, &value)) {
		list.v[list.n] = bkt_arena_strdup(arena, key);
		if (!list.v[list.n])
			return bkt_fail(
			    err, BKT_E_NOMEM, "no memory for ref names");
		list.n++;
	}
	qsort(list.v, list.n, sizeof(*list.v), by_name);
	*out = list;
	return BKT_OK;
}
