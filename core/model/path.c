#include "bukti/model.h"

#include <string.h>

#include "names.h"

#define SEGMENTS_MAX 7
#define SUFFIX_SEAL ".p7s"

static const char *const kind_names[BKT_N_KINDS] = {
	[BKT_KIND_INSTITUTION] = "institution",
	[BKT_KIND_ACCESS] = "access",
	[BKT_KIND_UNIT] = "unit",
	[BKT_KIND_MEMBER] = "member",
	[BKT_KIND_RULEBOOK] = "rulebook",
	[BKT_KIND_CYCLE] = "cycle",
	[BKT_KIND_DOCUMENT] = "document",
	[BKT_KIND_LINK] = "link",
	[BKT_KIND_CLAIM] = "claim",
	[BKT_KIND_REVIEW] = "review",
	[BKT_KIND_RELEASE] = "release",
	[BKT_KIND_PACKAGE] = "package",
	[BKT_KIND_RESULT] = "result",
	[BKT_KIND_REVOCATION] = "revocation",
	[BKT_KIND_HOLD] = "hold",
	[BKT_KIND_ERASURE] = "erasure",
};

const char *bkt_kind_name(enum bkt_kind k)
{
	BKT_ASSERT((unsigned)k < BKT_N_KINDS);
	return kind_names[k];
}

bool bkt_kind_parse(const char *s, enum bkt_kind *out)
{
	for (unsigned k = 0; k < BKT_N_KINDS; k++) {
		if (strcmp(s, kind_names[k]) == 0) {
			*out = (enum bkt_kind)k;
			return true;
		}
	}
	return false;
}

/* a path taken apart; the spans borrow from it */
struct parts {
	struct bkt_span v[SEGMENTS_MAX];
	size_t n;
};

static bool split(const char *path, size_t len, struct parts *out)
{
	size_t start = 0;

	out->n = 0;
	for (size_t i = 0; i <= len; i++) {
		if (i < len && path[i] != '/')
			continue;
		if (i == start || out->n == SEGMENTS_MAX)
			return false;
		out->v[out->n++] = BKT_SPAN(path + start, i - start);
		start = i + 1;
	}
	return true;
}

static bool is(struct bkt_span s, const char *word)
{
	return bkt_span_eq(s, bkt_span_str(word));
}

/* segment without its suffix; false when it has another */
static bool cut_suffix(struct bkt_span *s, const char *suffix)
{
	size_t n = strlen(suffix);

	if (s->len <= n || memcmp(s->ptr + s->len - n, suffix, n) != 0)
		return false;
	s->len -= n;
	return true;
}

static bool take(
    struct bkt_span s, char *to, size_t room, bool (*valid)(const char *))
{
	if (s.len >= room)
		return false;
	memcpy(to, s.ptr, s.len);
	to[s.len] = '\0';
	return valid(to);
}
#define TAKE(s, field, valid) take((s), (field), sizeof(field), (valid))

static bool take_number(struct bkt_span s, uint64_t *out)
{
	char digits[8];

	if (s.len >= sizeof(digits))
		return false;
	memcpy(digits, s.ptr, s.len);
	digits[s.len] = '\0';
	return bkt_parse_u64(digits, 999999, out) && *out > 0;
}

/* ---- records ----------------------------------------------------------- */

static bool top_record(struct bkt_span name, struct bkt_path_info *o)
{
	if (is(name, "institution"))
		o->kind = BKT_KIND_INSTITUTION;
	else if (is(name, "access"))
		o->kind = BKT_KIND_ACCESS;
	else
		return false;
	return true;
}

static bool hex_valid(const char *s)
{
	uint8_t bytes[BKT_SHA256_LEN];

	return bkt_unhex(s, bytes, BKT_SHA256_LEN);
}

/* members/M members/M.revocation-<hex> */
static bool member_record(struct bkt_span name, struct bkt_path_info *o)
{
	static const char middle[] = ".revocation-";
	const uint8_t *at = memmem(name.ptr, name.len, middle, strlen(middle));
	struct bkt_span hex;

	o->kind = BKT_KIND_MEMBER;
	if (at) {
		o->kind = BKT_KIND_REVOCATION;
		hex.ptr = at + strlen(middle);
		hex.len = (size_t)(name.ptr + name.len - hex.ptr);
		name.len = (size_t)(at - name.ptr);
		if (!TAKE(hex, o->digest, hex_valid))
			return false;
	}
	return TAKE(name, o->member, bkt_id_valid);
}

