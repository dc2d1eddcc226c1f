#include "bukti/verify.h"

const char *bkt_verdict_name(enum bkt_verdict v)
{
	switch (v) {
	case BKT_INTACT:
		return "INTACT";
	case BKT_ERASED:
		return "ERASED";
	case BKT_UNDETERMINED:
		return "UNDETERMINED";
	case BKT_UNTRUSTED:
		return "UNTRUSTED";
	case BKT_MALFORMED:
		return "MALFORMED";
	case BKT_TAMPERED:
		break;
	}
	return "TAMPERED";
}

enum bkt_verdict bkt_verdict_of(enum bkt_status st)
{
	if (st == BKT_OK)
		return BKT_INTACT;
	if (st == BKT_E_ERASED)
		return BKT_ERASED;
	if (st == BKT_E_FORMAT || st == BKT_E_CONFIG)
		return BKT_MALFORMED;
	if (st == BKT_E_TRUST || st == BKT_E_POLICY)
		return BKT_UNTRUSTED;
	/* what the gate calls a conflict was bypassed when it is in the log */
	if (bkt_is_verdict(st) || st == BKT_E_CONFLICT || st == BKT_E_EXISTS)
		return BKT_TAMPERED;
	return BKT_UNDETERMINED;
}

enum bkt_status bkt_verdict_status(enum bkt_verdict v, bool complete)
{
	switch (v) {
	case BKT_TAMPERED:
	case BKT_MALFORMED:
	case BKT_UNTRUSTED:
		return BKT_E_TAMPERED;
	case BKT_UNDETERMINED:
		return BKT_E_IO;
	case BKT_INTACT:
	case BKT_ERASED:
		break;
	}
	return complete ? BKT_OK : BKT_E_MISSING;
}
