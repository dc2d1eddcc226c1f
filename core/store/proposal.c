/*
 * Records that wait outside the log for more signatures: one folder each,
 * bukti/proposals/<id>/ with record.json, <member>.p7s and owned-<n>.
 */
#include "private.h"

#include <stdio.h>
#include <string.h>

#define ID_LEN 16

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

static bool id_good(const char *id)
{
	uint8_t bytes[ID_LEN / 2];

	return bkt_unhex(id, bytes, sizeof(bytes));
}

static enum bkt_status folder(const bkt_store *s, const char *id,
    const char *name, bkt_arena *arena, const char **out, struct bkt_err *err)
{
	*out = bkt_arena_printf(arena, "%s/bukti/proposals%s%s%s%s", s->dir,
	    id[0] ? "/" : "", id, name[0] ? "/" : "", name);
	return *out ? BKT_OK : nomem(err);
}

static enum bkt_status save(const bkt_store *s, const char *id,
    const char *name, struct bkt_span bytes, bkt_arena *arena,
    struct bkt_err *err)
{
	const char *path;

	BKT_TRY(folder(s, id, name, arena, &path, err));
	return bkt_file_replace(path, bytes, 0644, err);
}

static enum bkt_status read(const bkt_store *s, const char *id,
    const char *name, size_t max_bytes, bkt_arena *arena, struct bkt_span *out,
    struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { 0 };
	const char *path;
	uint8_t *copy;

	bkt_buf_init(&bytes, max_bytes);
	BKT_TRY(folder(s, id, name, arena, &path, err));
	BKT_TRY(bkt_file_slurp(path, &bytes, err));
	copy = bkt_arena_alloc(arena, bytes.len + 1);
	if (!copy)
		return nomem(err);
	if (bytes.len > 0)
		memcpy(copy, bytes.ptr, bytes.len);
	*out = BKT_SPAN(copy, bytes.len);
	return BKT_OK;
}

static enum bkt_status seal_name(
    const char *member, bkt_arena *arena, const char **out, struct bkt_err *err)
{
	*out = bkt_arena_printf(arena, "%s.p7s", member);
	return *out ? BKT_OK : nomem(err);
}

/* nobody brings it again when the last one signs */
static enum bkt_status keep_content(
    bkt_store *s, struct bkt_staged *staged, struct bkt_err *err)
{
	BKT_AUTO_FD lock = -1;

	BKT_TRY(store_lock(s, &lock, err));
	return bkt_objects_settle(s->objects, &staged, 1, err);
}

/* the record last: a folder without it is no proposal */
enum bkt_status bkt_proposal_put(bkt_store *s, const struct bkt_submission *sub,
    struct bkt_staged *staged, char id[17], struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 24);
	struct bkt_sha256 digest;
	char hex[BKT_SHA256_HEX + 1], made[ID_LEN + 1];
	const char *path, *name;

	if (!arena)
		return nomem(err);
	if (staged)
		BKT_TRY(keep_content(s, staged, err));
	BKT_TRY(bkt_sha256_of(sub->record, &digest, err));
	bkt_hex(digest.b, sizeof(digest.b), hex);
	memcpy(made, hex, ID_LEN);
	made[ID_LEN] = '\0';
	BKT_TRY(folder(s, made, "", arena, &path, err));
	BKT_TRY(bkt_dir_make(path, 0755, true, err));
	for (size_t i = 0; i < sub->n_seals; i++) {
		BKT_TRY(seal_name(sub->seals[i].member, arena, &name, err));
		BKT_TRY(save(s, made, name, sub->seals[i].p7s, arena, err));
	}
	for (size_t i = 0; i < sub->n_owned; i++) {
		name = bkt_arena_printf(arena, "owned-%zu", i);
		if (!name)
			return nomem(err);
		BKT_TRY(save(s, made, name, sub->owned[i].bytes, arena, err));
	}
	BKT_TRY(save(s, made, "record.json", sub->record, arena, err));
	memcpy(id, made, sizeof(made));
	return BKT_OK;
}

/* it was good when it was made: what it is not any more, it became here */
static enum bkt_status check_seal(const char *id, const struct bkt_sealed *made,
    const struct bkt_sha256 *record, struct bkt_err *err)
{
	struct bkt_seal seal;
	enum bkt_status st = proposal_look(made, record, &seal, err);

	if (!bkt_is_verdict(st))
		return st;
	(void)bkt_fail_context(err, BKT_E_TAMPERED,
	    "proposal '%s' was damaged since it was made", id);
	bkt_err_hint(err, "bukti proposal drop %s, and propose it again", id);
	return BKT_E_TAMPERED;
}

