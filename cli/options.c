/* What was typed: verb, sub-verb, options, arguments. */
#include "cli.h"

#include <string.h>

const struct cli_opt cli_store_options[] = {
	{ "store", "DIR", "the store (else $BUKTI_STORE, or the one here)", 'C',
	    false },
	{ 0 },
};
const struct cli_opt cli_sign_options[] = {
	{ "as", "MEMBER", "who signs (else $BUKTI_AS, the identity file)", 0,
	    true },
	{ "with", "MEMBER", "who must sign too: waits as a proposal", 0, true },
	{ "key", "FILE", "signer's key; the nth is of the nth --as", 0, true },
	{ "keys", "DIR", "folder of keys (else $BUKTI_KEYS)", 0, false },
	{ "passphrase-file", "FILE",
	    "with its passphrase; the nth for the nth --as", 0, true },
	{ 0 },
};
const struct cli_opt cli_json_options[] = {
	{ "json", NULL, "print JSON", 0, false },
	{ 0 },
};
const struct cli_opt cli_help_options[] = {
	{ "help", NULL, "print this", 'h', false },
	{ 0 },
};

void cli_option_groups(
    const struct cli_cmd *cmd, const struct cli_opt *out[CLI_N_GROUPS])
{
	bool store = !(cmd->flags & CLI_NO_STORE) || (cmd->flags & CLI_READS);

	out[0] = cmd->options;
	out[1] = cmd->flags & CLI_JSON ? cli_json_options : NULL;
	out[2] =
	    cmd->flags & (CLI_WRITES | CLI_SIGNS) ? cli_sign_options : NULL;
	out[3] = store ? cli_store_options : NULL;
	out[4] = cli_help_options;
}

const struct cli_cmd *cli_find(
    const struct cli_cmd *const *table, const char *name)
{
	for (size_t i = 0; table[i]; i++)
		if (strcmp(table[i]->name, name) == 0)
			return table[i];
	return NULL;
}

enum bkt_status cli_unknown(struct bkt_err *err, enum bkt_status st,
    const char *what, const char *word, const struct bkt_strs *known)
{
	const char *near = bkt_suggest(word, known->v, known->n);

	(void)bkt_fail(err, st, "unknown %s '%s'", what, word);
	if (near)
		bkt_err_hint(err, "did you mean '%s'?", near);
	return st;
}

/* the words of a table, for a suggestion */
static enum bkt_status unknown_verb(struct cli *c,
    const struct cli_cmd *const *table, const char *what, const char *word,
    struct bkt_err *err)
{
	struct bkt_strs known = { NULL, 0 };
	size_t n = 0;

	while (table[n])
		n++;
	known.v = bkt_arena_alloc(c->arena, n * sizeof(*known.v));
	if (!known.v)
		return cli_no_memory(err);
	for (known.n = 0; known.n < n; known.n++)
		known.v[known.n] = table[known.n]->name;
	(void)cli_unknown(err, BKT_E_USAGE, what, word, &known);
	if (table != cli_table)
		bkt_err_hint_words(err, word, known.v, known.n);
	else if (err->hint[0] == '\0')
		bkt_err_hint(err, "bukti help lists what there is");
	return BKT_E_USAGE;
}

/* by long name (n bytes of it) or letter */
static const struct cli_opt *opt_lookup(
    const struct cli_cmd *cmd, const char *name, size_t n, char letter)
{
	const struct cli_opt *groups[CLI_N_GROUPS];

	cli_option_groups(cmd, groups);
	for (size_t g = 0; g < CLI_N_GROUPS; g++) {
		for (const struct cli_opt *o = groups[g]; o && o->name; o++) {
			if (letter != 0 && o->letter == letter)
				return o;
			if (letter == 0 && strncmp(o->name, name, n) == 0 &&
			    o->name[n] == '\0')
				return o;
		}
	}
	return NULL;
}

static enum bkt_status unknown_option(
    struct cli *c, const char *word, size_t n, struct bkt_err *err)
{
	const struct cli_opt *groups[CLI_N_GROUPS];
	const char *names[64];
	size_t n_names = 0;
	const char *near;
	const char *name = bkt_arena_strndup(c->arena, word, n);

