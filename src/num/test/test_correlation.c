#include "num/correlation.h"

#include "base/test/check.h"
#include "base/test/scratch.h"
#include "num/test/twelve.h"

#include <math.h>
#include <string.h>

/* scipy.stats 1.10: rankdata, pearsonr, spearmanr, kendalltau, linregress; both have ties. Intervals by
 * tanh(arctanh(r) -+ 1.959963984540054 sqrt(1.06 / 9)) and sqrt(1 / 9). */
static void values_are_those_of_scipy(void **state)
{
  double rank[N], rho, low, high;
  static const double want[N] = {8, 2, 9, 4, 6.5, 12, 1, 5, 6.5, 11, 3, 10};
  CHECK_OK(ip_ranks(N, X, *state, rank));
  for (int i = 0; i < N; i++) assert_true(rank[i] == want[i]);
  CHECK_OK(ip_spearman(N, X, Y, *state, &rho));
  CHECK_NEAR(rho, 0.7122807017543861, 1e-14);
  CHECK_NEAR(ip_pearson(N, X, Y), 0.8216268332149231, 1e-14);
  CHECK_NEAR(ip_kendall(N, X, Y), 0.5692307692307693, 1e-14);
  CHECK_NEAR(ip_slope(N, X, Y), 0.4256947540496359, 1e-14);
  ip_fisher_interval(rho, ip_spearman_variance(N), 0.95, &low, &high);
  CHECK_NEAR(low, 0.21571977762840802, 1e-13);
  CHECK_NEAR(high, 0.916135808142097, 1e-13);
  ip_fisher_interval(ip_pearson(N, X, Y), ip_pearson_variance(N), 0.95, &low, &high);
  CHECK_NEAR(low, 0.4687619118680169, 1e-13);
  CHECK_NEAR(high, 0.9483501086417139, 1e-13);
}

static void infinite_values_share_the_last_rank(void **state)
{
  const double x[] = {(double)INFINITY, 3, (double)INFINITY, -1}, y[] = {9, 2, 8, 1};
  double rank[4], rho;
  CHECK_OK(ip_ranks(4, x, *state, rank));
  assert_true(rank[0] == 3.5 && rank[1] == 2 && rank[2] == 3.5 && rank[3] == 1);
  CHECK_OK(ip_spearman(4, x, y, *state, &rho));
  CHECK_NEAR(rho, 4.5 / sqrt(4.5 * 5), 1e-15);
  CHECK_NEAR(ip_kendall(4, x, y), 5 / sqrt(5. * 6), 1e-15);
}

/* What lies behind the last value in memory is none of them. */
static void ranks_end_with_the_last_value(void **state)
{
  const double x[] = {0, -3, -1, 0, -2};
  double rank[5];
  CHECK_OK(ip_ranks(5, x, *state, rank));
  assert_true(rank[0] == 4.5 && rank[1] == 1 && rank[2] == 3 && rank[3] == 4.5 && rank[4] == 2);
  CHECK_OK(ip_ranks(3, x, *state, rank));
  assert_true(rank[0] == 3 && rank[1] == 1 && rank[2] == 2);
  CHECK_OK(ip_ranks(1, x, *state, rank));
  assert_true(rank[0] == 1);
}

static void a_constant_has_no_correlation(void **state)
{
  double x[N], rho, low, high;
  for (int i = 0; i < N; i++) x[i] = 0.1;
  CHECK_OK(ip_spearman(N, x, Y, *state, &rho));
  assert_true(isnan(rho) && isnan(ip_pearson(N, x, Y)) && isnan(ip_kendall(N, x, Y)) && isnan(ip_slope(N, x, Y)));
  CHECK_OK(ip_spearman(N, Y, x, *state, &rho)); /* nor has another with it */
  assert_true(isnan(rho) && isnan(ip_pearson(N, Y, x)) && isnan(ip_kendall(N, Y, x)));
  CHECK_NEAR(ip_slope(N, Y, x), 0, 1e-16);
  assert_true(isnan(ip_pearson(1, X, Y)) && isnan(ip_pearson(0, X, Y)));
  ip_fisher_interval(0.5, ip_pearson_variance(3), 0.95, &low, &high);
  assert_true(isnan(low) && isnan(high));
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  ip_scratch *sc = NULL;
  double rho;
  ip_status st;
  CHECK_EVERY_ALLOCATION(((st = ip_scratch_create(&sc)) ? st : (st = ip_spearman(N, X, Y, sc, &rho), st)),
                         ip_scratch_destroy(&sc));
}

static void rounding_leads_to_nothing_beyond_one(void **state)
{
  (void)state;
  double x[100], y[100];
  for (size_t n = 2; n < 100; n++) {
    for (size_t i = 0; i < n; i++) x[i] = sin((double)(i * i + n)), y[i] = -x[i] / 3;
    double r = ip_pearson(n, x, y);
    assert_true(r >= -1 && r < -1 + 1e-12);
    for (size_t i = 0; i < n; i++) y[i] = x[i] / 7;
    r = ip_pearson(n, x, y);
    assert_true(r <= 1 && r > 1 - 1e-12);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rounding_leads_to_nothing_beyond_one), cmocka_unit_test(values_are_those_of_scipy),
      cmocka_unit_test(ranks_end_with_the_last_value),        cmocka_unit_test(infinite_values_share_the_last_rank),
      cmocka_unit_test(a_constant_has_no_correlation),        cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests_name("num/correlation", tests, scratch_setup, scratch_teardown);
}
