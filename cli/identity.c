/* Who signs: member ids, the keys folder, the keys themselves. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

static const char *env_path(const char *name)
{
	const char *s = getenv(name);

	return s && s[0] != '\0' ? s : NULL;
}

enum bkt_status cli_keys_dir(
    struct cli *c, const char **out, struct bkt_err *err)
{
	const char *dir = cli_knows(c, "keys") ? cli_opt(c, "keys") : NULL;
	const char *base = env_path("XDG_CONFIG_HOME");

	if (!dir)
		dir = env_path("BUKTI_KEYS");
	if (dir) {
		*out = dir;
		return BKT_OK;
	}
	BKT_ASSERT(c->origin);
	if (base)
		dir = cli_printf(c, "%s/bukti/%s", base, c->origin);
	else if (env_path("HOME"))
		dir = cli_printf(
		    c, "%s/.config/bukti/%s", env_path("HOME"), c->origin);
	if (!dir) {
		(void)bkt_fail(err, BKT_E_CONFIG,
		    "there is no home directory to keep keys in");
		bkt_err_hint(err, "name a folder with --keys DIR");
		return BKT_E_CONFIG;
	}
	*out = dir;
	return BKT_OK;
}

enum bkt_status cli_keys_make(
    struct cli *c, const char *dir, const char **made, struct bkt_err *err)
{
	const char *top = NULL;
	const char *p = dir;

	/* the topmost part that is missing is what undoing would remove */
	while (p[0] != '\0' && !bkt_path_exists(p)) {
		const char *slash = strrchr(p, '/');

		top = p;
		if (!slash || slash == p)
			break;
		p = bkt_arena_strndup(c->arena, p, (size_t)(slash - p));
		if (!p)
			return cli_no_memory(err);
	}
	BKT_TRY(bkt_dir_make(dir, 0700, true, err));
	*made = top;
	return BKT_OK;
}

/* first line of <keys>/identity; NULL when there is none */
static enum bkt_status identity_file(
    struct cli *c, const char **out, struct bkt_err *err)
{
	const char *dir = NULL;
	const char *path = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf text = { .ptr = NULL };

	bkt_buf_init(&text, 256);
	*out = NULL;
	BKT_TRY(cli_keys_dir(c, &dir, err));
	path = cli_printf(c, "%s/identity", dir);
	if (!bkt_path_exists(path))
		return BKT_OK;
	BKT_TRY(cli_slurp(path, &text, err));
	*out = bkt_arena_strndup(c->arena, (const char *)text.ptr,
	    strcspn((const char *)text.ptr, "\r\n"));
	return *out ? BKT_OK : cli_no_memory(err);
}

/* ids have small letters; names have not */
static enum bkt_status not_an_id(
    struct cli *c, const char *word, struct bkt_err *err)
{
	char *small = bkt_arena_strdup(c->arena, word);

	if (!small)
		return cli_no_memory(err);
	for (char *p = small; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	(void)bkt_fail(err, BKT_E_USAGE, "'%s' is not a member id", word);
	if (bkt_id_valid(small))
		bkt_err_hint(err, "did you mean '%s'?", small);
	else
		bkt_err_hint(err, "bukti member list shows who there is");
	return BKT_E_USAGE;
}

enum bkt_status cli_members(
    struct cli *c, struct bkt_strs *out, struct bkt_err *err)
{
	size_t n = cli_opt_count(c, "as");
	struct bkt_strs l = { NULL, 0 };
	const char *one = NULL;

