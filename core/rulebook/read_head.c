/* Who a rulebook is, its scales, its index and bands, its review policy. */
#include "read.h"

#include <string.h>

static const char *const kind_words[] = { "levels", "score", "external" };

/* "id.go.menpan.spbe" + "2020" + 1 is spbe-2020-r1: names files and records */
static void make_stem(struct rb_reader *r, const struct yml_node *root)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	struct bkt_rulebook *rb = r->rb;
	const char *last = strrchr(rb->id, '.');

	last = last ? last + 1 : rb->id;
	if (r->y->n_problems != 0)
		return;
	if (last[strspn(last, set)] != '\0' || *last == '\0' ||
	    rb->edition[strspn(rb->edition, set)] != '\0') {
		yml_problem(r->y, root->at,
		    "they name the file: lower-case letters and digits",
		    "last part of id \"%s\" or edition \"%s\" is not plain",
		    rb->id, rb->edition);
		return;
	}
	rb->stem = bkt_arena_printf(r->y->arena, "%s-%s-r%llu", last,
	    rb->edition, (unsigned long long)rb->revision);
	if (!rb->stem)
		r->y->nomem = true;
}

static void read_references(struct rb_reader *r, const struct yml_node *list)
{
	static const char *const keys[] = { "id", "kind", "number", "year",
		"title", "locator", "note" };
	static const char *const kinds[] = { "regulation", "guideline",
		"slides", "application", "page" };
	struct yml *y = r->y;

	if (!list || !yml_is_list(y, list, "references"))
		return;
	r->references.v = yml_alloc(y, list->n + 1, sizeof(*r->references.v));
	for (const struct yml_node *n = list->first; n && r->references.v;
	     n = n->next) {
		const char *id;

		if (!yml_map_of(y, n, "reference", keys, YML_N(keys)))
			continue;
		id = yml_word(y, yml_need(y, n, "id"), "reference id");
		(void)yml_choice(
		    y, yml_need(y, n, "kind"), "kind", kinds, YML_N(kinds));
		(void)yml_text2(y, yml_need(y, n, "title"), "title");
		for (size_t i = 2; i < YML_N(keys); i++)
			if (i != 4)
				(void)yml_text2(
				    y, yml_get(n, keys[i]), keys[i]);
		if (*id && bkt_strs_has(&r->references, id))
			yml_problem(y, n->at, NULL,
			    "reference \"%s\" a second time", id);
		r->references.v[r->references.n++] = id;
	}
}

static void read_authority(struct rb_reader *r, const struct yml_node *node)
{
	static const char *const keys[] = { "name", "regulation" };
	struct yml *y = r->y;
	const struct yml_node *ref;
	const char *id;

	if (!node || !yml_map_of(y, node, "authority", keys, YML_N(keys)))
		return;
	(void)yml_text(y, yml_need(y, node, "name"), "name");
	ref = yml_need(y, node, "regulation");
	id = yml_word(y, ref, "regulation");
	if (*id && !bkt_strs_has(&r->references, id))
		yml_problem_word(y, ref->at, "reference", id, r->references.v,
		    r->references.n);
}

static void read_effective(struct yml *y, const struct yml_node *node)
{
	static const char *const keys[] = { "from", "until" };
	int32_t from, until;

	if (!node || !yml_map_of(y, node, "effective", keys, YML_N(keys)))
		return;
	from = yml_date(y, yml_need(y, node, "from"), "from");
	until = yml_date(y, yml_get(node, "until"), "until");
	if (until != BKT_NO_DATE && until < from)
		yml_problem(y, node->at, NULL, "until lies before from");
}

static void read_changes(struct rb_reader *r, const struct yml_node *list)
{
	static const char *const keys[] = { "revision", "kind", "at", "into",
		"note" };
	static const char *const kinds[] = { "text", "rule", "weight", "add",
		"remove", "split", "merge" };
	struct yml *y = r->y;

	if (!list || !yml_is_list(y, list, "changes"))
		return;
	for (const struct yml_node *n = list->first; n; n = n->next) {
		if (!yml_map_of(y, n, "change", keys, YML_N(keys)))
			continue;
		(void)yml_u64(y, yml_need(y, n, "revision"), "revision", 1,
		    r->rb->revision);
		(void)yml_choice(
		    y, yml_need(y, n, "kind"), "kind", kinds, YML_N(kinds));
		(void)yml_words(y, yml_get(n, "at"), "at");
		(void)yml_words(y, yml_get(n, "into"), "into");
		(void)yml_text2(y, yml_get(n, "note"), "note");
	}
}

