/* What the people of the city say, and copies of its store. */
#include "support/city.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/city_private.h"

/* ---- records ------------------------------------------------------------- */

struct bkt_record *city_fresh(struct city *c, enum bkt_kind kind)
{
	struct bkt_record *r = city_keep(c, sizeof(*r));

	r->kind = kind;
	return r;
}

struct bkt_record *city_unit(struct city *c, const char *id, const char *state)
{
	struct bkt_record *r = city_fresh(c, BKT_KIND_UNIT);

	r->u.unit = (struct bkt_unit){ id, "Dinas Uji", state };
	return r;
}

static struct bkt_strs words_of(struct city *c, const char *text)
{
	char *copy = bkt_arena_strdup(c->arena, text ? text : "");
	struct bkt_strs l = { city_keep(c, 8 * sizeof(char *)), 0 };
	char *word;

	BKT_ASSERT(copy);
	while ((word = strsep(&copy, " ")))
		if (*word)
			l.v[l.n++] = word;
	return l;
}

struct bkt_record *city_member(struct city *c, int who, const char *state)
{
	struct bkt_record *r = city_fresh(c, BKT_KIND_MEMBER);
	const struct pki_member *p = &c->people[city_nth(who)];
	const bkt_cert *cert = bkt_signer_cert(p->signer);
	BKT_AUTO(bkt_buf_release) struct bkt_buf request;

	bkt_buf_init(&request, 65536);
	bkt_base64(&request, bkt_buf_span(&p->csr_der));
	r->u.member = (struct bkt_member){ .member =
					       city_people[city_nth(who)].id,
		.state = state,
		.roles = words_of(c, city_people[city_nth(who)].roles),
		.units = words_of(c, city_people[city_nth(who)].unit),
		.cert = city_hex(c, bkt_cert_info(cert)->der),
		.request = bkt_arena_strdup(c->arena, (char *)request.ptr) };
	return r;
}

struct bkt_record *city_revocation(struct city *c, int who)
{
	struct bkt_record *r = city_fresh(c, BKT_KIND_REVOCATION);
	const struct bkt_cert_info *cert =
	    bkt_cert_info(bkt_signer_cert(city_signer(c, who)));
	char *key = city_keep(c, BKT_SHA256_HEX + 1);

	bkt_hex(cert->spki.b, BKT_SHA256_LEN, key);
	r->u.revocation = (struct bkt_revocation){ .member = city_id(who),
		.cert = city_hex(c, cert->der),
		.key = key,
		.reason = "key-compromise",
		.invalid_from = "2026-06-01T00:00:00Z" };
	return r;
}

struct bkt_record *city_cycle(struct city *c, const char *id, const char *state)
{
	struct bkt_record *r = city_fresh(c, BKT_KIND_CYCLE);
	static const char *const units[] = { "dinas-a", "dinas-b",
		"dinas-a dinas-b" };
	struct bkt_assignment *list = city_keep(c, 3 * sizeof(*list));

	for (int i = 0; i < 3; i++) {
		list[i].indicator = bkt_arena_printf(c->arena, "X%d", i + 1);
		list[i].units = words_of(c, units[i]);
	}
	r->u.cycle = (struct bkt_cycle){ .cycle = id,
		.rulebook = bkt_rulebook_get(c->rulebook)->stem,
		.rulebook_sha256 = city_hex(c, bkt_span_str(c->yaml)),
		.cutoff = "2026-12-31",
		.state = state,
		.assignments = list,
		.n_assignments = 3 };
	return r;
}

struct bkt_span city_content(struct city *c, const char *words)
{
	char *text =
	    bkt_arena_printf(c->arena, "%%PDF-1.7\n%% %s\n%%%%EOF\n", words);

	BKT_ASSERT(text);
	return bkt_span_str(text);
}

struct bkt_record *city_document(struct city *c, const char *id,
    const char *unit, const char *state, const char *words)
{
	struct bkt_record *r = city_fresh(c, BKT_KIND_DOCUMENT);
	struct bkt_span content = city_content(c, words);

	r->u.document = (struct bkt_document){ .document = id,
		.unit = unit,
		.state = state,
		.title = "Surat uji",
		.type = "surat",
		.number = "1/UJI/2026",
		.date = "2026-03-01",
		.signer = "Kepala Dinas",
		.class_ = "umum",
		.personal = "no",
		.file = bkt_arena_printf(c->arena, "%s.pdf", words),
		.media = "application/pdf",
		.sha256 = city_hex(c, content),
		.size = content.len };
	r->path = bkt_arena_printf(
	    c->arena, "documents/%.2s/%s/document.json", id, id);
	return r;
}

struct bkt_record *city_link(
    struct city *c, const char *indicator, const char *document)
{
	const struct bkt_link said = {
		.document = document, .state = "active", .locator = "halaman 1"
	};
	struct bkt_record *r;
	struct bkt_err err;

	city_must(
	    bkt_intake_link(CITY_CYCLE, indicator, &said, c->arena, &r, &err),
	    &err);
	return r;
}

struct bkt_record *city_claim(
    struct city *c, const char *indicator, const char *level)
{
	struct bkt_record *r = city_fresh(c, BKT_KIND_CLAIM);

