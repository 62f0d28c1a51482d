#include "calibrate/family.h"

#include "base/test/check.h"
#include "base/test/scratch.h"
#include "calibrate/closed_forms.h"
#include "info/discrete.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static ip_samples draw(const char *spec, size_t n, uint64_t index, ip_scratch *sc)
{
  const ip_calibration_task *t;
  ip_samples s;
  CHECK_OK(ip_task_find(spec, sc, &t));
  ip_rng r = ip_rng_open(5, IP_RNG_TASK, index);
  CHECK_OK(ip_task_draw(t, n, &r, sc, &s));
  return s;
}

/* ---------------------------------------------------------------- the information of the samples */

/* ln of f(x,t) / (f(x) f(t)) of one pair, for the parameter that gives `nats`. */
typedef double (*log_ratio)(double x, double t, double parameter);

static double normal_ratio(double x, double t, double r)
{
  return -0.5 * log1p(-r * r) - (r * r * (x * x + t * t) - 2 * r * x * t) / (2 * (1 - r * r));
}

/* n = 1 degree of freedom. */
static double student_ratio(double x, double t, double r)
{
  double pi = acos(-1), q = (x * x + t * t - 2 * r * x * t) / (1 - r * r);
  return log(pi / 2) - 0.5 * log1p(-r * r) - 1.5 * log1p(q) + log1p(x * x) + log1p(t * t);
}

static double smoothed_uniform_ratio(double x, double t, double s)
{
  (void)x;
  return -log(s * (fmin(t, 1) - fmax(t - 1 / s, 0))) + log(s);
}

/* Of ln G - ln shape, as drawn: moves both back. */
static double log_gamma_ratio(double x, double t, double a)
{
  double k = 1 / a, v = t + log(a), u = v + x - log(a); /* v = ln(E / G), u = ln E */
  return u - exp(u) - (log(k) + v - (k + 1) * log1p(exp(v)));
}

static double channel_ratio(double x, double t, double q)
{
  return x == t ? log(15 * (1 - q)) : log(15 * q / 14);
}

static double discrete_ratio(double x, double t, double w)
{
  double n = 0;
  (void)x;
  for (int k = 0; k < 15; k++) n += t > k && t < k + w;
  return log(15 / n);
}

static double label_ratio(double x, double t, double last)
{
  (void)x;
  return t == 7 ? -log(last) : -log((1 - last) / 7);
}

/* 2 nats: a label of 8, integers and letters of 15. */
static void the_mean_log_ratio_of_densities_is_the_information(void **state)
{
  enum { N = 20000 };
  const struct {
    const char *family;
    log_ratio ratio;
    double parameter;
  } c[] = {
      {"normal_pairs", normal_ratio, sqrt(1 - exp(-4))},
      {"dense_normal", normal_ratio, sqrt(1 - exp(-4))},
      {"student_pairs", student_ratio, sqrt(1 - exp(-2 * (2 - 0.22417138286)))},
      {"smoothed_uniform", smoothed_uniform_ratio, 6.870412632},
      {"log_gamma_exponential", log_gamma_ratio, 11.503466002},
      {"symmetric_channel", channel_ratio, 0.1253049746},
      {"smoothed_discrete", discrete_ratio, 2.117603126},
      {"quantized", label_ratio, 0.01750004934},
  };
  for (size_t k = 0; k < sizeof c / sizeof *c; k++) {
    char spec[64];
    double mean = 0, square = 0;
    snprintf(spec, sizeof spec, "%s:nats=2", c[k].family);
    ip_samples s = draw(spec, N, 1, *state);
    for (size_t i = 0; i < N; i++) {
      double v = c[k].ratio((double)s.x[i], (double)s.t[i], c[k].parameter);
      mean += v / N;
      square += v * v / N;
    }
    double error = 5 * sqrt((square - mean * mean) / N) + 1e-6; /* 1e-6: activations are float32 */
    if (!(fabs(mean - 2) <= error)) fail_msg("%s: %.4f nats, expected 2 +- %.4f", spec, mean, error);
  }
}

/* Five columns each and no correlation: what Student distributions have all the same. */
static void uncorrelated_student_samples_have_their_information(void **state)
{
  enum { N = 20000, D = 5, FREEDOM = 2 };
  char spec[96];
  double least = ip_nats_student_excess(FREEDOM, D, D), mean = 0, square = 0;
  snprintf(spec, sizeof spec, "student_pairs:nats=%.17g:pairs=%d:freedom=%d", least, D, FREEDOM);
  ip_samples s = draw(spec, N, 1, *state);
  for (size_t i = 0; i < N; i++) {
    double xx = 0, tt = 0;
    for (size_t k = 0; k < D; k++) {
      xx += (double)s.x[i * D + k] * (double)s.x[i * D + k] / FREEDOM;
      tt += (double)s.t[i * D + k] * (double)s.t[i * D + k] / FREEDOM;
    }
    double v = lgamma((FREEDOM + 2 * D) / 2.) + lgamma(FREEDOM / 2.) - 2 * lgamma((FREEDOM + D) / 2.) -
               (FREEDOM + 2 * D) / 2. * log1p(xx + tt) + (FREEDOM + D) / 2. * (log1p(xx) + log1p(tt));
    mean += v / N;
    square += v * v / N;
  }
  CHECK_NEAR(mean, least, 5 * sqrt((square - mean * mean) / N));
}

