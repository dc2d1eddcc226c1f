/* Objects are durable, the records are let in: one pack, one ref move. */
#include "private.h"

#include <stdlib.h>
#include <string.h>

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct bkt_file *)a)->path,
	    ((const struct bkt_file *)b)->path);
}

enum bkt_status files_join(const struct bkt_file *const *lists,
    const size_t *counts, size_t n, bkt_arena *arena, struct bkt_file **out,
    size_t *out_n, struct bkt_err *err)
{
	struct bkt_file *all;
	size_t total = 0;

	for (size_t i = 0; i < n; i++)
		total += counts[i];
	all = bkt_arena_alloc(arena, (total + 1) * sizeof(*all));
	if (!all)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	total = 0;
	for (size_t i = 0; i < n; i++) {
		memcpy(all + total, lists[i], counts[i] * sizeof(*all));
		total += counts[i];
	}
	qsort(all, total, sizeof(*all), by_path);
	*out = all;
	*out_n = total;
	return BKT_OK;
}

/* text of log/checkpoint after the batch */
static enum bkt_status make_checkpoint(const struct commit_plan *p,
    struct bkt_checkpoint *cp, struct bkt_buf *note, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf text = { 0 };

	memset(cp, 0, sizeof(*cp));
	if (strlen(p->origin) >= sizeof(cp->origin))
		return bkt_fail(err, BKT_E_USAGE, "the origin is too long");
	memcpy(cp->origin, p->origin, strlen(p->origin));
	cp->size = p->frontier->size;
	BKT_TRY(bkt_frontier_root(p->frontier, &cp->root, err));
	bkt_buf_init(&text, 1024);
	bkt_checkpoint_print(cp, &text);
	BKT_TRY(bkt_buf_check(&text, err));
	return bkt_note_sign(p->key, bkt_buf_span(&text), note, err);
}

/* what stock `git verify-commit` takes as allowedSignersFile */
static void print_allowed_signers(
    const struct commit_plan *p, struct bkt_buf *out)
{
	bkt_buf_printf(out, "%s namespaces=\"git\" ", p->origin);
	bkt_ssh_pub_print(bkt_store_key_public(p->key)->pub, out);
	bkt_buf_chr(out, '\n');
}

static enum bkt_status write_tree(const struct commit_plan *p,
    bkt_gitpack *pack, struct bkt_span note, bkt_arena *arena,
    struct bkt_oid *tree, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf signers = { 0 };
	struct bkt_file log[3];
	const struct bkt_file *lists[2] = { p->files, log };
	size_t counts[2] = { p->n_files, 0 }, n;
	struct bkt_file *all;
	struct bkt_change *changes;

	bkt_buf_init(&signers, 1024);
	log[counts[1]++] = (struct bkt_file){ "log/checkpoint", note, NULL };
	if (bkt_oid_is_zero(p->parent)) {
		print_allowed_signers(p, &signers);
		BKT_TRY(bkt_buf_check(&signers, err));
		log[counts[1]++] = (struct bkt_file){ "log/allowed_signers",
			bkt_buf_span(&signers), NULL };
		log[counts[1]++] = (struct bkt_file){ ".gitattributes",
			bkt_span_str(bkt_gitattributes), NULL };
	}
	BKT_TRY(files_join(lists, counts, 2, arena, &all, &n, err));
	changes = bkt_arena_alloc(arena, n * sizeof(*changes));
	if (!changes)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	for (size_t i = 0; i < n; i++) {
		changes[i].path = all[i].path;
		if (all[i].blob) {
			changes[i].new_oid = all[i].blob->oid;
			BKT_TRY(bkt_gitpack_put(pack, all[i].blob, err));
		} else if (all[i].bytes.ptr) {
			BKT_TRY(bkt_gitpack_add(pack, BKT_GIT_BLOB,
			    all[i].bytes, &changes[i].new_oid, err));
		}
	}
	return bkt_gitpack_tree(pack, p->parent_tree, changes, n, tree, err);
}

static enum bkt_status print_commit(const struct commit_plan *p,
    const struct bkt_oid *tree, const struct bkt_checkpoint *cp,
    struct bkt_buf *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf message = { 0 };
	BKT_AUTO(bkt_buf_release) struct bkt_buf payload = { 0 };
	BKT_AUTO(bkt_buf_release) struct bkt_buf sig = { 0 };
	struct bkt_commit c = { .tree = *tree,
		.parent = *p->parent,
		.author_id = bkt_span_str(p->opened[0].rec->by.v[0]),
		.committer_id = bkt_span_str(p->origin),
		.time_utc_s = p->time_utc_s };

	bkt_buf_init(&message, BKT_GITDB_BLOB_MAX);
	bkt_buf_init(&payload, BKT_GITDB_BLOB_MAX);
	bkt_buf_init(&sig, 4096);
	BKT_TRY(bkt_batch_message(
	    p->title, p->first_index, p->opened, p->n, cp, &message, err));
	c.message = bkt_buf_span(&message);
	BKT_TRY(bkt_commit_print(&c, &payload, err));
	BKT_TRY(bkt_sshsig_make(p->key, bkt_buf_span(&payload), &sig, err));
	c.signature = bkt_buf_span(&sig);
	return bkt_commit_print(&c, out, err);
}

enum bkt_status commit_write(const struct commit_plan *p,
    struct bkt_oid *commit, struct bkt_oid *tree, struct bkt_err *err)
{
	BKT_AUTO(bkt_gitpack_free) bkt_gitpack *pack = NULL;
	BKT_AUTO(bkt_arena_free)
	bkt_arena *arena = bkt_arena_new((size_t)1 << 28);
	BKT_AUTO(bkt_buf_release) struct bkt_buf note = { 0 };
	BKT_AUTO(bkt_buf_release) struct bkt_buf raw = { 0 };
	struct bkt_checkpoint cp;

	bkt_buf_init(&note, 2048);
	bkt_buf_init(&raw, BKT_GITDB_BLOB_MAX);
	if (!arena)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	BKT_TRY(make_checkpoint(p, &cp, &note, err));
	BKT_TRY(bkt_gitpack_new(p->git, &pack, err));
	BKT_TRY(write_tree(p, pack, bkt_buf_span(&note), arena, tree, err));
	BKT_TRY(print_commit(p, tree, &cp, &raw, err));
	BKT_TRY(bkt_gitpack_add(
	    pack, BKT_GIT_COMMIT, bkt_buf_span(&raw), commit, err));
	BKT_TRY(bkt_gitpack_finish(pack, err));
	return bkt_gitdb_ref_move(p->git, BKT_MAIN_REF, p->parent, commit, err);
}
