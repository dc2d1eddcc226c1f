/* What the last clean verification saw: a cache in the store. */
#include "private.h"

enum bkt_status bkt_store_pin_load(
    const char *dir, struct bkt_pin *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *path = store_path(dir, "bukti/verified");
	BKT_AUTO(bkt_buf_release) struct bkt_buf text = { 0 };

	bkt_buf_init(&text, (size_t)16 * 1024);
	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	BKT_TRY(bkt_file_slurp(path, &text, err));
	return bkt_pin_parse(bkt_buf_span(&text), out, err);
}

enum bkt_status bkt_store_pin_save(
    const char *dir, const struct bkt_pin *pin, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *path = store_path(dir, "bukti/verified");
	BKT_AUTO(bkt_buf_release) struct bkt_buf text = { 0 };

	bkt_buf_init(&text, (size_t)16 * 1024);
	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	bkt_pin_print(pin, &text);
	BKT_TRY(bkt_buf_check(&text, err));
	return bkt_file_replace(path, bkt_buf_span(&text), 0644, err);
}

enum bkt_status store_pin_forget(const char *dir, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *path = store_path(dir, "bukti/verified");

	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	return bkt_file_unlink(path, err);
}
