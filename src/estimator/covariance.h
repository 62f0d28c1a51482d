/* covariance.h - covariances of samples, and the information of Gaussians that have them. */
#ifndef IP_ESTIMATOR_COVARIANCE_H
#define IP_ESTIMATOR_COVARIANCE_H

#include "base/mem.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* Some columns of the samples: v (n, width). */
typedef struct ip_variables {
  const float *v;
  size_t width;
} ip_variables;

/**
 * Covariance of the columns of all parts side by side, d of them.
 *
 *     m = sum_i w_i z_i / W,  cov = sum_i w_i (z_i - m)(z_i - m)' / W,  W = sum_i w_i
 *
 * Two passes in float64.
 *
 * @param weight  (n), not negative, W > 0; NULL: all 1
 * @param cov     (d, d), both triangles
 */
ip_status ip_covariance(size_t n, size_t n_parts, const ip_variables *part, const double *weight, ip_scratch *sc,
                        double *cov);

/* Eigenvalues (d), ascending, of a symmetric matrix a (d, d), whose lower triangle is read; with `vectors`, a then has
 * the eigenvectors as rows. IP_ENUMERIC if LAPACK gives up, IP_ENOMEM. */
ip_status ip_eigen(size_t d, double *a, bool vectors, double *value);

/**
 * log2 det of a symmetric matrix a (d, d) that is nowhere below `least` > 0 times the identity; it is used up.
 *
 * Rows and columns are first divided by the roots of the diagonal, so that the result does not depend on the units of
 * the variables: log2 det a = sum_k log2 a_kk + log2 det r. The second by Cholesky's factors; where these are lost to
 * rounding, by eigenvalues, and in the directions where these are lost too `least` takes their place. IP_ENUMERIC when
 * LAPACK gives up.
 */
ip_status ip_log2_det(size_t d, double *a, double least, ip_scratch *sc, double *bits);

/**
 * I(A;B) of jointly Gaussian A (d_a) and B (d_b).
 *
 *     I(A;B) = 1/2 log2( det S_A det S_B / det S ) = -1/2 sum_k log2(1 - r_k^2), r_k the canonical correlations
 *
 * Directions in which A or B do not vary carry no information and are left out (eigenvalues of the correlation matrices
 * below 1e-10 d). +inf where some r_k^2 is above 1 - 1e-12: then a direction of A is a function of B.
 *
 * @param cov  (d_a + d_b, d_a + d_b) covariance of A and B, A first
 * Source: Hotelling, "Relations between two sets of variates", Biometrika 28, 1936; Cover & Thomas 2006, eq. 8.56.
 */
ip_status ip_gaussian_information(size_t d_a, size_t d_b, const double *cov, ip_scratch *sc, double *bits);

#endif
