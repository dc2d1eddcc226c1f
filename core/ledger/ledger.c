/* A store opened for reading; nothing here is verified. */
#include "ledger_private.h"

#include <string.h>

/* records are signed bytes: no checkout may touch their line ends */
const char bkt_gitattributes[] =
    "* -text\n"
    "documents/*/*/content/* filter=lfs diff=lfs merge=lfs -text\n";

struct bkt_ledger {
	char *dir;
	bkt_gitdb *git;
};

/* a store is put in place whole: its own folder without a log was robbed */
static enum bkt_status no_log(const char *dir, struct bkt_err *err)
{
	BKT_AUTO(bkt_free) char *own = bkt_path_join(dir, "bukti");

	if (!own)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	if (bkt_path_is_dir(own)) {
		(void)bkt_fail(err, BKT_E_TAMPERED,
		    "the log of '%s' is gone: there is no " BKT_MAIN_REF, dir);
		bkt_err_hint(err,
		    "put it back from a backup or a clone; against what "
		    "somebody kept of it: bukti verify --pin FILE");
		return BKT_E_TAMPERED;
	}
	(void)bkt_fail(err, BKT_E_NOT_STORE,
	    "'%s' is a git repository without a bukti log", dir);
	bkt_err_hint(err, "bukti init makes a new store");
	return BKT_E_NOT_STORE;
}

enum bkt_status bkt_ledger_open(
    const char *dir, bool quarantine, bkt_ledger **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_ledger_free) bkt_ledger *l = bkt_calloc(1, sizeof(*l));
	struct bkt_oid tip;
	enum bkt_status st;

	if (!l)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	l->dir = bkt_strdup(dir);
	if (!l->dir)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	BKT_TRY(bkt_gitdb_open(dir, quarantine, &l->git, err));
	st = bkt_gitdb_ref(l->git, BKT_MAIN_REF, &tip, err);
	if (st == BKT_E_NOTFOUND)
		return no_log(dir, err);
	if (st != BKT_OK)
		return st;
	*out = BKT_STEAL(l);
	return BKT_OK;
}

void bkt_ledger_free(bkt_ledger *l)
{
	if (!l)
		return;
	bkt_gitdb_free(l->git);
	bkt_free(l->dir);
	bkt_free(l);
}

const bkt_gitdb *bkt_ledger_git(const bkt_ledger *l)
{
	return l->git;
}

const char *bkt_ledger_dir(const bkt_ledger *l)
{
	return l->dir;
}

/* the text of a note that nobody has checked */
static enum bkt_status note_text_unverified(
    struct bkt_span note, struct bkt_span *text, struct bkt_err *err)
{
	for (size_t i = 1; i < note.len; i++) {
		if (note.ptr[i] == '\n' && note.ptr[i - 1] == '\n') {
			*text = BKT_SPAN(note.ptr, i);
			return BKT_OK;
		}
	}
	return bkt_fail(err, BKT_E_FORMAT, "log/checkpoint is no signed note");
}

enum bkt_status bkt_ledger_at_unverified(const bkt_ledger *l,
    const struct bkt_oid *commit, struct bkt_head *out, struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 24);
	BKT_AUTO(bkt_buf_release) struct bkt_buf raw = { 0 };
	BKT_AUTO(bkt_buf_release) struct bkt_buf note = { 0 };
	struct bkt_head h = { .commit = *commit };
	struct bkt_commit c;
	struct bkt_span text;
	enum bkt_status st;

	bkt_buf_init(&raw, BKT_GITDB_BLOB_MAX);
	bkt_buf_init(&note, sizeof(h.note));
	if (!arena)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	BKT_TRY(bkt_gitdb_read(l->git, commit, BKT_GIT_COMMIT, &raw, err));
	BKT_TRY(bkt_commit_parse(bkt_buf_span(&raw), arena, &c, err));
	h.tree = c.tree;
	h.time_utc_s = c.time_utc_s;
	st = bkt_gitdb_read_path(l->git, &h.tree, "log/checkpoint", &note, err);
	if (st == BKT_E_NOTFOUND)
		return bkt_fail(err, BKT_E_TAMPERED, "log/checkpoint is gone");
	if (st == BKT_E_LIMIT)
		return bkt_fail(
		    err, BKT_E_FORMAT, "log/checkpoint is no signed note");
	if (st != BKT_OK)
		return st;
	BKT_TRY(note_text_unverified(bkt_buf_span(&note), &text, err));
	BKT_TRY(bkt_checkpoint_parse(text, &h.checkpoint, err));
	memcpy(h.note, note.ptr, note.len);
	h.note_len = note.len;
	*out = h;
	return BKT_OK;
}

