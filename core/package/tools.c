/* Files that let stock tools and their users check the package. */
#include <string.h>

#include "private.h"

static const char explain[] =
    "CARA MEMERIKSA PAKET INI\n"
    "========================\n"
    "\n"
    "1. Buka folder hasil ekstrak, lalu jalankan:\n"
    "     sh verify.sh\n"
    "   Skrip itu hanya memakai sh, sha256sum dan openssl. Satu per satu:\n"
    "     sha256sum -c --strict manifest-sha256.txt\n"
    "     sha256sum -c --strict tagmanifest-sha256.txt\n"
    "     openssl cms -verify -cades -binary -inform DER \\\n"
    "       -in tagmanifest-sha256.txt.<anggota>.p7s \\\n"
    "       -content tagmanifest-sha256.txt -CAfile data/meta/ca.pem \\\n"
    "       -purpose any -no_check_time -out /dev/null\n"
    "2. Paket ini adalah BagIt 1.0; pemeriksa BagIt mana pun dapat dipakai.\n"
    "3. Bandingkan kunci dan sidik berikut dengan yang diumumkan instansi\n"
    "   lewat jalan lain; tanpa itu pemeriksaan hanya membuktikan bahwa isi\n"
    "   paket cocok satu sama lain.\n"
    "4. Yang tidak dapat diperiksa di sini: apakah ada catatan yang lebih\n"
    "   baru sesudah pengesahan. Mintalah salinan store atau checkpoint.\n"
    "5. Tanda tangan di sini adalah tanda tangan alat (CAdES), bukan tanda\n"
    "   tangan dari penyelenggara sertifikasi elektronik.\n"
    "\n"
    "HOW TO CHECK THIS PACKAGE\n"
    "=========================\n"
    "\n"
    "Unpack it and run `sh verify.sh`; it needs sh, sha256sum and openssl "
    "only.\n"
    "Compare the key and digest below with what the institution publishes by\n"
    "another way: without that, the check shows only that the package agrees\n"
    "with itself. What cannot be seen here is whether newer records exist\n"
    "after the release; ask for a copy of the store or its checkpoint.\n"
    "\n";

static enum bkt_status nomem(struct bkt_err *err)
{
	return bkt_fail(err, BKT_E_NOMEM, "no memory");
}

/* the store's key as openssl reads it: SubjectPublicKeyInfo of Ed25519 */
static enum bkt_status add_store_pem(
    struct pk_layout *l, const struct bkt_note_key *key, struct bkt_err *err)
{
	static const uint8_t spki[] = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
		0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 };
	BKT_AUTO(bkt_buf_release) struct bkt_buf out = { 0 };
	uint8_t der[sizeof(spki) + sizeof(key->pub)];

	memcpy(der, spki, sizeof(spki));
	memcpy(der + sizeof(spki), key->pub, sizeof(key->pub));
	bkt_buf_init(&out, 1024);
	bkt_buf_str(&out, "-----BEGIN PUBLIC KEY-----\n");
	bkt_base64(&out, BKT_SPAN(der, sizeof(der)));
	bkt_buf_str(&out, "\n-----END PUBLIC KEY-----\n");
	return pk_add_buf(l, "data/meta/store.pem", &out, err);
}

static enum bkt_status add_keys(struct pk_layout *l, struct bkt_err *err)
{
	const struct bkt_institution *inst = &l->institution->u.institution;
	const struct pk_record *r = bkt_map_get(l->current, "institution.json");
	const char *vkey = bkt_arena_printf(l->arena, "%s\n", inst->note_key);
	struct bkt_note_key key;

	if (!vkey)
		return nomem(err);
	if (r->sub.n_owned != 1)
		return bkt_fail(err, BKT_E_FORMAT, "ca.pem is missing");
	BKT_TRY(bkt_note_key_parse(inst->note_key, &key, err));
	BKT_TRY(pk_add(l, "data/meta/ca.pem", r->sub.owned[0].bytes, err));
	BKT_TRY(pk_add(l, "data/meta/store.vkey", bkt_span_str(vkey), err));
	return add_store_pem(l, &key, err);
}

