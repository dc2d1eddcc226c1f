/* Grammars of ids, codes and names that only this module needs. */
#ifndef BUKTI_MODEL_NAMES_H
#define BUKTI_MODEL_NAMES_H

#include "bukti/base.h"

#define INDICATOR_ID_MAX 12
#define ORIGIN_MAX 100
#define RULEBOOK_STEM_MAX 80
#define CODE_MAX 64
#define LOG_NAME_MAX 100

/* a device name of Windows, in any case: con, nul, com1 ... */
bool name_is_reserved(const char *s, size_t n);
bool rulebook_stem_valid(const char *s);
/* [a-z0-9][a-z0-9_-]{0,63}: document types, tags, causes */
bool code_valid(const char *s);
/* [A-Za-z0-9][A-Za-z0-9._-]{0,63}: what a document covers */
bool tag_value_valid(const char *s);

#endif
