#include "base/rng.h"
#include "base/test/check.h"
#include "study/measures.h"

#include <math.h>
#include <string.h>

static void check_same(double got, double want)
{
  if (isnan(want) ? !isnan(got) : !(fabs(got - want) <= 1e-14 * fabs(want))) fail_msg("%g, expected %g", got, want);
}

static void measure(size_t n, const double *ixt, double *m)
{
  const int64_t epoch[] = {0, 10, 20, 30, 40};
  const double ity[] = {0, 0.5, 0.75, 0.875, (double)NAN};
  ip_measure_compression(n, epoch, ixt, ity, 1, m);
}

static void a_layer_that_compresses_has_a_peak_and_a_drop(void **state)
{
  (void)state;
  double m[IP_N_MEASURES];
  measure(5, (const double[]){1, 4, 8, 8, 6}, m);
  check_same(m[IP_MEASURE_PEAK], 8);
  check_same(m[IP_MEASURE_PEAK_EPOCH], 20);
  check_same(m[IP_MEASURE_IXT], 6);
  check_same(m[IP_MEASURE_DROP], 2);
  check_same(m[IP_MEASURE_DROP_FRACTION], 0.25);
  check_same(m[IP_MEASURE_ITY], 0.875);
  check_same(m[IP_MEASURE_ITY_PEAK], 0.875);
  check_same(m[IP_MEASURE_ITY_PEAK_EPOCH], 30);
}

static void what_never_falls_has_no_drop_and_what_is_missing_is_passed_over(void **state)
{
  (void)state;
  double m[IP_N_MEASURES];
  const double nan = (double)NAN;
  measure(4, (const double[]){0, 1, 2, 3}, m);
  check_same(m[IP_MEASURE_PEAK_EPOCH], 30);
  check_same(m[IP_MEASURE_DROP], 0);
  measure(5, (const double[]){nan, 3, INFINITY, 1, nan}, m);
  check_same(m[IP_MEASURE_PEAK], 3);
  check_same(m[IP_MEASURE_IXT], 1);
  measure(3, (const double[]){0, 0, 0}, m);
  check_same(m[IP_MEASURE_PEAK], 0);
  check_same(m[IP_MEASURE_DROP_FRACTION], nan);
  measure(3, (const double[]){-1, 0, -2}, m); /* as raw estimates may be */
  check_same(m[IP_MEASURE_DROP], 2);
  check_same(m[IP_MEASURE_DROP_FRACTION], nan);
  measure(3, (const double[]){0.25, 0.5, 0.375}, m);
  check_same(m[IP_MEASURE_DROP_FRACTION], 0.25);
  measure(0, NULL, m);
  check_same(m[IP_MEASURE_PEAK], nan);
  check_same(m[IP_MEASURE_DROP], nan);
  check_same(m[IP_MEASURE_ITY], nan);
}

static void the_layers_of_a_run_stand_side_by_side(void **state)
{
  (void)state;
  const int64_t epoch[] = {0, 1};
  const double ixt[] = {1, 9, 3, 5}, ity[] = {0, 1, 2, 3};
  double m[IP_N_MEASURES];
  ip_measure_compression(2, epoch, ixt + 1, ity + 1, 2, m);
  check_same(m[IP_MEASURE_DROP], 4);
  check_same(m[IP_MEASURE_ITY], 3);
}

static void the_least_loss_is_at_the_first_epoch_that_has_it(void **state)
{
  (void)state;
  const int64_t epoch[] = {0, 5, 9, 20};
  const double nan = (double)NAN;
  check_same(ip_measure_least_epoch(4, epoch, (const double[]){3, 1, 1, 2}), 5);
  check_same(ip_measure_least_epoch(4, epoch, (const double[]){1, 3, 2, 2}), 0);
  check_same(ip_measure_least_epoch(4, epoch, (const double[]){3, 2, 2, 1}), 20);
  check_same(ip_measure_least_epoch(4, epoch, (const double[]){nan, 1, 0.5, INFINITY}), 9);
  check_same(ip_measure_least_epoch(4, epoch, (const double[]){nan, nan, nan, nan}), nan);
  check_same(ip_measure_least_epoch(0, epoch, NULL), nan);
}

static void the_gradients_cross_where_the_mean_first_falls_below(void **state)
{
  (void)state;
  const int64_t epoch[] = {0, 5, 9, 20};
  const double mean[] = {3, 2, 1, 0.5}, sd[] = {1, 2, 1.5, 2}, nan[] = {(double)NAN, 3, 1, 1};
  check_same(ip_measure_crossing(4, epoch, mean, sd, 1), 9);
  check_same(ip_measure_crossing(2, epoch, mean, sd, 1), (double)NAN);
  check_same(ip_measure_crossing(4, epoch, mean, nan, 1), 5);
  check_same(ip_measure_crossing(0, epoch, mean, sd, 1), (double)NAN);
}

