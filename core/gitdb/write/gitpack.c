#include "pack.h"

struct bkt_gitpack {
	bkt_gitdb *g;
	git_odb *packed; /* our own: asked for every object */
	bool has_loose;
	struct pack_out out;
	struct pack_set set;
	struct pack_like *like; /* NULL until it is needed */
	bool failed, finished;
};

void bkt_gitpack_free(bkt_gitpack *p)
{
	if (!p)
		return;
	pack_out_release(&p->out);
	pack_set_release(&p->set);
	pack_like_free(p->like);
	if (p->packed)
		git_odb_free(p->packed);
	bkt_free(p);
}

const bkt_gitdb *gitpack_db(const bkt_gitpack *p)
{
	return p->g;
}

/* objects/ holds directories named by two digits */
static enum bkt_status has_loose(
    const bkt_gitdb *g, bool *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *a = bkt_arena_new(1024 * 1024);
	struct bkt_strs names = { 0 };
	uint8_t digits;

	*out = false;
	if (!a)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a pack");
	BKT_TRY(bkt_dir_list(g->objects, a, &names, err));
	for (size_t i = 0; i < names.n; i++)
		*out = *out || bkt_unhex(names.v[i], &digits, 1);
	return BKT_OK;
}

/* what is written through a link lies outside of the store */
static enum bkt_status no_links(const bkt_gitdb *g, struct bkt_err *err)
{
	const char *const dirs[] = { g->objects, g->pack_dir };

	for (size_t i = 0; i < 2; i++) {
		if (!bkt_path_is_link(dirs[i]))
			continue;
		(void)bkt_fail(err, BKT_E_TAMPERED,
		    "'%s' is a symbolic link: nothing is written through it",
		    dirs[i]);
		bkt_err_hint(err, "put a folder in its place, with what is "
				  "behind it; then bukti verify --cold");
		return BKT_E_TAMPERED;
	}
	return BKT_OK;
}

enum bkt_status bkt_gitpack_new(
    bkt_gitdb *g, bkt_gitpack **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_gitpack_free) bkt_gitpack *p = bkt_calloc(1, sizeof(*p));

	if (!p)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a pack");
	p->g = g;
	p->out.fd = -1;
	BKT_TRY(no_links(g, err));
	/* nearly every object asked for is new: the file system is asked only
	 * when there is something to find */
	BKT_TRY(has_loose(g, &p->has_loose, err));
	BKT_TRY(gitdb_odb_open(g, &p->packed, err));
	BKT_TRY(pack_out_open(&p->out, g->pack_dir, err));
	*out = BKT_STEAL(p);
	return BKT_OK;
}

static bool known(const bkt_gitpack *p, const struct bkt_oid *oid)
{
	git_oid id;

	if (pack_set_find(&p->set, oid))
		return true;
	gitdb_oid_in(oid, &id);
	return git_odb_exists_ext(p->packed, &id, GIT_ODB_LOOKUP_NO_REFRESH) ==
		   1 ||
	       (p->has_loose && gitdb_loose_has(p->g->objects, oid));
}

static enum bkt_status put_object(bkt_gitpack *p, enum bkt_git_type type,
    struct bkt_span content, const struct bkt_oid *oid, struct bkt_err *err)
{
	struct pack_entry e = { .oid = *oid, .offset = pack_out_at(&p->out) };

	BKT_TRY(pack_out_begin(&p->out, (unsigned)type, content.len, 0, err));
	BKT_TRY(pack_out_deflate(&p->out, content, err));
	e.crc = (uint32_t)p->out.crc;
	return pack_set_add(&p->set, &e, err);
}

static enum bkt_status usable(const bkt_gitpack *p, struct bkt_err *err)
{
	BKT_ASSERT(!p->finished);
	if (p->failed)
		return bkt_fail(
		    err, BKT_E_IO, "an earlier write to this pack failed");
	return BKT_OK;
}

enum bkt_status bkt_gitpack_add(bkt_gitpack *p, enum bkt_git_type type,
    struct bkt_span content, struct bkt_oid *out, struct bkt_err *err)
{
	struct bkt_oid oid;
	enum bkt_status st;

	BKT_TRY(usable(p, err));
	if (content.len > (size_t)INT32_MAX)
		return bkt_fail(
		    err, BKT_E_LIMIT, "object of %zu bytes", content.len);
	BKT_TRY(gitdb_hash(content, type, &oid, err));
	if (!known(p, &oid)) {
		st = put_object(p, type, content, &oid, err);
		/* the file is no longer what the table says */
		p->failed = st != BKT_OK;
		if (st != BKT_OK)
			return st;
	}
	*out = oid;
	return BKT_OK;
}

/* as a difference from one like it, or whole */
static enum bkt_status put_like(
    bkt_gitpack *p, const struct bkt_gitblob *b, struct bkt_err *err)
{
	struct pack_entry e = { .oid = b->oid, .offset = pack_out_at(&p->out) };
	struct bkt_span delta;
	uint64_t base_at;

	if (!p->like)
		BKT_TRY(pack_like_new(&p->like, err));
	delta = pack_like_delta(p->like, b->like, b->content, &base_at);
	if (delta.len == 0) {
		BKT_TRY(put_object(p, BKT_GIT_BLOB, b->content, &b->oid, err));
		return pack_like_note(
		    p->like, b->like, b->content, e.offset, err);
	}
	BKT_TRY(pack_out_begin(
	    &p->out, PACK_OFS_DELTA, delta.len, e.offset - base_at, err));
	BKT_TRY(pack_out_store(&p->out, delta, err));
	e.crc = (uint32_t)p->out.crc;
	return pack_set_add(&p->set, &e, err);
}

static enum bkt_status put_ready(
    bkt_gitpack *p, const struct bkt_gitblob *b, struct bkt_err *err)
{
	struct pack_entry e = { .oid = b->oid, .offset = pack_out_at(&p->out) };

	if (b->like)
		return put_like(p, b, err);
	BKT_TRY(pack_out_begin(
	    &p->out, (unsigned)BKT_GIT_BLOB, b->content.len, 0, err));
	BKT_TRY(pack_out_raw(&p->out, b->deflated.ptr, b->deflated.len, err));
	e.crc = (uint32_t)p->out.crc;
	return pack_set_add(&p->set, &e, err);
}

enum bkt_status bkt_gitpack_put(
    bkt_gitpack *p, const struct bkt_gitblob *blob, struct bkt_err *err)
{
	enum bkt_status st = BKT_OK;

	BKT_TRY(usable(p, err));
	if (!known(p, &blob->oid))
		st = put_ready(p, blob, err);
	p->failed = st != BKT_OK;
	return st;
}

enum bkt_status bkt_gitpack_finish(bkt_gitpack *p, struct bkt_err *err)
{
	char stem[48];

	BKT_TRY(usable(p, err));
	p->finished = true;
	if (p->set.n == 0)
		return BKT_OK;
	/* readers find it: libgit2 looks for new packs when it misses one */
	return pack_out_finish(&p->out, &p->set, stem, err);
}
