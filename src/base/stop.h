/* stop.h - Ctrl-C that does not lose work.
 *
 * The program calls ip_stop_install once; SIGINT and SIGTERM then only raise a flag. Long loops look at it
 * between steps, keep what they have, and return IP_ESTOPPED. A second signal ends the program at once.
 */
#ifndef IP_BASE_STOP_H
#define IP_BASE_STOP_H

#include "base/status.h"

#include <stdbool.h>

void ip_stop_install(void);
bool ip_stop_requested(void);

/* Raises or takes back the flag by hand: for tests. */
void ip_stop_set(bool stop);

/* IP_TRY(ip_stop_check()): fails with IP_ESTOPPED once the flag is up. */
ip_status ip_stop_check(void);

#endif
