/* A new store with its genesis batch, made aside and renamed when whole. */
#include "private.h"

#include <string.h>

struct genesis {
	const struct bkt_init_options *o;
	const char *dir;
	bkt_arena *arena;
	bkt_store_key *key;
	struct bkt_submission *subs;
	size_t n;
};

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

static enum bkt_status make_key(struct genesis *g, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *path = store_path(g->dir, "bukti/key");
	struct bkt_buf text;
	enum bkt_status st;

	if (!path)
		return nomem(err);
	bkt_buf_init(&text, 4096);
	st = bkt_store_key_new(&text, err);
	if (st == BKT_OK)
		st = bkt_file_replace(path, bkt_buf_span(&text), 0600, err);
	if (st == BKT_OK)
		st = bkt_store_key_load(
		    bkt_buf_span(&text), g->o->origin, &g->key, err);
	if (text.ptr)
		bkt_wipe(text.ptr, text.len);
	bkt_buf_release(&text);
	return st;
}

static const char *hex_of(
    struct bkt_span bytes, bkt_arena *arena, struct bkt_err *err)
{
	char *hex = bkt_arena_alloc(arena, BKT_SHA256_HEX + 1);
	struct bkt_sha256 digest;

	if (!hex || bkt_sha256_of(bytes, &digest, err) != BKT_OK)
		return NULL;
	bkt_hex(digest.b, sizeof(digest.b), hex);
	return hex;
}

static const char *text_of(
    const struct bkt_buf *b, bkt_arena *arena, struct bkt_err *err)
{
	if (bkt_buf_check(b, err) != BKT_OK)
		return NULL;
	return bkt_arena_strndup(arena, (const char *)b->ptr, b->len);
}

/* common keys, seal by the admin, the owned file at its place */
static enum bkt_status add(struct genesis *g, struct bkt_record *r,
    struct bkt_span owned, struct bkt_err *err)
{
	struct bkt_submission *sub = &g->subs[g->n];
	const char **by = bkt_arena_alloc(g->arena, sizeof(*by));
	struct bkt_strs paths;

	if (!by)
		return nomem(err);
	by[0] = g->o->admin.member;
	r->store = g->o->origin;
	r->prev = "";
	r->at_utc_s = g->o->at_utc_s;
	r->by = (struct bkt_strs){ by, 1 };
	BKT_TRY(bkt_store_seal(r, &g->o->admin, 1, g->arena, sub, err));
	BKT_TRY(bkt_record_owned(r, g->arena, &paths, err));
	if (paths.n > 0) {
		sub->owned = bkt_arena_alloc(g->arena, sizeof(*sub->owned));
		if (!sub->owned)
			return nomem(err);
		sub->owned[0] = (struct bkt_file){ paths.v[0], owned, NULL };
		sub->n_owned = 1;
	}
	g->n++;
	return BKT_OK;
}

static enum bkt_status add_institution(struct genesis *g, struct bkt_err *err)
{
	struct bkt_record *r = bkt_arena_alloc(g->arena, sizeof(*r));
	BKT_AUTO(bkt_buf_release) struct bkt_buf vkey = { 0 };

	bkt_buf_init(&vkey, 512);
	if (!r)
		return nomem(err);
	bkt_note_key_print(bkt_store_key_public(g->key), &vkey);
	r->kind = BKT_KIND_INSTITUTION;
	r->u.institution = (struct bkt_institution){ .name = g->o->name,
		.type = g->o->type,
		.note_key = text_of(&vkey, g->arena, err),
		.ca = hex_of(g->o->ca_pem, g->arena, err) };
	if (!r->u.institution.note_key || !r->u.institution.ca)
		return nomem(err);
	return add(g, r, g->o->ca_pem, err);
}

static enum bkt_status add_access(struct genesis *g, struct bkt_err *err)
{
	struct bkt_record *r = bkt_arena_alloc(g->arena, sizeof(*r));

	if (!r)
		return nomem(err);
	r->kind = BKT_KIND_ACCESS;
	r->u.access = *g->o->access;
	return add(g, r, (struct bkt_span){ NULL, 0 }, err);
}

