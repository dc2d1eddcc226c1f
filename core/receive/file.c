/* Which files may enter: extension against content, size (files.yaml). */
#include "bukti/receive.h"

#include <string.h>
#include <strings.h>

#include "bukti/objects.h"

static const struct bkt_file_type *by_extension(
    const struct bkt_file_policy *policy, const char *ext)
{
	for (size_t i = 0; i < policy->n_types; i++) {
		const struct bkt_file_type *t = &policy->types[i];

		if (strcasecmp(t->extension, ext) == 0)
			return t;
		for (size_t k = 0; k < t->n_aliases; k++) {
			if (strcasecmp(t->aliases[k], ext) == 0)
				return t;
		}
	}
	return NULL;
}

static const struct bkt_file_type *by_media(
    const struct bkt_file_policy *policy, const char *media)
{
	for (size_t i = 0; i < policy->n_types; i++) {
		if (strcmp(policy->types[i].media, media) == 0)
			return &policy->types[i];
	}
	return NULL;
}

static enum bkt_status refuse_extension(
    const struct bkt_file_policy *policy, const char *name, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf list = { 0 };

	bkt_buf_init(&list, 200);
	for (size_t i = 0; i < policy->n_types; i++)
		bkt_buf_printf(
		    &list, "%s%s", i ? ", " : "", policy->types[i].extension);
	(void)bkt_fail(
	    err, BKT_E_POLICY, "'%s' has an ending that is not accepted", name);
	bkt_err_hint(err, "save it as one of: %s",
	    list.ptr ? (const char *)list.ptr : "");
	return BKT_E_POLICY;
}

static enum bkt_status refuse_content(const struct bkt_file_policy *policy,
    const char *name, struct bkt_span head, const char *found,
    struct bkt_err *err)
{
	const struct bkt_file_type *real =
	    found ? by_media(policy, found) : NULL;
	char words[120];

	bkt_media_describe(head, words, sizeof(words));
	(void)bkt_fail(err, BKT_E_POLICY,
	    "'%s' is not what its ending says: the content is %s", name,
	    found ? found : words);
	if (real)
		bkt_err_hint(err, "rename it to end in .%s, or export it again",
		    real->extension);
	else
		bkt_err_hint(err, "open the file, check that it is whole, and "
				  "export it again");
	return BKT_E_POLICY;
}

enum bkt_status bkt_receive_file(const struct bkt_file_policy *policy,
    const char *name, struct bkt_span head, uint64_t size_bytes,
    const char **media, struct bkt_err *err)
{
	const char *dot = strrchr(name, '.');
	const struct bkt_file_type *type =
	    dot ? by_extension(policy, dot + 1) : NULL;
	const char *found;

	if (size_bytes == 0) {
		(void)bkt_fail(err, BKT_E_POLICY, "'%s' is empty", name);
		bkt_err_hint(err, "get the file again from who made it");
		return BKT_E_POLICY;
	}
	if (size_bytes > policy->max_bytes)
		return bkt_fail(err, BKT_E_POLICY,
		    "'%s' has %llu bytes, at most %llu are accepted", name,
		    (unsigned long long)size_bytes,
		    (unsigned long long)policy->max_bytes);
	if (!type)
		return refuse_extension(policy, name, err);
	found = bkt_media_from_bytes(head, size_bytes);
	if (!found || strcmp(found, type->media) != 0)
		return refuse_content(policy, name, head, found, err);
	*media = type->media;
	return BKT_OK;
}
