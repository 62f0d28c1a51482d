#include "estimator/project.h"

#include "num/lapack.h"
#include "num/sum.h"

#include <cblas.h>
#include <float.h>
#include <math.h>

/* Activations less their means, and the columns to project on. */
typedef struct basis {
  size_t n, width, k;
  double *mean;   // (width)
  double *vector; // (width, k)
} basis;

static double activation(const ip_samples *s, size_t i)
{
  return s->t64 ? s->t64[i] : (double)s->t[i];
}

/* d (n, width): activations less their means. */
static ip_status centre(const ip_samples *s, ip_scratch *sc, basis *b, double **d)
{
  IP_TRY(IP_SCRATCH(sc, b->mean, b->width, "means of units"));
  IP_TRY(IP_SCRATCH(sc, *d, b->n * b->width, "centred activations"));
  for (size_t j = 0; j < b->width; j++) {
    ip_sum sum = {0};
    for (size_t i = 0; i < b->n; i++) ip_sum_add(&sum, activation(s, i * b->width + j));
    b->mean[j] = ip_sum_value(&sum) / (double)b->n;
  }
  for (size_t i = 0; i < b->n; i++)
    for (size_t j = 0; j < b->width; j++) (*d)[i * b->width + j] = activation(s, i * b->width + j) - b->mean[j];
  return IP_OK;
}

/* The b->k largest eigenvalues of a (m, m), used up, ascending, and their eigenvectors as rows of vector (b->k, m). */
static ip_status largest_eigenvectors(size_t m, double *a, const basis *b, double *value, double *vector)
{
  bool found;
  IP_TRY(ip_lapack_largest_eigen(m, b->k, a, value, vector, &found));
  IP_REQUIRE(found, IP_ENUMERIC, "the principal components of %zu units were not found", b->width);
  return IP_OK;
}

/* Column c of b->vector: v (width) with length 1 and its largest component positive. */
static void keep_vector(const basis *b, size_t c, const double *v)
{
  ip_sum square = {0};
  double largest = 0;
  for (size_t j = 0; j < b->width; j++) {
    ip_sum_add(&square, v[j] * v[j]);
    if (fabs(v[j]) > fabs(largest)) largest = v[j];
  }
  double scale = (largest < 0 ? -1 : 1) / sqrt(ip_sum_value(&square));
  for (size_t j = 0; j < b->width; j++) b->vector[j * b->k + c] = scale * v[j];
}

/* The eigenvectors of d'd (width, width), or with fewer samples than units d' times those of dd' (n, n); the largest
 * first. */
static ip_status find_components(const ip_samples *s, size_t k, ip_scratch *sc, basis *b)
{
  double *d, *product, *value, *vector, *v; // (n, width), (m, m), (m), (k, m), (width)
  *b = (basis){.n = s->n, .width = s->width};
  IP_TRY(centre(s, sc, b, &d));
  bool by_units = b->width <= b->n;
  size_t m = by_units ? b->width : b->n, most = k < m ? k : m, kept = 0;
  b->k = most;
  IP_TRY(IP_SCRATCH(sc, b->vector, b->width * most, "principal components"));
  IP_TRY(IP_SCRATCH(sc, product, m * m, "covariance"));
  IP_TRY(IP_SCRATCH(sc, value, m, "eigenvalues"));
  IP_TRY(IP_SCRATCH(sc, vector, most * m, "eigenvectors"));
  IP_TRY(IP_SCRATCH(sc, v, b->width, "an eigenvector"));
  cblas_dsyrk(CblasRowMajor, CblasLower, by_units ? CblasTrans : CblasNoTrans, (int)m,
              (int)(by_units ? b->n : b->width), 1, d, (int)b->width, 0, product, (int)m);
  IP_TRY(largest_eigenvectors(m, product, b, value, vector));
  while (kept < most && value[most - 1 - kept] > 1e-10 * value[most - 1]) kept++;
  IP_REQUIRE(kept > 0, IP_ENUMERIC, "%zu units have no principal component", b->width);
  b->k = kept;
  for (size_t c = 0; c < kept; c++) {
    const double *row = vector + (most - 1 - c) * m;
    if (!by_units)
      cblas_dgemv(CblasRowMajor, CblasTrans, (int)b->n, (int)b->width, 1, d, (int)b->width, row, 1, 0, v, 1);
    keep_vector(b, c, by_units ? row : v);
  }
  return IP_OK;
}

/* row (b->k): a row of (width) activations in the basis, summed in the order of units, whatever the other rows are. */
static void project_row(const basis *b, const float *t, const double *t64, double *row)
{
  for (size_t c = 0; c < b->k; c++) row[c] = 0;
  for (size_t j = 0; j < b->width; j++) {
    double d = (t64 ? t64[j] : (double)t[j]) - b->mean[j];
    for (size_t c = 0; c < b->k; c++) row[c] += d * b->vector[j * b->k + c];
  }
}

/* of (n, width) or of64 as rows of components, in float32 and, unless to64 is NULL, in float64. */
static ip_status project_rows(const basis *b, const float *of, const double *of64, ip_scratch *sc, float *to,
                              double *to64)
{
  double *row; // (k)
  IP_TRY(IP_SCRATCH(sc, row, b->k, "a row of components"));
  for (size_t i = 0; i < b->n; i++) {
    project_row(b, of + i * b->width, of64 ? of64 + i * b->width : NULL, row);
    for (size_t c = 0; c < b->k; c++) {
      IP_REQUIRE(fabs(row[c]) <= (double)FLT_MAX, IP_EINVAL,
                 "principal component %zu of sample %zu is %g, beyond float32; scale the activations", c, i, row[c]);
      to[i * b->k + c] = (float)row[c];
      if (to64) to64[i * b->k + c] = row[c];
    }
  }
  return IP_OK;
}

ip_status ip_samples_project(const ip_samples *s, size_t k, ip_scratch *sc, ip_samples *out)
{
  basis b;
  float *t, *mean; // (n, k)
  double *t64;     // (n, k)
  IP_TRY(find_components(s, k, sc, &b));
  IP_TRY(IP_SCRATCH(sc, t, b.n * b.k, "principal components"));
  IP_TRY(IP_SCRATCH(sc, t64, b.n * b.k, "principal components"));
  IP_TRY(project_rows(&b, s->t, s->t64, sc, t, t64));
  *out = *s;
  out->width = b.k;
  out->t = t;
  out->t64 = t64;
  out->has_run_range = false;
  out->quantize_bits = 0;
  if (!s->mean) return IP_OK;
  IP_TRY(IP_SCRATCH(sc, mean, b.n * b.k, "principal components"));
  IP_TRY(project_rows(&b, s->mean, NULL, sc, mean, NULL));
  out->mean = mean;
  return IP_OK;
}
