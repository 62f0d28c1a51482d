#include "claims/summary.h"

#include "claims/collect.h"
#include "num/student.h"

/* The values that are not missing into x; censored ones are infinite. */
static void collect(size_t n, const ip_seed_value *v, double *x, ip_effect *e)
{
  for (size_t i = 0; i < n; i++) {
    if (isnan(v[i].value)) {
      e->n_missing++;
      continue;
    }
    e->n_censored += ip_seed_is_censored(v[i]);
    x[e->n++] = v[i].value;
  }
}

const char ip_censored_reason[] = "an event did not come during training in some seeds: use a median, a share or ranks";
static const char TWO[] = "an interval needs at least two seeds";

static ip_bounds outer(ip_bounds a, ip_bounds b)
{
  return (ip_bounds){fmin(a.low, b.low), fmax(a.high, b.high)};
}

ip_status ip_summary_mean(size_t n, const ip_seed_value *v, double level, uint64_t seed, ip_scratch *sc, ip_effect *out)
{
  size_t mark = ip_scratch_mark(sc);
  double *x;
  IP_TRY(IP_SCRATCH(sc, x, n, "values"));
  *out = ip_no_effect(level, IP_SCALE_PLAIN);
  collect(n, v, x, out);
  out->reason = out->n_censored ? ip_censored_reason : out->n < 2 ? TWO : NULL;
  if (out->n && !out->n_censored) {
    ip_moments m = ip_moments_of(out->n, x);
    out->value = m.mean;
    out->interval = ip_mean_interval(out->n, x, level);
    if (m.sd > 0) out->p = ip_student_p(m.mean / (m.sd / sqrt((double)out->n)), out->n - 1);
    if (out->n > 1 && (out->n < 15 || fabs(m.skewness) > 1)) {
      ip_bounds bootstrap;
      IP_TRY(ip_mean_bootstrap(out->n, x, level, seed, sc, &bootstrap));
      out->interval = outer(out->interval, bootstrap);
    }
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

ip_status ip_summary_median(size_t n, const ip_seed_value *v, double level, ip_scratch *sc, ip_effect *out)
{
  size_t mark = ip_scratch_mark(sc);
  double *x;
  IP_TRY(IP_SCRATCH(sc, x, n, "values"));
  *out = ip_no_effect(level, IP_SCALE_PLAIN);
  collect(n, v, x, out);
  out->interval = ip_median_interval(out->n, x, level); /* sorts x */
  if (out->n) out->value = out->n % 2 ? x[out->n / 2] : x[out->n / 2 - 1] / 2 + x[out->n / 2] / 2;
  if (isnan(out->interval.low)) out->reason = "too few seeds for an interval of the median";
  ip_scratch_release(sc, mark);
  return IP_OK;
}

void ip_summary_share(size_t n, const ip_seed_value *v, double level, ip_effect *out)
{
  size_t yes = 0;
  *out = ip_no_effect(level, IP_SCALE_SHARE);
  for (size_t i = 0; i < n; i++) {
    if (isnan(v[i].value))
      out->n_missing++;
    else
      out->n++;
    yes += !isnan(v[i].value) && v[i].value != 0;
  }
  if (out->n) out->value = (double)yes / (double)out->n;
  out->interval = ip_wilson_interval(yes, out->n, level);
  if (!out->n) out->reason = "no seed has a value";
}

ip_status ip_summary_ratio(size_t n, const ip_seed_value *a, const ip_seed_value *b, double level, uint64_t seed,
                           ip_scratch *sc, ip_effect *out)
{
  size_t mark = ip_scratch_mark(sc);
  double *x, *y;
  IP_TRY(IP_SCRATCH(sc, x, n, "values"));
  IP_TRY(IP_SCRATCH(sc, y, n, "values"));
  *out = ip_no_effect(level, IP_SCALE_RATIO);
  for (size_t i = 0; i < n; i++) ip_collect_pair(a[i], b[i], x, y, out);
  out->reason = out->n_censored ? ip_censored_reason : out->n < 2 ? TWO : NULL;
  if (!out->reason) {
    ip_effect below;
    ip_seed_value *seeds;
    IP_TRY(IP_SCRATCH(sc, seeds, out->n, "values"));
    for (size_t i = 0; i < out->n; i++) seeds[i] = ip_seed_number(y[i]);
    IP_TRY(ip_summary_mean(out->n, seeds, level, seed, sc, &below));
    if (below.interval.low <= 0 && below.interval.high >= 0) {
      out->reason = "the interval of the denominator contains 0";
    } else {
      ip_bounds bootstrap;
      IP_TRY(ip_ratio_bootstrap(out->n, x, y, level, seed, sc, &bootstrap));
      out->value = ip_moments_of(out->n, x).mean / below.value;
      out->interval = outer(ip_fieller_interval(out->n, x, y, level), bootstrap);
    }
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}
