#include "claims/relation.h"

#include "num/correlation.h"

/* One row; a missing value makes it missing. */
static ip_seed_value first_missing(size_t n, const ip_seed_value *f)
{
  for (size_t k = 0; k < n; k++)
    if (isnan(f[k].value)) return f[k];
  return ip_seed_number(0);
}

static const char CENSORED[] = "an event did not come during training";

ip_seed_value ip_relate_diff(ip_seed_value a, ip_seed_value b)
{
  if (isnan(a.value)) return a;
  if (isnan(b.value)) return b;
  if (isinf(a.value) || isinf(b.value)) return ip_seed_missing(CENSORED);
  return ip_seed_number(a.value - b.value);
}

ip_seed_value ip_relate_quotient(ip_seed_value a, ip_seed_value b)
{
  ip_seed_value both = ip_relate_diff(a, b);
  if (isnan(both.value)) return both;
  return b.value != 0 ? ip_seed_number(a.value / b.value) : ip_seed_missing("division by 0");
}

ip_status ip_relate_trend(size_t n_seeds, size_t n_values, const double *key, const ip_seed_value *f, ip_scratch *sc,
                          ip_seed_value *out)
{
  size_t mark = ip_scratch_mark(sc);
  double *y;
  IP_TRY(IP_SCRATCH(sc, y, n_values, "swept values"));
  for (size_t i = 0; i < n_seeds; i++) {
    out[i] = first_missing(n_values, f + i * n_values);
    if (isnan(out[i].value)) continue;
    for (size_t k = 0; k < n_values; k++) y[k] = f[i * n_values + k].value;
    double tau = ip_kendall(n_values, key, y);
    out[i] = isnan(tau) ? ip_seed_missing("the value is the same at all swept values") : ip_seed_number(tau);
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* Logarithms of one row; 0, or what is missing. */
static ip_seed_value logarithms(size_t n, const double *key, const ip_seed_value *f, double *t, double *y)
{
  ip_seed_value missing = first_missing(n, f);
  for (size_t k = 0; k < n && !isnan(missing.value); k++) {
    if (isinf(f[k].value)) return ip_seed_missing(CENSORED);
    if (!(f[k].value > 0 && key[k] > 0)) return ip_seed_missing("a logarithm needs positive values");
    t[k] = log2(key[k]);
    y[k] = log2(f[k].value);
  }
  return missing;
}

ip_status ip_relate_slope(size_t n_seeds, size_t n_values, const double *key, const ip_seed_value *f, ip_scratch *sc,
                          ip_seed_value *out)
{
  size_t mark = ip_scratch_mark(sc);
  double *t, *y;
  IP_TRY(IP_SCRATCH(sc, t, n_values, "swept values"));
  IP_TRY(IP_SCRATCH(sc, y, n_values, "swept values"));
  for (size_t i = 0; i < n_seeds; i++) {
    out[i] = logarithms(n_values, key, f + i * n_values, t, y);
    if (isnan(out[i].value)) continue;
    double slope = ip_slope(n_values, t, y);
    out[i] = isnan(slope) ? ip_seed_missing("fewer than two swept values") : ip_seed_number(slope);
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

void ip_relate_best(size_t n_seeds, size_t n_values, const ip_seed_value *f, size_t *index)
{
  size_t best[2] = {n_values, n_values};
  for (size_t half = 0; half < 2; half++) {
    double least = (double)INFINITY;
    for (size_t k = 0; k < n_values; k++) {
      double sum = 0, n = 0;
      for (size_t i = 1 - half; i < n_seeds; i += 2)
        if (isfinite(f[i * n_values + k].value)) sum += f[i * n_values + k].value, n++;
      if (n > 0 && sum / n < least) least = sum / n, best[half] = k;
    }
  }
  for (size_t i = 0; i < n_seeds; i++) index[i] = best[i % 2];
}

/* The largest value of a row, which must be positive and finite. */
static ip_seed_value largest(size_t n, const ip_seed_value *row)
{
  ip_seed_value most = first_missing(n, row);
  if (isnan(most.value)) return most;
  for (size_t k = 0; k < n; k++) most.value = fmax(most.value, row[k].value);
  if (isinf(most.value)) return ip_seed_missing(CENSORED);
  return most.value > 0 ? most : ip_seed_missing("no swept value has a positive value");
}

void ip_relate_inside(size_t n_seeds, size_t n_values, double q, const ip_seed_value *f, ip_seed_value *out)
{
  for (size_t i = 0; i < n_seeds; i++) {
    const ip_seed_value *row = f + i * n_values;
    ip_seed_value most = largest(n_values, row);
    double count = 0;
    for (size_t k = 0; k < n_values; k++) count += row[k].value > q * most.value && row[k].value < (1 - q) * most.value;
    out[i] = isnan(most.value) ? most : ip_seed_number(count);
  }
}

/* log10 of the key at which the running minimum, from the end of larger values, first reaches `target`; NaN if it does
 * not. step(k): the k-th swept value in that direction. */
static double crossing(size_t n, const double *key, const ip_seed_value *row, bool from_end, double target)
{
  double before = 0, at = 0, low = (double)INFINITY;
  for (size_t k = 0; k < n; k++) {
    size_t i = from_end ? n - 1 - k : k;
    double t = log10(key[i]), v = fmin(low, row[i].value);
    if (v <= target) return k ? at + (t - at) * (before - target) / (before - v) : t;
    at = t, before = low = v;
  }
  return (double)NAN;
}

void ip_relate_span(size_t n_seeds, size_t n_values, const double *key, const ip_seed_value *f, ip_seed_value *out)
{
  for (size_t i = 0; i < n_seeds; i++) {
    const ip_seed_value *row = f + i * n_values;
    ip_seed_value most = largest(n_values, row);
    out[i] = most;
    if (isnan(most.value)) continue;
    if (!(key[0] > 0)) {
      out[i] = ip_seed_missing("a logarithm needs positive swept values");
      continue;
    }
    bool from_end = row[n_values - 1].value > row[0].value;
    double high = crossing(n_values, key, row, from_end, 0.9 * most.value);
    double low = crossing(n_values, key, row, from_end, 0.1 * most.value);
    out[i] = isnan(low) ? ip_seed_missing("the value does not fall below 0.1 of its largest within the sweep")
                        : ip_seed_number(fabs(low - high));
  }
}
