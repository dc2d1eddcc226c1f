/*
 * Makes a store of many entries for the benchmarks, in process, through the
 * same write path as the program: STORE KEYS ENTRIES SIGNERS BATCH [PER_CYCLE]
 *
 * STORE is an existing store with a rulebook and the operator's key in KEYS;
 * this adds SIGNERS uploaders, cycles as needed, and then documents with
 * a link and a review each, BATCH entries a commit, until the log has ENTRIES
 * entries.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bukti/store.h"

#define UNIT "dinas-uji"

struct making {
	bkt_store *s;
	bkt_arena *arena, *keep;
	struct bkt_hand admin, coordinator, *hands;
	size_t n_hands, per_cycle, in_cycle, n_cycles;
	const char *keys, *cycle, *origin;
	bkt_signer *ca, *own[2], **given;
	struct bkt_rulebook_rec rulebook;
	bkt_rulebook_set *set;
	struct bkt_item *items;
	size_t n, batch;
	int content;
	int64_t at_utc_s;
};

static void must(enum bkt_status st, const struct bkt_err *err)
{
	if (st == BKT_OK)
		return;
	fprintf(stderr, "mkstore: %s\n", err->msg);
	exit(1);
}

static bool no_passphrase(void *ctx, const char *what, char *buf, size_t n)
{
	(void)ctx;
	(void)what;
	(void)buf;
	(void)n;
	return false;
}

static bkt_signer *load_key(const char *dir, const char *name)
{
	BKT_AUTO(bkt_free) char *path = bkt_path_join(dir, name);
	BKT_AUTO(bkt_buf_release) struct bkt_buf pem;
	bkt_signer *signer = NULL;
	struct bkt_err err;

	bkt_buf_init(&pem, 65536);
	must(bkt_file_slurp(path, &pem, &err), &err);
	must(bkt_signer_load(bkt_buf_span(&pem), BKT_SPAN(NULL, 0),
		 no_passphrase, NULL, &signer, &err),
	    &err);
	return signer;
}

static void give_cert(bkt_signer *signer, struct bkt_span pem)
{
	BKT_AUTO(bkt_cert_free) bkt_cert *cert = NULL;
	struct bkt_err err;

	must(bkt_cert_from_any(pem, &cert, &err), &err);
	must(bkt_signer_set_cert(signer, cert, &err), &err);
}

static void cert_from_store(struct making *m, const char *path, bkt_signer *to)
{
	const struct bkt_source *source = bkt_store_source(m->s);
	BKT_AUTO(bkt_buf_release) struct bkt_buf pem;
	struct bkt_err err;

	bkt_buf_init(&pem, 65536);
	must(source->read(source->ctx, path, &pem, &err), &err);
	give_cert(to, bkt_buf_span(&pem));
}

static void flush(struct making *m)
{
	struct bkt_err err;

	if (m->n == 0)
		return;
	must(bkt_store_submit(
		 m->s, m->items, m->n, BKT_ALL_OR_NOTHING, "bench", &err),
	    m->items[0].status == BKT_OK ? &err : &m->items[0].err);
	m->n = 0;
}

static struct bkt_sha256 put(struct making *m, struct bkt_record *r,
    const struct bkt_hand *hand, struct bkt_file *owned,
    struct bkt_staged *staged)
{
	struct bkt_sha256 digest;
	struct bkt_item *item = &m->items[m->n];
	struct bkt_err err;

	*item = (struct bkt_item){ .staged = staged };
	must(bkt_store_prepare(
		 m->s, r, &hand->member, 1, m->at_utc_s, m->arena, &err),
	    &err);
	must(bkt_store_seal(r, hand, 1, m->arena, &item->sub, &err), &err);
	item->sub.owned = owned;
	item->sub.n_owned = owned ? 1 : 0;
	must(bkt_sha256_of(item->sub.record, &digest, &err), &err);
	m->n++;
	if (m->n >= m->batch)
		flush(m);
	return digest;
}

static struct bkt_record *fresh(struct making *m, enum bkt_kind kind)
{
	struct bkt_record *r = bkt_arena_alloc(m->arena, sizeof(*r));

	if (!r)
		exit(1);
	r->kind = kind;
	return r;
}

static char *base64(struct making *m, struct bkt_span in)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf out;

	bkt_buf_init(&out, 65536);
	bkt_base64(&out, in);
	return bkt_arena_strndup(m->arena, (char *)out.ptr, out.len);
}

static void add_member(struct making *m, size_t i)
{
	struct bkt_record *r = fresh(m, BKT_KIND_MEMBER);
	const char *id = bkt_arena_printf(m->keep, "uji-%03zu", i);
	const char **role = bkt_arena_alloc(m->arena, 2 * sizeof(*role));
	const char **unit = bkt_arena_alloc(m->arena, sizeof(*unit));
	struct bkt_file *owned = bkt_arena_alloc(m->arena, sizeof(*owned));
	BKT_AUTO(bkt_buf_release) struct bkt_buf pem;
	BKT_AUTO(bkt_buf_release) struct bkt_buf csr;
	BKT_AUTO(bkt_buf_release) struct bkt_buf cert_pem;
	BKT_AUTO(bkt_cert_free) bkt_cert *cert = NULL;
	bkt_signer *signer = NULL;
	char hex[BKT_SHA256_HEX + 1];
	struct bkt_err err;

	bkt_buf_init(&pem, 65536);
	bkt_buf_init(&csr, 65536);
	bkt_buf_init(&cert_pem, 65536);
	must(bkt_key_new(NULL, &pem, &err), &err);
	must(bkt_signer_load(bkt_buf_span(&pem), BKT_SPAN(NULL, 0),
		 no_passphrase, NULL, &signer, &err),
	    &err);
	must(bkt_csr_make(signer, id, m->origin, &csr, &err), &err);
	must(bkt_ca_issue(m->ca, bkt_buf_span(&csr), id, m->origin,
		 m->at_utc_s - 60, m->at_utc_s + 86400 * 900, &cert, &err),
	    &err);
	must(bkt_signer_set_cert(signer, cert, &err), &err);
	must(bkt_cert_to_pem(cert, &cert_pem, &err), &err);
	bkt_hex(bkt_cert_info(cert)->sha256.b, 32, hex);
	role[0] = "uploader";
	role[1] = "verifier";
	unit[0] = UNIT;
	r->u.member = (struct bkt_member){ .member = id,
		.state = "active",
		.roles = { role, 2 },
		.units = { unit, 1 },
		.cert = bkt_arena_strdup(m->arena, hex),
		.request = base64(m, bkt_buf_span(&csr)) };
	owned->path = bkt_arena_printf(m->arena, "members/%s.pem", id);
	owned->bytes = bkt_span_str(
	    bkt_arena_strndup(m->arena, (char *)cert_pem.ptr, cert_pem.len));
	(void)put(m, r, &m->admin, owned, NULL);
	m->given[i] = signer;
	m->hands[i] = (struct bkt_hand){ id, signer };
}

static void open_cycle(struct making *m)
{
	const struct bkt_rulebook *rb = bkt_rulebook_get(m->set);
	struct bkt_record *r;
	struct bkt_assignment *list;
	const char **unit;

	flush(m);
	r = fresh(m, BKT_KIND_CYCLE);
	list = bkt_arena_alloc(m->arena, rb->n_indicators * sizeof(*list));
	unit = bkt_arena_alloc(m->arena, sizeof(*unit));
	unit[0] = UNIT;
	m->cycle = bkt_arena_printf(m->keep, "uji-%zu", ++m->n_cycles);
	for (size_t i = 0; i < rb->n_indicators; i++) {
		list[i].indicator = rb->indicators[i].id;
		list[i].units = (struct bkt_strs){ unit, 1 };
	}
	r->u.cycle = (struct bkt_cycle){ .cycle = m->cycle,
		.rulebook = m->rulebook.rulebook,
		.rulebook_sha256 = m->rulebook.sha256,
		.cutoff = "2026-12-31",
		.state = "open",
		.assignments = list,
		.n_assignments = rb->n_indicators };
	(void)put(m, r, &m->coordinator, NULL, NULL);
	flush(m);
	m->in_cycle = 0;
}

/* each document has a content of its own, through one file again and again */
static void open_content(struct making *m)
{
	BKT_AUTO(bkt_free)
	char *path = bkt_path_join(m->keys, "bench-content.pdf");

	m->content =
	    path ? open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)
		 : -1;
	if (m->content < 0 || unlink(path) != 0) {
		fprintf(stderr, "mkstore: no file for contents\n");
		exit(1);
	}
}

