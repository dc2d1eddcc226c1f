/* A package as members in memory, to be changed and written again. */
#ifndef BUKTI_TESTS_BOX_H
#define BUKTI_TESTS_BOX_H

#include "support/city.h"

struct box_member {
	const char *path; /* whole */
	struct bkt_span bytes;
	bool gone;
};
struct box {
	struct city *city;
	struct box_member v[512];
	size_t n;
};
enum box_edit { FLIP, DROP, ADD, EXCHANGE, NOTHING };
enum box_care { NONE, MANIFESTS, RESEALED_BY_SIGNERS, RESEALED_BY_OTHERS };

void box_load(struct city *city, const char *file, struct box *b);
/** The member whose path below the bag begins so, and ends so. */
struct box_member *box_find(
    struct box *b, const char *begins, const char *ends);
void box_set(struct box *b, struct box_member *m, const struct bkt_buf *text);
void box_edit(
    struct box *b, const char *begins, const char *ends, enum box_edit what);
/** Some words in a member by others. */
void box_change(
    struct box *b, const char *name, const char *from, const char *to);
/** What a forger does for it to look right. */
void box_care(struct box *b, enum box_care how);
void box_write(struct box *b, char file[96]);

#endif
