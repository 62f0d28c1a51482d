#include "claims/decide.h"

#include "num/normal.h"
#include "num/student.h"

ip_decision ip_and(ip_decision a, ip_decision b)
{
  return a < b ? a : b;
}

ip_decision ip_or(ip_decision a, ip_decision b)
{
  return a > b ? a : b;
}

ip_decision ip_not(ip_decision a)
{
  return a == IP_HOLDS ? IP_FAILS : a == IP_FAILS ? IP_HOLDS : IP_UNDECIDED;
}

double ip_claim_level(bool is_cross_fitted, size_t n_looks)
{
  return 1 - (is_cross_fitted ? 0.025 : 0.05) / (double)n_looks;
}

double ip_any_level(double level, size_t n_alternatives)
{
  return 1 - (1 - level) / (double)n_alternatives;
}

ip_decision ip_test_decide(const ip_test *t, const ip_effect *e)
{
  double low = e->interval.low, high = e->interval.high;
  double a = t->kind == IP_WITHIN ? -t->a : t->a, b = t->kind == IP_WITHIN ? t->a : t->b;
  switch (t->kind) {
  case IP_ABOVE:
    return low > a ? IP_HOLDS : high < a ? IP_FAILS : IP_UNDECIDED;
  case IP_BELOW:
    return high < a ? IP_HOLDS : low > a ? IP_FAILS : IP_UNDECIDED;
  case IP_WITHIN:
  case IP_BETWEEN:
    return a < low && high < b ? IP_HOLDS : low > b || high < a ? IP_FAILS : IP_UNDECIDED;
  }
  return IP_UNDECIDED;
}

/* ---------------------------------------------------------------- scales */

static double to_scale(ip_effect_scale scale, double x)
{
  switch (scale) {
  case IP_SCALE_PLAIN:
    return x;
  case IP_SCALE_RATIO:
    return log(x);
  case IP_SCALE_SHARE:
    return log(x / (1 - x));
  case IP_SCALE_CORRELATION:
    return atanh(x);
  }
  return x;
}

static double threshold_scaled(double t, ip_effect_scale scale, double factor)
{
  switch (scale) {
  case IP_SCALE_PLAIN:
    return t * factor;
  case IP_SCALE_RATIO:
    return exp(factor * log(t));
  case IP_SCALE_SHARE:
    return t > 0 && t < 1 ? t * factor / (1 - t + t * factor) : (double)NAN;
  case IP_SCALE_CORRELATION:
    return tanh(factor * atanh(t));
  }
  return t;
}

ip_test ip_test_scaled(const ip_test *t, ip_effect_scale scale, double factor)
{
  return (ip_test){t->kind, threshold_scaled(t->a, scale, factor), threshold_scaled(t->b, scale, factor)};
}

ip_firmness ip_test_firmness(const ip_test *t, const ip_effect *e, ip_decision *at_half, ip_decision *at_double)
{
  ip_test half = ip_test_scaled(t, e->scale, 0.5), twice = ip_test_scaled(t, e->scale, 2);
  ip_decision now = ip_test_decide(t, e);
  *at_half = ip_test_decide(&half, e);
  *at_double = ip_test_decide(&twice, e);
  bool moves = t->a != twice.a || (t->kind == IP_BETWEEN && t->b != twice.b); /* false if a threshold is no number */
  if (!moves || isnan(twice.a) || (t->kind == IP_BETWEEN && isnan(twice.b))) return IP_NO_SCALE;
  return *at_half == now && *at_double == now ? IP_FIRM : IP_NOT_FIRM;
}

/* ---------------------------------------------------------------- more seeds */

double ip_seeds_needed(const ip_test *t, const ip_effect *e)
{
  double low = to_scale(e->scale, e->interval.low), high = to_scale(e->scale, e->interval.high);
  double value = to_scale(e->scale, e->value), n = (double)e->n;
  double a = to_scale(e->scale, t->kind == IP_WITHIN ? -t->a : t->a), distance = fabs(value - a);
  if (t->kind == IP_WITHIN || t->kind == IP_BETWEEN)
    distance = fmin(distance, fabs(value - to_scale(e->scale, t->kind == IP_WITHIN ? t->a : t->b)));
  if (e->n < 2 || !isfinite(low) || !isfinite(high) || isnan(distance)) return (double)NAN;
  if (!(distance > 0)) return (double)INFINITY;
  double s = (high - low) / 2 * sqrt(n) / ip_student_quantile(e->level, e->n - 1);
  double ratio = s / distance, least = 2, most = 2;
  if (ratio > 100) return ceil(pow(ratio * ip_normal_quantile(e->level), 2)); /* Student's t is normal there */
  while (ip_student_quantile(e->level, (size_t)most - 1) * ratio > sqrt(most)) most *= 2;
  while (least < most) {
    double mid = floor((least + most) / 2);
    if (ip_student_quantile(e->level, (size_t)mid - 1) * ratio > sqrt(mid))
      least = mid + 1;
    else
      most = mid;
  }
  return most;
}

/* ---------------------------------------------------------------- estimators */

ip_verdict ip_verdict_over(size_t n, const ip_decision *d)
{
  size_t yes = 0, no = 0;
  for (size_t i = 0; i < n; i++) yes += d[i] == IP_HOLDS, no += d[i] == IP_FAILS;
  if (!n || 2 * (yes + no) < n) return IP_VERDICT_UNDECIDED;
  if (yes && no) return IP_VERDICT_DEPENDS;
  return yes ? IP_VERDICT_HOLDS : IP_VERDICT_FAILS;
}

const char *ip_verdict_text(ip_verdict v)
{
  static const char *const text[] = {"holds", "fails", "depends on the estimator", "cannot be told"};
  return text[v];
}