enum bkt_status bkt_ledger_head_unverified(
    const bkt_ledger *l, struct bkt_head *out, struct bkt_err *err)
{
	struct bkt_oid tip;
	enum bkt_status st = bkt_gitdb_ref(l->git, BKT_MAIN_REF, &tip, err);

	if (st == BKT_E_NOTFOUND)
		return bkt_fail(
		    err, BKT_E_NOT_STORE, "'%s' has no log", l->dir);
	if (st != BKT_OK)
		return st;
	return bkt_ledger_at_unverified(l, &tip, out, err);
}

static bool same_log(
    const struct bkt_head *head, uint64_t size, const struct bkt_sha256 *root)
{
	return size == head->checkpoint.size &&
	       bkt_sha256_eq(root, &head->checkpoint.root);
}

/* the commit as it is signed, read again: a head does not keep it */
static enum bkt_status commit_signed(const bkt_ledger *l,
    const struct bkt_head *head, const struct bkt_note_key *key,
    struct bkt_err *err)
{
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 28);
	BKT_AUTO(bkt_buf_release) struct bkt_buf raw = { 0 };
	struct bkt_batch said = { 0 };
	struct bkt_commit c;

	bkt_buf_init(&raw, BKT_GITDB_BLOB_MAX);
	if (!arena)
		return bkt_fail(err, BKT_E_NOMEM, "no memory");
	BKT_TRY(
	    bkt_gitdb_read(l->git, &head->commit, BKT_GIT_COMMIT, &raw, err));
	BKT_TRY(bkt_commit_parse(bkt_buf_span(&raw), arena, &c, err));
	BKT_TRY(message_parse(c.message, arena, &said, err));
	if (!same_log(head, said.log_size, &said.log_root))
		return bkt_fail(err, BKT_E_TAMPERED,
		    "the message names another log than log/checkpoint");
	if (!bkt_span_eq(c.committer_id, bkt_span_str(key->name)))
		return bkt_fail(err, BKT_E_TAMPERED,
		    "the committer is not the store '%s'", key->name);
	return bkt_sshsig_verify(c.signature, c.payload, key->pub, err);
}

enum bkt_status bkt_ledger_head_signed(const bkt_ledger *l,
    const struct bkt_head *head, const struct bkt_note_key *key,
    struct bkt_err *err)
{
	struct bkt_checkpoint cp;
	struct bkt_span text;
	enum bkt_status st = commit_signed(l, head, key, err);

	if (st != BKT_OK)
		return bkt_fail_context(err, st, "the head's commit");
	st = bkt_note_verify(
	    BKT_SPAN(head->note, head->note_len), key, &text, err);
	if (st == BKT_OK)
		st = bkt_checkpoint_parse(text, &cp, err);
	if (st != BKT_OK)
		return bkt_fail_context(err, st, "log/checkpoint");
	/* what is signed is what was read before */
	if (strcmp(cp.origin, key->name) != 0 ||
	    strcmp(cp.origin, head->checkpoint.origin) != 0 ||
	    !same_log(head, cp.size, &cp.root))
		return bkt_fail(
		    err, BKT_E_TAMPERED, "log/checkpoint is of another log");
	return BKT_OK;
}
