/* remarks.h - what somebody who has estimated a run should know before believing the numbers. For cmd_estimate.c. */
#ifndef IP_CLI_REMARKS_H
#define IP_CLI_REMARKS_H

#include "base/status.h"

#include <stddef.h>

/* Prints on standard error what is to be remarked on the estimates (n specs) in the file: layers that are saturated,
 * layers without information after they had some, epochs that nothing was written to. */
ip_status ip_remarks_print(const char *path, size_t n, const char *const *spec);

#endif
