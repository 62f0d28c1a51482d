/* test_bad_input.c - what every estimator does with samples at the edge of sense: the right limit or an error. */
#include "estimator/kind.h"
#include "estimator/test/samples.h"

#include <stdio.h>

enum { N = 40, WIDTH = 3, N_IN = 2 };

static float t[N * WIDTH], x[N * N_IN], mean[N * WIDTH];
static int32_t y[N];

/* Samples that every estimator takes. */
static ip_samples good_samples(size_t n_y)
{
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N; i++) {
    for (size_t j = 0; j < N_IN; j++) x[i * N_IN + j] = (float)ip_rng_normal(&r);
    for (size_t j = 0; j < WIDTH; j++) {
      mean[i * WIDTH + j] = tanhf(x[i * N_IN] + (float)j * x[i * N_IN + 1]);
      t[i * WIDTH + j] = mean[i * WIDTH + j] + 0.1f * (float)ip_rng_normal(&r);
    }
    y[i] = x[i * N_IN] > 0 && n_y > 1;
  }
  ip_samples s = samples_of(N, WIDTH, t, n_y, y);
  s.x = x;
  s.n_in = N_IN;
  s.mean = mean;
  s.noise_variance = s.multiplicative_noise = 0.01; /* each estimator asks for its own noise */
  s.dropout = 0.2;
  s.has_run_range = true;
  s.low = -3;
  s.high = 3;
  return s;
}

#define FOR_EVERY_ESTIMATOR(name)                                                                                      \
  for (size_t kind_ = 0; kind_ < ip_estimator_n_kinds(); kind_++)                                                      \
    for (const char *name = ip_estimator_kind_at(kind_)->name; name; name = NULL)

static void good_samples_have_finite_information(void **state)
{
  ip_samples s = good_samples(2);
  FOR_EVERY_ESTIMATOR(name)
  {
    ip_estimate e = estimate(name, &s, *state);
    if (!(e.ixt_bits > 0 && e.ity_bits > 0 && e.ity_bits <= 1 + 1e-6))
      fail_msg("%s: I(X;T) = %g, I(T;Y) = %g", name, e.ixt_bits, e.ity_bits);
  }
}

static void one_sample_has_exactly_no_information(void **state)
{
  ip_samples s = good_samples(2);
  s.n = s.n_x = 1;
  FOR_EVERY_ESTIMATOR(name)
  {
    ip_estimate e = estimate(name, &s, *state);
    assert_true(e.ixt_bits == 0 && e.ity_bits == 0);
  }
}

static void a_constant_layer_has_exactly_no_information(void **state)
{
  ip_samples s = good_samples(2);
  for (size_t i = 0; i < N * WIDTH; i++) t[i] = mean[i] = (float)(i % WIDTH);
  FOR_EVERY_ESTIMATOR(name)
  {
    ip_estimate e = estimate(name, &s, *state);
    assert_true(e.ixt_bits == 0 && e.ity_bits == 0);
  }
}

static void one_class_has_no_information(void **state)
{
  for (size_t n_y = 1; n_y <= 2; n_y++) {
    ip_samples s = good_samples(n_y);
    for (size_t i = 0; i < N; i++) y[i] = 0;
    FOR_EVERY_ESTIMATOR(name)
    {
      double ity = estimate(name, &s, *state).ity_bits;
      if (!(fabs(ity) < 1e-12)) fail_msg("%s: I(T;Y) = %g", name, ity);
    }
  }
}

static void activations_that_are_not_finite_are_named(void **state)
{
  const float bad[] = {NAN, INFINITY, -INFINITY};
  for (size_t b = 0; b < 3; b++) {
    ip_samples s = good_samples(2);
    t[7 * WIDTH + 2] = bad[b];
    FOR_EVERY_ESTIMATOR(name)
    estimate_fails(name, &s, *state, IP_ENUMERIC, "layer 3, epoch 120: activation of unit 2, sample 7: got");
  }
}

