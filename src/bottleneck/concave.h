/* concave.h - bounds of G around the clusters, where it is 1 and concave; not for use outside this directory.
 *
 * certify.h divides the simplex into cells. Around a cluster q0, G touches its bound of 1, and cells would have to
 * shrink without end. There concavity decides. With b_x(y) = beta p(y|x) and g_x the terms of G (optimality.h), the
 * second derivative of G along d, in units e(y) = d(y)/q(y), is
 *     sum_x g_x ((sum_y b_x(y) e(y))^2 - sum_y b_x(y) e(y)^2),    sum_y q(y) e(y) = 0.
 * Let the g_x lie in [low, high] in the convex hull of a cell and q0. The form is negative there if
 *     (1 - tau rho^2) diag(sum_x low_x b_x) - sum_x high_x b_x b_x^T + tau q0 q0^T
 * is positive definite for some tau, rho^2 being the largest sum_y (q(y) - q0(y))^2 / sum_x low_x b_x(y) in the hull.
 * Then G is below its tangent plane at q0.
 *
 * A cluster may lie on a face of the simplex, where some q0(y) are 0. Then S, the terms that the face does not make 0,
 * are homogeneous of degree beta >= 1: with m the mass of q on the face they are at most m times their sum at q / m,
 * and the tangent plane on the face bounds that sum. The plane, extended linearly, decreases away from the face. A term
 * outside S whose exponents off the face have the sum B >= 1 is at most linear in the mass Q = 1 - m off the face:
 *     w_x prod_y q(y)^b_x(y) <= w_x prod_on high(y)^b_x(y) prod_off (b_x(y) / B)^b_x(y) Qhigh^(B - 1) Q;
 * where B < 1, Q^B is below its tangents. So a cluster with some small q0(y) has a second point, on the face without
 * them, for the cells that reach much further along those y than q0 itself.
 */
#ifndef IP_BOTTLENECK_CONCAVE_H
#define IP_BOTTLENECK_CONCAVE_H

#include "base/mem.h"
#include "bottleneck/solve.h"

typedef struct {
  const ip_ib_problem *p;
  double beta;
  const double *ln_w; // (n_x) G(q) = sum_x exp(ln_w(x) + beta sum_y p(y|x) ln q(y))
  size_t n_t;
  bool *second;               // (n_t) whether n_t + t is the second point of cluster t
  double *q0;                 // (2 n_t, n_y) maxima of G at the clusters, each on its face
  bool *on;                   // (2 n_t, n_y) the labels of the face
  bool *in_s;                 // (2 n_t, n_x) the terms that the face does not make 0
  double *plane;              // (2 n_t, n_y) the tangent plane as a linear function: the bound is sum_y plane(y) q(y)
  double shift, growth;       /* what the q(y) of corners are raised by; what the plane is multiplied by for it */
  double *hull, *logs;        // (n_v + 1, n_y) q0 and the corners, their logarithms
  double *middle, *ln_middle; // (n_y) of the hull
  double *diagonal, *low_diagonal; // (n_y)
  double *matrix, *factor;         // (n_y, n_y)
  double *terms;                   // (2, n_x) the least and the largest in the hull
} ib_concave;

/* Finds the maxima at the clusters of s. The arrays are the scratch's. */
ip_status ib_concave_prepare(const ip_ib_problem *p, const ip_ib_solution *s, const double *ln_w, size_t n_v,
                             ip_scratch *sc, ib_concave *out);

/* The cluster nearest to q; false if none is near. */
bool ib_concave_nearest(const ib_concave *c, const double *q, size_t *t);

/* Whether the terms in S of cluster t are proved to be at most growth sum_y plane(y) (q(y) + shift) over the labels of
 * the face, in the cell with these corners (n_v, n_y). */
bool ib_concave_holds(ib_concave *c, size_t t, size_t n_v, const double *corner);

/* Term x, which is not in S, is at most constant + slope Q where q <= high and Q <= mass_high. The tangent is that at
 * Q = mass where B < 1. */
void ib_concave_off_face(const ib_concave *c, size_t t, size_t x, const double *ln_high, double mass, double mass_high,
                         double *constant, double *slope);

#endif
