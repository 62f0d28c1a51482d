#include "estimator/test/samples.h"

#include <float.h>
#include <stdlib.h>

enum { N = 300, WIDTH = 33 };

/* --- the same again, naively: codes by scanning the edges, frequencies by comparing every pair of samples */

/* (n): for each sample the number of samples with the same code row and, if asked for, the same a. */
static double naive_mean_log_count(size_t n, size_t width, const double *code, const uint32_t *a)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    double same = 0;
    for (size_t j = 0; j < n; j++)
      same += !memcmp(code + i * width, code + j * width, width * sizeof *code) && (!a || a[i] == a[j]);
    sum += log2(same / (double)n);
  }
  return sum / (double)n;
}

typedef struct naive_result {
  double ixt, ity;
} naive_result;

/* I = H(T) + H(A) - H(T,A) for A = X and A = Y. */
static naive_result naive_information(const ip_samples *s, const double *code)
{
  static uint32_t own[N], none[N];
  static double zero[N];
  for (size_t i = 0; i < s->n; i++) own[i] = (uint32_t)i;
  const uint32_t *x = s->x_id ? s->x_id : own, *y = (const uint32_t *)s->y;
  double ht = -naive_mean_log_count(s->n, s->width, code, none);
  double hx = -naive_mean_log_count(s->n, 1, zero, x), hy = -naive_mean_log_count(s->n, 1, zero, y);
  return (naive_result){ht + hx + naive_mean_log_count(s->n, s->width, code, x),
                        ht + hy + naive_mean_log_count(s->n, s->width, code, y)};
}

static double count_edges(size_t n_edges, const double *edge, double t)
{
  double c = 0;
  for (size_t k = 0; k < n_edges; k++) c += edge[k] <= t;
  return c;
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Codes of the four schemes with 30 edges, width 0.07, or `bins` bins between low and high. code (n, width). */
static void naive_codes(const ip_samples *s, const char *scheme, size_t bins, double low, double high, double *code)
{
  static double edge[1000], sorted[N * WIDTH];
  size_t m = s->n * s->width, n_edges = 0;
  for (size_t k = 0; k < m; k++) sorted[k] = (double)s->t[k];
  qsort(sorted, m, sizeof *sorted, ascending);
  if (!strcmp(scheme, "edges"))
    for (; n_edges < bins; n_edges++) edge[n_edges] = low + (high - low) / (double)(bins - 1) * (double)n_edges;
  if (!strcmp(scheme, "equal_width"))
    for (; n_edges + 1 < bins; n_edges++) edge[n_edges] = low + (high - low) / (double)bins * (double)(n_edges + 1);
  if (!strcmp(scheme, "equal_mass"))
    for (; n_edges + 1 < bins; n_edges++) {
      double at = (double)(n_edges + 1) / (double)bins * (double)(m - 1);
      size_t i = (size_t)at;
      edge[n_edges] = sorted[i] + (at - (double)i) * (sorted[i + 1] - sorted[i]);
    }
  for (size_t k = 0; k < m; k++)
    code[k] = n_edges ? count_edges(n_edges, edge, (double)s->t[k]) : floor((double)s->t[k] / 0.07);
}

/* Activations (n, width) of tanh's kind: many near -1 and 1, some exactly there; rows repeated, and repeated but for
 * one unit. */
static void fill_tanh(ip_rng *r, size_t n, size_t width, float *t)
{
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < width; j++)
      t[i * width + j] = i > 4 && i % 3 == 0 ? t[(i - 3) * width + j] : tanhf(4 * (float)ip_rng_normal(r));
    float *unit = &t[i * width + ip_rng_below(r, width)];
    if (i > 4 && i % 6 == 0) *unit = *unit > 0 ? *unit - 0.9f : *unit + 0.9f;
  }
}

static void compare(ip_scratch *sc, const ip_samples *s, const char *spec, const char *scheme, size_t bins, double low,
                    double high)
{
  static double code[N * WIDTH];
  naive_codes(s, scheme, bins, low, high, code);
  naive_result want = naive_information(s, code);
  ip_estimate got = estimate(spec, s, sc);
  CHECK_NEAR(got.ixt_bits, want.ixt, 1e-12);
  CHECK_NEAR(got.ity_bits, want.ity, 1e-12);
}

