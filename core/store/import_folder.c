/*
 * What lies in the folder, looked over once: for names that the table nearly
 * has, and for files that no row names. It serves only to tell people things,
 * so what cannot be read is left out.
 */
#include "import.h"

#include <string.h>

#define FILES_MAX 100000
#define DEPTH_MAX 32
/* how many names are compared letter by letter, each with a whole folder */
#define COMPARED_MAX 500

struct folder {
	bkt_arena *arena; /* the import's */
	const char *dir;
	struct bkt_strs files; /* below dir, in the order of a listing */
	size_t max;
	bkt_map *by_path; /* folded -> name */
	bkt_map *by_base; /* folded -> name, or several */
	bkt_map *named;   /* by a row */
	size_t n_compared;
	bool partly;
};
static const char several[] = "";

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

/* kept for itself, or by the system or an office program beside a file */
static bool is_noise(const char *name)
{
	return name[0] == '.' || strncmp(name, "~$", 2) == 0 ||
	       strcmp(name, "Thumbs.db") == 0 ||
	       strcmp(name, "desktop.ini") == 0;
}

/* a store may well lie beside the table */
static bool is_repository(const struct bkt_strs *names)
{
	return bkt_strs_has(names, "HEAD") && bkt_strs_has(names, "objects") &&
	       bkt_strs_has(names, "refs");
}

static enum bkt_status keep_file(
    struct folder *f, const char *file, struct bkt_err *err)
{
	const char *path = bkt_name_fold(bkt_span_str(file), f->arena);
	const char *base;

	if (!path)
		return nomem(err);
	if (f->files.n == f->max) {
		size_t max = f->max * 2 + 64;
		const char **more =
		    bkt_arena_alloc(f->arena, max * sizeof(*more));

		if (!more)
			return nomem(err);
		if (f->files.n > 0)
			memcpy(more, f->files.v, f->files.n * sizeof(*more));
		f->files.v = more;
		f->max = max;
	}
	f->files.v[f->files.n++] = file;
	base = bkt_path_base(path);
	BKT_TRY(bkt_map_set(f->by_path, path, (void *)(uintptr_t)file, err));
	return bkt_map_set(f->by_base, base,
	    (void *)(uintptr_t)(bkt_map_get(f->by_base, base) ? several : file),
	    err);
}

static enum bkt_status walk(
    struct folder *f, const char *below, unsigned depth, struct bkt_err *err);

static enum bkt_status look_at(struct folder *f, const char *below,
    const char *name, unsigned depth, struct bkt_err *err)
{
	const char *file = bkt_arena_printf(
	    f->arena, "%s%s%s", below, below[0] ? "/" : "", name);
	BKT_AUTO(bkt_free) char *path = NULL;

	if (!file)
		return nomem(err);
	path = bkt_path_join(f->dir, file);
	if (!path)
		return nomem(err);
	/* an import goes through none */
	if (bkt_path_is_link(path))
		return BKT_OK;
	if (bkt_path_is_dir(path))
		return walk(f, file, depth + 1, err);
	return keep_file(f, file, err);
}

static enum bkt_status walk(
    struct folder *f, const char *below, unsigned depth, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *path = bkt_path_join(f->dir, below);
	struct bkt_strs names;
	enum bkt_status st;

	if (!path)
		return nomem(err);
	st = depth > DEPTH_MAX ? BKT_E_LIMIT
			       : bkt_dir_list(path, f->arena, &names, err);
	if (st == BKT_E_NOMEM)
		return st;
	f->partly |= st != BKT_OK;
	if (st != BKT_OK || is_repository(&names))
		return BKT_OK;
	for (size_t i = 0; i < names.n; i++) {
		if (is_noise(names.v[i]))
			continue;
		f->partly |= f->files.n == FILES_MAX;
		if (f->files.n == FILES_MAX)
			return BKT_OK;
		BKT_TRY(look_at(f, below, names.v[i], depth, err));
	}
	return BKT_OK;
}

enum bkt_status import_folder_new(struct import *m, struct bkt_err *err)
{
	struct folder *f = bkt_arena_alloc(m->arena, sizeof(*f));

	if (!f)
		return nomem(err);
	*f = (struct folder){ .arena = m->arena, .dir = m->o->dir };
	m->folder = f;
	f->by_path = bkt_map_new();
	f->by_base = bkt_map_new();
	f->named = bkt_map_new();
	if (!f->by_path || !f->by_base || !f->named)
		return nomem(err);
	return BKT_OK;
}

void import_folder_free(struct import *m)
{
	if (!m->folder)
		return;
	bkt_map_free(m->folder->by_path);
	bkt_map_free(m->folder->by_base);
	bkt_map_free(m->folder->named);
}

enum bkt_status import_folder_read(struct import *m, struct bkt_err *err)
{
	return walk(m->folder, "", 0, err);
}