static enum bkt_status add_admin(struct genesis *g, struct bkt_err *err)
{
	struct bkt_record *r = bkt_arena_alloc(g->arena, sizeof(*r));
	const bkt_cert *cert = bkt_signer_cert(g->o->admin.signer);
	const char **roles = bkt_arena_alloc(g->arena, sizeof(*roles));
	BKT_AUTO(bkt_buf_release) struct bkt_buf pem = { 0 };
	BKT_AUTO(bkt_buf_release) struct bkt_buf request = { 0 };
	struct bkt_member *m;
	const char *text;

	bkt_buf_init(&pem, (size_t)2 * BKT_CERT_MAX);
	bkt_buf_init(&request, BKT_CERT_MAX);
	if (!r || !roles)
		return nomem(err);
	if (!cert)
		return bkt_fail(
		    err, BKT_E_USAGE, "the first admin has no certificate");
	BKT_TRY(bkt_cert_to_pem(cert, &pem, err));
	bkt_base64(&request, g->o->admin_request);
	roles[0] = "admin";
	r->kind = BKT_KIND_MEMBER;
	m = &r->u.member;
	m->member = g->o->admin.member;
	m->title = g->o->admin_title;
	m->state = "active";
	m->roles = (struct bkt_strs){ roles, 1 };
	m->cert = hex_of(bkt_cert_info(cert)->der, g->arena, err);
	m->request = text_of(&request, g->arena, err);
	text = text_of(&pem, g->arena, err);
	if (!m->cert || !m->request || !text)
		return nomem(err);
	return add(g, r, bkt_span_str(text), err);
}

static enum bkt_status add_rulebooks(struct genesis *g, struct bkt_err *err)
{
	for (size_t i = 0; i < g->o->n_rulebooks; i++) {
		const struct bkt_file *f = &g->o->rulebooks[i];
		struct bkt_record *r = bkt_arena_alloc(g->arena, sizeof(*r));

		if (!r)
			return nomem(err);
		r->kind = BKT_KIND_RULEBOOK;
		r->u.rulebook.rulebook = f->path;
		r->u.rulebook.size = f->bytes.len;
		r->u.rulebook.sha256 = hex_of(f->bytes, g->arena, err);
		if (!r->u.rulebook.sha256)
			return nomem(err);
		BKT_TRY(add(g, r, f->bytes, err));
	}
	return BKT_OK;
}

static enum bkt_status commit_genesis(struct genesis *g, struct bkt_err *err)
{
	BKT_AUTO(bkt_state_free) bkt_state *state = NULL;
	BKT_AUTO(bkt_certs_free) bkt_certs *certs = NULL;
	BKT_AUTO(bkt_gitdb_free) bkt_gitdb *git = NULL;
	const struct bkt_oid none = { { 0 } };
	struct bkt_received *results =
	    bkt_arena_alloc(g->arena, g->n * sizeof(*results));
	struct bkt_opened *opened =
	    bkt_arena_alloc(g->arena, g->n * sizeof(*opened));
	const struct bkt_file **lists =
	    bkt_arena_alloc(g->arena, g->n * sizeof(*lists));
	size_t *counts = bkt_arena_alloc(g->arena, g->n * sizeof(*counts));
	struct commit_plan p = { .parent = &none,
		.parent_tree = &none,
		.key = g->key,
		.origin = g->o->origin,
		.title = "found the store",
		.opened = opened,
		.n = g->n,
		.time_utc_s = bkt_now_utc_s() };
	struct bkt_oid commit, tree;

	if (!results || !opened || !lists || !counts)
		return nomem(err);
	BKT_TRY(bkt_state_new(&state, err));
	BKT_TRY(bkt_certs_new(&certs, err));
	BKT_TRY(bkt_receive(state, g->subs, g->n, NULL, NULL, NULL,
	    p.time_utc_s, certs, g->arena, results, err));
	for (size_t i = 0; i < g->n; i++) {
		if (results[i].status != BKT_OK) {
			if (err)
				*err = results[i].err;
			return bkt_fail_context(err, results[i].status,
			    "founding record %zu", i + 1);
		}
		opened[i] = results[i].opened;
		lists[i] = results[i].files;
		counts[i] = results[i].n_files;
	}
	BKT_TRY(files_join(
	    lists, counts, g->n, g->arena, &p.files, &p.n_files, err));
	p.frontier = bkt_state_frontier(state);
	BKT_TRY(bkt_gitdb_open(g->dir, false, &git, err));
	p.git = git;
	return commit_write(&p, &commit, &tree, err);
}

