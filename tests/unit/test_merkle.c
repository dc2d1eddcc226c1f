/* The tree: known vectors, every small size, and every way to lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bukti/crypto.h"
#include "bukti/merkle.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))
#define LEAVES_MAX 70

static struct bkt_sha256 hash_of(const char *hex)
{
	struct bkt_sha256 h;

	assert_true(bkt_unhex(hex, h.b, sizeof(h.b)));
	return h;
}

/* leaves that differ: the hash of their number */
static void make_leaves(struct bkt_sha256 *leaves, size_t n)
{
	struct bkt_err err;

	for (size_t i = 0; i < n; i++) {
		uint8_t b = (uint8_t)i;

		assert_int_equal(
		    bkt_merkle_leaf(BKT_SPAN(&b, 1), &leaves[i], &err), BKT_OK);
	}
}

/* ---- the definition, word by word (RFC 6962 2.1) ------------------------ */

static struct bkt_sha256 defined_root(const struct bkt_sha256 *d, size_t n)
{
	struct bkt_err err;
	struct bkt_sha256 l, r, out;
	uint8_t both[65] = { 1 };
	size_t k = 1;

	if (n == 1)
		return d[0];
	if (n == 0) {
		assert_int_equal(
		    bkt_sha256_of(BKT_SPAN("", 0), &out, &err), BKT_OK);
		return out;
	}
	while (k * 2 < n)
		k *= 2;
	l = defined_root(d, k);
	r = defined_root(d + k, n - k);
	memcpy(both + 1, l.b, 32);
	memcpy(both + 33, r.b, 32);
	assert_int_equal(
	    bkt_sha256_of(BKT_SPAN(both, sizeof(both)), &out, &err), BKT_OK);
	return out;
}

static void known_trees_have_their_known_roots(void **state)
{
	/* the eight test leaves of certificate transparency */
	static const struct {
		const char *leaf, *root;
	} rows[] = {
		{ "", "6e340b9cffb37a989ca544e6bb780a2c"
		      "78901d3fb33738768511a30617afa01d" },
		{ "00", "fac54203e7cc696cf0dfcb42c92a1d9d"
			"baf70ad9e621f4bd8d98662f00e3c125" },
		{ "10", "aeb6bcfe274b70a14fb067a5e5578264"
			"db0fa9b51af5e0ba159158f329e06e77" },
		{ "2021", "d37ee418976dd95753c1c73862b9398f"
			  "a2a2cf9b4ff0fdfe8b30cd95209614b7" },
		{ "3031", "4e3bbb1f7b478dcfe71fb631631519a3"
			  "bca12c9aefca1612bfce4c13a86264d4" },
		{ "40414243", "76e67dadbcdf1e10e1b74ddc608abd2f"
			      "98dfb16fbce75277b5232a127f2087ef" },
		{ "5051525354555657", "ddb89be403809e325750d3d263cd7892"
				      "9c2942b7942a34b77e122c9594a74c8c" },
		{ "606162636465666768696a6b6c6d6e6f",
		    "5dc9da79a70659a9ad559cb701ded9a2"
		    "ab9d823aad2f4960cfe370eff4604328" },
	};
	struct bkt_frontier f;
	struct bkt_sha256 h, want;
	struct bkt_err err;

	(void)state;
	bkt_frontier_init(&f);
	assert_int_equal(bkt_frontier_root(&f, &h, &err), BKT_OK);
	want = hash_of("e3b0c44298fc1c149afbf4c8996fb924"
		       "27ae41e4649b934ca495991b7852b855");
	assert_true(bkt_sha256_eq(&h, &want));
	for (size_t i = 0; i < N(rows); i++) {
		uint8_t bytes[16];
		size_t n = strlen(rows[i].leaf) / 2;

		assert_true(bkt_unhex(rows[i].leaf, bytes, n));
		assert_int_equal(
		    bkt_merkle_leaf(BKT_SPAN(bytes, n), &h, &err), BKT_OK);
		assert_int_equal(bkt_frontier_append(&f, &h, &err), BKT_OK);
		assert_int_equal(bkt_frontier_root(&f, &h, &err), BKT_OK);
		want = hash_of(rows[i].root);
		assert_true(bkt_sha256_eq(&h, &want));
	}
}

static void long_leaves_hash_as_short_ones_do(void **state)
{
	static uint8_t bytes[5001];
	struct bkt_err err;

	(void)state;
	for (size_t n = 2040; n < 2060; n++) {
		struct bkt_sha256 h, want;

		memset(bytes + 1, 'x', n);
		bytes[0] = 0;
		assert_int_equal(
		    bkt_sha256_of(BKT_SPAN(bytes, n + 1), &want, &err), BKT_OK);
		assert_int_equal(
		    bkt_merkle_leaf(BKT_SPAN(bytes + 1, n), &h, &err), BKT_OK);
		assert_true(bkt_sha256_eq(&h, &want));
	}
}

