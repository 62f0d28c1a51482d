#include "num/normal.h"

#include "base/test/check.h"

#include <math.h>

/* Abramowitz & Stegun, table 26.5. */
static void quantiles_are_those_of_the_tables(void **state)
{
  (void)state;
  CHECK_NEAR(ip_normal_quantile(0.95), 1.959963984540054, 1e-13);
  CHECK_NEAR(ip_normal_quantile(0.9), 1.6448536269514722, 1e-13);
  CHECK_NEAR(ip_normal_quantile(0.99), 2.5758293035489004, 1e-13);
  CHECK_NEAR(ip_normal_quantile(1e-6), 1e-6 * sqrt(2 * atan(1)), 1e-15); /* level sqrt(pi / 2) near 0 */
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(quantiles_are_those_of_the_tables)};
  return cmocka_run_group_tests_name("num/normal", tests, NULL, NULL);
}
