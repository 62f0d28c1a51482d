#include "estimator/covariance.h"

#include "num/lapack.h"

#include <cblas.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>

enum { ROWS = 256 }; /* samples centred and multiplied at a time */

/* Sample i, its parts side by side. */
static void gather(size_t i, size_t n_parts, const ip_variables *part, double *row)
{
  for (size_t p = 0; p < n_parts; p++)
    for (size_t k = 0; k < part[p].width; k++) *row++ = (double)part[p].v[i * part[p].width + k];
}

ip_status ip_covariance(size_t n, size_t n_parts, const ip_variables *part, const double *weight, ip_scratch *sc,
                        double *cov)
{
  size_t mark = ip_scratch_mark(sc), d = 0;
  for (size_t p = 0; p < n_parts; p++) d += part[p].width;
  double *mean, *block, total = 0; // (d), (ROWS, d)
  IP_TRY(IP_SCRATCH(sc, mean, d, "means"));
  IP_TRY(IP_SCRATCH(sc, block, ROWS * d, "centred samples"));
  for (size_t i = 0; i < n; i++) {
    double w = weight ? weight[i] : 1;
    if (w == 0) continue;
    total += w;
    gather(i, n_parts, part, block);
    for (size_t k = 0; k < d; k++) mean[k] += w * block[k];
  }
  for (size_t k = 0; k < d; k++) mean[k] /= total;
  for (size_t k = 0; k < d * d; k++) cov[k] = 0;
  size_t rows = 0;
  for (size_t i = 0; i < n; i++) {
    double w = sqrt((weight ? weight[i] : 1) / total), *row = block + rows * d;
    if (w > 0) {
      gather(i, n_parts, part, row);
      for (size_t k = 0; k < d; k++) row[k] = w * (row[k] - mean[k]);
      rows++;
    }
    if (rows < ROWS && i + 1 < n) continue;
    cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, (int)d, (int)rows, 1, block, (int)d, 1, cov, (int)d);
    rows = 0;
  }
  for (size_t k = 0; k < d; k++)
    for (size_t l = 0; l < k; l++) cov[k * d + l] = cov[l * d + k];
  ip_scratch_release(sc, mark);
  return IP_OK;
}

ip_status ip_eigen(size_t d, double *a, bool vectors, double *value)
{
  bool found;
  IP_TRY(ip_lapack_eigen(d, a, vectors, value, &found));
  IP_REQUIRE(found, IP_ENUMERIC, "the eigenvalues of a symmetric matrix of %zu rows were not found", d);
  return IP_OK;
}

/* log2 det of a matrix with ones on its diagonal, used up, by Cholesky's factors; false where these are lost to
 * rounding. */
static bool log2_det_of_factors(size_t d, double *a, double *bits)
{
  double smallest = INFINITY;
  *bits = 0;
  if (!ip_lapack_cholesky(d, a)) return false;
  for (size_t k = 0; k < d; k++) {
    smallest = fmin(smallest, a[k * d + k] * a[k * d + k]);
    *bits += 2 * log2(a[k * d + k]);
  }
  return smallest > 1e-12;
}

/* log2 det of V diag(floor) V' for the first m rows of v (d, d), orthonormal: what is left of a matrix in the
 * directions that rounding has taken. */
static ip_status log2_det_of_floor(size_t d, size_t m, const double *v, const double *floor, ip_scratch *sc,
                                   double *bits)
{
  size_t mark = ip_scratch_mark(sc);
  double *left; // (m, m)
  IP_TRY(IP_SCRATCH(sc, left, m * m, "directions without variance"));
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < m; j++)
      for (size_t k = 0; k < d; k++) left[i * m + j] += v[i * d + k] * floor[k] * v[j * d + k];
  double scale = 0, factors = 0;
  for (size_t i = 0; i < m; i++) scale += log2(left[i * m + i]);
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < m; j++)
      if (i != j) left[i * m + j] /= sqrt(left[i * m + i]) * sqrt(left[j * m + j]);
  for (size_t i = 0; i < m; i++) left[i * m + i] = 1;
  if (!log2_det_of_factors(m, left, &factors)) factors = 0; /* its diagonal alone */
  *bits = scale + factors;
  ip_scratch_release(sc, mark);
  return IP_OK;
}

