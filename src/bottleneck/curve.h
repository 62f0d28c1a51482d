/* curve.h - the IB curve: the largest I(T;Y) that any T can have for its I(X;T).
 *
 * The plain bottleneck is solved from T = X, coming down from the highest beta; whatever cluster is missing is put in
 * until none is (birth.h), which is proved where that can be had (certify.h), and random starts are made where it
 * cannot. The squared Lagrangian follows from plain optima (squared.h), the deterministic one of few inputs from all
 * clusterings (partition.h). Else several local optima are compared: coming down, coming up from low beta (alpha = 0),
 * from clusterings found greedily, from random starts, and from the optimum of every other beta that would be better
 * here.
 *
 * The slope of the curve at the optimum of beta is 1/beta. Between two optima it lies above their chord and below
 * their two tangents: where that triangle is high the curve bends, and points are added.
 */
#ifndef IP_BOTTLENECK_CURVE_H
#define IP_BOTTLENECK_CURVE_H

#include "base/progress.h"
#include "bottleneck/constant.h"
#include "bottleneck/solve.h"

typedef struct ip_ib_curve_options {
  ip_ib_options solve;
  bool squared;             /* minimise I(X;T)^2 - beta I(T;Y), in nats, with alpha = 1: a point for every part of the
                               curve, also where Y is a function of X (squared.h) */
  size_t n_restarts;        /* random starts at every beta without a proof */
  uint64_t seed;            /* of the random starts */
  double bend_bits;         /* points are added until the curve is known to within this, 0: none */
  size_t n_extra;           /* at most so many are added */
  size_t critical_clusters; /* the betas at which the number of clusters changes are found up to so many clusters; 0:
                               none; plain IB (alpha = 1) only */
  ip_progress *progress;    /* counts points; NULL: silent */
} ip_ib_curve_options;

/* IB, 3 restarts, seed 1, no added points, critical betas up to 16 clusters. */
ip_ib_curve_options ip_ib_curve_options_default(void);

/* A beta at which the best T gets another cluster. It is born with no mass, somewhere in the simplex (birth_beta, see
 * birth.h): I(X;T) goes on without a jump but with a bend. Were it not, an old cluster would break in two at split_beta
 * (stability.h), birth_beta or a little later; NAN where none does before the next point of the curve. */
typedef struct ip_ib_critical {
  double birth_beta, split_beta;
  size_t n_before, n_after;  /* clusters on the two sides */
  double ixt_bits, ity_bits; /* the optimum just below birth_beta */
} ip_ib_critical;

typedef struct ip_ib_curve {
  bool squared;
  size_t n;
  ip_ib_solution **point; // (n) by rising beta
  size_t n_critical;
  ip_ib_critical *critical; // (n_critical) by rising beta
  ip_ib_constant constant;  /* up to which beta T = constant is best; NAN where that is not the plain bottleneck's */
  double ixy_bits;          /* I(X;Y), the height at which the curve ends */
  double h_classes_bits;    /* where it ends at the latest: the entropy of the inputs with the same p(y|x) merged */
} ip_ib_curve;

/* The curve at (n) betas, finite, above 0 and strictly rising (IP_EINVAL). IP_ESTOPPED on Ctrl-C. */
ip_status ip_ib_curve_create(const ip_ib_problem *p, const ip_ib_curve_options *opt, size_t n, const double *beta,
                             ip_ib_curve **out);
void ip_ib_curve_destroy(ip_ib_curve **c);

/* The curve at I(X;T) = ixt_bits, by straight lines between its points, from (0, 0) to its end: a lower bound. */
double ip_ib_curve_at(const ip_ib_curve *c, double ixt_bits);

/* How far a point of the plane, such as a layer, is from the curve. */
typedef struct ip_ib_nearest {
  double
      distance_bits; /* to the nearest point of the lines above; negative for a point above them, where no T can be */
  double gap_bits;   /* the curve at the point's I(X;T) minus its I(T;Y) */
  double beta;       /* the beta whose optimum is nearest */
  double ixt_bits, ity_bits; /* the nearest point of the curve */
} ip_ib_nearest;

ip_ib_nearest ip_ib_curve_nearest(const ip_ib_curve *c, double ixt_bits, double ity_bits);

#endif