/* units/U members/... rulebooks/STEM */
static bool registry_record(
    struct bkt_span folder, struct bkt_span name, struct bkt_path_info *o)
{
	if (is(folder, "units")) {
		o->kind = BKT_KIND_UNIT;
		return TAKE(name, o->unit, bkt_id_valid);
	}
	if (is(folder, "members"))
		return member_record(name, o);
	if (!is(folder, "rulebooks"))
		return false;
	o->kind = BKT_KIND_RULEBOOK;
	return TAKE(name, o->rulebook, rulebook_stem_valid);
}

/* documents/DD/D, where DD repeats the beginning of D */
static bool document_folder(const struct parts *p, struct bkt_path_info *o)
{
	return p->n >= 4 && is(p->v[0], "documents") &&
	       TAKE(p->v[2], o->document, bkt_document_id_valid) &&
	       p->v[1].len == 2 && memcmp(p->v[1].ptr, o->document, 2) == 0;
}

static bool document_record(
    const struct parts *p, struct bkt_span name, struct bkt_path_info *o)
{
	if (p->n != 4 || !document_folder(p, o))
		return false;
	if (is(name, "document"))
		o->kind = BKT_KIND_DOCUMENT;
	else if (is(name, "hold"))
		o->kind = BKT_KIND_HOLD;
	else
		return false;
	return true;
}

/* erasures/CC/<hex>, where CC repeats the beginning */
static bool erasure_record(
    const struct parts *p, struct bkt_span name, struct bkt_path_info *o)
{
	o->kind = BKT_KIND_ERASURE;
	return p->n == 3 && TAKE(name, o->digest, hex_valid) &&
	       p->v[1].len == 2 && memcmp(p->v[1].ptr, o->digest, 2) == 0;
}

/* cycles/C/I/... */
static bool indicator_record(
    const struct parts *p, struct bkt_span name, struct bkt_path_info *o)
{
	if (!TAKE(p->v[2], o->indicator, bkt_indicator_id_valid))
		return false;
	if (p->n == 4 && is(name, "claim")) {
		o->kind = BKT_KIND_CLAIM;
		return true;
	}
	if (p->n == 5 && is(p->v[3], "evidence")) {
		o->kind = BKT_KIND_LINK;
		return TAKE(name, o->document, bkt_document_id_valid);
	}
	if (p->n != 6 || !is(p->v[3], "reviews"))
		return false;
	o->kind = BKT_KIND_REVIEW;
	return TAKE(p->v[4], o->document, bkt_document_id_valid) &&
	       TAKE(name, o->member, bkt_id_valid);
}

static bool cycle_record(
    const struct parts *p, struct bkt_span name, struct bkt_path_info *o)
{
	if (p->n < 3 || !TAKE(p->v[1], o->cycle, bkt_id_valid))
		return false;
	if (p->n == 4 && is(p->v[2], "packages")) {
		o->kind = BKT_KIND_PACKAGE;
		return take_number(name, &o->number);
	}
	if (p->n > 3)
		return indicator_record(p, name, o);
	if (is(name, "cycle"))
		o->kind = BKT_KIND_CYCLE;
	else if (is(name, "release"))
		o->kind = BKT_KIND_RELEASE;
	else if (is(name, "result"))
		o->kind = BKT_KIND_RESULT;
	else
		return false;
	return true;
}

static bool record_path(const char *path, size_t len, struct bkt_path_info *o)
{
	struct parts p;
	struct bkt_span name;

	if (!split(path, len, &p))
		return false;
	name = p.v[p.n - 1];
	if (!cut_suffix(&name, ".json"))
		return false;
	if (p.n == 1)
		return top_record(name, o);
	if (is(p.v[0], "documents"))
		return document_record(&p, name, o);
	if (is(p.v[0], "cycles"))
		return cycle_record(&p, name, o);
	if (is(p.v[0], "erasures"))
		return erasure_record(&p, name, o);
	return p.n == 2 && registry_record(p.v[0], name, o);
}

/* ---- what stands beside records ---------------------------------------- */

