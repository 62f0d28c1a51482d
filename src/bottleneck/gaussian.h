/* gaussian.h - the Information Bottleneck of jointly Gaussian X and Y, in closed form.
 *
 * The optimal T is X projected on its canonical directions, each scaled, plus noise. With rho_i the canonical
 * correlations, direction i is in T from beta_i = 1/rho_i^2 on, and then, in nats,
 *     I(X;T) = 1/2 sum_i ln((beta - 1) rho_i^2 / (1 - rho_i^2)),
 *     I(T;Y) = I(X;T) - 1/2 sum_i ln(beta rho_i^2), over the directions in T.
 * For a scalar this is I(T;Y) = -1/2 ln(1 - rho^2 (1 - exp(-2 I(X;T)))).
 *
 * Source: Chechik, Globerson, Tishby & Weiss, "Information Bottleneck for Gaussian Variables", JMLR 6, 2005, theorem
 * 3.1 and the information curve derived from it; their eigenvalues are lambda_i = 1 - rho_i^2.
 */
#ifndef IP_BOTTLENECK_GAUSSIAN_H
#define IP_BOTTLENECK_GAUSSIAN_H

#include "bottleneck/curve.h"

/* Canonical correlations of X and Y, falling, rho (min(n_x, n_y)), from covariances cov_x (n_x, n_x), cov_y (n_y, n_y),
 * cov_xy (n_x, n_y). IP_EINVAL unless both covariances are symmetric and positive definite and no correlation exceeds
 * 1 by more than rounding (that is, the three belong together). */
ip_status ip_ib_gaussian_correlations(size_t n_x, size_t n_y, const double *cov_x, const double *cov_y,
                                      const double *cov_xy, double *rho);

typedef struct ip_ib_gaussian_point {
  double ixt_bits, ity_bits;
  size_t n_directions; /* in T */
} ip_ib_gaussian_point;

/* The optimum at beta > 0 for (n) correlations 0 <= rho < 1. */
ip_ib_gaussian_point ip_ib_gaussian_optimum(size_t n, const double *rho, double beta);

/* I(X;Y) = -1/2 sum_i log2(1 - rho_i^2). */
double ip_ib_gaussian_ixy_bits(size_t n, const double *rho);

/* The curve of (n) correlations 0 <= rho < 1 (IP_EINVAL) at (n_beta) rising betas as a curve like any other: the points
 * have n_t = 1 + directions in T and no joint distribution, H(T) is NAN, and a critical beta stands where a direction
 * comes in. `squared`: the points minimise I(X;T)^2 - beta I(T;Y) in nats, which are plain optima at slope_beta, and no
 * beta is critical. Where the curve ends, X is infinitely precise: h_classes_bits is infinite. */
ip_status ip_ib_gaussian_curve(size_t n, const double *rho, bool squared, size_t n_beta, const double *beta,
                               ip_ib_curve **out);

#endif
