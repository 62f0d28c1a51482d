#include "claims/fall.h"

#include "base/test/check.h"

/* Of the signs of equal changes, the sum is at most the observed one in sums of binomial coefficients. */
static void equal_changes_follow_the_binomial_distribution(void **state)
{
  (void)state;
  static const double down[] = {5, 4, 3, 2, 1, 0}, mostly[] = {3, 2, 1, 2, 1, 0}, up[] = {0, 1, 2, 3, 4, 5};
  CHECK_NEAR(ip_fall_p(6, down, 0).value, 1. / 32, 0);
  CHECK_NEAR(ip_fall_p(6, mostly, 0).value, 6. / 32, 0);
  CHECK_NEAR(ip_fall_p(6, up, 0).value, 1, 0);
}

/* One large step can as well be one of a walk; a constant series does not fall. */
static void one_step_is_no_evidence(void **state)
{
  (void)state;
  double x[13] = {0};
  CHECK_NEAR(ip_fall_p(13, x, 0).value, 1, 0);
  for (size_t i = 0; i < 6; i++) x[i] = 7;
  CHECK_NEAR(ip_fall_p(13, x, 0).value, 0.5, 0);
}

/* 36 epochs are 12 steps of 3, of which the inner epochs do not count. */
static void steps_have_equal_lengths(void **state)
{
  (void)state;
  double x[40];
  for (int i = 0; i < 40; i++) x[i] = i % 3 == 0 ? -i : 1e3 * (i % 7);
  CHECK_NEAR(ip_fall_p(40, x, 3).value, 1. / 4096, 0);
}

static void a_short_or_incomplete_series_has_no_p(void **state)
{
  (void)state;
  double x[13] = {5, 4, 3, 2, 1, 0};
  assert_non_null(ip_fall_p(6, x, 1).reason);
  assert_non_null(ip_fall_p(6, x, 6).reason);
  assert_non_null(ip_fall_p(0, x, 0).reason);
  x[4] = (double)NAN;
  assert_non_null(ip_fall_p(13, x, 0).reason);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(equal_changes_follow_the_binomial_distribution),
      cmocka_unit_test(one_step_is_no_evidence),
      cmocka_unit_test(steps_have_equal_lengths),
      cmocka_unit_test(a_short_or_incomplete_series_has_no_p),
  };
  return cmocka_run_group_tests_name("claims/fall", tests, NULL, NULL);
}
