#include "estimator/kde.h"

#include "estimator/test/samples.h"

#include <float.h>

enum { N = 517, WIDTH = 70, CLASSES = 5 };

/* --- the same again: the formula of kde.h as it stands there, in float64 */

typedef struct truth {
  double ixt[2], ity[2]; /* upper, lower */
} truth;

/* exp(-|t_i - t_j|^2 / (2 a s^2)). */
static double kernel(const ip_samples *s, size_t i, size_t j, double a, double variance)
{
  double d = 0;
  for (size_t k = 0; k < s->width; k++) {
    double e = (double)s->t[i * s->width + k] - (double)s->t[j * s->width + k];
    d += e * e;
  }
  return exp(-d / (2 * a * variance));
}

static double label_weight(const ip_samples *s, size_t i, size_t c)
{
  return s->p_y_given_x ? (double)s->p_y_given_x[i * s->n_y + c] : s->y[i] == (int32_t)c;
}

/* The bound for the mixture with the weights w (n) of the samples. */
static double naive_bound(const ip_samples *s, const double *w, double a, double variance)
{
  double bound = 0;
  for (size_t i = 0; i < s->n; i++) {
    if (w[i] == 0) continue;
    double sum = 0;
    for (size_t j = 0; j < s->n; j++)
      if (w[j] > 0) sum += w[j] * kernel(s, i, j, a, variance);
    bound -= w[i] * log2(sum);
  }
  return bound;
}

static truth naive(const ip_samples *s, double variance)
{
  static double w[N];
  truth out;
  for (int k = 0; k < 2; k++) {
    double a = k ? 4 : 1;
    for (size_t i = 0; i < s->n; i++) w[i] = 1 / (double)s->n;
    out.ixt[k] = out.ity[k] = naive_bound(s, w, a, variance);
    for (size_t c = 0; c < s->n_y; c++) {
      double total = 0;
      for (size_t i = 0; i < s->n; i++) total += label_weight(s, i, c);
      if (total == 0) continue;
      for (size_t i = 0; i < s->n; i++) w[i] = label_weight(s, i, c) / total;
      out.ity[k] -= total / (double)s->n * naive_bound(s, w, a, variance);
    }
  }
  return out;
}

/* Clusters of tanh activations: samples near each other, equal, and far apart. */
static void fill(ip_rng *r, size_t n, size_t width, double jitter, float *t)
{
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < width; k++) {
      double centre = i >= 20 ? (double)t[(i % 20) * width + k] : 1.5 * ip_rng_normal(r);
      t[i * width + k] = i >= 20 && i % 7 == 0 ? (float)centre : (float)tanh(centre + jitter * ip_rng_normal(r));
    }
}

static void check(const ip_samples *s, double variance, ip_scratch *sc)
{
  truth want = naive(s, variance);
  ip_estimate upper, lower;
  CHECK_OK(ip_kde_bounds(s, variance, sc, &upper, &lower));
  assert_int_equal(ip_scratch_mark(sc), 0);
  CHECK_NEAR(upper.ixt_bits, want.ixt[0], 2e-6);
  CHECK_NEAR(lower.ixt_bits, want.ixt[1], 2e-6);
  CHECK_NEAR(upper.ity_bits, want.ity[0], 2e-6);
  CHECK_NEAR(lower.ity_bits, want.ity[1], 2e-6);
}

static void agrees_with_the_formula_over_all_pairs(void **state)
{
  static float t[N * WIDTH], p[N * CLASSES];
  static int32_t y[N];
  const size_t size[] = {2, 17, 256, 300, N}, width[] = {1, 2, 3, 10, 24, 25, WIDTH};
  const double variance[] = {1e-3, 0.1, 3};
  ip_rng r = ip_rng_open(7, IP_RNG_TEST, 0);
  for (size_t a = 0; a < 5; a++)
    for (size_t b = 0; b < 7; b++) {
      size_t n = size[a], n_y = 1 + (a + b) % CLASSES;
      fill(&r, n, width[b], b % 2 ? 0.02 : 0.2, t);
      for (size_t i = 0; i < n; i++) {
        y[i] = (int32_t)ip_rng_below(&r, n_y);
        for (size_t c = 0; c < n_y; c++) p[i * n_y + c] = i % 3 ? 1 / (float)n_y : y[i] == (int32_t)c;
      }
      ip_samples s = samples_of(n, width[b], t, n_y, y);
      check(&s, variance[(a + b) % 3], *state);
      s.p_y_given_x = p;
      check(&s, variance[(a + b) % 3], *state);
    }
}

