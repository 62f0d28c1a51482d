#include "bottleneck/gaussian.h"

#include "base/mem.h"
#include "info/discrete.h"
#include "num/lapack.h"
#include "num/sum.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

/* --- Canonical correlations: the singular values of Lx^-1 Cxy Ly^-T, where Lx Lx^T = Cx and Ly Ly^T = Cy. */

static ip_status factor(size_t n, const double *cov, const char *what, double *l)
{
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      double a = cov[i * n + j], b = cov[j * n + i];
      IP_REQUIRE(isfinite(a), IP_EINVAL, "the covariance of %s: row %zu, column %zu holds %g", what, i + 1, j + 1, a);
      IP_REQUIRE(fabs(a - b) <= 1e-9 * (fabs(a) + fabs(b)), IP_EINVAL,
                 "the covariance of %s is not symmetric: %g in row %zu, column %zu, but %g across", what, a, i + 1,
                 j + 1, b);
    }
  memcpy(l, cov, n * n * sizeof *l);
  IP_REQUIRE(ip_lapack_cholesky(n, l), IP_EINVAL, "the covariance of %s is not positive definite", what);
  return IP_OK;
}

static ip_status singular_values(size_t n_x, size_t n_y, const double *a, double *rho)
{
  size_t n = n_x < n_y ? n_x : n_y;
  bool found;
  IP_TRY(ip_lapack_singular_values(n_x, n_y, a, rho, &found));
  IP_REQUIRE(found, IP_ENUMERIC, "the canonical correlations were not found");
  for (size_t i = 0; i < n; i++) {
    IP_REQUIRE(rho[i] <= 1 + 1e-9, IP_EINVAL, "the covariances do not belong together: a correlation of %g", rho[i]);
    rho[i] = fmin(rho[i], 1);
  }
  return IP_OK;
}

static ip_status correlations(size_t n_x, size_t n_y, const double *cov_x, const double *cov_y, const double *cov_xy,
                              ip_scratch *sc, double *rho)
{
  double *lx, *ly, *a; // (n_x, n_x), (n_y, n_y), (n_x, n_y)
  IP_TRY(IP_SCRATCH(sc, lx, n_x * n_x, "factor of a covariance"));
  IP_TRY(IP_SCRATCH(sc, ly, n_y * n_y, "factor of a covariance"));
  IP_TRY(IP_SCRATCH(sc, a, n_x * n_y, "whitened covariance"));
  IP_TRY(factor(n_x, cov_x, "X", lx));
  IP_TRY(factor(n_y, cov_y, "Y", ly));
  memcpy(a, cov_xy, n_x * n_y * sizeof *a);
  cblas_dtrsm(CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, (blasint)n_x, (blasint)n_y, 1, lx,
              (blasint)n_x, a, (blasint)n_y);
  cblas_dtrsm(CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, (blasint)n_x, (blasint)n_y, 1, ly,
              (blasint)n_y, a, (blasint)n_y);
  return singular_values(n_x, n_y, a, rho);
}

ip_status ip_ib_gaussian_correlations(size_t n_x, size_t n_y, const double *cov_x, const double *cov_y,
                                      const double *cov_xy, double *rho)
{
  ip_scratch *sc;
  IP_REQUIRE(n_x > 0 && n_y > 0, IP_EINVAL, "covariances of %zu and %zu variables", n_x, n_y);
  for (size_t i = 0; i < n_x * n_y; i++)
    IP_REQUIRE(isfinite(cov_xy[i]), IP_EINVAL, "the covariance of X and Y: row %zu, column %zu holds %g", i / n_y + 1,
               i % n_y + 1, cov_xy[i]);
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = correlations(n_x, n_y, cov_x, cov_y, cov_xy, sc, rho);
  ip_scratch_destroy(&sc);
  return st;
}

/* --- The curve */

ip_ib_gaussian_point ip_ib_gaussian_optimum(size_t n, const double *rho, double beta)
{
  ip_ib_gaussian_point point = {0};
  ip_sum ixt = {0}, lost = {0};
  for (size_t i = 0; i < n; i++) {
    double r2 = rho[i] * rho[i];
    if (!(beta * r2 > 1)) continue;
    point.n_directions++;
    ip_sum_add(&ixt, 0.5 * log2((beta - 1) * r2 / (1 - r2)));
    ip_sum_add(&lost, 0.5 * log2(beta * r2));
  }
  point.ixt_bits = ip_sum_value(&ixt);
  point.ity_bits = point.ixt_bits - ip_sum_value(&lost);
  return point;
}

double ip_ib_gaussian_ixy_bits(size_t n, const double *rho)
{
  ip_sum ixy = {0};
  for (size_t i = 0; i < n; i++) ip_sum_add(&ixy, -0.5 * log2(1 - rho[i] * rho[i]));
  return ip_sum_value(&ixy);
}

/* The beta of the plain optimum that minimises I(X;T)^2 - beta I(T;Y): the root b of 2 b I(b) = beta, by bisection of
 * ln b; 2 b I(b) rises from 0 at the first direction's beta without end. */
