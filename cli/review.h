/* Between the verbs below `review`. */
#ifndef BUKTI_CLI_REVIEW_H
#define BUKTI_CLI_REVIEW_H

#include "cli.h"

extern const struct cli_cmd cli_review_list;

#endif