/* Tight clusters far from the centre: |a|^2 + |b|^2 - 2 ab alone would be wrong in the second digit. */
static void near_samples_far_from_the_centre_keep_their_digits(void **state)
{
  static float t[N * WIDTH];
  static int32_t y[N];
  ip_rng r = ip_rng_open(8, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N; i++)
    for (size_t k = 0; k < WIDTH; k++) t[i * WIDTH + k] = (i % 3 ? 40.0f : -60.0f) + 0.004f * (float)ip_rng_normal(&r);
  for (size_t i = 0; i < N; i++) y[i] = i % 3 == 1;
  ip_samples s = samples_of(N, WIDTH, t, 2, y);
  check(&s, 1e-3, *state);
  check(&s, 1e-5, *state);
}

/* --- closed forms */

/* M groups of equal samples, so far apart that the noise does not reach: log2 M bits of both, in both bounds. */
static void groups_far_apart_have_the_information_of_their_number(void **state)
{
  float t[64 * 3];
  int32_t y[64];
  for (size_t i = 0; i < 64; i++) {
    for (size_t k = 0; k < 3; k++) t[i * 3 + k] = (float)(i % 8);
    y[i] = i % 4 < 2;
  }
  ip_samples s = samples_of(64, 3, t, 2, y);
  const char *const spec[] = {"kde_upper", "kde_lower"};
  for (int k = 0; k < 2; k++) {
    ip_estimate e = estimate(spec[k], &s, *state);
    CHECK_NEAR(e.ixt_bits, 3, 1e-12);
    CHECK_NEAR(e.ity_bits, 1, 1e-12);
  }
  assert_true(estimate("kde_upper:noise_variance=1e30", &s, *state).ixt_bits < 1e-12);
}

/* Two points at distance d: -log2((1 + exp(-d^2 / (2 a s^2))) / 2). */
static void two_points_have_the_closed_form(void **state)
{
  float t[] = {0.25f, 0.5f};
  int32_t y[] = {0, 1};
  ip_samples s = samples_of(2, 1, t, 2, y);
  double upper = 1 - log2(1 + exp(-0.0625 / 0.2)), lower = 1 - log2(1 + exp(-0.0625 / 0.8));
  ip_estimate u = estimate("kde_upper:noise_variance=0.1", &s, *state);
  ip_estimate l = estimate("kde_lower:noise_variance=0.1", &s, *state);
  CHECK_NEAR(u.ixt_bits, upper, 1e-7);
  CHECK_NEAR(u.ity_bits, upper, 1e-7);
  CHECK_NEAR(l.ixt_bits, lower, 1e-7);
  CHECK_NEAR(l.ity_bits, lower, 1e-7);
}

/* I(X;T) of T = t_x + noise, X one of n samples of one unit: h(T) - h(noise) by the trapezoidal rule, which is exact to
 * rounding for such smooth and fast decaying functions. */
static double mixture_information(size_t n, const float *t, double variance)
{
  double s = sqrt(variance), step = s / 8, h = 0;
  for (double at = -4; at < 4; at += step) {
    double f = 0;
    for (size_t i = 0; i < n; i++) f += exp(-(at - (double)t[i]) * (at - (double)t[i]) / (2 * variance));
    f /= (double)n * s * sqrt(2 * acos(-1));
    if (f > 0) h -= f * log2(f) * step;
  }
  return h - 0.5 * log2(2 * acos(-1) * exp(1) * variance);
}