static double slope_of_squared(size_t n, const double *rho, double beta)
{
  double most = 0;
  for (size_t i = 0; i < n; i++) most = fmax(most, rho[i]);
  if (!(most > 0)) return (double)NAN;
  double low = -2 * log(most), high = low + 1;
  while (2 * exp(high) * ip_ib_gaussian_optimum(n, rho, exp(high)).ixt_bits * IP_NATS_PER_BIT < beta) high += 1;
  while (high - low > 1e-15 * fmax(1, fabs(high))) {
    double middle = (low + high) / 2;
    if (!(middle > low && middle < high)) break;
    if (2 * exp(middle) * ip_ib_gaussian_optimum(n, rho, exp(middle)).ixt_bits * IP_NATS_PER_BIT < beta)
      low = middle;
    else
      high = middle;
  }
  return exp(high);
}

static ip_status add_points(size_t n, const double *rho, bool squared, const double *beta, ip_ib_curve *c)
{
  for (size_t i = 0; i < c->n; i++) {
    double slope = squared ? slope_of_squared(n, rho, beta[i]) : beta[i];
    ip_ib_gaussian_point at = isfinite(slope) ? ip_ib_gaussian_optimum(n, rho, slope) : (ip_ib_gaussian_point){0};
    double rate = squared ? IP_NATS_PER_BIT * at.ixt_bits * at.ixt_bits : at.ixt_bits;
    IP_TRY(IP_NEW(c->point[i], 1, "point of the curve"));
    *c->point[i] = (ip_ib_solution){.beta = beta[i],
                                    .slope_beta = slope,
                                    .n_t = 1 + at.n_directions,
                                    .ixt_bits = at.ixt_bits,
                                    .ity_bits = at.ity_bits,
                                    .ht_bits = NAN,
                                    .lagrangian_bits = rate - beta[i] * at.ity_bits,
                                    .converged = true,
                                    .certified = true};
  }
  return IP_OK;
}

/* Directions come in by falling correlation; those of one correlation together. */
static void add_critical(size_t n, const double *rho, double low, double high, ip_ib_curve *c)
{
  double last = 0;
  for (;;) {
    double next = HUGE_VAL;
    for (size_t i = 0; i < n; i++) {
      double at = 1 / (rho[i] * rho[i]);
      if (at > last && at < next) next = at;
    }
    if (next > high) return;
    last = next;
    if (next < low) continue;
    ip_ib_gaussian_point before = ip_ib_gaussian_optimum(n, rho, next), after = before;
    for (size_t i = 0; i < n; i++) after.n_directions += 1 / (rho[i] * rho[i]) == next && !(next * rho[i] * rho[i] > 1);
    c->critical[c->n_critical++] = (ip_ib_critical){.critical_beta = next,
                                                    .split_beta = next,
                                                    .n_before = 1 + before.n_directions,
                                                    .n_after = 1 + after.n_directions,
                                                    .ixt_bits = before.ixt_bits,
                                                    .ity_bits = before.ity_bits};
  }
}

static ip_ib_constant constant_of(size_t n, const double *rho, bool squared)
{
  double most = 0;
  for (size_t i = 0; i < n; i++) most = fmax(most, rho[i]);
  double first = squared ? (double)NAN : most > 0 ? 1 / (most * most) : HUGE_VAL;
  return (ip_ib_constant){.critical_beta = first, .unstable_beta = first, .certified = !squared};
}

ip_status ip_ib_gaussian_curve(size_t n, const double *rho, bool squared, size_t n_beta, const double *beta,
                               ip_ib_curve **out)
{
  *out = NULL;
  IP_REQUIRE(n > 0 && n_beta > 0, IP_EINVAL, "a curve of %zu correlations at %zu betas", n, n_beta);
  for (size_t i = 0; i < n; i++)
    IP_REQUIRE(rho[i] >= 0 && rho[i] < 1, IP_EINVAL, "a correlation of %g; expected one from 0 to below 1", rho[i]);
  for (size_t i = 0; i < n_beta; i++)
    IP_REQUIRE(isfinite(beta[i]) && beta[i] > 0 && (i == 0 || beta[i] > beta[i - 1]), IP_EINVAL,
               "beta %g: the betas of a curve are finite, above 0 and rising", beta[i]);
  IP_TRY(IP_NEW(*out, 1, "curve"));
  ip_ib_curve *c = *out;
  c->n = n_beta;
  c->squared = squared;
  c->ixy_bits = ip_ib_gaussian_ixy_bits(n, rho);
  c->h_classes_bits = HUGE_VAL;
  c->constant = constant_of(n, rho, squared);
  ip_status st = IP_NEW(c->point, n_beta, "points of the curve");
  if (st == IP_OK) st = IP_NEW(c->critical, n, "critical betas");
  if (st == IP_OK) st = add_points(n, rho, squared, beta, c);
  if (st == IP_OK && !squared) add_critical(n, rho, beta[0], beta[n_beta - 1], c);
  if (st != IP_OK) ip_ib_curve_destroy(out);
  return st;
}
