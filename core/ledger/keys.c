/*
 * One key, one person. Four eyes are worth nothing when two members share a
 * key, or when a key that was revoked comes back under another name.
 */
#include "ledger_private.h"

#include <string.h>

#define NOBODY ""

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

static enum bkt_status set_word(bkt_state *s, bkt_map *map, const char *key,
    const char *word, struct bkt_err *err)
{
	/* values of a map are not const; nobody writes through them */
	const void *kept = state_word(s, word);
	void *value;

	if (!kept)
		return nomem(err);
	memcpy(&value, &kept, sizeof(value));
	return bkt_map_set(map, key, value, err);
}

/* ---- a tree's keys ------------------------------------------------------ */

static enum bkt_status take_cert(bkt_state *s, const char *member,
    const struct bkt_oid *blob, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf pem = { 0 };
	BKT_AUTO(bkt_cert_free) bkt_cert *cert = NULL;
	char hex[BKT_SHA256_HEX + 1];

	bkt_buf_init(&pem, (size_t)2 * BKT_CERT_MAX);
	BKT_TRY(bkt_gitdb_read(s->git, blob, BKT_GIT_BLOB, &pem, err));
	BKT_TRY(bkt_cert_from_pem(bkt_buf_span(&pem), &cert, err));
	bkt_hex(bkt_cert_info(cert)->spki.b, BKT_SHA256_LEN, hex);
	BKT_TRY(set_word(s, s->holders, hex, member, err));
	return set_word(s, s->keys, member, hex, err);
}

static enum bkt_status take_file(void *ctx, const char *path,
    const struct bkt_oid *blob, struct bkt_err *err)
{
	bkt_state *s = ctx;
	struct bkt_path_info where;
	enum bkt_status st = BKT_OK;

	bkt_path_classify(path, &where);
	if (where.class_ == BKT_PATH_OWNED && where.kind == BKT_KIND_MEMBER)
		st = take_cert(s, where.member, blob, err);
	else if (where.class_ == BKT_PATH_RECORD &&
		 where.kind == BKT_KIND_REVOCATION)
		st = set_word(s, s->holders, where.digest, where.member, err);
	if (st != BKT_OK)
		return bkt_fail_context(err, st, "%s", path);
	return BKT_OK;
}

/* once in the life of a state, and before anything is applied to it */
static enum bkt_status load_keys(bkt_state *s, struct bkt_err *err)
{
	if (s->has_keys)
		return BKT_OK;
	if (s->git) {
		enum bkt_status st = bkt_gitdb_walk(
		    s->git, &s->tree, "members/", take_file, s, err);

		if (st != BKT_OK)
			return state_met(s, "members/", st, err);
	}
	s->has_keys = true;
	return BKT_OK;
}

/* ---- asking, following -------------------------------------------------- */

enum bkt_status state_key_holder(bkt_state *s, const struct bkt_sha256 *key,
    const char **out, struct bkt_err *err)
{
	char hex[BKT_SHA256_HEX + 1];
	const char *holder;

	BKT_TRY(load_keys(s, err));
	bkt_hex(key->b, BKT_SHA256_LEN, hex);
	holder = bkt_map_get(s->holders, hex);
	*out = holder && holder[0] ? holder : NULL;
	return BKT_OK;
}

static enum bkt_status revocation_at(bkt_state *s, const char *member,
    const char *key_hex, const struct bkt_record **out, struct bkt_err *err)
{
	char path[BKT_PATH_MAX + 1];

	BKT_TRY(state_path(
	    path, err, "members/%s.revocation-%s.json", member, key_hex));
	return state_record(s, path, out, err);
}

enum bkt_status state_key_revoked(bkt_state *s, const char *member,
    const struct bkt_sha256 *key, const struct bkt_record **out,
    struct bkt_err *err)
{
	char hex[BKT_SHA256_HEX + 1];

	bkt_hex(key->b, BKT_SHA256_LEN, hex);
	return revocation_at(s, member, hex, out, err);
}

enum bkt_status state_key_registered(bkt_state *s, const char *member,
    const struct bkt_sha256 *key, struct bkt_err *err)
{
	char hex[BKT_SHA256_HEX + 1];
	const struct bkt_record *r;
	enum bkt_status st;
	const char *old;

	BKT_TRY(load_keys(s, err));
	bkt_hex(key->b, BKT_SHA256_LEN, hex);
	old = bkt_map_get(s->keys, member);
	if (old && strcmp(old, hex) == 0)
		return BKT_OK;
	if (old) {
		st = revocation_at(s, member, old, &r, err);
		if (st == BKT_E_NOTFOUND)
			st = set_word(s, s->holders, old, NOBODY, err);
		if (st != BKT_OK)
			return st;
	}
	BKT_TRY(set_word(s, s->holders, hex, member, err));
	return set_word(s, s->keys, member, hex, err);
}

enum bkt_status state_key_lost(
    bkt_state *s, const char *member, const char *key_hex, struct bkt_err *err)
{
	BKT_TRY(load_keys(s, err));
	return set_word(s, s->holders, key_hex, member, err);
}

enum bkt_status state_members(bkt_state *s,
    enum bkt_status (*fn)(void *ctx, const char *member, struct bkt_err *err),
    void *ctx, struct bkt_err *err)
{
	const char *member;
	size_t at = 0;
	void *key;

	BKT_TRY(load_keys(s, err));
	while (bkt_map_next(s->keys, &at, &member, &key))
		BKT_TRY(fn(ctx, member, err));
	return BKT_OK;
}
