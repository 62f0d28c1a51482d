/* constant.h - the beta up to which T = constant is the optimal T.
 *
 * T = constant is globally optimal if and only if, for every distribution q of Y,
 *     G(q) = sum_x p(x) exp(beta sum_y p(y|x) ln(q(y)/p(y))) <= 1.
 * It is a local optimum (stable, see stability.h) if and only if beta times the squared maximal correlation of X and Y
 * is at most 1. If the first condition fails at a smaller beta than the second, the optimum jumps to a distant T.
 *
 * For fixed q, ln G is convex in beta and 0 at beta = 0, so it has one root beta(q) > 0. The beta sought is the
 * smallest beta(q) over all q. It is computed by alternating between the q that maximises G and the root for that q.
 * Source of the iteration: Dinkelbach, "On nonlinear fractional programming", Management Science 13, 1967.
 */
#ifndef IP_BOTTLENECK_CONSTANT_H
#define IP_BOTTLENECK_CONSTANT_H

#include "base/public.h"
#include "bottleneck/problem.h"

#include <stdbool.h>

IP_PUBLIC_BEGIN

typedef struct ip_ib_constant {
  double critical_beta; /* above it, another T is better than T = constant; HUGE_VAL if I(X;Y) = 0 */
  double unstable_beta; /* above it, T = constant is not even a local optimum; at least critical_beta */
  bool certified;       /* proved: no T is better at 0.999 critical_beta, hence at no smaller beta */
} ip_ib_constant;

/* Computes the three values for a problem. IP_ENOMEM; IP_ESTOPPED on Ctrl-C. */
ip_status ip_ib_constant_measure(const ip_ib_problem *p, ip_ib_constant *out);

IP_PUBLIC_END

#endif
