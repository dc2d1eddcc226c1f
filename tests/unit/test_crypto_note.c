/* Signed notes, SSH signatures and the key file of a store. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bukti/crypto.h"
#include "support/pki.h"

#define ORIGIN "spbe.kota-contoh.go.id"
#define TEXT ORIGIN "\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
#define RFC_ID "6645170c"
#define RFC_ID_CAPITALS "6645170C"
#define RFC_KEY "+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
#define RFC_VKEY_TAIL "+" RFC_ID RFC_KEY
#define RFC_VKEY "contoh" RFC_VKEY_TAIL
#define BUF_MAX (4 * 1024 * 1024)

static bkt_store_key *key, *witness;

static int setup(void **state)
{
	(void)state;
	key = pki_store_key(ORIGIN);
	witness = pki_store_key("saksi.example");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	bkt_store_key_free(key);
	bkt_store_key_free(witness);
	return 0;
}

/* the key of RFC 8032 7.1 TEST 1, and what any Ed25519 and SHA-256 make of it;
 * the vkey's id was computed apart from this code */
static const char rfc_file[] =
    "bukti-store-key/1 nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=\n";
static const uint8_t rfc_pub[32] = { 0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a,
	0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72,
	0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51,
	0x1a };

static void test_key_file(void **state)
{
	bkt_store_key *k = NULL;
	struct bkt_note_key parsed;
	struct bkt_err err;
	struct bkt_buf b;

	(void)state;
	bkt_buf_init(&b, BUF_MAX);
	assert_int_equal(
	    bkt_store_key_load(bkt_span_str(rfc_file), "contoh", &k, &err),
	    BKT_OK);
	assert_memory_equal(bkt_store_key_public(k)->pub, rfc_pub, 32);
	bkt_note_key_print(bkt_store_key_public(k), &b);
	assert_string_equal((const char *)b.ptr, RFC_VKEY);
	assert_int_equal(
	    bkt_note_key_parse((const char *)b.ptr, &parsed, &err), BKT_OK);
	assert_string_equal(parsed.name, "contoh");
	assert_int_equal(parsed.id, bkt_store_key_public(k)->id);
	bkt_buf_clear(&b);
	bkt_ssh_pub_print(rfc_pub, &b);
	assert_string_equal((const char *)b.ptr,
	    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz"
	    "2qYjJa8CGmj3B1Ea");
	bkt_store_key_free(k);
	bkt_buf_release(&b);
}

/* made with openssl pkeyutl and by the formats' own texts, not by us */
static const char rfc_note[] =
    "contoh\n"
    "7\n"
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    "\n"
    "\xe2\x80\x94 contoh "
    "ZkUXDKj+7eIZALl0zfkNGWzV7c8eWs8N7jgajhbZCWkq+"
    "ue3TIISTfrfdj5Jy7HqnL1mXWxexb8Dcb7RJwHINc7s7wQ=\n";
static const char rfc_ssh[] =
    "-----BEGIN SSH SIGNATURE-----\n"
    "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg11qYAYKxCrfVS/7TyWQHOg7hcv\n"
    "PapiMlrwIaaPcHURoAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5\n"
    "AAAAQEy5KyCFsuJphAbwUW+hGulg2o42k4uT4bqIaoTla3ekdY/chLIv/+yEwX6Ec4legi\n"
    "HD4J5CNYSygFAREx3keQI=\n"
    "-----END SSH SIGNATURE-----\n";

static void test_fixed_outputs(void **state)
{
	bkt_store_key *k = NULL;
	struct bkt_err err;
	struct bkt_buf b;
	const size_t n_text = (size_t)(strstr(rfc_note, "\n\n") + 1 - rfc_note);

	(void)state;
	bkt_buf_init(&b, BUF_MAX);
	assert_int_equal(
	    bkt_store_key_load(bkt_span_str(rfc_file), "contoh", &k, &err),
	    BKT_OK);
	assert_int_equal(
	    bkt_note_sign(k, BKT_SPAN(rfc_note, n_text), &b, &err), BKT_OK);
	assert_string_equal((const char *)b.ptr, rfc_note);
	bkt_buf_clear(&b);
	assert_int_equal(
	    bkt_sshsig_make(k, bkt_span_str("isi\n"), &b, &err), BKT_OK);
	assert_string_equal((const char *)b.ptr, rfc_ssh);
	bkt_store_key_free(k);
	bkt_buf_release(&b);
}