static void every_way_to_the_root_agrees(void **state)
{
	struct bkt_sha256 leaves[LEAVES_MAX];
	struct bkt_frontier f;
	struct bkt_err err;

	(void)state;
	make_leaves(leaves, LEAVES_MAX);
	bkt_frontier_init(&f);
	for (size_t n = 0; n <= LEAVES_MAX; n++) {
		struct bkt_sha256 want = defined_root(leaves, n), h;
		BKT_AUTO(bkt_prover_free) bkt_prover *p = NULL;

		assert_int_equal(bkt_frontier_root(&f, &h, &err), BKT_OK);
		assert_true(bkt_sha256_eq(&h, &want));
		assert_int_equal(bkt_merkle_root(leaves, n, &h, &err), BKT_OK);
		assert_true(bkt_sha256_eq(&h, &want));
		assert_int_equal(bkt_prover_new(leaves, n, &p, &err), BKT_OK);
		assert_int_equal(bkt_prover_root(p, &h, &err), BKT_OK);
		assert_true(bkt_sha256_eq(&h, &want));
		if (n < LEAVES_MAX)
			assert_int_equal(
			    bkt_frontier_append(&f, &leaves[n], &err), BKT_OK);
	}
}

static void frontiers_are_kept_and_read_back(void **state)
{
	struct bkt_sha256 leaves[LEAVES_MAX];
	struct bkt_frontier f, back;
	struct bkt_err err;

	(void)state;
	make_leaves(leaves, LEAVES_MAX);
	bkt_frontier_init(&f);
	for (size_t n = 0; n < LEAVES_MAX; n++) {
		struct bkt_sha256 a, b;
		BKT_AUTO(bkt_buf_release) struct bkt_buf out;

		bkt_buf_init(&out, 4096);
		bkt_frontier_print(&f, &out);
		assert_int_equal(
		    bkt_frontier_parse(bkt_buf_span(&out), &back, &err),
		    BKT_OK);
		assert_int_equal(back.size, n);
		assert_int_equal(bkt_frontier_root(&f, &a, &err), BKT_OK);
		assert_int_equal(bkt_frontier_root(&back, &b, &err), BKT_OK);
		assert_true(bkt_sha256_eq(&a, &b));
		assert_int_equal(
		    bkt_frontier_parse(
			BKT_SPAN(out.ptr, out.len - 1), &back, &err),
		    BKT_E_FORMAT);
		bkt_buf_chr(&out, 'x');
		assert_int_equal(
		    bkt_frontier_parse(bkt_buf_span(&out), &back, &err),
		    BKT_E_FORMAT);
		assert_int_equal(
		    bkt_frontier_append(&f, &leaves[n], &err), BKT_OK);
	}
	assert_int_equal(
	    bkt_frontier_parse(
		BKT_SPAN("\xff\xff\xff\xff\xff\xff\xff\xff", 8), &back, &err),
	    BKT_E_FORMAT);
	f.size = (uint64_t)INT64_MAX;
	assert_int_equal(
	    bkt_frontier_append(&f, &leaves[0], &err), BKT_E_LIMIT);
}

/* ---- proofs ------------------------------------------------------------ */

static enum bkt_status included(const struct bkt_sha256 *leaf, uint64_t i,
    uint64_t n, const struct bkt_proof *p, const struct bkt_sha256 *root)
{
	struct bkt_err err;

	return bkt_inclusion_verify(leaf, i, n, p, root, &err);
}

static enum bkt_status consistent(uint64_t m, const struct bkt_sha256 *old,
    uint64_t n, const struct bkt_sha256 *root, const struct bkt_proof *p)
{
	struct bkt_err err;

	return bkt_consistency_verify(m, old, n, root, p, &err);
}

static void every_entry_of_every_size_is_proven(void **state)
{
	struct bkt_sha256 leaves[LEAVES_MAX];
	struct bkt_err err;

	(void)state;
	make_leaves(leaves, LEAVES_MAX);
	for (uint64_t n = 1; n <= LEAVES_MAX; n++) {
		struct bkt_sha256 root = defined_root(leaves, n);
		BKT_AUTO(bkt_prover_free) bkt_prover *p = NULL;
		struct bkt_proof proof;

		assert_int_equal(bkt_prover_new(leaves, n, &p, &err), BKT_OK);
		for (uint64_t i = 0; i < n; i++) {
			assert_int_equal(
			    bkt_prover_inclusion(p, i, &proof, &err), BKT_OK);
			assert_int_equal(
			    included(&leaves[i], i, n, &proof, &root), BKT_OK);
		}
		assert_int_equal(
		    bkt_prover_inclusion(p, n, &proof, &err), BKT_E_USAGE);
		for (uint64_t m = 1; m <= n; m++) {
			struct bkt_sha256 old = defined_root(leaves, m);

			assert_int_equal(
			    bkt_prover_consistency(p, m, &proof, &err), BKT_OK);
			assert_int_equal(
			    consistent(m, &old, n, &root, &proof), BKT_OK);
		}
		assert_int_equal(
		    bkt_prover_consistency(p, 0, &proof, &err), BKT_E_USAGE);
		assert_int_equal(bkt_prover_consistency(p, n + 1, &proof, &err),
		    BKT_E_USAGE);
	}
}

