/* remarks.h - warnings about the estimates of a run. For cmd_estimate.c. */
#ifndef IP_CLI_REMARKS_H
#define IP_CLI_REMARKS_H

#include "base/status.h"

#include <stddef.h>

/* Prints warnings about the estimates (n specs, each from n_splits choices of samples) of the file on standard error:
 * saturated layers, layers that lost all information, epochs without activations. */
ip_status ip_remarks_print(const char *path, size_t n, const char *const *spec, size_t n_splits,
                           const char *const *split);

#endif
