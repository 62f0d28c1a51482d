#include "estimator/project.h"

#include "estimator/interval.h"
#include "estimator/kde.h"
#include "estimator/kind.h"
#include "estimator/test/formula_data.h"

#include <float.h>
#include <stdio.h>

static ip_samples project(const ip_samples *s, size_t k, ip_scratch *sc)
{
  ip_samples out;
  CHECK_OK(ip_samples_project(s, k, sc, &out));
  return out;
}

static double variance(const ip_samples *s, size_t c)
{
  double mean = 0, square = 0;
  for (size_t i = 0; i < s->n; i++) mean += s->t64[i * s->width + c] / (double)s->n;
  CHECK_NEAR(mean, 0, 1e-14);
  for (size_t i = 0; i < s->n; i++) square += pow(s->t64[i * s->width + c], 2) / (double)s->n;
  return square;
}

static void two_components_of_sines_have_the_values_of_the_formula(void **state)
{
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(FORMULA_WIDTH, d.t, FORMULA_IN, d.x, d.y2), p = project(&s, 2, *state);
  assert_int_equal(p.width, 2);
  CHECK_NEAR(variance(&p, 0), 0.52876274, 1e-8);
  CHECK_NEAR(variance(&p, 1), 0.51698695, 1e-8);
  for (size_t i = 0; i < 2 * s.n; i++) assert_true(p.t[i] == (float)p.t64[i]);
  ip_scratch_release(*state, 0);
  ip_estimate e = estimate("ksg:pca=2", &s, *state);
  CHECK_NEAR(e.ixt_raw_bits, 0.7949246241558751, 1e-6);
  CHECK_NEAR(e.ity_raw_bits, 1.0075796660727288, 1e-6);
  e = estimate("mixture_ksg:pca=2", &s, *state);
  CHECK_NEAR(e.ixt_raw_bits, 0.8069804776209548, 1e-6);
  CHECK_NEAR(e.ity_raw_bits, 1.0196355195378055, 1e-6);
  s.t = d.u;
  e = estimate("width:size=0.5:pca=2", &s, *state);
  CHECK_NEAR(e.ixt_raw_bits, 2.698277896735806, 1e-12);
  CHECK_NEAR(e.ity_raw_bits, 0.5238283578992187, 1e-12);
  assert_int_equal(e.n_symbols, 9);
}

/* A row of samples of 3 units, moved and copied into WIDE units of more than there are samples: the same plane. */
static void few_samples_of_many_units_have_the_same_components(void **state)
{
  enum { M = 9, WIDE = 16 };
  static float t[M * 2], wide[M * WIDE];
  int32_t y[M] = {0};
  ip_rng r = ip_rng_open(37, IP_RNG_TEST, 0);
  for (size_t i = 0; i < M; i++) {
    for (size_t j = 0; j < 2; j++) t[2 * i + j] = (float)(j + 1) * (float)ip_rng_normal(&r);
    for (size_t j = 0; j < WIDE; j++) wide[i * WIDE + j] = t[2 * i + j % 2] / sqrtf(WIDE / 2) + (float)j;
  }
  ip_samples narrow = samples_of(M, 2, t, 1, y), many = samples_of(M, WIDE, wide, 1, y);
  ip_samples a = project(&narrow, 5, *state), b = project(&many, 2, *state);
  assert_int_equal(a.width, 2);
  assert_int_equal(b.width, 2);
  for (size_t i = 0; i < 2 * M; i++) CHECK_NEAR(a.t64[i], b.t64[i], 1e-5);
  ip_scratch_release(*state, 0);
}

static void copies_of_a_unit_leave_one_column_and_equal_rows_stay_equal(void **state)
{
  formula_data d = formula_data_make();
  float copies[FORMULA_N * 7];
  for (size_t k = 0; k < FORMULA_N * 7; k++) copies[k] = d.u0[k / 7];
  ip_samples s = formula_samples(7, copies, 1, d.x0, d.y2), p = project(&s, 3, *state);
  assert_int_equal(p.width, 1);
  for (size_t i = 0; i < FORMULA_N; i++) {
    CHECK_NEAR(p.t64[i] - p.t64[0], sqrt(7) * (double)(d.u0[i] - d.u0[0]), 1e-12);
    assert_true(d.u0[i] != d.u0[0] || p.t64[i] == p.t64[0]);
  }
  ip_scratch_release(*state, 0);
  ip_estimate e = estimate("mixture_ksg:pca=3", &s, *state);
  CHECK_NEAR(e.ixt_raw_bits, 0.6114327345829632, 1e-6);
  CHECK_NEAR(e.ity_raw_bits, 0.7307881123037663, 1e-6);
  assert_int_equal(estimate("exact:pca=1", &s, *state).n_symbols, estimate("exact", &s, *state).n_symbols);
}