/* every change that a liar can make to a list of hashes */
static void spoil(const struct bkt_proof *good,
    void (*wrong)(void *ctx, const struct bkt_proof *bad, const char *how),
    void *ctx)
{
	struct bkt_proof bad;

	for (unsigned i = 0; i < good->n; i++) {
		bad = *good;
		bad.node[i].b[31] ^= 1;
		wrong(ctx, &bad, "a hash changed");
		bad = *good;
		memset(&bad.node[i], 0, sizeof(bad.node[i]));
		wrong(ctx, &bad, "a hash zeroed");
		bad = *good;
		bad.n--;
		memmove(&bad.node[i], &bad.node[i + 1],
		    (bad.n - i) * sizeof(bad.node[0]));
		wrong(ctx, &bad, "a hash dropped");
		for (unsigned k = i + 1; k < good->n; k++) {
			bad = *good;
			bad.node[i] = good->node[k];
			bad.node[k] = good->node[i];
			if (!bkt_sha256_eq(&good->node[i], &good->node[k]))
				wrong(ctx, &bad, "two hashes swapped");
		}
	}
	for (unsigned i = 0; i <= good->n; i++) {
		bad = *good;
		memmove(&bad.node[i + 1], &bad.node[i],
		    (good->n - i) * sizeof(bad.node[0]));
		memset(&bad.node[i], 0x5a, sizeof(bad.node[i]));
		bad.n++;
		wrong(ctx, &bad, "a hash added");
	}
	bad = *good;
	memset(&bad.node[good->n], 0x5a,
	    (BKT_PROOF_MAX - good->n) * sizeof(bad.node[0]));
	bad.n = BKT_PROOF_MAX;
	wrong(ctx, &bad, "63 hashes");
	bad.n = BKT_PROOF_MAX + 1;
	wrong(ctx, &bad, "more than 63 hashes");
}

struct lie {
	uint64_t m, n;
	struct bkt_sha256 a, b; /* leaf or old root, root */
};

static void not_included(
    void *ctx, const struct bkt_proof *bad, const char *how)
{
	const struct lie *l = ctx;

	if (included(&l->a, l->m, l->n, bad, &l->b) != BKT_E_TAMPERED)
		fail_msg(
		    "entry %u of %u: %s", (unsigned)l->m, (unsigned)l->n, how);
}

static void not_consistent(
    void *ctx, const struct bkt_proof *bad, const char *how)
{
	const struct lie *l = ctx;

	if (consistent(l->m, &l->a, l->n, &l->b, bad) != BKT_E_TAMPERED)
		fail_msg("%u to %u: %s", (unsigned)l->m, (unsigned)l->n, how);
}

static void no_lie_about_inclusion_passes(void **state)
{
	static const uint64_t sizes[] = { 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17,
		31, 32, 33 };
	struct bkt_sha256 leaves[LEAVES_MAX];
	struct bkt_err err;

	(void)state;
	make_leaves(leaves, LEAVES_MAX);
	for (size_t s = 0; s < N(sizes); s++) {
		uint64_t n = sizes[s];
		struct lie l = { 0, n, leaves[0], defined_root(leaves, n) };
		BKT_AUTO(bkt_prover_free) bkt_prover *p = NULL;

		assert_int_equal(bkt_prover_new(leaves, n, &p, &err), BKT_OK);
		for (uint64_t i = 0; i < n; i++) {
			struct bkt_proof good;
			struct bkt_sha256 other = l.b;

			assert_int_equal(
			    bkt_prover_inclusion(p, i, &good, &err), BKT_OK);
			l.m = i;
			l.a = leaves[i];
			spoil(&good, not_included, &l);
			other.b[0] ^= 0x80;
			assert_int_equal(
			    included(&leaves[i], i, n, &good, &other),
			    BKT_E_TAMPERED);
			assert_int_equal(
			    included(&leaves[n], i, n, &good, &l.b),
			    BKT_E_TAMPERED);
			for (uint64_t k = 0; k <= n + 1; k++)
				if (k != i)
					assert_int_equal(included(&leaves[i], k,
							     n, &good, &l.b),
					    BKT_E_TAMPERED);
		}
	}
}

