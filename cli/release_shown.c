/* What whoever seals a release answers for, each of them. */
#include <string.h>

#include "release.h"

static bool left_out(const struct bkt_release *r, const struct bkt_evidence *e)
{
	for (size_t i = 0; i < r->n_exclusions; i++)
		if (strcmp(r->exclusions[i].path, e->link_path) == 0)
			return true;
	return false;
}

void release_goes_out(struct cli *c, const struct bkt_facts *facts,
    const struct bkt_release *release)
{
	for (size_t i = 0; i < facts->n_evidence; i++) {
		const struct bkt_evidence *e = &facts->evidence[i];

		if (left_out(release, e) ||
		    (strcmp(e->class_, "umum") == 0 && !e->personal))
			continue;
		cli_field(c, "goes out",
		    cli_printf(c, "%s/%s, %s%s: %s", e->indicator, e->document,
			e->class_, e->personal ? " with personal data" : "",
			e->title));
	}
}

/* it only enters while the log is as it was: then these are its documents */
enum bkt_status release_waiting(
    struct cli *c, const struct bkt_record *r, struct bkt_err *err)
{
	BKT_AUTO(bkt_assess_free) bkt_assess *a = NULL;

	if (r->kind != BKT_KIND_RELEASE)
		return BKT_OK;
	BKT_TRY(bkt_assess_cycle(
	    bkt_store_source(c->store), r->u.release.cycle, NULL, &a, err));
	release_goes_out(c, bkt_assess_facts(a), &r->u.release);
	return BKT_OK;
}
