#include "num/gamma.h"

#include "base/test/check.h"

#include <math.h>

/* Values of mpmath with 40 digits. */
static void values_are_those_of_mpmath(void **state)
{
  (void)state;
  static const double digamma[][2] = {
      {1e-06, -1000000.57721402},  {0.25, -4.2274535333762654}, {1, -0.57721566490153286}, {1.5, 0.036489973978576521},
      {15.75, 2.7247585318471393}, {16, 2.7410133283274604},    {100, 4.6001618527380874}, {1e+12, 27.631021115928048},
  };
  static const double rising[][3] = {
      {9.5367431640625e-07, 1, 1.2446030555722283e-60},
      {9.5367431640625e-07, 40, 647.28656515389481},
      {0.5, 3, 2.7080502011022101},
      {0.5, 100000, 1120607.611126191},
      {20, 7, 0.95169165892457099},
      {1e+06, 1000, 0.49933366636690813},
      {1e+15, 1000, 4.9949999999983358e-10},
  };
  static const double step[][3] = {
      {9.5367431640625e-07, 1.9073486328125e-06, 1.5687248121682412e-6},
      {0.25, 1, 0.34560177822144875},
      {3, 60, 0.14024409318011065},
      {17, 34, 0.014273729592507591},
      {1e+08, 1e+09, 4.4999999835e-9},
      {1e+15, 3e+15, 3.3333333333333319e-16},
  };
  for (size_t i = 0; i < sizeof digamma / sizeof *digamma; i++)
    CHECK_NEAR(ip_digamma(digamma[i][0]), digamma[i][1], 4e-16 * fmax(4, fabs(digamma[i][1])));
  for (size_t i = 0; i < sizeof rising / sizeof *rising; i++)
    CHECK_NEAR(ip_log_rising(rising[i][0], rising[i][1]), rising[i][2], 1e-15 * fmax(rising[i][1], rising[i][2]));
  for (size_t i = 0; i < sizeof step / sizeof *step; i++)
    CHECK_NEAR(ip_trigamma_step(step[i][0], step[i][1]), step[i][2], fmax(2e-15 * step[i][2], 1e-17));
}

/* Both ways agree where the series takes over. */
static void recurrences_hold_across_the_change_to_the_series(void **state)
{
  (void)state;
  for (double x = 14; x < 18; x += 0.125) {
    CHECK_NEAR(ip_digamma(x + 1) - ip_digamma(x), 1 / x, 2e-15);
    CHECK_NEAR(ip_log_rising(x, 5) + log1p(5 / x), ip_log_rising(x, 6), 1e-14);
    CHECK_NEAR(ip_trigamma_step(x, x + 4) + ip_trigamma_step(x + 4, x + 9), ip_trigamma_step(x, x + 9), 1e-15);
  }
  /* products beyond the largest float64: ln Gamma(x + n) - ln Gamma(x) - n ln x = ln (n - 1)! - (n - 1) ln x, x << 1 */
  CHECK_NEAR(ip_log_rising(1e-150, 4), log(6) + 450 * log(10), 1e-12 * 1036);
  CHECK_NEAR(ip_log_rising(1e-250, 3), log(2) + 500 * log(10), 1e-12 * 1151);
  assert_true(ip_log_rising(3, 0) == 0 && ip_log_rising(30, 0) == 0 && ip_log_rising(30, 1) < 1e-15);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_are_those_of_mpmath),
      cmocka_unit_test(recurrences_hold_across_the_change_to_the_series),
  };
  return cmocka_run_group_tests_name("num/gamma", tests, NULL, NULL);
}
