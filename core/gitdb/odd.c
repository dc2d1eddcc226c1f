#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "db.h"

/*
 * What would make stock git see another history than we do, or run a program.
 * We look at none of it elsewhere; the person should know that it is there.
 */

#define CONFIG_MAX ((size_t)1024 * 1024)

struct odd {
	const bkt_gitdb *g;
	bkt_arena *arena;
	const char **v;
	size_t n, cap;
};

static enum bkt_status odd_add(
    struct odd *o, const char *what, const char *why, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b = { 0 };
	const char *line;

	bkt_buf_init(&b, 4096);
	bkt_text_escape(&b, bkt_span_str(what));
	bkt_buf_printf(&b, ": %s", why);
	BKT_TRY(bkt_buf_check(&b, err));
	if (o->n == o->cap) {
		size_t cap = o->cap ? o->cap * 2 : 8;
		const char **v = bkt_arena_alloc(o->arena, cap * sizeof(*v));

		if (!v)
			return bkt_fail(
			    err, BKT_E_NOMEM, "no memory for findings");
		if (o->n > 0)
			memcpy(v, o->v, o->n * sizeof(*v));
		o->v = v;
		o->cap = cap;
	}
	line = bkt_arena_strndup(o->arena, (const char *)b.ptr, b.len);
	if (!line)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for findings");
	o->v[o->n++] = line;
	return BKT_OK;
}

/* ---- files that change what stock git sees ----------------------------- */

static const struct {
	const char *path, *why;
} odd_files[] = {
	{ "info/grafts", "stock git takes parents of commits from it" },
	{ "shallow", "stock git ends the history where it says" },
	{ "objects/info/alternates", "stock git takes objects from elsewhere" },
	{ "objects/info/http-alternates",
	    "stock git takes objects from elsewhere" },
	{ "objects/info/commit-graph",
	    "stock git takes parents of commits from it" },
	{ "objects/info/commit-graphs",
	    "stock git takes parents of commits from it" },
	{ "commondir", "stock git takes refs and objects from elsewhere" },
	{ "gitdir",
	    "stock git takes the repository for a work tree of another" },
	{ "config.worktree", "stock git takes configuration from it" },
	{ "info/attributes", "stock git may change file contents by it" },
	{ "reftable", "stock git takes refs from it" },
};

static enum bkt_status files(struct odd *o, struct bkt_err *err)
{
	for (size_t i = 0; i < sizeof(odd_files) / sizeof(odd_files[0]); i++) {
		BKT_AUTO(bkt_free)
		char *p = bkt_path_join(o->g->dir, odd_files[i].path);

		if (!p)
			return bkt_fail(
			    err, BKT_E_NOMEM, "no memory for a path");
		if (bkt_path_exists(p))
			BKT_TRY(odd_add(
			    o, odd_files[i].path, odd_files[i].why, err));
	}
	return BKT_OK;
}

static enum bkt_status one_ref(
    struct odd *o, const char *name, struct bkt_err *err)
{
	struct bkt_oid oid;
	enum bkt_status st;

	if (strncmp(name, "refs/replace/", 13) == 0)
		return odd_add(o, name,
		    "stock git shows another object in place of that one", err);
	if (!gitdb_ref_name_valid(name))
		return odd_add(o, name, "not a name for a ref", err);
	/* a line of packed-refs can be nothing else, and reading them all for
	 * each of them would never end */
	st = gitdb_ref_loose(o->g, name, &oid, err);
	if (st == BKT_E_FORMAT)
		return odd_add(
		    o, name, "symbolic or malformed ref, not followed", err);
	return st == BKT_E_NOTFOUND ? BKT_OK : st;
}

/* two names that are one on many filesystems */
static enum bkt_status same_but_case(
    struct odd *o, const struct bkt_strs *refs, struct bkt_err *err)
{
	BKT_AUTO(bkt_map_free) bkt_map *seen = bkt_map_new();
	static char present;

	if (!seen)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for ref names");
	for (size_t i = 0; i < refs->n; i++) {
		BKT_AUTO(bkt_free) char *low = bkt_strdup(refs->v[i]);

		if (!low)
			return bkt_fail(
			    err, BKT_E_NOMEM, "no memory for ref names");
		for (char *p = low; *p; p++)
			if (*p >= 'A' && *p <= 'Z')
				*p = (char)(*p - 'A' + 'a');
		if (bkt_map_get(seen, low))
			BKT_TRY(odd_add(o, refs->v[i],
			    "differs from another ref only in case", err));
		BKT_TRY(bkt_map_set(seen, low, &present, err));
	}
	return BKT_OK;
}

static enum bkt_status refs(struct odd *o, struct bkt_err *err)
{
	struct bkt_strs names = { 0 };
	enum bkt_status st = bkt_gitdb_refs(o->g, o->arena, &names, err);

	if (st == BKT_E_FORMAT)
		return odd_add(o, "packed-refs", "malformed", err);
	if (st == BKT_E_LIMIT)
		return odd_add(o, "refs", "too deep to be looked at", err);
	if (st != BKT_OK)
		return st;
	for (size_t i = 0; i < names.n; i++)
		BKT_TRY(one_ref(o, names.v[i], err));
	return same_but_case(o, &names, err);
}

