/* squared.h - optima of the squared Lagrangian, I(X;T)^2 - beta I(T;Y) in nats; not for use outside this folder.
 *
 * With F the IB curve, concave, the optimum is at the one I = I(X;T) with 2 I = beta F'(I) (Kolchinsky, Tracey & Van
 * Kuyk 2019, section 4). The slope of the curve at a plain optimum of b is 1/b, so this is the plain optimum of the b
 * with 2 b I(b) = beta. The left side rises with b, and jumps where the curve has a straight piece of slope 1/b: there
 * the optimum is a mixture of the two ends, T with probability w that of one end and else that of the other, and a flag
 * in T tells which. Both I(X;T) and I(T;Y) are then the mean of the ends'.
 */
#ifndef IP_BOTTLENECK_SQUARED_H
#define IP_BOTTLENECK_SQUARED_H

#include "bottleneck/constant.h"
#include "bottleneck/solve.h"

/* Plain optima that are known already, for finding the next one. */
typedef struct {
  const ip_ib_problem *p;
  const ip_ib_options *opt;
  size_t n, capacity;
  ip_ib_solution **point; // (n) by rising beta
} ib_trace;

/* Begins with T = constant at the last beta at which it is the best. */
ip_status ib_trace_open(const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_constant *constant,
                        ib_trace *out);
void ib_trace_close(ib_trace *t);

/* The optimum at beta > 0. slope_beta is b; lagrangian_bits and optimality_gap_bits are in nats^2 / ln 2, so that in
 * bits they are ln 2 I(X;T)^2 - beta I(T;Y) and 2 I(X;T) (nats) times the plain gap. */
ip_status ib_squared_optimum(ib_trace *t, double beta, ip_ib_solution **out);

#endif
