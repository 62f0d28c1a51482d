#include "estimator/test/samples.h"

#include <stdio.h>
#include <stdlib.h>

enum { N = 300, WIDTH = 3 };

static int ascending(const void *a, const void *b)
{
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

/* Bin numbers by the authors' steps, one activation at a time: levels sorted, 0 set aside for units that are never
 * negative, edges at every m/bins-th level and at the last, a bin per number of edges <= t. code (n, width). */
static void naive_codes(const ip_samples *s, size_t bins, float *code)
{
  static float level[N * WIDTH], edge[1000];
  size_t n = s->n * s->width, m = 0;
  memcpy(level, s->t, n * sizeof *level);
  qsort(level, n, sizeof *level, ascending);
  for (size_t k = 0; k < n; k++)
    if (level[k] != 0 || level[0] < 0)
      if (!m || level[k] != level[m - 1]) level[m++] = level[k];
  for (size_t k = 0; k < bins; k++) edge[k] = level[k * m / bins];
  edge[bins] = level[m - 1];
  for (size_t i = 0; i < n; i++) {
    code[i] = 0;
    for (size_t k = 0; k <= bins; k++) code[i] += s->t[i] >= edge[k];
  }
}

static void fill(ip_rng *r, const char *unit, float *t)
{
  for (size_t k = 0; k < N * WIDTH; k++) {
    float a = (float)ip_rng_normal(r);
    t[k] = !strcmp(unit, "relu") ? fmaxf(0, a) : !strcmp(unit, "tanh") ? tanhf(3 * a) : roundf(4 * a) / 4;
  }
}

static void agrees_with_the_steps_of_the_paper(void **state)
{
  static float t[N * WIDTH], code[N * WIDTH];
  static int32_t y[N];
  char spec[64];
  const char *const unit[] = {"relu", "tanh", "levels"};
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (size_t u = 0; u < 3; u++) {
    fill(&r, unit[u], t);
    for (size_t i = 0; i < N; i++) y[i] = t[i * WIDTH] > 0.2f;
    ip_samples s = samples_of(N, WIDTH, t, 2, y), coded = samples_of(N, WIDTH, code, 2, y);
    for (size_t bins = 1; bins <= 900; bins = bins * 3 + 1) {
      naive_codes(&s, bins, code);
      snprintf(spec, sizeof spec, "ebab:bins=%zu", bins);
      ip_estimate got = estimate(spec, &s, *state), want = estimate("exact", &coded, *state);
      assert_int_equal(got.n_symbols, want.n_symbols);
      CHECK_NEAR(got.ixt_bits, want.ixt_bits, 1e-12);
      CHECK_NEAR(got.ity_bits, want.ity_bits, 1e-12);
    }
  }
}

/* What the method is for: activations a thousand times as large have the same bins. A power of two, so that nothing is
 * rounded. */
static void the_scale_of_activations_does_not_matter(void **state)
{
  static float t[N * WIDTH];
  static int32_t y[N];
  ip_rng r = ip_rng_open(2, IP_RNG_TEST, 0);
  fill(&r, "relu", t);
  ip_samples s = samples_of(N, WIDTH, t, 1, y);
  ip_estimate small = estimate("ebab", &s, *state);
  for (size_t k = 0; k < N * WIDTH; k++) t[k] *= 1024;
  ip_estimate large = estimate("ebab", &s, *state);
  assert_true(small.ixt_bits == large.ixt_bits && small.n_symbols == large.n_symbols);
}

/* One unit, 60 levels, three of each: 60 / 4 = 15 levels to a bin, but for the last bin, whose largest level has a bin
 * of its own. */
static void bins_hold_equally_many_levels(void **state)
{
  float t[180];
  int32_t y[180] = {0};
  for (size_t i = 0; i < 180; i++) t[i] = (float)(i / 3) - 30.5f;
  ip_samples s = samples_of(180, 1, t, 1, y);
  ip_estimate e = estimate("ebab:bins=4", &s, *state);
  assert_int_equal(e.n_symbols, 5);
  double want = 0.75 * 2 + 14.0 / 60 * log2(60.0 / 14) + 1.0 / 60 * log2(60);
  CHECK_NEAR(e.ixt_bits, want, 1e-14);
  for (size_t i = 0; i < 180; i++) t[i] = i < 90 ? 0 : (float)i; /* half of them off: a bin of their own */
  e = estimate("ebab:bins=1", &s, *state);
  assert_int_equal(e.n_symbols, 3);
  CHECK_NEAR(e.ixt_bits, 0.5 + 89.0 / 180 * log2(180.0 / 89) + 1.0 / 180 * log2(180), 1e-14);
}

static void one_sample_and_what_is_not_finite(void **state)
{
  one_sample_and_one_not_finite("ebab", INFINITY, "unit 1, sample 1: got infinite", *state);
}

static void every_allocation_failure_is_reported_and_leaks_nothing(void **state)
{
  (void)state;
  const char *const spec[] = {"ebab"};
  float t[4] = {0, 1, 2, 3};
  int32_t y[4] = {0, 1, 0, 1};
  ip_samples s = samples_of(4, 1, t, 2, y);
  CHECK_EVERY_ALLOCATION(run_alone(1, spec, &s), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(agrees_with_the_steps_of_the_paper),
      TEST(the_scale_of_activations_does_not_matter),
      TEST(bins_hold_equally_many_levels),
      TEST(one_sample_and_what_is_not_finite),
      cmocka_unit_test(every_allocation_failure_is_reported_and_leaks_nothing),
  };
  return cmocka_run_group_tests_name("estimator/ebab", tests, NULL, NULL);
}
