/* progress.h - progress of long computations: a bar with rate and remaining time on a terminal, otherwise a plain line
 * every ten seconds.
 *
 * The library itself prints nothing: the caller provides the stream, and a NULL ip_progress is silent.
 */
#ifndef IP_BASE_PROGRESS_H
#define IP_BASE_PROGRESS_H

#include "base/public.h"
#include "base/status.h"

#include <stdio.h>

IP_PUBLIC_BEGIN

typedef struct ip_progress ip_progress;

/* Creates a bar on `out`. `unit` names what is counted ("epochs"); total is 0 if unknown. If out is NULL, *p is NULL.
 */
ip_status ip_progress_create(FILE *out, const char *label, const char *unit, double total, ip_progress **p);

/* For a worker process: instead of a bar, prints the number of finished units, one per line, at most ten times a
 * second. If out is NULL, *p is NULL. */
ip_status ip_progress_relay(FILE *out, ip_progress **p);

/* Starts a second part of the work, of `total` steps of another kind. A relay prints "+done/total" from now on, the
 * first line at once. */
void ip_progress_second_part(ip_progress *p, double total);

/* Sets the remaining time in seconds, in place of the estimate from the rate; negative: unknown. */
void ip_progress_set_left(ip_progress *p, double left_s);

/* Reports that `done` units of the total are finished; `note` (may be NULL) follows the bar. Redraws at most ten times
 * a second, prints a plain line at most every ten seconds. */
void ip_progress_update(ip_progress *p, double done, const char *note);

/* Erases the bar from the terminal, so that the caller can print a message; the next update redraws it. */
void ip_progress_clear(const ip_progress *p);

/* Ends the bar with one line: the final count and the elapsed time. */
void ip_progress_destroy(ip_progress **p);

IP_PUBLIC_END

#endif