static bool seal_path(const char *path, size_t len, struct bkt_path_info *o)
{
	struct bkt_span record = BKT_SPAN(path, len), member;

	if (!cut_suffix(&record, SUFFIX_SEAL))
		return false;
	member = record;
	while (record.len > 0 && record.ptr[record.len - 1] != '.')
		record.len--;
	if (record.len == 0)
		return false;
	member = BKT_SPAN(path + record.len, member.len - record.len);
	return record_path(path, record.len - 1, o) &&
	       TAKE(member, o->member, bkt_id_valid);
}

/* cycles/C/packages/N.tagmanifest.M.p7s */
static bool package_seal(const struct parts *p, struct bkt_path_info *o)
{
	static const char middle[] = ".tagmanifest.";
	struct bkt_span name, member;
	const uint8_t *at;

	if (p->n != 4 || !is(p->v[0], "cycles") || !is(p->v[2], "packages") ||
	    !TAKE(p->v[1], o->cycle, bkt_id_valid))
		return false;
	name = p->v[3];
	if (!cut_suffix(&name, SUFFIX_SEAL))
		return false;
	at = memmem(name.ptr, name.len, middle, strlen(middle));
	if (!at)
		return false;
	member.ptr = at + strlen(middle);
	member.len = (size_t)(name.ptr + name.len - member.ptr);
	name.len = (size_t)(at - name.ptr);
	o->kind = BKT_KIND_PACKAGE;
	return take_number(name, &o->number) &&
	       TAKE(member, o->member, bkt_id_valid);
}

static bool pointer_path(const struct parts *p, struct bkt_path_info *o)
{
	char name[BKT_NAME_MAX + 1];

	o->kind = BKT_KIND_DOCUMENT;
	return p->n == 5 && document_folder(p, o) && is(p->v[3], "content") &&
	       TAKE(p->v[4], name, bkt_file_name_valid);
}

static bool owned_path(const char *path, size_t len, struct bkt_path_info *o)
{
	struct parts p;
	struct bkt_span name;

	if (!split(path, len, &p))
		return false;
	name = p.v[p.n - 1];
	if (p.n == 1 && is(name, "ca.pem")) {
		o->kind = BKT_KIND_INSTITUTION;
		return true;
	}
	if (p.n == 2 && is(p.v[0], "members") && cut_suffix(&name, ".pem")) {
		o->kind = BKT_KIND_MEMBER;
		return TAKE(name, o->member, bkt_id_valid);
	}
	if (p.n == 2 && is(p.v[0], "rulebooks") && cut_suffix(&name, ".yaml")) {
		o->kind = BKT_KIND_RULEBOOK;
		return TAKE(name, o->rulebook, rulebook_stem_valid);
	}
	if (is(p.v[0], "documents"))
		return pointer_path(&p, o);
	return package_seal(&p, o);
}

static bool log_path(const char *path, size_t len)
{
	char name[LOG_NAME_MAX + 1];
	struct parts p;

	if (!split(path, len, &p) || p.n < 2 || !is(p.v[0], "log"))
		return false;
	if (p.n == 2)
		return is(p.v[1], "checkpoint") ||
		       is(p.v[1], "allowed_signers");
	if (p.n != 3 || (!is(p.v[1], "witness") && !is(p.v[1], "time")) ||
	    p.v[2].len > LOG_NAME_MAX)
		return false;
	memcpy(name, p.v[2].ptr, p.v[2].len);
	name[p.v[2].len] = '\0';
	return bkt_name_plain(name, LOG_NAME_MAX);
}

void bkt_path_classify(const char *path, struct bkt_path_info *out)
{
	static const struct bkt_path_info empty = { .class_ =
							BKT_PATH_UNKNOWN };
	struct bkt_path_info o = empty;
	size_t len = strnlen(path, BKT_PATH_MAX + 1);

	*out = empty;
	if (len == 0 || len > BKT_PATH_MAX)
		return;
	if (record_path(path, len, &o)) {
		o.class_ = BKT_PATH_RECORD;
		*out = o;
		return;
	}
	o = empty;
	if (seal_path(path, len, &o)) {
		o.class_ = BKT_PATH_SEAL;
		*out = o;
		return;
	}
	o = empty;
	if (owned_path(path, len, &o)) {
		o.class_ = BKT_PATH_OWNED;
		*out = o;
		return;
	}
	if (log_path(path, len))
		out->class_ = BKT_PATH_LOG;
	else if (strcmp(path, ".gitattributes") == 0)
		out->class_ = BKT_PATH_FIXED;
}
