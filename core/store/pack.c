/* A package from a release: seals once, the same bytes ever after. */
#include "pack.h"

#include <string.h>

#define ATTEMPTS 8 /* while others pack the same release */

enum bkt_status pack_nomem(struct bkt_err *err)
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
		return pack_nomem(err);
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
		return pack_nomem(err);
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
		return pack_nomem(err);
	memcpy(copy, b->ptr, b->len);
	*out = BKT_SPAN(copy, b->len);
	return BKT_OK;
}

static enum bkt_status read_seals(
    struct packing *p, const struct bkt_package_rec *rec, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { 0 };

	enum bkt_status st;

	bkt_buf_init(&bytes, BKT_SEAL_MAX);
	for (size_t i = 0; i < rec->sealed_by.n; i++) {
		const char *path = bkt_arena_printf(p->arena,
		    "cycles/%s/packages/%llu.tagmanifest.%s.p7s", p->how->cycle,
		    (unsigned long long)rec->number, rec->sealed_by.v[i]);

		if (!path)
			return pack_nomem(err);
		st = bkt_gitdb_read_path(bkt_ledger_git(p->s->ledger),
		    &p->s->head.tree, path, &bytes, err);
		if (st == BKT_E_NOTFOUND) /* newer than the head at hand */
			return bkt_fail(err, BKT_E_CONFLICT,
			    "somebody packs this release right now");
		if (st != BKT_OK)
			return st;
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

/* the package is judged by the registry that is in it, that of the release: a
 * certificate that came since is not there */
static enum bkt_status check_hand(const struct packing *p,
    struct bkt_tree_source *then, const struct bkt_hand *hand,
    struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { 0 };
	const bkt_cert *cert = bkt_signer_cert(hand->signer);
	const struct bkt_source source = bkt_source_of_tree(then);
	const char *path =
	    bkt_arena_printf(p->arena, "members/%s.json", hand->member);
	struct bkt_record *m;
	char hex[BKT_SHA256_HEX + 1];

	if (!path)
		return pack_nomem(err);
	bkt_buf_init(&bytes, BKT_RECORD_MAX);
	BKT_TRY(source.read(source.ctx, path, &bytes, err));
	BKT_TRY(bkt_record_parse(bkt_buf_span(&bytes), p->arena, &m, err));
	if (cert)
		bkt_hex(bkt_cert_info(cert)->sha256.b, BKT_SHA256_LEN, hex);
	if (cert && strcmp(hex, m->u.member.cert) == 0)
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_POLICY,
	    "'%s' has another certificate than when the release was signed: "
	    "the package would not hold by the registry in it",
	    hand->member);
	bkt_err_hint(err,
	    "bukti release %s --again seals it anew; then pack that",
	    p->how->cycle);
	return BKT_E_POLICY;
}

static enum bkt_status make_seals(struct packing *p,
    const struct bkt_sha256 *content, int64_t at_utc_s, struct bkt_err *err)
{
	struct bkt_tree_source then = { bkt_ledger_git(p->s->ledger),
		{ { 0 } } };
	struct bkt_head at;
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { 0 };
	const struct bkt_strs *by = &p->release->by;

	bkt_buf_init(&bytes, BKT_SEAL_MAX);
	BKT_TRY(bkt_ledger_at_unverified(p->s->ledger, &p->commit, &at, err));
	then.tree = at.tree;
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
		BKT_TRY(check_hand(p, &then, hand, err));
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
enum bkt_status pack_submit(struct packing *p, struct bkt_err *err)
{
	char release[BKT_SHA256_HEX + 1];
	struct bkt_record *r = bkt_arena_alloc(p->arena, sizeof(*r));
	const char *by = p->how->hands[0].member;
	struct bkt_item item = { .staged = NULL };
	struct bkt_strs paths;

	bkt_hex(p->release_sha256.b, BKT_SHA256_LEN, release);
	if (!r)
		return pack_nomem(err);
	r->kind = BKT_KIND_PACKAGE;
	r->u.package = (struct bkt_package_rec){ .cycle = p->how->cycle,
		.number = p->number,
		.release = bkt_arena_strdup(p->arena, release),
		.tagmanifest = p->tagmanifest,
		.sealed_by = p->release->by,
		.file = p->name,
		.recipient = p->how->recipient };
	BKT_TRY(bkt_store_prepare(p->s, r, &by, 1, p->at_utc_s, p->arena, err));
	BKT_TRY(bkt_store_seal(r, p->how->hands, 1, p->arena, &item.sub, err));
	BKT_TRY(bkt_record_owned(r, p->arena, &paths, err));
	item.sub.owned =
	    bkt_arena_alloc(p->arena, (paths.n + 1) * sizeof(*item.sub.owned));
	if (!item.sub.owned)
		return pack_nomem(err);
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

	BKT_TRY(bkt_sha256_of(bkt_package_tagmanifest(p->plan), &content, err));
	bkt_hex(content.b, sizeof(content.b), hex);
	p->at_utc_s = bkt_now_utc_s();
	p->tagmanifest = all.tagmanifest = bkt_arena_strdup(p->arena, hex);
	p->seals = bkt_arena_alloc(
	    p->arena, (p->release->by.n + 1) * sizeof(*p->seals));
	p->name = bkt_arena_strdup(p->arena, bkt_package_name(p->plan));
	if (!prefix || !all.tagmanifest || !p->seals || !p->name)
		return pack_nomem(err);
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
	p->fresh = true;
	p->number = all.last + 1;
	return make_seals(p, &content, p->at_utc_s, err);
}

static enum bkt_status attempt(struct packing *p, struct bkt_err *err)
{
	enum bkt_status st;

	BKT_TRY(store_refresh(p->s, err));
	BKT_TRY(find_release(p, err));
	st = make_plan(p, err);
	if (st == BKT_OK)
		st = pack_place(p, err);
	if (st == BKT_OK)
		st = get_seals(p, err);
	if (st == BKT_OK)
		st = pack_write(p, err);
	bkt_package_plan_free(p->plan);
	bkt_free(p->path);
	return st;
}

enum bkt_status bkt_store_pack(bkt_store *s, const struct bkt_packing *how,
    struct bkt_packed *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free)
	bkt_arena *arena = bkt_arena_new((size_t)1 << 28);
	enum bkt_status st = BKT_E_CONFLICT;

	*out = (struct bkt_packed){ .path = NULL };
	if (!arena)
		return pack_nomem(err);
	if (!bkt_id_valid(how->cycle))
		return bkt_fail(
		    err, BKT_E_USAGE, "'%s' is no cycle", how->cycle);
	/* who was slower takes the seals of who was faster: the same bytes */
	for (int i = 0; i < ATTEMPTS && st == BKT_E_CONFLICT; i++) {
		struct packing p = {
			.s = s, .how = how, .out = out, .arena = arena
		};

		bkt_packed_release(out);
		*out = (struct bkt_packed){ .path = NULL };
		st = attempt(&p, err);
	}
	return st;
}
