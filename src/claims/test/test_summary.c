#include "claims/summary.h"

#include "base/test/check.h"
#include "base/test/scratch.h"
#include "num/test/twelve.h"

#include <math.h>
#include <string.h>

static void numbers(size_t n, const double *x, ip_seed_value *v)
{
  for (size_t i = 0; i < n; i++) v[i] = isnan(x[i]) ? ip_seed_missing("none") : ip_seed_number(x[i]);
}

/* The ends are the outer ones of the t interval and the bootstrap below 15 seeds; above, of the t interval alone. p by
 * scipy.stats.ttest_1samp. */
static void a_mean_has_the_outer_interval(void **state)
{
  double twice[2 * N];
  ip_seed_value v[2 * N];
  ip_effect e;
  ip_bounds boot, t = ip_mean_interval(N, X, 0.95);
  memcpy(twice, X, sizeof X);
  memcpy(twice + N, X, sizeof X);
  numbers(N, X, v);
  CHECK_OK(ip_mean_bootstrap(N, X, 0.95, 5, *state, &boot));
  CHECK_OK(ip_summary_mean(N, v, 0.95, 5, *state, &e));
  CHECK_NEAR(e.value, 2.5, 1e-15);
  CHECK_NEAR(e.p, 0.030796011201351253, 1e-14);
  assert_true(e.interval.low == fmin(t.low, boot.low) && e.interval.high == fmax(t.high, boot.high));
  assert_true(e.n == N && !e.n_missing && !e.reason && e.level == 0.95);
  numbers(2 * N, twice, v);
  t = ip_mean_interval(2 * N, twice, 0.95);
  CHECK_OK(ip_summary_mean(2 * N, v, 0.95, 5, *state, &e));
  assert_true(e.interval.low == t.low && e.interval.high == t.high);
  for (int i = 0; i < 2 * N; i++) v[i].value = exp(v[i].value); /* skewed */
  CHECK_OK(ip_summary_mean(2 * N, v, 0.95, 5, *state, &e));
  assert_true(e.interval.high - e.value > 1.05 * (e.value - e.interval.low));
  for (int i = 0; i < 2 * N; i++) v[i].value = -v[i].value; /* to the other side */
  CHECK_OK(ip_summary_mean(2 * N, v, 0.95, 5, *state, &e));
  assert_true(e.value - e.interval.low > 1.05 * (e.interval.high - e.value));
}

static void what_is_missing_or_censored_is_counted(void **state)
{
  ip_seed_value v[N];
  ip_effect e;
  numbers(N, X, v);
  v[0] = ip_seed_missing("none");
  CHECK_OK(ip_summary_mean(N, v, 0.95, 5, *state, &e));
  assert_true(e.n == N - 1 && e.n_missing == 1 && !e.reason);
  v[1] = ip_seed_number((double)INFINITY);
  CHECK_OK(ip_summary_mean(N, v, 0.95, 5, *state, &e));
  assert_true(e.n_censored == 1 && isnan(e.value) && isnan(e.interval.low) && strstr(e.reason, "during training"));
  CHECK_OK(ip_summary_ratio(N, v, v, 0.95, 5, *state, &e));
  assert_true(isnan(e.value) && e.reason);
  CHECK_OK(ip_summary_median(N, v, 0.95, *state, &e)); /* sorted: -3.3 .1 .5 1.1 2.2 2.2 4.4 5.2 6 9.7 inf; k = 2 */
  assert_true(e.value == 2.2 && e.interval.low == 0.1 && e.interval.high == 9.7 && e.n_censored == 1);
  CHECK_OK(ip_summary_mean(1, v + 3, 0.95, 5, *state, &e));
  assert_true(e.value == 0.5 && isnan(e.interval.low) && e.reason);
  CHECK_OK(ip_summary_mean(0, v, 0.95, 5, *state, &e));
  assert_true(isnan(e.value) && e.reason);
  CHECK_OK(ip_summary_median(0, v, 0.95, *state, &e));
  assert_true(isnan(e.value) && e.reason);
}

