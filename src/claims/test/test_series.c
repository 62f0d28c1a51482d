#include "claims/series.h"

#include "base/rng.h"
#include "base/test/check.h"
#include "base/test/scratch.h"

#include <math.h>
#include <string.h>

enum { E = 10 };
static const int64_t EPOCH[E] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
/* W is epochs 8 and 9. Running means of the seeds: 1/3 1 13/3 14/3 13/3 4/3 1 1 1 1 and 0 0 0 1/3 7/3 3 10/3 2 2 2, so
 * the first has its peak at 3, the second at 6. */
static const double TWO[2 * E] = {0, 1, 2, 10, 2, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 6, 2, 2, 2, 2};

/* By hand, from the formulas of the header. */
static void reducers_of_two_short_series(void **state)
{
  static const struct {
    ip_reducer r;
    double want[2];
  } cases[] = {
      {IP_REDUCE_FIRST, {0, 0}},
      {IP_REDUCE_LAST, {1, 2}},
      {IP_REDUCE_LEVEL, {1, 1. / 3}}, /* the first at 6, the second at 3 */
      {IP_REDUCE_PEAK_EPOCH, {6, 3}},
      {IP_REDUCE_DROP, {0, -5. / 3}},
      {IP_REDUCE_SHARE, {0, -5}},
      {IP_REDUCE_RISE, {1, 1. / 3}},
      {IP_REDUCE_DROP_HALF, {1, -0.5}},
      {IP_REDUCE_SHARE_HALF, {3. / 14, -0.15}},
      {IP_REDUCE_DROP_RUN, {11. / 3, 4. / 3}},
      {IP_REDUCE_SHARE_RUN, {11. / 14, 0.4}},
      {IP_REDUCE_LOWEST, {0, 0}},
      {IP_REDUCE_HIGHEST, {10, 6}},
      {IP_REDUCE_ONSET, {5, 7}},
      {IP_REDUCE_ARGMIN_EPOCH, {0, 0}},
  };
  ip_seed_series s = {2, E, EPOCH, TWO};
  for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
    ip_seed_value v[2];
    CHECK_OK(ip_reduce(cases[c].r, &s, *state, v));
    for (int i = 0; i < 2; i++) {
      if (!(fabs(v[i].value - cases[c].want[i]) < 1e-14))
        fail_msg("%s of seed %d = %g", ip_reducer_name(cases[c].r), i, v[i].value);
      assert_null(v[i].reason);
    }
    assert_int_equal(ip_reducer_of(ip_reducer_name(cases[c].r)), cases[c].r);
  }
  assert_int_equal(ip_reducer_of("fall"), IP_N_REDUCERS);
  double y[2 * E];
  for (int i = 0; i < 2 * E; i++) y[i] = i;
  ip_seed_value v[2];
  CHECK_OK(ip_reduce_at_peak(&s, y, *state, v));
  assert_true(v[0].value == 6 && v[1].value == 13);
}

/* Logged at 0, 1, 3, 7, ...: the regressor is ln(1 + epoch), and W begins at 0.8 of the last epoch. */
static void epochs_may_be_uneven(void **state)
{
  const int64_t epoch[] = {0, 1, 3, 7, 15, 80, 90, 100};
  double x[8];
  for (int e = 0; e < 8; e++) x[e] = 2 - 3 * log1p((double)epoch[e]);
  ip_seed_value v;
  ip_seed_series s = {1, 8, epoch, x};
  CHECK_OK(ip_reduce(IP_REDUCE_SLOPE_EPOCHS, &s, *state, &v));
  CHECK_NEAR(v.value, -3, 1e-14);
  CHECK_OK(ip_reduce(IP_REDUCE_LAST, &s, *state, &v));
  CHECK_NEAR(v.value, (x[5] + x[6] + x[7]) / 3, 1e-14);
}