/* The closed form of the estimated covariance: d^2 / (2N) nats too much, and 5 standard errors, sqrt(d / N) each. */
static void normals_of_several_pairs_have_their_information_in_all(void **state)
{
  enum { N = 4000 };
  static const char *const spec[] = {"normal_pairs:nats=3:pairs=3", "normal_pairs:nats=8:pairs=4",
                                     "dense_normal:nats=3:pairs=3", "sparse_normal:nats=3:pairs=4"};
  const double nats[] = {3, 8, 3, 3};
  ip_estimator *e;
  CHECK_OK(ip_estimator_create("gaussian:given=inputs", 1, &e));
  for (size_t k = 0; k < 4; k++) {
    ip_samples s = draw(spec[k], N, 2, *state);
    ip_estimate out;
    CHECK_OK(ip_estimator_run(e, &s, *state, &out));
    CHECK_NEAR(out.ixt_raw_bits * IP_NATS_PER_BIT, nats[k], 16. / (2 * N) + 5 * sqrt(4. / N));
  }
  ip_estimator_destroy(&e);
}

/* ---------------------------------------------------------------- transforms */

static void transforms_increase_and_are_of_the_same_normals(void **state)
{
  static void (*const transform[])(double *) = {ip_transform_cdf,   ip_transform_bimodal, ip_transform_wiggly,
                                                ip_transform_asinh, ip_transform_square,  ip_transform_cube};
  static const char *const name[] = {"cdf", "bimodal", "wiggly", "asinh", "square", "cube"};
  ip_samples plain = draw("normal_pairs:pairs=2", 50, 3, *state);
  for (size_t k = 0; k < 6; k++) {
    double before = (double)-INFINITY;
    char spec[64];
    for (double v = -5; v <= 5; v += 1. / 128) {
      double w = v;
      transform[k](&w);
      assert_true(w > before);
      before = w;
    }
    snprintf(spec, sizeof spec, "%s_pairs:pairs=2", name[k]);
    ip_samples s = draw(spec, 50, 3, *state);
    for (size_t i = 0; i < 100; i++) {
      double x = (double)plain.x[i], t = (double)plain.t[i];
      transform[k](&x);
      transform[k](&t);
      CHECK_NEAR((double)s.x[i], x, 2e-5 * (1 + fabs(x)));
      CHECK_NEAR((double)s.t[i], t, 2e-5 * (1 + fabs(t)));
    }
  }
  double v = 1.2815515655446004, w = -v; /* the 90 % quantile of both: F(1.2525) = 0.5 (1 + 0.8) */
  ip_transform_bimodal(&v);
  ip_transform_bimodal(&w);
  CHECK_NEAR(v, 1 + 0.3 * 0.8416212335729143, 1e-9);
  CHECK_NEAR(v + w, 0, 1e-12);
}

static void a_swiss_roll_is_unrolled_by_its_radius(void **state)
{
  ip_samples flat = draw("cdf_pairs:pairs=2", 50, 4, *state), roll = draw("swiss_roll_pairs:pairs=2", 50, 4, *state);
  assert_int_equal(roll.n_in, 4);
  for (size_t i = 0; i < 100; i++) {
    double s = 21 * hypot((double)roll.x[2 * i], (double)roll.x[2 * i + 1]);
    CHECK_NEAR((s / (1.5 * acos(-1)) - 1) / 2, (double)flat.x[i], 1e-5);
    CHECK_NEAR((double)roll.t[i], (double)flat.t[i], 0);
  }
}

/* ---------------------------------------------------------------- all families */

static void fewer_samples_are_the_first_of_more(void **state)
{
  for (size_t k = 0; k < ip_family_count(); k++) {
    char spec[96];
    snprintf(spec, sizeof spec, "%s:nats=3:pairs=2", ip_family_at(k)->name);
    ip_samples few = draw(spec, 20, 9, *state), more = draw(spec, 200, 9, *state);
    assert_memory_equal(few.t, more.t, 20 * few.width * sizeof *few.t);
    assert_memory_equal(few.x, more.x, 20 * few.n_in * sizeof *few.x);
    for (size_t i = 0; i < 200 * more.width; i++) assert_true(isfinite(more.t[i]));
  }
}

/* 0 nats: X and T of one column, whose dependence a permutation cannot tell; all values are finite. 10 nats: T repeats
 * what X says. */
