/* CSV as a person hands it in: read every row, then write it back. */
#include <stdlib.h>
#include <string.h>

#include "bukti/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* what is written must read as what was meant, but for the formula guard */
static void write_and_read(const struct bkt_strs *row)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf text;
	BKT_AUTO(bkt_csv_free) bkt_csv *csv = NULL;
	struct bkt_strs again;
	struct bkt_err err;

	bkt_buf_init(&text, 1 << 20);
	for (size_t i = 0; i < row->n; i++)
		bkt_buf_printf(&text, "c%zu%s", i, i + 1 < row->n ? "," : "\n");
	for (size_t i = 0; i < row->n; i++)
		bkt_csv_field(&text, row->v[i], i + 1 == row->n);
	if (row->n == 1 && *row->v[0] == '\0')
		return; /* an empty line is no row */
	if (bkt_csv_new(bkt_buf_span(&text), &csv, &err) != BKT_OK)
		abort();
	if (bkt_csv_next(csv, &again, NULL, &err) != BKT_OK)
		return; /* the guard may push a row over its bound */
	for (size_t i = 0; i < row->n; i++) {
		const char *got = again.v[i], *want = row->v[i];

		for (; *got; got++) {
			if (*got == *want)
				want++;
			else if (*got != '\'')
				abort();
		}
		if (*want)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	BKT_AUTO(bkt_csv_free) bkt_csv *csv = NULL;
	struct bkt_strs row;
	struct bkt_err err;
	enum bkt_status st;
	uint64_t line = 0, last = 0;

	if (bkt_csv_new(BKT_SPAN(data, size), &csv, &err) != BKT_OK)
		return 0;
	while ((st = bkt_csv_next(csv, &row, &line, &err)) != BKT_E_NOTFOUND) {
		if (st != BKT_OK)
			continue;
		if (row.n != bkt_csv_header(csv)->n || line <= last)
			abort();
		last = line;
		write_and_read(&row);
	}
	return 0;
}
