#include "write.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "bukti/base.h"

#define STAGE_ID_LEN 20
/* Writing back starts while we still hash: at the end the sync has little
 * left to do and disk and processor have worked at the same time. */
#define STAGE_FLUSH_BYTES (UINT64_C(4) << 20)

/* where readers of PDF look for its end */
#define STAGE_TAIL_BYTES 1024

#define STAGE_FLUSH_MIN_BYTES (UINT64_C(64) * 1024)

struct stage {
	int from, to;
	struct stat before; /* st_mode says whether the rest means anything */
	uint64_t max_bytes;
	struct objects_hasher *hasher;
	struct bkt_staged *out;
	uint8_t tail[STAGE_TAIL_BYTES]; /* the last bytes so far */
	size_t tail_len;
};

static void keep_tail(struct stage *g, const uint8_t *p, size_t n)
{
	size_t take = n < STAGE_TAIL_BYTES ? n : STAGE_TAIL_BYTES;
	size_t old = STAGE_TAIL_BYTES - take;

	if (old > g->tail_len)
		old = g->tail_len;
	memmove(g->tail, g->tail + g->tail_len - old, old);
	memcpy(g->tail + old, p + n - take, take);
	g->tail_len = old + take;
}

void bkt_staged_seen(struct bkt_staged *s)
{
	bkt_free(s->head);
	s->head = NULL;
	s->head_len = 0;
}

void bkt_staged_release(bkt_objects *o, struct bkt_staged *s)
{
	(void)o;
	if (s->tmp_path)
		objects_ignore(bkt_file_unlink(s->tmp_path, NULL));
	bkt_free(s->tmp_path);
	s->tmp_path = NULL;
	bkt_staged_seen(s);
}

static enum bkt_status stage_bytes(struct stage *g, struct bkt_err *err)
{
	struct bkt_staged *s = g->out;
	struct objects_hasher *h = g->hasher;
	uint64_t flushed = 0;
	size_t n;

	do {
		BKT_TRY(bkt_file_read(g->from, h->buf, h->buf_bytes, &n, err));
		if (n > g->max_bytes - s->size_bytes)
			return bkt_fail(err, BKT_E_LIMIT,
			    "file is larger than %llu bytes",
			    (unsigned long long)g->max_bytes);
		BKT_TRY(bkt_hash_update(h->hash, h->buf, n, err));
		BKT_TRY(bkt_file_write(g->to, h->buf, n, err));
		if (s->head_len < BKT_HEAD_BYTES) {
			size_t room = BKT_HEAD_BYTES - s->head_len;
			size_t take = n < room ? n : room;

			memcpy(s->head + s->head_len, h->buf, take);
			s->head_len += take;
		}
		keep_tail(g, h->buf, n);
		s->size_bytes += n;
		if (s->size_bytes - flushed >= STAGE_FLUSH_BYTES) {
			bkt_file_write_out(g->to, flushed);
			flushed = s->size_bytes;
		}
	} while (n == h->buf_bytes);
	if (s->size_bytes >= STAGE_FLUSH_MIN_BYTES)
		bkt_file_write_out(g->to, flushed);
	s->is_cut = bkt_media_is_cut(BKT_SPAN(s->head, s->head_len),
	    BKT_SPAN(g->tail, g->tail_len), s->size_bytes);
	BKT_TRY(bkt_hash_final(h->hash, s->id.b, err));
	return BKT_OK;
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* what was read must be one state of the file, not two halves of two */
static enum bkt_status stage_unchanged(
    const struct stage *g, struct bkt_err *err)
{
	struct stat after;

	if (!S_ISREG(g->before.st_mode))
		return BKT_OK;
	if (fstat(g->from, &after) != 0)
		return bkt_fail_errno(err, BKT_E_IO, "cannot look at the file");
	if (after.st_size != g->before.st_size ||
	    !same_time(after.st_mtim, g->before.st_mtim))
		return bkt_fail(err, BKT_E_CONFLICT,
		    "file changed while it was read: add it again when nobody "
		    "writes to it");
	return BKT_OK;
}

/*
 * The name alone proves nothing: a power cut may leave it with torn content.
 * So what is there already is read and hashed; when it is not what its name
 * says it is replaced later by the bytes that we hold.
 */
static enum bkt_status stage_look(
    const bkt_objects *o, struct stage *g, bool *present, struct bkt_err *err)
{
	struct bkt_err why;
	enum bkt_status st = objects_check(
	    o, g->hasher, &g->out->id, g->out->size_bytes, NULL, NULL, &why);

	if (bkt_is_fault(st)) {
		if (err)
			*err = why;
		return st;
	}
	*present = st == BKT_OK;
	return BKT_OK;
}

static enum bkt_status stage_into(
    bkt_objects *o, struct stage *g, const char *path, struct bkt_err *err)
{
	enum bkt_status st;
	bool present = false;

	BKT_TRY(bkt_file_create(path, 0444, &g->to, err));
	st = stage_bytes(g, err);
	bkt_fd_close(g->to);
	if (st == BKT_OK)
		st = stage_unchanged(g, err);
	if (st == BKT_OK && g->out->size_bytes == 0)
		st = bkt_fail(err, BKT_E_POLICY, "file is empty");
	if (st == BKT_OK)
		st = stage_look(o, g, &present, err);
	if (st != BKT_OK || present)
		objects_ignore(bkt_file_unlink(path, NULL));
	g->out->was_present = present;
	return st;
}

static enum bkt_status stage_all(bkt_objects *o, int fd, uint64_t max_bytes,
    struct bkt_staged *out, struct bkt_err *err)
{
	char id[STAGE_ID_LEN + 1];
	size_t buf_bytes = OBJECTS_BUF_BYTES;
	struct stage g = { .from = fd, .max_bytes = max_bytes, .out = out };
	BKT_AUTO(objects_hasher_release) struct objects_hasher h = { 0 };
	BKT_AUTO(bkt_free) char *path = NULL;

	if (fstat(fd, &g.before) != 0)
		return bkt_fail_errno(err, BKT_E_IO, "cannot look at the file");
	if (S_ISREG(g.before.st_mode)) {
		/* refuse early what the count would refuse late */
		if ((uint64_t)g.before.st_size > max_bytes)
			return bkt_fail(err, BKT_E_LIMIT,
			    "file is larger than %llu bytes",
			    (unsigned long long)max_bytes);
		/* one byte more, so that one read sees the end as well */
		if ((size_t)g.before.st_size < buf_bytes)
			buf_bytes = (size_t)g.before.st_size + 1;
		else
			(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	}
	BKT_TRY(objects_session(o, err));
	BKT_TRY(bkt_random_id(id, STAGE_ID_LEN, err));
	path = bkt_path_join(o->session, id);
	if (!path)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a path");
	BKT_TRY(objects_hasher_init(&h, buf_bytes, err));
	g.hasher = &h;
	BKT_TRY(stage_into(o, &g, path, err));
	if (!out->was_present)
		out->tmp_path = BKT_STEAL(path);
	return BKT_OK;
}

enum bkt_status bkt_objects_stage(bkt_objects *o, int fd, uint64_t max_bytes,
    struct bkt_staged *out, struct bkt_err *err)
{
	enum bkt_status st;

	out->size_bytes = 0;
	out->head_len = 0;
	out->tmp_path = NULL;
	out->was_present = false;
	out->head = bkt_malloc(BKT_HEAD_BYTES);
	if (!out->head)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a file");
	st = stage_all(o, fd, max_bytes, out, err);
	if (st != BKT_OK)
		bkt_staged_seen(out);
	return st;
}