static void a_wrong_size_never_proves_another_tree(void **state)
{
	struct bkt_sha256 leaves[LEAVES_MAX];
	struct bkt_proof good;
	struct bkt_sha256 root, small;
	struct bkt_err err;
	BKT_AUTO(bkt_prover_free) bkt_prover *p = NULL;

	(void)state;
	make_leaves(leaves, LEAVES_MAX);
	root = defined_root(leaves, 11);
	small = defined_root(leaves, 6);
	assert_int_equal(bkt_prover_new(leaves, 11, &p, &err), BKT_OK);
	assert_int_equal(bkt_prover_inclusion(p, 5, &good, &err), BKT_OK);
	/* sizes that change the shape of the path */
	for (uint64_t n = 0; n <= 8; n++)
		assert_int_equal(
		    included(&leaves[5], 5, n, &good, &root), BKT_E_TAMPERED);
	for (uint64_t n = 17; n <= 40; n++)
		assert_int_equal(
		    included(&leaves[5], 5, n, &good, &root), BKT_E_TAMPERED);
	assert_int_equal(
	    included(&leaves[5], 5, UINT64_MAX, &good, &root), BKT_E_TAMPERED);
	assert_int_equal(
	    included(&leaves[5], UINT64_MAX, UINT64_MAX, &good, &root),
	    BKT_E_TAMPERED);
	assert_int_equal(bkt_prover_consistency(p, 6, &good, &err), BKT_OK);
	for (uint64_t m = 0; m <= 12; m++)
		if (m != 6)
			assert_int_equal(
			    consistent(m, &small, 11, &root, &good),
			    BKT_E_TAMPERED);
	assert_int_equal(
	    consistent(6, &small, 5, &root, &good), BKT_E_TAMPERED);
	assert_int_equal(
	    consistent(6, &small, UINT64_MAX, &root, &good), BKT_E_TAMPERED);
	assert_int_equal(
	    consistent(UINT64_MAX, &small, UINT64_MAX, &root, &good),
	    BKT_E_TAMPERED);
}

static void no_lie_about_consistency_passes(void **state)
{
	struct bkt_sha256 leaves[LEAVES_MAX];
	struct bkt_err err;

	(void)state;
	make_leaves(leaves, LEAVES_MAX);
	for (uint64_t n = 1; n <= 18; n++) {
		struct lie l = { 0, n, leaves[0], defined_root(leaves, n) };
		BKT_AUTO(bkt_prover_free) bkt_prover *p = NULL;

		assert_int_equal(bkt_prover_new(leaves, n, &p, &err), BKT_OK);
		for (uint64_t m = 1; m <= n; m++) {
			struct bkt_proof good;
			struct bkt_sha256 other = l.b, old;

			assert_int_equal(
			    bkt_prover_consistency(p, m, &good, &err), BKT_OK);
			l.m = m;
			l.a = old = defined_root(leaves, m);
			spoil(&good, not_consistent, &l);
			other.b[0] ^= 1;
			old.b[0] ^= 1;
			assert_int_equal(consistent(m, &l.a, n, &other, &good),
			    BKT_E_TAMPERED);
			assert_int_equal(consistent(m, &old, n, &l.b, &good),
			    BKT_E_TAMPERED);
		}
	}
}

static void an_empty_tree_grows_into_anything(void **state)
{
	struct bkt_sha256 leaf, zero = { { 0 } };
	struct bkt_proof none = { .n = 0 }, one = { .n = 1 };
	struct bkt_err err;
	BKT_AUTO(bkt_prover_free) bkt_prover *p = NULL;

	(void)state;
	make_leaves(&leaf, 1);
	assert_int_equal(consistent(0, &zero, 7, &leaf, &none), BKT_OK);
	assert_int_equal(consistent(0, &zero, 0, &zero, &none), BKT_OK);
	assert_int_equal(consistent(0, &zero, 7, &leaf, &one), BKT_E_TAMPERED);
	assert_int_equal(included(&leaf, 0, 0, &none, &leaf), BKT_E_TAMPERED);
	assert_int_equal(bkt_prover_new(NULL, 0, &p, &err), BKT_OK);
	assert_int_equal(bkt_prover_inclusion(p, 0, &one, &err), BKT_E_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_trees_have_their_known_roots),
		cmocka_unit_test(long_leaves_hash_as_short_ones_do),
		cmocka_unit_test(every_way_to_the_root_agrees),
		cmocka_unit_test(frontiers_are_kept_and_read_back),
		cmocka_unit_test(every_entry_of_every_size_is_proven),
		cmocka_unit_test(no_lie_about_inclusion_passes),
		cmocka_unit_test(a_wrong_size_never_proves_another_tree),
		cmocka_unit_test(no_lie_about_consistency_passes),
		cmocka_unit_test(an_empty_tree_grows_into_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
