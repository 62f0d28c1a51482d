#include "estimator/covariance.h"
#include "estimator/kde.h"
#include "estimator/test/samples.h"

#include <float.h>

enum { DESIGN = 16 };

/* Four columns of -1 and 1 that are exactly uncorrelated, of mean 0 and variance 1: a full factorial design. */
static float factor(size_t i, size_t k)
{
  return i >> k & 1 ? 1 : -1;
}

/* --- closed forms on exact covariances */

static void uncorrelated_units_have_the_closed_form(void **state)
{
  float t[DESIGN * 2];
  int32_t y[DESIGN];
  for (size_t i = 0; i < DESIGN; i++) {
    t[2 * i] = 0.5f * factor(i, 0);
    t[2 * i + 1] = 3 * factor(i, 1) + 7;
    y[i] = factor(i, 2) > 0;
  }
  ip_samples s = samples_of(DESIGN, 2, t, 2, y);
  ip_estimate e = estimate("gaussian:noise_variance=0.01", &s, *state);
  CHECK_NEAR(e.ixt_bits, 0.5 * log2(1 + 0.25 / 0.01) + 0.5 * log2(1 + 9 / 0.01), 1e-12);
  CHECK_NEAR(e.ity_bits, 0, 1e-12);
}

/* det [[1 + v, 1], [1, 2 + v]] = (1 + v)(2 + v) - 1; equal units add up: variances 1 + 1 + 4 along one direction. */
static void correlated_and_equal_units_have_the_closed_form(void **state)
{
  float t[DESIGN * 2], same[DESIGN * 3];
  int32_t y[DESIGN] = {0};
  for (size_t i = 0; i < DESIGN; i++) {
    t[2 * i] = factor(i, 0);
    t[2 * i + 1] = factor(i, 0) + factor(i, 3);
    same[3 * i] = same[3 * i + 1] = factor(i, 1);
    same[3 * i + 2] = -2 * factor(i, 1);
  }
  double v = 0.125;
  ip_samples s = samples_of(DESIGN, 2, t, 1, y);
  ip_estimate e = estimate("gaussian:noise_variance=0.125", &s, *state);
  CHECK_NEAR(e.ixt_bits, 0.5 * log2(((1 + v) * (2 + v) - 1) / (v * v)), 1e-12);
  s = samples_of(DESIGN, 3, same, 1, y);
  CHECK_NEAR(estimate("gaussian:noise_variance=0.125", &s, *state).ixt_bits, 0.5 * log2(1 + 6 / v), 1e-12);
  CHECK_NEAR(estimate("gaussian:noise_variance=1e-30", &s, *state).ixt_bits, 0.5 * log2(6e30), 1e-9);
}

/* T = W x, x uncorrelated: 1/2 log2 det(W W') / det(V V'), V the columns of W of the inputs that are not asked for. */
static void information_of_some_inputs_has_the_closed_form(void **state)
{
  static const float w[2][4] = {{1, 2, 3, 0.5f}, {0, 1, -1, 2}};
  float t[DESIGN * 2], x[DESIGN * 4];
  int32_t y[DESIGN] = {0};
  for (size_t i = 0; i < DESIGN; i++) {
    for (size_t k = 0; k < 4; k++) x[i * 4 + k] = 10 * factor(i, k) + 1;
    for (size_t u = 0; u < 2; u++)
      for (size_t k = 0; k < 4; k++) t[2 * i + u] = (k ? t[2 * i + u] : 0) + w[u][k] * factor(i, k);
  }
  ip_samples s = samples_of(DESIGN, 2, t, 1, y);
  s.x = x;
  s.n_in = 4;
  const struct {
    const char *spec;
    size_t first, last;
  } part[] = {{"gaussian:given=inputs:last_input=2", 0, 1},
              {"gaussian:given=inputs:first_input=3", 2, 3},
              {"gaussian:given=inputs:first_input=2:last_input=2", 1, 1}};
  for (size_t p = 0; p < 3; p++) {
    double c[2][3] = {{0}};
    for (int rest = 0; rest < 2; rest++)
      for (size_t k = 0; k < 4; k++) {
        if (rest && k >= part[p].first && k <= part[p].last) continue;
        double a = (double)w[0][k], b = (double)w[1][k];
        c[rest][0] += a * a, c[rest][1] += a * b, c[rest][2] += b * b;
      }
    double whole = c[0][0] * c[0][2] - c[0][1] * c[0][1], others = c[1][0] * c[1][2] - c[1][1] * c[1][1];
    CHECK_NEAR(estimate(part[p].spec, &s, *state).ixt_bits, 0.5 * log2(whole / others), 1e-9);
  }
  estimate_fails("gaussian:given=inputs", &s, *state, IP_EINVAL, "linear function of the inputs without noise");
  estimate_fails("gaussian:given=inputs:last_input=5", &s, *state, IP_EINVAL, "inputs 1 to 5: the samples have 4");
  ip_estimator *e;
  CHECK_FAILS(ip_estimator_create("gaussian:last_input=2", 0, &e), IP_ECONFIG, "only go with given=inputs");
  CHECK_FAILS(ip_estimator_create("gaussian:given=inputs:first_input=3:last_input=2", 0, &e), IP_ECONFIG,
              "last_input: got 2, expected at least first_input, 3");
}