	if (!name)
		return cli_no_memory(err);
	cli_option_groups(c->cmd, groups);
	for (size_t g = 0; g < CLI_N_GROUPS; g++)
		for (const struct cli_opt *o = groups[g];
		     o && o->name && n_names < 64; o++)
			names[n_names++] = o->name;
	near = n == 1 && opt_lookup(c->cmd, "", 0, name[0])
		   ? opt_lookup(c->cmd, "", 0, name[0])->name
		   : bkt_suggest(name, names, n_names);
	(void)bkt_fail(err, BKT_E_USAGE, "unknown option '--%s' for 'bukti %s'",
	    name, c->verb);
	if (near)
		bkt_err_hint(err, "did you mean '--%s'?", near);
	else
		bkt_err_hint(err, "bukti help %s", c->verb);
	return BKT_E_USAGE;
}

static enum bkt_status keep(struct cli *c, const struct cli_opt *o,
    const char *value, struct bkt_err *err)
{
	if (!o->many && o->value && cli_opt(c, o->name))
		return bkt_fail(
		    err, BKT_E_USAGE, "option '--%s' is given twice", o->name);
	c->values[c->n_values++] = (struct cli_value){ o, value };
	return BKT_OK;
}

/* --name, --name=value, --name value */
static enum bkt_status take_long(
    struct cli *c, int argc, char **argv, int *i, struct bkt_err *err)
{
	const char *word = argv[*i] + 2;
	const char *eq = strchr(word, '=');
	size_t n = eq ? (size_t)(eq - word) : strlen(word);
	const struct cli_opt *o = opt_lookup(c->cmd, word, n, 0);

	if (!o)
		return unknown_option(c, word, n, err);
	if (!o->value) {
		if (eq)
			return bkt_fail(err, BKT_E_USAGE,
			    "option '--%s' takes no value", o->name);
		return keep(c, o, "", err);
	}
	if (eq)
		return keep(c, o, eq + 1, err);
	if (*i + 1 >= argc)
		return bkt_fail(err, BKT_E_USAGE, "option '--%s' needs a %s",
		    o->name, o->value);
	*i += 1;
	return keep(c, o, argv[*i], err);
}

/* -x, -xVALUE, -x VALUE */
static enum bkt_status take_short(
    struct cli *c, int argc, char **argv, int *i, struct bkt_err *err)
{
	const char *word = argv[*i];

	for (size_t k = 1; word[k] != '\0'; k++) {
		const struct cli_opt *o = opt_lookup(c->cmd, "", 0, word[k]);

		if (!o) {
			(void)bkt_fail(err, BKT_E_USAGE,
			    "unknown option '-%c' for 'bukti %s'", word[k],
			    c->verb);
			bkt_err_hint(err, "bukti help %s", c->verb);
			return BKT_E_USAGE;
		}
		if (!o->value) {
			BKT_TRY(keep(c, o, "", err));
			continue;
		}
		if (word[k + 1] != '\0')
			return keep(c, o, word + k + 1, err);
		if (*i + 1 >= argc)
			return bkt_fail(err, BKT_E_USAGE,
			    "option '-%c' needs a %s", o->letter, o->value);
		*i += 1;
		return keep(c, o, argv[*i], err);
	}
	return BKT_OK;
}

/* the nth word of a usage line, up to its options; "" there is none */
static const char *usage_word(struct cli *c, unsigned n)
{
	const char *p = c->cmd->usage;

	for (;; n--) {
		size_t len = strcspn(p, " \n");

		if (len == 0 || *p == '-' || *p == '[')
			return "";
		if (n == 0)
			return cli_printf(c, "%.*s", (int)len, p);
		p += len + (p[len] == ' ');
	}
}

static enum bkt_status count_args(struct cli *c, struct bkt_err *err)
{
	const char *usage = c->cmd->usage;

	if (c->argc < c->cmd->min_args) {
		const char *word = usage_word(c, c->argc);

		(void)bkt_fail(err, BKT_E_USAGE, "'bukti %s' lacks %s%s",
		    c->verb, c->argc > 0 ? "another argument: " : "",
		    word[0] != '\0' ? word : "an argument");
		bkt_err_hint(err, "bukti %s %.*s", c->verb,
		    (int)strcspn(usage, "\n"), usage);
		return BKT_E_USAGE;
	}
	if (c->argc <= c->cmd->max_args)
		return BKT_OK;
	(void)bkt_fail(err, BKT_E_USAGE, "unexpected argument '%s'",
	    c->argv[c->cmd->max_args]);
	bkt_err_hint(err, "bukti help %s", c->verb);
	return BKT_E_USAGE;
}

