#include "estimator/test/samples.h"

enum { N = 60 };

/* Entropy in bits of the mixture of normals of one variance around the given centres with the weights w, by the
 * trapezoidal rule, which is exact to rounding for such smooth and fast decaying functions. */
static double mixture_entropy(size_t n, const float *centre, const double *w, double variance)
{
  double s = sqrt(variance), step = s / 8, h = 0, total = 0;
  for (size_t i = 0; i < n; i++) total += w[i];
  for (double at = -6; at < 6; at += step) {
    double f = 0;
    for (size_t i = 0; i < n; i++) f += w[i] * exp(-pow(at - (double)centre[i], 2) / (2 * variance));
    f /= total * s * sqrt(2 * acos(-1));
    if (f > 0) h -= f * log2(f) * step;
  }
  return h;
}

static ip_samples fill(float *t, float *mean, int32_t *y, double variance)
{
  ip_rng r = ip_rng_open(41, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N; i++) {
    mean[i] = (float)tanh(2 * ip_rng_normal(&r));
    t[i] = mean[i] + (float)(sqrt(variance) * ip_rng_normal(&r));
    y[i] = (int32_t)((mean[i] > 0) ^ (i % 5 == 0));
  }
  ip_samples s = samples_of(N, 1, t, 2, y);
  s.mean = mean;
  s.noise_variance = variance;
  return s;
}

/* h(T), its mean over classes, and over inputs that have four samples each. */
static void agrees_with_integrals_of_the_mixtures(void **state)
{
  float t[N], mean[N], p[2 * N];
  int32_t y[N];
  uint32_t x[N];
  for (double variance = 1e-3; variance < 1; variance *= 10) {
    ip_samples s = fill(t, mean, y, variance);
    double w[N], noise = 0.5 * log2(2 * acos(-1) * exp(1) * variance), given_y = 0, given_x = 0, given_soft = 0;
    for (size_t i = 0; i < N; i++) w[i] = 1;
    double h = mixture_entropy(N, mean, w, variance);
    for (int c = 0; c < 2; c++) {
      double members = 0;
      for (size_t i = 0; i < N; i++) members += w[i] = y[i] == c;
      given_y += members / N * mixture_entropy(N, mean, w, variance);
      double soft = 0;
      for (size_t i = 0; i < N; i++) soft += w[i] = y[i] == c ? 0.75 : 0.25;
      given_soft += soft / N * mixture_entropy(N, mean, w, variance);
    }
    for (uint32_t g = 0; g < N / 4; g++) {
      for (size_t i = 0; i < N; i++) w[i] = (x[i] = (uint32_t)(i * 7 % N / 4)) == g;
      given_x += 4. / N * mixture_entropy(N, mean, w, variance);
    }
    ip_estimate e = estimate("noisy:draws=200", &s, *state);
    CHECK_NEAR(e.ixt_bits, h - noise, 4 * e.ixt_error_bits);
    CHECK_NEAR(e.ity_bits, h - given_y, 4 * e.ity_error_bits);
    assert_true(e.ixt_error_bits > 1e-4 && e.ixt_error_bits < 0.02 && e.ity_error_bits < 0.02);
    s.x_id = x;
    s.n_x = N / 4;
    e = estimate("noisy:draws=200", &s, *state);
    CHECK_NEAR(e.ixt_bits, h - given_x, 4 * e.ixt_error_bits);
    for (size_t i = 0; i < N; i++) {
      p[2 * i] = y[i] == 0 ? 0.75f : 0.25f;
      p[2 * i + 1] = 1 - p[2 * i];
    }
    s.p_y_given_x = p;
    e = estimate("noisy:draws=200", &s, *state);
    CHECK_NEAR(e.ity_bits, h - given_soft, 4 * e.ity_error_bits);
  }
}

/* The estimates of independent draws scatter as the standard error says: the mean of 40 squared deviations in units of
 * it is 1 up to sqrt(2 / 40) = 0.22. */