	r->path = bkt_arena_printf(
	    c->arena, "cycles/" CITY_CYCLE "/%s/claim.json", indicator);
	r->u.claim = (struct bkt_claim){ .state = "active",
		.level = level,
		.fact = "ada",
		.analysis = "cukup" };
	return r;
}

struct bkt_record *city_review(struct city *c, const char *indicator,
    const char *document, int who, const char *decision)
{
	struct bkt_record *r = city_fresh(c, BKT_KIND_REVIEW);
	BKT_AUTO(bkt_state_free) bkt_state *state = NULL;
	const struct bkt_current *link = NULL, *doc = NULL;
	char *hex = city_keep(c, (size_t)3 * (BKT_SHA256_HEX + 1));
	char *content = hex + BKT_SHA256_HEX + 1;
	char *record = content + BKT_SHA256_HEX + 1;
	const char *base =
	    bkt_arena_printf(c->arena, "cycles/" CITY_CYCLE "/%s", indicator);
	bool accept = strcmp(decision, "accept") == 0;
	struct bkt_err err;

	city_must(bkt_store_state(c->s, &state, &err), &err);
	memset(hex, '0', BKT_SHA256_HEX);
	memset(content, '0', BKT_SHA256_HEX);
	memset(record, '0', BKT_SHA256_HEX);
	if (bkt_state_get(state,
		bkt_arena_printf(
		    c->arena, "%s/evidence/%s.json", base, document),
		&link, &err) == BKT_OK)
		bkt_hex(link->record.b, BKT_SHA256_LEN, hex);
	if (bkt_state_get(state,
		bkt_arena_printf(c->arena, "documents/%.2s/%s/document.json",
		    document, document),
		&doc, &err) == BKT_OK) {
		bkt_hex(doc->content.b, BKT_SHA256_LEN, content);
		bkt_hex(doc->record.b, BKT_SHA256_LEN, record);
	}
	r->path = bkt_arena_printf(
	    c->arena, "%s/reviews/%s/%s.json", base, document, city_id(who));
	r->u.review = (struct bkt_review){ .document = document,
		.decision = decision,
		.cause = accept ? NULL : "lain",
		.reason = accept ? NULL : "belum lengkap",
		.link = hex,
		.document_record = record,
		.content = content };
	return r;
}

bkt_assess *city_assess(struct city *c)
{
	bkt_assess *a = NULL;
	struct bkt_err err;

	city_must(bkt_assess_cycle(bkt_store_source(c->s), CITY_CYCLE,
		      bkt_store_objects(c->s), &a, &err),
	    &err);
	return a;
}

struct bkt_record *city_said_release(struct city *c)
{
	static const struct bkt_stated gaps[] = { { "X1", "menyusul" },
		{ "X2", "menyusul" }, { "X3", "menyusul" } };
	struct bkt_record *r = city_fresh(c, BKT_KIND_RELEASE);
	BKT_AUTO(bkt_assess_free) bkt_assess *a = city_assess(c);
	struct bkt_release said;
	struct bkt_err err;

	city_must(bkt_assess_release(a, &bkt_store_head(c->s)->checkpoint, gaps,
		      3, NULL, 0, c->arena, &said, &err),
	    &err);
	/* what it borrows of the assessment goes with it */
	said.cycle = CITY_CYCLE;
	said.rulebook_sha256 = city_hex(c, bkt_span_str(c->yaml));
	said.band = bkt_arena_strdup(c->arena, said.band);
	for (size_t i = 0; i < said.n_levels; i++)
		said.levels[i].indicator =
		    bkt_arena_strdup(c->arena, said.levels[i].indicator);
	r->path = "cycles/" CITY_CYCLE "/release.json";
	r->u.release = said;
	return r;
}

/* ---- files ----------------------------------------------------------------
 */

static void copy_file(const char *from, const char *to, uint32_t mode)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes;
	struct bkt_err err;
	BKT_AUTO_FD fd = -1;

	bkt_buf_init(&bytes, 1 << 26);
	city_must(bkt_file_slurp(from, &bytes, &err), &err);
	city_must(bkt_file_create(to, mode, &fd, &err), &err);
	city_must(bkt_file_write(fd, bytes.ptr, bytes.len, &err), &err);
}

static void copy_tree(const char *from, const char *to)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 24);
	struct bkt_strs names;
	struct bkt_err err;

	city_must(bkt_dir_make(to, 0755, false, &err), &err);
	city_must(bkt_dir_list(from, arena, &names, &err), &err);
	for (size_t i = 0; i < names.n; i++) {
		const char *a =
		    bkt_arena_printf(arena, "%s/%s", from, names.v[i]);
		const char *b =
		    bkt_arena_printf(arena, "%s/%s", to, names.v[i]);

		if (bkt_path_is_dir(a))
			copy_tree(a, b);
		else
			copy_file(a, b, 0644);
	}
}

void city_copy(const struct city *c, const char *name, char out[80])
{
	snprintf(out, 80, "%.50s/%.28s", c->folder, name);
	copy_tree(c->dir, out);
}

void city_slurp(const char *dir, const char *below, struct bkt_buf *out)
{
	BKT_AUTO(bkt_free) char *path = bkt_path_join(dir, below);
	struct bkt_err err;

	bkt_buf_clear(out);
	city_must(bkt_file_slurp(path, out, &err), &err);
}
