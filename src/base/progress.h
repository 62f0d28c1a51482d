/* progress.h - how far long work has come: a bar with rate and time left on a terminal, a plain line now and then
 * elsewhere.
 *
 * The library prints nothing by itself: the caller names the stream, and a NULL ip_progress is silent.
 */
#ifndef IP_BASE_PROGRESS_H
#define IP_BASE_PROGRESS_H

#include "base/status.h"

#include <stdio.h>

typedef struct ip_progress ip_progress;

/* `unit` names what is counted ("epochs"); total 0 when it is not known. out NULL: *p is NULL and stays silent. */
ip_status ip_progress_create(FILE *out, const char *label, const char *unit, double total, ip_progress **p);

/* For a worker process: no bar, but the bare number of what is done, one a line, ten times a second at most. out NULL
 * as above. */
ip_status ip_progress_relay(FILE *out, ip_progress **p);

/* The first part of the work is done, a second one of `total` steps of another kind begins. A relay writes
 * "+done/total" from now on, the first at once. */
void ip_progress_second_part(ip_progress *p, double total);

/* Time left as the caller knows it, in place of what follows from the rate so far; negative: not known. */
void ip_progress_set_left(ip_progress *p, double left_s);

/* `done` of the total are done; `note` (may be NULL) stands behind the bar. Redraws ten times a second at most,
 * writes a plain line every ten seconds at most. */
void ip_progress_update(ip_progress *p, double done, const char *note);

/* Takes the bar off the terminal, so that a message of the caller's may follow; the next update draws it again. */
void ip_progress_clear(const ip_progress *p);

/* Ends the bar, leaving one line with the final count and the time it took. */
void ip_progress_destroy(ip_progress **p);

#endif