ip_status ip_log2_det(size_t d, double *a, double least, ip_scratch *sc, double *bits)
{
  size_t mark = ip_scratch_mark(sc), lost = 0;
  double *copy, *value, *square, scale = 0; // (d, d), (d), (d)
  IP_TRY(IP_SCRATCH(sc, copy, d * d, "copy of a covariance"));
  IP_TRY(IP_SCRATCH(sc, value, d, "eigenvalues"));
  IP_TRY(IP_SCRATCH(sc, square, d, "scales of units"));
  for (size_t k = 0; k < d; k++) scale += log2(square[k] = fmax(a[k * d + k], least));
  for (size_t k = 0; k < d * d; k++) copy[k] = a[k] /= sqrt(square[k / d]) * sqrt(square[k % d]);
  if (!log2_det_of_factors(d, a, bits)) {
    double of_floor = 0, *floor = square; // (d) `least` in these units
    IP_TRY(ip_eigen(d, copy, true, value));
    for (size_t k = 0; k < d; k++) floor[k] = least / square[k];
    double zero = (double)d * DBL_EPSILON * value[d - 1];
    while (lost < d && !(value[lost] > zero)) lost++;
    *bits = 0;
    for (size_t k = lost; k < d; k++) {
      double bound = 0;
      for (size_t j = 0; j < d; j++) bound += copy[k * d + j] * copy[k * d + j] * floor[j];
      *bits += log2(fmax(value[k], bound));
    }
    IP_TRY(log2_det_of_floor(d, lost, copy, floor, sc, &of_floor));
    *bits += of_floor;
  }
  *bits += scale;
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* w (rank, d): rows that turn correlated unit variables of correlation matrix r (d, d), used up, into uncorrelated
 * ones. */
static ip_status whiten(size_t d, double *r, ip_scratch *sc, double *w, size_t *rank)
{
  double *value; // (d)
  IP_TRY(IP_SCRATCH(sc, value, d, "eigenvalues"));
  IP_TRY(ip_eigen(d, r, true, value));
  *rank = 0;
  for (size_t k = 0; k < d; k++) {
    if (value[k] <= 1e-10 * (double)d) continue;
    for (size_t l = 0; l < d; l++) w[*rank * d + l] = r[k * d + l] / sqrt(value[k]);
    ++*rank;
  }
  return IP_OK;
}

/* Correlations between variables first_a.. (d_a) and first_b.. (d_b); those of one that does not vary are 0. */
static void correlations(size_t d, const double *cov, size_t first_a, size_t d_a, size_t first_b, size_t d_b, double *r)
{
  for (size_t k = 0; k < d_a; k++)
    for (size_t l = 0; l < d_b; l++) {
      size_t i = first_a + k, j = first_b + l;
      double both = sqrt(cov[i * d + i]) * sqrt(cov[j * d + j]);
      r[k * d_b + l] = both > 0 ? cov[i * d + j] / both : 0;
    }
}

ip_status ip_gaussian_information(size_t d_a, size_t d_b, const double *cov, ip_scratch *sc, double *bits)
{
  size_t mark = ip_scratch_mark(sc), d = d_a + d_b, rank_a, rank_b;
  double *ra, *rb, *rab, *wa, *wb, *half, *c, *canonical;
  IP_TRY(IP_SCRATCH(sc, ra, d_a * d_a, "correlations"));
  IP_TRY(IP_SCRATCH(sc, rb, d_b * d_b, "correlations"));
  IP_TRY(IP_SCRATCH(sc, rab, d_a * d_b, "correlations"));
  IP_TRY(IP_SCRATCH(sc, wa, d_a * d_a, "uncorrelated variables"));
  IP_TRY(IP_SCRATCH(sc, wb, d_b * d_b, "uncorrelated variables"));
  IP_TRY(IP_SCRATCH(sc, half, d_a * d_b, "correlations"));
  IP_TRY(IP_SCRATCH(sc, c, d_a * d_b, "correlations"));
  IP_TRY(IP_SCRATCH(sc, canonical, d, "canonical correlations"));
  correlations(d, cov, 0, d_a, 0, d_a, ra);
  correlations(d, cov, d_a, d_b, d_a, d_b, rb);
  correlations(d, cov, 0, d_a, d_a, d_b, rab);
  IP_TRY(whiten(d_a, ra, sc, wa, &rank_a));
  IP_TRY(whiten(d_b, rb, sc, wb, &rank_b));
  *bits = 0;
  if (rank_a && rank_b) { /* c = wa rab wb' (rank_a, rank_b) */
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rank_a, (int)d_b, (int)d_a, 1, wa, (int)d_a, rab,
                (int)d_b, 0, half, (int)d_b);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rank_a, (int)rank_b, (int)d_b, 1, half, (int)d_b, wb,
                (int)d_b, 0, c, (int)rank_b);
    bool found;
    IP_TRY(ip_lapack_singular_values(rank_a, rank_b, c, canonical, &found));
    IP_REQUIRE(found, IP_ENUMERIC, "canonical correlations of %zu and %zu variables were not found", d_a, d_b);
    for (size_t k = 0; k < rank_a && k < rank_b; k++) {
      double rest = (1 - canonical[k]) * (1 + canonical[k]);
      *bits -= rest > 1e-12 ? 0.5 * log2(rest) : -(double)INFINITY;
    }
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}
