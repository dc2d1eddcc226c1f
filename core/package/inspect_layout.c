/* What the records say the package is, against what it is. */
#include <string.h>

#include "inspect.h"

#define NAMES_MAX 4096

static enum bkt_status keep_word(struct inspection *x, struct bkt_strs *list,
    const char *word, struct bkt_err *err)
{
	const char *copy = bkt_arena_strdup(x->arena, word);

	if (!list->v)
		list->v =
		    bkt_arena_alloc(x->arena, NAMES_MAX * sizeof(*list->v));
	if (!list->v || !copy)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	if (list->n < NAMES_MAX)
		list->v[list->n++] = copy;
	return BKT_OK;
}

static void compare_file(struct inspection *x, const struct pk_file *f)
{
	const struct bkt_zip_entry *e = inspect_find(x, f->path);
	size_t i;

	if (!f->bytes.ptr)
		x->report->n_documents++;
	if (!e) {
		if (!inspect_told(x, f->path))
			inspect_add(x, BKT_E_MISSING, f->path, -1,
			    "the release needs it, but it is not in the "
			    "package");
		return;
	}
	i = (size_t)(e - bkt_zip_entry_at(x->zip, 0));
	if (x->read_ok[i] && !bkt_sha256_eq(&x->digests[i], &f->sha256))
		inspect_add(x, BKT_E_TAMPERED, f->path, -1,
		    f->bytes.ptr
			? "it is not what the signed records give"
			: "the document is not the one in the signed record");
}

static bool is_seal_name(const char *name)
{
	return strncmp(name, "tagmanifest-sha256.txt.", 23) == 0;
}

static void compare_files(struct inspection *x, const struct pk_layout *l)
{
	for (size_t i = 0; i < l->n; i++)
		compare_file(x, &l->files[i]);
	for (size_t i = 0; i < bkt_zip_count(x->zip); i++) {
		const char *name = inspect_name(x, i);

		if (!pk_layout_find(l, name) && !is_seal_name(name) &&
		    !inspect_told(x, name))
			inspect_add(x, BKT_E_TAMPERED, name, -1,
			    "no record explains this file");
	}
	if (strlen(l->base) + 1 != x->base_len ||
	    strncmp(l->base, x->base, x->base_len - 1) != 0)
		inspect_add(x, BKT_E_FORMAT, x->base, -1,
		    "the folder has another name than the package gives");
}

/* the release's signers sealed the very tagmanifest that is there */
static enum bkt_status check_seal(struct inspection *x, bkt_state *state,
    const char *member, struct bkt_err *err)
{
	const char *path =
	    bkt_arena_printf(x->arena, "tagmanifest-sha256.txt.%s.p7s", member);
	const struct bkt_member *m = bkt_state_member(state, member);
	BKT_AUTO(bkt_cert_free) bkt_cert *cert = NULL;
	char hex[BKT_SHA256_HEX + 1];
	struct bkt_span p7s, manifest;
	struct bkt_sha256 content;
	struct bkt_seal seal;

	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	BKT_TRY(inspect_read(
	    x, "tagmanifest-sha256.txt", (size_t)64 << 20, &manifest, err));
	BKT_TRY(bkt_sha256_of(manifest, &content, err));
	if (inspect_read(x, path, BKT_SEAL_MAX, &p7s, err) != BKT_OK)
		return bkt_fail(err, BKT_E_SEAL,
		    "the seal of '%s', who signed the release, is missing",
		    member);
	if (!m)
		return bkt_fail(err, BKT_E_TRUST,
		    "'%s' is no member by the packed registry", member);
	BKT_TRY(bkt_seal_parse(p7s, &seal, err));
	BKT_TRY(bkt_cert_from_der(seal.cert, &cert, err));
	bkt_hex(bkt_cert_info(cert)->sha256.b, BKT_SHA256_LEN, hex);
	if (strcmp(hex, m->cert) != 0)
		return bkt_fail(err, BKT_E_TRUST,
		    "the seal is not by the certificate registered for '%s'",
		    member);
	x->report->n_seals++;
	return bkt_seal_verify(&seal, &content, cert, err);
}