static enum bkt_status read_seals(
    bkt_store *s, struct bkt_proposal *p, bkt_arena *arena, struct bkt_err *err)
{
	const struct bkt_strs *by = &p->rec->by;
	struct bkt_sha256 record;

	BKT_TRY(bkt_sha256_of(p->sub.record, &record, err));
	p->sub.seals =
	    bkt_arena_alloc(arena, (by->n + 1) * sizeof(*p->sub.seals));
	p->missing.v =
	    bkt_arena_alloc(arena, (by->n + 1) * sizeof(*p->missing.v));
	if (!p->sub.seals || !p->missing.v)
		return nomem(err);
	for (size_t i = 0; i < by->n; i++) {
		struct bkt_sealed *seal = &p->sub.seals[p->sub.n_seals];
		const char *name;
		enum bkt_status st;

		BKT_TRY(seal_name(by->v[i], arena, &name, err));
		st = read(s, p->id, name, BKT_SEAL_MAX, arena, &seal->p7s, err);
		if (st == BKT_E_NOTFOUND) {
			p->missing.v[p->missing.n++] = by->v[i];
			continue;
		}
		if (st != BKT_OK)
			return st;
		seal->member = by->v[i];
		BKT_TRY(check_seal(p->id, seal, &record, err));
		p->sub.n_seals++;
	}
	return BKT_OK;
}

static enum bkt_status read_owned(
    bkt_store *s, struct bkt_proposal *p, bkt_arena *arena, struct bkt_err *err)
{
	struct bkt_strs paths;

	BKT_TRY(bkt_record_owned(p->rec, arena, &paths, err));
	p->sub.owned =
	    bkt_arena_alloc(arena, (paths.n + 1) * sizeof(*p->sub.owned));
	if (!p->sub.owned)
		return nomem(err);
	for (size_t i = 0; i < paths.n; i++) {
		const char *name = bkt_arena_printf(arena, "owned-%zu", i);

		if (!name)
			return nomem(err);
		p->sub.owned[i].path = paths.v[i];
		BKT_TRY(read(s, p->id, name, BKT_GITDB_BLOB_MAX, arena,
		    &p->sub.owned[i].bytes, err));
	}
	p->sub.n_owned = paths.n;
	return BKT_OK;
}

/* the id is of the record: an edited one is another proposal */
static enum bkt_status check_id(
    const char *id, struct bkt_span record, struct bkt_err *err)
{
	char hex[BKT_SHA256_HEX + 1];
	struct bkt_sha256 digest;

	BKT_TRY(bkt_sha256_of(record, &digest, err));
	bkt_hex(digest.b, sizeof(digest.b), hex);
	if (strncmp(hex, id, ID_LEN) == 0)
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_TAMPERED,
	    "the record of proposal '%s' was changed since it was made", id);
	bkt_err_hint(err, "do not sign it; bukti proposal drop %s", id);
	return BKT_E_TAMPERED;
}

enum bkt_status bkt_proposal_get(bkt_store *s, const char *id, bkt_arena *arena,
    struct bkt_proposal *out, struct bkt_err *err)
{
	struct bkt_proposal p = { .rec = NULL };
	struct bkt_record *rec;
	enum bkt_status st;

	if (!id_good(id)) {
		(void)bkt_fail(err, BKT_E_NOTFOUND, "no proposal '%s'", id);
		bkt_err_hint(err, "bukti proposal list shows those that wait");
		return BKT_E_NOTFOUND;
	}
	memcpy(p.id, id, ID_LEN);
	st = read(
	    s, p.id, "record.json", BKT_RECORD_MAX, arena, &p.sub.record, err);
	if (st == BKT_E_NOTFOUND) {
		(void)bkt_fail(err, BKT_E_NOTFOUND, "no proposal '%s'", id);
		bkt_err_hint(err, "bukti proposal list shows those that wait");
		return BKT_E_NOTFOUND;
	}
	if (st != BKT_OK)
		return st;
	BKT_TRY(check_id(id, p.sub.record, err));
	BKT_TRY(bkt_record_parse(p.sub.record, arena, &rec, err));
	p.rec = rec;
	BKT_TRY(read_seals(s, &p, arena, err));
	st = read_owned(s, &p, arena, err);
	if (st == BKT_E_NOTFOUND)
		return bkt_fail_context(
		    err, BKT_E_MISSING, "a file of proposal '%s'", id);
	if (st != BKT_OK)
		return st;
	*out = p;
	return BKT_OK;
}