	l.v = bkt_arena_alloc(c->arena, (n + 1) * sizeof(*l.v));
	if (!l.v)
		return cli_no_memory(err);
	for (; l.n < n; l.n++)
		l.v[l.n] = cli_opt_nth(c, "as", l.n);
	if (l.n == 0) {
		one = env_path("BUKTI_AS");
		if (!one)
			BKT_TRY(identity_file(c, &one, err));
		if (!one) {
			(void)bkt_fail(
			    err, BKT_E_USAGE, "it is not known who signs");
			bkt_err_hint(err, "say --as MEMBER, or set $BUKTI_AS");
			return BKT_E_USAGE;
		}
		l.v[l.n++] = one;
	}
	for (size_t i = 0; i < l.n; i++) {
		if (!bkt_id_valid(l.v[i]))
			return not_an_id(c, l.v[i], err);
		for (size_t k = 0; k < i; k++)
			if (strcmp(l.v[i], l.v[k]) == 0)
				return bkt_fail(err, BKT_E_USAGE,
				    "member '%s' is named twice", l.v[i]);
	}
	*out = l;
	return BKT_OK;
}

void cli_hands_release(struct cli_hands *h)
{
	for (size_t i = 0; i < h->n; i++) {
		/* the signer is ours, const only for those who borrow it */
		union {
			const bkt_signer *borrowed;
			bkt_signer *owned;
		} u = { .borrowed = h->v[i].signer };

		bkt_signer_free(u.owned);
	}
	*h = (struct cli_hands){ NULL, 0 };
}

#define TRIES 3 /* at the terminal */

/* it is public: no word about who can read it */
static bool has_certificate_only(const struct bkt_buf *b)
{
	return b->len > 0 &&
	       strstr((const char *)b->ptr, "BEGIN CERTIFICATE") &&
	       !strstr((const char *)b->ptr, "PRIVATE KEY");
}

enum bkt_status cli_signer_load(struct cli *c, const char *file,
    struct bkt_span cert_pem, size_t nth, bkt_signer **out, struct bkt_err *err)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes = { .ptr = NULL };
	struct cli_ask ask = { .c = c, .nth = nth, .what = file };
	enum bkt_status st = BKT_E_PASSPHRASE;

	bkt_buf_init(&bytes, 1024 * 1024);
	BKT_TRY(cli_slurp(file, &bytes, err));
	if (!has_certificate_only(&bytes))
		cli_warn_readable(c, file);
	for (int i = 1; st == BKT_E_PASSPHRASE && i <= TRIES; i++) {
		st = bkt_signer_load(bkt_buf_span(&bytes), cert_pem,
		    cli_passphrase_ask, &ask, out, err);
		if (st != BKT_E_PASSPHRASE || !ask.terminal ||
		    cli_interrupted())
			break;
		if (i < TRIES)
			cli_note(c, "wrong passphrase, try again");
	}
	bkt_wipe(bytes.ptr, bytes.len);
	if (st == BKT_E_PASSPHRASE)
		return cli_passphrase_refused(&ask, err);
	if (st != BKT_OK)
		return cli_input_failed(err, st, "key '%s'", file);
	return BKT_OK;
}

/* <keys>/<member>.key, else .p12 */
static enum bkt_status key_file_of(struct cli *c, const char *member,
    size_t nth, const char **out, struct bkt_err *err)
{
	static const char *const ends[] = { "key", "p12" };
	const char *dir = NULL;

	*out = cli_opt_nth(c, "key", nth);
	if (*out)
		return BKT_OK;
	BKT_TRY(cli_keys_dir(c, &dir, err));
	for (size_t i = 0; i < 2; i++) {
		*out = cli_printf(c, "%s/%s.%s", dir, member, ends[i]);
		if (bkt_path_exists(*out))
			return BKT_OK;
	}
	(void)bkt_fail(
	    err, BKT_E_USAGE, "there is no key of '%s' in '%s'", member, dir);
	bkt_err_hint(err,
	    "it lies where %s made it (as '%s.key' or '%s.p12'): name it with "
	    "--key FILE, or its folder with --keys DIR",
	    member, member, member);
	return BKT_E_USAGE;
}

#define WARN_DAYS 90