static enum bkt_status check_seals(struct inspection *x, bkt_state *state,
    const struct pk_layout *l, struct bkt_err *err)
{
	const struct bkt_strs *by = &l->release->by;
	size_t n = 0;

	for (size_t i = 0; i < by->n; i++) {
		struct bkt_err why;
		enum bkt_status st = check_seal(x, state, by->v[i], &why);

		if (bkt_verdict_of(st) == BKT_UNDETERMINED) {
			if (err)
				*err = why;
			return st;
		}
		if (st != BKT_OK)
			inspect_add(
			    x, st, "tagmanifest-sha256.txt", -1, why.msg);
		BKT_TRY(keep_word(x, &x->report->signers, by->v[i], err));
	}
	for (size_t i = 0; i < bkt_zip_count(x->zip); i++)
		n += is_seal_name(inspect_name(x, i)) ? 1 : 0;
	if (n > by->n)
		inspect_add(x, BKT_E_TAMPERED, "tagmanifest-sha256.txt", -1,
		    "there are seals of people who did not sign the release");
	return BKT_OK;
}

static enum bkt_status tell_results(
    struct inspection *x, const struct pk_layout *l, struct bkt_err *err)
{
	const struct bkt_release *r = &l->release->u.release;
	struct bkt_inspect_report *out = x->report;
	const struct {
		const char *from;
		char *to;
		size_t size;
	} fields[] = { { r->claimed, out->claimed, sizeof(out->claimed) },
		{ r->supported, out->supported, sizeof(out->supported) },
		{ r->verified, out->verified, sizeof(out->verified) },
		{ r->band, out->band, sizeof(out->band) } };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		size_t n = strlen(fields[i].from);

		if (n >= fields[i].size)
			n = fields[i].size - 1;
		memcpy(fields[i].to, fields[i].from, n);
		fields[i].to[n] = '\0';
	}
	for (size_t i = 0; i < r->n_exclusions; i++) {
		const char *word = bkt_arena_printf(x->arena, "%s: %s",
		    r->exclusions[i].path, r->exclusions[i].reason);

		if (!word)
			return bkt_fail(err, BKT_E_NOMEM, "no memory");
		BKT_TRY(keep_word(x, &out->omissions, word, err));
	}
	for (size_t i = 0; i < r->n_levels; i++) {
		const char *word;

		if (!r->levels[i].gap)
			continue;
		word = bkt_arena_printf(x->arena, "%s: %s",
		    r->levels[i].indicator, r->levels[i].gap);
		if (!word)
			return bkt_fail(err, BKT_E_NOMEM, "no memory");
		BKT_TRY(keep_word(x, &out->gaps, word, err));
	}
	return BKT_OK;
}

enum bkt_status inspect_layout(
    struct inspection *x, bkt_state *state, struct bkt_err *err)
{
	BKT_AUTO(pk_layout_free) struct pk_layout *l = NULL;
	struct bkt_err why;
	enum bkt_status st;

	BKT_TRY(inspect_pages(x, err));
	st = pk_layout_make(&x->in, &l, &why);
	if (st == BKT_OK)
		st = bkt_assess_release_check(
		    l->assess, &l->release->u.release, &why);
	if (st != BKT_OK && bkt_verdict_of(st) == BKT_UNDETERMINED &&
	    st != BKT_E_NOTFOUND) {
		if (err)
			*err = why;
		return st;
	}
	if (st != BKT_OK)
		inspect_add(x, st == BKT_E_NOTFOUND ? BKT_E_MISSING : st,
		    "data/meta", -1, why.msg);
	if (!l)
		return BKT_OK;
	compare_files(x, l);
	BKT_TRY(check_seals(x, state, l, err));
	return tell_results(x, l, err);
}
