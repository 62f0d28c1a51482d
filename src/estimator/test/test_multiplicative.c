#include "estimator/test/samples.h"

enum { MOST = 40 };

/* Units before the noise; the activations are one draw, which the estimator does not use. */
static ip_samples fill(size_t n, size_t width, const float *mean, float *t, const int32_t *y, double a)
{
  ip_rng r = ip_rng_open(51, IP_RNG_TEST, 0);
  for (size_t k = 0; k < n * width; k++) t[k] = (float)((double)mean[k] * (1 + sqrt(a) * ip_rng_normal(&r)));
  ip_samples s = samples_of(n, width, t, 2, y);
  s.mean = mean;
  s.multiplicative_noise = a;
  return s;
}

static ip_estimate estimate_of(size_t n, size_t width, const float *mean, const int32_t *y, double a, const char *spec,
                               ip_scratch *sc)
{
  float t[MOST];
  static const int32_t one_class[MOST] = {0};
  ip_samples s = fill(n, width, mean, t, y ? y : one_class, a);
  return estimate(spec, &s, sc);
}

/* The density of one unit, and its information by quadrature over t = h (1 + sqrt(a) z) for every sample. */
static double density(double t, double h, double a)
{
  return exp(-(t - h) * (t - h) / (2 * a * h * h)) / (fabs(h) * sqrt(2 * acos(-1) * a));
}

/* 1/N sum_i E log2 q_i/q, where i and the mean run over the samples with h other than 0, of all n. `y` NULL: q_i that
 * of the sample, else that of its class. */
static double integrate(size_t n, const float *h, const int32_t *y, double a)
{
  double sum = 0, step = 1. / 256, zeros = 0;
  for (size_t i = 0; i < n; i++) zeros += h[i] == 0;
  for (size_t i = 0; i < n; i++) {
    double in_class = 0, zeros_in_class = 0;
    for (size_t j = 0; y && j < n; j++) in_class += y[j] == y[i], zeros_in_class += y[j] == y[i] && h[j] == 0;
    if (h[i] == 0) sum += log2((y ? zeros_in_class / in_class : 1) / (zeros / (double)n)) / (double)n;
    for (double z = -9; h[i] != 0 && z < 9; z += step) {
      double t = (double)h[i] * (1 + sqrt(a) * z), all = 0, own = 0;
      for (size_t j = 0; j < n; j++) {
        double q = h[j] != 0 ? density(t, (double)h[j], a) : 0;
        all += q / (double)n;
        if (y ? y[j] == y[i] : j == i) own += q / (y ? in_class : 1);
      }
      sum += step * exp(-z * z / 2) / sqrt(2 * acos(-1)) * log2(own / all) / (double)n;
    }
  }
  return sum;
}

static void one_unit_has_the_information_of_its_densities(void **state)
{
  static const int32_t y[] = {0, 0, 1, 1};
  const struct {
    size_t n;
    float h[4];
    double a, ixt, ity; /* ity 0: not published */
  } of[] = {
      {2, {1, 2}, 0.1, 0.537113, 0},
      {2, {-1, 1}, 0.25, 0.912822, 0},
      {4, {1, 2, 0, 0.5f}, 0.3, 1.236217, 0},
      {4, {1, 1.5f, 2, 3}, 0.02, 1.464235, 0.743207},
  };
  for (size_t k = 0; k < sizeof of / sizeof *of; k++) {
    double ixt = integrate(of[k].n, of[k].h, NULL, of[k].a), ity = integrate(of[k].n, of[k].h, y, of[k].a);
    CHECK_NEAR(ixt, of[k].ixt, 6e-7);
    if (of[k].ity > 0) CHECK_NEAR(ity, of[k].ity, 6e-7);
    ip_estimate e = estimate_of(of[k].n, 1, of[k].h, y, of[k].a, "multiplicative:draws=50000", *state);
    CHECK_NEAR(e.ixt_raw_bits, ixt, 4 * e.ixt_error_bits);
    CHECK_NEAR(e.ity_raw_bits, ity, 4 * e.ity_error_bits);
    assert_true(e.ixt_error_bits > 1e-5 && e.ixt_error_bits < 0.004 && e.ity_error_bits < 0.004);
  }
}

