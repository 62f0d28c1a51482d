#include "num/inference.h"

#include "base/test/check.h"
#include "base/test/scratch.h"
#include "num/test/twelve.h"

#include <math.h>
#include <string.h>

static void check_bounds(ip_bounds got, double low, double high, double tol)
{
  CHECK_NEAR(got.low, low, tol);
  CHECK_NEAR(got.high, high, tol);
}

/* scipy.stats 1.10: skew, binomtest(...).proportion_ci(method="wilson"). mpmath: mean -+ t sd / sqrt 12. */
static void means_and_proportions_are_those_of_scipy(void **state)
{
  (void)state;
  ip_moments m = ip_moments_of(N, X);
  CHECK_NEAR(m.mean, 2.5, 1e-15);
  CHECK_NEAR(m.sd, 3.49779151101741, 1e-14);
  CHECK_NEAR(m.skewness, 0.38273116761542963, 1e-14);
  check_bounds(ip_mean_interval(N, X, 0.95), 0.27760930129710181, 4.7223906987028982, 1e-13);
  check_bounds(ip_mean_interval(N, X, 0.975), -0.11831163746241912, 5.1183116374624191, 1e-13);
  check_bounds(ip_wilson_interval(12, 12, 0.95), 0.7575059933447592, 1, 1e-14);
  check_bounds(ip_wilson_interval(0, 9, 0.95), 0, 0.29914504841954404, 1e-14);
  check_bounds(ip_wilson_interval(15, 16, 0.95), 0.7167126242970107, 0.9888806552353576, 1e-14);
  check_bounds(ip_wilson_interval(7, 20, 0.975), 0.16428912584317631, 0.5959399626729983, 1e-14);
  assert_true(isnan(ip_wilson_interval(0, 0, 0.95).low) && isnan(ip_mean_interval(1, X, 0.95).low));
}

/* numpy.quantile of 1, 2, 4, 8: at places of values, between any two neighbours and at both ends. */
static void a_quantile_lies_between_its_neighbours(void **state)
{
  (void)state;
  static const double x[] = {1, 2, 4, 8},
                      want[][2] = {{0, 1}, {1. / 6, 1.5}, {1. / 3, 2}, {0.5, 3}, {0.75, 5}, {0.9, 6.8}, {1, 8}};
  for (size_t i = 0; i < sizeof want / sizeof *want; i++)
    CHECK_NEAR(ip_sorted_quantile(4, x, want[i][0]), want[i][1], 1e-14);
  assert_true(ip_sorted_quantile(1, x + 2, 0) == 4 && ip_sorted_quantile(1, x + 2, 0.5) == 4);
  CHECK_NEAR(ip_sorted_quantile(2, x, 0.25), 1.25, 1e-15);
}

/* Roots of |mean(x - r (y + 4))| / sem = t quantile by mpmath.findroot. */
static void a_ratio_has_the_interval_of_fieller(void **state)
{
  double b[N], zero[N];
  for (int i = 0; i < N; i++) b[i] = Y[i] + 4, zero[i] = Y[i] - 1.1;
  check_bounds(ip_fieller_interval(N, X, b, 0.95), 0.065672858439785779, 0.7868886451455834, 1e-12);
  assert_true(isnan(ip_fieller_interval(N, X, zero, 0.95).low) && isnan(ip_fieller_interval(1, X, b, 0.95).low));
  ip_bounds boot, again;
  CHECK_OK(ip_ratio_bootstrap(N, X, b, 0.95, 7, *state, &boot));
  CHECK_OK(ip_ratio_bootstrap(N, X, b, 0.95, 7, *state, &again));
  check_bounds(again, boot.low, boot.high, 0);
  for (int i = 0; i < N; i++) zero[i] = 3 * b[i];
  CHECK_OK(ip_ratio_bootstrap(N, zero, b, 0.95, 7, *state, &boot));
  check_bounds(boot, 3, 3, 1e-14);
}

/* The largest k with 2 P(fewer than k heads of n) <= 0.05: 0, 1, 3, 7, 17 for n = 5, 6, 12, 24, 48
 * (scipy.stats.binom.cdf). */
static void a_median_lies_between_order_statistics(void **state)
{
  (void)state;
  static const size_t want[][2] = {{6, 1}, {12, 3}, {24, 7}, {48, 17}};
  double x[48];
  for (size_t c = 0; c < 4; c++) {
    size_t n = want[c][0];
    for (size_t i = 0; i < n; i++) x[i] = (double)(n - 1 - i);
    check_bounds(ip_median_interval(n, x, 0.95), (double)want[c][1] - 1, (double)(n - want[c][1]), 0);
  }
  assert_true(isnan(ip_median_interval(5, x, 0.95).low) && isnan(ip_median_interval(0, x, 0.95).low));
}

