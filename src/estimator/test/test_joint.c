/* test_joint.c - I(X;T|Y), and what bins lose of the network's prediction. */
#include "estimator/joint.h"

#include "estimator/counts.h"
#include "estimator/test/samples.h"

#include <stdio.h>

enum { N = 60, WIDTH = 4, OUTPUTS = 3 };

static float t[N * WIDTH], u[N * WIDTH];
static int32_t y2[N], prediction[N];

/* t_ij = sin(i (j + 1)), u its positive part, three classes by angle, outputs cos(i), cos(2 i), cos(3 i). */
static int make_data(void **state)
{
  for (size_t i = 0; i < N; i++) {
    double a = (double)i, best = -2;
    for (size_t j = 0; j < WIDTH; j++) {
      t[i * WIDTH + j] = (float)sin(a * (double)(j + 1));
      u[i * WIDTH + j] = fmaxf(t[i * WIDTH + j], 0);
    }
    int quarter = (int)floor(4 * a / (2 * acos(-1))) % 4;
    y2[i] = quarter < 2 ? quarter : 2;
    for (int k = 0; k < OUTPUTS; k++) {
      double out = (double)(float)cos(a * (k + 1));
      if (out > best) prediction[i] = k, best = out;
    }
  }
  return scratch_setup(state);
}

#define DATA_TEST(f) cmocka_unit_test_setup_teardown(f, make_data, scratch_teardown)

/* Values of an independent program in NumPy. */
static void lost_predictions_agree_with_numpy(void **state)
{
  ip_samples s = samples_of(N, WIDTH, t, 3, y2);
  s.prediction = prediction;
  ip_estimate e = estimate("width:size=1", &s, *state);
  CHECK_NEAR(e.prediction_bits, 1.472116, 1e-6);
  CHECK_NEAR(e.bin_loss_bits, 0.177199, 1e-6);
  e = estimate("width:size=0.5", &s, *state);
  assert_true(e.bin_loss_bits == 0);
  s.t = u;
  e = estimate("width:size=0.5:correction=nsb", &s, *state);
  CHECK_NEAR(e.bin_loss_bits, 0.468859, 1e-6);
  CHECK_NEAR(e.prediction_bits, 1.472116, 1e-6);
}

static void two_predictions_in_one_bin_of_four_samples_lose_half_a_bit(void **state)
{
  float v[] = {0, 0, 1, 2};
  int32_t y[] = {0, 1, 0, 1}, yhat[] = {0, 1, 0, 1};
  ip_samples s = samples_of(4, 1, v, 2, y);
  s.prediction = yhat;
  ip_estimate e = estimate("exact", &s, *state);
  CHECK_NEAR(e.bin_loss_bits, 0.5, 1e-15);
  assert_true(e.prediction_bits == 1);
  s.p_y_given_x = (float[]){1, 0, 0, 1, 0.5f, 0.5f, 0, 1};
  CHECK_NEAR(estimate("exact", &s, *state).bin_loss_bits, 0.5, 1e-15);
}

static void a_constant_layer_loses_the_whole_prediction(void **state)
{
  float v[] = {3, 3, 3, 3};
  int32_t y[] = {0, 1, 0, 1}, yhat[] = {0, 7, 0, 0};
  ip_samples s = samples_of(4, 1, v, 2, y);
  s.prediction = yhat;
  ip_estimate e = estimate("edges", &s, *state);
  CHECK_NEAR(e.prediction_bits, 2 - 0.75 * log2(3), 1e-15);
  assert_true(e.bin_loss_bits == e.prediction_bits);
}

static void without_a_prediction_or_bins_nothing_is_lost_or_kept(void **state)
{
  ip_samples s = samples_of(N, WIDTH, t, 3, y2);
  ip_estimate e = estimate("edges", &s, *state);
  assert_true(isnan(e.bin_loss_bits) && isnan(e.prediction_bits));
  s.prediction = prediction;
  e = estimate("kde_upper", &s, *state);
  assert_true(isnan(e.bin_loss_bits) && isnan(e.prediction_bits));
}

/* The estimates themselves do not depend on whether a prediction is there. */
static void a_prediction_changes_no_estimate(void **state)
{
  static const char *const spec[] = {"edges", "width:size=1:correction=jackknife", "exact", "equal_mass:bins=3",
                                     "ebab"};
  for (size_t k = 0; k < sizeof spec / sizeof *spec; k++) {
    ip_samples s = samples_of(N, WIDTH, u, 3, y2);
    ip_estimate without = estimate(spec[k], &s, *state);
    s.prediction = prediction;
    ip_estimate with = estimate(spec[k], &s, *state);
    assert_true(with.ixt_bits == without.ixt_bits && with.ity_bits == without.ity_bits);
    assert_true(with.ht_bits == without.ht_bits && with.n_symbols == without.n_symbols);
    assert_true(with.ixt_given_y_bits == without.ixt_given_y_bits);
  }
}

