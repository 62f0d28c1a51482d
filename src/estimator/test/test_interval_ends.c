/* test_interval_ends.c - what is drawn along for an interval, where it ends, and where there is none. */
#include "estimator/test/resampled.h"

/* Labels without a relation: the low end would be below 0. */
static void no_end_is_below_zero(void **state)
{
  float t[N];
  int32_t y[N];
  size_t n_zero = 0;
  ip_samples s = samples_of(N, 1, t, 2, y);
  for (uint64_t i = 0; i < 5; i++) {
    ip_interval ixt, ity;
    draw(i, t, y);
    for (size_t k = 0; k < N; k++) y[k] = k % 2;
    bootstrap("width:size=0.25", &s, 20, i, *state, &ixt, &ity);
    assert_null(ity.refusal);
    assert_true(ity.low >= 0 && ity.high >= ity.low);
    n_zero += ity.low == 0;
  }
  assert_true(n_zero >= 4);
}

/* Of a network with noise, the means before the noise are drawn again, not the units. */
static void units_before_the_noise_are_drawn_along(void **state)
{
  static float t[N], mean[N];
  int32_t y[N];
  ip_rng r = ip_rng_open(9, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N; i++) {
    mean[i] = (float)ip_rng_normal(&r);
    t[i] = (float)i; /* has nothing to do with it */
    y[i] = i % 2;
  }
  ip_samples s = samples_of(N, 1, t, 2, y);
  s.mean = mean;
  s.noise_variance = 0.5;
  ip_interval ixt, ity;
  bootstrap("gaussian", &s, 40, 0, *state, &ixt, &ity);
  assert_null(ixt.refusal);
  double value = estimate("gaussian", &s, *state).ixt_bits;
  CHECK_NEAR(value, 0.5 * log2(3), 0.1);
  assert_true(ixt.low < value && value < ixt.high);
  CHECK_NEAR(ixt.high - ixt.low, 0.13, 0.05); /* 3.9 deviations of half the logarithm of a variance */
}

/* A value that does not exist has no interval, and the reason is that of the value. */
static void what_has_no_value_has_no_interval(void **state)
{
  float t[N], target[N];
  int32_t y[N];
  uint32_t x_id[N];
  draw(0, t, y);
  for (size_t i = 0; i < N; i++) y[i] = 0, target[i] = t[i];
  ip_samples s = samples_of(N, 1, t, 1, y);
  s.target = target;
  s.n_targets = 1;
  s.x = t;
  s.n_in = 1;
  ip_interval ixt, ity;
  bootstrap("width:size=0.25", &s, 20, 0, *state, &ixt, &ity);
  assert_non_null(ity.refusal);
  assert_non_null(strstr(ity.refusal, "target of a regression"));
  assert_true(isnan(ity.low) && isnan(ity.high));
  ip_estimator *e; /* the first reason is that of I(X;T|Y) */
  ip_estimate out;
  for (size_t i = 0; i < N; i++) x_id[i] = (uint32_t)i;
  for (size_t i = 0; i < N; i++) y[i] = (int32_t)i;
  s.x_id = x_id;
  s.n_y = N;
  s.target = NULL;
  s.n_targets = 0;
  CHECK_OK(ip_estimator_create("sliced:x=index", 1, &e));
  CHECK_OK(ip_estimator_run(e, &s, *state, &out));
  ip_estimator_destroy(&e);
  assert_non_null(out.ixt_no_value);
  assert_non_null(out.ity_no_value);
  assert_string_equal(out.ixt_given_y_no_value, out.ixt_no_value);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(no_end_is_below_zero),
      TEST(units_before_the_noise_are_drawn_along),
      TEST(what_has_no_value_has_no_interval),
  };
  return cmocka_run_group_tests_name("estimator/interval_ends", tests, NULL, NULL);
}
