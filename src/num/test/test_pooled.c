#include "num/pooled.h"

#include "base/test/check.h"
#include "num/correlation.h"

#include <math.h>

/* The formulas of pooled.h in NumPy, with scipy.stats.t, chi2 and norm: r = .9, -.4, .5 over 20, 12 and 8 cases, 90 %.
 */
static void groups_that_differ_have_a_wide_interval(void **state)
{
  (void)state;
  static const double r[] = {0.9, -0.4, 0.5};
  static const size_t n[] = {20, 12, 8};
  double z[3], variance[3];
  for (int g = 0; g < 3; g++) z[g] = ip_fisher_z(r[g], n[g]), variance[g] = ip_pearson_variance(n[g]);
  ip_pooled p = ip_pool_correlations(3, z, variance, 0.9);
  CHECK_NEAR(p.r, 0.49820587361508584, 1e-13);
  CHECK_NEAR(p.low, -0.7915832153715076, 1e-12);
  CHECK_NEAR(p.high, 0.9742366067189404, 1e-12);
  CHECK_NEAR(p.p, 0.4287669463670295, 1e-13);
  CHECK_NEAR(p.p_heterogeneity, 2.1995484046536782e-05, 1e-15);
}

static void one_group_has_its_own_interval_and_none_has_no_number(void **state)
{
  (void)state;
  double z = ip_fisher_z(0.9, 20), variance = ip_pearson_variance(20);
  ip_pooled p = ip_pool_correlations(1, &z, &variance, 0.9);
  CHECK_NEAR(p.r, 0.9, 1e-15);
  CHECK_NEAR(p.low, 0.7906952250383134, 1e-13);
  CHECK_NEAR(p.high, 0.9536987270669303, 1e-13);
  CHECK_NEAR(p.p, 1.2781752570386334e-09, 1e-20);
  assert_true(isnan(p.p_heterogeneity));
  p = ip_pool_correlations(0, NULL, NULL, 0.9);
  assert_true(isnan(p.r) && isnan(p.low) && isnan(p.high) && isnan(p.p) && isnan(p.p_heterogeneity));
}

/* Four cases in perfect order: half a swap of neighbours is 6 / 60. */
static void perfect_order_has_a_finite_z(void **state)
{
  (void)state;
  CHECK_NEAR(ip_fisher_z(1, 4), atanh(0.9), 1e-15);
  CHECK_NEAR(ip_fisher_z(-1, 4), -atanh(0.9), 1e-15);
  assert_true(isnan(ip_fisher_z((double)NAN, 4)));
}

/* Where groups differ by less than chance, they count by their own variances alone. */
static void groups_that_are_alike_count_by_their_variances(void **state)
{
  (void)state;
  const double z[] = {0.5, 0.52}, variance[] = {0.1, 0.4};
  ip_pooled p = ip_pool_correlations(2, z, variance, 0.9);
  CHECK_NEAR(p.r, tanh((0.5 * 10 + 0.52 * 2.5) / 12.5), 1e-14);
  const double negative[] = {-0.5};
  p = ip_pool_correlations(1, negative, variance, 0.9);
  CHECK_NEAR(p.r, tanh(-0.5), 1e-15);
  CHECK_NEAR(p.p, erfc(0.5 / sqrt(0.2)), 1e-15);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(groups_that_are_alike_count_by_their_variances),
      cmocka_unit_test(groups_that_differ_have_a_wide_interval),
      cmocka_unit_test(one_group_has_its_own_interval_and_none_has_no_number),
      cmocka_unit_test(perfect_order_has_a_finite_z),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