static void test_bad_key_files(void **state)
{
	static const struct {
		const char *why, *file, *origin;
		enum bkt_status want;
	} rows[] = {
		{ "no final newline",
		    "bukti-store-key/1 "
		    "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=",
		    "a", BKT_E_FORMAT },
		{ "CR before it",
		    "bukti-store-key/1 "
		    "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=\r\n",
		    "a", BKT_E_FORMAT },
		{ "a later version",
		    "bukti-store-key/2 "
		    "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=\n",
		    "a", BKT_E_FORMAT },
		{ "pad bits not zero",
		    "bukti-store-key/1 "
		    "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2B=\n",
		    "a", BKT_E_FORMAT },
		{ "33 bytes",
		    "bukti-store-key/1 "
		    "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2AA\n",
		    "a", BKT_E_FORMAT },
		{ "empty", "", "a", BKT_E_FORMAT },
		{ "origin with a space", rfc_file, "a b", BKT_E_USAGE },
		{ "origin with a plus", rfc_file, "a+b", BKT_E_USAGE },
		{ "empty origin", rfc_file, "", BKT_E_USAGE },
		{ "origin with a no-break space", rfc_file, "a\xc2\xa0z",
		    BKT_E_USAGE },
	};
	struct bkt_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bkt_store_key *k = NULL;

		if (bkt_store_key_load(bkt_span_str(rows[i].file),
			rows[i].origin, &k, &err) != rows[i].want)
			fail_msg("%s", rows[i].why);
		assert_null(k);
	}
}

static void test_bad_vkeys(void **state)
{
	static const struct {
		const char *why, *vkey;
	} rows[] = {
		{ "no plus", "contoh" },
		{ "no name", RFC_VKEY_TAIL },
		{ "id of another name", "contoi" RFC_VKEY_TAIL },
		{ "space in the name", "con toh" RFC_VKEY_TAIL },
		{ "id in capitals", "contoh+" RFC_ID_CAPITALS RFC_KEY },
		{ "id of seven digits", "contoh+1234567" RFC_KEY },
		{ "a byte behind", RFC_VKEY "\n" },
		{ "another algorithm",
		    "contoh+" RFC_ID
		    "+AtdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea" },
	};
	struct bkt_note_key k;
	struct bkt_err err;

	(void)state;
	assert_int_equal(bkt_note_key_parse(RFC_VKEY, &k, &err), BKT_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (bkt_note_key_parse(rows[i].vkey, &k, &err) != BKT_E_FORMAT)
			fail_msg("%s", rows[i].why);
}

/* the store's note as it is, its parts for the rows below */
static char note[1024], line[1024], other_line[1024];

static void make_note(void)
{
	struct bkt_buf b;
	struct bkt_err err;
	const size_t n_text = sizeof(TEXT) - 1;

	bkt_buf_init(&b, BUF_MAX);
	assert_int_equal(
	    bkt_note_sign(key, bkt_span_str(TEXT), &b, &err), BKT_OK);
	snprintf(note, sizeof(note), "%s", (const char *)b.ptr);
	snprintf(line, sizeof(line), "%s", note + n_text + 1);
	bkt_buf_clear(&b);
	assert_int_equal(
	    bkt_note_sign(witness, bkt_span_str(TEXT), &b, &err), BKT_OK);
	snprintf(other_line, sizeof(other_line), "%s",
	    (const char *)b.ptr + n_text + 1);
	bkt_buf_release(&b);
}

static void test_notes(void **state)
{
	char flipped[1024];
	const struct {
		const char *why, *a, *b, *c;
		enum bkt_status want;
	} rows[] = {
		{ "as signed", TEXT "\n", line, "", BKT_OK },
		{ "a witness behind", TEXT "\n", line, other_line, BKT_OK },
		{ "a witness in front", TEXT "\n", other_line, line, BKT_OK },
		{ "the same line twice", TEXT "\n", line, line, BKT_OK },
		{ "only a witness", TEXT "\n", other_line, "", BKT_E_TRUST },
		{ "a good and a bad line by the key", TEXT "\n", line, flipped,
		    BKT_E_SEAL },
		{ "a bad line", TEXT "\n", flipped, "", BKT_E_SEAL },
		{ "another text", ORIGIN "\n8\nAAAA\n\n", line, "",
		    BKT_E_SEAL },
		{ "a text with an empty line", TEXT "\nx\n\n", line, "",
		    BKT_E_SEAL },
		{ "no empty line", TEXT, line, "", BKT_E_FORMAT },
		{ "no signature", TEXT "\n", "", "", BKT_E_FORMAT },
		{ "no text", "\n", line, "", BKT_E_FORMAT },
		{ "a byte behind", TEXT "\n", line, "x", BKT_E_FORMAT },
		{ "a line behind", TEXT "\n", line, "x\n", BKT_E_FORMAT },
		{ "a hyphen for the dash", TEXT "\n", line,
		    "- saksi AAAAAAAA\n", BKT_E_FORMAT },
		{ "a witness without name", TEXT "\n", line,
		    "\xe2\x80\x94  AAAAAAAA\n", BKT_E_FORMAT },
		{ "a witness with a plus in its name", TEXT "\n", line,
		    "\xe2\x80\x94 a+b AAAAAAAA\n", BKT_E_FORMAT },
		{ "a witness of four bytes", TEXT "\n", line,
		    "\xe2\x80\x94 saksi AAAAAA==\n", BKT_E_FORMAT },
		{ "a witness that is not base64", TEXT "\n", line,
		    "\xe2\x80\x94 saksi AAAA AAA\n", BKT_E_FORMAT },
		{ "a witness of an unknown kind", TEXT "\n", line,
		    "\xe2\x80\x94 saksi AAAAAAAA\n", BKT_OK },
		{ "a tab in the text", ORIGIN "\t\n\n", line, "",
		    BKT_E_FORMAT },
		{ "not UTF-8", "\xff\n\n", line, "", BKT_E_FORMAT },
		{ "CRLF", ORIGIN "\r\n\r\n", line, "", BKT_E_FORMAT },
	};
	struct bkt_span text;
	struct bkt_err err;
	struct bkt_buf b;
	char *sig;
	int wrong = 0;

	(void)state;
	make_note();
	snprintf(flipped, sizeof(flipped), "%s", line);
	sig = strrchr(flipped, ' ') + 20;
	*sig = *sig == 'A' ? 'B' : 'A';
	bkt_buf_init(&b, BUF_MAX);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		enum bkt_status st;

		bkt_buf_clear(&b);
		bkt_buf_printf(&b, "%s%s%s", rows[i].a, rows[i].b, rows[i].c);
		st = bkt_note_verify(
		    bkt_buf_span(&b), bkt_store_key_public(key), &text, &err);
		if (st != rows[i].want) {
			print_error("%s: %s (%s)\n", rows[i].why,
			    bkt_status_name(st), err.msg);
			wrong++;
		}
		if (st == BKT_OK)
			assert_true(bkt_span_eq(text, bkt_span_str(TEXT)));
	}
	bkt_buf_release(&b);
	assert_int_equal(wrong, 0);
}

