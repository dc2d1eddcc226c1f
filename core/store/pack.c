/* A package from a release: seals once, the same bytes ever after. */
#include "private.h"

#include <string.h>

#include "bukti/archive.h"

struct packing {
	bkt_store *s;
	const struct bkt_packing *how;
	struct bkt_packed *out;
	bkt_arena *arena;
	bkt_package_plan *plan;
	/* the release that is current, and the commit that holds it */
	struct bkt_record *release;
	struct bkt_sha256 release_sha256;
	struct bkt_oid commit;
	/* seals over the tagmanifest */
	struct bkt_sealed *seals;
	size_t n_seals;
	struct bkt_record *institution;
	char *path; /* of the file; owned */
};

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

static enum bkt_status found_release(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct packing *p = ctx;

	p->release_sha256 = e->record;
	memcpy(p->commit.b, e->commit, sizeof(p->commit.b));
	return bkt_record_parse(e->bytes, p->arena, &p->release, err);
}

/* the tree decides which release is the last one, the index only knows in
 * which commit it came */
static enum bkt_status as_in_tree(
    const struct packing *p, const char *path, bool *same, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { 0 };
	struct bkt_sha256 have;

	bkt_buf_init(&bytes, BKT_RECORD_MAX);
	BKT_TRY(bkt_gitdb_read_path(
	    bkt_ledger_git(p->s->ledger), &p->s->head.tree, path, &bytes, err));
	BKT_TRY(bkt_sha256_of(bkt_buf_span(&bytes), &have, err));
	*same = bkt_sha256_eq(&have, &p->release_sha256);
	return BKT_OK;
}

static enum bkt_status ask_index(
    struct packing *p, const char *path, struct bkt_err *err)
{
	bool same = false;

	for (int tries = 0; tries < 2 && !same; tries++) {
		if (tries > 0)
			BKT_TRY(bkt_store_reindex(p->s, NULL, err));
		BKT_TRY(bkt_index_at(p->s->index, path, found_release, p, err));
		BKT_TRY(as_in_tree(p, path, &same, err));
	}
	if (same)
		return BKT_OK;
	return bkt_fail(err, BKT_E_DB,
	    "the index knows another '%s' than the log, even made anew", path);
}

static enum bkt_status find_release(struct packing *p, struct bkt_err *err)
{
	const char *path =
	    bkt_arena_printf(p->arena, "cycles/%s/release.json", p->how->cycle);
	enum bkt_status st;

	if (!path)
		return nomem(err);
	st = ask_index(p, path, err);
	if (st == BKT_E_NOTFOUND) {
		(void)bkt_fail(err, BKT_E_POLICY,
		    "the cycle '%s' is not released", p->how->cycle);
		bkt_err_hint(err, "bukti release %s", p->how->cycle);
		return BKT_E_POLICY;
	}
	return st;
}

static enum bkt_status make_plan(struct packing *p, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) struct bkt_sha256 *leaves = NULL;
	struct bkt_head at;

	BKT_TRY(bkt_ledger_at_unverified(p->s->ledger, &p->commit, &at, err));
	leaves = bkt_calloc((size_t)at.checkpoint.size + 1, sizeof(*leaves));
	if (!leaves)
		return nomem(err);
	BKT_TRY(bkt_index_leaves(p->s->index, at.checkpoint.size, leaves, err));
	return bkt_package_plan_make(p->s->ledger, p->s->objects, &p->commit,
	    p->how->cycle, leaves, at.checkpoint.size, &p->plan, err);
}

struct packages {
	struct packing *p;
	const char *tagmanifest; /* hex */
	uint64_t last;           /* highest number so far */
	struct bkt_package_rec match;
	bool found;
};

static enum bkt_status each_package(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct packages *all = ctx;
	char release[BKT_SHA256_HEX + 1];
	struct bkt_record *r;

	BKT_TRY(bkt_record_parse(e->bytes, all->p->arena, &r, err));
	if (r->kind != BKT_KIND_PACKAGE)
		return BKT_OK;
	if (r->u.package.number > all->last)
		all->last = r->u.package.number;
	bkt_hex(all->p->release_sha256.b, BKT_SHA256_LEN, release);
	if (!all->found && strcmp(r->u.package.release, release) == 0 &&
	    strcmp(r->u.package.tagmanifest, all->tagmanifest) == 0) {
		all->match = r->u.package;
		all->found = true;
	}
	return BKT_OK;
}

