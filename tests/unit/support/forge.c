#include "support/forge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/city_private.h"

static void begin(struct forge *f, struct city *c)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf key;
	struct bkt_err err;

	memset(f, 0, sizeof(*f));
	f->c = c;
	bkt_buf_init(&key, 4096);
	city_slurp(c->dir, "bukti/key", &key);
	city_must(
	    bkt_store_key_load(bkt_buf_span(&key), CITY_ORIGIN, &f->key, &err),
	    &err);
	city_must(bkt_certs_new(&f->certs, &err), &err);
	city_must(bkt_gitdb_open(c->dir, false, &f->git, &err), &err);
	city_must(
	    bkt_gitdb_ref(f->git, BKT_MAIN_REF, &f->old_head, &err), &err);
	f->time_utc_s = city_now_utc_s;
}

void forge_begin(struct forge *f, struct city *c)
{
	struct bkt_err err;

	begin(f, c);
	f->commit = bkt_store_head(c->s)->commit;
	f->tree = bkt_store_head(c->s)->tree;
	f->time_utc_s = bkt_store_head(c->s)->time_utc_s;
	city_must(bkt_store_state(c->s, &f->state, &err), &err);
}

void forge_begin_empty(struct forge *f, struct city *c)
{
	struct bkt_err err;

	begin(f, c);
	city_must(bkt_state_new(&f->state, &err), &err);
}

void forge_release(struct forge *f)
{
	bkt_state_free(f->state);
	bkt_certs_free(f->certs);
	bkt_store_key_free(f->key);
	bkt_gitdb_free(f->git);
	memset(f, 0, sizeof(*f));
}

struct making {
	struct forge *f;
	const struct lie *lie;
	struct bkt_opened *opened;
	size_t n;
	struct bkt_file *files;
	size_t n_files;
	uint64_t first_index;
	const bkt_store_key *key, *commit_key;
	bkt_gitpack *pack;
	struct bkt_checkpoint cp; /* true */
	struct bkt_oid tree;
};

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct bkt_file *)a)->path,
	    ((const struct bkt_file *)b)->path);
}

/* the last said of a path stands: extra files come last */
static void put_file(struct making *m, struct bkt_file file)
{
	for (size_t i = 0; i < m->n_files; i++) {
		if (strcmp(m->files[i].path, file.path) == 0) {
			m->files[i] = file;
			return;
		}
	}
	BKT_ASSERT(m->n_files < 256);
	m->files[m->n_files++] = file;
}

static void open_all(
    struct making *m, const struct bkt_submission *subs, size_t n)
{
	struct bkt_err err;

	m->opened = city_keep(m->f->c, n * sizeof(*m->opened));
	m->files = city_keep(m->f->c, 256 * sizeof(*m->files));
	m->n = n;
	for (size_t i = 0; i < n; i++) {
		struct bkt_file *files;
		size_t n_files;

		city_must(bkt_open_submission(&subs[i], m->f->certs,
			      m->f->c->arena, &m->opened[i], &err),
		    &err);
		city_must(bkt_state_files(m->f->state, &m->opened[i],
			      m->f->c->arena, &files, &n_files, &err),
		    &err);
		for (size_t k = 0; k < n_files; k++) {
			if (files[k].bytes.ptr || !m->lie->keep_old)
				put_file(m, files[k]);
		}
	}
	for (size_t i = 0; i < n; i++)
		city_must(
		    bkt_state_apply(m->f->state, &m->opened[i], &err), &err);
}

static void add_log(struct making *m)
{
	struct city *c = m->f->c;
	struct bkt_checkpoint said = m->cp;
	BKT_AUTO(bkt_buf_release) struct bkt_buf text;
	struct bkt_buf note;
	struct bkt_err err;

	bkt_buf_init(&text, 1024);
	bkt_buf_init(&note, 2048);
	if (m->lie->other_checkpoint)
		said.root.b[0] ^= 1;
	bkt_checkpoint_print(&said, &text);
	city_must(
	    bkt_note_sign(m->key, bkt_buf_span(&text), &note, &err), &err);
	if (!m->lie->old_checkpoint)
		put_file(m, (struct bkt_file){ "log/checkpoint",
				bkt_span_str(bkt_arena_strndup(
				    c->arena, (char *)note.ptr, note.len)),
				NULL });
	bkt_buf_release(&note);
	if (!bkt_oid_is_zero(&m->f->commit))
		return;
	bkt_buf_clear(&text);
	bkt_buf_printf(&text, "%s namespaces=\"git\" ", CITY_ORIGIN);
	bkt_ssh_pub_print(bkt_store_key_public(m->f->key)->pub, &text);
	bkt_buf_chr(&text, '\n');
	put_file(m, (struct bkt_file){ "log/allowed_signers",
			bkt_span_str(bkt_arena_strndup(
			    c->arena, (char *)text.ptr, text.len)),
			NULL });
	put_file(m, (struct bkt_file){ ".gitattributes",
			bkt_span_str(bkt_gitattributes), NULL });
}

