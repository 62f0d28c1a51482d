#include "num/student.h"

#include "base/test/check.h"

#include <math.h>

/* scipy.stats 1.10: 2 t.sf(|t|, df), chi2.sf(x, df), binom.cdf(k, n, .5). Quantiles: mpmath with 30 digits, because
 * t.ppf has only eleven. */
static void values_are_those_of_scipy(void **state)
{
  (void)state;
  static const double p[][3] = {
      {1, 1, 0.5},
      {2.5, 1, 0.2422378831816867},
      {1, 2, 0.42264973081037427},
      {-2.5, 2, 0.1296117202215108},
      {3, 3, 0.05766888562243731},
      {0.5, 11, 0.6269262191838469},
      {4.2, 24, 0.0003175051659413033},
      {1.1, 100, 0.27397312614589625},
      {0, 5, 1},
  };
  static const double quantile[][3] = {
      {0.95, 1, 12.706204736174705},   {0.95, 2, 4.3026527297494639},    {0.95, 11, 2.2009851600916399},
      {0.975, 23, 2.3978750646571092}, {0.99, 1000, 2.5807546980659511}, {0.9916666666666667, 47, 2.7545419836147367},
  };
  static const double chi[][3] = {
      {0, 1, 1},
      {3.84, 1, 0.05004352124870519},
      {5, 2, 0.0820849986238988},
      {9.3, 3, 0.025557028107225068},
      {2.5, 4, 0.6446357929354278},
      {20, 7, 0.005569683072945574},
      {40, 10, 1.694474393006737e-05},
  };
  static const double coins[][3] = {
      {0, 1, 0.5},
      {2, 12, 0.019287109375},
      {0, 6, 0.015625},
      {17, 48, 0.02973168762688517},
      {480, 1000, 0.10872414660207046},
      {5, 5, 1},
  };
  for (size_t i = 0; i < sizeof p / sizeof *p; i++) CHECK_NEAR(ip_student_p(p[i][0], (size_t)p[i][1]), p[i][2], 2e-15);
  for (size_t i = 0; i < sizeof quantile / sizeof *quantile; i++)
    CHECK_NEAR(ip_student_quantile(quantile[i][0], (size_t)quantile[i][1]), quantile[i][2], 1e-12);
  for (size_t i = 0; i < sizeof chi / sizeof *chi; i++)
    CHECK_NEAR(ip_chi_square_p(chi[i][0], (size_t)chi[i][1]), chi[i][2], 2e-15);
  for (size_t i = 0; i < sizeof coins / sizeof *coins; i++)
    CHECK_NEAR(ip_coins_at_most((size_t)coins[i][0], (size_t)coins[i][1]), coins[i][2], 2e-13);
  assert_true(isnan(ip_student_p(1, 0)) && isnan(ip_student_p((double)NAN, 3)));
}

/* t^2 with one degree of freedom in the denominator and infinitely many are Cauchy and normal. */
static void limits_are_those_of_cauchy_and_normal(void **state)
{
  (void)state;
  for (double t = 0.1; t < 1000; t *= 3) {
    CHECK_NEAR(ip_student_p(t, 1), 1 - 2 / acos(-1) * atan(t), 2e-15);
    CHECK_NEAR(ip_student_p(t, 1000000), erfc(t / sqrt(2.0)), 1e-6);
    CHECK_NEAR(ip_chi_square_p(t, 2), exp(-t / 2), 1e-15);
  }
}

static void quantiles_reach_far_and_probabilities_stop_at_one(void **state)
{
  (void)state;
  for (double level = 0.9; level < 0.99999; level = 1 - (1 - level) / 10) { /* of Cauchy */
    double want = tan(acos(-1) / 2 * level);
    CHECK_NEAR(ip_student_quantile(level, 1) / want, 1, 1e-6);
  }
  for (size_t df = 1; df < 40; df++)
    for (double x = 0; x < 0.1 * (double)df; x = x * 1.5 + 1e-9) {
      double p = ip_chi_square_p(x, df);
      assert_true(p <= 1 && p > 0.5);
    }
  for (size_t n = 1; n < 200; n++) {
    double p = ip_coins_at_most(n, n);
    assert_true(p <= 1 && p > 1 - 1e-9);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(quantiles_reach_far_and_probabilities_stop_at_one),
      cmocka_unit_test(values_are_those_of_scipy),
      cmocka_unit_test(limits_are_those_of_cauchy_and_normal),
  };
  return cmocka_run_group_tests_name("num/student", tests, NULL, NULL);
}