static void agrees_with_comparing_every_pair_of_samples(void **state)
{
  static float t[N * WIDTH];
  static int32_t y[N];
  static uint32_t x[N];
  ip_rng r = ip_rng_open(3, IP_RNG_TEST, 0);
  /* rows of up to 8 bytes, of more that fit a word at 5 bits or at 4, and of several words */
  static const size_t widths[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 16, 17, WIDTH};
  for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
    for (int repeated = 0; repeated < 2; repeated++) {
      size_t width = widths[w];
      fill_tanh(&r, N, width, t);
      for (size_t i = 0; i < N; i++) y[i] = (t[i * width] > 0) ^ (ip_rng_below(&r, 8) == 0);
      for (size_t i = 0; i < N; i++) x[i] = (uint32_t)ip_rng_below(&r, 90);
      ip_samples s = samples_of(N, width, t, 2, y);
      s.x_id = repeated ? x : NULL;
      double low = 1, high = -1;
      for (size_t k = 0; k < N * width; k++) {
        if ((double)t[k] < low) low = (double)t[k];
        if ((double)t[k] > high) high = (double)t[k];
      }
      s.has_run_range = true;
      s.low = -1.25;
      s.high = 1.5;
      compare(*state, &s, "edges", "edges", 30, -1, 1);
      compare(*state, &s, "edges:count=5:low=-0.5:high=0.25", "edges", 5, -0.5, 0.25);
      compare(*state, &s, "edges:count=2", "edges", 2, -1, 1);
      compare(*state, &s, "width", "width", 0, 0, 0);
      compare(*state, &s, "equal_width:bins=17", "equal_width", 17, low, high);
      compare(*state, &s, "equal_width:bins=2", "equal_width", 2, low, high);
      compare(*state, &s, "equal_width:range=run:bins=900", "equal_width", 900, -1.25, 1.5);
      compare(*state, &s, "equal_width:range=fixed:low=-0.5:high=0.5:bins=9", "equal_width", 9, -0.5, 0.5);
      compare(*state, &s, "equal_mass:bins=13", "equal_mass", 13, 0, 0);
      compare(*state, &s, "equal_mass:bins=3", "equal_mass", 3, 0, 0);
    }
}

/* --- closed forms */

static void distinct_rows_have_the_information_of_their_number(void **state)
{
  static float t[256 * 2];
  static int32_t y[256];
  for (size_t i = 0; i < 256; i++) {
    t[2 * i] = (float)(i % 16) / 16;
    t[2 * i + 1] = (float)(i / 16) / 16;
    y[i] = (int32_t)(i % 4);
  }
  ip_samples s = samples_of(256, 2, t, 4, y);
  ip_estimate e = estimate("width:size=0.0625", &s, *state);
  assert_true(e.ixt_bits == 8);
  assert_true(e.ity_bits == 2);
  assert_int_equal(e.n_symbols, 256);
}

/* Two inputs, eight samples each, T a fair coin given either input: I(X;T) = 0 though H(T) = 1; with the coin biased
 * 3:1 and 1:3, I(X;T) = 1 - h(1/4). */
static void noise_given_the_input_is_no_information_on_it(void **state)
{
  float t[16];
  uint32_t x[16];
  int32_t y[16];
  for (size_t i = 0; i < 16; i++) {
    x[i] = i < 8;
    y[i] = i < 8;
    t[i] = i % 2 ? 0.5f : -0.5f;
  }
  ip_samples s = samples_of(16, 1, t, 2, y);
  s.x_id = x;
  s.n_x = 2;
  ip_estimate e = estimate("edges", &s, *state);
  CHECK_NEAR(e.ixt_bits, 0, 1e-15);
  CHECK_NEAR(e.ity_bits, 0, 1e-15);
  assert_true(e.ht_bits == 1);
  for (size_t i = 0; i < 16; i++) t[i] = (i % 8 < 6) == (i < 8) ? 0.5f : -0.5f;
  e = estimate("edges", &s, *state);
  double want = 1 + 0.25 * log2(0.25) + 0.75 * log2(0.75);
  CHECK_NEAR(e.ixt_bits, want, 1e-15);
  CHECK_NEAR(e.ity_bits, want, 1e-15);
}

