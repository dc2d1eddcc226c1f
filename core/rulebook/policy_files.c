/* policies/files.yaml: which files may enter a store. */
#include "yaml.h"

#include <string.h>

#define FILE_TYPES_MAX 64
#define FILE_BYTES_MAX ((uint64_t)1 << 43)

/* extensions and media types are compared in lower case by whoever asks */
static const char *lower_word(
    struct yml *y, const struct yml_node *node, const char *what)
{
	const char *s = yml_word(y, node, what);

	if (s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789")] != '\0') {
		yml_problem(y, node->at, NULL,
		    "%s \"%.40s\" must be lower-case letters and digits", what,
		    s);
		return "";
	}
	return s;
}

static const char *media_type(struct yml *y, const struct yml_node *node)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyz0123456789.+-";
	const char *s = yml_text(y, node, "media type");
	size_t n = strspn(s, set);

	if (*s == '\0')
		return s;
	if (n == 0 || s[n] != '/' || s[n + 1] == '\0' ||
	    s[n + 1 + strspn(s + n + 1, set)] != '\0')
		yml_problem(y, node->at, "write it like application/pdf",
		    "media type \"%.60s\" is not one", s);
	return s;
}

static void read_aliases(
    struct yml *y, const struct yml_node *list, struct bkt_file_type *out)
{
	if (!list || !yml_is_list(y, list, "aliases"))
		return;
	out->aliases = yml_alloc(y, list->n + 1, sizeof(*out->aliases));
	for (const struct yml_node *n = list->first; n && out->aliases;
	     n = n->next)
		out->aliases[out->n_aliases++] = lower_word(y, n, "alias");
}

static void read_type(
    struct yml *y, const struct yml_node *node, struct bkt_file_type *out)
{
	static const char *const keys[] = { "extension", "media", "aliases" };

	out->extension = out->media = "";
	if (!yml_map_of(y, node, "file type", keys, YML_N(keys)))
		return;
	out->extension =
	    lower_word(y, yml_need(y, node, "extension"), "extension");
	out->media = media_type(y, yml_need(y, node, "media"));
	read_aliases(y, yml_get(node, "aliases"), out);
}

static bool names(const struct bkt_file_type *t, const char *ext)
{
	if (strcmp(t->extension, ext) == 0)
		return true;
	for (size_t i = 0; i < t->n_aliases; i++)
		if (strcmp(t->aliases[i], ext) == 0)
			return true;
	return false;
}

/* one extension must not mean two things */
static void check_once(struct yml *y, const struct yml_node *node,
    const struct bkt_file_policy *p, const char *ext)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_types; i++)
		n += names(&p->types[i], ext);
	if (n > 1)
		yml_problem(y, node->at, NULL,
		    "extension \"%s\" stands for two types", ext);
}

static void read_types(
    struct yml *y, const struct yml_node *list, struct bkt_file_policy *out)
{
	size_t i = 0;

	if (!yml_is_list(y, list, "types"))
		return;
	if (list->n == 0 || list->n > FILE_TYPES_MAX) {
		yml_problem(y, list->at, NULL, "types must have 1 to %d rows",
		    FILE_TYPES_MAX);
		return;
	}
	out->types = yml_alloc(y, list->n, sizeof(*out->types));
	if (!out->types)
		return;
	for (const struct yml_node *n = list->first; n; n = n->next)
		read_type(y, n, &out->types[out->n_types++]);
	if (y->n_problems != 0)
		return;
	for (const struct yml_node *n = list->first; n; n = n->next, i++) {
		check_once(y, n, out, out->types[i].extension);
		for (size_t k = 0; k < out->types[i].n_aliases; k++)
			check_once(y, n, out, out->types[i].aliases[k]);
	}
}

enum bkt_status bkt_file_policy_from_yaml(struct bkt_span yaml,
    const char *name, bkt_arena *arena, struct bkt_file_policy *out,
    struct bkt_err *err)
{
	static const char *const keys[] = { "files", "max_bytes", "types" };
	struct yml y = {
		.name = name, .src = yaml, .arena = arena, .err = err
	};
	struct bkt_file_policy p = { .n_types = 0 };
	struct yml_node *root;

	BKT_TRY(yml_parse(&y, &root));
	if (yml_map_of(&y, root, "file", keys, YML_N(keys))) {
		(void)yml_u64(&y, yml_need(&y, root, "files"), "files", 1, 1);
		p.max_bytes = yml_u64(&y, yml_need(&y, root, "max_bytes"),
		    "max_bytes", 1, FILE_BYTES_MAX);
		read_types(&y, yml_need(&y, root, "types"), &p);
	}
	BKT_TRY(yml_status(&y));
	*out = p;
	return BKT_OK;
}
