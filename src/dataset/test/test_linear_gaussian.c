#include "base/test/check.h"
#include "dataset/dataset.h"

#include <math.h>
#include <string.h>

static ip_dataset_options options(int64_t n, int64_t n_in, int64_t n_targets, double noise)
{
  static char name[] = "linear_gaussian";
  ip_dataset_options opt = ip_dataset_options_default();
  opt.name = name;
  opt.n_samples = n, opt.n_in = n_in, opt.n_targets = n_targets, opt.noise = noise;
  return opt;
}

static void inputs_are_standard_normal_and_targets_have_the_noise_asked_for(void **state)
{
  (void)state;
  enum { N = 20000, D = 3 };
  ip_dataset_options opt = options(N, D, 1, 0.5), silent = options(N, D, 1, 0);
  ip_dataset *noisy, *clean;
  CHECK_OK(ip_dataset_create(&opt, 4, &noisy));
  CHECK_OK(ip_dataset_create(&silent, 4, &clean));
  assert_memory_equal(noisy->x, clean->x, sizeof(float) * N * D); /* streams do not depend on each other */
  double mean = 0, square = 0, noise = 0;
  for (size_t i = 0; i < N * D; i++) {
    mean += (double)noisy->x[i] / (N * D);
    square += (double)noisy->x[i] * (double)noisy->x[i] / (N * D);
  }
  for (size_t r = 0; r < N; r++) noise += pow((double)noisy->targets[r] - (double)clean->targets[r], 2) / N;
  CHECK_NEAR(mean, 0, 5 / sqrt(N * D)); /* five standard errors */
  CHECK_NEAR(square, 1, 5 * sqrt(2.0 / (N * D)));
  CHECK_NEAR(noise, 0.25, 5 * 0.25 * sqrt(2.0 / N));
  assert_int_equal(noisy->n_classes, 1);
  assert_true(isinf(clean->ixy_bits));
  ip_dataset_destroy(&noisy);
  ip_dataset_destroy(&clean);
}

/* Rows of the map have about unit length, whatever the number of inputs. */
static void targets_without_noise_have_variance_near_one(void **state)
{
  (void)state;
  enum { N = 4000, D = 400 };
  ip_dataset_options opt = options(N, D, 1, 0);
  ip_dataset *ds;
  double square = 0;
  CHECK_OK(ip_dataset_create(&opt, 2, &ds));
  for (size_t r = 0; r < N; r++) square += (double)ds->targets[r] * (double)ds->targets[r] / N;
  CHECK_NEAR(square, 1, 5 * sqrt(2.0 / D + 2.0 / N)); /* |a|^2 is chi squared over D; five standard deviations */
  ip_dataset_destroy(&ds);
}

/* The map is found again from samples without noise, by the normal equations of least squares. */
static void information_is_that_of_the_map_behind_the_targets(void **state)
{
  (void)state;
  enum { N = 500 };
  ip_dataset_options opt = options(N, 2, 2, 0), noisy = options(N, 2, 2, 0.5);
  ip_dataset *ds, *other;
  CHECK_OK(ip_dataset_create(&opt, 9, &ds));
  CHECK_OK(ip_dataset_create(&noisy, 9, &other));
  double xx[3] = {0}, xy[2][2] = {{0}}, a[2][2];
  for (size_t r = 0; r < N; r++) {
    double u = (double)ds->x[2 * r], v = (double)ds->x[2 * r + 1];
    xx[0] += u * u, xx[1] += u * v, xx[2] += v * v;
    for (size_t j = 0; j < 2; j++)
      xy[j][0] += u * (double)ds->targets[2 * r + j], xy[j][1] += v * (double)ds->targets[2 * r + j];
  }
  double det = xx[0] * xx[2] - xx[1] * xx[1];
  for (int j = 0; j < 2; j++) {
    a[j][0] = (xx[2] * xy[j][0] - xx[1] * xy[j][1]) / det;
    a[j][1] = (xx[0] * xy[j][1] - xx[1] * xy[j][0]) / det;
  }
  double s00 = 1 + 4 * (a[0][0] * a[0][0] + a[0][1] * a[0][1]), s11 = 1 + 4 * (a[1][0] * a[1][0] + a[1][1] * a[1][1]);
  double s01 = 4 * (a[0][0] * a[1][0] + a[0][1] * a[1][1]);
  CHECK_NEAR(other->ixy_bits, 0.5 * log2(s00 * s11 - s01 * s01), 1e-5);
  ip_dataset_destroy(&ds);
  ip_dataset_destroy(&other);
}