/* a broken one must not hide the others: its record is NULL, and why */
static enum bkt_status list_one(bkt_store *s, const char *name,
    bkt_arena *arena, struct bkt_proposal *out, bool *is, struct bkt_err *err)
{
	struct bkt_proposal p = { .rec = NULL };
	const char *path;
	enum bkt_status st;

	st = bkt_proposal_get(s, name, arena, &p, &p.broken);
	if (st == BKT_E_NOMEM)
		return bkt_fail(err, st, "no memory");
	BKT_TRY(folder(s, name, "", arena, &path, err));
	/* a folder without a record is a beginning that was cut off */
	*is = st != BKT_E_NOTFOUND || !id_good(name) || !bkt_path_is_dir(path);
	if (st != BKT_OK) {
		p.rec = NULL;
		(void)snprintf(p.id, sizeof(p.id), "%.16s", name);
	}
	if (*is && st == BKT_E_NOTFOUND) {
		(void)bkt_fail(&p.broken, BKT_E_FORMAT,
		    "'%s' is not the folder of a proposal", path);
		bkt_err_hint(&p.broken, "take that folder away by hand");
	} else if (*is && st != BKT_OK) {
		bkt_err_hint(&p.broken, "bukti proposal drop %s", p.id);
	}
	*out = p;
	return BKT_OK;
}

enum bkt_status bkt_proposal_list(bkt_store *s, bkt_arena *arena,
    struct bkt_proposal **out, size_t *n, struct bkt_err *err)
{
	struct bkt_proposal *list;
	struct bkt_strs names = { 0 };
	const char *path;
	size_t kept = 0;

	BKT_TRY(folder(s, "", "", arena, &path, err));
	if (bkt_path_is_dir(path))
		BKT_TRY(bkt_dir_list(path, arena, &names, err));
	list = bkt_arena_alloc(arena, (names.n + 1) * sizeof(*list));
	if (!list)
		return nomem(err);
	for (size_t i = 0; i < names.n; i++) {
		bool is = false;

		BKT_TRY(list_one(s, names.v[i], arena, &list[kept], &is, err));
		kept += is;
	}
	*out = list;
	*n = kept;
	return BKT_OK;
}

/* the signature must be by the certificate that is registered now */
static enum bkt_status check_hand(bkt_store *s, const struct bkt_hand *hand,
    const struct bkt_span p7s, const struct bkt_sha256 *content,
    struct bkt_err *err)
{
	const bkt_cert *cert = bkt_signer_cert(hand->signer);
	BKT_AUTO(bkt_state_free) bkt_state *state = NULL;
	char hex[BKT_SHA256_HEX + 1];
	const struct bkt_member *m;
	struct bkt_seal seal;

	BKT_TRY(bkt_store_state(s, &state, err));
	m = bkt_state_member(state, hand->member);
	if (!m || !cert)
		return bkt_fail(err, BKT_E_TRUST,
		    "'%s' is not an active member of this store", hand->member);
	bkt_hex(bkt_cert_info(cert)->sha256.b, BKT_SHA256_LEN, hex);
	if (strcmp(hex, m->cert) != 0)
		return bkt_fail(err, BKT_E_TRUST,
		    "the key is not the one registered for '%s'", hand->member);
	BKT_TRY(bkt_seal_parse(p7s, &seal, err));
	return bkt_seal_verify(&seal, content, cert, err);
}

enum bkt_status bkt_proposal_sign(bkt_store *s, const struct bkt_proposal *p,
    const struct bkt_hand *hand, int64_t at_utc_s, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 24);
	BKT_AUTO(bkt_buf_release) struct bkt_buf p7s = { 0 };
	struct bkt_sha256 content;
	const char *name;

	bkt_buf_init(&p7s, BKT_SEAL_MAX);
	if (!arena)
		return nomem(err);
	if (!bkt_strs_has(&p->rec->by, hand->member))
		return bkt_fail(err, BKT_E_POLICY,
		    "the record does not ask for a signature of '%s'",
		    hand->member);
	BKT_TRY(bkt_sha256_of(p->sub.record, &content, err));
	BKT_TRY(bkt_seal_make(hand->signer, &content, at_utc_s, &p7s, err));
	BKT_TRY(check_hand(s, hand, bkt_buf_span(&p7s), &content, err));
	BKT_TRY(seal_name(hand->member, arena, &name, err));
	return save(s, p->id, name, bkt_buf_span(&p7s), arena, err);
}

enum bkt_status bkt_proposal_drop(
    bkt_store *s, const char *id, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 24);
	const char *path;

	if (!arena)
		return nomem(err);
	/* also one that cannot be read any more */
	BKT_TRY(folder(s, id_good(id) ? id : "x", "", arena, &path, err));
	if (!bkt_path_is_dir(path)) {
		(void)bkt_fail(err, BKT_E_NOTFOUND, "no proposal '%s'", id);
		bkt_err_hint(err, "bukti proposal list shows those that wait");
		return BKT_E_NOTFOUND;
	}
	return bkt_dir_remove(path, err);
}
