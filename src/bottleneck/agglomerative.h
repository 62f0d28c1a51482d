/* agglomerative.h - agglomerative IB: clusterings of the inputs by greedy merging.
 *
 * Starts with one cluster for each class of inputs and repeatedly merges the pair that loses the least I(T;Y), until
 * one cluster remains: a hard T for every number of clusters. The results are below the IB curve in general, and good
 * starting points for the deterministic bottleneck (alpha = 0), whose iterations find only local optima.
 * Source: Slonim & Tishby, "Agglomerative Information Bottleneck", NIPS 1999, section 3.
 */
#ifndef IP_BOTTLENECK_AGGLOMERATIVE_H
#define IP_BOTTLENECK_AGGLOMERATIVE_H

#include "base/public.h"
#include "bottleneck/solve.h"

IP_PUBLIC_BEGIN

typedef struct ip_ib_agglomeration {
  size_t n_x, n_y;       /* classes of inputs, outcomes */
  uint32_t *from, *into; // (n_x - 1) step k merges cluster from[k] into cluster into[k] < from[k]
  double *ht_bits;       // (n_x) H(T) = I(X;T) after k steps, with n_x - k clusters
  double *ity_bits;      // (n_x) I(T;Y) after k steps
} ip_ib_agglomeration;

/* Merges all classes of a problem. Takes time of order n_x^2 (n_y + log n_x) and memory n_x^2. Of pairs with equal
 * loss, those with the lowest numbers are merged first. IP_ENOMEM. */
ip_status ip_ib_agglomerate(const ip_ib_problem *p, ip_ib_agglomeration **out);
void ip_ib_agglomeration_destroy(ip_ib_agglomeration **a);

/* The clustering with n_t clusters, 1 <= n_t <= n_x: cluster (n_x) of every class, numbered 0 .. n_t - 1 by first
 * appearance. IP_EINVAL for another n_t. */
ip_status ip_ib_agglomeration_cut(const ip_ib_agglomeration *a, size_t n_t, uint32_t *cluster);

/* The same clustering as a starting point for ip_ib_solve. */
ip_status ip_ib_start_agglomerated(const ip_ib_problem *p, const ip_ib_agglomeration *a, size_t n_t,
                                   ip_ib_solution **out);

/* The number of clusters that minimises H(T) - beta I(T;Y). */
size_t ip_ib_agglomeration_best(const ip_ib_agglomeration *a, double beta);

IP_PUBLIC_END

#endif
