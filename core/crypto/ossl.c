#include "ossl.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include <openssl/crypto.h>
#include <openssl/err.h>

static pthread_mutex_t init_lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool init_done;
static bool seam_tried;
static struct bkt_ossl_algs algs;

/* OpenSSL reports many a failed allocation as an ordinary "no" */
static _Thread_local bool alloc_failed;

static void *seam_malloc(size_t n, const char *file, int line)
{
	void *p;

	(void)file;
	(void)line;
	if (n == 0)
		return NULL;
	p = bkt_malloc(n);
	if (!p)
		alloc_failed = true;
	return p;
}

static void seam_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	bkt_free(p);
}

static void *seam_realloc(void *old, size_t n, const char *file, int line)
{
	void *p;

	if (n == 0) {
		seam_free(old, file, line);
		return NULL;
	}
	p = bkt_realloc(old, n);
	if (!p)
		alloc_failed = true;
	return p;
}

const struct bkt_ossl_algs *bkt_ossl_algs(void)
{
	return &algs;
}

bool bkt_ossl_out_of_memory(void)
{
	if (!alloc_failed &&
	    ERR_GET_REASON(ERR_peek_error()) == ERR_R_MALLOC_FAILURE)
		alloc_failed = true;
	return alloc_failed ||
	       ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE;
}

bool bkt_ossl_raised(int lib, int reason)
{
	unsigned long e;
	bool found = false;

	while ((e = ERR_get_error()) != 0) {
		if (ERR_GET_REASON(e) == ERR_R_MALLOC_FAILURE)
			alloc_failed = true;
		if (ERR_GET_LIB(e) == lib && ERR_GET_REASON(e) == reason)
			found = true;
	}
	return found && !alloc_failed;
}

enum bkt_status bkt_fail_ossl(
    struct bkt_err *err, enum bkt_status st, const char *fmt, ...)
{
	char what[256];
	unsigned long e, first = ERR_peek_error();
	const char *reason;
	va_list ap;

	while ((e = ERR_get_error()) != 0)
		if (ERR_GET_REASON(e) == ERR_R_MALLOC_FAILURE)
			alloc_failed = true;
	if (alloc_failed)
		return bkt_fail(err, BKT_E_NOMEM, "out of memory");
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	reason = first ? ERR_reason_error_string(first) : NULL;
	if (!reason)
		return bkt_fail(err, st, "%s", what);
	return bkt_fail(err, st, "%s: %s", what, reason);
}

static enum bkt_status fetch(EVP_MD **md, const char *name, struct bkt_err *err)
{
	if (!*md)
		*md = EVP_MD_fetch(NULL, name, NULL);
	if (!*md)
		return bkt_fail_ossl(
		    err, BKT_E_CRYPTO, "cannot find digest %s", name);
	return BKT_OK;
}

static enum bkt_status init_locked(struct bkt_err *err)
{
	/* refused once OpenSSL has allocated: then its own allocator stays */
	if (!seam_tried)
		(void)CRYPTO_set_mem_functions(
		    seam_malloc, seam_realloc, seam_free);
	seam_tried = true;
	ERR_clear_error();
	alloc_failed = false;
	if (OPENSSL_init_crypto(
		OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_LOAD_CRYPTO_STRINGS,
		NULL) != 1)
		return bkt_fail_ossl(
		    err, BKT_E_CRYPTO, "cannot start the crypto library");
	BKT_TRY(fetch(&algs.sha1, "SHA1", err));
	BKT_TRY(fetch(&algs.sha256, "SHA256", err));
	BKT_TRY(fetch(&algs.sha384, "SHA384", err));
	BKT_TRY(fetch(&algs.sha512, "SHA512", err));
	return BKT_OK;
}

enum bkt_status bkt_crypto_init(struct bkt_err *err)
{
	enum bkt_status st;

	if (atomic_load_explicit(&init_done, memory_order_acquire))
		return BKT_OK;
	pthread_mutex_lock(&init_lock);
	st = init_locked(err);
	if (st == BKT_OK)
		atomic_store_explicit(&init_done, true, memory_order_release);
	pthread_mutex_unlock(&init_lock);
	return st;
}

enum bkt_status bkt_ossl_begin(struct bkt_err *err)
{
	BKT_TRY(bkt_crypto_init(err));
	ERR_clear_error();
	alloc_failed = false;
	return BKT_OK;
}

enum bkt_status bkt_ossl_digest(const EVP_MD *md, const struct bkt_span *piece,
    size_t n_pieces, uint8_t *out, struct bkt_err *err)
{
	BKT_AUTO(EVP_MD_CTX_free) EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (!ctx || EVP_DigestInit_ex2(ctx, md, NULL) != 1)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot hash");
	for (size_t i = 0; i < n_pieces; i++)
		if (EVP_DigestUpdate(ctx, piece[i].ptr, piece[i].len) != 1)
			return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot hash");
	if (EVP_DigestFinal_ex(ctx, out, NULL) != 1)
		return bkt_fail_ossl(err, BKT_E_CRYPTO, "cannot hash");
	return BKT_OK;
}