/* T = factor + m y: variance 1 + m^2 / 4 in all, 1 within the classes. */
static void classes_apart_have_the_closed_form(void **state)
{
  float t[DESIGN], p[DESIGN * 2];
  int32_t y[DESIGN];
  for (size_t i = 0; i < DESIGN; i++) {
    y[i] = factor(i, 1) > 0;
    t[i] = factor(i, 0) + 1.5f * (float)y[i];
    p[2 * i] = (float)!y[i];
    p[2 * i + 1] = (float)y[i];
  }
  double want = 0.5 * log2((1 + 0.5625 + 0.25) / (1 + 0.25));
  ip_samples s = samples_of(DESIGN, 1, t, 2, y);
  CHECK_NEAR(estimate("gaussian:noise_variance=0.25", &s, *state).ity_bits, want, 1e-12);
  s.p_y_given_x = p;
  CHECK_NEAR(estimate("gaussian:noise_variance=0.25", &s, *state).ity_bits, want, 1e-12);
  for (size_t i = 0; i < DESIGN; i++) p[2 * i] = p[2 * i + 1] = 0.5f;
  CHECK_NEAR(estimate("gaussian:noise_variance=0.25", &s, *state).ity_bits, 0, 1e-12);
  s.p_y_given_x = NULL;
  for (size_t i = 0; i < DESIGN; i++) t[i] = factor(i, 0) + 1000 * (float)y[i];
  CHECK_NEAR(estimate("gaussian", &s, *state).ity_bits, 1, 1e-12); /* no more than H(Y) */
}

/* T = a x1 + b w, w unknown: r^2 = a^2 / (a^2 + b^2). */
static void inputs_and_targets_have_the_closed_form(void **state)
{
  float t[DESIGN * 2], x[DESIGN * 3], target[DESIGN];
  int32_t y[DESIGN] = {0};
  for (size_t i = 0; i < DESIGN; i++) {
    x[3 * i] = factor(i, 0) + 5;
    x[3 * i + 1] = -2 * x[3 * i]; /* an input that says the same, and one that says nothing */
    x[3 * i + 2] = 1;
    t[2 * i] = 3 * factor(i, 0) + 2 * factor(i, 1);
    t[2 * i + 1] = -t[2 * i];
    target[i] = factor(i, 1) + factor(i, 2);
  }
  ip_samples s = samples_of(DESIGN, 2, t, 1, y);
  s.x = x;
  s.n_in = 3;
  s.target = target;
  s.n_targets = 1;
  ip_estimate e = estimate("gaussian:given=inputs", &s, *state);
  CHECK_NEAR(e.ixt_bits, 0.5 * log2(13. / 4), 1e-12);
  CHECK_NEAR(e.ity_bits, -0.5 * log2(1 - 4. / 26), 1e-12);
  /* With noise: both units are the same plus noise of v each, so their half difference has noise v / 2. */
  double v = 0.5, signal = 4 * 1 * 1 / (13 + v / 2) / 2;
  CHECK_NEAR(estimate("gaussian:noise_variance=0.5", &s, *state).ity_bits, -0.5 * log2(1 - signal), 1e-12);
}