static void what_is_missing_has_a_reason(void **state)
{
  double x[4 * E], nan = (double)NAN;
  memcpy(x, TWO, sizeof TWO);
  memcpy(x + 2 * E, TWO, sizeof TWO);
  x[8] = x[9] = nan;             /* seed 0 diverged: not in its half, and without a result */
  x[3 * E] = x[3 * E + 3] = nan; /* seed 3 misses epochs 0 and 3 */
  ip_seed_series s = {4, E, EPOCH, x};
  ip_seed_value v[4];
  CHECK_OK(ip_reduce(IP_REDUCE_DROP, &s, *state, v));
  assert_true(isnan(v[0].value) && v[0].reason);
  CHECK_NEAR(v[2].value, 0, 1e-14); /* at 6 of the odd seeds; 3 is missing in one of them */
  CHECK_NEAR(v[1].value, -5. / 3, 1e-14);
  assert_true(isnan(v[3].value) && strstr(v[3].reason, "peak epoch"));
  CHECK_OK(ip_reduce(IP_REDUCE_FIRST, &s, *state, v));
  assert_true(v[0].value == 0 && isnan(v[3].value) && strstr(v[3].reason, "epoch 0"));
  s.n_seeds = 1;
  s.x = TWO;
  for (int r = 0; r < IP_N_REDUCERS; r++) {
    CHECK_OK(ip_reduce((ip_reducer)r, &s, *state, v));
    if (ip_reducer_is_cross_fitted((ip_reducer)r)) assert_true(isnan(v[0].value) && v[0].reason); /* no other half */
  }
  for (int e = 0; e < E; e++) x[e] = nan;
  s.x = x;
  for (int r = 0; r < IP_N_REDUCERS; r++) {
    CHECK_OK(ip_reduce((ip_reducer)r, &s, *state, v));
    assert_true(isnan(v[0].value) && v[0].reason);
  }
}

/* A trajectory that loses less than a tenth of its peak has no onset, and neither has one that only rises. */
static void an_onset_may_be_censored(void **state)
{
  double x[2 * E];
  for (int e = 0; e < E; e++) x[e] = 10 - 0.05 * e, x[E + e] = e;
  ip_seed_value v[2];
  CHECK_OK(ip_reduce(IP_REDUCE_ONSET, &(ip_seed_series){2, E, EPOCH, x}, *state, v));
  assert_true(ip_seed_is_censored(v[0]) && ip_seed_is_censored(v[1]) && !v[0].reason);
}

static void an_event_lasts_until_twice_its_epoch(void **state)
{
  (void)state;
  static const struct {
    const char *cond;
    double want;
  } cases[] = {
      {"1111111111", 0},
      {"1100000000", (double)INFINITY}, /* 0 alone would last from 0 to 0 */
      {"1110000000", 0},
      {"0111000000", 1},
      {"0011011000", (double)INFINITY}, /* 2 fails at 4, 5 at 7 */
      {"0011101111", 2},
      {"0001111000", 3}, /* through 6, which is twice 3 */
      {"0001110000", (double)INFINITY},
      {"0001101111", 6}, /* 3 fails at 5; 6 lasts to the end */
      {"0000000111", 7},
      {"0000000011", (double)INFINITY}, /* only two epochs */
      {"0001?11111", 5},
      {"??????????", (double)NAN},
  };
  for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
    int8_t cond[E];
    for (int e = 0; e < E; e++) cond[e] = cases[c].cond[e] == '?' ? -1 : cases[c].cond[e] == '1';
    ip_seed_value v;
    ip_reduce_when(1, E, EPOCH, cond, &v);
    bool same = isnan(cases[c].want) ? isnan(v.value) && v.reason : v.value == cases[c].want;
    if (!same) fail_msg("%s: %g", cases[c].cond, v.value);
  }
}

/* scipy.stats 1.10: pearsonr, spearmanr of the values and of numpy.diff; a missing epoch is left out. */
static void correlations_over_epochs_are_those_of_scipy(void **state)
{
  enum { N = 13 };
  double nan = (double)NAN;
  const double x[N] = {3.1, -1.2, 4.4, 0.5, 2.2, 9.7, -3.3, nan, 1.1, 2.2, 6.0, 0.1, 5.2};
  const double y[N] = {1.0, 0.3, 2.5, -0.7, 0.4, 5.1, -2.2, 7, 1.9, 0.4, 1.2, 2.0, 2.1};
  int64_t epoch[N];
  for (int e = 0; e < N; e++) epoch[e] = e;
  ip_seed_series s = {1, N, epoch, x};
  ip_seed_value v;
  CHECK_OK(ip_reduce_over_epochs(IP_PEARSON, false, &s, y, *state, &v));
  CHECK_NEAR(v.value, 0.8216268332149231, 1e-14);
  CHECK_OK(ip_reduce_over_epochs(IP_SPEARMAN, false, &s, y, *state, &v));
  CHECK_NEAR(v.value, 0.7122807017543861, 1e-14);
  CHECK_OK(ip_reduce_over_epochs(IP_PEARSON, true, &s, y, *state, &v));
  CHECK_NEAR(v.value, 0.836546311885244, 1e-14);
  CHECK_OK(ip_reduce_over_epochs(IP_SPEARMAN, true, &s, y, *state, &v));
  CHECK_NEAR(v.value, 0.7272727272727273, 1e-14);
  const double few[2] = {0.7975160455306727, 0.7999999999999999}; /* of the first four epochs */
  for (ip_correlation_kind kind = IP_PEARSON; kind <= IP_SPEARMAN; kind++) {
    s.n_epochs = 4;
    CHECK_OK(ip_reduce_over_epochs(kind, false, &s, y, *state, &v));
    CHECK_NEAR(v.value, few[kind == IP_SPEARMAN], 1e-14);
    CHECK_OK(ip_reduce_over_epochs(kind, true, &s, y, *state, &v)); /* three changes */
    assert_true(isnan(v.value) && strstr(v.reason, "fewer than four epochs"));
    s.n_epochs = 3;
    CHECK_OK(ip_reduce_over_epochs(kind, false, &s, y, *state, &v));
    assert_true(isnan(v.value) && strstr(v.reason, "fewer than four epochs"));
  }
}