static void shares_have_wilson_s_interval(void **state)
{
  (void)state;
  ip_seed_value v[17];
  ip_effect e;
  for (int i = 0; i < 17; i++) v[i] = i == 16 ? ip_seed_missing("none") : ip_seed_number(i != 4);
  ip_summary_share(17, v, 0.95, &e);
  CHECK_NEAR(e.value, 15. / 16, 1e-15);
  CHECK_NEAR(e.interval.low, 0.7167126242970107, 1e-14);
  CHECK_NEAR(e.interval.high, 0.9888806552353576, 1e-14);
  assert_true(e.n == 16 && e.n_missing == 1);
  ip_summary_share(1, v + 16, 0.95, &e);
  assert_true(isnan(e.value) && e.reason);
}

static void a_ratio_needs_a_denominator_away_from_zero(void **state)
{
  ip_seed_value a[N], b[N];
  ip_effect e;
  numbers(N, X, a);
  numbers(N, Y, b);
  for (int i = 0; i < N; i++) b[i].value += 4;
  CHECK_OK(ip_summary_ratio(N, a, b, 0.95, 7, *state, &e));
  double shifted[N];
  for (int i = 0; i < N; i++) shifted[i] = Y[i] + 4;
  ip_bounds f = ip_fieller_interval(N, X, shifted, 0.95);
  CHECK_NEAR(e.value, 0.48387096774193544, 1e-15);
  assert_true(e.interval.low <= f.low && e.interval.high >= f.high && e.interval.high < f.high + 0.1);
  for (int i = 0; i < N; i++) b[i].value -= 5.1;
  CHECK_OK(ip_summary_ratio(N, a, b, 0.95, 7, *state, &e));
  assert_true(isnan(e.value) && strstr(e.reason, "contains 0"));
}

/* Intervals and p as in num/test/test_correlation.c, 2 norm.sf(z sqrt(9 / 1.06)). */
static void correlations_have_fisher_s_interval(void **state)
{
  ip_seed_value x[N], y[N];
  ip_effect e;
  numbers(N, X, x);
  numbers(N, Y, y);
  CHECK_OK(ip_summary_corr(IP_SPEARMAN, N, x, y, 0.95, *state, &e));
  CHECK_NEAR(e.interval.low, 0.21571977762840802, 1e-13);
  CHECK_NEAR(e.interval.high, 0.916135808142097, 1e-13);
  CHECK_NEAR(e.p, 0.009361224752600546, 1e-13);
  CHECK_OK(ip_summary_corr(IP_PEARSON, N, x, y, 0.95, *state, &e));
  CHECK_NEAR(e.p, 0.0004913813432367407, 1e-13);
  CHECK_OK(ip_summary_corr(IP_SPEARMAN, N, x, x, 0.95, *state, &e)); /* perfect order has an interval all the same */
  CHECK_NEAR(e.value, 1, 1e-14);
  assert_true(e.interval.low > 0.9 && e.interval.low < e.interval.high && e.interval.high < 1);
  ip_seed_value never[N];
  memcpy(never, x, sizeof never);
  never[0] = ip_seed_number((double)INFINITY); /* has a rank, and no value */
  CHECK_OK(ip_summary_corr(IP_SPEARMAN, N, never, y, 0.95, *state, &e));
  assert_true(isfinite(e.value) && !e.reason && e.n == N && e.n_censored == 1);
  CHECK_OK(ip_summary_corr(IP_PEARSON, N, never, y, 0.95, *state, &e));
  assert_true(isnan(e.value) && strstr(e.reason, "during training"));
  for (ip_correlation_kind kind = IP_PEARSON; kind <= IP_SPEARMAN; kind++) {
    CHECK_OK(ip_summary_corr(kind, 4, x, y, 0.95, *state, &e));
    assert_true(isfinite(e.value) && !e.reason && e.n == 4);
    CHECK_OK(ip_summary_corr(kind, 3, x, y, 0.95, *state, &e));
    assert_true(isnan(e.value) && e.reason);
  }
  for (int i = 0; i < N; i++) y[i] = ip_seed_number(2);
  CHECK_OK(ip_summary_corr(IP_SPEARMAN, N, x, y, 0.95, *state, &e));
  assert_true(isnan(e.value) && strstr(e.reason, "same"));
}

