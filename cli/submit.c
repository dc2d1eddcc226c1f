/* Records on their way into the store. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

void cli_batch_release(struct cli_batch *b)
{
	cli_hands_release(&b->hands);
	bkt_free(b->items);
	bkt_free(b->records);
	bkt_free(b->what);
	bkt_free(b->proposals);
	bkt_free(b->notes);
	*b = (struct cli_batch){ .c = NULL };
}

static int compare_ids(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* --as and --with together, sorted */
static enum bkt_status everybody(struct cli *c, const struct bkt_strs *members,
    struct bkt_strs *out, struct bkt_err *err)
{
	size_t n_with = cli_opt_count(c, "with");
	struct bkt_strs l = { NULL, 0 };

	l.v =
	    bkt_arena_alloc(c->arena, (members->n + n_with + 1) * sizeof(*l.v));
	if (!l.v)
		return cli_no_memory(err);
	for (; l.n < members->n; l.n++)
		l.v[l.n] = members->v[l.n];
	for (size_t i = 0; i < n_with; i++) {
		const char *m = cli_opt_nth(c, "with", i);

		if (!bkt_id_valid(m))
			return bkt_fail(
			    err, BKT_E_USAGE, "'%s' is not a member id", m);
		if (!bkt_strs_has(&l, m))
			l.v[l.n++] = m;
	}
	if (l.n > BKT_SIGNERS_MAX)
		return bkt_fail(err, BKT_E_USAGE,
		    "at most %d members can sign one record", BKT_SIGNERS_MAX);
	qsort(l.v, l.n, sizeof(*l.v), compare_ids);
	*out = l;
	return BKT_OK;
}

enum bkt_status cli_signers(
    struct cli *c, struct bkt_strs *out, struct bkt_err *err)
{
	struct bkt_strs members = { NULL, 0 };

	BKT_TRY(cli_members(c, &members, err));
	return everybody(c, &members, out, err);
}

enum bkt_status cli_batch_init(
    struct cli_batch *b, struct cli *c, struct bkt_err *err)
{
	struct bkt_strs members = { NULL, 0 };

	*b = (struct cli_batch){ .c = c, .at_utc_s = bkt_now_utc_s() };
	BKT_TRY(cli_members(c, &members, err));
	BKT_TRY(everybody(c, &members, &b->by, err));
	b->waits = b->by.n > members.n;
	return cli_hands_load(c, &members, &b->hands, err);
}

static enum bkt_status make_room(struct cli_batch *b, struct bkt_err *err)
{
	size_t cap = b->cap ? b->cap * 2 : 16;
	void *p = NULL;

	if (b->n < b->cap)
		return BKT_OK;
	p = bkt_realloc(b->items, cap * sizeof(*b->items));
	if (!p)
		return cli_no_memory(err);
	b->items = p;
	p = bkt_realloc(b->records, cap * sizeof(*b->records));
	if (!p)
		return cli_no_memory(err);
	b->records = p;
	p = bkt_realloc(b->what, cap * sizeof(*b->what));
	if (!p)
		return cli_no_memory(err);
	b->what = p;
	p = bkt_realloc(b->proposals, cap * sizeof(*b->proposals));
	if (!p)
		return cli_no_memory(err);
	b->proposals = p;
	b->cap = cap;
	return BKT_OK;
}

/* the files beside a record must outlive the verb's own buffers */
static enum bkt_status keep_owned(struct cli *c, const struct bkt_file *owned,
    size_t n, struct bkt_submission *out, struct bkt_err *err)
{
	struct bkt_file *v = bkt_arena_alloc(c->arena, (n + 1) * sizeof(*v));

	if (!v)
		return cli_no_memory(err);
	for (size_t i = 0; i < n; i++) {
		char *bytes = bkt_arena_strndup(c->arena,
		    (const char *)owned[i].bytes.ptr, owned[i].bytes.len);

		v[i].path = bkt_arena_strdup(c->arena, owned[i].path);
		if (!bytes || !v[i].path)
			return cli_no_memory(err);
		v[i].bytes = BKT_SPAN(bytes, owned[i].bytes.len);
	}
	out->owned = v;
	out->n_owned = n;
	return BKT_OK;
}

enum bkt_status cli_batch_note(
    struct cli_batch *b, const char *text, struct bkt_err *err)
{
	void *p = bkt_realloc(b->notes, (b->n_notes + 1) * sizeof(*b->notes));

	if (!p)
		return cli_no_memory(err);
	b->notes = p;
	b->notes[b->n_notes++] = text;
	return BKT_OK;
}

enum bkt_status cli_batch_add(struct cli_batch *b, struct bkt_record *r,
    const struct bkt_file *owned, size_t n_owned, const char *what,
    struct bkt_err *err)
{
	struct bkt_item *item = NULL;
	enum bkt_status st;

	BKT_TRY(make_room(b, err));
	item = &b->items[b->n];
	*item = (struct bkt_item){ .status = BKT_OK };
	st = bkt_store_prepare(
	    b->c->store, r, b->by.v, b->by.n, b->at_utc_s, b->c->arena, err);
	/* those of --with are not here: a proposal starts with who is */
	if (st == BKT_OK)
		st = bkt_store_seal(
		    r, b->hands.v, b->hands.n, b->c->arena, &item->sub, err);
	/* what a person typed does not fit a record */
	if (st != BKT_OK)
		return cli_input_failed(err, st, "%s", what);
	BKT_TRY(keep_owned(b->c, owned, n_owned, &item->sub, err));
	b->records[b->n] = r;
	b->what[b->n] = what;
	b->n++;
	return BKT_OK;
}