static enum bkt_status make_dirs(const char *dir, struct bkt_err *err)
{
	static const char *const below[] = { "bukti/tmp", "bukti/proposals",
		"lfs/objects", "hooks" };

	for (size_t i = 0; i < sizeof(below) / sizeof(below[0]); i++) {
		BKT_AUTO(bkt_free) char *path = store_path(dir, below[i]);

		if (!path)
			return nomem(err);
		BKT_TRY(bkt_dir_make(path, 0755, true, err));
	}
	return BKT_OK;
}

static enum bkt_status build(struct genesis *g, struct bkt_err *err)
{
	BKT_AUTO(bkt_store_free) bkt_store *opened = NULL;

	BKT_TRY(bkt_gitdb_create(g->dir, err));
	BKT_TRY(make_dirs(g->dir, err));
	BKT_TRY(make_key(g, err));
	BKT_TRY(add_institution(g, err));
	BKT_TRY(add_access(g, err));
	BKT_TRY(add_admin(g, err));
	BKT_TRY(add_rulebooks(g, err));
	BKT_TRY(commit_genesis(g, err));
	/* makes the index, and shows that what was made opens */
	return bkt_store_open(g->dir, &opened, err);
}

static enum bkt_status check_target(const char *dir, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 24);
	struct bkt_strs names;

	if (!arena)
		return nomem(err);
	if (!bkt_path_exists(dir))
		return BKT_OK;
	if (!bkt_path_is_dir(dir))
		return bkt_fail(err, BKT_E_EXISTS, "'%s' is a file", dir);
	BKT_TRY(bkt_dir_list(dir, arena, &names, err));
	if (names.n > 0) {
		(void)bkt_fail(
		    err, BKT_E_EXISTS, "'%s' exists and is not empty", dir);
		bkt_err_hint(err, "choose another name; nothing was changed");
		return BKT_E_EXISTS;
	}
	return BKT_OK;
}

/* beside the target, so that the last step is one rename */
static enum bkt_status aside(
    const char *dir, bkt_arena *arena, char **out, struct bkt_err *err)
{
	char id[9];
	size_t n = strlen(dir);

	while (n > 1 && dir[n - 1] == '/')
		n--;
	BKT_TRY(bkt_random_id(id, 8, err));
	*out = bkt_arena_printf(arena, "%.*s.new-%s", (int)n, dir, id);
	return *out ? BKT_OK : nomem(err);
}

static enum bkt_status put_in_place(
    const char *from, const char *to, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *parent = bkt_strdup(to);
	char *slash;

	if (!parent)
		return nomem(err);
	BKT_TRY(bkt_fs_sync(from, err));
	BKT_TRY(bkt_file_rename(from, to, err));
	for (size_t n = strlen(parent); n > 1 && parent[n - 1] == '/'; n--)
		parent[n - 1] = '\0';
	slash = strrchr(parent, '/');
	if (slash)
		slash[slash == parent ? 1 : 0] = '\0';
	return bkt_dir_fsync(slash ? parent : ".", err);
}

enum bkt_status bkt_store_create(const char *dir,
    const struct bkt_init_options *options, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free)
	bkt_arena *arena = bkt_arena_new((size_t)1 << 26);
	struct genesis g = { .o = options, .arena = arena };
	enum bkt_status st;
	char *tmp = NULL;

	if (!arena)
		return nomem(err);
	if (!bkt_origin_valid(options->origin)) {
		(void)bkt_fail(err, BKT_E_USAGE, "'%s' is no good origin",
		    options->origin);
		bkt_err_hint(err, "a name like spbe.kota-contoh.go.id, lower "
				  "case");
		return BKT_E_USAGE;
	}
	BKT_TRY(check_target(dir, err));
	BKT_TRY(aside(dir, arena, &tmp, err));
	g.subs = bkt_arena_alloc(
	    arena, (3 + options->n_rulebooks) * sizeof(*g.subs));
	if (!g.subs)
		return nomem(err);
	g.dir = tmp;
	st = build(&g, err);
	bkt_store_key_free(g.key);
	if (st == BKT_OK)
		st = put_in_place(tmp, dir, err);
	if (st != BKT_OK && bkt_path_exists(tmp) &&
	    bkt_dir_remove(tmp, NULL) != BKT_OK)
		bkt_err_hint(err, "remove '%s'", tmp);
	return st;
}
