/* A package becomes a file: written, read back, told to the log, and only then
 * given its name. */
#include "pack.h"

#include <string.h>

#include "bukti/archive.h"

void bkt_packed_release(struct bkt_packed *p)
{
	bkt_free(p->path);
	bkt_inspect_report_release(&p->report);
	p->path = NULL;
}

struct finishing {
	const char *tmp;
	int fd;
	struct bkt_inspect_options options;
	struct bkt_inspect_report *report;
};

/* the processor is idle while the disk works */
static enum bkt_status finish_part(
    void *ctx, size_t item, unsigned worker, struct bkt_err *err)
{
	const struct finishing *f = ctx;

	(void)worker;
	if (item == 0)
		return bkt_file_fsync(f->fd, err);
	return bkt_package_inspect(f->tmp, &f->options, f->report, err);
}

static enum bkt_status found_institution(
    void *ctx, const struct bkt_index_entry *e, struct bkt_err *err)
{
	struct packing *p = ctx;

	return bkt_record_parse(e->bytes, p->arena, &p->institution, err);
}

static enum bkt_status finish_file(
    struct packing *p, const char *tmp, int fd, struct bkt_err *err)
{
	struct finishing f = { tmp, fd, { .digest_file = true },
		&p->out->report };
	enum bkt_status st;

	BKT_TRY(bkt_index_at(
	    p->s->index, "institution.json", found_institution, p, err));
	f.options.vkey = p->institution->u.institution.note_key;
	f.options.ca_sha256 = p->institution->u.institution.ca;
	f.options.progress = p->how->progress;
	BKT_TRY(bkt_parallel(2, 2, finish_part, &f, err));
	st = bkt_verdict_status(f.report->verdict, f.report->complete);
	if (st != BKT_OK)
		return bkt_fail(err, st,
		    "the package does not hold as it was read back: it was "
		    "not kept");
	return BKT_OK;
}

/* the name lies in the folder, which has its own way to the disk */
static enum bkt_status keep_name(const char *path, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *folder = bkt_strdup(path);

	if (!folder)
		return pack_nomem(err);
	folder[bkt_path_base(path) - path] = '\0';
	return bkt_dir_fsync(folder[0] ? folder : ".", err);
}

/* a name that is taken is taken: what lies there may be an older release, or
 * somebody's work */
static enum bkt_status taken(const struct packing *p, struct bkt_err *err)
{
	(void)bkt_fail(err, BKT_E_EXISTS, "'%s' is there already", p->path);
	bkt_err_hint(err, "name another file with -o");
	return BKT_E_EXISTS;
}

/* is a fault a reason to say nothing about the file that is there */
static enum bkt_status other(enum bkt_status st)
{
	return st == BKT_E_NOMEM || st == BKT_E_IO || st == BKT_E_INTERRUPTED
		   ? st
		   : BKT_OK;
}

/* may the file there be this package: before anything is sealed or written */
static enum bkt_status check_free(const struct packing *p, struct bkt_err *err)
{
	static const char name[] = "/tagmanifest-sha256.txt";
	const struct bkt_span want = bkt_package_tagmanifest(p->plan);
	BKT_AUTO(bkt_zip_close) bkt_zip *zip = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf is = { 0 };
	bool same = false;
	enum bkt_status st;

	if (!bkt_path_exists(p->path))
		return BKT_OK;
	bkt_buf_init(&is, want.len);
	st = bkt_zip_open(p->path, NULL, &zip, err);
	for (size_t i = 0; st == BKT_OK && i < bkt_zip_count(zip); i++) {
		const struct bkt_zip_entry *e = bkt_zip_entry_at(zip, i);
		const char *slash = strchr(e->path, '/');

		if (!slash || strcmp(slash, name) != 0 ||
		    e->size_bytes != want.len)
			continue;
		st = bkt_zip_read(zip, e, &is, err);
		same = st == BKT_OK && memcmp(is.ptr, want.ptr, want.len) == 0;
	}
	BKT_TRY(other(st));
	return same ? BKT_OK : taken(p, err);
}

/* it came, or was there: good only when it is the same to the last byte */
static enum bkt_status check_same(struct packing *p, struct bkt_err *err)
{
	BKT_AUTO(bkt_zip_close) bkt_zip *zip = NULL;
	struct bkt_sha256 is;
	enum bkt_status st = bkt_zip_open(p->path, NULL, &zip, err);

	if (st == BKT_OK)
		st = bkt_zip_file_digest(zip, &is, err);
	BKT_TRY(other(st));
	if (st != BKT_OK || !bkt_sha256_eq(&is, &p->out->report.sha256))
		return taken(p, err);
	p->out->same = true;
	return BKT_OK;
}

static enum bkt_status write_file(struct packing *p, struct bkt_err *err)
{
	char id[9];
	const char *tmp;
	enum bkt_status st, gone;
	int fd = -1;

	BKT_TRY(bkt_random_id(id, 8, err));
	tmp = bkt_arena_printf(p->arena, "%s.new-%s", p->path, id);
	if (!tmp)
		return pack_nomem(err);
	BKT_TRY(bkt_file_create(tmp, 0644, &fd, err));
	st = bkt_package_write(
	    p->plan, p->seals, p->n_seals, fd, p->how->progress, err);
	bkt_package_plan_free(p->plan);
	p->plan = NULL;
	if (st == BKT_OK)
		st = finish_file(p, tmp, fd, err);
	bkt_fd_close(fd);
	/* what is said to be handed over is there, and holds */
	if (st == BKT_OK && p->fresh)
		st = pack_submit(p, err);
	if (st == BKT_OK) {
		st = bkt_file_rename_new(tmp, p->path, err);
		if (st == BKT_OK)
			return keep_name(p->path, err);
		if (st == BKT_E_EXISTS)
			st = check_same(p, err);
	}
	gone = bkt_file_unlink(tmp, NULL);
	if (gone != BKT_OK && st != BKT_OK)
		bkt_err_hint(err, "remove '%s'", tmp);
	return st;
}

/* into a folder under the package's own name, or to a file */
enum bkt_status pack_place(struct packing *p, struct bkt_err *err)
{
	const char *file = p->how->file;
	bool folder = file[0] && file[strlen(file) - 1] == '/';

	p->path = folder || bkt_path_is_dir(file)
		      ? bkt_path_join(file, bkt_package_name(p->plan))
		      : bkt_strdup(file);
	if (!p->path)
		return pack_nomem(err);
	return check_free(p, err);
}

enum bkt_status pack_write(struct packing *p, struct bkt_err *err)
{
	const char *file = p->how->file;

	if (file[0] && file[strlen(file) - 1] == '/')
		BKT_TRY(bkt_dir_make(file, 0755, true, err));
	BKT_TRY(write_file(p, err));
	p->out->path = BKT_STEAL(p->path);
	return BKT_OK;
}