static void write_tree(struct making *m)
{
	struct bkt_change *changes =
	    city_keep(m->f->c, (m->n_files + 1) * sizeof(*changes));
	struct bkt_err err;

	for (const struct bkt_file *x = m->lie->extra; x && x->path[0]; x++)
		put_file(m, *x);
	qsort(m->files, m->n_files, sizeof(*m->files), by_path);
	for (size_t i = 0; i < m->n_files; i++) {
		changes[i].path = m->files[i].path;
		if (m->files[i].bytes.ptr)
			city_must(
			    bkt_gitpack_add(m->pack, BKT_GIT_BLOB,
				m->files[i].bytes, &changes[i].new_oid, &err),
			    &err);
	}
	city_must(bkt_gitpack_tree(m->pack, &m->f->tree, changes, m->n_files,
		      &m->tree, &err),
	    &err);
}

static void print_commit(struct making *m, struct bkt_buf *raw)
{
	const char *author =
	    m->lie->author ? m->lie->author : m->opened[0].rec->by.v[0];
	BKT_AUTO(bkt_buf_release) struct bkt_buf message;
	BKT_AUTO(bkt_buf_release) struct bkt_buf payload;
	BKT_AUTO(bkt_buf_release) struct bkt_buf sig;
	struct bkt_checkpoint said = m->cp;
	struct bkt_commit commit = { .tree = m->tree,
		.parent = m->f->commit,
		.author_id = bkt_span_str(author),
		.committer_id = bkt_span_str(CITY_ORIGIN),
		.time_utc_s = m->f->time_utc_s };
	struct bkt_err err;

	bkt_buf_init(&message, 1 << 20);
	bkt_buf_init(&payload, 1 << 20);
	bkt_buf_init(&sig, 4096);
	if (m->lie->other_root)
		said.root.b[0] ^= 1;
	city_must(bkt_batch_message("uji",
		      (uint64_t)((int64_t)m->first_index + m->lie->index_shift),
		      m->opened, m->n, &said, &message, &err),
	    &err);
	commit.message = bkt_buf_span(&message);
	city_must(bkt_commit_print(&commit, &payload, &err), &err);
	city_must(
	    bkt_sshsig_make(m->commit_key, bkt_buf_span(&payload), &sig, &err),
	    &err);
	if (!m->lie->not_signed)
		commit.signature = bkt_buf_span(&sig);
	city_must(bkt_commit_print(&commit, raw, &err), &err);
}

/* a second parent line after the first */
static void marry(struct making *m, struct bkt_buf *raw)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;
	const char *text = (const char *)raw->ptr;
	const char *at = strstr(text, "\nauthor ");
	char hex[41];

	BKT_ASSERT(at);
	bkt_oid_hex(&m->f->old_head, hex);
	bkt_buf_init(&b, 1 << 20);
	bkt_buf_add(&b, text, (size_t)(at - text));
	bkt_buf_printf(&b, "\nparent %s%s", hex, at);
	bkt_buf_clear(raw);
	bkt_buf_add(raw, b.ptr, b.len);
}

void forge_commit(struct forge *f, const struct bkt_submission *subs, size_t n,
    const struct lie *lie)
{
	static const struct lie none;
	BKT_AUTO(bkt_store_key_free)
	bkt_store_key *other = pki_store_key(CITY_ORIGIN);
	BKT_AUTO(bkt_gitpack_free) bkt_gitpack *pack = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf raw;
	struct making m = { .f = f, .lie = lie ? lie : &none, .key = f->key };
	struct bkt_err err;

	bkt_buf_init(&raw, 1 << 20);
	if (m.lie->other_key)
		m.key = other;
	m.commit_key = m.lie->other_commit_key ? other : m.key;
	m.first_index = bkt_state_frontier(f->state)->size;
	f->time_utc_s += 10 + m.lie->time_shift_s;
	open_all(&m, subs, n);
	memcpy(m.cp.origin, CITY_ORIGIN, sizeof(CITY_ORIGIN));
	m.cp.size = bkt_state_frontier(f->state)->size;
	city_must(
	    bkt_frontier_root(bkt_state_frontier(f->state), &m.cp.root, &err),
	    &err);
	city_must(bkt_gitpack_new(f->git, &pack, &err), &err);
	m.pack = pack;
	add_log(&m);
	write_tree(&m);
	print_commit(&m, &raw);
	if (m.lie->two_parents)
		marry(&m, &raw);
	city_must(bkt_gitpack_add(pack, BKT_GIT_COMMIT, bkt_buf_span(&raw),
		      &f->commit, &err),
	    &err);
	f->tree = m.tree;
	city_must(bkt_gitpack_finish(pack, &err), &err);
}

static void move(
    struct forge *f, const struct bkt_oid *from, const struct bkt_oid *to)
{
	struct bkt_err err;

	city_must(
	    bkt_gitdb_ref_move(f->git, BKT_MAIN_REF, from, to, &err), &err);
}

void forge_publish(struct forge *f)
{
	move(f, &f->old_head, &f->commit);
}

void forge_undo(struct forge *f)
{
	move(f, &f->commit, &f->old_head);
}

void forge_history(struct forge *f, struct forge_history *out)
{
	const struct bkt_oid none = { { 0 } };
	BKT_AUTO(bkt_free) struct bkt_oid *chain = NULL;
	struct bkt_err err;

	city_must(bkt_gitdb_chain(
		      f->git, &f->old_head, &none, 4096, &chain, &out->n, &err),
	    &err);
	out->batches = city_keep(f->c, out->n * sizeof(*out->batches));
	for (size_t i = 0; i < out->n; i++)
		city_must(bkt_batch_read(f->git, &chain[i], f->c->arena,
			      &out->batches[i], &err),
		    &err);
}
