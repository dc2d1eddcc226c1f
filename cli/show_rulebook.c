/* The words of a rulebook, for people who fill in a table of evidence. */
#include <string.h>

#include "show.h"

static void print_types(struct cli *c, const struct bkt_rulebook *rb)
{
	static const struct cli_column columns[] = {
		{ "TYPE", false, false },
		{ "TITLE", false, true },
		{ "NEEDS", false, false },
		{ "FILES", false, false },
	};
	struct cli_table_rows *t = cli_table_new(c, columns, 4);

	(void)printf("\ndocument types\n");
	for (size_t i = 0; i < rb->n_doc_types; i++) {
		const struct bkt_doc_type *d = &rb->doc_types[i];
		const char *cells[] = { d->id, cli_language(&d->title),
			cli_join(c, &d->required, " ", "-"),
			cli_join(c, &d->formats, " ", "-") };

		cli_table_row(t, CLI_PLAIN, cells);
	}
	cli_table_print(t);
}

static void print_tags(struct cli *c, const struct bkt_rulebook *rb)
{
	(void)printf("\ntags, for covers\n");
	for (size_t i = 0; i < rb->n_tags; i++) {
		const struct bkt_rb_tag *t = &rb->tags[i];

		cli_field(c, cli_text(c, t->id),
		    cli_text(c, cli_join(c, &t->values, "|",
				    t->units ? "ids of units: bukti unit list"
					     : "any value")));
	}
	if (rb->n_tags == 0)
		(void)printf("none\n");
}

static void print_indicators(struct cli *c, const struct bkt_rulebook *rb)
{
	static const struct cli_column columns[] = {
		{ "IND", false, false },
		{ "TITLE", false, true },
		{ "LEVELS", false, false },
	};
	struct cli_table_rows *t = cli_table_new(c, columns, 3);

	(void)printf("\nindicators\n");
	for (size_t i = 0; i < rb->n_indicators; i++) {
		const struct bkt_rb_indicator *ind = &rb->indicators[i];
		const char *cells[] = { ind->id, cli_language(&ind->title),
			cli_printf(c, "%s-%s", cli_exact(c, ind->scale->min),
			    cli_exact(c, ind->scale->max)) };

		cli_table_row(t, CLI_PLAIN, cells);
	}
	cli_table_print(t);
}

enum bkt_status show_rulebook(
    struct cli *c, const char *stem, struct bkt_err *err)
{
	const struct bkt_rulebook_rec *rec = NULL;
	BKT_AUTO(bkt_rulebook_free) bkt_rulebook_set *set = NULL;
	const struct bkt_rulebook *rb;

	BKT_TRY(cli_rulebook_pick(c, stem, &rec, &set, err));
	rb = bkt_rulebook_get(set);
	cli_field(c, "title", cli_text(c, cli_language(&rb->title)));
	print_types(c, rb);
	print_tags(c, rb);
	print_indicators(c, rb);
	return BKT_OK;
}

static void json_words(struct cli_json *j, const struct bkt_rulebook *rb)
{
	cli_json_array(j, "doc_types");
	for (size_t i = 0; i < rb->n_doc_types; i++) {
		cli_json_object(j, NULL);
		cli_json_str(j, "type", rb->doc_types[i].id);
		cli_json_text(j, "title", &rb->doc_types[i].title);
		cli_json_strs(j, "needs", &rb->doc_types[i].required);
		cli_json_strs(j, "formats", &rb->doc_types[i].formats);
		cli_json_end(j, '}');
	}
	cli_json_end(j, ']');
	cli_json_array(j, "tags");
	for (size_t i = 0; i < rb->n_tags; i++) {
		cli_json_object(j, NULL);
		cli_json_str(j, "tag", rb->tags[i].id);
		cli_json_strs(j, "values", &rb->tags[i].values);
		cli_json_bool(j, "open", rb->tags[i].open);
		cli_json_bool(j, "units", rb->tags[i].units);
		cli_json_end(j, '}');
	}
	cli_json_end(j, ']');
}

enum bkt_status show_rulebook_json(
    struct cli *c, const char *stem, struct cli_json *j, struct bkt_err *err)
{
	const struct bkt_rulebook_rec *rec = NULL;
	BKT_AUTO(bkt_rulebook_free) bkt_rulebook_set *set = NULL;
	const struct bkt_rulebook *rb;

	BKT_TRY(cli_rulebook_pick(c, stem, &rec, &set, err));
	rb = bkt_rulebook_get(set);
	json_words(j, rb);
	cli_json_array(j, "indicators");
	for (size_t i = 0; i < rb->n_indicators; i++) {
		const struct bkt_rb_indicator *ind = &rb->indicators[i];
		cli_json_object(j, NULL);
		cli_json_str(j, "indicator", ind->id);
		cli_json_str(j, "number", ind->number);
		cli_json_text(j, "title", &ind->title);
		cli_json_str(j, "from", cli_exact(c, ind->scale->min));
		cli_json_str(j, "to", cli_exact(c, ind->scale->max));
		cli_json_end(j, '}');
	}
	cli_json_end(j, ']');
	return BKT_OK;
}