static struct bkt_staged *stage(struct making *m, size_t nth)
{
	struct bkt_staged *out = bkt_arena_alloc(m->arena, sizeof(*out));
	char text[64];
	int n = snprintf(
	    text, sizeof(text), "%%PDF-1.7\nbench %012zu\n%%%%EOF\n", nth);
	struct bkt_err err;

	if (!out || n < 0 ||
	    pwrite(m->content, text, (size_t)n, 0) != (ssize_t)n ||
	    lseek(m->content, 0, SEEK_SET) != 0) {
		fprintf(stderr, "mkstore: no content\n");
		exit(1);
	}
	must(bkt_objects_stage(
		 bkt_store_objects(m->s), m->content, 1 << 20, out, &err),
	    &err);
	return out;
}

/* document, link, review: three entries by two people */
static void add_evidence(struct making *m, size_t nth)
{
	const struct bkt_rulebook *rb = bkt_rulebook_get(m->set);
	const struct bkt_hand *who = &m->hands[nth % m->n_hands];
	const struct bkt_hand *judge = &m->hands[(nth + 1) % m->n_hands];
	const char *ind = rb->indicators[nth % rb->n_indicators].id;
	struct bkt_record *doc = fresh(m, BKT_KIND_DOCUMENT), *link, *review;
	struct bkt_staged *staged = stage(m, nth);
	struct bkt_link said = { .state = "active", .locator = "halaman 1" };
	struct bkt_file *owned;
	char id[BKT_DOC_ID_LEN + 1], hex[BKT_SHA256_HEX + 1];
	char record[BKT_SHA256_HEX + 1];
	struct bkt_sha256 digest;
	struct bkt_err err;

	must(bkt_random_id(id, BKT_DOC_ID_LEN, &err), &err);
	bkt_hex(staged->id.b, 32, hex);
	doc->u.document =
	    (struct bkt_document){ .document = bkt_arena_strdup(m->arena, id),
		    .unit = UNIT,
		    .state = "active",
		    .title = bkt_arena_printf(m->arena, "Dokumen uji %zu", nth),
		    .type = "laporan_penerapan",
		    .number = bkt_arena_printf(m->arena, "%zu/UJI/2026", nth),
		    .date = "2026-03-01",
		    .signer = "Kepala Dinas Uji",
		    .class_ = "umum",
		    .personal = "no",
		    .file = bkt_arena_printf(m->arena, "uji %zu.pdf", nth),
		    .media = "application/pdf",
		    .sha256 = bkt_arena_strdup(m->arena, hex),
		    .size = staged->size_bytes };
	doc->path = bkt_arena_printf(
	    m->arena, "documents/%.2s/%s/document.json", id, id);
	must(bkt_intake_pointer(doc, m->arena, &owned, &err), &err);
	digest = put(m, doc, who, owned, staged);
	bkt_hex(digest.b, 32, record);
	said.document = doc->u.document.document;
	must(
	    bkt_intake_link(m->cycle, ind, &said, m->arena, &link, &err), &err);
	digest = put(m, link, who, NULL, NULL);
	review = fresh(m, BKT_KIND_REVIEW);
	review->path =
	    bkt_arena_printf(m->arena, "cycles/%s/%s/reviews/%s/%s.json",
		m->cycle, ind, id, judge->member);
	bkt_hex(digest.b, 32, hex);
	review->u.review = (struct bkt_review){ .document = said.document,
		.decision = "accept",
		.link = bkt_arena_strdup(m->arena, hex),
		.document_record = bkt_arena_strdup(m->arena, record),
		.content = doc->u.document.sha256 };
	(void)put(m, review, judge, NULL, NULL);
}