static void the_noise_of_the_network_goes_before_the_assumed_one(void **state)
{
  float t[DESIGN], mean[DESIGN];
  int32_t y[DESIGN] = {0};
  for (size_t i = 0; i < DESIGN; i++) {
    mean[i] = factor(i, 0);
    t[i] = mean[i] + 0.5f * factor(i, 1);
  }
  ip_samples s = samples_of(DESIGN, 1, t, 1, y);
  s.noise_variance = 0.125;
  CHECK_NEAR(estimate("gaussian", &s, *state).ixt_bits, 0.5 * log2(1.25 / 0.125), 1e-12);
  s.mean = mean;
  CHECK_NEAR(estimate("gaussian", &s, *state).ixt_bits, 0.5 * log2(1.125 / 0.125), 1e-12);
}

/* --- a linear network, T = W X + noise, X standard normal */

/* Fills t (n, 2) with W x, W = [[1, 0.5], [0, 0.8]]: covariance [[1.25, 0.4], [0.4, 0.64]]. */
static void linear_network(size_t n, float *t, int32_t *y)
{
  ip_rng r = ip_rng_open(21, IP_RNG_TEST, 0);
  for (size_t i = 0; i < n; i++) {
    double a = ip_rng_normal(&r), b = ip_rng_normal(&r);
    t[2 * i] = (float)(a + 0.5 * b);
    t[2 * i + 1] = (float)(0.8 * b);
    y[i] = a > 0;
  }
}

/* The standard deviation of 1/2 log2 det of a covariance of d units from n samples is sqrt(d / 2n) / ln 2: 0.023 here.
 * The bounds' own limits are those of Gaussian integrals: for covariance eigenvalues l and a = 1 (upper), 4 (lower),
 * 1/2 sum log2(1 + l / (a v)) + log2(e)/2 sum l / (a v + l). */
static void a_linear_network_is_between_the_bounds_and_at_its_closed_form(void **state)
{
  enum { N = 4000 };
  static float t[N * 2];
  static int32_t y[N];
  linear_network(N, t, y);
  ip_samples s = samples_of(N, 2, t, 2, y);
  double v = 0.05, trace = 1.25 + 0.64, det = 1.25 * 0.64 - 0.16, truth = 0.5 * log2(1 + trace / v + det / (v * v));
  ip_estimate e = estimate("gaussian:noise_variance=0.05", &s, *state), upper, lower;
  CHECK_NEAR(e.ixt_bits, truth, 4 * 0.023);
  CHECK_OK(ip_kde_bounds(&s, v, *state, &upper, &lower));
  assert_true(lower.ixt_bits <= truth && truth <= upper.ixt_bits);
  double root = sqrt(trace * trace / 4 - det), l[2] = {trace / 2 + root, trace / 2 - root}, limit[2] = {0};
  for (int a = 0; a < 2; a++)
    for (int k = 0; k < 2; k++) {
      double u = v * (a ? 4 : 1);
      limit[a] += 0.5 * log2(1 + l[k] / u) + 0.5 / log(2) * l[k] / (u + l[k]);
    }
  CHECK_NEAR(upper.ixt_bits, limit[0], 0.1);
  CHECK_NEAR(lower.ixt_bits, limit[1], 0.1);
}

/* --- edges */