void rb_read_head(struct rb_reader *r, const struct yml_node *root)
{
	static const char *const statuses[] = { "draft", "active", "retired" };
	static const char *const languages[] = { "id" };
	struct bkt_rulebook *rb = r->rb;
	struct yml *y = r->y;
	size_t i;

	(void)yml_u64(y, yml_need(y, root, "rulebook"), "rulebook", 1, 1);
	rb->id = yml_word(y, yml_need(y, root, "id"), "id");
	rb->edition = yml_word(y, yml_need(y, root, "edition"), "edition");
	rb->revision =
	    yml_u64(y, yml_need(y, root, "revision"), "revision", 1, 999999);
	i = yml_choice(y, yml_need(y, root, "status"), "status", statuses,
	    YML_N(statuses));
	rb->status = statuses[i < YML_N(statuses) ? i : 0];
	(void)yml_choice(y, yml_need(y, root, "language"), "language",
	    languages, YML_N(languages));
	(void)yml_words(y, yml_get(root, "translations"), "translations");
	rb->title = yml_text2(y, yml_need(y, root, "title"), "title");
	(void)yml_text2(y, yml_get(root, "license"), "license");
	(void)yml_text2(y, yml_get(root, "notes"), "notes");
	read_references(r, yml_get(root, "references"));
	read_authority(r, yml_get(root, "authority"));
	read_effective(y, yml_get(root, "effective"));
	read_changes(r, yml_get(root, "changes"));
	make_stem(r, root);
}

static void read_names(
    struct yml *y, const struct yml_node *node, struct bkt_scale *s)
{
	size_t n = (size_t)(s->max.num - s->min.num) + 1;

	if (!node || !yml_is_map(y, node, "names"))
		return;
	s->names = yml_alloc(y, n, sizeof(*s->names));
	for (size_t i = 0; i < n && s->names; i++) {
		char key[48];

		bkt_rat_exact(
		    (struct bkt_rat){ s->min.num + (int64_t)i, 1 }, key);
		s->names[i] = yml_text(y, yml_need(y, node, key), "name");
		s->n_names++;
	}
	if (node->n > n)
		yml_problem(y, node->at, NULL,
		    "%zu names for the %zu levels of the scale", node->n, n);
}

static void read_levels_scale(
    struct yml *y, const struct yml_node *node, struct bkt_scale *s)
{
	const struct yml_node *cumulative = yml_get(node, "cumulative");
	const struct yml_node *floor = yml_get(node, "floor");
	uint64_t min, max;

	min = yml_u64(y, yml_need(y, node, "min"), "min", 0, 100);
	max = yml_u64(y, yml_need(y, node, "max"), "max", min + 1,
	    min + RB_LEVELS_MAX - 1);
	s->min = (struct bkt_rat){ (int64_t)min, 1 };
	s->max = (struct bkt_rat){ (int64_t)max, 1 };
	s->floor = s->min;
	if (floor)
		s->floor.num = (int64_t)yml_u64(y, floor, "floor", min, max);
	s->cumulative =
	    cumulative ? yml_bool(y, cumulative, "cumulative") : true;
	read_names(y, yml_get(node, "names"), s);
}

static void read_score_scale(
    struct yml *y, const struct yml_node *node, struct bkt_scale *s)
{
	static const char *const no[] = { "cumulative", "floor", "names" };

	s->min = yml_rat(y, yml_need(y, node, "min"), "min");
	s->max = yml_rat(y, yml_need(y, node, "max"), "max");
	s->floor = s->min;
	if (bkt_rat_cmp(s->min, s->max) >= 0)
		yml_problem(y, node->at, NULL, "max must be above min");
	for (size_t i = 0; i < YML_N(no); i++)
		if (yml_get(node, no[i]))
			yml_problem(y, yml_get(node, no[i])->key_at, NULL,
			    "\"%s\" belongs to a scale of levels", no[i]);
}

static void read_scale(
    struct rb_reader *r, const struct yml_node *node, struct bkt_scale *s)
{
	static const char *const keys[] = { "kind", "min", "max", "cumulative",
		"floor", "names", "issuer", "index", "proof" };
	struct yml *y = r->y;
	size_t kind;

	s->id = node->key;
	s->min = s->floor = (struct bkt_rat){ 0, 1 };
	s->max = (struct bkt_rat){ 1, 1 };
	if (!yml_map_of(y, node, "scale", keys, YML_N(keys)))
		return;
	kind = yml_choice(y, yml_need(y, node, "kind"), "kind", kind_words,
	    YML_N(kind_words));
	if (kind == BKT_SCALE_LEVELS) {
		s->kind = BKT_SCALE_LEVELS;
		read_levels_scale(y, node, s);
		if (yml_get(node, "proof"))
			yml_problem(y, yml_get(node, "proof")->key_at, NULL,
			    "\"proof\" belongs to a scale of scores");
	} else {
		s->kind = kind == BKT_SCALE_EXTERNAL ? BKT_SCALE_EXTERNAL
						     : BKT_SCALE_SCORE;
		read_score_scale(y, node, s);
	}
	if (s->kind == BKT_SCALE_EXTERNAL) {
		(void)yml_text(y, yml_need(y, node, "issuer"), "issuer");
		(void)yml_text(y, yml_get(node, "index"), "index");
	}
}