static void one_sample_or_a_constant_layer_has_exactly_no_information(void **state)
{
  float t[300];
  int32_t y[100];
  for (size_t k = 0; k < 300; k++) t[k] = 0.3f;
  for (size_t i = 0; i < 100; i++) y[i] = (int32_t)(i % 3);
  const char *const spec[] = {"edges", "width", "equal_width", "equal_mass"};
  for (size_t k = 0; k < 4; k++) {
    ip_samples s = samples_of(1, 3, t, 3, y);
    ip_estimate e = estimate(spec[k], &s, *state);
    assert_true(e.ixt_bits == 0 && e.ity_bits == 0);
    s.n = s.n_x = 100;
    e = estimate(spec[k], &s, *state);
    assert_true(e.ixt_bits == 0 && e.ity_bits == 0);
  }
  for (size_t k = 0; k < 300; k++) t[k] = 0.3f + 0.0001f * (float)(k % 7); /* not constant, but all in one bin */
  ip_samples s = samples_of(100, 3, t, 3, y);
  ip_estimate e = estimate("edges", &s, *state);
  assert_true(e.ixt_bits == 0 && e.ity_bits == 0 && e.ht_bits == 0);
}

static void one_class_has_exactly_no_information(void **state)
{
  float t[64];
  int32_t y[64] = {0};
  for (size_t i = 0; i < 64; i++) t[i] = (float)(i % 5) / 5;
  ip_samples s = samples_of(64, 1, t, 1, y);
  assert_true(estimate("edges", &s, *state).ity_bits == 0);
}

/* --- edges and extremes */

/* n_symbols of the one-unit activations t (n). */
static size_t n_bins_used(ip_scratch *sc, const char *spec, size_t n, const float *t)
{
  int32_t y[16] = {0};
  ip_samples s = samples_of(n, 1, t, 1, y);
  return estimate(spec, &s, sc).n_symbols;
}

static void the_2017_rule_keeps_both_ends_apart(void **state)
{
  float below = nextafterf(-1, -2), almost = nextafterf(1, 0);
  assert_int_equal(n_bins_used(*state, "edges", 2, (float[]){below, -1}), 2);
  assert_int_equal(n_bins_used(*state, "edges", 2, (float[]){below, -1e30f}), 1);
  assert_int_equal(n_bins_used(*state, "edges", 2, (float[]){below, 1}), 2);
  assert_int_equal(n_bins_used(*state, "edges", 2, (float[]){almost, 1}), 2);
  assert_int_equal(n_bins_used(*state, "edges", 2, (float[]){1, 1e30f}), 1);
  assert_int_equal(n_bins_used(*state, "edges", 2, (float[]){-1, -1 + 0.06f}), 1);
}

static void floats_next_to_an_edge_are_told_apart(void **state)
{
  for (int k = 0; k < 30; k++) {
    double edge = -1 + 2.0 / 29 * k;
    float above = (float)edge;
    if ((double)above < edge) above = nextafterf(above, 2);
    float pair[] = {nextafterf(above, -2), above};
    assert_int_equal(n_bins_used(*state, "edges", 2, pair), 2);
    pair[0] = above;
    pair[1] = nextafterf(above, 2);
    assert_int_equal(n_bins_used(*state, "edges", 2, pair), 1);
  }
}