/* Sixteen activations 2^-40 apart, which float32 takes for one: bins, quantiles and rows are those of the float64s. */
static void digits_beyond_float32_are_binned(void **state)
{
  enum { M = 16 };
  static const struct {
    const char *spec;
    size_t n_symbols;
    double ixt;
  } of[] = {{"exact", 16, 4},
            {"width:size=9.094947017729282e-13", 16, 4},
            {"width:size=1.8189894035458565e-12", 8, 3},
            {"equal_mass:bins=4", 4, 2},
            {"equal_mass:bins=2", 2, 1},
            {"equal_width:bins=2", 2, 1},
            {"equal_width:bins=15", 15, 4 - 0.125},
            {"ebab:bins=4", 5, 2.2028195311147833}, /* 4, 4, 4, 3 and the largest */
            {"edges", 1, 0}};
  double t64[M];
  float t[M];
  int32_t y[M];
  for (size_t i = 0; i < M; i++) {
    size_t at = 5 * i % M;
    t64[i] = ldexp((double)at, -40) - 0.5;
    t[i] = (float)t64[i];
    y[i] = at >= M / 2;
  }
  ip_samples s = samples_of(M, 1, t, 2, y);
  for (size_t k = 0; k < sizeof of / sizeof *of; k++) assert_int_equal(estimate(of[k].spec, &s, *state).n_symbols, 1);
  s.t64 = t64;
  for (size_t k = 0; k < sizeof of / sizeof *of; k++) {
    ip_estimate e = estimate(of[k].spec, &s, *state);
    if (e.n_symbols != of[k].n_symbols) fail_msg("%s: %zu symbols", of[k].spec, e.n_symbols);
    CHECK_NEAR(e.ixt_bits, of[k].ixt, 1e-14);
    if (of[k].ixt == floor(of[k].ixt)) CHECK_NEAR(e.ity_bits, of[k].ixt > 0, 1e-14);
  }
}

enum { N = 300, WIDTH = 3 };

/* A layer of three units with noise of variance 0.04 on each. */
static ip_samples noisy_layer(float *t, float *mean, int32_t *y)
{
  ip_rng r = ip_rng_open(38, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N; i++) {
    double a = ip_rng_normal(&r), b = ip_rng_normal(&r);
    y[i] = a > 0;
    for (size_t j = 0; j < WIDTH; j++) {
      mean[i * WIDTH + j] = tanhf((float)(a + (double)j * b));
      t[i * WIDTH + j] = mean[i * WIDTH + j] + (float)(0.2 * ip_rng_normal(&r));
    }
  }
  ip_samples s = samples_of(N, WIDTH, t, 2, y);
  s.mean = mean;
  s.noise_variance = 0.04;
  return s;
}

/* All components are a rotation, under which isotropic noise is what it was. */
static void a_rotation_keeps_the_noise_of_the_network(void **state)
{
  static float t[N * WIDTH], mean[N * WIDTH];
  static int32_t y[N];
  ip_samples s = noisy_layer(t, mean, y);
  static const char *const spec[] = {"gaussian", "kde_upper:noise=network", "kde_lower:noise=network",
                                     "kde_upper:noise_variance=0.04"};
  for (size_t k = 0; k < 4; k++) {
    char with[64];
    snprintf(with, sizeof with, "%s:pca=3", spec[k]);
    ip_estimate a = estimate(spec[k], &s, *state), b = estimate(with, &s, *state);
    CHECK_NEAR(a.ixt_raw_bits, b.ixt_raw_bits, 1e-5);
    CHECK_NEAR(a.ity_raw_bits, b.ity_raw_bits, 1e-5);
  }
  ip_estimate a = estimate("noisy:draws=20", &s, *state), b = estimate("noisy:draws=20:pca=3", &s, *state);
  CHECK_NEAR(a.ixt_bits, b.ixt_bits, 4 * hypot(a.ixt_error_bits, b.ixt_error_bits));
  CHECK_NEAR(a.ity_bits, b.ity_bits, 4 * hypot(a.ity_error_bits, b.ity_error_bits));
}

/* A plane of such a layer has the closed form of its own covariance and the same noise. */
static void a_plane_of_a_noisy_layer_has_noise_of_the_same_variance(void **state)
{
  static float t[N * WIDTH], mean[N * WIDTH];
  static int32_t y[N];
  ip_samples s = noisy_layer(t, mean, y), p = project(&s, 1, *state);
  double centre = 0, square = 0;
  for (size_t i = 0; i < N; i++) centre += (double)p.mean[i] / N;
  for (size_t i = 0; i < N; i++) square += pow((double)p.mean[i] - centre, 2) / N;
  CHECK_NEAR(p.noise_variance, 0.04, 0);
  ip_scratch_release(*state, 0);
  CHECK_NEAR(estimate("gaussian:pca=1", &s, *state).ixt_raw_bits, 0.5 * log2(1 + square / 0.04), 1e-9);
}