static void two_units_are_products_and_zeros_drop_out(void **state)
{
  static const float h[] = {1, 1, 2, 1, 1, 2, 0, 1}, zeros[] = {0, 0, 0, 0, 1, 0, 0, 3};
  static const int32_t y[] = {0, 0, 1, 1};
  ip_estimate e = estimate_of(4, 2, h, y, 0.2, "multiplicative:draws=50000", *state);
  CHECK_NEAR(e.ixt_raw_bits, 1.303724, 4 * e.ixt_error_bits);
  CHECK_NEAR(e.ity_raw_bits, 0.621562, 4 * e.ity_error_bits);
  for (double a = 1e-12; a < 1e7; a *= 1e3) {
    e = estimate_of(4, 2, zeros, y, a, "multiplicative", *state);
    CHECK_NEAR(e.ixt_bits, 1.5, 1e-12);
    CHECK_NEAR(e.ixt_error_bits, 0, 1e-12);
    static const float zero_one[] = {0, 1};
    CHECK_NEAR(estimate_of(2, 1, zero_one, y, a, "multiplicative", *state).ixt_bits, 1, 1e-12);
  }
}

/* a -> 0: the entropy of the distinct rows; all rows equal: exactly nothing. */
static void without_noise_distinct_rows_are_left_and_equal_rows_carry_nothing(void **state)
{
  static const float h[] = {1, 2, 1, 2, 3, 5, -1e-20f, 2}, same[] = {3, -2, 3, -2, 3, -2, 3, -2};
  static const int32_t y[] = {0, 1, 1, 1};
  ip_estimate e = estimate_of(4, 2, h, y, 1e-14, "multiplicative", *state);
  CHECK_NEAR(e.ixt_bits, 1.5, 1e-12);
  CHECK_NEAR(e.ity_bits, 0.8112781244591328 - 0.5, 1e-12);
  e = estimate_of(4, 2, same, y, 0.3, "multiplicative", *state);
  assert_true(e.ixt_bits == 0 && e.ity_bits == 0 && e.ixt_error_bits == 0);
}

/* One scale for each unit changes nothing, nor does the order of the samples or units (up to the draws). */
static void scales_signs_and_orders_do_not_matter(void **state)
{
  float h[20], scaled[20], turned[20];
  int32_t y[10], back[10];
  ip_rng r = ip_rng_open(52, IP_RNG_TEST, 0);
  for (size_t k = 0; k < 20; k++) h[k] = (float)fmax(0, ip_rng_normal(&r)), scaled[k] = h[k] * (k % 2 ? -8 : 0.25f);
  for (size_t i = 0; i < 10; i++) y[i] = i % 3 == 0;
  for (size_t i = 0; i < 10; i++) {
    turned[2 * i] = h[19 - 2 * i], turned[2 * i + 1] = h[18 - 2 * i];
    back[i] = y[9 - i];
  }
  ip_estimate a = estimate_of(10, 2, h, y, 0.1, "multiplicative:draws=400", *state);
  ip_estimate b = estimate_of(10, 2, scaled, y, 0.1, "multiplicative:draws=400", *state);
  ip_estimate c = estimate_of(10, 2, turned, back, 0.1, "multiplicative:draws=400", *state);
  CHECK_NEAR(a.ixt_raw_bits, b.ixt_raw_bits, 1e-12);
  CHECK_NEAR(a.ity_raw_bits, b.ity_raw_bits, 1e-12);
  CHECK_NEAR(a.ixt_raw_bits, c.ixt_raw_bits, 4 * hypot(a.ixt_error_bits, c.ixt_error_bits));
  CHECK_NEAR(a.ity_raw_bits, c.ity_raw_bits, 4 * hypot(a.ity_error_bits, c.ity_error_bits));
}

/* Two samples of each input: q(t|x) is the mean of both, and I(X;T) that of the inputs as classes. Soft labels that are
 * one-hot are hard labels. */
