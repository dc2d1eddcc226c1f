/* Which rulebook is meant. */
#include "rulebook.h"

#include <string.h>

#define SUFFIX ".yaml"

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return n > k && strcmp(s + n - k, end) == 0;
}

bool rulebook_is_file(const char *word)
{
	return strcmp(word, "-") == 0 || strchr(word, '/') ||
	       ends_with(word, SUFFIX);
}

static enum bkt_status from_file(struct cli *c, const char *path,
    bkt_rulebook_set **out, struct bkt_buf *report, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf yaml = { .ptr = NULL };
	enum bkt_status st;

	/* one more than is taken: what is too long is refused as that */
	bkt_buf_init(&yaml, BKT_YAML_MAX + 1);
	st = cli_slurp(path, &yaml, err);
	if (st == BKT_E_LIMIT)
		return bkt_fail(err, BKT_E_CONFIG,
		    "'%s' is longer than a rulebook may be, %d bytes", path,
		    BKT_YAML_MAX);
	if (st != BKT_OK)
		return st;
	return bkt_rulebook_parse(
	    bkt_buf_span(&yaml), cli_printf(c, "%s", path), out, report, err);
}

/* those that come with the program: the names of their files */
static enum bkt_status from_program(struct cli *c, const char *word,
    bkt_rulebook_set **out, struct bkt_buf *report, struct bkt_err *err)
{
	const char *dir = NULL;
	struct bkt_strs files = { NULL, 0 }, names = { NULL, 0 };

	BKT_TRY(cli_policies_dir(c, &dir, err));
	BKT_TRY(bkt_dir_list(dir, c->arena, &files, err));
	names.v = bkt_arena_alloc(c->arena, (files.n + 1) * sizeof(*names.v));
	if (!names.v)
		return cli_no_memory(err);
	for (size_t i = 0; i < files.n; i++) {
		const char *f = files.v[i];

		/* other policies lie beside them */
		if (!ends_with(f, SUFFIX) || !strchr(f, '-'))
			continue;
		names.v[names.n++] =
		    bkt_arena_strndup(c->arena, f, strlen(f) - strlen(SUFFIX));
		if (!names.v[names.n - 1])
			return cli_no_memory(err);
		if (strcmp(names.v[names.n - 1], word) == 0)
			return from_file(c, cli_printf(c, "%s/%s", dir, f), out,
			    report, err);
	}
	return cli_unknown(err, BKT_E_USAGE, "rulebook", word, &names);
}

enum bkt_status rulebook_open(struct cli *c, const char *word,
    bkt_rulebook_set **out, struct bkt_buf *report, struct bkt_err *err)
{
	const struct bkt_rulebook_rec *rec = NULL;
	const char *dir = NULL;
	struct bkt_err why = { 0 };
	bool named = cli_knows(c, "store") && cli_opt(c, "store");

	if (rulebook_is_file(word))
		return from_file(c, word, out, report, err);
	if (!named && cli_store_dir(c, &dir, &why) != BKT_OK)
		return from_program(c, word, out, report, err);
	BKT_TRY(cli_store_open(c, err));
	return cli_rulebook_pick(c, word, &rec, out, err);
}
