#include "estimator/interval.h"
#include "estimator/test/samples.h"

/* The flags of estimates: saturated, and more information than the layer below. */

static void saturation_is_within_one_percent_of_log_n(void **state)
{
  (void)state;
  ip_estimator *e;
  CHECK_OK(ip_estimator_create("kde_upper", 0, &e));
  assert_true(ip_flag_saturated(e, 12, 4096));
  assert_true(ip_flag_saturated(e, 11.88, 4096));
  assert_false(ip_flag_saturated(e, 11.87, 4096));
  assert_false(ip_flag_saturated(e, (double)NAN, 4096));
  assert_false(ip_flag_saturated(e, 0, 1));
  assert_false(ip_flag_saturated(e, 0, 0));
  ip_estimator_destroy(&e);
  static const char *const continuous[] = {"ksg", "gaussian", "gaussian:given=inputs", "renyi:alpha=0.5"};
  for (size_t k = 0; k < sizeof continuous / sizeof *continuous; k++) {
    CHECK_OK(ip_estimator_create(continuous[k], 0, &e));
    assert_false(ip_flag_saturated(e, 13, 4096));
    ip_estimator_destroy(&e);
  }
}

static void a_deeper_layer_with_more_information_is_flagged(void **state)
{
  (void)state;
  const double value[] = {5, 6, 6, 4, 4.5}, low[] = {4.5, 5.2, NAN, 3.8, 4.3}, high[] = {5.5, 6.1, NAN, 4.1, 4.7};
  bool flag[5];
  ip_flag_dpi(5, value, NULL, NULL, flag);
  assert_true(!flag[0] && flag[1] && !flag[2] && !flag[3] && flag[4]);
  ip_flag_dpi(5, value, low, high, flag);
  assert_true(!flag[0] && !flag[1] && !flag[2] && !flag[3] && flag[4]);
  const double rounding[] = {1, 1 + 1e-12};
  ip_flag_dpi(2, rounding, NULL, NULL, flag);
  assert_false(flag[1]);
  ip_flag_dpi(0, value, NULL, NULL, flag);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(saturation_is_within_one_percent_of_log_n),
      cmocka_unit_test(a_deeper_layer_with_more_information_is_flagged),
  };
  return cmocka_run_group_tests_name("estimator/flags", tests, NULL, NULL);
}