/* Symmetric values give symmetric intervals up to the noise of 2000 resamples; skewed ones reach further on the side of
 * the tail. */
static void the_studentized_bootstrap_follows_the_skewness(void **state)
{
  double symmetric[41], skewed[40];
  for (int i = 0; i < 41; i++) symmetric[i] = i - 20;
  for (int i = 0; i < 40; i++) skewed[i] = -log((i + 0.5) / 40); /* quantiles of an exponential distribution */
  ip_bounds b, t = ip_mean_interval(41, symmetric, 0.95);
  CHECK_OK(ip_mean_bootstrap(41, symmetric, 0.95, 1, *state, &b));
  /* a quantile of 2000 values at .025 has a standard error of sqrt(.025 .975 / 2000) / density(1.96) = .06 sd */
  double se = ip_moments_of(41, symmetric).sd / sqrt(41);
  check_bounds(b, t.low, t.high, 4 * 0.07 * se);
  CHECK_OK(ip_mean_bootstrap(40, skewed, 0.95, 1, *state, &b));
  double mean = ip_moments_of(40, skewed).mean;
  assert_true(b.high - mean > 1.15 * (mean - b.low));
  double equal[3] = {2, 2, 2};
  CHECK_OK(ip_mean_bootstrap(3, equal, 0.95, 1, *state, &b));
  check_bounds(b, 2, 2, 0);
  double tied[20]; /* a third of the resamples have one value only, up to rounding */
  for (size_t i = 0; i < 20; i++) tied[i] = i ? 1 : -1.0 / 3;
  CHECK_OK(ip_mean_bootstrap(20, tied, 0.95, 1, *state, &b));
  check_bounds(b, 1 - 4 / 3.0 / 20, 1.0423, 0.01);
  CHECK_OK(ip_mean_bootstrap(1, equal, 0.95, 1, *state, &b));
  assert_true(isnan(b.low) && isnan(b.high));
}

/* By hand: sorted .005 .01 .03 .04 .2 times 5 4 3 2 1, then the running maximum. */
static void holm_adjusts_step_by_step(void **state)
{
  const double p[] = {0.01, 0.04, (double)NAN, 0.03, 0.005, 0.2}, want[] = {0.04, 0.09, 0, 0.09, 0.025, 0.2};
  double adjusted[6];
  CHECK_OK(ip_holm(6, p, *state, adjusted));
  for (int i = 0; i < 6; i++)
    if (i != 2) CHECK_NEAR(adjusted[i], want[i], 1e-15);
  assert_true(isnan(adjusted[2]));
  const double same[] = {0.6, 0.6, 0.6};
  CHECK_OK(ip_holm(3, same, *state, adjusted));
  for (int i = 0; i < 3; i++) assert_true(adjusted[i] == 1);
}

static ip_status all_of_them(ip_scratch **sc)
{
  ip_bounds b;
  double adjusted[N];
  IP_TRY(ip_scratch_create(sc));
  IP_TRY(ip_mean_bootstrap(N, X, 0.95, 1, *sc, &b));
  IP_TRY(ip_ratio_bootstrap(N, X, Y, 0.95, 1, *sc, &b));
  return ip_holm(N, X, *sc, adjusted);
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  ip_scratch *sc = NULL;
  CHECK_EVERY_ALLOCATION(all_of_them(&sc), ip_scratch_destroy(&sc));
}

static void ends_are_exact(void **state)
{
  (void)state;
  for (size_t n = 1; n < 100; n++)
    for (double level = 0.5; level < 1; level += 0.09) {
      assert_true(ip_wilson_interval(0, n, level).low == 0);
      assert_true(ip_wilson_interval(n, n, level).high == 1);
    }
  static const double equal[] = {0.1, 0.1, 0.1, 0.1};
  assert_true(ip_moments_of(4, equal).skewness == 0);
  assert_true(isnan(ip_moments_of(1, equal).sd));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ends_are_exact),
      cmocka_unit_test(means_and_proportions_are_those_of_scipy),
      cmocka_unit_test(a_quantile_lies_between_its_neighbours),
      cmocka_unit_test(a_ratio_has_the_interval_of_fieller),
      cmocka_unit_test(a_median_lies_between_order_statistics),
      cmocka_unit_test(the_studentized_bootstrap_follows_the_skewness),
      cmocka_unit_test(holm_adjusts_step_by_step),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests_name("num/inference", tests, scratch_setup, scratch_teardown);
}
