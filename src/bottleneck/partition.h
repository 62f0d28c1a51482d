/* partition.h - the deterministic bottleneck: clusterings of the inputs with the least H(T) - beta I(T;Y).
 *
 * The Lagrangian is concave in p(t|x), so a hard T is best, and inputs with the same p(y|x) are in one cluster. Up to
 * IP_IB_PROVEN_INPUTS classes of inputs the best clustering is found exactly, over all subsets S:
 *     best(S) = min over T in S with the first class of S of cost(T) + best(S \ T),
 *     cost(T) = -p(T) log p(T) - beta sum_y p(T,y) log(p(y|T)/p(y)),
 * in 3^n / 2 steps. With more, clusterings from several starts are improved by moving one input at a time to another
 * cluster or to one of its own and by merging two clusters, as long as that lowers the Lagrangian: a local optimum.
 * Sources: Strouse & Schwab, "The deterministic information bottleneck", Neural Computation 29, 2017; for single moves,
 * Slonim, Friedman & Tishby, "Unsupervised document classification using sequential information maximization", 2002.
 */
#ifndef IP_BOTTLENECK_PARTITION_H
#define IP_BOTTLENECK_PARTITION_H

#include "bottleneck/solve.h"

enum { IP_IB_PROVEN_INPUTS = 13 };

/* The best clustering at beta, for n_x <= IP_IB_PROVEN_INPUTS; cluster (n_x), numbered by first appearance. Time
 * 3^n_x / 2, memory 2^n_x. */
ip_status ip_ib_partition_best(const ip_ib_problem *p, double beta, uint32_t *cluster);

/* Improves a clustering (n_x), cluster numbers below n_x, until no move or merge lowers the Lagrangian. */
ip_status ip_ib_partition_improve(const ip_ib_problem *p, double beta, uint32_t *cluster);

/* A clustering as a solution at beta, without its information: a start for ip_ib_solve. */
ip_status ip_ib_partition_start(const ip_ib_problem *p, const uint32_t *cluster, ip_ib_solution **out);

#endif