static void inputs_with_several_samples_and_soft_labels(void **state)
{
  static const float h[] = {1, 1.5f, 2, 3, 0, 2};
  static const int32_t pair[] = {0, 0, 1, 1, 2, 2}, y[] = {0, 1, 1, 0, 1, 0};
  static const uint32_t x[] = {0, 0, 1, 1, 2, 2};
  float t[6], p[12];
  ip_samples s = fill(6, 1, h, t, y, 0.05);
  s.x_id = x, s.n_x = 3;
  ip_estimate hard = estimate("multiplicative:draws=20000", &s, *state);
  CHECK_NEAR(hard.ixt_raw_bits, integrate(6, h, pair, 0.05), 4 * hard.ixt_error_bits);
  CHECK_NEAR(hard.ity_raw_bits, integrate(6, h, y, 0.05), 4 * hard.ity_error_bits);
  for (size_t i = 0; i < 6; i++) p[2 * i] = (float)(1 - y[i]), p[2 * i + 1] = (float)y[i];
  s.p_y_given_x = p;
  CHECK_NEAR(estimate("multiplicative:draws=20000", &s, *state).ity_raw_bits, hard.ity_raw_bits, 1e-12);
  for (size_t k = 0; k < 12; k++) p[k] = 0.5f;
  CHECK_NEAR(estimate("multiplicative", &s, *state).ity_raw_bits, 0, 1e-12);
}

/* The estimates of independent draws scatter as the standard error says; the blocks of draws change nothing. */
static void the_standard_error_is_that_of_repeated_draws(void **state)
{
  float h[30], t[MOST];
  int32_t y[30];
  ip_rng r = ip_rng_open(53, IP_RNG_TEST, 0);
  for (size_t i = 0; i < 30; i++) h[i] = (float)exp(ip_rng_normal(&r)), y[i] = h[i] > 1;
  ip_samples s = fill(30, 1, h, t, y, 0.1);
  double sum = 0, square = 0, error = 0;
  for (uint64_t seed = 0; seed < 40; seed++) {
    ip_estimator *e;
    ip_estimate out;
    CHECK_OK(ip_estimator_create("multiplicative:draws=7", seed, &e));
    CHECK_OK(ip_estimator_run(e, &s, *state, &out));
    ip_estimator_destroy(&e);
    sum += out.ixt_bits / 40;
    square += out.ixt_bits * out.ixt_bits / 40;
    error += out.ixt_error_bits * out.ixt_error_bits / 40;
  }
  double ratio = (square - sum * sum) * 40 / 39 / error;
  assert_true(ratio < 1.9 && ratio > 0.4);
}

static void other_networks_and_components_are_refused(void **state)
{
  float h[] = {1, 2, 3, 4}, t[4];
  int32_t y[] = {0, 1, 0, 1};
  ip_samples s = fill(4, 1, h, t, y, 0.1);
  s.multiplicative_noise = 0;
  estimate_fails("multiplicative", &s, *state, IP_EINVAL, "noise of the network is 0, expected above 0");
  s.mean = NULL;
  estimate_fails("multiplicative", &s, *state, IP_EINVAL, "needs a network trained with multiplicative noise");
  ip_estimator *e;
  CHECK_FAILS(ip_estimator_create("multiplicative:pca=1", 0, &e), IP_ECONFIG, "pca does not go with it");
}

static void every_allocation_failure_is_reported_and_leaks_nothing(void **state)
{
  (void)state;
  const char *const spec[] = {"multiplicative:draws=1"};
  float h[] = {1, 0, 3, 4}, t[4], p[8];
  int32_t y[] = {0, 1, 0, 1};
  uint32_t x[4] = {0};
  ip_samples s = fill(4, 1, h, t, y, 0.1);
  s.x_id = x;
  CHECK_EVERY_ALLOCATION(run_alone(1, spec, &s), (void)0);
  for (size_t k = 0; k < 8; k++) p[k] = 0.5f;
  s.p_y_given_x = p;
  CHECK_EVERY_ALLOCATION(run_alone(1, spec, &s), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(one_unit_has_the_information_of_its_densities),
      TEST(two_units_are_products_and_zeros_drop_out),
      TEST(without_noise_distinct_rows_are_left_and_equal_rows_carry_nothing),
      TEST(scales_signs_and_orders_do_not_matter),
      TEST(inputs_with_several_samples_and_soft_labels),
      TEST(the_standard_error_is_that_of_repeated_draws),
      TEST(other_networks_and_components_are_refused),
      TEST(every_allocation_failure_is_reported_and_leaks_nothing),
  };
  return cmocka_run_group_tests_name("estimator/multiplicative", tests, NULL, NULL);
}