/* A few lines of NumPy with the formulas of DerSimonian & Laird and of Hartung & Knapp: three groups of 12, 9 and 6
 * seeds with r = .8216...,
 * -.6845..., .4895...; a constant group and one of three seeds are left out. t.ppf of scipy has eleven digits. */
static void correlations_within_groups_are_pooled(void **state)
{
  static const size_t size[] = {12, 9, 6, 5, 3};
  ip_seed_value x[40], y[40];
  size_t group[40], n = 0;
  ip_effect e;
  for (size_t g = 0; g < 5; g++)
    for (size_t i = 0; i < size[g]; i++, n++) {
      x[n] = ip_seed_number(X[i] + 1000. * (double)g);
      y[n] = ip_seed_number(g == 0 ? Y[i] : g == 1 ? 0.3 * X[i] - Y[i] * Y[i] : g == 3 ? 2 : Y[(i + N - 3) % N]);
      group[n] = g;
    }
  CHECK_OK(ip_summary_pooled_corr(IP_PEARSON, 5, n, x, y, group, 0.95, *state, &e));
  CHECK_NEAR(e.value, 0.28235614264793873, 1e-12);
  CHECK_NEAR(e.interval.low, -0.9799543686684399, 1e-9);
  CHECK_NEAR(e.interval.high, 0.9936784975128723, 1e-9);
  CHECK_NEAR(e.p_heterogeneity, 0.0007226877668558466, 1e-14);
  CHECK_NEAR(e.p, 0.6769244138045033, 1e-12);
  assert_true(e.n == 27 && e.n_missing == 8);
  CHECK_OK(ip_summary_pooled_corr(IP_PEARSON, 1, 12, x, y, group, 0.95, *state, &e)); /* one group: its own */
  CHECK_NEAR(e.value, 0.8216268332149231, 1e-13);
  CHECK_NEAR(e.interval.low, 0.4687619118680169, 1e-13);
  CHECK_OK(ip_summary_pooled_corr(IP_PEARSON, 1, 3, x, y, group, 0.95, *state, &e));
  assert_true(isnan(e.value) && e.reason);
}

