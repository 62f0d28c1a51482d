/* critical.h - optima that lack no cluster, and the betas between two of them at which clusters appear; not for use
 * outside this folder.
 */
#ifndef IP_BOTTLENECK_CRITICAL_H
#define IP_BOTTLENECK_CRITICAL_H

#include "bottleneck/curve.h"

/* Solves from `start` at beta and inserts clusters as long as some are missing; *out has optimality_gap_bits filled in.
 */
ip_status ib_solve_complete(const ip_ib_problem *p, const ip_ib_options *opt, double beta, const ip_ib_solution *start,
                            ip_ib_solution **out);

/* The same with a thorough search for missing clusters and, where that can be had, the proof that none is: `certified`.
 */
ip_status ib_solve_certified(const ip_ib_problem *p, const ip_ib_options *opt, double beta, const ip_ib_solution *start,
                             ip_ib_solution **out);

/* Appends the critical betas between `low` and `high`, neighbours on the curve with low->n_t != high->n_t, to
 * critical[*n .. most - 1]; up to n_t clusters. */
ip_status ib_find_critical(const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_constant *constant,
                           const ip_ib_solution *low, const ip_ib_solution *high, size_t n_t, size_t most,
                           ip_ib_critical *critical, size_t *n);

/* Whether the table has so many cells that a search for missing clusters takes a tenth of a second: fewer are made. */
bool ib_is_large(const ip_ib_problem *p);

#endif
