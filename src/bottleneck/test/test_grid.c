#include "base/test/check.h"

#include "bottleneck/grid.h"

#include <math.h>
#include <string.h>

static void grids_have_equal_ratios_or_differences(void **state)
{
  (void)state;
  size_t n;
  double *beta;
  CHECK_OK(ip_ib_grid_parse("1:300:log40", &n, &beta));
  assert_int_equal(n, 40);
  assert_true(beta[0] == 1 && beta[39] == 300);
  for (size_t i = 1; i < n; i++) CHECK_NEAR(beta[i] / beta[i - 1], pow(300, 1.0 / 39), 1e-12);
  ip_free(beta);
  CHECK_OK(ip_ib_grid_parse("0.5:2.5:lin5", &n, &beta));
  assert_int_equal(n, 5);
  for (size_t i = 0; i < n; i++) CHECK_NEAR(beta[i], 0.5 + 0.5 * (double)i, 1e-15);
  ip_free(beta);
  CHECK_OK(ip_ib_grid_parse("0.2:1.7:log3", &n, &beta)); /* 0.2 (1.7 / 0.2) is another number than 1.7 */
  assert_true(beta[2] == 1.7);
  ip_free(beta);
  CHECK_OK(ip_ib_grid_parse("1,2.5,1e3", &n, &beta));
  assert_int_equal(n, 3);
  assert_true(beta[1] == 2.5 && beta[2] == 1000);
  ip_free(beta);
  CHECK_OK(ip_ib_grid_parse("7", &n, &beta));
  assert_true(n == 1 && beta[0] == 7);
  ip_free(beta);
  CHECK_OK(ip_ib_grid_parse("3:3:log1", &n, &beta));
  assert_true(n == 1 && beta[0] == 3);
  ip_free(beta);
}

static void what_is_no_grid_is_refused_by_name(void **state)
{
  (void)state;
  const struct {
    const char *text, *message;
  } bad[] = {
      {"300:1:log40", "goes from 300 down to 1"},
      {"0:1:log4", "beta 0: the bottleneck needs"},
      {"-1:1:lin4", "beta -1"},
      {"1:nan:log4", "beta nan"},
      {"1:inf:log4", "beta inf"},
      {"1:2:4", "unknown spacing '4'"},
      {"1:2:log", "unknown spacing 'log'"},
      {"1:2:log1e3", "unknown spacing 'log1e3'"},
      {"1:2:log0", "a grid of 0 betas"},
      {"1:2:log-3", "a grid of -3 betas"},
      {"1:2:log100001", "expected 1 to 100000"},
      {"1:2:log1", "a grid of 1 betas from 1 to 2; expected more than one"},
      {"2:2:log3", "expected MIN < MAX"},
      {"1:2", "'1:2' is no grid"},
      {"", "'' is no beta"},
      {"1,,2", "'' is no beta"},
      {"1,2,", "'' is no beta"},
      {"2,1", "beta 1 follows 2"},
      {"2,2", "beta 2 follows 2"},
      {"two", "'two' is no beta"},
      {"1:2:log3:4", "unknown spacing 'log3:4'"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    size_t n = 9;
    double *beta = (double *)&n;
    CHECK_FAILS(ip_ib_grid_parse(bad[i].text, &n, &beta), IP_EUSAGE, bad[i].message);
    assert_null(beta);
    assert_int_equal(n, 0);
  }
}

static void memory_that_runs_out_is_reported_and_none_is_lost(void **state)
{
  (void)state;
  size_t n;
  double *beta;
  CHECK_EVERY_ALLOCATION(ip_ib_grid_parse("1:2:log4", &n, &beta), ip_free(beta));
  CHECK_EVERY_ALLOCATION(ip_ib_grid_parse("1,2", &n, &beta), ip_free(beta));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(grids_have_equal_ratios_or_differences),
      cmocka_unit_test(what_is_no_grid_is_refused_by_name),
      cmocka_unit_test(memory_that_runs_out_is_reported_and_none_is_lost),
  };
  return cmocka_run_group_tests_name("bottleneck/grid", tests, NULL, NULL);
}
