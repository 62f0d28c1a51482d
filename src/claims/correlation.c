/* Summaries of two values per seed: correlations, over all seeds and within groups, and permutations. */
#include "claims/summary.h"

#include "claims/collect.h"
#include "num/correlation.h"
#include "num/pooled.h"

static const char FOUR[] = "a correlation needs at least four seeds";
static const char CONSTANT[] = "a value is the same in all seeds";

/* r of n pairs; its Fisher z with its variance. */
static ip_status correlate(ip_correlation_kind kind, size_t n, const double *x, const double *y, ip_scratch *sc,
                           double *r, double *z, double *variance)
{
  *variance = kind == IP_PEARSON ? ip_pearson_variance(n) : ip_spearman_variance(n);
  if (kind == IP_PEARSON) *r = ip_pearson(n, x, y);
  if (kind == IP_SPEARMAN) IP_TRY(ip_spearman(n, x, y, sc, r));
  *z = ip_fisher_z(*r, n);
  return IP_OK;
}

/* Takes the pooled correlation of k >= 1 groups; one group is the correlation over all seeds. */
static void set_pooled(size_t k, const double *z, const double *variance, ip_effect *e)
{
  ip_pooled p = ip_pool_correlations(k, z, variance, e->level);
  e->value = p.r;
  e->interval = (ip_bounds){p.low, p.high};
  e->p = p.p;
  e->p_heterogeneity = p.p_heterogeneity;
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
    double r;
    IP_TRY(correlate(kind, out->n, x, y, sc, &r, &z, &variance));
    set_pooled(1, &z, &variance, out);
    out->value = r;
    if (isnan(r)) out->reason = CONSTANT;
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* ---------------------------------------------------------------- within groups */

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
    set_pooled(k, z, variance, out);
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
