/* Entries, tree, checkpoint and proofs against the golden files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bukti/crypto.h"
#include "bukti/merkle.h"
#include "bukti/model.h"
#include "support/golden.h"

#define SIZE 17
#define N(a) (sizeof(a) / sizeof((a)[0]))

/* numbers and hashes of one line of a golden table */
struct row {
	uint64_t number[2];
	unsigned n_numbers;
	struct bkt_proof hashes;
};

static bool next_row(char **text, unsigned n_numbers, struct row *out)
{
	char *w, *line = strsep(text, "\n");

	if (!line || !*line)
		return false;
	memset(out, 0, sizeof(*out));
	while ((w = strsep(&line, " ")) != NULL) {
		if (out->n_numbers < n_numbers)
			assert_true(bkt_parse_u64(
			    w, 1000, &out->number[out->n_numbers++]));
		else
			assert_true(
			    bkt_unhex(w, out->hashes.node[out->hashes.n++].b,
				BKT_SHA256_LEN));
	}
	assert_int_equal(out->n_numbers, n_numbers);
	return true;
}

static void read_leaves(struct bkt_sha256 *leaves)
{
	struct row r;
	size_t n = 0;
	BKT_AUTO(bkt_buf_release) struct bkt_buf table;
	char *text;

	golden_slurp("log", "leaves", &table);
	text = (char *)table.ptr;
	for (; next_row(&text, 1, &r); n++) {
		assert_true(n < SIZE);
		leaves[n] = r.hashes.node[0];
	}
	assert_int_equal(n, SIZE);
}

static void entries_read_back_and_hash_to_their_leaves(void **state)
{
	struct bkt_sha256 leaves[SIZE];
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 20);

	(void)state;
	read_leaves(leaves);
	for (unsigned i = 0; i < SIZE; i++) {
		char name[32];
		struct bkt_entry e;
		struct bkt_sha256 h;
		struct bkt_err err;
		BKT_AUTO(bkt_buf_release) struct bkt_buf in, out;

		snprintf(name, sizeof(name), "entries/%02u", i);
		golden_slurp("log", name, &in);
		bkt_buf_init(&out, 8192);
		assert_int_equal(
		    bkt_entry_parse(bkt_buf_span(&in), arena, &e, &err),
		    BKT_OK);
		assert_int_equal(bkt_entry_print(&e, &out, &err), BKT_OK);
		assert_true(bkt_span_eq(bkt_buf_span(&in), bkt_buf_span(&out)));
		assert_int_equal(
		    bkt_merkle_leaf(bkt_buf_span(&in), &h, &err), BKT_OK);
		assert_true(bkt_sha256_eq(&h, &leaves[i]));
	}
}

static void roots_of_all_sizes_are_as_written(void **state)
{
	struct bkt_sha256 leaves[SIZE], h;
	struct bkt_err err;
	struct row r;
	uint64_t n = 0;
	BKT_AUTO(bkt_buf_release) struct bkt_buf table;
	char *text;

	(void)state;
	read_leaves(leaves);
	golden_slurp("log", "roots", &table);
	text = (char *)table.ptr;
	for (; next_row(&text, 1, &r); n++) {
		assert_int_equal(r.number[0], n);
		assert_int_equal(bkt_merkle_root(leaves, n, &h, &err), BKT_OK);
		assert_true(bkt_sha256_eq(&h, &r.hashes.node[0]));
	}
	assert_int_equal(n, SIZE + 1);
}

static bool same_proof(const struct bkt_proof *a, const struct bkt_proof *b)
{
	return a->n == b->n &&
	       memcmp(a->node, b->node, a->n * sizeof(a->node[0])) == 0;
}

static void proofs_of_all_sizes_are_as_written(void **state)
{
	struct bkt_sha256 leaves[SIZE];
	struct bkt_err err;
	struct row r;
	size_t n = 0;
	BKT_AUTO(bkt_buf_release) struct bkt_buf inclusion, consistency;
	char *text;

	(void)state;
	read_leaves(leaves);
	golden_slurp("log", "inclusion", &inclusion);
	golden_slurp("log", "consistency", &consistency);
	text = (char *)inclusion.ptr;
	for (; next_row(&text, 2, &r); n++) {
		struct bkt_proof proof;
		BKT_AUTO(bkt_prover_free) bkt_prover *p = NULL;

		assert_int_equal(
		    bkt_prover_new(leaves, r.number[0], &p, &err), BKT_OK);
		assert_int_equal(
		    bkt_prover_inclusion(p, r.number[1], &proof, &err), BKT_OK);
		assert_true(same_proof(&proof, &r.hashes));
	}
	text = (char *)consistency.ptr;
	for (; next_row(&text, 2, &r); n++) {
		struct bkt_proof proof;
		BKT_AUTO(bkt_prover_free) bkt_prover *p = NULL;

		assert_int_equal(
		    bkt_prover_new(leaves, r.number[1], &p, &err), BKT_OK);
		assert_int_equal(
		    bkt_prover_consistency(p, r.number[0], &proof, &err),
		    BKT_OK);
		assert_true(same_proof(&proof, &r.hashes));
	}
	assert_int_equal(n, 2 * 153);
}

