#include "claims/relation.h"

#include "base/test/check.h"
#include "base/test/scratch.h"

#include <math.h>
#include <string.h>

static void numbers(size_t n, const double *x, ip_seed_value *v)
{
  for (size_t i = 0; i < n; i++) v[i] = isnan(x[i]) ? ip_seed_missing("none") : ip_seed_number(x[i]);
}

static void differences_and_quotients_pair_conditions(void **state)
{
  (void)state;
  ip_seed_value three = ip_seed_number(3), two = ip_seed_number(2), never = ip_seed_number((double)INFINITY);
  assert_true(ip_relate_diff(three, two).value == 1 && ip_relate_quotient(three, two).value == 1.5);
  assert_true(ip_relate_diff(never, two).reason && ip_relate_diff(two, never).reason);
  assert_string_equal(ip_relate_diff(two, ip_seed_missing("gone")).reason, "gone");
  assert_true(ip_relate_quotient(two, ip_seed_number(0)).reason);
}

/* Rows: five of six pairs in order, with the event that never came last; a fall; a constant; a missing value. */
static void trends_rank_what_never_came_last(void **state)
{
  const double key[4] = {1, 2, 3, 4}, inf = (double)INFINITY, nan = (double)NAN;
  const double x[] = {1, 3, 2, inf, 4, 3, 2, 1, 5, 5, 5, 5, 1, 2, nan, 4, inf, inf, 2, 1};
  ip_seed_value f[20], out[5];
  numbers(20, x, f);
  CHECK_OK(ip_relate_trend(5, 4, key, f, *state, out));
  CHECK_NEAR(out[0].value, 4. / 6, 1e-15);
  CHECK_NEAR(out[1].value, -1, 1e-15);
  assert_true(isnan(out[2].value) && strstr(out[2].reason, "same"));
  assert_string_equal(out[3].reason, "none");
  CHECK_NEAR(out[4].value, -5 / sqrt(5. * 6), 1e-15);
}

static void a_power_law_has_its_exponent_as_slope(void **state)
{
  const double key[4] = {1, 2, 5, 30};
  double x[8];
  for (int k = 0; k < 4; k++) x[k] = 7 / key[k], x[4 + k] = k - 1;
  ip_seed_value f[8], out[2];
  numbers(8, x, f);
  CHECK_OK(ip_relate_slope(2, 4, key, f, *state, out));
  CHECK_NEAR(out[0].value, -1, 1e-14);
  assert_true(out[1].reason);
  f[1].value = (double)INFINITY;
  CHECK_OK(ip_relate_slope(1, 4, key, f, *state, out));
  assert_true(strstr(out[0].reason, "during training"));
}

/* Even seeds have their least mean at 2, odd ones at 0: each takes the other's. */
static void the_best_value_is_that_of_the_other_half(void **state)
{
  (void)state;
  const double nan = (double)NAN, x[] = {3, 2, 1, 0, 5, 5, 3, 3, 1, 1, 2, 9};
  ip_seed_value f[12];
  size_t best[4];
  numbers(12, x, f);
  ip_relate_best(4, 3, f, best);
  assert_true(best[0] == 0 && best[1] == 2 && best[2] == 0 && best[3] == 2);
  for (int k = 0; k < 3; k++) f[3 + k].value = f[9 + k].value = nan;
  ip_relate_best(4, 3, f, best);
  assert_true(best[0] == 3 && best[1] == 2);
}

/* 0.9 of 10 lies at log10 key 1 + 1/5, 0.1 of it at 2 + 4/4.5. */
static void spans_are_decades_between_nine_tenths_and_one_tenth(void **state)
{
  (void)state;
  const double key[4] = {1, 10, 100, 1000}, x[] = {10, 10, 5, 0.5, 0.5, 5, 10, 10, 10, 9.5, 9.2, 9, -1, 0, 0, 0};
  ip_seed_value f[16], out[4];
  numbers(16, x, f);
  ip_relate_span(4, 4, key, f, out);
  CHECK_NEAR(out[0].value, 1 + 4 / 4.5 - 0.2, 1e-14);
  CHECK_NEAR(out[1].value, 1 + 4 / 4.5 - 0.2, 1e-14); /* mirrored */
  assert_true(strstr(out[2].reason, "0.1") && out[3].reason);
  ip_relate_inside(4, 4, 0.1, f, out);
  assert_true(out[0].value == 1 && out[1].value == 1 && out[2].value == 0 && out[3].reason);
  const double range[8] = {8, 1, 2, 10, 32, 16, 128, 160}; /* within (1, 9) and (16, 144): not at the ends */
  ip_seed_value two[8];
  numbers(8, range, two);
  ip_relate_inside(2, 4, 0.1, two, out);
  assert_true(out[0].value == 2 && out[1].value == 2);
  two[1].value = (double)INFINITY, two[6] = ip_seed_missing("none");
  ip_relate_inside(2, 4, 0.1, two, out);
  assert_true(isnan(out[0].value) && strstr(out[0].reason, "during training"));
  assert_string_equal(out[1].reason, "none");
  const double step[4] = {1, 1, 0, 0.4}; /* all or nothing; the bump after the fall does not count */
  numbers(4, step, f);
  ip_relate_span(1, 4, key, f, out);
  CHECK_NEAR(out[0].value, 0.8, 1e-14);
  ip_relate_span(1, 4, (double[]){0, 10, 100, 1000}, f, out);
  assert_true(isnan(out[0].value));
  assert_string_equal(out[0].reason, "a logarithm needs positive swept values");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(differences_and_quotients_pair_conditions),
      cmocka_unit_test(trends_rank_what_never_came_last),
      cmocka_unit_test(a_power_law_has_its_exponent_as_slope),
      cmocka_unit_test(the_best_value_is_that_of_the_other_half),
      cmocka_unit_test(spans_are_decades_between_nine_tenths_and_one_tenth),
  };
  return cmocka_run_group_tests_name("claims/relation", tests, scratch_setup, scratch_teardown);
}
