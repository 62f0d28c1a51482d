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
  case IP_SCALE_RATIO: /* the share of a level, or one level against another */
    return t <= 0.5 ? t * factor : exp(factor * log(t));
  case IP_SCALE_SHARE:
    return t > 0 && t < 1 ? t * factor / (1 - t + t * factor) : (double)NAN;
  case IP_SCALE_CORRELATION:
    return tanh(factor * atanh(t));
  }
  return t;
}

ip_test ip_test_scaled(const ip_test *t, ip_effect_scale scale, double factor)
{
  if (t->kind == IP_BETWEEN && scale == IP_SCALE_PLAIN) {
    double middle = (t->a + t->b) / 2, half = (t->b - t->a) / 2;
    return (ip_test){IP_BETWEEN, middle - factor * half, middle + factor * half};
  }
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

/* Wilson's interval excludes t if |p - t| > z sqrt(t (1 - t) / n). */
static double seeds_of_share(const ip_effect *e, double t, double level)
{
  double z = ip_normal_quantile(level), d = e->value - t;
  if (!(t > 0 && t < 1)) return (double)NAN;
  return fmax(floor(z * z * t * (1 - t) / (d * d)), (double)e->n) + 1;
}

/* How many it takes for the end of the interval that lies towards t to come within t. */
static double seeds_to(const ip_effect *e, double end, double t, double level)
{
  double value = to_scale(e->scale, e->value), n = (double)e->n;
  double reach = fabs(to_scale(e->scale, end) - value), distance = fabs(to_scale(e->scale, t) - value);
  if (!isfinite(reach) || !isfinite(distance)) { /* a ratio with an end below 0 */
    reach = fabs(end - e->value);
    distance = fabs(t - e->value);
  }
  if (e->n < 2 || !isfinite(reach) || isnan(distance)) return (double)NAN;
  if (!(distance > 0)) return (double)INFINITY;
  if (e->scale == IP_SCALE_SHARE) return seeds_of_share(e, t, level);
  double ratio = reach * sqrt(n) / ip_student_quantile(e->level, e->n - 1) / distance, least = n + 1, most = n + 1;
  if (ratio > 100)
    return fmax(least, ceil(pow(ratio * ip_normal_quantile(level), 2))); /* Student's t is normal there */
  while (ip_student_quantile(level, (size_t)most - 1) * ratio > sqrt(most)) most *= 2;
  while (least < most) {
    double mid = floor((least + most) / 2);
    if (ip_student_quantile(level, (size_t)mid - 1) * ratio > sqrt(mid))
      least = mid + 1;
    else
      most = mid;
  }
  return most;
}

static double seeds_exactly(const ip_test *t, const ip_effect *e, double level)
{
  ip_bounds i = e->interval;
  double low = t->kind == IP_WITHIN ? -t->a : t->a, high = t->kind == IP_BETWEEN ? t->b : t->a;
  if (e->value > high) return seeds_to(e, i.low, high, level);
  if (e->value < low) return seeds_to(e, i.high, low, level);
  double below = seeds_to(e, i.low, low, level), above = seeds_to(e, i.high, high, level);
  return isnan(below) || isnan(above) ? (double)NAN : fmax(below, above);
}

double ip_seeds_needed(const ip_test *t, const ip_effect *e, double level)
{
  enum { MOST = 10000 };
  double n = seeds_exactly(t, e, level);
  return n > MOST ? (double)INFINITY : n;
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