static void conditional_information_agrees_with_numpy(void **state)
{
  ip_samples s = samples_of(N, WIDTH, u, 3, y2);
  ip_estimate e = estimate("width:size=0.5", &s, *state);
  CHECK_NEAR(e.ixt_bits, 3.544316, 1e-6);
  CHECK_NEAR(e.ity_bits, 1.070518, 1e-6);
  CHECK_NEAR(e.ixt_given_y_bits, 2.473798, 1e-6);

  static uint32_t x[N];
  static int32_t half[N];
  for (size_t i = 0; i < N; i++) {
    x[i] = (uint32_t)(i % 15);
    half[i] = (int32_t)(i / 15 % 2);
  }
  s = samples_of(N, WIDTH, t, 2, half);
  s.x_id = x;
  s.n_x = 15;
  e = estimate("width:size=1", &s, *state);
  CHECK_NEAR(e.ixt_given_y_bits, 2.387582, 1e-6);
  CHECK_NEAR(e.ixt_raw_bits - e.ity_raw_bits, 1.387582, 1e-6);
}

/* With every correction, I(X;T|Y) is that of the samples of each class, weighted. */
static void conditional_information_is_the_mean_over_classes(void **state)
{
  enum { MANY = 400 };
  static float v[MANY], part_v[MANY];
  static uint32_t x[MANY], part_x[MANY];
  static int32_t y[MANY], one[MANY];
  ip_rng r = ip_rng_open(3, IP_RNG_TEST, 0);
  for (size_t i = 0; i < MANY; i++) {
    x[i] = (uint32_t)ip_rng_below(&r, 12);
    y[i] = (int32_t)ip_rng_below(&r, 3);
    v[i] = (float)((x[i] + (uint32_t)y[i] + ip_rng_below(&r, 2)) % 5);
  }
  for (size_t how = 0; ip_corrections[how]; how++) {
    char spec[64];
    snprintf(spec, sizeof spec, "exact:correction=%s", ip_corrections[how]);
    double expected = 0;
    for (int32_t c = 0; c < 3; c++) {
      size_t m = 0;
      for (size_t i = 0; i < MANY; i++)
        if (y[i] == c) part_v[m] = v[i], part_x[m++] = x[i];
      ip_samples part = samples_of(m, 1, part_v, 1, one);
      part.x_id = part_x;
      part.n_x = 12;
      expected += (double)m / MANY * estimate(spec, &part, *state).ixt_raw_bits;
    }
    ip_samples s = samples_of(MANY, 1, v, 3, y);
    s.x_id = x;
    s.n_x = 12;
    CHECK_NEAR(estimate(spec, &s, *state).ixt_given_y_bits, expected, 1e-12);
  }
}

static void estimators_without_a_chain_rule_have_none(void **state)
{
  ip_samples s = samples_of(N, WIDTH, t, 3, y2);
  ip_estimate e = estimate("renyi:x=index", &s, *state);
  assert_true(isnan(e.ixt_given_y_bits) && e.ixt_given_y_no_value);
  e = estimate("gaussian", &s, *state);
  assert_true(e.ixt_given_y_bits == e.ixt_raw_bits - e.ity_raw_bits && !e.ixt_given_y_no_value);
  s.target = t;
  s.n_targets = 1;
  memset(prediction, 0, sizeof prediction);
  s.y = prediction; /* a regression: all labels are 0 */
  e = (ip_estimate){0};
  ip_estimator *edges;
  CHECK_OK(ip_estimator_create("edges", 1, &edges));
  CHECK_OK(ip_estimator_run(edges, &s, *state, &e));
  ip_estimator_destroy(&edges);
  assert_true(isnan(e.ixt_given_y_bits) && e.ixt_given_y_no_value == e.ity_no_value);
}

static void every_allocation_failure_is_reported_and_leaks_nothing(void **state)
{
  (void)state;
  float v[8] = {0, 1, 2, 3, 4, 5, 6, 7};
  int32_t y[4] = {0, 1, 0, 1}, yhat[4] = {0, 0, 1, 1};
  uint32_t x[4] = {0, 1, 1, 1};
  ip_samples s = samples_of(4, 2, v, 2, y);
  s.x_id = x;
  s.prediction = yhat;
  const char *spec[] = {"edges:count=2:low=0:high=4"};
  CHECK_EVERY_ALLOCATION(run_alone(1, spec, &s), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      DATA_TEST(lost_predictions_agree_with_numpy),
      TEST(two_predictions_in_one_bin_of_four_samples_lose_half_a_bit),
      TEST(a_constant_layer_loses_the_whole_prediction),
      DATA_TEST(without_a_prediction_or_bins_nothing_is_lost_or_kept),
      DATA_TEST(a_prediction_changes_no_estimate),
      DATA_TEST(conditional_information_agrees_with_numpy),
      TEST(conditional_information_is_the_mean_over_classes),
      DATA_TEST(estimators_without_a_chain_rule_have_none),
      cmocka_unit_test(every_allocation_failure_is_reported_and_leaks_nothing),
  };
  return cmocka_run_group_tests_name("estimator/joint", tests, NULL, NULL);
}