/* White noise of 20 seeds and 30 epochs falls by nothing. The cross-fitted drop and drop_half have mean 0; a run's own
 * smoothed peak is about 1.04 above its end, its highest value about 2.05 (maxima of 24 and 30 normal values, the first
 * divided by sqrt 3 and lowered by the dependence of running means). */
static void the_run_s_own_peak_is_biased_and_the_others_are_not(void **state)
{
  enum { SEEDS = 20, EPOCHS = 30, SETS = 400 };
  static double x[SEEDS * EPOCHS];
  int64_t epoch[EPOCHS];
  for (int e = 0; e < EPOCHS; e++) epoch[e] = e;
  ip_rng r = ip_rng_open(3, IP_RNG_TEST, 0);
  double drop = 0, half = 0, run = 0, n = SEEDS * SETS;
  for (int set = 0; set < SETS; set++) {
    ip_seed_series s = {SEEDS, EPOCHS, epoch, x};
    ip_seed_value v[SEEDS];
    for (int i = 0; i < SEEDS * EPOCHS; i++) x[i] = ip_rng_normal(&r);
    CHECK_OK(ip_reduce(IP_REDUCE_DROP, &s, *state, v));
    for (int i = 0; i < SEEDS; i++) drop += v[i].value / n;
    CHECK_OK(ip_reduce(IP_REDUCE_DROP_HALF, &s, *state, v));
    for (int i = 0; i < SEEDS; i++) half += v[i].value / n;
    CHECK_OK(ip_reduce(IP_REDUCE_DROP_RUN, &s, *state, v));
    for (int i = 0; i < SEEDS; i++) run += v[i].value / n;
  }
  /* sd of one seed's drop: sqrt(1/3 + 1/6) = .71, of drop_half: sqrt(1/2 + 1/6) = .82; of the mean, over 8000: .008 and
   * .009, of the first twice that as seeds share peaks */
  CHECK_NEAR(drop, 0, 3 * 0.016);
  CHECK_NEAR(half, 0, 3 * 0.01);
  CHECK_NEAR(run, 1.04, 0.04);
}

/* A single 1 among zeros: 4/5 at its epoch, -1/5 at two on either side; the mean of their squares over the 6 epochs
 * that have two neighbours on both sides. */
static void the_residual_is_about_a_mean_of_five(void **state)
{
  double x[E] = {0};
  x[5] = 1;
  ip_seed_value v;
  CHECK_OK(ip_reduce(IP_REDUCE_RESIDUAL_SD, &(ip_seed_series){1, E, EPOCH, x}, *state, &v));
  CHECK_NEAR(v.value, sqrt((16. + 4) / 25 / 6 * 5 / 4), 1e-15);
  CHECK_OK(ip_reduce(IP_REDUCE_RESIDUAL_SD, &(ip_seed_series){1, 4, EPOCH, x}, *state, &v));
  assert_true(isnan(v.value) && v.reason);
}

static ip_status all_of_them(ip_scratch **sc)
{
  ip_seed_series s = {2, E, EPOCH, TWO};
  ip_seed_value v[2];
  IP_TRY(ip_scratch_create(sc));
  IP_TRY(ip_reduce(IP_REDUCE_DROP, &s, *sc, v));
  IP_TRY(ip_reduce_at_peak(&s, TWO, *sc, v));
  return ip_reduce_over_epochs(IP_SPEARMAN, true, &s, TWO, *sc, v);
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
      cmocka_unit_test(reducers_of_two_short_series),
      cmocka_unit_test(epochs_may_be_uneven),
      cmocka_unit_test(what_is_missing_has_a_reason),
      cmocka_unit_test(an_onset_may_be_censored),
      cmocka_unit_test(an_event_lasts_until_twice_its_epoch),
      cmocka_unit_test(correlations_over_epochs_are_those_of_scipy),
      cmocka_unit_test(the_run_s_own_peak_is_biased_and_the_others_are_not),
      cmocka_unit_test(the_residual_is_about_a_mean_of_five),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests_name("claims/series", tests, scratch_setup, scratch_teardown);
}