static enum bkt_status first_rulebook(
    void *arg, const char *path, struct bkt_span bytes, struct bkt_err *err)
{
	struct making *m = arg;
	struct bkt_record *r;

	(void)path;
	BKT_TRY(bkt_record_parse(bytes, m->keep, &r, err));
	if (r->kind == BKT_KIND_RULEBOOK)
		m->rulebook = r->u.rulebook;
	return BKT_OK;
}

static void load_rulebook(struct making *m)
{
	const struct bkt_source *source = bkt_store_source(m->s);
	BKT_AUTO(bkt_buf_release) struct bkt_buf yaml;
	struct bkt_err err;

	bkt_buf_init(&yaml, BKT_YAML_MAX);
	must(source->each(source->ctx, "rulebooks/", first_rulebook, m, &err),
	    &err);
	must(source->read(source->ctx,
		 bkt_arena_printf(
		     m->keep, "rulebooks/%s.yaml", m->rulebook.rulebook),
		 &yaml, &err),
	    &err);
	must(bkt_rulebook_parse(
		 bkt_buf_span(&yaml), "rulebook", &m->set, NULL, &err),
	    &err);
}

static void found(struct making *m)
{
	struct bkt_record *r = fresh(m, BKT_KIND_UNIT);

	r->u.unit = (struct bkt_unit){ UNIT, "Dinas Uji", "active" };
	(void)put(m, r, &m->admin, NULL, NULL);
	flush(m);
	for (size_t i = 0; i < m->n_hands; i++)
		add_member(m, i);
	flush(m);
	load_rulebook(m);
	open_content(m);
}

