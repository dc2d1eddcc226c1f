/* bukti show documents/: every document, by the name of its file. */
#include "show.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int by_file(const void *a, const void *b)
{
	const struct bkt_record *const *x = a, *const *y = b;
	int d = strcasecmp((*x)->u.document.file, (*y)->u.document.file);

	return d != 0 ? d : strcmp((*x)->path, (*y)->path);
}

static bool is_active(const struct bkt_document *d)
{
	return strcmp(d->state, "active") == 0;
}

static void print_text(struct cli *c, const struct cli_records *all)
{
	static const struct cli_column columns[] = {
		{ "DOCUMENT", false, false },
		{ "UNIT", false, false },
		{ "FILE", false, true },
		{ "TITLE", false, true },
	};
	struct cli_table_rows *t = cli_table_new(c, columns, 4);

	for (size_t i = 0; i < all->n; i++) {
		const struct bkt_document *d = &all->v[i]->u.document;
		size_t n = strlen(d->title);
		/* a title that is the file's name is not said twice */
		bool same =
		    strncmp(d->file, d->title, n) == 0 && d->file[n] == '.';
		const char *cells[] = { d->document, d->unit,
			is_active(d) ? d->file
				     : cli_printf(c, "%s (withdrawn)", d->file),
			same ? "" : d->title };

		cli_table_row(t, is_active(d) ? CLI_PLAIN : CLI_DIM, cells);
	}
	if (all->n == 0)
		cli_note(c, "there is no document yet");
	else
		cli_table_print(t);
}

static enum bkt_status print_json(
    const struct cli_records *all, struct bkt_err *err)
{
	BKT_AUTO(cli_json_release) struct cli_json j = { .depth = 0 };

	cli_json_init(&j);
	cli_json_object(&j, NULL);
	cli_json_array(&j, "documents");
	for (size_t i = 0; i < all->n; i++) {
		const struct bkt_document *d = &all->v[i]->u.document;

		cli_json_object(&j, NULL);
		cli_json_str(&j, "document", d->document);
		cli_json_str(&j, "state", d->state);
		cli_json_str(&j, "unit", d->unit);
		cli_json_str(&j, "type", d->type);
		cli_json_str(&j, "file", d->file);
		cli_json_str(&j, "title", d->title);
		cli_json_end(&j, '}');
	}
	cli_json_end(&j, ']');
	cli_json_end(&j, '}');
	return cli_json_print(&j, err);
}

enum bkt_status show_documents(struct cli *c, struct bkt_err *err)
{
	struct cli_records all;

	BKT_TRY(cli_records(c, "documents/", BKT_KIND_DOCUMENT, &all, err));
	if (all.n > 0)
		qsort(all.v, all.n, sizeof(*all.v), by_file);
	if (cli_flag(c, "json"))
		return print_json(&all, err);
	print_text(c, &all);
	return BKT_OK;
}
