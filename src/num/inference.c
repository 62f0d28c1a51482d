#include "num/inference.h"

#include "num/normal.h"
#include "num/student.h"
#include "num/sum.h"

#include <math.h>
#include <stdlib.h>

static const ip_bounds NO_INTERVAL = {(double)NAN, (double)NAN};

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

void ip_sort_f64(size_t n, double *x)
{
  qsort(x, n, sizeof *x, ascending);
}

double ip_sorted_quantile(size_t n, const double *x, double q)
{
  double at = q * (double)(n - 1);
  size_t i = (size_t)at;
  return i + 1 < n ? x[i] + (at - (double)i) * (x[i + 1] - x[i]) : x[n - 1];
}

ip_moments ip_moments_of(size_t n, const double *x)
{
  double mean = ip_sum_pairwise(n, x) / (double)n;
  ip_sum m2 = {0}, m3 = {0};
  for (size_t i = 0; i < n; i++) {
    double d = x[i] - mean;
    ip_sum_add(&m2, d * d);
    ip_sum_add(&m3, d * d * d);
  }
  double v = ip_sum_value(&m2) / (double)n;
  return (ip_moments){.mean = mean,
                      .sd = n > 1 ? sqrt(ip_sum_value(&m2) / (double)(n - 1)) : (double)NAN,
                      .skewness = v > 0 ? ip_sum_value(&m3) / (double)n / pow(v, 1.5) : 0};
}

ip_bounds ip_mean_interval(size_t n, const double *x, double level)
{
  if (n < 2) return NO_INTERVAL;
  ip_moments m = ip_moments_of(n, x);
  double half = ip_student_quantile(level, n - 1) * m.sd / sqrt((double)n);
  return (ip_bounds){m.mean - half, m.mean + half};
}

ip_status ip_mean_bootstrap(size_t n, const double *x, double level, uint64_t seed, ip_scratch *sc, ip_bounds *out)
{
  size_t mark = ip_scratch_mark(sc), kept = 0;
  *out = NO_INTERVAL;
  if (n < 2) return IP_OK;
  ip_moments m = ip_moments_of(n, x);
  double *t, root = sqrt((double)n), se = m.sd / root;
  IP_TRY(IP_SCRATCH(sc, t, IP_N_BOOTSTRAP, "bootstrap"));
  for (uint64_t b = 0; b < IP_N_BOOTSTRAP; b++) {
    ip_rng r = ip_rng_open(seed, IP_RNG_BOOTSTRAP, b);
    double sum = 0, sum2 = 0;
    for (size_t i = 0; i < n; i++) {
      double d = x[ip_rng_below(&r, n)] - m.mean;
      sum += d;
      sum2 += d * d;
    }
    double mean = sum / (double)n, variance = (sum2 - sum * mean) / (double)(n - 1);
    if (variance > 1e-12 * sum2) t[kept++] = mean / (sqrt(variance) / root);
  }
  ip_sort_f64(kept, t);
  *out = kept ? (ip_bounds){m.mean - ip_sorted_quantile(kept, t, 0.5 + level / 2) * se,
                            m.mean - ip_sorted_quantile(kept, t, 0.5 - level / 2) * se}
              : (ip_bounds){m.mean, m.mean};
  ip_scratch_release(sc, mark);
  return IP_OK;
}

ip_bounds ip_fieller_interval(size_t n, const double *a, const double *b, double level)
{
  if (n < 2) return NO_INTERVAL;
  double mean_a = ip_sum_pairwise(n, a) / (double)n, mean_b = ip_sum_pairwise(n, b) / (double)n;
  double aa = 0, ab = 0, bb = 0, q = ip_student_quantile(level, n - 1);
  for (size_t i = 0; i < n; i++) {
    double x = a[i] - mean_a, y = b[i] - mean_b;
    aa += x * x, ab += x * y, bb += y * y;
  }
  /* roots of (mean_a - r mean_b)^2 = q^2 var(a - r b) / n */
  double scale = q * q / ((double)(n - 1) * (double)n);
  double p2 = mean_b * mean_b - scale * bb, p1 = mean_a * mean_b - scale * ab, p0 = mean_a * mean_a - scale * aa;
  if (!(p2 > 0)) return NO_INTERVAL;
  double root = sqrt(fmax(0, p1 * p1 - p2 * p0));
  return (ip_bounds){(p1 - root) / p2, (p1 + root) / p2};
}

ip_status ip_ratio_bootstrap(size_t n, const double *a, const double *b, double level, uint64_t seed, ip_scratch *sc,
                             ip_bounds *out)
{
  size_t mark = ip_scratch_mark(sc);
  *out = NO_INTERVAL;
  if (n < 2) return IP_OK;
  double *ratio;
  IP_TRY(IP_SCRATCH(sc, ratio, IP_N_BOOTSTRAP, "bootstrap"));
  for (uint64_t k = 0; k < IP_N_BOOTSTRAP; k++) {
    ip_rng r = ip_rng_open(seed, IP_RNG_BOOTSTRAP, k);
    double sum_a = 0, sum_b = 0;
    for (size_t i = 0; i < n; i++) {
      size_t at = ip_rng_below(&r, n);
      sum_a += a[at];
      sum_b += b[at];
    }
    ratio[k] = sum_b != 0 ? sum_a / sum_b : (double)INFINITY;
  }
  ip_sort_f64(IP_N_BOOTSTRAP, ratio);
  *out = (ip_bounds){ip_sorted_quantile(IP_N_BOOTSTRAP, ratio, 0.5 - level / 2),
                     ip_sorted_quantile(IP_N_BOOTSTRAP, ratio, 0.5 + level / 2)};
  ip_scratch_release(sc, mark);
  return IP_OK;
}

ip_bounds ip_median_interval(size_t n, double *x, double level)
{
  ip_sort_f64(n, x);
  size_t k = 0; /* P(fewer than k values are below the median) <= (1 - level) / 2 */
  while (2 * (k + 1) <= n && 2 * ip_coins_at_most(k, n) <= 1 - level) k++;
  return k ? (ip_bounds){x[k - 1], x[n - k]} : NO_INTERVAL;
}

ip_bounds ip_wilson_interval(size_t k, size_t n, double level)
{
  if (!n) return NO_INTERVAL;
  double z = ip_normal_quantile(level), m = (double)n, p = (double)k / m, z2 = z * z / m;
  double half = z * sqrt(p * (1 - p) / m + z2 / (4 * m)), scale = 1 + z2;
  return (ip_bounds){k ? (p + z2 / 2 - half) / scale : 0, k < n ? (p + z2 / 2 + half) / scale : 1};
}

ip_status ip_holm(size_t n, const double *p, ip_scratch *sc, double *adjusted)
{
  size_t mark = ip_scratch_mark(sc), m = 0;
  double *sorted;
  IP_TRY(IP_SCRATCH(sc, sorted, n, "p-values"));
  for (size_t i = 0; i < n; i++)
    if (!isnan(p[i])) sorted[m++] = p[i];
  ip_sort_f64(m, sorted);
  for (size_t i = 0; i < n; i++) {
    adjusted[i] = isnan(p[i]) ? p[i] : 0;
    for (size_t j = 0; j < m && sorted[j] <= p[i]; j++)
      adjusted[i] = fmax(adjusted[i], fmin(1, (double)(m - j) * sorted[j]));
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}