/* Against the definition, computed with all runs at hand. */
static void correlations_are_those_of_all_runs_at_once(void **state)
{
  (void)state;
  enum { N = 200 };
  static double value[N][IP_N_MEASURES];
  ip_rng r = ip_rng_open(7, IP_RNG_TEST, 0);
  ip_correlation c;
  memset(&c, 0, sizeof c);
  for (int i = 0; i < N; i++) {
    double common = ip_rng_normal(&r);
    for (int m = 0; m < IP_N_MEASURES; m++) value[i][m] = 1e6 + common * m + 3 * ip_rng_normal(&r);
    if (i % 7 == 0) value[i][3] = (double)NAN;
    ip_correlation_add(&c, value[i]);
  }
  for (int a = 0; a < IP_N_MEASURES; a++)
    for (int b = 0; b < IP_N_MEASURES; b++) {
      if (a == b) continue;
      double n = 0, ma = 0, mb = 0, aa = 0, bb = 0, ab = 0, got_n, got, low, high;
      for (int i = 0; i < N; i++)
        if (isfinite(value[i][a] + value[i][b])) n++, ma += value[i][a], mb += value[i][b];
      for (int i = 0; i < N; i++)
        if (isfinite(value[i][a] + value[i][b])) {
          double x = value[i][a] - ma / n, y = value[i][b] - mb / n;
          aa += x * x, bb += y * y, ab += x * y;
        }
      ip_correlation_get(&c, (ip_compression_measure)a, (ip_compression_measure)b, 0.95, &got_n, &got, &low, &high);
      check_same(got_n, n);
      CHECK_NEAR(got, ab / sqrt(aa * bb), 1e-9);
      CHECK_NEAR(atanh(high) - atanh(got), 1.959963984540054 / sqrt(n - 3), 1e-9);
      CHECK_NEAR(atanh(got) - atanh(low), 1.959963984540054 / sqrt(n - 3), 1e-9);
    }
}

static void too_few_or_equal_runs_have_no_correlation(void **state)
{
  (void)state;
  ip_correlation c;
  memset(&c, 0, sizeof c);
  double m[IP_N_MEASURES], n, r, low, high;
  for (int k = 0; k < 5; k++) {
    for (int i = 0; i < IP_N_MEASURES; i++) m[i] = i == 0 ? 3 : i == 1 ? k : -2 * k;
    ip_correlation_get(&c, 1, 2, 0.9, &n, &r, &low, &high);
    check_same(n, k);
    check_same(r, k < 2 ? (double)NAN : -1);
    assert_true(k < 4 ? isnan(low) : low >= -1 && low < -0.999);
    ip_correlation_add(&c, m);
  }
  ip_correlation_get(&c, 0, 1, 0.9, &n, &r, &low, &high);
  check_same(r, (double)NAN);
}

/* Rounding does not take r beyond its range, where it would have no interval. */
static void runs_on_a_line_have_a_correlation_of_one(void **state)
{
  (void)state;
  ip_rng random = ip_rng_open(8, IP_RNG_TEST, 0);
  for (int i = 0; i < 400; i++) {
    double n, r, low, high, slope = i % 2 ? 0.3 : -0.7;
    ip_pair p = {0};
    for (int k = 0; k < 5; k++) {
      double x = ip_rng_normal(&random);
      ip_pair_add(&p, x, slope * x + 0.1);
    }
    ip_pair_correlate(&p, 0.9, &n, &r, &low, &high);
    assert_true(r >= -1 && r <= 1 && low >= -1 && low <= r && r <= high && high <= 1);
    CHECK_NEAR(fabs(r), 1, 1e-14);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_layer_that_compresses_has_a_peak_and_a_drop),
      cmocka_unit_test(what_never_falls_has_no_drop_and_what_is_missing_is_passed_over),
      cmocka_unit_test(the_layers_of_a_run_stand_side_by_side),
      cmocka_unit_test(the_least_loss_is_at_the_first_epoch_that_has_it),
      cmocka_unit_test(the_gradients_cross_where_the_mean_first_falls_below),
      cmocka_unit_test(correlations_are_those_of_all_runs_at_once),
      cmocka_unit_test(runs_on_a_line_have_a_correlation_of_one),
      cmocka_unit_test(too_few_or_equal_runs_have_no_correlation),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