static void both_kernel_bounds_in_one_pass_are_those_of_each(void **state)
{
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(FORMULA_WIDTH, d.t, FORMULA_IN, d.x, d.y2);
  ip_estimator *upper, *lower, *other;
  ip_estimate a, b;
  CHECK_OK(ip_estimator_create("kde_upper:pca=2", 1, &upper));
  CHECK_OK(ip_estimator_create("kde_lower:pca=2", 1, &lower));
  CHECK_OK(ip_estimator_create("kde_lower:pca=1", 1, &other));
  assert_true(ip_kde_is_pair(upper, lower));
  assert_false(ip_kde_is_pair(upper, other));
  CHECK_OK(ip_kde_run_both(upper, &s, *state, &a, &b));
  assert_true(a.ixt_raw_bits == estimate("kde_upper:pca=2", &s, *state).ixt_raw_bits);
  assert_true(b.ity_raw_bits == estimate("kde_lower:pca=2", &s, *state).ity_raw_bits);
  ip_estimator_destroy(&upper);
  ip_estimator_destroy(&lower);
  ip_estimator_destroy(&other);
}

/* Intervals and nulls are those of an estimator that is given the components. */
static void resampling_sees_the_components(void **state)
{
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(FORMULA_WIDTH, d.t, FORMULA_IN, d.x, d.y2), p = project(&s, 1, *state);
  ip_estimator *with, *without;
  ip_interval ixt, ity, ixt_p, ity_p;
  ip_null null, null_p;
  s.x_id = (const uint32_t *)d.z;
  s.n_x = 3;
  p.x_id = s.x_id;
  p.n_x = 3;
  CHECK_OK(ip_estimator_create("width:size=0.9:pca=1", 1, &with));
  CHECK_OK(ip_estimator_create("width:size=0.9", 1, &without));
  CHECK_OK(ip_estimator_bootstrap(with, &s, 50, 0.95, 3, *state, &ixt, &ity));
  CHECK_OK(ip_estimator_bootstrap(without, &p, 50, 0.95, 3, *state, &ixt_p, &ity_p));
  CHECK_OK(ip_estimator_null(with, &s, 50, 3, *state, &null));
  CHECK_OK(ip_estimator_null(without, &p, 50, 3, *state, &null_p));
  assert_true(ity.high > ity.low && ity.low == ity_p.low && ity.high == ity_p.high && ixt.high == ixt_p.high);
  assert_true(null.high_bits > 0 && null.high_bits == null_p.high_bits);
  ip_estimator_destroy(&with);
  ip_estimator_destroy(&without);
  ip_scratch_release(*state, 0);
}

/* More components than units is a rotation, and every estimator takes it. */
static void every_estimator_has_the_parameter_or_refuses_it(void **state)
{
  static float t[N * WIDTH], mean[N * WIDTH], x[N];
  static int32_t y[N];
  ip_samples s = noisy_layer(t, mean, y);
  for (size_t i = 0; i < N; i++) x[i] = mean[i * WIDTH];
  s.x = x;
  s.n_in = 1;
  s.quantize_bits = 1; /* of units, not of components */
  for (size_t i = 0; i < ip_estimator_n_kinds(); i++) {
    char spec[64];
    if (ip_estimator_kind_at(i)->no_pca) continue; /* refused, as their own tests say */
    for (int k = 1; k <= 5; k += 2) {
      snprintf(spec, sizeof spec, "%s:pca=%d", ip_estimator_names()[i], k);
      ip_estimate e = estimate(spec, &s, *state);
      if (!(e.ixt_bits > 0.1 && e.ity_bits > 0.1)) fail_msg("%s: %g, %g", spec, e.ixt_bits, e.ity_bits);
    }
  }
}

static void components_beyond_float32_are_rejected(void **state)
{
  float t[8] = {FLT_MAX, FLT_MAX, -FLT_MAX, -FLT_MAX, FLT_MAX, FLT_MAX, -FLT_MAX, -FLT_MAX};
  int32_t y[4] = {0, 0, 1, 1};
  ip_samples s = samples_of(4, 2, t, 2, y);
  estimate_fails("width:size=1:pca=1", &s, *state, IP_EINVAL,
                 "layer 3, epoch 120, estimator width:size=1:pca=1: principal component 0 of sample 0 is 4.8");
  ip_scratch_release(*state, 0);
}

static void every_allocation_failure_is_reported_and_leaks_nothing(void **state)
{
  (void)state;
  static float t[N * WIDTH], mean[N * WIDTH];
  static int32_t y[N];
  const char *const spec[] = {"gaussian:pca=2", "width:pca=1"};
  ip_samples s = noisy_layer(t, mean, y);
  s.n = 20;
  CHECK_EVERY_ALLOCATION(run_alone(2, spec, &s), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(two_components_of_sines_have_the_values_of_the_formula),
      TEST(few_samples_of_many_units_have_the_same_components),
      TEST(copies_of_a_unit_leave_one_column_and_equal_rows_stay_equal),
      TEST(digits_beyond_float32_are_binned),
      TEST(a_rotation_keeps_the_noise_of_the_network),
      TEST(a_plane_of_a_noisy_layer_has_noise_of_the_same_variance),
      TEST(both_kernel_bounds_in_one_pass_are_those_of_each),
      TEST(resampling_sees_the_components),
      TEST(every_estimator_has_the_parameter_or_refuses_it),
      TEST(components_beyond_float32_are_rejected),
      TEST(every_allocation_failure_is_reported_and_leaks_nothing),
  };
  return cmocka_run_group_tests_name("estimator/project", tests, NULL, NULL);
}