static enum bkt_status keep(bkt_arena *arena, const struct bkt_buf *b,
    struct bkt_span *out, struct bkt_err *err)
{
	uint8_t *copy = bkt_arena_alloc(arena, b->len + 1);

	if (!copy)
		return nomem(err);
	memcpy(copy, b->ptr, b->len);
	*out = BKT_SPAN(copy, b->len);
	return BKT_OK;
}

static enum bkt_status read_seals(
    struct packing *p, const struct bkt_package_rec *rec, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { 0 };

	bkt_buf_init(&bytes, BKT_SEAL_MAX);
	for (size_t i = 0; i < rec->sealed_by.n; i++) {
		const char *path = bkt_arena_printf(p->arena,
		    "cycles/%s/packages/%llu.tagmanifest.%s.p7s", p->how->cycle,
		    (unsigned long long)rec->number, rec->sealed_by.v[i]);

		if (!path)
			return nomem(err);
		BKT_TRY(bkt_gitdb_read_path(bkt_ledger_git(p->s->ledger),
		    &p->s->head.tree, path, &bytes, err));
		BKT_TRY(keep(p->arena, &bytes, &p->seals[i].p7s, err));
		p->seals[i].member = rec->sealed_by.v[i];
	}
	p->n_seals = rec->sealed_by.n;
	return BKT_OK;
}

static const struct bkt_hand *hand_of(
    const struct packing *p, const char *member)
{
	for (size_t i = 0; i < p->how->n_hands; i++) {
		if (strcmp(p->how->hands[i].member, member) == 0)
			return &p->how->hands[i];
	}
	return NULL;
}

static enum bkt_status make_seals(struct packing *p,
    const struct bkt_sha256 *content, int64_t at_utc_s, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { 0 };
	const struct bkt_strs *by = &p->release->by;

	bkt_buf_init(&bytes, BKT_SEAL_MAX);
	for (size_t i = 0; i < by->n; i++) {
		const struct bkt_hand *hand = hand_of(p, by->v[i]);

		if (!hand) {
			(void)bkt_fail(err, BKT_E_USAGE,
			    "a first package is sealed by those who signed "
			    "the release; '%s' is missing",
			    by->v[i]);
			bkt_err_hint(err, "add --as %s", by->v[i]);
			return BKT_E_USAGE;
		}
		bkt_buf_clear(&bytes);
		BKT_TRY(bkt_seal_make(
		    hand->signer, content, at_utc_s, &bytes, err));
		BKT_TRY(bkt_buf_check(&bytes, err));
		BKT_TRY(keep(p->arena, &bytes, &p->seals[i].p7s, err));
		p->seals[i].member = by->v[i];
	}
	p->n_seals = by->n;
	return BKT_OK;
}

/* the package record: signed by one of the hands that may hand over */
static enum bkt_status submit_record(struct packing *p, uint64_t number,
    const char *tagmanifest, int64_t at_utc_s, struct bkt_err *err)
{
	char release[BKT_SHA256_HEX + 1];
	struct bkt_record *r = bkt_arena_alloc(p->arena, sizeof(*r));
	const char *by = p->how->hands[0].member;
	struct bkt_item item = { .staged = NULL };
	struct bkt_strs paths;

	bkt_hex(p->release_sha256.b, BKT_SHA256_LEN, release);
	if (!r)
		return nomem(err);
	r->kind = BKT_KIND_PACKAGE;
	r->u.package = (struct bkt_package_rec){ .cycle = p->how->cycle,
		.number = number,
		.release = bkt_arena_strdup(p->arena, release),
		.tagmanifest = tagmanifest,
		.sealed_by = p->release->by,
		.file = bkt_package_name(p->plan),
		.recipient = p->how->recipient };
	BKT_TRY(bkt_store_prepare(p->s, r, &by, 1, at_utc_s, p->arena, err));
	BKT_TRY(bkt_store_seal(r, p->how->hands, 1, p->arena, &item.sub, err));
	BKT_TRY(bkt_record_owned(r, p->arena, &paths, err));
	item.sub.owned =
	    bkt_arena_alloc(p->arena, (paths.n + 1) * sizeof(*item.sub.owned));
	if (!item.sub.owned)
		return nomem(err);
	for (size_t i = 0; i < paths.n; i++)
		item.sub.owned[i] =
		    (struct bkt_file){ paths.v[i], p->seals[i].p7s, NULL };
	item.sub.n_owned = paths.n;
	BKT_TRY(bkt_store_submit(p->s, &item, 1, 0, "pack a release", err));
	if (item.status != BKT_OK && err)
		*err = item.err;
	return item.status;
}