/* the one who set the store up signs unless told otherwise */
static void say_who(const struct cli *c, const struct bkt_strs *by,
    enum bkt_kind kind, enum bkt_status st, struct bkt_err *err)
{
	struct bkt_err no = { 0 };

	/* then it is what is registered that is refused, not who does it */
	if (kind == BKT_KIND_MEMBER &&
	    bkt_store_may(c->store, by->v[0], kind, &no) == BKT_OK)
		return;
	if (st != BKT_E_POLICY || err->hint[0] != '\0' || by->n != 1 ||
	    cli_opt_count(c, "as") > 0)
		return;
	bkt_err_hint(err,
	    "'%s' signed, since --as was not given: say --as MEMBER; bukti "
	    "member list shows the roles",
	    by->v[0]);
}

/* a refusal at the door is policy, not a verdict about the store */
static enum bkt_status as_refusal(enum bkt_status st)
{
	if (st == BKT_E_TRUST || st == BKT_E_FORMAT || st == BKT_E_SEAL ||
	    st == BKT_E_TAMPERED)
		return BKT_E_POLICY;
	return st;
}

/* what failed first, what became of it last */
static void add_end(struct bkt_err *err, const char *end)
{
	char hint[sizeof(err->hint)];

	memcpy(hint, err->hint, sizeof(hint));
	(void)bkt_fail(err, err->status, "%s; %s", err->msg, end);
	memcpy(err->hint, hint, sizeof(hint));
}

/* one durable batch; *refused: records were, and nothing was written */
static enum bkt_status submit_some(struct cli *c, struct bkt_item *items,
    const char *const *what, size_t n, const char *title, bool *refused,
    struct bkt_err *err)
{
	enum bkt_status st = bkt_store_submit(
	    c->store, items, n, BKT_ALL_OR_NOTHING, title, err);
	enum bkt_status first = BKT_OK;

	*refused = false;
	if (st != BKT_OK && st != BKT_E_FINDINGS)
		return st;
	for (size_t i = 0; i < n; i++) {
		struct bkt_err e = items[i].err;

		if (items[i].status == BKT_OK)
			continue;
		e.status = items[i].status;
		(void)cli_input_failed(
		    &e, as_refusal(e.status), "%s refused", what[i]);
		if (first == BKT_OK) {
			first = e.status;
			*err = e;
			/* of links to what does not enter nobody wants to hear
			 */
			if (items[i].staged)
				break;
			continue;
		}
		cli_complain(c, &e);
	}
	if (first == BKT_OK)
		return st;
	*refused = true;
	return first;
}

enum bkt_status cli_submit_items(struct cli *c, struct bkt_item *items,
    const char *const *what, size_t n, const char *title, struct bkt_err *err)
{
	bool refused;
	enum bkt_status st =
	    submit_some(c, items, what, n, title, &refused, err);

	if (refused && n > 1)
		add_end(err, "nothing was written");
	return st;
}

/* more than a commit holds: one durable batch after the other, in order */
static enum bkt_status submit_parts(
    struct cli_batch *b, const char *title, struct bkt_err *err)
{
	for (size_t at = 0, n; at < b->n; at += n) {
		bool refused = false;
		enum bkt_status st = BKT_OK;

		n = b->n - at < BKT_BATCH_MAX ? b->n - at : BKT_BATCH_MAX;
		if (!bkt_progress_tell(&cli_progress, "entering", at, b->n))
			st = bkt_fail(err, BKT_E_INTERRUPTED, "interrupted");
		if (st == BKT_OK)
			st = submit_some(b->c, b->items + at, b->what + at, n,
			    title, &refused, err);
		if (st == BKT_OK)
			continue;
		add_end(err, at == 0 ? "nothing was written"
				     : cli_printf(b->c,
					   "%zu of %zu are in, the rest is not",
					   at, b->n));
		if (at > 0 && err->hint[0] == '\0')
			bkt_err_hint(err, "mend that and run the same command "
					  "again: what is in is passed over");
		return st;
	}
	cli_progress_clear();
	return BKT_OK;
}

static enum bkt_status put_proposals(struct cli_batch *b, struct bkt_err *err)
{
	for (size_t i = 0; i < b->n; i++) {
		char *id = b->proposals[i];

		BKT_TRY(bkt_proposal_put(b->c->store, &b->items[i].sub,
		    b->items[i].staged, id, err));
		(void)printf(
		    "proposal %s waits: %s\n", id, cli_text(b->c, b->what[i]));
		cli_note(b->c,
		    "hint: those named by --with sign by: "
		    "bukti sign %s --as MEMBER",
		    id);
	}
	return BKT_OK;
}

enum bkt_status cli_batch_submit(
    struct cli_batch *b, const char *title, struct bkt_err *err)
{
	enum bkt_status st;

	if (cli_interrupted())
		return bkt_fail(err, BKT_E_INTERRUPTED, "interrupted");
	if (b->waits)
		st = put_proposals(b, err);
	else if (b->n > BKT_BATCH_MAX)
		st = submit_parts(b, title, err);
	else
		st =
		    cli_submit_items(b->c, b->items, b->what, b->n, title, err);
	if (b->n > 0 && !b->waits)
		say_who(b->c, &b->by, b->records[0]->kind, st, err);
	for (size_t i = 0; st == BKT_OK && i < b->n_notes; i++)
		cli_note(b->c, "%s", b->notes[i]);
	return st;
}
