/* agglomerative.h - clusterings of the inputs by merging greedily, two clusters at a time.
 *
 * Begins with every class of inputs its own cluster and merges the pair that loses the least I(T;Y), until one is left:
 * a hard T for every number of clusters. Fast and simple; below the IB curve, but a good start for the deterministic
 * bottleneck, whose own iterations only find local optima.
 * Source: Slonim & Tishby, "Agglomerative Information Bottleneck", NIPS 1999, section 3.
 */
#ifndef IP_BOTTLENECK_AGGLOMERATIVE_H
#define IP_BOTTLENECK_AGGLOMERATIVE_H

#include "bottleneck/solve.h"

typedef struct ip_ib_agglomeration {
  size_t n_x, n_y;       /* classes of inputs, outcomes */
  uint32_t *from, *into; // (n_x - 1) step k moves what is left of cluster from[k] into cluster into[k] < from[k]
  double *ht_bits;       // (n_x) H(T) = I(X;T) after k steps, that is with n_x - k clusters
  double *ity_bits;      // (n_x) I(T;Y) after k steps
} ip_ib_agglomeration;

/* Time n_x^2 (n_y + log n_x) or so, memory n_x^2. Pairs that lose equally are merged in the order of their numbers. */
ip_status ip_ib_agglomerate(const ip_ib_problem *p, ip_ib_agglomeration **out);
void ip_ib_agglomeration_destroy(ip_ib_agglomeration **a);

/* The cluster of every class of inputs, cluster (n_x), numbered 0 .. n_t - 1 by first appearance. 1 <= n_t <= n_x. */
ip_status ip_ib_agglomeration_cut(const ip_ib_agglomeration *a, size_t n_t, uint32_t *cluster);

/* The same as a start for the solvers. */
ip_status ip_ib_start_agglomerated(const ip_ib_problem *p, const ip_ib_agglomeration *a, size_t n_t,
                                   ip_ib_solution **out);

/* The number of clusters with the least H(T) - beta I(T;Y). */
size_t ip_ib_agglomeration_best(const ip_ib_agglomeration *a, double beta);

#endif
