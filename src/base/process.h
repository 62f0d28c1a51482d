/* process.h - another program run to its end, and what it printed. */
#ifndef IP_BASE_PROCESS_H
#define IP_BASE_PROCESS_H

#include "base/status.h"

#include <stddef.h>

/* Runs argv[0] from PATH with argv (ends with NULL), without a shell. `out` is what it wrote on its standard output
 * (at most 1 MiB is kept), in a new string. IP_ECHILD, with what it wrote on standard error, when it is not installed
 * or its exit status is not 0. */
ip_status ip_command_output(const char *const *argv, char **out);

#endif