static void the_standard_error_is_that_of_repeated_draws(void **state)
{
  float t[N], mean[N];
  int32_t y[N];
  ip_samples s = fill(t, mean, y, 0.1);
  for (int one = 0; one < 2; one++) {
    double sum = 0, square = 0, error = 0;
    for (uint64_t seed = 0; seed < 40; seed++) {
      ip_estimator *e;
      ip_estimate out;
      CHECK_OK(ip_estimator_create(one ? "noisy:draws=1" : "noisy:draws=6", seed, &e));
      CHECK_OK(ip_estimator_run(e, &s, *state, &out));
      ip_estimator_destroy(&e);
      sum += out.ixt_bits / 40;
      square += out.ixt_bits * out.ixt_bits / 40;
      error += out.ixt_error_bits * out.ixt_error_bits / 40;
    }
    double ratio = (square - sum * sum) * 40 / 39 / error;
    assert_true(ratio < 1.9 && ratio > (one ? 0.2 : 0.4));
  }
}

/* Eight centres that the noise does not reach between, in 20 dimensions: 3 bits, whatever is drawn. */
static void groups_far_apart_have_the_information_of_their_number(void **state)
{
  enum { GROUPS = 8, WIDTH = 20 };
  float mean[GROUPS * WIDTH];
  int32_t y[GROUPS];
  for (size_t i = 0; i < GROUPS; i++) {
    y[i] = i % 4 == 1;
    for (size_t k = 0; k < WIDTH; k++) mean[i * WIDTH + k] = (float)(50 * (i >> (k % 3) & 1));
  }
  ip_samples s = samples_of(GROUPS, WIDTH, mean, 2, y);
  s.mean = mean;
  s.noise_variance = 0.01;
  ip_estimate e = estimate("noisy", &s, *state);
  CHECK_NEAR(e.ixt_bits, 3, 1e-12);
  CHECK_NEAR(e.ity_bits, 2 - 0.75 * log2(3), 1e-12);
  CHECK_NEAR(e.ixt_error_bits, 0, 1e-12);
  s.noise_variance = 1e12;
  CHECK_NEAR(estimate("noisy", &s, *state).ixt_bits, 0, 1e-3);
}

static void one_class_has_exactly_no_information(void **state)
{
  float t[N], mean[N];
  int32_t y[N];
  ip_samples s = fill(t, mean, y, 0.1);
  for (size_t i = 0; i < N; i++) y[i] = 1;
  ip_estimate e = estimate("noisy", &s, *state), again = estimate("noisy", &s, *state);
  assert_true(e.ity_bits == 0 && e.ity_error_bits == 0);
  assert_memory_equal(&e, &again, sizeof e);
}

static void networks_without_noise_are_refused(void **state)
{
  float t[N], mean[N];
  int32_t y[N];
  ip_samples s = fill(t, mean, y, 0.1);
  s.noise_variance = -0.1;
  estimate_fails("noisy", &s, *state, IP_EINVAL, "noise variance of the network is -0.1, expected above 0");
  s.mean = NULL;
  estimate_fails("noisy", &s, *state, IP_EINVAL, "needs a network trained with noise on its units");
  s.mean = mean;
  mean[3] = NAN;
  s.noise_variance = 0.1;
  estimate_fails("noisy", &s, *state, IP_ENUMERIC, "unit before the noise 0 of sample 3 is NaN");
}

static void every_allocation_failure_is_reported_and_leaks_nothing(void **state)
{
  (void)state;
  const char *const spec[] = {"noisy:draws=1"};
  float t[N], mean[N], p[2 * N];
  int32_t y[N];
  uint32_t x[N] = {0};
  ip_samples s = fill(t, mean, y, 0.1);
  s.n = 6;
  s.x_id = x;
  CHECK_EVERY_ALLOCATION(run_alone(1, spec, &s), (void)0);
  for (size_t k = 0; k < 2 * N; k++) p[k] = 0.5f;
  s.p_y_given_x = p;
  CHECK_EVERY_ALLOCATION(run_alone(1, spec, &s), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(agrees_with_integrals_of_the_mixtures),
      TEST(the_standard_error_is_that_of_repeated_draws),
      TEST(groups_far_apart_have_the_information_of_their_number),
      TEST(one_class_has_exactly_no_information),
      TEST(networks_without_noise_are_refused),
      TEST(every_allocation_failure_is_reported_and_leaks_nothing),
  };
  return cmocka_run_group_tests_name("estimator/noisy", tests, NULL, NULL);
}
