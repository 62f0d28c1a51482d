/* estimate_list.h - the estimators and measures of infoplane estimate --list. */
#ifndef IP_CLI_ESTIMATE_LIST_H
#define IP_CLI_ESTIMATE_LIST_H

#include "base/status.h"

#include <stdbool.h>
#include <stdio.h>

/* Prints names, parameters and series, as text or as JSON. */
ip_status ip_estimate_list(bool json, FILE *out);

#endif
