/* The share of the variance that lies between groups. */
#include "claims/summary.h"

#include "claims/collect.h"
#include "num/normal.h"
#include "num/student.h"

/* The share of seeds column[0 ... n_seeds-1] of v (n_groups, n_seeds); NaN if it does not exist. Groups without values
 * are left out. */
static double share(size_t n_groups, size_t n_seeds, const ip_seed_value *v, const size_t *column)
{
  double n = 0, n2 = 0, groups = 0, mean = 0, between = 0, within = 0; /* sums of squares */
  for (size_t g = 0; g < n_groups; g++) {
    double m = 0, own = 0, ss = 0;
    for (size_t i = 0; i < n_seeds; i++) {
      double x = v[g * n_seeds + column[i]].value, d = x - own;
      if (isnan(x)) continue;
      own += d / ++m;
      ss += d * (x - own);
    }
    if (!(m > 0)) continue;
    double d = own - mean;
    between += d * d * n * m / (n + m); /* Chan, Golub & LeVeque 1979 */
    mean += d * m / (n + m);
    n += m, n2 += m * m, groups++;
    within += ss;
  }
  if (groups < 2 || n <= groups) return (double)NAN;
  double w = within / (n - groups), n0 = (n - n2 / n) / (groups - 1);
  double s2 = fmax(0, (between / (groups - 1) - w) / n0);
  return s2 + w > 0 ? s2 / (s2 + w) : (double)NAN;
}

/* P(Z < z) and the z for it. */
static double normal_cdf(double z)
{
  return erfc(-z / sqrt(2.0)) / 2;
}

static double normal_at(double p)
{
  double z = ip_normal_quantile(fmin(1 - 1e-15, fmax(1e-15, fabs(2 * p - 1))));
  return p < 0.5 ? -z : z;
}

/* The bias-corrected percentile interval of m sorted replicates around `value`. For n seeds the normal quantile is
 * replaced by Student's times sqrt(n / (n - 1)). */
static ip_bounds bias_corrected(size_t m, const double *replicate, double value, double level, size_t n)
{
  double below = 0;
  for (size_t b = 0; b < m; b++) below += (replicate[b] < value) + 0.5 * (replicate[b] == value);
  double p = fmin(1 - 0.5 / (double)m, fmax(0.5 / (double)m, below / (double)m)), z0 = normal_at(p);
  double z = ip_student_quantile(level, n - 1) * sqrt((double)n / (double)(n - 1));
  return (ip_bounds){ip_sorted_quantile(m, replicate, normal_cdf(2 * z0 - z)),
                     ip_sorted_quantile(m, replicate, normal_cdf(2 * z0 + z))};
}

ip_status ip_summary_variance_share(size_t n_groups, size_t n_seeds, const ip_seed_value *v, double level,
                                    uint64_t seed, ip_scratch *sc, ip_effect *out)
{
  size_t mark = ip_scratch_mark(sc), m = 0, *column;
  double *replicate;
  IP_TRY(IP_SCRATCH(sc, column, n_seeds, "seeds"));
  IP_TRY(IP_SCRATCH(sc, replicate, IP_N_BOOTSTRAP, "bootstrap"));
  *out = ip_no_effect(level, IP_SCALE_SHARE);
  for (size_t i = 0; i < n_seeds; i++) column[i] = i;
  for (size_t i = 0; i < n_groups * n_seeds; i++) {
    out->n_censored += ip_seed_is_censored(v[i]);
    if (isnan(v[i].value)) out->n_missing++;
  }
  out->n = n_seeds;
  out->value = out->n_censored ? (double)NAN : share(n_groups, n_seeds, v, column);
  out->reason = out->n_censored     ? ip_censored_reason
                : isnan(out->value) ? "needs two groups with values, two seeds and variation"
                                    : NULL;
  for (uint64_t b = 0; b < IP_N_BOOTSTRAP && !out->reason; b++) {
    ip_rng r = ip_rng_open(seed, IP_RNG_BOOTSTRAP, b);
    for (size_t i = 0; i < n_seeds; i++) column[i] = ip_rng_below(&r, n_seeds);
    double x = share(n_groups, n_seeds, v, column);
    if (!isnan(x)) replicate[m++] = x;
  }
  if (m) {
    ip_sort_f64(m, replicate);
    out->interval = bias_corrected(m, replicate, out->value, level, n_seeds);
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}