static void huge_and_tiny_activations_stay_finite(void **state)
{
  float t[DESIGN * 2], tiny[DESIGN * 2];
  int32_t y[DESIGN];
  for (size_t i = 0; i < DESIGN; i++) {
    t[2 * i] = factor(i, 0) > 0 ? FLT_MAX : -FLT_MAX;
    t[2 * i + 1] = FLT_TRUE_MIN * (factor(i, 1) + 1);
    tiny[2 * i] = FLT_TRUE_MIN * factor(i, 0);
    tiny[2 * i + 1] = FLT_TRUE_MIN * factor(i, 1);
    y[i] = factor(i, 0) > 0;
  }
  ip_samples s = samples_of(DESIGN, 2, t, 2, y);
  CHECK_NEAR(estimate("gaussian", &s, *state).ixt_bits, log2((double)FLT_MAX) + 0.5 * log2(1000), 1e-9);
  CHECK_NEAR(estimate("gaussian:noise_variance=1e30", &s, *state).ity_bits, 1, 1e-9);
  s.t = tiny;
  CHECK_NEAR(estimate("gaussian", &s, *state).ixt_bits, 0, 1e-12);
}

static void one_class_has_no_information_and_few_samples_are_enough_for_noise(void **state)
{
  float t[6] = {1, 2, 3, 4, 9, 6};
  int32_t y[2] = {0, 0};
  ip_samples s = samples_of(2, 3, t, 1, y);
  ip_estimate e = estimate("gaussian", &s, *state);
  assert_true(e.ity_bits == 0);
  CHECK_NEAR(e.ixt_bits, 0.5 * log2(1 + (9 + 49 + 9) / 4. / 0.001), 1e-9);
}

static void what_has_no_answer_is_refused(void **state)
{
  float t[DESIGN], x[DESIGN];
  int32_t y[DESIGN] = {0};
  for (size_t i = 0; i < DESIGN; i++) {
    x[i] = factor(i, 0) + 0.1f * factor(i, 1);
    t[i] = 2 * x[i] + 1;
  }
  ip_samples s = samples_of(DESIGN, 1, t, 1, y);
  estimate_fails("gaussian:given=inputs", &s, *state, IP_EINVAL, "needs the inputs themselves");
  s.x = x;
  s.n_in = 1;
  estimate_fails("gaussian:given=inputs", &s, *state, IP_EINVAL, "T is a linear function of the inputs without noise");
  s.n = 3;
  estimate_fails("gaussian:given=inputs", &s, *state, IP_EINVAL, "covariance of 1 inputs");
  s.n = DESIGN;
  s.target = x;
  s.n_targets = 1;
  x[4] = INFINITY;
  estimate_fails("gaussian", &s, *state, IP_ENUMERIC, "layer 3, epoch 120: input 0 of sample 4 is infinite");
  s.x = NULL;
  estimate_fails("gaussian", &s, *state, IP_ENUMERIC, "layer 3, epoch 120: target 0 of sample 4 is infinite");
  t[5] = NAN;
  estimate_fails("gaussian", &s, *state, IP_ENUMERIC, "layer 3, epoch 120: activation of unit 0, sample 5");
  ip_estimator *e;
  CHECK_FAILS(ip_estimator_create("gaussian:noise_variance=-1", 0, &e), IP_ECONFIG, "got '-1'");
  CHECK_FAILS(ip_estimator_create("gaussian:given=inputs:noise_variance=1", 0, &e), IP_ECONFIG, "only goes with");
}

static void a_determinant_that_rounding_spoils_is_taken_from_eigenvalues(void **state)
{
  double a[] = {1, 1, 1, 1}, b[] = {4, 0, 0, 0.25}, bits;
  CHECK_OK(ip_log2_det(2, a, 0.5, *state, &bits));
  CHECK_NEAR(bits, 0, 1e-12); /* eigenvalues 2 and 0 -> 0.5 */
  CHECK_OK(ip_log2_det(2, b, 0.5, *state, &bits));
  CHECK_NEAR(bits, 0, 1e-12);
}

/* Units of standard deviations 1e8, 1 and 1, of which the second has a part of the first: eigenvalues of
 * their covariance span more digits than a double has, the determinant does not care. */
