/* Summaries of two values per seed: correlations, over all seeds and within groups, and permutations. */
#include "claims/summary.h"

#include "claims/collect.h"
#include "num/correlation.h"
#include "num/student.h"

static const char FOUR[] = "a correlation needs at least four seeds";
static const char CONSTANT[] = "a value is the same in all seeds";

/* r of n pairs; its Fisher z with its variance. Ranks in perfect order count as half a swap of neighbours away from it
 * (r changes by 12 / (n^3 - n) a swap), because their z would be infinite. */
static ip_status correlate(ip_correlation_kind kind, size_t n, const double *x, const double *y, ip_scratch *sc,
                           double *r, double *z, double *variance)
{
  double m = (double)n, most = 1 - 6 / (m * m * m - m);
  *variance = kind == IP_PEARSON ? ip_pearson_variance(n) : ip_spearman_variance(n);
  if (kind == IP_PEARSON) *r = ip_pearson(n, x, y);
  if (kind == IP_SPEARMAN) IP_TRY(ip_spearman(n, x, y, sc, r));
  *z = isnan(*r) ? *r : atanh(fmax(-most, fmin(most, *r)));
  return IP_OK;
}

/* Interval and p of a correlation from its z. */
static void set_fisher(double z, double variance, ip_effect *e)
{
  ip_fisher_interval(tanh(z), variance, e->level, &e->interval.low, &e->interval.high);
  e->p = erfc(fabs(z) / sqrt(2 * variance));
}

ip_status ip_summary_corr(ip_correlation_kind kind, size_t n, const ip_seed_value *a, const ip_seed_value *b,
                          double level, ip_scratch *sc, ip_effect *out)
{
  size_t mark = ip_scratch_mark(sc);
  double *x, *y, z, variance;
  IP_TRY(IP_SCRATCH(sc, x, n, "values"));
  IP_TRY(IP_SCRATCH(sc, y, n, "values"));
  *out = ip_no_effect(level, IP_SCALE_CORRELATION);
  for (size_t i = 0; i < n; i++) ip_collect_pair(a[i], b[i], x, y, out);
  out->reason = kind == IP_PEARSON && out->n_censored ? ip_censored_reason : out->n < 4 ? FOUR : NULL;
  if (!out->reason) {
    IP_TRY(correlate(kind, out->n, x, y, sc, &out->value, &z, &variance));
    set_fisher(z, variance, out);
    if (isnan(out->value)) out->reason = CONSTANT;
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* ---------------------------------------------------------------- within groups */

/* Pools k values of Fisher's z (DerSimonian & Laird 1986, Hartung & Knapp 2001). */
static void pool(size_t k, const double *z, const double *variance, ip_effect *e)
{
  double w1 = 0, w2 = 0, wz = 0, q = 0, weights = 0, sum = 0;
  for (size_t g = 0; g < k; g++) {
    double w = 1 / variance[g];
    w1 += w, w2 += w * w, wz += w * z[g];
  }
  for (size_t g = 0; g < k; g++) q += (z[g] - wz / w1) * (z[g] - wz / w1) / variance[g];
  double between = k > 1 ? fmax(0, (q - (double)(k - 1)) / (w1 - w2 / w1)) : 0;
  for (size_t g = 0; g < k; g++) {
    double w = 1 / (variance[g] + between);
    weights += w, sum += w * z[g];
  }
  double mean = sum / weights, spread = 0;
  e->value = tanh(mean);
  set_fisher(mean, 1 / weights, e);
  if (k < 2) return;
  for (size_t g = 0; g < k; g++) spread += (z[g] - mean) * (z[g] - mean) / (variance[g] + between);
  double se = sqrt(spread / ((double)(k - 1) * weights)), half = ip_student_quantile(e->level, k - 1) * se;
  e->interval = (ip_bounds){tanh(mean - half), tanh(mean + half)};
  e->p = ip_student_p(mean / se, k - 1);
  e->p_heterogeneity = ip_chi_square_p(q, k - 1);
}

ip_status ip_summary_pooled_corr(ip_correlation_kind kind, size_t n_groups, size_t n, const ip_seed_value *a,
                                 const ip_seed_value *b, const size_t *group, double level, ip_scratch *sc,
                                 ip_effect *out)
{
  size_t mark = ip_scratch_mark(sc), k = 0;
  double *x, *y, *z, *variance, r;
  IP_TRY(IP_SCRATCH(sc, x, n, "values"));
  IP_TRY(IP_SCRATCH(sc, y, n, "values"));
  IP_TRY(IP_SCRATCH(sc, z, n_groups, "correlations"));
  IP_TRY(IP_SCRATCH(sc, variance, n_groups, "correlations"));
  *out = ip_no_effect(level, IP_SCALE_CORRELATION);
  for (size_t g = 0; g < n_groups; g++) {
    ip_effect e = {0};
    for (size_t i = 0; i < n; i++)
      if (group[i] == g) ip_collect_pair(a[i], b[i], x, y, &e);
    bool is_finite = kind == IP_SPEARMAN || !e.n_censored;
    if (e.n >= 4 && is_finite) IP_TRY(correlate(kind, e.n, x, y, sc, &r, &z[k], &variance[k]));
    bool counts = e.n >= 4 && is_finite && !isnan(r);
    if (counts) k++;
    out->n += counts ? e.n : 0;
    out->n_missing += e.n_missing + (counts ? 0 : e.n);
    out->n_censored += e.n_censored;
  }
  if (k)
    pool(k, z, variance, out);
  else
    out->reason = "no group has four seeds and variation in both values";
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* ---------------------------------------------------------------- permutations */

ip_status ip_summary_permutation(ip_correlation_kind kind, size_t n, const ip_seed_value *a, const ip_seed_value *b,
                                 size_t n_shuffles, uint64_t seed, ip_scratch *sc, ip_effect *out)
{
  size_t mark = ip_scratch_mark(sc), as_large = 0;
  double *x, *y;
  IP_TRY(IP_SCRATCH(sc, x, n, "values"));
  IP_TRY(IP_SCRATCH(sc, y, n, "values"));
  *out = ip_no_effect((double)NAN, IP_SCALE_CORRELATION);
  for (size_t i = 0; i < n; i++) ip_collect_pair(a[i], b[i], x, y, out);
  out->reason = kind == IP_PEARSON && out->n_censored ? ip_censored_reason : out->n < 4 ? FOUR : NULL;
  if (!out->reason && kind == IP_SPEARMAN) { /* ranks do not change under permutations */
    IP_TRY(ip_ranks(out->n, x, sc, x));
    IP_TRY(ip_ranks(out->n, y, sc, y));
  }
  if (!out->reason) out->value = ip_pearson(out->n, x, y);
  if (!out->reason && isnan(out->value)) out->reason = CONSTANT;
  for (size_t k = 0; k < n_shuffles && !out->reason; k++) {
    ip_rng r = ip_rng_open(seed, IP_RNG_NULL, k);
    for (size_t i = out->n; i > 1; i--) {
      size_t at = ip_rng_below(&r, i);
      double t = y[i - 1];
      y[i - 1] = y[at], y[at] = t;
    }
    as_large += fabs(ip_pearson(out->n, x, y)) >= fabs(out->value) * (1 - 1e-12); /* equal ones despite rounding */
  }
  if (!out->reason) out->p = (1 + (double)as_large) / (1 + (double)n_shuffles);
  ip_scratch_release(sc, mark);
  return IP_OK;
}
