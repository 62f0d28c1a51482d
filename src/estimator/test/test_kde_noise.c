#include "estimator/kde.h"
#include "estimator/test/samples.h"

/* The variance of the noise: given, from the layer, or the network's own. */

static void noise_can_follow_the_layer(void **state)
{
  static float t[200 * 3], doubled[200 * 3];
  static int32_t y[200];
  ip_rng r = ip_rng_open(10, IP_RNG_TEST, 0);
  double most = 0, variance = 0;
  for (size_t k = 0; k < 600; k++) {
    t[k] = (float)ip_rng_normal(&r);
    doubled[k] = 4 * t[k];
    most = fmax(most, fabs((double)t[k]));
    y[k / 3] = t[k] > 0;
  }
  for (size_t k = 0; k < 3; k++) {
    double mean = 0, square = 0;
    for (size_t i = 0; i < 200; i++) mean += (double)t[3 * i + k] / 200;
    for (size_t i = 0; i < 200; i++) square += ((double)t[3 * i + k] - mean) * ((double)t[3 * i + k] - mean) / 200;
    variance += square / 3;
  }
  ip_samples s = samples_of(200, 3, t, 2, y), d = samples_of(200, 3, doubled, 2, y);
  ip_estimate upper, lower, got = estimate("kde_upper:noise=maximum:noise_variance=0.02", &s, *state);
  CHECK_OK(ip_kde_bounds(&s, 0.02 * most * most, *state, &upper, &lower));
  assert_true(got.ixt_bits == upper.ixt_bits && got.ity_bits == upper.ity_bits);
  got = estimate("kde_lower:noise=variance:noise_variance=0.02", &s, *state);
  CHECK_OK(ip_kde_bounds(&s, 0.02 * variance, *state, &upper, &lower));
  CHECK_NEAR(got.ixt_bits, lower.ixt_bits, 1e-9);
  CHECK_NEAR(got.ity_bits, lower.ity_bits, 1e-9);
  CHECK_NEAR(estimate("kde_lower:noise=variance:noise_variance=0.02", &d, *state).ixt_bits, got.ixt_bits, 1e-9);
}

static void the_noise_of_the_network_is_taken_around_its_mean(void **state)
{
  float mean[] = {0, 1, 0, 2}, t[] = {0.3f, 1.1f, -0.2f, 1.8f};
  int32_t y[] = {0, 1, 0, 1};
  ip_samples s = samples_of(4, 1, t, 2, y);
  estimate_fails("kde_upper:noise=network", &s, *state, IP_EINVAL, "needs a network trained with noise");
  s.mean = mean;
  estimate_fails("kde_upper:noise=network", &s, *state, IP_EINVAL, "noise variance of the network is 0");
  s.noise_variance = 0.25;
  ip_estimate got = estimate("kde_lower:noise=network", &s, *state);
  s.t = mean;
  ip_estimate want = estimate("kde_lower:noise_variance=0.25", &s, *state);
  assert_memory_equal(&got, &want, sizeof got);
  ip_estimator *e;
  CHECK_FAILS(ip_estimator_create("kde_upper:noise=network:noise_variance=1", 0, &e), IP_ECONFIG, "does not go with");
}

/* --- a second noisy layer */

static double normal_density(double t, double mean, double variance)
{
  return exp(-(t - mean) * (t - mean) / (2 * variance)) / sqrt(2 * 3.14159265358979323846 * variance);
}

/* I of one fair bit x = -+1 and T = x + noise of `variance`, by the trapezoidal rule. */
static double information_of_a_bit(double variance)
{
  double sum = 0, step = 1e-3;
  for (double t = -12; t < 12; t += step) {
    double p = normal_density(t, 1, variance), q = normal_density(t, -1, variance), both = (p + q) / 2;
    sum += step * (p > 0 ? p / 2 * log2(p / both) : 0) + step * (q > 0 ? q / 2 * log2(q / both) : 0);
  }
  return sum;
}

/* X one fair bit, S = x + noise of variance 0.25 from the layer below, T = S + noise of variance 0.02. The noise below
 * is no information on X: bounds around the truth of T = x + noise of variance 0.27, at most 1 bit. */
