/* Shared by the files of the city only. */
#ifndef BUKTI_TESTS_CITY_PRIVATE_H
#define BUKTI_TESTS_CITY_PRIVATE_H

#include "support/city.h"

struct city_person {
	const char *id, *roles, *unit;
};
extern const struct city_person city_people[CITY_N];
size_t city_nth(int who);
void city_must(enum bkt_status st, const struct bkt_err *err);
void *city_keep(struct city *c, size_t n);
const char *city_hex(struct city *c, struct bkt_span bytes);
struct bkt_span city_content(struct city *c, const char *words);

#endif