static void huge_and_tiny_activations_are_binned_exactly(void **state)
{
  float t[] = {-FLT_MAX, FLT_MAX, 0, -FLT_MIN, FLT_MIN, -0.0f, FLT_TRUE_MIN, -1e20f, 1e20f, 1e20f};
  assert_int_equal(n_bins_used(*state, "width:size=1e-30", 10, t), 6); /* 0, -0 and the least floats share one */
  assert_int_equal(n_bins_used(*state, "width:size=1e30", 10, t), 4);
  float large[] = {3e9f, 3e9f + 256, -3e9f, 5};
  assert_int_equal(n_bins_used(*state, "width:size=1", 2, large), 2);
  assert_int_equal(n_bins_used(*state, "width:size=1", 4, large), 4);
  float apart[] = {2.5e9f, 2.5e9f, 2.5e9f + 512, 2.5e9f - 1024};
  assert_int_equal(n_bins_used(*state, "width:size=1", 4, apart), 3);
  assert_int_equal(n_bins_used(*state, "equal_width", 10, t), 4); /* an edge at 0 */
  assert_int_equal(n_bins_used(*state, "equal_width:bins=1", 10, t), 1);
  assert_int_equal(n_bins_used(*state, "equal_mass:bins=1", 10, t), 1);
  float close[] = {1, nextafterf(1, 2), nextafterf(1, 0)};
  assert_int_equal(n_bins_used(*state, "equal_width", 3, close), 3);
  float denormal[] = {0, FLT_TRUE_MIN, 2 * FLT_TRUE_MIN};
  assert_int_equal(n_bins_used(*state, "equal_width", 3, denormal), 3);
}

static void ties_share_a_bin_of_equal_mass(void **state)
{
  float t[] = {0, 0, 0, 0, 0, 0, 1, 2};
  assert_int_equal(n_bins_used(*state, "equal_mass:bins=4", 8, t), 2); /* quartiles 0, 0, 0.25 */
  assert_int_equal(n_bins_used(*state, "equal_mass:bins=8", 8, t), 3);
}

/* --- soft labels */

static void soft_labels_that_are_certain_are_hard_labels(void **state)
{
  static float t[N * 2], p[N * 3];
  static int32_t y[N];
  ip_rng r = ip_rng_open(4, IP_RNG_TEST, 0);
  fill_tanh(&r, N, 2, t);
  for (size_t i = 0; i < N; i++) {
    y[i] = (int32_t)ip_rng_below(&r, 3);
    for (size_t c = 0; c < 3; c++) p[3 * i + c] = y[i] == (int32_t)c;
  }
  ip_samples s = samples_of(N, 2, t, 3, y);
  ip_estimate hard = estimate("edges", &s, *state);
  s.p_y_given_x = p;
  s.y = NULL;
  ip_estimate soft = estimate("edges", &s, *state);
  CHECK_NEAR(soft.ity_bits, hard.ity_bits, 1e-12);
  assert_true(soft.ixt_bits == hard.ixt_bits);
}

/* T tells two groups of samples apart, Y is a coin with p = 3/4 in one and 1/4 in the other. */
static void soft_labels_give_the_closed_form(void **state)
{
  float t[64], p[128];
  for (size_t i = 0; i < 64; i++) {
    t[i] = i % 2 ? 0.9f : -0.9f;
    p[2 * i] = i % 2 ? 0.75f : 0.25f;
    p[2 * i + 1] = 1 - p[2 * i];
  }
  ip_samples s = samples_of(64, 1, t, 2, NULL);
  s.p_y_given_x = p;
  CHECK_NEAR(estimate("edges", &s, *state).ity_bits, 1 + 0.25 * log2(0.25) + 0.75 * log2(0.75), 1e-14);
}

/* 301 distinct integers in 100 bins: the quantiles 3, 6, ..., 297 are whole positions, so they are activations,
 * and each belongs to the bin above: 99 bins of three and one, the last, of four. Position k 300/100 in doubles is
 * below 3 k for some k. */
static void a_quantile_at_a_whole_position_is_that_activation(void **state)
{
  enum { M = 301 };
  float t[M];
  int32_t y[M] = {0};
  for (int i = 0; i < M; i++) t[i] = (float)(i * 5 % M) * 17;
  ip_samples s = samples_of(M, 1, t, 1, y);
  ip_estimate e = estimate("equal_mass:bins=100", &s, *state);
  assert_int_equal(e.n_symbols, 100);
  CHECK_NEAR(e.ixt_bits, log2(M) - (99 * 3 * log2(3) + 4 * log2(4)) / M, 1e-12);
}

/* --- what is refused */

