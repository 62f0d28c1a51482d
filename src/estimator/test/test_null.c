#include "estimator/test/resampled.h"

/* The null: I(T;Y) under shuffled labels. */

/* Under shuffled labels the plug-in finds its bias, (K_t - 1)(K_y - 1) / (2 N ln 2) to leading order, and N ln 4 times
 * its value is chi-square with that many degrees of freedom: 95 % quantile 7.815 for three. */
static void shuffled_labels_show_the_bias_of_the_plug_in(void **state)
{
  float t[N];
  int32_t y[N];
  draw(0, t, y);
  ip_samples s = samples_of(N, 1, t, 2, y);
  ip_null null = null_of("width:size=0.25", &s, 2000, *state);
  double unit = 1 / (2 * N * log(2));
  CHECK_NEAR(null.mean_bits, 3 * unit, 5 * sqrt(6.0 / 2000) * unit + 0.02 * unit);
  CHECK_NEAR(null.high_bits, 7.815 * unit, 0.5 * unit);
  assert_true(null.p_value == 1.0 / 2001); /* I(T;Y) is 0.3 bits */
  ip_null corrected = null_of("width:size=0.25:correction=miller_madow", &s, 2000, *state);
  assert_true(corrected.mean_bits < 0.5 * null.mean_bits);
}

/* With labels that have nothing to do with T, p-values are spread evenly: 100 of them have mean 0.5 +- 0.029. */
static void p_values_of_independent_labels_are_spread_evenly(void **state)
{
  float t[N];
  int32_t y[N];
  double sum = 0;
  ip_samples s = samples_of(N, 1, t, 2, y);
  for (uint64_t i = 0; i < 100; i++) {
    draw(i, t, y);
    ip_rng r = ip_rng_open(4, IP_RNG_TEST, i);
    for (size_t k = 0; k < N; k++) y[k] = (int32_t)ip_rng_below(&r, 2);
    double p = null_of("width:size=0.25", &s, 99, *state).p_value;
    assert_true(p >= 0.01 && p <= 1);
    sum += p;
  }
  CHECK_NEAR(sum / 100, 0.5, 4 * 0.029);
}

static void soft_labels_that_are_certain_shuffle_as_hard_ones(void **state)
{
  float t[N], p[2 * N];
  int32_t y[N];
  draw(3, t, y);
  for (size_t i = 0; i < N; i++) {
    p[2 * i] = (float)(1 - y[i]);
    p[2 * i + 1] = (float)y[i];
  }
  ip_samples s = samples_of(N, 1, t, 2, y);
  ip_null hard = null_of("edges", &s, 50, *state);
  s.p_y_given_x = p;
  s.y = NULL;
  ip_null soft = null_of("edges", &s, 50, *state);
  CHECK_NEAR(soft.mean_bits, hard.mean_bits, 1e-12);
  CHECK_NEAR(soft.high_bits, hard.high_bits, 1e-12);
  ip_interval ixt, ity;
  bootstrap("edges", &s, 20, 0, *state, &ixt, &ity);
  assert_null(ity.refusal);
  assert_true(ity.low < ity.high);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(shuffled_labels_show_the_bias_of_the_plug_in),
      TEST(p_values_of_independent_labels_are_spread_evenly),
      TEST(soft_labels_that_are_certain_shuffle_as_hard_ones),
  };
  return cmocka_run_group_tests_name("estimator/null", tests, NULL, NULL);
}