/* Each relevant input has weights of variance 1/r, found again as above for each of many targets. */
static void every_input_has_the_same_weight_on_average(void **state)
{
  (void)state;
  enum { N = 50, M = 400 };
  ip_dataset_options opt = options(N, 2, M, 0);
  ip_dataset *ds;
  CHECK_OK(ip_dataset_create(&opt, 3, &ds));
  double xx[3] = {0}, square[2] = {0}, product = 0;
  for (size_t r = 0; r < N; r++) {
    double u = (double)ds->x[2 * r], v = (double)ds->x[2 * r + 1];
    xx[0] += u * u, xx[1] += u * v, xx[2] += v * v;
  }
  double det = xx[0] * xx[2] - xx[1] * xx[1];
  for (size_t j = 0; j < M; j++) {
    double xy[2] = {0}, a[2];
    for (size_t r = 0; r < N; r++)
      for (size_t k = 0; k < 2; k++) xy[k] += (double)ds->x[2 * r + k] * (double)ds->targets[r * M + j];
    a[0] = (xx[2] * xy[0] - xx[1] * xy[1]) / det;
    a[1] = (xx[0] * xy[1] - xx[1] * xy[0]) / det;
    for (size_t k = 0; k < 2; k++) square[k] += a[k] * a[k] / M;
    product += a[0] * a[1] / M;
  }
  for (size_t k = 0; k < 2; k++) CHECK_NEAR(square[k], 0.5, 5 * 0.5 * sqrt(2.0 / M)); /* five standard errors */
  CHECK_NEAR(product, 0, 5 * 0.5 / sqrt(M));
  ip_dataset_destroy(&ds);
}

/* The map of two of five inputs is that of a task with two; the others are independent of the targets. */
static void irrelevant_inputs_do_not_reach_the_targets(void **state)
{
  (void)state;
  enum { N = 20000, D = 5 };
  ip_dataset_options opt = options(N, D, 1, 0), two = options(N, 2, 1, 0.5), noisy = options(N, D, 1, 0.5);
  opt.irrelevant = noisy.irrelevant = 3;
  ip_dataset *ds, *plain, *with_noise;
  CHECK_OK(ip_dataset_create(&opt, 4, &ds));
  CHECK_OK(ip_dataset_create(&two, 4, &plain));
  CHECK_OK(ip_dataset_create(&noisy, 4, &with_noise));
  CHECK_NEAR(with_noise->ixy_bits, plain->ixy_bits, 1e-12);
  double xy[D] = {0}, yy = 0, explained = 0;
  for (size_t r = 0; r < N; r++) {
    yy += (double)ds->targets[r] * (double)ds->targets[r] / N;
    for (size_t k = 0; k < D; k++) xy[k] += (double)ds->x[r * D + k] * (double)ds->targets[r] / N;
  }
  for (size_t k = 0; k < D; k++) explained += k < 2 ? xy[k] * xy[k] / yy : 0;
  for (size_t k = 2; k < D; k++) CHECK_NEAR(xy[k] / sqrt(yy), 0, 5 / sqrt(N));
  CHECK_NEAR(explained, 1, 10 / sqrt(N));
  CHECK_NEAR(0.5 * log2(1 + 4 * yy), plain->ixy_bits, 5 * sqrt(2.0 / N) / log(2));
  opt.irrelevant = D;
  ip_dataset_destroy(&ds);
  CHECK_FAILS(ip_dataset_create(&opt, 4, &ds), IP_ECONFIG, "irrelevant: got 5 of 5 inputs, expected fewer");
  ip_dataset_destroy(&plain);
  ip_dataset_destroy(&with_noise);
}

static void impossible_sizes_are_refused(void **state)
{
  (void)state;
  ip_dataset *ds;
  ip_dataset_options opt = options(0, 1, 1, 1);
  CHECK_FAILS(ip_dataset_create(&opt, 0, &ds), IP_ECONFIG, "n_samples: expected a number in [2, 100000000], got 0");
  opt = options(INT64_MAX, 1, 1, 1);
  CHECK_FAILS(ip_dataset_create(&opt, 0, &ds), IP_ECONFIG, "n_samples: expected");
  opt = options(5, 1, -1, 1);
  CHECK_FAILS(ip_dataset_create(&opt, 0, &ds), IP_ECONFIG, "n_targets: expected");
  opt = options(5, 1, 1, NAN);
  CHECK_FAILS(ip_dataset_create(&opt, 0, &ds), IP_ECONFIG, "noise: expected");
  opt = options(10, 2, 3, 1);
  opt.random_labels = 0.5;
  CHECK_FAILS(ip_dataset_create(&opt, 0, &ds), IP_ECONFIG, "no classes");
}

static void failing_allocations_are_reported_and_leak_nothing(void **state)
{
  (void)state;
  ip_dataset_options opt = options(10, 3, 2, 1);
  ip_dataset *ds = NULL;
  CHECK_EVERY_ALLOCATION(ip_dataset_create(&opt, 1, &ds), ip_dataset_destroy(&ds));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(inputs_are_standard_normal_and_targets_have_the_noise_asked_for),
      cmocka_unit_test(targets_without_noise_have_variance_near_one),
      cmocka_unit_test(every_input_has_the_same_weight_on_average),
      cmocka_unit_test(irrelevant_inputs_do_not_reach_the_targets),
      cmocka_unit_test(information_is_that_of_the_map_behind_the_targets),
      cmocka_unit_test(impossible_sizes_are_refused),
      cmocka_unit_test(failing_allocations_are_reported_and_leak_nothing),
  };
  return cmocka_run_group_tests_name("dataset/linear_gaussian", tests, NULL, NULL);
}