static void activations_that_are_not_finite_are_named(void **state)
{
  float t[12] = {0, 1, 2, 3, 4, 5, 6, 7, NAN, 9, 10, 11};
  int32_t y[4] = {0};
  ip_samples s = samples_of(4, 3, t, 1, y);
  const char *const spec[] = {"edges", "width", "equal_width", "equal_mass"};
  for (size_t k = 0; k < 4; k++) {
    t[8] = NAN;
    estimate_fails(spec[k], &s, *state, IP_ENUMERIC, "layer 3, epoch 120: activation of unit 2, sample 2: got NaN");
    t[8] = -INFINITY;
    estimate_fails(spec[k], &s, *state, IP_ENUMERIC, "unit 2, sample 2: got infinite");
  }
}

static void samples_without_sense_are_refused(void **state)
{
  float t[4] = {0, 1, 2, 3}, p[4] = {0.5f, 0.5f, 0.7f, 0.7f};
  int32_t y[2] = {0, 2};
  uint32_t x[2] = {0, 5};
  ip_samples s = samples_of(2, 2, t, 2, y);
  estimate_fails("edges", &s, *state, IP_EINVAL, "sample 1 has label 2, expected 0 to 1");
  y[1] = -1;
  estimate_fails("edges", &s, *state, IP_EINVAL, "sample 1 has label -1");
  y[1] = 1;
  s.x_id = x;
  estimate_fails("edges", &s, *state, IP_EINVAL, "sample 1 has input 5, expected below 2");
  x[1] = 1;
  s.p_y_given_x = p;
  estimate_fails("edges", &s, *state, IP_EINVAL, "the label probabilities of sample 1 sum to 1.4");
  p[3] = 0.3002f; /* 1e-4 is rounding */
  estimate_fails("edges", &s, *state, IP_EINVAL, "the label probabilities of sample 1 sum to 1.0002");
  p[3] = 0.30005f;
  estimate("edges", &s, *state);
  s.p_y_given_x = NULL;
  s.n = 0;
  estimate_fails("edges", &s, *state, IP_EINVAL, "0 samples of 2 units");
  s.n = 2;
  estimate_fails("equal_width:range=run", &s, *state, IP_EINVAL, "needs the range of the layer over the whole run");
}

static void every_allocation_failure_is_reported_and_leaks_nothing(void **state)
{
  (void)state;
  const char *const spec[] = {"edges", "width", "equal_width", "equal_mass"};
  float t[8] = {0, 1, 2, 3, 4, 5, 6, 7};
  int32_t y[4] = {0, 1, 0, 1};
  uint32_t x[4] = {0, 1, 0, 1};
  ip_samples s = samples_of(4, 2, t, 2, y);
  s.x_id = x;
  CHECK_EVERY_ALLOCATION(run_alone(4, spec, &s), (void)0);
  float p[8] = {0, 1, 0.5f, 0.5f, 1, 0, 0, 1};
  s.p_y_given_x = p;
  CHECK_EVERY_ALLOCATION(run_alone(4, spec, &s), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(agrees_with_comparing_every_pair_of_samples),
      TEST(distinct_rows_have_the_information_of_their_number),
      TEST(noise_given_the_input_is_no_information_on_it),
      TEST(one_sample_or_a_constant_layer_has_exactly_no_information),
      TEST(one_class_has_exactly_no_information),
      TEST(the_2017_rule_keeps_both_ends_apart),
      TEST(floats_next_to_an_edge_are_told_apart),
      TEST(huge_and_tiny_activations_are_binned_exactly),
      TEST(ties_share_a_bin_of_equal_mass),
      TEST(soft_labels_that_are_certain_are_hard_labels),
      TEST(soft_labels_give_the_closed_form),
      TEST(activations_that_are_not_finite_are_named),
      TEST(a_quantile_at_a_whole_position_is_that_activation),
      TEST(samples_without_sense_are_refused),
      cmocka_unit_test(every_allocation_failure_is_reported_and_leaks_nothing),
  };
  return cmocka_run_group_tests_name("estimator/binning", tests, NULL, NULL);
}
