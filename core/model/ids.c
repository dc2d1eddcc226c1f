#include "bukti/model.h"

#include <string.h>
#include <strings.h>

#include "names.h"

static bool is_lower_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_alnum(char c)
{
	return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z');
}

bool name_is_reserved(const char *s, size_t n)
{
	static const char *const devices[] = { "con", "prn", "aux", "nul",
		"conin$", "conout$" };

	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (strlen(devices[i]) == n &&
		    strncasecmp(s, devices[i], n) == 0)
			return true;
	if (n < 4 ||
	    (strncasecmp(s, "com", 3) != 0 && strncasecmp(s, "lpt", 3) != 0))
		return false;
	if (n == 4)
		return s[3] >= '0' && s[3] <= '9';
	/* superscript one, two, three count as digits there */
	return n == 5 && (uint8_t)s[3] == 0xC2 &&
	       ((uint8_t)s[4] == 0xB9 || (uint8_t)s[4] == 0xB2 ||
		   (uint8_t)s[4] == 0xB3);
}

/* a name of ids that becomes a file name, so no device of Windows either */
bool bkt_id_valid(const char *s)
{
	size_t n = 0;

	if (!s || !is_lower_or_digit(s[0]))
		return false;
	for (; s[n]; n++)
		if (n == BKT_ID_MAX ||
		    (!is_lower_or_digit(s[n]) && s[n] != '-'))
			return false;
	return !name_is_reserved(s, n);
}

bool bkt_indicator_id_valid(const char *s)
{
	size_t n = 0;

	if (!s || s[0] < 'A' || s[0] > 'Z')
		return false;
	for (; s[n]; n++)
		if (n == INDICATOR_ID_MAX || (!is_alnum(s[n]) && s[n] != '-'))
			return false;
	return !name_is_reserved(s, n);
}

bool bkt_document_id_valid(const char *s)
{
	size_t n = 0;

	if (!s)
		return false;
	for (; s[n]; n++)
		if (n == BKT_DOC_ID_LEN || !((s[n] >= 'a' && s[n] <= 'z') ||
					       (s[n] >= '2' && s[n] <= '7')))
			return false;
	return n == BKT_DOC_ID_LEN;
}

bool bkt_origin_valid(const char *s)
{
	size_t n = 0, label = 0;

	if (!s)
		return false;
	for (; s[n]; n++) {
		if (n == ORIGIN_MAX)
			return false;
		if (s[n] == '.') {
			if (label == 0 || s[n - 1] == '-')
				return false;
			label = 0;
			continue;
		}
		if (!is_lower_or_digit(s[n]) && (s[n] != '-' || label == 0))
			return false;
		if (++label > 63)
			return false;
	}
	return label > 0 && s[n - 1] != '-';
}

/* ID-EDITION-rN: the revision is a number without leading zeros */
bool rulebook_stem_valid(const char *s)
{
	size_t n = s ? strlen(s) : 0, digits = 0;

	if (n == 0 || n > RULEBOOK_STEM_MAX || !is_lower_or_digit(s[0]))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!is_lower_or_digit(s[i]) && s[i] != '-' && s[i] != '.')
			return false;
		if (s[i] == '.' && s[i + 1] == '.')
			return false;
	}
	while (
	    digits < n && s[n - digits - 1] >= '0' && s[n - digits - 1] <= '9')
		digits++;
	if (digits == 0 || digits > 9 || s[n - digits] == '0')
		return false;
	return n - digits >= 3 && s[n - digits - 1] == 'r' &&
	       s[n - digits - 2] == '-';
}

bool code_valid(const char *s)
{
	size_t n = 0;

	if (!s || !is_lower_or_digit(s[0]))
		return false;
	for (; s[n]; n++)
		if (n == CODE_MAX ||
		    (!is_lower_or_digit(s[n]) && s[n] != '-' && s[n] != '_'))
			return false;
	return true;
}

bool tag_value_valid(const char *s)
{
	size_t n = 0;

	if (!s || !is_alnum(s[0]))
		return false;
	for (; s[n]; n++)
		if (n == CODE_MAX || (!is_alnum(s[n]) && s[n] != '-' &&
					 s[n] != '_' && s[n] != '.'))
			return false;
	return true;
}

const struct bkt_assignment *bkt_cycle_assignment(
    const struct bkt_cycle *cycle, const char *indicator)
{
	for (size_t i = 0; i < cycle->n_assignments; i++) {
		if (strcmp(cycle->assignments[i].indicator, indicator) == 0)
			return &cycle->assignments[i];
	}
	return NULL;
}
