/* The share of the variance that lies between groups. */
#include "claims/summary.h"

#include "claims/collect.h"
#include "num/student.h"

typedef struct {
  double between, within, n0; /* s^2, which may be negative; w; effective number of seeds per group */
} components;

/* ANOVA estimates from v (n_groups, n_seeds) without the seed `left_out`; NaN if they do not exist. Groups without
 * values do not count. */
static components estimate(size_t n_groups, size_t n_seeds, const ip_seed_value *v, size_t left_out)
{
  double n = 0, n2 = 0, groups = 0, mean = 0, between = 0, within = 0; /* sums of squares */
  for (size_t g = 0; g < n_groups; g++) {
    double m = 0, own = 0, ss = 0;
    for (size_t i = 0; i < n_seeds; i++) {
      double x = v[g * n_seeds + i].value, d = x - own;
      if (isnan(x) || i == left_out) continue;
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
  components c = {(double)NAN, (double)NAN, (double)NAN};
  if (groups < 2 || n <= groups) return c;
  c.within = within / (n - groups);
  c.n0 = (n - n2 / n) / (groups - 1);
  c.between = (between / (groups - 1) - c.within) / c.n0;
  return c;
}

static double share(double between, double within)
{
  if (between > 0) return 1 / (1 + within / between);
  return within > 0 ? 0 : (double)NAN;
}

/* ln(s^2 / w + 1 / n0), whose distribution is close to normal; s^2 / w is at least -1 / n0. */
static double transformed(components c, double n0)
{
  return log(fmax(c.between / c.within, -0.9 / n0) + 1 / n0);
}

/* Jackknife over seeds in the transformed scale. */
static ip_status find_interval(size_t n_groups, size_t n, const ip_seed_value *v, components all, ip_scratch *sc,
                               ip_effect *out)
{
  size_t mark = ip_scratch_mark(sc), m = 0;
  double *replicate;
  IP_TRY(IP_SCRATCH(sc, replicate, n, "jackknife"));
  for (size_t i = 0; i < n; i++) {
    double y = transformed(estimate(n_groups, n, v, i), all.n0);
    if (isfinite(y)) replicate[m++] = y;
  }
  if (m < 2) {
    out->reason = "an interval needs at least two seeds besides each seed";
  } else {
    double scale = (double)(m - 1) / sqrt((double)m); /* of the replicates' sd: the jackknife's standard error */
    double half = ip_student_quantile(out->level, m - 1) * scale * ip_moments_of(m, replicate).sd;
    double centre = transformed(all, all.n0);
    out->interval = (ip_bounds){share(exp(centre - half) - 1 / all.n0, 1), share(exp(centre + half) - 1 / all.n0, 1)};
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

ip_status ip_summary_variance_share(size_t n_groups, size_t n_seeds, const ip_seed_value *v, double level,
                                    ip_scratch *sc, ip_effect *out)
{
  *out = ip_no_effect(level, IP_SCALE_SHARE);
  out->n = n_seeds;
  for (size_t i = 0; i < n_groups * n_seeds; i++) {
    if (isnan(v[i].value)) out->n_missing++;
    if (ip_seed_is_censored(v[i])) out->n_censored++;
  }
  components c = estimate(n_groups, n_seeds, v, n_seeds);
  if (!out->n_censored) out->value = share(c.between, c.within);
  if (out->n_censored)
    out->reason = ip_censored_reason;
  else if (isnan(out->value))
    out->reason = "needs two groups with values, two seeds and variation";
  else if (c.within > 0)
    IP_TRY(find_interval(n_groups, n_seeds, v, c, sc, out));
  else
    out->interval = (ip_bounds){1, 1};
  return IP_OK;
}