/* The first sample, one inside, the last one: each is named with its number. */
static void samples_without_sense_are_named_wherever_they_are(void **state)
{
  static const size_t at[] = {0, 7, N - 1};
  uint32_t x_id[N];
  float p[N * 2];
  for (size_t k = 0; k < 3; k++) {
    size_t i = at[k];
    char text[120];
    ip_samples s = good_samples(2);
    for (size_t j = 0; j < N; j++) x_id[j] = (uint32_t)(j % 5), p[2 * j] = 0.25f, p[2 * j + 1] = 0.75f;
    s.x_id = x_id;
    s.n_x = 5;
    x_id[i] = 5;
    snprintf(text, sizeof text, "layer 3, epoch 120: sample %zu has input 5, expected below 5", i);
    estimate_fails("edges", &s, *state, IP_EINVAL, text);
    s.x_id = NULL;
    for (int32_t wrong = -1; wrong < 3; wrong += 3) {
      int32_t was = y[i];
      y[i] = wrong;
      snprintf(text, sizeof text, "layer 3, epoch 120: sample %zu has label %d, expected 0 to 1", i, wrong);
      estimate_fails("edges", &s, *state, IP_EINVAL, text);
      y[i] = was;
    }
    s.p_y_given_x = p;
    p[2 * i + 1] = 1.25f;
    snprintf(text, sizeof text, "sample %zu has p(y=1|x) = 1.25, expected 0 to 1", i);
    estimate_fails("edges", &s, *state, IP_EINVAL, text);
    p[2 * i] = -0.25f;
    snprintf(text, sizeof text, "sample %zu has p(y=0|x) = -0.25, expected 0 to 1", i);
    estimate_fails("edges", &s, *state, IP_EINVAL, text);
    p[2 * i] = p[2 * i + 1] = 0;
    snprintf(text, sizeof text, "the label probabilities of sample %zu sum to 0, expected 1", i);
    estimate_fails("edges", &s, *state, IP_EINVAL, text);
    s.p_y_given_x = NULL;
    x[i * N_IN + 1] = INFINITY;
    snprintf(text, sizeof text, "input 1 of sample %zu is infinite", i);
    estimate_fails("edges", &s, *state, IP_ENUMERIC, text);
    x[i * N_IN + 1] = 0;
    mean[i * WIDTH + 2] = NAN;
    snprintf(text, sizeof text, "unit before the noise 2 of sample %zu is NaN", i);
    estimate_fails("edges", &s, *state, IP_ENUMERIC, text);
    mean[i * WIDTH + 2] = 0;
    float target[N] = {0};
    s.target = target;
    s.n_targets = 1;
    target[i] = NAN;
    snprintf(text, sizeof text, "target 0 of sample %zu is NaN", i);
    estimate_fails("edges", &s, *state, IP_ENUMERIC, text);
  }
}

/* What has no place in a file still has a message. */
static void samples_that_are_not_there_are_refused(void **state)
{
  const ip_samples good = good_samples(2);
  ip_samples s = good;
  s.y = NULL;
  estimate_fails("edges", &s, *state, IP_EINVAL, "no labels");
  s = good, s.t = NULL;
  estimate_fails("edges", &s, *state, IP_EINVAL, "no activations");
  s = good, s.width = 0;
  estimate_fails("edges", &s, *state, IP_EINVAL, "40 samples of 0 units, expected at least one of each");
  s = good, s.n_y = 0;
  estimate_fails("edges", &s, *state, IP_EINVAL, "40 samples of 0 classes are beyond what can be counted");
  s = good, s.low = 4;
  estimate_fails("edges", &s, *state, IP_EINVAL, "the range of the run is [4, 3]");
  s = good, s.high = INFINITY;
  estimate_fails("edges", &s, *state, IP_EINVAL, "the range of the run is [-3, inf]");
  s = good, s.low = s.high = 1;
  estimate("edges", &s, *state);
  s = good, s.layer = 0;
  t[0] = NAN;
  estimate_fails("edges", &s, *state, IP_ENUMERIC, "the layer: activation of unit 0, sample 0");
  s.layer = 2, s.epoch = -1;
  estimate_fails("edges", &s, *state, IP_ENUMERIC, "layer 2: activation of unit 0, sample 0");
}

/* Two samples, a unit that never changes, activations at the limits of float32: finite numbers or a clear error. */
static void samples_at_the_edge_give_finite_numbers_or_an_error(void **state)
{
  for (int what = 0; what < 4; what++) FOR_EVERY_ESTIMATOR(name)
    {
      ip_samples s = good_samples(2);
      if (what == 0) s.n = s.n_x = 2;
      for (size_t i = 0; i < N; i++) {
        if (what == 1) t[i * WIDTH + 1] = mean[i * WIDTH + 1] = 0.5f;
        if (what == 2) t[i * WIDTH] = i % 2 ? 3e38f : -3e38f;
        if (what == 3)
          for (size_t j = 0; j < WIDTH; j++) t[i * WIDTH + j] = 1e-44f * (float)(i % 3);
      }
      ip_estimator *e;
      ip_estimate out;
      CHECK_OK(ip_estimator_create(name, 1, &e));
      ip_error_clear();
      ip_status st = ip_estimator_run(e, &s, *state, &out);
      ip_estimator_destroy(&e);
      ip_scratch_release(*state, 0);
      if (st == IP_OK && !(isfinite(out.ixt_bits) && isfinite(out.ity_bits) && out.ixt_bits >= 0 && out.ity_bits >= 0))
        fail_msg("%s, case %d: I(X;T) = %g, I(T;Y) = %g", name, what, out.ixt_bits, out.ity_bits);
      if (st != IP_OK && !strstr(ip_error_message(), "layer 3, epoch 120"))
        fail_msg("%s, case %d: message is: %s", name, what, ip_error_message());
      ip_error_clear();
    }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(good_samples_have_finite_information),
      TEST(one_sample_has_exactly_no_information),
      TEST(a_constant_layer_has_exactly_no_information),
      TEST(one_class_has_no_information),
      TEST(samples_without_sense_are_named_wherever_they_are),
      TEST(samples_that_are_not_there_are_refused),
      TEST(activations_that_are_not_finite_are_named),
      TEST(samples_at_the_edge_give_finite_numbers_or_an_error),
  };
  return cmocka_run_group_tests_name("estimator/bad_input", tests, NULL, NULL);
}