static void noise_of_the_layers_below_is_no_information_on_the_input(void **state)
{
  enum { M = 1000 };
  static float mean[M], t[M];
  static int32_t y[M];
  static uint32_t x[M], own[M];
  ip_rng r = ip_rng_open(61, IP_RNG_TEST, 0);
  for (uint32_t i = 0; i < M; i++) {
    x[i] = i % 2;
    own[i] = i;
    y[i] = (int32_t)x[i];
    mean[i] = (x[i] ? 1.0f : -1.0f) + 0.5f * (float)ip_rng_normal(&r);
    t[i] = mean[i] + (float)(sqrt(0.02) * ip_rng_normal(&r));
  }
  ip_samples s = samples_of(M, 1, t, 2, y);
  s.mean = mean;
  s.noise_variance = 0.02;
  s.noise_below = true;
  s.x_id = x;
  s.n_x = 2;
  double of_bit = information_of_a_bit(0.27);
  ip_estimate upper = estimate("kde_upper:noise=network", &s, *state),
              lower = estimate("kde_lower:noise=network", &s, *state);
  assert_true(lower.ixt_bits <= of_bit && of_bit <= upper.ixt_bits && upper.ixt_bits <= 1);
  assert_true(lower.ixt_bits >= 0 && upper.ixt_raw_bits < 2);

  /* an input of its own for every sample: nothing tells the bit from the noise, and the upper bound is still one */
  s.x_id = own;
  s.n_x = M;
  ip_estimator *e;
  CHECK_OK(ip_estimator_create("kde_lower:noise=network", 0, &e));
  CHECK_OK(ip_estimator_run(e, &s, *state, &lower));
  ip_estimator_destroy(&e);
  assert_true(isnan(lower.ixt_bits) && strstr(lower.ixt_no_value, "noise in the layers below"));
  assert_true(isfinite(lower.ity_bits));
  assert_true(estimate("kde_upper:noise=network", &s, *state).ixt_bits >= of_bit);
}

/* In the first noisy layer equal inputs have equal units, and nothing changes. */
static void units_that_are_a_function_of_the_input_have_no_noise_to_leave_out(void **state)
{
  enum { M = 64 };
  float mean[M];
  int32_t y[M];
  uint32_t x[M];
  for (uint32_t i = 0; i < M; i++) {
    x[i] = i % 8;
    y[i] = x[i] < 4;
    mean[i] = (float)(x[i] * x[i]) / 20;
  }
  ip_samples s = samples_of(M, 1, mean, 2, y);
  s.mean = mean;
  s.noise_variance = 0.1;
  s.x_id = x;
  s.n_x = 8;
  const char *const spec[] = {"kde_upper:noise=network", "kde_lower:noise=network"};
  for (int k = 0; k < 2; k++) {
    s.noise_below = false;
    ip_estimate first = estimate(spec[k], &s, *state);
    s.noise_below = true;
    ip_estimate deeper = estimate(spec[k], &s, *state);
    CHECK_NEAR(first.ixt_bits, deeper.ixt_bits, 1e-12);
    CHECK_NEAR(first.ity_bits, deeper.ity_bits, 1e-12);
  }
}

/* Distances are those of all units: a layer of one unit and its copy turned into two, 0.6 and 0.8 of it. */
static void noise_below_is_measured_over_all_units(void **state)
{
  enum { M = 60 };
  float one[M], two[2 * M];
  int32_t y[M];
  uint32_t x[M];
  ip_rng r = ip_rng_open(5, IP_RNG_TEST, 0);
  for (uint32_t i = 0; i < M; i++) {
    x[i] = i % 6;
    y[i] = x[i] < 3;
    one[i] = (float)(0.3 * x[i] + 0.3 * ip_rng_normal(&r));
    two[2 * i] = 0.6f * one[i];
    two[2 * i + 1] = -0.8f * one[i];
  }
  ip_samples a = samples_of(M, 1, one, 2, y), b = samples_of(M, 2, two, 2, y);
  a.mean = one, b.mean = two;
  a.noise_variance = b.noise_variance = 0.01;
  a.noise_below = b.noise_below = true;
  a.x_id = b.x_id = x;
  a.n_x = b.n_x = 6;
  ip_estimate of_a = estimate("kde_upper:noise=network", &a, *state);
  ip_estimate of_b = estimate("kde_upper:noise=network", &b, *state);
  CHECK_NEAR(of_a.ixt_bits, of_b.ixt_bits, 1e-5);
  CHECK_NEAR(of_a.ity_bits, of_b.ity_bits, 1e-5);
  a.noise_below = false;
  assert_true(estimate("kde_upper:noise=network", &a, *state).ixt_bits > of_a.ixt_bits + 0.1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(noise_can_follow_the_layer),
      TEST(the_noise_of_the_network_is_taken_around_its_mean),
      TEST(noise_of_the_layers_below_is_no_information_on_the_input),
      TEST(noise_below_is_measured_over_all_units),
      TEST(units_that_are_a_function_of_the_input_have_no_noise_to_leave_out),
  };
  return cmocka_run_group_tests_name("estimator/kde_noise", tests, NULL, NULL);
}