static enum bkt_status get_seals(struct packing *p, struct bkt_err *err)
{
	struct packages all = { .p = p };
	struct bkt_sha256 content;
	char hex[BKT_SHA256_HEX + 1];
	const char *prefix =
	    bkt_arena_printf(p->arena, "cycles/%s/packages/", p->how->cycle);
	int64_t now = bkt_now_utc_s();

	BKT_TRY(bkt_sha256_of(bkt_package_tagmanifest(p->plan), &content, err));
	bkt_hex(content.b, sizeof(content.b), hex);
	all.tagmanifest = bkt_arena_strdup(p->arena, hex);
	p->seals = bkt_arena_alloc(
	    p->arena, (p->release->by.n + 1) * sizeof(*p->seals));
	if (!prefix || !all.tagmanifest || !p->seals)
		return nomem(err);
	BKT_TRY(
	    bkt_index_current(p->s->index, prefix, each_package, &all, err));
	if (all.found)
		return read_seals(p, &all.match, err);
	if (p->how->n_hands == 0) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "this release was not packed before: its signers must "
		    "seal the package");
		bkt_err_hint(err, "bukti pack %s --as %s%s%s", p->how->cycle,
		    p->release->by.v[0], p->release->by.n > 1 ? " --as " : "",
		    p->release->by.n > 1 ? p->release->by.v[1] : "");
		return BKT_E_USAGE;
	}
	BKT_TRY(make_seals(p, &content, now, err));
	return submit_record(p, all.last + 1, all.tagmanifest, now, err);
}

/* ---- the file --------------------------------------------------------------
 */

void bkt_packed_release(struct bkt_packed *p)
{
	bkt_free(p->path);
	bkt_inspect_report_release(&p->report);
	p->path = NULL;
}

struct finishing {
	const char *tmp;
	int fd;
	struct bkt_inspect_options options;
	struct bkt_inspect_report *report;
};

/* the processor is idle while the disk works */
static enum bkt_status finish_part(
    void *ctx, size_t item, unsigned worker, struct bkt_err *err)
{
	const struct finishing *f = ctx;

	(void)worker;
	if (item == 0)
		return bkt_file_fsync(f->fd, err);
	return bkt_package_inspect(f->tmp, &f->options, f->report, err);
}

static enum bkt_status found_institution(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct packing *p = ctx;

	return bkt_record_parse(e->bytes, p->arena, &p->institution, err);
}

static enum bkt_status finish_file(
    struct packing *p, const char *tmp, int fd, struct bkt_err *err)
{
	struct finishing f = { tmp, fd, { .digest_file = true },
		&p->out->report };
	enum bkt_status st;

	BKT_TRY(bkt_index_at(
	    p->s->index, "institution.json", found_institution, p, err));
	f.options.vkey = p->institution->u.institution.note_key;
	f.options.ca_sha256 = p->institution->u.institution.ca;
	f.options.progress = p->how->progress;
	BKT_TRY(bkt_parallel(2, 2, finish_part, &f, err));
	st = bkt_verdict_status(f.report->verdict, f.report->complete);
	if (st != BKT_OK)
		return bkt_fail(err, st,
		    "the package does not hold as it was read back: it was "
		    "not kept");
	return BKT_OK;
}

/* the name lies in the folder, which has its own way to the disk */
static enum bkt_status keep_name(const char *path, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *folder = bkt_strdup(path);

	if (!folder)
		return nomem(err);
	folder[bkt_path_base(path) - path] = '\0';
	return bkt_dir_fsync(folder[0] ? folder : ".", err);
}

/* a name that is taken is taken: what lies there may be an older release, or
 * somebody's work */
static enum bkt_status taken(const struct packing *p, struct bkt_err *err)
{
	(void)bkt_fail(err, BKT_E_EXISTS, "'%s' is there already", p->path);
	bkt_err_hint(err, "name another file with -o");
	return BKT_E_EXISTS;
}

/* is a fault a reason to say nothing about the file that is there */
static enum bkt_status other(enum bkt_status st)
{
	return st == BKT_E_NOMEM || st == BKT_E_IO || st == BKT_E_INTERRUPTED
		   ? st
		   : BKT_OK;
}

/* may the file there be this package: before anything is sealed or written */
static enum bkt_status check_free(const struct packing *p, struct bkt_err *err)
{
	static const char name[] = "/tagmanifest-sha256.txt";
	const struct bkt_span want = bkt_package_tagmanifest(p->plan);
	BKT_AUTO(bkt_zip_close) bkt_zip *zip = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf is = { 0 };
	bool same = false;
	enum bkt_status st;