/* ICC(1,1) by NumPy from mean squares: groups X[0:4], X[4:8] + 3, X[8:12] - 1; then with X[7] missing. */
static void the_share_of_variance_between_groups(void **state)
{
  ip_seed_value v[N];
  ip_effect e;
  numbers(N, X, v);
  for (int i = 4; i < 8; i++) v[i].value += 3, v[i + 4].value -= 1;
  CHECK_OK(ip_summary_variance_share(3, 4, v, 0.95, *state, &e));
  CHECK_NEAR(e.value, 0.024342257724303814, 1e-13);
  assert_true(e.interval.low <= e.value && e.value <= e.interval.high && e.interval.high <= 1);
  for (int i = 0; i < 4; i++) v[i].value += 20; /* the jackknife by NumPy */
  CHECK_OK(ip_summary_variance_share(3, 4, v, 0.95, *state, &e));
  CHECK_NEAR(e.value, 0.8792915099269006, 1e-13);
  CHECK_NEAR(e.interval.low, 0.03355082072080959, 1e-11);
  CHECK_NEAR(e.interval.high, 0.9950033284302372, 1e-11);
  for (int i = 0; i < 4; i++) v[i].value -= 20;
  v[7] = ip_seed_missing("none");
  CHECK_OK(ip_summary_variance_share(3, 4, v, 0.95, *state, &e));
  CHECK_NEAR(e.value, 0.01077585750791213, 1e-13);
  assert_true(e.n == 4 && e.n_missing == 1 && e.n_censored == 0);
  v[3] = v[N - 1] = ip_seed_missing("none"); /* in every group, also the last */
  CHECK_OK(ip_summary_variance_share(3, 4, v, 0.95, *state, &e));
  assert_true(e.n == 4 && e.n_missing == 3 && isfinite(e.value) && !e.reason);
  v[3] = v[N - 1] = ip_seed_number((double)INFINITY);
  CHECK_OK(ip_summary_variance_share(3, 4, v, 0.95, *state, &e));
  assert_true(e.n_missing == 1 && e.n_censored == 2 && isnan(e.value) && isnan(e.interval.low));
  assert_non_null(strstr(e.reason, "during training"));
  for (int i = 0; i < N; i++) v[i] = ip_seed_number(i / 4); /* all of it */
  CHECK_OK(ip_summary_variance_share(3, 4, v, 0.95, *state, &e));
  assert_true(e.value == 1 && e.interval.low == 1);
  CHECK_OK(ip_summary_variance_share(1, 4, v, 0.95, *state, &e));
  assert_true(isnan(e.value) && e.reason);
}

/* Four cases in order: 2 of 24 permutations are as extreme. Four sigmas of 4000 shuffles. */
static void permutations_have_the_p_of_enumeration(void **state)
{
  const double x[] = {1, 2, 3, 4};
  ip_seed_value v[4], w[4];
  ip_effect e;
  numbers(4, x, v);
  for (int i = 0; i < 4; i++) w[i] = ip_seed_number(-x[i] * x[i]);
  CHECK_OK(ip_summary_permutation(IP_SPEARMAN, 4, v, w, 4000, 1, *state, &e));
  CHECK_NEAR(e.value, -1, 1e-15);
  assert_true(isnan(e.interval.low));
  CHECK_NEAR(e.p, 2. / 24, 4 * sqrt(2. / 24 * 22. / 24 / 4000));
}

static ip_status all_of_them(ip_scratch **sc)
{
  ip_seed_value x[N], y[N];
  const size_t group[N] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1};
  ip_effect e;
  numbers(N, X, x);
  numbers(N, Y, y);
  IP_TRY(ip_scratch_create(sc));
  IP_TRY(ip_summary_mean(N, x, 0.95, 1, *sc, &e));
  IP_TRY(ip_summary_median(N, x, 0.95, *sc, &e));
  IP_TRY(ip_summary_ratio(N, y, x, 0.95, 1, *sc, &e));
  IP_TRY(ip_summary_corr(IP_SPEARMAN, N, x, y, 0.95, *sc, &e));
  IP_TRY(ip_summary_pooled_corr(IP_SPEARMAN, 2, N, x, y, group, 0.95, *sc, &e));
  IP_TRY(ip_summary_variance_share(3, 4, x, 0.95, *sc, &e));
  return ip_summary_permutation(IP_SPEARMAN, N, x, y, 20, 1, *sc, &e);
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  ip_scratch *sc = NULL;
  CHECK_EVERY_ALLOCATION(all_of_them(&sc), ip_scratch_destroy(&sc));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_mean_has_the_outer_interval),
      cmocka_unit_test(what_is_missing_or_censored_is_counted),
      cmocka_unit_test(shares_have_wilson_s_interval),
      cmocka_unit_test(a_ratio_needs_a_denominator_away_from_zero),
      cmocka_unit_test(correlations_have_fisher_s_interval),
      cmocka_unit_test(correlations_within_groups_are_pooled),
      cmocka_unit_test(the_share_of_variance_between_groups),
      cmocka_unit_test(permutations_have_the_p_of_enumeration),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests_name("claims/summary", tests, scratch_setup, scratch_teardown);
}