static void release(struct making *m)
{
	for (size_t i = 0; i < m->n_hands; i++)
		bkt_signer_free(m->given[i]);
	for (size_t i = 0; i < 2; i++)
		bkt_signer_free(m->own[i]);
	bkt_signer_free(m->ca);
	bkt_rulebook_free(m->set);
	bkt_free(m->hands);
	bkt_free(m->given);
	bkt_free(m->items);
	bkt_fd_close(m->content);
	bkt_store_free(m->s);
	bkt_arena_free(m->arena);
	bkt_arena_free(m->keep);
}

int main(int argc, char **argv)
{
	struct making m = { .n = 0 };
	struct bkt_err err;
	uint64_t entries, signers, batch, per_cycle = 1000;
	size_t nth = 0;

	if (argc < 6 || !bkt_parse_u64(argv[3], 10000000, &entries) ||
	    !bkt_parse_u64(argv[4], 200, &signers) ||
	    !bkt_parse_u64(argv[5], 4000, &batch) ||
	    (argc > 6 && !bkt_parse_u64(argv[6], 10000000, &per_cycle))) {
		fprintf(stderr, "usage: mkstore STORE KEYS ENTRIES SIGNERS "
				"BATCH [PER_CYCLE]\n");
		return 2;
	}
	must(bkt_init(&err), &err);
	must(bkt_store_open(argv[1], &m.s, &err), &err);
	m.arena = bkt_arena_new((size_t)1 << 30);
	m.keep = bkt_arena_new((size_t)1 << 30);
	m.keys = argv[2];
	m.origin = bkt_store_origin(m.s);
	m.n_hands = (size_t)signers;
	m.per_cycle = (size_t)per_cycle;
	m.batch = (size_t)batch;
	m.hands = bkt_calloc(m.n_hands, sizeof(*m.hands));
	m.given = bkt_calloc(m.n_hands, sizeof(bkt_signer *));
	m.items = bkt_calloc(m.batch + 8, sizeof(*m.items));
	m.at_utc_s = bkt_now_utc_s();
	m.ca = load_key(m.keys, "ca.key");
	{
		BKT_AUTO(bkt_free) char *path = bkt_path_join(m.keys, "ca.pem");
		BKT_AUTO(bkt_buf_release) struct bkt_buf pem;

		bkt_buf_init(&pem, 65536);
		must(bkt_file_slurp(path, &pem, &err), &err);
		give_cert(m.ca, bkt_buf_span(&pem));
	}
	m.admin = (struct bkt_hand){ "admin", NULL };
	{
		bkt_signer *key = load_key(m.keys, "admin.key");

		cert_from_store(&m, "members/admin.pem", key);
		m.own[0] = key;
		m.admin.signer = key;
	}
	{
		bkt_signer *key = load_key(m.keys, "sekda.key");

		cert_from_store(&m, "members/sekda.pem", key);
		m.own[1] = key;
		m.coordinator = (struct bkt_hand){ "sekda", key };
	}
	found(&m);
	open_cycle(&m);
	while (bkt_store_head(m.s)->checkpoint.size + m.n < entries) {
		if (m.in_cycle >= m.per_cycle)
			open_cycle(&m);
		add_evidence(&m, nth++);
		m.in_cycle += 3;
		if (m.n == 0)
			bkt_arena_clear(m.arena);
	}
	flush(&m);
	printf("%llu entries\n",
	    (unsigned long long)bkt_store_head(m.s)->checkpoint.size);
	release(&m);
	return 0;
}