/* options that may stand before the verb are moved behind it */
static enum bkt_status leading(struct cli *c, int argc, char **argv, int *i,
    const char **store, struct bkt_err *err)
{
	for (; *i < argc && argv[*i][0] == '-'; *i += 1) {
		const char *a = argv[*i];

		if (strcmp(a, "--help") == 0 || strcmp(a, "-h") == 0) {
			c->verb = "help";
		} else if (strcmp(a, "--version") == 0) {
			c->verb = "version";
		} else if (strncmp(a, "--store=", 8) == 0) {
			*store = a + 8;
		} else if ((strcmp(a, "-C") == 0 ||
			       strcmp(a, "--store") == 0) &&
			   *i + 1 < argc) {
			*i += 1;
			*store = argv[*i];
		} else if (strcmp(a, "-C") == 0 || strcmp(a, "--store") == 0) {
			(void)bkt_fail(err, BKT_E_USAGE,
			    "option '%s' needs the folder of a store", a);
			bkt_err_hint(err, "bukti %s DIR VERB", a);
			return BKT_E_USAGE;
		} else {
			(void)bkt_fail(err, BKT_E_USAGE,
			    "option '%s' before the verb is not known", a);
			bkt_err_hint(err, "before the verb may stand -C DIR "
					  "(--store DIR), the rest follows it");
			return BKT_E_USAGE;
		}
	}
	return BKT_OK;
}

/* sets cmd and verb; *i moves behind them */
static enum bkt_status find_verb(
    struct cli *c, int argc, char **argv, int *i, struct bkt_err *err)
{
	const char *word = c->verb;

	if (!word && *i < argc)
		word = argv[(*i)++];
	c->verb = "";
	if (!word)
		return BKT_OK;
	c->cmd = cli_find(cli_table, word);
	if (!c->cmd)
		return unknown_verb(c, cli_table, "verb", word, err);
	c->verb = c->cmd->name;
	if (!c->cmd->subs)
		return BKT_OK;
	if (*i >= argc || argv[*i][0] == '-')
		return BKT_OK;
	word = argv[(*i)++];
	if (!cli_find(c->cmd->subs, word))
		return unknown_verb(c, c->cmd->subs,
		    cli_printf(c, "'bukti %s' verb", c->verb), word, err);
	c->cmd = cli_find(c->cmd->subs, word);
	c->verb = cli_printf(c, "%s %s", c->verb, word);
	return BKT_OK;
}

enum bkt_status cli_parse(
    struct cli *c, int argc, char **argv, struct bkt_err *err)
{
	const char *store = NULL;
	bool only_args = false;
	int i = 1;

	c->values = bkt_arena_alloc(
	    c->arena, ((size_t)argc + 64) * 8 * sizeof(*c->values));
	c->argv =
	    bkt_arena_alloc(c->arena, ((size_t)argc + 1) * sizeof(*c->argv));
	if (!c->values || !c->argv)
		return cli_no_memory(err);
	BKT_TRY(leading(c, argc, argv, &i, &store, err));
	BKT_TRY(find_verb(c, argc, argv, &i, err));
	if (!c->cmd)
		return BKT_OK;
	for (; i < argc; i++) {
		if (only_args || argv[i][0] != '-' || argv[i][1] == '\0')
			c->argv[c->argc++] = argv[i];
		else if (strcmp(argv[i], "--") == 0)
			only_args = true;
		else if (argv[i][1] == '-')
			BKT_TRY(take_long(c, argc, argv, &i, err));
		else
			BKT_TRY(take_short(c, argc, argv, &i, err));
	}
	if (store && opt_lookup(c->cmd, "store", 5, 0) && !cli_opt(c, "store"))
		BKT_TRY(keep(c, opt_lookup(c->cmd, "store", 5, 0), store, err));
	if (cli_flag(c, "help") || !c->cmd->run)
		return BKT_OK;
	return count_args(c, err);
}

const char *cli_opt_nth(const struct cli *c, const char *name, size_t i)
{
	BKT_ASSERT(opt_lookup(c->cmd, name, strlen(name), 0));
	for (size_t k = 0; k < c->n_values; k++)
		if (strcmp(c->values[k].opt->name, name) == 0 && i-- == 0)
			return c->values[k].value;
	return NULL;
}

const char *cli_opt(const struct cli *c, const char *name)
{
	return cli_opt_nth(c, name, 0);
}

size_t cli_opt_count(const struct cli *c, const char *name)
{
	size_t n = 0;

	while (cli_opt_nth(c, name, n))
		n++;
	return n;
}

bool cli_flag(const struct cli *c, const char *name)
{
	return cli_opt_nth(c, name, 0) != NULL;
}

bool cli_knows(const struct cli *c, const char *name)
{
	return opt_lookup(c->cmd, name, strlen(name), 0) != NULL;
}
