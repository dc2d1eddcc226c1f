/* Shared by the files that read a rulebook. */
#ifndef BUKTI_RULEBOOK_READ_H
#define BUKTI_RULEBOOK_READ_H

#include "tree.h"
#include "yaml.h"

#define RB_LEAVES_ALL_MAX 8192 /* after templates are expanded */

struct rb_reader {
	struct yml *y;
	struct bkt_rulebook *rb;
	struct bkt_rb_rules *rules;
	struct bkt_strs references; /* ids */
	const struct yml_node *templates;
	bool *placed; /* indicators that an aspect has named */
	size_t n_leaves;
	struct rb_leaf *scratch; /* RB_LEAVES_MAX: those of one indicator */
	struct rb_proof {
		const struct yml_node *node;
		bool used, bad; /* a problem is told once */
	} * proofs;             /* by scale; node NULL: none */
	/* while one indicator is read: */
	const struct bkt_rb_indicator *indicator;
	struct rb_plan *plan;
	unsigned level, n_in_level;
};

/* read_head.c */
void rb_read_head(struct rb_reader *r, const struct yml_node *root);
void rb_read_scales(struct rb_reader *r, const struct yml_node *node);
void rb_read_index(struct rb_reader *r, const struct yml_node *node);
void rb_read_review(struct rb_reader *r, const struct yml_node *node);
/* read_types.c */
void rb_read_types(struct rb_reader *r, const struct yml_node *list);
void rb_read_tags(struct rb_reader *r, const struct yml_node *node,
    struct rb_tag **out, size_t *out_n);
struct rb_types rb_types_of(struct rb_reader *r, const struct yml_node *list);
unsigned rb_fields_of(struct rb_reader *r, const struct yml_node *list);
size_t rb_type_index(const struct rb_reader *r, const char *id); /* n: none */
/* read_indicators.c, read_groups.c, read_require.c, template.c */
void rb_read_indicators(struct rb_reader *r, const struct yml_node *list);
void rb_read_domains(struct rb_reader *r, const struct yml_node *list);
/** NULL for `none` and after a problem. */
const struct bkt_req *rb_read_require(
    struct rb_reader *r, const struct yml_node *node, unsigned level);
void rb_check_templates(struct rb_reader *r);
/** Levels of the template a `use` names, parameters filled in; or NULL. */
const struct yml_node *rb_template_levels(
    struct rb_reader *r, const struct yml_node *use);
/** vocabulary.c: every tag that any indicator knows, once. */
void rb_collect_tags(struct rb_reader *r);
const struct rb_tag *rb_tag_find(const struct rb_reader *r, const char *id);
/* read_checks.c, read_tests.c */
void rb_read_checks(struct rb_reader *r, const struct yml_node *map);
/** Flags by indicator for a list of ids; NULL without memory. */
bool *rb_indicators_of(struct rb_reader *r, const struct yml_node *list);
/** Index of an indicator's id, or n_indicators after a problem. */
size_t rb_indicator_at(struct rb_reader *r, struct yml_mark at, const char *id);
void rb_read_tests(struct rb_reader *r, const struct yml_node *samples,
    const struct yml_node *list);

#endif
