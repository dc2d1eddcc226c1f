/*
 * The canonical form: what `jq -S .` prints. Control characters never get
 * here, so only the quote and the backslash need escaping.
 */
#include "access.h"

#define SLOTS_MAX 32 /* most keys one object can have */

static const char spaces[] = "                                ";

static void emit_line(struct bkt_buf *out, size_t depth)
{
	bkt_buf_chr(out, '\n');
	BKT_ASSERT(depth * 2 < sizeof(spaces));
	bkt_buf_add(out, spaces, depth * 2);
}

static void emit_string(struct bkt_buf *out, const char *s)
{
	bkt_buf_chr(out, '"');
	for (;;) {
		size_t n = strcspn(s, "\"\\");

		bkt_buf_add(out, s, n);
		if (s[n] == '\0')
			break;
		bkt_buf_chr(out, '\\');
		bkt_buf_chr(out, s[n]);
		s += n + 1;
	}
	bkt_buf_chr(out, '"');
}

static void emit_u64(struct bkt_buf *out, uint64_t v)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	bkt_buf_add(out, digits + at, sizeof(digits) - at);
}

/* "[" or ",", then a new line, before item i */
static void emit_item(struct bkt_buf *out, size_t i, size_t depth)
{
	bkt_buf_chr(out, i == 0 ? '[' : ',');
	emit_line(out, depth + 1);
}

static void emit_list_end(struct bkt_buf *out, size_t n, size_t depth)
{
	if (n == 0) {
		bkt_buf_str(out, "[]");
		return;
	}
	emit_line(out, depth);
	bkt_buf_chr(out, ']');
}

/* one key with the struct it reads from */
struct slot {
	const struct field *f;
	const void *base;
};

static void emit_object(const struct slot *slots, size_t n, enum bkt_kind kind,
    size_t depth, struct bkt_buf *out);

static size_t schema_slots(
    const struct schema *s, const void *base, struct slot *out)
{
	size_t n = 0;

	BKT_ASSERT(s->n <= SLOTS_MAX);
	for (size_t i = 0; i < s->n; i++)
		if (field_present(&s->fields[i], base))
			out[n++] = (struct slot){ &s->fields[i], base };
	return n;
}

static void emit_items(const struct field *f, struct field_items l,
    enum bkt_kind kind, size_t depth, struct bkt_buf *out)
{
	for (size_t i = 0; i < l.n; i++) {
		struct slot slots[SLOTS_MAX];
		size_t n = schema_slots(f->item, list_item(f, l, i), slots);

		emit_item(out, i, depth);
		emit_object(slots, n, kind, depth + 1, out);
	}
	emit_list_end(out, l.n, depth);
}

static void emit_strs(struct bkt_buf *out, struct bkt_strs l, size_t depth)
{
	for (size_t i = 0; i < l.n; i++) {
		emit_item(out, i, depth);
		emit_string(out, l.v[i]);
	}
	emit_list_end(out, l.n, depth);
}

static void emit_u64s(struct bkt_buf *out, struct bkt_u64s l, size_t depth)
{
	for (size_t i = 0; i < l.n; i++) {
		emit_item(out, i, depth);
		emit_u64(out, l.v[i]);
	}
	emit_list_end(out, l.n, depth);
}

static void emit_value(
    const struct slot *s, enum bkt_kind kind, size_t depth, struct bkt_buf *out)
{
	char time[BKT_TIME_LEN + 1];

	switch (s->f->type) {
	case FIELD_VERSION:
		bkt_buf_chr(out, '1');
		break;
	case FIELD_KIND:
		emit_string(out, bkt_kind_name(kind));
		break;
	case FIELD_TIME:
		bkt_time_format(field_time(s->f, s->base), time);
		emit_string(out, time);
		break;
	case FIELD_STR:
		emit_string(out, field_str(s->f, s->base));
		break;
	case FIELD_U64:
		emit_u64(out, field_u64(s->f, s->base));
		break;
	case FIELD_STRS:
		emit_strs(out, field_strs(s->f, s->base), depth);
		break;
	case FIELD_U64S:
		emit_u64s(out, field_u64s(s->f, s->base), depth);
		break;
	case FIELD_LIST:
		emit_items(s->f, field_list(s->f, s->base), kind, depth, out);
		break;
	}
}

static void emit_object(const struct slot *slots, size_t n, enum bkt_kind kind,
    size_t depth, struct bkt_buf *out)
{
	for (size_t i = 0; i < n; i++) {
		bkt_buf_chr(out, i == 0 ? '{' : ',');
		emit_line(out, depth + 1);
		emit_string(out, slots[i].f->key);
		bkt_buf_add(out, ": ", 2);
		emit_value(&slots[i], kind, depth + 1, out);
	}
	emit_line(out, depth);
	bkt_buf_chr(out, '}');
}

