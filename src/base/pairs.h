/* pairs.h - all pairs of blocks by a team, for sums whose order must not depend on the threads. */
#ifndef IP_BASE_PAIRS_H
#define IP_BASE_PAIRS_H

#include "base/mem.h"
#include "base/team.h"

/* Calls work(what, i, j, part) for all blocks i <= j < n. `part` is the number of the thread, below ip_team_size.
 *
 * No two calls at a time share a block, and each block meets the blocks in the order of their numbers, itself included:
 * so (i,i) comes before all (i,j), and what a call adds to sums of i and of j is added in the same order by any number
 * of threads. About n / 2 threads have work at a time. IP_ENOMEM, IP_ESTOPPED. `work` must not use the team. */
ip_status ip_team_pairs(ip_team *team, size_t n, ip_scratch *sc,
                        void (*work)(void *what, size_t i, size_t j, size_t part), void *what);

#endif