	if (!bkt_path_exists(p->path))
		return BKT_OK;
	bkt_buf_init(&is, want.len);
	st = bkt_zip_open(p->path, NULL, &zip, err);
	for (size_t i = 0; st == BKT_OK && i < bkt_zip_count(zip); i++) {
		const struct bkt_zip_entry *e = bkt_zip_entry_at(zip, i);
		const char *slash = strchr(e->path, '/');

		if (!slash || strcmp(slash, name) != 0 ||
		    e->size_bytes != want.len)
			continue;
		st = bkt_zip_read(zip, e, &is, err);
		same = st == BKT_OK && memcmp(is.ptr, want.ptr, want.len) == 0;
	}
	BKT_TRY(other(st));
	return same ? BKT_OK : taken(p, err);
}

/* it came, or was there: good only when it is the same to the last byte */
static enum bkt_status check_same(struct packing *p, struct bkt_err *err)
{
	BKT_AUTO(bkt_zip_close) bkt_zip *zip = NULL;
	struct bkt_sha256 is;
	enum bkt_status st = bkt_zip_open(p->path, NULL, &zip, err);

	if (st == BKT_OK)
		st = bkt_zip_file_digest(zip, &is, err);
	BKT_TRY(other(st));
	if (st != BKT_OK || !bkt_sha256_eq(&is, &p->out->report.sha256))
		return taken(p, err);
	p->out->same = true;
	return BKT_OK;
}

static enum bkt_status write_file(struct packing *p, struct bkt_err *err)
{
	char id[9];
	const char *tmp;
	enum bkt_status st, gone;
	int fd = -1;

	BKT_TRY(bkt_random_id(id, 8, err));
	tmp = bkt_arena_printf(p->arena, "%s.new-%s", p->path, id);
	if (!tmp)
		return nomem(err);
	BKT_TRY(bkt_file_create(tmp, 0644, &fd, err));
	st = bkt_package_write(
	    p->plan, p->seals, p->n_seals, fd, p->how->progress, err);
	bkt_package_plan_free(p->plan);
	p->plan = NULL;
	if (st == BKT_OK)
		st = finish_file(p, tmp, fd, err);
	bkt_fd_close(fd);
	if (st == BKT_OK) {
		st = bkt_file_rename_new(tmp, p->path, err);
		if (st == BKT_OK)
			return keep_name(p->path, err);
		if (st == BKT_E_EXISTS)
			st = check_same(p, err);
	}
	gone = bkt_file_unlink(tmp, NULL);
	if (gone != BKT_OK && st != BKT_OK)
		bkt_err_hint(err, "remove '%s'", tmp);
	return st;
}

/* into a folder under the package's own name, or to a file */
static enum bkt_status place(struct packing *p, struct bkt_err *err)
{
	const char *file = p->how->file;
	bool folder = file[0] && file[strlen(file) - 1] == '/';

	p->path = folder || bkt_path_is_dir(file)
		      ? bkt_path_join(file, bkt_package_name(p->plan))
		      : bkt_strdup(file);
	if (!p->path)
		return nomem(err);
	return check_free(p, err);
}

static enum bkt_status write_into(struct packing *p, struct bkt_err *err)
{
	const char *file = p->how->file;

	if (file[0] && file[strlen(file) - 1] == '/')
		BKT_TRY(bkt_dir_make(file, 0755, true, err));
	BKT_TRY(write_file(p, err));
	p->out->path = BKT_STEAL(p->path);
	return BKT_OK;
}

enum bkt_status bkt_store_pack(bkt_store *s, const struct bkt_packing *how,
    struct bkt_packed *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free)
	bkt_arena *arena = bkt_arena_new((size_t)1 << 28);
	struct packing p = { .s = s, .how = how, .out = out, .arena = arena };
	enum bkt_status st;

	*out = (struct bkt_packed){ .path = NULL };
	if (!arena)
		return nomem(err);
	if (!bkt_id_valid(how->cycle))
		return bkt_fail(
		    err, BKT_E_USAGE, "'%s' is no cycle", how->cycle);
	BKT_TRY(find_release(&p, err));
	st = make_plan(&p, err);
	if (st == BKT_OK)
		st = place(&p, err);
	if (st == BKT_OK)
		st = get_seals(&p, err);
	if (st == BKT_OK)
		st = write_into(&p, err);
	bkt_package_plan_free(p.plan);
	bkt_free(p.path);
	return st;
}
