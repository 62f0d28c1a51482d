/* stop.h - interrupting long computations without losing work.
 *
 * After ip_stop_install, SIGINT and SIGTERM only set a flag. Long loops check the flag between steps and return
 * IP_ESTOPPED. A second signal ends the program at once. Signals that were blocked are unblocked. A write beyond the
 * limit of file sizes fails with EFBIG. Without ip_stop_install, signals keep their usual effect.
 */
#ifndef IP_BASE_STOP_H
#define IP_BASE_STOP_H

#include "base/public.h"
#include "base/status.h"

#include <stdbool.h>

IP_PUBLIC_BEGIN

void ip_stop_install(void);

/* Between these calls a signal ends the program at once: for reading a pipe or a terminal, which may block for ever and
 * during which nothing is written. Without ip_stop_install they do nothing. */
void ip_stop_pause(void);
void ip_stop_resume(void);

bool ip_stop_requested(void);

/* Sets or clears the flag, as a signal would: for tests. */
void ip_stop_set(bool stop);

/* IP_TRY(ip_stop_check()): fails with IP_ESTOPPED if the flag is set. */
ip_status ip_stop_check(void);

IP_PUBLIC_END

#endif