static void the_information_of_the_mixture_is_between_the_bounds(void **state)
{
  float t[60];
  int32_t y[60] = {0};
  ip_rng r = ip_rng_open(9, IP_RNG_TEST, 0);
  for (size_t i = 0; i < 60; i++) t[i] = (float)tanh(2 * ip_rng_normal(&r));
  ip_samples s = samples_of(60, 1, t, 1, y);
  for (double variance = 1e-5; variance < 1; variance *= 3) {
    ip_estimate upper, lower;
    CHECK_OK(ip_kde_bounds(&s, variance, *state, &upper, &lower));
    double middle = mixture_information(60, t, variance);
    assert_true(lower.ixt_bits <= middle + 1e-6 && middle <= upper.ixt_bits + 1e-6);
    assert_true(upper.ixt_bits - lower.ixt_bits < 1.2);
    assert_true(upper.ity_bits == 0 && lower.ity_bits == 0);
  }
}

/* --- pairs, extremes */

static void both_bounds_of_a_pair_are_those_of_each(void **state)
{
  static float t[100 * 2];
  static int32_t y[100];
  ip_rng r = ip_rng_open(11, IP_RNG_TEST, 0);
  for (size_t k = 0; k < 200; k++) t[k] = (float)ip_rng_normal(&r);
  for (size_t i = 0; i < 100; i++) y[i] = (int32_t)(i % 2);
  ip_samples s = samples_of(100, 2, t, 2, y);
  ip_estimator *upper, *lower, *other;
  CHECK_OK(ip_estimator_create("kde_upper:noise_variance=0.01:noise=maximum", 0, &upper));
  CHECK_OK(ip_estimator_create("kde_lower:noise=maximum:noise_variance=1e-2", 0, &lower));
  CHECK_OK(ip_estimator_create("kde_lower:noise=maximum", 0, &other));
  assert_true(ip_kde_is_pair(upper, lower));
  assert_false(ip_kde_is_pair(lower, upper) || ip_kde_is_pair(upper, other) || ip_kde_is_pair(upper, upper));
  ip_estimate u, l, alone;
  CHECK_OK(ip_kde_run_both(upper, &s, *state, &u, &l));
  CHECK_OK(ip_estimator_run(upper, &s, *state, &alone));
  assert_memory_equal(&u, &alone, sizeof u);
  CHECK_OK(ip_estimator_run(lower, &s, *state, &alone));
  assert_memory_equal(&l, &alone, sizeof l);
  t[7] = NAN;
  CHECK_FAILS(ip_kde_run_both(upper, &s, *state, &u, &l), IP_ENUMERIC, "unit 1, sample 3: got NaN");
  ip_estimator_destroy(&upper);
  ip_estimator_destroy(&lower);
  ip_estimator_destroy(&other);
}

static void huge_and_tiny_activations_stay_finite(void **state)
{
  static float wide[4 * 30];
  float t[] = {-FLT_MAX, FLT_MAX, 0, 0, FLT_TRUE_MIN, 1e-20f, 1, 1.0001f};
  int32_t y[] = {0, 1, 0, 1, 0, 1, 0, 1};
  ip_samples s = samples_of(8, 1, t, 2, y);
  /* With -max, max and 0 told apart and the rest together: 1/8 log2 8 * 2 + 6/8 log2(8/6). */
  CHECK_NEAR(estimate("kde_upper:noise_variance=1e30", &s, *state).ixt_bits, 0.75 + 0.75 * log2(8. / 6), 1e-6);
  CHECK_NEAR(estimate("kde_lower:noise_variance=1e-30", &s, *state).ixt_bits, 0.75 + 0.75 * log2(8. / 6), 0.5);
  float tiny[] = {0, 0, FLT_TRUE_MIN, FLT_TRUE_MIN};
  s = samples_of(4, 1, tiny, 2, y);
  CHECK_NEAR(estimate("kde_upper", &s, *state).ixt_bits, 0, 1e-12);
  CHECK_NEAR(estimate("kde_upper:noise=variance:noise_variance=1e-9", &s, *state).ixt_bits, 1, 1e-12);
  for (size_t k = 0; k < 30; k++) {
    wide[k] = FLT_MAX;
    wide[30 + k] = -FLT_MAX;
    wide[60 + k] = 1e30f;
  }
  s = samples_of(4, 30, wide, 2, y);
  CHECK_NEAR(estimate("kde_upper:noise=maximum:noise_variance=0.001", &s, *state).ixt_bits, 1.5, 1e-5);
}