/* ---- configuration that runs programs ---------------------------------- */

/* "section." alone: every key of it, with or without a subsection */
static const char *const odd_sections[] = { "include.", "includeif.", "alias.",
	"pager.", "filter.", "credential.", "url.", "hook." };
/* the last part of a key, in a section with or without a subsection */
static const struct {
	const char *section, *key;
} odd_keys[] = {
	{ "core", "fsmonitor" },
	{ "core", "hookspath" },
	{ "core", "sshcommand" },
	{ "core", "gitproxy" },
	{ "core", "editor" },
	{ "core", "pager" },
	{ "core", "askpass" },
	{ "core", "worktree" },
	{ "core", "attributesfile" },
	{ "core", "alternaterefscommand" },
	{ "sequence", "editor" },
	{ "diff", "external" },
	{ "diff", "command" },
	{ "diff", "textconv" },
	{ "interactive", "difffilter" },
	{ "merge", "driver" },
	{ "difftool", "cmd" },
	{ "mergetool", "cmd" },
	{ "gpg", "program" },
	{ "gpg", "defaultkeycommand" },
	{ "uploadpack", "packobjectshook" },
	{ "remote", "uploadpack" },
	{ "remote", "receivepack" },
	{ "remote", "vcs" },
	{ "extensions", "worktreeconfig" },
	{ "extensions", "partialclone" },
	{ "extensions", "refstorage" },
	{ "lfs", "path" },
	{ "trailer", "command" },
	{ "trailer", "cmd" },
};

static bool key_is_odd(const char *section, const char *key)
{
	size_t n = strlen(section);

	for (size_t i = 0; i < sizeof(odd_sections) / sizeof(*odd_sections);
	     i++)
		if (strncasecmp(section, odd_sections[i], n) == 0 &&
		    odd_sections[i][n] == '.')
			return true;
	for (size_t i = 0; i < sizeof(odd_keys) / sizeof(odd_keys[0]); i++)
		if (strcasecmp(section, odd_keys[i].section) == 0 &&
		    strcasecmp(key, odd_keys[i].key) == 0)
			return true;
	return false;
}

static const char *skip_blank(const char *p)
{
	return p + strspn(p, " \t\r");
}

/* letters, digits, '-' and '.': what section names and keys are made of */
static size_t word_len(const char *p)
{
	return strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			 "0123456789-");
}

/* "[section "sub"]": the section into @p out; what follows is returned */
static const char *take_section(const char *p, char *out, size_t size)
{
	size_t n = word_len(p + 1);
	bool quoted = false;

	if (n >= size)
		n = size - 1;
	memcpy(out, p + 1, n);
	out[n] = '\0';
	for (p++; *p && (quoted || *p != ']'); p++) {
		if (*p == '\\' && p[1])
			p++;
		else if (*p == '"')
			quoted = !quoted;
	}
	return *p ? p + 1 : p;
}

/*
 * Line by line. A value that goes on over several lines may look like keys;
 * better one finding too many.
 */
static enum bkt_status config_line(
    struct odd *o, char *line, char section[64], struct bkt_err *err)
{
	const char *p = skip_blank(line);
	char what[160], key[64];
	size_t n;

	while (*p == '[')
		p = skip_blank(take_section(p, section, 64));
	n = word_len(p);
	if (n == 0 || n >= sizeof(key))
		return BKT_OK;
	memcpy(key, p, n);
	key[n] = '\0';
	if (!key_is_odd(section, key))
		return BKT_OK;
	(void)snprintf(what, sizeof(what), "config %s.%s", section, key);
	return odd_add(o, what,
	    "stock git may run a program or look elsewhere by it", err);
}

static enum bkt_status config(struct odd *o, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *path = bkt_path_join(o->g->dir, "config");
	BKT_AUTO(bkt_buf_release) struct bkt_buf b = { 0 };
	char section[64] = "";
	enum bkt_status st;

	bkt_buf_init(&b, CONFIG_MAX);
	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	st = bkt_file_slurp(path, &b, err);
	if (st == BKT_E_NOTFOUND)
		return BKT_OK;
	if (st == BKT_E_LIMIT || st == BKT_E_FORMAT)
		return odd_add(o, "config", "not a file of sane size", err);
	if (st != BKT_OK)
		return st;
	for (size_t i = 0; i < b.len; i++)
		if (b.ptr[i] == 0)
			return odd_add(o, "config", "holds a zero byte", err);
	for (char *p = (char *)b.ptr; p;) {
		char *lf = strchr(p, '\n');

		if (lf)
			*lf = '\0';
		BKT_TRY(config_line(o, p, section, err));
		p = lf ? lf + 1 : NULL;
	}
	return BKT_OK;
}

enum bkt_status bkt_gitdb_oddities(const bkt_gitdb *g, bkt_arena *arena,
    struct bkt_strs *out, struct bkt_err *err)
{
	struct odd o = { .g = g, .arena = arena };

	BKT_TRY(files(&o, err));
	BKT_TRY(refs(&o, err));
	BKT_TRY(config(&o, err));
	out->v = o.v;
	out->n = o.n;
	return BKT_OK;
}