/* who finds out when it has ended may have nobody left to renew it */
static void warn_of_end(
    const struct cli *c, const char *member, const bkt_cert *cert)
{
	int64_t end = bkt_cert_info(cert)->not_after_utc_s,
		now = bkt_now_utc_s();
	char day[11];

	if (end - now > (int64_t)WARN_DAYS * 86400)
		return;
	bkt_date_format((int32_t)(end / 86400), day);
	cli_note(c, "warning: the certificate of '%s' %s on %s", member,
	    end < now ? "ended" : "ends", day);
	cli_note(c,
	    "hint: who registers members renews it%s: bukti member add %s "
	    "--update --request FILE (bukti key csr %s makes that)",
	    end < now ? "" : " before", member, member);
}

static enum bkt_status hand_load(struct cli *c, const char *member, size_t nth,
    struct bkt_hand *out, struct bkt_err *err)
{
	const char *file = NULL;
	BKT_AUTO(bkt_buf_release) struct bkt_buf pem = { .ptr = NULL };
	BKT_AUTO(bkt_cert_free) bkt_cert *cert = NULL;
	BKT_AUTO(bkt_signer_free) bkt_signer *signer = NULL;
	enum bkt_status st;

	bkt_buf_init(&pem, 64 * 1024);
	st = cli_read(c, cli_printf(c, "members/%s.pem", member), &pem, err);
	if (st == BKT_E_NOTFOUND) {
		(void)bkt_fail(
		    err, BKT_E_USAGE, "'%s' is not a member here", member);
		bkt_err_hint(err, "bukti member list shows who is");
		return BKT_E_USAGE;
	}
	if (st != BKT_OK)
		return st;
	BKT_TRY(bkt_cert_from_pem(bkt_buf_span(&pem), &cert, err));
	BKT_TRY(key_file_of(c, member, nth, &file, err));
	BKT_TRY(cli_signer_load(c, file, BKT_SPAN(NULL, 0), nth, &signer, err));
	st = bkt_signer_set_cert(signer, cert, err);
	if (st != BKT_OK) {
		st = cli_input_failed(err, st,
		    "key '%s' is not that of member '%s'", file, member);
		if (cli_opt_count(c, "as") > 1 && cli_opt_count(c, "key") > 0)
			bkt_err_hint(err, CLI_PAIRS);
		return st;
	}
	warn_of_end(c, member, cert);
	*out = (struct bkt_hand){ member, BKT_STEAL(signer) };
	return BKT_OK;
}

static int compare_hands(const void *a, const void *b)
{
	return strcmp(((const struct bkt_hand *)a)->member,
	    ((const struct bkt_hand *)b)->member);
}

enum bkt_status cli_hands_load(struct cli *c, const struct bkt_strs *members,
    struct cli_hands *out, struct bkt_err *err)
{
	BKT_AUTO(cli_hands_release) struct cli_hands h = { NULL, 0 };
	size_t n_keys = cli_opt_count(c, "key");

	if (n_keys > members->n) {
		(void)bkt_fail(err, BKT_E_USAGE,
		    "%s for %s; --key and --as go in pairs",
		    cli_count(c, n_keys, "key", NULL),
		    cli_count(c, members->n, "signer", NULL));
		bkt_err_hint(err, CLI_PAIRS);
		return BKT_E_USAGE;
	}
	h.v = bkt_arena_alloc(c->arena, (members->n + 1) * sizeof(*h.v));
	if (!h.v)
		return cli_no_memory(err);
	for (size_t i = 0; i < members->n; i++) {
		BKT_TRY(hand_load(c, members->v[i], i, &h.v[h.n], err));
		h.n++;
	}
	qsort(h.v, h.n, sizeof(*h.v), compare_hands);
	*out = h;
	h = (struct cli_hands){ NULL, 0 };
	return BKT_OK;
}

enum bkt_status cli_hands_default(
    struct cli *c, struct cli_hands *out, struct bkt_err *err)
{
	struct bkt_strs members = { NULL, 0 };

	BKT_TRY(cli_members(c, &members, err));
	BKT_TRY(cli_hands_load(c, &members, out, err));
	return BKT_OK;
}
