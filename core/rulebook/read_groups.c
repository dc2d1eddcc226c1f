/* Domains and aspects, and what they weigh. */
#include "read.h"

/* "weight:" of a group is optional, but must be the sum of what is in it */
static void check_weight(
    struct rb_reader *r, const struct yml_node *node, struct bkt_rat sum)
{
	const struct yml_node *n = yml_get(node, "weight");
	char said[48], is[48];
	struct bkt_rat w;

	if (!n || r->y->n_problems != 0)
		return;
	w = yml_rat(r->y, n, "weight");
	if (bkt_rat_cmp(w, sum) == 0)
		return;
	bkt_rat_exact(w, said);
	bkt_rat_exact(sum, is);
	yml_problem(r->y, n->at, NULL,
	    "weight %s, but its indicators add up to %s", said, is);
}

static void sum_up(struct rb_reader *r, const struct yml_node *node,
    struct bkt_rat w, struct bkt_rat *sum)
{
	if (!bkt_rat_add(*sum, w, sum))
		yml_problem(r->y, node->at, NULL, "weights are too large");
}

/* a weight of its own, or a part of the aspect's */
static void check_own_weight(struct rb_reader *r, const struct yml_node *list,
    const struct bkt_rb_indicator *ind, bool shares)
{
	struct yml *y = r->y;

	if (y->n_problems != 0)
		return;
	if (shares && ind->weight.num != 0)
		yml_problem(y, list->at, NULL,
		    "indicator \"%s\" has a weight, but its aspect shares "
		    "one equally",
		    ind->id);
	else if (!shares && ind->weight.num == 0)
		yml_problem(y, list->at, NULL, "indicator \"%s\" has no weight",
		    ind->id);
	else if (!shares && ind->optional)
		yml_problem(y, list->at, "give the aspect share: equal",
		    "indicator \"%s\" is optional, but its weight is fixed",
		    ind->id);
}

/* share: equal; what the parts are is known when it is known who is assessed,
 * and until then they are those of the indicators that always are */
static void read_share(
    struct rb_reader *r, const struct yml_node *node, struct bkt_rb_aspect *a)
{
	const struct yml_node *weight = yml_need(r->y, node, "weight");
	struct bkt_rulebook *rb = r->rb;
	struct bkt_rat part;
	int64_t n = 0;

	a->weight = yml_rat(r->y, weight, "weight");
	if (a->weight.num <= 0 && r->y->n_problems == 0)
		yml_problem(r->y, node->at, NULL, "weight must be above zero");
	for (size_t i = 0; i < rb->n_indicators; i++)
		n += r->placed[i] && !rb->indicators[i].optional &&
		     rb->indicators[i].aspect == rb->n_aspects;
	if (r->y->n_problems != 0)
		return;
	if (n == 0 ||
	    !bkt_rat_div(a->weight, (struct bkt_rat){ n, 1 }, &part)) {
		yml_problem(r->y, node->at, NULL,
		    "every indicator of the aspect is optional");
		return;
	}
	for (size_t i = 0; i < rb->n_indicators; i++)
		if (r->placed[i] && rb->indicators[i].aspect == rb->n_aspects)
			rb->indicators[i].weight = part;
}

static void read_aspect(
    struct rb_reader *r, const struct yml_node *node, size_t domain)
{
	static const char *const keys[] = { "id", "title", "weight", "share",
		"indicators" };
	static const char *const shares[] = { "equal" };
	struct bkt_rulebook *rb = r->rb;
	struct bkt_rb_aspect *a = &rb->aspects[rb->n_aspects];
	const struct yml_node *list;
	struct bkt_strs ids;

