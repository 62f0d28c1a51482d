/* steps.h - steps of one computation that a team takes in any order (team.h), and the failure of the earliest.
 */
#ifndef IP_BASE_STEPS_H
#define IP_BASE_STEPS_H

#include "base/team.h"

/* Calls step(what, i, part) for i = 0 .. n-1, each as soon as a thread is free. `part` is the number of that thread,
 * below ip_team_size: steps of one part never run at the same time, so each part may have buffers of its own.
 *
 * Returns the status and message of the first step that fails, in the order of i: after a failure the steps before it
 * are still taken, later ones are not begun. So results and failures do not depend on the threads, if the steps write
 * to different places. Between steps it checks for a request to stop (stop.h), IP_ESTOPPED. `step` must not use the
 * team. */
ip_status ip_team_steps(ip_team *team, size_t n, ip_status (*step)(void *what, size_t i, size_t part), void *what);

#endif