static void test_note_bounds(void **state)
{
	struct bkt_span text;
	struct bkt_err err;
	struct bkt_buf b;

	(void)state;
	make_note();
	bkt_buf_init(&b, BUF_MAX);
	bkt_buf_str(&b, note);
	for (int i = 0; i < 100; i++)
		bkt_buf_str(&b, other_line);
	assert_int_equal(bkt_note_verify(bkt_buf_span(&b),
			     bkt_store_key_public(key), &text, &err),
	    BKT_E_FORMAT);
	bkt_buf_clear(&b);
	while (b.len <= 1024 * 1024)
		bkt_buf_str(&b, TEXT);
	bkt_buf_str(&b, "\n");
	bkt_buf_str(&b, line);
	assert_int_equal(bkt_note_verify(bkt_buf_span(&b),
			     bkt_store_key_public(key), &text, &err),
	    BKT_E_FORMAT);
	assert_int_equal(
	    bkt_note_sign(key, bkt_span_str("no newline"), &b, &err),
	    BKT_E_USAGE);
	bkt_buf_release(&b);
}

static void test_ssh(void **state)
{
	static const char payload[] = "tree 0\n\npesan\n";
	const struct bkt_note_key *pub = bkt_store_key_public(key);
	struct bkt_span p = bkt_span_str(payload);
	struct bkt_err err;
	struct bkt_buf b, bad;

	(void)state;
	bkt_buf_init(&b, BUF_MAX);
	bkt_buf_init(&bad, BUF_MAX);
	assert_int_equal(bkt_sshsig_make(key, p, &b, &err), BKT_OK);
	assert_int_equal(
	    bkt_sshsig_verify(bkt_buf_span(&b), p, pub->pub, &err), BKT_OK);
	assert_int_equal(
	    bkt_sshsig_verify(BKT_SPAN(b.ptr, b.len - 1), p, pub->pub, &err),
	    BKT_OK);
	assert_int_equal(bkt_sshsig_verify(bkt_buf_span(&b), bkt_span_str("x"),
			     pub->pub, &err),
	    BKT_E_SEAL);
	assert_int_equal(bkt_sshsig_verify(bkt_buf_span(&b), p,
			     bkt_store_key_public(witness)->pub, &err),
	    BKT_E_TRUST);
	for (size_t n = 0; n < b.len - 1; n++)
		assert_int_equal(
		    bkt_sshsig_verify(BKT_SPAN(b.ptr, n), p, pub->pub, &err),
		    BKT_E_FORMAT);
	bkt_buf_printf(&bad, "%s\n", (const char *)b.ptr);
	assert_int_equal(
	    bkt_sshsig_verify(bkt_buf_span(&bad), p, pub->pub, &err),
	    BKT_E_FORMAT);
	bkt_buf_clear(&bad);
	bkt_buf_printf(&bad, "%s%s", (const char *)b.ptr, (const char *)b.ptr);
	assert_int_equal(
	    bkt_sshsig_verify(bkt_buf_span(&bad), p, pub->pub, &err),
	    BKT_E_FORMAT);
	for (size_t i = 0; i < b.len * 8; i++) {
		enum bkt_status st;

		b.ptr[i / 8] ^= (uint8_t)(1u << i % 8);
		st = bkt_sshsig_verify(bkt_buf_span(&b), p, pub->pub, &err);
		b.ptr[i / 8] ^= (uint8_t)(1u << i % 8);
		if (!bkt_is_verdict(st))
			fail_msg("bit %zu: %s", i, bkt_status_name(st));
	}
	bkt_buf_release(&b);
	bkt_buf_release(&bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key_file),
		cmocka_unit_test(test_fixed_outputs),
		cmocka_unit_test(test_bad_key_files),
		cmocka_unit_test(test_bad_vkeys),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_note_bounds),
		cmocka_unit_test(test_ssh),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
