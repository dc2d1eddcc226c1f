/* Every value of a record against its description. */
#include "access.h"

#define LAST_TIME_UTC_S INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

static enum bkt_status check_strs(
    const struct field *f, struct bkt_strs l, struct bkt_err *err)
{
	if (l.n < f->min_items)
		return bkt_fail(err, BKT_E_FORMAT, "is empty");
	for (size_t i = 0; i < l.n; i++) {
		if (!l.v[i])
			return bkt_fail(err, BKT_E_FORMAT, "has a hole");
		BKT_TRY(f->check(f, l.v[i], err));
		if (i > 0 && strcmp(l.v[i - 1], l.v[i]) >= 0)
			return bkt_fail(err, BKT_E_FORMAT,
			    "is not sorted, or repeats a value");
	}
	return BKT_OK;
}

static enum bkt_status check_number(
    const struct field *f, uint64_t v, struct bkt_err *err)
{
	if (v < f->min || v > f->max)
		return bkt_fail(err, BKT_E_FORMAT,
		    "is not between %llu and %llu", (unsigned long long)f->min,
		    (unsigned long long)f->max);
	return BKT_OK;
}

static enum bkt_status check_u64s(
    const struct field *f, struct bkt_u64s l, struct bkt_err *err)
{
	if (l.n < f->min_items)
		return bkt_fail(err, BKT_E_FORMAT, "is empty");
	for (size_t i = 0; i < l.n; i++) {
		BKT_TRY(check_number(f, l.v[i], err));
		if (i > 0 && l.v[i - 1] >= l.v[i])
			return bkt_fail(err, BKT_E_FORMAT,
			    "is not ascending, or repeats a value");
	}
	return BKT_OK;
}

static const char *item_key(
    const struct field *f, struct field_items l, size_t i)
{
	const char *s;

	memcpy(&s, (const char *)list_item(f, l, i) + f->key_offset, sizeof(s));
	return s;
}

/* at most a few hundred items fit into a record */
static enum bkt_status check_order(
    const struct field *f, struct field_items l, struct bkt_err *err)
{
	for (size_t i = 1; i < l.n; i++) {
		const char *key = item_key(f, l, i);
		size_t from = f->order == ORDER_SORTED ? i - 1 : 0;

		for (size_t k = from; k < i; k++) {
			int c = strcmp(item_key(f, l, k), key);

			if (c == 0)
				return bkt_fail(
				    err, BKT_E_FORMAT, "names one thing twice");
			if (c > 0 && f->order == ORDER_SORTED)
				return bkt_fail(
				    err, BKT_E_FORMAT, "is not sorted");
		}
	}
	return BKT_OK;
}

static enum bkt_status check_fields(
    const struct schema *s, const void *base, struct bkt_err *err);

static enum bkt_status check_list(
    const struct field *f, struct field_items l, struct bkt_err *err)
{
	if (l.n < f->min_items)
		return bkt_fail(err, BKT_E_FORMAT, "is empty");
	for (size_t i = 0; i < l.n; i++) {
		enum bkt_status st =
		    check_fields(f->item, list_item(f, l, i), err);

		if (st != BKT_OK)
			return bkt_fail_context(err, st, "item %zu", i);
	}
	return f->order == ORDER_GIVEN ? BKT_OK : check_order(f, l, err);
}

static enum bkt_status check_field(
    const struct field *f, const void *base, struct bkt_err *err)
{
	switch (f->type) {
	case FIELD_STR:
		return f->check(f, field_str(f, base), err);
	case FIELD_U64:
		return check_number(f, field_u64(f, base), err);
	case FIELD_STRS:
		return check_strs(f, field_strs(f, base), err);
	case FIELD_U64S:
		return check_u64s(f, field_u64s(f, base), err);
	case FIELD_LIST:
		return check_list(f, field_list(f, base), err);
	case FIELD_TIME:
		if (field_time(f, base) < 0 ||
		    field_time(f, base) > LAST_TIME_UTC_S)
			return bkt_fail(
			    err, BKT_E_FORMAT, "is not a year 1970 to 9999");
		return BKT_OK;
	case FIELD_VERSION:
	case FIELD_KIND:
		return BKT_OK;
	}
	return BKT_OK;
}

static enum bkt_status check_fields(
    const struct schema *s, const void *base, struct bkt_err *err)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct field *f = &s->fields[i];
		enum bkt_status st;

		if (!field_present(f, base)) {
			if (f->required)
				return bkt_fail(err, BKT_E_FORMAT,
				    "%s: is missing", f->key);
			continue;
		}
		st = check_field(f, base, err);
		if (st != BKT_OK)
			return bkt_fail_context(err, st, "%s", f->key);
	}
	return BKT_OK;
}

enum bkt_status record_check(const struct bkt_record *r, struct bkt_err *err)
{
	if ((unsigned)r->kind >= BKT_N_KINDS)
		return bkt_fail(err, BKT_E_FORMAT, "kind: is missing");
	BKT_TRY(check_fields(&schema_common, r, err));
	if (r->by.n > BKT_SIGNERS_MAX)
		return bkt_fail(err, BKT_E_FORMAT, "by: has %zu, at most %d",
		    r->by.n, BKT_SIGNERS_MAX);
	BKT_TRY(check_fields(&schema_kind[r->kind], &r->u, err));
	return record_rules(r, err);
}