/* both tables are sorted, so the object's keys come from one merge */
void record_emit(const struct bkt_record *r, struct bkt_buf *out)
{
	struct slot common[SLOTS_MAX], own[SLOTS_MAX], all[2 * SLOTS_MAX];
	size_t n_common = schema_slots(&schema_common, r, common);
	size_t n_own = schema_slots(&schema_kind[r->kind], &r->u, own);
	size_t i = 0, k = 0, n = 0;

	while (i < n_common || k < n_own) {
		if (k == n_own || (i < n_common && strcmp(common[i].f->key,
						       own[k].f->key) < 0))
			all[n++] = common[i++];
		else
			all[n++] = own[k++];
	}
	emit_object(all, n, r->kind, 0, out);
	bkt_buf_chr(out, '\n');
}

/* the path where contents alone imply it; NULL when they do not */
static enum bkt_status implied_path(const struct bkt_record *r,
    bkt_arena *arena, const char **out, struct bkt_err *err)
{
	const char *p = NULL, *doc = NULL, *leaf = NULL;

	switch (r->kind) {
	case BKT_KIND_INSTITUTION:
	case BKT_KIND_ACCESS:
		p = bkt_arena_printf(arena, "%s.json", bkt_kind_name(r->kind));
		break;
	case BKT_KIND_UNIT:
		p = bkt_arena_printf(arena, "units/%s.json", r->u.unit.unit);
		break;
	case BKT_KIND_MEMBER:
		p = bkt_arena_printf(
		    arena, "members/%s.json", r->u.member.member);
		break;
	case BKT_KIND_REVOCATION:
		p = bkt_arena_printf(arena, "members/%s.revocation-%s.json",
		    r->u.revocation.member, r->u.revocation.key);
		break;
	case BKT_KIND_RULEBOOK:
		p = bkt_arena_printf(
		    arena, "rulebooks/%s.json", r->u.rulebook.rulebook);
		break;
	case BKT_KIND_CYCLE:
		p = bkt_arena_printf(
		    arena, "cycles/%s/cycle.json", r->u.cycle.cycle);
		break;
	case BKT_KIND_RELEASE:
		p = bkt_arena_printf(
		    arena, "cycles/%s/release.json", r->u.release.cycle);
		break;
	case BKT_KIND_RESULT:
		p = bkt_arena_printf(
		    arena, "cycles/%s/result.json", r->u.result.cycle);
		break;
	case BKT_KIND_PACKAGE:
		p = bkt_arena_printf(arena, "cycles/%s/packages/%llu.json",
		    r->u.package.cycle,
		    (unsigned long long)r->u.package.number);
		break;
	case BKT_KIND_DOCUMENT:
		doc = r->u.document.document;
		leaf = "document";
		break;
	case BKT_KIND_HOLD:
		doc = r->u.hold.document;
		leaf = "hold";
		break;
	case BKT_KIND_ERASURE:
		p = bkt_arena_printf(arena, "erasures/%.2s/%s.json",
		    r->u.erasure.content, r->u.erasure.content);
		break;
	case BKT_KIND_LINK:
	case BKT_KIND_CLAIM:
	case BKT_KIND_REVIEW:
	case BKT_N_KINDS:
		return bkt_fail(err, BKT_E_FORMAT,
		    "path: is missing, and contents do not imply it");
	}
	if (doc)
		p = bkt_arena_printf(
		    arena, "documents/%.2s/%s/%s.json", doc, doc, leaf);
	if (!p)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	*out = p;
	return BKT_OK;
}

enum bkt_status bkt_record_print(struct bkt_record *r, bkt_arena *arena,
    struct bkt_buf *out, struct bkt_err *err)
{
	struct bkt_record copy = *r;
	BKT_AUTO(bkt_buf_release) struct bkt_buf text = { 0 };

	bkt_buf_init(&text, BKT_RECORD_MAX);
	if ((unsigned)r->kind >= BKT_N_KINDS)
		return bkt_fail(err, BKT_E_FORMAT, "kind: is missing");
	if (!copy.path)
		BKT_TRY(implied_path(r, arena, &copy.path, err));
	BKT_TRY(record_check(&copy, err));
	record_emit(&copy, &text);
	if (bkt_buf_check(&text, err) == BKT_E_LIMIT)
		return bkt_fail(err, BKT_E_FORMAT,
		    "record is more than %d bytes", BKT_RECORD_MAX);
	BKT_TRY(bkt_buf_check(&text, err));
	bkt_buf_add(out, text.ptr, text.len);
	BKT_TRY(bkt_buf_check(out, err));
	r->path = copy.path;
	return BKT_OK;
}