static void checkpoint_is_signed_and_reads_back(void **state)
{
	struct bkt_checkpoint c;
	struct bkt_note_key key;
	struct bkt_span text;
	struct bkt_err err;
	BKT_AUTO(bkt_buf_release) struct bkt_buf note, body, vkey, out;

	(void)state;
	golden_slurp("log", "checkpoint", &note);
	golden_slurp("log", "checkpoint.body", &body);
	golden_slurp("log", "note.key", &vkey);
	bkt_buf_init(&out, 4096);
	vkey.ptr[vkey.len - 1] = '\0'; /* the line feed */
	assert_int_equal(
	    bkt_note_key_parse((const char *)vkey.ptr, &key, &err), BKT_OK);
	assert_int_equal(
	    bkt_note_verify(bkt_buf_span(&note), &key, &text, &err), BKT_OK);
	assert_true(bkt_span_eq(text, bkt_buf_span(&body)));
	assert_int_equal(bkt_checkpoint_parse(text, &c, &err), BKT_OK);
	assert_string_equal(c.origin, "spbe.kota-contoh.go.id");
	assert_int_equal(c.size, SIZE);
	bkt_checkpoint_print(&c, &out);
	assert_true(bkt_span_eq(bkt_buf_span(&out), bkt_buf_span(&body)));
}

static void proof_files_prove_their_entries(void **state)
{
	struct bkt_sha256 leaves[SIZE], root;
	struct bkt_err err;
	BKT_AUTO(bkt_buf_release) struct bkt_buf checkpoint;

	(void)state;
	read_leaves(leaves);
	golden_slurp("log", "checkpoint", &checkpoint);
	assert_int_equal(bkt_merkle_root(leaves, SIZE, &root, &err), BKT_OK);
	for (unsigned i = 0; i < SIZE; i++) {
		char name[40];
		uint64_t index;
		struct bkt_proof proof;
		struct bkt_span note;
		BKT_AUTO(bkt_buf_release) struct bkt_buf in, out;

		snprintf(name, sizeof(name), "proofs/%02u.tlog-proof", i);
		golden_slurp("log", name, &in);
		bkt_buf_init(&out, 8192);
		assert_int_equal(bkt_tlog_proof_parse(bkt_buf_span(&in), &index,
				     &proof, &note, &err),
		    BKT_OK);
		assert_int_equal(index, i);
		assert_true(bkt_span_eq(note, bkt_buf_span(&checkpoint)));
		assert_int_equal(bkt_inclusion_verify(
				     &leaves[i], i, SIZE, &proof, &root, &err),
		    BKT_OK);
		bkt_tlog_proof_print(index, &proof, note, &out);
		assert_true(bkt_span_eq(bkt_buf_span(&in), bkt_buf_span(&out)));
	}
}

static void allowed_signers_names_the_note_key(void **state)
{
	struct bkt_note_key key;
	struct bkt_err err;
	BKT_AUTO(bkt_buf_release) struct bkt_buf vkey, want, out;

	(void)state;
	golden_slurp("log", "note.key", &vkey);
	golden_slurp("log", "allowed_signers", &want);
	bkt_buf_init(&out, 4096);
	vkey.ptr[vkey.len - 1] = '\0';
	assert_int_equal(
	    bkt_note_key_parse((const char *)vkey.ptr, &key, &err), BKT_OK);
	bkt_buf_printf(&out, "%s namespaces=\"git\" ", key.name);
	bkt_ssh_pub_print(key.pub, &out);
	bkt_buf_chr(&out, '\n');
	assert_true(bkt_span_eq(bkt_buf_span(&out), bkt_buf_span(&want)));
}

/* ---- what is not exactly the format ------------------------------------- */

#define ROOT "H4WMFKQzexK4hrO181Uuc5KnU4UDvOLTVwQ3/Oov06U="