static void the_ends_of_the_range_are_drawn(void **state)
{
  ip_estimator *e;
  CHECK_OK(ip_estimator_create("mixture_ksg", 1, &e));
  for (size_t k = 0; k < ip_family_count(); k++)
    for (int high = 0; high < 2; high++) {
      const ip_calibration_family *f = ip_family_at(k);
      char spec[96];
      double least = ip_family_min_nats(f, f->min_pairs, 1);
      snprintf(spec, sizeof spec, "%s:nats=%.17g:pairs=%zu", f->name, high ? 10 : least, f->min_pairs);
      ip_samples s = draw(spec, 500, 5, *state);
      ip_estimate out;
      CHECK_OK(ip_estimator_run(e, &s, *state, &out));
      double nats = out.ixt_raw_bits * IP_NATS_PER_BIT;
      if (high ? nats < 2 : fabs(nats - least) > 0.35) fail_msg("%s: %g nats", spec, nats);
    }
  ip_estimator_destroy(&e);
}

/* From the first sample to the last; signs of a normal or a Student number are fair coins. */
static void labels_are_the_signs_of_the_first_input(void **state)
{
  enum { N = 400 };
  static const char *const of[] = {"normal_pairs:nats=1:pairs=2", "sparse_normal:nats=2:pairs=3",
                                   "dense_normal:nats=1:pairs=3", "student_pairs:nats=2:pairs=2"};
  for (size_t k = 0; k < sizeof of / sizeof *of; k++) {
    ip_samples s = draw(of[k], N, k, *state);
    double n_above = 0;
    for (size_t i = 0; i < N; i++) {
      assert_int_equal(s.y[i], s.x[i * s.n_in] > 0);
      n_above += s.y[i];
      for (size_t j = 0; j < s.width; j++) assert_true(s.x[i * s.n_in + j] != 0 && s.t[i * s.width + j] != 0);
    }
    assert_true(s.n_in == s.width && s.n_y == 2);
    CHECK_NEAR(n_above / N, 0.5, 5 * 0.5 / sqrt(N));
  }
}

static void wrong_members_are_refused(void **state)
{
  const ip_calibration_task *t;
  CHECK_FAILS(ip_task_find("normal_pair", *state, &t), IP_EUSAGE, "did you mean 'normal_pairs'?");
  CHECK_FAILS(ip_task_find("normal_pair:nats=1", *state, &t), IP_ECONFIG, "normal_pairs");
  CHECK_FAILS(ip_task_find("normal_pairs:nats=13", *state, &t), IP_ECONFIG, "nats");
  CHECK_FAILS(ip_task_find("normal_pairs:freedom=2", *state, &t), IP_ECONFIG, "freedom");
  CHECK_FAILS(ip_task_find("sparse_normal", *state, &t), IP_ECONFIG, "pairs: expected at least 2, got 1");
  CHECK_FAILS(ip_task_find("student_pairs:nats=0.2", *state, &t), IP_ECONFIG,
              "with 1 degree of freedom, nats is at least 0.2242 even without correlation");
  CHECK_OK(ip_task_find("student_pairs:freedom=2:nats=4", *state, &t));
  assert_string_equal(t->name, "student_pairs:nats=4:freedom=2");
  CHECK_NEAR(ip_task_ixt_bits(t), 4 / log(2), 1e-12);
  assert_true(isnan(ip_task_ity_bits(t)));
}

static void members_have_their_defaults_and_ranges(void **state)
{
  const ip_calibration_task *t;
  CHECK_OK(ip_task_find("student_pairs", *state, &t));
  assert_true(t->nats == 1 && t->pairs == 1 && t->freedom == 1);
  CHECK_OK(ip_task_find("normal_pairs:nats=12:pairs=50", *state, &t));
  assert_true(t->nats == 12 && t->pairs == 50 && t->freedom == 0);
  CHECK_OK(ip_task_find("student_pairs:freedom=1000:nats=0.5", *state, &t));
  assert_true(t->nats == 0.5 && t->freedom == 1000);
  CHECK_OK(ip_task_find("sparse_normal:pairs=2", *state, &t));
  static const char *const wrong[] = {"normal_pairs:nats=12.001",   "normal_pairs:nats=-0.001",
                                      "normal_pairs:pairs=51",      "normal_pairs:pairs=0",
                                      "student_pairs:freedom=1001", "student_pairs:freedom=0"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    CHECK_FAILS(ip_task_find(wrong[i], *state, &t), IP_ECONFIG, strchr(wrong[i], '=') + 1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, scratch_setup, scratch_teardown)
  const struct CMUnitTest tests[] = {
      TEST(the_mean_log_ratio_of_densities_is_the_information),
      TEST(uncorrelated_student_samples_have_their_information),
      TEST(normals_of_several_pairs_have_their_information_in_all),
      TEST(transforms_increase_and_are_of_the_same_normals),
      TEST(a_swiss_roll_is_unrolled_by_its_radius),
      TEST(fewer_samples_are_the_first_of_more),
      TEST(the_ends_of_the_range_are_drawn),
      TEST(members_have_their_defaults_and_ranges),
      TEST(labels_are_the_signs_of_the_first_input),
      TEST(wrong_members_are_refused),
  };
  return cmocka_run_group_tests_name("calibrate/family", tests, NULL, NULL);
}
