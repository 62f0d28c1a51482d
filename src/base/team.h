/* team.h - a few threads that work on one thing together, part by part.
 *
 * For loops that take tens of microseconds and more. Threads that wait give their core away after a short while, so
 * teams of busy processes that share cores do not hold each other up; a team that has nothing to do sleeps.
 */
#ifndef IP_BASE_TEAM_H
#define IP_BASE_TEAM_H

#include "base/status.h"

#include <stddef.h>

typedef struct ip_team ip_team;

/* A team of n >= 1 threads, the caller being one of them; of fewer where the system gives no more, because of a limit
 * of processes or of memory. No result depends on their number. */
ip_status ip_team_create(size_t n, ip_team **out);
void ip_team_destroy(ip_team **team);

/* Cores that this process may use, at least 1: fewer than the machine has under taskset, or in a job of Slurm. */
size_t ip_team_cores(void);

/* Number of threads; 1 for NULL. */
size_t ip_team_size(const ip_team *team);

/* Calls work(what, part, n) for every part 0 .. n-1, one per thread, and returns when all have returned. NULL: a team
 * of one. `work` must not call ip_team_run. */
void ip_team_run(ip_team *team, void (*work)(void *what, size_t part, size_t n), void *what);

#endif