static void one_sample_one_class_and_constant_layers_have_no_information(void **state)
{
  float t[60];
  int32_t y[20] = {0};
  for (size_t k = 0; k < 60; k++) t[k] = (float)(k % 11) / 5;
  ip_samples s = samples_of(20, 3, t, 1, y);
  assert_true(estimate("kde_upper", &s, *state).ity_bits == 0);
  assert_true(estimate("kde_lower", &s, *state).ity_bits == 0);
  for (size_t k = 0; k < 60; k++) t[k] = 0.7f;
  ip_estimate u = {.ixt_bits = 1, .ity_bits = 1, .ixt_raw_bits = 1, .ity_clipped = true}, l = u;
  CHECK_OK(ip_kde_bounds(&s, 0.1, *state, &u, &l));
  assert_true(u.ixt_bits == 0 && u.ity_bits == 0 && l.ixt_bits == 0 && l.ity_bits == 0);
  s.n = 1;
  assert_true(estimate("kde_upper", &s, *state).ixt_bits == 0);
}

/* --- what is refused */

static void variances_that_make_no_sense_are_refused(void **state)
{
  ip_estimator *e;
  CHECK_FAILS(ip_estimator_create("kde_upper:noise_variance=-0.1", 0, &e), IP_ECONFIG, "noise_variance");
  CHECK_FAILS(ip_estimator_create("kde_lower:noise_variance=0", 0, &e), IP_ECONFIG, "got '0'");
  CHECK_FAILS(ip_estimator_create("kde_lower:noise=varaince", 0, &e), IP_ECONFIG, "did you mean 'variance'?");
  CHECK_FAILS(ip_estimator_create("kde_lower:noise=spread", 0, &e), IP_ECONFIG,
              "estimator kde_lower: noise=spread was renamed to noise=variance");
  float t[] = {0, 1, NAN};
  int32_t y[] = {0, 1, 0};
  ip_samples s = samples_of(2, 1, t, 2, y);
  ip_estimate u, l;
  CHECK_FAILS(ip_kde_bounds(&s, 0, *state, &u, &l), IP_EINVAL,
              "noise variance of kernel bounds is 0, expected above 0");
  CHECK_FAILS(ip_kde_bounds(&s, (double)NAN, *state, &u, &l), IP_EINVAL, "expected above 0");
  s.n = 3;
  estimate_fails("kde_upper", &s, *state, IP_ENUMERIC, "layer 3, epoch 120: activation of unit 0, sample 2: got NaN");
}

static ip_status run_both(const ip_samples *s)
{
  ip_scratch *sc = NULL;
  ip_estimate u, l;
  ip_status st = ip_scratch_create(&sc);
  if (!st) st = ip_kde_bounds(s, 0.1, sc, &u, &l);
  ip_scratch_destroy(&sc);
  return st;
}

static void every_allocation_failure_is_reported_and_leaks_nothing(void **state)
{
  (void)state;
  static float t[4 * 30], p[8] = {0, 1, 0.5f, 0.5f, 1, 0, 0, 1};
  int32_t y[4] = {0, 1, 0, 1};
  for (size_t k = 0; k < 120; k++) t[k] = (float)k;
  for (size_t width = 2; width <= 30; width += 28) {
    ip_samples s = samples_of(4, width, t, 2, y);
    CHECK_EVERY_ALLOCATION(run_both(&s), (void)0);
    s.p_y_given_x = p;
    CHECK_EVERY_ALLOCATION(run_both(&s), (void)0);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(agrees_with_the_formula_over_all_pairs),
      TEST(near_samples_far_from_the_centre_keep_their_digits),
      TEST(groups_far_apart_have_the_information_of_their_number),
      TEST(two_points_have_the_closed_form),
      TEST(the_information_of_the_mixture_is_between_the_bounds),
      TEST(both_bounds_of_a_pair_are_those_of_each),
      TEST(huge_and_tiny_activations_stay_finite),
      TEST(one_sample_one_class_and_constant_layers_have_no_information),
      TEST(variances_that_make_no_sense_are_refused),
      TEST(every_allocation_failure_is_reported_and_leaks_nothing),
  };
  return cmocka_run_group_tests_name("estimator/kde", tests, NULL, NULL);
}