/* "a\b" and "./a//b" are a/b */
static char *plain(const char *file, bkt_arena *arena)
{
	char *s = bkt_arena_strdup(arena, file), *to = s;

	for (char *p = s; p && *p; p++)
		if (*p == '\\')
			*p = '/';
	for (const char *p = s; p && *p;) {
		size_t n = strcspn(p, "/");

		if (n > 0 && !(n == 1 && p[0] == '.')) {
			if (to != s)
				*to++ = '/';
			memmove(to, p, n);
			to += n;
		}
		p += n;
		p += *p == '/';
	}
	if (s)
		*to = '\0';
	return s;
}

enum bkt_status import_named(
    struct import *m, const char *file, struct bkt_err *err)
{
	const char *name = file;

	/* most are as they should be */
	if (file[0] == '.' || strstr(file, "/.") || strstr(file, "//"))
		name = plain(file, m->arena);
	return name ? bkt_map_set(m->folder->named, name, m, err) : nomem(err);
}

/* names in the folder that @p file should be in */
static const char *misspelt(
    struct folder *f, const char *file, bkt_arena *arena)
{
	size_t n = (size_t)(bkt_path_base(file) - file);
	struct bkt_strs names = { NULL, 0 };
	const char *base;

	if (f->n_compared++ >= COMPARED_MAX)
		return NULL;
	names.v = bkt_arena_alloc(arena, (f->files.n + 1) * sizeof(*names.v));
	for (size_t i = 0; names.v && i < f->files.n; i++) {
		const char *at = f->files.v[i];

		if (strncmp(at, file, n) == 0 && !strchr(at + n, '/'))
			names.v[names.n++] = at + n;
	}
	base = bkt_suggest(file + n, names.v, names.n);
	return base ? bkt_arena_printf(arena, "%.*s%s", (int)n, file, base)
		    : NULL;
}

const char *import_near(struct import *m, const char *file, bkt_arena *arena)
{
	struct folder *f = m->folder;
	const char *name = plain(file, arena);
	const char *folded =
	    name ? bkt_name_fold(bkt_span_str(name), arena) : NULL;
	const char *found;

	if (!folded)
		return NULL;
	/* in other letters; or with folders in front that are above this one */
	for (const char *p = folded; p; p = strchr(p, '/')) {
		p += *p == '/';
		found = bkt_map_get(f->by_path, p);
		if (found)
			return found;
	}
	found = bkt_map_get(f->by_base, bkt_path_base(folded));
	if (found && found != several)
		return found;
	return misspelt(f, name, arena);
}

/* the same letters, but other bytes */
static bool looks_the_same(const char *a, const char *b, bkt_arena *arena)
{
	const char *x = bkt_file_name_clean(bkt_span_str(a), arena);
	const char *y = bkt_file_name_clean(bkt_span_str(b), arena);

	return x && y && strcmp(a, b) != 0 && strcmp(x, y) == 0 &&
	       !strchr(a, '\\');
}

enum bkt_status import_missing(struct import *m, const char *file,
    struct bkt_err *why, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 26);
	const char *near = arena ? import_near(m, file, arena) : NULL;

	(void)bkt_fail(why, BKT_E_USAGE, "'%s' is not there", file);
	bkt_err_hint(why, "was it renamed or left out? correct the name in "
			  "the table or bring the file");
	if (!near)
		return BKT_OK;
	if (looks_the_same(file, near, arena))
		bkt_err_hint(why,
		    "the folder has '%s', the same letters in another encoding "
		    "(NFC, NFD): rename it, or copy its name from a listing "
		    "into the table",
		    near);
	else
		bkt_err_hint(why,
		    "the folder has '%s': write it so into the table, or "
		    "rename the file",
		    near);
	/* it need not be told of again as one that no row names */
	return import_named(m, near, err);
}

static bool is_table(const struct import *m, const char *file)
{
	BKT_AUTO(bkt_free) char *path = NULL;

	if (strcmp(bkt_path_base(file), bkt_path_base(m->o->csv_name)) != 0)
		return false;
	path = bkt_path_join(m->o->dir, file);
	return path && bkt_path_same(path, m->o->csv_name);
}

enum bkt_status import_unnamed(struct import *m, struct bkt_err *err)
{
	const struct folder *f = m->folder;
	struct bkt_import_result *r = m->result;
	const char **v =
	    bkt_arena_alloc(m->o->arena, BKT_IMPORT_UNNAMED_MAX * sizeof(*v));

	if (!v)
		return nomem(err);
	r->unnamed.v = v;
	r->unnamed_partly = f->partly;
	for (size_t i = 0; i < f->files.n; i++) {
		const char *file = f->files.v[i];

		if (bkt_map_get(f->named, file) || is_table(m, file))
			continue;
		if (r->n_unnamed++ >= BKT_IMPORT_UNNAMED_MAX)
			continue;
		v[r->unnamed.n] = bkt_arena_strdup(m->o->arena, file);
		if (!v[r->unnamed.n++])
			return nomem(err);
	}
	return BKT_OK;
}
