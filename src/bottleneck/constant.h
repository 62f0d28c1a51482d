/* constant.h - up to which beta T = constant is the best T.
 *
 * T = constant is globally optimal as long as no q has
 *     G(q) = sum_x p(x) exp(beta sum_y p(y|x) ln(q(y)/p(y))) > 1,
 * and a local optimum (stable, see stability.h) as long as beta times the squared maximal correlation is below 1. Where
 * the first ends before the second another T takes over far from T = constant. For a fixed q the logarithm of the sum
 * is convex in beta and 0 at beta = 0, so it has one root beta(q) above 0, and the beta looked for is the smallest of
 * all beta(q): it is found by taking in turns the q with the largest G and its root.
 * Source: for such iterations, Dinkelbach, "On nonlinear fractional programming", Management Science 13, 1967.
 */
#ifndef IP_BOTTLENECK_CONSTANT_H
#define IP_BOTTLENECK_CONSTANT_H

#include "bottleneck/problem.h"

#include <stdbool.h>

typedef struct ip_ib_constant {
  double birth_beta;    /* above it another T is better than T = constant; HUGE_VAL where X tells nothing of Y */
  double unstable_beta; /* above it T = constant is not even a local optimum */
  bool certified;       /* no T is better at 0.999 birth_beta, and hence at no beta below */
} ip_ib_constant;

ip_status ip_ib_constant_measure(const ip_ib_problem *p, ip_ib_constant *out);

#endif
