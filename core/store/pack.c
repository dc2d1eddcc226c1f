/* A package from a release: seals once, the same bytes ever after. */
#include "private.h"

#include <string.h>

#include "bukti/package.h"

struct packing {
	bkt_store *s;
	const char *cycle;
	const struct bkt_hand *hands;
	size_t n_hands;
	const char *recipient;
	bkt_arena *arena;
	bkt_package_plan *plan;
	/* the release that is current, and the commit that holds it */
	struct bkt_record *release;
	struct bkt_sha256 release_sha256;
	struct bkt_oid commit;
	/* seals over the tagmanifest */
	struct bkt_sealed *seals;
	size_t n_seals;
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

static enum bkt_status find_release(struct packing *p, struct bkt_err *err)
{
	const char *path =
	    bkt_arena_printf(p->arena, "cycles/%s/release.json", p->cycle);
	enum bkt_status st;

	if (!path)
		return nomem(err);
	st = bkt_index_at(p->s->index, path, found_release, p, err);
	if (st == BKT_E_NOTFOUND) {
		(void)bkt_fail(err, BKT_E_POLICY,
		    "the cycle '%s' is not released", p->cycle);
		bkt_err_hint(err, "bukti release %s", p->cycle);
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
	    p->cycle, leaves, at.checkpoint.size, &p->plan, err);
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
		    "cycles/%s/packages/%llu.tagmanifest.%s.p7s", p->cycle,
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
	for (size_t i = 0; i < p->n_hands; i++) {
		if (strcmp(p->hands[i].member, member) == 0)
			return &p->hands[i];
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
	const char *by = p->hands[0].member;
	struct bkt_item item = { .staged = NULL };
	struct bkt_strs paths;

	bkt_hex(p->release_sha256.b, BKT_SHA256_LEN, release);
	if (!r)
		return nomem(err);
	r->kind = BKT_KIND_PACKAGE;
	r->u.package = (struct bkt_package_rec){ .cycle = p->cycle,
		.number = number,
		.release = bkt_arena_strdup(p->arena, release),
		.tagmanifest = tagmanifest,
		.sealed_by = p->release->by,
		.file = bkt_package_name(p->plan),
		.recipient = p->recipient };
	BKT_TRY(bkt_store_prepare(p->s, r, &by, 1, at_utc_s, p->arena, err));
	BKT_TRY(bkt_store_seal(r, p->hands, 1, p->arena, &item.sub, err));
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
	    bkt_arena_printf(p->arena, "cycles/%s/packages/", p->cycle);
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
	if (p->n_hands == 0) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "this release was not packed before: its signers must "
		    "seal the package");
		bkt_err_hint(err, "bukti pack %s --as %s%s%s", p->cycle,
		    p->release->by.v[0], p->release->by.n > 1 ? " --as " : "",
		    p->release->by.n > 1 ? p->release->by.v[1] : "");
		return BKT_E_USAGE;
	}
	BKT_TRY(make_seals(p, &content, now, err));
	return submit_record(p, all.last + 1, all.tagmanifest, now, err);
}

static enum bkt_status write_file(struct packing *p, const char *path,
    const struct bkt_progress *progress, struct bkt_err *err)
{
	char id[9];
	const char *tmp;
	enum bkt_status st;
	int fd = -1;

	BKT_TRY(bkt_random_id(id, 8, err));
	tmp = bkt_arena_printf(p->arena, "%s.new-%s", path, id);
	if (!tmp)
		return nomem(err);
	BKT_TRY(bkt_file_create(tmp, 0644, &fd, err));
	st =
	    bkt_package_write(p->plan, p->seals, p->n_seals, fd, progress, err);
	if (st == BKT_OK)
		st = bkt_file_fsync(fd, err);
	bkt_fd_close(fd);
	if (st == BKT_OK)
		st = bkt_file_rename(tmp, path, err);
	if (st != BKT_OK && bkt_file_unlink(tmp, NULL) != BKT_OK)
		bkt_err_hint(err, "remove '%s'", tmp);
	return st;
}

enum bkt_status bkt_store_pack(bkt_store *s, const char *cycle,
    const char *file, const struct bkt_hand *hands, size_t n_hands,
    const char *recipient, const struct bkt_progress *progress, char **name,
    struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free)
	bkt_arena *arena = bkt_arena_new((size_t)1 << 28);
	BKT_AUTO(bkt_free) char *path = NULL;
	struct packing p = { .s = s,
		.cycle = cycle,
		.hands = hands,
		.n_hands = n_hands,
		.recipient = recipient,
		.arena = arena };
	enum bkt_status st;

	if (!arena)
		return nomem(err);
	if (!bkt_id_valid(cycle))
		return bkt_fail(err, BKT_E_USAGE, "'%s' is no cycle", cycle);
	BKT_TRY(find_release(&p, err));
	st = make_plan(&p, err);
	if (st == BKT_OK)
		st = get_seals(&p, err);
	if (st == BKT_OK && file[0] && file[strlen(file) - 1] == '/')
		st = bkt_dir_make(file, 0755, true, err);
	if (st == BKT_OK) {
		path = bkt_path_is_dir(file)
			   ? bkt_path_join(file, bkt_package_name(p.plan))
			   : bkt_strdup(file);
		if (!path)
			st = nomem(err);
	}
	if (st == BKT_OK)
		st = write_file(&p, path, progress, err);
	bkt_package_plan_free(p.plan);
	if (st == BKT_OK && name)
		*name = BKT_STEAL(path);
	return st;
}
