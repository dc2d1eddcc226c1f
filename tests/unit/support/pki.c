#include "support/pki.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUF_MAX (64 * 1024)

static void must(enum bkt_status st, const struct bkt_err *err)
{
	if (st == BKT_OK)
		return;
	fprintf(stderr, "test pki: %s\n", err->msg);
	abort();
}

static void set_name(char out[128], const char *name)
{
	BKT_ASSERT(strlen(name) < 128);
	memcpy(out, name, strlen(name) + 1);
}

void pki_init(struct pki *p, const char *origin)
{
	struct bkt_err err;
	BKT_AUTO(bkt_buf_release) struct bkt_buf key;
	BKT_AUTO(bkt_cert_free) bkt_cert *c = NULL;

	memset(p, 0, sizeof(*p));
	set_name(p->origin, origin);
	bkt_buf_init(&key, BUF_MAX);
	bkt_buf_init(&p->ca_pem, BUF_MAX);
	must(bkt_crypto_init(&err), &err);
	must(bkt_key_new(NULL, &key, &err), &err);
	must(bkt_signer_load(bkt_buf_span(&key), BKT_SPAN(NULL, 0), NULL, NULL,
		 &p->ca, &err),
	    &err);
	must(bkt_ca_make(
		 p->ca, "Test CA", origin, PKI_FROM, PKI_UNTIL, &c, &err),
	    &err);
	must(bkt_signer_set_cert(p->ca, c, &err), &err);
	must(bkt_cert_to_pem(c, &p->ca_pem, &err), &err);
	must(bkt_trust_from_pem(bkt_buf_span(&p->ca_pem), &p->trust, &err),
	    &err);
}

void pki_release(struct pki *p)
{
	bkt_signer_free(p->ca);
	bkt_trust_free(p->trust);
	bkt_buf_release(&p->ca_pem);
	memset(p, 0, sizeof(*p));
}

static void begin(struct pki_member *m, const char *id)
{
	memset(m, 0, sizeof(*m));
	set_name(m->id, id);
	bkt_buf_init(&m->key_pem, BUF_MAX);
	bkt_buf_init(&m->cert_pem, BUF_MAX);
	bkt_buf_init(&m->csr_der, BUF_MAX);
}

/* the key is there */
static void finish(struct pki_member *m, const struct pki *p, const char *id,
    int64_t from_utc_s, int64_t until_utc_s)
{
	struct bkt_err err;
	BKT_AUTO(bkt_cert_free) bkt_cert *c = NULL;

	must(bkt_signer_load(bkt_buf_span(&m->key_pem), BKT_SPAN(NULL, 0), NULL,
		 NULL, &m->signer, &err),
	    &err);
	must(bkt_csr_make(m->signer, id, p->origin, &m->csr_der, &err), &err);
	must(bkt_ca_issue(p->ca, bkt_buf_span(&m->csr_der), id, p->origin,
		 from_utc_s, until_utc_s, &c, &err),
	    &err);
	must(bkt_signer_set_cert(m->signer, c, &err), &err);
	must(bkt_cert_to_pem(c, &m->cert_pem, &err), &err);
}

void pki_member_init_valid(struct pki_member *m, const struct pki *p,
    const char *id, int64_t from_utc_s, int64_t until_utc_s)
{
	struct bkt_err err;

	begin(m, id);
	must(bkt_key_new(NULL, &m->key_pem, &err), &err);
	finish(m, p, id, from_utc_s, until_utc_s);
}

void pki_member_init_key(struct pki_member *m, const struct pki *p,
    const char *id, const struct pki_member *whose)
{
	begin(m, id);
	bkt_buf_add(&m->key_pem, whose->key_pem.ptr, whose->key_pem.len);
	finish(m, p, id, PKI_FROM, PKI_UNTIL);
}

void pki_member_init(struct pki_member *m, const struct pki *p, const char *id)
{
	pki_member_init_valid(m, p, id, PKI_FROM, PKI_UNTIL);
}

void pki_member_release(struct pki_member *m)
{
	bkt_signer_free(m->signer);
	bkt_buf_release(&m->key_pem);
	bkt_buf_release(&m->cert_pem);
	bkt_buf_release(&m->csr_der);
	memset(m, 0, sizeof(*m));
}

void pki_seal(const struct pki_member *m, struct bkt_span content, int64_t at,
    struct bkt_buf *out)
{
	struct bkt_sha256 sha;
	struct bkt_err err;

	must(bkt_sha256_of(content, &sha, &err), &err);
	must(bkt_seal_make(m->signer, &sha, at, out, &err), &err);
}

bkt_store_key *pki_store_key(const char *origin)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf file;
	bkt_store_key *k = NULL;
	struct bkt_err err;

	bkt_buf_init(&file, 256);
	must(bkt_store_key_new(&file, &err), &err);
	must(bkt_store_key_load(bkt_buf_span(&file), origin, &k, &err), &err);
	return k;
}
