/* failure.h - the failure of the earliest of many steps that threads take in any order. For estimate.c. */
#ifndef IP_RUN_FAILURE_H
#define IP_RUN_FAILURE_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct ip_failure {
  ip_status code; /* IP_OK: none yet; start from {.code = IP_OK} */
  size_t step;
  char message[1024];
} ip_failure;

/* Keeps the failure `code` of a step with this thread's message, unless that of an earlier step is kept. A failure
 * without a message (a thread that could not even begin fails at each of its steps) gives way to any with one. Callers
 * take turns. */
void ip_failure_keep(ip_failure *f, ip_status code, size_t step);

/* Whether a step is still worth taking: none that comes before it has failed. */
bool ip_failure_allows(const ip_failure *f, size_t step);

#endif