void rb_read_scales(struct rb_reader *r, const struct yml_node *node)
{
	struct bkt_scale *scales;

	if (!node || !yml_is_map(r->y, node, "scales"))
		return;
	scales = yml_alloc(r->y, node->n + 1, sizeof(*scales));
	r->proofs = yml_alloc(r->y, node->n + 1, sizeof(*r->proofs));
	if (!scales || !r->proofs)
		return;
	r->rules->scales = scales;
	for (const struct yml_node *n = node->first; n; n = n->next) {
		size_t i = r->rules->n_scales++;

		r->proofs[i].node = yml_get(n, "proof");
		read_scale(r, n, &scales[i]);
	}
}

static void read_bands(struct rb_reader *r, const struct yml_node *list)
{
	static const char *const keys[] = { "name", "from", "below" };
	struct yml *y = r->y;
	struct bkt_rat edge = { 0, 1 };

	if (!list || !yml_is_list(y, list, "bands"))
		return;
	if (list->n == 0)
		yml_problem(y, list->at, NULL, "at least one band is needed");
	r->rb->bands = yml_alloc(y, list->n + 1, sizeof(*r->rb->bands));
	for (const struct yml_node *n = list->first; n && r->rb->bands;
	     n = n->next) {
		struct bkt_band *b = &r->rb->bands[r->rb->n_bands++];
		const struct yml_node *below;
		bool open;

		b->name = "";
		if (!yml_map_of(y, n, "band", keys, YML_N(keys)))
			continue;
		b->name = yml_text(y, yml_need(y, n, "name"), "name");
		b->from = yml_rat(y, yml_need(y, n, "from"), "from");
		if (n != list->first && bkt_rat_cmp(b->from, edge) != 0)
			yml_problem(y, n->at, "bands must follow each other",
			    "band \"%.40s\" does not begin where the one "
			    "before ends",
			    b->name);
		below = yml_need(y, n, "below");
		open = below && below->kind == YML_SCALAR && below->plain &&
		       strcmp(below->text, "null") == 0;
		if (open != (n->next == NULL))
			yml_problem(y, n->at, NULL,
			    "the last band, and only it, has below: null");
		if (open || !below)
			continue;
		edge = yml_rat(y, below, "below");
		if (bkt_rat_cmp(edge, b->from) <= 0)
			yml_problem(
			    y, n->at, NULL, "band \"%.40s\" is empty", b->name);
	}
}

void rb_read_index(struct rb_reader *r, const struct yml_node *node)
{
	static const char *const keys[] = { "method", "weight_total", "display",
		"near_bound", "bands", "source" };
	static const char *const methods[] = { "weighted_mean" };
	static const char *const display_keys[] = { "decimals" };
	const struct yml_node *display;
	struct yml *y = r->y;

	if (!node || !yml_map_of(y, node, "index", keys, YML_N(keys)))
		return;
	(void)yml_choice(y, yml_need(y, node, "method"), "method", methods, 1);
	(void)yml_text2(y, yml_get(node, "source"), "source");
	r->rb->weight_total =
	    yml_rat(y, yml_need(y, node, "weight_total"), "weight_total");
	r->rb->near_bound =
	    yml_rat(y, yml_need(y, node, "near_bound"), "near_bound");
	display = yml_need(y, node, "display");
	if (display && yml_map_of(y, display, "display", display_keys, 1))
		r->rb->display_decimals = (unsigned)yml_u64(
		    y, yml_need(y, display, "decimals"), "decimals", 0, 9);
	read_bands(r, yml_need(y, node, "bands"));
}

void rb_read_review(struct rb_reader *r, const struct yml_node *node)
{
	static const char *const keys[] = { "approvals", "distinct_from",
		"reason_required_for", "second_approval_for" };
	static const char *const second_keys[] = { "level_at_least" };
	static const char *const who[] = { "uploader", "claimant" };
	static const char *const what[] = { "return", "reject", "accept" };
	const struct yml_node *second, *list;
	struct yml *y = r->y;

	r->rb->approvals = 1;
	if (!node || !yml_map_of(y, node, "review", keys, YML_N(keys)))
		return;
	r->rb->approvals = (unsigned)yml_u64(
	    y, yml_need(y, node, "approvals"), "approvals", 1, 8);
	list = yml_get(node, "distinct_from");
	if (list && yml_is_list(y, list, "distinct_from"))
		for (list = list->first; list; list = list->next)
			(void)yml_choice(
			    y, list, "distinct_from", who, YML_N(who));
	list = yml_get(node, "reason_required_for");
	if (list && yml_is_list(y, list, "reason_required_for"))
		for (list = list->first; list; list = list->next)
			(void)yml_choice(
			    y, list, "decision", what, YML_N(what));
	second = yml_get(node, "second_approval_for");
	if (second &&
	    yml_map_of(y, second, "second_approval_for", second_keys, 1))
		r->rb->second_approval_level =
		    (unsigned)yml_u64(y, yml_need(y, second, "level_at_least"),
			"level_at_least", 1, 100);
}
