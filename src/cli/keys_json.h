/* keys_json.h - the keys of experiments as JSON, for infoplane run --help-keys --json. */
#ifndef IP_CLI_KEYS_JSON_H
#define IP_CLI_KEYS_JSON_H

#include "base/status.h"

#include <stdio.h>

/* Prints the keys whose name begins with `only`, or all if it is NULL. */
ip_status ip_keys_print_json(const char *only, FILE *out);

#endif