	a->id = "";
	a->domain = domain;
	a->weight = (struct bkt_rat){ 0, 1 };
	if (!yml_map_of(r->y, node, "aspect", keys, YML_N(keys)))
		return;
	a->id = yml_word(r->y, yml_need(r->y, node, "id"), "id");
	a->title = yml_text2(r->y, yml_need(r->y, node, "title"), "title");
	if (yml_get(node, "share"))
		a->shares = yml_choice(r->y, yml_get(node, "share"), "share",
				shares, YML_N(shares)) == 0;
	list = yml_need(r->y, node, "indicators");
	ids = yml_words(r->y, list, "indicator");
	if (list && ids.n == 0)
		yml_problem(r->y, node->at, NULL, "aspect without indicators");
	for (size_t i = 0; i < ids.n; i++) {
		size_t k = rb_indicator_at(r, list->at, ids.v[i]);

		if (k == rb->n_indicators)
			continue;
		if (r->placed[k])
			yml_problem(r->y, list->at, NULL,
			    "indicator \"%s\" is in two aspects", ids.v[i]);
		r->placed[k] = true;
		rb->indicators[k].aspect = rb->n_aspects;
		check_own_weight(r, list, &rb->indicators[k], a->shares);
		sum_up(r, node, rb->indicators[k].weight, &a->weight);
	}
	if (a->shares)
		read_share(r, node, a);
	else
		check_weight(r, node, a->weight);
	sum_up(r, node, a->weight, &rb->domains[domain].weight);
	rb->n_aspects++;
}

static size_t count_aspects(const struct yml_node *domains)
{
	size_t n = 0;

	for (const struct yml_node *d = domains->first; d; d = d->next) {
		const struct yml_node *list = yml_get(d, "aspects");

		n += list ? list->n : 0;
	}
	return n;
}

static void read_domain(
    struct rb_reader *r, const struct yml_node *node, struct bkt_rat *total)
{
	static const char *const keys[] = { "id", "title", "weight",
		"aspects" };
	struct bkt_rulebook *rb = r->rb;
	size_t i = rb->n_domains++;
	struct bkt_rb_domain *d = &rb->domains[i];
	const struct yml_node *aspects;

	d->id = "";
	d->weight = (struct bkt_rat){ 0, 1 };
	if (!yml_map_of(r->y, node, "domain", keys, YML_N(keys)))
		return;
	d->id = yml_word(r->y, yml_need(r->y, node, "id"), "id");
	d->title = yml_text2(r->y, yml_need(r->y, node, "title"), "title");
	aspects = yml_need(r->y, node, "aspects");
	if (!aspects || !yml_is_list(r->y, aspects, "aspects"))
		return;
	for (const struct yml_node *n = aspects->first; n; n = n->next)
		read_aspect(r, n, i);
	check_weight(r, node, d->weight);
	sum_up(r, node, d->weight, total);
}

void rb_read_domains(struct rb_reader *r, const struct yml_node *list)
{
	struct bkt_rulebook *rb = r->rb;
	struct bkt_rat total = { 0, 1 };
	char said[48], is[48];

	if (!list || rb->n_indicators == 0 || !r->placed ||
	    !yml_is_list(r->y, list, "domains"))
		return;
	rb->domains = yml_alloc(r->y, list->n + 1, sizeof(*rb->domains));
	rb->aspects =
	    yml_alloc(r->y, count_aspects(list) + 1, sizeof(*rb->aspects));
	if (!rb->domains || !rb->aspects)
		return;
	for (const struct yml_node *n = list->first; n; n = n->next)
		read_domain(r, n, &total);
	for (size_t i = 0; i < rb->n_indicators; i++)
		if (!r->placed[i] && *rb->indicators[i].id)
			yml_problem(r->y, list->at, NULL,
			    "indicator \"%s\" is in no aspect",
			    rb->indicators[i].id);
	if (r->y->n_problems != 0 || bkt_rat_cmp(total, rb->weight_total) == 0)
		return;
	bkt_rat_exact(rb->weight_total, said);
	bkt_rat_exact(total, is);
	yml_problem(r->y, list->at, NULL,
	    "weight_total is %s, but the indicators add up to %s", said, is);
}
