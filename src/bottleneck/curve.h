/* curve.h - the Information Bottleneck curve: the largest I(T;Y) of any T with a given I(X;T).
 *
 * The curve is the set of optima of L = I(X;T) - beta I(T;Y) over all beta. Its slope at the optimum for beta is
 * 1/beta, and it is increasing and concave (Tishby, Pereira & Bialek 1999; Gilad-Bachrach, Navot & Tishby 2003).
 *
 *   alpha = 1      from T = X at the largest beta downwards. Missing clusters are added until none is missing, which is
 *                  proved where possible (`certified`); otherwise random starts follow.
 *   squared        from the optima above.
 *   alpha = 0      all clusterings of at most 13 classes of inputs, which is exact; for more classes, the best of
 *                  several local optima: from both neighbours in beta, from greedy clusterings, from random starts.
 *   0 < alpha < 1  the best of such local optima.
 *
 * docs/bottleneck.md describes the methods and how far each result can be trusted.
 */
#ifndef IP_BOTTLENECK_CURVE_H
#define IP_BOTTLENECK_CURVE_H

#include "base/progress.h"
#include "base/public.h"
#include "bottleneck/constant.h"
#include "bottleneck/solve.h"

IP_PUBLIC_BEGIN

typedef struct ip_ib_curve_options {
  ip_ib_options solve;
  bool squared;          /* minimise I(X;T)^2 - beta I(T;Y), in nats, with alpha = 1. It has an optimum at every point
                            of the curve, even if Y is a function of X (Kolchinsky, Tracey & Van Kuyk 2019) */
  size_t n_restarts;     /* random starts at every beta without a proof */
  uint64_t seed;         /* of the random starts */
  double tolerance_bits; /* add points until straight lines are within this of the curve; 0: add none */
  size_t n_refine;       /* largest number of added points */
  size_t critical_clusters; /* find critical betas up to this number of clusters, at most 4 for tables of more than
                               10000 cells; 0: none. alpha = 1 only */
  ip_progress *progress;    /* counts points; NULL: silent */
} ip_ib_curve_options;

/* alpha 1, 3 restarts, seed 1, no added points, critical betas up to 16 clusters. */
ip_ib_curve_options ip_ib_curve_options_default(void);

/* A critical beta: above critical_beta, the optimal T has more clusters than below. A new cluster begins with mass 0,
 * so I(X;T) is continuous there and its slope jumps. split_beta >= critical_beta is the beta at which an existing
 * cluster becomes unstable against splitting in two; NAN if none does before the next point of the curve. */
typedef struct ip_ib_critical {
  double critical_beta, split_beta;
  size_t n_before, n_after;  /* clusters on the two sides */
  double ixt_bits, ity_bits; /* of the optimum just below critical_beta */
} ip_ib_critical;

typedef struct ip_ib_curve {
  bool squared;
  size_t n;
  ip_ib_solution **point; // (n) in increasing order of beta
  size_t n_critical;
  ip_ib_critical *critical; // (n_critical) in increasing order of beta
  ip_ib_constant constant;  /* the beta up to which T = constant is optimal; NAN unless alpha = 1 and not squared */
  double ixy_bits;          /* I(X;Y), the I(T;Y) at the end of the curve */
  double h_classes_bits;    /* the I(X;T) at its end: the entropy of the classes of inputs (problem.h) */
} ip_ib_curve;

/* Computes the curve at beta (n). IP_EINVAL unless the betas are finite, above 0 and strictly increasing and the
 * options fit together; IP_ENOMEM; IP_ESTOPPED on Ctrl-C. A large table costs seconds per beta; `progress` reports. */
ip_status ip_ib_curve_create(const ip_ib_problem *p, const ip_ib_curve_options *opt, size_t n, const double *beta,
                             ip_ib_curve **out);
void ip_ib_curve_destroy(ip_ib_curve **c);

/* I(T;Y) in bits at I(X;T) = ixt_bits, linearly interpolated between (0, 0), the points and the end. The true curve is
 * concave, so this is a lower bound. */
double ip_ib_curve_at(const ip_ib_curve *c, double ixt_bits);

/* The position of a point of the information plane, such as a layer, relative to the curve. */
typedef struct ip_ib_nearest {
  double distance_bits; /* to the nearest point of the interpolated curve; negative if the point is above it, where no T
                           is */
  double ity_gap_bits;  /* the curve at the same I(X;T), minus the point's I(T;Y) */
  double beta;          /* the beta whose optimum is nearest */
  double ixt_bits, ity_bits; /* the nearest point of the curve */
} ip_ib_nearest;

/* Bias: an estimate of I(T;Y) from few samples is too high, so ity_gap_bits is too small. */
ip_ib_nearest ip_ib_curve_nearest(const ip_ib_curve *c, double ixt_bits, double ity_bits);

IP_PUBLIC_END

#endif