static void units_of_any_scale_have_the_closed_form(void **state)
{
  enum { M = 8 };
  float t[3 * M], x[M];
  int32_t y[M];
  const double v = 0.001;
  for (int i = 0; i < M; i++) {
    float a = i & 1 ? 1 : -1, b = i & 2 ? 1 : -1, c = i & 4 ? 1 : -1;
    t[3 * i] = 1e8f * a;
    t[3 * i + 1] = 0.5f * a + 0.75f * b;
    t[3 * i + 2] = c;
    x[i] = a + 2 * c + 3 * a * b * c;
    y[i] = c > 0;
  }
  ip_samples s = samples_of(M, 3, t, 2, y);
  double second = 0.25 + 0.5625;
  double det = (1e16 + v) * (second + v) - 0.25e16, third = (1 + v) / v;
  ip_estimate e = estimate("gaussian", &s, *state);
  CHECK_NEAR(e.ixt_bits, 0.5 * log2(det / (v * v)) + 0.5 * log2(third), 1e-9);
  CHECK_NEAR(e.ity_bits, 1, 1e-12); /* 1/2 log2 1001 without the bound H(Y) */
  CHECK_NEAR(e.ity_raw_bits, 0.5 * log2(third), 1e-9);
  s.x = x;
  s.n_in = 1;
  ip_estimate huge = estimate("gaussian:given=inputs", &s, *state);
  for (int i = 0; i < M; i++) t[3 * i] *= 1e-8f;
  ip_estimate plain = estimate("gaussian:given=inputs", &s, *state);
  CHECK_NEAR(huge.ixt_bits, plain.ixt_bits, 1e-7); /* 1e-8f is not the inverse of 1e8f */
  CHECK_NEAR(huge.ity_raw_bits, plain.ity_raw_bits, 1e-7);
}

/* Two units of 1e8 that are equal, and one of 1: along the difference of the two only the noise is left. */
static void equal_units_of_a_large_scale_leave_the_noise(void **state)
{
  float t[12];
  int32_t y[4] = {0};
  const double v = 0.001;
  for (int i = 0; i < 4; i++) {
    t[3 * i] = t[3 * i + 1] = i & 1 ? 1e8f : -1e8f;
    t[3 * i + 2] = i & 2 ? 1 : -1;
  }
  ip_samples s = samples_of(4, 3, t, 1, y);
  CHECK_NEAR(estimate("gaussian", &s, *state).ixt_bits, 0.5 * log2(2e16 / v) + 0.5 * log2(1 + 1 / v), 1e-9);
}

static void every_allocation_failure_is_reported_and_leaks_nothing(void **state)
{
  (void)state;
  const char *const spec[] = {"gaussian", "gaussian:given=inputs"};
  float t[DESIGN], x[DESIGN];
  int32_t y[DESIGN];
  for (size_t i = 0; i < DESIGN; i++) {
    x[i] = factor(i, 0);
    t[i] = factor(i, 0) + factor(i, 1);
    y[i] = factor(i, 2) > 0;
  }
  ip_samples s = samples_of(DESIGN, 1, t, 2, y);
  s.x = x;
  s.n_in = 1;
  CHECK_EVERY_ALLOCATION(run_alone(2, spec, &s), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(uncorrelated_units_have_the_closed_form),
      TEST(correlated_and_equal_units_have_the_closed_form),
      TEST(classes_apart_have_the_closed_form),
      TEST(information_of_some_inputs_has_the_closed_form),
      TEST(inputs_and_targets_have_the_closed_form),
      TEST(the_noise_of_the_network_goes_before_the_assumed_one),
      TEST(a_linear_network_is_between_the_bounds_and_at_its_closed_form),
      TEST(huge_and_tiny_activations_stay_finite),
      TEST(one_class_has_no_information_and_few_samples_are_enough_for_noise),
      TEST(what_has_no_answer_is_refused),
      TEST(units_of_any_scale_have_the_closed_form),
      TEST(equal_units_of_a_large_scale_leave_the_noise),
      TEST(a_determinant_that_rounding_spoils_is_taken_from_eigenvalues),
      TEST(every_allocation_failure_is_reported_and_leaks_nothing),
  };
  return cmocka_run_group_tests_name("estimator/gaussian", tests, NULL, NULL);
}