static void bad_checkpoints_are_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "", "empty" },
		{ "o\n1\n", "no root" },
		{ "o\n1\n" ROOT, "no line feed at the end" },
		{ "o\n1\n" ROOT "\n\n", "an empty line after it" },
		{ "o\n1\n" ROOT "\nmore\n", "an extension line" },
		{ "\n1\n" ROOT "\n", "no origin" },
		{ "a b\n1\n" ROOT "\n", "a space in the origin" },
		{ "a+b\n1\n" ROOT "\n", "a plus in the origin" },
		{ "a\tb\n1\n" ROOT "\n", "a control character in the origin" },
		{ "o\n01\n" ROOT "\n", "a leading zero" },
		{ "o\n+1\n" ROOT "\n", "a sign" },
		{ "o\n-1\n" ROOT "\n", "a sign" },
		{ "o\n 1\n" ROOT "\n", "a space" },
		{ "o\n\n" ROOT "\n", "no size" },
		{ "o\n1x\n" ROOT "\n", "no number" },
		{ "o\n9223372036854775808\n" ROOT "\n", "2^63" },
		{ "o\n99999999999999999999999999\n" ROOT "\n", "too long" },
		{ "o\r\n1\r\n" ROOT "\r\n", "CRLF" },
		{ "o\n1\n\n", "an empty root" },
		{ "o\n1\nH4WMFKQzexK4hrO181Uuc5KnU4UDvOLTVwQ3/Oov06V=\n",
		    "pad bits that are not zero" },
		{ "o\n1\nH4WMFKQzexK4hrO181Uuc5KnU4UDvOLTVwQ3/Oov06U\n",
		    "no padding" },
		{ "o\n1\nH4WMFKQzexK4hrO181Uuc5KnU4UDvOLTVwQ3_Oov06U=\n",
		    "the alphabet for addresses" },
		{ "o\n1\nAAAA\n", "three bytes" },
	};
	struct bkt_checkpoint c;
	struct bkt_err err;
	char big[200];

	(void)state;
	for (size_t i = 0; i < N(rows); i++)
		if (bkt_checkpoint_parse(
			bkt_span_str(rows[i].text), &c, &err) != BKT_E_FORMAT)
			fail_msg("passed, but: %s", rows[i].why);
	memset(big, 'o', 128);
	snprintf(big + 128, sizeof(big) - 128, "\n1\n" ROOT "\n");
	assert_int_equal(
	    bkt_checkpoint_parse(bkt_span_str(big), &c, &err), BKT_E_FORMAT);
	assert_int_equal(
	    bkt_checkpoint_parse(bkt_span_str(big + 1), &c, &err), BKT_OK);
	assert_int_equal(
	    bkt_checkpoint_parse(BKT_SPAN("o\n1\0\n" ROOT "\n", 50), &c, &err),
	    BKT_E_FORMAT);
}

#define PROOF "c2sp.org/tlog-proof@v1\n"

static void bad_proof_files_are_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "", "empty" },
		{ PROOF, "nothing after the first line" },
		{ "c2sp.org/tlog-proof@v2\nindex 0\n\nnote\n", "version 2" },
		{ " " PROOF "index 0\n\nnote\n", "a space in front" },
		{ PROOF "extra AAAA\nindex 0\n\nnote\n", "an extra line" },
		{ PROOF "\nnote\n", "no index" },
		{ PROOF "index 00\n\nnote\n", "a leading zero" },
		{ PROOF "index -1\n\nnote\n", "a sign" },
		{ PROOF "index \n\nnote\n", "no number" },
		{ PROOF "index  1\n\nnote\n", "two spaces" },
		{ PROOF "index 1 \n\nnote\n", "a space after" },
		{ PROOF "Index 1\n\nnote\n", "upper case" },
		{ PROOF "index 9223372036854775808\n\nnote\n", "2^63" },
		{ PROOF "index 0\nAAAA\n\nnote\n", "a hash of three bytes" },
		{ PROOF "index 0\n" ROOT "\nnote\n", "no empty line" },
		{ PROOF "index 0\n" ROOT, "no line feed" },
		{ PROOF "index 0\n\n", "no checkpoint" },
		{ "c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\nnote\r\n", "CRLF" },
	};
	uint64_t index;
	struct bkt_proof proof;
	struct bkt_span note;
	struct bkt_err err;

	(void)state;
	for (size_t i = 0; i < N(rows); i++)
		if (bkt_tlog_proof_parse(bkt_span_str(rows[i].text), &index,
			&proof, &note, &err) != BKT_E_FORMAT)
			fail_msg("passed, but: %s", rows[i].why);
	for (unsigned n = 62; n <= 64; n++) {
		BKT_AUTO(bkt_buf_release) struct bkt_buf text;

		bkt_buf_init(&text, 8192);
		bkt_buf_str(&text, PROOF "index 0\n");
		for (unsigned i = 0; i < n; i++)
			bkt_buf_str(&text, ROOT "\n");
		bkt_buf_str(&text, "\nnote\n");
		assert_int_equal(bkt_tlog_proof_parse(bkt_buf_span(&text),
				     &index, &proof, &note, &err),
		    n <= BKT_PROOF_MAX ? BKT_OK : BKT_E_FORMAT);
	}
}

/* the vectors are facts: nobody regenerates them by the way */
static void golden_files_are_the_ones_that_were_made(void **state)
{
	(void)state;
	golden_unchanged("log", 2 * SIZE + 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_read_back_and_hash_to_their_leaves),
		cmocka_unit_test(roots_of_all_sizes_are_as_written),
		cmocka_unit_test(proofs_of_all_sizes_are_as_written),
		cmocka_unit_test(checkpoint_is_signed_and_reads_back),
		cmocka_unit_test(proof_files_prove_their_entries),
		cmocka_unit_test(allowed_signers_names_the_note_key),
		cmocka_unit_test(bad_checkpoints_are_refused),
		cmocka_unit_test(bad_proof_files_are_refused),
		cmocka_unit_test(golden_files_are_the_ones_that_were_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