static enum bkt_status add_explanation(
    struct pk_layout *l, const struct pk_input *in, struct bkt_err *err)
{
	const struct bkt_institution *inst = &l->institution->u.institution;
	BKT_AUTO(bkt_buf_release) struct bkt_buf out = { 0 };

	if (in->pages)
		return pk_add_page(l, in, "VERIFIKASI.txt", err);
	bkt_buf_init(&out, (size_t)64 * 1024);
	bkt_buf_str(&out, explain);
	bkt_buf_printf(&out, "store    %s\nkunci    %s\nca.pem   sha256 %s\n",
	    l->institution->store, inst->note_key, inst->ca);
	return pk_add_buf(l, "VERIFIKASI.txt", &out, err);
}

/* ids are [a-z0-9-]: safe in a shell as they are */
static enum bkt_status add_verify_sh(
    struct pk_layout *l, const struct pk_input *in, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf out = { 0 };
	const struct bkt_strs *by = &l->release->by;

	if (in->pages)
		return pk_add_page(l, in, "verify.sh", err);
	bkt_buf_init(&out, (size_t)64 * 1024);
	bkt_buf_str(&out, pk_script);
	bkt_buf_str(&out, pk_script_checks);
	for (size_t i = 0; i < by->n; i++) {
		const char *path =
		    bkt_arena_printf(l->arena, "members/%s.json", by->v[i]);
		const struct pk_record *r;

		if (!path)
			return nomem(err);
		r = bkt_map_get(l->current, path);
		if (!r)
			return bkt_fail(err, BKT_E_MISSING,
			    "the record of member '%s' is not there", by->v[i]);
		bkt_buf_printf(&out,
		    "seal %s data/meta/records/" PK_INDEX_FMT ".pem\n",
		    by->v[i], (unsigned long long)r->index);
	}
	bkt_buf_str(&out, pk_script_rest);
	return pk_add_buf(l, "verify.sh", &out, err);
}

/* one line: no value may break out of its own */
static void info(struct bkt_buf *out, const char *key, const char *value)
{
	bkt_buf_printf(out, "%s: %s\n", key, value);
}

static enum bkt_status add_bag_info(
    struct pk_layout *l, const struct pk_input *in, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf out = { 0 };
	char when[BKT_TIME_LEN + 1], count[64];
	struct bkt_buf oxum;

	bkt_buf_init(&out, (size_t)64 * 1024);
	bkt_time_format(l->release->at_utc_s, when);
	when[10] = '\0';
	info(&out, "Source-Organization", l->institution->u.institution.name);
	info(&out, "Bagging-Date", when);
	bkt_buf_printf(&out, "External-Identifier: %s/%s\n",
	    l->institution->store, in->cycle);
	bkt_buf_init(&oxum, sizeof(count) - 1);
	bkt_buf_printf(&oxum, "%llu.%llu", (unsigned long long)l->payload_bytes,
	    (unsigned long long)l->payload_files);
	if (bkt_buf_check(&oxum, err) == BKT_OK) {
		memcpy(count, oxum.ptr, oxum.len + 1);
		info(&out, "Payload-Oxum", count);
	} else {
		out.failed = true;
	}
	bkt_buf_release(&oxum);
	info(&out, "Bag-Software-Agent", "bukti");
	bkt_buf_printf(
	    &out, "Bukti-Layout: %llu\n", (unsigned long long)in->layout);
	return pk_add_buf(l, "bag-info.txt", &out, err);
}

enum bkt_status pk_render_tools(
    struct pk_layout *l, const struct pk_input *in, struct bkt_err *err)
{
	BKT_TRY(add_keys(l, err)); /* the last of the payload */
	BKT_TRY(add_explanation(l, in, err));
	BKT_TRY(add_verify_sh(l, in, err));
	BKT_TRY(pk_add(l, "bagit.txt",
	    bkt_span_str("BagIt-Version: 1.0\n"
			 "Tag-File-Character-Encoding: UTF-8\n"),
	    err));
	return add_bag_info(l, in, err);
}
