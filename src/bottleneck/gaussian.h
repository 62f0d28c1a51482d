/* gaussian.h - the Information Bottleneck of jointly Gaussian X and Y, in closed form.
 *
 * The optimal T consists of the projections of X on its canonical directions, each scaled, plus noise. With rho_i the
 * canonical correlations, T contains direction i if beta > 1/rho_i^2. With sums over the directions in T, in nats,
 *     I(X;T) = 1/2 sum_i ln((beta - 1) rho_i^2 / (1 - rho_i^2)),
 *     I(T;Y) = I(X;T) - 1/2 sum_i ln(beta rho_i^2).
 * For a scalar this is I(T;Y) = -1/2 ln(1 - rho^2 (1 - exp(-2 I(X;T)))).
 *
 * Source: Chechik, Globerson, Tishby & Weiss, "Information Bottleneck for Gaussian Variables", JMLR 6, 2005, theorem
 * 3.1 and the information curve derived from it; their eigenvalues are lambda_i = 1 - rho_i^2.
 */
#ifndef IP_BOTTLENECK_GAUSSIAN_H
#define IP_BOTTLENECK_GAUSSIAN_H

#include "base/public.h"
#include "bottleneck/curve.h"

IP_PUBLIC_BEGIN

/* Canonical correlations of X and Y in decreasing order, rho (min(n_x, n_y)), from the covariances cov_x (n_x, n_x),
 * cov_y (n_y, n_y) and cov_xy (n_x, n_y). IP_EINVAL unless both covariances are symmetric and positive definite and the
 * three are consistent: no correlation exceeds 1 by more than rounding. */
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

/* The curve of rho (n), 0 <= rho < 1, at beta (n_beta), strictly increasing; otherwise IP_EINVAL. Points have n_t = 1 +
 * directions in T, no joint distribution, and H(T) = NAN. A critical beta is one at which T gains a direction. If
 * `squared`, the points minimise I(X;T)^2 - beta I(T;Y) in nats: they are plain optima at slope_beta, and no beta is
 * critical. The curve reaches I(X;Y) only as I(X;T) goes to infinity, so h_classes_bits is infinite. */
ip_status ip_ib_gaussian_curve(size_t n, const double *rho, bool squared, size_t n_beta, const double *beta,
                               ip_ib_curve **out);

IP_PUBLIC_END

#endif
