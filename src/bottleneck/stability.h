/* stability.h - when a cluster of an optimum breaks in two.
 *
 * Take two copies of cluster t with half its mass each and move their p(y|t) apart by a little: a step of the
 * iterations multiplies the distance by beta times an eigenvalue of
 *     C_t(y,y') = sum_x p(x|t) (p(y|x) - p(y|t)) (p(y'|x) - p(y'|t)) / sqrt(p(y|t) p(y'|t)),
 * the second one of the matrix without the centring, whose first is 1. The rest of the solution does not feel the move,
 * for its two halves cancel in Z(x). So the optimum is stable while beta times the largest eigenvalue of every cluster
 * is below 1. T = constant is stable up to beta = 1/lambda, lambda being the square of the maximal correlation of X
 * and Y; where the labels are not symmetric another optimum is better a little before (optimality.h).
 *
 * Sources: the linear stability of deterministic annealing, Rose, Proc. IEEE 86, 1998, with the KL divergence in place
 * of the squared distance; for the unstable beta of T = constant, Wu, Fischer, Chuang & Tegmark, "Learnability for the
 * Information Bottleneck", UAI 2019.
 */
#ifndef IP_BOTTLENECK_STABILITY_H
#define IP_BOTTLENECK_STABILITY_H

#include "bottleneck/solve.h"

/* Largest eigenvalue of every cluster, and its direction in p(y|t); both belong to the caller (ip_ib_stability_free).
 */
typedef struct {
  size_t n_t, n_y;
  double *lambda;    // (n_t)
  double *direction; // (n_t, n_y) with unit length under sum_y d(y)^2 / p(y|t)
  double most;       /* the largest of lambda */
} ip_ib_stability;

/* For solutions with alpha = 1. IP_ENOMEM, IP_ENUMERIC. */
ip_status ip_ib_stability_measure(const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_solution *s,
                                  ip_ib_stability *out);
void ip_ib_stability_free(ip_ib_stability *st);

/* A start with every cluster split along its direction for which beta lambda > 1. */
ip_status ip_ib_split(const ip_ib_solution *s, const ip_ib_stability *stability, double beta, ip_ib_solution **out);

/* The beta from which on T = constant is unstable; HUGE_VAL where X tells nothing of Y. */
ip_status ip_ib_unstable_beta(const ip_ib_problem *p, double *beta);

#endif
